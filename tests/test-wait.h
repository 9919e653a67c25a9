/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "test-util.h"

G_BEGIN_DECLS

/* Running a main context in real time, for ten seconds at most. */

/* An attached source that ends the test if it is not destroyed within ten seconds. */
GSource *test_guard_new (GMainContext *context);

/* Runs a context until @counter is @n; fails after ten seconds. */
void     test_run_until (GMainContext *context,
                         const int    *counter,
                         int           n);

/* Runs the default main context until a timer has expired after @span. */
void     test_run_for   (VclockTime    span);

/* Which backend the default main context's alarm runs on, once a timer has expired. */
void     test_assert_backend (const char *expected);

G_END_DECLS
