/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "timeline-model.h"

G_BEGIN_DECLS

#define TIMELINE_TYPE_SCENARIO (timeline_scenario_get_type ())

G_DECLARE_FINAL_TYPE (TimelineScenario, timeline_scenario, TIMELINE, SCENARIO, GObject)

TimelineScenario   *timeline_scenario_new               (void);

TimelineModel      *timeline_scenario_get_model         (TimelineScenario *self);

VclockVirtualClock *timeline_scenario_get_virtual_clock (TimelineScenario *self);

gboolean            timeline_scenario_is_scripted       (TimelineScenario *self);

void                timeline_scenario_end_script        (TimelineScenario *self);

G_END_DECLS
