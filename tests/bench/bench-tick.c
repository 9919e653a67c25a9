/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench.h"

#include <glib-vclock/glib-vclock.h>

/* What it takes to count one tick: with no timer, with timers that are far away, on a type that
 * derives, when each tick has to look again because something was armed, and when each has a timer
 * due. The first three should be a few nanoseconds. */

#define N_TICKS 1000000
#define N_SLOW  20000

typedef struct
{
  VclockTickClock parent_instance;
} DerivedClock;

typedef struct
{
  VclockTickClockClass parent_class;
} DerivedClockClass;

static GType derived_clock_get_type (void);
G_DEFINE_TYPE (DerivedClock, derived_clock, VCLOCK_TYPE_TICK_CLOCK)

static void
derived_clock_class_init (DerivedClockClass *klass)
{
}

static void
derived_clock_init (DerivedClock *self)
{
}

static void
run_ticks (VclockTickClock *self,
           const char      *row)
{
  BenchSeries series = { .row = row };

  while (bench_series_more (&series))
    {
      bench_series_begin (&series);
      for (guint i = 0; i < N_TICKS; i++)
        vclock_tick_clock_tick (self, 1);
      bench_series_end (&series, N_TICKS);
    }
  bench_series_print (&series);
}

static void
run_rearmed (VclockTickClock *self)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (VCLOCK_CLOCK (self));
  BenchSeries series = { .row = "tick-rearmed" };

  while (bench_series_more (&series))
    {
      bench_series_begin (&series);
      for (guint i = 0; i < N_SLOW; i++)
        {
          vclock_timer_arm (timer, VCLOCK_TIME_NEVER - 1);
          vclock_tick_clock_tick (self, 1);
        }
      bench_series_end (&series, N_SLOW);
    }
  bench_series_print (&series);
  vclock_timer_disarm (timer);
}

static void
run_due (VclockTickClock *self)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (VCLOCK_CLOCK (self));
  BenchSeries series = { .row = "tick-due" };

  vclock_timer_set_period (timer, 1);
  vclock_timer_arm_after (timer, 1);
  while (bench_series_more (&series))
    {
      bench_series_begin (&series);
      for (guint i = 0; i < N_SLOW; i++)
        vclock_tick_clock_tick (self, 1);
      bench_series_end (&series, N_SLOW);
    }
  bench_series_print (&series);
  vclock_timer_disarm (timer);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (VclockTickClock) none = vclock_tick_clock_new_shift (0);
  g_autoptr (VclockTickClock) far = vclock_tick_clock_new_shift (0);
  g_autoptr (VclockTickClock) derived = g_object_new (derived_clock_get_type (), NULL);
  VclockTimer **timers;

  bench_init (&argc, &argv);
  timers = g_new (VclockTimer *, bench_options.n);
  for (guint i = 0; i < bench_options.n; i++)
    {
      timers[i] = vclock_timer_new (VCLOCK_CLOCK (far));
      vclock_timer_arm (timers[i], (36000 + i) * VCLOCK_NSEC_PER_SEC);
    }

  run_ticks (none, "tick-none");
  run_ticks (far, "tick");
  run_ticks (derived, "tick-derived");
  run_rearmed (none);
  run_due (none);

  for (guint i = 0; i < bench_options.n; i++)
    {
      vclock_timer_disarm (timers[i]);
      g_object_unref (timers[i]);
    }
  g_free (timers);

  return 0;
}
