# SPDX-License-Identifier: Apache-2.0
"""--memory 32m --pids-limit 32: fewer probes at a time, and nobody is killed."""
import json
import os

import pytest

from support import pki, servers
from support.product import UNREACHABLE

MEMORY = 32 << 20
COUNT = 70


# With the fewer processes, and with more than there is memory for.
@pytest.fixture(name="group", params=[32, 200])
def make_group(request):
    """A pair of cgroups (version 1) or one (2), with the container's limits."""
    tops = ["/sys/fs/cgroup/memory", "/sys/fs/cgroup/pids"]
    if not all(os.path.isdir(top) for top in tops):
        tops = ["/sys/fs/cgroup"]
    limits = {"memory.limit_in_bytes": MEMORY, "memory.max": MEMORY,
              "pids.max": request.param}
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


def test_a_small_container_is_enough(network, product, serve, group):
    """The dead wait beside the living, with the host's CA store in sight."""
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
            "unshare", "-m", "sh", "-c", enter + 'exec "$@"', "sh"])
    assert done.code == UNREACHABLE, done
    assert killed_by_the_kernel(group) == 0
    states = {report["registry"]: report["state"]
              for report in map(json.loads, done.out.splitlines())}
    for name in live:
        assert states[name] == "installed", name
    for name in dead:
        assert states[name] == "failed", name
