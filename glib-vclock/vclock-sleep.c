/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-sleep.h>
#include <glib-vclock/vclock-time-private.h>
#include <glib-vclock/vclock-timer.h>

/* Sleeping on a clock: a task and a timer, or a thread with a main context of its own.
 *
 *   the timer expires               \
 *                                     > an idle of the task's context, in order -> the task returns
 *   the cancellable is cancelled    /
 *
 * A task that returned where the timer expires would call back sometimes there, inside of a move
 * of a virtual clock, and sometimes later, and sleepers would not wake in the order of their
 * deadlines. GCancellable has a source for that, which in GLib 2.74 can deadlock when it ends while
 * another thread cancels; a signal handler that attaches the idle cannot. */

/* The data of a task. It, the timer's callback and the handler hold each other until it is over. */
typedef struct
{
  VclockTimer *timer;   /* (owned) */
  gboolean     expired; /* only for the task's context */

  /* Guarded by the lock. */
  gulong       handler; /* of GCancellable::cancelled; 0 if there is none */
  gboolean     over;
} Sleep;

static void
sleep_free (gpointer data)
{
  Sleep *self = data;

  g_object_unref (self->timer);
  g_free (self);
}

/* Takes apart what could still end the task. */
static void
let_go (GTask *task)
{
  Sleep *self = g_task_get_task_data (task);
  gulong handler;

  vclock_lock ();
  handler = self->handler;
  self->handler = 0;
  vclock_unlock ();

  vclock_timer_disarm (self->timer);
  vclock_timer_set_callback (self->timer, NULL, NULL, NULL);
  if (handler != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), handler);
}

static gboolean
over_cb (gpointer user_data)
{
  GTask *task = user_data;
  Sleep *self = g_task_get_task_data (task);
  gboolean was_over;

  /* A cancellable that was reset meanwhile has not ended anything. */
  if (!self->expired && !g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    return G_SOURCE_REMOVE;

  vclock_lock ();
  was_over = self->over;
  self->over = TRUE;
  vclock_unlock ();
  if (was_over)
    return G_SOURCE_REMOVE;

  let_go (task);
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_boolean (task, TRUE);

  return G_SOURCE_REMOVE;
}

static void
attach_idle (GTask *task)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_static_name (source, "[vclock-sleep]");
  g_task_attach_source (task, source, over_cb);
}

static void
expired_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     task)
{
  Sleep *self = g_task_get_task_data (task);

  self->expired = TRUE;
  attach_idle (task);
}

/* In the thread that cancels. */
static void
cancelled_cb (GCancellable *cancellable,
              gpointer      task)
{
  attach_idle (task);
}

static void
unref_task_cb (gpointer  task,
               GClosure *closure)
{
  g_object_unref (task);
}

static gulong
connect_cancelled (GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  gulong handler;

  if (cancellable == NULL)
    return 0;

  handler = g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (cancelled_cb),
                                   g_object_ref (task), unref_task_cb, 0);
  if (g_cancellable_is_cancelled (cancellable))
    attach_idle (task);

  return handler;
}

static void
sleep_until (VclockClock *clock,
             VclockTime   deadline,
             GTask       *task)
{
  Sleep *self = g_new0 (Sleep, 1);
  gulong handler;
  gboolean over;

  self->timer = vclock_timer_new (clock);
  vclock_timer_set_name (self->timer, "sleep");
  vclock_timer_set_callback (self->timer, expired_cb, g_object_ref (task), g_object_unref);
  g_task_set_task_data (task, self, sleep_free);

  handler = connect_cancelled (task);
  vclock_timer_arm (self->timer, deadline);

  vclock_lock ();
  self->handler = handler;
  over = self->over;
  vclock_unlock ();

  /* Without a context of its own, a thread sleeps in that of another one, which may have been
   * faster. */
  if (over)
    let_go (task);
}

static gboolean
finish (VclockClock   *clock,
        GAsyncResult  *result,
        gpointer       source_tag,
        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, clock), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * vclock_clock_sleep_async:
 * @self: a clock
 * @span: how long, in nanoseconds on this clock
 * @cancellable: (nullable): ends it early
 * @callback: (scope async): what to call when the span has passed
 * @user_data: (closure): what to call it with
 *
 * Calls back when a span of the clock's time has passed.
 *
 * The span is counted from this call. With a span of 0 or less the callback comes in one of the
 * next dispatches, never inside this call; with [const@Vclock.TIME_NEVER], and on a clock that
 * stands still or is disabled, only cancelling ends it. See [method@Vclock.Clock.sleep_until_async]
 * for the rest.
 */
