/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-drive.h"
#include "test-host.h"
#include "test-wait.h"

#include <glib-vclock/backends/vclock-backends-private.h>
#include <glib-vclock/backends/vclock-handle-wake-private.h>
#include <glib-vclock/vclock-alarm-backend-private.h>
#include <glib-vclock/vclock-host-private.h>
#include <windows.h>

/* What only the backends of Windows can meet: few timers, short ones, events that others set, and
 * a poll function that waits for 64 handles. */

#define N_MMTIMERS 16

static void
begin (TestDrive *drive,
       GType      type)
{
  g_autoptr (GError) error = NULL;

  test_drive_begin (drive, type, &error);
  g_assert_no_error (error);
}

static void
end (TestDrive *drive)
{
  vclock_alarm_backend_stop (drive->backend);
  test_drive_end (drive);
}

/* As many multimedia timers as a process may have, armed for never in a test. */
static void
begin_all_mmtimers (TestDrive drives[N_MMTIMERS])
{
  for (int i = 0; i < N_MMTIMERS; i++)
    {
      begin (&drives[i], VCLOCK_TYPE_MMTIMER_BACKEND);
      vclock_alarm_backend_rearm (drives[i].backend, vclock_host_get_time (0) + SEC (1000));
    }
}

static void
end_all_mmtimers (TestDrive drives[N_MMTIMERS])
{
  for (int i = 0; i < N_MMTIMERS; i++)
    end (&drives[i]);
}

/* The 17th multimedia timer of a process is refused: the next backend takes over, nothing is left
 * behind, and once one of the others has ended there is room again. */
static void
test_seventeenth (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (context);
  g_autoptr (GError) error = NULL;
  g_autofree TestState *before = NULL;
  g_autofree char *name = NULL;
  TestDrive drives[N_MMTIMERS];
  TestDrive one_more;

  begin_all_mmtimers (drives);
  before = test_state_read ();
  g_assert_false (test_drive_begin (&one_more, VCLOCK_TYPE_MMTIMER_BACKEND, &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "timeSetEvent ()"));
  test_drive_end (&one_more);
  test_state_assert_same (before);

  g_assert_true (vclock_alarm_configure ("mmtimer,win32", NULL));
  g_main_context_iteration (context, FALSE);
  name = vclock_alarm_get_backend (alarm);
  g_assert_cmpstr (name, ==, "win32");

  end (&drives[0]);
  begin (&drives[0], VCLOCK_TYPE_MMTIMER_BACKEND);
  end_all_mmtimers (drives);
}

/* A multimedia timer that is refused later, because others have taken them all meanwhile, is made
 * up for by the main loop's own timeout. */
static void
test_refused_later (void)
{
  TestDrive drives[N_MMTIMERS];
  TestDrive late;

  begin (&late, VCLOCK_TYPE_MMTIMER_BACKEND);
  begin_all_mmtimers (drives);
  for (int i = 0; i < 10; i++)
    {
      VclockTime wakeup = vclock_host_get_time (0) + MSEC (2);

      vclock_alarm_backend_rearm (late.backend, wakeup);
      g_assert_cmpint (vclock_alarm_backend_get_ready_time (late.backend), ==, wakeup);
      g_assert_true (test_drive_sleep (&late, 10000));
      g_assert_cmpint (vclock_host_get_time (0), >=, wakeup);
    }
  end_all_mmtimers (drives);

  vclock_alarm_backend_rearm (late.backend, vclock_host_get_time (0) + MSEC (2));
  g_assert_cmpint (vclock_alarm_backend_get_ready_time (late.backend), ==, VCLOCK_TIME_NEVER);
  g_assert_true (test_drive_sleep (&late, 10000));
  end (&late);
}

/* A wakeup further away than the host's timers reach is not refused, wakes nobody, and another one
 * can follow. */
static void
test_beyond_caps (gconstpointer data)
{
  const VclockBuiltIn *built_in = data;
  static const VclockTime spans[] = { SEC (66), SEC (1001), SEC (3600) * 24 * 60, 100 * YEAR };
  TestDrive drive;

  begin (&drive, built_in->get_type ());
  for (gsize i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      vclock_alarm_backend_rearm (drive.backend, vclock_host_get_time (0) + spans[i]);
      g_assert_cmpint (vclock_alarm_backend_get_ready_time (drive.backend), ==, VCLOCK_TIME_NEVER);
      g_assert_false (test_drive_sleep (&drive, 10));
      vclock_alarm_backend_rearm (drive.backend, vclock_host_get_time (0) + MSEC (1));
      g_assert_true (test_drive_sleep (&drive, 10000));
    }
  end (&drive);
}

/* What a context waits for; returns how many they are. */
static guint
query (TestDrive *drive,
       GPollFD    fds[8])
{
  int unused;
  int n_fds;

  g_assert_true (g_main_context_acquire (drive->context));
  g_main_context_prepare (drive->context, &unused);
  n_fds = g_main_context_query (drive->context, G_MAXINT, &unused, fds, 8);
  g_main_context_release (drive->context);

  return (guint) n_fds;
}

