/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <math.h>

#include <glib/gi18n.h>

#include "timeline-draw-marks.h"
#include "timeline-format.h"

#define LABEL_GAP    7.0
#define MIN_ROOM     40.0 /* less cannot hold the shortest label and its gaps */
#define MIN_LATE     3.0  /* a shorter lateness hides behind its dot */
#define NOTE_LINE    22.0

static char *
describe_note (const TimelineNote *note)
{
  g_autofree char *span = NULL;

  switch (note->kind)
    {
    case TIMELINE_NOTE_PAUSED:
      return g_strdup (_("paused"));
    case TIMELINE_NOTE_RUNNING:
      return timeline_format_rate (note->numerator, note->denominator);
    case TIMELINE_NOTE_RESET:
    default:
      span = timeline_format_span (note->jumped);
      /* Translators: the time of a clock jumped by the signed span %s, such as “+500 ms”. */
      return g_strdup_printf (_("reset %s%s"), note->jumped > 0 ? "+" : "", span);
    }
}

/* The stretch of time that a reset skipped, or that is lived through once more. */
static void
draw_jump (TimelinePainter    *self,
           const TimelineNote *note,
           double              top,
           double              bottom)
{
  double from = timeline_layout_get_x (self->layout, note->time - MAX (note->jumped, 0));
  double to = timeline_layout_get_x (self->layout, note->time - MIN (note->jumped, 0));

  from = MAX (from, self->layout->gutter);
  to = MIN (to, self->layout->right);
  if (from < to)
    timeline_canvas_draw_box (&self->canvas, from, top, to - from, bottom - top, 0,
                              &self->style->grid);
}

void
timeline_painter_draw_notes (TimelinePainter *self)
{
  guint i;

  for (i = 0; i < timeline_model_get_n_notes (self->model); i++)
    {
      const TimelineNote *note = timeline_model_get_note (self->model, i);
      double x = timeline_layout_get_x (self->layout, note->time);
      double top = timeline_layout_get_lane_y (self->layout, note->lane) + NOTE_LINE;
      double bottom = timeline_layout_get_lane_y (self->layout, note->lane + 1) - TIMELINE_LANE_GAP;

      if (note->kind == TIMELINE_NOTE_RESET)
        draw_jump (self, note, top, bottom);
      if (timeline_painter_shows (self, x))
        timeline_canvas_draw_dashes (&self->canvas, floor (x) + 0.5, top, bottom,
                                     &self->style->dim_text);
    }
}

/* A label covers the lines that it crosses. */
static void
draw_label (TimelinePainter *self,
            TimelineText    *text,
            double           x,
            double           y,
            const GdkRGBA   *color)
{
  timeline_canvas_draw_box (&self->canvas, x - 2, y, text->width + 4, text->height, 0,
                            &self->style->card);
  timeline_canvas_draw_text (&self->canvas, text, x, floor (y), color);
}

/* Labels the notes, except those that would touch the label before them. */
void
timeline_painter_label_notes (TimelinePainter *self)
{
  g_autofree double *used = g_new0 (double, timeline_model_get_n_lanes (self->model));
  guint i;

  for (i = 0; i < timeline_model_get_n_notes (self->model); i++)
    {
      const TimelineNote *note = timeline_model_get_note (self->model, i);
      double x = timeline_layout_get_x (self->layout, note->time);
      double y = timeline_layout_get_lane_y (self->layout, note->lane) + NOTE_LINE;
      g_autofree char *label = describe_note (note);
      g_auto (TimelineText) text = timeline_text_new (&self->canvas, TIMELINE_TEXT_SMALL, label, 0);
      double left = MIN (x + 4, self->layout->right - text.width);

      if (!timeline_painter_shows (self, x) || left < used[note->lane])
        continue;
      draw_label (self, &text, left, y, &self->style->text);
      used[note->lane] = left + text.width + LABEL_GAP;
    }
}

/* From the deadline, a stroke, to the call: a bar. */
void
timeline_painter_draw_late (TimelinePainter *self,
                            double           deadline_x,
                            double           called_x,
                            double           y)
{
  timeline_canvas_draw_line (&self->canvas, deadline_x, y, called_x, y, 3, &self->style->late);
  timeline_canvas_draw_line (&self->canvas, deadline_x, y - 5, deadline_x, y + 5, 1.5,
                             &self->style->late);
}

/* Time that has passed is a line, time to come a pale one. */
static void
draw_base_line (TimelinePainter *self,
                guint            row)
{
  guint lane = timeline_model_get_row (self->model, row)->lane;
  double y = floor (timeline_layout_get_row_y (self->layout, row)) + 0.5;
  double left = self->layout->gutter;
  double right = self->layout->right;
  double now = CLAMP (timeline_painter_get_now_x (self, lane), left, right);

  timeline_canvas_draw_line (&self->canvas, left, y, now, y, 1, &self->style->line);
  timeline_canvas_draw_line (&self->canvas, now, y, right, y, 1, &self->style->grid);
}

static double
get_called_x (TimelinePainter    *self,
              TimelineExpiration *expiration)
{
  return timeline_layout_get_x (self->layout, timeline_expiration_get_deadline (expiration)
                                              + timeline_expiration_get_lateness (expiration));
}

