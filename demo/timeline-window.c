/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <inttypes.h>

#include <glib/gi18n.h>

#include "timeline-format.h"
#include "timeline-scenario.h"
#include "timeline-table.h"
#include "timeline-view.h"
#include "timeline-window.h"

/* The controls around the view. They act on the virtual clock and the alarm; what they show is read
 * back from the model, whoever changed it. */
struct _TimelineWindow
{
  AdwApplicationWindow parent_instance;

  TimelineScenario *scenario;  /* (owned) */
  VclockAlarm      *alarm;     /* (owned) */
  gboolean          at_end;    /* the table shows its last row, and goes on to */
  double            table_value;

  GMenu             *backend_menu;
  GtkDropDown       *rate_dropdown;
  GtkLabel          *status;
  GtkColumnView     *table;
  GtkAdjustment     *table_position;
  AdwToastOverlay   *toasts;
  GtkButton         *toggle_button;
  TimelineView      *view;
};

static const struct { gint64 numerator; gint64 denominator; } rates[] = {
  { 1, 4 },
  { 1, 2 },
  { 1, 1 },
  { 2, 1 },
  { 4, 1 },
};

G_DEFINE_FINAL_TYPE (TimelineWindow, timeline_window, ADW_TYPE_APPLICATION_WINDOW)

/* The virtual clock, for a command of the user; the script then has no more say in it. */
static VclockVirtualClock *
take_clock (TimelineWindow *self)
{
  timeline_scenario_end_script (self->scenario);
  return timeline_scenario_get_virtual_clock (self->scenario);
}

static void
rate_selected_cb (TimelineWindow *self)
{
  guint selected = gtk_drop_down_get_selected (self->rate_dropdown);
  VclockVirtualClock *clock;
  gint64 numerator;
  gint64 denominator;

  if (self->scenario == NULL || selected >= G_N_ELEMENTS (rates))
    return;
  clock = timeline_scenario_get_virtual_clock (self->scenario);
  vclock_virtual_clock_get_rate (clock, &numerator, &denominator);
  if (numerator != rates[selected].numerator || denominator != rates[selected].denominator)
    vclock_virtual_clock_set_rate (take_clock (self), rates[selected].numerator,
                                   rates[selected].denominator);
}

static void
update_toggle (TimelineWindow *self)
{
  gboolean paused =
    vclock_virtual_clock_is_paused (timeline_scenario_get_virtual_clock (self->scenario));
  const char *label = paused ? _("Resume the virtual clock") : _("Pause the virtual clock");

  gtk_button_set_icon_name (self->toggle_button, paused ? "media-playback-start-symbolic"
                                                        : "media-playback-pause-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->toggle_button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->toggle_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
update_rate (TimelineWindow *self)
{
  gint64 numerator;
  gint64 denominator;
  guint i;

  vclock_virtual_clock_get_rate (timeline_scenario_get_virtual_clock (self->scenario), &numerator,
                                 &denominator);
  for (i = 0; i < G_N_ELEMENTS (rates); i++)
    if (rates[i].numerator == numerator && rates[i].denominator == denominator)
      gtk_drop_down_set_selected (self->rate_dropdown, i);
}

static void
update_status (TimelineWindow *self)
{
  g_autofree char *backend = vclock_alarm_get_backend (self->alarm);
  g_autofree char *text = NULL;

  /* An alarm takes a backend when it first has to wait. */
  if (backend == NULL)
    return;
  g_action_group_change_action_state (G_ACTION_GROUP (self), "backend",
                                      g_variant_new_string (backend));
  /* Translators: the alarm's backend, how often it was programmed, how often it woke the program,
   * how often for nothing, and how many timers expired. */
  text = g_strdup_printf (_("Alarm: %s · programmed: %" PRIu64 " · wakeups: %" PRIu64
                            " · spurious: %" PRIu64 " · expired: %" PRIu64),
                          backend,
                          vclock_alarm_get_n_programmed (self->alarm),
                          vclock_alarm_get_n_wakeups (self->alarm),
                          vclock_alarm_get_n_spurious (self->alarm),
                          vclock_alarm_get_n_expired (self->alarm));
  gtk_label_set_label (self->status, text);
}

static double
get_table_end (TimelineWindow *self)
{
  return gtk_adjustment_get_upper (self->table_position)
         - gtk_adjustment_get_page_size (self->table_position);
}

static void
model_changed_cb (TimelineWindow *self)
{
  update_rate (self);
  update_status (self);
  if (self->at_end)
    gtk_adjustment_set_value (self->table_position, get_table_end (self));
}

/* The table leaves its end when the user scrolls back, not when the window shrinks. */
static void
table_scrolled_cb (TimelineWindow *self)
{
  double value = gtk_adjustment_get_value (self->table_position);

  self->at_end = value >= get_table_end (self) - 1 || (self->at_end && value >= self->table_value);
  self->table_value = value;
}

static void
toggle_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  VclockVirtualClock *clock = take_clock (user_data);

  if (vclock_virtual_clock_is_paused (clock))
    vclock_virtual_clock_resume (clock);
  else
    vclock_virtual_clock_pause (clock);
}

static void
step_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  vclock_virtual_clock_step (take_clock (user_data));
}

static void
drop_scenario (TimelineWindow *self)
{
  if (self->scenario != NULL)
    g_signal_handlers_disconnect_by_data (timeline_scenario_get_model (self->scenario), self);
  g_clear_object (&self->scenario);
}

