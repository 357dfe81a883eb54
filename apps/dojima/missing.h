/* SPDX-License-Identifier: Apache-2.0
 *
 * What is not there of a shard's logs: one of the two as a whole, or the beginning of one. Nothing
 * removes either, so both are damage.
 *
 * Owner: the caller of the text. Threads: any. Memory: none. Errors: none. Order of calls: any.
 */
#ifndef DOJIMA_APPS_MISSING_H
#define DOJIMA_APPS_MISSING_H

#include "base/text.h"
#include "journal/journal.h"

/* True if the log of this name in `directory` has no segment, whatever might be in one; false also
 * when that cannot be told: opening it will say why. */
bool missing_log(const char *directory, const char *log);

/* The two logs are only there together: `log` is gone, its twin is there and proves the first
 * `proven_sequence` of its records. Fills the report and tells why and what to do. */
void missing_tell_log(const char *directory, const char *log, uint64_t proven_sequence,
                      struct journal_report *report, struct text *text);

/* False if the log begins with sequence 1, as every log does. Else fills the report, whose
 * first_sequence tells where it begins, and tells what is missing and what to do. */
bool missing_tell_beginning(const char *directory, const char *log, struct journal_report *report,
                            struct text *text);

#endif
