/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/mold.h"

#include "base/compiler.h"
#include "feed/gather.h"
#include "wire/blank.h"

#include <string.h>

#define HEARTBEAT_NS     1000000000
#define REQUESTS_LOOK_NS 100000
#define PACKETS_A_TICK   16u
#define REQUESTS_A_LOOK  32u
#define ANSWERS_A_SECOND 20000u
#define BLOCK_BYTES      2u
#define END_PACKETS      3u /* nobody asks for a lost one again */

/* A packet from the cursor on, at most `count_max` messages; returns its bytes. */
static size_t pack(const struct mold *mold, struct history_cursor *cursor, uint64_t count_max,
                   uint8_t packet[MOLD_PACKET_BYTES_MAX])
{
    struct moldudp64_header header = {.sequence = cursor->next};
    memcpy(header.session, mold->session, sizeof header.session);
    size_t used = MOLDUDP64_HEADER_BYTES;
    while (header.count < count_max) {
        struct history_cursor before = *cursor;
        const uint8_t *message;
        size_t count;
        if (!history_next(mold->history, cursor, &message, &count)) {
            break;
        }
        if (MOLD_PACKET_BYTES_MAX - used < BLOCK_BYTES + count) {
            *cursor = before;
            break;
        }
        bytes_store_be16(packet + used, (uint16_t)count);
        memcpy(packet + used + BLOCK_BYTES, message, count);
        used += BLOCK_BYTES + count;
        header.count++;
    }
    moldudp64_encode(&header, packet);
    return used;
}

/* To both lines, in one call. What the network does not take is lost on that line: the other one
 * and retransmission are there for it. */
static void send_packets(struct mold *mold, uint8_t (*packets)[MOLD_PACKET_BYTES_MAX],
                         const size_t *counts, size_t packet_count, int64_t now_ns)
{
    UNINITIALIZED struct host_datagram datagrams[PACKETS_A_TICK * ARRAY_COUNT(mold->lines)];
    size_t count = 0;
    for (size_t i = 0; i < packet_count; i++) {
        for (unsigned line = 0; line < mold->line_count; line++) {
            datagrams[count++] = (struct host_datagram){
                .address = mold->lines[line], .bytes = packets[i], .count = counts[i]};
        }
    }
    for (size_t at = 0; at < count;) {
        size_t sent = 0;
        enum status status = host_udp_send(mold->sender, datagrams + at, count - at, &sent);
        at += sent > 0 && status == STATUS_OK ? sent : 1; /* or past the one that does not go */
    }
    mold->packets += packet_count;
    mold->sent_ns = now_ns;
}

static void publish(struct mold *mold, int64_t now_ns)
{
    UNINITIALIZED uint8_t packets[PACKETS_A_TICK][MOLD_PACKET_BYTES_MAX];
    UNINITIALIZED size_t counts[PACKETS_A_TICK];
    size_t count = 0;
    while (count < PACKETS_A_TICK && mold_waits(mold) &&
           !gather_waits(mold->history, &mold->cursor, mold->sent_ns, now_ns)) {
        counts[count] = pack(mold, &mold->cursor, UINT16_MAX - 1, packets[count]);
        count++;
    }
    if (count == 0 && now_ns - mold->sent_ns >= HEARTBEAT_NS) {
        struct history_cursor cursor = mold->cursor;
        counts[count++] = pack(mold, &cursor, 0, packets[0]);
    }
    if (count > 0) {
        send_packets(mold, packets, counts, count, now_ns);
    }
}

/* A request has the form of a header: session, first sequence, how many. */
static void answer(struct mold *mold, const struct host_datagram *asked)
{
    struct moldudp64_header header;
    if (moldudp64_decode_range(asked->bytes, asked->count, &header) != STATUS_OK ||
        memcmp(header.session, mold->session, sizeof mold->session) != 0 || header.count == 0 ||
        header.sequence == 0 || header.sequence > mold->history->last || mold->answers_left == 0) {
        return;
    }
    mold->answers_left--;
    uint8_t packet[MOLD_PACKET_BYTES_MAX];
    struct history_cursor cursor = history_seek(mold->history, header.sequence);
    struct host_datagram datagram = {.address = asked->address, .bytes = packet};
    datagram.count = pack(mold, &cursor, header.count, packet);
    size_t sent;
    enum status status = host_udp_send(mold->answers, &datagram, 1, &sent);
    (void)status; /* who asked asks again */
    mold->retransmitted++;
}

