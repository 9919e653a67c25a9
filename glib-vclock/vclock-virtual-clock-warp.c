/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-error.h>
#include <glib-vclock/vclock-host-private.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-virtual-clock-private.h>

/* Warping: when all contexts that have timers of the clock, or of one that follows it, are quiet,
 * its time goes to the next deadline. Which of them is the last to fall quiet makes the decision;
 * see vclock-quiet.c for how that is known.
 *
 * In the mode `jump` it does so by itself. In the mode `sleep` it waits in real time: its alarm is
 * planned for when the deadline will be reached, and whoever wakes first, for whatever reason, lets
 * the clock go on by what has been slept. */

#define PRIV(self) (vclock_virtual_clock_get_private (self))

static VclockTime
get_host_time (void)
{
  return vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC);
}

/* With the lock: whether something above the clock keeps it from warping. What warps takes those
 * along that follow it. */
static gboolean
is_held_from_above (VclockVirtualClockPrivate *priv)
{
  while (VCLOCK_IS_VIRTUAL_CLOCK (priv->parent))
    {
      priv = PRIV (VCLOCK_VIRTUAL_CLOCK (priv->parent));
      if (priv->warp_mode != VCLOCK_WARP_MODE_NONE || priv->n_inhibitors > 0 || priv->n_moves > 0)
        return TRUE;
    }

  return FALSE;
}

/* With the lock: what the contexts of the clock and of its followers do. */
static void
ask_subtree (VclockVirtualClock *self,
             VclockQuietState   *state)
{
  VclockVirtualClockPrivate *priv = PRIV (self);
  GPtrArray *followers = vclock_clock_get_followers (VCLOCK_CLOCK (self));

  state->held = state->held || priv->n_inhibitors > 0 || priv->n_moves > 0;
  vclock_quiet_ask (VCLOCK_CLOCK (self), state);
  for (guint i = 0; i < followers->len; i++)
    ask_subtree (g_ptr_array_index (followers, i), state);
}

static void
wake_subtree (VclockVirtualClock *self)
{
  GPtrArray *followers = vclock_clock_get_followers (VCLOCK_CLOCK (self));

  vclock_quiet_wake (VCLOCK_CLOCK (self));
  for (guint i = 0; i < followers->len; i++)
    wake_subtree (g_ptr_array_index (followers, i));
}

static gboolean
is_quiet (VclockVirtualClock *self,
          VclockQuietState   *state)
{
  if (PRIV (self)->warp_mode == VCLOCK_WARP_MODE_NONE || is_held_from_above (PRIV (self)))
    return FALSE;

  ask_subtree (self, state);

  return !state->held && !state->busy && state->concerns_asking;
}

/* With the lock: whether all have been quiet in one and the same moment. If that is not known, and
 * nobody is finding it out, lets them find out. */
static gboolean
is_certain (VclockVirtualClock     *self,
            const VclockQuietState *state)
{
  VclockVirtualClockPrivate *priv = PRIV (self);

  if (!state->several)
    return TRUE;

  if (priv->quiet_round == 0 || state->active_round >= priv->quiet_round)
    {
      priv->quiet_round = vclock_quiet_begin_round ();
      wake_subtree (self);
    }

  return state->quiet_round >= priv->quiet_round;
}

static VclockTime
get_queue_next (VclockTimerQueue *queue,
                VclockTime        now)
{
  return vclock_quiet_is_run (queue) ? vclock_timer_queue_get_next (queue, TRUE, now)
                                     : VCLOCK_TIME_NEVER;
}

/* With the lock: the next deadline that the clock may warp to. */
static VclockTime
get_next (VclockVirtualClock *self,
          VclockTime          now)
{
  VclockVirtualClockPrivate *priv = PRIV (self);

  if (priv->paused || priv->numerator == 0)
    return VCLOCK_TIME_NEVER;

  return vclock_virtual_clock_get_next (self, now, get_queue_next);
}

/* With the lock: goes to a time that is not later than the next deadline. */
static void
warp_to (VclockVirtualClock *self,
         VclockTime          parent_time,
         VclockTime          time)
{
  VclockVirtualClockPrivate *priv = PRIV (self);
  VclockTime old_time;

  vclock_virtual_clock_rebase (priv, parent_time);
  old_time = priv->base;
  vclock_virtual_clock_move_to (self, time);
  priv->quiet_round = 0;
  if (priv->base != old_time)
    vclock_clock_record (VCLOCK_CLOCK (self), &(VclockRecord) {
      .kind = VCLOCK_EVENT_KIND_WARP,
      .time = priv->base,
      .old_time = old_time,
      .new_time = priv->base,
    });
}

/* With the lock: whether there is something to do once all are quiet: to go on to @next, or to say,
 * once until a timer is armed, that nothing can expire any more. */
