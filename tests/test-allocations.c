/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-fixtures.h"

/* What must not allocate memory: what happens again and again. */

static guint n_allocations;

#if defined (__GLIBC__) && !defined (__SANITIZE_ADDRESS__) && !defined (__SANITIZE_THREAD__)
# define COUNTS_ALLOCATIONS 1

void *__libc_malloc (size_t size);
void *__libc_calloc (size_t n,
                     size_t size);
void *__libc_realloc (void   *memory,
                      size_t  size);

void *
malloc (size_t size)
{
  g_atomic_int_inc (&n_allocations);

  return __libc_malloc (size);
}

void *
calloc (size_t n,
        size_t size)
{
  g_atomic_int_inc (&n_allocations);

  return __libc_calloc (n, size);
}

void *
realloc (void   *memory,
         size_t  size)
{
  g_atomic_int_inc (&n_allocations);

  return __libc_realloc (memory, size);
}
#else
# define COUNTS_ALLOCATIONS 0
#endif

/* Whether allocations are counted; if not, the test is skipped. */
static gboolean
can_count (void)
{
  const guint n_before = n_allocations;

  g_free (g_strdup ("witness"));
  if (COUNTS_ALLOCATIONS)
    g_assert_cmpuint (n_allocations, ==, n_before + 1);
  else
    g_test_skip ("The allocator cannot be replaced here");

  return COUNTS_ALLOCATIONS;
}

static void
expired_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     n_calls)
{
  ++*(guint *) n_calls;
}

/* Arms all, some to be due at once and some in turn, and disarms some; then all that are due are
 * called. Returns how often memory was allocated. */
static guint
run_timers (VclockTimer **timers,
            guint         n_timers)
{
  const guint n_before = n_allocations;
  const VclockTime now = vclock_clock_get_time (vclock_timer_get_clock (timers[0]));

  for (guint i = 0; i < n_timers; i++)
    vclock_timer_arm (timers[i], now - (i % 3) * i);
  for (guint i = 0; i < n_timers; i += 7)
    vclock_timer_disarm (timers[i]);
  test_iterate (NULL);

  return n_allocations - n_before;
}

/* Arming, disarming, sleeping and calling, once the context has had as many timers. */
static void
test_dispatch (void)
{
  VclockTimer *timers[5000];
  guint n_calls = 0;

  if (!can_count ())
    return;

  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    {
      timers[i] = vclock_timer_new (vclock_monotonic_clock_get_default ());
      vclock_timer_set_callback (timers[i], expired_cb, &n_calls, NULL);
    }
  g_assert_cmpuint (run_timers (timers, G_N_ELEMENTS (timers)), >, 0);
  g_assert_cmpuint (run_timers (timers, G_N_ELEMENTS (timers)), ==, 0);
  g_assert_cmpuint (run_timers (timers, G_N_ELEMENTS (timers)), ==, 0);
  g_assert_cmpuint (n_calls, ==, 3 * (G_N_ELEMENTS (timers) - G_N_ELEMENTS (timers) / 7 - 1));
  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    g_assert_finalize_object (timers[i]);
}

static guint
move_clock (VclockVirtualClock  *clock,
            VclockTimer        **timers)
{
  const guint n_before = n_allocations;

  for (guint i = 0; i < 100; i++)
    {
      for (guint j = 0; j < 2; j++)
        {
          vclock_timer_arm_after (timers[j], 10);
          vclock_timer_arm_after (timers[j], 5);
        }
      vclock_virtual_clock_advance (clock, 20);
      vclock_timer_disarm (timers[0]);
      vclock_virtual_clock_set_rate (clock, 1 + i % 2, 3);
      vclock_virtual_clock_pause (clock);
      vclock_virtual_clock_resume (clock);
      vclock_virtual_clock_jump (clock, 0);
    }

  return n_allocations - n_before;
}

/* Recording allocates nothing for an event, neither before the ring is full nor after; and for a
 * timer that had no traits of its own, these, once. */
static void
test_recording (TestRecorderFixture *fixture,
                gconstpointer        unused)
{
  VclockTimer *timers[] = { vclock_timer_new (fixture->clock), vclock_timer_new (fixture->clock) };
  guint expected;

  if (can_count ())
    {
      vclock_timer_set_name (timers[0], "a name that is not short");
      vclock_timer_set_period (timers[0], 3);
      vclock_recorder_set_recording (fixture->recorder, FALSE);
      move_clock (fixture->virtual, timers);
      expected = move_clock (fixture->virtual, timers);
      vclock_recorder_set_recording (fixture->recorder, TRUE);
      g_assert_cmpuint (move_clock (fixture->virtual, timers), ==, expected + 1);
      g_assert_cmpuint (move_clock (fixture->virtual, timers), ==, expected);
      g_assert_cmpuint (vclock_recorder_get_n_dropped (fixture->recorder), >, 1000);
    }
  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    g_assert_finalize_object (timers[i]);
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  g_test_add_func ("/allocations/dispatch", test_dispatch);
  g_test_add ("/allocations/recording", TestRecorderFixture, NULL, test_recorder_fixture_set_up,
              test_recording, test_recorder_fixture_tear_down);

  return g_test_run ();
}
