/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/run.h"

#include "apps/dojima/settings.h"
#include "host/clock.h"
#include "host/machine.h"
#include "link/remote.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_BYTES     4200
#define OPEN_FILES_MIN 48u
#define SLEEP_BUSY_NS  50000    /* with run.idle = sleep, while the log's writer works */
#define SLEEP_SPIN_NS  1000000  /* run.idle = spin, after run.spin without anything to do */
#define SLEEP_NS       10000000 /* run.idle = sleep */

static bool has_role(const struct running *running, enum config_role role)
{
    return (running->roles & (unsigned)role) != 0;
}

static int64_t on_clock(void *context)
{
    (void)context;
    return host_clock_monotonic_ns();
}

static void on_shutdown(void *context)
{
    struct running *running = context;
    running->stop_asked = true;
}

static void figures(void *context, admin_put *put, void *put_context)
{
    const struct running *running = context;
    if (!running->venue_is_open) {
        return;
    }
    struct sequencer_counts counts;
    struct engine_counts state;
    sequencer_count(running->venue.shard.sequencer, &counts);
    engine_count(running->venue.shard.engine, &state);
    put(put_context, "commands", counts.commands);
    put(put_context, "events", counts.events);
    put(put_context, "released", counts.released);
    put(put_context, "live_orders", state.orders);
    put(put_context, "price_levels", state.levels);
    put(put_context, "instruments", state.instruments);
    put(put_context, "accounts", state.accounts);
    if (running->gateway == NULL) { /* a gateway here has counted what it told its clients */
        put(put_context, "not_sequenced", running->venue.counts.refused_at_the_door);
    }
    put(put_context, "refused_for_space", running->venue.counts.refused_for_space);
    put(put_context, "log_segments_of_room", running->venue.reserve.segments);
    const struct snapshot_plan *plan = &running->snapshots.plan;
    uint64_t durable = journal_durable(running->venue.shard.commands);
    put(put_context, "snapshot_command", plan->last_command);
    put(put_context, "restart_replay_ms", (uint64_t)snapshot_replay_ns(plan, durable) / 1000000);
    put(put_context, "logic", engine_logic(running->venue.shard.engine));
    put(put_context, "logic_newest", LOGIC_NEWEST);
    put(put_context, "ticks", running->venue.counts.ticks);
}

static bool hop_at(void *context, size_t index, struct admin_hop *out_hop)
{
    struct running *running = context;
    if (!running->venue_is_open || index >= HOP_COUNT) {
        return false;
    }
    struct histogram *histogram = &running->venue.hops.histograms[index];
    *out_hop = (struct admin_hop){.name = hop_name((enum hop)index),
                                  .count = histogram->count,
                                  .p50_ns = histogram_percentile(histogram, 50, 100),
                                  .p99_ns = histogram_percentile(histogram, 99, 100),
                                  .max_ns = histogram->value_max};
    *histogram = (struct histogram){0};
    return true;
}

static enum status refuse(enum status status, const char *what, const char *why)
{
    complain("%s: %s", what, why);
    return status;
}

static enum status open_identity(struct running *running)
{
    struct identity_options options = {
        .disk = host_disk_posix(),
        .directory = config_text(running->config, CONFIG_DATA_DIRECTORY),
    };
    struct identity_fault fault = {0};
    struct host_disk *disk = options.disk;
    enum status made = disk->ops->make_directory(disk, options.directory);
    if (made != STATUS_OK && made != STATUS_EXISTS) {
        return refuse(made, options.directory,
                      "this data directory cannot be made: name another with --data");
    }
    enum status status = identity_open(&options, &running->identity, &fault);
    if (status == STATUS_NOT_FOUND && has_role(running, CONFIG_ROLE_ENGINE)) {
        status =
            identity_create_first_run(&options, &running->identity, running->credentials, &fault);
        running->first_run = status == STATUS_OK;
    }
    return status == STATUS_OK ? STATUS_OK : refuse(status, "identity store", fault.reason);
}

static enum status open_tls(struct running *running)
{
    const struct config *config = running->config;
    char certificate[PATH_BYTES];
    char key[PATH_BYTES];
    char reason[NET_REASON_BYTES];
    if (!config_flag(config, CONFIG_TLS_ENABLED)) {
        return STATUS_OK;
    }
    if (!settings_path(config, CONFIG_TLS_CERTIFICATE, certificate, sizeof certificate) ||
        !settings_path(config, CONFIG_TLS_KEY, key, sizeof key)) {
        return STATUS_CONFIG;
    }
    enum status status = net_tls_open_server(certificate, key, &running->tls, reason);
    if (status == STATUS_CONFIG && running->first_run) {
        status = net_certificate_make("dojima", certificate, key, reason);
        if (status == STATUS_OK) {
            status = net_tls_open_server(certificate, key, &running->tls, reason);
        }
    }
    return status == STATUS_OK ? STATUS_OK : refuse(status, certificate, reason);
}

