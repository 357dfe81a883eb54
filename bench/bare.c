/* SPDX-License-Identifier: Apache-2.0
 *
 * dojima_bare: the sockets and the disk of a venue without the venue. It speaks as much SoupBinTCP
 * and OUCH as `dojima load` does and takes every order and cancel, without a check, a book, a log
 * record, a stream or a number in order: what is measured against it, at the same rate with the
 * same generator on the same cores, is what the machine takes for itself.
 *
 *   serve   polls its connections, answers what came; with --commit an answer waits until as many
 *           bytes as its command's are on stable storage, two commits under way at most
 *   listen  polls a UDP port and tells the age of what arrives, from the poll that found the order
 *
 * Owner: bench/wire. Threads: one, and two that commit. Memory: static. Errors: exit 1, said on
 * standard error. Order of calls: serve until it is killed.
 */
#include "base/assert.h"
#include "base/bytes.h"
#include "bench/measure.h"
#include "host/disk.h"
#include "host/memory.h"
#include "host/worker.h"
#include "wire/ouch/ouch.h"
#include "wire/soup/soup.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINES_MAX    16u
#define IN_BYTES     ((size_t)64 << 10)
#define OUT_BYTES    ((size_t)4 << 20) /* a ring, a power of two */
#define BATCHES      2u
#define BATCH_BYTES  ((size_t)1 << 20)
#define FILE_BYTES   ((size_t)32 << 20)
#define AGES_A_TURN  256u
#define ACCEPT_TURNS 1024u
#define NS_A_SECOND  INT64_C(1000000000)

/* One connection. Places in `out` count all bytes since it was opened. */
struct line {
    int socket; /* -1 = none */
    size_t in_bytes;
    uint64_t written;  /* answers */
    uint64_t sendable; /* of them what may leave */
    uint64_t sent;
    uint8_t in[IN_BYTES];
    uint8_t out[OUT_BYTES];
};

/* Commands that become durable together: only how many bytes they have. */
struct batch {
    struct host_worker *worker;
    _Atomic bool done;
    bool under_way;
    size_t bytes;
    uint64_t offset;
    uint64_t marks[LINES_MAX]; /* line.written when it was handed over */
};

struct server {
    int listener;
    int udp;
    struct sockaddr_in receiver;
    unsigned ages; /* orders of this turn to be told */
    struct host_file *file;
    struct host_block zeros;
    size_t gathered_bytes;
    uint64_t next_offset;
    unsigned first; /* the older batch under way */
    struct batch batches[BATCHES];
    struct line lines[LINES_MAX];
};

static struct server server;

