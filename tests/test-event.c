/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-fixtures.h"

typedef TestRecorderFixture Fixture;

/* Everything that a user does to a timer is recorded as what it was, with the time at which it was
 * done; what changes nothing is not. */
static void
test_arm (Fixture       *fixture,
          gconstpointer  unused)
{
  VclockTimer *timer = test_timer_new (fixture->clock, "t", fixture->log);

  vclock_timer_arm (timer, 10);
  vclock_virtual_clock_advance (fixture->virtual, 3);
  vclock_timer_arm (timer, 20);
  g_assert_false (vclock_timer_arm_earlier (timer, 30));
  g_assert_true (vclock_timer_arm_earlier (timer, 15));
  vclock_timer_arm_after (timer, 6);
  g_assert_true (vclock_timer_disarm (timer));
  g_assert_false (vclock_timer_disarm (timer));
  vclock_timer_arm (timer, VCLOCK_TIME_NEVER);
  vclock_timer_disarm (timer);
  test_assert_events (fixture->recorder,
                      "0: clock 1: armed: timer 1 “t”, deadline 10\n"
                      "3: clock 1: rearmed: timer 1 “t”, deadline 20\n"
                      "3: clock 1: rearmed: timer 1 “t”, deadline 15\n"
                      "3: clock 1: rearmed: timer 1 “t”, deadline 9\n"
                      "3: clock 1: disarmed: timer 1 “t”, deadline 9\n"
                      "3: clock 1: armed: timer 1 “t”, deadline 9223372036854775807\n"
                      "3: clock 1: disarmed: timer 1 “t”, deadline 9223372036854775807\n");
  g_assert_finalize_object (timer);
}

/* An expiry is recorded with lateness and overruns, before what its callback does; a one-shot timer
 * is not disarmed by it, and a periodic one is rearmed. */
static void
test_expire (Fixture       *fixture,
             gconstpointer  unused)
{
  VclockTimer *once = test_timer_new (fixture->clock, "once", fixture->log);
  VclockTimer *periodic = vclock_timer_new (fixture->clock);

  vclock_timer_arm (once, 5);
  vclock_timer_set_period (periodic, 10);
  vclock_timer_arm (periodic, 10);
  vclock_virtual_clock_advance (fixture->virtual, 12);
  vclock_virtual_clock_jump (fixture->virtual, 45);
  vclock_timer_disarm (periodic);
  test_assert_events (fixture->recorder,
                      "0: clock 1: armed: timer 1 “once”, deadline 5\n"
                      "0: clock 1: armed: timer 2, deadline 10\n"
                      "5: clock 1: expired: timer 1 “once”, deadline 5, lateness 0, overruns 0\n"
                      "10: clock 1: expired: timer 2, deadline 10, lateness 0, overruns 0\n"
                      "10: clock 1: rearmed: timer 2, deadline 20\n"
                      "45: clock 1: reset: old-time 12, new-time 45\n"
                      "45: clock 1: expired: timer 2, deadline 20, lateness 25, overruns 2\n"
                      "45: clock 1: rearmed: timer 2, deadline 50\n"
                      "45: clock 1: disarmed: timer 2, deadline 50\n");
  g_assert_finalize_object (once);
  g_assert_finalize_object (periodic);
}

static void
set_period_cb (VclockTimer *timer,
               guint64      overruns,
               gpointer     period)
{
  vclock_timer_set_period (timer, GPOINTER_TO_INT (period));
}

