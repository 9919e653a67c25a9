/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "timeline-painter.h"

G_BEGIN_DECLS

void timeline_painter_draw_notes      (TimelinePainter *self);

void timeline_painter_label_notes     (TimelinePainter *self);

void timeline_painter_draw_base_lines (TimelinePainter *self);

void timeline_painter_draw_marks      (TimelinePainter *self);

void timeline_painter_draw_late       (TimelinePainter *self,
                                       double           deadline_x,
                                       double           called_x,
                                       double           y);

G_END_DECLS
