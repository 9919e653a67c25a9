/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <glib-vclock/glib-vclock.h>

/* We: with a callback, or with a handler of ::expired if VCLOCK_BENCH is "signal". If it is "spin",
 * timers spin for the rest of the time; if it is "threads", the process has a second thread, which
 * does nothing. The backend is that of VCLOCK_ALARM. */

#define SPIN (160 * VCLOCK_NSEC_PER_USEC)

static gboolean with_signal;
static gboolean with_spin;

static char *
get_version (void)
{
  return g_strdup_printf ("%d.%d.%d", VCLOCK_MAJOR_VERSION, VCLOCK_MINOR_VERSION,
                          VCLOCK_MICRO_VERSION);
}

static gpointer
sleep_thread (gpointer unused)
{
  for (;;)
    g_usleep (G_USEC_PER_SEC);

  return NULL;
}

static void
open_loop (void)
{
  const char *variant = g_getenv ("VCLOCK_BENCH");

  with_signal = g_strcmp0 (variant, "signal") == 0;
  with_spin = g_strcmp0 (variant, "spin") == 0;
  if (g_strcmp0 (variant, "threads") == 0)
    g_thread_unref (g_thread_new ("second", sleep_thread, NULL));
}

static void
expired_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     user_data)
{
  bench_expired (user_data);
}

static gpointer
create (BenchSlot *slot)
{
  VclockTimer *timer = vclock_timer_new (vclock_monotonic_clock_get_default ());

  if (with_signal)
    g_signal_connect (timer, "expired", G_CALLBACK (expired_cb), slot);
  else
    vclock_timer_set_callback (timer, expired_cb, slot, NULL);
  if (with_spin)
    vclock_timer_set_spin (timer, SPIN);

  return timer;
}

static void
arm (gpointer timer,
     gint64   deadline,
     gint64   now)
{
  vclock_timer_arm (timer, deadline);
}

static void
disarm (gpointer timer)
{
  vclock_timer_disarm (timer);
}

static void
destroy (gpointer timer)
{
  vclock_timer_disarm (timer);
  g_object_unref (timer);
}

static void
iterate (gboolean block)
{
  g_main_context_iteration (NULL, block);
}

static void
set_period (gpointer timer,
            gint64   period,
            gint64   slack)
{
  vclock_timer_set_period (timer, period);
  vclock_timer_set_slack (timer, slack);
}

static gint64
get_deadline (gpointer timer)
{
  return vclock_timer_get_deadline (timer);
}

const BenchPeer bench_peer = {
  .name = "vclock",
  .get_version = get_version,
  .open = open_loop,
  .watch = bench_watch_main_context,
  .create = create,
  .arm = arm,
  .disarm = disarm,
  .destroy = destroy,
  .iterate = iterate,
  .set_period = set_period,
  .get_deadline = get_deadline,
};
