/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <glib-vclock/vclock-host-private.h>

/* The list of who waits, in the messages of errors. */

#define STANDS "the clock has no parent and stands still until it is moved"

static VclockClock *
new_virtual (const char  *name,
             VclockClock *parent)
{
  return g_object_new (VCLOCK_TYPE_VIRTUAL_CLOCK, "name", name, "parent", parent, NULL);
}

static VclockTimer *
new_armed (VclockClock *clock,
           const char  *name,
           VclockTime   deadline)
{
  VclockTimer *timer = vclock_timer_new (clock);

  vclock_timer_set_name (timer, name);
  vclock_timer_arm (timer, deadline);

  return timer;
}

static void
drop (VclockTimer *timer)
{
  vclock_timer_disarm (timer);
  g_assert_finalize_object (timer);
}

/* The message without the places, which differ from build to build; in debug builds the line of
 * each timer ends with one. */
static char *
strip_places (const char *message)
{
  g_auto (GStrv) lines = g_strsplit (message, "\n", -1);

  for (guint i = 1; lines[i] != NULL; i++)
    {
      char *place = strstr (lines[i], "; armed at ");

#ifdef G_ENABLE_DEBUG
      if (!g_str_has_prefix (lines[i], "  …"))
        {
          g_assert_nonnull (place);
          g_assert_true (g_regex_match_simple ("^; armed at test-clock-leftovers\\+0x[0-9a-f]+$",
                                               place, 0, 0));
          *place = '\0';
        }
#else
      g_assert_null (place);
#endif
    }

  return g_strjoinv ("\n", lines);
}

static void
assert_message (GError     *error,
                const char *expected)
{
  g_autofree char *message = strip_places (error->message);

  g_assert_cmpstr (message, ==, expected);
}

static void
assert_leftovers (VclockClock *clock,
                  const char  *expected)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (vclock_clock_check_disarmed (clock, NULL));
  g_assert_false (vclock_clock_check_disarmed (clock, &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LEFTOVERS);
  assert_message (error, expected);
}

static void
assert_disarmed (VclockClock *clock)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (vclock_clock_check_disarmed (clock, &error));
  g_assert_no_error (error);
}

/* A clock without armed timers has no leftovers, whatever is armed on the clock that it follows. */
static void
test_none (void)
{
  g_autoptr (VclockClock) parent = new_virtual ("parent", NULL);
  g_autoptr (VclockClock) clock = new_virtual ("virtual", parent);
  VclockTimer *timer;
  VclockTimer *other;

  assert_disarmed (clock);
  timer = new_armed (clock, "timer", SEC (1));
  other = new_armed (parent, "other", SEC (1));
  g_assert_false (vclock_clock_check_disarmed (clock, NULL));
  vclock_timer_disarm (timer);
  assert_disarmed (clock);

  drop (timer);
  drop (other);
}

/* One timer is listed with its name, deadline, distance and context. */
static void
test_one (void)
{
  g_autoptr (VclockClock) clock = new_virtual ("virtual", NULL);
  VclockTimer *timer = new_armed (clock, "retry", SEC (7));

  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (clock), SEC (3));
  assert_leftovers (clock,
                    "1 timer is still armed on the clock “virtual”:\n"
                    "  timer “retry”: deadline 7000000000 ns (7 s), in 4 s; default main context; "
                    STANDS);

  drop (timer);
}

