/* SPDX-License-Identifier: Apache-2.0
 *
 * Fills a fresh engine from canonical bytes. Every record is checked like a command would be:
 * damaged bytes are refused, never trusted. Orders may come in any order: each finds its place in
 * the queue by its reference.
 */
#include "engine/snapshot/record.h"
#include "engine/state.h"

struct load {
    struct engine *engine;
    const uint8_t *bytes;
    size_t count;
    size_t at;
};

/* The next `count` bytes behind the tag, or null. */
static const uint8_t *take(struct load *load, size_t count)
{
    if (load->count - load->at < count) {
        return NULL;
    }
    const uint8_t *bytes = load->bytes + load->at;
    load->at += count;
    return bytes;
}

static enum status load_head(struct load *load)
{
    const uint8_t *in = take(load, SNAPSHOT_HEAD_BYTES);
    if (in == NULL) {
        return STATUS_TRUNCATED;
    }
    struct command_genesis genesis;
    if (in[0] != SNAPSHOT_HEAD ||
        command_genesis_decode(in + 1, COMMAND_GENESIS_FIXED_BYTES, &genesis) != STATUS_OK ||
        memcmp(&genesis, &load->engine->genesis, sizeof genesis) != 0) {
        return STATUS_INVALID;
    }
    in += 1 + COMMAND_GENESIS_FIXED_BYTES;
    struct engine *engine = load->engine;
    engine->command_sequence = bytes_load_le64(in);
    engine->event_sequence = bytes_load_le64(in + 8);
    engine->time_ns = bytes_load_le64(in + 16);
    engine->day = trading_day_after(bytes_load_le32(in + 24));
    engine->day.place.instrument = bytes_load_le32(in + 28);
    engine->day.orders_expired = bytes_load_le32(in + 32);
    bool valid = engine->day.place.instrument >= 1 &&
                 engine->day.place.instrument <= engine->genesis.max_instruments &&
                 engine->event_sequence < EVENT_SEQUENCE_END;
    return valid ? STATUS_OK : STATUS_INVALID;
}

/* Once, later rules than those of genesis. */
static enum status load_logic(struct load *load)
{
    const uint8_t *in = take(load, SNAPSHOT_LOGIC_BYTES);
    if (in == NULL) {
        return STATUS_TRUNCATED;
    }
    struct engine *engine = load->engine;
    uint16_t logic = bytes_load_le16(in + 1);
    if (logic <= engine->genesis.logic_version || engine->logic != engine->genesis.logic_version) {
        return STATUS_INVALID;
    }
    if (logic > LOGIC_NEWEST) {
        return STATUS_UNSUPPORTED;
    }
    engine->logic = logic;
    return STATUS_OK;
}

/* Once, before the orders: they are marked as they come. */
static enum status load_walk(struct load *load)
{
    const uint8_t *in = take(load, SNAPSHOT_WALK_BYTES);
    if (in == NULL) {
        return STATUS_TRUNCATED;
    }
    struct engine *engine = load->engine;
    struct book_place *place = &engine->day.place;
    bool first = place->side == SIDE_BUY && place->reference == 0 && engine->pool.order_count == 0;
    uint64_t reference = bytes_load_le64(in + 10);
    int64_t price_units = (int64_t)bytes_load_le64(in + 2);
    bool begun = reference != 0 && reference <= engine->event_sequence;
    bool untouched = reference == 0 && price_units == 0 && in[1] == SIDE_SELL;
    if (!first || (in[1] != SIDE_BUY && in[1] != SIDE_SELL) || (!begun && !untouched)) {
        return STATUS_INVALID;
    }
    place->side = in[1] == SIDE_SELL ? SIDE_SELL : SIDE_BUY;
    place->price_units = price_units;
    place->reference = reference;
    return STATUS_OK;
}

