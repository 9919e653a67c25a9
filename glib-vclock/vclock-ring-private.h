/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-event-private.h>

G_BEGIN_DECLS

/* Where events are written to while they happen: so many of the latest as there is room for. */
typedef struct
{
  /* Guarded by the lock. */
  VclockRecord *records;    /* the oldest is overwritten when all are used */
  guint64       n_records;  /* written, since they were taken last */
  guint64       n_dropped;  /* overwritten, since it was cleared */
  guint32       recording;  /* which of all recordings of the process this is */
  guint32       n_timers;   /* that have been given a number */
  gboolean      is_on;

  guint         capacity;
  VclockRecord *spare;      /* changes places with records when they are taken */
} VclockRing;

/* Which timer of which recording a timer is, kept with the timer. */
typedef struct
{
  guint32 recording;
  guint32 number;
} VclockTimerNumber;

/* Without the lock, and from one thread. */
VclockRing *vclock_ring_new        (guint               capacity);
void        vclock_ring_free       (VclockRing         *self);
void        vclock_ring_take       (VclockRing         *self,
                                    GArray             *records);
void        vclock_ring_clear      (VclockRing         *self);

/* With it. */
guint32     vclock_ring_get_number (VclockRing         *self,
                                    VclockTimerNumber  *number);
void        vclock_ring_record     (VclockRing         *self,
                                    const VclockRecord *record);

G_END_DECLS
