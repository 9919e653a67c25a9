/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VCLOCK_INSIDE) && !defined (VCLOCK_COMPILATION)
# error "Only <glib-vclock/glib-vclock.h> can be included directly."
#endif

#include <glib-vclock/vclock-virtual-clock.h>

G_BEGIN_DECLS

#define VCLOCK_TYPE_INHIBITOR (vclock_inhibitor_get_type ())

VCLOCK_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VclockInhibitor, vclock_inhibitor, VCLOCK, INHIBITOR, GObject)

VCLOCK_AVAILABLE_IN_ALL
VclockInhibitor    *vclock_virtual_clock_inhibit        (VclockVirtualClock *self,
                                                         const char         *reason) G_GNUC_WARN_UNUSED_RESULT;

VCLOCK_AVAILABLE_IN_ALL
VclockVirtualClock *vclock_inhibitor_get_clock          (VclockInhibitor    *self);

VCLOCK_AVAILABLE_IN_ALL
const char         *vclock_inhibitor_get_reason         (VclockInhibitor    *self);

VCLOCK_AVAILABLE_IN_ALL
void                vclock_inhibitor_release            (VclockInhibitor    *self);

VCLOCK_AVAILABLE_IN_ALL
void                vclock_inhibitor_tie_to_cancellable (VclockInhibitor    *self,
                                                         GCancellable       *cancellable);

VCLOCK_AVAILABLE_IN_ALL
void                vclock_inhibitor_tie_to_task        (VclockInhibitor    *self,
                                                         GTask              *task);

G_END_DECLS
