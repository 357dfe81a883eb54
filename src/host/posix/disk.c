/* SPDX-License-Identifier: Apache-2.0 */
#include "host/disk.h"

#include "host/machine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct posix_file {
    struct host_file base;
    int descriptor;
    uint8_t *map; /* null: writes are calls */
    uint64_t map_bytes;
};

static enum status status_of_errno(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return STATUS_NOT_FOUND;
    case EEXIST:
        return STATUS_EXISTS;
    case EACCES:
    case EPERM:
    case EROFS:
        return STATUS_DENIED;
    case ENOSPC:
    case EDQUOT:
        return STATUS_NO_SPACE;
    case EMFILE:
    case ENFILE:
        return STATUS_NO_FILES;
    case ENOMEM:
        return STATUS_NO_MEMORY;
    case EISDIR:
    case ENXIO: /* a socket, a device without a driver */
        return STATUS_INVALID;
    case EWOULDBLOCK:
        return STATUS_BUSY;
    default:
        return STATUS_IO;
    }
}

static struct posix_file *posix_of(struct host_file *file)
{
    return (struct posix_file *)(void *)file;
}

static int descriptor_of(struct host_file *file)
{
    return posix_of(file)->descriptor;
}

static enum status posix_read_at(struct host_file *file, uint64_t offset, void *bytes, size_t count,
                                 size_t *out_count)
{
    size_t done = 0;
    while (done < count) {
        ssize_t got = pread(descriptor_of(file), (uint8_t *)bytes + done, count - done,
                            (off_t)(offset + done));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return status_of_errno(errno);
        }
        done += (size_t)got;
        /* A direct read that ends off the page has met the end of the file; asking again is EINVAL.
         */
        if (got == 0 || (file->direct && done % HOST_DISK_PAGE_BYTES != 0)) {
            break;
        }
    }
    *out_count = done;
    return STATUS_OK;
}

static enum status posix_write_at(struct host_file *file, uint64_t offset, const void *bytes,
                                  size_t count)
{
    const struct posix_file *posix = posix_of(file);
    if (posix->map != NULL && offset <= posix->map_bytes && count <= posix->map_bytes - offset) {
        memcpy(posix->map + offset, bytes, count);
        return STATUS_OK;
    }
    size_t done = 0;
    while (done < count) {
        ssize_t got = pwrite(descriptor_of(file), (const uint8_t *)bytes + done, count - done,
                             (off_t)(offset + done));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got == 0 ? STATUS_IO : status_of_errno(errno);
        }
        done += (size_t)got;
    }
    return STATUS_OK;
}

static enum status posix_sync(struct host_file *file)
{
    /* Not retried, not even on EINTR: after a failure the kernel may have dropped the pages. */
    return fdatasync(descriptor_of(file)) == 0 ? STATUS_OK : status_of_errno(errno);
}

static enum status posix_resize(struct host_file *file, uint64_t bytes)
{
    return ftruncate(descriptor_of(file), (off_t)bytes) == 0 ? STATUS_OK : status_of_errno(errno);
}

static enum status posix_size(struct host_file *file, uint64_t *out_bytes)
{
    struct stat stat;
    if (fstat(descriptor_of(file), &stat) != 0) {
        return status_of_errno(errno);
    }
    *out_bytes = (uint64_t)stat.st_size;
    return STATUS_OK;
}

/* Every page is made writable here: the first write to one costs as much as the call it saves. */
static enum status posix_map(struct host_file *file)
{
    struct posix_file *posix = posix_of(file);
    uint64_t bytes = 0;
    enum status status = posix_size(file, &bytes);
    if (status != STATUS_OK || bytes == 0 || posix->map != NULL) {
        return status;
    }
    void *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, posix->descriptor, 0);
    if (map == MAP_FAILED) {
        return status_of_errno(errno);
    }
    if (madvise(map, bytes, MADV_POPULATE_WRITE) != 0) {
        status = status_of_errno(errno); /* a kernel before 5.14, or a full disk */
        munmap(map, bytes);
        return status;
    }
    posix->map = map;
    posix->map_bytes = bytes;
    return STATUS_OK;
}

static void end_map(struct posix_file *posix)
{
    if (posix->map != NULL) {
        munmap(posix->map, posix->map_bytes);
        posix->map = NULL;
    }
}

/* The next file gets the pages of this one. On a virtual machine a page that was never used costs
 * ten times as much: the host has to find it first. Not by fdatasync: that commits the file
 * system's journal, and whoever writes to another mapped file meanwhile waits for it, some 0.2 s.
 */
static enum status posix_let_go(struct host_file *file)
{
    const unsigned all =
        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
    end_map(posix_of(file));
    if (sync_file_range(descriptor_of(file), 0, 0, all) != 0) {
        return status_of_errno(errno);
    }
    int result = posix_fadvise(descriptor_of(file), 0, 0, POSIX_FADV_DONTNEED);
    (void)result; /* advice: they leave memory later */
    return STATUS_OK;
}

