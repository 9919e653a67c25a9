/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib-vclock/backends/vclock-backends-private.h>
#include <glib-vclock/backends/vclock-signal-wake-private.h>
#include <glib-vclock/vclock-alarm-backend-private.h>
#include <glib-vclock/vclock-error.h>
#include <glib-vclock/vclock-host-private.h>
#include <glib-vclock/vclock-lock-private.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

/* `unix`: setitimer (ITIMER_REAL), POSIX.1 since 1988, 4.2BSD.
 *
 * One interval timer for the process, shared by all contexts: it is armed for the earliest
 * wakeup of all, and SIGALRM wakes all of them. Microseconds, rounded up. It interrupts system
 * calls of whichever thread receives the signal; threads that mind should block SIGALRM.
 * Refuses to start when the program uses SIGALRM or the timer itself. */
struct _VclockUnixBackend
{
  VclockAlarmBackend parent_instance;

  VclockSignalWake signal_wake;
  VclockTime       wakeup;      /* guarded by the lock */
  pid_t            pid;         /* that started it */
};

G_DEFINE_FINAL_TYPE (VclockUnixBackend, vclock_unix_backend, VCLOCK_TYPE_ALARM_BACKEND)

/* Guarded by the lock. */
static GPtrArray *started; /* (element-type VclockUnixBackend) */

static void
set_timer (VclockTime wakeup)
{
  struct itimerval value = { { 0, 0 }, { 0, 0 } };

  /* Zero would disarm. */
  if (wakeup != VCLOCK_TIME_NEVER)
    {
      VclockTime now = vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC);
      VclockTime span = vclock_time_subtract (wakeup, now);
      gint64 microseconds = MAX (1, vclock_time_to_scale (span, VCLOCK_SCALE_US));

      value.it_value.tv_sec = MIN (microseconds / G_USEC_PER_SEC, G_MAXINT32);
      value.it_value.tv_usec = microseconds % G_USEC_PER_SEC;
    }

  setitimer (ITIMER_REAL, &value, NULL);
}

/* Whose wakeup has passed is woken once and then left alone: a context that nobody runs must
 * not have the timer expire for the others again and again. */
static void
set_timer_for_all (VclockUnixBackend *caller)
{
  VclockTime now = vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC);
  VclockTime wakeup = VCLOCK_TIME_NEVER;

  for (guint i = 0; i < started->len; i++)
    {
      VclockUnixBackend *self = g_ptr_array_index (started, i);

      if (self != caller && self->wakeup <= now)
        {
          vclock_alarm_backend_wake_locked (VCLOCK_ALARM_BACKEND (self));
          self->wakeup = VCLOCK_TIME_NEVER;
        }
      wakeup = MIN (wakeup, self->wakeup);
    }

  set_timer (wakeup);
}

static void
vclock_unix_backend_rearm (VclockAlarmBackend *backend,
                           VclockTime          wakeup)
{
  VclockUnixBackend *self = VCLOCK_UNIX_BACKEND (backend);
  gboolean quits;

  vclock_lock ();
  self->wakeup = wakeup;
  quits = vclock_signal_wake_quits ();
  if (!quits)
    set_timer_for_all (self);
  vclock_unlock ();

  vclock_alarm_backend_set_ready_time (backend, quits ? wakeup : VCLOCK_TIME_NEVER);
}

static gboolean
vclock_unix_backend_check (VclockAlarmBackend *backend)
{
  gboolean woken = VCLOCK_ALARM_BACKEND_CLASS (vclock_unix_backend_parent_class)->check (backend);

  return vclock_signal_wake_check (&VCLOCK_UNIX_BACKEND (backend)->signal_wake) || woken;
}

static void
quit (VclockAlarmBackend *backend)
{
  set_timer (VCLOCK_TIME_NEVER);
}

/* Whether the program has armed the timer itself, by alarm () for example. With the lock, or another
 * thread could arm it for us before it is looked at. */
static gboolean
timer_is_taken (void)
{
  struct itimerval value;
  gboolean is_taken;

  vclock_lock ();
  if (started == NULL)
    started = g_ptr_array_new ();
  getitimer (ITIMER_REAL, &value);
  is_taken = started->len == 0 && (value.it_value.tv_sec != 0 || value.it_value.tv_usec != 0);
  vclock_unlock ();

  return is_taken;
}

static gboolean
vclock_unix_backend_start (VclockAlarmBackend  *backend,
                           GError             **error)
{
  VclockUnixBackend *self = VCLOCK_UNIX_BACKEND (backend);

  if (timer_is_taken ())
    {
      g_set_error_literal (error, VCLOCK_ERROR, VCLOCK_ERROR_UNSUPPORTED,
                           _("The program uses the interval timer ITIMER_REAL itself"));
      return FALSE;
    }

  if (!vclock_signal_wake_begin (&self->signal_wake, backend, SIGALRM, quit, error))
    return FALSE;

  vclock_lock ();
  self->pid = getpid ();
  self->wakeup = VCLOCK_TIME_NEVER;
  g_ptr_array_add (started, self);
  vclock_unlock ();

  return TRUE;
}

static void
vclock_unix_backend_stop (VclockAlarmBackend *backend)
{
  VclockUnixBackend *self = VCLOCK_UNIX_BACKEND (backend);

  /* A child does not inherit the timer and may be using it for something else by now. */
  vclock_lock ();
  g_ptr_array_remove_fast (started, self);
  if (self->pid == getpid ())
    set_timer_for_all (NULL);
  vclock_unlock ();

  vclock_signal_wake_end (&self->signal_wake);
}

static void
vclock_unix_backend_class_init (VclockUnixBackendClass *klass)
{
  VclockAlarmBackendClass *backend_class = VCLOCK_ALARM_BACKEND_CLASS (klass);

  backend_class->start = vclock_unix_backend_start;
  backend_class->stop = vclock_unix_backend_stop;
  backend_class->rearm = vclock_unix_backend_rearm;
  backend_class->check = vclock_unix_backend_check;
}

static void
vclock_unix_backend_init (VclockUnixBackend *self)
{
}
