# SPDX-License-Identifier: Apache-2.0
"""SIGTERM while something holds the installer up: a reader, a slow disk, a disk
that hangs. What ends it, and what only the kernel can end."""
import contextlib
import fcntl
import json
import os
import re
import signal
import subprocess
import time

import pytest

from support import pki, servers
from support.needs import need
from support.network import die_with_parent, wait_until
from support.product import PROMPT_SECONDS, TRUSTED

TERMINATED = 128 + signal.SIGTERM
COUNT = 16
# Long enough to see that nothing happens, and for a busy machine.
LOOK_SECONDS = 1.5
FSYNC_MICROSECONDS = 500000


@pytest.fixture(name="names")
def make_names(network, serve):
    root = pki.root("Stop Root")
    server = serve(root.leaf("*.stop.test"), root)
    return network.many("stop.test", server.address, COUNT)


def ended(process, seconds=PROMPT_SECONDS):
    """Its exit status; None where it is still there."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def wait_in(pid, *calls):
    """Until PID sleeps in one of the functions of the kernel."""
    end = time.monotonic() + PROMPT_SECONDS
    while time.monotonic() < end:
        with open(f"/proc/{pid}/wchan", encoding="ascii") as file:
            name = file.read()
        if any(call in name for call in calls):
            return
        time.sleep(0.02)
    pytest.fail(f"it is in {name}, not in one of {calls}")


@contextlib.contextmanager
def started(product, *arguments, **options):
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL,
               **options}
    with subprocess.Popen(
            product.command(*arguments), env={}, stdin=subprocess.DEVNULL,
            preexec_fn=die_with_parent, **options) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("arguments", [
    ["--show"], ["--json"], ["--every", "1h"]], ids=" ".join)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_reader_that_takes_nothing(product, names, arguments, number):
    """A pager at its first page, a terminal that is halted."""
    reading, writing = os.pipe()
    size = fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    os.write(writing, b"x" * size)
    with started(product, *names, *arguments, stdout=writing,
                 stderr=writing) as process:
        assert ended(process, LOOK_SECONDS) is None
        process.send_signal(number)
        code = ended(process)
    os.close(reading)
    os.close(writing)
    assert code == (TRUSTED if "--every" in arguments else 128 + number)


def test_a_slow_reader_gets_all(product, names):
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    text = b""
    with started(product, *names, "--json", stdout=writing) as process:
        os.close(writing)
        while part := os.read(reading, 1000):
            text += part
            time.sleep(0.01)
        assert ended(process) == TRUSTED
    os.close(reading)
    assert len(text) > 4096
    told = [json.loads(line) for line in text.splitlines()]
    assert [one["registry"] for one in told] == names


@pytest.mark.parametrize("arguments", [[], ["--json"]], ids=str)
def test_a_reader_who_goes_away_stops_nothing(product, names, arguments):
    """`dtr-trust ... | head -1`, or a logger that has died."""
    reading, writing = os.pipe()
    os.close(reading)
    with started(product, *names, *arguments, stdout=writing,
                 stderr=writing) as process:
        code = ended(process, product.LIMIT_SECONDS)
    os.close(writing)
    assert code == TRUSTED
    assert all(product.installed(name) for name in names)


def test_without_standard_input(network, product):
    """Descriptor 0 is then another's."""
    with servers.RudeServer(network, servers.stay_silent) as server:
        name = network.name("silent.stop.test", server.address)
        process = product.start(
            name, "--timeout", "1h",
            prefix=["sh", "-c", 'exec "$@" <&-', "sh"])
        assert ended(process, LOOK_SECONDS) is None
        process.send_signal(signal.SIGTERM)
        code = ended(process)
        process.kill()
        process.communicate()
    assert code == TERMINATED


