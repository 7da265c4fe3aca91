# SPDX-License-Identifier: Apache-2.0
"""What daemon.json beside certs.d says of this host's Docker, and what then is
said of it. With a real Docker: tests/e2e/test_daemon_json.py."""
import json
import os

import pytest

from support import pki
from support.network import MACHINE_ADDRESS
from support.product import DOCKER, REFUSED, TRUSTED, USAGE, Product
from support.servers import Challenging

NAME = "reg.daemon.test"
AUTH = "auth.daemon.test"
CONTAINERD = {"features": {"containerd-snapshotter": True}}
CLASSIC = {"features": {"containerd-snapshotter": False}}
STORES = "docker pull and push, "
CANNOT_KNOW = "not known    which image store Docker has here"


@pytest.fixture(name="product")
def make_product(network, tmp_path):
    """A certs.d beside which Docker has its daemon.json."""
    return Product(network.machine, tmp_path / "docker" / "certs.d")


@pytest.fixture(name="configure")
def make_configure(product):
    def configure(content):
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        path = os.path.join(os.path.dirname(product.directory), "daemon.json")
        with open(path, "wb") as file:
            file.write(content)
        return path
    return configure


@pytest.fixture(name="ca")
def make_ca():
    return pki.root("Registry CA")


@pytest.fixture(name="server")
def make_server(network, serve, ca):
    server = serve(ca.leaf(NAME), ca)
    network.name(NAME, server.address)
    return server


@pytest.fixture(name="with_tokens")
def make_with_tokens(network, serve, ca):
    """A registry and its token service, both under CA."""
    network.name(AUTH, serve(ca.leaf(AUTH), ca).address)
    with Challenging(network, ca.leaf(NAME), ca,
                     realm=f"https://{AUTH}/token") as server:
        network.name(NAME, server.address)
        yield server


def last_report(done):
    return json.loads(done.out.splitlines()[-1])


def host_of(product, *options, name=NAME, **more):
    return last_report(product.run(name, "--json", *options, **more))[
        "docker_host"]


@pytest.mark.parametrize("content,options,store,store_from", [
    (CONTAINERD, (), "containerd", "daemon.json"),
    (CLASSIC, (), "classic", "daemon.json"),
    ({"storage-driver": "overlay2"}, (), "classic", "daemon.json"),
    ({"userns-remap": "default"}, (), "classic", "daemon.json"),
    ({"debug": True}, (), None, None),
    (CONTAINERD, ("--docker-store", "classic"), "classic", "option"),
    ({}, ("--docker-store", "containerd"), "containerd", "option"),
])
def test_the_image_store_of_this_host(product, server, configure, content,
                                      options, store, store_from):
    configure(content)
    assert host_of(product, *options) == {
        "daemon_json": "read", "store": store, "store_from": store_from,
        "insecure": False, "mirror": False}


def test_the_store_that_is_used_decides(product, with_tokens, configure):
    """A token service that only the directory covers: before 29.5 the
    containerd store refuses it, as measured on 28.5 and 29.4."""
    configure(CONTAINERD)
    done = product.run(NAME, "--docker", "28.5")
    assert done.code == DOCKER, done
    assert "REFUSED BY DOCKER" in done.err
    assert STORES + "containerd store: refuses it" in done.err
    assert STORES + "classic" not in done.err
    assert CANNOT_KNOW not in done.err

    configure(CLASSIC)
    done = product.run(NAME, "--docker", "28.5")
    assert done.code == TRUSTED, done
    assert STORES + "classic store: accepts it" in done.out
    assert STORES + "containerd" not in done.out
    assert CANNOT_KNOW not in done.out

    configure(CONTAINERD)
    done = product.run(NAME, "--docker", "29.5")
    assert done.code == TRUSTED, done
    assert "containerd store: accepts it; releases before 29.5" in done.out
    assert product.run(NAME, "--docker", "28.5", "--docker-store",
                       "classic").code == TRUSTED
    assert product.run(NAME, "--docker", "28.5",
                       env={"DTR_DOCKER_STORE": "classic"}).code == TRUSTED
    assert product.run(NAME, "--check", "--docker", "28.5").code == DOCKER


@pytest.mark.parametrize("content,reason", [
    (None, "there is no daemon.json"),
    ({}, "daemon.json does not say"),
    (b"{", "daemon.json cannot be read"),
])
def test_what_is_not_known_is_said_where_it_matters(
        product, with_tokens, configure, content, reason):
    if content is not None:
        configure(content)
    done = product.run(NAME)
    assert done.code == TRUSTED, done
    assert f"{CANNOT_KNOW}: {reason}" in done.out
    assert "--docker-store classic or containerd" in done.out
    assert "releases before 29.5" in done.out


