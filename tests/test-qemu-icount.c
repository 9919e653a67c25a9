/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"

/* QEMU's time made of counted instructions, call by call: the same outcome here. The manual's page
 * "Coming from QEMU" names these tests in its tables; test-tick-clock.c has more. */

typedef struct
{
  VclockTickClock *self;   /* of shift 3, as QEMU's guess */
  VclockClock     *clock;  /* the same */
  VclockTimer     *timer;
  int              n_expired;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  test_host_begin ();
  fixture->self = vclock_tick_clock_new_shift (3);
  fixture->clock = VCLOCK_CLOCK (fixture->self);
  fixture->timer = test_counting_timer_new (fixture->clock, &fixture->n_expired);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  vclock_timer_disarm (fixture->timer);
  g_assert_finalize_object (fixture->timer);
  g_assert_finalize_object (fixture->self);
  test_host_end ();
}

/* -icount shift=N, icount_to_ns (): an instruction takes 2^N nanoseconds, whatever it does. */
static void
test_shift (Fixture       *fixture,
            gconstpointer  unused)
{
  VclockTime time = 0;

  for (guint shift = 0; shift <= 10; shift++)
    {
      vclock_tick_clock_set_shift (fixture->self, shift);
      vclock_tick_clock_tick (fixture->self, 1000);
      time += 1000 << shift;
      g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, time);
    }
}

/* icount_get (): virtual time is a bias and what the instructions took. */
static void
test_get (Fixture       *fixture,
          gconstpointer  unused)
{
  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (fixture->self), 5);
  vclock_tick_clock_tick (fixture->self, 100);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 805);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 805);
}

/* icount_get_raw (): the instructions alone, without a bias. */
static void
test_get_raw (Fixture       *fixture,
              gconstpointer  unused)
{
  vclock_tick_clock_tick (fixture->self, 100);
  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (fixture->self), 5);
  g_assert_cmpuint (vclock_tick_clock_get_ticks (fixture->self), ==, 100);
}

/* icount_update () and icount_handle_deadline (): a block of instructions is counted, and what is
 * due after it is called by the thread that ran it. */
static void
test_update (Fixture       *fixture,
             gconstpointer  unused)
{
  vclock_timer_arm (fixture->timer, 80);
  vclock_tick_clock_tick (fixture->self, 9);
  g_assert_cmpint (fixture->n_expired, ==, 0);
  vclock_tick_clock_tick (fixture->self, 1);
  g_assert_cmpint (fixture->n_expired, ==, 1);
}

/* icount_get_limit (), icount_round (): as many instructions as reach the next deadline. Without
 * one, what 2147483647 ns take there; here there is no bound. */
static void
test_get_limit (Fixture       *fixture,
                gconstpointer  unused)
{
  static const VclockTime deadlines[] = { 1, 7, 8, 9, 1000, 1001, G_MAXINT32 };
  static const guint64 limits[] = { 1, 1, 1, 2, 125, 126, 268435456 };

  for (gsize i = 0; i < G_N_ELEMENTS (deadlines); i++)
    {
      vclock_timer_arm (fixture->timer, deadlines[i]);
      g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, limits[i]);
    }

  vclock_timer_disarm (fixture->timer);
  g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, G_MAXUINT64);
}

/* align=on: from more than 3 ms ahead, the guest waits until it is not ahead any more. */
static void
test_align (Fixture       *fixture,
            gconstpointer  unused)
{
  vclock_tick_clock_set_alignment (fixture->self, MSEC (3));
  g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, MSEC (3) / 8);
  vclock_tick_clock_tick (fixture->self, MSEC (4) / 8);
  g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, 0);
  test_host_pass (vclock_tick_clock_get_ahead (fixture->self));
  g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, MSEC (3) / 8);
}

static gint64
get_ns_per_tick (VclockTickClock *self)
{
  gint64 numerator;

  vclock_virtual_clock_get_rate (VCLOCK_VIRTUAL_CLOCK (self), &numerator, NULL);

  return numerator;
}

/* shift=auto, icount_adjust (): it begins with shift 3. After a second, a guest that has done
 * nearly nothing is more than 100 ms behind, and has shift 4; virtual time goes on from where it
 * was. */
static void
test_adjust (Fixture       *fixture,
             gconstpointer  unused)
{
  vclock_tick_clock_set_shift (fixture->self, 0);
  vclock_tick_clock_set_adaptive_tolerance (fixture->self, MSEC (100));
  g_assert_cmpint (get_ns_per_tick (fixture->self), ==, 8);
  test_host_pass (SEC (1) - 1);
  vclock_tick_clock_tick (fixture->self, 70000);
  g_assert_cmpint (get_ns_per_tick (fixture->self), ==, 8);
  test_host_pass (1);
  vclock_tick_clock_tick (fixture->self, 70000);
  g_assert_cmpint (get_ns_per_tick (fixture->self), ==, 16);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 140000 * 8);
}

static void
multiple_cb (VclockTimer *timer,
             guint64      overruns,
             gpointer     n_expired)
{
  (*(int *) n_expired)++;
  g_assert_cmpint (vclock_clock_get_time (vclock_timer_get_clock (timer)), ==,
                   *(int *) n_expired * 100000);
}

/* A timer's callback saw the time at the end of a block of instructions. */
static void
test_wrong_icount_period (Fixture       *fixture,
                          gconstpointer  unused)
{
  vclock_timer_set_callback (fixture->timer, multiple_cb, &fixture->n_expired, NULL);
  vclock_timer_set_period (fixture->timer, 100000);
  vclock_timer_arm (fixture->timer, 100000);
  for (guint i = 0; i < 1000; i++)
    vclock_tick_clock_tick (fixture->self, 989);
  g_assert_cmpint (fixture->n_expired, ==, 1000 * 989 * 8 / 100000);
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

#define add(path, func) g_test_add ("/qemu/" path, Fixture, NULL, set_up, func, tear_down)
  add ("icount-shift", test_shift);
  add ("icount-get", test_get);
  add ("icount-get-raw", test_get_raw);
  add ("icount-update", test_update);
  add ("icount-get-limit", test_get_limit);
  add ("icount-align", test_align);
  add ("icount-adjust", test_adjust);
  add ("wrong/icount-period", test_wrong_icount_period);

  return g_test_run ();
}
