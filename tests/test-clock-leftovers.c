/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-leftovers.h"

/* The list of who waits, in the messages of errors: who is on it, and in which order. */

/* A clock without armed timers has no leftovers, whatever is armed on the clock that it follows. */
static void
test_none (void)
{
  g_autoptr (VclockClock) parent = test_virtual_new ("parent", NULL);
  g_autoptr (VclockClock) clock = test_virtual_new ("virtual", parent);
  VclockTimer *timer;
  VclockTimer *other;

  test_assert_disarmed (clock);
  timer = test_armed_new (clock, "timer", SEC (1));
  other = test_armed_new (parent, "other", SEC (1));
  g_assert_false (vclock_clock_check_disarmed (clock, NULL));
  vclock_timer_disarm (timer);
  test_assert_disarmed (clock);

  test_drop (timer);
  test_drop (other);
}

/* One timer is listed with its name, deadline, distance and context. */
static void
test_one (void)
{
  g_autoptr (VclockClock) clock = test_virtual_new ("virtual", NULL);
  VclockTimer *timer = test_armed_new (clock, "retry", SEC (7));

  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (clock), SEC (3));
  test_assert_list (clock,
                    "1 timer is still armed on the clock “virtual”:\n"
                    "  timer “retry”: deadline 7000000000 ns (7 s), in 4 s; default main context; "
                    TEST_STANDS);

  test_drop (timer);
}

/* Timers are listed by deadline and then by the order of arming, whatever their priorities. */
static void
test_order (void)
{
  g_autoptr (VclockClock) clock = test_virtual_new ("virtual", NULL);
  VclockTimer *timers[4];

  timers[0] = test_armed_new (clock, "a", 20);
  timers[1] = test_armed_new (clock, "b", 20);
  timers[2] = test_armed_new (clock, "c", 10);
  timers[3] = vclock_timer_new_full (clock, NULL, G_PRIORITY_HIGH, VCLOCK_SCALE_NS);
  vclock_timer_set_name (timers[3], "d");
  vclock_timer_arm (timers[3], 30);
  vclock_timer_arm (timers[0], 20);
  test_assert_list (clock,
                    "4 timers are still armed on the clock “virtual”:\n"
                    "  timer “c”: deadline 10 ns (0.00000001 s), in 0.00000001 s; "
                    "default main context; " TEST_STANDS "\n"
                    "  timer “b”: deadline 20 ns (0.00000002 s), in 0.00000002 s; "
                    "default main context; " TEST_STANDS "\n"
                    "  timer “a”: deadline 20 ns (0.00000002 s), in 0.00000002 s; "
                    "default main context; " TEST_STANDS "\n"
                    "  timer “d”: deadline 30 ns (0.00000003 s), in 0.00000003 s; "
                    "default main context; " TEST_STANDS);

  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    test_drop (timers[i]);
}

/* The clocks that follow a clock count, over any number of others, and are named; each is read by
 * itself. */
static void
test_subtree (void)
{
  g_autoptr (VclockClock) clock = test_virtual_new ("virtual", NULL);
  g_autoptr (VclockClock) child = test_virtual_new ("child", clock);
  g_autoptr (VclockClock) grandchild = test_virtual_new (NULL, child);
  VclockTimer *own = test_armed_new (clock, "own", SEC (9));
  VclockTimer *young = test_armed_new (child, "young", SEC (8));
  VclockTimer *youngest = test_armed_new (grandchild, "youngest", SEC (10));

  vclock_virtual_clock_set_rate (VCLOCK_VIRTUAL_CLOCK (child), 1, 2);
  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (clock), SEC (6));
  test_assert_list (clock,
                    "3 timers are still armed on the clock “virtual”:\n"
                    "  timer “young”: clock “child”; deadline 8000000000 ns (8 s), in 5 s; "
                    "default main context; the clock follows one that stands still\n"
                    "  timer “own”: deadline 9000000000 ns (9 s), in 3 s; "
                    "default main context; " TEST_STANDS "\n"
                    "  timer “youngest”: a clock without a name; deadline 10000000000 ns (10 s), "
                    "in 7 s; default main context; the clock follows one that stands still");
  test_assert_list (grandchild,
                    "1 timer is still armed on the clock:\n"
                    "  timer “youngest”: deadline 10000000000 ns (10 s), in 7 s; "
                    "default main context; the clock follows one that stands still");

  test_drop (own);
  test_drop (young);
  test_drop (youngest);
  test_assert_disarmed (clock);
}

