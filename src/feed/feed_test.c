/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: what the feed's doors answer, to whom they do not, and that a reader who takes nothing is
 * told and cut while the others go on. Method: a port of the test's own that gives public entries
 * by their number; raw sockets on loopback; time is the test's where it must pass.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feed/feed.h"
#include "feed/gather.h"
#include "host/clock.h"
#include "wire/itch/itch.h"
#include "wire/itch/moldudp64.h"
#include "wire/native/event_codec.h"
#include "wire/soup/soup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_NS INT64_C(1000000000)
#define TURNS     400
#define WAIT_NS   500000
#define SLOW_MANY 600000u /* messages: more than any socket's buffers */

/* -- the port ------------------------------------------------------------------------------ */

struct market {
    struct port port; /* first: the feed's port is this */
    uint64_t given;
    uint64_t wanted; /* entries that there are */
    bool live;
    bool closed;
    struct net_loop *loop;
    struct feed *feed;
    int64_t ahead_ns; /* of the real clock */
    uint16_t soup, glimpse, answers;
};

static enum status on_submit(struct port *port, const struct command *command)
{
    (void)port;
    (void)command;
    fail_msg("the feed submitted a command");
    return STATUS_FULL;
}

static enum status on_subscribe(struct port *port, struct stream_key key, uint64_t from)
{
    (void)port;
    assert_int_equal(key.kind, STREAM_PUBLIC);
    assert_int_equal(key.id, STREAM_PUBLIC_GROUP);
    assert_int_equal(from, 1);
    return STATUS_OK;
}

static void on_unsubscribe(struct port *port, struct stream_key key)
{
    (void)port;
    (void)key;
}

/* Entry 1 lists; then each even one is a place, each odd one its end. */
static void give(struct market *market, uint64_t number)
{
    uint8_t bytes[EVENT_HEADER_BYTES + EVENT_BODY_BYTES_MAX];
    struct event event = {0};
    enum event_id id = number == 1       ? EVENT_INSTRUMENT_LISTED
                       : number % 2 == 0 ? EVENT_RESTED
                                         : EVENT_REMOVED;
    if (id == EVENT_INSTRUMENT_LISTED) {
        event.instrument_listed = (struct event_instrument_listed){
            .instrument = 1, .price_scale = 4, .itch = 1, .lot = {1}, .symbol = {.bytes = "RICE"}};
    } else if (id == EVENT_RESTED) {
        event.rested = (struct event_rested){
            .price = {1000}, .quantity = {(int64_t)number}, .instrument = 1, .side = SIDE_BUY};
    } else {
        event.removed = (struct event_removed){.reference = number - 1,
                                               .quantity = {(int64_t)number - 1},
                                               .instrument = 1,
                                               .side = SIDE_BUY,
                                               .reason = REASON_REQUESTED};
    }
    event.header.id = (uint8_t)id;
    event_header_encode(bytes, (uint8_t)id, 1, number);
    size_t count = EVENT_HEADER_BYTES + event_body_encode(bytes + EVENT_HEADER_BYTES, &event);
    struct stream_entry entry = {.key = {.id = STREAM_PUBLIC_GROUP, .kind = STREAM_PUBLIC},
                                 .number = number,
                                 .event_sequence = number,
                                 .time_ns = number,
                                 .bytes = bytes,
                                 .count = (uint32_t)count};
    market->port.handler.on_entry(market->port.context, &entry);
}

static enum status on_tick(struct port *port)
{
    struct market *market = (struct market *)port;
    while (market->given < market->wanted) {
        give(market, ++market->given);
    }
    if (!market->live) {
        market->live = true;
        market->port.handler.on_live(
            market->port.context,
            (struct stream_key){.id = STREAM_PUBLIC_GROUP, .kind = STREAM_PUBLIC}, market->given);
    }
    return STATUS_OK;
}

static void on_port_close(struct port *port)
{
    ((struct market *)port)->closed = true;
}

static const struct port_ops ops = {.submit = on_submit,
                                    .subscribe = on_subscribe,
                                    .unsubscribe = on_unsubscribe,
                                    .tick = on_tick,
                                    .close = on_port_close};

/* -- what every test has ------------------------------------------------------------------- */

