/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-alarm-private.h>
#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-host-private.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-pass-private.h>

/**
 * VclockAlarm:
 *
 * Wakes a main context for the nearest deadline across all its clocks.
 *
 * It is made with the first timer of a context and goes away with the context; nobody needs to
 * handle it. It has one GSource for each priority that timers were made for, and one backend to
 * wake the context ([class@Vclock.AlarmBackend]). Who wants to know how well that works can ask
 * it.
 *
 * In QEMU: `init_timer_alarm ()` and what it sets going.
 */

G_DEFINE_FINAL_TYPE (VclockAlarm, vclock_alarm, G_TYPE_OBJECT)

/* (element-type GMainContext VclockAlarm) (unowned): guarded by the lock. */
static GHashTable *alarms;

/* With the lock, which is released meanwhile: disarms all timers of a queue, for good. */
static void
abandon_queue (VclockTimerQueue *queue)
{
  VclockTimerEntry *entry;
  VclockTime now;
  gboolean is_recorded;

  queue->context = NULL;
  queue->changed = NULL;
  queue->polling = NULL;
  queue->alarm_list = NULL;
  queue->quiet = NULL;
  queue->turn = NULL;
  vclock_unlock ();
  is_recorded = vclock_clock_is_recorded (queue->clock, &now);
  vclock_lock ();
  while ((entry = vclock_timer_queue_steal (queue)) != NULL)
    {
      if (is_recorded)
        vclock_timer_queue_record (queue, entry, &(VclockRecord) {
          .kind = VCLOCK_EVENT_KIND_DISARMED,
          .time = now,
          .deadline = entry->deadline,
        });
      entry->traits->funcs->drop (entry);
    }
}

/* The context goes away. GLib calls this while it destroys each source and before it frees
 * anything: under the lock, a context that is not NULL can be woken. */
static void
context_gone_cb (gpointer user_data)
{
  VclockAlarm *self = user_data;

  vclock_lock ();
  if (self->context != NULL)
    g_hash_table_remove (alarms, self->context);
  self->context = NULL;
  for (guint i = 0; i < self->sources->len; i++)
    {
      VclockAlarmSource *source = g_ptr_array_index (self->sources, i);

      while (source->queues->len > 0)
        {
          const guint last = source->queues->len - 1;
          VclockTimerQueue *queue = g_ptr_array_steal_index (source->queues, last);

          queue->n_users++;
          abandon_queue (queue);
          if (vclock_timer_queue_release (queue))
            {
              vclock_unlock ();
              vclock_timer_queue_free (queue);
              vclock_lock ();
            }
        }
    }
  g_ptr_array_set_size (self->sources, 0);
  vclock_unlock ();

  vclock_quiet_leave (&self->quiet);
  vclock_alarm_stop_backend (self);
}

static void
vclock_alarm_finalize (GObject *object)
{
  VclockAlarm *self = VCLOCK_ALARM (object);

  g_assert (self->backend == NULL);

  g_ptr_array_unref (self->sources);
  g_free (self->backend_name);

  G_OBJECT_CLASS (vclock_alarm_parent_class)->finalize (object);
}

static void
vclock_alarm_class_init (VclockAlarmClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vclock_alarm_finalize;
}

static void
vclock_alarm_init (VclockAlarm *self)
{
  self->sources = g_ptr_array_new ();
  self->next = VCLOCK_TIME_NEVER;
  self->ready_time = VCLOCK_TIME_NEVER;
  self->quiet.wakeup = VCLOCK_TIME_NEVER;
}

/* With the lock: the context is about to poll, and from now on changes wake it. */
void
vclock_alarm_begin_polling (VclockAlarm *self)
{
  self->polling = TRUE;
  self->thread = g_thread_self ();
  self->depth = g_main_depth ();
}

VclockTime
vclock_alarm_translate (VclockClock *clock,
                        VclockTime   time)
{
  VclockHostClock host_clock;
  VclockTime wakeup = vclock_clock_get_wakeup (clock, time, &host_clock);

  return vclock_host_to_monotonic (host_clock, wakeup);
}

static VclockAlarmSource *
find_source (VclockAlarm *self,
             int          priority)
{
  for (guint i = 0; i < self->sources->len; i++)
    {
      VclockAlarmSource *source = g_ptr_array_index (self->sources, i);

      if (source->priority == priority)
        return source;
    }

  return NULL;
}

static VclockTimerQueue *
find_queue (VclockAlarmSource *source,
            VclockClock *clock)
{
  for (guint i = 0; i < source->queues->len; i++)
    {
      VclockTimerQueue *queue = g_ptr_array_index (source->queues, i);

      if (queue->clock == clock)
        return queue;
    }

  return NULL;
}

/* Finds the alarm of a context or makes it. It belongs to its sources: until it has one, to the
 * caller. */
