/* SPDX-License-Identifier: Apache-2.0 */
#include "client/messages.h"
#include "wire/ouch/ouch.h"

#define REFUSED_LINE_BYTES 160

static void pad(char *out, size_t bytes, const char *text)
{
    size_t count = strlen(text);
    memset(out, ' ', bytes);
    memcpy(out, text, count < bytes ? count : bytes);
}

static uint8_t side_letter(enum dojima_side side)
{
    return side == DOJIMA_BUY ? OUCH_SIDE_BUY : OUCH_SIDE_SELL;
}

static bool is_quantity(int64_t quantity)
{
    return quantity >= 1 && quantity <= OUCH_QUANTITY_MAX;
}

static bool take_price(int64_t price, uint64_t *out_price)
{
    if (price == DOJIMA_PRICE_MARKET) {
        *out_price = OUCH_PRICE_MARKET;
        return true;
    }
    *out_price = (uint64_t)price;
    return price >= 1 && (uint64_t)price != OUCH_PRICE_MARKET;
}

static bool take_time_in_force(enum dojima_time_in_force time_in_force, uint8_t *out_letter)
{
    switch (time_in_force) {
    case DOJIMA_DAY:
        *out_letter = OUCH_TIME_IN_FORCE_DAY;
        return true;
    case DOJIMA_IOC:
    case DOJIMA_FOK:
        *out_letter = OUCH_TIME_IN_FORCE_IOC;
        return true;
    case DOJIMA_GTC:
    default:
        return false;
    }
}

static enum status encode_enter(const struct intent *intent, uint8_t *out, size_t *out_count)
{
    const struct dojima_order *order = &intent->order;
    struct ouch_appendage_writer writer = {0};
    struct ouch_enter_order message = {
        .user_ref_num = intent->reference,
        .side = side_letter(order->side),
        .display = OUCH_DISPLAY_VISIBLE,
        .capacity = OUCH_CAPACITY_AGENCY,
        .sweep = OUCH_SWEEP_NOT_ELIGIBLE,
        .cross_type = OUCH_CROSS_TYPE_CONTINUOUS,
    };
    size_t symbol_bytes = strlen(order->symbol);
    /* A minimum of the whole is OUCH's fill-or-kill. */
    bool minimum_fits = order->minimum >= 0 && order->minimum < order->quantity;
    if (!is_quantity(order->quantity) || !minimum_fits ||
        !take_price(order->price, &message.price) ||
        !take_time_in_force(order->time_in_force, &message.time_in_force) || symbol_bytes == 0 ||
        symbol_bytes > sizeof message.symbol) {
        return STATUS_INVALID;
    }
    message.quantity = (uint32_t)order->quantity;
    pad(message.symbol, sizeof message.symbol, order->symbol);
    pad(message.client_order_id, sizeof message.client_order_id, "");
    if (order->time_in_force == DOJIMA_FOK) {
        ouch_appendage_add_number(&writer, OUCH_TAG_MIN_QUANTITY, message.quantity);
    } else if (order->minimum != 0) {
        ouch_appendage_add_number(&writer, OUCH_TAG_MIN_QUANTITY, (uint32_t)order->minimum);
    }
    if (order->post_only) {
        ouch_appendage_add_text(&writer, OUCH_TAG_POST_ONLY, "P");
    }
    message.appendage = ouch_appendage_view(&writer);
    *out_count = ouch_encode_enter_order(&message, out);
    return STATUS_OK;
}

static enum status encode_replace(const struct intent *intent, uint8_t *out, size_t *out_count)
{
    const struct dojima_change *change = &intent->change;
    struct ouch_replace_order message = {
        .orig_user_ref_num = change->original,
        .user_ref_num = intent->reference,
        .display = OUCH_DISPLAY_VISIBLE,
        .sweep = OUCH_SWEEP_NOT_ELIGIBLE,
    };
    if (!is_quantity(change->quantity) || !take_price(change->price, &message.price) ||
        !take_time_in_force(change->time_in_force, &message.time_in_force)) {
        return STATUS_INVALID;
    }
    message.quantity = (uint32_t)change->quantity;
    pad(message.client_order_id, sizeof message.client_order_id, "");
    *out_count = ouch_encode_replace_order(&message, out);
    return STATUS_OK;
}

static enum status encode_mass_cancel(const struct intent *intent, uint8_t *out, size_t *out_count)
{
    struct ouch_mass_cancel message = {.user_ref_num = intent->reference};
    if (strlen(intent->order.symbol) > sizeof message.symbol) {
        return STATUS_INVALID;
    }
    pad(message.firm, sizeof message.firm, "");
    pad(message.symbol, sizeof message.symbol, intent->order.symbol);
    *out_count = ouch_encode_mass_cancel(&message, out);
    return STATUS_OK;
}

