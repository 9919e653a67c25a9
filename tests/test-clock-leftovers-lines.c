/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-leftovers.h"

#include <glib-vclock/vclock-host-private.h>

/* A program of Windows has a stub of its own that jumps there. */
#ifdef G_OS_WIN32
# define IN_G_MALLOC "^(libglib-2\\.0-0\\.dll|test-clock-leftovers-lines\\.exe)\\+0x[0-9a-f]+$"
#else
# define IN_G_MALLOC "^g_malloc\\+0xf \\(libglib-2\\.0\\.so[.0-9]*\\)$"
#endif

/* The list of who waits, in the messages of errors: what is said of each timer. */

/* What keeps a timer from expiring is told: its clock is paused, has a rate of 0, is disabled.
 * Nothing is told of a clock that goes on. */
static void
test_states (void)
{
  TestClock *host = test_clock_new ();
  VclockClock *clock = test_virtual_new ("virtual", VCLOCK_CLOCK (host));
  VclockVirtualClock *virtual_clock = VCLOCK_VIRTUAL_CLOCK (clock);
  VclockTimer *timer = test_armed_new (clock, "t", SEC (2));

#define MESSAGE(state) \
  "1 timer is still armed on the clock “virtual”:\n" \
  "  timer “t”: deadline 2000000000 ns (2 s), in 2 s; default main context" state

  test_assert_list (clock, MESSAGE (""));
  vclock_virtual_clock_pause (virtual_clock);
  test_assert_list (clock, MESSAGE ("; the clock is paused"));
  vclock_clock_set_enabled (clock, FALSE);
  test_assert_list (clock, MESSAGE ("; the clock is disabled; the clock is paused"));
  vclock_virtual_clock_resume (virtual_clock);
  test_assert_list (clock, MESSAGE ("; the clock is disabled"));
  vclock_clock_set_enabled (clock, TRUE);
  vclock_virtual_clock_set_rate (virtual_clock, 0, 1);
  test_assert_list (clock, MESSAGE ("; the clock stands still at a rate of 0"));
  vclock_virtual_clock_set_rate (virtual_clock, 1, 1);
  test_assert_list (clock, MESSAGE (""));

  test_drop (timer);
  g_assert_finalize_object (clock);
  g_assert_finalize_object (host);
}

/* A timer that is due and was not called yet says so: before a pass has taken it, and when its
 * clock was set back since. */
static void
test_due (void)
{
  g_autoptr (VclockClock) clock = VCLOCK_CLOCK (test_clock_new ());
  VclockTimer *early = test_armed_new (clock, "early", SEC (1));
  VclockTimer *late = test_armed_new (clock, "late", SEC (4));

  TEST_CLOCK (clock)->now = SEC (4);
  test_assert_list (clock,
                    "2 timers are still armed on the clock “test”:\n"
                    "  timer “early”: deadline 1000000000 ns (1 s), due for 3 s; "
                    "default main context\n"
                    "  timer “late”: deadline 4000000000 ns (4 s), due now; default main context");

  vclock_clock_announce_reset (clock, SEC (4), 0);
  TEST_CLOCK (clock)->now = 0;
  test_assert_list (clock,
                    "2 timers are still armed on the clock “test”:\n"
                    "  timer “early”: deadline 1000000000 ns (1 s), due now; default main context\n"
                    "  timer “late”: deadline 4000000000 ns (4 s), due now; default main context");

  test_drop (early);
  test_drop (late);
}

/* That its clock stands still keeps no timer from expiring that is due. */
static void
test_due_while_clock_stands (void)
{
  g_autoptr (VclockClock) clock = test_virtual_new ("virtual", NULL);
  VclockTimer *timer = test_armed_new (clock, "t", 0);

  test_assert_list (clock,
                    "1 timer is still armed on the clock “virtual”:\n"
                    "  timer “t”: deadline 0 ns (0 s), due now; default main context");

  test_drop (timer);
}

