/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What must hold in Vala. */

class CountClock : Vclock.Clock
{
  public int64 count = 0;

  public override Vclock.Time
  get_time ()
  {
    return count;
  }
}

class OffsetClock : Vclock.Clock
{
  public override Vclock.Time
  get_time ()
  {
    return Vclock.MonotonicClock.get_default ().get_time () + 1000;
  }

  public override Vclock.Time
  get_wakeup (Vclock.Time deadline, out Vclock.HostClock host_clock)
  {
    host_clock = MONOTONIC;
    return deadline - 1000;
  }
}

class ReadyTimeBackend : Vclock.AlarmBackend
{
  public static int n_started;
  public static int n_stopped;
  public static int n_rearmed;

  public override bool
  start () throws GLib.Error
  {
    n_started++;
    return true;
  }

  public override void
  stop ()
  {
    n_stopped++;
  }

  public override void
  rearm (Vclock.Time wakeup)
  {
    n_rearmed++;
    set_ready_time (wakeup);
  }
}

delegate bool Done ();

void
iterate_until (Done done)
{
  while (!done ())
    MainContext.@default ().iteration (true);
}

/* The default clocks are shared, and go on. */
void
test_default_clocks ()
{
  var clock = Vclock.MonotonicClock.get_default ();
  int64 before = clock.get_time ();

  assert_true (Vclock.MonotonicClock.get_default () == clock);
  assert_true (clock.get_time () >= before);
  assert_true (clock.get_time_us () >= before / 1000);
  assert_true (Vclock.WallClock.get_default ().get_time_us () <= get_real_time ());
  assert_true (Vclock.VirtualClock.get_default ().get_parent () == clock);
}

/* Advancing stops at each deadline, for signals and callbacks. */
void
test_advance ()
{
  var clock = new Vclock.VirtualClock ();
  var by_signal = new Vclock.Timer (clock);
  var by_callback = new Vclock.Timer.full (clock, null, Priority.DEFAULT, Vclock.Scale.US);
  var log = new StringBuilder ();

  by_signal.period = 1000;
  by_signal.expired.connect ((overruns) => {
    log.append (@"s$(clock.get_time ())+$overruns ");
  });
  by_callback.set_callback ((timer, overruns) => {
    log.append (@"c$(clock.get_time ())+$overruns ");
  });
  by_signal.arm (1000);
  by_callback.arm (2);
  clock.advance (2500);
  clock.jump (4500);
  assert_cmpstr (log.str, EQ, "s1000+0 c2000+0 s2000+0 s4500+1 ");
  assert_true (by_signal.disarm ());
  assert_false (by_signal.disarm ());
  assert_false (clock.step ());
}

class Token
{
  public static int n_gone;

  ~Token ()
  {
    n_gone++;
  }
}

void
give_token (Vclock.Timer timer)
{
  var token = new Token ();

  timer.set_callback (() => {
    assert_nonnull (token);
  });
}

/* What a callback holds is let go once: when it is replaced, taken away or goes with its timer. */
void
test_notify ()
{
  var clock = new Vclock.VirtualClock ();
  var timer = new Vclock.Timer (clock);

  Token.n_gone = 0;
  give_token (timer);
  timer.arm_after (1);
  clock.advance (1);
  assert_cmpint (Token.n_gone, EQ, 0);
  give_token (timer);
  assert_cmpint (Token.n_gone, EQ, 1);
  timer.set_callback (null);
  assert_cmpint (Token.n_gone, EQ, 2);
  give_token (timer);
  timer.arm_after (1);
  timer = null;
  assert_cmpint (Token.n_gone, EQ, 2);
  clock.advance (1);
  assert_cmpint (Token.n_gone, EQ, 3);
}

