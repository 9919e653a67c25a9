/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <glib-unix.h>

/* The program of a peer: runs one workload. */

void (* bench_expired) (BenchSlot *slot);

BenchSlot *
bench_create_all (void)
{
  BenchSlot *slots = g_new0 (BenchSlot, bench_options.n);

  for (guint i = 0; i < bench_options.n; i++)
    slots[i].timer = bench_peer.create (&slots[i]);

  return slots;
}

static gboolean
event_cb (int          fd,
          GIOCondition condition,
          gpointer     user_data)
{
  return G_SOURCE_CONTINUE;
}

void
bench_watch_main_context (int fd)
{
  GSource *source = g_unix_fd_source_new (fd, G_IO_IN);

  g_source_set_callback (source, G_SOURCE_FUNC (event_cb), NULL, NULL);
  g_source_attach (source, NULL);
}

static void
run_expire_same (void)
{
  bench_run_expire (0);
}

static void
run_expire_apart (void)
{
  bench_run_expire (NSEC_PER_USEC);
}

static void
run_version (void)
{
  g_autofree char *version = bench_peer.get_version ();

  g_print ("%s\n", version);
}

static const struct
{
  const char *name;
  void     (* run) (void);
} workloads[] = {
  { "arm", bench_run_arm },
  { "churn", bench_run_churn },
  { "create", bench_run_create },
  { "expire-apart", run_expire_apart },
  { "expire-same", run_expire_same },
  { "idle", bench_run_idle },
  { "latency", bench_run_latency },
  { "memory", bench_run_memory },
  { "rearm", bench_run_rearm },
  { "version", run_version },
};

int
main (int   argc,
      char *argv[])
{
  const char *name = bench_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (workloads); i++)
    {
      if (!g_str_equal (workloads[i].name, name))
        continue;
      bench_peer.open ();
      workloads[i].run ();
      return 0;
    }
  g_printerr ("there is no workload “%s”\n", name);

  return 2;
}
