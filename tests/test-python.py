# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What must hold in Python: /usr/bin/python3 test-python.py

import csv
import decimal
import gc
import io
import json
import threading
import time
import unittest
import weakref

import gi
gi.require_version('Vclock', '1')
from gi.repository import Gio, GLib, Vclock


def iterate_until(done):
    while not done():
        GLib.MainContext.default().iteration(True)


class CountClock(Vclock.Clock):
    """Its time is a count, and it promises no wakeup."""

    count = 0

    def __init__(self):
        super().__init__()
        self.resets = []

    def do_get_time(self):
        return self.count

    def do_reset(self, old_time, new_time):
        self.resets.append((old_time, new_time))

    def set(self, count):
        old, self.count = self.count, count
        self.announce_reset(old, count)


class OffsetClock(Vclock.Clock):
    """The monotonic clock, a microsecond ahead."""

    def do_get_time(self):
        return Vclock.MonotonicClock.get_default().get_time() + 1000

    def do_get_wakeup(self, deadline):
        return deadline - 1000, Vclock.HostClock.MONOTONIC


class ReadyTimeBackend(Vclock.AlarmBackend):
    """Wakes by the ready time of the alarm's source."""

    log = []

    def do_start(self):
        self.log.append('start')
        return True

    def do_stop(self):
        self.log.append('stop')

    def do_rearm(self, wakeup):
        self.log.append('rearm')
        self.set_ready_time(wakeup)


class ThreadBackend(Vclock.AlarmBackend):
    """Wakes from a thread."""

    waker = None

    def do_start(self):
        return True

    def do_stop(self):
        self.do_rearm(Vclock.TIME_NEVER)

    def do_rearm(self, wakeup):
        if self.waker:
            self.waker.cancel()
            self.waker = None
        if wakeup != Vclock.TIME_NEVER:
            self.waker = threading.Timer(max(0, wakeup - time.monotonic_ns()) / 1e9, self.wake)
            self.waker.start()


class RefusingBackend(Vclock.AlarmBackend):
    """Never starts."""

    def do_start(self):
        raise GLib.Error.new_literal(Vclock.Error.quark(), 'not here', Vclock.Error.UNSUPPORTED)


