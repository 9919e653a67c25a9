/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"
#include "test-wait.h"

/* Ways in which timer code has failed before: order, and callbacks that change what is being run.
 * The letter and number of each test is its row in the museum. */

static void
iterate (int n)
{
  while (n-- > 0)
    g_main_context_iteration (NULL, FALSE);
}

static gboolean
count_source_cb (gpointer counter)
{
  (*(int *) counter)++;

  return G_SOURCE_CONTINUE;
}

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);

  return G_SOURCE_REMOVE;
}

static void
rearm_cb (VclockTimer *timer,
          guint64      overruns,
          gpointer     user_data)
{
  vclock_timer_arm_after (timer, 0);
}

/* Arming does not move time, and the order is that of deadlines, not of arming. */
static void
test_g6 (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (VclockTimer) a = test_timer_new (VCLOCK_CLOCK (clock), "a", log);
  g_autoptr (VclockTimer) b = test_timer_new (VCLOCK_CLOCK (clock), "b", log);

  vclock_timer_arm (a, 100);
  vclock_timer_arm (b, 10);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 0);
  vclock_virtual_clock_advance (clock, 100);
  test_assert_log (log, "ba");
}

static void
arm_other_cb (VclockTimer *timer,
              guint64      overruns,
              VclockTimer *other)
{
  vclock_timer_arm (other, 0);
}

/* Priority comes first, then the deadline, then the order of arming; also when armed on the way. */
static void
test_g5 (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (GString) log = g_string_new (NULL);
  static const int priorities[] = { 10, 0, -10, 10, 0, -10, -20 };
  VclockTimer *timers[G_N_ELEMENTS (priorities)];

  for (gsize i = 0; i < G_N_ELEMENTS (priorities); i++)
    {
      const char name[] = { (char) ('a' + i), 0 };

      timers[i] = test_timer_new_full (VCLOCK_CLOCK (clock), NULL, priorities[i], name, log);
      if (priorities[i] > -20)
        vclock_timer_arm (timers[i], 5);
    }
  g_signal_connect (timers[1], "expired", G_CALLBACK (arm_other_cb), timers[6]);
  vclock_clock_set_enabled (VCLOCK_CLOCK (clock), FALSE);
  vclock_virtual_clock_advance (clock, 5);
  vclock_clock_set_enabled (VCLOCK_CLOCK (clock), TRUE);
  test_iterate (NULL);
  test_assert_log (log, "cfbegad");
  for (gsize i = 0; i < G_N_ELEMENTS (priorities); i++)
    g_assert_finalize_object (timers[i]);
}

/* A timer that arms itself for now again and again leaves others their turn; the loop can quit. */
static void
test_h1 (void)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (test_get_monotonic ());
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  int n_reads = 0;
  int n_idles = 0;
  g_autoptr (GSource) source = NULL;
  guint idle;
  TestBell bell;

  test_bell_init (&bell);
  test_bell_ring (&bell);
  g_signal_connect (timer, "expired", G_CALLBACK (rearm_cb), NULL);
  test_iterate (NULL);
  source = test_bell_source_new (&bell);
  g_source_set_callback (source, count_source_cb, &n_reads, NULL);
  g_source_attach (source, NULL);
  idle = g_idle_add_full (G_PRIORITY_DEFAULT, count_source_cb, &n_idles, NULL);
  vclock_timer_arm_after (timer, 0);
  iterate (2);
  g_assert_cmpint (n_reads, >=, 1);
  g_assert_cmpint (n_idles, >=, 1);

  g_idle_add_full (G_PRIORITY_DEFAULT, quit_cb, loop, NULL);
  g_main_loop_run (loop);
  g_assert_true (vclock_timer_disarm (timer));
  g_source_destroy (source);
  g_source_remove (idle);
  test_bell_clear (&bell);
}

/* The same for run_timers (), and for a step of a virtual clock: they end. */
static void
test_h1_without_loop (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (VclockTimer) timer = vclock_timer_new (VCLOCK_CLOCK (clock));

  g_signal_connect (timer, "expired", G_CALLBACK (rearm_cb), NULL);
  vclock_timer_arm (timer, 0);
  g_assert_cmpuint (vclock_clock_run_timers (VCLOCK_CLOCK (clock)), ==, 1);
  g_assert_cmpuint (vclock_clock_run_timers (VCLOCK_CLOCK (clock)), ==, 1);
  g_assert_true (vclock_virtual_clock_step (clock));
  vclock_virtual_clock_jump (clock, 10);
  g_assert_true (vclock_timer_disarm (timer));
}

