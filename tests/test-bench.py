# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# test-bench.py BUILD-FOLDER
#
# That the benchmarks work: each program gives all figures, nothing is measured twice, we are never
# early, and the page of the manual is of the form that would be written now. No figure is judged.

import io
import pathlib
import re
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SOURCE / 'tests/bench'))
sys.dont_write_bytecode = True

import cases
import goals
import page
import report
import store
import suite

BUILD = pathlib.Path(sys.argv.pop(1))
SECONDS = 0.02
MANUAL = SOURCE / 'introspection/manual'


class TestBench(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = pathlib.Path(cls.folder.name) / 'results.jsonl'
        options = suite.parse([str(BUILD), '--sizes', '100', '--rounds', '1', '--no-counting'])
        cls.todo, cls.missing = suite.plan(options)
        cls.results = store.Store(cls.path, BUILD)
        cls.n_run = suite.work(cls.results, cls.todo, SECONDS, io.StringIO())
        cls.figures = report.Figures(cls.results, {case for case, _ in cls.todo})

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_each_program_gives_all_figures(self):
        self.assertEqual(self.n_run, len(self.todo))
        for case, _ in self.todo:
            with self.subTest(case.key):
                for outcome in self.results.of(case):
                    self.assertNotIn('failed', outcome)
                    self.assertLessEqual(set(cases.GROUPS[case.group].rows), set(outcome['figures']))
                    for figure in outcome['figures'].values():
                        self.assertGreaterEqual(figure['value'], 0)

    def test_we_are_never_early(self):
        early = [key for key in self.figures.times if key[0].endswith('-early') and key[1].startswith('vclock')]
        self.assertIn(('latency-early', 'vclock', 1), early)
        self.assertIn(('churn-early', 'vclock-slack-1ms', 100), early)
        for key in early:
            self.assertEqual(self.figures.get(*key), 0, key)

    def test_a_run_that_was_cut_short_goes_on(self):
        with self.path.open('a', encoding='utf-8') as file:
            file.write('{"build": "')
        again = store.Store(self.path, BUILD)
        self.assertEqual(suite.work(again, self.todo, SECONDS, io.StringIO()), 0)
        forgotten = self.todo[0]
        del again.results[forgotten[0].key, forgotten[1]]
        self.assertEqual([todo for todo in self.todo if not again.has(*todo)], [forgotten])

    def test_another_build_begins_anew(self):
        text = self.path.read_text('utf-8').replace(self.results.id, 'another')
        path = self.path.with_name('another.jsonl')
        path.write_text(text, 'utf-8')
        self.assertEqual(store.Store(path, BUILD).results, {})

    def test_medians(self):
        case = cases.Case('arm', 'vclock', 100)
        results = store.Store(self.path.with_name('medians.jsonl'), BUILD)
        for i, value in enumerate([7, 100, 3]):
            results.add(case, i, {'figures': {'arm': {'row': 'arm', 'value': value, 'n_ops': 1, 'capped': i == 1}}})
        figure = report.Figures(results, {case}).times['arm', 'vclock', 100]
        self.assertEqual((figure.median, figure.least, figure.rounds, figure.capped), (7, 3, 3, True))

    def test_goals_are_checked(self):
        case = cases.Case('arm', 'vclock', 100)
        results = store.Store(self.path.with_name('goals.jsonl'), BUILD)
        rival = cases.Case('arm', 'libev', 100)
        results.add(case, 1, {'figures': {'arm': {'row': 'arm', 'value': 20, 'n_ops': 1, 'capped': False}}})
        results.add(rival, 1, {'figures': {'arm': {'row': 'arm', 'value': 10, 'n_ops': 1, 'capped': False}}})
        figures = report.Figures(results, {case, rival})
        met = {(goal.row, goal.against): goals.is_met(checked) for goal, checked in goals.results(figures)}
        self.assertIs(met['arm', 'best'], False)
        self.assertIsNone(met['arm', 'raw-heap'])
        goal = goals.Goal('', '', 'arm', (100,), against='libev', factor=1.5, plus=5.0)
        self.assertEqual(goal.check(figures, 100)[:2], (20, 20))
        self.assertTrue(goals.is_met({100: goal.check(figures, 100)}))

    def test_goals_name_what_is_measured(self):
        for goal in goals.GOALS:
            self.assertIn(goal.row, cases.ROWS)
            self.assertIn(goal.ours, cases.PEERS)
            self.assertIn(goal.against, [*cases.PEERS, '', 'best', 'best but libev'])
            group = next(group for group in cases.GROUPS.values() if goal.row in group.rows)
            self.assertIn(goal.ours, group.peers)
            self.assertLessEqual(set(goal.sizes), set(group.sizes))

    def test_who_is_better_has_a_reason(self):
        explained = [(row, why.ours) for why in goals.WHYS for row in why.rows]
        self.assertEqual(len(explained), len(set(explained)))
        for row, _ in explained:
            self.assertIn(row, cases.ROWS)
        for row, _, _, _ in report.losses(self.figures, [*page.SECTIONS, 'churn-cpu', 'latency-p50']):
            self.assertIn((row, 'vclock'), explained)
        missed = [goal for goal, checked in goals.results(self.figures) if goals.is_met(checked) is False]
        for goal in missed:
            if goal.against or goal.row == 'tick':
                self.assertIn((goal.row, goal.ours), explained)
        self.assertIn('- **Create, arm and destroy**: ', page.losses(self.figures))

    def test_the_page_is_of_this_form(self):
        page.write(self.figures, self.missing, BUILD, self.path.parent, 1, list(page.IMAGES))
        written = (self.path.parent / 'performance.md').read_text('utf-8')
        committed = (MANUAL / 'performance.md').read_text('utf-8')
        self.assertNotRegex(written, '@[A-Z_]+@')
        self.assertEqual(re.findall('^## .*', written, re.MULTILINE), re.findall('^## .*', committed, re.MULTILINE))
        for goal in goals.GOALS:
            self.assertIn('| ' + ' | '.join([goal.title + (' (stretch)' if goal.stretch else ''), goal.text]) + ' |',
                          committed)
        for image in re.findall(r'\((.*\.svg)\)', committed):
            self.assertTrue((MANUAL / image).exists(), image)


if __name__ == '__main__':
    unittest.main()
