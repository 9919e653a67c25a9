/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <glib-vclock/vclock-alarm-private.h>
#include <glib-vclock/vclock-lock-private.h>

/* The queues of an alarm, to be looked at one by one while the lock is released in between. */

static guint
count_queues (VclockAlarm *self)
{
  guint n_queues = 0;

  for (guint i = 0; i < self->sources->len; i++)
    n_queues += ((VclockAlarmSource *) g_ptr_array_index (self->sources, i))->queues->len;

  return n_queues;
}

/* The armed queues of the alarm, or of one source, to work on without the lock: each with a use
 * of it. */
void
vclock_alarm_hold_queues (VclockAlarm       *self,
                          VclockAlarmSource *only,
                          VclockAlarmHold   *hold)
{
  guint n_queues = count_queues (self);

  hold->queues = hold->few;
  if (n_queues > G_N_ELEMENTS (hold->few))
    hold->queues = g_new (VclockTimerQueue *, n_queues);
  hold->n_queues = 0;

  for (guint i = 0; i < self->sources->len; i++)
    {
      VclockAlarmSource *source = g_ptr_array_index (self->sources, i);

      for (guint j = 0; j < source->queues->len && (only == NULL || source == only); j++)
        {
          VclockTimerQueue *queue = g_ptr_array_index (source->queues, j);

          if (!queue->enabled || vclock_timer_queue_is_empty (queue))
            {
              queue->planned = VCLOCK_TIME_NEVER;
              continue;
            }

          queue->n_users++;
          hold->queues[hold->n_queues++] = queue;
        }
    }
}

/* Releases and takes the lock if a queue must be freed. */
void
vclock_alarm_release_queues (VclockAlarmHold *hold)
{
  for (guint i = 0; i < hold->n_queues; i++)
    {
      VclockTimerQueue *queue = hold->queues[i];

      if (!vclock_timer_queue_release (queue))
        continue;

      vclock_unlock ();
      vclock_timer_queue_free (queue);
      vclock_lock ();
    }

  if (hold->queues != hold->few)
    g_free (hold->queues);
}
