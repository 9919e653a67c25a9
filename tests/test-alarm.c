/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"

typedef struct
{
  GMainContext *context;
  VclockAlarm  *alarm;
  VclockClock  *clock;   /* of the host */
  GString      *log;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
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

/* A context has one alarm, which runs on the backend that was asked for from when it runs first. */
static void
test_get_for_context (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr (VclockAlarm) same = vclock_alarm_get_for_context (fixture->context);
  g_autofree char *backend = NULL;

  g_assert_true (same == fixture->alarm);
  g_assert_null (vclock_alarm_get_backend (fixture->alarm));
  test_iterate (fixture->context);
  backend = vclock_alarm_get_backend (fixture->alarm);
  if (g_getenv ("VCLOCK_ALARM") != NULL)
    g_assert_cmpstr (backend, ==, g_getenv ("VCLOCK_ALARM"));
}

/* The wakeup is the earliest of all clocks that promise one; those that do not cause none. */
static void
test_get_wakeup (Fixture       *fixture,
                 gconstpointer  unused)
{
  TestClock *clocks[2] = { test_clock_new (), test_clock_new () };
  VclockVirtualClock *standing = vclock_virtual_clock_new ();
  VclockTimer *timers[3];

  g_assert_cmpint (vclock_alarm_get_wakeup (fixture->alarm), ==, VCLOCK_TIME_NEVER);
  timers[0] = test_timer_new (VCLOCK_CLOCK (clocks[0]), "a", fixture->log);
  timers[1] = test_timer_new_full (VCLOCK_CLOCK (clocks[1]), NULL, G_PRIORITY_LOW, "b",
                                   fixture->log);
  timers[2] = test_timer_new (VCLOCK_CLOCK (standing), "c", fixture->log);
  clocks[0]->promises = clocks[1]->promises = TRUE;
  clocks[0]->host_zero = SEC (1000);
  clocks[1]->host_zero = -SEC (5000);
  vclock_timer_arm (timers[2], 10);
  g_assert_cmpint (vclock_alarm_get_wakeup (fixture->alarm), ==, VCLOCK_TIME_NEVER);
  vclock_timer_arm (timers[0], SEC (500));
  g_assert_cmpint (vclock_alarm_get_wakeup (fixture->alarm), ==, SEC (1500));
  vclock_timer_arm (timers[1], SEC (6499));
  g_assert_cmpint (vclock_alarm_get_wakeup (fixture->alarm), ==, SEC (1499));
  vclock_timer_disarm (timers[1]);
  g_assert_cmpint (vclock_alarm_get_wakeup (fixture->alarm), ==, SEC (1500));
  clocks[0]->promises = FALSE;
  g_assert_cmpint (vclock_alarm_get_wakeup (fixture->alarm), ==, VCLOCK_TIME_NEVER);

  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    {
      vclock_timer_disarm (timers[i]);
      g_assert_finalize_object (timers[i]);
    }
  g_assert_finalize_object (clocks[0]);
  g_assert_finalize_object (clocks[1]);
  g_assert_finalize_object (standing);
}

static guint
count_sources (GMainContext *context,
               guint         n_ids)
{
  guint n_sources = 0;

  for (guint id = 1; id <= n_ids; id++)
    {
      GSource *source = g_main_context_find_source_by_id (context, id);

      if (source != NULL && g_strcmp0 (g_source_get_name (source), "[vclock-alarm]") == 0)
        n_sources++;
    }

  return n_sources;
}

/* K2: 100 000 armed timers cost a context one source for each priority, and one descriptor at most.
 * */
static void
test_one_source (Fixture       *fixture,
                 gconstpointer  unused)
{
  const guint n_timers = 100000;
  g_autoptr (GPtrArray) timers = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_fds = test_count_fds ();

  for (guint i = 0; i < n_timers; i++)
    {
      VclockTimer *timer = test_timer_new_full (fixture->clock, NULL, (int) (i % 3), "a",
                                                fixture->log);

      g_ptr_array_add (timers, timer);
      vclock_timer_arm_after (timer, SEC (3600) + i);
    }
  test_iterate (fixture->context);
  g_assert_cmpuint (count_sources (fixture->context, 100), ==, 3);
  g_assert_cmpuint (test_count_fds (), <=, n_fds + 2);
  g_assert_cmpuint (vclock_alarm_get_n_programmed (fixture->alarm), ==, 1);
  test_count_polls (fixture->context);
  test_iterate (fixture->context);
  g_assert_cmpuint (test_polls.last_n_fds, <=, 2);
  for (guint i = 0; i < n_timers; i++)
    vclock_timer_disarm (g_ptr_array_index (timers, i));
}

/* Timers that share a wakeup count one, also if it takes several dispatches to call them. */
static void
test_shared_wakeup (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr (GPtrArray) timers = g_ptr_array_new_with_free_func (g_object_unref);
  const VclockTime deadline = vclock_clock_get_time (fixture->clock) + MSEC (100);

  for (guint i = 0; i < 350; i++)
    {
      g_ptr_array_add (timers, test_timer_new (fixture->clock, "a", fixture->log));
      vclock_timer_arm (g_ptr_array_index (timers, i), deadline);
    }
  test_wait_until (fixture->context, fixture->log->len == timers->len);
  test_iterate (fixture->context);
  g_assert_cmpuint (vclock_alarm_get_n_expired (fixture->alarm), ==, timers->len);
  g_assert_cmpuint (vclock_alarm_get_n_wakeups (fixture->alarm), ==, 1);
  g_assert_cmpuint (vclock_alarm_get_n_spurious (fixture->alarm), ==, 0);
}

/* A timer that expires counts one wakeup, and no spurious one; never early. */
static void
test_counters (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "a", fixture->log);

  vclock_timer_arm_after (timer, MSEC (100));
  test_count_polls (fixture->context);
  test_wait_until (fixture->context, fixture->log->len > 0);
  test_iterate (fixture->context);
  g_assert_cmpint (vclock_timer_get_lateness (timer), >=, 0);
  g_assert_cmpuint (vclock_alarm_get_n_expired (fixture->alarm), ==, 1);
  g_assert_cmpuint (vclock_alarm_get_n_wakeups (fixture->alarm), ==, 1);
  g_assert_cmpuint (vclock_alarm_get_n_spurious (fixture->alarm), ==, 0);
  g_assert_cmpuint (vclock_alarm_get_n_programmed (fixture->alarm), >=, 1);
  g_assert_cmpuint (vclock_alarm_get_n_programmed (fixture->alarm), <=, 2);
  g_assert_cmpuint (test_polls.n_polls, <=, 4);
}

