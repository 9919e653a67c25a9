/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-clock.h>
#include <glib-vclock/vclock-time-private.h>
#include <glib-vclock/vclock-timer-entry-private.h>

G_BEGIN_DECLS

/* The armed timers of one clock, one main context and one priority, next deadline first.
 *
 * All functions want the lock (vclock-lock-private.h) except new and free. */

typedef struct _VclockQuiet VclockQuiet;

/* In the heap, the key is the deadline that it has sorted the entry by: not later than the entry's
 * own deadline, for rearming to a later one only changes the entry, and the item sinks when it
 * surfaces. Among the due, it is when the entry became due, comparable across clocks; the entry is
 * NULL if it was disarmed since. */
typedef struct
{
  VclockTime        key;
  VclockTimerEntry *entry;
} VclockTimerItem;

static inline gboolean
vclock_timer_item_is_before (const VclockTimerItem *a,
                             const VclockTimerItem *b)
{
  return a->key < b->key ||
         (G_UNLIKELY (a->key == b->key) && a->entry->heap_order < b->entry->heap_order);
}

static inline gboolean
vclock_timer_item_is_stale (const VclockTimerItem *item)
{
  return item->entry->heap_order != item->entry->order;
}

#define VCLOCK_TIMER_QUEUE_CHILDREN 4 /* of a node of the heap */

/* The wakeup that is planned when the listener has been told that what it knows is not right any
 * more: before all others. */
#define VCLOCK_TIMER_QUEUE_UNPLANNED G_MININT64

struct _VclockTimerQueue
{
  VclockClock      *clock;       /* (owned) */
  GMainContext     *context;     /* (unowned) (nullable): NULL when it has gone away */
  int               priority;
  guint             n_users;     /* timers made for this queue, and passes under way */
  gboolean          enabled;     /* as the clock */
  VclockTime        now;         /* of the clock, as the last pass read it, ... */
  guint64           pass;        /* ... and which pass that was */
  VclockRing       *ring;        /* (unowned) (nullable): while the clock is recorded */
  guint             number;      /* of the clock in the recording */

  GPtrArray        *clock_list;  /* (unowned) (nullable): the lists that this queue stands in */
  GPtrArray        *alarm_list;  /* (unowned) (nullable) */

  void           (* changed) (VclockTimerQueue *self); /* (nullable): of another wakeup */
  gpointer          listener;    /* (unowned): for changed () */
  const gboolean   *polling;     /* (unowned) (nullable): whether the listener may be asleep */
  VclockTime        planned;     /* the wakeup that the listener knows of */
  guint             spin;        /* the longest that a timer has had */
  VclockTime        host_second; /* of the host's time, that one of the clock takes, when planned */
  VclockQuiet      *quiet;       /* (unowned) (nullable): what the context does */

  VclockTimerEntry *turn;        /* (unowned) (nullable): the pass waits for it */
  VclockTimerItem  *due;         /* in the order of their turns, the first at first_due */
  guint             first_due;
  guint             end_due;
  guint             n_due_allocated;
  VclockTimerItem  *items;       /* a heap with four children to a node */
  guint             n_items;
  guint             n_allocated;
};

typedef void (* VclockTimerEntryFunc) (VclockTimerEntry *entry,
                                       gpointer          user_data);

/* How a queue's pass translates deadlines to due_at: a deadline of @now became due at @at, one
 * that lies VCLOCK_DUE_MAP_SPAN earlier @span earlier; or as @translate says. A pass without a
 * main loop, which compares other times, gives a place for the time for those that need one. */
typedef struct _VclockDueMap VclockDueMap;

struct _VclockDueMap
{
  guint64       pass;    /* 0 if nothing is called now */
  VclockTime    now;
  VclockTime    at;
  VclockTime    span;
  VclockTime   *at_loop; /* (nullable): on CLOCK_MONOTONIC, 0 until read; if not all compare alike */
  VclockTime (* translate) (const VclockDueMap *self,
                            VclockTime          deadline); /* (nullable) */
};

