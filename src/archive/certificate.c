/* The text of a negative certificate, and what follows from it. */
#include "archive/certificate.h"

#include "archive/package_lines.h"
#include "base/digest.h"

#include <string.h>

static const char *const verdicts[] = {[CERTIFICATE_EMPTY] = "empty",
                                       [CERTIFICATE_NOT_PROVEN] = "not-proven",
                                       [CERTIFICATE_NOT_EMPTY] = "not-empty"};

static void camera_clear(void *data)
{
    CertificateCamera *camera = data;
    GArray *lists[] = {camera->gaps, camera->moved, camera->unknown, camera->partly, camera->cells};
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        g_array_unref(lists[i]);
    g_free(camera->name);
}

void certificate_init(Certificate *certificate)
{
    *certificate = (Certificate){.cameras = g_array_new(FALSE, TRUE, sizeof(CertificateCamera))};
    g_array_set_clear_func(certificate->cameras, camera_clear);
    package_manifest_init(&certificate->about);
}

void certificate_clear(Certificate *certificate)
{
    package_manifest_clear(&certificate->about);
    g_clear_pointer(&certificate->cameras, g_array_unref);
}

CertificateCamera *certificate_add(Certificate *certificate)
{
    CertificateCamera camera = {.gaps = g_array_new(FALSE, TRUE, sizeof(CertificateSpan)),
                                .moved = g_array_new(FALSE, TRUE, sizeof(CertificateSpan)),
                                .unknown = g_array_new(FALSE, TRUE, sizeof(CertificateSpan)),
                                .partly = g_array_new(FALSE, TRUE, sizeof(CertificateSpan)),
                                .cells = g_array_new(FALSE, TRUE, sizeof(CertificateCell)),
                                .ntp_least_us = CERTIFICATE_NOT_KNOWN,
                                .ntp_most_us = CERTIFICATE_NOT_KNOWN,
                                .clock_us = CERTIFICATE_NOT_KNOWN};
    g_array_append_val(certificate->cameras, camera);
    return &g_array_index(certificate->cameras, CertificateCamera, certificate->cameras->len - 1);
}

/* ---- what follows ---- */

static bool is_well(int64_t ntp_us)
{
    return ntp_us > -CERTIFICATE_CLOCK_WELL_US && ntp_us < CERTIFICATE_CLOCK_WELL_US;
}

bool certificate_clock_is_well(const CertificateCamera *camera)
{
    for (guint i = 0; i < camera->gaps->len; i++)
        if (g_array_index(camera->gaps, CertificateSpan, i).cause == GAP_CLOCK_STEP)
            return false;
    return is_well(camera->ntp_least_us) && is_well(camera->ntp_most_us);
}

CertificateVerdict certificate_judge_camera(const CertificateCamera *camera)
{
    if (camera->moved->len > 0)
        return CERTIFICATE_NOT_EMPTY;
    bool seen = camera->gaps->len == 0 && camera->unknown->len == 0 && camera->partly->len == 0;
    return seen && certificate_clock_is_well(camera) ? CERTIFICATE_EMPTY : CERTIFICATE_NOT_PROVEN;
}

CertificateVerdict certificate_judge(const Certificate *certificate)
{
    CertificateVerdict worst = CERTIFICATE_EMPTY;
    for (guint i = 0; i < certificate->cameras->len; i++)
        worst = MAX(worst, certificate_judge_camera(
                               &g_array_index(certificate->cameras, CertificateCamera, i)));
    return worst;
}

const char *certificate_verdict_text(CertificateVerdict verdict)
{
    return verdicts[verdict];
}

/* ---- writing ---- */

static void put_spans(GString *line, const GArray *spans, bool causes)
{
    g_string_append(line, ",[");
    for (guint i = 0; i < spans->len; i++) {
        const CertificateSpan *span = &g_array_index(spans, CertificateSpan, i);
        g_string_append_printf(line, "%s[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT, i > 0 ? "," : "",
                               span->from_us, span->to_us);
        if (causes)
            g_string_append_printf(line, ",\"%s\"", gap_cause_text(span->cause));
        g_string_append_c(line, ']');
    }
    g_string_append_c(line, ']');
}

static void put_camera(GString *line, const CertificateCamera *camera)
{
    char id[UUID_TEXT], region[2 * CERTIFICATE_GRID_BYTES + 1];
    hex_encode(camera->region, CERTIFICATE_GRID_BYTES, region);
    g_string_append_printf(line, "[\"%s\",", uuid_text(&camera->id, id));
    line_add_text(line, camera->name);
    g_string_append_printf(line, ",\"%s\",\"%s\"", verdicts[camera->verdict], region);
    const int64_t numbers[] = {camera->ntp_least_us, camera->ntp_most_us, camera->clock_us,
                               camera->fully_s, camera->sparsely_s};
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        g_string_append_printf(line, ",%" G_GINT64_FORMAT, numbers[i]);
    put_spans(line, camera->gaps, true);
    put_spans(line, camera->moved, false);
    put_spans(line, camera->unknown, false);
    put_spans(line, camera->partly, false);
    g_string_append(line, ",[");
    for (guint i = 0; i < camera->cells->len; i++) {
        const CertificateCell *cell = &g_array_index(camera->cells, CertificateCell, i);
        g_string_append_printf(line,
                               "%s[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "]",
                               i > 0 ? "," : "", cell->cell, cell->moved_s, cell->unknown_s);
    }
    g_string_append(line, "]]");
}

