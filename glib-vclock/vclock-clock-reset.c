/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-host-private.h>
#include <glib-vclock/vclock-lock-private.h>

/* Jumps of a clock, and of those that follow it: noted under the lock, told later. */

#define PRIV(self) (vclock_clock_get_private (self))

guint
vclock_clock_peek_n_resets (VclockClock *self)
{
  return PRIV (self)->n_resets;
}

/* Notes a reset that is to be emitted, and those of the clocks that follow this one and jump with
 * it. What was due just before it stays due. */
void
vclock_clock_push_reset_locked (VclockClock *self,
                                VclockTime   old_time,
                                VclockTime   new_time)
{
  VclockClockPrivate *priv = PRIV (self);
  const VclockClockReset reset = { old_time, new_time };
  const VclockDueMap map = {
    .now = old_time,
    .at = vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC),
    .span = VCLOCK_DUE_MAP_SPAN,
  };

  vclock_clock_record (self, &(VclockRecord) {
    .kind = VCLOCK_EVENT_KIND_RESET,
    .time = new_time,
    .old_time = old_time,
    .new_time = new_time,
  });
  priv->n_resets++;
  g_array_append_val (priv->resets, reset);

  for (guint i = 0; i < priv->queues->len; i++)
    vclock_timer_queue_take_due (g_ptr_array_index (priv->queues, i), &map);

  for (guint i = 0; i < priv->followers->len; i++)
    {
      VclockClock *follower = g_ptr_array_index (priv->followers, i);
      VclockTime follower_old = PRIV (follower)->kind->translate (follower, old_time);
      VclockTime follower_new = PRIV (follower)->kind->translate (follower, new_time);

      if (follower_old != follower_new)
        vclock_clock_push_reset_locked (follower, follower_old, follower_new);
    }
}

/* The sources of all in the subtree that have resets to emit: a follower may be about to be
 * finalized, its source tells. */
static void
add_reset_sources (VclockClock *self,
                   GPtrArray   *sources)
{
  VclockClockPrivate *priv = PRIV (self);

  if (priv->resets->len > 0 && priv->source != NULL)
    g_ptr_array_add (sources, vclock_clock_source_ref (priv->source));
  for (guint i = 0; i < priv->followers->len; i++)
    add_reset_sources (g_ptr_array_index (priv->followers, i), sources);
}

/* Has pending resets of the clock and its followers emitted, each in its clock's main context: at
 * once if @may_be_now and the calling thread runs it, else soon. */
void
vclock_clock_call_reset_handlers (VclockClock *self,
                                  gboolean     may_be_now)
{
  g_autoptr (GPtrArray) sources = NULL;

  sources = g_ptr_array_new_with_free_func ((GDestroyNotify) vclock_clock_source_unref);
  vclock_lock ();
  add_reset_sources (self, sources);
  vclock_unlock ();

  for (guint i = 0; i < sources->len; i++)
    {
      VclockClockSource *source = g_ptr_array_index (sources, i);

      if (may_be_now && vclock_clock_source_is_here (source))
        vclock_clock_source_run (source);
      else
        vclock_clock_source_call (source);
    }
}

/**
 * vclock_clock_get_n_resets:
 * @self: a clock
 *
 * Gets how often the clock's time has jumped since the clock was made.
 *
 * The count may be ahead of [signal@Vclock.Clock::reset], which waits for the clock's main context.
 *
 * Returns: the number of resets
 */
guint
vclock_clock_get_n_resets (VclockClock *self)
{
  guint n_resets;

  g_return_val_if_fail (VCLOCK_IS_CLOCK (self), 0);

  vclock_lock ();
  n_resets = PRIV (self)->n_resets;
  vclock_unlock ();

  return n_resets;
}

/**
 * vclock_clock_announce_reset:
 * @self: a clock
 * @old_time: the time just before, in nanoseconds
 * @new_time: the time just after, in nanoseconds
 *
 * Says that the clock's time has jumped.
 *
 * Who implements a clock calls it once for each jump. [signal@Vclock.Clock::reset] is emitted in
 * the clock's main context, later; timers that were due at @old_time stay due, and all contexts
 * plan anew. From any thread.
 */
void
vclock_clock_announce_reset (VclockClock *self,
                             VclockTime   old_time,
                             VclockTime   new_time)
{
  g_return_if_fail (VCLOCK_IS_CLOCK (self));

  vclock_lock ();
  vclock_clock_push_reset_locked (self, old_time, new_time);
  vclock_clock_replan_locked (self);
  vclock_unlock ();

  vclock_clock_call_reset_handlers (self, FALSE);
}