static gboolean
wants_quiet (VclockVirtualClock *self,
             VclockTime          now,
             VclockTime         *next)
{
  VclockVirtualClockPrivate *priv = PRIV (self);

  *next = get_next (self, now);
  if (*next != VCLOCK_TIME_NEVER)
    return *next > now;

  return priv->deadlock_told != vclock_timer_queue_get_n_armed ();
}

/* The thread that asks has just found nothing to do; returns whether that is over now. */
static gboolean
found_nothing (VclockClock *clock,
               VclockQuiet *asking)
{
  VclockVirtualClock *self = VCLOCK_VIRTUAL_CLOCK (clock);
  VclockVirtualClockPrivate *priv = PRIV (self);
  VclockQuietState state = VCLOCK_QUIET_STATE_INIT (asking);
  VclockTime parent_time = vclock_virtual_clock_lock (priv);
  VclockTime now = vclock_virtual_clock_to_time (priv, parent_time);
  gboolean goes_on = FALSE;
  gboolean tells = FALSE;
  VclockTime next;

  if (is_quiet (self, &state) && wants_quiet (self, now, &next) &&
      (priv->warp_mode == VCLOCK_WARP_MODE_JUMP || next == VCLOCK_TIME_NEVER) &&
      get_host_time () >= vclock_time_add (state.since, priv->warp_threshold) &&
      is_certain (self, &state))
    {
      goes_on = TRUE;
      tells = next == VCLOCK_TIME_NEVER;
      if (tells)
        {
          priv->deadlock_told = vclock_timer_queue_get_n_armed ();
          priv->tells_deadlock = TRUE;
        }
      else
        {
          warp_to (self, parent_time, next);
          vclock_clock_replan_locked (clock);
        }
    }
  vclock_unlock ();

  if (tells)
    vclock_clock_tell (clock);

  return goes_on;
}

/* With the lock: what the thread that is about to sleep must wake for. */
static void
plan (VclockVirtualClock *self,
      VclockQuietState   *state,
      VclockTime          now)
{
  VclockVirtualClockPrivate *priv = PRIV (self);
  VclockTime host_time = get_host_time ();
  VclockTime wakeup = vclock_time_add (state->since, priv->warp_threshold);
  VclockTime next;

  if (!wants_quiet (self, now, &next))
    return;

  if (host_time >= wakeup)
    {
      if (priv->warp_mode != VCLOCK_WARP_MODE_SLEEP || next == VCLOCK_TIME_NEVER)
        {
          /* It looks once more: only who has just looked can be certain. */
          if (is_certain (self, state))
            g_main_context_wakeup (state->asking->context);
          return;
        }

      priv->sleep_from = host_time;
      priv->sleep_base = now;
      wakeup = vclock_time_add (host_time, vclock_time_subtract (next, now));
    }

  state->asking->wakeup = MIN (state->asking->wakeup, wakeup);
}

/* The thread that asks is about to sleep, and may be the last one. */
static void
asleep (VclockClock *clock,
        VclockQuiet *asking)
{
  VclockVirtualClock *self = VCLOCK_VIRTUAL_CLOCK (clock);
  VclockQuietState state = VCLOCK_QUIET_STATE_INIT (asking);
  VclockTime parent_time = vclock_virtual_clock_lock (PRIV (self));

  if (is_quiet (self, &state))
    plan (self, &state, vclock_virtual_clock_to_time (PRIV (self), parent_time));
  else if (state.busy && !state.held && state.concerns_asking)
    asking->wakeup = MIN (asking->wakeup, vclock_quiet_get_again ());
  vclock_unlock ();
}

/* Somebody wakes: what has been slept counts, up to the next deadline. */
static void
awake (VclockClock *clock)
{
  VclockVirtualClock *self = VCLOCK_VIRTUAL_CLOCK (clock);
  VclockVirtualClockPrivate *priv = PRIV (self);
  VclockTime parent_time = vclock_virtual_clock_lock (priv);

  if (priv->sleep_from != VCLOCK_TIME_NEVER && !priv->paused)
    {
      VclockTime slept = vclock_time_subtract (get_host_time (), priv->sleep_from);
      VclockTime time = vclock_time_add (priv->sleep_base, slept);
      VclockTime next = get_next (self, vclock_virtual_clock_to_time (priv, parent_time));

      warp_to (self, parent_time, MIN (time, next));
      if (next <= time)
        vclock_clock_replan_locked (clock);
    }
  priv->sleep_from = VCLOCK_TIME_NEVER;
  vclock_unlock ();
}

static const VclockQuietFuncs quiet_funcs = {
  .found_nothing = found_nothing,
  .asleep = asleep,
  .awake = awake,
};

