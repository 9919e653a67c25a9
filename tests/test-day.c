/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <glib/gstdio.h>
#include <string.h>

/* A program of a day, as applications are: each time its timer expires it sets something going,
 * which is over before time goes on, and arms the timer again. With a clock that warps it takes
 * milliseconds, and writes the same log in every run. */

#define DAY (24 * SEC (3600))

/* How many days, and how many of them on a busy machine unless the mode is "thorough". The program
 * reads a socket and a file, which under wine takes a hundred times as long. */
#if defined (G_OS_WIN32)
# define N_RUNS        2
# define N_LOADED_RUNS 1
#elif defined (__SANITIZE_ADDRESS__)
# define N_RUNS        40
# define N_LOADED_RUNS 20
#else
# define N_RUNS        1000
# define N_LOADED_RUNS 20
#endif

typedef struct
{
  GMainLoop          *loop;
  VclockVirtualClock *clock;
  VclockTimer        *timer;
  VclockTimer        *evening;
  VclockInhibitor    *inhibitor;
  GSocketService     *service;
  GSocketAddress     *address;
  GSocketConnection  *connection;
  GFile              *file;
  GRand              *rand;
  GString            *log;
  guint               n_left;     /* idles to come */
  char                buffer[64];
} Day;

static void
note (Day        *self,
      const char *what)
{
  g_string_append_printf (self->log, "%" G_GINT64_FORMAT " %s\n",
                          vclock_clock_get_time (VCLOCK_CLOCK (self->clock)), what);
}

/* Something is under way elsewhere, and is over. */
static void
begin (Day        *self,
       const char *what)
{
  note (self, what);
  g_assert_null (self->inhibitor);
  self->inhibitor = vclock_virtual_clock_inhibit (self->clock, what);
}

static void
end (Day        *self,
     const char *what)
{
  note (self, what);
  g_clear_object (&self->inhibitor);
}

/* Idles, each of which attaches the next one. */

static gboolean
idle_cb (gpointer data)
{
  Day *self = data;

  note (self, "idle");
  if (--self->n_left > 0)
    g_idle_add (idle_cb, self);

  return G_SOURCE_REMOVE;
}

static void
start_idles (Day *self)
{
  self->n_left = g_rand_int_range (self->rand, 1, 5);
  g_idle_add (idle_cb, self);
}

/* A task in a thread. */

static void
task_thread (GTask        *task,
             gpointer      object,
             gpointer      text,
             GCancellable *cancellable)
{
  g_task_return_pointer (task, g_compute_checksum_for_string (G_CHECKSUM_MD5, text, -1), g_free);
}

static void
task_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      data)
{
  g_autofree char *hash = g_task_propagate_pointer (G_TASK (result), NULL);

  note (data, hash);
}

static void
start_task (Day *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, task_cb, self);
  g_autoptr (VclockInhibitor) inhibitor = vclock_virtual_clock_inhibit (self->clock, "task");

  vclock_inhibitor_tie_to_task (inhibitor, task);
  g_task_set_task_data (task, g_strdup_printf ("%u", g_rand_int (self->rand)), g_free);
  g_task_run_in_thread (task, task_thread);
}

/* A file that is written and read again, by GIO's threads. */

static void
loaded_cb (GObject      *file,
           GAsyncResult *result,
           gpointer      data)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_load_contents_finish (G_FILE (file), result, &text, NULL, NULL, NULL));
  end (data, text);
}

static void
saved_cb (GObject      *file,
          GAsyncResult *result,
          gpointer      data)
{
  g_assert_true (g_file_replace_contents_finish (G_FILE (file), result, NULL, NULL));
  note (data, "saved");
  g_file_load_contents_async (G_FILE (file), NULL, loaded_cb, data);
}

static void
start_file (Day *self)
{
  g_autofree char *text = g_strdup_printf ("text %u", g_rand_int (self->rand));
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  begin (self, "save");
  g_file_replace_contents_bytes_async (self->file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                       saved_cb, self);
}

/* A connection to a service of the same main loop, which says something and closes it. */

static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             gpointer           data)
{
  GOutputStream *stream = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  note (data, "incoming");
  g_assert_true (g_output_stream_printf (stream, NULL, NULL, NULL, "answer %u",
                                         g_rand_int (((Day *) data)->rand)));
  g_assert_true (g_io_stream_close (G_IO_STREAM (connection), NULL, NULL));

  return TRUE;
}

static void
read_cb (GObject      *stream,
         GAsyncResult *result,
         gpointer      data)
{
  Day *self = data;
  gsize n = 0;

  g_assert_true (g_input_stream_read_all_finish (G_INPUT_STREAM (stream), result, &n, NULL));
  self->buffer[n] = '\0';
  g_clear_object (&self->connection);
  end (self, self->buffer);
}

static void
connected_cb (GObject      *client,
              GAsyncResult *result,
              gpointer      data)
{
  Day *self = data;
  g_autoptr (GError) error = NULL;

  self->connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (client), result, &error);
  g_assert_no_error (error);
  g_input_stream_read_all_async (g_io_stream_get_input_stream (G_IO_STREAM (self->connection)),
                                 self->buffer, sizeof self->buffer - 1, G_PRIORITY_DEFAULT, NULL,
                                 read_cb, self);
}

