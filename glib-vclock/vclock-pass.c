/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-pass-private.h>

#define N_AHEAD 4

static VclockPass *passes;   /* all that are under way, in all threads */
static GCond       call_end; /* a callback has ended and somebody waits for that */
static guint       n_waiters;
static guint64     n_passes;

__thread GMainContext *vclock_pass_here;

static gboolean
entry_is_before (const VclockTimerEntry *a,
                 const VclockTimerEntry *b)
{
  const VclockTime a_at = a->queue->due[a->index].key;
  const VclockTime b_at = b->queue->due[b->index].key;

  if (a->queue->priority != b->queue->priority)
    return a->queue->priority < b->queue->priority;
  if (a_at != b_at)
    return a_at < b_at;

  return a->order < b->order;
}

/* In the child of a fork, only the thread that forked goes on. */
static void
forget_other_threads (void)
{
  VclockPass **link = &passes;
  VclockPass *previous = NULL;

  while (*link != NULL)
    {
      VclockPass *pass = *link;

      if (pass->thread == g_thread_self ())
        {
          pass->previous = previous;
          previous = pass;
          link = &pass->next;
        }
      else
        {
          *link = pass->next;
        }
    }

  n_waiters = 0;
}

/* Begins a pass. The clocks are read and what is due is taken after that. */
void
vclock_pass_begin (VclockPass *self)
{
  vclock_lock_set_fork_func (forget_other_threads);
  *self = (VclockPass) { ++n_passes, NULL, g_thread_self (), NULL, passes };
  if (passes != NULL)
    passes->previous = self;
  passes = self;
}

/* Ends a pass and begins another in its place. */
void
vclock_pass_begin_again (VclockPass *self)
{
  self->number = ++n_passes;
}

void
vclock_pass_end (VclockPass *self)
{
  if (self->previous != NULL)
    self->previous->next = self->next;
  else
    passes = self->next;
  if (self->next != NULL)
    self->next->previous = self->previous;
}

static inline G_ALWAYS_INLINE VclockTimerEntry *
peek (const VclockPass *self,
      GPtrArray        *queues,
      VclockTimerEntry *best,
      gboolean          only_here)
{
  for (guint i = 0; i < queues->len; i++)
    {
      VclockTimerQueue *queue = g_ptr_array_index (queues, i);
      VclockTimerEntry *entry = NULL;

      /* What neither this pass nor one inside of it has read waits for the next. */
      if (queue->enabled && queue->pass >= self->number)
        entry = only_here ? vclock_timer_queue_get_first_due_here (queue)
                          : vclock_timer_queue_get_first_due (queue);

      /* A pass without a main loop takes nothing but what is here. */
      if (entry != NULL && (best == NULL || entry_is_before (entry, best)) &&
          (!only_here || queue->pass == self->number || vclock_pass_is_here (queue)))
        best = entry;
    }

  return best;
}

/* Which due entry of @queues comes before @best and all others: @best itself if none does. */
VclockTimerEntry *
vclock_pass_peek (const VclockPass *self,
                  GPtrArray        *queues,
                  VclockTimerEntry *best)
{
  return peek (self, queues, best, FALSE);
}

/* The same, of the entries that the calling thread may call without a main loop. */
VclockTimerEntry *
vclock_pass_peek_here (const VclockPass *self,
                       GPtrArray        *queues,
                       VclockTimerEntry *best)
{
  return peek (self, queues, best, TRUE);
}

/* Many timers do not fit in the cache, so those whose turn comes soon are fetched ahead. */
static inline void
fetch (VclockTimerEntry *entry)
{
  if (entry == NULL)
    return;

  __builtin_prefetch ((const char *) entry - 32, TRUE);
  __builtin_prefetch ((const char *) entry + 32, TRUE);
}

/* Lets a due entry expire; FALSE if the pass must stop until the entry has had its turn. */
gboolean
vclock_pass_call (VclockPass       *self,
                  VclockTimerEntry *entry)
{
  VclockTimerQueue *queue = entry->queue;
  gboolean goes_on;

  if (entry->index + N_AHEAD < queue->end_due)
    fetch (queue->due[entry->index + N_AHEAD].entry);

  self->clock = queue->clock;
  vclock_timer_queue_remove_due (queue, entry);
  goes_on = entry->traits->funcs->expire (entry, queue->now);
  self->clock = NULL;
  if (n_waiters > 0)
    g_cond_broadcast (&call_end);

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
    return vclock_pass_here = context;

  g_main_context_unref (context);

  return NULL;
}

void
vclock_pass_end_here (GMainContext *context)
{
  if (context == NULL)
    return;

  vclock_pass_here = NULL;
  g_main_context_release (context);
  g_main_context_unref (context);
}

/* Whether a callback of the clock is running in this thread. Who waited from inside of it for
 * the end of another thread's might be waited for by that one. */
gboolean
vclock_pass_runs_here (VclockClock *clock)
{
  for (VclockPass *pass = passes; pass != NULL; pass = pass->next)
    if (pass->clock == clock && pass->thread == g_thread_self ())
      return TRUE;

  return FALSE;
}

/* Whether a callback of the clock is running in another thread, other than those @but_for. */
gboolean
vclock_pass_runs_elsewhere (VclockClock  *clock,
                            gboolean   (* but_for) (GThread *thread))
{
  for (VclockPass *pass = passes; pass != NULL; pass = pass->next)
    if (pass->clock == clock && pass->thread != g_thread_self () &&
        (but_for == NULL || !but_for (pass->thread)))
      return TRUE;

  return FALSE;
}

/* Waits until some callback has ended. */
void
vclock_pass_wait (void)
{
  n_waiters++;
  vclock_wait (&call_end);
  n_waiters--;
}
