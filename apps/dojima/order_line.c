/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/order_line.h"

#include "apps/dojima/report.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SHOW_BYTES 1024

struct scan {
    const char *const *words;
    size_t count;
    size_t at;
    const struct order_terms *terms;
    char *reason;
};

static bool wrong(const struct scan *scan, const char *what, const char *word)
{
    snprintf(scan->reason, ORDER_REASON_BYTES, "%s, not '%.60s'", what, word);
    return false;
}

static const char *take(struct scan *scan)
{
    return scan->at < scan->count ? scan->words[scan->at++] : "";
}

static bool take_number(struct scan *scan, const char *what, int64_t highest, int64_t *out_number)
{
    const char *word = take(scan);
    int64_t number = 0;
    bool valid = word[0] != '\0';
    for (const char *at = word; *at != '\0' && valid; at++) {
        valid = *at >= '0' && *at <= '9' && !__builtin_mul_overflow(number, 10, &number) &&
                !__builtin_add_overflow(number, *at - '0', &number);
    }
    if (!valid || number < 1 || number > highest) {
        return wrong(scan, what, word);
    }
    *out_number = number;
    return true;
}

static bool take_reference(struct scan *scan, uint32_t *out_reference)
{
    int64_t number;
    if (!take_number(scan, "an order is named by its reference, a whole number", UINT32_MAX,
                     &number)) {
        return false;
    }
    *out_reference = (uint32_t)number;
    return true;
}

/* "10.25", "-3", "market". */
static bool take_price(struct scan *scan, int64_t *out_price)
{
    const char *word = take(scan);
    if (strcmp(word, "market") == 0) {
        *out_price = DOJIMA_PRICE_MARKET;
        return true;
    }
    bool negative = word[0] == '-';
    bool point = false;
    bool digits = false;
    bool valid = true;
    unsigned decimals = 0;
    int64_t units = 0;
    for (const char *at = word + negative; *at != '\0' && valid; at++) {
        if (*at == '.' && !point) {
            point = true;
            continue;
        }
        decimals += point;
        digits = true;
        valid = *at >= '0' && *at <= '9' && decimals <= scan->terms->decimals &&
                !__builtin_mul_overflow(units, 10, &units) &&
                !__builtin_add_overflow(units, *at - '0', &units);
    }
    for (; valid && decimals < scan->terms->decimals; decimals++) {
        valid = !__builtin_mul_overflow(units, 10, &units);
    }
    if (!valid || !digits) {
        return wrong(scan, "a price is a decimal number with few enough decimals, or market", word);
    }
    *out_price = negative ? -units : units;
    return true;
}

static bool take_instrument(struct scan *scan, struct dojima_order *order)
{
    if (scan->terms->native) {
        int64_t number;
        if (!take_number(scan, "the native protocol names an instrument by its number", UINT32_MAX,
                         &number)) {
            return false;
        }
        order->instrument = (uint32_t)number;
        return true;
    }
    const char *word = take(scan);
    size_t count = strlen(word);
    if (count == 0 || count > 8) {
        return wrong(scan, "a symbol has 1 to 8 characters", word);
    }
    memcpy(order->symbol, word, count + 1);
    return true;
}

/* The words behind the price. */
static bool take_rest(struct scan *scan, enum dojima_time_in_force *out_time_in_force,
                      struct dojima_order *order)
{
    static const struct {
        const char *word;
        enum dojima_time_in_force value;
    } known[] = {
        {"day", DOJIMA_DAY}, {"ioc", DOJIMA_IOC}, {"fok", DOJIMA_FOK}, {"gtc", DOJIMA_GTC}};
    *out_time_in_force = DOJIMA_DAY;
    while (scan->at < scan->count) {
        const char *word = take(scan);
        bool found = order != NULL && strcmp(word, "post-only") == 0;
        if (found) {
            order->post_only = true;
        } else if (order != NULL && strcmp(word, "min") == 0) {
            found = take_number(scan, "behind min stands a whole number above 0", INT64_MAX,
                                &order->minimum);
            if (!found) {
                return false;
            }
        }
        for (size_t i = 0; i < sizeof known / sizeof known[0] && !found; i++) {
            found = strcmp(word, known[i].word) == 0;
            if (found) {
                *out_time_in_force = known[i].value;
            }
        }
        if (!found) {
            return wrong(scan,
                         "behind the price stands day, ioc, fok, gtc, post-only or min QUANTITY",
                         word);
        }
    }
    return true;
}