/* Timers are listed by deadline and then by the order of arming, whatever their priorities. */
static void
test_order (void)
{
  g_autoptr (VclockClock) clock = new_virtual ("virtual", NULL);
  VclockTimer *timers[4];

  timers[0] = new_armed (clock, "a", 20);
  timers[1] = new_armed (clock, "b", 20);
  timers[2] = new_armed (clock, "c", 10);
  timers[3] = vclock_timer_new_full (clock, NULL, G_PRIORITY_HIGH, VCLOCK_SCALE_NS);
  vclock_timer_set_name (timers[3], "d");
  vclock_timer_arm (timers[3], 30);
  vclock_timer_arm (timers[0], 20);
  assert_leftovers (clock,
                    "4 timers are still armed on the clock “virtual”:\n"
                    "  timer “c”: deadline 10 ns (0.00000001 s), in 0.00000001 s; "
                    "default main context; " STANDS "\n"
                    "  timer “b”: deadline 20 ns (0.00000002 s), in 0.00000002 s; "
                    "default main context; " STANDS "\n"
                    "  timer “a”: deadline 20 ns (0.00000002 s), in 0.00000002 s; "
                    "default main context; " STANDS "\n"
                    "  timer “d”: deadline 30 ns (0.00000003 s), in 0.00000003 s; "
                    "default main context; " STANDS);

  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    drop (timers[i]);
}

/* The clocks that follow a clock count, over any number of others, and are named; each is read by
 * itself. */
static void
test_subtree (void)
{
  g_autoptr (VclockClock) clock = new_virtual ("virtual", NULL);
  g_autoptr (VclockClock) child = new_virtual ("child", clock);
  g_autoptr (VclockClock) grandchild = new_virtual (NULL, child);
  VclockTimer *own = new_armed (clock, "own", SEC (9));
  VclockTimer *young = new_armed (child, "young", SEC (8));
  VclockTimer *youngest = new_armed (grandchild, "youngest", SEC (10));

  vclock_virtual_clock_set_rate (VCLOCK_VIRTUAL_CLOCK (child), 1, 2);
  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (clock), SEC (6));
  assert_leftovers (clock,
                    "3 timers are still armed on the clock “virtual”:\n"
                    "  timer “young”: clock “child”; deadline 8000000000 ns (8 s), in 5 s; "
                    "default main context; the clock follows one that stands still\n"
                    "  timer “own”: deadline 9000000000 ns (9 s), in 3 s; "
                    "default main context; " STANDS "\n"
                    "  timer “youngest”: a clock without a name; deadline 10000000000 ns (10 s), "
                    "in 7 s; default main context; the clock follows one that stands still");
  assert_leftovers (grandchild,
                    "1 timer is still armed on the clock:\n"
                    "  timer “youngest”: deadline 10000000000 ns (10 s), in 7 s; "
                    "default main context; the clock follows one that stands still");

  drop (own);
  drop (young);
  drop (youngest);
  assert_disarmed (clock);
}

/* A timer that is armed for never is a leftover; so is one without a name. */
static void
test_never (void)
{
  g_autoptr (VclockClock) clock = new_virtual (NULL, NULL);
  VclockTimer *timers[2];

  timers[0] = new_armed (clock, "patient", VCLOCK_TIME_NEVER);
  timers[1] = new_armed (clock, NULL, SEC (1));
  assert_leftovers (clock,
                    "2 timers are still armed on the clock:\n"
                    "  unnamed timer: deadline 1000000000 ns (1 s), in 1 s; "
                    "default main context; " STANDS "\n"
                    "  timer “patient”: its deadline is never; default main context");

  drop (timers[0]);
  drop (timers[1]);
}

/* What keeps a timer from expiring is told: its clock is paused, has a rate of 0, is disabled.
 * Nothing is told of a clock that goes on. */
static void
test_states (void)
{
  TestClock *host = test_clock_new ();
  VclockClock *clock = new_virtual ("virtual", VCLOCK_CLOCK (host));
  VclockVirtualClock *virtual_clock = VCLOCK_VIRTUAL_CLOCK (clock);
  VclockTimer *timer = new_armed (clock, "t", SEC (2));

#define MESSAGE(state) \
  "1 timer is still armed on the clock “virtual”:\n" \
  "  timer “t”: deadline 2000000000 ns (2 s), in 2 s; default main context" state

  assert_leftovers (clock, MESSAGE (""));
  vclock_virtual_clock_pause (virtual_clock);
  assert_leftovers (clock, MESSAGE ("; the clock is paused"));
  vclock_clock_set_enabled (clock, FALSE);
  assert_leftovers (clock, MESSAGE ("; the clock is disabled; the clock is paused"));
  vclock_virtual_clock_resume (virtual_clock);
  assert_leftovers (clock, MESSAGE ("; the clock is disabled"));
  vclock_clock_set_enabled (clock, TRUE);
  vclock_virtual_clock_set_rate (virtual_clock, 0, 1);
  assert_leftovers (clock, MESSAGE ("; the clock stands still at a rate of 0"));
  vclock_virtual_clock_set_rate (virtual_clock, 1, 1);
  assert_leftovers (clock, MESSAGE (""));

  drop (timer);
  g_assert_finalize_object (clock);
  g_assert_finalize_object (host);
}

