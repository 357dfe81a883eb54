/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes docs/reference/{numbers,messages,rejects,status,config,metrics}.md.
 */
#include "tools/schemagen/tables.h"

#include <string.h>

#define COMMAND_FRAME_AND_HEADER_BYTES 48
#define EVENT_FRAME_AND_HEADER_BYTES   24

static void emit_numbers(const char *directory)
{
    FILE *file = generated_open(directory, "docs/reference/numbers.md", GENERATED_PAGE);
    fputs("# Numbers\n\n| number | C type | bits used | range | meaning |\n|---|---|---|---|---|\n",
          file);
    for (size_t i = 0; i < number_count; i++) {
        const struct number *n = &numbers[i];
        fprintf(file, "| %s | `%s` | %u | %s | %s |\n", n->name, n->c_type, n->bits, n->range,
                n->meaning);
    }
    fputs("\nIds in JSON are strings. Ids are never pool handles.\n\n## Closed sets\n", file);
    for (size_t i = 0; i < enumeration_count; i++) {
        fprintf(file, "\n**%s**: %s\n\n| value | number | meaning |\n|---|---|---|\n",
                enumerations[i].name, enumerations[i].meaning);
        for (size_t j = 0; j < value_count; j++) {
            if (strcmp(values[j].enumeration, enumerations[i].name) == 0) {
                fprintf(file, "| %s | %u | %s |\n", values[j].name, values[j].number,
                        values[j].meaning);
            }
        }
    }
    generated_close(file);
}

static void emit_family(FILE *file, const struct family *family, size_t before)
{
    fprintf(file,
            "\n## %c%ss\n\n| %s | id | version | record bytes, largest | meaning "
            "|\n|---|---|---|---|---|\n",
            family->upper[0], family->name + 1, family->name);
    for (size_t i = 0; i < family->message_count; i++) {
        const struct message *m = &family->messages[i];
        size_t bytes = (before + message_largest_bytes(family, m) + 7) & ~(size_t)7;
        fprintf(file, "| %s | %u | %u | %zu | %s |\n", m->upper, m->id, m->version, bytes,
                m->meaning);
    }
    for (size_t i = 0; i < family->message_count; i++) {
        const struct message *m = &family->messages[i];
        if (message_largest_bytes(family, m) == 0) {
            continue;
        }
        fprintf(file,
                "\n### %s\n\n| # | offset | type | field | domain | meaning "
                "|\n|---|---|---|---|---|---|\n",
                m->upper);
        size_t offset = 0;
        for (size_t j = 0; j < family->field_count; j++) {
            const struct field *f = &family->fields[j];
            if (!field_belongs(f, m)) {
                continue;
            }
            unsigned place = field_place(family, f);
            if (f->type == FIELD_TEXT) {
                fprintf(file, "| %u | behind | TEXT | %s | %s | %s |\n", place, f->name, f->domain,
                        f->meaning);
            } else {
                fprintf(file, "| %u | %zu | %s | %s | %s | %s", place, offset,
                        field_type_name(f->type), f->name, f->domain, f->meaning);
                if (f->since > 1) {
                    fprintf(file, "; from version %u on, older records mean %s", f->since,
                            f->before);
                }
                fputs(" |\n", file);
            }
            offset += field_bytes(f);
        }
    }
}

/* Versions of messages that these rules were the first to write; returns `count` and how many. */
static unsigned emit_layouts(FILE *file, const struct family *family, unsigned logic,
                             unsigned count)
{
    for (size_t i = 0; i < family->message_count; i++) {
        const struct message *m = &family->messages[i];
        for (unsigned version = 1; logic > 1 && version <= m->version; version++) {
            if (layout_logic(family, m, version) == logic) {
                fprintf(file, "%s %s %u", count == 0 ? "" : ",", m->upper, version);
                count++;
            }
        }
    }
    return count;
}

static void emit_messages(const char *directory)
{
    FILE *file = generated_open(directory, "docs/reference/messages.md", GENERATED_PAGE);
    fputs("# Messages of the two logs\n\n"
          "Little-endian, no padding between fields; a TEXT is a count byte (at most 36) and its "
          "bytes.\n"
          "A record is 12 bytes of log frame (time, length), the header (36 bytes for a command, "
          "12 for an\n"
          "event: `src/wire/native/header.h`) and the body below; the log pads it to 8 bytes.\n",
          file);
    fputs("\n## Rules and versions\n\nWhat versions are for: [versions.md](versions.md).\n\n"
          "| rules | first release | what they brought | later versions that they write |\n"
          "|---|---|---|---|\n",
          file);
    for (size_t i = 0; i < logic_count; i++) {
        fprintf(file, "| %u | %s | %s |", logics[i].version, logics[i].release, logics[i].meaning);
        unsigned count = emit_layouts(file, &family_command, logics[i].version, 0);
        count = emit_layouts(file, &family_event, logics[i].version, count);
        fputs(count == 0 ? " - |\n" : " |\n", file);
    }
    emit_family(file, &family_command, COMMAND_FRAME_AND_HEADER_BYTES);
    emit_family(file, &family_event, EVENT_FRAME_AND_HEADER_BYTES);
    generated_close(file);
}

