/* Bytes as redactions: what is taken is written again the same, and each of its boxes lies within
 * the picture at every moment. */
#include "media/redaction.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_box(const Redaction *redaction, unsigned box)
{
    int64_t step_us = (redaction->to_us - redaction->from_us) / 16 + 1;
    for (int64_t at_us = redaction->from_us; at_us <= redaction->to_us; at_us += step_us) {
        RedactionMoment where;
        if (!redaction_at(redaction, box, at_us, &where))
            continue;
        if (where.x < 0 || where.y < 0 || where.width < 1 || where.height < 1 ||
            where.x + where.width > REDACTION_WHOLE || where.y + where.height > REDACTION_WHOLE)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GPtrArray) all = redactions_parse((const char *)data, size);
    if (!all)
        return 0;
    for (guint i = 0; i < all->len; i++) {
        const Redaction *redaction = all->pdata[i];
        for (unsigned box = 0; box < redaction->boxes->len; box++)
            check_box(redaction, box);
    }
    g_autofree char *again = redactions_text(all);
    if (strlen(again) != size || memcmp(again, data, size) != 0)
        abort();
    return 0;
}
