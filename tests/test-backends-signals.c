/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-drive.h"
#include "test-host.h"
#include "test-wait.h"

#include <errno.h>
#include <glib-vclock/backends/vclock-backends-private.h>
#include <glib-vclock/vclock-alarm-backend-private.h>
#include <glib-vclock/vclock-host-private.h>
#include <pthread.h>
#include <signal.h>

/* The backends that are woken by a signal, under signals nobody sent for. */

typedef struct
{
  const char *name;
  GType    (* get_type) (void);
} Kind;

static const Kind kinds[] = {
  { "dynticks", vclock_dynticks_backend_get_type },
  { "unix", vclock_unix_backend_get_type },
};

/* The first signal that the process has a handler for. */
static int
find_signal (void)
{
  struct sigaction action;

  for (int signum = 1; signum <= 64; signum++)
    if (sigaction (signum, NULL, &action) == 0 && action.sa_handler != SIG_DFL &&
        action.sa_handler != SIG_IGN && (signum == SIGALRM || signum >= SIGRTMIN))
      return signum;

  g_assert_not_reached ();
}

typedef struct
{
  pthread_t target;
  int       signum;
  int       pause;  /* microseconds between signals */
  int       n_left; /* atomic */
} Sender;

static gpointer
send_signals (gpointer data)
{
  Sender *sender = data;

  while (g_atomic_int_add (&sender->n_left, -1) > 0)
    {
      pthread_kill (sender->target, sender->signum);
      if (sender->pause > 0)
        g_usleep ((gulong) sender->pause);
    }

  return NULL;
}

static void
choose (const char *backend)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  g_autoptr (GError) error = NULL;

  vclock_alarm_set_backend (alarm, backend, &error);
  g_assert_no_error (error);
}

/* A signal is a hint: a flood of them calls no timer early, and keeps none from being called. */
static void
test_stray_signals (gconstpointer data)
{
  const Kind *kind = data;
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  Sender sender = { pthread_self (), 0, 0, 100000 };
  GThread *thread;
  int i = 0;

  choose (kind->name);
  test_run_for (MSEC (5));
  sender.signum = find_signal ();
  thread = g_thread_new ("sender", send_signals, &sender);
  while (g_atomic_int_get (&sender.n_left) > 0)
    {
      VclockTime deadline;

      vclock_timer_arm_after (timer, g_test_rand_int_range (0, 1000000));
      deadline = vclock_timer_get_deadline (timer);
      test_run_until (NULL, &n_calls, ++i);
      g_assert_cmpint (vclock_host_get_time (0), >=, deadline);
    }
  g_thread_join (thread);
  test_run_for (MSEC (5));
  choose ("poll");
}

/* A signal at any instruction is not lost: each timer is called although signals come while it is
 * armed, disarmed and waited for. */
static void
test_any_instruction (gconstpointer data)
{
  const Kind *kind = data;
  int n_calls = 0;
  int n_expected = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  g_autoptr (VclockTimer) other = test_counting_timer_new (test_get_monotonic (), &n_calls);
  Sender sender = { pthread_self (), 0, 20, G_MAXINT };
  GThread *thread;

  choose (kind->name);
  test_run_for (MSEC (5));
  sender.signum = find_signal ();
  thread = g_thread_new ("sender", send_signals, &sender);
  for (int i = 0; i < 20000; i++)
    {
      vclock_timer_arm_after (other, g_test_rand_int_range (0, 100000));
      if (i % 7 == 0)
        raise (sender.signum);
      if (i % 3 == 0)
        g_main_context_iteration (NULL, FALSE);
      n_expected += !vclock_timer_disarm (other);
      vclock_timer_arm_after (timer, g_test_rand_int_range (0, 60000));
      if (i % 5 == 0)
        raise (sender.signum);
      test_run_until (NULL, &n_calls, ++n_expected);
      g_assert_cmpint (n_calls, ==, n_expected);
    }
  g_atomic_int_set (&sender.n_left, 0);
  g_thread_join (thread);
  choose ("poll");
}

/* A thread that had blocked the signal has it blocked again when the backend has stopped. */
static void
test_signal_mask (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  sigset_t blocked;
  sigset_t found;
  g_autofree TestState *before = NULL;
  TestDrive drive;

  sigemptyset (&blocked);
  for (int signum = SIGRTMIN; signum <= SIGRTMAX; signum++)
    sigaddset (&blocked, signum);
  sigaddset (&blocked, SIGALRM);
  pthread_sigmask (SIG_BLOCK, &blocked, &found);
  before = test_state_read ();
  test_drive_begin (&drive, ((const Kind *) data)->get_type (), &error);
  g_assert_no_error (error);
  vclock_alarm_backend_rearm (drive.backend, vclock_host_get_time (0) + MSEC (1));
  g_assert_true (test_drive_sleep (&drive, 10000));
  vclock_alarm_backend_stop (drive.backend);
  test_drive_end (&drive);
  test_state_assert_same (before);
  pthread_sigmask (SIG_SETMASK, &found, NULL);
}

/* The signal handler leaves errno as it was. */
static void
test_errno (gconstpointer data)
{
  const Kind *kind = data;
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  int signum;

  choose (kind->name);
  test_run_for (MSEC (5));
  signum = find_signal ();
  /* The pipe fills up, so that the handler's write fails. */
  for (int i = 0; i < 70000; i++)
    {
      errno = 12345;
      raise (signum);
      g_assert_cmpint (errno, ==, 12345);
    }
  vclock_timer_arm_after (timer, 0);
  test_run_until (NULL, &n_calls, 1);
  choose ("poll");
}

static void
add (const Kind  *kind,
     const char  *name,
     void      (* test) (gconstpointer data))
{
  g_autofree char *path = g_strdup_printf ("/backends/%s/%s", kind->name, name);

  g_test_add_data_func (path, kind, test);
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      add (&kinds[i], "errno", test_errno);
      add (&kinds[i], "stray-signals", test_stray_signals);
      add (&kinds[i], "signal-at-any-instruction", test_any_instruction);
      add (&kinds[i], "signal-mask", test_signal_mask);
    }

  return g_test_run ();
}
