/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: nobody reads of an order in the public feed before its owner can read the answer. Attack 48
 * of docs/reference/attacks.md, measured at the two sockets.
 *
 * Method: `dojima run`, one OUCH session and one reader of the feed over SoupBinTCP, both in this
 * one thread. Orders that rest are sent one at a time, and after each the sockets are looked at in
 * turn: the owner's, the public one, the owner's again. A violation: the public socket had the
 * order and the owner's was still empty at the look after that.
 *
 *     owner: empty ─► public: has it ─► owner: empty    the public was first
 *                                   └─► owner: has it   too close to tell, not counted
 *     owner: has it ─► ... ─► public: has it            the owner was first, by about so much
 *
 * Soundness: the last look proves it. It begins after the public bytes were read, so whatever the
 * owner's socket has later came later. Over loopback the bytes of a write are in the other socket
 * when the write returns, as long as the writer stays on one processor: with two, the kernel may
 * leave each processor's part for later and do the second one's first. So the venue is bound to
 * one.
 * Both ends have TCP_NODELAY (host/socket.h). Before each order both sockets are read empty, and
 * only the order itself counts, by its UserRefNum and by its shares, which are the same number: a
 * heartbeat is neither.
 *
 * Sensitivity: a lead of the public that is shorter than about one look, which is one or two system
 * calls, is not seen. The feed keeps what comes within 0.1 ms of its last packet, which would hide
 * a wrong order of the two writes: so there is a longer pause between two orders.
 *
 * With --split the gateway is a process of its own. Which of two processes writes first is up to
 * the kernel and nothing is promised: violations are counted and printed, and every order has to
 * arrive at both.
 */
#include "doors/arguments.h"
#include "doors/venue_process.h"

#include "base/assert.h"
#include "client/dojima.h"
#include "feed/gather.h"
#include "feed/soup_reader.h"
#include "host/clock.h"
#include "host/machine.h"

#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_NS   INT64_C(1000000000)
#define PATIENCE_NS (20 * SECOND_NS)
#define PAUSE_NS    (3 * (int64_t)GATHER_NS)
#define RETRY_NS    INT64_C(5000000)
#define PRICE       INT64_C(1000000) /* of every order, all of them buy: none trades */
#define ORDERS_MAX  50000            /* limits.orders of the venue is 65,536 */

struct test {
    const char *binary;
    uint64_t orders;
    bool split;
    struct venue_process venue;
    struct venue_process_session account;
    char core[24];
    const char *settings[3];
    bool alone; /* there is one processor, for the venue and us */
    struct dojima_client *client;
    struct dojima_session *session;
    struct net_loop *loop;
    struct soup_reader reader;
    bool live;
    uint32_t reference; /* of the order under way; 0: none */
    int64_t owner_ns;   /* when it was seen there; 0: not yet */
    int64_t public_ns;
    uint64_t violations;
    uint64_t undecided;
    int64_t *leads_ns; /* of the owner, an order */
    char wrong[200];
};

static void wrong(struct test *test, const char *what)
{
    if (test->wrong[0] == '\0') {
        snprintf(test->wrong, sizeof test->wrong, "order %" PRIu32 ": %s", test->reference, what);
    }
}

static void on_live(void *context, struct dojima_session *session, uint64_t next_number)
{
    struct test *test = context;
    (void)session;
    (void)next_number;
    test->live = true;
}

static void on_event(void *context, struct dojima_session *session,
                     const struct dojima_event *event)
{
    struct test *test = context;
    (void)session;
    if (event->kind == DOJIMA_OTHER || event->kind == DOJIMA_NOTED) {
        return; /* of the venue and its day, of no order */
    }
    if (event->kind != DOJIMA_ACCEPTED) {
        wrong(test, event->reason == NULL ? dojima_event_name(event->kind) : event->reason);
    } else if (event->reference == test->reference && test->owner_ns == 0) {
        test->owner_ns = host_clock_monotonic_ns();
    } else {
        wrong(test, "the owner was told of another order, or twice");
    }
}

static void on_not_sequenced(void *context, struct dojima_session *session, uint32_t reference,
                             uint32_t retry_after_us, const char *kind)
{
    (void)session;
    (void)reference;
    (void)retry_after_us;
    wrong(context, kind);
}

/* Until the venue listens this is one attempt of several. */
static void on_down(void *context, struct dojima_session *session, const char *reason, bool final)
{
    struct test *test = context;
    (void)session;
    if (test->live || final) {
        wrong(test, reason);
    }
}

