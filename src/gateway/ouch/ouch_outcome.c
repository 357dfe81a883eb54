/* SPDX-License-Identifier: Apache-2.0
 *
 * Stream entries to OUCH messages: one each, a function of the log alone. The table is in
 * docs/reference/ouch-mapping.md.
 */
#include "gateway/ouch/ouch_session.h"

#include "wire/ouch/ouch.h"

#define NANOSECONDS_A_DAY UINT64_C(86400000000000)

_Static_assert(OUCH_LENGTH_MAX <= PROTOCOL_MESSAGE_BYTES_MAX, "a message fits");

static uint64_t time_of_day(const struct stream_entry *entry)
{
    return entry->time_ns % NANOSECONDS_A_DAY;
}

static uint32_t shares(struct quantity quantity)
{
    if (quantity.lots < 0) {
        return 0;
    }
    return quantity.lots > UINT32_MAX ? UINT32_MAX : (uint32_t)quantity.lots;
}

static uint64_t price_out(struct price price)
{
    return price.units == PRICE_NONE ? OUCH_PRICE_MARKET : (uint64_t)price.units;
}

static uint8_t side_out(enum side side)
{
    return side == SIDE_BUY ? OUCH_SIDE_BUY : OUCH_SIDE_SELL;
}

static uint8_t time_in_force_out(enum time_in_force time_in_force)
{
    switch (time_in_force) {
    case TIME_IN_FORCE_IOC:
    case TIME_IN_FORCE_FOK:
        return OUCH_TIME_IN_FORCE_IOC;
    case TIME_IN_FORCE_GTD:
        return OUCH_TIME_IN_FORCE_GTT;
    case TIME_IN_FORCE_DAY:
    case TIME_IN_FORCE_GTC:
    default:
        return OUCH_TIME_IN_FORCE_DAY;
    }
}

static uint8_t capacity_out(enum capacity capacity)
{
    switch (capacity) {
    case CAPACITY_PRINCIPAL:
        return OUCH_CAPACITY_PRINCIPAL;
    case CAPACITY_RISKLESS_PRINCIPAL:
        return OUCH_CAPACITY_RISKLESS;
    case CAPACITY_AGENCY:
    default:
        return OUCH_CAPACITY_AGENCY;
    }
}

static uint8_t reason_out(enum reason reason)
{
    switch (reason) {
    case REASON_REQUESTED:
    case REASON_MASS_CANCEL:
    case REASON_REPLACED:
        return OUCH_CANCEL_REASON_USER;
    case REASON_IOC_REMAINDER:
    case REASON_FOK_NOT_FILLABLE:
    case REASON_MINIMUM_NOT_FILLABLE:
    case REASON_MARKET_REMAINDER:
        return OUCH_CANCEL_REASON_IOC;
    case REASON_EXPIRED:
        return OUCH_CANCEL_REASON_TIMEOUT;
    case REASON_END_OF_DAY:
        return OUCH_CANCEL_REASON_CLOSED;
    case REASON_SELF_TRADE:
        return OUCH_CANCEL_REASON_SELF_MATCH;
    case REASON_REPLAY_RECONCILE:
    case REASON_OFF_BOOK_EXECUTION:
        return OUCH_CANCEL_REASON_SUPERVISORY;
    case REASON_MATCH_LIMIT:
    case REASON_DISCONNECTED:
    case REASON_DEAD_MAN:
    default:
        return OUCH_CANCEL_REASON_SYSTEM;
    }
}

struct reject_row {
    uint16_t code;
    uint16_t reject;
};

