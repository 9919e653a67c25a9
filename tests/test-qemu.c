/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"

#include <glib-vclock/vclock-host-private.h>

/* QEMU's clocks and timers, call by call: the same outcome here. The manual's page "Coming from
 * QEMU" names these tests in its tables; test-qemu-alarm.c has those of alarms,
 * test-qemu-icount.c those of counted instructions. */

typedef struct
{
  VclockVirtualClock *virtual_clock;
  VclockClock        *clock;     /* the same */
  VclockClock        *monotonic;
  GString            *log;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->virtual_clock = vclock_virtual_clock_new ();
  fixture->clock = VCLOCK_CLOCK (fixture->virtual_clock);
  fixture->monotonic = vclock_monotonic_clock_get_default ();
  fixture->log = g_string_new (NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_finalize_object (fixture->virtual_clock);
  g_string_free (fixture->log, TRUE);
  test_iterate (NULL);
}

/* init_clocks (): the clocks are there when they are asked for, and stay the same. */
static void
test_init_clocks (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_assert_true (vclock_monotonic_clock_get_default () == vclock_monotonic_clock_get_default ());
  g_assert_true (vclock_virtual_clock_get_default () == vclock_virtual_clock_get_default ());
  g_assert_true (vclock_wall_clock_get_default () == vclock_wall_clock_get_default ());
  g_assert_true (vclock_clock_get_enabled (fixture->monotonic));
}

/* rt_clock: the host's monotonic time, whatever happens to virtual clocks. */
static void
test_rt_clock (Fixture       *fixture,
               gconstpointer  unused)
{
  const VclockTime before = vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC);
  const VclockTime now = vclock_clock_get_time (fixture->monotonic);

  g_assert_cmpint (now, >=, before);
  g_assert_cmpint (now, <=, vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC));
}

/* vm_clock: goes on by itself, and stands while the machine is stopped. */
static void
test_vm_clock (Fixture       *fixture,
               gconstpointer  unused)
{
  VclockVirtualClock *clock = vclock_virtual_clock_get_default ();
  VclockTime now;

  vclock_virtual_clock_pause (clock);
  now = vclock_clock_get_time (VCLOCK_CLOCK (clock));
  g_usleep (100);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, now);
  vclock_virtual_clock_resume (clock);
  g_usleep (100);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), >, now);
}

/* host_clock: the time of day. */
static void
test_host_clock (Fixture       *fixture,
                 gconstpointer  unused)
{
  const gint64 before = g_get_real_time ();
  const gint64 now = vclock_clock_get_time_us (vclock_wall_clock_get_default ());

  g_assert_cmpint (ABS (now - before), <, G_USEC_PER_SEC);
}

/* qemu_get_clock_ns (): nanoseconds, and reading changes nothing. */
static void
test_get_clock_ns (Fixture       *fixture,
                   gconstpointer  unused)
{
  vclock_virtual_clock_advance (fixture->virtual_clock, 1234567891);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 1234567891);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 1234567891);
}

/* qemu_clock_enable (): what becomes due while a clock is disabled expires when it is enabled
 * again. */
static void
test_clock_enable (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "a", fixture->log);

  vclock_clock_set_enabled (fixture->clock, FALSE);
  g_assert_false (vclock_clock_get_enabled (fixture->clock));
  vclock_timer_arm (timer, 10);
  vclock_virtual_clock_advance (fixture->virtual_clock, 20);
  g_assert_cmpuint (vclock_clock_run_timers (fixture->clock), ==, 0);
  test_iterate (NULL);
  test_assert_log (fixture->log, "");
  vclock_clock_set_enabled (fixture->clock, TRUE);
  test_iterate (NULL);
  test_assert_log (fixture->log, "a");
}

/* qemu_clock_has_timers (). */
static void
test_clock_has_timers (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);

  g_assert_false (vclock_clock_has_timers (fixture->clock));
  vclock_timer_arm (timer, 10);
  g_assert_true (vclock_clock_has_timers (fixture->clock));
  vclock_timer_disarm (timer);
  g_assert_false (vclock_clock_has_timers (fixture->clock));
}

/* qemu_clock_expired (). */
static void
test_clock_expired (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);

  g_assert_false (vclock_clock_has_expired (fixture->clock));
  vclock_timer_arm (timer, 10);
  g_assert_false (vclock_clock_has_expired (fixture->clock));
  vclock_timer_arm (timer, -10);
  g_assert_true (vclock_clock_has_expired (fixture->clock));
  vclock_clock_run_timers (fixture->clock);
  g_assert_false (vclock_clock_has_expired (fixture->clock));
}

