/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-fixtures.h"
#include "test-host.h"

typedef TestClockFixture Fixture;

static void
pass_to (Fixture    *fixture,
         VclockTime  now)
{
  test_clock_set (fixture->test, now);
  test_iterate (fixture->context);
}

/* Timers with the same deadline expire in the order in which they were armed; rearming goes to the
 * back. */
static void
test_equal_deadlines (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr (VclockTimer) a = test_timer_new (fixture->clock, "a", fixture->log);
  g_autoptr (VclockTimer) b = test_timer_new (fixture->clock, "b", fixture->log);
  g_autoptr (VclockTimer) c = test_timer_new (fixture->clock, "c", fixture->log);

  vclock_timer_arm (c, 100);
  vclock_timer_arm (a, 100);
  vclock_timer_arm (b, 100);
  pass_to (fixture, 100);
  test_assert_log (fixture->log, "cab");

  vclock_timer_arm (c, 200);
  vclock_timer_arm (a, 200);
  vclock_timer_arm (b, 200);
  vclock_timer_arm (c, 200);
  vclock_timer_arm (a, 300);
  vclock_timer_arm (a, 200);
  pass_to (fixture, 200);
  test_assert_log (fixture->log, "bca");
}

/* G1: among 1000 equal deadlines the last arming counts, through a whole main loop. */
static void
test_many_equal_deadlines (Fixture       *fixture,
                           gconstpointer  unused)
{
  VclockTimer *timers[1000];
  guint64 last_armed[1000];
  GString *order = fixture->log;
  const char *position;

  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u ", i);

      timers[i] = test_timer_new (fixture->clock, name, order);
      vclock_timer_arm (timers[i], 100);
      last_armed[i] = i;
    }
  for (guint i = 0; i < 3000; i++)
    {
      guint which = g_test_rand_int_range (0, G_N_ELEMENTS (timers));

      vclock_timer_arm (timers[which], g_test_rand_bit () ? 50 : 200);
      vclock_timer_arm (timers[which], 100);
      last_armed[which] = G_N_ELEMENTS (timers) + i;
    }
  pass_to (fixture, 100);

  position = order->str;
  for (guint i = 0, last = 0; i < G_N_ELEMENTS (timers); i++)
    {
      guint which = strtoul (position, (char **) &position, 10);

      if (i > 0)
        g_assert_cmpuint (last_armed[which], >, last_armed[last]);
      last = which;
    }
  g_assert_cmpstr (position, ==, " ");
  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    g_assert_finalize_object (timers[i]);
}

/* Priority comes first, then the deadline, then the arming (G5). */
static void
test_priorities (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr (VclockTimer) low = test_timer_new_full (fixture->clock, NULL, G_PRIORITY_LOW, "l",
                                                     fixture->log);
  g_autoptr (VclockTimer) late = test_timer_new (fixture->clock, "2", fixture->log);
  g_autoptr (VclockTimer) early = test_timer_new (fixture->clock, "1", fixture->log);
  g_autoptr (VclockTimer) high = test_timer_new_full (fixture->clock, NULL, G_PRIORITY_HIGH, "h",
                                                      fixture->log);

  vclock_timer_arm (low, 1);
  vclock_timer_arm (late, 20);
  vclock_timer_arm (early, 10);
  vclock_timer_arm (high, 30);
  pass_to (fixture, 30);
  test_assert_log (fixture->log, "h12l");
}

/* A timer's priority is one among those of other sources. */
static gboolean
log_idle_cb (gpointer log)
{
  g_string_append_c (log, 'i');

  return G_SOURCE_REMOVE;
}

static void
add_idle (Fixture *fixture,
          int      priority)
{
  g_autoptr (GSource) idle = g_idle_source_new ();

  g_source_set_priority (idle, priority);
  g_source_set_callback (idle, log_idle_cb, fixture->log, NULL);
  g_source_attach (idle, fixture->context);
}

static void
test_priority_among_sources (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr (VclockTimer) low = test_timer_new_full (fixture->clock, NULL, G_PRIORITY_LOW, "l",
                                                     fixture->log);
  g_autoptr (VclockTimer) high = test_timer_new_full (fixture->clock, NULL, G_PRIORITY_HIGH, "h",
                                                      fixture->log);

  vclock_timer_arm (low, 0);
  vclock_timer_arm (high, 0);
  add_idle (fixture, G_PRIORITY_DEFAULT);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "hil");
}

/* Timers of several clocks that are due in one pass are merged by the host's time at which each
 * became due. */
