/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/venue.h"

#include "apps/dojima/options.h"
#include "base/calendar.h"
#include "base/planted.h"
#include "host/clock.h"
#include "wire/native/command_codec.h"

#include <stdio.h>

/* A refused sender comes again when about one commit has passed. */
#define RETRY_AFTER_US 500u

/* A turn of the loop takes in what has arrived; while more arrives than can be served, each turn is
 * longer than the one before. A burst is served whole. Once turns have been long for BURST_NS, each
 * takes new orders for TURN_NS only and refuses the rest of them, so that the answer to whatever is
 * sent comes within two turns. */
#define TURN_NS  1000000
#define BURST_NS 100000000

#define REPLAYED_TO_TELL 10000u /* commands, for a rate that means something */

static enum status fail(struct venue *venue, enum status status, const char *reason)
{
    if (venue->reason[0] == '\0') {
        snprintf(venue->reason, sizeof venue->reason, "%s", reason);
    }
    return status;
}

/* Cancels are never refused for load: they wait for the disk instead. */
static bool may_wait(uint8_t id)
{
    return id != COMMAND_NEW_ORDER && id != COMMAND_REPLACE;
}

/* Notes the first command of a turn. True: no more new orders in this one. The monotonic clock: an
 * adjusted wall clock must neither refuse nor let in. It is looked at once a turn, and for each
 * command only while turns are long. */
static bool turn_is_over(struct venue *venue)
{
    if (venue->turn_began_ns == 0) {
        venue->turn_began_ns = host_clock_monotonic_ns();
    }
    return venue->long_since_ns != 0 && venue->turn_began_ns - venue->long_since_ns > BURST_NS &&
           host_clock_monotonic_ns() - venue->turn_began_ns > TURN_NS;
}

static void turn_ends(struct venue *venue)
{
    if (venue->turn_began_ns == 0 || host_clock_monotonic_ns() - venue->turn_began_ns <= TURN_NS) {
        venue->long_since_ns = 0;
    } else if (venue->long_since_ns == 0) {
        venue->long_since_ns = venue->turn_began_ns;
    }
    venue->turn_began_ns = 0;
    venue->closed_for_turn = false;
}

enum status venue_submit(struct venue *venue, struct command *command)
{
    uint64_t now_ns = (uint64_t)host_clock_wall_ns();
    venue->last_time_ns = now_ns;
    command->header.time_ns = now_ns;
    enum status status = sequencer_submit(venue->shard.sequencer, command);
    return status == STATUS_OK ? STATUS_OK
                               : fail(venue, shard_fault(&venue->shard), venue->shard.reason);
}

/* One look at the clock a turn: what was refused once is refused until the next one. */
static bool on_busy(void *context)
{
    struct venue *venue = context;
    if (venue->long_since_ns != 0 && !venue->closed_for_turn) {
        venue->closed_for_turn = turn_is_over(venue);
    }
    return venue->closed_for_turn;
}

/* What must not be in the log: rules that this release does not know, and, as long as older rules
 * apply, what their release could not read; a LOGIC_VERSION that would be refused is of that. */
static enum reject check_rules(const struct venue *venue, const struct command *command)
{
    if (UNLIKELY(!engine_understands(command))) {
        return REJECT_LOGIC_UNKNOWN;
    }
    unsigned logic = engine_logic(venue->shard.engine);
    if (UNLIKELY(command->header.id == COMMAND_LOGIC_VERSION &&
                 command->logic_version.logic_version <= logic)) {
        return REJECT_LOGIC_NOT_LATER;
    }
    bool later = logic != LOGIC_NEWEST && command->header.id != COMMAND_LOGIC_VERSION &&
                 command_version_at(command->header.id, logic) < command_version_least(command);
    return later ? REJECT_LATER_RULES : REJECT_NONE;
}