/* Times are easy to read: no zeros at the end, hours from a minute on, and the extremes. */
static void
test_times (void)
{
  g_autoptr (VclockClock) clock = VCLOCK_CLOCK (test_clock_new ());
  const struct
  {
    VclockTime  now;
    VclockTime  deadline;
    const char *expected;
  } cases[] = {
    { 0, MSEC (1500), "deadline 1500000000 ns (1.5 s), in 1.5 s" },
    { 0, SEC (60) - 1, "deadline 59999999999 ns (59.999999999 s), in 59.999999999 s" },
    { -SEC (60), 0, "deadline 0 ns (0 s), in 0:01:00" },
    { -SEC (2), -MSEC (500), "deadline -500000000 ns (-0.5 s), in 1.5 s" },
    { 0, SEC (100 * 3600 + 62) + MSEC (50),
      "deadline 360062050000000 ns (100:01:02.05), in 100:01:02.05" },
    { VCLOCK_TIME_NEVER - 1, G_MININT64,
      "deadline -9223372036854775808 ns (-2562047:47:16.854775808), "
      "due for 2562047:47:16.854775807" },
    { G_MININT64, VCLOCK_TIME_NEVER - 1,
      "deadline 9223372036854775806 ns (2562047:47:16.854775806), in 2562047:47:16.854775807" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *expected = NULL;
      VclockTimer *timer;

      TEST_CLOCK (clock)->now = cases[i].now;
      timer = test_armed_new (clock, "t", cases[i].deadline);
      expected = g_strdup_printf ("1 timer is still armed on the clock “test”:\n"
                                  "  timer “t”: %s; default main context", cases[i].expected);
      test_assert_list (clock, expected);
      test_drop (timer);
    }
}

/* Contexts have names or, by the order in which they are listed, numbers; one that the thread does
 * not run, and cannot call the timers of, is said to be so. */
static void
test_contexts (void)
{
  g_autoptr (VclockClock) clock = VCLOCK_CLOCK (test_clock_new ());
  g_autoptr (GMainContext) pushed = g_main_context_new ();
  g_autoptr (GMainContext) owned = g_main_context_new ();
  g_autoptr (GMainContext) other = g_main_context_new ();
  GMainContext *contexts[] = { NULL, other, pushed, owned, other };
  VclockTimer *timers[G_N_ELEMENTS (contexts)];

  for (guint i = 0; i < G_N_ELEMENTS (contexts); i++)
    {
      timers[i] = vclock_timer_new_full (clock, contexts[i], G_PRIORITY_DEFAULT, VCLOCK_SCALE_S);
      vclock_timer_arm (timers[i], i + 1);
    }

  g_main_context_push_thread_default (pushed);
  g_assert_true (g_main_context_acquire (owned));
  test_assert_list (clock,
                    "5 timers are still armed on the clock “test”:\n"
                    "  unnamed timer: deadline 1000000000 ns (1 s), in 1 s; "
                    "default main context, which this thread does not run\n"
                    "  unnamed timer: deadline 2000000000 ns (2 s), in 2 s; "
                    "main context no. 1, which this thread does not run\n"
                    "  unnamed timer: deadline 3000000000 ns (3 s), in 3 s; "
                    "thread-default main context\n"
                    "  unnamed timer: deadline 4000000000 ns (4 s), in 4 s; "
                    "main context no. 2\n"
                    "  unnamed timer: deadline 5000000000 ns (5 s), in 5 s; "
                    "main context no. 1, which this thread does not run");
  g_main_context_release (owned);
  g_main_context_pop_thread_default (pushed);

  for (guint i = 0; i < G_N_ELEMENTS (contexts); i++)
    test_drop (timers[i]);
}

#ifdef G_ENABLE_DEBUG
/* Two places in the program. What follows the calls keeps them from becoming jumps. */
static int n_places;

G_GNUC_NO_INLINE static void
arm_here (VclockTimer *timer)
{
  vclock_timer_arm (timer, SEC (1));
  n_places++;
}

G_GNUC_NO_INLINE static void
arm_there (VclockTimer *timer)
{
  vclock_timer_arm_after (timer, SEC (1));
  n_places += 2;
}

G_GNUC_NO_INLINE static void
arm_earlier_elsewhere (VclockTimer *timer,
                       VclockTime   deadline)
{
  vclock_timer_arm_earlier (timer, deadline);
  n_places += 3;
}

G_GNUC_NO_INLINE static GSource *
make_source (VclockClock *clock)
{
  GSource *source = vclock_timer_source_new (clock, SEC (1));

  g_source_attach (source, NULL);

  return source;
}

G_GNUC_NO_INLINE static void
arm_source (GSource *source)
{
  vclock_timer_source_set_deadline (source, SEC (2));
  n_places += 4;
}

static guint64
get_offset (const char *place)
{
  const char *program = strstr (place, "test-clock-leftovers-lines");
  const char *plus = program != NULL ? strstr (program, "+0x") : NULL;

  g_assert_nonnull (plus);

  return g_ascii_strtoull (plus + 3, NULL, 16);
}

/* None of the functions above is longer. */
#define MAX_SIZE 400

static void
assert_armed_in (VclockClock *clock,
                 gpointer     function)
{
  g_autofree char *start = vclock_host_describe_caller ((const char *) function + 1);
  g_autoptr (GError) error = NULL;
  guint64 offset;

  vclock_clock_check_disarmed (clock, &error);
  g_assert_nonnull (error);
  offset = get_offset (error->message);
  g_assert_cmpuint (offset, >, get_offset (start));
  g_assert_cmpuint (offset, <, get_offset (start) + MAX_SIZE);
}

#endif

/* In debug builds, the place where a timer was armed is that of the last call that armed it; a
 * periodic timer that rearms itself keeps it, and so does one that a call left alone. */
static void
test_armed_at (void)
{
#ifdef G_ENABLE_DEBUG
  g_autoptr (VclockClock) clock = test_virtual_new ("virtual", NULL);
  g_autoptr (VclockClock) other = test_virtual_new ("other", NULL);
  VclockTimer *timer = vclock_timer_new (clock);
  g_autoptr (GSource) source = make_source (other);

  vclock_timer_set_period (timer, SEC (1));
  arm_here (timer);
  assert_armed_in (clock, arm_here);
  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (clock), SEC (3));
  assert_armed_in (clock, arm_here);
  arm_earlier_elsewhere (timer, SEC (100));
  assert_armed_in (clock, arm_here);
  arm_earlier_elsewhere (timer, SEC (3) + 1);
  assert_armed_in (clock, arm_earlier_elsewhere);
  arm_there (timer);
  assert_armed_in (clock, arm_there);
  test_drop (timer);

  test_iterate (NULL);
  assert_armed_in (other, make_source);
  arm_source (source);
  assert_armed_in (other, arm_source);
  g_source_destroy (source);
#else
  g_test_skip ("release builds do not remember it");
#endif
}

/* A place in an exported function is told by that function's name and the file that it is in; by the
 * file on Windows, which knows no names. */
static void
test_describe_caller (void)
{
  g_autofree char *exported = NULL;
  g_autofree char *unknown = NULL;
  char on_heap;

  exported = vclock_host_describe_caller ((const char *) g_malloc + 0x10);
  g_assert_true (g_regex_match_simple (IN_G_MALLOC, exported, 0, 0));

  unknown = vclock_host_describe_caller (&on_heap);
  g_assert_true (g_regex_match_simple ("^0x[0-9a-f]+$", unknown, 0, 0));
}

int
main (int    argc,
      char **argv)
{
  test_init (&argc, &argv);

  g_test_add_func ("/clock-leftovers/states", test_states);
  g_test_add_func ("/clock-leftovers/due", test_due);
  g_test_add_func ("/clock-leftovers/due-while-clock-stands", test_due_while_clock_stands);
  g_test_add_func ("/clock-leftovers/times", test_times);
  g_test_add_func ("/clock-leftovers/contexts", test_contexts);
  g_test_add_func ("/clock-leftovers/armed-at", test_armed_at);
  g_test_add_func ("/clock-leftovers/describe-caller", test_describe_caller);

  return g_test_run ();
}
