# SPDX-License-Identifier: Apache-2.0
"""A first use, a refusal and a hundred registries, as a terminal shows them.

    terminal_picture.py BINARY      the picture, as SVG, on standard output
"""
import contextlib
import fcntl
import html
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

from support import pki  # noqa: E402
from support.network import BLACKHOLE_ADDRESS, Network  # noqa: E402
from support.servers import TlsRegistry  # noqa: E402

COLUMNS, LINE, CELL, EDGE = 80, 17, 8.0, 16
DIRECTORY = "/etc/docker/certs.d"
BOLD = ' font-weight="bold"'
HUNDRED = 100
# What is left of a long run: the end of the screen.
LAST = 12


class Screen:
    """What a terminal makes of what it is sent: rows of (character, bold)."""

    def __init__(self):
        self.rows, self.column, self.bold = [[]], 0, False

    def feed(self, text):
        for part in re.findall("\x1b\\[[0-9;]*[A-Za-z]|.", text, re.DOTALL):
            if part == "\n":
                self.rows.append([])
            elif part == "\r":
                self.column = 0
            elif part == "\x1b[K":
                del self.rows[-1][self.column:]
            elif part in ("\x1b[0m", "\x1b[1m"):
                self.bold = part == "\x1b[1m"
            elif part >= " ":
                if self.column == COLUMNS:
                    self.rows.append([])
                    self.column = 0
                self.rows[-1][self.column:self.column + 1] = [
                    (part, self.bold)]
                self.column += 1

    def lines(self):
        return [list(row) for row in self.rows]


def run_in_terminal(command, until=None):
    """The screen at the end of COMMAND; with UNTIL, also the one when that
    pattern was on it for the first time."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ,
                struct.pack("HHHH", 24, COLUMNS, 0, 0))
    screen, then = Screen(), None
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=slave,
                          stderr=slave, env={"PATH": os.environ["PATH"]}):
        os.close(slave)
        with contextlib.suppress(OSError):  # the other side is closed
            while data := os.read(master, 65536):
                screen.feed(data.decode("ascii"))
                seen = "".join(c for c, _ in screen.rows[-1])
                if until and not then and re.search(until, seen):
                    then = screen.lines()
    os.close(master)
    return screen.lines(), then


def settle(lines):
    """LINES without what differs from one run to the next."""
    seen = {}

    def number(match):
        return f"{seen.setdefault(match[0], len(seen) + 1):064x}"
    for row in lines:
        text = "".join(c for c, _ in row)
        text = re.sub(r"[0-9a-f]{64}", number, text)
        text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
                      "2026-11-26T00:00:00Z", text)
        text = re.sub(r"198\.51\.100\.\d+", "198.51.100.7", text)
        bold = [b for _, b in row] + [False] * len(text)
        yield list(zip(text, bold))


def spans(row):
    """The runs of equal weight in ROW."""
    text, weight = "", False
    for character, bold in row:
        if bold != weight and text:
            yield text, weight
            text = ""
        text, weight = text + character, bold
    if text:
        yield text, weight


def draw(frames):
    """FRAMES, (title, command, rows), one under the other."""
    body, y = [], EDGE
    for title, command, rows in frames:
        rows = [[(c, False) for c in "$ " + command]] * bool(command) + rows
        height = LINE * len(rows) + 3 * EDGE
        body.append(f'<rect x="{EDGE}" y="{y}" width="{COLUMNS * CELL + 24:g}"'
                    f' height="{height}" rx="6" fill="#16191d"/>')
        body.append(f'<text x="{EDGE + 12}" y="{y + 20}" fill="#8b949e">'
                    f"{html.escape(title)}</text>")
        for number, row in enumerate(rows):
            column = 0
            for text, bold in spans(row):
                if text.strip():
                    body.append(
                        f'<text x="{EDGE + 12 + column * CELL:g}" '
                        f'y="{y + 44 + number * LINE}" textLength="'
                        f'{len(text) * CELL:g}" fill="#e6edf3"'
                        f'{BOLD if bold else ""}>'
                        f"{html.escape(text)}</text>")
                column += len(text)
        y += height + EDGE
    width = COLUMNS * CELL + 24 + 2 * EDGE
    return "\n".join([
        "<!-- SPDX-License-Identifier: Apache-2.0 -->",
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" '
        f'height="{y}" font-family="monospace" font-size="13" '
        'xml:space="preserve">',
        f'<rect width="{width:g}" height="{y}" fill="#ffffff"/>',
        *body, "</svg>"])


class Bed:
    """A network, and the binary with a directory of its own as certs.d."""

    def __init__(self, binary, network, stack, top):
        self.binary, self.network, self.stack = binary, network, stack
        self.top = top
        self.root = pki.root("Example Root")

    def serve(self, root, *names):
        server = self.stack.enter_context(
            TlsRegistry(self.network, root.leaf(*names), root))
        return [self.network.name(name, server.address) for name in names]

    def command(self, *arguments):
        return self.network.machine.argv(
            "unshare", "--mount", "sh", "-c",
            f"mount -t tmpfs none /etc/docker && mkdir {DIRECTORY} && "
            f'mount --bind {self.top} {DIRECTORY} && exec "$@"', "sh",
            self.binary, *arguments)


def first_use(bed, name):
    rows, _ = run_in_terminal(bed.command(name))
    return "A first use", f"dtr-trust {name}", list(settle(rows))


def refusal(bed, name):
    path = os.path.join(bed.top, name)
    os.mkdir(path)
    with open(os.path.join(path, "ca.crt"), "wb") as file:
        file.write(pki.pem(bed.root.certificate))
    rows, _ = run_in_terminal(bed.command(name))
    return "Another CA than before", f"dtr-trust {name}", list(settle(rows))


def hundred(bed):
    """All but one are there; it is waited for, then it is over."""
    names = [f"r{n:02}.example.test" for n in range(HUNDRED - 1)]
    bed.serve(bed.root, *names)
    names.insert(40, bed.network.name("dead.example.test", BLACKHOLE_ADDRESS))
    path = os.path.join(bed.top, "list")
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join(names))
    arguments = ["--registries", f"{DIRECTORY}/list", "--timeout", "8s"]
    subprocess.run(bed.command(*arguments), capture_output=True, check=False)
    end, then = run_in_terminal(
        bed.command(*arguments), rf"{HUNDRED - 1} of {HUNDRED} done; waiting "
        "for dead.example.test, 3 s")
    command = "dtr-trust --registries registries.txt --timeout 8s"
    yield ("A hundred registries, one of them dead: after three seconds",
           command, list(settle(then or end))[-LAST:])
    yield "... and at the end", "", list(settle(end))[-LAST:]


def main():
    os.makedirs(os.path.dirname(DIRECTORY), exist_ok=True)
    with contextlib.ExitStack() as stack:
        network = Network()
        stack.callback(network.close)
        top = stack.enter_context(tempfile.TemporaryDirectory())
        os.chmod(top, 0o755)
        bed = Bed(os.path.abspath(sys.argv[1]), network, stack, top)
        plain, = bed.serve(bed.root, "registry.example.test")
        changed, = bed.serve(pki.root("Other Root"), "changed.example.test")
        frames = [first_use(bed, plain), refusal(bed, changed), *hundred(bed)]
    print(draw(frames))


if __name__ == "__main__":
    main()