static enum status on_message(void *context, uint64_t sequence, const uint8_t *message,
                              size_t count)
{
    struct test *test = context;
    (void)sequence;
    if (count != ITCH_add_order_BYTES || message[0] != ITCH_add_order_LETTER) {
        return STATUS_OK;
    }
    struct itch_add_order add;
    itch_decode_add_order(message, &add);
    if (add.shares == test->reference && test->public_ns == 0) {
        test->public_ns = host_clock_monotonic_ns();
    } else {
        wrong(test, "the public was told of another order, or twice");
    }
    return STATUS_OK;
}

static void look_owner(struct test *test)
{
    dojima_client_tick(test->client, 0);
}

static void look_public(struct test *test)
{
    net_loop_tick(test->loop, 0);
    soup_reader_tick(&test->reader, host_clock_monotonic_ns());
    if (test->reader.state == SOUP_READER_OVER) {
        wrong(test, test->reader.reason);
    }
}

/* Looks until both have the order under way. */
static bool await_both(struct test *test)
{
    int64_t end_ns = host_clock_monotonic_ns() + PATIENCE_NS;
    bool judged = false;
    while (test->wrong[0] == '\0' && (test->owner_ns == 0 || test->public_ns == 0)) {
        look_owner(test);
        look_public(test);
        if (test->public_ns != 0 && test->owner_ns == 0 && !judged) {
            judged = true;
            look_owner(test);
            test->violations += test->owner_ns == 0;
            test->undecided += test->owner_ns != 0;
        }
        if (host_clock_monotonic_ns() > end_ns) {
            wrong(test,
                  test->owner_ns == 0 ? "the owner heard nothing" : "the public heard nothing");
        }
        if (test->alone) {
            (void)sched_yield();
        }
    }
    return test->wrong[0] == '\0';
}

/* Reads both sockets empty for as long as the feed may keep something back. */
static void drain(struct test *test)
{
    int64_t end_ns = host_clock_monotonic_ns() + PAUSE_NS;
    do {
        look_owner(test);
        look_public(test);
        if (test->alone) {
            (void)sched_yield();
        }
    } while (host_clock_monotonic_ns() < end_ns);
}

static bool measure(struct test *test)
{
    for (uint32_t reference = 1; reference <= test->orders; reference++) {
        drain(test);
        test->reference = reference;
        test->owner_ns = 0;
        test->public_ns = 0;
        struct dojima_order order = {.price = PRICE,
                                     .quantity = reference,
                                     .reference = reference,
                                     .symbol = "RICE",
                                     .side = DOJIMA_BUY,
                                     .time_in_force = DOJIMA_DAY};
        enum dojima_result result = dojima_enter(test->session, &order, NULL);
        if (result != DOJIMA_OK) {
            wrong(test, dojima_result_sentence(result));
            return false;
        }
        dojima_session_flush(test->session);
        if (!await_both(test)) {
            return false;
        }
        test->leads_ns[reference - 1] = test->public_ns - test->owner_ns;
    }
    drain(test); /* a second telling of the last one */
    return test->wrong[0] == '\0';
}

static bool open_reader(struct test *test)
{
    struct soup_reader_options options = {.loop = test->loop,
                                          .address = test->venue.feed,
                                          .user = "",
                                          .password = "",
                                          .from = 1,
                                          .on_message = on_message,
                                          .context = test};
    soup_reader_close(&test->reader);
    return soup_reader_open(&test->reader, &options, host_clock_monotonic_ns()) == STATUS_OK;
}

/* Both sockets, as soon as the venue listens. */
static bool log_on(struct test *test)
{
    struct dojima_session_options options = {
        .address = test->venue.gateways[0].ouch,
        .protocol = DOJIMA_OUCH,
        .username = test->account.name,
        .password = test->account.password,
        .next_number = 1,
        .plain = true,
        .reconnect_ms = 5,
        .handler = {.on_live = on_live,
                    .on_event = on_event,
                    .on_not_sequenced = on_not_sequenced,
                    .on_down = on_down},
        .context = test,
    };
    if (dojima_client_open(&test->client) != DOJIMA_OK ||
        dojima_session_open(test->client, &options, &test->session) != DOJIMA_OK ||
        net_loop_open(&test->loop) != STATUS_OK || !open_reader(test)) {
        wrong(test, "the clients cannot be opened");
        return false;
    }
    int64_t end_ns = host_clock_monotonic_ns() + PATIENCE_NS;
    while (!test->live || test->reader.state != SOUP_READER_READS) {
        dojima_client_tick(test->client, RETRY_NS);
        net_loop_tick(test->loop, 0);
        soup_reader_tick(&test->reader, host_clock_monotonic_ns());
        bool again = test->reader.state == SOUP_READER_OVER;
        if (test->wrong[0] != '\0' || !venue_process_lives(&test->venue) ||
            (again && !open_reader(test)) || host_clock_monotonic_ns() > end_ns) {
            wrong(test, "no logon");
            return false;
        }
    }
    return true;
}

