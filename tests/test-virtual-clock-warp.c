/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-fixtures.h"
#include "test-host.h"

#include <glib-vclock/vclock-host-private.h>
#include <string.h>

/* Clocks that go on by themselves when nothing is left to do. */

typedef TestFixture Fixture;

static void
count_notify_cb (GObject    *object,
                 GParamSpec *pspec,
                 guint      *n)
{
  (*n)++;
}

/* Both properties notify when they change, and have the defaults that they say. */
static void
test_properties (void)
{
  VclockVirtualClock *clock = vclock_virtual_clock_new ();
  VclockWarpMode mode = VCLOCK_WARP_MODE_JUMP;
  gint64 threshold = 1;
  guint n = 0;

  g_signal_connect (clock, "notify", G_CALLBACK (count_notify_cb), &n);
  g_object_get (clock, "warp-mode", &mode, "warp-threshold", &threshold, NULL);
  g_assert_cmpint (mode, ==, VCLOCK_WARP_MODE_NONE);
  g_assert_cmpint (threshold, ==, 0);
  g_object_set (clock, "warp-mode", VCLOCK_WARP_MODE_SLEEP, "warp-threshold", SEC (1), NULL);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (vclock_virtual_clock_get_warp_mode (clock), ==, VCLOCK_WARP_MODE_SLEEP);
  g_assert_cmpint (vclock_virtual_clock_get_warp_threshold (clock), ==, SEC (1));
  vclock_virtual_clock_set_warp_mode (clock, VCLOCK_WARP_MODE_SLEEP);
  vclock_virtual_clock_set_warp_threshold (clock, SEC (1));
  g_assert_cmpuint (n, ==, 2);
  vclock_virtual_clock_set_warp_mode (clock, VCLOCK_WARP_MODE_JUMP);
  vclock_virtual_clock_set_warp_mode (clock, VCLOCK_WARP_MODE_NONE);
  g_assert_cmpuint (n, ==, 4);
  g_assert_finalize_object (clock);
}

/* Time goes from deadline to deadline, each callback sees its own, and ends at the last one. */
static void
test_jump (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr (VclockTimer) a = test_exact_timer_new (fixture, fixture->clock, "a", SEC (3600));
  g_autoptr (VclockTimer) b = test_exact_timer_new (fixture, fixture->clock, "b", 10);
  g_autoptr (VclockTimer) c = test_exact_timer_new (fixture, fixture->clock, "c", 10);

  test_iterate (fixture->context);
  test_assert_log (fixture->log, "b10 c10 a3600000000000 ");
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (3600));
  g_assert_cmpuint (vclock_clock_get_n_resets (fixture->clock), ==, 0);

  /* One that is armed for never is not gone to. */
  vclock_timer_arm (a, VCLOCK_TIME_NEVER);
  test_iterate (fixture->context);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (3600));
  vclock_timer_disarm (a);
}

static gboolean
idle_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  test_log_now (fixture, "i");

  return G_SOURCE_REMOVE;
}

static void
attach_idle (Fixture *fixture)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_LOW);
  g_source_set_callback (source, idle_cb, fixture, NULL);
  g_source_attach (source, fixture->context);
}

static void
attach_idles_cb (VclockTimer *timer,
                 guint64      overruns,
                 gpointer     user_data)
{
  Fixture *fixture = user_data;

  test_log_now (fixture, "t");
  attach_idle (fixture);
  attach_idle (fixture);
}

/* Whatever is ready comes first, also what a timer has set going. */
static void
test_idles (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_exact_timer_new (fixture, fixture->clock, "t", 5);

  vclock_timer_set_callback (timer, attach_idles_cb, fixture, NULL);
  vclock_timer_set_period (timer, 10);
  attach_idle (fixture);
  while (vclock_clock_get_time (fixture->clock) < 25)
    g_main_context_iteration (fixture->context, TRUE);
  test_assert_log (fixture->log, "i0 t5 i5 i5 t15 i15 i15 ");
  g_main_context_iteration (fixture->context, FALSE);
  vclock_timer_disarm (timer);
}

static gboolean
source_cb (gpointer fixture)
{
  test_log_now (fixture, "s");

  return G_SOURCE_REMOVE;
}

