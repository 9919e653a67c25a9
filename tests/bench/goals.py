# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What the library wants to reach, as data, and whether it does.

import dataclasses

import cases
import report

SIZES = tuple(cases.SIZES)
CHURN_SIZES = cases.GROUPS['churn'].sizes


@dataclasses.dataclass(frozen=True)
class Goal:
    """A figure of ours is at most factor × that of another, and plus."""
    title: str
    text: str
    row: str
    sizes: tuple = SIZES
    ours: str = 'vclock'
    against: str = ''         # a peer, "best", "best but libev"; or nobody: then plus is the limit
    factor: float = 1.0
    plus: float = 0.0
    other_row: str = ''       # of the other, if not the same
    other_size: int = 0
    stretch: bool = False     # to be wished for

    def check(self, figures, size):
        """The value, what it may be at most, and the value that a table shows; None if not measured."""
        value = figures.get(self.row, self.ours, size)
        other = figures.get(self.other_row or self.row, self.against, self.other_size or size) if self.against else 0
        if value is None or other is None:
            return None
        limit = self.factor * other + self.plus
        shown = report.ratio(value, other) + ' ×' if self.against and not self.plus else \
            report.number(value - self.factor * other) + (f' {cases.ROWS[self.row].short}' if self.plus else '')
        if self.against and self.plus:
            shown = ('+' if value >= self.factor * other else '') + shown
        return value, limit, shown


BEST = 'the best peer'
GOALS = [
    Goal('Arm', f'≤ 1.0 × {BEST}', 'arm', against='best'),
    Goal('Arm', '≤ 1.5 × raw-heap', 'arm', against='raw-heap', factor=1.5),
    Goal('Cancel', f'≤ 1.0 × {BEST}', 'cancel', against='best'),
    Goal('Cancel', '≤ 1.5 × raw-heap', 'cancel', against='raw-heap', factor=1.5),
    Goal('Rearm, push later', f'≤ 0.5 × {BEST}', 'rearm-later', against='best', factor=0.5),
    Goal('Rearm, random', f'≤ 1.0 × {BEST}', 'rearm-random', against='best'),
    Goal('Create, arm and destroy', '≤ 0.8 × GLib', 'create', (100,), against='glib', factor=0.8),
    Goal('Create, arm and destroy', '≤ 0.5 × GLib', 'create', (1_000_000,), against='glib', factor=0.5),
    Goal('Create, arm and destroy', '≤ 1.0 × libuv', 'create', against='libuv', stretch=True),
    Goal('Idle iteration', '≤ 1.1 × the same with 100 timers', 'idle', (1_000_000,), against='vclock', factor=1.1,
         other_size=100),
    Goal('Idle iteration', '≤ 1.1 × GLib with one timer', 'idle', against='glib', factor=1.1, other_size=1),
    Goal('Expire, 1 µs apart', f'≤ 1.0 × {BEST}', 'expire-apart', SIZES[1:], against='best'),
    Goal('Expire, 1 µs apart', f'≤ 1.2 × {BEST}', 'expire-apart', (100,), against='best', factor=1.2),
    Goal('Expire, same instant', '≤ 1.0 × all but libev', 'expire-same', against='best but libev'),
    Goal('Expire, same instant', '≤ 2.5 × libev', 'expire-same', against='libev', factor=2.5),
    Goal('Expire, same instant', '≤ 1.0 × libev', 'expire-same', against='libev', stretch=True),
    Goal('Expire with a signal handler, 1 µs apart', '≤ GLib with a callback', 'expire-apart', SIZES[1:],
         'vclock-signal', 'glib'),
    Goal('Expire with a signal handler, same instant', '≤ GLib with a callback', 'expire-same', SIZES[1:],
         'vclock-signal', 'glib'),
    Goal('Lateness of a single timer, median', '≤ a raw timerfd + 5 µs', 'latency-p50', (1,), against='raw-heap',
         plus=5.0),
    Goal('Lateness of a single timer, 99th percentile', '≤ a raw timerfd + 20 µs', 'latency-p99', (1,),
         against='raw-heap', plus=20.0),
    Goal('Lateness in precise mode, median', '≤ 1 µs', 'latency-p50', (1,), 'vclock-spin', plus=1.0),
    Goal('In precise mode, called early', 'never', 'latency-early', (1,), 'vclock-spin'),
    Goal('Churn: lateness, median', '≤ a raw timerfd + 5 µs', 'churn-p50', CHURN_SIZES, against='raw-heap', plus=5.0),
    Goal('Churn: processor time', '≤ 1.3 × raw-heap', 'churn-cpu', CHURN_SIZES, against='raw-heap', factor=1.3),
    Goal('Churn at a slack of 1 ms: processor time', f'≤ {BEST}', 'churn-cpu', CHURN_SIZES, 'vclock-slack-1ms', 'best'),
    Goal('Churn at a slack of 1 ms: lateness, 99th percentile', '≤ a raw timerfd + 1 ms', 'churn-p99', CHURN_SIZES,
         'vclock-slack-1ms', 'raw-heap', plus=1000.0),
    Goal('Arm for now from another thread', '≤ 1.2 × an eventfd', 'thread-arm-p50', (1,), against='vclock', factor=1.2,
         other_row='thread-ping-p50'),
    Goal('Arm from another thread, an earlier one is armed', 'no wake-up', 'thread-far-wakeups', (1,)),
    Goal('tick (1), nothing due', '≤ 3 ns', 'tick', (10_000,), plus=3.0),
    Goal('Virtual advance, 1000 timers', '≥ 10 million expirations per second', 'advance', (1000,), plus=100.0),
    Goal('Memory of an armed timer', '≤ 160 bytes', 'memory', SIZES[2:], plus=160.0),
    Goal('Memory of an armed timer', '≤ 120 bytes', 'memory', SIZES[2:], plus=120.0, stretch=True),
]