/* The first two that we may run on; false: there are not two. */
static bool find_processors(unsigned out_numbers[2])
{
    cpu_set_t set;
    unsigned count = 0;
    if (sched_getaffinity(0, sizeof set, &set) != 0) {
        return false;
    }
    for (unsigned i = 0; i < CPU_SETSIZE && count < 2; i++) {
        if (CPU_ISSET(i, &set)) {
            out_numbers[count++] = i;
        }
    }
    return count == 2;
}

/* One process has the first processor and we the second, so that nobody's look waits for the other.
 * Where there is one alone both are bound to it as it is. */
static bool start(struct test *test)
{
    unsigned numbers[2];
    bool two = find_processors(numbers);
    bool bound = two && !test->split;
    test->alone = !two;
    test->settings[0] = "data.acknowledge=memory"; /* the same two writes, sooner */
    if (bound) {
        snprintf(test->core, sizeof test->core, "run.core=%u", numbers[0]);
        test->settings[1] = test->core;
    }
    test->venue.binary = test->binary;
    test->venue.settings = test->settings;
    test->venue.gateway_count = test->split ? 1 : 0;
    test->venue.has_feed = true;
    if (!venue_process_prepare(&test->venue, &test->account, 1) ||
        !venue_process_start(&test->venue) ||
        (test->split && !venue_process_start_gateway(&test->venue, 0))) {
        return false;
    }
    /* After the start: a child may run where its parent may. */
    return !bound || host_machine_take_processor(numbers[1]) == STATUS_OK;
}

static int compare(const void *left, const void *right)
{
    int64_t a;
    int64_t b;
    memcpy(&a, left, sizeof a);
    memcpy(&b, right, sizeof b);
    return (a > b) - (a < b);
}

static void print(struct test *test)
{
    qsort(test->leads_ns, test->orders, sizeof *test->leads_ns, compare);
    int64_t median_ns = test->leads_ns[test->orders / 2];
    printf("%s: %" PRIu64 " orders, the public first %" PRIu64 ", too close to tell %" PRIu64
           ", the owner leads by %.1f us (median), %.1f us (least)\n",
           test->split ? "gateway apart" : "one process", test->orders, test->violations,
           test->undecided, (double)median_ns / 1e3, (double)test->leads_ns[0] / 1e3);
}

static bool run(struct test *test)
{
    if (!start(test)) {
        fprintf(stderr, "the venue cannot be started\n");
        return false;
    }
    bool well = log_on(test) && measure(test);
    if (!well) {
        fprintf(stderr, "%s\n", test->wrong);
    }
    dojima_client_close(test->client);
    soup_reader_close(&test->reader);
    net_loop_close(test->loop);
    if (well && !venue_process_stop(&test->venue)) {
        fprintf(stderr, "the venue did not stop well\n");
        well = false;
    }
    venue_process_kill(&test->venue);
    if (!well) {
        return false;
    }
    print(test);
    return test->split || test->violations == 0;
}

int main(int argc, char **argv)
{
    static struct test test = {.orders = 2000};
    const struct argument known[] = {
        {.option = "--binary", .text = &test.binary},
        {.option = "--orders", .number = &test.orders},
        {.option = "--split", .flag = &test.split},
    };
    if (!arguments_take(known, ARRAY_COUNT(known), argc, argv) || test.binary == NULL ||
        test.orders == 0 || test.orders > ORDERS_MAX) {
        fprintf(stderr, "usage: arrival --binary FILE [--orders N] [--split]\n");
        return 2;
    }
    test.leads_ns = calloc(test.orders, sizeof *test.leads_ns);
    ASSERT(test.leads_ns != NULL);
    bool well = run(&test);
    free(test.leads_ns);
    if (well) {
        venue_process_remove(&test.venue);
        printf("passed\n");
        return 0;
    }
    fprintf(stderr, "what the venue wrote is in %s\n", test.venue.directory);
    return 1;
}
