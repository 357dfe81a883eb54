/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/mail.h"

#include "base/assert.h"

#include <stdlib.h>
#include <string.h>

struct letter *mail_put(struct mail *mail, int64_t due_ns, bool in_order)
{
    if (mail->count == mail->capacity) {
        mail->capacity = mail->capacity == 0 ? 64 : 2 * mail->capacity;
        mail->letters = realloc(mail->letters, mail->capacity * sizeof *mail->letters);
        ASSERT(mail->letters != NULL);
    }
    if (in_order && due_ns < mail->last_due_ns) {
        due_ns = mail->last_due_ns;
    }
    mail->last_due_ns = in_order ? due_ns : mail->last_due_ns;
    struct letter *letter = &mail->letters[mail->count++];
    memset(letter, 0, sizeof *letter);
    letter->due_ns = due_ns;
    letter->ticket = ++mail->tickets;
    return letter;
}

bool mail_take(struct mail *mail, int64_t now_ns, struct letter *out_letter)
{
    size_t found = mail->count;
    for (size_t i = 0; i < mail->count; i++) {
        const struct letter *letter = &mail->letters[i];
        const struct letter *best = &mail->letters[found == mail->count ? i : found];
        bool sooner = letter->due_ns < best->due_ns ||
                      (letter->due_ns == best->due_ns && letter->ticket <= best->ticket);
        if (letter->due_ns <= now_ns && sooner) {
            found = i;
        }
    }
    if (found == mail->count) {
        return false;
    }
    *out_letter = mail->letters[found];
    out_letter->entry.bytes = out_letter->bytes;
    mail->letters[found] = mail->letters[--mail->count]; /* due times and tickets give the order */
    return true;
}

void mail_clear(struct mail *mail)
{
    mail->count = 0;
    mail->last_due_ns = 0;
}

void mail_deinit(struct mail *mail)
{
    free(mail->letters);
    *mail = (struct mail){0};
}
