/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

/* Test clocks of others that stand in for those of the host, verb by verb: Chromium, fake-timers of
 * sinon, and GstTestClock. See test-other-test-clocks.c. */

static VclockTime
get_wall_time (void)
{
  return vclock_clock_get_time (vclock_wall_clock_get_default ());
}

static VclockTime
get_monotonic_time (void)
{
  return vclock_clock_get_time (vclock_monotonic_clock_get_default ());
}

static VclockTimer *
timer_new (VclockClock *clock,
           const char  *name,
           VclockTime   span)
{
  VclockTimer *timer = vclock_timer_new (clock);

  vclock_timer_set_name (timer, name);
  vclock_timer_arm_after (timer, span);

  return timer;
}

/* TimeSource::MOCK_TIME: who asks for the default clocks is given those of the test. */
static void
test_mock_time (VclockTestFixture *fixture,
                gconstpointer      unused)
{
  g_autoptr (VclockTimer) a = timer_new (vclock_monotonic_clock_get_default (), "a", SEC (5));
  g_autoptr (VclockTimer) b = timer_new (vclock_wall_clock_get_default (), "b", SEC (4));

  vclock_test_clocks_advance (fixture->clocks, SEC (5));
  vclock_test_clocks_assert_expired (fixture->clocks, "b a");
}

/* AdvanceClock () and RunUntilIdle (): late, and in order. */
static void
test_mock_time_stall (VclockTestFixture *fixture,
                      gconstpointer      unused)
{
  g_autoptr (VclockTimer) a = timer_new (vclock_monotonic_clock_get_default (), "a", SEC (2));
  g_autoptr (VclockTimer) b = timer_new (vclock_monotonic_clock_get_default (), "b", SEC (1));

  vclock_test_clocks_stall (fixture->clocks, SEC (5));
  vclock_test_clocks_assert_expired (fixture->clocks, "b a");
  g_assert_cmpint (vclock_timer_get_lateness (a), ==, SEC (3));
  g_assert_cmpint (vclock_timer_get_lateness (b), ==, SEC (4));
}

/* SuspendedAdvanceClock (): monotonic time stands, the others go on. */
static void
test_mock_time_suspended (VclockTestFixture *fixture,
                          gconstpointer      unused)
{
  VclockClock *boottime = VCLOCK_CLOCK (vclock_test_clocks_get_boottime (fixture->clocks));
  const VclockTime boottime_before = vclock_clock_get_time (boottime);
  const VclockTime monotonic_before = get_monotonic_time ();
  const VclockTime wall_before = get_wall_time ();

  vclock_test_clocks_suspend (fixture->clocks, SEC (42));
  g_assert_cmpint (get_monotonic_time (), ==, monotonic_before);
  g_assert_cmpint (vclock_clock_get_time (boottime), ==, boottime_before + SEC (42));
  g_assert_cmpint (get_wall_time (), ==, wall_before + SEC (42));
}

/* GetPendingMainThreadTaskCount (): of timers. */
static void
test_mock_time_count (VclockTestFixture *fixture,
                      gconstpointer      unused)
{
  g_autoptr (VclockTimer) a = timer_new (vclock_monotonic_clock_get_default (), "a", SEC (1));
  g_autoptr (VclockTimer) b = timer_new (vclock_wall_clock_get_default (), "b", SEC (2));

  vclock_test_clocks_assert_n_armed (fixture->clocks, NULL, 2);
  vclock_test_clocks_advance (fixture->clocks, SEC (1));
  vclock_test_clocks_assert_n_armed (fixture->clocks, NULL, 1);
  vclock_timer_disarm (b);
}

/* GetMockClock (): the wall clock of the test, which begins with the year 2000. */
static void
test_mock_time_clock (VclockTestFixture *fixture,
                      gconstpointer      unused)
{
  VclockClock *wall = VCLOCK_CLOCK (vclock_test_clocks_get_wall (fixture->clocks));

  g_assert_true (wall == vclock_wall_clock_get_default ());
  g_assert_cmpint (vclock_clock_get_time (wall), ==, SEC (G_GINT64_CONSTANT (946684800)));
}