/* A timer that is due and was not called yet says so: before a pass has taken it, and when its
 * clock was set back since. */
static void
test_due (void)
{
  g_autoptr (VclockClock) clock = VCLOCK_CLOCK (test_clock_new ());
  VclockTimer *early = new_armed (clock, "early", SEC (1));
  VclockTimer *late = new_armed (clock, "late", SEC (4));

  TEST_CLOCK (clock)->now = SEC (4);
  assert_leftovers (clock,
                    "2 timers are still armed on the clock “test”:\n"
                    "  timer “early”: deadline 1000000000 ns (1 s), due for 3 s; "
                    "default main context\n"
                    "  timer “late”: deadline 4000000000 ns (4 s), due now; default main context");

  vclock_clock_announce_reset (clock, SEC (4), 0);
  TEST_CLOCK (clock)->now = 0;
  assert_leftovers (clock,
                    "2 timers are still armed on the clock “test”:\n"
                    "  timer “early”: deadline 1000000000 ns (1 s), due now; default main context\n"
                    "  timer “late”: deadline 4000000000 ns (4 s), due now; default main context");

  drop (early);
  drop (late);
}

/* That its clock stands still keeps no timer from expiring that is due. */
static void
test_due_while_clock_stands (void)
{
  g_autoptr (VclockClock) clock = new_virtual ("virtual", NULL);
  VclockTimer *timer = new_armed (clock, "t", 0);

  assert_leftovers (clock,
                    "1 timer is still armed on the clock “virtual”:\n"
                    "  timer “t”: deadline 0 ns (0 s), due now; default main context");

  drop (timer);
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
      timer = new_armed (clock, "t", cases[i].deadline);
      expected = g_strdup_printf ("1 timer is still armed on the clock “test”:\n"
                                  "  timer “t”: %s; default main context", cases[i].expected);
      assert_leftovers (clock, expected);
      drop (timer);
    }
}

/* A source is listed as one, by its name, once its context has seen it, and until it is ready or
 * destroyed. */
static void
test_source (void)
{
  g_autoptr (VclockClock) clock = new_virtual ("virtual", NULL);
  g_autoptr (GSource) named = vclock_timer_source_new (clock, SEC (2));
  g_autoptr (GSource) unnamed = vclock_timer_source_new (clock, SEC (1));

  g_source_set_name (named, "poll");
  g_source_set_callback (named, G_SOURCE_FUNC (g_main_context_default), NULL, NULL);
  g_source_attach (named, NULL);
  g_source_attach (unnamed, NULL);
  assert_disarmed (clock);

  test_iterate (NULL);
  assert_leftovers (clock,
                    "2 timers are still armed on the clock “virtual”:\n"
                    "  unnamed timer source: deadline 1000000000 ns (1 s), in 1 s; "
                    "default main context; " STANDS "\n"
                    "  timer source “poll”: deadline 2000000000 ns (2 s), in 2 s; "
                    "default main context; " STANDS);

  g_source_destroy (unnamed);
  assert_leftovers (clock,
                    "1 timer is still armed on the clock “virtual”:\n"
                    "  timer source “poll”: deadline 2000000000 ns (2 s), in 2 s; "
                    "default main context; " STANDS);

  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (clock), SEC (2));
  test_iterate (NULL);
  assert_disarmed (clock);

  vclock_timer_source_set_deadline (named, SEC (5));
  assert_leftovers (clock,
                    "1 timer is still armed on the clock “virtual”:\n"
                    "  timer source “poll”: deadline 5000000000 ns (5 s), in 3 s; "
                    "default main context; " STANDS);
  g_source_destroy (named);
  assert_disarmed (clock);
}

