/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <poll.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* The limit: a heap with four children to a node over a timerfd, and nothing else. Items of 16
 * bytes; what is armed later stays where it is and sinks when it surfaces. Ties are not kept in
 * order. */

typedef struct
{
  gint64     deadline;
  guint      index;  /* from 1; 0 if it is not armed */
  BenchSlot *slot;
} Timer;

typedef struct
{
  gint64  key;  /* not later than the deadline */
  Timer  *timer;
} Item;

static Item *items;
static guint n_items;
static guint n_allocated;
static gint64 programmed;
static struct pollfd fds[2] = { { .fd = -1, .events = POLLIN }, { .fd = -1, .events = POLLIN } };

static char *
get_version (void)
{
  return g_strdup ("-");
}

static void
open_loop (void)
{
  fds[0].fd = timerfd_create (CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
}

static void
watch (int fd)
{
  fds[1].fd = fd;
}

static inline void
put (guint at,
     Item  item)
{
  items[at] = item;
  item.timer->index = at + 1;
}

static void
rise (guint at,
      Item  item)
{
  while (at > 0 && item.key < items[(at - 1) / 4].key)
    {
      put (at, items[(at - 1) / 4]);
      at = (at - 1) / 4;
    }
  put (at, item);
}

static void
sink (guint at,
      Item  item)
{
  for (;;)
    {
      guint first = at * 4 + 1;
      guint end = MIN (first + 4, n_items);
      guint least = first;

      if (first >= n_items)
        break;
      for (guint i = first + 1; i < end; i++)
        if (items[i].key < items[least].key)
          least = i;
      if (item.key <= items[least].key)
        break;
      put (at, items[least]);
      at = least;
    }
  put (at, item);
}

static gpointer
create (BenchSlot *slot)
{
  Timer *self = g_new0 (Timer, 1);

  self->slot = slot;

  return self;
}

static void
arm (gpointer timer,
     gint64   deadline,
     gint64   now)
{
  Timer *self = timer;
  Item item = { deadline, self };

  self->deadline = deadline;
  if (self->index > 0)
    {
      if (deadline < items[self->index - 1].key)
        rise (self->index - 1, item);
      return;
    }
  if (n_items == n_allocated)
    {
      n_allocated = MAX (n_allocated * 2, 64);
      items = g_renew (Item, items, n_allocated);
    }
  rise (n_items++, item);
}

static void
disarm (gpointer timer)
{
  Timer *self = timer;
  guint at = self->index - 1;
  Item last;

  if (self->index == 0)
    return;
  self->index = 0;
  last = items[--n_items];
  if (at == n_items)
    return;
  if (last.key < items[at].key)
    rise (at, last);
  else
    sink (at, last);
}

static void
destroy (gpointer timer)
{
  disarm (timer);
  g_free (timer);
}

/* The next to expire, with what is stale sunk; NULL if there is none. */
static Timer *
peek (void)
{
  while (n_items > 0 && items[0].key < items[0].timer->deadline)
    sink (0, (Item) { items[0].timer->deadline, items[0].timer });

  return n_items > 0 ? items[0].timer : NULL;
}

static void
wait (gboolean block)
{
  Timer *next = peek ();
  guint64 n_times;

  if (next != NULL && next->deadline != programmed)
    {
      struct itimerspec spec = {
        .it_value.tv_sec = next->deadline / NSEC_PER_SEC,
        .it_value.tv_nsec = next->deadline % NSEC_PER_SEC,
      };

      timerfd_settime (fds[0].fd, TFD_TIMER_ABSTIME, &spec, NULL);
      programmed = next->deadline;
    }
  if (poll (fds, 2, block ? -1 : 0) > 0 && (fds[0].revents & POLLIN) != 0)
    programmed = read (fds[0].fd, &n_times, sizeof n_times) > 0 ? 0 : programmed;
}

/* What is due already needs no kernel. */
static void
iterate (gboolean block)
{
  Timer *next = peek ();
  gint64 now = bench_now ();

  if (next == NULL || next->deadline > now)
    {
      wait (block);
      now = bench_now ();
    }
  for (next = peek (); next != NULL && next->deadline <= now; next = peek ())
    {
      disarm (next);
      bench_expired (next->slot);
    }
}

const BenchPeer bench_peer = {
  .name = "raw-heap",
  .get_version = get_version,
  .open = open_loop,
  .watch = watch,
  .create = create,
  .arm = arm,
  .disarm = disarm,
  .destroy = destroy,
  .iterate = iterate,
};
