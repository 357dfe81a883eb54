/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/run.h"

#include "apps/dojima/snapshot_make.h"
#include "base/assert.h"
#include "host/clock.h"
#include "sim/audit.h"
#include "sim/gate.h"
#include "sim/history.h"
#include "sim/net.h"
#include "sim/seam.h"

#include <stdlib.h>
#include <string.h>

#define COMMANDS_MOST 1200u /* of a life whose length the seed decides */
#define MS            INT64_C(1000000)
#define WALL_NS       INT64_C(1700000000000000000)
#define DAY_NS        INT64_C(86400000000000)
#define SOON_CALLS    24u    /* to the disk: a start and the first batches */
#define TURN_MAX      100000 /* ns by which a turn moves the clock */
#define REST_MAX      60000u /* turns in which everything must come to rest */

/* What this seed brings; chances are in 100,000 a turn. */
struct climate {
    uint32_t crashes; /* of starts, in 1,000, that end in a loss of power */
    uint32_t errors;  /* of starts, in 1,000, that end in an error of the disk */
    uint32_t kills;
    uint32_t stops;
    uint32_t jumps;
    uint32_t pauses;
    uint32_t snapshots;
    uint32_t operator_acts;
    uint32_t probes;          /* of starts, in 1,000 */
    uint64_t calls_most;      /* of the disk, before it fails */
    uint64_t commands;        /* of the clients */
    int64_t disk_most_ns;     /* latency of a commit */
    struct seat_weather seat; /* of the way of each client */
};

struct run {
    const struct setup *setup;
    const struct config *config; /* of this life, that began under this release or an older one */
    const struct run_options *options;
    struct run_result *result;
    struct finding_log *findings;
    struct climate climate;
    struct prng prng;
    struct sim_disk disk;
    struct venue venue;
    struct observer observer;
    struct seat seats[SETUP_SESSIONS];
    struct gate gate;
    struct desk desks[SETUP_DESKS];
    size_t desk_count; /* 0: a history, which knows seats alone, or one failure at every place */
    int64_t start_ns;  /* when the venue is down: not before */
    bool open;
    bool killed; /* the last process was, and no start came since */
    bool calm;   /* nothing goes wrong any more */
};

static uint32_t often(struct run *run, uint32_t most)
{
    return prng_chance(&run->prng, 1, 3) ? 0 : (uint32_t)prng_below(&run->prng, most);
}

/* For one failure at a place that somebody else chose. */
static void still_climate(struct run *run)
{
    run->climate = (struct climate){
        .commands = run->options->commands != 0 ? run->options->commands : 1000,
        .disk_most_ns = MS,
        .operator_acts = 400,
        .seat = {.latency_most_ns = MS / 10, .eagerness = 4},
    };
}

/* A longer life than one that the seed decides meets as many failures, farther apart: each start
 * replays what was lived, and otherwise replaying would be all that it does. */
static uint32_t length_of(const struct run *run)
{
    return 1 + (uint32_t)(run->options->commands / COMMANDS_MOST);
}

static void choose_climate(struct run *run)
{
    struct climate *climate = &run->climate;
    *climate = (struct climate){
        .crashes = 300 + often(run, 600),
        .errors = often(run, 300),
        .kills = often(run, 100),
        .stops = often(run, 60),
        .jumps = often(run, 100),
        .pauses = often(run, 40),
        .snapshots = often(run, 150),
        .operator_acts = often(run, 800),
        .probes = 150,
        .calls_most = (UINT64_C(16) << prng_below(&run->prng, 6)) * length_of(run),
        .commands = run->options->commands != 0
                        ? run->options->commands
                        : (uint64_t)prng_between(&run->prng, 300, COMMANDS_MOST),
        .disk_most_ns = (MS / 10) << prng_below(&run->prng, 8),
    };
    climate->seat = (struct seat_weather){
        .latency_most_ns = prng_between(&run->prng, MS / 20, MS),
        .lost = often(run, 40),
        .doubled = often(run, 60),
        .swapped = often(run, 60),
        .cuts = often(run, 150),
        .stalls = often(run, 100),
        .restarts = 300,
        .eagerness = (uint32_t)(4u << prng_below(&run->prng, 6)),
    };
}

