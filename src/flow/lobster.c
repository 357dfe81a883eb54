/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/lobster.h"

#include <string.h>

#define LINE_BYTES_MAX     256
#define FIELD_COUNT        6
#define SECOND_NS          1000000000u
#define SECONDS_OF_DAY_MAX 86400u

enum field {
    FIELD_TIME,
    FIELD_TYPE,
    FIELD_ORDER,
    FIELD_SIZE,
    FIELD_PRICE,
    FIELD_DIRECTION,
};

static const char *const field_names[FIELD_COUNT] = {"time", "type",  "order id",
                                                     "size", "price", "direction"};

struct line {
    uint64_t time_ns;
    uint64_t type;
    uint64_t order;
    uint64_t size;
    int64_t price;
    int64_t direction;
};

/* Digits from *at; false if there is none or the number is above `max`. */
static ALWAYS_INLINE bool take_number(const uint8_t **at, uint64_t max, uint64_t *out_value)
{
    const uint8_t *byte = *at;
    uint64_t value = 0;
    unsigned digit = (unsigned)*byte - '0';
    if (digit > 9) {
        return false;
    }
    do {
        if (digit > max || value > (max - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
        digit = (unsigned)*++byte - '0';
    } while (digit <= 9);
    *at = byte;
    *out_value = value;
    return true;
}

static ALWAYS_INLINE bool take_signed(const uint8_t **at, int64_t *out_value)
{
    bool negative = **at == '-';
    uint64_t value;
    *at += negative;
    if (!take_number(at, INT64_MAX, &value)) {
        return false;
    }
    *out_value = negative ? -(int64_t)value : (int64_t)value;
    return true;
}

/* Decimal seconds as whole nanoseconds, exactly: never through floating point. Some rows show that
 * the file's writer did go through it (35821.088778456004): digits after the ninth are dropped. */
static ALWAYS_INLINE bool take_time(const uint8_t **at, uint64_t *out_time_ns)
{
    uint64_t seconds;
    if (!take_number(at, SECONDS_OF_DAY_MAX, &seconds)) {
        return false;
    }
    uint64_t fraction = 0;
    if (**at == '.') {
        const uint8_t *byte = *at + 1;
        uint64_t unit = SECOND_NS;
        unsigned digit = (unsigned)*byte - '0';
        if (digit > 9) {
            return false;
        }
        for (; digit <= 9; digit = (unsigned)*++byte - '0') {
            unit /= 10;
            fraction += unit * digit;
        }
        *at = byte;
    }
    *out_time_ns = seconds * SECOND_NS + fraction;
    return true;
}

/* Parses a line that ends in '\n'. Returns FIELD_COUNT, or the field that is wrong. */
static ALWAYS_INLINE unsigned parse(const uint8_t *at, struct line *out_line)
{
    struct line line;
    if (!take_time(&at, &line.time_ns) || *at != ',') {
        return FIELD_TIME;
    }
    at++;
    if (!take_number(&at, 7, &line.type) || line.type == 0 || *at != ',') {
        return FIELD_TYPE;
    }
    at++;
    if (!take_number(&at, UINT64_MAX, &line.order) || *at != ',') {
        return FIELD_ORDER;
    }
    at++;
    if (!take_number(&at, UINT32_MAX, &line.size) || *at != ',') {
        return FIELD_SIZE;
    }
    at++;
    if (!take_signed(&at, &line.price) || *at != ',') {
        return FIELD_PRICE;
    }
    at++;
    if (!take_signed(&at, &line.direction) || (line.direction != 1 && line.direction != -1)) {
        return FIELD_DIRECTION;
    }
    if (*at != '\n' && *at != ',' && !(*at == '\r' && at[1] == '\n')) {
        return FIELD_DIRECTION;
    }
    *out_line = line;
    return FIELD_COUNT;
}

/* The halt codes of the readme: price -1 halted, 0 quoting again, 1 trading again. */
static uint8_t halt_code(int64_t price)
{
    return price == 1 ? 'T' : price == 0 ? 'Q' : 'H';
}

static void fill(const struct line *line, const struct flow_source *source,
                 struct flow_message *message)
{
    static const uint8_t kinds[8] = {FLOW_IGNORED,    FLOW_ADD,     FLOW_REDUCE,
                                     FLOW_DELETE,     FLOW_EXECUTE, FLOW_EXECUTE_HIDDEN,
                                     FLOW_TRADE_NOTE, FLOW_HALT};
    message->time_ns = line->time_ns;
    message->kind = kinds[line->type];
    message->order_id = line->order;
    message->quantity = (uint32_t)line->size;
    message->price_scale = 4;
    message->symbol = source->description.symbol;
    message->symbol_length = (uint8_t)strlen(source->description.symbol);
    if (message->kind == FLOW_HALT) {
        message->code = halt_code(line->price);
        return;
    }
    message->price = line->price;
    message->side = line->direction > 0 ? FLOW_SIDE_BUY : FLOW_SIDE_SELL;
}

enum status lobster_next(struct lobster *lobster, struct flow_source *source,
                         struct flow_message *out_message)
{
    struct input *input = &source->input;
    uint64_t number = lobster->lines + 1;
    size_t have = input_want(input, LINE_BYTES_MAX);
    if (have == 0) {
        if (input->status != STATUS_OK) {
            return source_cut_off(source, SOURCE_LINE, number, "a line");
        }
        return STATUS_END;
    }
    size_t looked = have < LINE_BYTES_MAX ? have : LINE_BYTES_MAX;
    const uint8_t *begin = input_at(input);
    const uint8_t *end = memchr(begin, '\n', looked);
    uint8_t last[LINE_BYTES_MAX + 1];
    if (end == NULL && looked == LINE_BYTES_MAX) {
        return source_refuse(source, STATUS_INVALID, SOURCE_LINE, number,
                             "no end of line within %d bytes", LINE_BYTES_MAX);
    }
    if (end == NULL) {
        /* The last line lacks its end: whole or cut off, its fields tell. */
        memcpy(last, begin, looked);
        last[looked] = '\n';
        begin = last;
    }
    size_t length = end != NULL ? (size_t)(end - begin) + 1 : looked;
    struct line line;
    unsigned wrong = parse(begin, &line);
    if (UNLIKELY(wrong != FIELD_COUNT)) {
        if (end == NULL) {
            return source_cut_off(source, SOURCE_LINE, number, "a line");
        }
        return source_refuse(source, STATUS_INVALID, SOURCE_LINE, number,
                             "the field '%s' is not a number of its range, or is missing",
                             field_names[wrong]);
    }
    lobster->lines = number;
    source_begin(source, number, (uint8_t)('0' + line.type), out_message);
    fill(&line, source, out_message);
    input_skip(input, length);
    return STATUS_OK;
}

bool lobster_looks_like(const uint8_t *bytes, size_t count)
{
    uint8_t first[LINE_BYTES_MAX + 1];
    const uint8_t *end = memchr(bytes, '\n', count < LINE_BYTES_MAX ? count : LINE_BYTES_MAX);
    if (end == NULL && count >= LINE_BYTES_MAX) {
        return false;
    }
    size_t length = end != NULL ? (size_t)(end - bytes) : count;
    memcpy(first, bytes, length);
    first[length] = '\n';
    struct line line;
    return parse(first, &line) == FIELD_COUNT;
}

/* `count` digits at `text` as a number, or -1. */
static int digits(const char *text, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

static bool symbol_byte(char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
           (byte >= '0' && byte <= '9') || byte == '.' || byte == '-';
}

void lobster_describe(const char *name, struct flow_description *description)
{
    size_t length = 0;
    while (symbol_byte(name[length])) {
        length++;
    }
    if (length == 0 || length >= sizeof description->symbol || name[length] != '_') {
        return;
    }
    memcpy(description->symbol, name, length);
    description->symbol[length] = '\0';
    const char *date = name + length + 1;
    if (strlen(date) < 10 || date[4] != '-' || date[7] != '-') {
        return;
    }
    int year = digits(date, 4);
    int month = digits(date + 5, 2);
    int day = digits(date + 8, 2);
    if (year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31) {
        description->trading_day = (uint32_t)(year * 10000 + month * 100 + day);
    }
}
