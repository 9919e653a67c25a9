# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What is measured: workloads, the peers, and the cases that are made of them.

import dataclasses
import os
import pathlib

SIZES = [100, 1000, 10_000, 100_000, 1_000_000]
HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass(frozen=True)
class Peer:
    """Who is measured: a program, and how it is told to behave."""
    program: str
    title: str
    env: tuple = ()
    args: tuple = ()
    max_size: int = SIZES[-1]
    max_reason: str = ''


PEERS = {
    'vclock': Peer('vclock', 'a `VclockTimer` with a callback in C, on the default backend'),
    'vclock-signal': Peer('vclock', 'with a handler of `::expired` instead of a callback', (('VCLOCK_BENCH', 'signal'),)),
    'vclock-threads': Peer('vclock', 'in a process that has a second thread', (('VCLOCK_BENCH', 'threads'),)),
    'vclock-spin': Peer('vclock', 'spinning for the last 160 µs', (('VCLOCK_BENCH', 'spin'),)),
    'vclock-slack-1ms': Peer('vclock', 'with a slack of 1 ms', args=('--slack', '1000000')),
    'vclock-slack-50ms': Peer('vclock', 'with a slack of 50 ms', args=('--slack', '50000000')),
    'vclock-poll': Peer('vclock', 'on the backend `poll`', (('VCLOCK_ALARM', 'poll'),)),
    'vclock-unix': Peer('vclock', 'on the backend `unix`', (('VCLOCK_ALARM', 'unix'),)),
    'vclock-dynticks': Peer('vclock', 'on the backend `dynticks`', (('VCLOCK_ALARM', 'dynticks'),)),
    'glib': Peer('glib', 'a `GSource` for each timer, with `g_source_set_ready_time ()`'),
    'libuv': Peer('libuv', '`uv_timer_t`'),
    'libevent': Peer('libevent', '`event_add ()`'),
    'libev': Peer('libev', '`ev_timer`'),
    'sd-event': Peer('sd-event', '`sd_event_add_time ()` with an accuracy of 1 µs'),
    'gstreamer': Peer('gstreamer', 'the system clock, `gst_clock_id_wait_async ()`; it calls from a thread of its own',
                      max_size=1000, max_reason='its clock keeps a sorted list. It has no loop, so there are no '
                      'idle iterations, and it calls while others look away'),
    'raw-heap': Peer('raw-heap', 'the limit: a lazy heap with four children to a node over a timerfd; no objects, '
                     'threads, clocks or order of ties'),
    'raw-wheel': Peer('raw-wheel', 'the price of exactness: a wheel of milliseconds, without order'),
    'gjs': Peer('gjs', 'JavaScript'),
    'python': Peer('python', 'Python'),
}
RIVALS = ['glib', 'libuv', 'libevent', 'libev', 'sd-event', 'gstreamer']
LIMITS = ['raw-heap', 'raw-wheel']
COMPARED = ['vclock', *RIVALS, *LIMITS]


@dataclasses.dataclass(frozen=True)
class Row:
    """A figure: what one table shows."""
    title: str
    unit: str
    more_is_better: bool = False

    @property
    def short(self):
        return {'nanoseconds': 'ns', 'resident': 'bytes', 'seconds': 's'}.get(self.unit.split()[0], self.unit)


@dataclasses.dataclass(frozen=True)
class Group:
    """What one process measures."""
    rows: tuple
    peers: tuple
    sizes: tuple = tuple(SIZES)


