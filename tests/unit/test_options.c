/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command line and variables to options: each row is a command line with its
 * environment, and in words what differs from the defaults, or the error.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/limits.h"
#include "installer/options/options.h"
#include "installer/options/table.h"

#define ARGS_MAX 8

#define ZEROS "00000000000000000000000000000000"
#define PIN_0 "sha256:" ZEROS ZEROS
#define ONES  "11111111111111111111111111111111"
#define PIN_1 "sha256:" ONES ONES

/* Too large for a stack. */
static struct options options;

struct line {
	const char *args[ARGS_MAX];
	const char *env[4]; /* NAME=value */
};

/* On success OPTIONS is to be freed. Nothing is written to the strings. */
static enum err parse(const struct line *line, struct failure *f)
{
	const char *form = getenv("CMOCKA_MESSAGE_OUTPUT");
	char *argv[ARGS_MAX + 2] = {NULL};
	char kept[16];
	int argc = 1;
	enum err err;

	/* cmocka reads its own variable anew for each line that it says. */
	if (form)
		snprintf(kept, sizeof(kept), "%s", form);
	clearenv();
	if (form)
		setenv("CMOCKA_MESSAGE_OUTPUT", kept, 1);
	for (size_t i = 0; i < COUNT(line->env) && line->env[i]; i++)
		putenv((char *)(uintptr_t)line->env[i]);
	for (; line->args[argc - 1]; argc++)
		argv[argc] = (char *)(uintptr_t)line->args[argc - 1];
	memset(&options, 0xa5, sizeof(options));
	err = options_parse(argc, argv, &options, f);
	if (err != ERR_OK)
		options_free(&options);
	return err;
}

struct words {
	char text[1024];
	size_t len;
};

static void say(struct words *w, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(struct words *w, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	w->len += (size_t)vsnprintf(w->text + w->len, sizeof(w->text) - w->len,
				    format, args);
	va_end(args);
	assert_in_range(w->len, 0, sizeof(w->text) - 1);
}

static void say_pins(struct words *w, const struct options *o)
{
	for (size_t i = 0; i < o->pin_count; i++) {
		char text[FINGERPRINT_TEXT_BYTES];

		fingerprint_encode(&o->pins[i].fingerprint, text);
		text[9] = '\0';
		say(w, " pin=%s%s%s", o->pins[i].reference,
		    *o->pins[i].reference ? "=" : "", text);
	}
}

/* The registries, then what differs from the defaults. */
static void say_options(struct words *w, const struct options *o)
{
	static const char *const modes[] = {"",	       " check", " show",
					    " remove", " help",	 " version"};

	for (size_t i = 0; i < o->registry_count; i++)
		say(w, "%s%s", i ? " " : "", o->registries[i].reference);
	say(w, "%s", modes[o->mode]);
	say_pins(w, o);
	say(w, "%s", o->require_pin ? " require-pin" : "");
	if (o->registries_file)
		say(w, " registries=%s", o->registries_file);
	say(w, "%s", o->prune ? " prune" : "");
	if (o->ca_file)
		say(w, " ca-file=%s", o->ca_file);
	say(w, "%s", o->offline ? " offline" : "");
	say(w, "%s", o->trust_token_host ? " token-host" : "");
	say(w, "%s", o->all_addresses ? " all-addresses" : "");
	if (o->on_change != POLICY_REFUSE)
		say(w, " on-change=%d", (int)o->on_change);
	if (o->timeout_ms != TIMEOUT_DEFAULT_MS)
		say(w, " timeout=%lld", (long long)o->timeout_ms);
	if (o->expiry_ms != EXPIRY_DEFAULT_MS)
		say(w, " expiry=%lld", (long long)o->expiry_ms);
	if (o->wait_ms)
		say(w, " wait=%lld", (long long)o->wait_ms);
	if (o->every_ms)
		say(w, " every=%lld", (long long)o->every_ms);
	if (o->splay_ms)
		say(w, " splay=%lld", (long long)o->splay_ms);
	if (o->docker)
		say(w, " docker=%s", o->docker);
	if (o->docker_store)
		say(w, " store=%s",
		    o->docker_store == CONSUMER_STORE_CLASSIC ? "classic"
							      : "containerd");
	say(w, "%s", o->json ? " json" : "");
	say(w, "%s", o->quiet ? " quiet" : "");
	for (size_t i = 0; i < o->certs_dir_count; i++)
		if (o->certs_dir_count > 1 ||
		    strcmp(o->certs_dirs[i], "/etc/docker/certs.d") != 0)
			say(w, " certs-dir=%s", o->certs_dirs[i]);
	if (o->https_proxy)
		say(w, " https-proxy=%s", o->https_proxy);
	if (o->no_proxy)
		say(w, " no-proxy=%s", o->no_proxy);
	say(w, "%s", o->in_image ? " in-image" : "");
}

struct accepted {
	struct line line;
	const char *words;
};

static void check_accepted(const struct accepted *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct words w = {.len = 0};
		struct failure f = {0};

		check(parse(&rows[i].line, &f) == ERR_OK, "%s: %s",
		      rows[i].words, f.detail);
		say_options(&w, &options);
		options_free(&options);
		assert_string_equal(w.text, rows[i].words);
	}
}