static enum status from_refusal(struct refusal refusal)
{
    if (refusal.code == REJECT_NONE) {
        return STATUS_OK;
    }
    return refusal.code == REJECT_TABLE_FULL ? STATUS_FULL : STATUS_INVALID;
}

static enum status load_reference(struct load *load, uint8_t tag)
{
    if (tag == SNAPSHOT_ASSET) {
        const uint8_t *in = take(load, 1 + COMMAND_LIST_ASSET_FIXED_BYTES);
        struct command_list_asset asset;
        if (in == NULL) {
            return STATUS_TRUNCATED;
        }
        if (command_list_asset_decode(in + 1, COMMAND_LIST_ASSET_FIXED_BYTES, &asset) !=
            STATUS_OK) {
            return STATUS_INVALID;
        }
        return from_refusal(reference_list_asset(&load->engine->reference, &asset));
    }
    const uint8_t *in = take(load, SNAPSHOT_INSTRUMENT_BYTES);
    struct command_list_instrument terms;
    if (in == NULL) {
        return STATUS_TRUNCATED;
    }
    if (command_list_instrument_decode(in + 1, COMMAND_LIST_INSTRUMENT_FIXED_BYTES, &terms) !=
        STATUS_OK) {
        return STATUS_INVALID;
    }
    uint8_t phase = in[1 + COMMAND_LIST_INSTRUMENT_FIXED_BYTES];
    if (phase < PHASE_OPEN || phase > PHASE_CLOSED) {
        return STATUS_INVALID;
    }
    struct refusal refusal = reference_list_instrument(&load->engine->reference, &terms);
    if (refusal.code == REJECT_NONE) {
        refusal =
            reference_set_phase(&load->engine->reference, terms.instrument, (enum phase)phase);
    }
    return from_refusal(refusal);
}

static enum status load_account(struct load *load)
{
    const uint8_t *in = take(load, SNAPSHOT_ACCOUNT_BYTES);
    struct command_open_account account;
    if (in == NULL) {
        return STATUS_TRUNCATED;
    }
    if (command_open_account_decode(in + 1, COMMAND_OPEN_ACCOUNT_FIXED_BYTES, &account) !=
        STATUS_OK) {
        return STATUS_INVALID;
    }
    uint8_t blocks = in[1 + COMMAND_OPEN_ACCOUNT_FIXED_BYTES];
    if (blocks > (ACCOUNT_BLOCK_PARTICIPANT | ACCOUNT_BLOCK_ACCOUNT)) {
        return STATUS_INVALID;
    }
    struct accounts *accounts = &load->engine->accounts;
    bool first = (blocks & ACCOUNT_BLOCK_PARTICIPANT) != 0 &&
                 accounts_of_participant(accounts, account.participant) == NULL;
    struct refusal refusal = accounts_open(accounts, &account);
    if (refusal.code == REJECT_NONE && first) {
        refusal = accounts_block_participant(accounts, account.participant, true);
    }
    if (refusal.code == REJECT_NONE) {
        refusal = accounts_block(accounts, account.account, (blocks & ACCOUNT_BLOCK_ACCOUNT) != 0);
    }
    const struct account *opened = accounts_find(accounts, account.account);
    if (refusal.code == REJECT_NONE && opened != NULL && opened->blocks != blocks) {
        return STATUS_INVALID; /* a participant is blocked on all its accounts or on none */
    }
    return from_refusal(refusal);
}

static enum status load_group(struct load *load)
{
    const uint8_t *in = take(load, SNAPSHOT_GROUP_BYTES);
    if (in == NULL) {
        return STATUS_TRUNCATED;
    }
    struct engine *engine = load->engine;
    uint32_t group = bytes_load_le32(in + 2);
    if (in[1] == SELF_TRADE_NONE || in[1] > SELF_TRADE_DECREMENT || group == 0 ||
        group > engine->genesis.max_accounts || engine->group_modes[group - 1] != SELF_TRADE_NONE) {
        return STATUS_INVALID;
    }
    engine->group_modes[group - 1] = in[1];
    return STATUS_OK;
}

