/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-pass-private.h>
#include <glib-vclock/vclock-virtual-clock-private.h>

/* The speed at which the clock follows its parent: its rate, or none while it is paused. */

#define PRIV(self) (vclock_virtual_clock_get_private (self))

/**
 * vclock_virtual_clock_get_rate:
 * @self: a virtual clock
 * @numerator: (out) (optional): how many virtual seconds pass
 * @denominator: (out) (optional): in how many seconds of the parent
 *
 * Gets the rate at which the clock follows its parent.
 */
void
vclock_virtual_clock_get_rate (VclockVirtualClock *self,
                               gint64             *numerator,
                               gint64             *denominator)
{
  VclockVirtualClockPrivate *priv;

  g_return_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self));
  priv = PRIV (self);

  vclock_lock ();
  if (numerator != NULL)
    *numerator = priv->numerator;
  if (denominator != NULL)
    *denominator = priv->denominator;
  vclock_unlock ();
}

/**
 * vclock_virtual_clock_set_rate:
 * @self: a virtual clock
 * @numerator: how many virtual seconds pass, from 0 to 2⁶²
 * @denominator: in how many seconds of the parent, from 1 to 2⁶²
 *
 * Sets the rate at which the clock follows its parent.
 *
 * The rate is an exact fraction: no time is lost or won by rounding, however long the clock runs,
 * how often it is paused, advanced, or given another parent. What it has run beyond a whole
 * nanosecond is rounded down to the new @denominator when the rate changes, and dropped by a jump.
 * With a numerator of 0 the clock stands still. The clock's time does not jump; all contexts plan
 * anew.
 */
void
vclock_virtual_clock_set_rate (VclockVirtualClock *self,
                               gint64              numerator,
                               gint64              denominator)
{
  VclockVirtualClockPrivate *priv;
  gboolean changed;

  g_return_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self));
  g_return_if_fail (numerator >= 0 && numerator <= VCLOCK_RATE_MAX);
  g_return_if_fail (denominator > 0 && denominator <= VCLOCK_RATE_MAX);
  priv = PRIV (self);

  vclock_virtual_clock_rebase (priv, vclock_virtual_clock_lock (priv));
  changed = priv->numerator != numerator || priv->denominator != denominator;
  priv->remainder = priv->remainder * denominator / priv->denominator;
  priv->numerator = numerator;
  priv->denominator = denominator;
  if (changed)
    {
      vclock_clock_record (VCLOCK_CLOCK (self), &(VclockRecord) {
        .kind = VCLOCK_EVENT_KIND_RATE,
        .time = priv->base,
        .numerator = numerator,
        .denominator = denominator,
      });
      vclock_clock_replan_locked (VCLOCK_CLOCK (self));
    }
  vclock_unlock ();

  if (changed)
    g_object_notify (G_OBJECT (self), "rate");
}

static gboolean
subtree_runs_here (VclockClock *clock)
{
  GPtrArray *followers = vclock_clock_get_followers (clock);
  gboolean runs_here = vclock_pass_runs_here (clock);

  for (guint i = 0; i < followers->len && !runs_here; i++)
    runs_here = subtree_runs_here (g_ptr_array_index (followers, i));

  return runs_here;
}

static gboolean
subtree_runs_elsewhere (VclockClock *clock)
{
  GPtrArray *followers = vclock_clock_get_followers (clock);
  gboolean runs_elsewhere = vclock_pass_runs_elsewhere (clock, NULL);

  for (guint i = 0; i < followers->len && !runs_elsewhere; i++)
    runs_elsewhere = subtree_runs_elsewhere (g_ptr_array_index (followers, i));

  return runs_elsewhere;
}

static void
set_paused (VclockVirtualClock *self,
            gboolean            paused)
{
  VclockVirtualClockPrivate *priv = PRIV (self);
  gboolean changed;

  vclock_virtual_clock_rebase (priv, vclock_virtual_clock_lock (priv));
  changed = priv->paused != paused;
  priv->paused = paused;
  if (changed)
    {
      vclock_clock_record (VCLOCK_CLOCK (self), &(VclockRecord) {
        .kind = paused ? VCLOCK_EVENT_KIND_PAUSED : VCLOCK_EVENT_KIND_RESUMED,
        .time = priv->base,
      });
      vclock_clock_replan_locked (VCLOCK_CLOCK (self));
    }
  if (paused && !subtree_runs_here (VCLOCK_CLOCK (self)))
    while (subtree_runs_elsewhere (VCLOCK_CLOCK (self)))
      vclock_pass_wait ();
  vclock_unlock ();

  if (changed)
    g_object_notify (G_OBJECT (self), "paused");
}

/**
 * vclock_virtual_clock_pause:
 * @self: a virtual clock
 *
 * Freezes the clock's time.
 *
 * Timers whose deadline has been reached still expire; see [method@Vclock.Clock.set_enabled] for
 * the opposite. A paused clock causes no wakeups. It can still be advanced, stepped and set.
 * Returns only when no callback of this clock or of one that follows it is running in another
 * thread, and at once when called from such a callback. Pausing twice is the same as once.
 *
 * In QEMU: `cpu_disable_ticks ()`.
 */
void
vclock_virtual_clock_pause (VclockVirtualClock *self)
{
  g_return_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self));

  set_paused (self, TRUE);
}

/**
 * vclock_virtual_clock_resume:
 * @self: a virtual clock
 *
 * Lets the clock's time go on from where it was paused.
 *
 * Does nothing if the clock is not paused.
 *
 * In QEMU: `cpu_enable_ticks ()`.
 */
void
vclock_virtual_clock_resume (VclockVirtualClock *self)
{
  g_return_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self));

  set_paused (self, FALSE);
}

/**
 * vclock_virtual_clock_is_paused: (attributes org.gtk.Method.get_property=paused)
 * @self: a virtual clock
 *
 * Gets whether the clock's time is frozen.
 *
 * Returns: whether it is paused
 */
gboolean
vclock_virtual_clock_is_paused (VclockVirtualClock *self)
{
  gboolean paused;

  g_return_val_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self), FALSE);

  vclock_lock ();
  paused = PRIV (self)->paused;
  vclock_unlock ();

  return paused;
}
