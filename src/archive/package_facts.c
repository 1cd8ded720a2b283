/* What a package tells of its footage: continuity and time. */
#include "archive/package_lines.h"
#include "archive/segment_read.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

void package_facts_init(PackageFacts *facts)
{
    *facts = (PackageFacts){.cameras = g_array_new(FALSE, FALSE, sizeof(Uuid)),
                            .media = g_array_new(FALSE, TRUE, sizeof(PackageMedia)),
                            .declared = g_array_new(FALSE, TRUE, sizeof(PackageGap))};
}

void package_facts_clear(PackageFacts *facts)
{
    g_clear_pointer(&facts->cameras, g_array_unref);
    g_clear_pointer(&facts->media, g_array_unref);
    g_clear_pointer(&facts->declared, g_array_unref);
}

static int compare(int64_t left, int64_t right)
{
    return (left > right) - (left < right);
}

int64_t package_run_us(const Fmp4ReadRun *pictures)
{
    uint64_t ticks = MIN(pictures->duration, UINT64_C(1) << 40);
    return (int64_t)(ticks * (SECOND_US / 1000) / (VIDEO_TIMESCALE / 1000));
}

int package_media_order(const void *a, const void *b)
{
    const PackageMedia *left = a, *right = b;
    int order = compare(left->camera, right->camera);
    if (!order)
        order = compare(left->from_us, right->from_us);
    return order ? order : strcmp(left->name, right->name);
}

static int gap_order(const void *a, const void *b)
{
    const PackageGap *left = a, *right = b;
    int order = compare(left->from_us, right->from_us);
    if (!order)
        order = compare(left->to_us, right->to_us);
    return order ? order : compare((int64_t)left->cause, (int64_t)right->cause);
}

void package_media_name(unsigned camera, const char *file, char name[ZIP_NAME_TEXT])
{
    g_snprintf(name, ZIP_NAME_TEXT, "media/%02u/%s", camera + 1, file);
    char *slash = strrchr(name + strlen("media/00/"), '/');
    if (slash)
        *slash = '_';
}

void package_seals_name(unsigned camera, char name[ZIP_NAME_TEXT])
{
    g_snprintf(name, ZIP_NAME_TEXT, "proofs/seals-%02u.jsonl", camera + 1);
}

static void add_gap(GArray *gaps, unsigned camera, int64_t from_us, int64_t to_us, GapCause cause)
{
    PackageGap gap = {camera, from_us, to_us, cause};
    if (to_us > from_us)
        g_array_append_val(gaps, gap);
}

/* [from_us, to_us) has no pictures: what seals say of it, and nothing where they say nothing. */
static void add_hole(const GArray *declared, unsigned camera, int64_t from_us, int64_t to_us,
                     GArray *gaps)
{
    if (to_us - from_us < SEGMENT_GAP_US)
        return;
    for (size_t i = 0; i < declared->len && from_us < to_us; i++) {
        const PackageGap *told = &g_array_index(declared, PackageGap, i);
        if (told->camera != camera || told->to_us <= from_us || told->from_us >= to_us)
            continue;
        if (told->from_us - from_us >= SEGMENT_GAP_US) {
            add_gap(gaps, camera, from_us, told->from_us, GAP_UNKNOWN);
            from_us = told->from_us;
        }
        int64_t until_us = MIN(told->to_us, to_us);
        add_gap(gaps, camera, from_us, until_us, told->cause);
        from_us = until_us;
    }
    if (to_us - from_us >= SEGMENT_GAP_US)
        add_gap(gaps, camera, from_us, to_us, GAP_UNKNOWN);
}

