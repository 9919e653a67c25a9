/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VCLOCK_INSIDE) && !defined (VCLOCK_COMPILATION)
# error "Only <glib-vclock/glib-vclock.h> can be included directly."
#endif

#include <glib-vclock/vclock-time.h>

G_BEGIN_DECLS

/**
 * VclockEventKind:
 * @VCLOCK_EVENT_KIND_ARMED: a timer was given a deadline
 * @VCLOCK_EVENT_KIND_REARMED: a timer that was armed was given another deadline, or a periodic one
 *   its next
 * @VCLOCK_EVENT_KIND_DISARMED: a timer's deadline was taken away
 * @VCLOCK_EVENT_KIND_EXPIRED: a timer was called
 * @VCLOCK_EVENT_KIND_RESET: the clock's time jumped
 * @VCLOCK_EVENT_KIND_WARP: the clock's time went to the next deadline because nothing else was left
 *   to run
 * @VCLOCK_EVENT_KIND_PAUSED: a virtual clock's time was frozen
 * @VCLOCK_EVENT_KIND_RESUMED: a virtual clock's time goes on
 * @VCLOCK_EVENT_KIND_RATE: a virtual clock was given another rate
 * @VCLOCK_EVENT_KIND_PARENT: a virtual clock was given another parent
 * @VCLOCK_EVENT_KIND_ENABLED: the clock delivers again
 * @VCLOCK_EVENT_KIND_DISABLED: the clock does not deliver any more
 *
 * What has happened to a clock or to one of its timers.
 */
typedef enum
{
  VCLOCK_EVENT_KIND_ARMED,
  VCLOCK_EVENT_KIND_REARMED,
  VCLOCK_EVENT_KIND_DISARMED,
  VCLOCK_EVENT_KIND_EXPIRED,
  VCLOCK_EVENT_KIND_RESET,
  VCLOCK_EVENT_KIND_WARP,
  VCLOCK_EVENT_KIND_PAUSED,
  VCLOCK_EVENT_KIND_RESUMED,
  VCLOCK_EVENT_KIND_RATE,
  VCLOCK_EVENT_KIND_PARENT,
  VCLOCK_EVENT_KIND_ENABLED,
  VCLOCK_EVENT_KIND_DISABLED,
} VclockEventKind;

#define VCLOCK_TYPE_EVENT (vclock_event_get_type ())

VCLOCK_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VclockEvent, vclock_event, VCLOCK, EVENT, GObject)

VCLOCK_AVAILABLE_IN_ALL
VclockEventKind  vclock_event_get_kind         (VclockEvent *self);

VCLOCK_AVAILABLE_IN_ALL
VclockTime       vclock_event_get_time         (VclockEvent *self);

VCLOCK_AVAILABLE_IN_ALL
guint            vclock_event_get_clock_number (VclockEvent *self);

VCLOCK_AVAILABLE_IN_ALL
const char      *vclock_event_get_clock_name   (VclockEvent *self);

VCLOCK_AVAILABLE_IN_ALL
guint            vclock_event_get_timer_number (VclockEvent *self);

VCLOCK_AVAILABLE_IN_ALL
const char      *vclock_event_get_timer_name   (VclockEvent *self);

VCLOCK_AVAILABLE_IN_ALL
VclockTime       vclock_event_get_deadline     (VclockEvent *self);

VCLOCK_AVAILABLE_IN_ALL
VclockTime       vclock_event_get_lateness     (VclockEvent *self);

VCLOCK_AVAILABLE_IN_ALL
guint64          vclock_event_get_overruns     (VclockEvent *self);

VCLOCK_AVAILABLE_IN_ALL
VclockTime       vclock_event_get_old_time     (VclockEvent *self);

VCLOCK_AVAILABLE_IN_ALL
VclockTime       vclock_event_get_new_time     (VclockEvent *self);

VCLOCK_AVAILABLE_IN_ALL
gboolean         vclock_event_get_rate         (VclockEvent *self,
                                                gint64      *numerator,
                                                gint64      *denominator);

VCLOCK_AVAILABLE_IN_ALL
const char      *vclock_event_get_parent_name  (VclockEvent *self);

VCLOCK_AVAILABLE_IN_ALL
char            *vclock_event_to_string        (VclockEvent *self);

G_END_DECLS
