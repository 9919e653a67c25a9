/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-event.h>

G_BEGIN_DECLS

/* What an event consists of, without an object around it. */
typedef struct
{
  VclockTime time;        /* of the event's clock */
  union
  {
    struct                /* of a timer */
    {
      VclockTime deadline;
      VclockTime lateness;
      guint64    overruns;
    };
    struct                /* a reset, a warp */
    {
      VclockTime old_time;
      VclockTime new_time;
    };
    struct                /* a rate */
    {
      gint64 numerator;
      gint64 denominator;
    };
  };
  char      *name;        /* (owned) (nullable): GRefString, of the timer or the new parent */
  guint32    timer;       /* number in the recording, from 1; 0 for what concerns the clock */
  guint32    clock : 24;  /* number in the recording, from 1 */
  guint32    kind : 8;    /* VclockEventKind */
} VclockRecord;

/* A number of an event that is not in all events, in words. */
typedef struct
{
  const char *name;
  char        value[24];
} VclockRecordField;

#define VCLOCK_RECORD_MAX_FIELDS 3

const char  *vclock_record_get_kind_nick (const VclockRecord *record);
guint        vclock_record_get_fields    (const VclockRecord *record,
                                          VclockRecordField   fields[VCLOCK_RECORD_MAX_FIELDS]);

VclockEvent *vclock_event_new            (const VclockRecord *record,
                                          const char         *clock_name);

G_END_DECLS
