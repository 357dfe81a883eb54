/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/dbn_header.h"

#include "base/bytes.h"

#define PRELUDE_BYTES    8
#define FIXED_BYTES      100
#define SYMBOL_BYTES_V1  22
#define SYMBOL_BYTES_MAX 256
#define STYPE_INSTRUMENT 0
#define UNDEFINED_PRICE  INT64_MAX
#define SKIP_PIECE       ((size_t)64 << 10)
#define VERSION_MAX      3

/* What is left of the header while its lists are read. */
struct walk {
    struct flow_source *source;
    uint64_t left; /* bytes of the header not stepped over */
    size_t symbol_bytes;
};

static enum status walk_want(struct walk *walk, size_t count)
{
    struct flow_source *source = walk->source;
    uint64_t offset = input_offset(&source->input);
    if (walk->left < count) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, offset,
                             "the lists of the DBN header do not fit its length");
    }
    if (input_want(&source->input, count) < count) {
        return source_cut_off(source, SOURCE_BYTE, offset, "the DBN header");
    }
    return STATUS_OK;
}

static void walk_step(struct walk *walk, size_t count)
{
    input_skip(&walk->source->input, count);
    walk->left -= count;
}

static enum status walk_skip(struct walk *walk, uint64_t count)
{
    while (count > 0) {
        size_t piece = count < SKIP_PIECE ? (size_t)count : SKIP_PIECE;
        enum status status = walk_want(walk, piece);
        if (status != STATUS_OK) {
            return status;
        }
        walk_step(walk, piece);
        count -= piece;
    }
    return STATUS_OK;
}

static enum status walk_number(struct walk *walk, uint32_t *out_number)
{
    enum status status = walk_want(walk, 4);
    if (status != STATUS_OK) {
        return status;
    }
    *out_number = bytes_load_le32(input_at(&walk->source->input));
    walk_step(walk, 4);
    return STATUS_OK;
}

/* Instrument number written as text; false for anything else. */
static bool instrument_number(const uint8_t *text, size_t bytes, uint32_t *out_id)
{
    uint64_t id = 0;
    size_t at = 0;
    for (; at < bytes && at < 10 && text[at] >= '0' && text[at] <= '9'; at++) {
        id = id * 10 + (uint64_t)(text[at] - '0');
    }
    if (at == 0 || id > UINT32_MAX || (at < bytes && text[at] != 0)) {
        return false;
    }
    *out_id = (uint32_t)id;
    return true;
}

static enum status put_symbol(struct flow_source *source, struct dbn_instruments *instruments,
                              uint32_t id, const char *symbol)
{
    struct dbn_instrument *instrument = NULL;
    enum status status = dbn_instruments_put(instruments, id, &instrument);
    if (status != STATUS_OK) {
        return source_refuse(source, status, SOURCE_BYTE, input_offset(&source->input),
                             "more than %zu instruments", DBN_INSTRUMENTS_MAX);
    }
    /* A definition that was read before says more than the header. */
    if (instrument->symbol_length == 0) {
        dbn_instrument_set_symbol(instrument, symbol, strlen(symbol));
    }
    return STATUS_OK;
}

/* raw symbol, count u32, count x (start u32, end u32, number as text) */
static enum status read_mapping(struct walk *walk, struct dbn_instruments *instruments)
{
    enum status status = walk_want(walk, walk->symbol_bytes);
    if (status != STATUS_OK) {
        return status;
    }
    char symbol[SYMBOL_BYTES_MAX + 1] = "";
    memcpy(symbol, input_at(&walk->source->input), walk->symbol_bytes);
    walk_step(walk, walk->symbol_bytes);
    uint32_t intervals = 0;
    status = walk_number(walk, &intervals);
    for (uint32_t i = 0; status == STATUS_OK && i < intervals; i++) {
        status = walk_want(walk, 8 + walk->symbol_bytes);
        uint32_t id;
        if (status == STATUS_OK && instruments != NULL &&
            instrument_number(input_at(&walk->source->input) + 8, walk->symbol_bytes, &id)) {
            status = put_symbol(walk->source, instruments, id, symbol);
        }
        if (status == STATUS_OK) {
            walk_step(walk, 8 + walk->symbol_bytes);
        }
    }
    return status;
}

static enum status read_lists(struct walk *walk, struct dbn_instruments *instruments)
{
    uint32_t count = 0;
    enum status status = walk_number(walk, &count); /* bytes of a schema definition, so far none */
    if (status == STATUS_OK) {
        status = walk_skip(walk, count);
    }
    /* symbols asked for, those found in part, those not found */
    for (int list = 0; status == STATUS_OK && list < 3; list++) {
        status = walk_number(walk, &count);
        if (status == STATUS_OK) {
            status = walk_skip(walk, (uint64_t)count * walk->symbol_bytes);
        }
    }
    if (status == STATUS_OK) {
        status = walk_number(walk, &count);
    }
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        status = read_mapping(walk, instruments);
    }
    /* Version 3 pads the header to eight bytes. */
    return status == STATUS_OK ? walk_skip(walk, walk->left) : status;
}

