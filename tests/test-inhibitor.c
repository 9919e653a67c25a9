/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

/* What holds a clock that would warp. Each clock has a timer at SEC (1), and warps. */

typedef struct
{
  GMainContext       *context;
  VclockVirtualClock *clock;
  VclockTimer        *timer;
  int                 n;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->context = g_main_context_new ();
  g_main_context_push_thread_default (fixture->context);
  fixture->clock = vclock_virtual_clock_new ();
  fixture->timer = test_counting_timer_new (VCLOCK_CLOCK (fixture->clock), &fixture->n);
  vclock_timer_arm (fixture->timer, SEC (1));
  vclock_virtual_clock_set_warp_mode (fixture->clock, VCLOCK_WARP_MODE_JUMP);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_finalize_object (fixture->timer);
  g_assert_finalize_object (fixture->clock);
  g_main_context_pop_thread_default (fixture->context);
  g_main_context_unref (fixture->context);
}

static void
assert_held (Fixture *fixture)
{
  test_iterate (fixture->context);
  g_assert_cmpint (fixture->n, ==, 0);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (fixture->clock)), ==, 0);
}

static void
assert_goes_on (Fixture *fixture)
{
  test_iterate (fixture->context);
  g_assert_cmpint (fixture->n, ==, 1);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (fixture->clock)), ==, SEC (1));
}

/* The last of several that is dropped or released lets the clock go. */
static void
test_release (Fixture       *fixture,
              gconstpointer  unused)
{
  VclockInhibitor *dropped = vclock_virtual_clock_inhibit (fixture->clock, NULL);
  VclockInhibitor *released = vclock_virtual_clock_inhibit (fixture->clock, "reading a file");

  g_assert_true (vclock_inhibitor_get_clock (released) == fixture->clock);
  g_assert_cmpstr (vclock_inhibitor_get_reason (released), ==, "reading a file");
  g_assert_null (vclock_inhibitor_get_reason (dropped));
  assert_held (fixture);
  g_assert_finalize_object (dropped);
  assert_held (fixture);
  vclock_inhibitor_release (released);
  vclock_inhibitor_release (released);
  assert_goes_on (fixture);

  /* It was counted once. */
  vclock_timer_arm (fixture->timer, SEC (2));
  g_object_unref (vclock_virtual_clock_inhibit (fixture->clock, NULL));
  g_assert_finalize_object (released);
  test_iterate (fixture->context);
  g_assert_cmpint (fixture->n, ==, 2);
}

/* An inhibitor holds what its clock follows, and what follows it. */
static void
test_tree (Fixture       *fixture,
           gconstpointer  unused)
{
  VclockVirtualClock *child = vclock_virtual_clock_new_with_parent (VCLOCK_CLOCK (fixture->clock));
  VclockVirtualClock *other = vclock_virtual_clock_new_with_parent (VCLOCK_CLOCK (fixture->clock));
  VclockInhibitor *inhibitor = vclock_virtual_clock_inhibit (child, NULL);
  VclockTimer *timer;

  assert_held (fixture);
  g_assert_finalize_object (inhibitor);
  assert_goes_on (fixture);

  vclock_virtual_clock_set_warp_mode (fixture->clock, VCLOCK_WARP_MODE_NONE);
  vclock_virtual_clock_set_warp_mode (other, VCLOCK_WARP_MODE_JUMP);
  timer = test_counting_timer_new (VCLOCK_CLOCK (other), &fixture->n);
  vclock_timer_arm (timer, SEC (9));
  inhibitor = vclock_virtual_clock_inhibit (fixture->clock, NULL);
  test_iterate (fixture->context);
  g_assert_cmpint (fixture->n, ==, 1);
  g_assert_finalize_object (inhibitor);
  test_iterate (fixture->context);
  g_assert_cmpint (fixture->n, ==, 2);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (other)), ==, SEC (9));
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (fixture->clock)), ==, SEC (1));

  g_assert_finalize_object (timer);
  g_assert_finalize_object (child);
  g_assert_finalize_object (other);
}

/* Cancelling lets the clock go; a cancellable keeps what is tied to it. */
static void
test_cancellable (Fixture       *fixture,
                  gconstpointer  unused)
{
  GCancellable *cancellable = g_cancellable_new ();
  VclockInhibitor *inhibitor = vclock_virtual_clock_inhibit (fixture->clock, NULL);

  vclock_inhibitor_tie_to_cancellable (inhibitor, cancellable);
  g_object_unref (inhibitor);
  assert_held (fixture);
  g_cancellable_cancel (cancellable);
  assert_goes_on (fixture);

  /* So also when it has been cancelled already. */
  vclock_timer_arm (fixture->timer, SEC (2));
  inhibitor = vclock_virtual_clock_inhibit (fixture->clock, NULL);
  vclock_inhibitor_tie_to_cancellable (inhibitor, cancellable);
  test_iterate (fixture->context);
  g_assert_cmpint (fixture->n, ==, 2);
  g_object_unref (inhibitor);
  g_assert_finalize_object (cancellable);
}

