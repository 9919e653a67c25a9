/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib-vclock/backends/vclock-backends-private.h>
#include <glib-vclock/vclock-error.h>
#include <glib-vclock/vclock-host-private.h>
#include <glib-vclock/vclock-time-private.h>
#include <windows.h>

#ifndef CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
# define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 2
#endif

/* `waitable`: CreateWaitableTimerEx (), Windows Vista; of high resolution since Windows 10 1803.
 *
 * Timers whose HANDLEs are in the poll set themselves, armed in units of 100 ns, rounded up;
 * without high resolution they expire with the system's tick. One for the monotonic clock, by
 * spans, which stand still during suspend; the others are made when first wanted: one for the wall
 * clock, by absolute times, which are right when that clock is set; and two for boottime, by a span
 * for a host that is awake, and by the absolute time that is as far away for one that was suspended
 * meanwhile. Each stays signalled until it is armed anew. */
#define BOOTTIME_BY_WALL VCLOCK_N_HOST_CLOCKS
#define N_TIMERS         (VCLOCK_N_HOST_CLOCKS + 1)

struct _VclockWaitableBackend
{
  VclockAlarmBackend parent_instance;

  GPollFD fds[N_TIMERS]; /* fd is -1 until it is wanted */
};

G_DEFINE_FINAL_TYPE (VclockWaitableBackend, vclock_waitable_backend, VCLOCK_TYPE_ALARM_BACKEND)

#define UNIT       100                                            /* ns that Windows counts in */
#define UNIX_EPOCH (G_GINT64_CONSTANT (11644473600) * 10000000)   /* in units since 1601 */

static HANDLE
make_timer (void)
{
  static const DWORD all_flags[] = {
    CREATE_WAITABLE_TIMER_MANUAL_RESET | CREATE_WAITABLE_TIMER_HIGH_RESOLUTION,
    CREATE_WAITABLE_TIMER_MANUAL_RESET,
  };
  HANDLE timer = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (all_flags) && timer == NULL; i++)
    timer = CreateWaitableTimerExW (NULL, NULL, all_flags[i], TIMER_ALL_ACCESS);

  return timer;
}

static gboolean
open_timer (VclockWaitableBackend *self,
            guint                  i)
{
  HANDLE timer = make_timer ();
  GPollFD *poll_fd = &self->fds[i];

  if (timer == NULL)
    return FALSE;

  *poll_fd = (GPollFD) { .fd = (gintptr) timer, .events = G_IO_IN };
  g_source_add_poll (vclock_alarm_backend_get_source (VCLOCK_ALARM_BACKEND (self)), poll_fd);

  return TRUE;
}

/* Takes back what it was armed for. Cancelling alone would leave it signalled. */
static gboolean
disarm (HANDLE timer)
{
  const LARGE_INTEGER far_away = { .QuadPart = -(VCLOCK_TIME_NEVER / UNIT) };

  return SetWaitableTimer (timer, &far_away, 0, NULL, NULL, FALSE) && CancelWaitableTimer (timer);
}

/* Windows takes what is negative for a span, and 0 for a time that has passed. */
static LARGE_INTEGER
span_to_due (VclockTime span)
{
  return (LARGE_INTEGER) { .QuadPart = -MAX (vclock_wide_divide_up (span, UNIT), 1) };
}

static LARGE_INTEGER
wall_time_to_due (VclockTime time)
{
  return (LARGE_INTEGER) { .QuadPart = vclock_wide_divide_up (time, UNIT) + UNIX_EPOCH };
}

static gboolean
set_timer (VclockWaitableBackend *self,
           guint                  i,
           VclockTime             wakeup,
           LARGE_INTEGER          due)
{
  HANDLE timer;

  if (self->fds[i].fd == -1 && wakeup == VCLOCK_TIME_NEVER)
    return TRUE;
  if (self->fds[i].fd == -1 && !open_timer (self, i))
    return FALSE;

  timer = (HANDLE) (gintptr) self->fds[i].fd;

  return wakeup == VCLOCK_TIME_NEVER ? disarm (timer)
                                     : SetWaitableTimer (timer, &due, 0, NULL, NULL, FALSE);
}

