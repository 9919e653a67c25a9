/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"
#include "test-wait.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

/* QEMU's alarms on POSIX hosts, call by call. */

static void
refuse_all (void)
{
  const struct itimerval value = { { 0, 0 }, { 1000, 0 } };
  const struct rlimit limit = { 0, 0 };

  setrlimit (RLIMIT_SIGPENDING, &limit);
  setitimer (ITIMER_REAL, &value, NULL);
}

/* init_timer_alarm (): what cannot start gives way to the next. */
static void
test_init_timer_alarm (gconstpointer unused)
{
  if (!test_is_subprocess ())
    return;

  g_assert_true (vclock_alarm_configure ("dynticks,unix,poll", NULL));
  refuse_all ();
  test_assert_backend ("poll");
}

static int
count_handlers (void)
{
  struct sigaction action;
  int n_handlers = 0;

  for (int signum = 1; signum <= 64; signum++)
    n_handlers += sigaction (signum, NULL, &action) == 0 &&
                  action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;

  return n_handlers;
}

static gboolean
interval_timer_is_armed (void)
{
  struct itimerval value;

  getitimer (ITIMER_REAL, &value);

  return value.it_value.tv_sec != 0 || value.it_value.tv_usec != 0;
}

/* dynticks_start_timer (), unix_start_timer (): a signal handler, and timers expire. */
static void
test_start (gconstpointer backend)
{
  int n_handlers;

  if (!test_is_subprocess ())
    return;

  n_handlers = count_handlers ();
  g_assert_true (vclock_alarm_configure (backend, NULL));
  test_assert_backend (backend);
  g_assert_cmpint (count_handlers (), ==, n_handlers + 1);
}

/* dynticks_stop_timer (), unix_stop_timer (): handlers and timers are as they were. */
static void
test_stop (gconstpointer backend)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  g_autoptr (VclockTimer) timer = vclock_timer_new (test_get_monotonic ());
  int n_handlers;

  if (!test_is_subprocess ())
    return;

  n_handlers = count_handlers ();
  g_assert_true (vclock_alarm_configure (backend, NULL));
  vclock_timer_arm_after (timer, SEC (100));
  g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (interval_timer_is_armed (), ==, g_str_equal (backend, "unix"));
  g_assert_true (vclock_alarm_set_backend (alarm, "poll", NULL));
  g_assert_cmpint (count_handlers (), ==, n_handlers);
  g_assert_false (interval_timer_is_armed ());
  vclock_timer_disarm (timer);
}

/* dynticks_rearm_timer (), unix_rearm_timer (): the nearest deadline counts, sooner or later than
 * before. */
static void
test_rearm (gconstpointer backend)
{
  int n_calls = 0;
  g_autoptr (VclockTimer) a = test_counting_timer_new (test_get_monotonic (), &n_calls);
  g_autoptr (VclockTimer) b = test_counting_timer_new (test_get_monotonic (), &n_calls);

  if (!test_is_subprocess ())
    return;

  g_assert_true (vclock_alarm_configure (backend, NULL));
  vclock_timer_arm_after (a, SEC (100));
  g_main_context_iteration (NULL, FALSE);
  vclock_timer_arm_after (b, 400);
  test_run_until (NULL, &n_calls, 1);
  vclock_timer_arm_after (b, MSEC (1));
  g_main_context_iteration (NULL, FALSE);
  vclock_timer_arm_after (b, MSEC (5));
  vclock_timer_arm_after (a, MSEC (3));
  test_run_until (NULL, &n_calls, 3);
}

/* The system refuses everything that was asked for: the process goes on. */
static void
test_wrong_exit (gconstpointer unused)
{
  if (!test_is_subprocess ())
    return;

  g_assert_true (vclock_alarm_configure ("dynticks,unix", NULL));
  refuse_all ();
  test_expect_log (G_LOG_LEVEL_WARNING, "*default order*");
  test_assert_backend ("timerfd");
  test_assert_expected_log ();
}

/* reinit_timers (): after a fork, timers expire in the child and in the parent. test-fork.c has the
 * rest. */
static void
test_reinit_timers (gconstpointer unused)
{
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  pid_t pid;

  vclock_timer_arm_after (timer, MSEC (20));
  g_main_context_iteration (NULL, FALSE);
  pid = fork ();
  test_run_until (NULL, &n_calls, 1);
  if (pid == 0)
    _exit (0);
  test_assert_child (pid);
}

static const struct
{
  const char    *name;
  void        (* run) (gconstpointer data);
  const char    *data;
} tests[] = {
  { "init-timer-alarm", test_init_timer_alarm, NULL },
  { "dynticks-start-timer", test_start, "dynticks" },
  { "dynticks-stop-timer", test_stop, "dynticks" },
  { "dynticks-rearm-timer", test_rearm, "dynticks" },
  { "unix-start-timer", test_start, "unix" },
  { "unix-stop-timer", test_stop, "unix" },
  { "unix-rearm-timer", test_rearm, "unix" },
  { "reinit-timers", test_reinit_timers, NULL },
  { "wrong/exit-on-refusal", test_wrong_exit, NULL },
};

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strdup_printf ("/qemu/%s", tests[i].name);

      g_test_add_data_func (path, tests[i].data, tests[i].run);
    }

  return g_test_run ();
}
