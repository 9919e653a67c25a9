/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VCLOCK_INSIDE) && !defined (VCLOCK_COMPILATION)
# error "Only <glib-vclock/glib-vclock.h> can be included directly."
#endif

#include <glib-vclock/vclock-test-clocks.h>

G_BEGIN_DECLS

/**
 * VclockTestFixture:
 * @clocks: the clocks of the test, which are the default ones
 *
 * A fixture for `g_test_add ()`, or the first member of one's own.
 *
 * ```c
 * g_test_add ("/program/suspend", VclockTestFixture, NULL,
 *             vclock_test_fixture_set_up, test_suspend, vclock_test_fixture_tear_down);
 * ```
 */
typedef struct
{
  VclockTestClocks *clocks;

  /*< private >*/
  gpointer padding[3];
} VclockTestFixture;

VCLOCK_AVAILABLE_IN_ALL
void vclock_test_fixture_set_up    (VclockTestFixture *fixture,
                                    gconstpointer      user_data);

VCLOCK_AVAILABLE_IN_ALL
void vclock_test_fixture_tear_down (VclockTestFixture *fixture,
                                    gconstpointer      user_data);

/**
 * vclock_test_clocks_assert_armed:
 * @self: the clocks of a test
 * @timer: a timer
 * @deadline: when it is to expire, in the timer's scale
 *
 * Fails the test unless [method@Vclock.TestClocks.check_armed] holds.
 */
#define vclock_test_clocks_assert_armed(self, timer, deadline) \
  VCLOCK_TEST_ASSERT (vclock_test_clocks_check_armed (self, timer, deadline, &vclock_test_error))

/**
 * vclock_test_clocks_assert_disarmed:
 * @self: the clocks of a test
 *
 * Fails the test unless [method@Vclock.Clock.check_disarmed] holds for all clocks of the test.
 */
#define vclock_test_clocks_assert_disarmed(self) \
  VCLOCK_TEST_ASSERT ( \
    vclock_clock_check_disarmed (VCLOCK_CLOCK (vclock_test_clocks_get_boottime (self)), \
                                 &vclock_test_error))

/**
 * vclock_test_clocks_assert_expired:
 * @self: the clocks of a test
 * @names: names of timers, with spaces between them
 *
 * Fails the test unless [method@Vclock.TestClocks.check_expired] holds.
 */
#define vclock_test_clocks_assert_expired(self, names) \
  VCLOCK_TEST_ASSERT (vclock_test_clocks_check_expired (self, names, &vclock_test_error))

/**
 * vclock_test_clocks_assert_n_armed:
 * @self: the clocks of a test
 * @clock: (nullable): a clock; NULL for all of the test
 * @n_armed: how many timers are to be armed
 *
 * Fails the test unless [method@Vclock.TestClocks.check_n_armed] holds.
 */
#define vclock_test_clocks_assert_n_armed(self, clock, n_armed) \
  VCLOCK_TEST_ASSERT (vclock_test_clocks_check_n_armed (self, clock, n_armed, &vclock_test_error))

#ifndef __GI_SCANNER__
# define VCLOCK_TEST_ASSERT(check) \
  G_STMT_START { \
    GError *vclock_test_error = NULL; \
    if (!(check)) \
      g_assertion_message (G_LOG_DOMAIN, __FILE__, __LINE__, G_STRFUNC, \
                           vclock_test_error->message); \
    g_clear_error (&vclock_test_error); \
  } G_STMT_END
#endif

G_END_DECLS
