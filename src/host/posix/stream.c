/* SPDX-License-Identifier: Apache-2.0 */
#include "host/stream.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status status_of(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return STATUS_NOT_FOUND;
    case EACCES:
    case EPERM:
        return STATUS_DENIED;
    case EMFILE:
    case ENFILE:
        return STATUS_NO_FILES;
    case EISDIR:
        return STATUS_INVALID;
    default:
        return STATUS_IO;
    }
}

enum status host_stream_open(const char *path, struct host_stream *out_stream)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return status_of(errno);
    }
    struct stat about;
    if (fstat(descriptor, &about) != 0 || S_ISDIR(about.st_mode)) {
        close(descriptor);
        return STATUS_INVALID;
    }
    (void)posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    out_stream->descriptor = descriptor;
    out_stream->bytes = S_ISREG(about.st_mode) ? (uint64_t)about.st_size : 0;
    return STATUS_OK;
}

enum status host_stream_read(struct host_stream *stream, uint8_t *bytes, size_t capacity,
                             size_t *out_count)
{
    for (;;) {
        ssize_t count = read(stream->descriptor, bytes, capacity);
        if (count >= 0) {
            *out_count = (size_t)count;
            return STATUS_OK;
        }
        if (errno != EINTR) {
            return status_of(errno);
        }
    }
}

void host_stream_close(struct host_stream *stream)
{
    if (stream->descriptor >= 0) {
        close(stream->descriptor);
        stream->descriptor = -1;
    }
}

/* Whether the path still leads to the open file: who had the lock before may have renamed it. */
static bool is_at(int descriptor, const char *path)
{
    struct stat about;
    struct stat named;
    return fstat(descriptor, &about) == 0 && stat(path, &named) == 0 &&
           about.st_dev == named.st_dev && about.st_ino == named.st_ino;
}

enum status host_stream_create(const char *path, struct host_stream *out_stream)
{
    for (;;) {
        int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666);
        struct stat about;
        enum status status = descriptor < 0 ? status_of(errno) : STATUS_OK;
        if (status == STATUS_OK && (fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode))) {
            status = STATUS_INVALID;
        }
        if (status == STATUS_OK && flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            status = errno == EWOULDBLOCK ? STATUS_BUSY : status_of(errno);
        }
        bool current = status == STATUS_OK && is_at(descriptor, path);
        if (current && ftruncate(descriptor, 0) != 0) {
            status = status_of(errno);
        }
        if (current && status == STATUS_OK) {
            *out_stream = (struct host_stream){.descriptor = descriptor};
            return STATUS_OK;
        }
        if (descriptor >= 0) {
            close(descriptor);
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
}

bool host_stream_may_replace(const char *path)
{
    struct stat about;
    return stat(path, &about) != 0 || S_ISREG(about.st_mode);
}

bool host_stream_same(const char *path, const char *other)
{
    struct stat about;
    struct stat about_other;
    return stat(path, &about) == 0 && stat(other, &about_other) == 0 &&
           about.st_dev == about_other.st_dev && about.st_ino == about_other.st_ino;
}

const char *host_stream_what(const char *path)
{
    struct stat about;
    if (lstat(path, &about) != 0) {
        return "nothing";
    }
    if (stat(path, &about) != 0) {
        return "a link to nothing";
    }
    switch (about.st_mode & S_IFMT) {
    case S_IFREG:
        return "a regular file";
    case S_IFDIR:
        return "a directory";
    case S_IFIFO:
        return "a named pipe";
    case S_IFSOCK:
        return "a socket";
    default:
        return "a device";
    }
}

static bool ends_in(const char *name, const char *suffix)
{
    size_t length = strlen(name);
    size_t wanted = strlen(suffix);
    return length >= wanted && strcmp(name + length - wanted, suffix) == 0;
}

static size_t shared_beginning(const char *a, const char *b)
{
    size_t count = 0;
    while (a[count] != '\0' && a[count] == b[count]) {
        count++;
    }
    return count;
}

enum status host_stream_find_beside(const char *path, const char *word, const char *suffix,
                                    const char *other_suffix, char *out_path, size_t capacity)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    char folder[4096] = ".";
    if (slash != NULL) {
        size_t length = (size_t)(slash - path) + 1;
        if (length >= sizeof folder) {
            return STATUS_OVERFLOW;
        }
        memcpy(folder, path, length);
        folder[length] = '\0';
    }
    DIR *listing = opendir(folder);
    if (listing == NULL) {
        return status_of(errno);
    }
    char best[256] = "";
    struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        const char *other = entry->d_name;
        if (strstr(other, word) == NULL || strlen(other) >= sizeof best ||
            !(ends_in(other, suffix) || ends_in(other, other_suffix))) {
            continue;
        }
        size_t shared = shared_beginning(other, name);
        size_t shared_best = shared_beginning(best, name);
        if (best[0] == '\0' || shared > shared_best ||
            (shared == shared_best && strcmp(other, best) < 0)) {
            memcpy(best, other, strlen(other) + 1);
        }
    }
    closedir(listing);
    if (best[0] == '\0') {
        return STATUS_NOT_FOUND;
    }
    int wanted = snprintf(out_path, capacity, "%s%s", slash != NULL ? folder : "", best);
    return wanted < 0 || (size_t)wanted >= capacity ? STATUS_OVERFLOW : STATUS_OK;
}