static void turn(struct market *market)
{
    net_loop_tick(market->loop, WAIT_NS);
    assert_int_equal(feed_tick(market->feed, host_clock_monotonic_ns() + market->ahead_ns),
                     STATUS_OK);
}

static void open_market_on(struct market *market, uint64_t wanted, const char *line_a,
                           const char *line_b)
{
    *market = (struct market){.port = {.ops = &ops}, .wanted = wanted};
    assert_int_equal(net_loop_open(&market->loop), STATUS_OK);
    struct feed_options options = {.port = &market->port,
                                   .loop = market->loop,
                                   .session = "RICE",
                                   .soup_listen = "127.0.0.1:0",
                                   .glimpse_listen = "127.0.0.1:0",
                                   .group_a = line_a,
                                   .group_b = line_b,
                                   .proof_group = "",
                                   .retransmission_listen = "127.0.0.1:0",
                                   .interface = "127.0.0.1",
                                   .buffer_bytes = 65536};
    const char *failed = NULL;
    assert_int_equal(feed_open(&options, &market->feed, &failed), STATUS_OK);
    market->soup = feed_soup_port(market->feed);
    market->glimpse = feed_glimpse_port(market->feed);
    market->answers = feed_retransmission_port(market->feed);
    turn(market);
}

static void open_market(struct market *market, uint64_t wanted)
{
    open_market_on(market, wanted, "", "");
}

static void close_market(struct market *market)
{
    feed_close(market->feed);
    assert_true(market->closed);
    net_loop_close(market->loop);
}

static struct host_address address_of(uint16_t port)
{
    char text[32];
    struct host_address address;
    (void)snprintf(text, sizeof text, "127.0.0.1:%u", (unsigned)port);
    assert_int_equal(host_address_parse(text, &address), STATUS_OK);
    return address;
}

/* -- retransmission ------------------------------------------------------------------------ */

/* Bytes of the answer; 0 = none came. */
static size_t ask(struct market *market, int socket, const void *bytes, size_t count,
                  uint8_t answer[2048])
{
    uint8_t asked[64];
    memcpy(asked, bytes, count);
    struct host_datagram out = {
        .address = address_of(market->answers), .bytes = asked, .count = count};
    size_t done = 0;
    assert_int_equal(host_udp_send(socket, &out, 1, &done), STATUS_OK);
    for (int i = 0; i < 20; i++) {
        turn(market);
        struct host_datagram in = {.bytes = answer, .count = 2048};
        if (host_udp_receive(socket, &in, 1, &done) == STATUS_OK && done == 1) {
            return in.count;
        }
    }
    return 0;
}

static size_t ask_for(struct market *market, int socket, const char *session, uint64_t sequence,
                      uint16_t count, uint8_t answer[2048])
{
    struct moldudp64_header header = {.sequence = sequence, .count = count};
    uint8_t packet[MOLDUDP64_HEADER_BYTES];
    memcpy(header.session, session, sizeof header.session);
    moldudp64_encode(&header, packet);
    return ask(market, socket, packet, sizeof packet, answer);
}

static void a_range_is_answered_with_one_packet(void **state)
{
    (void)state;
    struct market market;
    struct host_address any = address_of(0);
    struct moldudp64_header header;
    uint8_t answer[2048];
    int socket;
    open_market(&market, 100);
    assert_int_equal(host_udp_open(&any, &socket), STATUS_OK);
    size_t bytes = ask_for(&market, socket, "RICE      ", 5, 3, answer);
    assert_int_equal(bytes, MOLDUDP64_HEADER_BYTES + 2 * (2 + ITCH_order_delete_BYTES) + 2 +
                                ITCH_add_order_BYTES);
    assert_int_equal(moldudp64_decode(answer, bytes, &header), STATUS_OK);
    assert_int_equal(header.sequence, 5);
    assert_int_equal(header.count, 3);
    assert_memory_equal(header.session, "RICE      ", 10);
    assert_int_equal(answer[22], 'D');
    assert_int_equal(bytes_load_be64(answer + 22 + 11), 4);
    bytes = ask_for(&market, socket, "RICE      ", 1, 65535, answer); /* what one packet holds */
    assert_true(bytes <= 1400 && bytes > 1300);
    assert_int_equal(moldudp64_decode(answer, bytes, &header), STATUS_OK);
    assert_true(header.count > 40 && header.count < 100);
    bytes = ask_for(&market, socket, "RICE      ", 100, 9, answer); /* only one is there */
    assert_int_equal(moldudp64_decode(answer, bytes, &header), STATUS_OK);
    assert_int_equal(header.count, 1);
    host_socket_close(socket, false);
    close_market(&market);
}

