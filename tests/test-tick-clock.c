/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-fixtures.h"

#include <glib-vclock/vclock-tick-clock-private.h>
#include <glib-vclock/vclock-time-private.h>

/* F8 is a place in the history of QEMU's timers: under icount a period of 100 µs was at times
 * 103. */

typedef TestTickFixture Fixture;

static guint64
get_n_slow (VclockTickClock *self)
{
  return vclock_tick_clock_get_private (self)->n_slow;
}

/* A clock stands at 0 until ticks are counted; then it says how long they take, rounded down. */
static void
test_ticks (void)
{
  static const struct
  {
    gint64     numerator;
    gint64     denominator;
    guint64    n;
    VclockTime time;
  } rows[] = {
    { 1, 1, 0, 0 },
    { 1, 1, 7, 7 },
    { 1000, 3, 1, 333 },
    { 1000, 3, 2, 666 },
    { 1000, 3, 3, 1000 },
    { 1, 3, 2, 0 },
    { 1, 3, 3, 1 },
    { 0, 1, 1000, 0 },
    { 1, G_GINT64_CONSTANT (1) << 62, (G_GUINT64_CONSTANT (1) << 62) - 1, 0 },
    { 1, G_GINT64_CONSTANT (1) << 62, G_GUINT64_CONSTANT (1) << 62, 1 },
    { G_GINT64_CONSTANT (1) << 62, 1, 1, G_GINT64_CONSTANT (1) << 62 },
    { G_GINT64_CONSTANT (1) << 62, 1, 5, VCLOCK_TIME_NEVER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      VclockTickClock *clock = vclock_tick_clock_new (rows[i].numerator, rows[i].denominator);

      g_assert_cmpstr (vclock_clock_get_name (VCLOCK_CLOCK (clock)), ==, "tick");
      test_assert_time (clock, 0);
      vclock_tick_clock_tick (clock, rows[i].n);
      test_assert_time (clock, rows[i].time);
      g_assert_cmpuint (vclock_tick_clock_get_ticks (clock), ==, rows[i].n);
      g_assert_finalize_object (clock);
    }
}

/* A shift is a power of two nanoseconds for a tick, as in QEMU: icount_to_ns (). */
static void
test_shift (void)
{
  for (guint shift = 0; shift <= 62; shift++)
    {
      VclockTickClock *clock = vclock_tick_clock_new_shift (shift);
      gint64 numerator;
      gint64 denominator;

      vclock_virtual_clock_get_rate (VCLOCK_VIRTUAL_CLOCK (clock), &numerator, &denominator);
      g_assert_cmpint (numerator, ==, G_GINT64_CONSTANT (1) << shift);
      g_assert_cmpint (denominator, ==, 1);
      vclock_tick_clock_tick (clock, 1);
      test_assert_time (clock, G_GINT64_CONSTANT (1) << shift);
      vclock_tick_clock_set_shift (clock, 0);
      vclock_tick_clock_tick (clock, 1);
      test_assert_time (clock, (G_GINT64_CONSTANT (1) << shift) + 1);
      g_assert_finalize_object (clock);
    }
}

/* The parent is the count, which nobody can replace, neither later nor when the clock is made. */
static void
test_parent (Fixture       *fixture,
             gconstpointer  unused)
{
  VclockClock *parent = vclock_virtual_clock_get_parent (fixture->virtual);
  g_autoptr (VclockTickClock) other = g_object_new (VCLOCK_TYPE_TICK_CLOCK,
                                                    "parent", test_get_monotonic (),
                                                    NULL);
  VclockTime time;

  vclock_tick_clock_tick (fixture->self, 5);
  test_assert_time (parent, 5);
  g_test_expect_message ("Vclock", G_LOG_LEVEL_CRITICAL, "*keeps_parent*");
  vclock_virtual_clock_set_parent (fixture->virtual, test_get_monotonic ());
  g_test_expect_message ("Vclock", G_LOG_LEVEL_CRITICAL, "*keeps_parent*");
  vclock_virtual_clock_set_parent (fixture->virtual, NULL);
  g_test_assert_expected_messages ();
  g_assert_true (vclock_virtual_clock_get_parent (fixture->virtual) == parent);
  vclock_tick_clock_tick (fixture->self, 1);
  test_assert_time (fixture->self, 60);

  g_assert_true (vclock_virtual_clock_get_parent (VCLOCK_VIRTUAL_CLOCK (other)) !=
                 test_get_monotonic ());
  time = vclock_clock_get_time (VCLOCK_CLOCK (other));
  vclock_tick_clock_tick (other, 3);
  test_assert_time (other, time + 3);
}

/* Nothing is lost in a million odd steps, with a timer on the way or without one: the time is what
 * a reference in 128 bits says (A12). */
static void
test_no_drift (void)
{
  static const gint64 rates[][2] = {
    { 1, 3 },
    { 1000, 3 },
    { 7, 5 },
    { 1000003, 999983 },
    { G_GINT64_CONSTANT (4611686018427387903), G_GINT64_CONSTANT (4611686018427387904) },
  };

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (rates); i++)
    {
      const gint64 *rate = rates[i / 2];
      VclockTickClock *clock = vclock_tick_clock_new (rate[0], rate[1]);
      VclockTimer *timer = vclock_timer_new (VCLOCK_CLOCK (clock));
      VclockWide n_ticks = 0;
      int n_expired = 0;

      if (i % 2 == 1)
        {
          vclock_timer_set_callback (timer, test_count_cb, &n_expired, NULL);
          vclock_timer_set_period (timer, 10007);
          vclock_timer_arm (timer, 10007);
        }
      for (guint j = 0; j < 1000000; j++)
        {
          guint64 n = j % 13 + (j % 1000 == 0 ? 997 : 0);

          vclock_tick_clock_tick (clock, n);
          n_ticks += n;
          if (j % 997 == 0)
            g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==,
                             (VclockTime) (n_ticks * rate[0] / rate[1]));
        }
      test_assert_time (clock, (VclockTime) (n_ticks * rate[0] / rate[1]));
      if (i % 2 == 1)
        g_assert_cmpint (n_expired, ==, vclock_clock_get_time (VCLOCK_CLOCK (clock)) / 10007);
      vclock_timer_disarm (timer);
      g_assert_finalize_object (timer);
      g_assert_finalize_object (clock);
    }
}

