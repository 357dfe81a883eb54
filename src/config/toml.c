/* SPDX-License-Identifier: Apache-2.0 */
#include "config/toml.h"

#include "base/hash.h"
#include "base/text.h"
#include "config/toml_scan.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS   4096u
#define ROOT      0u
#define LOST      UINT32_MAX /* the table of a header that was refused: its keys are dropped */
#define FIRST_CAP 256u

struct key_part {
    const char *text;
    struct toml_place place;
};

struct key {
    struct key_part parts[TOML_PARTS_MAX];
    size_t count;
};

struct parser {
    struct toml_scan scan;
    struct toml *document;
    uint32_t table; /* that keys go to */
    enum status fatal;
};

static bool parse_line(struct parser *parser);

static enum status toml_allocate(struct toml *document, size_t count)
{
    *document = (struct toml){0};
    document->nodes = calloc(FIRST_CAP, sizeof *document->nodes);
    document->buckets = calloc(BUCKETS, sizeof *document->buckets);
    /* An unescaped string and its NUL are never longer than its source and the delimiter. */
    document->strings = malloc(count + 1);
    if (document->nodes == NULL || document->buckets == NULL || document->strings == NULL) {
        return STATUS_NO_MEMORY;
    }
    document->capacity = FIRST_CAP;
    document->nodes[0] = (struct toml_node){.key = "", .kind = TOML_ROOT};
    document->count = 1;
    return STATUS_OK;
}

enum status toml_parse(const char *bytes, size_t count, toml_on_problem *on_problem, void *context,
                       struct toml *document)
{
    enum status status = toml_allocate(document, count);
    if (status != STATUS_OK) {
        return status;
    }
    struct parser parser = {
        .scan = {.at = bytes,
                 .end = bytes + count,
                 .line_start = bytes,
                 .counted = bytes,
                 .line = 1,
                 .column = 1,
                 .on_problem = on_problem,
                 .context = context,
                 .strings = document->strings},
        .document = document,
        .table = ROOT,
    };
    if (count > TOML_BYTES_MAX) {
        toml_scan_problem(&parser.scan, (struct toml_place){1, 1},
                          "the file is larger than 1 MiB: that is no configuration");
        return STATUS_OVERFLOW;
    }
    if (!toml_scan_check(&parser.scan)) {
        return STATUS_INVALID;
    }
    while (!toml_scan_ended(&parser.scan) && parser.fatal == STATUS_OK) {
        if (!parse_line(&parser)) {
            toml_scan_skip_line(&parser.scan);
        }
    }
    if (parser.fatal != STATUS_OK) {
        return parser.fatal;
    }
    return parser.scan.failed ? STATUS_INVALID : STATUS_OK;
}

void toml_deinit(struct toml *document)
{
    free(document->nodes);
    free(document->buckets);
    free(document->strings);
    *document = (struct toml){0};
}

/* -- nodes --------------------------------------------------------------------------------- */

static uint32_t bucket_of(uint32_t parent, const char *key)
{
    uint64_t hash = parent + 1u;
    for (const char *at = key; *at != '\0'; at++) {
        hash = hash_mix64(hash ^ (uint8_t)*at);
    }
    return (uint32_t)(hash % BUCKETS);
}

/* ROOT = there is none. */
static uint32_t find_child(const struct toml *document, uint32_t parent, const char *key)
{
    uint32_t at = document->buckets[bucket_of(parent, key)];
    while (at != ROOT &&
           (document->nodes[at].parent != parent || strcmp(document->nodes[at].key, key) != 0)) {
        at = document->nodes[at].next;
    }
    return at;
}

/* ROOT: no room, told. Nodes without a key (array elements, rows) are in no bucket. */
static uint32_t add_node(struct parser *parser, const struct toml_node *node, bool keyed)
{
    struct toml *document = parser->document;
    if (document->count == TOML_NODES_MAX) {
        toml_scan_problem(&parser->scan, node->place, "the file has more than 16,384 keys");
        parser->fatal = STATUS_OVERFLOW;
        return ROOT;
    }
    if (document->count == document->capacity) {
        struct toml_node *grown =
            realloc(document->nodes, 2 * document->capacity * sizeof *document->nodes);
        if (grown == NULL) {
            parser->fatal = STATUS_NO_MEMORY;
            return ROOT;
        }
        document->nodes = grown;
        document->capacity *= 2;
    }
    uint32_t index = document->count++;
    document->nodes[index] = *node;
    if (keyed) {
        uint32_t bucket = bucket_of(node->parent, node->key);
        document->nodes[index].next = document->buckets[bucket];
        document->buckets[bucket] = index;
    }
    return index;
}

