/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-host-private.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-tick-clock-private.h>
#include <glib-vclock/vclock-virtual-clock-private.h>

/* How a tick clock keeps near real time: it must not run too far ahead, or the rate is adjusted. */

#define PRIV(self) (vclock_tick_clock_get_private (self))
#define VIRTUAL(self) (vclock_virtual_clock_get_private (VCLOCK_VIRTUAL_CLOCK (self)))

/* As QEMU does it: a first guess of 125 million ticks in a second, and at least a million. */
#define FIRST_SHIFT  3
#define MAX_SHIFT    10
#define REAL_SPAN    VCLOCK_NSEC_PER_SEC
#define VIRTUAL_SPAN (VCLOCK_NSEC_PER_SEC / 10)

/* With the lock: real time, which does not count while the clock is paused. */
VclockTime
vclock_tick_clock_get_real (VclockTickClockPrivate *priv)
{
  VclockTime time = priv->paused_at;

  if (time == VCLOCK_TIME_NEVER)
    time = vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC);

  return vclock_time_subtract (time, priv->real_zero);
}

/* The clock has been paused, or goes on. */
void
vclock_tick_clock_stop_real (VclockTickClock *self)
{
  VclockTickClockPrivate *priv = PRIV (self);
  VclockTime now = vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC);

  vclock_lock ();
  if (VIRTUAL (self)->paused && priv->paused_at == VCLOCK_TIME_NEVER)
    {
      priv->paused_at = now;
    }
  else if (!VIRTUAL (self)->paused && priv->paused_at != VCLOCK_TIME_NEVER)
    {
      priv->real_zero += now - priv->paused_at;
      priv->paused_at = VCLOCK_TIME_NEVER;
    }
  vclock_unlock ();
}

/* What QEMU would do: the clock is too far ahead, or behind, and it does not get better by itself
 * fast enough. */
guint
vclock_tick_clock_adjust_shift (guint      shift,
                                VclockTime ahead,
                                VclockTime last_ahead,
                                VclockTime tolerance)
{
  VclockWide change = 2 * (VclockWide) ahead - last_ahead;

  if (ahead > 0 && change > tolerance && shift > 0)
    return shift - 1;
  if (ahead < 0 && change < -(VclockWide) tolerance && shift < MAX_SHIFT)
    return shift + 1;

  return shift;
}

/* With the lock: the shift that is nearest to the rate, from below. */
static guint
get_shift (VclockTickClock *self)
{
  gint64 ns_per_tick = VIRTUAL (self)->numerator / VIRTUAL (self)->denominator;

  return ns_per_tick > 0 ? MIN (g_bit_storage ((gulong) ns_per_tick) - 1, MAX_SHIFT) : 0;
}

/* Adjusts the rate if it is time to; by the thread that ticks. */
void
vclock_tick_clock_follow_real (VclockTickClock *self)
{
  VclockTickClockPrivate *priv = PRIV (self);
  VclockTime *next[2] = { &priv->next_real, &priv->next_virtual };
  const VclockTime spans[2] = { REAL_SPAN, VIRTUAL_SPAN };
  guint new_shift;
  guint shift;

  vclock_lock ();
  shift = new_shift = get_shift (self);
  if (priv->tolerance != VCLOCK_TIME_NEVER && !vclock_virtual_clock_stands (VIRTUAL (self)))
    {
      VclockTime count = (VclockTime) vclock_tick_counter_get (priv->counter);
      VclockTime time = vclock_virtual_clock_to_time (VIRTUAL (self), count);
      VclockTime real = vclock_tick_clock_get_real (priv);
      const VclockTime now[2] = { real, time };

      for (guint i = 0; i < G_N_ELEMENTS (now); i++)
        {
          if (now[i] < *next[i])
            continue;

          new_shift = vclock_tick_clock_adjust_shift (new_shift, time - real, priv->last_ahead,
                                                      priv->tolerance);
          priv->last_ahead = time - real;
          *next[i] = now[i] + spans[i];
        }
    }
  vclock_unlock ();

  if (new_shift != shift)
    vclock_tick_clock_set_shift (self, new_shift);
}

/**
 * vclock_tick_clock_get_ahead:
 * @self: a tick clock
 *
 * Says how far the clock is ahead of real time.
 *
 * Real time is that of the monotonic clock, and does not count while this clock is paused. Both
 * were equal when the clock was made and when [method@Vclock.TickClock.align] was last called. From
 * any thread.
 *
 * Returns: nanoseconds; negative when the clock is behind
 */
VclockTime
vclock_tick_clock_get_ahead (VclockTickClock *self)
{
  VclockTime time;
  VclockTime real;

  g_return_val_if_fail (VCLOCK_IS_TICK_CLOCK (self), 0);

  time = vclock_clock_get_time (VCLOCK_CLOCK (self));
  vclock_lock ();
  real = vclock_tick_clock_get_real (PRIV (self));
  vclock_unlock ();

  return vclock_time_subtract (time, real);
}

/**
 * vclock_tick_clock_align:
 * @self: a tick clock
 *
 * Lets real time count from now: the clock is neither ahead of it nor behind.
 *
 * To be called after a jump, or when the simulation begins later than the clock was made. From any
 * thread.
 */
