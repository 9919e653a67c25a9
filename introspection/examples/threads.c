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

static gpointer
worker (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  g_autoptr (VclockTimer) timer = NULL;

  g_main_context_push_thread_default (context);
  timer = vclock_timer_new (vclock_monotonic_clock_get_default ());
  vclock_timer_set_callback (timer, expired_cb, loop, NULL);
  g_async_queue_push (data, g_object_ref (timer));
  g_main_loop_run (loop);
  g_main_context_pop_thread_default (context);
  return NULL;
}

int
main (void)
{
  g_autoptr (GAsyncQueue) queue = g_async_queue_new ();
  GThread *thread = g_thread_new ("worker", worker, queue);
  g_autoptr (VclockTimer) timer = g_async_queue_pop (queue);

  vclock_timer_arm_after (timer, 0); /* expires in the worker's context */
  g_thread_join (thread);
}