static void
multiple_cb (VclockTimer *timer,
             guint64      overruns,
             gpointer     n_expired)
{
  (*(int *) n_expired)++;
  g_assert_cmpuint (overruns, ==, 0);
  g_assert_cmpint (vclock_clock_get_time (vclock_timer_get_clock (timer)), ==,
                   *(int *) n_expired * 100000);
}

/* Each expiry sees its own deadline, however long the steps are (F8). */
static void
test_period_is_exact (void)
{
  VclockTickClock *clock = vclock_tick_clock_new (7919, 1);
  VclockTimer *timer = vclock_timer_new (VCLOCK_CLOCK (clock));
  int n_expired = 0;

  vclock_timer_set_callback (timer, multiple_cb, &n_expired, NULL);
  vclock_timer_set_period (timer, 100000);
  vclock_timer_arm (timer, 100000);
  for (int i = 1; i <= 10000; i++)
    {
      vclock_tick_clock_tick (clock, 1);
      test_assert_time (clock, i * 7919);
      g_assert_cmpint (n_expired, ==, i * 7919 / 100000);
    }
  vclock_tick_clock_tick (clock, 10000);
  test_assert_time (clock, 20000 * 7919);
  g_assert_cmpint (n_expired, ==, 20000 * 7919 / 100000);
  vclock_timer_disarm (timer);
  g_assert_finalize_object (timer);
  g_assert_finalize_object (clock);
}

/* Deadlines of the clock and of those that follow it are met in order, between ticks too; a timer
 * armed on the way takes part. */
