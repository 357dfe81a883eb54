/* SPDX-License-Identifier: Apache-2.0 */
#include "config/value.h"

#include "config/address.h"
#include "config/suggest.h"

#include <string.h>

#define WORD_BYTES 32u

struct unit {
    const char *name;
    int64_t factor;
};

/* Largest first: describing takes the first that divides. */
static const struct unit byte_units[] = {
    {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}, {NULL, 0}};
static const struct unit time_units[] = {{"h", 3600000000000},
                                         {"min", 60000000000},
                                         {"s", 1000000000},
                                         {"ms", 1000000},
                                         {"us", 1000},
                                         {"ns", 1},
                                         {NULL, 0}};

static bool refuse(struct text *message, const char *expected)
{
    text_format(message, "%s is expected here", expected);
    return false;
}

static bool in_range(const struct config_spec *spec, int64_t number, struct text *message)
{
    if (number >= spec->lowest && number <= spec->highest) {
        return true;
    }
    const struct config_value lowest = {.text = "", .number = spec->lowest};
    const struct config_value highest = {.text = "", .number = spec->highest};
    text_add(message, "it must be from ");
    config_value_describe(spec, &lowest, message);
    text_add(message, " to ");
    config_value_describe(spec, &highest, message);
    return false;
}

/* Digits with single '_' between them; returns behind them, null = none or too large. */
static const char *take_digits(const char *at, int64_t *out_number)
{
    int64_t number = 0;
    const char *start = at;
    for (; (*at >= '0' && *at <= '9') || (*at == '_' && at > start && at[1] != '_'); at++) {
        if (*at != '_' && (__builtin_mul_overflow(number, 10, &number) ||
                           __builtin_add_overflow(number, *at - '0', &number))) {
            return NULL;
        }
    }
    if (at == start || at[-1] == '_') {
        return NULL;
    }
    *out_number = number;
    return at;
}

static bool number_with_unit(const struct unit *units, const char *text, int64_t *out_number)
{
    int64_t number;
    const char *at = take_digits(text, &number);
    if (at == NULL) {
        return false;
    }
    at += *at == ' ';
    for (const struct unit *unit = units; unit->name != NULL; unit++) {
        if (strcmp(at, unit->name) == 0) {
            return !__builtin_mul_overflow(number, unit->factor, out_number);
        }
    }
    *out_number = number;
    return *at == '\0' && (number == 0 || units == byte_units);
}

bool config_decimal(const char *text, unsigned scale, int64_t *out_units)
{
    int64_t units = 0;
    bool negative = *text == '-';
    const char *at = text + negative;
    const char *start = at;
    unsigned decimals = 0;
    bool point = false;
    for (; *at != '\0'; at++) {
        if (*at == '.' && !point && at > start && at[1] != '\0') {
            point = true;
            continue;
        }
        decimals += point;
        /* Zeros behind the last place that counts change nothing. */
        if (*at == '0' && decimals > scale) {
            continue;
        }
        if (*at < '0' || *at > '9' || decimals > scale ||
            __builtin_mul_overflow(units, 10, &units) ||
            __builtin_add_overflow(units, *at - '0', &units)) {
            return false;
        }
    }
    for (; decimals < scale; decimals++) {
        if (__builtin_mul_overflow(units, 10, &units)) {
            return false;
        }
    }
    if (at == start) {
        return false;
    }
    *out_units = negative ? -units : units;
    return true;
}

/* -- words --------------------------------------------------------------------------------- */

/* The word in the blank-separated list that `text` begins with; steps behind it. */
static bool next_word(const char **list, char out_word[WORD_BYTES])
{
    *list += strspn(*list, " ");
    size_t count = strcspn(*list, " ");
    if (count == 0 || count >= WORD_BYTES) {
        return false;
    }
    memcpy(out_word, *list, count);
    out_word[count] = '\0';
    *list += count;
    return true;
}

static int index_of_word(const char *list, const char *text)
{
    char word[WORD_BYTES];
    for (int index = 0; next_word(&list, word); index++) {
        if (strcmp(word, text) == 0) {
            return index;
        }
    }
    return -1;
}

static bool parse_word(const struct config_spec *spec, const char *text, int64_t *out_index,
                       struct text *message)
{
    int index = index_of_word(spec->words, text);
    if (index >= 0) {
        *out_index = index;
        return true;
    }
    const char *list = spec->words;
    char words[8][WORD_BYTES];
    size_t count = 0;
    struct suggest suggest;
    suggest_init(&suggest, text);
    text_format(message, "'%.60s' is none of", text);
    while (count < ARRAY_COUNT(words) && next_word(&list, words[count])) {
        text_format(message, "%s '%s'", count > 0 ? "," : "", words[count]);
        suggest_try(&suggest, words[count++]);
    }
    if (suggest.best != NULL) {
        text_format(message, "; did you mean '%s'?", suggest.best);
    }
    return false;
}

