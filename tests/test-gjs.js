// SPDX-FileCopyrightText: 2026 The glib-vclock authors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What must hold in JavaScript: gjs -m test-gjs.js

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import System from 'system';
import Vclock from 'gi://Vclock?version=1';

Gio._promisify(Vclock.Clock.prototype, 'sleep_async');
Gio._promisify(Vclock.Clock.prototype, 'sleep_until_async');
Gio._promisify(Vclock.VirtualClock.prototype, 'advance_async');

let nChecks = 0;

function equal(actual, expected) {
  nChecks++;
  if (JSON.stringify(actual) !== JSON.stringify(expected))
    throw new Error(`${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
}

function throws(func, code) {
  nChecks++;
  try {
    func();
  } catch (e) {
    if (e.matches(Vclock.Error, code))
      return;
    throw e;
  }
  throw new Error(`no error ${code}`);
}

function iterateUntil(done) {
  while (!done())
    GLib.MainContext.default().iteration(true);
}

// The default clocks are shared, and go on.
function testDefaultClocks() {
  for (const type of [Vclock.MonotonicClock, Vclock.WallClock, Vclock.VirtualClock]) {
    const clock = type.get_default();
    const before = clock.get_time_us();
    equal(type.get_default() === clock, true);
    equal(clock.get_time_us() >= before, true);
  }
  equal(Vclock.MonotonicClock.get_default().get_time() > 0, true);
  equal(Vclock.WallClock.get_default().get_time_us() / 1000 <= Date.now() + 1, true);
  equal(Vclock.VirtualClock.get_default().get_parent() ===
    Vclock.MonotonicClock.get_default(), true);
}

// A virtual clock stands still until it is moved.
function testStandsStill() {
  const clock = new Vclock.VirtualClock();
  equal(clock.get_time(), 0);
  equal(clock.get_parent(), null);
  clock.advance(0);
  equal(clock.get_time(), 0);
}

// Advancing stops at each deadline; signal and callback see the time and the overruns.
function testAdvance() {
  const clock = Vclock.VirtualClock.new();
  const bySignal = Vclock.Timer.new(clock);
  const byCallback = new Vclock.Timer({clock, period: 15});
  const log = [];
  bySignal.period = 10;
  bySignal.connect('expired', (timer, overruns) => {
    log.push(['signal', timer === bySignal, clock.get_time(), overruns]);
  });
  byCallback.set_callback((timer, overruns) => {
    log.push(['callback', timer === byCallback, clock.get_time(), overruns]);
  });
  bySignal.arm(10);
  byCallback.arm(15);
  clock.advance(29);
  equal(log, [['signal', true, 10, 0], ['callback', true, 15, 0], ['signal', true, 20, 0]]);
  equal(clock.get_time(), 29);
  equal(bySignal.disarm(), true);
  equal(bySignal.disarm(), false);
  equal(byCallback.disarm(), true);
}

// Stepping goes from deadline to deadline; jumping goes there at once and counts.
function testStepAndJump() {
  const clock = new Vclock.VirtualClock();
  const timer = new Vclock.Timer({clock});
  const log = [];
  timer.connect('expired', (_timer, overruns) => log.push([clock.get_time(), overruns]));
  equal(clock.step(), false);
  timer.arm(7);
  equal(clock.step(), true);
  timer.period = 10;
  timer.arm(10);
  clock.jump(45);
  equal(log, [[7, 0], [45, 3]]);
  equal(timer.get_deadline(), 50);
  timer.disarm();
}

// Milliseconds since 1970 are exact in plain numbers.
function testScale() {
  const clock = Vclock.WallClock.get_default();
  const timer = new Vclock.Timer({clock, scale: Vclock.Scale.MS});
  const inAYear = Date.now() + 365 * 24 * 3600 * 1000;
  equal(timer.scale, Vclock.Scale.MS);
  timer.arm(inAYear);
  equal(timer.get_deadline(), inAYear);
  equal(timer.arm_earlier(inAYear + 1), false);
  equal(timer.arm_earlier(inAYear - 1), true);
  equal(timer.get_deadline(), inAYear - 1);
  equal(timer.disarm(), true);
  equal(timer.is_armed(), false);
}

// A source calls a plain function, is given its next deadline there, and ends with false.
function testSource() {
  const clock = new Vclock.VirtualClock();
  const source = Vclock.TimerSource.new(clock, 10);
  const log = [];
  source.set_callback(() => {
    log.push(clock.get_time());
    Vclock.TimerSource.set_deadline(source, 30);
    return log.length < 2;
  });
  source.attach(null);
  equal(Vclock.TimerSource.get_deadline(source), 10);
  clock.advance(100);
  while (GLib.MainContext.default().iteration(false))
    ;
  equal(log.length, 2);
  equal(source.is_destroyed(), true);
}

const OffsetClock = GObject.registerClass(
class OffsetClock extends Vclock.Clock {
  vfunc_get_time() {
    return Vclock.MonotonicClock.get_default().get_time() + 1000;
  }

  vfunc_get_wakeup(deadline) {
    return [deadline - 1000, Vclock.HostClock.MONOTONIC];
  }
});

// A clock made in JavaScript runs by itself, if it says when it wakes.
function testDerivedClock() {
  const clock = new OffsetClock();
  const timer = Vclock.Timer.new(clock);
  let expired = null;
  timer.connect('expired', () => {
    expired = clock.get_time();
  });
  const deadline = clock.get_time() + 2 * Vclock.NSEC_PER_MSEC;
  timer.arm(deadline);
  equal(clock.get_wakeup(deadline), [deadline - 1000, Vclock.HostClock.MONOTONIC]);
  iterateUntil(() => expired !== null);
  equal(expired >= deadline, true);
}

const CountClock = GObject.registerClass(
class CountClock extends Vclock.Clock {
  vfunc_get_time() {
    return this.count ?? 0;
  }
});

// A clock that promises nothing is served when it is told to look again.
function testReplan() {
  const clock = new CountClock();
  const timer = Vclock.Timer.new(clock);
  let n = 0;
  timer.connect('expired', () => n++);
  timer.arm(5);
  equal(clock.run_timers(), 0);
  clock.count = 5;
  clock.replan();
  iterateUntil(() => n === 1);
  equal(clock.has_timers(), false);
}

const Derived = GObject.registerClass(class Derived extends Vclock.VirtualClock {});

// A virtual clock may be derived from.
function testDerivedVirtualClock() {
  const clock = new Derived();
  clock.advance(5);
  equal(clock.get_time(), 5);
}

// An armed timer stays alive without a variable that holds it.
function testSurvivesCollector() {
  const clock = new Vclock.VirtualClock();
  let n = 0;
  (() => {
    new Vclock.Timer({clock}).arm(1);
    const timer = new Vclock.Timer({clock});
    timer.connect('expired', () => n++);
    timer.arm(1);
    const other = new Vclock.Timer({clock});
    other.set_callback(() => n++);
    other.arm(1);
  })();
  System.gc();
  System.gc();
  clock.advance(1);
  equal(n, 2);
  equal(clock.has_timers(), false);
}

// Replacing a callback lets the former one go, and null takes it away.
function testCallbackReplaced() {
  const clock = new Vclock.VirtualClock();
  const timer = Vclock.Timer.new(clock);
  const log = [];
  timer.set_callback(() => log.push('first'));
  timer.set_callback(() => log.push('second'));
  timer.arm_after(1);
  clock.advance(1);
  timer.set_callback(null);
  timer.arm_after(1);
  clock.advance(1);
  equal(log, ['second']);
}

// Errors carry their domain and code.
function testErrors() {
  const clock = new Vclock.VirtualClock();
  const timer = new Vclock.Timer({clock, period: 1});
  timer.arm_after(1);
  throws(() => clock.run_until_idle(100), Vclock.Error.LIMIT);
  timer.disarm();
  equal(clock.run_until_idle(100), true);
  throws(() => Vclock.Alarm.get_for_context(null).set_backend('sundial'),
    Vclock.Error.UNKNOWN_BACKEND);
}

// A jump is announced once, in both directions.
function testReset() {
  const clock = new Vclock.VirtualClock();
  const log = [];
  clock.connect('reset', (_clock, oldTime, newTime) => log.push([oldTime, newTime]));
  clock.advance(10);
  clock.jump(100);
  iterateUntil(() => log.length >= 1);
  clock.jump(50);
  iterateUntil(() => log.length >= 2);
  equal(log, [[10, 100], [100, 50]]);
  equal(clock.get_n_resets(), 2);
}

// A paused clock has a frozen value; a rate is a fraction.
function testPauseAndRate() {
  const parent = new Vclock.VirtualClock();
  const clock = Vclock.VirtualClock.new_with_parent(parent);
  clock.set_rate(1, 3);
  equal(clock.get_rate(), [1, 3]);
  parent.advance(300);
  clock.pause();
  equal(clock.is_paused(), true);
  parent.advance(300);
  clock.resume();
  parent.advance(300);
  equal(clock.get_time(), 200);
}

// The clocks of a test stand in for the default ones, and do what those of a machine do.
function testTestClocks() {
  const real = Vclock.MonotonicClock.get_default();
  const clocks = new Vclock.TestClocks();
  const log = [];
  equal(clocks.set_up(), true);
  throws(() => new Vclock.TestClocks().set_up(), Vclock.Error.TEST_FAILED);
  equal(Vclock.MonotonicClock.get_default() === clocks.monotonic, true);

  const timer = new Vclock.Timer({name: 'minutes', scale: Vclock.Scale.S, period: 60});
  const wall = Vclock.WallClock.get_default();
  const start = wall.get_time_us();
  timer.connect('expired', (_timer, overruns) => log.push(overruns));
  wall.connect('reset', () => log.push('reset'));
  timer.arm_after(60);
  clocks.suspend(3600 * Vclock.NSEC_PER_SEC);
  equal(log, []);
  equal(wall.get_time_us() - start, 3600 * 1e6);
  clocks.stall(200 * Vclock.NSEC_PER_SEC);
  equal(log, [2]);
  clocks.set_wall_time(Date.UTC(2024, 1, 29) * Vclock.NSEC_PER_MSEC);
  clocks.step_wall_time(-Vclock.NSEC_PER_SEC);
  equal(log, [2, 'reset', 'reset']);
  equal(wall.get_time_us() / 1000, Date.UTC(2024, 1, 28, 23, 59, 59));

  clocks.check_n_armed(null, 1);
  clocks.check_armed(timer, 1240);
  throws(() => clocks.check_armed(timer, 1241), Vclock.Error.TEST_FAILED);
  throws(() => clocks.tear_down(), Vclock.Error.LEFTOVERS);
  equal(Vclock.MonotonicClock.get_default() === real, true);
  timer.disarm();
  clocks.boottime.check_disarmed();
  clocks.check_expired('minutes');
}

// Daylight saving begins and ends.
function testTransitions() {
  const clocks = new Vclock.TestClocks();
  const zone = GLib.TimeZone.new_identifier('CET-1CEST,M3.5.0,M10.5.0/3');
  equal(clocks.advance_to_transition(zone), [true, 7200]);
  equal(clocks.wall.get_time_us() / 1000, Date.UTC(2000, 2, 26, 1));
  equal(clocks.advance_to_transition(zone), [true, 3600]);
  equal(clocks.wall.get_time_us() / 1000, Date.UTC(2000, 9, 29, 1));
  throws(() => clocks.advance_to_transition(GLib.TimeZone.new_utc()), Vclock.Error.TEST_FAILED);
}

// On real time, timers expire in the order of their deadlines and never early.
function testRealTime() {
  const clock = Vclock.MonotonicClock.get_default();
  const start = clock.get_time();
  const log = [];
  for (const span of [3, 1, 2]) {
    const timer = new Vclock.Timer({clock, scale: Vclock.Scale.MS});
    timer.connect('expired', () => {
      log.push([span, clock.get_time() - start >= span * Vclock.NSEC_PER_MSEC]);
    });
    timer.arm_after(span);
  }
  iterateUntil(() => log.length === 3);
  equal(log, [[1, true], [2, true], [3, true]]);
}

// The alarm tells what it works with.
function testAlarm() {
  const names = Vclock.Alarm.list_backends();
  equal(names.includes('poll'), true);
  equal(names.includes(Vclock.Alarm.get_for_context(null).get_backend()), true);
}

const CyclesClock = GObject.registerClass(
class CyclesClock extends Vclock.TickClock {
  runCycles(n) {
    this.tick(4 * n);
  }
});

// Ticks make time, also of a class derived here.
function testTickClock() {
  const clock = new CyclesClock();
  const timer = new Vclock.Timer({clock, period: 15});
  const log = [];
  clock.set_shift(1);
  timer.connect('expired', () => log.push(clock.get_time()));
  timer.arm(15);
  equal(clock.get_budget(), 8);
  clock.runCycles(5);
  equal(log, [15, 30]);
  equal(clock.get_time(), 40);
  equal(clock.get_ticks(), 20);
  equal(timer.disarm(), true);
  clock.alignment = 1e12;
  clock.align();
  equal(clock.get_budget() >= 5e11, true);
  const third = Vclock.TickClock.new(1000, 3);
  third.tick(2);
  equal(third.get_time(), 666);
}

// A recording is a list of events that can be read and written.
function testRecorder() {
  const clock = new Vclock.VirtualClock({name: 'c'});
  const recorder = new Vclock.Recorder({capacity: 10, recording: true});
  const timer = new Vclock.Timer({clock, name: 't'});
  recorder.add_clock(clock);
  timer.arm(10);
  clock.jump(15);
  equal(recorder.get_n_items(), 0);
  recorder.recording = false;
  equal(recorder instanceof Gio.ListModel, true);
  equal([0, 1, 2].map(i => recorder.get_item(i).kind),
    [Vclock.EventKind.ARMED, Vclock.EventKind.RESET, Vclock.EventKind.EXPIRED]);
  const event = recorder.get_item(2);
  equal([event.time, event.timer_name, event.get_lateness(), event.deadline], [15, 't', 5, 10]);
  equal(event.get_rate(), [false, 0, 1]);

  const stream = Gio.MemoryOutputStream.new_resizable();
  recorder.write_trace(stream, null);
  stream.close(null);
  const trace = JSON.parse(new TextDecoder().decode(stream.steal_as_bytes().toArray()));
  equal(trace.traceEvents.filter(({ph}) => ph === 'i').map(({ts}) => ts), [0, 0.015, 0.015]);
  recorder.clear();
  equal(recorder.get_n_items(), 0);
}

const ReadyTimeBackend = GObject.registerClass(
class ReadyTimeBackend extends Vclock.AlarmBackend {
  vfunc_rearm(wakeup) {
    this.set_ready_time(wakeup);
  }
});

// A backend made in JavaScript wakes a real timer.
function testDerivedBackend() {
  const alarm = Vclock.Alarm.get_for_context(null);
  const before = alarm.get_backend();
  const timer = Vclock.Timer.new(Vclock.MonotonicClock.get_default());
  let n = 0;
  equal(Vclock.Alarm.add_backend('ready-time', ReadyTimeBackend), true);
  equal(Vclock.Alarm.add_backend('ready-time', ReadyTimeBackend), false);
  equal(alarm.set_backend('ready-time'), true);
  equal(alarm.get_backend(), 'ready-time');
  timer.connect('expired', () => n++);
  timer.arm_after(Vclock.NSEC_PER_MSEC);
  iterateUntil(() => n === 1);
  equal(alarm.set_backend(before), true);
}

// A promise over a timer can be awaited.
async function testPromise() {
  const clock = Vclock.MonotonicClock.get_default();
  const overruns = await new Promise(resolve => {
    const timer = new Vclock.Timer({clock});
    timer.set_callback((_timer, n) => resolve(n));
    timer.arm_after(0);
  });
  equal(overruns, 0);
}

// A clock can be slept on, in the order of the deadlines, each at its time when the loop settles.
async function testSleep() {
  const clock = new Vclock.VirtualClock();
  const log = [];
  const sleep = async (name, span) => {
    equal(await clock.sleep_async(span, null), true);
    log.push(`${name}${clock.get_time()}`);
    await clock.sleep_until_async(clock.get_time() + 5, null);
    log.push(`${name}${clock.get_time()}`);
  };
  const sleepers = [sleep('a', 20), sleep('b', 10)];
  await clock.advance_async(30, null);
  await Promise.all(sleepers);
  equal(log, ['b10', 'b15', 'a20', 'a25']);
  await Vclock.MonotonicClock.get_default().sleep_async(Vclock.NSEC_PER_MSEC, null);
}

// A cancelled sleep rejects its promise.
async function testSleepCancelled() {
  const clock = new Vclock.VirtualClock();
  const cancellable = new Gio.Cancellable();
  const sleeper = clock.sleep_async(10, cancellable);
  let caught = null;
  cancellable.cancel();
  try {
    await sleeper;
  } catch (e) {
    caught = e;
  }
  equal(caught.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED), true);
  equal(clock.has_timers(), false);
  equal(clock.wait_until(0, null), true);
}

// A clock that warps goes on when the loop has nothing left to do, is held by an inhibitor, and says
// when nothing can expire any more.
async function testWarp() {
  const clock = new Vclock.VirtualClock({warp_mode: Vclock.WarpMode.JUMP});
  const timer = new Vclock.Timer({clock});
  const inhibitor = clock.inhibit('a promise');
  const log = [];
  timer.connect('expired', () => log.push(clock.get_time()));
  timer.arm(3600 * Vclock.NSEC_PER_SEC);
  await Vclock.MonotonicClock.get_default().sleep_async(Vclock.NSEC_PER_MSEC, null);
  equal(log, []);
  equal(inhibitor.get_reason(), 'a promise');
  inhibitor.release();
  const error = await new Promise(resolve => clock.connect('deadlock', (_, e) => resolve(e)));
  equal(log, [3600 * Vclock.NSEC_PER_SEC]);
  equal(error.matches(Vclock.Error, Vclock.Error.DEADLOCK), true);
}

const loop = new GLib.MainLoop(null, false);
let failed = null;

testDefaultClocks();
testStandsStill();
testAdvance();
testStepAndJump();
testScale();
testSource();
testDerivedClock();
testReplan();
testDerivedVirtualClock();
testSurvivesCollector();
testCallbackReplaced();
testErrors();
testReset();
testPauseAndRate();
testTestClocks();
testTransitions();
testRealTime();
testAlarm();
testTickClock();
testRecorder();
testDerivedBackend();
testPromise().then(testSleep).then(testSleepCancelled).then(testWarp).catch(e => {
  failed = e;
}).finally(() => loop.quit());
loop.run();
if (failed)
  throw failed;
print(`# ${nChecks} checks`);
