/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-alarm-private.h>
#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-timer-source.h>

struct _VclockTimerSource
{
  GSource           parent;
  VclockClock      *clock;        /* (owned) */

  /* Guarded by the lock. */
  VclockTimerEntry  entry;        /* its queue is NULL until the context has seen the source */
  VclockTime        deadline;
  gboolean          ready;        /* it has expired and waits to be dispatched */
  guint             n_dispatches; /* that are running; nested if it may recurse */
};

#define DEFAULT_NAME "[vclock-timer-source]"

static VclockTimerSource *
get_source (VclockTimerEntry *entry)
{
  return G_STRUCT_MEMBER_P (entry, -G_STRUCT_OFFSET (VclockTimerSource, entry));
}

/* With the lock, which another thread may be waiting for that is about to finalize the source. It
 * may have no references then, and GLib's functions refuse it. */
static gboolean
is_destroyed (VclockTimerSource *self)
{
  return (g_atomic_int_get (&self->parent.flags) & G_HOOK_FLAG_ACTIVE) == 0;
}

/* With the lock: what has happened to the source just now. */
static void
record (VclockTimerSource *self,
        VclockEventKind    kind,
        VclockTime         now)
{
  const VclockTime deadline = self->entry.deadline;
  const gboolean expires = kind == VCLOCK_EVENT_KIND_EXPIRED;

  vclock_timer_queue_record (self->entry.queue, &self->entry, &(VclockRecord) {
    .kind = kind,
    .time = now,
    .deadline = deadline,
    .lateness = expires ? MAX (0, vclock_time_subtract (now, deadline)) : 0,
  });
}

static gboolean
timer_source_expire (VclockTimerEntry *entry,
                     VclockTime        now)
{
  VclockTimerSource *self = get_source (entry);

  if (is_destroyed (self))
    {
      record (self, VCLOCK_EVENT_KIND_DISARMED, now);
      self->ready = FALSE;
      return TRUE;
    }

  /* GLib dispatches ready sources of one priority in the order of attaching, so only one is
   * made ready at a time, in the order of deadlines, and the pass goes on when it has been
   * dispatched. One that is being dispatched now, around a nested loop, cannot be waited for. */
  self->ready = TRUE;

  return self->n_dispatches > 0;
}

static void
timer_source_drop (VclockTimerEntry *entry)
{
}

static gboolean
timer_source_is_destroyed (VclockTimerEntry *entry)
{
  return is_destroyed (get_source (entry));
}

static const VclockTimerTraits traits = {
  .funcs = &(const VclockTimerEntryFuncs) {
    .expire = timer_source_expire,
    .drop = timer_source_drop,
    .is_destroyed = timer_source_is_destroyed,
    .needs_loop = TRUE,
  },
};

/* Joins the queue of the context and priority that the source has now. In the context's thread. */
static void
join_queue (VclockTimerSource *self)
{
  GSource *source = &self->parent;
  const char *name = g_source_get_name (source);
  VclockTimerQueue *old = self->entry.queue;
  VclockTimerQueue *unused = NULL;
  VclockTimerQueue *queue;
  VclockTime now;
  gboolean is_recorded;

  if (old != NULL && old->priority == g_source_get_priority (source))
    return;

  queue = vclock_alarm_join (g_source_get_context (source), g_source_get_priority (source),
                             self->clock);
  is_recorded = vclock_clock_is_recorded (self->clock, &now) && old == NULL;
  if (old == NULL && name != NULL && !g_str_equal (name, DEFAULT_NAME))
    vclock_timer_entry_own_traits (&self->entry)->name = g_ref_string_new (name);

  vclock_lock ();
  if (old != NULL)
    {
      vclock_timer_queue_disarm (old, &self->entry);
      if (vclock_timer_queue_release (old))
        unused = old;
    }
  self->entry.queue = queue;
  if (!self->ready && self->deadline != VCLOCK_TIME_NEVER &&
      vclock_timer_queue_arm (queue, &self->entry, self->deadline) && is_recorded)
    record (self, VCLOCK_EVENT_KIND_ARMED, now);
  vclock_unlock ();

  g_clear_pointer (&unused, vclock_timer_queue_free);
}

