# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later

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
