/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-vclock/vclock-timer-entry-private.h>

void
vclock_timer_entry_init (VclockTimerEntry        *entry,
                         const VclockTimerTraits *traits)
{
  *entry = (VclockTimerEntry) { .traits = traits };
}

/* Frees what the entry has. */
void
vclock_timer_entry_clear (VclockTimerEntry *entry)
{
  if (!entry->traits->is_own)
    return;

  g_clear_pointer (&((VclockTimerTraits *) entry->traits)->name, g_ref_string_release);
  g_free ((VclockTimerTraits *) entry->traits);
}

/* To change them. From now on the timer has its own. */
VclockTimerTraits *
vclock_timer_entry_own_traits (VclockTimerEntry *entry)
{
  VclockTimerTraits *own;

  if (entry->traits->is_own)
    return (VclockTimerTraits *) entry->traits;

  own = g_new (VclockTimerTraits, 1);
  *own = *entry->traits;
  own->is_own = TRUE;
  entry->traits = own;

  return own;
}