static void camera_gaps(const PackageFacts *facts, const GArray *declared, unsigned camera,
                        GArray *gaps)
{
    int64_t at_us = facts->from_us;
    for (size_t i = 0; i < facts->media->len; i++) {
        const PackageMedia *media = &g_array_index(facts->media, PackageMedia, i);
        if (media->camera != camera)
            continue;
        add_hole(declared, camera, at_us, MIN(media->from_us, facts->to_us), gaps);
        at_us = MAX(at_us, media->to_us);
    }
    add_hole(declared, camera, at_us, facts->to_us, gaps);
    /* Gaps within a file: seals declare them, and no file ends there. */
    for (size_t i = 0; i < declared->len; i++) {
        const PackageGap *told = &g_array_index(declared, PackageGap, i);
        int64_t from_us = MAX(told->from_us, facts->from_us);
        int64_t to_us = MIN(told->to_us, facts->to_us);
        for (size_t j = 0; told->camera == camera && j < facts->media->len; j++) {
            const PackageMedia *media = &g_array_index(facts->media, PackageMedia, j);
            if (media->camera == camera && from_us > media->from_us && to_us < media->to_us)
                add_gap(gaps, camera, from_us, to_us, told->cause);
        }
    }
}

GArray *package_gaps(const PackageFacts *facts)
{
    GArray *gaps = g_array_new(FALSE, TRUE, sizeof(PackageGap));
    g_autoptr(GArray) declared = g_array_copy(facts->declared);
    g_array_sort(declared, gap_order);
    for (unsigned camera = 0; camera < facts->cameras->len; camera++) {
        g_autoptr(GArray) own = g_array_new(FALSE, TRUE, sizeof(PackageGap));
        camera_gaps(facts, declared, camera, own);
        g_array_sort(own, gap_order);
        g_array_append_vals(gaps, own->data, own->len);
    }
    return gaps;
}

GArray *package_overlaps(const PackageFacts *facts)
{
    GArray *overlaps = g_array_new(FALSE, TRUE, sizeof(PackageGap));
    int64_t end_us = INT64_MIN;
    for (size_t i = 0; i < facts->media->len; i++) {
        const PackageMedia *media = &g_array_index(facts->media, PackageMedia, i);
        if (i == 0 || (media - 1)->camera != media->camera)
            end_us = media->to_us;
        else if (end_us - media->from_us >= SEGMENT_GAP_US)
            add_gap(overlaps, media->camera, media->from_us, MIN(end_us, media->to_us),
                    GAP_UNKNOWN);
        end_us = MAX(end_us, media->to_us);
    }
    return overlaps;
}

static void begin_item(GString *text, size_t index)
{
    g_string_append(text, index > 0 ? ",[" : "[");
}

static void add_camera(GString *text, const PackageFacts *facts, unsigned camera)
{
    char id[UUID_TEXT];
    line_add_text(text, uuid_text(&g_array_index(facts->cameras, Uuid, camera), id));
}

static void add_ints(GString *text, const int64_t *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        g_string_append_printf(text, ",%" G_GINT64_FORMAT, values[i]);
}

static void put_media(GString *text, const PackageFacts *facts)
{
    line_put_name(text, "media");
    g_string_append_c(text, '[');
    for (size_t i = 0; i < facts->media->len; i++) {
        const PackageMedia *media = &g_array_index(facts->media, PackageMedia, i);
        char volume[UUID_TEXT];
        begin_item(text, i);
        line_add_text(text, media->name);
        g_string_append_c(text, ',');
        line_add_text(text, uuid_text(&media->volume, volume));
        add_ints(
            text,
            (const int64_t[]){media->seq, media->first, media->last, media->from_us, media->to_us},
            5);
        g_string_append_c(text, ']');
    }
    g_string_append_c(text, ']');
}

static void put_gaps(GString *text, const PackageFacts *facts, const GArray *gaps)
{
    line_put_name(text, "gaps");
    g_string_append_c(text, '[');
    for (size_t i = 0; i < gaps->len; i++) {
        const PackageGap *gap = &g_array_index(gaps, PackageGap, i);
        begin_item(text, i);
        add_camera(text, facts, gap->camera);
        add_ints(text, (const int64_t[]){gap->from_us, gap->to_us}, 2);
        g_string_append_c(text, ',');
        line_add_text(text, gap_cause_text(gap->cause));
        g_string_append_c(text, ']');
    }
    g_string_append_c(text, ']');
}

static void put_complete(GString *text, const PackageFacts *facts, const GArray *gaps)
{
    line_put_name(text, "complete");
    g_string_append_c(text, '[');
    for (unsigned camera = 0; camera < facts->cameras->len; camera++) {
        bool complete = true;
        for (size_t i = 0; i < gaps->len; i++)
            complete = complete && g_array_index(gaps, PackageGap, i).camera != camera;
        begin_item(text, camera);
        add_camera(text, facts, camera);
        g_string_append(text, complete ? ",1]" : ",0]");
    }
    g_string_append_c(text, ']');
}