@pytest.mark.parametrize("directories", [1, 2])
def test_a_slow_disk(product, names, tmp_path, directories):
    """At most the one write that is under way is waited for; of the others
    nothing is in any directory."""
    need("strace", "pgrep")
    more = [str(tmp_path / "second")][:directories - 1]
    for path in more:
        os.mkdir(path)
    more_options = [f"--certs-dir={path}" for path in more]
    process = product.start(*names, *more_options, prefix=[
        "strace", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e",
        f"inject=fsync:delay_enter={FSYNC_MICROSECONDS}"])
    wait_until(lambda: os.listdir(product.directory), PROMPT_SECONDS, 0.02)
    pid = int(subprocess.run(["pgrep", "-P", str(process.pid)],
                             capture_output=True, text=True,
                             check=True).stdout.split()[0])
    os.kill(pid, signal.SIGTERM)
    out, err = process.communicate(timeout=COUNT * PROMPT_SECONDS)
    assert process.returncode == TERMINATED, err
    done = [name for path in [product.directory, *more] for name in names
            if os.path.exists(os.path.join(path, name, "ca.crt"))]
    assert 0 < len(done) < COUNT / 2
    told = " ".join(out.decode("ascii").split())
    assert sorted(re.findall(r"(\S+\.test)(?: in \S+)?: installed", told)) \
        == sorted(done)
    for path in [product.directory, *more]:
        assert set(os.listdir(path)) <= set(done), "a temporary file is left"
    assert "stopped by a signal, nothing was changed for the others" in told


@pytest.fixture(name="mounted")
def make_mounted(network, product):
    """mounted(*arguments, **options) on certs.d, for this test."""
    with contextlib.ExitStack() as stack:
        def mounted(*arguments, **options):
            subprocess.run(network.machine.argv(
                "mount", *arguments, product.directory), check=True, **options)
            stack.callback(network.machine.run, "umount", "--lazy",
                           product.directory)
        yield mounted


def test_a_disk_whose_server_is_gone(product, names, mounted):
    """As a hard mount of NFS is then: the kernel waits for SIGKILL alone."""
    server = os.open("/dev/fuse", os.O_RDWR)
    # -i: no helper; nobody answers what is asked through this descriptor.
    mounted("-i", "-t", "fuse", "-o",
            f"fd={server},rootmode=40000,user_id=0,group_id=0", "fuse",
            pass_fds=[server])
    with started(product, names[0]) as process:
        wait_in(process.pid, "fuse", "request_wait")
        process.send_signal(signal.SIGTERM)
        assert ended(process, LOOK_SECONDS) is None
        process.kill()
        assert ended(process) == -signal.SIGKILL
    with started(product, names[0]) as process:
        wait_in(process.pid, "fuse", "request_wait")
        process.send_signal(signal.SIGTERM)
        assert ended(process, LOOK_SECONDS) is None
        # The kernel has an answer at last: an error.
        os.close(server)
        assert ended(process) is not None


def test_a_disk_that_is_frozen(product, names, mounted, network, tmp_path):
    """Not even SIGKILL ends it before the disk goes on; then nothing more is
    begun."""
    need("fsfreeze", "mkfs.ext4")
    image = tmp_path / "image"
    with open(image, "wb") as file:
        file.truncate(8 << 20)
    subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
    mounted("-o", "loop", str(image))
    machine = network.machine
    assert product.run(names[0]).code == TRUSTED
    for number, code in ((signal.SIGTERM, TERMINATED),
                         (signal.SIGKILL, -signal.SIGKILL)):
        machine.run("fsfreeze", "--freeze", product.directory)
        try:
            with started(product, *names) as process:
                wait_in(process.pid, "percpu_rwsem")
                process.send_signal(number)
                assert ended(process, LOOK_SECONDS) is None
                machine.run("fsfreeze", "--unfreeze", product.directory)
                assert ended(process) == code
        except BaseException:
            machine.run("fsfreeze", "--unfreeze", product.directory,
                        check=False)
            raise
    # One each may have been written; whatever there is, is whole.
    after = set(machine.run("ls", product.directory).stdout.split())
    after.remove("lost+found")
    assert names[0] in after and len(after) < 4
    assert product.run(*after, "--check", "--offline").code == TRUSTED
