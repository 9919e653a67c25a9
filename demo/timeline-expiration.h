/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-vclock/glib-vclock.h>

G_BEGIN_DECLS

#define TIMELINE_TYPE_EXPIRATION (timeline_expiration_get_type ())

G_DECLARE_FINAL_TYPE (TimelineExpiration, timeline_expiration, TIMELINE, EXPIRATION, GObject)

TimelineExpiration *timeline_expiration_new            (guint               row,
                                                        const char         *clock_name,
                                                        const char         *timer_name,
                                                        VclockTime          deadline,
                                                        VclockTime          lateness,
                                                        guint64             overruns);

guint               timeline_expiration_get_row        (TimelineExpiration *self);

const char         *timeline_expiration_get_clock_name (TimelineExpiration *self);

const char         *timeline_expiration_get_timer_name (TimelineExpiration *self);

VclockTime          timeline_expiration_get_deadline   (TimelineExpiration *self);

VclockTime          timeline_expiration_get_lateness   (TimelineExpiration *self);

guint64             timeline_expiration_get_overruns   (TimelineExpiration *self);

G_END_DECLS
