/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VCLOCK_INSIDE) && !defined (VCLOCK_COMPILATION)
# error "Only <glib-vclock/glib-vclock.h> can be included directly."
#endif

#include <glib-vclock/vclock-time.h>

G_BEGIN_DECLS

/**
 * VclockTimerAttributes:
 * @VCLOCK_TIMER_ATTRIBUTES_NONE: none
 * @VCLOCK_TIMER_ATTRIBUTES_EXTERNAL: the timer drives something outside of the simulated world,
 *   as QEMU's `QEMU_TIMER_ATTR_EXTERNAL` has it
 *
 * What kind of timer a timer is, for those who ask a clock for its next deadline.
 */
typedef enum /*< flags >*/
{
  VCLOCK_TIMER_ATTRIBUTES_NONE = 0,
  VCLOCK_TIMER_ATTRIBUTES_EXTERNAL = 1 << 0,
} VclockTimerAttributes;

#define VCLOCK_TYPE_CLOCK (vclock_clock_get_type ())

VCLOCK_AVAILABLE_IN_ALL
G_DECLARE_DERIVABLE_TYPE (VclockClock, vclock_clock, VCLOCK, CLOCK, GObject)

/**
 * VclockClockClass:
 * @get_time: says what time it is, in nanoseconds; every clock needs it. Called from any thread
 * @get_wakeup: says at which time of which clock of the host @deadline will be reached, if nothing
 *   changes; [const@Vclock.TIME_NEVER] when it cannot be promised, and for clocks without it
 * @reset: class handler of [signal@Vclock.Clock::reset]
 *
 * What a kind of clock has to say.
 */
struct _VclockClockClass
{
  /*< private >*/
  GObjectClass parent_class;

  /*< public >*/
  VclockTime (* get_time)   (VclockClock     *self);
  VclockTime (* get_wakeup) (VclockClock     *self,
                             VclockTime       deadline,
                             VclockHostClock *host_clock);
  void       (* reset)      (VclockClock     *self,
                             VclockTime       old_time,
                             VclockTime       new_time);

  /*< private >*/
  gpointer padding[8];
};

VCLOCK_AVAILABLE_IN_ALL
VclockTime    vclock_clock_get_time       (VclockClock           *self);

VCLOCK_AVAILABLE_IN_ALL
gint64        vclock_clock_get_time_us    (VclockClock           *self);

VCLOCK_AVAILABLE_IN_ALL
VclockTime    vclock_clock_get_wakeup     (VclockClock           *self,
                                           VclockTime             deadline,
                                           VclockHostClock       *host_clock);

VCLOCK_AVAILABLE_IN_ALL
const char   *vclock_clock_get_name       (VclockClock           *self);

VCLOCK_AVAILABLE_IN_ALL
gboolean      vclock_clock_get_enabled    (VclockClock           *self);

VCLOCK_AVAILABLE_IN_ALL
void          vclock_clock_set_enabled    (VclockClock           *self,
                                           gboolean               enabled);

VCLOCK_AVAILABLE_IN_ALL
gboolean      vclock_clock_has_timers     (VclockClock           *self);

VCLOCK_AVAILABLE_IN_ALL
gboolean      vclock_clock_check_disarmed (VclockClock           *self,
                                           GError               **error);

VCLOCK_AVAILABLE_IN_ALL
gboolean      vclock_clock_has_expired    (VclockClock           *self);

VCLOCK_AVAILABLE_IN_ALL
VclockTime    vclock_clock_get_deadline   (VclockClock           *self,
                                           VclockTimerAttributes  without);

VCLOCK_AVAILABLE_IN_ALL
guint         vclock_clock_run_timers     (VclockClock           *self);

VCLOCK_AVAILABLE_IN_ALL
guint         vclock_clock_get_n_resets   (VclockClock           *self);

VCLOCK_AVAILABLE_IN_ALL
void          vclock_clock_replan         (VclockClock           *self);

VCLOCK_AVAILABLE_IN_ALL
void          vclock_clock_announce_reset (VclockClock           *self,
                                           VclockTime             old_time,
                                           VclockTime             new_time);

G_END_DECLS
