/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"
#include "test-wait.h"

/* Ways in which timer code has failed before: programming the alarm, descriptors, virtual time. The
 * letter and number of each test is its row in the museum. */

/* A backend that remembers what it was asked, and never wakes. */
#define TEST_TYPE_MEMORY (test_memory_get_type ())
G_DECLARE_FINAL_TYPE (TestMemory, test_memory, TEST, MEMORY, VclockAlarmBackend)

struct _TestMemory
{
  VclockAlarmBackend parent_instance;
};

G_DEFINE_FINAL_TYPE (TestMemory, test_memory, VCLOCK_TYPE_ALARM_BACKEND)

static VclockTime programmed = VCLOCK_TIME_NEVER;

static void
test_memory_rearm (VclockAlarmBackend *backend,
                   VclockTime          wakeup)
{
  programmed = wakeup;
}

static void
test_memory_class_init (TestMemoryClass *klass)
{
  VCLOCK_ALARM_BACKEND_CLASS (klass)->rearm = test_memory_rearm;
}

static void
test_memory_init (TestMemory *self)
{
}

/* After every change, the backend is armed for the true next deadline. */
static void
test_m1 (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (context);
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new_with_parent (test_get_monotonic ());
  g_autoptr (GError) error = NULL;
  const VclockTime start = vclock_clock_get_time (test_get_monotonic ());
  VclockTimer *timers[8];
  int n_calls = 0;

  vclock_alarm_add_backend ("memory", TEST_TYPE_MEMORY);
  g_assert_true (vclock_alarm_set_backend (alarm, "memory", &error));
  for (int i = 0; i < 8; i++)
    timers[i] = vclock_timer_new_full (i % 2 ? VCLOCK_CLOCK (clock) : test_get_monotonic (),
                                       context, i % 3, VCLOCK_SCALE_NS);

  for (int i = 0; i < 20000; i++)
    {
      VclockTimer *timer = timers[g_test_rand_int_range (0, 8)];
      VclockTime wakeup;

      switch (g_test_rand_int_range (0, 7))
        {
        case 0:
          vclock_timer_disarm (timer);
          break;
        case 1:
          vclock_virtual_clock_pause (clock);
          break;
        case 2:
          vclock_virtual_clock_resume (clock);
          break;
        case 3:
          vclock_virtual_clock_set_rate (clock, g_test_rand_int_range (0, 4), 2);
          break;
        case 4:
          vclock_clock_set_enabled (VCLOCK_CLOCK (clock), g_test_rand_int_range (0, 2));
          break;
        case 5:
          vclock_timer_arm_earlier (timer, start + SEC (g_test_rand_int_range (100, 1000)));
          break;
        default:
          vclock_timer_arm (timer, start + SEC (g_test_rand_int_range (100, 1000)));
          break;
        }
      g_main_context_iteration (context, FALSE);
      wakeup = vclock_alarm_get_wakeup (alarm);
      g_assert_cmpint (programmed, ==, wakeup);
    }

  for (int i = 0; i < 8; i++)
    {
      vclock_timer_disarm (timers[i]);
      g_assert_finalize_object (timers[i]);
    }
  g_assert_cmpint (n_calls, ==, 0);
}

/* With the backends of the host, no change costs more than one wake-up for nothing. */
static void
test_m1_spurious (void)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  const guint64 n_spurious = vclock_alarm_get_n_spurious (alarm);
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);

  for (int i = 0; i < 50; i++)
    {
      vclock_timer_arm_after (timer, g_test_rand_int_range (0, 2000000));
      g_main_context_iteration (NULL, FALSE);
      vclock_timer_arm_after (timer, g_test_rand_int_range (0, 2000000));
      test_run_for (MSEC (1));
    }
  vclock_timer_disarm (timer);
  g_assert_cmpuint (vclock_alarm_get_n_spurious (alarm) - n_spurious, <=, 150);
}

/* A deadline value that was used before can be used again. */
static void
test_m2 (void)
{
  const VclockTime deadline = vclock_clock_get_time (test_get_monotonic ()) + MSEC (5);
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);

  for (int i = 0; i < 5; i++)
    {
      vclock_timer_arm (timer, deadline);
      test_run_until (NULL, &n_calls, i + 1);
    }
}