static VclockAlarm *
ensure_alarm (GMainContext *context)
{
  g_autoptr (VclockAlarm) spare = g_object_new (VCLOCK_TYPE_ALARM, NULL);
  VclockAlarm *found;

  vclock_lock ();
  if (alarms == NULL)
    alarms = g_hash_table_new (NULL, NULL);
  found = g_hash_table_lookup (alarms, context);
  if (found == NULL)
    {
      spare->context = context;
      g_hash_table_insert (alarms, context, spare);
    }
  vclock_unlock ();

  return found != NULL ? g_object_ref (found) : g_steal_pointer (&spare);
}

/* Finds the source for a priority or makes it. The context owns its sources, and they their
 * alarm. */
static VclockAlarmSource *
ensure_source (VclockAlarm  *self,
               GMainContext *context,
               int           priority)
{
  VclockAlarmSource *new_source = vclock_alarm_source_new (self, priority);
  GSource *source = &new_source->parent;
  VclockAlarmSource *found;

  vclock_lock ();
  found = find_source (self, priority);
  if (found == NULL)
    {
      g_ptr_array_add (self->sources, new_source);
      self->dirty = TRUE;
    }
  vclock_unlock ();

  if (found == NULL)
    {
      g_source_set_callback (source, NULL, self, context_gone_cb);
      g_source_attach (source, context);
    }
  g_source_unref (source);

  return found != NULL ? found : new_source;
}

/* Adds a queue to a source, or finds the one that another thread has added meanwhile. */
static VclockTimerQueue *
ensure_queue (VclockAlarmSource  *source,
              GMainContext *context,
              VclockClock  *clock)
{
  VclockTimerQueue *queue = vclock_timer_queue_new (clock, context, source->priority);
  VclockTimerQueue *found;

  vclock_lock ();
  found = find_queue (source, clock);
  if (found != NULL)
    {
      found->n_users++;
    }
  else
    {
      queue->changed = vclock_alarm_changed_cb;
      queue->listener = source->alarm;
      queue->polling = &source->alarm->polling;
      queue->quiet = &source->alarm->quiet;
      queue->alarm_list = source->queues;
      g_ptr_array_add (queue->alarm_list, queue);
      vclock_clock_add_queue (clock, queue);
    }
  vclock_unlock ();

  if (found == NULL)
    return queue;

  vclock_timer_queue_free (queue);

  return found;
}

VclockTimerQueue *
vclock_alarm_join (GMainContext *context,
                   int           priority,
                   VclockClock  *clock)
{
  g_autoptr (VclockAlarm) self = NULL;
  VclockAlarm *found;
  VclockAlarmSource *source = NULL;
  VclockTimerQueue *queue = NULL;

  vclock_lock ();
  found = alarms != NULL ? g_hash_table_lookup (alarms, context) : NULL;
  if (found != NULL)
    source = find_source (found, priority);
  if (source != NULL)
    queue = find_queue (source, clock);
  if (queue != NULL)
    queue->n_users++;
  vclock_unlock ();

  if (queue != NULL)
    return queue;

  self = ensure_alarm (context);

  return ensure_queue (ensure_source (self, context, priority), context, clock);
}

/**
 * vclock_alarm_get_for_context:
 * @context: (nullable): a main context; NULL is the thread-default one
 *
 * Gets the alarm of a main context, and makes it if there are no timers yet.
 *
 * Returns: (transfer full): the alarm
 */
VclockAlarm *
vclock_alarm_get_for_context (GMainContext *context)
{
  g_autoptr (GMainContext) owned = NULL;
  VclockAlarm *self;

  if (context == NULL)
    context = owned = g_main_context_ref_thread_default ();

  self = ensure_alarm (context);
  ensure_source (self, context, G_PRIORITY_DEFAULT);

  return self;
}

/**
 * vclock_alarm_get_backend:
 * @self: an alarm
 *
 * Gets the name of the backend that the alarm runs on.
 *
 * Returns: (transfer full) (nullable): the name; NULL before the context has run for the first time
 */
char *
vclock_alarm_get_backend (VclockAlarm *self)
{
  char *name;

  g_return_val_if_fail (VCLOCK_IS_ALARM (self), NULL);

  vclock_lock ();
  name = g_strdup (self->backend_name);
  vclock_unlock ();

  return name;
}

/**
 * vclock_alarm_set_backend:
 * @self: an alarm
 * @name: the name of a backend of [func@Vclock.Alarm.list_backends]
 * @error: return location for an error
 *
 * Changes the backend that the alarm runs on.
 *
 * From the thread that runs the main context. If the backend is unknown
 * ([error@Vclock.Error.UNKNOWN_BACKEND]) or cannot start ([error@Vclock.Error.UNSUPPORTED]) the
 * alarm stays on the one that it has.
 *
 * Returns: whether the alarm runs on @name now
 */
