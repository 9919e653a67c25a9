/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-enum-types.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-monotonic-clock.h>
#include <glib-vclock/vclock-virtual-clock-private.h>

/**
 * VclockVirtualClock:
 *
 * Time that an application owns: it can be paused, slowed, advanced and set.
 *
 * With a parent, it follows the parent's time at a rate; without one it stands still until
 * somebody moves it, which makes tests of time-dependent code fast and the same every time:
 *
 * ```c
 * g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
 * g_autoptr (VclockTimer) timer = vclock_timer_new (VCLOCK_CLOCK (clock));
 *
 * vclock_timer_set_callback (timer, expired_cb, NULL, NULL);
 * vclock_timer_arm_after (timer, 3600 * VCLOCK_NSEC_PER_SEC);
 * vclock_virtual_clock_advance (clock, 3600 * VCLOCK_NSEC_PER_SEC);
 * ```
 *
 * The methods that move the clock call the timers that fall due directly, without a main loop:
 * those made for the calling thread's thread-default main context, or for a context that this
 * thread runs. Timers of other contexts expire when those contexts run; they are woken, and not
 * waited for. Sources of [func@Vclock.TimerSource.new] become ready and are dispatched when their
 * context runs.
 *
 * The `_settled` and `_async` forms of these methods let the thread-default main context settle:
 * time goes on when that context has nothing else ready. What timers set going there, idles,
 * signals, finished tasks and more timers, has happened before time goes on, and before the move
 * ends. The first iterate the context, the others work while it runs. Work in other threads is not
 * waited for, and a source that is always ready keeps time from going on. Meanwhile the clock does
 * not follow its parent.
 *
 * With a [property@Vclock.VirtualClock:warp-mode], the clock moves by itself whenever nothing else is
 * left to do: a program of many hours runs as fast as its code allows, and the same every time.
 *
 * In QEMU: `vm_clock`, today `QEMU_CLOCK_VIRTUAL`.
 */

typedef enum
{
  PROP_PARENT = 1,
  PROP_PAUSED,
  PROP_RATE,
  PROP_WARP_MODE,
  PROP_WARP_THRESHOLD,
} VclockVirtualClockProperty;

static GParamSpec *props[PROP_WARP_THRESHOLD + 1];

typedef enum
{
  SIGNAL_DEADLOCK,
} VclockVirtualClockSignal;

static guint signals[SIGNAL_DEADLOCK + 1];

static VclockVirtualClock *replacement; /* (unowned) (nullable): of the default, atomic */

G_DEFINE_TYPE_WITH_PRIVATE (VclockVirtualClock, vclock_virtual_clock, VCLOCK_TYPE_CLOCK)

#define PRIV(self) \
  ((VclockVirtualClockPrivate *) vclock_virtual_clock_get_instance_private (self))

VclockVirtualClockPrivate *
vclock_virtual_clock_get_private (VclockVirtualClock *self)
{
  return PRIV (self);
}

static VclockTime
vclock_virtual_clock_get_time (VclockClock *clock)
{
  VclockVirtualClockPrivate *priv = PRIV (VCLOCK_VIRTUAL_CLOCK (clock));
  VclockTime time = vclock_virtual_clock_to_time (priv, vclock_virtual_clock_lock (priv));

  vclock_unlock ();

  return time;
}

static VclockTime
vclock_virtual_clock_get_wakeup (VclockClock     *clock,
                                 VclockTime       deadline,
                                 VclockHostClock *host_clock)
{
  VclockVirtualClockPrivate *priv = PRIV (VCLOCK_VIRTUAL_CLOCK (clock));
  VclockTime wakeup = VCLOCK_TIME_NEVER;
  VclockTime parent_deadline;
  VclockClock *parent;

  vclock_lock ();
  parent_deadline = vclock_virtual_clock_to_parent (priv, deadline);
  parent = vclock_virtual_clock_hold_parent (priv);
  vclock_unlock ();

  if (parent != NULL)
    wakeup = vclock_clock_get_wakeup (parent, parent_deadline, host_clock);
  vclock_virtual_clock_let_parent_go (priv);

  return wakeup;
}