/* A period that is changed in the callback rearms or disarms. */
static void
test_period_in_callback (Fixture       *fixture,
                         gconstpointer  unused)
{
  VclockTimer *timer = test_timer_new (fixture->clock, NULL, fixture->log);

  vclock_timer_set_period (timer, 10);
  vclock_timer_arm (timer, 1);
  vclock_timer_set_callback (timer, set_period_cb, GINT_TO_POINTER (7), NULL);
  vclock_virtual_clock_advance (fixture->virtual, 1);
  vclock_timer_set_callback (timer, set_period_cb, NULL, NULL);
  vclock_virtual_clock_advance (fixture->virtual, 7);
  g_assert_false (vclock_timer_is_armed (timer));
  test_assert_events (fixture->recorder,
                      "0: clock 1: armed: timer 1, deadline 1\n"
                      "1: clock 1: expired: timer 1, deadline 1, lateness 0, overruns 0\n"
                      "1: clock 1: rearmed: timer 1, deadline 11\n"
                      "1: clock 1: rearmed: timer 1, deadline 8\n"
                      "8: clock 1: expired: timer 1, deadline 8, lateness 0, overruns 0\n"
                      "8: clock 1: rearmed: timer 1, deadline 15\n"
                      "8: clock 1: disarmed: timer 1, deadline 15\n");
  g_assert_finalize_object (timer);
}

/* What happens to a clock itself is recorded with its own time, if it changes anything. */
static void
test_clock (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr (VclockVirtualClock) parent = vclock_virtual_clock_new ();

  vclock_virtual_clock_set_parent (fixture->virtual, VCLOCK_CLOCK (parent));
  for (guint i = 0; i < 2; i++)
    vclock_virtual_clock_set_rate (fixture->virtual, 3, 2);
  vclock_virtual_clock_advance (parent, 4);
  for (guint i = 0; i < 2; i++)
    vclock_virtual_clock_pause (fixture->virtual);
  vclock_virtual_clock_advance (parent, 4);
  for (guint i = 0; i < 2; i++)
    vclock_virtual_clock_resume (fixture->virtual);
  for (guint i = 0; i < 2; i++)
    vclock_clock_set_enabled (fixture->clock, FALSE);
  for (guint i = 0; i < 2; i++)
    vclock_clock_set_enabled (fixture->clock, TRUE);
  vclock_virtual_clock_jump (parent, 0);
  vclock_virtual_clock_set_parent (fixture->virtual, NULL);
  test_assert_events (fixture->recorder,
                      "0: clock 1: parent “virtual”\n"
                      "0: clock 1: rate: numerator 3, denominator 2\n"
                      "6: clock 1: paused\n"
                      "6: clock 1: resumed\n"
                      "6: clock 1: disabled\n"
                      "6: clock 1: enabled\n"
                      "-6: clock 1: reset: old-time 6, new-time -6\n"
                      "-6: clock 1: parent\n");
}

/* A warp is recorded before what expires at its end. */
static void
test_warp (Fixture       *fixture,
           gconstpointer  unused)
{
  VclockTimer *timer = test_timer_new (fixture->clock, "t", fixture->log);

  vclock_virtual_clock_set_warp_mode (fixture->virtual, VCLOCK_WARP_MODE_JUMP);
  vclock_virtual_clock_advance (fixture->virtual, 3);
  vclock_timer_arm (timer, 50);
  test_wait_until (fixture->context, fixture->log->len > 0);
  vclock_virtual_clock_set_warp_mode (fixture->virtual, VCLOCK_WARP_MODE_NONE);
  test_assert_log (fixture->log, "t");
  test_assert_events (fixture->recorder,
                      "3: clock 1: armed: timer 1 “t”, deadline 50\n"
                      "50: clock 1: warp: old-time 3, new-time 50\n"
                      "50: clock 1: expired: timer 1 “t”, deadline 50, lateness 0, overruns 0\n");
  g_assert_finalize_object (timer);
}

/* The time at the end of time is recorded too. */
static void
test_extremes (Fixture       *fixture,
               gconstpointer  unused)
{
  VclockTimer *timer = test_timer_new (fixture->clock, "t", fixture->log);

  vclock_virtual_clock_jump (fixture->virtual, G_MININT64);
  vclock_timer_arm (timer, G_MININT64);
  vclock_virtual_clock_jump (fixture->virtual, VCLOCK_TIME_NEVER);
  vclock_timer_arm (timer, VCLOCK_TIME_NEVER);
  vclock_timer_disarm (timer);
  vclock_recorder_update (fixture->recorder);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->recorder)), ==, 6);
  g_assert_finalize_object (timer);
}

