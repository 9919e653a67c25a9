/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-alarm-backend-private.h>
#include <glib-vclock/vclock-host-private.h>
#include <glib-vclock/vclock-lock-private.h>

/**
 * VclockAlarmBackend:
 *
 * One way of waking a main context at a given time.
 *
 * The library has several; see [func@Vclock.Alarm.list_backends]. A backend of one's own overrides
 * `start`, `stop` and `rearm`, is made known by [func@Vclock.Alarm.add_backend] and chosen by its
 * name. It only wakes: an alarm looks at its clocks when it is woken, so waking early or for
 * nothing is harmless; waking late is not.
 *
 * To wake, a backend adds a descriptor, on Windows a HANDLE, to the alarm's GSource
 * ([method@Vclock.AlarmBackend.get_source]) and overrides `check`, or asks for a ready time
 * ([method@Vclock.AlarmBackend.set_ready_time]), or calls [method@Vclock.AlarmBackend.wake] from
 * wherever it is told.
 *
 * In QEMU: `struct qemu_alarm_timer`.
 */

typedef struct
{
  GSource    *source;     /* (unowned) (nullable): the alarm's, between start and stop */
  VclockTime  ready_time;
  int         woken;      /* atomic */

  /* Guarded by the lock. */
  void     (* wake) (gpointer alarm); /* (nullable) */
  gpointer    alarm;      /* (unowned) */
} VclockAlarmBackendPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (VclockAlarmBackend, vclock_alarm_backend, G_TYPE_OBJECT)

#define PRIV(self) \
  ((VclockAlarmBackendPrivate *) vclock_alarm_backend_get_instance_private (self))

static gboolean
vclock_alarm_backend_real_start (VclockAlarmBackend  *self,
                                 GError             **error)
{
  return TRUE;
}

static void
vclock_alarm_backend_real_stop (VclockAlarmBackend *self)
{
}

static gboolean
vclock_alarm_backend_real_rearm_on (VclockAlarmBackend *self,
                                    VclockHostClock     host_clock,
                                    VclockTime          wakeup)
{
  return FALSE;
}

static gboolean
vclock_alarm_backend_real_check (VclockAlarmBackend *self)
{
  VclockAlarmBackendPrivate *priv = PRIV (self);
  gboolean woken = g_atomic_int_compare_and_exchange (&priv->woken, TRUE, FALSE);

  if (priv->ready_time != VCLOCK_TIME_NEVER &&
      priv->ready_time <= vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC))
    {
      priv->ready_time = VCLOCK_TIME_NEVER;
      woken = TRUE;
    }

  return woken;
}

static void
vclock_alarm_backend_class_init (VclockAlarmBackendClass *klass)
{
  klass->start = vclock_alarm_backend_real_start;
  klass->stop = vclock_alarm_backend_real_stop;
  klass->rearm_on = vclock_alarm_backend_real_rearm_on;
  klass->check = vclock_alarm_backend_real_check;
}

static void
vclock_alarm_backend_init (VclockAlarmBackend *self)
{
  PRIV (self)->ready_time = VCLOCK_TIME_NEVER;
}

gboolean
vclock_alarm_backend_start (VclockAlarmBackend  *self,
                            GSource             *source,
                            void              (* wake) (gpointer alarm),
                            gpointer             alarm,
                            GError             **error)
{
  VclockAlarmBackendPrivate *priv = PRIV (self);

  priv->source = source;
  if (!VCLOCK_ALARM_BACKEND_GET_CLASS (self)->start (self, error))
    {
      priv->source = NULL;
      return FALSE;
    }

  vclock_lock ();
  priv->wake = wake;
  priv->alarm = alarm;
  vclock_unlock ();

  return TRUE;
}

void
vclock_alarm_backend_stop (VclockAlarmBackend *self)
{
  VclockAlarmBackendPrivate *priv = PRIV (self);

  vclock_lock ();
  priv->wake = NULL;
  vclock_unlock ();

  /* When the context goes away GLib takes descriptors and HANDLEs off the source itself. */
  if (g_source_is_destroyed (priv->source))
    priv->source = NULL;

  VCLOCK_ALARM_BACKEND_GET_CLASS (self)->stop (self);
  priv->source = NULL;
}

void
vclock_alarm_backend_rearm (VclockAlarmBackend *self,
                            VclockTime          wakeup)
{
  VclockAlarmBackendClass *klass = VCLOCK_ALARM_BACKEND_GET_CLASS (self);

  /* A subclass without it still wakes. */
  if (klass->rearm != NULL)
    klass->rearm (self, wakeup);
  else
    vclock_alarm_backend_set_ready_time (self, wakeup);
}

gboolean
vclock_alarm_backend_rearm_on (VclockAlarmBackend *self,
                               VclockHostClock     host_clock,
                               VclockTime          wakeup)
{
  return VCLOCK_ALARM_BACKEND_GET_CLASS (self)->rearm_on (self, host_clock, wakeup);
}

gboolean
vclock_alarm_backend_check (VclockAlarmBackend *self)
{
  return VCLOCK_ALARM_BACKEND_GET_CLASS (self)->check (self);
}

void
vclock_alarm_backend_wake_locked (VclockAlarmBackend *self)
{
  VclockAlarmBackendPrivate *priv = PRIV (self);

  g_atomic_int_set (&priv->woken, TRUE);
  if (priv->wake != NULL)
    priv->wake (priv->alarm);
}

VclockTime
vclock_alarm_backend_get_ready_time (VclockAlarmBackend *self)
{
  return PRIV (self)->ready_time;
}

/**
 * vclock_alarm_backend_get_source:
 * @self: a backend
 *
 * Gets the GSource of the alarm that runs on this backend, to which a backend may add descriptors
 * or, on Windows, HANDLEs.
 *
 * Returns: (transfer none) (nullable): the source; NULL unless the backend is started, and in
 *   `stop` when the main context is going away and has dropped all of these already
 */
GSource *
vclock_alarm_backend_get_source (VclockAlarmBackend *self)
{
  g_return_val_if_fail (VCLOCK_IS_ALARM_BACKEND (self), NULL);

  return PRIV (self)->source;
}

/**
 * vclock_alarm_backend_set_ready_time:
 * @self: a backend
 * @ready_time: a time on the host's monotonic clock, in nanoseconds
 *
 * Lets the main loop itself wake up at a time, at its own resolution of a millisecond.
 *
 * Counts for the next time the loop sleeps, until the time is reached or another one is set;
 * [const@Vclock.TIME_NEVER] takes it back. From the context's thread.
 */
void
vclock_alarm_backend_set_ready_time (VclockAlarmBackend *self,
                                     VclockTime          ready_time)
{
  g_return_if_fail (VCLOCK_IS_ALARM_BACKEND (self));

  PRIV (self)->ready_time = ready_time;
}

/**
 * vclock_alarm_backend_wake:
 * @self: a backend
 *
 * Wakes the main context of the alarm that runs on this backend, from any thread.
 *
 * Not from a signal handler. Has no effect on a backend that is not started.
 */
void
vclock_alarm_backend_wake (VclockAlarmBackend *self)
{
  g_return_if_fail (VCLOCK_IS_ALARM_BACKEND (self));

  vclock_lock ();
  vclock_alarm_backend_wake_locked (self);
  vclock_unlock ();
}
