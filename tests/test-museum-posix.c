/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"
#include "test-wait.h"

#include <time.h>
#include <unistd.h>

/* Ways in which timer code has failed before: signals, descriptors that are not there, forks. The
 * letter and number of each test is its row in the museum. */

static gpointer
nanosleep_thread (gpointer data)
{
  const struct timespec spec = { 0, 1000000 };
  int *n_interrupted = data;

  for (int i = 0; i < 300; i++)
    if (nanosleep (&spec, NULL) < 0)
      (*n_interrupted)++;

  return NULL;
}

/* System calls of other threads are not interrupted, whatever wakes the context. The interval
 * timer's signal comes to any thread, so nothing can be promised for it: that is why it is used on
 * request only. */
static void
test_j1 (void)
{
  const char *backend = g_getenv ("VCLOCK_ALARM");
  int n_calls = 0;
  int n_interrupted = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  GThread *thread = g_thread_new ("sleeper", nanosleep_thread, &n_interrupted);

  vclock_timer_set_period (timer, MSEC (1));
  vclock_timer_arm_after (timer, MSEC (1));
  test_run_until (NULL, &n_calls, 100);
  g_thread_join (thread);
  if (g_strcmp0 (backend, "unix") != 0)
    g_assert_cmpint (n_interrupted, ==, 0);
  vclock_timer_disarm (timer);
}

/* Without a descriptor left, alarms and wall clocks are made, and timers expire. */
static void
test_k1 (void)
{
  g_autoptr (VclockClock) wall = NULL;
  g_autoptr (VclockTimer) wall_timer = NULL;
  g_autoptr (VclockTimer) timer = NULL;
  int n_calls = 0;

  if (!test_is_subprocess ())
    return;

  g_main_context_default ();
  vclock_alarm_configure ("timerfd,dynticks,unix,poll", NULL);
  test_exhaust_fds ();
  wall = VCLOCK_CLOCK (vclock_wall_clock_new ());
  timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  wall_timer = test_counting_timer_new (wall, &n_calls);
  vclock_timer_arm_after (timer, MSEC (5));
  vclock_timer_arm_after (wall_timer, MSEC (10));
  test_run_until (NULL, &n_calls, 2);
  test_allow_fds ();
}

/* Somebody closes the alarm's descriptor: timers go on to expire, and the loop does not spin. */
static void
test_k5 (void)
{
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  int fd;

  if (!test_is_subprocess ())
    return;

  vclock_alarm_configure ("timerfd", NULL);
  vclock_timer_arm_after (timer, 0);
  test_run_until (NULL, &n_calls, 1);
  for (fd = 3; fd < 100; fd++)
    {
      g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
      g_autofree char *target = g_file_read_link (path, NULL);

      if (g_strcmp0 (target, "anon_inode:[timerfd]") == 0)
        break;
    }
  g_assert_cmpint (fd, <, 100);
  close (fd);
  test_count_polls (NULL);
  vclock_timer_arm_after (timer, MSEC (10));
  test_run_until (NULL, &n_calls, 2);
  vclock_timer_arm_after (timer, MSEC (50));
  test_run_until (NULL, &n_calls, 3);
  g_assert_cmpuint (test_polls.n_polls, <, 30);
}

/* A timer that is armed when a process forks expires in both. */
static void
test_l1 (void)
{
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  pid_t pid;

    vclock_timer_arm_after (timer, MSEC (30));
  g_main_context_iteration (NULL, FALSE);
  pid = fork ();
  if (pid == 0)
    _exit (test_comes (&n_calls, 1) ? 0 : 1);
  g_assert_true (test_comes (&n_calls, 1));
  test_assert_child (pid);
}

/* What a child disarms stays armed in its parent. */
static void
test_l2 (void)
{
  int n_calls = 0;
  VclockTimer *timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  pid_t pid;

    vclock_timer_arm_after (timer, MSEC (50));
  g_main_context_iteration (NULL, FALSE);
  pid = fork ();
  if (pid == 0)
    {
      g_main_context_iteration (NULL, FALSE);
      vclock_timer_disarm (timer);
      g_main_context_iteration (NULL, FALSE);
      g_object_unref (timer);
      g_main_context_iteration (NULL, FALSE);
      _exit (n_calls == 0 ? 0 : 1);
    }
  test_assert_child (pid);
  g_assert_true (test_comes (&n_calls, 1));
  g_assert_finalize_object (timer);
}

/* A child inherits timers and virtual clocks as they are: same time, same deadlines. */
static void
test_l5 (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (VCLOCK_CLOCK (clock), &n_calls);
  pid_t pid;

    vclock_virtual_clock_advance (clock, 12345);
  vclock_timer_arm (timer, 23456);
  pid = fork ();
  if (pid == 0)
    {
      gboolean same = vclock_clock_get_time (VCLOCK_CLOCK (clock)) == 12345 &&
                      vclock_timer_get_deadline (timer) == 23456;

      vclock_virtual_clock_advance (clock, 11111);
      _exit (same && n_calls == 1 ? 0 : 1);
    }
  test_assert_child (pid);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 12345);
  g_assert_true (vclock_timer_disarm (timer));
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  g_test_add_func ("/museum/J1-system-calls-interrupted", test_j1);
  g_test_add_func ("/museum/K1-out-of-descriptors", test_k1);
  g_test_add_func ("/museum/K5-closed-behind-its-back", test_k5);
  g_test_add_func ("/museum/L1-silent-in-the-child", test_l1);
  g_test_add_func ("/museum/L2-child-disarms-its-parent", test_l2);
  g_test_add_func ("/museum/L5-what-a-child-inherits", test_l5);

  return g_test_run ();
}
