/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-alarm-backend.h>

G_BEGIN_DECLS

/* The backends, each declared on the hosts that have it, and the table of those that this host
 * has. */

#define VCLOCK_TYPE_POLL_BACKEND (vclock_poll_backend_get_type ())
G_DECLARE_FINAL_TYPE (VclockPollBackend, vclock_poll_backend, VCLOCK, POLL_BACKEND, VclockAlarmBackend)

#ifdef __linux__
#define VCLOCK_TYPE_TIMERFD_BACKEND (vclock_timerfd_backend_get_type ())
G_DECLARE_FINAL_TYPE (VclockTimerfdBackend, vclock_timerfd_backend, VCLOCK, TIMERFD_BACKEND, VclockAlarmBackend)

#define VCLOCK_TYPE_DYNTICKS_BACKEND (vclock_dynticks_backend_get_type ())
G_DECLARE_FINAL_TYPE (VclockDynticksBackend, vclock_dynticks_backend, VCLOCK, DYNTICKS_BACKEND, VclockAlarmBackend)
#endif

#ifdef G_OS_UNIX
#define VCLOCK_TYPE_UNIX_BACKEND (vclock_unix_backend_get_type ())
G_DECLARE_FINAL_TYPE (VclockUnixBackend, vclock_unix_backend, VCLOCK, UNIX_BACKEND, VclockAlarmBackend)
#endif

#ifdef G_OS_WIN32
#define VCLOCK_TYPE_WAITABLE_BACKEND (vclock_waitable_backend_get_type ())
G_DECLARE_FINAL_TYPE (VclockWaitableBackend, vclock_waitable_backend, VCLOCK, WAITABLE_BACKEND, VclockAlarmBackend)

#define VCLOCK_TYPE_MMTIMER_BACKEND (vclock_mmtimer_backend_get_type ())
G_DECLARE_FINAL_TYPE (VclockMmtimerBackend, vclock_mmtimer_backend, VCLOCK, MMTIMER_BACKEND, VclockAlarmBackend)

#define VCLOCK_TYPE_WIN32_BACKEND (vclock_win32_backend_get_type ())
G_DECLARE_FINAL_TYPE (VclockWin32Backend, vclock_win32_backend, VCLOCK, WIN32_BACKEND, VclockAlarmBackend)
#endif

typedef struct
{
  const char *name;
  GType    (* get_type) (void);
  gboolean    on_request;        /* not tried unless it is named */
} VclockBuiltIn;

/* In order of preference, up to the first without a name; the last that is tried by itself cannot
 * be refused. */
extern const VclockBuiltIn vclock_built_ins[];

G_END_DECLS
