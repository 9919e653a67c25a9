/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-case.h"

static void
tear_down (TestFixture   *fixture,
           gconstpointer  unused)
{
  test_iterate (fixture->context);
  test_fixture_tear_down (fixture, NULL);
}

int
test_run_cases (int             argc,
                char           *argv[],
                const TestCase *cases,
                gsize           n_cases)
{
  test_init (&argc, &argv);
  for (gsize i = 0; i < n_cases; i++)
    g_test_add (cases[i].path, TestFixture, NULL, test_fixture_set_up, cases[i].run, tear_down);

  return g_test_run ();
}

void
test_log_seconds (VclockClock *clock,
                  GString     *log)
{
  g_string_append_printf (log, "%d ", (int) (vclock_clock_get_time (clock) / SEC (1)));
}

static void
log_seconds_cb (VclockTimer *timer,
                guint64      overruns,
                gpointer     log)
{
  test_log_seconds (vclock_timer_get_clock (timer), log);
}

/* A timer that logs when it expires. */
VclockTimer *
test_seconds_timer (TestFixture *fixture,
                    VclockTime   deadline)
{
  VclockTimer *timer = vclock_timer_new (fixture->clock);

  vclock_timer_set_callback (timer, log_seconds_cb, fixture->log, NULL);
  vclock_timer_arm (timer, deadline);

  return timer;
}

/* Logs when a task of a clock ended. */
void
test_log_ended_cb (GObject      *clock,
                   GAsyncResult *result,
                   gpointer      log)
{
  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    g_string_append (log, "cancelled ");
  test_log_seconds (VCLOCK_CLOCK (clock), log);
}

static gboolean
log_idle_cb (gpointer user_data)
{
  TestFixture *fixture = user_data;

  g_string_append (fixture->log, "idle ");
  test_log_seconds (fixture->clock, fixture->log);

  return G_SOURCE_REMOVE;
}

/* An idle that logs when it is called. */
void
test_attach_idle (TestFixture *fixture)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, log_idle_cb, fixture, NULL);
  g_source_attach (source, fixture->context);
}

void
test_attach_idle_cb (VclockTimer *timer,
                     guint64      overruns,
                     gpointer     fixture)
{
  test_attach_idle (fixture);
}
