/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "timeline-canvas.h"

#define DOT_RADIUS     4.0
#define DIAMOND_RADIUS 5.0

/* With a @max_width of 0 the text is as wide as it is; else it ends in an ellipsis. */
TimelineText
timeline_text_new (TimelineCanvas   *canvas,
                   TimelineTextKind  kind,
                   const char       *string,
                   double            max_width)
{
  PangoLayout *layout = pango_layout_new (canvas->pango);
  PangoAttrList *attributes = pango_attr_list_new ();
  int width;
  int height;

  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  if (kind == TIMELINE_TEXT_BOLD)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  if (kind == TIMELINE_TEXT_SMALL)
    pango_attr_list_insert (attributes, pango_attr_scale_new (0.86));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_text (layout, string, -1);
  if (max_width > 0)
    {
      pango_layout_set_width (layout, max_width * PANGO_SCALE);
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
    }
  pango_layout_get_pixel_size (layout, &width, &height);
  return (TimelineText) { .layout = layout, .width = width, .height = height };
}

void
timeline_text_clear (TimelineText *text)
{
  g_clear_object (&text->layout);
}

/* (@x, @y) is the upper left corner. */
void
timeline_canvas_draw_text (TimelineCanvas *canvas,
                           TimelineText   *text,
                           double          x,
                           double          y,
                           const GdkRGBA  *color)
{
  gtk_snapshot_save (canvas->snapshot);
  gtk_snapshot_translate (canvas->snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_snapshot_append_layout (canvas->snapshot, text->layout, color);
  gtk_snapshot_restore (canvas->snapshot);
}

void
timeline_canvas_draw_line (TimelineCanvas *canvas,
                           double          x1,
                           double          y1,
                           double          x2,
                           double          y2,
                           double          width,
                           const GdkRGBA  *color)
{
  gdk_cairo_set_source_rgba (canvas->cr, color);
  cairo_set_line_width (canvas->cr, width);
  cairo_move_to (canvas->cr, x1, y1);
  cairo_line_to (canvas->cr, x2, y2);
  cairo_stroke (canvas->cr);
}

void
timeline_canvas_draw_dashes (TimelineCanvas *canvas,
                             double          x,
                             double          y1,
                             double          y2,
                             const GdkRGBA  *color)
{
  static const double dashes[] = { 4, 3 };

  cairo_set_dash (canvas->cr, dashes, G_N_ELEMENTS (dashes), 0);
  timeline_canvas_draw_line (canvas, x, y1, x, y2, 1, color);
  cairo_set_dash (canvas->cr, NULL, 0, 0);
}

void
timeline_canvas_draw_box (TimelineCanvas *canvas,
                          double          x,
                          double          y,
                          double          width,
                          double          height,
                          double          radius,
                          const GdkRGBA  *fill)
{
  cairo_t *cr = canvas->cr;

  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
  gdk_cairo_set_source_rgba (cr, fill);
  cairo_fill (cr);
}

void
timeline_canvas_draw_dot (TimelineCanvas *canvas,
                          double          x,
                          double          y,
                          const GdkRGBA  *color)
{
  cairo_arc (canvas->cr, x, y, DOT_RADIUS, 0, 2 * G_PI);
  gdk_cairo_set_source_rgba (canvas->cr, color);
  cairo_fill (canvas->cr);
}

void
timeline_canvas_draw_diamond (TimelineCanvas *canvas,
                              double          x,
                              double          y,
                              const GdkRGBA  *fill,
                              const GdkRGBA  *color)
{
  cairo_t *cr = canvas->cr;

  cairo_move_to (cr, x - DIAMOND_RADIUS, y);
  cairo_line_to (cr, x, y - DIAMOND_RADIUS);
  cairo_line_to (cr, x + DIAMOND_RADIUS, y);
  cairo_line_to (cr, x, y + DIAMOND_RADIUS);
  cairo_close_path (cr);
  gdk_cairo_set_source_rgba (cr, fill);
  cairo_fill_preserve (cr);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
}
