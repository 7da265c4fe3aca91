# SPDX-License-Identifier: Apache-2.0
"""--memory 32m --pids-limit 32: fewer probes at a time, and nobody is killed.
Nor is it within Kubernetes' limit, where a probe of the kubelet runs beside it."""
import json
import os
import re

import pytest

from support import pki, servers
from support.product import UNREACHABLE, read

COUNT = 70
# In MiB and processes, as README has it; and with more processes than there is
# memory for.
README = [(32, 32), (32, 200)]


def kubernetes():
    """The limit of deploy/kubernetes; nothing there bounds the processes."""
    limit = re.search(r"limits:\s+memory: (\d+)Mi$",
                      read("deploy/kubernetes/base/daemonset.yaml"), re.M)
    return int(limit[1]), 1000


@pytest.fixture(name="group")
def make_group(request):
    """A pair of cgroups (version 1) or one (2), with the container's limits."""
    memory, processes = request.param
    tops = ["/sys/fs/cgroup/memory", "/sys/fs/cgroup/pids"]
    if not all(os.path.isdir(top) for top in tops):
        tops = ["/sys/fs/cgroup"]
    limits = {"memory.limit_in_bytes": memory << 20, "memory.max": memory << 20,
              "pids.max": processes}
    groups = [os.path.join(top, f"dtr-trust-test-{os.getpid()}")
              for top in tops]
    try:
        for group in groups:
            os.mkdir(group)
            for name, limit in limits.items():
                if os.path.exists(os.path.join(group, name)):
                    with open(os.path.join(group, name), "w",
                              encoding="ascii") as file:
                        file.write(str(limit))
    except OSError as error:
        pytest.skip(f"no cgroup to limit: {error}")
    if not any(os.path.exists(os.path.join(group, name))
               for group in groups for name in limits):
        pytest.skip("no controller for memory")
    yield groups
    for group in groups:
        os.rmdir(group)


def killed_by_the_kernel(groups):
    for name in ["memory.oom_control", "memory.events"]:
        path = os.path.join(groups[0], name)
        if os.path.exists(path):
            with open(path, encoding="ascii") as file:
                return int(dict(line.split() for line in file)["oom_kill"])
    raise AssertionError("no count of kills")


def run_in(group, network, product, serve, script):
    """Both kinds of registries, by SCRIPT, which has the command as "$@"; the
    dead wait beside the living, with the host's CA store in sight."""
    root = pki.root("Small Root")
    server = serve(root.leaf("*.small.test"), root)
    live = network.many("small.test", server.address, COUNT)
    # What a container sees as its own group.
    enter = "".join(f"echo $$ >{path}/cgroup.procs; "
                    f"mount --bind {path} {os.path.dirname(path)}; "
                    for path in group)
    with servers.RudeServer(network, servers.stay_silent) as mute:
        dead = network.many("dead.test", mute.address, COUNT)
        names = [name for pair in zip(dead, live) for name in pair]
        done = product.run("--json", "--timeout", "4s", *names, prefix=[
            "unshare", "-m", "sh", "-c", enter + script, "sh"])
    assert done.code == UNREACHABLE, done
    assert killed_by_the_kernel(group) == 0
    states = {report["registry"]: report["state"]
              for report in map(json.loads, done.out.splitlines())}
    for name in live:
        assert states[name] == "installed", name
    for name in dead:
        assert states[name] == "failed", name


@pytest.mark.parametrize("group", README, indirect=True)
def test_a_small_container_is_enough(network, product, serve, group):
    run_in(group, network, product, serve, 'exec "$@"')


@pytest.mark.parametrize("group", [kubernetes()], indirect=True)
def test_a_kubelets_probe_fits_beside_it(network, product, serve, group):
    """Both of them with as many probes as there may be."""
    run_in(group, network, product, serve, '"$@" --check >/dev/null 2>&1 & '
           '"$@"; code=$?; wait; exit $code')
