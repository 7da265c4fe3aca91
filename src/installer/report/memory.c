/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/memory.h"

#include <stdlib.h>
#include <string.h>

#include "common/fingerprint.h"

struct said {
	enum report_state state;
	enum report_exit exit;
	unsigned warnings;
	int64_t ends;
	/* Of the other host that was asked, the cause and the failure's words,
	 * and of the anchors in their order. */
	struct fingerprint words;
};

/* Whom a report is about: of the others a registry names one each, and what it
 * calls them may be another name in each round. */
enum whom { WHOM_REGISTRY, WHOM_SERVICE, WHOM_REDIRECT };

struct memory_entry {
	char registry[REGISTRY_CHARS_MAX + 1];
	enum whom whom;
	const char *certs_dir; /* of the options, which outlive it */
	struct said said;
};

/* WORDS with MORE behind them. */
static void add_words(struct fingerprint *words, struct bytes more)
{
	struct fingerprint both[2] = {*words, {{0}}};

	fingerprint_of(more, &both[1]);
	fingerprint_of((struct bytes){both[0].sha256, sizeof(both)}, words);
}

/* Has something been written or removed? That is news each time. */
static bool has_changed_something(enum report_state state)
{
	return state == REPORT_INSTALLED || state == REPORT_ADDED ||
	       state == REPORT_DROPPED || state == REPORT_REMOVED ||
	       state == REPORT_PRUNED;
}

/* What a round says that finds all as this one left it. */
static enum report_state settled(enum report_state state)
{
	if (state == REPORT_REMOVED)
		return REPORT_ABSENT;
	return has_changed_something(state) ? REPORT_UNCHANGED : state;
}

static struct said say(const struct report *r)
{
	const struct outcome *o = r->outcome;
	const char *reason = report_reason(r);
	struct said s = {.state = settled(r->state),
			 .exit = report_exit_of(r),
			 .warnings = r->warnings & ~(unsigned)REPORT_OF_WRITE,
			 .ends = r->ends};

	if (r->service)
		add_words(&s.words, bytes_of(r->service->reference));
	/* Where there is no cause it is the state's own word. */
	if (strcmp(reason, report_word(r->state)) != 0)
		add_words(&s.words, bytes_of(reason));
	if (r->state == REPORT_FAILED)
		add_words(&s.words, bytes_of(r->failure.detail));
	for (size_t i = 0; i < o->cert_count; i++)
		if (o->certs[i].flags & WIRE_CERT_ANCHOR)
			add_words(&s.words, o->certs[i].der);
	return s;
}

static bool is_same(const struct said *a, const struct said *b)
{
	return a->state == b->state && a->exit == b->exit &&
	       a->warnings == b->warnings && a->ends == b->ends &&
	       fingerprint_equal(&a->words, &b->words);
}

static enum whom whom_of(const struct report *r)
{
	if (!r->service)
		return WHOM_REGISTRY;
	return r->is_redirect ? WHOM_REDIRECT : WHOM_SERVICE;
}

static struct memory_entry *find(struct memory *m, const struct report *r)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->list[i].certs_dir == r->certs_dir &&
		    m->list[i].whom == whom_of(r) &&
		    !strcmp(m->list[i].registry, r->registry->reference))
			return &m->list[i];
	return NULL;
}

static struct memory_entry *add(struct memory *m, const struct report *r)
{
	struct memory_entry *entry;

	if (m->count == m->room) {
		size_t room = m->room ? 2 * m->room : 16;

		entry = realloc(m->list, room * sizeof(*entry));
		if (!entry)
			return NULL;
		m->list = entry;
		m->room = room;
	}
	entry = &m->list[m->count++];
	memset(entry, 0, sizeof(*entry));
	entry->certs_dir = r->certs_dir;
	memcpy(entry->registry, r->registry->reference,
	       sizeof(entry->registry));
	entry->whom = whom_of(r);
	return entry;
}

/* see memory.h */
bool memory_is_news(struct memory *m, const struct report *r)
{
	struct memory_entry *entry = find(m, r);
	struct said now = say(r);
	bool news = !entry || has_changed_something(r->state) ||
		    !is_same(&now, &entry->said);

	if (!entry)
		entry = add(m, r);
	if (entry)
		entry->said = now;
	return news;
}

/* see memory.h */
void memory_free(struct memory *m)
{
	free(m->list);
	*m = (struct memory){0};
}
