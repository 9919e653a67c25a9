/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-lock-private.h>

/* One lock guards all queues, clocks and alarms of the process. It is held for tens of nanoseconds
 * at a time and never while code of the user runs: no callback, signal, notify or virtual function,
 * and no g_object_ref () either, for a binding's toggle notify may run in it.
 *
 * One lock instead of one per context, because clocks are shared by contexts and follow each other:
 * with it, moving a clock and arming on it are ordered, a lost wake-up can be argued about in one
 * place (vclock-alarm.c), and fork () finds all of the library at rest. */
GMutex vclock_lock_mutex;
gboolean vclock_lock_is_alone;

static guint fork_generation;
static void (* fork_func) (void);

/* Waits for @cond, which another thread must signal, with the lock released. */
void
vclock_wait (GCond *cond)
{
  g_assert (!vclock_lock_is_alone);

  g_cond_wait (cond, &vclock_lock_mutex);
}

/* How many forks lie between the first process and this one. Whoever owns a descriptor or a kernel
 * timer remembers the generation that made it and makes a new one when it has changed. */
guint
vclock_get_fork_generation (void)
{
  return fork_generation;
}

/* With the lock: has a function called in the child of each fork, while it has the lock. */
void
vclock_lock_set_fork_func (void (* func) (void))
{
  fork_func = func;
}

/* With the lock: the process is a child that has just been forked off. */
void
vclock_lock_tell_fork (void)
{
  fork_generation++;
  if (fork_func != NULL)
    fork_func ();
}
