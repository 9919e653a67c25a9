/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-alarm-backend.h>

G_BEGIN_DECLS

/* What the two backends of Windows share that have a timer of whole milliseconds set an event: the
 * event's HANDLE in the poll set, and going to a wakeup in as many pieces as it takes.
 *
 * The event stays set until it is armed anew, for a main loop may have looked at it and then called
 * somebody else. A timer may set it early, or set what was meant for the last wakeup: the clock
 * decides, and the rest of the way is armed. */
typedef struct
{
  VclockAlarmBackend *backend;                                   /* (unowned) */
  gboolean         (* set_timer) (VclockAlarmBackend *backend,
                                  guint               milliseconds);
  guint               max_milliseconds;                          /* what a piece may have */
  VclockTime          wakeup;
  gboolean            was_early;                                 /* the event was, for this wakeup */
  GPollFD             poll_fd;
} VclockHandleWake;

/* @set_timer has the event set in 1 to @max_milliseconds, and not for the last time it was given
 * any more; 0 just takes that back. Says whether it could. */
gboolean vclock_handle_wake_begin     (VclockHandleWake    *self,
                                       VclockAlarmBackend  *backend,
                                       gboolean          (* set_timer) (VclockAlarmBackend *backend,
                                                                        guint               milliseconds),
                                       guint                max_milliseconds,
                                       GError             **error);
void     vclock_handle_wake_end       (VclockHandleWake    *self);
gpointer vclock_handle_wake_get_event (VclockHandleWake    *self);
void     vclock_handle_wake_rearm     (VclockHandleWake    *self,
                                       VclockTime           wakeup);
gboolean vclock_handle_wake_check     (VclockHandleWake    *self);

G_END_DECLS