/* -- the venue comes and goes ----------------------------------------------------------------- */

/* How this start ends, if it does. */
static void plan_failure(struct run *run)
{
    struct sim_disk *disk = &run->disk;
    disk->crash_at_call = 0;
    disk->error_at_call = 0;
    disk->error_at_read = 0;
    disk->capacity_bytes = 0;
    disk->crash_is_kill = false;
    const struct run_point *point = run->options->point;
    if (point != NULL && run->result->counts.starts == 0) {
        disk->crash_at_call = point->crash_at_call;
        disk->crash = point->crash;
        disk->error_at_call = point->error_at_call;
        disk->error_at_read = point->error_at_read;
        disk->error = point->error;
    }
    if (run->calm || point != NULL) {
        return;
    }
    uint64_t at = disk->calls + 1 + prng_below(&run->prng, run->climate.calls_most);
    /* What a killed process wrote is in the cache: soon after it is the time to lose power. */
    if (run->killed && prng_chance(&run->prng, 1, 2)) {
        disk->crash_at_call = disk->calls + 1 + prng_below(&run->prng, SOON_CALLS);
        disk->crash = SIM_CRASH_LOST;
        run->killed = false;
        return;
    }
    run->killed = false;
    if (prng_chance(&run->prng, run->climate.crashes, 1000)) {
        disk->crash_at_call = at;
        disk->crash = (enum sim_crash)prng_below(&run->prng, SIM_CRASH_COUNT);
        disk->crash_is_kill = prng_chance(&run->prng, 1, 4);
    } else if (prng_chance(&run->prng, run->climate.errors, 1000)) {
        disk->error_at_call = at;
        disk->error = prng_chance(&run->prng, 1, 3) ? STATUS_NO_SPACE : STATUS_IO;
        disk->short_write = prng_chance(&run->prng, 1, 2);
        disk->error_at_read = prng_chance(&run->prng, 1, 4) ? disk->reads + 1 : 0;
    }
}

static bool failure_was_planned(const struct sim_disk *disk)
{
    return (disk->error_at_call != 0 && disk->calls >= disk->error_at_call) ||
           (disk->error_at_read != 0 && disk->reads >= disk->error_at_read);
}

static void leave_all(struct run *run)
{
    gate_close(&run->gate);
    observer_leave(&run->observer);
    for (size_t i = 0; i < SETUP_SESSIONS; i++) {
        seat_leave(&run->seats[i]);
    }
}

/* The one that was planned for this start, if it has come. */
static void count_failure(struct run *run)
{
    const struct sim_disk *disk = &run->disk;
    bool came = disk->down && disk->crash_at_call != 0;
    run->result->counts.crashes += came && !disk->crash_is_kill;
    run->result->counts.kills += came && disk->crash_is_kill;
    run->killed = run->killed || (came && disk->crash_is_kill);
    run->result->counts.errors += failure_was_planned(disk);
}

/* The process is gone, whatever ended it. */
static void venue_is_gone(struct run *run, int64_t now_ns)
{
    run->start_ns = now_ns + prng_between(&run->prng, 0, 5 * MS);
    leave_all(run);
    enum status closed = venue_close(&run->venue, false);
    (void)closed; /* nobody is there to hear it */
    run->open = false;
    count_failure(run);
    sim_disk_restart(&run->disk);
}

static void probe(struct run *run)
{
    struct probe probe = {.setup = run->setup,
                          .disk = &run->disk,
                          .observer = &run->observer,
                          .findings = run->findings,
                          .prng = &run->prng};
    if (prng_chance(&run->prng, run->climate.probes, 1000)) {
        run->result->counts.probes += probe_disk(&probe);
        sim_seam_use_disk(&run->disk);
    }
}