static enum status on_submit(void *context, const struct command *command,
                             struct port_refusal *out_refusal)
{
    struct venue *venue = context;
    /* Whoever answers an entry with a command while a batch is being released would have it counted
     * to a batch that is committed already: it comes again, whatever it is. */
    bool over = turn_is_over(venue);
    if (venue->releasing ||
        (!may_wait(command->header.id) && (over || !sequencer_ready(venue->shard.sequencer)))) {
        venue->counts.refused_at_the_door++;
        *out_refusal = (struct port_refusal){.retry_after_us = RETRY_AFTER_US, .code = REJECT_NONE};
        return STATUS_FULL;
    }
    if (UNLIKELY(venue->reserve.state != RESERVE_WHOLE) && !may_wait(command->header.id)) {
        venue->counts.refused_for_space++;
        *out_refusal = (struct port_refusal){.retry_after_us = RESERVE_LOOK_NS / 1000,
                                             .code = REJECT_LOG_NEARLY_FULL};
        return STATUS_FULL;
    }
    enum reject not_logged = check_rules(venue, command);
    if (UNLIKELY(not_logged != REJECT_NONE)) {
        *out_refusal = (struct port_refusal){.code = not_logged};
        return STATUS_FULL;
    }
    struct command stamped = *command;
    if (command->header.id == COMMAND_NEW_ORDER && venue->loop != NULL &&
        hops_begin(&venue->hops, venue->shard.commands->next_sequence,
                   net_loop_polled_ns(venue->loop))) {
        sequencer_sample(venue->shard.sequencer, &venue->hops.sample);
    }
    if (PLANTED(REFUSED_AND_IN) && venue->shard.commands->next_sequence % 32 == 0) {
        *out_refusal = (struct port_refusal){.retry_after_us = RETRY_AFTER_US, .code = REJECT_NONE};
        enum status status = venue_submit(venue, &stamped);
        return status == STATUS_OK ? STATUS_FULL : status;
    }
    return venue_submit(venue, &stamped);
}

static bool on_entry(void *context, const struct stream_entry *entry)
{
    struct venue *venue = context;
    hub_entry(venue->hub, entry);
    return true;
}

static void on_event(void *context, uint64_t event_sequence, uint64_t time_ns, const uint8_t *bytes,
                     size_t count)
{
    struct venue *venue = context;
    if (venue->stream == NULL || venue->failed != STATUS_OK) {
        return; /* recovery: the stream catches up from the log */
    }
    venue->releasing = true;
    venue->failed = stream_apply(venue->stream, event_sequence, time_ns, bytes, count);
    venue->releasing = false;
}

static void on_released(void *context, uint64_t sequence, int64_t oldest_ns)
{
    struct venue *venue = context;
    (void)oldest_ns;
    if (venue->stream != NULL && venue->failed == STATUS_OK) {
        venue->releasing = true;
        venue->failed = stream_settle(venue->stream);
        venue->releasing = false;
    }
    if (sequence >= venue->hops.sequence) {
        hops_encoded(&venue->hops);
    }
}

static struct command_genesis genesis_of(const struct config *config)
{
    uint16_t logic = (uint16_t)config_number(config, CONFIG_VENUE_LOGIC);
    return (struct command_genesis){
        .shard = (uint16_t)config_number(config, CONFIG_VENUE_SHARD),
        .logic_version = logic != 0 ? logic : LOGIC_NEWEST,
        .max_assets = (uint32_t)config_number(config, CONFIG_LIMITS_ASSETS),
        .max_instruments = (uint32_t)config_number(config, CONFIG_LIMITS_INSTRUMENTS),
        .max_accounts = (uint32_t)config_number(config, CONFIG_LIMITS_ACCOUNTS),
        .max_sessions = (uint32_t)config_number(config, CONFIG_LIMITS_SESSIONS),
        .max_orders = (uint32_t)config_number(config, CONFIG_LIMITS_ORDERS),
        .max_levels = (uint32_t)config_number(config, CONFIG_LIMITS_LEVELS),
        .max_events_per_command = (uint32_t)config_number(config, CONFIG_LIMITS_EVENTS_PER_COMMAND),
        .max_timers_per_command = (uint32_t)config_number(config, CONFIG_LIMITS_TIMERS_PER_COMMAND),
        .max_recent_names = (uint32_t)config_number(config, CONFIG_LIMITS_RECENT_NAMES),
        .resend_window_s =
            (uint32_t)(config_number(config, CONFIG_LIMITS_RESEND_WINDOW) / 1000000000),
    };
}