static VclockTime
translate (VclockClock *clock,
           VclockTime   parent_time)
{
  return vclock_virtual_clock_to_time (PRIV (VCLOCK_VIRTUAL_CLOCK (clock)), parent_time);
}

void
vclock_virtual_clock_emit_deadlock (VclockVirtualClock *self,
                                    const GError       *error)
{
  g_signal_emit (self, signals[SIGNAL_DEADLOCK], 0, error);
}

static void
vclock_virtual_clock_finalize (GObject *object)
{
  VclockVirtualClockPrivate *priv = PRIV (VCLOCK_VIRTUAL_CLOCK (object));

  g_clear_pointer (&priv->waiter, vclock_quiet_waiter_free);
  if (priv->parent != NULL)
    {
      vclock_lock ();
      g_ptr_array_remove_fast (vclock_clock_get_followers (priv->parent), object);
      vclock_unlock ();
      g_clear_object (&priv->parent);
    }
  g_ptr_array_unref (priv->former);

  G_OBJECT_CLASS (vclock_virtual_clock_parent_class)->finalize (object);
}

static double
get_rate (VclockVirtualClock *self)
{
  gint64 numerator;
  gint64 denominator;

  vclock_virtual_clock_get_rate (self, &numerator, &denominator);

  return (double) numerator / (double) denominator;
}

