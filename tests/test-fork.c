/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* fork: a child makes its own alarm, whatever its parent was doing, and the parent notices nothing.
 * Children end by _exit (), with a number that says which expectation failed. */

#define expect(number, condition) \
  G_STMT_START { if (!(condition)) _exit (number); } G_STMT_END

static void
choose (gconstpointer backend)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  g_autofree char *name = vclock_alarm_get_backend (alarm);
  g_autoptr (GError) error = NULL;

  if (g_strcmp0 (name, backend) == 0)
    return;

  vclock_alarm_configure (backend, NULL);
  vclock_alarm_set_backend (alarm, backend, &error);
  g_assert_no_error (error);
}

/* What any child must be able to do: its inherited timer, a new one, and one of each clock. */
static void
run_child (int *n_calls,
           int  n_expected)
{
  g_autoptr (VclockClock) wall = VCLOCK_CLOCK (vclock_wall_clock_new ());
  g_autoptr (VclockTimer) wall_timer = NULL;
  g_autoptr (VclockTimer) timer = NULL;
  int n_new_calls = 0;

  expect (1, test_comes (n_calls, n_expected));
  expect (2, *n_calls == n_expected);

  timer = test_counting_timer_new (test_get_monotonic (), &n_new_calls);
  wall_timer = test_counting_timer_new (wall, &n_new_calls);
  vclock_timer_arm_after (timer, MSEC (1));
  vclock_timer_arm_after (wall_timer, MSEC (2));
  expect (3, test_comes (&n_new_calls, 2));
  vclock_timer_arm_after (timer, MSEC (1));
  expect (4, test_comes (&n_new_calls, 3));
  _exit (0);
}

/* No timer was armed, and the alarm never ran: the child's timers expire. */
static void
test_idle (gconstpointer backend)
{
  int n_calls = 0;
  pid_t pid;

  choose (backend);
  pid = fork ();
  if (pid == 0)
    run_child (&n_calls, 0);
  test_assert_child (pid);
}

/* A timer that is armed expires in both. */
static void
test_armed (gconstpointer backend)
{
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  pid_t pid;

  choose (backend);
  vclock_timer_arm_after (timer, MSEC (20));
  g_main_context_iteration (NULL, FALSE);
  pid = fork ();
  if (pid == 0)
    run_child (&n_calls, 1);
  g_assert_true (test_comes (&n_calls, 1));
  test_assert_child (pid);
}

/* A timer that is due, but was not called yet, expires in both. */
static void
test_due (gconstpointer backend)
{
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  pid_t pid;

  choose (backend);
  vclock_timer_arm_after (timer, MSEC (1));
  g_main_context_iteration (NULL, FALSE);
  g_usleep (2000);
  pid = fork ();
  if (pid == 0)
    run_child (&n_calls, 1);
  g_assert_true (test_comes (&n_calls, 1));
  test_assert_child (pid);
}

typedef struct
{
  pid_t        pid;
  int         *n_calls;
  VclockTimer *sibling;
} Inside;

static void
fork_cb (VclockTimer *timer,
         guint64      overruns,
         Inside      *inside)
{
  inside->pid = fork ();
}

/* Inside of a callback: in both, the other timers of the pass are called once it has returned. */
static void
test_inside_callback (gconstpointer backend)
{
  const VclockTime deadline = vclock_clock_get_time (test_get_monotonic ()) + MSEC (2);
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  g_autoptr (VclockTimer) sibling = test_counting_timer_new (test_get_monotonic (), &n_calls);
  Inside inside = { -1, NULL, NULL };

  choose (backend);
  g_signal_connect (timer, "expired", G_CALLBACK (fork_cb), &inside);
  vclock_timer_arm (timer, deadline);
  vclock_timer_arm (sibling, deadline);
  g_assert_true (test_comes (&n_calls, 2));
  if (inside.pid == 0)
    run_child (&n_calls, 2);
  g_assert_cmpint (n_calls, ==, 2);
  test_assert_child (inside.pid);
}

static void
nest_cb (VclockTimer *timer,
         guint64      overruns,
         Inside      *inside)
{
  inside->pid = fork ();
  if (inside->pid == 0)
    {
      vclock_timer_arm_after (inside->sibling, MSEC (1));
      run_child (inside->n_calls, 2);
    }
}

