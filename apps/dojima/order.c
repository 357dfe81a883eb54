/* SPDX-License-Identifier: Apache-2.0
 *
 * `dojima order`: one session at a time, by arguments, script or prompt.
 */
#include "apps/dojima/options.h"
#include "apps/dojima/order_key.h"
#include "apps/dojima/order_line.h"
#include "host/clock.h"
#include "host/signal.h"
#include "host/socket.h"
#include "host/stream.h"
#include "host/terminal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TICK_NS        INT64_C(20000000)
#define SECOND_NS      INT64_C(1000000000)
#define LINE_BYTES     512
#define RECONNECT_MS   50
#define PASSWORD_BYTES 64

enum order_option {
    ORDER_SESSION,
    ORDER_PASSWORD_FILE,
    ORDER_KEY,
    ORDER_TO,
    ORDER_PROTOCOL,
    ORDER_TRUST,
    ORDER_PLAIN,
    ORDER_FROM,
    ORDER_DECIMALS,
    ORDER_SCRIPT,
    ORDER_SECONDS,
    ORDER_JSON,
};

const struct option_spec order_options[] = {
    [ORDER_SESSION] = {"session", "NAME", "which session logs on (ALICE1)", NULL},
    [ORDER_PASSWORD_FILE] = {"password-file", "FILE",
                             "its password; else DOJIMA_PASSWORD of the environment", NULL},
    [ORDER_KEY] = {"key", "FILE",
                   "instead of a password: the seed of its Ed25519 key, in hexadecimal", NULL},
    [ORDER_TO] = {"to", "HOST:PORT", "where the venue listens (127.0.0.1:9101, native 9102)", NULL},
    [ORDER_PROTOCOL] = {"protocol", "PROTOCOL", "ouch (default) or native", "ouch native"},
    [ORDER_TRUST] = {"trust", "FILE", "the venue's certificate (dojima-data/tls.crt)", NULL},
    [ORDER_PLAIN] = {"plain", NULL, "without TLS, on this machine alone", NULL},
    [ORDER_FROM] = {"from", "NUMBER", "first event shown by watch and history (1)", NULL},
    [ORDER_DECIMALS] = {"decimals", "N", "of a price in the native protocol (4)", NULL},
    [ORDER_SCRIPT] = {"script", "FILE", "a command a line; - is standard input", NULL},
    [ORDER_SECONDS] = {"seconds", "N", "how long to wait for connection and answers (10)", NULL},
    [ORDER_JSON] = {"json", NULL, "each event as one JSON object a line", NULL},
    {NULL, NULL, NULL, NULL},
};

const char order_details[] =
    "Commands, as arguments, typed at the prompt or in a script:\n"
    "  buy|sell QUANTITY SYMBOL PRICE [ioc|fok|gtc] [post-only]    PRICE may be market\n"
    "                                 [ioc min QUANTITY]          so much at once, or nothing\n"
    "  replace ORDER QUANTITY PRICE       the total, what was executed included\n"
    "  cancel ORDER                       ORDER is the reference that `accepted` shows\n"
    "  mass-cancel [SYMBOL]\n"
    "  resolve ORDER                      native: what became of it\n"
    "  wait                               until everything before is answered\n"
    "  history                            the events so far\n"
    "  watch                              the events so far, then each as it comes\n"
    "Without a command and without --script it prompts. The native protocol names an instrument "
    "by\n"
    "its number instead of SYMBOL. A lost connection is taken up again; what was not answered is\n"
    "sent again and done once.\n"
    "Exit 4: no connection; 5: name, password or key not taken; 7: the venue refused; 8: no answer "
    "came,\n"
    "ask `history` before sending again.\n";

struct order_run {
    struct dojima_client *client;
    struct dojima_session *session;
    struct dojima_session_options options;
    struct order_terms terms;
    int64_t patience_ns;
    uint64_t from; /* events from here on are shown */
    uint64_t end;  /* number of the first event of the present; 0 = not known */
    bool json;
    bool show;    /* every event, not only those of the present */
    bool live;    /* the session was logged on once */
    bool refused; /* the venue said no at least once */
    bool over;
    bool by_key;
    char password[PASSWORD_BYTES];
    struct order_key key;
    char down[160]; /* why the last connection ended */
};

