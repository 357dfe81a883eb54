/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: addresses are read and printed exactly, sockets tell END, IO, AGAIN and BUSY apart, a
 * left-over Unix path is taken over and a living one is not, the kernel names the peer's user, UDP
 * goes in batches and over multicast on the loopback interface, and a wake ends a wait. Method:
 * real sockets of this machine; whoever has to wait does so in the poll set.
 */
#include "host/socket.h"

#include "base/compiler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define LONG_NS 5000000000 /* a bound that only a failure reaches */

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/dojima-socket-XXXXXX");
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

static struct host_address parsed(const char *text)
{
    struct host_address address;
    assert_int_equal(host_address_parse(text, &address), STATUS_OK);
    return address;
}

static struct host_address unix_address(void)
{
    char text[96];
    (void)snprintf(text, sizeof text, "unix:%s/s", folder);
    return parsed(text);
}

static void wait_for(int socket, unsigned ready)
{
    int poll;
    struct host_ready_event event = {0};
    assert_int_equal(host_poll_open(&poll), STATUS_OK);
    assert_int_equal(host_poll_add(poll, socket, ready, &poll), STATUS_OK);
    assert_int_equal(host_poll_wait(poll, LONG_NS, &event, 1), 1);
    assert_ptr_equal(event.tag, &poll);
    host_poll_close(poll);
}

struct pair {
    int listener;
    int client;
    int server;
};

static struct pair connected(const struct host_address *address)
{
    struct pair pair;
    struct host_address to = *address;
    struct host_address peer;
    assert_int_equal(host_socket_listen(address, &pair.listener), STATUS_OK);
    uint16_t port = host_socket_port(pair.listener);
    if (port != 0) {
        char text[32];
        (void)snprintf(text, sizeof text, "127.0.0.1:%u", port);
        to = parsed(text);
    }
    assert_int_equal(host_socket_connect(&to, &pair.client), STATUS_OK);
    wait_for(pair.listener, HOST_READY_READ);
    assert_int_equal(host_socket_accept(pair.listener, &pair.server, &peer), STATUS_OK);
    wait_for(pair.client, HOST_READY_WRITE);
    assert_int_equal(host_socket_connected(pair.client), STATUS_OK);
    return pair;
}

static void close_pair(const struct pair *pair)
{
    host_socket_close(pair->client, false);
    host_socket_close(pair->server, false);
    host_socket_close(pair->listener, false);
}

static void addresses(void **state)
{
    (void)state;
    static const char *const good[] = {"127.0.0.1:9101", "0.0.0.0:0", "[::1]:65535",
                                       "[2001:db8::1]:1", "unix:/run/dojima.sock"};
    for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
        struct host_address address = parsed(good[i]);
        char text[HOST_ADDRESS_TEXT_BYTES];
        host_address_print(&address, text);
        assert_string_equal(text, good[i]);
    }
    static const char *const bad[] = {"",
                                      "127.0.0.1",
                                      "127.0.0.1:",
                                      "127.0.0.1:65536",
                                      "127.0.0.1:-1",
                                      "127.0.0.1: 1",
                                      "127.0.0.1:1x",
                                      "localhost:1",
                                      "::1:80",
                                      "[::1]",
                                      "[]:1",
                                      "[::1:80",
                                      "unix:",
                                      ":80"};
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        struct host_address address = {.count = 77};
        assert_int_equal(host_address_parse(bad[i], &address), STATUS_INVALID);
        assert_int_equal(address.count, 77);
    }
    char path[160] = "unix:/";
    memset(path + 6, 'a', 120);
    struct host_address address;
    assert_int_equal(host_address_parse(path, &address), STATUS_INVALID);

    static const struct {
        const char *text;
        bool loopback;
        bool multicast;
        uint16_t port;
    } kinds[] = {{"127.0.0.1:1", true, false, 1},
                 {"127.255.0.9:2", true, false, 2},
                 {"128.0.0.1:3", false, false, 3},
                 {"0.0.0.0:4", false, false, 4},
                 {"[::1]:5", true, false, 5},
                 {"[::]:6", false, false, 6},
                 {"239.1.1.1:7", false, true, 7},
                 {"224.0.0.0:8", false, true, 8},
                 {"223.255.255.255:9", false, false, 9},
                 {"unix:/x", true, false, 0}};
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        address = parsed(kinds[i].text);
        assert_int_equal(host_address_is_loopback(&address), kinds[i].loopback);
        assert_int_equal(host_address_is_multicast(&address), kinds[i].multicast);
        assert_int_equal(host_address_port(&address), kinds[i].port);
    }
}

