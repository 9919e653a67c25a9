/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-quiet-private.h>
#include <glib-vclock/vclock-time-private.h>
#include <glib-vclock/vclock-timer-queue-private.h>
#include <glib-vclock/vclock-virtual-clock.h>

G_BEGIN_DECLS

typedef struct
{
  VclockClock *parent;     /* (owned) (nullable): read when held, or with the lock */
  gboolean     keeps_parent; /* it is no one's to change */
  guint        n_readers;  /* atomic: threads that read a parent without the lock */
  GPtrArray   *former;     /* (element-type VclockClock) (owned): who may still be read */

  /* Guarded by the lock. The time is base + (parent's time - parent_base) * numerator /
   * denominator, or base while the clock stands. */
  VclockTime   base;
  VclockTime   parent_base;
  VclockTime   parent_time;    /* the latest that somebody has read */
  guint        parent_resets;  /* how often it had jumped then */
  VclockWide   remainder;  /* what base lacks, in nanoseconds / denominator; below 1 */
  gint64       numerator;
  gint64       denominator;
  gboolean     paused;
  guint        n_moves;    /* advances under way; the clock stands meanwhile */
  guint        generation; /* atomic: how often the above has changed */

  /* Guarded by the lock: vclock-virtual-clock-warp.c. */
  VclockWarpMode     warp_mode;
  VclockTime         warp_threshold; /* of real time */
  guint              n_inhibitors;
  VclockQuietWaiter *waiter;         /* (owned) (nullable): while it may warp */
  guint              quiet_round;    /* in which all look again; 0 for none */
  VclockTime         sleep_from;     /* on CLOCK_MONOTONIC: when sleeping began, or never */
  VclockTime         sleep_base;     /* the clock's time then */
  guint64            deadlock_told;  /* how often a timer had been armed when it was last told */
  gboolean           tells_deadlock; /* it is about to be */
} VclockVirtualClockPrivate;

/* So that all products fit in 128 bits. */
#define VCLOCK_RATE_MAX (G_GINT64_CONSTANT (1) << 62)

VclockVirtualClockPrivate *vclock_virtual_clock_get_private (VclockVirtualClock *self);

void         vclock_virtual_clock_replace_default (VclockVirtualClock *clock);

/* Without the lock: the parent, which stays alive until it is let go. */
VclockClock *vclock_virtual_clock_hold_parent    (VclockVirtualClockPrivate *priv);
void         vclock_virtual_clock_let_parent_go  (VclockVirtualClockPrivate *priv);

/* Takes the lock and returns the parent's time. */
VclockTime   vclock_virtual_clock_lock           (VclockVirtualClockPrivate *priv);

/* With the lock. */
gboolean     vclock_virtual_clock_stands         (VclockVirtualClockPrivate *priv);
const char  *vclock_virtual_clock_why_stands     (VclockClock               *clock);
VclockTime   vclock_virtual_clock_to_time        (VclockVirtualClockPrivate *priv,
                                                  VclockTime                 parent_time);
VclockTime   vclock_virtual_clock_to_parent      (VclockVirtualClockPrivate *priv,
                                                  VclockTime                 time);
void         vclock_virtual_clock_rebase         (VclockVirtualClockPrivate *priv,
                                                  VclockTime                 parent_time);
gboolean     vclock_virtual_clock_is_made_of     (VclockClock               *clock,
                                                  VclockClock               *other);
gboolean     vclock_virtual_clock_replace_parent (VclockVirtualClock        *self,
                                                  VclockClock               *parent,
                                                  VclockTime                 parent_time);
GPtrArray   *vclock_virtual_clock_steal_former   (VclockVirtualClockPrivate *priv);

/* Moving the clock: vclock-virtual-clock-move.c. With the lock, which is released while timers are
 * called, and between begin_move (), which takes it, and end_move (), which releases it. */
void         vclock_virtual_clock_begin_move     (VclockVirtualClock        *self);
void         vclock_virtual_clock_end_move       (VclockVirtualClock        *self);
VclockTime   vclock_virtual_clock_get_next       (VclockVirtualClock        *self,
                                                  VclockTime                 now,
                                                  VclockTime              (* get_queue_next)
                                                    (VclockTimerQueue *queue,
                                                     VclockTime        now));
void         vclock_virtual_clock_move_to        (VclockVirtualClock        *self,
                                                  VclockTime                 time);
gboolean     vclock_virtual_clock_move_to_next   (VclockVirtualClock        *self,
                                                  VclockTime                 target,
                                                  guint64                    limit,
                                                  guint64                   *n_expired);
void         vclock_virtual_clock_jump_to        (VclockVirtualClock        *self,
                                                  VclockTime                 to);

/* Without the lock. */
void         vclock_virtual_clock_lapse          (VclockVirtualClock        *self,
                                                  VclockTime                 span,
                                                  VclockVirtualClock        *stands);

/* With the lock. */
gboolean     vclock_virtual_clock_check_idle     (VclockVirtualClock        *self,
                                                  guint64                    limit,
                                                  GError                   **error);

/* In the clock's main context, without the lock. */
void         vclock_virtual_clock_tell_deadlock  (VclockClock               *clock);
void         vclock_virtual_clock_emit_deadlock  (VclockVirtualClock        *self,
                                                  const GError              *error);

G_END_DECLS
