/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-clock-private.h>
#include <glib-vclock/vclock-lock-private.h>
#include <glib-vclock/vclock-recorder-private.h>

/**
 * VclockRecorder:
 *
 * Records what happens to clocks and their timers.
 *
 * It records from the clocks that were added to it while [property@Vclock.Recorder:recording] is
 * set: who was armed, rearmed and disarmed, who expired and how late, and when a clock was reset,
 * paused, resumed, disabled, enabled, given another rate or another parent, or warped.
 *
 * ```c
 * g_autoptr (VclockRecorder) recorder = vclock_recorder_new (10000);
 *
 * vclock_recorder_add_clock (recorder, VCLOCK_CLOCK (clock));
 * vclock_recorder_set_recording (recorder, TRUE);
 * vclock_virtual_clock_advance (clock, 60 * VCLOCK_NSEC_PER_SEC);
 * vclock_recorder_set_recording (recorder, FALSE);
 * ```
 *
 * Recording allocates no memory for an event: there is room for so many, and when it is used up the
 * oldest give way. The clocks and timers may be those of any thread.
 *
 * The recorder is a list of [class@Vclock.Event] objects, the oldest first. Events join the list
 * when recording ends, or when [method@Vclock.Recorder.update] is called, never by themselves, so
 * that the list does not change under whoever looks at it. Each look at an item makes a new object.
 * A recorder and its list belong to one thread.
 *
 * The order is that in which things happened. Times come from the clock of each event, so between
 * clocks they are not comparable; and where a clock goes on by itself, the time of an event may be
 * a little before that of the one in front of it, for a pass reads its clock once.
 */

static void list_model_iface_init (GListModelInterface *iface);

typedef enum
{
  PROP_CAPACITY = 1,
  PROP_RECORDING,
} VclockRecorderProperty;

static GParamSpec *props[PROP_RECORDING + 1];