static bool add_word(const struct config_spec *spec, const char *text, int64_t *bits,
                     struct text *message)
{
    int64_t index;
    if (!parse_word(spec, text, &index, message)) {
        return false;
    }
    if ((*bits & (int64_t)1 << index) != 0) {
        text_format(message, "'%s' stands twice", text);
        return false;
    }
    *bits |= (int64_t)1 << index;
    return true;
}

static bool words_of_array(const struct config_spec *spec, const struct toml *document,
                           uint32_t array, int64_t *out_bits, struct text *message)
{
    int64_t bits = 0;
    for (uint32_t i = array + 1; i < document->count && document->nodes[i].parent == array; i++) {
        if (document->nodes[i].kind != TOML_TEXT) {
            return refuse(message, "an array of words in quotes");
        }
        if (!add_word(spec, document->nodes[i].text, &bits, message)) {
            return false;
        }
    }
    if (bits == 0) {
        return refuse(message, "at least one word");
    }
    *out_bits = bits;
    return true;
}

/* "engine gateway" or "engine,gateway". */
static bool words_of_text(const struct config_spec *spec, const char *text, int64_t *out_bits,
                          struct text *message)
{
    int64_t bits = 0;
    for (const char *at = text; *at != '\0';) {
        char word[WORD_BYTES];
        size_t count = strcspn(at, " ,");
        size_t kept = count < WORD_BYTES ? count : WORD_BYTES - 1;
        memcpy(word, at, kept);
        word[kept] = '\0';
        if (count > 0 && !add_word(spec, word, &bits, message)) {
            return false;
        }
        at += count;
        at += strspn(at, " ,");
    }
    if (bits == 0) {
        return refuse(message, "at least one word");
    }
    *out_bits = bits;
    return true;
}

/* -- values -------------------------------------------------------------------------------- */

static bool text_fits(const struct config_spec *spec, const char *text, struct text *message)
{
    size_t count = strlen(text);
    if ((int64_t)count < spec->lowest || (int64_t)count > spec->highest) {
        text_format(message, "it must have %lld to %lld bytes, not %zu", (long long)spec->lowest,
                    (long long)spec->highest, count);
        return false;
    }
    for (const char *at = text; *at != '\0'; at++) {
        if ((uint8_t)*at < 0x20 || *at == 0x7f) {
            return refuse(message, "a text without control characters");
        }
    }
    return true;
}

static bool address_fits(const struct config_spec *spec, const char *text, struct text *message)
{
    struct config_address address;
    if ((*text == '\0' && spec->lowest == 0) || config_address_parse(text, &address)) {
        return true;
    }
    return refuse(message, "an address and port, \"127.0.0.1:9101\" or \"[::1]:9101\",");
}

/* "12", "-0.25": whether it fits a scale is known when the scale is. */
static bool is_decimal(const char *text)
{
    text += *text == '-';
    size_t whole = strspn(text, "0123456789");
    size_t decimals = text[whole] == '.' ? strspn(text + whole + 1, "0123456789") : 0;
    bool pointed = text[whole] == '.';
    return whole > 0 && (!pointed || decimals > 0) && text[whole + pointed + decimals] == '\0';
}

bool config_value_of_text(const struct config_spec *spec, const char *text,
                          struct config_value *out_value, struct text *message)
{
    struct config_value value = {.text = text};
    bool valid = false;
    const char *end;
    switch (spec->type) {
    case CONFIG_TYPE_TEXT:
    case CONFIG_TYPE_PATH:
        valid = text_fits(spec, text, message);
        break;
    case CONFIG_TYPE_ADDRESS:
        valid = address_fits(spec, text, message);
        break;
    case CONFIG_TYPE_WORD:
        valid = parse_word(spec, text, &value.number, message);
        break;
    case CONFIG_TYPE_WORDS:
        valid = words_of_text(spec, text, &value.number, message);
        break;
    case CONFIG_TYPE_FLAG:
        value.number = strcmp(text, "true") == 0;
        valid = value.number != 0 || strcmp(text, "false") == 0 || refuse(message, "true or false");
        break;
    case CONFIG_TYPE_COUNT:
        end = take_digits(text, &value.number);
        valid = end != NULL && *end == '\0' ? in_range(spec, value.number, message)
                                            : refuse(message, "a whole number");
        break;
    case CONFIG_TYPE_BYTES:
        valid = number_with_unit(byte_units, text, &value.number)
                    ? in_range(spec, value.number, message)
                    : refuse(message, "a size with B, KiB, MiB or GiB, such as \"64MiB\",");
        break;
    case CONFIG_TYPE_DURATION:
        valid = number_with_unit(time_units, text, &value.number)
                    ? in_range(spec, value.number, message)
                    : refuse(message, "a time with ns, us, ms, s, min or h, such as \"250us\",");
        break;
    case CONFIG_TYPE_DECIMAL:
        valid = is_decimal(text) || refuse(message, "a decimal number, such as \"0.01\",");
        break;
    }
    if (valid) {
        *out_value = value;
    }
    return valid;
}

