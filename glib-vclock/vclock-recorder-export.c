/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <glib-vclock/vclock-recorder-private.h>

/* Recordings as files, for other programs. */

#define CHUNK_SIZE 65536

typedef struct
{
  GOutputStream  *stream;       /* (unowned) */
  GCancellable   *cancellable;  /* (unowned) (nullable) */
  GString        *text;         /* (owned): not written yet */
  GError        **error;
} Writer;

static gboolean
flush (Writer *self,
       gsize   threshold)
{
  if (self->text->len < threshold)
    return TRUE;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, self->error) ||
      !g_output_stream_write_all (self->stream, self->text->str, self->text->len, NULL,
                                      self->cancellable, self->error))
    return FALSE;

  g_string_truncate (self->text, 0);

  return TRUE;
}

/* A string of JSON, NULL as null. */
static void
append_json (GString    *text,
             const char *string)
{
  g_autofree char *valid = NULL;

  if (string == NULL)
    {
      g_string_append (text, "null");
      return;
    }

  valid = g_utf8_make_valid (string, -1);
  g_string_append_c (text, '"');
  for (const char *c = valid; *c != '\0'; c++)
    {
      if (*c == '"' || *c == '\\')
        g_string_append_printf (text, "\\%c", *c);
      else if ((guchar) *c < 0x20)
        g_string_append_printf (text, "\\u%04x", *c);
      else
        g_string_append_c (text, *c);
    }
  g_string_append_c (text, '"');
}

/* Microseconds, as the format has them, with decimals that lose nothing: a double would. */
static void
append_microseconds (GString    *text,
                     VclockTime  time)
{
  guint64 magnitude = time < 0 ? -(guint64) time : (guint64) time;

  g_string_append_printf (text, "%s%" G_GUINT64_FORMAT ".%03u", time < 0 ? "-" : "",
                          magnitude / 1000, (guint) (magnitude % 1000));
}

/* Names a row of the trace; "clock 1" or the like if it has no name. */
static void
append_name (GString    *text,
             const char *what,
             guint       process,
             guint       thread,
             const char *name,
             const char *kind,
             guint       number)
{
  g_autofree char *numbered = g_strdup_printf ("%s %u", kind, number);

  g_string_append_printf (text,
                          "{\"name\":\"%s\",\"ph\":\"M\",\"pid\":%u,\"tid\":%u,\"args\":{\"name\":",
                          what, process, thread);
  append_json (text, name != NULL ? name : numbered);
  g_string_append (text, "}}");
}

/* The row of an event: no two processes may have a thread of the same number. The first thread of
 * a process has that of the process. */
static guint
get_thread (VclockRecorder     *self,
            const VclockRecord *record)
{
  return record->timer == 0 ? record->clock : self->clock_names->len + record->timer;
}

static void
append_trace_event (GString            *text,
                    VclockRecorder     *self,
                    const VclockRecord *record)
{
  VclockRecordField fields[VCLOCK_RECORD_MAX_FIELDS];
  const guint n_fields = vclock_record_get_fields (record, fields);

  g_string_append_printf (text, "{\"name\":\"%s\",\"cat\":\"%s\",\"ph\":\"i\",\"s\":\"t\",\"ts\":",
                          vclock_record_get_kind_nick (record),
                          record->timer != 0 ? "timer" : "clock");
  append_microseconds (text, record->time);
  g_string_append_printf (text, ",\"pid\":%u,\"tid\":%u,\"args\":{",
                          record->clock, get_thread (self, record));
  for (guint i = 0; i < n_fields; i++)
    g_string_append_printf (text, "%s\"%s\":%s", i > 0 ? "," : "", fields[i].name, fields[i].value);
  if (record->kind == VCLOCK_EVENT_KIND_PARENT)
    {
      g_string_append (text, "\"parent-name\":");
      append_json (text, record->name);
    }
  g_string_append (text, "}}");
}

static void
clear_name (gpointer name)
{
  if (name != NULL)
    g_ref_string_release (name);
}

/* Names a timer's row when it occurs first, and when it has another name. */
static void
append_timer_name (GString            *text,
                   VclockRecorder     *self,
                   const VclockRecord *record,
                   GHashTable         *names)
{
  gpointer name;

  if (record->timer == 0 ||
      (g_hash_table_lookup_extended (names, GUINT_TO_POINTER (record->timer), NULL, &name) &&
       g_strcmp0 (name, record->name) == 0))
    return;

  g_hash_table_insert (names, GUINT_TO_POINTER (record->timer),
                       record->name != NULL ? g_ref_string_acquire (record->name) : NULL);
  append_name (text, "thread_name", record->clock, get_thread (self, record),
               record->name, "timer", record->timer);
  g_string_append (text, ",\n");
}