/* A timer that is armed for never is a leftover; so is one without a name. */
static void
test_never (void)
{
  g_autoptr (VclockClock) clock = test_virtual_new (NULL, NULL);
  VclockTimer *timers[2];

  timers[0] = test_armed_new (clock, "patient", VCLOCK_TIME_NEVER);
  timers[1] = test_armed_new (clock, NULL, SEC (1));
  test_assert_list (clock,
                    "2 timers are still armed on the clock:\n"
                    "  unnamed timer: deadline 1000000000 ns (1 s), in 1 s; "
                    "default main context; " TEST_STANDS "\n"
                    "  timer “patient”: its deadline is never; default main context");

  test_drop (timers[0]);
  test_drop (timers[1]);
}

/* A source is listed as one, by its name, once its context has seen it, and until it is ready or
 * destroyed. */
static void
test_source (void)
{
  g_autoptr (VclockClock) clock = test_virtual_new ("virtual", NULL);
  g_autoptr (GSource) named = vclock_timer_source_new (clock, SEC (2));
  g_autoptr (GSource) unnamed = vclock_timer_source_new (clock, SEC (1));

  g_source_set_name (named, "poll");
  g_source_set_callback (named, G_SOURCE_FUNC (g_main_context_default), NULL, NULL);
  g_source_attach (named, NULL);
  g_source_attach (unnamed, NULL);
  test_assert_disarmed (clock);

  test_iterate (NULL);
  test_assert_list (clock,
                    "2 timers are still armed on the clock “virtual”:\n"
                    "  unnamed timer source: deadline 1000000000 ns (1 s), in 1 s; "
                    "default main context; " TEST_STANDS "\n"
                    "  timer source “poll”: deadline 2000000000 ns (2 s), in 2 s; "
                    "default main context; " TEST_STANDS);

  g_source_destroy (unnamed);
  test_assert_list (clock,
                    "1 timer is still armed on the clock “virtual”:\n"
                    "  timer source “poll”: deadline 2000000000 ns (2 s), in 2 s; "
                    "default main context; " TEST_STANDS);

  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (clock), SEC (2));
  test_iterate (NULL);
  test_assert_disarmed (clock);

  vclock_timer_source_set_deadline (named, SEC (5));
  test_assert_list (clock,
                    "1 timer is still armed on the clock “virtual”:\n"
                    "  timer source “poll”: deadline 5000000000 ns (5 s), in 3 s; "
                    "default main context; " TEST_STANDS);
  g_source_destroy (named);
  test_assert_disarmed (clock);
}

/* A source that another thread is about to finalize has no references any more, and is left alone. */
static void
test_source_without_references (void)
{
  g_autoptr (VclockClock) clock = test_virtual_new ("virtual", NULL);
  g_autoptr (GSource) source = vclock_timer_source_new (clock, SEC (1));
  guint n_references;

  g_source_attach (source, NULL);
  test_iterate (NULL);
  g_assert_false (vclock_clock_check_disarmed (clock, NULL));
  g_source_destroy (source);

  n_references = source->ref_count;
  source->ref_count = 0;
  test_assert_disarmed (clock);
  source->ref_count = n_references;
}

#define N_CAPPED 25

static void
check_capped (guint step)
{
  g_autoptr (VclockClock) clock = VCLOCK_CLOCK (test_clock_new ());
  VclockTimer *timers[N_CAPPED];

  for (guint i = 0; i < N_CAPPED; i++)
    {
      timers[i] = vclock_timer_new (clock);
      vclock_timer_arm (timers[i], SEC (i * step % N_CAPPED + 1));
    }

  for (guint n_disarmed = 0; n_disarmed <= N_CAPPED - 20; n_disarmed++)
    {
      g_autoptr (GString) expected = g_string_new (NULL);
      guint n_armed = N_CAPPED - n_disarmed;

      g_string_append_printf (expected, "%u timers are still armed on the clock “test”:", n_armed);
      for (guint i = n_disarmed + 1; i <= n_disarmed + 20; i++)
        g_string_append_printf (expected,
                                "\n  unnamed timer: deadline %u000000000 ns (%u s), in %u s; "
                                "default main context", i, i, i);
      if (n_armed > 20)
        g_string_append_printf (expected, "\n  … and %u more", n_armed - 20);
      test_assert_list (clock, expected->str);

      for (guint i = 0; i < N_CAPPED; i++)
        if (vclock_timer_get_deadline (timers[i]) == SEC (n_disarmed + 1))
          vclock_timer_disarm (timers[i]);
    }

  for (guint i = 0; i < N_CAPPED; i++)
    test_drop (timers[i]);
}

