/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <math.h>

#include <glib/gi18n.h>

#include "timeline-draw-marks.h"
#include "timeline-draw.h"
#include "timeline-format.h"

#define TEXT_INDENT 12.0
#define TEXT_MARGIN 8.0
#define MIN_TICK    72.0

static void
draw_cards (TimelinePainter *self)
{
  double x = TEXT_MARGIN / 2;
  double width = self->layout->width - 2 * x;
  guint lane;

  for (lane = 0; lane < timeline_model_get_n_lanes (self->model); lane++)
    {
      double y = timeline_layout_get_lane_y (self->layout, lane);
      double end = timeline_layout_get_lane_y (self->layout, lane + 1) - TIMELINE_LANE_GAP;

      timeline_canvas_draw_box (&self->canvas, x, y, width, end - y, 8, &self->style->grid);
      timeline_canvas_draw_box (&self->canvas, x + 1, y + 1, width - 2, end - y - 2, 7,
                                &self->style->card);
      timeline_canvas_draw_box (&self->canvas, x + 1, y + 8, 3, TIMELINE_HEAD_HEIGHT - 14, 1.5,
                                timeline_painter_get_accent (self, lane));
    }
}

/* The distance of the labels of the axis: round, and wide enough that no two of them touch. */
static VclockTime
get_tick_step (TimelinePainter *self)
{
  const TimelineRange *range = &self->layout->range;
  double pixel = range->span / (self->layout->right - self->layout->gutter);
  VclockTime step = timeline_format_get_step (pixel * MIN_TICK);

  for (;;)
    {
      g_autofree char *label = timeline_format_point (range->start + range->span, step);
      g_auto (TimelineText) text = timeline_text_new (&self->canvas, TIMELINE_TEXT_SMALL, label, 0);

      if (step >= range->span || step / pixel >= text.width + 2 * TEXT_MARGIN)
        return step;
      step = timeline_format_get_step (step + 1);
    }
}

/* The first multiple of @step that is not before the start of the range. */
static VclockTime
get_first_tick (TimelinePainter *self,
                VclockTime       step)
{
  return (VclockTime) ceil ((double) self->layout->range.start / step) * step;
}

static void
draw_grid (TimelinePainter *self,
           VclockTime       step)
{
  double end = timeline_layout_get_lanes_end (self->layout);
  VclockTime time = get_first_tick (self, step);
  double x;

  while ((x = floor (timeline_layout_get_x (self->layout, time)) + 0.5) <= self->layout->right)
    {
      timeline_canvas_draw_line (&self->canvas, x, TIMELINE_AXIS_HEIGHT, x, end, 1,
                                 &self->style->grid);
      time += step;
    }
}

/* Labels make way for the label of the now-line, which lies between @from and @to. */
static void
draw_tick_labels (TimelinePainter *self,
                  VclockTime       step,
                  double           from,
                  double           to)
{
  VclockTime time = get_first_tick (self, step);
  double x;

  while ((x = timeline_layout_get_x (self->layout, time)) <= self->layout->right)
    {
      g_autofree char *label = timeline_format_point (time, step);
      g_auto (TimelineText) text = timeline_text_new (&self->canvas, TIMELINE_TEXT_SMALL, label, 0);
      double left = MIN (x - text.width / 2, self->layout->width - TEXT_MARGIN / 2 - text.width);

      timeline_canvas_draw_line (&self->canvas, floor (x) + 0.5, TIMELINE_AXIS_HEIGHT - 5,
                                 floor (x) + 0.5, TIMELINE_AXIS_HEIGHT, 1, &self->style->line);
      if (left + text.width + TEXT_MARGIN / 2 < from || left - TEXT_MARGIN / 2 > to)
        timeline_canvas_draw_text (&self->canvas, &text, left,
                                   (TIMELINE_AXIS_HEIGHT - 5 - text.height) / 2,
                                   &self->style->dim_text);
      time += step;
    }
}

