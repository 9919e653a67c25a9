/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <cairo-svg.h>
#include <glib/gi18n.h>
#include <pango/pangocairo.h>

#include "timeline-draw.h"
#include "timeline-render.h"

/* Pictures without a display: GTK's render nodes are drawn by cairo. */

#define FONT "Cantarell, sans-serif 13px"

static PangoContext *
create_pango_context (void)
{
  PangoContext *pango = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  PangoFontDescription *font = pango_font_description_from_string (FONT);

  pango_context_set_font_description (pango, font);
  pango_font_description_free (font);
  return pango;
}

static GskRenderNode *
create_node (TimelineModel *model,
             int            width,
             int            height,
             gboolean       dark)
{
  TimelineRange range = timeline_layout_get_full_range (model);
  TimelineLayout layout = timeline_layout_new (model, range, width, height);
  GtkSnapshot *snapshot;
  PangoContext *pango = create_pango_context ();

  /* GTK registers its node types with the first display, and there may be none. */
  g_type_ensure (GSK_TYPE_COLOR_NODE);
  snapshot = gtk_snapshot_new ();
  timeline_draw (snapshot, pango, &layout, timeline_style_get (dark));
  g_object_unref (pango);
  return gtk_snapshot_free_to_node (snapshot);
}

static cairo_status_t
write_cb (void                *closure,
          const unsigned char *data,
          unsigned int         length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t
paint (cairo_surface_t *surface,
       GskRenderNode   *node)
{
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  gsk_render_node_draw (node, cr);
  status = cairo_status (cr);
  cairo_destroy (cr);
  return status;
}

static cairo_status_t
encode_png (GskRenderNode *node,
            int            width,
            int            height,
            GByteArray    *bytes)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_status_t status = paint (surface, node);

  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, write_cb, bytes);
  cairo_surface_destroy (surface);
  return status;
}

static cairo_status_t
encode_svg (GskRenderNode *node,
            int            width,
            int            height,
            GByteArray    *bytes)
{
  cairo_surface_t *surface = cairo_svg_surface_create_for_stream (write_cb, bytes, width, height);
  cairo_status_t status;

  cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PX);
  status = paint (surface, node);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return status;
}

typedef cairo_status_t (* EncodeFunc) (GskRenderNode *node,
                                       int            width,
                                       int            height,
                                       GByteArray    *bytes);

static EncodeFunc
find_encoder (const char  *path,
              GError     **error)
{
  static const struct { const char *suffix; EncodeFunc func; } encoders[] = {
    { ".png", encode_png },
    { ".svg", encode_svg },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (encoders); i++)
    if (g_str_has_suffix (path, encoders[i].suffix))
      return encoders[i].func;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
               _("The name of the picture must end in .png or .svg; “%s” does not."), path);
  return NULL;
}

/* Whether timeline_render () can make a picture of this name. */
gboolean
timeline_render_check_path (const char  *path,
                            GError     **error)
{
  return find_encoder (path, error) != NULL;
}

/* Draws all of the model into a new file. A @height of 0 is as high as the lanes need. */
gboolean
timeline_render (TimelineModel  *model,
                 const char     *path,
                 int             width,
                 int             height,
                 gboolean        dark,
                 GError        **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GskRenderNode) node = NULL;
  EncodeFunc encode = find_encoder (path, error);
  cairo_status_t status;

  if (encode == NULL)
    return FALSE;
  if (height == 0)
    height = timeline_layout_get_height (model);
  node = create_node (model, width, height, dark);
  status = encode (node, width, height, bytes);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("Cannot draw “%s” of %d×%d pixels: %s"),
                   path, width, height, cairo_status_to_string (status));
      return FALSE;
    }
  return g_file_set_contents_full (path, (const char *) bytes->data, bytes->len,
                                   G_FILE_SET_CONTENTS_NONE, 0666, error);
}
