/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

/* Counted by callgrind is what is between begin and end: --collect-atstart=no */
#if defined (__has_include) && __has_include (<valgrind/callgrind.h>)
# include <valgrind/callgrind.h>
#else
# define CALLGRIND_TOGGLE_COLLECT ((void) 0)
#endif

#define N_VALUES_MIN  3
#define N_VALUES_MAX  1000
#define TOTAL_ENOUGH  (40 * NSEC_PER_MSEC)

BenchOptions bench_options = { .n = 100, .seconds = 4.0 };

static gint64 process_begun;

const char *
bench_init (int    *argc,
            char ***argv)
{
  const GOptionEntry entries[] = {
    { "timers", 'n', 0, G_OPTION_ARG_INT, &bench_options.n, "How many timers", "N" },
    { "seconds", 's', 0, G_OPTION_ARG_DOUBLE, &bench_options.seconds, "How long to measure", "S" },
    { "slack", 0, 0, G_OPTION_ARG_INT64, &bench_options.slack, "Slack of the timers", "NS" },
    { "count", 0, 0, G_OPTION_ARG_STRING, &bench_options.count, "Let callgrind count", "ROW" },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("WORKLOAD");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error) || *argc != 2)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "one workload is wanted");
      exit (2);
    }
  process_begun = bench_now ();

  return (*argv)[1];
}

gint64
bench_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);

  return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

static gboolean
is_late (gint64 begun)
{
  return bench_now () - begun > bench_options.seconds * NSEC_PER_SEC;
}

gboolean
bench_series_is_late (BenchSeries *self)
{
  return is_late (self->begun);
}

guint32
bench_random (void)
{
  static guint64 state = G_GUINT64_CONSTANT (88172645463325252);

  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;

  return (guint32) (state >> 32);
}

gint64
bench_between (gint64 begin,
               gint64 end)
{
  return begin + (gint64) ((double) (end - begin) * bench_random () / 4294967296.0);
}

guint32 *
bench_shuffle (guint n)
{
  guint32 *order = g_new (guint32, n);

  for (guint i = 0; i < n; i++)
    order[i] = i;
  for (guint i = n; i > 1; i--)
    {
      guint j = bench_random () % i;
      guint32 swap = order[i - 1];

      order[i - 1] = order[j];
      order[j] = swap;
    }

  return order;
}

gboolean
bench_series_more (BenchSeries *self)
{
  guint n_first = self->warm ? 0 : 1;

  if (self->values == NULL)
    {
      self->values = g_array_new (FALSE, FALSE, sizeof (double));
      return TRUE;
    }
  if (bench_options.count != NULL)
    return self->values->len < n_first + 1;
  if (self->capped || (is_late (process_begun) && self->values->len > n_first))
    return FALSE;

  return self->values->len < n_first + N_VALUES_MIN
         || (self->values->len < n_first + N_VALUES_MAX && self->total < TOTAL_ENOUGH);
}

static gboolean
is_counted (BenchSeries *self)
{
  return self->values->len >= (self->warm ? 0 : 1) && g_strcmp0 (bench_options.count, self->row) == 0;
}

void
bench_series_begin (BenchSeries *self)
{
  gboolean counted = is_counted (self);

  self->begun = bench_now ();
  if (counted)
    CALLGRIND_TOGGLE_COLLECT;
}

void
bench_series_end (BenchSeries *self,
                  guint64      n_ops)
{
  gint64 end = bench_now ();
  gint64 elapsed = end - self->begun;
  double value = (double) elapsed / MAX (n_ops, 1);

  if (is_counted (self))
    CALLGRIND_TOGGLE_COLLECT;
  g_array_append_val (self->values, value);
  self->total += elapsed;
  self->n_ops = n_ops;
}

static int
compare_doubles (const void *a,
                 const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

/* If the time was over after the warm-up, that is what there is. */
void
bench_series_print (BenchSeries *self)
{
  if (!self->warm && self->values->len > 1)
    g_array_remove_index (self->values, 0);
  g_array_sort (self->values, compare_doubles);
  bench_print (self->row, g_array_index (self->values, double, self->values->len / 2),
               self->n_ops * self->values->len, self->capped);
  g_clear_pointer (&self->values, g_array_unref);
}

void
bench_print (const char *row,
             double      value,
             guint64     n_ops,
             gboolean    capped)
{
  g_print ("{\"row\": \"%s\", \"value\": %.6g, \"n_ops\": %" G_GUINT64_FORMAT ", \"capped\": %s}\n",
           row, value, n_ops, capped ? "true" : "false");
}

#define N_PARTS BENCH_LATENESS_N_PARTS

/* At first a bucket is a nanosecond. */
void
bench_lateness_add (BenchLateness *self,
                    gint64         lateness)
{
  guint64 value = (guint64) MAX (lateness, 0);
  guint shift = value < 2 * N_PARTS ? 0 : g_bit_storage (value / (2 * N_PARTS));

  self->buckets[shift * N_PARTS + (value >> shift)]++;
  self->n++;
  self->n_early += lateness < 0;
  self->max = MAX (self->max, lateness);
}

double
bench_lateness_get (const BenchLateness *self,
                    double               quantile)
{
  guint64 wanted = (guint64) ceil (quantile * self->n);
  guint64 n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (self->buckets); i++)
    {
      guint shift = i < 2 * N_PARTS ? 0 : i / N_PARTS - 1;

      n += self->buckets[i];
      if (n >= MAX (wanted, 1))
        return (double) ((guint64) (i - shift * N_PARTS) << shift) / NSEC_PER_USEC;
    }

  return 0.0;
}

static void
print_row (const char *rows,
           const char *name,
           double      value,
           guint64     n)
{
  g_autofree char *row = g_strconcat (rows, "-", name, NULL);

  bench_print (row, value, n, FALSE);
}

void
bench_lateness_print (const BenchLateness *self,
                      const char          *rows)
{
  print_row (rows, "p50", bench_lateness_get (self, 0.5), self->n);
  print_row (rows, "p99", bench_lateness_get (self, 0.99), self->n);
  print_row (rows, "max", (double) self->max / NSEC_PER_USEC, self->n);
  print_row (rows, "early", self->n > 0 ? 100.0 * self->n_early / self->n : 0.0, self->n);
}
