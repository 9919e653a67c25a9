/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-fixtures.h"

typedef TestClockFixture Fixture;

/* The class of clocks keeps its size and its slots: subclasses in C are compiled against them. */
static void
test_class_layout (void)
{
  const gsize parent = sizeof (GObjectClass);

  g_assert_cmpuint (G_STRUCT_OFFSET (VclockClockClass, get_time), ==, parent);
  g_assert_cmpuint (G_STRUCT_OFFSET (VclockClockClass, get_wakeup), ==, parent + sizeof (gpointer));
  g_assert_cmpuint (G_STRUCT_OFFSET (VclockClockClass, reset), ==, parent + 2 * sizeof (gpointer));
  g_assert_cmpuint (sizeof (VclockClockClass), ==, parent + 11 * sizeof (gpointer));
  g_assert_cmpuint (sizeof (VclockClock), ==, sizeof (GObject));
  g_assert_cmpuint (sizeof (VclockVirtualClockClass), ==,
                    sizeof (VclockClockClass) + 8 * sizeof (gpointer));
  g_assert_cmpuint (sizeof (VclockAlarmBackendClass), ==, parent + 13 * sizeof (gpointer));
}

/* The abstract type cannot be made, and says so. */
static void
test_is_abstract (void)
{
  g_assert_true (G_TYPE_IS_ABSTRACT (VCLOCK_TYPE_CLOCK));
  g_assert_true (G_TYPE_IS_DERIVABLE (VCLOCK_TYPE_CLOCK));
  g_assert_true (G_TYPE_IS_DERIVABLE (VCLOCK_TYPE_VIRTUAL_CLOCK));
}

/* The time is the subclass's; microseconds are rounded down on both sides of zero. */
static void
test_get_time (Fixture       *fixture,
               gconstpointer  unused)
{
  static const gint64 cases[][2] = {
    { 0, 0 }, { 1, 0 }, { 999, 0 }, { 1000, 1 }, { -1, -1 }, { -1000, -1 }, { -1001, -2 },
    { VCLOCK_TIME_NEVER, 9223372036854775 },
    { G_MININT64, -9223372036854776 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      fixture->test->now = cases[i][0];
      g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, cases[i][0]);
      g_assert_cmpint (vclock_clock_get_time_us (fixture->clock), ==, cases[i][1]);
    }
}

/* A clock that promises says at which time of the host a deadline is reached; never is never; a
 * clock without get_wakeup promises nothing. */
static void
test_get_wakeup (Fixture       *fixture,
                 gconstpointer  unused)
{
  VclockHostClock host_clock = VCLOCK_HOST_CLOCK_REALTIME;
  VclockClockClass *klass = VCLOCK_CLOCK_GET_CLASS (fixture->clock);
  VclockTime (* get_wakeup) (VclockClock *, VclockTime, VclockHostClock *) = klass->get_wakeup;

  g_assert_cmpint (vclock_clock_get_wakeup (fixture->clock, 7, &host_clock), ==, VCLOCK_TIME_NEVER);
  fixture->test->promises = TRUE;
  fixture->test->host_zero = 100;
  g_assert_cmpint (vclock_clock_get_wakeup (fixture->clock, 7, &host_clock), ==, 107);
  g_assert_cmpint (host_clock, ==, VCLOCK_HOST_CLOCK_MONOTONIC);
  g_assert_cmpint (vclock_clock_get_wakeup (fixture->clock, VCLOCK_TIME_NEVER, &host_clock),
                   ==, VCLOCK_TIME_NEVER);

  klass->get_wakeup = NULL;
  g_assert_cmpint (vclock_clock_get_wakeup (fixture->clock, 7, &host_clock), ==, VCLOCK_TIME_NEVER);
  klass->get_wakeup = get_wakeup;
}

/* A timer is due at its deadline, not one nanosecond before. */
static void
test_due_at_deadline (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "a", fixture->log);

  g_assert_false (vclock_clock_has_timers (fixture->clock));
  vclock_timer_arm (timer, 100);
  g_assert_true (vclock_clock_has_timers (fixture->clock));

  test_clock_set (fixture->test, 99);
  g_assert_false (vclock_clock_has_expired (fixture->clock));
  g_assert_cmpuint (vclock_clock_run_timers (fixture->clock), ==, 0);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");

  test_clock_set (fixture->test, 100);
  g_assert_true (vclock_clock_has_expired (fixture->clock));
  g_assert_cmpuint (vclock_clock_run_timers (fixture->clock), ==, 1);
  test_assert_log (fixture->log, "a");
  g_assert_false (vclock_clock_has_expired (fixture->clock));
  g_assert_false (vclock_clock_has_timers (fixture->clock));
}