static void
vclock_virtual_clock_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  VclockVirtualClock *self = VCLOCK_VIRTUAL_CLOCK (object);

  switch ((VclockVirtualClockProperty) prop_id)
    {
    case PROP_PARENT:
      g_value_set_object (value, vclock_virtual_clock_get_parent (self));
      break;
    case PROP_PAUSED:
      g_value_set_boolean (value, vclock_virtual_clock_is_paused (self));
      break;
    case PROP_RATE:
      g_value_set_double (value, get_rate (self));
      break;
    case PROP_WARP_MODE:
      g_value_set_enum (value, vclock_virtual_clock_get_warp_mode (self));
      break;
    case PROP_WARP_THRESHOLD:
      g_value_set_int64 (value, vclock_virtual_clock_get_warp_threshold (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
vclock_virtual_clock_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  VclockVirtualClock *self = VCLOCK_VIRTUAL_CLOCK (object);

  switch ((VclockVirtualClockProperty) prop_id)
    {
    case PROP_PARENT:
      vclock_virtual_clock_set_parent (self, g_value_get_object (value));
      break;
    case PROP_WARP_MODE:
      vclock_virtual_clock_set_warp_mode (self, g_value_get_enum (value));
      break;
    case PROP_WARP_THRESHOLD:
      vclock_virtual_clock_set_warp_threshold (self, g_value_get_int64 (value));
      break;
    case PROP_PAUSED:
    case PROP_RATE:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
vclock_virtual_clock_class_init (VclockVirtualClockClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  VclockClockClass *clock_class = VCLOCK_CLOCK_CLASS (klass);
  const GParamFlags read_write =
    G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = vclock_virtual_clock_finalize;
  object_class->get_property = vclock_virtual_clock_get_property;
  object_class->set_property = vclock_virtual_clock_set_property;
  clock_class->get_time = vclock_virtual_clock_get_time;
  clock_class->get_wakeup = vclock_virtual_clock_get_wakeup;

  /**
   * VclockVirtualClock:parent: (attributes org.gtk.Property.get=vclock_virtual_clock_get_parent org.gtk.Property.set=vclock_virtual_clock_set_parent)
   *
   * The clock whose time this one follows; NULL for one that stands still unless it is moved.
   */
  props[PROP_PARENT] =
    g_param_spec_object ("parent", NULL, NULL, VCLOCK_TYPE_CLOCK,
                         read_write | G_PARAM_CONSTRUCT);

  /**
   * VclockVirtualClock:paused: (attributes org.gtk.Property.get=vclock_virtual_clock_is_paused)
   *
   * Whether the clock's time is frozen.
   */
  props[PROP_PAUSED] =
    g_param_spec_boolean ("paused", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * VclockVirtualClock:rate:
   *
   * Virtual seconds per parent second, as near as a double can say it;
   * [method@Vclock.VirtualClock.get_rate] is exact.
   */
  props[PROP_RATE] =
    g_param_spec_double ("rate", NULL, NULL, 0, (double) VCLOCK_RATE_MAX, 1,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * VclockVirtualClock:warp-mode: (attributes org.gtk.Property.get=vclock_virtual_clock_get_warp_mode org.gtk.Property.set=vclock_virtual_clock_set_warp_mode)
   *
   * What the clock does when nothing is left to do.
   */
  props[PROP_WARP_MODE] =
    g_param_spec_enum ("warp-mode", NULL, NULL, VCLOCK_TYPE_WARP_MODE, VCLOCK_WARP_MODE_NONE,
                       read_write);

  /**
   * VclockVirtualClock:warp-threshold: (attributes org.gtk.Property.get=vclock_virtual_clock_get_warp_threshold org.gtk.Property.set=vclock_virtual_clock_set_warp_threshold)
   *
   * For how much real time, in nanoseconds, all must have been quiet before the clock warps.
   */
  props[PROP_WARP_THRESHOLD] =
    g_param_spec_int64 ("warp-threshold", NULL, NULL, 0, VCLOCK_TIME_NEVER, 0, read_write);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  /**
   * VclockVirtualClock::deadlock:
   * @self: a virtual clock
   * @error: a [error@Vclock.Error.DEADLOCK] that says who waits
   *
   * Emitted when a clock that warps finds nothing to warp to: all contexts that have timers of it
   * are quiet, nothing holds it, and no timer of it can ever expire.
   *
   * It is emitted in the clock's main context, and again only after another timer has been armed.
   * A test whose main loop would wait for ever can end here.
   */
  signals[SIGNAL_DEADLOCK] =
    g_signal_new ("deadlock",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  G_STRUCT_OFFSET (VclockVirtualClockClass, deadlock),
                  NULL, NULL,
                  NULL,
                  G_TYPE_NONE,
                  1,
                  G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
vclock_virtual_clock_init (VclockVirtualClock *self)
{
  static const VclockClockKind kind = {
    .tell = vclock_virtual_clock_tell_deadlock,
    .translate = translate,
    .why_stands = vclock_virtual_clock_why_stands,
  };

  PRIV (self)->former = g_ptr_array_new_with_free_func (g_object_unref);
  PRIV (self)->parent_time = G_MININT64;
  PRIV (self)->numerator = 1;
  PRIV (self)->denominator = 1;
  PRIV (self)->sleep_from = VCLOCK_TIME_NEVER;
  PRIV (self)->deadlock_told = G_MAXUINT64;
  vclock_clock_set_kind (VCLOCK_CLOCK (self), &kind);
}

/**
 * vclock_virtual_clock_new:
 *
 * Makes a clock that stands at 0 until it is moved.
 *
 * Returns: (transfer full): a new clock
 */
VclockVirtualClock *
vclock_virtual_clock_new (void)
{
  return g_object_new (VCLOCK_TYPE_VIRTUAL_CLOCK, "name", "virtual", NULL);
}

/**
 * vclock_virtual_clock_new_with_parent:
 * @parent: the clock to follow
 *
 * Makes a clock that starts at 0 and follows another one, at a rate of 1.
 *
 * The parent may be any clock, a virtual one too. When the parent jumps, this clock's time does, by
 * as much times the rate, and it announces a [signal@Vclock.Clock::reset] of its own.
 *
 * Returns: (transfer full): a new clock
 */
VclockVirtualClock *
vclock_virtual_clock_new_with_parent (VclockClock *parent)
{
  g_return_val_if_fail (VCLOCK_IS_CLOCK (parent), NULL);

  return g_object_new (VCLOCK_TYPE_VIRTUAL_CLOCK,
                       "name", "virtual",
                       "parent", parent,
                       NULL);
}

/**
 * vclock_virtual_clock_get_default:
 *
 * Gets the virtual clock that all of the process share.
 *
 * It follows the default monotonic clock and was 0 when it was first asked for. Its main context
 * is the global default one. During a test another clock may stand in.
 *
 * Returns: (transfer none): the clock
 */
VclockVirtualClock *
vclock_virtual_clock_get_default (void)
{
  static VclockVirtualClock *instance;
  VclockVirtualClock *stand_in = g_atomic_pointer_get (&replacement);

  if (stand_in != NULL)
    return stand_in;

  if (g_once_init_enter (&instance))
    g_once_init_leave (&instance,
                       g_object_new (VCLOCK_TYPE_VIRTUAL_CLOCK,
                                     "name", "virtual",
                                     "context", g_main_context_default (),
                                     "parent", vclock_monotonic_clock_get_default (),
                                     NULL));

  return instance;
}

/* Lets another clock be the default, until NULL gives the first one back. The caller keeps it. */
void
vclock_virtual_clock_replace_default (VclockVirtualClock *clock)
{
  g_atomic_pointer_set (&replacement, clock);
}

/**
 * vclock_virtual_clock_get_parent: (attributes org.gtk.Method.get_property=parent)
 * @self: a virtual clock
 *
 * Gets the clock whose time this one follows.
 *
 * Returns: (transfer none) (nullable): the parent
 */
VclockClock *
vclock_virtual_clock_get_parent (VclockVirtualClock *self)
{
  VclockClock *parent;

  g_return_val_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self), NULL);

  vclock_lock ();
  parent = PRIV (self)->parent;
  vclock_unlock ();

  return parent;
}

/**
 * vclock_virtual_clock_set_parent: (attributes org.gtk.Method.set_property=parent)
 * @self: a virtual clock
 * @parent: (nullable): the clock to follow; NULL to stand still unless moved
 *
 * Sets the clock whose time this one follows.
 *
 * The clock's time does not jump: it goes on from where it is, at the same rate; all contexts plan
 * anew. A clock cannot follow itself, or one that follows it: that is a programming error, and the
 * clock keeps the parent that it has. So does a [class@Vclock.TickClock].
 */
void
vclock_virtual_clock_set_parent (VclockVirtualClock *self,
                                 VclockClock        *parent)
{
  g_autoptr (GPtrArray) unused = NULL;
  VclockVirtualClockPrivate *priv;
  VclockTime parent_time;
  gboolean is_circle;
  gboolean changed = FALSE;

  g_return_if_fail (VCLOCK_IS_VIRTUAL_CLOCK (self));
  g_return_if_fail (parent == NULL || VCLOCK_IS_CLOCK (parent));
  priv = PRIV (self);
  g_return_if_fail (!priv->keeps_parent);

  if (parent != NULL)
    g_object_ref (parent);
  parent_time = parent != NULL ? vclock_clock_get_time (parent) : 0;
  vclock_virtual_clock_rebase (priv, vclock_virtual_clock_lock (priv));
  is_circle = vclock_virtual_clock_is_made_of (parent, VCLOCK_CLOCK (self));
  if (!is_circle)
    changed = vclock_virtual_clock_replace_parent (self, parent, parent_time);
  if (changed)
    vclock_clock_record (VCLOCK_CLOCK (self), &(VclockRecord) {
      .kind = VCLOCK_EVENT_KIND_PARENT,
      .time = priv->base,
      .name = parent != NULL ? (char *) vclock_clock_get_name (parent) : NULL,
    });
  unused = vclock_virtual_clock_steal_former (priv);
  vclock_unlock ();

  if (!changed)
    g_clear_object (&parent);
  if (is_circle)
    g_critical ("The clock “%s” cannot follow itself or a clock that follows it",
                vclock_clock_get_name (VCLOCK_CLOCK (self)));
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PARENT]);
}
