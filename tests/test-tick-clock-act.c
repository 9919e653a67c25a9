/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-fixtures.h"
#include "test-host.h"

#include <glib-vclock/vclock-tick-clock-private.h>

/* What callbacks and other threads may do to a clock that ticks. */

typedef TestTickFixture Fixture;

/* While the clock is paused, and while it is advanced, ticks are counted and no time passes; what
 * is due already is called. */
static void
test_stands (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_time_timer_new (fixture->clock, "a", fixture->log);

  vclock_tick_clock_tick (fixture->self, 3);
  vclock_virtual_clock_pause (fixture->virtual);
  vclock_timer_arm (timer, 35);
  vclock_tick_clock_tick (fixture->self, 100);
  test_assert_time (fixture->self, 30);
  g_assert_cmpuint (vclock_tick_clock_get_ticks (fixture->self), ==, 103);
  vclock_timer_arm (timer, 25);
  vclock_tick_clock_tick (fixture->self, 100);
  test_assert_log (fixture->log, "a30 ");
  test_assert_time (fixture->self, 30);
  vclock_virtual_clock_resume (fixture->virtual);
  test_assert_time (fixture->self, 30);
  vclock_tick_clock_tick (fixture->self, 1);
  test_assert_time (fixture->self, 40);
  g_assert_cmpuint (vclock_tick_clock_get_ticks (fixture->self), ==, 204);
}

typedef void (* Act) (VclockTickClock *clock);

static void
act_cb (VclockTimer *timer,
        guint64      overruns,
        gpointer     act)
{
  ((Act) act) (VCLOCK_TICK_CLOCK (vclock_timer_get_clock (timer)));
}

static void
act_tick (VclockTickClock *clock)
{
  g_assert_cmpuint (vclock_tick_clock_get_budget (clock), ==, 0);
  vclock_tick_clock_tick (clock, 2);
  test_assert_time (clock, 35);
  vclock_tick_clock_tick (clock, 1);
  test_assert_time (clock, 45);
}

static void
act_pause (VclockTickClock *clock)
{
  vclock_virtual_clock_pause (VCLOCK_VIRTUAL_CLOCK (clock));
}

static void
act_set_rate (VclockTickClock *clock)
{
  vclock_virtual_clock_set_rate (VCLOCK_VIRTUAL_CLOCK (clock), 1, 3);
}

static void
act_jump (VclockTickClock *clock)
{
  vclock_virtual_clock_jump (VCLOCK_VIRTUAL_CLOCK (clock), 1000);
}

static void
act_advance (VclockTickClock *clock)
{
  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (clock), 1000);
  test_assert_time (clock, 1015);
}

/* A callback may tick, pause, move and change the clock. */
static void
test_act_in_callback (void)
{
  static const struct
  {
    Act         act;
    const char *log;
    VclockTime  time;    /* after 10 ticks, in the middle of which it acts */
    VclockTime  later;   /* after 3 more */
    guint64     n_ticks;
  } rows[] = {
    { act_tick, "b30 b60 b90 b120 ", 130, 160, 16 },
    { act_pause, "", 15, 15, 13 },
    { act_set_rate, "b30 b60 b90 ", 100, 101, 13 },
    { act_jump, "b1000+32 b1020 b1050 b1080 ", 1085, 1115, 13 },
    { act_advance, NULL, 1100, 1130, 13 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      VclockTickClock *clock = vclock_tick_clock_new (10, 1);
      VclockTimer *timer = vclock_timer_new (VCLOCK_CLOCK (clock));
      g_autoptr (GString) log = g_string_new (NULL);
      VclockTimer *periodic = test_time_timer_new (VCLOCK_CLOCK (clock), "b", log);

      vclock_timer_set_callback (timer, act_cb, rows[i].act, NULL);
      vclock_timer_arm (timer, 15);
      vclock_timer_set_period (periodic, 30);
      vclock_timer_arm (periodic, 30);
      vclock_tick_clock_tick (clock, 0);
      vclock_tick_clock_tick (clock, 10);
      test_assert_time (clock, rows[i].time);
      if (rows[i].log != NULL)
        g_assert_cmpstr (log->str, ==, rows[i].log);
      vclock_timer_disarm (periodic);
      vclock_tick_clock_tick (clock, 3);
      test_assert_time (clock, rows[i].later);
      g_assert_cmpuint (vclock_tick_clock_get_ticks (clock), ==, rows[i].n_ticks);
      g_assert_finalize_object (timer);
      g_assert_finalize_object (periodic);
      g_assert_finalize_object (clock);
    }
}

static void
act_count (VclockTickClock *clock)
{
  vclock_tick_clock_tick (clock, 50);
  test_assert_time (clock, 15);
}

/* A callback that is called because somebody advances the clock may tick: that is counted only,
 * also when more is due. */
static void
test_tick_while_advanced (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);
  g_autoptr (VclockTimer) other = test_time_timer_new (fixture->clock, "a", fixture->log);

  vclock_timer_set_callback (timer, act_cb, act_count, NULL);
  for (guint i = 0; i < 2; i++)
    {
      vclock_virtual_clock_jump (fixture->virtual, 0);
      vclock_timer_arm (timer, 15);
      vclock_timer_arm (other, 15);
      vclock_tick_clock_tick (fixture->self, 0);
      vclock_virtual_clock_advance (fixture->virtual, 100);
      test_assert_time (fixture->self, 100);
    }
  vclock_tick_clock_tick (fixture->self, 1);
  test_assert_time (fixture->self, 110);
  g_assert_cmpuint (vclock_tick_clock_get_ticks (fixture->self), ==, 101);
  test_assert_log (fixture->log, "a15 a15 ");
}

