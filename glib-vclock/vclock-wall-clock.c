/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-host-private.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-wall-clock-private.h>

/**
 * VclockWallClock:
 *
 * The time of day, in nanoseconds since 1970-01-01 00:00 UTC, which may be set.
 *
 * When it is set, by a person or by NTP, [signal@Vclock.Clock::reset] tells both times. Jumps in
 * both directions are noticed when the clock is read, and on Linux and Windows at once, also when
 * nobody reads it. Timers of this clock wait for its time: set forwards, they expire sooner; set back, later.
 * No other clock is touched.
 *
 * In QEMU: `host_clock`, today `QEMU_CLOCK_HOST`.
 */
struct _VclockWallClock
{
  VclockClock parent_instance;

  /* Guarded by the lock. */
  VclockTime threshold;
  VclockTime offset;     /* from the clock that nobody sets to this one */
  guint      generation; /* atomic: how often the offset has changed */
};

typedef enum
{
  PROP_THRESHOLD = 1,
} VclockWallClockProperty;

static GParamSpec *props[PROP_THRESHOLD + 1];

static VclockClock *replacement; /* (unowned) (nullable): of the default, atomic */

G_DEFINE_FINAL_TYPE (VclockWallClock, vclock_wall_clock, VCLOCK_TYPE_CLOCK)

typedef struct
{
  VclockTime now;
  VclockTime offset;
  VclockTime uncertainty; /* what lay between the readings of the two clocks */
} Reading;

static Reading
read_host (void)
{
  VclockTime before = vclock_host_get_time (VCLOCK_HOST_CLOCK_BOOTTIME);
  VclockTime now = vclock_host_get_time (VCLOCK_HOST_CLOCK_REALTIME);
  VclockTime after = vclock_host_get_time (VCLOCK_HOST_CLOCK_BOOTTIME);

  return (Reading) { now, vclock_time_subtract (now, before), after - before };
}

static VclockTime
vclock_wall_clock_get_time (VclockClock *clock)
{
  VclockWallClock *self = VCLOCK_WALL_CLOCK (clock);
  Reading reading;
  VclockTime jump;
  VclockTime limit;
  guint generation;

  /* A reading from before a jump that another thread has noticed since says nothing. */
  for (;;)
    {
      generation = g_atomic_int_get (&self->generation);
      reading = read_host ();
      vclock_lock ();
      if (generation == self->generation)
        break;
      vclock_unlock ();
    }

  jump = vclock_time_subtract (reading.offset, self->offset);
  limit = vclock_time_add (self->threshold, reading.uncertainty);
  if (jump <= limit && jump >= -limit)
    {
      vclock_unlock ();
      return reading.now;
    }

  self->offset = reading.offset;
  g_atomic_int_inc (&self->generation);
  vclock_clock_push_reset_locked (clock, vclock_time_subtract (reading.now, jump), reading.now);
  vclock_clock_replan_locked (clock);
  vclock_unlock ();

  vclock_clock_call_reset_handlers (clock, FALSE);

  return reading.now;
}

static VclockTime
vclock_wall_clock_get_wakeup (VclockClock     *clock,
                              VclockTime       deadline,
                              VclockHostClock *host_clock)
{
  *host_clock = VCLOCK_HOST_CLOCK_REALTIME;

  return deadline;
}

static void
check_host (VclockClock *clock)
{
  vclock_wall_clock_get_time (clock);
}

