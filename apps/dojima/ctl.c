/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/settings.h"
#include "host/clock.h"
#include "net/net.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define ANSWER_BYTES_MAX NET_IN_BYTES
#define TIMEOUT_NS       INT64_C(5000000000)
#define WAIT_NS          INT64_C(100000000)
#define PATH_BYTES       4200

enum ctl_option {
    CTL_JSON,
    CTL_REASON,
    CTL_SOCKET,
    CTL_SETTINGS, /* first of SETTINGS_OPTIONS */
};

const struct option_spec ctl_options[] = {
    [CTL_JSON] = {"json", NULL, "the venue's answer as it came: one JSON object", NULL},
    [CTL_REASON] = {"reason", "WORD", "halt, resume, close: why (operator)",
                    "operator scheduled news volatility technical"},
    [CTL_SOCKET] = {"socket", "PATH", "the venue's socket (ctl.socket in its data directory)",
                    NULL},
    SETTINGS_OPTIONS,
    {NULL, NULL, NULL, NULL},
};

const char ctl_details[] =
    "status                  counts of the running venue\n"
    "sessions                who is or was logged on\n"
    "hops                    where the time of an order went in the venue, since it was last "
    "asked\n"
    "instruments             what is listed, and its phase\n"
    "halt|resume|close NAME  stops or opens trading in an instrument; '*' is all of them\n"
    "block|unblock KIND N    the kill switch for a participant, account or session: new orders\n"
    "                        and replaces are refused, cancels pass\n"
    "group N MODE            what happens when orders of self-trade group N would trade: none\n"
    "                        (they do), cancel_newest, cancel_oldest, cancel_both, decrement\n"
    "logic N                 later rules of the engine apply from here, for good, and earlier\n"
    "                        releases cannot open the log any more; see `status`: logic\n"
    "shutdown                a clean stop\n"
    "The socket takes root and the venue's own user only. Exit 4: nobody answers; 7: refused.\n";

struct ctl {
    struct settings settings;
    const char *socket;
    const char *reason;
    char path[PATH_BYTES];
    char line[1024]; /* the question */
    char answer[ANSWER_BYTES_MAX];
    size_t answer_count;
    bool json;
    bool answered;
    bool closed;
};

static void on_opened(void *context, struct net_connection *connection)
{
    struct ctl *ctl = context;
    if (!net_send(connection, ctl->line, strlen(ctl->line))) {
        net_cut(connection, "no room for the request");
    }
}

static size_t on_bytes(void *context, struct net_connection *connection, const uint8_t *bytes,
                       size_t count)
{
    struct ctl *ctl = context;
    const uint8_t *end = memchr(bytes, '\n', count);
    size_t taken = end == NULL ? count : (size_t)(end - bytes);
    if (taken > sizeof ctl->answer - ctl->answer_count) {
        net_cut(connection, "the answer is too long");
        return count;
    }
    memcpy(ctl->answer + ctl->answer_count, bytes, taken);
    ctl->answer_count += taken;
    ctl->answered = ctl->answered || end != NULL;
    return count;
}

static void on_closed(void *context, struct net_connection *connection, const char *reason)
{
    struct ctl *ctl = context;
    (void)connection;
    (void)reason;
    ctl->closed = true;
}

/* Sends the line and waits for the answer. */
static enum status ask(struct ctl *ctl)
{
    char address[PATH_BYTES + 8];
    snprintf(address, sizeof address, "unix:%s", ctl->path);
    struct net_options options = {
        .address = address,
        .handler = {.on_opened = on_opened, .on_bytes = on_bytes, .on_closed = on_closed},
        .context = ctl,
    };
    struct net_loop *loop;
    struct net_connection *connection;
    enum status status = net_loop_open(&loop);
    if (status != STATUS_OK) {
        return status;
    }
    status = net_connect(loop, &options, &connection);
    int64_t end_ns = host_clock_monotonic_ns() + TIMEOUT_NS;
    while (status == STATUS_OK && !ctl->answered && !ctl->closed &&
           host_clock_monotonic_ns() < end_ns) {
        net_loop_tick(loop, WAIT_NS);
    }
    net_loop_close(loop);
    return status == STATUS_OK && !ctl->answered ? STATUS_IO : status;
}

