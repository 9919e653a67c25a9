/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <sys/resource.h>
#include <unistd.h>

/* The order is one for the process, so most of these run in a process of their own. */

static char *
start_alarm (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (context);

  test_iterate (context);

  return vclock_alarm_get_backend (alarm);
}

static void
print_backend (void)
{
  g_autofree char *backend = start_alarm ();

  g_print ("backend=%s\n", backend);
}

/* Runs @path in a process of its own, with VCLOCK_ALARM set to @value, and compares what it prints.
 * */
static void
assert_subprocess (const char *path,
                   const char *value,
                   const char *standard_output,
                   const char *standard_error)
{
  g_autofree char *saved = g_strdup (g_getenv ("VCLOCK_ALARM"));

  if (value != NULL)
    g_setenv ("VCLOCK_ALARM", value, TRUE);
  else
    g_unsetenv ("VCLOCK_ALARM");
  g_unsetenv ("G_DEBUG");
  g_test_trap_subprocess (path, 0, 0);
  if (saved != NULL)
    g_setenv ("VCLOCK_ALARM", saved, TRUE);
  g_test_trap_assert_passed ();
  if (standard_output != NULL)
    g_test_trap_assert_stdout (standard_output);
  if (standard_error != NULL)
    g_test_trap_assert_stderr (standard_error);
}

static void
sub_print (void)
{
  print_backend ();
}

/* VCLOCK_ALARM names the backends to try, in order; spaces and empty names do not matter; unknown
 * ones are warned about and skipped; when none is left the default order is used. */
static void
test_environment (void)
{
  static const struct
  {
    const char *value;
    const char *standard_output;
    const char *standard_error;
  } cases[] = {
    { NULL, "*backend=timerfd\n*", NULL },
    { "", "*backend=timerfd\n*", NULL },
    { "poll", "*backend=poll\n*", NULL },
    { "unix,poll", "*backend=unix\n*", NULL },
    { " dynticks , unix ", "*backend=dynticks\n*", NULL },
    { ",poll,", "*backend=poll\n*", NULL },
    { "sundial,poll", "*backend=poll\n*", "*\"sundial\"*skipped*timerfd, poll*" },
    { "sundial", "*backend=timerfd\n*", "*\"sundial\"*default order*" },
    { ",", "*backend=timerfd\n*", "*default order*" },
    { "Poll", "*backend=timerfd\n*", "*\"Poll\"*" },
    { "help", "*timerfd\n*poll\n*dynticks (on request)\n*unix (on request)\n*backend=timerfd\n*",
      NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_subprocess ("/alarm-order/environment/subprocess",
                       cases[i].value, cases[i].standard_output, cases[i].standard_error);
}

static void
sub_configure (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (vclock_alarm_configure ("poll,timerfd", &error));
  g_assert_no_error (error);
  print_backend ();
  g_assert_true (vclock_alarm_configure ("unix", &error));
  g_assert_no_error (error);
  print_backend ();
  g_assert_false (vclock_alarm_configure ("sundial,hourglass", &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_UNKNOWN_BACKEND);
  g_clear_error (&error);
  g_assert_false (vclock_alarm_configure ("", &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_UNKNOWN_BACKEND);
  print_backend ();
}

/* configure () overrides the environment; without a known name it fails and the order stays. */
static void
test_configure (void)
{
  assert_subprocess ("/alarm-order/configure/subprocess", "dynticks",
                     "*backend=poll\n*backend=unix\n*backend=unix\n*",
                     "*\"sundial\"*\"hourglass\"*");
}

static void
sub_help (void)
{
  g_assert_true (vclock_alarm_configure ("help", NULL));
  print_backend ();
}

/* help lists the backends in order, and changes nothing. */
static void
test_help (void)
{
  assert_subprocess ("/alarm-order/help/subprocess", "poll",
                     "*order of preference:\n  timerfd\n  poll\n  dynticks (on request)\n  unix (on request)\n"
                     "*backend=poll\n*", NULL);
}

static void
sub_option (void)
{
  char *arguments[] = { (char *) "program", (char *) "--vclock-alarm=unix,poll", NULL };
  char *wrong[] = { (char *) "program", (char *) "--vclock-alarm=,", NULL };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *help = NULL;
  char **p = arguments;
  int n = 2;

  g_option_context_add_group (context, vclock_alarm_get_option_group ());
  g_assert_true (g_option_context_parse (context, &n, &p, &error));
  g_assert_no_error (error);
  g_assert_cmpint (n, ==, 1);
  print_backend ();
  p = wrong;
  n = 2;
  g_assert_false (g_option_context_parse (context, &n, &p, &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_UNKNOWN_BACKEND);
  help = g_option_context_get_help (context, FALSE, NULL);
  g_assert_nonnull (strstr (help, "--vclock-alarm="));
}

/* The option group does the same for a program's command line. */
static void
test_option_group (void)
{
  assert_subprocess ("/alarm-order/option-group/subprocess", NULL, "*backend=unix\n*", NULL);
}

/* The descriptor that would be opened next: all below are taken. */
static rlim_t
get_lowest_fd (void)
{
  int fd = dup (STDIN_FILENO);

  g_assert_cmpint (fd, >, STDERR_FILENO);
  close (fd);

  return (rlim_t) fd;
}

static void
sub_no_descriptors (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (VclockAlarm) alarm = vclock_alarm_get_for_context (context);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (VclockTimer) timer = NULL;
  struct rlimit limit = { 0, 0 };
  rlim_t found;
  g_autofree char *backend = NULL;

  timer = test_timer_new_full (vclock_monotonic_clock_get_default (), context, 0,
                               "a", log);
  getrlimit (RLIMIT_NOFILE, &limit);
  found = limit.rlim_cur;
  limit.rlim_cur = get_lowest_fd ();
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  vclock_timer_arm_after (timer, MSEC (1));
  for (guint i = 0; i < 100000000 && log->len == 0; i++)
    g_main_context_iteration (context, FALSE);
  test_assert_log (log, "a");
  limit.rlim_cur = found;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  backend = vclock_alarm_get_backend (alarm);
  g_print ("backend=%s\n", backend);
}

/* K1: without a descriptor left the alarm falls through to a backend that needs none, and the timer
 * expires. */
static void
test_no_descriptors (void)
{
  static const char *values[] = { "timerfd", "unix", "dynticks", "timerfd,poll", "poll" };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    assert_subprocess ("/alarm-order/no-descriptors/subprocess", values[i], "*backend=poll\n*",
                       NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (g_test_subprocess ())
    g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);

  g_test_add_func ("/alarm-order/environment", test_environment);
  g_test_add_func ("/alarm-order/environment/subprocess", sub_print);
  g_test_add_func ("/alarm-order/configure", test_configure);
  g_test_add_func ("/alarm-order/configure/subprocess", sub_configure);
  g_test_add_func ("/alarm-order/help", test_help);
  g_test_add_func ("/alarm-order/help/subprocess", sub_help);
  g_test_add_func ("/alarm-order/option-group", test_option_group);
  g_test_add_func ("/alarm-order/option-group/subprocess", sub_option);
  g_test_add_func ("/alarm-order/no-descriptors", test_no_descriptors);
  g_test_add_func ("/alarm-order/no-descriptors/subprocess", sub_no_descriptors);

  return g_test_run ();
}
