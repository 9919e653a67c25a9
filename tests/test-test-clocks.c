/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <string.h>

#define HOUR SEC (3600)
#define DAY  (24 * HOUR)

#define BOOTTIME  SEC (2000)
#define MONOTONIC SEC (1000)
#define WALL      SEC (G_GINT64_CONSTANT (946684800))

typedef struct
{
  VclockTestClocks *clocks;
  VclockClock      *boottime;
  VclockClock      *monotonic;
  VclockClock      *wall;
  GString          *log;
  guint             n_resets;
} Fixture;

/* No test here wants to hear of a reset unless it says so. */
static void
count_reset_cb (VclockClock *clock,
                gint64       old_time,
                gint64       new_time,
                Fixture     *fixture)
{
  fixture->n_resets++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  fixture->clocks = vclock_test_clocks_new ();
  fixture->boottime = VCLOCK_CLOCK (vclock_test_clocks_get_boottime (fixture->clocks));
  fixture->monotonic = VCLOCK_CLOCK (vclock_test_clocks_get_monotonic (fixture->clocks));
  fixture->wall = VCLOCK_CLOCK (vclock_test_clocks_get_wall (fixture->clocks));
  fixture->log = g_string_new (NULL);
  g_signal_connect (fixture->boottime, "reset", G_CALLBACK (count_reset_cb), fixture);
  g_signal_connect (fixture->monotonic, "reset", G_CALLBACK (count_reset_cb), fixture);
  g_signal_connect (fixture->wall, "reset", G_CALLBACK (count_reset_cb), fixture);
  g_assert_true (vclock_test_clocks_set_up (fixture->clocks, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  vclock_test_clocks_tear_down (fixture->clocks, &error);
  g_assert_no_error (error);
  g_assert_finalize_object (fixture->clocks);
  g_string_free (fixture->log, TRUE);
}

static void
assert_times (Fixture    *fixture,
              VclockTime  boottime,
              VclockTime  monotonic,
              VclockTime  wall)
{
  g_assert_cmpint (vclock_clock_get_time (fixture->boottime), ==, BOOTTIME + boottime);
  g_assert_cmpint (vclock_clock_get_time (fixture->monotonic), ==, MONOTONIC + monotonic);
  g_assert_cmpint (vclock_clock_get_time (fixture->wall), ==, WALL + wall);
}

static void
assert_n_resets (Fixture *fixture,
                 guint    n_resets)
{
  test_iterate (NULL);
  g_assert_cmpuint (fixture->n_resets, ==, n_resets);
}

static void
expired_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     log)
{
  g_string_append_printf (log, "%s+%d", vclock_timer_get_name (timer), (int) overruns);
  if (vclock_timer_get_lateness (timer) > 0)
    g_string_append_printf (log, "(%ds)",
                            (int) (vclock_timer_get_lateness (timer) / VCLOCK_NSEC_PER_SEC));
  g_string_append_c (log, ' ');
}

/* A timer that is armed for so long after now; it logs its name, overruns and lateness. */
static VclockTimer *
timer_after (Fixture     *fixture,
             VclockClock *clock,
             const char  *name,
             VclockTime   span,
             VclockTime   period)
{
  VclockTimer *timer = vclock_timer_new (clock);

  vclock_timer_set_name (timer, name);
  vclock_timer_set_callback (timer, expired_cb, fixture->log, NULL);
  vclock_timer_set_period (timer, period);
  vclock_timer_arm_after (timer, span);

  return timer;
}

static void
assert_failed (gboolean    succeeded,
               GError    **error,
               const char *text)
{
  g_assert_false (succeeded);
  g_assert_error (*error, VCLOCK_ERROR, VCLOCK_ERROR_TEST_FAILED);
  g_assert_cmpstr ((*error)->message, ==, text);
  g_clear_error (error);
}

/* What code under test asks for as the defaults are the clocks of the test, which start where the
 * manual says, without a reset. */
static void
test_defaults (Fixture       *fixture,
               gconstpointer  unused)
{
  VclockTimer *timer = g_object_new (VCLOCK_TYPE_TIMER, NULL);
  VclockClock *virtual = VCLOCK_CLOCK (vclock_virtual_clock_get_default ());

  g_assert_true (vclock_monotonic_clock_get_default () == fixture->monotonic);
  g_assert_true (vclock_wall_clock_get_default () == fixture->wall);
  g_assert_true (vclock_timer_get_clock (timer) == fixture->monotonic);
  g_assert_true (vclock_virtual_clock_get_parent (VCLOCK_VIRTUAL_CLOCK (virtual)) ==
                 fixture->monotonic);
  assert_times (fixture, 0, 0, 0);
  g_assert_cmpint (vclock_clock_get_time (virtual), ==, 0);
  g_assert_cmpuint (vclock_clock_get_n_resets (fixture->monotonic), ==, 0);
  g_assert_finalize_object (timer);
}

/* After the test they are again what they were, and a clock that somebody kept from before has
 * never been anything else. */
static void
test_restored (void)
{
  g_autoptr (GError) error = NULL;
  VclockTestClocks *clocks = vclock_test_clocks_new ();
  VclockVirtualClock *shared = vclock_virtual_clock_get_default ();
  VclockClock *monotonic = vclock_monotonic_clock_get_default ();
  VclockClock *wall = vclock_wall_clock_get_default ();

  g_assert_true (vclock_test_clocks_set_up (clocks, &error));
  g_assert_true (vclock_monotonic_clock_get_default () != monotonic);
  g_assert_true (vclock_wall_clock_get_default () != wall);
  g_assert_true (vclock_virtual_clock_get_default () != shared);
  g_assert_true (VCLOCK_IS_MONOTONIC_CLOCK (monotonic));
  g_assert_true (vclock_test_clocks_tear_down (clocks, &error));
  g_assert_true (vclock_test_clocks_tear_down (clocks, &error));
  g_assert_no_error (error);

  g_assert_true (vclock_monotonic_clock_get_default () == monotonic);
  g_assert_true (vclock_wall_clock_get_default () == wall);
  g_assert_true (vclock_virtual_clock_get_default () == shared);
  g_assert_true (vclock_virtual_clock_get_parent (shared) == monotonic);
  g_assert_finalize_object (clocks);
}

/* There is one set of defaults: other clocks, and the same ones again, are refused until the end,
 * and their tear-down does not end it. */
static void
test_nesting (Fixture       *fixture,
              gconstpointer  unused)
{
  static const char text[] = "The default clocks are those of a test already; "
                             "tear that one down first";
  g_autoptr (GError) error = NULL;
  VclockTestClocks *others = vclock_test_clocks_new ();

  assert_failed (vclock_test_clocks_set_up (others, &error), &error, text);
  assert_failed (vclock_test_clocks_set_up (fixture->clocks, &error), &error, text);
  g_assert_true (vclock_test_clocks_tear_down (others, &error));
  g_assert_true (vclock_monotonic_clock_get_default () == fixture->monotonic);

  g_assert_true (vclock_test_clocks_tear_down (fixture->clocks, &error));
  g_assert_true (vclock_test_clocks_set_up (others, &error));
  g_assert_true (vclock_wall_clock_get_default () ==
                 VCLOCK_CLOCK (vclock_test_clocks_get_wall (others)));
  g_assert_true (vclock_test_clocks_tear_down (others, &error));
  g_assert_finalize_object (others);
}

/* Clocks that are the defaults stay alive when nobody else holds them. */
static void
test_held (void)
{
  g_autoptr (GError) error = NULL;
  VclockTestClocks *clocks = vclock_test_clocks_new ();
  VclockTestClocks *weak = clocks;

  g_object_add_weak_pointer (G_OBJECT (clocks), (gpointer *) &weak);
  g_assert_true (vclock_test_clocks_set_up (clocks, &error));
  g_object_unref (clocks);
  g_assert_nonnull (weak);
  vclock_test_clocks_advance (weak, 5);
  g_assert_cmpint (vclock_clock_get_time (vclock_monotonic_clock_get_default ()), ==,
                   MONOTONIC + 5);
  g_assert_true (vclock_test_clocks_tear_down (weak, &error));
  g_assert_null (weak);
}

/* Tear-down says what is left armed, also on clocks that follow those of the test, and gives the
 * defaults back all the same. */
static void
test_left_armed (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;
  VclockVirtualClock *game = vclock_virtual_clock_new_with_parent (fixture->monotonic);
  VclockTimer *a = timer_after (fixture, fixture->monotonic, "a", HOUR, 0);
  VclockTimer *b = timer_after (fixture, fixture->monotonic, "b", HOUR, 0);
  VclockTimer *c = timer_after (fixture, VCLOCK_CLOCK (game), "c", VCLOCK_TIME_NEVER, 0);

  g_assert_false (vclock_test_clocks_tear_down (fixture->clocks, &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LEFTOVERS);
  g_assert_nonnull (strstr (error->message, "timer “b”"));
  g_assert_nonnull (strstr (error->message, "timer “c”"));
  g_assert_true (VCLOCK_IS_MONOTONIC_CLOCK (vclock_monotonic_clock_get_default ()));

  test_drop (a);
  test_drop (b);
  test_drop (c);
  g_assert_finalize_object (game);
}

/* All clocks go on together, and stop at each deadline on the way. */
static void
test_advance (Fixture       *fixture,
              gconstpointer  unused)
{
  VclockTimer *wall = timer_after (fixture, fixture->wall, "w", SEC (2), 0);
  VclockTimer *monotonic = timer_after (fixture, fixture->monotonic, "m", SEC (1), SEC (2));

  vclock_test_clocks_advance (fixture->clocks, SEC (4));
  test_assert_log (fixture->log, "m+0 w+0 m+0 ");
  assert_times (fixture, SEC (4), SEC (4), SEC (4));
  assert_n_resets (fixture, 0);
  test_drop (wall);
  test_drop (monotonic);
}

static gboolean
idle_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_append_printf (fixture->log, "idle+%d ",
                          (int) ((vclock_clock_get_time (fixture->monotonic) - MONOTONIC) /
                                 VCLOCK_NSEC_PER_SEC));

  return G_SOURCE_REMOVE;
}

static void
add_idle_cb (VclockTimer *timer,
             guint64      overruns,
             gpointer     fixture)
{
  g_idle_add (idle_cb, fixture);
}

/* What a timer sets going in the main context has happened before time goes on, if it is to
 * settle. */
static void
test_advance_settled (Fixture       *fixture,
                      gconstpointer  unused)
{
  VclockTimer *timer = timer_after (fixture, fixture->monotonic, "m", SEC (1), SEC (2));

  vclock_timer_set_callback (timer, add_idle_cb, fixture, NULL);
  vclock_test_clocks_advance_settled (fixture->clocks, SEC (4));
  test_assert_log (fixture->log, "idle+1 idle+3 ");
  assert_times (fixture, SEC (4), SEC (4), SEC (4));
  test_drop (timer);
}

/* A person sets the wall clock, NTP steps it: those who listen hear of it at once, what is due on
 * it expires, and nothing else moves. */
static void
test_wall (Fixture       *fixture,
           gconstpointer  unused)
{
  VclockTimer *wall = timer_after (fixture, fixture->wall, "w", HOUR, 0);
  VclockTimer *monotonic = timer_after (fixture, fixture->monotonic, "m", HOUR, 0);

  vclock_test_clocks_step_wall_time (fixture->clocks, -DAY);
  g_assert_cmpuint (fixture->n_resets, ==, 1);
  test_assert_log (fixture->log, "");
  assert_times (fixture, 0, 0, -DAY);

  vclock_test_clocks_step_wall_time (fixture->clocks, DAY);
  vclock_test_clocks_set_wall_time (fixture->clocks, WALL + HOUR + SEC (2));
  g_assert_cmpuint (fixture->n_resets, ==, 3);
  test_assert_log (fixture->log, "w+0(2s) ");
  assert_times (fixture, 0, 0, HOUR + SEC (2));

  vclock_test_clocks_set_wall_time (fixture->clocks, 0);
  vclock_test_clocks_advance (fixture->clocks, 7);
  g_assert_cmpint (vclock_clock_get_time (fixture->wall), ==, 7);
  assert_n_resets (fixture, 4);
  g_assert_cmpuint (vclock_clock_get_n_resets (fixture->boottime), ==, 0);
  g_assert_cmpuint (vclock_clock_get_n_resets (fixture->monotonic), ==, 0);
  test_drop (wall);
  test_drop (monotonic);
}

/* In suspend the monotonic clock and those that follow it stand, the others go on; nobody announces
 * a reset, and what is due on resume expires once, with its overruns. */
static void
test_suspend (Fixture       *fixture,
              gconstpointer  unused)
{
  VclockClock *virtual = VCLOCK_CLOCK (vclock_virtual_clock_get_default ());
  VclockTimer *boottime = timer_after (fixture, fixture->boottime, "b", SEC (600), SEC (600));
  VclockTimer *wall = timer_after (fixture, fixture->wall, "w", SEC (300), 0);
  VclockTimer *monotonic = timer_after (fixture, fixture->monotonic, "m", SEC (10), SEC (10));

  vclock_test_clocks_suspend (fixture->clocks, HOUR + SEC (1));
  test_assert_log (fixture->log, "w+0(3301s) b+5(3001s) ");
  assert_times (fixture, HOUR + SEC (1), 0, HOUR + SEC (1));
  g_assert_cmpint (vclock_clock_get_time (virtual), ==, 0);
  assert_n_resets (fixture, 0);
  g_assert_cmpuint (vclock_clock_get_n_resets (virtual), ==, 0);

  vclock_test_clocks_advance (fixture->clocks, SEC (10));
  test_assert_log (fixture->log, "m+0 ");
  assert_times (fixture, HOUR + SEC (11), SEC (10), HOUR + SEC (11));
  g_assert_cmpint (vclock_clock_get_time (virtual), ==, SEC (10));
  vclock_test_clocks_suspend (fixture->clocks, 0);
  test_assert_log (fixture->log, "");
  test_drop (boottime);
  test_drop (wall);
  test_drop (monotonic);
}

static void
advance_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     fixture)
{
  vclock_test_clocks_advance (((Fixture *) fixture)->clocks, SEC (1));
}

