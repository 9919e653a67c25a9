/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VCLOCK_INSIDE) && !defined (VCLOCK_COMPILATION)
# error "Only <glib-vclock/glib-vclock.h> can be included directly."
#endif

#include <glib-vclock/vclock-clock.h>

G_BEGIN_DECLS

/**
 * VclockTimerSource:
 *
 * A [struct@GLib.Source] that becomes ready when a clock reaches a deadline.
 *
 * It is attached, given a callback and destroyed as any other source, so its functions take and
 * give plain sources.
 */
typedef struct _VclockTimerSource VclockTimerSource;

VCLOCK_AVAILABLE_IN_ALL
GSource    *vclock_timer_source_new          (VclockClock *clock,
                                              VclockTime   deadline) G_GNUC_WARN_UNUSED_RESULT;

VCLOCK_AVAILABLE_IN_ALL
VclockTime  vclock_timer_source_get_deadline (GSource     *source);

VCLOCK_AVAILABLE_IN_ALL
void        vclock_timer_source_set_deadline (GSource     *source,
                                              VclockTime   deadline);

G_END_DECLS
