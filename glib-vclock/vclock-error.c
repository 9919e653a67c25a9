/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib-vclock/vclock-error.h>

/* The messages of errors are translated, whatever the program does about its own. */
__attribute__ ((constructor)) static void
bind_messages (void)
{
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
}

/**
 * vclock_error_quark:
 *
 * Gives the domain of the errors of clocks, timers and alarms.
 *
 * Returns: the quark
 */
G_DEFINE_QUARK (vclock-error-quark, vclock_error)