static void requests_without_sense_have_no_answer(void **state)
{
    (void)state;
    struct market market;
    struct host_address any = address_of(0);
    uint8_t answer[2048];
    int socket;
    open_market(&market, 100);
    assert_int_equal(host_udp_open(&any, &socket), STATUS_OK);
    assert_int_equal(ask_for(&market, socket, "SILK      ", 5, 3, answer), 0);
    assert_int_equal(ask_for(&market, socket, "RICE      ", 0, 3, answer), 0);
    assert_int_equal(ask_for(&market, socket, "RICE      ", 101, 1, answer), 0);
    assert_int_equal(ask_for(&market, socket, "RICE      ", UINT64_MAX, 1, answer), 0);
    assert_int_equal(ask_for(&market, socket, "RICE      ", 5, 0, answer), 0);
    assert_int_equal(ask(&market, socket, "RICE      \0\0\0\0\0\0\0\5\0", 19, answer), 0);
    assert_int_equal(ask(&market, socket, "RICE      \0\0\0\0\0\0\0\5\0\1x", 21, answer), 0);
    assert_int_equal(ask(&market, socket, "x", 1, answer), 0);
    assert_true(ask_for(&market, socket, "RICE      ", 5, 3, answer) > 0); /* it still lives */
    struct feed_counts counts;
    feed_count(market.feed, &counts);
    assert_int_equal(counts.retransmitted, 1);
    host_socket_close(socket, false);
    close_market(&market);
}

/* -- the lines ----------------------------------------------------------------------------- */

static int open_line(char out_address[32])
{
    struct host_address any = address_of(0);
    int socket;
    assert_int_equal(host_udp_open(&any, &socket), STATUS_OK);
    (void)snprintf(out_address, 32, "127.0.0.1:%u", (unsigned)host_socket_port(socket));
    return socket;
}

/* The next packet of a line is this one; heartbeats are passed over. Count 0: none comes. */
static void expect_packet(int line, uint64_t sequence, uint16_t count)
{
    struct moldudp64_header header = {0};
    uint8_t bytes[2048];
    do {
        struct host_datagram in = {.bytes = bytes, .count = sizeof bytes};
        size_t done = 0;
        enum status status = host_udp_receive(line, &in, 1, &done);
        if (count == 0) {
            assert_int_equal(status, STATUS_AGAIN);
            return;
        }
        assert_int_equal(status, STATUS_OK);
        assert_int_equal(moldudp64_decode(bytes, in.count, &header), STATUS_OK);
    } while (header.count == 0);
    assert_int_equal(header.sequence, sequence);
    assert_int_equal(header.count, count);
}

static void a_few_messages_wait_for_more_and_none_is_kept_back(void **state)
{
    (void)state;
    struct market market;
    char addresses[2][32];
    int lines[2] = {open_line(addresses[0]), open_line(addresses[1])};
    open_market_on(&market, 100, addresses[0], addresses[1]);
    int64_t now_ns = host_clock_monotonic_ns() + SECOND_NS;
    assert_int_equal(feed_tick(market.feed, now_ns), STATUS_OK); /* a heartbeat */
    now_ns += GATHER_NS;
    for (unsigned turns = 0; turns < 3; turns++, now_ns += GATHER_NS / 4) {
        market.wanted++;
        assert_int_equal(feed_tick(market.feed, now_ns), STATUS_OK);
        assert_int_equal(feed_busy(market.feed), turns > 0);
    }
    now_ns += GATHER_NS / 4;
    assert_int_equal(feed_tick(market.feed, now_ns), STATUS_OK);
    assert_false(feed_busy(market.feed));
    market.wanted += GATHER_MESSAGES; /* enough: nothing to wait for */
    assert_int_equal(feed_tick(market.feed, now_ns), STATUS_OK);
    assert_false(feed_busy(market.feed));
    market.wanted++;
    assert_int_equal(feed_tick(market.feed, now_ns), STATUS_OK);
    assert_true(feed_busy(market.feed)); /* and then the session ends */
    close_market(&market);
    for (unsigned line = 0; line < 2; line++) {
        expect_packet(lines[line], 101, 1); /* after a pause at once */
        expect_packet(lines[line], 102, 2);
        expect_packet(lines[line], 104, GATHER_MESSAGES);
        expect_packet(lines[line], 104 + GATHER_MESSAGES, 1);
        for (unsigned i = 0; i < 3; i++) {
            expect_packet(lines[line], 105 + GATHER_MESSAGES, MOLDUDP64_END_OF_SESSION);
        }
        expect_packet(lines[line], 0, 0);
        host_socket_close(lines[line], false);
    }
}

