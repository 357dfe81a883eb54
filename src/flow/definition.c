/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/definition.h"

#include "flow/dbn.h"
#include "flow/dbn_header.h"

static enum status read_records(struct flow_source *source, flow_on_definition on_definition,
                                void *context)
{
    struct dbn_header header;
    if (!dbn_looks_like(input_at(&source->input), input_want(&source->input, 4))) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, 0, "not a DBN file");
    }
    enum status status = dbn_header_read(source, NULL, &header);
    while (status == STATUS_OK) {
        size_t length = 0;
        status = dbn_record_want(source, &length);
        if (status != STATUS_OK || length == 0) {
            return status;
        }
        struct flow_definition definition;
        if (input_at(&source->input)[1] == DBN_RTYPE_DEFINITION) {
            status = dbn_definition_decode(source, length, &header, &definition);
            if (status == STATUS_OK &&
                (status = on_definition(context, &definition)) != STATUS_OK) {
                return source_refuse(source, status, SOURCE_BYTE, input_offset(&source->input),
                                     "%s", status_sentence(status));
            }
        }
        input_skip(&source->input, length);
    }
    return status;
}

enum status flow_dbn_read_definition(const char *path, flow_on_definition on_definition,
                                     void *context, struct flow_error *error)
{
    struct flow_source source = {0};
    enum status status = input_open_file(path, &source.input);
    if (status != STATUS_OK) {
        (void)source_refuse(&source, status, SOURCE_BYTE, 0, "%s", status_sentence(status));
    } else {
        status = read_records(&source, on_definition, context);
        input_close(&source.input);
    }
    if (status != STATUS_OK) {
        *error = source.error;
    }
    return status;
}
