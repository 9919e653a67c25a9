/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"

/* Many threads at once: nothing is lost, nothing is called twice, nobody waits for himself. */

/* A main context that a thread of its own runs until it is stopped. */
typedef struct
{
  GMainContext *context;
  GThread      *thread;
  gint          stopped; /* atomic */
} Runner;

static gpointer
run_thread (gpointer data)
{
  Runner *runner = data;

  g_main_context_push_thread_default (runner->context);
  while (!g_atomic_int_get (&runner->stopped))
    g_main_context_iteration (runner->context, TRUE);
  g_main_context_pop_thread_default (runner->context);

  return NULL;
}

static void
start_runner (Runner *runner)
{
  runner->context = g_main_context_new ();
  runner->stopped = FALSE;
  runner->thread = g_thread_new ("runner", run_thread, runner);
}

static void
stop_runner (Runner *runner)
{
  g_atomic_int_set (&runner->stopped, TRUE);
  g_main_context_wakeup (runner->context);
  g_thread_join (runner->thread);
  g_main_context_unref (runner->context);
}

static void
count_cb (VclockTimer *timer,
          guint64      overruns,
          gpointer     counter)
{
  g_atomic_int_inc ((int *) counter);
}

static VclockTimer *
new_timer_in (GMainContext *context,
              VclockClock  *clock,
              int          *counter)
{
  VclockTimer *timer = vclock_timer_new_full (clock, context, 0, VCLOCK_SCALE_NS);

  vclock_timer_set_callback (timer, count_cb, counter, NULL);

  return timer;
}

/* Waits for a count that another thread makes; fails after ten seconds. */
static void
wait_for (int *counter,
          int  n)
{
  const gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  while (g_atomic_int_get (counter) < n && g_get_monotonic_time () < end)
    g_usleep (100);
  g_assert_cmpint (g_atomic_int_get (counter), >=, n);
}

typedef struct
{
  Runner  *runners;
  guint32  seed;
  gint64   n_armed;
  gint64   n_disarmed;
  int      n_expired;  /* atomic */
  int      n_rounds;
} Worker;

/* Each deadline ends in one of three ways: it expires, is disarmed, or is moved by arming again;
 * the last is told apart by disarming first. */
static gpointer
work_thread (gpointer data)
{
  Worker *worker = data;
  g_autoptr (GRand) random = g_rand_new_with_seed (worker->seed);
  VclockTimer *timers[16];

  for (int i = 0; i < 16; i++)
    timers[i] = new_timer_in (worker->runners[i % 2].context, test_get_monotonic (), &worker->n_expired);

  for (int i = 0; i < worker->n_rounds; i++)
    {
      VclockTimer *timer = timers[g_rand_int_range (random, 0, 16)];

      worker->n_disarmed += vclock_timer_disarm (timer);
      if (g_rand_int_range (random, 0, 4) > 0)
        {
          vclock_timer_arm_after (timer, g_rand_int_range (random, -1000, 200000));
          worker->n_armed++;
        }
    }

  for (int i = 0; i < 16; i++)
    {
      worker->n_disarmed += vclock_timer_disarm (timers[i]);
      g_object_unref (timers[i]);
    }

  return NULL;
}

/* Four threads arm and disarm timers of two contexts that two more run: what was armed has expired
 * or was disarmed, exactly. */
static void
test_sum (void)
{
  Runner runners[2];
  Worker workers[4];
  GThread *threads[4];

  for (int i = 0; i < 2; i++)
    start_runner (&runners[i]);
  for (guint i = 0; i < 4; i++)
    {
      workers[i] = (Worker) { runners, g_test_rand_int () & G_MAXINT32, 0, 0, 0, TEST_ROUNDS (50000) };
      threads[i] = g_thread_new ("worker", work_thread, &workers[i]);
    }
  for (int i = 0; i < 4; i++)
    g_thread_join (threads[i]);
  for (int i = 0; i < 2; i++)
    stop_runner (&runners[i]);
  for (int i = 0; i < 4; i++)
    g_assert_cmpint (workers[i].n_armed, ==, workers[i].n_disarmed + workers[i].n_expired);
}

/* disarm () and an expiry in another thread agree on who was first: one call or one TRUE for each
 * arming. */