/* A clock that promises nothing tells by replan () that its time has gone on, and what is due then
 * expires in the main loop; no wakeup is planned for it. */
static void
test_replan (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "a", fixture->log);
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (fixture->context);

  vclock_timer_arm (timer, 100);
  test_iterate (fixture->context);
  g_assert_cmpint (vclock_alarm_get_wakeup (alarm), ==, VCLOCK_TIME_NEVER);
  g_assert_cmpuint (vclock_alarm_get_n_programmed (alarm), ==, 0);

  fixture->test->now = 100;
  vclock_clock_replan (fixture->clock);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "a");
}

static gpointer
replan_thread (gpointer clock)
{
  test_clock_set (clock, 100);

  return NULL;
}

static GThread *replanner;

static gboolean
start_replan_cb (gpointer clock)
{
  replanner = g_thread_new ("replan", replan_thread, clock);

  return G_SOURCE_REMOVE;
}

/* replan () from another thread wakes a main loop that sleeps for ever. */
static void
test_replan_wakes (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "a", fixture->log);
  g_autoptr (GSource) idle = g_idle_source_new ();

  g_source_set_callback (idle, start_replan_cb, fixture->clock, NULL);
  g_source_attach (idle, fixture->context);
  vclock_timer_arm (timer, 100);
  test_wait_until (fixture->context, fixture->log->len > 0);
  test_assert_log (fixture->log, "a");
  g_thread_join (replanner);
}

/* Timers of a disabled clock do not expire and its time goes on; enabled again, what became due
 * expires. */
static void
test_enabled (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "a", fixture->log);
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (fixture->context);

  fixture->test->promises = TRUE;
  g_assert_true (vclock_clock_get_enabled (fixture->clock));
  vclock_timer_arm (timer, SEC (100));
  vclock_clock_set_enabled (fixture->clock, FALSE);
  g_assert_cmpint (vclock_alarm_get_wakeup (alarm), ==, VCLOCK_TIME_NEVER);
  test_clock_set (fixture->test, SEC (200));
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (200));
  g_assert_true (vclock_clock_has_expired (fixture->clock));
  g_assert_cmpuint (vclock_clock_run_timers (fixture->clock), ==, 0);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");

  vclock_clock_set_enabled (fixture->clock, TRUE);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "a");
}

/* A queue that a clock gets while it is disabled is disabled too. */
static void
test_disabled_before_timer (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = NULL;

  vclock_clock_set_enabled (fixture->clock, FALSE);
  timer = test_timer_new (fixture->clock, "a", fixture->log);
  vclock_timer_arm (timer, 0);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");
  vclock_clock_set_enabled (fixture->clock, TRUE);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "a");
}

/* The next deadline is that of all contexts and priorities, with or without those of some
 * attributes. */
static void
test_get_deadline (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr (GMainContext) other = g_main_context_new ();
  g_autoptr (VclockTimer) near = test_timer_new_full (fixture->clock, other, G_PRIORITY_LOW, "n",
                                                      fixture->log);
  g_autoptr (VclockTimer) far = test_timer_new (fixture->clock, "f", fixture->log);

  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, 0), ==, VCLOCK_TIME_NEVER);
  vclock_timer_arm (far, 200);
  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, 0), ==, 200);
  vclock_timer_arm (near, 100);
  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, 0), ==, 100);
  vclock_timer_set_attributes (near, VCLOCK_TIMER_ATTRIBUTES_EXTERNAL);
  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, 0), ==, 100);
  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, VCLOCK_TIMER_ATTRIBUTES_EXTERNAL), ==,
                   200);
  vclock_timer_set_attributes (far, VCLOCK_TIMER_ATTRIBUTES_EXTERNAL);
  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, VCLOCK_TIMER_ATTRIBUTES_EXTERNAL),
                   ==, VCLOCK_TIME_NEVER);

  /* What is due and was not called yet counts, with its deadline. */
  test_clock_set (fixture->test, 300);
  vclock_clock_announce_reset (fixture->clock, 300, 0);
  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, 0), ==, 100);

  vclock_timer_disarm (near);
  vclock_timer_disarm (far);
  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, 0), ==, VCLOCK_TIME_NEVER);
}

/* run_timers () calls the timers of the thread-default context in order and leaves those of other
 * contexts alone. */
