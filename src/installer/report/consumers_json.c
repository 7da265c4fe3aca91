/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Consumers in JSON; see consumers.h.
 */
#include "installer/report/consumers.h"

#include "installer/policy/consumer_words.h"
#include "installer/report/json_value.h"

/* see consumers.h */
void consumers_print_json(FILE *to, const struct consumer_facts *facts)
{
	json_key(to, "consumers");
	if (!facts) {
		fprintf(to, "null");
		return;
	}
	fprintf(to, "[");
	for (int c = 0; c < CONSUMER_COUNT_; c++) {
		struct consumer_view v =
			consumer_judge((enum consumer)c, facts);
		const struct consumer_words *words = consumer_explain(v.reason);

		fprintf(to, "%s{\"consumer\":\"%s\"", c ? "," : "",
			consumer_word((enum consumer)c));
		json_text(to, "answer", consumer_answer_word(v.answer));
		json_text(to, "reason", words->word);
		json_text(to, "before_29_5", consumer_explain(v.older)->word);
		json_text(to, "error", words->error);
		json_text(to, "cause", words->cause);
		json_text(to, "remedy", words->remedy);
		json_text(to, "who", words->who);
		fprintf(to, "}");
	}
	fprintf(to, "]");
}

/* see consumers.h */
void consumers_print_host_json(FILE *to, const struct consumer_facts *facts)
{
	static const char *const stores[] = {
		[CONSUMER_STORE_UNKNOWN] = NULL,
		[CONSUMER_STORE_CLASSIC] = "classic",
		[CONSUMER_STORE_CONTAINERD] = "containerd",
	};
	static const char *const files[] = {
		[CONSUMER_DAEMON_NONE] = "elsewhere",
		[CONSUMER_DAEMON_UNSEEN] = "unseen",
		[CONSUMER_DAEMON_ABSENT] = "absent",
		[CONSUMER_DAEMON_UNREADABLE] = "unreadable",
		[CONSUMER_DAEMON_LARGE] = "too-large",
		[CONSUMER_DAEMON_READ] = "read",
	};

	json_key(to, "docker_host");
	if (!facts) {
		fprintf(to, "null");
		return;
	}
	fprintf(to, "{\"daemon_json\":\"%s\"", files[facts->daemon]);
	json_text(to, "store", stores[facts->store]);
	json_text(to, "store_from",
		  !facts->store		    ? NULL
		  : facts->store_is_named   ? "option"
		  : facts->store_by_release ? "release"
					    : "daemon.json");
	json_bool(to, "insecure", facts->is_insecure);
	json_bool(to, "mirror", facts->is_mirror);
	fprintf(to, "}");
}