static void
vclock_wall_clock_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  VclockWallClock *self = VCLOCK_WALL_CLOCK (object);

  switch ((VclockWallClockProperty) prop_id)
    {
    case PROP_THRESHOLD:
      g_value_set_int64 (value, vclock_wall_clock_get_threshold (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
vclock_wall_clock_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  VclockWallClock *self = VCLOCK_WALL_CLOCK (object);

  switch ((VclockWallClockProperty) prop_id)
    {
    case PROP_THRESHOLD:
      vclock_wall_clock_set_threshold (self, g_value_get_int64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
vclock_wall_clock_class_init (VclockWallClockClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  VclockClockClass *clock_class = VCLOCK_CLOCK_CLASS (klass);

  object_class->get_property = vclock_wall_clock_get_property;
  object_class->set_property = vclock_wall_clock_set_property;
  clock_class->get_time = vclock_wall_clock_get_time;
  clock_class->get_wakeup = vclock_wall_clock_get_wakeup;

  /**
   * VclockWallClock:threshold: (attributes org.gtk.Property.get=vclock_wall_clock_get_threshold org.gtk.Property.set=vclock_wall_clock_set_threshold)
   *
   * The largest jump, in nanoseconds, that is not announced by [signal@Vclock.Clock::reset].
   *
   * Small steps add up until they exceed it.
   */
  props[PROP_THRESHOLD] =
    g_param_spec_int64 ("threshold", NULL, NULL,
                        0, VCLOCK_TIME_NEVER, VCLOCK_NSEC_PER_MSEC,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
vclock_wall_clock_init (VclockWallClock *self)
{
  static const VclockClockKind kind = { .check_host = check_host };

  self->threshold = VCLOCK_NSEC_PER_MSEC;
  self->offset = read_host ().offset;
  vclock_clock_set_kind (VCLOCK_CLOCK (self), &kind);
}

/**
 * vclock_wall_clock_new:
 *
 * Makes a clock that reads `CLOCK_REALTIME`.
 *
 * [func@Vclock.WallClock.get_default] is as good for most.
 *
 * Returns: (transfer full): a new clock
 */
VclockWallClock *
vclock_wall_clock_new (void)
{
  return g_object_new (VCLOCK_TYPE_WALL_CLOCK, "name", "wall", NULL);
}

/**
 * vclock_wall_clock_get_default:
 *
 * Gets the wall clock that all of the process share.
 *
 * It is a [class@Vclock.WallClock] whose main context is the global default one, except during a
 * test that has another clock stand in.
 *
 * Returns: (transfer none): the clock
 */
VclockClock *
vclock_wall_clock_get_default (void)
{
  static VclockClock *instance;
  VclockClock *stand_in = g_atomic_pointer_get (&replacement);

  if (stand_in != NULL)
    return stand_in;

  if (g_once_init_enter (&instance))
    g_once_init_leave (&instance,
                       g_object_new (VCLOCK_TYPE_WALL_CLOCK,
                                     "name", "wall",
                                     "context", g_main_context_default (),
                                     NULL));

  return instance;
}

/* Lets another clock be the default, until NULL gives the real one back. The caller keeps it. */
void
vclock_wall_clock_replace_default (VclockClock *clock)
{
  g_atomic_pointer_set (&replacement, clock);
}

/**
 * vclock_wall_clock_get_threshold: (attributes org.gtk.Method.get_property=threshold)
 * @self: a wall clock
 *
 * Gets the largest jump that is not announced.
 *
 * Returns: the span in nanoseconds
 */
VclockTime
vclock_wall_clock_get_threshold (VclockWallClock *self)
{
  VclockTime threshold;

  g_return_val_if_fail (VCLOCK_IS_WALL_CLOCK (self), 0);

  vclock_lock ();
  threshold = self->threshold;
  vclock_unlock ();

  return threshold;
}

/**
 * vclock_wall_clock_set_threshold: (attributes org.gtk.Method.set_property=threshold)
 * @self: a wall clock
 * @threshold: a span in nanoseconds, at least 0
 *
 * Sets the largest jump that is not announced by [signal@Vclock.Clock::reset].
 *
 * With 0, every jump is that can be told from the time it takes to read the host's clocks.
 */
void
vclock_wall_clock_set_threshold (VclockWallClock *self,
                                 VclockTime       threshold)
{
  gboolean changed;

  g_return_if_fail (VCLOCK_IS_WALL_CLOCK (self));
  g_return_if_fail (threshold >= 0);

  vclock_lock ();
  changed = self->threshold != threshold;
  self->threshold = threshold;
  vclock_unlock ();

  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_THRESHOLD]);
}
