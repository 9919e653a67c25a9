/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-fixtures.h"

typedef TestFixture Fixture;

/* advance () stops at each deadline in order, each callback sees its own time, and the end is exact
 * (N1). */
static void
test_advance (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr (VclockTimer) seven = test_time_timer_new (fixture->clock, "s", fixture->log);
  g_autoptr (VclockTimer) ten = test_time_timer_new (fixture->clock, "t", fixture->log);

  vclock_timer_set_period (seven, 7);
  vclock_timer_arm (seven, 7);
  vclock_timer_arm (ten, 10);
  vclock_virtual_clock_advance (fixture->self, 30);
  test_assert_log (fixture->log, "s7 t10 s14 s21 s28 ");
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 30);

  /* Exactly to a deadline: it is due. One nanosecond less: it is not. */
  vclock_virtual_clock_advance (fixture->self, 4);
  test_assert_log (fixture->log, "");
  vclock_virtual_clock_advance (fixture->self, 1);
  test_assert_log (fixture->log, "s35 ");
  vclock_virtual_clock_advance (fixture->self, 0);
  test_assert_log (fixture->log, "");
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 35);
  vclock_timer_disarm (seven);
}

/* A span of 0 lets what is due expire. */
static void
test_advance_by_nothing (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_time_timer_new (fixture->clock, "a", fixture->log);

  vclock_timer_arm (timer, -5);
  vclock_virtual_clock_advance (fixture->self, 0);
  test_assert_log (fixture->log, "a0 ");
}

/* Any sum of spans is exact (N2). */
static void
test_advance_exactly (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_time_timer_new (fixture->clock, "a", fixture->log);

  vclock_timer_arm (timer, MSEC (41) + 2);
  vclock_virtual_clock_advance (fixture->self, 40001000);
  vclock_virtual_clock_advance (fixture->self, 1);
  for (guint i = 0; i < 3; i++)
    {
      test_assert_log (fixture->log, "");
      vclock_virtual_clock_advance (fixture->self, 333334);
    }
  test_assert_log (fixture->log, "a41000002 ");
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 41001003);
}

/* At the end of time it stays there, and what is armed for never does not expire. */
static void
test_advance_saturates (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr (VclockTimer) never = test_time_timer_new (fixture->clock, "n", fixture->log);
  g_autoptr (VclockTimer) last = test_time_timer_new (fixture->clock, "l", fixture->log);

  vclock_timer_arm (never, VCLOCK_TIME_NEVER);
  vclock_timer_arm (last, VCLOCK_TIME_NEVER - 1);
  vclock_virtual_clock_advance (fixture->self, 1);
  vclock_virtual_clock_advance (fixture->self, VCLOCK_TIME_NEVER);
  vclock_virtual_clock_advance (fixture->self, VCLOCK_TIME_NEVER);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, VCLOCK_TIME_NEVER);
  test_assert_log (fixture->log, "l9223372036854775806 ");
  g_assert_true (vclock_timer_is_armed (never));
  vclock_timer_disarm (never);
}

static void
arm_other_cb (VclockTimer *timer,
              guint64      overruns,
              gpointer     other)
{
  vclock_timer_arm_after (other, 5);
}

/* Timers that are armed on the way take part, also those armed in the past. */
static void
test_advance_new_timers (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr (VclockTimer) first = vclock_timer_new (fixture->clock);
  g_autoptr (VclockTimer) second = test_time_timer_new (fixture->clock, "b", fixture->log);
  g_autoptr (VclockTimer) third = test_time_timer_new (fixture->clock, "c", fixture->log);

  vclock_timer_set_callback (first, arm_other_cb, second, NULL);
  vclock_timer_arm (first, 10);
  vclock_timer_arm (third, 15);
  vclock_virtual_clock_advance (fixture->self, 20);
  test_assert_log (fixture->log, "c15 b15 ");
}

static void
advance_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     log)
{
  test_log_time_cb (timer, overruns, log);
  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (vclock_timer_get_clock (timer)), 7);
  g_string_append_c (log, '|');
}