/* When what is due on resume is called, the machine is running: all clocks go on together. */
static void
test_suspend_resumed (Fixture       *fixture,
                      gconstpointer  unused)
{
  VclockTimer *timer = timer_after (fixture, fixture->wall, "w", SEC (5), 0);

  vclock_timer_set_callback (timer, advance_cb, fixture, NULL);
  vclock_test_clocks_suspend (fixture->clocks, HOUR);
  assert_times (fixture, HOUR + SEC (1), SEC (1), HOUR + SEC (1));
  test_drop (timer);
}

static void
suspend_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     fixture)
{
  vclock_test_clocks_suspend (((Fixture *) fixture)->clocks, HOUR);
}

/* The machine may be suspended by what a timer calls: the rest of the way is gone afterwards, as
 * far as boottime has passed it. */
static void
test_suspend_from_callback (Fixture       *fixture,
                            gconstpointer  unused)
{
  VclockTimer *suspends = timer_after (fixture, fixture->monotonic, "s", SEC (5), 0);
  VclockTimer *boottime = timer_after (fixture, fixture->boottime, "b", SEC (6), 0);

  vclock_timer_set_callback (suspends, suspend_cb, fixture, NULL);
  vclock_test_clocks_advance (fixture->clocks, SEC (10));
  test_assert_log (fixture->log, "b+0(3599s) ");
  assert_times (fixture, HOUR + SEC (5), SEC (5), HOUR + SEC (5));
  test_drop (suspends);
  test_drop (boottime);
}

