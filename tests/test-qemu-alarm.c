/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"
#include "test-wait.h"

/* QEMU's alarms, call by call: the same outcome here. The manual's page "Coming from QEMU" names
 * these tests in its tables; those under "wrong" are the places where the old code was. */

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

/* Runs the default main context until the log has @length letters; fails after ten seconds. */
static void
run_until (Fixture *fixture,
           gsize    length)
{
  g_autoptr (GSource) guard = test_guard_new (NULL);

  while (fixture->log->len < length)
    g_main_context_iteration (NULL, TRUE);

  g_source_destroy (guard);
}

static void
log_reset_cb (VclockClock *clock,
              VclockTime   old_time,
              VclockTime   new_time,
              GString     *log)
{
  g_string_append (log, "r");
}

/* configure_alarms (): names in order, the first one that starts; unknown ones are skipped with a
 * warning. */
static void
test_configure_alarms (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  if (!test_is_subprocess ())
    return;

  test_expect_log (G_LOG_LEVEL_WARNING, "*sundial*");
  g_assert_true (vclock_alarm_configure ("sundial,poll," TEST_BACKEND_FIRST, &error));
  g_assert_no_error (error);
  test_assert_expected_log ();
  test_assert_backend ("poll");
  test_expect_log (G_LOG_LEVEL_WARNING, "*sundial*");
  g_assert_false (vclock_alarm_configure ("sundial", &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_UNKNOWN_BACKEND);
}

/* -clock ?: lists the backends in order. */
static void
test_configure_alarms_help (Fixture       *fixture,
                            gconstpointer  unused)
{
  if (g_test_subprocess ())
    {
      g_assert_true (vclock_alarm_configure ("help", NULL));
      return;
    }

  g_test_trap_subprocess (NULL, 20 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*" TEST_BACKEND_FIRST "*poll*" TEST_BACKEND_REQUEST "*" TEST_BACKEND_LAST "*");
}

/* qemu_alarm_pending (): a wake-up is counted, whenever it comes. */
static void
test_alarm_pending (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->monotonic, "a", fixture->log);
  const guint64 n_wakeups = vclock_alarm_get_n_wakeups (alarm);

  for (gsize i = 0; i < 10; i++)
    {
      vclock_timer_arm_after (timer, i % 2 == 0 ? MSEC (1) : MSEC (20));
      g_main_context_iteration (NULL, FALSE);
      if (i % 2 == 0)
        g_usleep (1500);
      run_until (fixture, i + 1);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (vclock_alarm_get_n_wakeups (alarm), >=, n_wakeups + 1);
}

/* The alarm's expired flag: programmed anew after it has woken, and only then or when the deadline
 * changes. */
static void
test_alarm_expired (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->monotonic, "a", fixture->log);
  const VclockTime deadline = vclock_clock_get_time (fixture->monotonic) + MSEC (2);
  guint64 n_programmed;

  vclock_timer_arm (timer, deadline);
  run_until (fixture, 1);
  vclock_timer_arm (timer, deadline);
  run_until (fixture, 2);
  vclock_timer_arm_after (timer, SEC (100));
  g_main_context_iteration (NULL, FALSE);
  n_programmed = vclock_alarm_get_n_programmed (alarm);
  for (int i = 0; i < 10; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (vclock_alarm_get_n_programmed (alarm), ==, n_programmed);
  vclock_timer_disarm (timer);
}

/* quit_timers (): a context takes its alarm with it. test-exit.c has the rest. */
static void
test_quit_timers (Fixture       *fixture,
                  gconstpointer  unused)
{
  GMainContext *context = g_main_context_new ();
  VclockAlarm *alarm = vclock_alarm_get_for_context (context);
  g_autoptr (VclockTimer) timer = vclock_timer_new_full (fixture->monotonic, context, 0, 0);

  vclock_timer_arm_after (timer, SEC (100));
  g_main_context_iteration (context, FALSE);
  g_main_context_unref (context);
  g_assert_finalize_object (alarm);
  g_assert_false (vclock_timer_is_armed (timer));
}

/* A clock has expired at its timer's deadline itself. */
static void
test_wrong_expired (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);

  vclock_clock_set_enabled (fixture->clock, FALSE);
  vclock_timer_arm (timer, 100);
  vclock_virtual_clock_advance (fixture->virtual_clock, 99);
  g_assert_false (vclock_clock_has_expired (fixture->clock));
  vclock_virtual_clock_advance (fixture->virtual_clock, 1);
  g_assert_true (vclock_clock_has_expired (fixture->clock));
  vclock_timer_disarm (timer);
}

static int last_span;

static int
short_poll (GPollFD *fds,
            guint    n_fds,
            int      span)
{
  last_span = span;

  return g_poll (fds, n_fds, span < 0 ? 20 : MIN (span, 20));
}

/* No timer, no deadline: nothing that a loop could be woken for. */
static void
test_wrong_no_deadline (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);

  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, 0), ==, VCLOCK_TIME_NEVER);
  g_assert_cmpint (vclock_alarm_get_wakeup (alarm), ==, VCLOCK_TIME_NEVER);
  test_iterate (NULL);
  g_main_context_set_poll_func (NULL, short_poll);
  g_main_context_iteration (NULL, TRUE);
  g_main_context_set_poll_func (NULL, NULL);
  g_assert_cmpint (last_span, ==, -1);
}

