# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Runs cases and remembers what came out: a file of JSON lines, one for each case and round, which a
# run that was cut short goes on with. Results of another build do not count.

import hashlib
import json
import os
import re
import subprocess
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
        outcome = self._run(case, seconds)
        return self.add(case, number, {**outcome, 'took': round(time.monotonic() - begun, 3)})

    def _run(self, case, seconds):
        pinned = [] if case.group == 'threads' else ['taskset', '-c', str(choose_processor())]
        try:
            done = subprocess.run([*pinned, *case.command(self.build, seconds)], env=case.env(self.build),
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
                figures = count(case, figures, done.stderr)
        except (ValueError, KeyError, TypeError):
            return {'failed': 'what it printed is no result'}
        return {'figures': figures}


def count(case, figures, text):
    """Instructions for an operation, of what callgrind says it collected."""
    collected = int(re.search(r'Collected\s*:\s*(\d+)', text)[1])
    n_ops = figures[case.counted]['n_ops']
    return {case.counted: {'row': case.counted, 'value': collected / n_ops, 'n_ops': n_ops, 'capped': False}}
