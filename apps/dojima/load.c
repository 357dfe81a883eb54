/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/load.h"

#include "apps/dojima/options.h"
#include "host/signal.h"
#include "host/stream.h"

#include <stdlib.h>
#include <string.h>

enum load_option {
    LOAD_CREDENTIALS,
    LOAD_SESSIONS,
    LOAD_TO,
    LOAD_PROTOCOL,
    LOAD_TRUST,
    LOAD_PLAIN,
    LOAD_RATE,
    LOAD_CLOSED,
    LOAD_WINDOW,
    LOAD_SECONDS,
    LOAD_WARMUP,
    LOAD_MIX,
    LOAD_SYMBOLS,
    LOAD_SEED,
    LOAD_HDR,
    LOAD_JSON,
};

const struct option_spec load_options[] = {
    [LOAD_CREDENTIALS] = {"credentials", "FILE", "sessions: NAME PASSWORD a line", NULL},
    [LOAD_SESSIONS] = {"sessions", "N", "how many of them (1)", NULL},
    [LOAD_TO] = {"to", "HOST:PORT", "where the venue listens (127.0.0.1:9101, native 9102)", NULL},
    [LOAD_PROTOCOL] = {"protocol", "PROTOCOL", "ouch (default) or native", "ouch native"},
    [LOAD_TRUST] = {"trust", "FILE", "the venue's certificate (dojima-data/tls.crt)", NULL},
    [LOAD_PLAIN] = {"plain", NULL, "without TLS, on this machine alone", NULL},
    [LOAD_RATE] = {"rate", "N", "requests a second over all sessions (1000)", NULL},
    [LOAD_CLOSED] = {"closed", NULL, "closed loop: a new request for each answer", NULL},
    [LOAD_WINDOW] = {"window", "N", "closed loop: requests under way a session (16)", NULL},
    [LOAD_SECONDS] = {"seconds", "N", "how long is measured (10)", NULL},
    [LOAD_WARMUP] = {"warmup", "N", "seconds before that, not counted (1)", NULL},
    [LOAD_MIX] = {"mix", "REST:CANCEL:TAKE", "percent of each kind of request (50:40:10)", NULL},
    [LOAD_SYMBOLS] = {"symbols", "A,B", "instruments (the built-in ones; native: numbers)", NULL},
    [LOAD_SEED] = {"seed", "N", "of what is drawn (1)", NULL},
    [LOAD_HDR] = {"hdr", "FILE", "latencies of all answers as an HdrHistogram percentile file",
                  NULL},
    [LOAD_JSON] = {"json", NULL, "one JSON object on standard output", NULL},
    {NULL, NULL, NULL, NULL},
};

const char load_details[] =
    "Sends orders that rest, cancels of them and orders that take, at scheduled times whatever "
    "the\n"
    "answers do; latency runs from the scheduled time. `schedule to send` is the generator's own\n"
    "share: when it is not small, the generator is what limits. The sessions' rates of the "
    "identity\n"
    "store bind: `dojima identity add-session --orders N --cancels N` makes faster ones.\n"
    "Exit 4: no connection; 5: name or password not taken; 1: connections were lost or answers "
    "are\n"
    "missing.\n";

static bool take_mix(struct load_options *load, const char *value)
{
    unsigned sum = 0;
    const char *at = value;
    for (int i = 0; i < 3; i++) {
        char *end;
        unsigned long part = strtoul(at, &end, 10);
        if (*at < '0' || *at > '9' || part > 100 || *end != (i < 2 ? ':' : '\0')) {
            sum = 0;
            break;
        }
        load->mix[i] = (unsigned)part;
        sum += (unsigned)part;
        at = end + 1;
    }
    if (sum != 100) {
        complain("--mix wants three whole numbers that make 100, such as 50:40:10, not '%s'",
                 value);
    }
    return sum == 100;
}

static bool take_symbols(struct load_options *load, const char *value)
{
    bool native = load->session.protocol == DOJIMA_NATIVE;
    load->symbol_count = 0;
    for (const char *at = value; *at != '\0';) {
        size_t count = strcspn(at, ",");
        struct load_symbol symbol = {0};
        bool valid = count > 0 && count <= 8 && load->symbol_count < LOAD_SYMBOLS_MAX;
        if (valid) {
            memcpy(symbol.symbol, at, count);
            symbol.instrument = (uint32_t)strtoul(symbol.symbol, NULL, 10);
            valid = !native || symbol.instrument > 0;
        }
        if (!valid) {
            complain("--symbols wants up to %d %s with commas between them, not '%s'",
                     LOAD_SYMBOLS_MAX, native ? "instrument numbers" : "symbols", value);
            return false;
        }
        load->symbols[load->symbol_count++] = symbol;
        at += count;
        at += *at == ',';
    }
    return load->symbol_count > 0;
}

