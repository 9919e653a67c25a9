/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "timeline-painter.h"

const GdkRGBA *
timeline_painter_get_accent (TimelinePainter *self,
                             guint            lane)
{
  return &self->style->accents[lane % TIMELINE_N_ACCENTS];
}

double
timeline_painter_get_now_x (TimelinePainter *self,
                            guint            lane)
{
  return timeline_layout_get_x (self->layout, timeline_model_get_lane (self->model, lane)->now);
}

gboolean
timeline_painter_shows (TimelinePainter *self,
                        double           x)
{
  return x >= self->layout->gutter && x <= self->layout->right;
}
