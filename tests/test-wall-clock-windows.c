/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-wait.h"

#include <glib-vclock/vclock-host-private.h>
#include <windows.h>

/* How the wall clock learns that Windows' time was set. The time itself is not set here, for that
 * would set it for the whole machine: the host says another time, and the message is sent that
 * Windows would send. */

static VclockTime set_by;

static VclockTime
get_time (VclockHostClock host_clock)
{
  VclockTime time = vclock_host_real.get_time (host_clock);

  return host_clock == VCLOCK_HOST_CLOCK_REALTIME ? time + set_by : time;
}

static void
replace_host (void)
{
  static VclockHost host;

  host = vclock_host_real;
  host.get_time = get_time;
  set_by = 0;
  vclock_host_replace (&host);
}

static gboolean
can_have_windows (void)
{
  HWND window = CreateWindowExW (0, L"STATIC", L"", WS_OVERLAPPED, 0, 0, 0, 0,
                                 NULL, NULL, NULL, NULL);

  return window != NULL && DestroyWindow (window);
}

/* The library's window is made by a thread of its own. */
static void
wait_for_window (GMainContext *context)
{
  g_autoptr (GSource) guard = test_guard_new (context);

  while (FindWindowW (L"VclockWatch", NULL) == NULL)
    {
      g_main_context_iteration (context, FALSE);
      g_usleep (1000);
    }
  test_iterate (context);
  g_source_destroy (guard);
}

static void
tell_everybody (void)
{
  g_assert_true (SendMessageTimeoutW (HWND_BROADCAST, WM_TIMECHANGE, 0, 0, SMTO_ABORTIFHUNG,
                                      10000, NULL));
}

static void
reset_cb (VclockClock *clock,
          VclockTime   old_time,
          VclockTime   new_time,
          int         *n_resets)
{
  /* Two clocks are compared that are not read at the same moment. */
  g_assert_cmpint (new_time - old_time, >, SEC (3599));
  g_assert_cmpint (new_time - old_time, <, SEC (3601));
  (*n_resets)++;
}

/* When the time is set it is noticed at once, although nobody reads the clock: ::reset is emitted,
 * and a timer whose deadline has passed expires. A message without a jump is none. */
static void
test_told (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (VclockClock) clock = NULL;
  g_autoptr (VclockTimer) timer = NULL;
  int n_resets = 0;
  int n_calls = 0;

  if (!can_have_windows ())
    {
      g_test_skip ("there can be no windows here");
      return;
    }

  replace_host ();
  g_main_context_push_thread_default (context);
  clock = VCLOCK_CLOCK (vclock_wall_clock_new ());
  g_signal_connect (clock, "reset", G_CALLBACK (reset_cb), &n_resets);
  timer = test_counting_timer_new (clock, &n_calls);
  vclock_timer_arm_after (timer, SEC (3000));
  wait_for_window (context);

  tell_everybody ();
  test_iterate (context);
  g_assert_cmpint (n_resets, ==, 0);

  set_by = SEC (3600);
  tell_everybody ();
  test_run_until (context, &n_resets, 1);
  test_run_until (context, &n_calls, 1);
  test_iterate (context);
  g_assert_cmpint (n_resets, ==, 1);
  g_assert_cmpint (n_calls, ==, 1);

  g_main_context_pop_thread_default (context);
  vclock_host_replace (NULL);
}

/* Without the message it is noticed when the clock is read. */
static void
test_read (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (VclockClock) clock = NULL;
  int n_resets = 0;

  replace_host ();
  g_main_context_push_thread_default (context);
  clock = VCLOCK_CLOCK (vclock_wall_clock_new ());
  g_signal_connect (clock, "reset", G_CALLBACK (reset_cb), &n_resets);
  test_iterate (context);
  set_by = SEC (3600);
  vclock_clock_get_time (clock);
  g_assert_cmpuint (vclock_clock_get_n_resets (clock), ==, 1);
  test_iterate (context);
  g_assert_cmpint (n_resets, ==, 1);

  g_main_context_pop_thread_default (context);
  vclock_host_replace (NULL);
}

/* The clocks of the host go on, none goes back, and the wall's is the one that all others see. */
static void
test_host_clocks (void)
{
  for (VclockHostClock i = VCLOCK_HOST_CLOCK_MONOTONIC; i <= VCLOCK_HOST_CLOCK_REALTIME; i++)
    {
      VclockTime last = vclock_host_get_time (i);
      const VclockTime start = last;

      while (last < start + MSEC (1))
        {
          VclockTime now = vclock_host_get_time (i);

          g_assert_cmpint (now, >=, last);
          last = now;
        }
    }

  /* GLib reads the one that may be a tick behind. */
  g_assert_cmpint (vclock_host_get_time (VCLOCK_HOST_CLOCK_REALTIME), <,
                   g_get_real_time () * 1000 + SEC (5));
  g_assert_cmpint (vclock_host_get_time (VCLOCK_HOST_CLOCK_REALTIME), >,
                   g_get_real_time () * 1000 - SEC (5));
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  g_test_add_func ("/wall-clock/windows/told", test_told);
  g_test_add_func ("/wall-clock/windows/read", test_read);
  g_test_add_func ("/wall-clock/windows/host-clocks", test_host_clocks);

  return g_test_run ();
}
