/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "timeline-format.h"

#define MINUS "\xe2\x88\x92"              /* U+2212 */
#define SPACE "\xc2\xa0"                  /* U+00A0, does not break */
#define NARROW_SPACE "\xe2\x80\xaf"       /* U+202F, nor does this */

/* The smallest of 1, 2, 5, 10, 20, 50, ... nanoseconds that is not smaller than @at_least: the
 * distance of two ticks of an axis. */
VclockTime
timeline_format_get_step (VclockTime at_least)
{
  static const VclockTime factors[] = { 1, 2, 5 };
  VclockTime decade = 1;
  guint i = 0;

  while (factors[i] * decade < at_least && decade < VCLOCK_TIME_NEVER / 100)
    {
      i = (i + 1) % G_N_ELEMENTS (factors);
      if (i == 0)
        decade *= 10;
    }
  return factors[i] * decade;
}

/* A point in time in seconds, with as many decimals as tell it from one that is a @step away. */
char *
timeline_format_point (VclockTime time,
                       VclockTime step)
{
  gboolean negative = time <= -step;
  VclockTime unit;
  int decimals = 0;

  for (unit = VCLOCK_NSEC_PER_SEC; unit > 1 && step % unit != 0; unit /= 10)
    decimals++;
  /* Translators: a point in time in seconds, such as “1.25 s”. */
  return g_strdup_printf (_("%s%.*f s"), negative ? MINUS : "", decimals, ABS (time) / 1e9);
}

/* A span in the largest unit that leaves a whole number, with three significant digits. */
char *
timeline_format_span (VclockTime span)
{
  static const struct { VclockTime ns; const char *name; } units[] = {
    { VCLOCK_NSEC_PER_SEC, "s" },
    { VCLOCK_NSEC_PER_MSEC, "ms" },
    { VCLOCK_NSEC_PER_USEC, "µs" },
    { 1, "ns" },
  };
  double value;
  int decimals;
  guint i = 0;

  while (units[i].ns > 1 && ABS (span) < units[i].ns)
    i++;
  value = ABS (span) / (double) units[i].ns;
  decimals = units[i].ns == 1 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return g_strdup_printf ("%s%.*f" SPACE "%s", span < 0 ? MINUS : "", decimals, value,
                          units[i].name);
}

/* All digits, in groups of three: “1 250 093 112 ns”. */
char *
timeline_format_exact (VclockTime time)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, (guint64) ABS (time));
  GString *text = g_string_new (time < 0 ? MINUS : "");
  gsize length = strlen (digits);
  gsize i;

  for (i = 0; i < length; i++)
    {
      if (i > 0 && (length - i) % 3 == 0)
        g_string_append (text, NARROW_SPACE);
      g_string_append_c (text, digits[i]);
    }
  g_string_append (text, SPACE "ns");
  return g_string_free (text, FALSE);
}

char *
timeline_format_rate (gint64 numerator,
                      gint64 denominator)
{
  if (denominator == 1)
    return g_strdup_printf ("%" G_GINT64_FORMAT "×", numerator);
  return g_strdup_printf ("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "×", numerator, denominator);
}
