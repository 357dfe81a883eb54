/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/dbn.h"

#include "base/bytes.h"
#include "flow/dbn_header.h"

#define MBO_BYTES           56
#define STATUS_BYTES        40
#define UNDEFINED_PRICE     INT64_MAX
#define LIVE_ORDERS_DEFAULT ((size_t)1 << 23)
#define DBN_PRICE_SCALE     9

/* Flag bits of a market-by-order record. */
#define FLAG_LAST        0x80u
#define FLAG_TOP_OF_BOOK 0x40u /* a best price, not an order */
#define FLAG_SNAPSHOT    0x20u
#define FLAG_PRICE_LEVEL 0x10u /* a price level, not an order */

void dbn_init(struct dbn *dbn, const struct flow_options *options)
{
    *dbn = (struct dbn){.tick = options->tick};
    size_t live_max = options->live_orders_max;
    dbn_fill_init(&dbn->fill, &dbn->instruments, live_max > 0 ? live_max : LIVE_ORDERS_DEFAULT);
}

void dbn_deinit(struct dbn *dbn)
{
    dbn_fill_deinit(&dbn->fill);
    dbn_instruments_deinit(&dbn->instruments);
}

bool dbn_looks_like(const uint8_t *bytes, size_t count)
{
    return count >= 4 && memcmp(bytes, "DBN", 3) == 0;
}

static enum status take_definition(void *context, const struct flow_definition *definition)
{
    struct dbn *dbn = context;
    struct dbn_instrument *instrument = NULL;
    enum status status =
        dbn_instruments_put(&dbn->instruments, definition->instrument, &instrument);
    if (status == STATUS_OK) {
        instrument->tick = definition->tick;
        dbn_instrument_set_symbol(instrument, definition->symbol, strlen(definition->symbol));
    }
    return status;
}

enum status dbn_load_definitions(struct dbn *dbn, const char *path, struct flow_error *error)
{
    return flow_dbn_read_definition(path, take_definition, dbn, error);
}

enum status dbn_open(struct dbn *dbn, struct flow_source *source)
{
    struct dbn_header header;
    enum status status = dbn_header_read(source, &dbn->instruments, &header);
    if (status != STATUS_OK) {
        return status;
    }
    if (header.schema != DBN_SCHEMA_MBO && header.schema != DBN_SCHEMA_MIXED) {
        return source_refuse(source, STATUS_UNSUPPORTED, SOURCE_BYTE, 24,
                             "the schema of this DBN file is %s: only mbo has orders",
                             dbn_schema_name(header.schema));
    }
    dbn->version = header.version;
    dbn->trailer_bytes = header.sent_times ? 8 : 0;
    return STATUS_OK;
}

struct record {
    struct dbn_change change;
    uint64_t offset;
    uint8_t flags;
    uint8_t action;
    uint8_t side;
};

static enum status put_failed(struct flow_source *source, enum status status, uint64_t offset)
{
    return source_refuse(source, status, SOURCE_BYTE, offset,
                         status == STATUS_FULL ? "more live orders or instruments than the limit"
                                               : "no memory for the table of live orders");
}

static enum status add(struct dbn *dbn, struct flow_source *source,
                       const struct dbn_instrument *instrument, const struct record *record,
                       struct flow_message *message)
{
    if (message->side == FLOW_SIDE_NONE) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, record->offset,
                             "an order without a side");
    }
    enum status status = dbn_fill_add(&dbn->fill, instrument, &record->change);
    if (status != STATUS_OK) {
        return put_failed(source, status, record->offset);
    }
    message->kind = FLOW_ADD;
    return STATUS_OK;
}

static enum status filled(struct dbn *dbn, struct flow_source *source,
                          struct dbn_instrument *instrument, const struct record *record,
                          struct flow_message *message)
{
    bool own_price = true;
    enum status status = dbn_fill_execute(&dbn->fill, instrument, &record->change, &own_price);
    if (status != STATUS_OK) {
        return put_failed(source, status, record->offset);
    }
    message->kind = own_price ? FLOW_EXECUTE : FLOW_EXECUTE_PRICED;
    message->printable = !own_price;
    return STATUS_OK;
}

