/* masks.c — privacy masks of a camera: listed, drawn, made larger; taken away by two persons. */
#include "config/masks.h"

#include "config/site.h"
#include "http/api/audit_names.h"
#include "http/api/camera_json.h"
#include "http/api/handlers.h"
#include "http/mask_notice.h"
#include "http/problem.h"

#include <string.h>

static Json *points_json(const char *text)
{
    MaskShape shape = {0};
    Json *points = json_array();
    if (!mask_shape_parse(text, &shape))
        return points;
    for (unsigned i = 0; i < shape.count; i++)
        json_array_append_new(points, json_pack("{s:i, s:i}", "x", (int)shape.points[i].x, "y",
                                                (int)shape.points[i].y));
    return points;
}

static Json *asked_json(const ApiCall *call, const MaskRow *row)
{
    if (!row->asked_us)
        return json_null();
    return json_pack("{s:o, s:o, s:s}", "by", audit_actor_json(call->api, &row->asked_by), "at",
                     json_time(row->asked_us), "reason", row->ask_reason);
}

static Json *mask_json(const ApiCall *call, const MaskRow *row)
{
    char id[UUID_TEXT], camera[UUID_TEXT];
    Json *json = json_pack(
        "{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "id", uuid_text(&row->id, id), "camera",
        uuid_text(&row->camera, camera), "name", row->name, "points", points_json(row->points),
        "since", json_time(row->since_us), "by", audit_actor_json(call->api, &row->by), "end_asked",
        asked_json(call, row), "until", json_time_or_null(row->until_us));
    if (row->until_us)
        json_object_set_new(json, "end_approved_by", audit_actor_json(call->api, &row->until_by));
    return json;
}

bool masks_get_all(ApiCall *call, GError **error)
{
    Uuid camera;
    const char *ended = call_query(call, "ended");
    if (!call_id(call, "camera", &camera, error))
        return false;
    g_autoptr(GPtrArray) rows = masks_of(call->api->masks, &camera);
    Json *items = json_array();
    for (guint i = 0; i < rows->len; i++) {
        const MaskRow *row = rows->pdata[i];
        if (!row->until_us || g_strcmp0(ended, "true") == 0)
            json_array_append_new(items, mask_json(call, row));
    }
    return call_json(call, 200, json_pack("{s:o}", "items", items));
}

/* ---- what a body asks ---- */

/* `*given` false: the body has no points. */
static bool read_points(const Json *body, MaskShape *shape, bool *given, GError **error)
{
    size_t i;
    Json *point;
    const Json *list = json_object_get(body, "points");
    *given = list && !json_is_null(list);
    if (!*given)
        return true;
    if (!json_is_array(list) || json_array_size(list) > MASK_POINTS_MOST)
        return err_set(error, ERR_INVALID, "‘points’ must be a list of %d to %d points",
                       MASK_POINTS_LEAST, MASK_POINTS_MOST);
    json_array_foreach((json_t *)list, i, point)
    {
        const Json *x = json_object_get(point, "x"), *y = json_object_get(point, "y");
        if (!json_is_integer(x) || !json_is_integer(y) || json_object_size(point) != 2)
            return err_set(error, ERR_INVALID,
                           "point %zu must be {\"x\": …, \"y\": …}: whole "
                           "numbers, parts of %d of the picture",
                           i + 1, MASK_WHOLE);
        shape->points[shape->count++] = (MaskPoint){json_integer_value(x), json_integer_value(y)};
    }
    return true;
}

static bool read_ids(ApiCall *call, Uuid *camera, Uuid *mask, GError **error)
{
    return call_id(call, "camera", camera, error) &&
           (uuid_parse(call->params[1], mask) ||
            err_set(error, ERR_NOT_FOUND, "the camera has no such mask"));
}

