/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine.h"

#include "base/assert.h"
#include "engine/state.h"

/* Besides the timers' events a command needs room for the longest fixed sequence, with some left.
 */
#define EVENTS_BESIDE_TIMERS 8
_Static_assert(RESERVE_MOST < EVENTS_BESIDE_TIMERS, "a reserve fits behind any timers");
/* A fence need not live longer than a command that is still on its way. */
#define VALID_FOR_US_MOST     60000000
#define RESEND_WINDOW_S_LEAST 60
/* level.book_side and ladder indexes leave a bit */
#define INSTRUMENTS_MAX (UINT32_C(1) << 30)
#define POOL_MAX        (UINT32_C(1) << 31)

static COLD struct refusal apply_list_asset(struct apply *apply)
{
    const struct command_list_asset *in = &apply->command->list_asset;
    struct refusal refusal = reference_list_asset(&apply->engine->reference, in);
    if (refusal.code == REJECT_NONE) {
        EVENT_PUT(apply->events, ASSET_LISTED, asset_listed,
                  (&(struct event_asset_listed){
                      .asset = in->asset, .scale = in->scale, .code = in->code}),
                  apply->command->header.sequence);
    }
    return refusal;
}

static COLD struct refusal apply_list_instrument(struct apply *apply)
{
    const struct command_list_instrument *in = &apply->command->list_instrument;
    struct refusal refusal = reference_list_instrument(&apply->engine->reference, in);
    if (refusal.code == REJECT_NONE) {
        EVENT_PUT(apply->events, INSTRUMENT_LISTED, instrument_listed,
                  (&(struct event_instrument_listed){.instrument = in->instrument,
                                                     .base_asset = in->base_asset,
                                                     .quote_asset = in->quote_asset,
                                                     .price_scale = in->price_scale,
                                                     .quantity_scale = in->quantity_scale,
                                                     .negative_prices = in->negative_prices,
                                                     .itch = in->itch,
                                                     .tick = in->tick,
                                                     .lowest_price = in->lowest_price,
                                                     .highest_price = in->highest_price,
                                                     .lot = in->lot,
                                                     .largest_quantity = in->largest_quantity,
                                                     .multiplier = in->multiplier,
                                                     .symbol = in->symbol}),
                  apply->command->header.sequence);
    }
    return refusal;
}

static COLD struct refusal apply_open_account(struct apply *apply)
{
    const struct command_open_account *in = &apply->command->open_account;
    struct refusal refusal = accounts_open(&apply->engine->accounts, in);
    if (refusal.code == REJECT_NONE) {
        EVENT_PUT(apply->events, ACCOUNT_OPENED, account_opened,
                  (&(struct event_account_opened){.account = in->account,
                                                  .participant = in->participant,
                                                  .self_trade_group = in->self_trade_group}),
                  apply->command->header.sequence);
    }
    return refusal;
}

static COLD struct refusal apply_logon(struct apply *apply)
{
    const struct command *command = apply->command;
    struct engine *engine = apply->engine;
    const struct session *before = sessions_find(&engine->sessions, command->header.session);
    bool was_open = before != NULL && before->closed == 0;
    struct refusal refusal = sessions_logon(&engine->sessions, command, engine->time_ns);
    if (refusal.code == REJECT_NONE) {
        EVENT_PUT(apply->events, SESSION_OPENED, session_opened,
                  (&(struct event_session_opened){.session = command->header.session,
                                                  .incarnation = command->header.incarnation,
                                                  .participant = command->logon.participant,
                                                  .user = command->logon.user}),
                  command->header.sequence);
        if (was_open) { /* nobody said so, but its connection is gone */
            sweep_begin_disconnected(engine, command->header.session);
        }
        sweep_behind(apply);
    }
    return refusal;
}

static COLD struct refusal apply_set_phase(struct apply *apply)
{
    const struct command_set_phase *in = &apply->command->set_phase;
    struct refusal refusal = check_operator(apply);
    if (refusal.code == REJECT_NONE) {
        refusal = reference_set_phase(&apply->engine->reference, in->instrument, in->phase);
    }
    if (refusal.code == REJECT_NONE) {
        EVENT_PUT(apply->events, PHASE, phase,
                  (&(struct event_phase){
                      .instrument = in->instrument, .phase = in->phase, .reason = in->reason}),
                  apply->command->header.sequence);
    }
    return refusal;
}

