/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-timer-private.h>

/* Periodic timers: start + k * period, and what is done about periods that passed unserved. */

/* With the lock. Gives a periodic timer its next deadline; returns how many periods passed
 * unserved. @now is before the deadline if the timer was due when its clock was set back. */
guint64
vclock_timer_rearm_periodic (VclockTimer *self,
                             VclockTime   now)
{
  VclockTimerTraits *traits = vclock_timer_entry_own_traits (&self->entry);
  VclockTime deadline = self->entry.deadline;
  VclockWide n_missed = 0;

  /* Mostly none. */
  if (G_UNLIKELY (vclock_time_subtract (now, deadline) >= traits->period))
    n_missed = ((VclockWide) now - deadline) / traits->period;

  switch ((VclockOverrunPolicy) traits->policy)
    {
    case VCLOCK_OVERRUN_POLICY_BURST:
      n_missed = 0;
      traits->phase = deadline;
      break;
    case VCLOCK_OVERRUN_POLICY_DELAY:
      traits->phase = now;
      break;
    case VCLOCK_OVERRUN_POLICY_SKIP:
    default:
      traits->phase = deadline;
      if (n_missed > 0)
        traits->phase = vclock_time_from_wide (deadline + n_missed * traits->period);
      break;
    }

  vclock_timer_queue_arm (self->entry.queue, &self->entry,
                          vclock_time_add (traits->phase, traits->period));
  self->entry.in_phase = TRUE;

  return (guint64) MIN (n_missed, (VclockWide) G_MAXUINT64);
}

/* With the lock, while the timer is being called: moves the deadline that it was given for next time. */
static void
follow_period (VclockTimer *self)
{
  VclockTimerQueue *queue = self->entry.queue;
  const VclockTimerTraits *traits = self->entry.traits;

  if (traits->period > 0)
    vclock_timer_queue_arm (queue, &self->entry, vclock_time_add (traits->phase, traits->period));
  else
    vclock_timer_queue_disarm (queue, &self->entry);
}

/**
 * vclock_timer_get_period: (attributes org.gtk.Method.get_property=period)
 * @self: a timer
 *
 * Gets after how much time the timer expires again.
 *
 * Returns: the period in the timer's scale; 0 if it expires once
 */
gint64
vclock_timer_get_period (VclockTimer *self)
{
  VclockTime period;

  g_return_val_if_fail (VCLOCK_IS_TIMER (self), 0);

  vclock_lock ();
  period = self->entry.traits->period;
  vclock_unlock ();

  return vclock_time_to_scale (period, self->entry.scale);
}

/**
 * vclock_timer_set_period: (attributes org.gtk.Method.set_property=period)
 * @self: a timer
 * @period: a span in the timer's scale, at least 0; 0 for expiring once
 *
 * Sets after how much time the timer expires again.
 *
 * It does not arm the timer, and a deadline that it is armed for stands: a new period counts from
 * the next expiry on. In the timer's own callback that is the expiry that it is called for: the last
 * deadline that had passed then and @period make the next one, which may have passed as well. A
 * periodic timer that is given a period of 0 there does not expire again, unless it is given
 * another one before the callback returns. The n-th deadline is the one that the timer was armed
 * for + n · @period, however late it is called. A period so long that the next deadline lies beyond
 * 64 bits is never, and so is one of [const@Vclock.TIME_NEVER], whatever it is added to.
 */
void
vclock_timer_set_period (VclockTimer *self,
                         gint64       period)
{
  VclockTimerQueue *queue;
  VclockTime nanoseconds;
  VclockTime now;
  gboolean is_recorded;
  gboolean changed;

  g_return_if_fail (VCLOCK_IS_TIMER (self));
  g_return_if_fail (period >= 0);
  queue = self->entry.queue;
  nanoseconds = vclock_time_from_scale (period, self->entry.scale);
  is_recorded = vclock_clock_is_recorded (queue->clock, &now);

  vclock_lock ();
  changed = self->entry.traits->period != nanoseconds;
  if (changed)
    vclock_timer_entry_own_traits (&self->entry)->period = nanoseconds;
  if (changed && __atomic_load_n (&self->entry.n_running, __ATOMIC_RELAXED) > 0 && self->entry.in_phase)
    {
      follow_period (self);
      if (is_recorded)
        vclock_timer_queue_record (queue, &self->entry, &(VclockRecord) {
          .kind = period > 0 ? VCLOCK_EVENT_KIND_REARMED : VCLOCK_EVENT_KIND_DISARMED,
          .time = now,
          .deadline = self->entry.deadline,
        });
    }
  vclock_unlock ();

  if (changed)
    g_object_notify (G_OBJECT (self), "period");
}

/**
 * vclock_timer_get_overrun_policy: (attributes org.gtk.Method.get_property=overrun-policy)
 * @self: a timer
 *
 * Gets what the timer does about periods that passed unserved.
 *
 * Returns: the policy
 */
VclockOverrunPolicy
vclock_timer_get_overrun_policy (VclockTimer *self)
{
  VclockOverrunPolicy policy;

  g_return_val_if_fail (VCLOCK_IS_TIMER (self), VCLOCK_OVERRUN_POLICY_SKIP);

  vclock_lock ();
  policy = self->entry.traits->policy;
  vclock_unlock ();

  return policy;
}

/**
 * vclock_timer_set_overrun_policy: (attributes org.gtk.Method.set_property=overrun-policy)
 * @self: a timer
 * @policy: a policy
 *
 * Sets what a periodic timer does about periods that passed unserved, from the next expiry on.
 */
void
vclock_timer_set_overrun_policy (VclockTimer         *self,
                                 VclockOverrunPolicy  policy)
{
  gboolean changed;

  g_return_if_fail (VCLOCK_IS_TIMER (self));
  g_return_if_fail (policy >= VCLOCK_OVERRUN_POLICY_SKIP && policy <= VCLOCK_OVERRUN_POLICY_DELAY);

  vclock_lock ();
  changed = self->entry.traits->policy != policy;
  if (changed)
    vclock_timer_entry_own_traits (&self->entry)->policy = policy;
  vclock_unlock ();

  if (changed)
    g_object_notify (G_OBJECT (self), "overrun-policy");
}