static bool wrong_kind(const struct config_spec *spec, struct text *message)
{
    switch (spec->type) {
    case CONFIG_TYPE_FLAG:
        return refuse(message, "true or false");
    case CONFIG_TYPE_COUNT:
        return refuse(message, "a whole number");
    case CONFIG_TYPE_WORDS:
        return refuse(message, "an array of words in quotes");
    case CONFIG_TYPE_DURATION:
        return refuse(message, "a time with its unit in quotes, such as \"250us\",");
    case CONFIG_TYPE_BYTES:
        return refuse(message, "a size in quotes, such as \"64MiB\",");
    case CONFIG_TYPE_TEXT:
    case CONFIG_TYPE_PATH:
    case CONFIG_TYPE_ADDRESS:
    case CONFIG_TYPE_WORD:
    case CONFIG_TYPE_DECIMAL:
        break;
    }
    return refuse(message, "a text in quotes");
}

bool config_value_of_node(const struct config_spec *spec, const struct toml *document,
                          uint32_t node, struct config_value *out_value, struct text *message)
{
    const struct toml_node *written = &document->nodes[node];
    struct config_value value = {.text = "", .number = written->number};
    bool plain = spec->type != CONFIG_TYPE_FLAG && spec->type != CONFIG_TYPE_COUNT &&
                 spec->type != CONFIG_TYPE_WORDS;
    if (written->kind == TOML_TEXT && plain) {
        return config_value_of_text(spec, written->text, out_value, message);
    }
    bool fits = false;
    if (written->kind == TOML_FLAG && spec->type == CONFIG_TYPE_FLAG) {
        fits = true;
    } else if (written->kind == TOML_NUMBER &&
               (spec->type == CONFIG_TYPE_COUNT || spec->type == CONFIG_TYPE_BYTES)) {
        fits = in_range(spec, value.number, message);
    } else if (written->kind == TOML_ARRAY && spec->type == CONFIG_TYPE_WORDS) {
        fits = words_of_array(spec, document, node, &value.number, message);
    } else {
        fits = wrong_kind(spec, message);
    }
    if (fits) {
        *out_value = value;
    }
    return fits;
}

/* -- back to text -------------------------------------------------------------------------- */

static void add_quoted(struct text *text, const char *string)
{
    text_add(text, "\"");
    for (const char *at = string; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\') {
            text_add(text, "\\");
        }
        text_add_bytes(text, at, 1);
    }
    text_add(text, "\"");
}

static void add_with_unit(struct text *text, const struct unit *units, int64_t number)
{
    const struct unit *unit = units;
    while (unit->factor > 1 && (number == 0 || number % unit->factor != 0)) {
        unit++;
    }
    text_format(text, "\"%lld%s\"", (long long)(number / unit->factor), unit->name);
}

static void add_words(struct text *text, const char *list, int64_t bits)
{
    char word[WORD_BYTES];
    const char *before = "";
    text_add(text, "[");
    for (int index = 0; next_word(&list, word); index++) {
        if ((bits & (int64_t)1 << index) != 0) {
            text_format(text, "%s\"%s\"", before, word);
            before = ", ";
        }
    }
    text_add(text, "]");
}

void config_value_describe(const struct config_spec *spec, const struct config_value *value,
                           struct text *text)
{
    switch (spec->type) {
    case CONFIG_TYPE_FLAG:
        text_add(text, value->number != 0 ? "true" : "false");
        return;
    case CONFIG_TYPE_COUNT:
        text_format(text, "%lld", (long long)value->number);
        return;
    case CONFIG_TYPE_BYTES:
        add_with_unit(text, byte_units, value->number);
        return;
    case CONFIG_TYPE_DURATION:
        add_with_unit(text, time_units, value->number);
        return;
    case CONFIG_TYPE_WORDS:
        add_words(text, spec->words, value->number);
        return;
    case CONFIG_TYPE_TEXT:
    case CONFIG_TYPE_PATH:
    case CONFIG_TYPE_ADDRESS:
    case CONFIG_TYPE_WORD:
    case CONFIG_TYPE_DECIMAL:
        break;
    }
    add_quoted(text, value->text);
}
