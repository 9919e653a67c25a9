/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"
#include "test-wait.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>

/* What backends do when the system refuses, or when the program has its own use for what they need:
 * give way to the next one. */

static int n_refusals;

static GLogWriterOutput
count_refusals (GLogLevelFlags   level,
                const GLogField *fields,
                gsize            n_fields,
                gpointer         user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE") && strstr (fields[i].value, "gives way") != NULL)
      {
        g_assert_cmpint (level & G_LOG_LEVEL_MASK, ==, G_LOG_LEVEL_DEBUG);
        n_refusals++;
      }

  if ((level & G_LOG_LEVEL_DEBUG) != 0)
    return G_LOG_WRITER_HANDLED;

  return g_log_writer_default (level, fields, n_fields, user_data);
}

static volatile int n_own_signals;

static void
own_handler (int signum)
{
  n_own_signals++;
}

static void
refuse_handler (void)
{
  signal (SIGALRM, own_handler);
}

static void
refuse_itimer (void)
{
  const struct itimerval value = { { 0, 0 }, { 1000, 0 } };

  setitimer (ITIMER_REAL, &value, NULL);
}

static void
refuse_pending (void)
{
  const struct rlimit limit = { 0, 0 };

  g_assert_cmpint (setrlimit (RLIMIT_SIGPENDING, &limit), ==, 0);
}

static void
refuse_fds (void)
{
  g_main_context_default ();
  test_exhaust_fds ();
}

typedef struct
{
  const char *name;
  const char *backend;
  void     (* refuse) (void);
} Refusal;

static const Refusal refusals[] = {
  { "handler-of-the-program", "unix", refuse_handler },
  { "interval-timer-in-use", "unix", refuse_itimer },
  { "no-pending-signals", "dynticks", refuse_pending },
  { "no-descriptors/timerfd", "timerfd", refuse_fds },
  { "no-descriptors/dynticks", "dynticks", refuse_fds },
  { "no-descriptors/unix", "unix", refuse_fds },
};

/* What the system refuses makes the next backend be taken, said once and only to who debugs; what
 * the program had set up goes on to work. */
static void
test_refusal (gconstpointer data)
{
  const Refusal *refusal = data;
  g_autofree char *order = g_strdup_printf ("%s,poll", refusal->backend);

  if (!test_is_subprocess ())
    return;

  vclock_alarm_configure (order, NULL);
  refusal->refuse ();
  test_assert_backend ("poll");
  g_assert_cmpint (n_refusals, ==, 1);

  if (refusal->refuse == refuse_fds)
    test_allow_fds ();
  if (refusal->refuse == refuse_handler)
    {
      raise (SIGALRM);
      g_assert_cmpint (n_own_signals, ==, 1);
    }
  if (refusal->refuse == refuse_itimer)
    {
      struct itimerval value;

      getitimer (ITIMER_REAL, &value);
      g_assert_cmpint (value.it_value.tv_sec, >, 900);
    }
}

static gpointer
start_and_stop_thread (gpointer unused)
{
  for (guint i = 0; i < 50000; i++)
    {
      g_autoptr (GMainContext) context = g_main_context_new ();
      g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (context);
      g_autoptr (VclockTimer) timer = vclock_timer_new_full (vclock_monotonic_clock_get_default (),
                                                             context, 0, VCLOCK_SCALE_S);
      g_autofree char *name = NULL;

      vclock_timer_arm_after (timer, 3600);
      g_main_context_iteration (context, FALSE);
      name = vclock_alarm_get_backend (alarm);
      g_assert_cmpstr (name, ==, "unix");
      vclock_timer_disarm (timer);
    }

  return NULL;
}

/* The interval timer that another thread has just armed for its own context is not taken for one of
 * the program. */
static void
test_no_refusal (void)
{
  GThread *threads[2];

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 60 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  vclock_alarm_configure ("unix,poll", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("start", start_and_stop_thread, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (count_refusals, NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strdup_printf ("/backends/refusal/%s", refusals[i].name);

      g_test_add_data_func (path, &refusals[i], test_refusal);
    }

  g_test_add_func ("/backends/refusal/not-of-our-own-timer", test_no_refusal);

  return g_test_run ();
}
