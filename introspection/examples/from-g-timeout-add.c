/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <glib-vclock/glib-vclock.h>

static GMainLoop *loop;
static int n_calls;

static gboolean
timeout_cb (gpointer user_data)
{
  if (++n_calls < 3)
    return G_SOURCE_CONTINUE;

  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
with_g_timeout_add (void)
{
  g_timeout_add (1, timeout_cb, NULL);
}

static void
expired_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     user_data)
{
  if (++n_calls < 3)
    return;

  vclock_timer_disarm (timer);
  g_main_loop_quit (loop);
}

static void
with_a_timer (void)
{
  VclockClock *clock = vclock_monotonic_clock_get_default ();
  g_autoptr (VclockTimer) timer = vclock_timer_new_full (clock, NULL, G_PRIORITY_DEFAULT,
                                                         VCLOCK_SCALE_MS);

  vclock_timer_set_callback (timer, expired_cb, NULL, NULL);
  vclock_timer_set_period (timer, 1);
  vclock_timer_arm_after (timer, 1);
}

int
main (void)
{
  loop = g_main_loop_new (NULL, FALSE);

  with_g_timeout_add ();
  g_main_loop_run (loop);
  n_calls = 0;
  with_a_timer ();
  g_main_loop_run (loop);

  g_main_loop_unref (loop);
}
