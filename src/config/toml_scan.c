/* SPDX-License-Identifier: Apache-2.0 */
#include "config/toml_scan.h"

#include "base/text.h"

#include <string.h>

#define MESSAGE_BYTES 200

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

static bool is_bare(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           is_digit(character) || character == '_' || character == '-';
}

static bool is_number_like(char character)
{
    return is_bare(character) || character == '+' || character == '.' || character == ':';
}

void toml_scan_problem(struct toml_scan *scan, struct toml_place place, const char *message)
{
    scan->failed = true;
    scan->on_problem(scan->context, place, message);
}

/* Of `at` when that of `from` is 1, in characters: bytes that go on a UTF-8 sequence do not count.
 */
static unsigned column_of(const char *from, const char *at)
{
    unsigned column = 1;
    for (const char *byte = from; byte < at; byte++) {
        column += ((uint8_t)*byte & 0xc0) != 0x80;
    }
    return column;
}

struct toml_place toml_scan_place(struct toml_scan *scan)
{
    if (scan->counted < scan->line_start || scan->counted > scan->at) {
        scan->counted = scan->line_start;
        scan->column = 1;
    }
    scan->column += column_of(scan->counted, scan->at) - 1;
    scan->counted = scan->at;
    return (struct toml_place){scan->line, scan->column};
}

bool toml_scan_ended(const struct toml_scan *scan)
{
    return scan->at == scan->end;
}

bool toml_scan_at(const struct toml_scan *scan, char character)
{
    return scan->at < scan->end && *scan->at == character;
}

bool toml_scan_take(struct toml_scan *scan, char character)
{
    if (!toml_scan_at(scan, character)) {
        return false;
    }
    scan->at++;
    return true;
}

bool toml_scan_line_ends(const struct toml_scan *scan)
{
    return toml_scan_ended(scan) || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '#';
}

void toml_scan_blanks(struct toml_scan *scan)
{
    while (toml_scan_at(scan, ' ') || toml_scan_at(scan, '\t')) {
        scan->at++;
    }
}

void toml_scan_skip_line(struct toml_scan *scan)
{
    while (scan->at < scan->end && *scan->at != '\n') {
        scan->at++;
    }
    if (scan->at < scan->end) {
        scan->at++;
        scan->line++;
        scan->line_start = scan->at;
    }
}

bool toml_scan_lines(struct toml_scan *scan)
{
    for (;;) {
        toml_scan_blanks(scan);
        if (toml_scan_ended(scan)) {
            toml_scan_problem(scan, toml_scan_place(scan),
                              "the array is not closed: ']' is missing");
            return false;
        }
        if (!toml_scan_line_ends(scan)) {
            return true;
        }
        toml_scan_skip_line(scan);
    }
}

/* -- the whole text ------------------------------------------------------------------------ */

/* Bytes of the UTF-8 sequence at `at`, 0 = it is none. RFC 3629: no overlong forms, no surrogates,
 * nothing above U+10FFFF. */
static size_t utf8_sequence(const uint8_t *at, size_t left)
{
    uint8_t first = at[0];
    if (first < 0x80) {
        return 1;
    }
    size_t count = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || left < count) {
        return 0;
    }
    for (size_t i = 1; i < count; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool overlong = (first == 0xe0 && at[1] < 0xa0) || (first == 0xf0 && at[1] < 0x90);
    bool beyond = (first == 0xed && at[1] > 0x9f) || (first == 0xf4 && at[1] > 0x8f);
    return overlong || beyond ? 0 : count;
}

bool toml_scan_check(struct toml_scan *scan)
{
    unsigned line = 1;
    const char *line_start = scan->at;
    for (const char *at = scan->at; at < scan->end;) {
        size_t count = utf8_sequence((const uint8_t *)at, (size_t)(scan->end - at));
        bool line_end = *at == '\n' || (*at == '\r' && at + 1 < scan->end && at[1] == '\n');
        bool control = count == 1 && ((uint8_t)*at < 0x20 || *at == 0x7f);
        if (count == 0 || (control && !line_end && *at != '\t')) {
            toml_scan_problem(scan, (struct toml_place){line, column_of(line_start, at)},
                              count == 0 ? "the text is not valid UTF-8 here"
                                         : "a control character stands here");
            return false;
        }
        if (*at == '\n') {
            line++;
            line_start = at + 1;
        }
        at += count;
    }
    return true;
}

/* -- strings ------------------------------------------------------------------------------- */

