/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-ring-private.h>

/* Recording is to disturb nothing: it allocates no memory for an event, and what it writes is as
 * long as the event. Who takes the records does so by changing two pointers, and works on them
 * without the lock. */

static guint32 last_recording;

static void
drop_names (VclockRecord *records,
            guint         n_records)
{
  for (guint i = 0; i < n_records; i++)
    g_clear_pointer (&records[i].name, g_ref_string_release);
}

VclockRing *
vclock_ring_new (guint capacity)
{
  VclockRing *self = g_new0 (VclockRing, 1);

  self->capacity = capacity;
  self->records = g_new0 (VclockRecord, capacity);
  self->spare = g_new0 (VclockRecord, capacity);
  vclock_ring_clear (self);

  return self;
}

void
vclock_ring_free (VclockRing *self)
{
  drop_names (self->records, (guint) MIN (self->n_records, self->capacity));
  g_free (self->records);
  g_free (self->spare);
  g_free (self);
}

/* Takes the lock: the records go to the spare place, and the ring is empty. Returns how many have
 * been written; the latest of them, as many as there is room for, are there. */
static guint64
exchange (VclockRing *self,
          gboolean    clear)
{
  VclockRecord *records;
  guint64 n_records;

  vclock_lock ();
  records = self->records;
  self->records = self->spare;
  self->spare = records;
  n_records = self->n_records;
  self->n_records = 0;
  if (clear)
    {
      self->n_dropped = 0;
      self->n_timers = 0;
      self->recording = ++last_recording;
    }
  vclock_unlock ();

  return n_records;
}

/* Moves all records to the end of an array, the oldest first. */
void
vclock_ring_take (VclockRing *self,
                  GArray     *records)
{
  guint64 n_records = exchange (self, FALSE);
  guint n_kept = (guint) MIN (n_records, self->capacity);
  guint oldest = (guint) ((n_records - n_kept) % self->capacity);
  guint n_first = MIN (n_kept, self->capacity - oldest);

  g_array_append_vals (records, self->spare + oldest, n_first);
  g_array_append_vals (records, self->spare, n_kept - n_first);
  memset (self->spare, 0, n_kept * sizeof (VclockRecord));
}

/* Begins another recording. */
void
vclock_ring_clear (VclockRing *self)
{
  guint64 n_records = exchange (self, TRUE);

  drop_names (self->spare, (guint) MIN (n_records, self->capacity));
}

/* The number of a timer: they are given in the order in which timers first occur in the recording,
 * so that they are the same whenever the same happens. */
guint32
vclock_ring_get_number (VclockRing        *self,
                        VclockTimerNumber *number)
{
  if (number->recording != self->recording)
    *number = (VclockTimerNumber) { self->recording, ++self->n_timers };

  return number->number;
}

void
vclock_ring_record (VclockRing         *self,
                    const VclockRecord *record)
{
  VclockRecord *place = &self->records[self->n_records % self->capacity];

  if (self->n_records++ >= self->capacity)
    {
      self->n_dropped++;
      g_clear_pointer (&place->name, g_ref_string_release);
    }

  *place = *record;
  if (place->name != NULL)
    g_ref_string_acquire (place->name);
}
