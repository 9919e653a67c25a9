/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <glib-vclock/vclock-host-private.h>
#include <stdlib.h>

/* Ways in which timer code has failed before: wake-ups from other threads. The letter and
 * number of each test is its row in the museum. */

/* A main context that another thread runs until the loop quits. */
typedef struct
{
  GMainContext *context;
  GMainLoop    *loop;
  GThread      *thread;
} Runner;

static gpointer
run_thread (gpointer data)
{
  Runner *runner = data;

  g_main_context_push_thread_default (runner->context);
  g_main_loop_run (runner->loop);
  g_main_context_pop_thread_default (runner->context);

  return NULL;
}

static Runner *
start_runner (void)
{
  Runner *runner = g_new0 (Runner, 1);

  runner->context = g_main_context_new ();
  runner->loop = g_main_loop_new (runner->context, FALSE);
  runner->thread = g_thread_new ("runner", run_thread, runner);

  return runner;
}

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);

  return G_SOURCE_REMOVE;
}

static void
stop_runner (Runner *runner)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, quit_cb, runner->loop, NULL);
  g_source_set_priority (source, G_PRIORITY_HIGH);
  g_source_attach (source, runner->context);
  g_thread_join (runner->thread);
  g_main_loop_unref (runner->loop);
  g_main_context_unref (runner->context);
  g_free (runner);
}

/* Calls counted where another thread can wait for them. */
static GMutex lock;
static GCond cond;

static void
count_cb (VclockTimer *timer,
          guint64      overruns,
          gpointer     counter)
{
  g_mutex_lock (&lock);
  (*(int *) counter)++;
  g_cond_broadcast (&cond);
  g_mutex_unlock (&lock);
}

/* Waits for a call in another thread; fails after ten seconds. */
static void
wait_for (const int *counter,
          int        n)
{
  const gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  gboolean in_time = TRUE;

  g_mutex_lock (&lock);
  while (*counter < n && in_time)
    in_time = g_cond_wait_until (&cond, &lock, end);
  g_assert_cmpint (*counter, >=, n);
  g_mutex_unlock (&lock);
}

static VclockTimer *
new_timer_in (Runner      *runner,
              VclockClock *clock,
              int         *counter)
{
  VclockTimer *timer = vclock_timer_new_full (clock, runner->context, 0, VCLOCK_SCALE_NS);

  vclock_timer_set_callback (timer, count_cb, counter, NULL);

  return timer;
}

static void
arm_across_threads (const VclockTime *spans,
                    gsize             n_spans,
                    int               n_rounds)
{
  Runner *runner = start_runner ();
  int n_calls = 0;
  int n_far_calls = 0;
  g_autoptr (VclockTimer) far = new_timer_in (runner, test_get_monotonic (), &n_far_calls);
  g_autoptr (VclockTimer) timer = new_timer_in (runner, test_get_monotonic (), &n_calls);

  vclock_timer_arm_after (far, SEC (3600));
  for (int i = 0; i < n_rounds; i++)
    {
      vclock_timer_arm_after (timer, spans[(gsize) i % n_spans]);
      wait_for (&n_calls, i + 1);
    }
  g_assert_cmpint (n_calls, ==, n_rounds);
  g_assert_cmpint (n_far_calls, ==, 0);
  vclock_timer_disarm (far);
  stop_runner (runner);
}

/* Arming from another thread wakes a context that sleeps for a far timer, every time. */
static void
test_i1 (void)
{
  static const VclockTime spans[] = { 0 };

  arm_across_threads (spans, 1, 20000);
}

/* For near deadlines and for farther ones. */
static void
test_i2 (void)
{
  static const VclockTime spans[] = { 0, 300000, 1000000, 11000000, 30000000 };

  arm_across_threads (spans, G_N_ELEMENTS (spans), 50);
}

static gpointer
disarm_thread (gpointer timer)
{
  g_usleep (10000);
  vclock_timer_disarm (timer);

  return NULL;
}

/* Taking away the earliest timer is news for a sleeping context, too: a loop that ends with its
 * last timer ends at once. */
static void
test_i3 (void)
{
  for (int i = 0; i < 10; i++)
    {
      g_autoptr (VclockClock) clock = VCLOCK_CLOCK (vclock_monotonic_clock_new ());
      g_autoptr (VclockTimer) timer = vclock_timer_new (clock);
      const gint64 start = g_get_monotonic_time ();
      GThread *thread;

      vclock_timer_arm_after (timer, SEC (20));
      thread = g_thread_new ("disarm", disarm_thread, timer);
      while (vclock_clock_has_timers (clock))
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
      g_thread_join (thread);
    }
}

