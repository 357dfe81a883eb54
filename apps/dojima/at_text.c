/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/at.h"
#include "apps/dojima/told.h"

#include <inttypes.h>
#include <stdio.h>

#define LINE_BYTES_MAX 512
#define ORDERS_SHOWN   40u
#define SIDE_COLUMNS   36
#define BOOKS_SHOWN    12u

static const char *number_of(const struct command_list_instrument *terms, bool is_price,
                             int64_t units, char *bytes, size_t count)
{
    struct text text;
    text_init(&text, bytes, count);
    told_scaled(units, is_price ? terms->price_scale : terms->quantity_scale, &text);
    return bytes;
}

static void print_head(const struct at_job *job, const struct told *told)
{
    char bytes[LINE_BYTES_MAX];
    struct text text;
    struct engine_counts counts;
    engine_count(job->engine, &counts);
    text_init(&text, bytes, sizeof bytes);
    text_format(&text, "behind command %" PRIu64 ", event %" PRIu64 ", ",
                engine_command_sequence(job->engine), engine_event_sequence(job->engine));
    told_time(engine_time_ns(job->engine), &text);
    told_line(told, TOLD_BOLD, 0, 2, bytes);
    text_init(&text, bytes, sizeof bytes);
    text_format(&text,
                "%" PRIu64 " open orders on %" PRIu64 " price levels; %" PRIu64
                " instruments, %" PRIu64 " accounts, %" PRIu64
                " sessions; last day ended: %" PRIu32,
                counts.orders, counts.levels, counts.instruments, counts.accounts, counts.sessions,
                engine_day_ended(job->engine));
    told_line(told, TOLD_PLAIN, 0, 2, bytes);
    text_init(&text, bytes, sizeof bytes);
    text_format(&text, "state %s", job->state_hash);
    told_line(told, TOLD_DIM, 0, 2, bytes);
}

static void print_sessions(const struct at_job *job, const struct told *told)
{
    for (uint32_t i = 1; i <= engine_limits(job->engine)->max_sessions; i++) {
        struct engine_session session;
        char bytes[LINE_BYTES_MAX];
        struct text text;
        if (!engine_session(job->engine, i, &session)) {
            continue;
        }
        text_init(&text, bytes, sizeof bytes);
        text_format(&text,
                    "session %-6" PRIu32 " %s incarnation %" PRIu32 ", participant %" PRIu32
                    ", input %" PRIu64 ", leave with it: %" PRIu32 "%s",
                    i, session.closed ? "closed" : "open  ", session.incarnation,
                    session.participant, session.last_input_sequence, session.tagged_orders,
                    session.blocked ? ", BLOCKED" : "");
        told_line(told, TOLD_PLAIN, 0, 4, bytes);
    }
}

/* Buy on the left with the price inside, sell on the right. */
static void print_row(const struct command_list_instrument *terms, const struct engine_level *buy,
                      const struct engine_level *sell)
{
    char price[32];
    char quantity[32];
    if (buy != NULL) {
        printf("  %4" PRIu32 " %14s %13s", buy->orders,
               number_of(terms, false, buy->quantity.lots, quantity, sizeof quantity),
               number_of(terms, true, buy->price.units, price, sizeof price));
    } else {
        printf("  %*s", SIDE_COLUMNS - 3, "");
    }
    if (sell != NULL) {
        printf("  | %-13s %14s %4" PRIu32,
               number_of(terms, true, sell->price.units, price, sizeof price),
               number_of(terms, false, sell->quantity.lots, quantity, sizeof quantity),
               sell->orders);
    } else {
        fputs("  |", stdout);
    }
    puts("");
}

static void print_book(const struct at_job *job, const struct told *told, uint32_t instrument)
{
    static struct engine_level buys[AT_DEPTH_MAX];
    static struct engine_level sells[AT_DEPTH_MAX];
    const struct command_list_instrument *terms = engine_instrument(job->engine, instrument);
    size_t buy_count = engine_levels(job->engine, instrument, SIDE_BUY, buys, job->depth);
    size_t sell_count = engine_levels(job->engine, instrument, SIDE_SELL, sells, job->depth);
    char bytes[LINE_BYTES_MAX];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    told_symbol(&terms->symbol, &text);
    text_format(&text, "  instrument %" PRIu32 "  %s", instrument,
                phase_name(engine_phase(job->engine, instrument)));
    puts("");
    told_line(told, TOLD_BOLD, 0, 4, bytes);
    puts("  orders         buy         price  | price                   sell orders");
    for (size_t i = 0; i < buy_count || i < sell_count; i++) {
        print_row(terms, i < buy_count ? &buys[i] : NULL, i < sell_count ? &sells[i] : NULL);
    }
}

static bool has_orders(const struct at_job *job, uint32_t instrument)
{
    return engine_best(job->engine, instrument, SIDE_BUY).units != PRICE_NONE ||
           engine_best(job->engine, instrument, SIDE_SELL).units != PRICE_NONE;
}

static void print_books(const struct at_job *job, const struct told *told)
{
    unsigned shown = 0;
    unsigned left = 0;
    for (uint32_t i = 1; i <= engine_limits(job->engine)->max_instruments; i++) {
        bool asked = job->instrument == i;
        if (engine_instrument(job->engine, i) == NULL ||
            (!asked && (job->instrument != 0 || !has_orders(job, i)))) {
            continue;
        }
        if (shown < BOOKS_SHOWN) {
            print_book(job, told, i);
            shown++;
        } else {
            left++;
        }
    }
    if (left > 0) {
        printf("\n%u more books: --instrument N, or --json for all\n", left);
    }
}

static void print_orders(const struct at_job *job, const struct told *told)
{
    size_t shown =
        job->account != 0 || job->order_count < ORDERS_SHOWN ? job->order_count : ORDERS_SHOWN;
    if (shown > 0) {
        puts("");
        told_line(told, TOLD_BOLD, 0, 0, "open orders by account");
    }
    for (size_t i = 0; i < shown; i++) {
        const struct engine_order *order = &job->orders[i].order;
        const struct command_list_instrument *terms =
            engine_instrument(job->engine, order->instrument);
        char bytes[LINE_BYTES_MAX];
        struct text text;
        text_init(&text, bytes, sizeof bytes);
        text_format(&text, "account %" PRIu64 "  order %" PRIu64 " \"", order->account,
                    order->order_id);
        text_add_bytes(&text, order->client_order_id.bytes, order->client_order_id.count);
        text_format(&text, "\"  %s ", order->side == SIDE_BUY ? "buy" : "sell");
        told_quantity(order->remaining, terms, &text);
        text_add(&text, " of ");
        told_quantity(order->total, terms, &text);
        text_add(&text, " ");
        told_symbol(&terms->symbol, &text);
        text_add(&text, " @ ");
        told_price(order->price, terms, &text);
        text_format(&text, " %s", time_in_force_name(order->time_in_force));
        told_line(told, TOLD_PLAIN, 2, 6, bytes);
    }
    if (shown < job->order_count) {
        printf("  %zu more: --account N, or --json for all\n", job->order_count - shown);
    }
}

void at_print_text(const struct at_job *job)
{
    struct told told = told_begin();
    print_head(job, &told);
    print_sessions(job, &told);
    print_books(job, &told);
    print_orders(job, &told);
}
