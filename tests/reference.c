/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reference.h"

static VclockTime
saturate (Wide wide)
{
  return (VclockTime) CLAMP (wide, (Wide) G_MININT64, (Wide) VCLOCK_TIME_NEVER);
}

/* Never is never, whatever is added. */
VclockTime
reference_add (VclockTime time,
               VclockTime span)
{
  if (time == VCLOCK_TIME_NEVER || span == VCLOCK_TIME_NEVER)
    return VCLOCK_TIME_NEVER;

  return saturate ((Wide) time + span);
}

static Wide
divide_down (Wide a,
             Wide b)
{
  return a / b - (a % b < 0 ? 1 : 0);
}

static Wide
divide_up (Wide a,
           Wide b)
{
  return -divide_down (-a, b);
}

/* Time. */

static gboolean
stands (const ReferenceClock *clock)
{
  return clock->parent == REFERENCE_NONE || clock->paused || clock->n_moves > 0 ||
         clock->numerator == 0;
}

/* What has passed since the value was right, in denominator-ths of a nanosecond. */
static Wide
get_passed (Reference            *self,
            const ReferenceClock *clock)
{
  if (stands (clock))
    return clock->rest;

  return ((Wide) reference_get_time (self, clock->parent) - clock->at) * clock->numerator +
         clock->rest;
}

VclockTime
reference_get_time (Reference *self,
                    int        which)
{
  ReferenceClock *clock = &self->clocks[which];

  return saturate (clock->value + divide_down (get_passed (self, clock), clock->denominator));
}

/* Counts from now on, losing nothing. */
void
reference_rebase (Reference *self,
                  int        which)
{
  ReferenceClock *clock = &self->clocks[which];
  Wide passed = get_passed (self, clock);

  clock->value = reference_get_time (self, which);
  clock->rest = passed - divide_down (passed, clock->denominator) * clock->denominator;
  if (clock->parent != REFERENCE_NONE)
    clock->at = reference_get_time (self, clock->parent);
}

static gboolean
is_in_tree (Reference *self,
            int        which,
            int        root)
{
  while (which != root && which != REFERENCE_NONE)
    which = self->clocks[which].parent;

  return which == root;
}

/* Whether a clock goes when the other one does. */
gboolean
reference_goes_with (Reference *self,
                     int        which,
                     int        root)
{
  while (which != root && !stands (&self->clocks[which]))
    which = self->clocks[which].parent;

  return which == root;
}

/* At which time of @root, if nothing changes, another clock says @time. */
static VclockTime
translate (Reference  *self,
           int         which,
           int         root,
           VclockTime  time)
{
  ReferenceClock *clock = &self->clocks[which];
  Wide to_pass;

  if (which == root)
    return time;
  if (time == VCLOCK_TIME_NEVER || stands (clock))
    return VCLOCK_TIME_NEVER;
  to_pass = ((Wide) time - clock->value) * clock->denominator - clock->rest;

  return translate (self, clock->parent, root,
                    saturate (clock->at + divide_up (to_pass, clock->numerator)));
}

/* Timers. */

void
reference_arm (Reference  *self,
               int         which,
               VclockTime  deadline)
{
  ReferenceTimer *timer = &self->timers[which];

  timer->armed = TRUE;
  timer->in_phase = FALSE;
  timer->taken = 0;
  timer->deadline = deadline;
  timer->arming = ++self->n_armings;
}

gboolean
reference_is_due (Reference *self,
                  int        which)
{
  ReferenceTimer *timer = &self->timers[which];

  return timer->armed && timer->deadline != VCLOCK_TIME_NEVER &&
         (timer->taken != 0 || reference_get_time (self, timer->clock) >= timer->deadline);
}

/* Whether this thread may call it. */
gboolean
reference_may_call (Reference *self,
                    int        which)
{
  return self->clocks[self->timers[which].clock].enabled &&
         (self->mode != MODE_LOOP || self->n_loops > 0);
}

/* Gives a periodic timer its next deadline; returns how many periods were missed. */
static guint64
arm_again (Reference  *self,
           int         which,
           VclockTime  now)
{
  ReferenceTimer *timer = &self->timers[which];
  Wide n_missed = MAX (0, ((Wide) now - timer->deadline) / timer->period);

  if (timer->policy == VCLOCK_OVERRUN_POLICY_BURST)
    n_missed = 0;
  timer->phase = timer->policy == VCLOCK_OVERRUN_POLICY_DELAY
                 ? now : saturate (timer->deadline + n_missed * timer->period);
  reference_arm (self, which, reference_add (timer->phase, timer->period));
  timer->in_phase = TRUE;

  return (guint64) n_missed;
}

static void
call (Reference *self,
      int        which)
{
  ReferenceTimer *timer = &self->timers[which];
  guint64 n_missed = 0;

  timer->lateness = saturate (MAX (0, (Wide) timer->now - timer->deadline));
  if (timer->now == VCLOCK_TIME_NEVER)
    timer->lateness = VCLOCK_TIME_NEVER;
  timer->armed = timer->in_phase = FALSE;
  if (timer->period > 0)
    n_missed = arm_again (self, which, timer->now);
  timer->n_running++;
  self->expired (self->user_data, which, n_missed);
  timer->n_running--;
}

/* Passes. */

static gboolean
is_in_scope (Reference *self,
             int        which,
             Scope      scope,
             int        what)
{
  int clock = self->timers[which].clock;

  if (scope == SCOPE_TREE)
    return is_in_tree (self, clock, what);

  return what == (scope == SCOPE_CLOCK ? clock : self->timers[which].priority);
}

/* When a timer that is due became so: on the clock that moves, or for those that a main loop calls
 * on the host's, where such clocks cannot say. */
