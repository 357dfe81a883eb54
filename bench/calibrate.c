/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/calibrate.h"

#include "base/assert.h"
#include "host/disk.h"
#include "host/memory.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECTION       "calibration"
#define GAP_NS        50000u
#define SPINNER_HOLES 16384u
#define COMMIT_BYTES  ((size_t)64 << 10)
#define COMMIT_FILE   ((size_t)16 << 20)
#define MESSAGE_BYTES 64
#define NS_A_SECOND   INT64_C(1000000000)

/* The holes that a spinning thread finds between two readings of the counter. */
struct spinner {
    int64_t end_ns;
    uint64_t ns;         /* how long it spun */
    uint64_t lost_ns;    /* of it in holes */
    uint64_t longest_ns; /* of the holes */
    uint64_t count;      /* of holes; those above SPINNER_HOLES are only counted */
    uint64_t holes_ns[SPINNER_HOLES];
    unsigned core;
};

static void spin(struct spinner *spinner)
{
    uint64_t first = measure_ticks();
    uint64_t last = first;
    do {
        for (int i = 0; i < 1000; i++) {
            uint64_t now = measure_ticks();
            uint64_t gap_ns = measure_ns_of(now - last);
            last = now;
            if (UNLIKELY(gap_ns >= GAP_NS)) {
                spinner->holes_ns[spinner->count % SPINNER_HOLES] = gap_ns;
                spinner->count++;
                spinner->lost_ns += gap_ns;
                spinner->longest_ns = gap_ns > spinner->longest_ns ? gap_ns : spinner->longest_ns;
            }
        }
    } while (host_clock_monotonic_ns() < spinner->end_ns);
    spinner->ns = measure_ns_of(last - first);
}

static void *spin_there(void *context)
{
    struct spinner *spinner = context;
    measure_pin(spinner->core);
    spin(spinner);
    return NULL;
}

static void spin_alone(struct report *report, bool quick)
{
    static struct spinner spinner;
    spinner = (struct spinner){.end_ns = host_clock_monotonic_ns() +
                                         (quick ? NS_A_SECOND / 10 : NS_A_SECOND)};
    spin(&spinner);
    double seconds = (double)spinner.ns / 1e9;
    report_real(report, SECTION, "stolen_percent", (double)spinner.lost_ns / seconds / 1e7);
    report_real(report, SECTION, "gaps_50us_a_second", (double)spinner.count / seconds);
    report_real(report, SECTION, "longest_gap_us", (double)spinner.longest_ns / 1e3);
}

/* How much of the time a hole has more than `wait_ns` to go on. */
static uint64_t time_left_above(const struct spinner *spinner, uint64_t wait_ns)
{
    uint64_t sum_ns = 0;
    for (uint64_t i = 0; i < spinner->count && i < SPINNER_HOLES; i++) {
        sum_ns += spinner->holes_ns[i] > wait_ns ? spinner->holes_ns[i] - wait_ns : 0;
    }
    return sum_ns;
}

/* Both cores kept busy, as a venue and its load keep them: at one moment in a hundred it takes this
 * long until both run again, whoever has one of them, the kernel or another guest. What is asked of
 * the machine at that moment waits for it, whatever the program is like. */
static void spin_on_both(struct report *report, unsigned core, unsigned other, bool quick)
{
    static struct spinner here;
    static struct spinner there;
    int64_t end_ns = host_clock_monotonic_ns() + (quick ? NS_A_SECOND / 5 : 2 * NS_A_SECOND);
    here = (struct spinner){.end_ns = end_ns};
    there = (struct spinner){.end_ns = end_ns, .core = other};
    pthread_t thread;
    if (core == other || pthread_create(&thread, NULL, spin_there, &there) != 0) {
        report_text(report, SECTION, "stall", "not measured: one core");
        return;
    }
    spin(&here);
    pthread_join(thread, NULL);
    uint64_t low_ns = 0;
    uint64_t high_ns = (uint64_t)NS_A_SECOND;
    while (high_ns - low_ns > 100) {
        uint64_t middle_ns = (low_ns + high_ns) / 2;
        bool above =
            time_left_above(&here, middle_ns) + time_left_above(&there, middle_ns) > here.ns / 100;
        *(above ? &low_ns : &high_ns) = middle_ns;
    }
    report_real(report, SECTION, "stall_us_p99", (double)high_ns / 1e3);
}

/* Two threads hand a number to and fro. */
struct ball {
    ALIGNED(128) _Atomic uint32_t there;
    ALIGNED(128) _Atomic uint32_t back;
    unsigned core;
    uint32_t rounds;
};

