/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"

#include <glib-vclock/vclock-host-private.h>

typedef struct
{
  GSource parent;
  GPollFD poll;
} BellSource;

static gboolean
bell_source_check (GSource *source)
{
  return ((BellSource *) source)->poll.revents != 0;
}

static gboolean
bell_source_dispatch (GSource     *source,
                      GSourceFunc  callback,
                      gpointer     user_data)
{
  return callback (user_data);
}

GSource *
test_bell_source_new (const TestBell *self)
{
  static GSourceFuncs funcs = { .check = bell_source_check, .dispatch = bell_source_dispatch };
  GSource *source = g_source_new (&funcs, sizeof (BellSource));

  ((BellSource *) source)->poll = self->poll;
  g_source_add_poll (source, &((BellSource *) source)->poll);

  return source;
}

VclockTime test_host_times[3];
VclockTime test_host_read_takes;

/* A watch of the real-time clock. */
typedef struct
{
  TestBell bell;
  gboolean was_set;
  gboolean is_closed;
} Watch;

static GPtrArray *watches; /* (element-type Watch) */

static void
watch_free (gpointer data)
{
  Watch *watch = data;

  if (!watch->is_closed)
    test_bell_clear (&watch->bell);
  g_free (watch);
}

static Watch *
find_watch (const GPollFD *poll)
{
  for (guint i = 0; i < watches->len; i++)
    {
      Watch *watch = g_ptr_array_index (watches, i);

      if (!watch->is_closed && watch->bell.poll.fd == poll->fd)
        return watch;
    }

  g_assert_not_reached ();
}

static VclockTime
host_get_time (VclockHostClock host_clock)
{
  VclockTime time = test_host_times[host_clock];

  test_host_pass (test_host_read_takes);

  return time;
}

static GPollFD
host_watch_open (void)
{
  Watch *watch = g_new0 (Watch, 1);

  test_bell_init (&watch->bell);
  g_ptr_array_add (watches, watch);

  return watch->bell.poll;
}

static gboolean
host_watch_read (const GPollFD *poll)
{
  Watch *watch = find_watch (poll);
  gboolean was_set = watch->was_set;

  test_bell_still (&watch->bell);
  watch->was_set = FALSE;

  return was_set;
}

static void
host_watch_close (const GPollFD *poll)
{
  Watch *watch = find_watch (poll);

  test_bell_clear (&watch->bell);
  watch->is_closed = TRUE;
}

/* Clocks of the host with epochs so far apart that taking one for another is seen. */
void
test_host_begin (void)
{
  static const VclockHost host = {
    .get_time = host_get_time,
    .watch_open = host_watch_open,
    .watch_read = host_watch_read,
    .watch_close = host_watch_close,
  };

  watches = g_ptr_array_new_with_free_func (watch_free);
  test_host_times[VCLOCK_HOST_CLOCK_MONOTONIC] = SEC (1000);
  test_host_times[VCLOCK_HOST_CLOCK_BOOTTIME] = SEC (5000);
  test_host_times[VCLOCK_HOST_CLOCK_REALTIME] = SEC (1700000000);
  vclock_host_replace (&host);
}

void
test_host_end (void)
{
  vclock_host_replace (NULL);
  g_clear_pointer (&watches, g_ptr_array_unref);
}

void
test_host_pass (VclockTime span)
{
  for (guint i = 0; i < G_N_ELEMENTS (test_host_times); i++)
    test_host_times[i] += span;
}

/* Makes the watches ready, with or without the real-time clock having been set. */
void
test_host_tell (gboolean was_set)
{
  for (guint i = 0; i < watches->len; i++)
    {
      Watch *watch = g_ptr_array_index (watches, i);

      watch->was_set = watch->was_set || was_set;
      if (!watch->is_closed)
        test_bell_ring (&watch->bell);
    }
}

void
test_host_set_wall (VclockTime by)
{
  test_host_times[VCLOCK_HOST_CLOCK_REALTIME] += by;
}
