/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib-vclock/glib-vclock.h>

/* The same test written with sleeps and with virtual time, side by side. What is tested tries again
 * after one, two and four seconds. Prints a line for the manual's page on testing. */

#define N_ROUNDS 1000

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
  retry->n_tries = 0;
  vclock_timer_set_callback (retry->timer, retry_cb, retry, NULL);
  vclock_timer_arm_after (retry->timer, 0);
}

/* So much longer than it must take, lest the test fail on a busy machine. */
#define MARGIN 0.1

static void
sleep_for (double seconds)
{
  g_usleep ((gulong) ((seconds + MARGIN) * G_USEC_PER_SEC));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_with_sleeps (void)
{
  Retry retry;

  retry_start (&retry, vclock_monotonic_clock_get_default ());
  sleep_for (0);
  g_assert_cmpint (retry.n_tries, ==, 1);
  sleep_for (1);
  g_assert_cmpint (retry.n_tries, ==, 2);
  sleep_for (2);
  g_assert_cmpint (retry.n_tries, ==, 3);
  sleep_for (4);
  g_assert_cmpint (retry.n_tries, ==, 4);
  g_assert_finalize_object (retry.timer);
}

static void
test_in_virtual_time (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  Retry retry;

  retry_start (&retry, VCLOCK_CLOCK (clock));
  vclock_virtual_clock_advance (clock, 0);
  g_assert_cmpint (retry.n_tries, ==, 1);
  vclock_virtual_clock_advance (clock, 1 * VCLOCK_NSEC_PER_SEC);
  g_assert_cmpint (retry.n_tries, ==, 2);
  vclock_virtual_clock_advance (clock, 2 * VCLOCK_NSEC_PER_SEC);
  g_assert_cmpint (retry.n_tries, ==, 3);
  vclock_virtual_clock_advance (clock, 4 * VCLOCK_NSEC_PER_SEC);
  g_assert_cmpint (retry.n_tries, ==, 4);
  g_assert_finalize_object (retry.timer);
}

static double
measure (void (* test) (void),
         guint   n_rounds)
{
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < n_rounds; i++)
    test ();

  return (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC / n_rounds;
}

int
main (void)
{
  double with_sleeps = measure (test_with_sleeps, 1);
  double in_virtual_time = measure (test_in_virtual_time, N_ROUNDS);

  g_print ("| with sleeps | in virtual time | ratio |\n"
           "|---|---|---|\n"
           "| %.2f s | %.4f ms | %.0f |\n",
           with_sleeps, in_virtual_time * 1000, with_sleeps / in_virtual_time);
}
