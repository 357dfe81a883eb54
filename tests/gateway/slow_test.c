/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a client that does not read holds up nobody, costs bounded memory, is cut after a while,
 * and gets everything in order if it reads again in time. Method: a raw socket with a tiny receive
 * buffer asks for some thousand messages and does not read; another client trades meanwhile.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define TRADES     130000u
#define SECOND_NS  1000000000
#define TAKE_BYTES 65536u

struct scene {
    struct world world;
    struct client client; /* the second session: it must not notice */
    int socket;
    uint8_t bytes[TAKE_BYTES];
    size_t kept;
    uint64_t sequenced;
};

static int setup(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scene->world.limits.out_bytes_max = 16384;
    scene->world.limits.silence_ns = INT64_C(3600) * SECOND_NS;
    world_open(&scene->world);
    client_init(&scene->client, &scene->world, 0);
    client_log_on(&scene->client, scene->world.ouch_port, 1);
    assert_true(client_enter(&scene->client, 1, 'B', TRADES + 1000, 10000));
    client_wait(&scene->client, 1);
    client_deinit(&scene->client); /* its order stays */
    for (uint32_t i = 0; i < TRADES; i++) {
        world_order(&scene->world, SIDE_SELL, 10000, 1, true);
        if (i % 100 == 0) {
            world_turn(&scene->world);
        }
    }
    client_init(&scene->client, &scene->world, 1);
    client_log_on(&scene->client, scene->world.ouch_port, 1);
    *state = scene;
    return 0;
}

static int teardown(void **state)
{
    struct scene *scene = *state;
    close(scene->socket);
    client_deinit(&scene->client);
    world_close(&scene->world);
    free(scene);
    return 0;
}

static void connect_raw(struct scene *scene)
{
    int bytes = 2048;
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(scene->world.ouch_port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct soup_login login = {.sequence = 1};
    uint8_t packet[SOUP_LOGIN_BYTES];
    scene->socket = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(scene->socket >= 0);
    assert_int_equal(setsockopt(scene->socket, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes), 0);
    assert_int_equal(connect(scene->socket, (struct sockaddr *)&to, sizeof to), 0);
    memcpy(login.username, scene->world.credentials[0].name, sizeof login.username);
    memcpy(login.password, scene->world.credentials[0].password, sizeof login.password);
    size_t count = soup_encode_login(&login, packet);
    assert_int_equal(send(scene->socket, packet, count, 0), (ssize_t)count);
}

static uint64_t messages(const struct scene *scene)
{
    struct gateway_counts counts;
    gateway_count(scene->world.gateway, &counts);
    return counts.messages;
}

/* Until the gateway has no more room for it; returns how many messages it was given. */
static uint64_t let_it_stall(struct scene *scene)
{
    uint64_t start = messages(scene);
    uint64_t before = start;
    for (int quiet = 0; quiet < 300;) {
        world_turn(&scene->world);
        uint64_t now = messages(scene);
        quiet = now == before && now > start ? quiet + 1 : 0;
        before = now;
    }
    return before - start;
}

/* Counts the sequenced packets that have come in; false when the connection has ended. */
static bool take(struct scene *scene)
{
    ssize_t got =
        recv(scene->socket, scene->bytes + scene->kept, TAKE_BYTES - scene->kept, MSG_DONTWAIT);
    if (got == 0) {
        return false;
    }
    if (got < 0) {
        assert_true(errno == EAGAIN || errno == ECONNRESET);
        return errno == EAGAIN;
    }
    scene->kept += (size_t)got;
    size_t at = 0;
    struct soup_packet packet;
    while (soup_next(scene->bytes + at, scene->kept - at, &packet) == STATUS_OK) {
        scene->sequenced += packet.type == SOUP_SEQUENCED;
        at += packet.bytes;
    }
    memmove(scene->bytes, scene->bytes + at, scene->kept - at);
    scene->kept -= at;
    return true;
}

static void trade_meanwhile(struct scene *scene)
{
    uint64_t known = scene->client.count;
    static uint32_t number;
    assert_true(client_enter(&scene->client, ++number, 'B', 10, 9000));
    client_wait(&scene->client, known + 1);
}

static void one_that_reads_again_gets_everything(void **state)
{
    struct scene *scene = *state;
    connect_raw(scene);
    uint64_t given = let_it_stall(scene);
    assert_true(given > 0 && given < TRADES + 1); /* the rest waits in the log */
    trade_meanwhile(scene);
    for (int turn = 0; turn < 200000 && scene->sequenced < TRADES + 1; turn++) {
        assert_true(take(scene));
        world_turn(&scene->world);
    }
    assert_int_equal(scene->sequenced, TRADES + 1);
    world_order(&scene->world, SIDE_SELL, 10000, 1, true); /* and is live again */
    for (int turn = 0; turn < 20000 && scene->sequenced < TRADES + 2; turn++) {
        assert_true(take(scene));
        world_turn(&scene->world);
    }
    assert_int_equal(scene->sequenced, TRADES + 2);
    struct gateway_counts counts;
    gateway_count(scene->world.gateway, &counts);
    assert_int_equal(counts.cut_slow, 0);
}

static void one_that_never_reads_is_cut(void **state)
{
    struct scene *scene = *state;
    struct gateway_counts counts;
    connect_raw(scene);
    assert_true(let_it_stall(scene) < TRADES + 1);
    int seconds = 0; /* the kernel's buffers grow now and then: each time it has taken something */
    for (counts.cut_slow = 0; counts.cut_slow == 0 && seconds < 100; seconds++) {
        scene->world.now_ns += SECOND_NS;
        trade_meanwhile(scene);
        gateway_count(scene->world.gateway, &counts);
    }
    assert_int_equal(counts.cut_slow, 1);
    assert_true(seconds >= 9);
    assert_int_equal(counts.sessions_live, 1);
    trade_meanwhile(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_that_reads_again_gets_everything, setup, teardown),
        cmocka_unit_test_setup_teardown(one_that_never_reads_is_cut, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