static struct command operator_command(uint8_t id, uint8_t version)
{
    return (struct command){.header = {.id = id, .version = version}};
}

static uint32_t asset_by_code(const struct config *config, const char *code)
{
    for (size_t i = 0; i < config_row_count(config, CONFIG_TABLE_ASSET); i++) {
        if (strcmp(config_text_at(config, CONFIG_ASSET_CODE, i), code) == 0) {
            return (uint32_t)config_number_at(config, CONFIG_ASSET_NUMBER, i);
        }
    }
    return 0; /* config_finish has refused it */
}

static int64_t decimal(const struct config *config, enum config_key column, size_t row,
                       unsigned scale)
{
    int64_t units = 0;
    enum status status = config_decimal_at(config, column, row, scale, &units);
    ASSERT(status == STATUS_OK);
    return units;
}

static enum status list_assets(struct venue *venue, const struct config *config)
{
    enum status status = STATUS_OK;
    size_t count = config_row_count(config, CONFIG_TABLE_ASSET);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        uint32_t asset = (uint32_t)config_number_at(config, CONFIG_ASSET_NUMBER, i);
        if (engine_knows_asset(venue->shard.engine, asset)) {
            continue;
        }
        struct command command = operator_command(COMMAND_LIST_ASSET, COMMAND_LIST_ASSET_VERSION);
        command.list_asset = (struct command_list_asset){
            .asset = asset,
            .scale = (uint8_t)config_number_at(config, CONFIG_ASSET_SCALE, i),
            .code = chars16_from(config_text_at(config, CONFIG_ASSET_CODE, i)),
        };
        status = venue_submit(venue, &command);
    }
    return status;
}

static struct command_list_instrument terms_of(const struct config *config, size_t row)
{
    unsigned price_scale = (unsigned)config_number_at(config, CONFIG_INSTRUMENT_PRICE_SCALE, row);
    unsigned quantity_scale =
        (unsigned)config_number_at(config, CONFIG_INSTRUMENT_QUANTITY_SCALE, row);
    return (struct command_list_instrument){
        .instrument = (uint32_t)config_number_at(config, CONFIG_INSTRUMENT_NUMBER, row),
        .base_asset = asset_by_code(config, config_text_at(config, CONFIG_INSTRUMENT_BASE, row)),
        .quote_asset = asset_by_code(config, config_text_at(config, CONFIG_INSTRUMENT_QUOTE, row)),
        .price_scale = (uint8_t)price_scale,
        .quantity_scale = (uint8_t)quantity_scale,
        .negative_prices = config_flag_at(config, CONFIG_INSTRUMENT_NEGATIVE_PRICES, row),
        .itch = config_flag_at(config, CONFIG_INSTRUMENT_ITCH, row),
        .tick.units = decimal(config, CONFIG_INSTRUMENT_TICK, row, price_scale),
        .lowest_price.units = decimal(config, CONFIG_INSTRUMENT_LOWEST_PRICE, row, price_scale),
        .highest_price.units = decimal(config, CONFIG_INSTRUMENT_HIGHEST_PRICE, row, price_scale),
        .lot.lots = decimal(config, CONFIG_INSTRUMENT_LOT, row, quantity_scale),
        .largest_quantity.lots =
            decimal(config, CONFIG_INSTRUMENT_LARGEST_QUANTITY, row, quantity_scale),
        .multiplier = config_number_at(config, CONFIG_INSTRUMENT_MULTIPLIER, row),
        .symbol = chars16_from(config_text_at(config, CONFIG_INSTRUMENT_SYMBOL, row)),
    };
}