static struct rate load_rate(const uint8_t *in)
{
    return (struct rate){.full_at_ns = bytes_load_le64(in),
                         .interval_ns = bytes_load_le32(in + 8),
                         .burst = bytes_load_le32(in + 12)};
}

static bool rate_valid(const struct rate *rate)
{
    return (rate->interval_ns == 0 && rate->burst == 0) ||
           (rate->interval_ns >= 1000000000u / RATE_MOST && rate->interval_ns <= 1000000000u &&
            rate->burst >= 1 && rate->burst <= RATE_MOST);
}

static enum status load_session(struct load *load)
{
    const uint8_t *in = take(load, SNAPSHOT_SESSION_BYTES);
    if (in == NULL) {
        return STATUS_TRUNCATED;
    }
    struct command logon = {
        .header = {.id = COMMAND_LOGON,
                   .session = bytes_load_le32(in + 1),
                   .incarnation = bytes_load_le32(in + 5),
                   .input_sequence = bytes_load_le64(in + 17)},
        .logon = {.participant = bytes_load_le32(in + 9), .user = bytes_load_le32(in + 13)},
    };
    struct sessions *sessions = &load->engine->sessions;
    struct refusal refusal = sessions_logon(sessions, &logon, 0);
    if (refusal.code != REJECT_NONE) {
        return from_refusal(refusal);
    }
    struct session *session = &sessions->table[logon.header.session - 1];
    session->closed = in[25];
    session->blocked = in[26];
    session->cancel_on_disconnect = in[27];
    session->sweep_reason = in[28];
    session->sweep_until = bytes_load_le64(in + 29);
    session->dead_man_ms = bytes_load_le32(in + 37);
    session->dead_man_due_ns = bytes_load_le64(in + 41);
    session->orders = load_rate(in + 49);
    session->cancels = load_rate(in + 65);
    session->admin_full_at_ns = bytes_load_le64(in + 81);
    session->reserve_event = bytes_load_le64(in + 89);
    session->reserve_count = in[97];
    sessions_note_timed(session);
    if (session->sweep_until != 0) {
        sessions->sweeps++;
        sessions->look_ns = 0;
    } else if (session->dead_man_due_ns != 0 && session->dead_man_due_ns < sessions->look_ns) {
        sessions->look_ns = session->dead_man_due_ns;
    }
    bool leaves =
        session->sweep_reason == REASON_DISCONNECTED || session->sweep_reason == REASON_DEAD_MAN;
    bool valid =
        session->closed <= 1 && session->blocked <= 1 && session->cancel_on_disconnect <= 1 &&
        rate_valid(&session->orders) && rate_valid(&session->cancels) &&
        (session->sweep_until != 0) == leaves && (leaves || session->sweep_reason == 0) &&
        (session->dead_man_ms != 0 || session->dead_man_due_ns == 0) &&
        session->reserve_count <= RESERVE_MOST &&
        (session->reserve_count != 0) == (session->reserve_event != 0) &&
        session->reserve_event <= load->engine->event_sequence &&
        load->engine->event_sequence - session->reserve_event + 1 >= session->reserve_count &&
        load->engine->pool.order_count == 0;
    return valid ? STATUS_OK : STATUS_INVALID;
}

