/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <math.h>

#include <adwaita.h>
#include <glib/gi18n.h>

#include "timeline-draw.h"
#include "timeline-format.h"
#include "timeline-view.h"

/* Shows a model and moves over it; all drawing is timeline_draw (). */
struct _TimelineView
{
  GtkWidget parent_instance;

  TimelineModel *model;  /* (owned) (nullable) */
  TimelineRange  range;
  gboolean       following;
  double         pointer_x;
  VclockTime     drag_start;
  guint          tick_id;
};

#define DEFAULT_SPAN (4 * VCLOCK_NSEC_PER_SEC)
#define MIN_SPAN     (10 * VCLOCK_NSEC_PER_USEC)
#define MAX_SPAN     (3600 * VCLOCK_NSEC_PER_SEC)
#define PAN_STEP     0.1   /* of the span */
#define MARGIN       0.02  /* before the beginning, of the span */
#define FOLLOW_AT    0.8   /* where in the span the now-line stays */
#define MIN_WIDTH    300

G_DEFINE_FINAL_TYPE (TimelineView, timeline_view, GTK_TYPE_WIDGET)

static TimelineLayout
get_layout (TimelineView *self)
{
  return timeline_layout_new (self->model, self->range,
                              gtk_widget_get_width (GTK_WIDGET (self)),
                              gtk_widget_get_height (GTK_WIDGET (self)));
}

static VclockTime
get_now (TimelineView *self)
{
  VclockTime now = 0;
  guint i;

  for (i = 0; i < timeline_model_get_n_lanes (self->model); i++)
    now = MAX (now, timeline_model_get_lane (self->model, i)->now);
  return now;
}

