# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# test-readme.py SOURCE-ROOT
#
# Every piece of code that README.md and the manual show stands, as it is, in a file of
# introspection/examples. Those are compiled and run. README.md shows the same example in C, Python
# and JavaScript.

import pathlib
import re
import sys
import textwrap

SUFFIXES = {'c': '.c', 'js': '.js', 'python': '.py', 'vala': '.vala'}

root = pathlib.Path(sys.argv[1])
examples = root / 'introspection' / 'examples'


def blocks(page):
    return re.findall(r'^```(\w*)\n(.*?)^```$', page.read_text('utf-8'), re.MULTILINE | re.DOTALL)


def shows(example, code):
    """Whether the lines stand in the file, moved to the right by any width."""
    text = example.read_text('utf-8')
    return any('\n' + textwrap.indent(code, ' ' * width) in text for width in range(0, 9, 2))


n_checks = 0
wrong = []


def check(holds, message):
    global n_checks
    n_checks += 1
    if not holds:
        wrong.append(message)


for page in [root / 'README.md', *sorted((root / 'introspection' / 'manual').glob('*.md'))]:
    for language, code in blocks(page):
        if language in SUFFIXES:
            check(any(shows(example, code) for example in examples.glob('*' + SUFFIXES[language])),
                  f'{page.name}: in no example:\n{code}')

readme = blocks(root / 'README.md')
for language in 'c', 'python', 'js':
    example = examples / ('hello' + SUFFIXES[language])
    code = [code for (other, code) in readme if other == language]
    check(len(code) == 1 and example.read_text('utf-8').endswith('\n\n' + code[0]),
          f'README.md: its {language} is not {example.name}')
printed = (examples / 'hello.expected').read_text('utf-8')
check(printed in [code for (language, code) in readme if language == 'text'],
      'README.md: does not show what the examples print')

for message in wrong:
    print(message)
print(f'# {n_checks} checks')
sys.exit(bool(wrong))
