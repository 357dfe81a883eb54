/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/feed_ladder.h"
#include "apps/dojima/settings.h"
#include "base/calendar.h"
#include "base/histogram.h"
#include "host/clock.h"
#include "host/signal.h"
#include "host/terminal.h"
#include "host/worker.h"
#include "wire/itch/describe.h"
#include "wire/itch/itch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SECOND_NS     INT64_C(1000000000)
#define DRAW_NS       (SECOND_NS / 10)
#define LOOK_NS       (SECOND_NS / 5) /* between looks whether somebody still reads */
#define WAIT_NS       1000000
#define PATH_BYTES    4200
#define LINE_BYTES    1024
#define STDOUT_NUMBER 1

enum feed_option {
    FEED_JSON,
    FEED_FROM,
    FEED_OVER,
    FEED_SYMBOL,
    FEED_QUIET,
    FEED_SECONDS,
    FEED_MESSAGES,
    FEED_USER,
    FEED_DROP,
    FEED_TRUST,
    FEED_PLAIN,
    FEED_INTERFACE,
    FEED_LATENCY,
    FEED_ADDRESSES, /* from here on, in the order of address_keys */
};

#define ADDRESS_COUNT 6u
static const enum config_key address_keys[ADDRESS_COUNT] = {
    CONFIG_FEED_SOUP_LISTEN, CONFIG_FEED_GLIMPSE_LISTEN,        CONFIG_FEED_GROUP_A,
    CONFIG_FEED_GROUP_B,     CONFIG_FEED_RETRANSMISSION_LISTEN, CONFIG_FEED_PROOF_GROUP,
};

const struct option_spec feed_options[] = {
    [FEED_JSON] = {"json", NULL, "each message, and the end, as a line of JSON", NULL},
    [FEED_FROM] = {"from", "snapshot|start", "where to begin (snapshot)", "snapshot start"},
    [FEED_OVER] = {"over", "lines|soup", "multicast lines A and B, or SoupBinTCP (lines)",
                   "lines soup"},
    [FEED_SYMBOL] = {"symbol", "NAME", "whose ladder to show (the one traded most)", NULL},
    [FEED_QUIET] = {"quiet", NULL, "no messages and no ladder, only the end", NULL},
    [FEED_SECONDS] = {"seconds", "N", "stop after so long (at Ctrl-C, or the session's end)", NULL},
    [FEED_MESSAGES] = {"messages", "N", "stop after so many messages", NULL},
    [FEED_USER] = {"user", "NAME", "name to log on with over TCP (READER)", NULL},
    [FEED_DROP] = {"drop", "PERCENT", "throw packets of the lines away, to try the repair", NULL},
    [FEED_TRUST] = {"trust", "FILE", "the venue's certificate (that of its data directory)", NULL},
    [FEED_PLAIN] = {"plain", NULL, "without TLS, on this machine alone", NULL},
    [FEED_INTERFACE] = {"interface", "ADDRESS", "where multicast is joined: feed.interface", NULL},
    [FEED_LATENCY] = {"latency", NULL,
                      "poll without sleeping, and tell how old messages were (same clock only)",
                      NULL},
    [FEED_ADDRESSES] = {"to", "HOST:PORT", "SoupBinTCP (and --over soup): feed.soup_listen", NULL},
    {"glimpse", "HOST:PORT", "snapshots: feed.glimpse_listen", NULL},
    {"group-a", "HOST:PORT", "line A: feed.group_a", NULL},
    {"group-b", "HOST:PORT", "line B: feed.group_b", NULL},
    {"retransmission", "ADDRESS", "who gives again: feed.retransmission_listen", NULL},
    {"proof", "HOST:PORT", "hashes to prove the books by: feed.proof_group", NULL},
    SETTINGS_OPTIONS,
    {NULL, NULL, NULL, NULL},
};

const char feed_details[] =
    "listen  joins the venue's market data, makes the books of all instruments from its ITCH\n"
    "        messages alone, and compares each hash that the venue publishes with its own. What\n"
    "        both lines lose is asked for again. On a terminal a live ladder is shown; otherwise\n"
    "        every message is a line.\n"
    "Addresses are those of the configuration that `dojima run` uses (feed.group_a, ...). With\n"
    "--to, --glimpse, --group-a, --group-b, --retransmission or --proof, only those named are "
    "used.\n"
    "A book that differs from the venue's is a failed check: exit 1.\n";