/* A far deadline is waited for as a whole, not in pieces of 2.1 s. */
static void
test_wrong_int32_cap (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->monotonic);

  vclock_timer_arm_after (timer, SEC (3600));
  g_assert_cmpint (vclock_alarm_get_wakeup (alarm), ==, vclock_timer_get_deadline (timer));
  test_iterate (NULL);
  g_main_context_set_poll_func (NULL, short_poll);
  g_main_context_iteration (NULL, TRUE);
  g_main_context_set_poll_func (NULL, NULL);
  g_assert_true (last_span == -1 || last_span > 3000000);
  vclock_timer_disarm (timer);
}

/* Two timers 10 µs apart: both expire, in order, neither early. */
static void
test_wrong_floor (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr (VclockTimer) a = test_timer_new (fixture->monotonic, "a", fixture->log);
  g_autoptr (VclockTimer) b = test_timer_new (fixture->monotonic, "b", fixture->log);

  for (int i = 0; i < 50; i++)
    {
      const VclockTime deadline = vclock_clock_get_time (fixture->monotonic) + 50000;

      vclock_timer_arm (b, deadline + 10000);
      vclock_timer_arm (a, deadline);
      g_assert_cmpint (vclock_clock_get_deadline (fixture->monotonic, 0), ==, deadline);
      run_until (fixture, 2);
      g_assert_cmpint (vclock_clock_get_time (fixture->monotonic), >=, deadline + 10000);
      test_assert_log (fixture->log, "ab");
    }
}

/* A disabled clock's overdue timer is programmed not even once. */
static void
test_wrong_disabled (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  g_autoptr (VclockClock) clock = VCLOCK_CLOCK (vclock_monotonic_clock_new ());
  g_autoptr (VclockTimer) timer = vclock_timer_new (clock);

  vclock_clock_set_enabled (clock, FALSE);
  vclock_timer_arm (timer, 0);
  test_iterate (NULL);
  g_assert_cmpint (vclock_alarm_get_wakeup (alarm), ==, VCLOCK_TIME_NEVER);
  g_main_context_set_poll_func (NULL, short_poll);
  g_main_context_iteration (NULL, TRUE);
  g_main_context_set_poll_func (NULL, NULL);
  g_assert_cmpint (last_span, ==, -1);
  vclock_timer_disarm (timer);
}

/* A reset handler runs in the clock's context, not in who reads the clock; and also when nobody
 * does. */
static void
test_wrong_notifier (Fixture       *fixture,
                     gconstpointer  unused)
{
  VclockClock *clock;

  test_host_begin ();
  clock = VCLOCK_CLOCK (vclock_wall_clock_new ());
  g_signal_connect (clock, "reset", G_CALLBACK (log_reset_cb), fixture->log);
  test_iterate (NULL);
  test_host_set_wall (-SEC (10));
  vclock_clock_get_time (clock);
  test_assert_log (fixture->log, "");
  test_iterate (NULL);
  test_assert_log (fixture->log, "r");
  test_host_set_wall (-SEC (10));
  test_host_tell (TRUE);
  test_iterate (NULL);
  test_assert_log (fixture->log, "r");
  g_assert_finalize_object (clock);
  test_iterate (NULL);
  test_host_end ();
}

static const struct
{
  const char    *name;
  void        (* run) (Fixture       *fixture,
                       gconstpointer  data);
  const char    *data;
} tests[] = {
  { "configure-alarms", test_configure_alarms, NULL },
  { "configure-alarms-help", test_configure_alarms_help, NULL },
  { "alarm-pending", test_alarm_pending, NULL },
  { "alarm-expired", test_alarm_expired, NULL },
  { "quit-timers", test_quit_timers, NULL },
  { "wrong/expired-at-deadline", test_wrong_expired, NULL },
  { "wrong/no-deadline", test_wrong_no_deadline, NULL },
  { "wrong/int32-cap", test_wrong_int32_cap, NULL },
  { "wrong/rearm-floor", test_wrong_floor, NULL },
  { "wrong/disabled-clock", test_wrong_disabled, NULL },
  { "wrong/notifier-in-reader", test_wrong_notifier, NULL },
};

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strdup_printf ("/qemu/%s", tests[i].name);

      g_test_add (path, Fixture, tests[i].data, set_up, tests[i].run, tear_down);
    }

  return g_test_run ();
}
