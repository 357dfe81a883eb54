/* SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "base/crc32c.h"
#include "snapshot/format.h"

#include <stdio.h>
#include <stdlib.h>

#define BUFFER_BYTES ((size_t)1 << 20) /* whole blocks */

struct snapshot_writer {
    struct snapshot_folder folder;
    uint64_t sequence;
    struct host_file *lock;
    struct host_file *file;
    struct host_digest *of_state;
    struct host_digest *of_file;
    uint8_t *buffer;
    size_t used;
    uint64_t offset;    /* in the file, of buffer[0] */
    uint64_t run_bytes; /* of the present run */
    uint64_t state_bytes;
    uint32_t *crcs;
    size_t block_count;
    size_t block_capacity;
    bool streams; /* the state is complete */
    uint8_t state_hash[HOST_DIGEST_BYTES];
    enum status status; /* of the first failure */
};

static enum status path_in(const struct snapshot_folder *folder, const char *name,
                           char out_path[HOST_PATH_BYTES_MAX])
{
    int length = snprintf(out_path, HOST_PATH_BYTES_MAX, "%s/snapshots%s", folder->directory, name);
    return length > 0 && (unsigned)length < HOST_PATH_BYTES_MAX ? STATUS_OK : STATUS_OVERFLOW;
}

struct leftovers {
    uint64_t numbers[16];
    size_t count;
};

static bool on_leftover(void *context, const char *name)
{
    struct leftovers *leftovers = context;
    uint64_t number = snapshot_number_of(name, true);
    if (number != 0) {
        leftovers->numbers[leftovers->count++] = number;
    }
    return leftovers->count < ARRAY_COUNT(leftovers->numbers);
}

static enum status remove_leftovers(const struct snapshot_folder *folder, const char *path)
{
    struct leftovers leftovers = {.count = 0};
    enum status status = folder->disk->ops->list(folder->disk, path, on_leftover, &leftovers);
    for (size_t i = 0; i < leftovers.count && status == STATUS_OK; i++) {
        char file[HOST_PATH_BYTES_MAX];
        status = snapshot_path(folder, leftovers.numbers[i], true, file);
        if (status == STATUS_OK) {
            status = folder->disk->ops->remove(folder->disk, file);
        }
    }
    return status;
}

/* The folder, its lock, and the file under its temporary name. */
static enum status open_files(struct snapshot_writer *writer)
{
    struct host_disk *disk = writer->folder.disk;
    char path[HOST_PATH_BYTES_MAX];
    enum status status = path_in(&writer->folder, "", path);
    if (status == STATUS_OK) {
        status = disk->ops->make_directory(disk, path);
    }
    if (status == STATUS_OK) {
        status = disk->ops->sync_directory(disk, writer->folder.directory);
    }
    if (status == STATUS_OK) {
        status = path_in(&writer->folder, "/LOCK", path);
    }
    if (status == STATUS_OK) {
        status = disk->ops->lock(disk, path, &writer->lock);
    }
    if (status == STATUS_OK) {
        status = path_in(&writer->folder, "", path);
    }
    if (status == STATUS_OK) {
        status = remove_leftovers(&writer->folder, path);
    }
    if (status == STATUS_OK) {
        status = snapshot_path(&writer->folder, writer->sequence, true, path);
    }
    /* Past the page cache: so many dirty pages at once would delay the logs' own syncs. */
    if (status == STATUS_OK) {
        status = disk->ops->open(disk, path, HOST_OPEN_WRITE | HOST_OPEN_CREATE | HOST_OPEN_DIRECT,
                                 &writer->file);
    }
    return status;
}

enum status snapshot_begin(const struct snapshot_folder *folder, uint64_t command_sequence,
                           struct snapshot_writer **out_writer)
{
    ASSERT(command_sequence != 0);
    struct snapshot_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        return STATUS_NO_MEMORY;
    }
    writer->folder = *folder;
    writer->sequence = command_sequence;
    writer->offset = SNAPSHOT_PAGE_BYTES;
    writer->buffer = aligned_alloc(SNAPSHOT_PAGE_BYTES, BUFFER_BYTES);
    enum status status = writer->buffer == NULL ? STATUS_NO_MEMORY : STATUS_OK;
    if (status == STATUS_OK) {
        status = host_digest_open(&writer->of_state);
    }
    if (status == STATUS_OK) {
        status = host_digest_open(&writer->of_file);
    }
    if (status == STATUS_OK) {
        status = open_files(writer);
    }
    if (status != STATUS_OK) {
        snapshot_abandon(writer);
        return status;
    }
    host_digest_begin(writer->of_state);
    host_digest_begin(writer->of_file);
    *out_writer = writer;
    return STATUS_OK;
}

static enum status note_crc(struct snapshot_writer *writer, uint32_t crc)
{
    if (writer->block_count == writer->block_capacity) {
        size_t capacity = writer->block_capacity == 0 ? 1024 : writer->block_capacity * 2;
        uint32_t *crcs = realloc(writer->crcs, capacity * sizeof *crcs);
        if (crcs == NULL) {
            return STATUS_NO_MEMORY;
        }
        writer->crcs = crcs;
        writer->block_capacity = capacity;
    }
    writer->crcs[writer->block_count++] = crc;
    return STATUS_OK;
}