static void on_live(void *context, struct dojima_session *session, uint64_t next_number)
{
    (void)session;
    struct order_run *run = context;
    run->live = true;
    run->end = run->end == 0 ? next_number : run->end;
}

static void on_event(void *context, struct dojima_session *session,
                     const struct dojima_event *event)
{
    (void)session;
    struct order_run *run = context;
    bool present = event->number >= run->end;
    if (event->kind == DOJIMA_QUERIED) {
        return; /* a question of this program, now or in the past */
    }
    run->refused =
        run->refused ||
        (present && (event->kind == DOJIMA_REJECTED || event->kind == DOJIMA_REFUSED_CHANGE));
    if (present || (run->show && event->number >= run->from)) {
        order_show(event, &run->terms, run->json);
        (void)fflush(stdout);
    }
}

static void on_not_sequenced(void *context, struct dojima_session *session, uint32_t reference,
                             uint32_t retry_after_us, const char *kind)
{
    (void)session;
    struct order_run *run = context;
    run->refused = true;
    complain("order %" PRIu32 " was not sequenced (%s): it is in no log; try again after %" PRIu32
             " us",
             reference, kind, retry_after_us);
}

static void on_down(void *context, struct dojima_session *session, const char *reason, bool final)
{
    (void)session;
    struct order_run *run = context;
    run->over = final;
    snprintf(run->down, sizeof run->down, "%s", reason);
}

/* -- one thing after another ----------------------------------------------------------------- */

/* The past is read and everything sent is answered. */
static bool is_done(const struct order_run *run)
{
    return run->live && dojima_session_next_number(run->session) >= run->end &&
           dojima_session_unanswered(run->session) == 0;
}

/* Until that, or patience ends. */
static int await(struct order_run *run)
{
    int64_t end_ns = host_clock_monotonic_ns() + run->patience_ns;
    while (!is_done(run) && !run->over && host_signal_stop() == 0 &&
           host_clock_monotonic_ns() < end_ns) {
        dojima_client_tick(run->client, TICK_NS);
    }
    if (is_done(run)) {
        return EXIT_OK;
    }
    if (dojima_session_state(run->session) == DOJIMA_STATE_REFUSED) {
        complain("%s takes no session %s with this %s; `dojima identity list` shows the sessions",
                 run->options.address, run->options.username, run->by_key ? "key" : "password");
        return EXIT_AUTHENTICATION;
    }
    if (!run->live) {
        complain("no connection to %s: %s", run->options.address,
                 run->down[0] == '\0' ? "nothing answers" : run->down);
        return host_signal_stop() != 0 ? EXIT_INTERRUPTED : EXIT_NO_CONNECTION;
    }
    complain("no answer came%s%s: `dojima order history` tells what became of it",
             run->down[0] == '\0' ? "" : ", ", run->down);
    return EXIT_OUTCOME_UNKNOWN;
}

static enum dojima_result send_line(struct order_run *run, const struct order_line *line)
{
    struct dojima_session *session = run->session;
    switch (line->verb) {
    case ORDER_ENTER:
        return dojima_enter(session, &line->order, NULL);
    case ORDER_REPLACE:
        return dojima_replace(session, &line->change, NULL);
    case ORDER_CANCEL:
        return dojima_cancel(session, line->reference);
    case ORDER_MASS_CANCEL:
        return dojima_mass_cancel(session, line->order.instrument, line->order.symbol);
    case ORDER_RESOLVE:
        return dojima_resolve(session, line->reference);
    case ORDER_WAIT:
        return dojima_query(session);
    case ORDER_NOTHING:
    case ORDER_QUIT:
    case ORDER_WATCH:
    case ORDER_HISTORY:
        break;
    }
    return DOJIMA_OK;
}

/* Tries again while the session is between two connections. */
static int send_patiently(struct order_run *run, const struct order_line *line)
{
    int64_t end_ns = host_clock_monotonic_ns() + run->patience_ns;
    enum dojima_result result = send_line(run, line);
    while ((result == DOJIMA_NOT_LIVE || result == DOJIMA_FULL) && !run->over &&
           host_signal_stop() == 0 && host_clock_monotonic_ns() < end_ns) {
        dojima_client_tick(run->client, TICK_NS);
        result = send_line(run, line);
    }
    if (result == DOJIMA_OK) {
        return EXIT_OK;
    }
    complain("not sent: %s", dojima_result_sentence(result));
    return result == DOJIMA_INVALID ? EXIT_BAD_INPUT : EXIT_NO_CONNECTION;
}

