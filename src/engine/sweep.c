/* SPDX-License-Identifier: Apache-2.0
 *
 * Orders that leave many at a time: with their session, by its dead man's timer, by a mass cancel.
 * What one command has no room for goes on before the next ones (docs/reference/engine-rules.md,
 * "Sweeps"): nobody has to ask again.
 *
 * Orders that leave with their session hang in a list of the session, oldest first, through the
 * cold part; other orders do not pay for it. A mass cancel walks the books: a list for it would
 * cost every order three cold cache lines.
 */
#include "base/assert.h"
#include "engine/book_walk.h"

void sweep_link(struct engine *engine, uint32_t index)
{
    struct order_cold *cold = &engine->pool.cold[index];
    struct session *session = &engine->sessions.table[cold->session - 1];
    cold->session_next = POOL_NONE;
    cold->session_previous = session->last_order;
    if (session->last_order == POOL_NONE) {
        session->first_order = index;
    } else {
        engine->pool.cold[session->last_order].session_next = index;
    }
    session->last_order = index;
    session->order_count++;
}

void sweep_unlink(struct engine *engine, uint32_t index)
{
    struct order_cold *orders = engine->pool.cold;
    const struct order_cold *cold = &orders[index];
    struct session *session = &engine->sessions.table[cold->session - 1];
    if (cold->session_previous == POOL_NONE) {
        session->first_order = cold->session_next;
    } else {
        orders[cold->session_previous].session_next = cold->session_next;
    }
    if (cold->session_next == POOL_NONE) {
        session->last_order = cold->session_previous;
    } else {
        orders[cold->session_next].session_previous = cold->session_previous;
    }
    session->order_count--;
}

/* Two sorted lists into one, through session_next alone. */
static uint32_t merge(const struct book_pool *pool, uint32_t a, uint32_t b)
{
    uint32_t first = POOL_NONE;
    uint32_t *link = &first;
    while (a != POOL_NONE && b != POOL_NONE) {
        uint32_t *least = pool->orders[b].order_id < pool->orders[a].order_id ? &b : &a;
        *link = *least;
        link = &pool->cold[*least].session_next;
        *least = *link;
    }
    *link = a != POOL_NONE ? a : b;
    return first;
}

/* Merge sort from the bottom: runs[i] is empty or a sorted list of 2^i orders. */
bool sweep_sort(struct engine *engine, uint32_t number)
{
    struct book_pool *pool = &engine->pool;
    struct session *session = &engine->sessions.table[number - 1];
    uint32_t runs[32];
    for (unsigned i = 0; i < ARRAY_COUNT(runs); i++) {
        runs[i] = POOL_NONE;
    }
    uint32_t next;
    for (uint32_t index = session->first_order; index != POOL_NONE; index = next) {
        next = pool->cold[index].session_next;
        pool->cold[index].session_next = POOL_NONE;
        unsigned i = 0;
        for (; runs[i] != POOL_NONE; i++) {
            index = merge(pool, runs[i], index);
            runs[i] = POOL_NONE;
        }
        runs[i] = index;
    }
    uint32_t sorted = POOL_NONE;
    for (unsigned i = 0; i < ARRAY_COUNT(runs); i++) {
        sorted = merge(pool, runs[i], sorted);
    }
    session->first_order = sorted;
    uint32_t previous = POOL_NONE;
    for (uint32_t index = sorted; index != POOL_NONE; index = pool->cold[index].session_next) {
        if (previous != POOL_NONE &&
            pool->orders[previous].order_id == pool->orders[index].order_id) {
            return false;
        }
        pool->cold[index].session_previous = previous;
        previous = index;
    }
    session->last_order = previous;
    return true;
}

/* From here on the tagged orders that the session has now are leaving. */
static void begin(struct engine *engine, struct session *session, enum reason reason)
{
    if (session->last_order == POOL_NONE) {
        return;
    }
    engine->sessions.sweeps += session->sweep_until == 0;
    engine->sessions.look_ns = 0;
    session->sweep_until = engine->pool.orders[session->last_order].order_id;
    session->sweep_reason = (uint8_t)reason;
}

static void fire_dead_men(struct engine *engine)
{
    for (uint32_t i = 0; i < engine->sessions.max_sessions; i++) {
        struct session *session = &engine->sessions.table[i];
        if (session->dead_man_due_ns != 0 && session->dead_man_due_ns <= engine->time_ns) {
            session->dead_man_due_ns = 0;
            begin(engine, session, REASON_DEAD_MAN);
        }
    }
}

static bool is_leaving(const struct engine *engine)
{
    return engine->sessions.sweeps + engine->mass_cancels.count > 0;
}

static void look_later(struct engine *engine)
{
    uint64_t look_ns = is_leaving(engine) ? 0 : UINT64_MAX;
    for (uint32_t i = 0; look_ns != 0 && i < engine->sessions.max_sessions; i++) {
        uint64_t due_ns = engine->sessions.table[i].dead_man_due_ns;
        if (due_ns != 0 && due_ns < look_ns) {
            look_ns = due_ns;
        }
    }
    engine->sessions.look_ns = look_ns;
}

