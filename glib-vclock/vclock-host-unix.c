/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* dladdr () */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <glib-vclock/vclock-host-private.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
# include <sys/timerfd.h>
#endif

/* The host, where it is one of POSIX: clock_gettime (). On Linux also what tells that the real-time
 * clock was set: a timerfd with CANCEL_ON_SET. */

static clockid_t
get_clock_id (VclockHostClock host_clock)
{
  static const clockid_t ids[] = {
    [VCLOCK_HOST_CLOCK_MONOTONIC] = CLOCK_MONOTONIC,
#ifdef CLOCK_BOOTTIME
    [VCLOCK_HOST_CLOCK_BOOTTIME] = CLOCK_BOOTTIME,
#else
    [VCLOCK_HOST_CLOCK_BOOTTIME] = CLOCK_MONOTONIC,
#endif
    [VCLOCK_HOST_CLOCK_REALTIME] = CLOCK_REALTIME,
  };

  return ids[host_clock];
}

static VclockTime
real_get_time (VclockHostClock host_clock)
{
  struct timespec spec = { 0, 0 };

  clock_gettime (get_clock_id (host_clock), &spec);

  return vclock_time_from_wide ((VclockWide) spec.tv_sec * VCLOCK_NSEC_PER_SEC + spec.tv_nsec);
}

#ifdef __linux__
/* Further ahead than a VclockTime can say; should it be reached, it expires once, harmlessly. */
#define WATCH_SECONDS (sizeof (time_t) > 4 ? (time_t) 9300000000 : (time_t) G_MAXINT32)

static GPollFD
real_watch_open (void)
{
  const struct itimerspec spec = { .it_value = { .tv_sec = WATCH_SECONDS } };
  int fd = timerfd_create (CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);

  if (fd >= 0 && timerfd_settime (fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &spec, NULL) < 0)
    {
      close (fd);
      fd = -1;
    }

  return (GPollFD) { .fd = fd, .events = G_IO_IN };
}

static gboolean
real_watch_read (const GPollFD *watch)
{
  guint64 n_expired;

  return read (watch->fd, &n_expired, sizeof n_expired) < 0 && errno == ECANCELED;
}
#else
static GPollFD
real_watch_open (void)
{
  return (GPollFD) { .fd = -1 };
}

static gboolean
real_watch_read (const GPollFD *watch)
{
  return FALSE;
}
#endif

static void
real_watch_close (const GPollFD *watch)
{
  close (watch->fd);
}

const VclockHost vclock_host_real = {
  .get_time = real_get_time,
  .watch_open = real_watch_open,
  .watch_read = real_watch_read,
  .watch_close = real_watch_close,
};

/* An address in a file is one that addr2line understands; only exported functions are known. */
char *
vclock_host_describe_caller (gconstpointer caller)
{
  const char *address = (const char *) caller - 1;
  g_autofree char *file = NULL;
  Dl_info info;

  if (dladdr (address, &info) == 0 || info.dli_fname == NULL)
    return g_strdup_printf ("%p", address);

  file = g_path_get_basename (info.dli_fname);
  if (info.dli_sname != NULL)
    return g_strdup_printf ("%s+0x%" G_GINTPTR_MODIFIER "x (%s)", info.dli_sname,
                            address - (const char *) info.dli_saddr, file);

  return g_strdup_printf ("%s+0x%" G_GINTPTR_MODIFIER "x", file,
                          address - (const char *) info.dli_fbase);
}
