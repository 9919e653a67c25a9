/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <stdio.h>
#include <unistd.h>

/* What happens to timers that do not expire. All are armed for an hour to two from now, at random. */

#define BEGIN (3600 * NSEC_PER_SEC)
#define END   (7200 * NSEC_PER_SEC)

/* The time limit is looked at after so many. */
#define CHUNK 4096

static inline gboolean
is_late (BenchSeries *series,
         guint        i)
{
  return i % CHUNK == CHUNK - 1 && bench_series_is_late (series);
}

static gint64
update (void)
{
  if (bench_peer.update != NULL)
    bench_peer.update ();

  return bench_now ();
}

static void
set_deadlines (BenchSlot *slots)
{
  gint64 now = bench_now ();

  for (guint i = 0; i < bench_options.n; i++)
    slots[i].deadline = bench_between (now + BEGIN, now + END);
}

/* Arms in the order of the array, and returns how many there was time for. */
static guint
arm_all (BenchSlot   *slots,
         BenchSeries *series)
{
  gint64 now = update ();
  guint i;

  bench_series_begin (series);
  for (i = 0; i < bench_options.n && !is_late (series, i); i++)
    bench_peer.arm (slots[i].timer, slots[i].deadline, now);

  return i;
}

static guint
disarm_all (BenchSlot     *slots,
            const guint32 *order,
            guint          n)
{
  for (guint i = 0; i < n; i++)
    bench_peer.disarm (slots[order[i]].timer);

  return n;
}

/* arm, and disarm in a random order. The loop has run once between. */
void
bench_run_arm (void)
{
  BenchSlot *slots = bench_create_all ();
  BenchSeries arm = { .row = "arm" };
  BenchSeries cancel = { .row = "cancel" };

  while (bench_series_more (&arm) && bench_series_more (&cancel))
    {
      g_autofree guint32 *order = NULL;
      guint n;

      set_deadlines (slots);
      n = arm_all (slots, &arm);
      bench_series_end (&arm, n);
      arm.capped = n < bench_options.n;
      order = bench_shuffle (n);
      bench_peer.iterate (FALSE);
      bench_series_begin (&cancel);
      bench_series_end (&cancel, disarm_all (slots, order, n));
      bench_peer.iterate (FALSE);
    }
  bench_series_print (&arm);
  bench_series_print (&cancel);
}

typedef gint64 (* NewDeadlineFunc) (gint64 old,
                                    gint64 now);

/* As when something has arrived and waits for the same span again. */
static gint64
push_later (gint64 old,
            gint64 now)
{
  return old + NSEC_PER_MSEC;
}

static gint64
choose_anew (gint64 old,
             gint64 now)
{
  return bench_between (now + BEGIN, now + END);
}

/* All in a random order, each to a new deadline. Each repetition begins with timers that are newly
 * armed, because rearming may leave work for later. */
static void
run_rearm (BenchSlot       *slots,
           const char      *row,
           NewDeadlineFunc  get_new)
{
  g_autofree guint32 *order = bench_shuffle (bench_options.n);
  BenchSeries series = { .row = row, .warm = TRUE };

  while (bench_series_more (&series))
    {
      gint64 now = update ();
      guint i;

      set_deadlines (slots);
      for (i = 0; i < bench_options.n; i++)
        bench_peer.arm (slots[i].timer, slots[i].deadline, now);
      bench_peer.iterate (FALSE);
      now = update ();
      for (i = 0; i < bench_options.n; i++)
        slots[i].deadline = get_new (slots[i].deadline, now);

      bench_series_begin (&series);
      for (i = 0; i < bench_options.n && !is_late (&series, i); i++)
        bench_peer.arm (slots[order[i]].timer, slots[order[i]].deadline, now);
      bench_series_end (&series, i);

      series.capped = i < bench_options.n;
      disarm_all (slots, order, bench_options.n);
      bench_peer.iterate (FALSE);
    }
  bench_series_print (&series);
}

void
bench_run_rearm (void)
{
  BenchSlot *slots = bench_create_all ();

  run_rearm (slots, "rearm-later", push_later);
  run_rearm (slots, "rearm-random", choose_anew);
}

static void
create_all_armed (BenchSlot *slots,
                  gint64     now)
{
  for (guint i = 0; i < bench_options.n; i++)
    {
      if (bench_peer.create_armed != NULL)
        {
          slots[i].timer = bench_peer.create_armed (&slots[i], slots[i].deadline, now);
          continue;
        }
      slots[i].timer = bench_peer.create (&slots[i]);
      bench_peer.arm (slots[i].timer, slots[i].deadline, now);
    }
}

/* All are created and armed, then all destroyed in a random order. Some are only freed by the next
 * iteration, which counts. */
void
bench_run_create (void)
{
  g_autofree BenchSlot *slots = g_new0 (BenchSlot, bench_options.n);
  g_autofree guint32 *order = bench_shuffle (bench_options.n);
  BenchSeries series = { .row = "create" };

  while (bench_series_more (&series))
    {
      gint64 now = update ();

      set_deadlines (slots);
      bench_series_begin (&series);
      create_all_armed (slots, now);
      for (guint i = 0; i < bench_options.n; i++)
        bench_peer.destroy (slots[order[i]].timer);
      bench_peer.iterate (FALSE);
      bench_series_end (&series, bench_options.n);
    }
  bench_series_print (&series);
}

static gint64
get_resident (void)
{
  g_autofree char *text = NULL;
  long long size;
  long long resident = 0;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL)
      || sscanf (text, "%lld %lld", &size, &resident) != 2)
    g_error ("/proc/self/statm cannot be read");

  return resident * sysconf (_SC_PAGESIZE);
}

/* Resident bytes for each armed timer, after the loop has run. The array is resident before. */
void
bench_run_memory (void)
{
  BenchSlot *slots = g_new0 (BenchSlot, bench_options.n);
  gint64 before;

  slots[0].timer = bench_peer.create (&slots[0]);
  bench_peer.arm (slots[0].timer, bench_now () + BEGIN, bench_now ());
  bench_peer.iterate (FALSE);
  set_deadlines (slots);
  before = get_resident ();
  create_all_armed (slots, update ());
  bench_peer.iterate (FALSE);
  bench_print ("memory", (double) (get_resident () - before) / bench_options.n, bench_options.n,
               FALSE);
}
