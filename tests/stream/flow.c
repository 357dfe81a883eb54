/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/stream/flow.h"

#include "wire/native/text36.h"

#define OPENING (1u + 2u + FLOW_INSTRUMENTS + FLOW_ACCOUNTS + FLOW_SESSIONS)
#define MS      UINT64_C(1000000)

static uint32_t pick(struct flow *flow, uint32_t most)
{
    return (uint32_t)prng_below(&flow->prng, most) + 1;
}

static void logon(struct flow *flow, uint32_t session, struct command *out)
{
    out->header.id = COMMAND_LOGON;
    out->header.session = session;
    out->header.incarnation = ++flow->incarnation[session];
    flow->input_sequence[session] = 0;
    flow->closed[session] = false;
    out->logon =
        (struct command_logon){.participant = flow_participant(session),
                               .user = session,
                               .cancel_on_disconnect = prng_chance(&flow->prng, 1, 3) ? 1 : 0};
}

static void opening(struct flow *flow, uint32_t number, struct command *out)
{
    if (number == 0) {
        out->header.id = COMMAND_GENESIS;
        out->genesis = flow->limits;
    } else if (number <= 2) {
        out->header.id = COMMAND_LIST_ASSET;
        out->list_asset = (struct command_list_asset){
            .asset = number, .scale = 4, .code = chars16_from(number == 1 ? "YEN" : "RICE")};
    } else if (number <= 2 + FLOW_INSTRUMENTS) {
        out->header.id = COMMAND_LIST_INSTRUMENT;
        out->list_instrument = (struct command_list_instrument){
            .instrument = number - 2,
            .base_asset = 2,
            .quote_asset = 1,
            .price_scale = 4,
            .itch = number == 4 ? 0 : 1,
            .tick = {1},
            .lowest_price = {1},
            .highest_price = {1000000},
            .lot = {1},
            .largest_quantity = {1000},
            .multiplier = 1,
            .symbol = chars16_from("RICE"),
        };
    } else if (number <= 2 + FLOW_INSTRUMENTS + FLOW_ACCOUNTS) {
        uint32_t account = number - 2 - FLOW_INSTRUMENTS;
        out->header.id = COMMAND_OPEN_ACCOUNT;
        out->open_account = (struct command_open_account){.account = account,
                                                          .participant = flow_participant(account),
                                                          .self_trade_group = account % 4,
                                                          .unlimited = 1};
    } else {
        logon(flow, number - 2 - FLOW_INSTRUMENTS - FLOW_ACCOUNTS, out);
    }
}

static struct text36 fresh_name(struct flow *flow, uint64_t account, uint32_t session)
{
    struct flow_name *slot = &flow->names[flow->name_count % FLOW_NAMES];
    flow->name_count++;
    *slot = (struct flow_name){
        .account = account, .session = session, .name = text36_from_number(flow->name_count)};
    return slot->name;
}

/* An order entered lately, live or not. */
static const struct flow_name *old_name(struct flow *flow)
{
    uint64_t most = flow->name_count < FLOW_NAMES ? flow->name_count : FLOW_NAMES;
    static const struct flow_name none = {.account = 1, .name = {.count = 1, .bytes = "x"}};
    return most == 0 ? &none : &flow->names[prng_below(&flow->prng, most)];
}

