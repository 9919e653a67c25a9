/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-fixtures.h"

typedef TestClockFixture Fixture;

/* The context goes while its clock is still there. */
static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_main_context_pop_thread_default (fixture->context);
  g_main_context_unref (fixture->context);
  g_assert_finalize_object (fixture->clock);
  g_string_free (fixture->log, TRUE);
}

static void
pass_to (Fixture    *fixture,
         VclockTime  now)
{
  test_clock_set (fixture->test, now);
  test_iterate (fixture->context);
}

static gboolean
log_source_cb (gpointer log)
{
  g_string_append (log, g_source_get_name (g_main_current_source ()));

  return G_SOURCE_CONTINUE;
}

/* An attached source of the given name. */
static GSource *
source_new (Fixture    *fixture,
            VclockTime  deadline,
            const char *name)
{
  GSource *source = vclock_timer_source_new (fixture->clock, deadline);

  g_source_set_name (source, name);
  g_source_set_callback (source, log_source_cb, fixture->log, NULL);
  g_source_attach (source, fixture->context);

  return source;
}

static void
source_free (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

/* A source expires at its deadline, not before, and once. */
static void
test_expire (Fixture       *fixture,
             gconstpointer  unused)
{
  GSource *source = source_new (fixture, 100, "a");

  pass_to (fixture, 99);
  test_assert_log (fixture->log, "");
  g_assert_cmpint (vclock_timer_source_get_deadline (source), ==, 100);
  pass_to (fixture, 100);
  test_assert_log (fixture->log, "a");
  g_assert_cmpint (vclock_timer_source_get_deadline (source), ==, VCLOCK_TIME_NEVER);
  pass_to (fixture, 1000);
  test_assert_log (fixture->log, "");
  g_assert_false (g_source_is_destroyed (source));
  source_free (source);
}

/* On the monotonic clock of the host, it wakes a main loop that sleeps, and not early. */
static void
test_monotonic (Fixture       *fixture,
                gconstpointer  unused)
{
  VclockClock *clock = vclock_monotonic_clock_get_default ();
  VclockTime deadline = vclock_clock_get_time (clock) + MSEC (2);
  g_autoptr (GSource) source = vclock_timer_source_new (clock, deadline);

  g_source_set_name (source, "m");
  g_source_set_callback (source, log_source_cb, fixture->log, NULL);
  g_source_attach (source, fixture->context);
  test_wait_until (fixture->context, fixture->log->len > 0);
  g_assert_cmpint (vclock_clock_get_time (clock), >=, deadline);
  test_assert_log (fixture->log, "m");
  g_source_destroy (source);
}

/* Sources are dispatched in the order of deadlines, however they were attached, and mixed with
 * timers. */
static void
test_order (Fixture       *fixture,
            gconstpointer  unused)
{
  GSource *sources[6];

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      g_autofree char *name = g_strdup_printf ("s%u ", 60 - i * 10);
      g_autofree char *timer_name = g_strdup_printf ("t%u ", 65 - i * 10);
      g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, timer_name, fixture->log);

      sources[i] = source_new (fixture, 60 - i * 10, name);
      vclock_timer_arm (timer, 65 - i * 10);
    }
  test_iterate (fixture->context);
  pass_to (fixture, 100);
  test_assert_log (fixture->log, "s10 t15 s20 t25 s30 t35 s40 t45 s50 t55 s60 t65 ");
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    source_free (sources[i]);
}

/* The same order holds when a virtual clock that advances makes them ready. */
static void
test_order_in_advance (Fixture       *fixture,
                       gconstpointer  unused)
{
  VclockVirtualClock *clock = vclock_virtual_clock_new ();
  GSource *sources[3];

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      g_autofree char *name = g_strdup_printf ("s%u ", 30 - i * 10);

      sources[i] = vclock_timer_source_new (VCLOCK_CLOCK (clock), 30 - i * 10);
      g_source_set_name (sources[i], name);
      g_source_set_callback (sources[i], log_source_cb, fixture->log, NULL);
      g_source_attach (sources[i], fixture->context);
    }
  test_iterate (fixture->context);
  vclock_virtual_clock_advance (clock, 50);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "s10 s20 s30 ");
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    source_free (sources[i]);
  g_assert_finalize_object (clock);
}

/* A source has the priority that it is given, before it is attached or later. */
static void
test_priority (Fixture       *fixture,
               gconstpointer  unused)
{
  GSource *low = source_new (fixture, 10, "l");
  GSource *high = source_new (fixture, 30, "h");
  GSource *middle = source_new (fixture, 20, "m");

  g_source_set_priority (low, G_PRIORITY_LOW);
  test_iterate (fixture->context);
  g_source_set_priority (high, G_PRIORITY_HIGH);
  pass_to (fixture, 50);
  test_assert_log (fixture->log, "hml");
  source_free (low);
  source_free (high);
  source_free (middle);
}

