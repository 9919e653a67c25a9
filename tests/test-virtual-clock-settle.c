/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

/* Moves under a main loop that settles: each case in the form that iterates the context and in the
 * one that works while somebody else does. */

typedef struct
{
  GMainContext       *context;
  VclockVirtualClock *self;
  VclockClock        *clock;
  GString            *log;
  GAsyncResult       *result;
  gboolean            is_async;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  is_async)
{
  fixture->context = g_main_context_new ();
  g_main_context_push_thread_default (fixture->context);
  fixture->self = vclock_virtual_clock_new ();
  fixture->clock = VCLOCK_CLOCK (fixture->self);
  fixture->log = g_string_new (NULL);
  fixture->is_async = is_async != NULL;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  is_async)
{
  g_assert_null (fixture->result);
  g_assert_finalize_object (fixture->clock);
  g_main_context_pop_thread_default (fixture->context);
  g_main_context_unref (fixture->context);
  g_string_free (fixture->log, TRUE);
}

static void
store_cb (GObject      *clock,
          GAsyncResult *result,
          gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_assert_null (fixture->result);
  fixture->result = g_object_ref (result);
}

static GAsyncResult *
wait_for_result (Fixture *fixture)
{
  while (fixture->result == NULL)
    g_main_context_iteration (fixture->context, TRUE);

  return g_steal_pointer (&fixture->result);
}

static void
advance (Fixture    *fixture,
         VclockTime  span)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (!fixture->is_async)
    {
      vclock_virtual_clock_advance_settled (fixture->self, span);
      return;
    }

  vclock_virtual_clock_advance_async (fixture->self, span, NULL, store_cb, fixture);
  result = wait_for_result (fixture);
  g_assert_true (vclock_virtual_clock_advance_finish (fixture->self, result, &error));
  g_assert_no_error (error);
}

static void
jump (Fixture    *fixture,
      VclockTime  to)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (!fixture->is_async)
    {
      vclock_virtual_clock_jump_settled (fixture->self, to);
      return;
    }

  vclock_virtual_clock_jump_async (fixture->self, to, NULL, store_cb, fixture);
  result = wait_for_result (fixture);
  g_assert_true (vclock_virtual_clock_jump_finish (fixture->self, result, NULL));
}

static gboolean
step (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (!fixture->is_async)
    return vclock_virtual_clock_step_settled (fixture->self);

  vclock_virtual_clock_step_async (fixture->self, NULL, store_cb, fixture);
  result = wait_for_result (fixture);

  return vclock_virtual_clock_step_finish (fixture->self, result, NULL);
}

static gboolean
run_until_idle (Fixture  *fixture,
                guint64   limit,
                GError  **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (!fixture->is_async)
    return vclock_virtual_clock_run_until_idle_settled (fixture->self, limit, error);

  vclock_virtual_clock_run_until_idle_async (fixture->self, limit, NULL, store_cb, fixture);
  result = wait_for_result (fixture);

  return vclock_virtual_clock_run_until_idle_finish (fixture->self, result, error);
}

/* What a timer sets going: an idle, which sets another one going, which arms a timer. */
typedef struct
{
  Fixture     *fixture;
  VclockTimer *timer;
  guint        n_idles;
} Chain;

static void
log_now (Fixture    *fixture,
         const char *what)
{
  g_string_append_printf (fixture->log, "%s%" G_GINT64_FORMAT " ", what,
                          vclock_clock_get_time (fixture->clock));
}

static void
attach_idle (Fixture     *fixture,
             GSourceFunc  func,
             gpointer     user_data)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, func, user_data, NULL);
  g_source_attach (source, fixture->context);
}

static gboolean
chain_idle_cb (gpointer user_data)
{
  Chain *chain = user_data;

  log_now (chain->fixture, "i");
  if (++chain->n_idles % 2 == 1)
    attach_idle (chain->fixture, chain_idle_cb, chain);
  else
    vclock_timer_arm_after (chain->timer, 1);

  return G_SOURCE_REMOVE;
}

static void
chain_expired_cb (VclockTimer *timer,
                  guint64      overruns,
                  gpointer     user_data)
{
  Chain *chain = user_data;

  log_now (chain->fixture, "t");
  attach_idle (chain->fixture, chain_idle_cb, chain);
}

static VclockTimer *
chain_new (Chain   *chain,
           Fixture *fixture)
{
  *chain = (Chain) { fixture, vclock_timer_new (fixture->clock), 0 };
  vclock_timer_set_callback (chain->timer, chain_expired_cb, chain, NULL);
  vclock_timer_arm (chain->timer, 1);

  return chain->timer;
}

