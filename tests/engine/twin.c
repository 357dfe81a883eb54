/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/twin.h"

#include "base/assert.h"
#include "tests/engine/twin_steps.h"

#include <stdlib.h>
#include <string.h>

static struct twin_refusal check_expired(const struct twin *twin);
static unsigned first_invalid_field(const struct command *command);
static struct twin_refusal apply_kind(struct twin *twin);
static void fire_timers(struct twin *twin);
static void emit_rejected(struct twin *twin, struct twin_refusal refusal, bool fields_known);

/* The rules of "Every command", in their order. */
void twin_apply(struct twin *twin, const struct command *command)
{
    twin->command = command;
    twin->event_count = 0;
    twin->budget = UINT32_MAX;
    twin->name_is_new = false;
    if (command->header.time_ns > twin->time_ns) {
        twin->time_ns = command->header.time_ns;
    }
    if (!twin->opened) {
        ASSERT(command->header.id == COMMAND_GENESIS);
        twin->opened = true;
        twin->logic = command->genesis.logic_version;
        struct event *event = TWIN_EMIT(twin, VENUE_OPENED);
        event->venue_opened.shard = command->genesis.shard;
        event->venue_opened.logic_version = command->genesis.logic_version;
        return;
    }
    fire_timers(twin);
    twin_sweep_before(twin);
    struct twin_refusal refusal = twin_check_session(twin);
    if (refusal.code == REJECT_NONE) {
        refusal = check_expired(twin);
    }
    if (refusal.code == REJECT_NONE) {
        unsigned field = first_invalid_field(command);
        if (field != 0) {
            emit_rejected(twin, refuse(REJECT_INVALID_FIELD, 0, field), false);
            return;
        }
        refusal = apply_kind(twin);
    }
    if (refusal.code != REJECT_NONE) {
        emit_rejected(twin, refusal, refusal.code != REJECT_INVALID_FIELD);
        if (twin->name_is_new && command->header.id == COMMAND_NEW_ORDER) {
            twin_note_name(twin, command->new_order.account, &command->new_order.client_order_id,
                           refusal.code);
        } else if (twin->name_is_new) {
            twin_note_name(twin, command->replace.account, &command->replace.new_client_order_id,
                           refusal.code);
        }
    }
}

static void fire_timers(struct twin *twin)
{
    for (uint32_t fired = 0; fired < twin->limits.max_timers_per_command; fired++) {
        if (twin->timers.count == 0 || twin->timers.at[0]->expire_time > twin->time_ns) {
            return;
        }
        if (twin_makes_fault(twin, TWIN_FAULT_TIMER_LATE)) {
            return;
        }
        twin_remove(twin, twin->timers.at[0], REASON_EXPIRED);
    }
}

static struct twin_refusal check_expired(const struct twin *twin)
{
    const struct command_header *header = &twin->command->header;
    if (header->id == COMMAND_GENESIS || header->valid_for_us == 0) {
        return pass();
    }
    if (header->valid_for_us > 60000000) {
        return refuse(REJECT_VALID_FOR_TOO_LONG, 60000000, header->valid_for_us);
    }
    uint64_t valid_until = header->time_ns + (uint64_t)header->valid_for_us * 1000;
    if (twin->time_ns > valid_until) {
        return refuse(REJECT_COMMAND_EXPIRED, (int64_t)valid_until, (int64_t)twin->time_ns);
    }
    return pass();
}

static bool printable(const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] < 0x21 || bytes[i] > 0x7e) {
            return false;
        }
    }
    return true;
}

static bool text_valid(const struct text36 *text)
{
    return text->count >= 1 && text->count <= TEXT36_BYTES_MAX &&
           printable(text->bytes, text->count);
}

static bool chars_valid(const struct chars16 *chars)
{
    size_t count = 0;
    while (count < sizeof chars->bytes && chars->bytes[count] != 0) {
        count++;
    }
    for (size_t i = count; i < sizeof chars->bytes; i++) {
        if (chars->bytes[i] != 0) {
            return false;
        }
    }
    return count >= 1 && printable(chars->bytes, count);
}

static bool within(int value, int low, int high)
{
    return value >= low && value <= high;
}

