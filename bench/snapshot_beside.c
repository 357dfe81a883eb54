/* SPDX-License-Identifier: Apache-2.0
 *
 * What making a snapshot costs the order path where a processor is free for it: one thread on a
 * processor of its own submits orders at a steady pace to the sequencer and its log in memory
 * (`ack = memory`, as `dojima run` does it), and another process makes a snapshot as a venue has it
 * made. What a command takes of the thread is the inverse of what the thread could do. Windows with
 * nothing beside, with the snapshot, and of the same thread only reading the clock: how long it was
 * away means little without what the machine takes from a thread that does nothing.
 */
#include "base/hash.h"
#include "bench/snapshot_bench.h"
#include "host/clock.h"
#include "host/machine.h"
#include "host/process.h"
#include "host/worker.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>

#define PACE_NS     5000 /* a command each: what comes stays within what a snapshot can follow */
#define TURN        64u  /* commands between ticks: a batch of the log fills a page or two */
#define RESTING     512u /* orders that stay until they are cancelled */
#define TAKES_EVERY 16u  /* one in so many orders trades */
#define LOG_TIME_RATE                                                                              \
    100u /* log time runs so much faster: names of a minute are those of 0.6 s                     \
          */
#define STALL_NS 1000000
#define ALONE_NS 3000000000

struct path {
    const struct snapshot_shard *of;
    struct shard shard;
    uint64_t number; /* of the next order */
    uint64_t first;
    uint64_t log_time_ns;
    int64_t begin_ns;
};

struct window {
    uint64_t commands;
    int64_t took_ns;
    int64_t busy_ns;    /* of that, with commands and not waiting for the next one */
    int64_t longest_ns; /* between two commands */
    uint64_t stalls;    /* of more than a millisecond */
};

struct maker {
    struct host_worker *worker;
    struct host_process process;
    const char *directory;
    _Atomic bool done;
    enum status status;
    int code;
};

static void on_job(void *context)
{
    struct maker *maker = context;
    const char *const arguments[] = {"dojima_snapshot_bench", "make", maker->directory, NULL};
    maker->status = host_process_run(&maker->process, arguments, &maker->code);
    atomic_store(&maker->done, true);
}

static enum status submit(struct path *path, struct command *command, int64_t now_ns)
{
    command->header.time_ns =
        path->log_time_ns + (uint64_t)(now_ns - path->begin_ns) * LOG_TIME_RATE;
    return sequencer_submit(path->shard.sequencer, command);
}

/* In turns an order that rests, and the cancel of one that has rested. */
static enum status step(struct path *path, uint64_t at, int64_t now_ns)
{
    if (at % 2 != 0 && path->number >= path->first + RESTING) {
        uint64_t number = path->number - RESTING;
        struct command command = {
            .header = {.id = COMMAND_CANCEL, .version = COMMAND_CANCEL_VERSION},
            .cancel = {.account = number % path->of->accounts + SNAPSHOT_SHARD_FIRST_ACCOUNT,
                       .client_order_id = text36_from_number(number)}};
        return submit(path, &command, now_ns);
    }
    uint64_t number = path->number++;
    struct command command = snapshot_shard_order(path->of, hash_mix64(number), number);
    if (number % TAKES_EVERY == 0) {
        bool sells = command.new_order.side == SIDE_SELL;
        command.new_order.price.units = sells ? 1 : 1000;
        command.new_order.quantity.lots = 1;
        command.new_order.time_in_force = TIME_IN_FORCE_IOC;
    }
    return submit(path, &command, now_ns);
}

static void note_gap(struct window *window, int64_t gap_ns)
{
    window->longest_ns = gap_ns > window->longest_ns ? gap_ns : window->longest_ns;
    window->stalls += gap_ns > STALL_NS;
}

/* Until it is time for the next command; returns that time, and notes how long the thread was away.
 */
static int64_t wait_for(struct window *window, int64_t due_ns, int64_t before_ns)
{
    int64_t now_ns = host_clock_monotonic_ns();
    note_gap(window, now_ns - before_ns);
    while (now_ns < due_ns) {
        int64_t last_ns = now_ns;
        now_ns = host_clock_monotonic_ns();
        note_gap(window, now_ns - last_ns);
    }
    return now_ns;
}