/* Sets all events that a context waits for. */
static void
set_events (TestDrive *drive)
{
  GPollFD fds[8];
  guint n_fds = query (drive, fds);

  g_assert_cmpuint (n_fds, ==, 2);
  for (guint i = 0; i < n_fds; i++)
    g_assert_true (SetEvent ((HANDLE) (gintptr) fds[i].fd));
}

static guint
count_signalled (const GPollFD *fds,
                 guint          n_fds)
{
  guint n_signalled = 0;

  for (guint i = 0; i < n_fds; i++)
    n_signalled += WaitForSingleObject ((HANDLE) (gintptr) fds[i].fd, 0) == WAIT_OBJECT_0;

  return n_signalled;
}

/* Boottime has two timers, of which one goes on during suspend: both expire, and both are taken
 * back. */
static void
test_boottime (void)
{
  const gint64 end_of_wait = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  VclockTime wakeup;
  TestDrive drive;
  GPollFD fds[8];
  guint n_fds;

  begin (&drive, VCLOCK_TYPE_WAITABLE_BACKEND);
  wakeup = vclock_host_get_time (VCLOCK_HOST_CLOCK_BOOTTIME) + MSEC (2);
  g_assert_true (vclock_alarm_backend_rearm_on (drive.backend, VCLOCK_HOST_CLOCK_BOOTTIME, wakeup));
  n_fds = query (&drive, fds);
  g_assert_cmpuint (n_fds, ==, 4);
  g_assert_true (test_drive_sleep (&drive, 10000));
  while (count_signalled (fds, n_fds) < 2 && g_get_monotonic_time () < end_of_wait)
    g_usleep (1000);
  g_assert_cmpuint (count_signalled (fds, n_fds), ==, 2);
  g_assert_cmpint (vclock_host_get_time (VCLOCK_HOST_CLOCK_BOOTTIME), >=, wakeup);

  g_assert_true (vclock_alarm_backend_rearm_on (drive.backend, VCLOCK_HOST_CLOCK_BOOTTIME,
                                                VCLOCK_TIME_NEVER));
  g_assert_cmpuint (count_signalled (fds, n_fds), ==, 0);
  end (&drive);
}

/* An event is a hint: when it is set early, be it by a timer that was killed too late, the backend
 * does not wake before its time, and does then. Disarmed, it does not wake at all. */
static void
test_stray_events (gconstpointer data)
{
  const VclockBuiltIn *built_in = data;
  TestDrive drive;

  begin (&drive, built_in->get_type ());
  for (int i = 0; i < 100; i++)
    {
      VclockTime wakeup = vclock_host_get_time (0) + MSEC (1 + i % 3);

      vclock_alarm_backend_rearm (drive.backend, wakeup);
      set_events (&drive);
      g_assert_true (test_drive_sleep (&drive, 10000));
      g_assert_cmpint (vclock_host_get_time (0), >=, wakeup);
    }
  vclock_alarm_backend_rearm (drive.backend, VCLOCK_TIME_NEVER);
  set_events (&drive);
  g_assert_false (test_drive_sleep (&drive, 20));
  end (&drive);
}

/* A backend whose timer reaches no further than three milliseconds. */
#define TEST_TYPE_SHORT_BACKEND (test_short_backend_get_type ())
G_DECLARE_FINAL_TYPE (TestShortBackend, test_short_backend, TEST, SHORT_BACKEND, VclockAlarmBackend)

struct _TestShortBackend
{
  VclockAlarmBackend parent_instance;

  VclockHandleWake handle_wake;
  guint            n_set;
};

G_DEFINE_FINAL_TYPE (TestShortBackend, test_short_backend, VCLOCK_TYPE_ALARM_BACKEND)

static gboolean
set_short_timer (VclockAlarmBackend *backend,
                 guint               milliseconds)
{
  TestShortBackend *self = TEST_SHORT_BACKEND (backend);
  HANDLE event = vclock_handle_wake_get_event (&self->handle_wake);

  ResetEvent (event);
  g_assert_cmpuint (milliseconds, <=, 3);
  if (milliseconds > 0)
    {
      self->n_set++;
      g_assert_cmpuint (timeSetEvent (milliseconds, 1, (LPTIMECALLBACK) event, 0,
                                      TIME_ONESHOT | TIME_CALLBACK_EVENT_SET), !=, 0);
    }

  return TRUE;
}

static gboolean
test_short_backend_start (VclockAlarmBackend  *backend,
                          GError             **error)
{
  return vclock_handle_wake_begin (&TEST_SHORT_BACKEND (backend)->handle_wake, backend,
                                   set_short_timer, 3, error);
}

static void
test_short_backend_stop (VclockAlarmBackend *backend)
{
  vclock_handle_wake_end (&TEST_SHORT_BACKEND (backend)->handle_wake);
}

