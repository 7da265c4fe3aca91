/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Docker" is several readers of certs.d with rules of their own. What each of
 * them will do with one registry: a pure, total function of facts that others
 * established, and a table of words. Not beside the verdict, because half of
 * the facts are the installer's (directory, name, host), and no sentence about
 * a consumer is to come from a probe. Installer only; no bytes, no printing.
 *
 * The rules were measured on real engines (README, "Who reads it") or, where
 * docs/consumers.md says so, read in moby's, containerd's or Podman's source.
 */
#ifndef INSTALLER_POLICY_CONSUMERS_H
#define INSTALLER_POLICY_CONSUMERS_H

#include <stdbool.h>

enum consumer {
	CONSUMER_LOGIN,		  /* docker login: the classic loader, always */
	CONSUMER_PULL_CLASSIC,	  /* pull and push, graphdriver image store */
	CONSUMER_PULL_CONTAINERD, /* pull and push, containerd image store */
	CONSUMER_BUILD,		  /* docker build, BuildKit */
	CONSUMER_CONTAINERD, /* containerd's CRI plugin, a kubelet's pull */
	CONSUMER_PODMAN,     /* Podman, Buildah, Skopeo, CRI-O */
	CONSUMER_COUNT_
};

/* What kind of name the registry has; decides who reads a directory at all. */
enum consumer_name {
	CONSUMER_NAME_ORDINARY,
	CONSUMER_NAME_HUB,	/* docker.io, index.docker.io */
	CONSUMER_NAME_LOOPBACK, /* 127.0.0.0/8, ::1, localhost */
	/* A name with such an address: Docker looks it up, others do not */
	CONSUMER_NAME_AT_LOOPBACK,
	CONSUMER_NAME_HUB_PATH /* no dot, no port: a path on Docker Hub */
};

/* Whose certs.d it is, by its path. */
enum consumer_place {
	CONSUMER_PLACE_DOCKER, /* /etc/docker/certs.d, and any other path */
	CONSUMER_PLACE_CONTAINERS,
	CONSUMER_PLACE_CONTAINERD
};

/* What in the directory, or beside it, changes what a consumer does. */
enum consumer_directory {
	CONSUMER_HAS_HOSTS_TOML = 1 << 0,
	CONSUMER_HAS_PORT_ALIAS = 1 << 1, /* host_port_/ */
	CONSUMER_HAS_LONE_CERT = 1 << 2,  /* x.cert without x.key */
	CONSUMER_HAS_LONE_KEY = 1 << 3,	  /* x.key without x.cert */
	CONSUMER_HAS_UNREADABLE = 1 << 4, /* a .crt that cannot be opened */
	CONSUMER_HAS_FOLDER = 1 << 5,	  /* ... that is a directory */
	CONSUMER_HAS_DANGLING = 1 << 6,	  /* ... a link to nothing */
	CONSUMER_HAS_VOID = 1 << 7,	  /* ... no certificate in it */
	CONSUMER_HAS_CONTAINERS = 1 << 8, /* /etc/containers/certs.d/<host> */
	CONSUMER_HAS_PAIR = 1 << 9, /* x.cert and x.key, not looked into */
	CONSUMER_HAS_NO_DIRECTORY = 1 << 10, /* something else in its place */
	CONSUMER_HAS_DEFAULT = 1 << 11 /* _default/, and none of its own */
};

/* What GET /v2/ brought. */
enum consumer_reply {
	CONSUMER_REPLY_NONE,	 /* nobody asked, or no whole answer */
	CONSUMER_REPLY_REGISTRY, /* 200 or 401 of a registry */
	CONSUMER_REPLY_OPEN,	 /* 200 of what does not say what it is */
	CONSUMER_REPLY_STATUS,	 /* another status: 404, 403, 502 */
	CONSUMER_REPLY_SILENT,	 /* 401, and no way to log in that is known */
	CONSUMER_REPLY_BROKEN,	 /* what Go's client ends with */
	CONSUMER_REPLY_NO_REALM, /* 401, and no address to ask for a token */
	CONSUMER_REPLY_FOREIGN,	 /* 200, but a page of something else */
	CONSUMER_REPLY_REDIRECT, /* it leads to a host that is not covered */
	CONSUMER_REPLY_PLAIN,	 /* ... to http: */
	CONSUMER_REPLY_AWAY,	 /* ... to /v2/ of another, not looked at yet */
	CONSUMER_REPLY_ASTRAY,	 /* ... to where nobody looks */
	CONSUMER_REPLY_LOOP,	 /* ... to itself */
	CONSUMER_REPLY_MOVED /* ... to a host that is covered: a registry's */
};

