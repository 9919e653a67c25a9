/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VCLOCK_INSIDE) && !defined (VCLOCK_COMPILATION)
# error "Only <glib-vclock/glib-vclock.h> can be included directly."
#endif

#include <glib-vclock/vclock-virtual-clock.h>

G_BEGIN_DECLS

#define VCLOCK_TYPE_TICK_CLOCK (vclock_tick_clock_get_type ())

VCLOCK_AVAILABLE_IN_ALL
G_DECLARE_DERIVABLE_TYPE (VclockTickClock, vclock_tick_clock, VCLOCK, TICK_CLOCK, VclockVirtualClock)

/**
 * VclockTickClockClass:
 *
 * The class of tick clocks.
 */
struct _VclockTickClockClass
{
  /*< private >*/
  VclockVirtualClockClass parent_class;

  gpointer padding[8];
};

VCLOCK_AVAILABLE_IN_ALL
VclockTickClock *vclock_tick_clock_new                    (gint64           numerator,
                                                           gint64           denominator) G_GNUC_WARN_UNUSED_RESULT;

VCLOCK_AVAILABLE_IN_ALL
VclockTickClock *vclock_tick_clock_new_shift              (guint            shift) G_GNUC_WARN_UNUSED_RESULT;

VCLOCK_AVAILABLE_IN_ALL
void             vclock_tick_clock_set_shift              (VclockTickClock *self,
                                                           guint            shift);

VCLOCK_AVAILABLE_IN_ALL
void             vclock_tick_clock_tick                   (VclockTickClock *self,
                                                           guint64          n);

VCLOCK_AVAILABLE_IN_ALL
guint64          vclock_tick_clock_get_ticks              (VclockTickClock *self);

VCLOCK_AVAILABLE_IN_ALL
guint64          vclock_tick_clock_get_budget             (VclockTickClock *self);

/* Following real time: vclock-tick-clock-real.c. */

VCLOCK_AVAILABLE_IN_ALL
VclockTime       vclock_tick_clock_get_ahead              (VclockTickClock *self);

VCLOCK_AVAILABLE_IN_ALL
void             vclock_tick_clock_align                  (VclockTickClock *self);

VCLOCK_AVAILABLE_IN_ALL
VclockTime       vclock_tick_clock_get_alignment          (VclockTickClock *self);

VCLOCK_AVAILABLE_IN_ALL
void             vclock_tick_clock_set_alignment          (VclockTickClock *self,
                                                           VclockTime       span);

VCLOCK_AVAILABLE_IN_ALL
VclockTime       vclock_tick_clock_get_adaptive_tolerance (VclockTickClock *self);

VCLOCK_AVAILABLE_IN_ALL
void             vclock_tick_clock_set_adaptive_tolerance (VclockTickClock *self,
                                                           VclockTime       tolerance);

G_END_DECLS
