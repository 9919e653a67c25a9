/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"

/* Ways in which timer code has failed before: wall clocks that are set. The letter and number of
 * each test is its row in the museum. */

#define HOUR SEC (3600)

static void
iterate (int n)
{
  while (n-- > 0)
    g_main_context_iteration (NULL, FALSE);
}

static void
last_overruns_cb (VclockTimer *timer,
                  guint64      overruns,
                  guint64     *last)
{
  *last = overruns;
}

/* Somebody sets the host's wall clock, and the watch tells it. */
static void
set_wall (VclockTime by)
{
  test_host_set_wall (by);
  test_host_tell (TRUE);
}

static void
count_reset_cb (VclockClock *clock,
                VclockTime   old_time,
                VclockTime   new_time,
                int         *counter)
{
  (*counter)++;
}

/* The wall clock leaps an hour: a timer with a period of a second is called once, and told. */
static void
test_d2 (void)
{
  g_autoptr (VclockClock) clock = NULL;
  g_autoptr (VclockTimer) timer = NULL;
  guint64 overruns = 0;
  int n_calls = 0;

  test_host_begin ();
  clock = VCLOCK_CLOCK (vclock_wall_clock_new ());
  timer = test_counting_timer_new (clock, &n_calls);
  g_signal_connect (timer, "expired", G_CALLBACK (last_overruns_cb), &overruns);
  vclock_timer_set_period (timer, SEC (1));
  vclock_timer_arm_after (timer, SEC (1));
  iterate (3);
  g_assert_cmpint (n_calls, ==, 0);

  set_wall (HOUR);
  iterate (20);
  g_assert_cmpint (n_calls, ==, 1);
  g_assert_cmpuint (overruns, ==, 3599);
  g_assert_cmpint (vclock_timer_get_remaining (timer), ==, SEC (1));
  test_host_pass (SEC (1));
  iterate (20);
  g_assert_cmpint (n_calls, ==, 2);
  g_assert_cmpuint (overruns, ==, 0);

  vclock_timer_disarm (timer);
  g_clear_object (&timer);
  g_clear_object (&clock);
  iterate (1);
  test_host_end ();
}

/* One jump is one reset, however long the loop runs on. */
static void
test_d3 (void)
{
  g_autoptr (VclockClock) clock = NULL;
  int n_resets = 0;

  test_host_begin ();
  clock = VCLOCK_CLOCK (vclock_wall_clock_new ());
  g_signal_connect (clock, "reset", G_CALLBACK (count_reset_cb), &n_resets);
  iterate (3);
  set_wall (-HOUR);
  for (int i = 0; i < 1000; i++)
    {
      test_host_pass (MSEC (1));
      vclock_clock_get_time (clock);
      iterate (1);
    }
  g_assert_cmpint (n_resets, ==, 1);
  g_assert_cmpuint (vclock_clock_get_n_resets (clock), ==, 1);
  g_clear_object (&clock);
  iterate (1);
  test_host_end ();
}

/* A timer that was due when its clock was set back still expires; others wait for their time. */
static void
test_d4 (void)
{
  g_autoptr (VclockClock) clock = NULL;
  g_autoptr (VclockTimer) due = NULL;
  g_autoptr (VclockTimer) later = NULL;
  int n_calls = 0;
  int n_later_calls = 0;

  test_host_begin ();
  clock = VCLOCK_CLOCK (vclock_wall_clock_new ());
  due = test_counting_timer_new (clock, &n_calls);
  later = test_counting_timer_new (clock, &n_later_calls);
  vclock_timer_arm_after (due, SEC (1));
  vclock_timer_arm_after (later, SEC (3));
  iterate (3);
  test_host_pass (SEC (2));
  set_wall (-HOUR);
  iterate (3);
  g_assert_cmpint (n_calls, ==, 1);
  test_host_pass (HOUR);
  iterate (3);
  g_assert_cmpint (n_later_calls, ==, 0);
  test_host_pass (SEC (1));
  iterate (3);
  g_assert_cmpint (n_later_calls, ==, 1);
  g_assert_cmpint (n_calls, ==, 1);
  g_clear_object (&due);
  g_clear_object (&later);
  g_clear_object (&clock);
  iterate (1);
  test_host_end ();
}

