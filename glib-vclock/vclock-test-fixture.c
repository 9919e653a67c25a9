/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-test-fixture.h>

/**
 * vclock_test_fixture_set_up: (skip)
 * @fixture: a fixture
 * @user_data: what was given to `g_test_add ()`
 *
 * Makes clocks for a test and lets them be the default ones, before it.
 *
 * The test fails if those of another test are still the defaults.
 */
void
vclock_test_fixture_set_up (VclockTestFixture *fixture,
                            gconstpointer      user_data)
{
  fixture->clocks = vclock_test_clocks_new ();
  VCLOCK_TEST_ASSERT (vclock_test_clocks_set_up (fixture->clocks, &vclock_test_error));
}

/**
 * vclock_test_fixture_tear_down: (skip)
 * @fixture: a fixture
 * @user_data: what was given to `g_test_add ()`
 *
 * Gives the default clocks back, after a test.
 *
 * The test fails if it has left timers armed.
 */
void
vclock_test_fixture_tear_down (VclockTestFixture *fixture,
                               gconstpointer      user_data)
{
  VCLOCK_TEST_ASSERT (vclock_test_clocks_tear_down (fixture->clocks, &vclock_test_error));
  g_clear_object (&fixture->clocks);
}
