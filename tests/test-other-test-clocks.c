/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-case.h"

#include <string.h>

/* Test clocks of others, verb by verb: tokio and Go. The manual's page "Coming from other test
 * clocks" names these tests in its tables. test-other-test-clocks-loops.c has the test clocks of
 * other main loops, trio's and Chromium's; test-other-test-clocks-moved.c has those that are moved
 * by hand, of fake-timers and GStreamer; test-other-test-clocks-defaults.c has what stands in for
 * the clocks of the host. */

/* A thread that sleeps on the clock for an hour. */
static gpointer
sleep_thread (gpointer clock)
{
  return GINT_TO_POINTER (vclock_clock_wait_until (clock, SEC (3600), NULL, NULL));
}

/* time::pause (): the value stands; nothing warps. */
static void
test_tokio_pause (TestFixture   *fixture,
                  gconstpointer  unused)
{
  VclockVirtualClock *clock = vclock_virtual_clock_new_with_parent (fixture->clock);
  VclockTimer *timer = vclock_timer_new (VCLOCK_CLOCK (clock));

  vclock_timer_arm (timer, SEC (5));
  vclock_virtual_clock_advance (fixture->self, SEC (1));
  vclock_virtual_clock_pause (clock);
  vclock_virtual_clock_pause (clock);
  vclock_virtual_clock_set_warp_mode (clock, VCLOCK_WARP_MODE_JUMP);
  vclock_virtual_clock_advance (fixture->self, SEC (10));
  test_iterate (fixture->context);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, SEC (1));
  g_assert_true (vclock_timer_disarm (timer));
  g_assert_finalize_object (timer);
  g_assert_finalize_object (clock);
}

/* time::resume (): time goes on from where it stood. */
static void
test_tokio_resume (TestFixture   *fixture,
                   gconstpointer  unused)
{
  VclockVirtualClock *clock = vclock_virtual_clock_new_with_parent (fixture->clock);

  vclock_virtual_clock_pause (clock);
  vclock_virtual_clock_advance (fixture->self, SEC (10));
  vclock_virtual_clock_resume (clock);
  vclock_virtual_clock_resume (clock);
  vclock_virtual_clock_advance (fixture->self, SEC (1));
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, SEC (1));
  g_assert_finalize_object (clock);
}

/* start_paused = true: the clock moves only, and by itself, when nothing is left to run. */
static void
test_tokio_start_paused (TestFixture   *fixture,
                         gconstpointer  unused)
{
  test_fixture_warp (fixture);
  test_attach_idle (fixture);
  vclock_clock_sleep_async (fixture->clock, SEC (3600), NULL, test_log_ended_cb, fixture->log);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "idle 0 3600 ");
}

/* time::advance (), where all sleepers see their own time. */
static void
test_tokio_advance (TestFixture   *fixture,
                    gconstpointer  unused)
{
  g_autoptr (VclockTimer) a = test_seconds_timer (fixture, SEC (2));
  g_autoptr (VclockTimer) b = test_seconds_timer (fixture, SEC (1));

  vclock_virtual_clock_advance (fixture->self, SEC (3));
  test_assert_log (fixture->log, "1 2 ");
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (3));
}

/* time::advance () as it is in tokio: all see the end, here in order. */
static void
test_tokio_advance_at_once (TestFixture   *fixture,
                            gconstpointer  unused)
{
  g_autoptr (VclockTimer) a = test_timer_new (fixture->clock, "a", fixture->log);
  g_autoptr (VclockTimer) b = test_seconds_timer (fixture, SEC (1));
  g_autoptr (VclockTimer) c = test_seconds_timer (fixture, SEC (2));

  vclock_timer_arm (a, SEC (2));
  vclock_virtual_clock_jump (fixture->self, vclock_clock_get_time (fixture->clock) + SEC (3));
  test_assert_log (fixture->log, "3 3 a");
}

/* time::sleep (): its callback comes from the main loop, so the clock has to settle. */
static void
test_tokio_sleep (TestFixture   *fixture,
                  gconstpointer  unused)
{
  vclock_clock_sleep_async (fixture->clock, SEC (2), NULL, test_log_ended_cb, fixture->log);
  vclock_clock_sleep_async (fixture->clock, SEC (1), NULL, test_log_ended_cb, fixture->log);
  vclock_virtual_clock_advance_settled (fixture->self, SEC (3));
  test_assert_log (fixture->log, "1 2 ");

  /* Without that, the callback is late. */
  vclock_clock_sleep_async (fixture->clock, SEC (1), NULL, test_log_ended_cb, fixture->log);
  vclock_virtual_clock_advance (fixture->self, SEC (3));
  test_assert_log (fixture->log, "");
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "6 ");
}

