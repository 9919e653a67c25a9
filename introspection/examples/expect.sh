#!/bin/sh
# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# expect.sh FILE PROGRAM [ARGUMENT...]: the program must succeed and print what the file says.

expected=$(cat "$1")
shift
printed=$("$@") || exit 1
[ "$printed" = "$expected" ] || { echo "$printed"; exit 1; }
