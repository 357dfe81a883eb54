/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: what is said over TLS arrives whole however it is cut; who speaks an older version, no TLS
 * at all, or shows a certificate that is not trusted or not for that name, is refused before one
 * byte reaches a callback; a cut stream is not taken for an end; key files are private. Method: as
 * loop_test.c. A relay of two bare sockets between the two ends cuts the bytes or breaks off; an
 * OpenSSL client of its own speaks TLS 1.2.
 */
#include "net/net.h"

#include "base/prng.h"
#include "host/clock.h"

#include <openssl/ssl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define TICKS_MAX 100000
#define WAIT_NS   1000000
#define SEED      20261123
#define BYTES     600000u
#define SECOND_NS INT64_C(1000000000)

static char folder[64];
static char paths[4][128]; /* certificate, key; other certificate, other key */
static struct net_tls *server_tls;
static struct net_tls *client_tls;
static struct net_tls *other_client_tls; /* trusts another certificate */

struct seen {
    struct net_connection *connection; /* null once closed */
    size_t count;
    unsigned opened;
    unsigned closed;
    char reason[NET_REASON_BYTES];
};

struct stage {
    struct net_loop *loop;
    struct net_listener *listener;
    struct seen server;
    struct seen client;
    char address[64];
};

static uint8_t pattern(size_t index)
{
    return (uint8_t)(index * 2654435761u >> 13);
}

static void on_opened(void *context, struct net_connection *connection)
{
    struct seen *seen = context;
    seen->connection = connection;
    seen->opened++;
}

static size_t on_bytes(void *context, struct net_connection *connection, const uint8_t *bytes,
                       size_t count)
{
    (void)connection;
    struct seen *seen = context;
    for (size_t i = 0; i < count; i++, seen->count++) {
        assert_int_equal(bytes[i], pattern(seen->count));
    }
    return count;
}

static void on_closed(void *context, struct net_connection *connection, const char *reason)
{
    (void)connection;
    struct seen *seen = context;
    seen->connection = NULL;
    seen->closed++;
    (void)snprintf(seen->reason, sizeof seen->reason, "%s", reason);
}

static const struct net_handler handler = {on_opened, on_bytes, on_closed};

static int prepare(void **state)
{
    (void)state;
    char reason[NET_REASON_BYTES] = "";
    (void)snprintf(folder, sizeof folder, "/tmp/dojima-tls-XXXXXX");
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    static const char *const names[] = {"crt", "key", "other.crt", "other.key"};
    for (int i = 0; i < 4; i++) {
        (void)snprintf(paths[i], sizeof paths[i], "%s/%s", folder, names[i]);
    }
    bool made = net_certificate_make("venue.example", paths[0], paths[1], reason) == STATUS_OK &&
                net_certificate_make("", paths[2], paths[3], reason) == STATUS_OK &&
                net_tls_open_server(paths[0], paths[1], &server_tls, reason) == STATUS_OK &&
                net_tls_open_client(paths[0], &client_tls, reason) == STATUS_OK &&
                net_tls_open_client(paths[2], &other_client_tls, reason) == STATUS_OK;
    if (!made) {
        print_message("%s\n", reason);
    }
    return made ? 0 : -1;
}

static int clean_up(void **state)
{
    (void)state;
    net_tls_close(server_tls);
    net_tls_close(client_tls);
    net_tls_close(other_client_tls);
    net_tls_close(NULL);
    for (int i = 0; i < 4; i++) {
        (void)unlink(paths[i]);
    }
    return rmdir(folder);
}

static void open_stage(struct stage *stage)
{
    *stage = (struct stage){0};
    assert_int_equal(net_loop_open(&stage->loop), STATUS_OK);
    struct net_options options = {
        .address = "127.0.0.1:0", .tls = server_tls, .handler = handler, .context = &stage->server};
    assert_int_equal(net_listen(stage->loop, &options, &stage->listener), STATUS_OK);
    (void)snprintf(stage->address, sizeof stage->address, "127.0.0.1:%u",
                   net_listener_port(stage->listener));
}

