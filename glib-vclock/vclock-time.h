/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VCLOCK_INSIDE) && !defined (VCLOCK_COMPILATION)
# error "Only <glib-vclock/glib-vclock.h> can be included directly."
#endif

#include <glib-object.h>

#include <glib-vclock/vclock-version-macros.h>

G_BEGIN_DECLS

/**
 * VclockTime:
 *
 * A point or a span in time, in nanoseconds.
 *
 * A point counts from the zero of the clock that it belongs to; spans and points are signed.
 * Arithmetic inside the library saturates: what would be later than
 * [const@Vclock.TIME_NEVER] is never.
 */
typedef gint64 VclockTime;

/**
 * VCLOCK_TIME_NEVER:
 *
 * The point in time that is later than all others and never comes, the largest `VclockTime`.
 */
#define VCLOCK_TIME_NEVER ((VclockTime) 9223372036854775807)

/**
 * VCLOCK_NSEC_PER_USEC:
 *
 * Nanoseconds in a microsecond.
 */
#define VCLOCK_NSEC_PER_USEC ((VclockTime) 1000)

/**
 * VCLOCK_NSEC_PER_MSEC:
 *
 * Nanoseconds in a millisecond.
 */
#define VCLOCK_NSEC_PER_MSEC ((VclockTime) 1000000)

/**
 * VCLOCK_NSEC_PER_SEC:
 *
 * Nanoseconds in a second.
 */
#define VCLOCK_NSEC_PER_SEC ((VclockTime) 1000000000)

/**
 * VclockScale:
 * @VCLOCK_SCALE_NS: nanoseconds
 * @VCLOCK_SCALE_US: microseconds
 * @VCLOCK_SCALE_MS: milliseconds
 * @VCLOCK_SCALE_S: seconds
 *
 * The unit of one timer's deadlines and spans.
 *
 * QEMU's timers have the same property. It lets languages whose numbers are exact only up to 2⁵³
 * (JavaScript) set deadlines that are years away.
 */
typedef enum
{
  VCLOCK_SCALE_NS,
  VCLOCK_SCALE_US,
  VCLOCK_SCALE_MS,
  VCLOCK_SCALE_S,
} VclockScale;

/**
 * VclockHostClock:
 * @VCLOCK_HOST_CLOCK_MONOTONIC: POSIX `CLOCK_MONOTONIC`; stands still during suspend on Linux and
 *   Windows
 * @VCLOCK_HOST_CLOCK_BOOTTIME: Linux `CLOCK_BOOTTIME`; goes on during suspend
 * @VCLOCK_HOST_CLOCK_REALTIME: POSIX `CLOCK_REALTIME`; may be set
 *
 * The clocks of the host on which an alarm's wakeups are given.
 *
 * On Windows they are the unbiased interrupt time, the interrupt time and the system time, each the
 * precise one; before Windows 10 the performance counter stands for the first two, and counts
 * suspend.
 */
typedef enum
{
  VCLOCK_HOST_CLOCK_MONOTONIC,
  VCLOCK_HOST_CLOCK_BOOTTIME,
  VCLOCK_HOST_CLOCK_REALTIME,
} VclockHostClock;

G_END_DECLS
