/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* What all benchmarks share. A program measures one thing in one process and prints each of its
 * figures as a line of JSON; what to run and what to make of it is the business of suite.py. */

#define NSEC_PER_USEC G_GINT64_CONSTANT (1000)
#define NSEC_PER_MSEC G_GINT64_CONSTANT (1000000)
#define NSEC_PER_SEC  G_GINT64_CONSTANT (1000000000)

typedef struct
{
  guint    n;        /* timers */
  double   seconds;  /* a repetition may take so long, and then none is begun any more */
  gint64   slack;    /* of the timers, in nanoseconds */
  char    *count;    /* (nullable): the row whose instructions callgrind is to count */
} BenchOptions;

extern BenchOptions bench_options;

/* Reads the options; what remains is the name of the workload. */
const char *bench_init    (int          *argc,
                           char       ***argv);

/* CLOCK_MONOTONIC in nanoseconds. */
gint64      bench_now     (void);

/* The same numbers in each process. */
guint32     bench_random  (void);
gint64      bench_between (gint64        begin,
                           gint64        end);

/* The numbers from 0 to n - 1 in a random order. */
guint32    *bench_shuffle (guint         n);

/* A series of repetitions. What lies between begin and end is measured; each repetition gives one
 * value, nanoseconds for an operation, and the figure is their median. The first is a warm-up,
 * unless all memory has been used before. */
typedef struct
{
  const char *row;     /* its name */
  gboolean    warm;    /* there is no warm-up */

  GArray     *values;  /* (element-type double) */
  gint64      begun;
  gint64      total;
  guint64     n_ops;
  gboolean    capped;  /* there was not the time for all operations of a repetition */
} BenchSeries;

gboolean    bench_series_more  (BenchSeries *self);
void        bench_series_begin (BenchSeries *self);
void        bench_series_end   (BenchSeries *self,
                                guint64      n_ops);
void        bench_series_print (BenchSeries *self);

/* Whether this repetition has taken its time, and has to end as it is. */
gboolean    bench_series_is_late (BenchSeries *self);

void        bench_print        (const char  *row,
                                double       value,
                                guint64      n_ops,
                                gboolean     capped);

#define BENCH_LATENESS_N_PARTS 256

/* Latenesses, in buckets that are such a part of an octave. */
typedef struct
{
  guint64 buckets[64 * BENCH_LATENESS_N_PARTS];
  guint64 n;
  guint64 n_early;
  gint64  max;
} BenchLateness;

void        bench_lateness_add       (BenchLateness       *self,
                                      gint64               lateness);

/* In microseconds. */
double      bench_lateness_get       (const BenchLateness *self,
                                      double               quantile);

void        bench_lateness_print     (const BenchLateness *self,
                                      const char          *rows);
