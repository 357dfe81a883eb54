/* SPDX-License-Identifier: Apache-2.0 */
#include "base/crc32c.h"
#include "snapshot/format.h"

#include <stdio.h>
#include <stdlib.h>

#define PIECE_BYTES ((size_t)1 << 20) /* read and checked while it is near; whole blocks */
#define NAMES_MAX   64u

static enum status read_exactly(struct host_file *file, uint64_t offset, void *bytes, size_t count)
{
    size_t read = 0;
    enum status status = file->ops->read_at(file, offset, bytes, count, &read);
    return status == STATUS_OK && read != count ? STATUS_DAMAGED : status;
}

static enum status open_file(const struct snapshot_folder *folder, uint64_t sequence,
                             struct host_file **out_file)
{
    char path[HOST_PATH_BYTES_MAX];
    enum status status = snapshot_path(folder, sequence, false, path);
    return status == STATUS_OK
               ? folder->disk->ops->open(folder->disk, path, HOST_OPEN_READ, out_file)
               : status;
}

/* The head's page, and that the file is as long as it says. */
static enum status read_page(struct host_file *file, uint64_t sequence,
                             struct snapshot_page *out_page)
{
    uint8_t *bytes = malloc(SNAPSHOT_PAGE_BYTES);
    if (bytes == NULL) {
        return STATUS_NO_MEMORY;
    }
    uint64_t file_bytes = 0;
    enum status status = read_exactly(file, 0, bytes, SNAPSHOT_PAGE_BYTES);
    if (status == STATUS_OK) {
        status = snapshot_page_decode(bytes, out_page);
    }
    free(bytes);
    if (status == STATUS_OK) {
        status = file->ops->size(file, &file_bytes);
    }
    if (status != STATUS_OK) {
        return status;
    }
    const struct snapshot_head *head = &out_page->head;
    bool whole =
        head->commands.sequence == sequence &&
        file_bytes == snapshot_layout_of(head->state_bytes, head->streams_bytes).file_bytes;
    return whole ? STATUS_OK : STATUS_DAMAGED;
}

enum status snapshot_read_head(const struct snapshot_folder *folder, uint64_t command_sequence,
                               struct snapshot_head *out_head)
{
    struct host_file *file;
    struct snapshot_page page;
    enum status status = open_file(folder, command_sequence, &file);
    if (status != STATUS_OK) {
        return status;
    }
    status = read_page(file, command_sequence, &page);
    file->ops->close(file);
    if (status == STATUS_OK) {
        *out_head = page.head;
    }
    return status;
}

/* One run of blocks on its way into memory. */
struct run {
    struct host_file *file;
    uint64_t offset;
    uint64_t bytes; /* without the padding of the last block */
    uint64_t blocks;
    const uint8_t *crcs;          /* as in the table */
    struct host_digest *of_file;  /* or null */
    struct host_digest *of_bytes; /* or null */
};

static enum status read_run(const struct run *run, uint8_t *out_bytes)
{
    uint64_t left = run->blocks * SNAPSHOT_BLOCK_BYTES;
    uint64_t at = 0;
    const uint8_t *crc = run->crcs;
    while (left > 0) {
        size_t part = left < PIECE_BYTES ? (size_t)left : PIECE_BYTES;
        uint8_t *to = out_bytes + at;
        enum status status = read_exactly(run->file, run->offset + at, to, part);
        if (status != STATUS_OK) {
            return status;
        }
        for (size_t i = 0; i < part; i += SNAPSHOT_BLOCK_BYTES, crc += 4) {
            if (crc32c(0, to + i, SNAPSHOT_BLOCK_BYTES) != bytes_load_le32(crc)) {
                return STATUS_DAMAGED;
            }
        }
        if (run->of_file != NULL) {
            host_digest_add(run->of_file, to, part);
        }
        if (run->of_bytes != NULL) {
            uint64_t counted = run->bytes - at < part ? run->bytes - at : part;
            host_digest_add(run->of_bytes, to, (size_t)counted);
        }
        at += part;
        left -= part;
    }
    for (uint64_t i = run->bytes; i < run->blocks * SNAPSHOT_BLOCK_BYTES; i++) {
        if (out_bytes[i] != 0) {
            return STATUS_DAMAGED;
        }
    }
    return STATUS_OK;
}

