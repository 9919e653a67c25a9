/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <glib-vclock/vclock-clock-private.h>

#define N_ROUNDS TEST_ROUNDS (3000)

typedef struct
{
  VclockVirtualClock *self;
  VclockClock        *clock;
  GCancellable       *cancellable;
  GString            *log;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->self = vclock_virtual_clock_new ();
  fixture->clock = VCLOCK_CLOCK (fixture->self);
  fixture->cancellable = g_cancellable_new ();
  fixture->log = g_string_new (NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_cmpuint (test_iterate (NULL), ==, 0);
  test_assert_log (fixture->log, "");
  g_assert_false (vclock_clock_has_timers (fixture->clock));
  g_assert_finalize_object (fixture->cancellable);
  g_assert_finalize_object (fixture->clock);
  g_string_free (fixture->log, TRUE);
}

static void
log_result (Fixture      *fixture,
            const char   *what,
            gboolean      result,
            const GError *error)
{
  g_assert_true (result == (error == NULL));
  if (error != NULL)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_string_append_printf (fixture->log, "%s%s%" G_GINT64_FORMAT " ", what, result ? "" : "!",
                          vclock_clock_get_time (fixture->clock));
}

static void
slept_cb (GObject      *clock,
          GAsyncResult *result,
          gpointer      user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GError) error = NULL;
  gboolean slept = vclock_clock_sleep_finish (VCLOCK_CLOCK (clock), result, &error);

  g_assert_true (clock == G_OBJECT (fixture->clock));
  log_result (fixture, "s", slept, error);
}

static void
slept_until_cb (GObject      *clock,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean slept = vclock_clock_sleep_until_finish (VCLOCK_CLOCK (clock), result, &error);

  log_result (user_data, "u", slept, error);
}

static void
begin_sleep (Fixture    *fixture,
             VclockTime  span)
{
  vclock_clock_sleep_async (fixture->clock, span, fixture->cancellable, slept_cb, fixture);
}

/* A sleep is counted from the call, ends when the clock gets there, and not inside of the move. */
static void
test_sleep (Fixture       *fixture,
            gconstpointer  unused)
{
  vclock_virtual_clock_advance (fixture->self, 50);
  begin_sleep (fixture, 10);
  vclock_clock_sleep_until_async (fixture->clock, 65, NULL, slept_until_cb, fixture);
  g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, VCLOCK_TIMER_ATTRIBUTES_NONE),
                   ==, 60);
  vclock_virtual_clock_advance (fixture->self, 9);
  test_iterate (NULL);
  test_assert_log (fixture->log, "");
  vclock_virtual_clock_advance (fixture->self, 1);
  test_assert_log (fixture->log, "");
  test_iterate (NULL);
  test_assert_log (fixture->log, "s60 ");
  vclock_virtual_clock_jump (fixture->self, 100);
  test_iterate (NULL);
  test_assert_log (fixture->log, "u100 ");
}

/* What has passed ends soon, and not inside of the call. */
static void
test_past (Fixture       *fixture,
           gconstpointer  unused)
{
  const VclockTime spans[] = { 0, -1, G_MININT64 };

  vclock_virtual_clock_jump (fixture->self, 7);
  test_iterate (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      begin_sleep (fixture, spans[i]);
      test_assert_log (fixture->log, "");
      test_iterate (NULL);
      test_assert_log (fixture->log, "s7 ");
      vclock_clock_sleep_until_async (fixture->clock, 7 + MIN (spans[i], 0), NULL, slept_until_cb,
                                      fixture);
      test_assert_log (fixture->log, "");
      test_iterate (NULL);
      test_assert_log (fixture->log, "u7 ");
    }
}

