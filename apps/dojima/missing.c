/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/missing.h"

#include "host/stream.h"
#include "journal/embedded/segment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void report_missing(struct journal_report *report, const char *reason)
{
    report->found = STATUS_DAMAGED;
    report->reason = reason;
    report->bad_sequence = 1;
    report->bad_segment = 0;
    report->bad_offset = 0;
}

bool missing_log(const char *directory, const char *log)
{
    char path[HOST_PATH_BYTES_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", directory, log);
    if (length < 0 || (size_t)length >= sizeof path) {
        return false;
    }
    struct segment_place place = {host_disk_posix(), path};
    uint32_t *numbers = NULL;
    size_t count = 0;
    enum status status = segment_list(&place, false, &numbers, &count);
    free(numbers);
    return status == STATUS_NOT_FOUND || (status == STATUS_OK && count == 0);
}

void missing_tell_log(const char *directory, const char *log, uint64_t proven_sequence,
                      struct journal_report *report, struct text *text)
{
    const char *twin = strcmp(log, "commands") == 0 ? "events" : "commands";
    *report = (struct journal_report){.first_sequence = 1, .next_sequence = 1};
    report_missing(report, "the log is missing");
    text_format(text, "the %s log in %s is missing, its %s log is there", log, directory, twin);
    if (proven_sequence > 0) {
        text_format(text, " and proves sequences 1 to %llu of it",
                    (unsigned long long)proven_sequence);
    }
    char path[HOST_PATH_BYTES_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", directory, log);
    const char *what = length > 0 && (size_t)length < sizeof path ? host_stream_what(path) : "";
    if (strncmp(what, "a ", 2) == 0 && strcmp(what, "a directory") != 0) {
        text_format(text, ": %s/%s is %s, move it away and put the log back", directory, log, what);
    } else {
        text_format(text, ": put %s/%s back", directory, log);
    }
}

bool missing_tell_beginning(const char *directory, const char *log, struct journal_report *report,
                            struct text *text)
{
    if (report->first_sequence <= 1) {
        return false;
    }
    report_missing(report, "the beginning of the log is missing");
    text_format(text,
                "the beginning of the %s log in %s is missing, sequences 1 to %llu: put the "
                "segment files below sequence %llu back into %s/%s",
                log, directory, (unsigned long long)report->first_sequence - 1,
                (unsigned long long)report->first_sequence, directory, log);
    return true;
}
