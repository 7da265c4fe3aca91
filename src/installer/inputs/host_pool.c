/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the host's CA bundle; see host_pool.h.
 */
#include "installer/inputs/host_pool.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static const char *const places[] = {
	"/etc/ssl/certs/ca-certificates.crt", /* Debian, Arch, Alpine */
	"/etc/pki/tls/certs/ca-bundle.crt",   /* Fedora, RHEL 6 */
	"/etc/ssl/ca-bundle.pem",	      /* openSUSE */
	"/etc/pki/tls/cacert.pem",	      /* OpenELEC */
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* RHEL 7 */
	"/etc/ssl/cert.pem",				     /* Alpine */
};

static size_t fill(int fd, uint8_t *buffer)
{
	size_t len = 0;

	while (len < HOST_POOL_BYTES_MAX) {
		ssize_t n = read(fd, buffer + len, HOST_POOL_BYTES_MAX - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? 0 : len;
		len += (size_t)n;
	}
	return 0;
}

/* see host_pool.h */
struct bytes host_pool_read(uint8_t buffer[static HOST_POOL_BYTES_MAX])
{
	struct bytes found = {buffer, 0};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int fd = open(places[i], O_RDONLY | O_CLOEXEC | O_NONBLOCK);

		if (fd < 0)
			continue;
		found.len = fill(fd, buffer);
		close(fd);
		break;
	}
	return found;
}
