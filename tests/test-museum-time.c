/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-wait.h"

#include <glib-vclock/vclock-time-private.h>

/* Ways in which timer code has failed before: arithmetic, rounding, reading time, periods. The
 * letter and number of each test is its row in the museum. */

#define HOUR SEC (3600)
#define DAY  (24 * HOUR)

static void
iterate (int n)
{
  while (n-- > 0)
    g_main_context_iteration (NULL, FALSE);
}

/* Deadlines beyond 31 and 32 bits of milliseconds are far, not now. */
static void
test_a1 (void)
{
  static const VclockTime spans[] = {
    SEC (2148000), 25 * DAY, MSEC (G_GINT64_CONSTANT (4294967297)), 50 * DAY, 292 * 365 * DAY,
  };
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  VclockTimer *timers[G_N_ELEMENTS (spans)];
  g_autoptr (VclockTimer) end = NULL;
  guint64 n_wakeups;
  int n_ended = 0;
  int n_calls = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      timers[i] = test_counting_timer_new (test_get_monotonic (), &n_calls);
      vclock_timer_arm_after (timers[i], spans[i]);
    }

  n_wakeups = vclock_alarm_get_n_wakeups (alarm);
  end = test_counting_timer_new (test_get_monotonic (), &n_ended);
  vclock_timer_arm_after (end, MSEC (100));
  test_run_until (NULL, &n_ended, 1);

  g_assert_cmpint (n_calls, ==, 0);
  g_assert_cmpuint (vclock_alarm_get_n_wakeups (alarm) - n_wakeups, <=, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      g_assert_true (vclock_timer_disarm (timers[i]));
      g_assert_finalize_object (timers[i]);
    }
}

/* A time in any unit is the exact number of nanoseconds, or never. */
static void
test_a2 (void)
{
  static const gint64 units[] = { 1, 1000, 1000000, 1000000000 };
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();

  for (int scale = VCLOCK_SCALE_NS; scale <= VCLOCK_SCALE_S; scale++)
    {
      const gint64 limit = G_MAXINT64 / units[scale];
      const gint64 values[] = {
        1, 2147484, 4294967297, limit - 1, limit, limit + (scale > 0), G_MAXINT64,
      };
      g_autoptr (VclockTimer) timer = vclock_timer_new_full (VCLOCK_CLOCK (clock), NULL, 0, scale);

      for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
        {
          const VclockWide exact = (VclockWide) values[i] * units[scale];

          vclock_timer_arm (timer, values[i]);
          g_assert_cmpint (vclock_clock_get_deadline (VCLOCK_CLOCK (clock), 0), ==,
                           exact > G_MAXINT64 ? VCLOCK_TIME_NEVER : (VclockTime) exact);
          vclock_timer_arm_after (timer, values[i]);
          g_assert_cmpint (vclock_clock_get_deadline (VCLOCK_CLOCK (clock), 0), ==,
                           exact > G_MAXINT64 ? VCLOCK_TIME_NEVER : (VclockTime) exact);
        }

      vclock_timer_disarm (timer);
    }
}

/* A span so long that its end lies beyond 64 bits never ends; it does not wrap to the past. */
static void
test_a3 (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (VclockTimer) timer = NULL;
  const VclockTime spans[] = { G_MAXINT64, G_MAXINT64 - SEC (1000) + 1, G_MAXINT64 - 1 };
  int n_calls = 0;

  vclock_virtual_clock_advance (clock, SEC (1000));
  timer = test_counting_timer_new (VCLOCK_CLOCK (clock), &n_calls);
  for (gsize i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      vclock_timer_arm_after (timer, spans[i]);
      g_assert_true (vclock_timer_is_armed (timer));
      g_assert_cmpint (vclock_timer_get_deadline (timer), ==, VCLOCK_TIME_NEVER);
      vclock_virtual_clock_advance (clock, 365 * DAY);
      iterate (3);
      g_assert_cmpint (n_calls, ==, 0);
    }

  vclock_virtual_clock_jump (clock, G_MAXINT64 - 1);
  vclock_virtual_clock_advance (clock, G_MAXINT64);
  g_assert_cmpint (n_calls, ==, 0);
  vclock_timer_disarm (timer);
}

