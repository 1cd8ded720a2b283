#include "http/api/access.h"

#include "base/time_text.h"
#include "config/site.h"
#include "http/api/case_json.h"
#include "http/api/handlers.h"
#include "http/problem.h"
#include "media/file_kind.h"

#include <inttypes.h>
#include <string.h>

enum { REASON_LEAST = 3, REASON_MOST = 200, CASE_MOST = 40 };

/* --- asking --- */

/* What the session or token shows with each request; NULL: the console. */
static const char *holder(const ApiCall *call)
{
    const ApiRequest *request = call->request;
    return request->bearer ? request->bearer : request->session;
}

/* The reason is in `call` when the grant opens what is looked at. */
static bool is_granted(ApiCall *call, GrantLook *look)
{
    look->grant = call->grant ? call->grant : call_query(call, "grant");
    look->holder = holder(call);
    if (!look->grant || !look->holder)
        return false;
    GrantAnswer answer = grants_open(call->api->grants, look, call->reason);
    char id[UUID_TEXT];
    if (answer == GRANT_FOREIGN)
        call_audit(call, "access", uuid_text(look->camera, id), NULL, "refused");
    return answer == GRANT_OPENS;
}

/* Whoever asks has told the reason in another way: the console has the machine, a token its
 * purpose. */
static bool has_own_reason(const ApiCall *call)
{
    return call->request->console || !uuid_is_nil(&call->identity.token);
}

/* `oldest_us` decides whether a reason is needed; the span of `look` is what it is needed for. */
static bool ask(ApiCall *call, GrantLook look, int64_t oldest_us)
{
    const SiteReason rule = site_reason(call->api->site);
    const int64_t young_us = clock_now_us() - rule.after_s * SECOND_US;
    if (look.from_us < young_us) /* what is young needs no grant */
        look.to_us = MIN(look.to_us, young_us);
    bool granted = is_granted(call, &look), young = oldest_us >= young_us;
    call->asked = true;
    if (granted || rule.after_s == 0 || young || has_own_reason(call))
        return true;
    problem_set(call->response, 403, "reason-needed",
                "footage older than %" PRId64 " s is looked at for a reason: tell it by POST "
                "/access, and give the grant with the request",
                rule.after_s);
    return false;
}

bool access_span(ApiCall *call, const Uuid *camera, int64_t from_us, int64_t to_us)
{
    return ask(call, (GrantLook){.camera = camera, .from_us = from_us, .to_us = to_us}, from_us);
}

bool access_file(ApiCall *call, const Uuid *camera, int64_t from_us, int64_t to_us)
{
    return ask(call,
               (GrantLook){.camera = camera, .from_us = from_us, .to_us = to_us, .piece = true},
               to_us);
}

bool access_taken(ApiCall *call, const Uuid *camera, int64_t from_us, int64_t to_us)
{
    GrantLook look = {.camera = camera, .from_us = from_us, .to_us = to_us};
    call->asked = true;
    if (is_granted(call, &look) || has_own_reason(call))
        return true;
    problem_set(call->response, 403, "reason-needed",
                "footage is taken out for a reason, however young it is: tell it by POST /access, "
                "and give the grant with the request");
    return false;
}

void access_told(ApiCall *call, const char *reason)
{
    call->asked = true;
    g_strlcpy(call->reason, reason ? reason : "", sizeof call->reason);
}

void access_open(ApiCall *call)
{
    call->asked = true;
}

bool access_sent_body(ApiCall *call, VirtualFile *body)
{
    access_open(call);
    call_header(call, "content-disposition", g_strdup("inline"));
    call_header(call, "content-security-policy",
                g_strdup("sandbox; default-src 'none'; frame-ancestors 'none'"));
    call_header(call, "cache-control", g_strdup("private, no-cache"));
    return call_file(call, body);
}

bool access_sent_file(ApiCall *call, int fd, int64_t bytes, const char *type,
                      const uint8_t sha256[SHA256_BYTES])
{
    char digest[SHA256_HEX];
    VirtualFile *body =
        virtual_file_of_fd(fd, (uint64_t)bytes, file_kind_type(file_kind_of_type(type)));
    hex_encode(sha256, SHA256_BYTES, digest);
    g_snprintf(body->etag, sizeof body->etag, "\"%s\"", digest);
    return access_sent_body(call, body);
}

bool access_is_picture(const ApiResponse *response)
{
    static const char *const kinds[] = {"image/jpeg", "video/", "application/vnd.apple.mpegurl"};
    if (response->file && response->file->type && g_str_has_prefix(response->file->type, "video/"))
        return response->status < 400;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds) && response->status < 400; i++)
        if (response->type && g_str_has_prefix(response->type, kinds[i]))
            return true;
    return false;
}

bool access_forgotten(const ApiCall *call)
{
    return !call->asked && access_is_picture(call->response);
}

/* --- telling --- */

bool access_check_words(const char *name, const char *text, long least, long most, GError **error)
{
    bool well = g_utf8_strlen(text, -1) >= least && g_utf8_strlen(text, -1) <= most;
    for (const char *at = text; well && *at; at = g_utf8_next_char(at))
        well = !g_unichar_iscntrl(g_utf8_get_char(at));
    return well || err_set(error, ERR_INVALID, "‘%s’ must be %ld to %ld characters on one line",
                           name, least, most);
}

