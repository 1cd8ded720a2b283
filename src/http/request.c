#include "http/request.h"

#include "base/secret.h"
#include "http/api/routes.h"
#include "http/cookie.h"
#include "http/target.h"

#include <libwebsockets.h>
#include <string.h>

static char *header(struct lws *wsi, enum lws_token_indexes token)
{
    int length = lws_hdr_total_length(wsi, token);
    if (length <= 0 || length > REQUEST_HEADER_MOST)
        return NULL;
    char *value = g_malloc((size_t)length + 1);
    if (lws_hdr_copy(wsi, value, length + 1, token) < 0)
        g_clear_pointer(&value, g_free);
    else if (!g_utf8_validate(value, -1, NULL))
        for (char *at = value; *at; at++)
            if ((unsigned char)*at >= 0x80)
                *at = '?';
    return value;
}

/* Of a header that libwebsockets has no number for; `name` ends in a colon. */
static char *header_named(struct lws *wsi, const char *name)
{
    char value[128];
    int size = (int)strlen(name);
    int length = lws_hdr_custom_length(wsi, name, size);
    if (length <= 0 || length >= (int)sizeof value ||
        lws_hdr_custom_copy(wsi, value, sizeof value, name, size) < 0)
        return NULL;
    char *copy = g_str_is_ascii(value) ? g_strdup(value) : NULL;
    explicit_bzero(value, sizeof value);
    return copy;
}

static bool read_method(struct lws *wsi, ApiMethod *method)
{
    static const struct {
        enum lws_token_indexes token;
        ApiMethod method;
    } known[] = {
        {WSI_TOKEN_GET_URI, API_GET},     {WSI_TOKEN_HEAD_URI, API_HEAD},
        {WSI_TOKEN_POST_URI, API_POST},   {WSI_TOKEN_PUT_URI, API_PUT},
        {WSI_TOKEN_PATCH_URI, API_PATCH}, {WSI_TOKEN_DELETE_URI, API_DELETE},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (lws_hdr_total_length(wsi, known[i].token) > 0) {
            *method = known[i].method;
            return true;
        }
    return false;
}

/* The parser has split the query at '&' and decoded the parts. */
static bool read_query(struct lws *wsi, HttpRequest *request)
{
    char part[REQUEST_HEADER_MOST];
    for (int i = 0;; i++) {
        int length = lws_hdr_copy_fragment(wsi, part, sizeof part, WSI_TOKEN_HTTP_URI_ARGS, i);
        if (length < 0)
            return i > 0 || lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_URI_ARGS) <= 0;
        if (length == 0)
            continue;
        if (request->query_count == API_QUERY_MOST || !g_utf8_validate(part, (gssize)length, NULL))
            return false;
        char *copy = request->query_text[request->query_count] = g_strdup(part);
        query_add(request->query, &request->query_count, copy);
    }
}

/* Who is at the other end; behind a proxy on this machine, whom it says it speaks for. */
static void read_address(const Service *service, struct lws *wsi, char address[48])
{
    lws_get_peer_simple(wsi, address, 48);
    if (g_str_has_prefix(address, "::ffff:"))
        memmove(address, address + 7, strlen(address + 7) + 1);
    if (!service->behind_proxy ||
        (strcmp(address, "127.0.0.1") != 0 && strcmp(address, "::1") != 0))
        return;
    g_autofree char *chain = header(wsi, WSI_TOKEN_X_FORWARDED_FOR);
    if (!chain)
        return;
    const char *comma = strrchr(chain, ',');
    char *nearest = g_strstrip(comma ? (char *)comma + 1 : chain);
    if (g_hostname_is_ip_address(nearest))
        g_strlcpy(address, nearest, 48);
}

static int read_length(struct lws *wsi, HttpRequest *request)
{
    bool carries =
        request->method == API_POST || request->method == API_PUT || request->method == API_PATCH;
    if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0)
        return 411;
    g_autofree char *text = header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH);
    if (!text)
        return carries ? 411 : 0;
    guint64 length;
    if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, &length, NULL))
        return 400;
    request->body_bytes = (size_t)length;
    request->has_body = length > 0;
    return length > (request->takes_file ? REQUEST_FILE_MOST : REQUEST_BODY_MOST) ? 413 : 0;
}

