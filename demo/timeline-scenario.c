/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "timeline-scenario.h"

#define MSEC(n) ((n) * VCLOCK_NSEC_PER_MSEC)

/* The bundled scenario: real timers on three real clocks, of which the third is a virtual one that
 * follows the first. A script, itself a timer, slows, pauses, steps and jumps the virtual clock in
 * the first three seconds; all else goes on until the scenario is dropped. */
struct _TimelineScenario
{
  GObject parent_instance;

  TimelineModel      *model;
  VclockVirtualClock *virtual_clock;
  VclockTimer        *script;
  VclockTime          script_origin;
  guint               next_cue;
};

enum
{
  SCRIPT_ENDED,
  N_SIGNALS,
};

typedef struct
{
  const char          *name;
  VclockTime           deadline;  /* since the clock's origin; 0: the next multiple of the period */
  VclockTime           period;
  VclockTime           slack;
  VclockOverrunPolicy  policy;
  VclockTime           work;      /* how long the callback keeps the main loop busy */
} TimerSpec;

static const TimerSpec monotonic_timers[] = {
  /* Translators: the names of timers stand in a narrow column; keep them short. */
  { N_("Heartbeat"), .deadline = MSEC (250), .period = MSEC (250) },
  { N_("Lazy"), .deadline = MSEC (400), .period = MSEC (400), .slack = MSEC (120) },
  { N_("Twin A"), .deadline = MSEC (700) },
  { N_("Twin B"), .deadline = MSEC (700) },
  { N_("Busy"), .deadline = MSEC (2100), .work = MSEC (180) },
  { NULL },
};

static const TimerSpec wall_timers[] = {
  { N_("Chime"), .period = MSEC (500) },
  { N_("Appointment"), .deadline = MSEC (1800) },
  { NULL },
};

static const TimerSpec virtual_timers[] = {
  { N_("Frame"), .deadline = MSEC (150), .period = MSEC (150) },
  { N_("Burst"), .deadline = MSEC (200), .period = MSEC (200),
    .policy = VCLOCK_OVERRUN_POLICY_BURST },
  { N_("Egg timer"), .deadline = MSEC (1380) },
  { NULL },
};

typedef void (* CueFunc) (VclockVirtualClock *clock);

static void
slow_down (VclockVirtualClock *clock)
{
  vclock_virtual_clock_set_rate (clock, 1, 2);
}

static void
step (VclockVirtualClock *clock)
{
  vclock_virtual_clock_step (clock);
}

static void
resume_at_full_rate (VclockVirtualClock *clock)
{
  vclock_virtual_clock_set_rate (clock, 1, 1);
  vclock_virtual_clock_resume (clock);
}

static void
jump_ahead (VclockVirtualClock *clock)
{
  vclock_virtual_clock_jump (clock, vclock_clock_get_time (VCLOCK_CLOCK (clock)) + MSEC (540));
}

static const struct { VclockTime deadline; CueFunc func; } cues[] = {
  { MSEC (620), slow_down },
  { MSEC (1220), vclock_virtual_clock_pause },
  { MSEC (1450), step },
  { MSEC (1650), step },
  { MSEC (1850), step },
  { MSEC (2000), resume_at_full_rate },
  { MSEC (2570), jump_ahead },
  { MSEC (3000), NULL },
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TimelineScenario, timeline_scenario, G_TYPE_OBJECT)

static void
arm_next_cue (TimelineScenario *self)
{
  vclock_timer_arm (self->script, self->script_origin + cues[self->next_cue].deadline);
}

static void
script_expired_cb (TimelineScenario *self)
{
  CueFunc func = cues[self->next_cue].func;

  if (func == NULL)
    {
      timeline_scenario_end_script (self);
      return;
    }
  func (self->virtual_clock);
  self->next_cue++;
  arm_next_cue (self);
  timeline_model_sample (self->model);
}

static void
work_cb (VclockTimer     *timer,
         guint64          overruns,
         const TimerSpec *spec)
{
  g_usleep (spec->work / VCLOCK_NSEC_PER_USEC);
}

