/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VCLOCK_INSIDE) && !defined (VCLOCK_COMPILATION)
# error "Only <glib-vclock/glib-vclock.h> can be included directly."
#endif

#include <gio/gio.h>

#include <glib-vclock/vclock-version-macros.h>

G_BEGIN_DECLS

/**
 * VclockError:
 * @VCLOCK_ERROR_UNSUPPORTED: the host refused what an alarm backend needs
 * @VCLOCK_ERROR_UNKNOWN_BACKEND: no alarm backend has the given name
 * @VCLOCK_ERROR_LIMIT: a virtual clock was still not idle at the given limit
 * @VCLOCK_ERROR_LEFTOVERS: timers were still armed at the end
 * @VCLOCK_ERROR_DEADLOCK: all contexts of a warping clock are quiet, and no timer of it can ever
 *   expire
 * @VCLOCK_ERROR_TEST_FAILED: a test found something else than what it expected
 *
 * Errors of clocks, timers and alarms.
 */
typedef enum
{
  VCLOCK_ERROR_UNSUPPORTED,
  VCLOCK_ERROR_UNKNOWN_BACKEND,
  VCLOCK_ERROR_LIMIT,
  VCLOCK_ERROR_LEFTOVERS,
  VCLOCK_ERROR_DEADLOCK,
  VCLOCK_ERROR_TEST_FAILED,
} VclockError;

/**
 * VCLOCK_ERROR:
 *
 * The domain of [error@Vclock.Error].
 */
#define VCLOCK_ERROR (vclock_error_quark ())

VCLOCK_AVAILABLE_IN_ALL
GQuark vclock_error_quark (void);

G_END_DECLS
