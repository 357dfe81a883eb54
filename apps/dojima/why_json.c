/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/told.h"
#include "apps/dojima/why.h"
#include "wire/native/command_codec.h"
#include "wire/native/event_codec.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LINE_BYTES_MAX 2048

static void print_string(const char *bytes, size_t count)
{
    char line[LINE_BYTES_MAX];
    struct text text;
    text_init(&text, line, sizeof line);
    text_add_json(&text, bytes, count);
    fputs(line, stdout);
}

static void print_name(const char *field, const struct text36 *name)
{
    printf("\"%s\":", field);
    print_string(name->bytes, name->count);
}

static void print_price(const char *field, struct price price)
{
    if (price.units == PRICE_NONE) {
        printf("\"%s\":null", field);
    } else {
        printf("\"%s\":%" PRId64, field, price.units);
    }
}

static void print_order(const struct story *story)
{
    const struct event_accepted *order = &story->accepted;
    char bytes[32];
    struct text symbol;
    text_init(&symbol, bytes, sizeof bytes);
    told_symbol(&story->terms.symbol, &symbol);
    printf("{\"order_id\":\"%" PRIu64 "\",\"account\":\"%" PRIu64 "\",\"participant\":%" PRIu32 ",",
           story->order_id, order->account, order->participant);
    print_name("client_order_id", &order->client_order_id);
    fputs(",", stdout);
    print_name("last_client_order_id", &story->name);
    printf(",\"session\":%" PRIu32 ",\"instrument\":%" PRIu32 ",\"symbol\":", order->session,
           order->instrument);
    print_string(bytes, symbol.length);
    printf(",\"price_scale\":%u,\"quantity_scale\":%u,\"side\":\"%s\",\"order_type\":\"%s\","
           "\"time_in_force\":\"%s\",",
           story->terms.price_scale, story->terms.quantity_scale, side_name(order->side),
           order_type_name(order->order_type), time_in_force_name(order->time_in_force));
    print_price("price", order->price);
    printf(",\"quantity\":%" PRId64 ",\"filled\":%" PRId64 ",\"open\":%" PRId64 ",\"live\":%s}",
           order->quantity.lots, story->filled.lots, story->open.lots,
           story->live ? "true" : "false");
}

static void print_fact(const struct check_fact *fact)
{
    printf("\"%s\":", fact->name);
    switch (fact->unit) {
    case FACT_COUNT:
    case FACT_TIME:
        printf("%" PRIu64, fact->bits);
        break;
    case FACT_ID:
        printf("\"%" PRIu64 "\"", fact->bits);
        break;
    case FACT_PRICE:
        if ((int64_t)fact->bits == PRICE_NONE) {
            fputs("null", stdout);
            break;
        }
        printf("%" PRId64, (int64_t)fact->bits);
        break;
    case FACT_SIGNED:
    case FACT_QUANTITY:
        printf("%" PRId64, (int64_t)fact->bits);
        break;
    case FACT_PHASE:
        printf("\"%s\"", phase_name((unsigned)fact->bits));
        break;
    case FACT_PLACE:
        printf("\"%s\"", place_name((unsigned)fact->bits));
        break;
    }
}

static void print_checks(const struct checks *checks)
{
    fputs("[", stdout);
    for (uint32_t i = 0; i < checks->count; i++) {
        const struct check *check = &checks->list[i];
        printf("%s{\"check\":\"%s\",\"passed\":%s,\"numbers\":{", i > 0 ? "," : "",
               check_word(check->name), check->passed ? "true" : "false");
        for (uint8_t f = 0; f < check->fact_count; f++) {
            fputs(f > 0 ? "," : "", stdout);
            print_fact(&check->facts[f]);
        }
        fputs("}}", stdout);
    }
    fputs("]", stdout);
}

static void print_refusal(const struct checks *checks)
{
    if (checks->code == REJECT_NONE) {
        fputs("null", stdout);
        return;
    }
    const char *cause = reject_cause(checks->code);
    const char *remedy = reject_remedy(checks->code);
    printf("{\"code\":\"%s\",\"number\":%d,\"limit\":%" PRId64 ",\"value\":%" PRId64 ",\"cause\":",
           reject_name(checks->code), (int)checks->code, checks->limit, checks->value);
    print_string(cause, strlen(cause));
    fputs(",\"remedy\":", stdout);
    print_string(remedy, strlen(remedy));
    fputs("}", stdout);
}

static void print_queue(const char *field, bool rests, struct quantity open,
                        const struct engine_queue *queue)
{
    if (!rests) {
        printf("\"%s\":null", field);
        return;
    }
    char bytes[64];
    struct text lots;
    text_init(&lots, bytes, sizeof bytes);
    told_int128(queue->lots_better, &lots);
    printf("\"%s\":{\"open\":%" PRId64 ",\"orders_ahead\":%" PRIu64 ",\"ahead\":%" PRId64
           ",\"orders_behind\":%" PRIu64 ",\"behind\":%" PRId64 ",\"levels_better\":%" PRIu64
           ",\"orders_better\":%" PRIu64 ",\"better\":%s}",
           field, open.lots, queue->orders_ahead, queue->ahead.lots, queue->orders_behind,
           queue->behind.lots, queue->levels_better, queue->orders_better, bytes);
}

