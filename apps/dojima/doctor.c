/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/doctor.h"

#include "apps/dojima/settings.h"
#include "base/assert.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum doctor_option { DOCTOR_JSON };

const struct option_spec doctor_options[] = {
    [DOCTOR_JSON] = {"json", NULL, "one JSON object on standard output", NULL},
    SETTINGS_OPTIONS,
    {NULL, NULL, NULL, NULL},
};

const char doctor_details[] =
    "Looks at the machine as a venue needs it: clock, commit latency of the data directory, "
    "memory,\n"
    "limits, processors, and whether the ports and groups of the configuration are free. Each "
    "line\n"
    "is ok, warn (it will run, less well) or FAIL (it will not), with a remedy. Run it before the\n"
    "venue: a running one holds its ports. Exit 1 if anything fails.\n";

static const char *const grade_words[] = {
    [DOCTOR_OK] = "ok", [DOCTOR_WARN] = "warn", [DOCTOR_FAIL] = "FAIL"};
static const char *const grade_names[] = {
    [DOCTOR_OK] = "ok", [DOCTOR_WARN] = "warn", [DOCTOR_FAIL] = "fail"};

void doctor_find(struct doctor *doctor, const char *check, enum doctor_grade grade,
                 const char *remedy, const char *format, ...)
{
    ASSERT(doctor->count < DOCTOR_FINDINGS_MAX);
    struct doctor_finding *finding = &doctor->findings[doctor->count++];
    finding->check = check;
    finding->grade = grade;
    struct text text;
    text_init(&text, finding->remedy, sizeof finding->remedy);
    text_add(&text, grade == DOCTOR_OK ? "" : remedy);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->found, sizeof finding->found, format, arguments);
    va_end(arguments);
}

static unsigned count_grade(const struct doctor *doctor, enum doctor_grade grade)
{
    unsigned count = 0;
    for (size_t i = 0; i < doctor->count; i++) {
        count += doctor->findings[i].grade == grade;
    }
    return count;
}

static void tell_text(const struct doctor *doctor)
{
    for (size_t i = 0; i < doctor->count; i++) {
        const struct doctor_finding *finding = &doctor->findings[i];
        printf("%-5s %-26s %s\n", grade_words[finding->grade], finding->check, finding->found);
        if (finding->remedy[0] != '\0') {
            printf("      %-26s -> %s\n", "", finding->remedy);
        }
    }
    printf("%u ok, %u to mind, %u failed\n", count_grade(doctor, DOCTOR_OK),
           count_grade(doctor, DOCTOR_WARN), count_grade(doctor, DOCTOR_FAIL));
}

static void tell_json(const struct doctor *doctor)
{
    json_t *findings = json_array();
    for (size_t i = 0; i < doctor->count; i++) {
        const struct doctor_finding *finding = &doctor->findings[i];
        json_array_append_new(findings, json_pack("{s:s, s:s, s:s, s:s}", "check", finding->check,
                                                  "grade", grade_names[finding->grade], "found",
                                                  finding->found, "remedy", finding->remedy));
    }
    json_t *object = json_pack(
        "{s:b, s:i, s:i, s:i, s:I, s:I, s:I, s:o}", "ok", count_grade(doctor, DOCTOR_FAIL) == 0,
        "passed", (int)count_grade(doctor, DOCTOR_OK), "warned",
        (int)count_grade(doctor, DOCTOR_WARN), "failed", (int)count_grade(doctor, DOCTOR_FAIL),
        "commits", (json_int_t)doctor->commit_count, "commit_ns_p50",
        (json_int_t)doctor->commit_p50_ns, "commit_ns_p99", (json_int_t)doctor->commit_p99_ns,
        "findings", findings);
    json_dumpf(object, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    printf("\n");
    json_decref(object);
}

int run_doctor(const struct app_command *command, int argc, char **argv)
{
    struct settings settings = {.file = NULL};
    struct options options;
    bool json = false;
    options_begin(&options, command, argc, argv);
    int next;
    while ((next = options_next(&options)) >= 0) {
        if (next == DOCTOR_JSON) {
            json = true;
        } else if (settings_take(&settings, &options) == SETTINGS_BAD) {
            return EXIT_BAD_INPUT;
        }
    }
    if (next != OPTIONS_END) {
        return next == OPTIONS_HELP ? EXIT_OK : EXIT_BAD_INPUT;
    }
    if (options_argument_count(&options) != 0) {
        complain("doctor takes no arguments; see `dojima help doctor`");
        return EXIT_BAD_INPUT;
    }
    struct config *config;
    enum status status = settings_load(&settings, &config);
    if (status != STATUS_OK) {
        return status_exit_code(status);
    }
    struct doctor doctor = {.config = config};
    doctor_check_clock(&doctor);
    doctor_check_machine(&doctor);
    doctor_check_disk(&doctor);
    doctor_check_ports(&doctor);
    if (json) {
        tell_json(&doctor);
    } else {
        tell_text(&doctor);
    }
    config_close(config);
    return count_grade(&doctor, DOCTOR_FAIL) == 0 ? EXIT_OK : EXIT_CHECK_FAILED;
}
