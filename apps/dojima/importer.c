/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/importer.h"

#include "apps/dojima/importer_state.h"
#include "base/calendar.h"
#include "wire/native/text36.h"

#include <stdlib.h>

#define QUOTE_ASSET 1u
#define QUOTE_SCALE 9u /* exact for prices of four and of nine decimals */

static enum status apply_add(struct importer *importer, const struct flow_message *message,
                             uint32_t instrument);
static enum status apply_reduce(struct importer *importer, const struct flow_message *message);
static enum status apply_delete(struct importer *importer, const struct flow_message *message);
static enum status apply_replace(struct importer *importer, const struct flow_message *message);
static enum status apply_execute(struct importer *importer, const struct flow_message *message);
static enum status apply_clear(struct importer *importer, struct importer_instrument *instrument);

enum status importer_apply(struct importer *importer, const struct flow_message *message)
{
    struct importer_counts *counts = &importer->counts;
    importer->source_sequence = message->source_index + 1;
    importer->source_index = 0;
    importer->time_ns = importer->midnight_ns + message->time_ns;
    counts->by_kind[message->kind]++;
    struct importer_instrument *instrument = NULL;
    if (message->kind == FLOW_ADD || message->kind == FLOW_INSTRUMENT ||
        message->kind == FLOW_CLEAR) {
        enum status status = importer_instrument_of(importer, message, &instrument);
        if (status != STATUS_OK) {
            return status;
        }
    }
    switch ((enum flow_kind)message->kind) {
    case FLOW_ADD:
        return apply_add(importer, message, instrument->number);
    case FLOW_REDUCE:
        return apply_reduce(importer, message);
    case FLOW_DELETE:
        return apply_delete(importer, message);
    case FLOW_REPLACE:
        return apply_replace(importer, message);
    case FLOW_EXECUTE:
    case FLOW_EXECUTE_PRICED:
        return apply_execute(importer, message);
    case FLOW_CLEAR:
        counts->clears++;
        return apply_clear(importer, instrument);
    case FLOW_EXECUTE_HIDDEN:
        counts->hidden_executions++;
        counts->hidden_volume += message->quantity;
        return STATUS_OK;
    case FLOW_TRADE_NOTE:
        counts->trade_notes++;
        counts->trade_note_volume += message->quantity;
        return STATUS_OK;
    case FLOW_HALT:
        counts->halts++;
        return STATUS_OK;
    case FLOW_INSTRUMENT:
    case FLOW_SYSTEM:
    case FLOW_IGNORED:
        return STATUS_OK;
    }
    return STATUS_OK;
}

static struct importer_instrument *instrument_of(struct importer *importer,
                                                 const struct known_order *order)
{
    return &importer->instruments[(order->side_index >> 1) - 1];
}

static enum side side_of(const struct known_order *order)
{
    return (order->side_index & 1) != 0 ? SIDE_SELL : SIDE_BUY;
}

/* The live order a message names. Null: it was counted as never seen, or as gone. */
static struct known_order *named_order(struct importer *importer,
                                       const struct flow_message *message)
{
    struct known_order *order = known_orders_find(&importer->known, message->order_id);
    if (order != NULL) {
        instrument_of(importer, order)->messages++;
        return order;
    }
    if (known_orders_seen(&importer->known, message->order_id)) {
        importer->counts.gone_references++;
    } else {
        importer->counts.unknown_references++;
    }
    return NULL;
}

static void forget(struct importer *importer, const struct known_order *order)
{
    instrument_of(importer, order)->live--;
    known_orders_remove(&importer->known, order->order_id);
}

static enum status send_new(struct importer *importer, const struct command_new_order *terms)
{
    struct command command =
        importer_command(importer, COMMAND_NEW_ORDER, COMMAND_NEW_ORDER_VERSION, IMPORTER_SESSION);
    command.new_order = *terms;
    command.new_order.account = IMPORTER_ACCOUNT;
    command.new_order.order_type = ORDER_TYPE_LIMIT;
    command.new_order.post_only = POST_ONLY_OFF;
    command.new_order.capacity = CAPACITY_AGENCY;
    return importer_send(importer, &command);
}