void
vclock_tick_clock_align (VclockTickClock *self)
{
  VclockTickClockPrivate *priv;
  VclockTime time;

  g_return_if_fail (VCLOCK_IS_TICK_CLOCK (self));
  priv = PRIV (self);

  time = vclock_clock_get_time (VCLOCK_CLOCK (self));
  vclock_lock ();
  priv->real_zero += vclock_tick_clock_get_real (priv) - time;
  priv->last_ahead = 0;
  priv->next_real = vclock_time_add (time, REAL_SPAN);
  priv->next_virtual = vclock_time_add (time, VIRTUAL_SPAN);
  vclock_unlock ();
}

/* Returns whether it changes. */
static gboolean
set_span (VclockTickClock *self,
          VclockTime      *location,
          VclockTime       span)
{
  gboolean changes;

  vclock_lock ();
  changes = *location != span;
  *location = span;
  vclock_timer_queue_note_change ();
  vclock_unlock ();

  if (changes)
    vclock_tick_clock_align (self);

  return changes;
}

static VclockTime
get_span (const VclockTime *location)
{
  VclockTime span;

  vclock_lock ();
  span = *location;
  vclock_unlock ();

  return span;
}

/**
 * vclock_tick_clock_get_alignment: (attributes org.gtk.Method.get_property=alignment)
 * @self: a tick clock
 *
 * Gets how far the clock may run ahead of real time.
 *
 * Returns: nanoseconds, or [const@Vclock.TIME_NEVER]
 */
VclockTime
vclock_tick_clock_get_alignment (VclockTickClock *self)
{
  g_return_val_if_fail (VCLOCK_IS_TICK_CLOCK (self), VCLOCK_TIME_NEVER);

  return get_span (&PRIV (self)->alignment);
}

/**
 * vclock_tick_clock_set_alignment: (attributes org.gtk.Method.set_property=alignment)
 * @self: a tick clock
 * @span: nanoseconds, at least 0; [const@Vclock.TIME_NEVER] for no bound, which is the default
 *
 * Sets how far the clock may run ahead of real time.
 *
 * Real time counts from the call that changes it, see [method@Vclock.TickClock.align].
 * [method@Vclock.TickClock.get_budget] keeps to the span; nothing waits in here, and ticks that
 * have run are counted however far they go. Who has no budget left waits for
 * [method@Vclock.TickClock.get_ahead], by a timer of a monotonic clock, say.
 *
 * In QEMU: `-icount align=on`, which lets the thread of the processor sleep when it is more than 3
 * milliseconds ahead, until it is not ahead any more.
 */
void
vclock_tick_clock_set_alignment (VclockTickClock *self,
                                 VclockTime       span)
{
  g_return_if_fail (VCLOCK_IS_TICK_CLOCK (self));
  g_return_if_fail (span >= 0);

  if (set_span (self, &PRIV (self)->alignment, span))
    g_object_notify_by_pspec (G_OBJECT (self), vclock_tick_clock_props[PROP_ALIGNMENT]);
}

/**
 * vclock_tick_clock_get_adaptive_tolerance: (attributes org.gtk.Method.get_property=adaptive-tolerance)
 * @self: a tick clock
 *
 * Gets by how much the clock's time and real time may differ before the rate is adjusted.
 *
 * Returns: nanoseconds, or [const@Vclock.TIME_NEVER]
 */
VclockTime
vclock_tick_clock_get_adaptive_tolerance (VclockTickClock *self)
{
  g_return_val_if_fail (VCLOCK_IS_TICK_CLOCK (self), VCLOCK_TIME_NEVER);

  return get_span (&PRIV (self)->tolerance);
}

/**
 * vclock_tick_clock_set_adaptive_tolerance: (attributes org.gtk.Method.set_property=adaptive-tolerance)
 * @self: a tick clock
 * @tolerance: nanoseconds, at least 0, 100 milliseconds in QEMU; [const@Vclock.TIME_NEVER] to
 *   leave the rate alone, which is the default
 *
 * Has the rate adjusted so that the clock's time stays near real time.
 *
 * It begins with 8 nanoseconds for a tick and with the clock neither ahead nor behind, see
 * [method@Vclock.TickClock.align]; set another shift after this to begin with that. Then, once
 * in a second of real time and once in a tenth of a second of the clock's, the time of a tick is
 * halved or doubled, from 1 to 1024 nanoseconds: if *a* is how far the clock is ahead and *l* how
 * far it was when last asked, it is halved when *a* > 0 and 2*a* - *l* > @tolerance, and doubled
 * when *a* < 0 and 2*a* - *l* < -@tolerance.
 *
 * No main loop is needed: [method@Vclock.TickClock.tick] looks at real time when a timer is due,
 * and at least every 65536 ticks. The clock's time never jumps.
 *
 * In QEMU: `-icount shift=auto` and `icount_adjust ()`; it refuses to align as well, here both may
 * be set.
 */
void
vclock_tick_clock_set_adaptive_tolerance (VclockTickClock *self,
                                          VclockTime       tolerance)
{
  g_return_if_fail (VCLOCK_IS_TICK_CLOCK (self));
  g_return_if_fail (tolerance >= 0);

  if (!set_span (self, &PRIV (self)->tolerance, tolerance))
    return;

  if (tolerance != VCLOCK_TIME_NEVER)
    vclock_tick_clock_set_shift (self, FIRST_SHIFT);
  g_object_notify_by_pspec (G_OBJECT (self), vclock_tick_clock_props[PROP_ADAPTIVE_TOLERANCE]);
}
