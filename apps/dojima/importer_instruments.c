/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/importer_state.h"

#include "base/hash.h"
#include "wire/native/text36.h"

#include <stdio.h>
#include <stdlib.h>

#define QUOTE_ASSET   1u
#define DBN_SCALE     9u
#define PRICE_HIGHEST ((int64_t)UINT32_MAX) /* four decimals: what ITCH can say */
#define PRICE_WIDEST  ((int64_t)1 << 62)    /* nine decimals, either sign */

static enum status list_instrument(struct importer *importer, struct importer_instrument *entry,
                                   int64_t tick);

static uint32_t *slot_of(const struct importer *importer, uint32_t key)
{
    uint32_t mask = importer->instrument_slot_count - 1;
    uint32_t at = (uint32_t)hash_mix64(key) & mask;
    while (importer->instrument_slots[at] != 0 &&
           importer->instruments[importer->instrument_slots[at] - 1].key != key) {
        at = (at + 1) & mask;
    }
    return &importer->instrument_slots[at];
}

static enum status grow(struct importer *importer)
{
    uint32_t capacity =
        importer->instrument_capacity == 0 ? 256 : importer->instrument_capacity * 2;
    struct importer_instrument *instruments =
        realloc(importer->instruments, capacity * sizeof *instruments);
    if (instruments == NULL) {
        return STATUS_NO_MEMORY;
    }
    importer->instruments = instruments;
    uint32_t *slots = calloc((size_t)capacity * 2, sizeof *slots);
    if (slots == NULL) {
        return STATUS_NO_MEMORY;
    }
    free(importer->instrument_slots);
    importer->instrument_slots = slots;
    importer->instrument_slot_count = capacity * 2;
    importer->instrument_capacity = capacity;
    for (uint32_t i = 0; i < importer->instrument_count; i++) {
        *slot_of(importer, instruments[i].key) = i + 1;
    }
    return STATUS_OK;
}

/* The name an instrument goes by: the input's, or one made of its number. */
static void name_instrument(const struct importer *importer, const struct flow_message *message,
                            struct importer_instrument *entry)
{
    const char *symbol = message->symbol;
    size_t length = message->symbol_length;
    if (importer->options.symbol != NULL) {
        symbol = importer->options.symbol;
        length = strlen(symbol);
    }
    if (symbol == NULL || length == 0) {
        snprintf(entry->symbol, sizeof entry->symbol, "#%u", message->instrument);
        return;
    }
    if (length > IMPORTER_SYMBOL_BYTES) {
        length = IMPORTER_SYMBOL_BYTES;
    }
    for (size_t i = 0; i < length; i++) {
        char byte = symbol[i];
        entry->symbol[i] = (char)(byte >= 0x21 && byte <= 0x7e ? byte : '_');
    }
    entry->symbol[length] = '\0';
}

enum status importer_instrument_of(struct importer *importer, const struct flow_message *message,
                                   struct importer_instrument **out_instrument)
{
    if (importer->instrument_slot_count != 0) {
        uint32_t found = *slot_of(importer, message->instrument);
        if (LIKELY(found != 0)) {
            *out_instrument = &importer->instruments[found - 1];
            return STATUS_OK;
        }
    }
    if (importer->instrument_count == importer->instrument_capacity) {
        enum status status = grow(importer);
        if (status != STATUS_OK) {
            return status;
        }
    }
    struct importer_instrument *entry = &importer->instruments[importer->instrument_count];
    *entry = (struct importer_instrument){
        .key = message->instrument,
        .number = importer->instrument_count + 1,
        .price_scale = message->price_scale,
    };
    name_instrument(importer, message, entry);
    *slot_of(importer, message->instrument) = ++importer->instrument_count;
    int64_t tick = importer->options.tick > 0                              ? importer->options.tick
                   : message->kind == FLOW_INSTRUMENT && message->tick > 0 ? message->tick
                                                                           : 1;
    *out_instrument = entry;
    return list_instrument(importer, entry, tick);
}

/* What is longer than a log's name, which is never cut, goes by its number there. */
static struct chars16 log_name(const struct importer_instrument *entry)
{
    char name[17];
    if (strlen(entry->symbol) <= 16) {
        return chars16_from(entry->symbol);
    }
    snprintf(name, sizeof name, "#%u", entry->key);
    return chars16_from(name);
}

static enum status list_instrument(struct importer *importer, struct importer_instrument *entry,
                                   int64_t tick)
{
    bool dbn = entry->price_scale == DBN_SCALE;
    uint32_t base_asset = QUOTE_ASSET + entry->number;
    struct command asset =
        importer_command(importer, COMMAND_LIST_ASSET, COMMAND_LIST_ASSET_VERSION, 0);
    asset.list_asset =
        (struct command_list_asset){.asset = base_asset, .scale = 0, .code = log_name(entry)};
    enum status status = importer_send(importer, &asset);
    if (status != STATUS_OK) {
        return status;
    }
    struct command instrument =
        importer_command(importer, COMMAND_LIST_INSTRUMENT, COMMAND_LIST_INSTRUMENT_VERSION, 0);
    instrument.list_instrument = (struct command_list_instrument){
        .instrument = entry->number,
        .base_asset = base_asset,
        .quote_asset = QUOTE_ASSET,
        .price_scale = entry->price_scale,
        .quantity_scale = 0,
        .negative_prices = dbn,
        .itch = !dbn && strlen(entry->symbol) <= 8,
        .tick = {tick},
        .lowest_price = {dbn ? -PRICE_WIDEST : 1},
        .highest_price = {dbn ? PRICE_WIDEST : PRICE_HIGHEST},
        .lot = {1},
        .largest_quantity = {UINT32_MAX},
        .multiplier = 1,
        .symbol = log_name(entry),
    };
    return importer_send(importer, &instrument);
}

const struct importer_instrument *importer_busiest(const struct importer *importer)
{
    const struct importer_instrument *busiest = NULL;
    for (uint32_t i = 0; i < importer->instrument_count; i++) {
        if (busiest == NULL || importer->instruments[i].messages > busiest->messages) {
            busiest = &importer->instruments[i];
        }
    }
    return busiest;
}

uint32_t importer_instrument_count(const struct importer *importer)
{
    return importer->instrument_count;
}
