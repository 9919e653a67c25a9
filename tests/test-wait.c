/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-wait.h"

static gboolean
guard_cb (gpointer user_data)
{
  g_error ("The main context has waited for more than ten seconds");

  return G_SOURCE_REMOVE;
}

GSource *
test_guard_new (GMainContext *context)
{
  GSource *guard = g_timeout_source_new (10000);

  g_source_set_callback (guard, guard_cb, NULL, NULL);
  g_source_attach (guard, context);

  return guard;
}

void
test_run_until (GMainContext *context,
                const int    *counter,
                int           n)
{
  g_autoptr (GSource) guard = test_guard_new (context);

  while (*counter < n)
    g_main_context_iteration (context, TRUE);

  g_source_destroy (guard);
}

void
test_run_for (VclockTime span)
{
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);

  vclock_timer_arm_after (timer, span);
  test_run_until (NULL, &n_calls, 1);
}

void
test_assert_backend (const char *expected)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  g_autofree char *name = NULL;

  test_run_for (MSEC (1));
  name = vclock_alarm_get_backend (alarm);
  g_assert_cmpstr (name, ==, expected);
}