/* Timers of followers, and timer sources, are warped to in their order. */
static void
test_tree (Fixture       *fixture,
           gconstpointer  unused)
{
  VclockVirtualClock *twice = vclock_virtual_clock_new_with_parent (fixture->clock);
  g_autoptr (GSource) source = vclock_timer_source_new (fixture->clock, 20);
  g_autoptr (VclockTimer) a = test_exact_timer_new (fixture, fixture->clock, "a", 30);
  g_autoptr (VclockTimer) b = test_exact_timer_new (fixture, twice, "b", 41);

  vclock_virtual_clock_set_rate (twice, 2, 1);
  vclock_virtual_clock_set_warp_mode (twice, VCLOCK_WARP_MODE_JUMP);
  g_source_set_callback (source, source_cb, fixture, NULL);
  g_source_attach (source, fixture->context);
  vclock_timer_set_callback (b, test_log_name_cb, fixture->log, NULL);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "s20 ba30 ");
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (twice)), ==, 60);
  g_clear_object (&b);
  g_assert_finalize_object (twice);
}

/* A paused clock does not warp, nor does one that is being moved; a disabled one has no deadline. */
static void
test_stands (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_exact_timer_new (fixture, fixture->clock, "a", 10);

  vclock_virtual_clock_pause (fixture->self);
  test_iterate (fixture->context);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 0);
  vclock_virtual_clock_resume (fixture->self);
  vclock_clock_set_enabled (fixture->clock, FALSE);
  test_iterate (fixture->context);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 0);
  vclock_clock_set_enabled (fixture->clock, TRUE);
  vclock_virtual_clock_advance_settled (fixture->self, 5);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 5);
  test_assert_log (fixture->log, "");
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "a10 ");
}

static void
nested_cb (VclockTimer *timer,
           guint64      overruns,
           gpointer     user_data)
{
  Fixture *fixture = user_data;

  test_log_now (fixture, "<");
  while (vclock_clock_get_time (fixture->clock) < 20)
    g_main_context_iteration (fixture->context, TRUE);
  test_iterate (fixture->context);
  test_log_now (fixture, ">");
}

/* A main loop that a callback runs waits for the clock as well. */
static void
test_nested (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (VclockTimer) outer = test_exact_timer_new (fixture, fixture->clock, "o", 10);
  g_autoptr (VclockTimer) inner = test_exact_timer_new (fixture, fixture->clock, "i", 20);

  vclock_timer_set_callback (outer, nested_cb, fixture, NULL);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "<10 i20 >20 ");
}

static void
other_context_cb (VclockTimer *timer,
                  guint64      overruns,
                  gpointer     user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  VclockTimer *inner;

  test_log_now (fixture, "<");
  g_main_context_push_thread_default (context);
  inner = test_exact_timer_new (fixture, fixture->clock, "i", 20);
  while (vclock_timer_is_armed (inner))
    g_main_context_iteration (context, TRUE);
  g_assert_finalize_object (inner);
  g_main_context_pop_thread_default (context);
  test_log_now (fixture, ">");
}

/* So does another context that a callback runs: what the thread runs around it does not count. */
static void
test_other_context (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr (VclockTimer) outer = test_exact_timer_new (fixture, fixture->clock, "o", 10);
  g_autoptr (VclockTimer) later = test_exact_timer_new (fixture, fixture->clock, "l", 30);

  vclock_timer_set_callback (outer, other_context_cb, fixture, NULL);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "<10 i20 >20 l30 ");
}

/* The mode may change while contexts sleep, and without one nothing moves. */
static void
test_change (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_exact_timer_new (fixture, fixture->clock, "a", 10);

  vclock_virtual_clock_set_warp_mode (fixture->self, VCLOCK_WARP_MODE_NONE);
  test_iterate (fixture->context);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 0);
  vclock_virtual_clock_set_warp_mode (fixture->self, VCLOCK_WARP_MODE_JUMP);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "a10 ");
}

/* A parent's time counts too, and what is quiet warps beyond it. */
static void
test_with_parent (Fixture       *fixture,
                  gconstpointer  unused)
{
  TestClock *parent = test_clock_new ();
  g_autoptr (VclockTimer) timer = test_exact_timer_new (fixture, fixture->clock, "a", 10);

  vclock_virtual_clock_set_parent (fixture->self, VCLOCK_CLOCK (parent));
  parent->now = 3;
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "a10 ");
  parent->now = 5;
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 12);
  vclock_virtual_clock_set_parent (fixture->self, NULL);
  g_assert_finalize_object (parent);
}

