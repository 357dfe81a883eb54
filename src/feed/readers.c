/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/readers.h"

#include "feed/gather.h"
#include "feed/itch_out.h"
#include "host/clock.h"
#include "wire/blank.h"
#include "wire/soup/soup.h"

#include <stdlib.h>
#include <string.h>

#define STALL_NS      10000000000
#define LOGIN_NS      10000000000
#define HEARTBEAT_NS  1000000000
#define SILENCE_NS    15000000000
#define BUFFER_BYTES  ((size_t)8 << 20)
#define SNAPSHOT_END  'G'
#define LISTENERS_MAX 1024u
#define TICK_BYTES    ((size_t)256 << 10) /* for all readers together, about */
#define TURN_BYTES    ((size_t)4 << 10)   /* but for each so much */

enum reader_state { READER_LOGIN, READER_READS, READER_ENDS };

struct reader {
    struct reader_door door; /* with itself as the reader: the connection's context */
    struct readers *readers;
    struct reader *next;
    struct net_connection *connection;
    enum reader_state state;
    bool is_snapshot;
    struct history snapshot;
    struct history_cursor cursor;
    size_t waiting; /* at the last look */
    int64_t begun_ns, heard_ns, sent_ns, taken_ns;
};

static size_t bound(const struct readers *readers)
{
    return readers->options->buffer_bytes == 0 ? BUFFER_BYTES : readers->options->buffer_bytes;
}

static void end(struct reader *reader, const char *reason)
{
    uint8_t packet[SOUP_PACKET_BYTES_MAX];
    bool said = net_send(reader->connection, packet, soup_encode_debug(reason, packet));
    (void)said; /* half of the buffer is kept free for it; a cut connection hears nothing */
    reader->state = READER_ENDS;
    net_end(reader->connection, reason);
}

static enum status put_stock(struct history *history, const struct feed_book *book, uint16_t locate,
                             uint64_t time_ns)
{
    const struct feed_stock *stock = &book->stocks[locate];
    struct itch_header header = {.time_ns = time_ns, .locate = locate};
    struct itch_trading_action action = {.header = header,
                                         .trading_state = stock->trading_state,
                                         .reserved = ' ',
                                         .reason = {' ', ' ', ' ', ' '}};
    uint8_t message[ITCH_LENGTH_MAX];
    memcpy(action.stock, stock->stock, sizeof action.stock);
    enum status status = history_append(
        history, message, itch_out_stock(header, stock->stock, stock->round_lot, message));
    return status == STATUS_OK
               ? history_append(history, message, itch_encode_trading_action(&action, message))
               : status;
}

static enum status put_order(struct history *history, const struct feed_book *book,
                             const struct feed_order *order, uint64_t time_ns)
{
    struct itch_add_order add = {.header = {.time_ns = time_ns, .locate = order->locate},
                                 .order = order->reference,
                                 .side = (uint8_t)order->side,
                                 .shares = order->shares,
                                 .price = order->price};
    uint8_t message[ITCH_LENGTH_MAX];
    memcpy(add.stock, book->stocks[order->locate].stock, sizeof add.stock);
    return history_append(history, message, itch_encode_add_order(&add, message));
}

/* The book as it is now, and the sequence of the message that comes next. */
static enum status take_snapshot(struct reader *reader)
{
    const struct feed_book *book = reader->readers->book;
    struct history *history = &reader->snapshot;
    struct feed_order *orders;
    size_t count;
    enum status status = feed_book_sorted(book, 0, &orders, &count);
    if (status != STATUS_OK) {
        return status;
    }
    for (unsigned locate = 1; locate <= UINT16_MAX && status == STATUS_OK; locate++) {
        if (book->stocks[locate].listed) {
            status = put_stock(history, book, (uint16_t)locate, book->time_ns);
        }
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = put_order(history, book, &orders[i], book->time_ns);
    }
    free(orders);
    uint8_t message[1 + SOUP_SEQUENCE_BYTES] = {SNAPSHOT_END};
    blank_number_set((char *)message + 1, SOUP_SEQUENCE_BYTES, reader->readers->history->last + 1);
    return status == STATUS_OK ? history_append(history, message, sizeof message) : status;
}

static const struct history *history_of(const struct reader *reader)
{
    return reader->is_snapshot ? &reader->snapshot : reader->readers->history;
}

