/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-tick-clock.h>
#include <glib-vclock/vclock-tick-counter-private.h>

G_BEGIN_DECLS

typedef struct
{
  VclockTickCounter *counter; /* (owned) */

  /* Of the thread that ticks: below limit ticks nothing is due if nobody has changed anything since
   * it was found. The limit is never less than the count. */
  guint64 limit;
  guint64 seen;
  guint64 n_slow;             /* how often it was not so */

  /* Guarded by the lock. Real time is that of CLOCK_MONOTONIC - real_zero, so that the clock is
   * ahead of it by its own time - real time. */
  guint      n_ticking;       /* ticks under way that call timers */
  VclockTime real_zero;
  VclockTime paused_at;       /* on CLOCK_MONOTONIC; never while the clock is not paused */
  VclockTime alignment;       /* or never */
  VclockTime tolerance;       /* or never */
  VclockTime last_ahead;
  VclockTime next_real;       /* when to adjust the rate, in real time and in the clock's */
  VclockTime next_virtual;
} VclockTickClockPrivate;

typedef enum
{
  PROP_ALIGNMENT = 1,
  PROP_ADAPTIVE_TOLERANCE,
} VclockTickClockProperty;

extern GParamSpec *vclock_tick_clock_props[PROP_ADAPTIVE_TOLERANCE + 1];

VclockTickClockPrivate *vclock_tick_clock_get_private  (VclockTickClock        *self);

guint                   vclock_tick_clock_adjust_shift (guint                   shift,
                                                        VclockTime              ahead,
                                                        VclockTime              last_ahead,
                                                        VclockTime              tolerance);

/* With the lock. */
VclockTime              vclock_tick_clock_get_real     (VclockTickClockPrivate *priv);

/* Without it. */
void                    vclock_tick_clock_follow_real  (VclockTickClock        *self);
void                    vclock_tick_clock_stop_real    (VclockTickClock        *self);

G_END_DECLS
