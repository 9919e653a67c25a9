/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-fixtures.h"

static GMainContext *
begin_context (void)
{
  GMainContext *context = g_main_context_new ();

  g_main_context_push_thread_default (context);

  return context;
}

static void
end (VclockClock  *clock,
     GMainContext *context,
     GString      *log)
{
  g_assert_finalize_object (clock);
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  g_string_free (log, TRUE);
}

void
test_fixture_set_up (TestFixture   *fixture,
                     gconstpointer  unused)
{
  fixture->context = begin_context ();
  fixture->self = vclock_virtual_clock_new ();
  fixture->clock = VCLOCK_CLOCK (fixture->self);
  fixture->log = g_string_new (NULL);
}

/* The same with a clock that goes on by itself. */
void
test_fixture_set_up_warp (TestFixture   *fixture,
                          gconstpointer  unused)
{
  test_fixture_set_up (fixture, NULL);
  test_fixture_warp (fixture);
}

void
test_fixture_tear_down (TestFixture   *fixture,
                        gconstpointer  unused)
{
  end (fixture->clock, fixture->context, fixture->log);
}

void
test_fixture_warp (TestFixture *fixture)
{
  vclock_virtual_clock_set_warp_mode (fixture->self, VCLOCK_WARP_MODE_JUMP);
}

void
test_log_now (TestFixture *fixture,
              const char  *what)
{
  g_string_append_printf (fixture->log, "%s%" G_GINT64_FORMAT " ", what,
                          vclock_clock_get_time (fixture->clock));
}

static void
log_exact_cb (VclockTimer *timer,
              guint64      overruns,
              gpointer     fixture)
{
  g_assert_cmpuint (overruns, ==, 0);
  g_assert_cmpint (vclock_timer_get_lateness (timer), ==, 0);
  test_log_now (fixture, vclock_timer_get_name (timer));
}

VclockTimer *
test_exact_timer_new (TestFixture *fixture,
                      gpointer     clock,
                      const char  *name,
                      VclockTime   deadline)
{
  VclockTimer *timer = vclock_timer_new (clock);

  vclock_timer_set_name (timer, name);
  vclock_timer_set_callback (timer, log_exact_cb, fixture, NULL);
  vclock_timer_arm (timer, deadline);

  return timer;
}

void
test_log_time_cb (VclockTimer *timer,
                  guint64      overruns,
                  gpointer     log)
{
  g_string_append_printf (log, "%s%" G_GINT64_FORMAT, vclock_timer_get_name (timer),
                          vclock_clock_get_time (vclock_timer_get_clock (timer)));
  if (overruns > 0)
    g_string_append_printf (log, "+%" G_GUINT64_FORMAT, overruns);
  g_string_append_c (log, ' ');
}

VclockTimer *
test_time_timer_new (VclockClock *clock,
                     const char  *name,
                     GString     *log)
{
  VclockTimer *timer = vclock_timer_new (clock);

  vclock_timer_set_name (timer, name);
  vclock_timer_set_callback (timer, test_log_time_cb, log, NULL);

  return timer;
}

void
test_clock_fixture_set_up (TestClockFixture *fixture,
                           gconstpointer     unused)
{
  fixture->context = begin_context ();
  fixture->test = test_clock_new ();
  fixture->clock = VCLOCK_CLOCK (fixture->test);
  fixture->log = g_string_new (NULL);
}

void
test_clock_fixture_tear_down (TestClockFixture *fixture,
                              gconstpointer     unused)
{
  end (fixture->clock, fixture->context, fixture->log);
}

void
test_tick_fixture_set_up (TestTickFixture *fixture,
                          gconstpointer    unused)
{
  fixture->context = begin_context ();
  fixture->self = vclock_tick_clock_new (10, 1);
  fixture->virtual = VCLOCK_VIRTUAL_CLOCK (fixture->self);
  fixture->clock = VCLOCK_CLOCK (fixture->self);
  fixture->log = g_string_new (NULL);
}

void
test_tick_fixture_tear_down (TestTickFixture *fixture,
                             gconstpointer    unused)
{
  end (fixture->clock, fixture->context, fixture->log);
}

void
test_recorder_fixture_set_up (TestRecorderFixture *fixture,
                              gconstpointer        unused)
{
  fixture->context = begin_context ();
  fixture->virtual = g_object_new (VCLOCK_TYPE_VIRTUAL_CLOCK, NULL);
  fixture->clock = VCLOCK_CLOCK (fixture->virtual);
  fixture->recorder = vclock_recorder_new (100);
  g_assert_true (vclock_recorder_add_clock (fixture->recorder, fixture->clock));
  vclock_recorder_set_recording (fixture->recorder, TRUE);
  fixture->log = g_string_new (NULL);
}

void
test_recorder_fixture_tear_down (TestRecorderFixture *fixture,
                                 gconstpointer        unused)
{
  if (fixture->recorder != NULL)
    g_assert_finalize_object (fixture->recorder);
  end (fixture->clock, fixture->context, fixture->log);
}

char *
test_dup_events (VclockRecorder *recorder)
{
  GString *events = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (recorder)); i++)
    {
      g_autoptr (VclockEvent) event = g_list_model_get_item (G_LIST_MODEL (recorder), i);
      g_autofree char *string = vclock_event_to_string (event);

      g_string_append_printf (events, "%s\n", string);
    }

  return g_string_free (events, FALSE);
}
