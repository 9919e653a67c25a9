/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-virtual-clock-private.h>

/* What the time of a virtual clock is made of: its base, its rate, and its parent's time. */

#define PRIV(self) (vclock_virtual_clock_get_private (self))

gboolean
vclock_virtual_clock_stands (VclockVirtualClockPrivate *priv)
{
  return priv->parent == NULL || priv->paused || priv->n_moves > 0 || priv->numerator == 0;
}

/* With the lock: why the time of a clock does not go on by itself, in words to be translated; NULL
 * if it does, or is being moved. */
const char *
vclock_virtual_clock_why_stands (VclockClock *clock)
{
  VclockVirtualClockPrivate *priv = PRIV (VCLOCK_VIRTUAL_CLOCK (clock));

  if (priv->n_moves > 0)
    return NULL;
  if (priv->paused)
    return N_("the clock is paused");
  if (priv->warp_mode != VCLOCK_WARP_MODE_NONE && priv->numerator != 0)
    return NULL;
  if (priv->parent == NULL)
    return N_("the clock has no parent and stands still until it is moved");
  if (priv->numerator == 0)
    return N_("the clock stands still at a rate of 0");
  if (vclock_clock_why_stands (priv->parent) != NULL)
    return N_("the clock follows one that stands still");

  return NULL;
}

/* The clock's time in parts of a nanosecond / denominator, when its parent's is @parent_time. */
static VclockWide
get_wide (VclockVirtualClockPrivate *priv,
          VclockTime                 parent_time)
{
  VclockWide elapsed = (VclockWide) parent_time - priv->parent_base;

  return (VclockWide) priv->base * priv->denominator + priv->remainder +
         (vclock_virtual_clock_stands (priv) ? 0 : elapsed * priv->numerator);
}

VclockTime
vclock_virtual_clock_to_time (VclockVirtualClockPrivate *priv,
                              VclockTime                 parent_time)
{
  if (vclock_virtual_clock_stands (priv))
    return priv->base;

  return vclock_time_from_wide (vclock_wide_divide_down (get_wide (priv, parent_time),
                                                         priv->denominator));
}

/* The first time of the parent at which the clock has reached @time; never if it stands. */
VclockTime
vclock_virtual_clock_to_parent (VclockVirtualClockPrivate *priv,
                                VclockTime                 time)
{
  VclockWide missing = ((VclockWide) time - priv->base) * priv->denominator - priv->remainder;

  if (vclock_virtual_clock_stands (priv) || time == VCLOCK_TIME_NEVER)
    return VCLOCK_TIME_NEVER;

  return vclock_time_from_wide (priv->parent_base +
                                vclock_wide_divide_up (missing, priv->numerator));
}

/* Without the lock: the parent, which stays alive until it is let go. */
VclockClock *
vclock_virtual_clock_hold_parent (VclockVirtualClockPrivate *priv)
{
  g_atomic_int_inc (&priv->n_readers);

  return g_atomic_pointer_get (&priv->parent);
}

void
vclock_virtual_clock_let_parent_go (VclockVirtualClockPrivate *priv)
{
  g_atomic_int_add (&priv->n_readers, -1);
}

/* The parent's time, or a later one that somebody has been told before: who changes the clock
 * must start where others have seen it, and may have read the parent before they did. */
static VclockTime
see_parent (VclockVirtualClockPrivate *priv,
            VclockTime                 parent_time)
{
  guint parent_resets = priv->parent != NULL ? vclock_clock_peek_n_resets (priv->parent) : 0;

  if (parent_resets != priv->parent_resets || parent_time > priv->parent_time)
    {
      priv->parent_time = parent_time;
      priv->parent_resets = parent_resets;
    }

  return priv->parent_time;
}

/* Takes the lock and returns the parent's time. The parent may be anybody's clock and is read
 * without the lock; should this clock have been changed meanwhile, the reading is too old to
 * use. */
VclockTime
vclock_virtual_clock_lock (VclockVirtualClockPrivate *priv)
{
  for (;;)
    {
      guint generation = g_atomic_int_get (&priv->generation);
      VclockClock *parent = vclock_virtual_clock_hold_parent (priv);
      VclockTime parent_time = parent != NULL ? vclock_clock_get_time (parent) : 0;

      vclock_virtual_clock_let_parent_go (priv);
      vclock_lock ();
      if (generation == priv->generation)
        return see_parent (priv, parent_time);
      vclock_unlock ();
    }
}

/* Makes now the point from which time is counted, before something about the counting is
 * changed. */
void
vclock_virtual_clock_rebase (VclockVirtualClockPrivate *priv,
                             VclockTime                 parent_time)
{
  VclockWide wide = get_wide (priv, parent_time);

  priv->base = vclock_virtual_clock_to_time (priv, parent_time);
  priv->remainder = wide - vclock_wide_divide_down (wide, priv->denominator) * priv->denominator;
  priv->parent_base = parent_time;
  g_atomic_int_inc (&priv->generation);
  vclock_timer_queue_note_change ();
}

/* With the lock: whether @clock is @other or follows it, over however many others. */
gboolean
vclock_virtual_clock_is_made_of (VclockClock *clock,
                                 VclockClock *other)
{
  while (clock != NULL && clock != other)
    clock = VCLOCK_IS_VIRTUAL_CLOCK (clock) ? PRIV (VCLOCK_VIRTUAL_CLOCK (clock))->parent : NULL;

  return clock != NULL;
}

/* With the lock: the clock's time goes on from where it is. Returns whether that changed anything. */
gboolean
vclock_virtual_clock_replace_parent (VclockVirtualClock *self,
                                     VclockClock        *parent,
                                     VclockTime          parent_time)
{
  VclockVirtualClockPrivate *priv = PRIV (self);
  VclockClock *old = priv->parent;

  if (parent == old)
    return FALSE;

  if (old != NULL)
    {
      g_ptr_array_remove_fast (vclock_clock_get_followers (old), self);
      g_ptr_array_add (priv->former, old);
    }
  g_atomic_pointer_set (&priv->parent, parent);
  priv->parent_time = G_MININT64;
  priv->parent_base = see_parent (priv, parent_time);
  if (parent != NULL)
    g_ptr_array_add (vclock_clock_get_followers (parent), self);
  vclock_clock_replan_locked (VCLOCK_CLOCK (self));

  return TRUE;
}

/* With the lock: those former parents that nobody reads any more, to be freed after unlocking; in
 * the worst case a later call finds them. */
GPtrArray *
vclock_virtual_clock_steal_former (VclockVirtualClockPrivate *priv)
{
  GPtrArray *unused = NULL;

  if (g_atomic_int_get (&priv->n_readers) == 0)
    {
      unused = priv->former;
      priv->former = g_ptr_array_new_with_free_func (g_object_unref);
    }

  return unused;
}
