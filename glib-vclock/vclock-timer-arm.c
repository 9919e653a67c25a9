/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-timer-private.h>

/* Arming a timer, and calling it. */

static void (* watch_func) (VclockTimer *timer); /* (nullable): guarded by the lock */

void
vclock_timer_watch_all (void (* func) (VclockTimer *timer))
{
  vclock_lock ();
  watch_func = func;
  vclock_unlock ();
}

static VclockTimer *
get_timer (VclockTimerEntry *entry)
{
  return G_STRUCT_MEMBER_P (entry, -G_STRUCT_OFFSET (VclockTimer, entry));
}

/* With the lock. Ends one use, and returns the callback if the caller must free it after unlocking. */
static VclockTimerCallback *
callback_release (VclockTimerCallback *callback)
{
  return callback != NULL && --callback->n_users == 0 ? callback : NULL;
}

VclockTimerCallback *
vclock_timer_release_callback (VclockTimer *self)
{
  VclockTimerCallback *callback = self->entry.has_notify ? self->callback : NULL;

  self->entry.has_notify = FALSE;
  self->func = NULL;
  self->user_data = NULL;

  return callback_release (callback);
}

void
vclock_timer_callback_free (VclockTimerCallback *callback)
{
  if (callback == NULL)
    return;

  callback->notify (callback->user_data);
  g_free (callback);
}

/* With the lock, for the caller of a public function, who has a reference: g_object_ref () for an
 * object that nobody watches. Toggle references and weak ones are kept in its data, and if it has
 * none, no code of the user would run, and counting is all there is to do. */
static inline gboolean
ref_unwatched (VclockTimer *self)
{
  GObject *object = &self->parent_instance;

  if (g_atomic_pointer_get (&object->qdata) != NULL)
    return FALSE;

  g_atomic_int_inc ((gint *) &object->ref_count);

  return TRUE;
}

/* The same for g_object_unref (). */
static inline gboolean
unref_unwatched (VclockTimer *self)
{
  GObject *object = &self->parent_instance;

  if (g_atomic_pointer_get (&object->qdata) != NULL || g_atomic_int_get (&object->ref_count) == 1)
    return FALSE;

  g_atomic_int_add ((gint *) &object->ref_count, -1);

  return TRUE;
}

/* Drops the engine's reference after a call, in which the user may have dropped all others. Another
 * thread may do that at any time. */
static inline void
drop_reference (VclockTimer *self)
{
  if (!VCLOCK_IS_SINGLE_THREADED || !unref_unwatched (self))
    g_object_unref (self);
}

/* With the lock, when the timer is disarmed. Whether the engine's reference has ended, and the caller
 * must drop it after unlocking. */
static inline gboolean
end_hold_disarmed (VclockTimer *self)
{
  if (!self->entry.held || self->entry.lent)
    return FALSE;

  self->entry.held = FALSE;

  return TRUE;
}

static gboolean
end_hold (VclockTimer *self)
{
  return self->entry.state == VCLOCK_TIMER_ENTRY_IDLE && end_hold_disarmed (self);
}

/* With the lock: that the timer was armed, rearmed or disarmed. Not inline, here and below, so that
 * what is not recorded pays for a test and no more. */
static G_NO_INLINE void
record (VclockTimer     *self,
        VclockEventKind  kind,
        VclockTime       now)
{
  vclock_timer_queue_record (self->entry.queue, &self->entry, &(VclockRecord) {
    .kind = kind,
    .time = now,
    .deadline = self->entry.deadline,
  });
}

/* With the lock: that the timer is called, @now, and a periodic one armed again. */
static G_NO_INLINE void
record_expiry (VclockTimer *self,
               VclockTime   now,
               VclockTime   deadline,
               guint64      overruns)
{
  vclock_timer_queue_record (self->entry.queue, &self->entry, &(VclockRecord) {
    .kind = VCLOCK_EVENT_KIND_EXPIRED,
    .time = now,
    .deadline = deadline,
    .lateness = self->lateness,
    .overruns = overruns,
  });
  if (self->entry.state != VCLOCK_TIMER_ENTRY_IDLE)
    record (self, VCLOCK_EVENT_KIND_REARMED, now);
}