/**
 * vclock_recorder_write_trace:
 * @self: a recorder
 * @stream: where to write to; it stays open
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * Writes the recording as a trace that Perfetto and `chrome://tracing` open.
 *
 * The format is the JSON of Chrome's Trace Event Format. Each clock is a process and each of its
 * timers a thread; each event is an instant, at the time of its clock. Times are exact to the
 * nanosecond. The list is brought up to date first.
 *
 * Fails as writing to @stream does.
 *
 * Returns: whether all was written
 */
gboolean
vclock_recorder_write_trace (VclockRecorder  *self,
                             GOutputStream   *stream,
                             GCancellable    *cancellable,
                             GError         **error)
{
  g_autoptr (GHashTable) names = NULL;
  g_autoptr (GString) text = NULL;
  Writer writer;

  g_return_val_if_fail (VCLOCK_IS_RECORDER (self), FALSE);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  vclock_recorder_update (self);
  names = g_hash_table_new_full (NULL, NULL, NULL, clear_name);
  text = g_string_new ("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n");
  writer = (Writer) { stream, cancellable, text, error };
  for (guint clock = 1; clock <= self->clock_names->len; clock++)
    {
      const char *name = g_ptr_array_index (self->clock_names, clock - 1);

      g_string_append (text, clock > 1 ? ",\n" : "");
      append_name (text, "process_name", clock, clock, name, "clock", clock);
      g_string_append (text, ",\n");
      append_name (text, "thread_name", clock, clock, "clock", "clock", clock);
    }

  for (guint i = 0; i < self->records->len; i++)
    {
      const VclockRecord *record = &g_array_index (self->records, VclockRecord, i);

      g_string_append (text, ",\n");
      append_timer_name (text, self, record, names);
      append_trace_event (text, self, record);
      if (!flush (&writer, CHUNK_SIZE))
        return FALSE;
    }

  g_string_append (text, "\n]}\n");

  return flush (&writer, 0);
}

static const char * const columns[] = {
  "deadline",
  "lateness",
  "overruns",
  "old-time",
  "new-time",
  "numerator",
  "denominator",
};

/* A field of RFC 4180, NULL as an empty one. */
static void
append_csv (GString    *text,
            const char *string)
{
  g_autofree char *valid = string != NULL ? g_utf8_make_valid (string, -1) : NULL;

  g_string_append_c (text, ',');
  if (valid == NULL)
    return;

  if (strpbrk (valid, ",\"\r\n") == NULL)
    {
      g_string_append (text, valid);
      return;
    }

  g_string_append_c (text, '"');
  for (const char *c = valid; *c != '\0'; c++)
    g_string_append_printf (text, *c == '"' ? "\"\"" : "%c", *c);
  g_string_append_c (text, '"');
}

static void
append_row (GString            *text,
            VclockRecorder     *self,
            const VclockRecord *record)
{
  const gboolean is_timer = record->timer != 0;
  VclockRecordField fields[VCLOCK_RECORD_MAX_FIELDS];
  const guint n_fields = vclock_record_get_fields (record, fields);
  guint field = 0;

  g_string_append_printf (text, "%" G_GINT64_FORMAT ",%s,%u",
                          record->time, vclock_record_get_kind_nick (record), record->clock);
  append_csv (text, vclock_recorder_get_clock_name (self, record));
  g_string_append_c (text, ',');
  if (is_timer)
    g_string_append_printf (text, "%u", record->timer);
  append_csv (text, is_timer ? record->name : NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      const gboolean has = field < n_fields && g_str_equal (fields[field].name, columns[i]);

      append_csv (text, has ? fields[field].value : NULL);
      field += has;
    }
  append_csv (text, is_timer ? NULL : record->name);
  g_string_append (text, "\r\n");
}

/**
 * vclock_recorder_write_csv:
 * @self: a recorder
 * @stream: where to write to; it stays open
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * Writes the recording as comma-separated values, as RFC 4180 has them, in UTF-8.
 *
 * The first line names the columns, which are the properties of [class@Vclock.Event]. Times are in
 * nanoseconds; what an event does not have is empty. The list is brought up to date first.
 *
 * Fails as writing to @stream does.
 *
 * Returns: whether all was written
 */
gboolean
vclock_recorder_write_csv (VclockRecorder  *self,
                           GOutputStream   *stream,
                           GCancellable    *cancellable,
                           GError         **error)
{
  g_autoptr (GString) text = NULL;
  Writer writer;

  g_return_val_if_fail (VCLOCK_IS_RECORDER (self), FALSE);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  vclock_recorder_update (self);
  text = g_string_new ("time,kind,clock-number,clock-name,timer-number,timer-name");
  writer = (Writer) { stream, cancellable, text, error };
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    g_string_append_printf (text, ",%s", columns[i]);
  g_string_append (text, ",parent-name\r\n");

  for (guint i = 0; i < self->records->len; i++)
    {
      append_row (text, self, &g_array_index (self->records, VclockRecord, i));
      if (!flush (&writer, CHUNK_SIZE))
        return FALSE;
    }

  return flush (&writer, 0);
}
