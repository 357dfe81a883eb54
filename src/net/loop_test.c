/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: bytes arrive whole and in order however they are cut, buffers keep their bounds, and every
 * way in which a connection can end is told once, with a reason, and never by a crash. Method: real
 * loopback sockets. One side is the loop, the other the loop as well or a bare socket that is read
 * and written here. Nothing sleeps: the loop ticks until a state is reached, at most TICKS_MAX
 * times. Random cuts come from a seed that is printed by a failure.
 */
#include "net/net.h"

#include "base/bytes.h"
#include "base/prng.h"
#include "host/clock.h"
#include "host/worker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#define TICKS_MAX 20000
#define WAIT_NS   1000000
#define SEED      20261123

/* What one side of the loop saw. */
struct seen {
    struct net_connection *connection; /* null once closed */
    uint8_t *bytes;
    size_t count;
    size_t capacity;
    unsigned opened;
    unsigned closed;
    char reason[NET_REASON_BYTES];
    bool frames; /* uses whole frames only: u16 length, body */
    bool deaf;   /* uses nothing */
    bool cut_when_opened;
    bool cut_at_bytes;
    struct seen *cut_other; /* at the first bytes */
    struct net_listener *close_listener;
};

struct stage {
    struct net_loop *loop;
    struct net_listener *listener;
    struct seen server; /* of the latest connection */
    struct seen client;
    char address[96];
};

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/dojima-net-XXXXXX");
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    (void)state;
    char path[96];
    (void)snprintf(path, sizeof path, "%s/s", folder);
    (void)unlink(path);
    return rmdir(folder);
}

static void on_opened(void *context, struct net_connection *connection)
{
    struct seen *seen = context;
    seen->connection = connection;
    seen->opened++;
    if (seen->cut_when_opened) {
        net_cut(connection, "as the test wishes");
    }
}

static size_t whole_frames(const uint8_t *bytes, size_t count)
{
    size_t at = 0;
    while (count - at >= 2 && count - at - 2 >= bytes_load_be16(bytes + at)) {
        at += 2 + (size_t)bytes_load_be16(bytes + at);
    }
    return at;
}

static size_t on_bytes(void *context, struct net_connection *connection, const uint8_t *bytes,
                       size_t count)
{
    struct seen *seen = context;
    size_t used = seen->frames ? whole_frames(bytes, count) : seen->deaf ? 0 : count;
    assert_int_equal(seen->closed, 0);
    assert_true(count > 0);
    if (used > 0 && seen->bytes != NULL) {
        assert_true(used <= seen->capacity - seen->count);
        memcpy(seen->bytes + seen->count, bytes, used);
    }
    seen->count += used;
    if (seen->close_listener != NULL) {
        net_listener_close(seen->close_listener);
        seen->close_listener = NULL;
    }
    if (seen->cut_other != NULL && seen->cut_other->connection != NULL) {
        net_cut(seen->cut_other->connection, "cut by another");
    }
    if (seen->cut_at_bytes) {
        net_cut(connection, "as the test wishes");
        assert_null(net_reserve(connection, 1));
    }
    return used;
}

static void on_closed(void *context, struct net_connection *connection, const char *reason)
{
    struct seen *seen = context;
    seen->closed++;
    seen->connection = NULL;
    (void)snprintf(seen->reason, sizeof seen->reason, "%s", reason);
    assert_null(net_reserve(connection, 1)); /* allowed, and refused */
    net_cut(connection, "again");
}

static const struct net_handler handler = {on_opened, on_bytes, on_closed};

static void open_stage(struct stage *stage, const char *address, size_t out_bytes_max)
{
    *stage = (struct stage){0};
    assert_int_equal(net_loop_open(&stage->loop), STATUS_OK);
    struct net_options options = {.address = address,
                                  .handler = handler,
                                  .context = &stage->server,
                                  .out_bytes_max = out_bytes_max};
    assert_int_equal(net_listen(stage->loop, &options, &stage->listener), STATUS_OK);
    uint16_t port = net_listener_port(stage->listener);
    if (port == 0) {
        (void)snprintf(stage->address, sizeof stage->address, "%s", address);
    } else {
        (void)snprintf(stage->address, sizeof stage->address, "127.0.0.1:%u", port);
    }
}

