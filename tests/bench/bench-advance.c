/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench.h"

#include <glib-vclock/glib-vclock.h>

/* What an expiration costs while a virtual clock advances: of periodic timers, with a callback and
 * with a handler of ::expired, and of timers that expire once and are armed again. */

#define N_CALLS 100000

static guint64 n_calls;

static void
count_cb (VclockTimer *timer,
          guint64      overruns,
          gpointer     user_data)
{
  n_calls++;
}

static void
again_cb (VclockTimer *timer,
          guint64      overruns,
          gpointer     user_data)
{
  n_calls++;
  vclock_timer_arm_after (timer, GPOINTER_TO_INT (user_data));
}

/* Periods of 1 to 10 ms. */
static VclockTimer *
new_timer (VclockClock *clock,
           const char  *row)
{
  VclockTimer *timer = vclock_timer_new (clock);
  gint64 period = bench_between (NSEC_PER_MSEC, 10 * NSEC_PER_MSEC);

  if (g_str_equal (row, "advance-once"))
    {
      vclock_timer_set_callback (timer, again_cb, GINT_TO_POINTER ((int) period), NULL);
    }
  else
    {
      vclock_timer_set_period (timer, period);
      if (g_str_equal (row, "advance-signal"))
        g_signal_connect (timer, "expired", G_CALLBACK (count_cb), NULL);
      else
        vclock_timer_set_callback (timer, count_cb, NULL, NULL);
    }
  vclock_timer_arm_after (timer, period);

  return timer;
}

static void
run (const char *row)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autofree VclockTimer **timers = g_new (VclockTimer *, bench_options.n);
  BenchSeries series = { .row = row };

  for (guint i = 0; i < bench_options.n; i++)
    timers[i] = new_timer (VCLOCK_CLOCK (clock), row);

  while (bench_series_more (&series))
    {
      n_calls = 0;
      bench_series_begin (&series);
      while (n_calls < N_CALLS)
        vclock_virtual_clock_advance (clock, NSEC_PER_SEC / bench_options.n);
      bench_series_end (&series, n_calls);
    }
  bench_series_print (&series);

  for (guint i = 0; i < bench_options.n; i++)
    {
      vclock_timer_disarm (timers[i]);
      g_object_unref (timers[i]);
    }
}

int
main (int   argc,
      char *argv[])
{
  bench_init (&argc, &argv);
  run ("advance");
  run ("advance-signal");
  run ("advance-once");

  return 0;
}
