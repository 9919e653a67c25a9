/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "random-run.h"
#include "test-host.h"
#include "test-util.h"

/* Random programs, each run twice: with the library and with the reference. Both must leave the
 * same trace, and the library's must keep the rules.
 *
 * A program is made from a number. It has N_ACTS acts and up to MAX_CALLS calls of timers, each of
 * which does what that number and its own say. Of a program that fails the shortest one is searched
 * that fails too, and its trace is printed. VCLOCK_TEST_PROGRAM=number runs that one alone. */

#if defined (__SANITIZE_ADDRESS__) || defined (__SANITIZE_THREAD__) || defined (G_OS_WIN32)
# define N_PROGRAMS 1000
#else
# define N_PROGRAMS 10000
#endif
#define N_ACTS    40
#define MAX_CALLS 150
#define MAX_DEPTH 3

typedef struct
{
  guint64         number;
  Mode            mode;
  const gboolean *left_out; /* of acts, then of calls */
  guint64         random;
  gboolean        coarse;   /* times are longer, and timers have scales */
  gboolean        extreme;  /* clocks come to where 64 bits end */
  int             parents[REFERENCE_MAX_CLOCKS];
  Run             run;
} Program;

/* Numbers. */

static void
seed (Program *self,
      int      part)
{
  self->random = self->number * 1000003 + (guint64) part;
}

/* SplitMix64. */
static int
below (Program *self,
       int      n)
{
  guint64 x = self->random += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);

  return (int) ((x >> 33) % (guint64) n);
}

#define PICK(self, array) ((array)[below (self, G_N_ELEMENTS (array))])

static const gint64 units[] = { 1, 1000, 1000000, 1000000000 };

static gint64
pick_span (Program *self)
{
  static const int limits[] = { 2, 6, 20, 20, 60, 300 };
  gint64 span = below (self, PICK (self, limits));

  return self->coarse ? span * PICK (self, units) + below (self, 3) : span;
}

static gint64
pick_deadline (Program        *self,
               ReferenceTimer *timer)
{
  static const gint64 special[] = {
    G_MININT64, G_MININT64 + 1, -1, 0, VCLOCK_TIME_NEVER - 1, VCLOCK_TIME_NEVER,
  };
  gint64 now = run_get_time (&self->run, timer->clock) / timer->unit;
  int kind = below (self, 12);

  if (kind == 0)
    return PICK (self, special);
  if (kind == 1 || ABS (now / 2) > VCLOCK_TIME_NEVER / 4)
    return now;
  if (kind == 2)
    return now - pick_span (self) / timer->unit;
  if (kind < 6) /* ties */
    return (now / 10 + 1 + below (self, 3)) * 10;

  return now + pick_span (self) / timer->unit;
}

static gint64
pick_period (Program        *self,
             ReferenceTimer *timer)
{
  if (below (self, 16) == 0)
    return VCLOCK_TIME_NEVER - below (self, 2);

  return below (self, 4) == 0 ? 0 : pick_span (self) / timer->unit;
}

static gint64
pick_time (Program *self,
           int      clock)
{
  static const gint64 ends[] = {
    G_MININT64, G_MININT64 + 3, VCLOCK_TIME_NEVER - 3, VCLOCK_TIME_NEVER,
  };
  gint64 now = run_get_time (&self->run, clock);

  if (self->extreme && below (self, 3) == 0)
    return PICK (self, ends);
  if (ABS (now / 2) > VCLOCK_TIME_NEVER / 4)
    now = 0;

  return now + (below (self, 3) == 0 ? -1 : 1) * pick_span (self);
}

static int
pick_parent (Program *self,
             int      clock)
{
  int parent = below (self, self->run.reference.n_clocks + 1) - 1;

  for (int i = parent; i != REFERENCE_NONE; i = self->parents[i])
    if (i == clock)
      parent = REFERENCE_NONE;

  return self->parents[clock] = parent;
}

/* Acts. */

static void
act_on_timer (Program *self,
              Act      act)
{
  int which = below (self, self->run.reference.n_timers);
  ReferenceTimer *timer = &self->run.reference.timers[which];
  gint64 a = 0;

  if (act == ACT_ARM || act == ACT_ARM_EARLIER)
    a = pick_deadline (self, timer);
  else if (act == ACT_ARM_AFTER)
    a = below (self, 16) == 0 ? VCLOCK_TIME_NEVER - below (self, 2)
                              : pick_span (self) / timer->unit - below (self, 3);
  else if (act == ACT_SET_PERIOD)
    a = pick_period (self, timer);
  else if (act == ACT_SET_POLICY)
    a = below (self, 3);
  run_act (&self->run, act, which, a, 0);
}

