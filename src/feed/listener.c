/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/listener.h"

#include "base/hash.h"
#include "wire/blank.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATAGRAM_BYTES     2048u
#define DATAGRAMS          32u
#define TAKES_MAX          64u               /* rounds of datagrams a tick */
#define GRACE_NS           INT64_C(1000000)  /* for the other line to fill a gap */
#define ASK_AGAIN_NS       INT64_C(20000000) /* without any progress */
#define GIVE_UP_NS         INT64_C(10000000000)
#define RETRY_NS           INT64_C(500000000)
#define ATTEMPTS_MAX       20u
#define REQUESTS_A_TICK    64u
#define ASK_COUNT          25u /* so many of the longest messages fit a packet */
#define SNAPSHOT_END       'G'
#define SNAPSHOT_END_BYTES (1u + SOUP_SEQUENCE_BYTES)

static bool is_there(const char *address)
{
    return address != NULL && address[0] != '\0';
}

static bool has_lines(const struct listener *listener)
{
    return listener->lines[0] >= 0 || listener->lines[1] >= 0;
}

static enum status fail(struct listener *listener, enum status status, const char *reason)
{
    if (listener->failed == STATUS_OK) {
        listener->failed = status;
        (void)snprintf(listener->reason, sizeof listener->reason, "%s", reason);
    }
    return listener->failed;
}

/* Compares the proof that waits with the hash the book had at its sequence. */
static enum status prove(struct listener *listener)
{
    const struct feed_proof *proof = &listener->proof;
    if (proof->sequence == 0 || proof->sequence >= listener->next) {
        return STATUS_OK;
    }
    const struct listener_hash *ours = &listener->hashes[proof->sequence % LISTENER_HASHES];
    if (ours->sequence == proof->sequence && ours->hash != proof->hash) {
        (void)snprintf(listener->reason, sizeof listener->reason,
                       "at sequence %" PRIu64 " the book's hash is %016" PRIx64
                       ", the venue says %016" PRIx64,
                       proof->sequence, ours->hash, proof->hash);
        listener->failed = STATUS_MISMATCH;
        return STATUS_MISMATCH;
    }
    listener->counts.proofs += ours->sequence == proof->sequence;
    listener->proof.sequence = 0;
    return STATUS_OK;
}

static enum status on_message(void *context, uint64_t sequence, const uint8_t *message,
                              size_t count)
{
    struct listener *listener = context;
    enum status status = feed_book_apply(&listener->book, message, count);
    if (status != STATUS_OK) {
        char reason[120];
        (void)snprintf(reason, sizeof reason, "message %" PRIu64 " does not fit the book",
                       sequence);
        return fail(listener, status, reason);
    }
    listener->hashes[sequence % LISTENER_HASHES] =
        (struct listener_hash){.sequence = sequence, .hash = listener->book.hash};
    listener->next = sequence + 1;
    listener->counts.messages++;
    if (listener->proof.sequence == sequence) {
        status = prove(listener);
    }
    if (status == STATUS_OK && listener->options.on_message != NULL) {
        status = listener->options.on_message(listener->options.context, sequence, message, count);
    }
    return status == STATUS_OK ? STATUS_OK : fail(listener, status, status_sentence(status));
}

static enum status on_snapshot_message(void *context, uint64_t sequence, const uint8_t *message,
                                       size_t count)
{
    struct listener *listener = context;
    (void)sequence; /* the snapshot's own */
    if (listener->snapshot_end != 0) {
        return fail(listener, STATUS_INVALID, "a message came behind the end of the snapshot");
    }
    if (count > 0 && message[0] == SNAPSHOT_END) {
        uint64_t next = 0;
        if (count != SNAPSHOT_END_BYTES ||
            blank_number((const char *)message + 1, SOUP_SEQUENCE_BYTES, &next) != STATUS_OK ||
            next == 0 || next > UINT64_MAX / 2) {
            return fail(listener, STATUS_INVALID, "the end of the snapshot is not valid");
        }
        listener->snapshot_end = next;
        return STATUS_OK;
    }
    listener->counts.snapshot_messages++;
    return feed_book_apply(&listener->book, message, count) == STATUS_OK
               ? STATUS_OK
               : fail(listener, STATUS_INVALID, "the snapshot is not a book");
}