@dataclasses.dataclass(frozen=True)
class Why:
    """Why a peer is faster, or a goal is missed, and what was tried. The page says where that is so."""
    title: str
    rows: tuple
    reason: str
    kept: str = ''
    dropped: str = ''
    ours: str = 'vclock'


KEPT = 'a lock that is no mutex while the process has one thread; counting the reference by hand when nobody watches ' \
       'it; timers of 96 bytes instead of 128'
DROPPED = 'link-time optimisation and counting without atomic operations, which make no difference; huge pages, which ' \
          'save a tenth when the timers do not fit in the cache'
WHYS = [
    Why('Arm', ('arm',),
        'Any thread may arm a timer, those of the same deadline keep their order, and a sleeping loop is woken: that is '
        'most of the instructions, none of which is in GLib or GObject. With a second thread the lock is a mutex, see '
        '`vclock-threads` in the tables.', KEPT, DROPPED),
    Why('Cancel', ('cancel',),
        'As for arming; and `disarm ()` says whether the timer was armed, and drops the reference that the clock had. '
        'What counts when the timers do not fit in the cache is how much memory each of them has: the first 24 bytes '
        'are GObject’s, and GLib’s allocator does not put them at the beginning of a cache line.',
        KEPT, DROPPED + '. Leaving what is cancelled in the heap, until its deadline comes, was not tried: an iteration '
        'of the loop would then have to do all of it at once'),
    Why('Rearm, push later', ('rearm-later',),
        'The heap is not touched, but the timer is, which is larger than the peers’, and the same checks are made as in '
        'arming. Libev’s `ev_timer_again ()` moves its item in the heap, and does nearly nothing else.',
        KEPT + '; comparing with the key in the heap only when the deadline is earlier', DROPPED),
    Why('Rearm, random', ('rearm-random',), 'As for arming and for pushing later.', 'as for pushing later', DROPPED),
    Why('Create, arm and destroy', ('create',),
        'A timer is a GObject: it has a type, properties, signals and references, and bindings for every language. More '
        'than four fifths of the instructions are in GObject, GLib and the C library. An object of that size without any '
        'property or signal takes a little more time than a whole `GSource`.',
        'what few timers have stands apart; the alarm is looked up once',
        'a constructor that takes the properties by itself (saves a tenth); values that are prepared (less); both, and '
        'no references meanwhile (a third, for 60 lines that know how GObject constructs); properties that are settled '
        'at first use (a half, for 130 lines and a timer that does not know where it belongs); a type of clocks that is '
        'not abstract, which GObject looks up faster (a tenth, and anybody could make a clock that has no time)'),
    Why('Idle iteration', ('idle',),
        'An iteration of GLib’s main loop looks at each source, queries and polls, and takes its own lock several times. '
        'That is so without a timer, too; the number of timers does not show.'),
    Why('Expire, same instant', ('expire-same',),
        'Any thread may disarm or rearm what is due in the same pass, so each timer is looked at when its turn comes. '
        'Libev moves what is due to an array and walks it; GLib calls in the order of attaching. A hundred timers pay for '
        'an iteration of GLib’s main loop, which costs as much as they do.',
        'what is due is cut off from the heap as a whole and stands in an array; the next ones are fetched ahead; '
        'a thousand are called in an iteration instead of a hundred; a callback is called instead of the signal'),
    Why('Expire, 1 µs apart', ('expire-apart',),
        'As for the same instant: with a hundred timers an iteration of GLib’s main loop that has slept is more than half '
        'of it. GLib does not sort: it calls in the order of attaching, whatever the deadlines.',
        'as for the same instant; sorting by dealing bytes',
        'sorting by merging alone, which is slower from fifty timers on; taking each from the heap by itself, which is '
        'slower at any number; smaller digits for fewer timers, which saves a twelfth of the instructions and no time'),
    Why('Expire with a signal handler', ('expire-same', 'expire-apart'),
        'More than half of the instructions are in `g_signal_emit ()`, which alone takes longer than a `GSource` '
        'with its callback. Who counts nanoseconds sets a callback.',
        'a marshaller that takes the arguments from the stack',
        '`g_signal_emitv ()`, asking whether there is a handler and forbidding recursion, which are slower; '
        'forbidding hooks, which makes no difference', 'vclock-signal'),
    Why('Memory', ('memory',),
        'A GObject’s 24 bytes, the clock’s queue, the deadline, the order of arming, the callback and a place in the heap.',
        'what few timers have stands apart; what is due has no links; the heap grows by half'),
    Why('Churn: processor time', ('churn-cpu',),
        'At nanoseconds nearly every timer has a wake-up of its own; loops that count milliseconds wake at most a '
        'thousand times a second. Slack buys that back, see the next lines of the table.'),
    Why('Churn at a slack of 1 ms', ('churn-cpu', 'churn-p99'),
        'With few timers, sleeping and waking is most of it, and GLib’s main loop and the timerfd cost more than a '
        'timeout of `epoll_wait ()`. The first timer of a wake-up is late by the slack, and by as much as the '
        'kernel is.',
        'the alarm sleeps while all that is due may be late; it makes one system call for a sleep besides '
        '`poll ()`; what a periodic timer needs is in one cache line', ours='vclock-slack-1ms'),
    Why('Churn: lateness', ('churn-p50', 'churn-p99'),
        'Who works without sleeping is less late, and pays for it with the whole processor.'),
    Why('Lateness of a single timer', ('latency-p50', 'latency-p99'),
        'The way from the timerfd through GLib’s main loop is longer than through a bare loop.'),
    Why('tick (1), nothing due', ('tick',),
        'It writes a count that the next tick reads again, and the processor takes most of that time to pass it on.',
        'a comparison with the one type that nobody derived; one limit for all deadlines; no lock'),
    Why('Arm for now from another thread', ('thread-arm-p50',),
        'It takes as long as waking a main loop by an eventfd does, see *From another thread*: what is between is GLib’s '
        'main loop, which looks at its other sources first.',
        dropped='waking after the lock has been given back, in four ways, each of which is slower or wakes a context '
        'that may be going away'),
]


