/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <uv.h>

/* Its timers count milliseconds of a time that the loop keeps. */

static uv_loop_t loop;
static uv_poll_t event;

static char *
get_version (void)
{
  return g_strdup (uv_version_string ());
}

static void
open_loop (void)
{
  uv_loop_init (&loop);
}

static void
event_cb (uv_poll_t *handle,
          int        status,
          int        events)
{
}

static void
watch (int fd)
{
  uv_poll_init (&loop, &event, fd);
  uv_poll_start (&event, UV_READABLE, event_cb);
}

static gpointer
create (BenchSlot *slot)
{
  uv_timer_t *timer = g_malloc (sizeof (uv_timer_t));

  uv_timer_init (&loop, timer);
  timer->data = slot;

  return timer;
}

static void
expired_cb (uv_timer_t *timer)
{
  bench_expired (timer->data);
}

/* uv_now () is the same clock. */
static void
arm (gpointer timer,
     gint64   deadline,
     gint64   now)
{
  gint64 span = (deadline + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC - (gint64) uv_now (&loop);

  uv_timer_start (timer, expired_cb, (guint64) MAX (span, 0), 0);
}

static void
disarm (gpointer timer)
{
  uv_timer_stop (timer);
}

static void
closed_cb (uv_handle_t *handle)
{
  g_free (handle);
}

static void
destroy (gpointer timer)
{
  uv_close (timer, closed_cb);
}

static void
update (void)
{
  uv_update_time (&loop);
}

static void
iterate (gboolean block)
{
  uv_run (&loop, block ? UV_RUN_ONCE : UV_RUN_NOWAIT);
}

const BenchPeer bench_peer = {
  .name = "libuv",
  .get_version = get_version,
  .open = open_loop,
  .watch = watch,
  .create = create,
  .arm = arm,
  .disarm = disarm,
  .destroy = destroy,
  .update = update,
  .iterate = iterate,
};