static enum status send_reduce(struct importer *importer, uint64_t order_id, uint32_t quantity,
                               enum reason reason)
{
    struct command command =
        importer_command(importer, COMMAND_REDUCE, COMMAND_REDUCE_VERSION, IMPORTER_SESSION);
    command.reduce = (struct command_reduce){
        .account = IMPORTER_ACCOUNT,
        .quantity = {quantity},
        .reason = reason,
        .client_order_id = text36_from_number(order_id),
    };
    return importer_send(importer, &command);
}

static enum status send_cancel(struct importer *importer, uint64_t order_id)
{
    struct command command =
        importer_command(importer, COMMAND_CANCEL, COMMAND_CANCEL_VERSION, IMPORTER_SESSION);
    command.cancel = (struct command_cancel){
        .account = IMPORTER_ACCOUNT,
        .client_order_id = text36_from_number(order_id),
    };
    return importer_send(importer, &command);
}

/* Remembers an order that the engine did not refuse. */
static enum status remember(struct importer *importer, const struct known_order *order)
{
    enum status status = known_orders_see(&importer->known, order->order_id);
    if (status != STATUS_OK || importer->outcome.reject != REJECT_NONE) {
        return status;
    }
    const struct known_order *before = known_orders_find(&importer->known, order->order_id);
    if (before != NULL) {
        /* The engine had lost it to a stale order, and the input uses its number again. */
        forget(importer, before);
    }
    status = known_orders_add(&importer->known, order);
    if (status == STATUS_OK) {
        instrument_of(importer, order)->live++;
    }
    return status;
}

static enum status apply_add(struct importer *importer, const struct flow_message *message,
                             uint32_t instrument)
{
    bool sell = message->side == FLOW_SIDE_SELL;
    importer->instruments[instrument - 1].messages++;
    struct command_new_order terms = {
        .price = {message->price},
        .quantity = {message->quantity},
        .instrument = instrument,
        .side = sell ? SIDE_SELL : SIDE_BUY,
        .time_in_force = TIME_IN_FORCE_GTC,
        .client_order_id = text36_from_number(message->order_id),
    };
    enum status status = send_new(importer, &terms);
    if (status != STATUS_OK) {
        return status;
    }
    importer->counts.entry_trades += importer->outcome.trades;
    return remember(importer, &(struct known_order){
                                  .order_id = message->order_id,
                                  .price = message->price,
                                  .open = message->quantity,
                                  .side_index = instrument * 2 + sell,
                              });
}

/* Takes `quantity` off what the input says is open; what is more than that is counted. */
static uint32_t take_open(struct importer *importer, struct known_order *order, uint32_t quantity)
{
    if (quantity > order->open) {
        importer->counts.excess_quantities++;
        quantity = order->open;
    }
    order->open -= quantity;
    return quantity;
}

/* The order is smaller in the input: makes it so in the engine. Where the engine holds less than
 * the input says, because a stale order crossed it, the order leaves when it leaves in the input.
 */
static enum status follow_reduction(struct importer *importer, struct known_order *order,
                                    uint32_t quantity, enum reason reason)
{
    uint64_t order_id = order->order_id;
    bool gone = order->open == 0;
    if (gone) {
        forget(importer, order);
    }
    enum status status = send_reduce(importer, order_id, quantity, reason);
    if (status == STATUS_OK && gone && importer->outcome.reject == REJECT_QUANTITY_ABOVE_OPEN) {
        status = send_cancel(importer, order_id);
    }
    return status;
}

static enum status apply_reduce(struct importer *importer, const struct flow_message *message)
{
    struct known_order *order = named_order(importer, message);
    if (order == NULL) {
        return STATUS_OK;
    }
    uint32_t quantity = take_open(importer, order, message->quantity);
    return follow_reduction(importer, order, quantity, REASON_REQUESTED);
}

static enum status apply_delete(struct importer *importer, const struct flow_message *message)
{
    struct known_order *order = named_order(importer, message);
    if (order == NULL) {
        return STATUS_OK;
    }
    forget(importer, order);
    return send_cancel(importer, message->order_id);
}

/* The order goes on at the terms of `message`. The engine counts what was executed into the total;
 * what it executed is the engine's own. */