/* Never is never, also counted from a negative time, and can be cancelled. */
static void
test_never (Fixture       *fixture,
            gconstpointer  unused)
{
  vclock_virtual_clock_jump (fixture->self, -100);
  begin_sleep (fixture, VCLOCK_TIME_NEVER);
  vclock_clock_sleep_until_async (fixture->clock, VCLOCK_TIME_NEVER, fixture->cancellable,
                                  slept_until_cb, fixture);
  vclock_virtual_clock_jump (fixture->self, VCLOCK_TIME_NEVER - 1);
  test_iterate (NULL);
  test_assert_log (fixture->log, "");
  vclock_virtual_clock_jump (fixture->self, 1);
  g_cancellable_cancel (fixture->cancellable);
  test_assert_log (fixture->log, "");
  test_iterate (NULL);
  test_assert_log (fixture->log, "s!1 u!1 ");
}

static void
sleep_again_cb (GObject      *clock,
                GAsyncResult *result,
                gpointer      user_data)
{
  Fixture *fixture = user_data;

  slept_cb (clock, result, fixture);
  if (vclock_clock_get_time (fixture->clock) < 40)
    vclock_clock_sleep_async (fixture->clock, 10, NULL, sleep_again_cb, fixture);
}

/* Who is asleep is listed so. */
static void
test_name (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autofree char *leftovers = NULL;
  guint n_timers;

  begin_sleep (fixture, 10);
  leftovers = vclock_clock_describe_timers (fixture->clock, &n_timers);
  g_assert_cmpuint (n_timers, ==, 1);
  g_assert_nonnull (strstr (leftovers, "“sleep”"));
  vclock_virtual_clock_advance_settled (fixture->self, 10);
  test_assert_log (fixture->log, "s10 ");
}

/* When the main loop settles, a sleeper that sleeps again wakes at each of its deadlines. */
static void
test_settled (Fixture       *fixture,
              gconstpointer  unused)
{
  vclock_clock_sleep_async (fixture->clock, 10, NULL, sleep_again_cb, fixture);
  vclock_virtual_clock_advance_settled (fixture->self, 25);
  test_assert_log (fixture->log, "s10 s20 ");
  g_assert_true (vclock_virtual_clock_step_settled (fixture->self));
  test_assert_log (fixture->log, "s30 ");
  g_assert_true (vclock_virtual_clock_run_until_idle_settled (fixture->self, 10, NULL));
  test_assert_log (fixture->log, "s40 ");
}

/* A disabled clock ends no sleep; cancelling does. A clock that is set back takes none back that
 * was due. */
static void
test_disabled (Fixture       *fixture,
               gconstpointer  unused)
{
  vclock_clock_set_enabled (fixture->clock, FALSE);
  begin_sleep (fixture, 0);
  vclock_clock_sleep_async (fixture->clock, 5, NULL, slept_cb, fixture);
  vclock_virtual_clock_advance (fixture->self, 10);
  test_iterate (NULL);
  test_assert_log (fixture->log, "");
  g_cancellable_cancel (fixture->cancellable);
  test_iterate (NULL);
  test_assert_log (fixture->log, "s!10 ");
  vclock_virtual_clock_jump (fixture->self, 2);
  vclock_clock_set_enabled (fixture->clock, TRUE);
  test_iterate (NULL);
  test_assert_log (fixture->log, "s2 ");
}

/* Cancelled before, during and when due, there is one result, at once, and no timer is left. */
static void
test_cancel (Fixture       *fixture,
             gconstpointer  unused)
{
  begin_sleep (fixture, 10);
  begin_sleep (fixture, 20);
  test_iterate (NULL);
  vclock_virtual_clock_advance (fixture->self, 10);
  g_cancellable_cancel (fixture->cancellable);
  test_assert_log (fixture->log, "");
  test_iterate (NULL);
  test_assert_log (fixture->log, "s!10 s!10 ");
  g_assert_false (vclock_clock_has_timers (fixture->clock));

  begin_sleep (fixture, 10);
  begin_sleep (fixture, 0);
  test_assert_log (fixture->log, "");
  test_iterate (NULL);
  test_assert_log (fixture->log, "s!10 s!10 ");
  vclock_virtual_clock_advance (fixture->self, 10);
}

/* A cancellable that is reset before anybody has noticed did not end the sleep, and can do so
 * later. */
