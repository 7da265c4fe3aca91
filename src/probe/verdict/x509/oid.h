/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Object identifiers as the content octets of their DER. Probe process.
 */
#ifndef VERDICT_OID_H
#define VERDICT_OID_H

#include "common/bytes.h"

/* Is the content B that of the identifier OID (one of the literals below)? */
#define oid_is(b, oid)                                                         \
	bytes_equal(b, (struct bytes){(const uint8_t *)(oid), sizeof(oid) - 1})

#define PKCS1 "\x2a\x86\x48\x86\xf7\x0d\x01\x01" /* 1.2.840.113549.1.1 */
#define NIST_HASH                                                              \
	"\x60\x86\x48\x01\x65\x03\x04\x02"	      /* 2.16.840.1.101.3.4.2  \
						       */
#define NIST_SIG   "\x60\x86\x48\x01\x65\x03\x04\x03" /* 2.16.840.1.101.3.4.3 */
#define ANSI_X9_62 "\x2a\x86\x48\xce\x3d"	      /* 1.2.840.10045 */
#define ANSI_X9_57 "\x2a\x86\x48\xce\x38\x04"	      /* 1.2.840.10040.4 */
#define PKIX	   "\x2b\x06\x01\x05\x05\x07"	      /* 1.3.6.1.5.5.7 */

/* Public keys and curves */
#define OID_RSA	    PKCS1 "\x01"
#define OID_DSA	    ANSI_X9_57 "\x01"
#define OID_ECDSA   ANSI_X9_62 "\x02\x01"
#define OID_ED25519 "\x2b\x65\x70"
#define OID_MLDSA44 NIST_SIG "\x11"
#define OID_MLDSA65 NIST_SIG "\x12"
#define OID_MLDSA87 NIST_SIG "\x13"
#define OID_P224    "\x2b\x81\x04\x00\x21"
#define OID_P256    ANSI_X9_62 "\x03\x01\x07"
#define OID_P384    "\x2b\x81\x04\x00\x22"
#define OID_P521    "\x2b\x81\x04\x00\x23"

/* Signature algorithms and what RSASSA-PSS is made of */
#define OID_MD2_RSA	 PKCS1 "\x02"
#define OID_MD5_RSA	 PKCS1 "\x04"
#define OID_SHA1_RSA	 PKCS1 "\x05"
#define OID_SHA1_RSA_ISO "\x2b\x0e\x03\x02\x1d"
#define OID_SHA256_RSA	 PKCS1 "\x0b"
#define OID_SHA384_RSA	 PKCS1 "\x0c"
#define OID_SHA512_RSA	 PKCS1 "\x0d"
#define OID_RSA_PSS	 PKCS1 "\x0a"
#define OID_MGF1	 PKCS1 "\x08"
#define OID_SHA256	 NIST_HASH "\x01"
#define OID_SHA384	 NIST_HASH "\x02"
#define OID_SHA512	 NIST_HASH "\x03"
#define OID_SHA1_DSA	 ANSI_X9_57 "\x03"
#define OID_SHA256_DSA	 NIST_SIG "\x02"
#define OID_SHA1_ECDSA	 ANSI_X9_62 "\x04\x01"
#define OID_SHA256_ECDSA ANSI_X9_62 "\x04\x03\x02"
#define OID_SHA384_ECDSA ANSI_X9_62 "\x04\x03\x03"
#define OID_SHA512_ECDSA ANSI_X9_62 "\x04\x03\x04"

/* Extensions: the last arc of those under 2.5.29 */
enum extension_arc {
	ARC_SUBJECT_KEY_ID = 14,
	ARC_KEY_USAGE = 15,
	ARC_SAN = 17,
	ARC_BASIC_CONSTRAINTS = 19,
	ARC_NAME_CONSTRAINTS = 30,
	ARC_CRL_POINTS = 31,
	ARC_POLICIES = 32,
	ARC_POLICY_MAPPINGS = 33,
	ARC_AUTHORITY_KEY_ID = 35,
	ARC_POLICY_CONSTRAINTS = 36,
	ARC_KEY_PURPOSES = 37,
	ARC_INHIBIT_ANY_POLICY = 54,
};

/* Extensions, key purposes, policies */
#define OID_AUTHORITY_INFO_ACCESS PKIX "\x01\x01"
#define OID_SERVER_AUTH		  PKIX "\x03\x01"
#define OID_TIMESTAMPS		  "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02"
#define OID_SGC_MICROSOFT	  "\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x03"
#define OID_SGC_NETSCAPE	  "\x60\x86\x48\x01\x86\xf8\x42\x04\x01"
#define OID_ANY_PURPOSE		  "\x55\x1d\x25\x00"
#define OID_ANY_POLICY		  "\x55\x1d\x20\x00"

#endif
