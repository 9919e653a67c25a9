/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-alarm-private.h>
#include <glib-vclock/vclock-enum-types.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-marshal-private.h>
#include <glib-vclock/vclock-monotonic-clock.h>
#include <glib-vclock/vclock-timer-private.h>

/**
 * VclockTimer:
 *
 * Calls you when its clock reaches a deadline.
 *
 * A timer is made for one clock, one main context (the thread-default one, unless another is
 * given) and one priority, and can be armed, rearmed and disarmed from any thread, as often as
 * wanted. It calls in its context, never before its deadline: its callback, or else
 * [signal@Vclock.Timer::expired].
 *
 * ```c
 * static void
 * expired_cb (VclockTimer *timer,
 *             guint64      overruns,
 *             gpointer     user_data)
 * {
 *   g_main_loop_quit (user_data);
 * }
 *
 * int
 * main (void)
 * {
 *   g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
 *   g_autoptr (VclockTimer) timer = NULL;
 *
 *   timer = vclock_timer_new (vclock_monotonic_clock_get_default ());
 *   vclock_timer_set_callback (timer, expired_cb, loop, NULL);
 *   vclock_timer_arm_after (timer, 100 * VCLOCK_NSEC_PER_MSEC);
 *   g_main_loop_run (loop);
 *
 *   return 0;
 * }
 * ```
 *
 * Timers of one clock and context expire in the order of (priority, deadline, arming). What one pass
 * has taken comes before what the next one takes, also when a callback begins that inside of the
 * first, by moving the clock or running its main loop, and so does what was due before its clock
 * jumped. With a [property@Vclock.Timer:period] a timer is armed again before it calls, at start +
 * k · period, without drift. While armed a timer keeps itself alive, so a language binding may
 * forget about it.
 *
 * All times that a timer takes and gives are in its [property@Vclock.Timer:scale], nanoseconds
 * unless chosen otherwise; what is later than fits in 64 bits of nanoseconds is never, and what is
 * earlier is the first of all times.
 *
 * In QEMU: `QEMUTimer`.
 */

typedef enum
{
  PROP_CLOCK = 1,
  PROP_CONTEXT,
  PROP_PRIORITY,
  PROP_SCALE,
  PROP_PERIOD,
  PROP_OVERRUN_POLICY,
  PROP_SLACK,
  PROP_SPIN,
  PROP_ATTRIBUTES,
  PROP_NAME,
} VclockTimerProperty;

GType vclock_timer_type;

static GParamSpec *props[PROP_NAME + 1];

typedef enum
{
  SIGNAL_EXPIRED,
} VclockTimerSignal;

static guint signals[SIGNAL_EXPIRED + 1];

G_DEFINE_FINAL_TYPE (VclockTimer, vclock_timer, G_TYPE_OBJECT)

void
vclock_timer_emit_expired (VclockTimer *self,
                           guint64      overruns)
{
  g_signal_emit (self, signals[SIGNAL_EXPIRED], 0, overruns);
}

static void
vclock_timer_constructed (GObject *object)
{
  VclockTimer *self = VCLOCK_TIMER (object);
  g_autoptr (VclockClock) clock = g_steal_pointer (&self->clock);
  g_autoptr (GMainContext) owned = g_steal_pointer (&self->context);
  GMainContext *context = owned;

  G_OBJECT_CLASS (vclock_timer_parent_class)->constructed (object);

  if (clock == NULL)
    clock = g_object_ref (vclock_monotonic_clock_get_default ());
  if (context == NULL)
    context = g_main_context_get_thread_default ();
  if (context == NULL)
    context = g_main_context_default ();

  self->entry.queue = vclock_alarm_join (context, self->priority, clock);
  self->lateness = 0;
}

static void
vclock_timer_finalize (GObject *object)
{
  VclockTimer *self = VCLOCK_TIMER (object);
  VclockTimerQueue *queue = self->entry.queue;
  VclockTimerCallback *callback;
  gboolean unused;

  vclock_lock ();
  vclock_timer_queue_disarm (queue, &self->entry);
  unused = vclock_timer_queue_release (queue);
  callback = vclock_timer_release_callback (self);
  vclock_unlock ();

  if (unused)
    vclock_timer_queue_free (queue);
  vclock_timer_callback_free (callback);
  vclock_timer_entry_clear (&self->entry);

  G_OBJECT_CLASS (vclock_timer_parent_class)->finalize (object);
}

