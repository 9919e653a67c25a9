/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "timeline-model.h"

G_BEGIN_DECLS

gboolean timeline_render_check_path (const char     *path,
                                     GError        **error);

gboolean timeline_render            (TimelineModel  *model,
                                     const char     *path,
                                     int             width,
                                     int             height,
                                     gboolean        dark,
                                     GError        **error);

G_END_DECLS
