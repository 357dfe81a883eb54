/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: over real sockets, every kind of listener ends with the venue's book, proven against its
 * hash: on two lines that lose packets, over SoupBinTCP, from the beginning and behind a snapshot
 * taken while the market moves. Method: one shard, one feed, five listeners on one loop; a
 * generated day; real time, since heartbeats and the gap's grace are the network's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feed/feed.h"
#include "feed/listener.h"
#include "feed/world.h"
#include "host/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LISTENERS   5u
#define MESSAGES    20000u
#define BATCH       40u
#define PATIENCE_NS INT64_C(60000000000)
#define WAIT_NS     200000

enum who { LINES, BAD_LINES, LATE_LINES, SOUP, LATE_SOUP };

struct venue {
    struct world world;
    struct net_loop *loop;
    struct feed *feed;
    char addresses[6][32]; /* lines A and B, proof, retransmission, soup, glimpse */
    struct listener listeners[LISTENERS];
    bool open[LISTENERS];
    enum status status[LISTENERS];
    struct feed_counts counts;
};

enum address { LINE_A, LINE_B, PROOFS, RETRANSMISSION, SOUP_DOOR, GLIMPSE };

static int64_t now(void)
{
    return host_clock_monotonic_ns();
}

static void open_feed(struct venue *venue)
{
    unsigned port = 20000u + (unsigned)getpid() % 12000u;
    for (unsigned i = LINE_A; i <= PROOFS; i++) {
        (void)snprintf(venue->addresses[i], sizeof venue->addresses[i], "239.192.77.%u:%u", 11 + i,
                       port);
    }
    struct feed_options options = {
        .loop = venue->loop,
        .session = "DOJIMA",
        .soup_listen = "127.0.0.1:0",
        .glimpse_listen = "127.0.0.1:0",
        .group_a = venue->addresses[LINE_A],
        .group_b = venue->addresses[LINE_B],
        .proof_group = venue->addresses[PROOFS],
        .retransmission_listen = "127.0.0.1:0",
        .interface = "127.0.0.1",
    };
    struct port_handler none = {0};
    const char *failed = NULL;
    assert_int_equal(hub_port_open(venue->world.hub, &none, NULL, &options.port), STATUS_OK);
    enum status status = feed_open(&options, &venue->feed, &failed);
    if (status != STATUS_OK) {
        fail_msg("%s: %s", failed, status_name(status));
    }
    const uint16_t ports[] = {feed_retransmission_port(venue->feed), feed_soup_port(venue->feed),
                              feed_glimpse_port(venue->feed)};
    for (unsigned i = 0; i < ARRAY_COUNT(ports); i++) {
        assert_true(ports[i] != 0);
        (void)snprintf(venue->addresses[RETRANSMISSION + i], sizeof venue->addresses[0],
                       "127.0.0.1:%u", (unsigned)ports[i]);
    }
}

static void open_listener(struct venue *venue, enum who who)
{
    bool lines = who == LINES || who == BAD_LINES || who == LATE_LINES;
    bool late = who == LATE_LINES || who == LATE_SOUP;
    struct listener_options options = {
        .loop = venue->loop,
        .lines = {lines ? venue->addresses[LINE_A] : NULL, lines ? venue->addresses[LINE_B] : NULL},
        .interface = "127.0.0.1",
        .retransmission = venue->addresses[RETRANSMISSION],
        .proof_group = venue->addresses[PROOFS],
        .soup = venue->addresses[SOUP_DOOR],
        .snapshot = late ? venue->addresses[GLIMPSE] : NULL,
        .user = "READER",
        .drop_percent = who == BAD_LINES ? 30 : 0,
    };
    assert_int_equal(listener_open(&venue->listeners[who], &options, now()), STATUS_OK);
    venue->open[who] = true;
}

static void turn(struct venue *venue)
{
    net_loop_tick(venue->loop, WAIT_NS);
    assert_int_equal(hub_tick(venue->world.hub), STATUS_OK);
    if (venue->feed != NULL) {
        assert_int_equal(feed_tick(venue->feed, now()), STATUS_OK);
        feed_count(venue->feed, &venue->counts);
    }
    for (unsigned i = 0; i < LISTENERS; i++) {
        struct listener *listener = &venue->listeners[i];
        if (venue->open[i] && venue->status[i] == STATUS_OK) {
            venue->status[i] = listener_tick(listener, now());
            if (venue->status[i] != STATUS_OK && venue->status[i] != STATUS_END) {
                fail_msg("listener %u: %s", i, listener->reason);
            }
        }
    }
}

