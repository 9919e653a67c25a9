/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"

#include <windows.h>

guint
test_count_fds (void)
{
  DWORD n_handles = 0;

  g_assert_true (GetProcessHandleCount (GetCurrentProcess (), &n_handles));

  return n_handles;
}

struct _TestState
{
  guint n_handles;
};

TestState *
test_state_read (void)
{
  TestState *state = g_new0 (TestState, 1);

  state->n_handles = test_count_fds ();

  return state;
}

void
test_state_assert_same (const TestState *before)
{
  g_assert_cmpuint (test_count_fds (), ==, before->n_handles);
}

static HANDLE
get_handle (TestBell *self)
{
  return (HANDLE) (gintptr) self->poll.fd;
}

void
test_bell_init (TestBell *self)
{
  HANDLE handle = CreateEventW (NULL, TRUE, FALSE, NULL);

  g_assert_nonnull (handle);
  self->poll = (GPollFD) { .fd = (gintptr) handle, .events = G_IO_IN };
}

void
test_bell_clear (TestBell *self)
{
  CloseHandle (get_handle (self));
}

void
test_bell_ring (TestBell *self)
{
  g_assert_true (SetEvent (get_handle (self)));
}

void
test_bell_still (TestBell *self)
{
  g_assert_true (ResetEvent (get_handle (self)));
}

void
test_block_signals (void)
{
}