static void
test_order (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr (VclockVirtualClock) half = vclock_virtual_clock_new_with_parent (fixture->clock);
  g_autoptr (VclockTimer) a = test_time_timer_new (fixture->clock, "a", fixture->log);
  g_autoptr (VclockTimer) b = test_time_timer_new (VCLOCK_CLOCK (half), "b", fixture->log);
  g_autoptr (VclockTimer) c = test_time_timer_new (fixture->clock, "c", fixture->log);

  vclock_virtual_clock_set_rate (half, 1, 2);
  vclock_timer_set_period (a, 14);
  vclock_timer_arm (a, 7);
  vclock_timer_arm (b, 5);
  vclock_timer_arm (c, 30);
  vclock_tick_clock_tick (fixture->self, 0);
  test_assert_log (fixture->log, "");
  vclock_tick_clock_tick (fixture->self, 3);
  test_assert_log (fixture->log, "a7 b5 a21 c30 ");
  test_assert_time (fixture->clock, 30);
  test_assert_time (half, 15);
  vclock_timer_arm (c, 30);
  test_assert_log (fixture->log, "");
  vclock_tick_clock_tick (fixture->self, 0);
  test_assert_log (fixture->log, "c30 ");
  vclock_timer_disarm (a);
}

/* The budget is the number of ticks until the deadline is reached, rounded up: icount_round ()
 * where the rate is a power of two, and after so many ticks it has been reached, not before. */
static void
test_budget (void)
{
  static const struct
  {
    gint64     numerator;
    gint64     denominator;
    guint64    n_before;
    VclockTime deadline;
    guint64    budget;
  } rows[] = {
    { 1, 1, 0, 1, 1 },
    { 1, 1, 0, 1000, 1000 },
    { 1, 1, 400, 1000, 600 },
    { 8, 1, 0, 1, 1 },
    { 8, 1, 0, 8, 1 },
    { 8, 1, 0, 9, 2 },
    { 8, 1, 1, 9, 1 },
    { 8, 1, 0, G_MAXINT32, 268435456 },
    { 1024, 1, 0, 1024, 1 },
    { 1024, 1, 0, 1025, 2 },
    { 1024, 1, 0, SEC (1), 976563 },
    { 1, 3, 0, 1, 3 },
    { 1, 3, 2, 1, 1 },
    { 1, 3, 1, 2, 5 },
    { 1000, 3, 0, 333, 1 },
    { 1000, 3, 0, 334, 2 },
    { 1000, 3, 0, 1000, 3 },
    { 1000, 3, 1, 1001, 3 },
    { 0, 1, 5, 1, G_MAXUINT64 },
    { 1, 1, 0, VCLOCK_TIME_NEVER, G_MAXUINT64 },
    { 1, 1, 0, VCLOCK_TIME_NEVER - 1, G_MAXINT64 - 1 },
    { 1, 4, 0, VCLOCK_TIME_NEVER - 1, G_MAXUINT64 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      VclockTickClock *clock = vclock_tick_clock_new (rows[i].numerator, rows[i].denominator);
      int n_expired = 0;
      VclockTimer *timer = test_counting_timer_new (VCLOCK_CLOCK (clock), &n_expired);

      g_assert_cmpuint (vclock_tick_clock_get_budget (clock), ==, G_MAXUINT64);
      vclock_tick_clock_tick (clock, rows[i].n_before);
      vclock_timer_arm (timer, rows[i].deadline);
      g_assert_cmpuint (vclock_tick_clock_get_budget (clock), ==, rows[i].budget);
      if (rows[i].budget != G_MAXUINT64)
        {
          vclock_tick_clock_tick (clock, rows[i].budget - 1);
          g_assert_cmpint (n_expired, ==, 0);
          g_assert_cmpuint (vclock_tick_clock_get_budget (clock), ==, 1);
          vclock_tick_clock_tick (clock, 1);
          g_assert_cmpint (n_expired, ==, 1);
          g_assert_cmpuint (vclock_tick_clock_get_budget (clock), ==, G_MAXUINT64);
        }
      vclock_timer_disarm (timer);
      g_assert_finalize_object (timer);
      g_assert_finalize_object (clock);
    }
}

/* The budget counts timers of all contexts and of followers, but not of what is disabled or stands;
 * it is 0 while a timer is due. */
static void
test_budget_of_all (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr (GMainContext) elsewhere = g_main_context_new ();
  g_autoptr (VclockVirtualClock) fast = vclock_virtual_clock_new_with_parent (fixture->clock);
  g_autoptr (VclockTimer) a = test_time_timer_new (fixture->clock, "a", fixture->log);
  g_autoptr (VclockTimer) b = test_timer_new_full (fixture->clock, elsewhere, 0, "b", fixture->log);
  g_autoptr (VclockTimer) c = test_time_timer_new (VCLOCK_CLOCK (fast), "c", fixture->log);

  vclock_virtual_clock_set_rate (fast, 5, 1);
  vclock_timer_arm (a, 1000);
  g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, 100);
  vclock_timer_arm (b, 501);
  g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, 51);
  vclock_timer_arm (c, 1000);
  g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, 20);

  vclock_virtual_clock_pause (fast);
  g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, 51);
  vclock_virtual_clock_resume (fast);
  vclock_clock_set_enabled (VCLOCK_CLOCK (fast), FALSE);
  g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, 51);
  vclock_clock_set_enabled (VCLOCK_CLOCK (fast), TRUE);
  vclock_virtual_clock_pause (fixture->virtual);
  g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, G_MAXUINT64);
  vclock_virtual_clock_resume (fixture->virtual);
  g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, 20);

  vclock_tick_clock_tick (fixture->self, 51);
  test_assert_log (fixture->log, "c1000 ");
  g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, 0);
  test_iterate (elsewhere);
  test_assert_log (fixture->log, "b");
  g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, 49);
  vclock_timer_arm (a, 0);
  g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, 0);
  vclock_timer_disarm (a);
}

