/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <glib-vclock/vclock-time-private.h>

/* Clocks that follow clocks: what a change of the parent, or a jump of it, does to them. */

static VclockVirtualClock *
follow (gpointer parent)
{
  return vclock_virtual_clock_new_with_parent (VCLOCK_CLOCK (parent));
}

static VclockTime
get_time (gpointer clock)
{
  return vclock_clock_get_time (VCLOCK_CLOCK (clock));
}

static void
count_notify_cb (GObject    *object,
                 GParamSpec *pspec,
                 guint      *n)
{
  (*n)++;
}

/* The time goes on from where it is, at the rate that it has. */
static void
test_change (void)
{
  TestClock *slow = test_clock_new ();
  TestClock *far = test_clock_new ();
  VclockVirtualClock *clock = follow (slow);
  guint n = 0;

  g_signal_connect (clock, "notify::parent", G_CALLBACK (count_notify_cb), &n);
  vclock_virtual_clock_set_rate (clock, 1, 3);
  slow->now = 100;
  far->now = SEC (1000);
  g_assert_cmpint (get_time (clock), ==, 33);
  vclock_virtual_clock_set_parent (clock, VCLOCK_CLOCK (far));
  g_assert_true (vclock_virtual_clock_get_parent (clock) == VCLOCK_CLOCK (far));
  g_assert_cmpint (get_time (clock), ==, 33);
  far->now += 2;
  g_assert_cmpint (get_time (clock), ==, 34); /* the third that was left over counts */
  slow->now = 900;
  g_assert_cmpint (get_time (clock), ==, 34);
  g_assert_finalize_object (slow);

  vclock_virtual_clock_set_parent (clock, VCLOCK_CLOCK (far));
  g_assert_cmpuint (n, ==, 1);
  vclock_virtual_clock_set_parent (clock, NULL);
  g_assert_cmpuint (n, ==, 2);
  g_assert_finalize_object (far);
  g_assert_cmpint (get_time (clock), ==, 34);
  vclock_virtual_clock_advance (clock, 6);
  g_assert_cmpint (get_time (clock), ==, 40);
  g_assert_cmpuint (vclock_clock_get_n_resets (VCLOCK_CLOCK (clock)), ==, 0);
  g_assert_finalize_object (clock);
}

/* What waits for the clock, over another one too, is planned anew, once. */
static void
test_change_replans (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (context);
  VclockVirtualClock *clock = vclock_virtual_clock_new ();
  VclockVirtualClock *follower = follow (clock);
  VclockTimer *timer;
  guint64 n_programmed;

  g_main_context_push_thread_default (context);
  timer = vclock_timer_new (VCLOCK_CLOCK (follower));
  vclock_timer_arm (timer, SEC (3600));
  test_iterate (context);
  g_assert_cmpint (vclock_alarm_get_wakeup (alarm), ==, VCLOCK_TIME_NEVER);

  n_programmed = vclock_alarm_get_n_programmed (alarm);
  vclock_virtual_clock_set_parent (clock, test_get_monotonic ());
  test_iterate (context);
  test_iterate (context);
  g_assert_cmpint (vclock_alarm_get_wakeup (alarm), <, VCLOCK_TIME_NEVER);
  g_assert_cmpuint (vclock_alarm_get_n_programmed (alarm), ==, n_programmed + 1);

  vclock_virtual_clock_set_rate (clock, 2, 1);
  test_iterate (context);
  test_iterate (context);
  g_assert_cmpuint (vclock_alarm_get_n_programmed (alarm), ==, n_programmed + 2);

  vclock_virtual_clock_pause (clock);
  test_iterate (context);
  g_assert_cmpint (vclock_alarm_get_wakeup (alarm), ==, VCLOCK_TIME_NEVER);
  g_assert_cmpuint (vclock_alarm_get_n_programmed (alarm), ==, n_programmed + 3);

  vclock_virtual_clock_resume (clock);
  test_iterate (context);
  g_assert_cmpuint (vclock_alarm_get_n_programmed (alarm), ==, n_programmed + 4);

  vclock_virtual_clock_set_parent (clock, NULL);
  test_iterate (context);
  g_assert_cmpuint (vclock_alarm_get_n_programmed (alarm), ==, n_programmed + 5);

  vclock_timer_disarm (timer);
  g_assert_finalize_object (timer);
  g_assert_finalize_object (follower);
  g_assert_finalize_object (clock);
  g_main_context_pop_thread_default (context);
}

/* Ten years of advances, over two rates, end where 128 bits say, to the nanosecond, however the way was
 * cut into pieces. */