/* "unix:" and a path of the configuration; false: it is off. */
static bool socket_address(const struct config *config, enum config_key key, char *out_address)
{
    char path[PATH_BYTES - sizeof "unix:"];
    if (config_text(config, key)[0] == '\0' || !settings_path(config, key, path, sizeof path)) {
        return false;
    }
    snprintf(out_address, PATH_BYTES, "unix:%.*s", PATH_BYTES - 6, path);
    return true;
}

static enum status open_venue(struct running *running)
{
    if (!has_role(running, CONFIG_ROLE_ENGINE)) {
        return STATUS_OK;
    }
    int64_t begin_ns = host_clock_monotonic_ns();
    enum status status = venue_open(&running->venue, running->config, running->identity);
    int64_t took_ns = host_clock_monotonic_ns() - begin_ns;
    shard_tell_cuts(&running->venue.shard);
    if (status == STATUS_OK && running->venue.shard.was_begun && running->venue.shard.empty) {
        complain("%s has no log, only what is left of one: a new log begins at sequence 1",
                 config_text(running->config, CONFIG_DATA_DIRECTORY));
    }
    if (status != STATUS_OK) {
        return refuse(status, "venue", running->venue.reason);
    }
    running->venue_is_open = true;
    running->venue.loop = running->loop;
    const struct snapshot_head *base = &running->venue.shard.base;
    struct snapshot_plan plan = {
        .replay_per_s =
            running->venue.replay_per_s != 0 ? running->venue.replay_per_s : base->replay_per_s,
        .load_ns = running->venue.replay_ns > 0 ? took_ns - running->venue.replay_ns : 0,
        .last_command = base->commands.sequence,
        .last_ns = running->busy_ns,
    };
    snapshot_schedule_open(&running->snapshots, running->config, &plan);
    char address[PATH_BYTES];
    if (socket_address(running->config, CONFIG_LINK_SOCKET, address)) {
        status = link_server_open(running->venue.hub, running->loop, address,
                                  running->venue.shard.genesis.shard, &running->server);
    }
    return status == STATUS_OK ? STATUS_OK : refuse(status, address, status_sentence(status));
}

static void nothing_entry(void *context, const struct stream_entry *entry)
{
    (void)context;
    (void)entry;
}

static void nothing_live(void *context, struct stream_key key, uint64_t last_number)
{
    (void)context;
    (void)key;
    (void)last_number;
}

static void nothing_refused(void *context, uint32_t session, uint64_t input_sequence,
                            struct port_refusal refusal)
{
    (void)context;
    (void)session;
    (void)input_sequence;
    (void)refusal;
}

static void nothing_lost(void *context)
{
    (void)context;
}

/* A port for a part that puts its own handler into it. */
static enum status open_port(struct running *running, struct port **out_port)
{
    static const struct port_handler nothing = {
        .on_entry = nothing_entry,
        .on_live = nothing_live,
        .on_refused = nothing_refused,
        .on_lost = nothing_lost,
    };
    if (running->venue_is_open) {
        return hub_port_open(running->venue.hub, &nothing, NULL, out_port);
    }
    char address[PATH_BYTES];
    if (!socket_address(running->config, CONFIG_LINK_SOCKET, address)) {
        return refuse(STATUS_CONFIG, "link.socket",
                      "a process without the engine role needs it to reach the venue");
    }
    enum status status = port_remote_open(running->loop, address, &nothing, NULL, out_port);
    return status == STATUS_OK
               ? STATUS_OK
               : refuse(status, address,
                        status == STATUS_UNSUPPORTED
                            ? "the engine there is of a release that speaks another version of the "
                              "link: start both of one release"
                            : "no engine answers there: start one with `dojima run --role engine` "
                              "on the same data directory");
}

static enum status listen_at(struct running *running, enum gateway_protocol protocol,
                             enum config_key key)
{
    const char *address = config_text(running->config, key);
    if (address[0] == '\0') {
        return STATUS_OK;
    }
    enum status status = gateway_listen(running->gateway, protocol, address, running->tls, NULL);
    return status == STATUS_OK ? STATUS_OK : refuse(status, address, status_sentence(status));
}

static enum status open_admin(struct running *running)
{
    char address[PATH_BYTES];
    if (!socket_address(running->config, CONFIG_CTL_SOCKET, address)) {
        return STATUS_OK;
    }
    struct admin_options options = {
        .loop = running->loop,
        .address = address,
        .gateway = running->gateway,
        .figures = figures,
        .hops = hop_at,
        .on_shutdown = on_shutdown,
        .context = running,
    };
    enum status status = open_port(running, &options.port);
    if (status != STATUS_OK) {
        return status;
    }
    status = admin_open(&options, &running->admin);
    if (status != STATUS_OK) {
        port_close(options.port);
        return refuse(status, address, status_sentence(status));
    }
    return STATUS_OK;
}

