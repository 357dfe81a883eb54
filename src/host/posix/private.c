/* SPDX-License-Identifier: Apache-2.0 */
#include "host/private.h"

#include <errno.h>
#include <stdbool.h>
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
    case EROFS:
        return STATUS_DENIED;
    default:
        return STATUS_IO;
    }
}

enum status host_private_restrict(const char *path)
{
    struct stat found;
    if (lstat(path, &found) != 0) {
        return status_of(errno);
    }
    if (S_ISLNK(found.st_mode)) {
        return STATUS_DENIED;
    }
    return chmod(path, S_ISDIR(found.st_mode) ? 0700 : 0600) == 0 ? STATUS_OK : status_of(errno);
}

enum status host_private_check(const char *path, unsigned *out_mode)
{
    struct stat found;
    if (lstat(path, &found) != 0) {
        return status_of(errno);
    }
    *out_mode = (unsigned)found.st_mode & 0777u;
    bool kind = S_ISREG(found.st_mode) || S_ISDIR(found.st_mode);
    bool mine = found.st_uid == geteuid() || found.st_uid == 0;
    return kind && mine && (found.st_mode & 0077) == 0 ? STATUS_OK : STATUS_DENIED;
}
