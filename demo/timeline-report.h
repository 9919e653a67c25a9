/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "timeline-model.h"

G_BEGIN_DECLS

char *timeline_report_new (TimelineModel *model);

G_END_DECLS
