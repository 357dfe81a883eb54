/* SPDX-License-Identifier: Apache-2.0
 *
 * A story for people: a header, then a timeline.
 */
#include "apps/dojima/told.h"
#include "apps/dojima/why.h"
#include "wire/native/command_codec.h"
#include "wire/native/event_codec.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LINE_BYTES_MAX 2048
#define INDENT         4
#define HANG           8

/* The line under construction, and what numbers in it mean. */
struct page {
    struct told told;
    const struct story *story;
    const struct command_list_instrument *terms; /* null: plain units */
    char bytes[LINE_BYTES_MAX];
    struct text line;
};

static struct text *begin(struct page *page)
{
    text_init(&page->line, page->bytes, sizeof page->bytes);
    return &page->line;
}

static void end(struct page *page, enum told_color color, int indent)
{
    told_line(&page->told, color, indent, indent + INDENT, page->bytes);
}

static void add_name(const struct text36 *name, struct text *out)
{
    text_add_bytes(out, name->bytes, name->count);
}

static void add_quantity(const struct page *page, int64_t lots, struct text *out)
{
    told_quantity((struct quantity){lots}, page->terms, out);
}

static void add_price(const struct page *page, struct price price, struct text *out)
{
    told_price(price, page->terms, out);
}

static void add_count(uint64_t count, const char *one, const char *many, struct text *out)
{
    text_format(out, "%" PRIu64 " %s", count, count == 1 ? one : many);
}

static void print_header(struct page *page)
{
    const struct story *story = page->story;
    const struct event_accepted *order = &story->accepted;
    struct text *out = begin(page);
    text_format(out, "order %" PRIu64 " \"", story->order_id);
    add_name(&order->client_order_id, out);
    text_format(out, "\": %s ", order->side == SIDE_BUY ? "buy" : "sell");
    add_quantity(page, order->quantity.lots, out);
    text_add(out, " ");
    told_symbol(&story->terms.symbol, out);
    if (order->price.units != PRICE_NONE) {
        text_add(out, " @ ");
        add_price(page, order->price, out);
    }
    end(page, TOLD_BOLD, 0);
    out = begin(page);
    text_format(out, "%s %s, instrument %" PRIu32 ", account %" PRIu64 " of participant %" PRIu32,
                order_type_name(order->order_type), time_in_force_name(order->time_in_force),
                order->instrument, order->account, order->participant);
    end(page, TOLD_PLAIN, 0);
    out = begin(page);
    text_add(out, "filled ");
    add_quantity(page, story->filled.lots, out);
    if (story->live) {
        text_add(out, ", open ");
        add_quantity(page, story->open.lots, out);
    }
    text_format(out, "; %s at command %" PRIu64 "; fees: there is no ledger yet",
                story->live ? "live" : "gone", story->past->last_sequence);
    end(page, TOLD_PLAIN, 0);
}

static void add_fact(const struct page *page, const struct check_fact *fact, struct text *out)
{
    switch (fact->unit) {
    case FACT_COUNT:
    case FACT_ID:
        text_format(out, "%" PRIu64, fact->bits);
        break;
    case FACT_SIGNED:
        text_format(out, "%" PRId64, (int64_t)fact->bits);
        break;
    case FACT_PRICE:
        add_price(page, (struct price){(int64_t)fact->bits}, out);
        break;
    case FACT_QUANTITY:
        add_quantity(page, (int64_t)fact->bits, out);
        break;
    case FACT_TIME:
        told_time(fact->bits, out);
        break;
    case FACT_PHASE:
        text_add(out, phase_name((unsigned)fact->bits));
        break;
    case FACT_PLACE:
        text_add(out, place_name((unsigned)fact->bits));
        break;
    }
}

/* The check's sentence with its numbers in their places. */
static void add_sentence(const struct page *page, const struct check *check, struct text *out)
{
    for (const char *at = check_sentence(check->name); *at != '\0'; at++) {
        if (*at != '{') {
            text_add_bytes(out, at, 1);
            continue;
        }
        size_t length = strcspn(at, "}");
        for (uint8_t i = 0; i < check->fact_count; i++) {
            if (strlen(check->facts[i].name) == length - 1 &&
                memcmp(check->facts[i].name, at + 1, length - 1) == 0) {
                add_fact(page, &check->facts[i], out);
            }
        }
        at += length;
    }
}

