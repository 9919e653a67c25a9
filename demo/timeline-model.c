/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "timeline-model.h"

/* What a picture of the timeline shows, fed by the signals of real clocks and timers; knows nothing
 * of GTK.
 *
 * All lanes share one axis. It counts, on each clock, from the time that this clock showed when it
 * was added: x = time - origin. So a clock of 1970 and one that began with the machine can be
 * compared, and a clock that was slowed, paused or jumped shows a now that lags or leads.
 *
 * timeline_model_sample () reads all clocks and timers; until the next one a picture stays as it
 * is, but for what expires. */
struct _TimelineModel
{
  GObject parent_instance;

  GArray     *lanes;        /* TimelineLane */
  GArray     *rows;         /* TimelineRow, those of a lane side by side */
  GArray     *notes;        /* TimelineNote, oldest first */
  GListStore *expirations;  /* TimelineExpiration, oldest first */
};

enum
{
  CHANGED,
  N_SIGNALS,
};

/* How many are remembered; the oldest are forgotten first. */
#define MAX_EXPIRATIONS 1000
#define MAX_NOTES       100

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TimelineModel, timeline_model, G_TYPE_OBJECT)

static TimelineLane *
get_lane (TimelineModel *self,
          guint          index)
{
  return &g_array_index (self->lanes, TimelineLane, index);
}

static TimelineRow *
get_row (TimelineModel *self,
         guint          index)
{
  return &g_array_index (self->rows, TimelineRow, index);
}

static void
add_note (TimelineModel    *self,
          TimelineNoteKind  kind,
          guint             lane_index,
          VclockTime        time,
          VclockTime        jumped)
{
  const TimelineLane *lane = get_lane (self, lane_index);
  TimelineNote note = {
    .kind = kind,
    .lane = lane_index,
    .time = time,
    .jumped = jumped,
    .numerator = lane->numerator,
    .denominator = lane->denominator,
  };

  g_array_append_val (self->notes, note);
  if (self->notes->len > MAX_NOTES)
    g_array_remove_index (self->notes, 0);
}

static void
sample_state (TimelineLane *lane)
{
  VclockVirtualClock *clock;

  lane->now = vclock_clock_get_time (lane->clock) - lane->origin;
  if (!lane->virtual)
    return;

  clock = VCLOCK_VIRTUAL_CLOCK (lane->clock);
  lane->paused = vclock_virtual_clock_is_paused (clock);
  vclock_virtual_clock_get_rate (clock, &lane->numerator, &lane->denominator);
}

static void
sample_lane (TimelineModel *self,
             guint          index)
{
  TimelineLane *lane = get_lane (self, index);
  TimelineLane before = *lane;

  sample_state (lane);
  if (lane->paused != before.paused)
    add_note (self, lane->paused ? TIMELINE_NOTE_PAUSED : TIMELINE_NOTE_RUNNING, index,
              lane->now, 0);
  else if (!lane->paused
           && (lane->numerator != before.numerator || lane->denominator != before.denominator))
    add_note (self, TIMELINE_NOTE_RUNNING, index, lane->now, 0);
}

static void
sample_row (TimelineModel *self,
            TimelineRow   *row)
{
  row->armed = vclock_timer_is_armed (row->timer);
  if (row->armed)
    row->deadline = vclock_timer_get_deadline (row->timer) - get_lane (self, row->lane)->origin;
}

static void
clock_reset_cb (VclockClock   *clock,
                VclockTime     old_time,
                VclockTime     new_time,
                TimelineModel *self)
{
  guint i;

  for (i = 0; get_lane (self, i)->clock != clock; i++)
    ;
  add_note (self, TIMELINE_NOTE_RESET, i, new_time - get_lane (self, i)->origin,
            new_time - old_time);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
timer_expired_cb (VclockTimer   *timer,
                  guint64        overruns,
                  TimelineModel *self)
{
  g_autoptr (TimelineExpiration) expiration = NULL;
  const TimelineLane *lane;
  TimelineRow *row;
  guint i;

  for (i = 0; get_row (self, i)->timer != timer; i++)
    ;
  row = get_row (self, i);
  lane = get_lane (self, row->lane);
  expiration = timeline_expiration_new (i, lane->name, row->name, row->deadline,
                                        vclock_timer_get_lateness (timer), overruns);
  sample_row (self, row);
  g_list_store_append (self->expirations, expiration);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->expirations)) > MAX_EXPIRATIONS)
    g_list_store_remove (self->expirations, 0);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
clear_lane (gpointer data)
{
  TimelineLane *lane = data;

  g_object_unref (lane->clock);
  g_free (lane->name);
}

static void
clear_row (gpointer data)
{
  TimelineRow *row = data;

  g_signal_handler_disconnect (row->timer, row->expired_id);
  g_object_unref (row->timer);
  g_free (row->name);
}

static void
timeline_model_finalize (GObject *object)
{
  TimelineModel *self = TIMELINE_MODEL (object);

  g_array_unref (self->rows);
  g_array_unref (self->lanes);
  g_array_unref (self->notes);
  g_object_unref (self->expirations);

  G_OBJECT_CLASS (timeline_model_parent_class)->finalize (object);
}