/* The token service that the registry names. */
enum consumer_token {
	CONSUMER_TOKEN_NONE,	  /* none: Basic login, or no login */
	CONSUMER_TOKEN_UNSEEN,	  /* one, and nobody could look at it */
	CONSUMER_TOKEN_PLAIN,	  /* one in plain http: nobody looks at it */
	CONSUMER_TOKEN_HOST,	  /* the host's own CA store covers it */
	CONSUMER_TOKEN_DIRECTORY, /* this registry's directory covers it */
	CONSUMER_TOKEN_REFUSED	  /* neither does */
};

enum consumer_store {
	CONSUMER_STORE_UNKNOWN,
	CONSUMER_STORE_CLASSIC,
	CONSUMER_STORE_CONTAINERD
};

/* What could be seen of the host's daemon.json. */
enum consumer_daemon {
	CONSUMER_DAEMON_NONE,	/* not looked for: it is no Docker's certs.d */
	CONSUMER_DAEMON_UNSEEN, /* the host may have one that is not mounted */
	CONSUMER_DAEMON_ABSENT,
	CONSUMER_DAEMON_UNREADABLE, /* there, and not to be read */
	CONSUMER_DAEMON_LARGE,
	CONSUMER_DAEMON_READ
};

/* The host's own CA store, asked about this registry by itself. */
enum consumer_host {
	CONSUMER_HOST_UNSEEN,
	CONSUMER_HOST_COVERS,
	CONSUMER_HOST_LACKS
};

enum consumer_certificate {
	CONSUMER_CERTIFICATE_ACCEPTED,
	CONSUMER_CERTIFICATE_REFUSED,
	CONSUMER_CERTIFICATE_UNCHECKED /* no verdict, or one that is not sure */
};

struct consumer_facts {
	enum consumer_name name;
	enum consumer_place place;
	bool is_new_reference; /* see registry.h */
	unsigned directory;    /* of enum consumer_directory */
	/* A .crt leads where it cannot be seen from here, may not be read by
	 * this user, or is larger than what is read */
	bool unseen_file;
	enum consumer_host host;
	/* Host store and directory, by the rules of the release asked for. */
	enum consumer_certificate certificate;
	/* Releases differ in it, and which Go others than Docker were built
	 * with is not known. */
	bool by_release;
	bool handshake_refused; /* Go's client ends it, or the server does */
	bool asks_client;	/* the server asks for a client certificate */
	bool demands_client;	/* ... and ends the handshake without one */
	bool lacks_classic_suite;
	bool has_rare_suite; /* not all of containers/image offer it */
	bool is_left_out;    /* nothing was written for it, nor will be */
	enum consumer_reply reply;
	unsigned status; /* of it, 0 without one */
	/* Where /v2/ leads is covered by the directory, not the host's store */
	bool away_by_directory;
	enum consumer_token token;
	bool token_at_fault; /* ... whatever CA is installed for it */
	bool token_down;     /* it answers with a 5xx */
	bool token_lacks_suite, token_has_rare; /* as the registry, above */
	bool basic_first; /* a login by name and password stands before it */
	enum consumer_store store; /* of this host's Docker */
	bool store_is_named;	   /* ... by the operator, not daemon.json */
	bool store_by_release;	   /* ... there is one alone in it */
	enum consumer_daemon daemon;
	bool is_insecure; /* daemon.json: Docker verifies nothing of it */
	bool is_mirror;	  /* ... of Docker Hub */
	bool goes_apart;  /* ... through a proxy, as this run did not */
	/* The Docker release asked for is older than 29.5; 28.0; 25.0. */
	bool before_token_pool, before_containerd_loader, before_fresh_build;
};

enum consumer_answer {
	CONSUMER_ACCEPTS,
	CONSUMER_REFUSES,
	CONSUMER_UNCHECKED,    /* it cannot be told from here */
	CONSUMER_UNVERIFIED,   /* it connects and verifies nothing */
	CONSUMER_READS_NOTHING /* it does not read this directory for it; the
				* host's store, or another one, decides */
};

