/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "test-util.h"

G_BEGIN_DECLS

/* The list of who waits, in the messages of errors. */

#define TEST_STANDS "the clock has no parent and stands still until it is moved"

VclockClock *test_virtual_new     (const char  *name,
                                   VclockClock *parent);
VclockTimer *test_armed_new       (VclockClock *clock,
                                   const char  *name,
                                   VclockTime   deadline);

/* Compares the message of an error with what is expected, but for the places in the program. */
void         test_assert_text     (GError      *error,
                                   const char  *expected);

/* Compares who is said to be armed on a clock with what is expected. */
void         test_assert_list     (VclockClock *clock,
                                   const char  *expected);
void         test_assert_disarmed (VclockClock *clock);

G_END_DECLS
