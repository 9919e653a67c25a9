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
typedef struct _VclockTimerLink  VclockTimerLink;
typedef struct _VclockTimerQueue VclockTimerQueue;

typedef enum
{
  VCLOCK_TIMER_ENTRY_IDLE,  /* disarmed */
  VCLOCK_TIMER_ENTRY_ARMED, /* in the heap */
  VCLOCK_TIMER_ENTRY_DUE,   /* taken by a pass, waiting for its turn */
} VclockTimerEntryState;

/* Who a timer is. */
typedef struct
{
  char              *name;   /* (unowned) (nullable): GRefString */
  VclockTimerNumber *number; /* (unowned): in a recording */
} VclockTimerLabel;

/* What a timer does when its entry expires. expire() and drop() are called with the lock held,
 * release it around code of the user, and return with it held again; the entry is idle when they
 * are called.
 *
 * expire() returns FALSE if the pass must stop until the entry gives up its turn (queue->turn);
 * it is asked again in each later pass until it has. drop() is called when the context has gone
 * away. describe() keeps the lock; it returns FALSE if the entry has been destroyed and will not be
 * called. */
typedef struct
{
  gboolean (* expire)   (VclockTimerEntry *entry,
                         VclockTime        now);
  void     (* drop)     (VclockTimerEntry *entry);
  gboolean (* describe) (VclockTimerEntry *entry,
                         VclockTimerLabel *label);
  gboolean    needs_loop; /* only its main loop can call it */
} VclockTimerEntryFuncs;

/* Who arms a timer: the place in the code that called the public function which asks for this.
 * Only debug builds remember it. */
#ifdef G_ENABLE_DEBUG
# define VCLOCK_CALLER __builtin_return_address (0)
#else
# define VCLOCK_CALLER NULL
#endif

struct _VclockTimerLink
{
  VclockTimerLink *previous;
  VclockTimerLink *next;
};

/* What few timers have. */
typedef struct
{
  VclockTime  slack;  /* how much later than the deadline a wake-up may come */

  /* The timer's own. */
  VclockTime  period;
  VclockTime  phase;  /* the next deadline of a periodic timer lies a period later */
  char       *name;   /* (owned) (nullable): GRefString */
} VclockTimerExtra;

/* There may be a million of them. */
struct _VclockTimerEntry
{
  union
  {
    VclockTimerLink            link;       /* due: in queue->due */
    guint                      index;      /* armed: in queue->items */
  };
  VclockTimerQueue            *queue;      /* (owned by one use of it) */
  VclockTimerExtra            *extra;      /* (owned) (nullable) */
  VclockTime                   deadline;
  guint64                      order;      /* of arming, among all timers of the process */
  union
  {
    guint64                    heap_order; /* armed: the order by which the heap has sorted it */
    VclockTime                 due_at;     /* due: when it became due, comparable across clocks */
  };
  guint8                       state;      /* VclockTimerEntryState */
  guint8                       attributes; /* VclockTimerAttributes */
  guint16                      spin;       /* wait actively, in microseconds of the host's time */

  /* The timer's own, where there is room. */
  guint16                      n_running;  /* calls under way, nested ones too */
  guint8                       scale;      /* VclockScale */
  guint8                       policy : 2; /* VclockOverrunPolicy */
  guint8                       in_phase : 1;   /* nobody has armed or disarmed the timer since */
  guint8                       held : 1;       /* the engine owns a reference: while armed or lent */
  guint8                       lent : 1;       /* and calls under way need it */
  guint8                       has_notify : 1; /* the callback is a VclockTimerCallback */
  const VclockTimerEntryFuncs *funcs;
#ifdef G_ENABLE_DEBUG
  gconstpointer                armed_at;   /* (nullable): VCLOCK_CALLER */
#endif
};

G_END_DECLS
