/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <glib-vclock/backends/vclock-signal-wake-private.h>
#include <glib-vclock/vclock-alarm-backend-private.h>
#include <glib-vclock/vclock-error.h>
#include <glib-vclock/vclock-lock-private.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* The pipe stays open as long as the process: a signal of the last programming may still be on
 * its way when a backend stops, and its byte must not end up in another file. */

#define N_SIGNALS 128

typedef struct
{
  guint            n_users;
  struct sigaction found;   /* what was there before us */
} Taken;

/* Guarded by the lock. */
static Taken      taken[N_SIGNALS];
static GPtrArray *wakes;            /* (element-type VclockSignalWake): those begun */
static gboolean   quits;

/* Used by the signal handler. */
static volatile int   pipe_fds[2] = { -1, -1 };
static volatile pid_t pipe_pid;
static guint          n_signals;                /* atomic */

/* Must be safe at any instruction of any thread. A child that was forked off shares the pipe
 * until it has made its own, and must not wake its parent. */
static void
handler (int signum)
{
  int saved_errno = errno;

  if (pipe_pid == getpid ())
    {
      g_atomic_int_inc (&n_signals);
      while (write (pipe_fds[1], "", 1) < 0 && errno == EINTR)
        ;
    }

  errno = saved_errno;
}

static void
give_back (int signum)
{
  /* Discards what is pending, which would kill the process without a handler. */
  signal (signum, SIG_IGN);
  sigaction (signum, &taken[signum].found, NULL);
}

/* At exit: kernel timers deleted, then signals as they were found. */
static void
exit_cb (void)
{
  vclock_lock ();
  quits = TRUE;
  if (pipe_pid == getpid ())
    {
      for (guint i = 0; i < wakes->len; i++)
        {
          VclockSignalWake *wake = g_ptr_array_index (wakes, i);

          wake->quit (wake->backend);
        }

      for (int signum = 1; signum < N_SIGNALS; signum++)
        if (taken[signum].n_users > 0)
          give_back (signum);
    }
  vclock_unlock ();
}

gboolean
vclock_signal_wake_quits (void)
{
  return quits;
}

static gboolean
open_pipe (GError **error)
{
  static gboolean watches_exit;
  int fds[2];

  if (pipe_pid == getpid ())
    return TRUE;

  if (!g_unix_open_pipe (fds, FD_CLOEXEC, NULL))
    {
      g_set_error (error, VCLOCK_ERROR, VCLOCK_ERROR_UNSUPPORTED,
                   _("pipe () failed: %s"), g_strerror (errno));
      return FALSE;
    }
  g_unix_set_fd_nonblocking (fds[0], TRUE, NULL);
  g_unix_set_fd_nonblocking (fds[1], TRUE, NULL);

  if (pipe_fds[0] >= 0)
    {
      close (pipe_fds[0]);
      close (pipe_fds[1]);
    }
  pipe_fds[0] = fds[0];
  pipe_fds[1] = fds[1];
  pipe_pid = getpid ();

  if (!watches_exit)
    atexit (exit_cb);
  watches_exit = TRUE;

  return TRUE;
}

static gboolean
take_signal (int      signum,
             GError **error)
{
  struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
  struct sigaction found;

  sigaction (signum, NULL, &found);
  if (found.sa_handler != SIG_DFL && found.sa_handler != handler)
    {
      g_set_error (error, VCLOCK_ERROR, VCLOCK_ERROR_UNSUPPORTED,
                   _("The program has a handler of its own for signal %d (%s)"),
                   signum, g_strsignal (signum));
      return FALSE;
    }

  sigfillset (&action.sa_mask);
  sigaction (signum, &action, NULL);
  if (taken[signum].n_users++ == 0)
    taken[signum].found = found;

  return TRUE;
}

static gboolean
begin_locked (VclockSignalWake    *self,
              VclockAlarmBackend  *backend,
              int                  signum,
              void              (* quit) (VclockAlarmBackend *backend),
              GError             **error)
{
  if (wakes == NULL)
    wakes = g_ptr_array_new ();
  if (!open_pipe (error) || !take_signal (signum, error))
    return FALSE;

  self->backend = backend;
  self->quit = quit;
  self->signum = signum;
  g_ptr_array_add (wakes, self);

  return TRUE;
}

/* Lets the calling thread receive the signal. */
void
vclock_signal_wake_here (VclockSignalWake *self)
{
  sigset_t set;
  sigset_t old_set;

  sigemptyset (&set);
  sigaddset (&set, self->signum);
  pthread_sigmask (SIG_UNBLOCK, &set, &old_set);
  if (sigismember (&old_set, self->signum))
    self->thread = g_thread_self ();
}

static void
block_again (VclockSignalWake *self)
{
  sigset_t set;

  if (self->thread != g_thread_self ())
    return;

  sigemptyset (&set);
  sigaddset (&set, self->signum);
  pthread_sigmask (SIG_BLOCK, &set, NULL);
}

/* Has the backend's context woken by a signal, and lets the calling thread receive it; fails if
 * somebody else has a handler for it. */
gboolean
vclock_signal_wake_begin (VclockSignalWake    *self,
                          VclockAlarmBackend  *backend,
                          int                  signum,
                          void              (* quit) (VclockAlarmBackend *backend),
                          GError             **error)
{
  gboolean begun;

  g_assert (signum > 0 && signum < N_SIGNALS);

  vclock_lock ();
  begun = begin_locked (self, backend, signum, quit, error);
  vclock_unlock ();
  if (!begun)
    return FALSE;

  self->thread = NULL;
  vclock_signal_wake_here (self);
  self->n_seen = g_atomic_int_get (&n_signals);
  self->poll_fd = (GPollFD) { .fd = pipe_fds[0], .events = G_IO_IN };
  g_source_add_poll (vclock_alarm_backend_get_source (backend), &self->poll_fd);

  return TRUE;
}

/* Gives the signal back when its last user has ended. */
void
vclock_signal_wake_end (VclockSignalWake *self)
{
  GSource *source = vclock_alarm_backend_get_source (self->backend);

  if (source != NULL)
    g_source_remove_poll (source, &self->poll_fd);

  vclock_lock ();
  g_ptr_array_remove_fast (wakes, self);
  if (--taken[self->signum].n_users == 0)
    give_back (self->signum);
  vclock_unlock ();

  block_again (self);
}

static void
drain (void)
{
  char bytes[64];
  gssize n_bytes;

  do
    n_bytes = read (pipe_fds[0], bytes, sizeof bytes);
  while (n_bytes > 0 || (n_bytes < 0 && errno == EINTR));
}

/* Whether there was a signal, of whatever backend. First the pipe is emptied, then people look
 * at their clocks: a signal that comes in between leaves a byte for the next time. The count is
 * for signals that interrupt the poll, which then reports no descriptor. */
gboolean
vclock_signal_wake_check (VclockSignalWake *self)
{
  guint seen = g_atomic_int_get (&n_signals);

  if (self->poll_fd.revents == 0 && self->n_seen == seen)
    return FALSE;

  self->poll_fd.revents = 0;
  self->n_seen = seen;
  drain ();

  vclock_lock ();
  for (guint i = 0; i < wakes->len; i++)
    {
      VclockSignalWake *other = g_ptr_array_index (wakes, i);

      if (other != self)
        vclock_alarm_backend_wake_locked (other->backend);
    }
  vclock_unlock ();

  return TRUE;
}