/* A child may also go on with a main loop inside of the callback that it was forked in, and not
 * return. */
static void
test_inside_callback_nested (gconstpointer backend)
{
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  g_autoptr (VclockTimer) sibling = test_counting_timer_new (test_get_monotonic (), &n_calls);
  Inside inside = { -1, &n_calls, sibling };

  choose (backend);
  g_signal_connect (timer, "expired", G_CALLBACK (nest_cb), &inside);
  vclock_timer_arm_after (timer, MSEC (1));
  g_assert_true (test_comes (&n_calls, 1));
  test_assert_child (inside.pid);
  g_assert_cmpint (n_calls, ==, 1);
}

static void
fork_reset_cb (VclockClock *clock,
               VclockTime   old_time,
               VclockTime   new_time,
               Inside      *inside)
{
  inside->pid = fork ();
}

/* Inside of a reset handler: what is due at the new time expires in both. */
static void
test_inside_reset (gconstpointer backend)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (VCLOCK_CLOCK (clock), &n_calls);
  Inside inside = { -1, NULL, NULL };

  choose (backend);
  g_signal_connect (clock, "reset", G_CALLBACK (fork_reset_cb), &inside);
  vclock_timer_arm (timer, 50);
  vclock_virtual_clock_jump (clock, 100);
  if (inside.pid == 0)
    {
      expect (5, vclock_clock_get_time (VCLOCK_CLOCK (clock)) == 100);
      run_child (&n_calls, 1);
    }
  g_assert_cmpint (n_calls, ==, 1);
  test_assert_child (inside.pid);
}

/* What each descriptor of an alarm is armed for, as the kernel says it. */
static char *
read_timerfds (pid_t pid)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (int fd = 0; fd < 64; fd++)
    {
      g_autofree char *path = g_strdup_printf ("/proc/%d/fdinfo/%d", pid, fd);
      g_autofree char *contents = NULL;
      const char *value;

      if (!g_file_get_contents (path, &contents, NULL, NULL))
        continue;
      value = strstr (contents, "clockid:");
      if (value == NULL)
        continue;
      /* The value itself goes down by itself: only its seconds are compared. */
      g_string_append_printf (text, "%d %.12s", fd, value);
      value = strstr (contents, "it_value: (");
      g_string_append_printf (text, "%ld\n", strtol (value + 11, NULL, 10) / 100);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What a child does to its alarm reaches neither the parent's descriptors, nor its timers, nor its
 * counters. */
static void
test_parent_notices_nothing (gconstpointer backend)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  int n_calls = 0;
  int n_far_calls = 0;
  VclockTimer *timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  VclockTimer *far = test_counting_timer_new (test_get_monotonic (), &n_far_calls);
  guint64 n_programmed;
  guint64 n_spurious;
  pid_t pid;

  choose (backend);
  vclock_timer_arm_after (far, SEC (9050));
  g_main_context_iteration (NULL, FALSE);
  before = read_timerfds (getpid ());
  n_programmed = vclock_alarm_get_n_programmed (alarm);
  n_spurious = vclock_alarm_get_n_spurious (alarm);
  pid = fork ();
  if (pid == 0)
    {
      vclock_timer_arm_after (timer, MSEC (1));
      expect (6, test_comes (&n_calls, 1));
      vclock_timer_arm_after (far, 0);
      expect (7, test_comes (&n_far_calls, 1));
      vclock_timer_arm_after (far, SEC (1000));
      g_main_context_iteration (NULL, FALSE);
      vclock_timer_disarm (far);
      g_main_context_iteration (NULL, FALSE);
      g_object_unref (far);
      g_object_unref (timer);
      g_main_context_iteration (NULL, FALSE);
      _exit (0);
    }
  test_assert_child (pid);
  after = read_timerfds (getpid ());
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpuint (vclock_alarm_get_n_programmed (alarm), ==, n_programmed);
  g_assert_cmpuint (vclock_alarm_get_n_spurious (alarm), ==, n_spurious);

  vclock_timer_arm_after (timer, MSEC (1));
  g_assert_true (test_comes (&n_calls, 1));
  g_assert_cmpint (n_far_calls, ==, 0);
  g_assert_true (vclock_timer_disarm (far));
  g_main_context_iteration (NULL, FALSE);
  g_assert_finalize_object (far);
  g_assert_finalize_object (timer);
}

