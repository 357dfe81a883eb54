/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/fingerprint.h"

#include "apps/dojima/progress.h"
#include "host/digest.h"
#include "host/signal.h"
#include "host/stream.h"

#include <stdlib.h>

#define PIECE_BYTES ((size_t)1 << 20)

static enum status digest_stream(struct host_stream *stream, struct host_digest *digest,
                                 uint8_t *piece, uint64_t *out_bytes)
{
    struct progress progress;
    progress_begin(&progress, "hash of the input");
    uint64_t bytes = 0;
    size_t count = 0;
    enum status status = STATUS_OK;
    host_digest_begin(digest);
    do {
        status = host_stream_read(stream, piece, PIECE_BYTES, &count);
        if (status == STATUS_OK && host_signal_stop() != 0) {
            status = STATUS_INTERRUPTED;
        }
        if (status == STATUS_OK) {
            host_digest_add(digest, piece, count);
            bytes += count;
            progress_show(&progress, bytes, stream->bytes, bytes);
        }
    } while (status == STATUS_OK && count > 0);
    progress_end(&progress);
    *out_bytes = bytes;
    return status;
}

enum status fingerprint_file(const char *path, struct command_open_source *out_source)
{
    struct command_open_source source = {0};
    struct host_stream stream = {.descriptor = -1};
    struct host_digest *digest = NULL;
    uint8_t *piece = malloc(PIECE_BYTES);
    enum status status = piece == NULL ? STATUS_NO_MEMORY : host_stream_open(path, &stream);
    if (status == STATUS_OK) {
        status = host_digest_open(&digest);
    }
    if (status == STATUS_OK) {
        status = digest_stream(&stream, digest, piece, &source.bytes);
        host_digest_end(digest, source.digest.bytes);
        host_digest_close(digest);
    }
    host_stream_close(&stream);
    free(piece);
    if (status == STATUS_OK) {
        *out_source = source;
    }
    return status;
}