/* One line's network takes nothing: the other has every packet. */
static void a_line_that_takes_nothing_does_not_cost_the_other_one(void **state)
{
    (void)state;
    struct market market;
    char address[32];
    int line = open_line(address);
    open_market_on(&market, 1, "[::1]:9", address); /* no IPv6 from this sender */
    market.wanted = 1001;
    for (int i = 0; i < 3; i++) {
        turn(&market);
    }
    close_market(&market);
    uint64_t next = 2;
    uint8_t bytes[2048];
    struct host_datagram in = {.bytes = bytes, .count = sizeof bytes};
    size_t done = 0;
    while (host_udp_receive(line, &in, 1, &done) == STATUS_OK) {
        struct moldudp64_header header;
        assert_int_equal(moldudp64_decode(bytes, in.count, &header), STATUS_OK);
        assert_int_equal(header.sequence, next);
        next += header.count == MOLDUDP64_END_OF_SESSION ? 0 : header.count;
        in = (struct host_datagram){.bytes = bytes, .count = sizeof bytes};
    }
    assert_int_equal(next, 1002);
    host_socket_close(line, false);
}

/* -- SoupBinTCP ---------------------------------------------------------------------------- */

struct client {
    int socket;
    uint8_t in[65536];
    size_t count;
    bool ended;
};

static void client_open(struct market *market, struct client *client, uint16_t port)
{
    struct host_address address = address_of(port);
    *client = (struct client){.socket = -1};
    assert_int_equal(host_socket_connect(&address, &client->socket), STATUS_OK);
    for (int i = 0; i < 5; i++) {
        turn(market);
    }
}

static void client_send(struct client *client, const void *bytes, size_t count)
{
    size_t sent = 0;
    assert_int_equal(host_socket_write(client->socket, bytes, count, &sent), STATUS_OK);
    assert_int_equal(sent, count);
}

static void client_log_on(struct client *client, const char *session, uint64_t sequence)
{
    struct soup_login login = {.sequence = sequence, .username = "READER"};
    uint8_t packet[SOUP_LOGIN_BYTES];
    (void)snprintf(login.session, sizeof login.session, "%s", session);
    client_send(client, packet, soup_encode_login(&login, packet));
}

static void client_read(struct client *client)
{
    size_t count = 0;
    enum status status = client->count == sizeof client->in
                             ? STATUS_AGAIN
                             : host_socket_read(client->socket, client->in + client->count,
                                                sizeof client->in - client->count, &count);
    client->count += status == STATUS_OK ? count : 0;
    client->ended = client->ended || (status != STATUS_OK && status != STATUS_AGAIN);
}

/* The next packet but heartbeats; `payload` is valid until the next call. False: it ended. */
static bool client_next(struct market *market, struct client *client, struct soup_packet *packet)
{
    static uint8_t kept[SOUP_PACKET_BYTES_MAX];
    for (int i = 0; i < TURNS; i++) {
        while (soup_next(client->in, client->count, packet) == STATUS_OK) {
            memcpy(kept, client->in, packet->bytes);
            packet->payload = kept + SOUP_HEADER_BYTES;
            client->count -= packet->bytes;
            memmove(client->in, client->in + packet->bytes, client->count);
            if (packet->type != SOUP_SERVER_HEARTBEAT) {
                return true;
            }
        }
        if (client->ended) {
            return false;
        }
        turn(market);
        client_read(client);
    }
    fail_msg("nothing came");
    return false;
}

