/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "timeline-model.h"

G_BEGIN_DECLS

#define TIMELINE_VIEW_ZOOM_STEP 1.2

#define TIMELINE_TYPE_VIEW (timeline_view_get_type ())

G_DECLARE_FINAL_TYPE (TimelineView, timeline_view, TIMELINE, VIEW, GtkWidget)

void timeline_view_set_model (TimelineView  *self,
                              TimelineModel *model);

void timeline_view_follow    (TimelineView  *self);

void timeline_view_fit       (TimelineView  *self);

void timeline_view_zoom      (TimelineView  *self,
                              double         factor);

G_END_DECLS