static void
add_timer (TimelineScenario *self,
           VclockClock      *clock,
           VclockTime        origin,
           const TimerSpec  *spec)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (clock);
  VclockTime deadline = origin + spec->deadline;

  if (spec->deadline == 0)
    deadline += spec->period - origin % spec->period;
  vclock_timer_set_name (timer, _(spec->name));
  vclock_timer_set_period (timer, spec->period);
  vclock_timer_set_slack (timer, spec->slack);
  vclock_timer_set_overrun_policy (timer, spec->policy);
  vclock_timer_arm (timer, deadline);
  timeline_model_add_timer (self->model, timer);
  if (spec->work > 0)
    g_signal_connect (timer, "expired", G_CALLBACK (work_cb), (gpointer) spec);
}

static VclockTime
add_lane (TimelineScenario *self,
          VclockClock      *clock,
          const char       *name,
          const TimerSpec  *specs)
{
  VclockTime origin;

  timeline_model_add_clock (self->model, clock, name);
  origin = timeline_model_get_lane (self->model,
                                    timeline_model_get_n_lanes (self->model) - 1)->origin;
  for (; specs->name != NULL; specs++)
    add_timer (self, clock, origin, specs);
  return origin;
}

static void
timeline_scenario_dispose (GObject *object)
{
  TimelineScenario *self = TIMELINE_SCENARIO (object);
  guint i;

  for (i = 0; self->model != NULL && i < timeline_model_get_n_rows (self->model); i++)
    vclock_timer_disarm (timeline_model_get_row (self->model, i)->timer);
  g_clear_object (&self->script);
  g_clear_object (&self->virtual_clock);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (timeline_scenario_parent_class)->dispose (object);
}

static void
timeline_scenario_class_init (TimelineScenarioClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = timeline_scenario_dispose;

  /* The virtual clock is the user's from here on. */
  signals[SCRIPT_ENDED] = g_signal_new ("script-ended", TIMELINE_TYPE_SCENARIO, G_SIGNAL_RUN_LAST,
                                        0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
timeline_scenario_init (TimelineScenario *self)
{
  VclockClock *monotonic = vclock_monotonic_clock_get_default ();
  VclockClock *wall = vclock_wall_clock_get_default ();

  self->model = timeline_model_new ();
  self->virtual_clock = vclock_virtual_clock_new_with_parent (monotonic);
  self->script = vclock_timer_new (monotonic);
  vclock_timer_set_name (self->script, _("Script"));

  self->script_origin = add_lane (self, monotonic, _("Monotonic"), monotonic_timers);
  timeline_model_add_timer (self->model, self->script);
  g_signal_connect_object (self->script, "expired", G_CALLBACK (script_expired_cb), self,
                           G_CONNECT_SWAPPED);
  add_lane (self, wall, _("Wall"), wall_timers);
  add_lane (self, VCLOCK_CLOCK (self->virtual_clock), _("Virtual"), virtual_timers);
  arm_next_cue (self);
  timeline_model_sample (self->model);
}

/* Arms all timers; they expire as soon as the thread-default main context runs. */
TimelineScenario *
timeline_scenario_new (void)
{
  return g_object_new (TIMELINE_TYPE_SCENARIO, NULL);
}

TimelineModel *
timeline_scenario_get_model (TimelineScenario *self)
{
  g_return_val_if_fail (TIMELINE_IS_SCENARIO (self), NULL);

  return self->model;
}

VclockVirtualClock *
timeline_scenario_get_virtual_clock (TimelineScenario *self)
{
  g_return_val_if_fail (TIMELINE_IS_SCENARIO (self), NULL);

  return self->virtual_clock;
}

/* Whether the script still acts on the virtual clock. */
gboolean
timeline_scenario_is_scripted (TimelineScenario *self)
{
  g_return_val_if_fail (TIMELINE_IS_SCENARIO (self), FALSE);

  return self->next_cue < G_N_ELEMENTS (cues);
}

/* Leaves the virtual clock to the caller. */
void
timeline_scenario_end_script (TimelineScenario *self)
{
  g_return_if_fail (TIMELINE_IS_SCENARIO (self));

  if (!timeline_scenario_is_scripted (self))
    return;
  self->next_cue = G_N_ELEMENTS (cues);
  vclock_timer_disarm (self->script);
  g_signal_emit (self, signals[SCRIPT_ENDED], 0);
}
