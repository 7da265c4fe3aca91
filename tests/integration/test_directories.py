# SPDX-License-Identifier: Apache-2.0
"""Several certs.d on one node: each has a decision of its own."""
import os
import signal

import pytest

from support import pki
from support.product import (Product, REFUSED, TRUSTED, UNREACHABLE,
                             UNWRITTEN, USAGE)
from support.reports import reports

NAME = "reg.directories.test"


@pytest.fixture(name="root")
def make_root():
    return pki.root("Directories Root")


@pytest.fixture(name="server")
def make_server(network, serve, root):
    server = serve(root.leaf("*.directories.test"), root)
    network.name(NAME, server.address)
    return server


@pytest.fixture(name="other")
def make_other(network, tmp_path):
    return Product(network.machine, tmp_path / "other")


def both(product, other, *arguments, **options):
    return product.run("--certs-dir", other.directory, *arguments, **options)


def states(done, *places):
    """The state that each of PLACES has."""
    found = {report["certs_dir"]: report["state"] for report in reports(done)}
    assert len(found) == len(places) == len(reports(done))
    return [found[place.directory] for place in places]


def test_each_is_installed_and_named(product, other, server, root):
    done = both(product, other, NAME)
    assert done.code == TRUSTED, done
    for place in (product, other):
        assert place.anchors(NAME) == [pki.der(root.certificate)]
        assert f"{NAME} in {place.directory}: installed" in done.out
    assert done.out.endswith("2 directories of registries: 2 trusted\n")
    # Each has the command that does the same elsewhere.
    assert sorted(command[1] for command in done.commands()) == sorted(
        [product.directory, other.directory])


@pytest.mark.parametrize("separator", [":", ",", " ", "\n", ", "])
def test_the_variable_takes_a_list(network, product, other, server,
                                   separator):
    value = separator.join([product.directory, other.directory])
    command = [a for a in product.command(NAME)
               if a not in ("--certs-dir", product.directory)]
    done = network.machine.run(
        "env", f"DTR_CERTS_DIR={value}", command[-2], NAME, check=False)
    assert done.returncode == TRUSTED, done
    assert product.installed(NAME) and other.installed(NAME)


def test_each_decides_for_itself(product, other, server, root):
    """One has the CA of yesterday, one none."""
    new = pki.root("New Root")
    assert product.run(NAME).code == TRUSTED
    server.present(new.leaf(NAME), new)
    before = product.snapshot()
    done = both(product, other, NAME, "--json")
    assert done.code == REFUSED, done
    one, two = sorted(reports(done), key=lambda r: -r["exit"])
    assert (one["state"], two["state"]) == ("refused-changed", "installed")
    assert one["certs_dir"] == product.directory
    assert one["file"] == product.path(NAME, "ca.crt")
    assert two["certs_dir"] == other.directory
    assert product.snapshot() == before
    assert other.anchors(NAME) == [pki.der(new.certificate)]
    # What accepts the change does so where it was refused.
    done = both(product, other, NAME)
    command = next(c for c in done.commands() if "--pin" in c)
    assert command[:2] == ["--certs-dir", product.directory]
    assert f"{NAME} in {product.directory}: REFUSED" in done.err


def test_one_that_cannot_be_opened_costs_its_own_alone(
        product, other, server):
    os.rmdir(other.directory)
    with open(other.directory, "wb"):
        pass
    done = both(product, other, NAME)
    assert done.code == UNWRITTEN, done
    assert product.installed(NAME) and f"{NAME} in " in done.out
    assert other.directory in done.err and "nothing was written there" in \
        done.err, done
    done = both(product, other, NAME, "--json")
    assert done.code == UNWRITTEN
    failed, fine = sorted(reports(done), key=lambda r: -r["exit"])
    assert failed["registry"] is None and failed["exit"] == UNWRITTEN
    assert failed["certs_dir"] == other.directory
    assert fine["state"] == "unchanged"