def test_in_the_image_what_is_not_mounted_is_unseen(
        product, network, with_tokens, configure):
    """There is none in the container's own layer: the host may have one."""
    if os.stat(product.directory).st_dev != os.stat("/").st_dev:
        pytest.skip("temporary files are on a mount of their own")
    image = {"container": "dtr-trust"}
    mount = ("unshare", "-m", "sh", "-c",
             f'mount --bind "{product.directory}" "{product.directory}" && '
             f'exec "$@"', "sh")
    done = product.run(NAME, prefix=mount, env=image)
    assert done.code == TRUSTED, done
    assert (f"{CANNOT_KNOW}: -v /etc/docker:/etc/docker:ro shows daemon.json"
            in done.out)
    report = last_report(product.run(NAME, "--json", prefix=mount, env=image))
    assert report["docker_host"]["daemon_json"] == "unseen"
    path = configure(CLASSIC)
    report = last_report(product.run(NAME, "--json", prefix=mount, env=image))
    assert report["docker_host"]["store"] == "classic"
    # A link may lead out of what is mounted; natively it leads to nothing.
    as_dangling(path)
    for env, expected in (image, "unseen"), ({}, "absent"):
        report = last_report(product.run(NAME, "--json", prefix=mount,
                                         env=env))
        assert report["docker_host"]["daemon_json"] == expected


def test_and_nowhere_else(product, server):
    done = product.run(NAME)
    assert done.code == TRUSTED and CANNOT_KNOW not in done.out, done


@pytest.mark.parametrize("listed", [
    [NAME], ["https://" + NAME], ["other.test", "198.51.100.0/24"]])
def test_an_insecure_registry(product, server, configure, listed):
    configure({"insecure-registries": listed})
    done = product.run(NAME)
    assert done.code == TRUSTED, done
    first, rest = done.out.split("\n", 1)
    assert first == (f"{NAME}: installed for those that verify; Docker "
                     "verifies nothing here (insecure-registries)")
    assert "docker       connects without verifying anything" in rest
    assert "accepts it" not in rest
    assert rest.count("insecure-registries") == 1
    report = last_report(product.run(NAME, "--json"))
    assert report["docker_host"]["insecure"]
    assert [c["answer"] for c in report["consumers"]] == \
        ["unverified"] * 4 + ["unchecked", "accepts"]
    assert "insecure-registry" in report["warnings"]
    for options, sentence in [
            ((), "unchanged; it holds for those that verify;"),
            (("--check",), "trusted by those that verify;")]:
        done = product.run(NAME, *options)
        assert done.code == TRUSTED and sentence in done.out, done


PROXIES = {"proxies": {"https-proxy": "http://proxy.daemon.test:3128"}}
THAT_PROXY = {"HTTPS_PROXY": "http://proxy.daemon.test:3128",
              "NO_PROXY": "daemon.test"}


def test_a_proxy_of_docker_that_this_run_has_not(product, server, configure):
    """Whom Docker meets behind it nobody has seen, until the run has the same:
    what no-proxy says is not looked at."""
    configure(PROXIES)
    done = product.run(NAME)
    assert done.code == TRUSTED, done
    text = " ".join(done.out.split())
    assert "docker cannot be told from here" in text, done
    assert "docker accepts it" not in text
    assert "with HTTPS_PROXY and NO_PROXY as they are in daemon.json" in text
    for environment, said in (
            ({}, ["unchecked"] * 5 + ["accepts"]),
            (THAT_PROXY, ["accepts"] * 4 + ["unchecked", "accepts"])):
        report = last_report(product.run(NAME, "--json", env=environment))
        assert [c["answer"] for c in report["consumers"]] == said


@pytest.mark.parametrize("listed", [
    [NAME.upper()], [NAME + ":443"], ["192.0.2.0/24"], [MACHINE_ADDRESS], []])
def test_one_that_is_not_listed(product, server, configure, listed):
    configure({"insecure-registries": listed})
    done = product.run(NAME)
    assert done.code == TRUSTED and "insecure" not in done.out, done
    assert "docker       accepts it" in done.out


def test_insecure_makes_no_exit_code_better(product, network, serve, configure,
                                            ca):
    """Whoever verifies refuses it, and is told so; Docker is not said to
    refuse."""
    server = serve(ca.leaf("other.test"), ca)
    network.name(NAME, server.address)
    without = product.run(NAME)
    assert without.code == DOCKER, without
    assert "NOT INSTALLED: it would be refused even so" in without.err
    configure({"insecure-registries": [NAME]})
    done = product.run(NAME)
    assert done.code == DOCKER and not product.installed(NAME), done
    assert "it would be refused" not in done.err
    assert "NOT INSTALLED: who verifies would refuse it even so" in done.err
    assert "verifies nothing of this server" in done.err
    done = product.run(NAME, "--pin",
                       "sha256:" + pki.fingerprint(ca.certificate))
    assert done.code == DOCKER and product.installed(NAME), done
    assert "REFUSED BY DOCKER" not in done.err


def test_nor_does_it_of_a_token_service(product, with_tokens, network, serve,
                                        configure):
    """Whose CA is another, and is not there."""
    other = pki.root("Token CA")
    network.name(AUTH, serve(other.leaf(AUTH), other).address)
    done = product.run(NAME)
    assert done.code == DOCKER and "REFUSED BY DOCKER" in done.err, done
    configure({"insecure-registries": [NAME]})
    done = product.run(NAME)
    assert done.code == DOCKER and "REFUSED BY DOCKER" not in done.err, done
    assert "refuses this server" not in done.err, done
    assert "refused by those that verify; Docker verifies nothing" in done.err
    assert "classic store: connects without verifying" in done.err


