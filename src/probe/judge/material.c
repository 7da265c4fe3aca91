/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads certificates from where they are; see material.h.
 */
#include "probe/judge/material.h"

#include "probe/verdict/x509/pem.h"

static enum err lack_memory(struct failure *f)
{
	return failure_set(f, ERR_LIMIT,
			   "there are more certificates than can be judged: at "
			   "most %d in the .crt files, and in the CA file",
			   POOL_CERTS_MAX);
}

static enum err read_sent(const struct presented *presented,
			  struct go_release release, struct arena *arena,
			  struct material *out, struct failure *f)
{
	out->sent = arena_take(arena, presented->count, sizeof(*out->sent));
	if (!out->sent)
		return lack_memory(f);
	for (size_t i = 0; i < presented->count; i++) {
		struct failure why;

		if (certificate_parse(presented->certs[i], release,
				      &out->sent[i], &why) == ERR_OK)
			continue;
		if (i == 0)
			return failure_set(f, ERR_CHAIN,
					   "Docker cannot read the server's "
					   "certificate: tls: failed to parse "
					   "certificate from server: %s",
					   why.detail);
		out->sent[i] = (struct certificate){0};
	}
	return ERR_OK;
}

/* How many blocks of a file were found, and how many are no certificates. */
struct blocks {
	size_t found;
	size_t bad;
};

/* Decode FILE's certificates to the arena and add them to POOL. False: not all
 * of them fit. */
static bool read_pem(struct bytes file, struct go_release release,
		     struct arena *arena, struct pool *pool,
		     struct blocks *blocks)
{
	struct pem_search search = {.file = file};
	uint8_t *room = arena_take_raw(arena, file.len, 1);
	size_t used = 0;
	struct bytes der;

	if (!room)
		return false;
	while (pem_next(&search, release, room + used, file.len - used, &der)) {
		struct certificate c;
		struct failure ignored;

		used += der.len;
		blocks->found++;
		if (certificate_parse(der, release, &c, &ignored) != ERR_OK)
			blocks->bad++;
		else if (!pool_add(pool, &c, 0))
			return false;
	}
	return true;
}

static size_t most_certificates(size_t file_bytes)
{
	size_t most = file_bytes / CERTIFICATE_BYTES_MIN + 1;

	return most < POOL_CERTS_MAX ? most : POOL_CERTS_MAX;
}

static enum err read_files(const struct bytes *files, size_t count,
			   struct go_release release, struct arena *arena,
			   struct pool *out, struct failure *f)
{
	struct blocks blocks = {0, 0};
	size_t bytes = 0;

	for (size_t i = 0; i < count; i++)
		bytes += files[i].len;
	if (!pool_open(out, most_certificates(bytes), arena))
		return lack_memory(f);
	for (size_t i = 0; i < count; i++)
		if (!read_pem(files[i], release, arena, out, &blocks))
			return lack_memory(f);
	return ERR_OK;
}

static bool is_ca(const struct certificate *c, int64_t now)
{
	(void)now;
	return c->is_ca || c->version == 1;
}

static bool is_current(const struct certificate *c, int64_t now)
{
	return c->not_after.seconds >= now;
}

/* Keep those of POOL that are KEPT, if there are any. */
static void keep_where(struct pool *pool,
		       bool (*kept)(const struct certificate *c, int64_t now),
		       int64_t now)
{
	size_t count = 0;

	for (size_t i = 0; i < pool->len; i++)
		count += kept(&pool->certificate[i], now);
	if (!count)
		return;
	count = 0;
	for (size_t i = 0; i < pool->len; i++)
		if (kept(&pool->certificate[i], now))
			pool->certificate[count++] = pool->certificate[i];
	pool->len = count;
}

static enum err read_operators(const struct job *job, struct go_release release,
			       struct arena *arena, struct material *out,
			       struct failure *f)
{
	struct bytes file = job->operator_file;
	struct blocks blocks = {0, 0};
	struct certificate c;
	struct failure why;

	if (!file.len)
		return ERR_OK;
	if (!pool_open(&out->operators, most_certificates(file.len), arena))
		return lack_memory(f);
	if (job->block_count == 0) {
		if (certificate_parse(file, release, &c, &why) != ERR_OK)
			return failure_set(f, ERR_USAGE,
					   "--ca-file: it is neither PEM nor "
					   "a certificate: %s",
					   why.detail);
		pool_add(&out->operators, &c, 0);
		return ERR_OK;
	}
	if (!read_pem(file, release, arena, &out->operators, &blocks))
		return lack_memory(f);
	if (blocks.found != job->block_count || blocks.bad)
		return failure_set(f, ERR_USAGE,
				   "--ca-file: %zu of its %zu CERTIFICATE "
				   "blocks cannot be read",
				   job->block_count - blocks.found + blocks.bad,
				   job->block_count);
	/* A bundle's leaf is no anchor where its CA is there too, and what has
	 * expired would be dropped by the next run. */
	keep_where(&out->operators, is_ca, job->now);
	keep_where(&out->operators, is_current, job->now);
	return ERR_OK;
}

/* Only a certificate with the name of a served one's issuer, or a served one
 * itself, can end a path. (Go before 1.16 knew others, only to refuse them.) */
static bool is_relevant(const struct presented *presented,
			const struct material *m, struct bytes der)
{
	struct bytes subject;

	if (!certificate_subject(der, &subject))
		return false;
	for (size_t i = 0; i < presented->count; i++)
		if (bytes_equal(subject, m->sent[i].issuer) ||
		    bytes_equal(der, presented->certs[i]))
			return true;
	return false;
}

static enum err read_host(const struct job *job,
			  const struct presented *presented,
			  struct go_release release, struct arena *arena,
			  struct material *out, struct failure *f)
{
	struct pem_search search = {.file = job->host_pool};
	size_t most = most_certificates(search.file.len);
	uint8_t *room = arena_take_raw(arena, search.file.len, 1);
	size_t used = 0;
	struct bytes der;

	if (!search.file.len)
		return ERR_OK;
	out->host = arena_take(arena, most, sizeof(*out->host));
	if (!room || !out->host)
		return lack_memory(f);
	while (out->host_count < most &&
	       pem_next(&search, release, room + used, search.file.len - used,
			&der)) {
		if (!is_relevant(presented, out, der))
			continue;
		out->host[out->host_count++] = der;
		used += der.len;
	}
	return ERR_OK;
}

/* see material.h */
enum err material_read(const struct job *job, const struct presented *presented,
		       struct go_release release, struct arena *arena,
		       struct material *out, struct failure *f)
{
	enum err err = read_operators(job, release, arena, out, f);

	if (err == ERR_OK)
		err = read_files(job->installed, job->installed_count, release,
				 arena, &out->installed, f);
	if (err == ERR_OK)
		err = read_files(job->others, job->installed_count, release,
				 arena, &out->others, f);
	if (err == ERR_OK && presented)
		err = read_sent(presented, release, arena, out, f);
	if (err == ERR_OK && presented)
		err = read_host(job, presented, release, arena, out, f);
	return err;
}
