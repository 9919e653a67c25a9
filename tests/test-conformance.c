/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"
#include "test-wait.h"

/* What every alarm backend must do: the same assertions for each backend of this host, on a context
 * of its own. Real time is only asked for what must not be: early, lost, twice, for nothing. */

typedef struct
{
  const char   *backend;
  GMainContext *context;
  VclockAlarm  *alarm;
  VclockClock  *clock;
  guint         n_fds;   /* of the process, before the context was made */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  backend)
{
  g_autoptr (GError) error = NULL;

  fixture->backend = backend;
  fixture->n_fds = test_count_fds ();
  fixture->context = g_main_context_new ();
  fixture->alarm = vclock_alarm_get_for_context (fixture->context);
  fixture->clock = vclock_monotonic_clock_get_default ();
  g_main_context_push_thread_default (fixture->context);
  vclock_alarm_set_backend (fixture->alarm, backend, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autofree char *backend = vclock_alarm_get_backend (fixture->alarm);

  g_assert_cmpstr (backend, ==, fixture->backend);
  g_main_context_pop_thread_default (fixture->context);
  g_main_context_unref (fixture->context);
  g_assert_finalize_object (fixture->alarm);
}

static void
iterate (Fixture *fixture,
         int      n)
{
  while (n-- > 0)
    g_main_context_iteration (fixture->context, FALSE);
}

/* An armed timer expires, once. */
static void
test_expires (Fixture       *fixture,
              gconstpointer  unused)
{
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (fixture->clock, &n_calls);

  vclock_timer_arm_after (timer, MSEC (2));
  test_run_until (fixture->context, &n_calls, 1);
  iterate (fixture, 3);
  g_assert_cmpint (n_calls, ==, 1);
  g_assert_cmpuint (vclock_alarm_get_n_expired (fixture->alarm), ==, 1);
}

typedef struct
{
  VclockTime  deadline;
  int        *n_calls;
} Again;

static void
arm_again (VclockTimer *timer,
           Again       *again)
{
  vclock_timer_arm_after (timer, g_test_rand_int_range (0, 1500000));
  again->deadline = vclock_timer_get_deadline (timer);
}

static void
again_cb (VclockTimer *timer,
          guint64      overruns,
          gpointer     data)
{
  Again *again = data;

  g_assert_cmpint (vclock_clock_get_time (vclock_timer_get_clock (timer)), >=, again->deadline);
  (*again->n_calls)++;
  arm_again (timer, again);
}

/* Whatever wakes the context, of ten thousand expirations none comes before its deadline. */
static void
test_never_early (Fixture       *fixture,
                  gconstpointer  unused)
{
  VclockTimer *timers[10];
  Again agains[10];
  int n_calls = 0;

  for (int i = 0; i < 10; i++)
    {
      agains[i].n_calls = &n_calls;
      timers[i] = vclock_timer_new (fixture->clock);
      vclock_timer_set_callback (timers[i], again_cb, &agains[i], NULL);
      arm_again (timers[i], &agains[i]);
    }
  for (int n = 100; n <= 10000; n += 100)
    test_run_until (fixture->context, &n_calls, n);
  for (int i = 0; i < 10; i++)
    test_drop (timers[i]);
}

/* Deadlines that are microseconds apart are called in their order. */
static void
test_order (Fixture       *fixture,
            gconstpointer  unused)
{
  const VclockTime start = vclock_clock_get_time (fixture->clock) + MSEC (2);
  g_autoptr (GString) log = g_string_new (NULL);
  static const int deadlines[] = { 30, 10, 0, 20, 10 };
  VclockTimer *timers[5];

  for (int i = 0; i < 5; i++)
    {
      const char name[] = { (char) ('a' + i), 0 };

      timers[i] = test_timer_new_full (fixture->clock, fixture->context, 0, name, log);
      vclock_timer_arm (timers[i], start + deadlines[i] * VCLOCK_NSEC_PER_USEC);
    }
  test_wait_until (fixture->context, log->len == 5);
  test_assert_log (log, "cbeda");
  for (int i = 0; i < 5; i++)
    g_assert_finalize_object (timers[i]);
}

typedef struct
{
  VclockTimer *timer;
  VclockTime   span;
  gboolean     disarms;
} Change;

static gpointer
change_thread (gpointer data)
{
  const Change *change = data;

  g_usleep (5000);
  if (change->disarms)
    vclock_timer_disarm (change->timer);
  else
    vclock_timer_arm_after (change->timer, change->span);

  return NULL;
}

/* While the context sleeps, a deadline may move forward. */
static void
test_rearm_earlier (Fixture       *fixture,
                    gconstpointer  unused)
{
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (fixture->clock, &n_calls);

  for (int i = 0; i < 5; i++)
    {
      Change change = { timer, MSEC (i), FALSE };
      GThread *thread;

      vclock_timer_arm_after (timer, SEC (1000));
      thread = g_thread_new ("change", change_thread, &change);
      test_run_until (fixture->context, &n_calls, i + 1);
      g_thread_join (thread);
    }
}

/* Or back, and then the timer is not called at the time given first. */
static void
test_rearm_later (Fixture       *fixture,
                  gconstpointer  unused)
{
  int n_calls = 0;
  int n_ends = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (fixture->clock, &n_calls);
  g_autoptr (VclockTimer) end = test_counting_timer_new (fixture->clock, &n_ends);
  Change change = { timer, SEC (1000), FALSE };
  GThread *thread;

  vclock_timer_arm_after (timer, SEC (5));
  thread = g_thread_new ("change", change_thread, &change);
  vclock_timer_arm_after (end, MSEC (20));
  test_run_until (fixture->context, &n_ends, 1);
  g_thread_join (thread);
  g_assert_cmpint (vclock_timer_get_remaining (timer), >, SEC (500));
  g_assert_cmpint (n_calls, ==, 0);
  vclock_timer_arm_after (timer, 0);
  test_run_until (fixture->context, &n_calls, 1);
}

/* A timer that is disarmed while the context sleeps is not called. */
static void
test_disarm (Fixture       *fixture,
             gconstpointer  unused)
{
  int n_calls = 0;
  int n_ends = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (fixture->clock, &n_calls);
  g_autoptr (VclockTimer) end = test_counting_timer_new (fixture->clock, &n_ends);
  Change change = { timer, 0, TRUE };
  GThread *thread;

  vclock_timer_arm_after (timer, MSEC (200));
  vclock_timer_arm_after (end, MSEC (210));
  thread = g_thread_new ("change", change_thread, &change);
  g_thread_join (thread);
  test_run_until (fixture->context, &n_ends, 1);
  g_assert_cmpint (n_calls, ==, 0);
}

/* What has passed expires in the next iteration, once. */
static void
test_past (Fixture       *fixture,
           gconstpointer  unused)
{
  const VclockTime now = vclock_clock_get_time (fixture->clock);
  const VclockTime deadlines[] = { now, 0, now - SEC (3600), -1, 1, G_MININT64 };
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (fixture->clock, &n_calls);

  iterate (fixture, 2);
  for (int i = 0; i < (int) G_N_ELEMENTS (deadlines); i++)
    {
      vclock_timer_arm (timer, deadlines[i]);
      g_main_context_iteration (fixture->context, TRUE);
      g_assert_cmpint (n_calls, ==, i + 1);
      iterate (fixture, 3);
      g_assert_cmpint (n_calls, ==, i + 1);
    }
}

static int n_polls;
static int last_span;

/* Sleeps for at most 30 ms. */
static int
short_poll (GPollFD *fds,
            guint    n_fds,
            int      span)
{
  g_assert_cmpint (span, >=, -1);
  n_polls++;
  last_span = span;

  return g_poll (fds, n_fds, span < 0 ? 30 : MIN (span, 30));
}

/* A deadline at the end of time wakes nobody, and leads to no span that wraps. */
static void
test_far (Fixture       *fixture,
          gconstpointer  unused)
{
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (fixture->clock, &n_calls);
  const VclockTime deadlines[] = {
    G_MAXINT64 - 1,
    G_MAXINT64,
    SEC (G_GINT64_CONSTANT (2147483648)),
    SEC (G_GINT64_CONSTANT (4294967297)),
  };

  g_main_context_set_poll_func (fixture->context, short_poll);
  for (gsize i = 0; i < G_N_ELEMENTS (deadlines); i++)
    {
      vclock_timer_arm (timer, deadlines[i]);
      iterate (fixture, 2);
      g_main_context_iteration (fixture->context, TRUE);
      g_assert_cmpint (last_span, !=, 0);
      g_main_context_iteration (fixture->context, TRUE);
      g_assert_cmpint (last_span, !=, 0);
    }
  g_assert_cmpint (n_calls, ==, 0);
  g_assert_cmpuint (vclock_alarm_get_n_wakeups (fixture->alarm), ==, 0);
  vclock_timer_disarm (timer);
}

/* A wakeup that has come but does not count any more is harmless. */
static void
test_stale (Fixture       *fixture,
            gconstpointer  unused)
{
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (fixture->clock, &n_calls);

  for (int i = 0; i < 10; i++)
    {
      VclockTime deadline;
      int n_before;

      vclock_timer_arm_after (timer, MSEC (1));
      iterate (fixture, 1);
      n_before = n_calls; /* on a machine that stalled it has expired already */
      g_usleep (1500);
      vclock_timer_arm_after (timer, MSEC (2));
      deadline = vclock_timer_get_deadline (timer);
      test_run_until (fixture->context, &n_calls, n_before + 1);
      g_assert_cmpint (n_calls, ==, n_before + 1);
      g_assert_cmpint (vclock_clock_get_time (fixture->clock), >=, deadline);
    }
}

/* A deadline value that has been used counts again. */
static void
test_same_again (Fixture       *fixture,
                 gconstpointer  unused)
{
  const VclockTime deadline = vclock_clock_get_time (fixture->clock) + MSEC (3);
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (fixture->clock, &n_calls);

  for (int i = 0; i < 5; i++)
    {
      vclock_timer_arm (timer, deadline);
      test_run_until (fixture->context, &n_calls, i + 1);
    }
}

/* Without timers there are no wake-ups. */
static void
test_no_timers (Fixture       *fixture,
                gconstpointer  unused)
{
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (fixture->clock, &n_calls);

  vclock_timer_arm_after (timer, MSEC (1));
  test_run_until (fixture->context, &n_calls, 1);
  iterate (fixture, 3);
  g_main_context_set_poll_func (fixture->context, short_poll);
  n_polls = 0;
  for (int i = 0; i < 3; i++)
    {
      g_main_context_iteration (fixture->context, TRUE);
      g_assert_cmpint (last_span, ==, -1);
    }
  g_assert_cmpuint (vclock_alarm_get_n_wakeups (fixture->alarm), <=, 1);
  g_assert_cmpint (vclock_alarm_get_wakeup (fixture->alarm), ==, VCLOCK_TIME_NEVER);
}

/* Timers of the host's other clocks expire as well, not early on their own clock. */
static void
test_other_clocks (Fixture       *fixture,
                   gconstpointer  unused)
{
  VclockClock *clocks[] = {
    VCLOCK_CLOCK (vclock_wall_clock_new ()),
    VCLOCK_CLOCK (vclock_monotonic_clock_new_boottime ()),
    VCLOCK_CLOCK (vclock_virtual_clock_new_with_parent (fixture->clock)),
  };
  int n_calls = 0;

  for (int i = 0; i < 30; i++)
    {
      VclockClock *clock = clocks[i % 3];
      g_autoptr (VclockTimer) timer = vclock_timer_new (clock);
      VclockTime deadline;

      vclock_timer_set_callback (timer, test_count_cb, &n_calls, NULL);
      vclock_timer_arm_after (timer, MSEC (1) + i * 10000);
      deadline = vclock_timer_get_deadline (timer);
      test_run_until (fixture->context, &n_calls, i + 1);
      g_assert_cmpint (vclock_clock_get_time (clock), >=, deadline);
    }
  for (int i = 0; i < 3; i++)
    g_object_unref (clocks[i]);
  iterate (fixture, 3);
}

static gpointer
context_thread (gpointer backend)
{
  Fixture fixture;
  int n_calls = 0;
  VclockTimer *timer;

  set_up (&fixture, backend);
  timer = test_counting_timer_new (fixture.clock, &n_calls);
  vclock_timer_set_period (timer, MSEC (1));
  vclock_timer_arm_after (timer, MSEC (1));
  test_run_until (fixture.context, &n_calls, 50);
  vclock_timer_disarm (timer);
  g_assert_finalize_object (timer);
  tear_down (&fixture, NULL);

  return NULL;
}

/* Contexts in two threads do not take each other's wake-ups. */
static void
test_two_threads (Fixture       *fixture,
                  gconstpointer  unused)
{
  GThread *thread = g_thread_new ("other", context_thread, (gpointer) fixture->backend);

  context_thread ((gpointer) fixture->backend);
  g_thread_join (thread);
}

/* A context that nobody runs, with a timer that is overdue, does not make others spin. */
static void
test_idle_neighbour (Fixture       *fixture,
                     gconstpointer  unused)
{
  Fixture other;
  int n_calls = 0;
  int n_other_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (fixture->clock, &n_calls);
  VclockTimer *overdue;

  set_up (&other, fixture->backend);
  overdue = test_counting_timer_new (other.clock, &n_other_calls);
  vclock_timer_arm_after (overdue, MSEC (1));
  iterate (&other, 1);
  g_usleep (2000);

  test_count_polls (fixture->context);
  vclock_timer_arm_after (timer, MSEC (50));
  test_run_until (fixture->context, &n_calls, 1);
  g_assert_cmpuint (test_polls.n_polls, <, 30);
  test_run_until (other.context, &n_other_calls, 1);
  g_assert_finalize_object (overdue);
  tear_down (&other, NULL);
}

static gpointer
run_once_thread (gpointer data)
{
  Fixture *fixture = data;

  /* Whatever the backend has of its own is this thread's. */
  g_assert_true (vclock_alarm_set_backend (fixture->alarm, "poll", NULL));
  g_assert_true (vclock_alarm_set_backend (fixture->alarm, fixture->backend, NULL));
  g_main_context_iteration (fixture->context, FALSE);

  return NULL;
}

/* A context that a thread has left is run by another one: its timers expire there. */
static void
test_other_thread_later (Fixture       *fixture,
                         gconstpointer  unused)
{
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (fixture->clock, &n_calls);

  for (int i = 0; i < 3; i++)
    {
      vclock_timer_arm_after (timer, MSEC (20));
      g_thread_join (g_thread_new ("first", run_once_thread, fixture));
      test_run_until (fixture->context, &n_calls, i + 1);
    }
}

/* Ten thousand timers need no more descriptors than one. */
static void
test_many (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr (GPtrArray) timers = g_ptr_array_new_with_free_func (g_object_unref);
  const guint n_fds = test_count_fds ();
  int n_calls = 0;

  for (int i = 0; i < 10000; i++)
    {
      VclockTimer *timer = test_counting_timer_new (fixture->clock, &n_calls);

      vclock_timer_arm_after (timer, MSEC (5) + i * 100);
      g_ptr_array_add (timers, timer);
    }
  iterate (fixture, 1);
  g_assert_cmpuint (test_count_fds (), ==, n_fds);
  test_run_until (fixture->context, &n_calls, 10000);
  iterate (fixture, 2);
  g_assert_cmpint (n_calls, ==, 10000);
}

/* A context that goes away takes the backend along: no descriptor stays. */
static void
test_stop (Fixture       *fixture,
           gconstpointer  unused)
{
  guint n_fds = test_count_fds ();

  for (int i = 0; i < 20; i++)
    {
      Fixture other;
      int n_calls = 0;
      VclockTimer *timer;

      set_up (&other, fixture->backend);
      timer = test_counting_timer_new (other.clock, &n_calls);
      vclock_timer_arm_after (timer, MSEC (1));
      test_run_until (other.context, &n_calls, 1);
      vclock_timer_arm_after (timer, SEC (1000));
      iterate (&other, 1);
      tear_down (&other, NULL);
      g_assert_finalize_object (timer);
      g_assert_cmpuint (test_count_fds (), ==, n_fds);
    }
}

static const struct
{
  const char *name;
  void     (* run) (Fixture       *fixture,
                    gconstpointer  unused);
} tests[] = {
  { "expires", test_expires },
  { "never-early", test_never_early },
  { "order", test_order },
  { "rearm-earlier", test_rearm_earlier },
  { "rearm-later", test_rearm_later },
  { "disarm", test_disarm },
  { "past", test_past },
  { "far", test_far },
  { "stale-wake-up", test_stale },
  { "same-deadline-again", test_same_again },
  { "no-timers-no-wake-ups", test_no_timers },
  { "other-clocks", test_other_clocks },
  { "two-threads", test_two_threads },
  { "idle-neighbour", test_idle_neighbour },
  { "other-thread-later", test_other_thread_later },
  { "many-timers", test_many },
  { "stop", test_stop },
};

int
main (int   argc,
      char *argv[])
{
  g_auto (GStrv) backends = vclock_alarm_list_backends ();

  test_init (&argc, &argv);

  for (gsize i = 0; backends[i] != NULL; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (tests); j++)
      {
        g_autofree char *path = g_strdup_printf ("/conformance/%s/%s", backends[i], tests[j].name);

        g_test_add (path, Fixture, backends[i], set_up, tests[j].run, tear_down);
      }

  return g_test_run ();
}
