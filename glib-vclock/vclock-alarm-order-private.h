/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-alarm-backend.h>

G_BEGIN_DECLS

/* Tries to start a backend for an alarm; FALSE to have the next one tried. */
typedef gboolean (* VclockAlarmOrderFunc) (gpointer             alarm,
                                           VclockAlarmBackend  *backend,
                                           GError             **error);

char     *vclock_alarm_order_start      (VclockAlarmOrderFunc   start,
                                         gpointer               alarm);
gboolean  vclock_alarm_order_start_name (const char            *name,
                                         VclockAlarmOrderFunc   start,
                                         gpointer               alarm,
                                         GError               **error);

G_END_DECLS