NS = 'nanoseconds for a timer'
ROWS = {
    'arm': Row('Arm a timer that exists', NS),
    'cancel': Row('Cancel, in random order', NS),
    'rearm-later': Row('Rearm: push 1 ms later, in random order', NS),
    'rearm-random': Row('Rearm: to a random deadline, in random order', NS),
    'create': Row('Create, arm and destroy in random order', NS),
    'idle': Row('An idle iteration with N armed timers', 'nanoseconds for an iteration'),
    'expire-same': Row('Expire: all at the same instant', NS),
    'expire-apart': Row('Expire: 1 µs apart, armed in random order', NS),
    'memory': Row('Memory', 'resident bytes for an armed timer'),
    'churn-cpu': Row('Periodic churn: processor time', 'seconds for a million callbacks'),
    'churn-calls': Row('Periodic churn: callbacks', 'per second', True),
    'churn-sleeps': Row('Periodic churn: wake-ups', 'per second'),
    'churn-p50': Row('Periodic churn: lateness, median', 'µs'),
    'churn-p99': Row('Periodic churn: lateness, 99th percentile', 'µs'),
    'churn-max': Row('Periodic churn: lateness, greatest', 'µs'),
    'churn-early': Row('Periodic churn: called before the deadline', '% of callbacks'),
    'latency-p50': Row('Lateness of a single timer, median', 'µs'),
    'latency-p99': Row('Lateness of a single timer, 99th percentile', 'µs'),
    'latency-max': Row('Lateness of a single timer, greatest', 'µs'),
    'latency-early': Row('A single timer: called before the deadline', '%'),
    'thread-ping-p50': Row('Wake another thread by an eventfd, median', 'µs'),
    'thread-ping-p99': Row('Wake another thread by an eventfd, 99th percentile', 'µs'),
    'thread-loop-p50': Row('Wake a main loop in another thread by an eventfd, median', 'µs'),
    'thread-loop-p99': Row('Wake a main loop in another thread by an eventfd, 99th percentile', 'µs'),
    'thread-arm-p50': Row('Arm for now from another thread until called, median', 'µs'),
    'thread-arm-p99': Row('Arm for now from another thread until called, 99th percentile', 'µs'),
    'thread-arm-caller': Row('… of which the thread that arms is busy', 'µs'),
    'thread-far': Row('Arm from another thread when an earlier one is armed', 'ns'),
    'thread-far-wakeups': Row('… wake-ups for a thousand such', 'count'),
    'tick-none': Row('tick (1) without a timer', 'ns'),
    'tick': Row('tick (1), nothing due', 'ns'),
    'tick-derived': Row('tick (1) on a type that derives', 'ns'),
    'tick-rearmed': Row('Arm, and tick (1)', 'ns'),
    'tick-due': Row('tick (1) with a timer due', 'ns'),
    'advance': Row('Virtual advance: a periodic timer expires', 'ns'),
    'advance-signal': Row('… with a handler of ::expired', 'ns'),
    'advance-once': Row('… a timer that its callback arms again', 'ns'),
    'calls-arm': Row('arm ()', 'calls per second', True),
    'calls-arm-disarm': Row('arm () and disarm ()', 'pairs per second', True),
    'calls-create': Row('Create, arm, disarm and forget', 'timers per second', True),
    'calls-expire': Row('Handlers of ::expired', 'calls per second', True),
    'calls-timeout-add': Row('For comparison: GLib.timeout_add () and source_remove ()', 'pairs per second', True),
}
LATENCY = ['vclock', 'vclock-spin', 'vclock-poll', 'vclock-unix', 'vclock-dynticks', *RIVALS, *LIMITS]
CHURN = ['vclock', 'vclock-slack-1ms', 'vclock-slack-50ms', *RIVALS, *LIMITS]
LOOPS = [name for name in COMPARED if name != 'gstreamer']
ARM = ['vclock-threads', *COMPARED]
EXPIRE = ['vclock-signal', *LOOPS]


def rows_of(prefix):
    return tuple(row for row in ROWS if row.startswith(prefix))