static void connect_client(struct stage *stage)
{
    struct net_options options = {
        .address = stage->address, .handler = handler, .context = &stage->client};
    struct net_connection *connection;
    assert_int_equal(net_connect(stage->loop, &options, &connection), STATUS_OK);
    stage->client.connection = connection;
}

static int bare_client(const struct stage *stage)
{
    struct host_address address;
    int socket;
    assert_int_equal(host_address_parse(stage->address, &address), STATUS_OK);
    assert_int_equal(host_socket_connect(&address, &socket), STATUS_OK);
    return socket;
}

static void close_stage(struct stage *stage)
{
    net_loop_close(stage->loop);
    free(stage->server.bytes);
    free(stage->client.bytes);
}

/* Ticks until `condition`. */
#define TICK_UNTIL(loop, condition)                                                                \
    do {                                                                                           \
        int ticks = 0;                                                                             \
        while (!(condition)) {                                                                     \
            assert_true(ticks++ < TICKS_MAX);                                                      \
            net_loop_tick((loop), WAIT_NS);                                                        \
        }                                                                                          \
    } while (0)

static void collect(struct seen *seen, size_t capacity)
{
    seen->bytes = malloc(capacity);
    seen->capacity = capacity;
    assert_non_null(seen->bytes);
}

static uint8_t pattern(size_t index)
{
    return (uint8_t)(index * 2654435761u >> 13);
}

/* Reads what is there; false at the end of the stream. A reset fails the test. */
static bool bare_read(int socket, size_t *count)
{
    uint8_t bytes[4096];
    size_t got = 0;
    enum status status = host_socket_read(socket, bytes, sizeof bytes, &got);
    if (status == STATUS_END) {
        return false;
    }
    assert_true(status == STATUS_OK || status == STATUS_AGAIN);
    for (size_t i = 0; i < got; i++, (*count)++) {
        assert_int_equal(bytes[i], pattern(*count));
    }
    return true;
}

static void send_pattern(struct net_connection *connection, size_t from, size_t count)
{
    uint8_t *at = net_reserve(connection, count);
    assert_non_null(at);
    for (size_t i = 0; i < count; i++) {
        at[i] = pattern(from + i);
    }
    net_commit(connection, count);
}

static void both_ways(const char *address)
{
    struct stage stage;
    open_stage(&stage, address, 0);
    collect(&stage.server, 64);
    collect(&stage.client, 64);
    connect_client(&stage);
    assert_int_equal(stage.client.opened, 0); /* never from inside net_connect */
    TICK_UNTIL(stage.loop, stage.server.opened == 1 && stage.client.opened == 1);
    assert_true(net_send(stage.client.connection, "question", 8));
    TICK_UNTIL(stage.loop, stage.server.count == 8);
    assert_memory_equal(stage.server.bytes, "question", 8);
    assert_true(net_send(stage.server.connection, "answer", 6));
    TICK_UNTIL(stage.loop, stage.client.count == 6);
    assert_memory_equal(stage.client.bytes, "answer", 6);
    uint32_t user = 0;
    enum status known = net_peer_user(stage.server.connection, &user);
    if (address[0] == 'u') {
        assert_int_equal(known, STATUS_OK);
        assert_int_equal(user, host_user());
    } else {
        assert_int_equal(known, STATUS_UNSUPPORTED);
        assert_memory_equal(net_peer(stage.server.connection), "127.0.0.1:", 10);
    }
    net_end(stage.client.connection, "done");
    TICK_UNTIL(stage.loop, stage.server.closed == 1 && stage.client.closed == 1);
    assert_string_equal(stage.client.reason, "done");
    assert_string_equal(stage.server.reason, "the peer closed the connection");
    close_stage(&stage);
}

static void tcp_and_unix(void **state)
{
    (void)state;
    char address[96];
    (void)snprintf(address, sizeof address, "unix:%s/s", folder);
    both_ways("127.0.0.1:0");
    both_ways(address);
}