static void
test_short_backend_rearm (VclockAlarmBackend *backend,
                          VclockTime          wakeup)
{
  vclock_handle_wake_rearm (&TEST_SHORT_BACKEND (backend)->handle_wake, wakeup);
}

static gboolean
test_short_backend_check (VclockAlarmBackend *backend)
{
  return vclock_handle_wake_check (&TEST_SHORT_BACKEND (backend)->handle_wake);
}

static void
test_short_backend_class_init (TestShortBackendClass *klass)
{
  VclockAlarmBackendClass *backend_class = VCLOCK_ALARM_BACKEND_CLASS (klass);

  backend_class->start = test_short_backend_start;
  backend_class->stop = test_short_backend_stop;
  backend_class->rearm = test_short_backend_rearm;
  backend_class->check = test_short_backend_check;
}

static void
test_short_backend_init (TestShortBackend *self)
{
}

/* What is further away than one timer reaches is taken in pieces, which are no wake-ups: an alarm
 * neither calls anybody nor counts them. */
static void
test_pieces (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (context);
  g_autoptr (VclockTimer) timer = NULL;
  VclockTime deadline;
  TestDrive drive;
  int n_calls = 0;

  begin (&drive, TEST_TYPE_SHORT_BACKEND);
  deadline = vclock_host_get_time (0) + MSEC (40);
  vclock_alarm_backend_rearm (drive.backend, deadline);
  g_assert_true (test_drive_sleep (&drive, 10000));
  g_assert_cmpint (vclock_host_get_time (0), >=, deadline);
  g_assert_cmpuint (TEST_SHORT_BACKEND (drive.backend)->n_set, >=, 2);
  end (&drive);

  g_assert_true (vclock_alarm_add_backend ("short", TEST_TYPE_SHORT_BACKEND));
  g_assert_true (vclock_alarm_set_backend (alarm, "short", NULL));
  g_main_context_push_thread_default (context);
  timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  vclock_timer_arm_after (timer, MSEC (100));
  deadline = vclock_timer_get_deadline (timer);
  test_run_until (context, &n_calls, 1);
  g_assert_cmpint (vclock_host_get_time (0), >=, deadline);
  g_main_context_iteration (context, FALSE);
  g_assert_cmpuint (vclock_alarm_get_n_wakeups (alarm), <=, 1);
  g_assert_cmpuint (vclock_alarm_get_n_spurious (alarm), ==, 0);
  g_main_context_pop_thread_default (context);
}

static gboolean
rung_cb (gpointer data)
{
  TestBell *bell = data;

  test_bell_still (bell);

  return G_SOURCE_REMOVE;
}

/* With more handles in the poll set than Windows waits for at once, timers expire, and not early,
 * and other sources are dispatched. */
static void
test_many_handles (gconstpointer data)
{
  const VclockBuiltIn *built_in = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (context);
  g_autoptr (VclockTimer) timer = NULL;
  GSource *sources[150];
  TestBell bells[150];
  int n_calls = 0;

  g_assert_true (vclock_alarm_set_backend (alarm, built_in->name, NULL));
  g_main_context_push_thread_default (context);
  timer = test_counting_timer_new (test_get_monotonic (), &n_calls);
  for (int i = 0; i < 150; i++)
    {
      test_bell_init (&bells[i]);
      sources[i] = test_bell_source_new (&bells[i]);
      g_source_set_callback (sources[i], rung_cb, &bells[i], NULL);
      g_source_attach (sources[i], context);
    }
  for (int i = 0; i < 150; i++)
    {
      VclockTime deadline;

      vclock_timer_arm_after (timer, g_test_rand_int_range (0, 2000000));
      deadline = vclock_timer_get_deadline (timer);
      test_run_until (context, &n_calls, i + 1);
      g_assert_cmpint (vclock_host_get_time (0), >=, deadline);

      test_bell_ring (&bells[i]);
      test_wait_until (context, g_source_is_destroyed (sources[i]));
      g_source_unref (sources[i]);
      test_bell_clear (&bells[i]);
    }
  g_main_context_pop_thread_default (context);
}

static void
add (const VclockBuiltIn *built_in,
     const char          *name,
     void              (* test) (gconstpointer data))
{
  g_autofree char *path = g_strdup_printf ("/backends/%s/%s", built_in->name, name);

  g_test_add_data_func (path, built_in, test);
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  g_test_add_func ("/backends/mmtimer/seventeenth", test_seventeenth);
  g_test_add_func ("/backends/mmtimer/refused-later", test_refused_later);
  g_test_add_func ("/backends/pieces", test_pieces);
  g_test_add_func ("/backends/waitable/boottime", test_boottime);
  for (const VclockBuiltIn *one = vclock_built_ins; one->name != NULL; one++)
    {
      add (one, "many-handles", test_many_handles);
      if (!g_str_equal (one->name, "poll"))
        add (one, "beyond-caps", test_beyond_caps);
      if (g_str_equal (one->name, "mmtimer") || g_str_equal (one->name, "win32"))
        add (one, "stray-events", test_stray_events);
    }

  return g_test_run ();
}
