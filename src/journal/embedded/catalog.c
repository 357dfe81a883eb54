/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/embedded/catalog.h"

#include <stdlib.h>
#include <string.h>

#define PLACE_EVERY_SLOTS 64u

/* Room for one more of `bytes` in an array that doubles; large enough at first for a log of a GiB.
 */
static enum status grow(void **items, size_t count, size_t *capacity, size_t bytes)
{
    if (count < *capacity) {
        return STATUS_OK;
    }
    size_t wanted = *capacity == 0 ? 256 : *capacity * 2;
    void *larger = realloc(*items, wanted * bytes);
    if (larger == NULL) {
        return STATUS_NO_MEMORY;
    }
    *items = larger;
    *capacity = wanted;
    return STATUS_OK;
}

enum status catalog_add_segment(struct catalog *catalog, const struct catalog_segment *segment)
{
    void *items = catalog->segments;
    enum status status =
        grow(&items, catalog->segment_count, &catalog->segment_capacity, sizeof *segment);
    catalog->segments = items;
    if (status == STATUS_OK) {
        catalog->segments[catalog->segment_count++] = *segment;
    }
    return status;
}

enum status catalog_add_batch(struct catalog *catalog, const struct catalog_place *place)
{
    if (catalog->place_count > 0) {
        const struct catalog_place *last = &catalog->places[catalog->place_count - 1];
        if (last->segment == place->segment && place->slot - last->slot < PLACE_EVERY_SLOTS) {
            return STATUS_OK;
        }
    }
    void *items = catalog->places;
    enum status status =
        grow(&items, catalog->place_count, &catalog->place_capacity, sizeof *place);
    catalog->places = items;
    if (status == STATUS_OK) {
        catalog->places[catalog->place_count++] = *place;
    }
    return status;
}

/* How many places begin at or before the sequence. */
static size_t places_before(const struct catalog *catalog, uint64_t sequence)
{
    size_t low = 0; /* places below `low` begin at or before the sequence */
    size_t high = catalog->place_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (catalog->places[middle].first_sequence <= sequence) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const struct catalog_place *catalog_find(const struct catalog *catalog, uint64_t sequence)
{
    size_t before = places_before(catalog, sequence);
    return before == 0 ? NULL : &catalog->places[before - 1];
}

enum status catalog_learn(struct catalog *catalog, const struct catalog_place *place)
{
    size_t at = places_before(catalog, place->first_sequence);
    if (at > 0) {
        const struct catalog_place *before = &catalog->places[at - 1];
        if (before->segment == place->segment && place->slot - before->slot < PLACE_EVERY_SLOTS) {
            return STATUS_OK;
        }
    }
    void *items = catalog->places;
    enum status status =
        grow(&items, catalog->place_count, &catalog->place_capacity, sizeof *place);
    catalog->places = items;
    if (status == STATUS_OK) {
        memmove(catalog->places + at + 1, catalog->places + at,
                (catalog->place_count - at) * sizeof *place);
        catalog->places[at] = *place;
        catalog->place_count++;
    }
    return status;
}

const struct catalog_segment *catalog_segment(const struct catalog *catalog, uint32_t number)
{
    if (catalog->segment_count == 0 || number < catalog->segments[0].number) {
        return NULL;
    }
    size_t index = number - catalog->segments[0].number;
    return index < catalog->segment_count ? &catalog->segments[index] : NULL;
}

void catalog_drop(struct catalog *catalog, size_t count)
{
    uint32_t below = catalog->segments[count].number;
    memmove(catalog->segments, catalog->segments + count,
            (catalog->segment_count - count) * sizeof *catalog->segments);
    catalog->segment_count -= count;
    size_t places = 0;
    while (places < catalog->place_count && catalog->places[places].segment < below) {
        places++;
    }
    memmove(catalog->places, catalog->places + places,
            (catalog->place_count - places) * sizeof *catalog->places);
    catalog->place_count -= places;
}

void catalog_deinit(struct catalog *catalog)
{
    free(catalog->segments);
    free(catalog->places);
    *catalog = (struct catalog){0};
}
