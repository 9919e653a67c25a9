/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "timeline-expiration.h"

G_BEGIN_DECLS

/* One clock. Times are spans since its origin: the time that it showed when it was added. */
typedef struct
{
  VclockClock *clock;  /* (owned) */
  char        *name;
  VclockTime   origin;
  VclockTime   now;
  gboolean     virtual;
  gboolean     paused;
  gint64       numerator;
  gint64       denominator;
  guint        first_row;
  guint        n_rows;
} TimelineLane;

/* One timer of the lane, in a row of its own. */
typedef struct
{
  VclockTimer *timer;  /* (owned) */
  char        *name;
  guint        lane;
  gboolean     armed;
  VclockTime   deadline;
  gulong       expired_id;
} TimelineRow;

typedef enum
{
  TIMELINE_NOTE_RESET,
  TIMELINE_NOTE_PAUSED,
  TIMELINE_NOTE_RUNNING,
} TimelineNoteKind;

/* What happened to a clock: its time jumped to @time, it stood still there, or from there on runs
 * at a new rate. */
typedef struct
{
  TimelineNoteKind kind;
  guint            lane;
  VclockTime       time;
  VclockTime       jumped;
  gint64           numerator;
  gint64           denominator;
} TimelineNote;

#define TIMELINE_TYPE_MODEL (timeline_model_get_type ())

G_DECLARE_FINAL_TYPE (TimelineModel, timeline_model, TIMELINE, MODEL, GObject)

TimelineModel      *timeline_model_new             (void);

void                timeline_model_add_clock       (TimelineModel *self,
                                                    VclockClock   *clock,
                                                    const char    *name);

void                timeline_model_add_timer       (TimelineModel *self,
                                                    VclockTimer   *timer);

void                timeline_model_sample          (TimelineModel *self);

guint               timeline_model_get_n_lanes     (TimelineModel *self);

const TimelineLane *timeline_model_get_lane        (TimelineModel *self,
                                                    guint          index);

guint               timeline_model_get_n_rows      (TimelineModel *self);

const TimelineRow  *timeline_model_get_row         (TimelineModel *self,
                                                    guint          index);

guint               timeline_model_get_n_notes     (TimelineModel *self);

const TimelineNote *timeline_model_get_note        (TimelineModel *self,
                                                    guint          index);

GListModel         *timeline_model_get_expirations (TimelineModel *self);

VclockTime          timeline_model_get_end         (TimelineModel *self);

G_END_DECLS
