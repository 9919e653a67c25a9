/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-error.h>
#include <glib-vclock/vclock-host-private.h>
#include <glib-vclock/vclock-lock-private.h>
#include <inttypes.h>

/* Who waits: the armed timers of a clock and of those that follow it, in words.
 *
 * Timers can only be looked at with the lock, clocks only be read without it, and the loader and
 * translations have locks of their own. So: with the lock, take a use of each queue, which holds
 * its clock too; read the clocks; with the lock again, copy what is to be told; then put it in
 * words. */

#define MAX_LINES 20

typedef struct
{
  VclockTimerQueue *queue; /* (owned by this use of it) */
  VclockTime        now;
} Held;

/* One armed timer, as it was under the lock. */
typedef struct
{
  char          *name;       /* (owned) (nullable) */
  gboolean       is_source;
  gboolean       is_due;
  gboolean       is_enabled;
  gboolean       is_here;    /* its context is the calling thread's */
  VclockClock   *clock;      /* (unowned): its queue has it */
  GMainContext  *context;    /* (unowned): only compared */
  const char    *why_stands; /* (nullable): its clock, to be translated */
  VclockTime     deadline;
  VclockTime     now;
  guint64        order;
  gconstpointer  armed_at;   /* (nullable) */
} Waiting;

typedef struct
{
  VclockClock  *clock;
  GMainContext *context;  /* (unowned): the calling thread's */
  GArray       *held;     /* (element-type Held) */
  const Held   *current;
  GArray       *waiting;  /* (element-type Waiting): the first of them, in order */
  GPtrArray    *others;   /* (element-type GMainContext) (unowned): by their numbers */
  guint         n_timers;
} Listing;

static void
waiting_clear (gpointer waiting)
{
  g_free (((Waiting *) waiting)->name);
}

/* With the lock. */
static void
hold_queues (Listing     *self,
             VclockClock *clock)
{
  GPtrArray *queues = vclock_clock_get_queues (clock);
  GPtrArray *followers = vclock_clock_get_followers (clock);

  for (guint i = 0; i < queues->len; i++)
    {
      const Held held = { g_ptr_array_index (queues, i), 0 };

      if (!vclock_timer_queue_is_empty (held.queue))
        {
          held.queue->n_users++;
          g_array_append_val (self->held, held);
        }
    }

  for (guint i = 0; i < followers->len; i++)
    hold_queues (self, g_ptr_array_index (followers, i));
}

static void
read_clocks (Listing *self)
{
  for (guint i = 0; i < self->held->len; i++)
    {
      Held *held = &g_array_index (self->held, Held, i);

      if (i > 0 && held[-1].queue->clock == held->queue->clock)
        held->now = held[-1].now;
      else
        held->now = vclock_clock_get_time (held->queue->clock);
    }
}

static gboolean
waiting_is_before (const Waiting *a,
                   const Waiting *b)
{
  if (a->deadline != b->deadline)
    return a->deadline < b->deadline;

  return a->order < b->order;
}

/* With the lock: counts an entry, and copies it if it is one of the first. */
static void
add_entry (VclockTimerEntry *entry,
           gpointer          user_data)
{
  Listing *self = user_data;
  VclockTimerQueue *queue = entry->queue;
  VclockTime now = self->current->now;
  Waiting waiting = {
    .is_source = entry->traits->funcs->needs_loop,
    .is_due = entry->state == VCLOCK_TIMER_ENTRY_DUE ||
              (entry->deadline <= now && entry->deadline != VCLOCK_TIME_NEVER),
    .is_enabled = queue->enabled,
    .is_here = queue->context == self->context || g_main_context_is_owner (queue->context),
    .clock = queue->clock,
    .context = queue->context,
    .why_stands = vclock_clock_why_stands (queue->clock),
    .deadline = entry->deadline,
    .now = now,
    .order = entry->order,
    .armed_at = vclock_timer_entry_get_armed_at (entry),
  };
  guint i = self->waiting->len;

  if (entry->traits->funcs->is_destroyed != NULL && entry->traits->funcs->is_destroyed (entry))
    return;

  self->n_timers++;
  while (i > 0 && waiting_is_before (&waiting, &g_array_index (self->waiting, Waiting, i - 1)))
    i--;
  if (i >= MAX_LINES)
    return;

  waiting.name = g_strdup (entry->traits->name);
  if (self->waiting->len == MAX_LINES)
    g_array_set_size (self->waiting, MAX_LINES - 1);
  g_array_insert_val (self->waiting, i, waiting);
}

