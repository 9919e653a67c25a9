/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-fixtures.h"
#include "test-host.h"

#include <glib-vclock/vclock-tick-clock-private.h>

/* A clock that keeps near real time, which here is a variable. */

typedef TestTickFixture Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  test_host_begin ();
  test_tick_fixture_set_up (fixture, NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  test_tick_fixture_tear_down (fixture, NULL);
  test_host_end ();
}

/* How many ticks may run with an alignment: as many as keep the clock no further ahead, rounded
 * down, and none when it is too far already. */
static void
test_alignment (Fixture       *fixture,
                gconstpointer  unused)
{
  static const struct
  {
    VclockTime alignment;
    guint64    n_before;
    VclockTime passes;
    VclockTime ahead;
    guint64    budget;
  } rows[] = {
    { 0, 0, 0, 0, 0 },
    { 9, 0, 0, 0, 0 },
    { 10, 0, 0, 0, 1 },
    { 19, 0, 0, 0, 1 },
    { MSEC (3), 0, 0, 0, 300000 },
    { MSEC (3), 300000, 0, MSEC (3), 0 },
    { MSEC (3), 300001, 0, MSEC (3) + 10, 0 },
    { MSEC (3), 900000, 0, MSEC (9), 0 },
    { MSEC (3), 900000, MSEC (6), MSEC (3), 0 },
    { MSEC (3), 900000, MSEC (9), 0, 300000 },
    { MSEC (3), 100, SEC (1), 1000 - SEC (1), 100299900 },
    { VCLOCK_TIME_NEVER, 900000, 0, MSEC (9), G_MAXUINT64 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      VclockTickClock *clock = vclock_tick_clock_new (10, 1);

      test_host_pass (SEC (5));
      vclock_tick_clock_set_alignment (clock, rows[i].alignment);
      vclock_tick_clock_align (clock);
      vclock_tick_clock_tick (clock, rows[i].n_before);
      test_host_pass (rows[i].passes);
      g_assert_cmpint (vclock_tick_clock_get_ahead (clock), ==, rows[i].ahead);
      g_assert_cmpuint (vclock_tick_clock_get_budget (clock), ==, rows[i].budget);
      g_assert_cmpint (vclock_tick_clock_get_alignment (clock), ==, rows[i].alignment);
      g_assert_finalize_object (clock);
    }
}

/* Real time counts from when the clock is made, when the alignment is changed and when it is asked
 * to; not while the clock is paused. A deadline that is nearer bounds the budget. */
static void
test_real_time (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);

  g_assert_cmpint (vclock_tick_clock_get_ahead (fixture->self), ==, 0);
  test_host_pass (100);
  g_assert_cmpint (vclock_tick_clock_get_ahead (fixture->self), ==, -100);
  vclock_tick_clock_tick (fixture->self, 7);
  g_assert_cmpint (vclock_tick_clock_get_ahead (fixture->self), ==, -30);

  vclock_tick_clock_set_alignment (fixture->self, 50);
  g_assert_cmpint (vclock_tick_clock_get_ahead (fixture->self), ==, 0);
  test_host_pass (20);
  vclock_tick_clock_set_alignment (fixture->self, 50);
  g_assert_cmpint (vclock_tick_clock_get_ahead (fixture->self), ==, -20);
  vclock_tick_clock_align (fixture->self);
  g_assert_cmpint (vclock_tick_clock_get_ahead (fixture->self), ==, 0);

  vclock_virtual_clock_pause (fixture->virtual);
  test_host_pass (SEC (3600));
  vclock_tick_clock_tick (fixture->self, 1000);
  g_assert_cmpint (vclock_tick_clock_get_ahead (fixture->self), ==, 0);
  vclock_virtual_clock_resume (fixture->virtual);
  g_assert_cmpint (vclock_tick_clock_get_ahead (fixture->self), ==, 0);
  test_host_pass (30);
  g_assert_cmpint (vclock_tick_clock_get_ahead (fixture->self), ==, -30);

  g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, 8);
  vclock_timer_arm (timer, vclock_clock_get_time (fixture->clock) + 31);
  g_assert_cmpuint (vclock_tick_clock_get_budget (fixture->self), ==, 4);
  vclock_timer_disarm (timer);
}

