/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/run.h"

#include "apps/dojima/settings.h"
#include "host/notify.h"
#include "host/signal.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum run_option { RUN_JSON };

const struct option_spec run_options[] = {
    [RUN_JSON] = {"json", NULL, "say where it listens as one JSON object", NULL},
    SETTINGS_OPTIONS,
    {NULL, NULL, NULL, NULL},
};

const char run_details[] =
    "Starts a venue: engine, entry ports and market data in one process, its log in the data\n"
    "directory. Without any configuration it listens on this machine alone, trades a few\n"
    "instruments, and makes two sessions whose passwords are printed once, at the first start.\n"
    "Stops at SIGINT or SIGTERM: sessions are told, everything is made durable, the log is "
    "sealed.\n"
    "A later start with the same data directory goes on where it stopped.\n"
    "--role gateway or --role feed runs that part in a process of its own, beside a process with\n"
    "--role engine on the same data directory.\n"
    "`dojima config show` prints the settings, `dojima ctl status` asks a running venue.\n";

static const struct {
    const char *name;
    const char *meaning;
    enum config_key key;
    enum config_role role;
} doors[] = {
    {"ouch", "OUCH 5.0 over SoupBinTCP", CONFIG_OUCH_LISTEN, CONFIG_ROLE_GATEWAY},
    {"native", "native (SBE) over SoupBinTCP", CONFIG_NATIVE_LISTEN, CONFIG_ROLE_GATEWAY},
    {"itch_soup", "ITCH 5.0 over SoupBinTCP", CONFIG_FEED_SOUP_LISTEN, CONFIG_ROLE_FEED},
    {"itch_a", "ITCH 5.0 over MoldUDP64, line A", CONFIG_FEED_GROUP_A, CONFIG_ROLE_FEED},
    {"itch_b", "line B", CONFIG_FEED_GROUP_B, CONFIG_ROLE_FEED},
    {"retransmission", "MoldUDP64 requests", CONFIG_FEED_RETRANSMISSION_LISTEN, CONFIG_ROLE_FEED},
    {"glimpse", "snapshots", CONFIG_FEED_GLIMPSE_LISTEN, CONFIG_ROLE_FEED},
    {"proof", "hashes of the book", CONFIG_FEED_PROOF_GROUP, CONFIG_ROLE_FEED},
};

static bool is_shown(const struct running *running, size_t door)
{
    return (running->roles & (unsigned)doors[door].role) != 0 &&
           config_text(running->config, doors[door].key)[0] != '\0';
}

static void show_json(const struct running *running)
{
    json_t *root = json_object();
    json_object_set_new(root, "data",
                        json_string(config_text(running->config, CONFIG_DATA_DIRECTORY)));
    json_object_set_new(root, "tls", json_boolean(running->tls != NULL));
    json_t *listen = json_object();
    for (size_t i = 0; i < ARRAY_COUNT(doors); i++) {
        if (is_shown(running, i)) {
            json_object_set_new(listen, doors[i].name,
                                json_string(config_text(running->config, doors[i].key)));
        }
    }
    json_object_set_new(root, "listen", listen);
    if (running->first_run) {
        json_t *sessions = json_object();
        for (size_t i = 0; i < IDENTITY_FIRST_RUN_COUNT; i++) {
            json_object_set_new(sessions, running->credentials[i].name,
                                json_string(running->credentials[i].password));
        }
        json_object_set_new(root, "sessions", sessions);
    }
    json_dumpf(root, stdout, JSON_COMPACT);
    printf("\n");
    json_decref(root);
}

static void show_text(const struct running *running)
{
    const struct config *config = running->config;
    printf("dojima is open, its log in %s%s\n", config_text(config, CONFIG_DATA_DIRECTORY),
           running->tls != NULL ? ", TLS 1.3 on every TCP port" : "");
    for (size_t i = 0; i < ARRAY_COUNT(doors); i++) {
        if (is_shown(running, i)) {
            printf("  %-22s %s\n", config_text(config, doors[i].key), doors[i].meaning);
        }
    }
    if (running->first_run) {
        printf("sessions, made now; the passwords are shown this once:\n");
        for (size_t i = 0; i < IDENTITY_FIRST_RUN_COUNT; i++) {
            printf("  %-22s %s\n", running->credentials[i].name, running->credentials[i].password);
        }
    }
    printf("stop with Ctrl-C\n");
}

static int serve(const struct config *config, bool json)
{
    static struct running running; /* large, and one a process */
    host_signal_catch_stop();
    enum status status = running_open(&running, config);
    if (status != STATUS_OK) {
        return status_exit_code(status);
    }
    if (json) {
        show_json(&running);
    } else {
        show_text(&running);
    }
    explicit_bzero(running.credentials, sizeof running.credentials);
    (void)fflush(stdout);
    host_notify("READY=1");
    while (status == STATUS_OK && host_signal_stop() == 0 && !running.stop_asked) {
        status = running_tick(&running);
    }
    host_notify("STOPPING=1");
    if (status == STATUS_OK) {
        running_stop(&running);
    }
    bool out_of_room = running.venue_is_open && running.venue.reserve.state == RESERVE_GONE;
    status = running_close(&running, status);
    if (status == STATUS_OK && !json) {
        printf("dojima is closed, its log sealed\n");
    }
    return status_exit_code(status == STATUS_OK && out_of_room ? STATUS_NO_SPACE : status);
}

int run_run(const struct app_command *command, int argc, char **argv)
{
    struct settings settings = {0};
    struct options options;
    bool json = false;
    options_begin(&options, command, argc, argv);
    for (int index = options_next(&options); index != OPTIONS_END; index = options_next(&options)) {
        if (index < 0) {
            return index == OPTIONS_HELP ? EXIT_OK : EXIT_BAD_INPUT;
        }
        enum settings_taken taken = settings_take(&settings, &options);
        if (taken == SETTINGS_BAD) {
            return EXIT_BAD_INPUT;
        }
        json = json || (taken == SETTINGS_NOT_MINE && index == RUN_JSON);
    }
    if (options_argument_count(&options) != 0) {
        complain("run takes no argument '%s'; `dojima help run` lists the options",
                 options_argument(&options, 0));
        return EXIT_BAD_INPUT;
    }
    struct config *config;
    enum status status = settings_load(&settings, &config);
    if (status != STATUS_OK) {
        return status_exit_code(status);
    }
    int code = serve(config, json);
    config_close(config);
    return code;
}
