/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <glib-vclock/glib-vclock.h>

#define HOUR (3600 * VCLOCK_NSEC_PER_SEC)

/* What is to be tested: tries again after 1 s, 2 s, 4 s, and then gives up. */
typedef struct
{
  VclockTimer *timer;
  int          n_tries;
} Retry;

static void
retry_cb (VclockTimer *timer,
          guint64      overruns,
          gpointer     user_data)
{
  Retry *retry = user_data;

  if (++retry->n_tries < 4)
    vclock_timer_arm_after (timer, VCLOCK_NSEC_PER_SEC << (retry->n_tries - 1));
}

static void
retry_start (Retry *retry)
{
  retry->timer = vclock_timer_new (vclock_monotonic_clock_get_default ());
  vclock_timer_set_name (retry->timer, "retry");
  vclock_timer_set_callback (retry->timer, retry_cb, retry, NULL);
  vclock_timer_arm_after (retry->timer, 0);
}

static void
test_retry (VclockTestFixture *fixture,
            gconstpointer      unused)
{
  Retry retry = { 0 };

  retry_start (&retry);
  vclock_test_clocks_advance (fixture->clocks, 0);
  g_assert_cmpint (retry.n_tries, ==, 1);
  vclock_test_clocks_advance (fixture->clocks, 2 * VCLOCK_NSEC_PER_SEC);
  g_assert_cmpint (retry.n_tries, ==, 2);
  vclock_test_clocks_advance (fixture->clocks, HOUR);
  g_assert_cmpint (retry.n_tries, ==, 4);
  g_assert_finalize_object (retry.timer);
}

static void
test_retry_sleeps (VclockTestFixture *fixture,
                   gconstpointer      unused)
{
  VclockTestClocks *clocks = fixture->clocks;
  Retry retry = { 0 };

  retry_start (&retry);
  vclock_test_clocks_advance (clocks, 2 * VCLOCK_NSEC_PER_SEC);
  vclock_test_clocks_suspend (clocks, 8 * HOUR);
  g_assert_cmpint (retry.n_tries, ==, 2);
  vclock_test_clocks_stall (clocks, 60 * VCLOCK_NSEC_PER_SEC);
  g_assert_cmpint (retry.n_tries, ==, 3);
  g_assert_cmpint (vclock_timer_get_lateness (retry.timer), ==, 59 * VCLOCK_NSEC_PER_SEC);

  vclock_timer_disarm (retry.timer);
  g_object_unref (retry.timer);
}

static void
test_retry_checks (VclockTestFixture *fixture,
                   gconstpointer      unused)
{
  VclockTestClocks *clocks = fixture->clocks;
  VclockClock *monotonic = vclock_monotonic_clock_get_default ();
  Retry retry = { 0 };

  retry_start (&retry);
  vclock_test_clocks_assert_n_armed (clocks, monotonic, 1);
  vclock_test_clocks_assert_armed (clocks, retry.timer, vclock_clock_get_time (monotonic));
  vclock_test_clocks_advance (clocks, HOUR);
  vclock_test_clocks_assert_expired (clocks, "retry retry retry retry");
  vclock_test_clocks_assert_disarmed (clocks);

  g_object_unref (retry.timer);
}

static void
test_retry_in_loop (VclockTestFixture *fixture,
                    gconstpointer      unused)
{
  VclockTestClocks *clocks = fixture->clocks;
  Retry retry = { 0 };

  vclock_virtual_clock_set_warp_mode (vclock_test_clocks_get_boottime (clocks),
                                      VCLOCK_WARP_MODE_JUMP);
  retry_start (&retry);
  while (retry.n_tries < 4)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpint (vclock_clock_get_time (vclock_monotonic_clock_get_default ()), ==,
                   1007 * VCLOCK_NSEC_PER_SEC);
  g_object_unref (retry.timer);
}