/* A source calls a plain function and ends with false. */
void
test_source ()
{
  var clock = new Vclock.VirtualClock ();
  var source = Vclock.TimerSource.@new (clock, 10);
  int n = 0;

  source.set_callback (() => {
    n++;
    Vclock.TimerSource.set_deadline (source, 30);
    return n < 2;
  });
  source.attach (null);
  clock.advance (100);
  while (MainContext.@default ().iteration (false))
    ;
  assert_cmpint (n, EQ, 2);
  assert_true (source.is_destroyed ());
}

/* A derived clock is served when it is replanned; one that runs wakes by itself. */
void
test_derived_clocks ()
{
  var count_clock = new CountClock ();
  var offset_clock = new OffsetClock ();
  var on_count = new Vclock.Timer (count_clock);
  var on_offset = new Vclock.Timer (offset_clock);
  int n = 0;

  on_count.expired.connect (() => {
    n++;
  });
  on_count.arm (5);
  assert_cmpuint (count_clock.run_timers (), EQ, 0);
  count_clock.count = 5;
  count_clock.replan ();
  iterate_until (() => n == 1);

  int64 deadline = offset_clock.get_time () + 2 * Vclock.NSEC_PER_MSEC;

  on_offset.expired.connect (() => {
    assert_true (offset_clock.get_time () >= deadline);
    n++;
  });
  on_offset.arm (deadline);
  iterate_until (() => n == 2);
}

/* A backend made in Vala wakes a real timer. */
void
test_derived_backend ()
{
  var alarm = Vclock.Alarm.get_for_context (null);
  var timer = new Vclock.Timer (Vclock.MonotonicClock.get_default ());
  bool done = false;

  timer.expired.connect (() => {
    done = true;
  });
  assert_true (Vclock.Alarm.add_backend ("ready-time", typeof (ReadyTimeBackend)));
  try
    {
      alarm.set_backend ("ready-time");
      assert_cmpstr (alarm.get_backend (), EQ, "ready-time");
      timer.arm_after (2 * Vclock.NSEC_PER_MSEC);
      iterate_until (() => done);
      timer.arm_after (3600 * Vclock.NSEC_PER_SEC);
      MainContext.@default ().iteration (false);
      timer.disarm ();
      alarm.set_backend ("poll");
    }
  catch (GLib.Error e)
    {
      error ("%s", e.message);
    }
  assert_cmpint (ReadyTimeBackend.n_started, EQ, 1);
  assert_cmpint (ReadyTimeBackend.n_stopped, EQ, 1);
  assert_cmpint (ReadyTimeBackend.n_rearmed, GE, 1);
}

/* Errors carry their domain and code. */
void
test_errors ()
{
  var clock = new Vclock.VirtualClock ();
  var timer = new Vclock.Timer (clock);
  bool caught = false;

  timer.period = 1;
  timer.arm_after (1);
  try
    {
      clock.run_until_idle (100);
    }
  catch (Vclock.Error.LIMIT e)
    {
      caught = true;
    }
  catch (GLib.Error e)
    {
      error ("%s", e.message);
    }
  assert_true (caught);
  timer.disarm ();
}

/* A jump is announced once. */
void
test_reset ()
{
  var clock = new Vclock.VirtualClock ();
  var log = new StringBuilder ();

  clock.reset.connect ((old_time, new_time) => {
    log.append (@"$old_time>$new_time ");
  });
  clock.jump (100);
  iterate_until (() => log.len > 0);
  assert_cmpstr (log.str, EQ, "0>100 ");
  assert_cmpuint (clock.get_n_resets (), EQ, 1);
}

/* The clocks of a test stand in for the default ones; what does not hold is thrown. */
void
test_test_clocks ()
{
  var clocks = new Vclock.TestClocks ();
  bool caught = false;

  try
    {
      clocks.set_up ();
      assert_true (Vclock.MonotonicClock.get_default () == clocks.monotonic);
      var timer = new Vclock.Timer (Vclock.WallClock.get_default ());
      timer.name = "w";
      timer.arm_after (60 * Vclock.NSEC_PER_SEC);
      clocks.suspend (3600 * Vclock.NSEC_PER_SEC);
      clocks.check_expired ("w");
      clocks.tear_down ();
      assert_true (Vclock.MonotonicClock.get_default () is Vclock.MonotonicClock);
      clocks.check_armed (timer, 5);
    }
  catch (Vclock.Error.TEST_FAILED e)
    {
      caught = true;
      assert_cmpstr (e.message, EQ, "“w” expected to be armed for 5 ns; found: disarmed");
    }
  catch (GLib.Error e)
    {
      assert_not_reached ();
    }
  assert_true (caught);
}