static void registries_come_from_arguments_or_the_variable(void **state)
{
	static const struct accepted rows[] = {
		{{{"reg"}, {0}}, "reg"},
		{{{"reg", "other:5000"}, {0}}, "reg other:5000"},
		{{{"reg,other:5000"}, {0}}, "reg other:5000"},
		{{{",reg,,other,"}, {0}}, "reg other"},
		{{{"reg", "reg", "reg:443"}, {0}}, "reg reg:443"},
		{{{"https://reg:5000/v2/"}, {0}}, "reg:5000"},
		{{{"--", "reg"}, {0}}, "reg"},
		{{{0}, {"DTR_DOMAIN_NAME=reg"}}, "reg"},
		{{{0}, {"DTR_DOMAIN_NAME= reg  other,third "}},
		 "reg other third"},
		{{{"reg other"}, {0}}, "reg other"},
		/* A secret's file, an env file's quotes, a YAML list, a paste
		 * from a page, CRLF, a byte order mark. */
		{{{0}, {"DTR_DOMAIN_NAME=reg\n"}}, "reg"},
		{{{0}, {"DTR_DOMAIN_NAME=\"reg other\""}}, "reg other"},
		{{{0}, {"DTR_DOMAIN_NAME='reg'"}}, "reg"},
		{{{0}, {"DTR_DOMAIN_NAME=- reg\n- \"other\"\n"}}, "reg other"},
		{{{0}, {"DTR_DOMAIN_NAME=reg\xc2\xa0other\xe2\x80\x8b"}},
		 "reg other"},
		{{{0}, {"DTR_DOMAIN_NAME=\xef\xbb\xbfreg\r\nother\r\n"}},
		 "reg other"},
		{{{0}, {"DTR_DOMAIN_NAME=reg\tother\v\fthird"}},
		 "reg other third"},
		{{{"reg"}, {"DTR_DOMAIN_NAME=other"}}, "reg"},
		{{{"reg"}, {"DTR_DOMAIN_NAME=-not a registry-"}}, "reg"},
		{{{"reg"}, {"DTR_DOMAIN_NAME="}}, "reg"},
	};

	(void)state;
	check_accepted(rows, COUNT(rows));
}