/* A deadline may be set before attaching, be moved, be taken away, and be given again after expiry.
 * */
static void
test_set_deadline (Fixture       *fixture,
                   gconstpointer  unused)
{
  GSource *source = vclock_timer_source_new (fixture->clock, VCLOCK_TIME_NEVER);

  g_source_set_name (source, "a");
  g_source_set_callback (source, log_source_cb, fixture->log, NULL);
  vclock_timer_source_set_deadline (source, 50);
  g_assert_cmpint (vclock_timer_source_get_deadline (source), ==, 50);
  g_source_attach (source, fixture->context);
  vclock_timer_source_set_deadline (source, 60);
  pass_to (fixture, 50);
  test_assert_log (fixture->log, "");
  vclock_timer_source_set_deadline (source, 40);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "a");
  vclock_timer_source_set_deadline (source, 70);
  vclock_timer_source_set_deadline (source, VCLOCK_TIME_NEVER);
  pass_to (fixture, 100);
  test_assert_log (fixture->log, "");
  vclock_timer_source_set_deadline (source, G_MININT64);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "a");
  source_free (source);
}

typedef struct
{
  Fixture    *fixture;
  GSource    *source;
  VclockTime  next;
  gboolean    result;
} Again;

static gboolean
again_cb (gpointer user_data)
{
  Again *again = user_data;

  g_string_append_c (again->fixture->log, 'a');
  if (again->next != 0)
    vclock_timer_source_set_deadline (again->source, again->next);
  again->next = 0;

  return again->result;
}

/* Its callback arms it again; the one that returns G_SOURCE_REMOVE ends it, armed or not. */
static void
test_set_deadline_in_callback (Fixture       *fixture,
                               gconstpointer  unused)
{
  GSource *source = vclock_timer_source_new (fixture->clock, 10);
  Again again = { fixture, source, 20, G_SOURCE_CONTINUE };

  g_source_set_callback (source, again_cb, &again, NULL);
  g_source_attach (source, fixture->context);
  pass_to (fixture, 10);
  test_assert_log (fixture->log, "a");
  pass_to (fixture, 19);
  test_assert_log (fixture->log, "");
  again.next = 30;
  again.result = G_SOURCE_REMOVE;
  pass_to (fixture, 20);
  test_assert_log (fixture->log, "a");
  g_assert_true (g_source_is_destroyed (source));
  pass_to (fixture, 100);
  test_assert_log (fixture->log, "");
  vclock_timer_source_set_deadline (source, 0);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "");
  g_source_unref (source);
}

static gboolean
destroy_cb (gpointer source)
{
  g_source_destroy (source);

  return G_SOURCE_CONTINUE;
}

/* A due source that another one destroys is not dispatched, and does not block those behind it
 * although somebody still refers to it. */
static void
test_destroy_while_due (Fixture       *fixture,
                        gconstpointer  unused)
{
  GSource *last = source_new (fixture, 30, "l");
  GSource *victim = source_new (fixture, 20, "v");
  GSource *first = vclock_timer_source_new (fixture->clock, 10);

  g_source_set_callback (first, destroy_cb, victim, NULL);
  g_source_attach (first, fixture->context);
  test_iterate (fixture->context);
  pass_to (fixture, 50);
  test_assert_log (fixture->log, "l");
  source_free (first);
  source_free (last);
  g_source_unref (victim);
}

/* Nor does one that is destroyed from outside while it is the next to be dispatched. */
static void
test_destroyed_does_not_block (Fixture       *fixture,
                               gconstpointer  unused)
{
  GSource *other = source_new (fixture, 20, "o");
  GSource *victim = source_new (fixture, 10, "v");

  test_iterate (fixture->context);
  test_clock_set (fixture->test, 50);
  g_main_context_iteration (fixture->context, FALSE);
  g_source_destroy (victim);
  g_string_truncate (fixture->log, 0);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "o");
  source_free (other);
  g_source_unref (victim);
}

/* One that had become ready and is given a later deadline waits for that, and does not block
 * others. */
static void
test_rearm_while_ready (Fixture       *fixture,
                        gconstpointer  unused)
{
  GSource *other = source_new (fixture, 20, "o");
  GSource *source = source_new (fixture, 10, "s");

  test_iterate (fixture->context);
  fixture->test->now = 50;
  vclock_clock_run_timers (fixture->clock);
  vclock_timer_source_set_deadline (source, 60);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "o");
  pass_to (fixture, 60);
  test_assert_log (fixture->log, "s");
  source_free (other);
  source_free (source);
}

static gboolean
closure_cb (gpointer log)
{
  g_string_append_c (log, 'c');

  return G_SOURCE_REMOVE;
}

