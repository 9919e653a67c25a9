/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-timer-queue-private.h>

G_BEGIN_DECLS

/* A pass calls what is due in a set of queues, in order. Queues come in lists because that is
 * how clocks and alarms have them; lists may change while a callback runs. Passes lie on the stacks
 * of their threads.
 *
 * All functions but begin_here () and end_here () want the lock; call () and wait () release it
 * for a while. */

typedef struct _VclockPass VclockPass;

struct _VclockPass
{
  guint64      number;   /* which grows from pass to pass */
  VclockClock *clock;    /* (unowned) (nullable): whose callback is running; only compared */
  GThread     *thread;   /* (unowned) */
  VclockPass  *previous; /* of all that are under way */
  VclockPass  *next;
};

/* The context that this thread has last made its own by begin_here (): then it need not ask GLib. */
extern __thread GMainContext *vclock_pass_here __attribute__ ((tls_model ("initial-exec")));

/* Whether the calling thread runs the queue's context, or has acquired it. */
static inline gboolean
vclock_pass_owns (VclockTimerQueue *queue)
{
  return queue->context != NULL &&
         (queue->context == vclock_pass_here || g_main_context_is_owner (queue->context));
}

/* The same, and the queue delivers. */
static inline gboolean
vclock_pass_is_here (VclockTimerQueue *queue)
{
  return queue->enabled && vclock_pass_owns (queue);
}

void              vclock_pass_begin          (VclockPass       *self);
void              vclock_pass_begin_again    (VclockPass       *self);
void              vclock_pass_end            (VclockPass       *self);
VclockTimerEntry *vclock_pass_peek           (const VclockPass *self,
                                              GPtrArray        *queues,
                                              VclockTimerEntry *best);
VclockTimerEntry *vclock_pass_peek_here      (const VclockPass *self,
                                              GPtrArray        *queues,
                                              VclockTimerEntry *best);
gboolean          vclock_pass_call           (VclockPass       *self,
                                              VclockTimerEntry *entry);

GMainContext     *vclock_pass_begin_here     (void);
void              vclock_pass_end_here       (GMainContext     *context);

gboolean          vclock_pass_runs_here      (VclockClock      *clock);
gboolean          vclock_pass_runs_elsewhere (VclockClock      *clock,
                                              gboolean       (* but_for) (GThread *thread));
void              vclock_pass_wait           (void);

G_END_DECLS
