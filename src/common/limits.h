/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every number that bounds work, memory or input, with its unit and reason.
 * No code. Change a limit here, or what bounds the judging of certificates in
 * limits_judge.h, the network in limits_network.h and a handshake in
 * limits_tls.h, and nowhere else.
 */
#ifndef COMMON_LIMITS_H
#define COMMON_LIMITS_H

#include "common/limits_judge.h"
#include "common/limits_network.h"
#include "common/limits_tls.h"

/* One line for an operator: a registry (255) twice, an address, a cause. */
#define FAILURE_CHARS_MAX 1024

/* What is shown of a value that is refused, with its NUL: a name, cut. */
#define SHOWN_BYTES 160

/* RFC 1035 2.3.4: 63 octets a label, 253 characters a name as text. */
#define LABEL_CHARS_MAX 63
#define HOST_CHARS_MAX	253

/* The reference is the name of a directory: NAME_MAX of every Linux file
 * system that a Docker host uses. */
#define REGISTRY_CHARS_MAX 255

/* Options and variables that a misspelt one is compared with: none is longer,
 * and letters that may differ: with three, short words are all alike. */
#define NEAR_CHARS_MAX 32
#define NEAR_MAX       2

/* Sentences about variables that were passed over: more are noise. */
#define NOTICES_MAX 8

/* Paths that the operator names: PATH_MAX of Linux, with its NUL. */
#define PATH_BYTES_MAX 4096

/* Directories in one run: Docker's, Podman's and containerd's, and those of the
 * distributions of Kubernetes, which keep containerd's elsewhere. */
#define CERTS_DIRS_MAX 8

/* Registries in one run, times the directories: a fleet's whole list, 0.5 KiB
 * each. */
#define REGISTRIES_MAX 4096

/* Hosts that are asked for one registry: itself, the one to which its /v2/
 * leads, and the token service that one of them names. Docker follows ten
 * redirections; each is a connection to where a server points. */
#define ASKED_MAX 3

/* Probes at a time, for those that wait for dead or slow peers: 64 of them hold
 * 300 registries up by three deadlines where 100 are dead. And of these the
 * young ones, which compute: more at a time only take the processor from each
 * other until the deadlines pass. With the installer 16 stay under
 * `--pids-limit 32`; a limit on processes, descriptors or memory means fewer.
 */
#define PROBES_MAX	 64
#define PROBES_YOUNG_MAX 16
#define PROBE_YOUNG_MS	 1000

/* The stack of each process: a first use does with 80 KiB. */
#define STACK_BYTES_MIN (128 * 1024)

/* What a container's limit on memory has to hold, for the installer and for
 * each probe: 176 KiB of its own while it waits, more in the second in which it
 * computes, what the kernel takes for a process and its socket, and the host's
 * CA store of 220 KiB where that can be seen. With 52 at a time in 32 MiB the
 * kernel killed the installer; with the 26 of these figures, nobody. */
#define INSTALLER_COST_BYTES (6 * 1024 * 1024)
#define PROBE_COST_BYTES     (1024 * 1024)

/* Descriptors of the installer: three standard ones, two for signals, each
 * certs.d, both ends of a new pipe; the lock, a directory and a file of a
 * write, and one to look into it. */
#define INSTALLER_DESCRIPTORS (3 + 2 + CERTS_DIRS_MAX + 2 + 4)

/* Reports that are printed a little later, so that they come in the order of
 * the registries: those of one second, of a few KiB each. */
#define HELD_BYTES_MAX (1024 * 1024)

/* What a pipe or a terminal that has room takes at once, and how often it is
 * looked whether a signal has come while it has none; as often where no
 * descriptor can be waited for. */
#define OUTPUT_PART_BYTES 512
#define OUTPUT_WAIT_MS	  100

/* How often a terminal is told how long it has been: its text has seconds. */
#define PROGRESS_MS 1000

/* Where no process can be started: the pause until the next try, and how long
 * that goes on while nothing else runs that could end and make room. */
#define START_RETRY_MS	  100
#define START_PATIENCE_MS 5000

/* What one server may send: Go reads Certificate messages up to 256 KiB. */
#define CHAIN_BYTES_MAX (256 * 1024)

/* Docker's transports give a TLS handshake so long. */
#define DOCKER_HANDSHAKE_MS 10000

/* docker login, and pull with the classic store, wait so long for an answer to
 * /v2/: at 16 s both of dockerd 20.10 fail, and login of 28.5 (measured). */
#define DOCKER_REPLY_MS 15000

/* Certificates in one message: 256 KiB of the smallest real ones. */
#define CHAIN_CERTS_MAX 512

/* Certificates in one report: a full chain, a full directory and a full file of
 * the operator's, each POOL_CERTS_MAX at most. What cannot be listed whole is
 * an error, not a shorter list. */