static struct soup_reader_options soup_options(struct listener *listener, bool snapshot)
{
    const struct listener_options *options = &listener->options;
    return (struct soup_reader_options){
        .loop = options->loop,
        .tls = options->tls,
        .tls_name = options->tls_name,
        .address = snapshot ? options->snapshot : options->soup,
        .user = options->user == NULL ? "" : options->user,
        .password = options->password == NULL ? "" : options->password,
        .from = snapshot ? 1 : listener->next,
        .on_message = snapshot ? on_snapshot_message : on_message,
        .context = listener,
    };
}

/* Behind the snapshot, or at the beginning. */
static enum status begin_reading(struct listener *listener, uint64_t next, int64_t now_ns)
{
    listener->state = LISTENER_READS;
    listener->next = next;
    if (next > 1) { /* the book is proven from here on, the snapshot included */
        listener->hashes[(next - 1) % LISTENER_HASHES] =
            (struct listener_hash){.sequence = next - 1, .hash = listener->book.hash};
    }
    if (has_lines(listener)) {
        return arbiter_init(&listener->arbiter, next);
    }
    struct soup_reader_options options = soup_options(listener, false);
    return soup_reader_open(&listener->soup, &options, now_ns);
}

/* The connection is gone and was still wanted: again after a while, from where we are. A snapshot
 * begins anew. */
static enum status reconnect(struct listener *listener, int64_t now_ns)
{
    bool snapshot = listener->state == LISTENER_SNAPSHOT;
    if (listener->retry_ns == 0) {
        listener->retry_ns = now_ns + RETRY_NS;
        listener->attempts = listener->soup.connections > 0 ? 1 : listener->attempts + 1;
        if (listener->attempts > ATTEMPTS_MAX) {
            return fail(listener, STATUS_IO, listener->soup.reason);
        }
    }
    if (now_ns < listener->retry_ns) {
        return STATUS_OK;
    }
    listener->retry_ns = 0;
    listener->counts.reconnects++;
    soup_reader_close(&listener->soup);
    if (snapshot) {
        feed_book_deinit(&listener->book);
        enum status status = feed_book_init(&listener->book);
        if (status != STATUS_OK) {
            return fail(listener, status, status_sentence(status));
        }
        listener->snapshot_end = 0;
        listener->counts.snapshot_messages = 0;
    }
    struct soup_reader_options options = soup_options(listener, snapshot);
    enum status status = soup_reader_open(&listener->soup, &options, now_ns);
    return status == STATUS_OK ? STATUS_OK : fail(listener, status, status_sentence(status));
}

static enum status tick_tcp(struct listener *listener, int64_t now_ns)
{
    soup_reader_tick(&listener->soup, now_ns);
    if (listener->failed != STATUS_OK) {
        return listener->failed;
    }
    if (listener->state == LISTENER_SNAPSHOT && listener->snapshot_end != 0) {
        soup_reader_close(&listener->soup);
        listener->attempts = 0;
        enum status status = begin_reading(listener, listener->snapshot_end, now_ns);
        return status == STATUS_OK ? STATUS_OK : fail(listener, status, status_sentence(status));
    }
    if (listener->soup.state != SOUP_READER_OVER) {
        return STATUS_OK;
    }
    return listener->state == LISTENER_READS && listener->soup.session_ended
               ? fail(listener, STATUS_END, "the session has ended")
               : reconnect(listener, now_ns);
}

/* Everything a socket has, `take` with each datagram. */
static enum status receive(struct listener *listener, int socket,
                           enum status take(struct listener *listener,
                                            const struct host_datagram *datagram))
{
    uint8_t bytes[DATAGRAMS][DATAGRAM_BYTES];
    struct host_datagram datagrams[DATAGRAMS];
    for (unsigned round = 0; round < TAKES_MAX; round++) {
        for (unsigned i = 0; i < DATAGRAMS; i++) {
            datagrams[i] = (struct host_datagram){.bytes = bytes[i], .count = DATAGRAM_BYTES};
        }
        size_t count = 0;
        if (host_udp_receive(socket, datagrams, DATAGRAMS, &count) != STATUS_OK) {
            return STATUS_OK; /* nothing, or an error that the next request brings again */
        }
        for (size_t i = 0; i < count; i++) {
            enum status status = take(listener, &datagrams[i]);
            if (status != STATUS_OK) {
                return status;
            }
        }
    }
    return STATUS_OK;
}