/* False if the events ran out. */
static bool sweep_session(struct apply *apply, struct session *session, uint32_t event_count_max)
{
    struct engine *engine = apply->engine;
    while (session->first_order != POOL_NONE &&
           engine->pool.orders[session->first_order].order_id <= session->sweep_until) {
        if (apply->events->count >= event_count_max) {
            return false;
        }
        remove_order(apply, session->first_order, (enum reason)session->sweep_reason);
    }
    session->sweep_until = 0;
    session->sweep_reason = 0;
    engine->sessions.sweeps--;
    return true;
}

static bool is_mass_cancelled(const struct engine *engine, uint32_t order, const void *context)
{
    const struct mass_cancel *mass = context;
    const struct order_cold *cold = &engine->pool.cold[order];
    return engine->pool.orders[order].order_id <= mass->until && cold->session != 0 &&
           (mass->session == 0 || cold->session == mass->session) &&
           (mass->participant == 0 || cold->participant == mass->participant) &&
           (mass->account == 0 || cold->account == mass->account);
}

/* False if the slice is full before the end. */
static bool walk_mass_cancel(struct apply *apply, struct mass_cancel *mass, struct book_walk *walk)
{
    struct engine *engine = apply->engine;
    uint32_t last = mass->instrument != 0 ? mass->instrument : engine->pool.max_instruments;
    while (mass->place.instrument <= last) {
        bool wanted = mass->side == 0 || mass->side == (uint8_t)mass->place.side;
        if (wanted && !book_walk_side(apply, walk)) {
            return false;
        }
        book_walk_next_side(engine, BOOK_MARK_MASS_CANCEL, &mass->place);
    }
    return true;
}

static void put_mass_cancelled(struct apply *apply, const struct mass_cancel *mass)
{
    EVENT_PUT(apply->events, MASS_CANCELLED, mass_cancelled,
              (&(struct event_mass_cancelled){.account = mass->account,
                                              .tag = mass->tag,
                                              .asked_by = mass->asked_by,
                                              .participant = mass->participant,
                                              .instrument = mass->instrument,
                                              .session = mass->session,
                                              .orders = mass->orders,
                                              .side = mass->side}),
              apply->command->header.sequence);
}

static COLD void run(struct apply *apply, uint32_t event_count_max, uint64_t looks)
{
    struct engine *engine = apply->engine;
    struct mass_cancels *all = &engine->mass_cancels;
    for (uint32_t i = 0; engine->sessions.sweeps > 0; i++) {
        struct session *session = &engine->sessions.table[i];
        if (session->sweep_until != 0 && !sweep_session(apply, session, event_count_max)) {
            return;
        }
    }
    while (all->count > 0) {
        struct mass_cancel *mass = mass_cancel_at(all, 0);
        struct book_walk walk = {
            .place = &mass->place,
            .mark = BOOK_MARK_MASS_CANCEL,
            .reason = REASON_MASS_CANCEL,
            .event_count_max = event_count_max,
            .looks_left = looks,
            .gone = &mass->orders,
            .leaves = is_mass_cancelled,
            .context = mass,
        };
        bool done = walk_mass_cancel(apply, mass, &walk);
        looks = walk.looks_left;
        if (!done || apply->events->count >= event_count_max) {
            return;
        }
        put_mass_cancelled(apply, mass);
        all->first = (all->first + 1) % all->capacity;
        all->count--;
    }
}

void sweep_now(struct apply *apply, uint32_t event_count_max)
{
    struct engine *engine = apply->engine;
    fire_dead_men(engine);
    run(apply, event_count_max,
        (uint64_t)engine->genesis.max_timers_per_command * BOOK_WALK_LOOKS_PER_EVENT);
    look_later(engine);
}

void sweep_behind(struct apply *apply)
{
    struct engine *engine = apply->engine;
    if (is_leaving(engine)) {
        run(apply, apply->event_count_max,
            (uint64_t)engine->genesis.max_events_per_command * BOOK_WALK_LOOKS_PER_EVENT);
        look_later(engine);
    }
}

void sweep_begin_disconnected(struct engine *engine, uint32_t session)
{
    begin(engine, &engine->sessions.table[session - 1], REASON_DISCONNECTED);
}

struct refusal apply_session_lost(struct apply *apply)
{
    const struct command *command = apply->command;
    if (command->header.session == 0) {
        return refuse(REJECT_UNKNOWN_SESSION, 0, 0);
    }
    struct engine *engine = apply->engine;
    struct session *session = &engine->sessions.table[command->header.session - 1];
    EVENT_PUT(apply->events, SESSION_CLOSED, session_closed,
              (&(struct event_session_closed){.session = command->header.session,
                                              .incarnation = session->incarnation,
                                              .orders = session->order_count,
                                              .reason = command->session_lost.reason}),
              command->header.sequence);
    session->closed = 1;
    session->dead_man_ms = 0;
    session->dead_man_due_ns = 0;
    sessions_note_timed(session);
    sweep_begin_disconnected(engine, command->header.session);
    sweep_behind(apply);
    return refusal_none();
}