/* The threshold is of real time without any activity: it starts anew after each. */
static void
test_threshold (Fixture       *fixture,
                gconstpointer  unused)
{
  VclockTimer *timer;

  test_host_begin ();
  vclock_virtual_clock_set_warp_threshold (fixture->self, 100);
  timer = test_exact_timer_new (fixture, fixture->clock, "a", 10);
  test_iterate (fixture->context);
  test_host_pass (99);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");
  attach_idle (fixture);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "i0 ");
  test_host_pass (99);
  g_main_context_wakeup (fixture->context);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");
  test_host_pass (1);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "a10 ");
  g_assert_finalize_object (timer);
  test_host_end ();
}

/* In real time, with a threshold and without: never early, and the alarm wakes for it. */
static void
test_sleep (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_exact_timer_new (fixture, fixture->clock, "a", MSEC (20));
  VclockTime start = vclock_clock_get_time (test_get_monotonic ());

  vclock_virtual_clock_set_warp_mode (fixture->self, VCLOCK_WARP_MODE_SLEEP);
  test_count_polls (fixture->context);
  test_wait_until (fixture->context, fixture->log->len > 0);
  test_assert_log (fixture->log, "a20000000 ");
  g_assert_cmpint (vclock_clock_get_time (test_get_monotonic ()), >=, start + MSEC (20));
  g_assert_cmpuint (test_polls.n_polls, <, 50);

  start = vclock_clock_get_time (test_get_monotonic ());
  vclock_virtual_clock_set_warp_mode (fixture->self, VCLOCK_WARP_MODE_JUMP);
  vclock_virtual_clock_set_warp_threshold (fixture->self, MSEC (10));
  vclock_timer_arm (timer, SEC (3600));
  test_wait_until (fixture->context, fixture->log->len > 0);
  test_assert_log (fixture->log, "a3600000000000 ");
  g_assert_cmpint (vclock_clock_get_time (test_get_monotonic ()), >=, start + MSEC (10));
}

static VclockTime poll_takes;

static int
passing_poll (GPollFD *fds,
              guint    n_fds,
              int      timeout)
{
  test_host_pass (poll_takes);

  return g_poll (fds, n_fds, 0);
}

/* An iteration whose poll takes so much time of the host. */
static void
iterate_for (Fixture    *fixture,
             VclockTime  span)
{
  poll_takes = span;
  g_main_context_iteration (fixture->context, FALSE);
  poll_takes = 0;
}

/* What has been slept when somebody wakes counts, up to the deadline; while nobody sleeps, time
 * stands. */
static void
test_sleep_interrupted (Fixture       *fixture,
                        gconstpointer  unused)
{
  VclockTimer *timer;

  test_host_begin ();
  g_main_context_set_poll_func (fixture->context, passing_poll);
  vclock_virtual_clock_set_warp_mode (fixture->self, VCLOCK_WARP_MODE_SLEEP);
  timer = test_exact_timer_new (fixture, fixture->clock, "a", 100);
  test_iterate (fixture->context);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 0);
  attach_idle (fixture);
  iterate_for (fixture, 30);
  test_assert_log (fixture->log, "i30 ");
  test_host_pass (50);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 30);
  iterate_for (fixture, 7);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 30);
  iterate_for (fixture, 69);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 99);
  iterate_for (fixture, 500);
  test_assert_log (fixture->log, "a100 ");
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 100);

  /* A jump ends the sleep; a paused clock does not sleep. */
  vclock_timer_arm (timer, 200);
  test_iterate (fixture->context);
  iterate_for (fixture, 20);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 120);
  vclock_virtual_clock_jump (fixture->self, 50);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 50);
  vclock_virtual_clock_pause (fixture->self);
  test_iterate (fixture->context);
  iterate_for (fixture, 20);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 50);
  vclock_virtual_clock_resume (fixture->self);

  vclock_timer_disarm (timer);
  g_assert_finalize_object (timer);
  test_host_end ();
}

/* What a clock that warped had its context wake for is forgotten when it does not warp any more. */
static void
test_sleep_forgotten (Fixture       *fixture,
                      gconstpointer  unused)
{
  VclockTimer *far = vclock_timer_new (fixture->clock);
  g_autoptr (VclockTimer) real = vclock_timer_new (test_get_monotonic ());

  vclock_virtual_clock_set_warp_mode (fixture->self, VCLOCK_WARP_MODE_SLEEP);
  vclock_timer_arm (far, MSEC (5));
  g_main_context_iteration (fixture->context, FALSE);
  g_main_context_iteration (fixture->context, FALSE);
  vclock_virtual_clock_set_warp_mode (fixture->self, VCLOCK_WARP_MODE_NONE);
  test_count_polls (fixture->context);
  vclock_timer_arm_after (real, MSEC (20));
  test_wait_until (fixture->context, !vclock_timer_is_armed (real));
  g_assert_cmpuint (test_polls.n_polls, <, 15);
  g_assert_true (vclock_timer_disarm (far));
  g_assert_finalize_object (far);
}

