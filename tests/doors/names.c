/* SPDX-License-Identifier: Apache-2.0 */
#include "doors/names.h"

#include "base/assert.h"
#include "base/prng.h"
#include "wire/native/text36.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRICE_MIDDLE INT64_C(1000000)
#define PRICE_TICK   INT64_C(100)

void names_init(struct names *names, uint64_t seed)
{
    *names = (struct names){.seed = seed};
    for (unsigned i = 0; i < NAMES_ACCOUNTS; i++) {
        names->next[i] = NAMES_ACCOUNTS + i;
    }
}

void names_deinit(struct names *names)
{
    free(names->rows);
    free(names->order_of_event);
}

void names_wrong(struct names *names, const char *format, ...)
{
    if (names->wrong[0] == '\0') {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(names->wrong, sizeof names->wrong, format, arguments);
        va_end(arguments);
    }
}

/* A zeroed table with a place for `index`. */
static void *grown(void *table, size_t *capacity, size_t index, size_t row_bytes)
{
    if (index < *capacity) {
        return table;
    }
    size_t larger = index * 2 + 1024;
    uint8_t *rows = realloc(table, larger * row_bytes);
    ASSERT(rows != NULL);
    memset(rows + *capacity * row_bytes, 0, (larger - *capacity) * row_bytes);
    *capacity = larger;
    return rows;
}

uint32_t names_take(struct names *names, unsigned account)
{
    uint32_t number = names->next[account];
    names->next[account] += NAMES_ACCOUNTS;
    names->rows = grown(names->rows, &names->row_capacity, number, sizeof *names->rows);
    names->rows[number] = (struct name){.owner = NAMES_NOBODY, .gateway = NAMES_NOBODY};
    names->highest = number > names->highest ? number : names->highest;
    return number;
}

void names_give_back(struct names *names, uint32_t number)
{
    ASSERT(names->next[number % NAMES_ACCOUNTS] == number + NAMES_ACCOUNTS);
    names->next[number % NAMES_ACCOUNTS] = number;
}

uint32_t names_pick(const struct names *names, unsigned account, uint64_t draw, uint32_t recent)
{
    uint32_t count = (names->next[account] - account) / NAMES_ACCOUNTS - 1;
    if (count == 0) {
        return 0;
    }
    uint32_t span = recent == 0 || recent > count ? count : recent;
    return names->next[account] - NAMES_ACCOUNTS * (1 + (uint32_t)(draw % span));
}

void names_terms(const struct names *names, uint32_t number, struct command_new_order *out_terms)
{
    struct prng prng;
    prng_init(&prng, names->seed ^ (uint64_t)number << 20);
    *out_terms = (struct command_new_order){
        .price.units = PRICE_MIDDLE + prng_between(&prng, -5, 5) * PRICE_TICK,
        .quantity.lots = prng_between(&prng, 1, 100),
        .instrument = 1 + (uint32_t)prng_below(&prng, 2),
        .side = prng_chance(&prng, 1, 2) ? SIDE_BUY : SIDE_SELL,
        .order_type = ORDER_TYPE_LIMIT,
        .time_in_force = prng_chance(&prng, 1, 4) ? TIME_IN_FORCE_IOC : TIME_IN_FORCE_DAY,
        .post_only = POST_ONLY_OFF,
        .capacity = CAPACITY_AGENCY,
        .on_disconnect = ON_DISCONNECT_DEFAULT,
        .client_order_id = text36_from_number(number),
    };
    if (prng_chance(&prng, 1, 50)) {
        out_terms->price.units++; /* not on the tick: its first result is a refusal */
    }
}

void names_command(const struct names *names, uint32_t number, bool other,
                   struct command *out_command)
{
    struct command_new_order terms;
    names_terms(names, number, &terms);
    terms.quantity.lots += other ? 1 : 0;
    *out_command = (struct command){.new_order = terms};
    out_command->header.id = COMMAND_NEW_ORDER;
    if ((names_at(names, number)->flags & NAMES_REPLACE) != 0) {
        *out_command = (struct command){
            .replace = {.price = terms.price,
                        .quantity = terms.quantity,
                        .client_order_id = text36_from_number(names_at(names, number)->original),
                        .new_client_order_id = terms.client_order_id}};
        out_command->header.id = COMMAND_REPLACE;
    }
}

uint64_t names_number(const struct text36 *text)
{
    uint64_t number = 0;
    for (size_t i = 0; i < text->count; i++) {
        if (text->bytes[i] < '0' || text->bytes[i] > '9' || i > 15) {
            return 0;
        }
        number = number * 10 + (uint64_t)(text->bytes[i] - '0');
    }
    return number;
}

uint32_t names_of_order(const struct names *names, uint64_t order_id)
{
    uint64_t sequence = order_id >> 16;
    return sequence < names->event_capacity ? names->order_of_event[sequence] : 0;
}

void names_set_order(struct names *names, uint64_t event_sequence, uint32_t number)
{
    names->order_of_event = grown(names->order_of_event, &names->event_capacity, event_sequence,
                                  sizeof *names->order_of_event);
    names->order_of_event[event_sequence] = number;
}

void names_result(struct names *names, uint32_t number, uint64_t result, uint16_t code, bool told)
{
    struct name *name = names_at(names, number);
    if (told && (name->flags & NAMES_TOLD) != 0) {
        names_wrong(names,
                    "name %" PRIu32 " has two first results: events %" PRIu64 " and %" PRIu64,
                    number, name->result, result);
    } else if (name->result != 0 && (name->result != result || name->code != code)) {
        names_wrong(names,
                    "name %" PRIu32 " has event %" PRIu64
                    ", code %u as its result, and again event "
                    "%" PRIu64 ", code %u",
                    number, name->result, (unsigned)name->code, result, (unsigned)code);
    } else if ((name->flags & NAMES_FENCED) != 0) {
        names_wrong(names, "name %" PRIu32 " is fenced and has event %" PRIu64, number, result);
    }
    name->result = result;
    name->code = code;
    name->flags |= told ? NAMES_TOLD : 0;
}