static void fail(const char *what)
{
    fprintf(stderr, "dojima_bare: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* -- answers --------------------------------------------------------------------------------- */

static void write_out(struct line *line, const uint8_t *bytes, size_t count)
{
    ASSERT(line->written - line->sent + count <= OUT_BYTES);
    for (size_t done = 0; done < count;) {
        size_t at = (line->written + done) & (OUT_BYTES - 1);
        size_t part = OUT_BYTES - at < count - done ? OUT_BYTES - at : count - done;
        memcpy(line->out + at, bytes + done, part);
        done += part;
    }
    line->written += count;
}

static void answer(struct line *line, uint8_t *packet, size_t payload_bytes)
{
    soup_encode_header(SOUP_SEQUENCED, payload_bytes, packet);
    write_out(line, packet, SOUP_HEADER_BYTES + payload_bytes);
}

static void take_order(struct line *line, const struct soup_packet *in)
{
    struct ouch_enter_order order;
    uint8_t packet[SOUP_HEADER_BYTES + OUCH_LENGTH_MAX];
    if (ouch_decode_enter_order(in->payload, in->payload_bytes, &order) != STATUS_OK) {
        fail("an order that is none");
    }
    struct ouch_order_accepted accepted = {.time_ns = 1,
                                           .user_ref_num = order.user_ref_num,
                                           .side = order.side,
                                           .quantity = order.quantity,
                                           .price = order.price,
                                           .order_reference = 1,
                                           .order_state = 'L'};
    memcpy(accepted.symbol, order.symbol, sizeof accepted.symbol);
    answer(line, packet, ouch_encode_order_accepted(&accepted, packet + SOUP_HEADER_BYTES));
}

static void take_cancel(struct line *line, const struct soup_packet *in)
{
    struct ouch_cancel_order cancel;
    uint8_t packet[SOUP_HEADER_BYTES + OUCH_LENGTH_MAX];
    if (ouch_decode_cancel_order(in->payload, in->payload_bytes, &cancel) != STATUS_OK) {
        fail("a cancel that is none");
    }
    struct ouch_order_canceled canceled = {
        .time_ns = 1, .user_ref_num = cancel.user_ref_num, .reason = OUCH_CANCEL_REASON_USER};
    answer(line, packet, ouch_encode_order_canceled(&canceled, packet + SOUP_HEADER_BYTES));
}

static void take_payload(struct line *line, const struct soup_packet *in)
{
    uint8_t packet[SOUP_HEADER_BYTES + OUCH_LENGTH_MAX];
    switch (in->payload_bytes > 0 ? in->payload[0] : 0) {
    case OUCH_enter_order_LETTER:
        take_order(line, in);
        server.ages += server.ages < AGES_A_TURN;
        break;
    case OUCH_cancel_order_LETTER:
        take_cancel(line, in);
        break;
    case OUCH_account_query_LETTER: {
        struct ouch_account_query_response response = {.time_ns = 1, .next_user_ref_num = 1};
        answer(line, packet,
               ouch_encode_account_query_response(&response, packet + SOUP_HEADER_BYTES));
        break;
    }
    default:
        fail("a message that dojima load does not send");
    }
    server.gathered_bytes += in->bytes;
}

static void take_packet(struct line *line, const struct soup_packet *in)
{
    uint8_t packet[SOUP_ACCEPTED_BYTES];
    if (in->type == SOUP_LOGIN) {
        struct soup_accepted accepted = {.sequence = 1, .session = "BARE"};
        write_out(line, packet, soup_encode_accepted(&accepted, packet));
        line->sendable = line->written;
    } else if (in->type == SOUP_UNSEQUENCED) {
        take_payload(line, in);
    }
}

/* -- sockets --------------------------------------------------------------------------------- */

static void hang_up(struct line *line)
{
    close(line->socket);
    line->socket = -1;
}

static void receive(struct line *line)
{
    ssize_t got =
        recv(line->socket, line->in + line->in_bytes, IN_BYTES - line->in_bytes, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        return;
    }
    if (got <= 0) {
        hang_up(line);
        return;
    }
    line->in_bytes += (size_t)got;
    size_t at = 0;
    struct soup_packet packet;
    while (soup_next(line->in + at, line->in_bytes - at, &packet) == STATUS_OK) {
        take_packet(line, &packet);
        at += packet.bytes;
    }
    memmove(line->in, line->in + at, line->in_bytes - at);
    line->in_bytes -= at;
}

static void send_out(struct line *line)
{
    while (line->socket >= 0 && line->sent < line->sendable) {
        size_t at = line->sent & (OUT_BYTES - 1);
        uint64_t left = line->sendable - line->sent;
        size_t part = OUT_BYTES - at < left ? OUT_BYTES - at : (size_t)left;
        ssize_t gone = send(line->socket, line->out + at, part, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (gone <= 0) {
            return;
        }
        line->sent += (uint64_t)gone;
    }
}

static void take_connection(void)
{
    int socket = accept4(server.listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket < 0) {
        return;
    }
    int on = 1;
    if (setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) {
        fail("TCP_NODELAY");
    }
    for (unsigned i = 0; i < LINES_MAX; i++) {
        struct line *line = &server.lines[i];
        if (line->socket < 0) {
            /* A batch under way may hold a mark of the line that was here: it must not pass. */
            line->sendable = line->written;
            line->sent = line->written;
            line->in_bytes = 0;
            line->socket = socket;
            return;
        }
    }
    close(socket);
}

static void tell_ages(int64_t found_ns)
{
    uint8_t datagram[64] = {0};
    bytes_store_le64(datagram, (uint64_t)found_ns);
    for (; server.udp >= 0 && server.ages > 0; server.ages--) {
        (void)sendto(server.udp, datagram, sizeof datagram, MSG_DONTWAIT,
                     (const void *)&server.receiver, sizeof server.receiver);
    }
    server.ages = 0;
}

/* -- disk ------------------------------------------------------------------------------------ */

static void commit(void *context)
{
    struct batch *batch = context;
    const struct host_file_ops *ops = server.file->ops;
    enum status status =
        ops->write_at(server.file, batch->offset, server.zeros.bytes, batch->bytes);
    if (status == STATUS_OK) {
        status = ops->sync(server.file);
    }
    if (status != STATUS_OK) {
        fail(status_name(status));
    }
    atomic_store_explicit(&batch->done, true, memory_order_release);
}

static void hand_over(struct batch *batch)
{
    batch->bytes = (server.gathered_bytes + HOST_DISK_PAGE_BYTES - 1) & ~(HOST_DISK_PAGE_BYTES - 1);
    batch->bytes = batch->bytes < BATCH_BYTES ? batch->bytes : BATCH_BYTES;
    if (server.next_offset + batch->bytes > FILE_BYTES) {
        server.next_offset = 0;
    }
    batch->offset = server.next_offset;
    server.next_offset += batch->bytes;
    server.gathered_bytes = 0;
    for (unsigned i = 0; i < LINES_MAX; i++) {
        batch->marks[i] = server.lines[i].written;
    }
    atomic_store_explicit(&batch->done, false, memory_order_relaxed);
    batch->under_way = true;
    host_worker_kick(batch->worker);
}

static void tick_disk(void)
{
    struct batch *batch = &server.batches[server.first];
    while (batch->under_way && atomic_load_explicit(&batch->done, memory_order_acquire)) {
        host_worker_wait(batch->worker);
        batch->under_way = false;
        for (unsigned i = 0; i < LINES_MAX; i++) {
            struct line *line = &server.lines[i];
            line->sendable = batch->marks[i] > line->sendable ? batch->marks[i] : line->sendable;
        }
        server.first = (server.first + 1) % BATCHES;
        batch = &server.batches[server.first];
    }
    for (unsigned i = 0; server.gathered_bytes > 0 && i < BATCHES; i++) {
        batch = &server.batches[(server.first + i) % BATCHES];
        if (!batch->under_way) {
            hand_over(batch);
        }
    }
}

static void open_disk(const char *directory)
{
    char path[HOST_PATH_BYTES_MAX];
    snprintf(path, sizeof path, "%s/bare", directory);
    struct host_disk *disk = host_disk_posix();
    enum status status = host_block_open(BATCH_BYTES, true, &server.zeros);
    if (status == STATUS_OK) {
        status = disk->ops->open(disk, path, HOST_OPEN_CREATE | HOST_OPEN_DIRECT, &server.file);
    }
    for (uint64_t at = 0; status == STATUS_OK && at < FILE_BYTES; at += BATCH_BYTES) {
        status = server.file->ops->write_at(server.file, at, server.zeros.bytes, BATCH_BYTES);
    }
    if (status == STATUS_OK) {
        status = server.file->ops->sync(server.file);
    }
    for (unsigned i = 0; status == STATUS_OK && i < BATCHES; i++) {
        status = host_worker_open(commit, &server.batches[i], &server.batches[i].worker);
    }
    if (status != STATUS_OK) {
        fail(status_name(status));
    }
}

/* -- the two programs ------------------------------------------------------------------------ */

static struct sockaddr_in loopback(const char *port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void turn(unsigned number)
{
    if (number % ACCEPT_TURNS == 0) {
        take_connection();
    }
    int64_t found_ns = host_clock_monotonic_ns();
    for (unsigned i = 0; i < LINES_MAX; i++) {
        struct line *line = &server.lines[i];
        /* Who does not take its answers is not asked for more. */
        if (line->socket >= 0 && line->written - line->sent < OUT_BYTES / 2) {
            receive(line);
        }
    }
    if (server.file != NULL) {
        tick_disk();
    }
    for (unsigned i = 0; i < LINES_MAX; i++) {
        struct line *line = &server.lines[i];
        if (server.file == NULL) {
            line->sendable = line->written;
        }
        send_out(line);
    }
    tell_ages(found_ns);
}

_Noreturn static void serve(const char *port, const char *core, const char *udp,
                            const char *directory)
{
    if (directory != NULL) {
        open_disk(directory); /* before the pin: its threads go where there is room */
    }
    if (core != NULL) {
        measure_pin((unsigned)strtoul(core, NULL, 10));
    }
    server.udp = -1;
    if (udp != NULL) {
        server.udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        server.receiver = loopback(udp);
    }
    for (unsigned i = 0; i < LINES_MAX; i++) {
        server.lines[i].socket = -1;
    }
    int on = 1;
    struct sockaddr_in address = loopback(port);
    server.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (server.listener < 0 ||
        setsockopt(server.listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(server.listener, (const void *)&address, sizeof address) != 0 ||
        listen(server.listener, (int)LINES_MAX) != 0) {
        fail("listen");
    }
    puts("ready");
    fflush(stdout);
    for (unsigned number = 0;; number++) {
        turn(number);
    }
}

static int hear(const char *udp, const char *seconds)
{
    static struct histogram ages;
    struct sockaddr_in address = loopback(udp);
    int socket_of_ours = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (bind(socket_of_ours, (const void *)&address, sizeof address) != 0) {
        fail("bind");
    }
    int64_t end_ns = host_clock_monotonic_ns() + strtol(seconds, NULL, 10) * NS_A_SECOND;
    while (host_clock_monotonic_ns() < end_ns) {
        uint8_t datagram[64];
        ssize_t got = recv(socket_of_ours, datagram, sizeof datagram, MSG_DONTWAIT);
        if (got == (ssize_t)sizeof datagram) {
            int64_t age_ns = host_clock_monotonic_ns() - (int64_t)bytes_load_le64(datagram);
            histogram_record(&ages, (uint64_t)age_ns);
        } else {
            host_worker_yield();
        }
    }
    printf("{\"count\": %llu, \"age_p50_ns\": %llu, \"age_p99_ns\": %llu}\n",
           (unsigned long long)ages.count, (unsigned long long)histogram_percentile(&ages, 50, 100),
           (unsigned long long)histogram_percentile(&ages, 99, 100));
    return 0;
}

static const char *option(int count, char **words, const char *name)
{
    for (int i = 2; i + 1 < count; i += 2) {
        if (strcmp(words[i], name) == 0) {
            return words[i + 1];
        }
    }
    return NULL;
}

int main(int count, char **words)
{
    const char *mode = count > 1 ? words[1] : "";
    const char *port = option(count, words, "--port");
    const char *udp = option(count, words, "--udp");
    const char *seconds = option(count, words, "--seconds");
    if (strcmp(mode, "serve") == 0 && port != NULL) {
        serve(port, option(count, words, "--core"), udp, option(count, words, "--commit"));
    }
    if (strcmp(mode, "listen") == 0 && udp != NULL && seconds != NULL) {
        return hear(udp, seconds);
    }
    fprintf(stderr, "usage: dojima_bare serve --port P [--core N] [--udp P] [--commit DIR]\n"
                    "       dojima_bare listen --udp P --seconds N\n");
    return 2;
}