static enum status send_replaced(struct importer *importer, const struct known_order *order,
                                 const struct flow_message *message)
{
    struct text36 name = text36_from_number(message->order_id);
    struct engine_order live;
    bool found = engine_find(importer->options.engine, IMPORTER_ACCOUNT, &name, &live);
    /* An order with a new number is a new order (ITCH 5.0, 1.4.4): it goes to the back of its queue
     * also where our REPLACE would keep the place. One that keeps its number (DBN) keeps it. */
    bool would_keep = found && message->new_order_id != message->order_id &&
                      message->price == live.price.units &&
                      (int64_t)message->quantity <= live.remaining.lots;
    if (found && !would_keep) {
        struct command command =
            importer_command(importer, COMMAND_REPLACE, COMMAND_REPLACE_VERSION, IMPORTER_SESSION);
        command.replace = (struct command_replace){
            .account = IMPORTER_ACCOUNT,
            .price = {message->price},
            .quantity = {live.total.lots - live.remaining.lots + message->quantity},
            .client_order_id = name,
            .new_client_order_id = text36_from_number(message->new_order_id),
        };
        return importer_send(importer, &command);
    }
    /* Without a live order a stale one crossed it away; in the market it lives on, so it enters
     * again. */
    enum status status = found ? send_cancel(importer, message->order_id) : STATUS_OK;
    if (status != STATUS_OK) {
        return status;
    }
    return send_new(importer, &(struct command_new_order){
                                  .price = {message->price},
                                  .quantity = {message->quantity},
                                  .instrument = order->side_index >> 1,
                                  .side = side_of(order),
                                  .time_in_force = TIME_IN_FORCE_GTC,
                                  .client_order_id = text36_from_number(message->new_order_id),
                              });
}

static enum status apply_replace(struct importer *importer, const struct flow_message *message)
{
    struct known_order *order = named_order(importer, message);
    if (order == NULL) {
        return STATUS_OK;
    }
    struct known_order replaced = *order;
    replaced.order_id = message->new_order_id;
    replaced.price = message->price;
    replaced.open = message->quantity;
    enum status status = send_replaced(importer, order, message);
    if (status != STATUS_OK) {
        return status;
    }
    importer->counts.entry_trades += importer->outcome.trades;
    forget(importer, order);
    status = remember(importer, &replaced);
    if (status == STATUS_OK && importer->outcome.reject != REJECT_NONE) {
        /* Refused: in the market it has left its old place all the same. */
        struct text36 name = text36_from_number(message->order_id);
        struct engine_order live;
        if (engine_find(importer->options.engine, IMPORTER_ACCOUNT, &name, &live)) {
            status = send_cancel(importer, message->order_id);
        }
    }
    return status;
}

static struct text36 ioc_name(const struct importer *importer)
{
    struct text36 number = text36_from_number(importer->source_sequence);
    struct text36 name = {.count = (uint8_t)(number.count + 1), .bytes = "x"};
    memcpy(name.bytes + 1, number.bytes, number.count);
    return name;
}

static void tell_difference(struct importer *importer, const struct known_order *order,
                            const struct flow_message *message, const struct engine_order *head)
{
    if (importer->options.on_difference == NULL) {
        return;
    }
    const struct importer_instrument *instrument = instrument_of(importer, order);
    struct importer_difference difference = {
        .position = message->position,
        .recorded = order->order_id,
        .price = order->price,
        .best = head != NULL ? head->price.units : PRICE_NONE,
        .quantity = message->quantity,
        .side = side_of(order),
        .price_scale = instrument->price_scale,
    };
    memcpy(difference.symbol, instrument->symbol, sizeof difference.symbol);
    if (head != NULL) {
        difference.expected = head->client_order_id;
    }
    importer->options.on_difference(importer->options.context, &difference);
}

/* An execution at the order's own price: the engine's queue should have said so. */
static enum status check_execution(struct importer *importer, struct known_order *order,
                                   const struct flow_message *message)
{
    struct importer_counts *counts = &importer->counts;
    struct engine_order head;
    enum side side = side_of(order);
    bool any = engine_head(importer->options.engine, order->side_index >> 1, side, &head);
    struct text36 name = text36_from_number(order->order_id);
    counts->executions_checked++;
    if (any && head.price.units == order->price) {
        counts->executions_same_price++;
    }
    uint32_t quantity = take_open(importer, order, message->quantity);
    if (!any || head.price.units != order->price || !text36_equal(&head.client_order_id, &name) ||
        head.remaining.lots < quantity) {
        tell_difference(importer, order, message, any ? &head : NULL);
        return follow_reduction(importer, order, quantity, REASON_REPLAY_RECONCILE);
    }
    struct command_new_order terms = {
        .price = head.price,
        .quantity = {quantity},
        .instrument = order->side_index >> 1,
        .side = side == SIDE_BUY ? SIDE_SELL : SIDE_BUY,
        .time_in_force = TIME_IN_FORCE_IOC,
        .client_order_id = ioc_name(importer),
    };
    enum status status = send_new(importer, &terms);
    if (status != STATUS_OK) {
        return status;
    }
    const struct importer_outcome *outcome = &importer->outcome;
    if (outcome->trades == 1 && outcome->first_maker == head.order_id &&
        outcome->traded == quantity) {
        counts->executions_same_order++;
        if (order->open == 0) {
            forget(importer, order);
        }
        return STATUS_OK;
    }
    tell_difference(importer, order, message, &head);
    return follow_reduction(importer, order, quantity, REASON_REPLAY_RECONCILE);
}

