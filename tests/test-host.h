/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "test-util.h"

G_BEGIN_DECLS

/* What differs from host to host, and a host that a test scripts. */

/* Backends of this host: the first one, and two that are used on request. */
#ifdef G_OS_WIN32
# define TEST_BACKEND_FIRST   "waitable"
# define TEST_BACKEND_REQUEST "mmtimer"
# define TEST_BACKEND_LAST    "win32"
#else
# define TEST_BACKEND_FIRST   "timerfd"
# define TEST_BACKEND_REQUEST "dynticks"
# define TEST_BACKEND_LAST    "unix"
#endif

/* How many descriptors, or HANDLEs, the process has open. */
guint test_count_fds (void);

/* What of the process a backend may change while it runs, and must give back. */
typedef struct _TestState TestState;

TestState *test_state_read        (void);
void       test_state_assert_same (const TestState *before);

/* Something that polls ready from being rung to being stilled: a pipe, or an event. */
typedef struct
{
  GPollFD poll;
  int     ringer; /* the other end of a pipe */
} TestBell;

void test_bell_init  (TestBell *self);
void test_bell_clear (TestBell *self);
void test_bell_ring  (TestBell *self);
void test_bell_still (TestBell *self);

/* A GSource that is dispatched while a bell rings; its callback is a GSourceFunc. */
GSource *test_bell_source_new (const TestBell *self);

/* Keeps the signals of alarms from this thread, where there are signals. */
void test_block_signals (void);

#ifdef G_OS_UNIX
/* Runs the default main context until @counter is @n, for at most ten seconds; returns whether it is.
 * Children need it, which must not fail as a test does. */
gboolean test_comes (const int *counter,
                     int        n);

/* Waits for a child, which must end with 0. */
void test_assert_child (int pid);

/* Without descriptors, and with them again. */
void test_exhaust_fds (void);
void test_allow_fds (void);
#endif

/* A host whose clocks are variables, and go on by so much whenever one is read. */
extern VclockTime test_host_times[3];
extern VclockTime test_host_read_takes;

void test_host_begin    (void);
void test_host_end      (void);
void test_host_pass     (VclockTime span);
void test_host_tell     (gboolean   was_set);
void test_host_set_wall (VclockTime by);

G_END_DECLS
