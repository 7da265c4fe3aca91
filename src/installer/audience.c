/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts for the table of consumers; see audience.h.
 */
#include "installer/audience.h"

#include <stdlib.h>

static unsigned directory_of(const struct survey *s)
{
	static const struct {
		enum survey_shadow shadow;
		enum consumer_directory flag;
	} pairs[] = {
		{SURVEY_HOSTS_TOML, CONSUMER_HAS_HOSTS_TOML},
		{SURVEY_PORT_ALIAS, CONSUMER_HAS_PORT_ALIAS},
		{SURVEY_LONE_CERT, CONSUMER_HAS_LONE_CERT},
		{SURVEY_LONE_KEY, CONSUMER_HAS_LONE_KEY},
		{SURVEY_UNREAD_CRT, CONSUMER_HAS_UNREADABLE},
		{SURVEY_FOLDER_CRT, CONSUMER_HAS_FOLDER},
		{SURVEY_DANGLING_CRT, CONSUMER_HAS_DANGLING},
		{SURVEY_CONTAINERS, CONSUMER_HAS_CONTAINERS},
		{SURVEY_NO_DIRECTORY, CONSUMER_HAS_NO_DIRECTORY},
	};
	unsigned flags = s->has_pair ? CONSUMER_HAS_PAIR : 0;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (s->shadows & pairs[i].shadow)
			flags |= pairs[i].flag;
	return flags;
}

static enum consumer_name name_of(const struct registry *r,
				  const struct outcome *o)
{
	if (registry_is_docker_hub(r))
		return CONSUMER_NAME_HUB;
	if (registry_is_loopback(r))
		return CONSUMER_NAME_LOOPBACK;
	if (registry_is_docker_hub_path(r))
		return CONSUMER_NAME_HUB_PATH;
	return o->flags & OUTCOME_LOOPBACK ? CONSUMER_NAME_AT_LOOPBACK
					   : CONSUMER_NAME_ORDINARY;
}

/* k3s and RKE2 have containerd's below /var/lib/rancher, a user Podman's below
 * ~/.config. */
static enum consumer_place place_of(const char *certs_dir)
{
	const struct bytes path = bytes_of(certs_dir);

	if (bytes_end_with(path, "/containers/certs.d"))
		return CONSUMER_PLACE_CONTAINERS;
	return bytes_end_with(path, "/containerd/certs.d")
		       ? CONSUMER_PLACE_CONTAINERD
		       : CONSUMER_PLACE_DOCKER;
}

static bool is_handshake(enum verdict_code code)
{
	return code == VERDICT_HANDSHAKE || code == VERDICT_CLIENT_CERTIFICATE;
}

static enum consumer_certificate certificate_of(const struct wire_verdict *v)
{
	if (!v->reached || v->code == VERDICT_UNCHECKED)
		return CONSUMER_CERTIFICATE_UNCHECKED;
	/* Docker accepted the certificates, or did not come to them. */
	if (v->code == VERDICT_ACCEPTED || is_handshake(v->code))
		return CONSUMER_CERTIFICATE_ACCEPTED;
	return CONSUMER_CERTIFICATE_REFUSED;
}

static enum consumer_host host_of(const struct outcome *o)
{
	if (o->flags & OUTCOME_HOST_TRUSTS)
		return CONSUMER_HOST_COVERS;
	return o->flags & OUTCOME_HOST_POOL ? CONSUMER_HOST_LACKS
					    : CONSUMER_HOST_UNSEEN;
}

/* Is the release that was asked for older than MAJOR.MINOR? */
static bool is_before(const char *docker, long major, long minor)
{
	char *end;
	long number = docker ? strtol(docker, &end, 10) : 0;

	if (!docker || number != major)
		return docker && number < major;
	return *end == '.' && strtol(end + 1, NULL, 10) < minor;
}

/* What the operator says of the store counts before daemon.json: he may know
 * of dockerd's command line. Before 23 there was no other than the classic one
 * (moby; run: 20.10). */
static void heed_daemon(const struct turn *turn, const struct options *options,
			const struct daemon *daemon, const struct outcome *o,
			struct consumer_facts *out)
{
	/* A proxy's address is not the registry's. */
	const char *address = o->flags & OUTCOME_PROXIED ? "" : o->address;

	/* Who reads another certs.d reads no daemon.json. */
	if (out->place != CONSUMER_PLACE_DOCKER)
		return;
	out->daemon = daemon_sight(daemon);
	out->store_is_named = options->docker_store != CONSUMER_STORE_UNKNOWN;
	out->store =
		out->store_is_named ? options->docker_store : daemon->store;
	if (!out->store_is_named && is_before(options->docker, 23, 0)) {
		out->store = CONSUMER_STORE_CLASSIC;
		out->store_by_release = true;
	}
	out->is_insecure = daemon_is_insecure(daemon, turn->registry, address);
	out->is_mirror = daemon_is_mirror(daemon, turn->registry);
	out->goes_apart = daemon->has_proxy && !options->https_proxy;
}

/* see audience.h */
bool audience_misses_file(const struct survey *survey,
			  const struct options *options)
{
	unsigned unseen = SURVEY_LARGE_CRT | SURVEY_DENIED_CRT |
			  (options->in_image ? SURVEY_DANGLING_CRT : 0U);

	return survey->shadows & unseen;
}

/* _default counts where there is no directory, and none has been made. */
static bool is_default_read(const struct survey *survey,
			    enum report_state state)
{
	return survey->shadows & SURVEY_DEFAULT && !survey->exists &&
	       state != REPORT_INSTALLED && state != REPORT_ADDED;
}

/* see audience.h */
void audience_gather(const struct turn *turn, const struct options *options,
		     const struct daemon *daemon, const struct outcome *o,
		     const struct report *report, struct consumer_facts *out)
{
	*out = (struct consumer_facts){
		.name = name_of(turn->registry, o),
		.place = place_of(report->certs_dir),
		.is_new_reference = registry_is_new_reference(turn->registry),
		.directory = directory_of(&turn->survey),
		.host = host_of(o),
		.certificate = certificate_of(&report->verdict),
		.by_release = o->flags & OUTCOME_BY_RELEASE,
		.handshake_refused =
			report->verdict.code == VERDICT_HANDSHAKE ||
			report->is_unproven,
		.asks_client = o->flags & OUTCOME_CLIENT_CERT,
		.demands_client =
			report->verdict.code == VERDICT_CLIENT_CERTIFICATE,
		.lacks_classic_suite = o->flags & OUTCOME_NO_CLASSIC_SUITE,
		.has_rare_suite = o->flags & OUTCOME_RARE_SUITE,
		.reply = audience_reply(o),
		.status = o->status,
		.is_left_out = report->state == REPORT_REFUSED_USELESS,
		.token = audience_token(o),
		.basic_first = o->flags & OUTCOME_BASIC_FIRST,
		.before_token_pool = is_before(options->docker, 29, 5),
		.before_containerd_loader = is_before(options->docker, 28, 0),
		.before_fresh_build = is_before(options->docker, 25, 0),
	};
	heed_daemon(turn, options, daemon, o, out);
	if (report_void_left(report))
		out->directory |= CONSUMER_HAS_VOID;
	if (is_default_read(&turn->survey, report->state))
		out->directory |= CONSUMER_HAS_DEFAULT;
	/* In the image a link may lead out of what is mounted. */
	if (options->in_image)
		out->directory &= ~(unsigned)CONSUMER_HAS_DANGLING;
	out->unseen_file = audience_misses_file(&turn->survey, options);
}
