#include "casework/evidence_plan.h"

#include "archive/volume.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/time_text.h"
#include "ledger/chain.h"
#include "ledger/jsonl.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* A segment may begin so long before its last picture, and its seal may stand so long after it. */
#define BEFORE_US HOUR_US
#define BEHIND_US (2 * HOUR_US)
/* Footage that is further away does not go on with the same group of pictures. */
#define LEAD_NEAR_US (SECOND_US / 2)

/* A line of one chain, as long as it is not known whether the package needs it. */
typedef struct Found {
    EvidenceLine line;
    SegmentSeal seal; /* of a segment; without its entries */
    bool has_leaves, wanted;
    bool leads; /* to footage that does not begin with a key picture; nothing of it was asked for */
} Found;

/* One camera on one volume. */
typedef struct Reading {
    const EvidenceOrder *order;
    EvidencePlan *plan;
    const EvidenceVolume *volume;
    unsigned camera;
    char *folder;
    GArray *found; /* Found */
} Reading;

static void found_clear(void *data)
{
    Found *found = data;
    segment_seal_clear(&found->seal);
    g_ref_string_release(found->line.path);
}

static void line_clear(void *data)
{
    g_ref_string_release(((EvidenceLine *)data)->path);
}

static void media_clear(void *data)
{
    g_free(((EvidenceMedia *)data)->path);
}

static void take_line(Reading *reading, char *path, int64_t at, const char *text, size_t size)
{
    Found found = {
        .line = {
            .camera = reading->camera, .volume = reading->volume->id, .at = at, .bytes = size}};
    RetiredSeal retired;
    if (segment_seal_parse(text, size, &found.seal)) {
        found.line.segment = true;
        found.line.seq = found.seal.seq;
        found.line.hash = found.seal.seal.hash;
        found.has_leaves = found.seal.entries != NULL;
        g_clear_pointer(&found.seal.entries, g_free);
    } else if (retired_seal_parse(text, size, &retired)) {
        found.line.seq = retired.seq;
        found.line.hash = retired.seal.hash;
    } else {
        return; /* `vonglau verify` tells of it */
    }
    found.line.path = g_ref_string_acquire(path);
    g_array_append_val(reading->found, found);
}

static bool read_day(Reading *reading, const char *day, GError **error)
{
    g_autofree char *name = g_build_filename(reading->folder, day, "seals.jsonl", NULL);
    if (access(name, F_OK) != 0)
        return true;
    char *path = g_ref_string_new(name);
    g_autoptr(JsonlReader) reader = jsonl_reader_open(path, error);
    const char *text;
    size_t size;
    int64_t at = 0;
    int got = reader ? 1 : -1;
    while (got > 0 && (got = jsonl_next(reader, &text, &size, error)) > 0) {
        take_line(reading, path, at, text, size);
        at += (int64_t)size + 1;
    }
    g_ref_string_release(path);
    return got == 0;
}

static int by_seq(const void *a, const void *b)
{
    int64_t left = ((const Found *)a)->line.seq, right = ((const Found *)b)->line.seq;
    return (left > right) - (left < right);
}

/* All lines of the days that the span touches, or of all days. */
static bool read_days(Reading *reading, bool all, GError **error)
{
    g_autoptr(GPtrArray) days = day_names(reading->folder, "", error);
    g_array_set_size(reading->found, 0);
    for (size_t i = 0; days && i < days->len; i++) {
        int64_t day_us;
        const char *day = g_ptr_array_index(days, i);
        bool near = day_parse(day, &day_us) &&
                    day_us + DAY_US > reading->order->from_us - BEFORE_US &&
                    day_us <= reading->order->to_us + BEHIND_US;
        if ((all || near) && !read_day(reading, day, error))
            return false;
    }
    g_array_sort(reading->found, by_seq);
    return days != NULL;
}

static Found *found_at(const Reading *reading, size_t index)
{
    return &g_array_index(reading->found, Found, index);
}

static EvidenceMedia media_of(const Reading *reading, const Found *found)
{
    EvidenceMedia media = {.seal = found->line.hash,
                           .path = g_build_filename(reading->folder, found->seal.file, NULL)};
    media.media.camera = reading->camera;
    media.media.volume = reading->volume->id;
    media.media.seq = found->line.seq;
    media.media.offset_us = found->seal.offset_us;
    media.media.ntp_us = found->seal.ntp_us;
    package_media_name(reading->camera, found->seal.file, media.media.name);
    return media;
}

