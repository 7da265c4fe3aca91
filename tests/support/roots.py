# SPDX-License-Identifier: Apache-2.0
"""Another Debian release under a test network's machine, copied on write."""
import os

from support.product import BINARY


def enter_root(network, root="/"):
    """From now on NETWORK's machine runs what is in ROOT.

    What it writes there goes into memory and is gone with it. Its /etc/docker
    and its resolv.conf stay its own; the network's directory and the binary
    have the same paths inside and outside.
    """
    host = network.machine
    memory, top = network.path("memory"), network.path("root")
    for path in (memory, top):
        os.mkdir(path)
    host.run("mount", "-t", "tmpfs", "tmpfs", memory)
    host.run("mkdir", memory + "/upper", memory + "/work")
    host.run("mount", "-t", "overlay", "overlay", "-o",
             f"lowerdir={root},upperdir={memory}/upper,"
             f"workdir={memory}/work", top)
    for path in ("/proc", "/sys", "/dev"):
        host.run("mount", "--rbind", path, top + path)
    build = os.path.dirname(BINARY)
    for outside, inside in ((network.directory, network.directory),
                            (network.etc_docker, "/etc/docker"),
                            (build, build)):
        host.run("mkdir", "-p", top + inside)
        host.run("mount", "--bind", outside, top + inside)
    host.run("rm", "-f", top + "/etc/resolv.conf")
    host.run("cp", network.path("resolv.conf"), top + "/etc/resolv.conf")
    # Not chroot: what joins a container's namespace would leave it again.
    host.run("mkdir", top + "/old-root")
    host.run("pivot_root", top, top + "/old-root")
    host.run("umount", "--lazy", "/old-root")