static void print_checks(struct page *page, const struct checks *checks)
{
    for (uint32_t i = 0; i < checks->count; i++) {
        const struct check *check = &checks->list[i];
        struct text *out = begin(page);
        if (check->passed) {
            text_add(out, "ok  ");
            add_sentence(page, check, out);
            end(page, TOLD_DIM, INDENT);
            continue;
        }
        text_format(out, "NO  %s: %s", check_word(check->name), reject_cause(checks->code));
        for (uint8_t f = 0; f < check->fact_count; f++) {
            text_format(out, "%s %s ", f == 0 ? ";" : ",", check->facts[f].name);
            add_fact(page, &check->facts[f], out);
        }
        end(page, TOLD_BAD, INDENT);
        text_format(begin(page),
                    "refused: %s (%d), limit %" PRId64 ", value %" PRId64 ". Remedy: %s",
                    reject_name(checks->code), (int)checks->code, checks->limit, checks->value,
                    reject_remedy(checks->code));
        end(page, TOLD_BAD, HANG);
    }
}

static void print_queue(struct page *page, const char *when, struct quantity open,
                        const struct engine_queue *queue)
{
    struct text *out = begin(page);
    text_format(out, "%s: open ", when);
    add_quantity(page, open.lots, out);
    text_add(out, ", ");
    if (queue->orders_ahead == 0) {
        text_add(out, "first at its price");
    } else {
        add_count(queue->orders_ahead, "order", "orders", out);
        text_add(out, " ahead at its price with ");
        add_quantity(page, queue->ahead.lots, out);
    }
    if (queue->levels_better == 0) {
        text_add(out, ", the best price of its side");
    } else {
        text_add(out, ", ");
        add_count(queue->levels_better, "better level", "better levels", out);
        text_add(out, " with ");
        add_count(queue->orders_better, "order", "orders", out);
    }
    end(page, TOLD_PLAIN, INDENT);
}

static void print_ahead(struct page *page, const struct step *step)
{
    for (size_t i = 0; i < step->ahead_count; i++) {
        const struct ahead *ahead = &page->story->ahead[step->ahead_first + i];
        struct text *out = begin(page);
        text_format(out, "ahead: order %" PRIu64 " \"", ahead->order_id);
        add_name(&ahead->client_order_id, out);
        text_format(out, "\" of account %" PRIu64 ", open ", ahead->account);
        add_quantity(page, ahead->open.lots, out);
        end(page, TOLD_DIM, HANG);
    }
    if (step->ahead_hidden > 0) {
        struct text *out = begin(page);
        text_add(out, "ahead: ");
        add_count(step->ahead_hidden, "order", "orders", out);
        text_add(out, " not named");
        end(page, TOLD_DIM, HANG);
    }
}

static void add_trade(const struct page *page, const struct event *event, struct text *out)
{
    const struct event_trade *trade = &event->trade;
    bool takes = trade->taker_order_id == page->story->order_id;
    text_format(out, "%s ", page->story->order_id == 0 ? "trade" : "filled");
    add_quantity(page, trade->quantity.lots, out);
    text_add(out, " @ ");
    add_price(page, trade->price, out);
    text_format(out, " as %s, match %" PRIu64 ", open ", takes ? "taker" : "maker",
                event->header.sequence);
    add_quantity(page, takes ? trade->taker_remaining.lots : trade->maker_remaining.lots, out);
    if (!story_hides(page->story, event)) {
        text_format(out, "; with order %" PRIu64 " of account %" PRIu64,
                    takes ? trade->maker_order_id : trade->taker_order_id,
                    takes ? trade->maker_account : trade->taker_account);
    }
}

/* Of a value of an enumeration. */
static const char *meaning_of(const char *enumeration, unsigned number)
{
    static const struct {
        const char *of;
        unsigned value;
        const char *meaning;
    } values[] = {
#define ENUMERATION(enumeration, meaning)
#define VALUE(enumeration, name, number, meaning) {#enumeration, (number), (meaning)},
#include "schema/enums.def"
#undef ENUMERATION
#undef VALUE
    };
    for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
        if (values[i].value == number && strcmp(values[i].of, enumeration) == 0) {
            return values[i].meaning;
        }
    }
    return "?";
}

static void add_left(const struct page *page, const char *what, int64_t lots, enum reason reason,
                     struct text *out)
{
    text_format(out, "%s with ", what);
    add_quantity(page, lots, out);
    text_format(out, " open: %s, %s", reason_name(reason), meaning_of("reason", reason));
}

/* Both orders are of one participant: nothing is hidden. */
static void add_prevented(const struct page *page, const struct event_prevented *prevented,
                          struct text *out)
{
    bool takes = prevented->taker_order_id == page->story->order_id;
    text_add(out, "did not trade ");
    add_quantity(page, prevented->quantity.lots, out);
    text_add(out, " @ ");
    add_price(page, prevented->price, out);
    text_format(
        out, " as %s with order %" PRIu64 " of its own self-trade group %" PRIu32 ": %s, %s; lost ",
        takes ? "taker" : "maker", takes ? prevented->maker_order_id : prevented->taker_order_id,
        prevented->self_trade_group, self_trade_name(prevented->mode),
        meaning_of("self_trade", prevented->mode));
    add_quantity(page, takes ? prevented->taker_cancelled.lots : prevented->maker_cancelled.lots,
                 out);
    text_add(out, ", open ");
    add_quantity(page, takes ? prevented->taker_remaining.lots : prevented->maker_remaining.lots,
                 out);
}

