/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot/format.h"

#include "base/crc32c.h"
#include "wire/native/command_codec.h"

#include <stdio.h>
#include <stdlib.h>

#define MAGIC           UINT64_C(0x504e53414d494a44) /* "DJIMASNP" */
#define AT_CRC          8u
#define AT_VERSION      12u
#define AT_COMMANDS     48u
#define AT_EVENTS       104u
#define AT_GENESIS      256u
#define AT_END          (AT_GENESIS + COMMAND_GENESIS_FIXED_BYTES)
#define SECTION_MOST    (UINT64_C(1) << 44) /* sums of two do not overflow */
#define NUMBER_DIGITS   20u
#define SUFFIX_FINISHED ".snapshot"
#define SUFFIX_NEW      ".new"

struct snapshot_layout snapshot_layout_of(uint64_t state_bytes, uint64_t streams_bytes)
{
    struct snapshot_layout layout = {
        .state_blocks = (state_bytes + SNAPSHOT_BLOCK_BYTES - 1) / SNAPSHOT_BLOCK_BYTES,
        .streams_blocks = (streams_bytes + SNAPSHOT_BLOCK_BYTES - 1) / SNAPSHOT_BLOCK_BYTES,
    };
    uint64_t blocks = layout.state_blocks + layout.streams_blocks;
    layout.table_offset = SNAPSHOT_PAGE_BYTES + blocks * SNAPSHOT_BLOCK_BYTES;
    layout.table_bytes = bytes_align_up(blocks * 4, SNAPSHOT_PAGE_BYTES);
    layout.file_bytes = layout.table_offset + layout.table_bytes;
    return layout;
}

static void place_encode(const struct snapshot_place *place, uint8_t *bytes)
{
    bytes_store_le64(bytes, place->sequence);
    bytes_store_le64(bytes + 8, place->batch_first_sequence);
    bytes_store_le32(bytes + 16, place->batch_count);
    memcpy(bytes + 24, place->chain, HOST_DIGEST_BYTES);
}

static struct snapshot_place place_decode(const uint8_t *bytes)
{
    struct snapshot_place place = {
        .sequence = bytes_load_le64(bytes),
        .batch_first_sequence = bytes_load_le64(bytes + 8),
        .batch_count = bytes_load_le32(bytes + 16),
    };
    memcpy(place.chain, bytes + 24, HOST_DIGEST_BYTES);
    return place;
}

/* The batch named holds the record named. */
static bool place_sound(const struct snapshot_place *place)
{
    return place->sequence == 0 ||
           (place->batch_first_sequence >= 1 && place->sequence >= place->batch_first_sequence &&
            place->sequence - place->batch_first_sequence < place->batch_count);
}

void snapshot_page_encode(const struct snapshot_page *page, uint8_t bytes[SNAPSHOT_PAGE_BYTES])
{
    const struct snapshot_head *head = &page->head;
    memset(bytes, 0, SNAPSHOT_PAGE_BYTES);
    bytes_store_le64(bytes, MAGIC);
    bytes_store_le32(bytes + AT_VERSION, SNAPSHOT_VERSION);
    bytes_store_le16(bytes + 16, head->genesis.shard);
    bytes_store_le32(bytes + 20, head->logic_version);
    bytes_store_le64(bytes + 24, head->time_ns);
    bytes_store_le64(bytes + 32, head->event_hash);
    bytes_store_le64(bytes + 40, head->replay_per_s);
    place_encode(&head->commands, bytes + AT_COMMANDS);
    place_encode(&head->events, bytes + AT_EVENTS);
    bytes_store_le64(bytes + 160, head->state_bytes);
    bytes_store_le64(bytes + 168, head->streams_bytes);
    memcpy(bytes + 176, head->state_hash, HOST_DIGEST_BYTES);
    memcpy(bytes + 208, head->file_hash, HOST_DIGEST_BYTES);
    bytes_store_le32(bytes + 240, page->table_crc);
    size_t genesis_bytes = command_genesis_encode(bytes + AT_GENESIS, &head->genesis);
    bytes_store_le32(bytes + 244, (uint32_t)genesis_bytes);
    bytes_store_le32(bytes + AT_CRC,
                     crc32c(0, bytes + AT_VERSION, SNAPSHOT_PAGE_BYTES - AT_VERSION));
}