/* The participant whose orders are meant, 0 = any. */
static struct refusal check_mass_cancel(const struct apply *apply, uint32_t *out_participant)
{
    const struct engine *engine = apply->engine;
    const struct command_mass_cancel *in = &apply->command->mass_cancel;
    const struct session *sender = sessions_find(&engine->sessions, apply->command->header.session);
    if (in->side > SIDE_SELL) {
        return refuse(REJECT_INVALID_FIELD, 0, 6);
    }
    *out_participant = sender != NULL ? sender->participant : in->participant;
    if (in->participant != 0 && in->participant != *out_participant) {
        return refuse(REJECT_ACCOUNT_NOT_OF_PARTICIPANT, in->participant, *out_participant);
    }
    const struct account *account = accounts_find(&engine->accounts, in->account);
    if (in->account != 0 && account == NULL) {
        return refuse(REJECT_UNKNOWN_ACCOUNT, 0, (int64_t)in->account);
    }
    if (account != NULL && sender != NULL && account->participant != sender->participant) {
        return refuse(REJECT_ACCOUNT_NOT_OF_PARTICIPANT, account->participant, sender->participant);
    }
    if (in->instrument != 0 && reference_find(&engine->reference, in->instrument) == NULL) {
        return refuse(REJECT_UNKNOWN_INSTRUMENT, 0, in->instrument);
    }
    for (uint32_t i = 0; i < engine->mass_cancels.count; i++) {
        const struct mass_cancel *other = mass_cancel_at(&engine->mass_cancels, i);
        if (other->asked_by == apply->command->header.session) {
            return refuse(REJECT_MASS_CANCEL_UNDER_WAY, (int64_t)other->tag, 0);
        }
    }
    return refusal_none();
}

struct refusal apply_mass_cancel(struct apply *apply)
{
    struct mass_cancels *all = &apply->engine->mass_cancels;
    const struct command_mass_cancel *in = &apply->command->mass_cancel;
    uint32_t participant = 0;
    struct refusal refusal = check_mass_cancel(apply, &participant);
    if (refusal.code != REJECT_NONE) {
        return refusal;
    }
    ASSERT(all->count < all->capacity); /* one a session and one of the operator */
    apply->engine->sessions.look_ns = 0;
    *mass_cancel_at(all, all->count++) = (struct mass_cancel){
        .account = in->account,
        .tag = in->tag,
        .until = apply->events->sequence << 16 | UINT16_MAX,
        .asked_by = apply->command->header.session,
        .participant = participant,
        .instrument = in->instrument,
        .session = in->orders_of,
        .side = in->side,
        .place = book_walk_begin(in->instrument != 0 ? in->instrument : 1),
    };
    sweep_behind(apply);
    return refusal_none();
}

static void check_session(const struct engine *engine, uint32_t number)
{
    const struct session *session = &engine->sessions.table[number - 1];
    uint32_t count = 0;
    uint32_t previous = POOL_NONE;
    for (uint32_t i = session->first_order; i != POOL_NONE; i = engine->pool.cold[i].session_next) {
        const struct order *order = &engine->pool.orders[i];
        ASSERT(order->live == 1 && order->tagged == 1);
        ASSERT(engine->pool.cold[i].session == number);
        ASSERT(engine->pool.cold[i].session_previous == previous);
        ASSERT(previous == POOL_NONE || engine->pool.orders[previous].order_id < order->order_id);
        previous = i;
        count++;
    }
    ASSERT(session->last_order == previous && session->order_count == count);
    ASSERT((session->sweep_until == 0) == (session->sweep_reason == 0));
    ASSERT((session->reserve_count == 0) == (session->reserve_event == 0));
    ASSERT(session->dead_man_due_ns == 0 || session->dead_man_due_ns >= engine->sessions.look_ns);
}

uint32_t sweep_check(const struct engine *engine)
{
    uint32_t sweeps = 0;
    uint32_t orders = 0;
    for (uint32_t number = 1; number <= engine->sessions.max_sessions; number++) {
        check_session(engine, number);
        sweeps += engine->sessions.table[number - 1].sweep_until != 0;
        orders += engine->sessions.table[number - 1].order_count;
    }
    ASSERT(sweeps == engine->sessions.sweeps);
    if (engine->mass_cancels.count == 0) {
        ASSERT(book_marked(&engine->pool, BOOK_MARK_MASS_CANCEL) == POOL_NONE);
    } else {
        book_walk_check(engine, BOOK_MARK_MASS_CANCEL,
                        &mass_cancel_at(&engine->mass_cancels, 0)->place);
    }
    return orders;
}