/* A callback may advance the clock: no timer is lost, none called twice, and the outer call goes on
 * if there is anything left of its span (H11). */
static void
test_advance_nested (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr (VclockTimer) outer = test_time_timer_new (fixture->clock, "o", fixture->log);
  g_autoptr (VclockTimer) same = test_time_timer_new (fixture->clock, "s", fixture->log);
  g_autoptr (VclockTimer) inner = test_time_timer_new (fixture->clock, "i", fixture->log);
  g_autoptr (VclockTimer) beyond = test_time_timer_new (fixture->clock, "b", fixture->log);

  vclock_timer_set_callback (outer, advance_cb, fixture->log, NULL);
  vclock_timer_arm (outer, 2);
  vclock_timer_arm (same, 2);
  vclock_timer_arm (inner, 5);
  vclock_timer_arm (beyond, 20);
  vclock_virtual_clock_advance (fixture->self, 3);
  test_assert_log (fixture->log, "o2 s2 i5 |");
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 9);
  vclock_virtual_clock_advance (fixture->self, 11);
  test_assert_log (fixture->log, "b20 ");

  vclock_timer_arm (outer, 22);
  vclock_timer_arm (beyond, 35);
  vclock_virtual_clock_advance (fixture->self, 20);
  test_assert_log (fixture->log, "o22 |b35 ");
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 40);
}

static void
overtake_cb (VclockTimer *timer,
             guint64      overruns,
             gpointer     others)
{
  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (vclock_timer_get_clock (timer)), 20);
  for (guint i = 0; i < 2; i++)
    vclock_timer_arm (((VclockTimer **) others)[i], 5);
}

/* When a callback has moved the clock beyond the end, the outer call ends, for the timers of the
 * clock and of those that follow it; what is due then comes with the next move. */
static void
test_advance_overtaken (Fixture       *fixture,
                        gconstpointer  unused)
{
  VclockVirtualClock *follower = vclock_virtual_clock_new_with_parent (fixture->clock);
  VclockTimer *others[] = {
    test_time_timer_new (fixture->clock, "o", fixture->log),
    test_time_timer_new (VCLOCK_CLOCK (follower), "f", fixture->log),
  };
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);

  vclock_timer_set_callback (timer, overtake_cb, others, NULL);
  vclock_timer_arm (timer, 1);
  vclock_virtual_clock_advance (fixture->self, 10);
  test_assert_log (fixture->log, "");
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 21);
  vclock_virtual_clock_advance (fixture->self, 0);
  test_assert_log (fixture->log, "o21 f21 ");
  g_assert_finalize_object (others[0]);
  g_assert_finalize_object (others[1]);
  g_assert_finalize_object (follower);
}

/* At the end of time what is due is still called, that of clocks that follow too. */
static void
test_advance_at_the_end (Fixture       *fixture,
                         gconstpointer  unused)
{
  VclockVirtualClock *follower = vclock_virtual_clock_new_with_parent (fixture->clock);
  VclockTimer *timer = vclock_timer_new (VCLOCK_CLOCK (follower));
  int n = 0;

  vclock_timer_set_callback (timer, test_count_cb, &n, NULL);
  vclock_virtual_clock_jump (fixture->self, VCLOCK_TIME_NEVER);
  vclock_timer_arm (timer, 0);
  vclock_virtual_clock_advance (fixture->self, 0);
  g_assert_cmpint (n, ==, 1);
  g_assert_finalize_object (timer);
  g_assert_finalize_object (follower);
}

static void
log_reset_cb (VclockClock *clock,
              gint64       old_time,
              gint64       new_time,
              GString     *log)
{
  g_string_append_printf (log, "[%" G_GINT64_FORMAT ">%" G_GINT64_FORMAT "] ", old_time, new_time);
}

/* jump () sets the time at once: each due timer expires once, at the new time, with its overruns;
 * ::reset comes first, and once. */
