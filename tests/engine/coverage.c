/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/coverage.h"

#include "wire/native/event_codec.h"

#include <inttypes.h>
#include <stdio.h>

#define FULL_RUN_COMMANDS 1000000
#define EACH_IN_FULL_RUN  100 /* every code and reason, in a million commands */

static void note_kind(struct coverage *coverage, const struct twin *twin)
{
    const struct command_new_order *order = &twin->command->new_order;
    switch (twin->command->header.id) {
    case COMMAND_CANCEL:
        coverage->kinds[COVERAGE_CANCEL]++;
        break;
    case COMMAND_REDUCE:
        coverage->kinds[COVERAGE_REDUCE]++;
        break;
    case COMMAND_REPLACE:
        coverage->kinds[COVERAGE_REPLACE]++;
        break;
    case COMMAND_NEW_ORDER:
        coverage->kinds[COVERAGE_NEW]++;
        coverage->kinds[COVERAGE_MARKET] += order->order_type == ORDER_TYPE_MARKET;
        coverage->protected_market +=
            order->order_type == ORDER_TYPE_MARKET && order->price.units != PRICE_NONE;
        coverage->kinds[COVERAGE_IOC] += order->time_in_force == TIME_IN_FORCE_IOC;
        coverage->kinds[COVERAGE_FOK] += order->time_in_force == TIME_IN_FORCE_FOK;
        coverage->kinds[COVERAGE_POST_ONLY] += order->post_only != POST_ONLY_OFF;
        coverage->kinds[COVERAGE_LIMIT] += order->order_type == ORDER_TYPE_LIMIT &&
                                           order->time_in_force <= TIME_IN_FORCE_GTD &&
                                           order->post_only == POST_ONLY_OFF;
        break;
    default:
        break;
    }
}

void coverage_note(struct coverage *coverage, const struct twin *twin)
{
    bool rejected = false;
    bool traded = false;
    bool prevented = false;
    bool day_ended = false;
    for (size_t i = 0; i < twin->event_count; i++) {
        const struct event *event = &twin->events[i];
        coverage->events[event->header.id]++;
        switch (event->header.id) {
        case EVENT_REJECTED:
            rejected = true;
            coverage->rejects[event->rejected.code]++;
            break;
        case EVENT_TRADE:
            traded = true;
            coverage->trades[event->trade.instrument]++;
            break;
        case EVENT_PREVENTED:
            coverage->prevented[event->prevented.mode]++;
            prevented = true;
            break;
        case EVENT_RESTED:
            coverage->decremented_rest += prevented;
            break;
        case EVENT_REMOVED:
            coverage->removed[event->removed.reason]++;
            break;
        case EVENT_REDUCED:
            coverage->reduced[event->reduced.reason]++;
            break;
        case EVENT_CANCELLED:
            coverage->cancelled[event->cancelled.reason]++;
            break;
        case EVENT_REPLACED:
            coverage->places[event->replaced.place]++;
            break;
        case EVENT_ACCEPTED:
            coverage->tagged += event->accepted.cancel_on_disconnect;
            coverage->budgets += event->accepted.budget != UINT32_MAX;
            coverage->slides += event->accepted.price.units != twin->command->new_order.price.units;
            break;
        default:
            day_ended = day_ended || event->header.id == EVENT_DAY_ENDED;
            break;
        }
    }
    coverage->commands++;
    coverage->mass_cancels_left += twin->mass_cancel_count > 0;
    for (uint32_t i = 1; i <= twin->limits.max_sessions; i++) {
        coverage->sweeps_left += twin->sessions[i].sweep_until != 0;
    }
    coverage->commands_trading += traded;
    if (!rejected) {
        note_kind(coverage, twin);
        bool slice = twin->command->header.id == COMMAND_END_OF_DAY && !day_ended;
        coverage->day_slices += slice;
        coverage->day_slices_of_looks +=
            slice && twin->event_count + 1 < twin->limits.max_events_per_command;
    }
}

void coverage_note_books(struct coverage *coverage, const struct twin *twin)
{
    for (uint32_t i = 1; i <= twin->limits.max_instruments; i++) {
        size_t levels = twin_count_side_levels(&twin->instruments[i].buys) +
                        twin_count_side_levels(&twin->instruments[i].sells);
        if (levels > coverage->levels_max) {
            coverage->levels_max = levels;
        }
    }
    size_t orders = twin_count_orders(twin);
    if (orders > coverage->orders_max) {
        coverage->orders_max = orders;
    }
}

static bool line(const char *name, uint64_t met, uint64_t least)
{
    bool enough = met >= least;
    printf("  %-34s %10" PRIu64 "  of at least %7" PRIu64 "%s\n", name, met, least,
           enough ? "" : "   TOO FEW");
    return enough;
}