static COLD struct refusal apply_set_block(struct apply *apply)
{
    const struct command_set_block *in = &apply->command->set_block;
    struct engine *engine = apply->engine;
    struct refusal refusal = check_operator(apply);
    if (refusal.code == REJECT_NONE) {
        bool blocked = in->blocked != 0;
        switch (in->target) {
        case BLOCK_TARGET_PARTICIPANT:
            refusal = accounts_block_participant(&engine->accounts, in->number, blocked);
            break;
        case BLOCK_TARGET_ACCOUNT:
            refusal = accounts_block(&engine->accounts, in->number, blocked);
            break;
        case BLOCK_TARGET_SESSION:
            refusal = sessions_block(&engine->sessions, in->number, blocked);
            break;
        }
    }
    if (refusal.code == REJECT_NONE) {
        EVENT_PUT(apply->events, BLOCK_SET, block_set,
                  (&(struct event_block_set){
                      .number = in->number, .target = in->target, .blocked = in->blocked}),
                  apply->command->header.sequence);
    }
    return refusal;
}

static COLD struct refusal apply_set_group(struct apply *apply)
{
    const struct command_set_group *in = &apply->command->set_group;
    struct engine *engine = apply->engine;
    struct refusal refusal = check_operator(apply);
    if (refusal.code != REJECT_NONE) {
        return refusal;
    }
    if (in->self_trade_group == 0) {
        return refuse(REJECT_INVALID_FIELD, 0, 1);
    }
    if (in->self_trade_group > engine->genesis.max_accounts) {
        return refuse(REJECT_TABLE_FULL, engine->genesis.max_accounts, in->self_trade_group);
    }
    engine->group_modes[in->self_trade_group - 1] = (uint8_t)in->mode;
    EVENT_PUT(
        apply->events, GROUP_SET, group_set,
        (&(struct event_group_set){.self_trade_group = in->self_trade_group, .mode = in->mode}),
        apply->command->header.sequence);
    return refusal_none();
}

static COLD struct refusal apply_set_dead_man(struct apply *apply)
{
    const struct command *command = apply->command;
    struct engine *engine = apply->engine;
    struct refusal refusal =
        sessions_set_dead_man(&engine->sessions, command->header.session,
                              command->set_dead_man.timeout_ms, engine->time_ns);
    if (refusal.code == REJECT_NONE) {
        EVENT_PUT(apply->events, DEAD_MAN_SET, dead_man_set,
                  (&(struct event_dead_man_set){.session = command->header.session,
                                                .timeout_ms = command->set_dead_man.timeout_ms}),
                  command->header.sequence);
    }
    return refusal;
}

static struct refusal apply_by_kind(struct apply *apply)
{
    switch (apply->command->header.id) {
    case COMMAND_NEW_ORDER:
        return apply_new_order(apply);
    case COMMAND_CANCEL:
        return apply_cancel(apply);
    case COMMAND_REDUCE:
        return apply_reduce(apply);
    case COMMAND_REPLACE:
        return apply_replace(apply);
    case COMMAND_TICK:
        sweep_behind(apply);
        return refusal_none();
    case COMMAND_END_OF_DAY:
        return apply_end_of_day(apply);
    case COMMAND_LIST_ASSET:
        return apply_list_asset(apply);
    case COMMAND_LIST_INSTRUMENT:
        return apply_list_instrument(apply);
    case COMMAND_OPEN_ACCOUNT:
        return apply_open_account(apply);
    case COMMAND_LOGON:
        return apply_logon(apply);
    case COMMAND_SET_PHASE:
        return apply_set_phase(apply);
    case COMMAND_SESSION_LOST:
        return apply_session_lost(apply);
    case COMMAND_MASS_CANCEL:
        return apply_mass_cancel(apply);
    case COMMAND_SET_DEAD_MAN:
        return apply_set_dead_man(apply);
    case COMMAND_SET_BLOCK:
        return apply_set_block(apply);
    case COMMAND_SET_GROUP:
        return apply_set_group(apply);
    case COMMAND_SESSION_ADMIN:
        return apply_session_admin(apply);
    case COMMAND_LOGIC_VERSION:
        return apply_logic_version(apply);
    case COMMAND_RESOLVE:
        return apply_resolve(apply);
    case COMMAND_OPEN_SOURCE:
        EVENT_PUT(
            apply->events, SOURCE_OPENED, source_opened,
            (&(struct event_source_opened){.source = apply->command->open_source.source_number}),
            apply->command->header.sequence);
        return refusal_none();
    default: /* GENESIS: the venue is open already */
        return refuse(REJECT_ALREADY_EXISTS, 0, 0);
    }
}