static unsigned first_invalid_order_field(const struct command_new_order *order)
{
    if (!within((int)order->side, SIDE_BUY, SIDE_SELL)) {
        return 7;
    }
    if (!within((int)order->order_type, ORDER_TYPE_LIMIT, ORDER_TYPE_MARKET)) {
        return 8;
    }
    if (!within((int)order->time_in_force, TIME_IN_FORCE_DAY, TIME_IN_FORCE_FOK)) {
        return 9;
    }
    if (!within((int)order->post_only, POST_ONLY_OFF, POST_ONLY_SLIDE)) {
        return 10;
    }
    if (!within((int)order->capacity, CAPACITY_AGENCY, CAPACITY_RISKLESS_PRINCIPAL)) {
        return 11;
    }
    if (!within((int)order->on_disconnect, ON_DISCONNECT_DEFAULT, ON_DISCONNECT_CANCEL)) {
        return 12;
    }
    return text_valid(&order->client_order_id) ? 0 : 13;
}

static unsigned first_invalid_instrument_field(const struct command_list_instrument *terms)
{
    if (terms->negative_prices > 1) {
        return 6;
    }
    if (terms->itch > 1) {
        return 7;
    }
    return chars_valid(&terms->symbol) ? 0 : 14;
}

static unsigned first_invalid_field(const struct command *command)
{
    switch (command->header.id) {
    case COMMAND_LIST_ASSET:
        return chars_valid(&command->list_asset.code) ? 0 : 3;
    case COMMAND_LIST_INSTRUMENT:
        return first_invalid_instrument_field(&command->list_instrument);
    case COMMAND_OPEN_ACCOUNT:
        return command->open_account.unlimited <= 1 ? 0 : 4;
    case COMMAND_NEW_ORDER:
        return first_invalid_order_field(&command->new_order);
    case COMMAND_CANCEL:
        return text_valid(&command->cancel.client_order_id) ? 0 : 2;
    case COMMAND_REDUCE:
        if (!within((int)command->reduce.reason, REASON_REQUESTED, REASON_MASS_CANCEL)) {
            return 3;
        }
        return text_valid(&command->reduce.client_order_id) ? 0 : 4;
    case COMMAND_REPLACE:
        if (!text_valid(&command->replace.client_order_id)) {
            return 4;
        }
        return text_valid(&command->replace.new_client_order_id) ? 0 : 5;
    case COMMAND_RESOLVE:
        return text_valid(&command->resolve.client_order_id) ? 0 : 2;
    case COMMAND_LOGON:
        return command->logon.cancel_on_disconnect <= 1 ? 0 : 7;
    case COMMAND_SET_PHASE:
        if (!within((int)command->set_phase.phase, PHASE_OPEN, PHASE_CLOSED)) {
            return 2;
        }
        return within((int)command->set_phase.reason, PHASE_REASON_SCHEDULED,
                      PHASE_REASON_TECHNICAL)
                   ? 0
                   : 3;
    case COMMAND_SESSION_LOST:
        return within((int)command->session_lost.reason, SESSION_END_LOGGED_OUT,
                      SESSION_END_GATEWAY_LOST)
                   ? 0
                   : 1;
    case COMMAND_SET_BLOCK:
        if (!within((int)command->set_block.target, BLOCK_TARGET_PARTICIPANT,
                    BLOCK_TARGET_SESSION)) {
            return 2;
        }
        return command->set_block.blocked <= 1 ? 0 : 3;
    case COMMAND_SET_GROUP:
        return within((int)command->set_group.mode, SELF_TRADE_NONE, SELF_TRADE_DECREMENT) ? 0 : 2;
    case COMMAND_SESSION_ADMIN:
        if (!within((int)command->session_admin.kind, ADMIN_KIND_NOTE, ADMIN_KIND_FILL)) {
            return 1;
        }
        return within((int)command->session_admin.note, SESSION_NOTE_NONE,
                      SESSION_NOTE_GATEWAY_STOPS)
                   ? 0
                   : 2;
    default:
        return 0;
    }
}

