/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

const int64 MINUTE = 60 * Vclock.NSEC_PER_SEC;

void
main ()
{
  var clock = new Vclock.VirtualClock ();
  var timer = new Vclock.Timer (clock);

  timer.expired.connect (() => print (@"$(clock.get_time () / MINUTE) minutes\n"));
  timer.set_period (20 * MINUTE);
  timer.arm_after (20 * MINUTE);
  clock.advance (60 * MINUTE);
  timer.disarm ();
}
