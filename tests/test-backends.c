/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-wait.h"

#include <errno.h>
#include <glib-vclock/backends/vclock-backends-private.h>
#include <glib-vclock/vclock-alarm-backend-private.h>
#include <glib-vclock/vclock-host-private.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

/* The backends of Linux, driven by hand as an alarm does, and under signals nobody sent for. */

typedef struct
{
  GType    (* get_type) (void);
  const char *name;
  int         signum;   /* 0 for none; the first one */
} Kind;

static Kind kinds[] = {
  { vclock_timerfd_backend_get_type, "timerfd", 0 },
  { vclock_poll_backend_get_type, "poll", 0 },
  { vclock_dynticks_backend_get_type, "dynticks", 0 },
  { vclock_unix_backend_get_type, "unix", SIGALRM },
};

/* The C library's own mark, which it sets in all that it is given back. */
#define RESTORER 0x04000000

/* What of the process a backend may change while it runs. */
typedef struct
{
  struct sigaction actions[65];
  struct itimerval value;
  sigset_t         mask;
  guint            n_fds;
} State;

static void
read_state (State *state)
{
  memset (state, 0, sizeof *state);
  for (int signum = 1; signum <= 64; signum++)
    sigaction (signum, NULL, &state->actions[signum]);
  getitimer (ITIMER_REAL, &state->value);
  pthread_sigmask (SIG_BLOCK, NULL, &state->mask);
  state->n_fds = test_count_fds ();
}

/* The pipe of the signal backends stays: @n_fds descriptors more are allowed. */
static void
assert_same_state (const State *before,
                   guint        n_fds)
{
  State after;

  read_state (&after);
  for (int signum = 1; signum <= 64; signum++)
    {
      g_assert_true (after.actions[signum].sa_handler == before->actions[signum].sa_handler);
      g_assert_cmpint (after.actions[signum].sa_flags & ~RESTORER, ==,
                       before->actions[signum].sa_flags & ~RESTORER);
      g_assert_cmpint (sigismember (&after.mask, signum), ==, sigismember (&before->mask, signum));
    }
  g_assert_cmpint (after.value.it_value.tv_sec, ==, before->value.it_value.tv_sec);
  g_assert_cmpint (after.value.it_value.tv_usec, ==, before->value.it_value.tv_usec);
  g_assert_cmpuint (after.n_fds, <=, before->n_fds + n_fds);
}

static gboolean
source_check (GSource *source)
{
  return FALSE;
}

