/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/itch.h"

#include "wire/itch/itch.h"

#define PREFIX_BYTES 2

/* Eight bytes of printable ASCII. */
static bool printable(const uint8_t *at)
{
    uint64_t bytes = bytes_load_le64(at);
    uint64_t high = bytes & 0x8080808080808080u;
    uint64_t control = (bytes - 0x2020202020202020u) & ~bytes & 0x8080808080808080u;
    uint64_t rubout = bytes ^ 0x7f7f7f7f7f7f7f7fu;
    rubout = (rubout - 0x0101010101010101u) & ~rubout & 0x8080808080808080u;
    return (high | control | rubout) == 0;
}

static enum status set_symbol(struct flow_source *source, const uint8_t *stock, uint64_t offset,
                              struct flow_message *message)
{
    if (UNLIKELY(!printable(stock))) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, offset,
                             "the stock of message '%c' is not text", message->raw_type);
    }
    message->symbol = (const char *)stock;
    message->symbol_length = (uint8_t)itch_text_length((const char *)stock, 8);
    return STATUS_OK;
}

/* A and F; F only adds the participant, which is not needed here. */
static enum status add(struct flow_source *source, const uint8_t *at, uint64_t offset,
                       struct flow_message *message)
{
    struct itch_add_order add;
    itch_decode_add_order(at, &add);
    message->kind = FLOW_ADD;
    message->order_id = add.order;
    message->quantity = add.shares;
    message->price = add.price;
    message->side = add.side == 'B' ? FLOW_SIDE_BUY : FLOW_SIDE_SELL;
    if (UNLIKELY(add.side != 'B' && add.side != 'S')) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, offset,
                             "the side of message '%c' is neither B nor S", message->raw_type);
    }
    return set_symbol(source, at + 24, offset, message);
}

static void executed(const uint8_t *at, struct flow_message *message)
{
    struct itch_order_executed executed;
    itch_decode_order_executed(at, &executed);
    message->kind = FLOW_EXECUTE;
    message->order_id = executed.order;
    message->quantity = executed.shares;
    message->match_number = executed.match;
}

static void executed_priced(const uint8_t *at, struct flow_message *message)
{
    struct itch_order_executed_priced executed;
    itch_decode_order_executed_priced(at, &executed);
    message->kind = FLOW_EXECUTE_PRICED;
    message->order_id = executed.order;
    message->quantity = executed.shares;
    message->match_number = executed.match;
    message->price = executed.price;
    message->printable = executed.printable == 'Y';
}

static void replaced(const uint8_t *at, struct flow_message *message)
{
    struct itch_order_replace replace;
    itch_decode_order_replace(at, &replace);
    message->kind = FLOW_REPLACE;
    message->order_id = replace.order;
    message->new_order_id = replace.new_order;
    message->quantity = replace.shares;
    message->price = replace.price;
}

static void noted(const uint8_t *at, struct flow_message *message)
{
    message->kind = FLOW_TRADE_NOTE;
    if (at[0] == ITCH_trade_LETTER) {
        message->quantity = bytes_load_be32(at + 20);
        message->price = bytes_load_be32(at + 32);
        message->match_number = bytes_load_be64(at + 36);
    } else if (at[0] == ITCH_cross_trade_LETTER) {
        /* A cross may be larger than 32 bits of shares: the count here is a note, so it is cut. */
        uint64_t shares = bytes_load_be64(at + 11);
        message->quantity = shares > UINT32_MAX ? UINT32_MAX : (uint32_t)shares;
        message->price = bytes_load_be32(at + 27);
        message->match_number = bytes_load_be64(at + 31);
    } else {
        message->match_number = bytes_load_be64(at + 11);
    }
}

static enum status described(struct flow_source *source, const uint8_t *at, uint64_t offset,
                             struct flow_message *message)
{
    if (at[0] == ITCH_stock_directory_LETTER) {
        message->kind = FLOW_INSTRUMENT;
    } else {
        message->kind = FLOW_HALT;
        message->code = at[0] == ITCH_trading_action_LETTER ? at[19] : at[20];
    }
    return set_symbol(source, at + 11, offset, message);
}

enum status itch_decode(struct flow_source *source, const uint8_t *at, size_t length,
                        uint64_t offset, struct flow_message *out_message)
{
    if (UNLIKELY(length < 1)) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, offset, "an empty message");
    }
    uint8_t letter = at[0];
    size_t known = itch_length(letter);
    if (UNLIKELY(known != length && known != 0)) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, offset,
                             "message '%c' has %zu bytes, its length says %zu", letter, known,
                             length);
    }
    struct flow_message message;
    source_begin(source, offset, letter, &message);
    message.price_scale = ITCH_PRICE_SCALE;
    enum status status = STATUS_OK;
    if (LIKELY(known != 0)) {
        message.instrument = bytes_load_be16(at + 1);
        message.time_ns = bytes_load_be48(at + 5);
    }
    switch (letter) {
    case ITCH_add_order_LETTER:
    case ITCH_add_order_mpid_LETTER:
        status = add(source, at, offset, &message);
        break;
    case ITCH_order_executed_LETTER:
        executed(at, &message);
        break;
    case ITCH_order_executed_priced_LETTER:
        executed_priced(at, &message);
        break;
    case ITCH_order_cancel_LETTER:
        message.kind = FLOW_REDUCE;
        message.order_id = bytes_load_be64(at + 11);
        message.quantity = bytes_load_be32(at + 19);
        break;
    case ITCH_order_delete_LETTER:
        message.kind = FLOW_DELETE;
        message.order_id = bytes_load_be64(at + 11);
        break;
    case ITCH_order_replace_LETTER:
        replaced(at, &message);
        break;
    case ITCH_trade_LETTER:
    case ITCH_cross_trade_LETTER:
    case ITCH_broken_trade_LETTER:
        noted(at, &message);
        break;
    case ITCH_stock_directory_LETTER:
    case ITCH_trading_action_LETTER:
    case ITCH_operational_halt_LETTER:
        status = described(source, at, offset, &message);
        break;
    case ITCH_system_event_LETTER:
        message.kind = FLOW_SYSTEM;
        message.code = at[11];
        break;
    default:
        break; /* known or not, of no use here: counted by its letter */
    }
    if (LIKELY(status == STATUS_OK)) {
        *out_message = message;
    }
    return status;
}