static struct refusal admit(struct apply *apply)
{
    struct engine *engine = apply->engine;
    const struct command_header *header = &apply->command->header;
    if (header->id != COMMAND_LOGON && header->id != COMMAND_GENESIS) {
        struct refusal refusal =
            sessions_admit(&engine->sessions, header, engine->time_ns, &apply->budget);
        if (UNLIKELY(refusal.code != REJECT_NONE)) {
            return refusal;
        }
    }
    if (header->valid_for_us != 0 && header->id != COMMAND_GENESIS) {
        if (UNLIKELY(header->valid_for_us > VALID_FOR_US_MOST)) {
            return refuse(REJECT_VALID_FOR_TOO_LONG, VALID_FOR_US_MOST, header->valid_for_us);
        }
        uint64_t valid_until = header->time_ns + (uint64_t)header->valid_for_us * 1000;
        if (engine->time_ns > valid_until) {
            return refuse(REJECT_COMMAND_EXPIRED, (int64_t)valid_until, (int64_t)engine->time_ns);
        }
    }
    unsigned field = engine_invalid_field(apply->command);
    if (UNLIKELY(field != 0)) {
        return refuse(REJECT_INVALID_FIELD, 0, field);
    }
    return apply_by_kind(apply);
}

/* A command may be refused before its fields are checked: nothing is told of a name that is none.
 */
static void keep_valid(struct text36 *name)
{
    if (!text36_valid(name)) {
        *name = (struct text36){0};
    }
}

static COLD void put_rejected(struct apply *apply, struct refusal refusal)
{
    const struct command *command = apply->command;
    struct event_rejected rejected = {
        .limit = refusal.limit,
        .value = refusal.value,
        .session = command->header.session,
        .budget = apply->budget,
        .code = (uint16_t)refusal.code,
        .command = command->header.id,
    };
    if (refusal.code != REJECT_INVALID_FIELD) {
        switch (command->header.id) {
        case COMMAND_NEW_ORDER:
            rejected.account = command->new_order.account;
            rejected.instrument = command->new_order.instrument;
            rejected.client_order_id = command->new_order.client_order_id;
            break;
        case COMMAND_CANCEL:
            rejected.account = command->cancel.account;
            rejected.client_order_id = command->cancel.client_order_id;
            break;
        case COMMAND_REDUCE:
            rejected.account = command->reduce.account;
            rejected.client_order_id = command->reduce.client_order_id;
            break;
        case COMMAND_REPLACE:
            rejected.account = command->replace.account;
            rejected.client_order_id = command->replace.client_order_id;
            rejected.new_client_order_id = command->replace.new_client_order_id;
            break;
        case COMMAND_RESOLVE:
            rejected.account = command->resolve.account;
            rejected.client_order_id = command->resolve.client_order_id;
            break;
        default:
            break;
        }
        keep_valid(&rejected.client_order_id);
        keep_valid(&rejected.new_client_order_id);
    }
    EVENT_PUT(apply->events, REJECTED, rejected, &rejected, command->header.sequence);
}