/* `row` NULL: `trouble` says why, which is taken. A code of its own for what people can mend. */
static bool answer(ApiCall *call, const char *action, int status, const MaskRow *row,
                   GError *trouble, GError **error)
{
    if (row) {
        char id[UUID_TEXT];
        Changes changes = {0};
        changes_text(&changes, "mask", "", uuid_text(&row->id, id));
        call_audit_changes(call, action, call->params[0], &changes);
        mask_notice_tell(call->api, &row->camera, NULL);
        return call_json(call, status, mask_json(call, row));
    }
    if (g_error_matches(trouble, ERR, ERR_DENIED)) {
        problem_set(call->response, 403, "two-persons", "%s", trouble->message);
        call_audit(call, action, call->params[0], NULL, "refused");
        g_error_free(trouble);
        return true;
    }
    g_propagate_error(error, trouble);
    return false;
}

/* ---- drawing ---- */

bool mask_draw(ApiCall *call, GError **error)
{
    static const char *const members[] = {"name", "points", NULL};
    const Json *body = call_body(call, members, error);
    const Uuid by = call_maker(call);
    Uuid camera;
    GError *trouble = NULL;
    bool given;
    MaskShape shape = {0};
    const char *name = "";
    if (!body || !call_id(call, "camera", &camera, error) ||
        !json_get_text(body, "name", &name, error) || !read_points(body, &shape, &given, error))
        return false;
    g_autoptr(MaskRow) row = masks_draw(call->api->masks, &camera, name, &shape, &by, &trouble);
    return answer(call, "mask-add", 201, row, trouble, error);
}

bool mask_change(ApiCall *call, GError **error)
{
    static const char *const members[] = {"name", "points", NULL};
    const Json *body = call_body(call, members, error);
    Uuid camera, id;
    GError *trouble = NULL;
    bool given;
    MaskShape shape = {0};
    const char *name = NULL;
    if (!body || !read_ids(call, &camera, &id, error) ||
        !json_get_text(body, "name", &name, error) || !read_points(body, &shape, &given, error))
        return false;
    g_autoptr(MaskRow) row =
        masks_change(call->api->masks, &camera, &id, name, given ? &shape : NULL, &trouble);
    if (!row && g_error_matches(trouble, ERR, ERR_EXISTS)) {
        problem_set(call->response, 409, "mask-smaller", "%s", trouble->message);
        g_error_free(trouble);
        return true;
    }
    return answer(call, "mask-change", 200, row, trouble, error);
}

/* ---- taking away ---- */

bool mask_ask_end(ApiCall *call, GError **error)
{
    static const char *const members[] = {"reason", NULL};
    const Json *body = call_body(call, members, error);
    const Uuid by = call->identity.account;
    Uuid camera, id;
    GError *trouble = NULL;
    const char *reason = "";
    if (!body || !read_ids(call, &camera, &id, error) ||
        !json_get_text(body, "reason", &reason, error))
        return false;
    g_autoptr(MaskRow) row = masks_ask_end(call->api->masks, &camera, &id, reason, &by, &trouble);
    return answer(call, "mask-end-ask", 200, row, trouble, error);
}

static bool decide(ApiCall *call, bool approve, GError **error)
{
    const Uuid by = call->identity.account;
    Uuid camera, id;
    GError *trouble = NULL;
    if (!read_ids(call, &camera, &id, error))
        return false;
    g_autoptr(MaskRow) row =
        masks_decide_end(call->api->masks, &camera, &id, approve, &by, &trouble);
    return answer(call, approve ? "mask-end" : "mask-end-keep", 200, row, trouble, error);
}

bool mask_keep(ApiCall *call, GError **error)
{
    return decide(call, false, error);
}

bool mask_decide_end(ApiCall *call, GError **error)
{
    static const char *const members[] = {"approve", NULL};
    const Json *body = call_body(call, members, error);
    bool approve = false;
    if (!body || !json_get_bool(body, "approve", &approve, error))
        return false;
    if (!json_object_get(body, "approve"))
        return err_set(error, ERR_INVALID, "‘approve’ is needed: true or false");
    return decide(call, approve, error);
}
