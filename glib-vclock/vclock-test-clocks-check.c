/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-error.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-test-clocks-private.h>
#include <glib-vclock/vclock-timer-private.h>
#include <glib-vclock/vclock-virtual-clock-private.h>

/* What a test expects, and what it finds. */

void
vclock_test_clocks_log (VclockTestClocks *self,
                        VclockTimer      *timer)
{
  const char *name = timer->entry.traits->name;

  if (name == NULL ||
      !vclock_virtual_clock_is_made_of (timer->entry.queue->clock, VCLOCK_CLOCK (self->boottime)))
    return;

  g_string_append_printf (self->expired, " %s", name);
}

static char *
format_deadline (gint64      deadline,
                 VclockScale scale)
{
  static const char *const units[] = {
    [VCLOCK_SCALE_NS] = "ns",
    [VCLOCK_SCALE_US] = "µs",
    [VCLOCK_SCALE_MS] = "ms",
    [VCLOCK_SCALE_S] = "s",
  };

  if (deadline == VCLOCK_TIME_NEVER)
    return g_strdup (_("never"));

  return g_strdup_printf ("%" G_GINT64_FORMAT " %s", deadline, units[scale]);
}

/**
 * vclock_test_clocks_check_armed:
 * @self: the clocks of a test
 * @timer: a timer
 * @deadline: when it is to expire, in the timer's scale, as a time of its clock
 * @error: return location for an error
 *
 * Checks that a timer is armed for a deadline, on one of the clocks of the test or one that follows
 * them.
 *
 * It fails with [error@Vclock.Error.TEST_FAILED], which tells the deadline that the timer has.
 *
 * Returns: whether that holds
 */
gboolean
vclock_test_clocks_check_armed (VclockTestClocks  *self,
                                VclockTimer       *timer,
                                gint64             deadline,
                                GError           **error)
{
  g_autofree char *expected = NULL;
  g_autofree char *found = NULL;
  const char *name;
  gint64 found_deadline;
  gboolean is_ours;

  g_return_val_if_fail (VCLOCK_IS_TEST_CLOCKS (self), FALSE);
  g_return_val_if_fail (VCLOCK_IS_TIMER (timer), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);
  name = vclock_timer_get_name (timer);
  if (name == NULL)
    name = G_OBJECT_TYPE_NAME (timer);
  found_deadline = vclock_timer_get_deadline (timer);
  expected = format_deadline (deadline, timer->entry.scale);
  found = format_deadline (found_deadline, timer->entry.scale);

  vclock_lock ();
  is_ours = vclock_virtual_clock_is_made_of (timer->entry.queue->clock,
                                             VCLOCK_CLOCK (self->boottime));
  vclock_unlock ();

  if (!is_ours)
    g_set_error (error, VCLOCK_ERROR, VCLOCK_ERROR_TEST_FAILED,
                 _("“%s” is a timer of a clock that is none of the test's"), name);
  else if (!vclock_timer_is_armed (timer))
    g_set_error (error, VCLOCK_ERROR, VCLOCK_ERROR_TEST_FAILED,
                 _("“%s” expected to be armed for %s; found: disarmed"), name, expected);
  else if (found_deadline != deadline)
    g_set_error (error, VCLOCK_ERROR, VCLOCK_ERROR_TEST_FAILED,
                 _("“%s” expected to be armed for %s; found: %s"), name, expected, found);
  else
    return TRUE;

  return FALSE;
}

/**
 * vclock_test_clocks_check_expired:
 * @self: the clocks of a test
 * @names: names of timers, with spaces between them; empty for none
 * @error: return location for an error
 *
 * Checks which timers have expired since [method@Vclock.TestClocks.set_up] or the last such check,
 * and in which order.
 *
 * Of the timers of the test's clocks, and of those that follow them, it tells the ones that have a
 * [property@Vclock.Timer:name], in the order in which their callbacks began. It fails with
 * [error@Vclock.Error.TEST_FAILED], which tells the order that was found.
 *
 * Returns: whether that holds
 */
gboolean
vclock_test_clocks_check_expired (VclockTestClocks  *self,
                                  const char        *names,
                                  GError           **error)
{
  g_autofree char *found = NULL;

  g_return_val_if_fail (VCLOCK_IS_TEST_CLOCKS (self), FALSE);
  g_return_val_if_fail (names != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  vclock_lock ();
  found = g_strchug (g_strdup (self->expired->str));
  g_string_truncate (self->expired, 0);
  vclock_unlock ();

  if (g_str_equal (found, names))
    return TRUE;

  g_set_error (error, VCLOCK_ERROR, VCLOCK_ERROR_TEST_FAILED,
               _("Timers expected to have expired: “%s”; found: “%s”"), names, found);

  return FALSE;
}

/**
 * vclock_test_clocks_check_n_armed:
 * @self: the clocks of a test
 * @clock: (nullable): a clock; NULL for all of the test
 * @n_armed: how many timers are to be armed
 * @error: return location for an error
 *
 * Checks how many timers are armed on a clock and those that follow it, in all contexts.
 *
 * It counts as [method@Vclock.Clock.check_disarmed] does, and fails with
 * [error@Vclock.Error.TEST_FAILED], which lists the timers that are armed.
 *
 * Returns: whether that holds
 */
gboolean
vclock_test_clocks_check_n_armed (VclockTestClocks  *self,
                                  VclockClock       *clock,
                                  guint              n_armed,
                                  GError           **error)
{
  g_autofree char *found = NULL;
  guint n;

  g_return_val_if_fail (VCLOCK_IS_TEST_CLOCKS (self), FALSE);
  g_return_val_if_fail (clock == NULL || VCLOCK_IS_CLOCK (clock), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  found = vclock_clock_describe_timers (clock != NULL ? clock : VCLOCK_CLOCK (self->boottime), &n);
  if (n == n_armed)
    return TRUE;

  g_set_error (error, VCLOCK_ERROR, VCLOCK_ERROR_TEST_FAILED,
               _("Armed timers expected: %u; found: %u%s%s"),
               n_armed, n, n > 0 ? "\n" : "", found);

  return FALSE;
}
