/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* When a process ends, its signal handlers and interval timers are as they were found: for who runs
 * then, after the library, it is as if there had been no alarm. Each case is a process of its own,
 * which looks in an exit handler that was registered before the library's and so runs after it. */

/* The C library's own mark, which it sets in all that it is given back. */
#define RESTORER 0x04000000

static struct sigaction found[65];

static void
read_actions (struct sigaction actions[65])
{
  memset (actions, 0, 65 * sizeof *actions);
  for (int signum = 1; signum <= 64; signum++)
    sigaction (signum, NULL, &actions[signum]);
}

static void
exit_cb (void)
{
  struct sigaction actions[65];
  struct itimerval value;

  read_actions (actions);
  for (int signum = 1; signum <= 64; signum++)
    if (actions[signum].sa_handler != found[signum].sa_handler ||
        (actions[signum].sa_flags & ~RESTORER) != (found[signum].sa_flags & ~RESTORER))
      _exit (1);

  getitimer (ITIMER_REAL, &value);
  if (value.it_value.tv_sec != 0 || value.it_value.tv_usec != 0)
    _exit (2);

  /* What the alarm was armed for comes now, or never. */
  g_usleep (30000);
}

static void
start (VclockTimer **timer,
       const char   *backend)
{
  static int n_calls;
  g_autoptr (VclockAlarm) alarm = NULL;
  g_autoptr (GError) error = NULL;

  read_actions (found);
  if (atexit (exit_cb) != 0)
    _exit (3);

  alarm = vclock_alarm_get_for_context (NULL);
  if (!vclock_alarm_set_backend (alarm, backend, &error))
    _exit (4);

  *timer = vclock_timer_new (vclock_monotonic_clock_get_default ());
  vclock_timer_set_callback (*timer, test_count_cb, &n_calls, NULL);
  vclock_timer_arm_after (*timer, MSEC (1));
  while (n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
  vclock_timer_arm_after (*timer, MSEC (10));
  g_main_context_iteration (NULL, FALSE);
}

static gpointer
exit_thread (gpointer data)
{
  exit (0);
}

/* What the process does in the end; returning from main () is left to it. */
static int
run (const char *backend,
     const char *way)
{
  static VclockTimer *timer;

  start (&timer, backend);
  if (g_str_equal (way, "exit"))
    exit (0);
  if (g_str_equal (way, "thread"))
    g_thread_join (g_thread_new ("exit", exit_thread, NULL));
  if (g_str_equal (way, "pending"))
    {
      sigset_t set;

      /* The alarm's signal is pending when the process ends. */
      sigfillset (&set);
      sigprocmask (SIG_BLOCK, &set, NULL);
      g_usleep (15000);
    }
  if (g_str_equal (way, "disarmed"))
    {
      vclock_timer_disarm (timer);
      g_main_context_iteration (NULL, FALSE);
    }

  return 0;
}

static const char *program;

/* The process ends as it wanted to: not killed by a signal, and with nothing changed. */
static void
test_exit (gconstpointer data)
{
  const char *const *words = data;
  const char *argv[] = { program, "--end", words[0], words[1], NULL };
  g_autoptr (GError) error = NULL;
  int status = -1;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT,
                NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  static const char *const ways[] = { "return", "exit", "thread", "pending", "disarmed" };
  g_auto (GStrv) backends = NULL;

  if (argc == 4 && g_str_equal (argv[1], "--end"))
    return run (argv[2], argv[3]);

  test_init (&argc, &argv);
  program = argv[0];
  backends = vclock_alarm_list_backends ();

  for (gsize i = 0; backends[i] != NULL; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (ways); j++)
      {
        g_autofree char *path = g_strdup_printf ("/exit/%s/%s", backends[i], ways[j]);
        const char **words = g_new0 (const char *, 2);

        words[0] = backends[i];
        words[1] = ways[j];
        g_test_add_data_func_full (path, words, test_exit, g_free);
      }

  return g_test_run ();
}