/* A disabled clock's overdue timer wakes nobody. */
static void
test_m4 (void)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  g_autoptr (VclockClock) clock = VCLOCK_CLOCK (vclock_monotonic_clock_new ());
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (clock, &n_calls);
  guint64 n_wakeups;

  vclock_timer_arm_after (timer, MSEC (1));
  vclock_clock_set_enabled (clock, FALSE);
  n_wakeups = vclock_alarm_get_n_wakeups (alarm);
  test_count_polls (NULL);
  test_run_for (MSEC (100));
  g_main_context_set_poll_func (NULL, NULL);
  g_assert_cmpint (n_calls, ==, 0);
  g_assert_cmpuint (vclock_alarm_get_n_wakeups (alarm) - n_wakeups, <=, 2);
  g_assert_cmpuint (test_polls.n_polls, <=, 10);
  vclock_clock_set_enabled (clock, TRUE);
  test_run_until (NULL, &n_calls, 1);
}

static int
check_poll (GPollFD *fds,
            guint    n_fds,
            int      span)
{
  g_assert_cmpint (span, >=, -1);
  test_polls.n_polls++;
  test_polls.last_timeout = span;

  return g_poll (fds, n_fds, MIN (span < 0 ? 50 : span, 50));
}

/* Far deadlines cause no wake-up now and then, and no span of the poll function that wraps. */
static void
test_m5 (void)
{
  static const VclockTime spans[] = { SEC (3600), SEC (3600) * 24 * 365 * 200, SEC (9000000000) };
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);

  g_main_context_set_poll_func (NULL, check_poll);
  for (gsize i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      guint64 n_wakeups;

      vclock_timer_arm_after (timer, spans[i]);
      g_main_context_iteration (NULL, TRUE);
      n_wakeups = vclock_alarm_get_n_wakeups (alarm);
      g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (vclock_alarm_get_n_wakeups (alarm), ==, n_wakeups);
      g_assert_cmpint (test_polls.last_timeout, !=, 0);
    }
  g_main_context_set_poll_func (NULL, NULL);
  vclock_timer_disarm (timer);
  g_assert_cmpint (n_calls, ==, 0);
}

/* A timer expires at its deadline, not one nanosecond later, and not one before. */
static void
test_m6 (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (VCLOCK_CLOCK (clock), &n_calls);

  vclock_timer_arm (timer, 100);
  vclock_virtual_clock_advance (clock, 99);
  g_assert_cmpint (n_calls, ==, 0);
  vclock_virtual_clock_advance (clock, 1);
  g_assert_cmpint (n_calls, ==, 1);
}

/* The steps of a main loop, taken one by one, find the same timer due as an iteration does. */
static void
test_m7 (void)
{
  GMainContext *context = g_main_context_default ();
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);

  g_assert_true (g_main_context_acquire (context));
  for (int i = 0; i < 20; i++)
    {
      const VclockTime span = i % 2 ? 0 : MSEC (2);

      vclock_timer_arm_after (timer, span);
      while (n_calls == i)
        {
          GPollFD fds[16];
          int priority;
          int milliseconds;
          int n_fds;

          g_main_context_prepare (context, &priority);
          n_fds = g_main_context_query (context, priority, &milliseconds, fds, 16);
          g_assert_cmpint (n_fds, <=, 16);
          g_poll (fds, (guint) n_fds, milliseconds);
          g_main_context_check (context, priority, fds, n_fds);
          g_main_context_dispatch (context);
        }
      g_assert_cmpint (n_calls, ==, i + 1);
    }
  g_main_context_release (context);
}

/* Arming behind the first deadline is no news, however often: the backend is left alone. */
static void
test_m8 (void)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  int n_calls = 0;
  g_autoptr (VclockTimer) head = test_counting_timer_new (test_get_monotonic (), &n_calls);
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  guint64 n_programmed;

  vclock_timer_arm_after (head, SEC (100));
  g_main_context_iteration (NULL, FALSE);
  n_programmed = vclock_alarm_get_n_programmed (alarm);
  for (int i = 0; i < 1000; i++)
    {
      vclock_timer_arm_after (timer, SEC (200 + i % 7));
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (vclock_alarm_get_n_programmed (alarm), ==, n_programmed);
  vclock_timer_arm_after (timer, SEC (50));
  g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (vclock_alarm_get_n_programmed (alarm), ==, n_programmed + 1);
  vclock_timer_disarm (head);
  vclock_timer_disarm (timer);
}

static void
log_time_cb (VclockTimer *timer,
             guint64      overruns,
             GString     *log)
{
  g_string_append_printf (log, "%" G_GINT64_FORMAT "+%" G_GUINT64_FORMAT " ",
                          vclock_clock_get_time (vclock_timer_get_clock (timer)), overruns);
}