static void new_order(struct flow *flow, uint32_t session, struct command *out)
{
    static const enum time_in_force forces[] = {
        TIME_IN_FORCE_GTC, TIME_IN_FORCE_GTC, TIME_IN_FORCE_DAY, TIME_IN_FORCE_DAY,
        TIME_IN_FORCE_GTD, TIME_IN_FORCE_IOC, TIME_IN_FORCE_FOK};
    uint32_t account = session == 0 || prng_chance(&flow->prng, 1, 20)
                           ? pick(flow, FLOW_ACCOUNTS)
                           : flow_participant(session) * 2 - pick(flow, 2) + 1;
    bool market = prng_chance(&flow->prng, 1, 12);
    enum time_in_force force =
        market ? TIME_IN_FORCE_IOC : forces[prng_below(&flow->prng, ARRAY_COUNT(forces))];
    out->header.id = COMMAND_NEW_ORDER;
    out->new_order = (struct command_new_order){
        .account = account,
        .price = {market ? PRICE_NONE : prng_between(&flow->prng, 992, 1008)},
        .quantity = {prng_between(&flow->prng, 0, 12)},
        .expire_time = force == TIME_IN_FORCE_GTD
                           ? flow->time_ns + (uint64_t)prng_between(&flow->prng, 1, 200) * MS
                           : 0,
        .instrument = pick(flow, FLOW_INSTRUMENTS),
        .side = prng_chance(&flow->prng, 1, 2) ? SIDE_BUY : SIDE_SELL,
        .order_type = market ? ORDER_TYPE_MARKET : ORDER_TYPE_LIMIT,
        .time_in_force = force,
        .post_only = market || !prng_chance(&flow->prng, 1, 6) ? POST_ONLY_OFF : POST_ONLY_SLIDE,
        .capacity = CAPACITY_AGENCY,
        .on_disconnect = ON_DISCONNECT_DEFAULT,
        .client_order_id = fresh_name(flow, account, session),
    };
    flow->last = out->new_order;
    flow->last_session = session;
}

/* For an order that is there already; usually from the session that entered it. */
static uint32_t old_order(struct flow *flow, unsigned kind, uint32_t session, struct command *out)
{
    const struct flow_name old = *old_name(flow);
    if (kind < 14) {
        bool same = prng_chance(&flow->prng, 1, 4);
        out->header.id = COMMAND_REPLACE;
        out->replace = (struct command_replace){
            .account = old.account,
            .price = {prng_between(&flow->prng, 992, 1008)},
            .quantity = {prng_between(&flow->prng, 1, 14)},
            .client_order_id = old.name,
            .new_client_order_id = same ? old.name : fresh_name(flow, old.account, old.session),
        };
    } else if (kind < 24) {
        out->header.id = COMMAND_CANCEL;
        out->cancel = (struct command_cancel){.account = old.account, .client_order_id = old.name};
    } else if (kind < 30) {
        out->header.id = COMMAND_REDUCE;
        out->reduce = (struct command_reduce){.account = old.account,
                                              .quantity = {prng_between(&flow->prng, 1, 6)},
                                              .reason = REASON_REQUESTED,
                                              .client_order_id = old.name};
    } else {
        out->header.id = COMMAND_RESOLVE;
        out->resolve =
            (struct command_resolve){.account = old.account, .client_order_id = old.name};
    }
    return prng_chance(&flow->prng, 7, 8) ? old.session : session;
}

/* A note, or a reserve taken or given back, whether it is held or not. */
static void administrative(struct flow *flow, struct command *out)
{
    out->header.id = COMMAND_SESSION_ADMIN;
    out->session_admin.kind =
        (enum admin_kind)prng_between(&flow->prng, ADMIN_KIND_NOTE, ADMIN_KIND_FILL);
    if (out->session_admin.kind == ADMIN_KIND_NOTE) {
        out->session_admin.note = SESSION_NOTE_VENUE_STOPS;
    } else {
        out->session_admin.count = (uint8_t)prng_between(
            &flow->prng, out->session_admin.kind == ADMIN_KIND_RESERVE ? 1 : 0, 3);
    }
}

static void of_sessions(struct flow *flow, unsigned kind, struct command *out)
{
    if (kind < 2) {
        out->header.id = COMMAND_MASS_CANCEL;
        out->mass_cancel = (struct command_mass_cancel){.instrument = pick(flow, FLOW_INSTRUMENTS)};
    } else if (kind < 4) {
        out->header.id = COMMAND_SET_DEAD_MAN;
        out->set_dead_man.timeout_ms = prng_chance(&flow->prng, 1, 2) ? 0 : 20;
    } else {
        out->header.id = COMMAND_SESSION_LOST;
        out->session_lost.reason = SESSION_END_DISCONNECTED;
    }
}

