/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/workload.h"

#include "base/assert.h"
#include "wire/native/text36.h"

#include <stdio.h>

#define QUOTE_ASSET  1u
#define QUOTE_SCALE  9u
#define PRICE_SCALE  4u
#define PARTICIPANT  1u
#define USER         1u
#define START_NS     UINT64_C(1700000000000000000)
#define NS_A_COMMAND 1000u

enum status workload_open(size_t capacity, struct workload *out_workload)
{
    struct workload workload = {.capacity = capacity};
    enum status status = host_block_open(capacity * sizeof(struct step), false, &workload.block);
    if (status == STATUS_OK) {
        workload.steps = workload.block.bytes;
        *out_workload = workload;
    }
    return status;
}

void workload_close(struct workload *workload)
{
    host_block_close(&workload->block);
    *workload = (struct workload){0};
}

bool workload_add(struct workload *workload, const struct step *step)
{
    if (workload->count == workload->capacity) {
        return false;
    }
    workload->steps[workload->count++] = *step;
    return true;
}

struct command_genesis workload_genesis(const struct workload *workload)
{
    return (struct command_genesis){
        .logic_version = LOGIC_NEWEST,
        .max_assets = workload->instrument_count + 1,
        .max_instruments = workload->instrument_count,
        .max_accounts = workload->account_count,
        .max_sessions = 16,
        .max_orders = workload->max_orders,
        .max_levels = workload->max_levels,
        .max_events_per_command = 4096,
        .max_timers_per_command = 64,
    };
}

size_t workload_setup_count(const struct workload *workload)
{
    return 3 + (size_t)workload->instrument_count * 2 + workload->account_count;
}

static struct chars16 symbol_of(uint32_t number)
{
    char symbol[17];
    snprintf(symbol, sizeof symbol, "I%u", number);
    return chars16_from(symbol);
}

static void set_header(struct command *command, size_t index, enum command_id id, uint8_t version)
{
    *command = (struct command){
        .header = {.sequence = index + 1,
                   .time_ns = START_NS + (uint64_t)index * NS_A_COMMAND,
                   .id = (uint8_t)id,
                   .version = version},
    };
}

static void asset_command(size_t index, uint32_t asset, struct command *out_command)
{
    set_header(out_command, index, COMMAND_LIST_ASSET, COMMAND_LIST_ASSET_VERSION);
    out_command->list_asset = (struct command_list_asset){
        .asset = asset,
        .scale = asset == QUOTE_ASSET ? QUOTE_SCALE : 0,
        .code = asset == QUOTE_ASSET ? chars16_from("USD") : symbol_of(asset - QUOTE_ASSET),
    };
}

static void instrument_command(const struct workload *workload, size_t index, uint32_t number,
                               struct command *out_command)
{
    set_header(out_command, index, COMMAND_LIST_INSTRUMENT, COMMAND_LIST_INSTRUMENT_VERSION);
    out_command->list_instrument = (struct command_list_instrument){
        .instrument = number,
        .base_asset = QUOTE_ASSET + number,
        .quote_asset = QUOTE_ASSET,
        .price_scale = PRICE_SCALE,
        .tick = {workload->tick_units},
        .lowest_price = {workload->tick_units},
        .highest_price = {workload->price_highest},
        .lot = {1},
        .largest_quantity = {UINT32_MAX},
        .multiplier = 1,
        .symbol = symbol_of(number),
    };
}

static void setup_command(const struct workload *workload, size_t index,
                          struct command *out_command)
{
    size_t at = index;
    if (at == 0) {
        set_header(out_command, index, COMMAND_GENESIS, COMMAND_GENESIS_VERSION);
        out_command->genesis = workload_genesis(workload);
        return;
    }
    at -= 1;
    if (at <= workload->instrument_count) {
        asset_command(index, (uint32_t)at + QUOTE_ASSET, out_command);
        return;
    }
    at -= (size_t)workload->instrument_count + 1;
    if (at < workload->instrument_count) {
        instrument_command(workload, index, (uint32_t)at + 1, out_command);
        return;
    }
    at -= workload->instrument_count;
    if (at < workload->account_count) {
        set_header(out_command, index, COMMAND_OPEN_ACCOUNT, COMMAND_OPEN_ACCOUNT_VERSION);
        out_command->open_account = (struct command_open_account){
            .account = at + 1, .participant = PARTICIPANT, .unlimited = 1};
        return;
    }
    set_header(out_command, index, COMMAND_LOGON, COMMAND_LOGON_VERSION);
    out_command->header.session = WORKLOAD_SESSION;
    out_command->header.incarnation = 1;
    out_command->logon = (struct command_logon){.participant = PARTICIPANT, .user = USER};
}

static void new_order_command(const struct step *step, struct command *out_command)
{
    out_command->new_order = (struct command_new_order){
        .account = step->account,
        .price = {step->price_units},
        .quantity = {step->lots},
        .instrument = step->instrument,
        .side = (enum side)step->side,
        .order_type = ORDER_TYPE_LIMIT,
        .time_in_force = (enum time_in_force)step->time_in_force,
        .post_only = POST_ONLY_OFF,
        .capacity = CAPACITY_AGENCY,
        .client_order_id = text36_from_number(step->order),
    };
}

static const uint8_t versions[COMMAND_KIND_COUNT + 1] = {
    [COMMAND_NEW_ORDER] = COMMAND_NEW_ORDER_VERSION,
    [COMMAND_CANCEL] = COMMAND_CANCEL_VERSION,
    [COMMAND_REDUCE] = COMMAND_REDUCE_VERSION,
    [COMMAND_REPLACE] = COMMAND_REPLACE_VERSION,
};

void workload_command(const struct workload *workload, size_t index, struct command *out_command)
{
    size_t setup = workload_setup_count(workload);
    if (UNLIKELY(index < setup)) {
        setup_command(workload, index, out_command);
        return;
    }
    const struct step *step = &workload->steps[index - setup];
    enum command_id id = (enum command_id)step->command;
    set_header(out_command, index, id, versions[id]);
    out_command->header.session = WORKLOAD_SESSION;
    out_command->header.incarnation = 1;
    out_command->header.input_sequence = index - setup + 1;
    if (id == COMMAND_NEW_ORDER) {
        new_order_command(step, out_command);
    } else if (id == COMMAND_CANCEL) {
        out_command->cancel = (struct command_cancel){
            .account = step->account, .client_order_id = text36_from_number(step->order)};
    } else if (id == COMMAND_REDUCE) {
        out_command->reduce =
            (struct command_reduce){.account = step->account,
                                    .quantity = {step->lots},
                                    .reason = REASON_REQUESTED,
                                    .client_order_id = text36_from_number(step->order)};
    } else {
        ASSERT(id == COMMAND_REPLACE);
        out_command->replace =
            (struct command_replace){.account = step->account,
                                     .price = {step->price_units},
                                     .quantity = {step->lots},
                                     .client_order_id = text36_from_number(step->order),
                                     .new_client_order_id = text36_from_number(step->new_order)};
    }
}
