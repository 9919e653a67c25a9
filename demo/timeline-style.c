/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "timeline-style.h"

#define RGBA(hex, alpha) { ((hex) >> 16 & 0xff) / 255.f, ((hex) >> 8 & 0xff) / 255.f, \
                           ((hex) & 0xff) / 255.f, alpha }

/* From the palette of the GNOME HIG, chosen for a contrast of text of at least 4.5 : 1. */
static const TimelineStyle light = {
  .background = RGBA (0xfafafa, 1.0f),
  .card = RGBA (0xffffff, 1.0f),
  .grid = RGBA (0x000000, 0.08f),
  .line = RGBA (0x000000, 0.26f),
  .text = RGBA (0x000000, 0.84f),
  .dim_text = RGBA (0x000000, 0.62f),
  .late = RGBA (0xb44100, 1.0f),
  .now = RGBA (0xc01c28, 1.0f),
  .now_text = RGBA (0xffffff, 1.0f),
  .accents = {
    RGBA (0x1c71d8, 1.0f),
    RGBA (0x1b7a52, 1.0f),
    RGBA (0x813d9c, 1.0f),
  },
};

static const TimelineStyle dark = {
  .background = RGBA (0x242424, 1.0f),
  .card = RGBA (0x313131, 1.0f),
  .grid = RGBA (0xffffff, 0.07f),
  .line = RGBA (0xffffff, 0.28f),
  .text = RGBA (0xffffff, 0.94f),
  .dim_text = RGBA (0xffffff, 0.66f),
  .late = RGBA (0xffa348, 1.0f),
  .now = RGBA (0xff7b63, 1.0f),
  .now_text = RGBA (0x1e1e1e, 1.0f),
  .accents = {
    RGBA (0x78aeed, 1.0f),
    RGBA (0x8ff0a4, 1.0f),
    RGBA (0xdc8add, 1.0f),
  },
};

const TimelineStyle *
timeline_style_get (gboolean is_dark)
{
  return is_dark ? &dark : &light;
}
