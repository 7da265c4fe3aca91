# SPDX-License-Identifier: Apache-2.0
"""One container run makes a real Docker, Podman, skopeo and ctr trust."""
import os
import time

import pytest

from support import pki
from support.engines import PASSWORD, USER
from support.needs import need
from support.network import wait_until
from support.product import TRUSTED, UNREACHABLE, UNWRITTEN, USAGE, snapshot
from support.servers import RudeServer, stay_silent

UNUSABLE = 5
# Less than the silent server stays, and than the program waits for it.
PROMPT_SECONDS = 20
UNKNOWN_AUTHORITY = "x509: certificate signed by unknown authority"
HARDENED = ["--read-only", "--cap-drop", "ALL", "--security-opt",
            "no-new-privileges", "--memory", "32m", "--pids-limit", "32"]


def certs_d(machine, *parts):
    return os.path.join(machine.network.etc_docker, "certs.d", *parts)


def refused(done):
    assert done.returncode != 0
    assert UNKNOWN_AUTHORITY in done.stdout + done.stderr


def accepted(done):
    assert done.returncode == 0, done.stdout + done.stderr


def login(machine, reference, client="docker"):
    return getattr(machine, client)(
        "login", "--username", USER, "--password-stdin", reference,
        input=PASSWORD, check=False)


def daemon_identity(machine):
    """Changes when dockerd is another process than before."""
    pid = machine.host.run("cat", machine.network.path("docker.pid")).stdout
    return pid, machine.host.run("cut", "-d ", "-f22",
                                 f"/proc/{pid.strip()}/stat").stdout


@pytest.fixture(name="image")
def make_image(machine, reference):
    """An image in the local store, named for pushing to REFERENCE."""
    name = f"{reference}/tiny:1"
    machine.docker("tag", machine.payload, name)
    yield name
    machine.docker("rmi", "-f", name, check=False)


@pytest.fixture(name="pushed")
def make_pushed(machine, registry, reference):
    """An image that is in the registry, put there around certs.d."""
    name = f"{reference}/tiny:1"
    archive = machine.network.path("payload.tar")
    if not os.path.exists(archive):
        machine.docker("save", "-o", archive, machine.payload)
    machine.skopeo("copy", "--dest-tls-verify=false", "--dest-creds",
                   f"{USER}:{PASSWORD}", f"docker-archive:{archive}",
                   f"docker://{name}")
    return name


def test_docker_refuses_before_and_works_after_without_a_restart(
        machine, registry, reference, image):
    before = daemon_identity(machine)
    refused(login(machine, reference))
    refused(machine.docker("push", image, check=False))
    refused(machine.docker("pull", image, check=False))

    done = machine.trust(reference)

    assert done.code == TRUSTED, done
    assert reference in done.out
    assert pki.read_pem(certs_d(machine, reference, "ca.crt")) == [
        pki.der(registry.anchor.certificate)]
    accepted(login(machine, reference))
    accepted(machine.docker("push", image, check=False))
    machine.docker("rmi", image)
    accepted(machine.docker("pull", image, check=False))
    assert daemon_identity(machine) == before


def pull_with_skopeo(machine, image):
    return machine.skopeo("inspect", "--creds", f"{USER}:{PASSWORD}",
                          f"docker://{image}", check=False)


def pull_with_podman(machine, image):
    return machine.podman("pull", "--creds", f"{USER}:{PASSWORD}", image,
                          check=False)


def pull_with_ctr(machine, image):
    return machine.ctr("images", "pull", "--hosts-dir",
                       "/etc/docker/certs.d", "--user",
                       f"{USER}:{PASSWORD}", image, check=False)


@pytest.mark.parametrize("client, pull", [
    ("skopeo", pull_with_skopeo), ("podman", pull_with_podman),
    ("ctr", pull_with_ctr)])
def test_other_clients_refuse_before_and_work_after(
        machine, reference, pushed, client, pull):
    need(client)
    refused(pull(machine, pushed))

    done = machine.trust(reference)

    assert done.code == TRUSTED, done
    accepted(pull(machine, pushed))


@pytest.mark.parametrize("client", ["skopeo", "podman"])
def test_other_clients_can_log_in_after(machine, reference, client):
    need(client)
    refused(login(machine, reference, client))
    assert machine.trust(reference).code == TRUSTED
    accepted(login(machine, reference, client))


def test_the_hardened_run_installs(machine, reference):
    done = machine.trust(reference, options=HARDENED)
    assert done.code == TRUSTED, done
    accepted(login(machine, reference))


def test_many_registries_at_once_fit_into_the_hardened_run(
        machine, registry, reference):
    """More than there are probes at a time, within 32 MB and 32 processes."""
    names = [machine.network.name(f"n{n}-{reference}", registry.address)
             for n in range(40)]
    done = machine.trust(",".join(names), options=HARDENED)
    assert done.code == TRUSTED, done
    for name in names:
        assert os.path.exists(certs_d(machine, name, "ca.crt"))


def test_a_port_in_the_reference_is_part_of_the_directory(
        machine, registry, reference):
    done = machine.trust(f"{reference}:443")
    assert done.code == TRUSTED, done
    assert os.path.exists(certs_d(machine, f"{reference}:443", "ca.crt"))
    assert not os.path.exists(certs_d(machine, reference))
    accepted(login(machine, f"{reference}:443"))
    refused(login(machine, reference))


def test_several_registries_in_one_variable_and_a_dead_one(
        machine, registry, reference):
    other = machine.network.name("also-" + reference, registry.address)
    dead = machine.network.name("dead-" + reference,
                                machine.network.address())
    done = machine.trust(f"{reference}, {dead} {other}")
    assert done.code == UNREACHABLE, done
    assert dead in done.out + done.err
    assert not os.path.exists(certs_d(machine, dead))
    accepted(login(machine, reference))
    accepted(login(machine, other))


