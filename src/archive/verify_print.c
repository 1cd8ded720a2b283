/* The report of `verify` for people, and for programs. */
#include "archive/verify.h"

#include "base/json.h"
#include "base/time_text.h"

#include <inttypes.h>

/* To the second: begins down, ends up. */
static void print_span(const VerifyFault *fault, FILE *out)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    if (fault->from_us == 0 && fault->to_us == 0)
        return;
    time_text(fault->from_us, from);
    time_text(fault->to_us + (fault->to_us % 1000000 ? 999999 : 0), to);
    from[10] = to[10] = ' ';
    fprintf(out, "%.19s to %.19s UTC  ", from, to);
}

static void print_fault(const VerifyFault *fault, FILE *out)
{
    fputs("FAULT  ", out);
    if (*fault->camera)
        fprintf(out, "camera %s  ", fault->camera);
    print_span(fault, out);
    fprintf(out, "%s\n       %s\n", fault->what, fault->path);
}

static void print_counts(const VerifyReport *report, FILE *out)
{
    g_autofree char *bytes = g_format_size((guint64)report->bytes);
    fprintf(out,
            "checked: %" PRId64 " cameras, %" PRId64 " sealed segments, %" PRId64 " open, %" PRId64
            " retired, %" PRId64 " fragments, %s, %" PRId64 " lines, %" PRId64 " roots\n",
            report->cameras, report->segments, report->open_segments, report->retired,
            report->fragments, bytes, report->lines, report->roots);
}

/* One word for programs, a sentence for people. */
static const char *verdict(const VerifyReport *report, const char **sentence)
{
    if (report->faults->len > 0) {
        *sentence = "NOT CONSISTENT";
        return "faulty";
    }
    if (!verify_passed(report)) {
        *sentence = "there is nothing here to check";
        return "empty";
    }
    if (report->key_confirmed) {
        *sentence = "consistent, signed by the key asked for: unchanged since it reached this node";
        return "consistent";
    }
    *sentence = "consistent, key not confirmed: compare the fingerprint below with one from "
                "elsewhere, or give it by --key";
    return "key-not-confirmed";
}

static const char *const verdicts[] = {
    [VERDICT_AUTHENTIC] = "authentic-from-server",
    [VERDICT_GAP] = "gap",
    [VERDICT_CLOCK_DOUBTFUL] = "clock-doubtful",
    [VERDICT_UNSIGNED] = "unsigned",
    [VERDICT_ALTERED] = "altered",
};

/* What a package has, second by second: a line for seconds of one verdict. */
static void print_seconds(const VerifyReport *report, FILE *out)
{
    char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    for (size_t i = 0; i < report->spans->len; i++) {
        const VerifySpan *span = &g_array_index(report->spans, VerifySpan, i);
        time_text(span->from_us, from);
        time_text(span->to_us, to);
        from[10] = to[10] = ' ';
        fprintf(out, "camera %s  %.19s to %.19s UTC  %s\n", uuid_text(&span->camera, camera), from,
                to, verdicts[span->verdict]);
    }
    for (size_t i = 0; i < report->complete->len; i++) {
        const VerifyComplete *told = &g_array_index(report->complete, VerifyComplete, i);
        fprintf(out, "camera %s  %s\n", uuid_text(&told->camera, camera),
                told->complete ? "complete" : "not complete");
    }
}

void verify_print(const VerifyReport *report, FILE *out)
{
    print_seconds(report, out);
    for (size_t i = 0; i < report->faults->len; i++)
        print_fault(g_ptr_array_index(report->faults, i), out);
    for (size_t i = 0; i < report->notes->len; i++)
        fprintf(out, "note   %s\n", (const char *)g_ptr_array_index(report->notes, i));
    const char *sentence;
    verdict(report, &sentence);
    print_counts(report, out);
    if (report->faults->len > 0)
        fprintf(out, "%s: %u fault%s\n", sentence, report->faults->len,
                report->faults->len == 1 ? "" : "s");
    else
        fprintf(out, "%s\n", sentence);
    if (report->fingerprint)
        fprintf(out, "key fingerprint: %s\n", report->fingerprint);
}

static Json *time_or_null(int64_t time_us)
{
    return time_us ? json_time(time_us) : json_null();
}

static Json *faults_json(const VerifyReport *report)
{
    Json *faults = json_array();
    for (size_t i = 0; i < report->faults->len; i++) {
        const VerifyFault *fault = g_ptr_array_index(report->faults, i);
        Json *item = json_object();
        json_object_set_new(item, "camera",
                            *fault->camera ? json_string(fault->camera) : json_null());
        json_object_set_new(item, "from", time_or_null(fault->from_us));
        json_object_set_new(item, "to", time_or_null(fault->to_us));
        json_object_set_new(item, "path", json_string(fault->path));
        json_object_set_new(item, "what", json_string(fault->what));
        json_array_append_new(faults, item);
    }
    return faults;
}

static Json *seconds_json(const VerifyReport *report)
{
    Json *all = json_array();
    for (size_t i = 0; i < report->spans->len; i++) {
        const VerifySpan *span = &g_array_index(report->spans, VerifySpan, i);
        char camera[UUID_TEXT];
        Json *item = json_object();
        json_object_set_new(item, "camera", json_string(uuid_text(&span->camera, camera)));
        json_object_set_new(item, "from", json_time(span->from_us));
        json_object_set_new(item, "to", json_time(span->to_us));
        json_object_set_new(item, "verdict", json_string(verdicts[span->verdict]));
        json_array_append_new(all, item);
    }
    return all;
}

static Json *complete_json(const VerifyReport *report)
{
    Json *all = json_array();
    for (size_t i = 0; i < report->complete->len; i++) {
        const VerifyComplete *told = &g_array_index(report->complete, VerifyComplete, i);
        char camera[UUID_TEXT];
        json_array_append_new(all,
                              json_pack("{s:s, s:b}", "camera", uuid_text(&told->camera, camera),
                                        "complete", told->complete));
    }
    return all;
}

static Json *notes_json(const VerifyReport *report)
{
    Json *notes = json_array();
    for (size_t i = 0; i < report->notes->len; i++)
        json_array_append_new(notes, json_string(g_ptr_array_index(report->notes, i)));
    return notes;
}

void verify_print_json(const VerifyReport *report, FILE *out)
{
    const char *sentence;
    g_autoptr(Json) json = json_object();
    const struct {
        const char *name;
        int64_t value;
    } counts[] = {
        {"cameras", report->cameras},     {"segments", report->segments},
        {"open", report->open_segments},  {"retired", report->retired},
        {"fragments", report->fragments}, {"bytes", report->bytes},
        {"lines", report->lines},         {"roots", report->roots},
        {"packages", report->packages},
    };
    json_object_set_new(json, "passed", json_boolean(verify_passed(report)));
    json_object_set_new(json, "verdict", json_string(verdict(report, &sentence)));
    json_object_set_new(json, "key_confirmed", json_boolean(report->key_confirmed));
    json_object_set_new(json, "fingerprint",
                        report->fingerprint ? json_string(report->fingerprint) : json_null());
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        json_object_set_new(json, counts[i].name, json_integer(counts[i].value));
    json_object_set_new(json, "faults", faults_json(report));
    json_object_set_new(json, "notes", notes_json(report));
    json_object_set_new(json, "seconds", seconds_json(report));
    json_object_set_new(json, "complete", complete_json(report));
    g_autofree char *text = json_line(json);
    fprintf(out, "%s\n", text);
}
