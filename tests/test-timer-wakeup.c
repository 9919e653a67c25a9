/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"

#include <glib-vclock/vclock-host-private.h>

#define USEC(n) ((n) * VCLOCK_NSEC_PER_USEC)

typedef struct
{
  GMainContext *context;
  VclockAlarm  *alarm;
  VclockClock  *clock; /* of the host, which is a variable */
  GString      *log;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  test_host_begin ();
  fixture->context = g_main_context_new ();
  g_main_context_push_thread_default (fixture->context);
  fixture->alarm = vclock_alarm_get_for_context (NULL);
  fixture->clock = VCLOCK_CLOCK (vclock_monotonic_clock_new ());
  fixture->log = g_string_new (NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  test_host_read_takes = 0;
  g_main_context_pop_thread_default (fixture->context);
  g_main_context_unref (fixture->context);
  g_assert_finalize_object (fixture->alarm);
  g_assert_finalize_object (fixture->clock);
  g_string_free (fixture->log, TRUE);
  test_host_end ();
}

static void
notify_cb (GObject    *object,
           GParamSpec *pspec,
           gpointer    log)
{
  g_string_append_printf (log, "%s ", pspec->name);
}

/* How long a timer spins is in nanoseconds, whatever its scale, and rounded up to microseconds. */
static void
test_property (Fixture       *fixture,
               gconstpointer  unused)
{
  VclockTimer *timer = vclock_timer_new_full (fixture->clock, NULL, 0, VCLOCK_SCALE_S);
  gint64 spin;

  g_assert_cmpint (vclock_timer_get_spin (timer), ==, 0);
  g_signal_connect (timer, "notify", G_CALLBACK (notify_cb), fixture->log);
  vclock_timer_set_spin (timer, 1);
  g_assert_cmpint (vclock_timer_get_spin (timer), ==, USEC (1));
  vclock_timer_set_spin (timer, USEC (1));
  g_object_set (timer, "spin", (gint64) USEC (160), NULL);
  g_object_get (timer, "spin", &spin, NULL);
  g_assert_cmpint (spin, ==, USEC (160));
  vclock_timer_set_spin (timer, VCLOCK_TIMER_SPIN_MAX);
  g_assert_cmpint (vclock_timer_get_spin (timer), ==, MSEC (1));
  vclock_timer_set_spin (timer, 0);
  test_assert_log (fixture->log, "spin spin spin spin ");

  g_assert_finalize_object (timer);
}

/* The alarm wakes by as much earlier as the timer spins, also for one that does not come first, and
 * whatever its slack. */
static void
test_wakeup (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "t", fixture->log);
  VclockTimer *others[30];

  vclock_timer_arm (timer, SEC (2000));
  g_assert_cmpint (vclock_alarm_get_wakeup (fixture->alarm), ==, SEC (2000));
  vclock_timer_set_spin (timer, USEC (160));
  g_assert_cmpint (vclock_alarm_get_wakeup (fixture->alarm), ==, SEC (2000) - USEC (160));
  vclock_timer_set_slack (timer, SEC (5));
  g_assert_cmpint (vclock_alarm_get_wakeup (fixture->alarm), ==, SEC (2000) - USEC (160));

  for (int i = 0; i < (int) G_N_ELEMENTS (others); i++)
    {
      others[i] = test_timer_new (fixture->clock, "o", fixture->log);
      vclock_timer_arm (others[i], SEC (2000) - USEC (100) + i);
    }
  g_assert_cmpint (vclock_alarm_get_wakeup (fixture->alarm), ==, SEC (2000) - USEC (160));
  vclock_timer_arm (others[7], SEC (2000) - USEC (170));
  g_assert_cmpint (vclock_alarm_get_wakeup (fixture->alarm), ==, SEC (2000) - USEC (170));

  vclock_timer_arm (timer, VCLOCK_TIME_NEVER);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    test_drop (others[i]);
  g_assert_cmpint (vclock_alarm_get_wakeup (fixture->alarm), ==, VCLOCK_TIME_NEVER);
  vclock_timer_disarm (timer);
}

/* It is so much of the host's time, at any rate of the clock. A clock that cannot promise a time of
 * the host has no wakeup. */
static void
test_rates (Fixture       *fixture,
            gconstpointer  unused)
{
  static const gint64 rates[][2] = { { 1, 1 }, { 2, 1 }, { 1, 1000 }, { 1000, 1 }, { 1, 3 } };
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new_with_parent (fixture->clock);
  g_autoptr (VclockTimer) timer = test_timer_new (VCLOCK_CLOCK (clock), "t", fixture->log);

  vclock_timer_set_spin (timer, USEC (200));
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      VclockHostClock host_clock;
      VclockTime reached;

      vclock_virtual_clock_set_rate (clock, rates[i][0], rates[i][1]);
      vclock_timer_arm_after (timer, SEC (6));
      reached = vclock_clock_get_wakeup (VCLOCK_CLOCK (clock), vclock_timer_get_deadline (timer),
                                         &host_clock);
      g_assert_cmpint (reached, ==, SEC (1000) + SEC (6) * rates[i][1] / rates[i][0]);
      g_assert_cmpint (ABS (reached - USEC (200) - vclock_alarm_get_wakeup (fixture->alarm)), <=,
                       1 + rates[i][1] / rates[i][0]);
    }

  vclock_virtual_clock_pause (clock);
  g_assert_cmpint (vclock_alarm_get_wakeup (fixture->alarm), ==, VCLOCK_TIME_NEVER);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");
  vclock_timer_disarm (timer);
}

