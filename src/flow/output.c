/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/output.h"

#include <string.h>
#include <zlib.h>

#define BUFFER_BYTES (1u << 20)

/* A gzFile under our own name: struct output is never defined. Mode T writes as it is. */
static gzFile file_of(struct output *output)
{
    return (gzFile)(void *)output;
}

enum status output_open(const char *path, bool gzip, struct output **out_output)
{
    gzFile file = gzopen(path, gzip ? "wb6" : "wbT");
    if (file == NULL) {
        return STATUS_IO;
    }
    (void)gzbuffer(file, BUFFER_BYTES); /* only slower without */
    *out_output = (struct output *)(void *)file;
    return STATUS_OK;
}

enum status output_write(struct output *output, const void *bytes, size_t count)
{
    return gzfwrite(bytes, 1, count, file_of(output)) == count ? STATUS_OK : STATUS_IO;
}

enum status output_close(struct output *output)
{
    return output == NULL || gzclose(file_of(output)) == Z_OK ? STATUS_OK : STATUS_IO;
}

bool output_wants_gzip(const char *path)
{
    size_t length = strlen(path);
    return length > 3 && strcmp(path + length - 3, ".gz") == 0;
}
