/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"

#include <glib-vclock/vclock-monotonic-clock-private.h>

/* The clock is CLOCK_MONOTONIC, and promises wakeups on it. */
static void
test_monotonic (void)
{
  VclockMonotonicClock *clock = vclock_monotonic_clock_new ();
  VclockHostClock host_clock;

  test_host_begin ();
  g_assert_false (vclock_monotonic_clock_get_counts_suspend (clock));
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, SEC (1000));
  g_assert_cmpint (vclock_clock_get_wakeup (VCLOCK_CLOCK (clock), 123, &host_clock), ==, 123);
  g_assert_cmpint (host_clock, ==, VCLOCK_HOST_CLOCK_MONOTONIC);
  g_assert_cmpstr (vclock_clock_get_name (VCLOCK_CLOCK (clock)), ==, "monotonic");
  g_assert_finalize_object (clock);
  test_host_end ();
}

/* The variant that counts suspend is CLOCK_BOOTTIME. */
static void
test_boottime (void)
{
  VclockMonotonicClock *clock = vclock_monotonic_clock_new_boottime ();
  VclockHostClock host_clock;
  gboolean counts_suspend;

  test_host_begin ();
  g_object_get (clock, "counts-suspend", &counts_suspend, NULL);
  g_assert_true (counts_suspend);
  g_assert_true (vclock_monotonic_clock_get_counts_suspend (clock));
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, SEC (5000));
  g_assert_cmpint (vclock_clock_get_wakeup (VCLOCK_CLOCK (clock), 123, &host_clock), ==, 123);
  g_assert_cmpint (host_clock, ==, VCLOCK_HOST_CLOCK_BOOTTIME);
  g_assert_cmpstr (vclock_clock_get_name (VCLOCK_CLOCK (clock)), ==, "boottime");
  g_assert_finalize_object (clock);
  test_host_end ();
}

/* On the real host, too, time goes on and never back, and both count from boot. */
static void
test_host (void)
{
  g_autoptr (VclockMonotonicClock) boottime = vclock_monotonic_clock_new_boottime ();
  VclockClock *monotonic = vclock_monotonic_clock_get_default ();
  VclockTime last = 0;

  for (guint i = 0; i < 100000; i++)
    {
      VclockTime now = vclock_clock_get_time (monotonic);

      g_assert_cmpint (now, >=, last);
      last = now;
    }
  g_assert_cmpint (vclock_clock_get_time_us (monotonic), >=,
                   g_get_monotonic_time () - G_USEC_PER_SEC);
  g_assert_cmpint (vclock_clock_get_time_us (monotonic), <=, g_get_monotonic_time ());
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (boottime)), >=, last);
}

/* It never resets, whatever happens to the wall clock. */
static void
test_never_resets (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  VclockMonotonicClock *clock;

  test_host_begin ();
  clock = g_object_new (VCLOCK_TYPE_MONOTONIC_CLOCK, "context", context, NULL);
  test_host_set_wall (SEC (3600));
  test_host_tell (TRUE);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, SEC (1000));
  test_iterate (context);
  g_assert_cmpuint (vclock_clock_get_n_resets (VCLOCK_CLOCK (clock)), ==, 0);
  g_assert_finalize_object (clock);
  test_host_end ();
}

/* There is one default clock for the process, which stays when it is not used. */
static void
test_default (void)
{
  VclockClock *clock = vclock_monotonic_clock_get_default ();

  g_assert_true (VCLOCK_IS_MONOTONIC_CLOCK (clock));
  g_assert_true (vclock_monotonic_clock_get_default () == clock);
  g_assert_false (vclock_monotonic_clock_get_counts_suspend (VCLOCK_MONOTONIC_CLOCK (clock)));
}

/* Another clock can stand in for it; a timer without a clock keeps the one it was made with. */
static void
test_default_replaced (void)
{
  VclockClock *real = vclock_monotonic_clock_get_default ();
  VclockVirtualClock *clock = vclock_virtual_clock_new ();
  VclockTimer *timer;

  vclock_monotonic_clock_replace_default (VCLOCK_CLOCK (clock));
  g_assert_true (vclock_monotonic_clock_get_default () == VCLOCK_CLOCK (clock));
  timer = g_object_new (VCLOCK_TYPE_TIMER, NULL);
  vclock_monotonic_clock_replace_default (NULL);
  g_assert_true (vclock_monotonic_clock_get_default () == real);
  g_assert_true (vclock_timer_get_clock (timer) == VCLOCK_CLOCK (clock));

  g_assert_finalize_object (timer);
  g_assert_finalize_object (clock);
}

/* Timers of each wait for the time of their own clock: in suspend only boottime goes on. */
static void
test_suspend (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (VclockClock) boottime = VCLOCK_CLOCK (vclock_monotonic_clock_new_boottime ());
  g_autoptr (VclockClock) monotonic = VCLOCK_CLOCK (vclock_monotonic_clock_new ());
  g_autoptr (VclockTimer) counting = test_timer_new_full (boottime, context, 0, "b", log);
  g_autoptr (VclockTimer) standing = test_timer_new_full (monotonic, context, 0, "m", log);

  test_host_begin ();
  vclock_timer_arm_after (counting, SEC (10));
  vclock_timer_arm_after (standing, SEC (10));
  test_iterate (context);
  test_assert_log (log, "");

  test_host_times[VCLOCK_HOST_CLOCK_BOOTTIME] += SEC (3600);
  vclock_clock_replan (boottime);
  test_iterate (context);
  test_assert_log (log, "b");
  g_assert_cmpint (vclock_timer_get_remaining (standing), ==, SEC (10));

  test_host_pass (SEC (10) - 1);
  test_iterate (context);
  test_assert_log (log, "");
  test_host_pass (1);
  test_iterate (context);
  test_assert_log (log, "m");
  test_host_end ();
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  g_test_add_func ("/monotonic-clock/monotonic", test_monotonic);
  g_test_add_func ("/monotonic-clock/boottime", test_boottime);
  g_test_add_func ("/monotonic-clock/host", test_host);
  g_test_add_func ("/monotonic-clock/never-resets", test_never_resets);
  g_test_add_func ("/monotonic-clock/default", test_default);
  g_test_add_func ("/monotonic-clock/default/replaced", test_default_replaced);
  g_test_add_func ("/monotonic-clock/suspend", test_suspend);

  return g_test_run ();
}
