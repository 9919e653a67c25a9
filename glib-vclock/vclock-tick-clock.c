/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-pass-private.h>
#include <glib-vclock/vclock-tick-clock-private.h>
#include <glib-vclock/vclock-virtual-clock-private.h>

/**
 * VclockTickClock:
 *
 * Time made of counted ticks, as a simulator counts instructions or cycles.
 *
 * It is a virtual clock whose parent is a count: the *rate* is how many nanoseconds pass in how
 * many ticks, an exact fraction ([method@Vclock.VirtualClock.set_rate]) or a power of two
 * ([method@Vclock.TickClock.set_shift]). The loop of a simulator asks how far it may run, runs, and
 * tells the clock:
 *
 * ```c
 * guint64 budget = vclock_tick_clock_get_budget (clock);
 *
 * vclock_tick_clock_tick (clock, run_machine (MIN (budget, 100)));
 * ```
 *
 * It can also be paused, advanced and set, and other virtual clocks can follow it. Its parent
 * cannot be replaced; it is the count.
 *
 * In QEMU: `icount`.
 */

/* A clock that follows real time looks at it at least once in so many ticks. */
#define LOOK_TICKS 65536

static GType exact_type; /* once there is an instance */

GParamSpec *vclock_tick_clock_props[PROP_ADAPTIVE_TOLERANCE + 1];

G_DEFINE_TYPE_WITH_PRIVATE (VclockTickClock, vclock_tick_clock, VCLOCK_TYPE_VIRTUAL_CLOCK)

#define PRIV(self) ((VclockTickClockPrivate *) vclock_tick_clock_get_instance_private (self))
#define VIRTUAL(self) (vclock_virtual_clock_get_private (VCLOCK_VIRTUAL_CLOCK (self)))

VclockTickClockPrivate *
vclock_tick_clock_get_private (VclockTickClock *self)
{
  return PRIV (self);
}

static void
vclock_tick_clock_constructed (GObject *object)
{
  VclockTickClockPrivate *priv = PRIV (VCLOCK_TICK_CLOCK (object));

  G_OBJECT_CLASS (vclock_tick_clock_parent_class)->constructed (object);

  vclock_virtual_clock_set_parent (VCLOCK_VIRTUAL_CLOCK (object), VCLOCK_CLOCK (priv->counter));
  VIRTUAL (object)->keeps_parent = TRUE;
  vclock_tick_clock_align (VCLOCK_TICK_CLOCK (object));
}

static void
vclock_tick_clock_finalize (GObject *object)
{
  g_object_unref (PRIV (VCLOCK_TICK_CLOCK (object))->counter);

  G_OBJECT_CLASS (vclock_tick_clock_parent_class)->finalize (object);
}

static void
vclock_tick_clock_notify (GObject    *object,
                          GParamSpec *pspec)
{
  if (g_str_equal (pspec->name, "paused"))
    vclock_tick_clock_stop_real (VCLOCK_TICK_CLOCK (object));

  if (G_OBJECT_CLASS (vclock_tick_clock_parent_class)->notify != NULL)
    G_OBJECT_CLASS (vclock_tick_clock_parent_class)->notify (object, pspec);
}