static void
log_time_cb (VclockTimer *timer,
             guint64      overruns,
             gpointer     log)
{
  const VclockTime lateness = vclock_timer_get_lateness (timer);

  /* In reads of the clock: some lie between the end of waiting and the pass. */
  g_assert_cmpint (vclock_clock_get_time (vclock_timer_get_clock (timer)), >=, SEC (1001));
  g_assert_cmpint (lateness, <, 20 * test_host_read_takes);
  test_log_name_cb (timer, overruns, log);
}

/* A context that is woken in time waits for the rest, and calls at the deadline: never before it. One
 * that is run earlier, for something else, does not wait. */
static void
test_never_early (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "t", fixture->log);

  vclock_timer_set_callback (timer, log_time_cb, fixture->log, NULL);
  vclock_timer_set_spin (timer, USEC (200));
  vclock_timer_arm (timer, SEC (1001));
  test_iterate (fixture->context);
  test_host_pass (SEC (1) - USEC (250));
  test_host_read_takes = 70;
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");
  g_assert_cmpint (test_host_times[0], <, SEC (1001) - USEC (200));

  test_host_pass (USEC (70));
  g_assert_cmpuint (test_iterate (fixture->context), ==, 1);
  test_assert_log (fixture->log, "t");
}

/* While one is waited for, another that does not spin is called at its own deadline; and one may be
 * the other's successor. */
static void
test_others (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (VclockTimer) first = test_timer_new (fixture->clock, "f", fixture->log);
  g_autoptr (VclockTimer) spins = test_timer_new (fixture->clock, "s", fixture->log);
  g_autoptr (VclockTimer) last = test_timer_new (fixture->clock, "l", fixture->log);

  vclock_timer_set_spin (spins, VCLOCK_TIMER_SPIN_MAX);
  vclock_timer_set_spin (last, USEC (20));
  vclock_timer_arm (first, SEC (1001) - USEC (100));
  vclock_timer_arm (spins, SEC (1001));
  vclock_timer_arm (last, SEC (1001) + USEC (15));
  test_iterate (fixture->context);
  test_host_pass (SEC (1) - USEC (300));
  test_host_read_takes = 70;
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "fsl");
  g_assert_cmpint (vclock_timer_get_lateness (first), <, 1400);
  g_assert_cmpint (vclock_timer_get_lateness (spins), <, 1400);
  g_assert_cmpint (vclock_timer_get_lateness (last), <, 1400);
}

static VclockTimer *disarmed; /* when the clock has been read so often */
static guint n_reads_left;

static VclockTime
disarming_get_time (VclockHostClock host_clock)
{
  if (--n_reads_left == 0)
    vclock_timer_disarm (disarmed);

  return test_host_times[host_clock];
}

/* Waiting ends when the timer is disarmed meanwhile: here the clock stands still, so that it would
 * never. */
static void
test_disarm (Fixture       *fixture,
             gconstpointer  unused)
{
  static const VclockHost host = { .get_time = disarming_get_time };
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "t", fixture->log);

  vclock_timer_set_spin (timer, USEC (200));
  vclock_timer_arm (timer, SEC (1001));
  test_iterate (fixture->context);
  test_host_pass (SEC (1) - USEC (100));
  disarmed = timer;
  n_reads_left = 1000;
  vclock_host_replace (&host);
  test_iterate (fixture->context);
  vclock_host_replace (NULL);
  test_assert_log (fixture->log, "");
  g_assert_false (vclock_timer_is_armed (timer));
}

/* A timer that may still be late does not keep the context awake, and is called when it is awake for
 * something else; one that may not be later does. */
static void
test_awake (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "t", fixture->log);

  g_assert_true (vclock_alarm_set_backend (fixture->alarm, "poll", NULL));
  vclock_timer_set_slack (timer, MSEC (50));
  vclock_timer_arm_after (timer, MSEC (20));
  g_assert_cmpint (test_iterate_once (fixture->context), ==, 70);
  test_host_pass (MSEC (20) - 1);
  g_assert_cmpint (test_iterate_once (fixture->context), >, 50);
  test_assert_log (fixture->log, "");
  test_host_pass (1);
  g_assert_cmpint (test_iterate_once (fixture->context), ==, 50);
  test_assert_log (fixture->log, "t");

  vclock_timer_arm_after (timer, MSEC (20));
  vclock_timer_arm_after (timer, 0);
  g_assert_cmpint (test_iterate_once (fixture->context), ==, 50);
  test_assert_log (fixture->log, "t");

  vclock_timer_arm_after (timer, MSEC (20));
  test_host_pass (MSEC (70));
  g_assert_cmpint (test_iterate_once (fixture->context), ==, 0);
  test_assert_log (fixture->log, "t");
}