static void of_operator(struct flow *flow, unsigned kind, struct command *out)
{
    if (kind < 3) {
        out->header.id = COMMAND_SET_PHASE;
        out->set_phase = (struct command_set_phase){
            .instrument = pick(flow, FLOW_INSTRUMENTS + 1) - 1,
            .phase = prng_chance(&flow->prng, 1, 8) ? PHASE_HALTED : PHASE_OPEN,
            .reason = PHASE_REASON_OPERATOR,
        };
    } else if (kind < 4) {
        out->header.id = COMMAND_SET_BLOCK;
        out->set_block = (struct command_set_block){
            .number = pick(flow, 3),
            .target = BLOCK_TARGET_PARTICIPANT,
            .blocked = prng_chance(&flow->prng, 1, 8) ? 1 : 0,
        };
    } else if (kind < 6) {
        out->header.id = COMMAND_SET_GROUP;
        out->set_group = (struct command_set_group){
            .self_trade_group = pick(flow, 3),
            .mode = (enum self_trade)prng_below(&flow->prng, SELF_TRADE_DECREMENT + 1),
        };
    } else if (kind < 7) {
        out->header.id = COMMAND_END_OF_DAY;
        flow->day += flow->day % 100 == 28 ? 73 : 1;
        out->end_of_day.trading_day = flow->day;
    } else {
        out->header.id = COMMAND_TICK;
    }
}

static uint32_t body(struct flow *flow, uint32_t session, struct command *out)
{
    unsigned dice = (unsigned)prng_below(&flow->prng, 100);
    if (dice < 52) {
        new_order(flow, session, out);
    } else if (dice < 84) {
        return old_order(flow, dice - 52, session, out);
    } else if (dice < 87) {
        out->header.id = COMMAND_NEW_ORDER;
        out->new_order = flow->last;
        return flow->last_session;
    } else if (dice < 92) {
        of_sessions(flow, dice - 87, out);
    } else if (dice < 96) {
        administrative(flow, out);
    } else {
        of_operator(flow, (unsigned)prng_below(&flow->prng, 10), out);
        return 0;
    }
    return session;
}

void flow_init(struct flow *flow, uint64_t seed, const struct command_genesis *limits)
{
    *flow = (struct flow){.limits = *limits, .time_ns = 1000 * MS, .day = 20260101};
    prng_init(&flow->prng, seed);
    flow->last = (struct command_new_order){.account = 1, .client_order_id = text36_from("none")};
}

void flow_next(struct flow *flow, struct command *out)
{
    *out = (struct command){.header = {.version = 1}};
    uint32_t number = (uint32_t)flow->number;
    uint32_t session = prng_chance(&flow->prng, 1, 15) ? 0 : pick(flow, FLOW_SESSIONS);
    flow->time_ns += prng_below(&flow->prng, 3 * MS);
    out->header.time_ns = flow->time_ns;
    flow->number++;
    if (flow->number <= OPENING) {
        opening(flow, number, out);
        return;
    }
    if (session != 0 && (flow->closed[session] || prng_chance(&flow->prng, 1, 60))) {
        logon(flow, session, out);
        return;
    }
    session = body(flow, session, out);
    out->header.session = session;
    flow->closed[session] = out->header.id == COMMAND_SESSION_LOST;
    if (session != 0) {
        out->header.incarnation = flow->incarnation[session];
        out->header.input_sequence = ++flow->input_sequence[session];
        if (prng_chance(&flow->prng, 1, 60)) {
            out->header.incarnation--; /* a zombie */
        } else if (prng_chance(&flow->prng, 1, 60)) {
            out->header.input_sequence = 1; /* used already, nearly always */
        }
    }
}
