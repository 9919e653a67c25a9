/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib-vclock/glib-vclock.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-timer-queue-private.h>

/* The reference: an array in order of (deadline, arming), and another of what is due. */

typedef struct
{
  VclockTimerEntry entry;

  /* What the reference knows. */
  gboolean   armed;
  gboolean   due;
  VclockTime deadline;
  VclockTime slack;
  guint64    order;
} Item;

typedef struct
{
  VclockTimerQueue *queue;
  GArray           *items;       /* (element-type Item) */
  GPtrArray        *armed;       /* (element-type Item): sorted */
  GPtrArray        *due;         /* (element-type Item): in the order of taking */
  guint64           last_order;
  VclockTime        now;
  gboolean          was_told;    /* changed () was called since the last plan */
  guint             n_told;      /* how often it was, ever */
} Fixture;

static void
changed_cb (VclockTimerQueue *queue)
{
  Fixture *self = queue->listener;

  self->was_told = TRUE;
  self->n_told++;
}

static void
set_up (Fixture *self,
        guint    n_items)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  static const VclockTimerEntryFuncs funcs = { .needs_loop = FALSE };
  static const VclockTimerTraits traits = { .funcs = &funcs };

  *self = (Fixture) { 0 };
  self->queue = vclock_timer_queue_new (VCLOCK_CLOCK (clock), g_main_context_default (), 0);
  self->queue->changed = changed_cb;
  self->queue->listener = self;
  self->items = g_array_new (FALSE, TRUE, sizeof (Item));
  g_array_set_size (self->items, n_items);
  self->armed = g_ptr_array_new ();
  self->due = g_ptr_array_new ();
  for (guint i = 0; i < n_items; i++)
    vclock_timer_entry_init (&g_array_index (self->items, Item, i).entry, &traits);
}

static void
tear_down (Fixture *self)
{
  g_autoptr (VclockClock) clock = g_object_ref (self->queue->clock);
  gboolean unused;

  vclock_lock ();
  while (vclock_timer_queue_steal (self->queue) != NULL)
    ;
  unused = vclock_timer_queue_release (self->queue);
  vclock_unlock ();
  g_assert_true (unused);
  vclock_timer_queue_free (self->queue);
  for (guint i = 0; i < self->items->len; i++)
    vclock_timer_entry_clear (&g_array_index (self->items, Item, i).entry);
  g_array_unref (self->items);
  g_ptr_array_unref (self->armed);
  g_ptr_array_unref (self->due);
  g_assert_finalize_object (g_steal_pointer (&clock));
}

static gboolean
model_disarm (Fixture *self,
              Item    *item)
{
  gboolean was_armed = item->armed || item->due;

  if (item->armed)
    g_ptr_array_remove (self->armed, item);
  if (item->due)
    g_ptr_array_remove (self->due, item);
  item->armed = item->due = FALSE;

  return was_armed;
}

static void
model_arm (Fixture    *self,
           Item       *item,
           VclockTime  deadline)
{
  guint i = 0;

  model_disarm (self, item);
  item->armed = TRUE;
  item->deadline = deadline;
  item->order = ++self->last_order;
  while (i < self->armed->len &&
         ((Item *) g_ptr_array_index (self->armed, i))->deadline <= deadline)
    i++;
  g_ptr_array_insert (self->armed, (int) i, item);
}

static void
model_take_due (Fixture *self)
{
  while (self->armed->len > 0)
    {
      Item *item = g_ptr_array_index (self->armed, 0);

      if (item->deadline > self->now || item->deadline == VCLOCK_TIME_NEVER)
        break;

      g_ptr_array_remove_index (self->armed, 0);
      item->armed = FALSE;
      item->due = TRUE;
      g_ptr_array_add (self->due, item);
    }
}

static VclockTime
model_get_deadline (Fixture               *self,
                    VclockTimerAttributes  without)
{
  VclockTime deadline = VCLOCK_TIME_NEVER;

  for (guint i = 0; i < self->items->len; i++)
    {
      Item *item = &g_array_index (self->items, Item, i);

      if ((item->armed || item->due) && (item->entry.traits->attributes & without) == 0)
        deadline = MIN (deadline, item->deadline);
    }

  return deadline;
}

static VclockTime
model_get_next_after (Fixture    *self,
                      VclockTime  now)
{
  for (guint i = 0; i < self->armed->len; i++)
    if (((Item *) g_ptr_array_index (self->armed, i))->deadline > now)
      return ((Item *) g_ptr_array_index (self->armed, i))->deadline;

  return VCLOCK_TIME_NEVER;
}