static void emit_rejects(const char *directory)
{
    FILE *file = generated_open(directory, "docs/reference/rejects.md", GENERATED_PAGE);
    fputs("# Reject codes\n\nA refusal is an event, sequenced and replayed like any other.\n\n"
          "| number | code | cause | remedy |\n|---|---|---|---|\n",
          file);
    for (size_t i = 0; i < reject_count; i++) {
        fprintf(file, "| %u | %s | %s | %s |\n", rejects[i].number, rejects[i].name,
                rejects[i].cause, rejects[i].remedy);
    }
    generated_close(file);
}

static void emit_status(const char *directory)
{
    FILE *file = generated_open(directory, "docs/reference/status.md", GENERATED_PAGE);
    fputs("# Status codes\n\nFailures of the world: disk, input, configuration. A business refusal "
          "is "
          "none of\nthese but an event (rejects.md). What exit codes mean: exit-codes.md.\n\n"
          "| number | status | exit code | meaning |\n|---|---|---|---|\n",
          file);
    for (size_t i = 0; i < status_row_count; i++) {
        fprintf(file, "| %u | %s | %u | %s |\n", status_rows[i].number, status_rows[i].name,
                status_rows[i].exit_code, status_rows[i].sentence);
    }
    generated_close(file);
}

static bool is_number(const struct setting *setting)
{
    return strcmp(setting->type, "COUNT") == 0 || strcmp(setting->type, "BYTES") == 0 ||
           strcmp(setting->type, "DURATION") == 0;
}

static void emit_legal(FILE *file, const struct setting *setting)
{
    const char *unit = strcmp(setting->type, "DURATION") == 0 ? " ns" : "";
    if (is_number(setting)) {
        fprintf(file, "%lld to %lld%s", setting->lowest, setting->highest, unit);
    } else if (setting->words[0] != '\0') {
        fputs(setting->words, file);
    } else if (setting->highest > 0) {
        fprintf(file, "%lld to %lld bytes", setting->lowest, setting->highest);
    } else {
        fputs("-", file);
    }
}

static void emit_settings(FILE *file)
{
    fputs(
        "## The venue\n\nRead by `dojima run` and every command that needs a venue, each layer "
        "over "
        "those before: built-in, `dojima.toml` (or `--config FILE`), `conf.d/*.toml` beside it by "
        "name, environment (`ouch.listen` is `DOJIMA_OUCH__LISTEN`), flags (`--set "
        "ouch.listen=...`). `dojima config show --origin` tells what holds and why; how to: "
        "[configure](../how-to/configure.md).\n\n"
        "Sizes have B, KiB, MiB or GiB (`\"64MiB\"`), times ns, us, ms, s, min or h "
        "(`\"250us\"`), addresses an IP and a port (`\"127.0.0.1:9101\"`, "
        "`\"[::1]:9101\"`).\n",
        file);
    const char *heads = "\n| key | type | default | legal | meaning |\n|---|---|---|---|---|\n";
    for (size_t i = 0; i < setting_count; i++) {
        const struct setting *setting = &settings[i];
        if (strcmp(setting->type, "TABLE") == 0) {
            fprintf(file, "\n### [[%s]]\n%s.\n%s", setting->path, setting->meaning, heads);
            continue;
        }
        fputs(i == 0 ? heads : "", file);
        const char *initial =
            setting->initial[0] != '\0' ? setting->initial : "none: must be given";
        fprintf(file, "| %s | %s | %s | ", setting->path, setting->type, initial);
        emit_legal(file, setting);
        fprintf(file, " | %s |\n", setting->meaning);
    }
}

static void emit_config(const char *directory)
{
    FILE *file = generated_open(directory, "docs/reference/config.md", GENERATED_PAGE);
    fputs("# Configuration\n\n", file);
    emit_settings(file);
    fputs("\n## Options of replay\n\nCommands that work on files read no configuration: each key "
          "is an "
          "option.\n\n"
          "| key | option | type | default | legal | used by | meaning |\n"
          "|---|---|---|---|---|---|---|\n",
          file);
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        fprintf(file, "| %s | `%s` | %s | %s | %s | %s | %s |\n", key->name, key->option, key->type,
                key->initial, key->legal[0] != '\0' ? key->legal : "-", key->used_by, key->meaning);
    }
    generated_close(file);
}

static void emit_metrics(const char *directory)
{
    FILE *file = generated_open(directory, "docs/reference/metrics.md", GENERATED_PAGE);
    fputs(
        "# Metrics\n\nWhat `dojima replay --json` prints on standard output: one object with these "
        "fields.\n\n| field | type | unit | meaning |\n|---|---|---|---|\n",
        file);
    for (size_t i = 0; i < metric_count; i++) {
        fprintf(file, "| %s | %s | %s | %s |\n", metrics[i].name, metrics[i].type, metrics[i].unit,
                metrics[i].meaning);
    }
    generated_close(file);
}

void emit_docs(const char *directory)
{
    emit_numbers(directory);
    emit_messages(directory);
    emit_rejects(directory);
    emit_status(directory);
    emit_config(directory);
    emit_metrics(directory);
}
