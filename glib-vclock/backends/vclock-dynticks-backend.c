/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib-vclock/backends/vclock-backends-private.h>
#include <glib-vclock/backends/vclock-signal-wake-private.h>
#include <glib-vclock/vclock-error.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-time-private.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id
# define sigev_notify_thread_id _sigev_un._tid
#endif

/* `dynticks`: timer_create (2) with SIGEV_THREAD_ID, Linux 2.6.
 *
 * One kernel timer for the context, absolute on CLOCK_MONOTONIC in nanoseconds, that sends a
 * realtime signal to the thread that runs the context and to no other. It takes the first
 * realtime signal nobody has a handler for. Refused (EAGAIN) beyond RLIMIT_SIGPENDING. The
 * signal may interrupt system calls of the context's thread. */
struct _VclockDynticksBackend
{
  VclockAlarmBackend parent_instance;

  VclockSignalWake signal_wake;
  timer_t          timer;
  gboolean         has_timer;
  pid_t            tid;         /* the thread that is told */
  pid_t            pid;         /* the process that made the timer */
};

G_DEFINE_FINAL_TYPE (VclockDynticksBackend, vclock_dynticks_backend, VCLOCK_TYPE_ALARM_BACKEND)

static pid_t
get_tid (void)
{
  return (pid_t) syscall (SYS_gettid);
}

/* A child does not inherit the timer; the number may be one of its own by now. */
static void
delete_timer (VclockDynticksBackend *self)
{
  if (self->has_timer && self->pid == getpid ())
    timer_delete (self->timer);
  self->has_timer = FALSE;
}

static void
quit (VclockAlarmBackend *backend)
{
  delete_timer (VCLOCK_DYNTICKS_BACKEND (backend));
}

/* Makes the timer for the calling thread, if it is not for that one already. */
static gboolean
ensure_timer (VclockDynticksBackend *self)
{
  struct sigevent event = {
    .sigev_notify = SIGEV_THREAD_ID,
    .sigev_signo = self->signal_wake.signum,
  };
  pid_t tid = get_tid ();

  if (self->has_timer && self->tid == tid)
    return TRUE;

  delete_timer (self);
  vclock_signal_wake_here (&self->signal_wake);
  event.sigev_notify_thread_id = tid;
  self->tid = tid;
  self->pid = getpid ();
  self->has_timer = timer_create (CLOCK_MONOTONIC, &event, &self->timer) == 0;

  return self->has_timer;
}

static gboolean
set_time (VclockDynticksBackend *self,
          VclockTime             wakeup)
{
  struct itimerspec spec = { { 0, 0 }, { 0, 0 } };

  /* Zero would disarm. */
  if (wakeup != VCLOCK_TIME_NEVER)
    {
      wakeup = MAX (wakeup, 1);
      spec.it_value.tv_sec = wakeup / VCLOCK_NSEC_PER_SEC;
      spec.it_value.tv_nsec = wakeup % VCLOCK_NSEC_PER_SEC;
    }

  return ensure_timer (self) && timer_settime (self->timer, TIMER_ABSTIME, &spec, NULL) == 0;
}

/* Under the lock, for the process may exit in another thread. */
static void
vclock_dynticks_backend_rearm (VclockAlarmBackend *backend,
                               VclockTime          wakeup)
{
  gboolean armed;

  vclock_lock ();
  armed = !vclock_signal_wake_quits () && set_time (VCLOCK_DYNTICKS_BACKEND (backend), wakeup);
  vclock_unlock ();

  vclock_alarm_backend_set_ready_time (backend, armed ? VCLOCK_TIME_NEVER : wakeup);
}

static gboolean
vclock_dynticks_backend_check (VclockAlarmBackend *backend)
{
  gboolean woken =
    VCLOCK_ALARM_BACKEND_CLASS (vclock_dynticks_backend_parent_class)->check (backend);

  return vclock_signal_wake_check (&VCLOCK_DYNTICKS_BACKEND (backend)->signal_wake) || woken;
}

static gboolean
take_signal (VclockDynticksBackend  *self,
             GError                **error)
{
  for (int signum = SIGRTMIN; signum <= SIGRTMAX; signum++)
    {
      g_clear_error (error);
      if (vclock_signal_wake_begin (&self->signal_wake, VCLOCK_ALARM_BACKEND (self), signum, quit,
                                    error))
        return TRUE;
    }

  return FALSE;
}

static gboolean
vclock_dynticks_backend_start (VclockAlarmBackend  *backend,
                               GError             **error)
{
  VclockDynticksBackend *self = VCLOCK_DYNTICKS_BACKEND (backend);
  int saved_errno;

  if (!take_signal (self, error))
    return FALSE;
  if (ensure_timer (self))
    return TRUE;

  saved_errno = errno;
  vclock_signal_wake_end (&self->signal_wake);
  g_set_error (error, VCLOCK_ERROR, VCLOCK_ERROR_UNSUPPORTED,
               _("timer_create () failed: %s"), g_strerror (saved_errno));

  return FALSE;
}

static void
vclock_dynticks_backend_stop (VclockAlarmBackend *backend)
{
  VclockDynticksBackend *self = VCLOCK_DYNTICKS_BACKEND (backend);

  delete_timer (self);
  vclock_signal_wake_end (&self->signal_wake);
}

static void
vclock_dynticks_backend_class_init (VclockDynticksBackendClass *klass)
{
  VclockAlarmBackendClass *backend_class = VCLOCK_ALARM_BACKEND_CLASS (klass);

  backend_class->start = vclock_dynticks_backend_start;
  backend_class->stop = vclock_dynticks_backend_stop;
  backend_class->rearm = vclock_dynticks_backend_rearm;
  backend_class->check = vclock_dynticks_backend_check;
}

static void
vclock_dynticks_backend_init (VclockDynticksBackend *self)
{
}