/* STATUS_AGAIN: the record was consumed and there is no message. */
static enum status apply(struct dbn *dbn, struct flow_source *source,
                         struct dbn_instrument *instrument, const struct record *record,
                         struct flow_message *message)
{
    if ((record->flags & (FLAG_TOP_OF_BOOK | FLAG_PRICE_LEVEL)) != 0 && record->action != 'R') {
        return STATUS_OK; /* not an order: ignored and counted */
    }
    switch (record->action) {
    case 'A':
        return add(dbn, source, instrument, record, message);
    case 'F':
        return filled(dbn, source, instrument, record, message);
    case 'C':
        message->kind = FLOW_REDUCE;
        message->quantity = dbn_fill_cancel(&dbn->fill, instrument, &record->change);
        if (message->quantity == 0 && record->change.quantity > 0) {
            source->progress.fills_consumed++;
            return STATUS_AGAIN;
        }
        return STATUS_OK;
    case 'M':
        message->kind = FLOW_REPLACE;
        message->new_order_id = message->order_id;
        if (!dbn_fill_modify(&dbn->fill, instrument, &record->change)) {
            source->progress.fills_consumed++;
            return STATUS_AGAIN;
        }
        return STATUS_OK;
    case 'R':
        dbn_fill_clear(instrument);
        message->kind = FLOW_CLEAR;
        return STATUS_OK;
    case 'T':
        message->kind = FLOW_TRADE_NOTE;
        return STATUS_OK;
    default:
        return STATUS_OK; /* 'N' and what later versions may add */
    }
}

static void announce(struct dbn_instrument *instrument, const struct dbn *dbn,
                     const struct flow_source *source, struct flow_message *out_message)
{
    instrument->announced = true;
    *out_message = (struct flow_message){
        .source_index = source->progress.messages_read,
        .position = input_offset(&source->input),
        .time_ns = dbn->last_time_ns,
        .price = FLOW_PRICE_NONE,
        .tick = dbn->tick > 0 ? dbn->tick : instrument->tick,
        .symbol = instrument->symbol,
        .symbol_length = instrument->symbol_length,
        .instrument = instrument->id,
        .kind = FLOW_INSTRUMENT,
        .price_scale = DBN_PRICE_SCALE,
        .raw_type = DBN_RTYPE_DEFINITION,
    };
}

/* The time a record counts for: when Databento received it, which never decreases in a file, while
 * the venue's own time of a snapshot's orders lies in the past. */
static enum status take_time(struct dbn *dbn, struct flow_source *source, const uint8_t *at)
{
    uint64_t received = bytes_load_le64(at + 40);
    uint64_t time_ns = received != UINT64_MAX ? received : bytes_load_le64(at + 8);
    if (time_ns == UINT64_MAX) {
        return STATUS_OK;
    }
    if (time_ns > INT64_MAX) {
        return source_refuse(source, STATUS_OVERFLOW, SOURCE_BYTE, input_offset(&source->input),
                             "a time after the year 2262");
    }
    dbn->last_time_ns = time_ns;
    return STATUS_OK;
}

static enum status find_instrument(struct dbn *dbn, struct flow_source *source, const uint8_t *at,
                                   struct dbn_instrument **out_instrument)
{
    uint64_t offset = input_offset(&source->input);
    uint16_t publisher = bytes_load_le16(at + 2);
    if (dbn->publisher == 0) {
        dbn->publisher = publisher;
    }
    if (publisher != dbn->publisher) {
        return source_refuse(source, STATUS_UNSUPPORTED, SOURCE_BYTE, offset,
                             "records of publishers %u and %u: keep one book's records only",
                             dbn->publisher, publisher);
    }
    enum status status =
        dbn_instruments_put(&dbn->instruments, bytes_load_le32(at + 4), out_instrument);
    if (status != STATUS_OK) {
        return put_failed(source, status, offset);
    }
    const struct dbn_instrument *instrument = *out_instrument;
    if (!instrument->announced && dbn->tick <= 0 && instrument->tick <= 0) {
        return source_refuse(source, STATUS_NOT_FOUND, SOURCE_BYTE, offset,
                             "the tick of instrument %u (%.*s) is not known: put its definition "
                             "file (*definition*.dbn.zst) beside the input, or pass --tick",
                             instrument->id, instrument->symbol_length, instrument->symbol);
    }
    return STATUS_OK;
}

static enum flow_side side_of(uint8_t side)
{
    return side == 'B' ? FLOW_SIDE_BUY : side == 'A' ? FLOW_SIDE_SELL : FLOW_SIDE_NONE;
}

