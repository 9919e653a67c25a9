// SPDX-FileCopyrightText: 2026 The glib-vclock authors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Calls per second from JavaScript: gjs -m bench-calls.js [SECONDS]

import GLib from 'gi://GLib';
import System from 'system';
import Vclock from 'gi://Vclock?version=1';

const SECONDS = Number(System.programArgs[0] ?? 0.5);
const HOUR = 3600 * 1e9;

const clock = new Vclock.VirtualClock();
const timer = new Vclock.Timer({clock});
let nCalls = 0;

function arm(n) {
    for (let i = 0; i < n; i++)
        timer.arm(HOUR + i);
}

function disarm(n) {
    for (let i = 0; i < n; i++) {
        timer.arm(HOUR);
        timer.disarm();
    }
}

function create(n) {
    for (let i = 0; i < n; i++) {
        const another = new Vclock.Timer({clock});
        another.arm(HOUR);
        another.disarm();
    }
}

function expire(n) {
    clock.advance(n);
}

function timeoutAdd(n) {
    for (let i = 0; i < n; i++)
        GLib.source_remove(GLib.timeout_add(GLib.PRIORITY_DEFAULT, 3600000, () => true));
}

function measure(row, run, step) {
    run(step);
    let n = 0;
    const start = GLib.get_monotonic_time();
    let now = start;
    while (now < start + SECONDS * 1e6) {
        run(step);
        n += step;
        now = GLib.get_monotonic_time();
    }
    print(JSON.stringify({row, value: n / (now - start) * 1e6, n_ops: n, capped: false}));
}

measure('calls-arm', arm, 1000);
measure('calls-arm-disarm', disarm, 1000);
measure('calls-create', create, 1000);
timer.disarm();
timer.connect('expired', () => {
    nCalls++;
});
timer.set_period(1);
timer.arm_after(1);
measure('calls-expire', expire, 1000);
timer.disarm();
measure('calls-timeout-add', timeoutAdd, 1000);
if (nCalls === 0)
    throw new Error('nothing was called');