static const struct reject_row rejects[] = {
    {REJECT_UNKNOWN_INSTRUMENT, OUCH_REJECT_INVALID_SYMBOL},
    {REJECT_PRICE_NOT_ON_TICK, OUCH_REJECT_INVALID_PRICE},
    {REJECT_PRICE_OUT_OF_RANGE, OUCH_REJECT_INVALID_PRICE},
    {REJECT_QUANTITY_NOT_POSITIVE, OUCH_REJECT_INVALID_QUANTITY},
    {REJECT_QUANTITY_NOT_ON_LOT, OUCH_REJECT_INVALID_QUANTITY},
    {REJECT_MINIMUM_OUT_OF_RANGE, OUCH_REJECT_INVALID_MIN_QUANTITY},
    {REJECT_QUANTITY_TOO_LARGE, OUCH_REJECT_SHARES_EXCEED_THRESHOLD},
    {REJECT_NOTIONAL_OVERFLOW, OUCH_REJECT_NOTIONAL_EXCEEDED},
    {REJECT_POST_ONLY_WOULD_TRADE, OUCH_REJECT_CROSSED_MARKET},
    {REJECT_INSTRUMENT_HALTED, OUCH_REJECT_HALTED},
    {REJECT_INSTRUMENT_CLOSED, OUCH_REJECT_DESTINATION_CLOSED},
    {REJECT_BLOCKED, OUCH_REJECT_FIRM_NOT_AUTHORIZED},
    {REJECT_OPERATOR_ONLY, OUCH_REJECT_FIRM_NOT_AUTHORIZED},
    {REJECT_UNKNOWN_ACCOUNT, OUCH_REJECT_FIRM_NOT_AUTHORIZED},
    {REJECT_RATE_LIMITED, OUCH_REJECT_RISK_PORT_RATE},
    {REJECT_BALANCE_TOO_SMALL, OUCH_REJECT_RISK_EXPOSURE},
    {REJECT_ORDER_POOL_FULL, OUCH_REJECT_PROCESSING_ERROR},
    {REJECT_LEVEL_POOL_FULL, OUCH_REJECT_PROCESSING_ERROR},
    {REJECT_NAME_TABLE_FULL, OUCH_REJECT_PROCESSING_ERROR},
    {REJECT_COMMAND_EXPIRED, OUCH_REJECT_PROCESSING_ERROR},
};

static uint16_t reject_out(uint16_t code)
{
    for (size_t i = 0; i < ARRAY_COUNT(rejects); i++) {
        if (rejects[i].code == code) {
            return rejects[i].reject;
        }
    }
    return OUCH_REJECT_OTHER;
}

static size_t encode_system_event(const struct stream_entry *entry, uint8_t code, uint8_t *out)
{
    struct ouch_system_event message = {.time_ns = time_of_day(entry), .event_code = code};
    return ouch_encode_system_event(&message, out);
}

static size_t no_message(const struct stream_entry *entry, uint8_t *out)
{
    return encode_system_event(entry, OUCH_EVENT_CODE_NO_MESSAGE, out);
}

static size_t encode_noted(const struct stream_entry *entry,
                           const struct event_session_noted *noted, uint8_t *out)
{
    switch (noted->note) {
    case SESSION_NOTE_VENUE_STOPS:
        return encode_system_event(entry, OUCH_EVENT_CODE_VENUE_STOPS, out);
    case SESSION_NOTE_GATEWAY_STOPS:
        return encode_system_event(entry, OUCH_EVENT_CODE_GATEWAY_STOPS, out);
    case SESSION_NOTE_NONE:
        break;
    }
    return no_message(entry, out);
}

/* What an order asked for beyond the fields of its message. */
static void add_terms(struct ouch_appendage_writer *writer, enum time_in_force time_in_force,
                      enum post_only post_only, struct quantity total)
{
    if (time_in_force == TIME_IN_FORCE_FOK) {
        ouch_appendage_add_number(writer, OUCH_TAG_MIN_QUANTITY, shares(total));
    }
    if (post_only != POST_ONLY_OFF) {
        ouch_appendage_add_text(writer, OUCH_TAG_POST_ONLY, "P");
    }
}