static void
test_run_timers (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr (GMainContext) other = g_main_context_new ();
  g_autoptr (VclockTimer) late = test_timer_new (fixture->clock, "l", fixture->log);
  g_autoptr (VclockTimer) early = test_timer_new (fixture->clock, "e", fixture->log);
  g_autoptr (VclockTimer) high = test_timer_new_full (fixture->clock, NULL, G_PRIORITY_HIGH, "h",
                                                      fixture->log);
  g_autoptr (VclockTimer) elsewhere = test_timer_new_full (fixture->clock, other, 0, "x",
                                                           fixture->log);

  vclock_timer_arm (late, 20);
  vclock_timer_arm (early, 10);
  vclock_timer_arm (high, 30);
  vclock_timer_arm (elsewhere, 5);
  test_clock_set (fixture->test, 100);
  g_assert_cmpuint (vclock_clock_run_timers (fixture->clock), ==, 3);
  test_assert_log (fixture->log, "hel");

  g_assert_true (g_main_context_acquire (other));
  g_assert_cmpuint (vclock_clock_run_timers (fixture->clock), ==, 1);
  g_main_context_release (other);
  test_assert_log (fixture->log, "x");
}

static void
count_cb (gpointer  object,
          gint64    old_time,
          gint64    new_time,
          guint    *n)
{
  g_assert_cmpint (old_time, ==, 10);
  g_assert_cmpint (new_time, ==, 20);
  (*n)++;
}

/* ::reset is emitted once for each jump, in the clock's main context, never inside announce_reset
 * (); the class handler hears it too, and the count tells those who come late. */
static void
test_reset (Fixture       *fixture,
            gconstpointer  unused)
{
  guint n_heard = 0;

  g_signal_connect (fixture->clock, "reset", G_CALLBACK (count_cb), &n_heard);
  g_assert_cmpuint (vclock_clock_get_n_resets (fixture->clock), ==, 0);
  vclock_clock_announce_reset (fixture->clock, 10, 20);
  vclock_clock_announce_reset (fixture->clock, 10, 20);
  g_assert_cmpuint (vclock_clock_get_n_resets (fixture->clock), ==, 2);
  g_assert_cmpuint (n_heard, ==, 0);

  test_iterate (fixture->context);
  test_iterate (fixture->context);
  g_assert_cmpuint (n_heard, ==, 2);
  test_assert_log (fixture->test->resets, "10>20 10>20 ");
  g_assert_cmpuint (vclock_clock_get_n_resets (fixture->clock), ==, 2);
}

static gpointer
announce_thread (gpointer clock)
{
  vclock_clock_announce_reset (clock, 10, 20);

  return NULL;
}

/* From another thread ::reset is emitted in the clock's context all the same. */
static void
test_reset_from_thread (Fixture       *fixture,
                        gconstpointer  unused)
{
  guint n_heard = 0;

  g_signal_connect (fixture->clock, "reset", G_CALLBACK (count_cb), &n_heard);
  g_thread_join (g_thread_new ("announce", announce_thread, fixture->clock));
  g_assert_cmpuint (n_heard, ==, 0);
  test_wait_until (fixture->context, n_heard == 1);
}

/* The context that was given when the clock was made is the one in which ::reset is emitted. */
static void
test_reset_in_given_context (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr (GMainContext) other = g_main_context_new ();
  VclockClock *clock = g_object_new (TEST_TYPE_CLOCK, "context", other, NULL);
  guint n_heard = 0;

  g_signal_connect (clock, "reset", G_CALLBACK (count_cb), &n_heard);
  vclock_clock_announce_reset (clock, 10, 20);
  test_iterate (fixture->context);
  g_assert_cmpuint (n_heard, ==, 0);
  test_iterate (other);
  g_assert_cmpuint (n_heard, ==, 1);
  g_assert_finalize_object (clock);
}

/* What was due when the clock was set back stays due, and expires once. */
static void
test_reset_keeps_due (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr (VclockTimer) due = test_timer_new (fixture->clock, "d", fixture->log);
  g_autoptr (VclockTimer) later = test_timer_new (fixture->clock, "l", fixture->log);

  vclock_timer_arm (due, 100);
  vclock_timer_arm (later, 101);
  fixture->test->now = 0;
  vclock_clock_announce_reset (fixture->clock, 100, 0);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "d");
  g_assert_true (vclock_timer_is_armed (later));
  g_assert_cmpint (vclock_timer_get_lateness (due), ==, 0);
  test_clock_set (fixture->test, 101);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "l");
}

static void
disconnect_cb (gpointer  object,
               gint64    old_time,
               gint64    new_time,
               GString  *log)
{
  g_string_append_c (log, 'd');
  g_signal_handlers_disconnect_by_data (object, log);
}