static void
act_on_clock (Program *self,
              Act      act)
{
  static const gint64 numbers[] = { 1, 1, 1, 2, 3, 5, 7, 10, 1000, G_GINT64_CONSTANT (1) << 32 };
  int which = below (self, self->run.reference.n_clocks);
  gint64 a = 0;
  gint64 b = 0;

  if (act == ACT_SET_RATE)
    {
      a = below (self, 8) == 0 ? 0 : PICK (self, numbers);
      b = PICK (self, numbers);
    }
  else if (act == ACT_SET_PARENT)
    a = pick_parent (self, which);
  else if (act == ACT_SET_ENABLED)
    a = below (self, 3) > 0;
  else if (act == ACT_ADVANCE)
    a = self->extreme && below (self, 8) == 0 ? VCLOCK_TIME_NEVER : pick_span (self);
  else if (act == ACT_JUMP)
    a = pick_time (self, which);
  else if (act == ACT_RUN_UNTIL_IDLE)
    a = below (self, 6);
  run_act (&self->run, act, which, a, b);
}

static void
act_at_random (Program *self)
{
  static const Act acts[] = {
    ACT_ARM, ACT_ARM, ACT_ARM, ACT_ARM, ACT_ARM, ACT_ARM, ACT_ARM_AFTER, ACT_ARM_AFTER,
    ACT_ARM_AFTER, ACT_ARM_EARLIER, ACT_ARM_EARLIER, ACT_DISARM, ACT_SET_PERIOD, ACT_SET_PERIOD,
    ACT_SET_POLICY, ACT_SET_RATE, ACT_SET_PARENT, ACT_PAUSE, ACT_RESUME, ACT_RESUME,
    ACT_SET_ENABLED, ACT_RUN_TIMERS, ACT_ADVANCE, ACT_ADVANCE, ACT_ADVANCE, ACT_ADVANCE,
    ACT_ADVANCE, ACT_JUMP, ACT_JUMP, ACT_STEP, ACT_STEP, ACT_RUN_UNTIL_IDLE, ACT_ITERATE,
  };
  Act act = PICK (self, acts);

  if (act >= ACT_ADVANCE && self->run.depth > 0 && self->mode == MODE_SETTLED)
    act = ACT_ARM_AFTER;
  if (act == ACT_ITERATE && (self->run.depth > 0 || self->mode == MODE_DIRECT))
    act = ACT_ADVANCE;
  if (act <= ACT_SET_POLICY)
    act_on_timer (self, act);
  else
    act_on_clock (self, act);
}

/* What a callback does: in one of three something, and never more when there were too many. */
static void
called (Run *run,
        int  timer,
        int  call)
{
  Program *self = run->user_data;
  guint64 random = self->random;

  if (call >= MAX_CALLS)
    {
      run_act (run, ACT_DISARM, timer, 0, 0);
    }
  else if (run->depth <= MAX_DEPTH && !self->left_out[N_ACTS + call])
    {
      seed (self, N_ACTS + call);
      if (below (self, 3) == 0)
        for (int n = below (self, 3); n >= 0; n--)
          act_at_random (self);
    }
  self->random = random;
}

/* Programs. */

static void
set_up (Program   *self,
        Reference *reference)
{
  static const int priorities[] = {
    G_PRIORITY_DEFAULT, G_PRIORITY_DEFAULT, G_PRIORITY_HIGH, G_PRIORITY_LOW,
  };

  seed (self, -1);
  self->coarse = below (self, 3) == 0;
  self->extreme = below (self, 8) == 0;
  reference->mode = self->mode;
  reference->n_clocks = 1 + below (self, REFERENCE_MAX_CLOCKS);
  reference->n_timers = 1 + below (self, REFERENCE_MAX_TIMERS);
  for (int i = 0; i < reference->n_clocks; i++)
    reference->clocks[i] = (ReferenceClock) {
      .parent = self->parents[i] = below (self, i + 1) - 1,
      .numerator = 1,
      .denominator = 1,
      .enabled = TRUE,
    };
  for (int i = 0; i < reference->n_timers; i++)
    reference->timers[i] = (ReferenceTimer) {
      .clock = below (self, reference->n_clocks),
      .priority = PICK (self, priorities),
      .unit = self->coarse ? PICK (self, units) : 1,
    };
}

