/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <glib-vclock/glib-vclock.h>

static void
log_cb (VclockTimer *timer,
        guint64      overruns,
        gpointer     user_data)
{
  VclockTime now = vclock_clock_get_time (vclock_timer_get_clock (timer));

  g_string_append_printf (user_data, "%s%d+%d ",
                          vclock_timer_get_name (timer), (int) now, (int) overruns);
}

static VclockTimer *
new_timer (VclockVirtualClock *clock,
           const char         *name,
           GString            *log)
{
  VclockTimer *timer = vclock_timer_new (VCLOCK_CLOCK (clock));

  vclock_timer_set_name (timer, name);
  vclock_timer_set_callback (timer, log_cb, log, NULL);
  return timer;
}

static void
show_order (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (VclockTimer) a = new_timer (clock, "a", log);
  g_autoptr (VclockTimer) b = new_timer (clock, "b", log);
  g_autoptr (VclockTimer) c = new_timer (clock, "c", log);

  vclock_timer_arm (a, 20);
  vclock_timer_arm (b, 20);
  vclock_timer_arm (c, 10);
  vclock_timer_arm (a, 20); /* rearmed: behind b now */
  vclock_virtual_clock_advance (clock, 100);
  g_assert_cmpstr (log->str, ==, "c10+0 b20+0 a20+0 ");
}

static void
show_overruns (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (VclockTimer) timer = new_timer (clock, "", log);

  vclock_timer_set_period (timer, 10);
  vclock_timer_arm (timer, 10);
  vclock_virtual_clock_advance (clock, 30); /* 10, 20, 30 */
  vclock_virtual_clock_jump (clock, 75);    /* 40, 50, 60 and 70 at once */
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, 80);
  g_assert_cmpstr (log->str, ==, "10+0 20+0 30+0 75+3 ");

  g_assert_true (vclock_timer_disarm (timer));
  g_assert_false (vclock_timer_disarm (timer));
}

static void
show_scale (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (VclockTimer) timer = vclock_timer_new_full (VCLOCK_CLOCK (clock), NULL,
                                                         G_PRIORITY_HIGH, VCLOCK_SCALE_MS);

  vclock_timer_arm_after (timer, 1500);
  g_assert_cmpint (vclock_timer_get_deadline (timer), ==, 1500);
  g_assert_cmpint (vclock_clock_get_deadline (VCLOCK_CLOCK (clock), VCLOCK_TIMER_ATTRIBUTES_NONE),
                   ==, 1500 * VCLOCK_NSEC_PER_MSEC);
  vclock_timer_disarm (timer);
}

static void
spun_cb (VclockTimer *timer,
         guint64      overruns,
         gpointer     is_done)
{
  *(gboolean *) is_done = TRUE;
}

static void
show_spin (void)
{
  g_autoptr (VclockTimer) timer = vclock_timer_new (vclock_monotonic_clock_get_default ());
  gboolean is_done = FALSE;
  VclockTime deadline;

  vclock_timer_set_callback (timer, spun_cb, &is_done, NULL);
  vclock_timer_set_spin (timer, 160 * VCLOCK_NSEC_PER_USEC);
  vclock_timer_arm_after (timer, 5 * VCLOCK_NSEC_PER_MSEC);
  deadline = vclock_timer_get_deadline (timer);
  while (!is_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (vclock_clock_get_time (vclock_timer_get_clock (timer)), >=, deadline);
}

typedef struct
{
  VclockClock *clock;
  GSource     *source;
  int          n_left;
} Blink;

static gboolean
blink_cb (gpointer user_data)
{
  Blink *blink = user_data;

  if (--blink->n_left == 0)
    return G_SOURCE_REMOVE;

  vclock_timer_source_set_deadline (blink->source, vclock_clock_get_time (blink->clock) + 10);
  return G_SOURCE_CONTINUE;
}

static void
show_source (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (GSource) source = vclock_timer_source_new (VCLOCK_CLOCK (clock), 10);
  Blink blink = { VCLOCK_CLOCK (clock), source, 3 };

  g_source_set_callback (source, blink_cb, &blink, NULL);
  g_source_attach (source, NULL);
  while (blink.n_left > 0)
    {
      vclock_virtual_clock_advance (clock, 10);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_true (g_source_is_destroyed (source));
}

static void
ready_cb (GObject      *clock,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (vclock_clock_sleep_finish (VCLOCK_CLOCK (clock), result, &error))
    g_string_append (user_data, "ready ");
  else
    g_string_append (user_data, "cancelled ");
}

static void
show_sleep (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GString) log = g_string_new (NULL);

  vclock_clock_sleep_async (VCLOCK_CLOCK (clock), 10, cancellable, ready_cb, log);
  vclock_virtual_clock_advance_settled (clock, 10);
  g_assert_cmpstr (log->str, ==, "ready ");
  vclock_clock_sleep_async (VCLOCK_CLOCK (clock), 10, cancellable, ready_cb, log);
  g_cancellable_cancel (cancellable);
  vclock_virtual_clock_advance_settled (clock, 10);
  g_assert_cmpstr (log->str, ==, "ready cancelled ");
}

int
main (void)
{
  show_order ();
  show_overruns ();
  show_scale ();
  show_spin ();
  show_source ();
  show_sleep ();
}
