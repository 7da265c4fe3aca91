/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of all warnings, and which apply; see warnings.h
 */
#include "installer/report/report.h"

#define ROW(name) [__builtin_ctz(REPORT_WARN_##name)]

static const struct {
	const char *word;
	const char *sentence;
} warnings[REPORT_WARNINGS_MAX] = {
	ROW(FIRST_USE) = {"first-use",
			  "only the network vouches for it; compare the "
			  "fingerprint with the registry's administrator "
			  "and pin it on every node"},
	ROW(LEAF) = {"leaf",
		     "the anchor is the server's own certificate: once that is "
		     "renewed, Docker refuses it until the new one is accepted "
		     "here"},
	ROW(LOOPBACK) = {"loopback",
			 "its address is a loopback one, for which Docker's "
			 "login and classic store verify nothing and read no "
			 "directory, whatever its name; of localhost and "
			 "127.0.0.1 themselves nor does any Docker"},
	ROW(HUB_PATH) = {"hub-path",
			 "without a dot or a port, Docker takes this name for "
			 "a path on Docker Hub, not for a registry"},
	ROW(CLIENT_CERT) =
		{"client-certificate",
		 "the server asks for a client certificate; where it insists, "
		 "Docker needs client.cert and client.key beside ca.crt, and "
		 "whether the server takes them is not seen from here"},
	ROW(NO_LANDLOCK) =
		{"unsealed",
		 "there is no Landlock here, of the kernel or past a "
		 "seccomp profile; the probe ran without it"},
	ROW(TOKEN_SERVICE) =
		{"token-service",
		 "logins go to a token service, which is checked with this "
		 "registry's directory: its CA must be there too: "
		 "--trust-token-host"},
	ROW(HOSTS_TOML) = {"hosts-toml",
			   "Docker's containerd store and containerd go by "
			   "hosts.toml, and read a .crt only where it cannot "
			   "be used"},
	ROW(PORT_ALIAS) = {"port-alias",
			   "a directory host_port_ is in certs.d: Docker's "
			   "containerd store and containerd read it instead"},
	ROW(DEFAULT) = {"default-hidden",
			"_default/ does not count for a registry that has a "
			"directory of its own (containerd store)"},
	ROW(LONE_CERT) = {"lone-cert",
			  "a .cert is without its .key: Docker refuses the "
			  "registry, but for a containerd store that finds "
			  "the key in the same file"},
	ROW(LONE_KEY) = {"lone-key",
			 "a .key is without its .cert: docker login, Docker's "
			 "classic store and Podman refuse the registry"},
	ROW(UNREAD_CRT) =
		{"unread-crt",
		 "a .crt in the directory could not be read; if Docker cannot "
		 "read it either, it refuses the registry"},
	ROW(OTHER_CRT) = {"other-crt", "another .crt than dtr-trust writes is "
				       "in the directory: what it holds is "
				       "trusted too"},
	ROW(KEY_LEFT_OUT) = {"key-left-out",
			     "the CA file holds a private key; it was left out "
			     "and goes nowhere"},
	ROW(EXPIRY) = {"expiry",
		       "a certificate that this trust rests on has ended or "
		       "ends soon"},
	ROW(CONTAINERS) = {"containers",
			   "/etc/containers/certs.d has a directory for this "
			   "registry: Podman, Buildah, Skopeo and CRI-O read "
			   "that one and not ours"},
	ROW(DIRECTORY_ALONE) =
		{"directory-alone",
		 "judged with this directory alone: the host's own CA store "
		 "cannot be seen from here, and Docker adds it"},
	ROW(NO_CLASSIC_SUITE) =
		{"cipher-suite",
		 "the server takes no cipher suite that docker login offers, "
		 "nor docker pull with a graphdriver store: remote error: tls: "
		 "handshake failure"},
	ROW(VOID_CRT) = {"void-crt",
			 "a .crt held no certificate that Docker can read: "
			 "Docker and Podman ignore such a file, containerd's "
			 "loader fails on it, and with it Docker's containerd "
			 "store"},
	ROW(PROXY) =
		{"proxy",
		 "captured through a proxy. Docker's daemon has one of its "
		 "own, or none, and may meet another server: docker info -f "
		 "'{{.HTTPSProxy}} {{.NoProxy}}' must say the same as here"},
	ROW(INSECURE) =
		{"insecure-registry",
		 "daemon.json lists it under insecure-registries: Docker "
		 "verifies nothing of it and takes whoever answers; take it "
		 "out of that list, and restart Docker"},
	ROW(MIRROR) = {"hub-mirror",
		       "daemon.json names it as a mirror of Docker Hub: the "
		       "containerd store (28 and newer) looks up its CA under "
		       "docker.io, not here"},
	ROW(PUBLIC) =
		{"public-registry",
		 "public CAs vouch for this registry, and hosts trust those by "
		 "themselves: where the CA above is your organisation's, your "
		 "network inspects TLS, for this name as for all others. Have "
		 "that CA put into this host's own CA store and restart "
		 "Docker: docs/troubleshooting.md"},
	ROW(LARGE_CRT) =
		{"large-crt",
		 "a .crt is larger than what is read here: Docker reads it, "
		 "and what is in it is not known here"},
	ROW(DENIED_CRT) =
		{"denied-crt",
		 "a .crt may not be read by this user: Docker's may, and what "
		 "is in it is not known here; run dtr-trust as Docker runs"},
	ROW(ENDING) = {"unread-ending",
		       "a .pem or .cer is in the directory, which nobody reads "
		       "unless hosts.toml names it: a CA counts in a .crt"},
	ROW(SPELLING) =
		{"other-spelling",
		 "the same registry has another directory, with or without "
		 "its port: Docker reads that of the name that a command "
		 "uses, and no other"},
	ROW(NO_DIRECTORY) =
		{"no-directory",
		 "a file is where the directory of this registry should be: "
		 "Docker and all others stop there"},
	ROW(UNLOCKED) = {"unlocked",
			 "certs.d cannot be locked there: let no other "
			 "dtr-trust write into it at the same time"},
	ROW(UNSYNCED) = {"unsynced",
			 "this file system cannot sync a directory: what was "
			 "written may be gone after a power cut; then run it "
			 "again"},
};

