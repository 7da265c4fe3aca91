/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From what each consumer does to what that means for one host; see
 * consumers.h.
 */
#include "installer/policy/consumers.h"

static bool refuses(enum consumer consumer, const struct consumer_facts *facts)
{
	struct consumer_view view = consumer_judge(consumer, facts);

	/* What is in host_port_ may serve it. */
	return view.answer == CONSUMER_REFUSES ||
	       (view.answer == CONSUMER_READS_NOTHING &&
		view.reason != CONSUMER_ALIAS);
}

/* Does CONSUMER not get on, or is that not seen because /v2/ is no registry's,
 * or leads away, where login does not go through either? */
static bool is_lost(enum consumer consumer, bool login,
		    const struct consumer_facts *facts)
{
	struct consumer_view view = consumer_judge(consumer, facts);

	return refuses(consumer, facts) || view.reason == CONSUMER_UNASKED ||
	       (login && view.reason == CONSUMER_PATHS);
}

/* A file stops every login, whatever the store: no pull without one counts. */
static bool stops_login(const struct consumer_facts *facts)
{
	enum consumer_reason reason =
		consumer_judge(CONSUMER_LOGIN, facts).reason;

	return reason == CONSUMER_PAIR || reason == CONSUMER_CRT;
}

/* see consumers.h */
bool consumer_all_refuse(const struct consumer_facts *facts)
{
	bool login = refuses(CONSUMER_LOGIN, facts);
	bool classic = is_lost(CONSUMER_PULL_CLASSIC, login, facts);
	bool containerd = is_lost(CONSUMER_PULL_CONTAINERD, login, facts);

	if (facts->place == CONSUMER_PLACE_CONTAINERS)
		return is_lost(CONSUMER_PODMAN, false, facts);
	if (facts->place == CONSUMER_PLACE_CONTAINERD)
		return refuses(CONSUMER_CONTAINERD, facts);
	if (stops_login(facts))
		return true;
	switch (facts->store) {
	case CONSUMER_STORE_CLASSIC:
		return classic;
	case CONSUMER_STORE_CONTAINERD:
		return containerd;
	case CONSUMER_STORE_UNKNOWN:
		break;
	}
	return classic && containerd;
}

/* see consumers.h */
bool consumer_all_would_refuse(const struct consumer_facts *facts)
{
	struct consumer_facts strict = *facts;

	strict.is_insecure = false;
	return consumer_all_refuse(&strict);
}

/* see consumers.h */
bool consumer_is_here(enum consumer consumer,
		      const struct consumer_facts *facts)
{
	return !(consumer == CONSUMER_PULL_CLASSIC &&
		 facts->store == CONSUMER_STORE_CONTAINERD) &&
	       !(consumer == CONSUMER_PULL_CONTAINERD &&
		 facts->store == CONSUMER_STORE_CLASSIC);
}

/* see consumers.h */
bool consumer_store_matters(const struct consumer_facts *facts)
{
	struct consumer_view classic =
		consumer_judge(CONSUMER_PULL_CLASSIC, facts);
	struct consumer_view containerd =
		consumer_judge(CONSUMER_PULL_CONTAINERD, facts);

	return facts->store == CONSUMER_STORE_UNKNOWN &&
	       (classic.answer != containerd.answer ||
		classic.older != containerd.older);
}