static void
test_disarm_or_expiry (void)
{
  const int n_rounds = TEST_ROUNDS (200000);
  Runner runner;
  int n_calls = 0;
  int n_disarmed = 0;
  VclockTimer *timer;

  start_runner (&runner);
  timer = new_timer_in (runner.context, test_get_monotonic (), &n_calls);
  for (int i = 0; i < n_rounds; i++)
    {
      vclock_timer_arm (timer, 0);
      for (int spin = i % 64; spin > 0; spin--)
        g_atomic_int_get (&n_calls);
      if (i % 16 == 0)
        g_thread_yield ();
      n_disarmed += vclock_timer_disarm (timer);
      g_assert_false (vclock_timer_is_armed (timer));
    }
  stop_runner (&runner);
  g_assert_cmpint (n_calls + n_disarmed, ==, n_rounds);
  g_assert_finalize_object (timer);
}

/* A new first deadline wakes a context that sleeps for a later one, however often. */
static void
test_head_change_wakes (void)
{
  g_autoptr (VclockAlarm) alarm = NULL;
  Runner runner;
  int n_calls = 0;
  int n_far_calls = 0;
  VclockTimer *far;
  VclockTimer *timer;

  start_runner (&runner);
  far = new_timer_in (runner.context, test_get_monotonic (), &n_far_calls);
  timer = new_timer_in (runner.context, test_get_monotonic (), &n_calls);
  vclock_timer_arm_after (far, SEC (3600));
  for (int i = 0; i < TEST_ROUNDS (1000); i++)
    {
      vclock_timer_arm_after (timer, i % 2 == 0 ? 0 : 50000);
      wait_for (&n_calls, i + 1);
    }
  g_assert_cmpint (n_far_calls, ==, 0);
  vclock_timer_disarm (far);
  g_assert_finalize_object (timer);
  g_assert_finalize_object (far);
  stop_runner (&runner);
}

/* A clock that many contexts wait for: when it is moved by one thread, the timers of all expire. */
static void
test_shared_clock (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  Runner runners[4];
  VclockTimer *timers[4];
  int n_calls = 0;

  for (int i = 0; i < 4; i++)
    {
      start_runner (&runners[i]);
      timers[i] = new_timer_in (runners[i].context, VCLOCK_CLOCK (clock), &n_calls);
    }
  for (int round = 0; round < TEST_ROUNDS (500); round++)
    {
      for (int i = 0; i < 4; i++)
        vclock_timer_arm_after (timers[i], 10);
      if (round % 3 == 0)
        vclock_virtual_clock_jump (clock, 10 + vclock_clock_get_time (VCLOCK_CLOCK (clock)));
      else
        vclock_virtual_clock_advance (clock, 10);
      wait_for (&n_calls, 4 * (round + 1));
    }
  g_assert_cmpint (n_calls, ==, 4 * TEST_ROUNDS (500));
  for (int i = 0; i < 4; i++)
    {
      stop_runner (&runners[i]);
      g_assert_finalize_object (timers[i]);
    }
}

static int n_inside;

static void
slow_cb (VclockTimer *timer,
         guint64      overruns,
         gpointer     counter)
{
  g_atomic_int_inc (&n_inside);
  g_atomic_int_inc ((int *) counter);
  for (int i = 0; i < 20; i++)
    g_thread_yield ();
  g_atomic_int_add (&n_inside, -1);
}

static void
stop_own_cb (VclockTimer        *timer,
             guint64             overruns,
             VclockVirtualClock *clock)
{
  vclock_virtual_clock_pause (clock);
  vclock_virtual_clock_resume (clock);
  vclock_clock_set_enabled (VCLOCK_CLOCK (clock), FALSE);
  vclock_clock_set_enabled (VCLOCK_CLOCK (clock), TRUE);
}

/* Once a clock is disabled, no callback of it is running in another thread, and none begins. */
static void
test_disable_waits (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new_with_parent (test_get_monotonic ());
  Runner runners[2];
  VclockTimer *timers[2];
  int n_calls = 0;

  for (int i = 0; i < 2; i++)
    {
      start_runner (&runners[i]);
      timers[i] = new_timer_in (runners[i].context, VCLOCK_CLOCK (clock), &n_calls);
      vclock_timer_set_callback (timers[i], slow_cb, &n_calls, NULL);
      vclock_timer_set_period (timers[i], 20000);
      vclock_timer_arm_after (timers[i], 0);
    }
  wait_for (&n_calls, 10);
  for (int i = 0; i < TEST_ROUNDS (500); i++)
    {
      int seen;

      vclock_clock_set_enabled (VCLOCK_CLOCK (clock), FALSE);
      g_assert_cmpint (g_atomic_int_get (&n_inside), ==, 0);
      seen = g_atomic_int_get (&n_calls);
      g_thread_yield ();
      g_assert_cmpint (g_atomic_int_get (&n_calls), ==, seen);
      vclock_clock_set_enabled (VCLOCK_CLOCK (clock), TRUE);
      if (i % 10 == 0)
        wait_for (&n_calls, seen + 1);
    }
  for (int i = 0; i < 2; i++)
    {
      vclock_timer_disarm (timers[i]);
      stop_runner (&runners[i]);
      g_assert_finalize_object (timers[i]);
    }
}

