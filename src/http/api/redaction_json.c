#include "http/api/redaction_json.h"

#include "base/time_text.h"

static const char *const asked_members[] = {"camera", "from", "to", "sound", "boxes", NULL};
static const char *const box_members[] = {"stays", "moments", NULL};
static const char *const moment_members[] = {"at", "box", NULL};

static bool has_only(const Json *json, const char *const members[], const char *of, GError **error)
{
    const char *name;
    json_t *value;
    if (!json_is_object(json))
        return err_set(error, ERR_INVALID, "%s must be an object", of);
    json_object_foreach((json_t *)json, name, value) if (!g_strv_contains(members, name))
    {
        return err_set(error, ERR_INVALID, "‘%.64s’ is not known in %s", name, of);
    }
    return true;
}

static bool read_place(const Json *json, RedactionMoment *moment, GError **error)
{
    int64_t *const parts[] = {&moment->x, &moment->y, &moment->width, &moment->height};
    bool well = json_is_array(json) && json_array_size(json) == G_N_ELEMENTS(parts);
    for (size_t i = 0; well && i < G_N_ELEMENTS(parts); i++) {
        const Json *part = json_array_get(json, i);
        well = json_is_integer(part);
        *parts[i] = json_integer_value(part);
    }
    return well || err_set(error, ERR_INVALID,
                           "‘box’ of a key moment must be [x, y, width, height], whole numbers of "
                           "%d parts of the picture",
                           REDACTION_WHOLE);
}

static bool read_moment(const Json *json, Redaction *redaction, GError **error)
{
    RedactionMoment moment = {0};
    const char *at = NULL;
    if (!has_only(json, moment_members, "a key moment", error) ||
        !json_get_text(json, "at", &at, error))
        return false;
    if (!at || !time_parse(at, &moment.at_us))
        return err_set(error, ERR_INVALID,
                       "‘at’ of a key moment must be a time such as 2026-11-24T07:30:00.400Z");
    if (!read_place(json_object_get(json, "box"), &moment, error))
        return false;
    redaction_add_moment(redaction, &moment);
    return true;
}

static bool read_box(const Json *json, Redaction *redaction, GError **error)
{
    bool stays = true;
    if (!has_only(json, box_members, "a box", error) ||
        !json_get_bool(json, "stays", &stays, error))
        return false;
    const Json *moments = json_object_get(json, "moments");
    if (!json_is_array(moments) ||
        json_array_size(moments) + redaction->moments->len > REDACTION_MOMENTS_MOST)
        return err_set(error, ERR_INVALID,
                       "‘moments’ must be a list; all boxes together have at most %d key moments",
                       REDACTION_MOMENTS_MOST);
    redaction_add_box(redaction, stays);
    for (size_t i = 0; i < json_array_size(moments); i++)
        if (!read_moment(json_array_get(moments, i), redaction, error))
            return false;
    return true;
}

bool redaction_json_read(const Json *json, Redaction *redaction, GError **error)
{
    if (!has_only(json, asked_members, "‘redact’", error) ||
        !json_get_bool(json, "sound", &redaction->sound, error))
        return false;
    const Json *boxes = json_object_get(json, "boxes");
    if (!json_is_array(boxes) || json_array_size(boxes) > REDACTION_BOXES_MOST)
        return err_set(error, ERR_INVALID, "‘boxes’ must be a list of 1 to %d",
                       REDACTION_BOXES_MOST);
    for (size_t i = 0; i < json_array_size(boxes); i++)
        if (!read_box(json_array_get(boxes, i), redaction, error))
            return false;
    return redaction_check(redaction, error);
}

bool redaction_json_read_all(const Json *json, Redaction *redaction, GError **error)
{
    const char *camera = NULL, *from = NULL, *to = NULL;
    if (!has_only(json, asked_members, "‘redact’", error) ||
        !json_get_text(json, "camera", &camera, error) ||
        !json_get_text(json, "from", &from, error) || !json_get_text(json, "to", &to, error))
        return false;
    if (!camera || !uuid_parse(camera, &redaction->camera) || !from ||
        !time_parse(from, &redaction->from_us) || !to || !time_parse(to, &redaction->to_us))
        return err_set(error, ERR_INVALID,
                       "‘redact’ needs ‘camera’, the id of one, and ‘from’ and ‘to’, times such as "
                       "2026-11-24T07:30:00Z");
    return redaction_json_read(json, redaction, error);
}