/* Whether what is asked for of a segment begins before a key picture. */
static bool begins_within_group(const Reading *reading, const Found *found)
{
    const EvidenceOrder *order = reading->order;
    EvidenceMedia media = media_of(reading, found);
    bool chosen = evidence_choose(&media, &found->seal, order->from_us, order->to_us, NULL);
    media_clear(&media);
    return chosen && media.media.key_us > media.media.from_us;
}

/* The first pictures that are asked for may go on with a group that the segment before began
 * (docs/design/decisions/140): from its last key picture on it comes along. */
static void want_lead(const Reading *reading)
{
    Found *earliest = NULL, *before = NULL;
    for (size_t i = 0; i < reading->found->len; i++) {
        Found *found = found_at(reading, i);
        if (found->wanted && (!earliest || found->seal.from_us < earliest->seal.from_us))
            earliest = found;
    }
    for (size_t i = 0; earliest && i < reading->found->len; i++) {
        Found *found = found_at(reading, i);
        if (found->line.segment && found->seal.stream == STREAM_MAIN && found->has_leaves &&
            found->seal.from_us < earliest->seal.from_us &&
            (!before || found->seal.from_us > before->seal.from_us))
            before = found;
    }
    if (before && earliest->seal.from_us - before->seal.to_us < LEAD_NEAR_US &&
        begins_within_group(reading, earliest))
        before->wanted = before->leads = true;
}

/* Footage within the span, and the main stream's next line behind it, which says why pictures were
 * missing at the span's end. From the first to the last of them the chain has to be whole. */
static bool choose_lines(Reading *reading, size_t *first, size_t *behind)
{
    const EvidenceOrder *order = reading->order;
    Found *next = NULL;
    for (size_t i = 0; i < reading->found->len; i++) {
        Found *found = found_at(reading, i);
        if (!found->line.segment || found->seal.stream != STREAM_MAIN)
            continue;
        found->wanted = found->has_leaves && found->seal.from_us < order->to_us &&
                        found->seal.to_us > order->from_us;
        if (found->seal.from_us >= order->to_us &&
            (!next || found->seal.from_us < next->seal.from_us))
            next = found;
    }
    want_lead(reading);
    size_t count = reading->found->len;
    *first = count;
    *behind = 0;
    for (size_t i = 0; i < count; i++)
        if (found_at(reading, i)->wanted || found_at(reading, i) == next) {
            *first = MIN(*first, i);
            *behind = i + 1;
        }
    return *behind == 0 ||
           found_at(reading, *behind - 1)->line.seq - found_at(reading, *first)->line.seq ==
               (int64_t)(*behind - 1 - *first);
}

static bool add_media(Reading *reading, Found *found, GError **error)
{
    EvidencePlan *plan = reading->plan;
    EvidenceMedia media = media_of(reading, found);
    g_autoptr(GError) trouble = NULL;
    if (evidence_choose(&media, &found->seal, reading->order->from_us, reading->order->to_us,
                        &trouble) &&
        (!found->leads || media.media.key_us < media.media.to_us)) {
        found->line.full = true;
        plan->bytes += (int64_t)(media.init_bytes + media.bytes);
        g_array_append_val(plan->media, media);
        return true;
    }
    g_free(media.path);
    /* Gone, or damaged from its front on: there is nothing to show, and that is a gap. */
    if (!trouble || g_error_matches(trouble, ERR, ERR_NOT_FOUND) ||
        g_error_matches(trouble, ERR, ERR_CORRUPT))
        return true;
    g_propagate_error(error, g_steal_pointer(&trouble));
    return false;
}

static void add_gaps(const Reading *reading, const SegmentSeal *seal)
{
    for (size_t i = 0; i < seal->gap_count && seal->stream == STREAM_MAIN; i++) {
        PackageGap gap = {reading->camera, seal->gaps[i].from_us, seal->gaps[i].to_us,
                          seal->gaps[i].cause};
        g_array_append_val(reading->plan->facts.declared, gap);
    }
}

