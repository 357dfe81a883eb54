/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/small_venue.h"

#include "wire/native/text36.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

struct small_venue small;

static void note_order_event(const struct event *event, struct text *out)
{
    switch (event->header.id) {
    case EVENT_ACCEPTED:
        text_format(out, "A %" PRId64 "@%" PRId64, event->accepted.quantity.lots,
                    event->accepted.price.units == PRICE_NONE ? 0 : event->accepted.price.units);
        return;
    case EVENT_RESTED:
        text_format(out, "R %" PRId64 "@%" PRId64, event->rested.quantity.lots,
                    event->rested.price.units);
        return;
    case EVENT_REDUCED:
        text_format(out, "D %" PRId64 "/%" PRId64 " %s", event->reduced.quantity.lots,
                    event->reduced.remaining.lots, reason_name(event->reduced.reason));
        return;
    case EVENT_REMOVED:
        text_format(out, "X %" PRId64 " %s", event->removed.quantity.lots,
                    reason_name(event->removed.reason));
        return;
    case EVENT_REPLACED:
        text_format(out, "P %" PRId64 "/%" PRId64 "@%" PRId64 " %s", event->replaced.quantity.lots,
                    event->replaced.remaining.lots, event->replaced.price.units,
                    place_name(event->replaced.place));
        return;
    case EVENT_TRADE:
        text_format(out, "T %" PRId64 "@%" PRId64 " %" PRId64 "/%" PRId64,
                    event->trade.quantity.lots, event->trade.price.units,
                    event->trade.maker_remaining.lots, event->trade.taker_remaining.lots);
        return;
    default:
        text_format(out, "C %" PRId64 " %s", event->cancelled.quantity.lots,
                    reason_name(event->cancelled.reason));
        return;
    }
}

static void note_event(const struct event *event, struct text *out)
{
    switch (event->header.id) {
    case EVENT_REJECTED:
        text_format(out, "J %s %" PRId64 " %" PRId64, reject_name(event->rejected.code),
                    event->rejected.limit, event->rejected.value);
        return;
    case EVENT_DAY_ENDED:
        text_format(out, "day %" PRIu32 " %" PRIu32, event->day_ended.trading_day,
                    event->day_ended.orders_expired);
        return;
    case EVENT_SESSION_OPENED:
        text_format(out, "session %" PRIu32 ".%" PRIu32, event->session_opened.session,
                    event->session_opened.incarnation);
        return;
    case EVENT_SESSION_CLOSED:
        text_format(out, "closed %" PRIu32 ".%" PRIu32 " %" PRIu32, event->session_closed.session,
                    event->session_closed.incarnation, event->session_closed.orders);
        return;
    case EVENT_MASS_CANCELLED:
        text_format(out, "mass %" PRIu64 " %" PRIu32, event->mass_cancelled.tag,
                    event->mass_cancelled.orders);
        return;
    case EVENT_PREVENTED:
        text_format(out, "S %" PRId64 "@%" PRId64 " %" PRId64 "/%" PRId64 " %s",
                    event->prevented.quantity.lots, event->prevented.price.units,
                    event->prevented.maker_remaining.lots, event->prevented.taker_remaining.lots,
                    self_trade_name(event->prevented.mode));
        return;
    case EVENT_SESSION_RESERVED:
        text_format(out, "%u of %u", event->session_reserved.place, event->session_reserved.count);
        return;
    case EVENT_SESSION_FILLED:
        text_format(out, "filled %" PRIu64 " %u+%u", event->session_filled.first_event,
                    event->session_filled.used, event->session_filled.unused);
        return;
    case EVENT_REPLAYED:
        text_format(out, "again %" PRIu64 " %s", event->replayed.event_sequence,
                    event->replayed.code == 0 ? "OK" : reject_name(event->replayed.code));
        return;
    case EVENT_RESOLVED:
        text_format(out, "resolved %" PRIu64 " %s", event->resolved.event_sequence,
                    event->resolved.code == 0 ? "OK" : reject_name(event->resolved.code));
        return;
    default:
        if (event->header.id >= EVENT_ACCEPTED && event->header.id <= EVENT_CANCELLED) {
            note_order_event(event, out);
        } else {
            text_add(out, event_name(event->header.id));
        }
        return;
    }
}