static void
test_jump (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr (VclockTimer) seven = test_time_timer_new (fixture->clock, "s", fixture->log);
  g_autoptr (VclockTimer) ten = test_time_timer_new (fixture->clock, "t", fixture->log);

  g_signal_connect (fixture->clock, "reset", G_CALLBACK (log_reset_cb), fixture->log);
  vclock_timer_set_period (seven, 7);
  vclock_timer_arm (seven, 7);
  vclock_timer_arm (ten, 10);
  g_assert_true (g_main_context_acquire (fixture->context));
  vclock_virtual_clock_jump (fixture->self, 50);
  test_assert_log (fixture->log, "[0>50] s50+6 t50 ");
  g_assert_cmpint (vclock_timer_get_deadline (seven), ==, 56);
  g_assert_cmpint (vclock_timer_get_lateness (seven), ==, 43);
  g_assert_cmpuint (vclock_clock_get_n_resets (fixture->clock), ==, 1);

  vclock_virtual_clock_jump (fixture->self, 50);
  test_iterate (fixture->context);
  g_assert_cmpuint (vclock_clock_get_n_resets (fixture->clock), ==, 1);
  test_assert_log (fixture->log, "");
  g_main_context_release (fixture->context);
  vclock_timer_disarm (seven);
}

/* A13: overruns are counted in 64 bits. */
static void
test_jump_far (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_time_timer_new (fixture->clock, "a", fixture->log);

  vclock_timer_set_period (timer, 1);
  vclock_timer_arm (timer, 1);
  vclock_virtual_clock_jump (fixture->self, SEC (3600));
  test_assert_log (fixture->log, "a3600000000000+3599999999999 ");
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, SEC (3600) + 1);
  vclock_timer_disarm (timer);
}

/* Backwards, deadlines stay what they are and nothing expires twice (N4). */
static void
test_jump_back (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_time_timer_new (fixture->clock, "a", fixture->log);
  g_autoptr (VclockTimer) done = test_time_timer_new (fixture->clock, "d", fixture->log);

  vclock_timer_arm (done, 50);
  vclock_timer_arm (timer, 200);
  vclock_virtual_clock_advance (fixture->self, 100);
  test_assert_log (fixture->log, "d50 ");

  g_signal_connect (fixture->clock, "reset", G_CALLBACK (log_reset_cb), fixture->log);
  vclock_virtual_clock_jump (fixture->self, 20);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "[100>20] ");
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, 200);
  vclock_virtual_clock_advance (fixture->self, 179);
  test_assert_log (fixture->log, "");
  vclock_virtual_clock_advance (fixture->self, 1);
  test_assert_log (fixture->log, "a200 ");
}

/* What was due and not called yet is still called after a jump backwards, once. */
static void
test_jump_back_while_due (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_time_timer_new (fixture->clock, "a", fixture->log);

  vclock_virtual_clock_advance (fixture->self, 100);
  vclock_timer_arm (timer, 100);
  vclock_virtual_clock_jump (fixture->self, 10);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "a10 ");
  g_assert_cmpint (vclock_timer_get_lateness (timer), ==, 0);
}

/* What a disabled clock had due when it was set back is due still when it is enabled again. */
static void
test_jump_back_while_disabled (Fixture       *fixture,
                               gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_time_timer_new (fixture->clock, "a", fixture->log);

  vclock_timer_arm (timer, 100);
  vclock_clock_set_enabled (fixture->clock, FALSE);
  vclock_virtual_clock_advance (fixture->self, 100);
  vclock_virtual_clock_jump (fixture->self, 10);
  g_assert_true (vclock_clock_has_expired (fixture->clock));
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, 100);
  g_assert_cmpint (vclock_timer_get_remaining (timer), ==, 0);
  vclock_clock_set_enabled (fixture->clock, TRUE);
  vclock_virtual_clock_advance (fixture->self, 5);
  test_assert_log (fixture->log, "a10 ");
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 15);
}

typedef struct
{
  VclockVirtualClock *clock;
  VclockVirtualClock *other;
} Pair;

static void
join_cb (VclockTimer *timer,
         guint64      overruns,
         gpointer     user_data)
{
  Pair *pair = user_data;

  vclock_clock_set_enabled (VCLOCK_CLOCK (pair->other), TRUE);
  vclock_virtual_clock_set_parent (pair->other, VCLOCK_CLOCK (pair->clock));
}

