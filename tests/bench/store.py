# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Runs cases and remembers what came out: a file of JSON lines, one for each case and round, which a
# run that was cut short goes on with. Results of another build do not count.

import collections
import hashlib
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time

TIMEOUT = 60   # seconds; then a program hangs
NOT_HERE = 77  # what a program returns that cannot measure this


def build_id(build):
    """Of the library and all programs, so that nobody is compared with an older one."""
    digest = hashlib.sha256()
    for path in [*sorted((build / 'glib-vclock').glob('*.so.*.*')), *sorted((build / 'tests/bench').glob('bench-*'))]:
        if path.is_file() and not path.is_symlink():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def choose_processor():
    """Not the first, which has most of the interrupts."""
    return max(os.sched_getaffinity(0))


class Store:
    def __init__(self, path, build):
        self.path = path
        self.build = build
        self.id = build_id(build)
        self.results = {}
        if path.exists():
            for line in path.read_text('utf-8').splitlines():
                self._remember(line)

    def _remember(self, line):
        try:
            result = json.loads(line)
        except ValueError:
            return  # cut short
        if result['build'] == self.id:
            self.results[result['key'], result['round']] = result

    def has(self, case, number):
        return (case.key, number) in self.results

    def add(self, case, number, outcome):
        result = {'build': self.id, 'key': case.key, 'round': number, **outcome}
        self.results[case.key, number] = result
        with self.path.open('a', encoding='utf-8') as file:
            file.write(json.dumps(result) + '\n')
        return result

    def of(self, case):
        """What is there of a case, in the order of rounds."""
        return [result for (key, _), result in sorted(self.results.items()) if key == case.key]

    def run(self, case, number, seconds):
        """Its figures, or why there are none."""
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            outcome = self._run(case, seconds, pathlib.Path(folder) / 'profile')
        return self.add(case, number, {**outcome, 'took': round(time.monotonic() - begun, 3)})

    def _run(self, case, seconds, profile):
        pinned = [] if case.group == 'threads' else ['taskset', '-c', str(choose_processor())]
        try:
            done = subprocess.run([*pinned, *case.command(self.build, seconds, profile)], env=case.env(self.build),
                                  capture_output=True, encoding='utf-8', timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            return {'failed': f'no result after {TIMEOUT} s'}
        except FileNotFoundError as error:
            return {'failed': f'{error.filename} is missing'}
        if done.returncode == NOT_HERE:
            return {'failed': done.stderr.strip()}
        if done.returncode != 0:
            why = done.stderr.strip().splitlines()
            return {'failed': why[-1] if why else f'exit status {done.returncode}'}
        try:
            figures = {figure['row']: figure for figure in map(json.loads, done.stdout.splitlines())}
            if case.counted:
                figures = count(case, figures, done.stderr, profile)
        except (ValueError, KeyError, TypeError):
            return {'failed': 'what it printed is no result'}
        except (OSError, subprocess.CalledProcessError) as error:
            return {'failed': f'no profile: {error}'}
        return {'figures': figures}


def count(case, figures, text, profile):
    """For an operation: instructions, misses of the first cache, and in which library the instructions are."""
    events = re.search(r'Events\s*: (.*)', text)[1].split()
    counts = map(int, re.search(r'Collected\s*: (.*)', text)[1].split())
    collected = collections.Counter(dict(zip(events, counts)))  # those at the end are left out if they are 0
    n_ops = figures[case.counted]['n_ops']
    return {case.counted: {'row': case.counted, 'n_ops': n_ops, 'capped': False,
                           'value': collected['Ir'] / n_ops,
                           'misses': (collected['D1mr'] + collected['D1mw']) / n_ops,
                           'libraries': by_library(profile)}}


def by_library(profile):
    """The share of the instructions that each file has, in percent; '' is the benchmark itself."""
    text = subprocess.run(['callgrind_annotate', '--threshold=100', '--show=Ir', profile], check=True,
                          capture_output=True, encoding='utf-8').stdout
    shares = collections.Counter()
    for instructions, path in re.findall(r'^ *([0-9,]+) \(.*\[([^]]*)\]$', text, re.MULTILINE):
        name = re.match(r'(?:lib)?(.*?)(?:-[0-9.]+)?(?:\.so.*)?$', pathlib.Path(path).name)[1]
        shares['' if name.startswith('bench') else name] += int(instructions.replace(',', ''))
    total = shares.total()
    return {name: 100 * n / total for name, n in shares.most_common()}
