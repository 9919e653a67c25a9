/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-leftovers.h"

VclockClock *
test_virtual_new (const char  *name,
                  VclockClock *parent)
{
  return g_object_new (VCLOCK_TYPE_VIRTUAL_CLOCK, "name", name, "parent", parent, NULL);
}

VclockTimer *
test_armed_new (VclockClock *clock,
                const char  *name,
                VclockTime   deadline)
{
  VclockTimer *timer = vclock_timer_new (clock);

  vclock_timer_set_name (timer, name);
  vclock_timer_arm (timer, deadline);

  return timer;
}

/* The message without the places, which differ from build to build; in debug builds the line of
 * each timer ends with one. */
static char *
strip_places (const char *message)
{
  g_auto (GStrv) lines = g_strsplit (message, "\n", -1);

  for (guint i = 1; lines[i] != NULL; i++)
    {
      char *place = strstr (lines[i], "; armed at ");

#ifdef G_ENABLE_DEBUG
      if (!g_str_has_prefix (lines[i], "  …"))
        {
          g_autofree char *program = g_path_get_basename (g_get_prgname ());
          g_autofree char *pattern = g_strdup_printf ("^; armed at %s\\+0x[0-9a-f]+$", program);

          g_assert_nonnull (place);
          g_assert_true (g_regex_match_simple (pattern, place, 0, 0));
          *place = '\0';
        }
#else
      g_assert_null (place);
#endif
    }

  return g_strjoinv ("\n", lines);
}

void
test_assert_text (GError     *error,
                  const char *expected)
{
  g_autofree char *message = strip_places (error->message);

  g_assert_cmpstr (message, ==, expected);
}

void
test_assert_list (VclockClock *clock,
                  const char  *expected)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (vclock_clock_check_disarmed (clock, NULL));
  g_assert_false (vclock_clock_check_disarmed (clock, &error));
  g_assert_error (error, VCLOCK_ERROR, VCLOCK_ERROR_LEFTOVERS);
  test_assert_text (error, expected);
}

void
test_assert_disarmed (VclockClock *clock)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (vclock_clock_check_disarmed (clock, &error));
  g_assert_no_error (error);
}
