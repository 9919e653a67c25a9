# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# count-cases.py LOG…
#
# Says how many test programs and cases of them ran on each alarm backend, from the testlog.json of
# Meson.

import collections
import json
import re
import sys

for log in sys.argv[1:]:
    programs = collections.Counter()
    cases = collections.Counter()
    skipped = collections.Counter()
    with open(log, encoding='utf-8') as lines:
        for line in lines:
            result = json.loads(line)
            suite = re.search(r':(?:c|museum)\+(\w+) / ', result['name'])
            if suite is None:
                continue
            backend = suite[1]
            results = re.findall(r'^ok .*$', result.get('stdout', ''), re.M)
            skips = [case for case in results if '# SKIP' in case]
            programs[backend] += 1
            cases[backend] += len(results) - len(skips)
            skipped[backend] += len(skips)
    for backend in sorted(programs):
        print(f'{backend}: {programs[backend]} programs, {cases[backend]} cases passed, '
              f'{skipped[backend]} skipped')
