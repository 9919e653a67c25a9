/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

/* A GSource for each timer. */

static char *
get_version (void)
{
  return g_strdup_printf ("%u.%u.%u", glib_major_version, glib_minor_version, glib_micro_version);
}

static void
open_loop (void)
{
}

/* The source stays, so that it can be armed again. */
static gboolean
dispatch (GSource     *source,
          GSourceFunc  callback,
          gpointer     user_data)
{
  g_source_set_ready_time (source, -1);

  return callback (user_data);
}

static gboolean
expired_cb (gpointer user_data)
{
  bench_expired (user_data);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs funcs = { .dispatch = dispatch };

static GSource *
new_source (BenchSlot *slot)
{
  GSource *source = g_source_new (&funcs, sizeof (GSource));

  g_source_set_callback (source, expired_cb, slot, NULL);

  return source;
}

static gpointer
create (BenchSlot *slot)
{
  GSource *source = new_source (slot);

  g_source_attach (source, NULL);

  return source;
}

static void
arm (gpointer timer,
     gint64   deadline,
     gint64   now)
{
  g_source_set_ready_time (timer, (deadline + NSEC_PER_USEC - 1) / NSEC_PER_USEC);
}

/* What is not attached yet wakes nobody. */
static gpointer
create_armed (BenchSlot *slot,
              gint64     deadline,
              gint64     now)
{
  GSource *source = new_source (slot);

  arm (source, deadline, now);
  g_source_attach (source, NULL);

  return source;
}

static void
disarm (gpointer timer)
{
  g_source_set_ready_time (timer, -1);
}

static void
destroy (gpointer timer)
{
  g_source_destroy (timer);
  g_source_unref (timer);
}

static void
iterate (gboolean block)
{
  g_main_context_iteration (NULL, block);
}

const BenchPeer bench_peer = {
  .name = "glib",
  .get_version = get_version,
  .open = open_loop,
  .watch = bench_watch_main_context,
  .create = create,
  .create_armed = create_armed,
  .arm = arm,
  .disarm = disarm,
  .destroy = destroy,
  .iterate = iterate,
};