/* The loop did not run: all clocks are later, nobody announces a reset, and what is due expires
 * late, in the order of deadlines over all clocks, once each. */
static void
test_stall (Fixture       *fixture,
            gconstpointer  unused)
{
  VclockTimer *late = timer_after (fixture, fixture->monotonic, "m", SEC (9), 0);
  VclockTimer *wall = timer_after (fixture, fixture->wall, "w", SEC (5), 0);
  VclockTimer *periodic = timer_after (fixture, fixture->monotonic, "p", SEC (3), SEC (3));
  VclockTimer *later = timer_after (fixture, fixture->boottime, "b", SEC (11), 0);

  vclock_test_clocks_stall (fixture->clocks, SEC (10));
  test_assert_log (fixture->log, "p+2(7s) w+0(5s) m+0(1s) ");
  assert_times (fixture, SEC (10), SEC (10), SEC (10));
  assert_n_resets (fixture, 0);
  vclock_test_clocks_advance (fixture->clocks, SEC (1));
  test_assert_log (fixture->log, "b+0 ");
  test_drop (late);
  test_drop (wall);
  test_drop (periodic);
  test_drop (later);
}

/* Periods that are to be made up for come with the next advance. */
static void
test_stall_burst (Fixture       *fixture,
                  gconstpointer  unused)
{
  VclockTimer *timer = timer_after (fixture, fixture->monotonic, "p", SEC (3), SEC (3));

  vclock_timer_set_overrun_policy (timer, VCLOCK_OVERRUN_POLICY_BURST);
  vclock_test_clocks_stall (fixture->clocks, SEC (10));
  test_assert_log (fixture->log, "p+0(7s) ");
  vclock_test_clocks_advance (fixture->clocks, 0);
  test_assert_log (fixture->log, "p+0(4s) p+0(1s) ");
  test_drop (timer);
}