static size_t encode_accepted(const struct directory *directory, const struct stream_entry *entry,
                              const struct event_accepted *accepted, uint8_t *out)
{
    struct order_name name = {0};
    struct ouch_appendage_writer writer = {0};
    memset(name.client_id, ' ', sizeof name.client_id);
    (void)order_name_decode(&accepted->client_order_id, &name);
    struct ouch_order_accepted message = {
        .time_ns = time_of_day(entry),
        .user_ref_num = name.user_ref_num,
        .side = side_out(accepted->side),
        .quantity = shares(accepted->quantity),
        .price = price_out(accepted->price),
        .time_in_force = time_in_force_out(accepted->time_in_force),
        .display = OUCH_DISPLAY_VISIBLE,
        .order_reference = entry->event_sequence,
        .capacity = capacity_out(accepted->capacity),
        .sweep = OUCH_SWEEP_NOT_ELIGIBLE,
        .cross_type = OUCH_CROSS_TYPE_CONTINUOUS,
        .order_state = OUCH_ORDER_STATE_LIVE,
    };
    directory_pad(directory, accepted->instrument, message.symbol);
    memcpy(message.client_order_id, name.client_id, sizeof message.client_order_id);
    add_terms(&writer, accepted->time_in_force, accepted->post_only, accepted->quantity);
    message.appendage = ouch_appendage_view(&writer);
    return ouch_encode_order_accepted(&message, out);
}

static size_t encode_modified(const struct stream_entry *entry,
                              const struct event_replaced *replaced, uint32_t user_ref_num,
                              uint8_t *out)
{
    struct ouch_order_modified message = {
        .time_ns = time_of_day(entry),
        .user_ref_num = user_ref_num,
        .side = side_out(replaced->side),
        .quantity = shares(replaced->remaining),
    };
    return ouch_encode_order_modified(&message, out);
}

static size_t encode_replaced(const struct ouch_session *session, const struct directory *directory,
                              const struct stream_entry *entry,
                              const struct event_replaced *replaced, uint8_t *out)
{
    const struct ouch_orders *orders = &session->orders;
    const struct ouch_order *order = ouch_orders_at(orders, replaced->order_id, entry->number);
    if (order == NULL) {
        return no_message(entry, out);
    }
    if (order->since != entry->number) {
        return encode_modified(entry, replaced, order->user_ref_num, out);
    }
    const struct ouch_order *before = ouch_orders_previous(orders, order);
    struct ouch_appendage_writer writer = {0};
    struct ouch_order_replaced message = {
        .time_ns = time_of_day(entry),
        .orig_user_ref_num = before == NULL ? 0 : before->user_ref_num,
        .user_ref_num = order->user_ref_num,
        .side = side_out(replaced->side),
        .quantity = shares(replaced->remaining),
        .price = price_out(replaced->price),
        .time_in_force = time_in_force_out(order->time_in_force),
        .display = OUCH_DISPLAY_VISIBLE,
        .order_reference = order->accepted,
        .capacity = capacity_out(order->capacity),
        .sweep = OUCH_SWEEP_NOT_ELIGIBLE,
        .cross_type = OUCH_CROSS_TYPE_CONTINUOUS,
        .order_state = OUCH_ORDER_STATE_LIVE,
    };
    directory_pad(directory, replaced->instrument, message.symbol);
    memcpy(message.client_order_id, order->client_id, sizeof message.client_order_id);
    add_terms(&writer, order->time_in_force, order->post_only, replaced->quantity);
    message.appendage = ouch_appendage_view(&writer);
    return ouch_encode_order_replaced(&message, out);
}

static uint32_t user_ref_num_at(const struct ouch_session *session,
                                const struct stream_entry *entry, uint64_t order_id)
{
    const struct ouch_order *order = ouch_orders_at(&session->orders, order_id, entry->number);
    return order == NULL ? 0 : order->user_ref_num;
}

