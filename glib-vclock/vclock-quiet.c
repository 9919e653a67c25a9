/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-host-private.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-pass-private.h>
#include <glib-vclock/vclock-quiet-private.h>
#include <glib-vclock/vclock-time-private.h>

/* Whether the contexts that wait for a clock have nothing left to do.
 *
 * In each iteration, a context that was watched does this, in this order:
 *
 *   sleep ()         before it polls: asleep, if it found nothing to dispatch last time
 *   (poll)
 *   look ()          not asleep any more; whatever is ready will be dispatched
 *   find_nothing ()  unless nothing is
 *
 * A thread that has just found nothing has nothing to do; that is all there is to know of one. Of
 * several, one may have been given something to do by another after it has looked. So, once all are
 * asleep, a *round* begins: each is woken and looks once more. If all find nothing in it, and none
 * has dispatched anything since it began, then nobody has done anything from the moment in which
 * all were asleep, and everybody has looked after that moment. */

/* A context that has no armed timers and does not come back to its main loop counts for so long: it
 * may be about to arm one, or have left its main loop for good. Who waits for a context that is
 * busy asks again after so long, for it may go away, or its timers may, without any sign. */
#define PATIENCE VCLOCK_NSEC_PER_SEC

struct _VclockQuietWaiter
{
  gatomicrefcount         ref_count;
  GWeakRef                clock;
  const VclockQuietFuncs *funcs;
};

/* Guarded by the lock. */
static GPtrArray *contexts;   /* (element-type VclockQuiet) (unowned) (nullable) */
static GPtrArray *waiters;    /* (element-type VclockQuietWaiter) (nullable) */
static guint64    last_stamp;
static guint      last_round;

static int        n_waiters;  /* atomic */

static void
waiter_unref (gpointer data)
{
  VclockQuietWaiter *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_weak_ref_clear (&self->clock);
  g_free (self);
}

VclockQuietWaiter *
vclock_quiet_waiter_new (VclockClock            *clock,
                         const VclockQuietFuncs *funcs)
{
  VclockQuietWaiter *self = g_new0 (VclockQuietWaiter, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_weak_ref_init (&self->clock, clock);
  self->funcs = funcs;

  vclock_lock ();
  if (waiters == NULL)
    waiters = g_ptr_array_new ();
  g_ptr_array_add (waiters, self);

  /* Nobody has watched until now. */
  if (g_atomic_int_add (&n_waiters, 1) == 0 && contexts != NULL)
    for (guint i = 0; i < contexts->len; i++)
      {
        VclockQuiet *context = g_ptr_array_index (contexts, i);

        context->has_nothing = context->asleep = FALSE;
        context->n_looks += 2;
      }
  vclock_unlock ();

  return self;
}

void
vclock_quiet_waiter_free (VclockQuietWaiter *waiter)
{
  vclock_lock ();
  g_ptr_array_remove (waiters, waiter);
  g_atomic_int_add (&n_waiters, -1);
  vclock_unlock ();

  waiter_unref (waiter);
}

/* Whether contexts have to be watched. */
gboolean
vclock_quiet_has_waiters (void)
{
  return g_atomic_int_get (&n_waiters) > 0;
}

void
vclock_quiet_join (VclockQuiet  *self,
                   GMainContext *context)
{
  vclock_lock ();
  if (contexts == NULL)
    contexts = g_ptr_array_new ();
  g_ptr_array_add (contexts, self);
  self->context = context;
  self->since = vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC);
  vclock_unlock ();
}

void
vclock_quiet_leave (VclockQuiet *self)
{
  vclock_lock ();
  if (self->context != NULL)
    g_ptr_array_remove_fast (contexts, self);
  self->context = NULL;
  vclock_unlock ();
}

typedef enum
{
  EVENT_FOUND_NOTHING,
  EVENT_ASLEEP,
  EVENT_AWAKE,
} Event;

