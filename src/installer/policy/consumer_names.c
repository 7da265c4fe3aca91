/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of consumers and of what they do; see consumer_words.h.
 */
#include "installer/policy/consumer_words.h"

static const struct {
	const char *word;
	const char *label;
} names[CONSUMER_COUNT_] = {
	[CONSUMER_LOGIN] = {"docker-login", "docker login"},
	[CONSUMER_PULL_CLASSIC] = {"docker-pull-classic",
				   "docker pull and push, classic store"},
	[CONSUMER_PULL_CONTAINERD] = {"docker-pull-containerd",
				      "docker pull and push, containerd store"},
	[CONSUMER_BUILD] = {"docker-build", "docker build"},
	[CONSUMER_CONTAINERD] = {"containerd", "containerd (kubelet)"},
	[CONSUMER_PODMAN] = {"podman", "Podman, Buildah, Skopeo, CRI-O"},
};

static const char *const answers[] = {
	[CONSUMER_ACCEPTS] = "accepts",
	[CONSUMER_REFUSES] = "refuses",
	[CONSUMER_UNCHECKED] = "unchecked",
	[CONSUMER_UNVERIFIED] = "unverified",
	[CONSUMER_READS_NOTHING] = "reads-nothing",
};

/* see consumer_words.h */
const char *consumer_answer_word(enum consumer_answer answer)
{
	return answers[answer];
}

/* see consumer_words.h */
const char *consumer_word(enum consumer consumer)
{
	return names[consumer].word;
}

/* see consumer_words.h */
const char *consumer_label(enum consumer consumer)
{
	return names[consumer].label;
}