static void
set_range (TimelineView *self,
           VclockTime    start,
           VclockTime    span)
{
  VclockTime first = -(VclockTime) (span * MARGIN);
  VclockTime last = timeline_model_get_end (self->model);

  self->range.span = span;
  self->range.start = CLAMP (start, first, MAX (first, last));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
follow_now (TimelineView *self)
{
  set_range (self, get_now (self) - (VclockTime) (self->range.span * FOLLOW_AT), self->range.span);
}

static void
pan (TimelineView *self,
     double        part)
{
  self->following = FALSE;
  set_range (self, self->range.start + (VclockTime) (part * self->range.span), self->range.span);
}

/* What is at @x stays there. */
static void
zoom_at (TimelineView *self,
         double        factor,
         double        x)
{
  TimelineLayout layout = get_layout (self);
  double span = CLAMP (self->range.span / factor, (double) MIN_SPAN, (double) MAX_SPAN);
  double part = (x - layout.gutter) / (layout.right - layout.gutter);
  VclockTime time = timeline_layout_get_time (&layout, x);

  set_range (self, time - (VclockTime) (part * span), span);
  self->following = FALSE;
}

static gboolean
tick_cb (GtkWidget     *widget,
         GdkFrameClock *frame_clock,
         gpointer       user_data)
{
  TimelineView *self = TIMELINE_VIEW (widget);

  if (self->model != NULL)
    {
      timeline_model_sample (self->model);
      if (self->following)
        follow_now (self);
    }
  return G_SOURCE_CONTINUE;
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller,
           double                    dx,
           double                    dy,
           TimelineView             *self)
{
  GdkModifierType state =
    gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  if (self->model == NULL)
    return GDK_EVENT_PROPAGATE;
  if (state & GDK_CONTROL_MASK)
    zoom_at (self, pow (TIMELINE_VIEW_ZOOM_STEP, -dy), self->pointer_x);
  else
    pan (self, (dx + dy) * PAN_STEP);
  return GDK_EVENT_STOP;
}

static void
motion_cb (GtkEventControllerMotion *controller,
           double                    x,
           double                    y,
           TimelineView             *self)
{
  self->pointer_x = x;
}

static void
drag_begin_cb (GtkGestureDrag *gesture,
               double          x,
               double          y,
               TimelineView   *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->drag_start = self->range.start;
}

static void
drag_update_cb (GtkGestureDrag *gesture,
                double          dx,
                double          dy,
                TimelineView   *self)
{
  TimelineLayout layout = get_layout (self);
  double part = dx / (layout.right - layout.gutter);

  self->following = FALSE;
  set_range (self, self->drag_start - (VclockTime) (part * self->range.span), self->range.span);
}

static char *
describe_expiration (TimelineExpiration *expiration)
{
  VclockTime deadline = timeline_expiration_get_deadline (expiration);
  VclockTime lateness = timeline_expiration_get_lateness (expiration);
  g_autofree char *deadline_text = timeline_format_exact (deadline);
  g_autofree char *called_text = timeline_format_exact (deadline + lateness);
  g_autofree char *lateness_text = timeline_format_exact (lateness);

  /* Translators: the tooltip of a timer that expired: its name, then three exact times. */
  return g_strdup_printf (_("%s expired\nDeadline: %s\nCalled: %s\nLateness: %s"),
                          timeline_expiration_get_timer_name (expiration), deadline_text,
                          called_text, lateness_text);
}

static char *
describe_armed (const TimelineRow *row)
{
  g_autofree char *deadline = timeline_format_exact (row->deadline);

  /* Translators: the tooltip of a timer that has not expired yet: its name, then its deadline. */
  return g_strdup_printf (_("%s is armed\nDeadline: %s"), row->name, deadline);
}

static gboolean
timeline_view_query_tooltip (GtkWidget  *widget,
                             int         x,
                             int         y,
                             gboolean    keyboard,
                             GtkTooltip *tooltip)
{
  TimelineView *self = TIMELINE_VIEW (widget);
  g_autofree char *text = NULL;
  TimelineLayout layout;
  TimelineHit hit;

  if (self->model == NULL || keyboard)
    return FALSE;
  layout = get_layout (self);
  if (!timeline_layout_hit (&layout, x, y, &hit))
    return FALSE;
  text = hit.expiration != NULL ? describe_expiration (hit.expiration) : describe_armed (hit.row);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
timeline_view_snapshot (GtkWidget   *widget,
                        GtkSnapshot *snapshot)
{
  TimelineView *self = TIMELINE_VIEW (widget);
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  TimelineLayout layout;

  if (self->model == NULL)
    return;
  layout = get_layout (self);
  timeline_draw (snapshot, gtk_widget_get_pango_context (widget), &layout,
                 timeline_style_get (dark));
}

static void
timeline_view_measure (GtkWidget      *widget,
                       GtkOrientation  orientation,
                       int             for_size,
                       int            *minimum,
                       int            *natural,
                       int            *minimum_baseline,
                       int            *natural_baseline)
{
  TimelineView *self = TIMELINE_VIEW (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL || self->model == NULL)
    {
      *minimum = *natural = MIN_WIDTH;
      return;
    }
  *minimum = timeline_layout_get_min_height (self->model);
  *natural = timeline_layout_get_height (self->model);
}

static void
timeline_view_map (GtkWidget *widget)
{
  TimelineView *self = TIMELINE_VIEW (widget);

  GTK_WIDGET_CLASS (timeline_view_parent_class)->map (widget);
  self->tick_id = gtk_widget_add_tick_callback (widget, tick_cb, NULL, NULL);
}

static void
timeline_view_unmap (GtkWidget *widget)
{
  TimelineView *self = TIMELINE_VIEW (widget);

  gtk_widget_remove_tick_callback (widget, self->tick_id);
  GTK_WIDGET_CLASS (timeline_view_parent_class)->unmap (widget);
}

static gboolean
pan_key_cb (GtkWidget *widget,
            GVariant  *args,
            gpointer   user_data)
{
  pan (TIMELINE_VIEW (widget), g_variant_get_double (args));
  return TRUE;
}

static gboolean
zoom_key_cb (GtkWidget *widget,
             GVariant  *args,
             gpointer   user_data)
{
  timeline_view_zoom (TIMELINE_VIEW (widget), g_variant_get_double (args));
  return TRUE;
}

static gboolean
home_key_cb (GtkWidget *widget,
             GVariant  *args,
             gpointer   user_data)
{
  TimelineView *self = TIMELINE_VIEW (widget);

  self->following = FALSE;
  set_range (self, -self->range.span, self->range.span);
  return TRUE;
}

static gboolean
end_key_cb (GtkWidget *widget,
            GVariant  *args,
            gpointer   user_data)
{
  timeline_view_follow (TIMELINE_VIEW (widget));
  return TRUE;
}

static gboolean
fit_key_cb (GtkWidget *widget,
            GVariant  *args,
            gpointer   user_data)
{
  timeline_view_fit (TIMELINE_VIEW (widget));
  return TRUE;
}

static void
add_bindings (GtkWidgetClass *klass)
{
  static const struct
  {
    guint           key;
    guint           keypad_key;
    GtkShortcutFunc func;
    double          value;
  } keys[] = {
    { GDK_KEY_Left, GDK_KEY_KP_Left, pan_key_cb, -PAN_STEP },
    { GDK_KEY_Right, GDK_KEY_KP_Right, pan_key_cb, PAN_STEP },
    { GDK_KEY_plus, GDK_KEY_KP_Add, zoom_key_cb, TIMELINE_VIEW_ZOOM_STEP },
    { GDK_KEY_minus, GDK_KEY_KP_Subtract, zoom_key_cb, 1 / TIMELINE_VIEW_ZOOM_STEP },
    { GDK_KEY_Home, GDK_KEY_KP_Home, home_key_cb, 0 },
    { GDK_KEY_End, GDK_KEY_KP_End, end_key_cb, 0 },
    { GDK_KEY_0, GDK_KEY_KP_0, fit_key_cb, 0 },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      gtk_widget_class_add_binding (klass, keys[i].key, 0, keys[i].func, "d", keys[i].value);
      gtk_widget_class_add_binding (klass, keys[i].keypad_key, 0, keys[i].func, "d", keys[i].value);
    }
}

static void
timeline_view_dispose (GObject *object)
{
  timeline_view_set_model (TIMELINE_VIEW (object), NULL);

  G_OBJECT_CLASS (timeline_view_parent_class)->dispose (object);
}

static void
timeline_view_class_init (TimelineViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = timeline_view_dispose;
  widget_class->map = timeline_view_map;
  widget_class->measure = timeline_view_measure;
  widget_class->query_tooltip = timeline_view_query_tooltip;
  widget_class->snapshot = timeline_view_snapshot;
  widget_class->unmap = timeline_view_unmap;

  gtk_widget_class_set_css_name (widget_class, "timelineview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  add_bindings (widget_class);
}

static void
add_controllers (TimelineView *self)
{
  GtkEventController *scroll =
    gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

static void
timeline_view_init (TimelineView *self)
{
  self->following = TRUE;
  self->range.span = DEFAULT_SPAN;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Timeline"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _("The clocks, their timers and what expired; the table below it "
                                    "says the same in words."),
                                  -1);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  add_controllers (self);
}

void
timeline_view_set_model (TimelineView  *self,
                         TimelineModel *model)
{
  g_return_if_fail (TIMELINE_IS_VIEW (self));

  if (self->model == model)
    return;
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_set_object (&self->model, model);
  if (model == NULL)
    return;
  g_signal_connect_swapped (model, "changed", G_CALLBACK (gtk_widget_queue_draw), self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  timeline_view_follow (self);
}

/* Keeps the latest now in sight until the user moves elsewhere. */
void
timeline_view_follow (TimelineView *self)
{
  g_return_if_fail (TIMELINE_IS_VIEW (self));

  self->following = TRUE;
  if (self->model != NULL)
    follow_now (self);
}

/* Shows all that there is. */
void
timeline_view_fit (TimelineView *self)
{
  TimelineRange range;

  g_return_if_fail (TIMELINE_IS_VIEW (self));
  g_return_if_fail (self->model != NULL);

  range = timeline_layout_get_full_range (self->model);
  self->following = FALSE;
  set_range (self, range.start, range.span);
}

/* Zooms in by a @factor above 1, out by one below 1; what is in the middle stays there. When the
 * view follows the now-line it goes on to. */
void
timeline_view_zoom (TimelineView *self,
                    double        factor)
{
  gboolean following = self->following;
  TimelineLayout layout;

  g_return_if_fail (TIMELINE_IS_VIEW (self));
  g_return_if_fail (self->model != NULL);

  layout = get_layout (self);
  zoom_at (self, factor, (layout.gutter + layout.right) / 2);
  if (following)
    timeline_view_follow (self);
}