/* So does dropping the cancellable. */
static void
test_cancellable_dropped (Fixture       *fixture,
                          gconstpointer  unused)
{
  GCancellable *cancellable = g_cancellable_new ();
  VclockInhibitor *inhibitor = vclock_virtual_clock_inhibit (fixture->clock, NULL);

  vclock_inhibitor_tie_to_cancellable (inhibitor, cancellable);
  g_object_unref (inhibitor);
  assert_held (fixture);
  g_assert_finalize_object (cancellable);
  assert_goes_on (fixture);
}

typedef struct
{
  Fixture *fixture;
  GMutex   mutex;
  GCond    cond;
  gboolean may_end;
} Work;

static void
work_thread (GTask        *task,
             gpointer      object,
             gpointer      data,
             GCancellable *cancellable)
{
  Work *work = data;

  g_mutex_lock (&work->mutex);
  while (!work->may_end)
    g_cond_wait (&work->cond, &work->mutex);
  g_mutex_unlock (&work->mutex);
  g_task_return_boolean (task, TRUE);
}

static void
worked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      data)
{
  Work *work = data;

  g_assert_cmpint (work->fixture->n, ==, 0);
  g_assert_cmpint (vclock_clock_get_time (VCLOCK_CLOCK (work->fixture->clock)), ==, 0);
}

/* A task in another thread is not overtaken, and neither is its callback (tokio#4522). */
static void
test_task (Fixture       *fixture,
           gconstpointer  unused)
{
  Work work = { .fixture = fixture };
  GTask *task = g_task_new (NULL, NULL, worked_cb, &work);
  VclockInhibitor *inhibitor = vclock_virtual_clock_inhibit (fixture->clock, "working");

  g_mutex_init (&work.mutex);
  g_cond_init (&work.cond);
  g_task_set_task_data (task, &work, NULL);
  vclock_inhibitor_tie_to_task (inhibitor, task);
  g_object_unref (inhibitor);
  g_task_run_in_thread (task, work_thread);
  assert_held (fixture);

  g_mutex_lock (&work.mutex);
  work.may_end = TRUE;
  g_cond_signal (&work.cond);
  g_mutex_unlock (&work.mutex);
  test_wait_until (fixture->context, fixture->n > 0);
  assert_goes_on (fixture);

  /* So also when it has been completed already. */
  vclock_timer_arm (fixture->timer, SEC (2));
  inhibitor = vclock_virtual_clock_inhibit (fixture->clock, NULL);
  vclock_inhibitor_tie_to_task (inhibitor, task);
  test_iterate (fixture->context);
  g_assert_cmpint (fixture->n, ==, 2);
  g_object_unref (inhibitor);
  g_object_unref (task);
  g_mutex_clear (&work.mutex);
  g_cond_clear (&work.cond);
}

/* A task that is dropped before it has returned anything lets the clock go. */
static void
test_task_dropped (Fixture       *fixture,
                   gconstpointer  unused)
{
  GTask *task = g_task_new (NULL, NULL, NULL, NULL);
  VclockInhibitor *inhibitor = vclock_virtual_clock_inhibit (fixture->clock, NULL);

  vclock_inhibitor_tie_to_task (inhibitor, task);
  g_object_unref (inhibitor);
  assert_held (fixture);
  g_object_unref (task);
  assert_goes_on (fixture);
}

static VclockInhibitor *to_release;

static gpointer
release_thread (gpointer inhibitor)
{
  vclock_inhibitor_release (inhibitor);

  return NULL;
}

static int
releasing_poll (GPollFD *fds,
                guint    n_fds,
                int      timeout)
{
  if (timeout == -1 && to_release != NULL)
    g_thread_join (g_thread_new ("release", release_thread, g_steal_pointer (&to_release)));

  return g_poll (fds, n_fds, timeout);
}

/* Released in another thread while its context sleeps for ever, the clock goes on. */
static void
test_wakes (Fixture       *fixture,
            gconstpointer  unused)
{
  VclockInhibitor *inhibitor = vclock_virtual_clock_inhibit (fixture->clock, NULL);

  to_release = inhibitor;
  g_main_context_set_poll_func (fixture->context, releasing_poll);
  test_wait_until (fixture->context, fixture->n > 0);
  g_assert_null (to_release);
  assert_goes_on (fixture);
  g_assert_finalize_object (inhibitor);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  test_init (&argc, &argv);

  ADD ("/inhibitor/release", test_release);
  ADD ("/inhibitor/tree", test_tree);
  ADD ("/inhibitor/wakes", test_wakes);
  ADD ("/inhibitor/cancellable", test_cancellable);
  ADD ("/inhibitor/cancellable/dropped", test_cancellable_dropped);
  ADD ("/inhibitor/task", test_task);
  ADD ("/inhibitor/task/dropped", test_task_dropped);

  return g_test_run ();
}
