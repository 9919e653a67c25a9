/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

typedef struct
{
  GMainContext *context;
  TestClock    *test;
  VclockClock  *clock;
  GString      *log;
  guint         n_notified;
  gboolean      finalized;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->context = g_main_context_new ();
  g_main_context_push_thread_default (fixture->context);
  fixture->test = test_clock_new ();
  fixture->clock = VCLOCK_CLOCK (fixture->test);
  fixture->log = g_string_new (NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_finalize_object (fixture->clock);
  g_main_context_pop_thread_default (fixture->context);
  g_clear_pointer (&fixture->context, g_main_context_unref);
  g_string_free (fixture->log, TRUE);
}

static void
weak_cb (gpointer  finalized,
         GObject  *where_the_object_was)
{
  g_assert_false (*(gboolean *) finalized);
  *(gboolean *) finalized = TRUE;
}

static void
notify_cb (gpointer user_data)
{
  ((Fixture *) user_data)->n_notified++;
}

static void
log_c_cb (VclockTimer *timer,
          guint64      overruns,
          gpointer     user_data)
{
  g_string_append_c (((Fixture *) user_data)->log, 'c');
}

static VclockTimer *
timer_new (Fixture *fixture)
{
  VclockTimer *timer = vclock_timer_new (fixture->clock);

  fixture->n_notified = 0;
  fixture->finalized = FALSE;
  vclock_timer_set_callback (timer, log_c_cb, fixture, notify_cb);
  g_object_weak_ref (G_OBJECT (timer), weak_cb, &fixture->finalized);

  return timer;
}

/* An armed timer stays alive without anybody's reference, and is finalized once it has expired. */
static void
test_armed_is_alive (Fixture       *fixture,
                     gconstpointer  unused)
{
  VclockTimer *timer = timer_new (fixture);

  vclock_timer_arm (timer, 100);
  g_object_unref (timer);
  g_assert_false (fixture->finalized);
  test_iterate (fixture->context);
  g_assert_false (fixture->finalized);
  test_clock_set (fixture->test, 100);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "c");
  g_assert_true (fixture->finalized);
  g_assert_cmpuint (fixture->n_notified, ==, 1);
}

/* Disarming or rearming from outside, a timer that nobody else holds is finalized at the end of
 * that. */
static void
test_disarm_drops (Fixture       *fixture,
                   gconstpointer  unused)
{
  VclockTimer *timer = timer_new (fixture);

  vclock_timer_arm (timer, 100);
  g_object_unref (timer);
  vclock_timer_arm (timer, 200);
  g_assert_false (fixture->finalized);
  g_assert_true (vclock_timer_disarm (timer));
  g_assert_true (fixture->finalized);
  g_assert_cmpuint (fixture->n_notified, ==, 1);
}

static void
disarm_self_cb (VclockTimer *timer,
                guint64      overruns,
                gpointer     user_data)
{
  log_c_cb (timer, overruns, user_data);
  vclock_timer_disarm (timer);
}

/* A periodic timer that nobody holds lives until its callback disarms it. */
static void
test_periodic (Fixture       *fixture,
               gconstpointer  unused)
{
  VclockTimer *timer = timer_new (fixture);

  vclock_timer_set_period (timer, 10);
  vclock_timer_arm (timer, 10);
  g_object_unref (timer);
  test_clock_set (fixture->test, 10);
  test_iterate (fixture->context);
  g_assert_false (fixture->finalized);
  vclock_timer_set_callback (timer, disarm_self_cb, fixture, notify_cb);
  test_clock_set (fixture->test, 20);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "cc");
  g_assert_true (fixture->finalized);
  g_assert_cmpuint (fixture->n_notified, ==, 2);
}

static void
rearm_self_cb (VclockTimer *timer,
               guint64      overruns,
               gpointer     user_data)
{
  log_c_cb (timer, overruns, user_data);
  if (((Fixture *) user_data)->log->len < 3)
    vclock_timer_arm_after (timer, 10);
}

