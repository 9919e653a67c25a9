/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-case.h"

/* Test clocks of others that are moved by hand, verb by verb: fake-timers of sinon, and
 * GstTestClock. See test-other-test-clocks.c. */

/* tick (): through all that is due on the way, in order; also what is armed meanwhile. */
static void
test_sinon_tick (TestFixture   *fixture,
                 gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (1));

  vclock_timer_set_period (timer, SEC (1));
  vclock_virtual_clock_advance (fixture->self, MSEC (3500));
  test_assert_log (fixture->log, "1 2 3 ");
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, MSEC (3500));
  vclock_timer_disarm (timer);
}

/* tickAsync (): what timers set going happens in between. */
static void
test_sinon_tick_async (TestFixture   *fixture,
                       gconstpointer  unused)
{
  g_autoptr (VclockTimer) a = test_seconds_timer (fixture, SEC (1));
  g_autoptr (VclockTimer) b = test_seconds_timer (fixture, SEC (2));

  vclock_timer_set_callback (a, test_attach_idle_cb, fixture, NULL);
  vclock_virtual_clock_advance_async (fixture->self, SEC (3), NULL, test_log_ended_cb,
                                      fixture->log);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "idle 1 2 3 ");
}

/* next (): all that is due at the next deadline, or with a limit one timer. */
static void
test_sinon_next (TestFixture   *fixture,
                 gconstpointer  unused)
{
  g_autoptr (VclockTimer) a = test_seconds_timer (fixture, SEC (1));
  g_autoptr (VclockTimer) b = test_seconds_timer (fixture, SEC (1));
  g_autoptr (VclockTimer) c = test_seconds_timer (fixture, SEC (9));

  g_assert_true (vclock_virtual_clock_step (fixture->self));
  test_assert_log (fixture->log, "1 1 ");

  vclock_timer_arm (a, SEC (2));
  vclock_timer_arm (b, SEC (2));
  g_assert_false (vclock_virtual_clock_run_until_idle (fixture->self, 1, NULL));
  test_assert_log (fixture->log, "2 ");
  g_assert_true (vclock_timer_is_armed (b));
  g_assert_true (vclock_virtual_clock_step (fixture->self));
  g_assert_true (vclock_virtual_clock_step (fixture->self));
  test_assert_log (fixture->log, "2 9 ");
  g_assert_false (vclock_virtual_clock_step (fixture->self));
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (9));
}

/* nextAsync (). */
static void
test_sinon_next_async (TestFixture   *fixture,
                       gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (1));

  vclock_timer_set_callback (timer, test_attach_idle_cb, fixture, NULL);
  vclock_virtual_clock_step_async (fixture->self, NULL, test_log_ended_cb, fixture->log);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "idle 1 1 ");
}

/* runAll () and loopLimit. */
static void
test_sinon_run_all (TestFixture   *fixture,
                    gconstpointer  unused)
{
  g_autoptr (VclockTimer) a = test_seconds_timer (fixture, SEC (2));
  g_autoptr (VclockTimer) b = test_seconds_timer (fixture, SEC (1));
  g_autoptr (GError) error = NULL;

  g_assert_true (vclock_virtual_clock_run_until_idle (fixture->self, 1000, &error));
  test_assert_log (fixture->log, "1 2 ");
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (2));

  vclock_timer_set_period (a, SEC (1));
  vclock_timer_arm_after (a, SEC (1));
  g_assert_false (vclock_virtual_clock_run_until_idle (fixture->self, 1000, &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LIMIT);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (1002));
  vclock_timer_disarm (a);
}

/* runAllAsync (). */
static void
test_sinon_run_all_async (TestFixture   *fixture,
                          gconstpointer  unused)
{
  g_autoptr (VclockTimer) a = test_seconds_timer (fixture, SEC (1));
  g_autoptr (VclockTimer) b = test_seconds_timer (fixture, SEC (2));

  vclock_timer_set_callback (a, test_attach_idle_cb, fixture, NULL);
  vclock_virtual_clock_run_until_idle_async (fixture->self, 1000, NULL, test_log_ended_cb,
                                             fixture->log);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "idle 1 2 2 ");
}

