/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-vclock/glib-vclock.h>

G_BEGIN_DECLS

/* What the manual says of virtual clocks and their timers, written down once more without a thought
 * of speed: arrays that are searched from end to end, and 128-bit integers. Nothing of the library
 * is used but names. */

typedef __int128 Wide;

#define REFERENCE_MAX_CLOCKS 5
#define REFERENCE_MAX_TIMERS 8
#define REFERENCE_NONE       (-1)

/* What can be done, to the timers up to ACT_SET_POLICY, then to the clocks, which ACT_ADVANCE and
 * those after it move. */
typedef enum
{
  ACT_ARM,            /* deadline */
  ACT_ARM_AFTER,      /* span */
  ACT_ARM_EARLIER,    /* deadline */
  ACT_DISARM,
  ACT_SET_PERIOD,     /* period */
  ACT_SET_POLICY,     /* policy */
  ACT_SET_RATE,       /* numerator, denominator */
  ACT_SET_PARENT,     /* clock or REFERENCE_NONE */
  ACT_PAUSE,
  ACT_RESUME,
  ACT_SET_ENABLED,    /* whether */
  ACT_RUN_TIMERS,
  ACT_ADVANCE,        /* span */
  ACT_JUMP,           /* time */
  ACT_STEP,
  ACT_RUN_UNTIL_IDLE, /* limit */
  ACT_ITERATE,        /* the main context, until nothing is ready */
  ACT_N,
} Act;

/* Who calls the timers: the moves, or a main loop that others run, or the moves and the main loop
 * that they run. */
typedef enum
{
  MODE_DIRECT,
  MODE_LOOP,
  MODE_SETTLED,
} Mode;

typedef struct
{
  int        parent;
  gint64     numerator;
  gint64     denominator;
  gboolean   paused;
  gboolean   enabled;
  int        n_moves;   /* under way; meanwhile the parent does not count */
  VclockTime value;     /* when the parent said ... */
  VclockTime at;        /* ... this, ... */
  Wide       rest;      /* ... and so many denominator-ths of a nanosecond more */
  guint      n_resets;
} ReferenceClock;

typedef struct
{
  int                 clock;
  int                 priority;
  gint64              unit;
  VclockTime          period;
  VclockOverrunPolicy policy;
  gboolean            armed;
  VclockTime          deadline;
  guint64             arming;    /* counts */
  guint64             taken;     /* by which pass or jump, since it was due; 0 if by none */
  VclockTime          due_at;    /* on the clock that moved then */
  guint64             read;      /* by which pass; what it has not read, a pass does not call */
  VclockTime          now;       /* what the clock said */
  VclockTime          lateness;
  int                 n_running; /* calls */
  gboolean            in_phase;  /* nobody but the last call has armed it, for ... */
  VclockTime          phase;     /* ... this and a period */
} ReferenceTimer;

typedef struct
{
  Mode           mode;
  int            n_clocks;
  int            n_timers;
  ReferenceClock clocks[REFERENCE_MAX_CLOCKS];
  ReferenceTimer timers[REFERENCE_MAX_TIMERS];
  guint64        n_armings;
  guint64        n_passes;
  int            n_loops;   /* iterations of the main context under way */
  VclockTime     host_now;
  gpointer       user_data;
  void           (* expired) (gpointer user_data,
                              int      timer,
                              guint64  overruns);
  void           (* reset)   (gpointer   user_data,
                              int        clock,
                              VclockTime old_time,
                              VclockTime new_time);
} Reference;

gint64 reference_act        (Reference *self,
                             Act        act,
                             int        who,
                             gint64     a,
                             gint64     b);
void   reference_look_clock (Reference *self,
                             int        clock,
                             gint64     values[4]);
void   reference_look_timer (Reference *self,
                             int        timer,
                             gint64     values[4]);

/* Which timers: of a clock and those that follow it, of one clock, of one priority. */
typedef enum
{
  SCOPE_TREE,
  SCOPE_CLOCK,
  SCOPE_PRIORITY,
} Scope;

/* What the moves (reference-moves.c) use of reference.c. */
VclockTime reference_add       (VclockTime      time,
                                VclockTime      span);
VclockTime reference_get_time  (Reference      *self,
                                int             clock);
void       reference_rebase    (Reference      *self,
                                int             clock);
gboolean   reference_goes_with (Reference      *self,
                                int             clock,
                                int             root);
void       reference_arm       (Reference      *self,
                                int             timer,
                                VclockTime      deadline);
gboolean   reference_is_due    (Reference      *self,
                                int             timer);
gboolean   reference_may_call  (Reference      *self,
                                int             timer);
VclockTime reference_get_next  (Reference      *self,
                                int             root);
void       reference_take      (Reference      *self,
                                Scope           scope,
                                int             what,
                                const gboolean *jumps);
guint64    reference_pass      (Reference      *self,
                                Scope           scope,
                                int             what,
                                guint64         limit);

G_END_DECLS