static enum status take_packet(struct listener *listener, const struct host_datagram *datagram)
{
    if (listener->state != LISTENER_READS) {
        return STATUS_OK; /* what a snapshot may miss is asked for */
    }
    enum status status =
        arbiter_take(&listener->arbiter, datagram->bytes, datagram->count, on_message, listener);
    return status == STATUS_INVALID && listener->failed == STATUS_OK ? STATUS_OK : status;
}

static enum status take_from_line(struct listener *listener, const struct host_datagram *datagram)
{
    listener->dice = hash_mix64(listener->dice + 0x9e3779b97f4a7c15u);
    if (listener->dice % 100 < listener->options.drop_percent) {
        listener->counts.dropped++;
        return STATUS_OK;
    }
    return take_packet(listener, datagram);
}

static enum status take_proof(struct listener *listener, const struct host_datagram *datagram)
{
    struct feed_proof proof;
    if (feed_proof_decode((const char *)datagram->bytes, datagram->count, &proof) != STATUS_OK ||
        listener->state != LISTENER_READS) {
        return STATUS_OK;
    }
    if (listener->proof.sequence == 0 || proof.sequence < listener->next) {
        listener->proof = proof; /* else the one that waits is nearer */
    }
    return prove(listener);
}

static void send_requests(struct listener *listener, uint64_t from, uint64_t end)
{
    for (unsigned i = 0; i < REQUESTS_A_TICK && from < end; i++) {
        uint64_t count = end - from < ASK_COUNT ? end - from : ASK_COUNT;
        struct moldudp64_header header = {.sequence = from, .count = (uint16_t)count};
        uint8_t packet[MOLDUDP64_HEADER_BYTES];
        memcpy(header.session, listener->arbiter.session, sizeof header.session);
        moldudp64_encode(&header, packet);
        struct host_datagram datagram = {
            .address = listener->server, .bytes = packet, .count = sizeof packet};
        size_t sent = 0;
        if (host_udp_send(listener->requests, &datagram, 1, &sent) != STATUS_OK || sent == 0) {
            return;
        }
        from += count;
        listener->asked_end = from;
        listener->counts.requests++;
    }
}

static enum status repair(struct listener *listener, int64_t now_ns)
{
    uint64_t from;
    uint64_t count;
    if (!arbiter_gap(&listener->arbiter, &from, &count)) {
        listener->gap_ns = 0;
        return STATUS_OK;
    }
    if (listener->gap_ns == 0 || from != listener->stuck_next) {
        listener->gap_ns = listener->gap_ns == 0 ? now_ns : listener->gap_ns;
        listener->progress_ns = now_ns;
        listener->stuck_next = from;
    }
    if (now_ns - listener->progress_ns > GIVE_UP_NS) {
        char reason[160];
        (void)snprintf(reason, sizeof reason,
                       "messages %" PRIu64 " to %" PRIu64 " were lost and nobody gives them again",
                       from, from + count - 1);
        return fail(listener, STATUS_IO, reason);
    }
    if (listener->requests < 0 || now_ns - listener->gap_ns < GRACE_NS) {
        return STATUS_OK;
    }
    bool silent =
        now_ns - listener->progress_ns > ASK_AGAIN_NS && now_ns - listener->asked_ns > ASK_AGAIN_NS;
    uint64_t begin = silent || listener->asked_end < from ? from : listener->asked_end;
    uint64_t ahead = from + (uint64_t)REQUESTS_A_TICK * ASK_COUNT;
    uint64_t end = from + count < ahead ? from + count : ahead;
    if (begin < end) {
        listener->asked_ns = now_ns;
        send_requests(listener, begin, end);
    }
    return STATUS_OK;
}

static enum status tick_lines(struct listener *listener, int64_t now_ns)
{
    enum status status = STATUS_OK;
    for (unsigned i = 0; i < 2 && status == STATUS_OK; i++) {
        if (listener->lines[i] >= 0) {
            status = receive(listener, listener->lines[i], take_from_line);
        }
    }
    if (status == STATUS_OK && listener->requests >= 0) {
        status = receive(listener, listener->requests, take_packet);
    }
    if (status != STATUS_OK || listener->state != LISTENER_READS || !has_lines(listener)) {
        return status;
    }
    return arbiter_is_over(&listener->arbiter) ? fail(listener, STATUS_END, "the session has ended")
                                               : repair(listener, now_ns);
}