static bool print_reasons(const char *event, const uint64_t *met, const enum reason *reasons,
                          size_t count, uint64_t least)
{
    bool enough = true;
    for (size_t i = 0; i < count; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s %s", event, reason_name(reasons[i]));
        enough = line(name, met[reasons[i]], least) && enough;
    }
    return enough;
}

static bool print_events(const struct coverage *coverage, uint64_t least)
{
    static const enum reason removed[] = {REASON_REQUESTED,        REASON_EXPIRED,
                                          REASON_END_OF_DAY,       REASON_REPLACED,
                                          REASON_REPLAY_RECONCILE, REASON_OFF_BOOK_EXECUTION,
                                          REASON_DISCONNECTED,     REASON_DEAD_MAN,
                                          REASON_MASS_CANCEL,      REASON_SELF_TRADE};
    static const enum reason reduced[] = {REASON_REQUESTED, REASON_REPLACED,
                                          REASON_REPLAY_RECONCILE, REASON_OFF_BOOK_EXECUTION,
                                          REASON_SELF_TRADE};
    static const enum reason cancelled[] = {REASON_IOC_REMAINDER, REASON_FOK_NOT_FILLABLE,
                                            REASON_MARKET_REMAINDER, REASON_MATCH_LIMIT,
                                            REASON_MINIMUM_NOT_FILLABLE};
    bool enough = true;
    for (unsigned i = 1; i <= EVENT_KIND_COUNT; i++) {
        /* Those of the opening come once a run; a list is full after a few more. */
        bool often = i == EVENT_SOURCE_OPENED || (i >= EVENT_REJECTED && i != EVENT_LOGIC_CHANGED);
        enough = line(event_name(i), coverage->events[i], often ? least : 1) && enough;
    }
    enough =
        print_reasons("removed", coverage->removed, removed, ARRAY_COUNT(removed), least) && enough;
    enough =
        print_reasons("reduced", coverage->reduced, reduced, ARRAY_COUNT(reduced), least) && enough;
    enough =
        print_reasons("cancelled", coverage->cancelled, cancelled, ARRAY_COUNT(cancelled), least) &&
        enough;
    enough = line("replaced, place kept", coverage->places[PLACE_KEPT], least) && enough;
    enough = line("replaced, place lost", coverage->places[PLACE_LOST], least) && enough;
    for (unsigned i = SELF_TRADE_CANCEL_NEWEST; i <= SELF_TRADE_DECREMENT; i++) {
        char name[64];
        snprintf(name, sizeof name, "prevented %s", self_trade_name(i));
        enough = line(name, coverage->prevented[i], least) && enough;
    }
    enough = line("rested behind a prevention", coverage->decremented_rest, least) && enough;
    enough = line("slides", coverage->slides, least) && enough;
    enough = line("market, with protection", coverage->protected_market, least) && enough;
    enough = line("accepted, tagged", coverage->tagged, least) && enough;
    enough = line("accepted, with a budget", coverage->budgets, least) && enough;
    enough = line("unfinished sweeps of sessions", coverage->sweeps_left, least) && enough;
    enough = line("unfinished mass cancels", coverage->mass_cancels_left, least) && enough;
    enough = line("unfinished slices of END_OF_DAY", coverage->day_slices, least) && enough;
    return line("of them, full of looks", coverage->day_slices_of_looks, least) && enough;
}

bool coverage_print(const struct coverage *coverage)
{
    static const char *const kinds[COVERAGE_KIND_COUNT] = {
        "limit", "market", "IOC", "FOK", "post-only", "new", "cancel", "reduce", "replace",
    };
    uint64_t least = EACH_IN_FULL_RUN * coverage->commands / FULL_RUN_COMMANDS;
    uint64_t instruments = 0;
    for (size_t i = 0; i < COVERAGE_INSTRUMENTS; i++) {
        instruments += coverage->trades[i] > 0;
    }
    printf("coverage\n");
    bool enough = line("commands", coverage->commands, 1);
    enough =
        line("commands that trade", coverage->commands_trading, coverage->commands / 5) && enough;
    enough = line("instruments that trade", instruments, 8) && enough;
    enough = line("most levels in one book", coverage->levels_max, 200) && enough;
    line("most orders", coverage->orders_max, 0);
    for (unsigned i = 0; i < COVERAGE_KIND_COUNT; i++) {
        enough = line(kinds[i], coverage->kinds[i], coverage->commands / 20) && enough;
    }
    for (unsigned i = 1; i <= REJECT_COUNT; i++) {
        if (i == REJECT_LOG_NEARLY_FULL || i == REJECT_LOGIC_UNKNOWN || i == REJECT_LATER_RULES) {
            continue; /* of the door alone: the engine knows no disk and no later release */
        }
        enough = line(reject_name(i), coverage->rejects[i], least) && enough;
    }
    return print_events(coverage, least) && enough;
}
