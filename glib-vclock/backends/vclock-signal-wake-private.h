/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-alarm-backend.h>

G_BEGIN_DECLS

/* What the two backends that are told by a signal share: a handler that writes a byte into a
 * pipe. There is one pipe in the process, in the poll set of all of them; who is woken by it
 * wakes the others. */
typedef struct
{
  VclockAlarmBackend *backend; /* (unowned) */
  void             (* quit) (VclockAlarmBackend *backend);
  int                 signum;
  GThread            *thread;  /* (unowned) (nullable): that had blocked the signal */
  guint               n_seen;  /* signals that have been answered */
  GPollFD             poll_fd;
} VclockSignalWake;

gboolean vclock_signal_wake_begin (VclockSignalWake    *self,
                                   VclockAlarmBackend  *backend,
                                   int                  signum,
                                   void              (* quit) (VclockAlarmBackend *backend),
                                   GError             **error);
void     vclock_signal_wake_end   (VclockSignalWake    *self);
void     vclock_signal_wake_here  (VclockSignalWake    *self);
gboolean vclock_signal_wake_check (VclockSignalWake    *self);

/* With the lock: whether the process is exiting, and nothing must be armed any more. */
gboolean vclock_signal_wake_quits (void);

G_END_DECLS
