/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-timer-queue-private.h>
#include <glib-vclock/vclock-timer.h>

G_BEGIN_DECLS

/* Shared with the pass that calls it, for the callback may be replaced while it runs. */
typedef struct
{
  guint           n_users; /* guarded by the lock */
  VclockTimerFunc func;
  gpointer        user_data;
  GDestroyNotify  notify;  /* (nullable) */
} VclockTimerCallback;

struct _VclockTimer
{
  GObject parent_instance;

  /* Construct-only. */
  VclockClock         *clock;     /* (owned) (nullable): until constructed; then the queue has it */
  union
  {
    GMainContext      *context;   /* (owned) (nullable): until constructed */
    VclockTimerNumber  number;    /* then, guarded by the lock: in the recording */
  };
  int                  priority;  /* until constructed */
  VclockScale          scale;

  /* Guarded by the lock. */
  char                *name;      /* (owned) (nullable): GRefString */
  VclockTimerEntry     entry;
  VclockTimerCallback *callback;  /* (owned by one use of it) (nullable) */
  VclockTime           period;
  VclockTime           phase;       /* the next deadline of a periodic timer lies a period later */
  VclockTime           lateness;
  guint16              n_running; /* calls under way, nested ones too */
  guint8               policy;    /* VclockOverrunPolicy */
  gboolean             in_phase : 1; /* it does: nobody has armed or disarmed the timer since */
  gboolean             held : 1;  /* the engine owns a reference: while armed or lent */
  gboolean             lent : 1;  /* and calls under way need it */
};

/* How a timer's entry is called: vclock-timer-arm.c. */
extern const VclockTimerEntryFuncs vclock_timer_entry_funcs;

/* Without the lock; NULL does nothing. */
void                 vclock_timer_callback_free    (VclockTimerCallback *callback);

/* With the lock. Returns the callback if the caller must free it after unlocking. */
VclockTimerCallback *vclock_timer_callback_release (VclockTimerCallback *callback);

/* With the lock. Gives a periodic timer its next deadline: vclock-timer-period.c. */
guint64              vclock_timer_rearm_periodic   (VclockTimer         *self,
                                                    VclockTime           now);

/* Has @func called, with the lock, for every timer that is about to be called; NULL for none. */
void                 vclock_timer_watch_all        (void             (* func) (VclockTimer *timer));

/* Emits ::expired: vclock-timer.c. */
void                 vclock_timer_emit_expired     (VclockTimer         *self,
                                                    guint64              overruns);

G_END_DECLS