/* The messages of day files have the length before them; zero bytes there and the end of the file
 * after them mark the end of the session (BinaryFILE). */
static enum status prefixed_length(struct flow_source *source, size_t *out_length)
{
    struct input *input = &source->input;
    uint64_t offset = input_offset(input);
    size_t length = bytes_load_be16(input_at(input));
    if (UNLIKELY(length == 0)) {
        if (input_want(input, PREFIX_BYTES + 1) == PREFIX_BYTES && input->status == STATUS_OK) {
            input_skip(input, PREFIX_BYTES);
            return STATUS_END;
        }
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, offset,
                             "a message length of zero");
    }
    *out_length = length;
    return STATUS_OK;
}

static enum status unprefixed_length(struct flow_source *source, size_t *out_length)
{
    struct input *input = &source->input;
    uint64_t offset = input_offset(input);
    if (input_want(input, PREFIX_BYTES + 1) < PREFIX_BYTES + 1) {
        return source_cut_off(source, SOURCE_BYTE, offset, "a message");
    }
    if (bytes_load_be16(input_at(input)) != 0) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, offset,
                             "a length that is not zero among lengths that are");
    }
    uint8_t letter = input_at(input)[PREFIX_BYTES];
    size_t length = itch_length(letter);
    if (length == 0) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, offset + PREFIX_BYTES,
                             "type 0x%02x is not in ITCH 5.0, so its length is not known", letter);
    }
    *out_length = length;
    return STATUS_OK;
}

enum status itch_next(struct flow_source *source, bool prefixed, struct flow_message *out_message)
{
    struct input *input = &source->input;
    size_t have = input_want(input, PREFIX_BYTES + ITCH_LENGTH_MAX);
    if (UNLIKELY(have < PREFIX_BYTES)) {
        if (have == 0 && input->status == STATUS_OK) {
            return STATUS_END;
        }
        return source_cut_off(source, SOURCE_BYTE, input_offset(input), "a message length");
    }
    size_t length = 0;
    enum status status =
        prefixed ? prefixed_length(source, &length) : unprefixed_length(source, &length);
    if (UNLIKELY(status != STATUS_OK)) {
        return status;
    }
    if (UNLIKELY(input_want(input, PREFIX_BYTES + length) < PREFIX_BYTES + length)) {
        return source_cut_off(source, SOURCE_BYTE, input_offset(input), "a message");
    }
    uint64_t offset = input_offset(input) + PREFIX_BYTES;
    status = itch_decode(source, input_at(input) + PREFIX_BYTES, length, offset, out_message);
    input_skip(input, PREFIX_BYTES + length);
    return status;
}

/* A first message whose letter is known and whose length is the letter's, or whose length is zero
 * and which is followed by a letter that is known. */
enum itch_likeness itch_looks_like(const uint8_t *bytes, size_t count)
{
    if (count < PREFIX_BYTES + 1) {
        return ITCH_UNLIKE;
    }
    size_t prefix = bytes_load_be16(bytes);
    size_t length = itch_length(bytes[PREFIX_BYTES]);
    if (length == 0) {
        return ITCH_UNLIKE;
    }
    if (prefix == length) {
        return ITCH_PREFIXED;
    }
    size_t next = 2 * PREFIX_BYTES + length;
    bool next_fits = count <= next || (bytes_load_be16(bytes + PREFIX_BYTES + length) == 0 &&
                                       itch_length(bytes[next]) != 0);
    return prefix == 0 && next_fits ? ITCH_UNPREFIXED : ITCH_UNLIKE;
}

static unsigned two_digits(const char *text)
{
    unsigned tens = (unsigned)text[0] - '0';
    unsigned ones = tens <= 9 ? (unsigned)text[1] - '0' : 10;
    return ones <= 9 ? tens * 10 + ones : 100;
}

void itch_describe_file(const char *name, struct flow_description *description)
{
    bool short_form = name[0] == 'S';
    const char *date = short_form ? name + 1 : name;
    size_t length = strlen(date);
    if (length < (short_form ? 6u : 8u)) {
        return;
    }
    unsigned month = two_digits(date);
    unsigned day = two_digits(date + 2);
    unsigned century = short_form ? 20 : two_digits(date + 4);
    unsigned year = two_digits(date + (short_form ? 4 : 6));
    if (month >= 1 && month <= 12 && day >= 1 && day <= 31 && century >= 19 && century <= 21 &&
        year <= 99) {
        description->trading_day = (century * 100 + year) * 10000 + month * 100 + day;
    }
}
