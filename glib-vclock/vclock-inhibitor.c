/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-inhibitor.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-virtual-clock-private.h>

/**
 * VclockInhibitor:
 *
 * Holds a virtual clock that would warp, as long as it exists or until it is released.
 *
 * A clock with a [property@Vclock.VirtualClock:warp-mode] goes on when no main context that has
 * timers of it has anything left to do. It cannot see work that is under way elsewhere, in a thread
 * without a main loop, in another process or on the network; whoever waits for such work holds the
 * clock meanwhile:
 *
 * ```c
 * g_autoptr (VclockInhibitor) inhibitor = vclock_virtual_clock_inhibit (clock, "hashing");
 * g_autoptr (GTask) task = g_task_new (NULL, NULL, hashed_cb, loop);
 *
 * vclock_inhibitor_tie_to_task (inhibitor, task);
 * g_task_run_in_thread (task, hash_thread);
 * ```
 */
struct _VclockInhibitor
{
  GObject parent_instance;

  VclockVirtualClock *clock;    /* (owned) */
  char               *reason;   /* (owned) (nullable) */
  gboolean            released; /* guarded by the lock */
};

G_DEFINE_FINAL_TYPE (VclockInhibitor, vclock_inhibitor, G_TYPE_OBJECT)

static void
vclock_inhibitor_finalize (GObject *object)
{
  VclockInhibitor *self = VCLOCK_INHIBITOR (object);

  if (self->clock != NULL)
    vclock_inhibitor_release (self);
  g_clear_object (&self->clock);
  g_free (self->reason);

  G_OBJECT_CLASS (vclock_inhibitor_parent_class)->finalize (object);
}

static void
vclock_inhibitor_class_init (VclockInhibitorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vclock_inhibitor_finalize;
}

static void
vclock_inhibitor_init (VclockInhibitor *self)
{
}

/**
 * vclock_virtual_clock_inhibit:
 * @self: a virtual clock
 * @reason: (nullable): what is under way, for people
 *
 * Holds the clock, so that it does not warp until what this returns is released or dropped.
 *
 * Clocks that it follows and that follow it do not warp either. Everything else about the clock
 * stays as it is: it can be moved, and a parent's time counts. From any thread, any number of
 * times, whether the clock warps or not.
 *
 * Returns: (transfer full): what holds the clock
 */
VclockInhibitor *
vclock_virtual_clock_inhibit (VclockVirtualClock *self,
                              const char         *reason)
{
  VclockInhibitor *inhibitor;

  g_return_val_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self), NULL);

  inhibitor = g_object_new (VCLOCK_TYPE_INHIBITOR, NULL);
  inhibitor->clock = g_object_ref (self);
  inhibitor->reason = g_strdup (reason);

  vclock_lock ();
  vclock_virtual_clock_get_private (self)->n_inhibitors++;
  vclock_unlock ();

  return inhibitor;
}

/**
 * vclock_inhibitor_get_clock:
 * @self: an inhibitor
 *
 * Gets the clock that it holds, or held.
 *
 * Returns: (transfer none): the clock
 */
VclockVirtualClock *
vclock_inhibitor_get_clock (VclockInhibitor *self)
{
  g_return_val_if_fail (VCLOCK_IS_INHIBITOR (self), NULL);

  return self->clock;
}

/**
 * vclock_inhibitor_get_reason:
 * @self: an inhibitor
 *
 * Gets what is under way.
 *
 * Returns: (nullable): what was given with [method@Vclock.VirtualClock.inhibit]
 */
const char *
vclock_inhibitor_get_reason (VclockInhibitor *self)
{
  g_return_val_if_fail (VCLOCK_IS_INHIBITOR (self), NULL);

  return self->reason;
}

/**
 * vclock_inhibitor_release:
 * @self: an inhibitor
 *
 * Lets the clock go before the inhibitor is dropped.
 *
 * From any thread, any number of times; the contexts that wait for the clock are woken. In languages
 * whose collector drops objects late, it is the only good way to end it.
 */
void
vclock_inhibitor_release (VclockInhibitor *self)
{
  g_return_if_fail (VCLOCK_IS_INHIBITOR (self));
  g_return_if_fail (self->clock != NULL);

  vclock_lock ();
  if (!self->released)
    {
      self->released = TRUE;
      vclock_virtual_clock_get_private (self->clock)->n_inhibitors--;
      vclock_clock_replan_locked (VCLOCK_CLOCK (self->clock));
    }
  vclock_unlock ();
}

static void
cancelled_cb (GCancellable    *cancellable,
              VclockInhibitor *self)
{
  vclock_inhibitor_release (self);
}

/**
 * vclock_inhibitor_tie_to_cancellable:
 * @self: an inhibitor
 * @cancellable: a cancellable
 *
 * Releases the inhibitor when @cancellable is cancelled, or is dropped.
 *
 * Until then @cancellable keeps the inhibitor, so the caller may drop it. If @cancellable is
 * cancelled already, it is released at once.
 */
void
vclock_inhibitor_tie_to_cancellable (VclockInhibitor *self,
                                     GCancellable    *cancellable)
{
  g_return_if_fail (VCLOCK_IS_INHIBITOR (self));
  g_return_if_fail (G_IS_CANCELLABLE (cancellable));

  g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), g_object_ref (self),
                         g_object_unref);
}

static void
completed_cb (GTask           *task,
              GParamSpec      *pspec,
              VclockInhibitor *self)
{
  vclock_inhibitor_release (self);
  g_signal_handlers_disconnect_by_func (task, completed_cb, self);
}

/**
 * vclock_inhibitor_tie_to_task:
 * @self: an inhibitor
 * @task: a task
 *
 * Releases the inhibitor when the callback of @task has returned, or @task is dropped.
 *
 * Until then @task keeps the inhibitor, so the caller may drop it. If @task is completed already,
 * it is released at once.
 */
void
vclock_inhibitor_tie_to_task (VclockInhibitor *self,
                              GTask           *task)
{
  g_return_if_fail (VCLOCK_IS_INHIBITOR (self));
  g_return_if_fail (G_IS_TASK (task));

  g_signal_connect_data (task, "notify::completed", G_CALLBACK (completed_cb),
                         g_object_ref (self), (GClosureNotify) (void (*) (void)) g_object_unref, 0);
  if (g_task_get_completed (task))
    completed_cb (task, NULL, self);
}
