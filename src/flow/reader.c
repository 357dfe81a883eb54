/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/reader.h"

#include "base/text.h"
#include "flow/dbn.h"
#include "flow/itch.h"
#include "flow/lobster.h"
#include "flow/pcap.h"
#include "flow/source.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_BYTES 512
#define KNOWN_FORMATS                                                                              \
    "known are LOBSTER message CSV, ITCH 5.0 (two-byte lengths, .gz too), MoldUDP64 in pcap, "     \
    "Databento DBN mbo (.zst too)"

struct flow_reader {
    struct flow_source source;
    struct lobster lobster;
    struct pcap pcap;
    struct dbn dbn;
    bool dbn_begun;
};

const char *flow_format_name(enum flow_format format)
{
    switch (format) {
    case FLOW_FORMAT_DETECT:
        return "detect";
    case FLOW_FORMAT_LOBSTER:
        return "lobster";
    case FLOW_FORMAT_ITCH:
        return "itch";
    case FLOW_FORMAT_ITCH_UNPREFIXED:
        return "itch-unprefixed";
    case FLOW_FORMAT_ITCH_PCAP:
        return "itch-pcap";
    case FLOW_FORMAT_DBN:
        return "dbn";
    }
    return "unknown";
}

enum status flow_format_parse(const char *word, enum flow_format *out_format)
{
    for (enum flow_format format = FLOW_FORMAT_LOBSTER; format <= FLOW_FORMAT_DBN; format++) {
        if (strcmp(word, flow_format_name(format)) == 0) {
            *out_format = format;
            return STATUS_OK;
        }
    }
    return STATUS_NOT_FOUND;
}

const char *flow_kind_name(enum flow_kind kind)
{
    static const char *const names[FLOW_KIND_COUNT] = {
        "add",     "reduce",         "delete",         "replace",
        "execute", "execute priced", "execute hidden", "trade note",
        "halt",    "instrument",     "clear",          "system",
        "ignored"};
    return names[kind];
}

void flow_error_describe(const struct flow_error *error, char *out_text, size_t capacity)
{
    struct text text;
    text_init(&text, out_text, capacity);
    if (error->of_the_file) {
        text_add(&text, error->reason);
        return;
    }
    text_format(&text, "%s %llu: %s", error->at_line ? "line" : "byte",
                (unsigned long long)error->position, error->reason);
}

static enum status detect(struct flow_source *source, enum flow_format *out_format)
{
    struct input *input = &source->input;
    size_t count = input_want(input, LOOK_BYTES);
    const uint8_t *bytes = input_at(input);
    if (count == 0) { /* a failure: begin has refused what is empty */
        return source_cut_off(source, SOURCE_BYTE, 0, "the file");
    }
    if (dbn_looks_like(bytes, count)) {
        *out_format = FLOW_FORMAT_DBN;
    } else if (pcap_looks_like(bytes, count)) {
        *out_format = FLOW_FORMAT_ITCH_PCAP;
    } else if (pcapng_looks_like(bytes, count)) {
        return source_refuse(source, STATUS_UNSUPPORTED, SOURCE_BYTE, 0,
                             "a pcapng capture: only classic pcap is read (editcap -F pcap IN OUT "
                             "converts it)");
    } else if (itch_looks_like(bytes, count) == ITCH_PREFIXED) {
        *out_format = FLOW_FORMAT_ITCH;
    } else if (itch_looks_like(bytes, count) == ITCH_UNPREFIXED) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, 0,
                             "the length before the first message is zero: if this is ITCH 5.0 "
                             "written so, pass --format itch-unprefixed");
    } else if (lobster_looks_like(bytes, count)) {
        *out_format = FLOW_FORMAT_LOBSTER;
    } else {
        return source_refuse(source, STATUS_UNSUPPORTED, SOURCE_BYTE, 0,
                             "the format is not known from the first bytes; " KNOWN_FORMATS);
    }
    return STATUS_OK;
}