/* All timers are counted and the first 20 are listed, in whatever order they were armed. */
static void
test_capped (void)
{
  check_capped (1);
  check_capped (7);
  check_capped (N_CAPPED - 1);
}

/* A context that goes away disarms its timers: they are no leftovers, and cannot be armed again. */
static void
test_context_gone (void)
{
  g_autoptr (VclockClock) clock = test_virtual_new ("virtual", NULL);
  GMainContext *context = g_main_context_new ();
  VclockTimer *timer = vclock_timer_new_full (clock, context, 0, VCLOCK_SCALE_S);

  vclock_timer_arm (timer, 1);
  g_assert_false (vclock_clock_check_disarmed (clock, NULL));
  g_main_context_unref (context);
  test_assert_disarmed (clock);
  vclock_timer_arm (timer, 1);
  test_assert_disarmed (clock);

  g_assert_finalize_object (timer);
}

static void
check_one_shot_cb (VclockTimer *timer,
                   guint64      overruns,
                   gpointer     n_calls)
{
  test_assert_disarmed (vclock_timer_get_clock (timer));
  (*(int *) n_calls)++;
}

static void
check_periodic_cb (VclockTimer *timer,
                   guint64      overruns,
                   gpointer     n_calls)
{
  test_assert_list (vclock_timer_get_clock (timer),
                    "1 timer is still armed on the clock “virtual”:\n"
                    "  timer “beat”: deadline 3000000000 ns (3 s), in 2 s; default main context");
  (*(int *) n_calls)++;
}

/* In its own callback a one-shot timer is disarmed, and a periodic one waits for its next deadline;
 * the clock, which is being advanced, is not said to stand still. */
static void
test_from_callback (void)
{
  g_autoptr (VclockClock) clock = test_virtual_new ("virtual", NULL);
  VclockTimer *timer = vclock_timer_new (clock);
  int n_calls = 0;

  vclock_timer_set_callback (timer, check_one_shot_cb, &n_calls, NULL);
  vclock_timer_arm (timer, 0);
  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (clock), 0);

  vclock_timer_set_name (timer, "beat");
  vclock_timer_set_callback (timer, check_periodic_cb, &n_calls, NULL);
  vclock_timer_set_period (timer, SEC (2));
  vclock_timer_arm (timer, SEC (1));
  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (clock), SEC (1));
  g_assert_cmpint (n_calls, ==, 2);

  test_drop (timer);
}

/* The error at the limit of run_until_idle () lists who is still armed. */
static void
test_limit (void)
{
  g_autoptr (VclockClock) clock = test_virtual_new ("virtual", NULL);
  VclockTimer *timer = test_armed_new (clock, "beat", SEC (1));
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) settled_error = NULL;

  vclock_timer_set_period (timer, SEC (1));
  g_assert_false (vclock_virtual_clock_run_until_idle (VCLOCK_VIRTUAL_CLOCK (clock), 3, &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LIMIT);
  test_assert_text (error,
                    "Timers are still armed after 3 have expired; "
                    "a periodic timer never ends by itself:\n"
                    "  timer “beat”: deadline 4000000000 ns (4 s), in 1 s; default main context");

  g_assert_false (vclock_virtual_clock_run_until_idle_settled (VCLOCK_VIRTUAL_CLOCK (clock), 2,
                                                               &settled_error));
  g_assert_error (settled_error, VCLOCK_ERROR, VCLOCK_ERROR_LIMIT);
  test_assert_text (settled_error,
                    "Timers are still armed after 2 have expired; "
                    "a periodic timer never ends by itself:\n"
                    "  timer “beat”: deadline 6000000000 ns (6 s), in 1 s; default main context");

  test_drop (timer);
}