def results(figures):
    """Each goal, with what was measured at each number of timers."""
    for goal in GOALS:
        yield goal, {size: goal.check(figures, size) for size in goal.sizes if goal.check(figures, size)}


def is_met(checked):
    """Everywhere, or None if nothing was measured."""
    return all(value <= limit for value, limit, _ in checked.values()) if checked else None


VERDICTS = {True: 'yes', False: '**no**', None: 'not measured'}


def table(figures):
    lines = []
    for goal, checked in results(figures):
        shown = [f'{report.size_name(size)}: {shown}' if len(goal.sizes) > 1 else shown
                 for size, (_, _, shown) in checked.items()]
        lines.append([goal.title + (' (stretch)' if goal.stretch else ''), goal.text, ', '.join(shown) or '–',
                      VERDICTS[is_met(checked)]])
    return report.markdown(['Workload', 'goal', 'measured', 'met'], lines)


def text(figures):
    met = [is_met(checked) for goal, checked in results(figures) if not goal.stretch]
    return f'Goals\n\n{table(figures)}\n{met.count(True)} of {len(met)} goals are met, {met.count(False)} are not, ' \
           f'{met.count(None)} were not measured (without those to be wished for).'


def as_list(figures):
    return [{'workload': goal.title, 'goal': goal.text, 'stretch': goal.stretch, 'met': is_met(checked),
             'measured': {str(size): {'value': value, 'limit': limit} for size, (value, limit, _) in checked.items()}}
            for goal, checked in results(figures)]
