/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-enum-types.h>
#include <glib-vclock/vclock-event-private.h>

/**
 * VclockEvent:
 *
 * Something that has happened to a clock or to one of its timers, as an item of a
 * [class@Vclock.Recorder].
 *
 * It does not change. What an event of its [property@Vclock.Event:kind] does not have is 0, NULL or
 * never.
 */

struct _VclockEvent
{
  GObject parent_instance;

  VclockRecord  record;
  char         *clock_name;  /* (owned) (nullable): GRefString */
};

typedef enum
{
  PROP_KIND = 1,
  PROP_TIME,
  PROP_CLOCK_NUMBER,
  PROP_CLOCK_NAME,
  PROP_TIMER_NUMBER,
  PROP_TIMER_NAME,
  PROP_DEADLINE,
  PROP_LATENESS,
  PROP_OVERRUNS,
  PROP_OLD_TIME,
  PROP_NEW_TIME,
  PROP_PARENT_NAME,
} VclockEventProperty;

static GParamSpec *props[PROP_PARENT_NAME + 1];

G_DEFINE_FINAL_TYPE (VclockEvent, vclock_event, G_TYPE_OBJECT)

static gboolean
has_jump (const VclockRecord *record)
{
  return record->kind == VCLOCK_EVENT_KIND_RESET || record->kind == VCLOCK_EVENT_KIND_WARP;
}

static void
vclock_event_finalize (GObject *object)
{
  VclockEvent *self = VCLOCK_EVENT (object);

  g_clear_pointer (&self->record.name, g_ref_string_release);
  g_clear_pointer (&self->clock_name, g_ref_string_release);

  G_OBJECT_CLASS (vclock_event_parent_class)->finalize (object);
}

