#include "http/problem.h"

#include "base/log.h"

#include <string.h>

static const struct {
    int status;
    const char *phrase, *code;
} statuses[] = {
    {200, "OK", "ok"},
    {201, "Created", "created"},
    {202, "Accepted", "accepted"},
    {204, "No Content", "no-content"},
    {206, "Partial Content", "partial"},
    {304, "Not Modified", "not-modified"},
    {400, "Bad Request", "invalid"},
    {401, "Unauthorized", "not-signed-in"},
    {403, "Forbidden", "no-right"},
    {404, "Not Found", "not-found"},
    {405, "Method Not Allowed", "method"},
    {406, "Not Acceptable", "not-acceptable"},
    {408, "Request Timeout", "too-slow"},
    {409, "Conflict", "conflict"},
    {411, "Length Required", "length-required"},
    {413, "Content Too Large", "too-large"},
    {415, "Unsupported Media Type", "media-type"},
    {416, "Range Not Satisfiable", "range"},
    {422, "Unprocessable Content", "unsupported"},
    {429, "Too Many Requests", "too-many"},
    {500, "Internal Server Error", "internal"},
    {502, "Bad Gateway", "protocol"},
    {503, "Service Unavailable", "unavailable"},
    {504, "Gateway Timeout", "timeout"},
    {507, "Insufficient Storage", "full"},
};

/* By ErrCode. */
static const struct {
    const char *code;
    int status;
    bool told; /* false: only logged */
} by_error[] = {
    [ERR_INVALID] = {"invalid", 400, true},
    [ERR_NOT_FOUND] = {"not-found", 404, true},
    [ERR_EXISTS] = {"exists", 409, true},
    [ERR_DENIED] = {"denied", 403, true},
    [ERR_UNAVAILABLE] = {"unavailable", 503, true},
    [ERR_TIMEOUT] = {"timeout", 504, true},
    [ERR_IO] = {"io", 500, false},
    [ERR_PROTOCOL] = {"protocol", 502, true},
    [ERR_UNSUPPORTED] = {"unsupported", 422, true},
    [ERR_CORRUPT] = {"corrupt", 500, false},
    [ERR_VERSION] = {"version", 500, false},
    [ERR_FULL] = {"full", 507, true},
    [ERR_NEEDS_PASSWORD] = {"password-needed", 422, true},
    [ERR_NEEDS_REASON] = {"second-person", 409, true},
    [ERR_TWO_PERSONS] = {"two-persons", 403, true},
};

static size_t status_row(int status)
{
    size_t row = 0;
    while (row + 1 < G_N_ELEMENTS(statuses) && statuses[row].status != status)
        row++;
    return row;
}

const char *status_phrase(int status)
{
    return statuses[status_row(status)].phrase;
}

/* Where files of the server lie concerns nobody who asks, least of all without an account. A word
 * that begins with a slash is taken for one, but for routes (below /api/, or behind a method) and
 * lengths of prefixes. */
static bool names_a_file(const char *detail)
{
    static const char pattern[] =
        "(^|(?<!GET|POST|PUT|PATCH|DELETE) |[(\\[<=,:'\"]|‘|“)/(?!api/|[0-9]+\\b)[^\\s/’”)]";
    return strchr(detail, '/') && g_regex_match_simple(pattern, detail, 0, 0);
}

/* The only way out for words of a problem. */
static const char *told(int status, const char *detail)
{
    if (!names_a_file(detail))
        return detail;
    log_warning("http.untold", "cause=\"%s\"", detail);
    return status == 507 ? "no room is left on the disk of the server: free some space"
                         : "the server could not do this; its log says why";
}

static void problem_fill(ApiResponse *response, int status, const char *code, const char *detail)
{
    json_decref(response->json);
    response->status = status;
    response->type = "application/problem+json";
    response->json =
        json_pack("{s:s, s:s, s:i, s:s, s:s}", "type", "about:blank", "title",
                  status_phrase(status), "status", status, "detail", told(status, detail),
                  "cause_code", code ? code : statuses[status_row(status)].code);
}

void problem_set(ApiResponse *response, int status, const char *code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *detail = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *valid = g_utf8_make_valid(detail, -1);
    problem_fill(response, status, code, valid);
}

void problem_from_error(ApiResponse *response, GError *error)
{
    g_autoptr(GError) owned = error;
    size_t code = error && error->domain == ERR ? (size_t)error->code : 0;
    if (code == 0 || code >= G_N_ELEMENTS(by_error) || !by_error[code].status)
        code = ERR_IO;
    if (!by_error[code].told) {
        log_error("http.failed", "cause=\"%s\"", error ? error->message : "not told");
        problem_set(response, by_error[code].status, by_error[code].code,
                    "the server could not do this; its log says why");
        return;
    }
    problem_set(response, by_error[code].status, by_error[code].code, "%s",
                error ? error->message : "not told");
}