/* time::sleep_until (): a deadline that has passed is just due. */
static void
test_tokio_sleep_until (TestFixture   *fixture,
                        gconstpointer  unused)
{
  vclock_clock_sleep_until_async (fixture->clock, -1, NULL, test_log_ended_cb, fixture->log);
  vclock_clock_sleep_until_async (fixture->clock, SEC (7), NULL, test_log_ended_cb, fixture->log);
  test_assert_log (fixture->log, "");
  vclock_virtual_clock_advance_settled (fixture->self, SEC (10));
  test_assert_log (fixture->log, "0 7 ");
}

/* time::interval (): the first tick is now. */
static void
test_tokio_interval (TestFixture   *fixture,
                     gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, 0);

  vclock_timer_set_period (timer, SEC (10));
  vclock_virtual_clock_advance (fixture->self, SEC (25));
  test_assert_log (fixture->log, "0 10 20 ");
  vclock_timer_disarm (timer);
}

/* Lets three and a half periods pass at once, and the rest of four. */
static void
miss_ticks (TestFixture         *fixture,
            VclockOverrunPolicy  policy,
            const char          *expected,
            VclockTime           next)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (10));

  vclock_timer_set_period (timer, SEC (10));
  vclock_timer_set_overrun_policy (timer, policy);
  vclock_virtual_clock_jump (fixture->self, SEC (35));
  vclock_virtual_clock_advance (fixture->self, 0);
  test_assert_log (fixture->log, expected);
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, next);
  vclock_timer_disarm (timer);
}

/* MissedTickBehavior::Burst: once for each. */
static void
test_tokio_burst (TestFixture   *fixture,
                  gconstpointer  unused)
{
  miss_ticks (fixture, VCLOCK_OVERRUN_POLICY_BURST, "35 35 35 ", SEC (40));
}

/* MissedTickBehavior::Delay: once, and a period from then. */
static void
test_tokio_delay (TestFixture   *fixture,
                  gconstpointer  unused)
{
  miss_ticks (fixture, VCLOCK_OVERRUN_POLICY_DELAY, "35 ", SEC (45));
}

/* MissedTickBehavior::Skip: once, and then where it would have been. */
static void
test_tokio_skip (TestFixture   *fixture,
                 gconstpointer  unused)
{
  miss_ticks (fixture, VCLOCK_OVERRUN_POLICY_SKIP, "35 ", SEC (40));
}

static void
cancel_cb (VclockTimer *timer,
           guint64      overruns,
           gpointer     cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* time::timeout (): a timer cancels what takes too long, and is disarmed by what does not. */
static void
test_tokio_timeout (TestFixture   *fixture,
                    gconstpointer  unused)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);

  vclock_timer_set_callback (timer, cancel_cb, cancellable, NULL);
  vclock_timer_arm_after (timer, SEC (5));
  vclock_clock_sleep_async (fixture->clock, SEC (1), cancellable, test_log_ended_cb, fixture->log);
  vclock_virtual_clock_advance_settled (fixture->self, SEC (1));
  g_assert_true (vclock_timer_disarm (timer));
  test_assert_log (fixture->log, "1 ");

  vclock_timer_arm_after (timer, SEC (5));
  vclock_clock_sleep_async (fixture->clock, SEC (60), cancellable, test_log_ended_cb, fixture->log);
  vclock_virtual_clock_advance_settled (fixture->self, SEC (60));
  test_assert_log (fixture->log, "cancelled 6 ");
  g_assert_false (vclock_timer_disarm (timer));
}

/* Instant::now (): the test's time; that of the host goes its own way. */
static void
test_tokio_now (TestFixture   *fixture,
                gconstpointer  unused)
{
  const VclockTime start = vclock_clock_get_time (fixture->clock);
  const gint64 host_start = g_get_monotonic_time ();

  while (g_get_monotonic_time () == host_start)
    ;
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, start);
  vclock_virtual_clock_advance (fixture->self, SEC (5));
  g_assert_cmpint (vclock_clock_get_time (fixture->clock) - start, ==, SEC (5));
}

