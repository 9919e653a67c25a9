/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-vclock/glib-vclock.h>

G_BEGIN_DECLS

/* What the tests share: a log of expirations, a main context that is run without waiting for time,
 * and a clock whose time is a variable. */

#define MSEC(n) ((n) * VCLOCK_NSEC_PER_MSEC)
#define SEC(n)  ((n) * VCLOCK_NSEC_PER_SEC)
#define YEAR    (SEC (3600) * 24 * 365)

/* How often a race is run: each switch of threads takes a hundred times as long under wine. */
#ifdef G_OS_WIN32
# define TEST_ROUNDS(n) ((n) / 10)
#else
# define TEST_ROUNDS(n) (n)
#endif

/* A timer that appends its name to @log when it expires. */
VclockTimer *test_timer_new      (VclockClock *clock,
                                  const char  *name,
                                  GString     *log);
VclockTimer *test_timer_new_full (VclockClock  *clock,
                                  GMainContext *context,
                                  int           priority,
                                  const char   *name,
                                  GString      *log);
void         test_log_name_cb    (VclockTimer *timer,
                                  guint64      overruns,
                                  gpointer     log);

/* Disarms a timer that nothing else holds, and ends it. */
void         test_drop           (VclockTimer *timer);

/* Compares the log with what is expected, and empties it. */
#define test_assert_log(log, expected) \
  G_STMT_START { g_assert_cmpstr ((log)->str, ==, expected); g_string_truncate (log, 0); } G_STMT_END

/* Runs a context until nothing is ready any more, without waiting; returns the number of
 * iterations. */
guint test_iterate      (GMainContext *context);

/* One iteration that does not sleep, as if it had been woken at once by something else; returns for
 * how many milliseconds it would have slept, -1 for ever. */
int   test_iterate_once (GMainContext *context);

/* Runs a context until the condition holds; the bound is a number of polls, not a time. */
#define TEST_MAX_POLLS 100000
#define test_wait_until(context, condition) \
  G_STMT_START { \
    guint n_polls_left = TEST_MAX_POLLS; \
    while (!(condition) && --n_polls_left > 0) \
      g_main_context_iteration (context, TRUE); \
    g_assert_cmpuint (n_polls_left, >, 0); \
  } G_STMT_END

/* Counts the polls of a context, and what they were given. */
typedef struct
{
  guint n_polls;
  int   last_timeout;
  guint last_n_fds;
} TestPolls;

extern TestPolls test_polls;

void test_count_polls (GMainContext *context);

VclockClock *test_get_monotonic (void);

void         test_count_cb           (VclockTimer *timer,
                                      guint64      overruns,
                                      gpointer     counter);

VclockTimer *test_counting_timer_new (VclockClock *clock,
                                      int         *counter);

/* Structured messages of the library that must come, in this order. */
void test_expect_log          (GLogLevelFlags  level,
                               const char     *pattern);
void test_assert_expected_log (void);

/* A clock whose time is a variable; with @promises it says that a deadline is reached at deadline +
 * @host_zero of CLOCK_MONOTONIC. */
#define TEST_TYPE_CLOCK (test_clock_get_type ())
G_DECLARE_FINAL_TYPE (TestClock, test_clock, TEST, CLOCK, VclockClock)

struct _TestClock
{
  VclockClock parent_instance;

  VclockTime now;
  VclockTime host_zero;
  gboolean   promises;
  guint      n_reads;
  GString   *resets;    /* what the class handler of ::reset was told */
};

TestClock *test_clock_new (void);
void       test_clock_set (TestClock  *self,
                           VclockTime  now);

/* Lets a test have a process of its own: TRUE there; otherwise runs it, and FALSE when it has
 * passed. */
gboolean test_is_subprocess (void);

void test_init (int    *argc,
                char ***argv);

G_END_DECLS
