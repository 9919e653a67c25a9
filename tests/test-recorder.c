/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-fixtures.h"

typedef TestRecorderFixture Fixture;

/* There is room for so many events: the oldest give way, be it in the ring or in the list, and are
 * counted. */
static void
test_bounded (Fixture       *fixture,
              gconstpointer  unused)
{
  VclockRecorder *recorder = vclock_recorder_new (3);
  VclockTimer *timer = test_timer_new (fixture->clock, "t", fixture->log);

  vclock_recorder_remove_clock (fixture->recorder, fixture->clock);
  vclock_recorder_add_clock (recorder, fixture->clock);
  vclock_recorder_set_recording (recorder, TRUE);
  for (int n_taken = 0; n_taken <= 3; n_taken++)
    {
      for (int i = 1; i <= 8; i++)
        {
          vclock_timer_arm (timer, i);
          if (i == n_taken)
            vclock_recorder_update (recorder);
        }
      vclock_recorder_update (recorder);
      g_assert_cmpuint (vclock_recorder_get_n_dropped (recorder), ==, 5);
      test_assert_events (recorder,
                          "0: clock 1: rearmed: timer 1 “t”, deadline 6\n"
                          "0: clock 1: rearmed: timer 1 “t”, deadline 7\n"
                          "0: clock 1: rearmed: timer 1 “t”, deadline 8\n");
      g_assert_cmpuint (vclock_recorder_get_n_dropped (recorder), ==, 0);
    }
  vclock_timer_disarm (timer);
  g_assert_finalize_object (timer);
  g_assert_finalize_object (recorder);
}

static void
items_changed_cb (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  GString    *log)
{
  g_string_append_printf (log, "%u-%u+%u ", position, removed, added);
}

static void
notify_cb (GObject    *object,
           GParamSpec *pspec,
           GString    *log)
{
  g_string_append_printf (log, "%s ", pspec->name);
}

/* The list changes only when it is told to, or when recording ends, and says how. */
static void
test_list (Fixture       *fixture,
           gconstpointer  unused)
{
  VclockRecorder *recorder = vclock_recorder_new (3);
  GListModel *list = G_LIST_MODEL (recorder);
  VclockTimer *timer = test_timer_new (fixture->clock, "t", fixture->log);

  vclock_recorder_remove_clock (fixture->recorder, fixture->clock);
  g_signal_connect (list, "items-changed", G_CALLBACK (items_changed_cb), fixture->log);
  g_signal_connect (list, "notify", G_CALLBACK (notify_cb), fixture->log);
  vclock_recorder_add_clock (recorder, fixture->clock);
  g_assert_cmpuint (vclock_recorder_get_capacity (recorder), ==, 3);
  g_assert_true (g_list_model_get_item_type (list) == VCLOCK_TYPE_EVENT);

  vclock_timer_arm (timer, 1);
  vclock_virtual_clock_pause (fixture->virtual);
  g_assert_false (vclock_recorder_get_recording (recorder));
  vclock_recorder_set_recording (recorder, TRUE);
  g_assert_true (vclock_recorder_get_recording (recorder));
  test_assert_log (fixture->log, "recording ");
  vclock_recorder_set_recording (recorder, TRUE);
  vclock_timer_arm (timer, 2);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 0);
  test_assert_log (fixture->log, "");
  vclock_recorder_update (recorder);
  vclock_recorder_update (recorder);
  test_assert_log (fixture->log, "0-0+1 ");
  vclock_timer_arm (timer, 3);
  vclock_timer_arm (timer, 4);
  vclock_recorder_update (recorder);
  test_assert_log (fixture->log, "1-0+2 ");
  g_object_set (recorder, "recording", FALSE, NULL);
  vclock_timer_arm (timer, 5);
  test_assert_log (fixture->log, "recording ");
  g_object_set (recorder, "recording", TRUE, NULL);
  vclock_timer_arm (timer, 6);
  vclock_recorder_set_recording (recorder, FALSE);
  test_assert_log (fixture->log, "recording 0-3+3 recording ");
  g_assert_null (g_list_model_get_item (list, 3));
  vclock_recorder_clear (recorder);
  vclock_recorder_clear (recorder);
  test_assert_log (fixture->log, "0-3+0 ");

  vclock_timer_disarm (timer);
  g_assert_finalize_object (timer);
  g_assert_finalize_object (recorder);
}

/* A clock is in one recorder at most, which holds it until it is removed; a recorder that goes away
 * leaves its clocks as if it had never been. */
static void
test_lifetime (Fixture       *fixture,
               gconstpointer  unused)
{
  VclockRecorder *other = vclock_recorder_new (1);
  VclockClock *clock = VCLOCK_CLOCK (vclock_virtual_clock_new ());
  VclockTimer *timer = test_timer_new (fixture->clock, "t", fixture->log);

  g_assert_false (vclock_recorder_add_clock (fixture->recorder, fixture->clock));
  g_assert_false (vclock_recorder_add_clock (other, fixture->clock));
  g_assert_false (vclock_recorder_remove_clock (other, fixture->clock));
  vclock_timer_arm (timer, 1);
  g_assert_finalize_object (fixture->recorder);
  fixture->recorder = NULL;
  vclock_timer_arm (timer, 2);
  g_assert_true (vclock_recorder_add_clock (other, fixture->clock));
  vclock_timer_disarm (timer);
  g_assert_finalize_object (timer);

  g_assert_true (vclock_recorder_add_clock (other, clock));
  g_object_add_weak_pointer (G_OBJECT (clock), (gpointer *) &clock);
  g_object_unref (clock);
  g_assert_nonnull (clock);
  g_assert_true (vclock_recorder_remove_clock (other, clock));
  g_assert_null (clock);
  g_assert_finalize_object (other);
}