static void stream_of_bytes(const struct host_address *address)
{
    struct pair pair = connected(address);
    uint8_t bytes[16];
    size_t count = 99;
    assert_int_equal(host_socket_read(pair.server, bytes, sizeof bytes, &count), STATUS_AGAIN);
    assert_int_equal(count, 99);
    assert_int_equal(host_socket_write(pair.client, "venue", 5, &count), STATUS_OK);
    assert_int_equal(count, 5);
    wait_for(pair.server, HOST_READY_READ);
    assert_int_equal(host_socket_read(pair.server, bytes, sizeof bytes, &count), STATUS_OK);
    assert_int_equal(count, 5);
    assert_memory_equal(bytes, "venue", 5);
    host_socket_close(pair.client, false);
    wait_for(pair.server, HOST_READY_READ);
    assert_int_equal(host_socket_read(pair.server, bytes, sizeof bytes, &count), STATUS_END);
    host_socket_close(pair.server, false);
    host_socket_close(pair.listener, false);
}

static void tcp(void **state)
{
    (void)state;
    struct host_address address = parsed("127.0.0.1:0");
    stream_of_bytes(&address);
}

static void reset_is_a_failure(void **state)
{
    (void)state;
    struct host_address address = parsed("127.0.0.1:0");
    struct pair pair = connected(&address);
    host_socket_close(pair.client, true);
    wait_for(pair.server, HOST_READY_READ);
    uint8_t byte;
    size_t count;
    assert_int_equal(host_socket_read(pair.server, &byte, 1, &count), STATUS_IO);
    host_socket_close(pair.server, false);
    host_socket_close(pair.listener, false);
}

static void taken_and_refused(void **state)
{
    (void)state;
    struct host_address address = parsed("127.0.0.1:0");
    int listener;
    int other;
    assert_int_equal(host_socket_listen(&address, &listener), STATUS_OK);
    char text[32];
    (void)snprintf(text, sizeof text, "127.0.0.1:%u", host_socket_port(listener));
    address = parsed(text);
    assert_int_equal(host_socket_listen(&address, &other), STATUS_BUSY);
    host_socket_close(listener, false);
    enum status status = host_socket_connect(&address, &other);
    if (status == STATUS_OK) {
        wait_for(other, HOST_READY_WRITE);
        status = host_socket_connected(other);
        host_socket_close(other, false);
    }
    assert_int_equal(status, STATUS_IO);
}

static void unix_socket(void **state)
{
    (void)state;
    struct host_address address = unix_address();
    stream_of_bytes(&address); /* leaves its path behind */
    struct pair pair = connected(&address);
    uint32_t user = 0xffffffff;
    assert_int_equal(host_socket_peer_user(pair.server, &user), STATUS_OK);
    assert_int_equal(user, host_user());
    int other;
    assert_int_equal(host_socket_listen(&address, &other), STATUS_BUSY); /* it lives */
    close_pair(&pair);
}