static enum status load_mass_cancel(struct load *load)
{
    const uint8_t *in = take(load, SNAPSHOT_MASS_CANCEL_BYTES);
    if (in == NULL) {
        return STATUS_TRUNCATED;
    }
    struct mass_cancel mass = {
        .account = bytes_load_le64(in + 3),
        .tag = bytes_load_le64(in + 11),
        .until = bytes_load_le64(in + 19),
        .asked_by = bytes_load_le32(in + 27),
        .participant = bytes_load_le32(in + 31),
        .instrument = bytes_load_le32(in + 35),
        .session = bytes_load_le32(in + 39),
        .orders = bytes_load_le32(in + 43),
        .side = in[1],
        .place = {.instrument = bytes_load_le32(in + 47),
                  .side = in[2] == SIDE_SELL ? SIDE_SELL : SIDE_BUY,
                  .price_units = (int64_t)bytes_load_le64(in + 51),
                  .reference = bytes_load_le64(in + 59)},
    };
    struct mass_cancels *all = &load->engine->mass_cancels;
    const struct book_place *place = &mass.place;
    uint32_t instruments = load->engine->pool.max_instruments;
    bool begun = place->reference != 0 && place->reference <= load->engine->event_sequence &&
                 place->instrument <= instruments;
    bool untouched = place->reference == 0 && place->price_units == 0;
    bool valid = all->count < all->capacity && mass.side <= SIDE_SELL &&
                 (in[2] == SIDE_BUY || in[2] == SIDE_SELL) && mass.instrument <= instruments &&
                 place->instrument >= 1 && place->instrument <= instruments + 1 &&
                 (begun || (untouched && (all->count == 0 || in[2] == SIDE_BUY))) &&
                 (begun ? all->count == 0 : true) && load->engine->pool.order_count == 0;
    for (uint32_t i = 0; i < all->count; i++) {
        valid = valid && mass_cancel_at(all, i)->asked_by != mass.asked_by;
    }
    if (!valid) {
        return STATUS_INVALID;
    }
    *mass_cancel_at(all, all->count++) = mass;
    load->engine->sessions.look_ns = 0;
    return STATUS_OK;
}

/* Puts a rested order before those of its level that are younger. False if one has its reference.
 */
static bool order_by_reference(struct book_pool *pool, uint32_t index)
{
    struct order *order = &pool->orders[index];
    struct level *level = book_order_level(pool, order);
    uint32_t before = order->previous;
    while (before != POOL_NONE && pool->orders[before].reference > order->reference) {
        before = pool->orders[before].previous;
    }
    if (before != POOL_NONE && pool->orders[before].reference == order->reference) {
        return false;
    }
    if (before == order->previous) {
        return true;
    }
    /* It stands at the tail: unlink there, link in behind `before`. */
    pool->orders[order->previous].next = POOL_NONE;
    level->tail = order->previous;
    uint32_t after = before == POOL_NONE ? level->head : pool->orders[before].next;
    order->previous = before;
    order->next = after;
    pool->orders[after].previous = index;
    if (before == POOL_NONE) {
        level->head = index;
    } else {
        pool->orders[before].next = index;
    }
    return true;
}

struct order_record {
    struct order order;
    struct order_cold cold;
    int64_t price_units;
    uint32_t instrument;
    enum side side;
};

