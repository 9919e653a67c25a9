/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE
#include "peer.h"

#include <poll.h>
#include <time.h>

/* The price of exactness: four wheels of 256 slots, whose ticks are milliseconds, over ppoll (), and
 * nothing else. What is due in one tick is called in no order. */

#define N_LEVELS 4
#define BITS     8
#define N_SLOTS  (1 << BITS)

typedef struct _Timer Timer;

struct _Timer
{
  Timer     *next;
  Timer    **link;  /* what points to it; NULL if it is not armed */
  gint64     tick;
  BenchSlot *slot;
};

static Timer *wheels[N_LEVELS][N_SLOTS];
static gint64 current;  /* the next tick to look at */
static struct pollfd pollfd = { .fd = -1, .events = POLLIN };

static char *
get_version (void)
{
  return g_strdup ("-");
}

static void
open_loop (void)
{
  current = bench_now () / NSEC_PER_MSEC;
}

static void
watch (int fd)
{
  pollfd.fd = fd;
}

static gpointer
create (BenchSlot *slot)
{
  Timer *self = g_new0 (Timer, 1);

  self->slot = slot;

  return self;
}

static void
disarm (gpointer timer)
{
  Timer *self = timer;

  if (self->link == NULL)
    return;
  *self->link = self->next;
  if (self->next != NULL)
    self->next->link = self->link;
  self->link = NULL;
}

/* The further away, the coarser the wheel. */
static void
insert (Timer *self)
{
  guint level = 0;
  Timer **head;

  while (level < N_LEVELS - 1 && self->tick - current >= (gint64) 1 << (BITS * (level + 1)))
    level++;
  head = &wheels[level][(self->tick >> (BITS * level)) & (N_SLOTS - 1)];
  self->next = *head;
  self->link = head;
  if (*head != NULL)
    (*head)->link = &self->next;
  *head = self;
}

static void
arm (gpointer timer,
     gint64   deadline,
     gint64   now)
{
  Timer *self = timer;

  disarm (self);
  self->tick = MAX ((deadline + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC, current);
  insert (self);
}

static void
destroy (gpointer timer)
{
  disarm (timer);
  g_free (timer);
}

static void
cascade (void)
{
  for (guint level = 1; level < N_LEVELS; level++)
    {
      guint index = (current >> (BITS * level)) & (N_SLOTS - 1);
      Timer *next;

      for (Timer *timer = wheels[level][index]; timer != NULL; timer = next)
        {
          next = timer->next;
          disarm (timer);
          insert (timer);
        }
      if (index != 0)
        break;
    }
}

/* Until the next tick that has timers, or in which wheels turn. */
static void
wait (gboolean block)
{
  gint64 tick = current;
  gint64 span;
  struct timespec timeout;

  while (wheels[0][tick & (N_SLOTS - 1)] == NULL && (tick & (N_SLOTS - 1)) != 0)
    tick++;
  span = block ? MAX (tick * NSEC_PER_MSEC - bench_now (), 0) : 0;
  timeout.tv_sec = span / NSEC_PER_SEC;
  timeout.tv_nsec = span % NSEC_PER_SEC;
  ppoll (&pollfd, 1, &timeout, NULL);
}

/* The slot is emptied first: callbacks may arm for its next turn. */
static void
turn (void)
{
  Timer *due;

  if ((current & (N_SLOTS - 1)) == 0)
    cascade ();
  due = wheels[0][current & (N_SLOTS - 1)];
  wheels[0][current & (N_SLOTS - 1)] = NULL;
  if (due != NULL)
    due->link = &due;
  current++;
  while (due != NULL)
    {
      Timer *timer = due;

      disarm (timer);
      bench_expired (timer->slot);
    }
}

static void
iterate (gboolean block)
{
  gint64 now;

  wait (block);
  now = bench_now () / NSEC_PER_MSEC;
  while (current <= now)
    turn ();
}

const BenchPeer bench_peer = {
  .name = "raw-wheel",
  .get_version = get_version,
  .open = open_loop,
  .watch = watch,
  .create = create,
  .arm = arm,
  .disarm = disarm,
  .destroy = destroy,
  .iterate = iterate,
};
