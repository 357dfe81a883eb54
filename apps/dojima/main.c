/* SPDX-License-Identifier: Apache-2.0
 *
 * The binary: one table of commands, one file per command.
 */
#include "apps/dojima/options.h"
#include "host/signal.h"
#include "host/terminal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

const struct app_command app_commands[] = {
    {"run", run_run, "open a venue: engine, order entry and market data", "", run_options,
     run_details},
    {"replay", run_replay, "replay recorded order flow through the venue", "FILE", replay_options,
     replay_details},
    {"generate", run_generate, "write a seeded day of order flow as an ITCH 5.0 file", "",
     generate_options, generate_details},
    {"log", run_log, "describe, measure, check or compact the logs of a data directory",
     "dump|stat|verify|compact DIR", log_options, log_details},
    {"snapshot", run_snapshot, "keep the state of a data directory, so that a start is fast", "",
     snapshot_options, snapshot_details},
    {"why", run_why, "tell what happened to an order, check by check",
     "ORDER|SEQ|ACCOUNT/CLIENT-ORDER-ID", why_options, why_details},
    {"at", run_at, "show books, orders and sessions behind a command", "SEQ", at_options,
     at_details},
    {"ctl", run_ctl, "look at and steer a running venue",
     "status|sessions|instruments|halt|resume|close|block|unblock|group|shutdown", ctl_options,
     ctl_details},
    {"config", run_config, "check or show the configuration of the venue", "check|show",
     config_options, config_details},
    {"identity", run_identity, "list and change who may log on",
     "create|list|add-session|reset-password|enable|disable|make-key|set-key", identity_options,
     identity_details},
    {"doctor", run_doctor, "look at the machine as a venue needs it", "", doctor_options,
     doctor_details},
    {"order", run_order, "enter, replace, cancel and watch orders at a venue", "[COMMAND ...]",
     order_options, order_details},
    {"feed", run_feed, "listen to a venue's market data and prove the books", "listen",
     feed_options, feed_details},
    {"load", run_load, "load a venue with orders and measure its answers", "", load_options,
     load_details},
    {"completion", run_completion, "print a shell completion script", "bash", no_options, NULL},
    {"help", run_help, "tell what the commands do", "[COMMAND]", no_options, NULL},
    {"version", run_version, "print version, commit and compiler", "", no_options, NULL},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

const struct app_command *app_command_find(const char *name)
{
    for (const struct app_command *command = app_commands; command->name != NULL; command++) {
        if (strcmp(command->name, name) == 0) {
            return command;
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        complain("say what to do; `dojima help` lists the commands");
        return EXIT_BAD_INPUT;
    }
    const char *name = argv[1];
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        name = "version";
    } else if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        name = "help";
    }
    const struct app_command *command = app_command_find(name);
    if (command == NULL) {
        complain("there is no command '%s'; `dojima help` lists them", name);
        return EXIT_BAD_INPUT;
    }
    int code = command->run(command, argc - 1, argv + 1);
    bool written = fflush(stdout) == 0 && ferror(stdout) == 0;
    if (!written && code == EXIT_OK && host_terminal_reader_gone(STDOUT_FILENO)) {
        host_signal_end_by_pipe(); /* who has read enough need not be told */
    }
    if (!written && code == EXIT_OK) {
        complain("standard output could not be written");
        return EXIT_CHECK_FAILED;
    }
    return code;
}