static void
test_reset (Fixture       *fixture,
            gconstpointer  unused)
{
  begin_sleep (fixture, 10);
  g_cancellable_cancel (fixture->cancellable);
  g_cancellable_reset (fixture->cancellable);
  test_iterate (NULL);
  test_assert_log (fixture->log, "");
  g_cancellable_cancel (fixture->cancellable);
  test_iterate (NULL);
  test_assert_log (fixture->log, "s!0 ");
}

typedef struct
{
  VclockTime  deadline;
  guint       index;
  GArray     *woken; /* (element-type Sleeper) */
} Sleeper;

static void
woken_cb (GObject      *clock,
          GAsyncResult *result,
          gpointer      user_data)
{
  Sleeper *sleeper = user_data;

  g_assert_true (vclock_clock_sleep_until_finish (VCLOCK_CLOCK (clock), result, NULL));
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), >=, sleeper->deadline);
  g_array_append_vals (sleeper->woken, sleeper, 1);
}

static void
add_sleepers (Fixture *fixture,
              Sleeper *sleepers,
              guint    begin,
              guint    end,
              GArray  *woken)
{
  for (guint i = begin; i < end; i++)
    {
      sleepers[i] = (Sleeper) { g_test_rand_int_range (1, 500), i, woken };
      vclock_clock_sleep_until_async (fixture->clock, sleepers[i].deadline, NULL, woken_cb,
                                      &sleepers[i]);
    }
}

typedef struct
{
  Fixture *fixture;
  Sleeper  sleepers[1000];
  GArray  *woken;
  gboolean done;
} Crowd;

/* The second half begins to sleep in the dispatch in which the clock moves. */
static gboolean
crowd_cb (gpointer user_data)
{
  Crowd *crowd = user_data;

  add_sleepers (crowd->fixture, crowd->sleepers, 500, 1000, crowd->woken);
  vclock_virtual_clock_advance (crowd->fixture->self, 1000);
  crowd->done = TRUE;

  return G_SOURCE_REMOVE;
}

static void
assert_in_order (Crowd *crowd)
{
  g_assert_cmpuint (crowd->woken->len, ==, 1000);
  for (guint i = 1; i < 1000; i++)
    {
      Sleeper *a = &g_array_index (crowd->woken, Sleeper, i - 1);
      Sleeper *b = &g_array_index (crowd->woken, Sleeper, i);

      g_assert_cmpint (a->deadline, <=, b->deadline);
      if (a->deadline == b->deadline)
        g_assert_cmpuint (a->index, <, b->index);
    }
}

/* 1000 sleepers wake in the order of their deadlines, then of their calls: whether the clock
 * moves outside of the main loop, settling, or inside of a dispatch. */
static void
test_order (Fixture       *fixture,
            gconstpointer  unused)
{
  for (guint how = 0; how < 3; how++)
    {
      Crowd crowd = { .fixture = fixture };

      vclock_virtual_clock_jump (fixture->self, 0);
      crowd.woken = g_array_new (FALSE, FALSE, sizeof (Sleeper));
      add_sleepers (fixture, crowd.sleepers, 0, how == 2 ? 500 : 1000, crowd.woken);
      if (how == 0)
        vclock_virtual_clock_advance (fixture->self, 1000);
      else if (how == 1)
        vclock_virtual_clock_advance_settled (fixture->self, 1000);
      else
        g_idle_add (crowd_cb, &crowd);
      if (how != 1)
        g_assert_cmpuint (crowd.woken->len, ==, 0);
      test_iterate (NULL);
      assert_in_order (&crowd);
      g_array_unref (crowd.woken);
    }
}

/* On a clock of the host, a sleep is never early. */
static void
test_real (void)
{
  VclockClock *clock = test_get_monotonic ();
  g_autoptr (GArray) woken = g_array_new (FALSE, FALSE, sizeof (Sleeper));
  Sleeper sleeper = { vclock_clock_get_time (clock) + MSEC (1), 0, woken };

  vclock_clock_sleep_until_async (clock, sleeper.deadline, NULL, woken_cb, &sleeper);
  test_wait_until (NULL, woken->len > 0);
}