static uint32_t add_table(struct parser *parser, uint32_t parent, const struct key_part *part,
                          enum toml_made made)
{
    return add_node(parser,
                    &(struct toml_node){.key = part->text,
                                        .text = "",
                                        .parent = parent,
                                        .place = part->place,
                                        .value = part->place,
                                        .kind = TOML_TABLE,
                                        .made = made},
                    true);
}

/* -- keys ---------------------------------------------------------------------------------- */

static bool parse_key(struct parser *parser, struct key *out_key)
{
    struct toml_scan *scan = &parser->scan;
    out_key->count = 0;
    for (;;) {
        toml_scan_blanks(scan);
        struct key_part part = {.place = toml_scan_place(scan)};
        if (!toml_scan_key(scan, &part.text)) {
            return false;
        }
        if (out_key->count == TOML_PARTS_MAX) {
            toml_scan_problem(scan, part.place, "a key has at most 8 parts");
            return false;
        }
        out_key->parts[out_key->count++] = part;
        toml_scan_blanks(scan);
        if (!toml_scan_take(scan, '.')) {
            return true;
        }
    }
}

static void describe_key(const struct key *key, size_t count, struct text *text)
{
    for (size_t i = 0; i < count; i++) {
        text_format(text, "%s%s", i > 0 ? "." : "", key->parts[i].text);
    }
}

/* "'ouch.listen' <what> <line>". */
static bool refuse_key(struct parser *parser, const struct key *key, size_t part, const char *what,
                       uint32_t first)
{
    char message[256];
    struct text text;
    text_init(&text, message, sizeof message);
    text_add(&text, "'");
    describe_key(key, part + 1, &text);
    text_format(&text, "' %s; it stands at line %u", what,
                parser->document->nodes[first].place.line);
    toml_scan_problem(&parser->scan, key->parts[part].place, message);
    return false;
}

/* The table that a header's last part is in. */
static bool walk_header(struct parser *parser, const struct key *key, uint32_t *out_parent)
{
    uint32_t at = ROOT;
    for (size_t i = 0; i + 1 < key->count; i++) {
        uint32_t child = find_child(parser->document, at, key->parts[i].text);
        if (child == ROOT) {
            child = add_table(parser, at, &key->parts[i], TOML_MADE_BETWEEN);
            if (child == ROOT) {
                return false;
            }
        } else if (parser->document->nodes[child].kind == TOML_ROWS) {
            child = (uint32_t)parser->document->nodes[child].number;
        } else if (parser->document->nodes[child].kind != TOML_TABLE) {
            return refuse_key(parser, key, i, "is a value and no table", child);
        }
        at = child;
    }
    *out_parent = at;
    return true;
}

static bool open_table(struct parser *parser, const struct key *key, uint32_t parent)
{
    const struct key_part *last = &key->parts[key->count - 1];
    uint32_t table = find_child(parser->document, parent, last->text);
    if (table == ROOT) {
        table = add_table(parser, parent, last, TOML_MADE_HEADER);
        if (table == ROOT) {
            return false;
        }
    } else {
        struct toml_node *node = &parser->document->nodes[table];
        if (node->kind == TOML_ROWS) {
            return refuse_key(parser, key, key->count - 1, "has rows: write it in [[ ]]", table);
        }
        if (node->kind != TOML_TABLE) {
            return refuse_key(parser, key, key->count - 1, "is a value and no table", table);
        }
        if (node->made != TOML_MADE_BETWEEN) {
            return refuse_key(parser, key, key->count - 1, "stands twice", table);
        }
        node->made = TOML_MADE_HEADER;
        node->place = last->place;
    }
    parser->table = table;
    return true;
}

static bool open_row(struct parser *parser, const struct key *key, uint32_t parent)
{
    const struct key_part *last = &key->parts[key->count - 1];
    uint32_t rows = find_child(parser->document, parent, last->text);
    if (rows != ROOT && parser->document->nodes[rows].kind != TOML_ROWS) {
        return refuse_key(parser, key, key->count - 1, "has no rows: write it in [ ]", rows);
    }
    struct toml_node node = {.key = last->text,
                             .text = "",
                             .parent = parent,
                             .place = last->place,
                             .value = last->place,
                             .kind = TOML_ROWS};
    if (rows == ROOT) {
        rows = add_node(parser, &node, true);
        if (rows == ROOT) {
            return false;
        }
    }
    node.key = "";
    node.kind = TOML_ROW;
    node.parent = rows;
    uint32_t row = add_node(parser, &node, false);
    if (row == ROOT) {
        return false;
    }
    parser->document->nodes[rows].number = row;
    parser->table = row;
    return true;
}