/* On a clock that cannot promise a time of the host nobody would be woken by the end of the slack. */
static void
test_standing (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (VclockTimer) timer = test_timer_new (VCLOCK_CLOCK (clock), "t", fixture->log);

  vclock_timer_set_slack (timer, MSEC (50));
  vclock_timer_arm (timer, -1);
  g_assert_cmpint (test_iterate_once (fixture->context), ==, 0);
  test_assert_log (fixture->log, "t");
}

/* Nobody sleeps while timers are due that were too many for one dispatch. */
static void
test_too_many (Fixture       *fixture,
               gconstpointer  unused)
{
  VclockTimer *timers[1500];

  g_assert_true (vclock_alarm_set_backend (fixture->alarm, "poll", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    {
      timers[i] = test_timer_new (fixture->clock, "t", fixture->log);
      vclock_timer_arm_after (timers[i], 0);
    }
  g_assert_cmpint (test_iterate_once (fixture->context), ==, 0);
  g_assert_cmpuint (fixture->log->len, ==, 1000);
  g_assert_cmpint (test_iterate_once (fixture->context), ==, 0);
  g_assert_cmpuint (fixture->log->len, ==, 1500);
  g_assert_cmpint (test_iterate_once (fixture->context), ==, -1);
  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    g_assert_finalize_object (timers[i]);
}

typedef struct
{
  VclockTime slack;
  guint      min_wakeups;
  guint      max_wakeups;
} SlackCase;

static const SlackCase slack_cases[] = {
  { 0, 10000, G_MAXUINT },
  { MSEC (1), 90, 100 },
  { MSEC (50), 1, 2 },
};

static void
log_lateness_cb (VclockTimer *timer,
                 guint64      overruns,
                 gpointer     max_lateness)
{
  *(VclockTime *) max_lateness = MAX (*(VclockTime *) max_lateness,
                                      vclock_timer_get_lateness (timer));
}

/* 1000 timers with periods of 1 to 10 milliseconds need as many wake-ups in a tenth of a second as
 * slacks fit in, and none is later than its slack. The backend is armed once for each. */
static void
test_coalescing (Fixture       *fixture,
                 gconstpointer  data)
{
  const SlackCase *slack_case = data;
  g_autoptr (GPtrArray) timers = g_ptr_array_new_with_free_func (g_object_unref);
  VclockTime end = SEC (1000) + MSEC (100);
  VclockTime max_lateness = 0;
  guint n_wakeups = 0;

  for (guint i = 0; i < 1000; i++)
    {
      VclockTimer *timer = vclock_timer_new (fixture->clock);

      g_ptr_array_add (timers, timer);
      vclock_timer_set_callback (timer, log_lateness_cb, &max_lateness, NULL);
      vclock_timer_set_slack (timer, slack_case->slack);
      vclock_timer_set_period (timer, g_test_rand_int_range (MSEC (1), MSEC (10)));
      vclock_timer_arm_after (timer, vclock_timer_get_period (timer));
    }

  for (;;)
    {
      guint64 n_programmed = vclock_alarm_get_n_programmed (fixture->alarm);
      VclockTime wakeup;

      test_iterate (fixture->context);
      g_assert_cmpuint (vclock_alarm_get_n_programmed (fixture->alarm), <=, n_programmed + 1);
      wakeup = vclock_alarm_get_wakeup (fixture->alarm);
      if (wakeup > end)
        break;

      n_wakeups++;
      test_host_pass (wakeup - test_host_times[VCLOCK_HOST_CLOCK_MONOTONIC]);
    }

  g_assert_cmpuint (n_wakeups, >=, slack_case->min_wakeups);
  g_assert_cmpuint (n_wakeups, <=, slack_case->max_wakeups);
  g_assert_cmpint (max_lateness, <=, slack_case->slack);
  for (guint i = 0; i < timers->len; i++)
    vclock_timer_disarm (g_ptr_array_index (timers, i));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (slack_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/timer/slack/coalescing/%" G_GINT64_FORMAT "-ms",
                                               slack_cases[i].slack / MSEC (1));

      g_test_add (path, Fixture, &slack_cases[i], set_up, test_coalescing, tear_down);
    }
  ADD ("/timer/slack/awake", test_awake);
  ADD ("/timer/slack/standing", test_standing);
  ADD ("/timer/too-many", test_too_many);
  ADD ("/timer/spin/property", test_property);
  ADD ("/timer/spin/wakeup", test_wakeup);
  ADD ("/timer/spin/rates", test_rates);
  ADD ("/timer/spin/never-early", test_never_early);
  ADD ("/timer/spin/others", test_others);
  ADD ("/timer/spin/disarm", test_disarm);

  return g_test_run ();
}
