/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TIMELINE_N_ACCENTS 3

/* The colours of a picture. None of them is the only carrier of what it says. */
typedef struct
{
  GdkRGBA background;
  GdkRGBA card;
  GdkRGBA grid;
  GdkRGBA line;
  GdkRGBA text;
  GdkRGBA dim_text;
  GdkRGBA late;
  GdkRGBA now;
  GdkRGBA now_text;
  GdkRGBA accents[TIMELINE_N_ACCENTS];
} TimelineStyle;

const TimelineStyle *timeline_style_get (gboolean is_dark);

G_END_DECLS
