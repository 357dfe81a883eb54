/* SPDX-License-Identifier: Apache-2.0 */
#include "host/sim/disk.h"

#include "base/assert.h"

#include <stdlib.h>

struct image {
    uint8_t *bytes;
    size_t count;
    size_t capacity;
};

/* A write that is not synced; `bytes` null: the file was resized to `count`. */
struct pending {
    uint64_t offset;
    size_t count;
    uint8_t *bytes;
    uint64_t number; /* of the write, on the whole disk */
};

struct sim_file {
    struct sim_file *next;
    char *name;         /* null: removed */
    char *durable_name; /* null: not there after a crash */
    struct image current;
    struct image durable;
    struct pending *pending;
    size_t pending_count;
    size_t pending_capacity;
    bool lies; /* the cache holds what a failed sync has dropped */
};

/* `name` null: removed. Not yet synced. */
struct sim_name_change {
    struct sim_file *file;
    char *directory;
    char *name;
};

struct sim_handle {
    struct host_file base;
    struct sim_disk *disk;
    struct sim_file *file;
    char *lock; /* set instead of file */
    uint64_t generation;
    bool writable;
};

static const struct host_file_ops sim_file_ops;

/* The simulation has no answer to a full memory: it is a test. */
static void *take(size_t bytes)
{
    void *memory = calloc(1, bytes == 0 ? 1 : bytes);
    ASSERT(memory != NULL);
    return memory;
}

static char *copy_text(const char *text)
{
    char *copy = strdup(text);
    ASSERT(copy != NULL);
    return copy;
}

static void image_resize(struct image *image, size_t count)
{
    if (count > image->capacity) {
        size_t capacity = count > 2 * image->capacity ? count : 2 * image->capacity;
        image->bytes = realloc(image->bytes, capacity);
        ASSERT(image->bytes != NULL);
        image->capacity = capacity;
    }
    if (count > image->count) {
        memset(image->bytes + image->count, 0, count - image->count);
    }
    image->count = count;
}

static void image_write(struct image *image, uint64_t offset, const uint8_t *bytes, size_t count)
{
    if (count == 0) {
        return; /* what a torn write left of itself; the image may have no bytes yet */
    }
    if (offset + count > image->count) {
        image_resize(image, (size_t)offset + count);
    }
    memcpy(image->bytes + offset, bytes, count);
}

static void apply(struct image *image, const struct pending *pending)
{
    if (pending->bytes == NULL) {
        image_resize(image, pending->count);
    } else {
        image_write(image, pending->offset, pending->bytes, pending->count);
    }
}

static void drop_pending(struct sim_file *file)
{
    for (size_t i = 0; i < file->pending_count; i++) {
        free(file->pending[i].bytes);
    }
    file->pending_count = 0;
}

static void add_pending(struct sim_disk *disk, struct sim_file *file, struct pending pending)
{
    if (file->pending_count == file->pending_capacity) {
        file->pending_capacity = file->pending_capacity == 0 ? 16 : 2 * file->pending_capacity;
        file->pending = realloc(file->pending, file->pending_capacity * sizeof *file->pending);
        ASSERT(file->pending != NULL);
    }
    pending.number = ++disk->writes;
    file->pending[file->pending_count++] = pending;
}

struct sector {
    const struct pending *pending;
    size_t at;
    size_t count;
};

/* A random half of the sectors, in random order: an old write may land over a newer one. */
static void crash_reordered(struct sim_disk *disk, struct sim_file *file)
{
    size_t count = 0;
    for (size_t i = 0; i < file->pending_count; i++) {
        count += file->pending[i].count / SIM_SECTOR_BYTES + 1;
    }
    struct sector *sectors = take(count * sizeof *sectors);
    count = 0;
    for (size_t i = 0; i < file->pending_count; i++) {
        const struct pending *pending = &file->pending[i];
        if (pending->bytes == NULL) {
            apply(&file->durable, pending); /* sizes are the file system's own, ordered log */
            continue;
        }
        for (size_t at = 0; at < pending->count; at += SIM_SECTOR_BYTES) {
            size_t left = pending->count - at;
            sectors[count++] =
                (struct sector){pending, at, left < SIM_SECTOR_BYTES ? left : SIM_SECTOR_BYTES};
        }
    }
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)prng_below(&disk->prng, i);
        struct sector swapped = sectors[i - 1];
        sectors[i - 1] = sectors[other];
        sectors[other] = swapped;
    }
    for (size_t i = 0; i < count; i++) {
        if (prng_chance(&disk->prng, 1, 2)) {
            const struct sector *sector = &sectors[i];
            image_write(&file->durable, sector->pending->offset + sector->at,
                        sector->pending->bytes + sector->at, sector->count);
        }
    }
    free(sectors);
}

