/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <glib-vclock/glib-vclock.h>
#include <string.h>

#define HOUR (3600 * VCLOCK_NSEC_PER_SEC)

static void
hour_cb (VclockTimer *timer,
         guint64      overruns,
         gpointer     user_data)
{
  if (vclock_clock_get_time (vclock_timer_get_clock (timer)) == 24 * HOUR)
    g_main_loop_quit (user_data);
}

static void
show_day (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (VclockTimer) timer = vclock_timer_new (VCLOCK_CLOCK (clock));

  vclock_virtual_clock_set_warp_mode (clock, VCLOCK_WARP_MODE_JUMP);
  vclock_timer_set_callback (timer, hour_cb, loop, NULL);
  vclock_timer_set_period (timer, HOUR);
  vclock_timer_arm_after (timer, HOUR);
  g_main_loop_run (loop); /* for a day, which is over at once */
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 24 * HOUR);

  vclock_timer_disarm (timer);
}

static void
hash_thread (GTask        *task,
             gpointer      object,
             gpointer      data,
             GCancellable *cancellable)
{
  g_task_return_pointer (task, g_compute_checksum_for_string (G_CHECKSUM_SHA256, "1", 1), g_free);
}

static void
hashed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      loop)
{
  g_autofree char *hash = g_task_propagate_pointer (G_TASK (result), NULL);

  g_assert_cmpint (strlen (hash), ==, 64);
  g_main_loop_quit (loop);
}

static void
show_inhibitor (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (VclockTimer) timer = vclock_timer_new (VCLOCK_CLOCK (clock));
  g_autoptr (VclockInhibitor) inhibitor = vclock_virtual_clock_inhibit (clock, "hashing");
  g_autoptr (GTask) task = g_task_new (NULL, NULL, hashed_cb, loop);

  vclock_virtual_clock_set_warp_mode (clock, VCLOCK_WARP_MODE_JUMP);
  vclock_timer_arm_after (timer, HOUR);

  vclock_inhibitor_tie_to_task (inhibitor, task);
  g_task_run_in_thread (task, hash_thread);
  g_main_loop_run (loop);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 0);

  vclock_timer_disarm (timer);
}

static void
deadlock_cb (VclockVirtualClock *clock,
             const GError       *error,
             gpointer            loop)
{
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_DEADLOCK);
  g_main_loop_quit (loop);
}

static void
show_deadlock (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (VclockTimer) timer = vclock_timer_new (VCLOCK_CLOCK (clock));

  vclock_virtual_clock_set_warp_mode (clock, VCLOCK_WARP_MODE_JUMP);
  g_signal_connect (clock, "deadlock", G_CALLBACK (deadlock_cb), loop);
  g_main_loop_run (loop); /* ends, though nobody has armed a timer */
}

int
main (void)
{
  show_day ();
  show_inhibitor ();
  show_deadlock ();
}
