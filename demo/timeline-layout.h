/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "timeline-model.h"

G_BEGIN_DECLS

/* The part of the axis that is shown. */
typedef struct
{
  VclockTime start;
  VclockTime span;
} TimelineRange;

/* Where things are, in pixels:
 *
 *   0        gutter                     right
 *   |        |  axis: ticks              |   TIMELINE_AXIS_HEIGHT
 *   | lane   |  now, notes               |   TIMELINE_HEAD_HEIGHT
 *   | timer  |  marks                    |   row_height
 *   | timer  |  marks                    |   row_height
 *   |        |                           |   TIMELINE_LANE_GAP
 *   | lane   |  ...
 *   | legend                             |   TIMELINE_LEGEND_HEIGHT */
typedef struct
{
  TimelineModel *model;  /* (unowned) */
  TimelineRange  range;
  double         width;
  double         height;
  double         gutter;
  double         right;
  double         row_height;
} TimelineLayout;

/* What is under the pointer: at most one of the two is set. */
typedef struct
{
  const TimelineRow  *row;         /* whose armed deadline it is */
  TimelineExpiration *expiration;  /* (unowned) */
} TimelineHit;

#define TIMELINE_AXIS_HEIGHT   30.0
#define TIMELINE_HEAD_HEIGHT   42.0
#define TIMELINE_LANE_GAP      8.0
#define TIMELINE_LEGEND_HEIGHT 30.0

TimelineLayout timeline_layout_new            (TimelineModel        *model,
                                               TimelineRange         range,
                                               double                width,
                                               double                height);

TimelineRange  timeline_layout_get_full_range (TimelineModel        *model);

double         timeline_layout_get_min_height (TimelineModel        *model);

double         timeline_layout_get_height     (TimelineModel        *model);

double         timeline_layout_get_x          (const TimelineLayout *self,
                                               VclockTime            time);

VclockTime     timeline_layout_get_time       (const TimelineLayout *self,
                                               double                x);

double         timeline_layout_get_lane_y     (const TimelineLayout *self,
                                               guint                 lane);

double         timeline_layout_get_row_y      (const TimelineLayout *self,
                                               guint                 row);

double         timeline_layout_get_lanes_end  (const TimelineLayout *self);

gboolean       timeline_layout_hit            (const TimelineLayout *self,
                                               double                x,
                                               double                y,
                                               TimelineHit          *hit);

G_END_DECLS
