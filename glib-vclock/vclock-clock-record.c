/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-clock-private.h>

/* The ring that a clock and its queues write to while a recorder has the clock. */

/* Has the clock recorded, as the clock of that number; NULL ends it. FALSE, and nothing changes, if
 * another recorder has the clock. */
gboolean
vclock_clock_set_ring (VclockClock *self,
                       VclockRing  *ring,
                       guint        number)
{
  VclockClockRecording *recording = vclock_clock_get_recording (self);

  if (ring != NULL && recording->ring != NULL)
    return FALSE;

  g_atomic_pointer_set (&recording->ring, ring);
  recording->number = number;
  vclock_clock_follow_ring (self);

  return TRUE;
}

/* Has the queues do what the ring does: record or not. */
void
vclock_clock_follow_ring (VclockClock *self)
{
  VclockClockRecording *recording = vclock_clock_get_recording (self);
  GPtrArray *queues = vclock_clock_get_queues (self);
  VclockRing *ring = recording->ring;

  if (ring != NULL && !ring->is_on)
    ring = NULL;

  for (guint i = 0; i < queues->len; i++)
    {
      VclockTimerQueue *queue = g_ptr_array_index (queues, i);

      g_atomic_pointer_set (&queue->ring, ring);
      queue->number = recording->number;
    }
}

gboolean
vclock_clock_is_recorded (VclockClock *self,
                          VclockTime  *now)
{
  if (g_atomic_pointer_get (&vclock_clock_get_recording (self)->ring) == NULL)
    return FALSE;

  *now = vclock_clock_get_time (self);

  return TRUE;
}

/* Records what has happened to the clock itself, if it is recorded. */
void
vclock_clock_record (VclockClock        *self,
                     const VclockRecord *record)
{
  VclockClockRecording *recording = vclock_clock_get_recording (self);
  VclockRecord full = *record;

  if (recording->ring == NULL || !recording->ring->is_on)
    return;

  full.clock = recording->number;
  vclock_ring_record (recording->ring, &full);
}
