/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What a picture is drawn on: shapes go to @cr, which lies below all texts. */
typedef struct
{
  GtkSnapshot  *snapshot;
  PangoContext *pango;
  cairo_t      *cr;
} TimelineCanvas;

typedef enum
{
  TIMELINE_TEXT_NORMAL,
  TIMELINE_TEXT_SMALL,
  TIMELINE_TEXT_BOLD,
} TimelineTextKind;

/* A text that has been measured, to be placed or dropped. */
typedef struct
{
  PangoLayout *layout;  /* (owned) */
  double       width;
  double       height;
} TimelineText;

TimelineText timeline_text_new            (TimelineCanvas   *canvas,
                                           TimelineTextKind  kind,
                                           const char       *string,
                                           double            max_width);

void         timeline_text_clear          (TimelineText     *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TimelineText, timeline_text_clear)

void         timeline_canvas_draw_text    (TimelineCanvas   *canvas,
                                           TimelineText     *text,
                                           double            x,
                                           double            y,
                                           const GdkRGBA    *color);

void         timeline_canvas_draw_line    (TimelineCanvas   *canvas,
                                           double            x1,
                                           double            y1,
                                           double            x2,
                                           double            y2,
                                           double            width,
                                           const GdkRGBA    *color);

void         timeline_canvas_draw_dashes  (TimelineCanvas   *canvas,
                                           double            x,
                                           double            y1,
                                           double            y2,
                                           const GdkRGBA    *color);

void         timeline_canvas_draw_box     (TimelineCanvas   *canvas,
                                           double            x,
                                           double            y,
                                           double            width,
                                           double            height,
                                           double            radius,
                                           const GdkRGBA    *fill);

void         timeline_canvas_draw_dot     (TimelineCanvas   *canvas,
                                           double            x,
                                           double            y,
                                           const GdkRGBA    *color);

void         timeline_canvas_draw_diamond (TimelineCanvas   *canvas,
                                           double            x,
                                           double            y,
                                           const GdkRGBA    *fill,
                                           const GdkRGBA    *color);

G_END_DECLS
