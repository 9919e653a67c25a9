# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import gi
gi.require_version('Vclock', '1')
from gi.repository import GLib, Vclock


class LoudBackend(Vclock.AlarmBackend):
    def do_start(self):
        return True

    def do_stop(self):
        pass

    def do_rearm(self, wakeup):
        print('woken at', wakeup)
        self.set_ready_time(wakeup)


Vclock.Alarm.add_backend('loud', LoudBackend)
Vclock.Alarm.configure('loud')

loop = GLib.MainLoop()
timer = Vclock.Timer(clock=Vclock.MonotonicClock.get_default())
timer.connect('expired', lambda timer, overruns: loop.quit())
timer.arm_after(Vclock.NSEC_PER_MSEC)
loop.run()