static void crash_torn(struct sim_disk *disk, struct sim_file *file)
{
    for (size_t i = 0; i < file->pending_count; i++) {
        const struct pending *pending = &file->pending[i];
        if (pending->number != disk->writes || pending->bytes == NULL) {
            apply(&file->durable, pending);
            continue;
        }
        size_t sectors = (pending->count + SIM_SECTOR_BYTES - 1) / SIM_SECTOR_BYTES;
        size_t whole = (size_t)prng_below(&disk->prng, sectors) * SIM_SECTOR_BYTES;
        size_t left = pending->count - whole;
        size_t garbled = left < SIM_SECTOR_BYTES ? left : SIM_SECTOR_BYTES;
        uint8_t garbage[SIM_SECTOR_BYTES];
        for (size_t k = 0; k < sizeof garbage; k++) {
            garbage[k] = (uint8_t)prng_next(&disk->prng);
        }
        image_write(&file->durable, pending->offset, pending->bytes, whole);
        image_write(&file->durable, pending->offset + whole, garbage, garbled);
    }
}

static void crash_file(struct sim_disk *disk, struct sim_file *file, enum sim_crash crash)
{
    switch (crash) {
    case SIM_CRASH_LOST:
        break;
    case SIM_CRASH_KEPT:
        for (size_t i = 0; i < file->pending_count; i++) {
            apply(&file->durable, &file->pending[i]);
        }
        break;
    case SIM_CRASH_REORDERED:
        crash_reordered(disk, file);
        break;
    case SIM_CRASH_TORN:
        crash_torn(disk, file);
        break;
    }
    drop_pending(file);
    file->lies = false;
    image_resize(&file->current, 0);
    if (file->durable.count > 0) {
        image_write(&file->current, 0, file->durable.bytes, file->durable.count);
    }
}

static void set_name(char **slot, const char *name)
{
    free(*slot);
    *slot = name == NULL ? NULL : copy_text(name);
}

/* Makes the first change of the list durable; a name it takes is lost to its former holder. */
static void apply_change(struct sim_disk *disk, const struct sim_name_change *change)
{
    for (struct sim_file *file = disk->files; file != NULL; file = file->next) {
        bool same = file->durable_name != NULL && change->name != NULL &&
                    strcmp(file->durable_name, change->name) == 0;
        if (same) {
            set_name(&file->durable_name, NULL);
        }
    }
    set_name(&change->file->durable_name, change->name);
}

static void free_change(struct sim_name_change *change)
{
    free(change->directory);
    free(change->name);
}

void sim_disk_crash(struct sim_disk *disk, enum sim_crash crash)
{
    /* A journalling file system keeps names in order: some first part of the changes survives. */
    size_t kept = 0;
    if (crash == SIM_CRASH_KEPT) {
        kept = disk->change_count;
    } else if (crash != SIM_CRASH_LOST) {
        kept = (size_t)prng_below(&disk->prng, disk->change_count + 1);
    }
    for (size_t i = 0; i < disk->change_count; i++) {
        if (i < kept) {
            apply_change(disk, &disk->changes[i]);
        }
        free_change(&disk->changes[i]);
    }
    disk->change_count = 0;
    for (struct sim_file *file = disk->files; file != NULL; file = file->next) {
        crash_file(disk, file, crash);
        set_name(&file->name, file->durable_name);
    }
    sim_disk_kill(disk);
}

void sim_disk_kill(struct sim_disk *disk)
{
    for (size_t i = 0; i < disk->lock_count; i++) {
        free(disk->locks[i]);
    }
    disk->lock_count = 0;
    disk->generation++;
    disk->down = true;
}

void sim_disk_restart(struct sim_disk *disk)
{
    disk->down = false;
}

/* Counts a call. *out_crash: the plan wants the crash during it, after it took effect. */
static enum status begin_call(struct sim_disk *disk, bool *out_crash)
{
    if (disk->down) {
        return STATUS_IO;
    }
    disk->calls++;
    *out_crash = disk->crash_at_call != 0 && disk->calls == disk->crash_at_call;
    return disk->error_at_call != 0 && disk->calls == disk->error_at_call ? disk->error : STATUS_OK;
}