/* What the engine said to the last command of our own; a listing that it refuses is a configuration
 * error, not an outcome. */
static bool was_refused(const struct venue *venue, struct event *out_event)
{
    struct events outcome = sequencer_outcome(venue->shard.sequencer);
    struct event_record record;
    size_t at = 0;
    while (event_next(&outcome, &at, &record)) {
        if (record.bytes[0] == EVENT_REJECTED &&
            event_header_decode(record.bytes, record.count, &out_event->header) == STATUS_OK &&
            event_body_decode(record.bytes + EVENT_HEADER_BYTES, record.count - EVENT_HEADER_BYTES,
                              out_event) == STATUS_OK) {
            return true;
        }
    }
    return false;
}

static enum status list_instruments(struct venue *venue, const struct config *config)
{
    size_t count = config_row_count(config, CONFIG_TABLE_INSTRUMENT);
    for (size_t i = 0; i < count; i++) {
        struct command command =
            operator_command(COMMAND_LIST_INSTRUMENT, COMMAND_LIST_INSTRUMENT_VERSION);
        command.list_instrument = terms_of(config, i);
        if (engine_instrument(venue->shard.engine, command.list_instrument.instrument) != NULL) {
            continue;
        }
        enum status status = venue_submit(venue, &command);
        if (status != STATUS_OK) {
            return status;
        }
        struct event refused;
        if (was_refused(venue, &refused)) {
            snprintf(venue->reason, sizeof venue->reason,
                     "instrument %s cannot be listed: %s (limit %lld, value %lld)",
                     config_text_at(config, CONFIG_INSTRUMENT_SYMBOL, i),
                     reject_cause((enum reject)refused.rejected.code),
                     (long long)refused.rejected.limit, (long long)refused.rejected.value);
            return STATUS_CONFIG;
        }
    }
    return STATUS_OK;
}

static enum status open_accounts(struct venue *venue, const struct identity *identity)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < identity_account_count(identity) && status == STATUS_OK; i++) {
        const struct identity_account *account = identity_account_at(identity, i);
        if (engine_knows_account(venue->shard.engine, account->account)) {
            continue;
        }
        struct command command =
            operator_command(COMMAND_OPEN_ACCOUNT, COMMAND_OPEN_ACCOUNT_VERSION);
        /* Balances come with the ledger; until then nothing limits an account but its session. */
        command.open_account = (struct command_open_account){
            .account = account->account, .participant = account->participant, .unlimited = 1};
        status = venue_submit(venue, &command);
    }
    return status;
}

static enum status begin(struct venue *venue, const struct config *config,
                         const struct identity *identity)
{
    if (venue->shard.empty) {
        struct command genesis = operator_command(COMMAND_GENESIS, COMMAND_GENESIS_VERSION);
        genesis.genesis = venue->shard.genesis;
        enum status status = venue_submit(venue, &genesis);
        if (status != STATUS_OK) {
            return status;
        }
    }
    enum status status = list_assets(venue, config);
    if (status == STATUS_OK) {
        status = list_instruments(venue, config);
    }
    if (status == STATUS_OK) {
        status = open_accounts(venue, identity);
    }
    return status == STATUS_OK ? venue_flush(venue) : status;
}

static enum status recover(struct venue *venue)
{
    struct sequencer_counts counts;
    int64_t begin_ns = host_clock_monotonic_ns();
    enum status status = sequencer_recover(venue->shard.sequencer);
    int64_t took_ns = host_clock_monotonic_ns() - begin_ns;
    venue->replay_ns = took_ns;
    sequencer_count(venue->shard.sequencer, &counts);
    uint64_t replayed = counts.commands - venue->shard.base.commands.sequence;
    if (replayed >= REPLAYED_TO_TELL && took_ns > 0) {
        venue->replay_per_s = (uint64_t)((double)replayed * 1e9 / (double)took_ns);
    }
    return status == STATUS_OK ? STATUS_OK : shard_fault(&venue->shard);
}