static void
test_ten_years (void)
{
  VclockVirtualClock *root = vclock_virtual_clock_new ();
  VclockVirtualClock *child = follow (root);
  VclockVirtualClock *grandchild = follow (child);
  VclockTime end = 0;

  vclock_virtual_clock_set_rate (child, 1000000007, 300000000);
  vclock_virtual_clock_set_rate (grandchild, 7, 23);
  while (end < 10 * YEAR)
    {
      VclockTime span = (VclockTime) (g_test_rand_double () * (10.0 * YEAR / 1000));
      VclockWide middle;

      vclock_virtual_clock_advance (root, span);
      end += span;
      middle = vclock_wide_divide_down ((VclockWide) end * 1000000007, 300000000);
      g_assert_cmpint (get_time (root), ==, end);
      g_assert_cmpint (get_time (child), ==, (VclockTime) middle);
      g_assert_cmpint (get_time (grandchild), ==,
                       (VclockTime) vclock_wide_divide_down (middle * 7, 23));
    }

  g_assert_finalize_object (grandchild);
  g_assert_finalize_object (child);
  g_assert_finalize_object (root);
}

/* A clock is not made of itself, and says so. */
static void
test_circle (void)
{
  VclockVirtualClock *root = vclock_virtual_clock_new ();
  VclockVirtualClock *child = follow (root);
  VclockVirtualClock *grandchild = follow (child);

  test_expect_log (G_LOG_LEVEL_CRITICAL, "*cannot follow itself*");
  vclock_virtual_clock_set_parent (root, VCLOCK_CLOCK (grandchild));
  test_assert_expected_log ();
  test_expect_log (G_LOG_LEVEL_CRITICAL, "*cannot follow itself*");
  vclock_virtual_clock_set_parent (child, VCLOCK_CLOCK (child));
  test_assert_expected_log ();
  g_assert_null (vclock_virtual_clock_get_parent (root));
  g_assert_true (vclock_virtual_clock_get_parent (child) == VCLOCK_CLOCK (root));

  /* The other way round is none: nothing holds what it followed before. */
  vclock_virtual_clock_set_parent (child, NULL);
  vclock_virtual_clock_set_parent (root, VCLOCK_CLOCK (grandchild));
  vclock_virtual_clock_advance (child, 5);
  g_assert_cmpint (get_time (root), ==, 5);

  g_assert_finalize_object (root);
  g_assert_finalize_object (grandchild);
  g_assert_finalize_object (child);
}

static void
log_reset_cb (VclockClock *clock,
              gint64       old_time,
              gint64       new_time,
              GString     *log)
{
  g_string_append_printf (log, "%s[%" G_GINT64_FORMAT ">%" G_GINT64_FORMAT "] ",
                          (const char *) g_object_get_data (G_OBJECT (clock), "name"),
                          old_time, new_time);
}

static void
log_resets (gpointer    clock,
            const char *name,
            GString    *log)
{
  g_object_set_data (clock, "name", (gpointer) name);
  g_signal_connect (clock, "reset", G_CALLBACK (log_reset_cb), log);
}

/* When a clock jumps, those that follow it do, each by its rate, and each says so once, the jumping
 * one first; those that stand still do not. */
static void
test_resets (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  VclockVirtualClock *root = vclock_virtual_clock_new ();
  VclockVirtualClock *twice = follow (root);
  VclockVirtualClock *third = follow (twice);
  VclockVirtualClock *stands = follow (root);

  log_resets (root, "root", log);
  log_resets (twice, "twice", log);
  log_resets (third, "third", log);
  log_resets (stands, "stands", log);
  vclock_virtual_clock_set_rate (twice, 2, 1);
  vclock_virtual_clock_set_rate (third, 1, 3);
  vclock_virtual_clock_advance (root, 10);
  vclock_virtual_clock_pause (stands);
  test_assert_log (log, "");

  g_assert_true (g_main_context_acquire (NULL));
  vclock_virtual_clock_jump (root, 100);
  test_assert_log (log, "root[10>100] twice[20>200] third[6>66] ");
  vclock_virtual_clock_jump (root, 40);
  test_assert_log (log, "root[100>40] twice[200>80] third[66>26] ");
  g_assert_cmpint (get_time (third), ==, 26);
  g_assert_cmpint (get_time (stands), ==, 10);
  vclock_virtual_clock_jump (twice, 81);
  test_assert_log (log, "twice[80>81] third[26>27] ");
  vclock_virtual_clock_jump (twice, 82);
  test_assert_log (log, "twice[81>82] ");
  g_main_context_release (NULL);
  g_assert_cmpuint (vclock_clock_get_n_resets (VCLOCK_CLOCK (third)), ==, 3);
  g_assert_cmpuint (vclock_clock_get_n_resets (VCLOCK_CLOCK (stands)), ==, 0);

  g_assert_finalize_object (third);
  g_assert_finalize_object (twice);
  g_assert_finalize_object (stands);
  g_assert_finalize_object (root);
}

