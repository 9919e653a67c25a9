/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <math.h>

#include "timeline-layout.h"

#define MIN_ROW_HEIGHT 18.0
#define ROW_HEIGHT     24.0
#define MAX_ROW_HEIGHT 34.0
#define MIN_GUTTER     100.0
#define MAX_GUTTER     140.0
#define RIGHT_MARGIN   12.0
#define HIT_RADIUS     8.0

/* All that is not rows. */
static double
get_fixed_height (TimelineModel *model)
{
  return TIMELINE_AXIS_HEIGHT + TIMELINE_LEGEND_HEIGHT
         + timeline_model_get_n_lanes (model) * (TIMELINE_HEAD_HEIGHT + TIMELINE_LANE_GAP);
}

TimelineLayout
timeline_layout_new (TimelineModel *model,
                     TimelineRange  range,
                     double         width,
                     double         height)
{
  guint n_rows = MAX (1, timeline_model_get_n_rows (model));
  double row_height = floor ((height - get_fixed_height (model)) / n_rows);

  return (TimelineLayout) {
    .model = model,
    .range = range,
    .width = width,
    .height = height,
    .gutter = floor (CLAMP (width * 0.16, MIN_GUTTER, MAX_GUTTER)),
    .right = width - RIGHT_MARGIN,
    .row_height = CLAMP (row_height, MIN_ROW_HEIGHT, MAX_ROW_HEIGHT),
  };
}

/* All that there is to see, with some air at both ends. */
TimelineRange
timeline_layout_get_full_range (TimelineModel *model)
{
  VclockTime end = MAX (timeline_model_get_end (model), VCLOCK_NSEC_PER_MSEC);

  return (TimelineRange) { .start = -end / 50, .span = end + end / 50 * 2 };
}

double
timeline_layout_get_min_height (TimelineModel *model)
{
  return get_fixed_height (model) + timeline_model_get_n_rows (model) * MIN_ROW_HEIGHT;
}

/* The height at which the rows are neither tight nor loose. */
double
timeline_layout_get_height (TimelineModel *model)
{
  return get_fixed_height (model) + timeline_model_get_n_rows (model) * ROW_HEIGHT;
}

/* What lies far outside of the picture is brought near: cairo knows no coordinates beyond 2²³. */
double
timeline_layout_get_x (const TimelineLayout *self,
                       VclockTime            time)
{
  double part = ((double) time - (double) self->range.start) / (double) self->range.span;

  return self->gutter + CLAMP (part, -1, 2) * (self->right - self->gutter);
}

VclockTime
timeline_layout_get_time (const TimelineLayout *self,
                          double                x)
{
  double part = (x - self->gutter) / (self->right - self->gutter);

  return self->range.start + (VclockTime) (part * (double) self->range.span);
}

/* The top of a lane; that of the lane after the last one is the end of all. */
double
timeline_layout_get_lane_y (const TimelineLayout *self,
                            guint                 lane)
{
  guint rows_above = lane < timeline_model_get_n_lanes (self->model)
                     ? timeline_model_get_lane (self->model, lane)->first_row
                     : timeline_model_get_n_rows (self->model);

  return TIMELINE_AXIS_HEIGHT + lane * (TIMELINE_HEAD_HEIGHT + TIMELINE_LANE_GAP)
         + rows_above * self->row_height;
}

/* The middle of a row. */
double
timeline_layout_get_row_y (const TimelineLayout *self,
                           guint                 row)
{
  guint lane = timeline_model_get_row (self->model, row)->lane;
  guint first_row = timeline_model_get_lane (self->model, lane)->first_row;

  return timeline_layout_get_lane_y (self, lane) + TIMELINE_HEAD_HEIGHT
         + (row - first_row + 0.5) * self->row_height;
}

double
timeline_layout_get_lanes_end (const TimelineLayout *self)
{
  return timeline_layout_get_lane_y (self, timeline_model_get_n_lanes (self->model))
         - TIMELINE_LANE_GAP;
}

static const TimelineRow *
find_row (const TimelineLayout *self,
          double                y,
          guint                *index)
{
  for (*index = 0; *index < timeline_model_get_n_rows (self->model); (*index)++)
    if (fabs (timeline_layout_get_row_y (self, *index) - y) <= self->row_height / 2)
      return timeline_model_get_row (self->model, *index);
  return NULL;
}

/* Finds the mark that is nearest to the point; FALSE if none is near. */
gboolean
timeline_layout_hit (const TimelineLayout *self,
                     double                x,
                     double                y,
                     TimelineHit          *hit)
{
  GListModel *expirations = timeline_model_get_expirations (self->model);
  double nearest = HIT_RADIUS;
  const TimelineRow *row;
  guint row_index;
  guint i;

  *hit = (TimelineHit) { NULL };
  row = find_row (self, y, &row_index);
  if (row == NULL || x < self->gutter)
    return FALSE;

  for (i = 0; i < g_list_model_get_n_items (expirations); i++)
    {
      g_autoptr (TimelineExpiration) each = g_list_model_get_item (expirations, i);
      VclockTime called = timeline_expiration_get_deadline (each)
                          + timeline_expiration_get_lateness (each);
      double distance = fabs (timeline_layout_get_x (self, called) - x);

      if (timeline_expiration_get_row (each) != row_index || distance >= nearest)
        continue;
      nearest = distance;
      hit->expiration = each;
    }
  if (row->armed && fabs (timeline_layout_get_x (self, row->deadline) - x) < nearest)
    *hit = (TimelineHit) { .row = row };
  return hit->row != NULL || hit->expiration != NULL;
}
