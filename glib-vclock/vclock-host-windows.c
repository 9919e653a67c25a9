/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-host-private.h>
#include <windows.h>

/* The host, where it is Windows.
 *
 *   monotonic   QueryUnbiasedInterruptTimePrecise (), Windows 10: stands still during suspend, as
 *               what waits for a span does
 *   boottime    QueryInterruptTimePrecise (), Windows 10: goes on during suspend
 *   real-time   GetSystemTimePreciseAsFileTime (), Windows 8
 *
 * Without the first two, both are QueryPerformanceCounter (), which goes on during suspend. The
 * plain QueryInterruptTime () and its kin are of no use: they stand still between two ticks of up
 * to 16 ms, so that whoever is woken in time would find his time not come. */

typedef struct
{
  void (WINAPI * read_unbiased) (ULONGLONG *time);  /* (nullable) */
  void (WINAPI * read_biased)   (ULONGLONG *time);  /* (nullable) */
  void (WINAPI * read_wall)     (FILETIME  *time);
  gint64         frequency;                         /* of the performance counter */
} Calls;

#define UNITS_PER_SEC 10000000                              /* what Windows counts in: 100 ns */
#define UNIX_EPOCH    (G_GINT64_CONSTANT (11644473600) * UNITS_PER_SEC) /* since 1601 */

static gpointer
find_call (const char *module,
           const char *name)
{
  HMODULE handle = GetModuleHandleA (module);

  return handle != NULL ? (gpointer) GetProcAddress (handle, name) : NULL;
}

static const Calls *
get_calls (void)
{
  static Calls calls;
  static gsize are_found;

  if (g_once_init_enter (&are_found))
    {
      LARGE_INTEGER frequency;

      QueryPerformanceFrequency (&frequency);
      calls.frequency = frequency.QuadPart;
      calls.read_unbiased = find_call ("kernelbase.dll", "QueryUnbiasedInterruptTimePrecise");
      calls.read_biased = find_call ("kernelbase.dll", "QueryInterruptTimePrecise");
      calls.read_wall = find_call ("kernel32.dll", "GetSystemTimePreciseAsFileTime");
      if (calls.read_wall == NULL)
        calls.read_wall = GetSystemTimeAsFileTime;
      g_once_init_leave (&are_found, TRUE);
    }

  return &calls;
}

static VclockTime
read_interrupt_time (const Calls    *calls,
                     void (WINAPI *  read) (ULONGLONG *time))
{
  LARGE_INTEGER count;
  ULONGLONG units;

  if (read != NULL)
    {
      read (&units);
      return vclock_time_from_count ((gint64) units, UNITS_PER_SEC);
    }

  QueryPerformanceCounter (&count);

  return vclock_time_from_count (count.QuadPart, calls->frequency);
}

static VclockTime
read_wall (const Calls *calls)
{
  ULARGE_INTEGER units;
  FILETIME time;

  calls->read_wall (&time);
  units.LowPart = time.dwLowDateTime;
  units.HighPart = time.dwHighDateTime;

  return vclock_time_from_count ((gint64) units.QuadPart - UNIX_EPOCH, UNITS_PER_SEC);
}

static VclockTime
real_get_time (VclockHostClock host_clock)
{
  const Calls *calls = get_calls ();

  switch (host_clock)
    {
    case VCLOCK_HOST_CLOCK_MONOTONIC:
      return read_interrupt_time (calls, calls->read_unbiased);
    case VCLOCK_HOST_CLOCK_BOOTTIME:
      return read_interrupt_time (calls, calls->read_biased);
    case VCLOCK_HOST_CLOCK_REALTIME:
      return read_wall (calls);
    default:
      g_assert_not_reached ();
    }
}

/* That the real-time clock was set is told by the message WM_TIMECHANGE to all top-level windows: a
 * thread of ours has one, hidden, from when the first watch is opened to the end of the process.
 * Where there can be no windows, in some services, a jump is noticed when the clock is read. */

/* A lock of its own, for a watch may be closed with the library's. */
static GMutex     watches_lock;
static GPtrArray *watches;      /* (element-type HANDLE) (nullable): guarded by it */

static void
tell_watches (void)
{
  g_mutex_lock (&watches_lock);
  for (guint i = 0; i < watches->len; i++)
    SetEvent (g_ptr_array_index (watches, i));
  g_mutex_unlock (&watches_lock);
}

static LRESULT CALLBACK
window_cb (HWND   window,
           UINT   message,
           WPARAM first,
           LPARAM second)
{
  if (message == WM_TIMECHANGE)
    tell_watches ();

  return DefWindowProcW (window, message, first, second);
}

static gpointer
watch_thread (gpointer unused)
{
  WNDCLASSW klass = { .lpfnWndProc = window_cb, .lpszClassName = L"VclockWatch" };
  MSG message;

  GetModuleHandleExW (GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                      GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                      (LPCWSTR) watch_thread, &klass.hInstance);
  RegisterClassW (&klass);
  if (CreateWindowExW (0, klass.lpszClassName, L"", WS_OVERLAPPED, 0, 0, 0, 0,
                       NULL, NULL, klass.hInstance, NULL) == NULL)
    return NULL;

  /* It may have been set before there was a window. */
  tell_watches ();
  while (GetMessageW (&message, NULL, 0, 0) > 0)
    DispatchMessageW (&message);

  return NULL;
}

static GPollFD
real_watch_open (void)
{
  HANDLE event = CreateEventW (NULL, TRUE, FALSE, NULL);
  gboolean is_first;

  if (event == NULL)
    return (GPollFD) { .fd = -1 };

  g_mutex_lock (&watches_lock);
  is_first = watches == NULL;
  if (is_first)
    watches = g_ptr_array_new ();
  g_ptr_array_add (watches, event);
  g_mutex_unlock (&watches_lock);

  if (is_first)
    g_thread_unref (g_thread_new ("vclock-watch", watch_thread, NULL));

  return (GPollFD) { .fd = (gintptr) event, .events = G_IO_IN };
}

static gboolean
real_watch_read (const GPollFD *watch)
{
  ResetEvent ((HANDLE) (gintptr) watch->fd);

  return TRUE;
}

static void
real_watch_close (const GPollFD *watch)
{
  HANDLE event = (HANDLE) (gintptr) watch->fd;

  g_mutex_lock (&watches_lock);
  if (watches != NULL)
    g_ptr_array_remove_fast (watches, event);
  g_mutex_unlock (&watches_lock);

  CloseHandle (event);
}

const VclockHost vclock_host_real = {
  .get_time = real_get_time,
  .watch_open = real_watch_open,
  .watch_read = real_watch_read,
  .watch_close = real_watch_close,
};

/* Windows knows no names; the offset is one from where the file was loaded to, which addr2line
 * understands once the file's preferred address is added. */
char *
vclock_host_describe_caller (gconstpointer caller)
{
  const char *address = (const char *) caller - 1;
  g_autofree char *path = NULL;
  g_autofree char *file = NULL;
  wchar_t wide[MAX_PATH];
  HMODULE module;
  DWORD length;

  if (!GetModuleHandleExW (GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                           GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                           (LPCWSTR) address, &module))
    return g_strdup_printf ("0x%" G_GINTPTR_MODIFIER "x", (guintptr) address);

  length = GetModuleFileNameW (module, wide, G_N_ELEMENTS (wide));
  path = g_utf16_to_utf8 (wide, length, NULL, NULL, NULL);
  file = g_path_get_basename (path != NULL ? path : "");

  return g_strdup_printf ("%s+0x%" G_GINTPTR_MODIFIER "x", file, address - (const char *) module);
}
