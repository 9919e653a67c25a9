/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"

#include <glib-vclock/vclock-wall-clock-private.h>

typedef struct
{
  GMainContext    *context;
  VclockWallClock *wall;
  VclockClock     *clock;
  GString         *resets;
  GString         *log;
} Fixture;

static void
reset_cb (gpointer  object,
          gint64    old_time,
          gint64    new_time,
          GString  *log)
{
  g_string_append_printf (log, "%+" G_GINT64_FORMAT " ", new_time - old_time);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  test_host_begin ();
  fixture->context = g_main_context_new ();
  g_main_context_push_thread_default (fixture->context);
  fixture->wall = vclock_wall_clock_new ();
  fixture->clock = VCLOCK_CLOCK (fixture->wall);
  fixture->resets = g_string_new (NULL);
  fixture->log = g_string_new (NULL);
  g_signal_connect (fixture->clock, "reset", G_CALLBACK (reset_cb), fixture->resets);
  test_iterate (fixture->context);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_finalize_object (fixture->clock);
  g_main_context_pop_thread_default (fixture->context);
  g_main_context_unref (fixture->context);
  g_string_free (fixture->resets, TRUE);
  g_string_free (fixture->log, TRUE);
  test_host_end ();
}

/* The time is that of CLOCK_REALTIME, as are the wakeups. */
static void
test_get_time (Fixture       *fixture,
               gconstpointer  unused)
{
  VclockHostClock host_clock;

  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (1700000000));
  test_host_pass (SEC (1));
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (1700000001));
  g_assert_cmpint (vclock_clock_get_wakeup (fixture->clock, 5, &host_clock), ==, 5);
  g_assert_cmpint (host_clock, ==, VCLOCK_HOST_CLOCK_REALTIME);
  test_iterate (fixture->context);
  test_assert_log (fixture->resets, "");
}

/* A jump in either direction is noticed by who reads the clock; the signal waits for the main
 * context and comes once, however often the clock is read and the context runs. */
static void
test_reset_on_read (Fixture       *fixture,
                    gconstpointer  unused)
{
  test_host_set_wall (SEC (3600));
  g_assert_cmpuint (vclock_clock_get_n_resets (fixture->clock), ==, 0);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (1700003600));
  g_assert_cmpuint (vclock_clock_get_n_resets (fixture->clock), ==, 1);
  test_assert_log (fixture->resets, "");
  for (guint i = 0; i < 1000; i++)
    {
      vclock_clock_get_time (fixture->clock);
      g_main_context_iteration (fixture->context, FALSE);
    }
  test_assert_log (fixture->resets, "+3600000000000 ");

  test_host_set_wall (-SEC (7200));
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (1699996400));
  for (guint i = 0; i < 1000; i++)
    g_main_context_iteration (fixture->context, FALSE);
  test_assert_log (fixture->resets, "-7200000000000 ");
  g_assert_cmpuint (vclock_clock_get_n_resets (fixture->clock), ==, 2);
}

/* A jump in either direction is noticed by the watch when nobody reads the clock. */
static void
test_reset_by_watch (Fixture       *fixture,
                     gconstpointer  unused)
{
  test_host_set_wall (SEC (3600));
  test_host_tell (TRUE);
  test_iterate (fixture->context);
  test_assert_log (fixture->resets, "+3600000000000 ");

  test_host_set_wall (-SEC (3600));
  test_host_tell (TRUE);
  test_iterate (fixture->context);
  test_assert_log (fixture->resets, "-3600000000000 ");

  test_iterate (fixture->context);
  test_assert_log (fixture->resets, "");
  g_assert_cmpuint (vclock_clock_get_n_resets (fixture->clock), ==, 2);
}

/* Noticed by both, reader and watch, it is still one jump. */
static void
test_reset_once (Fixture       *fixture,
                 gconstpointer  unused)
{
  test_host_set_wall (SEC (3600));
  test_host_tell (TRUE);
  vclock_clock_get_time (fixture->clock);
  test_iterate (fixture->context);
  vclock_clock_get_time (fixture->clock);
  test_host_tell (TRUE);
  test_iterate (fixture->context);
  test_assert_log (fixture->resets, "+3600000000000 ");
}

/* Two jumps with a reading between them are two, although they cancel each other. */
static void
test_two_resets (Fixture       *fixture,
                 gconstpointer  unused)
{
  test_host_set_wall (SEC (3600));
  vclock_clock_get_time (fixture->clock);
  test_host_set_wall (-SEC (3600));
  vclock_clock_get_time (fixture->clock);
  test_iterate (fixture->context);
  test_assert_log (fixture->resets, "+3600000000000 -3600000000000 ");
}

/* A watch that is readable although the clock was not set says nothing, is not asked again and
 * again, and works afterwards. */