/* A timer armed for now by itself and another one take turns. */
static void
test_h2 (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (VclockTimer) a = test_timer_new (VCLOCK_CLOCK (clock), "a", log);
  g_autoptr (VclockTimer) b = test_timer_new (VCLOCK_CLOCK (clock), "b", log);

  g_signal_connect (a, "expired", G_CALLBACK (rearm_cb), NULL);
  test_iterate (NULL);
  vclock_timer_arm (a, 0);
  iterate (1);
  vclock_timer_arm (b, 0);
  iterate (2);
  test_assert_log (log, "aaba");
  vclock_timer_disarm (a);
}

typedef struct
{
  VclockTimer *timers[100];
  gboolean     rearm;
} Siblings;

static void
stop_siblings_cb (VclockTimer *timer,
                  guint64      overruns,
                  Siblings    *siblings)
{
  for (gsize i = 1; i < G_N_ELEMENTS (siblings->timers); i++)
    if (siblings->rearm)
      vclock_timer_arm_after (siblings->timers[i], SEC (1));
    else
      g_assert_true (vclock_timer_disarm (siblings->timers[i]));
}

/* What is disarmed or rearmed before its turn is not called in this pass, although it was due. */
static void
test_h3 (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  Siblings siblings;
  int n_calls = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (siblings.timers); i++)
    siblings.timers[i] = test_counting_timer_new (VCLOCK_CLOCK (clock), &n_calls);
  g_signal_connect (siblings.timers[0], "expired", G_CALLBACK (stop_siblings_cb), &siblings);

  for (int with_loop = 0; with_loop < 2; with_loop++)
    for (siblings.rearm = FALSE; siblings.rearm < 2; siblings.rearm++)
      {
        const VclockTime now = vclock_clock_get_time (VCLOCK_CLOCK (clock));

        n_calls = 0;
        for (gsize i = 0; i < G_N_ELEMENTS (siblings.timers); i++)
          vclock_timer_arm (siblings.timers[i], now + (with_loop ? 0 : 5));
        if (with_loop)
          test_iterate (NULL);
        else
          vclock_virtual_clock_advance (clock, 5);
        g_assert_cmpint (n_calls, ==, 1);
        vclock_virtual_clock_advance (clock, SEC (1));
        g_assert_cmpint (n_calls, ==, siblings.rearm ? 100 : 1);
      }

  for (gsize i = 0; i < G_N_ELEMENTS (siblings.timers); i++)
    g_assert_finalize_object (siblings.timers[i]);
}

static void
drop_all_cb (VclockTimer *timer,
             guint64      overruns,
             GPtrArray   *objects)
{
  for (guint i = 0; i < objects->len; i++)
    if (VCLOCK_IS_TIMER (g_ptr_array_index (objects, i)))
      vclock_timer_disarm (g_ptr_array_index (objects, i));
  g_ptr_array_set_size (objects, 0);
}

/* A callback may drop itself, those before and after it, and the clock. */
static void
test_h5 (void)
{
  for (guint caller = 0; caller < 5; caller++)
    {
      g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func (g_object_unref);
      VclockClock *clock = VCLOCK_CLOCK (vclock_virtual_clock_new ());
      int n_calls = 0;

      g_object_add_weak_pointer (G_OBJECT (clock), (gpointer *) &clock);
      for (guint i = 0; i < 5; i++)
        {
          VclockTimer *timer = test_counting_timer_new (clock, &n_calls);

          if (i == caller)
            g_signal_connect (timer, "expired", G_CALLBACK (drop_all_cb), objects);
          vclock_timer_arm (timer, 0);
          g_ptr_array_add (objects, timer);
        }
      g_ptr_array_add (objects, clock);
      test_iterate (NULL);
      g_assert_cmpint (n_calls, ==, caller + 1);
      g_assert_null (clock);
    }
}