/* A one-shot timer that rearms itself lives on. */
static void
test_rearm_in_callback (Fixture       *fixture,
                        gconstpointer  unused)
{
  VclockTimer *timer = timer_new (fixture);

  vclock_timer_set_callback (timer, rearm_self_cb, fixture, notify_cb);
  vclock_timer_arm (timer, 10);
  g_object_unref (timer);
  for (VclockTime now = 10; now <= 30; now += 10)
    {
      g_assert_false (fixture->finalized);
      test_clock_set (fixture->test, now);
      test_iterate (fixture->context);
    }
  test_assert_log (fixture->log, "ccc");
  g_assert_true (fixture->finalized);
}

static void
replace_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     user_data)
{
  Fixture *fixture = user_data;

  vclock_timer_set_callback (timer, log_c_cb, fixture, notify_cb);
  g_assert_cmpuint (fixture->n_notified, ==, 0);
}

/* O1: the destroy notify is called exactly once, on every path. */
static void
test_notify (Fixture       *fixture,
             gconstpointer  unused)
{
  VclockTimer *timer;

  /* Never armed. */
  timer = timer_new (fixture);
  g_assert_finalize_object (timer);
  g_assert_cmpuint (fixture->n_notified, ==, 1);

  /* Expired: the callback stays for the next time. */
  timer = timer_new (fixture);
  vclock_timer_arm (timer, 0);
  test_iterate (fixture->context);
  g_assert_cmpuint (fixture->n_notified, ==, 0);
  g_assert_finalize_object (timer);
  g_assert_cmpuint (fixture->n_notified, ==, 1);

  /* Disarmed. */
  timer = timer_new (fixture);
  vclock_timer_arm (timer, 0);
  vclock_timer_disarm (timer);
  g_assert_cmpuint (fixture->n_notified, ==, 0);
  g_assert_finalize_object (timer);
  g_assert_cmpuint (fixture->n_notified, ==, 1);

  /* Replaced, by another and by none. */
  timer = timer_new (fixture);
  vclock_timer_set_callback (timer, log_c_cb, fixture, notify_cb);
  g_assert_cmpuint (fixture->n_notified, ==, 1);
  vclock_timer_set_callback (timer, NULL, NULL, NULL);
  g_assert_cmpuint (fixture->n_notified, ==, 2);
  g_assert_finalize_object (timer);
  g_assert_cmpuint (fixture->n_notified, ==, 2);

  /* Replaced from inside: after it has returned. */
  timer = timer_new (fixture);
  vclock_timer_set_callback (timer, replace_cb, fixture, notify_cb);
  fixture->n_notified = 0;
  vclock_timer_arm (timer, 0);
  test_iterate (fixture->context);
  g_assert_cmpuint (fixture->n_notified, ==, 1);
  g_assert_finalize_object (timer);
  g_assert_cmpuint (fixture->n_notified, ==, 2);

  /* Only a notify. */
  timer = timer_new (fixture);
  vclock_timer_set_callback (timer, NULL, fixture, notify_cb);
  g_assert_cmpuint (fixture->n_notified, ==, 2);
  g_assert_finalize_object (timer);
  g_assert_cmpuint (fixture->n_notified, ==, 2);
}

static void
quit_cb (VclockTimer *timer,
         guint64      overruns,
         gpointer     loop)
{
  g_main_loop_quit (loop);
}

static void
nested_cb (VclockTimer *timer,
           guint64      overruns,
           gpointer     user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GMainLoop) loop = g_main_loop_new (fixture->context, FALSE);
  g_autoptr (VclockTimer) quit = vclock_timer_new (fixture->clock);
  g_autoptr (VclockTimer) inner = test_timer_new (fixture->clock, "i", fixture->log);

  g_string_append_c (fixture->log, '<');
  vclock_timer_set_callback (quit, quit_cb, loop, NULL);
  vclock_timer_arm (inner, 20);
  vclock_timer_arm (quit, 30);
  test_clock_set (fixture->test, 30);
  g_main_loop_run (loop);
  g_string_append_c (fixture->log, '>');
}

/* A callback may run a nested main loop; timers expire in it, those that were due beside it too,
 * and none is called twice (H6). */
