/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-test-clocks.h>

G_BEGIN_DECLS

struct _VclockTestClocks
{
  GObject parent_instance;

  VclockVirtualClock *boottime;  /* (owned): all others are made of it */
  VclockVirtualClock *monotonic; /* (owned) */
  VclockVirtualClock *wall;      /* (owned) */
  VclockVirtualClock *shared;    /* (owned): stands in for the virtual clock that all share */
  GString            *expired;   /* (owned): names, each after a space; guarded by the lock */
};

/* With the lock: notes that a timer expires, if it has a name and waits for one of the clocks. */
void vclock_test_clocks_log (VclockTestClocks *self,
                             VclockTimer      *timer);

G_END_DECLS