/* Says that nothing can expire any more, in the clock's main context. */
void
vclock_virtual_clock_tell_deadlock (VclockClock *clock)
{
  VclockVirtualClock *self = VCLOCK_VIRTUAL_CLOCK (clock);
  g_autoptr (GError) error = NULL;
  g_autofree char *timers = NULL;
  gboolean tells;

  vclock_lock ();
  tells = PRIV (self)->tells_deadlock;
  PRIV (self)->tells_deadlock = FALSE;
  vclock_unlock ();

  if (!tells)
    return;

  timers = vclock_clock_describe_timers (clock, NULL);
  g_set_error (&error, VCLOCK_ERROR, VCLOCK_ERROR_DEADLOCK,
               _("Nothing is left to do, and no timer of the clock “%s” can ever expire:\n%s"),
               vclock_clock_get_name (clock), *timers != '\0' ? timers : _("  none is armed"));
  vclock_virtual_clock_emit_deadlock (self, error);
}

/**
 * vclock_virtual_clock_get_warp_mode: (attributes org.gtk.Method.get_property=warp-mode)
 * @self: a virtual clock
 *
 * Gets what the clock does when nothing is left to do.
 *
 * Returns: the mode
 */
VclockWarpMode
vclock_virtual_clock_get_warp_mode (VclockVirtualClock *self)
{
  VclockWarpMode mode;

  g_return_val_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self), VCLOCK_WARP_MODE_NONE);

  vclock_lock ();
  mode = PRIV (self)->warp_mode;
  vclock_unlock ();

  return mode;
}

/**
 * vclock_virtual_clock_set_warp_mode: (attributes org.gtk.Method.set_property=warp-mode)
 * @self: a virtual clock
 * @mode: a mode
 *
 * Sets what the clock does when nothing is left to do.
 *
 * That is when all main contexts that have timers of this clock, or of one that follows it, are
 * *quiet*: each has dispatched whatever was ready and sleeps in its main loop, in whatever thread.
 * What is under way elsewhere, in threads without a main loop, in other processes or on the
 * network, must not be overtaken: [method@Vclock.VirtualClock.inhibit] holds the clock meanwhile.
 * A context that is never run holds it too while it has armed timers. A clock that follows one
 * that warps goes along with it and does not warp by itself; a paused one does not warp.
 *
 * From any thread, at any time.
 *
 * In QEMU: `sleep=off` and `sleep=on` of `-icount`.
 */
void
vclock_virtual_clock_set_warp_mode (VclockVirtualClock *self,
                                    VclockWarpMode      mode)
{
  VclockVirtualClockPrivate *priv;
  VclockQuietWaiter *unused = NULL;
  gboolean changed;

  g_return_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self));
  g_return_if_fail (mode >= VCLOCK_WARP_MODE_NONE && mode <= VCLOCK_WARP_MODE_SLEEP);
  priv = PRIV (self);

  if (mode != VCLOCK_WARP_MODE_NONE)
    unused = vclock_quiet_waiter_new (VCLOCK_CLOCK (self), &quiet_funcs);

  vclock_lock ();
  changed = priv->warp_mode != mode;
  priv->warp_mode = mode;
  priv->sleep_from = VCLOCK_TIME_NEVER;
  priv->deadlock_told = G_MAXUINT64;
  if (mode == VCLOCK_WARP_MODE_NONE || priv->waiter == NULL)
    {
      VclockQuietWaiter *waiter = unused;

      unused = priv->waiter;
      priv->waiter = waiter;
    }
  if (changed)
    vclock_clock_replan_locked (VCLOCK_CLOCK (self));
  vclock_unlock ();

  g_clear_pointer (&unused, vclock_quiet_waiter_free);
  if (changed)
    g_object_notify (G_OBJECT (self), "warp-mode");
}

/**
 * vclock_virtual_clock_get_warp_threshold: (attributes org.gtk.Method.get_property=warp-threshold)
 * @self: a virtual clock
 *
 * Gets for how much real time all must have been quiet before the clock warps.
 *
 * Returns: the span in nanoseconds
 */
VclockTime
vclock_virtual_clock_get_warp_threshold (VclockVirtualClock *self)
{
  VclockTime threshold;

  g_return_val_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self), 0);

  vclock_lock ();
  threshold = PRIV (self)->warp_threshold;
  vclock_unlock ();

  return threshold;
}

/**
 * vclock_virtual_clock_set_warp_threshold: (attributes org.gtk.Method.set_property=warp-threshold)
 * @self: a virtual clock
 * @threshold: a span in nanoseconds of the host's monotonic clock, at least 0
 *
 * Sets for how much real time all must have been quiet before the clock warps.
 *
 * With 0, the default, it warps at once. A threshold helps against what is under way elsewhere and
 * cannot be known of; it makes runs slower, and the same every time only as long as nothing takes
 * longer than it.
 */
void
vclock_virtual_clock_set_warp_threshold (VclockVirtualClock *self,
                                         VclockTime          threshold)
{
  gboolean changed;

  g_return_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self));
  g_return_if_fail (threshold >= 0);

  vclock_lock ();
  changed = PRIV (self)->warp_threshold != threshold;
  PRIV (self)->warp_threshold = threshold;
  if (changed)
    vclock_clock_replan_locked (VCLOCK_CLOCK (self));
  vclock_unlock ();

  if (changed)
    g_object_notify (G_OBJECT (self), "warp-threshold");
}