static enum status read_table(struct host_file *file, const struct snapshot_page *page,
                              const struct snapshot_layout *layout, uint8_t **out_table)
{
    size_t bytes = (size_t)layout->table_bytes;
    size_t used = (size_t)(layout->state_blocks + layout->streams_blocks) * 4;
    uint8_t *table = malloc(bytes + 1);
    if (table == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status = read_exactly(file, layout->table_offset, table, bytes);
    if (status == STATUS_OK && crc32c(0, table, bytes) != page->table_crc) {
        status = STATUS_DAMAGED;
    }
    for (size_t i = used; i < bytes && status == STATUS_OK; i++) {
        status = table[i] == 0 ? STATUS_OK : STATUS_DAMAGED;
    }
    if (status != STATUS_OK) {
        free(table);
        return status;
    }
    *out_table = table;
    return STATUS_OK;
}

static enum status read_runs(struct host_file *file, const struct snapshot_layout *layout,
                             const uint8_t *table, struct host_digest *digests[2],
                             struct snapshot_image *image)
{
    const struct snapshot_head *head = &image->head;
    struct run state = {file,  SNAPSHOT_PAGE_BYTES, head->state_bytes, layout->state_blocks,
                        table, digests[0],          digests[1]};
    uint64_t state_room = layout->state_blocks * SNAPSHOT_BLOCK_BYTES;
    struct run streams = {file,
                          SNAPSHOT_PAGE_BYTES + state_room,
                          head->streams_bytes,
                          layout->streams_blocks,
                          table + layout->state_blocks * 4,
                          digests[0],
                          NULL};
    enum status status = host_block_open((size_t)state_room, false, &image->state);
    if (status == STATUS_OK) {
        status = read_run(&state, image->state.bytes);
    }
    if (status == STATUS_OK) {
        status = host_block_open((size_t)(layout->streams_blocks * SNAPSHOT_BLOCK_BYTES), false,
                                 &image->streams);
    }
    return status == STATUS_OK ? read_run(&streams, image->streams.bytes) : status;
}

/* The digests hold all but the table. */
static enum status compare_hashes(const struct snapshot_head *head,
                                  const struct snapshot_layout *layout, const uint8_t *table,
                                  struct host_digest *digests[2])
{
    uint8_t of_file[HOST_DIGEST_BYTES];
    uint8_t of_state[HOST_DIGEST_BYTES];
    host_digest_add(digests[0], table, (size_t)layout->table_bytes);
    host_digest_end(digests[0], of_file);
    host_digest_end(digests[1], of_state);
    bool equal = memcmp(of_file, head->file_hash, HOST_DIGEST_BYTES) == 0 &&
                 memcmp(of_state, head->state_hash, HOST_DIGEST_BYTES) == 0;
    return equal ? STATUS_OK : STATUS_DAMAGED;
}

static enum status read_image(struct host_file *file, uint64_t sequence,
                              struct host_digest *digests[2], struct snapshot_image *image)
{
    struct snapshot_page page;
    uint8_t *table = NULL;
    enum status status = read_page(file, sequence, &page);
    if (status != STATUS_OK) {
        return status;
    }
    image->head = page.head;
    struct snapshot_layout layout =
        snapshot_layout_of(page.head.state_bytes, page.head.streams_bytes);
    status = read_table(file, &page, &layout, &table);
    if (status == STATUS_OK) {
        status = read_runs(file, &layout, table, digests, image);
    }
    if (status == STATUS_OK && digests[0] != NULL) {
        status = compare_hashes(&page.head, &layout, table, digests);
    }
    free(table);
    return status;
}

enum status snapshot_read(const struct snapshot_folder *folder, uint64_t command_sequence,
                          bool hashes, struct snapshot_image *out_image)
{
    struct snapshot_image image = {0};
    struct host_file *file;
    struct host_digest *digests[2] = {NULL, NULL};
    enum status status = open_file(folder, command_sequence, &file);
    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < ARRAY_COUNT(digests) && hashes && status == STATUS_OK; i++) {
        status = host_digest_open(&digests[i]);
        if (status == STATUS_OK) {
            host_digest_begin(digests[i]);
        }
    }
    if (status == STATUS_OK) {
        status = read_image(file, command_sequence, digests, &image);
    }
    host_digest_close(digests[0]);
    host_digest_close(digests[1]);
    file->ops->close(file);
    if (status != STATUS_OK) {
        snapshot_image_close(&image);
        return status;
    }
    *out_image = image;
    return STATUS_OK;
}

void snapshot_image_close(struct snapshot_image *image)
{
    host_block_close(&image->state);
    host_block_close(&image->streams);
}

struct names {
    uint64_t numbers[NAMES_MAX];
    size_t count;
};

static bool on_name(void *context, const char *name)
{
    struct names *names = context;
    uint64_t number = snapshot_number_of(name, false);
    if (number != 0) {
        names->numbers[names->count++] = number;
    }
    return names->count < NAMES_MAX;
}

static int newest_first(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return left < right ? 1 : left > right ? -1 : 0;
}

static enum status list_all(const struct snapshot_folder *folder, struct names *names)
{
    char path[HOST_PATH_BYTES_MAX];
    int length = snprintf(path, sizeof path, "%s/snapshots", folder->directory);
    if (length < 0 || (size_t)length >= sizeof path) {
        return STATUS_OVERFLOW;
    }
    enum status status = folder->disk->ops->list(folder->disk, path, on_name, names);
    qsort(names->numbers, names->count, sizeof names->numbers[0], newest_first);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status snapshot_list(const struct snapshot_folder *folder, uint64_t *out_sequences, size_t max,
                          size_t *out_count)
{
    struct names names = {.count = 0};
    enum status status = list_all(folder, &names);
    if (status == STATUS_OK) {
        *out_count = names.count < max ? names.count : max;
        memcpy(out_sequences, names.numbers, *out_count * sizeof *out_sequences);
    }
    return status;
}

enum status snapshot_drop_old(const struct snapshot_folder *folder, size_t keep)
{
    struct names names = {.count = 0};
    enum status status = list_all(folder, &names);
    for (size_t i = keep; i < names.count && status == STATUS_OK; i++) {
        char path[HOST_PATH_BYTES_MAX];
        status = snapshot_path(folder, names.numbers[i], false, path);
        if (status == STATUS_OK) {
            status = folder->disk->ops->remove(folder->disk, path);
        }
    }
    return status;
}