/* A question behind everything that was sent: its answer is behind everything that came of it. */
static int settle(struct order_run *run)
{
    static const struct order_line question = {.verb = ORDER_WAIT};
    int code = await(run);
    if (code == EXIT_OK) {
        code = send_patiently(run, &question);
    }
    return code == EXIT_OK ? await(run) : code;
}

static int watch(struct order_run *run)
{
    while (!run->over && host_signal_stop() == 0 && ferror(stdout) == 0) {
        dojima_client_tick(run->client, TICK_NS);
    }
    if (ferror(stdout) != 0) {
        return EXIT_OK; /* main says so */
    }
    if (host_signal_stop() != 0) {
        return EXIT_INTERRUPTED;
    }
    complain("the session is over: %s", run->down);
    return EXIT_NO_CONNECTION;
}

static int run_line(struct order_run *run, const struct order_line *line)
{
    if (line->verb == ORDER_WAIT) {
        return settle(run);
    }
    int code = send_patiently(run, line);
    return code == EXIT_OK ? await(run) : code;
}

/* -- sources of lines ------------------------------------------------------------------------ */

static int run_script(struct order_run *run, const char *path)
{
    char text[LINE_BYTES];
    char reason[ORDER_REASON_BYTES];
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    if (file == NULL) {
        complain("%s cannot be read: %s", path, strerror(errno));
        return EXIT_BAD_INPUT;
    }
    int code = EXIT_OK;
    unsigned number = 0;
    while (code == EXIT_OK && fgets(text, sizeof text, file) != NULL) {
        struct order_line line;
        number++;
        if (!order_line_read(text, &run->terms, &line, reason)) {
            complain("%s:%u: %s", path, number, reason);
            code = EXIT_BAD_INPUT;
        } else if (line.verb == ORDER_QUIT) {
            break;
        } else if (line.verb == ORDER_WATCH || line.verb == ORDER_HISTORY) {
            complain("%s:%u: watch and history stand alone on the command line", path, number);
            code = EXIT_BAD_INPUT;
        } else if (line.verb != ORDER_NOTHING) {
            code = run_line(run, &line);
        }
    }
    if (file != stdin) {
        (void)fclose(file);
    }
    return code == EXIT_OK ? settle(run) : code;
}

static void prompt(void)
{
    printf("> ");
    (void)fflush(stdout);
}

/* One typed line; false: it was the last. */
static bool typed(struct order_run *run, char *text)
{
    struct order_line line;
    char reason[ORDER_REASON_BYTES];
    if (!order_line_read(text, &run->terms, &line, reason)) {
        complain("%s", reason);
        return true;
    }
    if (line.verb == ORDER_QUIT) {
        return false;
    }
    if (line.verb == ORDER_WATCH || line.verb == ORDER_HISTORY) {
        complain("the prompt shows what comes; start `dojima order %s` beside it",
                 line.verb == ORDER_WATCH ? "watch" : "history");
    } else if (line.verb != ORDER_NOTHING && run_line(run, &line) == EXIT_OK) {
        (void)settle(run);
    }
    return true;
}

/* Lines as they are typed, events as they come. The terminal edits the line. */
static int run_prompt(struct order_run *run)
{
    int poll;
    if (host_poll_open(&poll) != STATUS_OK ||
        host_poll_add(poll, STDIN_FILENO, HOST_READY_READ, NULL) != STATUS_OK) {
        return run_script(run, "-"); /* a file: it is always ready */
    }
    char text[LINE_BYTES];
    struct host_ready_event ready;
    bool more = true;
    printf("%s at %s; `buy 100 RICE 10.25`, `quit` ends\n", run->options.username,
           run->options.address);
    prompt();
    while (more && !run->over && host_signal_stop() == 0) {
        dojima_client_tick(run->client, TICK_NS);
        if (host_poll_wait(poll, 0, &ready, 1) > 0) {
            more = fgets(text, sizeof text, stdin) != NULL && typed(run, text);
            if (more) {
                prompt();
            }
        }
    }
    host_poll_close(poll);
    if (run->over) {
        complain("the session is over: %s", run->down);
        return EXIT_NO_CONNECTION;
    }
    return host_signal_stop() != 0 ? EXIT_INTERRUPTED : EXIT_OK;
}

