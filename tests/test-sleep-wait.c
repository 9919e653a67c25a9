/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-lock-private.h>

/* Threads that wait for a clock. */

#define N_ROUNDS TEST_ROUNDS (3000)

typedef struct
{
  VclockVirtualClock *self;
  VclockClock        *clock;
  GCancellable       *cancellable;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->self = vclock_virtual_clock_new ();
  fixture->clock = VCLOCK_CLOCK (fixture->self);
  fixture->cancellable = g_cancellable_new ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  test_iterate (NULL);
  g_assert_false (vclock_clock_has_timers (fixture->clock));
  g_assert_finalize_object (fixture->cancellable);
  g_assert_finalize_object (fixture->clock);
}

/* How many main contexts wait for the clock. */
static guint
count_waiters (VclockClock *clock)
{
  guint n_waiters = 0;

  vclock_lock ();
  for (guint i = 0; i < vclock_clock_get_queues (clock)->len; i++)
    n_waiters += !vclock_timer_queue_is_empty (g_ptr_array_index (vclock_clock_get_queues (clock),
                                                                  i));
  vclock_unlock ();

  return n_waiters;
}

static void
wait_for_waiters (VclockClock *clock,
                  guint        n_waiters)
{
  while (count_waiters (clock) != n_waiters)
    g_thread_yield ();
}