static void take_requests(struct mold *mold, int64_t now_ns)
{
    if (now_ns - mold->asked_ns < REQUESTS_LOOK_NS) {
        return;
    }
    mold->asked_ns = now_ns;
    if (now_ns - mold->bucket_ns >= 1000000000) {
        mold->bucket_ns = now_ns;
        mold->answers_left = ANSWERS_A_SECOND;
    }
    UNINITIALIZED uint8_t bytes[REQUESTS_A_LOOK][MOLDUDP64_HEADER_BYTES + 1];
    UNINITIALIZED struct host_datagram requests[REQUESTS_A_LOOK];
    for (unsigned i = 0; i < REQUESTS_A_LOOK; i++) {
        requests[i] = (struct host_datagram){.bytes = bytes[i], .count = sizeof bytes[i]};
    }
    size_t count = 0;
    if (host_udp_receive(mold->answers, requests, REQUESTS_A_LOOK, &count) == STATUS_OK) {
        for (size_t i = 0; i < count; i++) {
            answer(mold, &requests[i]);
        }
    }
}

bool mold_waits(const struct mold *mold)
{
    return mold->begun && mold->line_count > 0 && mold->cursor.next <= mold->history->last;
}

void mold_tick(struct mold *mold, int64_t now_ns)
{
    if (mold->begun && mold->line_count > 0) {
        publish(mold, now_ns);
    }
    if (mold->begun && mold->answers >= 0) {
        take_requests(mold, now_ns);
    }
}

void mold_begin(struct mold *mold)
{
    mold->cursor = history_seek(mold->history, mold->history->last + 1);
    mold->begun = true;
}

static enum status add_line(struct mold *mold, const char *group)
{
    if (group[0] == '\0') {
        return STATUS_OK;
    }
    enum status status = host_address_parse(group, &mold->lines[mold->line_count]);
    if (status == STATUS_OK) {
        mold->line_count++;
    }
    return status;
}

enum status mold_open(struct mold *mold, const struct feed_options *options,
                      const struct history *history, const char **out_failed)
{
    *mold = (struct mold){.history = history, .sender = -1, .answers = -1};
    blank_set(mold->session, sizeof mold->session, options->session, strlen(options->session));
    *out_failed = options->group_a;
    enum status status = add_line(mold, options->group_a);
    if (status == STATUS_OK) {
        *out_failed = options->group_b;
        status = add_line(mold, options->group_b);
    }
    if (status == STATUS_OK && mold->line_count > 0) {
        *out_failed = options->interface;
        status = host_udp_open_sender(options->interface, options->ttl, &mold->sender);
    }
    if (status == STATUS_OK && options->retransmission_listen[0] != '\0') {
        struct host_address address;
        *out_failed = options->retransmission_listen;
        status = host_address_parse(options->retransmission_listen, &address);
        if (status == STATUS_OK) {
            status = host_udp_open(&address, &mold->answers);
        }
    }
    if (status != STATUS_OK) {
        mold_close(mold);
    }
    return status;
}

void mold_close(struct mold *mold)
{
    if (mold->history == NULL) {
        return;
    }
    while (mold_waits(mold)) { /* nothing is kept back for a packet that will not come */
        publish(mold, mold->sent_ns + GATHER_NS);
    }
    if (mold->begun && mold->line_count > 0) { /* the session's end, with the next sequence */
        uint8_t packet[1][MOLD_PACKET_BYTES_MAX];
        size_t count = MOLDUDP64_HEADER_BYTES;
        struct moldudp64_header header = {.sequence = mold->history->last + 1,
                                          .count = MOLDUDP64_END_OF_SESSION};
        memcpy(header.session, mold->session, sizeof header.session);
        moldudp64_encode(&header, packet[0]);
        for (unsigned i = 0; i < END_PACKETS; i++) {
            send_packets(mold, packet, &count, 1, 0);
        }
    }
    if (mold->sender >= 0) {
        host_socket_close(mold->sender, false);
    }
    if (mold->answers >= 0) {
        host_socket_close(mold->answers, false);
    }
    *mold = (struct mold){0};
}
