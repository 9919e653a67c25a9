/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-error.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-pass-private.h>
#include <glib-vclock/vclock-virtual-clock-private.h>
#include <inttypes.h>

#define PRIV(self) (vclock_virtual_clock_get_private (self))

/* Moving the clock: what follows works on the clock and on those that follow it, its subtree. A
 * follower of a virtual clock is a virtual clock. */

static GPtrArray *
get_queues (VclockVirtualClock *self)
{
  return vclock_clock_get_queues (VCLOCK_CLOCK (self));
}

static VclockTime
get_queue_next_here (VclockTimerQueue *queue,
                     VclockTime        now)
{
  return vclock_pass_is_here (queue) ? vclock_timer_queue_get_next (queue, FALSE, now)
                                     : VCLOCK_TIME_NEVER;
}

/* The next of the deadlines that @get_queue_next gives for the queues of the subtree, as a time of
 * @self, which is @now. */
VclockTime
vclock_virtual_clock_get_next (VclockVirtualClock  *self,
                               VclockTime           now,
                               VclockTime        (* get_queue_next) (VclockTimerQueue *queue,
                                                                     VclockTime        now))
{
  GPtrArray *queues = get_queues (self);
  GPtrArray *followers = vclock_clock_get_followers (VCLOCK_CLOCK (self));
  VclockTime next = VCLOCK_TIME_NEVER;

  for (guint i = 0; i < queues->len; i++)
    next = MIN (next, get_queue_next (g_ptr_array_index (queues, i), now));

  for (guint i = 0; i < followers->len; i++)
    {
      VclockVirtualClock *follower = g_ptr_array_index (followers, i);
      VclockTime follower_now = vclock_virtual_clock_to_time (PRIV (follower), now);
      VclockTime follower_next = vclock_virtual_clock_get_next (follower, follower_now,
                                                                get_queue_next);

      /* What is due is so also where time stands still, and at the end of time. */
      if (follower_next <= follower_now && follower_next != VCLOCK_TIME_NEVER)
        next = MIN (next, MIN (now, VCLOCK_TIME_NEVER - 1));
      else
        next = MIN (next, vclock_virtual_clock_to_parent (PRIV (follower), follower_next));
    }

  return next;
}

/* The next that this thread can call, while the clock is moved. */
static VclockTime
get_next_here (VclockVirtualClock *self)
{
  return vclock_virtual_clock_get_next (self, PRIV (self)->base, get_queue_next_here);
}

/* The map of a follower, over those of the clocks that it follows. */
typedef struct
{
  VclockDueMap               map;
  VclockVirtualClockPrivate *priv;
  const VclockDueMap        *parent;
} FollowerMap;

/* When a deadline that has been reached was, on the clock that moves: where time stands still,
 * now. */
static VclockTime
translate_due (const VclockDueMap *map,
               VclockTime          deadline)
{
  const FollowerMap *self = (const FollowerMap *) map;

  if (vclock_virtual_clock_stands (self->priv))
    return map->at;

  deadline = vclock_virtual_clock_to_parent (self->priv, deadline);

  return self->parent->translate != NULL ? self->parent->translate (self->parent, deadline)
                                         : deadline;
}

/* Takes what is due in the subtree and can be called by this thread. @map is that of @self;
 * those of the followers lead to the same times, so that entries of all can be compared. */
static void
take_due (VclockVirtualClock *self,
          const VclockDueMap *map)
{
  GPtrArray *followers = vclock_clock_get_followers (VCLOCK_CLOCK (self));

  vclock_clock_take_due_here (VCLOCK_CLOCK (self), map);
  for (guint i = 0; i < followers->len; i++)
    {
      VclockVirtualClock *follower = g_ptr_array_index (followers, i);
      FollowerMap follower_map = { *map, PRIV (follower), map };

      if (map->pass == 0 && vclock_virtual_clock_stands (PRIV (follower)))
        continue; /* it does not jump */

      follower_map.map.now = vclock_virtual_clock_to_time (PRIV (follower), map->now);
      follower_map.map.translate = translate_due;
      take_due (follower, &follower_map.map);
    }
}

static VclockTimerEntry *
peek_here (VclockVirtualClock *self,
           const VclockPass   *pass,
           VclockTimerEntry   *best)
{
  GPtrArray *followers = vclock_clock_get_followers (VCLOCK_CLOCK (self));

  best = vclock_pass_peek_here (pass, get_queues (self), best);
  for (guint i = 0; i < followers->len; i++)
    best = peek_here (g_ptr_array_index (followers, i), pass, best);

  return best;
}

/* Calls what is due now, at most @limit entries; returns how many were called. */
static guint64
run_pass (VclockVirtualClock *self,
          VclockPass         *pass,
          guint64             limit)
{
  VclockDueMap map;
  VclockTime at_loop = 0;
  VclockTimerEntry *entry;
  guint64 n_expired = 0;

  vclock_clock_map_here (&map, PRIV (self)->base, &at_loop);
  map.pass = pass->number;
  take_due (self, &map);
  while (n_expired < limit && (entry = peek_here (self, pass, NULL)) != NULL)
    {
      n_expired++;
      vclock_pass_call (pass, entry);
    }

  return n_expired;
}

