/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/feed_ladder.h"

#include "base/text.h"
#include "wire/blank.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH      10u
#define LOCATES    65536u
#define TEXT_BYTES 8192u

struct level {
    uint64_t shares;
    uint32_t price;
    uint32_t orders;
};

struct side {
    struct level levels[DEPTH]; /* best first */
    unsigned count;
};

/* 0: nothing to show yet. */
static uint16_t choose(const struct feed_ladder *ladder, const struct feed_book *book)
{
    unsigned best = 0;
    for (unsigned i = 1; i < LOCATES; i++) {
        const struct feed_stock *stock = &book->stocks[i];
        if (!stock->listed) {
            continue;
        }
        size_t length = blank_length(stock->stock, sizeof stock->stock);
        if (ladder->symbol != NULL && strlen(ladder->symbol) == length &&
            memcmp(ladder->symbol, stock->stock, length) == 0) {
            return (uint16_t)i;
        }
        if (ladder->symbol == NULL &&
            (best == 0 || stock->executions > book->stocks[best].executions)) {
            best = i;
        }
    }
    return (uint16_t)best;
}

static void add_order(struct side *side, const struct feed_order *order)
{
    if (side->count > 0 && side->levels[side->count - 1].price == order->price) {
        side->levels[side->count - 1].shares += order->shares;
        side->levels[side->count - 1].orders++;
    } else if (side->count < DEPTH) {
        side->levels[side->count++] =
            (struct level){.price = order->price, .shares = order->shares, .orders = 1};
    }
}

static void add_line(struct text *out, unsigned *lines, const char *text)
{
    text_format(out, "\x1b[K%s\n", text);
    (*lines)++;
}

static void add_levels(struct text *out, unsigned *lines, const struct side *buys,
                       const struct side *sells)
{
    unsigned count = buys->count > sells->count ? buys->count : sells->count;
    for (unsigned i = 0; i < DEPTH; i++) {
        char line[128];
        char buy[48] = "";
        char sell[48] = "";
        const struct level *b = &buys->levels[i];
        const struct level *s = &sells->levels[i];
        if (i < buys->count) {
            (void)snprintf(buy, sizeof buy, "%6" PRIu32 " %10" PRIu64 " %8" PRIu32 ".%04" PRIu32,
                           b->orders, b->shares, b->price / 10000, b->price % 10000);
        }
        if (i < sells->count) {
            (void)snprintf(sell, sizeof sell,
                           "%8" PRIu32 ".%04" PRIu32 " %-10" PRIu64 " %-6" PRIu32, s->price / 10000,
                           s->price % 10000, s->shares, s->orders);
        }
        (void)snprintf(line, sizeof line, " %-32s | %s", buy, sell);
        add_line(out, lines, i < count ? line : "");
    }
}

static void add_state(struct text *out, unsigned *lines, const struct listener *listener)
{
    char line[200];
    (void)snprintf(line, sizeof line,
                   " sequence %" PRIu64 "   orders %zu   proofs %" PRIu64 "   gaps %" PRIu64
                   "   asked again %" PRIu64,
                   listener->next - 1, listener->book.count, listener->counts.proofs,
                   listener->arbiter.counts.gaps, listener->counts.requests);
    add_line(out, lines, line);
}

void feed_ladder_draw(struct feed_ladder *ladder, const struct listener *listener)
{
    static char bytes[TEXT_BYTES];
    const struct feed_book *book = &listener->book;
    struct text out;
    struct side buys = {0};
    struct side sells = {0};
    struct feed_order *orders = NULL;
    size_t count = 0;
    uint16_t locate = choose(ladder, book);
    if (locate != 0 && feed_book_sorted(book, locate, &orders, &count) != STATUS_OK) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        add_order(orders[i].side == 'B' ? &buys : &sells, &orders[i]);
    }
    free(orders);
    text_init(&out, bytes, sizeof bytes);
    if (ladder->lines > 0) {
        text_format(&out, "\x1b[%uA", ladder->lines);
    }
    ladder->lines = 0;
    const struct feed_stock *stock = &book->stocks[locate];
    char line[128];
    (void)snprintf(
        line, sizeof line,
        " %-8.8s  %s   last %" PRIu32 ".%04" PRIu32 "   %" PRIu64 " trades, %" PRIu64 " shares",
        locate == 0 ? "waiting" : stock->stock, stock->trading_state == 'H' ? "halted" : "open",
        stock->last_price / 10000, stock->last_price % 10000, stock->executions, stock->shares);
    add_line(&out, &ladder->lines, line);
    add_line(&out, &ladder->lines,
             " orders     shares         bid  |           ask shares     orders");
    add_levels(&out, &ladder->lines, &buys, &sells);
    add_state(&out, &ladder->lines, listener);
    (void)fwrite(bytes, 1, out.length, stdout);
    (void)fflush(stdout);
}

void feed_ladder_end(struct feed_ladder *ladder)
{
    ladder->lines = 0;
}
