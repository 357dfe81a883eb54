/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/order_key.h"

#include "apps/dojima/options.h"
#include "identity/identity.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define LINE_BYTES 256

_Static_assert(sizeof((struct order_key *)NULL)->seed == IDENTITY_SEED_BYTES, "the same seed");

/* False: these are not the digits of a seed, and blanks or nothing behind them. */
static bool take_digits(const char *text, uint8_t *out_seed)
{
    static const char digits[] = "0123456789abcdef";
    size_t count = strspn(text, digits);
    if (count != 2 * (size_t)IDENTITY_SEED_BYTES || strchr(" \t\r\n", text[count]) == NULL) {
        return false;
    }
    for (size_t i = 0; i < IDENTITY_SEED_BYTES; i++) {
        out_seed[i] = (uint8_t)((strchr(digits, text[2 * i]) - digits) << 4 |
                                (strchr(digits, text[2 * i + 1]) - digits));
    }
    return true;
}

static bool is_private(FILE *file, const char *path)
{
    struct stat facts;
    if (fstat(fileno(file), &facts) == 0 && (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        complain("%s may be read by others: `chmod 600 %s`", path, path);
        return false;
    }
    return true;
}

bool order_key_read(struct order_key *key, const char *path)
{
    char line[LINE_BYTES];
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        complain("%s cannot be read: %s", path, strerror(errno));
        return false;
    }
    if (!is_private(file, path)) {
        (void)fclose(file);
        return false;
    }
    bool found = fgets(line, sizeof line, file) != NULL &&
                 take_digits(strncmp(line, "seed ", 5) == 0 ? line + 5 : line, key->seed);
    (void)fclose(file);
    explicit_bzero(line, sizeof line);
    if (!found) {
        complain(
            "%s begins with no seed of 64 hexadecimal digits: `dojima identity make-key` prints "
            "one",
            path);
    }
    return found;
}

void order_key_sign(const struct order_key *key, const char *name, const uint8_t *challenge,
                    uint8_t *out_signature)
{
    uint8_t bytes[IDENTITY_LOGON_BYTES];
    identity_logon_bytes(name, strlen(name), challenge, bytes);
    identity_sign(key->seed, bytes, sizeof bytes, out_signature);
}