static enum status encode(const struct messages *messages, const struct intent *intent,
                          uint8_t *out, size_t *out_count)
{
    (void)messages;
    switch (intent->kind) {
    case INTENT_ENTER:
        return encode_enter(intent, out, out_count);
    case INTENT_REPLACE:
        return encode_replace(intent, out, out_count);
    case INTENT_CANCEL: {
        struct ouch_cancel_order message = {.user_ref_num = intent->reference};
        *out_count = ouch_encode_cancel_order(&message, out);
        return STATUS_OK;
    }
    case INTENT_MASS_CANCEL:
        return encode_mass_cancel(intent, out, out_count);
    case INTENT_QUERY: {
        struct ouch_account_query message = {0};
        *out_count = ouch_encode_account_query(&message, out);
        return STATUS_OK;
    }
    case INTENT_RESOLVE:
        break;
    }
    return STATUS_INVALID;
}

static int64_t price_in(uint64_t price)
{
    return price == OUCH_PRICE_MARKET || price > INT64_MAX ? DOJIMA_PRICE_MARKET : (int64_t)price;
}

static enum dojima_side side_in(uint8_t letter)
{
    return letter == OUCH_SIDE_BUY ? DOJIMA_BUY : DOJIMA_SELL;
}

static enum status decode_accepted(const uint8_t *bytes, size_t count, struct dojima_event *event)
{
    struct ouch_order_accepted message;
    enum status status = ouch_decode_order_accepted(bytes, count, &message);
    if (status == STATUS_OK) {
        event->kind = DOJIMA_ACCEPTED;
        event->time_ns = message.time_ns;
        event->reference = message.user_ref_num;
        event->order_id = message.order_reference;
        event->quantity = message.quantity;
        event->price = price_in(message.price);
        event->side = side_in(message.side);
    }
    return status;
}

static enum status decode_replaced(const uint8_t *bytes, size_t count, struct dojima_event *event)
{
    struct ouch_order_replaced message;
    enum status status = ouch_decode_order_replaced(bytes, count, &message);
    if (status == STATUS_OK) {
        event->kind = DOJIMA_REPLACED;
        event->time_ns = message.time_ns;
        event->reference = message.user_ref_num;
        event->original = message.orig_user_ref_num;
        event->order_id = message.order_reference;
        event->quantity = message.quantity;
        event->remaining = message.quantity;
        event->price = price_in(message.price);
        event->side = side_in(message.side);
    }
    return status;
}

static enum status decode_modified(const uint8_t *bytes, size_t count, struct dojima_event *event)
{
    struct ouch_order_modified message;
    enum status status = ouch_decode_order_modified(bytes, count, &message);
    if (status == STATUS_OK) {
        event->kind = DOJIMA_REPLACED;
        event->time_ns = message.time_ns;
        event->reference = message.user_ref_num;
        event->original = message.user_ref_num;
        event->quantity = message.quantity;
        event->remaining = message.quantity;
        event->side = side_in(message.side);
    }
    return status;
}

static enum status decode_executed(const uint8_t *bytes, size_t count, struct dojima_event *event)
{
    struct ouch_order_executed message;
    enum status status = ouch_decode_order_executed(bytes, count, &message);
    if (status == STATUS_OK) {
        event->kind = DOJIMA_EXECUTED;
        event->time_ns = message.time_ns;
        event->reference = message.user_ref_num;
        event->quantity = message.quantity;
        event->price = price_in(message.price);
        event->match = message.match_number;
        event->maker = message.liquidity == OUCH_LIQUIDITY_ADDED;
    }
    return status;
}

static enum status decode_canceled(const uint8_t *bytes, size_t count, struct dojima_event *event)
{
    struct ouch_order_canceled message;
    enum status status = ouch_decode_order_canceled(bytes, count, &message);
    if (status == STATUS_OK) {
        event->kind = DOJIMA_CANCELLED;
        event->time_ns = message.time_ns;
        event->reference = message.user_ref_num;
        event->quantity = message.quantity;
        event->reason = ouch_value_meaning(OUCH_SET_cancel_reason, message.reason);
    }
    return status;
}

static enum status decode_prevented(const uint8_t *bytes, size_t count, struct dojima_event *event)
{
    struct ouch_aiq_canceled message;
    enum status status = ouch_decode_aiq_canceled(bytes, count, &message);
    if (status == STATUS_OK) {
        event->kind = DOJIMA_CANCELLED;
        event->time_ns = message.time_ns;
        event->reference = message.user_ref_num;
        event->quantity = message.decrement_shares;
        event->reason = ouch_value_meaning(OUCH_SET_cancel_reason, message.reason);
    }
    return status;
}

