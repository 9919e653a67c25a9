/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-alarm-backend-private.h>
#include <glib-vclock/vclock-alarm-order-private.h>
#include <glib-vclock/vclock-alarm-private.h>
#include <glib-vclock/vclock-host-private.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-pass-private.h>

/* An alarm's GSource: plans when its context must be woken, before it sleeps; then calls what is due.
 *
 *   prepare    the wakeups of all queues, on each clock of the host -> the backend, if they differ
 *   (poll)
 *   check      was it the backend? is a timer of this priority due?
 *   dispatch   each clock is read once, what is due is taken, then called in order
 */

/* So that other sources get their turn when very many timers are due. */
#define MAX_CALLS_PER_DISPATCH 1000

/* After so many wake-ups in a row that no timer was due at, a backend is early for whatever
 * reason, and would be again: until a timer expires, the main loop's own timeout is used
 * instead. */
#define MAX_IN_VAIN 10

#define NO_WAKEUPS { VCLOCK_TIME_NEVER, VCLOCK_TIME_NEVER, VCLOCK_TIME_NEVER }

/* With the lock: the plan is not right any more, be it that a queue has another wakeup or that
 * the backend has woken us.
 *
 * No wake-up is lost. prepare () first sets polling and clears dirty, under the lock, and then
 * reads the queues, each under the lock, noting in it what was planned. A change that comes
 * before a queue is read, is read. One that comes after is compared with what was planned,
 * finds polling set and wakes the context; a wake-up stays with the context until it polls, and
 * it prepares again before it sleeps. Further changes need not wake it again, so polling is
 * cleared. Only the thread that prepared knows better: inside of a dispatch that began since
 * then, or when it does not run the context any more, it will prepare before it polls; nor may a
 * context be woken that is going away. So arming from callbacks makes no system call, and any
 * number of changes from other threads makes one. In the child of a fork nobody polls until it
 * prepares, and waking would wake the parent. */
static void
make_dirty (gpointer user_data)
{
  VclockAlarm *self = user_data;

  self->dirty = TRUE;
  if (!self->polling || self->generation != vclock_get_fork_generation () ||
      (self->thread == g_thread_self () &&
       (g_main_depth () > self->depth || self->context == NULL ||
        !g_main_context_is_owner (self->context))))
    return;

  self->polling = FALSE;
  if (self->context != NULL)
    g_main_context_wakeup (self->context);
}

void
vclock_alarm_changed_cb (VclockTimerQueue *queue)
{
  make_dirty (queue->listener);
}

static gboolean
start_backend_cb (gpointer             alarm,
                  VclockAlarmBackend  *backend,
                  GError             **error)
{
  VclockAlarm *self = alarm;
  GSource *source;

  vclock_lock ();
  source = g_ptr_array_index (self->sources, 0);
  vclock_unlock ();

  if (!vclock_alarm_backend_start (backend, source, make_dirty, self, error))
    return FALSE;

  self->backend = g_object_ref (backend);

  return TRUE;
}

void
vclock_alarm_stop_backend (VclockAlarm *self)
{
  if (self->backend == NULL)
    return;

  vclock_alarm_backend_stop (self->backend);
  g_clear_object (&self->backend);
}

/* A backend has just been started: it is armed for nothing. */
static void
begin_backend (VclockAlarm *self,
               char        *name)
{
  for (guint i = 0; i < VCLOCK_N_HOST_CLOCKS; i++)
    {
      self->programmed[i] = VCLOCK_TIME_NEVER;
      self->used_up[i] = FALSE;
    }

  vclock_lock ();
  self->generation = vclock_get_fork_generation ();
  g_free (self->backend_name);
  self->backend_name = name;
  self->dirty = TRUE;
  vclock_unlock ();
}

/* Starts a backend when there is none yet or when it is one of the process that we were forked
 * from. */
static void
ensure_backend (VclockAlarm *self)
{
  if (self->backend != NULL && self->generation == vclock_get_fork_generation ())
    return;

  vclock_alarm_stop_backend (self);
  begin_backend (self, vclock_alarm_order_start (start_backend_cb, self));
}

/* Changes to another backend while the old one runs, so that nothing changes if it cannot start. */
gboolean
vclock_alarm_change_backend (VclockAlarm  *self,
                             const char   *name,
                             GError      **error)
{
  g_autoptr (VclockAlarmBackend) old = NULL;

  ensure_backend (self);
  old = g_steal_pointer (&self->backend);
  if (!vclock_alarm_order_start_name (name, start_backend_cb, self, error))
    {
      self->backend = g_steal_pointer (&old);
      return FALSE;
    }

  vclock_alarm_backend_stop (old);
  begin_backend (self, g_strdup (name));

  return TRUE;
}

