# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import types

import gi
gi.require_version('Vclock', '1')
from gi.repository import GLib, Vclock


class HitsClock(Vclock.Clock):
    hits = 0

    def do_get_time(self):
        return self.hits

    def hit(self):
        self.hits += 1
        self.replan()


hits = HitsClock()
third = Vclock.Timer(clock=hits)
third.connect('expired', lambda timer, overruns: print('third hit'))
third.arm(3)
for _ in range(3):
    hits.hit()
    hits.run_timers()

clock = Vclock.VirtualClock()
endless = Vclock.Timer(clock=clock, period=1)
endless.arm_after(1)
try:
    clock.run_until_idle(1000)
except GLib.Error as e:
    if not e.matches(Vclock.Error.quark(), Vclock.Error.LIMIT):
        raise
    print(e.message)


@types.coroutine
def sleep(clock, span):
    clock, result = yield lambda awake: clock.sleep_async(span, None, awake)
    clock.sleep_finish(result)


def start(coroutine, *result):
    try:
        begin = coroutine.send(result or None)
        begin(lambda clock, result: start(coroutine, clock, result))
    except StopIteration:
        pass


async def boil(clock):
    await sleep(clock, 4 * 60 * Vclock.NSEC_PER_SEC)
    print('The egg is ready')


kitchen = Vclock.VirtualClock()
start(boil(kitchen))
kitchen.advance_settled(5 * 60 * Vclock.NSEC_PER_SEC)
