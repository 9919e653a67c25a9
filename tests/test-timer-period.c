/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

typedef struct
{
  GMainContext *context;
  TestClock    *test;
  VclockTimer  *timer;
  GString      *log;
} Fixture;

/* Logs when it is called, overruns, and the next deadline. */
static void
log_call_cb (VclockTimer *timer,
             guint64      overruns,
             gpointer     log)
{
  g_string_append_printf (log, "%" G_GINT64_FORMAT "+%" G_GUINT64_FORMAT ">%" G_GINT64_FORMAT " ",
                          vclock_clock_get_time (vclock_timer_get_clock (timer)), overruns,
                          vclock_timer_get_deadline (timer));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->context = g_main_context_new ();
  g_main_context_push_thread_default (fixture->context);
  fixture->test = test_clock_new ();
  fixture->log = g_string_new (NULL);
  fixture->timer = vclock_timer_new (VCLOCK_CLOCK (fixture->test));
  vclock_timer_set_callback (fixture->timer, log_call_cb, fixture->log, NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  vclock_timer_disarm (fixture->timer);
  g_assert_finalize_object (fixture->timer);
  g_assert_finalize_object (fixture->test);
  g_main_context_pop_thread_default (fixture->context);
  g_main_context_unref (fixture->context);
  g_string_free (fixture->log, TRUE);
}

static void
pass_to (Fixture    *fixture,
         VclockTime  now)
{
  test_clock_set (fixture->test, now);
  test_iterate (fixture->context);
}

typedef struct
{
  guint      count;
  VclockTime period;
} Exact;

static void
exact_cb (VclockTimer *timer,
          guint64      overruns,
          gpointer     user_data)
{
  Exact *exact = user_data;

  exact->count++;
  g_assert_cmpuint (overruns, ==, 0);
  g_assert_cmpint (vclock_clock_get_time (vclock_timer_get_clock (timer)), ==,
                   exact->count * exact->period);
}

/* Periods count from the origin: the k-th of 10 000 comes at start + k · period, exactly (F1). */
static void
test_exact (void)
{
  VclockVirtualClock *clock = vclock_virtual_clock_new ();
  VclockTimer *timer = vclock_timer_new (VCLOCK_CLOCK (clock));
  Exact exact = { 0, MSEC (10) + 1 };

  vclock_timer_set_callback (timer, exact_cb, &exact, NULL);
  vclock_timer_set_period (timer, exact.period);
  vclock_timer_arm (timer, exact.period);
  for (guint i = 0; i < 1000; i++)
    vclock_virtual_clock_advance (clock, 10 * exact.period);
  g_assert_cmpuint (exact.count, ==, 10000);
  vclock_timer_disarm (timer);
  g_assert_finalize_object (timer);
  g_assert_finalize_object (clock);
}

/* Called late each time, by up to a period, the deadlines do not drift. */
static void
test_no_drift (Fixture       *fixture,
               gconstpointer  unused)
{
  vclock_timer_set_callback (fixture->timer, NULL, NULL, NULL);
  vclock_timer_set_period (fixture->timer, 100);
  vclock_timer_arm (fixture->timer, 1000);
  for (guint i = 0; i < 10000; i++)
    {
      pass_to (fixture, 1000 + i * 100 + g_test_rand_int_range (0, 100));
      g_assert_cmpint (vclock_timer_get_deadline (fixture->timer), ==, 1000 + (i + 1) * 100);
    }
}

/* What each policy does when the clock comes late. */
static void
test_policies (Fixture       *fixture,
               gconstpointer  unused)
{
  static const struct
  {
    VclockOverrunPolicy  policy;
    VclockTime           now;
    const char          *log;
  } cases[] = {
    { VCLOCK_OVERRUN_POLICY_SKIP, 100, "100+0>110 " },
    { VCLOCK_OVERRUN_POLICY_SKIP, 109, "109+0>110 " },
    { VCLOCK_OVERRUN_POLICY_SKIP, 110, "110+1>120 " },
    { VCLOCK_OVERRUN_POLICY_SKIP, 135, "135+3>140 " },
    { VCLOCK_OVERRUN_POLICY_BURST, 100, "100+0>110 " },
    { VCLOCK_OVERRUN_POLICY_BURST, 109, "109+0>110 " },
    { VCLOCK_OVERRUN_POLICY_BURST, 110, "110+0>110 110+0>120 " },
    { VCLOCK_OVERRUN_POLICY_BURST, 135, "135+0>110 135+0>120 135+0>130 135+0>140 " },
    { VCLOCK_OVERRUN_POLICY_DELAY, 100, "100+0>110 " },
    { VCLOCK_OVERRUN_POLICY_DELAY, 109, "109+0>119 " },
    { VCLOCK_OVERRUN_POLICY_DELAY, 110, "110+1>120 " },
    { VCLOCK_OVERRUN_POLICY_DELAY, 135, "135+3>145 " },
  };

  vclock_timer_set_period (fixture->timer, 10);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      vclock_timer_disarm (fixture->timer);
      fixture->test->now = 0;
      vclock_timer_set_overrun_policy (fixture->timer, cases[i].policy);
      vclock_timer_arm (fixture->timer, 100);
      pass_to (fixture, cases[i].now);
      test_assert_log (fixture->log, cases[i].log);
    }
}

