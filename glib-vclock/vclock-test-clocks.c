/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib-vclock/vclock-error.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-monotonic-clock-private.h>
#include <glib-vclock/vclock-test-clocks-private.h>
#include <glib-vclock/vclock-timer-private.h>
#include <glib-vclock/vclock-virtual-clock-private.h>
#include <glib-vclock/vclock-wall-clock-private.h>

/**
 * VclockTestClocks:
 *
 * The clocks of a test: they stand in for the default ones, and do what clocks of a machine do.
 *
 * Between [method@Vclock.TestClocks.set_up] and [method@Vclock.TestClocks.tear_down],
 * [func@Vclock.MonotonicClock.get_default], [func@Vclock.WallClock.get_default] and
 * [func@Vclock.VirtualClock.get_default] give virtual clocks, so that code under test that uses
 * them needs no change, and timers without a clock use the test's monotonic one. Clocks that
 * somebody makes, or has asked for before, stay what they are. In C, [struct@Vclock.TestFixture]
 * does both around each test.
 *
 * All follow [property@Vclock.TestClocks:boottime], which stands until it is moved:
 *
 * | Clock | Follows | Starts at |
 * |---|---|---|
 * | boottime | nothing | 2000 seconds |
 * | monotonic | boottime | 1000 seconds |
 * | wall | boottime | 2000-01-01 00:00 UTC |
 * | virtual | monotonic | 0 |
 *
 * ```c
 * g_autoptr (VclockTestClocks) clocks = vclock_test_clocks_new ();
 * g_autoptr (GError) error = NULL;
 *
 * vclock_test_clocks_set_up (clocks, &error);
 * g_assert_no_error (error);
 * program_start ();
 * vclock_test_clocks_suspend (clocks, 8 * HOUR);
 * program_stop ();
 * vclock_test_clocks_tear_down (clocks, &error);
 * g_assert_no_error (error);
 * ```
 *
 * The methods that let time go on call what falls due as those of [class@Vclock.VirtualClock] do.
 * No main context is pushed: the code under test and its timers use the one that they always use.
 * The clocks speak in the one that was the thread-default one when they were made.
 *
 * The `check_` methods say what was expected and what was found in an error, which bindings throw;
 * for C there are macros such as [func@Vclock.test_clocks_assert_expired].
 */

#define BOOTTIME_START  (2000 * VCLOCK_NSEC_PER_SEC)
#define MONOTONIC_START (1000 * VCLOCK_NSEC_PER_SEC)
#define WALL_START      (946684800 * VCLOCK_NSEC_PER_SEC)

typedef enum
{
  PROP_BOOTTIME = 1,
  PROP_MONOTONIC,
  PROP_WALL,
} VclockTestClocksProperty;

static GParamSpec *props[PROP_WALL + 1];

static VclockTestClocks *current; /* (owned) (nullable): guarded by the lock */

G_DEFINE_FINAL_TYPE (VclockTestClocks, vclock_test_clocks, G_TYPE_OBJECT)

static void
vclock_test_clocks_finalize (GObject *object)
{
  VclockTestClocks *self = VCLOCK_TEST_CLOCKS (object);

  g_object_unref (self->shared);
  g_object_unref (self->wall);
  g_object_unref (self->monotonic);
  g_object_unref (self->boottime);
  g_string_free (self->expired, TRUE);

  G_OBJECT_CLASS (vclock_test_clocks_parent_class)->finalize (object);
}

