/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/book.h"

#include "base/hash.h"
#include "stream/book_proof.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_FIRST ((size_t)1 << 12)
#define STOCKS      ((size_t)1 << 16)

enum status feed_book_init(struct feed_book *book)
{
    *book = (struct feed_book){.slots = calloc(SLOTS_FIRST, sizeof *book->slots),
                               .mask = SLOTS_FIRST - 1,
                               .stocks = calloc(STOCKS, sizeof *book->stocks)};
    if (book->slots == NULL || book->stocks == NULL) {
        feed_book_deinit(book);
        return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

void feed_book_deinit(struct feed_book *book)
{
    free(book->slots);
    free(book->stocks);
    *book = (struct feed_book){0};
}

static struct feed_order *slot_of(const struct feed_book *book, uint64_t reference)
{
    size_t at = (size_t)hash_mix64(reference) & book->mask;
    while (book->slots[at].reference != 0 && book->slots[at].reference != reference) {
        at = (at + 1) & book->mask;
    }
    return &book->slots[at];
}

const struct feed_order *feed_book_find(const struct feed_book *book, uint64_t reference)
{
    const struct feed_order *slot = slot_of(book, reference);
    return reference != 0 && slot->reference == reference ? slot : NULL;
}

static uint64_t proof_of(const struct feed_order *order)
{
    return book_proof_order(order->reference, order->side == 'B' ? SIDE_BUY : SIDE_SELL,
                            (struct price){order->price}, (struct quantity){order->shares});
}

static enum status grow(struct feed_book *book)
{
    size_t slots = (book->mask + 1) * 2;
    struct feed_book larger = *book;
    larger.slots = calloc(slots, sizeof *larger.slots);
    if (larger.slots == NULL) {
        return STATUS_NO_MEMORY;
    }
    larger.mask = slots - 1;
    for (size_t i = 0; i <= book->mask; i++) {
        if (book->slots[i].reference != 0) {
            *slot_of(&larger, book->slots[i].reference) = book->slots[i];
        }
    }
    free(book->slots);
    *book = larger;
    return STATUS_OK;
}

static enum status add(struct feed_book *book, const struct feed_order *order)
{
    if ((order->side != 'B' && order->side != 'S') || order->shares == 0 || order->reference == 0 ||
        feed_book_find(book, order->reference) != NULL) {
        return STATUS_INVALID;
    }
    if (book->count * 2 > book->mask) {
        enum status status = grow(book);
        if (status != STATUS_OK) {
            return status;
        }
    }
    *slot_of(book, order->reference) = *order;
    book->count++;
    book->hash += proof_of(order);
    return STATUS_OK;
}

static void take_out(struct feed_book *book, struct feed_order *order)
{
    book->hash -= proof_of(order);
    book->count--;
    size_t hole = (size_t)(order - book->slots);
    for (size_t at = (hole + 1) & book->mask; book->slots[at].reference != 0;
         at = (at + 1) & book->mask) {
        size_t from = (size_t)hash_mix64(book->slots[at].reference) & book->mask;
        if (((at - from) & book->mask) >= ((at - hole) & book->mask)) {
            book->slots[hole] = book->slots[at];
            hole = at;
        }
    }
    book->slots[hole].reference = 0;
}

/* Fewer shares by an execution or a partial cancel. */
static enum status reduce(struct feed_book *book, uint64_t reference, uint32_t shares,
                          struct feed_order *out_order)
{
    struct feed_order *order = slot_of(book, reference);
    if (reference == 0 || order->reference != reference || shares == 0 || shares > order->shares) {
        return STATUS_INVALID;
    }
    *out_order = *order;
    if (shares == order->shares) {
        take_out(book, order);
        return STATUS_OK;
    }
    book->hash -= proof_of(order);
    order->shares -= shares;
    book->hash += proof_of(order);
    return STATUS_OK;
}

static enum status apply_add(struct feed_book *book, const uint8_t *message)
{
    struct itch_add_order in;
    itch_decode_add_order(message, &in);
    return add(book, &(struct feed_order){.reference = in.order,
                                          .price = in.price,
                                          .shares = in.shares,
                                          .locate = in.header.locate,
                                          .side = (char)in.side});
}

static enum status apply_executed(struct feed_book *book, uint64_t reference, uint32_t shares,
                                  const uint32_t *price)
{
    struct feed_order order;
    enum status status = reduce(book, reference, shares, &order);
    if (status == STATUS_OK) {
        struct feed_stock *stock = &book->stocks[order.locate];
        stock->executions++;
        stock->shares += shares;
        stock->last_price = price == NULL ? order.price : *price;
    }
    return status;
}

static enum status apply_delete(struct feed_book *book, uint64_t reference)
{
    struct feed_order *order = slot_of(book, reference);
    if (reference == 0 || order->reference != reference) {
        return STATUS_INVALID;
    }
    take_out(book, order);
    return STATUS_OK;
}

static enum status apply_replace(struct feed_book *book, const uint8_t *message)
{
    struct itch_order_replace in;
    itch_decode_order_replace(message, &in);
    const struct feed_order *old = feed_book_find(book, in.order);
    if (old == NULL || in.shares == 0 || in.new_order == 0 ||
        feed_book_find(book, in.new_order) != NULL) {
        return STATUS_INVALID;
    }
    struct feed_order order = *old;
    enum status status = apply_delete(book, in.order);
    order.reference = in.new_order;
    order.shares = in.shares;
    order.price = in.price;
    return status == STATUS_OK ? add(book, &order) : status;
}

static void apply_directory(struct feed_book *book, const uint8_t *message)
{
    struct itch_stock_directory in;
    itch_decode_stock_directory(message, &in);
    struct feed_stock *stock = &book->stocks[in.header.locate];
    memcpy(stock->stock, in.stock, sizeof stock->stock);
    stock->round_lot = in.round_lot_size;
    stock->listed = true;
    stock->trading_state = 'T';
}

static void apply_trading_action(struct feed_book *book, const uint8_t *message)
{
    struct itch_trading_action in;
    itch_decode_trading_action(message, &in);
    for (size_t i = 1; i < STOCKS && in.header.locate == 0; i++) { /* all */
        if (book->stocks[i].listed) {
            book->stocks[i].trading_state = in.trading_state;
        }
    }
    book->stocks[in.header.locate].trading_state = in.trading_state;
}

enum status feed_book_apply(struct feed_book *book, const uint8_t *message, size_t count)
{
    if (count == 0 || itch_length(message[0]) != count) {
        return STATUS_INVALID;
    }
    enum status status = STATUS_OK;
    struct itch_order_executed executed;
    struct itch_order_executed_priced priced;
    struct itch_order_cancel cancel;
    struct itch_order_delete removed;
    struct feed_order order;
    switch (message[0]) {
    case ITCH_add_order_LETTER:
    case ITCH_add_order_mpid_LETTER: /* the same up to the name at its end */
        status = apply_add(book, message);
        break;
    case ITCH_order_executed_LETTER:
        itch_decode_order_executed(message, &executed);
        status = apply_executed(book, executed.order, executed.shares, NULL);
        break;
    case ITCH_order_executed_priced_LETTER:
        itch_decode_order_executed_priced(message, &priced);
        status = apply_executed(book, priced.order, priced.shares, &priced.price);
        break;
    case ITCH_order_cancel_LETTER:
        itch_decode_order_cancel(message, &cancel);
        status = reduce(book, cancel.order, cancel.shares, &order);
        break;
    case ITCH_order_delete_LETTER:
        itch_decode_order_delete(message, &removed);
        status = apply_delete(book, removed.order);
        break;
    case ITCH_order_replace_LETTER:
        status = apply_replace(book, message);
        break;
    case ITCH_stock_directory_LETTER:
        apply_directory(book, message);
        break;
    case ITCH_trading_action_LETTER:
        apply_trading_action(book, message);
        break;
    default:
        break;
    }
    if (status == STATUS_OK) {
        book->messages++;
        book->time_ns = bytes_load_be48(message + 5);
    }
    return status;
}

static int compare(const void *a, const void *b)
{
    const struct feed_order *x = a;
    const struct feed_order *y = b;
    if (x->locate != y->locate) {
        return x->locate < y->locate ? -1 : 1;
    }
    if (x->side != y->side) {
        return x->side == 'B' ? -1 : 1;
    }
    if (x->price != y->price) {
        return (x->price > y->price) == (x->side == 'B') ? -1 : 1;
    }
    return x->reference < y->reference ? -1 : 1;
}

enum status feed_book_sorted(const struct feed_book *book, uint16_t locate,
                             struct feed_order **out_orders, size_t *out_count)
{
    struct feed_order *orders = malloc((book->count + 1) * sizeof *orders);
    if (orders == NULL) {
        return STATUS_NO_MEMORY;
    }
    size_t count = 0;
    for (size_t i = 0; i <= book->mask; i++) {
        const struct feed_order *order = &book->slots[i];
        if (order->reference != 0 && (locate == 0 || order->locate == locate)) {
            orders[count++] = *order;
        }
    }
    qsort(orders, count, sizeof *orders, compare);
    *out_orders = orders;
    *out_count = count;
    return STATUS_OK;
}
