/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-virtual-clock-private.h>

/* Moving the clock under a main loop that settles before time goes on: a source of the lowest
 * priority there is moves from deadline to deadline. It is dispatched only when its context has
 * nothing else ready, so whatever timers have set going has happened by then. */

#define PRIV(self) (vclock_virtual_clock_get_private (self))

typedef struct _Settle Settle;

struct _Settle
{
  GTask               *task;      /* (owned) */
  VclockVirtualClock  *clock;     /* (unowned): the task has it */
  gboolean          (* move_on) (Settle *self);
  VclockTime           target;
  guint64              limit;
  guint64              n_expired;
  gboolean             moved;     /* for those that move once */
  gboolean             result;
  GError              *error;     /* (owned) (nullable) */
};

/* The four moves, with the lock: FALSE when there is nothing left to do. */

static gboolean
move_on_advance (Settle *self)
{
  if (vclock_virtual_clock_move_to_next (self->clock, self->target, G_MAXUINT64,
                                         &self->n_expired))
    return TRUE;

  vclock_virtual_clock_move_to (self->clock, self->target);
  self->result = TRUE;

  return FALSE;
}

static gboolean
move_on_jump (Settle *self)
{
  if (self->moved)
    return FALSE;

  vclock_virtual_clock_jump_to (self->clock, self->target);
  self->moved = TRUE;
  self->result = TRUE;

  return TRUE;
}

static gboolean
move_on_step (Settle *self)
{
  if (self->moved)
    return FALSE;

  self->result = vclock_virtual_clock_move_to_next (self->clock, VCLOCK_TIME_NEVER, G_MAXUINT64,
                                                    &self->n_expired);
  self->moved = TRUE;

  return TRUE;
}

static gboolean
move_on_until_idle (Settle *self)
{
  guint64 n_before = self->n_expired;

  if (n_before < self->limit &&
      vclock_virtual_clock_move_to_next (self->clock, VCLOCK_TIME_NEVER, self->limit - n_before,
                                         &self->n_expired))
    {
      /* A timer source, which its context has called by the next time. */
      if (self->n_expired == n_before)
        self->n_expired++;
      return TRUE;
    }

  self->result = vclock_virtual_clock_check_idle (self->clock, self->limit, &self->error);

  return FALSE;
}

static gboolean
settled_cb (gpointer user_data)
{
  Settle *self = user_data;

  vclock_lock ();
  if (!g_cancellable_is_cancelled (g_task_get_cancellable (self->task)) && self->move_on (self))
    {
      vclock_clock_replan_locked (VCLOCK_CLOCK (self->clock));
      vclock_unlock ();
      return G_SOURCE_CONTINUE;
    }

  vclock_virtual_clock_end_move (self->clock);
  if (self->error != NULL)
    g_task_return_error (self->task, g_steal_pointer (&self->error));
  else if (!g_task_return_error_if_cancelled (self->task))
    g_task_return_boolean (self->task, self->result);

  return G_SOURCE_REMOVE;
}

static void
settle_free (gpointer user_data)
{
  Settle *self = user_data;

  g_object_unref (self->task);
  g_free (self);
}

/* Stops the clock and begins to move it. A span is counted from now. */
static void
start (VclockVirtualClock   *clock,
       gboolean           (* move_on) (Settle *self),
       VclockTime            time,
       guint64               limit,
       GTask                *task)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Settle *self = g_new0 (Settle, 1);

  self->task = task;
  self->clock = clock;
  self->move_on = move_on;
  self->limit = limit;
  vclock_virtual_clock_begin_move (clock);
  self->target = move_on == move_on_advance ? vclock_time_add (PRIV (clock)->base, time) : time;
  vclock_unlock ();

  g_task_set_check_cancellable (task, FALSE);
  g_source_set_priority (source, G_MAXINT);
  g_source_set_static_name (source, "[vclock-settle]");
  g_source_set_callback (source, settled_cb, self, settle_free);
  g_source_attach (source, g_task_get_context (task));
}

static void
store_result_cb (GObject      *clock,
                 GAsyncResult *result,
                 gpointer      location)
{
  *(GAsyncResult **) location = g_object_ref (result);
}