def test_a_second_run_in_a_container_changes_nothing(machine, reference):
    assert machine.trust(reference).code == TRUSTED
    before = snapshot(certs_d(machine))
    done = machine.trust(reference)
    assert done.code == TRUSTED, done
    assert "unchanged" in done.out
    assert snapshot(certs_d(machine)) == before


def test_nothing_mounted_is_an_error_that_shows_the_mount(
        machine, reference):
    done = machine.trust(reference, mount=None)
    assert done.code == UNWRITTEN, done
    assert "-v /etc/docker/certs.d:/etc/docker/certs.d" in done.err


def test_etc_docker_mounted_instead_works(machine, registry, reference):
    etc_docker = machine.network.path("etc-docker-of-" + reference)
    os.mkdir(etc_docker)
    done = machine.trust(reference, mount=f"{etc_docker}:/etc/docker")
    assert done.code == TRUSTED, done
    directory = os.path.join(etc_docker, "certs.d")
    assert os.stat(directory).st_mode & 0o7777 == 0o755
    assert pki.read_pem(os.path.join(directory, reference, "ca.crt")) == [
        pki.der(registry.anchor.certificate)]


def test_a_check_of_a_node_without_certs_d_tells_and_makes_nothing(
        machine, reference):
    etc_docker = machine.network.path("etc-docker-of-" + reference)
    os.mkdir(etc_docker)
    done = machine.trust(reference, mount=f"{etc_docker}:/etc/docker",
                         arguments=["--check"])
    assert done.code == UNUSABLE, done
    # Long lines are broken at blanks.
    assert UNKNOWN_AUTHORITY in " ".join(done.err.split()), done.err
    assert not os.listdir(etc_docker)
    assert machine.trust(reference, mount=None,
                         arguments=["--check"]).code == UNWRITTEN


def test_a_read_only_mount_is_an_error_and_changes_nothing(
        machine, reference):
    directory = machine.network.path("ro-of-" + reference)
    os.mkdir(directory)
    done = machine.trust(reference,
                         mount=f"{directory}:/etc/docker/certs.d:ro")
    assert done.code == UNWRITTEN, done
    assert "ead-only" in done.err
    assert not os.listdir(directory)


@pytest.mark.parametrize("number", ["TERM", "INT"])
def test_a_container_that_waits_ends_at_once_when_told(
        machine, reference, number):
    """As process 1 it has no default action to rely on."""
    name = "waits-" + reference.split(".")[0] + number
    with RudeServer(machine.network, stay_silent) as mute:
        silent = machine.network.name("silent-" + reference, mute.address)
        machine.docker(
            "run", "-d", "--name", name, "-v",
            "/etc/docker/certs.d:/etc/docker/certs.d", "-e",
            "DTR_DOMAIN_NAME=" + silent, "-e", "DTR_TIMEOUT=60s",
            "dtr-trust")
        wait_until(lambda: mute.accepted, pause=0.02)
        begin = time.monotonic()
        machine.docker("kill", "--signal", number, name)
        machine.docker("wait", name)
        seconds = time.monotonic() - begin
        machine.docker("rm", name)
    assert mute.accepted
    assert seconds < PROMPT_SECONDS


@pytest.fixture(name="hosts")
def make_hosts(machine):
    """The machine's /etc/hosts, a file of its own."""
    path = machine.network.path("hosts")
    with open(path, "w", encoding="ascii") as file:
        file.write("127.0.0.1 localhost\n")
    machine.run("mount", "--bind", path, "/etc/hosts")
    yield path
    machine.run("umount", "/etc/hosts")


def test_a_container_that_stays_has_the_hosts_of_its_start(
        machine, registry, hosts):
    """README says so, and what helps: a restart, or to mount the file."""
    names = {"copied": "copied-hosts.bed.test", "mounted": "mounted-hosts.bed.test"}

    def start(name, *options):
        machine.docker("run", "-d", "--name", name, "--network", "host", "-v",
                       "/etc/docker/certs.d:/etc/docker/certs.d", *options,
                       "dtr-trust", "--every", "500ms", names[name])

    def looked(name):
        done = machine.docker("logs", name)
        return names[name] in done.stdout + done.stderr

    def installed(name):
        return os.path.exists(certs_d(machine, names[name], "ca.crt"))
    try:
        start("copied")
        start("mounted", "-v", "/etc/hosts:/etc/hosts:ro")
        assert wait_until(lambda: all(map(looked, names)))
        with open(hosts, "a", encoding="ascii") as file:
            file.writelines(f"{registry.address} {name}\n"
                            for name in names.values())
        assert wait_until(lambda: installed("mounted"))
        assert not installed("copied")
        machine.docker("restart", "-t", "5", "copied")
        assert wait_until(lambda: installed("copied"))
    finally:
        machine.docker("rm", "-f", *names, check=False)


def test_podmans_locks_are_this_machines(machine):
    """Two test runs side by side have two Podmans that number theirs alike."""
    need("podman")
    machine.podman("ps")
    device = machine.run("stat", "-c", "%d", "/dev/shm/libpod_lock").stdout
    assert int(device) != os.stat("/dev/shm").st_dev


def test_no_registry_at_all_is_a_usage_error(machine):
    done = machine.trust("")
    assert done.code == USAGE, done
    assert "DTR_DOMAIN_NAME" in done.err


def test_a_name_that_climbs_out_is_refused(machine):
    before = snapshot(certs_d(machine))
    done = machine.trust("../evil.bed.test")
    assert done.code == USAGE, done
    assert snapshot(certs_d(machine)) == before
