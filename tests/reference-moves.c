/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reference.h"

/* Runs the main context until nothing is ready: each time what has the first priority of all that
 * is due. */
static void
iterate (Reference *self)
{
  int priority;

  self->n_loops++;
  do
    {
      priority = G_MAXINT;
      for (int i = 0; i < self->n_timers; i++)
        if (reference_is_due (self, i) && reference_may_call (self, i))
          priority = MIN (priority, self->timers[i].priority);
      reference_pass (self, SCOPE_PRIORITY, priority, G_MAXUINT64);
    }
  while (priority < G_MAXINT);
  self->n_loops--;
}

static void
settle (Reference *self)
{
  if (self->mode == MODE_SETTLED)
    iterate (self);
}

static ReferenceClock *
begin_move (Reference *self,
            int        root)
{
  reference_rebase (self, root);
  self->clocks[root].n_moves++;
  settle (self);

  return &self->clocks[root];
}

static void
end_move (Reference *self,
          int        root)
{
  reference_rebase (self, root);
  self->clocks[root].n_moves--;
}

/* To the next deadline that is not beyond @target; returns whether there was one. */
static gboolean
move_on (Reference  *self,
         int         root,
         VclockTime  target,
         guint64     limit,
         guint64    *n_called)
{
  ReferenceClock *clock = &self->clocks[root];
  VclockTime next = reference_get_next (self, root);

  if (next == VCLOCK_TIME_NEVER || MAX (next, clock->value) > target)
    return FALSE;

  clock->value = MAX (next, clock->value);
  *n_called += reference_pass (self, SCOPE_TREE, root, limit);
  settle (self);

  return TRUE;
}

static void
advance (Reference  *self,
         int         root,
         VclockTime  span)
{
  VclockTime target = reference_add (reference_get_time (self, root), span);
  ReferenceClock *clock = begin_move (self, root);
  guint64 n_called = 0;

  while (move_on (self, root, target, G_MAXUINT64, &n_called))
    ;
  clock->value = MAX (clock->value, target);
  end_move (self, root);
}

static gboolean
step (Reference *self,
      int        root)
{
  guint64 n_called = 0;
  gboolean there_was;

  begin_move (self, root);
  there_was = move_on (self, root, VCLOCK_TIME_NEVER, G_MAXUINT64, &n_called);
  end_move (self, root);

  return there_was;
}

static gboolean
run_until_idle (Reference *self,
                int        root,
                guint64    limit)
{
  guint64 n_called = 0;
  gboolean idle;

  begin_move (self, root);
  while (n_called < limit &&
         move_on (self, root, VCLOCK_TIME_NEVER, limit - n_called, &n_called))
    ;
  idle = reference_get_next (self, root) == VCLOCK_TIME_NEVER;
  end_move (self, root);

  return idle;
}

/* The clock that is set says so first. */
static void
say_reset (Reference        *self,
           int               which,
           const VclockTime  old[])
{
  VclockTime time = reference_get_time (self, which);

  if (time == old[which])
    return;
  self->clocks[which].n_resets++;
  self->reset (self->user_data, which, old[which], time);
}

static void
set_time (Reference  *self,
          int         root,
          VclockTime  to)
{
  ReferenceClock *clock = &self->clocks[root];
  const ReferenceClock before = *clock;
  VclockTime old[REFERENCE_MAX_CLOCKS];
  gboolean jumps[REFERENCE_MAX_CLOCKS] = { FALSE };
  gboolean may_call = self->mode != MODE_LOOP || self->n_loops > 0;

  for (int i = 0; i < self->n_clocks; i++)
    old[i] = reference_get_time (self, i);
  clock->value = to;
  clock->rest = 0;
  for (int i = 0; i < self->n_clocks; i++)
    jumps[i] = reference_get_time (self, i) != old[i] ||
               (may_call && reference_goes_with (self, i, root));

  *clock = before;
  reference_take (self, SCOPE_TREE, root, jumps);
  clock->value = to;
  clock->rest = 0;
  say_reset (self, root, old);
  for (int i = 0; i < self->n_clocks; i++)
    if (i != root)
      say_reset (self, i, old);
}

static void
jump (Reference  *self,
      int         root,
      VclockTime  to)
{
  ReferenceClock *clock = begin_move (self, root);

  if (to != clock->value)
    set_time (self, root, to);
  reference_pass (self, SCOPE_TREE, root, G_MAXUINT64);
  settle (self);
  end_move (self, root);
}

static void
set_period (Reference  *self,
            int         which,
            VclockTime  period)
{
  ReferenceTimer *timer = &self->timers[which];

  if (period == timer->period)
    return;
  timer->period = period;
  if (timer->n_running == 0 || !timer->in_phase)
    return;

  /* In its own callback: for the expiry that it is called for. */
  reference_arm (self, which, reference_add (timer->phase, period));
  timer->armed = period > 0;
  timer->in_phase = TRUE;
}

static gint64
act_on_timer (Reference *self,
              Act        act,
              int        which,
              gint64     a)
{
  ReferenceTimer *timer = &self->timers[which];
  Wide wide = (Wide) a * timer->unit;
  VclockTime time = (VclockTime) CLAMP (wide, (Wide) G_MININT64, (Wide) VCLOCK_TIME_NEVER);
  gboolean was_armed = timer->armed;

  switch ((int) act)
    {
    case ACT_ARM:
      reference_arm (self, which, time);
      return 0;
    case ACT_ARM_AFTER:
      reference_arm (self, which, reference_add (reference_get_time (self, timer->clock), time));
      return 0;
    case ACT_ARM_EARLIER:
      if (was_armed && time >= timer->deadline)
        return FALSE;
      reference_arm (self, which, time);
      return TRUE;
    case ACT_DISARM:
      timer->armed = timer->in_phase = FALSE;
      return was_armed;
    case ACT_SET_PERIOD:
      set_period (self, which, time);
      return 0;
    default:
      timer->policy = a;
      return 0;
    }
}

static void
set_up_clock (Reference *self,
              Act        act,
              int        which,
              gint64     a,
              gint64     b)
{
  ReferenceClock *clock = &self->clocks[which];

  if (act == ACT_SET_ENABLED)
    {
      clock->enabled = a;
      return;
    }

  reference_rebase (self, which);
  switch ((int) act)
    {
    case ACT_SET_RATE:
      clock->rest = clock->rest * b / clock->denominator;
      clock->numerator = a;
      clock->denominator = b;
      break;
    case ACT_SET_PARENT:
      clock->parent = a;
      clock->at = a == REFERENCE_NONE ? 0 : reference_get_time (self, a);
      break;
    default:
      clock->paused = act == ACT_PAUSE;
      break;
    }
}

gint64
reference_act (Reference *self,
               Act        act,
               int        who,
               gint64     a,
               gint64     b)
{
  if (act <= ACT_SET_POLICY)
    return act_on_timer (self, act, who, a);

  switch ((int) act)
    {
    case ACT_RUN_TIMERS:
      return (gint64) reference_pass (self, SCOPE_CLOCK, who, G_MAXUINT64);
    case ACT_ADVANCE:
      advance (self, who, a);
      return 0;
    case ACT_JUMP:
      jump (self, who, a);
      return 0;
    case ACT_STEP:
      return step (self, who);
    case ACT_RUN_UNTIL_IDLE:
      return run_until_idle (self, who, a);
    case ACT_ITERATE:
      iterate (self);
      return 0;
    default:
      set_up_clock (self, act, who, a, b);
      return 0;
    }
}