/* What QEMU does with its shift, by hand from what its icount_adjust () says: slower, if it is
 * ahead (delta > 0) and last_delta + wobble < 2 delta and the shift is above 0; faster, if it is
 * behind and last_delta - wobble > 2 delta and the shift is below 10. The wobble is 100 ms. */
static void
test_adjust_table (void)
{
  static const struct
  {
    guint shift;
    int   ahead;  /* in milliseconds, as the next */
    int   last;
    guint expected;
  } rows[] = {
    { 3, 0, 0, 3 },
    { 3, 50, 0, 3 },      /* 100 is not less than 100 */
    { 3, 51, 0, 2 },      /* 100 < 102 */
    { 3, 60, 30, 3 },     /* 130, 120: it gets better by itself */
    { 3, 60, 10, 2 },     /* 110 < 120 */
    { 3, 60, -30, 2 },    /* 70 < 120: it gets worse */
    { 3, 200, 300, 3 },   /* 400, 400 */
    { 3, 201, 300, 2 },   /* 400 < 402 */
    { 3, 10, -400, 2 },   /* -300 < 20 */
    { 3, 400, 1000, 3 },  /* 1100, 800 */
    { 1, 500, 0, 0 },
    { 0, 500, 0, 0 },     /* not below 0 */
    { 3, -50, 0, 3 },     /* -100 is not more than -100 */
    { 3, -51, 0, 4 },     /* -100 > -102 */
    { 3, -60, -30, 3 },   /* -130, -120 */
    { 3, -60, -10, 4 },   /* -110 > -120 */
    { 3, -60, 30, 4 },    /* -70 > -120 */
    { 3, -200, -300, 3 }, /* -400, -400 */
    { 3, -201, -300, 4 }, /* -400 > -402 */
    { 3, -10, 400, 4 },   /* 300 > -20 */
    { 9, -5000, 0, 10 },
    { 10, -5000, 0, 10 }, /* not above 10 */
    { 3, 0, 400, 3 },     /* neither ahead nor behind */
    { 3, 0, -400, 3 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpuint (vclock_tick_clock_adjust_shift (rows[i].shift, MSEC (rows[i].ahead),
                                                      MSEC (rows[i].last), MSEC (100)), ==,
                      rows[i].expected);

  g_assert_cmpuint (vclock_tick_clock_adjust_shift (3, VCLOCK_TIME_NEVER, G_MININT64, 0), ==, 2);
  g_assert_cmpuint (vclock_tick_clock_adjust_shift (3, G_MININT64, VCLOCK_TIME_NEVER, 0), ==, 4);
}

static gint64
get_ns_per_tick (VclockTickClock *self)
{
  gint64 numerator;

  vclock_virtual_clock_get_rate (VCLOCK_VIRTUAL_CLOCK (self), &numerator, NULL);

  return numerator;
}

/* A machine that takes so long for 100 000 ticks; when the rate is adjusted, and to what, is what
 * QEMU would do: it looks once in 1 s of real time and once in 100 ms of virtual time, from shift
 * 3. The machine that should have shift 1 overshoots, as QEMU's does. */
static void
test_adaptive (Fixture       *fixture,
               gconstpointer  unused)
{
  static const struct
  {
    VclockTime  takes;
    guint       n_steps;
    const char *log;    /* after how many steps the shift is what */
  } rows[] = {
    /* 125 steps: 100 ms, real 200: -200 < 0 - 100. Then as fast as real time: -200 + 100 is not. */
    { 1600000, 2000, "125:4 " },
    /* 100 - 25 = 75; 200 - 75 = 125, last 75; 300 - 175 = 125; 400 - 375 = 25; 500 - 575 = -75. */
    { 200000, 2875, "125:2 375:1 875:0 2875:1 " },
    /* Every 10 steps by real time, and at 100.8, 216 and 318.4 ms by virtual time. */
    { MSEC (100), 60, "10:4 20:5 30:6 37:7 40:8 43:9 45:10 " },
    /* Right from the start. */
    { 800000, 5000, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      VclockTickClock *clock = vclock_tick_clock_new (1, 3);
      g_autoptr (GString) log = g_string_new (NULL);
      gint64 last = 8;
      VclockTime time = 0;

      vclock_tick_clock_set_adaptive_tolerance (clock, MSEC (100));
      g_assert_cmpint (get_ns_per_tick (clock), ==, last);
      for (guint step = 1; step <= rows[i].n_steps; step++)
        {
          test_host_pass (rows[i].takes);
          vclock_tick_clock_tick (clock, 100000);
          time += last * 100000;
          test_assert_time (clock, time);
          if (get_ns_per_tick (clock) != last)
            g_string_append_printf (log, "%u:%d ", step,
                                    g_bit_nth_msf ((gulong) get_ns_per_tick (clock), -1));
          last = get_ns_per_tick (clock);
        }
      g_assert_cmpstr (log->str, ==, rows[i].log);
      g_assert_finalize_object (clock);
    }
}

/* Small ticks look at real time too, but seldom; a clock that stands is not adjusted, nor is one
 * that is told not to be any more. */
static void
test_adaptive_looks_seldom (Fixture       *fixture,
                            gconstpointer  unused)
{
  vclock_tick_clock_set_adaptive_tolerance (fixture->self, MSEC (100));
  vclock_tick_clock_tick (fixture->self, 0);
  for (guint i = 0; i < 65535; i++)
    vclock_tick_clock_tick (fixture->self, 1);
  g_assert_cmpuint (vclock_tick_clock_get_private (fixture->self)->n_slow, ==, 1);
  test_host_pass (SEC (1));
  vclock_tick_clock_tick (fixture->self, 1);
  g_assert_cmpuint (vclock_tick_clock_get_private (fixture->self)->n_slow, ==, 2);
  g_assert_cmpint (get_ns_per_tick (fixture->self), ==, 16);

  vclock_virtual_clock_pause (fixture->virtual);
  test_host_pass (SEC (100));
  vclock_tick_clock_tick (fixture->self, 1000000);
  g_assert_cmpint (get_ns_per_tick (fixture->self), ==, 16);
  vclock_virtual_clock_resume (fixture->virtual);

  vclock_virtual_clock_set_rate (fixture->virtual, 0, 1);
  test_host_pass (SEC (100));
  vclock_tick_clock_tick (fixture->self, 1000000);
  g_assert_cmpint (get_ns_per_tick (fixture->self), ==, 0);

  vclock_tick_clock_set_shift (fixture->self, 4);
  vclock_tick_clock_set_adaptive_tolerance (fixture->self, VCLOCK_TIME_NEVER);
  test_host_pass (SEC (100));
  vclock_tick_clock_tick (fixture->self, 1000000);
  g_assert_cmpint (get_ns_per_tick (fixture->self), ==, 16);
}

static void
notify_cb (GObject    *object,
           GParamSpec *pspec,
           gpointer    log)
{
  g_string_append_printf (log, "%s ", pspec->name);
}

/* The properties notify when they change, and only then. */
static void
test_properties (Fixture       *fixture,
                 gconstpointer  unused)
{
  VclockTime alignment;
  VclockTime tolerance;

  g_signal_connect (fixture->self, "notify", G_CALLBACK (notify_cb), fixture->log);
  g_object_get (fixture->self, "alignment", &alignment, "adaptive-tolerance", &tolerance, NULL);
  g_assert_cmpint (alignment, ==, VCLOCK_TIME_NEVER);
  g_assert_cmpint (tolerance, ==, VCLOCK_TIME_NEVER);
  g_object_set (fixture->self, "alignment", MSEC (3), NULL);
  test_assert_log (fixture->log, "alignment ");
  g_object_set (fixture->self, "alignment", MSEC (3), NULL);
  test_assert_log (fixture->log, "");
  vclock_tick_clock_set_adaptive_tolerance (fixture->self, MSEC (100));
  test_assert_log (fixture->log, "rate adaptive-tolerance ");
  g_assert_cmpint (vclock_tick_clock_get_alignment (fixture->self), ==, MSEC (3));
  g_assert_cmpint (vclock_tick_clock_get_adaptive_tolerance (fixture->self), ==, MSEC (100));
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

#define add(path, func) g_test_add ("/tick-clock/" path, Fixture, NULL, set_up, func, tear_down)
  add ("alignment", test_alignment);
  add ("real-time", test_real_time);
  g_test_add_func ("/tick-clock/adjust-table", test_adjust_table);
  add ("adaptive", test_adaptive);
  add ("adaptive-looks-seldom", test_adaptive_looks_seldom);
  add ("properties", test_properties);

  return g_test_run ();
}