static bool string_problem(struct toml_scan *scan, const char *message)
{
    toml_scan_problem(scan, toml_scan_place(scan), message);
    return false;
}

static int hex_value(char character)
{
    if (is_digit(character)) {
        return character - '0';
    }
    if (character >= 'a' && character <= 'f') {
        return character - 'a' + 10;
    }
    return character >= 'A' && character <= 'F' ? character - 'A' + 10 : -1;
}

static void put_utf8(struct toml_scan *scan, uint32_t code)
{
    if (code < 0x80) {
        *scan->strings++ = (char)code;
        return;
    }
    if (code < 0x800) {
        *scan->strings++ = (char)(0xc0 | code >> 6);
    } else if (code < 0x10000) {
        *scan->strings++ = (char)(0xe0 | code >> 12);
        *scan->strings++ = (char)(0x80 | (code >> 6 & 0x3f));
    } else {
        *scan->strings++ = (char)(0xf0 | code >> 18);
        *scan->strings++ = (char)(0x80 | (code >> 12 & 0x3f));
        *scan->strings++ = (char)(0x80 | (code >> 6 & 0x3f));
    }
    *scan->strings++ = (char)(0x80 | (code & 0x3f));
}

/* Behind "\u" or "\U". */
static bool take_code(struct toml_scan *scan, int digits)
{
    uint32_t code = 0;
    for (int i = 0; i < digits; i++) {
        int value = scan->at < scan->end ? hex_value(*scan->at) : -1;
        if (value < 0) {
            return string_problem(scan, "a hexadecimal digit is expected here");
        }
        code = code << 4 | (uint32_t)value;
        scan->at++;
    }
    if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        return string_problem(scan, "this code stands for no character");
    }
    put_utf8(scan, code);
    return true;
}

static bool take_escape(struct toml_scan *scan)
{
    static const char names[] = "btnfr\"\\";
    static const char values[] = "\b\t\n\f\r\"\\";
    if (toml_scan_ended(scan)) {
        return string_problem(scan, "the string is not closed");
    }
    char name = *scan->at;
    if (name == 'u' || name == 'U') {
        scan->at++;
        return take_code(scan, name == 'u' ? 4 : 8);
    }
    const char *found = memchr(names, name, sizeof names - 1);
    if (found == NULL) {
        return string_problem(scan, "no such escape: \\b \\t \\n \\f \\r \\\" \\\\ \\uXXXX and "
                                    "\\UXXXXXXXX are; a 'literal' string has none");
    }
    *scan->strings++ = values[found - names];
    scan->at++;
    return true;
}

/* "basic" or 'literal', on one line. */
static bool take_string(struct toml_scan *scan, const char **out_text)
{
    char quote = *scan->at;
    if (scan->end - scan->at >= 3 && scan->at[1] == quote && scan->at[2] == quote) {
        return string_problem(scan, "strings over several lines are not part of the subset");
    }
    struct toml_place start = toml_scan_place(scan);
    scan->at++;
    char *text = scan->strings;
    while (!toml_scan_at(scan, quote)) {
        if (toml_scan_ended(scan) || *scan->at == '\n' || *scan->at == '\r') {
            toml_scan_problem(scan, start, "the string is not closed on its line");
            return false;
        }
        char character = *scan->at++;
        if (character == '\\' && quote == '"') {
            if (!take_escape(scan)) {
                return false;
            }
        } else {
            *scan->strings++ = character;
        }
    }
    scan->at++;
    *scan->strings++ = '\0';
    *out_text = text;
    return true;
}

bool toml_scan_key(struct toml_scan *scan, const char **out_text)
{
    if (toml_scan_at(scan, '"') || toml_scan_at(scan, '\'')) {
        return take_string(scan, out_text);
    }
    const char *start = scan->at;
    char *text = scan->strings;
    while (scan->at < scan->end && is_bare(*scan->at)) {
        *scan->strings++ = *scan->at++;
    }
    if (scan->at == start) {
        toml_scan_problem(scan, toml_scan_place(scan),
                          "a key is expected here: letters, digits, '_' and '-', or in quotes");
        return false;
    }
    /* The byte behind a bare key is never part of a string, so there is room for this. */
    *scan->strings++ = '\0';
    *out_text = text;
    return true;
}

/* -- numbers and flags --------------------------------------------------------------------- */

struct word {
    const char *at;
    size_t count;
    struct toml_place place;
};

