/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"
#include "random-run.h"

#include "test-util.h"

const char *const event_acts[ACT_N] = {
  "arm", "arm_after", "arm_earlier", "disarm", "set_period", "set_policy", "set_rate",
  "set_parent", "pause", "resume", "set_enabled", "run_timers", "advance", "jump", "step",
  "run_until_idle", "iterate",
};
const char event_end_of_act[] = "=";
const char event_expired[] = "expired";
const char event_end_of_call[] = "returns";
const char event_reset[] = "reset";
const char event_also_reset[] = "also reset";
const char event_is_clock[] = "clock is";
const char event_is_timer[] = "timer is";
const char event_clock[] = "  clock";
const char event_timer[] = "  timer";

/* The trace. */

static void
record (Run        *self,
        const char *what,
        int         who,
        gint64      a,
        gint64      b,
        gint64      c)
{
  const Event event = { what, who, { a, b, c, 0 } };

  g_array_append_val (self->trace, event);
}

static void
look_clock (Run    *self,
            int     which,
            gint64  values[4])
{
  VclockClock *clock;

  if (self->is_reference)
    {
      reference_look_clock (&self->reference, which, values);
      return;
    }
  clock = VCLOCK_CLOCK (self->clocks[which]);
  values[0] = vclock_clock_get_time (clock);
  values[1] = vclock_clock_get_n_resets (clock);
  values[2] = vclock_clock_has_timers (clock) | (vclock_clock_has_expired (clock) << 1);
  values[3] = vclock_clock_get_deadline (clock, VCLOCK_TIMER_ATTRIBUTES_NONE);
}

static void
look_timer (Run    *self,
            int     which,
            gint64  values[4])
{
  VclockTimer *timer = self->timers[which];

  if (self->is_reference)
    {
      reference_look_timer (&self->reference, which, values);
      return;
    }
  values[0] = vclock_timer_is_armed (timer);
  values[1] = vclock_timer_get_deadline (timer);
  values[2] = vclock_timer_get_remaining (timer);
  values[3] = vclock_timer_get_lateness (timer);
}

static void
record_all (Run *self)
{
  Event event = { .what = event_clock };

  for (event.who = 0; event.who < self->reference.n_clocks; event.who++)
    {
      look_clock (self, (int) event.who, event.values);
      g_array_append_val (self->trace, event);
    }
  event.what = event_timer;
  for (event.who = 0; event.who < self->reference.n_timers; event.who++)
    {
      look_timer (self, (int) event.who, event.values);
      g_array_append_val (self->trace, event);
    }
}

/* Acts. */

static gint64
act_on_timer (VclockTimer *timer,
              Act          act,
              gint64       a)
{
  switch ((int) act)
    {
    case ACT_ARM:
      vclock_timer_arm (timer, a);
      return 0;
    case ACT_ARM_AFTER:
      vclock_timer_arm_after (timer, a);
      return 0;
    case ACT_ARM_EARLIER:
      return vclock_timer_arm_earlier (timer, a);
    case ACT_DISARM:
      return vclock_timer_disarm (timer);
    case ACT_SET_PERIOD:
      vclock_timer_set_period (timer, a);
      return 0;
    default:
      vclock_timer_set_overrun_policy (timer, a);
      return 0;
    }
}

static gboolean
run_until_idle (Run                *self,
                VclockVirtualClock *clock,
                guint64             limit)
{
  g_autoptr (GError) error = NULL;
  gboolean idle;

  if (self->reference.mode == MODE_SETTLED)
    idle = vclock_virtual_clock_run_until_idle_settled (clock, limit, &error);
  else
    idle = vclock_virtual_clock_run_until_idle (clock, limit, &error);
  if (idle)
    g_assert_no_error (error);
  else
    g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LIMIT);

  return idle;
}

static gint64
move (Run                *self,
      VclockVirtualClock *clock,
      Act                 act,
      gint64              a)
{
  gboolean settled = self->reference.mode == MODE_SETTLED;

  switch ((int) act)
    {
    case ACT_ADVANCE:
      (settled ? vclock_virtual_clock_advance_settled : vclock_virtual_clock_advance) (clock, a);
      return 0;
    case ACT_JUMP:
      (settled ? vclock_virtual_clock_jump_settled : vclock_virtual_clock_jump) (clock, a);
      return 0;
    case ACT_STEP:
      return (settled ? vclock_virtual_clock_step_settled : vclock_virtual_clock_step) (clock);
    case ACT_RUN_UNTIL_IDLE:
      return run_until_idle (self, clock, a);
    default:
      test_iterate (self->loop);
      return 0;
    }
}

static gint64
act_on_clock (Run    *self,
              Act     act,
              int     who,
              gint64  a,
              gint64  b)
{
  VclockVirtualClock *clock = self->clocks[who];

  switch ((int) act)
    {
    case ACT_SET_RATE:
      vclock_virtual_clock_set_rate (clock, a, b);
      return 0;
    case ACT_SET_PARENT:
      vclock_virtual_clock_set_parent (clock,
                                       a < 0 ? NULL : VCLOCK_CLOCK (self->clocks[a]));
      return 0;
    case ACT_PAUSE:
      vclock_virtual_clock_pause (clock);
      return 0;
    case ACT_RESUME:
      vclock_virtual_clock_resume (clock);
      return 0;
    case ACT_SET_ENABLED:
      vclock_clock_set_enabled (VCLOCK_CLOCK (clock), a);
      return 0;
    case ACT_RUN_TIMERS:
      return vclock_clock_run_timers (VCLOCK_CLOCK (clock));
    default:
      return move (self, clock, act, a);
    }
}