struct load_command {
    struct load_options load;
    const char *symbols;
    const char *hdr;
    bool json;
    bool closed;
};

static bool take_option(struct load_command *command, const struct options *options)
{
    struct load_options *load = &command->load;
    uint64_t number;
    int word;
    switch ((enum load_option)options->index) {
    case LOAD_CREDENTIALS:
        load->credentials = options->value;
        return true;
    case LOAD_SESSIONS:
        if (!options_number(options, 1, LOAD_SESSIONS_MAX, &number)) {
            return false;
        }
        load->session_count = (unsigned)number;
        return true;
    case LOAD_TO:
        load->session.address = options->value;
        return true;
    case LOAD_PROTOCOL:
        if (!options_word(options, "ouch native", &word)) {
            return false;
        }
        load->session.protocol = word == 0 ? DOJIMA_OUCH : DOJIMA_NATIVE;
        return true;
    case LOAD_TRUST:
        load->session.trusted = options->value;
        return true;
    case LOAD_PLAIN:
        load->session.plain = true;
        return true;
    case LOAD_RATE:
        return options_number(options, 1, 100000000, &load->rate);
    case LOAD_CLOSED:
        command->closed = true;
        return true;
    case LOAD_WINDOW:
        return options_number(options, 1, LOAD_SLOTS / 2, &load->window);
    case LOAD_SECONDS:
        return options_number(options, 1, 86400, &load->seconds);
    case LOAD_WARMUP:
        return options_number(options, 0, 3600, &load->warmup_seconds);
    case LOAD_MIX:
        return take_mix(load, options->value);
    case LOAD_SYMBOLS:
        command->symbols = options->value;
        return true;
    case LOAD_SEED:
        return options_number(options, 0, UINT64_MAX, &load->seed);
    case LOAD_HDR:
        command->hdr = options->value;
        return true;
    case LOAD_JSON:
        command->json = true;
        return true;
    }
    return false;
}

/* What was not said. */
static bool complete(struct load_command *command)
{
    struct load_options *load = &command->load;
    bool native = load->session.protocol == DOJIMA_NATIVE;
    if (load->credentials == NULL) {
        complain("--credentials FILE names the sessions; `dojima run` prints them when it makes "
                 "them");
        return false;
    }
    if (load->session.address == NULL) {
        load->session.address = native ? "127.0.0.1:9102" : "127.0.0.1:9101";
    }
    if (load->session.trusted == NULL) {
        load->session.trusted = "dojima-data/tls.crt";
    }
    if (command->closed) {
        load->rate = 0;
    }
    const char *built_in = native ? "1,2,3,4" : "RICE,SILK,TEA,INDIGO";
    return take_symbols(load, command->symbols != NULL ? command->symbols : built_in);
}

static int measure(const struct load_command *command)
{
    static struct load_result result;
    struct load *load = NULL;
    int code = load_open(&command->load, &load);
    if (code != EXIT_OK) {
        return code;
    }
    code = load_measure(load, &result);
    load_close(load);
    if (code != EXIT_OK) {
        return code;
    }
    if (command->json) {
        load_print_json(&command->load, &result, stdout);
    } else {
        load_print(&command->load, &result, stdout);
    }
    if (command->hdr != NULL && !load_write_hgrm(&result, command->hdr)) {
        complain("%s cannot be written", command->hdr);
        return EXIT_BAD_INPUT;
    }
    return result.downs > 0 || result.unanswered > 0 ? EXIT_CHECK_FAILED : EXIT_OK;
}

int run_load(const struct app_command *command, int argc, char **argv)
{
    struct load_command load = {
        .load = {.session = {.protocol = DOJIMA_OUCH},
                 .rate = 1000,
                 .window = 16,
                 .seconds = 10,
                 .warmup_seconds = 1,
                 .seed = 1,
                 .session_count = 1,
                 .mix = {50, 40, 10}},
    };
    struct options options;
    options_begin(&options, command, argc, argv);
    for (int index = options_next(&options); index != OPTIONS_END; index = options_next(&options)) {
        if (index < 0) {
            return index == OPTIONS_HELP ? EXIT_OK : EXIT_BAD_INPUT;
        }
        if (!take_option(&load, &options)) {
            return EXIT_BAD_INPUT;
        }
    }
    if (options_argument_count(&options) != 0) {
        complain("load takes no argument '%s'; `dojima help load` lists the options",
                 options_argument(&options, 0));
        return EXIT_BAD_INPUT;
    }
    if (!complete(&load)) {
        return EXIT_BAD_INPUT;
    }
    if (load.hdr != NULL && (host_stream_same(load.hdr, load.load.credentials) ||
                             host_stream_same(load.hdr, load.load.session.trusted))) {
        complain("--hdr %s is a file that load reads, and would destroy it: name another file",
                 load.hdr);
        return EXIT_BAD_INPUT;
    }
    host_signal_catch_stop();
    return measure(&load);
}