static void *throw_back(void *context)
{
    struct ball *ball = context;
    measure_pin(ball->core);
    for (uint32_t i = 1; i <= ball->rounds; i++) {
        while (atomic_load_explicit(&ball->there, memory_order_acquire) != i) {
            CPU_PAUSE();
        }
        atomic_store_explicit(&ball->back, i, memory_order_release);
    }
    return NULL;
}

static void between_cores(struct report *report, unsigned core, unsigned other, bool quick)
{
    static struct ball ball;
    static struct histogram rounds;
    memset(&rounds, 0, sizeof rounds);
    ball = (struct ball){.core = other, .rounds = quick ? 20000 : 200000};
    pthread_t thread;
    if (core == other || pthread_create(&thread, NULL, throw_back, &ball) != 0) {
        report_text(report, SECTION, "core_to_core", "not measured: one core");
        return;
    }
    for (uint32_t i = 1; i <= ball.rounds; i++) {
        uint64_t begin = measure_ticks();
        atomic_store_explicit(&ball.there, i, memory_order_release);
        while (atomic_load_explicit(&ball.back, memory_order_acquire) != i) {
            CPU_PAUSE();
        }
        histogram_record(&rounds, measure_between_ns(begin, measure_ticks()));
    }
    pthread_join(thread, NULL);
    report_count(report, SECTION, "core_to_core_ns_p50", histogram_percentile(&rounds, 50, 100));
    report_count(report, SECTION, "core_to_core_ns_p99", histogram_percentile(&rounds, 99, 100));
}

static enum status commit_file(struct host_file *file, const void *bytes, bool quick,
                               struct histogram *commits)
{
    enum status status = STATUS_OK;
    for (size_t at = 0; at < COMMIT_FILE && status == STATUS_OK; at += COMMIT_BYTES) {
        status = file->ops->write_at(file, at, bytes, COMMIT_BYTES);
    }
    if (status == STATUS_OK) {
        status = file->ops->sync(file);
    }
    size_t rounds = quick ? 32 : 512;
    for (size_t i = 0; i < rounds && status == STATUS_OK; i++) {
        int64_t begin_ns = host_clock_monotonic_ns();
        status = file->ops->write_at(file, i * COMMIT_BYTES % COMMIT_FILE, bytes, COMMIT_BYTES);
        if (status == STATUS_OK) {
            status = file->ops->sync(file);
        }
        histogram_record(commits, (uint64_t)(host_clock_monotonic_ns() - begin_ns));
    }
    return status;
}

/* 64 KiB into a file that was written before, and the sync: what a batch of the log costs. */
static void commit(struct report *report, const char *data, bool quick)
{
    static struct histogram commits;
    memset(&commits, 0, sizeof commits);
    char path[HOST_PATH_BYTES_MAX];
    snprintf(path, sizeof path, "%s/calibration", data);
    struct host_disk *disk = host_disk_posix();
    struct host_file *file;
    struct host_block block;
    enum status status = host_block_open(COMMIT_BYTES, true, &block);
    ASSERT(status == STATUS_OK);
    status = disk->ops->open(disk, path, HOST_OPEN_CREATE | HOST_OPEN_DIRECT, &file);
    if (status == STATUS_OK) {
        report_text(report, SECTION, "commit", file->direct ? "direct" : "through the page cache");
        status = commit_file(file, block.bytes, quick, &commits);
        file->ops->close(file);
        enum status removed = disk->ops->remove(disk, path);
        (void)removed; /* the directory is a temporary one */
    }
    host_block_close(&block);
    if (status != STATUS_OK) {
        report_text(report, SECTION, "commit_64k", status_name(status));
        return;
    }
    report_real(report, SECTION, "commit_64k_us_p50",
                (double)histogram_percentile(&commits, 50, 100) / 1e3);
    report_real(report, SECTION, "commit_64k_us_p99",
                (double)histogram_percentile(&commits, 99, 100) / 1e3);
}

struct echo {
    int socket;
    unsigned core;
    _Atomic bool ends; /* a datagram socket does not learn that the other end is gone */
};

/* Sends or receives all of a message without ever sleeping; false when the other end is gone. */
static bool move_all(const struct echo *echo, bool sends, uint8_t *bytes)
{
    size_t done = 0;
    int socket = echo->socket;
    while (done < MESSAGE_BYTES) {
        if (atomic_load_explicit(&echo->ends, memory_order_relaxed)) {
            return false;
        }
        ssize_t moved =
            sends ? send(socket, bytes + done, MESSAGE_BYTES - done, MSG_DONTWAIT | MSG_NOSIGNAL)
                  : recv(socket, bytes + done, MESSAGE_BYTES - done, MSG_DONTWAIT);
        if (moved > 0) {
            done += (size_t)moved;
        } else if (moved == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
            return false;
        }
    }
    return true;
}

