# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import gi
gi.require_version('Vclock', '1')
from gi.repository import Vclock

MINUTE = 60 * Vclock.NSEC_PER_SEC

clock = Vclock.VirtualClock()
timer = Vclock.Timer(clock=clock)

timer.connect('expired', lambda timer, overruns:
              print(clock.get_time() // MINUTE, 'minutes'))
timer.set_period(20 * MINUTE)
timer.arm_after(20 * MINUTE)
clock.advance(60 * MINUTE)
timer.disarm()