/* No format has a file without a byte: it is a download or a copy that went wrong. */
static enum status refuse_empty(struct flow_source *source)
{
    struct input *input = &source->input;
    if (input_want(input, 1) > 0 || input->status != STATUS_OK) {
        return STATUS_OK;
    }
    enum status status = source_refuse(
        source, STATUS_INVALID, SOURCE_BYTE, 0, "%s: name a file that holds messages",
        input->packing == INPUT_PLAIN ? "the file is empty" : "nothing is packed in the file");
    source->error.of_the_file = true;
    return status;
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* The definition file beside a DBN input, when there is one and the options give no tick. */
static enum status open_dbn(struct flow_reader *reader, const char *path,
                            const struct flow_options *options)
{
    struct flow_source *source = &reader->source;
    char beside[4096];
    dbn_init(&reader->dbn, options);
    reader->dbn_begun = true;
    if (path != NULL && options->tick == 0 &&
        host_stream_find_beside(path, "definition", ".dbn.zst", ".dbn", beside, sizeof beside) ==
            STATUS_OK) {
        struct flow_error error = {0};
        enum status status = dbn_load_definitions(&reader->dbn, beside, &error);
        if (status != STATUS_OK) {
            return source_refuse(source, status, SOURCE_BYTE, error.position,
                                 "in the definition file %s: %s", file_name(beside), error.reason);
        }
    }
    return dbn_open(&reader->dbn, source);
}

static enum status begin(struct flow_reader *reader, const char *path, const char *name,
                         const struct flow_options *options)
{
    struct flow_source *source = &reader->source;
    struct flow_description *description = &source->description;
    enum flow_format format = options->format;
    enum status status = refuse_empty(source);
    if (status == STATUS_OK && format == FLOW_FORMAT_DETECT) {
        status = detect(source, &format);
    }
    if (status != STATUS_OK) {
        return status;
    }
    description->format = format;
    description->format_name = flow_format_name(format);
    description->compressed = source->input.packing != INPUT_PLAIN;
    description->time_is_utc = format == FLOW_FORMAT_DBN;
    source->progress.bytes_total = source->input.source_bytes;
    switch (format) {
    case FLOW_FORMAT_LOBSTER:
        lobster_describe(name, description);
        return STATUS_OK;
    case FLOW_FORMAT_ITCH:
    case FLOW_FORMAT_ITCH_UNPREFIXED:
        itch_describe_file(name, description);
        return STATUS_OK;
    case FLOW_FORMAT_ITCH_PCAP:
        return pcap_open(&reader->pcap, source);
    case FLOW_FORMAT_DBN:
        return open_dbn(reader, path, options);
    case FLOW_FORMAT_DETECT:
        break;
    }
    return STATUS_INVALID;
}

/* Takes the reader over: on failure it is closed and its reason handed out. */
static enum status finish_open(struct flow_reader *reader, const char *path, const char *name,
                               const struct flow_options *options, struct flow_error *error)
{
    static const struct flow_options defaults = {.format = FLOW_FORMAT_DETECT};
    enum status status = begin(reader, path, name, options != NULL ? options : &defaults);
    if (status != STATUS_OK) {
        *error = reader->source.error;
        flow_close(reader);
    }
    return status;
}

/* Why a file cannot even be opened, and what to do. */
static const char *open_reason(enum status status)
{
    switch ((int)status) {
    case STATUS_NOT_FOUND:
        return "there is no such file: check the path";
    case STATUS_DENIED:
        return "it may not be read: check its owner and permissions";
    case STATUS_INVALID:
        return "it is a directory: name the one file to read";
    default:
        return status_sentence(status);
    }
}

static enum status refuse_open(struct flow_reader *reader, enum status status,
                               struct flow_error *error)
{
    *error = (struct flow_error){.status = status, .of_the_file = true};
    struct text text;
    text_init(&text, error->reason, sizeof error->reason);
    text_add(&text, open_reason(status));
    free(reader);
    return status;
}

enum status flow_open(const char *path, const struct flow_options *options,
                      struct flow_error *error, struct flow_reader **out_reader)
{
    struct flow_reader *reader = calloc(1, sizeof *reader);
    enum status status =
        reader != NULL ? input_open_file(path, &reader->source.input) : STATUS_NO_MEMORY;
    if (status != STATUS_OK) {
        return refuse_open(reader, status, error);
    }
    status = finish_open(reader, path, file_name(path), options, error);
    if (status == STATUS_OK) {
        *out_reader = reader;
    }
    return status;
}

enum status flow_open_memory(const char *name, const uint8_t *bytes, size_t count,
                             const struct flow_options *options, struct flow_error *error,
                             struct flow_reader **out_reader)
{
    struct flow_reader *reader = calloc(1, sizeof *reader);
    enum status status =
        reader != NULL ? input_open_memory(bytes, count, &reader->source.input) : STATUS_NO_MEMORY;
    if (status != STATUS_OK) {
        return refuse_open(reader, status, error);
    }
    status = finish_open(reader, NULL, name, options, error);
    if (status == STATUS_OK) {
        *out_reader = reader;
    }
    return status;
}

enum status flow_next(struct flow_reader *reader, struct flow_message *out_message)
{
    struct flow_source *source = &reader->source;
    if (UNLIKELY(source->error.status != STATUS_OK)) {
        return source->error.status;
    }
    switch (source->description.format) {
    case FLOW_FORMAT_LOBSTER:
        return lobster_next(&reader->lobster, source, out_message);
    case FLOW_FORMAT_ITCH:
        return itch_next(source, true, out_message);
    case FLOW_FORMAT_ITCH_UNPREFIXED:
        return itch_next(source, false, out_message);
    case FLOW_FORMAT_ITCH_PCAP:
        return pcap_next(&reader->pcap, source, out_message);
    case FLOW_FORMAT_DBN:
        return dbn_next(&reader->dbn, source, out_message);
    case FLOW_FORMAT_DETECT:
        break;
    }
    return STATUS_END;
}

const struct flow_error *flow_failure(const struct flow_reader *reader)
{
    return &reader->source.error;
}

const struct flow_description *flow_describe(const struct flow_reader *reader)
{
    return &reader->source.description;
}

const struct flow_progress *flow_progress(struct flow_reader *reader)
{
    reader->source.progress.bytes_read = input_source_position(&reader->source.input);
    return &reader->source.progress;
}

void flow_close(struct flow_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    if (reader->dbn_begun) {
        dbn_deinit(&reader->dbn);
    }
    input_close(&reader->source.input);
    free(reader);
}
