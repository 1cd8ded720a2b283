/* Bytes as a line of a ledger: every parser of canonical lines takes them. */
#include "archive/root_line.h"
#include "archive/seal.h"
#include "ledger/line.h"
#include "people/audit_line.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What can be read must be signed bytes of the line itself. */
static void check_head(const char *text, size_t size)
{
    LineHead head;
    if (line_read_head(text, size, &head) &&
        (head.seal.signed_bytes >= size || text[head.seal.signed_bytes] != ','))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    check_head(text, size);
    LineReader reader = line_reader(text, size);
    g_free(line_read_text(&reader, NULL));
    reader = line_reader(text, size);
    size_t bytes;
    g_free(line_read_base64(&reader, NULL, 1024, &bytes));
    g_auto(SegmentSeal) seal = {0};
    segment_seal_parse(text, size, &seal);
    RetiredSeal retired;
    retired_seal_parse(text, size, &retired);
    g_auto(RootLine) root = {0};
    root_line_parse(text, size, &root);
    audit_row_free(audit_row_read(text, size));
    return 0;
}