static void release_block(void *context)
{
    host_block_close(context);
}

/* Those of the snapshot that the shard has started from; empty ones if there is none. */
static enum status open_streams(struct venue *venue, const struct stream_options *options,
                                struct stream **out_stream)
{
    enum status status = stream_open(options, out_stream);
    const struct snapshot_head *base = &venue->shard.base;
    if (status != STATUS_OK || venue->shard.streams.bytes == NULL) {
        return status;
    }
    venue->streams = venue->shard.streams;
    venue->shard.streams = (struct host_block){0};
    struct stream_image image = {.bytes = venue->streams.bytes,
                                 .count = (size_t)base->streams_bytes,
                                 .release = release_block,
                                 .context = &venue->streams};
    status = stream_load(*out_stream, &image);
    if (status == STATUS_OK && stream_event_sequence(*out_stream) != base->events.sequence) {
        status = STATUS_INVALID;
    }
    if (status == STATUS_INVALID) {
        complain("the streams of the snapshot behind command %llu are damaged: made again from the "
                 "events log",
                 (unsigned long long)base->commands.sequence);
        stream_close(*out_stream);
        *out_stream = NULL;
        status = stream_open(options, out_stream);
    }
    return status;
}

enum status venue_open(struct venue *venue, const struct config *config,
                       const struct identity *identity)
{
    *venue = (struct venue){.tick_ns = config_number(config, CONFIG_RUN_TICK)};
    struct shard_options options = {
        .directory = config_text(config, CONFIG_DATA_DIRECTORY),
        .mode = SHARD_RESUME,
        .ack = config_word(config, CONFIG_DATA_ACKNOWLEDGE) == CONFIG_ACKNOWLEDGE_MEMORY
                   ? JOURNAL_ACK_MEMORY
                   : JOURNAL_ACK_FSYNC,
        /* Into the page cache is nearer than to another thread. */
        .at_once = config_word(config, CONFIG_DATA_ACKNOWLEDGE) == CONFIG_ACKNOWLEDGE_MEMORY,
        .segment_bytes = (uint32_t)config_number(config, CONFIG_DATA_SEGMENT_BYTES),
        .batch_bytes = (uint32_t)config_number(config, CONFIG_DATA_BATCH_BYTES),
        .genesis = genesis_of(config),
        .snapshots = true,
        .on_event = on_event,
        .on_released = on_released,
        .context = venue,
    };
    reserve_open(&venue->reserve, host_disk_posix(), options.directory, options.segment_bytes,
                 host_clock_monotonic_ns());
    enum status status = STATUS_OK;
    if (venue->reserve.state == RESERVE_GONE) {
        reserve_tell(&venue->reserve);
        return fail(venue, STATUS_NO_SPACE, "no room for another segment of each log");
    }
    status = shard_open(&venue->shard, &options);
    if (status == STATUS_OK) {
        status = shard_start(&venue->shard);
    }
    if (status == STATUS_OK && !venue->shard.empty) {
        status = recover(venue);
    }
    struct stream_options streams = {
        .events = venue->shard.events,
        .on_entry = on_entry,
        .context = venue,
        .shard = venue->shard.genesis.shard,
        .expected_orders = venue->shard.genesis.max_orders,
    };
    struct stream *stream = NULL;
    if (status == STATUS_OK) {
        status = open_streams(venue, &streams, &stream);
    }
    if (status == STATUS_OK) {
        status = hub_open(stream, on_submit, venue, &venue->hub);
    }
    if (status == STATUS_OK) {
        hub_set_busy(venue->hub, on_busy);
    }
    if (status == STATUS_OK) {
        status = stream_catch_up(stream);
    }
    venue->stream = stream;
    if (status == STATUS_OK) {
        venue->last_time_ns = engine_time_ns(venue->shard.engine);
        status = begin(venue, config, identity);
    }
    if (status != STATUS_OK) {
        fail(venue, status,
             venue->shard.reason[0] != '\0' ? venue->shard.reason : status_sentence(status));
        enum status closed = venue_close(venue, false);
        (void)closed; /* the first failure is the one to tell */
        return status;
    }
    venue->trading_day = calendar_day((uint64_t)host_clock_wall_ns());
    return STATUS_OK;
}