/* With the lock: has the queue do what the deadline says. FALSE if nothing has happened to the
 * source. */
static gboolean
follow_deadline (VclockTimerSource *self,
                 VclockEventKind   *kind)
{
  const gboolean was_armed = self->entry.state != VCLOCK_TIMER_ENTRY_IDLE || self->ready;

  *kind = VCLOCK_EVENT_KIND_DISARMED;
  if (self->deadline == VCLOCK_TIME_NEVER || g_source_is_destroyed (&self->parent))
    {
      vclock_timer_queue_disarm (self->entry.queue, &self->entry);
      return was_armed;
    }

  if (!vclock_timer_queue_arm (self->entry.queue, &self->entry, self->deadline))
    return was_armed;

  *kind = was_armed ? VCLOCK_EVENT_KIND_REARMED : VCLOCK_EVENT_KIND_ARMED;

  return TRUE;
}

static gboolean
timer_source_check (GSource *source)
{
  VclockTimerSource *self = (VclockTimerSource *) source;
  gboolean ready;

  vclock_lock ();
  ready = self->ready;
  vclock_unlock ();

  return ready;
}

static gboolean
timer_source_prepare (GSource *source,
                      int     *timeout)
{
  *timeout = -1;
  join_queue ((VclockTimerSource *) source);

  return timer_source_check (source);
}

static gboolean
timer_source_dispatch (GSource     *source,
                       GSourceFunc  callback,
                       gpointer     user_data)
{
  VclockTimerSource *self = (VclockTimerSource *) source;
  VclockTime now;
  gboolean is_recorded;
  gboolean again;

  if (callback == NULL)
    {
      g_warning ("A source of vclock_timer_source_new () was dispatched without a callback; "
                 "call g_source_set_callback () first");
      return G_SOURCE_REMOVE;
    }

  is_recorded = vclock_clock_is_recorded (self->clock, &now);
  vclock_lock ();
  if (!self->ready)
    {
      vclock_unlock ();
      return G_SOURCE_CONTINUE;
    }
  if (is_recorded)
    record (self, VCLOCK_EVENT_KIND_EXPIRED, now);
  self->ready = FALSE;
  self->deadline = VCLOCK_TIME_NEVER;
  self->n_dispatches++;
  if (self->entry.queue->turn == &self->entry)
    self->entry.queue->turn = NULL;
  vclock_unlock ();

  again = callback (user_data);

  vclock_lock ();
  self->n_dispatches--;
  vclock_unlock ();

  return again;
}

static void
timer_source_finalize (GSource *source)
{
  VclockTimerSource *self = (VclockTimerSource *) source;
  VclockTimerQueue *queue = self->entry.queue;
  gboolean unused = FALSE;
  VclockTime now;
  gboolean is_recorded;

  if (queue != NULL)
    {
      is_recorded = vclock_clock_is_recorded (self->clock, &now);
      vclock_lock ();
      if ((vclock_timer_queue_disarm (queue, &self->entry) || self->ready) && is_recorded)
        record (self, VCLOCK_EVENT_KIND_DISARMED, now);
      unused = vclock_timer_queue_release (queue);
      vclock_unlock ();
    }
  if (unused)
    vclock_timer_queue_free (queue);

  vclock_timer_entry_clear (&self->entry);
  g_clear_object (&self->clock);
}

/* A GSourceFunc as a closure, for g_source_set_closure (). */
static gboolean
closure_callback (gpointer user_data)
{
  GClosure *closure = user_data;
  g_auto (GValue) result = G_VALUE_INIT;

  g_value_init (&result, G_TYPE_BOOLEAN);
  g_closure_invoke (closure, &result, 0, NULL, NULL);

  return g_value_get_boolean (&result);
}

static void
closure_marshal (GClosure     *closure,
                 GValue       *return_value,
                 guint         n_param_values,
                 const GValue *param_values,
                 gpointer      invocation_hint,
                 gpointer      marshal_data)
{
  GCClosure *c_closure = (GCClosure *) closure;
  GSourceFunc callback = (GSourceFunc) (marshal_data != NULL ? marshal_data : c_closure->callback);

  g_value_set_boolean (return_value, callback (closure->data));
}

