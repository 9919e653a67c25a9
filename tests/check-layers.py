# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# check-layers.py SOURCE-ROOT
#
# Which file of the library may include which: nothing points up. Also that only the lowest files know the
# platform, that public headers include no private ones, that the umbrella header has all of
# them, and that there is one spelling of includes.

import pathlib
import re
import sys

# A layer is the files whose name begins so; the longest name counts. A layer may include itself and these.
BASE = ['version', 'enum-types', 'time', 'error']
CLOCK = BASE + ['event', 'host', 'lock', 'ring', 'timer-entry', 'timer-queue', 'pass', 'clock']
ALARM = BASE + ['host', 'lock', 'alarm-backend']
TIMER = CLOCK + ['alarm']

MAY_INCLUDE = {
    'version': [],
    'enum-types': ['version'],
    'time': ['version'],
    'error': ['version'],
    'host': BASE,
    'marshal': [],
    'clock': CLOCK + ['clock-source'],
    'clock-source': BASE + ['host', 'lock'],
    'event': BASE,
    'ring': BASE + ['event', 'lock'],
    'timer-entry': BASE + ['ring'],
    'timer-queue': BASE + ['clock', 'host', 'timer-entry'],
    'pass': BASE + ['timer-queue', 'lock'],
    'lock': [],
    'monotonic-clock': CLOCK,
    'wall-clock': CLOCK,
    'quiet': CLOCK,
    'virtual-clock': CLOCK + ['quiet', 'monotonic-clock'],  # the default parent
    'inhibitor': CLOCK + ['virtual-clock'],
    'tick-counter': CLOCK,
    'tick-clock': CLOCK + ['tick-counter', 'virtual-clock', 'quiet'],
    'alarm-backend': BASE + ['host', 'lock'],
    'backends/': ALARM,
    'alarm-order': ALARM + ['backends/', 'alarm'],
    'alarm': TIMER + ['quiet', 'alarm-backend', 'alarm-order'],
    'timer': TIMER + ['marshal', 'monotonic-clock'],  # the default clock
    'timer-source': TIMER,
    'sleep': TIMER + ['timer'],
    'test-clocks': TIMER + ['timer', 'monotonic-clock', 'virtual-clock', 'wall-clock'],
    'test-fixture': ['test-clocks'],
    'recorder': CLOCK,
}

# The headers that the timer queue may see of the clock: what it is, not what it does.
DOWN_ONLY = {'timer-queue': ['clock.h']}

# These know that there are several platforms, besides backends/.
KNOW_PLATFORMS = ['vclock-host-unix.c', 'vclock-host-windows.c']
PLATFORM = re.compile(r'\b(G_OS_\w+|__linux__|__unix__|__APPLE__|__FreeBSD__|_WIN32|_MSC_VER|HAVE_\w+)\b')
# No header of ours, and those that are generated.
GENERATED = ['vclock-enum-types.h', 'vclock-version.h']

folder = pathlib.Path(sys.argv[1]) / 'glib-vclock'
wrong = []
n_includes = 0


def name_of(path):
    """alarm-order.c for glib-vclock/vclock-alarm-order.c, backends/poll-backend.c."""
    return str(path).replace('glib-vclock/', '', 1).replace('vclock-', '', 1)


def layer_of(path):
    name = name_of(path)
    fits = [layer for layer in MAY_INCLUDE
            if name.startswith(layer) and (layer.endswith('/') or name[len(layer)] in '.-')]
    return max(fits, key=len, default=None)


def check_include(path, line, spelling):
    global n_includes
    n_includes += 1
    target = spelling[1:-1]
    where = f'{path}:{line}'
    if not target.startswith('glib-vclock/'):
        if 'vclock-' in target or (spelling[0] == '"' and target != 'config.h'):
            wrong.append(f'{where}: {spelling} is to be spelled <glib-vclock/…>')
        return
    if spelling[0] != '<':
        wrong.append(f'{where}: {spelling} is to be spelled with angle brackets')
    own, other = layer_of(path), layer_of(target)
    if own is None or other is None:
        wrong.append(f'{where}: {target if own else path} has no layer in this table')
    elif other != own and other not in MAY_INCLUDE[own]:
        wrong.append(f'{where}: {own} may not include {other} ({target})')
    elif other == 'clock' and own in DOWN_ONLY and name_of(target) not in DOWN_ONLY[own]:
        wrong.append(f'{where}: {own} may not include {target}')
    if path.suffix == '.h' and not path.stem.endswith('-private') and target.endswith('-private.h'):
        wrong.append(f'{where}: a public header includes the private {target}')


def check_file(path):
    own = path.relative_to(folder.parent)
    for line, text in enumerate(path.read_text('utf-8').splitlines(), 1):
        include = re.match(r'#\s*include\s*(["<][^">]*[">])', text)
        if include and path.name != 'glib-vclock.h':
            check_include(own, line, include[1])
        if re.match(r'#\s*(el)?if', text) and PLATFORM.search(text) and \
                'backends' not in own.parts and path.name not in KNOW_PLATFORMS:
            wrong.append(f'{own}:{line}: only {", ".join(KNOW_PLATFORMS)} and backends/ know the platform')


files = sorted(path for path in folder.rglob('vclock-*.[ch]'))
for file in files:
    check_file(file)

umbrella = (folder / 'glib-vclock.h').read_text('utf-8')
included = re.findall(r'#include <glib-vclock/(.*)>', umbrella)
public = [file.name for file in files if file.suffix == '.h' and not file.stem.endswith('-private')]
for header in sorted(set(public + GENERATED) - set(included)):
    wrong.append(f'glib-vclock/glib-vclock.h: {header} is missing')
for header in sorted(set(included) - set(public + GENERATED)):
    wrong.append(f'glib-vclock/glib-vclock.h: there is no public header {header}')
if included != sorted(included):
    wrong.append('glib-vclock/glib-vclock.h: the includes are not sorted')

for message in wrong:
    print(message)
print(f'{len(files)} files, {n_includes} includes, {len(wrong)} wrong')
sys.exit(1 if wrong or n_includes == 0 else 0)