static void
test_several_clocks (Fixture       *fixture,
                     gconstpointer  unused)
{
  TestClock *other = test_clock_new ();
  VclockTimer *first = test_timer_new (VCLOCK_CLOCK (other), "1", fixture->log);
  VclockTimer *third = test_timer_new (VCLOCK_CLOCK (other), "3", fixture->log);
  g_autoptr (VclockTimer) second = test_timer_new (fixture->clock, "2", fixture->log);
  g_autoptr (VclockTimer) fourth = test_timer_new (fixture->clock, "4", fixture->log);

  fixture->test->promises = other->promises = TRUE;
  other->host_zero = -SEC (1000000);
  vclock_timer_arm (third, SEC (1000000) + 30);
  vclock_timer_arm (fourth, 40);
  vclock_timer_arm (first, SEC (1000000) + 10);
  vclock_timer_arm (second, 20);
  fixture->test->now = 100;
  other->now = SEC (1000000) + 100;
  vclock_clock_replan (fixture->clock);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "1234");
  g_assert_finalize_object (first);
  g_assert_finalize_object (third);
  g_assert_finalize_object (other);
}

/* Clocks that promise no time of the host became due now, all of them at once: their timers come in
 * the order of arming. */
static void
test_several_standing_clocks (Fixture       *fixture,
                              gconstpointer  unused)
{
  TestClock *other = test_clock_new ();
  g_autoptr (VclockTimer) second = test_timer_new (fixture->clock, "2", fixture->log);
  VclockTimer *first = test_timer_new (VCLOCK_CLOCK (other), "1", fixture->log);

  test_host_begin ();
  test_host_read_takes = 1;
  for (guint i = 0; i < 2; i++)
    {
      vclock_timer_arm (i == 0 ? first : second, 0);
      vclock_timer_arm (i == 0 ? second : first, 0);
      test_iterate (fixture->context);
      test_assert_log (fixture->log, i == 0 ? "12" : "21");
    }
  test_host_read_takes = 0;
  test_host_end ();
  g_assert_finalize_object (first);
  g_assert_finalize_object (other);
}

static void
arm_past_cb (VclockTimer *timer,
             guint64      overruns,
             gpointer     log)
{
  g_string_append_c (log, 't');
  vclock_timer_arm (timer, G_MININT64);
}

/* A callback that arms in the past runs in the next pass: other sources get their turn (H1). */
static void
test_one_pass (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);

  vclock_timer_set_callback (timer, arm_past_cb, fixture->log, NULL);
  vclock_timer_arm (timer, 0);
  for (guint i = 0; i < 3; i++)
    {
      guint length = fixture->log->len;

      add_idle (fixture, G_PRIORITY_DEFAULT);
      g_main_context_iteration (fixture->context, FALSE);
      g_main_context_iteration (fixture->context, FALSE);
      g_assert_nonnull (strchr (fixture->log->str + length, 'i'));
      g_assert_cmpuint (fixture->log->len, <=, length + 3);
    }
  vclock_timer_disarm (timer);
}

static gboolean
bell_cb (gpointer loop)
{
  g_main_loop_quit (loop);

  return G_SOURCE_REMOVE;
}

/* A timer that is always due neither starves a descriptor nor keeps the loop from being quit. */
static void
test_one_pass_descriptor (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);
  g_autoptr (GMainLoop) loop = g_main_loop_new (fixture->context, FALSE);
  g_autoptr (GSource) source = NULL;
  TestBell bell;

  test_bell_init (&bell);
  test_bell_ring (&bell);
  source = test_bell_source_new (&bell);
  g_source_set_callback (source, bell_cb, loop, NULL);
  g_source_attach (source, fixture->context);
  vclock_timer_set_callback (timer, arm_past_cb, fixture->log, NULL);
  vclock_timer_arm (timer, 0);
  g_main_loop_run (loop);
  g_assert_cmpuint (fixture->log->len, <=, 3);
  vclock_timer_disarm (timer);
  test_bell_clear (&bell);
}

/* Of very many due timers, other sources need not wait for all (E4). */
static void
test_fairness (Fixture       *fixture,
               gconstpointer  unused)
{
  VclockTimer *timers[3000];
  const char *idle;

  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    {
      timers[i] = test_timer_new (fixture->clock, "t", fixture->log);
      vclock_timer_arm (timers[i], 0);
    }
  add_idle (fixture, G_PRIORITY_DEFAULT);
  test_iterate (fixture->context);
  idle = strchr (fixture->log->str, 'i');
  g_assert_nonnull (idle);
  g_assert_cmpint (idle - fixture->log->str, <=, 1000);
  g_assert_cmpuint (fixture->log->len, ==, 3001);
  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    g_assert_finalize_object (timers[i]);
}