static gpointer
cancel_thread (gpointer data)
{
  g_autoptr (GCancellable) cancellable = data;

  g_cancellable_cancel (cancellable);

  return NULL;
}

static void
count_ends_cb (GObject      *clock,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  int *n_ends = user_data;

  if (!vclock_clock_sleep_finish (VCLOCK_CLOCK (clock), result, &error))
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_atomic_int_inc (n_ends);
}

/* Cancelled by another thread, before, while or after it is due, a sleep ends once and leaves
 * nothing. */
static void
test_cancel_race (void)
{
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      VclockVirtualClock *clock = vclock_virtual_clock_new ();
      GCancellable *cancellable = g_cancellable_new ();
      GThread *thread;
      int n_ends = 0;

      vclock_clock_sleep_async (VCLOCK_CLOCK (clock), i % 3, cancellable, count_ends_cb, &n_ends);
      thread = g_thread_new ("cancel", cancel_thread, g_object_ref (cancellable));
      for (int n_left = g_test_rand_int_range (0, 4); n_left > 0; n_left--)
        g_main_context_iteration (NULL, FALSE);
      if (i % 2 == 0)
        vclock_virtual_clock_advance (clock, 1);
      test_wait_until (NULL, n_ends > 0);
      g_thread_join (thread);
      test_iterate (NULL);
      g_assert_cmpint (n_ends, ==, 1);
      g_assert_false (vclock_clock_has_timers (VCLOCK_CLOCK (clock)));
      g_assert_finalize_object (cancellable);
      g_assert_finalize_object (clock);
    }
}

typedef struct
{
  VclockClock *clock;
  int          n_ends;
} Foreign;

static gpointer
foreign_thread (gpointer data)
{
  Foreign *foreign = data;

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      GCancellable *cancellable = g_cancellable_new ();
      GThread *thread = NULL;

      if (i % 4 == 0)
        thread = g_thread_new ("cancel", cancel_thread, g_object_ref (cancellable));
      vclock_clock_sleep_async (foreign->clock, i % 2, cancellable, count_ends_cb,
                                &foreign->n_ends);
      g_cancellable_cancel (cancellable);
      if (thread != NULL)
        g_thread_join (thread);
      g_object_unref (cancellable);
    }

  return NULL;
}

/* A thread without a context of its own may sleep in that of the main thread, which runs. */
static void
test_foreign_context (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  Foreign foreign = { VCLOCK_CLOCK (clock), 0 };
  GThread *thread = g_thread_new ("foreign", foreign_thread, &foreign);

  while (g_atomic_int_get (&foreign.n_ends) < N_ROUNDS)
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);
  test_iterate (NULL);
  g_assert_cmpint (foreign.n_ends, ==, N_ROUNDS);
  g_assert_false (vclock_clock_has_timers (foreign.clock));
  g_assert_finalize_object (g_steal_pointer (&clock));
}

static gboolean
never_cb (gpointer unused)
{
  g_assert_not_reached ();

  return G_SOURCE_REMOVE;
}

static void
gone_cb (gpointer gone)
{
  *(gboolean *) gone = TRUE;
}

/* Has @gone set when the context goes away. */
static GMainContext *
watched_context_new (gboolean *gone)
{
  GMainContext *context = g_main_context_new ();
  g_autoptr (GSource) source = g_timeout_source_new_seconds (3600);

  g_source_set_callback (source, never_cb, gone, gone_cb);
  g_source_attach (source, context);

  return context;
}

/* In whichever order clock, cancellable and context are given up during a sleep, they live until
 * it has ended, however it ends, and no longer. */