class TestClocks(unittest.TestCase):
    def test_default_clocks_are_shared_and_go_on(self):
        for kind in Vclock.MonotonicClock, Vclock.WallClock, Vclock.VirtualClock:
            clock = kind.get_default()
            before = clock.get_time()
            self.assertIs(kind.get_default(), clock)
            self.assertGreaterEqual(clock.get_time(), before)
            self.assertGreaterEqual(clock.get_time_us(), before // 1000)
        self.assertLessEqual(Vclock.MonotonicClock.get_default().get_time(), time.monotonic_ns())
        self.assertLessEqual(Vclock.WallClock.get_default().get_time(), time.time_ns())

    def test_a_virtual_clock_stands_still(self):
        clock = Vclock.VirtualClock()
        self.assertEqual(clock.get_time(), 0)
        self.assertIsNone(clock.get_parent())

    def test_rate_and_pause(self):
        parent = Vclock.VirtualClock()
        clock = Vclock.VirtualClock.new_with_parent(parent)
        clock.set_rate(2, 3)
        self.assertEqual(tuple(clock.get_rate()), (2, 3))
        parent.advance(10 ** 18 * 3)
        self.assertEqual(clock.get_time(), 2 * 10 ** 18)
        clock.pause()
        parent.advance(300)
        self.assertEqual(clock.get_time(), 2 * 10 ** 18)
        clock.resume()
        parent.advance(300)
        self.assertEqual(clock.get_time(), 2 * 10 ** 18 + 200)

    def test_reset_is_emitted_once_for_each_jump(self):
        clock = Vclock.VirtualClock()
        log = []
        clock.connect('reset', lambda clock, old, new: log.append((old, new)))
        clock.advance(10)
        for to in 10 ** 18, 50:
            clock.jump(to)
            iterate_until(lambda: log and log[-1][1] == to)
        self.assertEqual(log, [(10, 10 ** 18), (10 ** 18, 50)])
        self.assertEqual(clock.get_n_resets(), 2)

    def test_a_derived_clock_is_served_when_replanned(self):
        clock = CountClock()
        timer = Vclock.Timer(clock=clock)
        log = []
        timer.connect('expired', lambda timer, overruns: log.append(clock.get_time()))
        timer.arm(5)
        self.assertEqual(clock.run_timers(), 0)
        clock.count = 7
        self.assertTrue(clock.has_expired())
        clock.replan()
        iterate_until(lambda: log)
        self.assertEqual(log, [7])

    def test_a_derived_clock_announces_its_resets(self):
        clock = CountClock()
        heard = []
        clock.connect('reset', lambda clock, old, new: heard.append((old, new)))
        clock.set(9)
        iterate_until(lambda: heard)
        self.assertEqual(heard, [(0, 9)])
        self.assertEqual(clock.resets, [(0, 9)])

    def test_a_derived_clock_that_runs_wakes_by_itself(self):
        clock = OffsetClock()
        timer = Vclock.Timer(clock=clock)
        log = []
        timer.connect('expired', lambda timer, overruns: log.append(clock.get_time()))
        deadline = clock.get_time() + 2 * Vclock.NSEC_PER_MSEC
        timer.arm(deadline)
        self.assertEqual(tuple(clock.get_wakeup(deadline)),
                         (deadline - 1000, Vclock.HostClock.MONOTONIC))
        iterate_until(lambda: log)
        self.assertGreaterEqual(log[0], deadline)


class CyclesClock(Vclock.TickClock):
    """Four ticks to a cycle."""

    def run_cycles(self, n):
        self.tick(4 * n)


class TestTickClock(unittest.TestCase):
    def test_ticks_make_time(self):
        clock = Vclock.TickClock.new(1000, 3)
        self.assertEqual(clock.get_budget(), 2 ** 64 - 1)
        clock.tick(2)
        self.assertEqual(clock.get_time(), 666)
        clock.tick(10 ** 15 - 2)
        self.assertEqual(clock.get_time(), 10 ** 18 // 3)
        self.assertEqual(clock.get_ticks(), 10 ** 15)

    def test_a_derived_clock_ticks_from_deadline_to_deadline(self):
        clock = CyclesClock()
        clock.set_shift(1)
        log = []
        timer = Vclock.Timer.new(clock)
        timer.props.period = 15
        timer.connect('expired', lambda *_: log.append(clock.get_time()))
        timer.arm(15)
        self.assertEqual(clock.get_budget(), 8)
        clock.run_cycles(5)
        self.assertEqual(log, [15, 30])
        self.assertEqual(clock.get_time(), 40)
        timer.disarm()

    def test_alignment_and_tolerance_are_properties(self):
        clock = Vclock.TickClock(alignment=10 ** 12)
        self.assertEqual(clock.get_alignment(), 10 ** 12)
        self.assertGreaterEqual(clock.get_budget(), 10 ** 12)
        self.assertEqual(clock.props.adaptive_tolerance, Vclock.TIME_NEVER)
        clock.props.adaptive_tolerance = 10 ** 8
        self.assertEqual(tuple(clock.get_rate()), (8, 1))


class TestTestClocks(unittest.TestCase):
    def setUp(self):
        self.real = Vclock.MonotonicClock.get_default()
        self.clocks = Vclock.TestClocks()
        self.clocks.set_up()
        self.addCleanup(self.clocks.tear_down)

    def assertFails(self, message, func, *args):
        with self.assertRaises(GLib.Error) as caught:
            func(*args)
        self.assertTrue(caught.exception.matches(Vclock.Error.quark(), Vclock.Error.TEST_FAILED))
        self.assertEqual(caught.exception.message, message)

    def test_they_are_the_default_ones_until_the_end(self):
        self.assertIs(Vclock.MonotonicClock.get_default(), self.clocks.props.monotonic)
        self.assertIs(Vclock.WallClock.get_default(), self.clocks.get_wall())
        self.assertIs(Vclock.Timer().get_clock(), self.clocks.get_monotonic())
        self.assertIs(Vclock.VirtualClock.get_default().get_parent(), self.clocks.props.monotonic)
        self.clocks.tear_down()
        self.assertIs(Vclock.MonotonicClock.get_default(), self.real)
        self.assertIsInstance(Vclock.WallClock.get_default(), Vclock.WallClock)

    def test_others_are_refused_meanwhile(self):
        self.assertFails('The default clocks are those of a test already; '
                         'tear that one down first', Vclock.TestClocks().set_up)

    def test_a_timer_that_is_left_armed_is_an_error(self):
        timer = Vclock.Timer()
        timer.arm_after(1)
        with self.assertRaises(GLib.Error) as caught:
            self.clocks.tear_down()
        self.assertTrue(caught.exception.matches(Vclock.Error.quark(), Vclock.Error.LEFTOVERS))
        self.assertIs(Vclock.MonotonicClock.get_default(), self.real)
        timer.disarm()

    def test_suspend_stall_and_set_wall_clocks(self):
        log = []
        start = self.clocks.get_wall().get_time()
        self.clocks.get_wall().connect('reset', lambda clock, old, new: log.append(new - old))
        timer = Vclock.Timer(name='minutes', scale=Vclock.Scale.S, period=60)
        timer.connect('expired', lambda timer, overruns: log.append(overruns))
        timer.arm_after(60)
        self.clocks.suspend(3600 * Vclock.NSEC_PER_SEC)
        self.assertEqual(log, [])
        self.assertEqual(self.clocks.get_wall().get_time() - start, 3600 * Vclock.NSEC_PER_SEC)
        self.clocks.stall(200 * Vclock.NSEC_PER_SEC)
        self.clocks.step_wall_time(-5)
        self.clocks.set_wall_time(start)
        self.clocks.advance(40 * Vclock.NSEC_PER_SEC)
        self.assertEqual(log, [2, -5, 5 - 3800 * Vclock.NSEC_PER_SEC, 0])
        self.clocks.check_expired('minutes minutes')
        self.clocks.check_armed(timer, 1000 + 300)
        self.clocks.check_n_armed(None, 1)
        self.assertFails('“minutes” expected to be armed for 5 s; found: 1300 s',
                         self.clocks.check_armed, timer, 5)
        timer.disarm()
        self.clocks.get_boottime().check_disarmed()

    def test_daylight_saving(self):
        zone = GLib.TimeZone.new_identifier('CET-1CEST,M3.5.0,M10.5.0/3')
        self.assertEqual(tuple(self.clocks.advance_to_transition(zone)), (True, 7200))
        self.assertEqual(self.clocks.get_wall().get_time_us(), 954032400 * 1000000)
        self.assertFails('The time zone “UTC” has the same offset from UTC for ten years from now '
                         'on', self.clocks.advance_to_transition, GLib.TimeZone.new_utc())

    def test_the_main_context_settles(self):
        log = []
        timer = Vclock.Timer(period=10)
        timer.connect('expired', lambda timer, overruns:
                      GLib.idle_add(lambda: log.append(timer.get_remaining())))
        timer.arm_after(10)
        self.clocks.advance_settled(25)
        self.assertEqual(log, [10, 10])
        timer.disarm()


class TestTimers(unittest.TestCase):
    def setUp(self):
        self.clock = Vclock.VirtualClock()
        self.log = []

    def test_advance_stops_at_each_deadline(self):
        timer = Vclock.Timer(clock=self.clock, period=10)
        timer.connect('expired', lambda timer, overruns:
                      self.log.append((self.clock.get_time(), overruns)))
        timer.arm(10)
        self.clock.advance(35)
        self.assertEqual(self.log, [(10, 0), (20, 0), (30, 0)])
        self.assertEqual(self.clock.get_time(), 35)
        self.clock.jump(65)
        self.assertEqual(self.log[3:], [(65, 2)])
        self.assertTrue(timer.disarm())
        self.assertFalse(timer.disarm())

    def test_step_goes_to_the_next_deadline(self):
        timer = Vclock.Timer.new(self.clock)
        self.assertFalse(self.clock.step())
        timer.arm(2 ** 62 + 1)
        self.assertTrue(self.clock.step())
        self.assertEqual(self.clock.get_time(), 2 ** 62 + 1)

    def test_equal_deadlines_expire_in_the_order_of_arming(self):
        timers = [Vclock.Timer(clock=self.clock, name=name) for name in 'abc']
        for timer in timers:
            timer.connect('expired', lambda timer, overruns: self.log.append(timer.get_name()))
            timer.arm(5)
        timers[0].arm(5)
        self.clock.advance(5)
        self.assertEqual(''.join(self.log), 'bca')

    def test_never_is_a_time_and_disarmed_is_not(self):
        timer = Vclock.Timer.new(self.clock)
        for deadline in -1, 0, Vclock.TIME_NEVER:
            timer.arm(deadline)
            self.assertTrue(timer.is_armed())
            self.assertEqual(timer.get_deadline(), deadline)
        timer.disarm()
        self.assertFalse(timer.is_armed())

    def test_scale_is_the_unit_of_one_timer(self):
        timer = Vclock.Timer.new_full(self.clock, None, GLib.PRIORITY_HIGH, Vclock.Scale.MS)
        timer.arm_after(1500)
        self.assertEqual(timer.get_deadline(), 1500)
        self.assertEqual(self.clock.get_deadline(Vclock.TimerAttributes.NONE), 1500000000)
        timer.set_attributes(Vclock.TimerAttributes.EXTERNAL)
        self.assertEqual(self.clock.get_deadline(Vclock.TimerAttributes.EXTERNAL),
                         Vclock.TIME_NEVER)
        timer.disarm()

    def test_an_armed_timer_survives_the_collector(self):
        timer = Vclock.Timer(clock=self.clock)
        timer.connect('expired', lambda timer, overruns: self.log.append('expired'))
        timer.arm(1)
        del timer
        gc.collect()
        self.clock.advance(1)
        self.assertEqual(self.log, ['expired'])

    def test_a_callback_is_let_go_once(self):
        class Callback:
            def __call__(self, timer, overruns):
                pass

        timer = Vclock.Timer(clock=self.clock)
        for replace in (lambda: timer.set_callback(None),
                        lambda: timer.set_callback(lambda *arguments: None)):
            callback = Callback()
            weakref.finalize(callback, self.log.append, 'gone')
            timer.set_callback(callback)
            del callback
            timer.arm_after(1)
            self.clock.advance(1)
            gc.collect()
            self.assertEqual(self.log, [])
            replace()
            gc.collect()
            self.assertEqual(self.log, ['gone'])
            self.log.clear()

    def test_a_callback_is_let_go_with_its_timer(self):
        class Callback:
            def __call__(self, timer, overruns):
                pass

        callback = Callback()
        weakref.finalize(callback, self.log.append, 'gone')
        timer = Vclock.Timer(clock=self.clock)
        timer.set_callback(callback)
        timer.arm(1)
        del callback, timer
        gc.collect()
        self.assertEqual(self.log, [])
        self.clock.advance(1)
        gc.collect()
        self.assertEqual(self.log, ['gone'])

    def test_a_source_is_given_each_deadline(self):
        source = Vclock.TimerSource.new(self.clock, 10)

        def expired(*arguments):
            self.log.append(self.clock.get_time())
            Vclock.TimerSource.set_deadline(source, 30)
            return len(self.log) < 2

        source.set_callback(expired)
        source.attach(None)
        self.assertEqual(Vclock.TimerSource.get_deadline(source), 10)
        for _ in range(4):
            self.clock.advance(10)
            while GLib.MainContext.default().iteration(False):
                pass
        self.assertEqual(self.log, [10, 30])
        self.assertTrue(source.is_destroyed())

    def test_running_until_idle_ends_at_the_limit(self):
        timer = Vclock.Timer(clock=self.clock, period=1)
        timer.arm_after(1)
        with self.assertRaises(GLib.Error) as caught:
            self.clock.run_until_idle(100)
        self.assertTrue(caught.exception.matches(Vclock.Error.quark(), Vclock.Error.LIMIT))
        timer.disarm()
        self.assertTrue(self.clock.run_until_idle(100))

    def test_real_timers_keep_their_order_and_are_never_early(self):
        clock = Vclock.MonotonicClock.get_default()
        start = clock.get_time()
        for span in 3, 1, 2:
            timer = Vclock.Timer(clock=clock, scale=Vclock.Scale.MS)
            timer.connect('expired', lambda timer, overruns, span=span:
                          self.log.append((span, clock.get_time() - start >= span * 1000000)))
            timer.arm_after(span)
        iterate_until(lambda: len(self.log) == 3)
        self.assertEqual(self.log, [(1, True), (2, True), (3, True)])

    def test_another_thread_may_arm(self):
        timer = Vclock.Timer(clock=Vclock.MonotonicClock.get_default())
        timer.connect('expired', lambda timer, overruns: self.log.append(threading.get_ident()))
        thread = threading.Thread(target=timer.arm_after, args=(0,))
        thread.start()
        iterate_until(lambda: self.log)
        thread.join()
        self.assertEqual(self.log, [threading.get_ident()])


class TestSleeping(unittest.TestCase):
    def setUp(self):
        self.clock = Vclock.VirtualClock()
        self.log = []

    def slept(self, clock, result):
        self.log.append((clock.sleep_finish(result), clock.get_time()))

    def test_sleepers_wake_at_their_deadlines(self):
        for span in 20, 2 ** 62, 10:
            self.clock.sleep_async(span, None, self.slept)
        self.clock.advance_settled(2 ** 62)
        self.assertEqual(self.log, [(True, 10), (True, 20), (True, 2 ** 62)])

    def test_sleep_until_ends_soon_if_it_has_passed(self):
        self.clock.sleep_until_async(-1, None, lambda clock, result:
                                     self.log.append(clock.sleep_until_finish(result)))
        self.assertEqual(self.log, [])
        iterate_until(lambda: self.log)
        self.assertEqual(self.log, [True])

    def test_a_cancelled_sleep_raises(self):
        cancellable = Gio.Cancellable()

        def slept(clock, result):
            with self.assertRaises(GLib.Error) as caught:
                clock.sleep_finish(result)
            self.log.append(caught.exception.matches(Gio.io_error_quark(),
                                                     Gio.IOErrorEnum.CANCELLED))

        self.clock.sleep_async(Vclock.TIME_NEVER, cancellable, slept)
        threading.Thread(target=cancellable.cancel).start()
        iterate_until(lambda: self.log)
        self.assertEqual(self.log, [True])
        self.assertFalse(self.clock.has_timers())

    def test_a_thread_waits_while_another_advances(self):
        thread = threading.Thread(target=lambda: self.log.append(
            (self.clock.wait_until(10, None), self.clock.get_time())))
        thread.start()
        while not self.clock.has_timers():
            time.sleep(0)
        self.clock.advance(10)
        thread.join()
        self.assertEqual(self.log, [(True, 10)])


class DeadlockedClock(Vclock.VirtualClock):
    def do_deadlock(self, error):
        self.error = error


class TestWarp(unittest.TestCase):
    def setUp(self):
        self.clock = DeadlockedClock(warp_mode=Vclock.WarpMode.JUMP)
        self.timer = Vclock.Timer(clock=self.clock)
        self.log = []
        self.timer.connect('expired', lambda timer, overruns: self.log.append(self.clock.get_time()))
        self.timer.arm(10)

    def test_it_goes_on_when_nothing_is_left_to_do(self):
        iterate_until(lambda: hasattr(self.clock, 'error'))
        self.assertEqual(self.log, [10])
        self.assertTrue(self.clock.error.matches(Vclock.Error.quark(), Vclock.Error.DEADLOCK))

    def test_an_inhibitor_holds_it(self):
        cancellable = Gio.Cancellable()
        self.clock.inhibit('work').tie_to_cancellable(cancellable)
        while GLib.MainContext.default().iteration(False):
            pass
        self.assertEqual(self.log, [])
        cancellable.cancel()
        iterate_until(lambda: self.log)
        self.assertEqual(self.log, [10])


class TestAlarms(unittest.TestCase):
    def setUp(self):
        self.alarm = Vclock.Alarm.get_for_context(None)
        self.expire_one()
        self.addCleanup(self.alarm.set_backend, self.alarm.get_backend())

    def expire_one(self):
        log = []
        clock = Vclock.MonotonicClock.get_default()
        timer = Vclock.Timer(clock=clock)
        timer.connect('expired', lambda timer, overruns: log.append(clock.get_time()))
        timer.arm_after(2 * Vclock.NSEC_PER_MSEC)
        deadline = timer.get_deadline()
        iterate_until(lambda: log)
        self.assertGreaterEqual(log[0], deadline)

    def test_each_backend_of_the_host_wakes(self):
        for name in Vclock.Alarm.list_backends():
            if name in ('timerfd', 'poll'):
                self.assertTrue(self.alarm.set_backend(name))
                self.assertEqual(self.alarm.get_backend(), name)
                self.expire_one()

    def test_a_derived_backend_wakes(self):
        for name, kind in ('ready-time', ReadyTimeBackend), ('thread', ThreadBackend):
            self.assertTrue(Vclock.Alarm.add_backend(name, kind))
            self.assertFalse(Vclock.Alarm.add_backend(name, kind))
            self.assertIn(name, Vclock.Alarm.list_backends())
            self.assertTrue(self.alarm.set_backend(name))
            self.assertEqual(self.alarm.get_backend(), name)
            self.expire_one()
            far = Vclock.Timer(clock=Vclock.MonotonicClock.get_default(), scale=Vclock.Scale.S)
            far.arm_after(3600)
            GLib.MainContext.default().iteration(False)
            far.disarm()
        self.assertEqual(ReadyTimeBackend.log[0], 'start')
        self.assertEqual(ReadyTimeBackend.log[-1], 'stop')
        self.assertEqual(ReadyTimeBackend.log.count('start'), ReadyTimeBackend.log.count('stop'))
        self.assertIn('rearm', ReadyTimeBackend.log)

    def test_a_backend_that_refuses_leaves_the_other_in_place(self):
        Vclock.Alarm.add_backend('refusing', RefusingBackend)
        before = self.alarm.get_backend()
        with self.assertRaises(GLib.Error) as caught:
            self.alarm.set_backend('refusing')
        self.assertTrue(caught.exception.matches(Vclock.Error.quark(), Vclock.Error.UNSUPPORTED))
        self.assertEqual(self.alarm.get_backend(), before)
        self.expire_one()

    def test_an_unknown_backend_is_an_error(self):
        with self.assertRaises(GLib.Error) as caught:
            self.alarm.set_backend('sundial')
        self.assertTrue(caught.exception.matches(Vclock.Error.quark(),
                                                 Vclock.Error.UNKNOWN_BACKEND))


class TestRecorder(unittest.TestCase):
    NAMES = ['plain', 'a "b", c', 'back\\slash', 'line\nfeed\r\ttab\x01\x1f', '😀 µ', '\u2028', '', None]

    def setUp(self):
        self.clock = Vclock.VirtualClock(name='the "clock"')
        self.recorder = Vclock.Recorder.new(1000)
        self.assertTrue(self.recorder.add_clock(self.clock))
        self.assertFalse(self.recorder.add_clock(self.clock))
        self.recorder.set_recording(True)

    def record_much(self):
        for i, name in enumerate(self.NAMES):
            timer = Vclock.Timer(clock=self.clock, name=name, period=i % 3 * 2 ** 40)
            timer.arm(i * 123456789123)
            self.clock.advance(10 ** 12 + 1)
            timer.disarm()
        self.clock.jump(-2 ** 63)
        self.clock.jump(2 ** 62 + 1)
        self.clock.set_rate(2 ** 61 + 1, 3)
        self.clock.set_parent(Vclock.VirtualClock(name='pa\nrent'))
        self.clock.pause()
        self.clock.resume()
        self.clock.set_enabled(False)
        self.clock.set_enabled(True)

    def written(self, write):
        stream = Gio.MemoryOutputStream.new_resizable()
        self.assertTrue(write(stream, None))
        stream.close()
        return stream.steal_as_bytes().get_data().decode('utf-8')

    def test_it_is_a_list_of_events(self):
        seen = []
        self.recorder.connect('items-changed', lambda _, *change: seen.append(change))
        timer = Vclock.Timer(clock=self.clock, name='t')
        timer.arm(10)
        self.clock.advance(12)
        self.assertEqual(len(self.recorder), 0)
        self.recorder.set_recording(False)
        self.assertEqual(seen, [(0, 0, 2)])
        self.assertIsInstance(self.recorder, Gio.ListModel)
        armed, expired = self.recorder
        self.assertEqual(armed.get_kind(), Vclock.EventKind.ARMED)
        self.assertEqual(expired.props.kind, Vclock.EventKind.EXPIRED)
        self.assertEqual(expired.get_time(), 10)
        self.assertEqual(expired.props.timer_name, 't')
        self.assertEqual(expired.get_clock_name(), 'the "clock"')
        self.assertEqual(expired.to_string(), '10: clock 1 “the "clock"”: expired: timer 1 “t”, '
                                              'deadline 10, lateness 0, overruns 0')

    def test_the_trace_is_json_and_exact(self):
        self.record_much()
        trace = json.loads(self.written(self.recorder.write_trace), parse_float=decimal.Decimal)
        self.assertEqual(trace['displayTimeUnit'], 'ns')
        names = {}
        instants = []
        for event in trace['traceEvents']:
            if event['ph'] == 'M':
                names[event['name'], event['tid']] = event['args']['name']
            else:
                instants.append(event)
        self.assertEqual(names['process_name', 1], 'the "clock"')
        self.assertEqual([names['thread_name', 2 + i] for i in range(len(self.NAMES))],
                         self.NAMES[:-1] + [f'timer {len(self.NAMES)}'])
        self.assertEqual(len(instants), len(self.recorder))
        for instant, event in zip(instants, self.recorder):
            self.assertEqual((instant['ph'], instant['s'], instant['pid']), ('i', 't', 1))
            self.assertEqual(instant['name'], event.get_kind().value_nick)
            self.assertEqual(instant['ts'] * 1000, event.get_time())
            self.assertEqual(instant['tid'], 1 + event.get_timer_number())
            for name, value in instant['args'].items():
                if name in ('numerator', 'denominator'):
                    _, *rate = event.get_rate()
                    self.assertEqual(value, rate[name == 'denominator'])
                else:
                    self.assertEqual(value, event.get_property(name))

    def test_the_table_is_csv_and_exact(self):
        self.record_much()
        text = self.written(self.recorder.write_csv)
        rows = list(csv.DictReader(io.StringIO(text, newline=''), strict=True))
        self.assertEqual(len(rows), len(self.recorder))
        for row, event in zip(rows, self.recorder):
            self.assertEqual(row.pop('kind'), event.get_kind().value_nick)
            self.assertEqual(row.pop('timer-name'), event.get_timer_name() or '')
            self.assertEqual(row.pop('parent-name'), event.get_parent_name() or '')
            is_rate, *rate = event.get_rate()
            self.assertEqual([row.pop('numerator'), row.pop('denominator')],
                             [str(part) if is_rate else '' for part in rate])
            self.assertEqual(len(row), 9)
            for name, value in row.items():
                if value != '':
                    self.assertEqual(value, str(event.get_property(name)))

    def test_a_stream_that_refuses_is_an_error(self):
        stream = Gio.MemoryOutputStream.new_resizable()
        stream.close()
        with self.assertRaises(GLib.Error):
            self.recorder.write_trace(stream, None)


if __name__ == '__main__':
    unittest.main()
