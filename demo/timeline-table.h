/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "timeline-model.h"

G_BEGIN_DECLS

void timeline_table_set_up    (GtkColumnView *view);

void timeline_table_set_model (GtkColumnView *view,
                               TimelineModel *model);

G_END_DECLS