static gboolean
vclock_timer_expire (VclockTimerEntry *entry,
                     VclockTime        now)
{
  VclockTimer *self = get_timer (entry);
  const VclockTimerFunc func = self->func;
  gpointer user_data = self->user_data;
  VclockTimerCallback *callback = NULL;
  VclockTimerCallback *unused;
  const VclockTime deadline = entry->deadline;
  guint64 overruns = 0;
  gboolean owns = FALSE;
  gboolean lends = FALSE;
  gboolean ends = FALSE;

  /* What stays due after its clock was set back is not early. */
  self->lateness = MAX (0, vclock_time_subtract (now, deadline));
  self->entry.in_phase = FALSE;
  if (self->entry.traits->period > 0)
    overruns = vclock_timer_rearm_periodic (self, now);
  if (G_UNLIKELY (entry->queue->ring != NULL))
    record_expiry (self, now, deadline, overruns);
  if (self->entry.has_notify)
    {
      callback = self->callback;
      callback->n_users++;
      user_data = callback->user_data;
    }
  if (watch_func != NULL)
    watch_func (self);

  self->entry.n_running++;

  /* The engine's reference to a timer that is disarmed now becomes this call's, which drops it before
   * it takes the lock again. One that is armed lends it, to the calls inside of this one too. */
  if (!self->entry.lent && self->entry.state == VCLOCK_TIMER_ENTRY_IDLE)
    {
      owns = TRUE;
      self->entry.held = FALSE;
    }
  else if (!self->entry.lent)
    {
      lends = TRUE;
      self->entry.lent = TRUE;
    }
  vclock_unlock ();

  if (func != NULL)
    func (self, overruns, user_data);
  else
    vclock_timer_emit_expired (self, overruns);
  if (owns)
    {
      /* Nobody else writes it: timers are called by the thread that runs their context. */
      __atomic_store_n (&self->entry.n_running, self->entry.n_running - 1, __ATOMIC_RELAXED);
      drop_reference (self);
    }

  vclock_lock ();
  unused = callback_release (callback);
  if (!owns)
    self->entry.n_running--;
  if (lends)
    {
      self->entry.lent = FALSE;
      ends = end_hold (self);
    }
  if (unused == NULL && !ends)
    return TRUE;

  vclock_unlock ();
  vclock_timer_callback_free (unused);
  if (ends)
    g_object_unref (self);
  vclock_lock ();

  return TRUE;
}

static void
vclock_timer_drop (VclockTimerEntry *entry)
{
  VclockTimer *self = get_timer (entry);

  if (!end_hold (self))
    return;

  vclock_unlock ();
  g_object_unref (self);
  vclock_lock ();
}

const VclockTimerTraits vclock_timer_traits = {
  .funcs = &(const VclockTimerEntryFuncs) {
    .expire = vclock_timer_expire,
    .drop = vclock_timer_drop,
  },
};

/**
 * vclock_timer_set_callback:
 * @self: a timer
 * @callback: (nullable) (scope notified) (closure user_data) (destroy notify): what to call when
 *   the timer expires
 * @user_data: what to call it with
 * @notify: called once @user_data is not needed any more
 *
 * Sets what to call when the timer expires, instead of emitting [signal@Vclock.Timer::expired].
 *
 * That is for who wants no signal: emitting one takes longer than all the rest, also when no handler is
 * connected. With %NULL the signal is emitted again.
 *
 * It replaces the callback set before, whose @notify is called now, or after it has returned if it
 * is running. The callback's result, if a language gives one, has no meaning:
 * [method@Vclock.Timer.disarm] ends a timer.
 */
void
vclock_timer_set_callback (VclockTimer     *self,
                           VclockTimerFunc  callback,
                           gpointer         user_data,
                           GDestroyNotify   notify)
{
  VclockTimerCallback *new_callback = NULL;
  VclockTimerCallback *unused;

  g_return_if_fail (VCLOCK_IS_TIMER (self));

  if (callback != NULL && notify != NULL)
    {
      new_callback = g_new (VclockTimerCallback, 1);
      *new_callback = (VclockTimerCallback) { 1, user_data, notify };
    }

  vclock_lock ();
  unused = vclock_timer_release_callback (self);
  self->func = callback;
  if (new_callback != NULL)
    {
      self->callback = new_callback;
      self->entry.has_notify = TRUE;
    }
  else
    {
      self->user_data = user_data;
    }
  vclock_unlock ();

  vclock_timer_callback_free (unused);
  if (callback == NULL && notify != NULL)
    notify (user_data);
}

/* Arms for a time in nanoseconds, if @only_earlier only when that moves the deadline forward; @now
 * is NULL if that is not to be recorded. */
