/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: whatever byte a connection breaks at, in either direction, the client that logs on again
 * and says again what it is not sure of ends with exactly the venue's executions, none missing and
 * none doubled. Method: one conversation of enters, replaces and cancels is played once without a
 * cut, to count its bytes; then once for each position (every STRIDE-th; all of them with
 * DOJIMA_FULL), cut there, resumed from the next number. Meanwhile others trade with its orders.
 * Some cuts take the gateway with them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/client.h"

#include <stdlib.h>

#define ORDERS 8u /* each: enter, replace; every second one cancelled */
#define STRIDE 11u

struct play {
    struct world *world;
    struct client *client;
    uint32_t base; /* UserRefNums of this play are above it */
    uint64_t in;   /* bytes of the undisturbed connection */
    uint64_t out;
};

/* Says everything; what was said before is ignored by its UserRefNum, or refused harmlessly. */
static void say_all(struct play *play)
{
    for (uint32_t i = 0; i < ORDERS && play->client->net != NULL; i++) {
        uint32_t number = play->base + 2 * i + 1;
        if (!client_enter(play->client, number, 'B', 10, 10000 + 100 * i) ||
            !client_replace(play->client, number, number + 1, 12, 10100 + 100 * i)) {
            return;
        }
        if (i % 2 == 1 && !client_cancel(play->client, number + 1, 0)) {
            return;
        }
    }
}

static uint32_t reference_of(const struct client_message *message)
{
    return bytes_load_be32(message->bytes + (message->bytes[0] == 'U' ? 13 : 9));
}

/* Whether the last replace of the play has its outcome: then all before it have theirs. */
static bool is_told(void *context)
{
    const struct play *play = context;
    uint32_t last = play->base + 2 * ORDERS;
    for (uint64_t i = play->client->count; i > 0; i--) {
        const struct client_message *message = &play->client->messages[i - 1];
        if (message->bytes[0] == 'C' && reference_of(message) == last) {
            return true;
        }
    }
    return false;
}

static bool is_told_or_gone(void *context)
{
    const struct play *play = context;
    return is_told(context) || play->client->net == NULL;
}

static bool is_live_or_gone(void *context)
{
    const struct play *play = context;
    return play->client->live || play->client->net == NULL;
}

/* One connection, with the cuts that are set. */
static void converse(struct play *play, uint64_t cut_in, uint64_t cut_out)
{
    struct client *client = play->client;
    client->cut_after_in = cut_in;
    client->cut_after_out = cut_out;
    client_connect(client, play->world->ouch_port, client->count + 1);
    world_until(play->world, is_live_or_gone, play);
    say_all(play);
    world_until(play->world, is_told_or_gone, play);
    play->in = client->in;
    play->out = client->out;
}

struct fills {
    uint64_t count;
    uint64_t lots;
};

static struct fills fills_of(const struct client *client)
{
    struct fills fills = {0};
    uint64_t last_match = 0;
    for (uint64_t i = 0; i < client->count; i++) {
        struct ouch_order_executed executed = {0};
        const struct client_message *message = &client->messages[i];
        if (message->bytes[0] != 'E') {
            continue;
        }
        assert_int_equal(ouch_decode_order_executed(message->bytes, message->count, &executed),
                         STATUS_OK);
        assert_true(executed.match_number > last_match); /* none twice */
        last_match = executed.match_number;
        fills.count++;
        fills.lots += executed.quantity;
    }
    return fills;
}

static bool is_idle(void *context)
{
    struct gateway_counts counts;
    const struct play *play = context;
    gateway_count(play->world->gateway, &counts);
    return counts.connections == 0;
}

/* A play with one cut, and what the venue says of it. */
static void play_cut(struct play *play, uint64_t cut_in, uint64_t cut_out, bool restart)
{
    struct client *client = play->client;
    uint64_t trades = play->world->trades;
    struct fills before = fills_of(client);
    play->world->now_ns += 1000000000; /* the session's rate is not what is tested here */
    converse(play, cut_in, cut_out);
    world_order(play->world, SIDE_SELL, 10000, 7, true); /* while it is away */
    if (restart) {
        world_restart_gateway(play->world);
    }
    if (!is_told(play)) {
        client_cut(client);
        converse(play, CLIENT_NO_CUT, CLIENT_NO_CUT);
    }
    assert_true(is_told(play));
    client_cut(client);
    world_until(play->world, is_idle, play);
    /* Everything that is left trades, and the client is told of it when it comes back. */
    world_order(play->world, SIDE_SELL, 10000, 1000, true);
    client->cut_after_in = CLIENT_NO_CUT;
    client->cut_after_out = CLIENT_NO_CUT;
    client_log_on(client, play->world->ouch_port, client->count + 1);
    struct fills after = fills_of(client);
    for (int turn = 0; turn < 2000 && after.count - before.count < play->world->trades - trades;
         turn++) {
        world_turn(play->world);
        after = fills_of(client);
    }
    assert_int_equal(after.count - before.count, play->world->trades - trades);
    client_cut(client);
    world_until(play->world, is_idle, play);
}

static void no_cut_loses_or_doubles_an_execution(void **state)
{
    (void)state;
    struct world world = {0};
    struct client client;
    struct play play = {.world = &world, .client = &client};
    uint64_t stride = getenv("DOJIMA_FULL") != NULL ? 1 : STRIDE;
    world_open(&world);
    client_init(&client, &world, 0);
    converse(&play, CLIENT_NO_CUT, CLIENT_NO_CUT);
    uint64_t in = play.in;
    uint64_t out = play.out;
    assert_true(in > 500 && out > 500);
    client_cut(&client);
    world_until(&world, is_idle, &play);
    unsigned plays = 0;
    for (uint64_t position = 1; position <= in || position <= out; position += stride, plays++) {
        play.base += 2 * ORDERS;
        play_cut(&play, position <= in ? position : CLIENT_NO_CUT, CLIENT_NO_CUT, plays % 5 == 0);
        play.base += 2 * ORDERS;
        play_cut(&play, CLIENT_NO_CUT, position <= out ? position : CLIENT_NO_CUT, plays % 5 == 1);
    }
    print_message("%u positions a direction of %llu bytes in, %llu out; %llu trades\n", plays,
                  (unsigned long long)in, (unsigned long long)out,
                  (unsigned long long)world.trades);
    client_deinit(&client);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_cut_loses_or_doubles_an_execution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
