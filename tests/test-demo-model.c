/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline-format.h"
#include "timeline-layout.h"
#include "timeline-report.h"

#define MSEC(n) ((n) * VCLOCK_NSEC_PER_MSEC)

typedef struct
{
  VclockClock   *clock;
  TimelineModel *model;
} Fixture;

/* A clock that shows 5 s when the model begins: its origin. */
static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->clock = VCLOCK_CLOCK (vclock_virtual_clock_new ());
  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (fixture->clock), MSEC (5000));
  fixture->model = timeline_model_new ();
  timeline_model_add_clock (fixture->model, fixture->clock, "clock");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_finalize_object (fixture->model);
  g_assert_finalize_object (fixture->clock);
}

static VclockTimer *
add_timer (Fixture    *fixture,
           const char *name,
           VclockTime  deadline,
           VclockTime  period)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (fixture->clock);

  vclock_timer_set_name (timer, name);
  vclock_timer_set_period (timer, period);
  vclock_timer_arm (timer, MSEC (5000) + deadline);
  timeline_model_add_timer (fixture->model, timer);
  return timer;
}

static void
disarm (VclockTimer *timer)
{
  vclock_timer_disarm (timer);
}

static void
advance (Fixture    *fixture,
         VclockTime  span)
{
  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (fixture->clock), span);
  timeline_model_sample (fixture->model);
}

static void
jump (Fixture    *fixture,
      VclockTime  to)
{
  vclock_virtual_clock_jump (VCLOCK_VIRTUAL_CLOCK (fixture->clock), MSEC (5000) + to);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  timeline_model_sample (fixture->model);
}

static guint
count_expirations (Fixture *fixture)
{
  return g_list_model_get_n_items (timeline_model_get_expirations (fixture->model));
}

static void
assert_expiration (Fixture    *fixture,
                   guint       index,
                   const char *name,
                   VclockTime  deadline,
                   VclockTime  lateness,
                   guint64     overruns)
{
  GListModel *list = timeline_model_get_expirations (fixture->model);
  g_autoptr (TimelineExpiration) each = g_list_model_get_item (list, index);

  g_assert_nonnull (each);
  g_assert_cmpstr (timeline_expiration_get_clock_name (each), ==, "clock");
  g_assert_cmpstr (timeline_expiration_get_timer_name (each), ==, name);
  g_assert_cmpint (timeline_expiration_get_deadline (each), ==, deadline);
  g_assert_cmpint (timeline_expiration_get_lateness (each), ==, lateness);
  g_assert_cmpuint (timeline_expiration_get_overruns (each), ==, overruns);
}

/* Times count from what the clock showed when it was added. */
static void
test_origin (Fixture       *fixture,
             gconstpointer  unused)
{
  const TimelineLane *lane = timeline_model_get_lane (fixture->model, 0);

  g_assert_cmpint (lane->origin, ==, MSEC (5000));
  g_assert_cmpint (lane->now, ==, 0);
  advance (fixture, MSEC (30));
  g_assert_cmpint (lane->now, ==, MSEC (30));
}

/* A row tells whether its timer is armed, and for when. */
static void
test_rows (Fixture       *fixture,
           gconstpointer  unused)
{
  VclockTimer *timer = add_timer (fixture, "a", MSEC (10), 0);
  const TimelineRow *row = timeline_model_get_row (fixture->model, 0);

  g_assert_cmpstr (row->name, ==, "a");
  g_assert_true (row->armed);
  g_assert_cmpint (row->deadline, ==, MSEC (10));
  g_assert_cmpint (timeline_model_get_end (fixture->model), ==, MSEC (10));

  disarm (timer);
  timeline_model_sample (fixture->model);
  g_assert_false (row->armed);
  g_assert_cmpuint (timeline_model_get_lane (fixture->model, 0)->n_rows, ==, 1);
}