#define VCLOCK_DUE_MAP_SPAN VCLOCK_NSEC_PER_SEC

static inline VclockTimerEntry *
vclock_timer_queue_get_first_due (const VclockTimerQueue *self)
{
  return self->first_due < self->end_due ? self->due[self->first_due].entry : NULL;
}

/* Whether the listener may be asleep, with a plan. */
static inline gboolean
vclock_timer_queue_sleeps (VclockTimerQueue *self)
{
  return self->polling != NULL && *self->polling &&
         self->planned != VCLOCK_TIME_NEVER && self->planned != VCLOCK_TIMER_QUEUE_UNPLANNED;
}

/* How often something was armed, or planned anew, in the whole process. Written with the lock; who
 * remembers a next deadline reads it without, and looks again when it has changed. */
extern guint64 vclock_timer_queue_n_changes;

static inline void
vclock_timer_queue_note_change (void)
{
  __atomic_store_n (&vclock_timer_queue_n_changes, vclock_timer_queue_n_changes + 1,
                    __ATOMIC_RELAXED);
}

VclockTimerQueue *vclock_timer_queue_new          (VclockClock            *clock,
                                                   GMainContext           *context,
                                                   int                     priority);
void              vclock_timer_queue_free         (VclockTimerQueue       *self);
gboolean          vclock_timer_queue_release      (VclockTimerQueue       *self);

gboolean          vclock_timer_queue_arm          (VclockTimerQueue       *self,
                                                   VclockTimerEntry       *entry,
                                                   VclockTime              deadline);
void              vclock_timer_queue_remove_due   (VclockTimerQueue       *self,
                                                   VclockTimerEntry       *entry);
gboolean          vclock_timer_queue_disarm       (VclockTimerQueue       *self,
                                                   VclockTimerEntry       *entry);
void              vclock_timer_queue_set_slack    (VclockTimerQueue       *self,
                                                   VclockTimerEntry       *entry,
                                                   VclockTime              slack);

void              vclock_timer_queue_set_spin     (VclockTimerQueue       *self,
                                                   VclockTimerEntry       *entry,
                                                   guint                   spin);

gboolean          vclock_timer_queue_is_empty     (VclockTimerQueue       *self);
VclockTime        vclock_timer_queue_get_deadline (VclockTimerQueue       *self,
                                                   VclockTimerAttributes   without);
VclockTime        vclock_timer_queue_get_wakeup   (VclockTimerQueue       *self);
gboolean          vclock_timer_queue_has_due      (VclockTimerQueue       *self,
                                                   VclockTime              now);
void              vclock_timer_queue_take_due     (VclockTimerQueue       *self,
                                                   const VclockDueMap     *map);
void              vclock_timer_queue_sift_down    (VclockTimerQueue       *self,
                                                   VclockTimerItem         item,
                                                   guint                   index);
VclockTimerEntry *vclock_timer_queue_get_first_due_here (VclockTimerQueue *self);
VclockTime        vclock_timer_queue_get_next     (VclockTimerQueue       *self,
                                                   gboolean                has_loop,
                                                   VclockTime              now);
VclockTime        vclock_timer_queue_get_next_after (VclockTimerQueue     *self,
                                                   VclockTime              now);
VclockTimerEntry *vclock_timer_queue_steal        (VclockTimerQueue       *self);
guint64           vclock_timer_queue_get_n_armed  (void);
void              vclock_timer_queue_foreach      (VclockTimerQueue       *self,
                                                   VclockTimerEntryFunc    func,
                                                   gpointer                user_data);

/* Without the lock: whether what is about to happen to an entry will be recorded, and the time must
 * be read for it. */
static inline gboolean
vclock_timer_queue_is_recorded (VclockTimerQueue *self)
{
  return g_atomic_pointer_get (&self->ring) != NULL;
}

void              vclock_timer_queue_record       (VclockTimerQueue       *self,
                                                   VclockTimerEntry       *entry,
                                                   const VclockRecord     *record);

gboolean          vclock_timer_queue_check        (VclockTimerQueue       *self);

G_END_DECLS