/* runToLast (): the test knows the timer that it waits for. */
static void
test_sinon_run_to_last (TestFixture   *fixture,
                        gconstpointer  unused)
{
  g_autoptr (VclockTimer) last = test_seconds_timer (fixture, SEC (3));
  g_autoptr (VclockTimer) again = test_seconds_timer (fixture, SEC (2));

  vclock_timer_set_period (again, SEC (2));
  vclock_virtual_clock_advance (fixture->self, vclock_timer_get_remaining (last));
  test_assert_log (fixture->log, "2 3 ");
  g_assert_true (vclock_timer_disarm (again));
}

/* runMicrotasks (): what is ready, and no time. */
static void
test_sinon_run_microtasks (TestFixture   *fixture,
                           gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, 1);

  test_attach_idle (fixture);
  while (g_main_context_iteration (fixture->context, FALSE))
    ;
  test_assert_log (fixture->log, "idle 0 ");
  g_assert_true (vclock_timer_disarm (timer));
}

/* jump (): each timer at most once. */
static void
test_sinon_jump (TestFixture   *fixture,
                 gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (10));

  vclock_timer_set_period (timer, SEC (10));
  vclock_virtual_clock_jump (fixture->self, SEC (35));
  test_assert_log (fixture->log, "35 ");
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, SEC (40));
  vclock_timer_disarm (timer);
}

/* reset (): a clock takes no timers away; their owners disarm them. */
static void
test_sinon_reset (TestFixture   *fixture,
                  gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (10));

  vclock_virtual_clock_advance (fixture->self, SEC (5));
  g_assert_true (vclock_timer_disarm (timer));
  vclock_virtual_clock_jump (fixture->self, 0);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 0);
  g_assert_false (vclock_clock_has_timers (fixture->clock));
}

/* shouldAdvanceTime: the clock follows another one, and can be moved besides. */
static void
test_sinon_should_advance_time (TestFixture   *fixture,
                                gconstpointer  unused)
{
  VclockVirtualClock *host = vclock_virtual_clock_new ();
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (8));

  vclock_virtual_clock_set_parent (fixture->self, VCLOCK_CLOCK (host));
  vclock_virtual_clock_advance (host, SEC (2));
  vclock_virtual_clock_advance (fixture->self, SEC (5));
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (7));
  vclock_virtual_clock_advance (host, SEC (2));
  test_assert_log (fixture->log, "8 ");
  vclock_virtual_clock_set_parent (fixture->self, NULL);
  g_assert_finalize_object (host);
}

/* setTickMode ({mode: 'nextAsync'}): the clock warps. */
static void
test_sinon_set_tick_mode (TestFixture   *fixture,
                          gconstpointer  unused)
{
  g_autoptr (VclockTimer) a = test_seconds_timer (fixture, SEC (1));
  g_autoptr (VclockTimer) b = test_seconds_timer (fixture, SEC (1000));

  vclock_timer_set_callback (a, test_attach_idle_cb, fixture, NULL);
  test_fixture_warp (fixture);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "idle 1 1000 ");
}

/* gst_test_clock_new_with_start_time (): it goes there, with nothing armed. */
static void
test_gst_start_time (TestFixture   *fixture,
                     gconstpointer  unused)
{
  vclock_virtual_clock_advance (fixture->self, SEC (42));
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (42));
  g_assert_cmpuint (vclock_clock_get_n_resets (fixture->clock), ==, 0);
}

/* gst_test_clock_set_time (): what is due is called, unless the clock is disabled. */
static void
test_gst_set_time (TestFixture   *fixture,
                   gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (5));

  vclock_clock_set_enabled (fixture->clock, FALSE);
  vclock_virtual_clock_jump (fixture->self, SEC (7));
  test_assert_log (fixture->log, "");
  vclock_clock_set_enabled (fixture->clock, TRUE);
  vclock_virtual_clock_jump (fixture->self, SEC (8));
  test_assert_log (fixture->log, "8 ");
  vclock_virtual_clock_jump (fixture->self, SEC (1));
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (1));
}