static void emit_rejected(struct twin *twin, struct twin_refusal refusal, bool fields_known)
{
    const struct command *command = twin->command;
    struct event_rejected *rejected = &TWIN_EMIT(twin, REJECTED)->rejected;
    rejected->session = command->header.session;
    rejected->command = command->header.id;
    rejected->budget = twin->budget;
    rejected->code = (uint16_t)refusal.code;
    rejected->limit = refusal.limit;
    rejected->value = refusal.value;
    if (!fields_known) {
        return;
    }
    if (command->header.id == COMMAND_NEW_ORDER) {
        rejected->account = command->new_order.account;
        rejected->instrument = command->new_order.instrument;
        rejected->client_order_id = command->new_order.client_order_id;
    } else if (command->header.id == COMMAND_CANCEL) {
        rejected->account = command->cancel.account;
        rejected->client_order_id = command->cancel.client_order_id;
    } else if (command->header.id == COMMAND_REDUCE) {
        rejected->account = command->reduce.account;
        rejected->client_order_id = command->reduce.client_order_id;
    } else if (command->header.id == COMMAND_REPLACE) {
        rejected->account = command->replace.account;
        rejected->client_order_id = command->replace.client_order_id;
        rejected->new_client_order_id = command->replace.new_client_order_id;
    } else if (command->header.id == COMMAND_RESOLVE) {
        rejected->account = command->resolve.account;
        rejected->client_order_id = command->resolve.client_order_id;
    }
    if (!text_valid(&rejected->client_order_id)) {
        rejected->client_order_id = (struct text36){0};
    }
    if (!text_valid(&rejected->new_client_order_id)) {
        rejected->new_client_order_id = (struct text36){0};
    }
}

static struct twin_refusal list_asset(struct twin *twin)
{
    const struct command_list_asset *in = &twin->command->list_asset;
    if (in->asset == 0) {
        return refuse(REJECT_INVALID_FIELD, 0, 1);
    }
    if (in->scale > 18) {
        return refuse(REJECT_INVALID_FIELD, 0, 2);
    }
    if (in->asset <= twin->limits.max_assets && twin->assets[in->asset].listed) {
        return refuse(REJECT_ALREADY_EXISTS, 0, in->asset);
    }
    if (in->asset > twin->limits.max_assets) {
        return refuse(REJECT_TABLE_FULL, twin->limits.max_assets, in->asset);
    }
    twin->assets[in->asset] = (struct twin_asset){.listed = true, .scale = in->scale};
    struct event_asset_listed *out = &TWIN_EMIT(twin, ASSET_LISTED)->asset_listed;
    out->asset = in->asset;
    out->scale = in->scale;
    out->code = in->code;
    return pass();
}

/* By the number of the field; 0 if none is wrong. */
static unsigned first_wrong_term(const struct twin *twin, const struct command_list_instrument *in)
{
    if (in->instrument == 0) {
        return 1;
    }
    if (in->quote_asset == in->base_asset) {
        return 3;
    }
    if (in->price_scale > 18) {
        return 4;
    }
    if (in->quantity_scale > 18) {
        return 5;
    }
    if (in->tick.units < 1) {
        return 8;
    }
    if (in->lowest_price.units == PRICE_NONE ||
        (in->lowest_price.units < 0 && in->negative_prices == 0)) {
        return 9;
    }
    if (in->highest_price.units < in->lowest_price.units) {
        return 10;
    }
    if (in->lot.lots < 1) {
        return 11;
    }
    if (in->largest_quantity.lots < in->lot.lots ||
        in->largest_quantity.lots > INT64_MAX / twin->limits.max_orders) {
        return 12;
    }
    return in->multiplier < 1 ? 13 : 0;
}

static unsigned count_factor(int64_t value, int64_t factor)
{
    unsigned count = 0;
    while (value % factor == 0) {
        value /= factor;
        count++;
    }
    return count;
}

/* 10^n divides a product when its twos and its fives are both at least n. */
static bool notional_exact(const struct command_list_instrument *in, unsigned quote_scale)
{
    unsigned needed = (unsigned)in->price_scale + in->quantity_scale;
    unsigned twos = quote_scale + count_factor(in->lot.lots, 2) + count_factor(in->multiplier, 2);
    unsigned fives = quote_scale + count_factor(in->lot.lots, 5) + count_factor(in->multiplier, 5);
    return twos >= needed && fives >= needed;
}