/* False: the reading itself met the end that was planned for this start. */
static bool compare_shown(struct run *run)
{
    struct finding_log found = {0};
    struct shard *shard = &run->venue.shard;
    run->observer.findings = &found;
    observer_compare(&run->observer, shard->events, shard->genesis.shard);
    run->observer.findings = run->findings;
    if (run->disk.down || failure_was_planned(&run->disk)) {
        return false;
    }
    if (sim_found(&found)) {
        sim_find(run->findings, found.checker, "%s", found.detail);
    }
    return true;
}

/* A start leaves two sound logs, whatever it found. */
static void verify_logs(struct run *run)
{
    static const char *const logs[] = {SETUP_DATA "/commands", SETUP_DATA "/events"};
    for (size_t i = 0; i < ARRAY_COUNT(logs) && prng_chance(&run->prng, 1, 3); i++) {
        struct journal_report report;
        enum status status = journal_embedded_verify(&run->disk.base, logs[i], 0, &report);
        if (status != STATUS_OK && !failure_was_planned(&run->disk)) {
            sim_find(run->findings, "log", "%s after a start: %s", logs[i],
                     report.reason != NULL ? report.reason : status_name(status));
        }
    }
}

static void start_venue(struct run *run, int64_t now_ns)
{
    probe(run);
    plan_failure(run);
    enum status status = venue_open(&run->venue, run->config, run->setup->identity);
    run->result->counts.starts++;
    if (status != STATUS_OK) {
        bool planned = run->disk.down || failure_was_planned(&run->disk);
        if (!planned) {
            sim_find(run->findings, "recovery", "%s", run->venue.reason);
        }
        count_failure(run);
        sim_disk_restart(&run->disk);
        run->start_ns = now_ns + MS;
        return;
    }
    run->open = true;
    run->result->counts.from_snapshots += run->venue.shard.base.commands.sequence != 0;
    if (!compare_shown(run)) {
        venue_is_gone(run, now_ns);
        return;
    }
    verify_logs(run);
    ASSERT(observer_connect(&run->observer, run->venue.hub) == STATUS_OK);
    for (size_t i = 0; i < SETUP_SESSIONS; i++) {
        seat_connect(&run->seats[i], run->venue.hub);
    }
    if (run->desk_count > 0) {
        gate_open(&run->gate, run->venue.hub, run->setup->identity);
    }
}

static void stop_cleanly(struct run *run, int64_t now_ns)
{
    leave_all(run);
    enum status status = venue_flush(&run->venue);
    enum status closed = venue_close(&run->venue, status == STATUS_OK);
    run->open = false;
    run->start_ns = now_ns + prng_between(&run->prng, 0, 5 * MS);
    bool planned = run->disk.down || failure_was_planned(&run->disk);
    if ((status != STATUS_OK || closed != STATUS_OK) && !planned) {
        sim_find(run->findings, "recovery", "a clean stop failed: %s", run->venue.reason);
    }
    run->result->counts.stops++;
    count_failure(run);
    /* The machine may lose power behind it. */
    if (!run->calm && !run->disk.down && prng_chance(&run->prng, 1, 2)) {
        sim_disk_crash(&run->disk, SIM_CRASH_LOST);
    }
    sim_disk_restart(&run->disk);
}

/* -- what goes wrong -------------------------------------------------------------------------- */

/* What the other process does beside the venue, all at once here. It may meet the end that is
 * planned for this start as well. */
static void make_snapshot(struct run *run)
{
    struct snapshot_made made;
    char reason[SHARD_REASON_BYTES] = "";
    enum status status = snapshot_make(SETUP_DATA, true, &made, reason);
    bool planned = run->disk.down || failure_was_planned(&run->disk);
    if (status == STATUS_OK) {
        run->result->counts.snapshots += !made.nothing_new;
    } else if (!planned && status != STATUS_AGAIN) {
        sim_find(run->findings, "snapshot", "%s: %s", status_name(status), reason);
    }
}