static void print_status(json_t *object)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        printf("%-24s %lld\n", name, (long long)json_integer_value(value));
    }
}

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text == NULL ? "" : text;
}

static long long number_of(const json_t *row, const char *name)
{
    return (long long)json_integer_value(json_object_get(row, name));
}

static void print_sessions(const json_t *list)
{
    size_t index;
    json_t *row;
    printf("%-8s %-7s %-8s %-5s %11s %12s %14s  %s\n", "session", "name", "protocol", "live",
           "incarnation", "next number", "input sequence", "peer");
    json_array_foreach(list, index, row)
    {
        printf("%-8s %-7s %-8s %-5s %11lld %12lld %14lld  %s\n", text_of(row, "session"),
               text_of(row, "name"), text_of(row, "protocol"),
               json_is_true(json_object_get(row, "live")) ? "yes" : "no",
               number_of(row, "incarnation"), number_of(row, "next_number"),
               number_of(row, "input_sequence"), text_of(row, "peer"));
    }
}

static void print_instruments(const json_t *list)
{
    size_t index;
    json_t *row;
    printf("%-10s %-16s %-8s %-11s %12s %10s  %s\n", "instrument", "symbol", "phase", "reason",
           "tick", "lot", "ouch");
    json_array_foreach(list, index, row)
    {
        printf("%-10s %-16s %-8s %-11s %12lld %10lld  %s\n", text_of(row, "instrument"),
               text_of(row, "symbol"), text_of(row, "phase"), text_of(row, "reason"),
               number_of(row, "tick"), number_of(row, "lot"),
               json_is_true(json_object_get(row, "itch")) ? "yes" : "no");
    }
}

static void print_hops(const json_t *list)
{
    size_t index;
    json_t *row;
    printf("%-8s %12s %12s %12s %12s\n", "hop", "orders", "p50 us", "p99 us", "max us");
    json_array_foreach(list, index, row)
    {
        printf("%-8s %12lld %12.1f %12.1f %12.1f\n", text_of(row, "hop"), number_of(row, "count"),
               (double)number_of(row, "p50_ns") / 1e3, (double)number_of(row, "p99_ns") / 1e3,
               (double)number_of(row, "max_ns") / 1e3);
    }
}

static int show(const struct ctl *ctl)
{
    json_error_t error;
    json_t *answer = json_loadb(ctl->answer, ctl->answer_count, 0, &error);
    bool good = json_is_true(json_object_get(answer, "ok"));
    if (ctl->json) {
        printf("%.*s\n", (int)ctl->answer_count, ctl->answer);
    } else if (!good) {
        complain("%s; %s", text_of(answer, "error"), text_of(answer, "remedy"));
    } else if (json_object_get(answer, "status") != NULL) {
        print_status(json_object_get(answer, "status"));
    } else if (json_object_get(answer, "sessions") != NULL) {
        print_sessions(json_object_get(answer, "sessions"));
    } else if (json_object_get(answer, "hops") != NULL) {
        print_hops(json_object_get(answer, "hops"));
    } else if (json_object_get(answer, "instruments") != NULL) {
        print_instruments(json_object_get(answer, "instruments"));
    } else {
        printf("%s\n", json_object_get(answer, "stopping") != NULL ? "stopping" : "submitted");
    }
    json_decref(answer);
    return good ? EXIT_OK : EXIT_REFUSED;
}

