/* SPDX-License-Identifier: Apache-2.0 */
#include "host/machine.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

static uint64_t limit_of(rlim_t limit)
{
    return limit == RLIM_INFINITY ? HOST_UNLIMITED : (uint64_t)limit;
}

enum status host_machine_limits(struct host_limits *out_limits)
{
    struct rlimit files;
    struct rlimit locked;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || getrlimit(RLIMIT_MEMLOCK, &locked) != 0) {
        return STATUS_IO;
    }
    *out_limits = (struct host_limits){.open_files = limit_of(files.rlim_cur),
                                       .open_files_most = limit_of(files.rlim_max),
                                       .locked_bytes = limit_of(locked.rlim_cur)};
    return STATUS_OK;
}

unsigned host_machine_free_files(unsigned most)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return most;
    }
    unsigned free = 0;
    for (int file = 0; (rlim_t)file < limit.rlim_cur && file < INT_MAX && free < most; file++) {
        free += fcntl(file, F_GETFD) < 0;
    }
    return free;
}

unsigned host_machine_processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) {
        long online = sysconf(_SC_NPROCESSORS_ONLN);
        return online > 0 ? (unsigned)online : 1;
    }
    return (unsigned)CPU_COUNT(&set);
}

static cpu_set_t others; /* written once, before the first worker */
static bool taken;

enum status host_machine_take_processor(unsigned number)
{
    cpu_set_t all;
    cpu_set_t one;
    if (number >= CPU_SETSIZE || sched_getaffinity(0, sizeof all, &all) != 0 ||
        !CPU_ISSET(number, &all)) {
        return STATUS_NOT_FOUND;
    }
    if (CPU_COUNT(&all) < 2) {
        return STATUS_INVALID;
    }
    CPU_ZERO(&one);
    CPU_SET(number, &one);
    if (sched_setaffinity(0, sizeof one, &one) != 0) {
        return STATUS_IO;
    }
    CPU_CLR(number, &all);
    others = all;
    taken = true;
    return STATUS_OK;
}

void host_machine_leave_processor(void)
{
    if (taken) {
        int failed = sched_setaffinity(0, sizeof others, &others);
        (void)failed; /* slower, and nothing is wrong */
    }
}

enum status host_machine_clock(bool *out_synchronised, int64_t *out_error_ns)
{
    struct timex clock = {.modes = 0};
    int state = adjtimex(&clock);
    if (state < 0) {
        return STATUS_NOT_FOUND;
    }
    *out_synchronised = state != TIME_ERROR && (clock.status & STA_UNSYNC) == 0;
    *out_error_ns = (int64_t)clock.maxerror * 1000;
    return STATUS_OK;
}

enum status host_machine_free_bytes(const char *path, uint64_t *out_bytes)
{
    struct statvfs found;
    if (statvfs(path, &found) != 0) {
        return errno == ENOENT || errno == ENOTDIR ? STATUS_NOT_FOUND : STATUS_IO;
    }
    *out_bytes = (uint64_t)found.f_bavail * found.f_frsize;
    return STATUS_OK;
}

enum status host_machine_fact(const char *path, char *out_line, size_t capacity)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return STATUS_NOT_FOUND;
    }
    ssize_t count = read(descriptor, out_line, capacity - 1);
    close(descriptor);
    if (count < 0) {
        return STATUS_IO;
    }
    out_line[count] = '\0';
    out_line[strcspn(out_line, "\n")] = '\0';
    return STATUS_OK;
}