/* A queue that is made while its clock is recorded is recorded, and one that was there before
 * recording began. */
static void
test_queues (Fixture       *fixture,
             gconstpointer  unused)
{
  VclockTimer *timers[2];

  vclock_recorder_set_recording (fixture->recorder, FALSE);
  timers[0] = test_timer_new_full (fixture->clock, NULL, 0, "a", fixture->log);
  vclock_recorder_set_recording (fixture->recorder, TRUE);
  timers[1] = test_timer_new_full (fixture->clock, NULL, 1, "b", fixture->log);
  for (guint i = 0; i < 2; i++)
    {
      vclock_timer_arm (timers[i], 1);
      vclock_timer_disarm (timers[i]);
    }
  test_assert_events (fixture->recorder,
                      "0: clock 1: armed: timer 1 “a”, deadline 1\n"
                      "0: clock 1: disarmed: timer 1 “a”, deadline 1\n"
                      "0: clock 1: armed: timer 2 “b”, deadline 1\n"
                      "0: clock 1: disarmed: timer 2 “b”, deadline 1\n");
  for (guint i = 0; i < 2; i++)
    g_assert_finalize_object (timers[i]);
}

/* A recorder that does not record, and one of other clocks, reads no clock; one that does reads a
 * clock once for what a user does. */
static void
test_reads (Fixture       *fixture,
            gconstpointer  unused)
{
  TestClock *clock = test_clock_new ();
  VclockTimer *timer = test_timer_new (VCLOCK_CLOCK (clock), "t", fixture->log);

  vclock_timer_arm (timer, 10);
  vclock_timer_disarm (timer);
  vclock_recorder_set_recording (fixture->recorder, FALSE);
  vclock_recorder_add_clock (fixture->recorder, VCLOCK_CLOCK (clock));
  vclock_timer_arm (timer, 10);
  vclock_timer_disarm (timer);
  g_assert_cmpuint (clock->n_reads, ==, 0);
  vclock_recorder_set_recording (fixture->recorder, TRUE);
  vclock_timer_arm (timer, 10);
  vclock_timer_disarm (timer);
  g_assert_cmpuint (clock->n_reads, ==, 2);
  g_assert_finalize_object (timer);
  vclock_recorder_remove_clock (fixture->recorder, VCLOCK_CLOCK (clock));
  g_assert_finalize_object (clock);
}

#define N_THREADS 4
#define N_SEEN    20000

static gboolean stops;

static gpointer
arm_thread (gpointer clock)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (VclockTimer) timer = vclock_timer_new_full (clock, context, 0, VCLOCK_SCALE_NS);

  for (VclockTime i = 0; !g_atomic_int_get (&stops); i++)
    {
      if (i % 8 == 0)
        vclock_timer_set_name (timer, i % 16 == 0 ? "even" : "odd");
      vclock_timer_arm (timer, i);
      vclock_timer_disarm (timer);
    }

  return NULL;
}

/* Looks at all that has happened since the last time; returns how much that is. */
static guint
check_order (VclockRecorder *recorder)
{
  const guint n_events = g_list_model_get_n_items (G_LIST_MODEL (recorder));
  VclockTime deadlines[N_THREADS + 1] = { 0 };

  for (guint i = 0; i < n_events; i++)
    {
      g_autoptr (VclockEvent) event = g_list_model_get_item (G_LIST_MODEL (recorder), i);
      const guint number = vclock_event_get_timer_number (event);
      const VclockTime deadline = vclock_event_get_deadline (event);
      const char *name = vclock_event_get_timer_name (event);

      g_assert_cmpuint (number, >=, 1);
      g_assert_cmpuint (number, <=, N_THREADS);
      g_assert_cmpint (deadline, >=, deadlines[number]);
      g_assert_cmpstr (name, ==, deadline % 16 < 8 ? "even" : "odd");
      deadlines[number] = deadline;
      if (vclock_event_get_kind (event) == VCLOCK_EVENT_KIND_DISARMED)
        deadlines[number]++;
    }

  return n_events;
}

/* While threads arm and rename their timers, another reads and clears, and removes and adds the
 * clock: what it sees of each timer has the order in which it was done. */
static void
test_threads (Fixture       *fixture,
              gconstpointer  unused)
{
  GThread *threads[N_THREADS];
  guint n_events = 0;

  stops = FALSE;
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("arm", arm_thread, fixture->clock);
  for (guint round = 0; n_events < N_SEEN; round++)
    {
      vclock_recorder_update (fixture->recorder);
      n_events += check_order (fixture->recorder);
      vclock_recorder_clear (fixture->recorder);
      if (round % 10 == 0)
        {
          vclock_recorder_remove_clock (fixture->recorder, fixture->clock);
          g_assert_true (vclock_recorder_add_clock (fixture->recorder, fixture->clock));
        }
    }
  g_atomic_int_set (&stops, TRUE);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, test_recorder_fixture_set_up, func, \
              test_recorder_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  ADD ("/recorder/bounded", test_bounded);
  ADD ("/recorder/list", test_list);
  ADD ("/recorder/lifetime", test_lifetime);
  ADD ("/recorder/queues", test_queues);
  ADD ("/recorder/reads", test_reads);
  ADD ("/recorder/threads", test_threads);

  return g_test_run ();
}