static gboolean
source_cb (gpointer log)
{
  g_string_append_c (log, 's');

  return G_SOURCE_CONTINUE;
}

/* A timer source is armed when its context has seen it and expires when it is dispatched. Its name
 * is the one that it was given. */
static void
test_source (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (GSource) source = vclock_timer_source_new (fixture->clock, 10);
  g_autoptr (GSource) unnamed = vclock_timer_source_new (fixture->clock, VCLOCK_TIME_NEVER);

  g_source_set_name (source, "s");
  g_source_set_callback (source, source_cb, fixture->log, NULL);
  g_source_attach (source, fixture->context);
  g_source_attach (unnamed, fixture->context);
  test_iterate (fixture->context);
  vclock_virtual_clock_advance (fixture->virtual, 12);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "s");
  vclock_timer_source_set_deadline (source, 20);
  vclock_timer_source_set_deadline (source, 30);
  g_source_set_priority (source, G_PRIORITY_HIGH);
  test_iterate (fixture->context);
  vclock_timer_source_set_deadline (source, VCLOCK_TIME_NEVER);
  vclock_timer_source_set_deadline (source, VCLOCK_TIME_NEVER);
  vclock_timer_source_set_deadline (unnamed, 15);
  vclock_virtual_clock_advance (fixture->virtual, 3);
  g_main_context_iteration (fixture->context, FALSE); /* it is ready, and is not dispatched */
  vclock_timer_source_set_deadline (unnamed, 16);
  g_source_destroy (unnamed);
  g_clear_pointer (&unnamed, g_source_unref);
  g_source_destroy (source);
  test_assert_events (fixture->recorder,
                      "0: clock 1: armed: timer 1 “s”, deadline 10\n"
                      "12: clock 1: expired: timer 1 “s”, deadline 10, lateness 2, overruns 0\n"
                      "12: clock 1: armed: timer 1 “s”, deadline 20\n"
                      "12: clock 1: rearmed: timer 1 “s”, deadline 30\n"
                      "12: clock 1: disarmed: timer 1 “s”, deadline 30\n"
                      "12: clock 1: armed: timer 2, deadline 15\n"
                      "15: clock 1: rearmed: timer 2, deadline 16\n"
                      "15: clock 1: disarmed: timer 2, deadline 16\n");
}

/* A source that is destroyed is disarmed once, be it waiting or ready, freed or still held by
 * somebody when its turn comes. */
static void
test_destroyed_source (Fixture       *fixture,
                       gconstpointer  unused)
{
  for (guint i = 0; i < 4; i++)
    {
      const gboolean is_ready = i % 2 == 1;
      const gboolean is_held = i / 2 == 1;
      GSource *source = vclock_timer_source_new (fixture->clock, 10);

      vclock_virtual_clock_jump (fixture->virtual, 0);
      vclock_recorder_clear (fixture->recorder);
      g_source_set_callback (source, source_cb, fixture->log, NULL);
      g_source_attach (source, fixture->context);
      test_iterate (fixture->context);
      vclock_virtual_clock_advance (fixture->virtual, is_ready ? 10 : 5);
      g_main_context_iteration (fixture->context, FALSE);
      g_source_destroy (source);
      if (is_held)
        {
          vclock_virtual_clock_advance (fixture->virtual, 5);
          test_iterate (fixture->context);
        }
      g_source_unref (source);
      test_assert_events (fixture->recorder,
                          i == 0 ? "0: clock 1: armed: timer 1, deadline 10\n"
                                   "5: clock 1: disarmed: timer 1, deadline 10\n"
                                 : "0: clock 1: armed: timer 1, deadline 10\n"
                                   "10: clock 1: disarmed: timer 1, deadline 10\n");
    }
  test_assert_log (fixture->log, "");
}