static enum status next_order(struct dbn *dbn, struct flow_source *source,
                              struct flow_message *out_message)
{
    const uint8_t *at = input_at(&source->input);
    struct dbn_instrument *instrument = NULL;
    enum status status = find_instrument(dbn, source, at, &instrument);
    if (status == STATUS_OK) {
        status = take_time(dbn, source, at);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!instrument->announced) {
        announce(instrument, dbn, source, out_message);
        return STATUS_OK; /* the record itself comes with the next call */
    }
    struct record record = {
        .change = {.order = bytes_load_le64(at + 16),
                   .price = (int64_t)bytes_load_le64(at + 24),
                   .quantity = bytes_load_le32(at + 32)},
        .offset = input_offset(&source->input),
        .flags = at[36],
        .action = at[38],
        .side = at[39],
    };
    struct flow_message message;
    source_begin(source, record.offset, record.action, &message);
    message.time_ns = dbn->last_time_ns;
    message.order_id = record.change.order;
    message.price = record.change.price == UNDEFINED_PRICE ? FLOW_PRICE_NONE : record.change.price;
    message.price_scale = DBN_PRICE_SCALE;
    message.quantity = record.change.quantity;
    message.instrument = instrument->id;
    message.side = (uint8_t)side_of(record.side);
    message.snapshot = (record.flags & FLAG_SNAPSHOT) != 0;
    message.symbol = instrument->symbol;
    message.symbol_length = instrument->symbol_length;
    status = apply(dbn, source, instrument, &record, &message);
    if ((record.flags & FLAG_LAST) != 0) {
        source->progress.fills_unbooked += dbn_fill_end_event(instrument);
    }
    input_skip(&source->input, (size_t)at[0] * 4);
    if (status == STATUS_OK) {
        *out_message = message;
    }
    return status;
}

/* Trading status: action at 24 (7 trading, 8 halted, 9 paused, 10 suspended, 3 quoting). */
static void next_status(struct flow_source *source, size_t length, struct flow_message *message)
{
    const uint8_t *at = input_at(&source->input);
    static const uint8_t codes[] = {[3] = 'Q', [7] = 'T', [8] = 'H', [9] = 'P', [10] = 'H'};
    message->instrument = bytes_load_le32(at + 4);
    if (length < STATUS_BYTES) {
        return;
    }
    uint16_t action = bytes_load_le16(at + 24);
    if (action < ARRAY_COUNT(codes) && codes[action] != 0) {
        message->kind = FLOW_HALT;
        message->code = codes[action];
    }
}

/* Records that are no orders: definitions are remembered, the rest is counted by its rtype. */
static enum status next_other(struct dbn *dbn, struct flow_source *source, size_t length,
                              struct flow_message *out_message)
{
    uint8_t rtype = input_at(&source->input)[1];
    struct flow_message message;
    source_begin(source, input_offset(&source->input), rtype, &message);
    message.time_ns = dbn->last_time_ns;
    message.price_scale = DBN_PRICE_SCALE;
    if (rtype == DBN_RTYPE_STATUS) {
        next_status(source, length, &message);
    } else if (rtype == DBN_RTYPE_DEFINITION) {
        struct flow_definition definition;
        struct dbn_header header = {.version = dbn->version, .sent_times = dbn->trailer_bytes != 0};
        enum status status = dbn_definition_decode(source, length, &header, &definition);
        if (status == STATUS_OK && (status = take_definition(dbn, &definition)) != STATUS_OK) {
            return put_failed(source, status, message.position);
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    input_skip(&source->input, length);
    *out_message = message;
    return STATUS_OK;
}

enum status dbn_next(struct dbn *dbn, struct flow_source *source, struct flow_message *out_message)
{
    enum status status = STATUS_AGAIN;
    while (status == STATUS_AGAIN) {
        size_t length = 0;
        status = dbn_record_want(source, &length);
        if (status != STATUS_OK) {
            return status;
        }
        if (length == 0) {
            return STATUS_END;
        }
        if (input_at(&source->input)[1] != DBN_RTYPE_MBO) {
            return next_other(dbn, source, length, out_message);
        }
        if (length != (size_t)MBO_BYTES + dbn->trailer_bytes) {
            return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, input_offset(&source->input),
                                 "a market-by-order record of %zu bytes instead of %d", length,
                                 MBO_BYTES + dbn->trailer_bytes);
        }
        status = next_order(dbn, source, out_message);
    }
    return status;
}
