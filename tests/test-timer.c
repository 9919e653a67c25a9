/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-fixtures.h"

typedef TestClockFixture Fixture;

/* A timer takes and gives times in its scale, rounded up and saturating. */
static void
test_scale (Fixture       *fixture,
            gconstpointer  unused)
{
  static const gint64 units[] = { 1, 1000, 1000000, 1000000000 };

  for (VclockScale scale = VCLOCK_SCALE_NS; scale <= VCLOCK_SCALE_S; scale++)
    {
      VclockTimer *timer = vclock_timer_new_full (fixture->clock, NULL, 0, scale);

      fixture->test->now = 0;
      g_assert_cmpint (vclock_timer_get_scale (timer), ==, scale);
      vclock_timer_arm (timer, 7);
      g_assert_cmpint (vclock_timer_get_deadline (timer), ==, 7);
      g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, 0), ==, 7 * units[scale]);
      fixture->test->now = 1;
      g_assert_cmpint (vclock_timer_get_remaining (timer), ==, scale == VCLOCK_SCALE_NS ? 6 : 7);
      vclock_timer_arm_after (timer, 7);
      g_assert_cmpint (vclock_clock_get_deadline (fixture->clock, 0), ==, 7 * units[scale] + 1);
      g_assert_cmpint (vclock_timer_get_deadline (timer), ==, 8);
      vclock_timer_set_period (timer, 3);
      g_assert_cmpint (vclock_timer_get_period (timer), ==, 3);
      vclock_timer_set_slack (timer, 4);
      g_assert_cmpint (vclock_timer_get_slack (timer), ==, 4);
      vclock_timer_arm (timer,
                        VCLOCK_TIME_NEVER / units[scale] + (scale == VCLOCK_SCALE_NS ? 0 : 1));
      g_assert_cmpint (vclock_timer_get_deadline (timer), ==, VCLOCK_TIME_NEVER);
      vclock_timer_disarm (timer);
      g_assert_finalize_object (timer);
    }
}

/* A timer expires in the context that was thread-default when it was made, or in the one it was
 * given (O5). */
static void
test_contexts (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr (GMainContext) other = g_main_context_new ();
  VclockTimer *given = test_timer_new_full (fixture->clock, other, 0, "g", fixture->log);
  g_autoptr (VclockTimer) here = test_timer_new (fixture->clock, "h", fixture->log);

  g_main_context_push_thread_default (other);
  vclock_timer_arm (here, 0);
  vclock_timer_arm (given, 0);
  test_iterate (other);
  test_assert_log (fixture->log, "g");
  g_main_context_pop_thread_default (other);
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "h");
  g_assert_finalize_object (given);
}

static void
notify_cb (GObject    *object,
           GParamSpec *pspec,
           GString    *log)
{
  g_string_append_printf (log, "%s ", pspec->name);
}

/* Each property is what it was set to, notifies when it changes and not otherwise. */
static void
test_properties (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr (VclockClock) clock = NULL;
  g_autofree char *name = NULL;
  VclockOverrunPolicy policy;
  VclockTimerAttributes attributes;
  VclockTimer *timer;
  VclockScale scale;
  gint64 period;
  gint64 slack;
  int priority;

  timer = g_object_new (VCLOCK_TYPE_TIMER,
                        "clock", fixture->clock, "context", fixture->context,
                        "priority", 7, "scale", VCLOCK_SCALE_MS, NULL);
  g_signal_connect (timer, "notify", G_CALLBACK (notify_cb), fixture->log);
  for (guint i = 0; i < 2; i++)
    {
      g_object_set (timer, "period", (gint64) 5, NULL);
      g_object_set (timer, "overrun-policy", VCLOCK_OVERRUN_POLICY_DELAY, NULL);
      g_object_set (timer, "slack", (gint64) 6, NULL);
      g_object_set (timer, "attributes", VCLOCK_TIMER_ATTRIBUTES_EXTERNAL, NULL);
      g_object_set (timer, "name", "n", NULL);
    }
  test_assert_log (fixture->log, "period overrun-policy slack attributes name ");
  vclock_timer_set_period (timer, 5);
  vclock_timer_set_overrun_policy (timer, VCLOCK_OVERRUN_POLICY_DELAY);
  vclock_timer_set_slack (timer, 6);
  vclock_timer_set_attributes (timer, VCLOCK_TIMER_ATTRIBUTES_EXTERNAL);
  vclock_timer_set_name (timer, "n");
  test_assert_log (fixture->log, "");

  g_object_get (timer,
                "clock", &clock, "priority", &priority, "scale", &scale, "period", &period,
                "overrun-policy", &policy, "slack", &slack, "attributes", &attributes, "name",
                &name, NULL);
  g_assert_true (clock == fixture->clock && vclock_timer_get_clock (timer) == clock);
  g_assert_cmpint (priority, ==, 7);
  g_assert_cmpint (vclock_timer_get_priority (timer), ==, 7);
  g_assert_cmpint (scale, ==, VCLOCK_SCALE_MS);
  g_assert_cmpint (period, ==, 5);
  g_assert_cmpint (policy, ==, VCLOCK_OVERRUN_POLICY_DELAY);
  g_assert_cmpint (vclock_timer_get_overrun_policy (timer), ==, VCLOCK_OVERRUN_POLICY_DELAY);
  g_assert_cmpint (slack, ==, 6);
  g_assert_cmpint (attributes, ==, VCLOCK_TIMER_ATTRIBUTES_EXTERNAL);
  g_assert_cmpint (vclock_timer_get_attributes (timer), ==, VCLOCK_TIMER_ATTRIBUTES_EXTERNAL);
  g_assert_cmpstr (name, ==, "n");
  vclock_timer_set_name (timer, NULL);
  g_assert_null (vclock_timer_get_name (timer));
  g_clear_object (&clock);
  g_assert_finalize_object (timer);
}

/* Without a clock or context, it is the default monotonic clock and the thread-default context. */
static void
test_defaults (Fixture       *fixture,
               gconstpointer  unused)
{
  VclockTimer *timer = g_object_new (VCLOCK_TYPE_TIMER, NULL);

  g_assert_true (vclock_timer_get_clock (timer) == vclock_monotonic_clock_get_default ());
  g_assert_cmpint (vclock_timer_get_priority (timer), ==, G_PRIORITY_DEFAULT);
  g_assert_cmpint (vclock_timer_get_scale (timer), ==, VCLOCK_SCALE_NS);
  g_assert_cmpint (vclock_timer_get_period (timer), ==, 0);
  g_assert_cmpint (vclock_timer_get_overrun_policy (timer), ==, VCLOCK_OVERRUN_POLICY_SKIP);
  g_assert_cmpint (vclock_timer_get_slack (timer), ==, 0);
  g_assert_cmpint (vclock_timer_get_attributes (timer), ==, VCLOCK_TIMER_ATTRIBUTES_NONE);
  g_assert_null (vclock_timer_get_name (timer));
  g_assert_false (vclock_timer_is_armed (timer));
  g_assert_finalize_object (timer);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, test_clock_fixture_set_up, func, test_clock_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  ADD ("/timer/scale", test_scale);
  ADD ("/timer/contexts", test_contexts);
  ADD ("/timer/properties", test_properties);
  ADD ("/timer/defaults", test_defaults);

  return g_test_run ();
}
