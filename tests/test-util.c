/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <glib-vclock/vclock-time-private.h>

VclockTimer *
test_timer_new_full (VclockClock  *clock,
                     GMainContext *context,
                     int           priority,
                     const char   *name,
                     GString      *log)
{
  VclockTimer *timer = vclock_timer_new_full (clock, context, priority, VCLOCK_SCALE_NS);

  vclock_timer_set_name (timer, name);
  g_signal_connect (timer, "expired", G_CALLBACK (test_log_name_cb), log);

  return timer;
}

VclockTimer *
test_timer_new (VclockClock *clock,
                const char  *name,
                GString     *log)
{
  return test_timer_new_full (clock, NULL, G_PRIORITY_DEFAULT, name, log);
}

void
test_log_name_cb (VclockTimer *timer,
                  guint64      overruns,
                  gpointer     log)
{
  g_string_append (log, vclock_timer_get_name (timer));
}

void
test_drop (VclockTimer *timer)
{
  vclock_timer_disarm (timer);
  g_assert_finalize_object (timer);
}

guint
test_iterate (GMainContext *context)
{
  guint n_iterations = 0;

  while (g_main_context_iteration (context, FALSE))
    g_assert_cmpuint (++n_iterations, <, TEST_MAX_POLLS);

  return n_iterations;
}

int
test_iterate_once (GMainContext *context)
{
  GPollFD fds[8];
  int priority;
  int timeout;
  int n_fds;

  g_assert_true (g_main_context_acquire (context));
  g_main_context_prepare (context, &priority);
  n_fds = g_main_context_query (context, priority, &timeout, fds, G_N_ELEMENTS (fds));
  g_assert_cmpint (n_fds, <=, G_N_ELEMENTS (fds));
  for (int i = 0; i < n_fds; i++)
    fds[i].revents = 0;
  if (g_main_context_check (context, priority, fds, n_fds))
    g_main_context_dispatch (context);
  g_main_context_release (context);

  return timeout;
}

TestPolls test_polls;

static int
poll_func (GPollFD *fds,
           guint    n_fds,
           int      timeout)
{
  test_polls.n_polls++;
  test_polls.last_timeout = timeout;
  test_polls.last_n_fds = n_fds;

  return g_poll (fds, n_fds, timeout);
}

void
test_count_polls (GMainContext *context)
{
  test_polls = (TestPolls) { 0, 0, 0 };
  g_main_context_set_poll_func (context, poll_func);
}

typedef struct
{
  GLogLevelFlags  level;
  const char     *pattern;
} Expected;

static GQueue expected_log = G_QUEUE_INIT; /* (element-type Expected) */

static GLogWriterOutput
log_writer (GLogLevelFlags   level,
            const GLogField *fields,
            gsize            n_fields,
            gpointer         user_data)
{
  Expected *expected = g_queue_peek_head (&expected_log);

  for (gsize i = 0; i < n_fields && expected != NULL; i++)
    if (g_str_equal (fields[i].key, "MESSAGE") && (level & expected->level) != 0 &&
        g_pattern_match_simple (expected->pattern, fields[i].value))
      {
        g_free (g_queue_pop_head (&expected_log));
        return G_LOG_WRITER_HANDLED;
      }

  return g_log_writer_default (level, fields, n_fields, user_data);
}

void
test_expect_log (GLogLevelFlags  level,
                 const char     *pattern)
{
  Expected *expected = g_new (Expected, 1);

  *expected = (Expected) { level, pattern };
  g_queue_push_tail (&expected_log, expected);
}

void
test_assert_expected_log (void)
{
  Expected *expected = g_queue_peek_head (&expected_log);

  if (expected != NULL)
    g_error ("This message has not come: %s", expected->pattern);
}

G_DEFINE_FINAL_TYPE (TestClock, test_clock, VCLOCK_TYPE_CLOCK)

static VclockTime
test_clock_get_time (VclockClock *clock)
{
  TestClock *self = TEST_CLOCK (clock);

  self->n_reads++;

  return self->now;
}

static VclockTime
test_clock_get_wakeup (VclockClock     *clock,
                       VclockTime       deadline,
                       VclockHostClock *host_clock)
{
  TestClock *self = TEST_CLOCK (clock);

  return self->promises ? vclock_time_add (deadline, self->host_zero) : VCLOCK_TIME_NEVER;
}

static void
test_clock_reset (VclockClock *clock,
                  VclockTime   old_time,
                  VclockTime   new_time)
{
  g_string_append_printf (TEST_CLOCK (clock)->resets,
                          "%" G_GINT64_FORMAT ">%" G_GINT64_FORMAT " ", old_time, new_time);
}

static void
test_clock_finalize (GObject *object)
{
  g_string_free (TEST_CLOCK (object)->resets, TRUE);

  G_OBJECT_CLASS (test_clock_parent_class)->finalize (object);
}

static void
test_clock_class_init (TestClockClass *klass)
{
  VclockClockClass *clock_class = VCLOCK_CLOCK_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = test_clock_finalize;
  clock_class->get_time = test_clock_get_time;
  clock_class->get_wakeup = test_clock_get_wakeup;
  clock_class->reset = test_clock_reset;
}

static void
test_clock_init (TestClock *self)
{
  self->resets = g_string_new (NULL);
}

TestClock *
test_clock_new (void)
{
  return g_object_new (TEST_TYPE_CLOCK, "name", "test", NULL);
}

void
test_clock_set (TestClock  *self,
                VclockTime  now)
{
  self->now = now;
  vclock_clock_replan (VCLOCK_CLOCK (self));
}

gboolean
test_is_subprocess (void)
{
  if (g_test_subprocess ())
    return TRUE;

  g_test_trap_subprocess (NULL, 20 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();

  return FALSE;
}

void
test_init (int    *argc,
           char ***argv)
{
  g_test_init (argc, argv, NULL);
  g_log_set_writer_func (log_writer, NULL, NULL);
}

VclockClock *
test_get_monotonic (void)
{
  return vclock_monotonic_clock_get_default ();
}

/* A callback that counts, without a lock. */
void
test_count_cb (VclockTimer *timer,
               guint64      overruns,
               gpointer     counter)
{
  (*(int *) counter)++;
}

VclockTimer *
test_counting_timer_new (VclockClock *clock,
                         int         *counter)
{
  VclockTimer *timer = vclock_timer_new (clock);

  g_signal_connect (timer, "expired", G_CALLBACK (test_count_cb), counter);

  return timer;
}
