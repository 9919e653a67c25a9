/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#ifndef VCLOCK_COMPILATION
# error "This header is private to glib-vclock."
#endif

#include <glib.h>

G_BEGIN_DECLS

void  vclock_lock                (void);
void  vclock_unlock              (void);
void  vclock_wait                (GCond *cond);
guint vclock_get_fork_generation (void);
void  vclock_lock_set_fork_func  (void (* func) (void));

G_END_DECLS
