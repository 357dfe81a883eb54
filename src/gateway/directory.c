/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/directory.h"

#include "base/hash.h"

#include <stdlib.h>

static uint64_t symbol_key(const struct chars16 *symbol)
{
    return hash_fold(bytes_load_le64((const uint8_t *)symbol->bytes) ^ 0x9e3779b97f4a7c15u,
                     bytes_load_le64((const uint8_t *)symbol->bytes + 8) ^ 0xbf58476d1ce4e5b9u);
}

static uint32_t *slot_by_symbol(const struct directory *directory, const struct chars16 *symbol)
{
    uint32_t at = (uint32_t)symbol_key(symbol) & (directory->slots - 1);
    for (;; at = (at + 1) & (directory->slots - 1)) {
        uint32_t row = directory->by_symbol[at];
        if (row == 0 ||
            memcmp(&directory->rows[row - 1].terms.symbol, symbol, sizeof *symbol) == 0) {
            return &directory->by_symbol[at];
        }
    }
}

static uint32_t *slot_by_number(const struct directory *directory, uint32_t instrument)
{
    uint32_t at = (uint32_t)hash_mix64(instrument) & (directory->slots - 1);
    for (;; at = (at + 1) & (directory->slots - 1)) {
        uint32_t row = directory->by_number[at];
        if (row == 0 || directory->rows[row - 1].terms.instrument == instrument) {
            return &directory->by_number[at];
        }
    }
}

static void enter(struct directory *directory, uint32_t row)
{
    const struct event_instrument_listed *terms = &directory->rows[row].terms;
    *slot_by_symbol(directory, &terms->symbol) = row + 1;
    *slot_by_number(directory, terms->instrument) = row + 1;
}

static enum status grow_tables(struct directory *directory)
{
    uint32_t slots = directory->slots == 0 ? 64 : directory->slots * 2;
    uint32_t *by_symbol = calloc(slots, sizeof *by_symbol);
    uint32_t *by_number = calloc(slots, sizeof *by_number);
    if (by_symbol == NULL || by_number == NULL) {
        free(by_symbol);
        free(by_number);
        return STATUS_NO_MEMORY;
    }
    free(directory->by_symbol);
    free(directory->by_number);
    directory->by_symbol = by_symbol;
    directory->by_number = by_number;
    directory->slots = slots;
    for (uint32_t row = 0; row < directory->count; row++) {
        enter(directory, row);
    }
    return STATUS_OK;
}

static enum status reserve(struct directory *directory)
{
    if (directory->count == directory->capacity) {
        uint32_t capacity = directory->capacity == 0 ? 16 : directory->capacity * 2;
        struct directory_row *rows = realloc(directory->rows, capacity * sizeof *rows);
        if (rows == NULL) {
            return STATUS_NO_MEMORY;
        }
        directory->rows = rows;
        directory->capacity = capacity;
    }
    if (directory->slots < 2 * (directory->count + 1)) {
        return grow_tables(directory);
    }
    return STATUS_OK;
}

static enum status apply_listed(struct directory *directory,
                                const struct event_instrument_listed *listed)
{
    if (directory_get(directory, listed->instrument) != NULL) {
        return STATUS_OK;
    }
    enum status status = reserve(directory);
    if (status == STATUS_OK) {
        directory->rows[directory->count] = (struct directory_row){
            .terms = *listed, .phase = PHASE_OPEN, .reason = PHASE_REASON_SCHEDULED};
        enter(directory, directory->count);
        directory->count++;
    }
    return status;
}

enum status directory_apply(struct directory *directory, const struct event *event)
{
    if (event->header.id == EVENT_INSTRUMENT_LISTED) {
        return apply_listed(directory, &event->instrument_listed);
    }
    if (event->header.id == EVENT_PHASE) {
        const struct event_phase *phase = &event->phase;
        for (uint32_t i = 0; i < directory->count; i++) {
            struct directory_row *row = &directory->rows[i];
            if (phase->instrument == 0 || phase->instrument == row->terms.instrument) {
                row->phase = phase->phase;
                row->reason = phase->reason;
            }
        }
    }
    return STATUS_OK;
}

const struct directory_row *directory_get(const struct directory *directory, uint32_t instrument)
{
    if (directory->slots == 0) {
        return NULL;
    }
    uint32_t row = *slot_by_number(directory, instrument);
    return row == 0 ? NULL : &directory->rows[row - 1];
}

const struct directory_row *directory_find(const struct directory *directory,
                                           const struct chars16 *symbol)
{
    if (directory->slots == 0) {
        return NULL;
    }
    uint32_t row = *slot_by_symbol(directory, symbol);
    return row == 0 ? NULL : &directory->rows[row - 1];
}

const struct directory_row *directory_find_padded(const struct directory *directory,
                                                  const char symbol[DIRECTORY_SYMBOL_BYTES])
{
    struct chars16 chars = {{0}};
    size_t count = DIRECTORY_SYMBOL_BYTES;
    while (count > 0 && symbol[count - 1] == ' ') {
        count--;
    }
    memcpy(chars.bytes, symbol, count);
    const struct directory_row *row = directory_find(directory, &chars);
    return row == NULL || row->terms.itch == 0 ? NULL : row;
}

void directory_pad(const struct directory *directory, uint32_t instrument,
                   char out_symbol[DIRECTORY_SYMBOL_BYTES])
{
    memset(out_symbol, ' ', DIRECTORY_SYMBOL_BYTES);
    const struct directory_row *row = directory_get(directory, instrument);
    for (size_t i = 0; row != NULL && i < DIRECTORY_SYMBOL_BYTES; i++) {
        if (row->terms.symbol.bytes[i] == '\0') {
            break;
        }
        out_symbol[i] = row->terms.symbol.bytes[i];
    }
}

void directory_deinit(struct directory *directory)
{
    free(directory->rows);
    free(directory->by_symbol);
    free(directory->by_number);
    *directory = (struct directory){0};
}
