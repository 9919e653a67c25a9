/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-timer-queue-private.h>

/*            0             A heap in which each node has four children: half as deep as a binary
 *      +---+-+-+---+       one, and the children of a node lie in one cache line (an item has 16
 *      1   2   3   4       bytes). An item's key is not later than its entry's deadline; an item
 *    +-+-+                 whose entry has been rearmed to a later deadline is *stale*. Stale items
 *   5 6 7 8  ...           are brought up to date when they reach the root, so a timer that is pushed
 *                          back again and again, as those of network connections are, costs nothing. */

#define N_CHILDREN VCLOCK_TIMER_QUEUE_CHILDREN

guint64 vclock_timer_queue_n_changes;

static guint64 last_order;

static inline void
place (VclockTimerQueue *self,
       VclockTimerItem   item,
       guint             index)
{
  self->items[index] = item;
  item.entry->index = index;
}

static void
sift_up (VclockTimerQueue *self,
         VclockTimerItem   item,
         guint             index)
{
  while (index > 0)
    {
      guint parent = (index - 1) / N_CHILDREN;

      if (!vclock_timer_item_is_before (&item, &self->items[parent]))
        break;

      place (self, self->items[parent], index);
      index = parent;
    }

  place (self, item, index);
}

/* The first of the children from @child on, of which there is one at least. Four without ties are
 * compared as in a tournament, without branches. */
static inline guint
find_first_child (VclockTimerQueue *self,
                  guint             child)
{
  const VclockTimerItem *items = self->items + child;
  guint first = 0;

  if (G_LIKELY (child + N_CHILDREN <= self->n_items))
    {
      const VclockTime a = MIN (items[1].key, items[0].key);
      const VclockTime b = MIN (items[3].key, items[2].key);

      const guint left = items[1].key < items[0].key;
      const guint right = items[3].key < items[2].key;
      const guint is_right = b < a;

      if (G_LIKELY (items[1].key != items[0].key && items[3].key != items[2].key && a != b))
        return child + 2 * is_right + ((is_right & right) | ((is_right ^ 1) & left));
    }

  for (guint i = 1; i < N_CHILDREN && child + i < self->n_items; i++)
    if (vclock_timer_item_is_before (&items[i], &items[first]))
      first = i;

  return child + first;
}

/* Puts an item, which may belong lower, at @index. */
void
vclock_timer_queue_sift_down (VclockTimerQueue *self,
                              VclockTimerItem   item,
                              guint             index)
{
  guint child;

  while ((child = index * N_CHILDREN + 1) < self->n_items)
    {
      guint first = find_first_child (self, child);

      if (!vclock_timer_item_is_before (&self->items[first], &item))
        break;

      place (self, self->items[first], index);
      index = first;
    }

  place (self, item, index);
}

static void
heap_insert (VclockTimerQueue *self,
             VclockTimerEntry *entry)
{
  VclockTimerItem item = { entry->deadline, entry };

  if (self->n_items == self->n_allocated)
    {
      self->n_allocated = MAX (16, self->n_allocated + self->n_allocated / 2);
      self->items = g_renew (VclockTimerItem, self->items, self->n_allocated);
    }

  entry->heap_order = entry->order;
  entry->state = VCLOCK_TIMER_ENTRY_ARMED;
  sift_up (self, item, self->n_items++);
}

static void
heap_remove (VclockTimerQueue *self,
             VclockTimerEntry *entry)
{
  guint index = entry->index;
  VclockTimerItem last = self->items[--self->n_items];

  entry->state = VCLOCK_TIMER_ENTRY_IDLE;
  if (last.entry == entry)
    return;

  /* What fills the gap may belong higher or lower than here. */
  if (index > 0 && vclock_timer_item_is_before (&last, &self->items[(index - 1) / N_CHILDREN]))
    sift_up (self, last, index);
  else
    vclock_timer_queue_sift_down (self, last, index);
}

/* Brings the root up to date; NULL when the heap is empty. */
static VclockTimerEntry *
heap_peek (VclockTimerQueue *self)
{
  while (self->n_items > 0)
    {
      VclockTimerItem item = self->items[0];

      if (!vclock_timer_item_is_stale (&item))
        return item.entry;

      item.key = item.entry->deadline;
      item.entry->heap_order = item.entry->order;
      vclock_timer_queue_sift_down (self, item, 0);
    }

  return NULL;
}

