/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib-vclock/backends/vclock-backends-private.h>
#include <glib-vclock/vclock-alarm-order-private.h>
#include <glib-vclock/vclock-alarm.h>
#include <glib-vclock/vclock-error.h>
#include <glib-vclock/vclock-lock-private.h>

/* Which backends there are, and in which order an alarm tries them. */

typedef struct
{
  char     *name; /* (owned) */
  GType     type;
  gboolean  on_request;
} Choice;

/* Guarded by the lock. */
static GArray    *choices;           /* (element-type Choice): all, in order of preference */
static GPtrArray *order;             /* (element-type utf8) (nullable): to try, if asked for */
static gboolean   asked_environment;

static void
add_choice (const char *name,
            GType       type,
            gboolean    on_request)
{
  const Choice choice = { g_strdup (name), type, on_request };

  g_array_append_val (choices, choice);
}

/* Takes the lock. */
static void
lock_choices (void)
{
  vclock_lock ();
  if (choices != NULL)
    return;

  choices = g_array_new (FALSE, FALSE, sizeof (Choice));
  for (const VclockBuiltIn *one = vclock_built_ins; one->name != NULL; one++)
    add_choice (one->name, one->get_type (), one->on_request);
}

/* With the lock. */
static const Choice *
find_choice (const char *name)
{
  for (guint i = 0; i < choices->len; i++)
    if (g_str_equal (g_array_index (choices, Choice, i).name, name))
      return &g_array_index (choices, Choice, i);

  return NULL;
}

/* The type of a backend; invalid if there is none of that name. */
static GType
get_backend_type (const char *name,
                  gboolean   *on_request)
{
  const Choice *choice;
  GType type = G_TYPE_INVALID;

  lock_choices ();
  choice = find_choice (name);
  if (choice != NULL)
    {
      type = choice->type;
      *on_request = choice->on_request;
    }
  vclock_unlock ();

  return type;
}

static char *
join_names (void)
{
  g_auto (GStrv) names = vclock_alarm_list_backends ();

  return g_strjoinv (", ", names);
}

static void
print_help (void)
{
  g_auto (GStrv) names = vclock_alarm_list_backends ();

  g_print ("%s\n", _("Alarm backends of this host, in order of preference:"));
  for (gsize i = 0; names[i] != NULL; i++)
    {
      gboolean on_request = FALSE;

      get_backend_type (names[i], &on_request);
      g_print ("  %s%s\n", names[i], on_request ? _(" (on request)") : "");
    }
}

/* The names of a list that exist; warns about the others. */
static GPtrArray *
parse_names (const char *names)
{
  g_autoptr (GPtrArray) parsed = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) words = g_strsplit (names, ",", -1);

  for (gsize i = 0; words[i] != NULL; i++)
    {
      const char *word = g_strstrip (words[i]);
      gboolean on_request;

      if (get_backend_type (word, &on_request) != G_TYPE_INVALID)
        {
          g_ptr_array_add (parsed, g_strdup (word));
        }
      else if (*word != '\0')
        {
          g_autofree char *known = join_names ();

          g_warning ("Unknown alarm backend \"%s\" is skipped; there are: %s", word, known);
        }
    }

  return g_steal_pointer (&parsed);
}

static void
set_order (GPtrArray *new_order)
{
  GPtrArray *old_order;

  vclock_lock ();
  asked_environment = TRUE;
  old_order = order;
  order = new_order;
  vclock_unlock ();

  g_clear_pointer (&old_order, g_ptr_array_unref);
}

static void
ask_environment (void)
{
  g_autoptr (GError) error = NULL;
  const char *names;
  gboolean asked;

  vclock_lock ();
  asked = asked_environment;
  asked_environment = TRUE;
  vclock_unlock ();

  names = g_getenv ("VCLOCK_ALARM");
  if (asked || names == NULL || *names == '\0')
    return;

  if (!vclock_alarm_configure (names, &error))
    g_warning ("VCLOCK_ALARM: %s; the default order is used", error->message);
}

static GPtrArray *
dup_asked_order (void)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  vclock_lock ();
  for (guint i = 0; order != NULL && i < order->len; i++)
    g_ptr_array_add (names, g_strdup (g_ptr_array_index (order, i)));
  vclock_unlock ();

  return names;
}

static GPtrArray *
dup_default_order (void)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  lock_choices ();
  for (guint i = 0; i < choices->len; i++)
    if (!g_array_index (choices, Choice, i).on_request)
      g_ptr_array_add (names, g_strdup (g_array_index (choices, Choice, i).name));
  vclock_unlock ();

  return names;
}

static char *
start_first (GPtrArray            *names,
             VclockAlarmOrderFunc  start,
             gpointer              alarm)
{
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autoptr (GError) error = NULL;

      if (vclock_alarm_order_start_name (name, start, alarm, &error))
        return g_strdup (name);

      g_debug ("Alarm backend \"%s\" gives way to the next one: %s", name, error->message);
    }

  return NULL;
}

/* Starts the first backend of the order that can; returns its name. The last of the default
 * order cannot fail. */