static void
run_program (guint64         number,
             Mode            mode,
             const gboolean *left_out,
             gboolean        is_reference,
             GArray         *trace)
{
  Program self = { .number = number, .mode = mode, .left_out = left_out };

  g_array_set_size (trace, 0);
  self.run.trace = trace;
  self.run.is_reference = is_reference;
  self.run.called = called;
  self.run.user_data = &self;
  set_up (&self, &self.run.reference);
  run_set_up (&self.run);
  for (int i = 0; i < N_ACTS; i++)
    if (!left_out[i])
      {
        seed (&self, i);
        act_at_random (&self);
      }
  run_tear_down (&self.run);
}

/* What is wrong with a run of the library, or NULL; and with which event. */
static const char *
find_fault (guint64         number,
            Mode            mode,
            const gboolean *left_out,
            GArray         *found,
            GArray         *expected,
            guint          *where)
{
  run_program (number, mode, left_out, FALSE, found);
  run_program (number, mode, left_out, TRUE, expected);
  for (*where = 0; *where < MIN (found->len, expected->len); (*where)++)
    if (memcmp (&g_array_index (found, Event, *where), &g_array_index (expected, Event, *where),
                sizeof (Event)) != 0)
      return "the reference does something else";
  if (found->len != expected->len)
    return "the reference does more or less";

  return find_broken_rule (found, where);
}

static void
print_event (GArray     *trace,
             guint       which,
             const char *mark)
{
  const Event *event = &g_array_index (trace, Event, which);

  if (which < trace->len)
    g_test_message ("%s%s %d: %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                    " %" G_GINT64_FORMAT, mark, event->what, (int) event->who, event->values[0],
                    event->values[1], event->values[2], event->values[3]);
}

/* Of what clocks and timers say, only what is new. */
static void
print_trace (GArray *trace,
             guint   to)
{
  g_autoptr (GString) indent = g_string_new (NULL);
  const Event *last[2][REFERENCE_MAX_TIMERS] = { { NULL } };

  for (guint i = 0; i < to; i++)
    {
      const Event *event = &g_array_index (trace, Event, i);

      if (event->what == event_clock || event->what == event_timer)
        {
          const Event **before = &last[event->what == event_timer][event->who];

          if (*before != NULL && memcmp (*before, event, sizeof (Event)) == 0)
            continue;
          *before = event;
        }
      if (event->what == event_end_of_call)
        g_string_truncate (indent, indent->len - 2);
      print_event (trace, i, indent->str);
      if (event->what == event_expired)
        g_string_append (indent, "  ");
    }
}

/* Runs a program, and if it fails searches the acts and calls that are not needed for that. */
static gboolean
check_program (guint64  number,
               Mode     mode,
               GArray  *found,
               GArray  *expected)
{
  gboolean left_out[N_ACTS + MAX_CALLS] = { FALSE };
  const char *fault;
  guint where;

  if (find_fault (number, mode, left_out, found, expected, &where) == NULL)
    return TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (left_out); i++)
    {
      left_out[i] = TRUE;
      left_out[i] = find_fault (number, mode, left_out, found, expected, &where) != NULL;
    }
  fault = find_fault (number, mode, left_out, found, expected, &where);
  print_trace (found, where);
  print_event (found, where, "found    ");
  print_event (expected, where, "expected ");
  g_test_message ("%s; VCLOCK_TEST_PROGRAM=%" G_GUINT64_FORMAT " runs it again", fault, number);

  return FALSE;
}

static void
test_programs (gconstpointer mode)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Event));
  g_autoptr (GArray) expected = g_array_new (FALSE, FALSE, sizeof (Event));
  const char *only = g_getenv ("VCLOCK_TEST_PROGRAM");
  guint64 first = (guint32) g_test_rand_int ();
  guint n = N_PROGRAMS;

  if (only != NULL)
    {
      first = g_ascii_strtoull (only, NULL, 10);
      n = 1;
    }

  test_host_begin ();
  for (guint i = 0; i < n; i++)
    if (!check_program (first + i, GPOINTER_TO_INT (mode), found, expected))
      {
        g_test_message ("%u programs before it were right", i);
        g_test_fail ();
        break;
      }
  test_host_end ();
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  g_test_add_data_func ("/random-moves/direct", GINT_TO_POINTER (MODE_DIRECT), test_programs);
  g_test_add_data_func ("/random-moves/loop", GINT_TO_POINTER (MODE_LOOP), test_programs);
  g_test_add_data_func ("/random-moves/settled", GINT_TO_POINTER (MODE_SETTLED), test_programs);

  return g_test_run ();
}
