/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

/* Backends of one's own. All note what they were asked to do. */

typedef enum
{
  KIND_EXACT,    /* wakes when it should, by a ready time */
  KIND_EARLY,    /* wakes a second early */
  KIND_SPURIOUS, /* wakes all the time */
  KIND_FAILING,  /* cannot start */
  KIND_THREAD,   /* wakes from another thread, by vclock_alarm_backend_wake () */
  KIND_PLAIN,    /* overrides nothing */
  N_KINDS,
} Kind;

static guint n_started[N_KINDS];
static guint n_stopped[N_KINDS];
static guint n_rearmed[N_KINDS];

static Kind
get_kind (VclockAlarmBackend *self)
{
  return GPOINTER_TO_INT (g_type_get_qdata (G_OBJECT_TYPE (self),
                                            g_quark_from_static_string ("kind")));
}

static gboolean
backend_start (VclockAlarmBackend  *self,
               GError             **error)
{
  g_assert_nonnull (vclock_alarm_backend_get_source (self));
  n_started[get_kind (self)]++;
  if (get_kind (self) != KIND_FAILING)
    return TRUE;

  g_set_error_literal (error, VCLOCK_ERROR, VCLOCK_ERROR_UNSUPPORTED, "It is broken");

  return FALSE;
}

static void
backend_stop (VclockAlarmBackend *self)
{
  n_stopped[get_kind (self)]++;
}

static gpointer
wake_thread (gpointer backend)
{
  vclock_alarm_backend_wake (backend);
  g_object_unref (backend);

  return NULL;
}

static void
backend_rearm (VclockAlarmBackend *self,
               VclockTime          wakeup)
{
  VclockTime now = g_get_monotonic_time () * 1000;

  n_rearmed[get_kind (self)]++;
  switch (get_kind (self))
    {
    case KIND_EARLY:
      wakeup = wakeup == VCLOCK_TIME_NEVER ? wakeup : wakeup - SEC (1);
      break;
    case KIND_SPURIOUS:
      wakeup = now;
      break;
    case KIND_THREAD:
      if (wakeup == VCLOCK_TIME_NEVER)
        break;
      g_thread_unref (g_thread_new ("wake", wake_thread, g_object_ref (self)));
      break;
    case KIND_EXACT:
    case KIND_FAILING:
    case KIND_PLAIN:
    case N_KINDS:
    default:
      break;
    }
  vclock_alarm_backend_set_ready_time (self, wakeup);
}

static void
backend_class_init (gpointer klass,
                    gpointer unused)
{
  VclockAlarmBackendClass *backend_class = klass;

  backend_class->start = backend_start;
  backend_class->stop = backend_stop;
  backend_class->rearm = backend_rearm;
}

static void
add_backend (Kind        kind,
             const char *name)
{
  g_autofree char *type_name = g_strdup_printf ("TestBackend%d", kind);
  GType type = g_type_register_static_simple (VCLOCK_TYPE_ALARM_BACKEND, type_name,
                                              sizeof (VclockAlarmBackendClass),
                                              kind != KIND_PLAIN ? backend_class_init : NULL,
                                              sizeof (VclockAlarmBackend), NULL, 0);

  g_type_set_qdata (type, g_quark_from_static_string ("kind"), GINT_TO_POINTER (kind));
  g_assert_true (vclock_alarm_add_backend (name, type));
  g_assert_false (vclock_alarm_add_backend (name, type));
}

