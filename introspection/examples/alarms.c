/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <glib-vclock/glib-vclock.h>

#define LOUD_TYPE_BACKEND (loud_backend_get_type ())
G_DECLARE_FINAL_TYPE (LoudBackend, loud_backend, LOUD, BACKEND, VclockAlarmBackend)

/* A backend that says when it will wake its context. */
struct _LoudBackend
{
  VclockAlarmBackend parent_instance;
};

G_DEFINE_FINAL_TYPE (LoudBackend, loud_backend, VCLOCK_TYPE_ALARM_BACKEND)

static gboolean
loud_backend_start (VclockAlarmBackend  *backend,
                    GError             **error)
{
  return TRUE;
}

static void
loud_backend_stop (VclockAlarmBackend *backend)
{
}

static void
loud_backend_rearm (VclockAlarmBackend *backend,
                    VclockTime          wakeup)
{
  g_print ("woken at %" G_GINT64_FORMAT "\n", wakeup);
  vclock_alarm_backend_set_ready_time (backend, wakeup);
}

static void
loud_backend_class_init (LoudBackendClass *klass)
{
  VclockAlarmBackendClass *backend_class = VCLOCK_ALARM_BACKEND_CLASS (klass);

  backend_class->start = loud_backend_start;
  backend_class->stop = loud_backend_stop;
  backend_class->rearm = loud_backend_rearm;
}

static void
loud_backend_init (LoudBackend *self)
{
}

static void
expired_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     user_data)
{
  g_main_loop_quit (user_data);
}

static void
show_derived_backend (void)
{
  g_autoptr (GError) error = NULL;
  VclockClock *clock = vclock_monotonic_clock_get_default ();
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (VclockTimer) timer = vclock_timer_new (clock);
  g_autofree char *name = NULL;

  vclock_alarm_add_backend ("loud", LOUD_TYPE_BACKEND);
  vclock_alarm_set_backend (alarm, "loud", &error);
  g_assert_no_error (error);
  name = vclock_alarm_get_backend (alarm);
  g_assert_cmpstr (name, ==, "loud");

  vclock_timer_set_callback (timer, expired_cb, loop, NULL);
  vclock_timer_arm_after (timer, VCLOCK_NSEC_PER_MSEC);
  g_main_loop_run (loop);
}

static void
show_option_group (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_auto (GStrv) arguments = g_strsplit ("program --vclock-alarm=poll", " ", 0);

  g_option_context_add_group (context, vclock_alarm_get_option_group ());
  g_option_context_parse_strv (context, &arguments, &error);
  g_assert_no_error (error);
}

int
main (void)
{
  show_option_group ();
  show_derived_backend ();
}
