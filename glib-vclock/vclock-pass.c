/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-pass-private.h>

/* One callback that is running, on the stack of its thread. */
typedef struct _VclockFrame VclockFrame;

struct _VclockFrame
{
  VclockFrame *previous;
  VclockFrame *next;
  VclockClock *clock;  /* (unowned): only compared */
  GThread     *thread; /* (unowned) */
};

static VclockFrame *frames;    /* all callbacks that are running, in all threads */
static GCond        frame_end; /* a frame has ended and somebody waits for that */
static guint        n_waiters;

static gboolean
entry_is_before (const VclockTimerEntry *a,
                 const VclockTimerEntry *b)
{
  if (a->queue->priority != b->queue->priority)
    return a->queue->priority < b->queue->priority;
  if (a->due_at != b->due_at)
    return a->due_at < b->due_at;

  return a->order < b->order;
}

/* Whether the queue delivers and the calling thread runs its context, or has acquired it. */
gboolean
vclock_pass_is_here (VclockTimerQueue *queue)
{
  return queue->enabled && queue->context != NULL && g_main_context_is_owner (queue->context);
}

/* Begins a pass and returns its number, which grows. The clocks are read and what is due is taken
 * after that. */
guint64
vclock_pass_begin (void)
{
  static guint64 n_passes;

  return ++n_passes;
}

static VclockTimerEntry *
peek (guint64           pass,
      GPtrArray        *queues,
      VclockTimerEntry *best,
      gboolean          only_here)
{
  for (guint i = 0; i < queues->len; i++)
    {
      VclockTimerQueue *queue = g_ptr_array_index (queues, i);
      VclockTimerEntry *entry = NULL;

      /* What neither this pass nor one inside of it has read waits for the next. */
      if (queue->enabled && queue->pass >= pass)
        entry = vclock_timer_queue_peek_due (queue, !only_here);

      if (entry != NULL && (best == NULL || entry_is_before (entry, best)) &&
          (!only_here || vclock_pass_is_here (queue)))
        best = entry;
    }

  return best;
}

/* Which due entry of @queues comes before @best and all others: @best itself if none does. */
VclockTimerEntry *
vclock_pass_peek (guint64           pass,
                  GPtrArray        *queues,
                  VclockTimerEntry *best)
{
  return peek (pass, queues, best, FALSE);
}

/* The same, of the entries that the calling thread may call without a main loop. */
VclockTimerEntry *
vclock_pass_peek_here (guint64           pass,
                       GPtrArray        *queues,
                       VclockTimerEntry *best)
{
  return peek (pass, queues, best, TRUE);
}

/* In the child of a fork, only the thread that forked goes on. */
static void
forget_other_threads (void)
{
  VclockFrame **link = &frames;
  VclockFrame *previous = NULL;

  while (*link != NULL)
    {
      VclockFrame *frame = *link;

      if (frame->thread == g_thread_self ())
        {
          frame->previous = previous;
          previous = frame;
          link = &frame->next;
        }
      else
        {
          *link = frame->next;
        }
    }

  n_waiters = 0;
}

/* Lets a due entry expire; FALSE if the pass must stop until the entry has had its turn. */
gboolean
vclock_pass_call (VclockTimerEntry *entry)
{
  VclockTimerQueue *queue = entry->queue;
  VclockFrame frame = { NULL, frames, queue->clock, g_thread_self () };
  gboolean goes_on;

  vclock_lock_set_fork_func (forget_other_threads);
  if (frames != NULL)
    frames->previous = &frame;
  frames = &frame;

  vclock_timer_queue_disarm (queue, entry);
  goes_on = entry->funcs->expire (entry, queue->now);

  if (frame.previous != NULL)
    frame.previous->next = frame.next;
  else
    frames = frame.next;
  if (frame.next != NULL)
    frame.next->previous = frame.previous;
  if (n_waiters > 0)
    g_cond_broadcast (&frame_end);

  return goes_on;
}

/* Makes the calling thread the owner of its thread-default context, if no other thread owns it.
 * Timers of that context, and of others that the thread runs already, can then be called
 * without a main loop: they are *here*. Without the lock. */
GMainContext *
vclock_pass_begin_here (void)
{
  GMainContext *context = g_main_context_ref_thread_default ();

  if (g_main_context_acquire (context))
    return context;

  g_main_context_unref (context);

  return NULL;
}

void
vclock_pass_end_here (GMainContext *context)
{
  if (context == NULL)
    return;

  g_main_context_release (context);
  g_main_context_unref (context);
}

/* Whether a callback of the clock is running in this thread. Who waited from inside of it for
 * the end of another thread's might be waited for by that one. */
gboolean
vclock_pass_runs_here (VclockClock *clock)
{
  for (VclockFrame *frame = frames; frame != NULL; frame = frame->next)
    if (frame->clock == clock && frame->thread == g_thread_self ())
      return TRUE;

  return FALSE;
}

/* Whether a callback of the clock is running in another thread, other than those @but_for. */
gboolean
vclock_pass_runs_elsewhere (VclockClock  *clock,
                            gboolean   (* but_for) (GThread *thread))
{
  for (VclockFrame *frame = frames; frame != NULL; frame = frame->next)
    if (frame->clock == clock && frame->thread != g_thread_self () &&
        (but_for == NULL || !but_for (frame->thread)))
      return TRUE;

  return FALSE;
}

/* Waits until some callback has ended. */
void
vclock_pass_wait (void)
{
  n_waiters++;
  vclock_wait (&frame_end);
  n_waiters--;
}