typedef struct
{
  GString      *log;
  GPtrArray    *siblings;
  VclockTime    deadline;
  gboolean      was_armed;
} Siblings;

static void
disarm_siblings_cb (VclockTimer *timer,
                    guint64      overruns,
                    gpointer     user_data)
{
  Siblings *data = user_data;

  g_string_append_c (data->log, '!');
  for (guint i = 0; i < data->siblings->len; i++)
    if (data->deadline == VCLOCK_TIME_NEVER)
      {
        g_assert_true (vclock_timer_disarm (g_ptr_array_index (data->siblings, i)));
        g_assert_false (vclock_timer_disarm (g_ptr_array_index (data->siblings, i)));
      }
    else
      {
        vclock_timer_arm (g_ptr_array_index (data->siblings, i), data->deadline);
      }
}

/* H3: due siblings that the first callback disarms are not called; those it rearms are called once,
 * later. */
static void
test_due_siblings (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr (VclockTimer) first = vclock_timer_new (fixture->clock);
  g_autoptr (GPtrArray) siblings = g_ptr_array_new_with_free_func (g_object_unref);
  Siblings data = { fixture->log, siblings, VCLOCK_TIME_NEVER, FALSE };

  vclock_timer_set_callback (first, disarm_siblings_cb, &data, NULL);
  for (guint i = 0; i < 3; i++)
    g_ptr_array_add (siblings, test_timer_new (fixture->clock, "s", fixture->log));
  for (guint round = 0; round < 2; round++)
    {
      vclock_timer_arm (first, 100);
      for (guint i = 0; i < siblings->len; i++)
        vclock_timer_arm (g_ptr_array_index (siblings, i), 100);
      pass_to (fixture, 100);
      test_assert_log (fixture->log, "!");
      data.deadline = 200;
    }
  pass_to (fixture, 199);
  test_assert_log (fixture->log, "");
  pass_to (fixture, 200);
  test_assert_log (fixture->log, "sss");
}

/* disarm () says whether the timer was armed and now will never expire; it may be called at any
 * time. */
static void
test_disarm (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "a", fixture->log);

  g_assert_false (vclock_timer_disarm (timer));
  vclock_timer_arm (timer, 100);
  g_assert_true (vclock_timer_is_armed (timer));
  g_assert_true (vclock_timer_disarm (timer));
  g_assert_false (vclock_timer_is_armed (timer));
  g_assert_false (vclock_timer_disarm (timer));
  pass_to (fixture, 100);
  test_assert_log (fixture->log, "");

  vclock_timer_arm (timer, 100);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "a");
  g_assert_false (vclock_timer_disarm (timer));
}

/* A8: every deadline but never is just a deadline; all of them arm. */
static void
test_deadlines (Fixture       *fixture,
                gconstpointer  unused)
{
  static const VclockTime deadlines[] = {
    G_MININT64, G_MININT64 + 1, -1, 0, 1, VCLOCK_TIME_NEVER - 1, VCLOCK_TIME_NEVER,
  };
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "a", fixture->log);

  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, VCLOCK_TIME_NEVER);
  g_assert_cmpint (vclock_timer_get_remaining (timer), ==, VCLOCK_TIME_NEVER);
  for (gsize i = 0; i < G_N_ELEMENTS (deadlines); i++)
    {
      gboolean due = deadlines[i] <= 0;

      vclock_timer_arm (timer, deadlines[i]);
      g_assert_true (vclock_timer_is_armed (timer));
      g_assert_cmpint (vclock_timer_get_deadline (timer), ==, deadlines[i]);
      g_assert_cmpint (vclock_timer_get_remaining (timer), ==, MAX (0, deadlines[i]));
      test_iterate (fixture->context);
      g_assert_cmpint (vclock_timer_is_armed (timer), ==, !due);
      test_assert_log (fixture->log, due ? "a" : "");
    }
  vclock_timer_disarm (timer);
}

