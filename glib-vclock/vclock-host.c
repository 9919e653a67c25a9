/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* dladdr () */
#include "config.h"

#include <errno.h>
#include <glib-vclock/vclock-host-private.h>
#include <time.h>

#ifdef G_OS_UNIX
# include <dlfcn.h>
#endif
#ifdef __linux__
# include <sys/timerfd.h>
# include <unistd.h>
#endif

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

static int
real_watch_open (void)
{
  const struct itimerspec spec = { .it_value = { .tv_sec = WATCH_SECONDS } };
  int fd = timerfd_create (CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);

  if (fd >= 0 && timerfd_settime (fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &spec, NULL) < 0)
    {
      close (fd);
      fd = -1;
    }

  return fd;
}

static gboolean
real_watch_read (int fd)
{
  guint64 n_expired;

  return read (fd, &n_expired, sizeof n_expired) < 0 && errno == ECANCELED;
}
#else
static int
real_watch_open (void)
{
  return -1;
}

static gboolean
real_watch_read (int fd)
{
  return FALSE;
}
#endif

static const VclockHost real_host = {
  .get_time = real_get_time,
  .watch_open = real_watch_open,
  .watch_read = real_watch_read,
};

static const VclockHost *host = &real_host;

VclockTime
vclock_host_get_time (VclockHostClock host_clock)
{
  return host->get_time (host_clock);
}

/* The time on the monotonic clock that is as far from now as @time is on @host_clock. */
VclockTime
vclock_host_to_monotonic (VclockHostClock host_clock,
                          VclockTime      time)
{
  if (host_clock == VCLOCK_HOST_CLOCK_MONOTONIC || time == VCLOCK_TIME_NEVER)
    return time;

  return vclock_time_add (vclock_host_get_time (VCLOCK_HOST_CLOCK_MONOTONIC),
                          vclock_time_subtract (time, vclock_host_get_time (host_clock)));
}

int
vclock_host_watch_open (void)
{
  return host->watch_open ();
}

gboolean
vclock_host_watch_read (int fd)
{
  return host->watch_read (fd);
}

/* Says to people where in the program a call returns to: "function+0x1f (file)" if the function is
 * exported, else "file+0x1234", which addr2line understands. It is the last byte of the call, for
 * what comes after it may belong to another line. Not with our lock: the loader has one too, and
 * holds it while constructors run. */
char *
vclock_host_describe_caller (gconstpointer caller)
{
  const char *address = (const char *) caller - 1;
#ifdef G_OS_UNIX
  g_autofree char *file = NULL;
  Dl_info info;

  if (dladdr (address, &info) != 0 && info.dli_fname != NULL)
    {
      file = g_path_get_basename (info.dli_fname);

      if (info.dli_sname != NULL)
        return g_strdup_printf ("%s+0x%" G_GINTPTR_MODIFIER "x (%s)", info.dli_sname,
                                address - (const char *) info.dli_saddr, file);

      return g_strdup_printf ("%s+0x%" G_GINTPTR_MODIFIER "x", file,
                              address - (const char *) info.dli_fbase);
    }
#endif

  return g_strdup_printf ("%p", address);
}

/* Lets a test be the host; NULL gives the real one back. */
void
vclock_host_replace (const VclockHost *replacement)
{
  host = replacement != NULL ? replacement : &real_host;
}