static VclockTime
model_get_wakeup (Fixture *self)
{
  VclockTime wakeup = VCLOCK_TIME_NEVER;

  for (guint i = 0; i < self->armed->len; i++)
    {
      Item *item = g_ptr_array_index (self->armed, i);

      wakeup = MIN (wakeup, vclock_time_add (item->deadline, item->slack));
    }

  return wakeup;
}

static void
arm (Fixture    *self,
     Item       *item,
     VclockTime  deadline)
{
  model_arm (self, item, deadline);
  g_assert_true (vclock_timer_queue_arm (self->queue, &item->entry, deadline));
}

static void
take_due (Fixture    *self,
          VclockTime  now)
{
  const VclockDueMap map = { .pass = 1, .now = now, .at = now, .span = VCLOCK_DUE_MAP_SPAN };

  self->now = now;
  model_take_due (self);
  vclock_timer_queue_take_due (self->queue, &map);
}

static void
compare (Fixture *self)
{
  Item *first_due = self->due->len > 0 ? g_ptr_array_index (self->due, 0) : NULL;
  VclockTime wakeup = vclock_timer_queue_get_wakeup (self->queue);
  Item *first = self->armed->len > 0 ? g_ptr_array_index (self->armed, 0) : NULL;

  g_assert_cmpuint (self->queue->n_items, ==, self->armed->len);
  g_assert_cmpint (vclock_timer_queue_is_empty (self->queue), ==,
                   self->armed->len + self->due->len == 0);
  g_assert_cmpint (wakeup, ==, model_get_wakeup (self));
  g_assert_cmpint (vclock_timer_queue_get_deadline (self->queue, VCLOCK_TIMER_ATTRIBUTES_NONE),
                   ==, model_get_deadline (self, VCLOCK_TIMER_ATTRIBUTES_NONE));
  g_assert_cmpint (vclock_timer_queue_has_due (self->queue, self->now), ==,
                   first_due != NULL || (first != NULL && first->deadline <= self->now &&
                                         first->deadline != VCLOCK_TIME_NEVER));
  g_assert_true (vclock_timer_queue_get_first_due (self->queue) == (VclockTimerEntry *) first_due);

  /* Who has planned for a wakeup that is not the right one any more has been told. */
  if (wakeup != self->queue->planned)
    g_assert_true (self->was_told);
}

static void
plan (Fixture *self)
{
  self->queue->planned = vclock_timer_queue_get_wakeup (self->queue);
  self->was_told = FALSE;
}

static VclockTime
random_deadline (Fixture *self)
{
  static const VclockTime special[] = {
    G_MININT64, G_MININT64 + 1, -1, 0, 1, VCLOCK_TIME_NEVER - 1, VCLOCK_TIME_NEVER,
  };

  if (g_test_rand_int_range (0, 50) == 0)
    return special[g_test_rand_int_range (0, G_N_ELEMENTS (special))];

  return self->now + g_test_rand_int_range (-5, 40);
}

static VclockTime
random_slack (void)
{
  int slack = g_test_rand_int_range (-30, 30);

  return g_test_rand_int_range (0, 20) == 0 ? VCLOCK_TIME_NEVER : MAX (0, slack);
}

static void
do_random (Fixture *self)
{
  Item *item = &g_array_index (self->items, Item,
                               g_test_rand_int_range (0, (int) self->items->len));
  VclockTimerEntry *entry = &item->entry;
  VclockTime deadline = item->deadline;
  gboolean was_armed;

  switch (g_test_rand_int_range (0, 10))
    {
    case 0:
    case 1:
      arm (self, item, random_deadline (self));
      break;
    case 2:
      arm (self, item, vclock_time_add (deadline, g_test_rand_int_range (0, 20)));
      break;
    case 3:
      arm (self, item, vclock_time_subtract (deadline, g_test_rand_int_range (0, 20)));
      break;
    case 4:
      arm (self, item, deadline);
      break;
    case 5:
      was_armed = model_disarm (self, item);
      g_assert_cmpint (vclock_timer_queue_disarm (self->queue, entry), ==, was_armed);
      break;
    case 6:
      take_due (self, self->now + g_test_rand_int_range (-3, 10));
      plan (self);
      break;
    case 7:
      item->slack = random_slack ();
      vclock_timer_queue_set_slack (self->queue, entry, item->slack);
      vclock_timer_entry_own_traits (entry)->attributes = g_test_rand_bit () ? VCLOCK_TIMER_ATTRIBUTES_EXTERNAL : 0;
      break;
    case 8:
      if ((entry = vclock_timer_queue_get_first_due (self->queue)) != NULL)
        {
          g_assert_true (model_disarm (self, (Item *) entry));
          g_assert_true (vclock_timer_queue_disarm (self->queue, entry));
        }
      break;
    default:
      g_assert_cmpint (vclock_timer_queue_get_deadline (self->queue,
                                                        VCLOCK_TIMER_ATTRIBUTES_EXTERNAL),
                       ==, model_get_deadline (self, VCLOCK_TIMER_ATTRIBUTES_EXTERNAL));
      g_assert_cmpint (vclock_timer_queue_get_next_after (self->queue, self->now + 5), ==,
                       model_get_next_after (self, self->now + 5));
      plan (self);
    }
}