/* -- start ----------------------------------------------------------------------------------- */

static bool read_password(struct order_run *run, const char *path)
{
    if (path == NULL) {
        const char *value = getenv("DOJIMA_PASSWORD");
        if (value == NULL || strlen(value) >= sizeof run->password) {
            complain("--password-file FILE or DOJIMA_PASSWORD gives the session's password");
            return false;
        }
        memcpy(run->password, value, strlen(value) + 1);
        return true;
    }
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(run->password, sizeof run->password, file) == NULL) {
        complain("%s cannot be read, or is empty", path);
        if (file != NULL) {
            (void)fclose(file);
        }
        return false;
    }
    (void)fclose(file);
    run->password[strcspn(run->password, "\r\n")] = '\0';
    return true;
}

static bool sign(void *context, const uint8_t *challenge, uint8_t *out_signature)
{
    const struct order_run *run = context;
    order_key_sign(&run->key, run->options.username, challenge, out_signature);
    return true;
}

/* The password, or the key in its place. */
static bool read_secret(struct order_run *run, const char *password_file, const char *key_file)
{
    if (key_file == NULL) {
        run->options.password = run->password;
        return read_password(run, password_file);
    }
    if (password_file != NULL) {
        complain("--password-file and --key at once: leave one out");
        return false;
    }
    run->by_key = true;
    run->options.sign = sign;
    return order_key_read(&run->key, key_file);
}

static bool take_option(struct order_run *run, const struct options *options,
                        const char **out_password_file, const char **out_key_file,
                        const char **out_script)
{
    uint64_t number;
    int word;
    switch ((enum order_option)options->index) {
    case ORDER_SESSION:
        run->options.username = options->value;
        return true;
    case ORDER_PASSWORD_FILE:
        *out_password_file = options->value;
        return true;
    case ORDER_KEY:
        *out_key_file = options->value;
        return true;
    case ORDER_TO:
        run->options.address = options->value;
        return true;
    case ORDER_PROTOCOL:
        if (!options_word(options, "ouch native", &word)) {
            return false;
        }
        run->options.protocol = word == 0 ? DOJIMA_OUCH : DOJIMA_NATIVE;
        return true;
    case ORDER_TRUST:
        run->options.trusted = options->value;
        return true;
    case ORDER_PLAIN:
        run->options.plain = true;
        return true;
    case ORDER_FROM:
        return options_number(options, 1, UINT64_MAX, &run->from);
    case ORDER_DECIMALS:
        if (!options_number(options, 0, 18, &number)) {
            return false;
        }
        run->terms.decimals = (unsigned)number;
        return true;
    case ORDER_SCRIPT:
        *out_script = options->value;
        return true;
    case ORDER_SECONDS:
        if (!options_number(options, 1, 86400, &number)) {
            return false;
        }
        run->patience_ns = (int64_t)number * SECOND_NS;
        return true;
    case ORDER_JSON:
        run->json = true;
        return true;
    }
    return false;
}

static int open_session(struct order_run *run, uint64_t next_number)
{
    run->options.next_number = next_number;
    enum dojima_result result = dojima_session_open(run->client, &run->options, &run->session);
    if (result == DOJIMA_OK) {
        return await(run);
    }
    complain("%s: %s", run->options.address, dojima_result_sentence(result));
    return result == DOJIMA_CONFIGURATION ? EXIT_CONFIGURATION : EXIT_BAD_INPUT;
}

static void log_out(struct order_run *run)
{
    dojima_session_log_out(run->session);
    for (int i = 0; i < 50 && !run->over; i++) {
        dojima_client_tick(run->client, TICK_NS);
    }
}

/* Logs on for what is new, which tells where the past ends; once more for what of it is wanted. */
static int reach_present(struct order_run *run)
{
    bool past = run->show || run->terms.native;
    int code = open_session(run, 0);
    if (code == EXIT_OK && past) {
        log_out(run);
        run->over = false;
        run->live = false;
        uint64_t from = run->terms.native || run->from > run->end ? 1 : run->from;
        code = open_session(run, from);
    }
    return code == EXIT_OK && !run->terms.native ? settle(run) : code;
}