/* A recording is a list of events. */
void
test_recorder ()
{
  var clock = new Vclock.VirtualClock ();
  var timer = new Vclock.Timer (clock);
  var recorder = new Vclock.Recorder (10);
  int64 numerator;
  int64 denominator;

  assert_true (recorder.add_clock (clock));
  recorder.recording = true;
  timer.arm (10);
  clock.set_rate (1, 2);
  recorder.recording = false;
  timer.disarm ();
  assert_cmpuint (recorder.get_n_items (), EQ, 2);

  var armed = (Vclock.Event) recorder.get_item (0);
  var rate = (Vclock.Event) recorder.get_item (1);

  assert_true (armed.kind == Vclock.EventKind.ARMED);
  assert_true (armed.deadline == 10);
  assert_true (rate.get_rate (out numerator, out denominator));
  assert_true (numerator == 1 && denominator == 2);
}

async void
pass (Vclock.Clock clock, int64 span)
{
  var timer = new Vclock.Timer (clock);

  timer.expired.connect (() => pass.callback ());
  timer.arm_after (span);
  yield;
}

/* An async method waits for a timer that nobody else holds. */
void
test_async ()
{
  bool awake = false;

  pass.begin (Vclock.MonotonicClock.get_default (), Vclock.NSEC_PER_MSEC, (object, result) => {
    pass.end (result);
    awake = true;
  });
  iterate_until (() => awake);
}

async void
sleep_twice (Vclock.Clock clock, StringBuilder log) throws GLib.Error
{
  yield clock.sleep_async (10, null);
  log.append (@"$(clock.get_time ()) ");
  yield clock.sleep_until_async (30, null);
  log.append (@"$(clock.get_time ()) ");
}

/* An async method sleeps on a clock, and is told when it is cancelled. */
void
test_sleep ()
{
  var clock = new Vclock.VirtualClock ();
  var cancellable = new Cancellable ();
  var log = new StringBuilder ();
  bool is_cancelled = false;

  sleep_twice.begin (clock, log);
  clock.advance_settled (40);
  assert_cmpstr (log.str, EQ, "10 30 ");

  clock.sleep_async.begin (10, cancellable, (object, result) => {
    try
      {
        clock.sleep_async.end (result);
      }
    catch (IOError.CANCELLED e)
      {
        is_cancelled = true;
      }
    catch (GLib.Error e)
      {
        error ("%s", e.message);
      }
  });
  cancellable.cancel ();
  iterate_until (() => is_cancelled);
  assert_false (clock.has_timers ());
  try
    {
      assert_true (clock.wait_until (40, null));
    }
  catch (GLib.Error e)
    {
      error ("%s", e.message);
    }
}

int
main (string[] args)
{
  Test.init (ref args);
  Test.add_func ("/vala/default-clocks", test_default_clocks);
  Test.add_func ("/vala/advance", test_advance);
  Test.add_func ("/vala/notify", test_notify);
  Test.add_func ("/vala/source", test_source);
  Test.add_func ("/vala/derived-clocks", test_derived_clocks);
  Test.add_func ("/vala/derived-backend", test_derived_backend);
  Test.add_func ("/vala/errors", test_errors);
  Test.add_func ("/vala/reset", test_reset);
  Test.add_func ("/vala/test-clocks", test_test_clocks);
  Test.add_func ("/vala/recorder", test_recorder);
  Test.add_func ("/vala/async", test_async);
  Test.add_func ("/vala/sleep", test_sleep);
  return Test.run ();
}