static bool parse_enter(struct scan *scan, const char *side, struct order_line *line)
{
    line->verb = ORDER_ENTER;
    if (strcmp(side, "buy") != 0 && strcmp(side, "sell") != 0) {
        return wrong(scan, "an order is buy or sell", side);
    }
    line->order.side = side[0] == 'b' ? DOJIMA_BUY : DOJIMA_SELL;
    if (!take_number(scan, "a quantity is a whole number above 0", INT64_MAX,
                     &line->order.quantity) ||
        !take_instrument(scan, &line->order) || !take_price(scan, &line->order.price) ||
        !take_rest(scan, &line->order.time_in_force, &line->order)) {
        return false;
    }
    /* A market order cannot rest. */
    if (line->order.price == DOJIMA_PRICE_MARKET && line->order.time_in_force == DOJIMA_DAY) {
        line->order.time_in_force = DOJIMA_IOC;
    }
    return true;
}

static bool parse_replace(struct scan *scan, struct order_line *line)
{
    line->verb = ORDER_REPLACE;
    return take_reference(scan, &line->change.original) &&
           take_number(scan, "a quantity is a whole number above 0", INT64_MAX,
                       &line->change.quantity) &&
           take_price(scan, &line->change.price) &&
           take_rest(scan, &line->change.time_in_force, NULL);
}

bool order_line_parse(const char *const *words, size_t count, const struct order_terms *terms,
                      struct order_line *out_line, char reason[ORDER_REASON_BYTES])
{
    static const struct {
        const char *word;
        enum order_verb verb;
    } plain[] = {{"wait", ORDER_WAIT},
                 {"quit", ORDER_QUIT},
                 {"watch", ORDER_WATCH},
                 {"history", ORDER_HISTORY}};
    struct scan scan = {.words = words, .count = count, .terms = terms, .reason = reason};
    struct order_line line = {.verb = ORDER_NOTHING};
    const char *verb = take(&scan);
    bool valid = true;
    if (strcmp(verb, "buy") == 0 || strcmp(verb, "sell") == 0) {
        valid = parse_enter(&scan, verb, &line);
    } else if (strcmp(verb, "enter") == 0) {
        valid = parse_enter(&scan, take(&scan), &line);
    } else if (strcmp(verb, "replace") == 0) {
        valid = parse_replace(&scan, &line);
    } else if (strcmp(verb, "cancel") == 0 || strcmp(verb, "resolve") == 0) {
        line.verb = verb[0] == 'c' ? ORDER_CANCEL : ORDER_RESOLVE;
        valid = take_reference(&scan, &line.reference);
    } else if (strcmp(verb, "mass-cancel") == 0) {
        line.verb = ORDER_MASS_CANCEL;
        valid = scan.at == count || take_instrument(&scan, &line.order);
    } else {
        for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
            if (strcmp(verb, plain[i].word) == 0) {
                line.verb = plain[i].verb;
            }
        }
        if (line.verb == ORDER_NOTHING) {
            return wrong(
                &scan, "say buy, sell, replace, cancel, mass-cancel, resolve, wait or quit", verb);
        }
    }
    if (valid && scan.at != count) {
        return wrong(&scan, "nothing more was expected", scan.words[scan.at]);
    }
    if (valid) {
        *out_line = line;
    }
    return valid;
}

