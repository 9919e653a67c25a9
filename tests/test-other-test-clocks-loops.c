/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-case.h"
#include "test-host.h"

#include <string.h>

/* Test clocks of other main loops, verb by verb: trio and Chromium; see
 * test-other-test-clocks.c. */

/* MockClock (): it begins at 0, and stands. */
static void
test_trio_mock_clock (TestFixture   *fixture,
                      gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, 1);

  test_iterate (fixture->context);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 0);
  test_assert_log (fixture->log, "");
  vclock_timer_disarm (timer);
}

/* MockClock.rate: so many seconds for one of the parent; also none. */
static void
test_trio_rate (TestFixture   *fixture,
                gconstpointer  unused)
{
  VclockVirtualClock *clock = vclock_virtual_clock_new_with_parent (fixture->clock);

  vclock_virtual_clock_set_rate (clock, 10, 1);
  vclock_virtual_clock_advance (fixture->self, SEC (1));
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, SEC (10));
  vclock_virtual_clock_set_rate (clock, 0, 1);
  vclock_virtual_clock_advance (fixture->self, SEC (1));
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, SEC (10));
  g_assert_finalize_object (clock);
}

/* MockClock.autojump_threshold: for so long in real time all must have been blocked. */
static void
test_trio_autojump_threshold (TestFixture   *fixture,
                              gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (60));

  test_host_begin ();
  test_fixture_warp (fixture);
  vclock_virtual_clock_set_warp_threshold (fixture->self, MSEC (10));
  test_iterate (fixture->context);
  test_host_pass (MSEC (10) - 1);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");
  test_host_pass (1);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "60 ");
  test_host_end ();
}

/* MockClock.jump (): by a span there, to a time here, and backwards too. */
static void
test_trio_jump (TestFixture   *fixture,
                gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (1));

  vclock_virtual_clock_jump (fixture->self, vclock_clock_get_time (fixture->clock) + SEC (5));
  test_assert_log (fixture->log, "5 ");
  vclock_virtual_clock_jump (fixture->self, 0);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 0);
}

/* wait_all_tasks_blocked (): nothing is ready any more; the clock has not moved. */
static void
test_trio_wait_all_tasks_blocked (TestFixture   *fixture,
                                  gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (1));

  test_fixture_warp (fixture);
  test_attach_idle (fixture);
  vclock_clock_sleep_async (fixture->clock, 0, NULL, test_log_ended_cb, fixture->log);
  vclock_virtual_clock_advance_settled (fixture->self, 0);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 0);
  test_assert_log (fixture->log, "0 idle 0 ");
  vclock_timer_disarm (timer);
}

/* trio.sleep (), in a task and in a thread that blocks. */
static void
test_trio_sleep (TestFixture   *fixture,
                 gconstpointer  unused)
{
  vclock_clock_sleep_async (fixture->clock, SEC (1), NULL, test_log_ended_cb, fixture->log);
  test_fixture_warp (fixture);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "1 ");
}

/* trio.sleep_until (). */
static void
test_trio_sleep_until (TestFixture   *fixture,
                       gconstpointer  unused)
{
  vclock_virtual_clock_jump (fixture->self, SEC (5));
  vclock_clock_sleep_until_async (fixture->clock, SEC (7), NULL, test_log_ended_cb, fixture->log);
  test_fixture_warp (fixture);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "7 ");
}

/* trio.current_time (): in nanoseconds instead of seconds. */
static void
test_trio_current_time (TestFixture   *fixture,
                        gconstpointer  unused)
{
  vclock_virtual_clock_advance (fixture->self, MSEC (1500));
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 1500000000);
}

/* TimeSource::MOCK_TIME: Run () goes from task to task. */
static void
test_mock_time_run (TestFixture   *fixture,
                    gconstpointer  unused)
{
  g_autoptr (VclockTimer) a = test_seconds_timer (fixture, SEC (60));
  g_autoptr (VclockTimer) b = test_seconds_timer (fixture, SEC (3600));

  test_fixture_warp (fixture);
  test_wait_until (fixture->context, !vclock_timer_is_armed (b));
  test_assert_log (fixture->log, "60 3600 ");
}

static void
advance_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     fixture)
{
  vclock_virtual_clock_advance (((TestFixture *) fixture)->self, SEC (3));
}

/* FastForwardBy (): what tasks post runs before time goes on; a move inside of it counts. */
static void
test_mock_time_fast_forward_by (TestFixture   *fixture,
                                gconstpointer  unused)
{
  g_autoptr (VclockTimer) a = test_seconds_timer (fixture, SEC (1));
  g_autoptr (VclockTimer) b = test_seconds_timer (fixture, SEC (2));

  vclock_timer_set_callback (a, test_attach_idle_cb, fixture, NULL);
  test_attach_idle (fixture);
  vclock_virtual_clock_advance_settled (fixture->self, SEC (5));
  test_assert_log (fixture->log, "idle 0 idle 1 2 ");
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (5));

  vclock_timer_set_callback (a, advance_cb, fixture, NULL);
  vclock_timer_arm_after (a, SEC (1));
  vclock_virtual_clock_advance_settled (fixture->self, SEC (5));
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (10));
}