static void log_on(struct reader *reader, const struct soup_packet *packet)
{
    struct soup_login login;
    uint8_t out[SOUP_ACCEPTED_BYTES];
    const struct readers *readers = reader->readers;
    if (packet->type != SOUP_LOGIN || soup_decode_login(packet, &login) != STATUS_OK) {
        end(reader, "log on first");
        return;
    }
    if (!readers->begun || (reader->is_snapshot && take_snapshot(reader) != STATUS_OK) ||
        (login.session[0] != '\0' && strcmp(login.session, readers->options->session) != 0)) {
        bool said = net_send(reader->connection, out,
                             soup_encode_rejected(SOUP_SESSION_NOT_AVAILABLE, out));
        (void)said;
        reader->state = READER_ENDS;
        net_end(reader->connection, "the session is not available");
        return;
    }
    uint64_t last = history_of(reader)->last;
    uint64_t from = login.sequence == 0 && !reader->is_snapshot ? last + 1 : login.sequence;
    from = from == 0 ? 1 : from;
    from = from > last + 1 ? last + 1 : from;
    reader->cursor = history_seek(history_of(reader), from);
    struct soup_accepted accepted = {.sequence = from};
    memcpy(accepted.session, readers->options->session,
           strnlen(readers->options->session, SOUP_SESSION_BYTES));
    bool said = net_send(reader->connection, out, soup_encode_accepted(&accepted, out));
    (void)said; /* the first bytes of a connection */
    reader->state = READER_READS;
}

static size_t on_bytes(void *context, struct net_connection *connection, const uint8_t *bytes,
                       size_t count)
{
    struct reader *reader = ((struct reader_door *)context)->reader;
    (void)connection;
    size_t at = 0;
    while (reader->state != READER_ENDS) {
        struct soup_packet packet;
        enum status status = soup_next(bytes + at, count - at, &packet);
        if (status == STATUS_AGAIN) {
            return at;
        }
        if (status != STATUS_OK || !soup_from_client(packet.type)) {
            end(reader, "this is no SoupBinTCP");
            break;
        }
        at += packet.bytes;
        reader->heard_ns = host_clock_monotonic_ns();
        if (reader->state == READER_LOGIN) {
            log_on(reader, &packet);
        } else if (packet.type == SOUP_LOGOUT) {
            reader->state = READER_ENDS;
            net_end(reader->connection, "logged out");
        }
    }
    return count;
}

static void on_opened(void *context, struct net_connection *connection)
{
    struct reader_door *door = context;
    struct readers *readers = door->readers;
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) {
        net_cut(connection, status_sentence(STATUS_NO_MEMORY));
        return;
    }
    int64_t now_ns = host_clock_monotonic_ns();
    *reader = (struct reader){
        .door = {.reader = reader, .readers = readers, .is_snapshot = door->is_snapshot},
        .readers = readers,
        .next = readers->first,
        .connection = connection,
        .is_snapshot = door->is_snapshot,
        .begun_ns = now_ns,
        .heard_ns = now_ns,
        .sent_ns = now_ns,
        .taken_ns = now_ns,
    };
    history_init(&reader->snapshot);
    readers->first = reader;
    readers->count++;
    net_set_context(connection, &reader->door);
}

static void on_closed(void *context, struct net_connection *connection, const char *reason)
{
    const struct reader_door *door = context;
    struct reader *reader = door->reader;
    (void)connection;
    (void)reason;
    if (reader == NULL) {
        return; /* it never opened */
    }
    struct readers *readers = reader->readers;
    struct reader **link = &readers->first;
    while (*link != reader) {
        link = &(*link)->next;
    }
    *link = reader->next;
    readers->count--;
    history_deinit(&reader->snapshot);
    free(reader);
}

/* As much as fits half of what the reader may owe: the other half is for what is in the kernel's
 * way and for the last word. At most its share of a tick. */