/* After the clock was set back, delay is a period from now, and the others count from the start. */
static void
test_set_back (Fixture       *fixture,
               gconstpointer  unused)
{
  static const char *const logs[] = { "50+0>1010 ", "50+0>1010 ", "50+0>60 " };

  vclock_timer_set_period (fixture->timer, 10);
  for (guint i = 0; i < G_N_ELEMENTS (logs); i++)
    {
      vclock_timer_set_overrun_policy (fixture->timer, i);
      fixture->test->now = 1000;
      vclock_timer_arm (fixture->timer, 1000);
      fixture->test->now = 50;
      vclock_clock_announce_reset (VCLOCK_CLOCK (fixture->test), 1000, 50);
      test_iterate (fixture->context);
      test_assert_log (fixture->log, logs[i]);
    }
}

/* One pass of a burst is one period: other sources get their turn between them. */
static void
test_burst_one_pass (Fixture       *fixture,
                     gconstpointer  unused)
{
  vclock_timer_set_period (fixture->timer, 10);
  vclock_timer_set_overrun_policy (fixture->timer, VCLOCK_OVERRUN_POLICY_BURST);
  vclock_timer_arm (fixture->timer, 10);
  test_clock_set (fixture->test, 25);
  g_main_context_iteration (fixture->context, FALSE);
  test_assert_log (fixture->log, "25+0>20 ");
  g_main_context_iteration (fixture->context, FALSE);
  test_assert_log (fixture->log, "25+0>30 ");
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");
}

static void
set_period_cb (VclockTimer *timer,
               guint64      overruns,
               gpointer     log)
{
  log_call_cb (timer, overruns, log);
  vclock_timer_set_period (timer, 30);
}

/* A period that is changed in the callback counts from the expiry that it is called for: 700,
 * then 30, makes twelve by 1030 (F6). */
static void
test_change_in_callback (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr (GString) expected = g_string_new ("700+0>1400 ");

  for (int deadline = 730; deadline <= 1030; deadline += 30)
    g_string_append_printf (expected, "%d+0>%d ", deadline, deadline + 30);

  vclock_timer_set_callback (fixture->timer, set_period_cb, fixture->log, NULL);
  vclock_timer_set_period (fixture->timer, 700);
  vclock_timer_arm (fixture->timer, 700);
  for (VclockTime now = 700; now <= 1030; now += 10)
    pass_to (fixture, now);
  test_assert_log (fixture->log, expected->str);
}

/* Elsewhere it counts from the next expiry on: the deadline stands. */
static void
test_change_between (Fixture       *fixture,
                     gconstpointer  unused)
{
  vclock_timer_set_period (fixture->timer, 700);
  vclock_timer_arm (fixture->timer, 700);
  pass_to (fixture, 700);
  vclock_timer_set_period (fixture->timer, 30);
  g_assert_cmpint (vclock_timer_get_deadline (fixture->timer), ==, 1400);
  pass_to (fixture, 1400);
  test_assert_log (fixture->log, "700+0>1400 1400+0>1430 ");
}

static void
end_period_cb (VclockTimer *timer,
               guint64      overruns,
               gpointer     log)
{
  log_call_cb (timer, overruns, log);
  vclock_timer_set_period (timer, 0);
  g_assert_false (vclock_timer_is_armed (timer));
}

/* A period of 0, given in the callback, ends the timer. */
static void
test_end_in_callback (Fixture       *fixture,
                      gconstpointer  unused)
{
  vclock_timer_set_callback (fixture->timer, end_period_cb, fixture->log, NULL);
  vclock_timer_set_period (fixture->timer, 10);
  vclock_timer_arm (fixture->timer, 10);
  pass_to (fixture, 10);
  pass_to (fixture, 20);
  test_assert_log (fixture->log, "10+0>20 ");
}

static void
arm_after_cb (VclockTimer *timer,
              guint64      overruns,
              gpointer     log)
{
  log_call_cb (timer, overruns, log);
  vclock_timer_arm_after (timer, 7);
}

/* Arming in the callback, or between two periods, begins a new phase (F2). */
static void
test_new_phase (Fixture       *fixture,
                gconstpointer  unused)
{
  vclock_timer_set_period (fixture->timer, 100);
  vclock_timer_arm (fixture->timer, 100);
  pass_to (fixture, 150);
  vclock_timer_arm (fixture->timer, 160);
  pass_to (fixture, 160);
  test_assert_log (fixture->log, "150+0>200 160+0>260 ");

  vclock_timer_set_callback (fixture->timer, arm_after_cb, fixture->log, NULL);
  pass_to (fixture, 260);
  pass_to (fixture, 267);
  test_assert_log (fixture->log, "260+0>360 267+0>367 ");
}

