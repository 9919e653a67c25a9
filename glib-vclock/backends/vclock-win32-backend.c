/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib-vclock/backends/vclock-backends-private.h>
#include <glib-vclock/backends/vclock-handle-wake-private.h>
#include <glib-vclock/vclock-error.h>
#include <windows.h>

/* `win32`: CreateTimerQueueTimer (), Windows 2000; in QEMU the timer of Windows named `dynticks`,
 * earlier `win32`.
 *
 * A timer of the process's default timer queue, whose thread does nothing but set an event; in
 * milliseconds, rounded up, at the resolution of the system's tick. There may be any number. */
struct _VclockWin32Backend
{
  VclockAlarmBackend parent_instance;

  VclockHandleWake handle_wake;
  HANDLE           timer;
};

G_DEFINE_FINAL_TYPE (VclockWin32Backend, vclock_win32_backend, VCLOCK_TYPE_ALARM_BACKEND)

/* A timer of the queue that has expired for good cannot be armed again, so it always has a period,
 * of 24 days; what is longer is taken in pieces, and that is also when one that is disarmed wakes
 * for nothing. */
#define FAR_AWAY G_MAXINT32

static void CALLBACK
timer_cb (void    *event,
          BOOLEAN  unused)
{
  SetEvent (event);
}

/* An expiration that is under way may set the event after it was reset: early, and harmless. */
static gboolean
set_timer (VclockAlarmBackend *backend,
           guint               milliseconds)
{
  VclockWin32Backend *self = VCLOCK_WIN32_BACKEND (backend);

  ResetEvent (vclock_handle_wake_get_event (&self->handle_wake));

  return ChangeTimerQueueTimer (NULL, self->timer,
                                milliseconds > 0 ? milliseconds : FAR_AWAY, FAR_AWAY);
}

static gboolean
vclock_win32_backend_start (VclockAlarmBackend  *backend,
                            GError             **error)
{
  VclockWin32Backend *self = VCLOCK_WIN32_BACKEND (backend);
  g_autofree char *reason = NULL;

  if (!vclock_handle_wake_begin (&self->handle_wake, backend, set_timer, FAR_AWAY, error))
    return FALSE;
  if (CreateTimerQueueTimer (&self->timer, NULL, timer_cb,
                             vclock_handle_wake_get_event (&self->handle_wake),
                             FAR_AWAY, FAR_AWAY, WT_EXECUTEINTIMERTHREAD))
    return TRUE;

  reason = g_win32_error_message ((int) GetLastError ());
  vclock_handle_wake_end (&self->handle_wake);
  g_set_error (error, VCLOCK_ERROR, VCLOCK_ERROR_UNSUPPORTED,
               _("CreateTimerQueueTimer () failed: %s"), reason);

  return FALSE;
}

/* Waits for the function, should it be running. */
static void
vclock_win32_backend_stop (VclockAlarmBackend *backend)
{
  VclockWin32Backend *self = VCLOCK_WIN32_BACKEND (backend);

  DeleteTimerQueueTimer (NULL, self->timer, INVALID_HANDLE_VALUE);
  vclock_handle_wake_end (&self->handle_wake);
}

static void
vclock_win32_backend_rearm (VclockAlarmBackend *backend,
                            VclockTime          wakeup)
{
  vclock_handle_wake_rearm (&VCLOCK_WIN32_BACKEND (backend)->handle_wake, wakeup);
}

static gboolean
vclock_win32_backend_check (VclockAlarmBackend *backend)
{
  gboolean woken =
    VCLOCK_ALARM_BACKEND_CLASS (vclock_win32_backend_parent_class)->check (backend);

  return vclock_handle_wake_check (&VCLOCK_WIN32_BACKEND (backend)->handle_wake) || woken;
}

static void
vclock_win32_backend_class_init (VclockWin32BackendClass *klass)
{
  VclockAlarmBackendClass *backend_class = VCLOCK_ALARM_BACKEND_CLASS (klass);

  backend_class->start = vclock_win32_backend_start;
  backend_class->stop = vclock_win32_backend_stop;
  backend_class->rearm = vclock_win32_backend_rearm;
  backend_class->check = vclock_win32_backend_check;
}

static void
vclock_win32_backend_init (VclockWin32Backend *self)
{
}