/* M1, M2: the same deadline again, after it has expired, is programmed again. */
static void
test_same_deadline_again (Fixture       *fixture,
                          gconstpointer  unused)
{
  TestClock *clock = test_clock_new ();
  VclockTimer *timer = test_timer_new (VCLOCK_CLOCK (clock), "a", fixture->log);

  clock->promises = TRUE;
  clock->host_zero = vclock_clock_get_time (fixture->clock) + MSEC (2);
  for (guint i = 0; i < 2; i++)
    {
      clock->now = -1;
      vclock_timer_arm (timer, 0);
      while (fixture->log->len == i)
        {
          g_main_context_iteration (fixture->context, TRUE);
          if (vclock_clock_get_time (fixture->clock) >= clock->host_zero)
            test_clock_set (clock, 0);
        }
    }
  g_assert_finalize_object (timer);
  g_assert_finalize_object (clock);
}

/* What another thread does while the context is about to sleep, and whether that wakes it. */
typedef struct
{
  VclockTimer *timer;
  VclockTime   span;      /* 0 disarms */
  gboolean     wakes;
} Change;

static Change changes[8];
static guint  n_changes_done;

static gpointer
change_thread (gpointer user_data)
{
  Change *change = user_data;

  if (change->span == 0)
    vclock_timer_disarm (change->timer);
  else
    vclock_timer_arm_after (change->timer, change->span);

  return NULL;
}