static void
test_watch_without_jump (Fixture       *fixture,
                         gconstpointer  unused)
{
  test_host_tell (FALSE);
  g_assert_cmpuint (test_iterate (fixture->context), <, 5);
  test_host_tell (TRUE);
  g_assert_cmpuint (test_iterate (fixture->context), <, 5);
  test_assert_log (fixture->resets, "");

  test_host_set_wall (SEC (1));
  test_host_tell (TRUE);
  test_iterate (fixture->context);
  test_assert_log (fixture->resets, "+1000000000 ");
}

/* The threshold is exact, and the same in both directions: the largest jump that is not announced.
 * */
static void
test_threshold (Fixture       *fixture,
                gconstpointer  unused)
{
  static const struct
  {
    VclockTime threshold;
    VclockTime jump;
    guint      n_resets;
  } cases[] = {
    { 0, 0, 0 },
    { 0, 1, 1 },
    { 0, -1, 1 },
    { 1000, 1, 0 },
    { 1000, -1, 0 },
    { 1000, 1000, 0 },
    { 1000, -1000, 0 },
    { 1000, 1001, 1 },
    { 1000, -1001, 1 },
    { 1000000, 1000000, 0 },
    { 1000000, -1000000, 0 },
    { 1000000, 1000001, 1 },
    { 1000000, -1000001, 1 },
    { VCLOCK_TIME_NEVER, 3600000000000, 0 },
    { VCLOCK_TIME_NEVER, -3600000000000, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (VclockWallClock) wall = vclock_wall_clock_new ();

      vclock_wall_clock_set_threshold (wall, cases[i].threshold);
      test_host_set_wall (cases[i].jump);
      vclock_clock_get_time (VCLOCK_CLOCK (wall));
      g_assert_cmpuint (vclock_clock_get_n_resets (VCLOCK_CLOCK (wall)), ==, cases[i].n_resets);
    }

  test_iterate (fixture->context);
}

/* Steps below the threshold add up until together they exceed it. */
static void
test_small_steps (Fixture       *fixture,
                  gconstpointer  unused)
{
  vclock_wall_clock_set_threshold (fixture->wall, 1000);
  for (guint i = 0; i < 5; i++)
    {
      test_host_set_wall (200);
      vclock_clock_get_time (fixture->clock);
    }
  g_assert_cmpuint (vclock_clock_get_n_resets (fixture->clock), ==, 0);
  test_host_set_wall (200);
  vclock_clock_get_time (fixture->clock);
  test_iterate (fixture->context);
  test_assert_log (fixture->resets, "+1200 ");
}

/* When time passes between the readings of the host's clocks, that is not taken for a jump. */
static void
test_uncertainty (Fixture       *fixture,
                  gconstpointer  unused)
{
  vclock_wall_clock_set_threshold (fixture->wall, 0);
  for (VclockTime span = 1; span < SEC (10); span *= 10)
    {
      test_host_read_takes = span;
      vclock_clock_get_time (fixture->clock);
    }
  test_host_read_takes = 0;
  g_assert_cmpuint (vclock_clock_get_n_resets (fixture->clock), ==, 0);
}

/* Set forwards, timers expire sooner; set back, later; those of other clocks keep deadline and
 * turn. */
static void
test_timers (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (VclockClock) monotonic = VCLOCK_CLOCK (vclock_monotonic_clock_new ());
  g_autoptr (VclockTimer) wall = test_timer_new (fixture->clock, "w", fixture->log);
  g_autoptr (VclockTimer) other = test_timer_new (monotonic, "m", fixture->log);

  vclock_timer_arm (wall, SEC (1700000000 + 7200));
  vclock_timer_arm_after (other, SEC (1800));
  test_iterate (fixture->context);

  test_host_set_wall (-SEC (3600));
  test_host_tell (TRUE);
  test_iterate (fixture->context);
  g_assert_cmpint (vclock_timer_get_deadline (wall), ==, SEC (1700000000 + 7200));
  g_assert_cmpint (vclock_timer_get_remaining (wall), ==, SEC (3600 + 7200));
  g_assert_cmpint (vclock_timer_get_deadline (other), ==, SEC (1000 + 1800));
  g_assert_cmpint (vclock_timer_get_remaining (other), ==, SEC (1800));
  test_assert_log (fixture->log, "");

  test_host_set_wall (SEC (3600 + 7200) - 1);
  test_host_tell (TRUE);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");
  test_host_pass (1);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "w");
  g_assert_cmpint (vclock_timer_get_remaining (other), ==, SEC (1800) - 1);

  test_host_pass (SEC (1800) - 1);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "m");
}

/* The wakeup of an alarm follows the clock when it is set. */
static void
test_wakeup (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (fixture->context);
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "w", fixture->log);

  vclock_timer_arm_after (timer, SEC (100));
  g_assert_cmpint (vclock_alarm_get_wakeup (alarm), ==, SEC (1000 + 100));
  test_host_set_wall (SEC (30));
  g_assert_cmpint (vclock_alarm_get_wakeup (alarm), ==, SEC (1000 + 70));
  vclock_timer_disarm (timer);
}

