/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bench.h"

/* One of those who are compared. Each is a file with one of these, and a program with all
 * workloads. A peer's callback calls bench_expired () and does nothing else.
 *
 * Deadlines are absolute, on CLOCK_MONOTONIC in nanoseconds; who wants spans counts them from
 * @now, or from the time that his loop has read if it says so, and rounds up to his unit. */

typedef struct
{
  gpointer timer;     /* what create () returned */
  gint64   deadline;  /* when it should be called; 0 if it is not armed */
  gint64   period;
} BenchSlot;

typedef struct
{
  const char *name;
  char     * (* get_version)  (void);

  /* Makes the main loop. */
  void       (* open)         (void);

  /* Something else that the loop has to look after, whose event is always ready. */
  void       (* watch)        (int fd);

  gpointer   (* create)       (BenchSlot *slot);

  /* (nullable): the same and arm (), if together they are cheaper. */
  gpointer   (* create_armed) (BenchSlot *slot,
                               gint64     deadline,
                               gint64     now);

  /* Arms, or moves the deadline of what is armed. */
  void       (* arm)          (gpointer   timer,
                               gint64     deadline,
                               gint64     now);
  void       (* disarm)       (gpointer   timer);
  void       (* destroy)      (gpointer   timer);

  /* (nullable): for loops that keep the time. */
  void       (* update)       (void);

  /* One iteration; if @block, it waits until something happens. */
  void       (* iterate)      (gboolean   block);

  /* (nullable): for timers that arm themselves again, in time with the first deadline. */
  void       (* set_period)   (gpointer   timer,
                               gint64     period,
                               gint64     slack);
  gint64     (* get_deadline) (gpointer   timer);
} BenchPeer;

extern const BenchPeer bench_peer;

/* (transfer none): what is done with each timer that expires. */
extern void (* bench_expired) (BenchSlot *slot);

/* Workloads */

void bench_run_arm     (void);
void bench_run_rearm   (void);
void bench_run_create  (void);
void bench_run_memory  (void);
void bench_run_idle    (void);
void bench_run_expire  (gint64 apart);
void bench_run_churn   (void);
void bench_run_latency (void);

/* Makes bench_options.n timers. */
BenchSlot *bench_create_all (void);

/* What peers that run the default GMainContext do to watch a descriptor. */
void bench_watch_main_context (int fd);
