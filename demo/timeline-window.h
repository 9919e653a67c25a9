/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TIMELINE_APPLICATION_ID "org.gnome.VclockTimeline"

#define TIMELINE_TYPE_WINDOW (timeline_window_get_type ())

G_DECLARE_FINAL_TYPE (TimelineWindow, timeline_window, TIMELINE, WINDOW, AdwApplicationWindow)

TimelineWindow *timeline_window_new (GtkApplication *application);

G_END_DECLS