/* No deadline is special: a timer armed for any of them is armed, and says so. */
static void
test_a8 (void)
{
  static const VclockTime deadlines[] = { G_MININT64, -1, 0, 1, G_MAXINT64 - 1, G_MAXINT64 };
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (VCLOCK_CLOCK (clock), &n_calls);

  for (gsize i = 0; i < G_N_ELEMENTS (deadlines); i++)
    {
      vclock_timer_arm (timer, deadlines[i]);
      g_assert_true (vclock_timer_is_armed (timer));
      g_assert_true (vclock_clock_has_timers (VCLOCK_CLOCK (clock)));
      g_assert_cmpint (vclock_timer_get_deadline (timer), ==, deadlines[i]);
      g_assert_true (vclock_timer_disarm (timer));
      g_assert_false (vclock_timer_is_armed (timer));
      g_assert_false (vclock_timer_disarm (timer));
    }

  for (gsize i = 0; i < G_N_ELEMENTS (deadlines); i++)
    {
      vclock_timer_arm (timer, deadlines[i]);
      iterate (2);
      g_assert_cmpint (n_calls, ==, MIN ((int) i + 1, 3));
    }
  vclock_timer_disarm (timer);
}

/* A period that leads beyond 64 bits ends in never: one call, no wrap, no abort. */
static void
test_a9 (void)
{
  static const VclockTime periods[] = { G_MAXINT64, G_MAXINT64 - 1, G_GINT64_CONSTANT (1) << 62 };

  for (gsize i = 0; i < G_N_ELEMENTS (periods); i++)
    {
      g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
      int n_calls = 0;
      int n_other_calls = 0;
      g_autoptr (VclockTimer) timer = test_counting_timer_new (VCLOCK_CLOCK (clock), &n_calls);
      g_autoptr (VclockTimer) other = test_counting_timer_new (VCLOCK_CLOCK (clock), &n_other_calls);

      vclock_timer_set_period (timer, periods[i]);
      vclock_timer_arm (timer, 10);
      vclock_timer_set_period (other, MSEC (5));
      vclock_timer_arm (other, MSEC (5));
      vclock_virtual_clock_advance (clock, MSEC (200));
      g_assert_cmpint (n_calls, ==, 1);
      g_assert_cmpint (n_other_calls, ==, 40);
      g_assert_cmpint (vclock_timer_get_deadline (timer), ==, vclock_time_add (10, periods[i]));
      vclock_timer_disarm (timer);
      vclock_timer_disarm (other);
    }
}

static void
last_overruns_cb (VclockTimer *timer,
                  guint64      overruns,
                  guint64     *last)
{
  *last = overruns;
}

/* The count of overruns has 64 bits. */
static void
test_a13 (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  int n_calls = 0;
  guint64 overruns = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (VCLOCK_CLOCK (clock), &n_calls);

  g_signal_connect (timer, "expired", G_CALLBACK (last_overruns_cb), &overruns);
  vclock_timer_set_period (timer, 1);
  vclock_timer_arm (timer, 1);
  vclock_virtual_clock_jump (clock, HOUR);
  g_assert_cmpint (n_calls, ==, 1);
  g_assert_cmpuint (overruns, ==, G_GUINT64_CONSTANT (3599999999999));
  vclock_timer_disarm (timer);
}

static void
not_early_cb (VclockTimer *timer,
              guint64      overruns,
              gpointer     user_data)
{
  const VclockTime *deadline = user_data;

  g_assert_cmpint (vclock_clock_get_time (vclock_timer_get_clock (timer)), >=, *deadline);
}

/* Spans below a microsecond do not become 0, which would disarm: all expire, none early. */
static void
test_b1 (void)
{
  int n_calls = 0;
  VclockTime deadline;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);

  g_signal_connect (timer, "expired", G_CALLBACK (not_early_cb), &deadline);
  for (int i = 0; i < 2000; i++)
    {
      vclock_timer_arm_after (timer, g_test_rand_int_range (1, 2000));
      deadline = vclock_timer_get_deadline (timer);
      test_run_until (NULL, &n_calls, i + 1);
    }
  g_assert_cmpint (n_calls, ==, 2000);
}

