/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-vclock/glib-vclock.h>

G_BEGIN_DECLS

VclockTime  timeline_format_get_step (VclockTime at_least);

char       *timeline_format_point    (VclockTime time,
                                      VclockTime step);

char       *timeline_format_span     (VclockTime span);

char       *timeline_format_exact    (VclockTime time);

char       *timeline_format_rate     (gint64     numerator,
                                      gint64     denominator);

G_END_DECLS
