/* SPDX-License-Identifier: Apache-2.0
 *
 * The checks of `dojima doctor`, each with the figure it judges by.
 */
#include "apps/dojima/doctor.h"
#include "apps/dojima/reserve.h"
#include "apps/dojima/settings.h"
#include "base/histogram.h"
#include "host/clock.h"
#include "host/disk.h"
#include "host/machine.h"
#include "host/memory.h"
#include "host/socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLOCK_READS        1000
#define CLOCK_READ_NS_WARN 100
#define CLOCK_ERROR_NS     1000000
#define COMMITS            300u
#define COMMITS_NS_MAX     3000000000
#define COMMIT_P50_NS_WARN 2000000
#define COMMIT_P99_NS_WARN 10000000
#define COMMIT_FILE        "doctor.tmp"
#define FREE_BYTES_FAIL    (UINT64_C(1) << 30)
#define FREE_BYTES_WARN    (UINT64_C(20) << 30)
#define SPARE_FILES        64u
#define MEMORY_BYTES_WARN  (UINT64_C(2) << 30)

/* -- clock --------------------------------------------------------------------------------- */

static void check_clock_source(struct doctor *doctor)
{
    char source[64] = "unknown";
    enum status status = host_machine_fact(
        "/sys/devices/system/clocksource/clocksource0/current_clocksource", source, sizeof source);
    int64_t begin_ns = host_clock_monotonic_ns();
    for (int i = 0; i < CLOCK_READS; i++) {
        host_clock_monotonic_ns();
    }
    int64_t read_ns = (host_clock_monotonic_ns() - begin_ns) / CLOCK_READS;
    bool slow = read_ns > CLOCK_READ_NS_WARN;
    doctor_find(doctor, "clock.source", slow ? DOCTOR_WARN : DOCTOR_OK,
                "reading the clock enters the kernel: boot with clocksource=tsc if the processor's "
                "is stable",
                "%s, %lld ns a reading%s", source, (long long)read_ns,
                status == STATUS_OK ? "" : " (the kernel does not tell its source)");
}

void doctor_check_clock(struct doctor *doctor)
{
    bool synchronised;
    int64_t error_ns;
    check_clock_source(doctor);
    if (host_machine_clock(&synchronised, &error_ns) != STATUS_OK) {
        doctor_find(doctor, "clock.synchronised", DOCTOR_WARN,
                    "look on the host that it runs chrony or ntpd", "the kernel does not tell");
        return;
    }
    bool good = synchronised && error_ns <= CLOCK_ERROR_NS;
    doctor_find(
        doctor, "clock.synchronised", good ? DOCTOR_OK : DOCTOR_WARN,
        "install chrony (apt install chrony) or let the host discipline the clock; log time "
        "never goes back, but it may be wrong",
        "%s, at most %.3f ms wrong", synchronised ? "yes" : "no", (double)error_ns / 1e6);
}

/* -- machine ------------------------------------------------------------------------------- */

static void check_processors(struct doctor *doctor)
{
    unsigned count = host_machine_processors();
    bool spins = config_word(doctor->config, CONFIG_RUN_IDLE) == CONFIG_IDLE_SPIN;
    doctor_find(doctor, "processor.count", count >= 2 || !spins ? DOCTOR_OK : DOCTOR_WARN,
                "give it two, or set run.idle = \"sleep\": the loop and the log's writer share one",
                "%u; run.idle is %s", count, spins ? "spin" : "sleep");
    char governor[32];
    if (host_machine_fact("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", governor,
                          sizeof governor) != STATUS_OK) {
        doctor_find(doctor, "processor.governor", DOCTOR_OK, "", "not exposed (a virtual machine)");
        return;
    }
    bool full = strcmp(governor, "performance") == 0;
    doctor_find(doctor, "processor.governor", full ? DOCTOR_OK : DOCTOR_WARN,
                "cpupower frequency-set -g performance: waking a slow processor costs latency",
                "%s", governor);
}