gboolean
vclock_alarm_set_backend (VclockAlarm  *self,
                          const char   *name,
                          GError      **error)
{
  g_return_val_if_fail (VCLOCK_IS_ALARM (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);
  g_return_val_if_fail (self->context != NULL, FALSE);

  return vclock_alarm_change_backend (self, name, error);
}

/**
 * vclock_alarm_get_wakeup:
 * @self: an alarm
 *
 * Gets when the main context must be woken next.
 *
 * That is the earliest deadline, plus slack or less spin, of all its timers on all clocks that can promise a
 * time of the host.
 *
 * Returns: the time on the host's monotonic clock in nanoseconds; [const@Vclock.TIME_NEVER] if
 *   there is no need
 */
VclockTime
vclock_alarm_get_wakeup (VclockAlarm *self)
{
  VclockTime wakeup = VCLOCK_TIME_NEVER;
  VclockAlarmHold hold;

  g_return_val_if_fail (VCLOCK_IS_ALARM (self), VCLOCK_TIME_NEVER);

  vclock_lock ();
  vclock_alarm_hold_queues (self, NULL, &hold);
  vclock_unlock ();

  for (guint i = 0; i < hold.n_queues; i++)
    {
      VclockTimerQueue *queue = hold.queues[i];
      VclockTime time;

      vclock_alarm_spin_measure (queue, vclock_clock_get_time (queue->clock));
      vclock_lock ();
      time = vclock_timer_queue_get_wakeup (queue);
      vclock_unlock ();
      wakeup = MIN (wakeup, vclock_alarm_translate (queue->clock, time));
    }

  vclock_lock ();
  vclock_alarm_release_queues (&hold);
  vclock_unlock ();

  return wakeup;
}

static guint64
get_counter (VclockAlarm   *self,
             const guint64 *counter)
{
  guint64 value;

  vclock_lock ();
  value = *counter;
  vclock_unlock ();

  return value;
}

/**
 * vclock_alarm_get_n_programmed:
 * @self: an alarm
 *
 * Gets how often the backend was armed or disarmed.
 *
 * Returns: the number
 */
guint64
vclock_alarm_get_n_programmed (VclockAlarm *self)
{
  g_return_val_if_fail (VCLOCK_IS_ALARM (self), 0);

  return get_counter (self, &self->n_programmed);
}

/**
 * vclock_alarm_get_n_wakeups:
 * @self: an alarm
 *
 * Gets how often the backend has woken the main context.
 *
 * Returns: the number
 */
guint64
vclock_alarm_get_n_wakeups (VclockAlarm *self)
{
  g_return_val_if_fail (VCLOCK_IS_ALARM (self), 0);

  return get_counter (self, &self->n_wakeups);
}

/**
 * vclock_alarm_get_n_spurious:
 * @self: an alarm
 *
 * Gets how often the backend has woken the main context when no timer was due.
 *
 * Returns: the number
 */
guint64
vclock_alarm_get_n_spurious (VclockAlarm *self)
{
  g_return_val_if_fail (VCLOCK_IS_ALARM (self), 0);

  return get_counter (self, &self->n_spurious);
}

/**
 * vclock_alarm_get_n_expired:
 * @self: an alarm
 *
 * Gets how many timers have expired in the main context.
 *
 * Returns: the number
 */
guint64
vclock_alarm_get_n_expired (VclockAlarm *self)
{
  g_return_val_if_fail (VCLOCK_IS_ALARM (self), 0);

  return get_counter (self, &self->n_expired);
}

static VclockTimerEntry *
peek_all (VclockAlarm      *self,
          const VclockPass *pass)
{
  VclockTimerEntry *best = NULL;

  for (guint i = 0; i < self->sources->len; i++)
    {
      VclockAlarmSource *source = g_ptr_array_index (self->sources, i);

      best = vclock_pass_peek (pass, source->queues, best);
    }

  return best;
}

/**
 * vclock_alarm_run_timers:
 * @self: an alarm
 *
 * Lets the timers of the main context that are due expire now, on all clocks, without running its
 * other sources.
 *
 * From the thread that runs the context. Does nothing while another thread runs it.
 *
 * In QEMU: `qemu_run_all_timers ()`.
 *
 * Returns: how many timers expired
 */
guint
vclock_alarm_run_timers (VclockAlarm *self)
{
  VclockTimerEntry *entry;
  GMainContext *context;
  guint n_expired = 0;
  VclockPass pass;

  g_return_val_if_fail (VCLOCK_IS_ALARM (self), 0);

  context = self->context;
  if (context == NULL || !g_main_context_acquire (context))
    return 0;

  g_object_ref (self);
  vclock_lock ();
  self->dirty = TRUE;
  vclock_pass_begin (&pass);
  vclock_alarm_take_due (self, NULL, pass.number);
  while ((entry = peek_all (self, &pass)) != NULL)
    {
      n_expired++;
      self->n_expired++;
      vclock_pass_call (&pass, entry);
    }
  vclock_pass_end (&pass);
  vclock_unlock ();

  g_main_context_release (context);
  g_object_unref (self);

  return n_expired;
}