void engine_apply(struct engine *engine, const struct command *command, struct events *events)
{
    uint64_t sequence = command->header.sequence;
    assert_at_sequence(sequence);
    ASSERT(sequence == engine->command_sequence + 1 && engine_understands(command));
    ASSERT(events->sequence == engine->event_sequence);
    ASSERT(events->capacity - events->used >= engine_event_bytes_max(engine));
    engine->command_sequence = sequence;
    if (command->header.time_ns > engine->time_ns) {
        engine->time_ns = command->header.time_ns;
    }
    struct apply apply = {
        .engine = engine,
        .command = command,
        .events = events,
        .event_count_max = events->count + engine->genesis.max_events_per_command,
        .budget = RATE_UNLIMITED,
    };
    unsigned logic = engine->logic;
    size_t events_at = events->used;
    if (UNLIKELY(sequence == 1)) {
        ASSERT(command->header.id == COMMAND_GENESIS);
        EVENT_PUT(events, VENUE_OPENED, venue_opened,
                  (&(struct event_venue_opened){.shard = engine->genesis.shard,
                                                .logic_version = engine->genesis.logic_version}),
                  sequence);
    } else {
        uint32_t before_max = events->count + engine->genesis.max_timers_per_command;
        fire_timers(&apply, before_max);
        sweep_before(&apply, before_max);
        struct refusal refusal = admit(&apply);
        if (UNLIKELY(refusal.code != REJECT_NONE)) {
            put_rejected(&apply, refusal);
            if (UNLIKELY(apply.name_is_new)) {
                resend_note(&apply, refusal.code);
            }
        }
    }
    if (UNLIKELY(logic != LOGIC_NEWEST)) {
        layouts_as_of(events, events_at, logic);
    }
    ASSERT(events->count <= apply.event_count_max);
    engine->event_sequence = events->sequence;
}

struct command_genesis engine_limits_small(void)
{
    return (struct command_genesis){
        .logic_version = LOGIC_NEWEST,
        .max_assets = 32,
        .max_instruments = 32,
        .max_accounts = 32,
        .max_sessions = 32,
        .max_orders = 8192,
        .max_levels = 4096,
        .max_events_per_command = 4096,
        .max_timers_per_command = 256,
    };
}

static bool limits_valid(const struct command_genesis *genesis)
{
    return genesis->max_assets > 0 && genesis->max_instruments > 0 &&
           genesis->max_instruments < INSTRUMENTS_MAX && genesis->max_accounts > 0 &&
           genesis->max_sessions > 0 && genesis->max_sessions < UINT32_MAX &&
           genesis->max_orders > 0 && genesis->max_orders < POOL_MAX && genesis->max_levels > 0 &&
           genesis->max_levels < POOL_MAX &&
           genesis->max_events_per_command >= EVENTS_BESIDE_TIMERS &&
           genesis->max_timers_per_command > 0 && genesis->max_recent_names < POOL_MAX &&
           (genesis->max_recent_names == 0 || genesis->resend_window_s >= RESEND_WINDOW_S_LEAST) &&
           genesis->max_timers_per_command <=
               genesis->max_events_per_command - EVENTS_BESIDE_TIMERS + 1;
}

enum status engine_init(struct arena *arena, const struct command_genesis *genesis,
                        struct engine **out_engine)
{
    if (!limits_valid(genesis)) {
        return STATUS_CONFIG;
    }
    if (genesis->logic_version < LOGIC_OLDEST || genesis->logic_version > LOGIC_NEWEST) {
        return STATUS_UNSUPPORTED;
    }
    struct engine scratch; /* while measuring there is no memory to build in */
    struct engine *engine = arena_take(arena, 1, sizeof *engine);
    struct engine *building = engine != NULL ? engine : &scratch;
    *building = (struct engine){
        .genesis = *genesis, .day = trading_day_after(0), .logic = genesis->logic_version};
    sessions_init(&building->sessions, arena, genesis->max_sessions);
    building->mass_cancels.capacity = genesis->max_sessions + 1;
    building->mass_cancels.ring =
        arena_take(arena, (size_t)genesis->max_sessions + 1, sizeof *building->mass_cancels.ring);
    accounts_init(&building->accounts, arena, genesis->max_accounts);
    building->group_modes = arena_take(arena, genesis->max_accounts, sizeof *building->group_modes);
    reference_init(&building->reference, arena, genesis);
    book_pool_init(&building->pool, arena, genesis->max_orders, genesis->max_levels,
                   genesis->max_instruments);
    names_init(&building->names, arena, genesis->max_orders);
    recent_init(&building->recent, arena, genesis->max_recent_names, genesis->resend_window_s);
    timers_init(&building->timers, arena, building->pool.cold, genesis->max_orders);
    *out_engine = engine;
    return STATUS_OK;
}

size_t engine_event_bytes_max(const struct engine *engine)
{
    return (size_t)engine->genesis.max_events_per_command * EVENT_RECORD_BYTES_MAX + 8;
}
