/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib-vclock/backends/vclock-backends-private.h>
#include <glib-vclock/vclock-error.h>
#include <glib-vclock/vclock-time-private.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* `timerfd`: timerfd_create (2), Linux 2.6.25; CLOCK_BOOTTIME since 3.15.
 *
 * One descriptor for each clock of the host that is waited for, in the poll set, armed with
 * absolute times: nanosecond resolution, right through suspend and when the wall clock is set.
 * It is never read: arming it anew takes the readiness away. Needs a descriptor (EMFILE,
 * ENFILE); those of the other clocks are made when first wanted, and if one is refused the
 * alarm translates to CLOCK_MONOTONIC. */
struct _VclockTimerfdBackend
{
  VclockAlarmBackend parent_instance;

  GPollFD fds[VCLOCK_N_HOST_CLOCKS]; /* fd is -1 until it is wanted */
};

G_DEFINE_FINAL_TYPE (VclockTimerfdBackend, vclock_timerfd_backend, VCLOCK_TYPE_ALARM_BACKEND)

static const clockid_t clock_ids[VCLOCK_N_HOST_CLOCKS] = {
  [VCLOCK_HOST_CLOCK_MONOTONIC] = CLOCK_MONOTONIC,
  [VCLOCK_HOST_CLOCK_BOOTTIME] = CLOCK_BOOTTIME,
  [VCLOCK_HOST_CLOCK_REALTIME] = CLOCK_REALTIME,
};

static gboolean
open_fd (VclockTimerfdBackend *self,
         VclockHostClock       host_clock)
{
  GPollFD *poll_fd = &self->fds[host_clock];

  *poll_fd = (GPollFD) {
    .fd = timerfd_create (clock_ids[host_clock], TFD_CLOEXEC | TFD_NONBLOCK),
    .events = G_IO_IN,
  };
  if (poll_fd->fd < 0)
    return FALSE;

  g_source_add_poll (vclock_alarm_backend_get_source (VCLOCK_ALARM_BACKEND (self)), poll_fd);

  return TRUE;
}

static void
forget_fd (VclockTimerfdBackend *self,
           VclockHostClock       host_clock)
{
  GSource *source = vclock_alarm_backend_get_source (VCLOCK_ALARM_BACKEND (self));

  if (source != NULL)
    g_source_remove_poll (source, &self->fds[host_clock]);
  self->fds[host_clock].fd = -1;
}

static gboolean
set_time (int        fd,
          VclockTime wakeup)
{
  struct itimerspec spec = { { 0, 0 }, { 0, 0 } };

  /* Zero would disarm and the past is refused; the kernel takes as many seconds as there can be. */
  if (wakeup != VCLOCK_TIME_NEVER)
    {
      wakeup = MAX (wakeup, 1);
      spec.it_value.tv_sec = wakeup / VCLOCK_NSEC_PER_SEC;
      spec.it_value.tv_nsec = wakeup % VCLOCK_NSEC_PER_SEC;
    }

  return timerfd_settime (fd, TFD_TIMER_ABSTIME, &spec, NULL) == 0;
}

static gboolean
vclock_timerfd_backend_rearm_on (VclockAlarmBackend *backend,
                                 VclockHostClock     host_clock,
                                 VclockTime          wakeup)
{
  VclockTimerfdBackend *self = VCLOCK_TIMERFD_BACKEND (backend);
  GPollFD *poll_fd = &self->fds[host_clock];

  if (poll_fd->fd < 0 && wakeup == VCLOCK_TIME_NEVER)
    return TRUE;
  if (poll_fd->fd < 0 && !open_fd (self, host_clock))
    return FALSE;
  if (set_time (poll_fd->fd, wakeup))
    return TRUE;

  /* Somebody has closed it, and the number may be another file's by now: leave it alone. */
  forget_fd (self, host_clock);

  return open_fd (self, host_clock) && set_time (poll_fd->fd, wakeup);
}

static void
vclock_timerfd_backend_rearm (VclockAlarmBackend *backend,
                              VclockTime          wakeup)
{
  gboolean armed = vclock_timerfd_backend_rearm_on (backend, VCLOCK_HOST_CLOCK_MONOTONIC, wakeup);

  vclock_alarm_backend_set_ready_time (backend, armed ? VCLOCK_TIME_NEVER : wakeup);
}

static gboolean
vclock_timerfd_backend_check (VclockAlarmBackend *backend)
{
  VclockTimerfdBackend *self = VCLOCK_TIMERFD_BACKEND (backend);
  gboolean woken =
    VCLOCK_ALARM_BACKEND_CLASS (vclock_timerfd_backend_parent_class)->check (backend);

  for (guint i = 0; i < VCLOCK_N_HOST_CLOCKS; i++)
    {
      woken = woken || (self->fds[i].fd >= 0 && self->fds[i].revents != 0);
      self->fds[i].revents = 0;
    }

  return woken;
}

static gboolean
vclock_timerfd_backend_start (VclockAlarmBackend  *backend,
                              GError             **error)
{
  VclockTimerfdBackend *self = VCLOCK_TIMERFD_BACKEND (backend);

  if (open_fd (self, VCLOCK_HOST_CLOCK_MONOTONIC))
    return TRUE;

  g_set_error (error, VCLOCK_ERROR, VCLOCK_ERROR_UNSUPPORTED,
               _("timerfd_create () failed: %s"), g_strerror (errno));

  return FALSE;
}

static void
vclock_timerfd_backend_stop (VclockAlarmBackend *backend)
{
  VclockTimerfdBackend *self = VCLOCK_TIMERFD_BACKEND (backend);

  /* Closing does not touch what a parent process shares with us; disarming would. */
  for (guint i = 0; i < VCLOCK_N_HOST_CLOCKS; i++)
    {
      int fd = self->fds[i].fd;

      if (fd < 0)
        continue;

      forget_fd (self, i);
      close (fd);
    }
}

static void
vclock_timerfd_backend_class_init (VclockTimerfdBackendClass *klass)
{
  VclockAlarmBackendClass *backend_class = VCLOCK_ALARM_BACKEND_CLASS (klass);

  backend_class->start = vclock_timerfd_backend_start;
  backend_class->stop = vclock_timerfd_backend_stop;
  backend_class->rearm = vclock_timerfd_backend_rearm;
  backend_class->rearm_on = vclock_timerfd_backend_rearm_on;
  backend_class->check = vclock_timerfd_backend_check;
}

static void
vclock_timerfd_backend_init (VclockTimerfdBackend *self)
{
  for (guint i = 0; i < VCLOCK_N_HOST_CLOCKS; i++)
    self->fds[i].fd = -1;
}
