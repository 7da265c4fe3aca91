/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the host's CA bundle; see host_pool.h.
 */
#include "installer/inputs/host_pool.h"

#include <fcntl.h>
#include <unistd.h>

#include "common/io.h"

static const char *const places[] = {
	"/etc/ssl/certs/ca-certificates.crt", /* Debian, Arch, Alpine */
	"/etc/pki/tls/certs/ca-bundle.crt",   /* Fedora, RHEL 6 */
	"/etc/ssl/ca-bundle.pem",	      /* openSUSE */
	"/etc/pki/tls/cacert.pem",	      /* OpenELEC */
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* RHEL 7 */
	"/etc/ssl/cert.pem",				     /* Alpine */
};

/* see host_pool.h */
struct bytes host_pool_read(uint8_t buffer[static HOST_POOL_BYTES_MAX])
{
	struct bytes found = {buffer, 0};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int fd = open(places[i], O_RDONLY | O_CLOEXEC | O_NONBLOCK);

		if (fd < 0)
			continue;
		if (!io_read_all(fd, buffer, HOST_POOL_BYTES_MAX, &found.len))
			found.len = 0;
		close(fd);
		break;
	}
	return found;
}
