/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <glib-vclock/vclock-alarm-private.h>
#include <glib-vclock/vclock-host-private.h>
#include <glib-vclock/vclock-lock-private.h>

/* Waiting actively: the alarm plans to wake its context a little before the deadline of a timer
 * that wants it, by as much as the kernel may be late, and its dispatch waits for what is left. */

/* Without the lock, here and below. Tells a queue how fast its clock, which says @now, goes. */
void
vclock_alarm_spin_measure (VclockTimerQueue *queue,
                           VclockTime        now)
{
  VclockHostClock host_clock;
  VclockTime from;
  VclockTime to;

  if (g_atomic_int_get (&queue->spin) == 0)
    return;

  from = vclock_clock_get_wakeup (queue->clock, now, &host_clock);
  to = vclock_clock_get_wakeup (queue->clock, vclock_time_add (now, VCLOCK_NSEC_PER_SEC),
                                &host_clock);
  if (to == VCLOCK_TIME_NEVER)
    return;

  vclock_lock ();
  queue->host_second = MAX (1, vclock_time_subtract (to, from));
  vclock_unlock ();
}

/* Whether one of the queue's timers is not due yet and to be waited for actively. */
gboolean
vclock_alarm_spin_begins (VclockTimerQueue *queue)
{
  VclockHostClock host_clock;
  VclockTime wakeup;

  if (g_atomic_int_get (&queue->spin) == 0)
    return FALSE;

  vclock_lock ();
  wakeup = vclock_timer_queue_get_wakeup (queue);
  vclock_unlock ();
  wakeup = vclock_clock_get_wakeup (queue->clock, wakeup, &host_clock);

  return wakeup <= vclock_host_get_time (host_clock);
}

/* The earliest deadline as a time of CLOCK_MONOTONIC. */
static VclockTime
get_end (const VclockAlarmHold *hold)
{
  VclockTime end = VCLOCK_TIME_NEVER;

  for (guint i = 0; i < hold->n_queues; i++)
    {
      VclockTimerQueue *queue = hold->queues[i];
      VclockTime deadline;

      vclock_lock ();
      deadline = vclock_timer_queue_get_deadline (queue, VCLOCK_TIMER_ATTRIBUTES_NONE);
      vclock_unlock ();
      end = MIN (end, vclock_alarm_translate (queue->clock, deadline));
    }

  return end;
}

/* Should a clock keep a timer waiting for longer, other sources get their turn. */
#define MAX_SPIN VCLOCK_NSEC_PER_MSEC

static gboolean
any_begins (const VclockAlarmHold *hold)
{
  for (guint i = 0; i < hold->n_queues; i++)
    if (vclock_alarm_spin_begins (hold->queues[i]))
      return TRUE;

  return FALSE;
}

/* With the lock: whether any timer of the source has ever been one to wait for actively. */
static gboolean
may_spin (VclockAlarmSource *source)
{
  for (guint i = 0; i < source->queues->len; i++)
    if (((VclockTimerQueue *) g_ptr_array_index (source->queues, i))->spin > 0)
      return TRUE;

  return FALSE;
}

/* With the lock, which is released meanwhile: waits until a timer of the source is due, if one is to
 * be waited for actively, until something changes, or until it has been long enough. */
void
vclock_alarm_spin (VclockAlarm       *self,
                   VclockAlarmSource *source)
{
  VclockAlarmHold hold;
  VclockTime end;

  if (!may_spin (source))
    return;

  /* From here on changes are told. */
  vclock_alarm_hold_queues (self, source, &hold);
  self->dirty = FALSE;
  for (guint i = 0; i < hold.n_queues; i++)
    hold.queues[i]->planned = vclock_timer_queue_get_wakeup (hold.queues[i]);
  vclock_unlock ();

  if (any_begins (&hold))
    {
      end = vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC) + MAX_SPIN;
      end = MIN (end, get_end (&hold));
      while (vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC) < end &&
             !g_atomic_int_get (&self->dirty))
        ;
    }

  vclock_lock ();
  self->dirty = TRUE;
  vclock_alarm_release_queues (&hold);
}