static void
test_nested_loop (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr (VclockTimer) outer = vclock_timer_new (fixture->clock);
  g_autoptr (VclockTimer) sibling = test_timer_new (fixture->clock, "s", fixture->log);

  vclock_timer_set_callback (outer, nested_cb, fixture, NULL);
  vclock_timer_arm (outer, 10);
  vclock_timer_arm (sibling, 10);
  test_clock_set (fixture->test, 10);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "<si>");
}

static void
call_everything (Fixture *fixture)
{
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "x", fixture->log);
  g_autoptr (VclockVirtualClock) virtual = vclock_virtual_clock_new_with_parent (fixture->clock);
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (fixture->context);
  g_autoptr (GSource) source = vclock_timer_source_new (fixture->clock, 5);
  g_autofree char *backend = vclock_alarm_get_backend (alarm);
  g_auto (GStrv) backends = vclock_alarm_list_backends ();
  VclockHostClock host_clock;

  vclock_timer_set_period (timer, 5);
  vclock_timer_set_slack (timer, 5);
  vclock_timer_set_overrun_policy (timer, VCLOCK_OVERRUN_POLICY_BURST);
  vclock_timer_set_attributes (timer, VCLOCK_TIMER_ATTRIBUTES_EXTERNAL);
  vclock_timer_arm (timer, VCLOCK_TIME_NEVER - 2);
  vclock_timer_arm_after (timer, 5);
  vclock_timer_arm_earlier (timer, 1);
  g_assert_true (vclock_timer_is_armed (timer));
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, 1);
  vclock_timer_get_remaining (timer);
  vclock_timer_get_lateness (timer);
  g_assert_true (vclock_clock_has_timers (fixture->clock));
  vclock_clock_has_expired (fixture->clock);
  vclock_clock_get_deadline (fixture->clock, VCLOCK_TIMER_ATTRIBUTES_EXTERNAL);
  vclock_clock_get_wakeup (fixture->clock, 5, &host_clock);
  vclock_clock_replan (fixture->clock);
  vclock_clock_set_enabled (VCLOCK_CLOCK (virtual), FALSE);
  vclock_clock_set_enabled (VCLOCK_CLOCK (virtual), TRUE);
  vclock_virtual_clock_set_rate (virtual, 1, 2);
  vclock_virtual_clock_pause (virtual);
  vclock_virtual_clock_resume (virtual);
  vclock_virtual_clock_advance (virtual, 5);
  vclock_virtual_clock_jump (virtual, 5);
  vclock_virtual_clock_step (virtual);
  vclock_virtual_clock_run_until_idle (virtual, 1, NULL);
  vclock_alarm_get_wakeup (alarm);
  vclock_alarm_get_n_expired (alarm);
  vclock_timer_source_set_deadline (source, 7);
  vclock_timer_source_get_deadline (source);
  vclock_timer_disarm (timer);
  vclock_clock_run_timers (fixture->clock);
  vclock_alarm_run_timers (alarm);
  g_string_append_c (fixture->log, '.');
}

static void
everything_cb (VclockTimer *timer,
               guint64      overruns,
               gpointer     user_data)
{
  call_everything (user_data);
}

static void
everything_expired_cb (VclockTimer *timer,
                       guint64      overruns,
                       Fixture     *fixture)
{
  call_everything (fixture);
}

static void
everything_reset_cb (VclockClock *clock,
                     gint64       old_time,
                     gint64       new_time,
                     Fixture     *fixture)
{
  call_everything (fixture);
}

static void
everything_weak_cb (gpointer  fixture,
                    GObject  *where_the_object_was)
{
  call_everything (fixture);
}

/* From a callback, a handler of ::expired or ::reset, a destroy notify and a weak notify every
 * public function may be called (H7). */