/* Two idles between any two timers, at the time of the timer; the end is exact. */
static void
test_advance (Fixture       *fixture,
              gconstpointer  is_async)
{
  g_autoptr (VclockTimer) other = vclock_timer_new (fixture->clock);
  Chain chain;
  g_autoptr (VclockTimer) timer = chain_new (&chain, fixture);
  guint n = 0;

  vclock_timer_set_callback (other, test_count_cb, &n, NULL);
  vclock_timer_arm (other, 3);
  advance (fixture, 2);
  test_assert_log (fixture->log, "t1 i1 i1 t2 i2 i2 ");
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 2);
  g_assert_cmpuint (n, ==, 0);
  advance (fixture, 0);
  test_assert_log (fixture->log, "");
  vclock_timer_disarm (timer);
  advance (fixture, SEC (3600) - 2);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, SEC (3600));
  g_assert_cmpuint (n, ==, 1);
}

/* What was going on before has happened before time goes on. */
static void
test_advance_settles_first (Fixture       *fixture,
                            gconstpointer  is_async)
{
  Chain chain;
  g_autoptr (VclockTimer) timer = chain_new (&chain, fixture);

  vclock_timer_disarm (timer);
  attach_idle (fixture, chain_idle_cb, &chain);
  advance (fixture, 5);
  test_assert_log (fixture->log, "i0 i0 t1 i1 i1 t2 i2 i2 t3 i3 i3 t4 i4 i4 t5 i5 i5 ");
  vclock_timer_disarm (timer);
}

static void
task_done_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      fixture)
{
  log_now (fixture, "g");
}

static void
start_task_cb (VclockTimer *timer,
               guint64      overruns,
               gpointer     fixture)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, task_done_cb, fixture);

  log_now (fixture, "t");
  g_task_return_boolean (task, TRUE);
}

/* A task that a timer completes reports at the timer's time. */
static void
test_task (Fixture       *fixture,
           gconstpointer  is_async)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);

  vclock_timer_set_callback (timer, start_task_cb, fixture, NULL);
  vclock_timer_set_period (timer, 10);
  vclock_timer_arm (timer, 10);
  advance (fixture, 25);
  test_assert_log (fixture->log, "t10 g10 t20 g20 ");
  vclock_timer_disarm (timer);
}

static gboolean
source_cb (gpointer user_data)
{
  Fixture *fixture = user_data;
  GSource *source = g_main_current_source ();

  log_now (fixture, "s");
  vclock_timer_source_set_deadline (source, vclock_clock_get_time (fixture->clock) + 5);

  return G_SOURCE_CONTINUE;
}

/* Sources of the clock are dispatched on the way, and count. */
static void
test_sources (Fixture       *fixture,
              gconstpointer  is_async)
{
  g_autoptr (GSource) source = vclock_timer_source_new (fixture->clock, 5);
  g_autoptr (GError) error = NULL;

  g_source_set_callback (source, source_cb, fixture, NULL);
  g_source_attach (source, fixture->context);
  advance (fixture, 12);
  test_assert_log (fixture->log, "s5 s10 ");
  g_assert_false (run_until_idle (fixture, 2, &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LIMIT);
  test_assert_log (fixture->log, "s15 s20 ");
  g_source_destroy (source);
  g_assert_true (run_until_idle (fixture, 2, NULL));
}

/* A jump is one stall, and what it sets going has happened when it ends. */
static void
test_jump (Fixture       *fixture,
           gconstpointer  is_async)
{
  Chain chain;
  g_autoptr (VclockTimer) timer = chain_new (&chain, fixture);

  jump (fixture, 100);
  test_assert_log (fixture->log, "t100 i100 i100 ");
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, 101);
  jump (fixture, 50);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 50);
  test_assert_log (fixture->log, "");
  vclock_timer_disarm (timer);
}

static void
test_step (Fixture       *fixture,
           gconstpointer  is_async)
{
  Chain chain;
  g_autoptr (VclockTimer) timer = chain_new (&chain, fixture);

  g_assert_true (step (fixture));
  test_assert_log (fixture->log, "t1 i1 i1 ");
  g_assert_true (step (fixture));
  test_assert_log (fixture->log, "t2 i2 i2 ");
  vclock_timer_disarm (timer);
  g_assert_false (step (fixture));
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 2);
}