static void
vclock_event_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  VclockEvent *self = VCLOCK_EVENT (object);

  switch ((VclockEventProperty) prop_id)
    {
    case PROP_KIND:
      g_value_set_enum (value, vclock_event_get_kind (self));
      break;
    case PROP_TIME:
      g_value_set_int64 (value, vclock_event_get_time (self));
      break;
    case PROP_CLOCK_NUMBER:
      g_value_set_uint (value, vclock_event_get_clock_number (self));
      break;
    case PROP_CLOCK_NAME:
      g_value_set_string (value, vclock_event_get_clock_name (self));
      break;
    case PROP_TIMER_NUMBER:
      g_value_set_uint (value, vclock_event_get_timer_number (self));
      break;
    case PROP_TIMER_NAME:
      g_value_set_string (value, vclock_event_get_timer_name (self));
      break;
    case PROP_DEADLINE:
      g_value_set_int64 (value, vclock_event_get_deadline (self));
      break;
    case PROP_LATENESS:
      g_value_set_int64 (value, vclock_event_get_lateness (self));
      break;
    case PROP_OVERRUNS:
      g_value_set_uint64 (value, vclock_event_get_overruns (self));
      break;
    case PROP_OLD_TIME:
      g_value_set_int64 (value, vclock_event_get_old_time (self));
      break;
    case PROP_NEW_TIME:
      g_value_set_int64 (value, vclock_event_get_new_time (self));
      break;
    case PROP_PARENT_NAME:
      g_value_set_string (value, vclock_event_get_parent_name (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
vclock_event_class_init (VclockEventClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = vclock_event_finalize;
  object_class->get_property = vclock_event_get_property;

  /**
   * VclockEvent:kind: (attributes org.gtk.Property.get=vclock_event_get_kind)
   *
   * What has happened.
   */
  props[PROP_KIND] =
    g_param_spec_enum ("kind", NULL, NULL,
                       VCLOCK_TYPE_EVENT_KIND, VCLOCK_EVENT_KIND_ARMED, flags);

  /**
   * VclockEvent:time: (attributes org.gtk.Property.get=vclock_event_get_time)
   *
   * When it happened, in nanoseconds on the event's clock.
   */
  props[PROP_TIME] =
    g_param_spec_int64 ("time", NULL, NULL, G_MININT64, VCLOCK_TIME_NEVER, 0, flags);

  /**
   * VclockEvent:clock-number: (attributes org.gtk.Property.get=vclock_event_get_clock_number)
   *
   * Which clock of the recording it happened to.
   */
  props[PROP_CLOCK_NUMBER] = g_param_spec_uint ("clock-number", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * VclockEvent:clock-name: (attributes org.gtk.Property.get=vclock_event_get_clock_name)
   *
   * The name of the clock, NULL without one.
   */
  props[PROP_CLOCK_NAME] = g_param_spec_string ("clock-name", NULL, NULL, NULL, flags);

  /**
   * VclockEvent:timer-number: (attributes org.gtk.Property.get=vclock_event_get_timer_number)
   *
   * Which timer of the recording it happened to; 0 if it concerns the clock itself.
   */
  props[PROP_TIMER_NUMBER] = g_param_spec_uint ("timer-number", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * VclockEvent:timer-name: (attributes org.gtk.Property.get=vclock_event_get_timer_name)
   *
   * The name that the timer had, NULL without one.
   */
  props[PROP_TIMER_NAME] = g_param_spec_string ("timer-name", NULL, NULL, NULL, flags);

  /**
   * VclockEvent:deadline: (attributes org.gtk.Property.get=vclock_event_get_deadline)
   *
   * The deadline of the timer, in nanoseconds on its clock.
   */
  props[PROP_DEADLINE] =
    g_param_spec_int64 ("deadline", NULL, NULL,
                        G_MININT64, VCLOCK_TIME_NEVER, VCLOCK_TIME_NEVER, flags);

  /**
   * VclockEvent:lateness: (attributes org.gtk.Property.get=vclock_event_get_lateness)
   *
   * How much later than its deadline the timer was called, in nanoseconds.
   */
  props[PROP_LATENESS] =
    g_param_spec_int64 ("lateness", NULL, NULL, G_MININT64, VCLOCK_TIME_NEVER, 0, flags);

  /**
   * VclockEvent:overruns: (attributes org.gtk.Property.get=vclock_event_get_overruns)
   *
   * How many periods had passed unserved when the timer was called.
   */
  props[PROP_OVERRUNS] = g_param_spec_uint64 ("overruns", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * VclockEvent:old-time: (attributes org.gtk.Property.get=vclock_event_get_old_time)
   *
   * The time just before: another than just after if the clock jumped or warped.
   */
  props[PROP_OLD_TIME] =
    g_param_spec_int64 ("old-time", NULL, NULL, G_MININT64, VCLOCK_TIME_NEVER, 0, flags);

  /**
   * VclockEvent:new-time: (attributes org.gtk.Property.get=vclock_event_get_new_time)
   *
   * The time just after.
   */
  props[PROP_NEW_TIME] =
    g_param_spec_int64 ("new-time", NULL, NULL, G_MININT64, VCLOCK_TIME_NEVER, 0, flags);

  /**
   * VclockEvent:parent-name: (attributes org.gtk.Property.get=vclock_event_get_parent_name)
   *
   * The name of the new parent, NULL if it has none, or if there is none.
   */
  props[PROP_PARENT_NAME] = g_param_spec_string ("parent-name", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
vclock_event_init (VclockEvent *self)
{
}

VclockEvent *
vclock_event_new (const VclockRecord *record,
                  const char         *clock_name)
{
  VclockEvent *self = g_object_new (VCLOCK_TYPE_EVENT, NULL);

  self->record = *record;
  if (record->name != NULL)
    g_ref_string_acquire (record->name);
  if (clock_name != NULL)
    self->clock_name = g_ref_string_acquire ((char *) clock_name);

  return self;
}

/* The kind in a word, as in files. */
const char *
vclock_record_get_kind_nick (const VclockRecord *record)
{
  static GEnumClass *klass;

  if (g_once_init_enter (&klass))
    g_once_init_leave (&klass, g_type_class_ref (VCLOCK_TYPE_EVENT_KIND));

  return g_enum_get_value (klass, record->kind)->value_nick;
}

static void
set_field (VclockRecordField *field,
           const char        *name,
           gint64             value)
{
  field->name = name;
  g_snprintf (field->value, sizeof field->value, "%" G_GINT64_FORMAT, value);
}

/* Which numbers the event has, besides its time; returns how many. */
guint
vclock_record_get_fields (const VclockRecord *record,
                          VclockRecordField   fields[VCLOCK_RECORD_MAX_FIELDS])
{
  switch ((VclockEventKind) record->kind)
    {
    case VCLOCK_EVENT_KIND_ARMED:
    case VCLOCK_EVENT_KIND_REARMED:
    case VCLOCK_EVENT_KIND_DISARMED:
      set_field (&fields[0], "deadline", record->deadline);
      return 1;
    case VCLOCK_EVENT_KIND_EXPIRED:
      set_field (&fields[0], "deadline", record->deadline);
      set_field (&fields[1], "lateness", record->lateness);
      fields[2].name = "overruns";
      g_snprintf (fields[2].value, sizeof fields[2].value, "%" G_GUINT64_FORMAT, record->overruns);
      return 3;
    case VCLOCK_EVENT_KIND_RESET:
    case VCLOCK_EVENT_KIND_WARP:
      set_field (&fields[0], "old-time", record->old_time);
      set_field (&fields[1], "new-time", record->new_time);
      return 2;
    case VCLOCK_EVENT_KIND_RATE:
      set_field (&fields[0], "numerator", record->numerator);
      set_field (&fields[1], "denominator", record->denominator);
      return 2;
    case VCLOCK_EVENT_KIND_PAUSED:
    case VCLOCK_EVENT_KIND_RESUMED:
    case VCLOCK_EVENT_KIND_PARENT:
    case VCLOCK_EVENT_KIND_ENABLED:
    case VCLOCK_EVENT_KIND_DISABLED:
    default:
      return 0;
    }
}

/**
 * vclock_event_get_kind: (attributes org.gtk.Method.get_property=kind)
 * @self: an event
 *
 * Gets what has happened.
 *
 * Returns: the kind
 */
VclockEventKind
vclock_event_get_kind (VclockEvent *self)
{
  g_return_val_if_fail (VCLOCK_IS_EVENT (self), VCLOCK_EVENT_KIND_ARMED);

  return self->record.kind;
}

/**
 * vclock_event_get_time: (attributes org.gtk.Method.get_property=time)
 * @self: an event
 *
 * Gets when it happened, on the event's clock.
 *
 * A timer's expiry has the time at which the clock was read for the pass in which the timer was
 * called. A reset and a warp have the new time.
 *
 * Returns: the time in nanoseconds
 */
VclockTime
vclock_event_get_time (VclockEvent *self)
{
  g_return_val_if_fail (VCLOCK_IS_EVENT (self), 0);

  return self->record.time;
}

/**
 * vclock_event_get_clock_number: (attributes org.gtk.Method.get_property=clock-number)
 * @self: an event
 *
 * Gets which clock of the recording it happened to.
 *
 * Returns: the number; 1 is the clock that was added first
 */
guint
vclock_event_get_clock_number (VclockEvent *self)
{
  g_return_val_if_fail (VCLOCK_IS_EVENT (self), 0);

  return self->record.clock;
}

/**
 * vclock_event_get_clock_name: (attributes org.gtk.Method.get_property=clock-name)
 * @self: an event
 *
 * Gets the name of the clock that it happened to.
 *
 * Returns: (nullable): the name
 */
const char *
vclock_event_get_clock_name (VclockEvent *self)
{
  g_return_val_if_fail (VCLOCK_IS_EVENT (self), NULL);

  return self->clock_name;
}

/**
 * vclock_event_get_timer_number: (attributes org.gtk.Method.get_property=timer-number)
 * @self: an event
 *
 * Gets which timer of the recording it happened to.
 *
 * Timers are numbered from 1, across all clocks of the recorder, in the order in which they first
 * occur in the recording.
 *
 * Returns: the number; 0 if it concerns the clock itself
 */
guint
vclock_event_get_timer_number (VclockEvent *self)
{
  g_return_val_if_fail (VCLOCK_IS_EVENT (self), 0);

  return self->record.timer;
}

/**
 * vclock_event_get_timer_name: (attributes org.gtk.Method.get_property=timer-name)
 * @self: an event
 *
 * Gets the name that the timer had when it happened.
 *
 * Returns: (nullable): the name
 */
const char *
vclock_event_get_timer_name (VclockEvent *self)
{
  g_return_val_if_fail (VCLOCK_IS_EVENT (self), NULL);

  return self->record.timer != 0 ? self->record.name : NULL;
}

/**
 * vclock_event_get_deadline: (attributes org.gtk.Method.get_property=deadline)
 * @self: an event
 *
 * Gets the deadline that the timer was given, had, or was called for.
 *
 * Returns: the deadline in nanoseconds; [const@Vclock.TIME_NEVER] if it concerns the clock itself
 */
VclockTime
vclock_event_get_deadline (VclockEvent *self)
{
  g_return_val_if_fail (VCLOCK_IS_EVENT (self), VCLOCK_TIME_NEVER);

  return self->record.timer != 0 ? self->record.deadline : VCLOCK_TIME_NEVER;
}

/**
 * vclock_event_get_lateness: (attributes org.gtk.Method.get_property=lateness)
 * @self: an event
 *
 * Gets how much later than its deadline the timer was called.
 *
 * Returns: the span in nanoseconds; 0 unless it expired
 */
VclockTime
vclock_event_get_lateness (VclockEvent *self)
{
  g_return_val_if_fail (VCLOCK_IS_EVENT (self), 0);

  return self->record.kind == VCLOCK_EVENT_KIND_EXPIRED ? self->record.lateness : 0;
}

/**
 * vclock_event_get_overruns: (attributes org.gtk.Method.get_property=overruns)
 * @self: an event
 *
 * Gets how many periods had passed unserved when the timer was called.
 *
 * Returns: the number; 0 unless it expired
 */
guint64
vclock_event_get_overruns (VclockEvent *self)
{
  g_return_val_if_fail (VCLOCK_IS_EVENT (self), 0);

  return self->record.kind == VCLOCK_EVENT_KIND_EXPIRED ? self->record.overruns : 0;
}

/**
 * vclock_event_get_old_time: (attributes org.gtk.Method.get_property=old-time)
 * @self: an event
 *
 * Gets the clock's time just before it happened.
 *
 * Returns: the time in nanoseconds; another than the new one for a reset and a warp only
 */
VclockTime
vclock_event_get_old_time (VclockEvent *self)
{
  g_return_val_if_fail (VCLOCK_IS_EVENT (self), 0);

  return has_jump (&self->record) ? self->record.old_time : self->record.time;
}

/**
 * vclock_event_get_new_time: (attributes org.gtk.Method.get_property=new-time)
 * @self: an event
 *
 * Gets the clock's time just after it happened.
 *
 * Returns: the time in nanoseconds
 */
VclockTime
vclock_event_get_new_time (VclockEvent *self)
{
  g_return_val_if_fail (VCLOCK_IS_EVENT (self), 0);

  return has_jump (&self->record) ? self->record.new_time : self->record.time;
}

/**
 * vclock_event_get_rate:
 * @self: an event
 * @numerator: (out) (optional): how many virtual seconds pass
 * @denominator: (out) (optional): in how many seconds of the parent
 *
 * Gets the rate that a virtual clock was given.
 *
 * Returns: whether it is an event of a rate; if not, the fraction is 0/1
 */
gboolean
vclock_event_get_rate (VclockEvent *self,
                       gint64      *numerator,
                       gint64      *denominator)
{
  gboolean is_rate;

  g_return_val_if_fail (VCLOCK_IS_EVENT (self), FALSE);
  is_rate = self->record.kind == VCLOCK_EVENT_KIND_RATE;

  if (numerator != NULL)
    *numerator = is_rate ? self->record.numerator : 0;
  if (denominator != NULL)
    *denominator = is_rate ? self->record.denominator : 1;

  return is_rate;
}

/**
 * vclock_event_get_parent_name: (attributes org.gtk.Method.get_property=parent-name)
 * @self: an event
 *
 * Gets the name of the clock that a virtual clock follows now.
 *
 * Returns: (nullable): the name; NULL unless it was given another parent with a name
 */
const char *
vclock_event_get_parent_name (VclockEvent *self)
{
  g_return_val_if_fail (VCLOCK_IS_EVENT (self), NULL);

  return self->record.kind == VCLOCK_EVENT_KIND_PARENT ? self->record.name : NULL;
}

static void
append_name (GString    *string,
             const char *name)
{
  if (name != NULL)
    g_string_append_printf (string, " “%s”", name);
}

/**
 * vclock_event_to_string:
 * @self: an event
 *
 * Describes the event in a line, for people and logs.
 *
 * It begins with the time, the clock and the kind: `70: clock 1 “virtual”: expired: timer 2
 * “blink”, deadline 60, lateness 10, overruns 0`. All times are in nanoseconds.
 *
 * Returns: (transfer full): the description
 */
char *
vclock_event_to_string (VclockEvent *self)
{
  VclockRecordField fields[VCLOCK_RECORD_MAX_FIELDS];
  const char *separator = ": ";
  GString *string;
  guint n_fields;

  g_return_val_if_fail (VCLOCK_IS_EVENT (self), NULL);

  string = g_string_new (NULL);
  g_string_append_printf (string, "%" G_GINT64_FORMAT ": clock %u",
                          self->record.time, self->record.clock);
  append_name (string, self->clock_name);
  g_string_append_printf (string, ": %s", vclock_record_get_kind_nick (&self->record));
  if (self->record.timer != 0)
    {
      g_string_append_printf (string, "%stimer %u", separator, self->record.timer);
      separator = ", ";
    }
  append_name (string, self->record.name);

  n_fields = vclock_record_get_fields (&self->record, fields);
  for (guint i = 0; i < n_fields; i++)
    {
      g_string_append_printf (string, "%s%s %s", separator, fields[i].name, fields[i].value);
      separator = ", ";
    }

  return g_string_free (string, FALSE);
}
