/* SPDX-License-Identifier: Apache-2.0
 *
 * What must fit together once every layer is in: each rule names the setting to change.
 */
#include "config/address.h"
#include "config/layers.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MESSAGE_BYTES     300u
#define PAGE_BYTES        4096
#define ITCH_DECIMALS     4u
#define ITCH_SYMBOL_BYTES 8u

/* A problem at the place of one value. */
PRINTF_LIKE(4, 5)
static void say(struct config *config, enum config_key key, size_t row, const char *format, ...);

static void check_tls(struct config *config)
{
    static const enum config_key doors[] = {CONFIG_OUCH_LISTEN, CONFIG_NATIVE_LISTEN,
                                            CONFIG_FEED_SOUP_LISTEN, CONFIG_FEED_GLIMPSE_LISTEN};
    if (config_flag(config, CONFIG_TLS_ENABLED)) {
        return;
    }
    for (size_t i = 0; i < ARRAY_COUNT(doors); i++) {
        struct config_address address;
        const char *text = config_text(config, doors[i]);
        if (*text != '\0' && config_address_parse(text, &address) && !address.loopback) {
            say(config, CONFIG_TLS_ENABLED, 0,
                "false is allowed on loopback only, and %s is %s; remove one of the two",
                config_spec(doors[i])->path, text);
        }
    }
}

/* Two doors at one address: the second could not be opened. Port 0 is any free one. */
static void check_doors(struct config *config)
{
    static const enum config_key doors[] = {CONFIG_OUCH_LISTEN, CONFIG_NATIVE_LISTEN,
                                            CONFIG_FEED_SOUP_LISTEN, CONFIG_FEED_GLIMPSE_LISTEN};
    for (size_t i = 1; i < ARRAY_COUNT(doors); i++) {
        const char *text = config_text(config, doors[i]);
        struct config_address address;
        if (!config_address_parse(text, &address) || address.port == 0) {
            continue; /* off */
        }
        for (size_t other = 0; other < i; other++) {
            if (strcmp(config_text(config, doors[other]), text) == 0) {
                say(config, doors[i], 0, "%s is %s too", config_spec(doors[other])->path, text);
            }
        }
    }
}

static void check_interface(struct config *config)
{
    char with_port[64];
    struct config_address address;
    const char *text = config_text(config, CONFIG_FEED_INTERFACE);
    bool six = strchr(text, ':') != NULL;
    snprintf(with_port, sizeof with_port, six ? "[%s]:1" : "%s:1", text);
    if (!config_address_parse(with_port, &address)) {
        say(config, CONFIG_FEED_INTERFACE, 0,
            "%s is no address; name the interface by its own, such as 10.1.2.3", text);
    }
}

static void check_groups(struct config *config)
{
    static const enum config_key groups[] = {CONFIG_FEED_GROUP_A, CONFIG_FEED_GROUP_B,
                                             CONFIG_FEED_PROOF_GROUP};
    for (size_t i = 0; i < ARRAY_COUNT(groups); i++) {
        struct config_address address;
        const char *text = config_text(config, groups[i]);
        if (*text != '\0' && config_address_parse(text, &address) && !address.multicast) {
            say(config, groups[i], 0, "%s is no multicast address (224.0.0.0 to 239.255.255.255)",
                text);
        }
    }
}

