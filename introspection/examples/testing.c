/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <glib-vclock/glib-vclock.h>

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
retry_start (Retry       *retry,
             VclockClock *clock)
{
  retry->timer = vclock_timer_new (clock);
  vclock_timer_set_callback (retry->timer, retry_cb, retry, NULL);
  vclock_timer_arm_after (retry->timer, 0);
}

static void
test_retry (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  Retry retry = { 0 };

  retry_start (&retry, VCLOCK_CLOCK (clock));
  vclock_virtual_clock_advance (clock, 0);
  g_assert_cmpint (retry.n_tries, ==, 1);
  vclock_virtual_clock_advance (clock, 2 * VCLOCK_NSEC_PER_SEC);
  g_assert_cmpint (retry.n_tries, ==, 2);
  vclock_virtual_clock_advance (clock, 3600 * VCLOCK_NSEC_PER_SEC);
  g_assert_cmpint (retry.n_tries, ==, 4);
  g_assert_false (vclock_clock_has_timers (VCLOCK_CLOCK (clock)));
  g_assert_finalize_object (retry.timer);
}

static void
test_retry_until_idle (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (GError) error = NULL;
  Retry retry = { 0 };

  retry_start (&retry, VCLOCK_CLOCK (clock));
  vclock_virtual_clock_run_until_idle (clock, 100, &error);
  g_assert_no_error (error);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 7 * VCLOCK_NSEC_PER_SEC);

  vclock_timer_set_period (retry.timer, VCLOCK_NSEC_PER_SEC);
  vclock_timer_arm_after (retry.timer, 0);
  vclock_virtual_clock_run_until_idle (clock, 100, &error);
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LIMIT);

  vclock_timer_disarm (retry.timer);
  g_object_unref (retry.timer);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/retry/backs-off", test_retry);
  g_test_add_func ("/retry/until-idle", test_retry_until_idle);
  return g_test_run ();
}
