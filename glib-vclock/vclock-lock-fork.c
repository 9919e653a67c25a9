/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-lock-private.h>
#include <pthread.h>

/* fork () finds all of the library at rest, for the lock is held meanwhile. Not on Windows, where
 * there is no fork and the generation stays 0. */

static void
fork_child_cb (void)
{
  vclock_lock_tell_fork ();
  vclock_unlock ();
}

__attribute__ ((constructor)) static void
watch_forks (void)
{
  pthread_atfork (vclock_lock, vclock_unlock, fork_child_cb);
}