/* qemu_clock_deadline (): the nearest one. */
static void
test_clock_deadline (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr (VclockTimer) a = vclock_timer_new (fixture->clock);
  g_autoptr (VclockTimer) b = vclock_timer_new (fixture->clock);

  vclock_timer_arm (a, SEC (20));
  vclock_timer_arm (b, SEC (10));
  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, 0), ==, SEC (10));
  vclock_timer_disarm (b);
  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, 0), ==, SEC (20));
  vclock_timer_disarm (a);
}

static void
log_reset_cb (VclockClock *clock,
              VclockTime   old_time,
              VclockTime   new_time,
              GString     *log)
{
  g_string_append (log, "r");
}

/* qemu_register_clock_reset_notifier (): called when the host's clock was set. */
static void
test_register_notifier (Fixture       *fixture,
                        gconstpointer  unused)
{
  VclockClock *clock;

  test_host_begin ();
  clock = VCLOCK_CLOCK (vclock_wall_clock_new ());
  g_signal_connect (clock, "reset", G_CALLBACK (log_reset_cb), fixture->log);
  test_iterate (NULL);
  test_host_set_wall (-SEC (10));
  test_host_tell (TRUE);
  test_iterate (NULL);
  test_assert_log (fixture->log, "r");
  test_host_set_wall (SEC (10));
  test_host_tell (TRUE);
  test_iterate (NULL);
  test_assert_log (fixture->log, "r");
  g_assert_finalize_object (clock);
  test_iterate (NULL);
  test_host_end ();
}

static void
unregister_cb (VclockClock *clock,
               VclockTime   old_time,
               VclockTime   new_time,
               GString     *log)
{
  g_string_append (log, "u");
  g_signal_handlers_disconnect_by_func (clock, unregister_cb, log);
}

/* qemu_unregister_clock_reset_notifier (): not called any more; also from inside. */
static void
test_unregister_notifier (Fixture       *fixture,
                          gconstpointer  unused)
{
  gulong handler;

  handler = g_signal_connect (fixture->clock, "reset", G_CALLBACK (log_reset_cb), fixture->log);
  g_signal_connect (fixture->clock, "reset", G_CALLBACK (unregister_cb), fixture->log);
  vclock_virtual_clock_jump (fixture->virtual_clock, 10);
  test_assert_log (fixture->log, "ru");
  vclock_virtual_clock_jump (fixture->virtual_clock, 20);
  test_assert_log (fixture->log, "r");
  g_signal_handler_disconnect (fixture->clock, handler);
  vclock_virtual_clock_jump (fixture->virtual_clock, 30);
  test_assert_log (fixture->log, "");
}

/* qemu_new_timer (): a clock, a scale, a callback; not armed. */
static void
test_new_timer (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer =
    vclock_timer_new_full (fixture->clock, NULL, G_PRIORITY_DEFAULT, VCLOCK_SCALE_MS);

  g_assert_true (vclock_timer_get_clock (timer) == fixture->clock);
  g_assert_cmpint (vclock_timer_get_scale (timer), ==, VCLOCK_SCALE_MS);
  g_assert_false (vclock_timer_is_armed (timer));
}

/* qemu_free_timer (): the timer goes when it is disarmed and nobody has it, and is never called
 * after that. */
static void
test_free_timer (Fixture       *fixture,
                 gconstpointer  unused)
{
  VclockTimer *timer = test_timer_new (fixture->clock, "a", fixture->log);
  gpointer weak = timer;

  g_object_add_weak_pointer (G_OBJECT (timer), &weak);
  vclock_timer_arm (timer, 10);
  g_object_unref (timer);
  g_assert_nonnull (weak);
  vclock_virtual_clock_advance (fixture->virtual_clock, 20);
  g_assert_null (weak);
  test_assert_log (fixture->log, "a");
}

/* qemu_del_timer (). */
static void
test_del_timer (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "a", fixture->log);

  vclock_timer_arm (timer, 10);
  g_assert_true (vclock_timer_disarm (timer));
  g_assert_false (vclock_timer_disarm (timer));
  vclock_virtual_clock_advance (fixture->virtual_clock, 20);
  test_assert_log (fixture->log, "");
}