static void only_loopback_is_plain(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, "127.0.0.1:0", 0);
    static const char *const others[] = {"0.0.0.0:0", "192.0.2.1:9101", "[::]:0",
                                         "[2001:db8::1]:9101", "[::ffff:192.0.2.1]:1"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct net_options options = {.address = others[i], .handler = handler};
        struct net_listener *listener = NULL;
        struct net_connection *connection = NULL;
        assert_int_equal(net_listen(stage.loop, &options, &listener), STATUS_DENIED);
        assert_int_equal(net_connect(stage.loop, &options, &connection), STATUS_DENIED);
        assert_null(listener);
        assert_null(connection);
    }
    struct net_options options = {.address = "localhost:1", .handler = handler};
    struct net_connection *connection = NULL;
    assert_int_equal(net_connect(stage.loop, &options, &connection), STATUS_INVALID);
    close_stage(&stage);
}

/* Frames of random lengths, sent in pieces of 1 to `piece_max` bytes. */
static void cut_everywhere(size_t frames, uint32_t body_max, uint32_t piece_max, uint64_t seed)
{
    print_message("seed %llu\n", (unsigned long long)seed);
    struct prng prng;
    prng_init(&prng, seed);
    size_t capacity = frames * (body_max + 2);
    uint8_t *sent = malloc(capacity);
    assert_non_null(sent);
    size_t count = 0;
    for (size_t i = 0; i < frames; i++) {
        uint16_t length = (uint16_t)prng_below(&prng, body_max + 1);
        bytes_store_be16(sent + count, length);
        for (size_t j = 0; j < length; j++) {
            sent[count + 2 + j] = (uint8_t)prng_next(&prng);
        }
        count += 2 + (size_t)length;
    }
    struct stage stage;
    open_stage(&stage, "127.0.0.1:0", 0);
    collect(&stage.server, capacity);
    stage.server.frames = true;
    int socket = bare_client(&stage);
    TICK_UNTIL(stage.loop, stage.server.opened == 1);
    for (size_t at = 0; at < count;) {
        size_t piece = 1 + (size_t)prng_below(&prng, piece_max);
        size_t written = 0;
        piece = piece < count - at ? piece : count - at;
        enum status status = host_socket_write(socket, sent + at, piece, &written);
        assert_true(status == STATUS_OK || status == STATUS_AGAIN);
        at += written;
        net_loop_tick(stage.loop, 0);
    }
    TICK_UNTIL(stage.loop, stage.server.count == count);
    assert_memory_equal(stage.server.bytes, sent, count);
    assert_int_equal(stage.server.closed, 0);
    host_socket_close(socket, false);
    TICK_UNTIL(stage.loop, stage.server.closed == 1);
    free(sent);
    close_stage(&stage);
}

static void delivered_byte_by_byte(void **state)
{
    (void)state;
    cut_everywhere(200, 40, 1, SEED);
}

static void delivered_in_random_pieces(void **state)
{
    (void)state;
    for (uint64_t seed = SEED; seed < SEED + 5; seed++) {
        cut_everywhere(100, 20000, 9000, seed);
    }
}

static void a_message_too_long(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, "127.0.0.1:0", 0);
    stage.server.deaf = true;
    connect_client(&stage);
    TICK_UNTIL(stage.loop, stage.server.opened == 1 && stage.client.opened == 1);
    send_pattern(stage.client.connection, 0, NET_IN_BYTES - 1);
    TICK_UNTIL(stage.loop, net_waiting(stage.client.connection) == 0);
    for (int i = 0; i < 50; i++) {
        net_loop_tick(stage.loop, 0);
    }
    assert_int_equal(stage.server.closed, 0);
    send_pattern(stage.client.connection, 0, 1);
    TICK_UNTIL(stage.loop, stage.server.closed == 1);
    assert_string_equal(stage.server.reason, "a message is longer than the venue reads");
    close_stage(&stage);
}