static enum status connect_as(struct stage *stage, struct net_tls *tls, const char *name)
{
    struct net_options options = {.address = stage->address,
                                  .tls = tls,
                                  .tls_name = name,
                                  .handler = handler,
                                  .context = &stage->client};
    return net_connect(stage->loop, &options, &stage->client.connection);
}

static int bare_client(const struct stage *stage)
{
    struct host_address address;
    int socket;
    assert_int_equal(host_address_parse(stage->address, &address), STATUS_OK);
    assert_int_equal(host_socket_connect(&address, &socket), STATUS_OK);
    return socket;
}

#define TICK_UNTIL(loop, condition)                                                                \
    do {                                                                                           \
        int ticks = 0;                                                                             \
        while (!(condition)) {                                                                     \
            assert_true(ticks++ < TICKS_MAX);                                                      \
            net_loop_tick((loop), WAIT_NS);                                                        \
        }                                                                                          \
    } while (0)

static void send_pattern(struct net_connection *connection, size_t from, size_t count)
{
    uint8_t *at = net_reserve(connection, count);
    assert_non_null(at);
    for (size_t i = 0; i < count; i++) {
        at[i] = pattern(from + i);
    }
    net_commit(connection, count);
}

static void there_and_back(void **state)
{
    (void)state;
    struct prng prng;
    struct stage stage;
    prng_init(&prng, SEED);
    open_stage(&stage);
    assert_int_equal(connect_as(&stage, client_tls, "venue.example"), STATUS_OK);
    TICK_UNTIL(stage.loop, stage.server.opened == 1 && stage.client.opened == 1);
    for (size_t sent = 0; sent < BYTES;) {
        size_t piece = 1 + (size_t)prng_below(&prng, 40000);
        piece = piece < BYTES - sent ? piece : BYTES - sent;
        send_pattern(stage.client.connection, sent, piece);
        send_pattern(stage.server.connection, sent, piece);
        sent += piece;
        net_loop_tick(stage.loop, 0);
    }
    net_end(stage.client.connection, "done"); /* behind everything that waits */
    TICK_UNTIL(stage.loop, stage.server.closed == 1 && stage.client.closed == 1);
    assert_int_equal(stage.server.count, BYTES);
    assert_string_equal(stage.server.reason, "the peer closed the connection");
    assert_string_equal(stage.client.reason, "done");
    net_loop_close(stage.loop);
}

static void who_is_trusted(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool other;
        bool good;
    } cases[] = {
        {NULL, false, true},
        {"localhost", false, true},
        {"127.0.0.1", false, true},
        {"::1", false, true},
        {"venue.example", false, true},
        {"other.example", false, false},
        {"127.0.0.2", false, false},
        {"xvenue.example", false, false},
        {NULL, true, false},
        {"localhost", true, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;
        open_stage(&stage);
        struct net_tls *tls = cases[i].other ? other_client_tls : client_tls;
        assert_int_equal(connect_as(&stage, tls, cases[i].name), STATUS_OK);
        if (cases[i].good) {
            TICK_UNTIL(stage.loop, stage.server.opened == 1 && stage.client.opened == 1);
        } else {
            TICK_UNTIL(stage.loop, stage.server.closed == 1 && stage.client.closed == 1);
            assert_int_equal(stage.client.opened, 0);
            assert_non_null(strstr(stage.client.reason, "not trusted"));
            assert_int_equal(stage.server.count, 0);
        }
        net_loop_close(stage.loop);
    }
}

