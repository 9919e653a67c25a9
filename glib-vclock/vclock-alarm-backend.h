/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VCLOCK_INSIDE) && !defined (VCLOCK_COMPILATION)
# error "Only <glib-vclock/glib-vclock.h> can be included directly."
#endif

#include <gio/gio.h>

#include <glib-vclock/vclock-time.h>

G_BEGIN_DECLS

#define VCLOCK_TYPE_ALARM_BACKEND (vclock_alarm_backend_get_type ())

VCLOCK_AVAILABLE_IN_ALL
G_DECLARE_DERIVABLE_TYPE (VclockAlarmBackend, vclock_alarm_backend, VCLOCK, ALARM_BACKEND, GObject)

/**
 * VclockAlarmBackendClass:
 * @start: gets ready to wake the main context; fails with [error@Vclock.Error.UNSUPPORTED] when the
 *   host refuses what the backend needs, and must then have left nothing behind
 * @stop: gives back all that was taken in @start; called once after each successful @start
 * @rearm: wakes the main context at @wakeup, on the host's monotonic clock in nanoseconds, and no
 *   more at the time given before; [const@Vclock.TIME_NEVER] disarms. Cannot fail
 * @rearm_on: as @rearm, on another clock of the host; returns FALSE if the backend cannot do that,
 *   and the alarm then calls @rearm with the time that it is on the monotonic one. May be missing
 * @check: says whether the backend has woken the main context since the last call, and makes ready
 *   for the next wake-up. Need not be given by backends that use the calls of this class only
 *
 * One way of waking a main context. All functions are called from the thread that runs the context,
 * without any lock held.
 */
struct _VclockAlarmBackendClass
{
  /*< private >*/
  GObjectClass parent_class;

  /*< public >*/
  gboolean (* start)    (VclockAlarmBackend  *self,
                         GError             **error);
  void     (* stop)     (VclockAlarmBackend  *self);
  void     (* rearm)    (VclockAlarmBackend  *self,
                         VclockTime           wakeup);
  gboolean (* rearm_on) (VclockAlarmBackend  *self,
                         VclockHostClock      host_clock,
                         VclockTime           wakeup);
  gboolean (* check)    (VclockAlarmBackend  *self);

  /*< private >*/
  gpointer padding[8];
};

VCLOCK_AVAILABLE_IN_ALL
GSource    *vclock_alarm_backend_get_source     (VclockAlarmBackend *self);

VCLOCK_AVAILABLE_IN_ALL
void        vclock_alarm_backend_set_ready_time (VclockAlarmBackend *self,
                                                 VclockTime          ready_time);

VCLOCK_AVAILABLE_IN_ALL
void        vclock_alarm_backend_wake           (VclockAlarmBackend *self);

G_END_DECLS
