/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <string.h>

typedef struct
{
  VclockTestClocks *clocks;
  VclockClock      *boottime;
  VclockClock      *monotonic;
  VclockClock      *wall;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  fixture->clocks = vclock_test_clocks_new ();
  fixture->boottime = VCLOCK_CLOCK (vclock_test_clocks_get_boottime (fixture->clocks));
  fixture->monotonic = VCLOCK_CLOCK (vclock_test_clocks_get_monotonic (fixture->clocks));
  fixture->wall = VCLOCK_CLOCK (vclock_test_clocks_get_wall (fixture->clocks));
  vclock_test_clocks_set_up (fixture->clocks, &error);
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
}

static VclockTimer *
timer_after (VclockClock *clock,
             const char  *name,
             VclockTime   span)
{
  VclockTimer *timer = vclock_timer_new (clock);

  vclock_timer_set_name (timer, name);
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

/* A deadline is checked in the timer's scale; the error tells both. */
static void
test_armed (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VclockClock) stranger = VCLOCK_CLOCK (vclock_monotonic_clock_new ());
  VclockTimer *strange = vclock_timer_new (stranger);
  VclockTimer *timer;

  timer = vclock_timer_new_full (fixture->monotonic, NULL, G_PRIORITY_DEFAULT, VCLOCK_SCALE_MS);
  assert_failed (vclock_test_clocks_check_armed (fixture->clocks, timer, 5, &error), &error,
                 "“VclockTimer” expected to be armed for 5 ms; found: disarmed");
  assert_failed (vclock_test_clocks_check_armed (fixture->clocks, timer, VCLOCK_TIME_NEVER, &error),
                 &error,
                 "“VclockTimer” expected to be armed for never; found: disarmed");
  vclock_timer_set_name (timer, "retry");
  vclock_timer_arm (timer, 5);
  g_assert_true (vclock_test_clocks_check_armed (fixture->clocks, timer, 5, &error));
  g_assert_no_error (error);
  assert_failed (vclock_test_clocks_check_armed (fixture->clocks, timer, 6, &error), &error,
                 "“retry” expected to be armed for 6 ms; found: 5 ms");
  vclock_timer_arm (timer, VCLOCK_TIME_NEVER);
  g_assert_true (vclock_test_clocks_check_armed (fixture->clocks, timer, VCLOCK_TIME_NEVER,
                                                 &error));
  test_drop (timer);

  vclock_timer_arm (strange, 5);
  assert_failed (vclock_test_clocks_check_armed (fixture->clocks, strange, 5, &error), &error,
                 "“VclockTimer” is a timer of a clock that is none of the test's");
  test_drop (strange);
}

static void
count_armed_cb (VclockTimer *timer,
                guint64      overruns,
                gpointer     fixture)
{
  g_assert_true (vclock_test_clocks_check_n_armed (((Fixture *) fixture)->clocks, NULL, 1, NULL));
}

/* Armed timers are counted with those of the clocks that follow, whether they are due or not. */
static void
test_n_armed (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;
  VclockTimer *a = timer_after (fixture->monotonic, "a", SEC (1));
  VclockTimer *b = timer_after (fixture->monotonic, "b", SEC (1));
  VclockTimer *w = timer_after (fixture->wall, "w", SEC (2));

  g_assert_true (vclock_test_clocks_check_n_armed (fixture->clocks, NULL, 3, &error));
  g_assert_true (vclock_test_clocks_check_n_armed (fixture->clocks, fixture->boottime, 3, &error));
  g_assert_true (vclock_test_clocks_check_n_armed (fixture->clocks, fixture->monotonic, 2, &error));
  g_assert_true (vclock_test_clocks_check_n_armed (fixture->clocks, fixture->wall, 1, &error));
  g_assert_no_error (error);
  g_assert_false (vclock_test_clocks_check_n_armed (fixture->clocks, NULL, 2, &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_TEST_FAILED);
  g_assert_true (g_str_has_prefix (error->message,
                                   "Armed timers expected: 2; found: 3\n  timer “a”: "));
  g_assert_nonnull (strstr (error->message, "\n  timer “w”: clock “wall”; "));
  g_clear_error (&error);
  test_drop (w);

  /* While a is called, b is due and still armed. */
  vclock_timer_set_callback (a, count_armed_cb, fixture, NULL);
  vclock_test_clocks_stall (fixture->clocks, SEC (1));
  g_assert_true (vclock_test_clocks_check_n_armed (fixture->clocks, NULL, 0, &error));
  assert_failed (vclock_test_clocks_check_n_armed (fixture->clocks, fixture->wall, 1, &error),
                 &error, "Armed timers expected: 1; found: 0");
  test_drop (a);
  test_drop (b);
}

static void
advance_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     fixture)
{
  vclock_test_clocks_advance (((Fixture *) fixture)->clocks, SEC (1));
}

/* The names of what has expired, in order, since the last look: also what expires inside of another
 * one's callback, and on clocks that follow; not of strangers, nor without a name. */
static void
test_expired (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;
  VclockVirtualClock *game = vclock_virtual_clock_new_with_parent (fixture->monotonic);
  VclockVirtualClock *stranger = vclock_virtual_clock_new ();
  VclockTimer *timers[] = {
    timer_after (fixture->monotonic, "outer", SEC (1)),
    timer_after (fixture->wall, "inner", SEC (2)),
    timer_after (VCLOCK_CLOCK (game), "game", SEC (3)),
    timer_after (VCLOCK_CLOCK (stranger), "stranger", 0),
    timer_after (fixture->monotonic, NULL, 0),
  };

  vclock_timer_set_callback (timers[0], advance_cb, fixture, NULL);
  g_assert_true (vclock_test_clocks_check_expired (fixture->clocks, "", &error));
  vclock_virtual_clock_advance (stranger, 0);
  vclock_test_clocks_advance (fixture->clocks, SEC (3));
  g_assert_true (vclock_test_clocks_check_expired (fixture->clocks, "outer inner game", &error));
  g_assert_no_error (error);
  assert_failed (vclock_test_clocks_check_expired (fixture->clocks, "game", &error), &error,
                 "Timers expected to have expired: “game”; found: “”");

  vclock_timer_arm_after (timers[1], 0);
  vclock_test_clocks_advance (fixture->clocks, 0);
  assert_failed (vclock_test_clocks_check_expired (fixture->clocks, "", &error), &error,
                 "Timers expected to have expired: “”; found: “inner”");
  g_assert_true (vclock_test_clocks_check_expired (fixture->clocks, "", &error));

  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    test_drop (timers[i]);
  g_assert_finalize_object (game);
  g_assert_finalize_object (stranger);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  ADD ("/test-clocks-check/armed", test_armed);
  ADD ("/test-clocks-check/n-armed", test_n_armed);
  ADD ("/test-clocks-check/expired", test_expired);

  return g_test_run ();
}
