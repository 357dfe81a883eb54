/* SPDX-License-Identifier: Apache-2.0
 *
 * A command of the binary: what `dojima NAME` runs, and its options as data, from which parsing,
 * help and shell completion are all made.
 *
 * Owner: nobody, the tables are constant. Threads: one. Memory: none.
 * Errors: a command returns its exit code: 0 ok, 1 check failed, 2 bad input or usage, 3
 * configuration, 4 no connection, 5 authentication, 7 refused, 8 outcome unknown, 130 interrupted.
 * Order of calls: none.
 */
#ifndef DOJIMA_APPS_COMMAND_H
#define DOJIMA_APPS_COMMAND_H

#include "base/status.h"

#include <stddef.h>

enum exit_code {
    EXIT_OK = 0,
    EXIT_CHECK_FAILED = 1,
    EXIT_BAD_INPUT = 2,
    EXIT_CONFIGURATION = 3,
    EXIT_NO_CONNECTION = 4,
    EXIT_AUTHENTICATION = 5,
    EXIT_REFUSED = 7,
    EXIT_OUTCOME_UNKNOWN = 8,
    EXIT_INTERRUPTED = 130,
};

struct option_spec {
    const char *name;     /* without the dashes; null ends the list */
    const char *argument; /* null: a flag */
    const char *help;
    const char *words; /* closed set of values for completion, blank-separated, or null */
};

struct app_command {
    const char *name;
    int (*run)(const struct app_command *command, int argc, char **argv);
    const char *summary;
    const char *arguments; /* "FILE" */
    const struct option_spec *options;
    const char *details; /* paragraphs for `help NAME`, or null */
};

/* The table, in the order of the help; its last entry has no name. */
extern const struct app_command app_commands[];

/* Null if there is none of this name. */
const struct app_command *app_command_find(const char *name);

int run_replay(const struct app_command *command, int argc, char **argv);
int run_generate(const struct app_command *command, int argc, char **argv);
int run_log(const struct app_command *command, int argc, char **argv);
int run_snapshot(const struct app_command *command, int argc, char **argv);
int run_why(const struct app_command *command, int argc, char **argv);
int run_at(const struct app_command *command, int argc, char **argv);
int run_run(const struct app_command *command, int argc, char **argv);
int run_identity(const struct app_command *command, int argc, char **argv);
int run_doctor(const struct app_command *command, int argc, char **argv);
int run_ctl(const struct app_command *command, int argc, char **argv);
int run_config(const struct app_command *command, int argc, char **argv);
int run_order(const struct app_command *command, int argc, char **argv);
int run_load(const struct app_command *command, int argc, char **argv);
int run_feed(const struct app_command *command, int argc, char **argv);
int run_help(const struct app_command *command, int argc, char **argv);
int run_version(const struct app_command *command, int argc, char **argv);
int run_completion(const struct app_command *command, int argc, char **argv);

extern const struct option_spec replay_options[];
extern const struct option_spec generate_options[];
extern const struct option_spec log_options[];
extern const struct option_spec snapshot_options[];
extern const struct option_spec why_options[];
extern const struct option_spec at_options[];
extern const struct option_spec run_options[];
extern const struct option_spec identity_options[];
extern const struct option_spec doctor_options[];
extern const struct option_spec ctl_options[];
extern const struct option_spec config_options[];
extern const struct option_spec order_options[];
extern const struct option_spec load_options[];
extern const struct option_spec feed_options[];
extern const struct option_spec no_options[];
extern const char replay_details[];
extern const char generate_details[];
extern const char log_details[];
extern const char snapshot_details[];
extern const char why_details[];
extern const char at_details[];
extern const char run_details[];
extern const char identity_details[];
extern const char doctor_details[];
extern const char ctl_details[];
extern const char config_details[];
extern const char order_details[];
extern const char load_details[];
extern const char feed_details[];

void print_version(void);
void print_help(const struct app_command *command);

#endif
