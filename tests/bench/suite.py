# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# suite.py BUILD-FOLDER [OPTION…]
#
# Runs the cases, each in a process of its own on one processor, the peers in turn, and makes of it a
# table, a summary in JSON, plots and the page of the manual. What a run has done that is cut short,
# the next one does not do again. tests/bench/run makes the build folder and calls this.

import argparse
import json
import pathlib
import sys
import time

import cases
import goals
import page
import report
import store

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def sizes(text):
    return [int(size.replace('_', '')) for size in text.split(',')]


def parse(arguments):
    parser = argparse.ArgumentParser(prog='tests/bench/run', description='Measures us beside the others.')
    parser.add_argument('build', type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument('--workloads', type=lambda text: text.split(','), default=list(cases.GROUPS),
                        help='of ' + ', '.join(cases.GROUPS))
    parser.add_argument('--peers', type=lambda text: text.split(','), default=list(cases.PEERS),
                        help='of ' + ', '.join(cases.PEERS))
    parser.add_argument('--sizes', type=sizes, default=cases.SIZES, help='numbers of timers')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--seconds', type=float, default=1.0, help='limit of a repetition')
    parser.add_argument('--quick', action='store_true', help='100 and 10 000 timers, three rounds')
    parser.add_argument('--fresh', action='store_true', help='forget the results of earlier runs')
    parser.add_argument('--no-counting', action='store_true', help='no instructions')
    parser.add_argument('--page', action='store_true', help='write the page of the manual also if it is not all')
    parser.add_argument('--results', type=pathlib.Path, help='the file of results (BUILD-FOLDER/bench.jsonl)')
    options = parser.parse_args(arguments)
    if options.quick:
        options.sizes, options.rounds = [100, 10_000], 3
    for chosen, known in ((options.workloads, cases.GROUPS), (options.peers, cases.PEERS)):
        for name in chosen:
            if name not in known:
                parser.error(f'there is no “{name}”, only {", ".join(known)}')
    options.results = options.results or options.build / 'bench.jsonl'
    options.all = not any(argument.startswith('-') for argument in arguments)
    return options


def plan(options):
    """All that is to be done, as (case, round), and who is missing."""
    built = cases.programs(options.build)
    missing = [name for name in options.peers if cases.PEERS[name].program not in built]
    present = [name for name in options.peers if name not in missing]
    todo = [(case, number + turn * options.rounds)
            for number in range(1, options.rounds + 1)
            for name in options.workloads
            for turn in range(cases.TURNS.get(name, 1))
            for case in cases.timed_cases([name], present, options.sizes)]
    if not options.no_counting:
        todo += [(case, 1) for case in cases.counted_cases(options.workloads, present)]
    return todo, missing


def describe(case, result):
    if 'failed' in result:
        return 'not measured: ' + result['failed']
    figure = next(figure for row, figure in result['figures'].items() if row in cases.ROWS)
    unit = 'instructions' if case.counted else cases.ROWS[figure['row']].unit
    return f'{report.number(figure["value"])} {unit}{", capped" if figure["capped"] else ""}'


def work(results, todo, seconds, progress):
    """Runs what is not there yet."""
    left = [(case, number) for case, number in todo if not results.has(case, number)]
    begun = time.monotonic()
    if len(left) < len(todo):
        print(f'{len(todo) - len(left)} of {len(todo)} are there already', file=progress)
    for i, (case, number) in enumerate(left):
        result = results.run(case, number, seconds)
        rest = (time.monotonic() - begun) / (i + 1) * (len(left) - i - 1)
        print(f'[{i + 1}/{len(left)}, {rest / 60:.0f} min left] round {number}: {case.key}: {describe(case, result)}',
              file=progress, flush=True)
    return len(left)


def main(arguments):
    options = parse(arguments)
    if options.fresh:
        options.results.unlink(missing_ok=True)
    results = store.Store(options.results, options.build)
    todo, missing = plan(options)
    try:
        work(results, todo, options.seconds, sys.stderr)
    except KeyboardInterrupt:
        print('cut short; the same command goes on from here', file=sys.stderr)
        return 130

    figures = report.Figures(results, {case for case, _ in todo})
    text = report.text(figures, missing) + '\n' + goals.text(figures)
    print(text)
    stem = options.results.with_suffix('')
    stem.with_suffix('.txt').write_text(text, 'utf-8')
    summary = {'figures': figures.as_list(), 'goals': goals.as_list(figures), 'missing': missing,
               'not measured': figures.failures}
    stem.with_suffix('.json').write_text(json.dumps(summary, indent=1, ensure_ascii=False) + '\n', 'utf-8')
    if options.all or options.page:
        import plot  # which wants matplotlib, and nothing else does
        manual = SOURCE / 'introspection/manual'
        pictures = plot.save(figures, manual, options.build)
        page.write(figures, missing, options.build, manual, options.rounds, pictures)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
