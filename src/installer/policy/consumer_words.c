/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a reader of certs.d does, in words; see consumer_words.h.
 */
#include "installer/policy/consumer_words.h"

#define REGISTRY "the registry's administrator"
#define HOST	 "the administrator of this host"
#define NOBODY	 ""
#define FETCH                                                                  \
	"failed to fetch oauth token: tls: failed to verify certificate: "     \
	"x509: certificate signed by unknown authority"

/* The remedies of the token service were measured: dockerd 28.5 reads the
 * host's store at its start only; docker build reads SSL_CERT_FILE at once. */
static const struct consumer_words reasons[CONSUMER_REASON_COUNT_] = {
	[CONSUMER_FINE] = {"none", "", "", "", NOBODY},
	[CONSUMER_NO_REGISTRY] =
		{"no-registry-name", "",
		 "it takes no image of such a name: without a dot or a port "
		 "it is a path on Docker Hub, in capitals or as an IPv6 "
		 "address it is none",
		 "write the registry with its domain or its port: name:443/app",
		 HOST},
	[CONSUMER_LOOPBACK] = {"loopback", "",
			       "it verifies no certificate of a loopback "
			       "address and reads no directory for it",
			       "", NOBODY},
	[CONSUMER_LOOPBACK_PLAIN] =
		{"loopback-plain", "",
		 "before Docker 25 it speaks plain http to a loopback address, "
		 "and this registry wants TLS",
		 "use Docker 25 or newer, or address the registry by a name "
		 "with another address",
		 HOST},
	[CONSUMER_LOOPBACK_OLD] =
		{"loopback-release", "",
		 "to a loopback address containerd 1.6 speaks plain http, "
		 "which this registry does not; 1.7 and newer verify no "
		 "certificate there",
		 "use containerd 1.7 or newer, or address the registry by a "
		 "name with another address",
		 HOST},
	[CONSUMER_PROXY] =
		{"docker-proxy", "",
		 "daemon.json has Docker go through a proxy, and this run went "
		 "without one",
		 "run dtr-trust with HTTPS_PROXY and NO_PROXY as they are in "
		 "daemon.json",
		 HOST},
	[CONSUMER_HUB] =
		{"docker-hub-name", "",
		 "for Docker Hub's own names it reads no directory, only the "
		 "host's CA store",
		 "put the CA into the host's CA store and restart Docker",
		 HOST},
	[CONSUMER_OTHER_PLACE] = {"other-directory", "",
				  "it reads another certs.d than this one",
				  "run dtr-trust for that directory too", HOST},
	[CONSUMER_OTHER_FIRST] =
		{"containers-directory", "",
		 "/etc/containers/certs.d has a directory for this registry, "
		 "and the first that exists is the only one that is read",
		 "run dtr-trust with --certs-dir /etc/containers/certs.d too",
		 HOST},
	[CONSUMER_TOML] = {"hosts-toml", "",
			   "it goes by hosts.toml in the directory, which is "
			   "not read here, and reads no .crt where it can",
			   "name the CA in hosts.toml, or remove the file",
			   HOST},
	[CONSUMER_ALIAS] =
		{"port-alias", "",
		 "a directory host_port_ is in certs.d and is read instead",
		 "put the CA there too, or remove that directory", HOST},
	[CONSUMER_DEFAULT] = {"default-directory", "",
			      "without a directory of this registry it reads "
			      "_default, which is not read here",
			      "", NOBODY},
	[CONSUMER_NO_DIRECTORY] =
		{"no-directory", "",
		 "a file is where the directory of this registry should be, "
		 "and it stops there",
		 "move the file out of the way: a CA belongs into "
		 "<registry>/ca.crt",
		 HOST},
	[CONSUMER_PAIR] = {"lone-client-file", "",
			   "a .cert without its .key, or a .key without its "
			   ".cert, is in the directory, and it stops there",
			   "add the other of the two, or remove the one", HOST},
	[CONSUMER_ONE_FILE] =
		{"lone-client-certificate", "",
		 "of a .cert without its .key it looks for the "
		 "key in that file, and stops where there is none",
		 "add the .key, or remove the .cert", HOST},
	[CONSUMER_CRT] = {"unreadable-crt", "",
			  "a .crt in the directory cannot be opened, and it "
			  "stops there",
			  "remove the file, or mend what it links to", HOST},
	[CONSUMER_VOID_CRT] = {"void-crt", "unable to load CA cert",
			       "a .crt in the directory holds no certificate, "
			       "and it stops there",
			       "remove the file, or replace it by PEM", HOST},
	[CONSUMER_SUITE] = {"cipher-suite", "",
			    "the server takes no cipher suite that it offers",
			    "allow ECDHE with AES-GCM on the server", REGISTRY},
	[CONSUMER_RARE_SUITE] = {"rare-cipher-suite", "",
				 "the server takes no cipher suite that all "
				 "its releases offer",
				 "allow ECDHE with AES-GCM on the server",
				 REGISTRY},
	[CONSUMER_HANDSHAKE] = {"handshake", "",
				"it ends the TLS handshake with this server",
				"", REGISTRY},
	[CONSUMER_CLIENT] =
		{"client-certificate", "",
		 "the server wants a client certificate: without one it ends "
		 "the handshake, or answers as no registry does",
		 "put the pair that the registry's administrator issues beside "
		 "ca.crt, as client.cert and client.key; for docker build "
		 "before Docker 25 restart Docker too, if this directory is "
		 "newer than its start",
		 HOST},
	[CONSUMER_CLIENT_PAIR] =
		{"client-pair", "",
		 "it loads the client certificate and key of this directory, "
		 "and presents them where the server asks: whether they fit, "
		 "and will do, cannot be told from here, because no private "
		 "key is read",
		 "try docker login against the registry", HOST},
	[CONSUMER_CERTIFICATE] = {"certificate", "",
				  "it refuses the certificate", "", NOBODY},
	[CONSUMER_REPLIED] =
		{"not-a-registry", "",
		 "what answers at /v2/ is no registry, or it is down",
		 "check that this is the registry's name and port, and that "
		 "the registry behind it runs",
		 REGISTRY},
	[CONSUMER_BROKEN] =
		{"broken-answer", "",
		 "what answers at /v2/ is not HTTP as it reads it",
		 "check that this is the registry's port, and the proxy "
		 "before it",
		 REGISTRY},
	[CONSUMER_NO_REALM] =
		{"no-realm", "",
		 "/v2/ wants a token, and names no https:// address to ask for "
		 "one",
		 "set the address of the token service in the registry's "
		 "configuration (realm)",
		 REGISTRY},
	[CONSUMER_UNASKED] =
		{"not-asked", "",
		 "no working registry answers at /v2/; it goes on to the image "
		 "all the same, and what that brings is not seen from here",
		 "check that this is the registry's name and port, and that "
		 "the registry behind it runs",
		 REGISTRY},
	[CONSUMER_UNNAMED] =
		{"not-named", "",
		 "/v2/ answers 200 without Docker-Distribution-Api-Version: "
		 "whether that is a registry is not seen from here",
		 "pull an image from it", HOST},
	[CONSUMER_REDIRECTED] =
		{"redirect", "",
		 "/v2/ leads to another host, which it checks with this "
		 "directory and refuses",
		 "let the registry answer /v2/ itself; where that host's CA is "
		 "all that is missing, install it too: --ca-file with both",
		 REGISTRY},
	[CONSUMER_LOOP] = {"redirect-loop", "stopped after 10 redirects",
			   "/v2/ leads back to itself, and it stops after 10 "
			   "redirects",
			   "let the registry answer /v2/ itself", REGISTRY},
	[CONSUMER_PLAIN] = {"redirect-plain", "",
			    "/v2/ leads to plain http, where logins can be "
			    "read on the way",
			    "let the registry answer /v2/ itself", REGISTRY},
	[CONSUMER_ASTRAY] = {"redirect-unseen", "",
			     "/v2/ leads on to where nobody looks from here",
			     "let the registry answer /v2/ itself", REGISTRY},
	[CONSUMER_PATHS] = {"redirect-paths", "",
			    "/v2/ leads elsewhere, and whether what it asks "
			    "for leads there too is not seen from here",
			    "address the registry by the name that it leads "
			    "to",
			    HOST},
	[CONSUMER_TOKEN] = {"token-service", "",
			    "logins go to a token service that it refuses",
			    "pin the token service's CA, or install it with "
			    "--trust-token-host",
			    HOST},
	[CONSUMER_TOKEN_FAULT] =
		{"token-service-fault", "",
		 "logins go to a token service that it refuses, whatever is "
		 "installed here",
		 "mend the certificate or the TLS of the token service",
		 REGISTRY},
	[CONSUMER_TOKEN_DOWN] =
		{"token-service-down", "",
		 "the host of the token service answers with a server's error: "
		 "it may be down, and then no login goes through",
		 "see that the token service runs", REGISTRY},
	[CONSUMER_TOKEN_STORE] =
		{"token-service-host-store", FETCH,
		 "it asks the token service with the host's CA store alone, "
		 "not with this directory",
		 "put the CA into the host's CA store and restart Docker, or "
		 "use Docker 29.5 or newer",
		 HOST},
	[CONSUMER_TOKEN_CLIENT] =
		{"token-service-client-store", FETCH,
		 "the client asks the token service, with its own CA store "
		 "alone, not with this directory",
		 "run it with SSL_CERT_FILE set to the .crt of this directory "
		 "that holds its CA, or put the CA into the CA store of the "
		 "machine that runs the client; "
		 "before Docker 25 restart Docker too, if this directory is "
		 "newer than its start",
		 HOST},
	[CONSUMER_BUILD_START] =
		{"docker-start", "",
		 "before Docker 25 BuildKit knows the directories that were "
		 "there when Docker started, and no newer one",
		 "restart Docker once, if this directory is newer than its "
		 "start",
		 HOST},
	[CONSUMER_CONFIG_PATH] =
		{"config-path", "",
		 "it reads this directory where the config_path of its "
		 "configuration names it, and no other beside it",
		 "see that config_path in /etc/containerd/config.toml is this "
		 "certs.d; restart containerd once, if you set it",
		 HOST},
	[CONSUMER_INSECURE] = {"insecure-registry", "",
			       "daemon.json lists it under insecure-registries",
			       "take it out of that list, and restart Docker",
			       HOST},
	[CONSUMER_UNKNOWN] = {"unknown", "",
			      "not all that it would see could be seen from "
			      "here",
			      "", NOBODY},
};

/* see consumer_words.h */
const struct consumer_words *consumer_explain(enum consumer_reason reason)
{
	return &reasons[reason];
}