static gboolean
call_waiter (VclockQuietWaiter *waiter,
             Event              event,
             VclockQuiet       *asking)
{
  g_autoptr (VclockClock) clock = g_weak_ref_get (&waiter->clock);

  if (clock == NULL)
    return FALSE;

  switch (event)
    {
    case EVENT_FOUND_NOTHING:
      return waiter->funcs->found_nothing (clock, asking);
    case EVENT_ASLEEP:
      waiter->funcs->asleep (clock, asking);
      return FALSE;
    case EVENT_AWAKE:
    default:
      waiter->funcs->awake (clock);
      return FALSE;
    }
}

/* Tells all who wait; returns whether one of them has gone on. */
static gboolean
call_waiters (Event        event,
              VclockQuiet *asking)
{
  g_autoptr (GPtrArray) called = g_ptr_array_new_with_free_func (waiter_unref);
  gboolean goes_on = FALSE;

  vclock_lock ();
  for (guint i = 0; i < waiters->len; i++)
    {
      VclockQuietWaiter *waiter = g_ptr_array_index (waiters, i);

      g_atomic_ref_count_inc (&waiter->ref_count);
      g_ptr_array_add (called, waiter);
    }
  vclock_unlock ();

  for (guint i = 0; i < called->len; i++)
    goes_on |= call_waiter (g_ptr_array_index (called, i), event, asking);

  return goes_on;
}

void
vclock_quiet_sleep (VclockQuiet *self)
{
  gboolean asleep;

  self->wakeup = VCLOCK_TIME_NEVER;
  if (!vclock_quiet_has_waiters ())
    return;

  vclock_lock ();
  asleep = self->asleep = self->has_nothing;
  vclock_unlock ();

  if (asleep)
    call_waiters (EVENT_ASLEEP, self);
}

/* With the lock. A context that is being freed still stands in the list, and must not be woken: who
 * polls has a reference to it, and so has the thread that asks. Others look again without that. */
static void
wake (VclockQuiet *self)
{
  if (self->asleep || self->thread == g_thread_self ())
    g_main_context_wakeup (self->context);
}

/* What a thread has run, it does not run any more. */
static void
thread_ended (gpointer thread)
{
  vclock_lock ();
  for (guint i = 0; i < contexts->len; i++)
    {
      VclockQuiet *context = g_ptr_array_index (contexts, i);

      if (context->thread == thread)
        {
          context->has_nothing = context->asleep = FALSE;
          context->abandoned = TRUE;
          context->thread = NULL;
        }
      wake (context);
    }
  vclock_unlock ();
}

static GPrivate watched_thread = G_PRIVATE_INIT (thread_ended);

void
vclock_quiet_look (VclockQuiet *self)
{
  gboolean was_asleep;

  if (!vclock_quiet_has_waiters ())
    return;

  if (g_private_get (&watched_thread) == NULL)
    g_private_set (&watched_thread, g_thread_self ());

  vclock_lock ();
  was_asleep = self->asleep;
  self->has_nothing = self->asleep = FALSE;
  self->n_looks++;
  self->looked_at = vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC);
  self->thread = g_thread_self ();
  self->abandoned = FALSE;
  self->stamp = ++last_stamp;
  vclock_unlock ();

  if (was_asleep)
    call_waiters (EVENT_AWAKE, self);
}

/* Whether it is to look once more before it sleeps. */
gboolean
vclock_quiet_wants_look (VclockQuiet *self)
{
  gboolean wants;

  if (!vclock_quiet_has_waiters ())
    return FALSE;

  vclock_lock ();
  wants = !self->has_nothing;
  vclock_unlock ();

  return wants;
}