static void
work_thread (GTask        *task,
             gpointer      unused,
             gpointer      queue,
             GCancellable *cancellable)
{
  g_async_queue_pop (queue);
  g_task_return_boolean (task, TRUE);
}

static void
worked_cb (GObject      *unused,
           GAsyncResult *result,
           gpointer      log)
{
  g_string_append (log, "worked ");
}

/* task::spawn_blocking (): an inhibitor that is tied to the task holds the clock meanwhile. */
static void
test_tokio_spawn_blocking (TestFixture   *fixture,
                           gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (10));
  g_autoptr (GAsyncQueue) queue = g_async_queue_new ();
  GTask *task = g_task_new (NULL, NULL, worked_cb, fixture->log);
  VclockInhibitor *inhibitor = vclock_virtual_clock_inhibit (fixture->self, "work in a thread");

  test_fixture_warp (fixture);
  vclock_inhibitor_tie_to_task (inhibitor, task);
  g_object_unref (inhibitor);
  g_task_set_task_data (task, queue, NULL);
  g_task_run_in_thread (task, work_thread);
  g_object_unref (task);

  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");
  g_async_queue_push (queue, queue);
  test_wait_until (fixture->context, !vclock_timer_is_armed (timer));
  test_assert_log (fixture->log, "worked 10 ");
}

/* No auto-advance for a while, tokio#4522. */
static void
test_tokio_inhibit (TestFixture   *fixture,
                    gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (10));
  g_autoptr (VclockInhibitor) inhibitor = vclock_virtual_clock_inhibit (fixture->self, NULL);

  test_fixture_warp (fixture);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");
  vclock_inhibitor_release (inhibitor);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "10 ");
}

/* synctest.Test (): time begins where the test says, and goes on when all are blocked. */
static void
test_synctest_test (TestFixture   *fixture,
                    gconstpointer  unused)
{
  const VclockTime start = SEC (G_GINT64_CONSTANT (946684800)); /* 2000-01-01 00:00 UTC */

  vclock_virtual_clock_jump (fixture->self, start);
  test_fixture_warp (fixture);
  vclock_clock_sleep_async (fixture->clock, SEC (2), NULL, test_log_ended_cb, fixture->log);
  vclock_clock_sleep_async (fixture->clock, SEC (1), NULL, test_log_ended_cb, fixture->log);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "946684801 946684802 ");
}

/* synctest.Wait (): all else has happened, and no time has passed. */
static void
test_synctest_wait (TestFixture   *fixture,
                    gconstpointer  unused)
{
  g_autoptr (VclockTimer) due = test_seconds_timer (fixture, 0);
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (1));

  test_fixture_warp (fixture);
  vclock_timer_set_callback (due, test_attach_idle_cb, fixture, NULL);
  vclock_virtual_clock_advance_settled (fixture->self, 0);
  test_assert_log (fixture->log, "idle 0 ");
  vclock_timer_disarm (timer);
}

/* synctest.Sleep (): afterwards all has happened that was to happen by then. */
static void
test_synctest_sleep (TestFixture   *fixture,
                     gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (5));

  vclock_timer_set_callback (timer, test_attach_idle_cb, fixture, NULL);
  vclock_virtual_clock_advance_settled (fixture->self, SEC (5));
  test_assert_log (fixture->log, "idle 5 ");
}

/* time.Sleep () in a goroutine: a thread that waits, and that the clock knows of. */
static void
test_synctest_time_sleep (TestFixture   *fixture,
                          gconstpointer  unused)
{
  GThread *thread;

  test_fixture_warp (fixture);
  thread = g_thread_new ("sleep", sleep_thread, fixture->clock);
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), ==, TRUE);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (3600));
}

/* time.AfterFunc (), Timer.Reset () and Timer.Stop (), which tells whether it was in time. */
static void
test_synctest_after (TestFixture   *fixture,
                     gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, VCLOCK_TIME_NEVER);

  vclock_timer_arm_after (timer, SEC (1));
  vclock_timer_arm_after (timer, SEC (2));
  vclock_virtual_clock_advance (fixture->self, SEC (5));
  test_assert_log (fixture->log, "2 ");
  g_assert_false (vclock_timer_disarm (timer));
  vclock_timer_arm_after (timer, SEC (1));
  g_assert_true (vclock_timer_disarm (timer));
  vclock_virtual_clock_advance (fixture->self, SEC (5));
  test_assert_log (fixture->log, "");
}

