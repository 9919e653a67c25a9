/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "test-util.h"

G_BEGIN_DECLS

/* What several tests begin with: a main context of their own, which is thread-default, a clock and
 * a log. At the end nothing else holds the clock any more. */

/* A virtual clock without parent. */
typedef struct
{
  GMainContext       *context;
  VclockVirtualClock *self;
  VclockClock        *clock;   /* the same */
  GString            *log;
} TestFixture;

void         test_fixture_set_up      (TestFixture   *fixture,
                                       gconstpointer  unused);
void         test_fixture_set_up_warp (TestFixture   *fixture,
                                       gconstpointer  unused);
void         test_fixture_tear_down   (TestFixture   *fixture,
                                       gconstpointer  unused);

void         test_fixture_warp        (TestFixture   *fixture);

/* Appends @what and the time of the clock to the log. */
void         test_log_now             (TestFixture   *fixture,
                                       const char    *what);

/* An armed timer of @clock that appends its name and the time of the fixture's clock to the log
 * when it expires, which is exactly at its deadline. */
VclockTimer *test_exact_timer_new     (TestFixture   *fixture,
                                       gpointer       clock,
                                       const char    *name,
                                       VclockTime     deadline);

/* A timer that appends its name, what its clock says, and overruns if there are any, to @log. */
VclockTimer *test_time_timer_new      (VclockClock   *clock,
                                       const char    *name,
                                       GString       *log);
void         test_log_time_cb         (VclockTimer   *timer,
                                       guint64        overruns,
                                       gpointer       log);

#define test_assert_time(clock, time) \
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (clock)), ==, time)

/* A clock whose time is a variable. */
typedef struct
{
  GMainContext *context;
  TestClock    *test;
  VclockClock  *clock;   /* the same */
  GString      *log;
} TestClockFixture;

void         test_clock_fixture_set_up    (TestClockFixture *fixture,
                                           gconstpointer     unused);
void         test_clock_fixture_tear_down (TestClockFixture *fixture,
                                           gconstpointer     unused);

/* A clock of 10 nanoseconds for a tick. */
typedef struct
{
  GMainContext       *context;
  VclockTickClock    *self;
  VclockVirtualClock *virtual; /* the same */
  VclockClock        *clock;   /* the same */
  GString            *log;
} TestTickFixture;

void         test_tick_fixture_set_up     (TestTickFixture  *fixture,
                                           gconstpointer     unused);
void         test_tick_fixture_tear_down  (TestTickFixture  *fixture,
                                           gconstpointer     unused);

/* A virtual clock that is recorded; a test may drop the recorder. */
typedef struct
{
  GMainContext       *context;
  VclockVirtualClock *virtual;
  VclockClock        *clock;    /* the same */
  VclockRecorder     *recorder;
  GString            *log;
} TestRecorderFixture;

void         test_recorder_fixture_set_up    (TestRecorderFixture *fixture,
                                              gconstpointer        unused);
void         test_recorder_fixture_tear_down (TestRecorderFixture *fixture,
                                              gconstpointer        unused);

/* The events of a recorder's list as they describe themselves, a line for each. */
char        *test_dup_events                 (VclockRecorder      *recorder);

/* Compares all that has happened with what is expected, and forgets it. */
#define test_assert_events(recorder, expected) \
  G_STMT_START { \
    g_autofree char *events = NULL; \
    vclock_recorder_update (recorder); \
    events = test_dup_events (recorder); \
    g_assert_cmpstr (events, ==, expected); \
    vclock_recorder_clear (recorder); \
  } G_STMT_END

G_END_DECLS
