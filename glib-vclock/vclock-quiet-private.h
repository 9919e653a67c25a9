/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-timer-queue-private.h>

G_BEGIN_DECLS

/* A main context is *quiet* when it sleeps after it had nothing to dispatch. Each alarm keeps one of
 * these for its context and tells it what the context does; who waits until all contexts of a clock
 * are quiet, because time may then go on, is asked whenever one of them may be the last. */
struct _VclockQuiet
{
  VclockTime    wakeup;       /* on CLOCK_MONOTONIC: when it must look again; only touched by the
                               * thread that runs the context */

  /* Guarded by the lock. */
  GMainContext *context;      /* (unowned) (nullable): NULL once gone */
  GThread      *thread;       /* (unowned) (nullable): that ran it last */
  gboolean      abandoned;    /* that thread has ended */
  guint64       stamp;        /* when it ran, among all contexts: the latest is innermost */
  VclockTime    looked_at;    /* on CLOCK_MONOTONIC */
  gboolean      has_nothing;  /* to dispatch, as it found when it looked last */
  gboolean      asleep;       /* and it polls */
  guint64       n_looks;      /* how often it has looked */
  guint64       looked;       /* how often it had when it found nothing last */
  guint         quiet_round;  /* the latest round in which it found nothing */
  guint         active_round; /* the latest round in which it dispatched something */
  VclockTime    since;        /* on CLOCK_MONOTONIC: when it dispatched something last */
};

/* What has been found out about the contexts of some clocks, for the one that asks. */
typedef struct
{
  VclockQuiet *asking;
  gboolean     concerns_asking;
  gboolean     held;         /* by somebody who plans anew when that is over */
  gboolean     busy;         /* one of them is not quiet */
  gboolean     several;      /* threads are involved */
  VclockTime   since;        /* when one of them was active last */
  guint        quiet_round;  /* all have found nothing in this round or later */
  guint        active_round; /* the latest round in which one of them was active */
} VclockQuietState;

#define VCLOCK_QUIET_STATE_INIT(asking) \
  { asking, FALSE, FALSE, FALSE, FALSE, G_MININT64, G_MAXUINT, 0 }

/* Somebody who waits, on behalf of a clock. Freed by itself once it does not wait any more. The
 * functions are called without the lock, while the clock is alive. */
typedef struct _VclockQuietWaiter VclockQuietWaiter;

typedef struct
{
  gboolean (* found_nothing) (VclockClock *clock,
                              VclockQuiet *asking); /* TRUE if the clock goes on */
  void     (* asleep)        (VclockClock *clock,
                              VclockQuiet *asking);
  void     (* awake)         (VclockClock *clock);
} VclockQuietFuncs;

VclockQuietWaiter *vclock_quiet_waiter_new   (VclockClock            *clock,
                                              const VclockQuietFuncs *funcs);
void               vclock_quiet_waiter_free  (VclockQuietWaiter      *waiter);
gboolean           vclock_quiet_has_waiters  (void);

/* What the context does, from the thread that runs it. Without the lock. */
void               vclock_quiet_join         (VclockQuiet            *self,
                                              GMainContext           *context);
void               vclock_quiet_leave        (VclockQuiet            *self);
void               vclock_quiet_sleep        (VclockQuiet            *self);
void               vclock_quiet_look         (VclockQuiet            *self);
gboolean           vclock_quiet_wants_look   (VclockQuiet            *self);
gboolean           vclock_quiet_find_nothing (VclockQuiet            *self);

/* With the lock. */
gboolean           vclock_quiet_is_run       (VclockTimerQueue       *queue);
void               vclock_quiet_ask          (VclockClock            *clock,
                                              VclockQuietState       *state);
void               vclock_quiet_wake         (VclockClock            *clock);
VclockTime         vclock_quiet_get_again    (void);
guint              vclock_quiet_begin_round  (void);

G_END_DECLS