/* qemu_mod_timer_ns (): arms, and moves what is armed. */
static void
test_mod_timer_ns (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr (VclockTimer) a = test_timer_new (fixture->clock, "a", fixture->log);
  g_autoptr (VclockTimer) b = test_timer_new (fixture->clock, "b", fixture->log);

  vclock_timer_arm (a, 10);
  vclock_timer_arm (b, 20);
  vclock_timer_arm (a, 30);
  vclock_virtual_clock_advance (fixture->virtual_clock, 29);
  test_assert_log (fixture->log, "b");
  vclock_virtual_clock_advance (fixture->virtual_clock, 1);
  test_assert_log (fixture->log, "a");
}

/* qemu_mod_timer (): in the timer's scale. */
static void
test_mod_timer (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new_full (fixture->clock, NULL, 0, VCLOCK_SCALE_MS);

  vclock_timer_arm (timer, 3);
  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, 0), ==, MSEC (3));
  vclock_timer_arm (timer, G_MAXINT64 / 2);
  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, 0), ==, VCLOCK_TIME_NEVER);
  vclock_timer_disarm (timer);
}

/* timer_mod_anticipate (): only forwards. */
static void
test_mod_anticipate (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);

  g_assert_true (vclock_timer_arm_earlier (timer, 20));
  g_assert_false (vclock_timer_arm_earlier (timer, 30));
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, 20);
  g_assert_true (vclock_timer_arm_earlier (timer, 10));
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, 10);
  vclock_timer_disarm (timer);
}

/* qemu_timer_pending (). */
static void
test_timer_pending (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);

  g_assert_false (vclock_timer_is_armed (timer));
  vclock_timer_arm (timer, 10);
  g_assert_true (vclock_timer_is_armed (timer));
  vclock_virtual_clock_advance (fixture->virtual_clock, 10);
  g_assert_false (vclock_timer_is_armed (timer));
}

/* qemu_timer_expired (). */
static void
test_timer_expired (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);

  vclock_clock_set_enabled (fixture->clock, FALSE);
  vclock_timer_arm (timer, 10);
  vclock_virtual_clock_advance (fixture->virtual_clock, 9);
  g_assert_cmpint (vclock_timer_get_remaining (timer), ==, 1);
  vclock_virtual_clock_advance (fixture->virtual_clock, 1);
  g_assert_cmpint (vclock_timer_get_remaining (timer), ==, 0);
  vclock_timer_disarm (timer);
}

/* qemu_timer_expire_time_ns (). */
static void
test_timer_expire_time (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);

  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, VCLOCK_TIME_NEVER);
  vclock_timer_arm (timer, -1);
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, -1);
  vclock_timer_disarm (timer);
}

/* QEMU_TIMER_ATTR_EXTERNAL: deadlines of such timers can be left out. */
static void
test_attributes (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr (VclockTimer) inner = vclock_timer_new (fixture->clock);
  g_autoptr (VclockTimer) outer = vclock_timer_new (fixture->clock);

  vclock_timer_set_attributes (outer, VCLOCK_TIMER_ATTRIBUTES_EXTERNAL);
  vclock_timer_arm (inner, 20);
  vclock_timer_arm (outer, 10);
  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, 0), ==, 10);
  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, VCLOCK_TIMER_ATTRIBUTES_EXTERNAL),
                   ==, 20);
  vclock_timer_disarm (inner);
  vclock_timer_disarm (outer);
}

static void
rearm_cb (VclockTimer *timer,
          guint64      overruns,
          gpointer     user_data)
{
  vclock_timer_arm (timer, 0);
}

/* qemu_run_timers (): what is due is called in order; what a callback arms for now waits for the
 * next call. */
static void
test_run_timers (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr (VclockTimer) a = test_timer_new (fixture->clock, "a", fixture->log);
  g_autoptr (VclockTimer) b = test_timer_new (fixture->clock, "b", fixture->log);

  g_signal_connect (a, "expired", G_CALLBACK (rearm_cb), NULL);
  vclock_timer_arm (b, 0);
  vclock_timer_arm (a, -5);
  g_assert_cmpuint (vclock_clock_run_timers (fixture->clock), ==, 2);
  test_assert_log (fixture->log, "ab");
  g_assert_cmpuint (vclock_clock_run_timers (fixture->clock), ==, 1);
  vclock_timer_disarm (a);
}