GROUPS = {
    'arm': Group(('arm', 'cancel'), ARM),
    'rearm': Group(('rearm-later', 'rearm-random'), ARM),
    'create': Group(('create',), COMPARED),
    'idle': Group(('idle',), LOOPS, (1, *SIZES)),
    'expire-same': Group(('expire-same',), EXPIRE),
    'expire-apart': Group(('expire-apart',), EXPIRE),
    'memory': Group(('memory',), LOOPS, tuple(SIZES[2:])),
    'churn': Group(rows_of('churn-'), CHURN, tuple(SIZES[:3])),
    'latency': Group(rows_of('latency-'), LATENCY, (1,)),
    'threads': Group(rows_of('thread-'), ('vclock',), (1,)),
    'tick': Group(rows_of('tick'), ('vclock',), (10_000,)),
    'advance': Group(rows_of('advance'), ('vclock',), (1000,)),
    'calls': Group(rows_of('calls-'), ('gjs', 'python'), (1,)),
}

# What takes so long because it takes time, in seconds.
SECONDS = {'churn': 0.7, 'latency': 0.4, 'calls': 0.3}

# How often peers take turns in a round, if that is not once: the kernel is late by more or less as time goes by.
TURNS = {'latency': 5}

# Where callgrind counts, too: instructions when all fits in the cache, misses of the cache when it does not.
COUNTED = ['arm', 'cancel', 'rearm-later', 'rearm-random', 'create', 'expire-same', 'expire-apart', 'tick', 'advance']
COUNTING = ['vclock', 'vclock-signal', 'glib', 'libev', 'raw-heap']
COUNTED_SIZE = 1000
MISSED_SIZE = 100_000


@dataclasses.dataclass(frozen=True)
class Case:
    group: str
    peer: str
    size: int
    counted: str = ''  # the row whose instructions are counted, instead of time

    @property
    def key(self):
        return '/'.join([self.group, self.peer, str(self.size), *([self.counted] if self.counted else [])])

    def env(self, build):
        env = {name: value for name, value in os.environ.items() if not name.startswith('VCLOCK_')}
        env |= dict(PEERS[self.peer].env)
        if self.group == 'calls':
            env |= {'GI_TYPELIB_PATH': str(build / 'introspection'), 'LD_LIBRARY_PATH': str(build / 'glib-vclock')}
        return env

    def command(self, build, seconds, profile):
        if self.group == 'calls':
            interpreter = ['gjs', '-m', HERE / 'bench-calls.js'] if self.peer == 'gjs' else \
                ['/usr/bin/python3', HERE / 'bench-calls.py']
            return [*interpreter, str(min(seconds, SECONDS['calls']))]
        own = self.group in ('threads', 'tick', 'advance')
        program = build / 'tests/bench' / f'bench-{self.group if own else PEERS[self.peer].program}'
        limit = min(seconds, SECONDS.get(self.group, seconds))
        command = [program, '-n', str(self.size), '-s', str(limit), *PEERS[self.peer].args, self.group]
        if self.counted:
            command[5:5] = ['--count', self.counted]
            command[4] = '60'
            return ['valgrind', '--tool=callgrind', '--collect-atstart=no', '--cache-sim=yes',
                    f'--callgrind-out-file={profile}', *command]
        return command


def programs(build):
    """The names of the programs that were built, and of the languages that there is a typelib for."""
    languages = {'gjs', 'python'} if (build / 'introspection/Vclock-1.typelib').exists() else set()
    return languages | {path.name.removeprefix('bench-') for path in (build / 'tests/bench').glob('bench-*') if path.is_file()}


def timed_cases(groups, peers, sizes):
    """One round, peers in turn."""
    for name in groups:
        chosen = [size for size in GROUPS[name].sizes if size in sizes or len(GROUPS[name].sizes) == 1 or size == 1]
        for size in chosen or [GROUPS[name].sizes[0]]:
            for peer in GROUPS[name].peers:
                if peer in peers and size <= PEERS[peer].max_size:
                    yield Case(name, peer, size)


def counted_cases(groups, peers):
    for row in COUNTED:
        name = next(name for name, group in GROUPS.items() if row in group.rows)
        for peer in COUNTING:
            if name in groups and peer in peers and peer in GROUPS[name].peers:
                yield Case(name, peer, COUNTED_SIZE, row)
                if MISSED_SIZE in GROUPS[name].sizes and peer != 'glib':  # which takes minutes
                    yield Case(name, peer, MISSED_SIZE, row)