static void check_memory(struct doctor *doctor)
{
    uint64_t bytes = host_memory_bytes();
    doctor_find(doctor, "memory.size", bytes >= MEMORY_BYTES_WARN ? DOCTOR_OK : DOCTOR_WARN,
                "lower limits.orders and limits.levels, or add memory", "%.1f GiB",
                (double)bytes / (double)(1 << 30));
    char modes[64];
    if (host_machine_fact("/sys/kernel/mm/transparent_hugepage/enabled", modes, sizeof modes) !=
        STATUS_OK) {
        doctor_find(doctor, "memory.huge_pages", DOCTOR_WARN, "use a kernel that has them",
                    "not known to this kernel");
        return;
    }
    bool never = strstr(modes, "[never]") != NULL;
    doctor_find(doctor, "memory.huge_pages", never ? DOCTOR_WARN : DOCTOR_OK,
                "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled", "%s", modes);
}

static void check_limits(struct doctor *doctor)
{
    struct host_limits limits;
    uint64_t wanted =
        (uint64_t)config_number(doctor->config, CONFIG_LIMITS_CONNECTIONS) + SPARE_FILES;
    if (host_machine_limits(&limits) != STATUS_OK) {
        doctor_find(doctor, "limits.open_files", DOCTOR_WARN, "look at ulimit -n", "not known");
        return;
    }
    enum doctor_grade grade = limits.open_files >= wanted        ? DOCTOR_OK
                              : limits.open_files_most >= wanted ? DOCTOR_WARN
                                                                 : DOCTOR_FAIL;
    doctor_find(doctor, "limits.open_files", grade,
                "ulimit -n, or LimitNOFILE= in the unit, or a lower limits.connections",
                "%llu, limits.connections wants %llu", (unsigned long long)limits.open_files,
                (unsigned long long)wanted);
    if (limits.locked_bytes == HOST_UNLIMITED) {
        doctor_find(doctor, "limits.locked_memory", DOCTOR_OK, "", "unlimited");
        return;
    }
    /* Nothing is locked today; with swap the same memory may still be paged out. */
    doctor_find(doctor, "limits.locked_memory", DOCTOR_OK, "", "%llu KiB; the venue locks none",
                (unsigned long long)(limits.locked_bytes >> 10));
}

void doctor_check_machine(struct doctor *doctor)
{
    check_processors(doctor);
    check_memory(doctor);
    check_limits(doctor);
}

/* -- disk ---------------------------------------------------------------------------------- */

/* The data directory, or the nearest folder above it that is there. */
static void find_folder(const char *path, char *out_folder, size_t capacity)
{
    uint64_t ignored;
    snprintf(out_folder, capacity, "%s", path);
    while (host_machine_free_bytes(out_folder, &ignored) == STATUS_NOT_FOUND) {
        char *slash = strrchr(out_folder, '/');
        if (slash == NULL) {
            snprintf(out_folder, capacity, ".");
            return;
        }
        if (slash == out_folder) {
            out_folder[1] = '\0';
            return;
        }
        *slash = '\0';
    }
}

/* Writes and syncs page after page of a pre-written file, as the log does. */
static enum status commit_pages(struct host_file *file, struct histogram *histogram)
{
    uint8_t *page = aligned_alloc(HOST_DISK_PAGE_BYTES, HOST_DISK_PAGE_BYTES);
    if (page == NULL) {
        return STATUS_NO_MEMORY;
    }
    memset(page, 0x5a, HOST_DISK_PAGE_BYTES);
    enum status status = STATUS_OK;
    for (uint64_t i = 0; i < COMMITS && status == STATUS_OK; i++) {
        status = file->ops->write_at(file, i * HOST_DISK_PAGE_BYTES, page, HOST_DISK_PAGE_BYTES);
    }
    if (status == STATUS_OK) {
        status = file->ops->sync(file);
    }
    int64_t begin_ns = host_clock_monotonic_ns();
    for (uint64_t i = 0; i < COMMITS && status == STATUS_OK; i++) {
        int64_t start_ns = host_clock_monotonic_ns();
        status = file->ops->write_at(file, i * HOST_DISK_PAGE_BYTES, page, HOST_DISK_PAGE_BYTES);
        if (status == STATUS_OK) {
            status = file->ops->sync(file);
        }
        int64_t end_ns = host_clock_monotonic_ns();
        if (status == STATUS_OK) {
            histogram_record(histogram, (uint64_t)(end_ns - start_ns));
        }
        if (end_ns - begin_ns > COMMITS_NS_MAX) {
            break;
        }
    }
    free(page);
    return status;
}

