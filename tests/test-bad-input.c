/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

/* What is no use to anybody has one answer: a critical warning that names the condition, and
 * nothing else happens; what a host or a user may cause is a GError; what does not fit saturates.
 * */

static VclockClock        *monotonic;
static VclockVirtualClock *virtual;
static VclockWallClock    *wall;
static VclockTimer        *timer;
static GSource            *source;
static GSource            *idle;
static VclockAlarm        *main_alarm;
static VclockInhibitor    *made_inhibitor; /* by g_object_new (), so it holds nothing */
static gpointer            wrong;  /* an object of no type of ours */

/* A call, and what it says; the result, where there is one, is the second value of the comparison.
 * */
#define CRITICAL(name, call, condition) \
  static void \
  name (void) \
  { \
    g_test_expect_message ("Vclock", G_LOG_LEVEL_CRITICAL, "*assertion '" condition "' failed*"); \
    call; \
    g_test_assert_expected_messages (); \
  }

CRITICAL (clock_null, g_assert_cmpint (vclock_clock_get_time (NULL), ==, 0),
          "VCLOCK_IS_CLOCK (self)")
CRITICAL (clock_wrong, g_assert_cmpint (vclock_clock_get_time (wrong), ==, 0),
          "VCLOCK_IS_CLOCK (self)")
CRITICAL (clock_us, g_assert_cmpint (vclock_clock_get_time_us (NULL), ==, 0),
          "VCLOCK_IS_CLOCK (self)")
CRITICAL (clock_no_out,
          g_assert_cmpint (vclock_clock_get_wakeup (monotonic, 0, NULL), ==, VCLOCK_TIME_NEVER),
          "host_clock != NULL")
CRITICAL (clock_replan, vclock_clock_replan (NULL), "VCLOCK_IS_CLOCK (self)")
CRITICAL (clock_announce, vclock_clock_announce_reset (wrong, 0, 1), "VCLOCK_IS_CLOCK (self)")
CRITICAL (clock_run, g_assert_cmpuint (vclock_clock_run_timers (NULL), ==, 0),
          "VCLOCK_IS_CLOCK (self)")
CRITICAL (clock_enabled, vclock_clock_set_enabled (NULL, FALSE), "VCLOCK_IS_CLOCK (self)")
CRITICAL (clock_deadline,
          g_assert_cmpint (vclock_clock_get_deadline (NULL, 0), ==, VCLOCK_TIME_NEVER),
          "VCLOCK_IS_CLOCK (self)")
CRITICAL (timer_new_null, g_assert_null (vclock_timer_new (NULL)), "VCLOCK_IS_CLOCK (clock)")
CRITICAL (timer_new_wrong, g_assert_null (vclock_timer_new (wrong)), "VCLOCK_IS_CLOCK (clock)")
CRITICAL (timer_scale, g_assert_null (vclock_timer_new_full (monotonic, NULL, 0, 4)), "*scale*")
CRITICAL (timer_arm, vclock_timer_arm (NULL, 5), "VCLOCK_IS_TIMER (self)")
CRITICAL (timer_arm_wrong, vclock_timer_arm (wrong, 5), "VCLOCK_IS_TIMER (self)")
CRITICAL (timer_arm_after, vclock_timer_arm_after (NULL, 5), "VCLOCK_IS_TIMER (self)")
CRITICAL (timer_arm_earlier, g_assert_false (vclock_timer_arm_earlier (NULL, 5)),
          "VCLOCK_IS_TIMER (self)")
CRITICAL (timer_disarm, g_assert_false (vclock_timer_disarm (NULL)), "VCLOCK_IS_TIMER (self)")
CRITICAL (timer_is_armed, g_assert_false (vclock_timer_is_armed (wrong)), "VCLOCK_IS_TIMER (self)")
CRITICAL (timer_deadline, g_assert_cmpint (vclock_timer_get_deadline (NULL), ==, VCLOCK_TIME_NEVER),
          "VCLOCK_IS_TIMER (self)")
CRITICAL (timer_callback, vclock_timer_set_callback (NULL, NULL, NULL, NULL),
          "VCLOCK_IS_TIMER (self)")
