/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: whatever breaks between a client and the venue, and whenever the venue dies, each client
 * ends with exactly the executions that the venue's log has, none lost, none doubled, no reset.
 *
 * Method: `dojima run` as a process, 16 clients of the C client (half OUCH, half native) that trade
 * at random with each other through a proxy that cuts every connection at a random byte; in
 * between the venue is killed with SIGKILL and started again on its log (--split: its gateway
 * alone, or both). Attacks 46 and 47 of docs/reference/attacks.md. At the end each client's book is
 * compared with the events log.
 */
#include "doors/arguments.h"
#include "doors/dealer.h"
#include "doors/proxy.h"
#include "doors/truth.h"
#include "doors/venue_process.h"

#include "base/assert.h"
#include "host/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLIENTS        16
#define SECOND_NS      INT64_C(1000000000)
#define PATIENCE_NS    (120 * SECOND_NS) /* without any progress */
#define CUT_BYTES_MAX  6000
#define ACTIONS_A_TURN 2

struct arguments {
    const char *binary;
    uint64_t disconnects;
    uint64_t kills;
    uint64_t seed;
    bool split;
};

struct test {
    struct arguments arguments;
    struct venue_process venue;
    struct venue_process_session sessions[CLIENTS];
    struct proxy proxy;
    struct dojima_client *client;
    struct dealer dealers[CLIENTS];
    struct prng prng;
    uint64_t kills;
    uint64_t gateway_kills; /* of these */
    int64_t progress_ns;    /* when somebody last heard something */
    uint64_t heard;
};

static bool take_arguments(struct arguments *arguments, int argc, char **argv)
{
    *arguments = (struct arguments){.disconnects = 300, .kills = 3, .seed = 1};
    const struct argument known[] = {
        {.option = "--binary", .text = &arguments->binary},
        {.option = "--disconnects", .number = &arguments->disconnects},
        {.option = "--kills", .number = &arguments->kills},
        {.option = "--seed", .number = &arguments->seed},
        {.option = "--split", .flag = &arguments->split},
    };
    if (!arguments_take(known, ARRAY_COUNT(known), argc, argv)) {
        return false;
    }
    return arguments->binary != NULL && arguments->disconnects > 0;
}

static bool start_venue(struct test *test)
{
    return venue_process_start(&test->venue) &&
           (test->venue.gateway_count == 0 || venue_process_start_gateway(&test->venue, 0));
}

static void open_dealers(struct test *test)
{
    enum dojima_result result = dojima_client_open(&test->client);
    ASSERT(result == DOJIMA_OK);
    for (size_t i = 0; i < CLIENTS; i++) {
        char address[32];
        bool native = i % 4 >= 2; /* both protocols with and without cancel on disconnect */
        proxy_address(&test->proxy, native, address);
        struct dojima_session_options options = {
            .address = address,
            .protocol = native ? DOJIMA_NATIVE : DOJIMA_OUCH,
            .username = test->sessions[i].name,
            .password = test->sessions[i].password,
            .next_number = 1,
            .plain = true,
            .reconnect_ms = 1,
        };
        dealer_open(&test->dealers[i], test->client, &options, test->arguments.seed * 100 + i);
        test->dealers[i].number = test->sessions[i].number;
    }
}

static bool all_well(struct test *test)
{
    uint64_t heard = 0;
    for (size_t i = 0; i < CLIENTS; i++) {
        const struct dealer *dealer = &test->dealers[i];
        heard += dealer->last_event;
        if (dealer->wrong[0] != '\0') {
            fprintf(stderr, "%s: %s\n", dealer->name, dealer->wrong);
            return false;
        }
    }
    int64_t now_ns = host_clock_monotonic_ns();
    if (heard != test->heard) {
        test->heard = heard;
        test->progress_ns = now_ns;
    }
    if (now_ns - test->progress_ns > PATIENCE_NS) {
        fprintf(stderr, "nothing moves any more\n");
        for (size_t i = 0; i < CLIENTS; i++) {
            const struct dealer *dealer = &test->dealers[i];
            fprintf(stderr, "  %s: state %d, event %" PRIu64 ", unanswered %zu\n", dealer->name,
                    (int)dojima_session_state(dealer->session), dealer->last_event,
                    dojima_session_unanswered(dealer->session));
        }
        return false;
    }
    return venue_process_lives(&test->venue);
}

/* A gateway whose engine was killed ends by itself, so both begin again. */
static bool kill_and_start(struct test *test)
{
    test->kills++;
    if (test->venue.gateway_count > 0 && prng_chance(&test->prng, 2, 3)) {
        test->gateway_kills++;
        venue_process_kill_gateway(&test->venue, 0);
        return venue_process_start_gateway(&test->venue, 0);
    }
    venue_process_kill(&test->venue);
    return start_venue(test);
}

static bool somebody_is_live(const struct test *test)
{
    for (size_t i = 0; i < CLIENTS; i++) {
        if (dojima_session_state(test->dealers[i].session) == DOJIMA_STATE_LIVE) {
            return true;
        }
    }
    return false;
}