GString *package_continuity(const PackageFacts *facts)
{
    g_autoptr(GArray) gaps = package_gaps(facts);
    GString *text = line_new("continuity");
    line_put_int(text, "from_us", facts->from_us);
    line_put_int(text, "to_us", facts->to_us);
    put_media(text, facts);
    put_gaps(text, facts, gaps);
    put_complete(text, facts, gaps);
    line_close(text);
    return text;
}

static int64_t next_int(LineReader *reader)
{
    line_read_next(reader);
    return line_read_int(reader, NULL);
}

static PackageMedia read_media(LineReader *reader)
{
    PackageMedia media = {0};
    line_read_array(reader, NULL);
    line_read_next(reader);
    line_read_chars(reader, NULL, media.name, sizeof media.name);
    line_read_next(reader);
    media.volume = line_read_uuid(reader, NULL);
    media.seq = next_int(reader);
    media.first = next_int(reader);
    media.last = next_int(reader);
    media.from_us = next_int(reader);
    media.to_us = next_int(reader);
    line_read_close(reader);
    return media;
}

GArray *package_continuity_media(const char *text, size_t size)
{
    LineReader reader = line_reader(text, size);
    g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(PackageMedia));
    line_read_start(&reader, "continuity");
    line_read_int(&reader, "from_us");
    line_read_int(&reader, "to_us");
    line_read_array(&reader, "media");
    while (line_read_item(&reader) && all->len < PACKAGE_MEDIA_MOST) {
        PackageMedia media = read_media(&reader);
        g_array_append_val(all, media);
    }
    return reader.failed ? NULL : g_steal_pointer(&all);
}

static void put_times(GString *text, const PackageFacts *facts)
{
    line_put_name(text, "media");
    g_string_append_c(text, '[');
    for (size_t i = 0; i < facts->media->len; i++) {
        const PackageMedia *media = &g_array_index(facts->media, PackageMedia, i);
        begin_item(text, i);
        line_add_text(text, media->name);
        add_ints(text,
                 (const int64_t[]){media->from_us, media->to_us, media->offset_us, media->ntp_us},
                 4);
        g_string_append_c(text, ']');
    }
    g_string_append_c(text, ']');
}

static void put_steps(GString *text, const PackageFacts *facts)
{
    g_autoptr(GArray) gaps = package_gaps(facts);
    size_t count = 0;
    line_put_name(text, "steps");
    g_string_append_c(text, '[');
    for (size_t i = 0; i < gaps->len; i++) {
        const PackageGap *gap = &g_array_index(gaps, PackageGap, i);
        if (gap->cause != GAP_CLOCK_STEP)
            continue;
        begin_item(text, count++);
        add_camera(text, facts, gap->camera);
        add_ints(text, (const int64_t[]){gap->from_us, gap->to_us}, 2);
        g_string_append_c(text, ']');
    }
    g_string_append_c(text, ']');
}

GString *package_time(const PackageFacts *facts, const PackageTime *time)
{
    GString *text = line_new("time");
    line_put_int(text, "at_us", time->at_us);
    line_put_int(text, "ntp_us", time->ntp_us);
    if (time->clocks)
        package_clocks_put(text, facts->cameras,
                           (const PackageClock *)(const void *)time->clocks->data);
    put_times(text, facts);
    put_steps(text, facts);
    line_close(text);
    return text;
}

bool package_time_read(const char *text, size_t size, PackageTime *time)
{
    LineReader reader = line_reader(text, size);
    *time = (PackageTime){0};
    line_read_start(&reader, "time");
    time->at_us = line_read_int(&reader, "at_us");
    time->ntp_us = line_read_int(&reader, "ntp_us");
    if (line_next_is(&reader, "clocks")) {
        time->clocks = g_array_new(FALSE, TRUE, sizeof(PackageClock));
        package_clocks_read(&reader, time->clocks);
    }
    return !reader.failed;
}

void package_time_clear(PackageTime *time)
{
    g_clear_pointer(&time->clocks, g_array_unref);
}