/* When a main context goes away, its timers are disarmed. */
static void
test_context_gone (Fixture       *fixture,
                   gconstpointer  unused)
{
  GMainContext *other = g_main_context_new ();
  VclockTimer *timer = test_timer_new_full (fixture->clock, other, 0, "t", fixture->log);

  vclock_timer_arm (timer, 10);
  g_main_context_unref (other);
  vclock_timer_arm (timer, 20);
  test_assert_events (fixture->recorder,
                      "0: clock 1: armed: timer 1 “t”, deadline 10\n"
                      "0: clock 1: disarmed: timer 1 “t”, deadline 10\n");
  g_assert_finalize_object (timer);
}

/* An event has the name that the timer had then. */
static void
test_names (Fixture       *fixture,
            gconstpointer  unused)
{
  VclockTimer *timer = test_timer_new (fixture->clock, "a", fixture->log);

  vclock_timer_arm (timer, 1);
  vclock_timer_set_name (timer, "b");
  vclock_timer_arm (timer, 2);
  vclock_timer_set_name (timer, NULL);
  vclock_timer_disarm (timer);
  g_assert_finalize_object (timer);
  test_assert_events (fixture->recorder,
                      "0: clock 1: armed: timer 1 “a”, deadline 1\n"
                      "0: clock 1: rearmed: timer 1 “b”, deadline 2\n"
                      "0: clock 1: disarmed: timer 1, deadline 2\n");
}

/* An event has what belongs to its kind, as properties too. */
static void
test_event (Fixture       *fixture,
            gconstpointer  unused)
{
  GListModel *list = G_LIST_MODEL (fixture->recorder);
  g_autoptr (VclockVirtualClock) parent = vclock_virtual_clock_new ();
  VclockTimer *timer = test_timer_new (fixture->clock, "t", fixture->log);
  g_autofree char *clock_name = NULL;
  g_autofree char *timer_name = NULL;
  g_autofree char *parent_name = NULL;
  VclockEventKind kind;
  VclockEvent *event;
  VclockTime times[5];
  gint64 rate[2];
  guint numbers[2];
  guint64 overruns;

  vclock_timer_set_period (timer, 10);
  vclock_timer_arm (timer, 10);
  vclock_virtual_clock_jump (fixture->virtual, 25);
  vclock_virtual_clock_set_rate (fixture->virtual, 7, 3);
  vclock_timer_disarm (timer);
  vclock_virtual_clock_set_parent (fixture->virtual, VCLOCK_CLOCK (parent));
  vclock_virtual_clock_set_parent (fixture->virtual, NULL);
  vclock_recorder_update (fixture->recorder);

  event = g_list_model_get_item (list, 2);
  g_object_get (event,
                "kind", &kind, "time", &times[0], "clock-number", &numbers[0], "clock-name",
                &clock_name, "timer-number", &numbers[1], "timer-name", &timer_name, "deadline",
                &times[1], "lateness", &times[2], "overruns", &overruns, "old-time", &times[3],
                "new-time", &times[4], "parent-name", &parent_name, NULL);
  g_assert_cmpint (kind, ==, VCLOCK_EVENT_KIND_EXPIRED);
  g_assert_cmpint (times[0], ==, 25);
  g_assert_cmpint (times[1], ==, 10);
  g_assert_cmpint (times[2], ==, 15);
  g_assert_cmpint (times[3], ==, 25);
  g_assert_cmpint (times[4], ==, 25);
  g_assert_cmpuint (numbers[0], ==, 1);
  g_assert_cmpuint (numbers[1], ==, 1);
  g_assert_cmpuint (overruns, ==, 1);
  g_assert_null (clock_name);
  g_assert_cmpstr (timer_name, ==, "t");
  g_assert_null (parent_name);
  g_assert_false (vclock_event_get_rate (event, &rate[0], &rate[1]));
  g_assert_cmpint (rate[0], ==, 0);
  g_assert_cmpint (rate[1], ==, 1);
  g_assert_finalize_object (event);

  event = g_list_model_get_item (list, 1);
  g_assert_cmpint (vclock_event_get_kind (event), ==, VCLOCK_EVENT_KIND_RESET);
  g_assert_cmpint (vclock_event_get_old_time (event), ==, 0);
  g_assert_cmpint (vclock_event_get_new_time (event), ==, 25);
  g_assert_cmpint (vclock_event_get_deadline (event), ==, VCLOCK_TIME_NEVER);
  g_assert_cmpint (vclock_event_get_lateness (event), ==, 0);
  g_assert_cmpuint (vclock_event_get_overruns (event), ==, 0);
  g_assert_cmpuint (vclock_event_get_timer_number (event), ==, 0);
  g_assert_finalize_object (event);

  event = g_list_model_get_item (list, 4);
  g_assert_true (vclock_event_get_rate (event, &rate[0], &rate[1]));
  g_assert_cmpint (rate[0], ==, 7);
  g_assert_cmpint (rate[1], ==, 3);
  g_assert_finalize_object (event);

  event = g_list_model_get_item (list, 6);
  g_assert_cmpint (vclock_event_get_kind (event), ==, VCLOCK_EVENT_KIND_PARENT);
  g_assert_cmpstr (vclock_event_get_parent_name (event), ==, "virtual");
  g_assert_null (vclock_event_get_timer_name (event));
  g_assert_finalize_object (event);
  g_assert_finalize_object (timer);
}

