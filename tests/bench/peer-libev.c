/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <ev.h>

/* Spans in seconds, counted from a time that the loop keeps. */

static struct ev_loop *loop;
static ev_io event;
static double offset;  /* of the loop's time, which is the wall's, to ours */

static char *
get_version (void)
{
  return g_strdup_printf ("%d.%d", ev_version_major (), ev_version_minor ());
}

static void
update (void)
{
  ev_now_update (loop);
}

static void
open_loop (void)
{
  loop = ev_loop_new (EVFLAG_AUTO);
  update ();
  offset = ev_now (loop) - (double) bench_now () / NSEC_PER_SEC;
}

static void
event_cb (struct ev_loop *unused,
          ev_io          *watcher,
          int             events)
{
}

static void
watch (int fd)
{
  ev_io_init (&event, event_cb, fd, EV_READ);
  ev_io_start (loop, &event);
}

/* What was moved would go on periodically. */
static void
expired_cb (struct ev_loop *unused,
            ev_timer       *timer,
            int             events)
{
  if (timer->repeat > 0.0)
    {
      ev_timer_stop (loop, timer);
      timer->repeat = 0.0;
    }
  bench_expired (timer->data);
}

static gpointer
create (BenchSlot *slot)
{
  ev_timer *timer = g_new (ev_timer, 1);

  ev_init (timer, expired_cb);
  timer->data = slot;

  return timer;
}

/* For what is armed, ev_timer_again () is cheaper than stopping and starting. */
static void
arm (gpointer timer,
     gint64   deadline,
     gint64   now)
{
  ev_timer *self = timer;
  double span = (double) deadline / NSEC_PER_SEC - (ev_now (loop) - offset);

  if (ev_is_active (self) && span > 0.0)
    {
      self->repeat = span;
      ev_timer_again (loop, self);
      return;
    }
  ev_timer_stop (loop, self);
  ev_timer_set (self, MAX (span, 0.0), 0.0);
  ev_timer_start (loop, self);
}

static void
disarm (gpointer timer)
{
  ev_timer_stop (loop, timer);
}

static void
destroy (gpointer timer)
{
  ev_timer_stop (loop, timer);
  g_free (timer);
}

static void
iterate (gboolean block)
{
  ev_run (loop, block ? EVRUN_ONCE : EVRUN_NOWAIT);
}

const BenchPeer bench_peer = {
  .name = "libev",
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