enum status dbn_header_read(struct flow_source *source, struct dbn_instruments *instruments,
                            struct dbn_header *out_header)
{
    struct input *input = &source->input;
    if (input_want(input, PRELUDE_BYTES + FIXED_BYTES) < PRELUDE_BYTES + FIXED_BYTES) {
        return source_cut_off(source, SOURCE_BYTE, 0, "the DBN header");
    }
    const uint8_t *at = input_at(input);
    struct dbn_header header = {.version = at[3]};
    uint32_t length = bytes_load_le32(at + 4);
    if (header.version < 1 || header.version > VERSION_MAX) {
        return source_refuse(source, STATUS_UNSUPPORTED, SOURCE_BYTE, 3,
                             "DBN version %u: 1 to %d are read", header.version, VERSION_MAX);
    }
    if (length < FIXED_BYTES) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, 4,
                             "a DBN header of %u bytes: it has at least %d", length, FIXED_BYTES);
    }
    const uint8_t *fixed = at + PRELUDE_BYTES;
    header.schema = bytes_load_le16(fixed + 16);
    /* Version 1 has a record count before the types of symbols. */
    const uint8_t *types = fixed + (header.version == 1 ? 50 : 42);
    bool numbered = types[1] == STYPE_INSTRUMENT;
    header.sent_times = types[2] != 0;
    struct walk walk = {source, length - FIXED_BYTES, SYMBOL_BYTES_V1};
    if (header.version > 1) {
        walk.symbol_bytes = bytes_load_le16(types + 3);
    }
    if (walk.symbol_bytes < 1 || walk.symbol_bytes > SYMBOL_BYTES_MAX) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, PRELUDE_BYTES + 45,
                             "symbols of %zu bytes", walk.symbol_bytes);
    }
    input_skip(input, PRELUDE_BYTES + FIXED_BYTES);
    enum status status = read_lists(&walk, numbered ? instruments : NULL);
    if (status == STATUS_OK) {
        *out_header = header;
    }
    return status;
}

enum status dbn_record_want(struct flow_source *source, size_t *out_length)
{
    struct input *input = &source->input;
    size_t have = input_want(input, 1);
    uint64_t offset = input_offset(input);
    if (have == 0) {
        *out_length = 0;
        return input->status == STATUS_OK ? STATUS_OK
                                          : source_cut_off(source, SOURCE_BYTE, offset, "a record");
    }
    size_t length = (size_t)input_at(input)[0] * 4;
    if (length < DBN_RECORD_HEADER) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, offset,
                             "a record of %zu bytes: its header alone has %d", length,
                             DBN_RECORD_HEADER);
    }
    if (input_want(input, length) < length) {
        return source_cut_off(source, SOURCE_BYTE, offset, "a record");
    }
    *out_length = length;
    return STATUS_OK;
}

/* Offsets of the fields used, by version. */
struct layout {
    size_t bytes;
    size_t symbol, symbol_bytes;
    size_t currency;
    size_t exchange;
    size_t asset, asset_bytes;
    size_t class_letter;
};

static const struct layout layouts[VERSION_MAX + 1] = {
    [1] = {360, 200, 22, 186, 243, 248, 7, 325},
    [2] = {400, 200, 71, 186, 292, 297, 7, 374},
    [3] = {520, 238, 71, 224, 330, 335, 11, 487},
};

static void take_text(char *out_text, size_t capacity, const uint8_t *at, size_t bytes)
{
    size_t length = 0;
    while (length < bytes && length + 1 < capacity && at[length] > ' ' && at[length] < 0x7f) {
        out_text[length] = (char)at[length];
        length++;
    }
    out_text[length] = '\0';
}

static int64_t defined(int64_t price)
{
    return price == UNDEFINED_PRICE || price < 0 ? 0 : price;
}

enum status dbn_definition_decode(struct flow_source *source, size_t length,
                                  const struct dbn_header *header,
                                  struct flow_definition *out_definition)
{
    const struct layout *layout = &layouts[header->version];
    const uint8_t *at = input_at(&source->input);
    if (length != layout->bytes + (header->sent_times ? 8 : 0)) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, input_offset(&source->input),
                             "a definition of %zu bytes: version %u has %zu", length,
                             header->version, layout->bytes);
    }
    struct flow_definition definition = {
        .instrument = bytes_load_le32(at + 4),
        .tick = defined((int64_t)bytes_load_le64(at + 24)),
        .display_factor = defined((int64_t)bytes_load_le64(at + 32)),
        .class_letter = at[layout->class_letter],
    };
    take_text(definition.symbol, sizeof definition.symbol, at + layout->symbol,
              layout->symbol_bytes);
    take_text(definition.currency, sizeof definition.currency, at + layout->currency, 4);
    take_text(definition.exchange, sizeof definition.exchange, at + layout->exchange, 5);
    take_text(definition.asset, sizeof definition.asset, at + layout->asset, layout->asset_bytes);
    *out_definition = definition;
    return STATUS_OK;
}

const char *dbn_schema_name(uint16_t schema)
{
    static const char *const names[] = {
        "mbo",      "mbp-1",    "mbp-10",     "tbbo",       "trades", "ohlcv-1s",  "ohlcv-1m",
        "ohlcv-1h", "ohlcv-1d", "definition", "statistics", "status", "imbalance", "ohlcv-eod",
        "cmbp-1",   "cbbo-1s",  "cbbo-1m",    "tcbbo",      "bbo-1s", "bbo-1m"};
    return schema < ARRAY_COUNT(names) ? names[schema] : "an unknown one";
}
