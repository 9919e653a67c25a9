# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Medians over the rounds, ratios, and tables of them.

import dataclasses
import statistics

import cases

# Whose tables have the numbers of timers across.
BY_SIZE = [row for row in cases.ROWS if row.startswith(('arm', 'cancel', 'rearm', 'create', 'idle', 'expire', 'memory',
                                                        'churn'))]
NO_RATIO = ['churn-calls', 'churn-early', 'churn-sleeps']
SMALL = ['thread-', 'tick', 'advance', 'calls-']


@dataclasses.dataclass(frozen=True)
class Figure:
    row: str
    peer: str
    size: int
    median: float
    least: float
    rounds: int
    capped: bool


@dataclasses.dataclass(frozen=True)
class Count:
    """What callgrind has counted for an operation."""
    row: str
    peer: str
    size: int
    instructions: float
    misses: float   # of the first cache for data
    libraries: dict # percent of the instructions, most first


class Figures:
    """All medians, by (row, peer, size), and what was counted."""

    def __init__(self, results, all_cases):
        self.times = {}
        self.counts = {}
        self.failures = {}
        for case in sorted(all_cases, key=lambda case: case.key):
            self._add(case, results.of(case))

    def _add(self, case, outcomes):
        rounds = [outcome['figures'] for outcome in outcomes if 'figures' in outcome]
        for outcome in outcomes:
            if 'failed' in outcome:
                self.failures[case.key] = outcome['failed']
        for row in {row for figures in rounds for row in figures if row in cases.ROWS}:
            found = [figures[row] for figures in rounds if row in figures]
            values = [figure['value'] for figure in found]
            if case.counted:
                self.counts[row, case.peer, case.size] = Count(
                    row, case.peer, case.size, values[0], found[0]['misses'], found[0]['libraries'])
                continue
            self.times[row, case.peer, case.size] = Figure(
                row, case.peer, case.size, statistics.median(values), min(values), len(values),
                any(figure['capped'] for figure in found))

    def get(self, row, peer, size):
        """The median, or None if that was not measured."""
        if peer in ('best', 'best but libev'):
            return self.get_best(row, size, [name for name in cases.RIVALS if peer == 'best' or name != 'libev'])
        figure = self.times.get((row, peer, size))
        return figure.median if figure else None

    def get_best(self, row, size, peers=cases.RIVALS):
        found = [self.get(row, peer, size) for peer in peers if self.get(row, peer, size) is not None]
        return (max if cases.ROWS[row].more_is_better else min)(found) if found else None

    def who_is_best(self, row, size):
        best = self.get_best(row, size)
        return next((peer for peer in cases.RIVALS if best is not None and self.get(row, peer, size) == best), None)

    def sizes(self, row):
        return sorted({size for (name, _, size) in self.times if name == row})

    def peers(self, row):
        there = {peer for (name, peer, _) in self.times if name == row}
        return [peer for peer in cases.PEERS if peer in there]

    def as_list(self):
        return [dataclasses.asdict(figure) for figure in [*self.times.values(), *self.counts.values()]]


def number(value):
    """Three digits that count; thousands are set apart with thin spaces."""
    if value is None:
        return '–'
    if value == 0:
        return '0'
    if abs(value) >= 1000:
        return f'{float(f"{value:.3g}"):,.0f}'.replace(',', '\u202f')
    return f'{value:.2f}' if abs(value) < 10 else f'{value:.1f}' if abs(value) < 100 else f'{value:.0f}'


def size_name(size):
    return f'{size:,}'.replace(',', '\u202f')


def markdown(head, rows):
    """A table. Of the cells only the first column is set to the left."""
    lines = ['| ' + ' | '.join(head) + ' |', '|---' + '|--:' * (len(head) - 1) + '|']
    return '\n'.join(lines + ['| ' + ' | '.join(row) + ' |' for row in rows]) + '\n'


def cell(figures, row, peer, size):
    figure = figures.times.get((row, peer, size))
    if figure is None:
        return '–'
    return number(figure.median) + ('*' if figure.capped else '')


def ratio(first, second):
    return number(first / second) if first is not None and second else '–'