static void print_ahead(const struct story *story, const struct step *step)
{
    fputs("\"ahead\":[", stdout);
    for (size_t i = 0; i < step->ahead_count; i++) {
        const struct ahead *ahead = &story->ahead[step->ahead_first + i];
        printf("%s{\"order_id\":\"%" PRIu64 "\",\"account\":\"%" PRIu64 "\",", i > 0 ? "," : "",
               ahead->order_id, ahead->account);
        print_name("client_order_id", &ahead->client_order_id);
        printf(",\"open\":%" PRId64 "}", ahead->open.lots);
    }
    printf("],\"ahead_hidden\":%" PRIu64, step->ahead_hidden);
}

static void print_fills(const struct story *story, const struct step *step)
{
    bool any = false;
    fputs("\"fills\":[", stdout);
    for (size_t i = 0; i < step->event_count && story->order_id != 0; i++) {
        const struct event *event = &story->events[step->event_first + i];
        const struct event_trade *trade = &event->trade;
        if (event->header.id != EVENT_TRADE) {
            continue;
        }
        bool takes = trade->taker_order_id == story->order_id;
        printf("%s{\"match\":%" PRIu64 ",\"role\":\"%s\",\"price\":%" PRId64
               ",\"quantity\":%" PRId64 ",\"open\":%" PRId64 ",\"counterparty\":",
               any ? "," : "", event->header.sequence, takes ? "TAKER" : "MAKER",
               trade->price.units, trade->quantity.lots,
               takes ? trade->taker_remaining.lots : trade->maker_remaining.lots);
        if (story_hides(story, event)) {
            fputs("null}", stdout);
        } else {
            printf("{\"order_id\":\"%" PRIu64 "\",\"account\":\"%" PRIu64 "\"}}",
                   takes ? trade->maker_order_id : trade->taker_order_id,
                   takes ? trade->maker_account : trade->taker_account);
        }
        any = true;
    }
    fputs("]", stdout);
}

static void print_events(const struct story *story, const struct step *step)
{
    char line[LINE_BYTES_MAX];
    fputs("\"events\":[", stdout);
    for (size_t i = 0; i < step->event_count; i++) {
        struct text text;
        text_init(&text, line, sizeof line);
        event_describe_json(&story->events[step->event_first + i], &text);
        printf("%s%s", i > 0 ? "," : "", line);
    }
    fputs("]", stdout);
}

static void print_step(const struct story *story, const struct step *step)
{
    const struct command_header *header = &step->command.header;
    printf("{\"sequence\":%" PRIu64 ",\"time_ns\":%" PRIu64 ",\"engine_time_ns\":%" PRIu64
           ",\"command\":",
           header->sequence, header->time_ns, step->engine_time_ns);
    printf(header->id == 0 ? "null" : "\"%s\"", command_name(header->id));
    printf(",\"session\":%" PRIu32 ",\"foreign\":%s,\"names_it\":%s,\"checks\":", header->session,
           step->foreign ? "true" : "false", step->named ? "true" : "false");
    print_checks(&step->checks);
    fputs(",\"refusal\":", stdout);
    print_refusal(&step->checks);
    fputs(",", stdout);
    print_queue("before", step->rests, step->open_before, &step->before);
    fputs(",", stdout);
    print_queue("after", step->rests_now, step->open_after, &step->after);
    fputs(",", stdout);
    print_ahead(story, step);
    fputs(",", stdout);
    print_fills(story, step);
    fputs(",", stdout);
    print_events(story, step);
    printf(",\"events_hidden\":%" PRIu64 "}", step->events_hidden);
}

void why_print_json(const struct story *story)
{
    fputs("{\"order\":", stdout);
    if (story->order_id != 0) {
        print_order(story);
    } else {
        fputs("null", stdout);
    }
    printf(",\"asked\":%" PRIu64 ",\"view\":\"%s\",\"last_sequence\":%" PRIu64
           ",\"fees\":null,\"steps\":[",
           story->asked_sequence, story->operator_view ? "operator" : "own",
           story->past->last_sequence);
    for (size_t i = 0; i < story->step_count; i++) {
        fputs(i > 0 ? "," : "", stdout);
        print_step(story, &story->steps[i]);
    }
    fputs("]}\n", stdout);
}

static void print_candidate_json(const struct candidate *candidate)
{
    printf("{\"order_id\":");
    printf(candidate->order_id == 0 ? "null" : "\"%" PRIu64 "\"", candidate->order_id);
    printf(",\"sequence\":%" PRIu64 ",\"time_ns\":%" PRIu64 ",\"command\":\"%s\",\"code\":",
           candidate->sequence, candidate->time_ns, command_name(candidate->command));
    printf(candidate->code == REJECT_NONE ? "null}" : "\"%s\"}", reject_name(candidate->code));
}

void why_print_candidates(const struct story *story, bool json)
{
    fputs(json ? "{\"candidates\":[" : "it may mean more than one; say which:\n", stdout);
    for (size_t i = 0; i < story->candidate_count; i++) {
        const struct candidate *candidate = &story->candidates[i];
        if (json) {
            fputs(i > 0 ? "," : "", stdout);
            print_candidate_json(candidate);
            continue;
        }
        char line[128];
        struct text text;
        text_init(&text, line, sizeof line);
        told_time(candidate->time_ns, &text);
        printf("  %s  ", line);
        if (candidate->order_id != 0) {
            printf("dojima why order:%-20" PRIu64 " %s, command %" PRIu64 "\n", candidate->order_id,
                   command_name(candidate->command), candidate->sequence);
        } else {
            printf("dojima why command:%-18" PRIu64 " %s%s%s\n", candidate->sequence,
                   command_name(candidate->command),
                   candidate->code == REJECT_NONE ? "" : ", refused: ",
                   candidate->code == REJECT_NONE ? "" : reject_name(candidate->code));
        }
    }
    fputs(json ? "]}\n" : "", stdout);
}
