/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: however often a command is sent, through whichever gateway, it is done once, and whoever
 * asks again is told the first result; a gateway that was left behind can do nothing.
 *
 * Method: the engine and two gateways as processes; 16 native sessions of 8 accounts keep their
 * windows full of orders, replaces and cancels that trade with each other. A part of all commands
 * is one of before, sent again: soon or much later, from either session of the account, with the
 * same body or another, or as a RESOLVE. Sessions move between the gateways in the midst of it.
 * Now and then a gateway is stopped with SIGSTOP, its sessions go on at the other one and send
 * again what was not answered, their old connections go on sending too, and then it wakes up. At
 * the end the events log is read and compared with what everyone sent and was told.
 */
#include "doors/arguments.h"
#include "doors/audit.h"
#include "doors/seat.h"

#include "base/assert.h"
#include "host/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS_NS           INT64_C(1000000)
#define PATIENCE_NS     (60000 * MS_NS) /* without any progress */
#define FROZEN_LEAST_NS (20 * MS_NS)
#define FROZEN_MOST_NS  (200 * MS_NS)
#define MOVES           300u
#define ZOMBIES         10u
#define GHOSTS          20u /* a session and turn */
#define ACTIONS_A_TURN  32u
#define RESENDS_LEAST   95u /* of a thousand commands, when the share is 10 % */
#define ELSEWHERE_LEAST 25u /* of a hundred resends */
#define TRADED_LEAST    20u /* of a hundred orders */
#define CROWDED_MOST    10u /* of a hundred orders and replaces: refused for want of room */
#define PROGRESS_STEPS  10u
#define SETTING_BYTES   64

struct arguments {
    const char *binary;
    const char *acknowledge;
    uint64_t commands;
    uint64_t seed;
    uint64_t share;
    uint64_t gateways;
};

struct test {
    struct arguments arguments;
    struct venue_process venue;
    struct venue_process_session sessions[SEATS];
    struct seats seats;
    char recent_names[SETTING_BYTES];
    char orders[SETTING_BYTES];
    char acknowledge[SETTING_BYTES];
    const char *settings[8];
    uint64_t heard;
    int64_t progress_ns; /* when somebody last heard something */
    int64_t thaw_ns;     /* of the frozen gateway, 0 = none is */
    unsigned zombie;     /* which */
    unsigned zombies;    /* how many there were */
};

static bool take_arguments(struct arguments *arguments, int argc, char **argv)
{
    *arguments = (struct arguments){
        .acknowledge = "fsync", .commands = 100000, .seed = 1, .share = 10, .gateways = 2};
    const struct argument known[] = {
        {.option = "--binary", .text = &arguments->binary},
        {.option = "--commands", .number = &arguments->commands},
        {.option = "--seed", .number = &arguments->seed},
        {.option = "--share", .number = &arguments->share},
        {.option = "--gateways", .number = &arguments->gateways},
        {.option = "--ack", .text = &arguments->acknowledge},
    };
    if (!arguments_take(known, ARRAY_COUNT(known), argc, argv)) {
        return false;
    }
    return arguments->binary != NULL && arguments->commands >= 1000 &&
           arguments->commands <= 100000000 && arguments->share >= 1 && arguments->share <= 90 &&
           arguments->gateways == VENUE_PROCESS_GATEWAYS_MAX;
}

static bool all_well(struct test *test)
{
    const struct seats *seats = &test->seats;
    if (seats->names.wrong[0] != '\0') {
        fprintf(stderr, "%s\n", seats->names.wrong);
        return false;
    }
    int64_t now_ns = host_clock_monotonic_ns();
    if (seats->counts.heard != test->heard) {
        test->heard = seats->counts.heard;
        test->progress_ns = now_ns;
    }
    if (now_ns - test->progress_ns > PATIENCE_NS) {
        fprintf(stderr, "nothing moves any more\n");
        for (size_t i = 0; i < SEATS; i++) {
            const struct seat *seat = &seats->all[i];
            fprintf(stderr,
                    "  seat %zu: step %d at gateway %u, number %" PRIu64 ", %" PRIu32
                    " under way, %" PRIu32 " lost\n",
                    i, (int)seat->step, seat->gateway, seat->next_number, seat->count,
                    seat->lost_count);
        }
        return false;
    }
    return venue_process_lives(&test->venue);
}

