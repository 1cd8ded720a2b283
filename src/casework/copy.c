#include "casework/copy.h"

#include "archive/clip_units.h"
#include "base/json.h"
#include "casework/copy_text.h"
#include "casework/copy_time.h"
#include "casework/film_file.h"
#include "media/mp4_box.h"
#include "picture/burner.h"

#include <string.h>

enum { KEY_EVERY_S = 2, PICTURES_MOST_S = 60 };

typedef struct Copy {
    const CopyAsked *asked;
    CopyTime time;
    unsigned card; /* the gap whose card comes next */
    Burner *burner;
    FilmFile *film;
    unsigned pictures_s;
    int64_t made_us;   /* burnt in, and in the facts */
    bool any;          /* a picture stands in the film */
    bool key;          /* the next picture begins anew */
    int64_t zero_us;   /* film time of the first sample */
    int64_t pts;       /* of the newest picture */
    int64_t due, made; /* pictures of the span that came, and that stand in the film */
    CopyProgress progress;
    void *data;
} Copy;

/* Ticks of a clock since the film's first sample, to the nearest. */
static int64_t ticks(const Copy *copy, int64_t film_us, int64_t timescale)
{
    return ((film_us - copy->zero_us) * timescale + SECOND_US / 2) / SECOND_US;
}

/* The time of a new picture; the first one is the film's begin. */
static int64_t next_pts(Copy *copy, int64_t film_us)
{
    if (!copy->any)
        copy->zero_us = film_us;
    copy->pts = copy->any ? MAX(ticks(copy, film_us, VIDEO_TIMESCALE), copy->pts + 1) : 0;
    copy->any = true;
    return copy->pts;
}

static bool add(Copy *copy, AccessUnit *made, uint32_t duration, GError **error)
{
    g_autoptr(AccessUnit) unit = made;
    return unit ? film_file_add(copy->film, unit, unit->pts, duration, error)
                : err_set(error, ERR_UNSUPPORTED, "the pictures cannot be coded as H.264");
}

/* The cards of all gaps that end at or before `until_us`. */
static bool add_cards(Copy *copy, int64_t until_us, GError **error)
{
    const CopyAsked *asked = copy->asked;
    for (; copy->card < copy->time.count; copy->card++) {
        const ClipGap *gap = &copy->time.gaps[copy->card];
        if (gap->to_us > until_us)
            break;
        char *lines[BURNER_CARD_LINES];
        int64_t lasts_us = MIN(gap->to_us - gap->from_us, COPY_CARD_US);
        copy_gap_lines(gap->from_us, gap->to_us, asked->zone, asked->vietnamese, lines);
        int64_t pts = next_pts(copy, copy_film_us(&copy->time, gap->from_us));
        AccessUnit *card = burner_card(copy->burner, (const char *const *)lines, pts);
        for (int i = 0; i < BURNER_CARD_LINES; i++)
            g_free(lines[i]);
        if (!add(copy, card, (uint32_t)(lasts_us * 9 / 100), error))
            return false;
        copy->key = true;
    }
    return true;
}

static bool is_within(const Copy *copy, int64_t capture_us)
{
    const ClipPlan *plan = copy->asked->plan;
    return capture_us >= clip_from_us(plan) && capture_us <= clip_to_us(plan) &&
           !copy_in_gap(&copy->time, capture_us);
}

static bool add_picture(Copy *copy, int64_t capture_us, GError **error)
{
    const CopyAsked *asked = copy->asked;
    if (!is_within(copy, capture_us))
        return true;
    if (!add_cards(copy, capture_us, error))
        return false;
    int64_t pts = next_pts(copy, copy_film_us(&copy->time, capture_us));
    g_autofree char *clock = copy_clock_text(capture_us, asked->zone, asked->vietnamese);
    AccessUnit *picture = burner_picture(copy->burner, clock, pts, copy->key);
    copy->key = false;
    if (!add(copy, picture, VIDEO_TIMESCALE / copy->pictures_s, error))
        return false;
    copy->made++;
    double done = (double)(capture_us - asked->from_us) / (double)(asked->to_us - asked->from_us);
    return copy->progress(copy->data, CLAMP(done, 0, 1), film_file_bytes(copy->film)) ||
           err_set(error, ERR_UNAVAILABLE, "the copy was stopped");
}

