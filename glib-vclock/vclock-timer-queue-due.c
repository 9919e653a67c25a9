/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-host-private.h>
#include <glib-vclock/vclock-timer-queue-private.h>
#include <string.h>

/* Taking what is due: it is cut off from the heap as a whole, sorted by (deadline, order of arming)
 * and joined to the due entries.
 *
 * A few are sorted by merging. Many are dealt by one byte of their keys after the other, beginning
 * with the lowest: what is due at once lies near together, so that few bytes differ. Those with the
 * same key, which mostly stand in order by then, are merged. */

#define N_CHILDREN VCLOCK_TIMER_QUEUE_CHILDREN

#define N_MERGED 48 /* at most so many are a few */
#define N_BYTES  256

/* How far ahead entries are fetched. */
#define N_AHEAD 8

static void
merge_sort (VclockTimerItem *items,
            guint            n_items,
            VclockTimerItem *scratch)
{
  const guint n_left = n_items / 2;
  const VclockTimerItem *left = scratch;
  const VclockTimerItem *end_left = scratch + n_left;
  const VclockTimerItem *right = items + n_left;
  const VclockTimerItem *end_right = items + n_items;

  if (n_left > 1)
    merge_sort (items, n_left, scratch);
  if (n_items - n_left > 1)
    merge_sort (items + n_left, n_items - n_left, scratch);
  if (!vclock_timer_item_is_before (right, right - 1))
    return;

  memcpy (scratch, items, n_left * sizeof (VclockTimerItem));
  while (left < end_left && right < end_right)
    {
      /* Nobody can foresee which, so there is no branch. */
      gsize takes_right = right->key < left->key;
      const VclockTimerItem *heads[] = { left, right };

      if (G_UNLIKELY (right->key == left->key))
        takes_right = vclock_timer_item_is_before (right, left);

      *items++ = *heads[takes_right];
      right += takes_right;
      left += 1 - takes_right;
    }
  memcpy (items, left, (end_left - left) * sizeof (VclockTimerItem));
}

/* Sorts by one byte of how much later than @first the keys are. */
static void
deal (const VclockTimerItem *items,
      VclockTimerItem       *dealt,
      guint                  n_items,
      VclockTime             first,
      guint                  shift)
{
  guint places[N_BYTES] = { 0 };
  guint next = 0;

  for (guint i = 0; i < n_items; i++)
    places[(((guint64) items[i].key - (guint64) first) >> shift) % N_BYTES]++;

  for (guint i = 0; i < N_BYTES; i++)
    {
      guint n = places[i];

      places[i] = next;
      next += n;
    }

  for (guint i = 0; i < n_items; i++)
    dealt[places[(((guint64) items[i].key - (guint64) first) >> shift) % N_BYTES]++] = items[i];
}

/* Sorts those that have the same key by the order of arming. */
static void
sort_ties (VclockTimerItem *items,
           guint            n_items,
           VclockTimerItem *scratch)
{
  guint end;

  for (guint begin = 0; begin < n_items; begin = end)
    {
      gboolean is_sorted = TRUE;

      for (end = begin + 1; end < n_items && items[end].key == items[begin].key; end++)
        is_sorted = is_sorted && vclock_timer_item_is_before (&items[end - 1], &items[end]);
      if (!is_sorted)
        merge_sort (items + begin, end - begin, scratch);
    }
}

static void
sort_many (VclockTimerItem *items,
           guint            n_items,
           VclockTimerItem *scratch)
{
  VclockTimerItem *from = items;
  VclockTimerItem *to = scratch;
  VclockTime first = items[0].key;
  VclockTime last = items[0].key;

  for (guint i = 1; i < n_items; i++)
    {
      first = MIN (first, items[i].key);
      last = MAX (last, items[i].key);
    }

  for (guint shift = 0; shift < 64 && ((guint64) last - (guint64) first) >> shift > 0; shift += 8)
    {
      VclockTimerItem *dealt = to;

      deal (from, to, n_items, first, shift);
      to = from;
      from = dealt;
    }

  if (from != items)
    memcpy (items, from, n_items * sizeof (VclockTimerItem));
  sort_ties (items, n_items, scratch);
}

