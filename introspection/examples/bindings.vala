/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

async void
boil (Vclock.Clock clock) throws GLib.Error
{
  yield clock.sleep_async (240 * Vclock.NSEC_PER_SEC, null);
  print ("The egg is ready\n");
}

class HitsClock : Vclock.Clock
{
  int64 hits = 0;

  public override Vclock.Time
  get_time ()
  {
    return hits;
  }

  public void
  hit ()
  {
    hits++;
    replan ();
  }
}

void
main ()
{
  var clock = new Vclock.VirtualClock ();

  boil.begin (clock);
  clock.advance_settled (300 * Vclock.NSEC_PER_SEC);

  var hits = new HitsClock ();
  var third = new Vclock.Timer (hits);

  third.expired.connect (() => print ("third hit\n"));
  third.arm (3);
  for (int i = 0; i < 3; i++)
    {
      hits.hit ();
      hits.run_timers ();
    }

  var endless = new Vclock.Timer (clock);

  endless.set_period (1);
  endless.arm_after (1);
  try
    {
      clock.run_until_idle (1000);
    }
  catch (Vclock.Error.LIMIT e)
    {
      print ("%s\n", e.message);
    }
  catch (GLib.Error e)
    {
      error ("%s", e.message);
    }
}
