/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <sys/eventfd.h>

/* What the loop does: nothing, or calling what is due. */

#define N_ITERATIONS 200
#define N_MARGIN     (5 * NSEC_PER_MSEC)  /* some loops read a clock that is so coarse */
#define FAR          (3600 * NSEC_PER_SEC)

static volatile guint n_expired;

static void
count_cb (BenchSlot *slot)
{
  n_expired++;
}

/* An iteration with one trivial event, while timers are armed that are far away. */
void
bench_run_idle (void)
{
  BenchSlot *slots = bench_create_all ();
  BenchSeries series = { .row = "idle", .warm = TRUE };
  gint64 now = bench_now ();

  bench_peer.watch (eventfd (1, 0));
  for (guint i = 0; i < bench_options.n; i++)
    bench_peer.arm (slots[i].timer, bench_between (now + FAR, now + 2 * FAR), now);
  bench_peer.iterate (FALSE);

  while (bench_series_more (&series))
    {
      guint i;

      bench_series_begin (&series);
      for (i = 0; i < N_ITERATIONS && (i % 8 != 7 || !bench_series_is_late (&series)); i++)
        bench_peer.iterate (FALSE);
      bench_series_end (&series, i);
      series.capped = i < N_ITERATIONS;
    }
  bench_series_print (&series);
}

/* Arms all, in a random order, so that they are due @apart after one another. */
static void
arm_from (BenchSlot     *slots,
          const guint32 *order,
          gint64         base,
          gint64         apart)
{
  gint64 now;

  if (bench_peer.update != NULL)
    bench_peer.update ();
  now = bench_now ();
  for (guint i = 0; i < bench_options.n; i++)
    bench_peer.arm (slots[order[i]].timer, base + order[i] * apart, now);
}

/* All timers become due while nobody looks. Then the loop runs until all have been called. */
void
bench_run_expire (gint64 apart)
{
  BenchSlot *slots = bench_create_all ();
  g_autofree guint32 *order = bench_shuffle (bench_options.n);
  BenchSeries series = { .row = apart == 0 ? "expire-same" : "expire-apart" };
  gint64 begun = bench_now ();
  gint64 span;

  bench_expired = count_cb;
  arm_from (slots, order, begun + FAR, apart);
  bench_peer.iterate (FALSE);
  span = 2 * (bench_now () - begun);

  while (bench_series_more (&series) && (series.values->len < 20))
    {
      gint64 base = bench_now () + span;
      guint n_iterations = 0;

      arm_from (slots, order, base, apart);
      while (bench_now () < base + bench_options.n * apart + N_MARGIN)
        ;
      n_expired = 0;
      bench_series_begin (&series);
      while (n_expired < bench_options.n
             && (++n_iterations % 64 != 0 || !bench_series_is_late (&series)))
        bench_peer.iterate (FALSE);
      bench_series_end (&series, n_expired);
      series.capped = n_expired < bench_options.n;
    }
  bench_series_print (&series);
}