CRITICAL (timer_period, vclock_timer_set_period (timer, -1), "period >= 0")
CRITICAL (timer_period_min, vclock_timer_set_period (timer, G_MININT64), "period >= 0")
CRITICAL (timer_slack, vclock_timer_set_slack (timer, -1), "slack >= 0")
CRITICAL (timer_spin, vclock_timer_set_spin (timer, -1), "spin >= 0*")
CRITICAL (timer_spin_max, vclock_timer_set_spin (timer, VCLOCK_TIMER_SPIN_MAX + 1), "spin >= 0*")
CRITICAL (timer_policy, vclock_timer_set_overrun_policy (timer, 3), "*policy*")
CRITICAL (source_new_null, g_assert_null (vclock_timer_source_new (NULL, 5)),
          "VCLOCK_IS_CLOCK (clock)")
CRITICAL (source_null, vclock_timer_source_set_deadline (NULL, 5), "source != NULL")
CRITICAL (source_wrong, vclock_timer_source_set_deadline (idle, 5),
          "source->source_funcs == &source_funcs")
CRITICAL (source_get_wrong,
          g_assert_cmpint (vclock_timer_source_get_deadline (idle), ==, VCLOCK_TIME_NEVER),
          "source->source_funcs == &source_funcs")
CRITICAL (virtual_parent, g_assert_null (vclock_virtual_clock_new_with_parent (NULL)),
          "VCLOCK_IS_CLOCK (parent)")
CRITICAL (virtual_advance, vclock_virtual_clock_advance (virtual, -1), "span >= 0")
CRITICAL (virtual_advance_min, vclock_virtual_clock_advance (virtual, G_MININT64), "span >= 0")
CRITICAL (virtual_advance_null, vclock_virtual_clock_advance (NULL, 1),
          "VCLOCK_IS_VIRTUAL_CLOCK (self)")
CRITICAL (virtual_rate_negative, vclock_virtual_clock_set_rate (virtual, -1, 1), "numerator >= 0*")
CRITICAL (virtual_rate_zero, vclock_virtual_clock_set_rate (virtual, 1, 0), "denominator > 0*")
CRITICAL (virtual_rate_minus, vclock_virtual_clock_set_rate (virtual, 1, -5), "denominator > 0*")
CRITICAL (virtual_rate_large, vclock_virtual_clock_set_rate (virtual, G_MAXINT64, 1),
          "numerator >= 0*")
CRITICAL (virtual_jump, vclock_virtual_clock_jump (wrong, 1), "VCLOCK_IS_VIRTUAL_CLOCK (self)")
CRITICAL (virtual_step, g_assert_false (vclock_virtual_clock_step (NULL)),
          "VCLOCK_IS_VIRTUAL_CLOCK (self)")
CRITICAL (virtual_pause, vclock_virtual_clock_pause (NULL), "VCLOCK_IS_VIRTUAL_CLOCK (self)")
CRITICAL (virtual_settled, vclock_virtual_clock_advance_settled (virtual, -1), "span >= 0")
CRITICAL (virtual_async, vclock_virtual_clock_advance_async (virtual, -1, NULL, NULL, NULL),
          "span >= 0")
CRITICAL (virtual_async_wrong, vclock_virtual_clock_jump_async (virtual, 1, wrong, NULL, NULL),
          "*G_IS_CANCELLABLE (cancellable)")
CRITICAL (virtual_finish_wrong,
          g_assert_false (vclock_virtual_clock_step_finish (virtual, wrong, NULL)), "g_task_is_valid*")
CRITICAL (virtual_run_settled,
          g_assert_false (vclock_virtual_clock_run_until_idle_settled (NULL, 1, NULL)),
          "VCLOCK_IS_VIRTUAL_CLOCK (self)")
CRITICAL (warp_mode, vclock_virtual_clock_set_warp_mode (virtual, 3), "*mode*")
CRITICAL (warp_threshold, vclock_virtual_clock_set_warp_threshold (virtual, -1), "threshold >= 0")
CRITICAL (inhibit, g_assert_null (vclock_virtual_clock_inhibit (NULL, NULL)),
          "VCLOCK_IS_VIRTUAL_CLOCK (self)")
CRITICAL (inhibitor_release, vclock_inhibitor_release (wrong), "VCLOCK_IS_INHIBITOR (self)")
CRITICAL (inhibitor_made, vclock_inhibitor_release (made_inhibitor), "self->clock != NULL")
CRITICAL (inhibitor_task, vclock_inhibitor_tie_to_task (made_inhibitor, wrong), "G_IS_TASK (task)")
CRITICAL (inhibitor_cancellable, vclock_inhibitor_tie_to_cancellable (made_inhibitor, NULL),
          "G_IS_CANCELLABLE (cancellable)")
