/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-drive.h"
#include "test-host.h"

#include <glib-vclock/backends/vclock-backends-private.h>
#include <glib-vclock/vclock-alarm-backend-private.h>
#include <glib-vclock/vclock-host-private.h>

/* The backends of this host, driven by hand as an alarm does. */

/* A backend that is started and stopped leaves the process as it found it, armed or not. */
static void
test_start_stop (gconstpointer data)
{
  const VclockBuiltIn *built_in = data;
  g_autofree TestState *before = NULL;

  {
    g_autoptr (GError) error = NULL;
    TestDrive drive;

    g_assert_true (test_drive_begin (&drive, built_in->get_type (), &error));
    vclock_alarm_backend_stop (drive.backend);
    test_drive_end (&drive);
  }

  before = test_state_read ();
  for (int i = 0; i < 10; i++)
    {
      g_autoptr (GError) error = NULL;
      TestDrive drive;

      test_drive_begin (&drive, built_in->get_type (), &error);
      g_assert_no_error (error);
      if (i % 2 == 1)
        vclock_alarm_backend_rearm (drive.backend, vclock_host_get_time (0) + i * 100000);
      if (i % 4 == 1)
        g_usleep (500);
      vclock_alarm_backend_stop (drive.backend);
      test_drive_end (&drive);
      test_state_assert_same (before);
    }
}

/* A backend wakes at the wakeup that it was armed for last, and at no other. */
static void
test_rearm (gconstpointer data)
{
  const VclockBuiltIn *built_in = data;
  g_autoptr (GError) error = NULL;
  TestDrive drive;

  test_drive_begin (&drive, built_in->get_type (), &error);
  g_assert_no_error (error);
  for (int i = 0; i < 50; i++)
    {
      vclock_alarm_backend_rearm (drive.backend, vclock_host_get_time (0) + SEC (1000));
      vclock_alarm_backend_rearm (drive.backend, vclock_host_get_time (0) + i * 1000);
      g_assert_true (test_drive_sleep (&drive, 10000));
    }
  vclock_alarm_backend_rearm (drive.backend, 0);
  g_assert_true (test_drive_sleep (&drive, 10000));
  vclock_alarm_backend_rearm (drive.backend, G_MININT64);
  g_assert_true (test_drive_sleep (&drive, 10000));
  vclock_alarm_backend_rearm (drive.backend, VCLOCK_TIME_NEVER - 1);
  g_assert_false (test_drive_sleep (&drive, 20));
  vclock_alarm_backend_rearm (drive.backend, vclock_host_get_time (0) + MSEC (20));
  vclock_alarm_backend_rearm (drive.backend, VCLOCK_TIME_NEVER);
  g_assert_false (test_drive_sleep (&drive, 50));
  vclock_alarm_backend_stop (drive.backend);
  test_drive_end (&drive);
}

/* Two of a kind at once: each wakes its own context, and stopping one leaves the other running. */
static void
test_two (gconstpointer data)
{
  const VclockBuiltIn *built_in = data;
  g_autoptr (GError) error = NULL;
  TestDrive a;
  TestDrive b;

  test_drive_begin (&a, built_in->get_type (), &error);
  g_assert_no_error (error);
  test_drive_begin (&b, built_in->get_type (), &error);
  g_assert_no_error (error);
  vclock_alarm_backend_rearm (a.backend, vclock_host_get_time (0) + MSEC (5));
  vclock_alarm_backend_rearm (b.backend, vclock_host_get_time (0) + MSEC (10));
  vclock_alarm_backend_stop (a.backend);
  test_drive_end (&a);
  g_assert_true (test_drive_sleep (&b, 10000));
  vclock_alarm_backend_stop (b.backend);
  test_drive_end (&b);
}

static void
add (const VclockBuiltIn  *built_in,
     const char           *name,
     void               (* test) (gconstpointer data))
{
  g_autofree char *path = g_strdup_printf ("/backends/%s/%s", built_in->name, name);

  g_test_add_data_func (path, built_in, test);
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  for (const VclockBuiltIn *built_in = vclock_built_ins; built_in->name != NULL; built_in++)
    {
      add (built_in, "start-stop", test_start_stop);
      add (built_in, "rearm", test_rearm);
      add (built_in, "two-at-once", test_two);
    }

  return g_test_run ();
}
