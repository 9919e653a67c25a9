/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VCLOCK_INSIDE) && !defined (VCLOCK_COMPILATION)
# error "Only <glib-vclock/glib-vclock.h> can be included directly."
#endif

#include <glib-vclock/vclock-clock.h>

G_BEGIN_DECLS

#define VCLOCK_TYPE_MONOTONIC_CLOCK (vclock_monotonic_clock_get_type ())

VCLOCK_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VclockMonotonicClock, vclock_monotonic_clock, VCLOCK, MONOTONIC_CLOCK, VclockClock)

VCLOCK_AVAILABLE_IN_ALL
VclockMonotonicClock *vclock_monotonic_clock_new                (void) G_GNUC_WARN_UNUSED_RESULT;

VCLOCK_AVAILABLE_IN_ALL
VclockMonotonicClock *vclock_monotonic_clock_new_boottime       (void) G_GNUC_WARN_UNUSED_RESULT;

VCLOCK_AVAILABLE_IN_ALL
VclockClock          *vclock_monotonic_clock_get_default        (void);

VCLOCK_AVAILABLE_IN_ALL
gboolean              vclock_monotonic_clock_get_counts_suspend (VclockMonotonicClock *self);

G_END_DECLS