/* A pass calls only what it has read: a clock that a callback enables, or lets follow, and that has
 * something due since it was set back, waits for the next one, and is read there. */
static void
test_jump_back_and_join (Fixture       *fixture,
                         gconstpointer  by_alarm)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  Pair pair = { fixture->self, vclock_virtual_clock_new () };
  VclockTimer *timer = test_time_timer_new (VCLOCK_CLOCK (pair.other), "d", fixture->log);
  g_autoptr (VclockTimer) join = vclock_timer_new (fixture->clock);

  vclock_timer_set_callback (join, join_cb, &pair, NULL);
  vclock_timer_arm (timer, 50);
  vclock_virtual_clock_jump (pair.other, 49);
  vclock_clock_set_enabled (VCLOCK_CLOCK (pair.other), FALSE);
  vclock_virtual_clock_advance (pair.other, 10);
  vclock_virtual_clock_jump (pair.other, 10);
  vclock_virtual_clock_advance (pair.other, 70);
  vclock_timer_arm (join, 0);
  if (by_alarm)
    vclock_alarm_run_timers (alarm);
  else
    g_assert_true (vclock_virtual_clock_step (fixture->self));
  test_assert_log (fixture->log, "");
  vclock_virtual_clock_advance (fixture->self, 0);
  test_assert_log (fixture->log, "d80 ");
  g_assert_cmpint (vclock_timer_get_lateness (timer), ==, 30);
  g_assert_finalize_object (timer);
  g_assert_finalize_object (pair.other);
}

/* To the present time there is no jump, and what is due expires. */
static void
test_jump_nowhere (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_time_timer_new (fixture->clock, "a", fixture->log);

  vclock_timer_arm (timer, 0);
  vclock_virtual_clock_jump (fixture->self, 0);
  test_assert_log (fixture->log, "a0 ");
  g_assert_cmpuint (vclock_clock_get_n_resets (fixture->clock), ==, 0);
}

/* step () goes from deadline to deadline, and says when there is none. */
static void
test_step (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr (VclockTimer) first = test_time_timer_new (fixture->clock, "a", fixture->log);
  g_autoptr (VclockTimer) twin = test_time_timer_new (fixture->clock, "b", fixture->log);
  g_autoptr (VclockTimer) last = test_time_timer_new (fixture->clock, "c", fixture->log);

  g_assert_false (vclock_virtual_clock_step (fixture->self));
  vclock_timer_arm (last, 30);
  vclock_timer_arm (first, 10);
  vclock_timer_arm (twin, 10);
  g_assert_true (vclock_virtual_clock_step (fixture->self));
  test_assert_log (fixture->log, "a10 b10 ");
  g_assert_true (vclock_virtual_clock_step (fixture->self));
  test_assert_log (fixture->log, "c30 ");
  g_assert_false (vclock_virtual_clock_step (fixture->self));
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 30);

  vclock_timer_arm (last, VCLOCK_TIME_NEVER);
  g_assert_false (vclock_virtual_clock_step (fixture->self));
  vclock_timer_disarm (last);
}

static void
count_and_rearm_cb (VclockTimer *timer,
                    guint64      overruns,
                    gpointer     count)
{
  (*(guint *) count)++;
  vclock_timer_arm_after (timer, 1);
}