static void each_option_has_its_flag_and_its_variable(void **state)
{
	static const struct accepted rows[] = {
		{{{"reg", "--pin", PIN_0}, {0}}, "reg pin=sha256:00"},
		{{{"reg", "--pin=" PIN_0}, {0}}, "reg pin=sha256:00"},
		{{{"--pin=" PIN_0, "reg"}, {0}}, "reg pin=sha256:00"},
		{{{"reg", "--pin", PIN_0 " " PIN_1}, {0}},
		 "reg pin=sha256:00 pin=sha256:11"},
		{{{"reg", "--pin", PIN_0, "--pin", "reg=" PIN_1}, {0}},
		 "reg pin=sha256:00 pin=reg=sha256:11"},
		{{{"reg"}, {"DTR_PIN=" PIN_0 "," PIN_1}},
		 "reg pin=sha256:00 pin=sha256:11"},
		{{{"reg"}, {"DTR_PIN=\"" PIN_0 "\"\r\n"}}, "reg pin=sha256:00"},
		{{{"reg"}, {"DTR_PIN=- " PIN_0 "\n- other=" PIN_1 "\n"}},
		 "reg pin=sha256:00 pin=other=sha256:11"},
		{{{"reg"}, {"DTR_REQUIRE_PIN=True\n"}}, "reg require-pin"},
		{{{"reg"}, {"DTR_TIMEOUT=\"1s\"\n"}}, "reg timeout=1000"},
		{{{"reg", "--timeout", " 1s "}, {0}}, "reg timeout=1000"},
		{{{"reg"}, {"DTR_CA_FILE='/a b'\n"}}, "reg ca-file=/a b"},
		{{{"reg", "--ca-file=x", "--ca-file=y"}, {0}}, "reg ca-file=y"},
		{{{"reg"}, {"DTR_CERTS_DIR= /x/ "}}, "reg certs-dir=/x"},
		{{{"reg"}, {"DTR_ON_CHANGE=add\n"}}, "reg on-change=1"},
		{{{"reg"}, {"DTR_OUTPUT=json\n"}}, "reg json"},
		{{{"reg"}, {"DTR_DOCKER_VERSION='20.10'"}}, "reg docker=20.10"},
		{{{"reg", "--require-pin"}, {0}}, "reg require-pin"},
		{{{"reg"}, {"DTR_REQUIRE_PIN=1"}}, "reg require-pin"},
		{{{"reg"}, {"DTR_REQUIRE_PIN=0"}}, "reg"},
		{{{"reg", "--ca-file", "ca.pem"}, {0}}, "reg ca-file=ca.pem"},
		{{{"reg", "--ca-file", "-"}, {0}}, "reg ca-file=-"},
		{{{"reg"}, {"DTR_CA_FILE=/a b"}}, "reg ca-file=/a b"},
		{{{"reg", "--ca-file=x", "--offline"}, {0}},
		 "reg ca-file=x offline"},
		{{{"reg", "--remove"}, {"DTR_CA_FILE=x", "DTR_OFFLINE=1"}},
		 "reg remove"},
		{{{"reg", "--show"}, {"DTR_CA_FILE=x", "DTR_OFFLINE=1"}},
		 "reg show"},
		{{{"reg", "--check"}, {"DTR_CA_FILE=x"}},
		 "reg check ca-file=x"},
		{{{"reg", "--check", "--offline"}, {0}}, "reg check offline"},
		{{{"reg", "--check", "--offline", "--ca-file=x"}, {0}},
		 "reg check ca-file=x offline"},
		{{{"reg"}, {"DTR_CA_FILE=x", "DTR_OFFLINE=yes"}},
		 "reg ca-file=x offline"},
		{{{"--registries", "list"}, {0}}, " registries=list"},
		{{{0}, {"DTR_REGISTRIES=/etc/list\n"}},
		 " registries=/etc/list"},
		{{{"--registries=-"}, {"DTR_DOMAIN_NAME=reg"}},
		 " registries=-"},
		{{{"reg"}, {"DTR_REGISTRIES=list"}}, "reg"},
		{{{"reg", "--registries=list"}, {0}}, "reg registries=list"},
		{{{"--registries=list", "--prune"}, {0}},
		 " registries=list prune"},
		{{{0}, {"DTR_REGISTRIES=list", "DTR_PRUNE=1"}},
		 " registries=list prune"},
		{{{"--check"}, {"DTR_REGISTRIES=list", "DTR_PRUNE=1"}},
		 " check registries=list prune"},
		{{{"reg", "--registries=list"}, {"DTR_PRUNE=1"}},
		 "reg registries=list prune"},
		/* A deployment's variables are in nobody's way. */
		{{{"reg"}, {"DTR_REGISTRIES=list", "DTR_PRUNE=1"}}, "reg"},
		{{{"reg", "--show"}, {"DTR_PRUNE=1"}}, "reg show"},
		{{{"--remove"}, {"DTR_REGISTRIES=list", "DTR_PRUNE=1"}},
		 " remove registries=list"},
		{{{"reg", "--on-change", "add"}, {0}}, "reg on-change=1"},
		{{{"reg", "--on-change=replace"}, {0}}, "reg on-change=2"},
		{{{"reg", "--on-change=refuse"}, {0}}, "reg"},
		{{{"reg"}, {"DTR_ON_CHANGE=add"}}, "reg on-change=1"},
		{{{"reg", "--trust-token-host"}, {0}}, "reg token-host"},
		{{{"reg"}, {"DTR_TRUST_TOKEN_HOST=true"}}, "reg token-host"},
		{{{"reg", "--all-addresses"}, {0}}, "reg all-addresses"},
		{{{"reg"}, {"DTR_ALL_ADDRESSES=on"}}, "reg all-addresses"},
		{{{"reg", "--check"}, {0}}, "reg check"},
		{{{"reg", "--check", "--check"}, {0}}, "reg check"},
		{{{"reg", "--show"}, {0}}, "reg show"},
		{{{"reg", "--remove"}, {0}}, "reg remove"},
		{{{"reg", "--expiry", "7d"}, {0}}, "reg expiry=604800000"},
		{{{"reg"}, {"DTR_EXPIRY=0"}}, "reg expiry=0"},
		{{{"reg", "--timeout", "500ms"}, {0}}, "reg timeout=500"},
		{{{"reg"}, {"DTR_TIMEOUT=2m"}}, "reg timeout=120000"},
		{{{"reg", "--wait", "5m"}, {0}}, "reg wait=300000"},
		{{{"reg"}, {"DTR_WAIT=5m"}}, "reg wait=300000"},
		{{{"reg", "--every=6h", "--splay=10m"}, {0}},
		 "reg every=21600000 splay=600000"},
		{{{"reg"}, {"DTR_EVERY=6h", "DTR_SPLAY=10m"}},
		 "reg every=21600000 splay=600000"},
		{{{"reg", "--docker", "28.1"}, {0}}, "reg docker=28.1"},
		/* As docker version prints it on Debian, and on Ubuntu. */
		{{{"reg", "--docker", "20.10.24+dfsg1"}, {0}},
		 "reg docker=20.10.24"},
		{{{"reg", "--docker", "24.0.7-0ubuntu2"}, {0}},
		 "reg docker=24.0.7"},
		{{{"reg", "--docker-store", "classic"}, {0}},
		 "reg store=classic"},
		{{{"reg"}, {"DTR_DOCKER_STORE= containerd "}},
		 "reg store=containerd"},
		{{{"reg", "--docker-store=classic"},
		  {"DTR_DOCKER_STORE=containerd"}},
		 "reg store=classic"},
		{{{"reg"}, {"DTR_DOCKER_VERSION=20.10"}}, "reg docker=20.10"},
		{{{"reg", "--json"}, {0}}, "reg json"},
		{{{"reg"}, {"DTR_OUTPUT=json"}}, "reg json"},
		{{{"reg"}, {"DTR_OUTPUT=text"}}, "reg"},
		{{{"reg", "--quiet"}, {0}}, "reg quiet"},
		{{{"reg"}, {"DTR_QUIET=1"}}, "reg quiet"},
		{{{"reg", "--certs-dir", "/x"}, {0}}, "reg certs-dir=/x"},
		{{{"reg", "--certs-dir=/x//"}, {0}}, "reg certs-dir=/x"},
		{{{"reg", "--certs-dir=/"}, {0}}, "reg certs-dir=/"},
		{{{"reg"}, {"DTR_CERTS_DIR=x/"}}, "reg certs-dir=x"},
		{{{"reg", "--certs-dir=/a", "--certs-dir=/b/",
		   "--certs-dir=/a"},
		  {0}},
		 "reg certs-dir=/a certs-dir=/b"},
		/* A flag names one: there is no name that it cannot. */
		{{{"reg", "--certs-dir=/a:/b, c"}, {0}},
		 "reg certs-dir=/a:/b, c"},
		{{{"reg"}, {"DTR_CERTS_DIR=/a:/b/:/c"}},
		 "reg certs-dir=/a certs-dir=/b certs-dir=/c"},
		{{{"reg"}, {"DTR_CERTS_DIR=\"/a, /b\"\n"}},
		 "reg certs-dir=/a certs-dir=/b"},
		{{{"reg"}, {"DTR_CERTS_DIR=- /a\n- /b\n"}},
		 "reg certs-dir=/a certs-dir=/b"},
		{{{"reg"},
		  {"DTR_CERTS_DIR=/etc/docker/certs.d:"
		   "/etc/containers/certs.d"}},
		 "reg certs-dir=/etc/docker/certs.d "
		 "certs-dir=/etc/containers/certs.d"},
		{{{"reg", "--certs-dir=/a"}, {"DTR_CERTS_DIR=/b:/c"}},
		 "reg certs-dir=/a"},
		{{{"reg"}, {"container=dtr-trust"}}, "reg in-image"},
		/* lxc-attach, podman, Red Hat's images: not ours. */
		{{{"reg"}, {"container=lxc"}}, "reg"},
		{{{"reg"}, {"container="}}, "reg"},
	};

	(void)state;
	check_accepted(rows, COUNT(rows));
}