static void a_slow_reader_meets_the_bound(void **state)
{
    (void)state;
    const size_t max = 200000;
    struct stage stage;
    open_stage(&stage, "127.0.0.1:0", max);
    int socket = bare_client(&stage);
    TICK_UNTIL(stage.loop, stage.server.opened == 1);
    struct net_connection *connection = stage.server.connection;
    assert_null(net_reserve(connection, max + 1));
    assert_non_null(net_reserve(connection, max));
    net_commit(connection, 0);
    size_t sent = 0;
    size_t idle = 0;
    while (idle < 100) { /* until the kernel's buffers and ours are full */
        if (net_reserve(connection, 1000) == NULL) {
            idle++;
        } else {
            send_pattern(connection, sent, 1000);
            sent += 1000;
            idle = 0;
        }
        assert_true(net_waiting(connection) <= max);
        net_loop_tick(stage.loop, 0);
    }
    assert_true(net_waiting(connection) > max - 1000);
    size_t got = 0;
    for (int i = 0; got < sent && i < TICKS_MAX; i++) {
        assert_true(bare_read(socket, &got));
        net_loop_tick(stage.loop, 0);
    }
    assert_int_equal(got, sent);
    assert_int_equal(net_waiting(connection), 0);
    assert_non_null(net_reserve(connection, max)); /* there is room again */
    host_socket_close(socket, false);
    close_stage(&stage);
}

static void written_once_a_tick(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, "127.0.0.1:0", 0);
    int socket = bare_client(&stage);
    TICK_UNTIL(stage.loop, stage.server.opened == 1);
    size_t got = 0;
    uint8_t byte;
    size_t count;
    for (size_t i = 0; i < 10; i++) {
        send_pattern(stage.server.connection, i, 1);
    }
    assert_int_equal(host_socket_read(socket, &byte, 1, &count), STATUS_AGAIN);
    assert_int_equal(net_waiting(stage.server.connection), 10);
    net_loop_tick(stage.loop, 5000000000); /* something waits: it does not sleep */
    assert_int_equal(net_waiting(stage.server.connection), 0);
    assert_true(bare_read(socket, &got));
    assert_int_equal(got, 10);
    send_pattern(stage.server.connection, 10, 5);
    net_flush(stage.server.connection);
    assert_true(bare_read(socket, &got));
    assert_int_equal(got, 15);
    host_socket_close(socket, false);
    close_stage(&stage);
}

/* The peer has sent what was never read: a plain close would reset its connection. */
static void last_words_arrive(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, "127.0.0.1:0", 0);
    stage.server.deaf = true;
    int socket = bare_client(&stage);
    TICK_UNTIL(stage.loop, stage.server.opened == 1);
    static const uint8_t noise[60000];
    size_t written;
    send_pattern(stage.server.connection, 0, 500000);
    net_end(stage.server.connection, "enough");
    assert_int_equal(host_socket_write(socket, noise, sizeof noise, &written), STATUS_OK);
    assert_null(net_reserve(stage.server.connection, 1));
    size_t got = 0;
    for (int i = 0; bare_read(socket, &got); i++) {
        assert_true(i < TICKS_MAX);
        net_loop_tick(stage.loop, 0);
    }
    assert_int_equal(got, 500000);
    assert_int_equal(stage.server.count, 0);
    host_socket_close(socket, false);
    TICK_UNTIL(stage.loop, stage.server.closed == 1);
    assert_string_equal(stage.server.reason, "enough");
    close_stage(&stage);
}

static void a_half_closed_peer_gets_its_answer(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, "127.0.0.1:0", 0);
    int socket = bare_client(&stage);
    TICK_UNTIL(stage.loop, stage.server.opened == 1);
    size_t written;
    assert_int_equal(host_socket_write(socket, "q", 1, &written), STATUS_OK);
    host_socket_end(socket);
    send_pattern(stage.server.connection, 0, 700000);
    size_t got = 0;
    for (int i = 0; bare_read(socket, &got); i++) {
        assert_true(i < TICKS_MAX);
        net_loop_tick(stage.loop, 0);
    }
    assert_int_equal(got, 700000);
    assert_int_equal(stage.server.count, 1);
    TICK_UNTIL(stage.loop, stage.server.closed == 1);
    assert_string_equal(stage.server.reason, "the peer closed the connection");
    host_socket_close(socket, false);
    close_stage(&stage);
}