static void check_name(struct config *config)
{
    for (const char *at = config_text(config, CONFIG_VENUE_NAME); *at != '\0'; at++) {
        bool letter = (*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z');
        if (!letter && !(*at >= '0' && *at <= '9')) {
            say(config, CONFIG_VENUE_NAME, 0, "only letters and digits fit SoupBinTCP");
            return;
        }
    }
}

static void check_numbers(struct config *config)
{
    static const enum config_key pages[] = {CONFIG_DATA_SEGMENT_BYTES, CONFIG_DATA_BATCH_BYTES};
    for (size_t i = 0; i < ARRAY_COUNT(pages); i++) {
        if (config_number(config, pages[i]) % PAGE_BYTES != 0) {
            say(config, pages[i], 0, "it must be a multiple of 4KiB");
        }
    }
    if (config_number(config, CONFIG_SESSION_HEARTBEAT) * 2 >
        config_number(config, CONFIG_SESSION_TIMEOUT)) {
        say(config, CONFIG_SESSION_TIMEOUT, 0,
            "it must be at least twice session.heartbeat, or healthy sessions are cut");
    }
}

/* -- rows ---------------------------------------------------------------------------------- */

/* Every column has a value; false: told. */
static bool check_given(struct config *config, enum config_table table)
{
    const struct config_rows *rows = &config->rows[table];
    size_t columns = config_column_count(table);
    unsigned first = config_first_column(table);
    bool complete = true;
    for (size_t i = 0; i < rows->count * columns; i++) {
        if (!rows->cells[i].given) {
            char message[MESSAGE_BYTES];
            struct text text;
            text_init(&text, message, sizeof message);
            text_format(&text, "this [[%s]] has no '%s'", config_table_name(table),
                        config_spec((enum config_key)(first + i % columns))->path);
            config_problem(config, &rows->origins[i / columns], message);
            complete = false;
        }
    }
    return complete;
}

static bool same_number(const struct config *config, enum config_key column, size_t one,
                        size_t other)
{
    return config_number_at(config, column, one) == config_number_at(config, column, other);
}

static bool same_text(const struct config *config, enum config_key column, size_t one, size_t other)
{
    return strcmp(config_text_at(config, column, one), config_text_at(config, column, other)) == 0;
}

/* A column whose values name the rows. */
static void check_unique(struct config *config, enum config_key column)
{
    const struct config_spec *spec = config_spec(column);
    size_t count = config->rows[spec->table].count;
    bool number = spec->type == CONFIG_TYPE_COUNT;
    for (size_t row = 1; row < count; row++) {
        for (size_t other = 0; other < row; other++) {
            if (number ? same_number(config, column, row, other)
                       : same_text(config, column, row, other)) {
                struct config_origin origin = config_origin(config, column, other);
                say(config, column, row, "this %s is taken: %s:%u", spec->path, origin.source,
                    origin.line);
                break;
            }
        }
    }
}

static void check_limit(struct config *config, enum config_key column, enum config_key limit)
{
    size_t count = config->rows[config_spec(column)->table].count;
    for (size_t row = 0; row < count; row++) {
        if (config_number_at(config, column, row) > config_number(config, limit)) {
            say(config, column, row, "it is above %s, %lld", config_spec(limit)->path,
                (long long)config_number(config, limit));
        }
    }
}

/* Row of the asset with this code; false: told at `column`. */
static bool find_asset(struct config *config, enum config_key column, size_t row, size_t *out_asset)
{
    const char *code = config_text_at(config, column, row);
    for (size_t asset = 0; asset < config->rows[CONFIG_TABLE_ASSET].count; asset++) {
        if (strcmp(config_text_at(config, CONFIG_ASSET_CODE, asset), code) == 0) {
            *out_asset = asset;
            return true;
        }
    }
    say(config, column, row, "there is no [[asset]] with the code \"%s\"", code);
    return false;
}

/* A decimal in units of the row's scale; false: told. */
static bool take_units(struct config *config, enum config_key column, size_t row, unsigned scale,
                       int64_t *out_units)
{
    if (config_decimal_at(config, column, row, scale, out_units) == STATUS_OK) {
        return true;
    }
    say(config, column, row, "%s has more decimals than its scale (%u), or is too large",
        config_text_at(config, column, row), scale);
    return false;
}

struct units {
    int64_t tick;
    int64_t lowest;
    int64_t highest;
    int64_t lot;
    int64_t largest;
};

static bool take_all_units(struct config *config, size_t row, struct units *units)
{
    unsigned price_scale = (unsigned)config_number_at(config, CONFIG_INSTRUMENT_PRICE_SCALE, row);
    unsigned quantity_scale =
        (unsigned)config_number_at(config, CONFIG_INSTRUMENT_QUANTITY_SCALE, row);
    return take_units(config, CONFIG_INSTRUMENT_TICK, row, price_scale, &units->tick) &&
           take_units(config, CONFIG_INSTRUMENT_LOWEST_PRICE, row, price_scale, &units->lowest) &&
           take_units(config, CONFIG_INSTRUMENT_HIGHEST_PRICE, row, price_scale, &units->highest) &&
           take_units(config, CONFIG_INSTRUMENT_LOT, row, quantity_scale, &units->lot) &&
           take_units(config, CONFIG_INSTRUMENT_LARGEST_QUANTITY, row, quantity_scale,
                      &units->largest);
}

/* The rules of LIST_INSTRUMENT, told here with their place instead of as a reject in the log. */
static void check_terms(struct config *config, size_t row, const struct units *units)
{
    if (units->tick < 1) {
        say(config, CONFIG_INSTRUMENT_TICK, row, "it must be above zero");
    }
    if (units->lowest < 0 && !config_flag_at(config, CONFIG_INSTRUMENT_NEGATIVE_PRICES, row)) {
        say(config, CONFIG_INSTRUMENT_LOWEST_PRICE, row,
            "it is below zero, and negative_prices is not true");
    }
    if (units->highest < units->lowest) {
        say(config, CONFIG_INSTRUMENT_HIGHEST_PRICE, row, "it is below lowest_price");
    }
    if (units->lot < 1) {
        say(config, CONFIG_INSTRUMENT_LOT, row, "it must be above zero");
    }
    if (units->largest < units->lot) {
        say(config, CONFIG_INSTRUMENT_LARGEST_QUANTITY, row, "it is below the lot");
    }
    if (units->largest > INT64_MAX / config_number(config, CONFIG_LIMITS_ORDERS)) {
        say(config, CONFIG_INSTRUMENT_LARGEST_QUANTITY, row,
            "limits.orders orders of it at one price do not add up in 64 bits");
    }
}

/* DESIGN "Numbers": an instrument on OUCH and ITCH is one whose terms they can say. */
static void check_itch(struct config *config, size_t row, const struct units *units)
{
    if (!config_flag_at(config, CONFIG_INSTRUMENT_ITCH, row)) {
        return;
    }
    unsigned scale = (unsigned)config_number_at(config, CONFIG_INSTRUMENT_PRICE_SCALE, row);
    int64_t highest = units->highest;
    for (unsigned i = scale; i < ITCH_DECIMALS && highest <= (int64_t)UINT32_MAX; i++) {
        highest *= 10;
    }
    if (scale > ITCH_DECIMALS) {
        say(config, CONFIG_INSTRUMENT_PRICE_SCALE, row,
            "OUCH and ITCH have 4 decimals; state itch = false");
    } else if (highest > (int64_t)UINT32_MAX) {
        say(config, CONFIG_INSTRUMENT_HIGHEST_PRICE, row,
            "OUCH and ITCH prices end at 429496.7295; state itch = false");
    }
    if (units->lowest < 0) {
        say(config, CONFIG_INSTRUMENT_LOWEST_PRICE, row,
            "OUCH and ITCH have no negative prices; state itch = false");
    }
    if (config_number_at(config, CONFIG_INSTRUMENT_QUANTITY_SCALE, row) != 0) {
        say(config, CONFIG_INSTRUMENT_QUANTITY_SCALE, row,
            "OUCH and ITCH have whole shares; state itch = false");
    } else if (units->largest > (int64_t)UINT32_MAX) {
        say(config, CONFIG_INSTRUMENT_LARGEST_QUANTITY, row,
            "OUCH and ITCH shares end at 4294967295; state itch = false");
    }
    if (strlen(config_text_at(config, CONFIG_INSTRUMENT_SYMBOL, row)) > ITCH_SYMBOL_BYTES) {
        say(config, CONFIG_INSTRUMENT_SYMBOL, row,
            "OUCH and ITCH symbols have at most 8 characters; state itch = false");
    }
    if (config_number_at(config, CONFIG_INSTRUMENT_NUMBER, row) > UINT16_MAX) {
        say(config, CONFIG_INSTRUMENT_NUMBER, row,
            "ITCH numbers instruments up to 65535; state itch = false");
    }
}

/* 10^quote_scale x lot x multiplier is a multiple of 10^(price_scale + quantity_scale). */
static void check_notional(struct config *config, size_t row, size_t quote, int64_t lot)
{
    uint128 product = (uint128)(uint64_t)lot *
                      (uint64_t)config_number_at(config, CONFIG_INSTRUMENT_MULTIPLIER, row);
    int64_t scales = config_number_at(config, CONFIG_INSTRUMENT_PRICE_SCALE, row) +
                     config_number_at(config, CONFIG_INSTRUMENT_QUANTITY_SCALE, row);
    uint128 divisor = 1;
    for (int64_t i = config_number_at(config, CONFIG_ASSET_SCALE, quote); i < scales; i++) {
        divisor *= 10;
    }
    if (product % divisor != 0) {
        say(config, CONFIG_INSTRUMENT_QUOTE, row,
            "price unit x lot x multiplier is no whole number of minor units of %s: give the asset "
            "a larger scale, or the instrument a larger lot",
            config_text_at(config, CONFIG_INSTRUMENT_QUOTE, row));
    }
}

static void check_instrument(struct config *config, size_t row)
{
    size_t base;
    size_t quote;
    struct units units;
    if (!find_asset(config, CONFIG_INSTRUMENT_BASE, row, &base) ||
        !find_asset(config, CONFIG_INSTRUMENT_QUOTE, row, &quote)) {
        return;
    }
    if (base == quote) {
        say(config, CONFIG_INSTRUMENT_QUOTE, row, "it is the base asset");
    }
    if (!take_all_units(config, row, &units)) {
        return;
    }
    check_terms(config, row, &units);
    check_itch(config, row, &units);
    if (units.lot > 0) {
        check_notional(config, row, quote, units.lot);
    }
}

static void check_rows(struct config *config)
{
    bool assets = check_given(config, CONFIG_TABLE_ASSET);
    bool instruments = check_given(config, CONFIG_TABLE_INSTRUMENT);
    if (!assets || !instruments) {
        return;
    }
    check_unique(config, CONFIG_ASSET_NUMBER);
    check_unique(config, CONFIG_ASSET_CODE);
    check_unique(config, CONFIG_INSTRUMENT_NUMBER);
    check_unique(config, CONFIG_INSTRUMENT_SYMBOL);
    check_limit(config, CONFIG_ASSET_NUMBER, CONFIG_LIMITS_ASSETS);
    check_limit(config, CONFIG_INSTRUMENT_NUMBER, CONFIG_LIMITS_INSTRUMENTS);
    for (size_t row = 0; row < config->rows[CONFIG_TABLE_INSTRUMENT].count; row++) {
        check_instrument(config, row);
    }
}

void config_check(struct config *config)
{
    check_tls(config);
    check_doors(config);
    check_interface(config);
    check_groups(config);
    check_name(config);
    check_numbers(config);
    check_rows(config);
}

static void say(struct config *config, enum config_key key, size_t row, const char *format, ...)
{
    char message[MESSAGE_BYTES];
    char said[MESSAGE_BYTES];
    const struct config_spec *spec = config_spec(key);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(said, sizeof said, format, arguments);
    va_end(arguments);
    struct text text;
    text_init(&text, message, sizeof message);
    text_format(&text, "%s: %s", spec->path, said);
    /* A default of a row has no place of its own: the row has. */
    struct config_origin origin = config_origin(config, key, row);
    if (spec->table != CONFIG_TABLE_NONE && origin.layer == CONFIG_LAYER_DEFAULT) {
        origin = config->rows[spec->table].origins[row];
    }
    config_problem(config, &origin, message);
}