/* Expirations are listed in their order, each with its deadline; periodic timers stay armed. */
static void
test_expirations (Fixture       *fixture,
                  gconstpointer  unused)
{
  VclockTimer *periodic = add_timer (fixture, "periodic", MSEC (10), MSEC (20));

  add_timer (fixture, "once", MSEC (15), 0);
  advance (fixture, MSEC (40));
  g_assert_cmpuint (count_expirations (fixture), ==, 3);
  assert_expiration (fixture, 0, "periodic", MSEC (10), 0, 0);
  assert_expiration (fixture, 1, "once", MSEC (15), 0, 0);
  assert_expiration (fixture, 2, "periodic", MSEC (30), 0, 0);
  g_assert_cmpint (timeline_model_get_row (fixture->model, 0)->deadline, ==, MSEC (50));
  g_assert_false (timeline_model_get_row (fixture->model, 1)->armed);
  disarm (periodic);
}

/* A jump makes timers late, counts the periods that it skipped, and leaves a note. */
static void
test_jump (Fixture       *fixture,
           gconstpointer  unused)
{
  VclockTimer *timer = add_timer (fixture, "late", MSEC (10), MSEC (10));
  const TimelineNote *note;

  jump (fixture, MSEC (35));
  assert_expiration (fixture, 0, "late", MSEC (10), MSEC (25), 2);
  g_assert_cmpint (timeline_model_get_row (fixture->model, 0)->deadline, ==, MSEC (40));

  g_assert_cmpuint (timeline_model_get_n_notes (fixture->model), ==, 1);
  note = timeline_model_get_note (fixture->model, 0);
  g_assert_cmpint (note->kind, ==, TIMELINE_NOTE_RESET);
  g_assert_cmpint (note->time, ==, MSEC (35));
  g_assert_cmpint (note->jumped, ==, MSEC (35));
  disarm (timer);
}

