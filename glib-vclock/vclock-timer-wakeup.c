/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-timer-private.h>

/* When the main context is woken for a timer: later than the deadline, or a little earlier. */

/**
 * vclock_timer_get_slack: (attributes org.gtk.Method.get_property=slack)
 * @self: a timer
 *
 * Gets how much later than the deadline the main context may be woken.
 *
 * Returns: the slack in the timer's scale
 */
gint64
vclock_timer_get_slack (VclockTimer *self)
{
  VclockTime slack;

  g_return_val_if_fail (VCLOCK_IS_TIMER (self), 0);

  vclock_lock ();
  slack = self->entry.traits->slack;
  vclock_unlock ();

  return vclock_time_to_scale (slack, self->entry.scale);
}

/**
 * vclock_timer_set_slack: (attributes org.gtk.Method.set_property=slack)
 * @self: a timer
 * @slack: a span in the timer's scale, at least 0
 *
 * Sets how much later than the deadline the main context may be woken for this timer.
 *
 * Timers that can wait for each other then share a wake-up. When the context is awake anyway the
 * timer expires at its deadline, and always in the order of deadlines; a slack longer than the
 * time until the deadline only moves the wake-up, never before the deadline.
 */
void
vclock_timer_set_slack (VclockTimer *self,
                        gint64       slack)
{
  VclockTime nanoseconds;
  gboolean changed;

  g_return_if_fail (VCLOCK_IS_TIMER (self));
  g_return_if_fail (slack >= 0);
  nanoseconds = vclock_time_from_scale (slack, self->entry.scale);

  vclock_lock ();
  changed = self->entry.traits->slack != nanoseconds;
  if (changed)
    vclock_timer_queue_set_slack (self->entry.queue, &self->entry, nanoseconds);
  vclock_unlock ();

  if (changed)
    g_object_notify (G_OBJECT (self), "slack");
}

/**
 * vclock_timer_get_spin: (attributes org.gtk.Method.get_property=spin)
 * @self: a timer
 *
 * Gets how long before the deadline the main context is woken, to wait actively for the rest.
 *
 * Returns: the span in nanoseconds of the host's time; 0 if it is not
 */
VclockTime
vclock_timer_get_spin (VclockTimer *self)
{
  VclockTime spin;

  g_return_val_if_fail (VCLOCK_IS_TIMER (self), 0);

  vclock_lock ();
  spin = self->entry.traits->spin * VCLOCK_NSEC_PER_USEC;
  vclock_unlock ();

  return spin;
}

/**
 * vclock_timer_set_spin: (attributes org.gtk.Method.set_property=spin)
 * @self: a timer
 * @spin: a span in nanoseconds, from 0 to [const@Vclock.TIMER_SPIN_MAX]; 0, as it is at first, for
 *   not waiting actively
 *
 * Sets how long before the deadline the main context is woken, to wait actively for the rest.
 *
 * The kernel wakes a thread some 50 to 150 microseconds late. With a spin longer than that the timer
 * is called within a microsecond of its deadline, and still never before it, at the price of a
 * processor that works meanwhile and of other sources of the context, which wait too. The slack of
 * a timer that spins does not count.
 *
 * The span is one of the host's time, whatever the rate of the clock, and rounded up to whole
 * microseconds. On a clock that cannot promise a time of the host nothing is woken, and nothing
 * spins. How early the context comes to run is the backend's affair: the one named `poll` counts
 * milliseconds.
 */
void
vclock_timer_set_spin (VclockTimer *self,
                       VclockTime   spin)
{
  gboolean changed;

  g_return_if_fail (VCLOCK_IS_TIMER (self));
  g_return_if_fail (spin >= 0 && spin <= VCLOCK_TIMER_SPIN_MAX);
  spin = vclock_time_to_scale (spin, VCLOCK_SCALE_US);

  vclock_lock ();
  changed = self->entry.traits->spin != spin;
  if (changed)
    vclock_timer_queue_set_spin (self->entry.queue, &self->entry, (guint) spin);
  vclock_unlock ();

  if (changed)
    g_object_notify (G_OBJECT (self), "spin");
}