/* So also below a clock of another kind; what was due of a follower stays due. */
static void
test_resets_of_others (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  TestClock *parent = test_clock_new ();
  VclockVirtualClock *clock = follow (parent);
  VclockTimer *timer = vclock_timer_new (VCLOCK_CLOCK (clock));
  guint n = 0;

  log_resets (clock, "", log);
  vclock_timer_set_callback (timer, test_count_cb, &n, NULL);
  vclock_timer_arm (timer, 50);
  parent->now = 70;
  parent->now = 20;
  vclock_clock_announce_reset (VCLOCK_CLOCK (parent), 70, 20);
  test_assert_log (log, "");
  while (test_iterate (NULL) > 0)
    ;
  test_assert_log (log, "[70>20] ");
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (get_time (clock), ==, 20);

  g_assert_finalize_object (timer);
  g_assert_finalize_object (clock);
  g_assert_finalize_object (parent);
}

static void
log_name_cb (VclockTimer *timer,
             guint64      overruns,
             gpointer     log)
{
  g_string_append (log, vclock_timer_get_name (timer));
}

static VclockTimer *
arm_new (gpointer    clock,
         const char *name,
         GString    *log,
         VclockTime  deadline)
{
  VclockTimer *timer = vclock_timer_new (VCLOCK_CLOCK (clock));

  vclock_timer_set_name (timer, name);
  vclock_timer_set_callback (timer, log_name_cb, log, NULL);
  vclock_timer_arm (timer, deadline);

  return timer;
}

/* After a jump, timers of several clocks are called in the order in which they became due, to the
 * nanosecond: also at rates that no whole number of nanoseconds makes. */
static void
test_merge (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  VclockVirtualClock *root = vclock_virtual_clock_new ();
  VclockVirtualClock *thrice = follow (root);
  VclockVirtualClock *slow = follow (root);
  VclockVirtualClock *fast = follow (slow);
  VclockTimer *timers[6];

  vclock_virtual_clock_set_rate (thrice, 3, 1);
  vclock_virtual_clock_set_rate (slow, 1, SEC (1));
  vclock_virtual_clock_set_rate (fast, SEC (1), 1);
  timers[0] = arm_new (root, "f", log, SEC (2) + 1);
  timers[1] = arm_new (root, "d", log, SEC (2));
  timers[2] = arm_new (fast, "e", log, SEC (1) + 1); /* slow says 2 */
  timers[3] = arm_new (root, "b", log, 7);
  timers[4] = arm_new (thrice, "c", log, 20);        /* 7, armed later */
  timers[5] = arm_new (thrice, "a", log, 18);        /* 6 */
  vclock_virtual_clock_jump (root, SEC (10));
  g_assert_cmpstr (log->str, ==, "abcdef");
  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    g_assert_finalize_object (timers[i]);
  g_assert_finalize_object (fast);
  g_assert_finalize_object (slow);
  g_assert_finalize_object (thrice);
  g_assert_finalize_object (root);
}

static gpointer
read_thread (gpointer clock)
{
  VclockTime last = 0;

  for (guint i = 0; i < 20000; i++)
    {
      VclockTime time = get_time (clock);

      g_assert_cmpint (time, >=, last);
      last = time;
    }

  return NULL;
}

/* While one thread reads the clock another gives it parents, which it drops at once. */
static void
test_threads (void)
{
  VclockVirtualClock *clock = follow (test_get_monotonic ());
  GThread *thread = g_thread_new ("read", read_thread, clock);
  VclockTime last = 0;

  for (guint i = 0; i < 5000; i++)
    {
      g_autoptr (VclockVirtualClock) parent = follow (test_get_monotonic ());

      vclock_virtual_clock_set_parent (clock, VCLOCK_CLOCK (parent));
      g_assert_cmpint (get_time (clock), >=, last);
      last = get_time (clock);
    }

  g_thread_join (thread);
  g_assert_finalize_object (clock);
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  g_test_add_func ("/virtual-clock-tree/change", test_change);
  g_test_add_func ("/virtual-clock-tree/change/replans", test_change_replans);
  g_test_add_func ("/virtual-clock-tree/circle", test_circle);
  g_test_add_func ("/virtual-clock-tree/ten-years", test_ten_years);
  g_test_add_func ("/virtual-clock-tree/merge", test_merge);
  g_test_add_func ("/virtual-clock-tree/resets", test_resets);
  g_test_add_func ("/virtual-clock-tree/resets/of-others", test_resets_of_others);
  g_test_add_func ("/virtual-clock-tree/threads", test_threads);

  return g_test_run ();
}