static inline G_ALWAYS_INLINE gboolean
arm_at (VclockTimer      *self,
        VclockTime        deadline,
        gboolean          only_earlier,
        gconstpointer     caller,
        const VclockTime *now)
{
  VclockTimerQueue *queue = self->entry.queue;
  guint n_references = 0;
  gboolean arms;
  gboolean sleeps;

  vclock_lock ();
  if (!self->entry.held && !ref_unwatched (self))
    {
      /* A binding's toggle notify may run in this. */
      vclock_unlock ();
      g_object_ref (self);
      vclock_lock ();
      n_references += self->entry.held;
    }
  self->entry.held = TRUE;

  arms = !only_earlier || self->entry.state == VCLOCK_TIMER_ENTRY_IDLE ||
         deadline < self->entry.deadline;
  if (arms)
    {
      const gboolean rearms = self->entry.state != VCLOCK_TIMER_ENTRY_IDLE;

      self->entry.in_phase = FALSE;
      vclock_timer_entry_set_armed_at (&self->entry, caller);
      arms = vclock_timer_queue_arm (queue, &self->entry, deadline);
      if (now != NULL && arms)
        record (self, rearms ? VCLOCK_EVENT_KIND_REARMED : VCLOCK_EVENT_KIND_ARMED, *now);
    }
  if (G_UNLIKELY (!arms))
    n_references += end_hold (self) && !unref_unwatched (self);
  sleeps = arms && vclock_timer_queue_sleeps (queue);
  vclock_unlock ();

  if (sleeps)
    vclock_clock_wake_overdue (queue);
  for (; G_UNLIKELY (n_references > 0); n_references--)
    g_object_unref (self);

  return arms;
}

static G_NO_INLINE gboolean
arm_recorded (VclockTimer   *self,
              VclockTime     deadline,
              gboolean       only_earlier,
              gconstpointer  caller)
{
  const VclockTime now = vclock_clock_get_time (self->entry.queue->clock);

  return arm_at (self, deadline, only_earlier, caller, &now);
}

static inline G_ALWAYS_INLINE gboolean
arm (VclockTimer   *self,
     VclockTime     deadline,
     gboolean       only_earlier,
     gconstpointer  caller)
{
  if (G_UNLIKELY (vclock_timer_queue_is_recorded (self->entry.queue)))
    return arm_recorded (self, deadline, only_earlier, caller);

  return arm_at (self, deadline, only_earlier, caller, NULL);
}

/**
 * vclock_timer_arm:
 * @self: a timer
 * @deadline: when to expire, in the timer's scale, as a time of its clock
 *
 * Arms the timer, or moves its deadline if it is armed already.
 *
 * A deadline that has passed expires in the next dispatch, never inside this call; one of
 * [const@Vclock.TIME_NEVER] arms the timer and never expires. It is the start from which a
 * periodic timer counts its periods. From any thread; a sleeping context is woken if it must. When
 * the timer's main context has gone away, the timer stays disarmed.
 *
 * In QEMU: `qemu_mod_timer ()`, today `timer_mod ()`.
 */
void
vclock_timer_arm (VclockTimer *self,
                  gint64       deadline)
{
  g_return_if_fail (VCLOCK_IS_TIMER (self));

  arm (self, vclock_time_from_scale (deadline, self->entry.scale), FALSE, VCLOCK_CALLER);
}

/**
 * vclock_timer_arm_after:
 * @self: a timer
 * @span: after how much time to expire, in the timer's scale
 *
 * Arms the timer for a span after the present time of its clock.
 *
 * A span of 0 or less expires in the next dispatch. What would lie beyond 64 bits is never.
 */
void
vclock_timer_arm_after (VclockTimer *self,
                        gint64       span)
{
  g_return_if_fail (VCLOCK_IS_TIMER (self));

  arm (self,
       vclock_time_add (vclock_clock_get_time (self->entry.queue->clock),
                        vclock_time_from_scale (span, self->entry.scale)),
       FALSE,
       VCLOCK_CALLER);
}

/**
 * vclock_timer_arm_earlier:
 * @self: a timer
 * @deadline: when to expire, in the timer's scale, as a time of its clock
 *
 * Arms the timer if it is disarmed or if that moves its deadline forward.
 *
 * In QEMU: `timer_mod_anticipate ()`.
 *
 * Returns: whether @deadline is the timer's deadline now because of this call
 */
gboolean
vclock_timer_arm_earlier (VclockTimer *self,
                          gint64       deadline)
{
  g_return_val_if_fail (VCLOCK_IS_TIMER (self), FALSE);

  return arm (self, vclock_time_from_scale (deadline, self->entry.scale), TRUE, VCLOCK_CALLER);
}

