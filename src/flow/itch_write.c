/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/itch_write.h"

#include "wire/itch/itch.h"

#define PREFIX_BYTES 2
#define STOCK_BYTES  8

static void set_stock(const struct flow_message *message, char *out_stock)
{
    memset(out_stock, ' ', STOCK_BYTES);
    if (message->symbol_length > 0) {
        memcpy(out_stock, message->symbol, message->symbol_length);
    }
}

static uint8_t side_letter(const struct flow_message *message)
{
    return message->side == FLOW_SIDE_SELL ? 'S' : 'B';
}

static size_t write_add(const struct flow_message *message, const struct itch_header *header,
                        uint8_t *at)
{
    struct itch_add_order add = {.header = *header,
                                 .order = message->order_id,
                                 .side = side_letter(message),
                                 .shares = message->quantity,
                                 .price = (uint32_t)message->price};
    set_stock(message, add.stock);
    return itch_encode_add_order(&add, at);
}

static size_t write_executed(const struct flow_message *message, const struct itch_header *header,
                             uint8_t *at)
{
    if (message->kind == FLOW_EXECUTE) {
        struct itch_order_executed executed = {.header = *header,
                                               .order = message->order_id,
                                               .shares = message->quantity,
                                               .match = message->match_number};
        return itch_encode_order_executed(&executed, at);
    }
    struct itch_order_executed_priced executed = {.header = *header,
                                                  .order = message->order_id,
                                                  .shares = message->quantity,
                                                  .match = message->match_number,
                                                  .printable = message->printable ? 'Y' : 'N',
                                                  .price = (uint32_t)message->price};
    return itch_encode_order_executed_priced(&executed, at);
}

static size_t write_replace(const struct flow_message *message, const struct itch_header *header,
                            uint8_t *at)
{
    struct itch_order_replace replace = {.header = *header,
                                         .order = message->order_id,
                                         .new_order = message->new_order_id,
                                         .shares = message->quantity,
                                         .price = (uint32_t)message->price};
    return itch_encode_order_replace(&replace, at);
}

static size_t write_trade(const struct flow_message *message, const struct itch_header *header,
                          uint8_t *at)
{
    struct itch_trade trade = {.header = *header,
                               .order = message->order_id,
                               .side = side_letter(message),
                               .shares = message->quantity,
                               .price = (uint32_t)message->price,
                               .match = message->match_number};
    set_stock(message, trade.stock);
    return itch_encode_trade(&trade, at);
}

/* What flow messages do not carry is that of an ordinary listed stock in round lots of 100. */
static size_t write_directory(const struct flow_message *message, const struct itch_header *header,
                              uint8_t *at)
{
    struct itch_stock_directory directory = {.header = *header,
                                             .market_category = 'Q',
                                             .financial_status = 'N',
                                             .round_lot_size = 100,
                                             .round_lots_only = 'N',
                                             .issue_classification = 'C',
                                             .issue_subtype = {'Z', ' '},
                                             .authenticity = 'P',
                                             .short_sale_threshold = 'N',
                                             .ipo_flag = ' ',
                                             .luld_tier = '1',
                                             .etp_flag = 'N',
                                             .etp_leverage = 0,
                                             .inverse = 'N'};
    set_stock(message, directory.stock);
    return itch_encode_stock_directory(&directory, at);
}

static size_t write_halt(const struct flow_message *message, const struct itch_header *header,
                         uint8_t *at)
{
    struct itch_trading_action action = {
        .header = *header, .trading_state = message->code, .reserved = ' '};
    set_stock(message, action.stock);
    memset(action.reason, ' ', sizeof action.reason);
    return itch_encode_trading_action(&action, at);
}

static size_t write_body(const struct flow_message *message, const struct itch_header *header,
                         uint8_t *at)
{
    switch ((enum flow_kind)message->kind) {
    case FLOW_ADD:
        return write_add(message, header, at);
    case FLOW_REDUCE: {
        struct itch_order_cancel cancel = {
            .header = *header, .order = message->order_id, .shares = message->quantity};
        return itch_encode_order_cancel(&cancel, at);
    }
    case FLOW_DELETE: {
        struct itch_order_delete deleted = {.header = *header, .order = message->order_id};
        return itch_encode_order_delete(&deleted, at);
    }
    case FLOW_REPLACE:
        return write_replace(message, header, at);
    case FLOW_EXECUTE:
    case FLOW_EXECUTE_PRICED:
        return write_executed(message, header, at);
    case FLOW_EXECUTE_HIDDEN:
    case FLOW_TRADE_NOTE:
        return write_trade(message, header, at);
    case FLOW_HALT:
        return write_halt(message, header, at);
    case FLOW_INSTRUMENT:
        return write_directory(message, header, at);
    case FLOW_SYSTEM: {
        struct itch_system_event event = {.header = *header, .event_code = message->code};
        return itch_encode_system_event(&event, at);
    }
    case FLOW_CLEAR:
    case FLOW_IGNORED:
        break;
    }
    return 0;
}

enum status itch_write(const struct flow_message *message, uint8_t *out_bytes, size_t *out_count)
{
    bool priced = message->price != FLOW_PRICE_NONE;
    if (message->instrument > UINT16_MAX || message->time_ns >> 48 != 0 ||
        message->symbol_length > STOCK_BYTES ||
        (priced && (message->price_scale != ITCH_PRICE_SCALE || message->price < 0 ||
                    message->price > UINT32_MAX))) {
        return STATUS_OVERFLOW;
    }
    struct itch_header header = {.locate = (uint16_t)message->instrument,
                                 .time_ns = message->time_ns};
    uint8_t bytes[ITCH_WRITE_BYTES_MAX];
    size_t length = write_body(message, &header, bytes + PREFIX_BYTES);
    if (length == 0) {
        return STATUS_UNSUPPORTED;
    }
    bytes_store_be16(bytes, (uint16_t)length);
    memcpy(out_bytes, bytes, PREFIX_BYTES + length);
    *out_count = PREFIX_BYTES + length;
    return STATUS_OK;
}
