/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench.h"

#include <glib-unix.h>
#include <glib-vclock/glib-vclock.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* How long it takes to arm for now from another thread, until the callback runs in a loop that was
 * asleep; beside what the machine needs for an eventfd that another thread waits for, alone and in a
 * main loop. In turn, so that all see the same machine. */

#define N_SHOTS 3000
#define N_FAR   1000
#define PAUSE   100  /* microseconds: until the other one sleeps for certain */
#define LONG    (3600 * NSEC_PER_SEC)

typedef struct
{
  const char    *rows;
  void        (* ping) (void);
  BenchLateness  lateness;
  BenchLateness  caller;  /* how long ping () took */
} Way;

static int raw_fd;
static int loop_fd;
static VclockTimer *timer;
static gint64 pinged_at;
static gint answered;
static BenchLateness *answer;

static void
note_answer (void)
{
  bench_lateness_add (answer, bench_now () - pinged_at);
  g_atomic_int_set (&answered, TRUE);
}

static void
clear (int fd)
{
  guint64 n;

  if (read (fd, &n, sizeof n) != sizeof n)
    g_error ("an eventfd cannot be read");
}

static void
ping_fd (int fd)
{
  guint64 n = 1;

  if (write (fd, &n, sizeof n) != sizeof n)
    g_error ("an eventfd cannot be written");
}

static gpointer
sleep_raw (gpointer user_data)
{
  struct pollfd pollfd = { .fd = raw_fd, .events = POLLIN };

  for (;;)
    {
      poll (&pollfd, 1, -1);
      clear (raw_fd);
      note_answer ();
    }

  return NULL;
}

static gboolean
loop_fd_cb (int          fd,
            GIOCondition condition,
            gpointer     user_data)
{
  clear (fd);
  note_answer ();

  return G_SOURCE_CONTINUE;
}

static void
expired_cb (VclockTimer *unused,
            guint64      overruns,
            gpointer     user_data)
{
  note_answer ();
}

static gpointer
sleep_in_loop (gpointer context)
{
  for (;;)
    g_main_context_iteration (context, TRUE);

  return NULL;
}

static void
ping_raw (void)
{
  ping_fd (raw_fd);
}

static void
ping_loop (void)
{
  ping_fd (loop_fd);
}

static void
ping_timer (void)
{
  vclock_timer_arm (timer, pinged_at);
}

static void
shoot (Way *way)
{
  g_usleep (PAUSE);
  answer = &way->lateness;
  g_atomic_int_set (&answered, FALSE);
  pinged_at = bench_now ();
  way->ping ();
  bench_lateness_add (&way->caller, bench_now () - pinged_at);
  while (!g_atomic_int_get (&answered))
    g_thread_yield ();
}

static guint64
count_iterations (VclockAlarm *alarm)
{
  return vclock_alarm_get_n_programmed (alarm) + vclock_alarm_get_n_wakeups (alarm);
}

/* While an earlier one is armed: the other thread should not be woken. */
static void
run_far (GMainContext *context)
{
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (context);
  VclockClock *clock = vclock_monotonic_clock_get_default ();
  VclockTimer *far = vclock_timer_new_full (clock, context, G_PRIORITY_DEFAULT, VCLOCK_SCALE_NS);
  guint64 n_before;
  gint64 begin;

  vclock_timer_arm_after (timer, LONG);
  g_usleep (1000);
  n_before = count_iterations (alarm);
  begin = bench_now ();
  for (guint i = 0; i < N_FAR; i++)
    vclock_timer_arm (far, begin + 2 * LONG - i);
  bench_print ("thread-far", (double) (bench_now () - begin) / N_FAR, N_FAR, FALSE);
  g_usleep (1000);
  bench_print ("thread-far-wakeups", count_iterations (alarm) - n_before, N_FAR, FALSE);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Way ways[] = {
    { .rows = "thread-ping", .ping = ping_raw },
    { .rows = "thread-loop", .ping = ping_loop },
    { .rows = "thread-arm", .ping = ping_timer },
  };
  GSource *source;
  gint64 end;

  bench_init (&argc, &argv);
  raw_fd = eventfd (0, EFD_CLOEXEC);
  loop_fd = eventfd (0, EFD_CLOEXEC);
  source = g_unix_fd_source_new (loop_fd, G_IO_IN);
  g_source_set_callback (source, G_SOURCE_FUNC (loop_fd_cb), NULL, NULL);
  g_source_attach (source, context);
  timer = vclock_timer_new_full (vclock_monotonic_clock_get_default (), context,
                                 G_PRIORITY_DEFAULT, VCLOCK_SCALE_NS);
  vclock_timer_set_callback (timer, expired_cb, NULL, NULL);
  g_thread_new ("raw", sleep_raw, NULL);
  g_thread_new ("loop", sleep_in_loop, context);

  end = bench_now () + (gint64) (bench_options.seconds * NSEC_PER_SEC);
  for (guint i = 0; i < N_SHOTS && bench_now () < end; i++)
    for (guint j = 0; j < G_N_ELEMENTS (ways); j++)
      shoot (&ways[j]);
  for (guint j = 0; j < G_N_ELEMENTS (ways); j++)
    bench_lateness_print (&ways[j].lateness, ways[j].rows);
  bench_print ("thread-arm-caller", bench_lateness_get (&ways[2].caller, 0.5), N_SHOTS, FALSE);
  run_far (context);

  /* The threads sleep for ever. */
  _exit (0);
}