CRITICAL (tick_zero, g_assert_null (vclock_tick_clock_new (1, 0)), "denominator > 0*")
CRITICAL (tick_shift, g_assert_null (vclock_tick_clock_new_shift (63)), "shift <= 62")
CRITICAL (tick_null, vclock_tick_clock_tick (NULL, 1), "VCLOCK_IS_TICK_CLOCK (self)")
CRITICAL (sleep_null, vclock_clock_sleep_async (NULL, 1, NULL, NULL, NULL), "VCLOCK_IS_CLOCK (self)")
CRITICAL (wait_wrong, g_assert_false (vclock_clock_wait_until (wrong, 1, NULL, NULL)),
          "VCLOCK_IS_CLOCK (self)")
CRITICAL (wall_threshold, vclock_wall_clock_set_threshold (wall, -1), "threshold >= 0")
CRITICAL (alarm_null, g_assert_null (vclock_alarm_get_backend (NULL)), "VCLOCK_IS_ALARM (self)")
CRITICAL (alarm_wakeup, g_assert_cmpint (vclock_alarm_get_wakeup (wrong), ==, VCLOCK_TIME_NEVER),
          "VCLOCK_IS_ALARM (self)")
CRITICAL (alarm_no_name, g_assert_false (vclock_alarm_set_backend (main_alarm, NULL, NULL)),
          "name != NULL")
CRITICAL (alarm_configure, g_assert_false (vclock_alarm_configure (NULL, NULL)), "names != NULL")
CRITICAL (alarm_add_null,
          g_assert_false (vclock_alarm_add_backend (NULL, VCLOCK_TYPE_ALARM_BACKEND)),
          "*name != NULL*")
CRITICAL (alarm_add_empty,
          g_assert_false (vclock_alarm_add_backend ("", VCLOCK_TYPE_ALARM_BACKEND)), "*name*")
CRITICAL (alarm_add_comma,
          g_assert_false (vclock_alarm_add_backend ("a,b", VCLOCK_TYPE_ALARM_BACKEND)), "*name*")
CRITICAL (alarm_add_wrong, g_assert_false (vclock_alarm_add_backend ("a", G_TYPE_OBJECT)),
          "g_type_is_a*")
CRITICAL (alarm_add_abstract,
          g_assert_false (vclock_alarm_add_backend ("a", VCLOCK_TYPE_ALARM_BACKEND)),
          "!G_TYPE_IS_ABSTRACT (type)")
CRITICAL (backend_null, vclock_alarm_backend_wake (NULL), "VCLOCK_IS_ALARM_BACKEND (self)")

#define ENTRY(name) { #name, name }

static const struct
{
  const char   *name;
  GTestFunc     func;
} criticals[] = {
  ENTRY (clock_null), ENTRY (clock_wrong), ENTRY (clock_us), ENTRY (clock_no_out),
  ENTRY (clock_replan),
  ENTRY (clock_announce), ENTRY (clock_run), ENTRY (clock_enabled), ENTRY (clock_deadline),
  ENTRY (timer_new_null), ENTRY (timer_new_wrong), ENTRY (timer_scale), ENTRY (timer_arm),
  ENTRY (timer_arm_wrong), ENTRY (timer_arm_after), ENTRY (timer_arm_earlier), ENTRY (timer_disarm),
  ENTRY (timer_is_armed), ENTRY (timer_deadline), ENTRY (timer_callback), ENTRY (timer_period),
  ENTRY (timer_period_min), ENTRY (timer_slack), ENTRY (timer_spin),
  ENTRY (timer_spin_max), ENTRY (timer_policy),
  ENTRY (source_new_null), ENTRY (source_null), ENTRY (source_wrong), ENTRY (source_get_wrong),
  ENTRY (virtual_parent), ENTRY (virtual_advance), ENTRY (virtual_advance_min),
  ENTRY (virtual_advance_null),
  ENTRY (virtual_rate_negative), ENTRY (virtual_rate_zero), ENTRY (virtual_rate_minus),
  ENTRY (virtual_rate_large), ENTRY (virtual_jump), ENTRY (virtual_step), ENTRY (virtual_pause),
  ENTRY (virtual_settled),
  ENTRY (virtual_async),
  ENTRY (virtual_async_wrong),
  ENTRY (virtual_finish_wrong),
  ENTRY (virtual_run_settled),
  ENTRY (warp_mode),
  ENTRY (warp_threshold),
  ENTRY (inhibit),
  ENTRY (inhibitor_release),
  ENTRY (inhibitor_made),
  ENTRY (inhibitor_task),
  ENTRY (inhibitor_cancellable),
  ENTRY (tick_zero),
  ENTRY (tick_shift),
  ENTRY (tick_null),
  ENTRY (sleep_null),
  ENTRY (wait_wrong),
  ENTRY (wall_threshold),
  ENTRY (alarm_null), ENTRY (alarm_wakeup), ENTRY (alarm_no_name), ENTRY (alarm_configure),
  ENTRY (alarm_add_null), ENTRY (alarm_add_empty), ENTRY (alarm_add_comma), ENTRY (alarm_add_wrong),
  ENTRY (alarm_add_abstract), ENTRY (backend_null),
};