/* The same, iterating the context until it is done. */
static gboolean
run (VclockVirtualClock  *clock,
     gboolean          (* move_on) (Settle *self),
     VclockTime           time,
     guint64              limit,
     GError             **error)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr (GAsyncResult) result = NULL;

  if (!g_main_context_acquire (context))
    {
      g_critical ("Only the thread that runs its thread-default main context can let it settle; "
                  "push another one, or use the asynchronous form there");
      return FALSE;
    }

  start (clock, move_on, time, limit, g_task_new (clock, NULL, store_result_cb, &result));
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  g_main_context_release (context);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
finish (VclockVirtualClock  *clock,
        GAsyncResult        *result,
        gpointer             source_tag,
        GError             **error)
{
  g_return_val_if_fail (g_task_is_valid (result, clock), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * vclock_virtual_clock_advance_async:
 * @self: a virtual clock
 * @span: how far, in nanoseconds, at least 0
 * @cancellable: (nullable): stops it, with the clock where it has come to
 * @callback: (scope async): what to call when it is done
 * @user_data: (closure): what to call it with
 *
 * Moves the clock on, stopping at each deadline on the way, as the main context settles.
 *
 * The asynchronous form of [method@Vclock.VirtualClock.advance]; see
 * [class@Vclock.VirtualClock] for what it means to settle. It returns at once.
 */
void
vclock_virtual_clock_advance_async (VclockVirtualClock  *self,
                                    VclockTime           span,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self));
  g_return_if_fail (span >= 0);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, vclock_virtual_clock_advance_async);
  start (self, move_on_advance, span, 0, task);
}

/**
 * vclock_virtual_clock_advance_finish:
 * @self: a virtual clock
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends what [method@Vclock.VirtualClock.advance_async] began.
 *
 * Fails with %G_IO_ERROR_CANCELLED if it was cancelled.
 *
 * Returns: TRUE unless it was cancelled
 */
gboolean
vclock_virtual_clock_advance_finish (VclockVirtualClock  *self,
                                     GAsyncResult        *result,
                                     GError             **error)
{
  return finish (self, result, vclock_virtual_clock_advance_async, error);
}

/**
 * vclock_virtual_clock_advance_settled:
 * @self: a virtual clock
 * @span: how far, in nanoseconds, at least 0
 *
 * Moves the clock on, stopping at each deadline on the way, as the main context settles.
 *
 * As [method@Vclock.VirtualClock.advance], iterating the thread-default main context; see
 * [class@Vclock.VirtualClock] for what it means to settle. From the thread that runs that context,
 * also from inside of callbacks.
 */
void
vclock_virtual_clock_advance_settled (VclockVirtualClock *self,
                                      VclockTime          span)
{
  g_return_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self));
  g_return_if_fail (span >= 0);

  run (self, move_on_advance, span, 0, NULL);
}

/**
 * vclock_virtual_clock_jump_async:
 * @self: a virtual clock
 * @to: the new time, in nanoseconds
 * @cancellable: (nullable): stops it, with the clock where it has come to
 * @callback: (scope async): what to call when it is done
 * @user_data: (closure): what to call it with
 *
 * Sets the clock's time, then lets what is due expire, as the main context settles before and after.
 *
 * The asynchronous form of [method@Vclock.VirtualClock.jump]; see
 * [class@Vclock.VirtualClock] for what it means to settle. It returns at once.
 */
void
vclock_virtual_clock_jump_async (VclockVirtualClock  *self,
                                 VclockTime           to,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, vclock_virtual_clock_jump_async);
  start (self, move_on_jump, to, 0, task);
}

/**
 * vclock_virtual_clock_jump_finish:
 * @self: a virtual clock
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends what [method@Vclock.VirtualClock.jump_async] began.
 *
 * Fails with %G_IO_ERROR_CANCELLED if it was cancelled.
 *
 * Returns: TRUE unless it was cancelled
 */
gboolean
vclock_virtual_clock_jump_finish (VclockVirtualClock  *self,
                                  GAsyncResult        *result,
                                  GError             **error)
{
  return finish (self, result, vclock_virtual_clock_jump_async, error);
}

/**
 * vclock_virtual_clock_jump_settled:
 * @self: a virtual clock
 * @to: the new time, in nanoseconds
 *
 * Sets the clock's time, then lets what is due expire, as the main context settles before and after.
 *
 * As [method@Vclock.VirtualClock.jump], iterating the thread-default main context; see
 * [class@Vclock.VirtualClock] for what it means to settle. From the thread that runs that context,
 * also from inside of callbacks.
 */