#ifndef __SANITIZE_ADDRESS__
static gint hammering;
static gint n_hammering;

/* A context of its own, with timers that are armed, rearmed and disarmed all the time. None
 * expires: it is GObject's own lock that a child would find taken then, by the emission of a
 * signal. */
static gpointer
hammer_thread (gpointer data)
{
  GMainContext *context = g_main_context_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (GPOINTER_TO_UINT (data));
  VclockTimer *timers[8];
  int n_calls = 0;

  for (int i = 0; i < 8; i++)
    {
      timers[i] = vclock_timer_new_full (test_get_monotonic (), context, i % 2, VCLOCK_SCALE_NS);
      vclock_timer_set_callback (timers[i], test_count_cb, &n_calls, NULL);
    }
  g_atomic_int_inc (&n_hammering);
  while (g_atomic_int_get (&hammering))
    {
      VclockTimer *timer = timers[g_rand_int_range (random, 0, 8)];

      if (g_rand_boolean (random))
        vclock_timer_arm_after (timer, SEC (3600) + g_rand_int_range (random, 0, 100000));
      else
        vclock_timer_disarm (timer);
      g_main_context_iteration (context, FALSE);
    }
  for (int i = 0; i < 8; i++)
    {
      vclock_timer_disarm (timers[i]);
      g_object_unref (timers[i]);
    }
  g_main_context_unref (context);

  return NULL;
}

/* Forks while other threads are anywhere in the library: no child hangs, and its timers expire.
 * Not with the address sanitizer, whose allocator is not there for a child that was forked
 * while another thread allocated. The threads have begun by then, for GObject itself cannot be
 * forked while it makes a class. */
static void
test_threads (gconstpointer backend)
{
  GThread *threads[4];
  int n_warm_calls = 0;
  g_autoptr (VclockTimer) warm = test_counting_timer_new (test_get_monotonic (), &n_warm_calls);

  choose (backend);
  vclock_timer_arm_after (warm, 0);
  g_assert_true (test_comes (&n_warm_calls, 1));
  g_atomic_int_set (&n_hammering, 0);
  g_atomic_int_set (&hammering, TRUE);
  for (guint i = 0; i < 4; i++)
    threads[i] = g_thread_new ("hammer", hammer_thread, GUINT_TO_POINTER (i));
  while (g_atomic_int_get (&n_hammering) < 4)
    g_usleep (1000);
  g_usleep (10000);

  for (int i = 0; i < 200; i++)
    {
      pid_t pid = fork ();

      if (pid == 0)
        {
          int n_calls = 0;
          VclockTimer *timer = test_counting_timer_new (test_get_monotonic (), &n_calls);

          vclock_timer_arm_after (timer, MSEC (1));
          expect (8, test_comes (&n_calls, 1));
          _exit (0);
        }
      test_assert_child (pid);
    }

  g_atomic_int_set (&hammering, FALSE);
  for (guint i = 0; i < 4; i++)
    g_thread_join (threads[i]);
}
#endif

/* A context of another thread with an overdue timer, which nobody runs in the child, makes no
 * wake-ups there. */
static void
test_other_threads_context (gconstpointer backend)
{
  GMainContext *context = g_main_context_new ();
  int n_calls = 0;
  g_autoptr (VclockTimer) other = vclock_timer_new_full (test_get_monotonic (), context, 0, 0);
  pid_t pid;

  choose (backend);
  vclock_timer_set_callback (other, test_count_cb, &n_calls, NULL);
  vclock_timer_arm_after (other, MSEC (5));
  g_main_context_iteration (context, FALSE);
  pid = fork ();
  if (pid == 0)
    {
      int n_child_calls = 0;
      VclockTimer *timer = test_counting_timer_new (test_get_monotonic (), &n_child_calls);

      test_count_polls (NULL);
      vclock_timer_arm_after (timer, MSEC (30));
      expect (9, test_comes (&n_child_calls, 1));
      expect (10, test_polls.n_polls < 20);
      _exit (0);
    }
  test_assert_child (pid);
  while (n_calls == 0)
    g_main_context_iteration (context, TRUE);
  g_main_context_unref (context);
}

/* Descriptors that other programs get. */
static guint
count_inherited_fds (void)
{
  guint n_fds = 0;

  for (int fd = 0; fd < 1024; fd++)
    {
      int flags = fcntl (fd, F_GETFD);

      n_fds += flags >= 0 && (flags & FD_CLOEXEC) == 0;
    }

  return n_fds;
}