/* FastForwardUntilNoTasksRemain (): with a limit, so that a repeating timer is an error. */
static void
test_mock_time_until_no_tasks_remain (TestFixture   *fixture,
                                      gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (1));
  g_autoptr (VclockTimer) last = test_seconds_timer (fixture, SEC (9));
  g_autoptr (GError) error = NULL;

  vclock_timer_set_callback (timer, test_attach_idle_cb, fixture, NULL);
  g_assert_true (vclock_virtual_clock_run_until_idle_settled (fixture->self, 100, &error));
  g_assert_no_error (error);
  test_assert_log (fixture->log, "idle 1 9 ");

  vclock_timer_set_period (timer, SEC (1));
  vclock_timer_arm_after (timer, SEC (1));
  g_assert_false (vclock_virtual_clock_run_until_idle_settled (fixture->self, 100, &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LIMIT);
  vclock_timer_disarm (timer);
}

/* RunUntilIdle (): what can run now. */
static void
test_mock_time_run_until_idle (TestFixture   *fixture,
                               gconstpointer  unused)
{
  g_autoptr (VclockTimer) due = test_seconds_timer (fixture, 0);
  g_autoptr (VclockTimer) delayed = test_seconds_timer (fixture, 1);

  test_attach_idle (fixture);
  vclock_virtual_clock_advance_settled (fixture->self, 0);
  test_assert_log (fixture->log, "0 idle 0 ");
  g_assert_true (vclock_timer_disarm (delayed));
}

/* AdvanceClock (): time passes, and nothing is called until the main loop runs. */
static void
test_mock_time_advance_clock (TestFixture   *fixture,
                              gconstpointer  unused)
{
  g_autoptr (VclockTimer) a = test_seconds_timer (fixture, SEC (1));
  g_autoptr (VclockTimer) b = test_seconds_timer (fixture, SEC (2));

  vclock_clock_set_enabled (fixture->clock, FALSE);
  vclock_virtual_clock_advance (fixture->self, SEC (5));
  vclock_clock_set_enabled (fixture->clock, TRUE);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (5));
  test_assert_log (fixture->log, "");
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "5 5 ");
}

/* NextMainThreadPendingTaskDelay (): a time, of which one makes a span. */
static void
test_mock_time_next_delay (TestFixture   *fixture,
                           gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (9));

  vclock_virtual_clock_advance (fixture->self, SEC (2));
  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, 0) -
                   vclock_clock_get_time (fixture->clock), ==, SEC (7));
  g_assert_cmpint (vclock_timer_get_remaining (timer), ==, SEC (7));
  vclock_timer_disarm (timer);
  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, 0), ==, VCLOCK_TIME_NEVER);
}

/* NextTaskIsDelayed (): there is one, and it is not due. */
static void
test_mock_time_next_is_delayed (TestFixture   *fixture,
                                gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (1));

  g_assert_true (vclock_clock_has_timers (fixture->clock));
  g_assert_false (vclock_clock_has_expired (fixture->clock));
  vclock_timer_arm (timer, 0);
  g_assert_true (vclock_clock_has_expired (fixture->clock));
  vclock_timer_disarm (timer);
  g_assert_false (vclock_clock_has_timers (fixture->clock));
}

/* DescribeCurrentTasks (): the text of an error. */
static void
test_mock_time_describe (TestFixture   *fixture,
                         gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (7));
  g_autoptr (GError) error = NULL;

  vclock_timer_set_name (timer, "reconnect");
  vclock_clock_check_disarmed (fixture->clock, &error);
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LEFTOVERS);
  g_assert_nonnull (strstr (error->message, "reconnect"));
  g_assert_nonnull (strstr (error->message, "7 s"));
  vclock_timer_disarm (timer);
}

/* NowTicks () and GetMockTickClock (): the clock itself, which begins at 0. */
static void
test_mock_time_now_ticks (TestFixture   *fixture,
                          gconstpointer  unused)
{
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 0);
  vclock_virtual_clock_advance_settled (fixture->self, SEC (5));
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (5));
}

static const TestCase cases[] = {
  { "/trio/mock-clock", test_trio_mock_clock },
  { "/trio/rate", test_trio_rate },
  { "/trio/autojump-threshold", test_trio_autojump_threshold },
  { "/trio/jump", test_trio_jump },
  { "/trio/wait-all-tasks-blocked", test_trio_wait_all_tasks_blocked },
  { "/trio/sleep", test_trio_sleep },
  { "/trio/sleep-until", test_trio_sleep_until },
  { "/trio/current-time", test_trio_current_time },
  { "/mock-time/run", test_mock_time_run },
  { "/mock-time/fast-forward-by", test_mock_time_fast_forward_by },
  { "/mock-time/fast-forward-until-no-tasks-remain", test_mock_time_until_no_tasks_remain },
  { "/mock-time/run-until-idle", test_mock_time_run_until_idle },
  { "/mock-time/advance-clock", test_mock_time_advance_clock },
  { "/mock-time/next-pending-task-delay", test_mock_time_next_delay },
  { "/mock-time/next-task-is-delayed", test_mock_time_next_is_delayed },
  { "/mock-time/describe-current-tasks", test_mock_time_describe },
  { "/mock-time/now-ticks", test_mock_time_now_ticks },
};

int
main (int   argc,
      char *argv[])
{
  return test_run_cases (argc, argv, cases, G_N_ELEMENTS (cases));
}
