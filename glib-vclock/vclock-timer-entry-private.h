/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-ring-private.h>
#include <glib-vclock/vclock-time.h>

G_BEGIN_DECLS

/* What a queue has of a timer or of a timer source. Guarded by the lock. */

typedef struct _VclockTimerEntry VclockTimerEntry;
typedef struct _VclockTimerQueue VclockTimerQueue;

typedef enum
{
  VCLOCK_TIMER_ENTRY_IDLE,  /* disarmed */
  VCLOCK_TIMER_ENTRY_ARMED, /* in queue->items */
  VCLOCK_TIMER_ENTRY_DUE,   /* in queue->due: taken by a pass, waiting for its turn */
} VclockTimerEntryState;

/* What a timer does when its entry expires. expire() and drop() are called with the lock held,
 * release it around code of the user, and return with it held again; the entry is idle when they
 * are called.
 *
 * expire() returns FALSE if the pass must stop until the entry gives up its turn (queue->turn);
 * it is asked again in each later pass until it has. drop() is called when the context has gone
 * away. is_destroyed() keeps the lock; what has been destroyed while armed will not be called. */
typedef struct
{
  gboolean (* expire)   (VclockTimerEntry *entry,
                         VclockTime        now);
  void     (* drop)     (VclockTimerEntry *entry);
  gboolean (* is_destroyed) (VclockTimerEntry *entry); /* (nullable): never */
  gboolean    needs_loop;                              /* only its main loop can call it */
} VclockTimerEntryFuncs;

/* Who arms a timer: the place in the code that called the public function which asks for this.
 * Only debug builds remember it. */
#ifdef G_ENABLE_DEBUG
# define VCLOCK_CALLER __builtin_return_address (0)
#else
# define VCLOCK_CALLER NULL
#endif

/* What distinguishes a timer. Most have those that all of their kind have. */
typedef struct
{
  const VclockTimerEntryFuncs *funcs;
  VclockTime                   slack;      /* how much later than the deadline a wake-up may come */
  VclockTime                   period;     /* the timer's own, like what belongs to it */
  VclockTime                   phase;      /* the next deadline lies a period later */
  guint                        spin;       /* wait actively, in microseconds of the host's time */
  guint8                       policy;     /* VclockOverrunPolicy */
  guint8                       attributes; /* VclockTimerAttributes */
  guint8                       is_own;     /* of one timer, and may be changed */
  char                        *name;       /* (owned) (nullable): GRefString */
  VclockTimerNumber            number;     /* in a recording */
} VclockTimerTraits;

/* There may be a million of them. */
struct _VclockTimerEntry
{
  VclockTimerQueue        *queue;          /* (owned by one use of it) */
  guint                    index;          /* armed: in queue->items; due: in queue->due */

  /* The timer's own, where there is room. */
  guint16                  n_running;      /* calls under way, nested ones too */
  guint8                   scale;          /* VclockScale */

  guint8                   state : 2;      /* VclockTimerEntryState */
  guint8                   in_phase : 1;   /* nobody has armed or disarmed the timer since */
  guint8                   held : 1;       /* the engine owns a reference: while armed or lent */
  guint8                   lent : 1;       /* and calls under way need it */
  guint8                   has_notify : 1; /* the callback is a VclockTimerCallback */

  VclockTime               deadline;
  const VclockTimerTraits *traits;         /* (owned if its own) */
  guint64                  order;          /* of arming, among all timers of the process */
  guint64                  heap_order;     /* armed: the order by which the heap has sorted it */
#ifdef G_ENABLE_DEBUG
  gconstpointer            armed_at;       /* (nullable): VCLOCK_CALLER */
#endif
};

static inline void
vclock_timer_entry_set_armed_at (VclockTimerEntry *entry,
                                 gconstpointer     caller)
{
#ifdef G_ENABLE_DEBUG
  entry->armed_at = caller;
#endif
}

static inline gconstpointer
vclock_timer_entry_get_armed_at (const VclockTimerEntry *entry)
{
#ifdef G_ENABLE_DEBUG
  return entry->armed_at;
#else
  return NULL;
#endif
}

void               vclock_timer_entry_init       (VclockTimerEntry        *entry,
                                                  const VclockTimerTraits *traits);
void               vclock_timer_entry_clear      (VclockTimerEntry        *entry);
VclockTimerTraits *vclock_timer_entry_own_traits (VclockTimerEntry        *entry);

G_END_DECLS
