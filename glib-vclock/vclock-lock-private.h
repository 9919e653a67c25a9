/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib.h>

#ifdef __has_include
# if __has_include (<sys/single_threaded.h>)
#  include <sys/single_threaded.h>
#  define VCLOCK_IS_SINGLE_THREADED __libc_single_threaded
# endif
#endif
#ifndef VCLOCK_IS_SINGLE_THREADED
# define VCLOCK_IS_SINGLE_THREADED FALSE
#endif

G_BEGIN_DECLS

extern GMutex   vclock_lock_mutex;
extern gboolean vclock_lock_is_alone; /* it is held, without the mutex; guarded by itself */

/* While the process has one thread the C library says so, and an atomic operation can be saved; the
 * mutex costs 9 ns. No thread is started with the lock held, so nobody can come to share it. How it
 * was taken is remembered: the child of a fork has one thread, and a mutex that its parent took. */
static inline void
vclock_lock (void)
{
  if (VCLOCK_IS_SINGLE_THREADED)
    vclock_lock_is_alone = TRUE;
  else
    g_mutex_lock (&vclock_lock_mutex);
}

static inline void
vclock_unlock (void)
{
  if (vclock_lock_is_alone)
    vclock_lock_is_alone = FALSE;
  else
    g_mutex_unlock (&vclock_lock_mutex);
}

void  vclock_wait                (GCond *cond);
guint vclock_get_fork_generation (void);
void  vclock_lock_set_fork_func  (void (* func) (void));
void  vclock_lock_tell_fork      (void);

G_END_DECLS