/* Ends the day that was open once the wall clock is in the next one: END_OF_DAY goes slice by slice
 * until the engine says that the day has ended. */
static enum status roll_day(struct venue *venue, uint64_t now_ns)
{
    uint32_t today = calendar_day(now_ns);
    if (today <= venue->trading_day) {
        return STATUS_OK;
    }
    if (engine_day_ended(venue->shard.engine) >= venue->trading_day) {
        venue->trading_day = today;
        return STATUS_OK;
    }
    struct command command = operator_command(COMMAND_END_OF_DAY, COMMAND_END_OF_DAY_VERSION);
    command.end_of_day.trading_day = venue->trading_day;
    return venue_submit(venue, &command);
}

/* A quiet log is given the time when something in the engine is due, and at most every tick_ns. */
static enum status carry_time(struct venue *venue)
{
    uint64_t now_ns = (uint64_t)host_clock_wall_ns();
    enum status status = roll_day(venue, now_ns);
    if (status != STATUS_OK || now_ns < venue->last_time_ns + (uint64_t)venue->tick_ns ||
        now_ns < engine_next_due_ns(venue->shard.engine)) {
        return status;
    }
    struct command command = operator_command(COMMAND_TICK, COMMAND_TICK_VERSION);
    venue->counts.ticks++;
    return venue_submit(venue, &command);
}

enum status venue_tick(struct venue *venue)
{
    uint64_t now_ns = (uint64_t)host_clock_wall_ns();
    turn_ends(venue);
    if (reserve_look(&venue->reserve, host_clock_monotonic_ns())) {
        reserve_tell(&venue->reserve);
    }
    const struct journal *commands = venue->shard.commands;
    if (journal_durable(commands) >= venue->hops.sequence) {
        hops_durable(&venue->hops);
    }
    enum status status = sequencer_tick(venue->shard.sequencer, now_ns);
    if (commands->batch_first_sequence > venue->hops.sequence) {
        hops_handed(&venue->hops);
    }
    if (status != STATUS_OK) {
        return fail(venue, shard_fault(&venue->shard), venue->shard.reason);
    }
    if (venue->failed == STATUS_OK && hub_behind(venue->hub)) {
        venue->failed = hub_tick(venue->hub);
    }
    if (venue->failed != STATUS_OK) {
        return fail(venue, venue->failed, "a stream could not be read or grown");
    }
    return carry_time(venue);
}

bool venue_busy(const struct venue *venue)
{
    return !journal_idle(venue->shard.commands) || journal_uncommitted(venue->shard.commands) > 0 ||
           hub_behind(venue->hub);
}

enum status venue_flush(struct venue *venue)
{
    if (sequencer_flush(venue->shard.sequencer) != STATUS_OK) {
        return fail(venue, shard_fault(&venue->shard), venue->shard.reason);
    }
    return venue->failed == STATUS_OK
               ? STATUS_OK
               : fail(venue, venue->failed, "a stream could not be read or grown");
}

enum status venue_close(struct venue *venue, bool seal)
{
    hub_close(venue->hub);
    venue->hub = NULL;
    stream_close(venue->stream);
    venue->stream = NULL;
    return shard_close(&venue->shard, seal);
}