/* After any of them, nothing has changed. */
static void
assert_unchanged (void)
{
  gint64 numerator;
  gint64 denominator;

  vclock_virtual_clock_get_rate (virtual, &numerator, &denominator);
  g_assert_cmpint (numerator, ==, 1);
  g_assert_cmpint (denominator, ==, 1);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (virtual)), ==, 0);
  g_assert_cmpint (vclock_timer_get_period (timer), ==, 0);
  g_assert_cmpint (vclock_timer_get_slack (timer), ==, 0);
  g_assert_cmpint (vclock_timer_get_overrun_policy (timer), ==, VCLOCK_OVERRUN_POLICY_SKIP);
  g_assert_false (vclock_timer_is_armed (timer));
  g_assert_cmpint (vclock_timer_source_get_deadline (source), ==, 5);
  g_assert_cmpint (vclock_wall_clock_get_threshold (wall), ==, MSEC (1));
}

static void
test_critical (gconstpointer func)
{
  ((GTestFunc) func) ();
  assert_unchanged ();
}

/* Any deadline is one: none is special, but never, which arms and does not expire. */
static void
test_deadlines (void)
{
  static const VclockTime deadlines[] = { VCLOCK_TIME_NEVER, 0, -1, G_MININT64, G_MAXINT64 - 1 };
  g_autoptr (VclockVirtualClock) own = vclock_virtual_clock_new ();
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (VclockTimer) any = test_timer_new (VCLOCK_CLOCK (own), "x", log);

  for (gsize i = 0; i < G_N_ELEMENTS (deadlines); i++)
    {
      vclock_timer_arm (any, deadlines[i]);
      g_assert_true (vclock_timer_is_armed (any));
      g_assert_cmpint (vclock_timer_get_deadline (any), ==, deadlines[i]);
      vclock_virtual_clock_advance (own, 0);
      test_assert_log (log, deadlines[i] <= 0 ? "x" : "");
    }
  vclock_timer_disarm (any);
}

/* A slack that goes beyond the end of time is never too late, nor early. */
static void
test_slack (void)
{
  TestClock *own = test_clock_new ();
  g_autoptr (GString) log = g_string_new (NULL);
  VclockTimer *any = test_timer_new (VCLOCK_CLOCK (own), "x", log);

  own->promises = TRUE;
  vclock_timer_set_slack (any, VCLOCK_TIME_NEVER);
  vclock_timer_arm (any, 1000);
  g_assert_cmpint (vclock_alarm_get_wakeup (main_alarm), ==, VCLOCK_TIME_NEVER);
  vclock_timer_set_slack (any, VCLOCK_TIME_NEVER - 5);
  g_assert_cmpint (vclock_alarm_get_wakeup (main_alarm), ==, VCLOCK_TIME_NEVER);
  test_clock_set (own, 1000);
  test_iterate (NULL);
  test_assert_log (log, "x");
  g_assert_finalize_object (any);
  g_assert_finalize_object (own);
}

