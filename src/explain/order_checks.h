/* SPDX-License-Identifier: Apache-2.0
 *
 * The checks of the commands that are about orders, behind those that every command meets. Private
 * to explain/.
 *
 * Owner: checks.c. Threads: one. Memory: none. Errors: a failed check ends the list.
 * Order of calls: checks_pass, check_add to it, checks_fail at most once and last.
 */
#ifndef DOJIMA_EXPLAIN_ORDER_CHECKS_H
#define DOJIMA_EXPLAIN_ORDER_CHECKS_H

#include "explain/checks.h"

/* Adds a check that is passed; checks_fail turns the last one over and returns false. */
struct check *checks_pass(struct checks *checks, enum check_name name);
void check_add(struct check *check, const char *name, enum fact_unit unit, uint64_t bits);
bool checks_fail(struct checks *checks, enum reject code, int64_t limit, int64_t value);

void order_checks_new(struct checks *checks, const struct engine *engine,
                      const struct command *command);
void order_checks_cancel(struct checks *checks, const struct engine *engine,
                         const struct command *command);
void order_checks_reduce(struct checks *checks, const struct engine *engine,
                         const struct command *command);
void order_checks_replace(struct checks *checks, const struct engine *engine,
                          const struct command *command);
void order_checks_resolve(struct checks *checks, const struct engine *engine,
                          const struct command *command);

#endif