/* What is there -> what is said of it. */
static const struct {
	enum survey_shadow shadow;
	enum report_warning warning;
} pairs[] = {
	{SURVEY_HOSTS_TOML, REPORT_WARN_HOSTS_TOML},
	{SURVEY_PORT_ALIAS, REPORT_WARN_PORT_ALIAS},
	{SURVEY_DEFAULT, REPORT_WARN_DEFAULT},
	{SURVEY_LONE_CERT, REPORT_WARN_LONE_CERT},
	{SURVEY_LONE_KEY, REPORT_WARN_LONE_KEY},
	{SURVEY_UNREAD_CRT, REPORT_WARN_UNREAD_CRT},
	{SURVEY_FOLDER_CRT, REPORT_WARN_UNREAD_CRT},
	{SURVEY_DANGLING_CRT, REPORT_WARN_UNREAD_CRT},
	{SURVEY_CONTAINERS, REPORT_WARN_CONTAINERS},
	{SURVEY_LARGE_CRT, REPORT_WARN_LARGE_CRT},
	{SURVEY_DENIED_CRT, REPORT_WARN_DENIED_CRT},
	{SURVEY_UNREAD_ENDING, REPORT_WARN_ENDING},
	{SURVEY_OTHER_SPELLING, REPORT_WARN_SPELLING},
	{SURVEY_NO_DIRECTORY, REPORT_WARN_NO_DIRECTORY},
};

/* see warnings.h */
unsigned report_survey_warnings(const struct survey *survey)
{
	unsigned found = 0;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (survey->shadows & pairs[i].shadow)
			found |= pairs[i].warning;
	for (size_t i = 0; i < survey->file_count; i++)
		if (survey->files[i].content.data !=
		    survey_find(survey, SURVEY_CA_FILE).data)
			found |= REPORT_WARN_OTHER_CRT;
	return found;
}

/* see warnings.h */
unsigned report_store_warnings(const struct store_result *done)
{
	return (done->is_unlocked ? REPORT_WARN_UNLOCKED : 0U) |
	       (done->is_unsynced ? REPORT_WARN_UNSYNCED : 0U);
}

/* see warnings.h */
const char *report_warning_word(size_t index)
{
	return index < REPORT_WARNINGS_MAX ? warnings[index].word : NULL;
}

/* see warnings.h */
const char *report_warning_sentence(size_t index)
{
	return index < REPORT_WARNINGS_MAX ? warnings[index].sentence : NULL;
}

/* see warnings.h */
unsigned report_warnings_of(const struct report *r)
{
	return r->warnings |
	       (r->outcome->flags & OUTCOME_PROXIED ? REPORT_WARN_PROXY : 0U);
}

/* see warnings.h */
const char *report_warning_file(const struct report *r, size_t index)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]) && r->survey;
	     i++)
		if (pairs[i].warning == 1U << index &&
		    r->survey->shadows & pairs[i].shadow)
			return survey_shadow_name(r->survey, pairs[i].shadow);
	return NULL;
}
