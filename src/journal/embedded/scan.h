/* SPDX-License-Identifier: Apache-2.0
 *
 * Walks a log on disk from its first byte to its end, changes nothing, and says what it is: where
 * it ends, and if that end is clean, torn or damaged. Opening and verifying are both this walk.
 *
 * The rule. The walk stops at the first batch that is not sound, S being the sequence expected
 * there. A torn write can only be at the end: the last batch or the two last are in flight, and
 * each header states what was on stable storage when it was built. So everything behind is searched
 * for sound headers; if one of them, or the caller (proven_sequence), says that S was durable, the
 * log is DAMAGED at S. Otherwise the tail from there is TRUNCATED: it was never acknowledged and
 * may be cut.
 *
 * Trust. Of a segment that ends at or below trusted_sequence only the header is read, and the next
 * one's, which tells its end and the chain there. Never of the two last: one of them has the last
 * batch.
 *
 * Owner: the caller. Threads: one. Memory: the catalog and a read buffer.
 * Errors: those of the disk, MISMATCH, UNSUPPORTED; damage is a finding, not a failure.
 * Order of calls: scan_log, then scan_result_deinit whatever it returned.
 */
#ifndef DOJIMA_JOURNAL_EMBEDDED_SCAN_H
#define DOJIMA_JOURNAL_EMBEDDED_SCAN_H

#include "journal/embedded/catalog.h"
#include "journal/embedded/segment.h"

struct scan_options {
    struct segment_place place;
    uint8_t kind;   /* 0: whatever the first segment says */
    uint16_t shard; /* when kind is not 0 */
    uint64_t proven_sequence;
    uint64_t trusted_sequence; /* see journal_options; nothing is trusted when deep */
    bool deep;                 /* also the chain and every frame */
    /* What is read is what the disk has: after a failed sync the page cache may hold bytes that
     * were dropped, and the next sync would call them durable. Not for a log that another one
     * writes. */
    bool past_cache;
};

struct scan_result {
    struct catalog catalog;
    struct journal_report report;
    struct journal_note note; /* of the last sound batch */
    uint8_t chain[JOURNAL_CHAIN_BYTES];
    uint64_t watermark;    /* highest durable_sequence of a sound header */
    uint64_t used_bytes;   /* file headers and sound batches, with padding */
    uint64_t record_bytes; /* frames and bodies of sound batches */
    uint64_t batches;
    size_t segments_on_disk;
    uint32_t segments_unread;
    uint32_t end_segment; /* where the next batch would go; 0 when there is no sound segment */
    uint32_t end_slot;
    bool end_file_short; /* the last file is smaller than its header says */
};

MUST_USE enum status scan_log(const struct scan_options *options, struct scan_result *result);
void scan_result_deinit(struct scan_result *result);

#endif
