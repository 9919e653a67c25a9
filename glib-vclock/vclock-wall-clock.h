/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VCLOCK_INSIDE) && !defined (VCLOCK_COMPILATION)
# error "Only <glib-vclock/glib-vclock.h> can be included directly."
#endif

#include <glib-vclock/vclock-clock.h>

G_BEGIN_DECLS

#define VCLOCK_TYPE_WALL_CLOCK (vclock_wall_clock_get_type ())

VCLOCK_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VclockWallClock, vclock_wall_clock, VCLOCK, WALL_CLOCK, VclockClock)

VCLOCK_AVAILABLE_IN_ALL
VclockWallClock *vclock_wall_clock_new           (void) G_GNUC_WARN_UNUSED_RESULT;

VCLOCK_AVAILABLE_IN_ALL
VclockClock     *vclock_wall_clock_get_default   (void);

VCLOCK_AVAILABLE_IN_ALL
VclockTime       vclock_wall_clock_get_threshold (VclockWallClock *self);

VCLOCK_AVAILABLE_IN_ALL
void             vclock_wall_clock_set_threshold (VclockWallClock *self,
                                                  VclockTime       threshold);

G_END_DECLS