/* One end of OpenSSL's own, over a bare socket; true if its handshake succeeds. */
static bool foreign_handshake(struct stage *stage, int version)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    assert_non_null(context);
    assert_int_equal(SSL_CTX_set_min_proto_version(context, version), 1);
    assert_int_equal(SSL_CTX_set_max_proto_version(context, version), 1);
    int socket = bare_client(stage);
    SSL *ssl = SSL_new(context);
    assert_non_null(ssl);
    assert_int_equal(SSL_set_fd(ssl, socket), 1);
    SSL_set_connect_state(ssl);
    int result = 0;
    for (int i = 0; i < TICKS_MAX && result != 1; i++) {
        net_loop_tick(stage->loop, WAIT_NS / 10);
        result = SSL_do_handshake(ssl);
        int error = SSL_get_error(ssl, result);
        if (result != 1 && error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
            break;
        }
    }
    if (result == 1) {
        TICK_UNTIL(stage->loop, stage->server.opened == 1);
    }
    SSL_free(ssl);
    SSL_CTX_free(context);
    host_socket_close(socket, false);
    return result == 1;
}

static void only_1_3(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage);
    assert_false(foreign_handshake(&stage, TLS1_2_VERSION));
    TICK_UNTIL(stage.loop, stage.server.closed == 1);
    assert_int_equal(stage.server.opened, 0);
    assert_non_null(strstr(stage.server.reason, "unsupported protocol"));
    assert_true(foreign_handshake(&stage, TLS1_3_VERSION));
    assert_int_equal(stage.server.opened, 1);
    net_loop_close(stage.loop);
}

static void plain_bytes_are_refused(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage);
    struct net_options plain = {
        .address = stage.address, .handler = handler, .context = &stage.client};
    assert_int_equal(net_connect(stage.loop, &plain, &stage.client.connection), STATUS_OK);
    TICK_UNTIL(stage.loop, stage.client.opened == 1);
    assert_true(net_send(stage.client.connection, "L ALICE1 secret\r\n", 17));
    TICK_UNTIL(stage.loop, stage.server.closed == 1);
    assert_int_equal(stage.server.opened, 0);
    assert_int_equal(stage.server.count, 0);
    assert_true(strlen(stage.server.reason) > 0);
    net_loop_close(stage.loop);
}

static void a_plain_server_is_refused(void **state)
{
    (void)state;
    struct stage stage = {0};
    assert_int_equal(net_loop_open(&stage.loop), STATUS_OK);
    struct net_listener *listener;
    struct net_options plain = {.address = "127.0.0.1:0",
                                .handler = {.on_opened = on_opened, .on_closed = on_closed},
                                .context = &stage.server};
    assert_int_equal(net_listen(stage.loop, &plain, &listener), STATUS_OK);
    (void)snprintf(stage.address, sizeof stage.address, "127.0.0.1:%u",
                   net_listener_port(listener));
    assert_int_equal(connect_as(&stage, client_tls, NULL), STATUS_OK);
    TICK_UNTIL(stage.loop, stage.server.opened == 1);
    send_pattern(stage.server.connection, 0, 100);
    TICK_UNTIL(stage.loop, stage.client.closed == 1);
    assert_int_equal(stage.client.opened, 0);
    net_loop_close(stage.loop);
}

/* Between a client and the server: two bare sockets, bytes in pieces of at most `piece_max`. */
struct relay {
    int listener;
    int client;
    int server;
    size_t passed; /* from the client */
};

static void move(int from, int to, size_t piece_max, size_t *passed)
{
    uint8_t bytes[64];
    size_t count = 0;
    size_t written = 0;
    if (host_socket_read(from, bytes, piece_max, &count) == STATUS_OK) {
        assert_int_equal(host_socket_write(to, bytes, count, &written), STATUS_OK);
        assert_int_equal(written, count);
        *passed += count;
    }
}

static void open_relay(struct stage *stage, struct relay *relay)
{
    struct host_address address;
    char server[64];
    memcpy(server, stage->address, sizeof server);
    *relay = (struct relay){.server = bare_client(stage), .client = -1};
    assert_int_equal(host_address_parse("127.0.0.1:0", &address), STATUS_OK);
    assert_int_equal(host_socket_listen(&address, &relay->listener), STATUS_OK);
    (void)snprintf(stage->address, sizeof stage->address, "127.0.0.1:%u",
                   host_socket_port(relay->listener));
    assert_int_equal(connect_as(stage, client_tls, "127.0.0.1"), STATUS_OK);
    for (int i = 0; relay->client < 0; i++) {
        assert_true(i < TICKS_MAX);
        enum status status = host_socket_accept(relay->listener, &relay->client, &address);
        assert_true(status == STATUS_OK || status == STATUS_AGAIN);
        net_loop_tick(stage->loop, WAIT_NS);
    }
}