static bool word_is(const struct word *word, const char *other)
{
    return strlen(other) == word->count && memcmp(word->at, other, word->count) == 0;
}

static bool word_problem(struct toml_scan *scan, const struct word *word, const char *before,
                         const char *after)
{
    char message[MESSAGE_BYTES];
    struct text text;
    text_init(&text, message, sizeof message);
    text_add(&text, before);
    text_add_bytes(&text, word->at, word->count < 60 ? word->count : 60);
    text_add(&text, after);
    toml_scan_problem(scan, word->place, message);
    return false;
}

/* Why a word that begins like a number is none of ours. */
static bool refuse_number(struct toml_scan *scan, const struct word *word)
{
    const char *at = word->at;
    if (memchr(at, ':', word->count) != NULL || (word->count >= 8 && at[4] == '-')) {
        return word_problem(scan, word, "dates and times are not part of the subset; in quotes: \"",
                            "\"");
    }
    if (word->count > 1 && at[0] == '0' && memchr("xob", at[1], 3) != NULL) {
        return word_problem(scan, word, "only decimal numbers are part of the subset, not ", "");
    }
    if (memchr(at, '.', word->count) != NULL) {
        return word_problem(scan, word, "a decimal is written in quotes: \"", "\"");
    }
    for (size_t i = 0; i < word->count; i++) {
        if (is_bare(at[i]) && !is_digit(at[i]) && at[i] != '_' && at[i] != '-') {
            return word_problem(scan, word, "a number with a unit is written in quotes: \"", "\"");
        }
    }
    return word_problem(scan, word, "",
                        " is no whole number: digits, single '_' between them, no "
                        "leading zeros");
}

/* TOML: an optional sign, no leading zeros, each '_' between two digits. */
static bool is_whole(const char *digits, const char *end)
{
    if (digits == end || (digits[0] == '0' && end - digits > 1)) {
        return false;
    }
    for (const char *at = digits; at < end; at++) {
        bool between = at > digits && at + 1 < end && is_digit(at[-1]) && is_digit(at[1]);
        if (!is_digit(*at) && !(*at == '_' && between)) {
            return false;
        }
    }
    return true;
}

static bool take_number(struct toml_scan *scan, const struct word *word, struct toml_node *out_node)
{
    const char *end = word->at + word->count;
    bool negative = word->at[0] == '-';
    const char *digits = word->at + (negative || word->at[0] == '+' ? 1 : 0);
    if (!is_whole(digits, end)) {
        return refuse_number(scan, word);
    }
    /* Summed below zero: the negative range is the larger one. */
    int64_t number = 0;
    for (const char *at = digits; at < end; at++) {
        if (*at != '_' && (__builtin_mul_overflow(number, 10, &number) ||
                           __builtin_sub_overflow(number, *at - '0', &number))) {
            return word_problem(scan, word, "", " does not fit 64 bits");
        }
    }
    if (!negative && number == INT64_MIN) {
        return word_problem(scan, word, "", " does not fit 64 bits");
    }
    out_node->kind = TOML_NUMBER;
    out_node->number = negative ? number : -number;
    return true;
}

bool toml_scan_value(struct toml_scan *scan, struct toml_node *out_node)
{
    out_node->text = "";
    struct word word = {.at = scan->at, .place = toml_scan_place(scan)};
    if (toml_scan_at(scan, '"') || toml_scan_at(scan, '\'')) {
        out_node->kind = TOML_TEXT;
        return take_string(scan, &out_node->text);
    }
    if (toml_scan_at(scan, '{') || toml_scan_at(scan, '[')) {
        return string_problem(scan, *scan->at == '{'
                                        ? "tables in braces are not part of the subset"
                                        : "arrays in arrays are not part of the subset");
    }
    while (scan->at < scan->end && is_number_like(*scan->at)) {
        scan->at++;
    }
    word.count = (size_t)(scan->at - word.at);
    if (word.count == 0) {
        return string_problem(scan, "a value is expected here: a \"string\", a whole number, true, "
                                    "false or an [array]");
    }
    if (word_is(&word, "true") || word_is(&word, "false")) {
        out_node->kind = TOML_FLAG;
        out_node->number = word.at[0] == 't';
        return true;
    }
    if (is_digit(word.at[0]) || word.at[0] == '+' || word.at[0] == '-') {
        return take_number(scan, &word, out_node);
    }
    return word_problem(scan, &word, "a text is written in quotes: \"", "\"");
}