static void expect_accepted(struct market *market, struct client *client, uint64_t sequence)
{
    struct soup_packet packet;
    struct soup_accepted accepted;
    assert_true(client_next(market, client, &packet));
    assert_int_equal(packet.type, SOUP_LOGIN_ACCEPTED);
    assert_int_equal(soup_decode_accepted(&packet, &accepted), STATUS_OK);
    assert_int_equal(accepted.sequence, sequence);
    assert_string_equal(accepted.session, "RICE");
}

/* The message of this sequence: its event's sequence is in it. */
static void expect_message(struct market *market, struct client *client, uint64_t sequence)
{
    struct soup_packet packet;
    assert_true(client_next(market, client, &packet));
    assert_int_equal(packet.type, SOUP_SEQUENCED);
    assert_int_equal(packet.payload[0], sequence == 1 ? 'R' : sequence % 2 == 0 ? 'A' : 'D');
    assert_int_equal(packet.payload_bytes, itch_length(packet.payload[0]));
    assert_int_equal(bytes_load_be48(packet.payload + 5), sequence);
}

/* Once the sockets that were closed are seen to be. */
static void expect_readers(struct market *market, uint64_t expected)
{
    struct feed_counts counts = {.readers = expected + 1};
    for (int i = 0; i < TURNS && counts.readers != expected; i++) {
        turn(market);
        feed_count(market->feed, &counts);
    }
    assert_int_equal(counts.readers, expected);
}

static void a_reader_gets_everything_from_its_sequence_on(void **state)
{
    (void)state;
    struct market market;
    struct client client;
    open_market(&market, 100);
    client_open(&market, &client, market.soup);
    client_log_on(&client, "RICE", 95);
    expect_accepted(&market, &client, 95);
    for (uint64_t sequence = 95; sequence <= 100; sequence++) {
        expect_message(&market, &client, sequence);
    }
    market.wanted = 103; /* and what comes */
    for (uint64_t sequence = 101; sequence <= 103; sequence++) {
        expect_message(&market, &client, sequence);
    }
    host_socket_close(client.socket, false);
    client_open(&market, &client, market.soup);
    client_log_on(&client, "", 0); /* only what is new */
    expect_accepted(&market, &client, 104);
    market.wanted = 104;
    expect_message(&market, &client, 104);
    uint8_t logout[SOUP_HEADER_BYTES];
    client_send(&client, logout, soup_encode_empty(SOUP_LOGOUT, logout));
    struct soup_packet packet;
    assert_false(client_next(&market, &client, &packet));
    host_socket_close(client.socket, false);
    close_market(&market);
}

static void a_snapshot_is_the_book_and_where_to_go_on(void **state)
{
    (void)state;
    struct market market;
    struct client client;
    struct soup_packet packet;
    open_market(&market, 100); /* 100 is a place that stays */
    client_open(&market, &client, market.glimpse);
    client_log_on(&client, "", 1);
    expect_accepted(&market, &client, 1);
    assert_true(client_next(&market, &client, &packet));
    assert_int_equal(packet.payload[0], 'R');
    assert_true(client_next(&market, &client, &packet));
    assert_int_equal(packet.payload[0], 'H');
    assert_int_equal(packet.payload[19], 'T');
    assert_true(client_next(&market, &client, &packet));
    struct itch_add_order add;
    assert_int_equal(packet.payload[0], 'A');
    itch_decode_add_order(packet.payload, &add);
    assert_int_equal(add.order, 100);
    assert_int_equal(add.shares, 100);
    assert_int_equal(add.price, 1000);
    assert_int_equal(add.side, 'B');
    assert_memory_equal(add.stock, "RICE    ", 8);
    assert_true(client_next(&market, &client, &packet));
    assert_int_equal(packet.payload_bytes, 21);
    assert_memory_equal(packet.payload, "G                 101", 21);
    host_socket_close(client.socket, false);
    close_market(&market);
}

