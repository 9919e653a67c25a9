/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VCLOCK_INSIDE) && !defined (VCLOCK_COMPILATION)
# error "Only <glib-vclock/glib-vclock.h> can be included directly."
#endif

#include <gio/gio.h>
#include <glib-vclock/vclock-clock.h>

G_BEGIN_DECLS

VCLOCK_AVAILABLE_IN_ALL
void     vclock_clock_sleep_async        (VclockClock          *self,
                                          VclockTime            span,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);

VCLOCK_AVAILABLE_IN_ALL
gboolean vclock_clock_sleep_finish       (VclockClock          *self,
                                          GAsyncResult         *result,
                                          GError              **error);

VCLOCK_AVAILABLE_IN_ALL
void     vclock_clock_sleep_until_async  (VclockClock          *self,
                                          VclockTime            deadline,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);

VCLOCK_AVAILABLE_IN_ALL
gboolean vclock_clock_sleep_until_finish (VclockClock          *self,
                                          GAsyncResult         *result,
                                          GError              **error);

VCLOCK_AVAILABLE_IN_ALL
gboolean vclock_clock_wait_until         (VclockClock          *self,
                                          VclockTime            deadline,
                                          GCancellable         *cancellable,
                                          GError              **error);

G_END_DECLS