/* The transitions of a zone, from the start of the clocks on; with a database of zones and
 * without. */
static void
check_transitions (Fixture    *fixture,
                   const char *identifier,
                   const char *transitions)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (identifier);
  g_autoptr (GError) error = NULL;

  if (zone == NULL)
    {
      g_test_message ("%s is not known here", identifier);
      return;
    }

  vclock_test_clocks_set_wall_time (fixture->clocks, WALL + MSEC (1));
  for (guint i = 0; i < 3; i++)
    {
      int offset = -1;
      g_autoptr (GDateTime) date = NULL;
      g_autofree char *text = NULL;

      g_assert_true (vclock_test_clocks_advance_to_transition (fixture->clocks, zone, &offset,
                                                               &error));
      g_assert_no_error (error);
      g_assert_cmpint (vclock_clock_get_time (fixture->wall) % VCLOCK_NSEC_PER_SEC, ==, 0);
      date = g_date_time_new_from_unix_utc (vclock_clock_get_time (fixture->wall) /
                                            VCLOCK_NSEC_PER_SEC);
      text = g_date_time_format (date, "%F %T");
      g_string_append_printf (fixture->log, "%s %+d, ", text, offset);
    }
  test_assert_log (fixture->log, transitions);
}

/* In spring and in autumn local time moves, in Europe and in America; the wall clock's UTC does
 * not. */
