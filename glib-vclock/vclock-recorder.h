/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VCLOCK_INSIDE) && !defined (VCLOCK_COMPILATION)
# error "Only <glib-vclock/glib-vclock.h> can be included directly."
#endif

#include <gio/gio.h>

#include <glib-vclock/vclock-clock.h>

G_BEGIN_DECLS

#define VCLOCK_TYPE_RECORDER (vclock_recorder_get_type ())

VCLOCK_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VclockRecorder, vclock_recorder, VCLOCK, RECORDER, GObject)

VCLOCK_AVAILABLE_IN_ALL
VclockRecorder *vclock_recorder_new           (guint            capacity) G_GNUC_WARN_UNUSED_RESULT;

VCLOCK_AVAILABLE_IN_ALL
guint           vclock_recorder_get_capacity  (VclockRecorder  *self);

VCLOCK_AVAILABLE_IN_ALL
gboolean        vclock_recorder_add_clock     (VclockRecorder  *self,
                                               VclockClock     *clock);

VCLOCK_AVAILABLE_IN_ALL
gboolean        vclock_recorder_remove_clock  (VclockRecorder  *self,
                                               VclockClock     *clock);

VCLOCK_AVAILABLE_IN_ALL
gboolean        vclock_recorder_get_recording (VclockRecorder  *self);

VCLOCK_AVAILABLE_IN_ALL
void            vclock_recorder_set_recording (VclockRecorder  *self,
                                               gboolean         recording);

VCLOCK_AVAILABLE_IN_ALL
void            vclock_recorder_update        (VclockRecorder  *self);

VCLOCK_AVAILABLE_IN_ALL
void            vclock_recorder_clear         (VclockRecorder  *self);

VCLOCK_AVAILABLE_IN_ALL
guint64         vclock_recorder_get_n_dropped (VclockRecorder  *self);

VCLOCK_AVAILABLE_IN_ALL
gboolean        vclock_recorder_write_trace   (VclockRecorder  *self,
                                               GOutputStream   *stream,
                                               GCancellable    *cancellable,
                                               GError         **error);

VCLOCK_AVAILABLE_IN_ALL
gboolean        vclock_recorder_write_csv     (VclockRecorder  *self,
                                               GOutputStream   *stream,
                                               GCancellable    *cancellable,
                                               GError         **error);

G_END_DECLS