static int
changing_poll (GPollFD *fds,
               guint    n_fds,
               int      timeout)
{
  Change *change = &changes[n_changes_done];
  int n_ready;

  if (change->timer == NULL || timeout == 0)
    return g_poll (fds, n_fds, 0);

  n_changes_done++;
  g_thread_join (g_thread_new ("change", change_thread, change));
  n_ready = g_poll (fds, n_fds, 0);
  if ((n_ready > 0) != change->wakes)
    g_error ("Change %u: %d ready descriptors", n_changes_done, n_ready);

  return n_ready;
}

/* M8, I3, I4: a sleeping context is woken once by a new head, a head that is gone and a head that
 * has passed, not by what comes later. */
static void
test_wakes_from_thread (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr (VclockTimer) head = test_timer_new (fixture->clock, "h", fixture->log);
  g_autoptr (VclockTimer) other = test_timer_new (fixture->clock, "o", fixture->log);
  const Change script[] = {
    { other, SEC (7200), FALSE },
    { other, SEC (3700), FALSE },
    { other, SEC (1800), TRUE },
    { other, SEC (3700), TRUE },
    { other, 0, FALSE },
    { head, 0, TRUE },
    { head, -SEC (1), TRUE },
  };

  vclock_timer_arm_after (head, SEC (3600));
  test_iterate (fixture->context);
  memcpy (changes, script, sizeof script);
  n_changes_done = 0;
  g_main_context_set_poll_func (fixture->context, changing_poll);
  for (guint i = 0; i < 100 && n_changes_done < G_N_ELEMENTS (script); i++)
    g_main_context_iteration (fixture->context, TRUE);
  g_assert_cmpuint (n_changes_done, ==, G_N_ELEMENTS (script));
  test_iterate (fixture->context);
  test_assert_log (fixture->log, "h");
}

static void
arm_many_cb (VclockTimer *timer,
             guint64      overruns,
             gpointer     timers)
{
  for (guint i = 0; i < 1000; i++)
    {
      VclockTimer *other = ((VclockTimer **) timers)[i % 10];

      vclock_timer_arm_after (other, SEC (3600) - i);
      if (i % 3 == 0)
        vclock_timer_disarm (other);
    }
}

static int
no_wake_poll (GPollFD *fds,
              guint    n_fds,
              int      timeout)
{
  test_polls.n_polls++;
  g_assert_cmpint (g_poll (fds, n_fds, 0), ==, 0);

  return 0;
}

/* Arming from the context's own thread makes no system call: nobody is woken, and the backend is
 * armed once, when the context is about to sleep. */
static void
test_own_thread (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr (VclockTimer) first = vclock_timer_new (fixture->clock);
  VclockTimer *timers[10];
  guint64 n_programmed;

  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    timers[i] = test_timer_new (fixture->clock, "x", fixture->log);
  test_iterate (fixture->context);
  n_programmed = vclock_alarm_get_n_programmed (fixture->alarm);
  vclock_timer_set_callback (first, arm_many_cb, timers, NULL);
  vclock_timer_arm (first, 0);
  arm_many_cb (first, 0, timers);
  g_assert_cmpuint (vclock_alarm_get_n_programmed (fixture->alarm), ==, n_programmed);
  g_main_context_set_poll_func (fixture->context, no_wake_poll);
  test_polls.n_polls = 0;
  while (vclock_timer_is_armed (first))
    g_main_context_iteration (fixture->context, FALSE);
  g_assert_cmpuint (vclock_alarm_get_n_programmed (fixture->alarm), <=, n_programmed + 1);
  n_programmed = vclock_alarm_get_n_programmed (fixture->alarm);
  g_main_context_iteration (fixture->context, FALSE);
  g_assert_cmpuint (vclock_alarm_get_n_programmed (fixture->alarm), ==, n_programmed + 1);
  g_main_context_iteration (fixture->context, FALSE);
  g_assert_cmpuint (vclock_alarm_get_n_programmed (fixture->alarm), ==, n_programmed + 1);
  g_assert_cmpuint (test_polls.n_polls, >, 1);
  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    {
      vclock_timer_disarm (timers[i]);
      g_assert_finalize_object (timers[i]);
    }
}