/* Writes the buffer, which holds whole blocks; `counted` of its bytes are of the run. */
static void write_blocks(struct snapshot_writer *writer, size_t counted)
{
    if (!writer->streams && counted > 0) {
        host_digest_add(writer->of_state, writer->buffer, counted);
    }
    for (size_t at = 0; at < writer->used && writer->status == STATUS_OK;
         at += SNAPSHOT_BLOCK_BYTES) {
        writer->status = note_crc(writer, crc32c(0, writer->buffer + at, SNAPSHOT_BLOCK_BYTES));
    }
    if (writer->status == STATUS_OK && writer->used > 0) {
        host_digest_add(writer->of_file, writer->buffer, writer->used);
        writer->status =
            writer->file->ops->write_at(writer->file, writer->offset, writer->buffer, writer->used);
        writer->offset += writer->used;
    }
    writer->used = 0;
}

void snapshot_add(struct snapshot_writer *writer, const void *bytes, size_t count)
{
    const uint8_t *from = bytes;
    writer->run_bytes += count;
    while (count > 0 && writer->status == STATUS_OK) {
        size_t room = BUFFER_BYTES - writer->used;
        size_t part = count < room ? count : room;
        memcpy(writer->buffer + writer->used, from, part);
        writer->used += part;
        from += part;
        count -= part;
        if (writer->used == BUFFER_BYTES) {
            write_blocks(writer, BUFFER_BYTES);
        }
    }
}

/* Fills the last block of a run with zeros. */
static void end_run(struct snapshot_writer *writer)
{
    size_t counted = writer->used;
    size_t used = bytes_align_up(counted, SNAPSHOT_BLOCK_BYTES);
    memset(writer->buffer + counted, 0, used - counted);
    writer->used = used;
    write_blocks(writer, counted);
}

void snapshot_add_streams(struct snapshot_writer *writer)
{
    ASSERT(!writer->streams);
    end_run(writer);
    host_digest_end(writer->of_state, writer->state_hash);
    writer->streams = true;
    writer->state_bytes = writer->run_bytes;
    writer->run_bytes = 0;
}

/* The table of CRCs behind the blocks; *out_crc is the table's own. */
static void write_table(struct snapshot_writer *writer, uint32_t *out_crc)
{
    size_t bytes = writer->block_count * 4;
    uint32_t crc = 0;
    for (size_t at = 0; at < bytes && writer->status == STATUS_OK;) {
        size_t part = bytes - at < BUFFER_BYTES ? bytes - at : BUFFER_BYTES;
        size_t padded = bytes_align_up(part, SNAPSHOT_PAGE_BYTES);
        for (size_t i = 0; i < part; i += 4) {
            bytes_store_le32(writer->buffer + i, writer->crcs[(at + i) / 4]);
        }
        memset(writer->buffer + part, 0, padded - part);
        crc = crc32c(crc, writer->buffer, padded);
        host_digest_add(writer->of_file, writer->buffer, padded);
        writer->status =
            writer->file->ops->write_at(writer->file, writer->offset, writer->buffer, padded);
        writer->offset += padded;
        at += part;
    }
    *out_crc = crc;
}

/* The file is complete: on stable storage first, then under its name. */
static enum status give_name(struct snapshot_writer *writer)
{
    struct host_disk *disk = writer->folder.disk;
    char from[HOST_PATH_BYTES_MAX];
    char to[HOST_PATH_BYTES_MAX];
    enum status status = writer->file->ops->sync(writer->file);
    if (status == STATUS_OK) {
        status = snapshot_path(&writer->folder, writer->sequence, true, from);
    }
    if (status == STATUS_OK) {
        status = snapshot_path(&writer->folder, writer->sequence, false, to);
    }
    if (status == STATUS_OK) {
        status = disk->ops->rename(disk, from, to);
    }
    if (status == STATUS_OK) {
        status = path_in(&writer->folder, "", to);
    }
    return status == STATUS_OK ? disk->ops->sync_directory(disk, to) : status;
}

enum status snapshot_finish(struct snapshot_writer *writer, struct snapshot_head *head)
{
    ASSERT(writer->streams && head->commands.sequence == writer->sequence);
    struct snapshot_page page = {.head = *head};
    end_run(writer);
    page.head.state_bytes = writer->state_bytes;
    page.head.streams_bytes = writer->run_bytes;
    memcpy(page.head.state_hash, writer->state_hash, HOST_DIGEST_BYTES);
    if (writer->status == STATUS_OK) {
        write_table(writer, &page.table_crc);
    }
    host_digest_end(writer->of_file, page.head.file_hash);
    snapshot_page_encode(&page, writer->buffer);
    if (writer->status == STATUS_OK) {
        writer->status =
            writer->file->ops->write_at(writer->file, 0, writer->buffer, SNAPSHOT_PAGE_BYTES);
    }
    enum status status = writer->status == STATUS_OK ? give_name(writer) : writer->status;
    if (status == STATUS_OK) {
        *head = page.head;
        writer->file->ops->close(writer->file);
        writer->file = NULL; /* it has its name: nothing is taken away */
    }
    snapshot_abandon(writer);
    return status;
}

void snapshot_abandon(struct snapshot_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    char path[HOST_PATH_BYTES_MAX];
    if (writer->file != NULL) {
        writer->file->ops->close(writer->file);
        if (snapshot_path(&writer->folder, writer->sequence, true, path) == STATUS_OK) {
            enum status removed = writer->folder.disk->ops->remove(writer->folder.disk, path);
            (void)removed; /* else the next maker takes it away */
        }
    }
    if (writer->lock != NULL) {
        writer->lock->ops->close(writer->lock);
    }
    host_digest_close(writer->of_state);
    host_digest_close(writer->of_file);
    free(writer->buffer);
    free(writer->crcs);
    free(writer);
}