/* Everything that is left comes out in order. */
static void
drain (Fixture *self)
{
  take_due (self, VCLOCK_TIME_NEVER);
  while (self->due->len > 0)
    {
      Item *item = g_ptr_array_index (self->due, 0);

      g_assert_true (vclock_timer_queue_get_first_due (self->queue) == &item->entry);
      g_assert_cmpint (item->entry.deadline, ==, item->deadline);
      g_assert_true (vclock_timer_queue_disarm (self->queue, &item->entry));
      model_disarm (self, item);
    }

  /* What is armed for never is not due even then. */
  for (guint i = 0; i < self->armed->len; i++)
    g_assert_cmpint (((Item *) g_ptr_array_index (self->armed, i))->deadline, ==,
                     VCLOCK_TIME_NEVER);
}

/* After any operations the queue is what a sorted array would be. */
static void
test_random (gconstpointer data)
{
  guint n_items = GPOINTER_TO_UINT (data);
  guint n_operations = g_test_quick () ? 210000 : 2000000;
  Fixture fixture;

  g_test_message ("%u operations on %u entries; the seed stands above", n_operations, n_items);
  set_up (&fixture, n_items);
  vclock_lock ();
  for (guint i = 0; i < n_operations; i++)
    {
      do_random (&fixture);
      if (n_items <= 64)
        g_assert_true (vclock_timer_queue_check (fixture.queue));
      compare (&fixture);
    }
  g_assert_true (vclock_timer_queue_check (fixture.queue));
  drain (&fixture);
  vclock_unlock ();
  tear_down (&fixture);
}

/* The listener is told once, whatever happens until it has planned anew. */
static void
test_told_once (void)
{
  Fixture fixture;

  set_up (&fixture, 3);
  vclock_lock ();
  for (guint plans = 1; plans <= 3; plans++)
    {
      for (guint i = 0; i < 3; i++)
        arm (&fixture, &g_array_index (fixture.items, Item, i), 100 - 10 * i - plans);
      g_assert_cmpuint (fixture.n_told, ==, plans);
      plan (&fixture);
    }
  arm (&fixture, &g_array_index (fixture.items, Item, 0), 200);
  g_assert_cmpuint (fixture.n_told, ==, 3);
  drain (&fixture);
  vclock_unlock ();
  tear_down (&fixture);
}

/* G1: 1000 equal deadlines come out in the order in which they were armed last. */
static void
test_equal_deadlines (void)
{
  Fixture fixture;

  set_up (&fixture, 1000);
  vclock_lock ();
  for (guint i = 0; i < 1000; i++)
    arm (&fixture, &g_array_index (fixture.items, Item, i), 100);
  for (guint i = 0; i < 5000; i++)
    arm (&fixture, &g_array_index (fixture.items, Item, g_test_rand_int_range (0, 1000)), 100);
  take_due (&fixture, 100);
  g_assert_cmpuint (fixture.due->len, ==, 1000);
  drain (&fixture);
  vclock_unlock ();
  tear_down (&fixture);
}

/* Thousands that are due at once come out in order, also those that share a deadline and those that
 * have been rearmed to a later one; what is not due stays. */
static void
test_many_due (void)
{
  Fixture fixture;

  set_up (&fixture, 6000);
  vclock_lock ();
  for (guint i = 0; i < 6000; i++)
    arm (&fixture, &g_array_index (fixture.items, Item, g_test_rand_int_range (0, 6000)),
         g_test_rand_int_range (0, 4000));
  for (guint i = 0; i < 1000; i++)
    arm (&fixture, &g_array_index (fixture.items, Item, g_test_rand_int_range (0, 6000)),
         g_test_rand_int_range (2000, 6000));

  for (VclockTime now = 10; now < 6000; now *= 3)
    {
      take_due (&fixture, now);
      g_assert_true (vclock_timer_queue_check (fixture.queue));
      compare (&fixture);
    }
  drain (&fixture);
  vclock_unlock ();
  tear_down (&fixture);
}

