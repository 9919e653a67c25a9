/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <glib-vclock/glib-vclock.h>

static void
list_expiries (VclockRecorder *recorder,
               GString        *log)
{
  GListModel *list = G_LIST_MODEL (recorder);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (VclockEvent) event = g_list_model_get_item (list, i);

      if (vclock_event_get_kind (event) == VCLOCK_EVENT_KIND_EXPIRED)
        g_string_append_printf (log, "%s was late by %d\n", vclock_event_get_timer_name (event),
                                (int) vclock_event_get_lateness (event));
    }
}

static gboolean
save_trace (VclockRecorder  *recorder,
            GFile           *file,
            GError         **error)
{
  g_autoptr (GFileOutputStream) stream = NULL;

  stream = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, error);

  return stream != NULL &&
         vclock_recorder_write_trace (recorder, G_OUTPUT_STREAM (stream), NULL, error) &&
         g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, error);
}

int
main (void)
{
  g_autoptr (VclockVirtualClock) clock = vclock_virtual_clock_new ();
  g_autoptr (VclockTimer) timer = vclock_timer_new (VCLOCK_CLOCK (clock));
  g_autoptr (VclockRecorder) recorder = vclock_recorder_new (10000);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (GFileIOStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = NULL;

  vclock_recorder_add_clock (recorder, VCLOCK_CLOCK (clock));
  vclock_recorder_set_recording (recorder, TRUE);
  vclock_timer_set_name (timer, "tea");
  vclock_timer_arm (timer, 180);
  vclock_virtual_clock_jump (clock, 200);
  vclock_recorder_set_recording (recorder, FALSE);

  list_expiries (recorder, log);
  g_assert_cmpstr (log->str, ==, "tea was late by 20\n");

  file = g_file_new_tmp ("trace-XXXXXX.json", &stream, &error);
  g_assert_no_error (error);
  g_assert_true (save_trace (recorder, file, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_delete (file, NULL, NULL));
}
