/* SPDX-License-Identifier: Apache-2.0
 *
 * A story as text and as JSON (docs/reference/why.md).
 *
 * Owner: `dojima why`. Threads: one. Memory: none kept. Errors: those of standard output, which
 * main looks at. Order of calls: any.
 */
#ifndef DOJIMA_APPS_WHY_H
#define DOJIMA_APPS_WHY_H

#include "explain/story.h"

void why_print_text(const struct story *story);
void why_print_json(const struct story *story);

/* More than one thing may be meant. */
void why_print_candidates(const struct story *story, bool json);

#endif