/* Until enough connections were cut and the venue was killed often enough. */
static bool trade(struct test *test)
{
    const struct arguments *arguments = &test->arguments;
    uint64_t next_kill = arguments->disconnects / (arguments->kills + 1);
    while (test->proxy.cuts < arguments->disconnects || test->kills < arguments->kills) {
        dojima_client_tick(test->client, 0);
        proxy_tick(&test->proxy, 1000000);
        for (size_t i = 0; i < CLIENTS * ACTIONS_A_TURN; i++) {
            dealer_act(&test->dealers[i % CLIENTS]);
        }
        if (test->kills < arguments->kills && test->proxy.cuts >= next_kill &&
            somebody_is_live(test)) {
            next_kill += arguments->disconnects / (arguments->kills + 1);
            if (!kill_and_start(test)) {
                return false;
            }
        }
        if (!all_well(test)) {
            return false;
        }
    }
    return true;
}

static bool is_settled(const struct dealer *dealer)
{
    return dojima_session_state(dealer->session) == DOJIMA_STATE_LIVE &&
           dojima_session_unanswered(dealer->session) == 0;
}

/* No more cuts: everything is answered, then a last question, whose answer is behind it all. Asked
 * twice: what the first round of others did to our orders is then behind us too. */
static bool settle(struct test *test)
{
    test->proxy.bytes_max = 0;
    for (int round = 0; round < 3; round++) {
        size_t settled = 0;
        while (settled < CLIENTS) {
            settled = 0;
            dojima_client_tick(test->client, 0);
            proxy_tick(&test->proxy, 1000000);
            for (size_t i = 0; i < CLIENTS; i++) {
                settled += is_settled(&test->dealers[i]);
            }
            if (!all_well(test)) {
                return false;
            }
        }
        for (size_t i = 0; i < CLIENTS; i++) {
            enum dojima_result result =
                round < 2 ? dojima_query(test->dealers[i].session) : DOJIMA_OK;
            if (result != DOJIMA_OK) {
                fprintf(stderr, "the last question cannot be asked\n");
                return false;
            }
        }
    }
    return true;
}

static bool compare(struct test *test)
{
    struct truth truth;
    unsigned highest = 0;
    for (size_t i = 0; i < CLIENTS; i++) {
        highest = test->sessions[i].number > highest ? test->sessions[i].number : highest;
    }
    bool same = truth_read(&truth, &test->venue, highest + 1);
    uint64_t sent = 0;
    uint64_t fills = 0;
    uint64_t undecided = 0;
    uint64_t refused = 0;
    for (size_t i = 0; i < CLIENTS; i++) {
        const struct dealer *dealer = &test->dealers[i];
        same = truth_compare(&truth, dealer) && same;
        sent += dealer->sent;
        fills += dealer->fill_count;
        refused += dealer->not_sequenced;
        for (uint32_t reference = 1; reference <= dealer->highest; reference++) {
            undecided += dealer_outcome(dealer, reference) == DEALER_SENT;
        }
    }
    if (undecided > 0) {
        fprintf(stderr, "%" PRIu64 " orders have no outcome\n", undecided);
    }
    printf("%" PRIu64 " connections cut (%" PRIu64 " in their login) of %" PRIu64 ", %" PRIu64
           " kills (%" PRIu64 " of the gateway alone), %" PRIu64 " requests, %" PRIu64
           " not sequenced, %" PRIu64 " events, %" PRIu64 " trades, %" PRIu64 " fills told\n",
           test->proxy.cuts, test->proxy.cuts_in_login, test->proxy.connections, test->kills,
           test->gateway_kills, sent, refused, truth.events, truth.trades, fills);
    bool enough = fills > 0 && truth.trades > 0;
    truth_close(&truth);
    return same && undecided == 0 && enough;
}

static bool run(struct test *test)
{
    prng_init(&test->prng, test->arguments.seed);
    test->venue.binary = test->arguments.binary;
    test->venue.gateway_count = test->arguments.split ? 1 : 0;
    if (!venue_process_prepare(&test->venue, test->sessions, CLIENTS) || !start_venue(test) ||
        proxy_open(&test->proxy, test->arguments.seed + 7, test->venue.gateways[0].ouch,
                   test->venue.gateways[0].native) != STATUS_OK) {
        fprintf(stderr, "the venue or the proxy cannot be started\n");
        return false;
    }
    test->proxy.bytes_max = CUT_BYTES_MAX;
    test->progress_ns = host_clock_monotonic_ns();
    open_dealers(test);
    bool well = trade(test) && settle(test);
    dojima_client_close(test->client);
    proxy_close(&test->proxy);
    if (well && !venue_process_stop(&test->venue)) {
        fprintf(stderr, "the venue did not stop well\n");
        well = false;
    }
    venue_process_kill(&test->venue);
    return well && compare(test);
}

int main(int argc, char **argv)
{
    static struct test test;
    if (!take_arguments(&test.arguments, argc, argv)) {
        fprintf(stderr, "usage: cuts --binary FILE [--disconnects N] [--kills N] [--seed N] "
                        "[--split]\n");
        return 2;
    }
    bool well = run(&test);
    for (size_t i = 0; i < CLIENTS; i++) {
        dealer_close(&test.dealers[i]);
    }
    if (well) {
        venue_process_remove(&test.venue);
        printf("passed\n");
        return 0;
    }
    fprintf(stderr, "seed %" PRIu64 "; what the venue wrote is in %s\n", test.arguments.seed,
            test.venue.directory);
    return 1;
}