static void
test_call_everything (Fixture       *fixture,
                      gconstpointer  unused)
{
  VclockTimer *timer = vclock_timer_new (fixture->clock);
  g_autoptr (VclockTimer) other = vclock_timer_new (fixture->clock);

  vclock_timer_set_callback (timer, everything_cb, fixture, (GDestroyNotify) call_everything);
  g_signal_connect (other, "expired", G_CALLBACK (everything_expired_cb), fixture);
  g_signal_connect (fixture->clock, "reset", G_CALLBACK (everything_reset_cb), fixture);
  g_object_weak_ref (G_OBJECT (timer), everything_weak_cb, fixture);
  vclock_timer_arm (timer, 0);
  vclock_timer_arm (other, 0);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "..");
  vclock_clock_announce_reset (fixture->clock, 0, 1);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, ".");
  vclock_timer_arm (timer, 0);
  g_object_unref (timer);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "...");
}

static void
signal_cb (VclockTimer *timer,
           guint64      overruns,
           GString     *log)
{
  g_string_append_printf (log, "signal%" G_GUINT64_FORMAT, overruns);
}

/* The callback is called instead of ::expired being emitted, with the same overruns; without one
 * the signal is. */
static void
test_signal (Fixture       *fixture,
             gconstpointer  unused)
{
  VclockTimer *timer = timer_new (fixture);

  g_signal_connect (timer, "expired", G_CALLBACK (signal_cb), fixture->log);
  vclock_timer_set_period (timer, 10);
  vclock_timer_arm (timer, 10);
  test_clock_set (fixture->test, 35);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "c");
  vclock_timer_set_callback (timer, NULL, NULL, NULL);
  test_clock_set (fixture->test, 40);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "signal0");
  vclock_timer_disarm (timer);
  g_assert_finalize_object (timer);
}

typedef struct
{
  Fixture     *fixture;
  VclockTimer *timers[3];
} Drop;

static void
drop_cb (VclockTimer *timer,
         guint64      overruns,
         gpointer     user_data)
{
  Drop *drop = user_data;

  g_string_append_c (drop->fixture->log, '!');
  for (guint i = 0; i < G_N_ELEMENTS (drop->timers); i++)
    {
      vclock_timer_disarm (drop->timers[i]);
      g_object_unref (drop->timers[i]);
    }
}

/* H5: a callback may drop its own timer, the one before and the one after. */
static void
test_drop_in_callback (Fixture       *fixture,
                       gconstpointer  unused)
{
  Drop drop = { fixture, { NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (drop.timers); i++)
    {
      drop.timers[i] = vclock_timer_new (fixture->clock);
      vclock_timer_arm (drop.timers[i], 10);
    }
  vclock_timer_set_callback (drop.timers[1], drop_cb, &drop, NULL);
  test_clock_set (fixture->test, 10);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "!");
}

/* O4: a context goes away with idle, armed and due timers: each notify is called once, what nobody
 * else holds is finalized, and later calls are safe: nothing arms any more. */
static void
test_context_gone (gconstpointer data)
{
  gboolean has_run = GPOINTER_TO_INT (data);
  GMainContext *context = g_main_context_new ();
  TestClock *clock = test_clock_new ();
  Fixture fixture = { .test = clock, .clock = VCLOCK_CLOCK (clock), .log = g_string_new (NULL) };
  VclockTimer *timers[4];
  gboolean finalized = FALSE;

  g_main_context_push_thread_default (context);
  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    timers[i] = timer_new (&fixture);
  vclock_timer_arm (timers[1], 100);
  vclock_timer_arm (timers[2], 0);
  vclock_timer_arm (timers[3], 100);
  if (has_run)
    {
      test_iterate (context);
      test_assert_log (fixture.log, "c");
      vclock_timer_arm (timers[2], 0);
      vclock_clock_announce_reset (fixture.clock, 50, 0);
    }
  g_object_weak_unref (G_OBJECT (timers[3]), weak_cb, &fixture.finalized);
  g_object_weak_ref (G_OBJECT (timers[3]), weak_cb, &finalized);
  g_object_unref (timers[3]);
  g_assert_false (finalized);
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  g_assert_true (finalized);
  g_assert_cmpuint (fixture.n_notified, ==, 1);

  for (guint i = 0; i < 3; i++)
    {
      g_object_weak_unref (G_OBJECT (timers[i]), weak_cb, &fixture.finalized);
      g_assert_false (vclock_timer_is_armed (timers[i]));
      g_assert_false (vclock_timer_disarm (timers[i]));
      vclock_timer_arm (timers[i], 7);
      vclock_timer_arm_after (timers[i], 7);
      g_assert_false (vclock_timer_arm_earlier (timers[i], 7));
      g_assert_false (vclock_timer_is_armed (timers[i]));
      g_assert_cmpint (vclock_timer_get_deadline (timers[i]), ==, VCLOCK_TIME_NEVER);
      g_assert_true (vclock_timer_get_clock (timers[i]) == fixture.clock);
      vclock_timer_set_slack (timers[i], 5);
      g_assert_false (vclock_clock_has_timers (fixture.clock));
      g_assert_finalize_object (timers[i]);
    }
  g_assert_cmpuint (fixture.n_notified, ==, 4);
  test_assert_log (fixture.log, "");
  g_assert_finalize_object (clock);
  g_string_free (fixture.log, TRUE);
}