/* Deadlines that have passed expire in the next iteration, once; 0 and what is negative too. */
static void
test_b2 (void)
{
  const VclockTime now = vclock_clock_get_time (test_get_monotonic ());
  const VclockTime deadlines[] = { 0, now, now - HOUR, 1, -1, -SEC (1), G_MININT64 };
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);

  for (gsize i = 0; i < G_N_ELEMENTS (deadlines); i++)
    {
      vclock_timer_arm (timer, deadlines[i]);
      g_assert_cmpint (n_calls, ==, i);
      g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (n_calls, ==, i + 1);
      iterate (5);
      g_assert_cmpint (n_calls, ==, i + 1);
    }
}

/* The last fraction of a millisecond is slept through: no turns of the loop for nothing. */
static void
test_b3 (void)
{
  static const VclockTime spans[] = { 100000, 470000, 990000, 1010000, 99980000 };
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);

  for (gsize i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      test_count_polls (NULL);
      vclock_timer_arm_after (timer, spans[i]);
      test_run_until (NULL, &n_calls, i + 1);
      g_assert_cmpuint (test_polls.n_polls, <=, 5);
    }
  g_main_context_set_poll_func (NULL, NULL);
}

/* What is due is not slept for at all, and whole milliseconds do not become one more. */
static void
test_b4 (void)
{
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);

  test_count_polls (NULL);
  vclock_timer_arm_after (timer, 0);
  g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (test_polls.last_timeout, ==, 0);
  g_assert_cmpint (n_calls, ==, 1);

  vclock_timer_arm_after (timer, MSEC (5));
  g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (test_polls.last_timeout, <=, 5);
  g_main_context_set_poll_func (NULL, NULL);
  test_run_until (NULL, &n_calls, 2);
}

static void
arm_late_cb (VclockTimer *timer,
             guint64      overruns,
             VclockTimer *other)
{
  g_usleep (20000);
  vclock_timer_arm_after (other, MSEC (10));
}

/* A span counts from the call that names it, not from when the loop last read the clock. */
static void
test_c1 (void)
{
  const VclockTime start = vclock_clock_get_time (test_get_monotonic ());
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = vclock_timer_new (test_get_monotonic ());
  g_autoptr (VclockTimer) other = test_counting_timer_new (test_get_monotonic (), &n_calls);

  g_signal_connect (timer, "expired", G_CALLBACK (arm_late_cb), other);
  vclock_timer_arm_after (timer, 0);
  test_run_until (NULL, &n_calls, 1);
  g_assert_cmpint (vclock_clock_get_time (test_get_monotonic ()) - start, >=, MSEC (30));
}

/* The same outside of the loop. */
static void
test_c2 (void)
{
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  VclockTime start;

  vclock_timer_arm_after (timer, 0);
  test_run_until (NULL, &n_calls, 1);
  g_usleep (20000);
  start = vclock_clock_get_time (test_get_monotonic ());
  vclock_timer_arm_after (timer, MSEC (15));
  test_run_until (NULL, &n_calls, 2);
  g_assert_cmpint (vclock_clock_get_time (test_get_monotonic ()) - start, >=, MSEC (15));
}

static gboolean
count_source_cb (gpointer counter)
{
  (*(int *) counter)++;

  return G_SOURCE_CONTINUE;
}

/* Timers expire in a loop that never sleeps. */
static void
test_c3 (void)
{
  int n_calls = 0;
  int n_idles = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  guint idle = g_idle_add_full (G_PRIORITY_DEFAULT, count_source_cb, &n_idles, NULL);

  vclock_timer_arm_after (timer, MSEC (10));
  test_run_until (NULL, &n_calls, 1);
  g_assert_cmpint (n_idles, >, 1);
  g_source_remove (idle);
}

