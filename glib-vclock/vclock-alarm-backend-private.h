/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-alarm-backend.h>

G_BEGIN_DECLS

/* What the alarm does with a backend. In the context's thread, without the lock. */
gboolean   vclock_alarm_backend_start          (VclockAlarmBackend  *self,
                                                GSource             *source,
                                                void              (* wake) (gpointer alarm),
                                                gpointer             alarm,
                                                GError             **error);
void       vclock_alarm_backend_stop           (VclockAlarmBackend  *self);
void       vclock_alarm_backend_rearm          (VclockAlarmBackend  *self,
                                                VclockTime           wakeup);
gboolean   vclock_alarm_backend_rearm_on       (VclockAlarmBackend  *self,
                                                VclockHostClock      host_clock,
                                                VclockTime           wakeup);
gboolean   vclock_alarm_backend_check          (VclockAlarmBackend  *self);
VclockTime vclock_alarm_backend_get_ready_time (VclockAlarmBackend  *self);

/* With the lock. */
void       vclock_alarm_backend_wake_locked    (VclockAlarmBackend  *self);

G_END_DECLS