static void a_flag_wins_over_its_variable(void **state)
{
	static const struct accepted rows[] = {
		{{{"reg", "--timeout=1s"}, {"DTR_TIMEOUT=2s"}},
		 "reg timeout=1000"},
		{{{"reg", "--pin", PIN_0}, {"DTR_PIN=" PIN_1}},
		 "reg pin=sha256:00"},
		{{{"reg", "--require-pin"}, {"DTR_REQUIRE_PIN=0"}},
		 "reg require-pin"},
		{{{"reg", "--on-change=refuse"}, {"DTR_ON_CHANGE=add"}}, "reg"},
		{{{"reg", "--json"}, {"DTR_OUTPUT=text"}}, "reg json"},
		{{{"reg", "--certs-dir=/x"}, {"DTR_CERTS_DIR=/y"}},
		 "reg certs-dir=/x"},
		/* Not even read, then. */
		{{{"reg", "--timeout=1s"}, {"DTR_TIMEOUT=nonsense"}},
		 "reg timeout=1000"},
		/* The last of two flags. */
		{{{"reg", "--timeout=1s", "--timeout=2s"}, {0}},
		 "reg timeout=2000"},
		/* An empty variable is none. */
		{{{"reg"}, {"DTR_TIMEOUT=", "DTR_CA_FILE=", "DTR_PIN="}},
		 "reg"},
	};

	(void)state;
	check_accepted(rows, COUNT(rows));
}

static void proxies_are_read_as_go_does(void **state)
{
	static const struct accepted rows[] = {
		{{{"reg"}, {"HTTPS_PROXY=a", "https_proxy=b"}},
		 "reg https-proxy=a"},
		{{{"reg"}, {"HTTPS_PROXY=", "https_proxy=b"}},
		 "reg https-proxy=b"},
		{{{"reg"}, {"NO_PROXY=a", "no_proxy=b"}}, "reg no-proxy=a"},
		{{{"reg"}, {"no_proxy=b"}}, "reg no-proxy=b"},
	};

	(void)state;
	check_accepted(rows, COUNT(rows));
}