/* A handler that disconnects itself and all others is not called again, nor are they. */
static void
test_reset_disconnect (Fixture       *fixture,
                       gconstpointer  unused)
{
  for (guint i = 0; i < 3; i++)
    g_signal_connect (fixture->clock, "reset", G_CALLBACK (disconnect_cb), fixture->log);
  vclock_clock_announce_reset (fixture->clock, 1, 2);
  vclock_clock_announce_reset (fixture->clock, 2, 3);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "d");
}

static void
notify_cb (GObject    *object,
           GParamSpec *pspec,
           guint      *n)
{
  (*n)++;
}

/* Properties are what they were set to, notify when they change and not otherwise. */
static void
test_properties (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autofree char *name = NULL;
  gboolean enabled;
  guint n = 0;

  g_signal_connect (fixture->clock, "notify::enabled", G_CALLBACK (notify_cb), &n);
  g_object_get (fixture->clock, "name", &name, "enabled", &enabled, NULL);
  g_assert_cmpstr (name, ==, "test");
  g_assert_cmpstr (vclock_clock_get_name (fixture->clock), ==, "test");
  g_assert_true (enabled);

  g_object_set (fixture->clock, "enabled", TRUE, NULL);
  vclock_clock_set_enabled (fixture->clock, 5);
  g_assert_cmpuint (n, ==, 0);
  g_object_set (fixture->clock, "enabled", FALSE, NULL);
  vclock_clock_set_enabled (fixture->clock, FALSE);
  g_assert_cmpuint (n, ==, 1);
  g_assert_false (vclock_clock_get_enabled (fixture->clock));
  vclock_clock_set_enabled (fixture->clock, TRUE);
  g_assert_cmpuint (n, ==, 2);
}

/* A clock outlives its main context, and can still be set. */
static void
test_context_gone (void)
{
  GMainContext *context = g_main_context_new ();
  TestClock *clock;
  guint n_heard = 0;

  g_main_context_push_thread_default (context);
  clock = test_clock_new ();
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  g_signal_connect (clock, "reset", G_CALLBACK (count_cb), &n_heard);
  vclock_clock_announce_reset (VCLOCK_CLOCK (clock), 10, 20);
  g_assert_cmpuint (vclock_clock_get_n_resets (VCLOCK_CLOCK (clock)), ==, 1);
  g_assert_cmpuint (n_heard, ==, 0);
  g_assert_finalize_object (clock);
}

static gboolean
never_cb (gpointer clock)
{
  g_assert_not_reached ();
}

static void
announce_notify (gpointer clock)
{
  vclock_clock_announce_reset (clock, 10, 20);
  g_object_unref (clock);
}

/* A clock may be set, and be dropped, while its main context goes away, whatever goes first. */
static void
test_context_going (void)
{
  static const int priorities[] = { G_PRIORITY_HIGH - 1, G_PRIORITY_LOW };

  for (gsize i = 0; i < G_N_ELEMENTS (priorities); i++)
    {
      GMainContext *context = g_main_context_new ();
      VclockClock *clock = g_object_new (TEST_TYPE_CLOCK, "context", context, NULL);
      g_autoptr (GSource) source = g_timeout_source_new_seconds (3600);

      g_source_set_priority (source, priorities[i]);
      g_source_set_callback (source, never_cb, clock, announce_notify);
      g_source_attach (source, context);
      g_main_context_unref (context);
    }
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, test_clock_fixture_set_up, func, test_clock_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  g_test_add_func ("/clock/class-layout", test_class_layout);
  g_test_add_func ("/clock/is-abstract", test_is_abstract);
  ADD ("/clock/get-time", test_get_time);
  ADD ("/clock/get-wakeup", test_get_wakeup);
  ADD ("/clock/due-at-deadline", test_due_at_deadline);
  ADD ("/clock/replan", test_replan);
  ADD ("/clock/replan-wakes", test_replan_wakes);
  ADD ("/clock/enabled", test_enabled);
  ADD ("/clock/disabled-before-timer", test_disabled_before_timer);
  ADD ("/clock/get-deadline", test_get_deadline);
  ADD ("/clock/run-timers", test_run_timers);
  ADD ("/clock/reset", test_reset);
  ADD ("/clock/reset/from-thread", test_reset_from_thread);
  ADD ("/clock/reset/in-given-context", test_reset_in_given_context);
  ADD ("/clock/reset/keeps-due", test_reset_keeps_due);
  ADD ("/clock/reset/disconnect", test_reset_disconnect);
  ADD ("/clock/properties", test_properties);
  g_test_add_func ("/clock/context-gone", test_context_gone);
  g_test_add_func ("/clock/context-going", test_context_going);

  return g_test_run ();
}