static void close_relay(struct relay *relay)
{
    host_socket_close(relay->client, false);
    host_socket_close(relay->server, false);
    host_socket_close(relay->listener, false);
}

static void records_in_pieces(void **state)
{
    (void)state;
    for (size_t piece_max = 1; piece_max <= 64; piece_max *= 8) {
        struct prng prng;
        struct stage stage;
        struct relay relay;
        prng_init(&prng, SEED + piece_max);
        open_stage(&stage);
        open_relay(&stage, &relay);
        size_t back = 0;
        size_t sent = 0;
        for (int i = 0; stage.server.count < 3000 || stage.client.count < 3000; i++) {
            assert_true(i < TICKS_MAX);
            move(relay.client, relay.server, 1 + (size_t)prng_below(&prng, piece_max),
                 &relay.passed);
            move(relay.server, relay.client, 1 + (size_t)prng_below(&prng, piece_max), &back);
            net_loop_tick(stage.loop, 0);
            if (stage.server.opened == 1 && stage.client.opened == 1 && sent < 3000) {
                send_pattern(stage.client.connection, sent, 300);
                send_pattern(stage.server.connection, sent, 300);
                sent += 300;
            }
        }
        assert_int_equal(stage.server.count, 3000);
        net_loop_close(stage.loop);
        close_relay(&relay);
    }
}

/* Whoever is in the middle can break off, but cannot make it look like the peer's own end. */
static void broken_off_is_no_end(void **state)
{
    (void)state;
    struct stage stage;
    struct relay relay;
    open_stage(&stage);
    open_relay(&stage, &relay);
    size_t back = 0;
    for (int i = 0; stage.server.opened == 0 || stage.client.opened == 0; i++) {
        assert_true(i < TICKS_MAX);
        move(relay.client, relay.server, 64, &relay.passed);
        move(relay.server, relay.client, 64, &back);
        net_loop_tick(stage.loop, 0);
    }
    close_relay(&relay);
    TICK_UNTIL(stage.loop, stage.server.closed == 1 && stage.client.closed == 1);
    assert_string_equal(stage.server.reason, "the connection broke");
    assert_string_equal(stage.client.reason, "the connection broke");
    net_loop_close(stage.loop);
}

/* The first message comes in the segment that ends the handshake: the library has it already when
 * the loop gets the connection, and no poll tells of it. */
static void bytes_behind_the_handshake(void **state)
{
    (void)state;
    struct stage stage;
    struct relay relay;
    open_stage(&stage);
    open_relay(&stage, &relay);
    size_t back = 0;
    for (int i = 0; stage.client.opened == 0; i++) {
        assert_true(i < TICKS_MAX);
        if (back == 0) { /* the hello passes, what follows the server's answer does not */
            move(relay.client, relay.server, 64, &relay.passed);
        }
        move(relay.server, relay.client, 64, &back);
        net_loop_tick(stage.loop, 0);
    }
    send_pattern(stage.client.connection, 0, 100);
    TICK_UNTIL(stage.loop, net_waiting(stage.client.connection) == 0);
    uint8_t held[4096];
    size_t count = 0;
    size_t written = 0;
    assert_int_equal(host_socket_read(relay.client, held, sizeof held, &count), STATUS_OK);
    assert_int_equal(host_socket_write(relay.server, held, count, &written), STATUS_OK);
    assert_int_equal(written, count);
    TICK_UNTIL(stage.loop, stage.server.count == 100);
    net_loop_close(stage.loop);
    close_relay(&relay);
}