/* A source that another thread is about to finalize has no references any more, and is left alone. */
static void
test_source_without_references (void)
{
  g_autoptr (VclockClock) clock = new_virtual ("virtual", NULL);
  g_autoptr (GSource) source = vclock_timer_source_new (clock, SEC (1));
  guint n_references;

  g_source_attach (source, NULL);
  test_iterate (NULL);
  g_assert_false (vclock_clock_check_disarmed (clock, NULL));
  g_source_destroy (source);

  n_references = source->ref_count;
  source->ref_count = 0;
  assert_disarmed (clock);
  source->ref_count = n_references;
}

#define N_CAPPED 25

static void
check_capped (guint step)
{
  g_autoptr (VclockClock) clock = VCLOCK_CLOCK (test_clock_new ());
  VclockTimer *timers[N_CAPPED];

  for (guint i = 0; i < N_CAPPED; i++)
    {
      timers[i] = vclock_timer_new (clock);
      vclock_timer_arm (timers[i], SEC (i * step % N_CAPPED + 1));
    }

  for (guint n_disarmed = 0; n_disarmed <= N_CAPPED - 20; n_disarmed++)
    {
      g_autoptr (GString) expected = g_string_new (NULL);
      guint n_armed = N_CAPPED - n_disarmed;

      g_string_append_printf (expected, "%u timers are still armed on the clock “test”:", n_armed);
      for (guint i = n_disarmed + 1; i <= n_disarmed + 20; i++)
        g_string_append_printf (expected,
                                "\n  unnamed timer: deadline %u000000000 ns (%u s), in %u s; "
                                "default main context", i, i, i);
      if (n_armed > 20)
        g_string_append_printf (expected, "\n  … and %u more", n_armed - 20);
      assert_leftovers (clock, expected->str);

      for (guint i = 0; i < N_CAPPED; i++)
        if (vclock_timer_get_deadline (timers[i]) == SEC (n_disarmed + 1))
          vclock_timer_disarm (timers[i]);
    }

  for (guint i = 0; i < N_CAPPED; i++)
    drop (timers[i]);
}

/* All timers are counted and the first 20 are listed, in whatever order they were armed. */
static void
test_capped (void)
{
  check_capped (1);
  check_capped (7);
  check_capped (N_CAPPED - 1);
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
  assert_leftovers (clock,
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
    drop (timers[i]);
}

/* A context that goes away disarms its timers: they are no leftovers, and cannot be armed again. */
static void
test_context_gone (void)
{
  g_autoptr (VclockClock) clock = new_virtual ("virtual", NULL);
  GMainContext *context = g_main_context_new ();
  VclockTimer *timer = vclock_timer_new_full (clock, context, 0, VCLOCK_SCALE_S);

  vclock_timer_arm (timer, 1);
  g_assert_false (vclock_clock_check_disarmed (clock, NULL));
  g_main_context_unref (context);
  assert_disarmed (clock);
  vclock_timer_arm (timer, 1);
  assert_disarmed (clock);

  g_assert_finalize_object (timer);
}

static void
check_one_shot_cb (VclockTimer *timer,
                   guint64      overruns,
                   gpointer     n_calls)
{
  assert_disarmed (vclock_timer_get_clock (timer));
  (*(int *) n_calls)++;
}

static void
check_periodic_cb (VclockTimer *timer,
                   guint64      overruns,
                   gpointer     n_calls)
{
  assert_leftovers (vclock_timer_get_clock (timer),
                    "1 timer is still armed on the clock “virtual”:\n"
                    "  timer “beat”: deadline 3000000000 ns (3 s), in 2 s; default main context");
  (*(int *) n_calls)++;
}

/* In its own callback a one-shot timer is disarmed, and a periodic one waits for its next deadline;
 * the clock, which is being advanced, is not said to stand still. */
static void
test_from_callback (void)
{
  g_autoptr (VclockClock) clock = new_virtual ("virtual", NULL);
  VclockTimer *timer = vclock_timer_new (clock);
  int n_calls = 0;

  vclock_timer_set_callback (timer, check_one_shot_cb, &n_calls, NULL);
  vclock_timer_arm (timer, 0);
  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (clock), 0);

  vclock_timer_set_name (timer, "beat");
  vclock_timer_set_callback (timer, check_periodic_cb, &n_calls, NULL);
  vclock_timer_set_period (timer, SEC (2));
  vclock_timer_arm (timer, SEC (1));
  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (clock), SEC (1));
  g_assert_cmpint (n_calls, ==, 2);

  drop (timer);
}