def test_one_directory_by_two_names_is_one(product, other, server):
    os.rmdir(other.directory)
    done = product.run("--certs-dir", product.directory + "/../certs.d", NAME)
    assert done.code == TRUSTED, done
    assert done.out.count("installed; ") == 1
    assert server.accepted == 1


def test_all_modes_work_in_each(product, other, server):
    assert product.run(NAME).code == TRUSTED
    done = both(product, other, NAME, "--check", "--json")
    assert states(done, product, other) == ["trusted", "untrusted"]
    done = both(product, other, NAME, "--check", "--offline", "--json")
    assert states(done, product, other) == ["present", "missing"]
    asked = server.accepted
    done = both(product, other, NAME, "--show")
    assert done.code == TRUSTED and server.accepted == asked + 1
    # What it tells to run is for all of them.
    command, = done.commands()
    assert command.count("--certs-dir") == 2
    assert product.run(*command).code == TRUSTED
    assert other.installed(NAME)
    done = both(product, other, NAME, "--remove", "--json")
    assert states(done, product, other) == ["removed", "removed"]
    assert os.listdir(product.directory) == os.listdir(other.directory) == []


def test_each_is_pruned(network, product, other, server, tmp_path):
    left = network.name("left.directories.test", server.address)
    assert both(product, other, NAME, left).code == TRUSTED
    path = tmp_path / "list"
    path.write_text(NAME)
    done = both(product, other, "--registries", path, "--prune")
    assert done.code == TRUSTED, done
    for place in (product, other):
        assert os.listdir(place.directory) == [NAME]
        assert f"{left} in {place.directory}: removed" in done.out


def test_one_that_is_not_reached_is_so_for_each(network, product, other):
    dead = network.name("dead.directories.test", network.address())
    done = both(product, other, dead)
    assert done.code == UNREACHABLE, done
    for place in (product, other):
        assert f"{dead} in {place.directory}: the connection failed" in done.err


def test_a_run_that_stays_tells_each_change_by_its_directory(
        product, other, server):
    process = product.start(NAME, "--certs-dir", other.directory,
                            "--every", "1h")
    try:
        while b"2 trusted" not in process.stdout.readline():
            pass
        os.unlink(other.path(NAME, "ca.crt"))
        process.send_signal(signal.SIGHUP)
        first = process.stdout.readline().decode()
        assert first.startswith(f"{NAME} in {other.directory}: installed")
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=10)
        assert f"in {product.directory}" not in out.decode()
    finally:
        process.kill()
        process.communicate()


def test_more_than_the_limit_is_a_usage_error(product, other, tmp_path):
    names = [f"r{n}.directories.test" for n in range(2049)]
    path = tmp_path / "list"
    path.write_text("\n".join(names))
    done = both(product, other, "--registries", path)
    assert done.code == USAGE, done
    assert "2049 registries in 2 directories" in done.err
    many = [f"--certs-dir={tmp_path}/{n}" for n in range(8)]
    assert product.run(*many, NAME).code == USAGE


def test_podmans_directory_beside_dockers_is_no_warning(
        network, product, server, tmp_path):
    """It has a turn of its own; without one it hides what Docker's has."""
    mounted = tmp_path / "containers"
    mounted.mkdir()
    prefix = ["unshare", "--mount", "sh", "-c",
              "mount -t tmpfs none /etc/containers && "
              "mkdir /etc/containers/certs.d && "
              f"mount --bind '{mounted}' /etc/containers/certs.d && "
              'exec "$@"', "sh"]
    if not os.path.isdir("/etc/containers"):
        pytest.skip("needs a directory /etc/containers to mount on")
    podman = ["--certs-dir", "/etc/containers/certs.d"]
    done = product.run(*podman, NAME, "--json", prefix=prefix)
    assert done.code == TRUSTED, done
    one, two = reports(done)
    assert one["warnings"] == two["warnings"] == ["first-use"]
    done = product.run(NAME, "--json", prefix=prefix)
    assert reports(done)[0]["warnings"] == ["containers"], done