/* A case that stands, as "case VV-2026-0042". True without `*reason`: the answer is a problem. */
static bool read_case(ApiCall *call, const char *told, char **reason, GError **error)
{
    char number[CASE_NUMBER_TEXT];
    Uuid me = call_maker(call);
    g_autoptr(GError) trouble = NULL;
    g_autofree char *name = g_strstrip(g_strdup(told));
    if (!access_check_words("case", name, 1, CASE_MOST, error) || !case_desk_of(call, error))
        return false;
    g_autoptr(CaseRow) row = case_desk_find(call->api->cases, name, &trouble);
    if (!row && !g_error_matches(trouble, ERR, ERR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    if (!row) {
        problem_set(call->response, 422, "no-such-case", "there is no case ‘%s’", name);
        return true;
    }
    case_number(row->year, row->seq, number);
    if (case_is_over(row)) {
        problem_set(call->response, 409, "case-over", "%s is %s: reopen it, then look", number,
                    row->state);
        return true;
    }
    if (!case_desk_look_for(call->api->cases, row, &me, error))
        return false;
    *reason = g_strconcat("case ", number, NULL);
    return true;
}

static bool read_words(ApiCall *call, const char *told, char **reason, GError **error)
{
    static const char *const routines[] = {"routine-check", "resident-report", "technical-check",
                                           "training", NULL};
    g_autofree char *words = g_strstrip(g_strdup(told));
    g_autofree char *rule = site_value(call->api->site, SITE_VALUE_REASONS);
    if (!access_check_words("reason", words, REASON_LEAST, REASON_MOST, error))
        return false;
    if (strcmp(rule, SITE_REASONS_FREE) != 0 && !g_strv_contains(routines, words)) {
        problem_set(call->response, 422, "case-needed",
                    "footage is looked at for a case, or for a routine: name one of them");
        return true;
    }
    *reason = g_steal_pointer(&words);
    return true;
}

bool access_read_reason(ApiCall *call, const Json *body, char **reason, GError **error)
{
    const char *number = NULL, *words = NULL;
    if (!json_get_text(body, "case", &number, error) ||
        !json_get_text(body, "reason", &words, error))
        return false;
    if (!number == !words)
        return err_set(error, ERR_INVALID, "‘case’ or ‘reason’ is needed, not both");
    return number ? read_case(call, number, reason, error) : read_words(call, words, reason, error);
}

/* One that whoever asks may not `action` is told as one that is not there. */
static bool read_cameras(ApiCall *call, const Json *list, Action action,
                         Uuid cameras[GRANT_CAMERAS_MOST], GError **error)
{
    size_t i;
    Json *text;
    if (!json_is_array(list) || json_array_size(list) < 1 ||
        json_array_size(list) > GRANT_CAMERAS_MOST)
        return err_set(error, ERR_INVALID, "‘cameras’ must be a list of 1 to %d ids",
                       GRANT_CAMERAS_MOST);
    json_array_foreach((json_t *)list, i, text)
    {
        const char *id = json_is_string(text) ? json_string_value(text) : "";
        g_autoptr(CameraRow) row =
            uuid_parse(id, &cameras[i]) ? site_camera_known(call->api->site, &cameras[i]) : NULL;
        if (!row || !call_may(call, action, row))
            return err_set(error, ERR_NOT_FOUND, "there is no camera ‘%.64s’", id);
    }
    return true;
}

static bool read_time(const Json *body, const char *name, int64_t *time_us, GError **error)
{
    const char *text = NULL;
    return json_get_text(body, name, &text, error) &&
           ((text && time_parse(text, time_us)) ||
            err_set(error, ERR_INVALID, "‘%s’ must be a time such as 2026-11-24T07:30:00Z", name));
}

static bool read_span(const Json *body, GrantAsked *asked, GError **error)
{
    if (!read_time(body, "from", &asked->from_us, error) ||
        !read_time(body, "to", &asked->to_us, error))
        return false;
    return (asked->from_us < asked->to_us && asked->to_us - asked->from_us <= GRANT_SPAN_MOST_US) ||
           err_set(error, ERR_INVALID, "‘from’ must be before ‘to’, by %d days at most",
                   (int)(GRANT_SPAN_MOST_US / DAY_US));
}

bool access_read_footage(ApiCall *call, const Json *body, Action action,
                         Uuid cameras[GRANT_CAMERAS_MOST], GrantAsked *asked, GError **error)
{
    const Json *list = json_object_get(body, "cameras");
    if (!read_cameras(call, list, action, cameras, error) || !read_span(body, asked, error))
        return false;
    asked->cameras = cameras;
    asked->camera_count = json_array_size(list);
    return true;
}

bool access_tell(ApiCall *call, GError **error)
{
    static const char *const members[] = {"cameras", "from", "to", "case", "reason", NULL};
    Uuid cameras[GRANT_CAMERAS_MOST];
    const Json *body = call_body(call, members, error);
    GrantAsked asked = {.holder = holder(call)};
    if (!body || !access_read_footage(call, body, ACTION_REPLAY, cameras, &asked, error))
        return false;
    g_autofree char *reason = NULL;
    if (!asked.holder)
        return err_set(error, ERR_INVALID, "the console needs no grant");
    if (!access_read_reason(call, body, &reason, error))
        return false;
    if (!reason)
        return true;
    asked.reason = reason;
    g_autofree char *grant = grants_give(call->api->grants, &asked);
    g_strlcpy(call->reason, reason, sizeof call->reason);
    for (size_t i = 0; i < asked.camera_count; i++)
        call_audit_span(call, "access", &cameras[i], asked.from_us, asked.to_us);
    Json *json = json_pack("{s:s}", "grant", grant);
    json_object_set_new(json, "expires", json_time(clock_now_us() + GRANT_LIVES_US));
    return call_json(call, 201, json);
}