static void
vclock_tick_clock_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  VclockTickClock *self = VCLOCK_TICK_CLOCK (object);

  switch ((VclockTickClockProperty) prop_id)
    {
    case PROP_ALIGNMENT:
      g_value_set_int64 (value, vclock_tick_clock_get_alignment (self));
      break;
    case PROP_ADAPTIVE_TOLERANCE:
      g_value_set_int64 (value, vclock_tick_clock_get_adaptive_tolerance (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
vclock_tick_clock_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  VclockTickClock *self = VCLOCK_TICK_CLOCK (object);

  switch ((VclockTickClockProperty) prop_id)
    {
    case PROP_ALIGNMENT:
      vclock_tick_clock_set_alignment (self, g_value_get_int64 (value));
      break;
    case PROP_ADAPTIVE_TOLERANCE:
      vclock_tick_clock_set_adaptive_tolerance (self, g_value_get_int64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
vclock_tick_clock_class_init (VclockTickClockClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  exact_type = G_TYPE_FROM_CLASS (klass);
  object_class->constructed = vclock_tick_clock_constructed;
  object_class->finalize = vclock_tick_clock_finalize;
  object_class->get_property = vclock_tick_clock_get_property;
  object_class->notify = vclock_tick_clock_notify;
  object_class->set_property = vclock_tick_clock_set_property;

  /**
   * VclockTickClock:alignment: (attributes org.gtk.Property.get=vclock_tick_clock_get_alignment org.gtk.Property.set=vclock_tick_clock_set_alignment)
   *
   * How far the clock may run ahead of real time, in nanoseconds; [const@Vclock.TIME_NEVER] for as
   * far as it likes.
   */
  vclock_tick_clock_props[PROP_ALIGNMENT] =
    g_param_spec_int64 ("alignment", NULL, NULL, 0, VCLOCK_TIME_NEVER, VCLOCK_TIME_NEVER,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * VclockTickClock:adaptive-tolerance: (attributes org.gtk.Property.get=vclock_tick_clock_get_adaptive_tolerance org.gtk.Property.set=vclock_tick_clock_set_adaptive_tolerance)
   *
   * By how much the clock's time and real time may differ before the rate is adjusted, in
   * nanoseconds; [const@Vclock.TIME_NEVER] if it is not.
   */
  vclock_tick_clock_props[PROP_ADAPTIVE_TOLERANCE] =
    g_param_spec_int64 ("adaptive-tolerance", NULL, NULL, 0, VCLOCK_TIME_NEVER, VCLOCK_TIME_NEVER,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (vclock_tick_clock_props),
                                     vclock_tick_clock_props);
}

static void
vclock_tick_clock_init (VclockTickClock *self)
{
  VclockTickClockPrivate *priv = PRIV (self);

  priv->counter = vclock_tick_counter_new ();
  priv->paused_at = VCLOCK_TIME_NEVER;
  priv->alignment = VCLOCK_TIME_NEVER;
  priv->tolerance = VCLOCK_TIME_NEVER;
}

static VclockTime
get_queue_deadline (VclockTimerQueue *queue,
                    VclockTime        now)
{
  return queue->enabled ? vclock_timer_queue_get_next (queue, TRUE, now) : VCLOCK_TIME_NEVER;
}

/* Without what is due in other threads, which have been told. */
static VclockTime
get_queue_next (VclockTimerQueue *queue,
                VclockTime        now)
{
  if (vclock_pass_is_here (queue))
    return vclock_timer_queue_get_next (queue, FALSE, now);

  return queue->enabled ? vclock_timer_queue_get_next_after (queue, now) : VCLOCK_TIME_NEVER;
}

/* With the lock: at which count the next deadline is reached, G_MAXINT64 if at none; the present
 * one if something is due, and while timers are called, for then time is not what the count
 * says. */
static guint64
get_reach (VclockTickClock  *self,
           VclockTime     (* get_next) (VclockTimerQueue *queue,
                                        VclockTime        now))
{
  VclockTickClockPrivate *priv = PRIV (self);
  guint64 n_ticks = vclock_tick_counter_get (priv->counter);
  VclockTime now = vclock_virtual_clock_to_time (VIRTUAL (self), (VclockTime) n_ticks);
  VclockTime next = vclock_virtual_clock_get_next (VCLOCK_VIRTUAL_CLOCK (self), now, get_next);

  if (priv->n_ticking > 0 || (next <= now && next != VCLOCK_TIME_NEVER))
    return n_ticks;

  return MAX (n_ticks, (guint64) vclock_virtual_clock_to_parent (VIRTUAL (self), next));
}

/* With the lock: so far nothing needs to be looked at. */
static void
remember (VclockTickClock *self,
          guint64          reach)
{
  VclockTickClockPrivate *priv = PRIV (self);

  priv->seen = vclock_timer_queue_n_changes;
  priv->limit = reach;
  if (priv->tolerance != VCLOCK_TIME_NEVER)
    priv->limit = MIN (reach, vclock_tick_counter_get (priv->counter) + LOOK_TICKS);
}

/* With the lock, which is released while timers are called: turns ticks into time, and stops at
 * each deadline on the way. Callbacks may tick, move and pause the clock and change its rate: what
 * they move it by comes on top, a pause ends it, a new rate is for later ticks. */
static void
pass_ticks (VclockTickClock *self,
            guint64          n)
{
  VclockVirtualClock *clock = VCLOCK_VIRTUAL_CLOCK (self);
  VclockVirtualClockPrivate *virtual = VIRTUAL (self);
  VclockWide wide = (VclockWide) n * virtual->numerator;
  VclockWide denominator = virtual->denominator;
  VclockTime span = vclock_time_from_wide (wide / denominator);
  VclockWide fraction = wide % denominator;
  guint64 n_expired = 0;
  VclockTime from;

  for (;;)
    {
      if (virtual->paused)
        span = fraction = 0;

      /* Time stops at whole nanoseconds; what is left of one is carried to the end. */
      fraction = fraction * virtual->denominator / denominator + virtual->remainder;
      denominator = virtual->denominator;
      virtual->remainder = 0;
      if (fraction >= denominator)
        {
          fraction -= denominator;
          span = vclock_time_add (span, 1);
        }

      /* First only there, so that the way is known, then what is due there. */
      from = virtual->base;
      if (!vclock_virtual_clock_move_to_next (clock, vclock_time_add (from, span), 0, &n_expired))
        break;
      span = vclock_time_subtract (span, virtual->base - from);
      vclock_virtual_clock_move_to_next (clock, virtual->base, G_MAXUINT64, &n_expired);
    }

  vclock_virtual_clock_move_to (clock, vclock_time_add (from, span));
  virtual->remainder = fraction;
}

/* Counts ticks on whose way there is something to do. */
static void
tick_and_move (VclockTickClock *self,
               guint64          n)
{
  VclockTickClockPrivate *priv = PRIV (self);
  guint64 n_ticks = vclock_tick_counter_get (priv->counter);

  vclock_virtual_clock_begin_move (VCLOCK_VIRTUAL_CLOCK (self));
  n = MIN (n, G_MAXINT64 - n_ticks);
  vclock_tick_counter_add (priv->counter, n);
  priv->limit = n_ticks + n;

  /* While somebody else moves the clock it does not follow its parent. */
  if (VIRTUAL (self)->n_moves == priv->n_ticking + 1)
    {
      priv->n_ticking++;
      pass_ticks (self, n);
      priv->n_ticking--;
    }
  vclock_virtual_clock_end_move (VCLOCK_VIRTUAL_CLOCK (self));

  vclock_lock ();
  remember (self, get_reach (self, get_queue_next));
  vclock_unlock ();
}

/* The limit has been reached, or may not be right any more. */
static void
tick_slowly (VclockTickClock *self,
             guint64          n)
{
  VclockTickClockPrivate *priv = PRIV (self);
  GMainContext *here = vclock_pass_begin_here ();
  gboolean reaches;
  guint64 reach;

  g_object_ref (self);
  priv->n_slow++;

  vclock_lock ();
  reach = get_reach (self, get_queue_deadline);
  reaches = n >= reach - vclock_tick_counter_get (priv->counter);
  if (!reaches)
    {
      vclock_tick_counter_add (priv->counter, n);
      remember (self, reach);
    }
  vclock_unlock ();

  if (reaches)
    tick_and_move (self, n);
  vclock_tick_clock_follow_real (self);

  vclock_pass_end_here (here);
  g_object_unref (self);
}

static inline gboolean
tick_fast (VclockTickClock *self,
           guint64          n)
{
  VclockTickClockPrivate *priv = PRIV (self);

  if (n >= priv->limit - priv->counter->n_ticks ||
      priv->seen != __atomic_load_n (&vclock_timer_queue_n_changes, __ATOMIC_RELAXED))
    return FALSE;

  vclock_tick_counter_add (priv->counter, n);

  return TRUE;
}

/* Not inlined: it would cost the fast path its registers. */
static G_NO_INLINE void
tick_checked (VclockTickClock *self,
              guint64          n)
{
  g_return_if_fail (VCLOCK_IS_TICK_CLOCK (self));

  if (!tick_fast (self, n))
    tick_slowly (self, n);
}

/**
 * vclock_tick_clock_new:
 * @numerator: how many nanoseconds pass, from 0 to 2⁶²
 * @denominator: in how many ticks, from 1 to 2⁶²
 *
 * Makes a clock that stands at 0 until ticks are counted.
 *
 * Three ticks in 1000 nanoseconds, which is a tick every 333⅓, are `vclock_tick_clock_new (1000,
 * 3)`.
 *
 * Returns: (transfer full): a new clock
 */
VclockTickClock *
vclock_tick_clock_new (gint64 numerator,
                       gint64 denominator)
{
  VclockTickClock *self;

  g_return_val_if_fail (numerator >= 0 && numerator <= VCLOCK_RATE_MAX, NULL);
  g_return_val_if_fail (denominator > 0 && denominator <= VCLOCK_RATE_MAX, NULL);

  self = g_object_new (VCLOCK_TYPE_TICK_CLOCK, "name", "tick", NULL);
  vclock_virtual_clock_set_rate (VCLOCK_VIRTUAL_CLOCK (self), numerator, denominator);

  return self;
}

/**
 * vclock_tick_clock_new_shift:
 * @shift: from 0 to 62
 *
 * Makes a clock on which a tick takes 2 to the power of @shift nanoseconds.
 *
 * In QEMU: `-icount shift=…`, where the largest shift is 10.
 *
 * Returns: (transfer full): a new clock
 */
VclockTickClock *
vclock_tick_clock_new_shift (guint shift)
{
  g_return_val_if_fail (shift <= 62, NULL);

  return vclock_tick_clock_new (G_GINT64_CONSTANT (1) << shift, 1);
}

/**
 * vclock_tick_clock_set_shift:
 * @self: a tick clock
 * @shift: from 0 to 62
 *
 * Lets a tick take 2 to the power of @shift nanoseconds from now on.
 *
 * The same as [method@Vclock.VirtualClock.set_rate] with that numerator and a denominator of 1. The
 * clock's time does not jump.
 */
void
vclock_tick_clock_set_shift (VclockTickClock *self,
                             guint            shift)
{
  g_return_if_fail (VCLOCK_IS_TICK_CLOCK (self));
  g_return_if_fail (shift <= 62);

  vclock_virtual_clock_set_rate (VCLOCK_VIRTUAL_CLOCK (self), G_GINT64_CONSTANT (1) << shift, 1);
}

/**
 * vclock_tick_clock_tick:
 * @self: a tick clock
 * @n: how many ticks have passed; 0 only looks for what is due
 *
 * Counts ticks, and stops at each deadline on the way.
 *
 * The clock's time goes on by as much as @n ticks take. If no timer is due on the way, this costs a
 * few nanoseconds: no lock, no system call. Otherwise timers of this clock and of those that follow
 * it are called as [method@Vclock.VirtualClock.advance] calls them: directly, if they were made for
 * the calling thread's thread-default context or one that this thread runs, and each sees the time
 * of its own deadline, also if that lies between two ticks. Other contexts are woken. The end is
 * exact: fractions of a nanosecond are carried on and never lost.
 *
 * While the clock is paused, and while it is moved by [method@Vclock.VirtualClock.advance] and its
 * kin, ticks are counted and no time passes. A callback may tick too; time then goes on by the
 * ticks of both. A callback that pauses the clock stops it at its deadline; a rate that it sets
 * counts from the next call on.
 *
 * Only one thread at a time may call it; others may read the clock, and use its timers, meanwhile.
 * A timer that another thread arms while this returns is noticed by the next call at the latest.
 *
 * The count ends at 2⁶³ - 1.
 *
 * In QEMU: `icount_update ()` and `icount_handle_deadline ()`.
 */
void
vclock_tick_clock_tick (VclockTickClock *self,
                        guint64          n)
{
  const GTypeInstance *instance = (const GTypeInstance *) self;

  /* A check of the type that needs no call, for what is not derived. */
  if (instance == NULL || instance->g_class == NULL || instance->g_class->g_type != exact_type ||
      !tick_fast (self, n))
    tick_checked (self, n);
}

/**
 * vclock_tick_clock_get_ticks:
 * @self: a tick clock
 *
 * Gets how many ticks have been counted.
 *
 * From any thread. In a callback, all ticks of the call that is under way count.
 *
 * In QEMU: `icount_get_raw ()`.
 *
 * Returns: the number of ticks
 */
guint64
vclock_tick_clock_get_ticks (VclockTickClock *self)
{
  g_return_val_if_fail (VCLOCK_IS_TICK_CLOCK (self), 0);

  return vclock_tick_counter_get (PRIV (self)->counter);
}

/* With the lock: the last count at which the clock is not too far ahead of real time. */
static guint64
get_aligned (VclockTickClock *self)
{
  VclockTickClockPrivate *priv = PRIV (self);
  guint64 n_ticks = vclock_tick_counter_get (priv->counter);
  VclockTime last;
  VclockTime beyond;

  if (priv->alignment == VCLOCK_TIME_NEVER)
    return G_MAXINT64;

  last = vclock_time_add (vclock_tick_clock_get_real (priv), priv->alignment);
  beyond = vclock_virtual_clock_to_parent (VIRTUAL (self), vclock_time_add (last, 1));

  return beyond != VCLOCK_TIME_NEVER ? MAX (n_ticks, (guint64) MAX (beyond, 1) - 1) : G_MAXINT64;
}

/**
 * vclock_tick_clock_get_budget:
 * @self: a tick clock
 *
 * Says how many ticks may run until there is something to do.
 *
 * That is when the next deadline is reached, of all armed timers of this clock and of those that
 * follow it, in all contexts; disabled clocks do not count. It is rounded up: after so many ticks
 * the deadline has been reached. When a timer is due it is 0: [method@Vclock.TickClock.tick] with 0
 * calls those of this thread, the others come when their contexts run. Inside of a callback that is
 * called by `tick ()` it is 0 too.
 *
 * With an [property@Vclock.TickClock:alignment] the budget ends where the clock would be too far
 * ahead of real time; then it is rounded down. If it is 0 for that reason,
 * [method@Vclock.TickClock.get_ahead] says for how long to wait.
 *
 * From any thread.
 *
 * In QEMU: `icount_get_limit ()`, which gives what 2147483647 nanoseconds take when there is no
 * deadline before.
 *
 * Returns: the number of ticks; %G_MAXUINT64 if nothing sets a bound
 */
guint64
vclock_tick_clock_get_budget (VclockTickClock *self)
{
  guint64 n_ticks;
  guint64 end;

  g_return_val_if_fail (VCLOCK_IS_TICK_CLOCK (self), 0);

  vclock_lock ();
  n_ticks = vclock_tick_counter_get (PRIV (self)->counter);
  end = MIN (get_reach (self, get_queue_deadline), get_aligned (self));
  vclock_unlock ();

  /* The thread that ticks may have counted more meanwhile. */
  return end == G_MAXINT64 ? G_MAXUINT64 : end - MIN (n_ticks, end);
}