/* A4, A5: the poll timeout is -1 only when nothing is to wait for, and never negative otherwise. */
static void
test_poll_timeout (Fixture       *fixture,
                   gconstpointer  unused)
{
  static const VclockTime deadlines[] = { VCLOCK_TIME_NEVER - 1, G_GINT64_CONSTANT (1) << 62 };
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "a", fixture->log);

  test_count_polls (fixture->context);
  test_iterate (fixture->context);
  for (gsize i = 0; i < G_N_ELEMENTS (deadlines); i++)
    {
      g_autofree char *backend = NULL;
      int timeout;

      vclock_timer_arm (timer, deadlines[i]);
      backend = vclock_alarm_get_backend (fixture->alarm);
      timeout = test_iterate_once (fixture->context);
      if (g_str_equal (backend, "poll"))
        g_assert_cmpint (timeout, >, 0);
      else
        g_assert_cmpint (timeout, >=, -1);
    }
  vclock_timer_disarm (timer);
}

/* The backend may be changed at any time; timers are not lost. */
static void
test_set_backend (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_auto (GStrv) names = vclock_alarm_list_backends ();
  g_autoptr (VclockTimer) timer = test_timer_new (fixture->clock, "a", fixture->log);
  guint n_fds = 0;

  test_iterate (fixture->context);
  for (guint round = 0; round < 3; round++)
    for (gsize i = 0; names[i] != NULL; i++)
      {
        g_autoptr (GError) error = NULL;
        g_autofree char *backend = NULL;

        vclock_timer_arm_after (timer, MSEC (1));
        g_assert_true (vclock_alarm_set_backend (fixture->alarm, names[i], &error));
        g_assert_no_error (error);
        backend = vclock_alarm_get_backend (fixture->alarm);
        g_assert_cmpstr (backend, ==, names[i]);
        test_wait_until (fixture->context, fixture->log->len > 0);
        test_assert_log (fixture->log, "a");
        if (round == 0)
          n_fds = test_count_fds ();
      }
  g_assert_cmpuint (test_count_fds (), <=, n_fds + 1);
}

