/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "timeline-format.h"
#include "timeline-report.h"

enum
{
  COLUMN_CLOCK,
  COLUMN_TIMER,
  COLUMN_DEADLINE,
  COLUMN_LATENESS,
  COLUMN_OVERRUNS,
  N_COLUMNS,
};

#define FIRST_NUMBER COLUMN_DEADLINE  /* numbers are aligned at their ends, names are not */

static char **
create_row (TimelineExpiration *expiration)
{
  char **row = g_new0 (char *, N_COLUMNS + 1);

  row[COLUMN_CLOCK] = g_strdup (timeline_expiration_get_clock_name (expiration));
  row[COLUMN_TIMER] = g_strdup (timeline_expiration_get_timer_name (expiration));
  row[COLUMN_DEADLINE] = timeline_format_point (timeline_expiration_get_deadline (expiration),
                                                VCLOCK_NSEC_PER_USEC);
  row[COLUMN_LATENESS] = timeline_format_span (timeline_expiration_get_lateness (expiration));
  row[COLUMN_OVERRUNS] = g_strdup_printf ("%" G_GUINT64_FORMAT,
                                        timeline_expiration_get_overruns (expiration));
  return row;
}

static GPtrArray *
create_table (TimelineModel *model)
{
  GListModel *expirations = timeline_model_get_expirations (model);
  GPtrArray *table = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  char **head = g_new0 (char *, N_COLUMNS + 1);
  guint i;

  head[COLUMN_CLOCK] = g_strdup (_("Clock"));
  head[COLUMN_TIMER] = g_strdup (_("Timer"));
  head[COLUMN_DEADLINE] = g_strdup (_("Deadline"));
  head[COLUMN_LATENESS] = g_strdup (_("Lateness"));
  head[COLUMN_OVERRUNS] = g_strdup (_("Overruns"));
  g_ptr_array_add (table, head);
  for (i = 0; i < g_list_model_get_n_items (expirations); i++)
    {
      g_autoptr (TimelineExpiration) expiration = g_list_model_get_item (expirations, i);

      g_ptr_array_add (table, create_row (expiration));
    }
  return table;
}

static void
measure (GPtrArray *table,
         glong      widths[N_COLUMNS])
{
  guint row;
  guint column;

  for (row = 0; row < table->len; row++)
    for (column = 0; column < N_COLUMNS; column++)
      {
        char **cells = g_ptr_array_index (table, row);

        widths[column] = MAX (widths[column], g_utf8_strlen (cells[column], -1));
      }
}

static void
append_row (GString  *text,
            char    **cells,
            glong     widths[N_COLUMNS])
{
  guint column;

  for (column = 0; column < N_COLUMNS; column++)
    {
      int padding = widths[column] - g_utf8_strlen (cells[column], -1);

      if (column >= FIRST_NUMBER)
        g_string_append_printf (text, "%*s%s", padding, "", cells[column]);
      else
        g_string_append_printf (text, "%s%*s", cells[column], padding, "");
      g_string_append (text, column + 1 < N_COLUMNS ? "  " : "\n");
    }
}

/* What expired, as a table in plain text. */
char *
timeline_report_new (TimelineModel *model)
{
  g_autoptr (GPtrArray) table = create_table (model);
  GString *text = g_string_new (NULL);
  glong widths[N_COLUMNS] = { 0 };
  guint i;

  measure (table, widths);
  for (i = 0; i < table->len; i++)
    append_row (text, g_ptr_array_index (table, i), widths);
  return g_string_free (text, FALSE);
}
