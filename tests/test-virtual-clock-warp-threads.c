/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-fixtures.h"

/* A clock that warps and whose timers belong to several threads. */

typedef TestFixture Fixture;

/* Two threads that pass a ball: each has a main loop and a timer that it arms only at the end of a
 * chain of idles, which goes through the other thread. */
typedef struct _Player Player;

struct _Player
{
  GMainContext *context;
  GMainLoop    *loop;
  VclockTimer  *timer;
  Player       *other;
  GString      *log;
  const char   *name;
  guint         n_left;
};

#define N_BALLS 50

static void
player_log (Player     *self,
            const char *what)
{
  VclockClock *clock = vclock_timer_get_clock (self->timer);

  g_string_append_printf (self->log, "%s%s%" G_GINT64_FORMAT " ", self->name, what,
                          vclock_clock_get_time (clock));
}

static gboolean
arm_idle_cb (gpointer user_data)
{
  Player *self = user_data;

  player_log (self, "a");
  vclock_timer_arm_after (self->timer, 10);

  return G_SOURCE_REMOVE;
}

static gboolean
return_idle_cb (gpointer user_data)
{
  Player *self = user_data;

  player_log (self, "r");
  g_main_context_invoke_full (self->other->context, G_PRIORITY_LOW, arm_idle_cb, self->other, NULL);

  return G_SOURCE_REMOVE;
}

static void
player_expired_cb (VclockTimer *timer,
                   guint64      overruns,
                   gpointer     user_data)
{
  Player *self = user_data;

  g_assert_cmpint (vclock_timer_get_lateness (timer), ==, 0);
  player_log (self, "t");
  if (--self->n_left > 0)
    g_main_context_invoke_full (self->other->context, G_PRIORITY_LOW, return_idle_cb, self->other,
                                NULL);
  else
    g_main_loop_quit (self->loop);
}

static gpointer
player_thread (gpointer user_data)
{
  Player *self = user_data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

static void
player_init (Player      *self,
             Player      *other,
             const char  *name,
             VclockClock *clock,
             VclockTime   deadline)
{
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->timer = vclock_timer_new_full (clock, self->context, G_PRIORITY_DEFAULT, VCLOCK_SCALE_NS);
  self->other = other;
  self->log = g_string_new (NULL);
  self->name = name;
  self->n_left = N_BALLS;
  vclock_timer_set_callback (self->timer, player_expired_cb, self, NULL);
  vclock_timer_arm (self->timer, deadline);
}

static void
player_clear (Player *self)
{
  g_assert_finalize_object (self->timer);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_string_free (self->log, TRUE);
}

static void
play (const char *expected[2])
{
  VclockVirtualClock *clock = vclock_virtual_clock_new ();
  Player a;
  Player b;
  GThread *threads[2];

  vclock_virtual_clock_set_warp_mode (clock, VCLOCK_WARP_MODE_JUMP);
  player_init (&a, &b, "A", VCLOCK_CLOCK (clock), 10);
  player_init (&b, &a, "B", VCLOCK_CLOCK (clock), 15);
  threads[0] = g_thread_new ("a", player_thread, &a);
  threads[1] = g_thread_new ("b", player_thread, &b);
  g_thread_join (threads[0]);
  g_thread_join (threads[1]);
  g_assert_cmpstr (a.log->str, ==, expected[0]);
  g_assert_cmpstr (b.log->str, ==, expected[1]);
  player_clear (&a);
  player_clear (&b);
  g_assert_finalize_object (clock);
}

/* Time goes on only when all threads are quiet, also if none of them has a timer armed for a
 * moment: what each of them sees is the same in every run. */
static void
test_threads (void)
{
  const guint n_runs = g_test_thorough () ? 2000 : TEST_ROUNDS (100);
  g_autoptr (GString) a = g_string_new (NULL);
  g_autoptr (GString) b = g_string_new (NULL);

  for (guint i = 1; i <= N_BALLS; i++)
    {
      const guint at = i * 10;

      g_string_append_printf (a, "At%u ", at);
      if (i < N_BALLS)
        g_string_append_printf (a, "Aa%u Ar%u ", at, at + 5);
      if (i < N_BALLS)
        g_string_append_printf (b, "Br%u ", at);
      g_string_append_printf (b, "Bt%u ", at + 5);
      if (i < N_BALLS)
        g_string_append_printf (b, "Ba%u ", at + 5);
    }
  for (guint i = 0; i < n_runs; i++)
    play ((const char *[]) { a->str, b->str });
}

static gpointer
run_until_expired_thread (gpointer timer)
{
  GMainContext *context = g_object_get_data (timer, "context");

  while (vclock_timer_is_armed (timer))
    g_main_context_iteration (context, TRUE);
  vclock_timer_arm (timer, 7);

  return NULL;
}

/* A thread that has ended is not waited for, though timers of its context are there, and armed. */
static void
test_thread_ended (Fixture       *fixture,
                   gconstpointer  unused)
{
  GMainContext *context = g_main_context_new ();
  VclockTimer *timer = vclock_timer_new_full (fixture->clock, context, G_PRIORITY_DEFAULT,
                                              VCLOCK_SCALE_NS);
  g_autoptr (VclockTimer) own = NULL;

  g_object_set_data (G_OBJECT (timer), "context", context);
  vclock_timer_arm (timer, 5);
  g_thread_join (g_thread_new ("run", run_until_expired_thread, timer));
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 5);
  own = test_exact_timer_new (fixture, fixture->clock, "a", 10);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "a10 ");

  g_assert_true (vclock_timer_disarm (timer));
  g_assert_finalize_object (timer);
  g_main_context_unref (context);
}

