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
 * watch_open () gives what polls ready when the real-time clock was set, a descriptor or a HANDLE,
 * or an fd of -1 if there is no such thing; watch_read () makes it unready again and says whether
 * the clock was set; watch_close () gives it back. */
typedef struct
{
  VclockTime (* get_time)    (VclockHostClock host_clock);
  GPollFD    (* watch_open)  (void);
  gboolean   (* watch_read)  (const GPollFD *watch);
  void       (* watch_close) (const GPollFD *watch);
} VclockHost;

/* The real one: vclock-host-unix.c, vclock-host-windows.c. */
extern const VclockHost vclock_host_real;

VclockTime  vclock_host_get_time        (VclockHostClock   host_clock);
VclockTime  vclock_host_to_monotonic    (VclockHostClock   host_clock,
                                         VclockTime        time);
GPollFD     vclock_host_watch_open      (void);
gboolean    vclock_host_watch_read      (const GPollFD    *watch);
void        vclock_host_watch_close     (const GPollFD    *watch);
void        vclock_host_replace         (const VclockHost *host);

/* Says to people where in the program a call returns to: "function+0x1f (file)" if the function is
 * known, else "file+0x1234". It is the last byte of the call, for what comes after it may belong to
 * another line. Not with our lock: the loader has one too, and holds it while constructors run. */
char       *vclock_host_describe_caller (gconstpointer     caller);

G_END_DECLS