/* Until `for_ns` are over, or the maker is done. */
static enum status run(struct path *path, const struct maker *maker, int64_t for_ns,
                       struct window *out_window)
{
    struct window window = {0};
    enum status status = STATUS_OK;
    int64_t begin_ns = host_clock_monotonic_ns();
    int64_t done_ns = begin_ns;
    bool over = false;
    while (status == STATUS_OK && !over) {
        int64_t due_ns = begin_ns + (int64_t)window.commands * PACE_NS;
        int64_t now_ns = wait_for(&window, due_ns, done_ns);
        status = step(path, window.commands++, now_ns);
        if (status == STATUS_OK && window.commands % TURN == 0) {
            status = sequencer_tick(path->shard.sequencer, engine_time_ns(path->shard.engine));
        }
        done_ns = host_clock_monotonic_ns();
        note_gap(&window, done_ns - now_ns);
        window.busy_ns += done_ns - now_ns;
        over = maker != NULL ? atomic_load(&maker->done) : done_ns - begin_ns >= for_ns;
    }
    window.took_ns = host_clock_monotonic_ns() - begin_ns;
    *out_window = window;
    return status;
}

static struct window spin(int64_t for_ns)
{
    struct window window = {0};
    int64_t begin_ns = host_clock_monotonic_ns();
    int64_t before_ns = begin_ns;
    while (before_ns - begin_ns < for_ns) {
        int64_t now_ns = host_clock_monotonic_ns();
        note_gap(&window, now_ns - before_ns);
        before_ns = now_ns;
        window.commands++;
    }
    window.took_ns = before_ns - begin_ns;
    return window;
}

static enum status run_beside(struct path *path, struct maker *maker, struct window *out_window)
{
    atomic_store(&maker->done, false);
    host_worker_kick(maker->worker);
    enum status status = run(path, maker, 0, out_window);
    host_worker_wait(maker->worker);
    if (status == STATUS_OK && (maker->status != STATUS_OK || maker->code != 0)) {
        fprintf(stderr, "no snapshot was made\n");
        status = maker->status == STATUS_OK ? STATUS_MISMATCH : maker->status;
    }
    return status;
}

static void print_window(const char *name, const struct window *window)
{
    printf("\"%s\": {\"commands\": %" PRIu64 ", \"seconds\": %.3f, \"busy_ns_a_command\": %.1f, "
           "\"longest_ns\": %" PRId64 ", \"stalls\": %" PRIu64 "}",
           name, window->commands, (double)window->took_ns / 1e9,
           (double)window->busy_ns / (double)window->commands, window->longest_ns, window->stalls);
}

/* Which of both comes first changes from pair to pair. */
static enum status run_pair(struct path *path, struct maker *maker, uint64_t pair)
{
    struct window with;
    struct window without;
    enum status status =
        pair % 2 == 0 ? run(path, NULL, ALONE_NS, &without) : run_beside(path, maker, &with);
    if (status == STATUS_OK) {
        status =
            pair % 2 == 0 ? run_beside(path, maker, &with) : run(path, NULL, ALONE_NS, &without);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct window nothing = spin(with.took_ns);
    printf("{");
    print_window("without", &without);
    printf(", ");
    print_window("with", &with);
    printf(", ");
    print_window("spinning", &nothing);
    printf(", \"maker_used_ms\": %.1f}\n", (double)maker->process.used_ns / 1e6);
    (void)fflush(stdout);
    return STATUS_OK;
}

enum status snapshot_beside(const struct snapshot_shard *of, uint64_t pairs)
{
    struct path path = {.of = of};
    struct maker maker = {.directory = of->directory};
    /* Before any other thread is there. */
    enum status status = host_machine_take_processor(0);
    if (status == STATUS_OK) {
        status = host_worker_open(on_job, &maker, &maker.worker);
    }
    if (status == STATUS_OK) {
        status = snapshot_shard_open(of, &path.shard);
    }
    if (status == STATUS_OK) {
        status = shard_start(&path.shard);
    }
    if (status == STATUS_OK) {
        status = sequencer_recover(path.shard.sequencer);
    }
    if (status != STATUS_OK) {
        host_worker_close(maker.worker);
        return status;
    }
    path.first = engine_command_sequence(path.shard.engine) + 1000000000000;
    path.number = path.first;
    path.log_time_ns = engine_time_ns(path.shard.engine);
    path.begin_ns = host_clock_monotonic_ns();
    for (uint64_t pair = 0; pair < pairs && status == STATUS_OK; pair++) {
        status = run_pair(&path, &maker, pair);
    }
    host_worker_close(maker.worker);
    enum status closed = shard_close(&path.shard, true);
    return status == STATUS_OK ? closed : status;
}