/* -- zombies ------------------------------------------------------------------------------- */

/* The gateway stands still with whatever it has; its sessions fill its sockets, and go. */
static bool freeze(struct test *test)
{
    struct seats *seats = &test->seats;
    struct prng *prng = &seats->prng;
    test->zombie = (unsigned)prng_below(prng, seats->gateways);
    if (!venue_process_freeze_gateway(&test->venue, test->zombie)) {
        return true; /* it is being started again: another time */
    }
    test->zombies++;
    seats->frozen = 1u << test->zombie;
    for (size_t i = 0; i < SEATS; i++) {
        struct seat *seat = &seats->all[i];
        if (seat->gateway != test->zombie || seat->step == SEAT_DOWN) {
            continue;
        }
        while (seat_act(seat)) {
        }
        /* Without a connection it will say that the session is lost. */
        seat_move(seat, (test->zombie + 1) % seats->gateways, prng_chance(prng, 1, 4));
    }
    test->thaw_ns = host_clock_monotonic_ns() + prng_between(prng, FROZEN_LEAST_NS, FROZEN_MOST_NS);
    return true;
}

static bool everyone_is_live(const struct seats *seats)
{
    for (size_t i = 0; i < SEATS; i++) {
        if (seats->all[i].step != SEAT_LIVE) {
            return false;
        }
    }
    return true;
}

/* It wakes once every session is live elsewhere: what it finds in its sockets is too late. */
static bool thaw(struct test *test)
{
    struct seats *seats = &test->seats;
    if (host_clock_monotonic_ns() < test->thaw_ns || !everyone_is_live(seats)) {
        return true;
    }
    seats_send_ghosts(seats, test->zombie, GHOSTS);
    seats_tick(seats, 0);
    test->thaw_ns = 0;
    seats->frozen = 0;
    return venue_process_thaw_gateway(&test->venue, test->zombie);
}

/* -- trading ------------------------------------------------------------------------------- */

/* One of those that are away goes home, or anyone goes elsewhere. */
static void move_one(struct test *test)
{
    struct seats *seats = &test->seats;
    size_t first = prng_below(&seats->prng, SEATS);
    struct seat *seat = &seats->all[first];
    for (size_t i = 0; i < SEATS; i++) {
        struct seat *other = &seats->all[(first + i) % SEATS];
        if (other->gateway != other->index % seats->gateways && other->step == SEAT_LIVE) {
            seat = other;
            break;
        }
    }
    if (seat->step == SEAT_LIVE) {
        seat_move(seat, (seat->gateway + 1) % seats->gateways, prng_chance(&seats->prng, 1, 2));
    }
}

static bool everyone_acts(struct seats *seats)
{
    bool sent = false;
    for (size_t i = 0; i < SEATS; i++) {
        for (unsigned k = 0; k < ACTIONS_A_TURN && seat_act(&seats->all[i]); k++) {
            sent = true;
        }
    }
    return sent;
}

static bool log_on(struct test *test)
{
    while (!everyone_is_live(&test->seats)) {
        seats_tick(&test->seats, MS_NS);
        if (!all_well(test)) {
            return false;
        }
    }
    return true;
}

static void print_progress(const struct test *test)
{
    const struct seats_counts *counts = &test->seats.counts;
    fprintf(stderr, "%" PRIu64 " of %" PRIu64 " commands, %" PRIu64 " entries heard\n",
            counts->sent, test->arguments.commands, counts->heard);
}

static bool trade(struct test *test)
{
    struct seats *seats = &test->seats;
    const uint64_t commands = test->arguments.commands;
    uint64_t next_move = commands / MOVES;
    uint64_t next_zombie = commands / (ZOMBIES + 1);
    uint64_t next_progress = commands / PROGRESS_STEPS;
    while (seats->counts.sent < commands) {
        bool sent = everyone_acts(seats);
        seats_tick(seats, sent ? 0 : MS_NS);
        if (seats->counts.sent >= next_progress) {
            next_progress += commands / PROGRESS_STEPS;
            print_progress(test);
        }
        bool well = true;
        if (test->thaw_ns != 0) {
            well = thaw(test);
        } else if (seats->counts.sent >= next_zombie) {
            if (everyone_is_live(seats)) {
                next_zombie += commands / (ZOMBIES + 1);
                well = freeze(test);
            }
        } else if (seats->counts.sent >= next_move) {
            next_move += commands / MOVES;
            move_one(test);
        }
        if (!well || !all_well(test)) {
            return false;
        }
    }
    return true;
}