/* An unknown backend is an error, and the alarm stays on what it has. */
static void
test_set_unknown_backend (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  test_iterate (fixture->context);
  before = vclock_alarm_get_backend (fixture->alarm);
  g_assert_false (vclock_alarm_set_backend (fixture->alarm, "sundial", &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_UNKNOWN_BACKEND);
  g_assert_nonnull (strstr (error->message, "sundial"));
  after = vclock_alarm_get_backend (fixture->alarm);
  g_assert_cmpstr (before, ==, after);
}

static gboolean
never_cb (gpointer user_data)
{
  g_assert_not_reached ();
}

/* run_timers () lets the timers of all clocks and priorities expire in order, and runs no other
 * source. */
static void
test_run_timers (Fixture       *fixture,
                 gconstpointer  unused)
{
  TestClock *clock = test_clock_new ();
  VclockTimer *own = test_timer_new (VCLOCK_CLOCK (clock), "t", fixture->log);
  g_autoptr (VclockTimer) low = test_timer_new_full (fixture->clock, NULL, 10, "l", fixture->log);
  g_autoptr (VclockTimer) high = test_timer_new_full (fixture->clock, NULL, -10, "h", fixture->log);
  g_autoptr (GSource) idle = g_idle_source_new ();

  g_source_set_callback (idle, never_cb, NULL, NULL);
  g_source_attach (idle, fixture->context);
  vclock_timer_arm (low, 0);
  vclock_timer_arm (own, 0);
  vclock_timer_arm (high, 0);
  g_assert_cmpuint (vclock_alarm_run_timers (fixture->alarm), ==, 3);
  test_assert_log (fixture->log, "htl");
  g_assert_cmpuint (vclock_alarm_run_timers (fixture->alarm), ==, 0);
  g_assert_cmpuint (vclock_alarm_get_n_expired (fixture->alarm), ==, 3);
  g_source_destroy (idle);
  g_assert_finalize_object (own);
  g_assert_finalize_object (clock);
}

/* An alarm outlives its context, and can still be asked. */
static void
test_context_gone (void)
{
  GMainContext *context = g_main_context_new ();
  VclockAlarm *alarm = vclock_alarm_get_for_context (context);

  test_iterate (context);
  g_main_context_unref (context);
  g_assert_cmpint (vclock_alarm_get_wakeup (alarm), ==, VCLOCK_TIME_NEVER);
  g_assert_cmpuint (vclock_alarm_run_timers (alarm), ==, 0);
  g_assert_cmpuint (vclock_alarm_get_n_expired (alarm), ==, 0);
  g_free (vclock_alarm_get_backend (alarm));
  g_assert_finalize_object (alarm);
}

/* Contexts that come and go leave no descriptor behind (K4). */
static void
test_no_leaks (void)
{
  guint n_fds = 0;

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (GMainContext) context = g_main_context_new ();
      g_autoptr (VclockTimer) timer = NULL;

      timer = vclock_timer_new_full (vclock_monotonic_clock_get_default (),
                                     context, 0, VCLOCK_SCALE_NS);
      vclock_timer_arm_after (timer, SEC (3600));
      test_iterate (context);
      g_clear_object (&timer);
      g_clear_pointer (&context, g_main_context_unref);
      if (i == 0)
        n_fds = test_count_fds ();
    }
  g_assert_cmpuint (test_count_fds (), ==, n_fds);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

static gboolean
once_cb (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

static void
arm_cb (gpointer timer)
{
  vclock_timer_arm (timer, 0);
}

/* A context whose last iteration called a source of a higher priority, so that GLib did not ask the
 * alarm, is dropped, and the destroy notify of another source arms a timer: nobody wakes what is
 * going away. */
static void
test_context_gone_arms (void)
{
  GMainContext *context = g_main_context_new ();
  g_autoptr (VclockTimer) timer = vclock_timer_new_full (test_get_monotonic (), context, 0,
                                                         VCLOCK_SCALE_NS);
  g_autoptr (GSource) last = g_timeout_source_new_seconds (3600);
  g_autoptr (GSource) first = g_timeout_source_new (5);

  vclock_timer_arm_after (timer, SEC (3600));
  g_source_set_callback (last, never_cb, timer, arm_cb);
  g_source_attach (last, context);
  test_iterate (context);
  g_source_set_priority (first, G_PRIORITY_HIGH);
  g_source_set_callback (first, once_cb, NULL, NULL);
  g_source_attach (first, context);
  g_main_context_iteration (context, TRUE);
  g_main_context_unref (context);
  g_assert_false (vclock_timer_is_armed (timer));
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  ADD ("/alarm/get-for-context", test_get_for_context);
  ADD ("/alarm/get-wakeup", test_get_wakeup);
  ADD ("/alarm/one-source", test_one_source);
  ADD ("/alarm/counters", test_counters);
  ADD ("/alarm/shared-wakeup", test_shared_wakeup);
  ADD ("/alarm/same-deadline-again", test_same_deadline_again);
  ADD ("/alarm/wakes-from-thread", test_wakes_from_thread);
  ADD ("/alarm/own-thread", test_own_thread);
  ADD ("/alarm/poll-timeout", test_poll_timeout);
  ADD ("/alarm/set-backend", test_set_backend);
  ADD ("/alarm/set-backend/unknown", test_set_unknown_backend);
  ADD ("/alarm/run-timers", test_run_timers);
  g_test_add_func ("/alarm/context-gone", test_context_gone);
  g_test_add_func ("/alarm/context-gone/arms", test_context_gone_arms);
  g_test_add_func ("/alarm/no-leaks", test_no_leaks);

  return g_test_run ();
}
