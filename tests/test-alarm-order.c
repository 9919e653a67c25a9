/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"

/* The order is one for the process, so most of these run in a process of their own. */

/* What help lists, in order. */
#define HELP \
  "  " TEST_BACKEND_FIRST "\n  poll\n  " TEST_BACKEND_REQUEST " (on request)\n  " \
  TEST_BACKEND_LAST " (on request)\n"

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
    { NULL, "*backend=" TEST_BACKEND_FIRST "\n*", NULL },
    { "", "*backend=" TEST_BACKEND_FIRST "\n*", NULL },
    { "poll", "*backend=poll\n*", NULL },
    { TEST_BACKEND_LAST ",poll", "*backend=" TEST_BACKEND_LAST "\n*", NULL },
    { " " TEST_BACKEND_REQUEST " , " TEST_BACKEND_LAST " ", "*backend=" TEST_BACKEND_REQUEST "\n*",
      NULL },
    { ",poll,", "*backend=poll\n*", NULL },
    { "sundial,poll", "*backend=poll\n*", "*\"sundial\"*skipped*" TEST_BACKEND_FIRST ", poll*" },
    { "sundial", "*backend=" TEST_BACKEND_FIRST "\n*", "*\"sundial\"*default order*" },
    { ",", "*backend=" TEST_BACKEND_FIRST "\n*", "*default order*" },
    { "Poll", "*backend=" TEST_BACKEND_FIRST "\n*", "*\"Poll\"*" },
    { "help", "*" HELP "*backend=" TEST_BACKEND_FIRST "\n*", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_subprocess ("/alarm-order/environment/subprocess",
                       cases[i].value, cases[i].standard_output, cases[i].standard_error);
}

static void
sub_configure (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (vclock_alarm_configure ("poll," TEST_BACKEND_FIRST, &error));
  g_assert_no_error (error);
  print_backend ();
  g_assert_true (vclock_alarm_configure (TEST_BACKEND_LAST, &error));
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
  assert_subprocess ("/alarm-order/configure/subprocess", TEST_BACKEND_REQUEST,
                     "*backend=poll\n*backend=" TEST_BACKEND_LAST "\n*backend=" TEST_BACKEND_LAST "\n*",
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
                     "*order of preference:\n" HELP "*backend=poll\n*", NULL);
}

static void
sub_option (void)
{
  char *arguments[] = { (char *) "program", (char *) "--vclock-alarm=" TEST_BACKEND_LAST ",poll", NULL };
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
  assert_subprocess ("/alarm-order/option-group/subprocess", NULL,
                     "*backend=" TEST_BACKEND_LAST "\n*", NULL);
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

  return g_test_run ();
}
