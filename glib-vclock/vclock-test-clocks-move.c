/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib-vclock/vclock-error.h>
#include <glib-vclock/vclock-test-clocks-private.h>
#include <glib-vclock/vclock-virtual-clock-private.h>

/* What happens to time in a test. */

#define SECONDS_PER_DAY ((gint64) 24 * 60 * 60)
#define MAX_DAYS        3653 /* that the next transition may be away */

/**
 * vclock_test_clocks_advance:
 * @self: the clocks of a test
 * @span: how far, in nanoseconds, at least 0
 *
 * Lets time go on for all clocks, stopping at each deadline on the way.
 *
 * It is [method@Vclock.VirtualClock.advance] of [property@Vclock.TestClocks:boottime].
 */
void
vclock_test_clocks_advance (VclockTestClocks *self,
                            VclockTime        span)
{
  g_return_if_fail (VCLOCK_IS_TEST_CLOCKS (self));
  g_return_if_fail (span >= 0);

  vclock_virtual_clock_advance (self->boottime, span);
}

/**
 * vclock_test_clocks_advance_settled:
 * @self: the clocks of a test
 * @span: how far, in nanoseconds, at least 0
 *
 * Lets time go on for all clocks, stopping at each deadline on the way, as the main context
 * settles.
 *
 * It is [method@Vclock.VirtualClock.advance_settled] of [property@Vclock.TestClocks:boottime]. What
 * timers set going in the thread-default main context, idles and finished tasks, has happened
 * before time goes on.
 */
void
vclock_test_clocks_advance_settled (VclockTestClocks *self,
                                    VclockTime        span)
{
  g_return_if_fail (VCLOCK_IS_TEST_CLOCKS (self));
  g_return_if_fail (span >= 0);

  vclock_virtual_clock_advance_settled (self->boottime, span);
}

/**
 * vclock_test_clocks_set_wall_time:
 * @self: the clocks of a test
 * @time: the new time, in nanoseconds since 1970
 *
 * Sets the wall clock, as a person does.
 *
 * It says so by [signal@Vclock.Clock::reset], and its timers that are due now expire; no other
 * clock is touched. For a [struct@GLib.DateTime] the time is
 * `g_date_time_to_unix (date) * VCLOCK_NSEC_PER_SEC`.
 */
void
vclock_test_clocks_set_wall_time (VclockTestClocks *self,
                                  VclockTime        time)
{
  g_return_if_fail (VCLOCK_IS_TEST_CLOCKS (self));

  vclock_virtual_clock_jump (self->wall, time);
}

/**
 * vclock_test_clocks_step_wall_time:
 * @self: the clocks of a test
 * @span: how far, in nanoseconds; negative for backwards
 *
 * Steps the wall clock from where it is, as NTP does to a clock that is wrong.
 *
 * It says so by [signal@Vclock.Clock::reset], and its timers that are due now expire; no other
 * clock is touched.
 */
void
vclock_test_clocks_step_wall_time (VclockTestClocks *self,
                                   VclockTime        span)
{
  g_return_if_fail (VCLOCK_IS_TEST_CLOCKS (self));

  vclock_virtual_clock_jump (self->wall,
                             vclock_time_add (vclock_clock_get_time (VCLOCK_CLOCK (self->wall)),
                                              span));
}

/**
 * vclock_test_clocks_suspend:
 * @self: the clocks of a test
 * @span: for how long, in nanoseconds, at least 0
 *
 * Suspends the machine and resumes it, as Linux does.
 *
 * Meanwhile the monotonic clock, and the virtual one that follows it, stand still; boottime and the
 * wall clock are later by @span at once. No clock emits [signal@Vclock.Clock::reset]. On resume
 * what is due expires, once each, and periodic timers are told how many periods they missed.
 */
void
vclock_test_clocks_suspend (VclockTestClocks *self,
                            VclockTime        span)
{
  g_return_if_fail (VCLOCK_IS_TEST_CLOCKS (self));
  g_return_if_fail (span >= 0);

  vclock_virtual_clock_lapse (self->boottime, span, self->monotonic);
}

/**
 * vclock_test_clocks_stall:
 * @self: the clocks of a test
 * @span: for how long, in nanoseconds, at least 0
 *
 * Lets time go on while nothing runs, as if a callback had taken @span or the process had been
 * stopped.
 *
 * All clocks are later by @span at once, without [signal@Vclock.Clock::reset]. Then what is due
 * expires in the order of deadlines, once each, late, and periodic timers are told how many periods
 * they missed. What those callbacks arm for the past, and periods that
 * [enum@Vclock.OverrunPolicy] leaves to be made up for, come with the next advance.
 */
void
vclock_test_clocks_stall (VclockTestClocks *self,
                          VclockTime        span)
{
  g_return_if_fail (VCLOCK_IS_TEST_CLOCKS (self));
  g_return_if_fail (span >= 0);

  vclock_virtual_clock_lapse (self->boottime, span, NULL);
}

static int
get_offset (GTimeZone *zone,
            gint64     seconds)
{
  return g_time_zone_get_offset (zone,
                                 g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, seconds));
}

/* The first second after @seconds that has another offset than it, G_MAXINT64 if there is none. */
static gint64
find_transition (GTimeZone *zone,
                 gint64     seconds)
{
  int offset = get_offset (zone, seconds);
  gint64 before = seconds;
  gint64 after = seconds;

  for (guint i = 0; i < MAX_DAYS && get_offset (zone, after) == offset; i++)
    {
      before = after;
      after += SECONDS_PER_DAY;
    }

  if (get_offset (zone, after) == offset)
    return G_MAXINT64;

  while (after - before > 1)
    {
      gint64 middle = before + (after - before) / 2;

      if (get_offset (zone, middle) == offset)
        before = middle;
      else
        after = middle;
    }

  return after;
}

/**
 * vclock_test_clocks_advance_to_transition:
 * @self: the clocks of a test
 * @zone: a time zone
 * @offset: (out) (optional): what local time is ahead of UTC from then on, in seconds
 * @error: return location for an error
 *
 * Lets time go on for all clocks until the zone's offset from UTC changes next: daylight saving
 * begins or ends.
 *
 * The wall clock must follow boottime at a rate of 1. Its time is UTC and does not jump: what
 * changes is the local time that is made of it. Fails with [error@Vclock.Error.TEST_FAILED] if the
 * zone's offset stays the same for ten years.
 *
 * Returns: whether there is such a change
 */
gboolean
vclock_test_clocks_advance_to_transition (VclockTestClocks  *self,
                                          GTimeZone         *zone,
                                          int               *offset,
                                          GError           **error)
{
  VclockTime now;
  gint64 transition;

  g_return_val_if_fail (VCLOCK_IS_TEST_CLOCKS (self), FALSE);
  g_return_val_if_fail (zone != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  now = vclock_clock_get_time (VCLOCK_CLOCK (self->wall));
  transition = find_transition (zone,
                                (gint64) vclock_wide_divide_down (now, VCLOCK_NSEC_PER_SEC));
  if (transition == G_MAXINT64)
    {
      g_set_error (error, VCLOCK_ERROR, VCLOCK_ERROR_TEST_FAILED,
                   _("The time zone “%s” has the same offset from UTC for ten years from now on"),
                   g_time_zone_get_identifier (zone));
      return FALSE;
    }

  vclock_virtual_clock_advance (self->boottime,
                                vclock_time_subtract (vclock_time_from_scale (transition,
                                                                              VCLOCK_SCALE_S),
                                                      now));
  if (offset != NULL)
    *offset = get_offset (zone, transition);

  return TRUE;
}