/* A clock whose time comes from the test. */
#define HOOK_TYPE_CLOCK (hook_clock_get_type ())
G_DECLARE_FINAL_TYPE (HookClock, hook_clock, HOOK, CLOCK, VclockClock)

struct _HookClock
{
  VclockClock parent_instance;

  void     (* hook) (VclockClock *clock, gpointer user_data);
  gpointer    user_data;
};

G_DEFINE_TYPE (HookClock, hook_clock, VCLOCK_TYPE_CLOCK)

static VclockTime
hook_clock_get_time (VclockClock *clock)
{
  HookClock *self = HOOK_CLOCK (clock);

  if (self->hook != NULL)
    self->hook (clock, self->user_data);

  return 0;
}

static void
hook_clock_class_init (HookClockClass *klass)
{
  VCLOCK_CLOCK_CLASS (klass)->get_time = hook_clock_get_time;
}

static void
hook_clock_init (HookClock *self)
{
}

static void
end_timer_cb (VclockClock *clock,
              gpointer     timer)
{
  g_assert_true (vclock_clock_has_timers (clock));
  HOOK_CLOCK (clock)->hook = NULL;
  vclock_timer_disarm (*(VclockTimer **) timer);
  g_clear_object ((VclockTimer **) timer);
}

/* Clocks are read without the lock: what they do then may end the last timer of the list. */
static void
test_clock_is_read_unlocked (void)
{
  HookClock *clock = g_object_new (HOOK_TYPE_CLOCK, NULL);
  VclockTimer *timer = test_armed_new (VCLOCK_CLOCK (clock), "brief", SEC (1));

  clock->user_data = &timer;
  clock->hook = end_timer_cb;
  test_assert_disarmed (VCLOCK_CLOCK (clock));
  g_assert_null (timer);

  g_assert_finalize_object (clock);
}

#define N_ROUNDS 500

static gpointer
churn (gpointer clock)
{
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr (GMainContext) context = g_main_context_new ();
      g_autoptr (VclockClock) child = test_virtual_new ("child", clock);
      g_autoptr (VclockTimer) timer = NULL;
      g_autoptr (GSource) source = vclock_timer_source_new (child, SEC (1));

      timer = vclock_timer_new_full (child, context, G_PRIORITY_DEFAULT, VCLOCK_SCALE_NS);
      g_source_set_name (source, "source");
      g_source_attach (source, context);
      vclock_timer_arm (timer, SEC (1));
      vclock_timer_set_name (timer, "first");
      test_iterate (context);
      vclock_timer_set_name (timer, "second");
      g_source_destroy (source);
      vclock_timer_disarm (timer);
    }

  return NULL;
}

/* Clocks, timers, sources, names and contexts may come and go in other threads meanwhile. */
static void
test_threads (void)
{
  VclockClock *clock = test_virtual_new ("virtual", NULL);
  VclockTimer *timer = test_armed_new (clock, "fixed", SEC (2));
  GThread *thread = g_thread_new ("churn", churn, clock);

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (vclock_clock_check_disarmed (clock, &error));
      g_assert_nonnull (strstr (error->message, "timer “fixed”"));
    }

  g_thread_join (thread);
  test_drop (timer);
  test_assert_disarmed (clock);
  g_assert_finalize_object (clock);
}

int
main (int    argc,
      char **argv)
{
  test_init (&argc, &argv);

  g_test_add_func ("/clock-leftovers/none", test_none);
  g_test_add_func ("/clock-leftovers/one", test_one);
  g_test_add_func ("/clock-leftovers/order", test_order);
  g_test_add_func ("/clock-leftovers/subtree", test_subtree);
  g_test_add_func ("/clock-leftovers/never", test_never);
  g_test_add_func ("/clock-leftovers/source", test_source);
  g_test_add_func ("/clock-leftovers/source-without-references",
                   test_source_without_references);
  g_test_add_func ("/clock-leftovers/capped", test_capped);
  g_test_add_func ("/clock-leftovers/context-gone", test_context_gone);
  g_test_add_func ("/clock-leftovers/from-callback", test_from_callback);
  g_test_add_func ("/clock-leftovers/limit", test_limit);
  g_test_add_func ("/clock-leftovers/clock-is-read-unlocked", test_clock_is_read_unlocked);
  g_test_add_func ("/clock-leftovers/threads", test_threads);

  return g_test_run ();
}