/* What has passed, and what was cancelled before, does not wait. */
static void
test_wait_passed (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  vclock_virtual_clock_advance (fixture->self, 5);
  g_assert_true (vclock_clock_wait_until (fixture->clock, 5, fixture->cancellable, &error));
  g_assert_true (vclock_clock_wait_until (fixture->clock, G_MININT64, NULL, NULL));
  g_assert_no_error (error);
  vclock_clock_set_enabled (fixture->clock, FALSE);
  g_assert_true (vclock_clock_wait_until (fixture->clock, 0, NULL, NULL));
  g_cancellable_cancel (fixture->cancellable);
  g_assert_false (vclock_clock_wait_until (fixture->clock, 5, fixture->cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (vclock_clock_wait_until (fixture->clock, VCLOCK_TIME_NEVER,
                                           fixture->cancellable, NULL));
}

typedef struct
{
  VclockClock  *clock;
  VclockTime    deadline;
  GCancellable *cancellable; /* (nullable) */
  VclockTime    woken_at;
  int           is_over;
} Waiter;

static gpointer
wait_thread (gpointer data)
{
  Waiter *waiter = data;
  g_autoptr (GError) error = NULL;
  gboolean reached = vclock_clock_wait_until (waiter->clock, waiter->deadline,
                                              waiter->cancellable, &error);

  if (!reached)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  waiter->woken_at = vclock_clock_get_time (waiter->clock);
  g_atomic_int_set (&waiter->is_over, TRUE);

  return GINT_TO_POINTER (reached);
}

static GThread *
start_waiter (Waiter      *waiter,
              Fixture     *fixture,
              VclockTime   deadline)
{
  *waiter = (Waiter) { fixture->clock, deadline, fixture->cancellable, 0, FALSE };

  return g_thread_new ("wait", wait_thread, waiter);
}

static gpointer
wait_often_thread (gpointer data)
{
  VclockClock *clock = data;

  for (VclockTime deadline = 1; deadline <= 200; deadline++)
    {
      g_assert_true (vclock_clock_wait_until (clock, deadline, NULL, NULL));
      g_assert_cmpint (vclock_clock_get_time (clock), >=, deadline);
    }

  return NULL;
}

/* Four threads wait again and again while the main thread advances; none is early. */
static void
test_wait_advance (Fixture       *fixture,
                   gconstpointer  unused)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("wait", wait_often_thread, fixture->clock);
  for (guint i = 0; i < 200; i++)
    {
      if (i % 10 == 0)
        wait_for_waiters (fixture->clock, G_N_ELEMENTS (threads));
      vclock_virtual_clock_advance (fixture->self, 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* A jump backwards keeps a thread waiting, one forwards ends that; a disabled clock does not. */
static void
test_wait_jump (Fixture       *fixture,
                gconstpointer  unused)
{
  Waiter waiter;
  GThread *thread = start_waiter (&waiter, fixture, 10);

  wait_for_waiters (fixture->clock, 1);
  vclock_virtual_clock_jump (fixture->self, -50);
  vclock_virtual_clock_advance (fixture->self, 59);
  g_assert_cmpuint (count_waiters (fixture->clock), ==, 1);
  vclock_clock_set_enabled (fixture->clock, FALSE);
  vclock_virtual_clock_jump (fixture->self, 20);
  g_assert_cmpuint (count_waiters (fixture->clock), ==, 1);
  g_assert_false (g_atomic_int_get (&waiter.is_over));
  vclock_clock_set_enabled (fixture->clock, TRUE);
  g_assert_true (GPOINTER_TO_INT (g_thread_join (thread)));
  g_assert_cmpint (waiter.woken_at, ==, 20);
}

/* While a clock that follows the host is paused, and gets another rate, a thread that waits for it
 * is never early. */
static void
test_wait_rate (void)
{
  VclockClock *parent = test_get_monotonic ();
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new_with_parent (parent);
  Fixture fixture = { .clock = VCLOCK_CLOCK (clock) };
  Waiter waiter;
  GThread *thread;

  vclock_virtual_clock_pause (clock);
  thread = start_waiter (&waiter, &fixture, vclock_clock_get_time (fixture.clock) + SEC (3600));
  wait_for_waiters (fixture.clock, 1);
  vclock_virtual_clock_resume (clock);
  g_assert_cmpuint (count_waiters (fixture.clock), ==, 1);
  vclock_virtual_clock_set_rate (clock, 3600 * 1000, 1);
  g_assert_true (GPOINTER_TO_INT (g_thread_join (thread)));
  g_assert_cmpint (waiter.woken_at, >=, waiter.deadline);
}

static gboolean
count_idle_cb (gpointer counter)
{
  ++*(int *) counter;

  return G_SOURCE_REMOVE;
}

/* Sources and timers of the waiting thread's own contexts are not dispatched. */
static void
test_wait_alone (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSource) source = g_idle_source_new ();
  g_autoptr (VclockTimer) timer = NULL;
  VclockClock *clock = test_get_monotonic ();
  int n = 0;

  g_main_context_push_thread_default (context);
  g_source_set_callback (source, count_idle_cb, &n, NULL);
  g_source_attach (source, context);
  g_idle_add (count_idle_cb, &n);
  timer = test_counting_timer_new (clock, &n);
  vclock_timer_arm (timer, 0);
  g_assert_true (vclock_clock_wait_until (clock, vclock_clock_get_time (clock) + MSEC (1), NULL,
                                          NULL));
  g_assert_cmpint (n, ==, 0);
  test_iterate (context);
  test_iterate (NULL);
  g_assert_cmpint (n, ==, 3);
  g_main_context_pop_thread_default (context);
}

/* Another thread may cancel, as the clock gets there or not; the wait ends and leaves nothing. */
static void
test_wait_cancel_race (void)
{
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      VclockVirtualClock *clock = vclock_virtual_clock_new ();
      Fixture fixture = { .clock = VCLOCK_CLOCK (clock), .cancellable = g_cancellable_new () };
      Waiter waiter;
      GThread *thread = start_waiter (&waiter, &fixture, 1 + i % 2);

      if (i % 3 > 0)
        wait_for_waiters (fixture.clock, 1);
      if (i % 5 > 0)
        vclock_virtual_clock_advance (clock, 1);
      g_cancellable_cancel (fixture.cancellable);
      if (GPOINTER_TO_INT (g_thread_join (thread)))
        g_assert_cmpint (waiter.woken_at, >=, waiter.deadline);
      else
        g_assert_true (g_cancellable_is_cancelled (fixture.cancellable));
      g_assert_false (vclock_clock_has_timers (fixture.clock));
      g_assert_finalize_object (fixture.cancellable);
      g_assert_finalize_object (clock);
    }
}

/* On a clock of the host, a wait is never early. */
static void
test_wait_real (void)
{
  VclockClock *clock = test_get_monotonic ();
  VclockTime deadline = vclock_clock_get_time (clock) + MSEC (1);

  g_assert_true (vclock_clock_wait_until (clock, deadline, NULL, NULL));
  g_assert_cmpint (vclock_clock_get_time (clock), >=, deadline);
}

/* A clock that warps goes to the deadlines of threads that wait, be it one or several. */
static void
test_wait_warp (Fixture       *fixture,
                gconstpointer  unused)
{
  GThread *threads[4];

  vclock_virtual_clock_set_warp_mode (fixture->self, VCLOCK_WARP_MODE_JUMP);
  g_assert_true (vclock_clock_wait_until (fixture->clock, SEC (3600), NULL, NULL));
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (3600));

  vclock_virtual_clock_jump (fixture->self, 0);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("wait", wait_often_thread, fixture->clock);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 200);
}

#define ADD(path, func) g_test_add ("/sleep-wait/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  ADD ("passed", test_wait_passed);
  ADD ("advance", test_wait_advance);
  ADD ("jump", test_wait_jump);
  ADD ("alone", test_wait_alone);
  ADD ("warp", test_wait_warp);
  g_test_add_func ("/sleep-wait/rate", test_wait_rate);
  g_test_add_func ("/sleep-wait/real", test_wait_real);
  g_test_add_func ("/sleep-wait/cancel-race", test_wait_cancel_race);

  return g_test_run ();
}