static gboolean
source_dispatch (GSource     *source,
                 GSourceFunc  callback,
                 gpointer     user_data)
{
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { .check = source_check, .dispatch = source_dispatch };

/* A backend that is started for a source of a context, without an alarm. */
typedef struct
{
  GMainContext       *context;
  GSource            *source;
  VclockAlarmBackend *backend;
} Bench;

static void
wake_cb (gpointer context)
{
  g_main_context_wakeup (context);
}

static gboolean
begin (Bench       *bench,
       const Kind  *kind,
       GError     **error)
{
  bench->context = g_main_context_new ();
  bench->source = g_source_new (&source_funcs, sizeof (GSource));
  g_source_attach (bench->source, bench->context);
  bench->backend = g_object_new (kind->get_type (), NULL);

  return vclock_alarm_backend_start (bench->backend, bench->source, wake_cb, bench->context, error);
}

static void
end (Bench *bench)
{
  g_source_destroy (bench->source);
  g_source_unref (bench->source);
  g_assert_finalize_object (bench->backend);
  g_main_context_unref (bench->context);
}

/* Sleeps until the backend wakes, at most ten seconds; returns whether it did. */
static gboolean
sleep_until_woken (Bench *bench,
                   int    milliseconds)
{
  const gint64 last = g_get_monotonic_time () + milliseconds * 1000;

  do
    {
      GPollFD fds[8];
      VclockTime ready_time = vclock_alarm_backend_get_ready_time (bench->backend);
      int span = (int) ((last - g_get_monotonic_time ()) / 1000);
      int priority;
      int unused;
      int n_fds;

      if (vclock_alarm_backend_check (bench->backend))
        return TRUE;
      if (ready_time != VCLOCK_TIME_NEVER)
        span = (int) CLAMP ((ready_time - vclock_host_get_time (0)) / 1000000 + 1, 0, span);

      g_assert_true (g_main_context_acquire (bench->context));
      g_main_context_prepare (bench->context, &priority);
      n_fds = g_main_context_query (bench->context, G_MAXINT, &unused, fds, 8);
      g_poll (fds, (guint) n_fds, MAX (span, 0));
      g_main_context_check (bench->context, G_MAXINT, fds, n_fds);
      g_main_context_release (bench->context);
      if (vclock_alarm_backend_check (bench->backend))
        return TRUE;
    }
  while (g_get_monotonic_time () < last);

  return FALSE;
}

/* A backend that is started and stopped leaves the process as it found it, armed or not. */
static void
test_start_stop (gconstpointer data)
{
  const Kind *kind = data;
  State before;

  {
    g_autoptr (GError) error = NULL;
    Bench bench;

    g_assert_true (begin (&bench, kind, &error));
    vclock_alarm_backend_stop (bench.backend);
    end (&bench);
  }

  read_state (&before);
  for (int i = 0; i < 10; i++)
    {
      g_autoptr (GError) error = NULL;
      Bench bench;

      begin (&bench, kind, &error);
      g_assert_no_error (error);
      if (i % 2 == 1)
        vclock_alarm_backend_rearm (bench.backend, vclock_host_get_time (0) + i * 100000);
      if (i % 4 == 1)
        g_usleep (500);
      vclock_alarm_backend_stop (bench.backend);
      end (&bench);
      assert_same_state (&before, 0);
    }
}

/* A backend wakes at the wakeup that it was armed for last, and at no other. */
static void
test_rearm (gconstpointer data)
{
  const Kind *kind = data;
  g_autoptr (GError) error = NULL;
  Bench bench;

  begin (&bench, kind, &error);
  g_assert_no_error (error);
  for (int i = 0; i < 50; i++)
    {
      vclock_alarm_backend_rearm (bench.backend, vclock_host_get_time (0) + SEC (1000));
      vclock_alarm_backend_rearm (bench.backend, vclock_host_get_time (0) + i * 1000);
      g_assert_true (sleep_until_woken (&bench, 10000));
    }
  vclock_alarm_backend_rearm (bench.backend, 0);
  g_assert_true (sleep_until_woken (&bench, 10000));
  vclock_alarm_backend_rearm (bench.backend, G_MININT64);
  g_assert_true (sleep_until_woken (&bench, 10000));
  vclock_alarm_backend_rearm (bench.backend, VCLOCK_TIME_NEVER - 1);
  g_assert_false (sleep_until_woken (&bench, 20));
  vclock_alarm_backend_rearm (bench.backend, vclock_host_get_time (0) + MSEC (20));
  vclock_alarm_backend_rearm (bench.backend, VCLOCK_TIME_NEVER);
  g_assert_false (sleep_until_woken (&bench, 50));
  vclock_alarm_backend_stop (bench.backend);
  end (&bench);
}

/* Two of a kind at once: each wakes its own context, and stopping one leaves the other running. */
static void
test_two (gconstpointer data)
{
  const Kind *kind = data;
  g_autoptr (GError) error = NULL;
  Bench a;
  Bench b;

  begin (&a, kind, &error);
  g_assert_no_error (error);
  begin (&b, kind, &error);
  g_assert_no_error (error);
  vclock_alarm_backend_rearm (a.backend, vclock_host_get_time (0) + MSEC (5));
  vclock_alarm_backend_rearm (b.backend, vclock_host_get_time (0) + MSEC (10));
  vclock_alarm_backend_stop (a.backend);
  end (&a);
  g_assert_true (sleep_until_woken (&b, 10000));
  vclock_alarm_backend_stop (b.backend);
  end (&b);
}

/* The first signal that the process has a handler for. */
static int
find_signal (void)
{
  struct sigaction action;

  for (int signum = 1; signum <= 64; signum++)
    if (sigaction (signum, NULL, &action) == 0 && action.sa_handler != SIG_DFL &&
        action.sa_handler != SIG_IGN && (signum == SIGALRM || signum >= SIGRTMIN))
      return signum;

  g_assert_not_reached ();
}

typedef struct
{
  pthread_t target;
  int       signum;
  int       pause;  /* microseconds between signals */
  int       n_left; /* atomic */
} Sender;

static gpointer
send_signals (gpointer data)
{
  Sender *sender = data;

  while (g_atomic_int_add (&sender->n_left, -1) > 0)
    {
      pthread_kill (sender->target, sender->signum);
      if (sender->pause > 0)
        g_usleep ((gulong) sender->pause);
    }

  return NULL;
}

static void
choose (const char *backend)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  g_autoptr (GError) error = NULL;

  vclock_alarm_set_backend (alarm, backend, &error);
  g_assert_no_error (error);
}