/* While nothing is due and nothing changes, a tick looks at nothing; with something due in another
 * context too, once that has been told. */
static void
test_fast (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr (GMainContext) elsewhere = g_main_context_new ();
  g_autoptr (VclockTimer) a = test_time_timer_new (fixture->clock, "a", fixture->log);
  g_autoptr (VclockTimer) b = test_timer_new_full (fixture->clock, elsewhere, 0, "b", fixture->log);
  g_autoptr (VclockTimer) c = test_timer_new_full (fixture->clock, elsewhere, 0, "c", fixture->log);

  vclock_timer_arm (a, 10000000);
  vclock_timer_arm (b, 100000);
  vclock_timer_arm (c, 200000);
  vclock_tick_clock_tick (fixture->self, 0);
  g_assert_cmpuint (get_n_slow (fixture->self), ==, 1);
  for (guint i = 1; i < 1000000; i++)
    vclock_tick_clock_tick (fixture->self, 1);
  g_assert_cmpuint (get_n_slow (fixture->self), ==, 3);
  test_assert_log (fixture->log, "");
  vclock_tick_clock_tick (fixture->self, 1);
  g_assert_cmpuint (get_n_slow (fixture->self), ==, 4);
  test_assert_log (fixture->log, "a10000000 ");
  test_iterate (elsewhere);
  test_assert_log (fixture->log, "bc");
}

/* Whatever brings a deadline nearer is noticed by the next tick. */
static void
test_notices (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr (VclockVirtualClock) follower = vclock_virtual_clock_new ();
  g_autoptr (VclockTimer) a = test_time_timer_new (fixture->clock, "a", fixture->log);
  g_autoptr (VclockTimer) b = test_time_timer_new (VCLOCK_CLOCK (follower), "b", fixture->log);

#define count() vclock_tick_clock_tick (fixture->self, 1)
  count ();
  vclock_timer_arm (a, 20);
  count ();
  test_assert_log (fixture->log, "a20 ");

  vclock_timer_arm (a, 1000);
  count ();
  vclock_timer_arm_earlier (a, 40);
  count ();
  test_assert_log (fixture->log, "a40 ");

  vclock_timer_arm (a, 1000);
  count ();
  vclock_virtual_clock_set_rate (fixture->virtual, 950, 1);
  count ();
  test_assert_log (fixture->log, "a1000 ");
  vclock_virtual_clock_set_rate (fixture->virtual, 10, 1);

  vclock_timer_arm (a, 2010);
  count ();
  vclock_virtual_clock_jump (fixture->virtual, 2000);
  count ();
  test_assert_log (fixture->log, "a2010 ");

  vclock_timer_arm (a, 2040);
  vclock_virtual_clock_pause (fixture->virtual);
  count ();
  count ();
  vclock_virtual_clock_resume (fixture->virtual);
  count ();
  vclock_virtual_clock_advance (fixture->virtual, 15);
  test_assert_log (fixture->log, "");
  count ();
  test_assert_log (fixture->log, "a2040 ");
  test_assert_time (fixture->self, 2045);

  vclock_timer_arm (b, 10);
  count ();
  vclock_virtual_clock_set_parent (follower, fixture->clock);
  count ();
  test_assert_log (fixture->log, "b10 ");
  vclock_timer_arm (b, 120);
  count ();
  vclock_virtual_clock_set_rate (follower, 10, 1);
  count ();
  test_assert_log (fixture->log, "b120 ");

  vclock_clock_set_enabled (fixture->clock, FALSE);
  vclock_timer_arm (a, 2090);
  count ();
  vclock_clock_set_enabled (fixture->clock, TRUE);
  test_assert_log (fixture->log, "");
  count ();
  test_assert_log (fixture->log, "a2095 ");
#undef count
}