static void
deadlock_cb (VclockVirtualClock *clock,
             const GError       *error,
             GString            *log)
{
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_DEADLOCK);
  g_assert_nonnull (strstr (error->message, "“virtual” can ever expire:\n  "));
  if (strstr (error->message, "timer “a”") == NULL)
    g_assert_true (g_str_has_suffix (error->message, "none is armed"));
  else if (strstr (error->message, "its deadline is never") != NULL)
    g_string_append (log, "never:");
  else if (strstr (error->message, "the clock is paused") != NULL)
    g_string_append (log, "paused:");
  g_string_append (log, "deadlock ");
}

/* When nothing can expire any more the clock says so, once until a timer is armed. */
static void
test_deadlock (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_exact_timer_new (fixture, fixture->clock, "a", 10);
  g_autoptr (VclockInhibitor) inhibitor = NULL;

  g_signal_connect (fixture->self, "deadlock", G_CALLBACK (deadlock_cb), fixture->log);
  vclock_timer_arm (timer, VCLOCK_TIME_NEVER);
  inhibitor = vclock_virtual_clock_inhibit (fixture->self, "working");
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");
  vclock_inhibitor_release (inhibitor);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "never:deadlock ");
  attach_idle (fixture);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "i0 ");

  vclock_timer_arm (timer, 20);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "a20 deadlock ");

  vclock_timer_arm (timer, 30);
  vclock_virtual_clock_pause (fixture->self);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "paused:deadlock ");
  vclock_timer_disarm (timer);
}

/* A context that this thread has run, and does not run now, does not hold it, and its timers are not
 * gone to. */
static void
test_context_left (Fixture       *fixture,
                   gconstpointer  unused)
{
  GMainContext *context = g_main_context_new ();
  VclockTimer *timer = vclock_timer_new_full (fixture->clock, context, G_PRIORITY_DEFAULT,
                                              VCLOCK_SCALE_NS);
  g_autoptr (VclockTimer) own = NULL;

  vclock_timer_arm (timer, 5);
  while (vclock_timer_is_armed (timer))
    g_main_context_iteration (context, TRUE);
  vclock_timer_arm (timer, 7);
  own = test_exact_timer_new (fixture, fixture->clock, "a", 10);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "a10 ");

  g_assert_true (vclock_timer_disarm (timer));
  g_assert_finalize_object (timer);
  g_main_context_unref (context);
}

/* A context that nobody has run yet is waited for while it has an armed timer. */
static void
test_not_run_yet (Fixture       *fixture,
                  gconstpointer  unused)
{
  GMainContext *context = g_main_context_new ();
  VclockTimer *other = vclock_timer_new_full (fixture->clock, context, G_PRIORITY_DEFAULT,
                                              VCLOCK_SCALE_NS);
  g_autoptr (VclockTimer) own = test_exact_timer_new (fixture, fixture->clock, "a", 10);

  vclock_timer_arm (other, 5);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");
  vclock_timer_disarm (other);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "a10 ");
  g_assert_finalize_object (other);
  g_main_context_unref (context);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, test_fixture_set_up_warp, func, test_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  g_test_add_func ("/virtual-clock-warp/properties", test_properties);
  ADD ("/virtual-clock-warp/jump", test_jump);
  ADD ("/virtual-clock-warp/idles", test_idles);
  ADD ("/virtual-clock-warp/tree", test_tree);
  ADD ("/virtual-clock-warp/stands", test_stands);
  ADD ("/virtual-clock-warp/nested", test_nested);
  ADD ("/virtual-clock-warp/other-context", test_other_context);
  ADD ("/virtual-clock-warp/change", test_change);
  ADD ("/virtual-clock-warp/with-parent", test_with_parent);
  ADD ("/virtual-clock-warp/threshold", test_threshold);
  ADD ("/virtual-clock-warp/sleep", test_sleep);
  ADD ("/virtual-clock-warp/sleep/interrupted", test_sleep_interrupted);
  ADD ("/virtual-clock-warp/sleep/forgotten", test_sleep_forgotten);
  ADD ("/virtual-clock-warp/deadlock", test_deadlock);
  ADD ("/virtual-clock-warp/context-left", test_context_left);
  ADD ("/virtual-clock-warp/not-run-yet", test_not_run_yet);

  return g_test_run ();
}