/* A mode for the orders of a participant's group; once, the rules of the newer release. What the
 * commands become is seen in the log: a venue that fails here says so in its next turn. */
static void operate(struct run *run)
{
    struct command command = {0};
    if (engine_logic(run->venue.shard.engine) < LOGIC_NEWEST) {
        if (prng_chance(&run->prng, 2, 3)) {
            return; /* the older release had no such commands */
        }
        command.header.id = COMMAND_LOGIC_VERSION;
        command.header.version = COMMAND_LOGIC_VERSION_VERSION;
        command.logic_version.logic_version = LOGIC_NEWEST;
        run->result->counts.upgrades++;
    } else {
        command.header.id = COMMAND_SET_GROUP;
        command.header.version = COMMAND_SET_GROUP_VERSION;
        command.set_group = (struct command_set_group){
            .self_trade_group = (uint32_t)prng_between(&run->prng, 1, SETUP_PARTICIPANTS),
            .mode =
                (enum self_trade)prng_between(&run->prng, SELF_TRADE_NONE, SELF_TRADE_DECREMENT)};
        run->result->counts.groups_set++;
    }
    enum status status = venue_submit(&run->venue, &command);
    (void)status;
}

static void misfortune(struct run *run, int64_t now_ns)
{
    const struct climate *climate = &run->climate;
    uint64_t turns = UINT64_C(100000) * length_of(run);
    struct run_counts *counts = &run->result->counts;
    if (prng_chance(&run->prng, climate->jumps, 100000)) {
        sim_clock_jump(prng_between(&run->prng, -500 * MS, 300 * MS));
        counts->jumps++;
    }
    if (prng_chance(&run->prng, climate->pauses, 100000)) {
        sim_clock_advance(prng_between(&run->prng, 10 * MS, 300 * MS));
        counts->pauses++;
    }
    if (run->open && prng_chance(&run->prng, climate->snapshots, turns)) {
        make_snapshot(run);
    }
    if (run->open && prng_chance(&run->prng, climate->operator_acts, turns)) {
        operate(run);
    }
    if (run->open && prng_chance(&run->prng, climate->kills, turns)) {
        sim_disk_kill(&run->disk);
        run->disk.crash_at_call = 0;
        run->killed = true;
        counts->kills++;
        venue_is_gone(run, now_ns);
    } else if (run->open && prng_chance(&run->prng, climate->stops, turns)) {
        stop_cleanly(run, now_ns);
    }
}

/* One turn of the world. */
static void turn(struct run *run)
{
    run->result->counts.turns++;
    sim_clock_advance(prng_between(&run->prng, 1000, TURN_MAX));
    int64_t now_ns = host_clock_monotonic_ns();
    sim_workers_run();
    if (!run->open && now_ns >= run->start_ns) {
        start_venue(run, now_ns);
    }
    bool works = true;
    for (size_t i = 0; i < SETUP_SESSIONS && works && run->open; i++) {
        works = seat_tick(&run->seats[i], now_ns);
    }
    bool gated = run->gate.loop != NULL;
    if (run->open && works && gated) {
        works = gate_tick(&run->gate) == STATUS_OK;
    }
    if (run->open && works) {
        works = venue_tick(&run->venue) == STATUS_OK;
    }
    if (run->open && works && gated) {
        gate_flush(&run->gate);
    }
    for (size_t i = 0; i < run->desk_count; i++) {
        desk_tick(&run->desks[i]);
    }
    if (run->open && (!works || run->disk.down)) {
        bool planned = run->disk.down || failure_was_planned(&run->disk);
        if (!planned) {
            sim_find(run->findings, "recovery", "the venue stopped: %s", run->venue.reason);
        }
        venue_is_gone(run, now_ns);
    }
    if (!run->calm) {
        misfortune(run, now_ns);
    }
}