static struct twin_refusal list_instrument(struct twin *twin)
{
    const struct command_list_instrument *in = &twin->command->list_instrument;
    const struct command_genesis *limits = &twin->limits;
    unsigned wrong = first_wrong_term(twin, in);
    if (wrong != 0) {
        return refuse(REJECT_INVALID_FIELD, 0, wrong);
    }
    if (twin_find_instrument(twin, in->instrument) != NULL) {
        return refuse(REJECT_ALREADY_EXISTS, 0, in->instrument);
    }
    if (in->instrument > limits->max_instruments) {
        return refuse(REJECT_TABLE_FULL, limits->max_instruments, in->instrument);
    }
    if (in->base_asset > limits->max_assets || !twin->assets[in->base_asset].listed) {
        return refuse(REJECT_UNKNOWN_ASSET, 0, in->base_asset);
    }
    if (in->quote_asset > limits->max_assets || !twin->assets[in->quote_asset].listed) {
        return refuse(REJECT_UNKNOWN_ASSET, 0, in->quote_asset);
    }
    if (!notional_exact(in, twin->assets[in->quote_asset].scale)) {
        return refuse(REJECT_NOTIONAL_NOT_EXACT, 0, 0);
    }
    twin->instruments[in->instrument].listed = true;
    twin->instruments[in->instrument].phase = PHASE_OPEN;
    twin->instruments[in->instrument].terms = *in;
    struct event_instrument_listed *out = &TWIN_EMIT(twin, INSTRUMENT_LISTED)->instrument_listed;
    out->instrument = in->instrument;
    out->base_asset = in->base_asset;
    out->quote_asset = in->quote_asset;
    out->price_scale = in->price_scale;
    out->quantity_scale = in->quantity_scale;
    out->negative_prices = in->negative_prices;
    out->itch = in->itch;
    out->tick = in->tick;
    out->lowest_price = in->lowest_price;
    out->highest_price = in->highest_price;
    out->lot = in->lot;
    out->largest_quantity = in->largest_quantity;
    out->multiplier = in->multiplier;
    out->symbol = in->symbol;
    return pass();
}

static struct twin_refusal open_account(struct twin *twin)
{
    const struct command_open_account *in = &twin->command->open_account;
    if (in->account == 0) {
        return refuse(REJECT_INVALID_FIELD, 0, 1);
    }
    if (in->participant == 0) {
        return refuse(REJECT_INVALID_FIELD, 0, 2);
    }
    if (twin_find_account(twin, in->account) != NULL) {
        return refuse(REJECT_ALREADY_EXISTS, 0, (int64_t)in->account);
    }
    if (twin->account_count == twin->limits.max_accounts) {
        return refuse(REJECT_TABLE_FULL, twin->limits.max_accounts, (int64_t)in->account);
    }
    for (size_t i = 0; i < twin->account_count; i++) {
        if (twin->accounts[i].terms.participant == in->participant) {
            twin->accounts[twin->account_count].participant_blocked =
                twin->accounts[i].participant_blocked;
        }
    }
    twin->accounts[twin->account_count].terms = *in;
    twin->account_count++;
    struct event *event = TWIN_EMIT(twin, ACCOUNT_OPENED);
    event->account_opened.account = in->account;
    event->account_opened.participant = in->participant;
    if (twin->logic >= 2) {
        event->account_opened.self_trade_group = in->self_trade_group;
    } else {
        event->header.version = 1;
    }
    return pass();
}

static struct twin_refusal operator_alone(const struct twin *twin)
{
    uint32_t session = twin->command->header.session;
    return session == 0 ? pass() : refuse(REJECT_OPERATOR_ONLY, 0, session);
}

static struct twin_refusal set_phase(struct twin *twin)
{
    const struct command_set_phase *in = &twin->command->set_phase;
    struct twin_refusal refusal = operator_alone(twin);
    if (refusal.code != REJECT_NONE) {
        return refusal;
    }
    if (in->instrument != 0 && twin_find_instrument(twin, in->instrument) == NULL) {
        return refuse(REJECT_UNKNOWN_INSTRUMENT, 0, in->instrument);
    }
    for (uint32_t i = 1; i <= twin->limits.max_instruments; i++) {
        if (in->instrument == 0 || in->instrument == i) {
            twin->instruments[i].phase = in->phase;
        }
    }
    struct event_phase *out = &TWIN_EMIT(twin, PHASE)->phase;
    out->instrument = in->instrument;
    out->phase = in->phase;
    out->reason = in->reason;
    return pass();
}