/* Setting the wall clock moves no timer of any other clock. */
static void
test_d5 (void)
{
  g_autoptr (VclockClock) wall = NULL;
  g_autoptr (VclockClock) clock = NULL;
  VclockTimer *timers[2];
  VclockTime start;
  int n_calls = 0;

  test_host_begin ();
  start = test_host_times[VCLOCK_HOST_CLOCK_MONOTONIC];
  wall = VCLOCK_CLOCK (vclock_wall_clock_new ());
  clock = VCLOCK_CLOCK (vclock_virtual_clock_new_with_parent (test_get_monotonic ()));
  timers[0] = test_counting_timer_new (test_get_monotonic (), &n_calls);
  timers[1] = test_counting_timer_new (clock, &n_calls);
  iterate (1);
  for (int i = 0; i < 4; i++)
    {
      const VclockTime deadlines[] = { start + SEC (1), SEC (1) };

      for (int j = 0; j < 2; j++)
        vclock_timer_arm (timers[j], deadlines[j]);
      set_wall (i % 2 == 0 ? HOUR : -HOUR);
      iterate (3);
      g_assert_cmpuint (vclock_clock_get_n_resets (wall), ==, i + 1);
      for (int j = 0; j < 2; j++)
        {
          g_assert_cmpint (vclock_timer_get_deadline (timers[j]), ==, deadlines[j]);
          g_assert_cmpint (vclock_timer_get_remaining (timers[j]), ==, SEC (1));
        }
    }
  g_assert_cmpint (n_calls, ==, 0);
  test_host_pass (SEC (1));
  iterate (3);
  g_assert_cmpint (n_calls, ==, 2);
  for (int j = 0; j < 2; j++)
    g_object_unref (timers[j]);
  g_clear_object (&clock);
  g_clear_object (&wall);
  iterate (1);
  test_host_end ();
}

/* That the clock was set is news, not a failure: one reset for each jump, and no timer is lost. */
static void
test_d7 (void)
{
  g_autoptr (VclockClock) clock = NULL;
  g_autoptr (VclockTimer) timer = NULL;
  int n_resets = 0;
  int n_calls = 0;

  test_host_begin ();
  clock = VCLOCK_CLOCK (vclock_wall_clock_new ());
  g_signal_connect (clock, "reset", G_CALLBACK (count_reset_cb), &n_resets);
  timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  iterate (1);
  for (int i = 0; i < 50; i++)
    {
      vclock_timer_arm_after (timer, MSEC (1));
      set_wall (i % 2 == 0 ? HOUR : -HOUR);
      test_host_pass (MSEC (1));
      iterate (3);
      g_assert_cmpint (n_resets, ==, i + 1);
      g_assert_cmpint (n_calls, ==, i + 1);
    }

  vclock_timer_arm_after (timer, MSEC (1));
  test_host_tell (TRUE);
  test_host_pass (MSEC (1));
  iterate (10);
  g_assert_cmpint (n_calls, ==, 51);
  g_assert_cmpint (n_resets, ==, 50);
  g_assert_cmpuint (vclock_clock_get_n_resets (clock), ==, 50);

  g_clear_object (&timer);
  g_clear_object (&clock);
  iterate (1);
  test_host_end ();
}

/* When a clock is set back, those that follow it go back by as much, and those that follow them,
 * and all go on from there. */
static void
test_c5 (void)
{
  VclockClock *clocks[3];

  test_host_begin ();
  clocks[0] = VCLOCK_CLOCK (vclock_wall_clock_new ());
  for (int i = 1; i < 3; i++)
    clocks[i] = VCLOCK_CLOCK (vclock_virtual_clock_new_with_parent (clocks[i - 1]));
  iterate (1);
  test_host_pass (SEC (10));
  for (int i = 1; i < 3; i++)
    g_assert_cmpint (vclock_clock_get_time (clocks[i]), ==, SEC (10));
  set_wall (-HOUR);
  iterate (3);
  test_host_pass (SEC (1));
  for (int i = 1; i < 3; i++)
    g_assert_cmpint (vclock_clock_get_time (clocks[i]), ==, SEC (11) - HOUR);
  test_host_pass (SEC (5));
  for (int i = 1; i < 3; i++)
    g_assert_cmpint (vclock_clock_get_time (clocks[i]), ==, SEC (16) - HOUR);
  for (int i = 2; i >= 0; i--)
    g_assert_finalize_object (clocks[i]);
  iterate (1);
  test_host_end ();
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  g_test_add_func ("/museum/C5-never-backwards-but-with-the-parent", test_c5);
  g_test_add_func ("/museum/D2-leap-floods-callbacks", test_d2);
  g_test_add_func ("/museum/D3-one-jump-many-resets", test_d3);
  g_test_add_func ("/museum/D4-due-timer-dropped-by-set-back", test_d4);
  g_test_add_func ("/museum/D5-step-moves-other-clocks", test_d5);
  g_test_add_func ("/museum/D7-clock-was-set-is-no-failure", test_d7);

  return g_test_run ();
}