static VclockTime
get_due_at (const VclockDueMap *map,
            VclockTime          deadline)
{
  VclockWide before;

  if (G_UNLIKELY (map->translate != NULL))
    return map->translate (map, deadline);

  before = (VclockWide) map->now - deadline;
  if (G_UNLIKELY (map->span != VCLOCK_DUE_MAP_SPAN))
    before = before * map->span / VCLOCK_DUE_MAP_SPAN;

  return vclock_time_from_wide (map->at - before);
}

static G_NO_INLINE VclockTime
get_time_of_loop (const VclockDueMap *map)
{
  if (*map->at_loop == 0)
    *map->at_loop = vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC);

  return *map->at_loop;
}

/* Makes room for @n_new items behind those that are due. */
static void
make_room (VclockTimerQueue *self,
           guint             n_new)
{
  const guint n_due = self->end_due - self->first_due;

  if (self->n_due_allocated - self->end_due >= n_new)
    return;

  if (self->n_due_allocated < n_new + 2 * n_due)
    {
      self->n_due_allocated = MAX (16, n_new + 2 * n_due);
      self->due = g_renew (VclockTimerItem, self->due, self->n_due_allocated);
    }
  memmove (self->due, self->due + self->first_due, n_due * sizeof (VclockTimerItem));
  self->first_due = 0;
  self->end_due = n_due;
  for (guint i = 0; i < n_due; i++)
    if (self->due[i].entry != NULL)
      self->due[i].entry->index = i;
}

static void
append_due (VclockTimerQueue   *self,
            VclockTimerEntry   *entry,
            const VclockDueMap *map)
{
  VclockTime at = get_due_at (map, entry->deadline);

  if (entry->traits->funcs->needs_loop && map->at_loop != NULL)
    at = get_time_of_loop (map);
  entry->state = VCLOCK_TIMER_ENTRY_DUE;
  entry->index = self->end_due++;
  self->due[entry->index] = (VclockTimerItem) { at, entry };
}

/* Brings an item up to date and says whether it is due by @now. */
static inline gboolean
item_is_due (VclockTimerItem *item,
             VclockTime       now)
{
  if (item->key <= now && vclock_timer_item_is_stale (item))
    {
      item->key = item->entry->deadline;
      item->entry->heap_order = item->entry->order;
    }

  return item->key <= now;
}

/* Moves the items of the subtree at @index that are due by @now from the heap into the places behind
 * its end. Each of them leaves its place to the last item of the heap, and that one may be due as
 * well: if all are, none is moved. */
static void
cut_due (VclockTimerQueue *self,
         guint             index,
         VclockTime        now)
{
  const guint child = index * N_CHILDREN + 1;
  const guint end = MIN (child + N_CHILDREN, self->n_items);
  guint n_due = 0;

  for (guint i = child; i < end; i++)
    if (self->items[i].key <= now)
      {
        __builtin_prefetch (self->items[i].entry, TRUE);
        n_due++;
      }
  for (guint i = child; n_due > 0 && i < end && i < self->n_items; i++)
    if (self->items[i].key <= now)
      cut_due (self, i, now);

  if (item_is_due (&self->items[index], now))
    {
      VclockTimerItem due = self->items[index];
      guint last;

      do
        last = --self->n_items;
      while (last > index && item_is_due (&self->items[last], now));

      if (last == index)
        return;

      self->items[index] = self->items[last];
      self->items[last] = due;
    }

  vclock_timer_queue_sift_down (self, self->items[index], index);
}

/* Moves what is due from the heap to the end of the due entries, in order of (deadline, arming). */
void
vclock_timer_queue_take_due (VclockTimerQueue   *self,
                             const VclockDueMap *map)
{
  const VclockTime now = MIN (map->now, VCLOCK_TIME_NEVER - 1);
  const guint old_n_items = self->n_items;
  VclockTimerItem *items;
  guint n_new;

  if (map->pass != 0)
    {
      self->now = map->now;
      self->pass = map->pass;
    }
  if (self->n_items == 0 || self->items[0].key > now)
    return;

  cut_due (self, 0, now);
  items = self->items + self->n_items;
  n_new = old_n_items - self->n_items;
  make_room (self, n_new);
  if (n_new > N_MERGED)
    sort_many (items, n_new, self->due + self->end_due);
  else if (n_new > 1)
    merge_sort (items, n_new, self->due + self->end_due);

  for (guint i = 0; i < n_new; i++)
    {
      if (i + N_AHEAD < n_new)
        __builtin_prefetch (items[i + N_AHEAD].entry, TRUE);
      append_due (self, items[i].entry, map);
    }
}
