/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <gst/gst.h>

/* The system clock. It has no loop: it calls from a thread of its own, so there is neither an idle
 * iteration nor a moment at which nobody looks. */

#define PAUSE 10000  /* microseconds: the main thread has nothing to do */

typedef struct
{
  GstClockID  id;  /* (nullable): while it is armed, or after it has expired */
  BenchSlot  *slot;
} Timer;

static GstClock *gst_clock;

static char *
get_version (void)
{
  return gst_version_string ();
}

static void
open_loop (void)
{
  gst_init (NULL, NULL);
  gst_clock = g_object_new (GST_TYPE_SYSTEM_CLOCK, "clock-type", GST_CLOCK_TYPE_MONOTONIC, NULL);
}

static void
watch (int fd)
{
}

static gpointer
create (BenchSlot *slot)
{
  Timer *self = g_new0 (Timer, 1);

  self->slot = slot;

  return self;
}

static gboolean
expired_cb (GstClock     *unused,
            GstClockTime  time,
            GstClockID    id,
            gpointer      user_data)
{
  bench_expired (user_data);

  return TRUE;
}

static void
disarm (gpointer timer)
{
  Timer *self = timer;

  if (self->id == NULL)
    return;
  gst_clock_id_unschedule (self->id);
  g_clear_pointer (&self->id, gst_clock_id_unref);
}

static void
arm (gpointer timer,
     gint64   deadline,
     gint64   now)
{
  Timer *self = timer;

  disarm (timer);
  self->id = gst_clock_new_single_shot_id (gst_clock, (GstClockTime) deadline);
  gst_clock_id_wait_async (self->id, expired_cb, self->slot, NULL);
}

static void
destroy (gpointer timer)
{
  disarm (timer);
  g_free (timer);
}

static void
iterate (gboolean block)
{
  if (block)
    g_usleep (PAUSE);
}

const BenchPeer bench_peer = {
  .name = "gstreamer",
  .get_version = get_version,
  .open = open_loop,
  .watch = watch,
  .create = create,
  .arm = arm,
  .disarm = disarm,
  .destroy = destroy,
  .iterate = iterate,
};