static enum status measure_commits(const char *folder, struct histogram *histogram,
                                   bool *out_direct)
{
    struct host_disk *disk = host_disk_posix();
    char path[HOST_PATH_BYTES_MAX];
    struct host_file *file;
    if (snprintf(path, sizeof path, "%s/%s", folder, COMMIT_FILE) >= (int)sizeof path) {
        return STATUS_OVERFLOW;
    }
    enum status status = disk->ops->remove(disk, path); /* of a run that was cut off */
    if (status == STATUS_OK || status == STATUS_NOT_FOUND) {
        status = disk->ops->open(disk, path, HOST_OPEN_CREATE | HOST_OPEN_DIRECT, &file);
    }
    if (status != STATUS_OK) {
        return status;
    }
    *out_direct = file->direct;
    status = commit_pages(file, histogram);
    file->ops->close(file);
    enum status removed = disk->ops->remove(disk, path);
    return status == STATUS_OK ? removed : status;
}

static void check_space(struct doctor *doctor, const char *folder)
{
    uint64_t bytes;
    if (host_machine_free_bytes(folder, &bytes) != STATUS_OK) {
        doctor_find(doctor, "disk.space", DOCTOR_FAIL, "check the path and its permissions",
                    "%s cannot be looked at", folder);
        return;
    }
    enum doctor_grade grade = bytes < FREE_BYTES_FAIL   ? DOCTOR_FAIL
                              : bytes < FREE_BYTES_WARN ? DOCTOR_WARN
                                                        : DOCTOR_OK;
    uint64_t pair_bytes = 2 * (uint64_t)config_number(doctor->config, CONFIG_DATA_SEGMENT_BYTES);
    doctor_find(doctor, "disk.space", grade,
                "nothing is deleted by default: put data.directory on a larger disk",
                "%.1f GiB free in %s: %llu segments of each log; below %u new orders are refused",
                (double)bytes / (double)(1 << 30), folder, (unsigned long long)(bytes / pair_bytes),
                RESERVE_SEGMENTS);
}

void doctor_check_disk(struct doctor *doctor)
{
    static struct histogram histogram; /* 15 KiB, and the command runs once */
    char folder[HOST_PATH_BYTES_MAX];
    bool direct = false;
    find_folder(config_text(doctor->config, CONFIG_DATA_DIRECTORY), folder, sizeof folder);
    check_space(doctor, folder);
    histogram = (struct histogram){0};
    enum status status = measure_commits(folder, &histogram, &direct);
    if (status != STATUS_OK) {
        doctor_find(doctor, "disk.commit", DOCTOR_FAIL,
                    "make data.directory writable for this user, on a local disk", "%s: %s", folder,
                    status_sentence(status));
        return;
    }
    doctor->commit_count = histogram.count;
    doctor->commit_p50_ns = histogram_percentile(&histogram, 50, 100);
    doctor->commit_p99_ns = histogram_percentile(&histogram, 99, 100);
    bool slow =
        doctor->commit_p50_ns > COMMIT_P50_NS_WARN || doctor->commit_p99_ns > COMMIT_P99_NS_WARN;
    doctor_find(doctor, "disk.commit", slow ? DOCTOR_WARN : DOCTOR_OK,
                "every acknowledgement waits for it: use a local NVMe disk with power-loss "
                "protection",
                "p50 %.0f us, p99 %.0f us of %llu writes of 4 KiB with fdatasync",
                (double)doctor->commit_p50_ns / 1e3, (double)doctor->commit_p99_ns / 1e3,
                (unsigned long long)doctor->commit_count);
    doctor_find(doctor, "disk.direct", direct ? DOCTOR_OK : DOCTOR_WARN,
                "put data.directory on ext4 or xfs: this file system has no O_DIRECT", "%s",
                direct ? "writes pass by the page cache" : "writes go through the page cache");
}