/* The error at the limit of run_until_idle () lists who is still armed. */
static void
test_limit (void)
{
  g_autoptr (VclockClock) clock = new_virtual ("virtual", NULL);
  VclockTimer *timer = new_armed (clock, "beat", SEC (1));
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) settled_error = NULL;

  vclock_timer_set_period (timer, SEC (1));
  g_assert_false (vclock_virtual_clock_run_until_idle (VCLOCK_VIRTUAL_CLOCK (clock), 3, &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LIMIT);
  assert_message (error,
                  "Timers are still armed after 3 have expired; "
                  "a periodic timer never ends by itself:\n"
                  "  timer “beat”: deadline 4000000000 ns (4 s), in 1 s; default main context");

  g_assert_false (vclock_virtual_clock_run_until_idle_settled (VCLOCK_VIRTUAL_CLOCK (clock), 2,
                                                               &settled_error));
  g_assert_error (settled_error, VCLOCK_ERROR, VCLOCK_ERROR_LIMIT);
  assert_message (settled_error,
                  "Timers are still armed after 2 have expired; "
                  "a periodic timer never ends by itself:\n"
                  "  timer “beat”: deadline 6000000000 ns (6 s), in 1 s; default main context");

  drop (timer);
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
  const char *plus = strstr (place, "test-clock-leftovers+0x");

  g_assert_nonnull (plus);

  return g_ascii_strtoull (strchr (plus, 'x') + 1, NULL, 16);
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
  g_autoptr (VclockClock) clock = new_virtual ("virtual", NULL);
  g_autoptr (VclockClock) other = new_virtual ("other", NULL);
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
  drop (timer);

  test_iterate (NULL);
  assert_armed_in (other, make_source);
  arm_source (source);
  assert_armed_in (other, arm_source);
  g_source_destroy (source);
#else
  g_test_skip ("release builds do not remember it");
#endif
}

/* A place in an exported function is told by that function's name and the file that it is in. */
static void
test_describe_caller (void)
{
  g_autofree char *exported = NULL;
  g_autofree char *unknown = NULL;
  char on_heap;

  exported = vclock_host_describe_caller ((const char *) g_malloc + 0x10);
  g_assert_true (g_regex_match_simple ("^g_malloc\\+0xf \\(libglib-2\\.0\\.so[.0-9]*\\)$", exported,
                                       0, 0));

  unknown = vclock_host_describe_caller (&on_heap);
  g_assert_true (g_regex_match_simple ("^0x[0-9a-f]+$", unknown, 0, 0));
}

/* A clock whose time comes from the test. */
#define HOOK_TYPE_CLOCK (hook_clock_get_type ())
G_DECLARE_FINAL_TYPE (HookClock, hook_clock, HOOK, CLOCK, VclockClock)

struct _HookClock
{
  VclockClock parent_instance;

  void     (* hook) (VclockClock *clock, gpointer user_data);
  gpointer    user_data;
};

G_DEFINE_TYPE (HookClock, hook_clock, VCLOCK_TYPE_CLOCK)

static VclockTime
hook_clock_get_time (VclockClock *clock)
{
  HookClock *self = HOOK_CLOCK (clock);

  if (self->hook != NULL)
    self->hook (clock, self->user_data);

  return 0;
}

static void
hook_clock_class_init (HookClockClass *klass)
{
  VCLOCK_CLOCK_CLASS (klass)->get_time = hook_clock_get_time;
}