static void who_does_not_log_on_as_he_should_is_sent_away(void **state)
{
    (void)state;
    struct market market;
    struct client client;
    struct soup_packet packet;
    uint8_t heartbeat[SOUP_HEADER_BYTES];
    open_market(&market, 10);
    client_open(&market, &client, market.soup);
    client_log_on(&client, "SILK", 1); /* another session */
    assert_true(client_next(&market, &client, &packet));
    assert_int_equal(packet.type, SOUP_LOGIN_REJECTED);
    assert_int_equal(packet.payload[0], SOUP_SESSION_NOT_AVAILABLE);
    assert_false(client_next(&market, &client, &packet));
    host_socket_close(client.socket, false);

    client_open(&market, &client, market.soup);
    client_send(&client, heartbeat, soup_encode_empty(SOUP_CLIENT_HEARTBEAT, heartbeat));
    assert_true(client_next(&market, &client, &packet));
    assert_int_equal(packet.type, SOUP_DEBUG);
    assert_false(client_next(&market, &client, &packet));
    host_socket_close(client.socket, false);

    client_open(&market, &client, market.soup);
    client_send(&client, "GET / HTTP/1.1\r\n\r\n", 18);
    assert_true(client_next(&market, &client, &packet));
    assert_int_equal(packet.type, SOUP_DEBUG);
    assert_false(client_next(&market, &client, &packet));
    host_socket_close(client.socket, false);

    client_open(&market, &client, market.soup);
    market.ahead_ns += 11 * SECOND_NS; /* says nothing at all */
    assert_true(client_next(&market, &client, &packet));
    assert_int_equal(packet.type, SOUP_DEBUG);
    assert_false(client_next(&market, &client, &packet));
    host_socket_close(client.socket, false);
    expect_readers(&market, 0);
    close_market(&market);
}

static void a_slow_reader_is_told_and_cut_and_slows_nobody(void **state)
{
    (void)state;
    struct market market;
    static struct client slow;
    static struct client quick;
    struct feed_counts counts;
    open_market(&market, SLOW_MANY);
    client_open(&market, &slow, market.soup);
    client_log_on(&slow, "", 1);
    client_open(&market, &quick, market.soup);
    client_log_on(&quick, "", SLOW_MANY - 10);
    expect_accepted(&market, &quick, SLOW_MANY - 10);
    for (uint64_t sequence = SLOW_MANY - 10; sequence <= SLOW_MANY; sequence++) {
        expect_message(&market, &quick, sequence);
    }
    for (int i = 0; i < 200; i++) { /* all buffers in the slow one's way are full now */
        turn(&market);
    }
    market.ahead_ns += 11 * SECOND_NS;
    turn(&market);
    turn(&market);
    feed_count(market.feed, &counts);
    assert_int_equal(counts.cut_slow, 1);
    market.wanted = SLOW_MANY + 2;
    expect_message(&market, &quick, SLOW_MANY + 1);
    expect_message(&market, &quick, SLOW_MANY + 2);
    struct soup_packet packet;
    uint64_t messages = 0;
    bool told = false;
    while (client_next(&market, &slow, &packet)) { /* it wakes up and reads what was on its way */
        messages += packet.type == SOUP_SEQUENCED;
        told = told || packet.type == SOUP_DEBUG;
    }
    assert_true(told);
    assert_true(messages > 0 && messages < SLOW_MANY);
    host_socket_close(slow.socket, false);
    expect_readers(&market, 1);
    host_socket_close(quick.socket, false);
    close_market(&market);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_range_is_answered_with_one_packet),
        cmocka_unit_test(requests_without_sense_have_no_answer),
        cmocka_unit_test(a_few_messages_wait_for_more_and_none_is_kept_back),
        cmocka_unit_test(a_line_that_takes_nothing_does_not_cost_the_other_one),
        cmocka_unit_test(a_reader_gets_everything_from_its_sequence_on),
        cmocka_unit_test(a_snapshot_is_the_book_and_where_to_go_on),
        cmocka_unit_test(who_does_not_log_on_as_he_should_is_sent_away),
        cmocka_unit_test(a_slow_reader_is_told_and_cut_and_slows_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