/* qemu_run_all_timers (): on all clocks. */
static void
test_run_all_timers (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  g_autoptr (VclockTimer) a = test_timer_new (fixture->clock, "a", fixture->log);
  g_autoptr (VclockTimer) b = test_timer_new (fixture->monotonic, "b", fixture->log);

  vclock_timer_arm (a, 0);
  vclock_timer_arm (b, 0);
  g_assert_cmpuint (vclock_alarm_run_timers (alarm), ==, 2);
  g_assert_cmpuint (fixture->log->len, ==, 2);
  g_assert_cmpuint (vclock_alarm_run_timers (alarm), ==, 0);
}

/* qemu_clock_advance_virtual_time (): deadline by deadline. */
static void
test_advance (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr (VclockTimer) a = test_timer_new (fixture->clock, "a", fixture->log);
  g_autoptr (VclockTimer) b = test_timer_new (fixture->clock, "b", fixture->log);

  vclock_timer_arm (a, 10);
  vclock_timer_arm (b, 30);
  vclock_virtual_clock_advance (fixture->virtual_clock, 20);
  test_assert_log (fixture->log, "a");
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 20);
  vclock_virtual_clock_advance (fixture->virtual_clock, 10);
  test_assert_log (fixture->log, "b");
}

/* Several timer lists for one clock: each context has its own, and runs its own only. */
static void
test_timer_lists (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (VclockTimer) a = test_timer_new_full (fixture->clock, NULL, 0, "a", fixture->log);
  g_autoptr (VclockTimer) b = test_timer_new_full (fixture->clock, context, 0, "b", fixture->log);

  vclock_timer_arm (a, 0);
  vclock_timer_arm (b, 0);
  g_assert_cmpuint (vclock_clock_run_timers (fixture->clock), ==, 1);
  test_assert_log (fixture->log, "a");
  test_iterate (context);
  test_assert_log (fixture->log, "b");
}

static void
count_cb (VclockTimer *timer,
          guint64      overruns,
          gpointer     counter)
{
  g_atomic_int_inc ((int *) counter);
}

static gpointer
mod_and_del_thread (gpointer timer)
{
  int n_disarmed = 0;

  for (int i = 0; i < 20000; i++)
    {
      vclock_timer_arm (timer, 0);
      n_disarmed += vclock_timer_disarm (timer);
    }

  return GINT_TO_POINTER (n_disarmed);
}

/* timer_mod () and timer_del () from another thread than the loop's: called or disarmed, never
 * both. */
static void
test_thread_safe (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->monotonic);
  int n_calls = 0;
  int n_disarmed;
  GThread *thread;

  vclock_timer_set_callback (timer, count_cb, &n_calls, NULL);
  thread = g_thread_new ("mod", mod_and_del_thread, timer);
  for (int i = 0; i < 20000; i++)
    g_main_context_iteration (NULL, FALSE);
  n_disarmed = GPOINTER_TO_INT (g_thread_join (thread));
  g_assert_cmpint (n_calls + n_disarmed, ==, 20000);
}

static const struct
{
  const char *name;
  void     (* run) (Fixture       *fixture,
                    gconstpointer  unused);
} tests[] = {
  { "init-clocks", test_init_clocks },
  { "rt-clock", test_rt_clock },
  { "vm-clock", test_vm_clock },
  { "host-clock", test_host_clock },
  { "get-clock-ns", test_get_clock_ns },
  { "clock-enable", test_clock_enable },
  { "clock-has-timers", test_clock_has_timers },
  { "clock-expired", test_clock_expired },
  { "clock-deadline", test_clock_deadline },
  { "register-clock-reset-notifier", test_register_notifier },
  { "unregister-clock-reset-notifier", test_unregister_notifier },
  { "new-timer", test_new_timer },
  { "free-timer", test_free_timer },
  { "del-timer", test_del_timer },
  { "mod-timer-ns", test_mod_timer_ns },
  { "mod-timer", test_mod_timer },
  { "mod-anticipate", test_mod_anticipate },
  { "timer-pending", test_timer_pending },
  { "timer-expired", test_timer_expired },
  { "timer-expire-time-ns", test_timer_expire_time },
  { "attributes", test_attributes },
  { "run-timers", test_run_timers },
  { "run-all-timers", test_run_all_timers },
  { "clock-advance-virtual-time", test_advance },
  { "timer-lists", test_timer_lists },
  { "thread-safe", test_thread_safe },
};

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strdup_printf ("/qemu/%s", tests[i].name);

      g_test_add (path, Fixture, NULL, set_up, tests[i].run, tear_down);
    }

  return g_test_run ();
}