static int run_all(struct order_run *run, const struct order_line *line, const char *script)
{
    if (script != NULL) {
        return run_script(run, script);
    }
    if (line->verb == ORDER_NOTHING) {
        return run_prompt(run);
    }
    if (line->verb == ORDER_WATCH) {
        return watch(run);
    }
    if (line->verb == ORDER_HISTORY) {
        return EXIT_OK;
    }
    int code = run_line(run, line);
    return code == EXIT_OK ? settle(run) : code;
}

static int serve(struct order_run *run, const struct order_line *line, const char *script)
{
    run->options.handler = (struct dojima_handler){.on_live = on_live,
                                                   .on_event = on_event,
                                                   .on_not_sequenced = on_not_sequenced,
                                                   .on_down = on_down};
    run->options.context = run;
    run->options.reconnect_ms = RECONNECT_MS;
    enum dojima_result result = dojima_client_open(&run->client);
    if (result != DOJIMA_OK) {
        complain("network: %s", dojima_result_sentence(result));
        return EXIT_CONFIGURATION;
    }
    int code = reach_present(run);
    if (code == EXIT_OK) {
        code = run_all(run, line, script);
    }
    if (run->session != NULL) {
        log_out(run);
    }
    dojima_client_close(run->client);
    return code == EXIT_OK && run->refused ? EXIT_REFUSED : code;
}

static bool parse_arguments(const struct options *options, const struct order_terms *terms,
                            struct order_line *out_line)
{
    const char *words[ORDER_WORDS_MAX];
    char reason[ORDER_REASON_BYTES];
    int count = options_argument_count(options);
    *out_line = (struct order_line){.verb = ORDER_NOTHING};
    if (count == 0) {
        return true;
    }
    for (int i = 0; i < count && i < ORDER_WORDS_MAX; i++) {
        words[i] = options_argument(options, i);
    }
    if (count > ORDER_WORDS_MAX ||
        !order_line_parse(words, (size_t)count, terms, out_line, reason)) {
        complain("%s", count > ORDER_WORDS_MAX ? "too many arguments" : reason);
        return false;
    }
    return true;
}

int run_order(const struct app_command *command, int argc, char **argv)
{
    static struct order_run run;
    run = (struct order_run){
        .options = {.protocol = DOJIMA_OUCH, .username = "ALICE1"},
        .terms = {.decimals = DOJIMA_OUCH_DECIMALS},
        .patience_ns = 10 * SECOND_NS,
        .from = 1,
    };
    struct options options;
    const char *password_file = NULL;
    const char *key_file = NULL;
    const char *script = NULL;
    options_begin(&options, command, argc, argv);
    for (int index = options_next(&options); index != OPTIONS_END; index = options_next(&options)) {
        if (index < 0) {
            return index == OPTIONS_HELP ? EXIT_OK : EXIT_BAD_INPUT;
        }
        if (!take_option(&run, &options, &password_file, &key_file, &script)) {
            return EXIT_BAD_INPUT;
        }
    }
    run.terms.native = run.options.protocol == DOJIMA_NATIVE;
    if (run.options.address == NULL) {
        run.options.address = run.terms.native ? "127.0.0.1:9102" : "127.0.0.1:9101";
    }
    if (run.options.trusted == NULL) {
        run.options.trusted = "dojima-data/tls.crt";
    }
    struct order_line line;
    if (!parse_arguments(&options, &run.terms, &line)) {
        return EXIT_BAD_INPUT;
    }
    if (script != NULL && line.verb != ORDER_NOTHING) {
        complain("a script and a command at once: leave one out");
        return EXIT_BAD_INPUT;
    }
    if (!read_secret(&run, password_file, key_file)) {
        return EXIT_BAD_INPUT;
    }
    run.show = line.verb == ORDER_WATCH || line.verb == ORDER_HISTORY;
    host_signal_catch_stop();
    int code = serve(&run, &line, script);
    explicit_bzero(run.password, sizeof run.password);
    explicit_bzero(&run.key, sizeof run.key);
    return code;
}