#define REPORT_CERTS_MAX (CHAIN_CERTS_MAX + 2 * POOL_CERTS_MAX)

/* One probe's report: the certificates of a full directory (768 KiB as DER), of
 * the operator's file (384 KiB) and of a full chain, and all the texts about
 * them. */
#define FRAME_BYTES_MAX (2048 * 1024)

/* A text field of a frame: a subject with many parts, or a list of SANs. */
#define TEXT_CHARS_MAX 2048

/* A certificate as a PEM file, to see whether a pin is that file's hash: ten
 * times what real ones take. */
#define PEM_HINT_BYTES (32 * 1024)

/* Moments that a certificate can name: the years 0 to 9999, in seconds since
 * 1970 (RFC 5280 4.1.2.5: four digits of a GeneralizedTime). */
#define MOMENT_FIRST (-62167219200LL)
#define MOMENT_LAST  253402300799LL

/* `[2001:db8:...]:65535`, longest form with an embedded IPv4. */
#define ADDRESS_CHARS_MAX 64

/* One .crt in certs.d, and all of one directory: the bundles that systems
 * ship are 250 KiB. */
#define CRT_BYTES_MAX	(512 * 1024)
#define CRT_FILES_MAX	32
#define CRT_TOTAL_BYTES (1024 * 1024)

/* The host's CA bundle: 220 KiB on Debian 12. */
#define HOST_POOL_BYTES_MAX (1024 * 1024)

/* daemon.json: a page of settings; Docker has no bound. How deep they lie in
 * one another: a runtime's options are 4. Names in its two lists of registries:
 * what cannot be listed whole counts as unreadable. */
#define DAEMON_JSON_BYTES_MAX (64 * 1024)
#define JSON_DEPTH_MAX	      16
#define SETTINGS_NAMES_MAX    128

/* Pins that speak for one registry and its token service: those for all of the
 * run and those of each of the two. */
#define PINS_MAX     256
#define PINS_ALL_MAX 128
#define PINS_ONE_MAX 64

/* Pins in one run: an overlap of two for each registry of the longest list. */
#define PINS_LISTED_MAX 8192

/* The file of --registries: a full list with two pins a line is 1.6 MiB. */
#define REGISTRIES_FILE_BYTES_MAX (2 * 1024 * 1024)

/* An attempt from DNS to last byte; and how long the installer waits past
 * the probe's own deadline for its explanation before it kills it. */
#define TIMEOUT_DEFAULT_MS 20000
#define TIMEOUT_MAX_MS	   3600000
#define TIMEOUT_GRACE_MS   500

/* All texts of one report: subjects, issuers, SANs of a whole chain; and what
 * of it is kept free of these for Docker's own words: two texts for each act.
 */
#define PROBE_TEXT_BYTES  (256 * 1024)
#define PROBE_WORDS_BYTES (8 * 1024)

/* Address space of a probe: a first use does with 10,000 KiB; full directories,
 * the host's CA store and other servers of one name come beside that. */
#define PROBE_MEMORY_BYTES (32 * 1024 * 1024)

/* Processor time of a probe, in seconds: the slowest verdict known takes 0.33 s
 * of it, a slow machine ten times that. */
#define PROBE_CPU_SECONDS 60

/* When an end is warned of: renewals are usually made a month ahead. */
#define EXPIRY_DEFAULT_MS (30 * 86400000LL)
#define EXPIRY_MAX_MS	  (3650 * 86400000LL)

/* --every, --splay and --wait: a month; and the pauses between two tries of an
 * unreached registry, which double from the first to the last. */
#define STAY_MAX_MS    (31 * 86400000LL)
#define RETRY_FIRST_MS 1000
#define RETRY_LAST_MS  30000

/* A clock outside these is wrong, and every validity read by it is a guess:
 * before this program was written (2026-01-01), or past the end of 32-bit time
 * (2038-01-19), where clocks without a battery end up. Seconds since 1970. */
#define CLOCK_FIRST 1767225600LL
#define CLOCK_LAST  2147483647LL

/* The most of --splay that the first round waits: 10,000 nodes that start in
 * one second are 333 handshakes a second then. */
#define FIRST_SPLAY_MS 30000

/* How long to wait for another installer that is just writing, how often to
 * look, and how often a lock may be one that was just given back. */
#define LOCK_WAIT_MS   10000
#define LOCK_RETRY_MS  100
#define LOCK_TRIES_MAX 16

/* A sentence of ours about a registry, with what is put into it, and its NUL:
 * the longest are remedies. */
#define SENTENCE_CHARS_MAX 512

/* Files of another hand that were moved aside in one directory: one for each
 * time that somebody put another wrong one there. */
#define ASIDES_MAX 100

#endif