static void
restart_cb (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  TimelineWindow *self = user_data;
  TimelineModel *model;

  drop_scenario (self);
  self->scenario = timeline_scenario_new ();
  model = timeline_scenario_get_model (self->scenario);
  self->at_end = TRUE;
  timeline_view_set_model (self->view, model);
  timeline_table_set_model (self->table, model);
  g_signal_connect_swapped (model, "changed", G_CALLBACK (model_changed_cb), self);
  g_signal_connect_object (timeline_scenario_get_virtual_clock (self->scenario), "notify::paused",
                           G_CALLBACK (update_toggle), self, G_CONNECT_SWAPPED);
  update_toggle (self);
  model_changed_cb (self);
}

static void
follow_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  timeline_view_follow (TIMELINE_WINDOW (user_data)->view);
}

static void
fit_cb (GSimpleAction *action,
        GVariant      *parameter,
        gpointer       user_data)
{
  timeline_view_fit (TIMELINE_WINDOW (user_data)->view);
}

static void
zoom_in_cb (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  timeline_view_zoom (TIMELINE_WINDOW (user_data)->view, TIMELINE_VIEW_ZOOM_STEP);
}

static void
zoom_out_cb (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  timeline_view_zoom (TIMELINE_WINDOW (user_data)->view, 1 / TIMELINE_VIEW_ZOOM_STEP);
}

static void
about_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  adw_show_about_window (GTK_WINDOW (user_data),
                         "application-icon", TIMELINE_APPLICATION_ID,
                         "application-name", _("Timeline"),
                         "comments",
                         _("Shows clocks, their timers and what expires, as it happens."),
                         "developer-name", _("The glib-vclock authors"),
                         "license-type", GTK_LICENSE_LGPL_2_1,
                         "version", PACKAGE_VERSION,
                         /* Translators: your names, one per line. */
                         "translator-credits", _("translator-credits"),
                         NULL);
}

static void
backend_cb (GSimpleAction *action,
            GVariant      *value,
            gpointer       user_data)
{
  TimelineWindow *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!vclock_alarm_set_backend (self->alarm, g_variant_get_string (value, NULL), &error))
    adw_toast_overlay_add_toast (self->toasts, adw_toast_new (error->message));
}

static const GActionEntry actions[] = {
  { .name = "toggle", .activate = toggle_cb },
  { .name = "step", .activate = step_cb },
  { .name = "restart", .activate = restart_cb },
  { .name = "follow", .activate = follow_cb },
  { .name = "fit", .activate = fit_cb },
  { .name = "zoom-in", .activate = zoom_in_cb },
  { .name = "zoom-out", .activate = zoom_out_cb },
  { .name = "about", .activate = about_cb },
};

static const struct { const char *action; const char *keys[4]; } shortcuts[] = {
  { "win.toggle", { "space" } },
  { "win.step", { "period" } },
  { "win.restart", { "<Control>r" } },
  { "win.fit", { "<Control>0", "<Control>KP_0" } },
  { "win.zoom-in", { "<Control>plus", "<Control>equal", "<Control>KP_Add" } },
  { "win.zoom-out", { "<Control>minus", "<Control>KP_Subtract" } },
  { "window.close", { "<Control>w" } },
};

static void
add_backends (TimelineWindow *self)
{
  g_auto (GStrv) names = vclock_alarm_list_backends ();
  g_autoptr (GSimpleAction) action =
    g_simple_action_new_stateful ("backend", G_VARIANT_TYPE_STRING, g_variant_new_string (""));
  guint i;

  g_signal_connect (action, "activate", G_CALLBACK (backend_cb), self);
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
  for (i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (names[i], NULL);

      g_menu_item_set_action_and_target (item, "win.backend", "s", names[i]);
      g_menu_append_item (self->backend_menu, item);
    }
}

static void
add_rates (TimelineWindow *self)
{
  GtkWidget *dropdown = GTK_WIDGET (self->rate_dropdown);
  GtkStringList *names = gtk_string_list_new (NULL);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rates); i++)
    gtk_string_list_take (names, timeline_format_rate (rates[i].numerator, rates[i].denominator));
  gtk_drop_down_set_model (self->rate_dropdown, G_LIST_MODEL (names));
  g_object_unref (names);

  /* The button inside, which takes the focus, has no name of its own in GTK 4.8. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (dropdown)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Rate of the virtual clock"),
                                  -1);
}

static void
timeline_window_dispose (GObject *object)
{
  TimelineWindow *self = TIMELINE_WINDOW (object);

  drop_scenario (self);
  g_clear_object (&self->alarm);

  G_OBJECT_CLASS (timeline_window_parent_class)->dispose (object);
}

static void
timeline_window_class_init (TimelineWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = timeline_window_dispose;

  g_type_ensure (TIMELINE_TYPE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/gnome/VclockTimeline/timeline-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TimelineWindow, backend_menu);
  gtk_widget_class_bind_template_child (widget_class, TimelineWindow, rate_dropdown);
  gtk_widget_class_bind_template_child (widget_class, TimelineWindow, status);
  gtk_widget_class_bind_template_child (widget_class, TimelineWindow, table);
  gtk_widget_class_bind_template_child (widget_class, TimelineWindow, table_position);
  gtk_widget_class_bind_template_child (widget_class, TimelineWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, TimelineWindow, toggle_button);
  gtk_widget_class_bind_template_child (widget_class, TimelineWindow, view);
  gtk_widget_class_bind_template_callback (widget_class, rate_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, table_scrolled_cb);
}

static void
timeline_window_init (TimelineWindow *self)
{
  self->alarm = vclock_alarm_get_for_context (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  add_rates (self);
  timeline_table_set_up (self->table);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  add_backends (self);
  g_action_group_activate_action (G_ACTION_GROUP (self), "restart", NULL);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->view));
}

TimelineWindow *
timeline_window_new (GtkApplication *application)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (application, shortcuts[i].action,
                                           (const char * const *) shortcuts[i].keys);
  return g_object_new (TIMELINE_TYPE_WINDOW, "application", application, NULL);
}