/* At many places of the client's part of the handshake. */
static void broken_off_in_the_handshake(void **state)
{
    (void)state;
    for (size_t at = 0; at < 600; at += 37) {
        struct stage stage;
        struct relay relay;
        open_stage(&stage);
        open_relay(&stage, &relay);
        size_t back = 0;
        for (int i = 0; relay.passed < at && stage.server.opened == 0; i++) {
            assert_true(i < TICKS_MAX);
            size_t left = at - relay.passed;
            move(relay.client, relay.server, left < 64 ? left : 64, &relay.passed);
            move(relay.server, relay.client, 64, &back);
            net_loop_tick(stage.loop, 0);
        }
        close_relay(&relay);
        TICK_UNTIL(stage.loop, stage.server.closed == 1 && stage.client.closed == 1);
        assert_int_equal(stage.server.count, 0);
        net_loop_close(stage.loop);
    }
}

static void ended_while_handshaking(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage);
    int silent = bare_client(&stage);
    assert_int_equal(connect_as(&stage, client_tls, NULL), STATUS_OK);
    for (int i = 0; i < 3; i++) {
        net_loop_tick(stage.loop, 0);
    }
    if (stage.client.connection != NULL) {
        net_cut(stage.client.connection, "cut early");
    }
    TICK_UNTIL(stage.loop, stage.client.closed == 1);
    assert_int_equal(stage.client.closed, 1);
    unsigned closed = stage.server.closed;
    net_loop_close(stage.loop); /* one handshake is under way for ever */
    assert_true(stage.server.closed > closed);
    host_socket_close(silent, false);
}

/* A silent peer holds nobody up. */
static void many_handshakes(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage);
    int silent = bare_client(&stage);
    for (unsigned i = 0; i < 50; i++) {
        assert_int_equal(connect_as(&stage, client_tls, NULL), STATUS_OK);
    }
    TICK_UNTIL(stage.loop, stage.server.opened == 50 && stage.client.opened == 50);
    assert_int_equal(stage.server.closed, 0);
    host_socket_close(silent, false);
    TICK_UNTIL(stage.loop, stage.server.closed == 1);
    net_loop_close(stage.loop);
    assert_int_equal(stage.server.closed, 51);
    assert_int_equal(stage.client.closed, 50);
}

/* One try after the other until one is let in; how long that took. */
static int64_t honest_login_ns(struct stage *flooded, struct stage *honest, unsigned *out_tries)
{
    int64_t began_ns = host_clock_monotonic_ns();
    unsigned opened = honest->client.opened;
    while (honest->client.opened == opened) {
        assert_true(host_clock_monotonic_ns() - began_ns < 30 * SECOND_NS);
        if (honest->client.closed == *out_tries) {
            (*out_tries)++;
            assert_int_equal(connect_as(honest, client_tls, NULL), STATUS_OK);
        }
        net_loop_tick(flooded->loop, 0);
        net_loop_tick(honest->loop, WAIT_NS);
    }
    return host_clock_monotonic_ns() - began_ns;
}

/* Connections that never say a word: in a crowd an honest one is let in at once, and within two
 * seconds when they hold every place. */
