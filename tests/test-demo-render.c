/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include <glib/gstdio.h>

#include "timeline-layout.h"
#include "timeline-render.h"
#include "timeline-style.h"

#define MSEC(n) ((n) * VCLOCK_NSEC_PER_MSEC)

#define WIDTH  700
#define HEIGHT 300

typedef struct
{
  VclockClock   *clock;
  TimelineModel *model;
  char          *directory;
  char          *path;
} Fixture;

/* Now is 40 ms: a timer has expired at 20 ms, and is armed for 80 ms. */
static void
set_up (Fixture       *fixture,
        gconstpointer  name)
{
  g_autoptr (VclockTimer) timer = NULL;

  fixture->clock = VCLOCK_CLOCK (vclock_virtual_clock_new ());
  fixture->model = timeline_model_new ();
  timeline_model_add_clock (fixture->model, fixture->clock, "clock");
  timer = vclock_timer_new (fixture->clock);
  vclock_timer_set_name (timer, "timer");
  vclock_timer_set_period (timer, MSEC (60));
  vclock_timer_arm (timer, MSEC (20));
  timeline_model_add_timer (fixture->model, timer);
  vclock_virtual_clock_advance (VCLOCK_VIRTUAL_CLOCK (fixture->clock), MSEC (40));
  timeline_model_sample (fixture->model);

  fixture->directory = g_dir_make_tmp (NULL, NULL);
  fixture->path = g_build_filename (fixture->directory, name, NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  vclock_timer_disarm (timeline_model_get_row (fixture->model, 0)->timer);
  g_assert_finalize_object (fixture->model);
  g_assert_finalize_object (fixture->clock);
  g_remove (fixture->path);
  g_rmdir (fixture->directory);
  g_free (fixture->path);
  g_free (fixture->directory);
}

static void
assert_pixel (cairo_surface_t *surface,
              double           x,
              double           y,
              const GdkRGBA   *color)
{
  const guchar *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  guint32 pixel = *(const guint32 *) (const void *) (data + (int) y * stride + (int) x * 4);

  g_assert_cmpint (ABS ((int) (pixel >> 16 & 0xff) - (int) (color->red * 255)), <=, 2);
  g_assert_cmpint (ABS ((int) (pixel >> 8 & 0xff) - (int) (color->green * 255)), <=, 2);
  g_assert_cmpint (ABS ((int) (pixel & 0xff) - (int) (color->blue * 255)), <=, 2);
}

/* The now-line is where now is, a dot where the timer was called, a hollow mark at its deadline. */
static void
check_png (Fixture  *fixture,
           gboolean  dark)
{
  const TimelineStyle *style = timeline_style_get (dark);
  TimelineLayout layout = timeline_layout_new (fixture->model,
                                               timeline_layout_get_full_range (fixture->model),
                                               WIDTH, HEIGHT);
  double y = timeline_layout_get_row_y (&layout, 0);
  g_autoptr (GError) error = NULL;
  cairo_surface_t *surface;

  g_assert_true (timeline_render (fixture->model, fixture->path, WIDTH, HEIGHT, dark, &error));
  g_assert_no_error (error);
  surface = cairo_image_surface_create_from_png (fixture->path);
  g_assert_cmpint (cairo_image_surface_get_width (surface), ==, WIDTH);
  g_assert_cmpint (cairo_image_surface_get_height (surface), ==, HEIGHT);

  assert_pixel (surface, rint (timeline_layout_get_x (&layout, MSEC (40))), y + 8, &style->now);
  assert_pixel (surface, timeline_layout_get_x (&layout, MSEC (20)), y, &style->accents[0]);
  assert_pixel (surface, timeline_layout_get_x (&layout, MSEC (80)), y, &style->card);
  assert_pixel (surface, timeline_layout_get_x (&layout, MSEC (63)), y + 8, &style->card);
  assert_pixel (surface, WIDTH - 1, HEIGHT - 1, &style->background);
  cairo_surface_destroy (surface);
}

/* A picture needs no display. */
static void
test_png (Fixture       *fixture,
          gconstpointer  unused)
{
  check_png (fixture, FALSE);
  check_png (fixture, TRUE);
}

/* An SVG has vectors, no image of pixels. */
static void
test_svg (Fixture       *fixture,
          gconstpointer  unused)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (timeline_render (fixture->model, fixture->path, WIDTH, HEIGHT, FALSE, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "<svg "));
  g_assert_null (strstr (text, "<image"));
}

/* Other kinds of pictures are refused, and the error says which there are. */
static void
test_suffix (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (timeline_render (fixture->model, fixture->path, WIDTH, HEIGHT, FALSE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME);
  g_assert_nonnull (strstr (error->message, ".svg"));
}

/* Where nothing can be written, the error names the file. */
static void
test_unwritable (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (timeline_render (fixture->model, fixture->path, WIDTH, HEIGHT, FALSE, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_nonnull (strstr (error->message, "missing/x.png"));
}

/* From the narrowest phone to nothing at all to show: no size and no model is refused. */
static void
test_sizes (Fixture       *fixture,
            gconstpointer  unused)
{
  static const int sizes[][2] = { { 200, 200 }, { 360, 0 }, { 1600, 900 } };
  g_autoptr (TimelineModel) empty = timeline_model_new ();
  g_autoptr (GError) error = NULL;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      timeline_render (fixture->model, fixture->path, sizes[i][0], sizes[i][1], FALSE, &error);
      g_assert_no_error (error);
    }
  timeline_render (empty, fixture->path, WIDTH, 0, FALSE, &error);
  g_assert_no_error (error);
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *path;
    const char *name;
    void     (* func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/demo/render/png", "x.png", test_png },
    { "/demo/render/svg", "x.svg", test_svg },
    { "/demo/render/suffix", "x.jpg", test_suffix },
    { "/demo/render/unwritable", "missing/x.png", test_unwritable },
    { "/demo/render/sizes", "x.png", test_sizes },
  };
  guint i;

  g_test_init (&argc, &argv, NULL);
  for (i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, tests[i].name, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