def table(figures, row):
    """One row of cases.ROWS: peers down, numbers of timers across, and ours in relation to the best."""
    sizes = figures.sizes(row)
    peers = figures.peers(row)
    lines = [[f'**{peer}**' if peer == 'vclock' else peer, *(cell(figures, row, peer, size) for size in sizes)]
             for peer in peers]
    rivals = any(figures.get_best(row, size) is not None for size in sizes)
    if 'vclock' in peers and rivals and row not in NO_RATIO:
        ours = [figures.get(row, 'vclock', size) for size in sizes]
        lines.append(['*we / the best peer*', *(ratio(value, figures.get_best(row, size))
                                                for value, size in zip(ours, sizes))])
        if 'raw-heap' in peers:
            lines.append(['*we / raw-heap*', *(ratio(value, figures.get(row, 'raw-heap', size))
                                               for value, size in zip(ours, sizes))])
    head = ['', *(size_name(size) for size in sizes)] if sizes != [1] else ['', '']
    return markdown(head, lines)


def counted_table(figures, size, attribute, title):
    """Instructions or misses: workloads down, peers across."""
    rows = [row for row in cases.COUNTED if any(key[0] == row and key[2] == size for key in figures.counts)]
    peers = [peer for peer in cases.COUNTING if any(key[1] == peer and key[2] == size for key in figures.counts)]
    lines = [[cases.ROWS[row].title, *(number(getattr(figures.counts.get((row, peer, size)), attribute, None))
                                       for peer in peers)] for row in rows]
    return markdown([f'{title}, {size_name(size)} timers', *peers], lines) if rows else ''


def libraries_table(figures):
    """Our workloads down, libraries across."""
    counts = [count for (_, peer, size), count in figures.counts.items()
              if size == cases.COUNTED_SIZE and peer.startswith('vclock')]
    names = {name for count in counts for name, share in count.libraries.items() if share >= 1}
    names = sorted(names, key=lambda name: -sum(count.libraries.get(name, 0) for count in counts))
    lines = [[cases.ROWS[count.row].title + (' (signal handler)' if count.peer == 'vclock-signal' else ''),
              *(f'{count.libraries.get(name, 0):.0f}' for name in names)]
             for count in sorted(counts, key=lambda count: (cases.COUNTED.index(count.row), count.peer))]
    return markdown([f'% of the instructions, {size_name(cases.COUNTED_SIZE)} timers',
                     *(name or 'the benchmark' for name in names)], lines) if lines else ''


def counted_tables(figures):
    return '\n'.join(table for table in (
        counted_table(figures, cases.COUNTED_SIZE, 'instructions', 'Instructions'),
        libraries_table(figures),
        counted_table(figures, cases.MISSED_SIZE, 'misses', 'Misses of the first cache'),
    ) if table)


def small_table(figures, rows):
    """Rows of which each has one peer or few, and one number of timers: rows down, peers across."""
    rows = [row for row in rows if figures.peers(row)]
    peers = [peer for peer in cases.PEERS if any(peer in figures.peers(row) for row in rows)]
    lines = []
    for row in rows:
        for size in figures.sizes(row):
            title = cases.ROWS[row].title + (f', {size_name(size)} timers' if size > 1 else '')
            lines.append([title, cases.ROWS[row].unit, *(cell(figures, row, peer, size) for peer in peers)])
    return markdown(['', 'unit', *peers], lines) if lines else ''


def wide_table(figures, rows, names):
    """Rows across, for one number of timers."""
    peers = figures.peers(rows[0])
    size = figures.sizes(rows[0])[0] if peers else 0
    lines = [[f'**{peer}**' if peer == 'vclock' else peer, *(cell(figures, row, peer, size) for row in rows)]
             for peer in peers]
    return markdown(['µs', *names], lines) if peers else ''


def lateness_table(figures):
    return wide_table(figures, cases.rows_of('latency-'), ['median', '99 %', 'greatest', 'early, %'])


def losses(figures, rows):
    """Where a peer is faster than we: (row, size, peer, how many times)."""
    for row in rows:
        for size in figures.sizes(row):
            ours, best = figures.get(row, 'vclock', size), figures.get_best(row, size)
            if ours is not None and best and ours > best * 1.005:
                yield row, size, figures.who_is_best(row, size), ours / best


def text(figures, missing):
    parts = []
    for row in cases.ROWS:
        if row in BY_SIZE and figures.peers(row):
            parts.append(f'{cases.ROWS[row].title} ({cases.ROWS[row].unit})\n\n{table(figures, row)}')
    parts += [lateness_table(figures), *(small_table(figures, cases.rows_of(prefix)) for prefix in SMALL)]
    parts.append(counted_tables(figures))
    if any(figure.capped for figure in figures.times.values()):
        parts.append('* there was not the time for all timers; the value is of those that were reached\n')
    parts += [f'Not compared with {name}: it was not built, what it needs is missing.\n' for name in missing]
    parts += [f'Not measured: {key}: {why}\n' for key, why in sorted(figures.failures.items())]
    return '\n'.join(part for part in parts if part)