static size_t encode_canceled(const struct ouch_session *session, const struct stream_entry *entry,
                              uint64_t order_id, struct quantity quantity, enum reason reason,
                              uint8_t *out)
{
    struct ouch_order_canceled message = {
        .time_ns = time_of_day(entry),
        .user_ref_num = user_ref_num_at(session, entry, order_id),
        .quantity = shares(quantity),
        .reason = reason_out(reason),
    };
    return ouch_encode_order_canceled(&message, out);
}

static size_t encode_executed(const struct ouch_session *session, const struct stream_entry *entry,
                              const struct event_trade *trade, uint8_t *out)
{
    bool maker = entry->side == STREAM_MAKER;
    uint64_t order_id = maker ? trade->maker_order_id : trade->taker_order_id;
    struct ouch_order_executed message = {
        .time_ns = time_of_day(entry),
        .user_ref_num = user_ref_num_at(session, entry, order_id),
        .quantity = shares(trade->quantity),
        .price = price_out(trade->price),
        .liquidity = maker ? OUCH_LIQUIDITY_ADDED : OUCH_LIQUIDITY_REMOVED,
        .match_number = entry->event_sequence,
    };
    return ouch_encode_order_executed(&message, out);
}

/* The letters are our own: the protocol leaves them to the venue. */
static uint8_t strategy_out(enum self_trade mode)
{
    switch (mode) {
    case SELF_TRADE_CANCEL_NEWEST:
        return 'N';
    case SELF_TRADE_CANCEL_OLDEST:
        return 'O';
    case SELF_TRADE_CANCEL_BOTH:
        return 'B';
    case SELF_TRADE_DECREMENT:
        return 'D';
    case SELF_TRADE_NONE:
        break;
    }
    return ' ';
}

static size_t encode_prevented(const struct ouch_session *session, const struct stream_entry *entry,
                               const struct event_prevented *prevented, uint8_t *out)
{
    bool maker = entry->side == STREAM_MAKER;
    uint64_t order_id = maker ? prevented->maker_order_id : prevented->taker_order_id;
    struct ouch_aiq_canceled message = {
        .time_ns = time_of_day(entry),
        .user_ref_num = user_ref_num_at(session, entry, order_id),
        .decrement_shares = shares(maker ? prevented->maker_cancelled : prevented->taker_cancelled),
        .reason = reason_out(REASON_SELF_TRADE),
        .quantity_prevented = shares(prevented->quantity),
        .execution_price = price_out(prevented->price),
        .liquidity = maker ? OUCH_LIQUIDITY_ADDED : OUCH_LIQUIDITY_REMOVED,
        .aiq_strategy = strategy_out(prevented->mode),
    };
    return ouch_encode_aiq_canceled(&message, out);
}

/* An account query, or order entry on again: the answer is in the name. */
static size_t encode_resolved(const struct stream_entry *entry, const struct text36 *name,
                              uint8_t *out)
{
    struct firm_request request;
    if (enable_name_decode(name, &request)) {
        struct ouch_enable_response enabled = {.time_ns = time_of_day(entry),
                                               .user_ref_num = request.user_ref_num};
        memcpy(enabled.firm, request.firm, sizeof enabled.firm);
        return ouch_encode_enable_response(&enabled, out);
    }
    struct ouch_account_query_response message = {.time_ns = time_of_day(entry)};
    if (!query_name_decode(name, &message.next_user_ref_num)) {
        return no_message(entry, out);
    }
    return ouch_encode_account_query_response(&message, out);
}

/* The name that the request asked for: of a replace the new one. */
static struct order_name name_asked(const struct event_rejected *rejected)
{
    struct order_name name = {0};
    memset(name.client_id, ' ', sizeof name.client_id);
    (void)order_name_decode(rejected->command == COMMAND_REPLACE ? &rejected->new_client_order_id
                                                                 : &rejected->client_order_id,
                            &name);
    return name;
}

/* A refused cancel, reduction or modify leaves the order as it was: Cancel Reject by the order's
 * UserRefNum. An order or replace that never came to be: Rejected, by the number it asked for. */
