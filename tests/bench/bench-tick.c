/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib-vclock/glib-vclock.h>
#include <stdlib.h>
#include <time.h>

/* What processor time it takes to count one tick: with no timer, with timers that are far away, on
 * a type that derives, when each tick has to look again because something was armed, and when each
 * has a timer due. Figures, not a test: the first three should be a few nanoseconds. */

#define N_ROUNDS 5
#define N_TICKS  20000000
#define N_SLOW   200000
#define N_TIMERS 10000

#define NS_PER_CLOCK (1e9 / CLOCKS_PER_SEC)

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

static double
run_ticks (VclockTickClock *self)
{
  clock_t start = clock ();

  for (guint i = 0; i < N_TICKS; i++)
    vclock_tick_clock_tick (self, 1);

  return (double) (clock () - start) * NS_PER_CLOCK / N_TICKS;
}

static double
run_rearmed (VclockTickClock *self,
             VclockTimer     *timer)
{
  clock_t start = clock ();

  for (guint i = 0; i < N_SLOW; i++)
    {
      vclock_timer_arm (timer, VCLOCK_TIME_NEVER - 1);
      vclock_tick_clock_tick (self, 1);
    }

  return (double) (clock () - start) * NS_PER_CLOCK / N_SLOW;
}

static double
run_due (VclockTickClock *self,
         VclockTimer     *timer)
{
  clock_t start;

  vclock_timer_set_period (timer, 1);
  vclock_timer_arm_after (timer, 1);
  start = clock ();
  for (guint i = 0; i < N_SLOW; i++)
    vclock_tick_clock_tick (self, 1);
  vclock_timer_disarm (timer);

  return (double) (clock () - start) * NS_PER_CLOCK / N_SLOW;
}

static int
compare_doubles (const void *a,
                 const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
print_median (const char *name,
              double      rounds[N_ROUNDS])
{
  qsort (rounds, N_ROUNDS, sizeof (double), compare_doubles);
  g_print ("%-16s %10.2f\n", name, rounds[N_ROUNDS / 2]);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (VclockTickClock) none = vclock_tick_clock_new_shift (0);
  g_autoptr (VclockTickClock) far = vclock_tick_clock_new_shift (0);
  g_autoptr (VclockTickClock) derived = g_object_new (derived_clock_get_type (), NULL);
  g_autoptr (VclockTimer) timer = vclock_timer_new (VCLOCK_CLOCK (none));
  g_autoptr (GPtrArray) timers = g_ptr_array_new_with_free_func (g_object_unref);
  double rounds[5][N_ROUNDS];

  for (guint i = 0; i < N_TIMERS; i++)
    {
      VclockTimer *far_timer = vclock_timer_new (VCLOCK_CLOCK (far));

      vclock_timer_arm (far_timer, (3600 + i) * VCLOCK_NSEC_PER_SEC);
      g_ptr_array_add (timers, far_timer);
    }

  for (guint round = 0; round < N_ROUNDS; round++)
    {
      rounds[0][round] = run_ticks (none);
      rounds[1][round] = run_ticks (far);
      rounds[2][round] = run_ticks (derived);
      rounds[3][round] = run_rearmed (none, timer);
      vclock_timer_disarm (timer);
      rounds[4][round] = run_due (none, timer);
      vclock_timer_set_period (timer, 0);
    }

  g_print ("%-16s %10s\n", "timers", "ns/tick");
  print_median ("none", rounds[0]);
  print_median ("10000 far away", rounds[1]);
  print_median ("none, derived", rounds[2]);
  print_median ("rearmed", rounds[3]);
  print_median ("due", rounds[4]);

  for (guint i = 0; i < timers->len; i++)
    vclock_timer_disarm (g_ptr_array_index (timers, i));

  return 0;
}