static inline G_ALWAYS_INLINE gboolean
disarm_at (VclockTimer      *self,
           const VclockTime *now)
{
  gboolean was_armed;
  gboolean ends;

  vclock_lock ();
  self->entry.in_phase = FALSE;
  was_armed = vclock_timer_queue_disarm (self->entry.queue, &self->entry);
  if (now != NULL && was_armed)
    record (self, VCLOCK_EVENT_KIND_DISARMED, *now);
  ends = end_hold_disarmed (self) && !unref_unwatched (self);
  vclock_unlock ();

  if (ends)
    g_object_unref (self);

  return was_armed;
}

static G_NO_INLINE gboolean
disarm_recorded (VclockTimer *self)
{
  const VclockTime now = vclock_clock_get_time (self->entry.queue->clock);

  return disarm_at (self, &now);
}

/**
 * vclock_timer_disarm:
 * @self: a timer
 *
 * Takes the timer's deadline away.
 *
 * From any thread, any number of times. A timer that is due but was not called yet is not called.
 * A callback that is running goes on; it is not waited for.
 *
 * In QEMU: `qemu_del_timer ()`, today `timer_del ()`.
 *
 * Returns: whether the timer was armed and now will never expire
 */
gboolean
vclock_timer_disarm (VclockTimer *self)
{
  g_return_val_if_fail (VCLOCK_IS_TIMER (self), FALSE);

  if (G_UNLIKELY (vclock_timer_queue_is_recorded (self->entry.queue)))
    return disarm_recorded (self);

  return disarm_at (self, NULL);
}

/**
 * vclock_timer_is_armed:
 * @self: a timer
 *
 * Says whether the timer has a deadline and was not called for it yet.
 *
 * In QEMU: `timer_pending ()`.
 *
 * Returns: whether it is armed
 */
gboolean
vclock_timer_is_armed (VclockTimer *self)
{
  gboolean is_armed;

  g_return_val_if_fail (VCLOCK_IS_TIMER (self), FALSE);

  vclock_lock ();
  is_armed = self->entry.state != VCLOCK_TIMER_ENTRY_IDLE;
  vclock_unlock ();

  return is_armed;
}

/* In nanoseconds; never if disarmed. Says whether the timer is due already, whatever its clock says
 * now. */
static VclockTime
get_deadline (VclockTimer *self,
              gboolean    *is_due)
{
  VclockTime deadline = VCLOCK_TIME_NEVER;

  vclock_lock ();
  if (self->entry.state != VCLOCK_TIMER_ENTRY_IDLE)
    deadline = self->entry.deadline;
  *is_due = self->entry.state == VCLOCK_TIMER_ENTRY_DUE;
  vclock_unlock ();

  return deadline;
}

/**
 * vclock_timer_get_deadline:
 * @self: a timer
 *
 * Gets when the timer expires.
 *
 * In JavaScript, ask [method@Vclock.Timer.is_armed] first: never is not a number there.
 *
 * In QEMU: `timer_expire_time_ns ()`, which gives -1 for none.
 *
 * Returns: the deadline in the timer's scale, rounded up; [const@Vclock.TIME_NEVER] if disarmed
 */
gint64
vclock_timer_get_deadline (VclockTimer *self)
{
  gboolean is_due;

  g_return_val_if_fail (VCLOCK_IS_TIMER (self), VCLOCK_TIME_NEVER);

  return vclock_time_to_scale (get_deadline (self, &is_due), self->entry.scale);
}

/**
 * vclock_timer_get_remaining:
 * @self: a timer
 *
 * Gets how long it is, on the timer's clock, until the timer expires.
 *
 * What was due when its clock was set back stays due.
 *
 * Returns: the span in the timer's scale, rounded up; 0 if it is due, [const@Vclock.TIME_NEVER] if
 *   it is disarmed, or armed for never
 */
gint64
vclock_timer_get_remaining (VclockTimer *self)
{
  VclockTime deadline;
  VclockTime now;
  gboolean is_due;

  g_return_val_if_fail (VCLOCK_IS_TIMER (self), VCLOCK_TIME_NEVER);

  deadline = get_deadline (self, &is_due);
  if (deadline == VCLOCK_TIME_NEVER)
    return VCLOCK_TIME_NEVER;
  if (is_due)
    return 0;

  now = vclock_clock_get_time (self->entry.queue->clock);

  return vclock_time_to_scale (MAX (0, vclock_time_subtract (deadline, now)), self->entry.scale);
}