static void
vclock_timer_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  VclockTimer *self = VCLOCK_TIMER (object);

  switch ((VclockTimerProperty) prop_id)
    {
    case PROP_CLOCK:
      g_value_set_object (value, vclock_timer_get_clock (self));
      break;
    case PROP_PRIORITY:
      g_value_set_int (value, vclock_timer_get_priority (self));
      break;
    case PROP_SCALE:
      g_value_set_enum (value, vclock_timer_get_scale (self));
      break;
    case PROP_PERIOD:
      g_value_set_int64 (value, vclock_timer_get_period (self));
      break;
    case PROP_OVERRUN_POLICY:
      g_value_set_enum (value, vclock_timer_get_overrun_policy (self));
      break;
    case PROP_SLACK:
      g_value_set_int64 (value, vclock_timer_get_slack (self));
      break;
    case PROP_SPIN:
      g_value_set_int64 (value, vclock_timer_get_spin (self));
      break;
    case PROP_ATTRIBUTES:
      g_value_set_flags (value, vclock_timer_get_attributes (self));
      break;
    case PROP_NAME:
      g_value_set_string (value, vclock_timer_get_name (self));
      break;
    case PROP_CONTEXT:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
vclock_timer_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  VclockTimer *self = VCLOCK_TIMER (object);

  switch ((VclockTimerProperty) prop_id)
    {
    case PROP_CLOCK:
      self->clock = g_value_dup_object (value);
      break;
    case PROP_CONTEXT:
      self->context = g_value_dup_boxed (value);
      break;
    case PROP_PRIORITY:
      self->priority = g_value_get_int (value);
      break;
    case PROP_SCALE:
      self->entry.scale = g_value_get_enum (value);
      break;
    case PROP_PERIOD:
      vclock_timer_set_period (self, g_value_get_int64 (value));
      break;
    case PROP_OVERRUN_POLICY:
      vclock_timer_set_overrun_policy (self, g_value_get_enum (value));
      break;
    case PROP_SLACK:
      vclock_timer_set_slack (self, g_value_get_int64 (value));
      break;
    case PROP_SPIN:
      vclock_timer_set_spin (self, g_value_get_int64 (value));
      break;
    case PROP_ATTRIBUTES:
      vclock_timer_set_attributes (self, g_value_get_flags (value));
      break;
    case PROP_NAME:
      vclock_timer_set_name (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
vclock_timer_class_init (VclockTimerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags construct_only =
    G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  const GParamFlags read_write =
    G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  vclock_timer_type = G_TYPE_FROM_CLASS (klass);
  object_class->constructed = vclock_timer_constructed;
  object_class->finalize = vclock_timer_finalize;
  object_class->get_property = vclock_timer_get_property;
  object_class->set_property = vclock_timer_set_property;

  /**
   * VclockTimer:clock: (attributes org.gtk.Property.get=vclock_timer_get_clock)
   *
   * The clock that the deadline is a time of; the default monotonic one if none is given.
   */
  props[PROP_CLOCK] =
    g_param_spec_object ("clock", NULL, NULL, VCLOCK_TYPE_CLOCK, construct_only);

  /**
   * VclockTimer:context:
   *
   * The main context that the timer calls in; NULL is the thread-default one.
   */
  props[PROP_CONTEXT] =
    g_param_spec_boxed ("context", NULL, NULL, G_TYPE_MAIN_CONTEXT,
                        G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * VclockTimer:priority: (attributes org.gtk.Property.get=vclock_timer_get_priority)
   *
   * The priority among the sources of the main context; smaller numbers come first.
   */
  props[PROP_PRIORITY] =
    g_param_spec_int ("priority", NULL, NULL,
                      G_MININT, G_MAXINT, G_PRIORITY_DEFAULT, construct_only);

  /**
   * VclockTimer:scale: (attributes org.gtk.Property.get=vclock_timer_get_scale)
   *
   * The unit of all times that the timer takes and gives.
   */
  props[PROP_SCALE] =
    g_param_spec_enum ("scale", NULL, NULL, VCLOCK_TYPE_SCALE, VCLOCK_SCALE_NS, construct_only);

  /**
   * VclockTimer:period: (attributes org.gtk.Property.get=vclock_timer_get_period org.gtk.Property.set=vclock_timer_set_period)
   *
   * After how much time the timer expires again, in its scale; 0 if it expires once.
   */
  props[PROP_PERIOD] =
    g_param_spec_int64 ("period", NULL, NULL, 0, VCLOCK_TIME_NEVER, 0, read_write);

  /**
   * VclockTimer:overrun-policy: (attributes org.gtk.Property.get=vclock_timer_get_overrun_policy org.gtk.Property.set=vclock_timer_set_overrun_policy)
   *
   * What a periodic timer does about periods that passed unserved.
   */
  props[PROP_OVERRUN_POLICY] =
    g_param_spec_enum ("overrun-policy", NULL, NULL,
                       VCLOCK_TYPE_OVERRUN_POLICY, VCLOCK_OVERRUN_POLICY_SKIP, read_write);

  /**
   * VclockTimer:slack: (attributes org.gtk.Property.get=vclock_timer_get_slack org.gtk.Property.set=vclock_timer_set_slack)
   *
   * How much later than the deadline the main context may be woken, in the timer's scale.
   */
  props[PROP_SLACK] =
    g_param_spec_int64 ("slack", NULL, NULL, 0, VCLOCK_TIME_NEVER, 0, read_write);

  /**
   * VclockTimer:spin: (attributes org.gtk.Property.get=vclock_timer_get_spin org.gtk.Property.set=vclock_timer_set_spin)
   *
   * How long before the deadline the main context is woken, to wait actively for the rest, in
   * nanoseconds of the host's time; 0 if it is not.
   */
  props[PROP_SPIN] =
    g_param_spec_int64 ("spin", NULL, NULL, 0, VCLOCK_TIMER_SPIN_MAX, 0, read_write);

  /**
   * VclockTimer:attributes: (attributes org.gtk.Property.get=vclock_timer_get_attributes org.gtk.Property.set=vclock_timer_set_attributes)
   *
   * What kind of timer it is, for [method@Vclock.Clock.get_deadline].
   */
  props[PROP_ATTRIBUTES] =
    g_param_spec_flags ("attributes", NULL, NULL,
                        VCLOCK_TYPE_TIMER_ATTRIBUTES, VCLOCK_TIMER_ATTRIBUTES_NONE, read_write);

  /**
   * VclockTimer:name: (attributes org.gtk.Property.get=vclock_timer_get_name org.gtk.Property.set=vclock_timer_set_name)
   *
   * A name for people, NULL without one.
   */
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, read_write);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  /**
   * VclockTimer::expired:
   * @self: a timer
   * @overruns: how many periods passed unserved since the last emission; 0 unless periodic
   *
   * Emitted when the timer expires, in the main context that the timer was made for, unless it has
   * a callback ([method@Vclock.Timer.set_callback]), which is called instead.
   *
   * A one-shot timer is disarmed by now, a periodic one armed again; handlers may arm, disarm and
   * drop it.
   */
  signals[SIGNAL_EXPIRED] =
    g_signal_new ("expired",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL,
                  vclock_marshal_VOID__UINT64,
                  G_TYPE_NONE,
                  1,
                  G_TYPE_UINT64);
  g_signal_set_va_marshaller (signals[SIGNAL_EXPIRED], G_TYPE_FROM_CLASS (klass),
                              vclock_marshal_VOID__UINT64v);
}

static void
vclock_timer_init (VclockTimer *self)
{
  vclock_timer_entry_init (&self->entry, &vclock_timer_traits);
}

/**
 * vclock_timer_new:
 * @clock: the clock whose time it waits for
 *
 * Makes a disarmed timer for the thread-default main context, with default priority and
 * nanoseconds.
 *
 * Returns: (transfer full): a new timer
 */
VclockTimer *
vclock_timer_new (VclockClock *clock)
{
  g_return_val_if_fail (VCLOCK_IS_CLOCK (clock), NULL);

  return g_object_new (VCLOCK_TYPE_TIMER, "clock", clock, NULL);
}

/**
 * vclock_timer_new_full:
 * @clock: the clock whose time it waits for
 * @context: (nullable): the main context to call in; NULL is the thread-default one
 * @priority: the priority among the sources of the context
 * @scale: the unit of all times that the timer takes and gives
 *
 * Makes a disarmed timer.
 *
 * The timer does not keep @context alive. When it goes away, the timer is disarmed and stays so.
 *
 * Returns: (transfer full): a new timer
 */
VclockTimer *
vclock_timer_new_full (VclockClock  *clock,
                       GMainContext *context,
                       int           priority,
                       VclockScale   scale)
{
  g_return_val_if_fail (VCLOCK_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (scale >= VCLOCK_SCALE_NS && scale <= VCLOCK_SCALE_S, NULL);

  return g_object_new (VCLOCK_TYPE_TIMER,
                       "clock", clock,
                       "context", context,
                       "priority", priority,
                       "scale", scale,
                       NULL);
}

/**
 * vclock_timer_get_lateness:
 * @self: a timer
 *
 * Gets how much later than its deadline the timer was called last.
 *
 * It is reckoned from the time that the pass has read, which is that of the call unless another
 * callback has moved the clock in between.
 *
 * Returns: the span in nanoseconds on the timer's clock, never negative; 0 before the first call
 */
VclockTime
vclock_timer_get_lateness (VclockTimer *self)
{
  VclockTime lateness;

  g_return_val_if_fail (VCLOCK_IS_TIMER (self), 0);

  vclock_lock ();
  lateness = self->lateness;
  vclock_unlock ();

  return lateness;
}

/**
 * vclock_timer_get_clock: (attributes org.gtk.Method.get_property=clock)
 * @self: a timer
 *
 * Gets the clock that the deadline is a time of.
 *
 * Returns: (transfer none): the clock
 */
VclockClock *
vclock_timer_get_clock (VclockTimer *self)
{
  g_return_val_if_fail (VCLOCK_IS_TIMER (self), NULL);

  return self->entry.queue->clock;
}

/**
 * vclock_timer_get_priority: (attributes org.gtk.Method.get_property=priority)
 * @self: a timer
 *
 * Gets the priority among the sources of the main context.
 *
 * Returns: the priority
 */
int
vclock_timer_get_priority (VclockTimer *self)
{
  g_return_val_if_fail (VCLOCK_IS_TIMER (self), G_PRIORITY_DEFAULT);

  return self->entry.queue->priority;
}

/**
 * vclock_timer_get_scale: (attributes org.gtk.Method.get_property=scale)
 * @self: a timer
 *
 * Gets the unit of all times that the timer takes and gives.
 *
 * Returns: the scale
 */
VclockScale
vclock_timer_get_scale (VclockTimer *self)
{
  g_return_val_if_fail (VCLOCK_IS_TIMER (self), VCLOCK_SCALE_NS);

  return self->entry.scale;
}

/**
 * vclock_timer_get_attributes: (attributes org.gtk.Method.get_property=attributes)
 * @self: a timer
 *
 * Gets what kind of timer it is.
 *
 * Returns: the attributes
 */
VclockTimerAttributes
vclock_timer_get_attributes (VclockTimer *self)
{
  VclockTimerAttributes attributes;

  g_return_val_if_fail (VCLOCK_IS_TIMER (self), VCLOCK_TIMER_ATTRIBUTES_NONE);

  vclock_lock ();
  attributes = self->entry.traits->attributes;
  vclock_unlock ();

  return attributes;
}

/**
 * vclock_timer_set_attributes: (attributes org.gtk.Method.set_property=attributes)
 * @self: a timer
 * @attributes: attributes
 *
 * Sets what kind of timer it is, for [method@Vclock.Clock.get_deadline].
 */
void
vclock_timer_set_attributes (VclockTimer           *self,
                             VclockTimerAttributes  attributes)
{
  gboolean changed;

  g_return_if_fail (VCLOCK_IS_TIMER (self));
  g_return_if_fail ((attributes & ~VCLOCK_TIMER_ATTRIBUTES_EXTERNAL) == 0);

  vclock_lock ();
  changed = self->entry.traits->attributes != attributes;
  if (changed)
    vclock_timer_entry_own_traits (&self->entry)->attributes = attributes;
  vclock_unlock ();

  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ATTRIBUTES]);
}

/**
 * vclock_timer_get_name: (attributes org.gtk.Method.get_property=name)
 * @self: a timer
 *
 * Gets the timer's name.
 *
 * Returns: (nullable): the name
 */
const char *
vclock_timer_get_name (VclockTimer *self)
{
  const char *name;

  g_return_val_if_fail (VCLOCK_IS_TIMER (self), NULL);

  vclock_lock ();
  name = self->entry.traits->name;
  vclock_unlock ();

  return name;
}

/**
 * vclock_timer_set_name: (attributes org.gtk.Method.set_property=name)
 * @self: a timer
 * @name: (nullable): a name
 *
 * Sets a name, for people who look at lists of timers.
 */
void
vclock_timer_set_name (VclockTimer *self,
                       const char  *name)
{
  VclockTimerTraits *traits;
  char *new_name = NULL;
  char *old_name;

  g_return_if_fail (VCLOCK_IS_TIMER (self));

  if (g_strcmp0 (vclock_timer_get_name (self), name) == 0)
    return;

  if (name != NULL)
    new_name = g_ref_string_new (name);
  vclock_lock ();
  traits = vclock_timer_entry_own_traits (&self->entry);
  old_name = traits->name;
  traits->name = new_name;
  vclock_unlock ();

  g_clear_pointer (&old_name, g_ref_string_release);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAME]);
}