static void a_reset_is_told(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, "127.0.0.1:0", 0);
    int socket = bare_client(&stage);
    TICK_UNTIL(stage.loop, stage.server.opened == 1);
    host_socket_close(socket, true);
    TICK_UNTIL(stage.loop, stage.server.closed == 1);
    assert_string_equal(stage.server.reason, "the connection broke");

    socket = bare_client(&stage); /* the same with output under way */
    TICK_UNTIL(stage.loop, stage.server.opened == 2);
    stage.server.closed = 0;
    send_pattern(stage.server.connection, 0, 1000000);
    net_loop_tick(stage.loop, 0);
    host_socket_close(socket, true);
    TICK_UNTIL(stage.loop, stage.server.closed == 1);
    close_stage(&stage);
}

static void nobody_listens(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, "127.0.0.1:0", 0);
    net_listener_close(stage.listener);
    connect_client(&stage);
    TICK_UNTIL(stage.loop, stage.client.closed == 1);
    assert_int_equal(stage.client.opened, 0);
    assert_string_equal(stage.client.reason, "nobody listens there, or the network refused");
    close_stage(&stage);
}

static void cut_inside_callbacks(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, "127.0.0.1:0", 0);
    stage.server.cut_when_opened = true;
    connect_client(&stage);
    TICK_UNTIL(stage.loop, stage.server.closed == 1 && stage.client.closed == 1);
    assert_string_equal(stage.server.reason, "as the test wishes");
    assert_int_equal(stage.server.count, 0);

    stage.server = (struct seen){.cut_at_bytes = true};
    stage.client = (struct seen){0};
    connect_client(&stage);
    TICK_UNTIL(stage.loop, stage.server.opened == 1 && stage.client.opened == 1);
    send_pattern(stage.client.connection, 0, 100000);
    TICK_UNTIL(stage.loop, stage.server.closed == 1 && stage.client.closed == 1);
    assert_true(stage.server.count > 0);

    /* Both ends have bytes to read in one tick; whoever is first cuts the other. */
    stage.server = (struct seen){.cut_other = &stage.client, .close_listener = stage.listener};
    stage.client = (struct seen){.cut_other = &stage.server};
    connect_client(&stage);
    TICK_UNTIL(stage.loop, stage.server.opened == 1 && stage.client.opened == 1);
    send_pattern(stage.client.connection, 0, 10);
    send_pattern(stage.server.connection, 0, 10);
    net_flush(stage.client.connection);
    net_flush(stage.server.connection);
    TICK_UNTIL(stage.loop, stage.server.closed == 1 && stage.client.closed == 1);
    assert_true((stage.server.count > 0) != (stage.client.count > 0));
    close_stage(&stage);
}

/* New connections wait in the queue of a listener that a callback of the same tick closes. */
static void a_listener_closed_by_a_callback(void **state)
{
    (void)state;
    for (int order = 0; order < 2; order++) {
        struct stage stage;
        open_stage(&stage, "127.0.0.1:0", 0);
        struct stage other;
        open_stage(&other, "127.0.0.1:0", 0);
        struct net_listener *second;
        struct net_options options = {
            .address = "127.0.0.1:0", .handler = handler, .context = &other.server};
        assert_int_equal(net_listen(stage.loop, &options, &second), STATUS_OK);
        int socket = bare_client(&stage);
        TICK_UNTIL(stage.loop, stage.server.opened == 1);
        stage.server.close_listener = second;
        char text[32];
        (void)snprintf(text, sizeof text, "127.0.0.1:%u", net_listener_port(second));
        memcpy(other.address, text, sizeof text);
        size_t written;
        int late = -1;
        if (order == 1) {
            late = bare_client(&other);
        }
        assert_int_equal(host_socket_write(socket, "x", 1, &written), STATUS_OK);
        if (order == 0) {
            late = bare_client(&other);
        }
        TICK_UNTIL(stage.loop, stage.server.count == 1);
        net_loop_tick(stage.loop, 0);
        host_socket_close(late, false);
        host_socket_close(socket, false);
        close_stage(&stage);
        close_stage(&other);
    }
}

