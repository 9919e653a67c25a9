/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-host-private.h>

static const VclockHost *host = &vclock_host_real;

VclockTime
vclock_host_get_time (VclockHostClock host_clock)
{
  return host->get_time (host_clock);
}

/* The time on the monotonic clock that is as far from now as @time is on @host_clock. */
VclockTime
vclock_host_to_monotonic (VclockHostClock host_clock,
                          VclockTime      time)
{
  if (host_clock == VCLOCK_HOST_CLOCK_MONOTONIC || time == VCLOCK_TIME_NEVER)
    return time;

  return vclock_time_add (vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC),
                          vclock_time_subtract (time, vclock_host_get_time (host_clock)));
}

GPollFD
vclock_host_watch_open (void)
{
  return host->watch_open ();
}

gboolean
vclock_host_watch_read (const GPollFD *watch)
{
  return host->watch_read (watch);
}

void
vclock_host_watch_close (const GPollFD *watch)
{
  host->watch_close (watch);
}

/* Lets a test be the host; NULL gives the real one back. */
void
vclock_host_replace (const VclockHost *replacement)
{
  host = replacement != NULL ? replacement : &vclock_host_real;
}
