/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/generate.h"

#include "base/assert.h"
#include "flow/generate_book.h"
#include "flow/generate_draw.h"
#include "wire/itch/itch.h"

#include <stdlib.h>
#include <string.h>

#define SPEC_ADDS     9341772u
#define SPEC_DELETES  7866354u
#define SPEC_REPLACES 2184517u
#define SPEC_EXECUTES 404350u
#define SPEC_REDUCES  161755u
#define SPEC_TOTAL    19958748u

#define UNITS_A_TICK 100u /* one cent in 10^-4 dollars */
#define MIDDLE_MIN   10000u
#define MIDDLE_MAX   1500000000u
#define MIDDLE_STEP  25u /* by which an execution moves the middle */
#define FULL_PERCENT 80  /* executions that take the whole order */
#define SECOND_NS    UINT64_C(1000000000)
#define OPEN_NS      (34200 * SECOND_NS) /* 09:30 */
#define CLOSE_NS     (57600 * SECOND_NS) /* 16:00 */
#define SYMBOL_BYTES 8
#define PREFIX_BYTES 2
#define WHOLE        65536u

struct day_event {
    uint64_t time_ns;
    uint8_t code;
};

static const struct day_event opening_events[] = {
    {10800 * SECOND_NS, 'O'}, {14400 * SECOND_NS, 'S'}, {OPEN_NS, 'Q'}};
static const struct day_event closing_events[] = {
    {CLOSE_NS, 'M'}, {72000 * SECOND_NS, 'E'}, {72300 * SECOND_NS, 'C'}};

struct generator {
    struct generate_options options;
    struct prng prng;
    struct draw_popularity popularity;
    struct generate_book book;
    struct generate_mix mix;
    uint32_t *middles; /* by instrument */
    char *symbols;     /* SYMBOL_BYTES each */
    uint64_t ramp;     /* messages until the target is reached */
    uint64_t gap_calm_ns;
    uint64_t gap_burst_ns;
    uint64_t time_ns;
    uint64_t step;   /* messages given out */
    uint64_t offset; /* bytes of them */
    uint64_t last_order;
    uint64_t last_match;
    bool burst;
};

/* 0 -> A, 25 -> Z, 26 -> AA... */
static void name_symbol(char *out_symbol, uint32_t index)
{
    char reversed[SYMBOL_BYTES];
    size_t length = 0;
    for (uint64_t left = (uint64_t)index + 1; left > 0; left = (left - 1) / 26) {
        reversed[length++] = (char)('A' + (left - 1) % 26);
    }
    for (size_t i = 0; i < SYMBOL_BYTES; i++) {
        out_symbol[i] = i < length ? reversed[length - 1 - i] : ' ';
    }
}