static bool add_decoded(Copy *copy, GError **error)
{
    int64_t capture_us;
    while (burner_next(copy->burner, &capture_us))
        if (!add_picture(copy, capture_us, error))
            return false;
    return true;
}

static bool take_picture(Copy *copy, const AccessUnit *unit, GError **error)
{
    if (unit->run_start) {
        burner_end(copy->burner);
        if (!add_decoded(copy, error))
            return false;
    }
    copy->due += is_within(copy, unit->capture_us);
    if (burner_put(copy->burner, unit) == DECODER_UNSUPPORTED)
        return err_set(error, ERR_UNSUPPORTED, "pictures of this kind cannot be decoded");
    /* What is decoded but not kept tells too, so that it can be stopped. */
    return (copy->any || copy->progress(copy->data, 0, film_file_bytes(copy->film)) ||
            err_set(error, ERR_UNAVAILABLE, "the copy was stopped")) &&
           add_decoded(copy, error);
}

/* Sound before the first picture, and in a gap, is left out. */
static bool take_sound(Copy *copy, const AccessUnit *unit, GError **error)
{
    const uint32_t timescale = unit->params->timescale;
    int64_t time = ticks(copy, copy_film_us(&copy->time, unit->capture_us), timescale);
    if (!copy->any || time < 0 || copy_in_gap(&copy->time, unit->capture_us))
        return true;
    return film_file_add(copy->film, unit, time, timescale / 50, error);
}

static bool take_all(Copy *copy, GError **error)
{
    g_autoptr(ClipUnits) units = clip_units_new(copy->asked->plan);
    GError *trouble = NULL;
    for (;;) {
        g_autoptr(AccessUnit) unit = clip_units_next(units, &trouble);
        if (!unit)
            break;
        if (!(unit->track == TRACK_VIDEO ? take_picture(copy, unit, error)
                                         : take_sound(copy, unit, error)))
            return false;
    }
    if (trouble) {
        g_propagate_error(error, trouble);
        return false;
    }
    burner_end(copy->burner);
    return add_decoded(copy, error) && (!copy->any || add_cards(copy, INT64_MAX, error));
}

/* ---- what the file says of itself ---- */

char *copy_processing(const Redaction *redaction, const MaskSet *masks, bool sound)
{
    return g_strdup_printf("decoded, %s%swords burnt in, coded anew as H.264; gaps shortened to a "
                           "card; %s",
                           masks ? "privacy masks covered in grey, " : "",
                           redaction ? "boxes replaced by cells of average brightness without "
                                       "colour, "
                                     : "",
                           sound ? "sound as recorded" : "without sound");
}

static void tell_processing(const Copy *copy, Json *json)
{
    const Redaction *redaction = copy->asked->redaction;
    g_autofree char *processing =
        copy_processing(redaction, copy->asked->masks, clip_has_audio(copy->asked->plan));
    json_object_set_new(json, "processing", json_string(processing));
    json_object_set_new(json, "encoder", json_string(burner_encoder()));
    if (!redaction)
        return;
    g_autoptr(GString) text = g_string_new(NULL);
    redaction_put(text, redaction);
    json_object_set_new(json, "redaction", json_parse(text->str, text->len, NULL));
}