enum status snapshot_page_decode(const uint8_t bytes[SNAPSHOT_PAGE_BYTES],
                                 struct snapshot_page *out_page)
{
    if (bytes_load_le64(bytes) != MAGIC ||
        bytes_load_le32(bytes + AT_CRC) !=
            crc32c(0, bytes + AT_VERSION, SNAPSHOT_PAGE_BYTES - AT_VERSION)) {
        return STATUS_DAMAGED;
    }
    if (bytes_load_le32(bytes + AT_VERSION) != SNAPSHOT_VERSION) {
        return STATUS_UNSUPPORTED;
    }
    struct snapshot_page page = {
        .head = {.commands = place_decode(bytes + AT_COMMANDS),
                 .events = place_decode(bytes + AT_EVENTS),
                 .time_ns = bytes_load_le64(bytes + 24),
                 .event_hash = bytes_load_le64(bytes + 32),
                 .replay_per_s = bytes_load_le64(bytes + 40),
                 .logic_version = bytes_load_le32(bytes + 20),
                 .state_bytes = bytes_load_le64(bytes + 160),
                 .streams_bytes = bytes_load_le64(bytes + 168)},
        .table_crc = bytes_load_le32(bytes + 240),
    };
    struct snapshot_head *head = &page.head;
    memcpy(head->state_hash, bytes + 176, HOST_DIGEST_BYTES);
    memcpy(head->file_hash, bytes + 208, HOST_DIGEST_BYTES);
    size_t genesis_bytes = bytes_load_le32(bytes + 244);
    bool sound =
        genesis_bytes == COMMAND_GENESIS_FIXED_BYTES &&
        command_genesis_decode(bytes + AT_GENESIS, genesis_bytes, &head->genesis) == STATUS_OK &&
        head->genesis.shard == bytes_load_le16(bytes + 16) && head->commands.sequence != 0 &&
        place_sound(&head->commands) && place_sound(&head->events) &&
        head->state_bytes <= SECTION_MOST && head->streams_bytes <= SECTION_MOST;
    for (size_t i = AT_END; i < SNAPSHOT_PAGE_BYTES && sound; i++) {
        sound = bytes[i] == 0;
    }
    if (!sound) {
        return STATUS_DAMAGED;
    }
    *out_page = page;
    return STATUS_OK;
}

enum status snapshot_path(const struct snapshot_folder *folder, uint64_t sequence, bool new_file,
                          char out_path[HOST_PATH_BYTES_MAX])
{
    int length =
        snprintf(out_path, HOST_PATH_BYTES_MAX, "%s/snapshots/%020llu%s", folder->directory,
                 (unsigned long long)sequence, new_file ? SUFFIX_NEW : SUFFIX_FINISHED);
    return length > 0 && (unsigned)length < HOST_PATH_BYTES_MAX ? STATUS_OK : STATUS_OVERFLOW;
}

uint64_t snapshot_number_of(const char *name, bool new_file)
{
    char digits[NUMBER_DIGITS + 1] = {0};
    const char *suffix = new_file ? SUFFIX_NEW : SUFFIX_FINISHED;
    if (strlen(name) != NUMBER_DIGITS + strlen(suffix) ||
        strcmp(name + NUMBER_DIGITS, suffix) != 0) {
        return 0;
    }
    for (size_t i = 0; i < NUMBER_DIGITS; i++) {
        if (name[i] < '0' || name[i] > '9') {
            return 0;
        }
        digits[i] = name[i];
    }
    unsigned long long number = strtoull(digits, NULL, 10);
    return number == UINT64_MAX ? 0 : number;
}
