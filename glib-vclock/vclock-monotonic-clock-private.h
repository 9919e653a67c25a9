/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib-vclock/vclock-monotonic-clock.h>

G_BEGIN_DECLS

void vclock_monotonic_clock_replace_default (VclockClock *clock);

G_END_DECLS