static struct twin_refusal block(struct twin *twin, const struct command_set_block *in)
{
    bool found = false;
    if (in->target == BLOCK_TARGET_SESSION) {
        struct twin_session *session =
            in->number > UINT32_MAX ? NULL : twin_find_session(twin, (uint32_t)in->number);
        if (session == NULL || session->incarnation == 0) {
            return refuse(REJECT_UNKNOWN_SESSION, 0, (int64_t)in->number);
        }
        session->blocked = in->blocked == 1;
        return pass();
    }
    for (size_t i = 0; i < twin->account_count; i++) {
        struct twin_account *account = &twin->accounts[i];
        if (in->target == BLOCK_TARGET_ACCOUNT && account->terms.account == in->number) {
            account->blocked = in->blocked == 1;
            found = true;
        } else if (in->target == BLOCK_TARGET_PARTICIPANT &&
                   account->terms.participant == in->number) {
            account->participant_blocked = in->blocked == 1;
            found = true;
        }
    }
    if (found) {
        return pass();
    }
    return refuse(in->target == BLOCK_TARGET_ACCOUNT ? REJECT_UNKNOWN_ACCOUNT
                                                     : REJECT_UNKNOWN_PARTICIPANT,
                  0, (int64_t)in->number);
}

static struct twin_refusal set_block(struct twin *twin)
{
    const struct command_set_block *in = &twin->command->set_block;
    struct twin_refusal refusal = operator_alone(twin);
    if (refusal.code == REJECT_NONE) {
        refusal = block(twin, in);
    }
    if (refusal.code == REJECT_NONE) {
        struct event_block_set *out = &TWIN_EMIT(twin, BLOCK_SET)->block_set;
        out->number = in->number;
        out->target = in->target;
        out->blocked = in->blocked;
    }
    return refusal;
}

static struct twin_refusal set_group(struct twin *twin)
{
    const struct command_set_group *in = &twin->command->set_group;
    struct twin_refusal refusal = operator_alone(twin);
    if (refusal.code == REJECT_NONE && in->self_trade_group == 0) {
        refusal = refuse(REJECT_INVALID_FIELD, 0, 1);
    }
    if (refusal.code == REJECT_NONE && in->self_trade_group > twin->limits.max_accounts) {
        refusal = refuse(REJECT_TABLE_FULL, twin->limits.max_accounts, in->self_trade_group);
    }
    if (refusal.code == REJECT_NONE) {
        twin->groups[in->self_trade_group] = in->mode;
        struct event_group_set *out = &TWIN_EMIT(twin, GROUP_SET)->group_set;
        out->self_trade_group = in->self_trade_group;
        out->mode = in->mode;
    }
    return refusal;
}

static struct twin_refusal logic_version(struct twin *twin)
{
    uint16_t wanted = twin->command->logic_version.logic_version;
    struct twin_refusal refusal = operator_alone(twin);
    if (refusal.code == REJECT_NONE && wanted <= twin->logic) {
        refusal = refuse(REJECT_LOGIC_NOT_LATER, twin->logic, wanted);
    }
    if (refusal.code == REJECT_NONE) {
        struct event_logic_changed *out = &TWIN_EMIT(twin, LOGIC_CHANGED)->logic_changed;
        out->before = (uint16_t)twin->logic;
        out->logic_version = wanted;
        twin->logic = wanted;
    }
    return refusal;
}

static bool walk_has_passed(const struct twin_walk *walk, const struct twin_order *order)
{
    if (order->instrument != walk->instrument) {
        return order->instrument < walk->instrument;
    }
    if (order->side != walk->side) {
        return order->side == SIDE_BUY;
    }
    if (walk->reference == 0) {
        return false;
    }
    if (order->price != walk->price) {
        return (order->price > walk->price) == (walk->side == SIDE_BUY);
    }
    return order->reference <= walk->reference;
}

