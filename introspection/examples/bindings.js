// SPDX-FileCopyrightText: 2026 The glib-vclock authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import Gio from 'gi://Gio';
import GObject from 'gi://GObject';
import Vclock from 'gi://Vclock?version=1';

function after(clock, ms) {
  return new Promise(resolve => {
    const timer = new Vclock.Timer({clock, scale: Vclock.Scale.MS});
    timer.set_callback(() => resolve(clock.get_time_us()));
    timer.arm_after(ms);
  });
}

const clock = new Vclock.VirtualClock();
const loop = new GLib.MainLoop(null, false);
after(clock, 1500).then(us => {
  print(`${us} µs`);
  loop.quit();
});
clock.advance(2 * Vclock.NSEC_PER_SEC);
loop.run();

const HitsClock = GObject.registerClass(
class HitsClock extends Vclock.Clock {
  vfunc_get_time() {
    return this.hits ?? 0;
  }

  hit() {
    this.hits = (this.hits ?? 0) + 1;
    this.replan();
  }
});

const hits = new HitsClock();
const third = new Vclock.Timer({clock: hits});
third.connect('expired', () => print('third hit'));
third.arm(3);
for (let i = 0; i < 3; i++) {
  hits.hit();
  hits.run_timers();
}

try {
  const endless = new Vclock.Timer({clock, period: 1});
  endless.arm_after(1);
  clock.run_until_idle(1000);
} catch (e) {
  if (!e.matches(Vclock.Error, Vclock.Error.LIMIT))
    throw e;
  print(e.message);
}

Gio._promisify(Vclock.Clock.prototype, 'sleep_async');
Gio._promisify(Vclock.VirtualClock.prototype, 'advance_async');

async function boil(clock) {
  await clock.sleep_async(4 * 60 * Vclock.NSEC_PER_SEC, null);
  print('The egg is ready');
}

const kitchen = new Vclock.VirtualClock();
const egg = boil(kitchen);
await kitchen.advance_async(5 * 60 * Vclock.NSEC_PER_SEC, null);
await egg;
