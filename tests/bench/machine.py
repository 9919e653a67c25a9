# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# On what it was measured, without names of hosts or paths.

import os
import platform
import re
import subprocess

import cases


def processor():
    with open('/proc/cpuinfo', encoding='utf-8') as file:
        match = re.search(r'^model name\s*:\s*(.*)$', file.read(), re.MULTILINE)
    return match[1] if match else platform.machine()


def is_virtual():
    with open('/proc/cpuinfo', encoding='utf-8') as file:
        return re.search(r'^flags.*\bhypervisor\b', file.read(), re.MULTILINE) is not None


def system():
    release = platform.freedesktop_os_release() if hasattr(platform, 'freedesktop_os_release') else {}
    return release.get('PRETTY_NAME', platform.system())


def versions(build):
    """Of each peer that was built."""
    found = {}
    for name in sorted(cases.programs(build) & set(cases.COMPARED) - set(cases.LIMITS)):
        done = subprocess.run([build / 'tests/bench' / f'bench-{name}', 'version'], capture_output=True, encoding='utf-8')
        found[name] = done.stdout.split()[-1]
    return found


def describe(build):
    n_cores = os.cpu_count()
    kernel = re.match(r'\d+\.\d+', platform.release())[0]
    names = {'glib': 'GLib', 'sd-event': 'sd-event', 'gstreamer': 'GStreamer', 'vclock': 'glib-vclock'}
    peers = ', '.join(f'{names.get(name, name)} {version}' for name, version in versions(build).items())
    return f'{processor()}, {n_cores} core{"s" if n_cores > 1 else ""}' \
           f'{" of a virtual machine" if is_virtual() else ""}; {system()}, Linux {kernel}; {peers}.'
