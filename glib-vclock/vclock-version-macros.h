/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VCLOCK_INSIDE) && !defined (VCLOCK_COMPILATION)
# error "Only <glib-vclock/glib-vclock.h> can be included directly."
#endif

#include <glib.h>

#ifndef _VCLOCK_EXTERN
# define _VCLOCK_EXTERN extern
#endif

#define VCLOCK_AVAILABLE_IN_ALL _VCLOCK_EXTERN
