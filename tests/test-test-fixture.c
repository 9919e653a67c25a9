/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

/* A fixture of one's own, of which ours is the first member. */
typedef struct
{
  VclockTestFixture base;

  VclockTimer *timer;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  vclock_test_fixture_set_up (&fixture->base, user_data);
  fixture->timer = g_object_new (VCLOCK_TYPE_TIMER, "name", "retry", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->timer);
  vclock_test_fixture_tear_down (&fixture->base, user_data);
}

/* The fixture's clocks are the defaults during the test. */
static void
test_plain (VclockTestFixture *fixture,
            gconstpointer      unused)
{
  g_assert_true (vclock_monotonic_clock_get_default () ==
                 VCLOCK_CLOCK (vclock_test_clocks_get_monotonic (fixture->clocks)));
  vclock_test_clocks_assert_disarmed (fixture->clocks);
}

/* What holds passes, also in a fixture of one's own. */
static void
test_embedded (Fixture       *fixture,
               gconstpointer  unused)
{
  VclockTestClocks *clocks = fixture->base.clocks;

  vclock_timer_arm_after (fixture->timer, SEC (1));
  vclock_test_clocks_assert_armed (clocks, fixture->timer, SEC (1001));
  vclock_test_clocks_assert_n_armed (clocks, vclock_monotonic_clock_get_default (), 1);
  vclock_test_clocks_advance (clocks, SEC (1));
  vclock_test_clocks_assert_expired (clocks, "retry");
  vclock_test_clocks_assert_disarmed (clocks);
}

/* After each test the real clocks are back. */
static void
test_restored (void)
{
  g_assert_true (VCLOCK_IS_MONOTONIC_CLOCK (vclock_monotonic_clock_get_default ()));
  g_assert_true (VCLOCK_IS_WALL_CLOCK (vclock_wall_clock_get_default ()));
}

/* What does not hold, each in a process of its own. */

static void
fail_armed (Fixture       *fixture,
            gconstpointer  unused)
{
  vclock_timer_arm_after (fixture->timer, SEC (2));
  vclock_test_clocks_assert_armed (fixture->base.clocks, fixture->timer, SEC (1001));
}

static void
fail_disarmed (Fixture       *fixture,
               gconstpointer  unused)
{
  vclock_timer_arm_after (fixture->timer, SEC (2));
  vclock_test_clocks_assert_disarmed (fixture->base.clocks);
}

static void
fail_expired (Fixture       *fixture,
              gconstpointer  unused)
{
  vclock_timer_arm_after (fixture->timer, SEC (2));
  vclock_test_clocks_advance (fixture->base.clocks, SEC (2));
  vclock_test_clocks_assert_expired (fixture->base.clocks, "connect retry");
}

static void
fail_n_armed (Fixture       *fixture,
              gconstpointer  unused)
{
  vclock_timer_arm_after (fixture->timer, SEC (2));
  vclock_test_clocks_assert_n_armed (fixture->base.clocks, NULL, 2);
}

static void
fail_left_armed (VclockTestFixture *fixture,
                 gconstpointer      unused)
{
  g_autoptr (VclockTimer) timer = g_object_new (VCLOCK_TYPE_TIMER, NULL);

  vclock_timer_arm_after (timer, SEC (2));
}

static void
fail_nested (VclockTestFixture *fixture,
             gconstpointer      unused)
{
  VclockTestFixture other;

  vclock_test_fixture_set_up (&other, NULL);
}

/* Which test must fail, and what it must say: where, what was expected and what was found, with
 * quotation marks that the locale may not have. */
static const struct
{
  const char *path;
  const char *text;
} failures[] = {
  { "armed", "*test-test-fixture.c:*:fail_armed:*?retry? expected to be armed for "
             "1001000000000 ns; found: 1002000000000 ns*" },
  { "disarmed", "*test-test-fixture.c:*:fail_disarmed:*1 timer is still armed on the clock "
                "?boottime?:*timer ?retry?: *" },
  { "expired", "*test-test-fixture.c:*:fail_expired:*Timers expected to have expired: "
               "?connect retry?; found: ?retry?*" },
  { "n-armed", "*test-test-fixture.c:*:fail_n_armed:*Armed timers expected: 2; found: 1"
               "*timer ?retry?: *" },
  { "left-armed", "*vclock_test_fixture_tear_down:*1 timer is still armed on the clock "
                  "?boottime?:*unnamed timer: *" },
  { "nested", "*vclock_test_fixture_set_up:*tear that one down first*" },
};

/* An assertion that does not hold fails the test, and says where and why. */
static void
test_failures (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autofree char *path = g_strconcat ("/test-fixture/failures/subprocess/", failures[i].path,
                                           NULL);

      g_test_trap_subprocess (path, 20 * G_USEC_PER_SEC, 0);
      g_test_trap_assert_failed ();
      g_test_trap_assert_stderr (failures[i].text);
    }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
#define ADD_PLAIN(path, func) \
  g_test_add (path, VclockTestFixture, NULL, \
              vclock_test_fixture_set_up, func, vclock_test_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  ADD_PLAIN ("/test-fixture/plain", test_plain);
  ADD ("/test-fixture/embedded", test_embedded);
  g_test_add_func ("/test-fixture/restored", test_restored);
  g_test_add_func ("/test-fixture/failures", test_failures);
  ADD ("/test-fixture/failures/subprocess/armed", fail_armed);
  ADD ("/test-fixture/failures/subprocess/disarmed", fail_disarmed);
  ADD ("/test-fixture/failures/subprocess/expired", fail_expired);
  ADD ("/test-fixture/failures/subprocess/n-armed", fail_n_armed);
  ADD_PLAIN ("/test-fixture/failures/subprocess/left-armed", fail_left_armed);
  ADD_PLAIN ("/test-fixture/failures/subprocess/nested", fail_nested);

  return g_test_run ();
}
