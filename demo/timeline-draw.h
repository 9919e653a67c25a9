/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "timeline-layout.h"
#include "timeline-style.h"

G_BEGIN_DECLS

void timeline_draw (GtkSnapshot          *snapshot,
                    PangoContext         *pango,
                    const TimelineLayout *layout,
                    const TimelineStyle  *style);

G_END_DECLS