GString *certificate_write(const Certificate *certificate)
{
    const PackageManifest *about = &certificate->about;
    GString *line = line_new("negative-certificate");
    line_put_int(line, "format", CERTIFICATE_FORMAT);
    line_put_uuid(line, "id", &about->id);
    line_put_text(line, "verdict", verdicts[certificate->verdict]);
    line_put_int(line, "at_us", about->at_us);
    line_put_int(line, "from_us", about->from_us);
    line_put_int(line, "to_us", about->to_us);
    line_put_text(line, "reason", about->reason);
    line_put_text(line, "approval", about->approval);
    package_origin_put(line, about);
    line_put_name(line, "cameras");
    g_string_append_c(line, '[');
    for (guint i = 0; i < certificate->cameras->len; i++) {
        g_string_append(line, i > 0 ? "," : "");
        put_camera(line, &g_array_index(certificate->cameras, CertificateCamera, i));
    }
    g_string_append_c(line, ']');
    package_files_put(line, about->files);
    line_put_text(line, "key", about->key);
    line_close(line);
    return line;
}

/* ---- reading ---- */

static int64_t next_int(LineReader *reader)
{
    line_read_next(reader);
    return line_read_int(reader, NULL);
}

static void read_spans(LineReader *reader, bool causes, GArray *spans)
{
    line_read_next(reader);
    line_read_array(reader, NULL);
    while (line_read_item(reader)) {
        char cause[32] = "unknown";
        CertificateSpan span = {0};
        line_read_array(reader, NULL);
        span.from_us = next_int(reader);
        span.to_us = next_int(reader);
        if (causes) {
            line_read_next(reader);
            line_read_chars(reader, NULL, cause, sizeof cause);
        }
        line_read_close(reader);
        if (spans->len == CERTIFICATE_SPANS_MOST || !gap_cause_parse(cause, &span.cause))
            reader->failed = true;
        g_array_append_val(spans, span);
    }
}

static void read_cells(LineReader *reader, GArray *cells)
{
    line_read_next(reader);
    line_read_array(reader, NULL);
    while (line_read_item(reader)) {
        CertificateCell cell;
        line_read_array(reader, NULL);
        cell.cell = next_int(reader);
        cell.moved_s = next_int(reader);
        cell.unknown_s = next_int(reader);
        line_read_close(reader);
        if (cells->len == CERTIFICATE_CELLS)
            reader->failed = true;
        g_array_append_val(cells, cell);
    }
}

static CertificateVerdict read_verdict(LineReader *reader, const char *key)
{
    char text[16];
    line_read_chars(reader, key, text, sizeof text);
    for (size_t i = 0; i < G_N_ELEMENTS(verdicts); i++)
        if (!reader->failed && strcmp(text, verdicts[i]) == 0)
            return (CertificateVerdict)i;
    reader->failed = true;
    return CERTIFICATE_NOT_PROVEN;
}

static void read_camera(LineReader *reader, Certificate *certificate)
{
    char region[2 * CERTIFICATE_GRID_BYTES + 1] = "";
    if (certificate->cameras->len == PACKAGE_CAMERAS_MOST) {
        reader->failed = true;
        return;
    }
    CertificateCamera *camera = certificate_add(certificate);
    line_read_array(reader, NULL);
    line_read_next(reader);
    camera->id = line_read_uuid(reader, NULL);
    line_read_next(reader);
    camera->name = line_read_text(reader, NULL);
    line_read_next(reader);
    camera->verdict = read_verdict(reader, NULL);
    line_read_next(reader);
    line_read_chars(reader, NULL, region, sizeof region);
    if (!hex_decode(region, camera->region, CERTIFICATE_GRID_BYTES))
        reader->failed = true;
    int64_t *const numbers[] = {&camera->ntp_least_us, &camera->ntp_most_us, &camera->clock_us,
                                &camera->fully_s, &camera->sparsely_s};
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        *numbers[i] = next_int(reader);
    read_spans(reader, true, camera->gaps);
    read_spans(reader, false, camera->moved);
    read_spans(reader, false, camera->unknown);
    read_spans(reader, false, camera->partly);
    read_cells(reader, camera->cells);
    line_read_close(reader);
}

static void read_about(LineReader *reader, PackageManifest *about)
{
    about->at_us = line_read_int(reader, "at_us");
    about->from_us = line_read_int(reader, "from_us");
    about->to_us = line_read_int(reader, "to_us");
    about->reason = line_read_text(reader, "reason");
    about->approval = line_read_text(reader, "approval");
    package_origin_read(reader, about);
}

bool certificate_read(const char *text, size_t size, Certificate *certificate)
{
    PackageManifest *about = &certificate->about;
    if (size == 0 || text[size - 1] != '\n')
        return false;
    LineReader reader = line_reader(text, size - 1);
    line_read_start(&reader, "negative-certificate");
    int64_t format = line_read_int(&reader, "format");
    about->id = line_read_uuid(&reader, "id");
    certificate->verdict = read_verdict(&reader, "verdict");
    read_about(&reader, about);
    line_read_array(&reader, "cameras");
    while (line_read_item(&reader))
        read_camera(&reader, certificate);
    line_read_array(&reader, "files");
    while (line_read_item(&reader))
        package_file_read(&reader, about);
    line_read_chars(&reader, "key", about->key, sizeof about->key);
    int64_t span_us = 0;
    bool spans = !__builtin_sub_overflow(about->to_us, about->from_us, &span_us);
    return line_read_end(&reader) && format == CERTIFICATE_FORMAT && spans && span_us > 0 &&
           span_us <= PACKAGE_SPAN_MOST_US && certificate->cameras->len > 0;
}