/* A sample notes that the clock was paused, resumed, or given another rate. */
static void
test_notes (Fixture       *fixture,
            gconstpointer  unused)
{
  static const TimelineNoteKind kinds[] = {
    TIMELINE_NOTE_RUNNING,
    TIMELINE_NOTE_PAUSED,
    TIMELINE_NOTE_RUNNING,
  };
  VclockVirtualClock *clock = VCLOCK_VIRTUAL_CLOCK (fixture->clock);
  guint i;

  vclock_virtual_clock_set_rate (clock, 1, 2);
  timeline_model_sample (fixture->model);
  vclock_virtual_clock_pause (clock);
  timeline_model_sample (fixture->model);
  vclock_virtual_clock_resume (clock);
  timeline_model_sample (fixture->model);
  timeline_model_sample (fixture->model);

  g_assert_cmpuint (timeline_model_get_n_notes (fixture->model), ==, G_N_ELEMENTS (kinds));
  for (i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_assert_cmpint (timeline_model_get_note (fixture->model, i)->kind, ==, kinds[i]);
  g_assert_cmpint (timeline_model_get_note (fixture->model, 0)->denominator, ==, 2);
}

/* The oldest expirations are forgotten, the newest never. */
static void
test_bound (Fixture       *fixture,
            gconstpointer  unused)
{
  VclockTimer *timer = add_timer (fixture, "fast", MSEC (1), MSEC (1));
  guint n;

  advance (fixture, MSEC (3000));
  n = count_expirations (fixture);
  g_assert_cmpuint (n, <, 3000);
  assert_expiration (fixture, n - 1, "fast", MSEC (3000), 0, 0);
  assert_expiration (fixture, 0, "fast", MSEC (3001) - MSEC (n), 0, 0);
  disarm (timer);
}

static void
count_cb (guint *n)
{
  (*n)++;
}

/* Each expiration and each sample is announced once. */
static void
test_changed (Fixture       *fixture,
              gconstpointer  unused)
{
  guint n = 0;

  add_timer (fixture, "a", MSEC (10), 0);
  g_signal_connect_swapped (fixture->model, "changed", G_CALLBACK (count_cb), &n);
  advance (fixture, MSEC (10));
  g_assert_cmpuint (n, ==, 2);
}

/* The report has a line for each expiration, below its heading. */
static void
test_report (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autofree char *report = NULL;

  add_timer (fixture, "a", MSEC (1250), 0);
  advance (fixture, MSEC (2000));
  report = timeline_report_new (fixture->model);
  g_assert_cmpstr (report, ==, "Clock  Timer    Deadline  Lateness  Overruns\n"
                               "clock  a      1.250000 s      0\302\240ns         0\n");
}

/* Pixels and times are each other's inverse; a mark is found where it is drawn. */
static void
test_layout (Fixture       *fixture,
             gconstpointer  unused)
{
  TimelineRange range = { .start = 0, .span = MSEC (100) };
  TimelineLayout layout;
  TimelineHit hit;
  double x;
  double y;

  add_timer (fixture, "a", MSEC (20), 0);
  disarm (add_timer (fixture, "b", MSEC (80), 0));
  vclock_timer_arm (timeline_model_get_row (fixture->model, 1)->timer, MSEC (5080));
  advance (fixture, MSEC (40));
  layout = timeline_layout_new (fixture->model, range, 800, 300);

  x = timeline_layout_get_x (&layout, MSEC (20));
  y = timeline_layout_get_row_y (&layout, 0);
  g_assert_cmpint (ABS (timeline_layout_get_time (&layout, x) - MSEC (20)), <=, 1);
  g_assert_true (timeline_layout_hit (&layout, x + 2, y, &hit));
  g_assert_cmpstr (timeline_expiration_get_timer_name (hit.expiration), ==, "a");
  g_assert_false (timeline_layout_hit (&layout, x + 50, y, &hit));

  x = timeline_layout_get_x (&layout, MSEC (80));
  y = timeline_layout_get_row_y (&layout, 1);
  g_assert_true (timeline_layout_hit (&layout, x, y, &hit));
  g_assert_cmpstr (hit.row->name, ==, "b");
  disarm (hit.row->timer);
}

/* Ticks of an axis are 1, 2 or 5 of a unit apart. */
static void
test_steps (void)
{
  g_assert_cmpint (timeline_format_get_step (0), ==, 1);
  g_assert_cmpint (timeline_format_get_step (3), ==, 5);
  g_assert_cmpint (timeline_format_get_step (MSEC (1)), ==, MSEC (1));
  g_assert_cmpint (timeline_format_get_step (MSEC (1) + 1), ==, MSEC (2));
  g_assert_cmpint (timeline_format_get_step (MSEC (600)), ==, MSEC (1000));
}

static void
assert_text (char       *text,
             const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

/* Times have as many digits as they need. */
static void
test_texts (void)
{
  assert_text (timeline_format_point (MSEC (1250), MSEC (50)), "1.25 s");
  assert_text (timeline_format_point (MSEC (2000), MSEC (1000)), "2 s");
  assert_text (timeline_format_point (MSEC (-500), MSEC (500)), "−0.5 s");
  assert_text (timeline_format_span (0), "0\302\240ns");
  assert_text (timeline_format_span (93112), "93.1\302\240µs");
  assert_text (timeline_format_span (MSEC (-340)), "−340\302\240ms");
  assert_text (timeline_format_exact (1093112),
               "1\342\200\257093\342\200\257112\302\240ns");
  assert_text (timeline_format_rate (1, 2), "1/2×");
  assert_text (timeline_format_rate (4, 1), "4×");
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *path; void (* func) (Fixture *, gconstpointer); } tests[] = {
    { "/demo/model/origin", test_origin },
    { "/demo/model/rows", test_rows },
    { "/demo/model/expirations", test_expirations },
    { "/demo/model/jump", test_jump },
    { "/demo/model/notes", test_notes },
    { "/demo/model/bound", test_bound },
    { "/demo/model/changed", test_changed },
    { "/demo/report", test_report },
    { "/demo/layout", test_layout },
  };
  guint i;

  g_test_init (&argc, &argv, NULL);
  for (i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  g_test_add_func ("/demo/format/steps", test_steps);
  g_test_add_func ("/demo/format/texts", test_texts);
  return g_test_run ();
}
