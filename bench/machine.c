/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/machine.h"

#include "host/clock.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

static void find_processor(char *out, size_t capacity)
{
    snprintf(out, capacity, "unknown");
    FILE *file = fopen("/proc/cpuinfo", "r");
    if (file == NULL) {
        return;
    }
    char line[256];
    while (fgets(line, sizeof line, file) != NULL) {
        const char *value = strchr(line, ':');
        if (strncmp(line, "model name", 10) == 0 && value != NULL) {
            line[strcspn(line, "\n")] = '\0';
            snprintf(out, capacity, "%s", value + 2);
            break;
        }
    }
    fclose(file);
}

/* Days since 1970 to a date; years begin in March, so that the leap day is the last of one. */
static void format_date(char *out, size_t capacity)
{
    int64_t seconds = host_clock_wall_ns() / 1000000000;
    int64_t days = seconds / 86400 + 719468; /* from 0000-03-01 */
    int64_t era = days / 146097;
    int64_t day_of_era = days % 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153; /* months since March */
    int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
    int64_t year = era * 400 + year_of_era + (month <= 2);
    int64_t second = seconds % 86400;
    snprintf(out, capacity, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)year, (int)month,
             (int)(day_of_year - (153 * shifted + 2) / 5 + 1), (int)(second / 3600),
             (int)(second / 60 % 60), (int)(second % 60));
}

void machine_describe(struct machine *out_machine)
{
    find_processor(out_machine->processor, sizeof out_machine->processor);
    struct utsname names;
    snprintf(out_machine->kernel, sizeof out_machine->kernel, "%s",
             uname(&names) == 0 ? names.release : "unknown");
    snprintf(out_machine->compiler, sizeof out_machine->compiler, "%s, %s", COMPILER,
             DOJIMA_BENCH_BUILD);
    format_date(out_machine->date, sizeof out_machine->date);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    out_machine->cores = cores > 0 ? (unsigned)cores : 1;
}