/* run_until_idle () ends when nothing is armed, or with an error at exactly the limit (H12). */
static void
test_run_until_idle (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_time_timer_new (fixture->clock, "a", fixture->log);
  g_autoptr (GError) error = NULL;
  guint count = 0;

  g_assert_true (vclock_virtual_clock_run_until_idle (fixture->self, 0, &error));
  g_assert_no_error (error);
  vclock_timer_arm (timer, 1000);
  g_assert_false (vclock_virtual_clock_run_until_idle (fixture->self, 0, &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_true (vclock_virtual_clock_run_until_idle (fixture->self, 1, &error));
  test_assert_log (fixture->log, "a1000 ");

  vclock_timer_set_callback (timer, count_and_rearm_cb, &count, NULL);
  vclock_timer_arm_after (timer, 1);
  g_assert_false (vclock_virtual_clock_run_until_idle (fixture->self, 1000, &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LIMIT);
  g_assert_cmpuint (count, ==, 1000);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 2000);
  vclock_timer_disarm (timer);
}

/* The limit is exact also among timers that are due together; the others stay due. */
static void
test_run_until_idle_ties (Fixture       *fixture,
                          gconstpointer  unused)
{
  VclockTimer *timers[5];

  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    {
      timers[i] = test_time_timer_new (fixture->clock, "a", fixture->log);
      vclock_timer_arm (timers[i], 10);
    }
  g_assert_false (vclock_virtual_clock_run_until_idle (fixture->self, 3, NULL));
  test_assert_log (fixture->log, "a10 a10 a10 ");
  g_assert_true (vclock_virtual_clock_run_until_idle (fixture->self, 2, NULL));
  test_assert_log (fixture->log, "a10 a10 ");
  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    g_assert_finalize_object (timers[i]);
}

/* While a clock with a parent is advanced its parent's time does not count. */
static void
test_advance_with_parent (void)
{
  TestClock *parent = test_clock_new ();
  VclockVirtualClock *clock = vclock_virtual_clock_new_with_parent (VCLOCK_CLOCK (parent));

  parent->now = 10;
  vclock_virtual_clock_advance (clock, 90);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 100);
  parent->now = 11;
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 101);
  g_assert_true (vclock_virtual_clock_get_parent (clock) == VCLOCK_CLOCK (parent));
  g_assert_finalize_object (clock);
  g_assert_finalize_object (parent);
}

/* What the clock has run beyond a whole nanosecond is not lost when it is moved. */
static void
test_advance_keeps_fraction (void)
{
  TestClock *parent = test_clock_new ();
  VclockVirtualClock *clock = vclock_virtual_clock_new_with_parent (VCLOCK_CLOCK (parent));

  vclock_virtual_clock_set_rate (clock, 1, 3);
  parent->now = 2;
  vclock_virtual_clock_advance (clock, 10);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 10);
  parent->now = 3;
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 11);
  g_assert_finalize_object (clock);
  g_assert_finalize_object (parent);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, test_fixture_set_up, func, test_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  ADD ("/virtual-clock/advance", test_advance);
  ADD ("/virtual-clock/advance/by-nothing", test_advance_by_nothing);
  ADD ("/virtual-clock/advance/exactly", test_advance_exactly);
  g_test_add_func ("/virtual-clock/advance/keeps-fraction", test_advance_keeps_fraction);
  ADD ("/virtual-clock/advance/saturates", test_advance_saturates);
  ADD ("/virtual-clock/advance/new-timers", test_advance_new_timers);
  ADD ("/virtual-clock/advance/at-the-end", test_advance_at_the_end);
  ADD ("/virtual-clock/advance/nested", test_advance_nested);
  ADD ("/virtual-clock/advance/overtaken", test_advance_overtaken);
  g_test_add_func ("/virtual-clock/advance/with-parent", test_advance_with_parent);
  ADD ("/virtual-clock/jump", test_jump);
  ADD ("/virtual-clock/jump/far", test_jump_far);
  ADD ("/virtual-clock/jump/back", test_jump_back);
  ADD ("/virtual-clock/jump/back-and-join", test_jump_back_and_join);
  g_test_add ("/virtual-clock/jump/back-and-join/alarm", Fixture, "", test_fixture_set_up,
              test_jump_back_and_join, test_fixture_tear_down);
  ADD ("/virtual-clock/jump/back-while-disabled", test_jump_back_while_disabled);
  ADD ("/virtual-clock/jump/back-while-due", test_jump_back_while_due);
  ADD ("/virtual-clock/jump/nowhere", test_jump_nowhere);
  ADD ("/virtual-clock/step", test_step);
  ADD ("/virtual-clock/run-until-idle", test_run_until_idle);
  ADD ("/virtual-clock/run-until-idle/ties", test_run_until_idle_ties);

  return g_test_run ();
}