static enum status end_call(struct sim_disk *disk, bool crash)
{
    if (crash && disk->crash_is_kill) {
        sim_disk_kill(disk);
    } else if (crash) {
        sim_disk_crash(disk, disk->crash);
    }
    return crash ? STATUS_IO : STATUS_OK;
}

static struct sim_file *find_file(const struct sim_disk *disk, const char *path)
{
    struct sim_file *file = disk->files;
    while (file != NULL && (file->name == NULL || strcmp(file->name, path) != 0)) {
        file = file->next;
    }
    return file;
}

static char *directory_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *directory = copy_text(slash == NULL ? "." : path);
    if (slash != NULL) {
        directory[slash - path] = '\0';
    }
    return directory;
}

static void add_change(struct sim_disk *disk, struct sim_file *file, const char *name)
{
    if (disk->change_count == disk->change_capacity) {
        disk->change_capacity = disk->change_capacity == 0 ? 16 : 2 * disk->change_capacity;
        disk->changes = realloc(disk->changes, disk->change_capacity * sizeof *disk->changes);
        ASSERT(disk->changes != NULL);
    }
    disk->changes[disk->change_count++] = (struct sim_name_change){
        .file = file,
        .directory = directory_of(name != NULL ? name : file->name),
        .name = name == NULL ? NULL : copy_text(name),
    };
    set_name(&file->name, name);
}

static struct sim_handle *live_handle(struct host_file *file)
{
    struct sim_handle *handle = (struct sim_handle *)(void *)file;
    bool live = !handle->disk->down && handle->generation == handle->disk->generation &&
                handle->file != NULL;
    return live ? handle : NULL;
}

/* What the disk itself would give; its bytes are the caller's to free. */
static struct image image_past_cache(const struct sim_file *file)
{
    struct image image = {0};
    image_write(&image, 0, file->durable.bytes, file->durable.count);
    for (size_t i = 0; i < file->pending_count; i++) {
        apply(&image, &file->pending[i]);
    }
    return image;
}

static void read_past_cache(const struct sim_file *file, uint64_t offset, uint8_t *bytes,
                            size_t count, size_t *out_count)
{
    struct image image = image_past_cache(file);
    size_t left = offset < image.count ? image.count - (size_t)offset : 0;
    *out_count = left < count ? left : count;
    if (*out_count > 0) {
        memcpy(bytes, image.bytes + offset, *out_count);
    }
    free(image.bytes);
}

static enum status sim_read_at(struct host_file *file, uint64_t offset, void *bytes, size_t count,
                               size_t *out_count)
{
    struct sim_handle *handle = live_handle(file);
    if (handle == NULL) {
        return STATUS_IO;
    }
    handle->disk->reads++;
    if (handle->disk->reads == handle->disk->error_at_read) {
        return STATUS_IO;
    }
    if (handle->file->lies && handle->base.direct) {
        read_past_cache(handle->file, offset, bytes, count, out_count);
        return STATUS_OK;
    }
    const struct image *image = &handle->file->current;
    size_t left = offset < image->count ? image->count - (size_t)offset : 0;
    size_t got = left < count ? left : count;
    if (got > 0) {
        memcpy(bytes, image->bytes + offset, got);
    }
    *out_count = got;
    return STATUS_OK;
}

/* All files that have a name. */
static uint64_t used_bytes(const struct sim_disk *disk)
{
    uint64_t bytes = 0;
    for (const struct sim_file *file = disk->files; file != NULL; file = file->next) {
        bytes += file->name == NULL ? 0 : file->current.count;
    }
    return bytes;
}

static bool has_room(const struct sim_handle *handle, uint64_t end)
{
    uint64_t count = handle->file->current.count;
    return handle->disk->capacity_bytes == 0 || end <= count ||
           used_bytes(handle->disk) + (end - count) <= handle->disk->capacity_bytes;
}

static void put_bytes(struct sim_handle *handle, uint64_t offset, const void *bytes, size_t count)
{
    image_write(&handle->file->current, offset, bytes, count);
    struct pending pending = {.offset = offset, .count = count, .bytes = take(count)};
    if (count > 0) {
        memcpy(pending.bytes, bytes, count);
    }
    add_pending(handle->disk, handle->file, pending);
}