/* What was due before the clock was set back stays due, and expires once. */
static void
test_due_stays_due (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr (VclockTimer) due = test_timer_new (fixture->clock, "d", fixture->log);
  g_autoptr (VclockTimer) later = test_timer_new (fixture->clock, "l", fixture->log);

  vclock_timer_arm_after (due, SEC (100));
  vclock_timer_arm_after (later, SEC (101));
  test_iterate (fixture->context);
  test_host_pass (SEC (100));
  test_host_set_wall (-SEC (3600));
  test_host_tell (TRUE);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "d");
  test_host_pass (SEC (3600));
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");
  test_host_pass (SEC (1));
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "l");
}

static void
count_overruns_cb (VclockTimer *timer,
                   guint64      overruns,
                   gpointer     log)
{
  g_string_append_printf (log, "%" G_GUINT64_FORMAT " ", overruns);
}

/* D2: set forwards by an hour, a periodic timer of one second expires once and is told of the
 * others. */
static void
test_periodic (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);

  vclock_timer_set_callback (timer, count_overruns_cb, fixture->log, NULL);
  vclock_timer_set_period (timer, SEC (1));
  vclock_timer_arm_after (timer, SEC (1));
  test_iterate (fixture->context);
  test_host_set_wall (SEC (3600));
  test_host_tell (TRUE);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "3599 ");
  g_assert_cmpint (vclock_timer_get_remaining (timer), ==, SEC (1));
  vclock_timer_disarm (timer);
}

static void
notify_cb (GObject    *object,
           GParamSpec *pspec,
           guint      *n)
{
  (*n)++;
}

/* The threshold is a property; it notifies when it changes and not otherwise. */
static void
test_properties (Fixture       *fixture,
                 gconstpointer  unused)
{
  VclockTime threshold;
  guint n = 0;

  g_signal_connect (fixture->clock, "notify::threshold", G_CALLBACK (notify_cb), &n);
  g_object_get (fixture->clock, "threshold", &threshold, NULL);
  g_assert_cmpint (threshold, ==, MSEC (1));
  g_object_set (fixture->clock, "threshold", MSEC (1), NULL);
  g_assert_cmpuint (n, ==, 0);
  g_object_set (fixture->clock, "threshold", MSEC (2), NULL);
  vclock_wall_clock_set_threshold (fixture->wall, MSEC (2));
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (vclock_wall_clock_get_threshold (fixture->wall), ==, MSEC (2));
}

/* There is one default clock for the process. */
static void
test_default (void)
{
  VclockClock *clock = vclock_wall_clock_get_default ();

  g_assert_true (VCLOCK_IS_WALL_CLOCK (clock));
  g_assert_true (vclock_wall_clock_get_default () == clock);
  g_assert_cmpstr (vclock_clock_get_name (clock), ==, "wall");
  g_assert_cmpint (vclock_clock_get_time_us (clock), <=, g_get_real_time ());
}

/* Another clock can stand in for it. */
static void
test_default_replaced (void)
{
  VclockClock *real = vclock_wall_clock_get_default ();
  VclockVirtualClock *clock = vclock_virtual_clock_new ();

  vclock_wall_clock_replace_default (VCLOCK_CLOCK (clock));
  g_assert_true (vclock_wall_clock_get_default () == VCLOCK_CLOCK (clock));
  vclock_wall_clock_replace_default (NULL);
  g_assert_true (vclock_wall_clock_get_default () == real);
  g_assert_finalize_object (clock);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  ADD ("/wall-clock/get-time", test_get_time);
  ADD ("/wall-clock/reset/on-read", test_reset_on_read);
  ADD ("/wall-clock/reset/by-watch", test_reset_by_watch);
  ADD ("/wall-clock/reset/once", test_reset_once);
  ADD ("/wall-clock/reset/two", test_two_resets);
  ADD ("/wall-clock/reset/watch-without-jump", test_watch_without_jump);
  ADD ("/wall-clock/threshold", test_threshold);
  ADD ("/wall-clock/threshold/small-steps", test_small_steps);
  ADD ("/wall-clock/threshold/uncertainty", test_uncertainty);
  ADD ("/wall-clock/timers", test_timers);
  ADD ("/wall-clock/timers/wakeup", test_wakeup);
  ADD ("/wall-clock/timers/due-stays-due", test_due_stays_due);
  ADD ("/wall-clock/timers/periodic", test_periodic);
  ADD ("/wall-clock/properties", test_properties);
  g_test_add_func ("/wall-clock/default", test_default);
  g_test_add_func ("/wall-clock/default/replaced", test_default_replaced);

  return g_test_run ();
}
