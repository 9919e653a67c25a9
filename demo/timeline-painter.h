/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "timeline-canvas.h"
#include "timeline-layout.h"
#include "timeline-style.h"

G_BEGIN_DECLS

/* What every part of the drawing needs. */
typedef struct
{
  TimelineCanvas        canvas;
  const TimelineLayout *layout;
  const TimelineStyle  *style;
  TimelineModel        *model;
} TimelinePainter;

const GdkRGBA *timeline_painter_get_accent (TimelinePainter *self,
                                            guint            lane);

double         timeline_painter_get_now_x  (TimelinePainter *self,
                                            guint            lane);

gboolean       timeline_painter_shows      (TimelinePainter *self,
                                            double           x);

G_END_DECLS
