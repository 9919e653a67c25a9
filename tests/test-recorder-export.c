/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-fixtures.h"

typedef TestRecorderFixture Fixture;

typedef gboolean (* WriteFunc) (VclockRecorder  *recorder,
                                GOutputStream   *stream,
                                GCancellable    *cancellable,
                                GError         **error);

static char *
dup_written (VclockRecorder *recorder,
             WriteFunc       write)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_assert_true (write (recorder, stream, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (stream, "", 1, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));

  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (stream));
}

/* Lines of a trace, with quotes that are easier to read. */
#define META(name, tid, value) \
  "{'name':'" name "','ph':'M','pid':1,'tid':" tid ",'args':{'name':'" value "'}},\n"
#define EVENT(name, category, ts, tid, args) \
  "{'name':'" name "','cat':'" category "','ph':'i','s':'t','ts':" ts \
  ",'pid':1,'tid':" tid ",'args':{" args "}}"

/* The trace names clocks and timers, and gives times in microseconds that are exact to the
 * nanosecond, before 0 and at the ends too. Bytes that are not UTF-8 are replaced. */
static void
test_trace (Fixture       *fixture,
            gconstpointer  unused)
{
  VclockTimer *timer = vclock_timer_new (fixture->clock);
  g_autofree char *trace = NULL;

  vclock_timer_set_name (timer, "\"\\\n\xff");
  vclock_virtual_clock_jump (fixture->virtual, -1);
  vclock_timer_arm (timer, 1234567);
  vclock_timer_set_name (timer, NULL);
  vclock_virtual_clock_advance (fixture->virtual, 1234568);
  vclock_virtual_clock_jump (fixture->virtual, G_MININT64);
  vclock_virtual_clock_jump (fixture->virtual, VCLOCK_TIME_NEVER);
  trace = dup_written (fixture->recorder, vclock_recorder_write_trace);
  g_strdelimit (trace, "\"", '\'');
  g_assert_cmpstr (trace, ==,
                   "{'displayTimeUnit':'ns','traceEvents':[\n"
                   META ("process_name", "1", "clock 1")
                   META ("thread_name", "1", "clock")
                   EVENT ("reset", "clock", "-0.001", "1", "'old-time':0,'new-time':-1") ",\n"
                   META ("thread_name", "2", "\\'\\\\\\u000a\357\277\275")
                   EVENT ("armed", "timer", "-0.001", "2", "'deadline':1234567") ",\n"
                   META ("thread_name", "2", "timer 1")
                   EVENT ("expired", "timer", "1234.567", "2",
                          "'deadline':1234567,'lateness':0,'overruns':0") ",\n"
                   EVENT ("reset", "clock", "-9223372036854775.808", "1",
                          "'old-time':1234567,'new-time':-9223372036854775808") ",\n"
                   EVENT ("reset", "clock", "9223372036854775.807", "1",
                          "'old-time':-9223372036854775808,'new-time':9223372036854775807")
                   "\n]}\n");
  g_assert_finalize_object (timer);
}

#define CSV_HEAD \
  "time,kind,clock-number,clock-name,timer-number,timer-name,deadline,lateness,overruns," \
  "old-time,new-time,numerator,denominator,parent-name\r\n"

/* The table has a line for each event, and quotes what must be. */
static void
test_csv (Fixture       *fixture,
          gconstpointer  unused)
{
  g_autoptr (VclockVirtualClock) parent = vclock_virtual_clock_new ();
  VclockTimer *timer = test_timer_new (fixture->clock, "a \"b\", c", fixture->log);
  g_autofree char *csv = NULL;

  vclock_timer_arm (timer, 5);
  vclock_virtual_clock_jump (fixture->virtual, 7);
  vclock_virtual_clock_set_rate (fixture->virtual, 1, 2);
  vclock_virtual_clock_set_parent (fixture->virtual, VCLOCK_CLOCK (parent));
  csv = dup_written (fixture->recorder, vclock_recorder_write_csv);
  g_assert_cmpstr (csv, ==,
                   CSV_HEAD
                   "0,armed,1,,1,\"a \"\"b\"\", c\",5,,,,,,,\r\n"
                   "7,reset,1,,,,,,,0,7,,,\r\n"
                   "7,expired,1,,1,\"a \"\"b\"\", c\",5,2,0,,,,,\r\n"
                   "7,rate,1,,,,,,,,,1,2,\r\n"
                   "7,parent,1,,,,,,,,,,,virtual\r\n");
  vclock_virtual_clock_set_parent (fixture->virtual, NULL);
  g_assert_finalize_object (timer);
}