static void help_and_version_win_over_the_rest(void **state)
{
	static const struct accepted rows[] = {
		{{{"--help"}, {0}}, " help"},
		{{{"-h"}, {0}}, " help"},
		{{{"help"}, {0}}, " help"},
		{{{"version"}, {0}}, " version"},
		{{{"reg", "-h"}, {0}}, "reg help"},
		{{{"--version"}, {0}}, " version"},
		{{{"--help", "--version"}, {0}}, " help"},
		{{{"reg", "--check", "--help"}, {0}}, "reg help"},
		{{{"reg", "--help", "--check"}, {0}}, "reg help"},
		{{{"--help"}, {"DTR_TIMEOUT=nonsense"}}, " help"},
		{{{"--help", "--offline"}, {0}}, " help offline"},
	};

	(void)state;
	check_accepted(rows, COUNT(rows));
}

static void mistakes_are_named_and_shown(void **state)
{
	static const struct {
		struct line line;
		const char *parts[2]; /* that the error contains */
	} rows[] = {
		{{{0}, {0}}, {"no registry named", "DTR_DOMAIN_NAME"}},
		{{{0}, {"DTR_DOMAIN_NAME="}}, {"no registry named"}},
		{{{0}, {"DTR_DOMAIN_NAME=  "}}, {"no registry named"}},
		{{{"--"}, {0}}, {"no registry named"}},
		{{{""}, {0}}, {"no registry named"}},
		{{{","}, {0}}, {"no registry named"}},
		{{{"reg", "oth_er"}, {0}}, {"\"oth_er\"", "not a registry"}},
		{{{"\x1b[2J"}, {0}}, {"\"\\x1b[2J\"", "not a registry"}},
		{{{"--", "--check"}, {0}}, {"\"--check\"", "not a registry"}},
		{{{"--check"}, {0}}, {"no registry named"}},
		{{{"reg", "--nonsense"}, {0}}, {"--nonsense", "--help"}},
		{{{"reg", "--nonsense=x"}, {0}}, {"option --nonsense;"}},
		{{{"reg", "--tim"}, {0}}, {"--tim; did you mean --timeout?"}},
		{{{"reg", "--re"}, {0}}, {"--re; see --help"}},
		{{{"reg", "--timeoutx"}, {0}}, {"did you mean --timeout?"}},
		{{{"reg", "--tiemout"}, {0}}, {"did you mean --timeout?"}},
		{{{"reg", "--cert-dir=x"}, {0}}, {"did you mean --certs-dir?"}},
		{{{"reg", "--require_pins"}, {0}},
		 {"did you mean --require-pin?"}},
		{{{"reg", "-pin", PIN_0}, {0}}, {"-pin; did you mean --pin?"}},
		{{{"reg", "--x"}, {0}}, {"option --x; see --help"}},
		{{{"reg", "-"}, {0}}, {"no option -;"}},
		{{{"reg", "--Timeout=1s"}, {0}}, {"did you mean --timeout?"}},
		{{{"check", "reg"}, {0}}, {"\"check\"", "mean --check?"}},
		{{{"reg", "remove"}, {0}}, {"\"remove\"", "mean --remove?"}},
		{{{"reg", "--ca-file", "--check"}, {0}},
		 {"--ca-file needs a FILE", "--check is an option"}},
		{{{"reg", "--pin", "--ca-file=x"}, {0}},
		 {"--pin needs a PIN", "--ca-file is an option"}},
		{{{"reg"}, {"DTR_PIN= "}}, {"is not a pin"}},
		{{{"reg"}, {"DTR_PIN=\"\""}}, {"is not a pin"}},
		{{{"reg", "-\n"}, {0}}, {"no option -\\x0a;"}},
		{{{"reg", "--timeout"}, {0}}, {"--timeout needs a TIME"}},
		{{{"reg", "--pin"}, {0}}, {"--pin needs a PIN"}},
		{{{"reg", "--check=1"}, {0}}, {"--check takes no argument"}},
		{{{"reg", "--json="}, {0}}, {"--json takes no argument"}},
		{{{"reg", "--timeout", "20"}, {0}},
		 {"--timeout: \"20\"", "20s or 20m"}},
		{{{"reg", "--timeout="}, {0}}, {"--timeout", "\"\""}},
		{{{"reg", "--timeout=0"}, {0}}, {"--timeout", "more than 0"}},
		{{{"reg"}, {"DTR_TIMEOUT=0s"}}, {"--timeout", "more than 0"}},
		{{{"reg", "--timeout=2h"}, {0}}, {"--timeout", "\"2h\""}},
		{{{"reg"}, {"DTR_TIMEOUT=x"}}, {"DTR_TIMEOUT", "\"x\""}},
		{{{"reg", "--expiry=3651d"}, {0}}, {"--expiry", "\"3651d\""}},
		{{{"reg", "--on-change=ask"}, {0}},
		 {"--on-change: \"ask\"", "refuse, add, replace"}},
		{{{"reg"}, {"DTR_ON_CHANGE=Add"}}, {"DTR_ON_CHANGE: \"Add\""}},
		{{{"reg"}, {"DTR_REQUIRE_PIN=2"}}, {"DTR_REQUIRE_PIN: \"2\""}},
		{{{"reg"}, {"DTR_OUTPUT=xml"}}, {"DTR_OUTPUT: \"xml\""}},
		{{{"reg", "--pin=abc"}, {0}}, {"\"abc\" is not a pin"}},
		{{{"reg", "--pin="}, {0}}, {"is not a pin"}},
		{{{"reg"}, {"DTR_PIN=a/b=" PIN_0}}, {"a/b", "Docker Hub"}},
		{{{"reg", "--ca-file="}, {0}}, {"--ca-file: no path"}},
		{{{"reg", "--certs-dir="}, {0}}, {"--certs-dir"}},
		{{{"reg"}, {"DTR_CERTS_DIR=:,:"}}, {"DTR_CERTS_DIR: no path"}},
		{{{"reg"}, {"DTR_CERTS_DIR=1:2:3:4:5:6:7:8:9"}},
		 {"--certs-dir: more than 8 directories"}},
		{{{"reg", "--check", "--show"}, {0}}, {"exclude each other"}},
		{{{"reg", "--remove", "--check"}, {0}}, {"exclude each other"}},
		{{{"reg", "--offline"}, {0}}, {"--offline", "--ca-file"}},
		{{{"reg", "--ca-file=x", "--pin=" PIN_0}, {0}},
		 {"--pin and --ca-file"}},
		{{{"reg", "--ca-file=x"}, {"DTR_PIN=" PIN_0}},
		 {"--pin and --ca-file"}},
		{{{"reg", "--every=1h", "--show"}, {0}}, {"--every"}},
		{{{"reg", "--every=1h", "--remove"}, {0}}, {"--every"}},
		{{{"reg", "--every=1h", "--ca-file=-"}, {0}},
		 {"--every", "standard input"}},
		{{{"reg", "--splay=1h"}, {0}}, {"--splay", "--every"}},
		{{{"reg", "--prune"}, {0}}, {"--prune", "--registries"}},
		{{{0}, {"DTR_PRUNE=1", "DTR_DOMAIN_NAME=reg"}},
		 {"--prune", "--registries"}},
		{{{"--registries=x", "--prune", "--remove"}, {0}},
		 {"--prune is for the main job"}},
		{{{"--registries=x", "--prune", "--show"}, {0}},
		 {"--prune is for the main job"}},
		{{{0}, {"DTR_REGISTRIES=x", "DTR_DOMAIN_NAME=reg"}},
		 {"DTR_REGISTRIES", "DTR_DOMAIN_NAME"}},
		{{{"--registries=-", "--ca-file=-"}, {0}},
		 {"cannot both be standard input"}},
		{{{"--registries=-", "--every=1h"}, {0}},
		 {"--every", "standard input"}},
		{{{"reg"}, {"DTR_SPLAY=1h"}}, {"--splay", "--every"}},
		{{{"reg", "--docker=new"}, {0}}, {"--docker: \"new\""}},
		{{{"reg", "--docker="}, {0}}, {"--docker: \"\""}},
		{{{"reg", "--docker=+dfsg1"}, {0}}, {"--docker: \"+dfsg1\""}},
		{{{"reg", "--docker-store=overlay2"}, {0}},
		 {"--docker-store: \"overlay2\" is none of: classic, "
		  "containerd"}},
		{{{"reg"}, {"DTR_DOCKER_STORE=Classic"}},
		 {"DTR_DOCKER_STORE: \"Classic\""}},
		{{{"reg"}, {"DTR_DOCKER_VERSION=v1"}},
		 {"DTR_DOCKER_VERSION: \"v1\""}},
		{{{"reg", "--ca-file=x", "--show"}, {0}}, {"--ca-file"}},
		{{{"reg", "--ca-file=x", "--remove"}, {0}}, {"--ca-file"}},
		{{{"reg", "--offline", "--show"}, {"DTR_CA_FILE=x"}},
		 {"--offline", "--ca-file"}},
		{{{"reg", "--ca-file=x", "--show", "--offline"}, {0}},
		 {"--ca-file"}},
		{{{"reg", "--show", "--offline"}, {0}},
		 {"--offline", "--ca-file"}},
		{{{"reg", "--remove", "--offline"}, {0}},
		 {"--offline", "--ca-file"}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct failure f = {0};

		check(parse(&rows[i].line, &f) == ERR_USAGE, "row %zu: %s", i,
		      rows[i].parts[0]);
		assert_int_equal(f.code, ERR_USAGE);
		check_contains(f.detail, rows[i].parts[0]);
		if (rows[i].parts[1])
			check_contains(f.detail, rows[i].parts[1]);
	}
}

static void a_pin_that_is_misspelt_is_no_first_use(void **state)
{
	static const struct {
		const char *env;
		const char *meant;
	} rows[] = {
		{"DTR_PNI=x", "mean DTR_PIN?"},
		{"DTR_PINS=x", "mean DTR_PIN?"},
		{"DTR_PINNED=x", "mean DTR_PIN?"},
		{"DTR_PIN_SHA256=x", "mean DTR_PIN?"},
		{"dtr_pin=x", "mean DTR_PIN?"},
		{"DTR-PIN=x", "mean DTR_PIN?"},
		{"DRT_PIN=x", "mean DTR_PIN?"},
		{"DTRPIN=x", "mean DTR_PIN?"},
		{"DTR_PIN =x", "mean DTR_PIN?"},
		{"DTR_REQUIRE_PINS=1", "mean DTR_REQUIRE_PIN?"},
		{"DTR_REQUIRED_PIN=1", "mean DTR_REQUIRE_PIN?"},
		{"DTR_REQIURE_PIN=1", "mean DTR_REQUIRE_PIN?"},
		{"DTR_REQUIREPIN=1", "mean DTR_REQUIRE_PIN?"},
		{"DTR_REQUIRE=1", "mean DTR_REQUIRE_PIN?"},
		{"DTR_CHECK=1", "option --check"},
		{"DTR_SHOW=1", "option --show"},
		{"DTR_REMOVE=1", "option --remove"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct line line = {{"reg"}, {rows[i].env}};
		struct failure f = {0};

		check(parse(&line, &f) == ERR_USAGE, "%s is passed over",
		      rows[i].env);
		check_contains(f.detail, rows[i].meant);
	}
}

static void other_misspelt_variables_are_noticed(void **state)
{
	static const struct {
		const char *env;
		const char *meant; /* NULL: nothing is said */
	} rows[] = {
		{"DTR_TIMEOUTS=1s", "DTR_TIMEOUTS is no variable of dtr-trust "
				    "and was passed over; did you mean "
				    "DTR_TIMEOUT?"},
		{"DTR_CERT_DIR=/x", "mean DTR_CERTS_DIR?"},
		{"DTR_DOMAIN_NAMES=x", "mean DTR_DOMAIN_NAME?"},
		{"DTR_JSON=1", "mean DTR_OUTPUT?"},
		{"DTR_DOCKER=28", "mean DTR_DOCKER_VERSION?"},
		{"DTR_TIMEOUTS=", NULL},
		{"DTR_PINS=", NULL},
		/* What Kubernetes injects for services dtr and dtr-pin. */
		{"DTR_PORT=tcp://10.0.0.1:443", NULL},
		{"DTR_PORT_443_TCP=tcp://10.0.0.1:443", NULL},
		{"DTR_SERVICE_HOST=10.0.0.1", NULL},
		{"DTR_SERVICE_PORT_HTTPS=443", NULL},
		{"DTR_PIN_SERVICE_HOST=10.0.0.1", NULL},
		{"DTR_PIN_PORT=tcp://10.0.0.1:443", NULL},
		{"DTR_PIN_PORT_443_TCP_ADDR=10.0.0.1", NULL},
		{"DTR_PIN_ENV_PATH=/bin", NULL},
		{"DTR_SOMETHING_ELSE=1", NULL},
		{"PIN=x", NULL},
		{"SPLAY=x", NULL},
		{"DB_PIN=x", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct line line = {{"reg"}, {rows[i].env}};
		struct failure f = {0};

		check(parse(&line, &f) == ERR_OK, "%s: %s", rows[i].env,
		      f.detail);
		check(options.notices.count == (rows[i].meant ? 1 : 0), "%s",
		      rows[i].env);
		if (rows[i].meant)
			check_contains(options.notices.list[0].detail,
				       rows[i].meant);
		options_free(&options);
	}
}

static void no_password_is_shown(void **state)
{
	static const struct line rows[] = {
		{{"user:hunter2@reg"}, {0}},
		{{"https://user:hunter2@reg/v2/"}, {0}},
		{{"https://hunter2@reg"}, {0}},
		{{"docker://user:hunter2@reg/app:1"}, {0}},
		{{"user:hunt@hunter2@reg"}, {0}},
		{{"user:hunter2/x@reg"}, {0}},
		{{"user:hunter2 x@reg"}, {0}},
		{{"user:x,hunter2@reg"}, {0}},
		{{"user:hunter2@sharepoint.example"}, {0}},
		{{0}, {"DTR_DOMAIN_NAME=good, user:hunter2@reg"}},
		{{"reg", "--pin", "https://user:hunter2@reg"}, {0}},
		{{"reg", "--timeout", "user:hunter2@reg"}, {0}},
		{{"reg", "--on-change", "https://u:hunter2@reg"}, {0}},
		{{"reg", "--docker", "u:hunter2@reg"}, {0}},
		{{"reg", "--https://u:hunter2@reg"}, {0}},
		{{"reg"}, {"DTR_REQUIRE_PIN=u:hunter2@reg"}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct failure f = {0};

		check(parse(&rows[i], &f) == ERR_USAGE, "row %zu", i);
		check(!strstr(f.detail, "hunter2"), "row %zu: %s", i, f.detail);
	}
}

static void numbers_of_registries_are_bounded(void **state)
{
	static char text[(REGISTRIES_MAX + 1) * 8 + 1];
	const struct line line = {{text}, {0}};
	struct failure f = {0};

	(void)state;
	for (size_t i = 0; i < REGISTRIES_MAX; i++)
		sprintf(text + 8 * i, "r%06zu,", i);
	assert_int_equal(parse(&line, &f), ERR_OK);
	assert_int_equal(options.registry_count, REGISTRIES_MAX);
	assert_string_equal(options.registries[REGISTRIES_MAX - 1].reference,
			    "r004095");
	options_free(&options);
	/* One more that is there already, and one that is not. */
	strcat(text, "r000000,");
	assert_int_equal(parse(&line, &f), ERR_OK);
	options_free(&options);
	memcpy(text + sizeof(text) - 9, "r999999,", 8);
	assert_int_equal(parse(&line, &f), ERR_USAGE);
	check_contains(f.detail, "more than 4096 registries");
}

static void paths_are_bounded(void **state)
{
	static char text[PATH_BYTES_MAX + 1];
	const struct line line = {{"reg", "--certs-dir", text}, {0}};
	struct failure f = {0};

	(void)state;
	memset(text, 'x', sizeof(text) - 2);
	assert_int_equal(parse(&line, &f), ERR_OK);
	assert_string_equal(options.certs_dirs[0], text);
	options_free(&options);
	text[sizeof(text) - 2] = 'x';
	assert_int_equal(parse(&line, &f), ERR_USAGE);
}

static void pins_speak_for_all_or_for_one(void **state)
{
	static const struct line line = {
		{"reg", "other", "--pin", PIN_0 ",other=" PIN_1}, {0}};
	static struct fingerprint pins[PINS_MAX];
	struct failure f;

	(void)state;
	assert_int_equal(parse(&line, &f), ERR_OK);
	assert_int_equal(
		options_pins_for(&options, &options.registries[0], pins), 1);
	assert_int_equal(pins[0].sha256[0], 0x00);
	assert_int_equal(
		options_pins_for(&options, &options.registries[1], pins), 2);
	assert_int_equal(pins[1].sha256[0], 0x11);
	options_free(&options);
}

/* What options_print_help prints; static. */
static const char *read_help(void)
{
	static char text[16384];
	FILE *file = tmpfile();
	int keep = dup(STDOUT_FILENO);
	size_t len;

	assert_non_null(file);
	fflush(stdout);
	dup2(fileno(file), STDOUT_FILENO);
	options_print_help();
	fflush(stdout);
	dup2(keep, STDOUT_FILENO);
	close(keep);
	rewind(file);
	len = fread(text, 1, sizeof(text) - 1, file);
	text[len] = '\0';
	fclose(file);
	return text;
}

static void help_names_every_option(void **state)
{
	const char *help = read_help();

	(void)state;
	for (const struct option *o = options_table; o->flag; o++) {
		char label[64];

		snprintf(label, sizeof(label), " %s%s%s", o->flag,
			 o->argument ? " " : "",
			 o->argument ? o->argument : "");
		check_contains(help, label);
	}
}

/* No line is wider than a terminal, and all are fewer than its lines. */
static void help_fits_a_terminal(void **state)
{
	char *line = strtok((char *)(uintptr_t)read_help(), "\n");
	size_t lines = 0;

	(void)state;
	for (; line; line = strtok(NULL, "\n"), lines++)
		assert_in_range(strlen(line), 1, 79);
	assert_in_range(lines, 10, 23);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			registries_come_from_arguments_or_the_variable),
		cmocka_unit_test(each_option_has_its_flag_and_its_variable),
		cmocka_unit_test(a_flag_wins_over_its_variable),
		cmocka_unit_test(proxies_are_read_as_go_does),
		cmocka_unit_test(help_and_version_win_over_the_rest),
		cmocka_unit_test(mistakes_are_named_and_shown),
		cmocka_unit_test(a_pin_that_is_misspelt_is_no_first_use),
		cmocka_unit_test(other_misspelt_variables_are_noticed),
		cmocka_unit_test(no_password_is_shown),
		cmocka_unit_test(numbers_of_registries_are_bounded),
		cmocka_unit_test(paths_are_bounded),
		cmocka_unit_test(pins_speak_for_all_or_for_one),
		cmocka_unit_test(help_names_every_option),
		cmocka_unit_test(help_fits_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