def test_a_change_is_refused_all_the_same(product, network, serve, server,
                                          configure):
    configure({"insecure-registries": [NAME]})
    assert product.run(NAME).code == TRUSTED
    before = product.snapshot()
    other = pki.root("Another CA")
    network.name(NAME, serve(other.leaf(NAME), other).address)
    done = product.run(NAME)
    assert done.code == REFUSED and product.snapshot() == before, done
    assert "insecure-registries" in done.err
    assert "Docker trusts what it trusted" not in done.err


def test_a_mirror_of_docker_hub(product, server, configure):
    mirror = {"registry-mirrors": [f"https://{NAME}/"]}
    configure(mirror)
    done = product.run(NAME)
    assert done.code == TRUSTED, done
    assert "mirror of Docker Hub" in done.out and "docker.io" in done.out
    assert host_of(product)["mirror"]
    # The command that it names.
    command, = [c for c in done.commands() if "docker.io" in c]
    done = product.run(*command)
    assert done.code == TRUSTED, done
    assert product.anchors("docker.io") == product.anchors(NAME)
    for content, options in [
            ({**mirror, **CLASSIC}, ()),  # its store looks here
            (mirror, ("--docker", "27.5")),  # and so did that one
            ({**mirror, "insecure-registries": [NAME]}, ()),
            ({"registry-mirrors": [f"http://{NAME}"]}, ()),
            ({"registry-mirrors": [f"https://{NAME}:5000"]}, ())]:
        configure(content)
        done = product.run(NAME, *options)
        assert done.code == TRUSTED, done
        assert "mirror of Docker Hub" not in done.out


def as_fifo(path):
    os.unlink(path)
    os.mkfifo(path)


def as_directory(path):
    os.unlink(path)
    os.mkdir(path)


def as_dangling(path):
    os.unlink(path)
    os.symlink("nothing", path)


def as_link(path):
    os.rename(path, path + ".real")
    os.symlink("daemon.json.real", path)


def as_nothing(path):
    os.unlink(path)


def as_full(path):
    with open(path, "ab") as file:
        file.write(b" " * (65536 - os.path.getsize(path)))


def as_large(path):
    as_full(path)
    with open(path, "ab") as file:
        file.write(b" ")


def as_garbage(path):
    with open(path, "wb") as file:
        file.write(b'{"insecure-registries": ["' + NAME.encode() + b'"]')


@pytest.mark.parametrize("change,expected", [
    (as_fifo, "unreadable"), (as_directory, "unreadable"),
    (as_full, "read"), (as_large, "too-large"), (as_garbage, "unreadable"),
    (as_nothing, "absent"), (as_dangling, "absent"), (as_link, "read")])
def test_what_stands_in_its_place(product, server, configure, change,
                                  expected):
    change(configure({"insecure-registries": [NAME]}))
    report = last_report(product.run(NAME, "--json"))
    assert report["exit"] == TRUSTED
    assert report["docker_host"]["daemon_json"] == expected
    assert report["docker_host"]["insecure"] == (expected == "read")


def test_another_certs_d_has_none_beside_it(network, tmp_path, server):
    product = Product(network.machine, tmp_path / "containers" / "certs.d")
    with open(tmp_path / "containers" / "daemon.json", "w",
              encoding="ascii") as file:
        json.dump({"insecure-registries": [NAME]}, file)
    assert host_of(product) == {
        "daemon_json": "elsewhere", "store": None, "store_from": None,
        "insecure": False, "mirror": False}


def test_of_two_directories_it_is_about_dockers_own(product, server, configure,
                                                   tmp_path):
    configure({"insecure-registries": [NAME], **CLASSIC})
    other = tmp_path / "containers" / "certs.d"
    other.mkdir(parents=True)
    done = product.run(NAME, "--certs-dir", str(other), "--json")
    found = {report["certs_dir"]: report
             for report in map(json.loads, done.out.splitlines())}
    docker, containers = found[product.directory], found[str(other)]
    assert docker["docker_host"]["insecure"]
    assert "insecure-registry" in docker["warnings"]
    assert containers["docker_host"] == {
        "daemon_json": "elsewhere", "store": None, "store_from": None,
        "insecure": False, "mirror": False}
    assert "insecure-registry" not in containers["warnings"]
    assert containers["consumers"][5]["answer"] == "accepts"


def test_each_round_reads_it_again(product, server, configure):
    """With --every an edit counts from the next round on."""
    configure({})
    with product.start(NAME, "--json", "--every", "100ms") as process:
        assert not json.loads(process.stdout.readline())[
            "docker_host"]["insecure"]
        configure({"insecure-registries": [NAME]})
        try:
            while not json.loads(process.stdout.readline())[
                    "docker_host"]["insecure"]:
                pass
        finally:
            process.terminate()
            process.communicate()


def test_a_store_that_there_is_none_of(product):
    done = product.run(NAME, "--docker-store", "overlay2")
    assert done.code == USAGE, done
    assert "classic, containerd" in done.err