/* O3: timer, clock and context may be dropped in any order. */
static void
test_drop_orders (void)
{
  static const char *orders[] = { "tcx", "txc", "ctx", "cxt", "xtc", "xct" };

  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      GMainContext *context = g_main_context_new ();
      VclockClock *clock = g_object_new (TEST_TYPE_CLOCK, "context", context, NULL);
      VclockTimer *timer = vclock_timer_new_full (clock, context, 0, VCLOCK_SCALE_NS);
      gboolean timer_gone = FALSE;
      gboolean clock_gone = FALSE;

      g_object_weak_ref (G_OBJECT (timer), weak_cb, &timer_gone);
      g_object_weak_ref (G_OBJECT (clock), weak_cb, &clock_gone);
      vclock_timer_arm (timer, 100);
      test_iterate (context);
      for (const char *p = orders[i]; *p != '\0'; p++)
        if (*p == 't')
          g_object_unref (timer);
        else if (*p == 'c')
          g_object_unref (clock);
        else
          g_main_context_unref (context);
      g_assert_true (timer_gone);
      g_assert_true (clock_gone);
    }
}

/* A clock that a timer holds goes with the timer, also when that ends in its own callback. */
static void
test_last_holds_clock (Fixture       *fixture,
                       gconstpointer  unused)
{
  TestClock *clock = test_clock_new ();
  VclockTimer *timer = test_timer_new (VCLOCK_CLOCK (clock), "a", fixture->log);
  gboolean clock_gone = FALSE;

  g_object_weak_ref (G_OBJECT (clock), weak_cb, &clock_gone);
  vclock_timer_arm (timer, 0);
  g_object_unref (timer);
  g_object_unref (clock);
  g_assert_false (clock_gone);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "a");
  g_assert_true (clock_gone);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  ADD ("/timer/lifetime/armed-is-alive", test_armed_is_alive);
  ADD ("/timer/lifetime/disarm-drops", test_disarm_drops);
  ADD ("/timer/lifetime/periodic", test_periodic);
  ADD ("/timer/lifetime/rearm-in-callback", test_rearm_in_callback);
  ADD ("/timer/lifetime/notify", test_notify);
  ADD ("/timer/lifetime/nested-loop", test_nested_loop);
  ADD ("/timer/lifetime/call-everything", test_call_everything);
  ADD ("/timer/lifetime/signal", test_signal);
  ADD ("/timer/lifetime/drop-in-callback", test_drop_in_callback);
  g_test_add_data_func ("/timer/lifetime/context-gone/before-it-ran", GINT_TO_POINTER (FALSE),
                        test_context_gone);
  g_test_add_data_func ("/timer/lifetime/context-gone/after-it-ran", GINT_TO_POINTER (TRUE),
                        test_context_gone);
  g_test_add_func ("/timer/lifetime/drop-orders", test_drop_orders);
  ADD ("/timer/lifetime/last-holds-clock", test_last_holds_clock);

  return g_test_run ();
}
