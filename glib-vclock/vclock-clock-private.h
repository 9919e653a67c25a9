/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-clock.h>
#include <glib-vclock/vclock-clock-source-private.h>
#include <glib-vclock/vclock-timer-queue-private.h>

G_BEGIN_DECLS

/* In which recording a clock is. */
typedef struct
{
  VclockRing *ring;   /* (unowned) (nullable): of the recorder that has the clock */
  guint       number; /* of the clock in it */
} VclockClockRecording;

/* What a kind of clock inside the library is like. */
typedef struct
{
  gboolean       never_resets; /* so that it needs no GSource for ::reset */

  /* (nullable): called in the clock's main context, when the host's clock was set, and when
   * vclock_clock_tell () was called. */
  void        (* check_host) (VclockClock *self);
  void        (* tell)       (VclockClock *self);

  /* (nullable): called with the lock, which they keep. What the time of this clock is when that of
   * the one that it follows is @time; why it does not go on by itself, in words to be translated,
   * or NULL if it does. */
  VclockTime  (* translate)  (VclockClock *self,
                              VclockTime   time);
  const char *(* why_stands) (VclockClock *self);
} VclockClockKind;

typedef struct
{
  VclockTime old_time;
  VclockTime new_time;
} VclockClockReset;

typedef struct
{
  char                  *name;      /* (owned) (nullable): GRefString */
  GMainContext          *context;   /* (owned) (nullable): until constructed */
  VclockClockSource     *source;    /* (owned) (nullable) */
  const VclockClockKind *kind;

  /* Guarded by the lock. */
  gboolean               enabled;
  guint                  n_resets;
  GArray                *resets;    /* (element-type VclockClockReset): still to be emitted */
  GPtrArray             *queues;    /* (element-type VclockTimerQueue) */
  GPtrArray             *followers; /* (element-type VclockClock): whose time is made of ours */
  VclockClockRecording   recording;
} VclockClockPrivate;

VclockClockPrivate *
           vclock_clock_get_private         (VclockClock        *self);
void       vclock_clock_set_kind            (VclockClock        *self,
                                             const VclockClockKind *kind);

/* Without the lock: whether what is about to happen will be recorded, and the time then. */
gboolean   vclock_clock_is_recorded         (VclockClock        *self,
                                             VclockTime         *now);

/* With the lock. */
VclockClockRecording *
           vclock_clock_get_recording       (VclockClock        *self);
gboolean   vclock_clock_set_ring            (VclockClock        *self,
                                             VclockRing         *ring,
                                             guint               number);
void       vclock_clock_follow_ring         (VclockClock        *self);
void       vclock_clock_record              (VclockClock        *self,
                                             const VclockRecord *record);
void       vclock_clock_add_queue           (VclockClock        *self,
                                             VclockTimerQueue   *queue);
GPtrArray *vclock_clock_get_queues          (VclockClock        *self);
GPtrArray *vclock_clock_get_followers       (VclockClock        *self);
guint      vclock_clock_peek_n_resets       (VclockClock        *self);
const char *vclock_clock_why_stands         (VclockClock        *self);
void       vclock_clock_replan_locked       (VclockClock        *self);
void       vclock_clock_take_due_here       (VclockClock        *self,
                                             const VclockDueMap *map);
void       vclock_clock_push_reset_locked   (VclockClock        *self,
                                             VclockTime          old_time,
                                             VclockTime          new_time);

/* Without it. */
void       vclock_clock_tell                (VclockClock        *self);
void       vclock_clock_call_reset_handlers (VclockClock        *self,
                                             gboolean            may_be_now);
void       vclock_clock_wake_overdue        (VclockTimerQueue   *queue);
void       vclock_clock_map_here            (VclockDueMap       *map,
                                             VclockTime          now,
                                             VclockTime         *at_loop);
char      *vclock_clock_describe_timers     (VclockClock        *self,
                                             guint              *n_timers);

G_END_DECLS
