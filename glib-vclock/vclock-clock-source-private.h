/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-time-private.h>

G_BEGIN_DECLS

/* The GSource by which a clock speaks in its main context, which may go away before the clock does.
 * Freed by itself once the clock has closed it and the context has let go of it. */
typedef struct _VclockClockSource VclockClockSource;

/* Called in the main context; @was_set tells that the host's real-time clock has been set. */
typedef void (* VclockClockSourceFunc) (GObject  *clock,
                                        gboolean  was_set);

VclockClockSource *vclock_clock_source_new     (GObject               *clock,
                                                GMainContext          *context,
                                                VclockClockSourceFunc  func,
                                                gboolean               watches_host);
VclockClockSource *vclock_clock_source_ref     (VclockClockSource     *self);
void               vclock_clock_source_unref   (VclockClockSource     *self);
void               vclock_clock_source_close   (VclockClockSource     *self);
gboolean           vclock_clock_source_is_here (VclockClockSource     *self);
void               vclock_clock_source_run     (VclockClockSource     *self);
void               vclock_clock_source_call    (VclockClockSource     *self);

G_END_DECLS