static enum status apply_execute(struct importer *importer, const struct flow_message *message)
{
    struct known_order *order = named_order(importer, message);
    if (order == NULL) {
        return STATUS_OK;
    }
    if (message->kind == FLOW_EXECUTE_PRICED && message->price != order->price) {
        uint32_t quantity = take_open(importer, order, message->quantity);
        importer->counts.off_book_executions++;
        importer->counts.off_book_volume += quantity;
        return follow_reduction(importer, order, quantity, REASON_OFF_BOOK_EXECUTION);
    }
    if (message->quantity == 0) {
        /* Nothing to check; the engine's refusal keeps it in the log. */
        return send_reduce(importer, message->order_id, 0, REASON_REPLAY_RECONCILE);
    }
    return check_execution(importer, order, message);
}

static enum status apply_clear(struct importer *importer, struct importer_instrument *instrument)
{
    if (instrument->live == 0) {
        return STATUS_OK;
    }
    struct known_order *orders = NULL;
    size_t count = 0;
    enum status status = known_orders_of(&importer->known, instrument->number, &orders, &count);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        forget(importer, &orders[i]);
        importer->counts.cleared_orders++;
        status = send_cancel(importer, orders[i].order_id);
    }
    free(orders);
    return status;
}

enum status importer_begin(struct importer *importer)
{
    importer->time_ns = importer->midnight_ns;
    struct command command =
        importer_command(importer, COMMAND_GENESIS, COMMAND_GENESIS_VERSION, 0);
    command.genesis = importer->options.genesis;
    enum status status = importer_send(importer, &command);
    if (status == STATUS_OK) {
        command = importer_command(importer, COMMAND_OPEN_SOURCE, COMMAND_OPEN_SOURCE_VERSION, 0);
        command.open_source = importer->options.input;
        status = importer_send(importer, &command);
    }
    if (status == STATUS_OK) {
        command = importer_command(importer, COMMAND_LIST_ASSET, COMMAND_LIST_ASSET_VERSION, 0);
        command.list_asset = (struct command_list_asset){
            .asset = QUOTE_ASSET, .scale = QUOTE_SCALE, .code = chars16_from("USD")};
        status = importer_send(importer, &command);
    }
    if (status == STATUS_OK) {
        command = importer_command(importer, COMMAND_OPEN_ACCOUNT, COMMAND_OPEN_ACCOUNT_VERSION, 0);
        command.open_account = (struct command_open_account){
            .account = IMPORTER_ACCOUNT, .participant = IMPORTER_PARTICIPANT, .unlimited = 1};
        status = importer_send(importer, &command);
    }
    if (status == STATUS_OK) {
        command =
            importer_command(importer, COMMAND_LOGON, COMMAND_LOGON_VERSION, IMPORTER_SESSION);
        command.logon = (struct command_logon){.participant = IMPORTER_PARTICIPANT, .user = 1};
        status = importer_send(importer, &command);
    }
    return status;
}

const struct importer_counts *importer_count(const struct importer *importer)
{
    return &importer->counts;
}

enum status importer_open(const struct importer_options *options, struct importer **out_importer)
{
    struct importer *importer = calloc(1, sizeof *importer);
    if (importer == NULL) {
        return STATUS_NO_MEMORY;
    }
    importer->options = *options;
    if (!options->time_is_utc) {
        importer->midnight_ns = calendar_midnight_ns(options->trading_day);
    }
    *out_importer = importer;
    return STATUS_OK;
}

void importer_close(struct importer *importer)
{
    if (importer == NULL) {
        return;
    }
    known_orders_deinit(&importer->known);
    free(importer->instruments);
    free(importer->instrument_slots);
    free(importer);
}
