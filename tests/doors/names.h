/* SPDX-License-Identifier: Apache-2.0
 *
 * Every client order id that a test gave out, with what it stands for and what its senders were
 * told of it. A name is its number in decimal; the body behind it follows from number and seed, so
 * that it can be sent again much later, or with another body on purpose.
 *
 *   account of a name = number % NAMES_ACCOUNTS
 *
 * Owner: a test. Threads: one. Memory: grows, 32 bytes a name and 4 an event of the venue.
 * Errors: `wrong` gets the first sentence. Order of calls: names_init, any, names_deinit.
 */
#ifndef DOJIMA_TESTS_DOORS_NAMES_H
#define DOJIMA_TESTS_DOORS_NAMES_H

#include "base/compiler.h"
#include "wire/native/command.h"
#include "wire/native/event.h"

#include <stdbool.h>
#include <stddef.h>

#define NAMES_ACCOUNTS    8u
#define NAMES_NOBODY      UINT8_MAX
#define NAMES_WRONG_BYTES 240
#define NAMES_MARKER      (UINT64_C(1) << 40) /* names from here on are no orders' */

enum names_flag {
    NAMES_TOLD = 1,    /* its first result itself came, not only word of it */
    NAMES_ASKED = 2,   /* a RESOLVE was sent: it may be fenced */
    NAMES_FENCED = 4,  /* and is */
    NAMES_GHOST = 8,   /* only ever sent by a sender that was fenced: must not take effect */
    NAMES_REPLACE = 16 /* a REPLACE brings it */
};

struct name {
    uint64_t result;   /* sequence of the event of its first result, 0 = not told */
    uint32_t first;    /* name under which its order came in, 0 = none */
    uint32_t original; /* REPLACE: the order's name before */
    uint32_t executed; /* of its own: lots told as traded of the order that came in under it */
    uint16_t code;     /* of the first result */
    uint8_t owner;     /* seat that was told of the order, or NAMES_NOBODY */
    uint8_t gateway;   /* that its first copy went to */
    uint8_t flags;
};
_Static_assert(sizeof(struct name) == 32, "a name is 32 bytes");

struct names {
    struct name *rows; /* by number; 0 is none */
    size_t row_capacity;
    uint32_t *order_of_event; /* name of an order by the sequence of its ACCEPTED event */
    size_t event_capacity;
    uint32_t next[NAMES_ACCOUNTS]; /* the next number of each account */
    uint32_t highest;
    uint64_t seed;
    char wrong[NAMES_WRONG_BYTES];
};

void names_init(struct names *names, uint64_t seed);
void names_deinit(struct names *names);

PRINTF_LIKE(2, 3) void names_wrong(struct names *names, const char *format, ...);

/* A new name of that account. */
uint32_t names_take(struct names *names, unsigned account);
/* It was the last one taken of its account, and nobody sent it. */
void names_give_back(struct names *names, uint32_t number);

/* One of the account's last `recent` names, or of all when it is 0; 0: there is none. */
uint32_t names_pick(const struct names *names, unsigned account, uint64_t draw, uint32_t recent);

static inline struct name *names_at(const struct names *names, uint32_t number)
{
    return &names->rows[number];
}

/* The command that the name stands for: NEW_ORDER or REPLACE; `other`: with another body. */
void names_command(const struct names *names, uint32_t number, bool other,
                   struct command *out_command);

/* Terms of a new order, and of a replace (price and total alone). */
void names_terms(const struct names *names, uint32_t number, struct command_new_order *out_terms);

/* A name in an event; above UINT32_MAX: a marker; 0: none of ours. */
uint64_t names_number(const struct text36 *text);

/* The order's name by its order id, 0 = not known. */
uint32_t names_of_order(const struct names *names, uint64_t order_id);
void names_set_order(struct names *names, uint64_t event_sequence, uint32_t number);

/* Somebody was told the first result itself (`told`), or of it. */
void names_result(struct names *names, uint32_t number, uint64_t result, uint16_t code, bool told);

#endif
