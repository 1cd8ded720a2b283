/* What a statement says of one camera: what the catalog knew of it, and its footage in figures. */
#include "base/clock.h"
#include "base/json.h"
#include "base/time_text.h"
#include "casework/statement.h"

#include <stdlib.h>
#include <string.h>

#define E7 1e7

static void take_text(StatementCamera *camera, const char *name, const char *value)
{
    const struct {
        const char *name;
        char **to;
    } texts[] = {
        {"name", &camera->name},
        {"location", &camera->location},
        {"village", &camera->village},
        {"owner", &camera->owner},
        {"make", &camera->make},
        {"model", &camera->model},
        {"firmware", &camera->firmware},
        {"serial", &camera->serial},
        {"certificate", &camera->certificate},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (strcmp(texts[i].name, name) == 0 && !*texts[i].to)
            *texts[i].to = g_strdup(value);
}

static void take_number(StatementCamera *camera, const char *name, double value)
{
    if (strcmp(name, "latitude_e7") == 0)
        camera->at.latitude = value / E7;
    else if (strcmp(name, "longitude_e7") == 0)
        camera->at.longitude = value / E7;
    else if (strcmp(name, "heading_deg") == 0)
        camera->heading_deg = value;
    else if (strcmp(name, "fov_deg") == 0)
        camera->fov_deg = value;
    else if (strcmp(name, "reach_m") == 0)
        camera->reach_m = value;
    else if (strcmp(name, "height_cm") == 0)
        camera->height_m = value / 100;
    camera->placed |= strcmp(name, "longitude_e7") == 0;
    camera->aimed |= strcmp(name, "fov_deg") == 0 && value > 0;
}

/* "since/until X,Y X,Y …": is it in force, or was it in [from, to]? One that makes no sense covers
 * nothing: the manifest has it as it stands. */
static bool read_mask(const char *text, int64_t from_us, int64_t to_us, MaskShape *shape)
{
    int64_t since_us, until_us;
    g_auto(GStrv) parts = g_strsplit(text, " ", 2);
    g_auto(GStrv) times = parts[0] ? g_strsplit(parts[0], "/", 2) : NULL;
    if (!times || g_strv_length(times) != 2 || !parts[1] || !mask_shape_parse(parts[1], shape))
        return false;
    return strcmp(times[1], "-") == 0 ||
           (time_parse(times[0], &since_us) && time_parse(times[1], &until_us) &&
            since_us < to_us && until_us > from_us);
}

static void take_masks(StatementCamera *camera, const EvidenceOrder *order, const char *text)
{
    g_autoptr(GArray) shapes = g_array_new(FALSE, FALSE, sizeof(MaskShape));
    g_auto(GStrv) masks = g_strsplit(text, "; ", -1);
    for (char **mask = masks; *mask; mask++) {
        MaskShape shape;
        if (read_mask(*mask, order->from_us, order->to_us, &shape))
            g_array_append_val(shapes, shape);
    }
    if (!camera->masks)
        camera->masks = mask_set_new((const MaskShape *)(void *)shapes->data, shapes->len);
}

/* As evidence_camera_facts() writes them: names and values in turn. */
static void read_facts(const EvidenceOrder *order, const char *facts, StatementCamera *camera)
{
    g_autofree char *text = g_strdup_printf("[0%s]", facts);
    g_autoptr(Json) list = json_parse(text, strlen(text), NULL);
    for (size_t i = 1; list && i + 1 < json_array_size(list); i += 2) {
        const char *name = json_string_value(json_array_get(list, i));
        const Json *value = json_array_get(list, i + 1);
        if (name && json_is_string(value) && strcmp(name, "masks") == 0)
            take_masks(camera, order, json_string_value(value));
        else if (name && json_is_string(value))
            take_text(camera, name, json_string_value(value));
        else if (name)
            take_number(camera, name, json_number_value(value));
    }
}

static void add_media(StatementCamera *camera, const EvidenceMedia *media)
{
    if (camera->files++ == 0 || media->media.width < camera->width_px) {
        camera->width_px = media->media.width;
        camera->height_px = media->media.height;
    }
    int64_t ntp_us = media->media.ntp_us;
    if (ntp_us == CLOCK_NTP_UNKNOWN) {
        camera->ntp_unknown = true;
        return;
    }
    camera->ntp_least_us = camera->ntp_known ? MIN(camera->ntp_least_us, ntp_us) : ntp_us;
    camera->ntp_most_us = camera->ntp_known ? MAX(camera->ntp_most_us, ntp_us) : ntp_us;
    camera->ntp_known = true;
}

void statement_camera_read(const Statement *statement, unsigned index, StatementCamera *camera)
{
    const EvidencePlan *plan = statement->plan;
    read_facts(statement->order, statement->order->facts[index], camera);
    for (size_t i = 0; i < plan->media->len; i++) {
        const EvidenceMedia *media = &g_array_index(plan->media, EvidenceMedia, i);
        if (media->media.camera == index)
            add_media(camera, media);
    }
    for (size_t i = 0; i < statement->gaps->len; i++) {
        const PackageGap *gap = &g_array_index(statement->gaps, PackageGap, i);
        if (gap->camera != index)
            continue;
        camera->lost_us += gap->to_us - gap->from_us;
        camera->clock_steps += gap->cause == GAP_CLOCK_STEP;
    }
    g_autoptr(GArray) overlaps = package_overlaps(&plan->facts);
    for (size_t i = 0; i < overlaps->len; i++)
        camera->overlaps += g_array_index(overlaps, PackageGap, i).camera == index;
    const PackageClock *clocks = statement->order->clocks;
    for (size_t i = 0; clocks && i < PACKAGE_MOMENTS; i++)
        camera->clocks[i] = clocks[(size_t)index * PACKAGE_MOMENTS + i];
}

void statement_camera_clear(void *data)
{
    StatementCamera *camera = data;
    char *texts[] = {camera->name,     camera->location, camera->village,
                     camera->owner,    camera->make,     camera->model,
                     camera->firmware, camera->serial,   camera->certificate};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_clear_pointer(&camera->pictures, g_array_unref);
    g_clear_pointer(&camera->masks, mask_set_unref);
}

const char *statement_name(const StatementCamera *camera)
{
    return camera->name ? camera->name : "?";
}

const PackageClock *statement_camera_clock(const StatementCamera *camera, int64_t at_us)
{
    const PackageClock *best = NULL;
    for (size_t i = 0; i < PACKAGE_MOMENTS; i++) {
        const PackageClock *clock = &camera->clocks[i];
        if (clock->read_us != 0 &&
            (!best || llabs(clock->read_us - at_us) < llabs(best->read_us - at_us)))
            best = clock;
    }
    return best;
}

static char *clock_words(const PackageClock *clock, bool vietnamese)
{
    if (clock->read_us == 0)
        return g_strdup(vietnamese ? "không biết" : "not known");
    g_autofree char *offset = statement_offset(clock->offset_us, vietnamese);
    g_autofree char *doubt = statement_number((double)clock->doubt_us / SECOND_US, vietnamese);
    return g_strdup_printf("%s ± %s", offset, doubt);
}

char *statement_camera_clocks(const StatementCamera *camera, bool vietnamese)
{
    g_autofree char *start = clock_words(&camera->clocks[PACKAGE_START], vietnamese);
    g_autofree char *end = clock_words(&camera->clocks[PACKAGE_END], vietnamese);
    g_autofree char *made = clock_words(&camera->clocks[PACKAGE_EXPORT], vietnamese);
    if (strcmp(start, end) == 0 && strcmp(end, made) == 0)
        return g_steal_pointer(&made);
    return g_strdup_printf(vietnamese ? "lúc đầu %s; lúc cuối %s; lúc lập gói %s"
                                      : "at the start %s; at the end %s; when made %s",
                           start, end, made);
}
