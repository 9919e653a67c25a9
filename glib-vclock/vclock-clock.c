/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-clock-source-private.h>
#include <glib-vclock/vclock-host-private.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-pass-private.h>

/**
 * VclockClock:
 *
 * Says what time it is, and keeps the timers that wait for it.
 *
 * The library has [class@Vclock.MonotonicClock], [class@Vclock.WallClock] and
 * [class@Vclock.VirtualClock]. A kind of one's own overrides `get_time`, and `get_wakeup` if it
 * can tell at which time of the host a deadline will be reached. If it cannot, or when its time
 * jumps or changes its speed, it calls [method@Vclock.Clock.replan] and what is due then expires.
 *
 * A clock may be shared by timers of many main contexts and threads. What it says by signals
 * it says in its own main context: the one that was the thread-default one when it was made.
 *
 * At the end of a test, [method@Vclock.Clock.check_disarmed] lists the timers that still wait.
 *
 * In QEMU: `QEMUClock`, today with its `QEMUTimerListGroup`.
 */

typedef enum
{
  PROP_NAME = 1,
  PROP_CONTEXT,
  PROP_ENABLED,
} VclockClockProperty;

static GParamSpec *props[PROP_ENABLED + 1];

typedef enum
{
  SIGNAL_RESET,
} VclockClockSignal;

static guint signals[SIGNAL_RESET + 1];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (VclockClock, vclock_clock, G_TYPE_OBJECT)

#define PRIV(self) ((VclockClockPrivate *) vclock_clock_get_instance_private (self))

VclockClockPrivate *
vclock_clock_get_private (VclockClock *self)
{
  return PRIV (self);
}

static void
emit_resets (VclockClock *self)
{
  VclockClockPrivate *priv = PRIV (self);

  vclock_lock ();
  while (priv->resets->len > 0)
    {
      VclockClockReset reset = g_array_index (priv->resets, VclockClockReset, 0);

      g_array_remove_index (priv->resets, 0);
      vclock_unlock ();
      g_signal_emit (self, signals[SIGNAL_RESET], 0, reset.old_time, reset.new_time);
      vclock_lock ();
    }
  vclock_unlock ();
}

static void
source_cb (GObject  *object,
           gboolean  was_set)
{
  VclockClock *self = VCLOCK_CLOCK (object);

  const VclockClockKind *kind = PRIV (self)->kind;

  if (was_set && kind->check_host != NULL)
    kind->check_host (self);

  emit_resets (self);
  if (kind->tell != NULL)
    kind->tell (self);
}

static void
vclock_clock_constructed (GObject *object)
{
  VclockClock *self = VCLOCK_CLOCK (object);
  VclockClockPrivate *priv = PRIV (self);

  G_OBJECT_CLASS (vclock_clock_parent_class)->constructed (object);

  if (priv->context == NULL)
    priv->context = g_main_context_ref_thread_default ();
  if (!priv->kind->never_resets)
    priv->source = vclock_clock_source_new (object, priv->context, source_cb,
                                            priv->kind->check_host != NULL);
  g_clear_pointer (&priv->context, g_main_context_unref);
}

static void
vclock_clock_finalize (GObject *object)
{
  VclockClockPrivate *priv = PRIV (VCLOCK_CLOCK (object));

  g_assert (priv->queues->len == 0);
  g_assert (priv->followers->len == 0);
  g_assert (priv->recording.ring == NULL);

  g_clear_pointer (&priv->source, vclock_clock_source_close);
  g_ptr_array_unref (priv->queues);
  g_ptr_array_unref (priv->followers);
  g_array_unref (priv->resets);
  g_clear_pointer (&priv->name, g_ref_string_release);

  G_OBJECT_CLASS (vclock_clock_parent_class)->finalize (object);
}

static void
vclock_clock_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  VclockClock *self = VCLOCK_CLOCK (object);

  switch ((VclockClockProperty) prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, vclock_clock_get_name (self));
      break;
    case PROP_ENABLED:
      g_value_set_boolean (value, vclock_clock_get_enabled (self));
      break;
    case PROP_CONTEXT:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
