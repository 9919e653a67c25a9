/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-clock-source-private.h>
#include <glib-vclock/vclock-host-private.h>
#include <glib-vclock/vclock-lock-private.h>

/* Shared by the clock, which may live in any thread, and the GSource, which is only touched by its
 * context: GLib cannot destroy a source from one thread while another drops its context. */
struct _VclockClockSource
{
  gatomicrefcount        ref_count;
  GSource               *source;  /* (unowned) (nullable): guarded by the lock */
  GThread               *closer;  /* (unowned) (nullable): has the lock and destroys the source */
  GWeakRef               clock;
  VclockClockSourceFunc  func;
};

typedef struct
{
  GSource            parent;
  VclockClockSource *shared;       /* (owned) */
  gboolean           watches_host;
  GPollFD            watch;        /* fd is -1 without one */
  guint              generation;   /* of the process that opened it */
} Source;

VclockClockSource *
vclock_clock_source_ref (VclockClockSource *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
vclock_clock_source_unref (VclockClockSource *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_weak_ref_clear (&self->clock);
  g_free (self);
}

static void
close_watch (Source *self)
{
  if (self->watch.fd != -1)
    vclock_host_watch_close (&self->watch);
  self->watch.fd = -1;
}

/* Also after a fork: the child must not read what it shares with its parent. */
static void
open_watch (Source *self)
{
  if (!self->watches_host || self->generation == vclock_get_fork_generation ())
    return;

  if (self->watch.fd != -1)
    g_source_remove_poll (&self->parent, &self->watch);
  close_watch (self);

  self->generation = vclock_get_fork_generation ();
  self->watch = vclock_host_watch_open ();
  if (self->watch.fd != -1)
    g_source_add_poll (&self->parent, &self->watch);
}

static gboolean
source_prepare (GSource *source,
                int     *timeout)
{
  Source *self = (Source *) source;

  *timeout = -1;
  open_watch (self);

  return FALSE;
}

static gboolean
source_check (GSource *source)
{
  Source *self = (Source *) source;

  return self->watch.fd != -1 && self->watch.revents != 0;
}

static gboolean
source_dispatch (GSource     *source,
                 GSourceFunc  callback,
                 gpointer     user_data)
{
  Source *self = (Source *) source;
  VclockClockSource *shared = self->shared;
  g_autoptr (GObject) clock = g_weak_ref_get (&shared->clock);
  gboolean was_set = FALSE;

  if (clock == NULL)
    return G_SOURCE_REMOVE;

  g_source_set_ready_time (source, -1);

  if (self->watch.fd != -1 && self->watch.revents != 0)
    {
      if ((self->watch.revents & G_IO_NVAL) != 0)
        {
          /* Somebody closed it: leave the number to whoever has it now, and open another. */
          g_source_remove_poll (source, &self->watch);
          self->watch.fd = -1;
          self->generation--;
        }
      else
        {
          was_set = vclock_host_watch_read (&self->watch);
        }
      self->watch.revents = 0;
    }

  shared->func (clock, was_set);

  return G_SOURCE_CONTINUE;
}

static void
source_finalize (GSource *source)
{
  Source *self = (Source *) source;

  close_watch (self);
  vclock_clock_source_unref (self->shared);
}

static GSourceFuncs source_funcs = {
  .prepare = source_prepare,
  .check = source_check,
  .dispatch = source_dispatch,
  .finalize = source_finalize,
};

/* GLib calls this while it destroys the source, and a context that goes away does so before it
 * frees anything: under the lock, a source that is not NULL can be made ready. */
static void
destroyed_cb (gpointer user_data)
{
  VclockClockSource *self = user_data;

  if (self->closer == g_thread_self ())
    return;

  vclock_lock ();
  self->source = NULL;
  vclock_unlock ();
}

VclockClockSource *
vclock_clock_source_new (GObject               *clock,
                         GMainContext          *context,
                         VclockClockSourceFunc  func,
                         gboolean               watches_host)
{
  VclockClockSource *self = g_new0 (VclockClockSource, 1);
  GSource *source = g_source_new (&source_funcs, sizeof (Source));

  g_atomic_ref_count_init (&self->ref_count);
  g_weak_ref_init (&self->clock, clock);
  self->source = source;
  self->func = func;

  ((Source *) source)->shared = vclock_clock_source_ref (self);
  ((Source *) source)->watch.fd = -1;
  ((Source *) source)->watches_host = watches_host;
  ((Source *) source)->generation = vclock_get_fork_generation () - 1;
  g_source_set_static_name (source, "[vclock-clock]");
  g_source_set_priority (source, G_PRIORITY_HIGH);
  g_source_set_callback (source, NULL, self, destroyed_cb);
  g_source_attach (source, context);
  g_source_unref (source);

  return self;
}

/* Ends it for the clock. A context that is going away in another thread waits in destroyed_cb
 * () for the lock, so that its memory is still there; one that has let go of its sources will
 * destroy this one itself. */
void
vclock_clock_source_close (VclockClockSource *self)
{
  GSource *source;

  vclock_lock ();
  self->closer = g_thread_self ();
  source = g_steal_pointer (&self->source);
  if (source != NULL && g_source_get_context (source) != NULL)
    g_source_destroy (source);
  vclock_unlock ();

  vclock_clock_source_unref (self);
}

/* Whether the calling thread runs the context. */
gboolean
vclock_clock_source_is_here (VclockClockSource *self)
{
  GMainContext *context = NULL;
  gboolean is_here;

  vclock_lock ();
  if (self->source != NULL)
    context = g_source_get_context (self->source);
  is_here = context != NULL && g_main_context_is_owner (context);
  vclock_unlock ();

  return is_here;
}

/* Calls the function now, from the thread that runs the context. */
void
vclock_clock_source_run (VclockClockSource *self)
{
  g_autoptr (GObject) clock = g_weak_ref_get (&self->clock);

  if (clock != NULL)
    self->func (clock, FALSE);
}

/* Has the function called in the context, soon. From any thread. */
void
vclock_clock_source_call (VclockClockSource *self)
{
  vclock_lock ();
  if (self->source != NULL)
    g_source_set_ready_time (self->source, 0);
  vclock_unlock ();
}