static void
rearm (VclockAlarm *self,
       VclockTime   wakeups[VCLOCK_N_HOST_CLOCKS])
{
  guint n_programmed = 0;

  /* The monotonic clock comes last: it takes over what the backend cannot do on others. */
  for (int i = VCLOCK_N_HOST_CLOCKS - 1; i >= 0; i--)
    {
      if (wakeups[i] == self->programmed[i] && !self->used_up[i])
        continue;

      if (i == VCLOCK_HOST_CLOCK_MONOTONIC)
        {
          vclock_alarm_backend_rearm (self->backend, wakeups[i]);
        }
      else if (!vclock_alarm_backend_rearm_on (self->backend, i, wakeups[i]))
        {
          wakeups[0] = MIN (wakeups[0], vclock_host_to_monotonic (i, wakeups[i]));
          continue;
        }

      self->programmed[i] = wakeups[i];
      self->used_up[i] = FALSE;
      n_programmed++;
    }

  vclock_lock ();
  self->n_programmed += n_programmed;
  vclock_unlock ();
}

/* What the queues want. A timer whose deadline has been reached and that may still be late is
 * called when the context runs anyway; it does not keep the context awake. */
typedef struct
{
  VclockTime wakeups[VCLOCK_N_HOST_CLOCKS];
  VclockTime next;      /* on CLOCK_MONOTONIC: when there is something to call */
  gboolean   any_ready; /* a timer must be called now, of any source ... */
  gboolean   own_ready; /* ... or of this one */
} Plan;

/* Plans the wakeup of a queue; TRUE if one of its timers must be called now instead. */
static gboolean
plan_queue (Plan             *plan,
            VclockTimerQueue *queue)
{
  const VclockTime now = vclock_clock_get_time (queue->clock);
  VclockTime deadline = VCLOCK_TIME_NEVER;
  VclockTime wakeup = VCLOCK_TIMER_QUEUE_UNPLANNED;
  VclockHostClock host_clock;
  VclockTime host_wakeup;

  vclock_alarm_spin_measure (queue, now);
  vclock_lock ();
  if (vclock_timer_queue_get_first_due (queue) == NULL)
    {
      wakeup = vclock_timer_queue_get_wakeup (queue);
      deadline = vclock_timer_queue_get_deadline (queue, VCLOCK_TIMER_ATTRIBUTES_NONE);
    }
  queue->planned = wakeup;
  vclock_unlock ();

  if (wakeup <= now && wakeup != VCLOCK_TIME_NEVER)
    return TRUE;

  /* What nobody would wake us for is called as soon as it can be. */
  host_wakeup = vclock_clock_get_wakeup (queue->clock, wakeup, &host_clock);
  if (deadline <= now && deadline != VCLOCK_TIME_NEVER)
    {
      plan->next = G_MININT64;
      if (host_wakeup == VCLOCK_TIME_NEVER)
        return TRUE;
    }
  else if (deadline < wakeup)
    {
      plan->next = MIN (plan->next, vclock_alarm_translate (queue->clock, deadline));
    }
  plan->wakeups[host_clock] = MIN (plan->wakeups[host_clock], host_wakeup);

  return FALSE;
}

static Plan
make_plan (const VclockAlarmHold *hold,
           VclockAlarmSource     *own)
{
  Plan plan = { NO_WAKEUPS, VCLOCK_TIME_NEVER, FALSE, FALSE };

  for (guint i = 0; i < hold->n_queues; i++)
    if (plan_queue (&plan, hold->queues[i]))
      {
        plan.any_ready = TRUE;
        plan.own_ready = plan.own_ready || hold->queues[i]->alarm_list == own->queues;
      }

  return plan;
}

/* The earliest wakeup as a time of CLOCK_MONOTONIC. */
static VclockTime
get_wakeup (const Plan *plan)
{
  VclockTime wakeup = VCLOCK_TIME_NEVER;

  for (guint i = 0; i < VCLOCK_N_HOST_CLOCKS; i++)
    wakeup = MIN (wakeup, vclock_host_to_monotonic (i, plan->wakeups[i]));

  return wakeup;
}

/* How long the main loop may sleep, in its milliseconds; -1 for ever. */
static int
get_timeout (VclockAlarm *self)
{
  VclockTime ready_time = vclock_alarm_backend_get_ready_time (self->backend);
  VclockTime span;

  ready_time = MIN (ready_time, self->ready_time);
  if (ready_time == VCLOCK_TIME_NEVER)
    return -1;

  span = vclock_time_subtract (ready_time, vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC));

  return (int) CLAMP (vclock_time_to_scale (span, VCLOCK_SCALE_MS), 0, G_MAXINT);
}