static char *
describe_lateness (TimelineExpiration *expiration,
                   gboolean            full)
{
  VclockTime lateness = timeline_expiration_get_lateness (expiration);
  g_autofree char *span = timeline_format_span (lateness);
  guint overruns = MIN (timeline_expiration_get_overruns (expiration), G_MAXUINT);

  if (overruns == 0 || !full)
    return g_strdup_printf ("%s%s", lateness > 0 ? "+" : "", span);
  /* Translators: a timer was late by the span %s, and %u of its periods passed unserved. */
  return g_strdup_printf (ngettext ("+%s, %u overrun", "+%s, %u overruns", overruns), span,
                          overruns);
}

static double
get_deadline_x (TimelinePainter    *self,
                TimelineExpiration *expiration)
{
  return timeline_layout_get_x (self->layout, timeline_expiration_get_deadline (expiration));
}

/* Draws a text into the space between two marks, if it has enough of it. */
static gboolean
draw_label_between (TimelinePainter *self,
                    TimelineText    *text,
                    double           from,
                    double           to,
                    double           y)
{
  from = MAX (from, self->layout->gutter) + LABEL_GAP;
  to = MIN (to, self->layout->right) - LABEL_GAP;
  if (text->width > to - from)
    return FALSE;
  draw_label (self, text, from, y - text->height / 2, &self->style->dim_text);
  return TRUE;
}

/* Draws the lateness of an expiration, in the longest form for which there is room between its dot
 * and the next mark, or in its bar. */
static void
draw_lateness (TimelinePainter    *self,
               TimelineExpiration *expiration,
               double              next_x)
{
  guint row = timeline_expiration_get_row (expiration);
  guint lane = timeline_model_get_row (self->model, row)->lane;
  double now = timeline_painter_get_now_x (self, lane);
  double deadline = get_deadline_x (self, expiration);
  double called = get_called_x (self, expiration);
  double y = timeline_layout_get_row_y (self->layout, row);
  double end = now >= called ? MIN (next_x, now) : next_x;
  int full;

  /* Most labels do not fit; to measure them all would take longer than all else. */
  if (MAX (end - called, called - deadline) < MIN_ROOM || deadline > self->layout->right)
    return;
  for (full = TRUE; full >= FALSE; full--)
    {
      g_autofree char *label = describe_lateness (expiration, full);
      g_auto (TimelineText) text = timeline_text_new (&self->canvas, TIMELINE_TEXT_SMALL, label, 0);

      if (called >= self->layout->gutter && draw_label_between (self, &text, called, end, y))
        return;
      if (draw_label_between (self, &text, deadline, MIN (called, next_x), y))
        return;
    }
}

static void
draw_expiration (TimelinePainter    *self,
                 TimelineExpiration *expiration)
{
  guint row = timeline_expiration_get_row (expiration);
  guint lane = timeline_model_get_row (self->model, row)->lane;
  double called_x = get_called_x (self, expiration);
  double deadline_x = get_deadline_x (self, expiration);
  double y = timeline_layout_get_row_y (self->layout, row);

  if (called_x < self->layout->gutter || deadline_x > self->layout->right)
    return;
  if (called_x - deadline_x >= MIN_LATE)
    timeline_painter_draw_late (self, deadline_x, called_x, y);
  timeline_canvas_draw_dot (&self->canvas, called_x, y, timeline_painter_get_accent (self, lane));
}

static void
draw_expirations (TimelinePainter *self)
{
  GListModel *expirations = timeline_model_get_expirations (self->model);
  guint n_rows = timeline_model_get_n_rows (self->model);
  g_autofree TimelineExpiration **last = g_new0 (TimelineExpiration *, n_rows);
  guint i;

  for (i = 0; i < g_list_model_get_n_items (expirations); i++)
    {
      g_autoptr (TimelineExpiration) each = g_list_model_get_item (expirations, i);
      guint row = timeline_expiration_get_row (each);

      if (last[row] != NULL)
        draw_lateness (self, last[row], get_deadline_x (self, each));
      draw_expiration (self, each);
      last[row] = each;
    }
  for (i = 0; i < n_rows; i++)
    {
      const TimelineRow *row = timeline_model_get_row (self->model, i);
      double armed_x = timeline_layout_get_x (self->layout, row->deadline);

      if (last[i] != NULL)
        draw_lateness (self, last[i], row->armed ? armed_x : self->layout->right);
    }
}

void
timeline_painter_draw_base_lines (TimelinePainter *self)
{
  guint i;

  for (i = 0; i < timeline_model_get_n_rows (self->model); i++)
    draw_base_line (self, i);
}

static void
draw_armed (TimelinePainter *self)
{
  guint i;

  for (i = 0; i < timeline_model_get_n_rows (self->model); i++)
    {
      const TimelineRow *row = timeline_model_get_row (self->model, i);
      double x = timeline_layout_get_x (self->layout, row->deadline);

      if (row->armed && timeline_painter_shows (self, x))
        timeline_canvas_draw_diamond (&self->canvas, x, timeline_layout_get_row_y (self->layout, i),
                                      &self->style->card,
                                      timeline_painter_get_accent (self, row->lane));
    }
}

/* A mark at either edge of the plot is drawn whole; what lies farther out is cut off. */
void
timeline_painter_draw_marks (TimelinePainter *self)
{
  cairo_t *cr = self->canvas.cr;

  cairo_save (cr);
  cairo_rectangle (cr, self->layout->gutter - LABEL_GAP, 0,
                   self->layout->right - self->layout->gutter + 2 * LABEL_GAP,
                   self->layout->height);
  cairo_clip (cr);
  draw_expirations (self);
  draw_armed (self);
  cairo_restore (cr);
}
