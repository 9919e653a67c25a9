/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "timeline-format.h"
#include "timeline-table.h"

/* The expirations as a table, which is also what a screen reader reads instead of the picture. */

typedef char       *(* DescribeFunc) (TimelineExpiration *expiration);
typedef VclockTime  (* MeasureFunc)  (TimelineExpiration *expiration);

typedef struct
{
  const char   *title;
  DescribeFunc  describe;
  MeasureFunc   measure;  /* what a column of numbers is sorted by; names have none */
} Column;

static char *
describe_clock (TimelineExpiration *expiration)
{
  return g_strdup (timeline_expiration_get_clock_name (expiration));
}

static char *
describe_timer (TimelineExpiration *expiration)
{
  return g_strdup (timeline_expiration_get_timer_name (expiration));
}

static char *
describe_deadline (TimelineExpiration *expiration)
{
  return timeline_format_point (timeline_expiration_get_deadline (expiration),
                                VCLOCK_NSEC_PER_MSEC);
}

static char *
describe_lateness (TimelineExpiration *expiration)
{
  g_autofree char *span = timeline_format_span (timeline_expiration_get_lateness (expiration));
  guint overruns = MIN (timeline_expiration_get_overruns (expiration), G_MAXUINT);

  if (overruns == 0)
    return g_steal_pointer (&span);
  /* Translators: a timer was late by the span %s, and %u of its periods passed unserved. */
  return g_strdup_printf (ngettext ("%s, %u overrun", "%s, %u overruns", overruns), span, overruns);
}

static const Column columns[] = {
  { N_("Clock"), describe_clock, NULL },
  { N_("Timer"), describe_timer, NULL },
  { N_("Deadline"), describe_deadline, timeline_expiration_get_deadline },
  { N_("Lateness"), describe_lateness, timeline_expiration_get_lateness },
};

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer      user_data)
{
  const Column *column = user_data;
  g_autofree char *text_a = NULL;
  g_autofree char *text_b = NULL;

  if (column->measure != NULL)
    {
      VclockTime time_a = column->measure ((gpointer) a);
      VclockTime time_b = column->measure ((gpointer) b);

      return (time_a > time_b) - (time_a < time_b);
    }
  text_a = column->describe ((gpointer) a);
  text_b = column->describe ((gpointer) b);
  return g_utf8_collate (text_a, text_b);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          const Column             *column)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), column->measure != NULL ? 1 : 0);
  if (column->measure != NULL)
    gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         const Column             *column)
{
  g_autofree char *text = column->describe (gtk_list_item_get_item (item));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

/* Gives the view its columns. */
void
timeline_table_set_up (GtkColumnView *view)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr (GtkColumnViewColumn) column =
        gtk_column_view_column_new (_(columns[i].title), factory);
      g_autoptr (GtkSorter) sorter =
        GTK_SORTER (gtk_custom_sorter_new (compare, (gpointer) &columns[i], NULL));

      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer) &columns[i]);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), (gpointer) &columns[i]);
      gtk_column_view_column_set_expand (column, columns[i].measure == NULL);
      gtk_column_view_column_set_sorter (column, sorter);
      gtk_column_view_append_column (view, column);
    }
}

/* Shows the expirations of another model, in the order that the user has chosen. */
void
timeline_table_set_model (GtkColumnView *view,
                          TimelineModel *model)
{
  GListModel *expirations = g_object_ref (timeline_model_get_expirations (model));
  GtkSorter *sorter = g_object_ref (gtk_column_view_get_sorter (view));
  GtkSortListModel *sorted = gtk_sort_list_model_new (expirations, sorter);
  g_autoptr (GtkSelectionModel) selection =
    GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (sorted)));

  gtk_column_view_set_model (view, selection);
}