static VclockTime
get_due_at (Reference *self,
            int        which,
            Scope      scope,
            int        what)
{
  ReferenceTimer *timer = &self->timers[which];

  if (scope == SCOPE_PRIORITY)
    return self->host_now;
  if (self->mode == MODE_LOOP && self->n_loops == 0)
    return saturate ((Wide) self->host_now + timer->deadline -
                     reference_get_time (self, timer->clock));
  if (!reference_goes_with (self, timer->clock, what))
    return reference_get_time (self, what);

  return translate (self, timer->clock, what, timer->deadline);
}

/* Takes what is due; before a jump, of the clocks that do jump, whoever will call it. */
void
reference_take (Reference      *self,
                Scope           scope,
                int             what,
                const gboolean *jumps)
{
  self->n_passes++;
  for (int i = 0; i < self->n_timers; i++)
    {
      ReferenceTimer *timer = &self->timers[i];

      if (!is_in_scope (self, i, scope, what) ||
          (jumps != NULL ? !jumps[timer->clock] : !reference_may_call (self, i)))
        continue;
      if (jumps == NULL)
        {
          timer->read = self->n_passes;
          timer->now = reference_get_time (self, timer->clock);
        }
      if (reference_is_due (self, i) && timer->taken == 0)
        {
          timer->due_at = get_due_at (self, i, scope, what);
          timer->taken = self->n_passes;
        }
    }
}

/* Of one clock what was taken first comes first, then what has priority, the earlier deadline, the
 * earlier arming. Those of several clocks are merged by when they became due. */
static gboolean
comes_before (const ReferenceTimer *a,
              const ReferenceTimer *b)
{
  if (a->priority != b->priority)
    return a->priority < b->priority;
  if (a->clock == b->clock && a->taken != b->taken)
    return a->taken < b->taken;
  if (a->clock == b->clock && a->deadline != b->deadline)
    return a->deadline < b->deadline;
  if (a->clock != b->clock && a->due_at != b->due_at)
    return a->due_at < b->due_at;

  return a->arming < b->arming;
}

static int
find_next (Reference *self,
           guint64    pass,
           Scope      scope,
           int        what)
{
  gboolean first[REFERENCE_MAX_TIMERS];
  int best = REFERENCE_NONE;

  for (int i = 0; i < self->n_timers; i++)
    first[i] = self->timers[i].armed && self->timers[i].taken != 0 &&
               self->timers[i].read >= pass && reference_may_call (self, i) &&
               is_in_scope (self, i, scope, what);
  for (int i = 0; i < self->n_timers; i++)
    for (int j = 0; j < self->n_timers; j++)
      if (first[i] && first[j] && self->timers[i].clock == self->timers[j].clock &&
          comes_before (&self->timers[i], &self->timers[j]))
        first[j] = FALSE;
  for (int i = 0; i < self->n_timers; i++)
    if (first[i] && (best < 0 || comes_before (&self->timers[i], &self->timers[best])))
      best = i;

  return best;
}

/* Takes what is due now, and calls what is taken, at most @limit. */
guint64
reference_pass (Reference *self,
                Scope      scope,
                int        what,
                guint64    limit)
{
  guint64 n_called = 0;
  guint64 pass;
  int next;

  reference_take (self, scope, what, NULL);
  pass = self->n_passes;
  for (; n_called < limit && (next = find_next (self, pass, scope, what)) >= 0; n_called++)
    call (self, next);

  return n_called;
}

/* When the next timer that may be called is due, on the clock that moves. */
VclockTime
reference_get_next (Reference *self,
                    int        root)
{
  VclockTime next = VCLOCK_TIME_NEVER;

  for (int i = 0; i < self->n_timers; i++)
    {
      ReferenceTimer *timer = &self->timers[i];

      if (!timer->armed || !is_in_tree (self, timer->clock, root) || !reference_may_call (self, i))
        continue;
      next = MIN (next, translate (self, timer->clock, root, timer->deadline));
      if (reference_is_due (self, i))
        next = MIN (next, MIN (reference_get_time (self, root), VCLOCK_TIME_NEVER - 1));
    }

  return next;
}

/* What can be seen. */

/* The time, the resets, whether a timer is armed and due, the next deadline. */
void
reference_look_clock (Reference *self,
                      int        which,
                      gint64     values[4])
{
  values[0] = reference_get_time (self, which);
  values[1] = self->clocks[which].n_resets;
  values[2] = 0;
  values[3] = VCLOCK_TIME_NEVER;
  for (int i = 0; i < self->n_timers; i++)
    if (self->timers[i].clock == which && self->timers[i].armed)
      {
        values[2] |= reference_is_due (self, i) ? 3 : 1;
        values[3] = MIN (values[3], self->timers[i].deadline);
      }
}

static gint64
to_unit (VclockTime time,
         gint64     unit)
{
  return time == VCLOCK_TIME_NEVER ? time : (gint64) divide_up (time, unit);
}

/* Whether it is armed, the deadline, the time until then, the lateness. */
void
reference_look_timer (Reference *self,
                      int        which,
                      gint64     values[4])
{
  ReferenceTimer *timer = &self->timers[which];
  VclockTime deadline = timer->armed ? timer->deadline : VCLOCK_TIME_NEVER;
  Wide remaining = (Wide) deadline - reference_get_time (self, timer->clock);

  values[0] = timer->armed;
  values[1] = to_unit (deadline, timer->unit);
  values[2] = 0;
  if (deadline == VCLOCK_TIME_NEVER)
    values[2] = VCLOCK_TIME_NEVER;
  else if (!reference_is_due (self, which))
    values[2] = to_unit (saturate (remaining), timer->unit);
  values[3] = timer->lateness;
}
