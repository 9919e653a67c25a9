/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

guint
test_count_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n_fds = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    n_fds++;

  return n_fds;
}

/* The C library's own mark, which it sets in all that it is given back. */
#define RESTORER 0x04000000

struct _TestState
{
  struct sigaction actions[65];
  struct itimerval value;
  sigset_t         mask;
  guint            n_fds;
};

TestState *
test_state_read (void)
{
  TestState *state = g_new0 (TestState, 1);

  for (int signum = 1; signum <= 64; signum++)
    sigaction (signum, NULL, &state->actions[signum]);
  getitimer (ITIMER_REAL, &state->value);
  pthread_sigmask (SIG_BLOCK, NULL, &state->mask);
  state->n_fds = test_count_fds ();

  return state;
}

void
test_state_assert_same (const TestState *before)
{
  g_autofree TestState *after = test_state_read ();

  for (int signum = 1; signum <= 64; signum++)
    {
      g_assert_true (after->actions[signum].sa_handler == before->actions[signum].sa_handler);
      g_assert_cmpint (after->actions[signum].sa_flags & ~RESTORER, ==,
                       before->actions[signum].sa_flags & ~RESTORER);
      g_assert_cmpint (sigismember (&after->mask, signum), ==, sigismember (&before->mask, signum));
    }
  g_assert_cmpint (after->value.it_value.tv_sec, ==, before->value.it_value.tv_sec);
  g_assert_cmpint (after->value.it_value.tv_usec, ==, before->value.it_value.tv_usec);
  g_assert_cmpuint (after->n_fds, ==, before->n_fds);
}

void
test_bell_init (TestBell *self)
{
  int fds[2];

  g_assert_true (g_unix_open_pipe (fds, FD_CLOEXEC, NULL));
  g_assert_true (g_unix_set_fd_nonblocking (fds[0], TRUE, NULL));
  self->poll = (GPollFD) { .fd = fds[0], .events = G_IO_IN };
  self->ringer = fds[1];
}

void
test_bell_clear (TestBell *self)
{
  close (self->poll.fd);
  close (self->ringer);
}

void
test_bell_ring (TestBell *self)
{
  g_assert_cmpint (write (self->ringer, "", 1), ==, 1);
}

void
test_bell_still (TestBell *self)
{
  char bytes[64];

  while (read (self->poll.fd, bytes, sizeof bytes) > 0)
    ;
}

void
test_block_signals (void)
{
  sigset_t set;

  sigemptyset (&set);
  sigaddset (&set, SIGALRM);
  pthread_sigmask (SIG_BLOCK, &set, NULL);
}

static gboolean
continue_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

gboolean
test_comes (const int *counter,
            int        n)
{
  const gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  guint guard = g_timeout_add (10000, continue_cb, NULL);

  while (*counter < n && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (guard);

  return *counter >= n;
}

void
test_assert_child (int pid)
{
  int status = -1;

  g_assert_cmpint (pid, >, 0);
  while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
    ;
  g_assert_cmpint (status, ==, 0);
}

static struct rlimit found_limit;

/* Uses up the descriptors of the process, until test_allow_fds (). */
void
test_exhaust_fds (void)
{
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &found_limit);
  limit = found_limit;
  limit.rlim_cur = 64;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  while (open ("/dev/null", O_RDONLY | O_CLOEXEC) >= 0)
    ;
}

/* Lets the process have descriptors again: what looks for leaks at its end needs some. */
void
test_allow_fds (void)
{
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &found_limit), ==, 0);
}
