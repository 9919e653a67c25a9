/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-fixtures.h"

#include <glib-vclock/vclock-time-private.h>
#include <glib-vclock/vclock-virtual-clock-private.h>

typedef TestFixture Fixture;

/* A clock without parent is born at 0 and stands; arming never moves it (G6). */
static void
test_stands (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_time_timer_new (fixture->clock, "a", fixture->log);
  VclockHostClock host_clock;

  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 0);
  g_assert_null (vclock_virtual_clock_get_parent (fixture->self));
  vclock_timer_arm (timer, 100);
  vclock_timer_arm (timer, 10);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 0);
  g_assert_cmpint (vclock_clock_get_wakeup (fixture->clock, 10, &host_clock), ==,
                   VCLOCK_TIME_NEVER);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");
  vclock_timer_disarm (timer);
}

/* A rate is an exact fraction over ten years, however often it is set anew, and wakeups are the
 * first moment at which the deadline has been reached (A11). */
static void
test_rate_exact (void)
{
  static const gint64 rates[][2] = {
    { 1, 1 },
    { 1, 3 },
    { 2, 3 },
    { 1000000, 1 },
    { 1, 1000000 },
    { G_GINT64_CONSTANT (2147483648), 2147483647 },
    { 2147483647, G_GINT64_CONSTANT (2147483648) },
    { G_GINT64_CONSTANT (4611686018427387904), G_GINT64_CONSTANT (4611686018427387903) },
    { 0, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      const VclockWide numerator = rates[i][0];
      const VclockWide denominator = rates[i][1];
      TestClock *parent = test_clock_new ();
      VclockVirtualClock *clock = vclock_virtual_clock_new_with_parent (VCLOCK_CLOCK (parent));
      VclockTime last = 0;
      VclockHostClock host_clock;
      gint64 got[2];

      parent->promises = TRUE;
      vclock_virtual_clock_set_rate (clock, rates[i][0], rates[i][1]);
      vclock_virtual_clock_get_rate (clock, &got[0], &got[1]);
      g_assert_cmpint (got[0], ==, rates[i][0]);
      g_assert_cmpint (got[1], ==, rates[i][1]);
      for (guint j = 0; j < 2000; j++)
        {
          VclockWide elapsed = (VclockWide) parent->now * numerator;
          VclockTime expected = vclock_time_from_wide (elapsed / denominator);
          VclockTime deadline = expected + g_test_rand_int_range (1, 1000000);
          VclockTime wakeup;

          g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, expected);
          g_assert_cmpint (expected, >=, last);
          last = expected;
          if (j % 3 == 0)
            vclock_virtual_clock_set_rate (clock, rates[i][0], rates[i][1]);
          if (expected < VCLOCK_TIME_NEVER / 2 && numerator > 0)
            {
              wakeup = vclock_clock_get_wakeup (VCLOCK_CLOCK (clock), deadline, &host_clock);
              g_assert_true (wakeup * numerator / denominator >= deadline);
              g_assert_true ((wakeup - 1) * numerator / denominator < deadline);
            }
          parent->now += (VclockTime) (g_test_rand_double () * (10.0 * YEAR / 1000));
        }
      g_assert_cmpint (parent->now, >, 9 * YEAR);
      g_assert_finalize_object (clock);
      g_assert_finalize_object (parent);
    }
}

/* A change of the rate never makes the time jump. */
static void
test_rate_change (void)
{
  TestClock *parent = test_clock_new ();
  VclockVirtualClock *clock = vclock_virtual_clock_new_with_parent (VCLOCK_CLOCK (parent));

  parent->now = 1000;
  vclock_virtual_clock_set_rate (clock, 2, 1);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 1000);
  parent->now = 1500;
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 2000);
  vclock_virtual_clock_set_rate (clock, 1, 10);
  parent->now = 1605;
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 2010);
  vclock_virtual_clock_set_rate (clock, 0, 1);
  parent->now = 9000;
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 2010);
  g_assert_cmpuint (vclock_clock_get_n_resets (VCLOCK_CLOCK (clock)), ==, 0);
  g_assert_finalize_object (clock);
  g_assert_finalize_object (parent);
}

static void
notify_cb (GObject    *object,
           GParamSpec *pspec,
           guint      *n)
{
  (*n)++;
}

/* pause () freezes the value and has no wakeup; resume () goes on from there. Both are idempotent,
 * and what is due still expires. */