/* gst_test_clock_advance_time (). */
static void
test_gst_advance_time (TestFixture   *fixture,
                       gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (5));

  vclock_virtual_clock_advance (fixture->self, SEC (4));
  vclock_virtual_clock_advance (fixture->self, 0);
  test_assert_log (fixture->log, "");
  vclock_virtual_clock_advance (fixture->self, SEC (4));
  test_assert_log (fixture->log, "5 ");
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (8));
}

/* gst_test_clock_has_id (). */
static void
test_gst_has_id (TestFixture   *fixture,
                 gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);

  g_assert_false (vclock_timer_is_armed (timer));
  vclock_timer_arm (timer, SEC (5));
  g_assert_true (vclock_timer_is_armed (timer));
  g_assert_true (vclock_timer_get_clock (timer) == fixture->clock);
  vclock_virtual_clock_advance (fixture->self, SEC (5));
  g_assert_false (vclock_timer_is_armed (timer));
}

/* gst_test_clock_peek_next_pending_id (): whether there is one, and whether it is this one. */
static void
test_gst_peek_next_pending_id (TestFixture   *fixture,
                               gconstpointer  unused)
{
  g_autoptr (VclockTimer) first = test_seconds_timer (fixture, SEC (5));
  g_autoptr (VclockTimer) second = test_seconds_timer (fixture, SEC (6));
  VclockTime deadline = vclock_clock_get_deadline (fixture->clock, 0);

  g_assert_true (vclock_clock_has_timers (fixture->clock));
  g_assert_cmpint (vclock_timer_get_deadline (first), ==, deadline);
  g_assert_cmpint (vclock_timer_get_deadline (second), >, deadline);
  vclock_timer_disarm (first);
  vclock_timer_disarm (second);
  g_assert_false (vclock_clock_has_timers (fixture->clock));
}

/* gst_test_clock_get_next_entry_time (). */
static void
test_gst_get_next_entry_time (TestFixture   *fixture,
                              gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (5));

  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, 0), ==, SEC (5));
  vclock_timer_disarm (timer);
  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, 0), ==, VCLOCK_TIME_NEVER);
}

/* A thread that waits for 5 seconds. */
static gpointer
wait_thread (gpointer clock)
{
  return GINT_TO_POINTER (vclock_clock_wait_until (clock, SEC (5), NULL, NULL));
}

/* gst_test_clock_wait_for_next_pending_id (): until another thread waits. */
static void
test_gst_wait_for_next_pending_id (TestFixture   *fixture,
                                   gconstpointer  unused)
{
  GThread *thread = g_thread_new ("wait", wait_thread, fixture->clock);

  while (!vclock_clock_has_timers (fixture->clock))
    g_thread_yield ();
  vclock_virtual_clock_advance (fixture->self, SEC (5));
  g_assert_true (GPOINTER_TO_INT (g_thread_join (thread)));

  /* A clock that warps needs neither. */
  vclock_virtual_clock_jump (fixture->self, 0);
  test_fixture_warp (fixture);
  thread = g_thread_new ("wait", wait_thread, fixture->clock);
  g_assert_true (GPOINTER_TO_INT (g_thread_join (thread)));
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (5));
}

/* gst_test_clock_process_next_clock_id (): time stays; all that is due is called. */
static void
test_gst_process_next_clock_id (TestFixture   *fixture,
                                gconstpointer  unused)
{
  g_autoptr (VclockTimer) a = test_seconds_timer (fixture, SEC (5));
  g_autoptr (VclockTimer) b = test_seconds_timer (fixture, SEC (6));
  g_autoptr (VclockTimer) c = test_seconds_timer (fixture, SEC (9));

  g_assert_cmpuint (vclock_clock_run_timers (fixture->clock), ==, 0);
  vclock_clock_set_enabled (fixture->clock, FALSE);
  vclock_virtual_clock_advance (fixture->self, SEC (7));
  vclock_clock_set_enabled (fixture->clock, TRUE);
  g_assert_cmpuint (vclock_clock_run_timers (fixture->clock), ==, 2);
  test_assert_log (fixture->log, "7 7 ");
  vclock_timer_disarm (c);
}

/* gst_test_clock_crank (): to the next deadline; nothing to go to is no wait. */
static void
test_gst_crank (TestFixture   *fixture,
                gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (5));

  g_assert_true (vclock_virtual_clock_step (fixture->self));
  test_assert_log (fixture->log, "5 ");
  vclock_timer_arm (timer, SEC (1));
  g_assert_true (vclock_virtual_clock_step (fixture->self));
  test_assert_log (fixture->log, "5 ");
  g_assert_false (vclock_virtual_clock_step (fixture->self));
}

