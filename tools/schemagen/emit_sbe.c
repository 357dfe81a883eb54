/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes docs/reference/dojima-sbe.xml: the native protocol as a message schema of SBE 1.0.
 */
#include "tools/schemagen/tables.h"

#include "src/wire/native/sbe_frame.h"

#include <string.h>

/* `text` between quotes of an attribute. */
static void emit_escaped(FILE *file, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '<':
            fputs("&lt;", file);
            break;
        case '&':
            fputs("&amp;", file);
            break;
        case '"':
            fputs("&quot;", file);
            break;
        default:
            fputc(*text, file);
        }
    }
}

static void emit_types(FILE *file)
{
    fputs(
        "  <types>\n"
        "    <composite name=\"messageHeader\" description=\"before every message\">\n"
        "      <type name=\"blockLength\" primitiveType=\"uint16\"/>\n"
        "      <type name=\"templateId\" primitiveType=\"uint16\"/>\n"
        "      <type name=\"schemaId\" primitiveType=\"uint16\"/>\n"
        "      <type name=\"version\" primitiveType=\"uint16\"/>\n"
        "    </composite>\n"
        "    <composite name=\"text36\" description=\"at most 36 printable bytes\">\n"
        "      <type name=\"length\" primitiveType=\"uint8\" maxValue=\"36\"/>\n"
        "      <type name=\"varData\" primitiveType=\"uint8\" length=\"0\" "
        "characterEncoding=\"US-ASCII\"/>\n"
        "    </composite>\n"
        "    <type name=\"price\" primitiveType=\"int64\" presence=\"optional\" "
        "nullValue=\"-9223372036854775808\" description=\"10^-price_scale of the quote asset\"/>\n"
        "    <type name=\"quantity\" primitiveType=\"int64\" description=\"10^-quantity_scale of "
        "the base asset\"/>\n"
        "    <type name=\"time\" primitiveType=\"uint64\" semanticType=\"UTCTimestamp\" "
        "description=\"ns since 1970\"/>\n"
        "    <type name=\"chars16\" primitiveType=\"char\" length=\"16\" "
        "characterEncoding=\"US-ASCII\" description=\"zero-filled\"/>\n"
        "    <type name=\"bytes32\" primitiveType=\"uint8\" length=\"32\"/>\n",
        file);
    for (size_t i = 0; i < enumeration_count; i++) {
        fprintf(file, "    <enum name=\"%s\" encodingType=\"uint8\" description=\"",
                enumerations[i].name);
        emit_escaped(file, enumerations[i].meaning);
        fputs("\">\n", file);
        for (size_t j = 0; j < value_count; j++) {
            if (strcmp(values[j].enumeration, enumerations[i].name) == 0) {
                fprintf(file, "      <validValue name=\"%s\" description=\"", values[j].name);
                emit_escaped(file, values[j].meaning);
                fprintf(file, "\">%u</validValue>\n", values[j].number);
            }
        }
        fputs("    </enum>\n", file);
    }
    fputs("    <enum name=\"reject\" encodingType=\"uint16\" description=\"why a command is "
          "refused\">"
          "\n",
          file);
    for (size_t i = 0; i < reject_count; i++) {
        fprintf(file, "      <validValue name=\"%s\" description=\"", rejects[i].name);
        emit_escaped(file, rejects[i].cause);
        fprintf(file, "\">%u</validValue>\n", rejects[i].number);
    }
    fputs("    </enum>\n"
          "    <enum name=\"command_id\" encodingType=\"uint8\" description=\"kind of command\">\n",
          file);
    for (size_t i = 0; i < family_command.message_count; i++) {
        fprintf(file, "      <validValue name=\"%s\">%u</validValue>\n",
                family_command.messages[i].name, family_command.messages[i].id);
    }
    fputs("    </enum>\n  </types>\n", file);
}

static const char *sbe_type(const struct field *field)
{
    switch (field->type) {
    case FIELD_U8:
        return strcmp(field->domain, "command id") == 0 ? "command_id" : "uint8";
    case FIELD_U16:
        return strcmp(field->domain, "reject") == 0 ? "reject" : "uint16";
    case FIELD_U32:
        return "uint32";
    case FIELD_U64:
        return "uint64";
    case FIELD_I64:
        return "int64";
    case FIELD_PRICE:
        return "price";
    case FIELD_QUANTITY:
        return "quantity";
    case FIELD_TIME:
        return "time";
    case FIELD_ENUM:
        return field->domain;
    case FIELD_CHARS16:
        return "chars16";
    case FIELD_BYTES32:
        return "bytes32";
    case FIELD_TEXT:
        return "text36";
    }
    return "";
}

