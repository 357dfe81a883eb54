/* SPDX-License-Identifier: Apache-2.0
 *
 * The lists of schema/ as tables: what every emitter of the generator walks.
 *
 * Owner: schemagen. Threads: one. Memory: constant tables. Errors: an inconsistent list ends the
 * program with a message. Order of calls: tables_check first.
 */
#ifndef DOJIMA_TOOLS_SCHEMAGEN_TABLES_H
#define DOJIMA_TOOLS_SCHEMAGEN_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum field_type {
    FIELD_U8,
    FIELD_U16,
    FIELD_U32,
    FIELD_U64,
    FIELD_I64,
    FIELD_PRICE,
    FIELD_QUANTITY,
    FIELD_TIME,
    FIELD_ENUM,
    FIELD_CHARS16,
    FIELD_BYTES32,
    FIELD_TEXT,
};

struct field {
    const char *message;
    enum field_type type;
    const char *name;
    const char *domain;
    const char *meaning;
    unsigned since;     /* version of the message that has it first */
    const char *before; /* what older records mean, see commands.def; null if since is 1 */
};

/* Under which rules a version of a message came, if not under the first. */
struct layout {
    const char *message;
    unsigned version;
    unsigned logic;
};

struct message {
    const char *name;
    const char *upper;
    unsigned id;
    unsigned version;
    const char *meaning;
};

/* One family: the commands or the events. */
struct family {
    const char *name;  /* "command" */
    const char *upper; /* "COMMAND" */
    const struct message *messages;
    size_t message_count;
    const struct field *fields;
    size_t field_count;
    const struct layout *layouts;
    size_t layout_count; /* one that names no message is the first */
};

/* Rules of the engine: version and the release that knows them first. */
struct logic {
    unsigned version;
    const char *release;
    const char *meaning;
};

struct enumeration {
    const char *name;
    const char *meaning;
};

struct value {
    const char *enumeration;
    const char *name;
    unsigned number;
    const char *meaning;
};

struct reject {
    const char *name;
    unsigned number;
    const char *cause;
    const char *remedy;
};

struct number {
    const char *name;
    const char *c_type;
    unsigned bits;
    const char *range;
    const char *meaning;
};

struct status_row {
    const char *name;
    unsigned number;
    unsigned exit_code;
    const char *sentence;
};

struct config_key {
    const char *name;
    const char *option;
    const char *type;
    const char *initial; /* the default */
    const char *legal;
    const char *used_by;
    const char *meaning;
};

/* A setting of the venue, a table of rows, or a column of the table before it. */
struct setting {
    const char *path;
    const char *type;    /* "TABLE" */
    const char *initial; /* the default */
    const char *words;   /* legal ones */
    const char *meaning;
    long long lowest;
    long long highest;
    bool is_column;
};

struct metric {
    const char *name;
    const char *type;
    const char *unit;
    const char *meaning;
};

extern const struct family family_command;
extern const struct family family_event;
extern const struct logic logics[];
extern const size_t logic_count;
extern const struct enumeration enumerations[];
extern const size_t enumeration_count;
extern const struct value values[];
extern const size_t value_count;
extern const struct reject rejects[];
extern const size_t reject_count;
extern const struct number numbers[];
extern const size_t number_count;
extern const struct status_row status_rows[];
extern const size_t status_row_count;
extern const struct config_key config_keys[];
extern const size_t config_key_count;
extern const struct setting settings[];
extern const size_t setting_count;
extern const struct metric metrics[];
extern const size_t metric_count;

/* Ends the program if ids repeat, a field names no message or a TEXT field stands before a fixed
 * one. */
void tables_check(void);

/* Fixed bytes of a field in a record; 0 for TEXT. */
size_t field_bytes(const struct field *field);

/* Fixed bytes of all fields but TEXT that a version of a message has; of the newest; its largest
 * with TEXT. */
size_t message_fixed_bytes_at(const struct family *family, const struct message *message,
                              unsigned version);
size_t message_fixed_bytes(const struct family *family, const struct message *message);
size_t message_largest_bytes(const struct family *family, const struct message *message);

/* The number of a field of its message, from 1: those of later versions come behind all of the
 * earlier ones, so that it is for ever. */
unsigned field_place(const struct family *family, const struct field *field);

/* In the newest version, and in this one. */
bool field_belongs(const struct field *field, const struct message *message);
bool field_belongs_at(const struct field *field, const struct message *message, unsigned version);

/* From which rules on a version of a message is written. */
unsigned layout_logic(const struct family *family, const struct message *message, unsigned version);

/* The name written in schema/ ("U32") and the C type it has in a struct. */
const char *field_type_name(enum field_type type);
const char *field_c_type(const struct field *field, char *buffer, size_t bytes);

/* What kind of file is opened: it decides the head. */
enum generated_kind {
    GENERATED_C,
    GENERATED_PAGE,
    GENERATED_LINES, /* text with # comments */
    GENERATED_BYTES, /* no head at all */
};

/* Opens DIR/path for writing and puts the head of a generated file there; ends the program on
 * failure. */
FILE *generated_open(const char *directory, const char *path, enum generated_kind kind);
void generated_close(FILE *file);

void emit_structs(const char *directory);
void emit_codec(const char *directory);
/* The encoder or decoder of one version; of an older one with its number at the end of its name. */
void emit_encode(FILE *file, const struct family *family, const struct message *message,
                 unsigned version);
void emit_decode(FILE *file, const struct family *family, const struct message *message,
                 unsigned version);
/* LEAD name EQUALS what older records mean by it END. */
void emit_before(FILE *file, const struct field *field, const char *lead, const char *equals,
                 const char *end);
void emit_versions(const char *directory);
void emit_describe(const char *directory);
void emit_docs(const char *directory);
void emit_golden(const char *directory);
void emit_lua(const char *directory);
void emit_sbe(const char *directory);
void emit_ouch(const char *directory);

#endif
