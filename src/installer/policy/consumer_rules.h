/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of consumer_judge, for it alone: what a consumer with TRAITS says
 * to each thing in the order in which it meets them. Pure.
 */
#ifndef INSTALLER_POLICY_CONSUMER_RULES_H
#define INSTALLER_POLICY_CONSUMER_RULES_H

#include "installer/policy/consumers.h"

struct consumer_question {
	unsigned traits; /* from consumer_traits */
	const struct consumer_facts *facts;
};

/* In which ways CONSUMER is like others, in the release that FACTS say. */
unsigned consumer_traits(enum consumer consumer,
			 const struct consumer_facts *facts);

/* Does it connect to this registry without verifying anything? (Docker, where
 * daemon.json says so: the other engines do not read that.) */
bool consumer_verifies_nothing(const struct consumer_question *q);

/*
 * Q's facts as such a one meets them: no certificate is wrong. The classic
 * loader then reads no directory, and asks the token service without verifying
 * it as well; so does the containerd store from 29.5 on. The client that
 * builds, and that store before, ask it with the host's CA store as ever.
 */
struct consumer_facts
consumer_without_verifying(const struct consumer_question *q, bool is_old);

/* The name, and whose certs.d it is: does it read a directory at all? */
enum consumer_reason consumer_look_at_name(const struct consumer_question *q);

/* What else is in the directory. */
enum consumer_reason
consumer_look_at_directory(const struct consumer_question *q);

/* Handshake, certificate, answer to /v2/. */
enum consumer_reason consumer_look_at_server(const struct consumer_question *q);

/* Does it log in by name and password without a token? containers/image takes
 * the first challenge that it knows. */
bool consumer_takes_basic(const struct consumer_question *q);

/* The token service, with the pool that it has for it; IS_OLD: before 29.5. */
enum consumer_reason consumer_look_at_token(const struct consumer_question *q,
					    bool is_old);

/* Whether it has heard of this directory, where the host's own store does not
 * do: the last question, because the answer is that nobody here knows. */
enum consumer_reason consumer_look_at_start(const struct consumer_question *q);

/* A client certificate and its key, which every reader loads first and fails
 * with where they are none: nothing here opens them. */
enum consumer_reason consumer_look_at_pair(const struct consumer_question *q);

#endif