static void
remove_due (VclockTimerQueue *self,
            VclockTimerEntry *entry)
{
  self->due[entry->index].entry = NULL;
  entry->state = VCLOCK_TIMER_ENTRY_IDLE;

  while (self->first_due < self->end_due && self->due[self->first_due].entry == NULL)
    self->first_due++;
  if (self->first_due == self->end_due)
    self->first_due = self->end_due = 0;
}

/* How much of the clock's time passes in so many microseconds of the host's. */
static VclockTime
get_spin_span (VclockTimerQueue *self,
               guint             spin)
{
  return vclock_time_from_wide ((VclockWide) spin * VCLOCK_NSEC_PER_USEC * VCLOCK_NSEC_PER_SEC /
                                self->host_second);
}

static G_NO_INLINE VclockTime
get_moved_wakeup (const VclockTimerEntry *entry)
{
  const VclockTimerTraits *traits = entry->traits;

  if (traits->spin > 0)
    return vclock_time_subtract (entry->deadline, get_spin_span (entry->queue, traits->spin));

  return vclock_time_add (entry->deadline, traits->slack);
}

static inline VclockTime
get_entry_wakeup (const VclockTimerEntry *entry)
{
  return G_LIKELY (!entry->traits->is_own) ? entry->deadline : get_moved_wakeup (entry);
}

/* Until it has planned anew, the listener need not be told again. */
static inline void
tell_listener (VclockTimerQueue *self)
{
  self->planned = VCLOCK_TIMER_QUEUE_UNPLANNED;
  if (self->changed != NULL)
    self->changed (self);
}

/* A queue without lists and listener, with one user. */
VclockTimerQueue *
vclock_timer_queue_new (VclockClock  *clock,
                        GMainContext *context,
                        int           priority)
{
  VclockTimerQueue *self = g_new0 (VclockTimerQueue, 1);

  self->clock = g_object_ref (clock);
  self->context = context;
  self->priority = priority;
  self->n_users = 1;
  self->enabled = TRUE;
  self->planned = VCLOCK_TIME_NEVER;
  self->host_second = VCLOCK_NSEC_PER_SEC;

  return self;
}

/* Frees a queue that vclock_timer_queue_release () said nobody uses. Without the lock: the
 * clock may be finalized in it. */
void
vclock_timer_queue_free (VclockTimerQueue *self)
{
  g_assert (vclock_timer_queue_is_empty (self));

  g_object_unref (self->clock);
  g_free (self->due);
  g_free (self->items);
  g_free (self);
}

/* Ends one use; TRUE if it was the last and the caller must free the queue after unlocking. */
gboolean
vclock_timer_queue_release (VclockTimerQueue *self)
{
  g_assert (self->n_users > 0);

  if (--self->n_users > 0)
    return FALSE;

  if (self->clock_list != NULL)
    g_ptr_array_remove_fast (self->clock_list, self);
  if (self->alarm_list != NULL)
    g_ptr_array_remove_fast (self->alarm_list, self);

  return TRUE;
}

/* Arms or rearms; FALSE, and the entry is idle, if the queue's context has gone away. */
gboolean
vclock_timer_queue_arm (VclockTimerQueue *self,
                        VclockTimerEntry *entry,
                        VclockTime        deadline)
{
  VclockTime old_deadline;
  VclockTime old_wakeup = VCLOCK_TIME_NEVER;

  if (G_UNLIKELY (self->context == NULL || entry->state == VCLOCK_TIMER_ENTRY_DUE))
    vclock_timer_queue_disarm (self, entry);
  if (G_UNLIKELY (self->context == NULL))
    return FALSE;

  if (entry->state == VCLOCK_TIMER_ENTRY_ARMED)
    old_wakeup = get_entry_wakeup (entry);

  old_deadline = entry->deadline;
  entry->deadline = deadline;
  entry->order = ++last_order;
  vclock_timer_queue_note_change ();

  if (entry->state == VCLOCK_TIMER_ENTRY_IDLE)
    {
      heap_insert (self, entry);
    }
  else if (deadline < old_deadline && deadline < self->items[entry->index].key)
    {
      entry->heap_order = entry->order;
      sift_up (self, (VclockTimerItem) { deadline, entry }, entry->index);
    }

  if (G_UNLIKELY (get_entry_wakeup (entry) < self->planned ||
                  (old_wakeup <= self->planned && old_wakeup != VCLOCK_TIME_NEVER)))
    tell_listener (self);

  return TRUE;
}

/* Takes an entry from the due ones, because its turn has come. */
void
vclock_timer_queue_remove_due (VclockTimerQueue *self,
                               VclockTimerEntry *entry)
{
  if (self->turn == entry)
    self->turn = NULL;

  remove_due (self, entry);
}