static void
act_set_sixth (VclockTickClock *clock)
{
  vclock_virtual_clock_set_rate (VCLOCK_VIRTUAL_CLOCK (clock), 1, 6);
}

/* A callback that changes the rate in the middle of a tick loses nothing of the ticks before it. */
static void
test_fraction_and_callbacks (void)
{
  VclockTickClock *clock = vclock_tick_clock_new (2, 3);
  VclockTimer *timer = vclock_timer_new (VCLOCK_CLOCK (clock));

  vclock_timer_set_callback (timer, act_cb, act_set_sixth, NULL);
  vclock_timer_arm (timer, 1);
  vclock_tick_clock_tick (clock, 4); /* 2⅔ */
  vclock_tick_clock_tick (clock, 1);
  test_assert_time (clock, 2);
  vclock_tick_clock_tick (clock, 1); /* 3 */
  test_assert_time (clock, 3);
  g_assert_finalize_object (timer);
  g_assert_finalize_object (clock);
}

static void
unref_cb (VclockTimer *timer,
          guint64      overruns,
          gpointer     clock)
{
  g_object_unref (clock);
}

/* A callback may drop the last reference to its clock. */
static void
test_unref_in_callback (void)
{
  VclockTickClock *clock = vclock_tick_clock_new (1, 1);
  VclockTimer *timer = vclock_timer_new (VCLOCK_CLOCK (clock));
  gpointer gone = clock;

  g_object_add_weak_pointer (G_OBJECT (clock), &gone);
  vclock_timer_set_callback (timer, unref_cb, clock, NULL);
  vclock_timer_arm (timer, 5);
  g_object_unref (timer);
  vclock_tick_clock_tick (clock, 10);
  g_assert_null (gone);
}

/* A context that was not told of a deadline, because a tick passed it before it had noticed that
 * another thread was arming, is told by the next tick. */
static void
test_tells_late (Fixture       *fixture,
                 gconstpointer  unused)
{
  VclockTickCounter *counter = vclock_tick_clock_get_private (fixture->self)->counter;
  g_autoptr (GMainContext) elsewhere = g_main_context_new ();
  g_autoptr (VclockTimer) timer = NULL;
  GPollFD fds[16];
  int priority;
  int timeout;
  int n_fds;

  timer = test_timer_new_full (fixture->clock, elsewhere, 0, "a", fixture->log);
  vclock_timer_arm (timer, 50);
  test_iterate (elsewhere);
  g_main_context_acquire (elsewhere);
  g_main_context_prepare (elsewhere, &priority);
  n_fds = g_main_context_query (elsewhere, G_MAXINT, &timeout, fds, G_N_ELEMENTS (fds));
  g_assert_cmpint (timeout, ==, -1);

  vclock_tick_counter_add (counter, 5);
  g_assert_cmpint (g_poll (fds, (guint) n_fds, 0), ==, 0);
  vclock_tick_clock_tick (fixture->self, 0);
  g_assert_cmpint (g_poll (fds, (guint) n_fds, 0), ==, 1);
  g_main_context_release (elsewhere);
  test_iterate (elsewhere);
  test_assert_log (fixture->log, "a");
}

static VclockTime poll_takes;

static int
passing_poll (GPollFD *fds,
              guint    n_fds,
              int      timeout)
{
  test_host_pass (poll_takes);

  return g_poll (fds, n_fds, 0);
}

/* A clock that warps goes on while nothing is left to do, and ticks count on from there: what it has
 * slept brings a deadline nearer. */
static void
test_warp (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_time_timer_new (fixture->clock, "a", fixture->log);

  test_host_begin ();
  g_main_context_set_poll_func (fixture->context, passing_poll);
  vclock_timer_arm (timer, 100);
  vclock_virtual_clock_set_warp_mode (fixture->virtual, VCLOCK_WARP_MODE_SLEEP);
  vclock_tick_clock_tick (fixture->self, 1);
  test_iterate (fixture->context);
  vclock_tick_clock_tick (fixture->self, 0);
  poll_takes = 35;
  g_main_context_iteration (fixture->context, FALSE);
  poll_takes = 0;
  test_assert_time (fixture->self, 45);
  vclock_tick_clock_tick (fixture->self, 5);
  test_assert_log (fixture->log, "");
  vclock_tick_clock_tick (fixture->self, 1);
  test_assert_log (fixture->log, "a100 ");
  test_assert_time (fixture->self, 105);

  vclock_virtual_clock_set_warp_mode (fixture->virtual, VCLOCK_WARP_MODE_JUMP);
  vclock_timer_arm (timer, 1000);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "a1000 ");
  vclock_tick_clock_tick (fixture->self, 3);
  test_assert_time (fixture->self, 1030);
  g_assert_cmpuint (vclock_tick_clock_get_ticks (fixture->self), ==, 10);
  test_host_end ();
}