static void *echo_all(void *context)
{
    struct echo *echo = context;
    measure_pin(echo->core);
    uint8_t message[MESSAGE_BYTES];
    while (move_all(echo, false, message) && move_all(echo, true, message)) {
    }
    return NULL;
}

/* A connected pair over 127.0.0.1; false when the network is not to be had. */
static bool connect_pair(int out_sockets[2])
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof address;
    void *place = &address;
    bool ready = listener >= 0 && bind(listener, place, bytes) == 0 && listen(listener, 1) == 0 &&
                 getsockname(listener, place, &bytes) == 0;
    out_sockets[0] = ready ? socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
    ready = ready && out_sockets[0] >= 0 && connect(out_sockets[0], place, bytes) == 0;
    out_sockets[1] = ready ? accept(listener, NULL, NULL) : -1;
    if (listener >= 0) {
        close(listener);
    }
    for (int i = 0; ready && i < 2; i++) {
        int on = 1;
        ready = out_sockets[i] >= 0 &&
                setsockopt(out_sockets[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0;
    }
    return ready;
}

/* Two UDP sockets on 127.0.0.1 that send to each other alone. */
static bool connect_datagrams(int out_sockets[2])
{
    struct sockaddr_in addresses[2];
    bool ready = true;
    for (int i = 0; i < 2; i++) {
        addresses[i] =
            (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        socklen_t bytes = sizeof addresses[i];
        void *place = &addresses[i];
        out_sockets[i] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        ready = ready && out_sockets[i] >= 0 && bind(out_sockets[i], place, bytes) == 0 &&
                getsockname(out_sockets[i], place, &bytes) == 0;
    }
    for (int i = 0; ready && i < 2; i++) {
        void *place = &addresses[!i];
        ready = connect(out_sockets[i], place, sizeof addresses[!i]) == 0;
    }
    return ready;
}

/* Round trips of 64 bytes between two polling threads. */
static bool throw_to_and_fro(const int sockets[2], unsigned other, bool quick,
                             struct histogram *rounds)
{
    memset(rounds, 0, sizeof *rounds);
    struct echo echo = {.socket = sockets[1], .core = other};
    pthread_t thread;
    int failed = pthread_create(&thread, NULL, echo_all, &echo);
    ASSERT(failed == 0);
    uint8_t message[MESSAGE_BYTES] = {0};
    bool well = true;
    const struct echo here = {.socket = sockets[0]};
    for (int i = 0; i < (quick ? 1000 : 20000) && well; i++) {
        int64_t begin_ns = host_clock_monotonic_ns();
        well = move_all(&here, true, message) && move_all(&here, false, message);
        histogram_record(rounds, (uint64_t)(host_clock_monotonic_ns() - begin_ns));
    }
    echo.ends = true;
    shutdown(sockets[0], SHUT_RDWR);
    pthread_join(thread, NULL);
    close(sockets[0]);
    close(sockets[1]);
    return well;
}

static void through_loopback(struct report *report, unsigned core, unsigned other, bool quick)
{
    static struct histogram rounds;
    int sockets[2];
    if (core == other || !connect_pair(sockets) ||
        !throw_to_and_fro(sockets, other, quick, &rounds)) {
        report_text(report, SECTION, "loopback", "not measured");
        return;
    }
    report_real(report, SECTION, "loopback_us_p50",
                (double)histogram_percentile(&rounds, 50, 100) / 1e3);
    report_real(report, SECTION, "loopback_us_p99",
                (double)histogram_percentile(&rounds, 99, 100) / 1e3);
}

/* Half a round trip: what a datagram takes from one polling thread to another. */
static void through_udp(struct report *report, unsigned core, unsigned other, bool quick)
{
    static struct histogram rounds;
    int sockets[2];
    if (core == other || !connect_datagrams(sockets) ||
        !throw_to_and_fro(sockets, other, quick, &rounds)) {
        report_text(report, SECTION, "udp_hop", "not measured");
        return;
    }
    report_real(report, SECTION, "udp_hop_us_p50",
                (double)histogram_percentile(&rounds, 50, 100) / 2e3);
    report_real(report, SECTION, "udp_hop_us_p99",
                (double)histogram_percentile(&rounds, 99, 100) / 2e3);
}

void calibrate(struct report *report, const struct calibrate_options *options)
{
    unsigned other = options->core == 0 && sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 1 : 0;
    spin_alone(report, options->quick);
    spin_on_both(report, options->core, other, options->quick);
    between_cores(report, options->core, other, options->quick);
    if (options->data != NULL) {
        commit(report, options->data, options->quick);
    }
    through_loopback(report, options->core, other, options->quick);
    through_udp(report, options->core, other, options->quick);
}
