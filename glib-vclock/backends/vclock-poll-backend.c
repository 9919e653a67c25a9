/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/backends/vclock-backends-private.h>

/* `poll`: the timeout of the main loop's own poll ().
 *
 * On every host, since ever. Takes no descriptor, no signal and no memory, so it cannot be
 * refused and is the last in the order. Its resolution is the millisecond of GLib's poll
 * function, rounded up: about half a millisecond of lateness on average. */
struct _VclockPollBackend
{
  VclockAlarmBackend parent_instance;
};

G_DEFINE_FINAL_TYPE (VclockPollBackend, vclock_poll_backend, VCLOCK_TYPE_ALARM_BACKEND)

static void
vclock_poll_backend_class_init (VclockPollBackendClass *klass)
{
  VCLOCK_ALARM_BACKEND_CLASS (klass)->rearm = vclock_alarm_backend_set_ready_time;
}

static void
vclock_poll_backend_init (VclockPollBackend *self)
{
}