/* False: nothing that the checks have not said. */
static bool add_event(const struct page *page, const struct event *event, struct text *out)
{
    switch (event->header.id) {
    case EVENT_ACCEPTED:
        text_format(out, "accepted: order %" PRIu64,
                    event->header.sequence << 16 | page->story->past->genesis.shard);
        return true;
    case EVENT_RESTED:
        text_add(out, "rests with ");
        add_quantity(page, event->rested.quantity.lots, out);
        text_add(out, " at ");
        add_price(page, event->rested.price, out);
        text_format(out, ", public reference %" PRIu64, event->header.sequence);
        return true;
    case EVENT_REDUCED:
        text_add(out, "smaller by ");
        add_quantity(page, event->reduced.quantity.lots, out);
        text_add(out, ", open ");
        add_quantity(page, event->reduced.remaining.lots, out);
        if (event->reduced.reason == REASON_REPLACED) {
            text_add(out, ", place kept: by the replacement");
        } else {
            text_format(out, ", place kept: %s, %s", reason_name(event->reduced.reason),
                        meaning_of("reason", event->reduced.reason));
        }
        return true;
    case EVENT_REMOVED:
        add_left(page, "left the book", event->removed.quantity.lots, event->removed.reason, out);
        return true;
    case EVENT_CANCELLED:
        add_left(page, "cancelled", event->cancelled.quantity.lots, event->cancelled.reason, out);
        return true;
    case EVENT_REPLACED:
        text_add(out, "replaced: total ");
        add_quantity(page, event->replaced.quantity.lots, out);
        text_add(out, " @ ");
        add_price(page, event->replaced.price, out);
        text_add(out, ", named \"");
        add_name(&event->replaced.client_order_id, out);
        text_format(out, "\"; the place in the queue is %s",
                    event->replaced.place == PLACE_KEPT ? "kept" : "lost");
        return true;
    case EVENT_TRADE:
        add_trade(page, event, out);
        return true;
    case EVENT_PREVENTED:
        add_prevented(page, &event->prevented, out);
        return true;
    case EVENT_REPLAYED:
        text_format(out, "came again: answered with its first result, event %" PRIu64 "%s%s",
                    event->replayed.event_sequence, event->replayed.code == 0 ? "" : ", refused ",
                    event->replayed.code == 0 ? "" : reject_name(event->replayed.code));
        return true;
    case EVENT_REJECTED:
        return false;
    default:
        event_describe_text(event, out);
        return true;
    }
}

static void print_events(struct page *page, const struct step *step)
{
    for (size_t i = 0; i < step->event_count; i++) {
        const struct event *event = &page->story->events[step->event_first + i];
        if (add_event(page, event, begin(page))) {
            end(page, event->header.id == EVENT_TRADE ? TOLD_GOOD : TOLD_PLAIN, INDENT);
        }
    }
    if (step->events_hidden > 0) {
        text_format(begin(page), "%" PRIu64 " events of orders are not shown: --operator does",
                    step->events_hidden);
        end(page, TOLD_DIM, INDENT);
    }
}

static void print_step(struct page *page, const struct step *step)
{
    const struct command_header *header = &step->command.header;
    struct text *out = begin(page);
    told_time(step->engine_time_ns, out);
    text_format(out, "  command %" PRIu64 "  ", header->sequence);
    if (header->id == 0) {
        text_add(out, "of another participant");
    } else {
        text_add(out, command_name(header->id));
        if (header->session != 0) {
            text_format(out, " of session %" PRIu32, header->session);
        } else {
            text_add(out, " of the operator");
        }
    }
    puts("");
    end(page, TOLD_BOLD, 0);
    print_checks(page, &step->checks);
    if (step->rests) {
        print_queue(page, "before", step->open_before, &step->before);
    }
    print_events(page, step);
    if (step->rests_now) {
        print_queue(page, step->rests ? "after" : "in the queue", step->open_after, &step->after);
        print_ahead(page, step);
    }
}

void why_print_text(const struct story *story)
{
    struct page page = {
        .told = told_begin(), .story = story, .terms = story->has_terms ? &story->terms : NULL};
    if (story->order_id != 0) {
        print_header(&page);
    } else {
        text_format(begin(&page), "command %" PRIu64 ": about no order that lived",
                    story->asked_sequence);
        end(&page, TOLD_BOLD, 0);
    }
    for (size_t i = 0; i < story->step_count; i++) {
        print_step(&page, &story->steps[i]);
    }
}