static void a_file_is_not_taken_over(void **state)
{
    (void)state;
    char path[96];
    (void)snprintf(path, sizeof path, "%s/s", folder);
    (void)unlink(path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    struct host_address address = unix_address();
    int listener;
    assert_int_equal(host_socket_listen(&address, &listener), STATUS_BUSY);
    assert_int_equal(access(path, F_OK), 0);
}

/* Until `wanted` datagrams came, each told by its first byte. */
static void receive_all(int socket, size_t wanted)
{
    static uint8_t room[64][32];
    struct host_datagram in[64];
    size_t got = 0;
    while (got < wanted) {
        for (size_t i = 0; i < 64; i++) {
            in[i] = (struct host_datagram){.bytes = room[i], .count = sizeof room[i]};
        }
        size_t count;
        wait_for(socket, HOST_READY_READ);
        assert_int_equal(host_udp_receive(socket, in, 64, &count), STATUS_OK);
        for (size_t i = 0; i < count; i++, got++) {
            assert_int_equal(in[i].count, 1 + got % 31);
            assert_int_equal(in[i].bytes[0], got);
            assert_true(host_address_is_loopback(&in[i].address));
        }
    }
    struct host_datagram none = {.bytes = room[0], .count = sizeof room[0]};
    size_t count;
    assert_int_equal(host_udp_receive(socket, &none, 1, &count), STATUS_AGAIN);
}

static void send_all(int socket, const struct host_address *to, size_t wanted)
{
    static uint8_t room[100][32];
    struct host_datagram out[100];
    assert_true(wanted <= 100);
    for (size_t i = 0; i < wanted; i++) {
        room[i][0] = (uint8_t)i;
        out[i] = (struct host_datagram){.address = *to, .bytes = room[i], .count = 1 + i % 31};
    }
    for (size_t sent = 0; sent < wanted;) {
        size_t count;
        assert_int_equal(host_udp_send(socket, out + sent, wanted - sent, &count), STATUS_OK);
        assert_true(count > 0 && count <= 64);
        sent += count;
    }
}

static void datagrams(void **state)
{
    (void)state;
    struct host_address any = parsed("127.0.0.1:0");
    int receiver;
    int sender;
    assert_int_equal(host_udp_open(&any, &receiver), STATUS_OK);
    assert_int_equal(host_udp_open(&any, &sender), STATUS_OK);
    char text[32];
    (void)snprintf(text, sizeof text, "127.0.0.1:%u", host_socket_port(receiver));
    struct host_address to = parsed(text);
    send_all(sender, &to, 100);
    receive_all(receiver, 100);
    uint8_t nine[9] = "nine byte";
    uint8_t eight[8];
    struct host_datagram out = {.address = to, .bytes = nine, .count = sizeof nine};
    struct host_datagram in = {.bytes = eight, .count = sizeof eight};
    size_t count;
    assert_int_equal(host_udp_send(sender, &out, 1, &count), STATUS_OK);
    wait_for(receiver, HOST_READY_READ);
    assert_int_equal(host_udp_receive(receiver, &in, 1, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(in.count, 0); /* it did not fit: no part of it is a message */
    host_socket_close(receiver, false);
    host_socket_close(sender, false);
}

static void multicast(void **state)
{
    (void)state;
    struct host_address any = parsed("239.77.1.1:0");
    int receiver;
    int second;
    int sender;
    assert_int_equal(host_udp_open(&any, &receiver), STATUS_OK);
    char text[32];
    (void)snprintf(text, sizeof text, "239.77.1.1:%u", host_socket_port(receiver));
    struct host_address group = parsed(text);
    assert_int_equal(host_udp_open(&group, &second), STATUS_OK);
    assert_int_equal(host_udp_join(receiver, &group, "127.0.0.1"), STATUS_OK);
    assert_int_equal(host_udp_join(second, &group, "127.0.0.1"), STATUS_OK);
    assert_int_equal(host_udp_join(second, &group, "no address"), STATUS_INVALID);
    assert_int_equal(host_udp_open_sender("no address", 1, &sender), STATUS_INVALID);
    assert_int_equal(host_udp_open_sender("127.0.0.1", 0, &sender), STATUS_OK);
    send_all(sender, &group, 70);
    receive_all(receiver, 70);
    receive_all(second, 70);
    host_socket_close(sender, false);
    host_socket_close(second, false);
    host_socket_close(receiver, false);
}

static void wake(void **state)
{
    (void)state;
    int poll;
    int bell;
    struct host_ready_event event = {0};
    assert_int_equal(host_poll_open(&poll), STATUS_OK);
    assert_int_equal(host_wake_open(&bell), STATUS_OK);
    assert_int_equal(host_poll_add(poll, bell, HOST_READY_READ, &bell), STATUS_OK);
    assert_int_equal(host_poll_wait(poll, 0, &event, 1), 0);
    host_wake_notify(bell);
    host_wake_notify(bell);
    assert_int_equal(host_poll_wait(poll, LONG_NS, &event, 1), 1);
    assert_ptr_equal(event.tag, &bell);
    assert_int_equal(event.ready, HOST_READY_READ);
    host_wake_clear(bell);
    assert_int_equal(host_poll_wait(poll, 0, &event, 1), 0);
    host_wake_clear(bell); /* nothing is there: no wait */
    host_wake_close(bell);
    host_poll_close(poll);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),
        cmocka_unit_test(tcp),
        cmocka_unit_test(reset_is_a_failure),
        cmocka_unit_test(taken_and_refused),
        cmocka_unit_test(unix_socket),
        cmocka_unit_test(a_file_is_not_taken_over),
        cmocka_unit_test(datagrams),
        cmocka_unit_test(multicast),
        cmocka_unit_test(wake),
    };
    return cmocka_run_group_tests_name("host.socket", tests, make_folder, remove_folder);
}