enum status listener_tick(struct listener *listener, int64_t now_ns)
{
    enum status status = listener->failed;
    if (status == STATUS_OK && listener->proofs >= 0) { /* first: the last one before an end */
        status = receive(listener, listener->proofs, take_proof);
    }
    if (status == STATUS_OK && listener->soup.state != SOUP_READER_CLOSED) {
        status = tick_tcp(listener, now_ns);
    }
    if (status == STATUS_OK) {
        status = tick_lines(listener, now_ns);
    }
    return status == STATUS_OK ? STATUS_OK : fail(listener, status, status_sentence(status));
}

static enum status open_group(const struct listener *listener, const char *address, int *out_socket)
{
    struct host_address parsed;
    enum status status = host_address_parse(address, &parsed);
    if (status == STATUS_OK) {
        status = host_udp_open(&parsed, out_socket);
    }
    if (status == STATUS_OK && host_address_is_multicast(&parsed)) {
        status = host_udp_join(*out_socket, &parsed, listener->options.interface);
    }
    return status;
}

static enum status open_requests(struct listener *listener)
{
    static const char *const anywhere[] = {"127.0.0.1:0", "0.0.0.0:0"};
    struct host_address from;
    enum status status = host_address_parse(listener->options.retransmission, &listener->server);
    if (status == STATUS_OK) {
        status = host_address_parse(anywhere[host_address_is_loopback(&listener->server) ? 0 : 1],
                                    &from);
    }
    return status == STATUS_OK ? host_udp_open(&from, &listener->requests) : status;
}

static enum status open_sockets(struct listener *listener)
{
    const struct listener_options *options = &listener->options;
    enum status status = STATUS_OK;
    for (unsigned i = 0; i < 2 && status == STATUS_OK; i++) {
        if (is_there(options->lines[i])) {
            status = open_group(listener, options->lines[i], &listener->lines[i]);
        }
    }
    if (status == STATUS_OK && is_there(options->proof_group)) {
        status = open_group(listener, options->proof_group, &listener->proofs);
    }
    if (status == STATUS_OK && has_lines(listener) && is_there(options->retransmission)) {
        status = open_requests(listener);
    }
    return status;
}

enum status listener_open(struct listener *listener, const struct listener_options *options,
                          int64_t now_ns)
{
    *listener = (struct listener){.options = *options,
                                  .lines = {-1, -1},
                                  .proofs = -1,
                                  .requests = -1,
                                  .state = LISTENER_SNAPSHOT,
                                  .next = 1,
                                  .dice = (uint64_t)now_ns};
    enum status status = feed_book_init(&listener->book);
    listener->hashes = calloc(LISTENER_HASHES, sizeof *listener->hashes);
    if (status == STATUS_OK && listener->hashes == NULL) {
        status = STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK) {
        status = open_sockets(listener);
    }
    if (status == STATUS_OK && !has_lines(listener) && !is_there(options->soup)) {
        status = STATUS_USAGE;
    }
    if (status == STATUS_OK && is_there(options->snapshot)) {
        struct soup_reader_options soup = soup_options(listener, true);
        status = soup_reader_open(&listener->soup, &soup, now_ns);
    } else if (status == STATUS_OK) {
        status = begin_reading(listener, 1, now_ns);
    }
    if (status != STATUS_OK) {
        listener_close(listener);
    }
    return status;
}

void listener_close(struct listener *listener)
{
    if (listener->hashes == NULL && listener->book.slots == NULL) {
        return;
    }
    soup_reader_close(&listener->soup);
    const int sockets[] = {listener->lines[0], listener->lines[1], listener->proofs,
                           listener->requests};
    for (unsigned i = 0; i < ARRAY_COUNT(sockets); i++) {
        if (sockets[i] >= 0) {
            host_socket_close(sockets[i], false);
        }
    }
    arbiter_deinit(&listener->arbiter);
    feed_book_deinit(&listener->book);
    free(listener->hashes);
    *listener = (struct listener){.lines = {-1, -1}, .proofs = -1, .requests = -1};
}