/* Another page of the file, chosen by the seed: where a misdirected write goes. */
static uint64_t other_offset(struct sim_handle *handle, uint64_t offset, size_t count)
{
    uint64_t pages = handle->file->current.count / HOST_DISK_PAGE_BYTES;
    uint64_t needed = (count + HOST_DISK_PAGE_BYTES - 1) / HOST_DISK_PAGE_BYTES;
    return pages <= needed
               ? offset
               : prng_below(&handle->disk->prng, pages - needed + 1) * HOST_DISK_PAGE_BYTES;
}

static enum status sim_write_at(struct host_file *file, uint64_t offset, const void *bytes,
                                size_t count)
{
    struct sim_handle *handle = live_handle(file);
    bool crash = false;
    if (handle == NULL) {
        return STATUS_IO;
    }
    ASSERT(handle->writable);
    struct sim_disk *disk = handle->disk;
    enum status status = begin_call(disk, &crash);
    if (status == STATUS_OK && !has_room(handle, offset + count)) {
        status = STATUS_NO_SPACE;
    }
    if (status != STATUS_OK) {
        if (disk->short_write && status != STATUS_NO_SPACE) {
            put_bytes(handle, offset, bytes, (size_t)prng_below(&disk->prng, count + 1));
        }
        return status;
    }
    if (disk->misdirect_at != 0 && disk->calls == disk->misdirect_at) {
        offset = other_offset(handle, offset, count);
    }
    put_bytes(handle, offset, bytes, count);
    return end_call(disk, crash);
}

static enum status sim_resize(struct host_file *file, uint64_t bytes)
{
    struct sim_handle *handle = live_handle(file);
    bool crash = false;
    if (handle == NULL) {
        return STATUS_IO;
    }
    ASSERT(handle->writable);
    enum status status = begin_call(handle->disk, &crash);
    if (status == STATUS_OK && !has_room(handle, bytes)) {
        status = STATUS_NO_SPACE;
    }
    if (status != STATUS_OK) {
        return status;
    }
    image_resize(&handle->file->current, (size_t)bytes);
    add_pending(handle->disk, handle->file, (struct pending){.count = (size_t)bytes});
    return end_call(handle->disk, crash);
}

static enum status sim_sync(struct host_file *file)
{
    struct sim_handle *handle = live_handle(file);
    bool crash = false;
    if (handle == NULL) {
        return STATUS_IO;
    }
    enum status status = begin_call(handle->disk, &crash);
    if (status != STATUS_OK) {
        /* The kernel marks such pages clean: they look well until the machine stops. */
        drop_pending(handle->file);
        handle->file->lies = true;
        return status;
    }
    if (crash) {
        return end_call(handle->disk, crash); /* in the middle of it: still pending */
    }
    for (size_t i = 0; i < handle->file->pending_count; i++) {
        apply(&handle->file->durable, &handle->file->pending[i]);
    }
    drop_pending(handle->file);
    return STATUS_OK;
}

static enum status sim_size(struct host_file *file, uint64_t *out_bytes)
{
    const struct sim_handle *handle = live_handle(file);
    if (handle == NULL) {
        return STATUS_IO;
    }
    *out_bytes = handle->file->current.count;
    return STATUS_OK;
}

/* What was dropped is seen no more; what is pending stays so: no safer than before. */
static enum status sim_let_go(struct host_file *file)
{
    struct sim_handle *handle = live_handle(file);
    if (handle == NULL) {
        return STATUS_IO;
    }
    if (handle->file->lies) {
        struct image image = image_past_cache(handle->file);
        free(handle->file->current.bytes);
        handle->file->current = image;
        handle->file->lies = false;
    }
    return STATUS_OK;
}

static void sim_close(struct host_file *file)
{
    struct sim_handle *handle = (struct sim_handle *)(void *)file;
    struct sim_disk *disk = handle->disk;
    for (size_t i = 0; handle->lock != NULL && i < disk->lock_count; i++) {
        if (handle->generation == disk->generation && strcmp(disk->locks[i], handle->lock) == 0) {
            free(disk->locks[i]);
            disk->locks[i] = disk->locks[--disk->lock_count];
            break;
        }
    }
    free(handle->lock);
    free(handle);
}

static const struct host_file_ops sim_file_ops = {
    .read_at = sim_read_at,
    .write_at = sim_write_at,
    .sync = sim_sync,
    .resize = sim_resize,
    .size = sim_size,
    .let_go = sim_let_go,
    .close = sim_close,
};

static struct sim_disk *disk_of(struct host_disk *disk)
{
    return (struct sim_disk *)(void *)disk;
}