/* With the lock. A queue whose context has gone meanwhile is being emptied. */
static void
copy_waiting (Listing *self)
{
  for (guint i = 0; i < self->held->len; i++)
    {
      self->current = &g_array_index (self->held, Held, i);

      if (self->current->queue->context != NULL)
        vclock_timer_queue_foreach (self->current->queue, add_entry, self);
    }
}

static void
release_queues (Listing *self)
{
  for (guint i = 0; i < self->held->len; i++)
    {
      VclockTimerQueue *queue = g_array_index (self->held, Held, i).queue;
      gboolean unused;

      vclock_lock ();
      unused = vclock_timer_queue_release (queue);
      vclock_unlock ();

      if (unused)
        vclock_timer_queue_free (queue);
    }
}

/* 7.5 s, or 1:00:07.5 for an hour more than that. */
static char *
format_time (VclockTime time)
{
  const char *sign = time < 0 ? "-" : "";
  guint64 nanoseconds = time < 0 ? -(guint64) time : (guint64) time;
  guint64 seconds = nanoseconds / VCLOCK_NSEC_PER_SEC;
  g_autoptr (GString) fraction = g_string_new (NULL);

  g_string_printf (fraction, ".%09u", (guint) (nanoseconds % VCLOCK_NSEC_PER_SEC));
  while (fraction->len > 0 && strchr (".0", fraction->str[fraction->len - 1]) != NULL)
    g_string_truncate (fraction, fraction->len - 1);

  if (seconds < 60)
    return g_strdup_printf ("%s%u%s s", sign, (guint) seconds, fraction->str);

  return g_strdup_printf ("%s%" G_GUINT64_FORMAT ":%02u:%02u%s", sign, seconds / 3600,
                          (guint) (seconds / 60 % 60), (guint) (seconds % 60), fraction->str);
}

static void
append_name (GString       *text,
             const Waiting *waiting)
{
  /* Translators: the lines of a list begin so: 'timer “retry”: deadline 7 ns (0.000000007 s), in 3 s;
   * default main context; the clock is paused; armed at main+0x1f (program)'. */
  if (waiting->name == NULL)
    g_string_append (text, waiting->is_source ? _("unnamed timer source") : _("unnamed timer"));
  else if (waiting->is_source)
    g_string_append_printf (text, _("timer source “%s”"), waiting->name);
  else
    g_string_append_printf (text, _("timer “%s”"), waiting->name);
}

static void
append_clock (GString       *text,
              const Waiting *waiting)
{
  const char *name = vclock_clock_get_name (waiting->clock);

  if (name != NULL)
    g_string_append_printf (text, _("clock “%s”"), name);
  else
    g_string_append (text, _("a clock without a name"));
  g_string_append (text, "; ");
}

static void
append_deadline (GString       *text,
                 const Waiting *waiting)
{
  VclockTime span = vclock_time_subtract (waiting->deadline, waiting->now);
  g_autofree char *deadline = format_time (waiting->deadline);
  g_autofree char *distance = format_time (ABS (MAX (span, -VCLOCK_TIME_NEVER)));

  if (waiting->deadline == VCLOCK_TIME_NEVER)
    {
      g_string_append (text, _("its deadline is never"));
      return;
    }

  /* Translators: a point in time, in nanoseconds and, in parentheses, easier to read. */
  g_string_append_printf (text, _("deadline %" PRId64 " ns (%s)"), (int64_t) waiting->deadline,
                          deadline);
  g_string_append (text, ", ");
  if (!waiting->is_due)
    /* Translators: %s is a span of time. */
    g_string_append_printf (text, _("in %s"), distance);
  else if (span < 0)
    g_string_append_printf (text, _("due for %s"), distance);
  else
    g_string_append (text, _("due now"));
}

static guint
get_number (Listing      *self,
            GMainContext *context)
{
  guint index;

  if (!g_ptr_array_find (self->others, context, &index))
    {
      index = self->others->len;
      g_ptr_array_add (self->others, context);
    }

  return index + 1;
}

static void
append_context (Listing       *self,
                GString       *text,
                const Waiting *waiting)
{
  g_string_append (text, "; ");
  if (waiting->context == g_main_context_default ())
    g_string_append (text, _("default main context"));
  else if (waiting->context == self->context)
    g_string_append (text, _("thread-default main context"));
  else
    g_string_append_printf (text, _("main context no. %u"), get_number (self, waiting->context));
  if (!waiting->is_here)
    g_string_append_printf (text, ", %s", _("which this thread does not run"));
}

