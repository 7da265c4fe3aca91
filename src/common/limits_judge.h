/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every number that bounds the judging of certificates and chains, with its
 * unit and reason; included by limits.h.
 */
#ifndef COMMON_LIMITS_JUDGE_H
#define COMMON_LIMITS_JUDGE_H

/* Certificates in all .crt files of one directory, or in the operator's
 * file: the bundles that systems ship have 150. */
#define POOL_CERTS_MAX 1024

/* Signature checks of one leaf, all paths together, and names compared with the
 * constraints of one CA: both are Go's own limits. */
#define SIGNATURE_CHECKS_MAX	   100
#define CONSTRAINT_COMPARISONS_MAX 250000

/* Bits of an RSA key in a leaf: a larger one ends crypto/tls's handshake. */
#define RSA_BITS_MAX 8192

/* Names that an error lists: with more, newer releases of Go only say how many
 * there are. */
#define NAMES_LISTED_MAX 100

/* Comparisons of names with constraints in one verdict, where Go since 1.26 has
 * no limit, and of policies in one chain: a second, a thousand times what the
 * largest real chains take. */
#define CONSTRAINT_STEPS_MAX 20000000
#define POLICY_STEPS_MAX     20000000

/* The policy graph of one chain: nodes, and edges from a node to its parents.
 * Real chains have a few. */
#define POLICY_NODES_MAX 4096
#define POLICY_EDGES_MAX 16384

/* Results of signature checks that are remembered: what one verdict may ask
 * for, and some of the next. */
#define SIGNATURE_RESULTS_MAX 128

/* Signature checks while the anchor is looked for, each certificate of a full
 * chain once: a second. Real servers send two or three. */
#define ANCHOR_CHECKS_MAX CHAIN_CERTS_MAX

/* Extensions of one certificate, and policies or mappings in one: each is
 * compared with each. Real ones have about ten. */
#define CERTIFICATE_ITEMS_MAX 1024

/* Octets of a certificate: the smallest there can be is larger. */
#define CERTIFICATE_BYTES_MIN 100

/* Octets of a serial number that is printed as a decimal number; RFC 5280
 * allows 20. */
#define SERIAL_BYTES_MAX 64

/* A common name that is compared with a host: RFC 5280 allows 64, longer ones
 * cannot match. */
#define COMMON_NAME_CHARS_MAX 256

/* Octets of a key whose BIT STRING has unused bits, which nobody makes: an RSA
 * key of 16,384 bits. */
#define KEY_SHIFTED_BYTES_MAX 2100

/* The host of a URI and the local part of a mailbox, to compare them; and the
 * escaped address in a URI's brackets. */
#define NAME_PART_CHARS_MAX   512
#define URI_LITERAL_CHARS_MAX 128

/* Certificates in files of the operator's whose own signature is checked, only
 * to call them root or intermediate: a check takes 2 ms, and a bundle has
 * hundreds. The others are called what they call themselves. */
#define ENTRY_CHECKED_MAX 16

/* A certificate's subject, issuer or names in words. */
#define DESCRIBE_CHARS_MAX 512

/* The list of the Docker releases that decide otherwise, and rules of Docker
 * releases that are judged: there are 20. */
#define OUTLOOK_CHARS_MAX 512
#define OUTLOOK_ROWS_MAX  32

/* Certificates that are kept parsed meanwhile, one for each set of a parser's
 * rules: a chain of three and its pool, 12 sets; 100 KiB. */
#define OUTLOOK_PARSED_MAX 192

/* Memory for reading and judging certificates: what a chain of the largest
 * size and the host's own pool take, and of it for one verdict at a time 3 MiB:
 * a Certificate message of 256 KiB and a pool of as many octets, in all but
 * chains made to exhaust it. */
#define JUDGE_ARENA_BYTES (4 * 1024 * 1024)

/* A URI's host while it is checked; a longer one is refused. */
#define URI_HOST_CHARS_MAX 1024

#endif
