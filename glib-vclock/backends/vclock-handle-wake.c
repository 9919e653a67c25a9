/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib-vclock/backends/vclock-handle-wake-private.h>
#include <glib-vclock/vclock-error.h>
#include <glib-vclock/vclock-host-private.h>
#include <glib-vclock/vclock-time-private.h>
#include <windows.h>

gboolean
vclock_handle_wake_begin (VclockHandleWake    *self,
                          VclockAlarmBackend  *backend,
                          gboolean          (* set_timer) (VclockAlarmBackend *backend,
                                                           guint               milliseconds),
                          guint                max_milliseconds,
                          GError             **error)
{
  HANDLE event = CreateEventW (NULL, TRUE, FALSE, NULL);

  if (event == NULL)
    {
      g_autofree char *reason = g_win32_error_message ((int) GetLastError ());

      g_set_error (error, VCLOCK_ERROR, VCLOCK_ERROR_UNSUPPORTED,
                   _("CreateEvent () failed: %s"), reason);
      return FALSE;
    }

  self->backend = backend;
  self->set_timer = set_timer;
  self->max_milliseconds = max_milliseconds;
  self->wakeup = VCLOCK_TIME_NEVER;
  self->poll_fd = (GPollFD) { .fd = (gintptr) event, .events = G_IO_IN };
  g_source_add_poll (vclock_alarm_backend_get_source (backend), &self->poll_fd);

  return TRUE;
}

/* Only when no timer can set the event any more. */
void
vclock_handle_wake_end (VclockHandleWake *self)
{
  GSource *source = vclock_alarm_backend_get_source (self->backend);

  if (source != NULL)
    g_source_remove_poll (source, &self->poll_fd);
  CloseHandle (vclock_handle_wake_get_event (self));
}

gpointer
vclock_handle_wake_get_event (VclockHandleWake *self)
{
  return (gpointer) (gintptr) self->poll_fd.fd;
}

/* The next piece of the way to the wakeup, rounded up, and never 0, which would take it back. */
static guint
get_milliseconds (VclockHandleWake *self,
                  VclockTime        now)
{
  VclockTime span = vclock_time_subtract (self->wakeup, now);

  return (guint) CLAMP (vclock_time_to_scale (span, VCLOCK_SCALE_MS), 1, self->max_milliseconds);
}

void
vclock_handle_wake_rearm (VclockHandleWake *self,
                          VclockTime        wakeup)
{
  VclockTime now = vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC);
  gboolean waits = wakeup > now && wakeup != VCLOCK_TIME_NEVER;
  gboolean armed;

  self->wakeup = wakeup;
  self->was_early = FALSE;
  armed = self->set_timer (self->backend, waits ? get_milliseconds (self, now) : 0);
  if (wakeup <= now)
    SetEvent (vclock_handle_wake_get_event (self));

  vclock_alarm_backend_set_ready_time (self->backend, armed ? VCLOCK_TIME_NEVER : wakeup);
}

/* Whether the wakeup has come; if it is only that the event was set, goes on to wait. Then the time
 * may come before the event is set again, and that has been our wake-up too. */
gboolean
vclock_handle_wake_check (VclockHandleWake *self)
{
  if (self->poll_fd.revents == 0 && !self->was_early)
    return FALSE;

  if (self->wakeup <= vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC))
    {
      self->poll_fd.revents = 0;
      self->was_early = FALSE;
      return TRUE;
    }

  if (self->poll_fd.revents != 0)
    {
      self->poll_fd.revents = 0;
      vclock_handle_wake_rearm (self, self->wakeup);
      self->was_early = TRUE;
    }

  return FALSE;
}
