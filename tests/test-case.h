/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "test-fixtures.h"

G_BEGIN_DECLS

/* A test of a virtual clock, with a log of times in seconds. */
typedef struct
{
  const char *path;
  void     (* run) (TestFixture   *fixture,
                    gconstpointer  unused);
} TestCase;

int          test_run_cases      (int             argc,
                                  char           *argv[],
                                  const TestCase *cases,
                                  gsize           n_cases);

VclockTimer *test_seconds_timer  (TestFixture    *fixture,
                                  VclockTime      deadline);

void         test_log_seconds    (VclockClock    *clock,
                                  GString        *log);

void         test_log_ended_cb   (GObject        *clock,
                                  GAsyncResult   *result,
                                  gpointer        log);

void         test_attach_idle    (TestFixture    *fixture);

void         test_attach_idle_cb (VclockTimer    *timer,
                                  guint64         overruns,
                                  gpointer        fixture);

G_END_DECLS
