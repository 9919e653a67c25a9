/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib-vclock/glib-vclock.h>
#include <glib-vclock/vclock-lock-private.h>

#define N_THREADS 4
#define N_ROUNDS  50000

static guint n_rounds; /* guarded by the lock */

static gpointer
count (gpointer unused)
{
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      guint n;

      vclock_lock ();
      n = n_rounds;
      if (i % 1024 == 0)
        g_thread_yield ();
      n_rounds = n + 1;
      vclock_unlock ();
    }

  return NULL;
}

/* The lock keeps out threads that were started after it had been taken while there were none. */
static void
test_threads (void)
{
  GThread *threads[N_THREADS];

  n_rounds = 0;
  count (NULL);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new (NULL, count, NULL);
  count (NULL);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);

  g_assert_cmpuint (n_rounds, ==, (N_THREADS + 2) * N_ROUNDS);
}

/* Whether the mutex is taken is remembered from when the lock was. */
static void
test_released (void)
{
  vclock_lock ();
  vclock_unlock ();

  g_assert_false (vclock_lock_is_alone);
  g_assert_true (g_mutex_trylock (&vclock_lock_mutex));
  g_mutex_unlock (&vclock_lock_mutex);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/lock/released", test_released);
  g_test_add_func ("/lock/threads", test_threads);
  g_test_add_func ("/lock/released/later", test_released);

  return g_test_run ();
}