static void
test_finalize (void)
{
  const char *orders[] = { "clx", "cxl", "lcx", "lxc", "xcl", "xlc" };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (orders); i++)
    {
      gboolean gone = FALSE;
      GMainContext *context = watched_context_new (&gone);
      VclockVirtualClock *clock = vclock_virtual_clock_new ();
      GCancellable *cancellable = g_cancellable_new ();
      VclockVirtualClock *clock_alive = clock;
      GCancellable *cancellable_alive = cancellable;
      int n_ends = 0;

      g_object_add_weak_pointer (G_OBJECT (clock), (gpointer *) &clock_alive);
      g_object_add_weak_pointer (G_OBJECT (cancellable), (gpointer *) &cancellable_alive);
      g_main_context_push_thread_default (context);
      vclock_clock_sleep_async (VCLOCK_CLOCK (clock), 5, cancellable, count_ends_cb, &n_ends);
      g_main_context_pop_thread_default (context);
      for (const char *who = orders[i / 2]; *who != '\0'; who++)
        switch (*who)
          {
          case 'c':
            g_object_unref (clock);
            break;
          case 'l':
            g_object_unref (cancellable);
            break;
          default:
            g_main_context_unref (context);
            break;
          }

      g_assert_nonnull (clock_alive);
      g_assert_nonnull (cancellable_alive);
      g_assert_false (gone);
      g_main_context_push_thread_default (context);
      if (i % 2 == 0)
        g_cancellable_cancel (cancellable);
      else
        vclock_virtual_clock_advance (clock, 5);
      test_wait_until (context, n_ends > 0);
      g_assert_null (clock_alive);
      g_assert_null (cancellable_alive);
      g_main_context_pop_thread_default (context);
      g_assert_true (gone);
    }
}

/* A clock that warps goes from sleeper to sleeper. */
static void
test_warp (Fixture       *fixture,
           gconstpointer  unused)
{
  vclock_virtual_clock_set_warp_mode (fixture->self, VCLOCK_WARP_MODE_JUMP);
  vclock_clock_sleep_async (fixture->clock, 10, NULL, sleep_again_cb, fixture);
  test_wait_until (NULL, fixture->log->len >= strlen ("s10 s20 s30 s40 "));
  test_assert_log (fixture->log, "s10 s20 s30 s40 ");
}

/* A result can only be ended by the function that belongs to it. */
static void
other_finish_cb (GObject      *clock,
                 GAsyncResult *result,
                 gpointer      done)
{
  g_autoptr (GError) error = NULL;

  g_test_expect_message ("Vclock", G_LOG_LEVEL_CRITICAL, "*g_async_result_is_tagged*");
  g_assert_false (vclock_clock_sleep_until_finish (VCLOCK_CLOCK (clock), result, &error));
  g_test_assert_expected_messages ();
  g_assert_no_error (error);
  g_assert_true (vclock_clock_sleep_finish (VCLOCK_CLOCK (clock), result, &error));
  *(gboolean *) done = TRUE;
}

static void
test_other_finish (Fixture       *fixture,
                   gconstpointer  unused)
{
  gboolean done = FALSE;

  vclock_clock_sleep_async (fixture->clock, 0, NULL, other_finish_cb, &done);
  test_wait_until (NULL, done);
  vclock_clock_sleep_async (fixture->clock, 0, NULL, NULL, NULL);
  test_iterate (NULL);
}

#define ADD(path, func) g_test_add ("/sleep/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  ADD ("async", test_sleep);
  ADD ("async/past", test_past);
  ADD ("async/never", test_never);
  ADD ("async/settled", test_settled);
  ADD ("async/disabled", test_disabled);
  ADD ("async/name", test_name);
  ADD ("async/order", test_order);
  ADD ("async/other-finish", test_other_finish);
  ADD ("async/warp", test_warp);
  ADD ("cancel", test_cancel);
  ADD ("cancel/reset", test_reset);
  g_test_add_func ("/sleep/cancel/race", test_cancel_race);
  g_test_add_func ("/sleep/cancel/foreign-context", test_foreign_context);
  g_test_add_func ("/sleep/finalize", test_finalize);
  g_test_add_func ("/sleep/real", test_real);

  return g_test_run ();
}