/* The first rule that decides, in the order in which a consumer meets them. */
enum consumer_reason {
	CONSUMER_FINE,
	CONSUMER_NO_REGISTRY, /* to it no registry has such a name */
	CONSUMER_LOOPBACK,
	CONSUMER_LOOPBACK_PLAIN, /* it speaks plain http there */
	CONSUMER_LOOPBACK_OLD,	 /* ... in releases that may be here */
	CONSUMER_PROXY,		 /* it takes another way than this run did */
	CONSUMER_HUB,		 /* the classic store reads nothing for it */
	CONSUMER_OTHER_PLACE,	 /* it reads another certs.d */
	CONSUMER_OTHER_FIRST,	 /* /etc/containers has a directory for it */
	CONSUMER_TOML,
	CONSUMER_ALIAS,
	CONSUMER_DEFAULT, /* _default, as there is no directory of its name */
	CONSUMER_NO_DIRECTORY,
	CONSUMER_PAIR,	   /* a .cert or .key alone */
	CONSUMER_ONE_FILE, /* a .cert alone, which may hold its key */
	CONSUMER_CRT,	   /* a .crt that it cannot open */
	CONSUMER_VOID_CRT, /* a .crt without a certificate */
	CONSUMER_SUITE,
	CONSUMER_RARE_SUITE, /* not every release of it offers that one */
	CONSUMER_HANDSHAKE,
	CONSUMER_CLIENT, /* no client certificate, and the server wants one */
	CONSUMER_CERTIFICATE,
	CONSUMER_REPLIED,    /* /v2/ is not a registry's */
	CONSUMER_BROKEN,     /* ... nor HTTP, and no client reads it */
	CONSUMER_NO_REALM,   /* ... wants a token, and names nobody to ask */
	CONSUMER_UNASKED,    /* ... and it asks for an image all the same */
	CONSUMER_UNNAMED,    /* /v2/ does not say whose it is */
	CONSUMER_REDIRECTED, /* it leads to a host that is not covered */
	CONSUMER_LOOP,
	CONSUMER_PLAIN,	 /* ... to plain http */
	CONSUMER_ASTRAY, /* ... to where nobody has looked */
	CONSUMER_PATHS,	 /* /v2/ leads away; where others lead is not seen */
	CONSUMER_TOKEN,	 /* the token service is not covered */
	CONSUMER_TOKEN_FAULT, /* ... nor would be by any CA */
	CONSUMER_TOKEN_DOWN,  /* ... answers with a server's error */
	CONSUMER_TOKEN_STORE, /* ... and is asked with the host's store alone */
	CONSUMER_TOKEN_CLIENT, /* ... by the client that builds */
	CONSUMER_BUILD_START,  /* it knows the directories of Docker's start */
	CONSUMER_CONFIG_PATH,  /* its configuration says whether it reads any */
	CONSUMER_INSECURE,     /* daemon.json says not to verify it */
	CONSUMER_CLIENT_PAIR,  /* it has one, of which nobody knows more */
	CONSUMER_UNKNOWN,      /* something of this could not be seen */
	CONSUMER_REASON_COUNT_
};

struct consumer_view {
	enum consumer_answer answer;
	enum consumer_reason reason;
	/* What releases before the one asked for do instead, where they
	 * differ: CONSUMER_TOKEN_STORE (before 29.5), or CONSUMER_FINE. */
	enum consumer_reason older;
};

/* What CONSUMER will do, given FACTS. Total: every combination has an answer;
 * CONSUMER_ACCEPTS only where no rule of it objects and none is in doubt. */
struct consumer_view consumer_judge(enum consumer consumer,
				    const struct consumer_facts *facts);

/*
 * Does everyone for whom this directory is refuse? In Docker's that is every
 * way that this host's Docker may take: pull with the stores that it may have.
 * Where none is left, a login that goes through is of no use (a page of
 * something else at /v2/). `docker build` and the other engines do not count
 * there: who uses them is not known. A file that stops every login does. Where
 * login does not go through, a pull of which nothing is seen because /v2/ leads
 * away is none that does.
 */
bool consumer_all_refuse(const struct consumer_facts *facts);

/* The same for a Docker that verifies, where daemon.json says that this one
 * does not: what the exit code is by, so that a line in that file betters none.
 */
bool consumer_all_would_refuse(const struct consumer_facts *facts);

/* May this host's Docker be CONSUMER? Not with the image store that it does not
 * have, where that is known. */
bool consumer_is_here(enum consumer consumer,
		      const struct consumer_facts *facts);

/* Would one know more of what Docker does, if its image store was known? */
bool consumer_store_matters(const struct consumer_facts *facts);

#endif
