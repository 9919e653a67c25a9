/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-drive.h"

#include <glib-vclock/vclock-alarm-backend-private.h>
#include <glib-vclock/vclock-host-private.h>

static gboolean
source_check (GSource *source)
{
  return FALSE;
}

static gboolean
source_dispatch (GSource     *source,
                 GSourceFunc  callback,
                 gpointer     user_data)
{
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { .check = source_check, .dispatch = source_dispatch };

static void
wake_cb (gpointer context)
{
  g_main_context_wakeup (context);
}

gboolean
test_drive_begin (TestDrive  *self,
                  GType       type,
                  GError    **error)
{
  self->context = g_main_context_new ();
  self->source = g_source_new (&source_funcs, sizeof (GSource));
  g_source_attach (self->source, self->context);
  self->backend = g_object_new (type, NULL);

  return vclock_alarm_backend_start (self->backend, self->source, wake_cb, self->context, error);
}

void
test_drive_end (TestDrive *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_assert_finalize_object (self->backend);
  g_main_context_unref (self->context);
}

gboolean
test_drive_sleep (TestDrive *self,
                  int        milliseconds)
{
  const gint64 last = g_get_monotonic_time () + milliseconds * 1000;

  do
    {
      GPollFD fds[8];
      VclockTime ready_time = vclock_alarm_backend_get_ready_time (self->backend);
      int span = (int) ((last - g_get_monotonic_time ()) / 1000);
      int priority;
      int unused;
      int n_fds;

      if (vclock_alarm_backend_check (self->backend))
        return TRUE;
      if (ready_time != VCLOCK_TIME_NEVER)
        span = (int) CLAMP ((ready_time - vclock_host_get_time (0)) / 1000000 + 1, 0, span);

      g_assert_true (g_main_context_acquire (self->context));
      g_main_context_prepare (self->context, &priority);
      n_fds = g_main_context_query (self->context, G_MAXINT, &unused, fds, 8);
      g_poll (fds, (guint) n_fds, MAX (span, 0));
      g_main_context_check (self->context, G_MAXINT, fds, n_fds);
      g_main_context_release (self->context);
      if (vclock_alarm_backend_check (self->backend))
        return TRUE;
    }
  while (g_get_monotonic_time () < last);

  return FALSE;
}