char *
vclock_alarm_order_start (VclockAlarmOrderFunc start,
                          gpointer             alarm)
{
  g_autoptr (GPtrArray) asked_for = NULL;
  g_autoptr (GPtrArray) by_itself = NULL;
  char *name;

  ask_environment ();
  asked_for = dup_asked_order ();
  by_itself = dup_default_order ();

  name = start_first (asked_for, start, alarm);
  if (name == NULL && asked_for->len > 0)
    g_warning ("None of the alarm backends that were asked for starts; the default order is used");
  if (name == NULL)
    name = start_first (by_itself, start, alarm);

  g_assert (name != NULL);
  g_debug ("Alarm backend \"%s\" is taken", name);

  return name;
}

gboolean
vclock_alarm_order_start_name (const char            *name,
                               VclockAlarmOrderFunc   start,
                               gpointer               alarm,
                               GError               **error)
{
  g_autoptr (VclockAlarmBackend) backend = NULL;
  g_autofree char *known = NULL;
  gboolean on_request;
  GType type = get_backend_type (name, &on_request);

  if (type == G_TYPE_INVALID)
    {
      known = join_names ();
      g_set_error (error, VCLOCK_ERROR, VCLOCK_ERROR_UNKNOWN_BACKEND,
                   _("There is no alarm backend \"%s\"; there are: %s"), name, known);
      return FALSE;
    }

  backend = g_object_new (type, NULL);

  return start (alarm, backend, error);
}

/**
 * vclock_alarm_configure:
 * @names: names of backends, separated by commas, or `help`
 * @error: return location for an error
 *
 * Chooses the backends that alarms may run on, and their order.
 *
 * It counts for alarms that are made or start anew afterwards, and overrides the environment
 * variable `VCLOCK_ALARM`, which has the same form. Each alarm runs on the first backend that can
 * start. Unknown names are warned about and skipped; if none is left, it fails with
 * [error@Vclock.Error.UNKNOWN_BACKEND] and the order stays what it was. When none of the named
 * backends can start, the default order is used. `help` prints the backends of this host in order
 * of preference and changes nothing.
 *
 * In QEMU: `configure_alarms ()`, the option `-clock`.
 *
 * Returns: whether the order was set
 */
gboolean
vclock_alarm_configure (const char  *names,
                        GError     **error)
{
  g_autoptr (GPtrArray) parsed = NULL;
  g_autofree char *known = NULL;

  g_return_val_if_fail (names != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (g_str_equal (names, "help"))
    {
      print_help ();
      return TRUE;
    }

  parsed = parse_names (names);
  if (parsed->len > 0)
    {
      set_order (g_steal_pointer (&parsed));
      return TRUE;
    }

  known = join_names ();
  g_set_error (error, VCLOCK_ERROR, VCLOCK_ERROR_UNKNOWN_BACKEND,
               _("No known alarm backend in \"%s\"; there are: %s"), names, known);

  return FALSE;
}

/**
 * vclock_alarm_list_backends:
 *
 * Lists the backends of this host in order of preference.
 *
 * Returns: (transfer full) (array zero-terminated=1): their names
 */
char **
vclock_alarm_list_backends (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  lock_choices ();
  for (guint i = 0; i < choices->len; i++)
    g_strv_builder_add (builder, g_array_index (choices, Choice, i).name);
  vclock_unlock ();

  return g_strv_builder_end (builder);
}

/**
 * vclock_alarm_add_backend:
 * @name: a name that no backend has yet
 * @type: a subclass of [class@Vclock.AlarmBackend] that is not abstract
 *
 * Makes a backend of one's own known, so that it can be chosen by its name.
 *
 * It is used on request only.
 *
 * Returns: whether it was added; FALSE if the name is taken
 */
gboolean
vclock_alarm_add_backend (const char *name,
                          GType       type)
{
  gboolean added;

  g_return_val_if_fail (name != NULL && *name != '\0' && strchr (name, ',') == NULL, FALSE);
  g_return_val_if_fail (g_type_is_a (type, VCLOCK_TYPE_ALARM_BACKEND), FALSE);
  g_return_val_if_fail (!G_TYPE_IS_ABSTRACT (type), FALSE);

  lock_choices ();
  added = find_choice (name) == NULL && !g_str_equal (name, "help");
  if (added)
    add_choice (name, type, TRUE);
  vclock_unlock ();

  return added;
}

static gboolean
option_cb (const char  *option_name,
           const char  *value,
           gpointer     data,
           GError     **error)
{
  return vclock_alarm_configure (value, error);
}

/**
 * vclock_alarm_get_option_group:
 *
 * Makes the command line option `--vclock-alarm`, for programs that parse theirs with GOption.
 *
 * It has the form of [func@Vclock.Alarm.configure].
 *
 * Returns: (transfer full): the group
 */
GOptionGroup *
vclock_alarm_get_option_group (void)
{
  static const GOptionEntry entries[] = {
    { "vclock-alarm", 0, 0, G_OPTION_ARG_CALLBACK, option_cb,
      N_("Backends that alarms may run on, in order of preference; \"help\" lists them"),
      N_("NAME,…") },
    G_OPTION_ENTRY_NULL,
  };
  GOptionGroup *group = g_option_group_new ("vclock",
                                            _("Virtual clocks:"),
                                            _("Show the options of virtual clocks"),
                                            NULL, NULL);

  g_option_group_add_entries (group, entries);
  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);

  return group;
}
