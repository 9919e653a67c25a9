/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-recorder.h>
#include <glib-vclock/vclock-ring-private.h>

G_BEGIN_DECLS

struct _VclockRecorder
{
  GObject parent_instance;

  VclockRing *ring;         /* (owned): what the clocks write to */
  guint       capacity;
  GPtrArray  *clocks;       /* (element-type VclockClock) (owned) */
  GPtrArray  *clock_names;  /* (element-type utf8): GRefStrings or NULL, of clock 1, 2… */

  GArray     *records;      /* (element-type VclockRecord): the items */
  guint64     n_dropped;    /* items that have made room for later ones */
};

/* The name of a record's clock; NULL without one. */
static inline const char *
vclock_recorder_get_clock_name (VclockRecorder     *self,
                                const VclockRecord *record)
{
  return g_ptr_array_index (self->clock_names, record->clock - 1);
}

G_END_DECLS
