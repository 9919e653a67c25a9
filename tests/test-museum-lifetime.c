/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

/* Ways in which timer code has failed before: who owns what, and who goes first. The letter and
 * number of each test is its row in the museum. */

static void
iterate (int n)
{
  while (n-- > 0)
    g_main_context_iteration (NULL, FALSE);
}

/* Timers and clocks that a test leaves behind do not add up: the drop orders of timer and clock. */
static void
test_o3 (void)
{
  for (int order = 0; order < 2; order++)
    for (int armed = 0; armed < 2; armed++)
      {
        VclockClock *clock = VCLOCK_CLOCK (vclock_virtual_clock_new ());
        VclockTimer *timer = vclock_timer_new (clock);
        gpointer weak_clock = clock;
        gpointer weak_timer = timer;

        g_object_add_weak_pointer (G_OBJECT (clock), &weak_clock);
        g_object_add_weak_pointer (G_OBJECT (timer), &weak_timer);
        if (armed)
          vclock_timer_arm (timer, 10);
        g_object_unref (order ? (gpointer) clock : timer);
        if (armed || order)
          g_assert_nonnull (weak_clock);
        if (armed && !order)
          vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (clock), 10);
        if (armed && order)
          vclock_timer_disarm (timer);
        g_object_unref (order ? (gpointer) timer : clock);
        g_assert_null (weak_timer);
        g_assert_null (weak_clock);
      }
}

static int n_notified;

static void
notify (gpointer user_data)
{
  n_notified++;
}

static void
replace_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     user_data)
{
  vclock_timer_set_callback (timer, NULL, NULL, NULL);
  g_assert_cmpint (n_notified, ==, 0);
}

/* Each callback's destroy notify is called once, whichever way its timer ends. */
static void
test_o1 (void)
{
  enum { NEVER_ARMED, EXPIRED, DISARMED, REPLACED, REPLACED_INSIDE, CONTEXT_GONE, N_WAYS };

  for (int way = 0; way < N_WAYS; way++)
    {
      g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
      GMainContext *context = g_main_context_new ();
      VclockTimer *timer = vclock_timer_new_full (VCLOCK_CLOCK (clock), context, 0, 0);
      int n_calls = 0;

      n_notified = 0;
      vclock_timer_set_callback (timer, way == REPLACED_INSIDE ? replace_cb : test_count_cb,
                                 &n_calls, notify);
      if (way != NEVER_ARMED)
        vclock_timer_arm (timer, way == CONTEXT_GONE ? 10 : 0);
      if (way == EXPIRED || way == REPLACED_INSIDE)
        g_main_context_iteration (context, FALSE);
      if (way == DISARMED)
        g_assert_true (vclock_timer_disarm (timer));
      if (way == REPLACED)
        {
          vclock_timer_set_callback (timer, test_count_cb, &n_calls, NULL);
          g_assert_cmpint (n_notified, ==, 1);
        }
      g_assert_cmpint (n_calls, ==, way == EXPIRED);
      if (way == CONTEXT_GONE)
        {
          g_main_context_unref (g_steal_pointer (&context));
          g_assert_false (vclock_timer_is_armed (timer));
          vclock_timer_arm (timer, 0);
          g_assert_false (vclock_timer_is_armed (timer));
        }
      if (way == REPLACED)
        vclock_timer_disarm (timer);
      g_assert_finalize_object (timer);
      g_assert_cmpint (n_notified, ==, 1);
      if (context != NULL)
        g_main_context_unref (context);
    }
}

/* Ending what has ended is silent. */
static void
test_o2 (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (VCLOCK_CLOCK (clock), &n_calls);
  g_autoptr (GSource) source = vclock_timer_source_new (VCLOCK_CLOCK (clock), 0);

  vclock_timer_arm (timer, 0);
  iterate (2);
  g_assert_cmpint (n_calls, ==, 1);
  g_assert_false (vclock_timer_disarm (timer));
  g_assert_false (vclock_timer_disarm (timer));
  g_source_attach (source, NULL);
  g_source_destroy (source);
  g_source_destroy (source);
}

/* A context that goes away takes its timers along, in any state; they stay harmless. */
static void
test_o4 (void)
{
  for (int n_iterations = 0; n_iterations < 3; n_iterations++)
    {
      GMainContext *context = g_main_context_new ();
      VclockTimer *timers[3];
      int n_calls = 0;

      for (int i = 0; i < 3; i++)
        {
          timers[i] = vclock_timer_new_full (test_get_monotonic (), context, i, VCLOCK_SCALE_NS);
          vclock_timer_set_callback (timers[i], test_count_cb, &n_calls, NULL);
        }
      vclock_timer_arm_after (timers[1], SEC (1000));
      for (int i = 0; i < n_iterations; i++)
        g_main_context_iteration (context, FALSE);
      vclock_timer_arm (timers[2], 0);
      g_main_context_unref (context);
      for (int i = 0; i < 3; i++)
        {
          vclock_timer_arm (timers[i], 0);
          g_assert_false (vclock_timer_is_armed (timers[i]));
          g_assert_finalize_object (timers[i]);
        }
      g_assert_cmpint (n_calls, ==, 0);
    }
}

/* A timer belongs to the context that was the thread-default one when it was made. */
static void
test_o5 (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (VclockTimer) timer = NULL;
  int n_calls = 0;

  g_main_context_push_thread_default (context);
  timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  g_main_context_pop_thread_default (context);
  vclock_timer_arm_after (timer, 0);
  iterate (3);
  g_assert_cmpint (n_calls, ==, 0);
  g_main_context_iteration (context, FALSE);
  g_assert_cmpint (n_calls, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  g_test_add_func ("/museum/O1-notify-exactly-once", test_o1);
  g_test_add_func ("/museum/O2-ended-twice", test_o2);
  g_test_add_func ("/museum/O3-clock-and-timer-hold-each-other", test_o3);
  g_test_add_func ("/museum/O4-context-freed-with-timers", test_o4);
  g_test_add_func ("/museum/O5-unexpected-context", test_o5);

  return g_test_run ();
}