/* gst_clock_id_wait (): what has passed does not wait; cancelling is unscheduling. */
static void
test_gst_clock_id_wait (TestFixture   *fixture,
                        gconstpointer  unused)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  vclock_virtual_clock_advance (fixture->self, SEC (5));
  g_assert_true (vclock_clock_wait_until (fixture->clock, SEC (5), cancellable, &error));
  g_assert_no_error (error);
  g_cancellable_cancel (cancellable);
  g_assert_false (vclock_clock_wait_until (fixture->clock, SEC (6), cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
log_lateness_cb (VclockTimer *timer,
                 guint64      overruns,
                 gpointer     log)
{
  g_string_append_printf (log, "late by %d ", (int) (vclock_timer_get_lateness (timer) / SEC (1)));
}

/* gst_clock_id_wait_async (), and the jitter. */
static void
test_gst_clock_id_wait_async (TestFixture   *fixture,
                              gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (5));

  vclock_timer_set_callback (timer, log_lateness_cb, fixture->log, NULL);
  vclock_virtual_clock_jump (fixture->self, SEC (7));
  test_assert_log (fixture->log, "late by 2 ");
}

/* gst_clock_id_unschedule (). */
static void
test_gst_clock_id_unschedule (TestFixture   *fixture,
                              gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (5));

  g_assert_true (vclock_timer_disarm (timer));
  g_assert_false (vclock_timer_disarm (timer));
  vclock_virtual_clock_advance (fixture->self, SEC (9));
  test_assert_log (fixture->log, "");
}

/* gst_clock_new_periodic_id (): a start and a period. */
static void
test_gst_clock_new_periodic_id (TestFixture   *fixture,
                                gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (3));

  vclock_timer_set_period (timer, SEC (10));
  vclock_virtual_clock_advance (fixture->self, SEC (25));
  test_assert_log (fixture->log, "3 13 23 ");
  vclock_timer_disarm (timer);
}

static const TestCase cases[] = {
  { "/sinon/tick", test_sinon_tick },
  { "/sinon/tick-async", test_sinon_tick_async },
  { "/sinon/next", test_sinon_next },
  { "/sinon/next-async", test_sinon_next_async },
  { "/sinon/run-all", test_sinon_run_all },
  { "/sinon/run-all-async", test_sinon_run_all_async },
  { "/sinon/run-to-last", test_sinon_run_to_last },
  { "/sinon/run-microtasks", test_sinon_run_microtasks },
  { "/sinon/jump", test_sinon_jump },
  { "/sinon/reset", test_sinon_reset },
  { "/sinon/should-advance-time", test_sinon_should_advance_time },
  { "/sinon/set-tick-mode", test_sinon_set_tick_mode },
  { "/gst-test-clock/new-with-start-time", test_gst_start_time },
  { "/gst-test-clock/set-time", test_gst_set_time },
  { "/gst-test-clock/advance-time", test_gst_advance_time },
  { "/gst-test-clock/has-id", test_gst_has_id },
  { "/gst-test-clock/peek-next-pending-id", test_gst_peek_next_pending_id },
  { "/gst-test-clock/get-next-entry-time", test_gst_get_next_entry_time },
  { "/gst-test-clock/wait-for-next-pending-id", test_gst_wait_for_next_pending_id },
  { "/gst-test-clock/process-next-clock-id", test_gst_process_next_clock_id },
  { "/gst-test-clock/crank", test_gst_crank },
  { "/gst-test-clock/clock-id-wait", test_gst_clock_id_wait },
  { "/gst-test-clock/clock-id-wait-async", test_gst_clock_id_wait_async },
  { "/gst-test-clock/clock-id-unschedule", test_gst_clock_id_unschedule },
  { "/gst-test-clock/clock-new-periodic-id", test_gst_clock_new_periodic_id },
};

int
main (int   argc,
      char *argv[])
{
  return test_run_cases (argc, argv, cases, G_N_ELEMENTS (cases));
}