static enum status decode_rejected(const uint8_t *bytes, size_t count, struct dojima_event *event)
{
    struct ouch_order_rejected message;
    enum status status = ouch_decode_order_rejected(bytes, count, &message);
    if (status == STATUS_OK) {
        event->kind = DOJIMA_REJECTED;
        event->time_ns = message.time_ns;
        event->reference = message.user_ref_num;
        event->code = message.reason;
        event->reason = ouch_value_meaning(OUCH_SET_reject, message.reason);
    }
    return status;
}

static void take_system_event(uint8_t code, struct dojima_event *event)
{
    event->kind = DOJIMA_OTHER;
    if (code == OUCH_EVENT_CODE_VENUE_STOPS || code == OUCH_EVENT_CODE_GATEWAY_STOPS) {
        event->kind = DOJIMA_NOTED;
        event->reason = ouch_value_meaning(OUCH_SET_event_code, code);
    }
}

static enum status decode_rare(const uint8_t *bytes, size_t count, struct dojima_event *event)
{
    enum status status = ouch_check(OUCH_OUT, bytes, count);
    if (status != STATUS_OK) {
        return status;
    }
    event->time_ns = bytes_load_be64(bytes + 1); /* all of them begin like this */
    switch (bytes[0]) {
    case OUCH_cancel_reject_LETTER:
        event->kind = DOJIMA_REFUSED_CHANGE;
        event->reference = bytes_load_be32(bytes + 9);
        break;
    case OUCH_mass_cancel_response_LETTER:
        event->kind = DOJIMA_MASS_CANCELLED;
        event->reference = bytes_load_be32(bytes + 9);
        break;
    case OUCH_account_query_response_LETTER:
        event->kind = DOJIMA_QUERIED;
        event->reference = bytes_load_be32(bytes + 9);
        break;
    case OUCH_system_event_LETTER:
        take_system_event(bytes[9], event);
        break;
    default:
        event->kind = DOJIMA_OTHER;
        break;
    }
    return STATUS_OK;
}

static enum status decode(struct messages *messages, const uint8_t *bytes, size_t count,
                          struct dojima_event *out_event)
{
    (void)messages;
    if (count == 0) {
        return STATUS_TRUNCATED;
    }
    struct dojima_event event = {.remaining = -1};
    enum status status;
    switch (bytes[0]) {
    case OUCH_order_accepted_LETTER:
        status = decode_accepted(bytes, count, &event);
        break;
    case OUCH_order_replaced_LETTER:
        status = decode_replaced(bytes, count, &event);
        break;
    case OUCH_order_modified_LETTER:
        status = decode_modified(bytes, count, &event);
        break;
    case OUCH_order_executed_LETTER:
        status = decode_executed(bytes, count, &event);
        break;
    case OUCH_order_canceled_LETTER:
        status = decode_canceled(bytes, count, &event);
        break;
    case OUCH_aiq_canceled_LETTER:
        status = decode_prevented(bytes, count, &event);
        break;
    case OUCH_order_rejected_LETTER:
        status = decode_rejected(bytes, count, &event);
        break;
    default:
        status = decode_rare(bytes, count, &event);
        break;
    }
    if (status == STATUS_OK) {
        *out_event = event;
    }
    return status;
}

/* The number at *at, which moves behind it; false: there is none, or it does not fit. */
static bool take_number(const char **at, uint32_t *out_number)
{
    uint64_t number = 0;
    const char *digit = *at;
    while (*digit >= '0' && *digit <= '9' && number <= UINT32_MAX) {
        number = number * 10 + (uint64_t)(*digit++ - '0');
    }
    if (digit == *at || number > UINT32_MAX) {
        return false;
    }
    *at = digit;
    *out_number = (uint32_t)number;
    return true;
}

static bool take_words(const char **at, const char *words)
{
    size_t count = strlen(words);
    if (strncmp(*at, words, count) != 0) {
        return false;
    }
    *at += count;
    return true;
}

/* "NOT SEQUENCED UserRefNum 5 RATE_LIMITED retry after 100 us" */
static bool refused(const uint8_t *bytes, size_t count, struct refusal *out_refusal)
{
    char line[REFUSED_LINE_BYTES];
    struct refusal refusal = {0};
    const char *at = line;
    if (count >= sizeof line) {
        return false;
    }
    memcpy(line, bytes, count);
    line[count] = '\0';
    if (!take_words(&at, "NOT SEQUENCED UserRefNum ") || !take_number(&at, &refusal.reference) ||
        !take_words(&at, " ")) {
        return false;
    }
    size_t kind = strcspn(at, " ");
    if (kind >= sizeof refusal.kind) {
        return false;
    }
    memcpy(refusal.kind, at, kind);
    at += kind;
    if (!take_words(&at, " retry after ") || !take_number(&at, &refusal.retry_after_us)) {
        return false;
    }
    *out_refusal = refusal;
    return true;
}

const struct messages_ops ouch_messages = {
    .encode = encode,
    .decode = decode,
    .refused = refused,
    .number = NULL,
    .reference_rises = true,
};