struct feed_job {
    struct settings settings;
    struct config *config;
    struct net_loop *loop;
    struct net_tls *tls;
    struct listener listener;
    struct feed_ladder ladder;
    struct listener_options options;
    char trust[PATH_BYTES];
    int64_t seconds;
    uint64_t messages_max; /* 0 = no bound */
    uint64_t messages;
    unsigned named; /* addresses on the command line: a bit by the place in address_keys */
    bool json;
    bool quiet;
    bool from_start;
    bool over_soup;
    bool draws;
    bool latency;
    struct histogram ages; /* ns from a message's timestamp, when its order was sequenced */
};

/* An option that is another name of a setting: the configuration checks it. */
static bool set(struct feed_job *job, const char *flag, enum config_key key, const char *value)
{
    struct settings *settings = &job->settings;
    if (settings->flag_count == SETTINGS_FLAGS_MAX) {
        complain("at most %d settings fit on a command line; put them into a file",
                 SETTINGS_FLAGS_MAX);
        return false;
    }
    settings->flags[settings->flag_count++] =
        (struct settings_flag){.flag = flag, .path = config_spec(key)->path, .value = value};
    return true;
}

static bool read_address(struct feed_job *job, const struct options *options)
{
    static const char *const flags[ADDRESS_COUNT] = {"--to",      "--glimpse",        "--group-a",
                                                     "--group-b", "--retransmission", "--proof"};
    unsigned number = (unsigned)(options->index - FEED_ADDRESSES);
    if (number >= ADDRESS_COUNT) {
        return false;
    }
    job->named |= 1u << number;
    return set(job, flags[number], address_keys[number], options->value);
}

static bool read_option(struct feed_job *job, const struct options *options)
{
    uint64_t number = 0;
    int word = 0;
    switch ((enum feed_option)options->index) {
    case FEED_JSON:
        job->json = true;
        return true;
    case FEED_FROM:
        if (!options_word(options, "snapshot start", &word)) {
            return false;
        }
        job->from_start = word == 1;
        return true;
    case FEED_OVER:
        if (!options_word(options, "lines soup", &word)) {
            return false;
        }
        job->over_soup = word == 1;
        return true;
    case FEED_SYMBOL:
        job->ladder.symbol = options->value;
        return true;
    case FEED_QUIET:
        job->quiet = true;
        return true;
    case FEED_SECONDS:
        if (!options_number(options, 1, 1000000000, &number)) {
            return false;
        }
        job->seconds = (int64_t)number;
        return true;
    case FEED_MESSAGES:
        return options_number(options, 1, UINT64_MAX, &job->messages_max);
    case FEED_USER:
        if (strlen(options->value) > SOUP_USERNAME_BYTES) {
            complain("--user takes at most %d characters", SOUP_USERNAME_BYTES);
            return false;
        }
        job->options.user = options->value;
        return true;
    case FEED_DROP:
        if (!options_number(options, 0, 90, &number)) {
            return false;
        }
        job->options.drop_percent = (unsigned)number;
        return true;
    case FEED_TRUST:
        (void)snprintf(job->trust, sizeof job->trust, "%s", options->value);
        return true;
    case FEED_PLAIN:
        return set(job, "--plain", CONFIG_TLS_ENABLED, "false");
    case FEED_INTERFACE:
        return set(job, "--interface", CONFIG_FEED_INTERFACE, options->value);
    case FEED_LATENCY:
        job->latency = true;
        return true;
    case FEED_ADDRESSES:
        break;
    }
    return read_address(job, options);
}

static bool is_enough(const struct feed_job *job)
{
    return job->messages_max != 0 && job->messages == job->messages_max;
}

static enum status print_message(const struct feed_job *job, uint64_t sequence,
                                 const uint8_t *message, size_t count)
{
    char bytes[LINE_BYTES];
    struct text text;
    if (job->quiet || job->draws) {
        return STATUS_OK;
    }
    text_init(&text, bytes, sizeof bytes);
    enum status status =
        itch_describe(message, count, job->json ? FIELDS_FOR_JSON : FIELDS_FOR_PEOPLE, &text);
    if (status == STATUS_OK) {
        printf(job->json ? "{\"sequence\":\"%" PRIu64 "\",\"message\":%s}\n" : "%" PRIu64 " %s\n",
               sequence, bytes);
    }
    return status;
}

static void record_age(struct feed_job *job, const uint8_t *message, size_t count)
{
    struct itch_header header;
    if (count < ITCH_system_event_BYTES) { /* the shortest */
        return;
    }
    itch_decode_header(message, &header);
    uint64_t now_ns = (uint64_t)host_clock_wall_ns() % CALENDAR_NS_PER_DAY;
    if (now_ns >= header.time_ns) { /* else midnight came between */
        histogram_record(&job->ages, now_ns - header.time_ns);
    }
}

