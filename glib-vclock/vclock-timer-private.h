/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-timer-queue-private.h>
#include <glib-vclock/vclock-timer.h>

G_BEGIN_DECLS

/* A callback with a destroy notify, shared with the pass that calls it, for it may be replaced while
 * it runs. */
typedef struct
{
  guint          n_users;   /* guarded by the lock */
  gpointer       user_data;
  GDestroyNotify notify;
} VclockTimerCallback;

struct _VclockTimer
{
  GObject parent_instance;

  /* Guarded by the lock, but for its scale. */
  VclockTimerEntry        entry;
  union
  {
    VclockTime            lateness;
    int                   priority;      /* until constructed */
  };
  union
  {
    VclockTimerFunc       func;          /* (nullable) */
    VclockClock          *clock;         /* (owned) (nullable): until constructed */
  };
  union
  {
    gpointer              user_data;     /* without a notify */
    VclockTimerCallback  *callback;      /* (owned by one use of it): with one */
    GMainContext         *context;       /* (owned) (nullable): until constructed */
  };
};

/* Of a timer that nobody has asked for anything else: vclock-timer-arm.c. */
extern const VclockTimerTraits vclock_timer_traits;

/* The type has no derived ones, so that one comparison tells without a call. */
extern GType vclock_timer_type; /* 0 until there is a timer */

static inline gboolean
vclock_timer_is_timer (gpointer instance)
{
  return G_LIKELY (instance != NULL) && ((GTypeInstance *) instance)->g_class != NULL &&
         G_TYPE_FROM_INSTANCE (instance) == vclock_timer_type;
}

#define VCLOCK_IS_TIMER(instance) vclock_timer_is_timer (instance)

/* Without the lock; NULL does nothing. */
void                 vclock_timer_callback_free    (VclockTimerCallback *callback);

/* With the lock. Takes the callback away, and returns it if the caller must free it after
 * unlocking. */
VclockTimerCallback *vclock_timer_release_callback (VclockTimer         *self);

/* With the lock. Gives a periodic timer its next deadline: vclock-timer-period.c. */
guint64              vclock_timer_rearm_periodic   (VclockTimer         *self,
                                                    VclockTime           now);

/* Has @func called, with the lock, for every timer that is about to be called; NULL for none. */
void                 vclock_timer_watch_all        (void             (* func) (VclockTimer *timer));

/* Emits ::expired: vclock-timer.c. */
void                 vclock_timer_emit_expired     (VclockTimer         *self,
                                                    guint64              overruns);

G_END_DECLS