static void
log_overruns_cb (VclockTimer *timer,
                 guint64      overruns,
                 gpointer     log)
{
  g_string_append_printf (log, "%u ", (guint) overruns);
}

/* time.NewTicker (): who is slow gets one tick for many, here with their number. */
static void
test_synctest_ticker (TestFixture   *fixture,
                      gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);

  vclock_timer_set_callback (timer, log_overruns_cb, fixture->log, NULL);
  vclock_timer_set_period (timer, SEC (10));
  vclock_timer_arm_after (timer, SEC (10));
  vclock_virtual_clock_advance (fixture->self, SEC (9));
  test_assert_log (fixture->log, "");
  vclock_virtual_clock_advance (fixture->self, SEC (1));
  vclock_virtual_clock_jump (fixture->self, SEC (45));
  test_assert_log (fixture->log, "0 2 ");
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, SEC (50));
  vclock_timer_disarm (timer);
}

/* Durably blocked: a source that waits for another thread does not hold the clock; an inhibitor
 * does. */
static void
test_synctest_durably_blocked (TestFixture   *fixture,
                               gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (10));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GSource) source = g_cancellable_source_new (cancellable);
  g_autoptr (VclockInhibitor) inhibitor = vclock_virtual_clock_inhibit (fixture->self, "reply");

  g_source_attach (source, fixture->context);
  test_fixture_warp (fixture);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");
  vclock_inhibitor_release (inhibitor);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "10 ");
  g_source_destroy (source);
}

static void
deadlock_cb (VclockVirtualClock *clock,
             const GError       *error,
             gpointer            log)
{
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_DEADLOCK);
  g_assert_nonnull (strstr (error->message, "reply"));
  g_string_append (log, "deadlock ");
}

/* The panic "all goroutines in bubble are blocked": said once, with who waits. */
static void
test_synctest_deadlock (TestFixture   *fixture,
                        gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);

  g_signal_connect (fixture->clock, "deadlock", G_CALLBACK (deadlock_cb), fixture->log);
  vclock_timer_set_name (timer, "reply");
  vclock_timer_arm (timer, VCLOCK_TIME_NEVER);
  test_fixture_warp (fixture);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "deadlock ");
  vclock_timer_disarm (timer);
}

/* Goroutines that are left at the end: the test asks, and is told which. */
static void
test_synctest_leftovers (TestFixture   *fixture,
                         gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_seconds_timer (fixture, SEC (10));
  g_autoptr (GError) error = NULL;

  vclock_timer_set_name (timer, "retry");
  g_assert_false (vclock_clock_check_disarmed (fixture->clock, &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LEFTOVERS);
  g_assert_nonnull (strstr (error->message, "retry"));
  vclock_timer_disarm (timer);
  g_assert_true (vclock_clock_check_disarmed (fixture->clock, NULL));
}

static const TestCase cases[] = {
  { "/tokio/pause", test_tokio_pause },
  { "/tokio/resume", test_tokio_resume },
  { "/tokio/start-paused", test_tokio_start_paused },
  { "/tokio/advance", test_tokio_advance },
  { "/tokio/advance-at-once", test_tokio_advance_at_once },
  { "/tokio/sleep", test_tokio_sleep },
  { "/tokio/sleep-until", test_tokio_sleep_until },
  { "/tokio/interval", test_tokio_interval },
  { "/tokio/missed-tick-burst", test_tokio_burst },
  { "/tokio/missed-tick-delay", test_tokio_delay },
  { "/tokio/missed-tick-skip", test_tokio_skip },
  { "/tokio/timeout", test_tokio_timeout },
  { "/tokio/instant-now", test_tokio_now },
  { "/tokio/spawn-blocking", test_tokio_spawn_blocking },
  { "/tokio/inhibit", test_tokio_inhibit },
  { "/synctest/test", test_synctest_test },
  { "/synctest/wait", test_synctest_wait },
  { "/synctest/sleep", test_synctest_sleep },
  { "/synctest/time-sleep", test_synctest_time_sleep },
  { "/synctest/time-after", test_synctest_after },
  { "/synctest/time-ticker", test_synctest_ticker },
  { "/synctest/durably-blocked", test_synctest_durably_blocked },
  { "/synctest/deadlock", test_synctest_deadlock },
  { "/synctest/leftovers", test_synctest_leftovers },
};

int
main (int   argc,
      char *argv[])
{
  return test_run_cases (argc, argv, cases, G_N_ELEMENTS (cases));
}