static enum status on_message(void *context, uint64_t sequence, const uint8_t *message,
                              size_t count)
{
    struct feed_job *job = context;
    if (job->latency && job->listener.state == LISTENER_READS) {
        record_age(job, message, count);
    }
    enum status status = print_message(job, sequence, message, count);
    job->messages++;
    return status == STATUS_OK && is_enough(job) ? STATUS_END : status;
}

static void print_end(const struct feed_job *job, enum status status)
{
    const struct listener *listener = &job->listener;
    const struct listener_counts *counts = &listener->counts;
    const struct arbiter_counts *lines = &listener->arbiter.counts;
    if (job->json) {
        printf("{\"end\":\"%s\",\"next_sequence\":\"%" PRIu64 "\",\"messages\":%" PRIu64
               ",\"snapshot_messages\":%" PRIu64 ",\"orders\":%zu,\"hash\":\"%016" PRIx64
               "\",\"proofs\":%" PRIu64 ",\"packets\":%" PRIu64 ",\"gaps\":%" PRIu64
               ",\"requests\":%" PRIu64 ",\"reconnects\":%" PRIu64,
               status_name(status), listener->next, counts->messages, counts->snapshot_messages,
               listener->book.count, listener->book.hash, counts->proofs, lines->packets,
               lines->gaps, counts->requests, counts->reconnects);
        if (job->latency) {
            printf(",\"age_p50_ns\":%" PRIu64 ",\"age_p99_ns\":%" PRIu64,
                   histogram_percentile(&job->ages, 50, 100),
                   histogram_percentile(&job->ages, 99, 100));
        }
        printf("}\n");
        return;
    }
    printf("messages          %" PRIu64 ", the next is %" PRIu64 "\n", counts->messages,
           listener->next);
    if (counts->snapshot_messages > 0) {
        printf("in the snapshot   %" PRIu64 "\n", counts->snapshot_messages);
    }
    if (lines->packets > 0) {
        printf("packets           %" PRIu64 ", %" PRIu64 " messages twice, %" PRIu64
               " gaps, %" PRIu64 " requests\n",
               lines->packets, lines->again, lines->gaps, counts->requests);
    }
    printf("orders            %zu, hash %016" PRIx64 "\n", listener->book.count,
           listener->book.hash);
    printf("proofs            %" PRIu64 " equal to the venue's\n", counts->proofs);
    if (job->latency) {
        printf("age               p50 %.1f us, p99 %.1f us from the sequencing of the order\n",
               (double)histogram_percentile(&job->ages, 50, 100) / 1e3,
               (double)histogram_percentile(&job->ages, 99, 100) / 1e3);
    }
}

/* The configuration's address, or none where the command line names others only. */
static const char *address_of(const struct feed_job *job, enum config_key key)
{
    for (unsigned i = 0; i < ADDRESS_COUNT && job->named != 0; i++) {
        if (address_keys[i] == key && (job->named & 1u << i) == 0) {
            return "";
        }
    }
    return config_text(job->config, key);
}

/* The addresses, as far as they are asked for. */
static bool choose_addresses(struct feed_job *job)
{
    struct listener_options *options = &job->options;
    options->soup = address_of(job, CONFIG_FEED_SOUP_LISTEN);
    if (job->named != 0 && options->soup[0] != '\0') {
        job->over_soup = true;
    }
    if (!job->over_soup) {
        options->lines[0] = address_of(job, CONFIG_FEED_GROUP_A);
        options->lines[1] = address_of(job, CONFIG_FEED_GROUP_B);
        options->retransmission = address_of(job, CONFIG_FEED_RETRANSMISSION_LISTEN);
    }
    options->interface = config_text(job->config, CONFIG_FEED_INTERFACE);
    options->proof_group = address_of(job, CONFIG_FEED_PROOF_GROUP);
    options->snapshot = job->from_start ? NULL : address_of(job, CONFIG_FEED_GLIMPSE_LISTEN);
    if (!job->over_soup && options->lines[0][0] == '\0' && options->lines[1][0] == '\0') {
        complain("feed.group_a and feed.group_b are off: try --over soup");
        return false;
    }
    if (job->over_soup && options->soup[0] == '\0') {
        complain("feed.soup_listen is off: try --over lines");
        return false;
    }
    return true;
}