/* Rearming to the past from another thread wakes as well. */
static void
test_i4 (void)
{
  Runner *runner = start_runner ();
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = new_timer_in (runner, test_get_monotonic (), &n_calls);

  for (int i = 0; i < 1000; i++)
    {
      vclock_timer_arm_after (timer, SEC (3600));
      vclock_timer_arm (timer, i % 2 == 0 ? vclock_clock_get_time (test_get_monotonic ()) - 1 : -1);
      wait_for (&n_calls, i + 1);
    }
  stop_runner (runner);
}

static VclockTime suspended;

static VclockTime
suspend_get_time (VclockHostClock host_clock)
{
  const VclockTime time = vclock_host_real.get_time (host_clock);

  if (host_clock == VCLOCK_HOST_CLOCK_MONOTONIC)
    return time;

  return time + __atomic_load_n (&suspended, __ATOMIC_RELAXED);
}

static GPollFD
no_watch_open (void)
{
  return (GPollFD) { .fd = -1 };
}

/* The host was suspended, and the first deadline passed meanwhile. A timer that is armed now is not
 * the first, but the sleeping context is woken for it, and finds the other one due. */
static void
test_e2 (void)
{
  static const VclockHost host = { .get_time = suspend_get_time, .watch_open = no_watch_open };
  g_autoptr (VclockClock) clock = VCLOCK_CLOCK (vclock_monotonic_clock_new_boottime ());
  Runner *runner = start_runner ();
  int n_calls = 0;
  g_autoptr (VclockTimer) first = new_timer_in (runner, clock, &n_calls);
  g_autoptr (VclockTimer) second = new_timer_in (runner, clock, &n_calls);

  vclock_host_replace (&host);
  vclock_timer_arm_after (first, SEC (1800));
  g_usleep (20000);
  __atomic_store_n (&suspended, SEC (3600), __ATOMIC_RELAXED);
  vclock_timer_arm_after (second, 0);
  wait_for (&n_calls, 2);

  stop_runner (runner);
  __atomic_store_n (&suspended, 0, __ATOMIC_RELAXED);
  vclock_host_replace (NULL);
}

static gboolean inside;

static void
slow_cb (VclockTimer *timer,
         guint64      overruns,
         gpointer     counter)
{
  g_atomic_int_set (&inside, TRUE);
  count_cb (timer, overruns, counter);
  g_usleep (20000);
  g_atomic_int_set (&inside, FALSE);
}

static void
stop_own_clock_cb (VclockTimer        *timer,
                   guint64             overruns,
                   VclockVirtualClock *clock)
{
  vclock_virtual_clock_pause (clock);
  vclock_clock_set_enabled (VCLOCK_CLOCK (clock), FALSE);
  vclock_clock_set_enabled (VCLOCK_CLOCK (clock), TRUE);
  vclock_virtual_clock_resume (clock);
}

/* Pausing and disabling wait for callbacks in other threads only: not on a clock that never ran,
 * and not in its own callback. */
static void
test_i9 (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new_with_parent (test_get_monotonic ());
  g_autoptr (VclockTimer) timer = NULL;
  Runner *runner;
  int n_calls = 0;

  stop_own_clock_cb (NULL, 0, clock);

  runner = start_runner ();
  timer = new_timer_in (runner, VCLOCK_CLOCK (clock), &n_calls);
  vclock_timer_set_callback (timer, slow_cb, &n_calls, NULL);
  for (int i = 0; i < 10; i++)
    {
      vclock_timer_arm_after (timer, 0);
      wait_for (&n_calls, i + 1);
      if (i % 2 == 0)
        vclock_virtual_clock_pause (clock);
      else
        vclock_clock_set_enabled (VCLOCK_CLOCK (clock), FALSE);
      g_assert_false (g_atomic_int_get (&inside));
      vclock_virtual_clock_resume (clock);
      vclock_clock_set_enabled (VCLOCK_CLOCK (clock), TRUE);
    }

  g_signal_connect (timer, "expired", G_CALLBACK (stop_own_clock_cb), clock);
  vclock_timer_arm_after (timer, 0);
  wait_for (&n_calls, 11);
  stop_runner (runner);
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  g_test_add_func ("/museum/I1-wake-only-while-polling", test_i1);
  g_test_add_func ("/museum/I2-wake-only-when-near", test_i2);
  g_test_add_func ("/museum/I3-removal-does-not-wake", test_i3);
  g_test_add_func ("/museum/I4-rearming-to-the-past-does-not-wake", test_i4);
  g_test_add_func ("/museum/I9-pause-waits-for-itself", test_i9);
  g_test_add_func ("/museum/E2-first-deadline-already-past", test_e2);

  return g_test_run ();
}