/* A signal is a hint: a flood of them calls no timer early, and keeps none from being called. */
static void
test_stray_signals (gconstpointer data)
{
  const Kind *kind = data;
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  Sender sender = { pthread_self (), 0, 0, 100000 };
  GThread *thread;
  int i = 0;

  choose (kind->name);
  test_run_for (MSEC (5));
  sender.signum = find_signal ();
  thread = g_thread_new ("sender", send_signals, &sender);
  while (g_atomic_int_get (&sender.n_left) > 0)
    {
      VclockTime deadline;

      vclock_timer_arm_after (timer, g_test_rand_int_range (0, 1000000));
      deadline = vclock_timer_get_deadline (timer);
      test_run_until (NULL, &n_calls, ++i);
      g_assert_cmpint (vclock_host_get_time (0), >=, deadline);
    }
  g_thread_join (thread);
  test_run_for (MSEC (5));
  choose ("poll");
}

/* A signal at any instruction is not lost: each timer is called although signals come while it is
 * armed, disarmed and waited for. */
static void
test_any_instruction (gconstpointer data)
{
  const Kind *kind = data;
  int n_calls = 0;
  int n_expected = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  g_autoptr (VclockTimer) other = test_counting_timer_new (test_get_monotonic (), &n_calls);
  Sender sender = { pthread_self (), 0, 20, G_MAXINT };
  GThread *thread;

  choose (kind->name);
  test_run_for (MSEC (5));
  sender.signum = find_signal ();
  thread = g_thread_new ("sender", send_signals, &sender);
  for (int i = 0; i < 20000; i++)
    {
      vclock_timer_arm_after (other, g_test_rand_int_range (0, 100000));
      if (i % 7 == 0)
        raise (sender.signum);
      if (i % 3 == 0)
        g_main_context_iteration (NULL, FALSE);
      n_expected += !vclock_timer_disarm (other);
      vclock_timer_arm_after (timer, g_test_rand_int_range (0, 60000));
      if (i % 5 == 0)
        raise (sender.signum);
      test_run_until (NULL, &n_calls, ++n_expected);
      g_assert_cmpint (n_calls, ==, n_expected);
    }
  g_atomic_int_set (&sender.n_left, 0);
  g_thread_join (thread);
  choose ("poll");
}

/* A thread that had blocked the signal has it blocked again when the backend has stopped. */
static void
test_signal_mask (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  sigset_t blocked;
  sigset_t found;
  State before;
  Bench bench;

  sigemptyset (&blocked);
  for (int signum = SIGRTMIN; signum <= SIGRTMAX; signum++)
    sigaddset (&blocked, signum);
  sigaddset (&blocked, SIGALRM);
  pthread_sigmask (SIG_BLOCK, &blocked, &found);
  read_state (&before);
  begin (&bench, data, &error);
  g_assert_no_error (error);
  vclock_alarm_backend_rearm (bench.backend, vclock_host_get_time (0) + MSEC (1));
  g_assert_true (sleep_until_woken (&bench, 10000));
  vclock_alarm_backend_stop (bench.backend);
  end (&bench);
  assert_same_state (&before, 0);
  pthread_sigmask (SIG_SETMASK, &found, NULL);
}

/* The signal handler leaves errno as it was. */
static void
test_errno (gconstpointer data)
{
  const Kind *kind = data;
  int n_calls = 0;
  g_autoptr (VclockTimer) timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  int signum;

  choose (kind->name);
  test_run_for (MSEC (5));
  signum = find_signal ();
  /* The pipe fills up, so that the handler's write fails. */
  for (int i = 0; i < 70000; i++)
    {
      errno = 12345;
      raise (signum);
      g_assert_cmpint (errno, ==, 12345);
    }
  vclock_timer_arm_after (timer, 0);
  test_run_until (NULL, &n_calls, 1);
  choose ("poll");
}

static void
add (const char     *backend,
     const char     *name,
     gconstpointer   data,
     void         (* test) (gconstpointer data))
{
  g_autofree char *path = g_strdup_printf ("/backends/%s/%s", backend, name);

  g_test_add_data_func (path, data, test);
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      add (kinds[i].name, "start-stop", &kinds[i], test_start_stop);
      add (kinds[i].name, "rearm", &kinds[i], test_rearm);
      add (kinds[i].name, "two-at-once", &kinds[i], test_two);
    }
  for (gsize i = 2; i < G_N_ELEMENTS (kinds); i++)
    {
      add (kinds[i].name, "errno", &kinds[i], test_errno);
      add (kinds[i].name, "stray-signals", &kinds[i], test_stray_signals);
      add (kinds[i].name, "signal-at-any-instruction", &kinds[i], test_any_instruction);
      add (kinds[i].name, "signal-mask", &kinds[i], test_signal_mask);
    }

  return g_test_run ();
}
