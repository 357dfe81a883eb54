/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/finding.h"

#include "host/stream.h"
#include "journal/embedded/segment.h"

#include <stdio.h>
#include <string.h>

/* The path of the bad segment; false when none is named. */
static bool bad_file(const struct finding *finding, char out_path[HOST_PATH_BYTES_MAX])
{
    char directory[HOST_PATH_BYTES_MAX];
    int length = snprintf(directory, sizeof directory, "%s/%s", finding->directory, finding->log);
    if (length < 0 || (size_t)length >= sizeof directory || finding->report->bad_segment == 0) {
        return false;
    }
    struct segment_place place = {NULL, directory};
    return segment_path(&place, finding->report->bad_segment, false, out_path) == STATUS_OK;
}

void finding_tell_refusal(const struct finding *finding, enum status status, struct text *text)
{
    const struct journal_report *report = finding->report;
    char path[HOST_PATH_BYTES_MAX];
    bool named = bad_file(finding, path);
    const char *what = named ? host_stream_what(path) : "";
    if (named && status != STATUS_DENIED && strcmp(what, "a regular file") != 0) {
        text_format(text,
                    "%s is %s and not a file of the %s log: move it away and put back what was "
                    "there",
                    path, what, finding->log);
    } else if (named && (status == STATUS_MISMATCH || status == STATUS_UNSUPPORTED)) {
        text_format(text, "%s does not belong to the %s log of this shard: %s", path, finding->log,
                    report->reason);
    } else if (named && status == STATUS_DAMAGED) {
        text_format(text,
                    "the %s log in %s is damaged at sequence %llu (segment %u, byte %llu): %s",
                    finding->log, finding->directory, (unsigned long long)report->bad_sequence,
                    report->bad_segment, (unsigned long long)report->bad_offset, report->reason);
        finding_tell_missing(finding, text);
    } else if (named) {
        text_format(text, "%s cannot be read: %s", path, status_sentence(status));
    } else if (status == STATUS_NOT_FOUND) {
        text_format(text, "there is no %s log in %s: name the --data directory of a replay",
                    finding->log, finding->directory);
    } else if (status == STATUS_EXISTS) {
        text_format(text, "%s/%s is there and is no directory: move it away", finding->directory,
                    finding->log);
    } else if (report->reason != NULL) {
        text_format(text, "the %s log in %s is damaged at sequence %llu: %s", finding->log,
                    finding->directory, (unsigned long long)report->bad_sequence, report->reason);
    } else {
        text_format(text, "the %s log in %s cannot be opened: %s", finding->log, finding->directory,
                    status == STATUS_BUSY ? "another process writes it; wait until it has ended"
                                          : status_sentence(status));
    }
}

void finding_tell_missing(const struct finding *finding, struct text *text)
{
    const struct journal_report *report = finding->report;
    if (report->found == STATUS_DAMAGED && report->missing_last_sequence != 0) {
        text_format(text,
                    "; sequences %llu to %llu are missing, put the segment files that hold them "
                    "back into %s/%s",
                    (unsigned long long)report->bad_sequence,
                    (unsigned long long)report->missing_last_sequence, finding->directory,
                    finding->log);
    }
}

void finding_tell_cut(const struct finding *finding, struct text *text)
{
    const struct journal_report *report = finding->report;
    text_format(text, "the %s log in %s did not end cleanly: ", finding->log, finding->directory);
    if (report->cut_last_sequence != 0) {
        text_format(text, "sequences %llu to %llu were cut",
                    (unsigned long long)report->bad_sequence,
                    (unsigned long long)report->cut_last_sequence);
    } else {
        text_format(text, "what lay behind sequence %llu was cut",
                    (unsigned long long)report->next_sequence - 1);
    }
    text_format(text, " (segment %u, from byte %llu", report->bad_segment,
                (unsigned long long)report->bad_offset);
    if (report->bad_end_offset > report->bad_offset) {
        text_format(text, " to %llu", (unsigned long long)report->bad_end_offset - 1);
    }
    text_format(text,
                "; non-zero bytes found: %llu; %s); nothing proves that any of it was "
                "durable",
                (unsigned long long)report->nonzero_bytes, report->reason);
}