vclock_clock_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  VclockClock *self = VCLOCK_CLOCK (object);

  switch ((VclockClockProperty) prop_id)
    {
    case PROP_NAME:
      if (g_value_get_string (value) != NULL)
        PRIV (self)->name = g_ref_string_new (g_value_get_string (value));
      break;
    case PROP_CONTEXT:
      PRIV (self)->context = g_value_dup_boxed (value);
      break;
    case PROP_ENABLED:
      vclock_clock_set_enabled (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
vclock_clock_class_init (VclockClockClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = vclock_clock_constructed;
  object_class->finalize = vclock_clock_finalize;
  object_class->get_property = vclock_clock_get_property;
  object_class->set_property = vclock_clock_set_property;

  /**
   * VclockClock:name: (attributes org.gtk.Property.get=vclock_clock_get_name)
   *
   * A name for people, NULL without one.
   */
  props[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * VclockClock:context:
   *
   * The main context in which [signal@Vclock.Clock::reset] is emitted; NULL is the thread-default
   * one.
   */
  props[PROP_CONTEXT] =
    g_param_spec_boxed ("context", NULL, NULL, G_TYPE_MAIN_CONTEXT,
                        G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * VclockClock:enabled: (attributes org.gtk.Property.get=vclock_clock_get_enabled org.gtk.Property.set=vclock_clock_set_enabled)
   *
   * Whether the clock delivers: while it does not, no timer of it expires, and its time goes on.
   */
  props[PROP_ENABLED] =
    g_param_spec_boolean ("enabled", NULL, NULL, TRUE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  /**
   * VclockClock::reset:
   * @self: a clock
   * @old_time: the time just before, in nanoseconds
   * @new_time: the time just after, in nanoseconds
   *
   * Emitted when the clock's time has jumped, forwards or backwards, once for each jump.
   *
   * It is emitted in the clock's main context, never while somebody reads the time. Who connects
   * too late can compare [method@Vclock.Clock.get_n_resets].
   *
   * In QEMU: the notifiers of `qemu_register_clock_reset_notifier ()`.
   */
  signals[SIGNAL_RESET] =
    g_signal_new ("reset",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  G_STRUCT_OFFSET (VclockClockClass, reset),
                  NULL, NULL,
                  NULL,
                  G_TYPE_NONE,
                  2,
                  G_TYPE_INT64,
                  G_TYPE_INT64);
}

static void
vclock_clock_init (VclockClock *self)
{
  static const VclockClockKind any_kind;
  VclockClockPrivate *priv = PRIV (self);

  priv->kind = &any_kind;
  priv->enabled = TRUE;
  priv->resets = g_array_new (FALSE, FALSE, sizeof (VclockClockReset));
  priv->queues = g_ptr_array_new ();
  priv->followers = g_ptr_array_new ();
}

/* Called by a kind of clock inside the library while it is made. */
void
vclock_clock_set_kind (VclockClock           *self,
                       const VclockClockKind *kind)
{
  PRIV (self)->kind = kind;
}

const char *
vclock_clock_why_stands (VclockClock *self)
{
  const VclockClockKind *kind = PRIV (self)->kind;

  return kind->why_stands != NULL ? kind->why_stands (self) : NULL;
}

/* Has the kind's tell () called in the clock's main context. From any thread. */
void
vclock_clock_tell (VclockClock *self)
{
  vclock_clock_source_call (PRIV (self)->source);
}

void
vclock_clock_add_queue (VclockClock      *self,
                        VclockTimerQueue *queue)
{
  queue->enabled = PRIV (self)->enabled;
  queue->clock_list = PRIV (self)->queues;
  g_ptr_array_add (queue->clock_list, queue);
  vclock_clock_follow_ring (self);
}

/* Guarded by the lock. */
VclockClockRecording *
vclock_clock_get_recording (VclockClock *self)
{
  return &PRIV (self)->recording;
}

GPtrArray *
vclock_clock_get_queues (VclockClock *self)
{
  return PRIV (self)->queues;
}

GPtrArray *
vclock_clock_get_followers (VclockClock *self)
{
  return PRIV (self)->followers;
}

void
vclock_clock_replan_locked (VclockClock *self)
{
  VclockClockPrivate *priv = PRIV (self);

  vclock_timer_queue_note_change ();
  for (guint i = 0; i < priv->queues->len; i++)
    {
      VclockTimerQueue *queue = g_ptr_array_index (priv->queues, i);

      if (queue->changed != NULL)
        queue->changed (queue);
    }

  for (guint i = 0; i < priv->followers->len; i++)
    vclock_clock_replan_locked (g_ptr_array_index (priv->followers, i));
}

/**
 * vclock_clock_get_time: (virtual get_time)
 * @self: a clock
 *
 * Says what time it is.
 *
 * The zero is the clock's own: boot for monotonic clocks, 1970 for wall clocks, what the owner
 * chose for virtual ones. In JavaScript, numbers beyond 2⁵³ are rounded: use
 * [method@Vclock.Clock.get_time_us] for wall clocks. May be called from any thread and from inside
 * callbacks.
 *
 * Returns: the time in nanoseconds
 */
VclockTime
vclock_clock_get_time (VclockClock *self)
{
  VclockClockClass *klass;

  g_return_val_if_fail (VCLOCK_IS_CLOCK (self), 0);
  klass = VCLOCK_CLOCK_GET_CLASS (self);
  g_return_val_if_fail (klass->get_time != NULL, 0);

  return klass->get_time (self);
}

/**
 * vclock_clock_get_time_us:
 * @self: a clock
 *
 * Says what time it is in microseconds, rounded down.
 *
 * JavaScript can represent every result exactly until the year 2255.
 *
 * Returns: the time in microseconds
 */
gint64
vclock_clock_get_time_us (VclockClock *self)
{
  g_return_val_if_fail (VCLOCK_IS_CLOCK (self), 0);

  return (gint64) vclock_wide_divide_down (vclock_clock_get_time (self), VCLOCK_NSEC_PER_USEC);
}

/**
 * vclock_clock_get_wakeup: (virtual get_wakeup)
 * @self: a clock
 * @deadline: a time on this clock, in nanoseconds
 * @host_clock: (out): the clock of the host that the result is a time of
 *
 * Says when, on a clock of the host, @deadline will be reached if nothing changes.
 *
 * The result is rounded up, so that the clock has reached @deadline by then. For a deadline that
 * has passed it lies in the past. Clocks that cannot promise a time, paused ones for example, have
 * none.
 *
 * Returns: the time on @host_clock in nanoseconds, or [const@Vclock.TIME_NEVER]
 */
VclockTime
vclock_clock_get_wakeup (VclockClock     *self,
                         VclockTime       deadline,
                         VclockHostClock *host_clock)
{
  VclockClockClass *klass;

  g_return_val_if_fail (VCLOCK_IS_CLOCK (self), VCLOCK_TIME_NEVER);
  g_return_val_if_fail (host_clock != NULL, VCLOCK_TIME_NEVER);

  *host_clock = VCLOCK_HOST_CLOCK_MONOTONIC;
  klass = VCLOCK_CLOCK_GET_CLASS (self);
  if (klass->get_wakeup == NULL || deadline == VCLOCK_TIME_NEVER)
    return VCLOCK_TIME_NEVER;

  return klass->get_wakeup (self, deadline, host_clock);
}

/**
 * vclock_clock_get_name: (attributes org.gtk.Method.get_property=name)
 * @self: a clock
 *
 * Gets the name that the clock was made with.
 *
 * Returns: (nullable): the name
 */
const char *
vclock_clock_get_name (VclockClock *self)
{
  g_return_val_if_fail (VCLOCK_IS_CLOCK (self), NULL);

  return PRIV (self)->name;
}

/**
 * vclock_clock_get_enabled: (attributes org.gtk.Method.get_property=enabled)
 * @self: a clock
 *
 * Gets whether the clock delivers.
 *
 * Returns: whether timers of this clock expire
 */
gboolean
vclock_clock_get_enabled (VclockClock *self)
{
  gboolean enabled;

  g_return_val_if_fail (VCLOCK_IS_CLOCK (self), FALSE);

  vclock_lock ();
  enabled = PRIV (self)->enabled;
  vclock_unlock ();

  return enabled;
}

/**
 * vclock_clock_set_enabled: (attributes org.gtk.Method.set_property=enabled)
 * @self: a clock
 * @enabled: whether timers of this clock expire
 *
 * Sets whether the clock delivers.
 *
 * The clock's time goes on while it is disabled; what became due meanwhile expires when it is
 * enabled again: in the next pass, not in the one whose callback enables it. A disabled clock causes
 * no wakeups. Disabling returns only when no callback of this clock is running in another thread,
 * and at once when called from one of its own callbacks. Callbacks of two clocks, in two threads,
 * must not each wait for the other one's clock.
 *
 * In QEMU: `qemu_clock_enable ()`.
 */
void
vclock_clock_set_enabled (VclockClock *self,
                          gboolean     enabled)
{
  VclockClockPrivate *priv;
  VclockTime now;
  gboolean is_recorded;
  gboolean changed;

  g_return_if_fail (VCLOCK_IS_CLOCK (self));
  priv = PRIV (self);
  enabled = !!enabled;
  is_recorded = vclock_clock_is_recorded (self, &now);

  vclock_lock ();
  changed = priv->enabled != enabled;
  priv->enabled = enabled;
  if (changed && is_recorded)
    vclock_clock_record (self, &(VclockRecord) {
      .kind = enabled ? VCLOCK_EVENT_KIND_ENABLED : VCLOCK_EVENT_KIND_DISABLED,
      .time = now,
    });
  for (guint i = 0; i < priv->queues->len; i++)
    ((VclockTimerQueue *) g_ptr_array_index (priv->queues, i))->enabled = enabled;
  if (changed)
    vclock_clock_replan_locked (self);
  if (!enabled && !vclock_pass_runs_here (self))
    while (vclock_pass_runs_elsewhere (self, NULL))
      vclock_pass_wait ();
  vclock_unlock ();

  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ENABLED]);
}

/**
 * vclock_clock_replan:
 * @self: a clock
 *
 * Tells all contexts that wait for this clock that its time or its speed has changed.
 *
 * Who implements a clock calls it whenever what `get_wakeup` said is not true any more. From any
 * thread; sleeping contexts are woken.
 */
void
vclock_clock_replan (VclockClock *self)
{
  g_return_if_fail (VCLOCK_IS_CLOCK (self));

  vclock_lock ();
  vclock_clock_replan_locked (self);
  vclock_unlock ();
}
