/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/dbn_instruments.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_FIRST 64

static size_t slot_of(const struct dbn_instruments *instruments, uint32_t id)
{
    size_t mask = instruments->slot_count - 1;
    size_t at = (size_t)hash_mix64(id) & mask;
    while (instruments->slots[at].used && instruments->slots[at].id != id) {
        at = (at + 1) & mask;
    }
    return at;
}

struct dbn_instrument *dbn_instruments_find(const struct dbn_instruments *instruments, uint32_t id)
{
    if (instruments->slot_count == 0) {
        return NULL;
    }
    struct dbn_instrument *instrument = &instruments->slots[slot_of(instruments, id)];
    return instrument->used ? instrument : NULL;
}

static enum status grow(struct dbn_instruments *instruments)
{
    struct dbn_instruments larger = {.count = instruments->count};
    larger.slot_count = instruments->slot_count == 0 ? SLOTS_FIRST : instruments->slot_count * 2;
    larger.slots = calloc(larger.slot_count, sizeof *larger.slots);
    if (larger.slots == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < instruments->slot_count; i++) {
        if (instruments->slots[i].used) {
            larger.slots[slot_of(&larger, instruments->slots[i].id)] = instruments->slots[i];
        }
    }
    free(instruments->slots);
    *instruments = larger;
    return STATUS_OK;
}

enum status dbn_instruments_put(struct dbn_instruments *instruments, uint32_t id,
                                struct dbn_instrument **out_instrument)
{
    struct dbn_instrument *known = dbn_instruments_find(instruments, id);
    if (known != NULL) {
        *out_instrument = known;
        return STATUS_OK;
    }
    if (instruments->count == DBN_INSTRUMENTS_MAX) {
        return STATUS_FULL;
    }
    if (instruments->count * 2 >= instruments->slot_count) {
        enum status status = grow(instruments);
        if (status != STATUS_OK) {
            return status;
        }
    }
    struct dbn_instrument *instrument = &instruments->slots[slot_of(instruments, id)];
    *instrument = (struct dbn_instrument){.id = id, .used = true};
    instruments->count++;
    *out_instrument = instrument;
    return STATUS_OK;
}

void dbn_instrument_set_symbol(struct dbn_instrument *instrument, const char *text, size_t length)
{
    size_t kept = 0;
    while (kept < length && kept < DBN_SYMBOL_MAX && text[kept] > ' ' && text[kept] < 0x7f) {
        kept++;
    }
    memcpy(instrument->symbol, text, kept);
    instrument->symbol_length = (uint8_t)kept;
}

void dbn_instruments_deinit(struct dbn_instruments *instruments)
{
    free(instruments->slots);
    *instruments = (struct dbn_instruments){0};
}