/* Two callbacks of one clock in two threads that both stop it do not wait for each other. */
static void
test_stop_from_callbacks (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new_with_parent (test_get_monotonic ());
  Runner runners[2];
  VclockTimer *timers[2];
  int n_calls = 0;

  for (int i = 0; i < 2; i++)
    {
      start_runner (&runners[i]);
      timers[i] = new_timer_in (runners[i].context, VCLOCK_CLOCK (clock), &n_calls);
      g_signal_connect (timers[i], "expired", G_CALLBACK (stop_own_cb), clock);
      vclock_timer_set_period (timers[i], 20000);
      vclock_timer_arm_after (timers[i], 0);
    }
  wait_for (&n_calls, 500);
  for (int i = 0; i < 2; i++)
    {
      vclock_timer_disarm (timers[i]);
      stop_runner (&runners[i]);
      g_assert_finalize_object (timers[i]);
    }
}

typedef struct
{
  VclockTimer *timers[4];
  gint         go_on;   /* atomic */
  gint         round;   /* atomic */
} Orphans;

static gpointer
arm_thread (gpointer data)
{
  Orphans *orphans = data;

  while (g_atomic_int_get (&orphans->go_on))
    for (int i = 0; i < 4; i++)
      {
        vclock_timer_arm_after (orphans->timers[i], i * 1000);
        if (i % 2 == 0)
          vclock_timer_disarm (orphans->timers[i]);
      }

  return NULL;
}

/* A context goes away while another thread arms timers of it: they end up disarmed. */
static void
test_context_goes_away (void)
{
  for (int round = 0; round < TEST_ROUNDS (2000); round++)
    {
      GMainContext *context = g_main_context_new ();
      Orphans orphans = { .go_on = TRUE };
      GThread *thread;
      int n_calls = 0;

      for (int i = 0; i < 4; i++)
        orphans.timers[i] = new_timer_in (context, test_get_monotonic (), &n_calls);
      thread = g_thread_new ("arm", arm_thread, &orphans);
      for (int i = round % 5; i > 0; i--)
        g_main_context_iteration (context, FALSE);
      g_main_context_unref (context);
      g_atomic_int_set (&orphans.go_on, FALSE);
      g_thread_join (thread);
      for (int i = 0; i < 4; i++)
        {
          g_assert_false (vclock_timer_is_armed (orphans.timers[i]));
          g_assert_finalize_object (orphans.timers[i]);
        }
    }
}

static gpointer
unref_thread (gpointer data)
{
  VclockTimer **timers = data;

  for (int i = 0; i < 8; i++)
    {
      vclock_timer_disarm (timers[i]);
      g_object_unref (timers[i]);
    }

  return NULL;
}

/* A context and its timers go away at the same time, in two threads. */
static void
test_context_and_timers_go_away (void)
{
  for (int round = 0; round < TEST_ROUNDS (2000); round++)
    {
      GMainContext *context = g_main_context_new ();
      g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
      VclockTimer *timers[8];
      GThread *thread;
      int n_calls = 0;

      for (int i = 0; i < 8; i++)
        {
          timers[i] = vclock_timer_new_full (i % 2 ? VCLOCK_CLOCK (clock) : test_get_monotonic (),
                                             context, i % 3, VCLOCK_SCALE_NS);
          vclock_timer_set_callback (timers[i], count_cb, &n_calls, NULL);
          if (i % 4 > 0)
            vclock_timer_arm_after (timers[i], i);
        }
      g_main_context_iteration (context, FALSE);
      thread = g_thread_new ("unref", unref_thread, timers);
      g_main_context_unref (context);
      g_thread_join (thread);
    }
}

typedef struct
{
  VclockClock *clock;
  gint         go_on;   /* atomic */
  gint         n_reads; /* atomic */
} Readers;

