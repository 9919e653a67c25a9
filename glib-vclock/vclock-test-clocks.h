/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VCLOCK_INSIDE) && !defined (VCLOCK_COMPILATION)
# error "Only <glib-vclock/glib-vclock.h> can be included directly."
#endif

#include <glib-vclock/vclock-timer.h>
#include <glib-vclock/vclock-virtual-clock.h>

G_BEGIN_DECLS

#define VCLOCK_TYPE_TEST_CLOCKS (vclock_test_clocks_get_type ())

VCLOCK_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VclockTestClocks, vclock_test_clocks, VCLOCK, TEST_CLOCKS, GObject)

VCLOCK_AVAILABLE_IN_ALL
VclockTestClocks   *vclock_test_clocks_new                   (void) G_GNUC_WARN_UNUSED_RESULT;

VCLOCK_AVAILABLE_IN_ALL
gboolean            vclock_test_clocks_set_up                (VclockTestClocks  *self,
                                                              GError           **error);

VCLOCK_AVAILABLE_IN_ALL
gboolean            vclock_test_clocks_tear_down             (VclockTestClocks  *self,
                                                              GError           **error);

VCLOCK_AVAILABLE_IN_ALL
VclockVirtualClock *vclock_test_clocks_get_boottime          (VclockTestClocks  *self);

VCLOCK_AVAILABLE_IN_ALL
VclockVirtualClock *vclock_test_clocks_get_monotonic         (VclockTestClocks  *self);

VCLOCK_AVAILABLE_IN_ALL
VclockVirtualClock *vclock_test_clocks_get_wall              (VclockTestClocks  *self);

/* What happens to time: vclock-test-clocks-move.c. */

VCLOCK_AVAILABLE_IN_ALL
void                vclock_test_clocks_advance               (VclockTestClocks  *self,
                                                              VclockTime         span);

VCLOCK_AVAILABLE_IN_ALL
void                vclock_test_clocks_advance_settled       (VclockTestClocks  *self,
                                                              VclockTime         span);

VCLOCK_AVAILABLE_IN_ALL
void                vclock_test_clocks_set_wall_time         (VclockTestClocks  *self,
                                                              VclockTime         time);

VCLOCK_AVAILABLE_IN_ALL
void                vclock_test_clocks_step_wall_time        (VclockTestClocks  *self,
                                                              VclockTime         span);

VCLOCK_AVAILABLE_IN_ALL
void                vclock_test_clocks_suspend               (VclockTestClocks  *self,
                                                              VclockTime         span);

VCLOCK_AVAILABLE_IN_ALL
void                vclock_test_clocks_stall                 (VclockTestClocks  *self,
                                                              VclockTime         span);

VCLOCK_AVAILABLE_IN_ALL
gboolean            vclock_test_clocks_advance_to_transition (VclockTestClocks  *self,
                                                              GTimeZone         *zone,
                                                              int               *offset,
                                                              GError           **error);

/* What must hold: vclock-test-clocks-check.c. */

VCLOCK_AVAILABLE_IN_ALL
gboolean            vclock_test_clocks_check_armed           (VclockTestClocks  *self,
                                                              VclockTimer       *timer,
                                                              gint64             deadline,
                                                              GError           **error);

VCLOCK_AVAILABLE_IN_ALL
gboolean            vclock_test_clocks_check_expired         (VclockTestClocks  *self,
                                                              const char        *names,
                                                              GError           **error);

VCLOCK_AVAILABLE_IN_ALL
gboolean            vclock_test_clocks_check_n_armed         (VclockTestClocks  *self,
                                                              VclockClock       *clock,
                                                              guint              n_armed,
                                                              GError           **error);

G_END_DECLS