/* Returns whether the entry was armed or due, and now will never expire. */
gboolean
vclock_timer_queue_disarm (VclockTimerQueue *self,
                           VclockTimerEntry *entry)
{
  if (self->turn == entry)
    self->turn = NULL;

  switch ((VclockTimerEntryState) entry->state)
    {
    case VCLOCK_TIMER_ENTRY_ARMED:
      heap_remove (self, entry);
      if (G_UNLIKELY (get_entry_wakeup (entry) <= self->planned))
        tell_listener (self);
      return TRUE;

    case VCLOCK_TIMER_ENTRY_DUE:
      remove_due (self, entry);
      return TRUE;

    case VCLOCK_TIMER_ENTRY_IDLE:
    default:
      return FALSE;
    }
}

void
vclock_timer_queue_set_slack (VclockTimerQueue *self,
                              VclockTimerEntry *entry,
                              VclockTime        slack)
{
  if (slack != entry->traits->slack)
    vclock_timer_entry_own_traits (entry)->slack = slack;

  if (entry->state == VCLOCK_TIMER_ENTRY_ARMED)
    tell_listener (self);
}

void
vclock_timer_queue_set_spin (VclockTimerQueue *self,
                             VclockTimerEntry *entry,
                             guint             spin)
{
  if (spin != entry->traits->spin)
    vclock_timer_entry_own_traits (entry)->spin = spin;
  self->spin = MAX (self->spin, spin);

  if (entry->state == VCLOCK_TIMER_ENTRY_ARMED)
    tell_listener (self);
}

gboolean
vclock_timer_queue_is_empty (VclockTimerQueue *self)
{
  return self->n_items == 0 && self->first_due == self->end_due;
}

/* The next deadline of all entries that have none of the attributes, due ones included. Looking for
 * attributes walks the whole heap. */
VclockTime
vclock_timer_queue_get_deadline (VclockTimerQueue      *self,
                                 VclockTimerAttributes  without)
{
  VclockTime deadline = VCLOCK_TIME_NEVER;

  for (guint i = self->first_due; i < self->end_due; i++)
    {
      VclockTimerEntry *entry = self->due[i].entry;

      if (entry != NULL && (entry->traits->attributes & without) == 0)
        deadline = MIN (deadline, entry->deadline);
    }

  if (without == VCLOCK_TIMER_ATTRIBUTES_NONE)
    {
      VclockTimerEntry *first = heap_peek (self);

      return first != NULL ? MIN (deadline, first->deadline) : deadline;
    }

  for (guint i = 0; i < self->n_items; i++)
    if ((self->items[i].entry->traits->attributes & without) == 0)
      deadline = MIN (deadline, self->items[i].entry->deadline);

  return deadline;
}

/* Lowers @wakeup to that of the subtree at @index. A subtree whose deadlines all lie behind @wakeup,
 * by @span which is the longest that a timer spins, cannot lower it, so only entries that will be
 * due at the wakeup are looked at. */
static VclockTime
lower_wakeup (VclockTimerQueue *self,
              guint             index,
              VclockTime        span,
              VclockTime        wakeup)
{
  guint end = MIN (index * N_CHILDREN + 1 + N_CHILDREN, self->n_items);

  wakeup = MIN (wakeup, get_entry_wakeup (self->items[index].entry));
  for (guint child = index * N_CHILDREN + 1; child < end; child++)
    if (vclock_time_subtract (self->items[child].key, span) < wakeup)
      wakeup = lower_wakeup (self, child, span, wakeup);

  return wakeup;
}

/* The time by which somebody must be woken for this queue: the earliest deadline plus
 * slack or less spin. */
VclockTime
vclock_timer_queue_get_wakeup (VclockTimerQueue *self)
{
  VclockTimerEntry *first = heap_peek (self);

  if (first == NULL)
    return VCLOCK_TIME_NEVER;

  if (first->traits->slack == 0 && self->spin == 0)
    return first->deadline;

  return lower_wakeup (self, 0, get_spin_span (self, self->spin), VCLOCK_TIME_NEVER);
}

gboolean
vclock_timer_queue_has_due (VclockTimerQueue *self,
                            VclockTime        now)
{
  VclockTimerEntry *first;

  if (vclock_timer_queue_get_first_due (self) != NULL)
    return TRUE;

  first = heap_peek (self);

  return first != NULL && first->deadline <= now && first->deadline != VCLOCK_TIME_NEVER;
}