/* arm_after () counts from now and saturates; a span of 0 or less is due at once (A3). */
static void
test_arm_after (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "a", fixture->log);

  fixture->test->now = 1000;
  vclock_timer_arm_after (timer, 10);
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, 1010);
  g_assert_cmpint (vclock_timer_get_remaining (timer), ==, 10);
  vclock_timer_arm_after (timer, VCLOCK_TIME_NEVER);
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, VCLOCK_TIME_NEVER);
  vclock_timer_arm_after (timer, VCLOCK_TIME_NEVER - 1000 + 1);
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, VCLOCK_TIME_NEVER);
  pass_to (fixture, 1000 + YEAR);
  test_assert_log (fixture->log, "");
  vclock_timer_arm_after (timer, 0);
  test_iterate (fixture->context);
  vclock_timer_arm_after (timer, -5);
  test_iterate (fixture->context);
  vclock_timer_arm_after (timer, G_MININT64);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "aaa");
}

/* arm_earlier () only moves a deadline forward, and says whether it has. */
static void
test_arm_earlier (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "a", fixture->log);

  g_assert_true (vclock_timer_arm_earlier (timer, 100));
  g_assert_false (vclock_timer_arm_earlier (timer, 100));
  g_assert_false (vclock_timer_arm_earlier (timer, 101));
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, 100);
  g_assert_true (vclock_timer_arm_earlier (timer, 99));
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, 99);
  g_assert_true (vclock_timer_disarm (timer));
  g_assert_true (vclock_timer_arm_earlier (timer, VCLOCK_TIME_NEVER));
  g_assert_true (vclock_timer_is_armed (timer));
  vclock_timer_disarm (timer);
}

/* The lateness is how long after the deadline the last call came; 0 before the first. */
static void
test_lateness (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "a", fixture->log);

  g_assert_cmpint (vclock_timer_get_lateness (timer), ==, 0);
  vclock_timer_arm (timer, 100);
  pass_to (fixture, 107);
  g_assert_cmpint (vclock_timer_get_lateness (timer), ==, 7);
  vclock_timer_arm (timer, 200);
  pass_to (fixture, 200);
  g_assert_cmpint (vclock_timer_get_lateness (timer), ==, 0);
}

/* Slack moves the wakeup of the alarm, never the order, and never before a deadline; timers share a
 * wakeup. */
static void
test_slack (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (fixture->context);
  g_autoptr (VclockTimer) lazy = test_timer_new (fixture->clock, "l", fixture->log);
  g_autoptr (VclockTimer) exact = test_timer_new (fixture->clock, "e", fixture->log);

  fixture->test->promises = TRUE;
  vclock_timer_set_slack (lazy, SEC (50));
  vclock_timer_arm (lazy, SEC (100));
  g_assert_cmpint (vclock_alarm_get_wakeup (alarm), ==, SEC (150));
  vclock_timer_arm (exact, SEC (120));
  g_assert_cmpint (vclock_alarm_get_wakeup (alarm), ==, SEC (120));
  vclock_timer_arm (exact, SEC (200));
  g_assert_cmpint (vclock_alarm_get_wakeup (alarm), ==, SEC (150));
  vclock_timer_set_slack (lazy, 0);
  g_assert_cmpint (vclock_alarm_get_wakeup (alarm), ==, SEC (100));
  vclock_timer_set_slack (lazy, VCLOCK_TIME_NEVER);
  g_assert_cmpint (vclock_alarm_get_wakeup (alarm), ==, SEC (200));

  pass_to (fixture, SEC (100) - 1);
  test_assert_log (fixture->log, "");
  vclock_timer_arm (exact, SEC (90));
  pass_to (fixture, SEC (100));
  test_assert_log (fixture->log, "el");
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, test_clock_fixture_set_up, func, test_clock_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  ADD ("/timer/expire/equal-deadlines", test_equal_deadlines);
  ADD ("/timer/expire/many-equal-deadlines", test_many_equal_deadlines);
  ADD ("/timer/expire/priorities", test_priorities);
  ADD ("/timer/expire/priority-among-sources", test_priority_among_sources);
  ADD ("/timer/expire/several-clocks", test_several_clocks);
  ADD ("/timer/expire/several-clocks/standing", test_several_standing_clocks);
  ADD ("/timer/expire/one-pass", test_one_pass);
  ADD ("/timer/expire/one-pass/descriptor", test_one_pass_descriptor);
  ADD ("/timer/expire/fairness", test_fairness);
  ADD ("/timer/expire/due-siblings", test_due_siblings);
  ADD ("/timer/disarm", test_disarm);
  ADD ("/timer/arm/deadlines", test_deadlines);
  ADD ("/timer/arm/after", test_arm_after);
  ADD ("/timer/arm/earlier", test_arm_earlier);
  ADD ("/timer/lateness", test_lateness);
  ADD ("/timer/slack", test_slack);

  return g_test_run ();
}
