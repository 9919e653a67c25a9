/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-time-private.h>

G_BEGIN_DECLS

/* What the library asks of the host about time, in one table, so that a test can be the host.
 *
 * watch_open () gives a descriptor that becomes readable when the real-time clock was set, or -1;
 * watch_read () makes it unreadable again and says whether the clock was set. */
typedef struct
{
  VclockTime (* get_time)   (VclockHostClock host_clock);
  int        (* watch_open) (void);
  gboolean   (* watch_read) (int fd);
} VclockHost;

VclockTime  vclock_host_get_time        (VclockHostClock   host_clock);
VclockTime  vclock_host_to_monotonic    (VclockHostClock   host_clock,
                                         VclockTime        time);
int         vclock_host_watch_open      (void);
gboolean    vclock_host_watch_read      (int               fd);
char       *vclock_host_describe_caller (gconstpointer     caller);
void        vclock_host_replace         (const VclockHost *host);

G_END_DECLS