static size_t encode_rejected(const struct stream_entry *entry,
                              const struct event_rejected *rejected, uint8_t *out)
{
    struct order_name name = name_asked(rejected);
    uint8_t command = rejected->command;
    if (command == COMMAND_CANCEL || command == COMMAND_REDUCE ||
        (command == COMMAND_REPLACE &&
         text36_equal(&rejected->client_order_id, &rejected->new_client_order_id))) {
        struct ouch_cancel_reject message = {.time_ns = time_of_day(entry),
                                             .user_ref_num = name.user_ref_num};
        return ouch_encode_cancel_reject(&message, out);
    }
    switch (command) {
    case COMMAND_RESOLVE:
        return encode_resolved(entry, &rejected->client_order_id, out);
    case COMMAND_SESSION_ADMIN: /* the gateway's own, nothing that the client asked */
        return no_message(entry, out);
    default: {
        struct ouch_order_rejected message = {
            .time_ns = time_of_day(entry),
            .user_ref_num = name.user_ref_num,
            .reason = reject_out(rejected->code),
        };
        memcpy(message.client_order_id, name.client_id, sizeof message.client_order_id);
        return ouch_encode_order_rejected(&message, out);
    }
    }
}

static size_t encode_mass_cancelled(const struct directory *directory,
                                    const struct stream_entry *entry,
                                    const struct event_mass_cancelled *done, uint8_t *out)
{
    struct ouch_appendage_writer writer = {0};
    struct firm_request request = mass_cancel_tag_decode(done->tag);
    if (request.disables) {
        struct ouch_disable_response disabled = {.time_ns = time_of_day(entry),
                                                 .user_ref_num = request.user_ref_num};
        memcpy(disabled.firm, request.firm, sizeof disabled.firm);
        return ouch_encode_disable_response(&disabled, out);
    }
    struct ouch_mass_cancel_response message = {.time_ns = time_of_day(entry),
                                                .user_ref_num = request.user_ref_num};
    memcpy(message.firm, request.firm, sizeof message.firm);
    directory_pad(directory, done->instrument, message.symbol);
    if (done->side != 0) {
        ouch_appendage_add_text(&writer, OUCH_TAG_SIDE, done->side == SIDE_BUY ? "B" : "S");
    }
    message.appendage = ouch_appendage_view(&writer);
    return ouch_encode_mass_cancel_response(&message, out);
}

size_t ouch_outcome_encode(const void *state, const struct directory *directory,
                           const struct stream_entry *entry, const struct event *event,
                           uint8_t *out)
{
    const struct ouch_session *session = state;
    switch (event->header.id) {
    case EVENT_SESSION_NOTED:
        return encode_noted(entry, &event->session_noted, out);
    case EVENT_ACCEPTED:
        return encode_accepted(directory, entry, &event->accepted, out);
    case EVENT_REJECTED:
        return encode_rejected(entry, &event->rejected, out);
    case EVENT_REPLACED:
        return encode_replaced(session, directory, entry, &event->replaced, out);
    case EVENT_TRADE:
        return encode_executed(session, entry, &event->trade, out);
    case EVENT_PREVENTED:
        return encode_prevented(session, entry, &event->prevented, out);
    case EVENT_REDUCED:
        return encode_canceled(session, entry, event->reduced.order_id, event->reduced.quantity,
                               event->reduced.reason, out);
    case EVENT_REMOVED:
        return encode_canceled(session, entry, event->removed.order_id, event->removed.quantity,
                               event->removed.reason, out);
    case EVENT_CANCELLED:
        return encode_canceled(session, entry, event->cancelled.order_id, event->cancelled.quantity,
                               event->cancelled.reason, out);
    case EVENT_MASS_CANCELLED:
        return encode_mass_cancelled(directory, entry, &event->mass_cancelled, out);
    case EVENT_RESOLVED:
        return encode_resolved(entry, &event->resolved.client_order_id, out);
    default:
        return no_message(entry, out);
    }
}
