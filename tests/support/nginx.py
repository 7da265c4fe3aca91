# SPDX-License-Identifier: Apache-2.0
"""nginx before a registry, as most registries have it."""
import os
import subprocess

from support.engines import stop, wait_for
from support.network import die_with_parent, tool

CONFIGURATION = """daemon off;
master_process off;
pid {stem}.pid;
error_log {stem}.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {stem}.d; proxy_temp_path {stem}.d;
    fastcgi_temp_path {stem}.d; uwsgi_temp_path {stem}.d;
    scgi_temp_path {stem}.d;
    server {{
        listen {address}:{port} ssl;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        {more}
        client_max_body_size 0;
        location / {{
            proxy_pass https://{behind};
            proxy_set_header Host $http_host;
        }}
    }}
}}
"""


class Nginx:
    """Presents IDENTITY and CHAIN; MORE is of its server's configuration.
    On the registry host, or where HOST is: its network, no file of it."""

    def __init__(self, network, identity, *chain, behind, more="",
                 host=None, address=None, port=443):
        self.address, self.port = address or network.address(), port
        host = host or network.registry
        stem = network.path(f"nginx-{host.pid}-{self.address.strip('[]')}-{port}")
        os.makedirs(stem + ".d", exist_ok=True)
        certificate, key = identity.save(stem, *chain)
        with open(stem + ".conf", "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(
                stem=stem, address=self.address, port=port,
                certificate=certificate, key=key, more=more,
                behind=f"{behind.address}:{behind.port}"))
        with open(stem + ".out", "wb") as log:
            self.process = subprocess.Popen(
                ["nsenter", f"--net=/proc/{host.pid}/ns/net", "--",
                 tool("nginx"), "-c", stem + ".conf", "-e", stem + ".log"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=die_with_parent)
        wait_for(lambda: os.path.exists(stem + ".pid"), self.process,
                 stem + ".out")

    def close(self):
        stop(self.process)
