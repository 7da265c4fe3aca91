/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Consumers in words; see consumers.h.
 */
#include "installer/report/consumers.h"

#include <stdbool.h>
#include <string.h>

#include "installer/report/detail.h"
#include "installer/report/json_value.h"

#define LINE_CHARS_MAX 512

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

/* Do all ways of Docker go alike, in every release? */
static bool docker_agrees(const struct consumer_view *views)
{
	for (int c = 0; is_docker(c); c++)
		if (views[c].answer != views[0].answer ||
		    views[c].reason != views[0].reason ||
		    views[c].older != CONSUMER_FINE)
			return false;
	return true;
}

static void print_one(FILE *to, int consumer, const struct consumer_view *v)
{
	char text[LINE_CHARS_MAX];

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
	char text[LINE_CHARS_MAX];

	/* A certificate's cause has been said with Docker's words. */
	if (said[reason] || reason == CONSUMER_FINE ||
	    reason == CONSUMER_CERTIFICATE || reason == CONSUMER_HANDSHAKE)
		return;
	said[reason] = true;
	detail_print(to, "cause", words->cause);
	if (!*words->remedy)
		return;
	snprintf(text, sizeof(text), "%s (For %s.)", words->remedy, words->who);
	detail_print(to, "remedy", text);
}

/* That containerd may not read Docker's directory at all is said in JSON alone:
 * most hosts have none that would. */
static bool is_quiet(int consumer, const struct consumer_view *v)
{
	return !is_docker(consumer) && (v->answer == CONSUMER_ACCEPTS ||
					v->reason == CONSUMER_CONFIG_PATH);
}

/* Those of Docker's directory, Docker's ways in one line where they agree. */
static void print_all(FILE *to, const struct consumer_view *views)
{
	bool said[CONSUMER_REASON_COUNT_] = {false};
	bool agrees = docker_agrees(views);

	if (agrees)
		detail_print(to, "docker", phrase_of(views[0].answer));
	for (int c = 0; c < CONSUMER_COUNT_; c++)
		if (is_docker(c) ? !agrees
				 : !is_quiet(c, &views[c]) &&
					   views[c].reason != views[0].reason)
			print_one(to, c, &views[c]);
	for (int c = 0; c < CONSUMER_COUNT_; c++) {
		if (is_quiet(c, &views[c]))
			continue;
		print_reason(to, views[c].reason, said);
		print_reason(to, views[c].older, said);
	}
}

/* see consumers.h */
void consumers_print(FILE *to, const struct consumer_facts *facts)
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
		print_all(to, views);
		return;
	}
	print_one(to, reader, &views[reader]);
	print_reason(to, views[reader].reason, said);
}

/* see consumers.h */
void consumers_print_json(const struct consumer_facts *facts)
{
	json_key("consumers");
	if (!facts) {
		printf("null");
		return;
	}
	printf("[");
	for (int c = 0; c < CONSUMER_COUNT_; c++) {
		struct consumer_view v =
			consumer_judge((enum consumer)c, facts);
		const struct consumer_words *words = consumer_explain(v.reason);

		printf("%s{\"consumer\":\"%s\"", c ? "," : "",
		       consumer_word((enum consumer)c));
		json_text("answer", consumer_answer_word(v.answer));
		json_text("reason", words->word);
		json_text("before_29_5", consumer_explain(v.older)->word);
		json_text("error", words->error);
		json_text("cause", words->cause);
		json_text("remedy", words->remedy);
		json_text("who", words->who);
		printf("}");
	}
	printf("]");
}
