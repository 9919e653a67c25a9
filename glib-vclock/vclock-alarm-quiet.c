/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <glib-vclock/vclock-alarm-private.h>
#include <glib-vclock/vclock-host-private.h>
#include <glib-vclock/vclock-lock-private.h>

/* How an alarm learns what its context does: from two sources that are the first and the last in
 * each iteration. GLib prepares and checks the first one before all others; it checks the last one
 * only when no other is ready, which is how one knows. The last one is ready when a clock has gone
 * on because of that, so that nobody takes the iteration for one in which nothing happened. */

typedef struct
{
  GSource      parent;
  VclockAlarm *alarm; /* (owned) */
} QuietSource;

/* From here on changes wake the context: before it is asked whether all are quiet. */
static gboolean
first_prepare (GSource *source,
               int     *timeout)
{
  VclockAlarm *self = ((QuietSource *) source)->alarm;
  VclockTime wakeup = self->quiet.wakeup;

  *timeout = -1;
  vclock_lock ();
  vclock_alarm_begin_polling (self);
  vclock_unlock ();

  vclock_quiet_sleep (&self->quiet);
  if (self->quiet.wakeup != wakeup)
    {
      vclock_lock ();
      self->dirty = TRUE;
      vclock_unlock ();
    }

  return FALSE;
}

static gboolean
first_check (GSource *source)
{
  VclockAlarm *self = ((QuietSource *) source)->alarm;

  if (self->quiet.wakeup <= vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC))
    self->served = TRUE;
  vclock_quiet_look (&self->quiet);

  return FALSE;
}

static gboolean
last_prepare (GSource *source,
              int     *timeout)
{
  *timeout = vclock_quiet_wants_look (&((QuietSource *) source)->alarm->quiet) ? 0 : -1;

  return FALSE;
}

static gboolean
last_check (GSource *source)
{
  return vclock_quiet_find_nothing (&((QuietSource *) source)->alarm->quiet);
}

static gboolean
quiet_source_dispatch (GSource     *source,
                       GSourceFunc  callback,
                       gpointer     user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
quiet_source_finalize (GSource *source)
{
  g_object_unref (((QuietSource *) source)->alarm);
}

static GSourceFuncs first_funcs = {
  .prepare = first_prepare,
  .check = first_check,
  .dispatch = quiet_source_dispatch,
  .finalize = quiet_source_finalize,
};

static GSourceFuncs last_funcs = {
  .prepare = last_prepare,
  .check = last_check,
  .dispatch = quiet_source_dispatch,
  .finalize = quiet_source_finalize,
};

static void
attach (VclockAlarm  *self,
        GMainContext *context,
        GSourceFuncs *funcs,
        int           priority)
{
  GSource *source = g_source_new (funcs, sizeof (QuietSource));

  ((QuietSource *) source)->alarm = g_object_ref (self);
  g_source_set_static_name (source, "[vclock-quiet]");
  g_source_set_priority (source, priority);
  g_source_set_can_recurse (source, TRUE);
  g_source_attach (source, context);
  g_source_unref (source);
}

/* From the thread that runs the context, which has the sources from then on. */
void
vclock_alarm_watch (VclockAlarm  *self,
                    GMainContext *context)
{
  self->watched = TRUE;
  vclock_quiet_join (&self->quiet, context);
  attach (self, context, &first_funcs, G_MININT);
  attach (self, context, &last_funcs, G_MAXINT);
}