/* What keeps it from expiring, and where it was armed. */
static void
append_state (GString       *text,
              const Waiting *waiting)
{
  g_autofree char *place = NULL;

  if (!waiting->is_enabled)
    g_string_append_printf (text, "; %s", _("the clock is disabled"));
  if (waiting->why_stands != NULL && !waiting->is_due && waiting->deadline != VCLOCK_TIME_NEVER)
    g_string_append_printf (text, "; %s", _(waiting->why_stands));
  if (waiting->armed_at == NULL)
    return;

  place = vclock_host_describe_caller (waiting->armed_at);
  g_string_append (text, "; ");
  /* Translators: a place in the program, such as “main+0x1f (program)”. */
  g_string_append_printf (text, _("armed at %s"), place);
}

static char *
put_in_words (Listing *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->waiting->len; i++)
    {
      const Waiting *waiting = &g_array_index (self->waiting, Waiting, i);

      g_string_append (text, i > 0 ? "\n  " : "  ");
      append_name (text, waiting);
      g_string_append (text, ": ");
      if (waiting->clock != self->clock)
        append_clock (text, waiting);
      append_deadline (text, waiting);
      append_context (self, text, waiting);
      append_state (text, waiting);
    }

  if (self->n_timers > self->waiting->len)
    {
      guint n_more = self->n_timers - self->waiting->len;

      g_string_append (text, "\n  ");
      g_string_append_printf (text,
                              g_dngettext (GETTEXT_PACKAGE,
                                           "… and %u more", "… and %u more", n_more),
                              n_more);
    }

  return g_string_free (text, FALSE);
}

/* Lists the armed timers of a clock and of those that follow it, a line for each, indented, by
 * (deadline, order of arming), for a message; the last line has no line feed. Without the lock, for
 * clocks are read. */
char *
vclock_clock_describe_timers (VclockClock *self,
                              guint       *n_timers)
{
  GMainContext *here = g_main_context_get_thread_default ();
  Listing listing = {
    .clock = self,
    .context = here != NULL ? here : g_main_context_default (),
    .held = g_array_new (FALSE, FALSE, sizeof (Held)),
    .waiting = g_array_new (FALSE, FALSE, sizeof (Waiting)),
    .others = g_ptr_array_new (),
  };
  char *text;

  g_array_set_clear_func (listing.waiting, waiting_clear);

  vclock_lock ();
  hold_queues (&listing, self);
  vclock_unlock ();

  read_clocks (&listing);

  vclock_lock ();
  copy_waiting (&listing);
  vclock_unlock ();

  text = put_in_words (&listing);
  if (n_timers != NULL)
    *n_timers = listing.n_timers;

  release_queues (&listing);
  g_array_unref (listing.held);
  g_array_unref (listing.waiting);
  g_ptr_array_unref (listing.others);

  return text;
}

/**
 * vclock_clock_check_disarmed:
 * @self: a clock
 * @error: return location for an error
 *
 * Checks that no timer is armed on this clock and on those that follow it, as at the end of a test.
 *
 * Otherwise it fails with [error@Vclock.Error.LEFTOVERS], and the message lists who waits: a line
 * for each of the first 20, by deadline and then by the order of arming, with its name, its
 * deadline and how far away that is, its main context, what keeps it from expiring, and, if the
 * library was built for debugging, where in the program it was armed.
 *
 * From any thread and from inside callbacks. A timer that is due and was not called yet is armed,
 * and so is one that is armed for [const@Vclock.TIME_NEVER]; one whose main context has gone away
 * is not. A source of [func@Vclock.TimerSource.new] is armed from when its context has first run
 * since it was attached until it is ready or destroyed. Give sources their names before they are
 * attached.
 *
 * Returns: whether no timer is armed
 */
gboolean
vclock_clock_check_disarmed (VclockClock  *self,
                             GError      **error)
{
  g_autofree char *timers = NULL;
  const char *name;
  guint n_timers;

  g_return_val_if_fail (VCLOCK_IS_CLOCK (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  timers = vclock_clock_describe_timers (self, &n_timers);
  if (n_timers == 0)
    return TRUE;

  name = vclock_clock_get_name (self);
  if (name != NULL)
    g_set_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LEFTOVERS,
                 g_dngettext (GETTEXT_PACKAGE,
                              "%u timer is still armed on the clock “%s”:\n%s",
                              "%u timers are still armed on the clock “%s”:\n%s",
                              n_timers),
                 n_timers, name, timers);
  else
    g_set_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LEFTOVERS,
                 g_dngettext (GETTEXT_PACKAGE,
                              "%u timer is still armed on the clock:\n%s",
                              "%u timers are still armed on the clock:\n%s",
                              n_timers),
                 n_timers, timers);

  return FALSE;
}