static bool settle(struct test *test)
{
    struct seats *seats = &test->seats;
    for (size_t settled = 0; settled < SEATS || test->thaw_ns != 0;) {
        settled = 0;
        for (size_t i = 0; i < SEATS; i++) {
            struct seat *seat = &seats->all[i];
            while (seat->lost_count > 0 && seat_act(seat)) {
            }
            settled += seat_is_settled(seat);
        }
        seats_tick(seats, MS_NS);
        if ((test->thaw_ns != 0 && !thaw(test)) || !all_well(test)) {
            return false;
        }
    }
    return true;
}

/* Everything is answered; every order is taken back; then a question behind it all, asked twice:
 * what the first round of others did to our orders is then behind us too. */
static bool finish(struct test *test)
{
    struct seats *seats = &test->seats;
    bool well = settle(test);
    for (size_t i = 0; well && i < SEATS; i += SEATS_PER_ACCOUNT) {
        seat_mass_cancel(&seats->all[i]);
    }
    well = well && settle(test);
    for (int round = 0; well && round < 2; round++) {
        for (size_t i = 0; i < SEATS; i++) {
            seat_mark(&seats->all[i]);
        }
        well = settle(test);
    }
    return well;
}

/* -- the end ------------------------------------------------------------------------------- */

static void print(const struct test *test, const struct audit *audit, double seconds)
{
    const struct seats_counts *counts = &test->seats.counts;
    printf("%" PRIu64 " commands in %.1f s (%.0f/s), %" PRIu64 " sent again (%" PRIu64
           " through the other gateway, %" PRIu64 " never answered or not sequenced, %" PRIu64
           " with another body), %" PRIu64 " resolves, %" PRIu64 " replayed, %" PRIu64
           " refused as another body, %" PRIu64 " as fenced, %" PRIu64 " not sequenced\n",
           counts->sent, seconds, (double)counts->sent / seconds, counts->resends,
           counts->resends_elsewhere, counts->resends_lost, counts->other_bodies, counts->resolves,
           counts->replayed, counts->other_bodies_refused, counts->fenced, counts->not_sequenced);
    printf("%" PRIu64 " sessions moved, %u gateways stopped and woken, %" PRIu64
           " commands of fenced senders refused (%" PRIu64 " of %" PRIu64 " ghosts, %" PRIu64
           " session ends), %" PRIu64 " connections ended by the venue\n",
           counts->moves, test->zombies, audit->stale, audit->stale_ghosts, counts->ghosts,
           audit->stale_ends, counts->downs);
    printf("log: %" PRIu64 " events, %" PRIu64 " orders (%" PRIu64 " traded), %" PRIu64
           " refused (%" PRIu64 " for want of room), %" PRIu64 " replaced, %" PRIu64
           " trades of %" PRIu64 " lots, %" PRIu64 " replayed, %" PRIu64 " resolved (%" PRIu64
           " fenced), %" PRIu64 " logons late, %" PRIu64 " double executions\n",
           audit->events, audit->orders, audit->orders_traded, audit->refused, audit->crowded,
           audit->replaced, audit->trades, audit->lots, audit->replayed, audit->resolved,
           audit->fenced, audit->logons_late, audit->doubles);
}

static bool require(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "not covered: %s\n", what);
    }
    return holds;
}