static enum status allocate(struct generator *generator)
{
    const struct generate_options *options = &generator->options;
    uint32_t count = options->instruments;
    generator->middles = calloc(count, sizeof *generator->middles);
    generator->symbols = calloc(count, SYMBOL_BYTES);
    if (generator->middles == NULL || generator->symbols == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (uint32_t i = 0; i < count; i++) {
        generator->middles[i] = draw_first_price(&generator->prng);
        name_symbol(generator->symbols + (size_t)i * SYMBOL_BYTES, i);
    }
    enum status status = draw_popularity_init(&generator->popularity, count, &generator->prng);
    if (status != STATUS_OK) {
        return status;
    }
    uint32_t target = options->live_target;
    return generate_book_init(&generator->book, count, target + target / 8 + 4096);
}

enum status generate_open(const struct generate_options *options, struct generator **out_generator)
{
    struct generate_options chosen = *options;
    if (chosen.instruments == 0) {
        chosen.instruments = GENERATE_INSTRUMENTS_DEFAULT;
    }
    uint64_t target = chosen.live_target > 0 ? chosen.live_target : chosen.messages * 6 / 100 + 1;
    if (chosen.messages == 0 || chosen.messages > GENERATE_MESSAGES_MAX ||
        chosen.instruments > GENERATE_INSTRUMENTS_MAX) {
        return STATUS_INVALID;
    }
    chosen.live_target = target > GENERATE_LIVE_MAX ? GENERATE_LIVE_MAX : (uint32_t)target;
    struct generator *generator = calloc(1, sizeof *generator);
    if (generator == NULL) {
        return STATUS_NO_MEMORY;
    }
    generator->options = chosen;
    generator->mix.live_target = chosen.live_target;
    generator->ramp = chosen.messages / 3 + 1;
    generator->time_ns = OPEN_NS;
    /* Seven messages in ten come in bursts, ten times as close together as the mean. */
    uint64_t mean_ns = (CLOSE_NS - OPEN_NS) / chosen.messages;
    generator->gap_burst_ns = mean_ns / 10;
    generator->gap_calm_ns = mean_ns * 31 / 10;
    prng_init(&generator->prng, chosen.seed);
    enum status status = allocate(generator);
    if (status != STATUS_OK) {
        generate_close(generator);
        return status;
    }
    *out_generator = generator;
    return STATUS_OK;
}

void generate_close(struct generator *generator)
{
    if (generator == NULL) {
        return;
    }
    generate_book_deinit(&generator->book);
    draw_popularity_deinit(&generator->popularity);
    free(generator->middles);
    free(generator->symbols);
    free(generator);
}

static void begin(struct generator *generator, uint8_t letter, uint32_t instrument,
                  struct flow_message *out_message)
{
    *out_message = (struct flow_message){
        .source_index = generator->step,
        .position = generator->offset + PREFIX_BYTES,
        .time_ns = generator->time_ns,
        .price = FLOW_PRICE_NONE,
        .instrument = instrument,
        .price_scale = ITCH_PRICE_SCALE,
        .raw_type = letter,
    };
    generator->step++;
    generator->offset += PREFIX_BYTES + itch_length(letter);
}

static void set_symbol(const struct generator *generator, uint32_t index,
                       struct flow_message *message)
{
    message->symbol = generator->symbols + (size_t)index * SYMBOL_BYTES;
    message->symbol_length = (uint8_t)itch_text_length(message->symbol, SYMBOL_BYTES);
}

/* Bursts last 140 messages on average, calm spells 60. */
static void advance_time(struct generator *generator)
{
    struct prng *prng = &generator->prng;
    uint64_t chance = prng_next(prng) >> 48;
    if (generator->burst ? chance < WHOLE / 140 : chance < WHOLE / 60) {
        generator->burst = !generator->burst;
    }
    uint64_t mean_ns = generator->burst ? generator->gap_burst_ns : generator->gap_calm_ns;
    generator->time_ns += draw_gap_ns(prng, mean_ns);
    if (generator->time_ns >= CLOSE_NS) {
        generator->time_ns = CLOSE_NS - 1;
    }
}

/* A price for a new order of that side that crosses nothing; 0 if there is none (a bid under one
 * tick). */
static uint32_t draw_ticks(struct generator *generator, uint32_t side)
{
    struct prng *prng = &generator->prng;
    uint32_t middle = generator->middles[side / 2];
    uint32_t distance = draw_distance(prng);
    uint32_t opposite = generate_book_best(&generator->book, side ^ 1);
    if ((side & 1) != 0) {
        uint32_t ticks = (middle + distance + UNITS_A_TICK / 2) / UNITS_A_TICK;
        return opposite != 0 && ticks <= opposite ? opposite + 1 : ticks;
    }
    if (distance >= middle) {
        /* Deeper than the price itself: anywhere in the lower half. */
        distance = middle - 1 - (uint32_t)prng_below(prng, middle / 2);
    }
    uint32_t ticks = (middle - distance + UNITS_A_TICK / 2) / UNITS_A_TICK;
    ticks = ticks == 0 ? 1 : ticks;
    return opposite != 0 && ticks >= opposite ? opposite - 1 : ticks;
}

static void note_live(struct generator *generator)
{
    generator->mix.live = generator->book.live;
    if (generator->mix.live > generator->mix.live_peak) {
        generator->mix.live_peak = generator->mix.live;
    }
}

/* Where a new order goes: a bid that has no price left below the best offer becomes an offer. */
static struct generate_order draw_place(struct generator *generator, uint32_t side,
                                        uint32_t quantity)
{
    uint32_t ticks = draw_ticks(generator, side);
    if (ticks == 0) {
        side |= 1;
        ticks = draw_ticks(generator, side);
    }
    return (struct generate_order){
        .id = ++generator->last_order, .ticks = ticks, .quantity = quantity, .side = side};
}

static enum status add(struct generator *generator, struct flow_message *message)
{
    uint32_t instrument = draw_instrument(&generator->popularity, &generator->prng);
    uint32_t side = instrument * 2 + (uint32_t)(prng_next(&generator->prng) >> 63);
    struct generate_order order = draw_place(generator, side, draw_quantity(&generator->prng));
    begin(generator, ITCH_add_order_LETTER, instrument + 1, message);
    message->kind = FLOW_ADD;
    message->order_id = order.id;
    message->side = (order.side & 1) != 0 ? FLOW_SIDE_SELL : FLOW_SIDE_BUY;
    message->quantity = order.quantity;
    message->price = (int64_t)order.ticks * UNITS_A_TICK;
    set_symbol(generator, instrument, message);
    generator->mix.adds++;
    return generate_book_insert(&generator->book, &order);
}

static void remove_order(struct generator *generator, uint32_t slot, struct flow_message *message)
{
    const struct generate_order *order = &generator->book.orders[slot];
    begin(generator, ITCH_order_delete_LETTER, order->side / 2 + 1, message);
    message->kind = FLOW_DELETE;
    message->order_id = order->id;
    generate_book_remove(&generator->book, slot);
    generator->mix.deletes++;
}

/* The side stays (ITCH says nothing of it), so the new price must be one of that side. */
static enum status replace(struct generator *generator, uint32_t slot, struct flow_message *message)
{
    struct generate_order old = generator->book.orders[slot];
    generate_book_remove(&generator->book, slot);
    bool keeps_quantity = prng_chance(&generator->prng, 7, 10);
    uint32_t quantity = keeps_quantity ? old.quantity : draw_quantity(&generator->prng);
    uint32_t ticks = draw_ticks(generator, old.side);
    ASSERT(ticks != 0); /* a bid that rested left room below the best offer */
    struct generate_order order = {
        .id = ++generator->last_order, .ticks = ticks, .quantity = quantity, .side = old.side};
    begin(generator, ITCH_order_replace_LETTER, old.side / 2 + 1, message);
    message->kind = FLOW_REPLACE;
    message->order_id = old.id;
    message->new_order_id = order.id;
    message->quantity = order.quantity;
    message->price = (int64_t)order.ticks * UNITS_A_TICK;
    generator->mix.replaces++;
    return generate_book_insert(&generator->book, &order);
}

/* An aggressor moves the middle its way; it stays between the best prices. */
static void move_middle(struct generator *generator, uint32_t side)
{
    uint32_t *middle = &generator->middles[side / 2];
    uint32_t bid = generate_book_best(&generator->book, side & ~1u) * UNITS_A_TICK;
    uint32_t offer = generate_book_best(&generator->book, side | 1) * UNITS_A_TICK;
    *middle = (side & 1) != 0 ? *middle + MIDDLE_STEP : *middle - MIDDLE_STEP;
    if (bid != 0 && *middle < bid) {
        *middle = bid;
    }
    if (offer != 0 && *middle > offer) {
        *middle = offer;
    }
    if (*middle < MIDDLE_MIN) {
        *middle = MIDDLE_MIN;
    }
    if (*middle > MIDDLE_MAX) {
        *middle = MIDDLE_MAX;
    }
}

/* Of the book of a random live order, so that busy books trade more; its own side, so that one
 * exists. */
static void execute(struct generator *generator, uint32_t slot, struct flow_message *message)
{
    uint32_t side = generator->book.orders[slot].side;
    uint32_t head = generate_book_head(&generator->book, side);
    struct generate_order *order = &generator->book.orders[head];
    bool whole = order->quantity == 1 || prng_chance(&generator->prng, FULL_PERCENT, 100);
    uint32_t shares =
        whole ? order->quantity : 1 + (uint32_t)prng_below(&generator->prng, order->quantity - 1);
    begin(generator, ITCH_order_executed_LETTER, side / 2 + 1, message);
    message->kind = FLOW_EXECUTE;
    message->order_id = order->id;
    message->quantity = shares;
    message->match_number = ++generator->last_match;
    generator->mix.executes++;
    generator->mix.executed_shares += shares;
    if (whole) {
        generate_book_remove(&generator->book, head);
    } else {
        order->quantity -= shares;
    }
    move_middle(generator, side);
}

static void reduce(struct generator *generator, uint32_t slot, struct flow_message *message)
{
    struct generate_order *order = &generator->book.orders[slot];
    for (int tries = 0; order->quantity == 1 && tries < 4; tries++) {
        slot = generate_book_pick(&generator->book, &generator->prng);
        order = &generator->book.orders[slot];
    }
    if (order->quantity == 1) {
        remove_order(generator, slot, message);
        return;
    }
    uint32_t shares = 1 + (uint32_t)prng_below(&generator->prng, order->quantity - 1);
    begin(generator, ITCH_order_cancel_LETTER, order->side / 2 + 1, message);
    message->kind = FLOW_REDUCE;
    message->order_id = order->id;
    message->quantity = shares;
    order->quantity -= shares;
    generator->mix.reduces++;
}

/* Adds and deletes share what the others leave: by the surplus that the ramp and the executed
 * orders need, corrected by how far the live orders are from where they should be. */
static bool chooses_add(struct generator *generator, uint64_t done)
{
    const uint64_t both = (uint64_t)SPEC_ADDS + SPEC_DELETES;
    uint64_t target = generator->options.live_target;
    bool growing = done < generator->ramp;
    uint64_t wanted = growing ? target * done / generator->ramp : target;
    uint64_t surplus = (uint64_t)SPEC_EXECUTES * FULL_PERCENT / 100;
    if (growing) {
        surplus += target * SPEC_TOTAL / generator->ramp;
    }
    int64_t chance = (int64_t)(WHOLE / 2 + surplus * (WHOLE / 2) / both);
    int64_t missing = (int64_t)wanted - (int64_t)generator->book.live;
    chance += missing * (int64_t)WHOLE / (int64_t)(target / 8 + 64);
    return (int64_t)(prng_next(&generator->prng) >> 48) < chance;
}

static enum status next_order(struct generator *generator, uint64_t done,
                              struct flow_message *message)
{
    struct generate_book *book = &generator->book;
    uint64_t draw = prng_below(&generator->prng, SPEC_TOTAL);
    bool others = draw < (uint64_t)SPEC_REPLACES + SPEC_EXECUTES + SPEC_REDUCES;
    bool adds = !others && chooses_add(generator, done);
    if (book->live == 0 || (adds && book->live < book->capacity)) {
        return add(generator, message);
    }
    uint32_t slot = generate_book_pick(book, &generator->prng);
    if (!others) {
        remove_order(generator, slot, message);
    } else if (draw < SPEC_REPLACES) {
        return replace(generator, slot, message);
    } else if (draw < SPEC_REPLACES + SPEC_EXECUTES) {
        execute(generator, slot, message);
    } else {
        reduce(generator, slot, message);
    }
    return STATUS_OK;
}

static void next_event(struct generator *generator, const struct day_event *event,
                       struct flow_message *message)
{
    generator->time_ns = event->time_ns;
    begin(generator, ITCH_system_event_LETTER, 0, message);
    message->kind = FLOW_SYSTEM;
    message->code = event->code;
}

static void next_directory(struct generator *generator, uint32_t index,
                           struct flow_message *message)
{
    generator->time_ns += 1000;
    begin(generator, ITCH_stock_directory_LETTER, index + 1, message);
    message->kind = FLOW_INSTRUMENT;
    set_symbol(generator, index, message);
}

/* O, the directory, S, Q, the orders, M, E, C. */
enum status generate_next(struct generator *generator, struct flow_message *out_message)
{
    uint64_t instruments = generator->options.instruments;
    uint64_t step = generator->step;
    if (LIKELY(step >= instruments + 3)) {
        uint64_t done = step - instruments - 3;
        if (LIKELY(done < generator->options.messages)) {
            advance_time(generator);
            enum status status = next_order(generator, done, out_message);
            note_live(generator);
            return status;
        }
        done -= generator->options.messages;
        if (done >= ARRAY_COUNT(closing_events)) {
            return STATUS_END;
        }
        next_event(generator, &closing_events[done], out_message);
    } else if (step == 0) {
        next_event(generator, &opening_events[0], out_message);
    } else if (step <= instruments) {
        next_directory(generator, (uint32_t)(step - 1), out_message);
    } else {
        next_event(generator, &opening_events[step - instruments], out_message);
    }
    return STATUS_OK;
}

struct generate_mix generate_mix(const struct generator *generator)
{
    return generator->mix;
}

uint32_t generate_middle(const struct generator *generator, uint32_t instrument)
{
    ASSERT(instrument >= 1 && instrument <= generator->options.instruments);
    return generator->middles[instrument - 1];
}

static uint32_t deviation(uint64_t count, uint64_t total, uint64_t spec)
{
    uint64_t have = count * 10000 / total;
    uint64_t wanted = spec * 10000 / SPEC_TOTAL;
    return (uint32_t)(have > wanted ? have - wanted : wanted - have);
}

uint32_t generate_mix_deviation(const struct generate_mix *mix)
{
    uint64_t total = mix->adds + mix->deletes + mix->replaces + mix->executes + mix->reduces;
    if (total == 0) {
        return 10000;
    }
    const uint32_t each[] = {
        deviation(mix->adds, total, SPEC_ADDS),
        deviation(mix->deletes, total, SPEC_DELETES),
        deviation(mix->replaces, total, SPEC_REPLACES),
        deviation(mix->executes, total, SPEC_EXECUTES),
        deviation(mix->reduces, total, SPEC_REDUCES),
    };
    uint32_t worst = 0;
    for (size_t i = 0; i < ARRAY_COUNT(each); i++) {
        worst = each[i] > worst ? each[i] : worst;
    }
    return worst;
}
