/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define VCLOCK_INSIDE
#include <glib-vclock/vclock-alarm-backend.h>
#include <glib-vclock/vclock-alarm.h>
#include <glib-vclock/vclock-clock.h>
#include <glib-vclock/vclock-enum-types.h>
#include <glib-vclock/vclock-error.h>
#include <glib-vclock/vclock-event.h>
#include <glib-vclock/vclock-inhibitor.h>
#include <glib-vclock/vclock-monotonic-clock.h>
#include <glib-vclock/vclock-recorder.h>
#include <glib-vclock/vclock-sleep.h>
#include <glib-vclock/vclock-test-clocks.h>
#include <glib-vclock/vclock-test-fixture.h>
#include <glib-vclock/vclock-tick-clock.h>
#include <glib-vclock/vclock-time.h>
#include <glib-vclock/vclock-timer-source.h>
#include <glib-vclock/vclock-timer.h>
#include <glib-vclock/vclock-version-macros.h>
#include <glib-vclock/vclock-version.h>
#include <glib-vclock/vclock-virtual-clock.h>
#include <glib-vclock/vclock-wall-clock.h>
#undef VCLOCK_INSIDE
