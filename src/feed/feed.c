/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/feed.h"

#include "feed/book.h"
#include "feed/history.h"
#include "feed/itch_out.h"
#include "feed/mold.h"
#include "feed/proof.h"
#include "feed/readers.h"

#include <stdlib.h>
#include <string.h>

#define PROOF_NS      100000000  /* while the book changes */
#define PROOF_IDLE_NS 1000000000 /* while it does not */

struct feed {
    struct feed_options options;
    struct itch_out itch;
    struct history history;
    struct feed_book book;
    struct mold mold;
    struct readers readers;
    struct host_address proof_group;
    int proof; /* -1: not published */
    uint64_t proof_sequence;
    int64_t proof_ns;
    enum status failed;
    bool live;
};

static void on_entry(void *context, const struct stream_entry *entry)
{
    struct feed *feed = context;
    uint8_t message[ITCH_LENGTH_MAX];
    size_t count = 0;
    if (feed->failed != STATUS_OK || entry->number != feed->history.last + 1) {
        return;
    }
    enum status status = itch_out_encode(&feed->itch, entry, message, &count);
    if (status == STATUS_OK) {
        status = history_append(&feed->history, message, count);
    }
    if (status == STATUS_OK) {
        status = feed_book_apply(&feed->book, message, count);
    }
    feed->failed = status;
}

static void on_live(void *context, struct stream_key key, uint64_t last_number)
{
    struct feed *feed = context;
    (void)key;
    (void)last_number;
    feed->live = true;
    mold_begin(&feed->mold);
    readers_begin(&feed->readers);
}

static void on_refused(void *context, uint32_t session, uint64_t input_sequence,
                       struct port_refusal refusal)
{
    (void)context; /* the feed submits nothing */
    (void)session;
    (void)input_sequence;
    (void)refusal;
}

static void on_lost(void *context)
{
    struct feed *feed = context;
    feed->failed = feed->failed == STATUS_OK ? STATUS_IO : feed->failed;
}

/* The hash, with the sequence it is valid at, as a line of JSON in a datagram of its own. */
static void publish_proof(struct feed *feed, int64_t now_ns)
{
    int64_t since = now_ns - feed->proof_ns;
    bool changed = feed->proof_sequence != feed->history.last;
    if (!feed->live || since < PROOF_NS || (!changed && since < PROOF_IDLE_NS)) {
        return;
    }
    char line[FEED_PROOF_BYTES_MAX];
    struct text text;
    struct feed_proof proof = {
        .sequence = feed->history.last, .orders = feed->book.count, .hash = feed->book.hash};
    memcpy(proof.session, feed->options.session,
           strnlen(feed->options.session, MOLDUDP64_SESSION_BYTES));
    text_init(&text, line, sizeof line);
    feed_proof_encode(&proof, &text);
    struct host_datagram datagram = {
        .address = feed->proof_group, .bytes = (uint8_t *)line, .count = text.length};
    size_t sent;
    enum status status = host_udp_send(feed->proof, &datagram, 1, &sent);
    (void)status; /* another one comes */
    feed->proof_ns = now_ns;
    feed->proof_sequence = feed->history.last;
}

enum status feed_tick(struct feed *feed, int64_t now_ns)
{
    enum status status = port_tick(feed->options.port);
    if (status == STATUS_OK) {
        status = feed->failed;
    }
    mold_tick(&feed->mold, now_ns);
    readers_tick(&feed->readers, now_ns);
    if (feed->proof >= 0) {
        publish_proof(feed, now_ns);
    }
    return status;
}

bool feed_busy(const struct feed *feed)
{
    return mold_waits(&feed->mold) || feed->readers.behind;
}

static enum status open_proof(struct feed *feed, const char **out_failed)
{
    const struct feed_options *options = &feed->options;
    if (options->proof_group[0] == '\0') {
        return STATUS_OK;
    }
    *out_failed = options->proof_group;
    enum status status = host_address_parse(options->proof_group, &feed->proof_group);
    return status == STATUS_OK
               ? host_udp_open_sender(options->interface, options->ttl, &feed->proof)
               : status;
}

static enum status open_parts(struct feed *feed, const char **out_failed)
{
    enum status status = feed_book_init(&feed->book);
    if (status == STATUS_OK) {
        status = mold_open(&feed->mold, &feed->options, &feed->history, out_failed);
    }
    if (status == STATUS_OK) {
        status =
            readers_open(&feed->readers, &feed->options, &feed->history, &feed->book, out_failed);
    }
    if (status == STATUS_OK) {
        status = open_proof(feed, out_failed);
    }
    if (status == STATUS_OK) {
        struct port *port = feed->options.port;
        port->handler = (struct port_handler){
            .on_entry = on_entry, .on_live = on_live, .on_refused = on_refused, .on_lost = on_lost};
        port->context = feed;
        *out_failed = "the public stream";
        status = port_subscribe(
            port, (struct stream_key){.id = STREAM_PUBLIC_GROUP, .kind = STREAM_PUBLIC}, 1);
    }
    return status;
}

static void close_parts(struct feed *feed)
{
    mold_close(&feed->mold);
    readers_close(&feed->readers);
    if (feed->proof >= 0) {
        host_socket_close(feed->proof, false);
    }
    feed_book_deinit(&feed->book);
    history_deinit(&feed->history);
    itch_out_deinit(&feed->itch);
    free(feed);
}

enum status feed_open(const struct feed_options *options, struct feed **out_feed,
                      const char **out_failed)
{
    struct feed *feed = calloc(1, sizeof *feed);
    const char *failed = "memory";
    if (feed == NULL) {
        return STATUS_NO_MEMORY;
    }
    feed->options = *options;
    feed->proof = -1;
    itch_out_init(&feed->itch);
    history_init(&feed->history);
    enum status status = open_parts(feed, &failed);
    if (status != STATUS_OK) {
        close_parts(feed);
        if (out_failed != NULL) {
            *out_failed = failed;
        }
        return status;
    }
    *out_feed = feed;
    return STATUS_OK;
}

void feed_count(const struct feed *feed, struct feed_counts *out_counts)
{
    *out_counts = (struct feed_counts){
        .messages = feed->history.last,
        .packets = feed->mold.packets,
        .retransmitted = feed->mold.retransmitted,
        .readers = feed->readers.count,
        .cut_slow = feed->readers.cut_slow,
    };
}

uint16_t feed_soup_port(const struct feed *feed)
{
    return feed->readers.soup == NULL ? 0 : net_listener_port(feed->readers.soup);
}

uint16_t feed_glimpse_port(const struct feed *feed)
{
    return feed->readers.glimpse == NULL ? 0 : net_listener_port(feed->readers.glimpse);
}

uint16_t feed_retransmission_port(const struct feed *feed)
{
    return feed->mold.answers < 0 ? 0 : host_socket_port(feed->mold.answers);
}

void feed_close(struct feed *feed)
{
    if (feed == NULL) {
        return;
    }
    struct port *port = feed->options.port;
    close_parts(feed);
    port_close(port);
}
