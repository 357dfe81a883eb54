/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes docs/reference/ouch.md: every OUCH message, set and appendage field.
 */
#include "tools/schemagen/tables.h"
#include "tools/schemagen/wire_tables.h"

#include <string.h>

static const char introduction[] =
    "# OUCH 5.0 over SoupBinTCP\n\n"
    "Order entry as Nasdaq's OUCH 5.0 (revision 1.05) lays it out: payload of SoupBinTCP 3.00\n"
    "packets, U from the client and S from the venue. Numbers are big-endian; a price is 64 bits\n"
    "with 4 decimals, 2147483647 is a market order; text is left-justified and padded with "
    "blanks;\n"
    "`time_ns` counts from midnight.\n\n"
    "What stands here is what the codec reads and writes. What the venue does with a message, "
    "which\n"
    "values and appendage fields it takes and how it answers the rest is the gateway's\n"
    "(`docs/reference/ouch-mapping.md`).\n\n"
    "An appendage is a 16-bit number of bytes and that many bytes of elements, each a length (of\n"
    "tag and value), a tag and a value. REQUIRED: the number of bytes is always there. OPTIONAL: "
    "the\n"
    "message may end before it. At most 256 bytes are taken.\n\n"
    "Sources: the field tables of two public decoders written from the specification\n"
    "(Open-Markets-Initiative/wireshark-lua, `Nasdaq_NsmEquities_Orders_Ouch_v5_0`, which has no "
    "mass\n"
    "cancel, disable and enable and an `aiq_canceled` without its last byte; and a Python "
    "reference\n"
    "decoder of revision 1.05, which has them), checked against captured packets\n"
    "(`tests/wire/captures_test.py`). Wireshark reads all of it with "
    "`tools/wireshark/dojima.lua`.\n";

static void emit_message_list(FILE *file, const char *direction, const char *title)
{
    fprintf(
        file,
        "\n## %s\n\n| letter | message | bytes | appendage | meaning |\n|---|---|---|---|---|\n",
        title);
    for (size_t i = 0; i < ouch_row_count; i++) {
        const struct wire_row *row = &ouch_rows[i];
        if (row->letter != 0 && strcmp(row->direction, direction) == 0) {
            fprintf(file, "| %c | %s | %u | %s | %s |\n", row->letter, row->name, row->bytes,
                    row->rule, row->meaning);
        }
    }
}

static void emit_fields(FILE *file)
{
    for (size_t i = 0; i < ouch_row_count; i++) {
        const struct wire_row *row = &ouch_rows[i];
        if (row->letter == 0) {
            fprintf(file, "| %u | %u | %s | %s | %s |\n", row->offset, row->bytes, row->kind,
                    row->name, row->set != NULL ? row->set : "");
        } else if (row->bytes > 1) {
            fprintf(file,
                    "\n### %c %s (%s)\n\n| offset | bytes | kind | field | set "
                    "|\n|---|---|---|---|---|\n",
                    row->letter, row->name, row->direction);
        }
    }
}

static void emit_value_sets(FILE *file)
{
    fputs("\n## Closed sets\n", file);
    for (size_t i = 0; i < ouch_set_count; i++) {
        fprintf(file, "\n**%s**: %s\n\n| value | meaning |\n|---|---|\n", ouch_sets[i].name,
                ouch_sets[i].meaning);
        bool letters = strcmp(ouch_sets[i].name, "reject") != 0;
        for (size_t j = 0; j < ouch_value_count; j++) {
            const struct wire_value *value = &ouch_values[j];
            if (strcmp(value->set, ouch_sets[i].name) != 0) {
                continue;
            }
            if (letters) {
                fprintf(file, "| %c | %s |\n", (int)value->value, value->meaning);
            } else {
                fprintf(file, "| 0x%04x | %s |\n", value->value, value->meaning);
            }
        }
    }
}

void emit_ouch(const char *directory)
{
    FILE *file = generated_open(directory, "docs/reference/ouch.md", GENERATED_PAGE);
    fputs(introduction, file);
    emit_message_list(file, "IN", "From the client");
    emit_message_list(file, "OUT", "From the venue");
    fputs("\n## Fields\n", file);
    emit_fields(file);
    fputs("\n## Appendage\n\n| tag | field | kind | bytes | meaning |\n|---|---|---|---|---|\n",
          file);
    for (size_t i = 0; i < ouch_tag_count; i++) {
        fprintf(file, "| %u | %s | %s | %u | %s |\n", ouch_tags[i].number, ouch_tags[i].name,
                ouch_tags[i].kind, ouch_tags[i].bytes, ouch_tags[i].meaning);
    }
    emit_value_sets(file);
    generated_close(file);
}