static enum status open_gateway(struct running *running)
{
    if (!has_role(running, CONFIG_ROLE_GATEWAY)) {
        return STATUS_OK;
    }
    const struct config *config = running->config;
    struct gateway_options options = {
        .loop = running->loop,
        .identity = running->identity,
        .clock = on_clock,
        .limits = {.connections_max = (uint32_t)config_number(config, CONFIG_LIMITS_CONNECTIONS),
                   .login_timeout_ns = config_number(config, CONFIG_SESSION_LOGON_TIMEOUT),
                   .heartbeat_ns = config_number(config, CONFIG_SESSION_HEARTBEAT),
                   .silence_ns = config_number(config, CONFIG_SESSION_TIMEOUT),
                   .out_bytes_max = (size_t)config_number(config, CONFIG_SESSION_BUFFER_BYTES)},
    };
    enum status status = open_port(running, &options.port);
    if (status != STATUS_OK) {
        return status;
    }
    status = gateway_open(&options, &running->gateway);
    if (status != STATUS_OK) {
        port_close(options.port);
        return refuse(status, "gateway", status_sentence(status));
    }
    status = listen_at(running, GATEWAY_OUCH, CONFIG_OUCH_LISTEN);
    if (status == STATUS_OK) {
        status = listen_at(running, GATEWAY_NATIVE, CONFIG_NATIVE_LISTEN);
    }
    return status == STATUS_OK ? open_admin(running) : status;
}

static enum status open_feed(struct running *running)
{
    if (!has_role(running, CONFIG_ROLE_FEED)) {
        return STATUS_OK;
    }
    struct port *port;
    enum status status = open_port(running, &port);
    if (status != STATUS_OK) {
        return status;
    }
    const struct config *config = running->config;
    struct feed_options options = {
        .port = port,
        .loop = running->loop,
        .tls = running->tls,
        .session = config_text(config, CONFIG_VENUE_NAME),
        .soup_listen = config_text(config, CONFIG_FEED_SOUP_LISTEN),
        .glimpse_listen = config_text(config, CONFIG_FEED_GLIMPSE_LISTEN),
        .group_a = config_text(config, CONFIG_FEED_GROUP_A),
        .group_b = config_text(config, CONFIG_FEED_GROUP_B),
        .proof_group = config_text(config, CONFIG_FEED_PROOF_GROUP),
        .interface = config_text(config, CONFIG_FEED_INTERFACE),
        .ttl = (unsigned)config_number(config, CONFIG_FEED_TTL),
        .retransmission_listen = config_text(config, CONFIG_FEED_RETRANSMISSION_LISTEN),
        .buffer_bytes = (size_t)config_number(config, CONFIG_FEED_BUFFER_BYTES),
    };
    const char *failed = "";
    status = feed_open(&options, &running->feed, &failed);
    if (status != STATUS_OK) {
        port_close(port);
        return refuse(status, failed, status_sentence(status));
    }
    return STATUS_OK;
}

/* Before any other thread is there. */
static enum status take_processor(const struct running *running)
{
    const char *text = config_text(running->config, CONFIG_RUN_CORE);
    if (strcmp(text, "any") == 0) {
        return STATUS_OK;
    }
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0') {
        complain("run.core is a processor's number from 0, or any, not '%s'", text);
        return STATUS_CONFIG;
    }
    enum status status = host_machine_take_processor((unsigned)number);
    if (status == STATUS_OK) {
        return STATUS_OK;
    }
    complain(
        "run.core: %s %s; `taskset -pc $$` says which processors a process may use, any leaves it "
        "to the kernel",
        status == STATUS_NOT_FOUND ? "this process has no processor"
        : status == STATUS_INVALID ? "the other threads have no place besides processor"
                                   : "the kernel refuses processor",
        text);
    return STATUS_CONFIG;
}

/* Before anything is made, as the identity store whose passwords are shown once. */
static enum status check_open_files(void)
{
    unsigned free = host_machine_free_files(OPEN_FILES_MIN);
    if (free >= OPEN_FILES_MIN) {
        return STATUS_OK;
    }
    complain("only %u more files may be open, and a venue needs %u and one a connection: raise the "
             "limit, as with `ulimit -n 4096`",
             free, OPEN_FILES_MIN);
    return STATUS_NO_FILES;
}