typedef struct
{
  VclockTimer  *timer;
  GMainContext *context;
  GMutex        mutex;
  GCond         cond;
  gboolean      has_left;
  gboolean      may_end;
} Leaver;

static gpointer
leave_thread (gpointer user_data)
{
  Leaver *self = user_data;

  while (vclock_timer_is_armed (self->timer))
    g_main_context_iteration (self->context, TRUE);

  g_mutex_lock (&self->mutex);
  self->has_left = TRUE;
  g_cond_broadcast (&self->cond);
  while (!self->may_end)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);

  return NULL;
}

/* A thread that has left its main loop, and lives on, is not waited for for ever. */
static void
test_thread_left (Fixture       *fixture,
                  gconstpointer  unused)
{
  Leaver self = { .context = g_main_context_new () };
  g_autoptr (VclockTimer) own = NULL;
  GThread *thread;

  g_mutex_init (&self.mutex);
  g_cond_init (&self.cond);
  self.timer = vclock_timer_new_full (fixture->clock, self.context, G_PRIORITY_DEFAULT,
                                      VCLOCK_SCALE_NS);
  vclock_timer_arm (self.timer, 5);
  thread = g_thread_new ("leave", leave_thread, &self);
  g_mutex_lock (&self.mutex);
  while (!self.has_left)
    g_cond_wait (&self.cond, &self.mutex);
  g_mutex_unlock (&self.mutex);

  own = test_exact_timer_new (fixture, fixture->clock, "a", 10);
  test_wait_until (fixture->context, fixture->log->len > 0);
  test_assert_log (fixture->log, "a10 ");

  g_mutex_lock (&self.mutex);
  self.may_end = TRUE;
  g_cond_broadcast (&self.cond);
  g_mutex_unlock (&self.mutex);
  g_thread_join (thread);
  g_assert_finalize_object (self.timer);
  g_main_context_unref (self.context);
  g_mutex_clear (&self.mutex);
  g_cond_clear (&self.cond);
}

static gpointer
wait_for_timer_thread (gpointer timer)
{
  GMainContext *context = g_object_get_data (timer, "context");

  while (vclock_timer_is_armed (timer))
    g_main_context_iteration (context, TRUE);

  return NULL;
}

/* Whoever wakes first and finds that a deadline has been slept to wakes the thread that waits. */
static void
test_sleep_threads (Fixture       *fixture,
                    gconstpointer  unused)
{
  GMainContext *context = g_main_context_new ();
  VclockTimer *timer = vclock_timer_new_full (fixture->clock, context, G_PRIORITY_DEFAULT,
                                              VCLOCK_SCALE_NS);
  g_autoptr (VclockTimer) far = test_exact_timer_new (fixture, fixture->clock, "f", SEC (3600));
  g_autoptr (VclockTimer) often = vclock_timer_new (test_get_monotonic ());
  VclockTime start = vclock_clock_get_time (test_get_monotonic ());
  GThread *thread;

  vclock_virtual_clock_set_warp_mode (fixture->self, VCLOCK_WARP_MODE_SLEEP);
  g_object_set_data (G_OBJECT (timer), "context", context);
  vclock_timer_arm (timer, MSEC (20));
  vclock_timer_set_period (often, MSEC (1));
  vclock_timer_arm_after (often, 0);
  thread = g_thread_new ("wait", wait_for_timer_thread, timer);
  test_wait_until (fixture->context, !vclock_timer_is_armed (timer));
  g_assert_cmpint (vclock_clock_get_time (test_get_monotonic ()), >=, start + MSEC (20));
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), >=, MSEC (20));
  g_thread_join (thread);

  vclock_timer_disarm (often);
  vclock_timer_disarm (far);
  g_assert_finalize_object (timer);
  g_main_context_unref (context);
}

