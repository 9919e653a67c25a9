/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <locale.h>
#include <stdlib.h>

#include <adwaita.h>
#include <glib/gi18n.h>

#include "timeline-render.h"
#include "timeline-report.h"
#include "timeline-scenario.h"
#include "timeline-window.h"

#define EXIT_USAGE 2

#define DEFAULT_WIDTH 1200
#define MIN_SIZE      200
#define MAX_SIZE      8192

typedef struct
{
  char     *render;
  char     *size;
  gboolean  dark;
  gboolean  version;
  int       width;
  int       height;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->render);
  g_free (options->size);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
init_translations (void)
{
  const char *directory = g_getenv ("VCLOCK_LOCALEDIR");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, directory != NULL ? directory : LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

static gboolean
parse_size (Options  *options,
            GError  **error)
{
  g_auto (GStrv) parts = g_strsplit (options->size != NULL ? options->size : "", "x", 2);
  guint64 width = 0;
  guint64 height = 0;

  options->width = DEFAULT_WIDTH;
  if (options->size == NULL)
    return TRUE;
  if (g_strv_length (parts) != 2
      || !g_ascii_string_to_unsigned (parts[0], 10, MIN_SIZE, MAX_SIZE, &width, NULL)
      || !g_ascii_string_to_unsigned (parts[1], 10, MIN_SIZE, MAX_SIZE, &height, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("“%s” is not a size: give width and height in pixels, from %d to %d each, "
                     "such as 1200x600."), options->size, MIN_SIZE, MAX_SIZE);
      return FALSE;
    }
  options->width = width;
  options->height = height;
  return TRUE;
}

static gboolean
parse_options (int        argc,
               char     **argv,
               Options   *options,
               GError   **error)
{
  const GOptionEntry entries[] = {
    { "render", 0, 0, G_OPTION_ARG_FILENAME, &options->render,
      N_("Run the scenario, draw it into FILE (.png or .svg), print what expired; needs no display"),
      N_("FILE") },
    { "size", 0, 0, G_OPTION_ARG_STRING, &options->size,
      N_("Size of the picture in pixels"), N_("WIDTHxHEIGHT") },
    { "dark", 0, 0, G_OPTION_ARG_NONE, &options->dark,
      N_("Use dark colours"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version,
      N_("Print the version and exit"), NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context,
                                _("Shows clocks, their timers and what expires, as it happens."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_add_group (context, vclock_alarm_get_option_group ());
  if (!g_option_context_parse (context, &argc, &argv, error))
    return FALSE;
  if (argc > 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   _("“%s” is one argument too many: there are only options."), argv[1]);
      return FALSE;
    }
  if (options->render != NULL && !timeline_render_check_path (options->render, error))
    return FALSE;
  return parse_size (options, error);
}

static int
render (const Options *options)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (TimelineScenario) scenario = timeline_scenario_new ();
  TimelineModel *model = timeline_scenario_get_model (scenario);
  g_autofree char *report = NULL;
  g_autoptr (GError) error = NULL;
  guint n;

  g_signal_connect_swapped (scenario, "script-ended", G_CALLBACK (g_main_loop_quit), loop);
  g_main_loop_run (loop);
  timeline_model_sample (model);

  report = timeline_report_new (model);
  g_print ("%s", report);
  if (!timeline_render (model, options->render, options->width, options->height, options->dark,
                        &error))
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }
  n = g_list_model_get_n_items (timeline_model_get_expirations (model));
  /* Translators: %u is a number, %s the name of a file. */
  g_print (ngettext ("%u expiration; the picture is %s\n",
                     "%u expirations; the picture is %s\n", n), n, options->render);
  return EXIT_SUCCESS;
}

static void
activate_cb (GtkApplication *application)
{
  gtk_window_present (GTK_WINDOW (timeline_window_new (application)));
}

static int
show (const Options *options)
{
  const char *quit_keys[] = { "<Control>q", NULL };
  g_autoptr (GSimpleAction) quit = g_simple_action_new ("quit", NULL);
  g_autoptr (AdwApplication) application = NULL;

  if (!gtk_init_check ())
    {
      g_printerr ("%s\n", _("There is no display to show a window on; with --render FILE the "
                            "timeline is drawn into a file."));
      return EXIT_FAILURE;
    }
  /* Every process has clocks of its own to show. */
  application = adw_application_new (TIMELINE_APPLICATION_ID, G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  g_signal_connect_swapped (quit, "activate", G_CALLBACK (g_application_quit), application);
  g_action_map_add_action (G_ACTION_MAP (application), G_ACTION (quit));
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "app.quit", quit_keys);
  if (options->dark)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                        ADW_COLOR_SCHEME_FORCE_DARK);
  return g_application_run (G_APPLICATION (application), 0, NULL);
}

int
main (int    argc,
      char **argv)
{
  g_auto (Options) options = { NULL };
  g_autoptr (GError) error = NULL;

  init_translations ();
  if (!parse_options (argc, argv, &options, &error))
    {
      g_printerr ("%s\n", error->message);
      return EXIT_USAGE;
    }
  if (options.version)
    {
      g_print ("%s\n", PACKAGE_VERSION);
      return EXIT_SUCCESS;
    }
  return options.render != NULL ? render (&options) : show (&options);
}
