# SPDX-FileCopyrightText: 2026 The glib-vclock authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The figures as pictures, on white so that they can be read on any background.

import matplotlib
matplotlib.use('Agg')
import matplotlib.pyplot as plt

import cases
import report

PANELS = ['arm', 'cancel', 'rearm-later', 'rearm-random', 'create', 'idle', 'expire-same', 'expire-apart']
OURS = '#c01c28'
STYLES = {
    'vclock': dict(color=OURS, linewidth=2.8, marker='o', zorder=5),
    'vclock-signal': dict(color=OURS, linewidth=1.4, marker='o', linestyle='--', zorder=4),
    'glib': dict(color='#1c71d8', marker='s'),
    'libuv': dict(color='#26a269', marker='^'),
    'libevent': dict(color='#e5a50a', marker='v'),
    'libev': dict(color='#813d9c', marker='D'),
    'sd-event': dict(color='#865e3c', marker='P'),
    'gstreamer': dict(color='#2ab8c8', marker='X'),
    'raw-heap': dict(color='#5e5c64', linestyle='--', marker='.'),
    'raw-wheel': dict(color='#9a9996', linestyle=':', marker='.'),
}
SETTINGS = {
    'axes.spines.right': False,
    'axes.spines.top': False,
    'figure.facecolor': 'white',
    'font.size': 10,
    'legend.frameon': False,
    'lines.linewidth': 1.2,
    'lines.markersize': 4.5,
    'svg.fonttype': 'none',
    'svg.hashsalt': 'glib-vclock',
}


def plot_row(axes, figures, row):
    for peer in figures.peers(row):
        sizes = [size for size in figures.sizes(row) if size > 1 and figures.get(row, peer, size)]
        if peer in STYLES and sizes:
            axes.plot(sizes, [figures.get(row, peer, size) for size in sizes], label=peer, **STYLES[peer])
    axes.set_xscale('log')
    axes.set_yscale('log')
    axes.set_xticks([size for size in figures.sizes(row) if size > 1])
    axes.minorticks_off()
    axes.grid(axis='y', color='#deddda', linewidth=0.7)
    axes.set_title(cases.ROWS[row].title, loc='left', fontsize=10.5, fontweight='bold')
    axes.set_ylabel('ns', rotation=0, ha='right', va='center')


def draw_sizes(figures):
    rows = [row for row in PANELS if figures.peers(row)]
    if not rows:
        return None
    n_lines = (len(rows) + 1) // 2
    figure, grid = plt.subplots(n_lines, 2, figsize=(9.6, 2.75 * n_lines + 0.9), squeeze=False)
    for axes, row in zip(grid.flat, rows):
        plot_row(axes, figures, row)
    for axes in list(grid.flat)[len(rows):]:
        axes.axis('off')
    for axes in grid[-1]:
        axes.set_xlabel('armed timers')
    found = {label: handle for axes in grid.flat for handle, label in zip(*axes.get_legend_handles_labels())}
    labels = [label for label in STYLES if label in found]
    figure.legend([found[label] for label in labels], labels, loc='upper center', ncol=5)
    figure.tight_layout(rect=(0, 0, 1, 1 - 0.75 / figure.get_figheight()), h_pad=1.6, w_pad=2.0)
    return figure


def draw_lateness(figures):
    """Median and 99th percentile, the least late on top."""
    peers = sorted(figures.peers('latency-p50'), key=lambda peer: figures.get('latency-p50', peer, 1), reverse=True)
    if not peers:
        return None
    figure, axes = plt.subplots(figsize=(9.6, 0.32 * len(peers) + 1.3))
    for i, peer in enumerate(peers):
        low, high = figures.get('latency-p50', peer, 1), figures.get('latency-p99', peer, 1)
        low = max(low, 0.02)
        color = OURS if peer.startswith('vclock') else '#5e5c64'
        axes.plot([low, high], [i, i], color=color, linewidth=2.2, solid_capstyle='round')
        axes.plot([low], [i], 'o', color=color, markersize=6)
        axes.plot([high], [i], '|', color=color, markersize=9, markeredgewidth=2)
        axes.annotate(f' {report.number(low)} … {report.number(high)} µs', (high, i), xytext=(6, 0),
                      textcoords='offset points', va='center', fontsize=9, color=color)
    axes.set_yticks(range(len(peers)), peers)
    axes.set_xscale('log')
    axes.set_xlim(right=axes.get_xlim()[1] * 6)
    axes.minorticks_off()
    axes.grid(axis='x', color='#deddda', linewidth=0.7)
    axes.set_xlabel('µs late: median (dot) to 99th percentile (bar)')
    axes.set_title('Lateness of a single timer', loc='left', fontsize=10.5, fontweight='bold')
    figure.tight_layout()
    return figure


def save(figures, folder, png_folder):
    """For the manual as SVG, and beside the results as PNG. Returns the names of those that there are."""
    saved = []
    with plt.rc_context(SETTINGS):
        for name, draw in (('sizes', draw_sizes), ('lateness', draw_lateness)):
            figure = draw(figures)
            if figure is None:
                continue
            figure.savefig(folder / f'performance-{name}.svg', metadata={'Date': None, 'Creator': None})
            figure.savefig(png_folder / f'performance-{name}.png', dpi=110)
            plt.close(figure)
            saved.append(name)
    return saved