/* What the stream refuses is passed on; an empty recording is written too. */
static void
test_refused (Fixture       *fixture,
              gconstpointer  unused)
{
  static const WriteFunc funcs[] = { vclock_recorder_write_trace, vclock_recorder_write_csv };

  for (gsize i = 0; i < G_N_ELEMENTS (funcs); i++)
    {
      g_autoptr (VclockRecorder) empty = vclock_recorder_new (1);
      g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      g_autofree char *written = dup_written (empty, funcs[i]);

      g_assert_cmpstr (written, ==, i == 0 ? "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n\n]}\n"
                                           : CSV_HEAD);
      g_cancellable_cancel (cancellable);
      g_assert_false (funcs[i] (fixture->recorder, stream, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
      g_output_stream_close (stream, NULL, NULL);
      g_assert_false (funcs[i] (fixture->recorder, stream, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
    }
}

#define N_TIMERS     20
#define N_OPERATIONS 5000

static void
operate (GRand              *rand,
         VclockVirtualClock *clock,
         VclockTimer        *timer)
{
  switch (g_rand_int_range (rand, 0, 12))
    {
    case 0:
      vclock_virtual_clock_jump (clock, g_rand_int_range (rand, 0, 100000));
      break;
    case 1:
      vclock_virtual_clock_set_rate (clock, g_rand_int_range (rand, 0, 5), 3);
      break;
    case 2:
      vclock_virtual_clock_pause (clock);
      break;
    case 3:
      vclock_virtual_clock_resume (clock);
      break;
    case 4:
      vclock_timer_disarm (timer);
      break;
    case 5:
      vclock_timer_set_period (timer, g_rand_int_range (rand, 0, 3) * 50);
      break;
    case 6:
    case 7:
      vclock_virtual_clock_advance (clock, g_rand_int_range (rand, 0, 100));
      break;
    default:
      vclock_timer_arm_after (timer, g_rand_int_range (rand, -10, 200));
    }
}

/* What a random program does is recorded: as CSV and as a trace. */
static char *
record_seed (guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (VclockVirtualClock) parent = vclock_virtual_clock_new ();
  g_autoptr (VclockVirtualClock) clock = NULL;
  g_autoptr (VclockRecorder) recorder = vclock_recorder_new (N_OPERATIONS);
  g_autofree char *csv = NULL;
  g_autofree char *trace = NULL;
  VclockTimer *timers[N_TIMERS];

  clock = vclock_virtual_clock_new_with_parent (VCLOCK_CLOCK (parent));
  vclock_recorder_add_clock (recorder, VCLOCK_CLOCK (parent));
  vclock_recorder_add_clock (recorder, VCLOCK_CLOCK (clock));
  vclock_recorder_set_recording (recorder, TRUE);
  for (guint i = 0; i < N_TIMERS; i++)
    {
      g_autofree char *name = g_strdup_printf ("t%u", i);

      timers[i] = vclock_timer_new (VCLOCK_CLOCK (i % 3 == 0 ? parent : clock));
      vclock_timer_set_name (timers[i], i % 4 == 0 ? NULL : name);
    }
  for (guint i = 0; i < N_OPERATIONS; i++)
    operate (rand, g_rand_boolean (rand) ? parent : clock,
             timers[g_rand_int_range (rand, 0, N_TIMERS)]);

  csv = dup_written (recorder, vclock_recorder_write_csv);
  trace = dup_written (recorder, vclock_recorder_write_trace);
  for (guint i = 0; i < N_TIMERS; i++)
    {
      vclock_timer_disarm (timers[i]);
      g_object_unref (timers[i]);
    }

  return g_strconcat (csv, trace, NULL);
}

static const char *program;

/* Two runs of the same seed give the same recording, byte for byte, in one process and in two;
 * another seed gives another. */
static void
test_same_seed (void)
{
  g_autofree char *first = record_seed (1);
  g_autofree char *second = record_seed (1);
  g_autofree char *third = NULL;
  g_autofree char *other = record_seed (2);
  const char *argv[] = { program, "--record", NULL };
  g_autoptr (GError) error = NULL;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL,
                &third, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (first), >, 100000);
  g_assert_true (g_str_equal (first, second));
  g_assert_true (g_str_equal (first, third));
  g_assert_false (g_str_equal (first, other));
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, test_recorder_fixture_set_up, func, \
              test_recorder_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  program = argv[0];
  if (argc == 2 && g_str_equal (argv[1], "--record"))
    {
      g_autofree char *recorded = record_seed (1);

      g_print ("%s", recorded);
      return 0;
    }

  test_init (&argc, &argv);

  ADD ("/recorder-export/trace", test_trace);
  ADD ("/recorder-export/csv", test_csv);
  ADD ("/recorder-export/refused", test_refused);
  g_test_add_func ("/recorder-export/same-seed", test_same_seed);

  return g_test_run ();
}
