# SPDX-License-Identifier: Apache-2.0
"""deploy/hosts on a machine that systemd runs: its timer, and Quadlet."""
import contextlib
import os
import shutil

import pytest

from support.hosts import SILENT, Administrator, shipped
from support.needs import need
from support.network import Network, wait_until
from support.product import BINARY, REFUSED

UNIT, TIMER = "dtr-trust.service", "dtr-trust.timer"


@pytest.fixture(scope="module", name="administrator")
def make_administrator():
    need("debootstrap", "docker-registry", "ip", "nsenter", "skopeo")
    with contextlib.closing(Network()) as network:
        administrator = Administrator(network)
        try:
            yield administrator
        finally:
            administrator.host.close()
            administrator.registry.close()


@pytest.fixture(name="service")
def make_service(administrator):
    """The binary and the units in their places, nothing trusted."""
    host = administrator.host
    host.host.run("cp", BINARY, "/usr/local/sbin/dtr-trust")
    administrator.settings()
    administrator.install("/etc/systemd/system", UNIT, TIMER)
    yield administrator
    host.run("systemctl", "disable", "--now", TIMER, UNIT, check=False)
    host.run("systemctl", "reset-failed", UNIT, check=False)
    host.host.run("sh", "-c", "rm -rf /etc/systemd/system/dtr-trust.*")
    host.run("systemctl", "daemon-reload")
    shutil.rmtree(os.path.dirname(os.path.dirname(administrator.path)),
                  ignore_errors=True)


def test_a_host_trusts_when_its_timer_says_so(service):
    """Also one that is made later: it boots with the files in their places."""
    # The same timer, without the minute and the spreading.
    service.host.write(f"/etc/systemd/system/{TIMER}.d/now.conf",
                       "[Timer]\nOnBootSec=\nOnBootSec=1s\n"
                       "RandomizedDelaySec=0\n")
    service.host.run("systemctl", "daemon-reload")
    service.host.run("systemctl", "enable", "--now", TIMER)
    assert wait_until(service.anchors), service.logs()
    assert service.anchors() == [service.anchor]
    assert wait_until(lambda: service.host.show(UNIT, "ActiveState")
                      == "inactive")
    assert service.host.show(UNIT, "Result") == "success"
    assert service.host.show(TIMER, "NextElapseUSecMonotonic") != ""
    assert "installed" in service.logs()


def test_the_timer_as_it_stands_is_soon(service):
    """README's two minutes, whatever the chance that is in it."""
    service.host.run("systemctl", "enable", "--now", TIMER)
    timespan = "systemd-analyze timespan {} | sed -n 's/.*s: *//p'"
    parts = ["1min"] + [service.host.show(TIMER, name) for name in (
        "RandomizedDelayUSec", "AccuracyUSec")]
    seconds = [int(service.host.run("sh", "-c", timespan.format(
        f"'{part}'")).stdout) / 1e6 for part in parts]
    assert "OnBootUSec=1min ;" in service.host.show(TIMER, "TimersMonotonic")
    assert "within two minutes" in " ".join(shipped("README.md").split())
    assert sum(seconds) <= 120, parts


def test_a_wrong_pin_fails_the_unit_and_its_log_says_why(service):
    service.settings(pin="sha256:" + "0" * 64)
    assert service.host.run("systemctl", "start", UNIT,
                            check=False).returncode != 0
    assert service.host.show(UNIT, "Result") == "exit-code"
    assert service.host.show(UNIT, "ExecMainStatus") == str(REFUSED)
    assert service.pin in service.logs()
    assert service.anchors() is None


def test_in_the_unit_a_probe_gives_up_root_all_the_same(service):
    service.settings(name=SILENT)
    service.host.run("systemctl", "start", "--no-block", UNIT)

    def probe():
        done = service.host.run("ps", "-eo", "user:20,args", check=False)
        return [line.split()[0] for line in done.stdout.splitlines()
                if "dtr-trust-probe" in line]
    assert wait_until(probe), service.logs()
    assert probe() == ["nobody"]
    service.host.run("systemctl", "stop", UNIT)


def test_trust_is_taken_back(service):
    service.host.run("systemctl", "start", UNIT)
    assert service.anchors() == [service.anchor]
    service.host.run("systemctl", "disable", "--now", TIMER)
    service.take_back("dtr-trust")


def test_quadlet_keeps_a_container_that_trusts(administrator):
    host = administrator.host
    administrator.load_into_podman()
    administrator.settings()
    host.write("/etc/containers/systemd/dtr-trust.container",
               shipped("dtr-trust.container").replace(
                   "--splay=30m", "--splay=0s"))
    host.run("systemctl", "daemon-reload")
    host.run("systemctl", "start", "dtr-trust", check=False)
    assert wait_until(administrator.anchors), administrator.logs()
    assert administrator.anchors() == [administrator.anchor]
    assert host.show("dtr-trust", "ActiveState") == "active"
    host.run("systemctl", "stop", "dtr-trust")
    assert host.show("dtr-trust", "Result") == "success", administrator.logs()