static void
hook_clock_init (HookClock *self)
{
}

static void
end_timer_cb (VclockClock *clock,
              gpointer     timer)
{
  g_assert_true (vclock_clock_has_timers (clock));
  HOOK_CLOCK (clock)->hook = NULL;
  vclock_timer_disarm (*(VclockTimer **) timer);
  g_clear_object ((VclockTimer **) timer);
}

/* Clocks are read without the lock: what they do then may end the last timer of the list. */
static void
test_clock_is_read_unlocked (void)
{
  HookClock *clock = g_object_new (HOOK_TYPE_CLOCK, NULL);
  VclockTimer *timer = new_armed (VCLOCK_CLOCK (clock), "brief", SEC (1));

  clock->user_data = &timer;
  clock->hook = end_timer_cb;
  assert_disarmed (VCLOCK_CLOCK (clock));
  g_assert_null (timer);

  g_assert_finalize_object (clock);
}

#define N_ROUNDS 500

static gpointer
churn (gpointer clock)
{
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr (GMainContext) context = g_main_context_new ();
      g_autoptr (VclockClock) child = new_virtual ("child", clock);
      g_autoptr (VclockTimer) timer = NULL;
      g_autoptr (GSource) source = vclock_timer_source_new (child, SEC (1));

      timer = vclock_timer_new_full (child, context, G_PRIORITY_DEFAULT, VCLOCK_SCALE_NS);
      g_source_set_name (source, "source");
      g_source_attach (source, context);
      vclock_timer_arm (timer, SEC (1));
      vclock_timer_set_name (timer, "first");
      test_iterate (context);
      vclock_timer_set_name (timer, "second");
      g_source_destroy (source);
      vclock_timer_disarm (timer);
    }

  return NULL;
}

/* Clocks, timers, sources, names and contexts may come and go in other threads meanwhile. */
static void
test_threads (void)
{
  VclockClock *clock = new_virtual ("virtual", NULL);
  VclockTimer *timer = new_armed (clock, "fixed", SEC (2));
  GThread *thread = g_thread_new ("churn", churn, clock);

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (vclock_clock_check_disarmed (clock, &error));
      g_assert_nonnull (strstr (error->message, "timer “fixed”"));
    }

  g_thread_join (thread);
  drop (timer);
  assert_disarmed (clock);
  g_assert_finalize_object (clock);
}

int
main (int    argc,
      char **argv)
{
  test_init (&argc, &argv);

  g_test_add_func ("/clock-leftovers/none", test_none);
  g_test_add_func ("/clock-leftovers/one", test_one);
  g_test_add_func ("/clock-leftovers/order", test_order);
  g_test_add_func ("/clock-leftovers/subtree", test_subtree);
  g_test_add_func ("/clock-leftovers/never", test_never);
  g_test_add_func ("/clock-leftovers/states", test_states);
  g_test_add_func ("/clock-leftovers/due", test_due);
  g_test_add_func ("/clock-leftovers/due-while-clock-stands", test_due_while_clock_stands);
  g_test_add_func ("/clock-leftovers/times", test_times);
  g_test_add_func ("/clock-leftovers/source", test_source);
  g_test_add_func ("/clock-leftovers/source-without-references",
                   test_source_without_references);
  g_test_add_func ("/clock-leftovers/capped", test_capped);
  g_test_add_func ("/clock-leftovers/contexts", test_contexts);
  g_test_add_func ("/clock-leftovers/context-gone", test_context_gone);
  g_test_add_func ("/clock-leftovers/from-callback", test_from_callback);
  g_test_add_func ("/clock-leftovers/limit", test_limit);
  g_test_add_func ("/clock-leftovers/armed-at", test_armed_at);
  g_test_add_func ("/clock-leftovers/describe-caller", test_describe_caller);
  g_test_add_func ("/clock-leftovers/clock-is-read-unlocked", test_clock_is_read_unlocked);
  g_test_add_func ("/clock-leftovers/threads", test_threads);

  return g_test_run ();
}