static void a_flood_of_half_open_handshakes(void **state)
{
    (void)state;
    enum { PLACES = 300, CROWD = 290 };
    struct stage flooded = {0};
    struct stage honest;
    int sockets[PLACES];
    unsigned tries = 0;
    assert_int_equal(net_loop_open(&flooded.loop), STATUS_OK);
    struct net_options options = {.address = "127.0.0.1:0",
                                  .tls = server_tls,
                                  .handler = handler,
                                  .context = &flooded.server,
                                  .connections_max = PLACES};
    assert_int_equal(net_listen(flooded.loop, &options, &flooded.listener), STATUS_OK);
    (void)snprintf(flooded.address, sizeof flooded.address, "127.0.0.1:%u",
                   net_listener_port(flooded.listener));
    open_stage(&honest);
    memcpy(honest.address, flooded.address, sizeof honest.address);
    for (unsigned i = 0; i < CROWD; i++) {
        sockets[i] = bare_client(&flooded);
        net_loop_tick(flooded.loop, 0);
    }
    assert_true(honest_login_ns(&flooded, &honest, &tries) < SECOND_NS);
    assert_int_equal(tries, 1);
    assert_int_equal(flooded.server.closed, 0);
    for (unsigned i = CROWD; i < PLACES; i++) {
        sockets[i] = bare_client(&flooded); /* the last one finds no place */
        net_loop_tick(flooded.loop, 0);
    }
    net_cut(honest.client.connection, "logs on again");
    TICK_UNTIL(honest.loop, honest.client.closed == 1);
    unsigned closed = flooded.server.closed;
    TICK_UNTIL(flooded.loop, flooded.server.closed > closed);
    int last = bare_client(&flooded); /* takes the place that is free now */
    for (unsigned i = 0; i < 20; i++) {
        net_loop_tick(flooded.loop, WAIT_NS);
    }
    assert_true(honest_login_ns(&flooded, &honest, &tries) < 5 * SECOND_NS);
    assert_true(tries > 2); /* it was refused first: every place was taken */
    assert_non_null(strstr(flooded.server.reason, "two seconds"));
    for (unsigned i = 0; i < PLACES; i++) {
        host_socket_close(sockets[i], false);
    }
    host_socket_close(last, false);
    net_loop_close(honest.loop);
    net_loop_close(flooded.loop);
}

static void certificate_files(void **state)
{
    (void)state;
    char reason[NET_REASON_BYTES] = "";
    struct stat about;
    assert_int_equal(stat(paths[1], &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    time_t written = about.st_mtime;
    off_t bytes = about.st_size;
    assert_int_equal(net_certificate_make("x", paths[0], paths[1], reason), STATUS_EXISTS);
    assert_non_null(strstr(reason, paths[1]));
    assert_int_equal(stat(paths[1], &about), 0);
    assert_true(about.st_mtime == written && about.st_size == bytes);

    char new_key[128];
    (void)snprintf(new_key, sizeof new_key, "%s/new.key", folder);
    assert_int_equal(net_certificate_make("x", paths[0], new_key, reason), STATUS_EXISTS);
    assert_int_not_equal(access(new_key, F_OK), 0); /* both or none */
    static const char *const bad[] = {"a,DNS:b", "a b", "a\n", "ex\xc3\xa4mple"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(net_certificate_make(bad[i], new_key, new_key, reason), STATUS_INVALID);
    }

    struct net_tls *tls = NULL;
    assert_int_equal(net_tls_open_server(paths[0], paths[3], &tls, reason), STATUS_CONFIG);
    assert_int_equal(net_tls_open_server(paths[1], paths[1], &tls, reason), STATUS_CONFIG);
    assert_int_equal(net_tls_open_server(new_key, paths[1], &tls, reason), STATUS_CONFIG);
    assert_int_equal(net_tls_open_client(new_key, &tls, reason), STATUS_CONFIG);
    assert_null(tls);
}

static void impossible_names(void **state)
{
    (void)state;
    struct stage stage;
    char longest[400];
    open_stage(&stage);
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(connect_as(&stage, client_tls, longest), STATUS_INVALID);
    assert_int_equal(connect_as(&stage, client_tls, ""), STATUS_INVALID); /* not: any name */
    net_loop_close(stage.loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(who_is_trusted),
        cmocka_unit_test(only_1_3),
        cmocka_unit_test(plain_bytes_are_refused),
        cmocka_unit_test(a_plain_server_is_refused),
        cmocka_unit_test(records_in_pieces),
        cmocka_unit_test(broken_off_is_no_end),
        cmocka_unit_test(bytes_behind_the_handshake),
        cmocka_unit_test(broken_off_in_the_handshake),
        cmocka_unit_test(ended_while_handshaking),
        cmocka_unit_test(many_handshakes),
        cmocka_unit_test(a_flood_of_half_open_handshakes),
        cmocka_unit_test(certificate_files),
        cmocka_unit_test(impossible_names),
    };
    return cmocka_run_group_tests_name("net.tls", tests, prepare, clean_up);
}
