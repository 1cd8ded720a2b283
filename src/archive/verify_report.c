/* What `verify` has found: gathered here, printed elsewhere. */
#include "archive/verify_check.h"

static void fault_free(void *data)
{
    VerifyFault *fault = data;
    g_free(fault->camera);
    g_free(fault->path);
    g_free(fault->what);
    g_free(fault);
}

void verify_report_init(VerifyReport *report)
{
    *report =
        (VerifyReport){.faults = g_ptr_array_new_with_free_func(fault_free),
                       .notes = g_ptr_array_new_with_free_func(g_free),
                       .spans = g_array_new(FALSE, FALSE, sizeof(VerifySpan)),
                       .complete = g_array_new(FALSE, FALSE, sizeof(VerifyComplete)),
                       .counted = g_hash_table_new_full(uuid_hash, uuid_equal_keys, g_free, NULL)};
}

void verify_report_clear(VerifyReport *report)
{
    g_clear_pointer(&report->faults, g_ptr_array_unref);
    g_clear_pointer(&report->notes, g_ptr_array_unref);
    g_clear_pointer(&report->spans, g_array_unref);
    g_clear_pointer(&report->complete, g_array_unref);
    g_clear_pointer(&report->counted, g_hash_table_unref);
    g_clear_pointer(&report->fingerprint, g_free);
}

bool verify_passed(const VerifyReport *report)
{
    bool anything = report->segments + report->open_segments + report->retired + report->lines > 0;
    return report->faults->len == 0 && anything && (!report->key_asked || report->key_confirmed);
}

void verify_fault(Verify *verify, const Uuid *camera, int64_t from_us, int64_t to_us,
                  const char *path, const char *format, ...)
{
    VerifyFault *fault = g_new0(VerifyFault, 1);
    char uuid[UUID_TEXT] = "";
    va_list args;
    va_start(args, format);
    fault->what = g_strdup_vprintf(format, args);
    va_end(args);
    fault->camera = g_strdup(camera ? uuid_text(camera, uuid) : "");
    fault->from_us = from_us;
    fault->to_us = to_us;
    fault->path = g_strdup(path);
    g_ptr_array_add(verify->report->faults, fault);
}

void verify_note(Verify *verify, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(verify->report->notes, g_strdup_vprintf(format, args));
    va_end(args);
}

void verify_read(Verify *verify, int64_t bytes)
{
    verify->report->bytes += bytes;
    if (verify->options->progress)
        verify->options->progress(verify->options->progress_data, verify->report->bytes,
                                  MAX(verify->all_bytes, verify->report->bytes));
}

int verify_signature(Verify *verify, const LineHead *head, const char *text, const Uuid *camera,
                     int64_t from_us, int64_t to_us, const char *path, unsigned number)
{
    int key_index = -1;
    if (!verify->ring)
        return -1;
    g_autofree char *what = line_signature_fault(head, text, verify->ring, &key_index);
    if (what)
        verify_fault(verify, camera, from_us, to_us, path, "line %u %s", number, what);
    return key_index;
}