static Json *facts_json(const Copy *copy)
{
    const CopyAsked *asked = copy->asked;
    char id[UUID_TEXT], camera[UUID_TEXT];
    Json *json = json_span(asked->from_us, asked->to_us), *gaps = json_array();
    for (unsigned i = 0; i < copy->time.count; i++)
        json_array_append_new(gaps,
                              json_span(copy->time.gaps[i].from_us, copy->time.gaps[i].to_us));
    json_object_set_new(json, "gaps", gaps);
    json_object_set_new(json, "what", json_string(copy_notice(asked->redaction != NULL, false)));
    json_object_set_new(json, "export", json_string(uuid_text(&asked->id, id)));
    if (asked->number)
        json_object_set_new(json, "number", json_string(asked->number));
    json_object_set_new(json, "camera", json_string(uuid_text(&asked->camera, camera)));
    json_object_set_new(json, "stream", json_string("main"));
    json_object_set_new(json, "pictures", json_integer(copy->made));
    json_object_set_new(json, "left_out", json_integer(copy->due - copy->made));
    json_object_set_new(json, "made", json_time(copy->made_us));
    g_autofree char *sight = clip_sight(asked->plan, false);
    json_object_set_new(json, "sight", sight ? json_string(sight) : json_null());
    tell_processing(copy, json);
    return json;
}

/* A name as QuickTime has it, which players show, and the facts for programs. */
static void write_facts(const Copy *copy, ByteWriter *to)
{
    g_autoptr(Json) facts = facts_json(copy);
    g_autofree char *line = json_line(facts);
    g_autofree char *name = g_strdup_printf(
        "%s – %s", copy_notice(copy->asked->redaction != NULL, copy->asked->vietnamese),
        copy->asked->where);
    size_t udta = box_begin(to, "udta"), text = box_begin(to, "\xa9nam");
    write_u16(to, (uint16_t)MIN(strlen(name), UINT16_MAX));
    write_u16(to, 0x55c4); /* language: und */
    write_bytes(to, name, MIN(strlen(name), UINT16_MAX));
    box_end(to, text);
    box_end(to, udta);
    size_t box = box_begin(to, "uuid");
    write_bytes(to, COPY_BOX, 16);
    write_bytes(to, line, strlen(line));
    box_end(to, box);
}

/* ---- */

static Burner *burner_of(const CopyAsked *asked, int64_t made_us, unsigned pictures_s)
{
    char number[UUID_TEXT];
    uuid_text(&asked->id, number);
    number[COPY_NUMBER] = '\0';
    g_autofree char *maker =
        copy_maker_text(asked->who, asked->number ? asked->number : number, asked->vietnamese);
    g_autofree char *made = copy_made_text(made_us, asked->zone, asked->device ? asked->device : "",
                                           asked->reason, asked->vietnamese);
    g_autofree char *sight = clip_sight(asked->plan, asked->vietnamese);
    const BurnerRules rules = {
        .where = asked->where,
        .below = {copy_notice(asked->redaction != NULL, asked->vietnamese), maker, made, sight},
        .pictures_s = pictures_s,
        .key_every_s = KEY_EVERY_S,
        .masks = asked->masks,
        .redaction = asked->redaction};
    return burner_new(&rules);
}

bool copy_write(const CopyAsked *asked, CopyProgress progress, void *data, GError **error)
{
    ClipPlan *plan = asked->plan;
    unsigned gaps;
    const ClipGap *gap = clip_gaps(plan, &gaps);
    const unsigned pictures = clip_pictures(plan);
    int64_t seconds = MAX((clip_to_us(plan) - clip_from_us(plan)) / SECOND_US, 1);
    unsigned pictures_s = (unsigned)CLAMP(pictures / seconds, 1, PICTURES_MOST_S);
    g_autoptr(FilmFile) film =
        film_file_new(asked->path, (size_t)pictures + gaps + clip_sounds(plan), error);
    if (!film)
        return false;
    const int64_t made_us = clock_now_us();
    g_autoptr(Burner) burner = burner_of(asked, made_us, pictures_s);
    int64_t begin_us = gaps ? MIN(gap[0].from_us, clip_from_us(plan)) : clip_from_us(plan);
    Copy copy = {.asked = asked,
                 .time = {gap, gaps, begin_us},
                 .burner = burner,
                 .film = film,
                 .pictures_s = pictures_s,
                 .made_us = made_us,
                 .key = true,
                 .progress = progress,
                 .data = data};
    g_auto(ByteWriter) facts = {0};
    if (!take_all(&copy, error))
        return false;
    write_facts(&copy, &facts);
    return film_file_end(film, &facts, begin_us, error);
}