static gpointer
read_thread (gpointer data)
{
  Readers *readers = data;
  VclockTime last = G_MININT64;

  while (g_atomic_int_get (&readers->go_on))
    {
      VclockTime now = vclock_clock_get_time (readers->clock);

      g_assert_cmpint (now, >=, last);
      last = now;
      g_atomic_int_inc (&readers->n_reads);
    }

  return NULL;
}

/* Time does not go backwards for any reader while a clock is paused, slowed and advanced. */
static void
test_monotone_reads (void)
{
  g_autoptr (VclockVirtualClock) parent = vclock_virtual_clock_new_with_parent (test_get_monotonic ());
  g_autoptr (VclockVirtualClock) clock =
    vclock_virtual_clock_new_with_parent (VCLOCK_CLOCK (parent));
  Readers readers = { VCLOCK_CLOCK (clock), TRUE, 0 };
  GThread *threads[4];

  for (int i = 0; i < 4; i++)
    threads[i] = g_thread_new ("read", read_thread, &readers);
  for (int i = 0; i < TEST_ROUNDS (20000); i++)
    {
      VclockVirtualClock *target = g_test_rand_int_range (0, 2) ? parent : clock;

      switch (g_test_rand_int_range (0, 4))
        {
        case 0:
          vclock_virtual_clock_pause (target);
          break;
        case 1:
          vclock_virtual_clock_resume (target);
          break;
        case 2:
          vclock_virtual_clock_set_rate (target,
                                         g_test_rand_int_range (0, 5),
                                         g_test_rand_int_range (1, 5));
          break;
        default:
          vclock_virtual_clock_advance (target, g_test_rand_int_range (0, 1000));
          break;
        }
    }
  wait_for (&readers.n_reads, 1000);
  g_atomic_int_set (&readers.go_on, FALSE);
  for (int i = 0; i < 4; i++)
    g_thread_join (threads[i]);
}

static gint n_waiting;

static gpointer
first_use_thread (gpointer data)
{
  gpointer *clocks = data;
  GMainContext *context = g_main_context_new ();
  VclockTimer *timer;
  int n_calls = 0;

  g_atomic_int_inc (&n_waiting);
  while (g_atomic_int_get (&n_waiting) < 8)
    ;
  clocks[0] = vclock_monotonic_clock_get_default ();
  clocks[1] = vclock_virtual_clock_get_default ();
  clocks[2] = vclock_wall_clock_get_default ();
  timer = new_timer_in (context, clocks[0], &n_calls);
  vclock_timer_arm_after (timer, 1000);
  while (n_calls == 0)
    g_main_context_iteration (context, TRUE);
  g_object_unref (timer);
  g_main_context_unref (context);

  return NULL;
}

/* Eight threads that use the library for the first time, at once, get the same clocks. */
static void
test_first_use (void)
{
  gpointer clocks[8][3];
  GThread *threads[8];

  if (!g_test_subprocess ())
    {
      for (int i = 0; i < 10; i++)
        {
          g_test_trap_subprocess (NULL, 20 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
          g_test_trap_assert_passed ();
        }
      return;
    }

  for (int i = 0; i < 8; i++)
    threads[i] = g_thread_new ("first", first_use_thread, clocks[i]);
  for (int i = 0; i < 8; i++)
    g_thread_join (threads[i]);
  for (int i = 1; i < 8; i++)
    for (int j = 0; j < 3; j++)
      g_assert_true (clocks[i][j] == clocks[0][j]);
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  /* The interval timer's signal, at 50 kHz, would keep this thread from ending a short sleep. */
  test_block_signals ();

  g_test_add_func ("/threads/first-use", test_first_use);
  g_test_add_func ("/threads/armed-is-expired-plus-disarmed", test_sum);
  g_test_add_func ("/threads/disarm-or-expiry", test_disarm_or_expiry);
  g_test_add_func ("/threads/head-change-wakes", test_head_change_wakes);
  g_test_add_func ("/threads/shared-clock", test_shared_clock);
  g_test_add_func ("/threads/disable-waits", test_disable_waits);
  g_test_add_func ("/threads/stop-from-callbacks", test_stop_from_callbacks);
  g_test_add_func ("/threads/context-goes-away", test_context_goes_away);
  g_test_add_func ("/threads/context-and-timers-go-away", test_context_and_timers_go_away);
  g_test_add_func ("/threads/monotone-reads", test_monotone_reads);

  return g_test_run ();
}
