/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-alarm.h>
#include <glib-vclock/vclock-quiet-private.h>
#include <glib-vclock/vclock-time-private.h>
#include <glib-vclock/vclock-timer-queue-private.h>

G_BEGIN_DECLS

struct _VclockAlarm
{
  GObject parent_instance;

  /* (element-type VclockAlarmSource): the first one carries the backend; fixed once there. */
  GPtrArray          *sources;

  /* Only touched by the thread that runs the context. */
  VclockAlarmBackend *backend;                          /* (owned) (nullable): until first run */
  VclockTime          programmed[VCLOCK_N_HOST_CLOCKS]; /* what the backend is armed for */
  gboolean            used_up[VCLOCK_N_HOST_CLOCKS];    /* it has woken us for that */
  VclockTime          next;                             /* on CLOCK_MONOTONIC, as far as planned */
  VclockTime          ready_time;                       /* to look, if the backend is not trusted */
  guint               n_in_vain;                        /* wake-ups in a row with nothing due */
  gboolean            woken;                            /* since the last plan */
  gboolean            served;                           /* a timer expired since the last plan */
  gboolean            watched;                          /* and quiet is told what happens */

  /* Guarded by the lock. */
  VclockQuiet         quiet;
  guint               generation;                       /* of the process that has the backend */
  GMainContext       *context;                          /* (unowned) (nullable): NULL once gone */
  char               *backend_name;                     /* (owned) (nullable) */
  gboolean            dirty;                            /* the last plan is not right any more */
  gboolean            polling;                          /* the context may be asleep */
  GThread            *thread;                           /* (unowned): that prepared last */
  int                 depth;                            /* of dispatches when it did */
  guint64             n_programmed;
  guint64             n_wakeups;
  guint64             n_spurious;
  guint64             n_expired;
};

typedef struct
{
  GSource      parent;
  VclockAlarm *alarm;  /* (owned) */
  int          priority;
  GPtrArray   *queues; /* (element-type VclockTimerQueue) (owned): guarded by the lock */
} VclockAlarmSource;

/* Queues with a use of each; few contexts have timers of more than a few clocks and priorities. */
typedef struct
{
  VclockTimerQueue **queues;
  guint              n_queues;
  VclockTimerQueue  *few[8];
} VclockAlarmHold;

/* The queue of a clock's timers in a context at a priority; makes the alarm, its GSource and
 * the queue if need be. The caller must know the context to be alive, and releases the queue in
 * the end. */
VclockTimerQueue  *vclock_alarm_join           (GMainContext       *context,
                                                int                 priority,
                                                VclockClock        *clock);

/* When @clock reaches @time, as a time of CLOCK_MONOTONIC; never if it cannot promise one. Without
 * the lock. */
VclockTime         vclock_alarm_translate      (VclockClock        *clock,
                                                VclockTime          time);

/* The alarm's GSources: vclock-alarm-source.c. */
VclockAlarmSource *vclock_alarm_source_new     (VclockAlarm        *alarm,
                                                int                 priority);
void               vclock_alarm_stop_backend   (VclockAlarm        *self);
gboolean           vclock_alarm_change_backend (VclockAlarm        *self,
                                                const char         *name,
                                                GError            **error);

/* Waiting actively: vclock-alarm-spin.c. */
void               vclock_alarm_spin_measure   (VclockTimerQueue   *queue,
                                                VclockTime          now);
gboolean           vclock_alarm_spin_begins    (VclockTimerQueue   *queue);
void               vclock_alarm_spin           (VclockAlarm        *self,
                                                VclockAlarmSource  *source);

/* What the context does: vclock-alarm-quiet.c. */
void               vclock_alarm_watch          (VclockAlarm        *self,
                                                GMainContext       *context);

/* With the lock. */
void               vclock_alarm_begin_polling  (VclockAlarm        *self);
void               vclock_alarm_changed_cb     (VclockTimerQueue   *queue);
void               vclock_alarm_hold_queues    (VclockAlarm        *self,
                                                VclockAlarmSource  *only,
                                                VclockAlarmHold    *hold);
void               vclock_alarm_release_queues (VclockAlarmHold    *hold);
void               vclock_alarm_take_due       (VclockAlarm        *self,
                                                VclockAlarmSource  *only,
                                                guint64             pass);

G_END_DECLS