/* What other threads do with the clock while this one ticks. */
typedef struct
{
  VclockTickClock *clock;
  int              n_left;    /* atomic */
  int              n_early;   /* atomic */
  int              ended;     /* atomic */
  VclockTime       deadline;  /* of the thread that arms */
} Work;

static void
armed_cb (VclockTimer *timer,
          guint64      overruns,
          gpointer     user_data)
{
  Work *work = user_data;

  if (vclock_clock_get_time (vclock_timer_get_clock (timer)) < work->deadline)
    g_atomic_int_inc (&work->n_early);
  g_atomic_int_add (&work->n_left, -1);
}

/* Arms a timer for a near deadline, and sleeps in its main loop until it has expired, again and
 * again. */
static gpointer
arm_thread (gpointer user_data)
{
  Work *work = user_data;
  GMainContext *context = g_main_context_new ();
  VclockTimer *timer;

  g_main_context_push_thread_default (context);
  timer = vclock_timer_new (VCLOCK_CLOCK (work->clock));
  vclock_timer_set_callback (timer, armed_cb, work, NULL);
  for (int n_left = g_atomic_int_get (&work->n_left); n_left > 0; n_left--)
    {
      vclock_timer_arm_after (timer, n_left % 50);
      work->deadline = vclock_timer_get_deadline (timer);
      test_wait_until (context, g_atomic_int_get (&work->n_left) < n_left);
    }
  g_object_unref (timer);
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  g_atomic_int_inc (&work->ended);

  return NULL;
}

/* A deadline that another thread arms while this one ticks is never missed, and never early: the
 * other thread sleeps until it is woken. */
static void
test_armed_by_thread (void)
{
  VclockTickClock *clock = vclock_tick_clock_new (3, 2);
  Work work = { clock, 5000, 0, 0, 0 };
  GThread *thread = g_thread_new ("arms", arm_thread, &work);

  while (!g_atomic_int_get (&work.ended))
    vclock_tick_clock_tick (clock, 1);
  g_thread_join (thread);
  g_assert_cmpint (work.n_left, ==, 0);
  g_assert_cmpint (work.n_early, ==, 0);
  g_assert_finalize_object (clock);
}

static gpointer
read_thread (gpointer user_data)
{
  Work *work = user_data;
  VclockTime last_time = 0;
  guint64 last_ticks = 0;

  while (!g_atomic_int_get (&work->ended))
    {
      VclockTime time = vclock_clock_get_time (VCLOCK_CLOCK (work->clock));
      guint64 n_ticks = vclock_tick_clock_get_ticks (work->clock);

      if (time < last_time || n_ticks < last_ticks || time > (VclockTime) n_ticks * 7 / 3)
        g_atomic_int_inc (&work->n_early);
      last_time = time;
      last_ticks = n_ticks;
      vclock_tick_clock_get_budget (work->clock);
      g_atomic_int_add (&work->n_left, -1);
    }

  return NULL;
}

/* Others may read the clock at any time: it never goes backwards, and is never ahead of the
 * ticks. */
static void
test_read_by_threads (void)
{
  VclockTickClock *clock = vclock_tick_clock_new (7, 3);
  int n_expired = 0;
  VclockTimer *timer = test_counting_timer_new (VCLOCK_CLOCK (clock), &n_expired);
  Work work = { clock, 20000, 0, 0, 0 };
  GThread *threads[2];
  VclockTime time;

  vclock_timer_set_period (timer, 1000);
  vclock_timer_arm (timer, 1000);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("reads", read_thread, &work);
  while (g_atomic_int_get (&work.n_left) > 0)
    vclock_tick_clock_tick (clock, 5);
  g_atomic_int_inc (&work.ended);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  g_assert_cmpint (work.n_early, ==, 0);
  time = (VclockTime) vclock_tick_clock_get_ticks (clock) * 7 / 3;
  test_assert_time (clock, time);
  g_assert_cmpint (n_expired, ==, time / 1000);
  vclock_timer_disarm (timer);
  g_assert_finalize_object (timer);
  g_assert_finalize_object (clock);
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

#define add(path, func) \
  g_test_add ("/tick-clock/" path, Fixture, NULL, test_tick_fixture_set_up, func, \
              test_tick_fixture_tear_down)
  add ("stands", test_stands);
  g_test_add_func ("/tick-clock/act-in-callback", test_act_in_callback);
  add ("tick-while-advanced", test_tick_while_advanced);
  g_test_add_func ("/tick-clock/fraction-and-callbacks", test_fraction_and_callbacks);
  g_test_add_func ("/tick-clock/unref-in-callback", test_unref_in_callback);
  add ("tells-late", test_tells_late);
  add ("warp", test_warp);
  g_test_add_func ("/tick-clock/armed-by-thread", test_armed_by_thread);
  g_test_add_func ("/tick-clock/read-by-threads", test_read_by_threads);

  return g_test_run ();
}