static void
timeline_model_class_init (TimelineModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = timeline_model_finalize;

  /* Something happened: a timer expired, a clock was reset, or a sample was taken. */
  signals[CHANGED] = g_signal_new ("changed", TIMELINE_TYPE_MODEL, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
timeline_model_init (TimelineModel *self)
{
  self->lanes = g_array_new (FALSE, TRUE, sizeof (TimelineLane));
  g_array_set_clear_func (self->lanes, clear_lane);
  self->rows = g_array_new (FALSE, TRUE, sizeof (TimelineRow));
  g_array_set_clear_func (self->rows, clear_row);
  self->notes = g_array_new (FALSE, TRUE, sizeof (TimelineNote));
  self->expirations = g_list_store_new (TIMELINE_TYPE_EXPIRATION);
}

TimelineModel *
timeline_model_new (void)
{
  return g_object_new (TIMELINE_TYPE_MODEL, NULL);
}

/* Adds a lane; its origin is now. */
void
timeline_model_add_clock (TimelineModel *self,
                          VclockClock   *clock,
                          const char    *name)
{
  TimelineLane lane = { .numerator = 1, .denominator = 1 };

  g_return_if_fail (TIMELINE_IS_MODEL (self));
  g_return_if_fail (VCLOCK_IS_CLOCK (clock));

  lane.clock = g_object_ref (clock);
  lane.name = g_strdup (name);
  lane.virtual = VCLOCK_IS_VIRTUAL_CLOCK (clock);
  lane.origin = vclock_clock_get_time (clock);
  lane.first_row = self->rows->len;
  sample_state (&lane);
  g_array_append_val (self->lanes, lane);
  g_signal_connect_object (clock, "reset", G_CALLBACK (clock_reset_cb), self, 0);
}

/* Adds a row to the lane that was added last; @timer must be one of its clock. Who arms the timer
 * later, be it in a handler of its signal connected after this, takes a sample then. */
void
timeline_model_add_timer (TimelineModel *self,
                          VclockTimer   *timer)
{
  TimelineRow row = { 0 };
  TimelineLane *lane;

  g_return_if_fail (TIMELINE_IS_MODEL (self));
  g_return_if_fail (VCLOCK_IS_TIMER (timer));
  g_return_if_fail (self->lanes->len > 0);

  lane = get_lane (self, self->lanes->len - 1);
  g_return_if_fail (vclock_timer_get_clock (timer) == lane->clock);

  lane->n_rows++;
  row.timer = g_object_ref (timer);
  row.name = g_strdup (vclock_timer_get_name (timer));
  row.lane = self->lanes->len - 1;
  row.expired_id = g_signal_connect (timer, "expired", G_CALLBACK (timer_expired_cb), self);
  sample_row (self, &row);
  g_array_append_val (self->rows, row);
}

/* Reads all clocks and timers. */
void
timeline_model_sample (TimelineModel *self)
{
  guint i;

  g_return_if_fail (TIMELINE_IS_MODEL (self));

  for (i = 0; i < self->lanes->len; i++)
    sample_lane (self, i);
  for (i = 0; i < self->rows->len; i++)
    sample_row (self, get_row (self, i));
  g_signal_emit (self, signals[CHANGED], 0);
}

guint
timeline_model_get_n_lanes (TimelineModel *self)
{
  g_return_val_if_fail (TIMELINE_IS_MODEL (self), 0);

  return self->lanes->len;
}

const TimelineLane *
timeline_model_get_lane (TimelineModel *self,
                         guint          index)
{
  g_return_val_if_fail (TIMELINE_IS_MODEL (self), NULL);
  g_return_val_if_fail (index < self->lanes->len, NULL);

  return get_lane (self, index);
}

guint
timeline_model_get_n_rows (TimelineModel *self)
{
  g_return_val_if_fail (TIMELINE_IS_MODEL (self), 0);

  return self->rows->len;
}

const TimelineRow *
timeline_model_get_row (TimelineModel *self,
                        guint          index)
{
  g_return_val_if_fail (TIMELINE_IS_MODEL (self), NULL);
  g_return_val_if_fail (index < self->rows->len, NULL);

  return get_row (self, index);
}

guint
timeline_model_get_n_notes (TimelineModel *self)
{
  g_return_val_if_fail (TIMELINE_IS_MODEL (self), 0);

  return self->notes->len;
}

const TimelineNote *
timeline_model_get_note (TimelineModel *self,
                         guint          index)
{
  g_return_val_if_fail (TIMELINE_IS_MODEL (self), NULL);
  g_return_val_if_fail (index < self->notes->len, NULL);

  return &g_array_index (self->notes, TimelineNote, index);
}

GListModel *
timeline_model_get_expirations (TimelineModel *self)
{
  g_return_val_if_fail (TIMELINE_IS_MODEL (self), NULL);

  return G_LIST_MODEL (self->expirations);
}

/* The end of what there is to see: the latest now, or the latest deadline that is armed. */
VclockTime
timeline_model_get_end (TimelineModel *self)
{
  VclockTime end = 0;
  guint i;

  g_return_val_if_fail (TIMELINE_IS_MODEL (self), 0);

  for (i = 0; i < self->lanes->len; i++)
    end = MAX (end, get_lane (self, i)->now);
  for (i = 0; i < self->rows->len; i++)
    if (get_row (self, i)->armed)
      end = MAX (end, get_row (self, i)->deadline);
  return end;
}