static void
test_pause (Fixture       *fixture,
            gconstpointer  unused)
{
  TestClock *parent = test_clock_new ();
  VclockVirtualClock *clock = vclock_virtual_clock_new_with_parent (VCLOCK_CLOCK (parent));
  VclockTimer *timer = test_time_timer_new (VCLOCK_CLOCK (clock), "a", fixture->log);
  VclockHostClock host_clock;
  gboolean paused;
  guint n = 0;

  g_signal_connect (clock, "notify::paused", G_CALLBACK (notify_cb), &n);
  parent->promises = TRUE;
  parent->now = 100;
  g_assert_cmpint (vclock_clock_get_wakeup (VCLOCK_CLOCK (clock), 150, &host_clock), ==, 150);
  vclock_virtual_clock_pause (clock);
  vclock_virtual_clock_pause (clock);
  g_assert_true (vclock_virtual_clock_is_paused (clock));
  g_object_get (clock, "paused", &paused, NULL);
  g_assert_true (paused);
  g_assert_cmpint (vclock_clock_get_wakeup (VCLOCK_CLOCK (clock), 150, &host_clock), ==,
                   VCLOCK_TIME_NEVER);
  parent->now = 1000;
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 100);
  vclock_timer_arm (timer, 100);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "a100 ");

  vclock_virtual_clock_advance (clock, 5);
  g_assert_true (vclock_virtual_clock_is_paused (clock));
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 105);
  vclock_virtual_clock_resume (clock);
  vclock_virtual_clock_resume (clock);
  parent->now = 1001;
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 106);
  g_assert_cmpuint (n, ==, 2);
  g_assert_finalize_object (timer);
  g_assert_finalize_object (clock);
  g_assert_finalize_object (parent);
}

/* Clocks that follow a clock expire with it, in the order in which their deadlines come, at their
 * own times. */
static void
test_subtree (Fixture       *fixture,
              gconstpointer  unused)
{
  VclockVirtualClock *twice = vclock_virtual_clock_new_with_parent (fixture->clock);
  VclockVirtualClock *third = vclock_virtual_clock_new_with_parent (VCLOCK_CLOCK (twice));
  VclockTimer *slow = test_time_timer_new (VCLOCK_CLOCK (third), "3.", fixture->log);
  VclockTimer *fast = test_time_timer_new (VCLOCK_CLOCK (twice), "2.", fixture->log);
  VclockTimer *own = test_time_timer_new (fixture->clock, "1.", fixture->log);

  vclock_virtual_clock_set_rate (twice, 2, 1);
  vclock_virtual_clock_set_rate (third, 1, 3);
  vclock_timer_set_period (slow, 10);
  vclock_timer_set_period (fast, 10);
  vclock_timer_set_period (own, 10);
  vclock_timer_arm (own, 10);
  vclock_timer_arm (fast, 10);
  vclock_timer_arm (slow, 10);
  vclock_virtual_clock_advance (fixture->self, 20);
  /* Ours: 5, 10 (two, the one that was armed first before), 15 (both), 20. */
  test_assert_log (fixture->log, "2.10 1.10 2.20 3.10 2.30 1.20 2.40 ");
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (twice)), ==, 40);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (third)), ==, 13);
  vclock_timer_disarm (slow);
  vclock_timer_disarm (fast);
  vclock_timer_disarm (own);
  g_assert_finalize_object (slow);
  g_assert_finalize_object (fast);
  g_assert_finalize_object (own);
  g_assert_finalize_object (third);
  g_assert_finalize_object (twice);
}

/* The default clock is one for the process, and follows the monotonic one. */
static void
test_default (void)
{
  VclockVirtualClock *clock = vclock_virtual_clock_get_default ();

  g_assert_true (vclock_virtual_clock_get_default () == clock);
  g_assert_true (vclock_virtual_clock_get_parent (clock) == vclock_monotonic_clock_get_default ());
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), >=, 0);
}

/* Another clock can stand in for it. */
static void
test_default_replaced (void)
{
  VclockVirtualClock *first = vclock_virtual_clock_get_default ();
  VclockVirtualClock *clock = vclock_virtual_clock_new ();

  vclock_virtual_clock_replace_default (clock);
  g_assert_true (vclock_virtual_clock_get_default () == clock);
  vclock_virtual_clock_replace_default (NULL);
  g_assert_true (vclock_virtual_clock_get_default () == first);
  g_assert_finalize_object (clock);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, test_fixture_set_up, func, test_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  ADD ("/virtual-clock/stands", test_stands);
  g_test_add_func ("/virtual-clock/rate/exact", test_rate_exact);
  g_test_add_func ("/virtual-clock/rate/change", test_rate_change);
  ADD ("/virtual-clock/pause", test_pause);
  ADD ("/virtual-clock/subtree", test_subtree);
  g_test_add_func ("/virtual-clock/default", test_default);
  g_test_add_func ("/virtual-clock/default/replaced", test_default_replaced);

  return g_test_run ();
}