/* install (): the defaults are replaced, by one test at a time; clocks that are held stay. */
static void
test_sinon_install (VclockTestFixture *fixture,
                    gconstpointer      unused)
{
  g_autoptr (VclockMonotonicClock) held = vclock_monotonic_clock_new ();
  VclockTestClocks *others = vclock_test_clocks_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (VCLOCK_IS_VIRTUAL_CLOCK (vclock_monotonic_clock_get_default ()));
  g_assert_true (VCLOCK_IS_VIRTUAL_CLOCK (vclock_wall_clock_get_default ()));
  g_assert_false (VCLOCK_IS_VIRTUAL_CLOCK (held));
  g_assert_false (vclock_test_clocks_set_up (others, &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_TEST_FAILED);
  g_assert_finalize_object (others);
}

/* uninstall (): the host's clocks are the defaults again; what is left armed is told. */
static void
test_sinon_uninstall (VclockTestFixture *fixture,
                      gconstpointer      unused)
{
  g_autoptr (VclockTimer) timer = timer_new (vclock_monotonic_clock_get_default (), "a", SEC (1));
  g_autoptr (GError) error = NULL;

  g_assert_false (vclock_test_clocks_tear_down (fixture->clocks, &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LEFTOVERS);
  g_assert_true (VCLOCK_IS_MONOTONIC_CLOCK (vclock_monotonic_clock_get_default ()));
  g_assert_true (VCLOCK_IS_WALL_CLOCK (vclock_wall_clock_get_default ()));
  vclock_timer_disarm (timer);
}

/* setSystemTime (): timers of the monotonic clock do not notice; the wall clock says so. */
static void
test_sinon_set_system_time (VclockTestFixture *fixture,
                            gconstpointer      unused)
{
  g_autoptr (VclockTimer) a = timer_new (vclock_monotonic_clock_get_default (), "a", SEC (5));
  g_autoptr (VclockTimer) b = timer_new (vclock_wall_clock_get_default (), "b", SEC (5));

  vclock_test_clocks_set_wall_time (fixture->clocks, get_wall_time () + YEAR);
  vclock_test_clocks_assert_expired (fixture->clocks, "b");
  g_assert_cmpuint (vclock_clock_get_n_resets (vclock_wall_clock_get_default ()), ==, 1);
  vclock_test_clocks_advance (fixture->clocks, SEC (5));
  vclock_test_clocks_assert_expired (fixture->clocks, "a");
}

/* countTimers (): of all clocks of the test. */
static void
test_sinon_count_timers (VclockTestFixture *fixture,
                         gconstpointer      unused)
{
  g_autoptr (VclockTimer) timer = timer_new (vclock_monotonic_clock_get_default (), "a", SEC (5));

  vclock_test_clocks_assert_n_armed (fixture->clocks, NULL, 1);
  vclock_timer_disarm (timer);
  vclock_test_clocks_assert_n_armed (fixture->clocks, NULL, 0);
  vclock_test_clocks_assert_disarmed (fixture->clocks);
}

/* Date: a date is made of the wall clock's time. */
static void
test_sinon_date (VclockTestFixture *fixture,
                 gconstpointer      unused)
{
  g_autoptr (GDateTime) date = NULL;
  g_autofree char *text = NULL;

  vclock_test_clocks_advance (fixture->clocks, SEC (24 * 3600));
  date = g_date_time_new_from_unix_utc (get_wall_time () / VCLOCK_NSEC_PER_SEC);
  text = g_date_time_format_iso8601 (date);
  g_assert_cmpstr (text, ==, "2000-01-02T00:00:00Z");
}

/* performance.now () and hrtime (): the monotonic clock, which setting the other leaves alone. */
static void
test_sinon_performance_now (VclockTestFixture *fixture,
                            gconstpointer      unused)
{
  const VclockTime before = get_monotonic_time ();

  g_assert_cmpint (before, ==, SEC (1000));
  vclock_test_clocks_set_wall_time (fixture->clocks, 0);
  g_assert_cmpint (get_monotonic_time (), ==, before);
  vclock_test_clocks_advance (fixture->clocks, 7);
  g_assert_cmpint (get_monotonic_time (), ==, before + 7);
}

/* gst_test_clock_peek_id_count (): of one clock. */
static void
test_gst_peek_id_count (VclockTestFixture *fixture,
                        gconstpointer      unused)
{
  VclockClock *monotonic = vclock_monotonic_clock_get_default ();
  VclockClock *wall = vclock_wall_clock_get_default ();
  g_autoptr (VclockTimer) a = timer_new (monotonic, "a", SEC (1));
  g_autoptr (VclockTimer) b = timer_new (monotonic, "b", SEC (2));

  vclock_test_clocks_assert_n_armed (fixture->clocks, monotonic, 2);
  vclock_test_clocks_assert_n_armed (fixture->clocks, wall, 0);
  vclock_test_clocks_advance (fixture->clocks, SEC (2));
  vclock_test_clocks_assert_n_armed (fixture->clocks, monotonic, 0);
}

static const struct
{
  const char *path;
  void     (* run) (VclockTestFixture *fixture,
                    gconstpointer      unused);
} tests[] = {
  { "/mock-time/mock-time", test_mock_time },
  { "/mock-time/advance-clock-and-run", test_mock_time_stall },
  { "/mock-time/suspended-advance-clock", test_mock_time_suspended },
  { "/mock-time/pending-main-thread-task-count", test_mock_time_count },
  { "/mock-time/mock-clock", test_mock_time_clock },
  { "/sinon/install", test_sinon_install },
  { "/sinon/uninstall", test_sinon_uninstall },
  { "/sinon/set-system-time", test_sinon_set_system_time },
  { "/sinon/count-timers", test_sinon_count_timers },
  { "/sinon/date", test_sinon_date },
  { "/sinon/performance-now", test_sinon_performance_now },
  { "/gst-test-clock/peek-id-count", test_gst_peek_id_count },
};

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, VclockTestFixture, NULL,
                vclock_test_fixture_set_up, tests[i].run, vclock_test_fixture_tear_down);

  return g_test_run ();
}