static void
vclock_waitable_backend_rearm (VclockAlarmBackend *backend,
                               VclockTime          wakeup)
{
  VclockTime now = vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC);
  gboolean armed = set_timer (VCLOCK_WAITABLE_BACKEND (backend), VCLOCK_HOST_CLOCK_MONOTONIC,
                              wakeup, span_to_due (vclock_time_subtract (wakeup, now)));

  vclock_alarm_backend_set_ready_time (backend, armed ? VCLOCK_TIME_NEVER : wakeup);
}

static gboolean
vclock_waitable_backend_rearm_on (VclockAlarmBackend *backend,
                                  VclockHostClock     host_clock,
                                  VclockTime          wakeup)
{
  VclockWaitableBackend *self = VCLOCK_WAITABLE_BACKEND (backend);
  VclockTime wall_now;
  VclockTime span;

  if (host_clock == VCLOCK_HOST_CLOCK_REALTIME)
    return set_timer (self, host_clock, wakeup, wall_time_to_due (wakeup));

  wall_now = vclock_host_get_time (VCLOCK_HOST_CLOCK_REALTIME);
  span = vclock_time_subtract (wakeup, vclock_host_get_time (host_clock));

  return set_timer (self, host_clock, wakeup, span_to_due (span)) &&
         set_timer (self, BOOTTIME_BY_WALL, wakeup,
                    wall_time_to_due (vclock_time_add (wall_now, span)));
}

static gboolean
vclock_waitable_backend_check (VclockAlarmBackend *backend)
{
  VclockWaitableBackend *self = VCLOCK_WAITABLE_BACKEND (backend);
  gboolean woken =
    VCLOCK_ALARM_BACKEND_CLASS (vclock_waitable_backend_parent_class)->check (backend);

  for (guint i = 0; i < N_TIMERS; i++)
    {
      woken = woken || self->fds[i].revents != 0;
      self->fds[i].revents = 0;
    }

  return woken;
}

static gboolean
vclock_waitable_backend_start (VclockAlarmBackend  *backend,
                               GError             **error)
{
  g_autofree char *reason = NULL;

  if (open_timer (VCLOCK_WAITABLE_BACKEND (backend), VCLOCK_HOST_CLOCK_MONOTONIC))
    return TRUE;

  reason = g_win32_error_message ((int) GetLastError ());
  g_set_error (error, VCLOCK_ERROR, VCLOCK_ERROR_UNSUPPORTED,
               _("CreateWaitableTimerEx () failed: %s"), reason);

  return FALSE;
}

static void
vclock_waitable_backend_stop (VclockAlarmBackend *backend)
{
  VclockWaitableBackend *self = VCLOCK_WAITABLE_BACKEND (backend);
  GSource *source = vclock_alarm_backend_get_source (backend);

  for (guint i = 0; i < N_TIMERS; i++)
    {
      if (self->fds[i].fd == -1)
        continue;

      if (source != NULL)
        g_source_remove_poll (source, &self->fds[i]);
      CloseHandle ((HANDLE) (gintptr) self->fds[i].fd);
      self->fds[i].fd = -1;
    }
}

static void
vclock_waitable_backend_class_init (VclockWaitableBackendClass *klass)
{
  VclockAlarmBackendClass *backend_class = VCLOCK_ALARM_BACKEND_CLASS (klass);

  backend_class->start = vclock_waitable_backend_start;
  backend_class->stop = vclock_waitable_backend_stop;
  backend_class->rearm = vclock_waitable_backend_rearm;
  backend_class->rearm_on = vclock_waitable_backend_rearm_on;
  backend_class->check = vclock_waitable_backend_check;
}

static void
vclock_waitable_backend_init (VclockWaitableBackend *self)
{
  for (guint i = 0; i < N_TIMERS; i++)
    self->fds[i].fd = -1;
}