/* A run that did not do what it is for has proven nothing. */
static bool covered(const struct test *test, const struct audit *audit)
{
    const struct seats_counts *counts = &test->seats.counts;
    uint64_t least = (uint64_t)RESENDS_LEAST * test->arguments.share / 10;
    /* What a busy venue refused, or a cut lost, comes on top of those that are sent again at will.
     */
    uint64_t at_will = counts->resends - counts->resends_lost;
    bool all = require(at_will * 1000 >= counts->sent * least, "resends");
    all = require(counts->resends_elsewhere * 100 >= at_will * ELSEWHERE_LEAST,
                  "resends through the other gateway") &&
          all;
    all =
        require(audit->orders_traded * 100 >= audit->orders * TRADED_LEAST, "orders that trade") &&
        all;
    uint64_t answered = audit->orders + audit->replaced + audit->refused;
    all =
        require(audit->crowded * 100 <= answered * CROWDED_MOST, "a venue with room for orders") &&
        all;
    all = require(counts->moves > 0 && counts->resends_lost > 0, "moved sessions") && all;
    all = require(counts->other_bodies_refused > 0, "other bodies") && all;
    all = require(audit->resolved > 0 && audit->fenced > 0, "resolves") && all;
    all =
        require(audit->replayed > 0 && audit->replaced > 0 && audit->refused > 0, "results") && all;
    return require(test->zombies > 0 && audit->stale_ghosts > 0 && audit->stale_ends > 0,
                   "commands of a gateway that was left behind") &&
           all;
}

static bool start(struct test *test)
{
    const struct arguments *arguments = &test->arguments;
    snprintf(test->recent_names, sizeof test->recent_names, "limits.recent_names=%" PRIu64,
             arguments->commands + arguments->commands / 8 + 65536);
    snprintf(test->orders, sizeof test->orders, "limits.orders=%" PRIu64,
             arguments->commands / 4 + 65536);
    snprintf(test->acknowledge, sizeof test->acknowledge, "data.acknowledge=%.16s",
             arguments->acknowledge);
    test->settings[0] = test->recent_names;
    test->settings[1] = test->acknowledge;
    test->settings[2] = "data.segment_bytes=64MiB";
    test->settings[3] = test->orders;
    test->settings[4] = NULL;
    test->venue.binary = arguments->binary;
    test->venue.settings = test->settings;
    test->venue.gateway_count = (unsigned)arguments->gateways;
    test->venue.sessions_per_account = SEATS_PER_ACCOUNT;
    bool well = venue_process_prepare(&test->venue, test->sessions, SEATS) &&
                venue_process_start(&test->venue);
    for (unsigned i = 0; well && i < arguments->gateways; i++) {
        well = venue_process_start_gateway(&test->venue, i);
    }
    return well;
}

static bool run(struct test *test)
{
    struct seats *seats = &test->seats;
    names_init(&seats->names, test->arguments.seed);
    prng_init(&seats->prng, test->arguments.seed);
    seats->gateways = (unsigned)test->arguments.gateways;
    seats->share = (unsigned)test->arguments.share;
    if (!start(test)) {
        fprintf(stderr, "the venue cannot be started\n");
        return false;
    }
    seats_open(seats, &test->venue, test->sessions);
    test->progress_ns = host_clock_monotonic_ns();
    int64_t begin_ns = test->progress_ns;
    bool well = log_on(test) && trade(test) && finish(test);
    double seconds = (double)(host_clock_monotonic_ns() - begin_ns) / 1e9;
    seats_close(seats);
    if (well && !venue_process_stop(&test->venue)) {
        fprintf(stderr, "the venue did not stop well\n");
        well = false;
    }
    venue_process_kill(&test->venue);
    if (!well) {
        return false;
    }
    struct audit audit;
    bool same = audit_read(&audit, &test->venue, seats);
    print(test, &audit, seconds);
    return covered(test, &audit) && same && audit.doubles == 0;
}

int main(int argc, char **argv)
{
    static struct test test;
    if (!take_arguments(&test.arguments, argc, argv)) {
        fprintf(stderr, "usage: resends --binary FILE [--commands N] [--seed N] [--share PERCENT] "
                        "[--gateways 2] [--ack fsync|memory]\n");
        return 2;
    }
    bool well = run(&test);
    names_deinit(&test.seats.names);
    if (well) {
        venue_process_remove(&test.venue);
        printf("passed\n");
        return 0;
    }
    fprintf(stderr, "seed %" PRIu64 "; what the venue wrote is in %s\n", test.arguments.seed,
            test.venue.directory);
    return 1;
}
