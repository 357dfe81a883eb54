/* SPDX-License-Identifier: Apache-2.0
 *
 * What opening a log found, in words for people: why it is refused, and what was cut from its end.
 *
 * Owner: the caller of the text. Threads: any. Memory: none. Errors: none. Order of calls: any.
 */
#ifndef DOJIMA_APPS_FINDING_H
#define DOJIMA_APPS_FINDING_H

#include "base/text.h"
#include "journal/journal.h"

/* A log, "commands" or "events", in a data directory. */
struct finding {
    const char *directory;
    const char *log;
    const struct journal_report *report;
};

/* Why the log cannot be opened, with the place and, where there is one, the remedy. */
void finding_tell_refusal(const struct finding *finding, enum status status, struct text *text);

/* Which sequences are in no file of a damaged log, and what to do; nothing where that is unknown.
 */
void finding_tell_missing(const struct finding *finding, struct text *text);

/* Which sequences and bytes a start has cut; report->found is TRUNCATED. */
void finding_tell_cut(const struct finding *finding, struct text *text);

#endif
