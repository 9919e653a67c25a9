/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "reference.h"

G_BEGIN_DECLS

/* What happens in a run: begin and end of an act, a call, a reset, and after each what all clocks
 * and timers say. */
typedef struct
{
  const char *what; /* one of those below */
  gint64      who;    /* no padding: events are compared as bytes */
  gint64      values[4];
} Event;

extern const char *const event_acts[ACT_N];     /* two parameters */
extern const char        event_end_of_act[];    /* the result */
extern const char        event_expired[];       /* overruns, call */
extern const char        event_end_of_call[];   /* call */
extern const char        event_reset[];         /* old, new */
extern const char        event_also_reset[];    /* of those that follow: old, new */
extern const char        event_is_clock[];      /* parent */
extern const char        event_is_timer[];      /* clock, priority, unit */
extern const char        event_clock[];         /* as reference_look_clock () */
extern const char        event_timer[];         /* as reference_look_timer () */

/* Some clocks and timers, of the library or of the reference, and what they have done. */
typedef struct _Run Run;

struct _Run
{
  Reference           reference; /* also says what there is, for the library */
  gboolean            is_reference;
  GArray             *trace;     /* (element-type Event) (unowned) */
  void             (* called) (Run *self,
                               int  timer,
                               int  call);
  gpointer            user_data;
  int                 depth;     /* of calls */
  int                 n_calls;

  GMainContext       *context;   /* (owned): of the clocks */
  GMainContext       *loop;      /* (owned): of the timers; another one in MODE_LOOP */
  VclockVirtualClock *clocks[REFERENCE_MAX_CLOCKS];
  VclockTimer        *timers[REFERENCE_MAX_TIMERS];
};

void       run_set_up    (Run    *self);
void       run_tear_down (Run    *self);
void       run_act       (Run    *self,
                          Act     act,
                          int     who,
                          gint64  a,
                          gint64  b);
VclockTime run_get_time  (Run    *self,
                          int     clock);

/* Which rule a trace breaks, or NULL; and at which event: random-rules.c. */
const char *find_broken_rule (GArray *trace,
                              guint  *where);

G_END_DECLS
