/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the subset of TOML is read exactly, and what is outside it is refused at the right place.
 * Method: small texts; valid ones are written back as "path=value" lines, bad ones must give the
 * first problem at a given line and column with a given word in it.
 */
#include "config/toml.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct seen {
    size_t count;
    struct toml_place first;
    char message[256];
};

static void on_problem(void *context, struct toml_place place, const char *message)
{
    struct seen *seen = context;
    if (seen->count++ == 0) {
        struct text text;
        text_init(&text, seen->message, sizeof seen->message);
        text_add(&text, message);
        seen->first = place;
    }
}

static void write_path(const struct toml *document, uint32_t node, struct text *text)
{
    uint32_t chain[32];
    size_t count = 0;
    for (; node != 0; node = document->nodes[node].parent) {
        assert_true(count < ARRAY_COUNT(chain));
        chain[count++] = node;
    }
    for (bool first = true; count-- > 0; first = false) {
        const struct toml_node *at = &document->nodes[chain[count]];
        bool row = at->kind == TOML_ROW;
        text_format(text, "%s%s", first || row ? "" : ".", row ? "[]" : at->key);
    }
}

static void write_back(const struct toml *document, struct text *text)
{
    for (uint32_t i = 1; i < document->count; i++) {
        const struct toml_node *node = &document->nodes[i];
        if (node->kind == TOML_TEXT || node->kind == TOML_NUMBER || node->kind == TOML_FLAG) {
            write_path(document, i, text);
            if (node->kind == TOML_TEXT) {
                text_format(text, "='%s';", node->text);
            } else if (node->kind == TOML_NUMBER) {
                text_format(text, "=%lld;", (long long)node->number);
            } else {
                text_add(text, node->number != 0 ? "=yes;" : "=no;");
            }
        }
    }
}

static void assert_reads(const char *source, const char *expected)
{
    struct toml document;
    struct seen seen = {0};
    char bytes[1024];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    enum status status = toml_parse(source, strlen(source), on_problem, &seen, &document);
    assert_string_equal(seen.message, "");
    assert_int_equal(status, STATUS_OK);
    write_back(&document, &text);
    assert_string_equal(bytes, expected);
    toml_deinit(&document);
}

static void assert_refuses(const char *source, unsigned line, unsigned column, const char *word)
{
    struct toml document;
    struct seen seen = {0};
    enum status status = toml_parse(source, strlen(source), on_problem, &seen, &document);
    assert_int_equal(status, STATUS_INVALID);
    if (strstr(seen.message, word) == NULL) {
        assert_string_equal(seen.message, word);
    }
    assert_int_equal(seen.first.line, line);
    assert_int_equal(seen.first.column, column);
    toml_deinit(&document);
}

static void values_are_read(void **state)
{
    (void)state;
    assert_reads("", "");
    assert_reads("a = 1", "a=1;");
    assert_reads("a=+1_000\r\nb = -7 # seven\n", "a=1000;b=-7;");
    assert_reads("a = -9223372036854775808\nb = 9223372036854775807",
                 "a=-9223372036854775808;b=9223372036854775807;");
    assert_reads("a = true\nb = false", "a=yes;b=no;");
    assert_reads("a = \"x # no comment\" # one\n", "a='x # no comment';");
    assert_reads("a = 'C:\\dir'", "a='C:\\dir';");
    assert_reads("a = \"\\\"\\\\\\t\\u00e9\\U0001F35A\"", "a='\"\\\t\xc3\xa9\xf0\x9f\x8d\x9a';");
    assert_reads("a = [1, 2,\n  3, # three\n]\nb = []\nc = [ \"x\", true ]",
                 "a.=1;a.=2;a.=3;c.='x';c.=yes;");
}

static void keys_make_tables(void **state)
{
    (void)state;
    assert_reads("x = 0\n[a]\nb = 1\n[a.c]\nd = 2\n", "x=0;a.b=1;a.c.d=2;");
    assert_reads("a.b.c = 1\na.b.d = 2\n", "a.b.c=1;a.b.d=2;");
    assert_reads("[a.b]\nx = 1\n[a]\ny = 2", "a.b.x=1;a.y=2;");
    assert_reads("\"a b\".'c' = 1", "a b.c=1;");
    assert_reads("[[r]]\nx = 1\n[[r]]\nx = 2\n[r.t]\ny = 3", "r[].x=1;r[].x=2;r[].t.y=3;");
    assert_reads(" [ a . b ] \n c = 1", "a.b.c=1;");
}

