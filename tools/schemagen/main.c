/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/schemagen/tables.h"

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: schemagen DIR   (tools/generate makes its folders)\n");
        return 2;
    }
    tables_check();
    emit_structs(argv[1]);
    emit_codec(argv[1]);
    emit_versions(argv[1]);
    emit_describe(argv[1]);
    emit_docs(argv[1]);
    emit_golden(argv[1]);
    emit_lua(argv[1]);
    emit_sbe(argv[1]);
    emit_ouch(argv[1]);
    return 0;
}
