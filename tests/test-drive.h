/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "test-util.h"

G_BEGIN_DECLS

/* A backend that is driven by hand: started for a source of a context, without an alarm. */
typedef struct
{
  GMainContext       *context;
  GSource            *source;
  VclockAlarmBackend *backend;
} TestDrive;

gboolean test_drive_begin (TestDrive  *self,
                           GType       type,
                           GError    **error);
void     test_drive_end   (TestDrive  *self);

/* Sleeps until the backend wakes, but not longer than so much; returns whether it did. */
gboolean test_drive_sleep (TestDrive  *self,
                           int         milliseconds);

G_END_DECLS
