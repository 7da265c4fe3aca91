# SPDX-License-Identifier: Apache-2.0
"""Two kinds of plots as SVG, with nothing but text in hand."""
import html
import math

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 720, 160, 90, 40, 50
BAR = 26
COLOURS = ("#1f6fb2", "#d0661c", "#4b8b3b", "#8a4fa3", "#777777")


def text(x, y, content, anchor="start", size=13):
    return (f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" '
            f'text-anchor="{anchor}">{html.escape(str(content))}</text>')


def page(height, title, parts):
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
        f'height="{height}" font-family="sans-serif" role="img">',
        f"<title>{html.escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        text(LEFT, 24, title, size=15), *parts, "</svg>", ""])


def bars(title, rows):
    """ROWS of (name, value, label): one bar each, from 0."""
    most = max(value for _, value, _ in rows)
    room = WIDTH - LEFT - RIGHT
    parts = []
    for n, (name, value, label) in enumerate(rows):
        y = TOP + n * BAR
        length = room * value / most
        parts += [text(LEFT - 8, y + 15, name, "end"),
                  f'<rect x="{LEFT}" y="{y + 2}" width="{length:.1f}" '
                  f'height="{BAR - 8}" fill="{COLOURS[n > 0]}"/>',
                  text(LEFT + length + 6, y + 15, label)]
    return page(TOP + len(rows) * BAR + 16, title, parts)


def ticks(least, most):
    """Powers of ten that hold LEAST to MOST between them."""
    return [10.0 ** n for n in range(math.floor(math.log10(least)),
                                     math.ceil(math.log10(most)) + 1)]


def lines(title, x_name, y_name, series):
    """SERIES of (name, [(x, y)]), all above 0, on two logarithmic axes."""
    height = 420
    points = [point for _, some in series for point in some]
    across = ticks(min(x for x, _ in points), max(x for x, _ in points))
    up = ticks(min(y for _, y in points), max(y for _, y in points))

    def place(value, scale, begin, end):
        part = (math.log10(value) - math.log10(scale[0])) / max(
            math.log10(scale[-1]) - math.log10(scale[0]), 1)
        return begin + part * (end - begin)

    def at(x, y):
        return (place(x, across, LEFT / 2, WIDTH - RIGHT * 2),
                place(y, up, height - BOTTOM, TOP + 10))
    parts = [text(WIDTH / 2, height - 10, x_name, "middle"),
             text(8, TOP - 2, y_name)]
    for tick in across:
        x = at(tick, up[0])[0]
        parts += [f'<path d="M{x:.1f} {TOP + 10}V{height - BOTTOM}" '
                  'stroke="#ddd"/>',
                  text(x, height - BOTTOM + 18, f"{tick:g}", "middle")]
    for tick in up:
        y = at(across[0], tick)[1]
        parts += [f'<path d="M{LEFT / 2} {y:.1f}H{WIDTH - RIGHT * 2}" '
                  'stroke="#ddd"/>',
                  text(LEFT / 2 - 6, y + 4, f"{tick:g}", "end")]
    for n, (name, some) in enumerate(series):
        where = [at(x, y) for x, y in some]
        colour = COLOURS[n % len(COLOURS)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in where)
        parts += [f'<polyline points="{path}" fill="none" '
                  f'stroke="{colour}" stroke-width="2"/>']
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" '
                  f'fill="{colour}"/>' for x, y in where]
        parts += [text(where[-1][0] + 8, where[-1][1] + 4, name)]
    return page(height, title, parts)
