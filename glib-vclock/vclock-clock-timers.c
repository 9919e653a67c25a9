/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-pass-private.h>

/* What a clock says of its timers, and running them without a main loop. */

/**
 * vclock_clock_has_timers:
 * @self: a clock
 *
 * Says whether any timer of this clock is armed, in any context.
 *
 * Returns: whether a timer is armed
 */
gboolean
vclock_clock_has_timers (VclockClock *self)
{
  GPtrArray *queues;
  gboolean has_timers = FALSE;

  g_return_val_if_fail (VCLOCK_IS_CLOCK (self), FALSE);

  vclock_lock ();
  queues = vclock_clock_get_queues (self);
  for (guint i = 0; i < queues->len && !has_timers; i++)
    has_timers = !vclock_timer_queue_is_empty (g_ptr_array_index (queues, i));
  vclock_unlock ();

  return has_timers;
}

/**
 * vclock_clock_has_expired:
 * @self: a clock
 *
 * Says whether the deadline of any timer of this clock has been reached, in any context.
 *
 * Returns: whether a timer is due and has not been called yet
 */
gboolean
vclock_clock_has_expired (VclockClock *self)
{
  GPtrArray *queues;
  VclockTime now;
  gboolean has_expired = FALSE;

  g_return_val_if_fail (VCLOCK_IS_CLOCK (self), FALSE);
  now = vclock_clock_get_time (self);

  vclock_lock ();
  queues = vclock_clock_get_queues (self);
  for (guint i = 0; i < queues->len && !has_expired; i++)
    has_expired = vclock_timer_queue_has_due (g_ptr_array_index (queues, i), now);
  vclock_unlock ();

  return has_expired;
}

/**
 * vclock_clock_get_deadline:
 * @self: a clock
 * @without: timers with any of these attributes are left out
 *
 * Gets the next deadline of all timers of this clock, in all contexts.
 *
 * Leaving out timers takes time that grows with the number of armed timers.
 *
 * In QEMU: `qemu_clock_deadline_ns_all ()`, which gives a span and -1 for none.
 *
 * Returns: the deadline in nanoseconds, which may have passed; [const@Vclock.TIME_NEVER] without
 *   timers
 */
VclockTime
vclock_clock_get_deadline (VclockClock           *self,
                           VclockTimerAttributes  without)
{
  GPtrArray *queues;
  VclockTime deadline = VCLOCK_TIME_NEVER;

  g_return_val_if_fail (VCLOCK_IS_CLOCK (self), VCLOCK_TIME_NEVER);

  vclock_lock ();
  queues = vclock_clock_get_queues (self);
  for (guint i = 0; i < queues->len; i++)
    {
      VclockTimerQueue *queue = g_ptr_array_index (queues, i);

      deadline = MIN (deadline, vclock_timer_queue_get_deadline (queue, without));
    }
  vclock_unlock ();

  return deadline;
}

/* Wakes the context of a queue that sleeps if what was planned has passed: the host has been
 * suspended, or its clock has been set. Without the lock, for the clock is read; the caller has
 * a use of the queue. */
void
vclock_clock_wake_overdue (VclockTimerQueue *queue)
{
  VclockTime now = vclock_clock_get_time (queue->clock);

  vclock_lock ();
  if (queue->planned <= now && queue->changed != NULL)
    queue->changed (queue);
  vclock_unlock ();
}

/* How a pass without a main loop compares the timers of a clock that says it is @now: by their
 * deadlines. @at_loop is of that pass, and 0. */
void
vclock_clock_map_here (VclockDueMap *map,
                       VclockTime    now,
                       VclockTime   *at_loop)
{
  map->pass = 0;
  map->now = map->at = now;
  map->span = VCLOCK_DUE_MAP_SPAN;
  map->at_loop = at_loop;
  map->translate = NULL;
}

/* With the lock: takes what is due of the clock's own timers and can be called by this thread;
 * before a reset, also what it could call if the clock were enabled, since it stays due. */
void
vclock_clock_take_due_here (VclockClock        *self,
                            const VclockDueMap *map)
{
  GPtrArray *queues = vclock_clock_get_queues (self);

  for (guint i = 0; i < queues->len; i++)
    {
      VclockTimerQueue *queue = g_ptr_array_index (queues, i);

      if (vclock_pass_owns (queue) && (queue->enabled || map->pass == 0))
        vclock_timer_queue_take_due (queue, map);
    }
}

/**
 * vclock_clock_run_timers:
 * @self: a clock
 *
 * Lets the timers of this clock that are due expire now, for those who have no main loop.
 *
 * These are the timers made for the calling thread's thread-default main context, if no other
 * thread runs it, and for contexts that the calling thread runs. Timers of other contexts are left
 * to those. A timer that is armed for a past deadline by a callback expires in the next call. A
 * source of [func@Vclock.TimerSource.new] becomes ready, and is dispatched when its context runs.
 *
 * Does nothing while the clock is disabled.
 *
 * In QEMU: `qemu_clock_run_timers ()`.
 *
 * Returns: how many timers expired
 */
guint
vclock_clock_run_timers (VclockClock *self)
{
  GPtrArray *queues;
  VclockDueMap map;
  VclockTime at_loop = 0;
  VclockTimerEntry *entry;
  GMainContext *here;
  VclockPass pass;
  guint n_expired = 0;

  g_return_val_if_fail (VCLOCK_IS_CLOCK (self), 0);
  queues = vclock_clock_get_queues (self);

  g_object_ref (self);
  here = vclock_pass_begin_here ();
  vclock_clock_map_here (&map, vclock_clock_get_time (self), &at_loop);

  vclock_lock ();
  vclock_pass_begin (&pass);
  map.pass = pass.number;
  vclock_clock_take_due_here (self, &map);
  while ((entry = vclock_pass_peek_here (&pass, queues, NULL)) != NULL)
    {
      n_expired++;
      vclock_pass_call (&pass, entry);
    }
  vclock_pass_end (&pass);
  vclock_clock_replan_locked (self);
  vclock_unlock ();

  vclock_pass_end_here (here);
  g_object_unref (self);

  return n_expired;
}