/* The first due entry that does not need a main loop. */
VclockTimerEntry *
vclock_timer_queue_get_first_due_here (VclockTimerQueue *self)
{
  for (guint i = self->first_due; i < self->end_due; i++)
    {
      VclockTimerEntry *entry = self->due[i].entry;

      if (entry != NULL && !entry->traits->funcs->needs_loop)
        return entry;
    }

  return NULL;
}

/* The next time at which a pass has something to do, with a main loop or without. What is due stays
 * so when the clock, which says @now, has been set back. */
VclockTime
vclock_timer_queue_get_next (VclockTimerQueue *self,
                             gboolean          has_loop,
                             VclockTime        now)
{
  VclockTimerEntry *entry = has_loop ? vclock_timer_queue_get_first_due (self)
                                     : vclock_timer_queue_get_first_due_here (self);

  if (entry != NULL)
    return MIN (entry->deadline, now);

  entry = heap_peek (self);

  return entry != NULL ? entry->deadline : VCLOCK_TIME_NEVER;
}

/* Lowers @next to the earliest deadline after @now in the subtree at @index. Nothing in a subtree is
 * earlier than its key, so only what is due is walked over. */
static VclockTime
lower_next_after (VclockTimerQueue *self,
                  guint             index,
                  VclockTime        now,
                  VclockTime        next)
{
  if (index >= self->n_items || self->items[index].key >= next)
    return next;

  if (self->items[index].entry->deadline > now)
    next = MIN (next, self->items[index].entry->deadline);
  for (guint child = index * N_CHILDREN + 1; child <= index * N_CHILDREN + N_CHILDREN; child++)
    next = lower_next_after (self, child, now, next);

  return next;
}

/* The next deadline that has not been reached at @now. */
VclockTime
vclock_timer_queue_get_next_after (VclockTimerQueue *self,
                                   VclockTime        now)
{
  return lower_next_after (self, 0, now, VCLOCK_TIME_NEVER);
}

/* Disarms some entry and returns it; NULL when there is none left. */
VclockTimerEntry *
vclock_timer_queue_steal (VclockTimerQueue *self)
{
  VclockTimerEntry *entry = vclock_timer_queue_get_first_due (self);

  if (entry != NULL)
    remove_due (self, entry);
  else if ((entry = heap_peek (self)) != NULL)
    heap_remove (self, entry);

  return entry;
}

/* How often a timer was armed, in all queues. */
guint64
vclock_timer_queue_get_n_armed (void)
{
  return last_order;
}

/* Calls @func, which must change nothing, for all that are due or armed, in no order. */
void
vclock_timer_queue_foreach (VclockTimerQueue     *self,
                            VclockTimerEntryFunc  func,
                            gpointer              user_data)
{
  for (guint i = self->first_due; i < self->end_due; i++)
    if (self->due[i].entry != NULL)
      func (self->due[i].entry, user_data);
  for (guint i = 0; i < self->n_items; i++)
    func (self->items[i].entry, user_data);
}

/* Records what has happened to an entry, if its clock is recorded; @record lacks only who it is. */
void
vclock_timer_queue_record (VclockTimerQueue   *self,
                           VclockTimerEntry   *entry,
                           const VclockRecord *record)
{
  VclockRecord full = *record;
  VclockTimerTraits *traits;

  if (self->ring == NULL)
    return;

  traits = vclock_timer_entry_own_traits (entry);
  full.timer = vclock_ring_get_number (self->ring, &traits->number);
  full.name = traits->name;
  full.clock = self->number;
  vclock_ring_record (self->ring, &full);
}

/* Whether all invariants hold. */
gboolean
vclock_timer_queue_check (VclockTimerQueue *self)
{
  for (guint i = 0; i < self->n_items; i++)
    {
      const VclockTimerItem *item = &self->items[i];

      if (item->entry->index != i ||
          item->entry->state != VCLOCK_TIMER_ENTRY_ARMED ||
          item->key > item->entry->deadline ||
          item->entry->heap_order > item->entry->order ||
          (!vclock_timer_item_is_stale (item) && item->key != item->entry->deadline) ||
          (i > 0 && vclock_timer_item_is_before (item, &self->items[(i - 1) / N_CHILDREN])))
        return FALSE;
    }

  for (guint i = self->first_due; i < self->end_due; i++)
    {
      const VclockTimerEntry *entry = self->due[i].entry;

      if (entry == NULL ? i == self->first_due
                        : entry->index != i || entry->state != VCLOCK_TIMER_ENTRY_DUE)
        return FALSE;
    }

  return TRUE;
}
