/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-host-private.h>
#include <glib-vclock/vclock-monotonic-clock-private.h>

/**
 * VclockMonotonicClock:
 *
 * The time since some point in the past, which nobody can set.
 *
 * It is POSIX `CLOCK_MONOTONIC` and stands still while a Linux host is suspended; the variant that
 * counts suspend is `CLOCK_BOOTTIME`. On Windows they are the unbiased interrupt time, which stands
 * still too, and the interrupt time; see [enum@Vclock.HostClock]. Such a clock never resets.
 *
 * In QEMU: `rt_clock`, today `QEMU_CLOCK_REALTIME`.
 */
struct _VclockMonotonicClock
{
  VclockClock parent_instance;

  VclockHostClock host_clock;
};

typedef enum
{
  PROP_COUNTS_SUSPEND = 1,
} VclockMonotonicClockProperty;

static GParamSpec *props[PROP_COUNTS_SUSPEND + 1];

static VclockClock *replacement; /* (unowned) (nullable): of the default, atomic */

G_DEFINE_FINAL_TYPE (VclockMonotonicClock, vclock_monotonic_clock, VCLOCK_TYPE_CLOCK)

static VclockTime
vclock_monotonic_clock_get_time (VclockClock *clock)
{
  return vclock_host_get_time (VCLOCK_MONOTONIC_CLOCK (clock)->host_clock);
}

static VclockTime
vclock_monotonic_clock_get_wakeup (VclockClock     *clock,
                                   VclockTime       deadline,
                                   VclockHostClock *host_clock)
{
  *host_clock = VCLOCK_MONOTONIC_CLOCK (clock)->host_clock;

  return deadline;
}

static void
vclock_monotonic_clock_get_property (GObject    *object,
                                     guint       prop_id,
                                     GValue     *value,
                                     GParamSpec *pspec)
{
  VclockMonotonicClock *self = VCLOCK_MONOTONIC_CLOCK (object);

  switch ((VclockMonotonicClockProperty) prop_id)
    {
    case PROP_COUNTS_SUSPEND:
      g_value_set_boolean (value, vclock_monotonic_clock_get_counts_suspend (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
vclock_monotonic_clock_set_property (GObject      *object,
                                     guint         prop_id,
                                     const GValue *value,
                                     GParamSpec   *pspec)
{
  VclockMonotonicClock *self = VCLOCK_MONOTONIC_CLOCK (object);

  switch ((VclockMonotonicClockProperty) prop_id)
    {
    case PROP_COUNTS_SUSPEND:
      self->host_clock = g_value_get_boolean (value) ? VCLOCK_HOST_CLOCK_BOOTTIME
                                                     : VCLOCK_HOST_CLOCK_MONOTONIC;
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
vclock_monotonic_clock_class_init (VclockMonotonicClockClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  VclockClockClass *clock_class = VCLOCK_CLOCK_CLASS (klass);

  object_class->get_property = vclock_monotonic_clock_get_property;
  object_class->set_property = vclock_monotonic_clock_set_property;
  clock_class->get_time = vclock_monotonic_clock_get_time;
  clock_class->get_wakeup = vclock_monotonic_clock_get_wakeup;

  /**
   * VclockMonotonicClock:counts-suspend: (attributes org.gtk.Property.get=vclock_monotonic_clock_get_counts_suspend)
   *
   * Whether the clock goes on while the host is suspended.
   */
  props[PROP_COUNTS_SUSPEND] =
    g_param_spec_boolean ("counts-suspend", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
vclock_monotonic_clock_init (VclockMonotonicClock *self)
{
  static const VclockClockKind kind = { .never_resets = TRUE };

  vclock_clock_set_kind (VCLOCK_CLOCK (self), &kind);
}

/**
 * vclock_monotonic_clock_new:
 *
 * Makes a clock that reads the host's monotonic time: `CLOCK_MONOTONIC`.
 *
 * [func@Vclock.MonotonicClock.get_default] is as good for most.
 *
 * Returns: (transfer full): a new clock
 */
VclockMonotonicClock *
vclock_monotonic_clock_new (void)
{
  return g_object_new (VCLOCK_TYPE_MONOTONIC_CLOCK, "name", "monotonic", NULL);
}

/**
 * vclock_monotonic_clock_new_boottime:
 *
 * Makes a clock that goes on while the host is suspended: `CLOCK_BOOTTIME`.
 *
 * A timer whose deadline passes during suspend expires when the host resumes. On hosts without
 * that clock it is the same as [ctor@Vclock.MonotonicClock.new].
 *
 * Returns: (transfer full): a new clock
 */
VclockMonotonicClock *
vclock_monotonic_clock_new_boottime (void)
{
  return g_object_new (VCLOCK_TYPE_MONOTONIC_CLOCK,
                       "name", "boottime",
                       "counts-suspend", TRUE,
                       NULL);
}

/**
 * vclock_monotonic_clock_get_default:
 *
 * Gets the monotonic clock that all of the process share.
 *
 * It is a [class@Vclock.MonotonicClock], except during a test that has another clock stand in.
 *
 * Returns: (transfer none): the clock
 */
VclockClock *
vclock_monotonic_clock_get_default (void)
{
  static VclockClock *instance;
  VclockClock *stand_in = g_atomic_pointer_get (&replacement);

  if (stand_in != NULL)
    return stand_in;

  if (g_once_init_enter (&instance))
    g_once_init_leave (&instance, VCLOCK_CLOCK (vclock_monotonic_clock_new ()));

  return instance;
}

/* Lets another clock be the default, until NULL gives the real one back. The caller keeps it. */
void
vclock_monotonic_clock_replace_default (VclockClock *clock)
{
  g_atomic_pointer_set (&replacement, clock);
}

/**
 * vclock_monotonic_clock_get_counts_suspend: (attributes org.gtk.Method.get_property=counts-suspend)
 * @self: a monotonic clock
 *
 * Gets whether the clock goes on while the host is suspended.
 *
 * Returns: whether it counts suspend
 */
gboolean
vclock_monotonic_clock_get_counts_suspend (VclockMonotonicClock *self)
{
  g_return_val_if_fail (VCLOCK_IS_MONOTONIC_CLOCK (self), FALSE);

  return self->host_clock == VCLOCK_HOST_CLOCK_BOOTTIME;
}