/* Until each has every message and was proven at the last one's sequence. */
static void all_arrive(struct venue *venue)
{
    int64_t end_ns = now() + PATIENCE_NS;
    for (bool done = false; !done;) {
        turn(venue);
        done = true;
        for (unsigned i = 0; i < LISTENERS; i++) {
            const struct listener *listener = &venue->listeners[i];
            done = done && listener->state == LISTENER_READS &&
                   listener->next == venue->counts.messages + 1;
        }
        if (now() > end_ns) {
            for (unsigned i = 0; i < LISTENERS; i++) {
                print_message("listener %u: next %u of %u, state %u\n", i,
                              (unsigned)venue->listeners[i].next, (unsigned)venue->counts.messages,
                              (unsigned)venue->listeners[i].state);
            }
            fail_msg("some listener did not get everything");
        }
    }
    uint64_t proofs[LISTENERS];
    for (unsigned i = 0; i < LISTENERS; i++) {
        proofs[i] = venue->listeners[i].counts.proofs;
    }
    for (bool done = false; !done && now() < end_ns;) {
        turn(venue);
        done = true;
        for (unsigned i = 0; i < LISTENERS; i++) {
            done = done && venue->listeners[i].counts.proofs > proofs[i];
        }
    }
    for (unsigned i = 0; i < LISTENERS; i++) {
        assert_true(venue->listeners[i].counts.proofs > proofs[i]);
    }
}

static void same_books(const struct venue *venue)
{
    struct engine_counts counts;
    engine_count(venue->world.engine, &counts);
    for (unsigned i = 0; i < LISTENERS; i++) {
        assert_int_equal(venue->listeners[i].book.count, counts.orders);
        assert_true(venue->listeners[i].book.hash == venue->listeners[0].book.hash);
    }
}

static void end(struct venue *venue)
{
    feed_close(venue->feed); /* says the end of the session to all */
    venue->feed = NULL;
    int64_t end_ns = now() + PATIENCE_NS;
    for (bool done = false; !done;) {
        turn(venue);
        done = true;
        for (unsigned i = 0; i < LISTENERS; i++) {
            done = done && venue->status[i] == STATUS_END;
        }
        assert_true(now() < end_ns);
    }
}

static void every_listener_has_the_venues_book(void **state)
{
    (void)state;
    static struct venue venue;
    venue = (struct venue){0};
    assert_int_equal(net_loop_open(&venue.loop), STATUS_OK);
    world_open(&venue.world, NULL, 7, MESSAGES);
    assert_true(world_step(&venue.world, 500)); /* there is history before the feed opens */
    open_feed(&venue);
    open_listener(&venue, LINES);
    open_listener(&venue, BAD_LINES);
    open_listener(&venue, SOUP);
    uint64_t steps = 0;
    while (world_step(&venue.world, BATCH)) {
        turn(&venue);
        steps++;
        if (steps == MESSAGES / BATCH / 2) {
            open_listener(&venue, LATE_LINES);
            open_listener(&venue, LATE_SOUP);
        }
    }
    all_arrive(&venue);
    same_books(&venue);
    const struct listener *bad = &venue.listeners[BAD_LINES];
    print_message(
        "%u messages in %u packets; dropped %u packets, %u gaps, %u requests, %u proofs\n",
        (unsigned)venue.counts.messages, (unsigned)venue.counts.packets,
        (unsigned)bad->counts.dropped, (unsigned)bad->arbiter.counts.gaps,
        (unsigned)bad->counts.requests, (unsigned)bad->counts.proofs);
    assert_true(venue.counts.messages > MESSAGES);
    assert_true(bad->counts.dropped > 0 && bad->counts.requests > 0);
    assert_true(venue.listeners[LATE_LINES].counts.snapshot_messages > 0);
    assert_true(venue.listeners[LATE_LINES].counts.messages < venue.counts.messages);
    assert_true(venue.listeners[LATE_SOUP].counts.messages < venue.counts.messages);
    assert_int_equal(venue.listeners[SOUP].counts.messages, venue.counts.messages);
    /* The session's end is told on the lines alone: who throws packets away may miss it. */
    venue.listeners[BAD_LINES].options.drop_percent = 0;
    end(&venue);
    for (unsigned i = 0; i < LISTENERS; i++) {
        listener_close(&venue.listeners[i]);
    }
    world_close(&venue.world);
    net_loop_close(venue.loop);
}

/* The proof finds a listener whose book is wrong in one order. */
static void a_wrong_book_is_found_out(void **state)
{
    (void)state;
    static struct venue venue;
    venue = (struct venue){0};
    assert_int_equal(net_loop_open(&venue.loop), STATUS_OK);
    world_open(&venue.world, NULL, 8, 2000);
    assert_true(world_step(&venue.world, 1000));
    open_feed(&venue);
    open_listener(&venue, SOUP);
    struct listener *listener = &venue.listeners[SOUP];
    int64_t end_ns = now() + PATIENCE_NS;
    while (listener->counts.proofs == 0) {
        turn(&venue);
        assert_true(now() < end_ns);
    }
    listener->book.hash++; /* as a missed share would */
    assert_false(world_step(&venue.world, 2000));
    enum status status = STATUS_OK;
    while (status == STATUS_OK) {
        net_loop_tick(venue.loop, WAIT_NS);
        assert_int_equal(feed_tick(venue.feed, now()), STATUS_OK);
        status = listener_tick(listener, now());
        assert_true(now() < end_ns);
    }
    assert_int_equal(status, STATUS_MISMATCH);
    assert_non_null(strstr(listener->reason, "the venue says"));
    listener_close(listener);
    feed_close(venue.feed);
    world_close(&venue.world);
    net_loop_close(venue.loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_listener_has_the_venues_book),
        cmocka_unit_test(a_wrong_book_is_found_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
