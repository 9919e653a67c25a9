/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "random-run.h"

/* The rules of the design that can be seen in a trace, without a reference. */

typedef struct
{
  Act    act;
  int    who;
  gint64 a;
  gint64 n_resets; /* of the clock before it, ... */
  gint64 time;     /* ... and its time */
  int    n_acts;   /* begun before it */
} Open;

typedef struct
{
  const Event *events;
  int          n_clocks;
  int          n_timers;
  const Event *info[REFERENCE_MAX_TIMERS];
  const Event *clocks[REFERENCE_MAX_CLOCKS]; /* what they said last */
  const Event *timers[REFERENCE_MAX_TIMERS];
  guint64      armings[REFERENCE_MAX_TIMERS];
  guint64      n_armings;
  gint64       periods[REFERENCE_MAX_TIMERS];
  gint64       policies[REFERENCE_MAX_TIMERS];
  gboolean     set_back[REFERENCE_MAX_CLOCKS];
  gint64       n_resets[REFERENCE_MAX_CLOCKS];
  Open         open[64];
  int          n_open;
  int          n_acts;
} Rules;

static Act
find_act (const char *what)
{
  Act act = 0;

  while (act < ACT_N && event_acts[act] != what)
    act++;

  return act;
}

/* Among equals the one that was armed first, which is due as well, comes first. What a timer says
 * in a larger unit is rounded. */
static gboolean
is_first_of_its_tie (Rules *self,
                     int    which)
{
  if (self->info[which]->values[2] > 1)
    return TRUE;
  for (int i = 0; i < self->n_timers; i++)
    if (self->timers[i]->values[0] &&
        memcmp (self->info[i]->values, self->info[which]->values, sizeof (gint64[4])) == 0 &&
        self->timers[i]->values[1] == self->timers[which]->values[1] &&
        self->armings[i] < self->armings[which])
      return FALSE;

  return TRUE;
}

/* At the event @expired, which is followed by what all say now. */
static const char *
check_expired (Rules       *self,
               const Event *expired)
{
  int which = (int) expired->who;
  int clock = (int) self->info[which]->values[0];
  gint64 unit = self->info[which]->values[2];
  const Event *before = self->timers[which];
  const Event *after = expired + 1 + self->n_clocks + which;
  gint64 now = expired[1 + clock].values[0];
  gint64 deadline = before->values[1];
  gint64 period = self->periods[which];
  Wide n_periods = self->policies[which] == VCLOCK_OVERRUN_POLICY_SKIP
                   ? (Wide) (guint64) expired->values[0] + 1 : 1;

  if (!before->values[0])
    return "a timer that is not armed does not expire";
  if (deadline == VCLOCK_TIME_NEVER ||
      (!self->set_back[clock] && ((Wide) deadline - 1) * unit >= now))
    return "a timer is never called early";
  if (!is_first_of_its_tie (self, which))
    return "timers with equal deadlines expire in the order of arming";
  if (after->values[0] != (period > 0))
    return "a periodic timer is armed again before its callback, others are not";
  if (period > 0 && self->policies[which] != VCLOCK_OVERRUN_POLICY_DELAY &&
      after->values[1] != VCLOCK_TIME_NEVER && after->values[1] != deadline + n_periods * period)
    return "periods count from the start";
  self->armings[which] = ++self->n_armings;

  return NULL;
}

/* At the end of an act, which is followed by what all say now. */
static const char *
check_timer_act (Rules       *self,
                 Open        *open,
                 const Event *end)
{
  const Event *before = self->timers[open->who];
  const Event *after = end + 1 + self->n_clocks + open->who;
  gboolean was_armed = before->values[0];
  gboolean moves = open->act == ACT_ARM || open->act == ACT_ARM_AFTER;

  if (open->act == ACT_DISARM && (end->values[0] != was_armed || after->values[0]))
    return "disarm () returns TRUE if and only if the timer was armed";
  if (open->act == ACT_ARM_EARLIER && self->info[open->who]->values[2] == 1 &&
      end->values[0] != (!was_armed || after->values[1] < before->values[1]))
    return "arm_earlier () only moves a deadline forward";
  if (open->act == ACT_SET_PERIOD)
    {
      self->periods[open->who] = open->a;
      moves = memcmp (before->values, after->values, sizeof (gint64[2])) != 0;
    }
  if (open->act == ACT_SET_POLICY)
    self->policies[open->who] = open->a;
  if (moves || (open->act == ACT_ARM_EARLIER && end->values[0]))
    self->armings[open->who] = ++self->n_armings;
  if ((moves && open->act != ACT_SET_PERIOD) && !after->values[0])
    return "arm () arms";

  return NULL;
}

static const char *
check_clock_act (Rules       *self,
                 Open        *open,
                 const Event *end)
{
  const Event *after = end + 1 + open->who;
  gint64 n_resets = after->values[1] - open->n_resets;

  /* Whose callbacks do something themselves may end elsewhere. */
  if (self->n_acts > open->n_acts)
    return NULL;
  if (open->act == ACT_ADVANCE &&
      (after->values[0] != (gint64) MIN ((Wide) open->time + open->a, (Wide) VCLOCK_TIME_NEVER) &&
       open->a != VCLOCK_TIME_NEVER))
    return "the end of advance () is exact";
  if (open->act == ACT_JUMP && after->values[0] != open->a)
    return "jump () goes to a time";
  if (n_resets != (open->act == ACT_JUMP && open->a != open->time))
    return "a jump is one reset, and nothing else is";
  if (open->act == ACT_STEP && !end->values[0] && after->values[0] != open->time)
    return "step () without a deadline goes nowhere";

  return NULL;
}

static const char *
check_event (Rules       *self,
             const Event *event)
{
  Act act = find_act (event->what);
  Open *open;

  if (act < ACT_N)
    {
      gboolean is_clock = act > ACT_SET_POLICY;

      g_assert_cmpint (self->n_open, <, G_N_ELEMENTS (self->open));
      self->open[self->n_open++] = (Open) {
        act, (int) event->who, event->values[0],
        is_clock ? self->clocks[event->who]->values[1] : 0,
        is_clock ? self->clocks[event->who]->values[0] : 0,
        ++self->n_acts,
      };
    }
  else if (event->what == event_end_of_act)
    {
      open = &self->open[--self->n_open];
      return open->act <= ACT_SET_POLICY ? check_timer_act (self, open, event)
                                         : check_clock_act (self, open, event);
    }
  else if (event->what == event_expired)
    {
      return check_expired (self, event);
    }
  else if (event->what == event_reset || event->what == event_also_reset)
    {
      self->n_resets[event->who]++;
      if (event->values[1] < event->values[0])
        self->set_back[event->who] = TRUE;
    }

  return NULL;
}

/* Which rule is broken, or NULL; and by which event. */
const char *
find_broken_rule (GArray *trace,
                  guint  *where)
{
  Rules self = { .events = (const Event *) trace->data };
  const char *broken = NULL;

  for (guint i = 0; i < trace->len && broken == NULL; i++)
    {
      const Event *event = &self.events[i];

      *where = i;
      if (event->what == event_is_clock)
        self.n_clocks++;
      else if (event->what == event_is_timer)
        self.info[self.n_timers++] = event;
      else if (event->what == event_clock)
        self.clocks[event->who] = event;
      else if (event->what == event_timer)
        self.timers[event->who] = event;
      else
        broken = check_event (&self, event);
    }
  for (int i = 0; i < self.n_clocks && broken == NULL; i++)
    if (self.clocks[i] != NULL && self.clocks[i]->values[1] != self.n_resets[i])
      broken = "each reset is told, once";

  return broken;
}
