/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/snapshot_shard.h"

#include "apps/dojima/snapshot_make.h"
#include "base/hash.h"

#include <stdio.h>

static struct command_genesis limits_of(const struct snapshot_shard *of)
{
    return (struct command_genesis){.logic_version = LOGIC_NEWEST,
                                    .max_assets = 256,
                                    .max_instruments = 1024,
                                    .max_accounts = (uint32_t)(of->accounts + of->accounts / 8),
                                    .max_sessions = 1024,
                                    .max_orders = (uint32_t)(of->orders + of->orders / 8),
                                    .max_levels = 262144,
                                    .max_events_per_command = 4096,
                                    .max_timers_per_command = 256,
                                    .max_recent_names = (uint32_t)(of->orders * 2),
                                    .resend_window_s = 60};
}

static enum status submit(struct shard *shard, uint8_t id, struct command command)
{
    command.header.id = id;
    command.header.version = 1;
    command.header.time_ns = 1000000000;
    return sequencer_submit(shard->sequencer, &command);
}

static enum status list(struct shard *shard)
{
    enum status status =
        submit(shard, COMMAND_GENESIS, (struct command){.genesis = shard->genesis});
    for (uint32_t asset = 1; asset <= 2 && status == STATUS_OK; asset++) {
        status = submit(shard, COMMAND_LIST_ASSET,
                        (struct command){.list_asset = {asset, 4, {.bytes = "AB"}}});
    }
    for (uint32_t i = 1; i <= SNAPSHOT_SHARD_INSTRUMENTS && status == STATUS_OK; i++) {
        struct command command = {.list_instrument = {.instrument = i,
                                                      .base_asset = 2,
                                                      .quote_asset = 1,
                                                      .price_scale = 4,
                                                      .tick = {1},
                                                      .lowest_price = {1},
                                                      .highest_price = {1000000},
                                                      .lot = {1},
                                                      .largest_quantity = {1000000},
                                                      .multiplier = 1,
                                                      .itch = 1}};
        struct chars16 *symbol = &command.list_instrument.symbol;
        snprintf((char *)symbol->bytes, sizeof symbol->bytes, "B%u", i);
        status = submit(shard, COMMAND_LIST_INSTRUMENT, command);
    }
    return status;
}

struct command snapshot_shard_order(const struct snapshot_shard *of, uint64_t dice, uint64_t number)
{
    bool sells = (dice & 1) != 0;
    return (struct command){
        .header = {.id = COMMAND_NEW_ORDER, .version = COMMAND_NEW_ORDER_VERSION},
        .new_order = {.account = number % of->accounts + SNAPSHOT_SHARD_FIRST_ACCOUNT,
                      .price = {(int64_t)(dice >> 32) % 500 + (sells ? 501 : 1)},
                      .quantity = {(int64_t)(dice >> 8) % 1000 + 1},
                      .instrument = (uint32_t)(dice >> 20) % SNAPSHOT_SHARD_INSTRUMENTS + 1,
                      .side = sells ? SIDE_SELL : SIDE_BUY,
                      .order_type = ORDER_TYPE_LIMIT,
                      .time_in_force = TIME_IN_FORCE_GTC,
                      .capacity = CAPACITY_AGENCY,
                      .client_order_id = text36_from_number(number)}};
}

enum status snapshot_shard_open(const struct snapshot_shard *of, struct shard *out_shard)
{
    struct shard_options options = {.directory = of->directory,
                                    .mode = SHARD_RESUME,
                                    .ack = JOURNAL_ACK_MEMORY,
                                    .at_once = true,
                                    .genesis = limits_of(of),
                                    .snapshots = true};
    enum status status = shard_open(out_shard, &options);
    if (status != STATUS_OK) {
        fprintf(stderr, "%s\n", out_shard->reason);
    }
    return status;
}

static enum status fill(const struct snapshot_shard *of, struct shard *shard)
{
    enum status status = shard_start(shard);
    if (status == STATUS_OK) {
        status = list(shard);
    }
    for (uint64_t i = 0; i < of->accounts && status == STATUS_OK; i++) {
        status =
            submit(shard, COMMAND_OPEN_ACCOUNT,
                   (struct command){.open_account = {.account = i + SNAPSHOT_SHARD_FIRST_ACCOUNT,
                                                     .participant = (uint32_t)(i % 1000) + 1,
                                                     .unlimited = 1}});
    }
    for (uint64_t i = 0; i < of->orders && status == STATUS_OK; i++) {
        struct command order = snapshot_shard_order(of, hash_mix64(i + 1), i + 1);
        status = submit(shard, COMMAND_NEW_ORDER, order);
    }
    return status == STATUS_OK ? sequencer_flush(shard->sequencer) : status;
}

enum status snapshot_shard_prepare(const struct snapshot_shard *of)
{
    struct shard shard;
    enum status status = snapshot_shard_open(of, &shard);
    if (status != STATUS_OK) {
        return status;
    }
    bool fresh = shard.empty;
    status = fresh ? fill(of, &shard) : STATUS_OK;
    enum status closed = shard_close(&shard, fresh && status == STATUS_OK);
    struct snapshot_made made;
    char reason[SHARD_REASON_BYTES] = "";
    if (status == STATUS_OK && closed == STATUS_OK && fresh) {
        status = snapshot_make(of->directory, true, &made, reason);
        fputs(reason, stderr);
    }
    return status == STATUS_OK ? closed : status;
}