bool order_line_read(char *text, const struct order_terms *terms, struct order_line *out_line,
                     char reason[ORDER_REASON_BYTES])
{
    const char *words[ORDER_WORDS_MAX];
    size_t count = 0;
    text[strcspn(text, "#\r\n")] = '\0';
    for (char *at = text + strspn(text, " \t"); *at != '\0'; at += strspn(at, " \t")) {
        if (count == ORDER_WORDS_MAX) {
            snprintf(reason, ORDER_REASON_BYTES, "the line has too many words");
            return false;
        }
        words[count++] = at;
        at += strcspn(at, " \t");
        if (*at != '\0') {
            *at++ = '\0';
        }
    }
    if (count == 0) {
        *out_line = (struct order_line){.verb = ORDER_NOTHING};
        return true;
    }
    return order_line_parse(words, count, terms, out_line, reason);
}

static const char *price_text(int64_t price, const struct order_terms *terms,
                              char out[REPORT_PRICE_BYTES])
{
    return price == DOJIMA_PRICE_MARKET ? "market" : report_price(price, terms->decimals, out);
}

static void show_people(const struct dojima_event *event, const struct order_terms *terms)
{
    char price[REPORT_PRICE_BYTES];
    printf("%6" PRIu64 "  %-15s", event->number, dojima_event_name(event->kind));
    if (event->reference != 0) {
        printf(" order %" PRIu32, event->reference);
    }
    if (event->kind == DOJIMA_REPLACED && event->original != event->reference) {
        printf(" for %" PRIu32, event->original);
    }
    if (event->side != 0) {
        printf(" %s", event->side == DOJIMA_BUY ? "buy" : "sell");
    }
    if (event->quantity != 0) {
        printf(" %" PRId64, event->quantity);
    }
    if (event->kind == DOJIMA_ACCEPTED || event->kind == DOJIMA_EXECUTED ||
        (event->kind == DOJIMA_REPLACED && event->price != 0)) {
        printf(" at %s", price_text(event->price, terms, price));
    }
    if (event->kind == DOJIMA_EXECUTED) {
        printf(" match %" PRIu64 " (%s)", event->match, event->maker ? "made" : "took");
    }
    if (event->remaining >= 0) {
        printf(", %" PRId64 " open", event->remaining);
    }
    printf("%s%s\n", event->reason != NULL ? ": " : "", event->reason != NULL ? event->reason : "");
}

static void show_json(const struct dojima_event *event, const struct order_terms *terms)
{
    char bytes[SHOW_BYTES];
    char price[REPORT_PRICE_BYTES];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    text_format(&text, "{\"number\":%" PRIu64 ",\"event\":\"%s\",\"reference\":%" PRIu32,
                event->number, dojima_event_name(event->kind), event->reference);
    if (event->kind == DOJIMA_REPLACED) {
        text_format(&text, ",\"original\":%" PRIu32, event->original);
    }
    if (event->order_id != 0) {
        text_format(&text, ",\"order\":\"%" PRIu64 "\"", event->order_id);
    }
    if (event->side != 0) {
        text_format(&text, ",\"side\":\"%s\"", event->side == DOJIMA_BUY ? "buy" : "sell");
    }
    text_format(&text, ",\"quantity\":%" PRId64, event->quantity);
    if (event->price != 0) {
        text_format(&text, ",\"price\":\"%s\"", price_text(event->price, terms, price));
    }
    if (event->remaining >= 0) {
        text_format(&text, ",\"remaining\":%" PRId64, event->remaining);
    }
    if (event->kind == DOJIMA_EXECUTED) {
        text_format(&text, ",\"match\":\"%" PRIu64 "\",\"maker\":%s", event->match,
                    event->maker ? "true" : "false");
    }
    if (event->code != 0) {
        text_format(&text, ",\"code\":%u", event->code);
    }
    if (event->reason != NULL) {
        text_add(&text, ",\"reason\":");
        text_add_json(&text, event->reason, strlen(event->reason));
    }
    text_format(&text, ",\"time_ns\":\"%" PRIu64 "\"}", event->time_ns);
    puts(bytes);
}

void order_show(const struct dojima_event *event, const struct order_terms *terms, bool json)
{
    if (json) {
        show_json(event, terms);
    } else {
        show_people(event, terms);
    }
}