static char *
describe_state (const TimelineLane *lane)
{
  g_autofree char *rate = timeline_format_rate (lane->numerator, lane->denominator);

  /* Translators: a clock is paused, or runs at the rate %s; stands in a narrow column. */
  return g_strdup_printf (lane->paused ? _("Paused · %s") : _("Running · %s"), rate);
}

static void
draw_gutter (TimelinePainter *self)
{
  double width = self->layout->gutter - TEXT_INDENT - TEXT_MARGIN;
  guint i;

  for (i = 0; i < timeline_model_get_n_lanes (self->model); i++)
    {
      const TimelineLane *lane = timeline_model_get_lane (self->model, i);
      g_autofree char *state = describe_state (lane);
      g_auto (TimelineText) name = timeline_text_new (&self->canvas, TIMELINE_TEXT_BOLD, lane->name,
                                                      width);
      g_auto (TimelineText) note = timeline_text_new (&self->canvas, TIMELINE_TEXT_SMALL, state,
                                                      width);
      double y = timeline_layout_get_lane_y (self->layout, i) + 5;

      timeline_canvas_draw_text (&self->canvas, &name, TEXT_INDENT, y, &self->style->text);
      timeline_canvas_draw_text (&self->canvas, &note, TEXT_INDENT, y + name.height - 1,
                                 &self->style->dim_text);
    }
  for (i = 0; i < timeline_model_get_n_rows (self->model); i++)
    {
      g_auto (TimelineText) name = timeline_text_new (&self->canvas, TIMELINE_TEXT_SMALL,
                                                      timeline_model_get_row (self->model, i)->name,
                                                      width);
      double y = timeline_layout_get_row_y (self->layout, i) - name.height / 2;

      timeline_canvas_draw_text (&self->canvas, &name, TEXT_INDENT, floor (y),
                                 &self->style->dim_text);
    }
}