/* Forking and executing leaves no descriptor behind, on either side. */
static void
test_descriptors (gconstpointer backend)
{
  /* That of the folder that is listed is one more. */
  g_autofree char *script = g_strdup_printf ("test $(ls /proc/self/fd | wc -l) -le %u",
                                             count_inherited_fds () + 1);
  const char *const argv[] = { "/bin/sh", "-c", script, NULL };
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  guint n_fds;

  choose (backend);
  vclock_timer_arm_after (timer, MSEC (1));
  g_assert_true (test_comes (&n_calls, 1));
  vclock_timer_arm_after (timer, SEC (1000));
  g_main_context_iteration (NULL, FALSE);
  n_fds = test_count_fds ();
  for (int i = 0; i < 100; i++)
    {
      pid_t pid = fork ();

      if (pid == 0)
        {
          int n_child_calls = 0;
          VclockTimer *child_timer = test_counting_timer_new (test_get_monotonic (), &n_child_calls);

          vclock_timer_arm_after (child_timer, 0);
          expect (11, test_comes (&n_child_calls, 1));
          expect (12, test_count_fds () <= n_fds + 2);
          if (i % 10 > 0)
            _exit (0);
          execv (argv[0], (char **) argv);
          _exit (13);
        }
      test_assert_child (pid);
      g_assert_cmpuint (test_count_fds (), ==, n_fds);
    }
  vclock_timer_disarm (timer);
}

/* A virtual clock shows the same time in the child, and goes on there by itself. */
static void
test_virtual_clocks (gconstpointer backend)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (VclockVirtualClock) follower =
    vclock_virtual_clock_new_with_parent (VCLOCK_CLOCK (clock));
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (VCLOCK_CLOCK (follower), &n_calls);
  pid_t pid;

  choose (backend);
  vclock_virtual_clock_set_rate (follower, 1, 2);
  vclock_virtual_clock_advance (clock, 1001);
  vclock_timer_arm (timer, 600);
  pid = fork ();
  if (pid == 0)
    {
      expect (14, vclock_clock_get_time (VCLOCK_CLOCK (clock)) == 1001);
      expect (15, vclock_clock_get_time (VCLOCK_CLOCK (follower)) == 500);
      vclock_virtual_clock_advance (clock, 199);
      run_child (&n_calls, 1);
    }
  test_assert_child (pid);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 1001);
  g_assert_true (vclock_timer_disarm (timer));
}

/* A child of a child is a child. */
static void
test_grandchild (gconstpointer backend)
{
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  pid_t pid;

  choose (backend);
  vclock_timer_arm_after (timer, MSEC (20));
  g_main_context_iteration (NULL, FALSE);
  pid = fork ();
  if (pid == 0)
    {
      g_main_context_iteration (NULL, FALSE);
      pid = fork ();
      if (pid == 0)
        run_child (&n_calls, 1);
      expect (16, test_comes (&n_calls, 1));
      test_assert_child (pid);
      _exit (0);
    }
  g_assert_true (test_comes (&n_calls, 1));
  test_assert_child (pid);
}

static const struct
{
  const char *name;
  void     (* run) (gconstpointer backend);
} tests[] = {
  { "idle", test_idle },
  { "armed", test_armed },
  { "due", test_due },
  { "inside-callback", test_inside_callback },
  { "inside-callback-nested", test_inside_callback_nested },
  { "inside-reset-handler", test_inside_reset },
  { "parent-notices-nothing", test_parent_notices_nothing },
  { "descriptors", test_descriptors },
  { "virtual-clocks", test_virtual_clocks },
  { "grandchild", test_grandchild },
  { "other-threads-context", test_other_threads_context },
#ifndef __SANITIZE_ADDRESS__
  { "threads", test_threads },
#endif
};

int
main (int   argc,
      char *argv[])
{
  g_auto (GStrv) backends = vclock_alarm_list_backends ();

  test_init (&argc, &argv);

  for (gsize i = 0; backends[i] != NULL; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (tests); j++)
      {
        g_autofree char *path = g_strdup_printf ("/fork/%s/%s", backends[i], tests[j].name);

        g_test_add_data_func (path, backends[i], tests[j].run);
      }

  return g_test_run ();
}