static enum status decode_order(struct load *load, struct order_record *out)
{
    const uint8_t *in = take(load, SNAPSHOT_ORDER_FIXED_BYTES);
    if (in == NULL) {
        return STATUS_TRUNCATED;
    }
    out->order = (struct order){.order_id = bytes_load_le64(in + 1),
                                .reference = bytes_load_le64(in + 9),
                                .remaining_lots = (int64_t)bytes_load_le64(in + 17),
                                .total_lots = (int64_t)bytes_load_le64(in + 25),
                                .time_in_force = in[77],
                                .post_only = in[78],
                                .tagged = in[81]};
    out->price_units = (int64_t)bytes_load_le64(in + 33);
    uint32_t book_side = bytes_load_le32(in + 57);
    out->instrument = book_side >> 1;
    out->side = (book_side & 1) != 0 ? SIDE_SELL : SIDE_BUY;
    out->cold = (struct order_cold){.account = bytes_load_le64(in + 41),
                                    .expire_time = bytes_load_le64(in + 49),
                                    .session = bytes_load_le32(in + 61),
                                    .participant = bytes_load_le32(in + 65),
                                    .user = bytes_load_le32(in + 69),
                                    .self_trade_group = bytes_load_le32(in + 73),
                                    .timer = POOL_NONE,
                                    .order_type = in[79],
                                    .capacity = in[80]};
    if (!text36_decode(load->bytes, load->count, &load->at, &out->cold.client_order_id)) {
        return STATUS_TRUNCATED;
    }
    const struct command_list_instrument *terms =
        reference_find(&load->engine->reference, out->instrument);
    bool timed = out->order.time_in_force == TIME_IN_FORCE_GTD;
    bool tagged_rightly = out->order.tagged == 0 ||
                          (out->order.tagged == 1 &&
                           sessions_find(&load->engine->sessions, out->cold.session) != NULL);
    bool valid = timed == (out->cold.expire_time != 0) && tagged_rightly &&
                 text36_valid(&out->cold.client_order_id) && out->order.remaining_lots > 0 &&
                 out->order.remaining_lots <= out->order.total_lots && out->order.reference > 0 &&
                 out->order.reference <= load->engine->event_sequence && terms != NULL &&
                 out->order.total_lots <= terms->largest_quantity.lots;
    return valid ? STATUS_OK : STATUS_INVALID;
}

/* The mark belongs to the last order that the walk has looked at. */
static void mark_looked_at(struct engine *engine, enum book_mark_of mark,
                           const struct book_place *place, const struct order_record *record,
                           uint32_t index)
{
    if (place->reference != 0 && record->instrument == place->instrument &&
        record->side == place->side && record->price_units == place->price_units &&
        record->order.reference <= place->reference &&
        record->order.reference > engine->pool.marks[mark].reference) {
        book_mark(&engine->pool, mark, index);
    }
}

static enum status load_order(struct load *load)
{
    struct order_record record;
    enum status status = decode_order(load, &record);
    if (status != STATUS_OK) {
        return status;
    }
    struct book_pool *pool = &load->engine->pool;
    if (pool->order_count == pool->max_orders ||
        (pool->level_count == pool->max_levels &&
         !book_has_level(pool, record.instrument, record.side, record.price_units))) {
        return STATUS_FULL;
    }
    struct hash128 key = name_key(record.cold.account, &record.cold.client_order_id);
    if (names_find(&load->engine->names, pool->orders, key) != POOL_NONE) {
        return STATUS_INVALID;
    }
    uint32_t index = book_order_take(pool);
    pool->orders[index] = record.order;
    pool->orders[index].name_key = key;
    pool->cold[index] = record.cold;
    book_rest(pool, record.instrument, record.side, record.price_units, index);
    bool placed = order_by_reference(pool, index);
    names_add(&load->engine->names, key, index);
    mark_looked_at(load->engine, BOOK_MARK_DAY, &load->engine->day.place, &record, index);
    if (load->engine->mass_cancels.count > 0) {
        mark_looked_at(load->engine, BOOK_MARK_MASS_CANCEL,
                       &mass_cancel_at(&load->engine->mass_cancels, 0)->place, &record, index);
    }
    if (record.order.tagged != 0) {
        sweep_link(load->engine, index);
    }
    if (record.cold.expire_time != 0) {
        timers_add(&load->engine->timers, record.cold.expire_time, record.order.order_id, index);
    }
    return placed ? STATUS_OK : STATUS_INVALID;
}