void
vclock_clock_sleep_async (VclockClock         *self,
                          VclockTime           span,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (VCLOCK_IS_CLOCK (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, vclock_clock_sleep_async);
  sleep_until (self, vclock_time_add (vclock_clock_get_time (self), span), task);
}

/**
 * vclock_clock_sleep_finish:
 * @self: a clock
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends what [method@Vclock.Clock.sleep_async] began.
 *
 * Fails with %G_IO_ERROR_CANCELLED if it was cancelled.
 *
 * Returns: TRUE unless it was cancelled
 */
gboolean
vclock_clock_sleep_finish (VclockClock   *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  return finish (self, result, vclock_clock_sleep_async, error);
}

/**
 * vclock_clock_sleep_until_async:
 * @self: a clock
 * @deadline: until when, in nanoseconds on this clock
 * @cancellable: (nullable): ends it early
 * @callback: (scope async): what to call when the clock has reached @deadline
 * @user_data: (closure): what to call it with
 *
 * Calls back when the clock has reached a deadline.
 *
 * The callback comes from the main loop of the calling thread's thread-default main context, never
 * early, never inside this call or inside a move of a virtual clock, and in the order of the
 * deadlines. While a virtual clock moves without settling, time goes on before the callback has
 * come: [method@Vclock.VirtualClock.advance_settled] and its kin wait for it. A deadline that has
 * passed is just due. [const@Vclock.TIME_NEVER] ends only by cancelling, as does any deadline of a
 * disabled clock until it is enabled.
 *
 * The cancellable may be cancelled in any thread. It ends the sleep at once, whatever time it is,
 * with one result, also when the deadline is reached at the same time. Until the end the clock and
 * the main context are kept alive.
 */
void
vclock_clock_sleep_until_async (VclockClock         *self,
                                VclockTime           deadline,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (VCLOCK_IS_CLOCK (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, vclock_clock_sleep_until_async);
  sleep_until (self, deadline, task);
}

/**
 * vclock_clock_sleep_until_finish:
 * @self: a clock
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends what [method@Vclock.Clock.sleep_until_async] began.
 *
 * Fails with %G_IO_ERROR_CANCELLED if it was cancelled.
 *
 * Returns: TRUE unless it was cancelled
 */
gboolean
vclock_clock_sleep_until_finish (VclockClock   *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return finish (self, result, vclock_clock_sleep_until_async, error);
}

static void
reached_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     reached)
{
  *(gboolean *) reached = TRUE;
}

static void
wake_cb (GCancellable *cancellable,
         gpointer      context)
{
  g_main_context_wakeup (context);
}

static void
unref_context_cb (gpointer  context,
                  GClosure *closure)
{
  g_main_context_unref (context);
}

/* Runs a context until the clock has reached the deadline or the cancellable is cancelled. */
static gboolean
wait_in (GMainContext  *context,
         VclockClock   *clock,
         VclockTime     deadline,
         GCancellable  *cancellable,
         GError       **error)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new_full (clock, context, G_PRIORITY_DEFAULT,
                                                         VCLOCK_SCALE_NS);
  gboolean reached = FALSE;
  gulong handler = 0;

  vclock_timer_set_name (timer, "wait");
  vclock_timer_set_callback (timer, reached_cb, &reached, NULL);
  if (cancellable != NULL)
    handler = g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (wake_cb),
                                     g_main_context_ref (context), unref_context_cb, 0);

  vclock_timer_arm (timer, deadline);
  while (!reached && !g_cancellable_set_error_if_cancelled (cancellable, error))
    g_main_context_iteration (context, TRUE);

  vclock_timer_disarm (timer);
  g_clear_signal_handler (&handler, cancellable);

  return reached;
}

/**
 * vclock_clock_wait_until:
 * @self: a clock
 * @deadline: until when, in nanoseconds on this clock
 * @cancellable: (nullable): ends it early
 * @error: return location for an error
 *
 * Blocks the calling thread until the clock has reached a deadline.
 *
 * A deadline that has passed returns at once. Else the thread waits in a main context of its own,
 * so none of its sources and timers are dispatched meanwhile, while other threads may move, pause
 * and set the clock; one that warps counts the thread as a main context that waits. Unless it is
 * cancelled, it waits for ever for [const@Vclock.TIME_NEVER] and for a clock that stands still,
 * and for a disabled clock until it is enabled. So do not wait in the thread that alone moves the
 * clock, or in a callback of the clock: who disables or pauses it waits for that callback to
 * return.
 *
 * Any number of threads may wait. From any thread the cancellable ends the wait with
 * %G_IO_ERROR_CANCELLED, also if it was cancelled before.
 *
 * Returns: TRUE when the clock has reached @deadline; FALSE if it was cancelled
 */
gboolean
vclock_clock_wait_until (VclockClock   *self,
                         VclockTime     deadline,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autoptr (GMainContext) context = NULL;

  g_return_val_if_fail (VCLOCK_IS_CLOCK (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (deadline != VCLOCK_TIME_NEVER && vclock_clock_get_time (self) >= deadline)
    return TRUE;

  context = g_main_context_new ();

  return wait_in (context, self, deadline, cancellable, error);
}