static void a_listener_has_a_limit(void **state)
{
    (void)state;
    struct stage stage = {0};
    struct net_listener *listener;
    assert_int_equal(net_loop_open(&stage.loop), STATUS_OK);
    struct net_options options = {.address = "127.0.0.1:0",
                                  .handler = handler,
                                  .context = &stage.server,
                                  .connections_max = 3};
    assert_int_equal(net_listen(stage.loop, &options, &listener), STATUS_OK);
    (void)snprintf(stage.address, sizeof stage.address, "127.0.0.1:%u",
                   net_listener_port(listener));
    int sockets[5];
    for (int i = 0; i < 5; i++) {
        sockets[i] = bare_client(&stage);
    }
    uint8_t byte;
    size_t count;
    enum status status = STATUS_AGAIN;
    for (int i = 0; i < TICKS_MAX && status == STATUS_AGAIN; i++) {
        net_loop_tick(stage.loop, 0);
        status = host_socket_read(sockets[4], &byte, 1, &count);
    }
    assert_int_equal(status, STATUS_IO); /* reset */
    assert_int_equal(host_socket_read(sockets[3], &byte, 1, &count), STATUS_IO);
    assert_int_equal(host_socket_read(sockets[2], &byte, 1, &count), STATUS_AGAIN);
    assert_int_equal(stage.server.opened, 3);
    host_socket_close(sockets[0], false);
    TICK_UNTIL(stage.loop, stage.server.closed == 1);
    connect_client(&stage); /* a place is free again */
    TICK_UNTIL(stage.loop, stage.server.opened == 4);
    for (int i = 1; i < 5; i++) {
        host_socket_close(sockets[i], false);
    }
    close_stage(&stage);
}

#define MANY 1000u

/* Descriptors for `wanted` connections with both ends here; fewer if the system has fewer. */
static size_t descriptors_for(size_t wanted)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    return limit.rlim_cur > 2 * wanted + 64 ? wanted : (size_t)(limit.rlim_cur - 64) / 2;
}

static void many_connections(void **state)
{
    (void)state;
    size_t many = descriptors_for(MANY);
    struct stage stage;
    open_stage(&stage, "127.0.0.1:0", 0);
    int *sockets = calloc(many, sizeof *sockets);
    assert_non_null(sockets);
    for (size_t i = 0; i < many; i++) {
        sockets[i] = bare_client(&stage);
        if (i % 100 == 99) { /* the kernel's queue is shorter than all of them */
            TICK_UNTIL(stage.loop, stage.server.opened == i + 1);
        }
    }
    TICK_UNTIL(stage.loop, stage.server.opened == many);
    size_t written;
    for (int round = 0; round < 3; round++) {
        stage.server.count = 0;
        for (size_t i = 0; i < many; i++) {
            assert_int_equal(host_socket_write(sockets[i], "ping", 4, &written), STATUS_OK);
        }
        TICK_UNTIL(stage.loop, stage.server.count == 4 * many);
    }
    for (size_t i = 0; i < many; i += 2) { /* half go one by one, the rest with the loop */
        host_socket_close(sockets[i], i % 4 == 0);
    }
    stage.server.closed = 0;
    TICK_UNTIL(stage.loop, stage.server.closed == (many + 1) / 2);
    close_stage(&stage);
    assert_int_equal(stage.server.closed, many);
    for (size_t i = 1; i < many; i += 2) {
        host_socket_close(sockets[i], false);
    }
    free(sockets);
}

/* Nobody can be accepted: the loop sleeps instead of trying all the time, and goes on later. */
static void out_of_descriptors(void **state)
{
    (void)state;
    struct stage stage;
    struct rlimit limit;
    open_stage(&stage, "127.0.0.1:0", 0);
    int socket = bare_client(&stage);
    net_loop_tick(stage.loop, 0); /* looks after what waits for time: not again at once */
    assert_int_equal(stage.server.opened, 1);
    int second = bare_client(&stage);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = 3;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    net_loop_tick(stage.loop, 0);
    int64_t start_ns = host_clock_monotonic_ns();
    net_loop_tick(stage.loop, 20000000);
    assert_true(host_clock_monotonic_ns() - start_ns >= 15000000);
    assert_int_equal(stage.server.opened, 1);
    limit.rlim_cur = before;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    TICK_UNTIL(stage.loop, stage.server.opened == 2);
    host_socket_close(socket, false);
    host_socket_close(second, false);
    close_stage(&stage);
}