static bool read_chain(Reading *reading, GError **error)
{
    size_t first, behind;
    if (!read_days(reading, false, error))
        return false;
    if (!choose_lines(reading, &first, &behind)) { /* some were sealed late, or long ago */
        if (!read_days(reading, true, error))
            return false;
        choose_lines(reading, &first, &behind);
    }
    for (size_t i = first; i < behind; i++) {
        Found *found = found_at(reading, i);
        if (found->wanted && !add_media(reading, found, error))
            return false;
        if (found->line.segment)
            add_gaps(reading, &found->seal);
        EvidenceLine line = found->line;
        g_ref_string_acquire(line.path);
        g_array_append_val(reading->plan->lines, line);
    }
    return true;
}

static bool read_camera(const EvidenceOrder *order, EvidencePlan *plan, unsigned camera,
                        const EvidenceVolume *volume, GError **error)
{
    char name[UUID_TEXT];
    g_autofree char *folder =
        g_build_filename(volume->path, uuid_text(&order->cameras[camera], name), NULL);
    g_autoptr(GArray) found = g_array_new(FALSE, TRUE, sizeof(Found));
    g_array_set_clear_func(found, found_clear);
    Reading reading = {.order = order, .plan = plan, .volume = volume, .camera = camera};
    reading.folder = folder;
    reading.found = found;
    return read_chain(&reading, error);
}

static int volume_order(const void *a, const void *b)
{
    return uuid_compare(&((const EvidenceVolume *)a)->id, &((const EvidenceVolume *)b)->id);
}

GArray *evidence_volumes(const char *const *folders)
{
    GArray *volumes = g_array_new(FALSE, TRUE, sizeof(EvidenceVolume));
    for (const char *const *path = folders; *path; path++) {
        EvidenceVolume volume = {.path = *path};
        if (volume_read_ids(*path, &volume.id, &volume.node, NULL))
            g_array_append_val(volumes, volume);
    }
    g_array_sort(volumes, volume_order);
    return volumes;
}

EvidencePlan *evidence_plan_new(const EvidenceOrder *order, GError **error)
{
    g_autoptr(EvidencePlan) plan = g_new0(EvidencePlan, 1);
    plan->volumes = evidence_volumes(order->volumes);
    plan->lines = g_array_new(FALSE, TRUE, sizeof(EvidenceLine));
    plan->media = g_array_new(FALSE, TRUE, sizeof(EvidenceMedia));
    g_array_set_clear_func(plan->lines, line_clear);
    g_array_set_clear_func(plan->media, media_clear);
    package_facts_init(&plan->facts);
    plan->facts.from_us = order->from_us;
    plan->facts.to_us = order->to_us;
    g_array_append_vals(plan->facts.cameras, order->cameras, (guint)order->camera_count);
    for (unsigned camera = 0; camera < order->camera_count; camera++)
        for (size_t i = 0; i < plan->volumes->len; i++)
            if (!read_camera(order, plan, camera, &g_array_index(plan->volumes, EvidenceVolume, i),
                             error))
                return NULL;
    g_array_sort(plan->media, package_media_order);
    for (size_t i = 0; i < plan->media->len; i++)
        g_array_append_val(plan->facts.media, g_array_index(plan->media, EvidenceMedia, i).media);
    return g_steal_pointer(&plan);
}

void evidence_plan_free(EvidencePlan *plan)
{
    if (!plan)
        return;
    g_array_unref(plan->volumes);
    g_array_unref(plan->lines);
    g_array_unref(plan->media);
    package_facts_clear(&plan->facts);
    g_free(plan);
}

char *evidence_line_read(const EvidenceLine *line, GError **error)
{
    fd_auto int fd = open(line->path, O_RDONLY | O_CLOEXEC);
    g_autofree char *text = g_malloc0(line->bytes + 1);
    g_auto(SegmentSeal) seal = {0};
    RetiredSeal retired;
    if (fd < 0) {
        err_errno(error, errno, "cannot read %s", line->path);
        return NULL;
    }
    if (!fd_read_at(fd, text, line->bytes, line->at, error))
        return NULL;
    bool segment = line->segment && segment_seal_parse(text, line->bytes, &seal);
    bool same = line->segment ? segment && hash_equal(&seal.seal.hash, &line->hash)
                              : retired_seal_parse(text, line->bytes, &retired) &&
                                    hash_equal(&retired.seal.hash, &line->hash);
    if (!same || (line->full && !seal.entries)) {
        err_set(error, ERR_IO, "%s: footage was deleted by its age meanwhile; try again",
                line->path);
        return NULL;
    }
    return line->segment && !line->full ? segment_seal_bare(text, &seal) : g_steal_pointer(&text);
}
