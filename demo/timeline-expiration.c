/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "timeline-expiration.h"

/* One expiration: which timer, its deadline, how much later it was called. Never changes. */
struct _TimelineExpiration
{
  GObject parent_instance;

  guint       row;
  const char *clock_name;  /* (interned) */
  const char *timer_name;  /* (interned) */
  VclockTime  deadline;    /* since the clock's origin */
  VclockTime  lateness;
  guint64     overruns;
};

G_DEFINE_FINAL_TYPE (TimelineExpiration, timeline_expiration, G_TYPE_OBJECT)

static void
timeline_expiration_class_init (TimelineExpirationClass *klass)
{
}

static void
timeline_expiration_init (TimelineExpiration *self)
{
}

TimelineExpiration *
timeline_expiration_new (guint       row,
                         const char *clock_name,
                         const char *timer_name,
                         VclockTime  deadline,
                         VclockTime  lateness,
                         guint64     overruns)
{
  TimelineExpiration *self = g_object_new (TIMELINE_TYPE_EXPIRATION, NULL);

  self->row = row;
  self->clock_name = g_intern_string (clock_name);
  self->timer_name = g_intern_string (timer_name);
  self->deadline = deadline;
  self->lateness = lateness;
  self->overruns = overruns;
  return self;
}

guint
timeline_expiration_get_row (TimelineExpiration *self)
{
  g_return_val_if_fail (TIMELINE_IS_EXPIRATION (self), 0);

  return self->row;
}

const char *
timeline_expiration_get_clock_name (TimelineExpiration *self)
{
  g_return_val_if_fail (TIMELINE_IS_EXPIRATION (self), NULL);

  return self->clock_name;
}

const char *
timeline_expiration_get_timer_name (TimelineExpiration *self)
{
  g_return_val_if_fail (TIMELINE_IS_EXPIRATION (self), NULL);

  return self->timer_name;
}

VclockTime
timeline_expiration_get_deadline (TimelineExpiration *self)
{
  g_return_val_if_fail (TIMELINE_IS_EXPIRATION (self), 0);

  return self->deadline;
}

VclockTime
timeline_expiration_get_lateness (TimelineExpiration *self)
{
  g_return_val_if_fail (TIMELINE_IS_EXPIRATION (self), 0);

  return self->lateness;
}

guint64
timeline_expiration_get_overruns (TimelineExpiration *self)
{
  g_return_val_if_fail (TIMELINE_IS_EXPIRATION (self), 0);

  return self->overruns;
}