/* G2: taking an entry out of the middle of the heap keeps the order, also when what fills the gap
 * belongs higher. */
static void
test_remove_sifts_both_ways (void)
{
  /* Deadlines in the order of the heap's array: removing the leaf below 100 moves 12 below 100. */
  static const VclockTime deadlines[] = { 1, 100, 10, 20, 30, 101, 102, 103, 104, 11, 12 };
  const guint n_items = G_N_ELEMENTS (deadlines);
  Fixture fixture;

  for (guint gap = 0; gap < n_items; gap++)
    {
      Item *item;

      set_up (&fixture, n_items);
      vclock_lock ();
      for (guint i = 0; i < n_items; i++)
        arm (&fixture, &g_array_index (fixture.items, Item, i), deadlines[i]);
      item = &g_array_index (fixture.items, Item, gap);
      g_assert_true (model_disarm (&fixture, item));
      g_assert_true (vclock_timer_queue_disarm (fixture.queue, &item->entry));
      g_assert_true (vclock_timer_queue_check (fixture.queue));
      drain (&fixture);
      vclock_unlock ();
      tear_down (&fixture);
    }
}

/* G3: rearming armed entries in random order never breaks the heap. */
static void
test_rearm (void)
{
  Fixture fixture;

  set_up (&fixture, 200);
  vclock_lock ();
  for (guint i = 0; i < 20000; i++)
    {
      arm (&fixture, &g_array_index (fixture.items, Item, g_test_rand_int_range (0, 200)),
           g_test_rand_int_range (0, 1000));
      g_assert_true (vclock_timer_queue_check (fixture.queue));
    }
  drain (&fixture);
  vclock_unlock ();
  tear_down (&fixture);
}

/* Deadlines translate to when they became due, earlier ones the earlier by the clock's speed. */
static void
test_due_at (void)
{
  const VclockDueMap map = { .pass = 1, .now = 1000, .at = 50000, .span = VCLOCK_DUE_MAP_SPAN * 2 };
  Fixture fixture;
  Item *items;

  set_up (&fixture, 2);
  items = (Item *) fixture.items->data;
  vclock_lock ();
  vclock_timer_queue_arm (fixture.queue, &items[0].entry, 900);
  vclock_timer_queue_arm (fixture.queue, &items[1].entry, 1000);
  vclock_timer_queue_take_due (fixture.queue, &map);
  g_assert_cmpint (fixture.queue->due[items[0].entry.index].key, ==, 49800);
  g_assert_cmpint (fixture.queue->due[items[1].entry.index].key, ==, 50000);
  g_assert_cmpint (fixture.queue->now, ==, 1000);
  vclock_unlock ();
  tear_down (&fixture);
}

/* A queue whose context has gone away takes nothing, and lets go of what it had. */
static void
test_context_gone (void)
{
  Fixture fixture;
  Item *item;

  set_up (&fixture, 1);
  item = (Item *) fixture.items->data;
  vclock_lock ();
  g_assert_true (vclock_timer_queue_arm (fixture.queue, &item->entry, 5));
  fixture.queue->context = NULL;
  g_assert_false (vclock_timer_queue_arm (fixture.queue, &item->entry, 7));
  g_assert_cmpint (item->entry.state, ==, VCLOCK_TIMER_ENTRY_IDLE);
  g_assert_true (vclock_timer_queue_is_empty (fixture.queue));
  vclock_unlock ();
  tear_down (&fixture);
}

int
main (int   argc,
      char *argv[])
{
  static const guint sizes[] = { 1, 2, 5, 17, 64, 300 };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/timer-queue/random/%u", sizes[i]);

      g_test_add_data_func (path, GUINT_TO_POINTER (sizes[i]), test_random);
    }
  g_test_add_func ("/timer-queue/told-once", test_told_once);
  g_test_add_func ("/timer-queue/equal-deadlines", test_equal_deadlines);
  g_test_add_func ("/timer-queue/many-due", test_many_due);
  g_test_add_func ("/timer-queue/remove-sifts-both-ways", test_remove_sifts_both_ways);
  g_test_add_func ("/timer-queue/rearm", test_rearm);
  g_test_add_func ("/timer-queue/due-at", test_due_at);
  g_test_add_func ("/timer-queue/context-gone", test_context_gone);

  return g_test_run ();
}