static void
run_one_pass (VclockVirtualClock *self)
{
  VclockPass pass;

  vclock_pass_begin (&pass);
  run_pass (self, &pass, G_MAXUINT64);
  vclock_pass_end (&pass);
}

/* Stops the clock, so that only the caller moves it, and takes the lock. */
void
vclock_virtual_clock_begin_move (VclockVirtualClock *self)
{
  vclock_virtual_clock_rebase (PRIV (self), vclock_virtual_clock_lock (PRIV (self)));
  PRIV (self)->n_moves++;
  PRIV (self)->sleep_from = VCLOCK_TIME_NEVER;
}

/* Lets time go on from where it is now, and releases the lock. */
void
vclock_virtual_clock_end_move (VclockVirtualClock *self)
{
  VclockVirtualClockPrivate *priv = PRIV (self);
  VclockTime parent_time;

  vclock_unlock ();
  parent_time = vclock_virtual_clock_lock (priv);
  vclock_virtual_clock_rebase (priv, parent_time);
  priv->n_moves--;
  vclock_clock_replan_locked (VCLOCK_CLOCK (self));
  vclock_unlock ();
}

typedef struct
{
  VclockVirtualClock *self; /* (owned) */
  GMainContext       *here; /* (owned) (nullable) */
} Move;

/* A move without a main loop. */
static Move
begin_move (VclockVirtualClock *self)
{
  Move move = { g_object_ref (self), vclock_pass_begin_here () };

  vclock_virtual_clock_begin_move (self);

  return move;
}

static void
end_move (Move move)
{
  vclock_virtual_clock_end_move (move.self);
  vclock_pass_end_here (move.here);
  g_object_unref (move.self);
}

/* Moves on to a time, unless the clock has passed it. The fraction of a nanosecond that it has run
 * beyond its time stays: it moves by whole ones. */
void
vclock_virtual_clock_move_to (VclockVirtualClock *self,
                              VclockTime          time)
{
  VclockVirtualClockPrivate *priv = PRIV (self);

  if (time <= priv->base)
    return;

  priv->base = time;
  g_atomic_int_inc (&priv->generation);
}

static gboolean
move_to_next (VclockVirtualClock *self,
              VclockPass         *pass,
              VclockTime          target,
              guint64             limit,
              guint64            *n_expired)
{
  VclockTime next = get_next_here (self);

  if (next > target || next == VCLOCK_TIME_NEVER || PRIV (self)->base > target)
    return FALSE;

  vclock_virtual_clock_move_to (self, next);
  vclock_pass_begin_again (pass);
  *n_expired += run_pass (self, pass, limit);

  return TRUE;
}

/* Moves to the next deadline if it is not later than @target, and calls at most @limit of the
 * timers that are due there; FALSE if there is none, or if somebody has moved the clock beyond. */
gboolean
vclock_virtual_clock_move_to_next (VclockVirtualClock *self,
                                   VclockTime          target,
                                   guint64             limit,
                                   guint64            *n_expired)
{
  VclockPass pass;
  gboolean moves;

  vclock_pass_begin (&pass);
  moves = move_to_next (self, &pass, target, limit, n_expired);
  vclock_pass_end (&pass);

  return moves;
}

/* Moves from deadline to deadline up to @target, calling at most @limit timers. */
static void
advance_to (VclockVirtualClock *self,
            VclockTime          target,
            guint64             limit)
{
  guint64 n_expired = 0;
  VclockPass pass;

  vclock_pass_begin (&pass);
  while (n_expired < limit && move_to_next (self, &pass, target, limit - n_expired, &n_expired))
    ;
  vclock_pass_end (&pass);
}

/**
 * vclock_virtual_clock_advance:
 * @self: a virtual clock
 * @span: how far, in nanoseconds, at least 0
 *
 * Moves the clock on, stopping at each deadline on the way.
 *
 * Each callback sees the time of its own deadline, in order across all timers of the clock and of
 * those that follow it; timers armed on the way take part. The parent's time does not count
 * meanwhile: at the end the clock has moved by exactly @span. A callback may move the clock too;
 * the outer call then goes on if there is anything left of its span, and ends at once if the clock
 * has gone beyond: what became due since then waits. A paused clock advances and stays paused.
 *
 * In QEMU: `qemu_clock_advance_virtual_time ()`.
 */
void
vclock_virtual_clock_advance (VclockVirtualClock *self,
                              VclockTime          span)
{
  VclockTime target;
  Move move;

  g_return_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self));
  g_return_if_fail (span >= 0);

  move = begin_move (self);
  target = vclock_time_add (PRIV (self)->base, span);
  advance_to (self, target, G_MAXUINT64);
  vclock_virtual_clock_move_to (self, target);
  end_move (move);
}