typedef struct
{
  VclockTimer  *timer;
  GMainContext *context;
  GAsyncQueue  *to_main;
  GAsyncQueue  *to_thread;
} Caller;

static void
slow_cb (VclockTimer *timer,
         guint64      overruns,
         gpointer     user_data)
{
  Caller *self = user_data;

  g_async_queue_push (self->to_main, self);
  g_async_queue_pop (self->to_thread);
}

static gpointer
call_thread (gpointer user_data)
{
  Caller *self = user_data;

  g_main_context_push_thread_default (self->context);
  g_assert_cmpuint (vclock_clock_run_timers (vclock_timer_get_clock (self->timer)), ==, 1);
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

/* A callback that another thread calls without a main loop is waited for. */
static void
test_callback (Fixture       *fixture,
               gconstpointer  unused)
{
  Caller self = { NULL, g_main_context_new (), g_async_queue_new (), g_async_queue_new () };
  g_autoptr (VclockTimer) own = NULL;
  GThread *thread;

  self.timer = vclock_timer_new_full (fixture->clock, self.context, G_PRIORITY_DEFAULT,
                                      VCLOCK_SCALE_NS);
  vclock_timer_set_callback (self.timer, slow_cb, &self, NULL);
  vclock_timer_arm (self.timer, 0);
  thread = g_thread_new ("call", call_thread, &self);
  g_async_queue_pop (self.to_main);
  own = test_exact_timer_new (fixture, fixture->clock, "a", 10);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");
  g_async_queue_push (self.to_thread, &self);
  test_wait_until (fixture->context, fixture->log->len > 0);
  test_assert_log (fixture->log, "a10 ");

  g_thread_join (thread);
  g_assert_finalize_object (self.timer);
  g_main_context_unref (self.context);
  g_async_queue_unref (self.to_main);
  g_async_queue_unref (self.to_thread);
}

typedef struct
{
  VclockClock *clock;
  GString     *log;
} Nester;

static void
run_inner_cb (VclockTimer *timer,
              guint64      overruns,
              gpointer     user_data)
{
  Nester *self = user_data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  VclockTimer *inner = vclock_timer_new_full (self->clock, context, G_PRIORITY_DEFAULT,
                                              VCLOCK_SCALE_NS);

  vclock_timer_set_name (inner, "inner ");
  vclock_timer_set_callback (inner, test_log_name_cb, self->log, NULL);
  vclock_timer_arm (inner, 20);
  while (vclock_timer_is_armed (inner))
    g_main_context_iteration (context, TRUE);
  g_assert_finalize_object (inner);
}

static gpointer
nest_thread (gpointer user_data)
{
  Nester *self = user_data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  VclockTimer *first = vclock_timer_new_full (self->clock, context, G_PRIORITY_DEFAULT,
                                              VCLOCK_SCALE_NS);
  VclockTimer *last = test_timer_new_full (self->clock, context, G_PRIORITY_DEFAULT, "last ",
                                           self->log);

  vclock_timer_set_callback (first, run_inner_cb, self, NULL);
  vclock_timer_arm (first, 5);
  vclock_timer_arm (last, 30);
  while (vclock_timer_is_armed (last))
    g_main_context_iteration (context, TRUE);
  g_assert_finalize_object (first);
  g_assert_finalize_object (last);

  return NULL;
}

/* Of a thread that runs one context inside of another, the inner one counts while it runs. */
static void
test_nested (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (VclockTimer) own = test_exact_timer_new (fixture, fixture->clock, "a", 10);
  g_autoptr (VclockTimer) later = test_exact_timer_new (fixture, fixture->clock, "b", 40);
  Nester self = { fixture->clock, g_string_new (NULL) };
  GThread *thread = g_thread_new ("nest", nest_thread, &self);

  g_assert_true (vclock_timer_is_armed (own));
  test_wait_until (fixture->context, !vclock_timer_is_armed (later));
  test_assert_log (fixture->log, "a10 b40 ");
  g_thread_join (thread);
  test_assert_log (self.log, "inner last ");
  g_string_free (self.log, TRUE);
}

#define ADD(path, func) \
  g_test_add ("/virtual-clock-warp/" path, Fixture, NULL, test_fixture_set_up_warp, func, \
              test_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  g_test_add_func ("/virtual-clock-warp/threads", test_threads);
  ADD ("threads/callback", test_callback);
  ADD ("threads/ended", test_thread_ended);
  ADD ("threads/left", test_thread_left);
  ADD ("threads/nested", test_nested);
  ADD ("threads/sleep", test_sleep_threads);

  return g_test_run ();
}
