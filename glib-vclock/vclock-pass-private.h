/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-timer-queue-private.h>

G_BEGIN_DECLS

/* A pass calls what is due in a set of queues, in order. Queues come in lists because that is
 * how clocks and alarms have them; lists may change while a callback runs.
 *
 * All functions but begin_here () and end_here () want the lock; call () and wait () release it
 * for a while. */

guint64           vclock_pass_begin          (void);
VclockTimerEntry *vclock_pass_peek           (guint64           pass,
                                              GPtrArray        *queues,
                                              VclockTimerEntry *best);
VclockTimerEntry *vclock_pass_peek_here      (guint64           pass,
                                              GPtrArray        *queues,
                                              VclockTimerEntry *best);
gboolean          vclock_pass_is_here        (VclockTimerQueue *queue);
gboolean          vclock_pass_call           (VclockTimerEntry *entry);

GMainContext     *vclock_pass_begin_here     (void);
void              vclock_pass_end_here       (GMainContext     *context);

gboolean          vclock_pass_runs_here      (VclockClock      *clock);
gboolean          vclock_pass_runs_elsewhere (VclockClock      *clock,
                                              gboolean       (* but_for) (GThread *thread));
void              vclock_pass_wait           (void);

G_END_DECLS