/* An advance stops at each deadline; a jump does not, and tells how many periods were missed. */
static void
test_n1 (void)
{
  g_autoptr (GString) log = g_string_new (NULL);

  for (int jumps = 0; jumps < 2; jumps++)
    {
      g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
      g_autoptr (VclockTimer) timer = vclock_timer_new (VCLOCK_CLOCK (clock));

      g_signal_connect (timer, "expired", G_CALLBACK (log_time_cb), log);
      vclock_timer_set_period (timer, 7);
      vclock_timer_arm (timer, 7);
      if (jumps)
        vclock_virtual_clock_jump (clock, 50);
      else
        vclock_virtual_clock_advance (clock, 50);
      test_assert_log (log, jumps ? "50+6 " : "7+0 14+0 21+0 28+0 35+0 42+0 49+0 ");
      g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 50);
      vclock_timer_disarm (timer);
    }
}

/* An advance goes exactly as far as asked. */
static void
test_n2 (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (VCLOCK_CLOCK (clock), &n_calls);

  vclock_virtual_clock_advance (clock, 40001000);
  vclock_virtual_clock_advance (clock, 1);
  vclock_timer_arm_after (timer, MSEC (1));
  for (int i = 0; i < 3; i++)
    {
      g_assert_cmpint (n_calls, ==, 0);
      vclock_virtual_clock_advance (clock, 333334);
    }
  g_assert_cmpint (n_calls, ==, 1);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, 40001001 + 3 * 333334);
}

/* Virtual time may go back: that is announced, and deadlines stay what they are. */
static void
test_n4 (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (VCLOCK_CLOCK (clock), &n_calls);

  vclock_virtual_clock_advance (clock, SEC (4000));
  vclock_timer_arm (timer, SEC (4001));
  vclock_virtual_clock_jump (clock, SEC (400));
  g_assert_cmpuint (vclock_clock_get_n_resets (VCLOCK_CLOCK (clock)), ==, 1);
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, SEC (4001));
  vclock_virtual_clock_advance (clock, SEC (3600));
  g_assert_cmpint (n_calls, ==, 0);
  vclock_virtual_clock_advance (clock, SEC (1));
  g_assert_cmpint (n_calls, ==, 1);
}

/* Ten thousand timers need as many descriptors as one. */
static void
test_k2 (void)
{
  g_autoptr (GPtrArray) timers = g_ptr_array_new_with_free_func (g_object_unref);
  int n_calls = 0;
  guint n_fds;

  test_run_for (0);
  n_fds = test_count_fds ();
  for (int i = 0; i < 10000; i++)
    {
      VclockTimer *timer = test_counting_timer_new (test_get_monotonic (), &n_calls);

      vclock_timer_arm_after (timer, MSEC (10) + i);
      g_ptr_array_add (timers, timer);
    }
  g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (test_count_fds (), ==, n_fds);
  test_run_until (NULL, &n_calls, 10000);
}

/* A wakeup that is moved on after it has come does not block the loop, and the new one comes. */
static void
test_k3 (void)
{
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);

  for (int i = 0; i < 20; i++)
    {
      int n_before;

      vclock_timer_arm_after (timer, MSEC (1));
      g_main_context_iteration (NULL, FALSE);
      n_before = n_calls; /* on a machine that stalled it has expired already */
      g_usleep (2000);
      vclock_timer_arm_after (timer, MSEC (2));
      test_run_until (NULL, &n_calls, n_before + 1);
    }
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  g_test_add_func ("/museum/K2-a-descriptor-for-each-timer", test_k2);
  g_test_add_func ("/museum/K3-rearmed-between-poll-and-read", test_k3);
  g_test_add_func ("/museum/M1-already-armed-for-earlier", test_m1);
  g_test_add_func ("/museum/M1-spurious-wake-ups", test_m1_spurious);
  g_test_add_func ("/museum/M2-same-deadline-again", test_m2);
  g_test_add_func ("/museum/M4-disabled-clock-spins", test_m4);
  g_test_add_func ("/museum/M5-far-deadline-wakes", test_m5);
  g_test_add_func ("/museum/M6-not-due-at-its-deadline", test_m6);
  g_test_add_func ("/museum/M7-steps-of-the-loop", test_m7);
  g_test_add_func ("/museum/M8-wake-ups-per-change", test_m8);
  g_test_add_func ("/museum/N1-final-time-seen-by-all", test_n1);
  g_test_add_func ("/museum/N2-advance-overshoots", test_n2);
  g_test_add_func ("/museum/N4-virtual-time-goes-back", test_n4);

  return g_test_run ();
}