struct twin_order *twin_next_of_walk(const struct twin *twin, const struct twin_walk *walk)
{
    for (uint32_t i = 1; i <= twin->limits.max_instruments; i++) {
        const struct twin_list *sides[2] = {&twin->instruments[i].buys,
                                            &twin->instruments[i].sells};
        for (size_t s = 0; s < 2; s++) {
            for (size_t at = 0; at < sides[s]->count; at++) {
                if (!walk_has_passed(walk, sides[s]->at[at])) {
                    return sides[s]->at[at];
                }
            }
        }
    }
    return NULL;
}

/* False if the slice is full before the end. */
static bool expire_day_orders(struct twin *twin)
{
    struct twin_walk *walk = &twin->walk;
    for (uint64_t looks = 0;; looks++) {
        struct twin_order *order = twin_next_of_walk(twin, walk);
        if (order == NULL) {
            return true;
        }
        if (order->instrument != walk->instrument || order->side != walk->side) {
            *walk = (struct twin_walk){.instrument = order->instrument, .side = order->side};
        }
        bool leaves = order->time_in_force == TIME_IN_FORCE_DAY;
        bool full = twin->event_count + 1 >= twin->limits.max_events_per_command;
        if (looks == 4 * (uint64_t)twin->limits.max_events_per_command || (leaves && full)) {
            return false;
        }
        walk->price = order->price;
        walk->reference = order->reference;
        if (leaves) {
            twin_remove(twin, order, REASON_END_OF_DAY);
            twin->day_expired++;
        }
    }
}

static struct twin_refusal end_of_day(struct twin *twin)
{
    uint32_t day = twin->command->end_of_day.trading_day;
    uint32_t month = day / 100 % 100;
    bool four_digits = day >= 10000000 && day <= 99999999;
    if (!four_digits || month < 1 || month > 12 || day % 100 < 1 || day % 100 > 31) {
        return refuse(REJECT_INVALID_FIELD, 0, 1);
    }
    if (day <= twin->day_ended) {
        return refuse(REJECT_TRADING_DAY_NOT_LATER, twin->day_ended, day);
    }
    if (!expire_day_orders(twin)) {
        return pass();
    }
    struct event_day_ended *out = &TWIN_EMIT(twin, DAY_ENDED)->day_ended;
    out->trading_day = day;
    out->orders_expired = twin->day_expired;
    twin->day_ended = day;
    twin->day_expired = 0;
    twin->walk = twin_walk_begin();
    return pass();
}

static struct twin_refusal open_source(struct twin *twin)
{
    TWIN_EMIT(twin, SOURCE_OPENED)->source_opened.source = twin->command->open_source.source_number;
    return pass();
}

static struct twin_refusal apply_kind(struct twin *twin)
{
    switch (twin->command->header.id) {
    case COMMAND_GENESIS:
        return refuse(REJECT_ALREADY_EXISTS, 0, 0);
    case COMMAND_LIST_ASSET:
        return list_asset(twin);
    case COMMAND_LIST_INSTRUMENT:
        return list_instrument(twin);
    case COMMAND_OPEN_ACCOUNT:
        return open_account(twin);
    case COMMAND_LOGON:
        return twin_logon(twin);
    case COMMAND_TICK:
        twin_sweep_behind(twin);
        return pass();
    case COMMAND_SET_PHASE:
        return set_phase(twin);
    case COMMAND_SET_BLOCK:
        return set_block(twin);
    case COMMAND_SET_GROUP:
        return set_group(twin);
    case COMMAND_LOGIC_VERSION:
        return logic_version(twin);
    case COMMAND_RESOLVE:
        return twin_resolve(twin);
    case COMMAND_SESSION_LOST:
        return twin_session_lost(twin);
    case COMMAND_SET_DEAD_MAN:
        return twin_set_dead_man(twin);
    case COMMAND_SESSION_ADMIN:
        return twin_session_admin(twin);
    case COMMAND_MASS_CANCEL:
        return twin_mass_cancel(twin);
    case COMMAND_END_OF_DAY:
        return end_of_day(twin);
    case COMMAND_NEW_ORDER:
        return twin_new_order(twin);
    case COMMAND_CANCEL:
        return twin_cancel(twin);
    case COMMAND_REDUCE:
        return twin_reduce(twin);
    case COMMAND_REPLACE:
        return twin_replace(twin);
    case COMMAND_OPEN_SOURCE:
        return open_source(twin);
    default:
        ASSERT(false);
        return pass();
    }
}