/* To jump anywhere is allowed, and arithmetic at the ends saturates. */
static void
test_ends (void)
{
  g_autoptr (VclockVirtualClock) own = vclock_virtual_clock_new ();
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (VclockTimer) any = test_timer_new (VCLOCK_CLOCK (own), "x", log);

  vclock_virtual_clock_jump (own, G_MININT64);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (own)), ==, G_MININT64);
  vclock_timer_arm_after (any, G_MININT64);
  g_assert_cmpint (vclock_timer_get_deadline (any), ==, G_MININT64);
  vclock_timer_arm (any, VCLOCK_TIME_NEVER - 1);
  g_assert_cmpint (vclock_timer_get_remaining (any), ==, VCLOCK_TIME_NEVER);
  vclock_timer_set_period (any, 1);
  vclock_timer_arm (any, G_MININT64);
  vclock_virtual_clock_jump (own, VCLOCK_TIME_NEVER);
  g_assert_cmpint (vclock_timer_get_deadline (any), ==, VCLOCK_TIME_NEVER);
  g_assert_cmpint (vclock_timer_get_lateness (any), ==, VCLOCK_TIME_NEVER);
  vclock_timer_disarm (any);
}

/* On a context that is gone a timer does not arm, and says so; no warning, for it may be nobody's
 * fault. */
static void
test_context_gone (void)
{
  GMainContext *context = g_main_context_new ();
  VclockTimer *any = vclock_timer_new_full (monotonic, context, 0, VCLOCK_SCALE_NS);

  g_main_context_unref (context);
  vclock_timer_arm (any, 5);
  g_assert_false (vclock_timer_is_armed (any));
  g_assert_finalize_object (any);
}

/* A backend that nobody knows is an error that names it and those there are. */
static void
test_unknown_backend (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (vclock_alarm_set_backend (main_alarm, "sundial", &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_UNKNOWN_BACKEND);
  g_assert_nonnull (strstr (error->message, "sundial"));
  g_assert_nonnull (strstr (error->message, "poll"));
  g_clear_error (&error);
  test_expect_log (G_LOG_LEVEL_WARNING, "*sundial*");
  g_assert_false (vclock_alarm_configure ("sundial", &error));
  test_assert_expected_log ();
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_UNKNOWN_BACKEND);
}

/* A clock of a subclass that forgot get_time is told from one that has it. */
static void
test_no_get_time (void)
{
  g_autoptr (TestClock) own = test_clock_new ();
  VclockClockClass *klass = VCLOCK_CLOCK_GET_CLASS (own);
  VclockTime (* get_time) (VclockClock *) = klass->get_time;

  klass->get_time = NULL;
  g_test_expect_message ("Vclock", G_LOG_LEVEL_CRITICAL, "*get_time*");
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (own)), ==, 0);
  g_test_assert_expected_messages ();
  klass->get_time = get_time;
}

/* A source without a callback is told about when it is dispatched, and removed. */
static void
test_no_callback (void)
{
  g_autoptr (GSource) own = vclock_timer_source_new (monotonic, 0);

  g_source_attach (own, NULL);
  test_expect_log (G_LOG_LEVEL_WARNING, "*without a callback*");
  test_iterate (NULL);
  test_assert_expected_log ();
  g_assert_true (g_source_is_destroyed (own));
}

int
main (int   argc,
      char *argv[])
{
  int status;

  test_init (&argc, &argv);

  monotonic = vclock_monotonic_clock_get_default ();
  virtual = vclock_virtual_clock_new ();
  wall = vclock_wall_clock_new ();
  timer = vclock_timer_new (monotonic);
  source = vclock_timer_source_new (monotonic, 5);
  idle = g_idle_source_new ();
  main_alarm = vclock_alarm_get_for_context (NULL);
  made_inhibitor = g_object_new (VCLOCK_TYPE_INHIBITOR, NULL);
  wrong = g_object_new (G_TYPE_OBJECT, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (criticals); i++)
    {
      g_autofree char *path = g_strdup_printf ("/bad-input/critical/%s", criticals[i].name);

      g_strdelimit (path, "_", '-');
      g_test_add_data_func (path, criticals[i].func, test_critical);
    }
  g_test_add_func ("/bad-input/deadlines", test_deadlines);
  g_test_add_func ("/bad-input/slack", test_slack);
  g_test_add_func ("/bad-input/ends", test_ends);
  g_test_add_func ("/bad-input/context-gone", test_context_gone);
  g_test_add_func ("/bad-input/unknown-backend", test_unknown_backend);
  g_test_add_func ("/bad-input/no-get-time", test_no_get_time);
  g_test_add_func ("/bad-input/no-callback", test_no_callback);
  status = g_test_run ();

  g_source_unref (idle);
  g_source_unref (source);
  g_object_unref (timer);
  g_object_unref (wall);
  g_object_unref (virtual);
  g_object_unref (main_alarm);
  g_object_unref (made_inhibitor);
  g_object_unref (wrong);

  return status;
}