/* The question as a line; false: said what is wrong. */
static bool make_question(struct ctl *ctl, const struct options *options)
{
    static const struct {
        const char *name;
        const char *arguments[2]; /* what they are called in the question */
    } verbs[] = {
        {"status", {NULL}},
        {"sessions", {NULL}},
        {"instruments", {NULL}},
        {"hops", {NULL}},
        {"shutdown", {NULL}},
        {"halt", {"instrument"}},
        {"resume", {"instrument"}},
        {"close", {"instrument"}},
        {"block", {"target", "number"}},
        {"unblock", {"target", "number"}},
        {"group", {"number", "mode"}},
        {"logic", {"version"}},
    };
    int count = options_argument_count(options);
    size_t i = 0;
    while (count > 0 && i < ARRAY_COUNT(verbs) &&
           strcmp(verbs[i].name, options_argument(options, 0)) != 0) {
        i++;
    }
    if (count == 0 || i == ARRAY_COUNT(verbs)) {
        complain(
            "say status, sessions, instruments, hops, halt, resume, close, block, unblock, group, "
            "logic or shutdown");
        return false;
    }
    const char *const *names = verbs[i].arguments;
    int wanted = (names[0] != NULL) + (names[1] != NULL);
    if (count != wanted + 1) {
        complain("%s wants %d more words; see `dojima help ctl`", verbs[i].name, wanted);
        return false;
    }
    json_t *question = json_pack("{s:s}", "do", verbs[i].name);
    for (int k = 0; k < wanted; k++) {
        (void)json_object_set_new(question, names[k],
                                  json_string(options_argument(options, k + 1)));
    }
    if (wanted == 1 && ctl->reason != NULL) {
        (void)json_object_set_new(question, "reason", json_string(ctl->reason));
    }
    size_t used = json_dumpb(question, ctl->line, sizeof ctl->line - 2, JSON_COMPACT);
    json_decref(question);
    if (used == 0 || used > sizeof ctl->line - 2) {
        complain("the request is too long, or no text");
        return false;
    }
    memcpy(ctl->line + used, "\n", 2);
    return true;
}

/* Where the socket is: --socket, or by the configuration. */
static int find_socket(struct ctl *ctl)
{
    if (ctl->socket != NULL) {
        snprintf(ctl->path, sizeof ctl->path, "%s", ctl->socket);
        return EXIT_OK;
    }
    struct config *config = NULL;
    enum status status = settings_load(&ctl->settings, &config);
    if (status != STATUS_OK) {
        return status_exit_code(status);
    }
    bool found = config_text(config, CONFIG_CTL_SOCKET)[0] != '\0';
    if (!found) {
        complain("ctl.socket is empty in the configuration: this venue has no such socket");
    }
    bool fits = found && settings_path(config, CONFIG_CTL_SOCKET, ctl->path, sizeof ctl->path);
    config_close(config);
    return fits ? EXIT_OK : EXIT_CONFIGURATION;
}

/* Options until the arguments; EXIT_OK to go on, with *out_done if there is nothing more to do. */
static int read_options(struct ctl *ctl, struct options *options, bool *out_done)
{
    for (;;) {
        int option = options_next(options);
        if (option == OPTIONS_END) {
            return EXIT_OK;
        }
        if (option == OPTIONS_HELP) {
            *out_done = true;
            return EXIT_OK;
        }
        if (option == OPTIONS_BAD) {
            return EXIT_BAD_INPUT;
        }
        if (option == CTL_JSON) {
            ctl->json = true;
        } else if (option == CTL_REASON) {
            ctl->reason = options->value;
        } else if (option == CTL_SOCKET) {
            ctl->socket = options->value;
        } else if (settings_take(&ctl->settings, options) == SETTINGS_BAD) {
            return EXIT_BAD_INPUT;
        }
    }
}

int run_ctl(const struct app_command *command, int argc, char **argv)
{
    static struct ctl ctl; /* one command a process; too large for a stack */
    struct options options;
    bool done = false;
    options_begin(&options, command, argc, argv);
    int code = read_options(&ctl, &options, &done);
    if (code != EXIT_OK || done) {
        return code;
    }
    if (!make_question(&ctl, &options)) {
        return EXIT_BAD_INPUT;
    }
    code = find_socket(&ctl);
    if (code != EXIT_OK) {
        return code;
    }
    if (ask(&ctl) != STATUS_OK) {
        complain("no venue answers at %s: start one with `dojima run`, or name its socket with "
                 "--socket (you must be root or the venue's user)",
                 ctl.path);
        return EXIT_NO_CONNECTION;
    }
    return show(&ctl);
}