enum status running_open(struct running *running, const struct config *config)
{
    *running = (struct running){.config = config,
                                .roles = config_words(config, CONFIG_RUN_ROLES),
                                .busy_ns = host_clock_monotonic_ns()};
    enum status status = check_open_files();
    if (status == STATUS_OK) {
        status = take_processor(running);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = net_loop_open(&running->loop);
    if (status != STATUS_OK) {
        return refuse(status, "network", status_sentence(status));
    }
    status = open_identity(running);
    if (status == STATUS_OK) {
        status = open_tls(running);
    }
    if (status == STATUS_OK) {
        status = open_venue(running);
    }
    if (status == STATUS_OK) {
        status = open_gateway(running);
    }
    if (status == STATUS_OK) {
        status = open_feed(running);
    }
    if (status != STATUS_OK) {
        enum status closed = running_close(running, status);
        (void)closed; /* the first failure is the one to tell */
    }
    return status;
}

/* How long the loop may sleep in the poll. */
static int64_t wait_ns(const struct running *running, int64_t now_ns)
{
    bool spin = config_word(running->config, CONFIG_RUN_IDLE) == CONFIG_IDLE_SPIN;
    if ((running->venue_is_open && venue_busy(&running->venue)) ||
        (running->feed != NULL && feed_busy(running->feed))) {
        return spin ? 0 : SLEEP_BUSY_NS; /* the log's writer wakes nobody */
    }
    if (now_ns - running->busy_ns < config_number(running->config, CONFIG_RUN_SPIN)) {
        return 0;
    }
    return spin ? SLEEP_SPIN_NS : SLEEP_NS;
}

static enum status tick_parts(struct running *running)
{
    enum status status = STATUS_OK;
    if (running->gateway != NULL) {
        status = gateway_tick(running->gateway);
    }
    if (status == STATUS_OK && running->admin != NULL) {
        status = admin_tick(running->admin);
    }
    if (status == STATUS_OK && running->venue_is_open) {
        status = venue_tick(&running->venue);
        if (status != STATUS_OK) {
            complain("the venue stops: %s", running->venue.reason);
            return status;
        }
    }
    /* What was released leaves at once: who sent it hears of it before the public does. */
    net_loop_flush(running->loop);
    hops_sent(&running->venue.hops);
    if (status == STATUS_OK && running->feed != NULL) {
        status = feed_tick(running->feed, host_clock_monotonic_ns());
    }
    if (status == STATUS_END) {
        complain("the engine has stopped");
    } else if (status != STATUS_OK) {
        complain("the venue is gone: %s", status_sentence(status));
    }
    return status;
}

enum status running_tick(struct running *running)
{
    int64_t now_ns = host_clock_monotonic_ns();
    bool found = net_loop_tick(running->loop, wait_ns(running, now_ns));
    enum status status = tick_parts(running);
    if (running->venue_is_open && status == STATUS_OK) {
        snapshot_schedule_tick(&running->snapshots, journal_durable(running->venue.shard.commands),
                               now_ns);
    }
    /* Whoever sent something sends more: a loop that went to sleep between orders would be woken
     * for each. */
    if (found || (running->venue_is_open && venue_busy(&running->venue))) {
        running->busy_ns = net_loop_polled_ns(running->loop);
    }
    if (running->venue_is_open && running->venue.reserve.state == RESERVE_GONE) {
        running->stop_asked = true;
    }
    return status;
}

void running_stop(struct running *running)
{
    if (running->venue_is_open && venue_flush(&running->venue) != STATUS_OK) {
        return;
    }
    int64_t end_ns = host_clock_monotonic_ns() + config_number(running->config, CONFIG_RUN_DRAIN);
    enum session_note note =
        running->venue_is_open ? SESSION_NOTE_VENUE_STOPS : SESSION_NOTE_GATEWAY_STOPS;
    bool gone = running->gateway == NULL;
    while (!gone && host_clock_monotonic_ns() < end_ns) {
        net_loop_tick(running->loop, SLEEP_SPIN_NS);
        gone = gateway_stop(running->gateway, note);
        if (tick_parts(running) != STATUS_OK) {
            return;
        }
    }
}

enum status running_close(struct running *running, enum status ended)
{
    enum status status = ended;
    if (running->venue_is_open && status == STATUS_OK) {
        status = venue_flush(&running->venue);
    }
    feed_close(running->feed);
    admin_close(running->admin);
    gateway_close(running->gateway);
    if (status == STATUS_OK) {
        link_server_end(running->server);
    }
    link_server_close(running->server);
    snapshot_schedule_close(&running->snapshots);
    if (running->venue_is_open) {
        enum status closed = venue_close(&running->venue, status == STATUS_OK);
        if (status == STATUS_OK && closed != STATUS_OK) {
            complain("the log could not be closed: %s", status_sentence(closed));
            status = closed;
        }
    }
    net_loop_close(running->loop);
    net_tls_close(running->tls);
    identity_close(running->identity);
    *running = (struct running){0};
    return status;
}
