/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <event2/event.h>

/* Spans, counted from a coarse clock, or from when the loop has waited. */

static struct event_base *base;

static char *
get_version (void)
{
  return g_strdup (event_get_version ());
}

static void
open_loop (void)
{
  base = event_base_new ();
}

static void
event_cb (evutil_socket_t fd,
          short           what,
          void           *user_data)
{
}

static void
watch (int fd)
{
  event_add (event_new (base, fd, EV_READ | EV_PERSIST, event_cb, NULL), NULL);
}

static void
expired_cb (evutil_socket_t fd,
            short           what,
            void           *user_data)
{
  bench_expired (user_data);
}

static gpointer
create (BenchSlot *slot)
{
  return event_new (base, -1, 0, expired_cb, slot);
}

static void
arm (gpointer timer,
     gint64   deadline,
     gint64   now)
{
  gint64 span = (MAX (deadline - now, 0) + NSEC_PER_USEC - 1) / NSEC_PER_USEC;
  struct timeval tv = { .tv_sec = span / G_USEC_PER_SEC, .tv_usec = span % G_USEC_PER_SEC };

  event_add (timer, &tv);
}

static void
disarm (gpointer timer)
{
  event_del (timer);
}

static void
destroy (gpointer timer)
{
  event_free (timer);
}

static void
iterate (gboolean block)
{
  event_base_loop (base, EVLOOP_ONCE | (block ? 0 : EVLOOP_NONBLOCK));
}

const BenchPeer bench_peer = {
  .name = "libevent",
  .get_version = get_version,
  .open = open_loop,
  .watch = watch,
  .create = create,
  .arm = arm,
  .disarm = disarm,
  .destroy = destroy,
  .iterate = iterate,
};