static GSourceFuncs source_funcs = {
  .prepare = timer_source_prepare,
  .check = timer_source_check,
  .dispatch = timer_source_dispatch,
  .finalize = timer_source_finalize,
  .closure_callback = closure_callback,
  .closure_marshal = (GSourceDummyMarshal) closure_marshal,
};

/**
 * vclock_timer_source_new:
 * @clock: a clock
 * @deadline: when to expire, in nanoseconds on @clock; [const@Vclock.TIME_NEVER] for not yet
 *
 * Makes a GSource that becomes ready when a clock reaches a deadline.
 *
 * It is attached, given a callback (a plain [callback@GLib.SourceFunc]) and destroyed as any other
 * source, and has the priority that it is given. Sources and timers of one context and priority
 * are dispatched in the order of their deadlines. A deadline that has passed is dispatched in the
 * next iteration. It expires once; [func@Vclock.TimerSource.set_deadline], from its callback or
 * elsewhere, arms it again. As with all sources, a callback that returns %G_SOURCE_REMOVE ends it.
 *
 * Each attached source costs its main context 20 to 50 ns per iteration; [class@Vclock.Timer] does
 * not.
 *
 * Returns: (transfer full): a new source
 */
GSource *
vclock_timer_source_new (VclockClock *clock,
                         VclockTime   deadline)
{
  GSource *source;
  VclockTimerSource *self;

  g_return_val_if_fail (VCLOCK_IS_CLOCK (clock), NULL);

  source = g_source_new (&source_funcs, sizeof (VclockTimerSource));
  g_source_set_static_name (source, DEFAULT_NAME);
  self = (VclockTimerSource *) source;
  self->clock = g_object_ref (clock);
  self->deadline = deadline;
  vclock_timer_entry_init (&self->entry, &traits);
  vclock_timer_entry_set_armed_at (&self->entry, VCLOCK_CALLER);

  return source;
}

/**
 * vclock_timer_source_get_deadline:
 * @source: a source of [func@Vclock.TimerSource.new]
 *
 * Gets when a source expires.
 *
 * Returns: the deadline in nanoseconds on the source's clock; [const@Vclock.TIME_NEVER] once it
 *   has been dispatched
 */
VclockTime
vclock_timer_source_get_deadline (GSource *source)
{
  VclockTime deadline;

  g_return_val_if_fail (source != NULL, VCLOCK_TIME_NEVER);
  g_return_val_if_fail (source->source_funcs == &source_funcs, VCLOCK_TIME_NEVER);

  vclock_lock ();
  deadline = ((VclockTimerSource *) source)->deadline;
  vclock_unlock ();

  return deadline;
}

/**
 * vclock_timer_source_set_deadline:
 * @source: a source of [func@Vclock.TimerSource.new]
 * @deadline: when to expire, in nanoseconds on the source's clock; [const@Vclock.TIME_NEVER]
 *   disarms it
 *
 * Arms a source, or moves its deadline if it is armed already.
 *
 * From any thread, before or after it is attached, and from its own callback. A source that had
 * become ready and was not dispatched yet waits for the new deadline instead. On a destroyed
 * source it has no effect.
 */
void
vclock_timer_source_set_deadline (GSource    *source,
                                  VclockTime  deadline)
{
  VclockTimerSource *self = (VclockTimerSource *) source;
  VclockTimerQueue *queue;
  VclockEventKind kind;
  VclockTime now;
  gboolean is_recorded;
  gboolean changes = FALSE;
  gboolean sleeps;

  g_return_if_fail (source != NULL);
  g_return_if_fail (source->source_funcs == &source_funcs);
  is_recorded = vclock_clock_is_recorded (self->clock, &now);

  vclock_lock ();
  self->deadline = deadline;
  vclock_timer_entry_set_armed_at (&self->entry, VCLOCK_CALLER);
  queue = self->entry.queue;
  if (queue != NULL)
    changes = follow_deadline (self, &kind);
  if (changes && is_recorded)
    record (self, kind, now);
  self->ready = FALSE;
  sleeps = queue != NULL && vclock_timer_queue_sleeps (queue);
  vclock_unlock ();

  if (sleeps)
    vclock_clock_wake_overdue (queue);
}
