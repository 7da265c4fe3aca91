/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A job in one piece, for a program that has nothing of its predecessor's
 * memory. Both ends are the same binary, and the installer's side writes it:
 * this is no trust boundary.
 */
#ifndef COMMON_JOB_PACK_H
#define COMMON_JOB_PACK_H

#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/job.h"

/* The job itself, its registry, three strings, three files, and those of the
 * directory, twice. */
#define JOB_PIECES_MAX (8 + 2 * CRT_FILES_MAX)

/* Views of a job's parts, in the order in which they are written; HEAD is the
 * job with offsets in place of addresses. */
struct job_packed {
	struct job head;
	size_t count;
	struct bytes pieces[JOB_PIECES_MAX];
};

/* Fill OUT from JOB, which OUT views afterwards, as it does itself: it must
 * not be moved. */
void job_pack(const struct job *job, struct job_packed *out);

/*
 * The job in the LEN bytes at MEMORY, which holds the pieces one behind the
 * other, aligned for any type, and is changed; NULL when it is too short or an
 * offset leads out of it. The job views MEMORY.
 */
const struct job *job_unpack(uint8_t *memory, size_t len);

#endif