static enum status load_name(struct load *load)
{
    const uint8_t *in = take(load, SNAPSHOT_NAME_BYTES);
    if (in == NULL) {
        return STATUS_TRUNCATED;
    }
    struct engine *engine = load->engine;
    struct recent *recent = &engine->recent;
    struct recent_name name = {
        .key = {.low = bytes_load_le64(in + 1), .high = bytes_load_le64(in + 9)},
        .body_hash = bytes_load_le64(in + 17),
        .result = bytes_load_le64(in + 25),
        .ended_ns = bytes_load_le64(in + 33),
    };
    if (recent->max == 0 || recent_find(recent, name.key, engine->time_ns) != RECENT_NONE) {
        return STATUS_INVALID;
    }
    if (recent_full(recent, engine->time_ns)) {
        return STATUS_FULL;
    }
    bool valid = true;
    if (name.ended_ns == RECENT_LIVES) {
        valid = names_find(&engine->names, engine->pool.orders, name.key) != POOL_NONE;
    } else {
        uint64_t before_ns =
            recent->youngest == RECENT_NONE ? 0 : recent->names[recent->youngest].ended_ns;
        valid = name.ended_ns <= engine->time_ns && name.ended_ns >= before_ns &&
                !recent_is_over(recent, &name, engine->time_ns) &&
                names_find(&engine->names, engine->pool.orders, name.key) == POOL_NONE;
    }
    if (valid) {
        recent_add(recent, &name, engine->time_ns);
    }
    return valid ? STATUS_OK : STATUS_INVALID;
}

static enum status load_end(struct load *load)
{
    const uint8_t *in = take(load, SNAPSHOT_END_BYTES);
    if (in == NULL) {
        return STATUS_TRUNCATED;
    }
    const struct engine *engine = load->engine;
    for (uint32_t session = 1; session <= engine->sessions.max_sessions; session++) {
        if (!sweep_sort(load->engine, session)) {
            return STATUS_INVALID; /* two orders of one id */
        }
    }
    for (uint32_t i = 0; i < engine->pool.max_instruments; i++) {
        const struct ladder_side *sides = engine->pool.books[i].sides;
        if (sides[0].best_level != POOL_NONE && sides[1].best_level != POOL_NONE &&
            sides[0].best_rank >= ~sides[1].best_rank) {
            return STATUS_INVALID; /* a crossed book is no state of ours */
        }
    }
    bool all_named = engine->recent.max == 0 || engine->recent.living == engine->pool.order_count;
    bool equal = all_named && bytes_load_le32(in + 1) == engine->reference.asset_count &&
                 bytes_load_le32(in + 5) == engine->reference.instrument_count &&
                 bytes_load_le32(in + 9) == engine->accounts.count &&
                 bytes_load_le32(in + 13) == engine->sessions.opened &&
                 bytes_load_le32(in + 17) == engine->pool.order_count && load->at == load->count;
    return equal ? STATUS_OK : STATUS_INVALID;
}

static enum status load_record(struct load *load, uint8_t tag)
{
    switch (tag) {
    case SNAPSHOT_LOGIC:
        return load_logic(load);
    case SNAPSHOT_WALK:
        return load_walk(load);
    case SNAPSHOT_ASSET:
    case SNAPSHOT_INSTRUMENT:
        return load_reference(load, tag);
    case SNAPSHOT_ACCOUNT:
        return load_account(load);
    case SNAPSHOT_GROUP:
        return load_group(load);
    case SNAPSHOT_SESSION:
        return load_session(load);
    case SNAPSHOT_MASS_CANCEL:
        return load_mass_cancel(load);
    case SNAPSHOT_ORDER:
        return load_order(load);
    case SNAPSHOT_NAME:
        return load_name(load);
    case SNAPSHOT_END:
        return load_end(load);
    default:
        return STATUS_INVALID;
    }
}

enum status engine_load(struct engine *engine, const uint8_t *bytes, size_t count,
                        struct events *events)
{
    struct load load = {.engine = engine, .bytes = bytes, .count = count};
    enum status status = load_head(&load);
    uint8_t tag = SNAPSHOT_HEAD;
    while (status == STATUS_OK && tag != SNAPSHOT_END) {
        if (load.at == load.count) {
            return STATUS_TRUNCATED;
        }
        tag = bytes[load.at];
        status = load_record(&load, tag);
    }
    if (status == STATUS_OK) {
        events->sequence = engine->event_sequence;
    }
    return status;
}