static uint64_t sent(const struct run *run)
{
    uint64_t count = 0;
    for (size_t i = 0; i < SETUP_SESSIONS; i++) {
        count += run->seats[i].counts.sent;
    }
    return count;
}

static bool is_at_rest(const struct run *run)
{
    bool rest = run->open && !venue_busy(&run->venue);
    for (size_t i = 0; i < SETUP_SESSIONS; i++) {
        rest = rest && seat_is_idle(&run->seats[i]);
    }
    for (size_t i = 0; i < run->desk_count; i++) {
        rest = rest && desk_is_idle(&run->desks[i]);
    }
    return rest;
}

/* Nothing new and nothing wrong: everything that is under way must find its end. */
static void come_to_rest(struct run *run)
{
    run->calm = true;
    /* The disk may have failed, and the venue not know it yet: that is what was planned, too. */
    if (run->open && failure_was_planned(&run->disk)) {
        venue_is_gone(run, host_clock_monotonic_ns());
    }
    run->result->counts.disk_calls = run->disk.calls;
    run->result->counts.disk_reads = run->disk.reads;
    run->disk.crash_at_call = 0;
    run->disk.error_at_call = 0;
    run->disk.error_at_read = 0;
    for (size_t i = 0; i < SETUP_SESSIONS; i++) {
        struct seat_weather *weather = &run->seats[i].weather;
        *weather = (struct seat_weather){.latency_most_ns = weather->latency_most_ns};
        run->seats[i].quiet = true;
    }
    sim_net_calm();
    for (size_t i = 0; i < run->desk_count; i++) {
        run->desks[i].quiet = true;
    }
    for (uint32_t i = 0; i < REST_MAX && !is_at_rest(run) && !sim_found(run->findings); i++) {
        turn(run);
    }
    if (!is_at_rest(run)) {
        sim_find(run->findings, "progress", "after %u quiet turns the venue is %s", REST_MAX,
                 run->open ? "open, and a client has no answer" : "down");
    }
}

static void close_the_books(struct run *run)
{
    struct run_counts *counts = &run->result->counts;
    if (!run->open) {
        return;
    }
    leave_all(run); /* the gateway ends its sessions in the log */
    if (venue_flush(&run->venue) != STATUS_OK) {
        sim_find(run->findings, "recovery", "the last flush failed: %s", run->venue.reason);
    }
    audit_book(&run->venue, run->findings);
    uint64_t state = audit_state(&run->venue);
    struct command_genesis genesis = run->venue.shard.genesis;
    if (venue_close(&run->venue, true) != STATUS_OK) {
        sim_find(run->findings, "recovery", "the last stop failed: %s", run->venue.reason);
    }
    run->open = false;
    audit_logs(&run->disk.base, &genesis, run->findings);
    for (size_t i = 0; i < SETUP_SESSIONS; i++) {
        const struct seat *seat = &run->seats[i];
        audit_refused(&run->disk.base, seat->refusals, seat->refusal_count, run->findings);
    }
    if (sim_found(run->findings)) {
        return;
    }
    start_venue(run, host_clock_monotonic_ns());
    if (run->open) {
        struct sequencer_counts total;
        sequencer_count(run->venue.shard.sequencer, &total);
        counts->commands = total.commands;
        counts->events = total.events;
        if (audit_state(&run->venue) != state) {
            sim_find(run->findings, "same state", "a start computes another state");
        }
        leave_all(run);
        enum status closed = venue_close(&run->venue, true);
        (void)closed; /* the audit was before */
        run->open = false;
    }
    run->result->digest = hash_fold(run->observer.digest ^ state, counts->turns + 1) ^
                          hash_mix64(run->disk.calls) ^ hash_mix64(counts->events << 20);
}