static void
test_transition (Fixture       *fixture,
                 gconstpointer  unused)
{
  static const char berlin[] = "2000-03-26 01:00:00 +7200, 2000-10-29 01:00:00 +3600, "
                               "2001-03-25 01:00:00 +7200, ";
  static const char new_york[] = "2000-04-02 07:00:00 -14400, 2000-10-29 06:00:00 -18000, "
                                 "2001-04-01 07:00:00 -14400, ";

  check_transitions (fixture, "Europe/Berlin", berlin);
  check_transitions (fixture, "CET-1CEST,M3.5.0,M10.5.0/3", berlin);
  check_transitions (fixture, "America/New_York", new_york);
  check_transitions (fixture, "EST5EDT,M4.1.0,M10.5.0", new_york);
  g_assert_cmpuint (vclock_clock_get_n_resets (fixture->monotonic), ==, 0);
}

/* Time stops at each deadline on the way there; at the transition what waited for it has been
 * called. */
static void
test_transition_calls (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("CET-1CEST,M3.5.0,M10.5.0/3");
  VclockTimer *timer = timer_after (fixture, fixture->wall, "d", DAY + HOUR, DAY);

  g_assert_true (vclock_test_clocks_advance_to_transition (fixture->clocks, zone, NULL, NULL));
  g_assert_cmpuint (fixture->log->len, ==, 85 * strlen ("d+0 "));
  assert_times (fixture, 85 * DAY + HOUR, 85 * DAY + HOUR, 85 * DAY + HOUR);
  assert_n_resets (fixture, 0);
  test_drop (timer);
}