/* The count ends where time would; it never wraps. */
static void
test_count_ends (void)
{
  VclockTickClock *clock = vclock_tick_clock_new (1, 2);
  VclockTimer *timer = vclock_timer_new (VCLOCK_CLOCK (clock));

  vclock_timer_arm (timer, G_MAXINT64 / 2 + 1);
  vclock_tick_clock_tick (clock, G_MAXINT64 - 1);
  vclock_tick_clock_tick (clock, G_MAXUINT64);
  vclock_tick_clock_tick (clock, G_MAXUINT64);
  vclock_tick_clock_tick (clock, 1);
  g_assert_cmpuint (vclock_tick_clock_get_ticks (clock), ==, G_MAXINT64);
  test_assert_time (clock, G_MAXINT64 / 2);
  g_assert_true (vclock_timer_disarm (timer));
  g_assert_finalize_object (timer);
  g_assert_finalize_object (clock);
}

/* A tick clock causes no wakeups, however near its deadlines are. */
static void
test_no_wakeup (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_time_timer_new (fixture->clock, "a", fixture->log);
  VclockHostClock host_clock;

  vclock_timer_arm (timer, 5);
  g_assert_cmpint (vclock_clock_get_wakeup (fixture->clock, 5, &host_clock), ==,
                   VCLOCK_TIME_NEVER);
  test_count_polls (fixture->context);
  test_iterate (fixture->context);
  g_assert_cmpint (test_polls.n_polls, ==, 1);
  vclock_timer_disarm (timer);
}

/* What was due when its clock was set back is due: there is no budget until it has been called. */
static void
test_budget_stays_due (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_time_timer_new (fixture->clock, "a", fixture->log);

  vclock_clock_set_enabled (fixture->clock, FALSE);
  vclock_timer_arm (timer, 100);
  vclock_tick_clock_tick (fixture->self, 20);
  vclock_virtual_clock_jump (fixture->virtual, 0);
  vclock_clock_set_enabled (fixture->clock, TRUE);
  test_assert_log (fixture->log, "");
  g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, 0);
  vclock_tick_clock_tick (fixture->self, 1);
  test_assert_log (fixture->log, "a0 ");
  g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, G_MAXUINT64);
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

#define add(path, func) \
  g_test_add ("/tick-clock/" path, Fixture, NULL, test_tick_fixture_set_up, func, \
              test_tick_fixture_tear_down)
  g_test_add_func ("/tick-clock/ticks", test_ticks);
  g_test_add_func ("/tick-clock/shift", test_shift);
  add ("parent", test_parent);
  g_test_add_func ("/tick-clock/no-drift", test_no_drift);
  g_test_add_func ("/tick-clock/period-is-exact", test_period_is_exact);
  add ("order", test_order);
  g_test_add_func ("/tick-clock/budget", test_budget);
  add ("budget-of-all", test_budget_of_all);
  add ("fast", test_fast);
  add ("notices", test_notices);
  add ("budget/stays-due", test_budget_stays_due);
  g_test_add_func ("/tick-clock/count-ends", test_count_ends);
  add ("no-wakeup", test_no_wakeup);

  return g_test_run ();
}
