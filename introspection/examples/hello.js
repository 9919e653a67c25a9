// SPDX-FileCopyrightText: 2026 The glib-vclock authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import Vclock from 'gi://Vclock?version=1';

const MINUTE = 60 * Vclock.NSEC_PER_SEC;

const clock = new Vclock.VirtualClock();
const timer = new Vclock.Timer({clock});

timer.connect('expired', () => {
  print(`${clock.get_time() / MINUTE} minutes`);
});
timer.set_period(20 * MINUTE);
timer.arm_after(20 * MINUTE);
clock.advance(60 * MINUTE);
timer.disarm();