/* A zone that never changes is an error, and time stands. */
static void
test_no_transition (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GError) error = NULL;
  int offset = -1;

  assert_failed (vclock_test_clocks_advance_to_transition (fixture->clocks, utc, &offset, &error),
                 &error,
                 "The time zone “UTC” has the same offset from UTC for ten years from now on");
  g_assert_cmpint (offset, ==, -1);
  assert_times (fixture, 0, 0, 0);
}

/* A running main loop serves the clocks of the test as well. */
static void
test_main_loop (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  VclockTimer *timer;

  g_main_context_push_thread_default (context);
  timer = timer_after (fixture, fixture->boottime, "b", HOUR, 0);
  g_main_context_pop_thread_default (context);

  test_iterate (context);
  vclock_test_clocks_suspend (fixture->clocks, HOUR);
  test_assert_log (fixture->log, ""); /* not this thread's to call */
  test_iterate (context);
  test_assert_log (fixture->log, "b+0 ");
  test_drop (timer);
}

/* The properties are the clocks. */
static void
test_properties (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr (VclockClock) boottime = NULL;
  g_autoptr (VclockClock) monotonic = NULL;
  g_autoptr (VclockClock) wall = NULL;

  g_object_get (fixture->clocks,
                "boottime", &boottime,
                "monotonic", &monotonic,
                "wall", &wall,
                NULL);
  g_assert_true (boottime == fixture->boottime);
  g_assert_true (monotonic == fixture->monotonic);
  g_assert_true (wall == fixture->wall);
  g_assert_cmpstr (vclock_clock_get_name (boottime), ==, "boottime");
  g_assert_cmpstr (vclock_clock_get_name (monotonic), ==, "monotonic");
  g_assert_cmpstr (vclock_clock_get_name (wall), ==, "wall");
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  ADD ("/test-clocks/defaults", test_defaults);
  g_test_add_func ("/test-clocks/defaults/restored", test_restored);
  ADD ("/test-clocks/defaults/nesting", test_nesting);
  g_test_add_func ("/test-clocks/defaults/held", test_held);
  ADD ("/test-clocks/left-armed", test_left_armed);
  ADD ("/test-clocks/advance", test_advance);
  ADD ("/test-clocks/advance/settled", test_advance_settled);
  ADD ("/test-clocks/wall", test_wall);
  ADD ("/test-clocks/suspend", test_suspend);
  ADD ("/test-clocks/suspend/from-callback", test_suspend_from_callback);
  ADD ("/test-clocks/suspend/resumed", test_suspend_resumed);
  ADD ("/test-clocks/stall", test_stall);
  ADD ("/test-clocks/stall/burst", test_stall_burst);
  ADD ("/test-clocks/transition", test_transition);
  ADD ("/test-clocks/transition/calls", test_transition_calls);
  ADD ("/test-clocks/transition/none", test_no_transition);
  ADD ("/test-clocks/main-loop", test_main_loop);
  ADD ("/test-clocks/properties", test_properties);

  return g_test_run ();
}