/* It sees the timers that are armed only by what others set going. */
static void
test_run_until_idle (Fixture       *fixture,
                     gconstpointer  is_async)
{
  g_autoptr (GError) error = NULL;
  Chain chain;
  g_autoptr (VclockTimer) timer = chain_new (&chain, fixture);

  g_assert_false (run_until_idle (fixture, 2, &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LIMIT);
  test_assert_log (fixture->log, "t1 i1 i1 t2 i2 i2 ");
  vclock_timer_disarm (timer);
  g_assert_true (run_until_idle (fixture, 2, NULL));
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 2);
}

static void
nested_cb (VclockTimer *timer,
           guint64      overruns,
           gpointer     user_data)
{
  Fixture *fixture = user_data;

  log_now (fixture, "<");
  vclock_virtual_clock_advance_settled (fixture->self, 15);
  log_now (fixture, ">");
}

/* From inside a callback: the inner move reaches its end before the outer one goes on. */
static void
test_nested (Fixture       *fixture,
             gconstpointer  is_async)
{
  g_autoptr (VclockTimer) outer = vclock_timer_new (fixture->clock);
  g_autoptr (VclockTimer) inner = vclock_timer_new (fixture->clock);

  vclock_timer_set_callback (outer, nested_cb, fixture, NULL);
  vclock_timer_set_callback (inner, start_task_cb, fixture, NULL);
  vclock_timer_set_period (inner, 10);
  vclock_timer_arm (outer, 5);
  vclock_timer_arm (inner, 10);
  advance (fixture, 30);
  test_assert_log (fixture->log, "<5 t10 g10 t20 g20 >20 t30 g30 ");
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 30);
  vclock_timer_disarm (inner);
}

/* The parent's time does not count meanwhile, and does again afterwards. */
static void
test_with_parent (Fixture       *fixture,
                  gconstpointer  is_async)
{
  TestClock *parent = test_clock_new ();

  vclock_virtual_clock_set_parent (fixture->self, VCLOCK_CLOCK (parent));
  parent->now = 3;
  advance (fixture, 10);
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 13);
  parent->now = 4;
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 14);
  vclock_virtual_clock_set_parent (fixture->self, NULL);
  g_assert_finalize_object (parent);
}

static void
cancel_cb (VclockTimer *timer,
           guint64      overruns,
           gpointer     cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* It stops where it has come to, and the clock is free again. */
static void
test_cancel (Fixture       *fixture,
             gconstpointer  is_async)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  TestClock *parent = test_clock_new ();

  vclock_virtual_clock_set_parent (fixture->self, VCLOCK_CLOCK (parent));
  vclock_timer_set_callback (timer, cancel_cb, cancellable, NULL);
  vclock_timer_arm (timer, 7);
  vclock_virtual_clock_advance_async (fixture->self, 20, cancellable, store_cb, fixture);
  result = wait_for_result (fixture);
  g_assert_false (vclock_virtual_clock_advance_finish (fixture->self, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  parent->now = 1;
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 8);
  vclock_virtual_clock_set_parent (fixture->self, NULL);
  g_assert_finalize_object (parent);
}

static gpointer
advance_thread (gpointer clock)
{
  vclock_virtual_clock_advance_settled (clock, 5);

  return NULL;
}

/* Nothing is iterated that another thread runs; the message says what to do. */
static void
test_wrong_thread (Fixture       *fixture,
                   gconstpointer  is_async)
{
  g_assert_true (g_main_context_acquire (NULL));
  test_expect_log (G_LOG_LEVEL_CRITICAL, "*thread-default main context*");
  g_thread_join (g_thread_new ("advance", advance_thread, fixture->self));
  test_assert_expected_log ();
  g_assert_cmpint (vclock_clock_get_time (fixture->clock), ==, 0);
  g_main_context_release (NULL);
}

#define ADD(path, func) \
  G_STMT_START { \
    g_test_add ("/virtual-clock-settle/" path, Fixture, NULL, set_up, func, tear_down); \
    g_test_add ("/virtual-clock-settle/" path "/async", Fixture, "", set_up, func, tear_down); \
  } G_STMT_END

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  ADD ("advance", test_advance);
  ADD ("advance/settles-first", test_advance_settles_first);
  ADD ("task", test_task);
  ADD ("sources", test_sources);
  ADD ("jump", test_jump);
  ADD ("step", test_step);
  ADD ("run-until-idle", test_run_until_idle);
  ADD ("nested", test_nested);
  ADD ("with-parent", test_with_parent);
  g_test_add ("/virtual-clock-settle/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
  g_test_add ("/virtual-clock-settle/wrong-thread", Fixture, NULL, set_up, test_wrong_thread,
              tear_down);

  return g_test_run ();
}