static void open_world(struct run *run)
{
    if (run->options->point != NULL) {
        still_climate(run);
    } else {
        choose_climate(run);
    }
    run->config = prng_chance(&run->prng, 1, 2) ? run->setup->old_config : run->setup->config;
    /* Some lives cross midnight. */
    int64_t wall_ns = WALL_NS - WALL_NS % DAY_NS + 12 * DAY_NS / 24;
    if (prng_chance(&run->prng, 1, 4)) {
        wall_ns = WALL_NS - WALL_NS % DAY_NS + DAY_NS - prng_between(&run->prng, 0, 400) * MS;
    }
    sim_seam_begin(wall_ns, prng_next(&run->prng));
    sim_workers_set_latency(20000, run->climate.disk_most_ns);
    sim_disk_init(&run->disk, prng_next(&run->prng));
    sim_seam_use_disk(&run->disk);
    sim_net_begin(prng_next(&run->prng), run->climate.seat.latency_most_ns,
                  run->options->point != NULL ? 0 : often(run, 400));
    bool seats_alone = run->options->history != NULL || run->options->point != NULL;
    run->desk_count = seats_alone ? 0 : SETUP_DESKS;
    for (size_t i = 0; i < run->desk_count; i++) {
        desk_open(&run->desks[i], i % 2 == 0 ? DOJIMA_OUCH : DOJIMA_NATIVE, &run->setup->keys[i],
                  prng_next(&run->prng), run->findings);
    }
    observer_init(&run->observer, run->findings);
    for (uint32_t i = 0; i < SETUP_SESSIONS; i++) {
        struct seat *seat = &run->seats[i];
        seat_init(seat, i + 1, prng_next(&run->prng), run->findings);
        seat->participant = setup_participant(i + 1);
        seat->account = seat->participant;
        seat->weather = run->climate.seat;
        seat->newest_rules = run->config == run->setup->config;
        seat->history = run->options->history;
    }
}

static void count_up(struct run *run)
{
    struct run_counts *counts = &run->result->counts;
    counts->shown = run->observer.shown;
    for (size_t i = 0; i < SETUP_SESSIONS; i++) {
        const struct seat *seat = &run->seats[i];
        counts->sent += seat->counts.sent;
        counts->again += seat->counts.again;
        counts->fills += seat->counts.fills;
        counts->fenced += seat->counts.fenced;
        counts->cuts += seat->counts.cuts;
        counts->refused += seat->counts.refused;
    }
    for (size_t i = 0; i < run->desk_count; i++) {
        counts->desk_events += run->desks[i].events;
        counts->desk_sent += run->desks[i].sent;
        counts->desk_restarts += run->desks[i].restarts;
    }
    counts->net_cuts = sim_net_cuts();
}

void run_seed(const struct setup *setup, const struct run_options *options,
              struct run_result *out_result)
{
    struct run *run = calloc(1, sizeof *run);
    ASSERT(run != NULL);
    *out_result = (struct run_result){0};
    run->setup = setup;
    run->options = options;
    run->result = out_result;
    run->findings = &out_result->findings;
    prng_init(&run->prng, options->seed);
    open_world(run);
    while (sent(run) < run->climate.commands && !sim_found(run->findings)) {
        turn(run);
    }
    if (!sim_found(run->findings)) {
        come_to_rest(run);
    }
    for (size_t i = 0; i < SETUP_SESSIONS; i++) {
        history_end(&run->seats[i]);
    }
    if (!sim_found(run->findings)) {
        close_the_books(run);
    }
    count_up(run);
    if (run->open) {
        venue_is_gone(run, 0);
    }
    for (size_t i = 0; i < run->desk_count; i++) {
        desk_close(&run->desks[i]);
    }
    observer_deinit(&run->observer);
    for (size_t i = 0; i < SETUP_SESSIONS; i++) {
        seat_deinit(&run->seats[i]);
    }
    sim_disk_deinit(&run->disk);
    free(run);
}
