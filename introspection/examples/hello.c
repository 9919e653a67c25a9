/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <glib-vclock/glib-vclock.h>

#define MINUTE (60 * VCLOCK_NSEC_PER_SEC)

static void
expired_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     user_data)
{
  VclockTime now = vclock_clock_get_time (vclock_timer_get_clock (timer));

  g_print ("%d minutes\n", (int) (now / MINUTE));
}

int
main (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (VclockTimer) timer = vclock_timer_new (VCLOCK_CLOCK (clock));

  g_signal_connect (timer, "expired", G_CALLBACK (expired_cb), NULL);
  vclock_timer_set_period (timer, 20 * MINUTE);
  vclock_timer_arm_after (timer, 20 * MINUTE);
  vclock_virtual_clock_advance (clock, 60 * MINUTE);
  vclock_timer_disarm (timer);
}