void
run_act (Run    *self,
         Act     act,
         int     who,
         gint64  a,
         gint64  b)
{
  gint64 result;

  record (self, event_acts[act], who, a, b, 0);
  if (self->is_reference)
    result = reference_act (&self->reference, act, who, a, b);
  else if (act <= ACT_SET_POLICY)
    result = act_on_timer (self->timers[who], act, a);
  else
    result = act_on_clock (self, act, who, a, b);
  record (self, event_end_of_act, who, result, 0, 0);
  record_all (self);
}

VclockTime
run_get_time (Run *self,
              int  clock)
{
  gint64 values[4];

  look_clock (self, clock, values);

  return values[0];
}

/* Calls. */

static void
expired (gpointer user_data,
         int      which,
         guint64  overruns)
{
  Run *self = user_data;
  int call = self->n_calls++;

  record (self, event_expired, which, (gint64) overruns, call, 0);
  record_all (self);
  self->depth++;
  self->called (self, which, call);
  self->depth--;
  record (self, event_end_of_call, which, call, 0, 0);
}

/* The clock that jumps comes first; the order of those that follow it is not promised, and sorted
 * here. */
static void
was_reset (gpointer   user_data,
           int        clock,
           VclockTime old_time,
           VclockTime new_time)
{
  Run *self = user_data;
  Event *events = (Event *) self->trace->data;
  const char *last = events[self->trace->len - 1].what;

  record (self, last == event_reset || last == event_also_reset ? event_also_reset : event_reset,
          clock, old_time, new_time, 0);
  events = (Event *) self->trace->data;
  for (guint i = self->trace->len - 1;
       events[i - 1].what == event_also_reset && events[i].who < events[i - 1].who; i--)
    {
      Event event = events[i];

      events[i] = events[i - 1];
      events[i - 1] = event;
    }
}

static void
expired_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     user_data)
{
  Run *self = user_data;
  int which = 0;

  while (self->timers[which] != timer)
    which++;
  expired (self, which, overruns);
}

static void
reset_cb (VclockClock *clock,
          gint64       old_time,
          gint64       new_time,
          gpointer     user_data)
{
  Run *self = user_data;
  int which = 0;

  while (VCLOCK_CLOCK (self->clocks[which]) != clock)
    which++;
  was_reset (self, which, old_time, new_time);
}

/* The beginning and the end. */

static VclockTimer *
make_timer (Run            *self,
            ReferenceTimer *like)
{
  VclockClock *clock = VCLOCK_CLOCK (self->clocks[like->clock]);
  VclockScale scale = VCLOCK_SCALE_NS;
  VclockTimer *timer;

  for (gint64 unit = like->unit; unit > 1; unit /= 1000)
    scale++;
  timer = vclock_timer_new_full (clock, self->loop, like->priority, scale);
  vclock_timer_set_callback (timer, expired_cb, self, NULL);

  return timer;
}

static void
set_up_library (Run *self)
{
  Reference *reference = &self->reference;

  self->context = g_main_context_new ();
  g_main_context_push_thread_default (self->context);
  g_assert_true (g_main_context_acquire (self->context));
  self->loop = reference->mode == MODE_LOOP ? g_main_context_new ()
                                            : g_main_context_ref (self->context);
  for (int i = 0; i < reference->n_clocks; i++)
    {
      self->clocks[i] = vclock_virtual_clock_new ();
      if (reference->clocks[i].parent >= 0)
        act_on_clock (self, ACT_SET_PARENT, i, reference->clocks[i].parent, 0);
      g_signal_connect (self->clocks[i], "reset", G_CALLBACK (reset_cb), self);
    }
  for (int i = 0; i < reference->n_timers; i++)
    self->timers[i] = make_timer (self, &reference->timers[i]);
}

/* Makes what @reference says. */
void
run_set_up (Run *self)
{
  Reference *reference = &self->reference;

  reference->host_now = test_host_times[VCLOCK_HOST_CLOCK_MONOTONIC];
  reference->user_data = self;
  reference->expired = expired;
  reference->reset = was_reset;
  if (!self->is_reference)
    set_up_library (self);
  for (int i = 0; i < reference->n_clocks; i++)
    record (self, event_is_clock, i, reference->clocks[i].parent, 0, 0);
  for (int i = 0; i < reference->n_timers; i++)
    record (self, event_is_timer, i, reference->timers[i].clock, reference->timers[i].priority,
            reference->timers[i].unit);
  record_all (self);
}

void
run_tear_down (Run *self)
{
  if (self->is_reference)
    return;

  for (int i = 0; i < self->reference.n_timers; i++)
    {
      vclock_timer_disarm (self->timers[i]);
      g_assert_finalize_object (self->timers[i]);
    }
  for (int i = 0; i < self->reference.n_clocks; i++)
    vclock_virtual_clock_set_parent (self->clocks[i], NULL);
  for (int i = 0; i < self->reference.n_clocks; i++)
    g_assert_finalize_object (self->clocks[i]);
  g_main_context_release (self->context);
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
  g_main_context_unref (self->loop);
}
