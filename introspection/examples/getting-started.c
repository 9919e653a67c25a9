/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <glib-vclock/glib-vclock.h>

static void
expired_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     user_data)
{
  g_main_loop_quit (user_data);
}

int
main (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  VclockClock *clock = vclock_monotonic_clock_get_default ();
  g_autoptr (VclockTimer) timer = vclock_timer_new (clock);

  vclock_timer_set_callback (timer, expired_cb, loop, NULL);
  vclock_timer_arm_after (timer, 5 * VCLOCK_NSEC_PER_MSEC);
  g_main_loop_run (loop);
}