static void bad_values_are_refused(void **state)
{
    (void)state;
    assert_refuses("a = 0.5", 1, 5, "in quotes: \"0.5\"");
    assert_refuses("a = 64MiB", 1, 5, "in quotes: \"64MiB\"");
    assert_refuses("a = spin", 1, 5, "in quotes: \"spin\"");
    assert_refuses("a = 0x10", 1, 5, "decimal numbers");
    assert_refuses("a = 007", 1, 5, "no whole number");
    assert_refuses("a = 1__0", 1, 5, "no whole number");
    assert_refuses("a = _1", 1, 5, "in quotes");
    assert_refuses("a = 1_", 1, 5, "no whole number");
    assert_refuses("a = 9223372036854775808", 1, 5, "64 bits");
    assert_refuses("a = 2026-11-23", 1, 5, "dates");
    assert_refuses("a = {b = 1}", 1, 5, "braces");
    assert_refuses("a = [[1]]", 1, 6, "arrays in arrays");
    assert_refuses("a = \"\"\"x\"\"\"", 1, 5, "several lines");
    assert_refuses("a =", 1, 4, "a value is expected");
    assert_refuses("\n a = \"x\n", 2, 6, "not closed");
    assert_refuses("a = \"\\q\"", 1, 7, "no such escape");
    assert_refuses("a = \"\\u0000\"", 1, 12, "no character");
    assert_refuses("a = \"\\ud800\"", 1, 12, "no character");
    assert_refuses("a = [1, 2", 1, 10, "']' is missing");
    assert_refuses("a = [1 2]", 1, 8, "',' or ']'");
}

static void bad_lines_are_refused(void **state)
{
    (void)state;
    assert_refuses("a 1", 1, 3, "'=' is expected");
    assert_refuses("= 1", 1, 1, "a key is expected");
    assert_refuses("a. = 1", 1, 4, "a key is expected");
    assert_refuses("a = 1 b = 2", 1, 7, "end of the line");
    assert_refuses("[a", 1, 3, "']' is expected");
    assert_refuses("[[a]\nb = 1", 1, 5, "']]' is expected");
    assert_refuses("a.b.c.d.e.f.g.h.i = 1", 1, 17, "at most 8 parts");
    assert_refuses("a = \"\xff\"", 1, 6, "UTF-8");
    assert_refuses("a = \"\xc0\x80\"", 1, 6, "UTF-8");
    assert_refuses("\xc3\xa9\xc3\xa9\x01", 1, 3, "control character");
    assert_refuses("a = 1\rb = 2", 1, 6, "control character");
    assert_refuses("a = \"\xc3\xa9\" x", 1, 9, "end of the line");
}

static void nothing_stands_twice(void **state)
{
    (void)state;
    assert_refuses("a = 1\na = 2", 2, 1, "'a' stands twice; it stands at line 1");
    assert_refuses("[a]\n[b]\n[a]", 3, 2, "'a' stands twice; it stands at line 1");
    assert_refuses("a = 1\n[a]", 2, 2, "is a value");
    assert_refuses("a = 1\na.b = 2", 2, 1, "cannot be added to");
    assert_refuses("a.b = 1\n[a]", 2, 2, "stands twice");
    assert_refuses("[a.b.c]\nz = 9\n[a]\nb.c.t = 1", 4, 1, "cannot be added to");
    assert_refuses("[a]\n[[a]]", 2, 3, "write it in [ ]");
    assert_refuses("[[a]]\n[a]", 2, 2, "write it in [[ ]]");
    assert_refuses("a = []\n[[a]]", 2, 3, "write it in [ ]");
}

static void all_problems_are_told(void **state)
{
    (void)state;
    static const char source[] = "a = ?\nb = 1\n[x\nlost = 1\n[y]\nc = 0.1\nd = 2\n";
    struct toml document;
    struct seen seen = {0};
    char bytes[256];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    assert_int_equal(toml_parse(source, strlen(source), on_problem, &seen, &document),
                     STATUS_INVALID);
    assert_int_equal(seen.count, 3);
    write_back(&document, &text);
    assert_string_equal(bytes, "b=1;y.d=2;");
    toml_deinit(&document);
}

static void sizes_are_bounded(void **state)
{
    (void)state;
    struct toml document;
    struct seen seen = {0};
    size_t count = TOML_BYTES_MAX + 1;
    char *source = malloc(count);
    assert_non_null(source);
    memset(source, '\n', count);
    assert_int_equal(toml_parse(source, count, on_problem, &seen, &document), STATUS_OVERFLOW);
    toml_deinit(&document);
    memset(source, '\n', count);
    memcpy(source, "a=[", 3);
    for (size_t i = 0; i < TOML_NODES_MAX; i++) {
        memcpy(source + 3 + 2 * i, "1,", 2);
    }
    memcpy(source + 3 + 2 * TOML_NODES_MAX, "]", 1);
    seen = (struct seen){0};
    assert_int_equal(toml_parse(source, count - 1, on_problem, &seen, &document), STATUS_OVERFLOW);
    assert_int_equal(seen.count, 1);
    toml_deinit(&document);
    free(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_read),        cmocka_unit_test(keys_make_tables),
        cmocka_unit_test(bad_values_are_refused), cmocka_unit_test(bad_lines_are_refused),
        cmocka_unit_test(nothing_stands_twice),   cmocka_unit_test(all_problems_are_told),
        cmocka_unit_test(sizes_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
