/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <glib-vclock/glib-vclock.h>

static void
show_default_clocks (void)
{
  VclockClock *monotonic = vclock_monotonic_clock_get_default ();
  VclockClock *wall = vclock_wall_clock_get_default ();
  VclockClock *virtual = VCLOCK_CLOCK (vclock_virtual_clock_get_default ());

  g_assert_cmpint (vclock_clock_get_time (monotonic), >, 0);
  g_assert_cmpint (vclock_clock_get_time_us (wall), >, 0);
  g_assert_cmpint (vclock_clock_get_time (virtual), <, vclock_clock_get_time (monotonic));
}

static void
show_rate_and_pause (void)
{
  g_autoptr (VclockVirtualClock) host = vclock_virtual_clock_new ();
  g_autoptr (VclockVirtualClock) game = vclock_virtual_clock_new_with_parent (VCLOCK_CLOCK (host));

  vclock_virtual_clock_set_rate (game, 1, 2);
  vclock_virtual_clock_advance (host, 10 * VCLOCK_NSEC_PER_SEC);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (game)), ==, 5 * VCLOCK_NSEC_PER_SEC);

  vclock_virtual_clock_pause (game);
  vclock_virtual_clock_advance (host, 10 * VCLOCK_NSEC_PER_SEC);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (game)), ==, 5 * VCLOCK_NSEC_PER_SEC);

  vclock_virtual_clock_resume (game);
  vclock_virtual_clock_advance (host, 10 * VCLOCK_NSEC_PER_SEC);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (game)), ==, 10 * VCLOCK_NSEC_PER_SEC);
}

#define HITS_TYPE_CLOCK (hits_clock_get_type ())
G_DECLARE_FINAL_TYPE (HitsClock, hits_clock, HITS, CLOCK, VclockClock)

/* A clock whose time is a count of hits. */
struct _HitsClock
{
  VclockClock parent_instance;

  gint64 n_hits; /* atomic: the time is read from any thread */
};

G_DEFINE_FINAL_TYPE (HitsClock, hits_clock, VCLOCK_TYPE_CLOCK)

static VclockTime
hits_clock_get_time (VclockClock *clock)
{
  return __atomic_load_n (&HITS_CLOCK (clock)->n_hits, __ATOMIC_ACQUIRE);
}

static void
hits_clock_class_init (HitsClockClass *klass)
{
  VCLOCK_CLOCK_CLASS (klass)->get_time = hits_clock_get_time;
}

static void
hits_clock_init (HitsClock *self)
{
}

static void
hits_clock_hit (HitsClock *self)
{
  __atomic_add_fetch (&self->n_hits, 1, __ATOMIC_ACQ_REL);
  vclock_clock_replan (VCLOCK_CLOCK (self));
}

static void
count_cb (VclockTimer *timer,
          guint64      overruns,
          gpointer     user_data)
{
  int *count = user_data;

  (*count)++;
}

static void
show_derived_clock (void)
{
  g_autoptr (HitsClock) clock = g_object_new (HITS_TYPE_CLOCK, NULL);
  g_autoptr (VclockTimer) timer = vclock_timer_new (VCLOCK_CLOCK (clock));
  int count = 0;

  vclock_timer_set_callback (timer, count_cb, &count, NULL);
  vclock_timer_arm (timer, 3);
  for (int i = 0; i < 3; i++)
    {
      g_assert_cmpint (count, ==, 0);
      hits_clock_hit (clock);
      vclock_clock_run_timers (VCLOCK_CLOCK (clock));
    }
  g_assert_cmpint (count, ==, 1);
}

static guint64
run_machine (guint64 n)
{
  return n;
}

static void
show_ticks (void)
{
  g_autoptr (VclockTickClock) clock = vclock_tick_clock_new (1000, 3);
  g_autoptr (VclockTimer) timer = vclock_timer_new (VCLOCK_CLOCK (clock));
  int count = 0;

  vclock_timer_set_callback (timer, count_cb, &count, NULL);
  vclock_timer_arm (timer, VCLOCK_NSEC_PER_MSEC);
  while (count == 0)
    {
      guint64 budget = vclock_tick_clock_get_budget (clock);

      vclock_tick_clock_tick (clock, run_machine (MIN (budget, 100)));
    }
  g_assert_cmpuint (vclock_tick_clock_get_ticks (clock), ==, 3000);
}

int
main (void)
{
  show_default_clocks ();
  show_rate_and_pause ();
  show_derived_clock ();
  show_ticks ();
}
