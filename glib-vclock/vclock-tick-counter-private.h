/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-clock.h>

G_BEGIN_DECLS

/* The parent of a tick clock: a clock whose time is a number of ticks. */

#define VCLOCK_TYPE_TICK_COUNTER (vclock_tick_counter_get_type ())
G_DECLARE_FINAL_TYPE (VclockTickCounter, vclock_tick_counter, VCLOCK, TICK_COUNTER, VclockClock)

struct _VclockTickCounter
{
  VclockClock parent_instance;

  guint64 n_ticks; /* atomic: written by the thread that ticks, read by any; at most G_MAXINT64 */
};

VclockTickCounter *vclock_tick_counter_new (void);

static inline guint64
vclock_tick_counter_get (VclockTickCounter *self)
{
  return __atomic_load_n (&self->n_ticks, __ATOMIC_ACQUIRE);
}

static inline void
vclock_tick_counter_add (VclockTickCounter *self,
                         guint64            n)
{
  __atomic_store_n (&self->n_ticks, self->n_ticks + n, __ATOMIC_RELEASE);
}

G_END_DECLS