static void
test_retry_until_idle (VclockTestFixture *fixture,
                       gconstpointer      unused)
{
  VclockVirtualClock *clock = vclock_test_clocks_get_monotonic (fixture->clocks);
  g_autoptr (GError) error = NULL;
  Retry retry = { 0 };

  retry_start (&retry);
  vclock_virtual_clock_run_until_idle (clock, 100, &error);
  g_assert_no_error (error);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 1007 * VCLOCK_NSEC_PER_SEC);

  vclock_timer_set_period (retry.timer, VCLOCK_NSEC_PER_SEC);
  vclock_timer_arm_after (retry.timer, 0);
  vclock_virtual_clock_run_until_idle (clock, 100, &error);
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LIMIT);

  vclock_timer_disarm (retry.timer);
  g_object_unref (retry.timer);
}

/* Does something every day at three o'clock, local time. */
typedef struct
{
  GTimeZone   *zone;
  VclockTimer *timer;
  int          n_times;
} Daily;

static void
daily_plan (Daily *daily)
{
  VclockTime now = vclock_clock_get_time (vclock_wall_clock_get_default ());
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now / VCLOCK_NSEC_PER_SEC);
  g_autoptr (GDateTime) day = g_date_time_to_timezone (utc, daily->zone);
  int year, month, day_of_month;
  g_autoptr (GDateTime) next = NULL;

  if (g_date_time_get_hour (day) >= 3)
    {
      g_autoptr (GDateTime) today = g_steal_pointer (&day);

      day = g_date_time_add_days (today, 1);
    }
  g_date_time_get_ymd (day, &year, &month, &day_of_month);
  next = g_date_time_new (daily->zone, year, month, day_of_month, 3, 0, 0);
  vclock_timer_arm (daily->timer, g_date_time_to_unix (next));
}

static void
daily_cb (VclockTimer *timer,
          guint64      overruns,
          gpointer     user_data)
{
  Daily *daily = user_data;

  daily->n_times++;
  daily_plan (daily);
}

static void
daily_start (Daily      *daily,
             const char *zone)
{
  VclockClock *wall = vclock_wall_clock_get_default ();

  daily->zone = g_time_zone_new_identifier (zone);
  daily->timer = vclock_timer_new_full (wall, NULL, G_PRIORITY_DEFAULT, VCLOCK_SCALE_S);
  vclock_timer_set_callback (daily->timer, daily_cb, daily, NULL);
  daily_plan (daily);
}

static void
test_daily (VclockTestFixture *fixture,
            gconstpointer      unused)
{
  VclockTestClocks *clocks = fixture->clocks;
  g_autoptr (GError) error = NULL;
  Daily daily = { 0 };

  daily_start (&daily, "Europe/Berlin");

  /* 2000-03-26: from two o'clock it goes on with three. That was the time. */
  vclock_test_clocks_advance_to_transition (clocks, daily.zone, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (daily.n_times, ==, 31 + 29 + 26);
  g_assert_cmpint (vclock_timer_get_remaining (daily.timer), ==, 24 * 3600);

  /* 2000-10-29: from three o'clock it goes on with two, and three is still to come. */
  vclock_test_clocks_advance_to_transition (clocks, daily.zone, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (vclock_timer_get_remaining (daily.timer), ==, 3600);

  vclock_timer_disarm (daily.timer);
  g_object_unref (daily.timer);
  g_time_zone_unref (daily.zone);
}

/* Code that is given a clock needs no fixture. */
static void
test_given_clock (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (VclockTimer) timer = vclock_timer_new (VCLOCK_CLOCK (clock));

  vclock_timer_arm_after (timer, HOUR);
  vclock_virtual_clock_advance (clock, HOUR);
  g_assert_false (vclock_clock_has_timers (VCLOCK_CLOCK (clock)));
}

#define ADD(path, func) \
  g_test_add (path, VclockTestFixture, NULL, \
              vclock_test_fixture_set_up, func, vclock_test_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/retry/backs-off", VclockTestFixture, NULL,
              vclock_test_fixture_set_up, test_retry, vclock_test_fixture_tear_down);
  ADD ("/retry/sleeps", test_retry_sleeps);
  ADD ("/retry/checks", test_retry_checks);
  ADD ("/retry/in-loop", test_retry_in_loop);
  ADD ("/retry/until-idle", test_retry_until_idle);
  ADD ("/daily", test_daily);
  g_test_add_func ("/given-clock", test_given_clock);
  return g_test_run ();
}