/* A tick tells whether there was something: who polls goes on polling after that. */
static void a_tick_tells_if_something_came(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, "127.0.0.1:0", 0);
    assert_false(net_loop_tick(stage.loop, 0));
    int socket = bare_client(&stage);
    assert_true(net_loop_tick(stage.loop, 1000000000)); /* the connection */
    size_t written = 0;
    assert_int_equal(host_socket_write(socket, "x", 1, &written), STATUS_OK);
    assert_true(net_loop_tick(stage.loop, 1000000000)); /* the byte */
    assert_false(net_loop_tick(stage.loop, 0));
    host_socket_close(socket, false);
    close_stage(&stage);
}

struct restless {
    struct net_loop *loop;
    unsigned closed;
};

static void connect_again(void *context, struct net_connection *connection, const char *reason)
{
    (void)connection;
    struct restless *restless = context;
    struct net_options options = {.address = "127.0.0.1:1", .handler = handler};
    struct net_connection *next;
    struct net_listener *listener;
    restless->closed++;
    assert_string_equal(reason, "the loop ends");
    assert_int_equal(net_connect(restless->loop, &options, &next), STATUS_END);
    assert_int_equal(net_listen(restless->loop, &options, &listener), STATUS_END);
}

static void the_end_of_a_loop(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, "127.0.0.1:0", 0);
    struct restless restless = {.loop = stage.loop};
    struct net_options options = {
        .address = stage.address, .handler = {.on_closed = connect_again}, .context = &restless};
    struct net_connection *connection;
    assert_int_equal(net_connect(stage.loop, &options, &connection), STATUS_OK);
    TICK_UNTIL(stage.loop, stage.server.opened == 1);
    assert_true(net_send(connection, "x", 1)); /* marked for the end of a tick that never comes */
    close_stage(&stage);
    assert_int_equal(restless.closed, 1);
    assert_int_equal(stage.server.closed, 1);
    net_loop_close(NULL);
}

static void wake_the_loop(void *context)
{
    net_loop_wake(context);
}

static void woken_by_another_thread(void **state)
{
    (void)state;
    struct stage stage;
    struct host_worker *worker;
    open_stage(&stage, "127.0.0.1:0", 0);
    assert_int_equal(host_worker_open(wake_the_loop, stage.loop, &worker), STATUS_OK);
    host_worker_kick(worker);
    net_loop_tick(stage.loop, 3600000000000); /* an hour, unless it is woken */
    host_worker_close(worker);
    close_stage(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tcp_and_unix),
        cmocka_unit_test(only_loopback_is_plain),
        cmocka_unit_test(delivered_byte_by_byte),
        cmocka_unit_test(delivered_in_random_pieces),
        cmocka_unit_test(a_message_too_long),
        cmocka_unit_test(a_slow_reader_meets_the_bound),
        cmocka_unit_test(written_once_a_tick),
        cmocka_unit_test(last_words_arrive),
        cmocka_unit_test(a_half_closed_peer_gets_its_answer),
        cmocka_unit_test(a_reset_is_told),
        cmocka_unit_test(nobody_listens),
        cmocka_unit_test(cut_inside_callbacks),
        cmocka_unit_test(a_listener_closed_by_a_callback),
        cmocka_unit_test(a_listener_has_a_limit),
        cmocka_unit_test(many_connections),
        cmocka_unit_test(out_of_descriptors),
        cmocka_unit_test(a_tick_tells_if_something_came),
        cmocka_unit_test(the_end_of_a_loop),
        cmocka_unit_test(woken_by_another_thread),
    };
    return cmocka_run_group_tests_name("net.loop", tests, make_folder, remove_folder);
}