/* With the lock: whether the pass of this source waits until a timer source has had its turn. */
static gboolean
waits_for_turn (VclockAlarmSource *source)
{
  for (guint i = 0; i < source->queues->len; i++)
    {
      VclockTimerQueue *queue = g_ptr_array_index (source->queues, i);

      if (queue->turn == NULL)
        continue;
      if (!queue->turn->traits->funcs->expire (queue->turn, queue->now))
        return TRUE;
      queue->turn = NULL;
    }

  return FALSE;
}

static void
count_wakeup (VclockAlarm *self)
{
  vclock_lock ();
  self->n_wakeups += self->woken;
  self->n_spurious += self->woken && !self->served;
  vclock_unlock ();

  if (self->served)
    self->n_in_vain = 0;
  else if (self->woken)
    self->n_in_vain++;
  self->woken = FALSE;
  self->served = FALSE;
}

/* If the backend has woken us, what it was armed for and has been reached must be armed anew,
 * also for the same time. If nothing has, it knows why, and everything must. Until then it may say
 * the same again. */
static void
ask_backend (VclockAlarm *self)
{
  gboolean any_reached = FALSE;
  gboolean is_new = FALSE;

  /* Without one, this source was attached after the context had prepared the others. */
  if (self->backend == NULL || !vclock_alarm_backend_check (self->backend))
    return;

  for (guint i = 0; i < VCLOCK_N_HOST_CLOCKS; i++)
    if (self->programmed[i] != VCLOCK_TIME_NEVER && self->programmed[i] <= vclock_host_get_time (i))
      {
        is_new = is_new || !self->used_up[i];
        any_reached = self->used_up[i] = TRUE;
      }

  for (guint i = 0; i < VCLOCK_N_HOST_CLOCKS && !any_reached; i++)
    self->used_up[i] = self->programmed[i] != VCLOCK_TIME_NEVER;

  self->woken = self->woken || is_new || !any_reached;
  vclock_lock ();
  self->dirty = TRUE;
  vclock_unlock ();
}

/* With the lock, which is released meanwhile: plans anew and arms the backend, unless somebody
 * is due. */
static Plan
plan_and_rearm (VclockAlarm       *self,
                VclockAlarmSource *own)
{
  VclockAlarmHold hold;
  VclockTime wakeup;
  Plan plan;

  vclock_alarm_hold_queues (self, NULL, &hold);
  self->dirty = FALSE;
  vclock_unlock ();

  count_wakeup (self);
  plan = make_plan (&hold, own);
  plan.wakeups[VCLOCK_HOST_CLOCK_MONOTONIC] =
    MIN (plan.wakeups[VCLOCK_HOST_CLOCK_MONOTONIC], self->quiet.wakeup);
  wakeup = get_wakeup (&plan);
  self->next = plan.any_ready ? G_MININT64 : MIN (plan.next, wakeup);
  self->ready_time = VCLOCK_TIME_NEVER;
  if (self->n_in_vain > MAX_IN_VAIN)
    {
      self->ready_time = wakeup;
      for (guint i = 0; i < VCLOCK_N_HOST_CLOCKS; i++)
        plan.wakeups[i] = VCLOCK_TIME_NEVER;
    }
  if (!plan.any_ready)
    rearm (self, plan.wakeups);

  vclock_lock ();
  if (plan.any_ready)
    self->dirty = TRUE;
  vclock_alarm_release_queues (&hold);

  return plan;
}

static gboolean
alarm_source_prepare (GSource *source,
                      int     *timeout)
{
  VclockAlarmSource *alarm_source = (VclockAlarmSource *) source;
  VclockAlarm *self = alarm_source->alarm;
  Plan plan = { .any_ready = FALSE, .own_ready = FALSE };
  gboolean waits;

  ensure_backend (self);
  ask_backend (self);
  if (!self->watched && vclock_quiet_has_waiters ())
    vclock_alarm_watch (self, g_source_get_context (source));

  vclock_lock ();
  vclock_alarm_begin_polling (self);
  waits = waits_for_turn (alarm_source);
  if (self->dirty)
    plan = plan_and_rearm (self, alarm_source);
  vclock_unlock ();

  *timeout = plan.any_ready && !waits ? 0 : get_timeout (self);

  return plan.own_ready && !waits;
}

/* Whether a timer of the queues is due. */
static gboolean
any_is_due (const VclockAlarmHold *hold)
{
  gboolean is_due = FALSE;

  for (guint i = 0; i < hold->n_queues && !is_due; i++)
    {
      VclockTime now = vclock_clock_get_time (hold->queues[i]->clock);

      vclock_lock ();
      is_due = vclock_timer_queue_has_due (hold->queues[i], now);
      vclock_unlock ();
      is_due = is_due || vclock_alarm_spin_begins (hold->queues[i]);
    }

  return is_due;
}