G_DEFINE_FINAL_TYPE_WITH_CODE (VclockRecorder, vclock_recorder, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
clear_record (gpointer record)
{
  g_clear_pointer (&((VclockRecord *) record)->name, g_ref_string_release);
}

static void
clear_name (gpointer name)
{
  if (name != NULL)
    g_ref_string_release (name);
}

static void
vclock_recorder_constructed (GObject *object)
{
  VclockRecorder *self = VCLOCK_RECORDER (object);

  G_OBJECT_CLASS (vclock_recorder_parent_class)->constructed (object);

  self->ring = vclock_ring_new (self->capacity);
}

static void
vclock_recorder_dispose (GObject *object)
{
  VclockRecorder *self = VCLOCK_RECORDER (object);

  while (self->clocks->len > 0)
    vclock_recorder_remove_clock (self, g_ptr_array_index (self->clocks, 0));

  G_OBJECT_CLASS (vclock_recorder_parent_class)->dispose (object);
}

static void
vclock_recorder_finalize (GObject *object)
{
  VclockRecorder *self = VCLOCK_RECORDER (object);

  vclock_ring_free (self->ring);
  g_ptr_array_unref (self->clocks);
  g_ptr_array_unref (self->clock_names);
  g_array_unref (self->records);

  G_OBJECT_CLASS (vclock_recorder_parent_class)->finalize (object);
}

static void
vclock_recorder_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  VclockRecorder *self = VCLOCK_RECORDER (object);

  switch ((VclockRecorderProperty) prop_id)
    {
    case PROP_CAPACITY:
      g_value_set_uint (value, vclock_recorder_get_capacity (self));
      break;
    case PROP_RECORDING:
      g_value_set_boolean (value, vclock_recorder_get_recording (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
vclock_recorder_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  VclockRecorder *self = VCLOCK_RECORDER (object);

  switch ((VclockRecorderProperty) prop_id)
    {
    case PROP_CAPACITY:
      self->capacity = g_value_get_uint (value);
      break;
    case PROP_RECORDING:
      vclock_recorder_set_recording (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static GType
vclock_recorder_get_item_type (GListModel *model)
{
  return VCLOCK_TYPE_EVENT;
}

static guint
vclock_recorder_get_n_items (GListModel *model)
{
  return VCLOCK_RECORDER (model)->records->len;
}

static gpointer
vclock_recorder_get_item (GListModel *model,
                          guint       position)
{
  VclockRecorder *self = VCLOCK_RECORDER (model);
  const VclockRecord *record;

  if (position >= self->records->len)
    return NULL;

  record = &g_array_index (self->records, VclockRecord, position);

  return vclock_event_new (record, vclock_recorder_get_clock_name (self, record));
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = vclock_recorder_get_item_type;
  iface->get_n_items = vclock_recorder_get_n_items;
  iface->get_item = vclock_recorder_get_item;
}

static void
vclock_recorder_class_init (VclockRecorderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = vclock_recorder_constructed;
  object_class->dispose = vclock_recorder_dispose;
  object_class->finalize = vclock_recorder_finalize;
  object_class->get_property = vclock_recorder_get_property;
  object_class->set_property = vclock_recorder_set_property;

  /**
   * VclockRecorder:capacity: (attributes org.gtk.Property.get=vclock_recorder_get_capacity)
   *
   * How many events there is room for.
   */
  props[PROP_CAPACITY] =
    g_param_spec_uint ("capacity", NULL, NULL, 1, G_MAXINT, 65536,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * VclockRecorder:recording: (attributes org.gtk.Property.get=vclock_recorder_get_recording org.gtk.Property.set=vclock_recorder_set_recording)
   *
   * Whether what happens is recorded.
   */
  props[PROP_RECORDING] =
    g_param_spec_boolean ("recording", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
vclock_recorder_init (VclockRecorder *self)
{
  self->clocks = g_ptr_array_new_with_free_func (g_object_unref);
  self->clock_names = g_ptr_array_new_with_free_func (clear_name);
  self->records = g_array_new (FALSE, FALSE, sizeof (VclockRecord));
  g_array_set_clear_func (self->records, clear_record);
}

/**
 * vclock_recorder_new:
 * @capacity: how many events there is room for, at least 1
 *
 * Makes a recorder that has no clocks yet and does not record.
 *
 * The room is allocated now, 96 bytes for an event; the list takes as much again when it is full.
 *
 * Returns: (transfer full): a new recorder
 */
VclockRecorder *
vclock_recorder_new (guint capacity)
{
  g_return_val_if_fail (capacity > 0 && capacity <= G_MAXINT, NULL);

  return g_object_new (VCLOCK_TYPE_RECORDER, "capacity", capacity, NULL);
}

/**
 * vclock_recorder_get_capacity: (attributes org.gtk.Method.get_property=capacity)
 * @self: a recorder
 *
 * Gets how many events there is room for.
 *
 * Returns: the number
 */
guint
vclock_recorder_get_capacity (VclockRecorder *self)
{
  g_return_val_if_fail (VCLOCK_IS_RECORDER (self), 0);

  return self->capacity;
}

/**
 * vclock_recorder_add_clock:
 * @self: a recorder
 * @clock: a clock
 *
 * Has a clock and its timers recorded from now on, while the recorder records.
 *
 * The recorder holds the clock until it is removed. A clock can be in one recorder only. Clocks are
 * numbered from 1 in the order in which they are added; one that is removed and added again has
 * another number.
 *
 * Returns: whether it was added; FALSE if this or another recorder has it already
 */
gboolean
vclock_recorder_add_clock (VclockRecorder *self,
                           VclockClock    *clock)
{
  const char *name;
  gboolean added;

  g_return_val_if_fail (VCLOCK_IS_RECORDER (self), FALSE);
  g_return_val_if_fail (VCLOCK_IS_CLOCK (clock), FALSE);

  vclock_lock ();
  added = vclock_clock_set_ring (clock, self->ring, self->clock_names->len + 1);
  vclock_unlock ();

  if (!added)
    return FALSE;

  name = vclock_clock_get_name (clock);
  g_ptr_array_add (self->clock_names, name != NULL ? g_ref_string_acquire ((char *) name) : NULL);
  g_ptr_array_add (self->clocks, g_object_ref (clock));

  return TRUE;
}

/**
 * vclock_recorder_remove_clock:
 * @self: a recorder
 * @clock: a clock
 *
 * Ends the recording of one clock, and lets it go.
 *
 * What has been recorded of it stays.
 *
 * Returns: whether it was removed; FALSE if this recorder does not have it
 */
gboolean
vclock_recorder_remove_clock (VclockRecorder *self,
                              VclockClock    *clock)
{
  guint index;

  g_return_val_if_fail (VCLOCK_IS_RECORDER (self), FALSE);
  g_return_val_if_fail (VCLOCK_IS_CLOCK (clock), FALSE);

  if (!g_ptr_array_find (self->clocks, clock, &index))
    return FALSE;

  vclock_lock ();
  vclock_clock_set_ring (clock, NULL, 0);
  vclock_unlock ();
  g_ptr_array_remove_index (self->clocks, index);

  return TRUE;
}

/**
 * vclock_recorder_get_recording: (attributes org.gtk.Method.get_property=recording)
 * @self: a recorder
 *
 * Gets whether what happens is recorded.
 *
 * Returns: whether it records
 */
gboolean
vclock_recorder_get_recording (VclockRecorder *self)
{
  gboolean recording;

  g_return_val_if_fail (VCLOCK_IS_RECORDER (self), FALSE);

  vclock_lock ();
  recording = self->ring->is_on;
  vclock_unlock ();

  return recording;
}

/**
 * vclock_recorder_set_recording: (attributes org.gtk.Method.set_property=recording)
 * @self: a recorder
 * @recording: whether to record
 *
 * Sets whether what happens is recorded.
 *
 * When recording ends, the list is brought up to date. When it begins again, it goes on behind what
 * is there; [method@Vclock.Recorder.clear] begins anew. While it does not record, a recorder costs
 * its clocks nothing.
 */
void
vclock_recorder_set_recording (VclockRecorder *self,
                               gboolean        recording)
{
  gboolean changed;

  g_return_if_fail (VCLOCK_IS_RECORDER (self));
  recording = !!recording;

  vclock_lock ();
  changed = self->ring->is_on != recording;
  self->ring->is_on = recording;
  for (guint i = 0; i < self->clocks->len; i++)
    vclock_clock_follow_ring (g_ptr_array_index (self->clocks, i));
  vclock_unlock ();

  if (!changed)
    return;

  if (!recording)
    vclock_recorder_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RECORDING]);
}

/**
 * vclock_recorder_update:
 * @self: a recorder
 *
 * Brings the list up to date: what has happened since the last time joins it.
 *
 * [signal@Gio.ListModel::items-changed] is emitted if anything has. When there is not enough room,
 * the oldest leave the list. Recording may go on meanwhile.
 */
void
vclock_recorder_update (VclockRecorder *self)
{
  guint n_old;
  guint n_new;

  g_return_if_fail (VCLOCK_IS_RECORDER (self));
  n_old = self->records->len;

  vclock_ring_take (self->ring, self->records);
  n_new = self->records->len - n_old;
  if (self->records->len > self->capacity)
    {
      const guint n_too_many = self->records->len - self->capacity;

      g_array_remove_range (self->records, 0, n_too_many);
      self->n_dropped += n_too_many;
      g_list_model_items_changed (G_LIST_MODEL (self), 0, n_old, self->records->len);
    }
  else if (n_new > 0)
    {
      g_list_model_items_changed (G_LIST_MODEL (self), n_old, 0, n_new);
    }
}

/**
 * vclock_recorder_clear:
 * @self: a recorder
 *
 * Forgets all events, and begins to number timers from 1.
 *
 * The clocks stay, and a recorder that records goes on.
 */
void
vclock_recorder_clear (VclockRecorder *self)
{
  guint n_old;

  g_return_if_fail (VCLOCK_IS_RECORDER (self));
  n_old = self->records->len;

  vclock_ring_clear (self->ring);
  g_array_set_size (self->records, 0);
  self->n_dropped = 0;
  if (n_old > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_old, 0);
}

/**
 * vclock_recorder_get_n_dropped:
 * @self: a recorder
 *
 * Gets how many events have made room for later ones since the recorder was cleared last.
 *
 * Returns: the number; 0 if nothing is missing
 */
guint64
vclock_recorder_get_n_dropped (VclockRecorder *self)
{
  guint64 n_dropped;

  g_return_val_if_fail (VCLOCK_IS_RECORDER (self), 0);

  vclock_lock ();
  n_dropped = self->ring->n_dropped;
  vclock_unlock ();

  return n_dropped + self->n_dropped;
}