static struct sim_handle *open_handle(struct sim_disk *disk, struct sim_file *file)
{
    struct sim_handle *handle = take(sizeof *handle);
    handle->base.ops = &sim_file_ops;
    handle->disk = disk;
    handle->file = file;
    handle->generation = disk->generation;
    return handle;
}

static struct sim_file *add_file(struct sim_disk *disk)
{
    struct sim_file *file = take(sizeof *file);
    file->next = disk->files;
    disk->files = file;
    return file;
}

static enum status sim_open(struct host_disk *base, const char *path, unsigned flags,
                            struct host_file **out_file)
{
    struct sim_disk *disk = disk_of(base);
    struct sim_file *file = find_file(disk, path);
    bool create = (flags & HOST_OPEN_CREATE) != 0;
    if (disk->down) {
        return STATUS_IO;
    }
    if (create ? file != NULL : file == NULL) {
        return create ? STATUS_EXISTS : STATUS_NOT_FOUND;
    }
    if (create) {
        bool crash = false;
        enum status status = begin_call(disk, &crash);
        if (status == STATUS_OK) {
            file = add_file(disk);
            add_change(disk, file, path);
            status = end_call(disk, crash);
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    struct sim_handle *handle = open_handle(disk, file);
    handle->base.direct = (flags & HOST_OPEN_DIRECT) != 0;
    handle->writable = (flags & HOST_OPEN_WRITE) != 0 || create;
    *out_file = &handle->base;
    return STATUS_OK;
}

static enum status sim_list(struct host_disk *base, const char *path, host_on_name *on_name,
                            void *context)
{
    struct sim_disk *disk = disk_of(base);
    size_t length = strlen(path);
    if (disk->down) {
        return STATUS_IO;
    }
    for (const struct sim_file *file = disk->files; file != NULL; file = file->next) {
        bool inside = file->name != NULL && strncmp(file->name, path, length) == 0 &&
                      file->name[length] == '/' && strchr(file->name + length + 1, '/') == NULL;
        if (inside && !on_name(context, file->name + length + 1)) {
            break;
        }
    }
    return STATUS_OK;
}

/* Directories are not modelled: they are always there. */
static enum status sim_make_directory(struct host_disk *base, const char *path)
{
    (void)path;
    return disk_of(base)->down ? STATUS_IO : STATUS_OK;
}

static enum status sim_sync_directory(struct host_disk *base, const char *path)
{
    struct sim_disk *disk = disk_of(base);
    bool crash = false;
    enum status status = begin_call(disk, &crash);
    if (status != STATUS_OK || crash) {
        return status != STATUS_OK ? status : end_call(disk, crash);
    }
    size_t left = 0;
    for (size_t i = 0; i < disk->change_count; i++) {
        if (strcmp(disk->changes[i].directory, path) == 0) {
            apply_change(disk, &disk->changes[i]);
            free_change(&disk->changes[i]);
        } else {
            disk->changes[left++] = disk->changes[i];
        }
    }
    disk->change_count = left;
    return STATUS_OK;
}

static enum status sim_rename(struct host_disk *base, const char *from, const char *to)
{
    struct sim_disk *disk = disk_of(base);
    struct sim_file *file = find_file(disk, from);
    struct sim_file *target = find_file(disk, to);
    bool crash = false;
    if (file == NULL && !disk->down) {
        return STATUS_NOT_FOUND;
    }
    enum status status = begin_call(disk, &crash);
    if (status != STATUS_OK) {
        return status;
    }
    if (target != NULL) {
        set_name(&target->name, NULL);
    }
    add_change(disk, file, to);
    return end_call(disk, crash);
}

static enum status sim_remove(struct host_disk *base, const char *path)
{
    struct sim_disk *disk = disk_of(base);
    struct sim_file *file = find_file(disk, path);
    bool crash = false;
    if (file == NULL && !disk->down) {
        return STATUS_NOT_FOUND;
    }
    enum status status = begin_call(disk, &crash);
    if (status != STATUS_OK) {
        return status;
    }
    add_change(disk, file, NULL);
    return end_call(disk, crash);
}

static enum status sim_space(struct host_disk *base, const char *path, uint64_t *out_free_bytes)
{
    struct sim_disk *disk = disk_of(base);
    (void)path;
    if (disk->down) {
        return STATUS_IO;
    }
    uint64_t used = used_bytes(disk);
    uint64_t capacity = disk->capacity_bytes == 0 ? UINT64_MAX : disk->capacity_bytes;
    *out_free_bytes = capacity > used ? capacity - used : 0;
    return STATUS_OK;
}

static enum status sim_lock(struct host_disk *base, const char *path, struct host_file **out_lock)
{
    struct sim_disk *disk = disk_of(base);
    if (disk->down) {
        return STATUS_IO;
    }
    for (size_t i = 0; i < disk->lock_count; i++) {
        if (strcmp(disk->locks[i], path) == 0) {
            return STATUS_BUSY;
        }
    }
    disk->locks = realloc(disk->locks, (disk->lock_count + 1) * sizeof *disk->locks);
    ASSERT(disk->locks != NULL);
    disk->locks[disk->lock_count++] = copy_text(path);
    struct sim_handle *handle = open_handle(disk, NULL);
    handle->lock = copy_text(path);
    *out_lock = &handle->base;
    return STATUS_OK;
}

static const struct host_disk_ops sim_disk_ops = {
    .open = sim_open,
    .list = sim_list,
    .make_directory = sim_make_directory,
    .sync_directory = sim_sync_directory,
    .rename = sim_rename,
    .remove = sim_remove,
    .space = sim_space,
    .lock = sim_lock,
};

void sim_disk_init(struct sim_disk *disk, uint64_t seed)
{
    *disk = (struct sim_disk){.base = {.ops = &sim_disk_ops}, .error = STATUS_IO};
    prng_init(&disk->prng, seed);
}

void sim_disk_deinit(struct sim_disk *disk)
{
    while (disk->files != NULL) {
        struct sim_file *file = disk->files;
        disk->files = file->next;
        drop_pending(file);
        free(file->pending);
        free(file->name);
        free(file->durable_name);
        free(file->current.bytes);
        free(file->durable.bytes);
        free(file);
    }
    for (size_t i = 0; i < disk->change_count; i++) {
        free_change(&disk->changes[i]);
    }
    free(disk->changes);
    for (size_t i = 0; i < disk->lock_count; i++) {
        free(disk->locks[i]);
    }
    free(disk->locks);
    *disk = (struct sim_disk){0};
}

enum status sim_disk_put(struct sim_disk *disk, const char *path, const void *bytes, size_t count)
{
    if (disk->down) {
        return STATUS_IO;
    }
    struct sim_file *file = find_file(disk, path);
    if (file == NULL) {
        file = add_file(disk);
        set_name(&file->name, path);
    }
    set_name(&file->durable_name, path);
    drop_pending(file);
    image_resize(&file->current, 0);
    image_resize(&file->durable, 0);
    if (count > 0) {
        image_write(&file->current, 0, bytes, count);
        image_write(&file->durable, 0, bytes, count);
    }
    return STATUS_OK;
}

static char *copy_name(const char *name)
{
    return name == NULL ? NULL : copy_text(name);
}

static void copy_file(struct sim_disk *copy, const struct sim_file *file)
{
    struct sim_file *made = add_file(copy);
    made->name = copy_name(file->name);
    made->durable_name = copy_name(file->durable_name);
    made->lies = file->lies;
    image_write(&made->current, 0, file->current.bytes, file->current.count);
    image_write(&made->durable, 0, file->durable.bytes, file->durable.count);
    for (size_t i = 0; i < file->pending_count; i++) {
        struct pending pending = file->pending[i];
        if (pending.bytes != NULL) {
            pending.bytes = take(pending.count);
            memcpy(pending.bytes, file->pending[i].bytes, pending.count);
        }
        add_pending(copy, made, pending);
    }
}

void sim_disk_copy(const struct sim_disk *disk, struct sim_disk *copy)
{
    ASSERT(copy->files == NULL);
    for (const struct sim_file *file = disk->files; file != NULL; file = file->next) {
        if (file->name != NULL) {
            copy_file(copy, file);
        }
    }
}

size_t sim_disk_file_bytes(const struct sim_disk *disk, const char *path)
{
    const struct sim_file *file = find_file(disk, path);
    return file == NULL ? 0 : file->current.count;
}

void sim_disk_flip(struct sim_disk *disk, const char *path, uint64_t bit)
{
    struct sim_file *file = find_file(disk, path);
    ASSERT(file != NULL && bit / 8 < file->current.count);
    uint8_t mask = (uint8_t)(1u << bit % 8);
    file->current.bytes[bit / 8] ^= mask;
    if (bit / 8 < file->durable.count) {
        file->durable.bytes[bit / 8] ^= mask;
    }
}
