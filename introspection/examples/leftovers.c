/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <glib-vclock/glib-vclock.h>

static void
test_leftovers (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (VclockTimer) timer = vclock_timer_new (VCLOCK_CLOCK (clock));
  g_autoptr (GError) error = NULL;

  vclock_timer_set_name (timer, "reconnect");
  vclock_timer_arm_after (timer, 7 * VCLOCK_NSEC_PER_SEC);

  vclock_clock_check_disarmed (VCLOCK_CLOCK (clock), &error);
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LEFTOVERS);

  vclock_timer_disarm (timer);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/leftovers/list", test_leftovers);
  return g_test_run ();
}