/* Sets the time, says so, and calls what is due. */
void
vclock_virtual_clock_jump_to (VclockVirtualClock *self,
                              VclockTime          to)
{
  VclockVirtualClockPrivate *priv = PRIV (self);
  VclockClock *clock = VCLOCK_CLOCK (self);
  VclockTime from = priv->base;

  if (from != to)
    {
      VclockTime at_loop = 0;
      VclockDueMap map;

      vclock_clock_map_here (&map, from, &at_loop);
      take_due (self, &map);
      vclock_clock_push_reset_locked (clock, from, to);
      priv->base = to;
      priv->remainder = 0;
      g_atomic_int_inc (&priv->generation);
      vclock_unlock ();
      vclock_clock_call_reset_handlers (clock, TRUE);
      vclock_lock ();
    }

  run_one_pass (self);
}

/**
 * vclock_virtual_clock_jump:
 * @self: a virtual clock
 * @to: the new time, in nanoseconds
 *
 * Sets the clock's time at once, then lets what is due expire.
 *
 * Each due timer of the clock and of those that follow it expires once, and periodic ones are told
 * how many periods they missed; what a callback arms for the past waits for the next move. Jumping
 * backwards is allowed: deadlines stay what they are, what was due stays due, and nothing expires
 * twice. [signal@Vclock.Clock::reset] is emitted before timers expire, and before this returns if
 * the calling thread may run the clock's main context. To jump to the present time is none, and
 * only lets what is due expire.
 */
void
vclock_virtual_clock_jump (VclockVirtualClock *self,
                           VclockTime          to)
{
  Move move;

  g_return_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self));

  move = begin_move (self);
  vclock_virtual_clock_jump_to (self, to);
  end_move (move);
}

/**
 * vclock_virtual_clock_step:
 * @self: a virtual clock
 *
 * Advances the clock to the next deadline of a timer that this thread can call, and calls what is
 * due then, each timer once. The timers are those of the clock and of those that follow it. If one
 * is due already the clock stays where it is.
 *
 * Returns: whether there was a deadline to go to
 */
gboolean
vclock_virtual_clock_step (VclockVirtualClock *self)
{
  guint64 n_expired = 0;
  gboolean steps;
  Move move;

  g_return_val_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self), FALSE);

  move = begin_move (self);
  steps = vclock_virtual_clock_move_to_next (self, VCLOCK_TIME_NEVER, G_MAXUINT64, &n_expired);
  end_move (move);

  return steps;
}

/* Lets time pass unseen, as a main loop finds it that could not run: it is later by @span at once,
 * which is no reset, and then what is due is called, once each. If @stands is not NULL, that clock
 * and those that follow it do not go on meanwhile. */
void
vclock_virtual_clock_lapse (VclockVirtualClock *self,
                            VclockTime          span,
                            VclockVirtualClock *stands)
{
  Move move;

  if (stands != NULL)
    {
      vclock_virtual_clock_begin_move (stands);
      vclock_unlock ();
    }

  move = begin_move (self);
  vclock_virtual_clock_move_to (self, vclock_time_add (PRIV (self)->base, span));
  if (stands != NULL)
    {
      vclock_virtual_clock_end_move (stands);
      vclock_lock ();
    }
  run_one_pass (self);
  end_move (move);
}

/* Whether no timer is left; if there is one, says so in @error, and releases the lock meanwhile. */
gboolean
vclock_virtual_clock_check_idle (VclockVirtualClock  *self,
                                 guint64              limit,
                                 GError             **error)
{
  g_autofree char *timers = NULL;

  if (get_next_here (self) == VCLOCK_TIME_NEVER)
    return TRUE;

  vclock_unlock ();
  timers = vclock_clock_describe_timers (VCLOCK_CLOCK (self), NULL);
  g_set_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LIMIT,
               _("Timers are still armed after %" PRIu64 " have expired; "
                 "a periodic timer never ends by itself:\n%s"),
               (uint64_t) limit, timers);
  vclock_lock ();

  return FALSE;
}

/**
 * vclock_virtual_clock_run_until_idle:
 * @self: a virtual clock
 * @limit: how many timers may expire
 * @error: return location for an error
 *
 * Advances the clock from deadline to deadline until no timer is armed that this thread can call.
 *
 * A timer armed for never does not count. If timers are still armed after @limit have expired,
 * because some arm themselves again and again, it fails with [error@Vclock.Error.LIMIT] and lists
 * them, as [method@Vclock.Clock.check_disarmed] does; the clock stays where it has come to. Timers
 * that a callback lets expire, by moving a clock itself, do not count.
 *
 * Returns: whether the clock has become idle
 */
gboolean
vclock_virtual_clock_run_until_idle (VclockVirtualClock  *self,
                                     guint64              limit,
                                     GError             **error)
{
  gboolean idle;
  Move move;

  g_return_val_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  move = begin_move (self);
  advance_to (self, VCLOCK_TIME_NEVER, limit);
  idle = vclock_virtual_clock_check_idle (self, limit, error);
  end_move (move);

  return idle;
}