static void
nest_cb (VclockTimer *timer,
         guint64      overruns,
         int         *n_calls)
{
  int seen = *n_calls;
  g_autoptr (GSource) guard = test_guard_new (NULL);

  test_count_polls (NULL);
  test_wait_until (NULL, *n_calls > seen);
  g_assert_cmpuint (test_polls.n_polls, <, 30);
  g_main_context_set_poll_func (NULL, NULL);
  g_source_destroy (guard);
}

/* Timers expire in a main loop that runs inside of a callback, and it does not spin. */
static void
test_h6 (void)
{
  int n_calls = 0;
  int n_outer_calls = 0;
  g_autoptr (VclockTimer) outer = test_counting_timer_new (test_get_monotonic (), &n_outer_calls);
  g_autoptr (VclockTimer) inner = test_counting_timer_new (test_get_monotonic (), &n_calls);

  g_signal_connect (outer, "expired", G_CALLBACK (nest_cb), &n_calls);
  vclock_timer_arm_after (outer, 0);
  vclock_timer_arm_after (inner, MSEC (10));
  test_wait_until (NULL, n_outer_calls == 1 && n_calls == 1);
}

static void
call_everything (VclockTimer *timer)
{
  VclockClock *clock = vclock_timer_get_clock (timer);
  g_autoptr (VclockTimer) other = vclock_timer_new (clock);
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  g_autofree char *backend = vclock_alarm_get_backend (alarm);
  VclockHostClock host_clock;

  vclock_timer_arm_after (other, 0);
  vclock_timer_arm_earlier (other, 0);
  vclock_timer_get_remaining (other);
  vclock_timer_is_armed (timer);
  vclock_clock_has_timers (clock);
  vclock_clock_has_expired (clock);
  vclock_clock_get_deadline (clock, VCLOCK_TIMER_ATTRIBUTES_NONE);
  vclock_clock_get_wakeup (clock, 0, &host_clock);
  vclock_clock_get_n_resets (clock);
  vclock_clock_replan (clock);
  vclock_clock_set_enabled (clock, FALSE);
  vclock_clock_set_enabled (clock, TRUE);
  vclock_virtual_clock_pause (VCLOCK_VIRTUAL_CLOCK (clock));
  vclock_virtual_clock_resume (VCLOCK_VIRTUAL_CLOCK (clock));
  vclock_virtual_clock_set_rate (VCLOCK_VIRTUAL_CLOCK (clock), 1, 1);
  vclock_alarm_get_wakeup (alarm);
  vclock_alarm_run_timers (alarm);
  vclock_timer_disarm (other);
}

static void
everything_cb (VclockTimer *timer,
               guint64      overruns,
               gpointer     user_data)
{
  call_everything (timer);
}

static void
everything_reset_cb (VclockClock *clock,
                     VclockTime   old_time,
                     VclockTime   new_time,
                     VclockTimer *timer)
{
  call_everything (timer);
}

static void
everything_notify (gpointer user_data)
{
  VclockClock *clock = user_data;
  g_autoptr (VclockTimer) timer = vclock_timer_new (clock);

  call_everything (timer);
}

static void
everything_weak_notify (gpointer  user_data,
                        GObject  *gone)
{
  everything_notify (user_data);
}

/* No lock is held while others' code runs: callbacks, handlers and notifies may call everything. */
static void
test_h7 (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  VclockTimer *timer = vclock_timer_new (VCLOCK_CLOCK (clock));

  vclock_timer_set_callback (timer, everything_cb, clock, everything_notify);
  g_signal_connect (timer, "expired", G_CALLBACK (everything_cb), NULL);
  g_signal_connect (clock, "reset", G_CALLBACK (everything_reset_cb), timer);
  g_object_weak_ref (G_OBJECT (timer), everything_weak_notify, clock);
  vclock_timer_arm (timer, 5);
  vclock_virtual_clock_jump (clock, 10);
  vclock_timer_set_callback (timer, everything_cb, clock, everything_notify);
  vclock_timer_arm (timer, 0);
  test_iterate (NULL);
  g_signal_handlers_disconnect_by_func (clock, everything_reset_cb, timer);
  g_assert_finalize_object (timer);
}

