# SPDX-License-Identifier: Apache-2.0
"""A test network's machine as a host with systemd, of Debian 13.

systemd is the first process of namespaces of its own, with a cgroup of its own;
what it writes is in memory and gone with the network.
"""
import contextlib
import glob
import os
import subprocess
import time

from support.engines import wait_for
from support.network import HANG_SECONDS, children_of
from support.product import ROOT
from support.roots import enter_root

# Where cgroups of version 2 are, alone or beside version 1's.
CGROUPS = ("/sys/fs/cgroup/unified", "/sys/fs/cgroup")
# Of a login on the host, whatever the tests themselves were started with.
LOGIN_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
START = """
set -eu
mkdir -p "$1"
echo $$ >"$1/cgroup.procs"
exec unshare --mount --pid --fork --kill-child --cgroup --uts --ipc sh -euc '
mount -t proc proc /proc
umount --lazy /sys
mount -t sysfs sysfs /sys
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs tmpfs /run
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin \
	/lib/systemd/systemd --system --show-status=0 --log-target=console'
"""


def deploy_root():
    return subprocess.run([os.path.join(ROOT, "scripts", "deploy-root")],
                          check=True, stdout=subprocess.PIPE,
                          text=True).stdout.strip()


class SystemdHost:
    """NETWORK's machine, booted. PREPARE(self) sees it before: its files are
    there, and nothing runs."""

    def __init__(self, network, prepare=lambda host: None):
        self.network, self.host = network, network.machine
        enter_root(network, deploy_root())
        prepare(self)
        base = next(path for path in CGROUPS
                    if os.path.exists(path + "/cgroup.procs"))
        self.cgroup = f"{base}/dtr-trust-bed-{self.host.pid}"
        log = network.path("systemd.log")
        with open(log, "wb") as file:
            self.process = self.host.start("bash", "-c", START, "bash",
                                           self.cgroup, stdout=file,
                                           stderr=file)
        wait_for(lambda: self.run("systemctl", "is-system-running",
                                  check=False).stdout.strip() in
                 ("running", "degraded"), self.process, log)

    def first(self):
        """The number of systemd itself, seen from outside; 0 before it is."""
        return next(iter(children_of(self.process)), 0)

    def run(self, *command, check=True, timeout=HANG_SECONDS, **options):
        """Run COMMAND among systemd's processes; text output is captured."""
        pid = self.first()
        if not pid:
            return subprocess.CompletedProcess(command, 1, "", "not up")
        done = subprocess.run(
            ["nsenter", "-t", str(pid), "-a", "--", "env", "-u", "TMPDIR",
             f"PATH={LOGIN_PATH}", "timeout", str(timeout),
             *map(str, command)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)
        if check and done.returncode:
            raise AssertionError(f"{command}: {done.returncode}\n"
                                 f"{done.stdout}{done.stderr}")
        return done

    def write(self, path, text):
        """A file of the host."""
        self.host.run("sh", "-c", 'mkdir -p "${1%/*}" && cat >"$1"', "sh",
                      path, input=text)

    def show(self, unit, name):
        return self.run("systemctl", "show", "--value", "-p", name,
                        unit).stdout.strip()

    def close(self):
        self.process.kill()
        self.process.wait()
        end = time.monotonic() + 10
        while os.path.exists(self.cgroup) and time.monotonic() < end:
            for folder in sorted(glob.glob(self.cgroup + "/**/",
                                           recursive=True), reverse=True):
                with contextlib.suppress(OSError):
                    os.rmdir(folder)
