/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Views become offsets and views again; see job_pack.h.
 */
#include "common/job_pack.h"

#include <string.h>

/* What is no view is copied as it is. A field that is added to struct job has
 * to be looked at here first. */
_Static_assert(sizeof(void *) != 8 ||
		       sizeof(struct job) == offsetof(struct job, daemon_json) +
						     sizeof(struct bytes),
	       "is the new field of struct job a view?");

#define STRINGS 3

static const char **string_at(struct job *job, size_t i)
{
	const char **const all[STRINGS] = {&job->docker, &job->https_proxy,
					   &job->no_proxy};

	return all[i];
}

/* The views that every job has. */
#define FILES 3

static size_t views_of(const struct job *job)
{
	return FILES + 2 * job->installed_count;
}

static struct bytes *view_at(struct job *job, size_t i)
{
	struct bytes *const files[FILES] = {
		&job->host_pool, &job->operator_file, &job->daemon_json};

	if (i < FILES)
		return files[i];
	i -= FILES;
	return i < job->installed_count
		       ? &job->installed[i]
		       : &job->others[i - job->installed_count];
}

/* Put PIECE behind the others and return its offset as an address; 0, where
 * the job itself lies, stands for no address. */
static const void *add(struct job_packed *out, size_t *len, struct bytes piece)
{
	size_t at = *len;

	if (!piece.len)
		return NULL;
	out->pieces[out->count++] = piece;
	*len += piece.len;
	return (const void *)(uintptr_t)at;
}

/* see job_pack.h */
void job_pack(const struct job *job, struct job_packed *out)
{
	size_t len = 0;

	out->head = *job;
	out->count = 0;
	(void)add(out, &len,
		  (struct bytes){(const void *)&out->head, sizeof(out->head)});
	out->head.target =
		add(out, &len,
		    (struct bytes){(const void *)job->target,
				   job->target ? sizeof(*job->target) : 0});
	for (size_t i = 0; i < STRINGS; i++) {
		const char **to = string_at(&out->head, i);

		*to = add(out, &len,
			  (struct bytes){(const void *)*to,
					 *to ? strlen(*to) + 1 : 0});
	}
	for (size_t i = 0; i < views_of(job); i++) {
		struct bytes *to = view_at(&out->head, i);

		to->data = add(out, &len, *to);
	}
}

/* The SIZE bytes at the offset that OFFSET stands for. */
static const uint8_t *place(const uint8_t *memory, size_t len,
			    const void *offset, size_t size)
{
	size_t at = (size_t)(uintptr_t)offset;

	return at < len && size <= len - at ? memory + at : NULL;
}

static bool place_strings(struct job *job, const uint8_t *memory, size_t len)
{
	for (size_t i = 0; i < STRINGS; i++) {
		const char **text = string_at(job, i);
		size_t at = (size_t)(uintptr_t)*text;

		if (!*text)
			continue;
		*text = (const char *)place(memory, len, *text, 1);
		if (!*text || !memchr(*text, '\0', len - at))
			return false;
	}
	return true;
}

/* see job_pack.h */
const struct job *job_unpack(uint8_t *memory, size_t len)
{
	struct job *job = (void *)memory;

	if (len < sizeof(*job) || job->installed_count > CRT_FILES_MAX ||
	    job->pin_count > PINS_MAX || !place_strings(job, memory, len))
		return NULL;
	if (job->target) {
		job->target = (const void *)place(memory, len, job->target,
						  sizeof(*job->target));
		if (!job->target)
			return NULL;
	}
	for (size_t i = 0; i < views_of(job); i++) {
		struct bytes *view = view_at(job, i);

		if (!view->len)
			continue;
		view->data = place(memory, len, view->data, view->len);
		if (!view->data)
			return NULL;
	}
	return job;
}