static void read_credentials(struct lws *wsi, HttpRequest *request)
{
    secret_auto char *cookies = header(wsi, WSI_TOKEN_HTTP_COOKIE);
    secret_auto char *authorization = header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION);
    request->session = cookies ? cookie_find(cookies, SESSION_COOKIE) : NULL;
    request->browser = cookies ? cookie_find(cookies, BROWSER_COOKIE) : NULL;
    request->bearer = bearer_token(authorization);
    request->report_secret = header_named(wsi, "x-report-secret:");
    if (!request->report_secret)
        request->report_secret = header_named(wsi, "x-request-secret:");
}

const ApiRoute *request_route(const HttpRequest *request)
{
    char values[256];
    unsigned allowed;
    const char *params[API_PATH_PARAMS], *path = route_path(request->path);
    return path ? route_find(request->method, path, values, sizeof values, params, &allowed) : NULL;
}

static bool is_of_type(const HttpRequest *request)
{
    const char *type = request->takes_table ? "text/csv" : "application/json";
    return request->content_type &&
           g_ascii_strncasecmp(request->content_type, type, strlen(type)) == 0;
}

int request_read(const Service *service, struct lws *wsi, const char *path, size_t path_size,
                 HttpRequest *request)
{
    *request = (HttpRequest){0};
    if (!read_method(wsi, &request->method))
        return 405;
    request->path = g_strndup(path, path_size);
    request->host = header(wsi, WSI_TOKEN_HOST);
    request->origin = header(wsi, WSI_TOKEN_ORIGIN);
    request->content_type = header(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE);
    request->range = header(wsi, WSI_TOKEN_HTTP_RANGE);
    request->if_range = header(wsi, WSI_TOKEN_HTTP_IF_RANGE);
    request->if_none_match = header(wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH);
    request->accept_encoding = header(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING);
    request->device = header(wsi, WSI_TOKEN_HTTP_USER_AGENT);
    read_credentials(wsi, request);
    read_address(service, wsi, request->address);
    if (!path_is_plain(path, path_size) || !read_query(wsi, request))
        return 400;
    const ApiRoute *route = request_route(request);
    request->takes_file = route && route->place == API_UPLOADS;
    request->takes_table = route && route->place == API_TABLES;
    int refused = read_length(wsi, request);
    if (refused)
        return refused;
    bool changes = request->method != API_GET && request->method != API_HEAD;
    if (changes && !request->bearer &&
        !origin_is_ours(request->origin, request->host, service->scheme))
        return 403;
    return !request->has_body || request->takes_file || is_of_type(request) ? 0 : 415;
}

void request_clear(HttpRequest *request)
{
    g_free(request->path);
    for (size_t i = 0; i < request->query_count; i++)
        g_free(request->query_text[i]);
    g_free(request->host);
    g_free(request->origin);
    g_free(request->content_type);
    secret_free(request->session);
    secret_free(request->browser);
    secret_free(request->bearer);
    secret_free(request->report_secret);
    g_free(request->range);
    g_free(request->if_range);
    g_free(request->if_none_match);
    g_free(request->accept_encoding);
    g_free(request->device);
    *request = (HttpRequest){0};
}

Json *request_json(const HttpRequest *request, const char *text, size_t size, GError **error)
{
    if (!request->takes_table)
        return json_parse(text, size, error);
    Json *table = json_stringn(text, size);
    if (!table)
        err_set(error, ERR_INVALID,
                "the table is not UTF-8; save it as \"CSV UTF-8\" in the spreadsheet");
    return table;
}

ApiRequest request_api(const HttpRequest *request, const Json *body)
{
    ApiRequest api = {
        .method = request->method,
        .path = request->path,
        .query_count = request->query_count,
        .body = body,
        .session = request->session,
        .browser = request->browser,
        .bearer = request->bearer,
        .report_secret = request->report_secret,
        .address = request->address,
        .device = request->device ? request->device : "",
    };
    memcpy(api.query, request->query, sizeof api.query);
    return api;
}
