# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import unittest

import gi
gi.require_version('Vclock', '1')
from gi.repository import Vclock


class Retry:
    """What is to be tested: tries again after 1 s, 2 s, 4 s, and then gives up."""

    n_tries = 0

    def __init__(self):
        self.timer = Vclock.Timer(name='retry', scale=Vclock.Scale.S)
        self.timer.connect('expired', self.on_expired)
        self.timer.arm_after(0)

    def on_expired(self, timer, overruns):
        self.n_tries += 1
        if self.n_tries < 4:
            timer.arm_after(2 ** (self.n_tries - 1))


class TestRetry(unittest.TestCase):
    def setUp(self):
        self.clocks = Vclock.TestClocks()
        self.clocks.set_up()
        self.addCleanup(self.clocks.tear_down)

    def test_it_backs_off(self):
        retry = Retry()
        self.clocks.advance(0)
        self.clocks.check_armed(retry.timer, 1001)
        self.clocks.advance(3600 * Vclock.NSEC_PER_SEC)
        self.clocks.check_expired('retry retry retry retry')


if __name__ == '__main__':
    unittest.main()