/* TCP is used by a snapshot and by --over soup. */
static enum status open_tls(struct feed_job *job)
{
    char reason[NET_REASON_BYTES];
    if (!config_flag(job->config, CONFIG_TLS_ENABLED) || (job->from_start && !job->over_soup)) {
        return STATUS_OK;
    }
    if (job->trust[0] == '\0' &&
        !settings_path(job->config, CONFIG_TLS_CERTIFICATE, job->trust, sizeof job->trust)) {
        return STATUS_CONFIG;
    }
    enum status status = net_tls_open_client(job->trust, &job->tls, reason);
    if (status != STATUS_OK) {
        complain("%s; name the venue's certificate with --trust", reason);
    }
    job->options.tls = job->tls;
    return status;
}

static enum status listen_until_the_end(struct feed_job *job)
{
    int64_t begin_ns = host_clock_monotonic_ns();
    int64_t drawn_ns = 0;
    int64_t looked_ns = begin_ns;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && host_signal_stop() == 0 && ferror(stdout) == 0) {
        net_loop_tick(job->loop, job->latency ? 0 : WAIT_NS);
        if (job->latency) {
            host_worker_yield(); /* it polls, and others may want its processor */
        }
        int64_t now_ns = host_clock_monotonic_ns();
        status = listener_tick(&job->listener, now_ns);
        if (status == STATUS_END && is_enough(job)) {
            status = STATUS_OK; /* our end, not the session's */
            break;
        }
        if (job->draws && now_ns - drawn_ns > DRAW_NS) {
            feed_ladder_draw(&job->ladder, &job->listener);
            drawn_ns = now_ns;
        }
        if (job->seconds != 0 && now_ns - begin_ns > job->seconds * SECOND_NS) {
            break;
        }
        if (now_ns - looked_ns > LOOK_NS) {
            if (host_terminal_reader_gone(STDOUT_FILENO)) {
                break; /* a quiet market might not write for hours, and so not learn it */
            }
            looked_ns = now_ns;
        }
    }
    if (job->draws) {
        feed_ladder_draw(&job->ladder, &job->listener);
        feed_ladder_end(&job->ladder);
    }
    return status;
}

static int listen(struct feed_job *job)
{
    if (!choose_addresses(job)) {
        return EXIT_CONFIGURATION;
    }
    enum status status = open_tls(job);
    if (status != STATUS_OK) {
        return status_exit_code(status);
    }
    job->options.loop = job->loop;
    job->options.on_message = on_message;
    job->options.context = job;
    job->draws = !job->json && !job->quiet && host_terminal_is(STDOUT_NUMBER);
    status = listener_open(&job->listener, &job->options, host_clock_monotonic_ns());
    if (status != STATUS_OK) {
        complain("the feed's addresses cannot be used: %s", status_sentence(status));
        return status_exit_code(status);
    }
    status = listen_until_the_end(job);
    print_end(job, status);
    int code = status == STATUS_IO ? EXIT_NO_CONNECTION : status_exit_code(status);
    if (status != STATUS_OK && status != STATUS_END) {
        complain("%s", job->listener.reason);
    }
    listener_close(&job->listener);
    return code;
}

static int read_options(struct feed_job *job, struct options *options)
{
    int next = options_next(options);
    while (next >= 0) {
        enum settings_taken taken = settings_take(&job->settings, options);
        bool good =
            taken == SETTINGS_TAKEN || (taken == SETTINGS_NOT_MINE && read_option(job, options));
        next = good ? options_next(options) : OPTIONS_BAD;
    }
    if (next == OPTIONS_END && (options_argument_count(options) != 1 ||
                                strcmp(options_argument(options, 0), "listen") != 0)) {
        complain("say what to do: dojima feed listen");
        next = OPTIONS_BAD;
    }
    return next;
}

int run_feed(const struct app_command *command, int argc, char **argv)
{
    static struct feed_job job; /* large, and one a process */
    job = (struct feed_job){.options = {.user = "READER", .password = ""}};
    struct options options;
    options_begin(&options, command, argc, argv);
    int next = read_options(&job, &options);
    if (next != OPTIONS_END) {
        return next == OPTIONS_HELP ? EXIT_OK : EXIT_BAD_INPUT;
    }
    enum status status = settings_load(&job.settings, &job.config);
    if (status != STATUS_OK) {
        return status_exit_code(status);
    }
    host_signal_catch_stop();
    int code = EXIT_CONFIGURATION;
    status = net_loop_open(&job.loop);
    if (status == STATUS_OK) {
        code = listen(&job);
        net_loop_close(job.loop);
    } else {
        complain("network: %s", status_sentence(status));
    }
    net_tls_close(job.tls);
    config_close(job.config);
    return code;
}
