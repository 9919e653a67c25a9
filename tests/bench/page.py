# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Writes the page of the manual: performance.md.in with what was measured, and the pictures.

import pathlib
import textwrap

import cases
import goals
import machine
import report

HERE = pathlib.Path(__file__).resolve().parent
IMAGES = {
    'sizes': 'Nanoseconds for an operation, by the number of armed timers',
    'lateness': 'Lateness of a single timer',
}
SECTIONS = ['arm', 'cancel', 'rearm-later', 'rearm-random', 'create', 'idle', 'expire-same', 'expire-apart', 'memory']


def fill(text, **indents):
    return textwrap.fill(text, 100, break_long_words=False, break_on_hyphens=False, **indents)


def peers(figures, missing):
    there = [peer for peer in cases.PEERS if any(key[1] == peer for key in figures.times)]
    lines = [f'| {peer} | {cases.PEERS[peer].title} |' for peer in there]
    text = '| peer | what it is |\n|---|---|\n' + '\n'.join(lines) + '\n'
    for name in missing:
        text += f'\nNot compared with: {name}.\n'
    for name in there:
        if cases.PEERS[name].max_reason:
            text += '\n' + fill(f'{name} is measured up to {report.size_name(cases.PEERS[name].max_size)} timers only: '
                                f'{cases.PEERS[name].max_reason}.') + '\n'
    return text


def tables(figures, rows):
    return '\n'.join(f'### {cases.ROWS[row].title}\n\n{cases.ROWS[row].unit.capitalize()}.\n\n'
                     f'{report.table(figures, row)}' for row in rows if figures.peers(row))


def where_lost(figures, why):
    """By whom and how much we are beaten, and which goals are missed."""
    if why.ours == 'vclock':
        for row in why.rows:
            lost = list(report.losses(figures, [row]))
            yield from (f'{report.number(times)} × {peer}' + (f' at {report.size_name(size)}' if size > 1 else '')
                        for _, size, peer, times in lost)
    for goal, checked in goals.results(figures):
        missed = {size: shown for size, (value, limit, shown) in checked.items() if value > limit}
        is_loss = goal.ours == 'vclock' and goal.against == 'best' and goal.factor == 1
        if goal.row in why.rows and goal.ours == why.ours and missed and not is_loss:
            shown = ', '.join(shown + (f' at {report.size_name(size)}' if len(goal.sizes) > 1 else '')
                              for size, shown in missed.items())
            yield f'{shown} ({"wished for" if goal.stretch else "goal"} {goal.text})'


def losses(figures):
    """For each workload, where, and the reason that is written by hand."""
    items = []
    for why in goals.WHYS:
        where = list(where_lost(figures, why))
        if where:
            items.append(fill(f'- **{why.title}**: {"; ".join(where)}. {why.reason}', subsequent_indent='  '))
            items += [fill(f'Tried and {what}: {text}.', initial_indent='  ', subsequent_indent='  ')
                      for what, text in (('kept', why.kept), ('dropped', why.dropped)) if text]
    return '\n\n'.join(items) + '\n' if items else 'Nowhere, in this run.\n'


def notes(figures):
    lines = [f'- {key}: {why}.' for key, why in sorted(figures.failures.items())]
    if any(figure.capped for figure in figures.times.values()):
        lines.append('- \\*: there was not the time for all timers. The value is of those that were reached.')
    return '\n'.join(lines) + '\n' if lines else ''


def image(name, text):
    return f'![{text}]({name}.svg)\n'


def write(figures, missing, build, folder, rounds, pictures):
    """Into a folder in which the pictures of these names are."""
    values = {f'IMAGE_{name.upper()}': image(f'performance-{name}', text) if name in pictures else ''
              for name, text in IMAGES.items()}
    sizes = [size for size in cases.SIZES if any(key[2] == size for key in figures.times)]
    values |= {
        'ADVANCE': report.small_table(figures, cases.rows_of('advance')),
        'CALLS': report.small_table(figures, cases.rows_of('calls-')),
        'CHURN': tables(figures, cases.rows_of('churn-')),
        'GOALS': goals.table(figures),
        'COUNTS': report.counted_tables(figures),
        'LATENCY': report.lateness_table(figures),
        'LOSSES': losses(figures),
        'MACHINE': fill(machine.describe(build)),
        'NOTES': notes(figures),
        'PEERS': peers(figures, missing),
        'ROUNDS': str(rounds),
        'SIZES': f'{report.size_name(sizes[0])} to {report.size_name(sizes[-1])}' if sizes else 'no',
        'TABLES': tables(figures, SECTIONS),
        'THREADS': report.small_table(figures, cases.rows_of('thread-')),
        'TICK': report.small_table(figures, cases.rows_of('tick')),
    }
    text = (HERE / 'performance.md.in').read_text('utf-8')
    for name, value in values.items():
        text = text.replace(f'@{name}@', value.rstrip('\n'))
    (folder / 'performance.md').write_text(text, 'utf-8')
