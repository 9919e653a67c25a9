# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Calls per second from Python: /usr/bin/python3 bench-calls.py [SECONDS]

import json
import sys
import time

import gi
gi.require_version('Vclock', '1')
from gi.repository import GLib, Vclock

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 0.5
HOUR = 3600 * Vclock.NSEC_PER_SEC

clock = Vclock.VirtualClock()
timer = Vclock.Timer(clock=clock)
n_calls = 0


def expired(timer, overruns):
    global n_calls
    n_calls += 1


def arm(n):
    for i in range(n):
        timer.arm(HOUR + i)


def disarm(n):
    for i in range(n):
        timer.arm(HOUR)
        timer.disarm()


def create(n):
    for i in range(n):
        new = Vclock.Timer(clock=clock)
        new.arm(HOUR)
        new.disarm()


def expire(n):
    clock.advance(n)


def timeout_add(n):
    for i in range(n):
        GLib.source_remove(GLib.timeout_add(3600000, expired, None, 0))


def measure(row, run, step):
    run(step)
    n = 0
    start = now = time.monotonic()
    while now < start + SECONDS:
        run(step)
        n += step
        now = time.monotonic()
    print(json.dumps({'row': row, 'value': n / (now - start), 'n_ops': n, 'capped': False}), flush=True)


measure('calls-arm', arm, 1000)
measure('calls-arm-disarm', disarm, 1000)
measure('calls-create', create, 1000)
timer.disarm()
timer.connect('expired', expired)
timer.set_period(1)
timer.arm_after(1)
measure('calls-expire', expire, 1000)
timer.disarm()
measure('calls-timeout-add', timeout_add, 1000)
assert n_calls > 0
