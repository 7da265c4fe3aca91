/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each reader of certs.d will do, printed: one line where they agree, one
 * for each where they do not, and the cause and the remedy of each refusal
 * once. Installer only.
 */
#ifndef INSTALLER_REPORT_CONSUMERS_H
#define INSTALLER_REPORT_CONSUMERS_H

#include <stdbool.h>
#include <stdio.h>

#include "installer/policy/consumers.h"

/* For people. IS_TOLD: that Docker refuses this server has been said. */
void consumers_print(FILE *to, const struct consumer_facts *facts,
		     bool is_told);

/* For programs: the member "consumers", null without FACTS. */
void consumers_print_json(FILE *to, const struct consumer_facts *facts);

/* What is known of this host's Docker: the member "docker_host", null without
 * FACTS. */
void consumers_print_host_json(FILE *to, const struct consumer_facts *facts);

#endif