static void
marshal_cb (GClosure     *closure,
            GValue       *return_value,
            guint         n_param_values,
            const GValue *param_values,
            gpointer      invocation_hint,
            gpointer      marshal_data)
{
  g_assert_cmpuint (n_param_values, ==, 0);
  g_string_append_c (closure->data, 'g');
  g_value_set_boolean (return_value, G_SOURCE_REMOVE);
}

/* The callback may be a closure, in C or of a language binding. */
static void
test_closure (Fixture       *fixture,
              gconstpointer  unused)
{
  GClosure *closures[2];

  closures[0] = g_cclosure_new (G_CALLBACK (closure_cb), fixture->log, NULL);
  closures[1] = g_closure_new_simple (sizeof (GClosure), fixture->log);
  g_closure_set_marshal (closures[1], marshal_cb);
  for (guint i = 0; i < G_N_ELEMENTS (closures); i++)
    {
      g_autoptr (GSource) source = vclock_timer_source_new (fixture->clock, 0);

      g_source_set_closure (source, closures[i]);
      g_source_attach (source, fixture->context);
      test_iterate (fixture->context);
      g_assert_true (g_source_is_destroyed (source));
    }
  test_assert_log (fixture->log, "cg");
}

static gboolean
nested_cb (gpointer user_data)
{
  Again *again = user_data;

  g_string_append_c (again->fixture->log, '<');
  pass_to (again->fixture, 30);
  if (again->next != 0)
    {
      vclock_timer_source_set_deadline (again->source, again->next);
      again->next = 0;
      pass_to (again->fixture, 40);
    }
  g_string_append_c (again->fixture->log, '>');

  return G_SOURCE_CONTINUE;
}

/* A nested main loop in the callback serves other sources and timers; the source itself only if it
 * may recurse. */
static void
test_nested_loop (Fixture       *fixture,
                  gconstpointer  unused)
{
  for (guint recurses = 0; recurses < 2; recurses++)
    {
      GSource *other = source_new (fixture, 20, "o");
      GSource *outer = vclock_timer_source_new (fixture->clock, 10);
      Again again = { fixture, outer, 35, G_SOURCE_CONTINUE };
      g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "t", fixture->log);

      test_clock_set (fixture->test, 0);
      g_source_set_can_recurse (outer, recurses);
      g_source_set_callback (outer, nested_cb, &again, NULL);
      g_source_attach (outer, fixture->context);
      vclock_timer_arm (timer, 25);
      pass_to (fixture, 10);
      test_assert_log (fixture->log, recurses ? "<ot<>>" : "<ot><>");
      source_free (outer);
      source_free (other);
    }
}

/* A source outlives its context, and can still be asked and told. */
static void
test_context_gone (void)
{
  GMainContext *context = g_main_context_new ();
  TestClock *clock = test_clock_new ();
  GSource *source = vclock_timer_source_new (VCLOCK_CLOCK (clock), 10);

  g_source_set_callback (source, closure_cb, NULL, NULL);
  g_source_attach (source, context);
  test_iterate (context);
  g_main_context_unref (context);
  g_assert_true (g_source_is_destroyed (source));
  vclock_timer_source_set_deadline (source, 20);
  g_assert_cmpint (vclock_timer_source_get_deadline (source), ==, 20);
  g_assert_false (vclock_clock_has_timers (VCLOCK_CLOCK (clock)));
  g_source_unref (source);
  g_assert_finalize_object (clock);
}

/* A source that is never attached holds its clock, and no more. */
static void
test_never_attached (void)
{
  TestClock *clock = test_clock_new ();
  GSource *source = vclock_timer_source_new (VCLOCK_CLOCK (clock), 10);

  g_assert_false (vclock_clock_has_timers (VCLOCK_CLOCK (clock)));
  g_source_unref (source);
  g_assert_finalize_object (clock);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, test_clock_fixture_set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  ADD ("/timer-source/expire", test_expire);
  ADD ("/timer-source/monotonic", test_monotonic);
  ADD ("/timer-source/order", test_order);
  ADD ("/timer-source/order/in-advance", test_order_in_advance);
  ADD ("/timer-source/priority", test_priority);
  ADD ("/timer-source/set-deadline", test_set_deadline);
  ADD ("/timer-source/set-deadline/in-callback", test_set_deadline_in_callback);
  ADD ("/timer-source/set-deadline/while-ready", test_rearm_while_ready);
  ADD ("/timer-source/destroy/while-due", test_destroy_while_due);
  ADD ("/timer-source/destroy/does-not-block", test_destroyed_does_not_block);
  ADD ("/timer-source/closure", test_closure);
  ADD ("/timer-source/nested-loop", test_nested_loop);
  g_test_add_func ("/timer-source/context-gone", test_context_gone);
  g_test_add_func ("/timer-source/never-attached", test_never_attached);

  return g_test_run ();
}
