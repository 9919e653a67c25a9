/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VCLOCK_INSIDE) && !defined (VCLOCK_COMPILATION)
# error "Only <glib-vclock/glib-vclock.h> can be included directly."
#endif

#include <glib-vclock/vclock-clock.h>

G_BEGIN_DECLS

/**
 * VclockOverrunPolicy:
 * @VCLOCK_OVERRUN_POLICY_SKIP: expire once and count the periods that passed unserved; the next
 *   deadline is the next multiple of the period that lies ahead
 * @VCLOCK_OVERRUN_POLICY_BURST: expire once for each period that passed, one pass after another
 * @VCLOCK_OVERRUN_POLICY_DELAY: expire once; the next deadline is one period from now, also if the
 *   clock was set back since the timer was due
 *
 * What a periodic timer does about periods that passed unserved.
 */
typedef enum
{
  VCLOCK_OVERRUN_POLICY_SKIP,
  VCLOCK_OVERRUN_POLICY_BURST,
  VCLOCK_OVERRUN_POLICY_DELAY,
} VclockOverrunPolicy;

/**
 * VCLOCK_TIMER_SPIN_MAX:
 *
 * The longest [property@Vclock.Timer:spin], in nanoseconds: a millisecond.
 */
#define VCLOCK_TIMER_SPIN_MAX ((VclockTime) 1000000)

#define VCLOCK_TYPE_TIMER (vclock_timer_get_type ())

VCLOCK_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VclockTimer, vclock_timer, VCLOCK, TIMER, GObject)

/**
 * VclockTimerFunc:
 * @timer: the timer that expired
 * @overruns: how many periods passed unserved since the last call; 0 unless periodic
 * @user_data: what was given with the callback
 *
 * Called when a timer expires, in the context that the timer was made for.
 */
typedef void (* VclockTimerFunc) (VclockTimer *timer,
                                  guint64      overruns,
                                  gpointer     user_data);

VCLOCK_AVAILABLE_IN_ALL
VclockTimer           *vclock_timer_new                (VclockClock           *clock) G_GNUC_WARN_UNUSED_RESULT;

VCLOCK_AVAILABLE_IN_ALL
VclockTimer           *vclock_timer_new_full           (VclockClock           *clock,
                                                        GMainContext          *context,
                                                        int                    priority,
                                                        VclockScale            scale) G_GNUC_WARN_UNUSED_RESULT;

VCLOCK_AVAILABLE_IN_ALL
void                   vclock_timer_set_callback       (VclockTimer           *self,
                                                        VclockTimerFunc        callback,
                                                        gpointer               user_data,
                                                        GDestroyNotify         notify);

VCLOCK_AVAILABLE_IN_ALL
void                   vclock_timer_arm                (VclockTimer           *self,
                                                        gint64                 deadline);

VCLOCK_AVAILABLE_IN_ALL
void                   vclock_timer_arm_after          (VclockTimer           *self,
                                                        gint64                 span);

VCLOCK_AVAILABLE_IN_ALL
gboolean               vclock_timer_arm_earlier        (VclockTimer           *self,
                                                        gint64                 deadline);

VCLOCK_AVAILABLE_IN_ALL
gboolean               vclock_timer_disarm             (VclockTimer           *self);

VCLOCK_AVAILABLE_IN_ALL
gboolean               vclock_timer_is_armed           (VclockTimer           *self);

VCLOCK_AVAILABLE_IN_ALL
gint64                 vclock_timer_get_deadline       (VclockTimer           *self);

VCLOCK_AVAILABLE_IN_ALL
gint64                 vclock_timer_get_remaining      (VclockTimer           *self);

VCLOCK_AVAILABLE_IN_ALL
VclockTime             vclock_timer_get_lateness       (VclockTimer           *self);

VCLOCK_AVAILABLE_IN_ALL
VclockClock           *vclock_timer_get_clock          (VclockTimer           *self);

VCLOCK_AVAILABLE_IN_ALL
int                    vclock_timer_get_priority       (VclockTimer           *self);

VCLOCK_AVAILABLE_IN_ALL
VclockScale            vclock_timer_get_scale          (VclockTimer           *self);

VCLOCK_AVAILABLE_IN_ALL
gint64                 vclock_timer_get_period         (VclockTimer           *self);

VCLOCK_AVAILABLE_IN_ALL
void                   vclock_timer_set_period         (VclockTimer           *self,
                                                        gint64                 period);

VCLOCK_AVAILABLE_IN_ALL
VclockOverrunPolicy    vclock_timer_get_overrun_policy (VclockTimer           *self);

VCLOCK_AVAILABLE_IN_ALL
void                   vclock_timer_set_overrun_policy (VclockTimer           *self,
                                                        VclockOverrunPolicy    policy);

VCLOCK_AVAILABLE_IN_ALL
gint64                 vclock_timer_get_slack          (VclockTimer           *self);

VCLOCK_AVAILABLE_IN_ALL
void                   vclock_timer_set_slack          (VclockTimer           *self,
                                                        gint64                 slack);

VCLOCK_AVAILABLE_IN_ALL
VclockTime             vclock_timer_get_spin           (VclockTimer           *self);

VCLOCK_AVAILABLE_IN_ALL
void                   vclock_timer_set_spin           (VclockTimer           *self,
                                                        VclockTime             spin);

VCLOCK_AVAILABLE_IN_ALL
VclockTimerAttributes  vclock_timer_get_attributes     (VclockTimer           *self);

VCLOCK_AVAILABLE_IN_ALL
void                   vclock_timer_set_attributes     (VclockTimer           *self,
                                                        VclockTimerAttributes  attributes);

VCLOCK_AVAILABLE_IN_ALL
const char            *vclock_timer_get_name           (VclockTimer           *self);

VCLOCK_AVAILABLE_IN_ALL
void                   vclock_timer_set_name           (VclockTimer           *self,
                                                        const char            *name);

G_END_DECLS
