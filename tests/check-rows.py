# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# check-rows.py PAGE PROGRAM…
#
# Each row of the tables of a page of the manual names a test in its last column, and each test of
# the programs is named by one row.

import pathlib
import re
import subprocess
import sys

page = pathlib.Path(sys.argv[1])
wrong = []


def rows():
    """First and last cell of each row, without the heads of tables."""
    previous = []
    for line in page.read_text('utf-8').splitlines():
        cells = [cell.strip() for cell in re.split(r'(?<!\\)\|', line)[1:-1]]
        is_rule = cells and not ''.join(cells).strip('-: ')
        if previous and not is_rule:
            yield previous[0], previous[-1]
        previous = [] if is_rule else cells
    if previous:
        yield previous[0], previous[-1]


def tests(program):
    """The tests that it has, whether they can run here or not."""
    listed = subprocess.run([program, '-l'], check=True, stdout=subprocess.PIPE, encoding='utf-8')
    return [line for line in listed.stdout.splitlines() if line.startswith('/')]


all_tests = [test for program in sys.argv[2:] for test in tests(program)]
named = []

for first, last in rows():
    match = re.fullmatch(r'`(/\S+)`', last)
    if match is None:
        wrong.append(f'the row names no test: {first}')
    elif match[1] in named:
        wrong.append(f'two rows name {match[1]}')
    elif match[1] not in all_tests:
        wrong.append(f'there is no such test: {match[1]}')
    named += [match[1]] if match else []

wrong += [f'no row names {test}' for test in all_tests if test not in named]
wrong += ['there are no rows'] if not named else []

for message in wrong:
    print(f'{page.name}: {message}')
print(f'# {len(named)} rows, {len(all_tests)} tests')
sys.exit(bool(wrong))