static void
check_armed_cb (VclockTimer *timer,
                guint64      overruns,
                gpointer     log)
{
  g_assert_true (vclock_timer_is_armed (timer));
  g_assert_true (vclock_timer_disarm (timer));
  g_string_append_c (log, 'd');
}

/* A periodic timer is armed again before its callback runs; disarm () in it ends the timer. */
static void
test_rearmed_before_callback (Fixture       *fixture,
                              gconstpointer  unused)
{
  vclock_timer_set_callback (fixture->timer, check_armed_cb, fixture->log, NULL);
  vclock_timer_set_period (fixture->timer, 10);
  vclock_timer_arm (fixture->timer, 10);
  pass_to (fixture, 10);
  pass_to (fixture, 100);
  test_assert_log (fixture->log, "d");
  g_assert_false (vclock_timer_is_armed (fixture->timer));
}

static gboolean
returns_false (VclockTimer *timer,
               guint64      overruns,
               gpointer     log)
{
  g_string_append_c (log, 'f');

  return FALSE;
}

/* A result that a callback gives by mistake has no meaning. */
static void
test_result_is_ignored (Fixture       *fixture,
                        gconstpointer  unused)
{
  vclock_timer_set_callback (fixture->timer, (VclockTimerFunc) (GCallback) returns_false,
                             fixture->log, NULL);
  vclock_timer_set_period (fixture->timer, 10);
  vclock_timer_arm (fixture->timer, 10);
  for (VclockTime now = 10; now <= 30; now += 10)
    pass_to (fixture, now);
  test_assert_log (fixture->log, "fff");
}

/* F3: while the clock stands a periodic timer expires once. */
static void
test_standing_clock (Fixture       *fixture,
                     gconstpointer  unused)
{
  vclock_timer_set_period (fixture->timer, 10);
  vclock_timer_arm (fixture->timer, 0);
  for (guint i = 0; i < 100; i++)
    g_main_context_iteration (fixture->context, FALSE);
  test_assert_log (fixture->log, "0+0>10 ");
}

/* A9: a period so long that the next deadline lies beyond 64 bits is never. */
static void
test_huge (Fixture       *fixture,
           gconstpointer  unused)
{
  static const VclockTime periods[] = { VCLOCK_TIME_NEVER, VCLOCK_TIME_NEVER - 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (periods); i++)
    {
      fixture->test->now = 0;
      vclock_timer_set_period (fixture->timer, periods[i]);
      vclock_timer_arm (fixture->timer, 1000);
      pass_to (fixture, 1000);
      g_assert_cmpint (vclock_timer_get_deadline (fixture->timer), ==, VCLOCK_TIME_NEVER);
      test_assert_log (fixture->log, "1000+0>9223372036854775807 ");
      pass_to (fixture, VCLOCK_TIME_NEVER);
      test_assert_log (fixture->log, "");
    }

  fixture->test->now = 0;
  vclock_timer_set_period (fixture->timer, G_GINT64_CONSTANT (1) << 62);
  vclock_timer_arm (fixture->timer, G_MININT64);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "0+2>4611686018427387904 ");
}

/* A period set back to 0 makes a one-shot timer of it from the next expiry on. */
static void
test_end (Fixture       *fixture,
          gconstpointer  unused)
{
  vclock_timer_set_period (fixture->timer, 10);
  vclock_timer_arm (fixture->timer, 10);
  pass_to (fixture, 10);
  vclock_timer_set_period (fixture->timer, 0);
  g_assert_true (vclock_timer_is_armed (fixture->timer));
  pass_to (fixture, 20);
  g_assert_false (vclock_timer_is_armed (fixture->timer));
  test_assert_log (fixture->log, "10+0>20 20+0>9223372036854775807 ");
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  g_test_add_func ("/timer/period/exact", test_exact);
  ADD ("/timer/period/no-drift", test_no_drift);
  ADD ("/timer/period/policies", test_policies);
  ADD ("/timer/period/burst-one-pass", test_burst_one_pass);
  ADD ("/timer/period/change-between", test_change_between);
  ADD ("/timer/period/change-in-callback", test_change_in_callback);
  ADD ("/timer/period/end-in-callback", test_end_in_callback);
  ADD ("/timer/period/new-phase", test_new_phase);
  ADD ("/timer/period/rearmed-before-callback", test_rearmed_before_callback);
  ADD ("/timer/period/result-is-ignored", test_result_is_ignored);
  ADD ("/timer/period/set-back", test_set_back);
  ADD ("/timer/period/standing-clock", test_standing_clock);
  ADD ("/timer/period/huge", test_huge);
  ADD ("/timer/period/end", test_end);

  return g_test_run ();
}
