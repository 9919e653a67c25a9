/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <systemd/sd-event.h>
#include <time.h>

/* Microseconds, as exactly as they can. */

static sd_event *loop;

static char *
get_version (void)
{
  return g_strdup (PEER_VERSION);
}

static void
open_loop (void)
{
  sd_event_new (&loop);
}

static int
event_cb (sd_event_source *source,
          int              fd,
          uint32_t         events,
          void            *user_data)
{
  return 0;
}

static void
watch (int fd)
{
  sd_event_add_io (loop, NULL, fd, 1 /* EPOLLIN */, event_cb, NULL);
}

static int
expired_cb (sd_event_source *source,
            uint64_t         deadline,
            void            *user_data)
{
  bench_expired (user_data);

  return 0;
}

static guint64
to_usec (gint64 deadline)
{
  return (guint64) (deadline + NSEC_PER_USEC - 1) / NSEC_PER_USEC;
}

static gpointer
create_armed (BenchSlot *slot,
              gint64     deadline,
              gint64     now)
{
  sd_event_source *source = NULL;

  sd_event_add_time (loop, &source, CLOCK_MONOTONIC, to_usec (deadline), 1, expired_cb, slot);

  return source;
}

static gpointer
create (BenchSlot *slot)
{
  sd_event_source *source = create_armed (slot, NSEC_PER_SEC, 0);

  sd_event_source_set_enabled (source, SD_EVENT_OFF);

  return source;
}

static void
arm (gpointer timer,
     gint64   deadline,
     gint64   now)
{
  sd_event_source_set_time (timer, to_usec (deadline));
  sd_event_source_set_enabled (timer, SD_EVENT_ONESHOT);
}

static void
disarm (gpointer timer)
{
  sd_event_source_set_enabled (timer, SD_EVENT_OFF);
}

static void
destroy (gpointer timer)
{
  sd_event_source_unref (timer);
}

static void
iterate (gboolean block)
{
  sd_event_run (loop, block ? G_MAXUINT64 : 0);
}

const BenchPeer bench_peer = {
  .name = "sd-event",
  .get_version = get_version,
  .open = open_loop,
  .watch = watch,
  .create = create,
  .create_armed = create_armed,
  .arm = arm,
  .disarm = disarm,
  .destroy = destroy,
  .iterate = iterate,
};