static void posix_close(struct host_file *file)
{
    end_map(posix_of(file));
    close(descriptor_of(file));
    free(file);
}

static const struct host_file_ops posix_file_ops = {
    .read_at = posix_read_at,
    .write_at = posix_write_at,
    .sync = posix_sync,
    .resize = posix_resize,
    .size = posix_size,
    .map = posix_map,
    .let_go = posix_let_go,
    .close = posix_close,
};

static enum status file_of_descriptor(int descriptor, bool direct, struct host_file **out_file)
{
    struct posix_file *file = calloc(1, sizeof *file);
    if (file == NULL) {
        close(descriptor);
        return STATUS_NO_MEMORY;
    }
    file->base.ops = &posix_file_ops;
    file->base.direct = direct;
    file->descriptor = descriptor;
    *out_file = &file->base;
    return STATUS_OK;
}

static enum status posix_open(struct host_disk *disk, const char *path, unsigned flags,
                              struct host_file **out_file)
{
    (void)disk;
    int mode = O_CLOEXEC | O_NONBLOCK; /* a pipe under the name of a file is no reason to hang */
    if ((flags & HOST_OPEN_CREATE) != 0) {
        mode |= O_RDWR | O_CREAT | O_EXCL;
    } else {
        mode |= (flags & HOST_OPEN_WRITE) != 0 ? O_RDWR : O_RDONLY;
    }
    bool direct = (flags & HOST_OPEN_DIRECT) != 0;
    int descriptor = open(path, direct ? mode | O_DIRECT : mode, 0640);
    if (descriptor < 0 && direct && errno == EINVAL) {
        /* The file system cannot; with O_CREAT the refused open may have made the name already. */
        direct = false;
        descriptor = open(path, mode & ~O_EXCL, 0640);
    }
    if (descriptor < 0) {
        return status_of_errno(errno);
    }
    struct stat about;
    if (fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
        close(descriptor);
        return STATUS_INVALID;
    }
    return file_of_descriptor(descriptor, direct, out_file);
}

static enum status posix_list(struct host_disk *disk, const char *path, host_on_name *on_name,
                              void *context)
{
    (void)disk;
    DIR *directory = opendir(path);
    if (directory == NULL) {
        return status_of_errno(errno);
    }
    enum status status = STATUS_OK;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(directory);
        if (entry == NULL) {
            status = errno == 0 ? STATUS_OK : status_of_errno(errno);
            break;
        }
        bool dots = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
        if (!dots && !on_name(context, entry->d_name)) {
            break;
        }
    }
    closedir(directory);
    return status;
}

static enum status posix_make_directory(struct host_disk *disk, const char *path)
{
    (void)disk;
    if (mkdir(path, 0750) == 0) {
        return STATUS_OK;
    }
    int error = errno;
    struct stat stat_of_path;
    if (error == EEXIST && stat(path, &stat_of_path) == 0 && S_ISDIR(stat_of_path.st_mode)) {
        return STATUS_OK;
    }
    return status_of_errno(error);
}

static enum status posix_sync_directory(struct host_disk *disk, const char *path)
{
    (void)disk;
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return status_of_errno(errno);
    }
    enum status status = fsync(descriptor) == 0 ? STATUS_OK : status_of_errno(errno);
    close(descriptor);
    return status;
}

static enum status posix_rename(struct host_disk *disk, const char *from, const char *to)
{
    (void)disk;
    return rename(from, to) == 0 ? STATUS_OK : status_of_errno(errno);
}

static enum status posix_remove(struct host_disk *disk, const char *path)
{
    (void)disk;
    return unlink(path) == 0 ? STATUS_OK : status_of_errno(errno);
}

static enum status posix_lock(struct host_disk *disk, const char *path, struct host_file **out_lock)
{
    (void)disk;
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor < 0) {
        return status_of_errno(errno);
    }
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        enum status status = status_of_errno(errno);
        close(descriptor);
        return status;
    }
    return file_of_descriptor(descriptor, false, out_lock);
}

static enum status posix_space(struct host_disk *disk, const char *path, uint64_t *out_free_bytes)
{
    (void)disk;
    return host_machine_free_bytes(path, out_free_bytes);
}

static const struct host_disk_ops posix_disk_ops = {
    .open = posix_open,
    .list = posix_list,
    .make_directory = posix_make_directory,
    .sync_directory = posix_sync_directory,
    .rename = posix_rename,
    .remove = posix_remove,
    .space = posix_space,
    .lock = posix_lock,
};

struct host_disk *host_disk_posix(void)
{
    static struct host_disk disk = {.ops = &posix_disk_ops};
    return &disk;
}