static void
exact_cb (VclockTimer *timer,
          guint64      overruns,
          gpointer     user_data)
{
  int *n_periods = user_data;

  *n_periods += 1 + (int) overruns;
  g_assert_cmpint (vclock_clock_get_time (vclock_timer_get_clock (timer)), ==,
                   *n_periods * MSEC (10));
}

static void
phase_cb (VclockTimer *timer,
          guint64      overruns,
          VclockTime  *next)
{
  *next += (1 + overruns) * MSEC (5);
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, *next);
}

/* Periods count from the origin: exact on a virtual clock, without drift on a real one. */
static void
test_f1 (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (VclockTimer) exact = vclock_timer_new (VCLOCK_CLOCK (clock));
  g_autoptr (VclockTimer) timer = NULL;
  VclockTime next;
  int n_periods = 0;
  int n_calls = 0;

  g_signal_connect (exact, "expired", G_CALLBACK (exact_cb), &n_periods);
  vclock_timer_set_period (exact, MSEC (10));
  vclock_timer_arm_after (exact, MSEC (10));
  vclock_virtual_clock_advance (clock, SEC (100));
  g_assert_cmpint (n_periods, ==, 10000);
  vclock_timer_disarm (exact);

  timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  g_signal_connect (timer, "expired", G_CALLBACK (phase_cb), &next);
  vclock_timer_set_period (timer, MSEC (5));
  vclock_timer_arm_after (timer, MSEC (5));
  next = vclock_timer_get_deadline (timer);
  test_run_until (NULL, &n_calls, 100);
  vclock_timer_disarm (timer);
}

/* A clock that stands does not let a period end twice. */
static void
test_f3 (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (VCLOCK_CLOCK (clock), &n_calls);

  vclock_timer_set_period (timer, 10);
  vclock_timer_arm (timer, 0);
  iterate (100);
  g_assert_cmpint (n_calls, ==, 1);
  vclock_timer_disarm (timer);
}

static void
slow_cb (VclockTimer *timer,
         guint64      overruns,
         gpointer     user_data)
{
  g_usleep (5000);
}

/* A callback that takes five periods keeps no other source waiting, and the loop does not spin. */
static void
test_f5 (void)
{
  int n_calls = 0;
  int n_other_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  guint other = g_timeout_add (1, count_source_cb, &n_other_calls);

  g_signal_connect (timer, "expired", G_CALLBACK (slow_cb), NULL);
  vclock_timer_set_period (timer, MSEC (1));
  vclock_timer_arm_after (timer, MSEC (1));
  test_count_polls (NULL);
  test_run_until (NULL, &n_calls, 20);
  g_assert_cmpint (n_other_calls, >=, 10);
  g_assert_cmpuint (test_polls.n_polls, <=, 120);
  g_main_context_set_poll_func (NULL, NULL);
  vclock_timer_disarm (timer);
  g_source_remove (other);
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  g_test_add_func ("/museum/A1-far-becomes-now", test_a1);
  g_test_add_func ("/museum/A2-unit-overflow", test_a2);
  g_test_add_func ("/museum/A3-never-wraps-to-now", test_a3);
  g_test_add_func ("/museum/A8-deadline-taken-for-a-state", test_a8);
  g_test_add_func ("/museum/A9-endless-period", test_a9);
  g_test_add_func ("/museum/A13-overruns-are-64-bit", test_a13);
  g_test_add_func ("/museum/B1-setitimer-rounds-to-disarm", test_b1);
  g_test_add_func ("/museum/B2-due-disarms-the-kernel-timer", test_b2);
  g_test_add_func ("/museum/B3-rounded-down-spins", test_b3);
  g_test_add_func ("/museum/B4-rounded-up-twice", test_b4);
  g_test_add_func ("/museum/C1-stale-loop-time", test_c1);
  g_test_add_func ("/museum/C2-stale-time-outside", test_c2);
  g_test_add_func ("/museum/C3-busy-loop", test_c3);
  g_test_add_func ("/museum/F1-period-drifts", test_f1);
  g_test_add_func ("/museum/F3-twice-at-one-time", test_f3);
  g_test_add_func ("/museum/F5-slow-callback-reentered", test_f5);

  return g_test_run ();
}