static void give(struct reader *reader, int64_t now_ns)
{
    struct readers *readers = reader->readers;
    const struct history *history = history_of(reader);
    size_t waiting = net_waiting(reader->connection);
    size_t room = bound(readers) / 2;
    size_t share = readers->closing ? room : TICK_BYTES / readers->count;
    size_t end = waiting + (share > TURN_BYTES ? share : TURN_BYTES);
    if (gather_waits(history, &reader->cursor, reader->sent_ns, now_ns)) {
        readers->behind = readers->behind || reader->cursor.next <= history->last;
        return;
    }
    while (net_waiting(reader->connection) < room) {
        if (net_waiting(reader->connection) >= end) {
            readers->behind = true;
            return;
        }
        const uint8_t *message;
        size_t count;
        if (!history_next(history, &reader->cursor, &message, &count)) {
            break;
        }
        uint8_t *at = net_reserve(reader->connection, SOUP_HEADER_BYTES + count);
        if (at == NULL) {
            return; /* it is going */
        }
        soup_encode_header(SOUP_SEQUENCED, count, at);
        memcpy(at + SOUP_HEADER_BYTES, message, count);
        net_commit(reader->connection, SOUP_HEADER_BYTES + count);
        reader->sent_ns = now_ns;
    }
}

static void tick(struct reader *reader, int64_t now_ns)
{
    if (reader->state == READER_ENDS) {
        return;
    }
    if (reader->state == READER_LOGIN) {
        if (now_ns - reader->begun_ns > LOGIN_NS) {
            end(reader, "no login came");
        }
        return;
    }
    if (now_ns - reader->heard_ns > SILENCE_NS) {
        end(reader, "no heartbeat came for 15 seconds");
        return;
    }
    size_t waiting = net_waiting(reader->connection);
    if (waiting < reader->waiting || waiting == 0) {
        reader->taken_ns = now_ns;
    }
    reader->waiting = waiting;
    if (now_ns - reader->taken_ns > STALL_NS) {
        reader->readers->cut_slow++;
        end(reader, "you have taken nothing for 10 seconds: log on again from the next sequence");
        return;
    }
    give(reader, now_ns);
    reader->waiting = net_waiting(reader->connection);
    if (now_ns - reader->sent_ns >= HEARTBEAT_NS) {
        uint8_t packet[SOUP_HEADER_BYTES];
        bool said =
            net_send(reader->connection, packet, soup_encode_empty(SOUP_SERVER_HEARTBEAT, packet));
        (void)said; /* full: it is not silence that keeps it waiting */
        reader->sent_ns = now_ns;
    }
}

void readers_tick(struct readers *readers, int64_t now_ns)
{
    readers->behind = false;
    for (struct reader *i = readers->first; i != NULL; i = i->next) {
        tick(i, now_ns);
    }
}

void readers_begin(struct readers *readers)
{
    readers->begun = true;
}

static enum status open_door(struct readers *readers, unsigned number, const char *address,
                             struct net_listener **out_listener)
{
    if (address[0] == '\0') {
        return STATUS_OK;
    }
    readers->doors[number] = (struct reader_door){.readers = readers, .is_snapshot = number == 1};
    struct net_options options = {
        .address = address,
        .tls = readers->options->tls,
        .handler = {.on_opened = on_opened, .on_bytes = on_bytes, .on_closed = on_closed},
        .context = &readers->doors[number],
        .out_bytes_max = bound(readers),
        .connections_max = LISTENERS_MAX,
    };
    return net_listen(readers->options->loop, &options, out_listener);
}

enum status readers_open(struct readers *readers, const struct feed_options *options,
                         const struct history *history, const struct feed_book *book,
                         const char **out_failed)
{
    *readers = (struct readers){.options = options, .history = history, .book = book};
    *out_failed = options->soup_listen;
    enum status status = open_door(readers, 0, options->soup_listen, &readers->soup);
    if (status == STATUS_OK) {
        *out_failed = options->glimpse_listen;
        status = open_door(readers, 1, options->glimpse_listen, &readers->glimpse);
    }
    if (status != STATUS_OK) {
        readers_close(readers);
    }
    return status;
}

void readers_close(struct readers *readers)
{
    readers->closing = true;
    for (struct reader *i = readers->first; i != NULL; i = i->next) {
        if (i->state != READER_ENDS) {
            uint8_t packet[SOUP_HEADER_BYTES];
            if (i->state == READER_READS) { /* nothing is kept back for what will not come */
                give(i, i->sent_ns + GATHER_NS);
            }
            bool said =
                net_send(i->connection, packet, soup_encode_empty(SOUP_END_OF_SESSION, packet));
            (void)said;
            net_flush(i->connection);
        }
        net_cut(i->connection, "the feed ends");
    }
    while (readers->first != NULL) { /* on_closed takes each out */
        net_loop_tick(readers->options->loop, 0);
    }
    net_listener_close(readers->soup);
    net_listener_close(readers->glimpse);
    *readers = (struct readers){0};
}
