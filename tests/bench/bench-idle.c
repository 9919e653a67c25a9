/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib-vclock/glib-vclock.h>
#include <stdlib.h>

/* What an iteration of a main loop costs in which no timer is due, with few timers and with very
 * many. A figure, not a test: the number of armed timers should not show in it. */

#define N_ROUNDS     5
#define N_ITERATIONS 20000

typedef struct
{
  guint         n_timers;
  GMainContext *context;
  GPtrArray    *timers;            /* (element-type VclockTimer) */
  double        rounds[N_ROUNDS];  /* nanoseconds for an iteration */
} Case;

static gboolean
idle_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
begin_case (Case *self)
{
  VclockClock *clock = vclock_monotonic_clock_get_default ();
  g_autoptr (GSource) idle = g_idle_source_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  self->context = g_main_context_new ();
  self->timers = g_ptr_array_new_with_free_func (g_object_unref);
  g_source_set_priority (idle, G_PRIORITY_DEFAULT);
  g_source_set_callback (idle, idle_cb, NULL, NULL);
  g_source_attach (idle, self->context);
  for (guint i = 0; i < self->n_timers; i++)
    {
      VclockTimer *timer = vclock_timer_new_full (clock, self->context, G_PRIORITY_DEFAULT,
                                                  VCLOCK_SCALE_S);

      vclock_timer_arm_after (timer, g_rand_int_range (rand, 3600, 3600 * 24));
      g_ptr_array_add (self->timers, timer);
    }
  g_main_context_iteration (self->context, FALSE);
}

static void
run_round (Case  *self,
           guint  round)
{
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < N_ITERATIONS; i++)
    g_main_context_iteration (self->context, FALSE);

  self->rounds[round] = (double) (g_get_monotonic_time () - start) * 1000.0 / N_ITERATIONS;
}

static int
compare_doubles (const void *a,
                 const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
get_median (Case *self)
{
  qsort (self->rounds, N_ROUNDS, sizeof (double), compare_doubles);

  return self->rounds[N_ROUNDS / 2];
}

/* A context numbers its sources from 1, without gaps. */
static guint
count_sources (Case *self)
{
  guint n_sources = 0;

  while (g_main_context_find_source_by_id (self->context, n_sources + 1) != NULL)
    n_sources++;

  return n_sources;
}

static guint
count_fds (Case *self)
{
  GPollFD fds[64];
  int priority;
  int timeout;
  int n_fds;

  g_main_context_acquire (self->context);
  g_main_context_prepare (self->context, &priority);
  n_fds = g_main_context_query (self->context, G_MAXINT, &timeout, fds, G_N_ELEMENTS (fds));
  g_main_context_release (self->context);

  return (guint) n_fds;
}

int
main (int   argc,
      char *argv[])
{
  Case cases[] = { { .n_timers = 10 }, { .n_timers = 10000 }, { .n_timers = 1000000 } };
  double first = 0.0;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    begin_case (&cases[i]);
  for (guint round = 0; round < N_ROUNDS; round++)
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
      run_round (&cases[i], round);

  g_print ("%10s %14s %8s %8s %12s\n", "timers", "ns/iteration", "ratio", "sources", "descriptors");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double median = get_median (&cases[i]);

      if (i == 0)
        first = median;
      g_print ("%10u %14.0f %8.2f %8u %12u\n", cases[i].n_timers, median, median / first,
               count_sources (&cases[i]), count_fds (&cases[i]));
    }

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_main_context_unref (cases[i].context);
      g_ptr_array_unref (cases[i].timers);
    }

  return 0;
}
