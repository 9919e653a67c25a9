/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/backends/vclock-backends-private.h>

const VclockBuiltIn vclock_built_ins[] = {
#ifdef __linux__
  { "timerfd", vclock_timerfd_backend_get_type, FALSE },
#endif
#ifdef G_OS_WIN32
  { "waitable", vclock_waitable_backend_get_type, FALSE },
#endif
  { "poll", vclock_poll_backend_get_type, FALSE },
#ifdef __linux__
  { "dynticks", vclock_dynticks_backend_get_type, TRUE },
#endif
#ifdef G_OS_UNIX
  { "unix", vclock_unix_backend_get_type, TRUE },
#endif
#ifdef G_OS_WIN32
  { "mmtimer", vclock_mmtimer_backend_get_type, TRUE },
  { "win32", vclock_win32_backend_get_type, TRUE },
#endif
  { NULL, NULL, FALSE },
};