static gboolean
alarm_source_check (GSource *source)
{
  VclockAlarmSource *alarm_source = (VclockAlarmSource *) source;
  VclockAlarm *self = alarm_source->alarm;
  gboolean waits;
  gboolean dirty;
  gboolean is_due;
  VclockAlarmHold hold;

  ask_backend (self);

  vclock_lock ();
  self->polling = FALSE;
  dirty = self->dirty;
  waits = waits_for_turn (alarm_source);
  if (waits || (!dirty && (self->next == VCLOCK_TIME_NEVER ||
                           self->next > vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC))))
    {
      vclock_unlock ();
      return FALSE;
    }
  self->dirty = TRUE;
  vclock_alarm_hold_queues (self, alarm_source, &hold);
  vclock_unlock ();

  is_due = any_is_due (&hold);

  vclock_lock ();
  vclock_alarm_release_queues (&hold);
  vclock_unlock ();

  return is_due;
}

/* Where the deadlines of a clock lie on CLOCK_MONOTONIC, so that those of several can be compared.
 * Those of clocks that cannot say became due @host_now, all of them, and keep the order of
 * arming. */
static VclockDueMap
make_map (VclockClock *clock,
          guint64      pass,
          VclockTime   host_now)
{
  VclockTime now = vclock_clock_get_time (clock);
  VclockTime before = vclock_time_subtract (now, VCLOCK_DUE_MAP_SPAN);
  VclockTime at = vclock_alarm_translate (clock, now);

  before = vclock_alarm_translate (clock, before);
  if (at == VCLOCK_TIME_NEVER || before == VCLOCK_TIME_NEVER)
    return (VclockDueMap) { pass, now, host_now, 0, NULL, NULL };

  return (VclockDueMap) { pass, now, at, vclock_time_subtract (at, before), NULL, NULL };
}

/* With the lock, which is released meanwhile: takes what is due now, for the pass of that
 * number. Each clock is read once. */
void
vclock_alarm_take_due (VclockAlarm       *self,
                       VclockAlarmSource *only,
                       guint64            pass)
{
  VclockTime host_now = vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC);
  VclockAlarmHold hold;

  vclock_alarm_hold_queues (self, only, &hold);
  for (guint i = 0; i < hold.n_queues; i++)
    {
      VclockTimerQueue *queue = hold.queues[i];
      VclockDueMap map;

      vclock_unlock ();
      map = make_map (queue->clock, pass, host_now);
      vclock_lock ();
      vclock_timer_queue_take_due (queue, &map);
    }

  vclock_alarm_release_queues (&hold);
}

static gboolean
alarm_source_dispatch (GSource     *source,
                       GSourceFunc  callback,
                       gpointer     user_data)
{
  VclockAlarmSource *alarm_source = (VclockAlarmSource *) source;
  VclockAlarm *self = alarm_source->alarm;
  VclockPass pass;
  gboolean goes_on;

  vclock_lock ();
  self->polling = FALSE;
  self->dirty = TRUE;
  vclock_alarm_spin (self, alarm_source);
  vclock_pass_begin (&pass);
  goes_on = !waits_for_turn (alarm_source);
  if (goes_on)
    vclock_alarm_take_due (self, alarm_source, pass.number);
  for (guint n_calls = 0; goes_on && n_calls < MAX_CALLS_PER_DISPATCH; n_calls++)
    {
      VclockTimerEntry *entry = vclock_pass_peek (&pass, alarm_source->queues, NULL);
      VclockTimerQueue *queue;

      if (entry == NULL)
        break;

      queue = entry->queue;
      self->n_expired++;
      self->served = TRUE;
      goes_on = vclock_pass_call (&pass, entry);
      if (!goes_on)
        queue->turn = entry;
    }
  vclock_pass_end (&pass);
  vclock_unlock ();

  return G_SOURCE_CONTINUE;
}

static void
alarm_source_finalize (GSource *source)
{
  VclockAlarmSource *self = (VclockAlarmSource *) source;

  g_ptr_array_unref (self->queues);
  g_object_unref (self->alarm);
}

static GSourceFuncs alarm_source_funcs = {
  .prepare = alarm_source_prepare,
  .check = alarm_source_check,
  .dispatch = alarm_source_dispatch,
  .finalize = alarm_source_finalize,
};

VclockAlarmSource *
vclock_alarm_source_new (VclockAlarm *alarm,
                         int          priority)
{
  GSource *source = g_source_new (&alarm_source_funcs, sizeof (VclockAlarmSource));
  VclockAlarmSource *self = (VclockAlarmSource *) source;

  g_source_set_static_name (source, "[vclock-alarm]");
  g_source_set_priority (source, priority);
  g_source_set_can_recurse (source, TRUE);
  self->alarm = g_object_ref (alarm);
  self->priority = priority;
  self->queues = g_ptr_array_new ();

  return self;
}
