/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VCLOCK_INSIDE) && !defined (VCLOCK_COMPILATION)
# error "Only <glib-vclock/glib-vclock.h> can be included directly."
#endif

#include <glib-vclock/vclock-alarm-backend.h>

G_BEGIN_DECLS

#define VCLOCK_TYPE_ALARM (vclock_alarm_get_type ())

VCLOCK_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VclockAlarm, vclock_alarm, VCLOCK, ALARM, GObject)

VCLOCK_AVAILABLE_IN_ALL
VclockAlarm  *vclock_alarm_get_for_context  (GMainContext  *context) G_GNUC_WARN_UNUSED_RESULT;

VCLOCK_AVAILABLE_IN_ALL
char         *vclock_alarm_get_backend      (VclockAlarm   *self) G_GNUC_WARN_UNUSED_RESULT;

VCLOCK_AVAILABLE_IN_ALL
gboolean      vclock_alarm_set_backend      (VclockAlarm   *self,
                                             const char    *name,
                                             GError       **error);

VCLOCK_AVAILABLE_IN_ALL
VclockTime    vclock_alarm_get_wakeup       (VclockAlarm   *self);

VCLOCK_AVAILABLE_IN_ALL
guint64       vclock_alarm_get_n_programmed (VclockAlarm   *self);

VCLOCK_AVAILABLE_IN_ALL
guint64       vclock_alarm_get_n_wakeups    (VclockAlarm   *self);

VCLOCK_AVAILABLE_IN_ALL
guint64       vclock_alarm_get_n_spurious   (VclockAlarm   *self);

VCLOCK_AVAILABLE_IN_ALL
guint64       vclock_alarm_get_n_expired    (VclockAlarm   *self);

VCLOCK_AVAILABLE_IN_ALL
guint         vclock_alarm_run_timers       (VclockAlarm   *self);

VCLOCK_AVAILABLE_IN_ALL
gboolean      vclock_alarm_configure        (const char    *names,
                                             GError       **error);

VCLOCK_AVAILABLE_IN_ALL
char        **vclock_alarm_list_backends    (void);

VCLOCK_AVAILABLE_IN_ALL
gboolean      vclock_alarm_add_backend      (const char    *name,
                                             GType          type);

VCLOCK_AVAILABLE_IN_ALL
GOptionGroup *vclock_alarm_get_option_group (void);

G_END_DECLS
