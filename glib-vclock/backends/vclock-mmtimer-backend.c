/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib-vclock/backends/vclock-backends-private.h>
#include <glib-vclock/backends/vclock-handle-wake-private.h>
#include <glib-vclock/vclock-error.h>
#include <windows.h>

/* `mmtimer`: timeSetEvent (), Windows 3.1; in QEMU the timer of Windows by this name.
 *
 * A multimedia timer that sets an event, in milliseconds, rounded up. While the backend runs, the
 * system's tick is as short as timeBeginPeriod () makes it, which costs power. A process has 16
 * such timers: further ones are refused, when the backend starts or, if they go later, for that one
 * time, and then the main loop's own timeout is used. What timeGetDevCaps () says is the longest,
 * 1000 s, is taken in pieces. */
struct _VclockMmtimerBackend
{
  VclockAlarmBackend parent_instance;

  VclockHandleWake handle_wake;
  TIMECAPS         caps;
  UINT             timer;       /* 0 for none */
};

G_DEFINE_FINAL_TYPE (VclockMmtimerBackend, vclock_mmtimer_backend, VCLOCK_TYPE_ALARM_BACKEND)

/* A timer that has expired is gone, and its number may be another's by now. */
static void
kill_timer (VclockMmtimerBackend *self)
{
  HANDLE event = vclock_handle_wake_get_event (&self->handle_wake);

  if (self->timer != 0 && WaitForSingleObject (event, 0) != WAIT_OBJECT_0)
    timeKillEvent (self->timer);
  self->timer = 0;
}

static gboolean
set_timer (VclockAlarmBackend *backend,
           guint               milliseconds)
{
  VclockMmtimerBackend *self = VCLOCK_MMTIMER_BACKEND (backend);
  HANDLE event = vclock_handle_wake_get_event (&self->handle_wake);

  kill_timer (self);
  ResetEvent (event);
  if (milliseconds > 0)
    self->timer = timeSetEvent (milliseconds, self->caps.wPeriodMin, (LPTIMECALLBACK) event, 0,
                                TIME_ONESHOT | TIME_CALLBACK_EVENT_SET | TIME_KILL_SYNCHRONOUS);

  return milliseconds == 0 || self->timer != 0;
}

/* Tries out whether a timer is to be had. */
static gboolean
begin_timers (VclockMmtimerBackend  *self,
              GError               **error)
{
  VclockAlarmBackend *backend = VCLOCK_ALARM_BACKEND (self);

  if (!vclock_handle_wake_begin (&self->handle_wake, backend, set_timer, self->caps.wPeriodMax,
                                 error))
    return FALSE;

  if (set_timer (backend, self->caps.wPeriodMax))
    {
      set_timer (backend, 0);
      return TRUE;
    }

  vclock_handle_wake_end (&self->handle_wake);
  g_set_error_literal (error, VCLOCK_ERROR, VCLOCK_ERROR_UNSUPPORTED,
                       _("timeSetEvent () failed: the process has no multimedia timer left"));

  return FALSE;
}

static gboolean
vclock_mmtimer_backend_start (VclockAlarmBackend  *backend,
                              GError             **error)
{
  VclockMmtimerBackend *self = VCLOCK_MMTIMER_BACKEND (backend);

  if (timeGetDevCaps (&self->caps, sizeof self->caps) != MMSYSERR_NOERROR ||
      timeBeginPeriod (self->caps.wPeriodMin) != TIMERR_NOERROR)
    {
      g_set_error_literal (error, VCLOCK_ERROR, VCLOCK_ERROR_UNSUPPORTED,
                           _("timeBeginPeriod () failed: the host has no multimedia timers"));
      return FALSE;
    }

  if (begin_timers (self, error))
    return TRUE;

  timeEndPeriod (self->caps.wPeriodMin);

  return FALSE;
}

static void
vclock_mmtimer_backend_stop (VclockAlarmBackend *backend)
{
  VclockMmtimerBackend *self = VCLOCK_MMTIMER_BACKEND (backend);

  kill_timer (self);
  vclock_handle_wake_end (&self->handle_wake);
  timeEndPeriod (self->caps.wPeriodMin);
}

static void
vclock_mmtimer_backend_rearm (VclockAlarmBackend *backend,
                              VclockTime          wakeup)
{
  vclock_handle_wake_rearm (&VCLOCK_MMTIMER_BACKEND (backend)->handle_wake, wakeup);
}

static gboolean
vclock_mmtimer_backend_check (VclockAlarmBackend *backend)
{
  gboolean woken =
    VCLOCK_ALARM_BACKEND_CLASS (vclock_mmtimer_backend_parent_class)->check (backend);

  return vclock_handle_wake_check (&VCLOCK_MMTIMER_BACKEND (backend)->handle_wake) || woken;
}

static void
vclock_mmtimer_backend_class_init (VclockMmtimerBackendClass *klass)
{
  VclockAlarmBackendClass *backend_class = VCLOCK_ALARM_BACKEND_CLASS (klass);

  backend_class->start = vclock_mmtimer_backend_start;
  backend_class->stop = vclock_mmtimer_backend_stop;
  backend_class->rearm = vclock_mmtimer_backend_rearm;
  backend_class->check = vclock_mmtimer_backend_check;
}

static void
vclock_mmtimer_backend_init (VclockMmtimerBackend *self)
{
}