/* One field or variable part; ids are places in the message, from 1. */
static void emit_field(FILE *file, unsigned id, const struct field *field)
{
    fprintf(file, "    <%s name=\"%s\" id=\"%u\" type=\"%s\" description=\"",
            field->type == FIELD_TEXT ? "data" : "field", field->name, id, sbe_type(field));
    emit_escaped(file, field->domain);
    fputs(": ", file);
    emit_escaped(file, field->meaning);
    fputs("\"", file);
    if (field->since > 1) {
        fprintf(file, " sinceVersion=\"%u\"", field->since);
    }
    fputs("/>\n", file);
}

static void emit_messages(FILE *file, const struct family *family, unsigned template_base,
                          const struct field *prefix, size_t prefix_count, size_t prefix_bytes)
{
    for (size_t i = 0; i < family->message_count; i++) {
        const struct message *message = &family->messages[i];
        fprintf(file,
                "  <sbe:message name=\"%s_%s\" id=\"%u\" blockLength=\"%zu\" "
                "description=\"",
                family->name, message->name, template_base + message->id,
                prefix_bytes + message_fixed_bytes(family, message));
        emit_escaped(file, message->meaning);
        fputs("\">\n", file);
        unsigned id = 0;
        for (size_t j = 0; j < prefix_count; j++) {
            emit_field(file, ++id, &prefix[j]);
        }
        for (size_t j = 0; j < family->field_count; j++) {
            const struct field *field = &family->fields[j];
            if (field_belongs(field, message)) {
                emit_field(file, id + field_place(family, field), field);
            }
        }
        fputs("  </sbe:message>\n", file);
    }
}

void emit_sbe(const char *directory)
{
    static const struct field command_prefix[] = {
        {"", FIELD_U64, "frame_input_sequence", "count", "the session's number of this command", 1,
         NULL},
        {"", FIELD_U32, "frame_valid_for_us", "us", "after receipt; 0 = as the venue says", 1,
         NULL},
    };
    static const struct field event_prefix[] = {
        {"", FIELD_U64, "frame_event_sequence", "count", "the venue's number of this event", 1,
         NULL},
        {"", FIELD_TIME, "frame_time", "ns", "log time of its cause", 1, NULL},
        {"", FIELD_U32, "frame_remaining_budget", "count",
         "commands of this kind that may be sent at once from here; 4294967295 = no limit", 1,
         NULL},
    };
    static const struct field not_sequenced[] = {
        {"", FIELD_U64, "input_sequence", "count", "of the command; it may be used again", 1, NULL},
        {"", FIELD_U32, "retry_after_us", "us", "0 = at once", 1, NULL},
        {"", FIELD_U16, "code", "reject", "see rejects.md", 1, NULL},
    };
    FILE *file = generated_open(directory, "docs/reference/dojima-sbe.xml", GENERATED_BYTES);
    fprintf(file,
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
            "<!-- SPDX-License-Identifier: Apache-2.0\n"
            "     Written by tools/schemagen from schema/*.def: change those, then `make generate`."
            " -->\n"
            "<sbe:messageSchema xmlns:sbe=\"http://fixprotocol.io/2016/sbe\" package=\"dojima\" "
            "id=\"%u\" version=\"1\"\n"
            "    semanticVersion=\"1\" byteOrder=\"littleEndian\" description=\"Dojima native "
            "protocol\">\n",
            SBE_SCHEMA_ID);
    emit_types(file);
    emit_messages(file, &family_command, 0, command_prefix,
                  sizeof command_prefix / sizeof command_prefix[0], SBE_COMMAND_PREFIX_BYTES);
    emit_messages(file, &family_event, SBE_EVENT_TEMPLATE, event_prefix,
                  sizeof event_prefix / sizeof event_prefix[0], SBE_EVENT_PREFIX_BYTES);
    fprintf(file,
            "  <sbe:message name=\"not_sequenced\" id=\"%u\" blockLength=\"%u\" "
            "description=\"a command that was refused at the door and is in no log\">\n",
            SBE_NOT_SEQUENCED_TEMPLATE, SBE_NOT_SEQUENCED_BYTES - SBE_HEADER_BYTES);
    for (unsigned i = 0; i < 3; i++) {
        emit_field(file, i + 1, &not_sequenced[i]);
    }
    fputs("  </sbe:message>\n</sbe:messageSchema>\n", file);
    generated_close(file);
}