gboolean
vclock_quiet_find_nothing (VclockQuiet *self)
{
  if (!vclock_quiet_has_waiters ())
    return FALSE;

  vclock_lock ();
  if (self->n_looks != self->looked + 1)
    {
      self->active_round = last_round;
      self->since = vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC);
    }
  self->looked = self->n_looks;
  self->quiet_round = last_round;
  self->has_nothing = TRUE;
  vclock_unlock ();

  return call_waiters (EVENT_FOUND_NOTHING, self);
}

/* The context that a thread runs inside of all others. */
static VclockQuiet *
get_innermost (GThread *thread)
{
  VclockQuiet *innermost = NULL;

  for (guint i = 0; i < contexts->len; i++)
    {
      VclockQuiet *context = g_ptr_array_index (contexts, i);

      if (context->thread == thread && (innermost == NULL || context->stamp > innermost->stamp))
        innermost = context;
    }

  return innermost;
}

/* Whether the queue's timers can be called, as far as one can tell: what this thread has run before
 * and does not run now, it will not run before it has woken. */
gboolean
vclock_quiet_is_run (VclockTimerQueue *queue)
{
  return queue->enabled && queue->quiet != NULL && !queue->quiet->abandoned &&
         (queue->quiet->thread != g_thread_self () || g_main_context_is_owner (queue->context));
}

/* Whether another thread seems to have left its main loop: nobody there waits for a timer. */
static gboolean
has_left (VclockTimerQueue  *queue,
          const VclockQuiet *context)
{
  return !context->asleep && vclock_timer_queue_is_empty (queue) &&
         vclock_time_add (context->looked_at, PATIENCE) <=
           vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC);
}

static void
ask_queue (VclockTimerQueue *queue,
           VclockQuietState *state)
{
  VclockQuiet *context = queue->quiet;

  if (context == NULL || !vclock_quiet_is_run (queue))
    return;

  if (context->thread == NULL)
    {
      /* Nobody has run it yet: who waits there waits for somebody to do that. */
      state->busy = state->busy || !vclock_timer_queue_is_empty (queue);
      return;
    }

  if (context->thread == g_thread_self ())
    {
      /* Of the contexts that a thread runs, the others go on when the innermost one has ended. */
      context = state->asking;
      state->concerns_asking = TRUE;
    }
  else
    {
      context = get_innermost (context->thread);
      if (has_left (queue, context))
        return;
      state->several = TRUE;
      state->busy = state->busy || !context->asleep;
    }

  state->since = MAX (state->since, context->since);
  state->quiet_round = MIN (state->quiet_round, context->quiet_round);
  state->active_round = MAX (state->active_round, context->active_round);
}

/* Whether a thread sleeps in a main loop, be it one that a callback runs. */
static gboolean
is_asleep (GThread *thread)
{
  VclockQuiet *innermost = get_innermost (thread);

  return innermost != NULL && innermost->asleep;
}

/* Adds what can be said of the contexts that have timers of a clock. */
void
vclock_quiet_ask (VclockClock      *clock,
                  VclockQuietState *state)
{
  GPtrArray *queues = vclock_clock_get_queues (clock);

  for (guint i = 0; i < queues->len; i++)
    ask_queue (g_ptr_array_index (queues, i), state);

  state->busy = state->busy || vclock_pass_runs_elsewhere (clock, is_asleep);
}

/* Wakes the contexts that have timers of a clock, so that they look again. */
void
vclock_quiet_wake (VclockClock *clock)
{
  GPtrArray *queues = vclock_clock_get_queues (clock);

  for (guint i = 0; i < queues->len; i++)
    {
      VclockTimerQueue *queue = g_ptr_array_index (queues, i);

      if (queue->quiet == NULL || queue->quiet->thread == NULL)
        continue;

      wake (get_innermost (queue->quiet->thread));
    }
}

/* When to ask again, on CLOCK_MONOTONIC, if one of the contexts was busy. */
VclockTime
vclock_quiet_get_again (void)
{
  return vclock_time_add (vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC), PATIENCE);
}

guint
vclock_quiet_begin_round (void)
{
  return ++last_round;
}
