# SPDX-License-Identifier: Apache-2.0
"""What dtr-trust says by a daemon.json is what the engine that reads the same
one then does: image store, insecure-registries, registry-mirrors.

This machine's Docker has the classic store alone; with the containerd store the
same is done by scripts/consumers, in the roots of newer releases.
"""
import contextlib
import os

import pytest

from support.bed import Bed
from support.consumers import pull_with_docker, pull_with_podman
from support.engines import PASSWORD, USER, DockerRegistry
from support.kinds import another_name, basic
from support.needs import need
from support.network import NETWORK, tool
from support.product import DOCKER, TRUSTED

UNKNOWN_AUTHORITY = "x509: certificate signed by unknown authority"
TRUST_TOKENS = ("-e", "DTR_TRUST_TOKEN_HOST=1")
ROOT = os.environ.get("DTR_TRUST_TEST_ROOT", "/")
IMAGE = ("-e", "container=dtr-trust")
# As README shows it, beside the mount of certs.d that every run has.
SHOW = ("-v", "/etc/docker:/etc/docker:ro")


@pytest.fixture(scope="module", name="bed",
                params=[False, True][:1 if ROOT == "/" else 2],
                ids=lambda is_new: "containerd" if is_new else "classic")
def make_bed(request):
    need("dockerd", "docker", "docker-registry", "skopeo", "ip", "nsenter")
    with contextlib.closing(Bed(ROOT, request.param)) as bed:
        bed.store = "containerd" if request.param else "classic"
        yield bed


@pytest.fixture(name="configure")
def make_configure(bed):
    def configure(**more):
        bed.write_settings(**more)
        bed.restart_docker()
    yield configure
    configure()


def run(bed, name, *options):
    release = bed.version("dockerd")
    done = bed.machine.trust(name, options=[
        *IMAGE, "-e", "DTR_DOCKER_VERSION=" + release, *options])
    done.text = " ".join((done.out + done.err).split())
    return done


def pulls(bed, name):
    done = pull_with_docker(bed, name + "/tiny:1")
    if done.returncode:
        assert UNKNOWN_AUTHORITY in done.stdout + done.stderr, done
    return done.returncode == 0


def said(store, answer):
    return f"docker pull and push, {store} store: {answer}"


def test_the_store_that_the_engine_has_is_the_one_that_counts(bed):
    """A token service under the registry's CA."""
    name = another_name(bed).name
    # Before 23 it has one alone: no release is named.
    unseen = run(bed, name, *TRUST_TOKENS, "-e", "DTR_DOCKER_VERSION=28.5")
    assert unseen.code == TRUSTED, unseen
    assert f"{SHOW[0]} {SHOW[1]} shows daemon.json" in unseen.text
    assert said("classic", "accepts it") in unseen.text
    assert said("containerd", "refuses it") in unseen.text

    seen = run(bed, name, *TRUST_TOKENS, *SHOW)
    accepted = pulls(bed, name)
    assert seen.code == (TRUSTED if accepted else DOCKER), seen
    assert said(bed.store, "accepts it" if accepted else "refuses it") \
        in seen.text
    assert accepted == (bed.store == "classic")
    other = {"classic": "containerd", "containerd": "classic"}[bed.store]
    assert said(other, "") not in seen.text
    assert "which image store" not in seen.text

    named = run(bed, name, *TRUST_TOKENS, "-e", "DTR_DOCKER_STORE=" + bed.store)
    assert named.code == seen.code, named


def test_docker_itself_tells_which_store_it_has(bed):
    """By the command that is named where the store is not known."""
    done = bed.machine.docker("info", "-f", "{{.DriverStatus}}")
    assert ("io.containerd" in done.stdout) == (bed.store == "containerd")


def test_all_of_etc_docker_shows_it_as_well(bed):
    name = another_name(bed).name
    done = bed.machine.trust(
        name, mount="/etc/docker:/etc/docker", options=[*IMAGE, *TRUST_TOKENS])
    assert done.code == TRUSTED and "image store" not in done.out, done
    assert said(bed.store, "accepts it") in " ".join(done.out.split())


@pytest.mark.parametrize("how", ["name", "network"])
def test_an_insecure_registry_is_pulled_from_without_any_ca(
        bed, configure, how):
    name = basic(bed).name
    assert not pulls(bed, name)
    configure(**{"insecure-registries": [
        name if how == "name" else NETWORK + ".0/24"]})
    assert pulls(bed, name)
    login = bed.machine.docker("login", "--username", USER, "--password-stdin",
                               name, input=PASSWORD, check=False)
    assert login.returncode == 0, login
    done = run(bed, name, *SHOW)
    assert done.code == TRUSTED, done
    assert "installed for those that verify; Docker verifies nothing" \
        in done.text
    # Before 25 it depends on its start whether a build knows of the list.
    assert "docker connects without verifying anything" in done.text or \
        said(bed.store, "connects without verifying anything") in done.text
    if how == "name":
        need("podman")
        assert pull_with_podman(bed, name + "/tiny:1").returncode == 0


def test_an_insecure_registry_with_a_token_service(bed, configure):
    """Whether its token service is verified depends on the store, too."""
    name = another_name(bed).name
    configure(**{"insecure-registries": [name]})
    accepted = pulls(bed, name)
    done = run(bed, name, *TRUST_TOKENS, *SHOW)
    assert done.code == (TRUSTED if accepted else DOCKER), done
    assert said(bed.store, "connects without verifying anything" if accepted
                else "refuses it") in done.text


if ROOT != "/":  # Docker 20.10, this machine's, does not start with it.
    def test_a_proxy_of_docker_that_the_run_has_not(bed, configure):
        """Docker goes there, wherever dtr-trust went."""
        name = basic(bed).name
        configure(proxies={"https-proxy": f"http://{NETWORK}.250:3128"})
        done = run(bed, name, *SHOW)
        assert done.code == TRUSTED, done
        assert "accepts it" not in done.text
        failed = pull_with_docker(bed, name + "/tiny:1")
        assert failed.returncode and "proxyconnect" in failed.stderr, failed


@pytest.fixture(name="mirror")
def make_mirror(bed):
    """An image library/tiny:1 that everybody may pull, for Docker Hub's."""
    network = bed.network
    address = network.address()
    name = network.name("mirror.bed.test", address)
    stem = network.path("mirror")
    certificate, key = bed.leaf.save(stem, bed.anchor)
    with contextlib.closing(DockerRegistry(
            network, certificate, key, address=address, login=False)):
        network.registry.run(
            tool("skopeo"), "copy", "--dest-tls-verify=false",
            "docker-archive:" + network.path("tiny.tar"),
            f"docker://{address}:443/library/tiny:1")
        yield name


def test_a_mirrors_ca_is_where_the_store_looks_for_it(bed, configure, mirror):
    configure(**{"registry-mirrors": ["https://" + mirror]})
    assert pull_with_docker(bed, "tiny:1").returncode
    done = run(bed, mirror, *SHOW)
    assert done.code == TRUSTED, done
    is_here = pull_with_docker(bed, "tiny:1").returncode == 0
    assert is_here != ("mirror of Docker Hub" in done.text), done
    if is_here:
        return
    # The remedy that it names.
    done = run(bed, "docker.io", *SHOW, "-e", "DTR_OFFLINE=1", "-e",
               f"DTR_CA_FILE=/etc/docker/certs.d/{mirror}/ca.crt")
    assert done.code == TRUSTED, done
    assert pull_with_docker(bed, "tiny:1").returncode == 0