/* "[key]" or "[[key]]". */
static bool parse_header(struct parser *parser)
{
    struct toml_scan *scan = &parser->scan;
    parser->table = LOST;
    bool rows = toml_scan_take(scan, '[');
    struct key key;
    if (!parse_key(parser, &key)) {
        return false;
    }
    if (!toml_scan_take(scan, ']') || (rows && !toml_scan_take(scan, ']'))) {
        toml_scan_problem(scan, toml_scan_place(scan),
                          rows ? "']]' is expected here" : "']' is expected here");
        return false;
    }
    uint32_t parent = ROOT;
    return walk_header(parser, &key, &parent) &&
           (rows ? open_row(parser, &key, parent) : open_table(parser, &key, parent));
}

/* -- values -------------------------------------------------------------------------------- */

static bool parse_elements(struct parser *parser, uint32_t array)
{
    struct toml_scan *scan = &parser->scan;
    for (;;) {
        if (!toml_scan_lines(scan)) {
            return false;
        }
        if (toml_scan_take(scan, ']')) {
            return true;
        }
        struct toml_node element = {.key = "", .parent = array};
        element.place = toml_scan_place(scan);
        element.value = element.place;
        if (!toml_scan_value(scan, &element)) {
            return false;
        }
        if (array != ROOT && add_node(parser, &element, false) == ROOT) {
            return false;
        }
        if (!toml_scan_lines(scan)) {
            return false;
        }
        if (!toml_scan_take(scan, ',') && !toml_scan_at(scan, ']')) {
            toml_scan_problem(scan, toml_scan_place(scan), "',' or ']' is expected here");
            return false;
        }
    }
}

/* Where the value of a dotted key goes. */
static bool walk_key(struct parser *parser, const struct key *key, uint32_t *out_parent)
{
    uint32_t at = parser->table;
    for (size_t i = 0; i + 1 < key->count; i++) {
        uint32_t child = find_child(parser->document, at, key->parts[i].text);
        if (child == ROOT) {
            child = add_table(parser, at, &key->parts[i], TOML_MADE_DOTTED);
            if (child == ROOT) {
                return false;
            }
        } else if (parser->document->nodes[child].kind != TOML_TABLE ||
                   parser->document->nodes[child].made != TOML_MADE_DOTTED) {
            return refuse_key(parser, key, i, "cannot be added to here", child);
        }
        at = child;
    }
    *out_parent = at;
    return true;
}

static bool parse_assignment(struct parser *parser)
{
    struct toml_scan *scan = &parser->scan;
    struct key key;
    if (!parse_key(parser, &key)) {
        return false;
    }
    if (!toml_scan_take(scan, '=')) {
        toml_scan_problem(scan, toml_scan_place(scan), "'=' is expected here");
        return false;
    }
    toml_scan_blanks(scan);
    const struct key_part *last = &key.parts[key.count - 1];
    struct toml_node node = {.key = last->text, .text = "", .place = last->place};
    node.value = toml_scan_place(scan);
    bool array = toml_scan_take(scan, '[');
    if (array) {
        node.kind = TOML_ARRAY;
    } else if (!toml_scan_value(scan, &node)) {
        return false;
    }
    uint32_t index = ROOT;
    if (parser->table != LOST) {
        if (!walk_key(parser, &key, &node.parent)) {
            return false;
        }
        uint32_t twin = find_child(parser->document, node.parent, node.key);
        if (twin != ROOT) {
            return refuse_key(parser, &key, key.count - 1, "stands twice", twin);
        }
        index = add_node(parser, &node, true);
        if (index == ROOT) {
            return false;
        }
    }
    return !array || parse_elements(parser, index);
}

/* One line, or a value over several with its line. False: told, skip the rest of the line. */
static bool parse_line(struct parser *parser)
{
    struct toml_scan *scan = &parser->scan;
    toml_scan_blanks(scan);
    if (!toml_scan_line_ends(scan)) {
        bool parsed = toml_scan_take(scan, '[') ? parse_header(parser) : parse_assignment(parser);
        if (!parsed) {
            return false;
        }
        toml_scan_blanks(scan);
        if (!toml_scan_line_ends(scan)) {
            toml_scan_problem(scan, toml_scan_place(scan), "the end of the line is expected here");
            return false;
        }
    }
    toml_scan_skip_line(scan);
    return true;
}