static void
vclock_test_clocks_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  VclockTestClocks *self = VCLOCK_TEST_CLOCKS (object);

  switch ((VclockTestClocksProperty) prop_id)
    {
    case PROP_BOOTTIME:
      g_value_set_object (value, vclock_test_clocks_get_boottime (self));
      break;
    case PROP_MONOTONIC:
      g_value_set_object (value, vclock_test_clocks_get_monotonic (self));
      break;
    case PROP_WALL:
      g_value_set_object (value, vclock_test_clocks_get_wall (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
vclock_test_clocks_class_init (VclockTestClocksClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = vclock_test_clocks_finalize;
  object_class->get_property = vclock_test_clocks_get_property;

  /**
   * VclockTestClocks:boottime: (attributes org.gtk.Property.get=vclock_test_clocks_get_boottime)
   *
   * The clock that all others follow, and that goes on in suspend.
   */
  props[PROP_BOOTTIME] =
    g_param_spec_object ("boottime", NULL, NULL, VCLOCK_TYPE_VIRTUAL_CLOCK, readable);

  /**
   * VclockTestClocks:monotonic: (attributes org.gtk.Property.get=vclock_test_clocks_get_monotonic)
   *
   * The clock that stands in for the default monotonic one.
   */
  props[PROP_MONOTONIC] =
    g_param_spec_object ("monotonic", NULL, NULL, VCLOCK_TYPE_VIRTUAL_CLOCK, readable);

  /**
   * VclockTestClocks:wall: (attributes org.gtk.Property.get=vclock_test_clocks_get_wall)
   *
   * The clock that stands in for the default wall clock.
   */
  props[PROP_WALL] =
    g_param_spec_object ("wall", NULL, NULL, VCLOCK_TYPE_VIRTUAL_CLOCK, readable);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

/* A clock that has never been anywhere else than at @start. */
static VclockVirtualClock *
new_clock (const char         *name,
           VclockVirtualClock *parent,
           VclockTime          start)
{
  VclockVirtualClock *clock;

  clock = g_object_new (VCLOCK_TYPE_VIRTUAL_CLOCK, "name", name, "parent", parent, NULL);
  vclock_virtual_clock_begin_move (clock);
  vclock_virtual_clock_move_to (clock, start);
  vclock_virtual_clock_end_move (clock);

  return clock;
}

static void
vclock_test_clocks_init (VclockTestClocks *self)
{
  self->boottime = new_clock ("boottime", NULL, BOOTTIME_START);
  self->monotonic = new_clock ("monotonic", self->boottime, MONOTONIC_START);
  self->wall = new_clock ("wall", self->boottime, WALL_START);
  self->shared = new_clock ("virtual", self->monotonic, 0);
  self->expired = g_string_new (NULL);
}

/**
 * vclock_test_clocks_new:
 *
 * Makes clocks for a test, which do not stand in for the default ones yet.
 *
 * Returns: (transfer full): new clocks
 */
VclockTestClocks *
vclock_test_clocks_new (void)
{
  return g_object_new (VCLOCK_TYPE_TEST_CLOCKS, NULL);
}

/* With the lock. */
static void
log_cb (VclockTimer *timer)
{
  if (current != NULL)
    vclock_test_clocks_log (current, timer);
}

/**
 * vclock_test_clocks_set_up:
 * @self: the clocks of a test
 * @error: return location for an error
 *
 * Lets the clocks stand in for the default ones.
 *
 * There is one set of defaults in a process: while the clocks of a test are the defaults, those of
 * another one are refused with [error@Vclock.Error.TEST_FAILED]. Who kept a default clock from
 * before goes on using it.
 *
 * Returns: whether they are the defaults now
 */
gboolean
vclock_test_clocks_set_up (VclockTestClocks  *self,
                           GError           **error)
{
  gboolean is_first;

  g_return_val_if_fail (VCLOCK_IS_TEST_CLOCKS (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  g_object_ref (self);
  vclock_lock ();
  is_first = current == NULL;
  if (is_first)
    current = self;
  vclock_unlock ();

  if (!is_first)
    {
      g_object_unref (self);
      g_set_error_literal (error, VCLOCK_ERROR, VCLOCK_ERROR_TEST_FAILED,
                           _("The default clocks are those of a test already; "
                             "tear that one down first"));
      return FALSE;
    }

  vclock_monotonic_clock_replace_default (VCLOCK_CLOCK (self->monotonic));
  vclock_wall_clock_replace_default (VCLOCK_CLOCK (self->wall));
  vclock_virtual_clock_replace_default (self->shared);
  vclock_timer_watch_all (log_cb);

  return TRUE;
}

/**
 * vclock_test_clocks_tear_down:
 * @self: the clocks of a test
 * @error: return location for an error
 *
 * Gives the default clocks back, and checks that nothing is left armed on those of the test.
 *
 * It gives them back whatever the check says, which is [method@Vclock.Clock.check_disarmed] of
 * [property@Vclock.TestClocks:boottime]. Does nothing if the clocks are not the defaults.
 *
 * The clocks live as long as somebody holds them or a timer waits for them: threads that ask for
 * the defaults must have ended.
 *
 * Returns: whether nothing was left armed
 */
gboolean
vclock_test_clocks_tear_down (VclockTestClocks  *self,
                              GError           **error)
{
  gboolean is_disarmed;
  gboolean is_current;

  g_return_val_if_fail (VCLOCK_IS_TEST_CLOCKS (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  vclock_lock ();
  is_current = current == self;
  if (is_current)
    current = NULL;
  vclock_unlock ();

  if (!is_current)
    return TRUE;

  vclock_timer_watch_all (NULL);
  vclock_virtual_clock_replace_default (NULL);
  vclock_wall_clock_replace_default (NULL);
  vclock_monotonic_clock_replace_default (NULL);
  is_disarmed = vclock_clock_check_disarmed (VCLOCK_CLOCK (self->boottime), error);
  g_object_unref (self);

  return is_disarmed;
}

/**
 * vclock_test_clocks_get_boottime: (attributes org.gtk.Method.get_property=boottime)
 * @self: the clocks of a test
 *
 * Gets the clock that all others follow, and that goes on in suspend.
 *
 * It is nobody's default: code that counts suspend is given it by the test.
 *
 * Returns: (transfer none): the clock
 */
VclockVirtualClock *
vclock_test_clocks_get_boottime (VclockTestClocks *self)
{
  g_return_val_if_fail (VCLOCK_IS_TEST_CLOCKS (self), NULL);

  return self->boottime;
}

/**
 * vclock_test_clocks_get_monotonic: (attributes org.gtk.Method.get_property=monotonic)
 * @self: the clocks of a test
 *
 * Gets the clock that stands in for the default monotonic one.
 *
 * Returns: (transfer none): the clock
 */
VclockVirtualClock *
vclock_test_clocks_get_monotonic (VclockTestClocks *self)
{
  g_return_val_if_fail (VCLOCK_IS_TEST_CLOCKS (self), NULL);

  return self->monotonic;
}

/**
 * vclock_test_clocks_get_wall: (attributes org.gtk.Method.get_property=wall)
 * @self: the clocks of a test
 *
 * Gets the clock that stands in for the default wall clock.
 *
 * Its [method@Vclock.VirtualClock.set_rate] makes it fast or slow, as NTP does to a clock that is
 * only a little wrong.
 *
 * Returns: (transfer none): the clock
 */
VclockVirtualClock *
vclock_test_clocks_get_wall (VclockTestClocks *self)
{
  g_return_val_if_fail (VCLOCK_IS_TEST_CLOCKS (self), NULL);

  return self->wall;
}