/* Timers have numbers of their own recording, in the order in which they occur in it, also when
 * they have been in another. */
static void
test_numbers (Fixture       *fixture,
              gconstpointer  unused)
{
  VclockClock *other = VCLOCK_CLOCK (vclock_virtual_clock_new ());
  VclockTimer *a = test_timer_new (fixture->clock, "a", fixture->log);
  VclockTimer *b = test_timer_new (fixture->clock, "b", fixture->log);
  VclockTimer *c = test_timer_new (other, "c", fixture->log);
  VclockRecorder *recorder;

  vclock_recorder_add_clock (fixture->recorder, other);
  vclock_timer_arm (a, 1);
  vclock_timer_arm (c, 2);
  vclock_timer_arm (b, 3);
  test_assert_events (fixture->recorder,
                      "0: clock 1: armed: timer 1 “a”, deadline 1\n"
                      "0: clock 2 “virtual”: armed: timer 2 “c”, deadline 2\n"
                      "0: clock 1: armed: timer 3 “b”, deadline 3\n");
  vclock_timer_arm (b, 4);
  vclock_timer_arm (a, 5);
  test_assert_events (fixture->recorder,
                      "0: clock 1: rearmed: timer 1 “b”, deadline 4\n"
                      "0: clock 1: rearmed: timer 2 “a”, deadline 5\n");

  recorder = vclock_recorder_new (10);
  vclock_recorder_remove_clock (fixture->recorder, fixture->clock);
  vclock_recorder_add_clock (recorder, fixture->clock);
  vclock_recorder_set_recording (recorder, TRUE);
  vclock_timer_disarm (a);
  vclock_timer_disarm (b);
  vclock_timer_disarm (c);
  test_assert_events (recorder,
                      "0: clock 1: disarmed: timer 1 “a”, deadline 5\n"
                      "0: clock 1: disarmed: timer 2 “b”, deadline 4\n");

  g_assert_finalize_object (a);
  g_assert_finalize_object (b);
  g_assert_finalize_object (c);
  g_assert_finalize_object (recorder);
  vclock_recorder_remove_clock (fixture->recorder, other);
  g_assert_finalize_object (other);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, test_recorder_fixture_set_up, func, \
              test_recorder_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  ADD ("/event/arm", test_arm);
  ADD ("/event/expire", test_expire);
  ADD ("/event/period-in-callback", test_period_in_callback);
  ADD ("/event/clock", test_clock);
  ADD ("/event/warp", test_warp);
  ADD ("/event/extremes", test_extremes);
  ADD ("/event/source", test_source);
  ADD ("/event/destroyed-source", test_destroyed_source);
  ADD ("/event/context-gone", test_context_gone);
  ADD ("/event/names", test_names);
  ADD ("/event/event", test_event);
  ADD ("/event/numbers", test_numbers);

  return g_test_run ();
}