/* Applies to both; the notation of the events, one line, separated by commas. */
const char *small_apply(struct command *command)
{
    struct text text;
    text_init(&text, small.notes, sizeof small.notes);
    small.sequence++;
    command->header.sequence = small.sequence;
    command->header.version = 1;
    if (command->header.time_ns == 0) {
        command->header.time_ns = small.time_ns;
    }
    twin_apply(&small.twin, command);
    subject_apply(&small.subject, command);
    const char *difference =
        subject_compare(&small.subject, small.twin.events, small.twin.event_count);
    if (difference != NULL) {
        fail_msg("engine and twin at command %u: %s", (unsigned)small.sequence, difference);
    }
    for (size_t i = 0; i < small.twin.event_count; i++) {
        text_add(&text, i == 0 ? "" : ", ");
        note_event(&small.twin.events[i], &text);
    }
    return small.notes;
}

const char *small_order(const struct command_new_order *in, const char *name)
{
    struct command command = {.header.id = COMMAND_NEW_ORDER};
    command.new_order = *in;
    command.new_order.account = in->account != 0 ? in->account : 1;
    command.new_order.instrument = in->instrument != 0 ? in->instrument : 1;
    command.new_order.capacity = CAPACITY_AGENCY;
    command.new_order.client_order_id = text36_from(name);
    if (in->order_type == 0) {
        command.new_order.order_type = ORDER_TYPE_LIMIT;
    }
    if (in->time_in_force == 0) {
        command.new_order.time_in_force = TIME_IN_FORCE_GTC;
    }
    return small_apply(&command);
}

const char *small_cancel(const char *name)
{
    struct command command = {.header.id = COMMAND_CANCEL};
    command.cancel.account = 1;
    command.cancel.client_order_id = text36_from(name);
    return small_apply(&command);
}

const char *small_reduce(const char *name, int64_t lots, enum reason reason)
{
    struct command command = {.header.id = COMMAND_REDUCE};
    command.reduce.account = 1;
    command.reduce.quantity.lots = lots;
    command.reduce.reason = reason;
    command.reduce.client_order_id = text36_from(name);
    return small_apply(&command);
}

const char *small_replace(const char *name, const char *new_name, int64_t lots, int64_t price)
{
    struct command command = {.header.id = COMMAND_REPLACE};
    command.replace.account = 1;
    command.replace.quantity.lots = lots;
    command.replace.price.units = price;
    command.replace.client_order_id = text36_from(name);
    command.replace.new_client_order_id = text36_from(new_name);
    return small_apply(&command);
}

const char *small_tick_at(uint64_t time)
{
    struct command command = {.header = {.id = COMMAND_TICK, .time_ns = time}};
    return small_apply(&command);
}

const char *small_end_of_day(uint32_t day)
{
    struct command command = {.header.id = COMMAND_END_OF_DAY};
    command.end_of_day.trading_day = day;
    return small_apply(&command);
}

int small_open(void **state)
{
    (void)state;
    struct command command = {.header.id = COMMAND_GENESIS};
    command.genesis = engine_limits_small();
    command.genesis.shard = 9;
    command.genesis.max_orders = 12;
    command.genesis.max_levels = 9;
    command.genesis.max_events_per_command = EVENTS_PER_COMMAND;
    command.genesis.max_timers_per_command = TIMERS_PER_COMMAND;
    command.genesis.max_recent_names = small.names_at_open;
    command.genesis.resend_window_s = 60;
    if (small.logic_at_open != 0) {
        command.genesis.logic_version = small.logic_at_open;
    }
    small.sequence = 0;
    small.time_ns = START_NS;
    twin_init(&small.twin, &command.genesis);
    subject_open(&small.subject, &command.genesis);
    assert_string_equal(small_apply(&command), "venue_opened");
    for (uint32_t i = 1; i <= 2; i++) {
        command = (struct command){.header.id = COMMAND_LIST_ASSET};
        command.list_asset = (struct command_list_asset){i, 2, {"MONEY"}};
        assert_string_equal(small_apply(&command), "asset_listed");
    }
    for (uint32_t i = 1; i <= 2; i++) {
        command = (struct command){.header.id = COMMAND_LIST_INSTRUMENT};
        command.list_instrument = (struct command_list_instrument){
            i, 1, 2, 2, 0, 0, 0, {5}, {50}, {200}, {2}, {1000}, 1, {"THING"}};
        assert_string_equal(small_apply(&command), "instrument_listed");
    }
    for (uint32_t i = 1; i <= 2; i++) {
        command = (struct command){.header.id = COMMAND_OPEN_ACCOUNT};
        command.open_account = (struct command_open_account){i, 7, 0, i == 1};
        assert_string_equal(small_apply(&command), "account_opened");
    }
    return 0;
}

int small_close(void **state)
{
    (void)state;
    subject_close(&small.subject);
    twin_deinit(&small.twin);
    return 0;
}