typedef struct
{
  GString *log;
  gulong   handlers[3];
} Handlers;

static void
late_reset_cb (VclockClock *clock,
               VclockTime   old_time,
               VclockTime   new_time,
               Handlers    *handlers)
{
  g_string_append_c (handlers->log, 'l');
}

static void
first_reset_cb (VclockClock *clock,
                VclockTime   old_time,
                VclockTime   new_time,
                Handlers    *handlers)
{
  g_string_append_c (handlers->log, 'f');
  g_signal_handler_disconnect (clock, handlers->handlers[0]);
  g_signal_handler_disconnect (clock, handlers->handlers[1]);
  g_signal_connect (clock, "reset", G_CALLBACK (late_reset_cb), handlers);
}

/* A reset handler may take away itself and the next one, and add others for the next time. */
static void
test_h9 (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (GString) log = g_string_new (NULL);
  Handlers handlers = { log, { 0 } };

  handlers.handlers[0] = g_signal_connect (clock, "reset", G_CALLBACK (first_reset_cb), &handlers);
  handlers.handlers[1] = g_signal_connect (clock, "reset", G_CALLBACK (late_reset_cb), &handlers);
  vclock_virtual_clock_jump (clock, 10);
  test_assert_log (log, "f");
  vclock_virtual_clock_jump (clock, 5);
  test_assert_log (log, "l");
}

static void
advance_more_cb (VclockTimer        *timer,
                 guint64             overruns,
                 VclockVirtualClock *clock)
{
  vclock_virtual_clock_advance (clock, SEC (7));
}

/* A callback may advance the clock further than the outer call goes: nothing is lost or twice. */
static void
test_h11 (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  int n_calls = 0;
  g_autoptr (VclockTimer) outer = vclock_timer_new (VCLOCK_CLOCK (clock));
  VclockTimer *timers[10];

  g_signal_connect (outer, "expired", G_CALLBACK (advance_more_cb), clock);
  vclock_timer_arm (outer, SEC (1));
  for (int i = 0; i < 10; i++)
    {
      timers[i] = test_counting_timer_new (VCLOCK_CLOCK (clock), &n_calls);
      vclock_timer_arm (timers[i], SEC (i) + 1);
    }
  vclock_virtual_clock_advance (clock, SEC (3));
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, SEC (8));
  g_assert_cmpint (n_calls, ==, 8);
  vclock_virtual_clock_advance (clock, SEC (2));
  g_assert_cmpint (n_calls, ==, 10);
  for (int i = 0; i < 10; i++)
    g_assert_finalize_object (timers[i]);
}

/* Running until idle ends at its limit with an error, exactly there. */
static void
test_h12 (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (GError) error = NULL;
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (VCLOCK_CLOCK (clock), &n_calls);

  g_signal_connect (timer, "expired", G_CALLBACK (rearm_cb), NULL);
  vclock_timer_arm (timer, 1);
  g_assert_false (vclock_virtual_clock_run_until_idle (clock, 1000, &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LIMIT);
  g_assert_cmpint (n_calls, ==, 1000);
  vclock_timer_disarm (timer);
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  g_test_add_func ("/museum/G5-priorities-reordered", test_g5);
  g_test_add_func ("/museum/G6-arming-moves-time", test_g6);
  g_test_add_func ("/museum/H1-rearming-starves-the-loop", test_h1);
  g_test_add_func ("/museum/H1-rearming-starves-without-loop", test_h1_without_loop);
  g_test_add_func ("/museum/H2-rearming-starves-a-sibling", test_h2);
  g_test_add_func ("/museum/H3-disarmed-sibling-still-runs", test_h3);
  g_test_add_func ("/museum/H5-callback-drops-its-queue", test_h5);
  g_test_add_func ("/museum/H6-nested-loop-spins", test_h6);
  g_test_add_func ("/museum/H7-callback-under-the-lock", test_h7);
  g_test_add_func ("/museum/H9-notifier-removes-its-neighbour", test_h9);
  g_test_add_func ("/museum/H11-advance-inside-advance", test_h11);
  g_test_add_func ("/museum/H12-run-until-idle-never-ends", test_h12);

  return g_test_run ();
}