/* One line through all lanes; it bends where a clock lags or leads. */
static void
draw_now_line (TimelinePainter *self)
{
  cairo_t *cr = self->canvas.cr;
  guint lane;

  cairo_save (cr);
  cairo_rectangle (cr, self->layout->gutter - 1, 0, self->layout->right - self->layout->gutter + 2,
                   timeline_layout_get_lanes_end (self->layout));
  cairo_clip (cr);
  for (lane = 0; lane < timeline_model_get_n_lanes (self->model); lane++)
    {
      double x = rint (timeline_painter_get_now_x (self, lane));
      double gap = TIMELINE_LANE_GAP / 2;

      cairo_line_to (cr, x, timeline_layout_get_lane_y (self->layout, lane) - gap);
      cairo_line_to (cr, x, timeline_layout_get_lane_y (self->layout, lane + 1) - gap);
    }
  gdk_cairo_set_source_rgba (cr, &self->style->now);
  cairo_set_line_width (cr, 2);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* A text on a plate, centred at @x as far as the picture has room; says in @from and @to where. */
static void
draw_pill (TimelinePainter *self,
           const char      *string,
           double           x,
           double           y,
           double          *from,
           double          *to)
{
  g_auto (TimelineText) text = timeline_text_new (&self->canvas, TIMELINE_TEXT_SMALL, string, 0);
  double width = text.width + 2 * TEXT_MARGIN;

  *from = floor (CLAMP (x - width / 2, self->layout->gutter, self->layout->right - width));
  *to = *from + width;
  timeline_canvas_draw_box (&self->canvas, *from, y, width, text.height, text.height / 2,
                            &self->style->now);
  timeline_canvas_draw_text (&self->canvas, &text, *from + TEXT_MARGIN, y, &self->style->now_text);
}

/* The label of the now-line, and below it in each lane the time of the clock. */
static void
draw_now_labels (TimelinePainter *self,
                 double          *from,
                 double          *to)
{
  double unused_from;
  double unused_to;
  guint i;

  for (i = 0; i < timeline_model_get_n_lanes (self->model); i++)
    {
      VclockTime now = timeline_model_get_lane (self->model, i)->now;
      double x = timeline_painter_get_now_x (self, i);
      g_autofree char *time = timeline_format_point (now, VCLOCK_NSEC_PER_MSEC);

      draw_pill (self, time, x, timeline_layout_get_lane_y (self->layout, i) + 4,
                 &unused_from, &unused_to);
      if (i == 0 && timeline_painter_shows (self, x))
        draw_pill (self, _("now"), x, 4, from, to);
    }
}

static void
draw_axis (TimelinePainter *self,
           VclockTime       step)
{
  double from = 0;
  double to = 0;

  draw_now_labels (self, &from, &to);
  draw_tick_labels (self, step, from, to);
}

typedef enum
{
  SIGN_ARMED,
  SIGN_EXPIRED,
  SIGN_LATE,
  SIGN_NOTE,
  N_SIGNS,
} Sign;

static void
draw_sign (TimelinePainter *self,
           Sign             sign,
           double           x,
           double           y)
{
  const GdkRGBA *color = &self->style->text;

  switch (sign)
    {
    case SIGN_ARMED:
      timeline_canvas_draw_diamond (&self->canvas, x + 10, y, &self->style->background, color);
      break;
    case SIGN_EXPIRED:
      timeline_canvas_draw_dot (&self->canvas, x + 10, y, color);
      break;
    case SIGN_LATE:
      timeline_painter_draw_late (self, x, x + 16, y);
      timeline_canvas_draw_dot (&self->canvas, x + 16, y, color);
      break;
    case SIGN_NOTE:
      timeline_canvas_draw_dashes (&self->canvas, floor (x + 10) + 0.5, y - 8, y + 8, color);
      break;
    case N_SIGNS:
    default:
      g_assert_not_reached ();
    }
}

/* What the signs mean, as far as there is room. */
static void
draw_legend (TimelinePainter *self)
{
  const char *names[N_SIGNS] = {
    [SIGN_ARMED] = _("armed"),
    [SIGN_EXPIRED] = _("expired"),
    [SIGN_LATE] = _("lateness"),
    [SIGN_NOTE] = _("clock changed"),
  };
  double y = timeline_layout_get_lanes_end (self->layout) + TIMELINE_LEGEND_HEIGHT / 2;
  double x = TEXT_INDENT;
  Sign sign;

  for (sign = 0; sign < N_SIGNS; sign++)
    {
      g_auto (TimelineText) text = timeline_text_new (&self->canvas, TIMELINE_TEXT_SMALL,
                                                      names[sign], 0);

      if (x + 26 + text.width > self->layout->right)
        break;
      draw_sign (self, sign, x, floor (y));
      timeline_canvas_draw_text (&self->canvas, &text, x + 26, floor (y - text.height / 2),
                                 &self->style->dim_text);
      x += 26 + text.width + 2 * TEXT_MARGIN;
    }
}

/* The picture: a function of model, size, range and style, of nothing else. Needs no display. */
void
timeline_draw (GtkSnapshot          *snapshot,
               PangoContext         *pango,
               const TimelineLayout *layout,
               const TimelineStyle  *style)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, layout->width, layout->height);
  TimelinePainter self = {
    .canvas = { .snapshot = snapshot, .pango = pango },
    .layout = layout,
    .style = style,
    .model = layout->model,
  };
  VclockTime step;

  gtk_snapshot_append_color (snapshot, &style->background, &bounds);
  self.canvas.cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  step = get_tick_step (&self);

  draw_cards (&self);
  draw_grid (&self, step);
  draw_gutter (&self);
  timeline_painter_draw_notes (&self);
  timeline_painter_draw_base_lines (&self);
  draw_now_line (&self);
  timeline_painter_label_notes (&self);
  timeline_painter_draw_marks (&self);
  draw_axis (&self, step);
  draw_legend (&self);
  cairo_destroy (self.canvas.cr);
}
