/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-time.h>

G_BEGIN_DECLS

/* All arithmetic on time saturates: G_MININT64 is earlier than all, VCLOCK_TIME_NEVER later than
 * all, and what is never stays never. */

#define VCLOCK_N_HOST_CLOCKS (VCLOCK_HOST_CLOCK_REALTIME + 1)

typedef __int128 VclockWide;

static inline VclockTime
vclock_time_from_wide (VclockWide wide)
{
  return (VclockTime) CLAMP (wide, (VclockWide) G_MININT64, (VclockWide) VCLOCK_TIME_NEVER);
}

/* The time since a counter of @frequency counts in a second was 0; rounds down, as clocks do. */
static inline VclockTime
vclock_time_from_count (gint64 count,
                        gint64 frequency)
{
  return vclock_time_from_wide ((VclockWide) count * VCLOCK_NSEC_PER_SEC / frequency);
}

static inline VclockTime
vclock_time_add (VclockTime time,
                 VclockTime span)
{
  VclockTime sum;

  if (time == VCLOCK_TIME_NEVER || span == VCLOCK_TIME_NEVER)
    return VCLOCK_TIME_NEVER;

  if (__builtin_add_overflow (time, span, &sum))
    return span > 0 ? VCLOCK_TIME_NEVER : G_MININT64;

  return sum;
}

static inline VclockTime
vclock_time_subtract (VclockTime time,
                      VclockTime span)
{
  VclockTime difference;

  if (time == VCLOCK_TIME_NEVER)
    return VCLOCK_TIME_NEVER;

  if (__builtin_sub_overflow (time, span, &difference))
    return span < 0 ? VCLOCK_TIME_NEVER : G_MININT64;

  return difference;
}

static inline VclockWide
vclock_wide_divide_down (VclockWide dividend,
                         VclockWide divisor)
{
  VclockWide quotient = dividend / divisor;

  return quotient - (dividend % divisor != 0 && (dividend < 0) != (divisor < 0));
}

static inline VclockWide
vclock_wide_divide_up (VclockWide dividend,
                       VclockWide divisor)
{
  return -vclock_wide_divide_down (-dividend, divisor);
}

/* Nanoseconds in one unit of a scale. */
static inline VclockTime
vclock_scale_get_unit (VclockScale scale)
{
  static const VclockTime units[] = {
    [VCLOCK_SCALE_NS] = 1,
    [VCLOCK_SCALE_US] = VCLOCK_NSEC_PER_USEC,
    [VCLOCK_SCALE_MS] = VCLOCK_NSEC_PER_MSEC,
    [VCLOCK_SCALE_S] = VCLOCK_NSEC_PER_SEC,
  };

  return units[scale];
}

static inline VclockTime
vclock_time_from_scale (gint64      value,
                        VclockScale scale)
{
  if (G_LIKELY (scale == VCLOCK_SCALE_NS))
    return value;

  return vclock_time_from_wide ((VclockWide) value * vclock_scale_get_unit (scale));
}

/* Rounds up, so that waiting for the result never ends early. */
static inline gint64
vclock_time_to_scale (VclockTime  time,
                      VclockScale scale)
{
  if (time == VCLOCK_TIME_NEVER)
    return VCLOCK_TIME_NEVER;

  return (gint64) vclock_wide_divide_up (time, vclock_scale_get_unit (scale));
}

G_END_DECLS