typedef struct
{
  GMainContext *context;
  VclockAlarm  *alarm;
  VclockClock  *clock;
  GString      *log;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  memset (n_started, 0, sizeof n_started);
  memset (n_stopped, 0, sizeof n_stopped);
  memset (n_rearmed, 0, sizeof n_rearmed);
  fixture->context = g_main_context_new ();
  g_main_context_push_thread_default (fixture->context);
  fixture->alarm = vclock_alarm_get_for_context (NULL);
  fixture->clock = vclock_monotonic_clock_get_default ();
  fixture->log = g_string_new (NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_main_context_pop_thread_default (fixture->context);
  g_main_context_unref (fixture->context);
  g_assert_finalize_object (fixture->alarm);
  g_string_free (fixture->log, TRUE);
}

/* The order is one for the process. */
static void
reset_order (void)
{
  const char *names = g_getenv ("VCLOCK_ALARM");

  g_assert_true (vclock_alarm_configure (names != NULL ? names : "poll", NULL));
}

static void
use (Fixture    *fixture,
     const char *name)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (vclock_alarm_set_backend (fixture->alarm, name, &error));
  g_assert_no_error (error);
}

/* A backend is started once, rearmed when the wakeup changes and only then, and stopped once: when
 * it is replaced and when its context goes away. */
static void
test_life (void)
{
  Fixture fixture;
  g_autofree char *backend = NULL;
  VclockTimer *timer;

  set_up (&fixture, NULL);
  use (&fixture, "exact");
  backend = vclock_alarm_get_backend (fixture.alarm);
  g_assert_cmpstr (backend, ==, "exact");
  timer = test_timer_new (fixture.clock, "a", fixture.log);
  test_iterate (fixture.context);
  g_assert_cmpuint (n_rearmed[KIND_EXACT], ==, 0);
  vclock_timer_arm (timer, VCLOCK_TIME_NEVER - 5);
  test_iterate (fixture.context);
  test_iterate (fixture.context);
  g_assert_cmpuint (n_rearmed[KIND_EXACT], ==, 1);
  vclock_timer_disarm (timer);
  test_iterate (fixture.context);
  g_assert_cmpuint (n_rearmed[KIND_EXACT], ==, 2);
  use (&fixture, "exact");
  g_assert_cmpuint (n_started[KIND_EXACT], ==, 2);
  g_assert_cmpuint (n_stopped[KIND_EXACT], ==, 1);
  g_assert_finalize_object (timer);
  tear_down (&fixture, NULL);
  g_assert_cmpuint (n_started[KIND_EXACT], ==, 2);
  g_assert_cmpuint (n_stopped[KIND_EXACT], ==, 2);
}

/* All that wake, however, wake; the timer is called once and never early. */
static void
test_wakes (Fixture       *fixture,
            gconstpointer  name)
{
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "a", fixture->log);
  VclockTime deadline;

  use (fixture, name);
  for (guint i = 0; i < 3; i++)
    {
      deadline = vclock_clock_get_time (fixture->clock) + MSEC (5);
      vclock_timer_arm (timer, deadline);
      test_wait_until (fixture->context, fixture->log->len > 0);
      g_assert_cmpint (vclock_clock_get_time (fixture->clock), >=, deadline);
      test_assert_log (fixture->log, "a");
    }
  test_iterate (fixture->context);
}

/* D8: a backend that is always a second early, or wakes all the time, does not become a tight loop.
 * */
static void
test_no_tight_loop (Fixture       *fixture,
                    gconstpointer  name)
{
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "a", fixture->log);

  use (fixture, name);
  vclock_timer_arm_after (timer, MSEC (100));
  test_count_polls (fixture->context);
  test_wait_until (fixture->context, fixture->log->len > 0);
  test_assert_log (fixture->log, "a");
  g_test_message ("%u polls", test_polls.n_polls);
  g_assert_cmpuint (test_polls.n_polls, <=, 20);
}