void
vclock_virtual_clock_jump_settled (VclockVirtualClock *self,
                                   VclockTime          to)
{
  g_return_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self));

  run (self, move_on_jump, to, 0, NULL);
}

/**
 * vclock_virtual_clock_step_async:
 * @self: a virtual clock
 * @cancellable: (nullable): stops it, with the clock where it has come to
 * @callback: (scope async): what to call when it is done
 * @user_data: (closure): what to call it with
 *
 * Advances the clock to the next deadline, as the main context settles.
 *
 * The asynchronous form of [method@Vclock.VirtualClock.step]; see
 * [class@Vclock.VirtualClock] for what it means to settle. It returns at once.
 */
void
vclock_virtual_clock_step_async (VclockVirtualClock  *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, vclock_virtual_clock_step_async);
  start (self, move_on_step, 0, 0, task);
}

/**
 * vclock_virtual_clock_step_finish:
 * @self: a virtual clock
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends what [method@Vclock.VirtualClock.step_async] began.
 *
 * Fails with %G_IO_ERROR_CANCELLED if it was cancelled.
 *
 * Returns: whether there was a deadline to go to
 */
gboolean
vclock_virtual_clock_step_finish (VclockVirtualClock  *self,
                                  GAsyncResult        *result,
                                  GError             **error)
{
  return finish (self, result, vclock_virtual_clock_step_async, error);
}

/**
 * vclock_virtual_clock_step_settled:
 * @self: a virtual clock
 *
 * Advances the clock to the next deadline, as the main context settles.
 *
 * As [method@Vclock.VirtualClock.step], iterating the thread-default main context; see
 * [class@Vclock.VirtualClock] for what it means to settle. From the thread that runs that context,
 * also from inside of callbacks.
 *
 * Returns: whether there was a deadline to go to
 */
gboolean
vclock_virtual_clock_step_settled (VclockVirtualClock *self)
{
  g_return_val_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self), FALSE);

  return run (self, move_on_step, 0, 0, NULL);
}

/**
 * vclock_virtual_clock_run_until_idle_async:
 * @self: a virtual clock
 * @limit: how many timers may expire
 * @cancellable: (nullable): stops it, with the clock where it has come to
 * @callback: (scope async): what to call when it is done
 * @user_data: (closure): what to call it with
 *
 * Advances the clock from deadline to deadline until no timer is left, as the main context settles.
 *
 * The asynchronous form of [method@Vclock.VirtualClock.run_until_idle]; see
 * [class@Vclock.VirtualClock] for what it means to settle. It returns at once.
 *
 * A source of [func@Vclock.TimerSource.new] counts as a timer. What the main context calls by
 * itself, because it is due as the context settles, does not count.
 */
void
vclock_virtual_clock_run_until_idle_async (VclockVirtualClock  *self,
                                           guint64              limit,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, vclock_virtual_clock_run_until_idle_async);
  start (self, move_on_until_idle, 0, limit, task);
}

/**
 * vclock_virtual_clock_run_until_idle_finish:
 * @self: a virtual clock
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends what [method@Vclock.VirtualClock.run_until_idle_async] began.
 *
 * Fails with %G_IO_ERROR_CANCELLED if it was cancelled, and with [error@Vclock.Error.LIMIT] as the
 * other forms.
 *
 * Returns: whether the clock has become idle
 */
gboolean
vclock_virtual_clock_run_until_idle_finish (VclockVirtualClock  *self,
                                            GAsyncResult        *result,
                                            GError             **error)
{
  return finish (self, result, vclock_virtual_clock_run_until_idle_async, error);
}

/**
 * vclock_virtual_clock_run_until_idle_settled:
 * @self: a virtual clock
 * @limit: how many timers may expire
 * @error: return location for an error
 *
 * Advances the clock from deadline to deadline until no timer is left, as the main context settles.
 *
 * As [method@Vclock.VirtualClock.run_until_idle], iterating the thread-default main context; see
 * [class@Vclock.VirtualClock] for what it means to settle. From the thread that runs that context,
 * also from inside of callbacks.
 *
 * A source of [func@Vclock.TimerSource.new] counts as a timer. What the main context calls by
 * itself, because it is due as the context settles, does not count.
 *
 * Returns: whether the clock has become idle
 */
gboolean
vclock_virtual_clock_run_until_idle_settled (VclockVirtualClock  *self,
                                             guint64              limit,
                                             GError             **error)
{
  g_return_val_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return run (self, move_on_until_idle, 0, limit, error);
}
