/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-tick-counter-private.h>

G_DEFINE_FINAL_TYPE (VclockTickCounter, vclock_tick_counter, VCLOCK_TYPE_CLOCK)

static VclockTime
vclock_tick_counter_get_time (VclockClock *clock)
{
  return (VclockTime) vclock_tick_counter_get (VCLOCK_TICK_COUNTER (clock));
}

static void
vclock_tick_counter_class_init (VclockTickCounterClass *klass)
{
  VCLOCK_CLOCK_CLASS (klass)->get_time = vclock_tick_counter_get_time;
}

static void
vclock_tick_counter_init (VclockTickCounter *self)
{
  static const VclockClockKind kind = { .never_resets = TRUE };

  vclock_clock_set_kind (VCLOCK_CLOCK (self), &kind);
}

VclockTickCounter *
vclock_tick_counter_new (void)
{
  return g_object_new (VCLOCK_TYPE_TICK_COUNTER, "name", "ticks", NULL);
}
