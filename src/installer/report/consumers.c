/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Consumers in words; see consumers.h.
 */
#include "installer/report/consumers.h"

#include "common/limits.h"
#include "installer/policy/consumer_words.h"
#include "installer/report/detail.h"

static const char *phrase_of(enum consumer_answer answer)
{
	switch (answer) {
	case CONSUMER_ACCEPTS:
		return "accepts it";
	case CONSUMER_REFUSES:
		return "refuses it";
	case CONSUMER_UNCHECKED:
		return "cannot be told from here";
	case CONSUMER_UNVERIFIED:
		return "connects without verifying anything";
	case CONSUMER_READS_NOTHING:
		break;
	}
	return "does not read this directory for it";
}

static bool is_docker(int consumer)
{
	return consumer <= CONSUMER_BUILD;
}

static bool is_here(int consumer, const struct consumer_facts *facts)
{
	return consumer_is_here((enum consumer)consumer, facts);
}

/* Do all ways of Docker that this host may take go alike, in every release? */
static bool docker_agrees(const struct consumer_view *views,
			  const struct consumer_facts *facts)
{
	for (int c = 0; is_docker(c); c++)
		if (is_here(c, facts) && (views[c].answer != views[0].answer ||
					  views[c].reason != views[0].reason ||
					  views[c].older != CONSUMER_FINE))
			return false;
	return true;
}

/* Was it said with Docker's own words about the server? */
static bool is_said(const struct consumer_view *v)
{
	return v->answer == CONSUMER_REFUSES &&
	       (v->reason == CONSUMER_CERTIFICATE ||
		v->reason == CONSUMER_HANDSHAKE ||
		v->reason == CONSUMER_CLIENT);
}

static void print_one(FILE *to, int consumer, const struct consumer_view *v)
{
	char text[SENTENCE_CHARS_MAX];

	snprintf(text, sizeof(text), "%s: %s%s",
		 consumer_label((enum consumer)consumer), phrase_of(v->answer),
		 v->older == CONSUMER_FINE
			 ? ""
			 : "; releases before 29.5 refuse it where the login "
			   "has credentials");
	detail_print(to, is_docker(consumer) ? "docker" : "others", text);
}

static void print_reason(FILE *to, enum consumer_reason reason, bool *said)
{
	const struct consumer_words *words = consumer_explain(reason);
	char text[SENTENCE_CHARS_MAX];

	/* A certificate's cause has been said with Docker's words, that nothing
	 * is verified as a warning. */
	if (said[reason] || reason == CONSUMER_FINE ||
	    reason == CONSUMER_INSECURE || reason == CONSUMER_CERTIFICATE ||
	    reason == CONSUMER_HANDSHAKE || reason == CONSUMER_TOKEN_FAULT)
		return;
	said[reason] = true;
	detail_print(to, "cause", words->cause);
	if (!*words->remedy ||
	    (reason == CONSUMER_UNASKED &&
	     (said[CONSUMER_REPLIED] || said[CONSUMER_BROKEN] ||
	      said[CONSUMER_NO_REALM])))
		return;
	snprintf(text, sizeof(text), "%s (For %s.)", words->remedy, words->who);
	detail_print(to, "remedy", text);
}

_Static_assert(DAEMON_JSON_BYTES_MAX == 64 * 1024, "said in words below");

/* What is said above depends on it, so that it is said on success too. */
static void print_unknown(FILE *to, const struct consumer_facts *facts)
{
	static const char *const texts[] = {
		[CONSUMER_DAEMON_NONE] = "",
		[CONSUMER_DAEMON_UNSEEN] =
			"-v /etc/docker:/etc/docker:ro shows daemon.json. ",
		[CONSUMER_DAEMON_ABSENT] = "there is no daemon.json. ",
		[CONSUMER_DAEMON_UNREADABLE] = "daemon.json cannot be read. ",
		[CONSUMER_DAEMON_LARGE] = "daemon.json is larger than 64 KiB. ",
		[CONSUMER_DAEMON_READ] = "daemon.json does not say. ",
	};
	/* moby: determineImageStoreChoice, from 29.0 on. */
	static const char by_default[] =
		"By default it is the classic one where Docker was set up "
		"before 29, and containerd's since. ";
	bool is_silent = facts->daemon == CONSUMER_DAEMON_ABSENT ||
			 facts->daemon == CONSUMER_DAEMON_READ;
	char text[SENTENCE_CHARS_MAX];

	snprintf(text, sizeof(text),
		 "which image store Docker has here: %s%sdocker info -f "
		 "'{{.DriverStatus}}' tells (io.containerd... is containerd's);"
		 " then --docker-store classic or containerd",
		 texts[facts->daemon], is_silent ? by_default : "");
	detail_print(to, "not known", text);
}

/* A registry is not to choose what is asked for (SECURITY.md), so the realm is
 * not asked. */
static void print_untried(FILE *to, const struct consumer_view *v,
			  const struct consumer_facts *facts)
{
	if (v->answer == CONSUMER_ACCEPTS &&
	    (facts->token == CONSUMER_TOKEN_HOST ||
	     facts->token == CONSUMER_TOKEN_DIRECTORY))
		detail_print(to, "not known",
			     "whether its token service hands out a token: "
			     "none was asked for, a login tells");
}

/* That containerd may not read Docker's directory at all is said in JSON alone:
 * most hosts have none that would. */
static bool is_quiet(int consumer, const struct consumer_view *v)
{
	return !is_docker(consumer) && (v->answer == CONSUMER_ACCEPTS ||
					v->reason == CONSUMER_CONFIG_PATH);
}

/* Those of Docker's directory, Docker's ways in one line where they agree. */
static void print_all(FILE *to, const struct consumer_view *views,
		      const struct consumer_facts *facts, bool is_told)
{
	bool said[CONSUMER_REASON_COUNT_] = {false};
	bool agrees = docker_agrees(views, facts);

	if (agrees && !(is_told && is_said(&views[0])))
		detail_print(to, "docker", phrase_of(views[0].answer));
	for (int c = 0; c < CONSUMER_COUNT_; c++)
		if (is_docker(c) ? !agrees && is_here(c, facts)
				 : !is_quiet(c, &views[c]) &&
					   views[c].reason != views[0].reason)
			print_one(to, c, &views[c]);
	for (int c = 0; c < CONSUMER_COUNT_; c++) {
		if (is_quiet(c, &views[c]) || !is_here(c, facts))
			continue;
		print_reason(to, views[c].reason, said);
		print_reason(to, views[c].older, said);
	}
	if (consumer_store_matters(facts))
		print_unknown(to, facts);
	print_untried(to, &views[CONSUMER_LOGIN], facts);
}

/* see consumers.h */
void consumers_print(FILE *to, const struct consumer_facts *facts, bool is_told)
{
	static const int readers[] = {
		[CONSUMER_PLACE_CONTAINERS] = CONSUMER_PODMAN,
		[CONSUMER_PLACE_CONTAINERD] = CONSUMER_CONTAINERD,
	};
	struct consumer_view views[CONSUMER_COUNT_];
	bool said[CONSUMER_REASON_COUNT_] = {false};
	int reader = readers[facts->place];

	for (int c = 0; c < CONSUMER_COUNT_; c++)
		views[c] = consumer_judge((enum consumer)c, facts);
	if (facts->place == CONSUMER_PLACE_DOCKER) {
		print_all(to, views, facts, is_told);
		return;
	}
	print_one(to, reader, &views[reader]);
	print_reason(to, views[reader].reason, said);
	print_untried(to, &views[reader], facts);
}