/* One that cannot start gives way to the next of the order, and says so to who debugs. */
static void
test_failing (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autofree char *backend = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (vclock_alarm_configure ("failing,exact", &error));
  g_assert_no_error (error);
  test_expect_log (G_LOG_LEVEL_DEBUG, "*failing*It is broken*");
  test_expect_log (G_LOG_LEVEL_DEBUG, "*exact*");
  test_iterate (fixture->context);
  test_assert_expected_log ();
  backend = vclock_alarm_get_backend (fixture->alarm);
  g_assert_cmpstr (backend, ==, "exact");
  g_assert_cmpuint (n_started[KIND_FAILING], ==, 1);
  g_assert_cmpuint (n_stopped[KIND_FAILING], ==, 0);

  /* Asked for at runtime it is an error, and the old one stays. */
  g_assert_false (vclock_alarm_set_backend (fixture->alarm, "failing", &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_UNSUPPORTED);
  g_assert_cmpuint (n_stopped[KIND_EXACT], ==, 0);
  reset_order ();
}

/* When none of those asked for starts there is a warning, and the default order is used. */
static void
test_none_starts (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "a", fixture->log);
  g_autofree char *backend = NULL;
  g_auto (GStrv) names = vclock_alarm_list_backends ();

  g_assert_true (vclock_alarm_configure ("failing", NULL));
  test_expect_log (G_LOG_LEVEL_DEBUG, "*failing*");
  test_expect_log (G_LOG_LEVEL_WARNING, "*default order*");
  test_iterate (fixture->context);
  test_assert_expected_log ();
  backend = vclock_alarm_get_backend (fixture->alarm);
  g_assert_cmpstr (backend, ==, names[0]);
  vclock_timer_arm_after (timer, 1);
  test_wait_until (fixture->context, fixture->log->len > 0);
  reset_order ();
}

/* Names that are taken, and the word help, cannot be added; the list has all, those of one's own
 * last. */
static void
test_add (void)
{
  g_auto (GStrv) names = vclock_alarm_list_backends ();
  GType type = g_type_from_name ("TestBackend0");

  g_assert_false (vclock_alarm_add_backend ("poll", type));
  g_assert_false (vclock_alarm_add_backend ("help", type));
  g_assert_true (g_strv_contains ((const char * const *) names, "poll"));
  g_assert_cmpstr (names[g_strv_length (names) - 1], ==, "plain");
}

/* A backend that is not started has no source, and waking it does nothing. */
static void
test_not_started (void)
{
  VclockAlarmBackend *backend = g_object_new (g_type_from_name ("TestBackend0"), NULL);

  g_assert_null (vclock_alarm_backend_get_source (backend));
  vclock_alarm_backend_wake (backend);
  vclock_alarm_backend_set_ready_time (backend, 5);
  g_assert_finalize_object (backend);
}

int
main (int   argc,
      char *argv[])
{
  static const char *names[N_KINDS] = {
    "exact", "early", "spurious", "failing", "thread", "plain",
  };

  test_init (&argc, &argv);

  for (Kind kind = 0; kind < N_KINDS; kind++)
    add_backend (kind, names[kind]);

  g_test_add_func ("/alarm-backend/add", test_add);
  g_test_add_func ("/alarm-backend/not-started", test_not_started);
  g_test_add_func ("/alarm-backend/life", test_life);
  g_test_add ("/alarm-backend/wakes/exact", Fixture, "exact", set_up, test_wakes, tear_down);
  g_test_add ("/alarm-backend/wakes/early", Fixture, "early", set_up, test_wakes, tear_down);
  g_test_add ("/alarm-backend/wakes/spurious", Fixture, "spurious", set_up, test_wakes, tear_down);
  g_test_add ("/alarm-backend/wakes/thread", Fixture, "thread", set_up, test_wakes, tear_down);
  g_test_add ("/alarm-backend/wakes/plain", Fixture, "plain", set_up, test_wakes, tear_down);
  g_test_add ("/alarm-backend/no-tight-loop/early", Fixture, "early", set_up, test_no_tight_loop,
              tear_down);
  g_test_add ("/alarm-backend/failing", Fixture, NULL, set_up, test_failing, tear_down);
  g_test_add ("/alarm-backend/none-starts", Fixture, NULL, set_up, test_none_starts, tear_down);

  return g_test_run ();
}