static void
start_socket (Day *self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  begin (self, "connect");
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (self->address), NULL, connected_cb,
                                 self);
}

static void
expired_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     data)
{
  static void (* const starts[]) (Day *self) = { start_idles, start_task, start_file, start_socket };
  Day *self = data;

  g_assert_cmpint (vclock_timer_get_lateness (timer), ==, 0);
  note (self, "timer");
  vclock_timer_arm_after (timer, g_rand_int_range (self->rand, 1, 120) * VCLOCK_NSEC_PER_SEC);
  if (g_rand_int_range (self->rand, 0, 16) == 0)
    starts[g_rand_int_range (self->rand, 0, G_N_ELEMENTS (starts))] (self);
}

static void
evening_cb (VclockTimer *timer,
            guint64      overruns,
            gpointer     data)
{
  note (data, "evening");
  g_main_loop_quit (((Day *) data)->loop);
}

static VclockTimer *
timer_new (Day             *self,
           VclockTimerFunc  callback,
           VclockTime       deadline)
{
  VclockTimer *timer = vclock_timer_new (VCLOCK_CLOCK (self->clock));

  vclock_timer_set_callback (timer, callback, self, NULL);
  vclock_timer_arm (timer, deadline);

  return timer;
}

static void
start_service (Day *self)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new (loopback, 0);

  self->service = g_socket_service_new ();
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  g_assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), any_port,
                                                G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                                                NULL, &self->address, NULL));
}

/* What the program writes. */
static char *
run_day (const char *path)
{
  Day self = {
    .loop = g_main_loop_new (NULL, FALSE),
    .clock = vclock_virtual_clock_new (),
    .file = g_file_new_for_path (path),
    .rand = g_rand_new_with_seed (24),
    .log = g_string_new (NULL),
  };

  vclock_virtual_clock_set_warp_mode (self.clock, VCLOCK_WARP_MODE_JUMP);
  start_service (&self);
  self.timer = timer_new (&self, expired_cb, SEC (1));
  self.evening = timer_new (&self, evening_cb, DAY);
  g_main_loop_run (self.loop);

  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (self.clock)), ==, DAY);
  g_assert_null (self.inhibitor);
  vclock_timer_disarm (self.timer);
  g_assert_finalize_object (self.timer);
  g_assert_finalize_object (self.evening);
  g_socket_service_stop (self.service);
  g_socket_listener_close (G_SOCKET_LISTENER (self.service));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (self.service);
  g_object_unref (self.address);
  g_object_unref (self.file);
  g_rand_free (self.rand);
  g_main_loop_unref (self.loop);
  g_assert_finalize_object (self.clock);

  return g_string_free (self.log, FALSE);
}

static void
assert_in_log (const char *log,
               const char *what,
               guint       at_least)
{
  guint n = 0;

  for (const char *found = strstr (log, what); found != NULL; found = strstr (found + 1, what))
    n++;
  g_assert_cmpuint (n, >=, at_least);
}

static int n_loads; /* atomic: threads that keep the machine busy */

static gpointer
load_thread (gpointer unused)
{
  while (g_atomic_int_get (&n_loads) > 0)
    ;

  return NULL;
}

static void
run_days (const char *path,
          const char *expected,
          guint       n)
{
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *log = run_day (path);

      g_assert_cmpstr (log, ==, expected);
    }
  if (n > 0)
    g_test_message ("%u days took %.1f ms each", n,
                    (double) (g_get_monotonic_time () - start) / 1000 / n);
}

/* Every run writes the same, to the byte, on an idle machine and on a busy one. */
static void
test_day (void)
{
  const guint n_loaded = g_test_thorough () ? N_RUNS : N_LOADED_RUNS;
  g_autofree char *dir = g_dir_make_tmp ("vclock-day-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "file", NULL);
  g_autofree char *first = run_day (path);
  GThread *loads[2];

  assert_in_log (first, "timer\n", 1000);
  assert_in_log (first, "idle\n", 20);
  assert_in_log (first, "saved\n", 10);
  assert_in_log (first, "answer ", 10);
  run_days (path, first, N_RUNS - n_loaded);

  g_atomic_int_set (&n_loads, G_N_ELEMENTS (loads));
  for (guint i = 0; i < G_N_ELEMENTS (loads); i++)
    loads[i] = g_thread_new ("load", load_thread, NULL);
  run_days (path, first, n_loaded);
  g_atomic_int_set (&n_loads, 0);
  for (guint i = 0; i < G_N_ELEMENTS (loads); i++)
    g_thread_join (loads[i]);

  g_unlink (path);
  g_rmdir (dir);
}

static void
drop_cb (const char     *domain,
         GLogLevelFlags  level,
         const char     *message,
         gpointer        unused)
{
}

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);
  g_log_set_handler ("GLib-GIO", G_LOG_LEVEL_DEBUG, drop_cb, NULL); /* it tells of each connection */

  g_test_add_func ("/day/same-every-time", test_day);

  return g_test_run ();
}
