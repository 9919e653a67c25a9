/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <sys/resource.h>
#include <time.h>

/* What takes as long as it takes: how late timers are, and what waiting costs. */

#define FIRST_SPAN   (200 * NSEC_PER_MSEC)  /* before anything counts */
#define PERIOD_BEGIN (1 * NSEC_PER_MSEC)
#define PERIOD_END   (10 * NSEC_PER_MSEC)
#define SHOT_BEGIN   (100 * NSEC_PER_USEC)
#define SHOT_END     (5 * NSEC_PER_MSEC)

static BenchLateness lateness;

/* Periods that have passed meanwhile are left out. */
static void
churn_cb (BenchSlot *slot)
{
  gint64 now = bench_now ();

  bench_lateness_add (&lateness, now - slot->deadline);
  if (bench_peer.get_deadline != NULL)
    {
      slot->deadline = bench_peer.get_deadline (slot->timer);
      return;
    }
  slot->deadline += slot->period;
  if (slot->deadline <= now)
    slot->deadline += ((now - slot->deadline) / slot->period + 1) * slot->period;
  bench_peer.arm (slot->timer, slot->deadline, now);
}

static gint64
get_processor_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);

  return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

/* How often the process has slept. */
static gint64
get_n_sleeps (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return usage.ru_nvcsw;
}

static void
iterate_until (gint64 end)
{
  while (bench_now () < end)
    bench_peer.iterate (TRUE);
}

static void
arm_periodic (BenchSlot *slots)
{
  gint64 begin = bench_now ();

  for (guint i = 0; i < bench_options.n; i++)
    {
      gint64 now = bench_now ();

      slots[i].period = bench_between (PERIOD_BEGIN, PERIOD_END);
      slots[i].deadline = now + slots[i].period;
      if (bench_peer.set_period != NULL)
        bench_peer.set_period (slots[i].timer, slots[i].period, bench_options.slack);
      bench_peer.arm (slots[i].timer, slots[i].deadline, now);
    }
  iterate_until (begin + FIRST_SPAN);
}

/* Periods of 1 to 10 ms, for so many seconds. */
void
bench_run_churn (void)
{
  BenchSlot *slots = bench_create_all ();
  gint64 begin;
  gint64 processor_time;
  gint64 n_sleeps;
  double elapsed;

  bench_expired = churn_cb;
  arm_periodic (slots);

  lateness = (BenchLateness) { 0 };
  begin = bench_now ();
  processor_time = get_processor_time ();
  n_sleeps = get_n_sleeps ();
  iterate_until (begin + (gint64) (bench_options.seconds * NSEC_PER_SEC));
  processor_time = get_processor_time () - processor_time;
  n_sleeps = get_n_sleeps () - n_sleeps;
  elapsed = (double) (bench_now () - begin) / NSEC_PER_SEC;

  /* Microseconds for a call are seconds for a million. */
  bench_print ("churn-cpu", (double) processor_time / NSEC_PER_USEC / MAX (lateness.n, 1),
               lateness.n, FALSE);
  bench_print ("churn-calls", lateness.n / elapsed, lateness.n, FALSE);
  bench_print ("churn-sleeps", n_sleeps / elapsed, lateness.n, FALSE);
  bench_lateness_print (&lateness, "churn");
}

static gboolean waiting;

static void
shot_cb (BenchSlot *slot)
{
  bench_lateness_add (&lateness, bench_now () - slot->deadline);
  waiting = FALSE;
}

/* One timer, some time ahead, again and again. */
void
bench_run_latency (void)
{
  BenchSlot *slots;
  gint64 end = bench_now () + (gint64) (bench_options.seconds * NSEC_PER_SEC);

  bench_options.n = 1;
  slots = bench_create_all ();
  bench_expired = shot_cb;
  while (bench_now () < end)
    {
      gint64 now = bench_now ();

      slots[0].deadline = now + bench_between (SHOT_BEGIN, SHOT_END);
      waiting = TRUE;
      bench_peer.arm (slots[0].timer, slots[0].deadline, now);
      while (waiting)
        bench_peer.iterate (TRUE);
    }
  bench_lateness_print (&lateness, "latency");
}