/* -- ports --------------------------------------------------------------------------------- */

static void tell_port(struct doctor *doctor, enum config_key key, enum status status)
{
    const char *path = config_spec(key)->path;
    const char *text = config_text(doctor->config, key);
    if (status == STATUS_OK) {
        doctor_find(doctor, path, DOCTOR_OK, "", "%s is free", text);
    } else if (status == STATUS_BUSY) {
        doctor_find(doctor, path, DOCTOR_FAIL,
                    "stop what listens there (ss -lntup), or choose another address",
                    "%s is in use", text);
    } else {
        doctor_find(doctor, path, DOCTOR_FAIL,
                    "choose an address of this machine (ip addr) and a port this user may open",
                    "%s cannot be opened: %s", text, status_sentence(status));
    }
}

static void check_tcp(struct doctor *doctor, enum config_key key)
{
    struct host_address address;
    int socket = -1;
    const char *text = config_text(doctor->config, key);
    if (*text == '\0') {
        return;
    }
    enum status status = host_address_parse(text, &address);
    if (status == STATUS_OK) {
        status = host_socket_listen(&address, &socket);
    }
    if (status == STATUS_OK) {
        host_socket_close(socket, false);
    }
    tell_port(doctor, key, status);
}

static void check_udp(struct doctor *doctor, enum config_key key, bool group)
{
    struct host_address address;
    int socket = -1;
    const char *text = config_text(doctor->config, key);
    if (*text == '\0') {
        return;
    }
    enum status status = host_address_parse(text, &address);
    if (status == STATUS_OK) {
        status = host_udp_open(&address, &socket);
    }
    if (status == STATUS_OK && group) {
        status =
            host_udp_join(socket, &address, config_text(doctor->config, CONFIG_FEED_INTERFACE));
    }
    if (socket >= 0) {
        host_socket_close(socket, false);
    }
    if (group && status == STATUS_OK) {
        doctor_find(doctor, config_spec(key)->path, DOCTOR_OK, "", "%s can be joined on %s", text,
                    config_text(doctor->config, CONFIG_FEED_INTERFACE));
        return;
    }
    tell_port(doctor, key, status);
}

void doctor_check_ports(struct doctor *doctor)
{
    static const enum config_key doors[] = {CONFIG_OUCH_LISTEN, CONFIG_NATIVE_LISTEN,
                                            CONFIG_FEED_SOUP_LISTEN, CONFIG_FEED_GLIMPSE_LISTEN};
    static const enum config_key groups[] = {CONFIG_FEED_GROUP_A, CONFIG_FEED_GROUP_B,
                                             CONFIG_FEED_PROOF_GROUP};
    unsigned roles = config_words(doctor->config, CONFIG_RUN_ROLES);
    for (size_t i = 0; i < ARRAY_COUNT(doors); i++) {
        if ((roles & (i < 2 ? CONFIG_ROLE_GATEWAY : CONFIG_ROLE_FEED)) != 0) {
            check_tcp(doctor, doors[i]);
        }
    }
    if ((roles & CONFIG_ROLE_FEED) == 0) {
        return;
    }
    check_udp(doctor, CONFIG_FEED_RETRANSMISSION_LISTEN, false);
    for (size_t i = 0; i < ARRAY_COUNT(groups); i++) {
        check_udp(doctor, groups[i], true);
    }
}
