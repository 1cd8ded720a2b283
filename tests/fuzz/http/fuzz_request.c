/* What a client's request is taken apart by: target, query, route, Range, cookies, Origin. The
 * first byte chooses; what came out must hold what the headers promise. */
#include "http/api/routes.h"
#include "http/cookie.h"
#include "http/range.h"
#include "http/target.h"

#include <string.h>

static void look_at_target(const char *text)
{
    g_auto(Target) target = {0};
    if (!target_parse(text, &target))
        return;
    g_assert(target.path[0] == '/' && !strstr(target.path, "/../"));
    for (size_t i = 0; i < target.query_count; i++)
        g_assert(g_utf8_validate(target.query[i].name, -1, NULL) &&
                 g_utf8_validate(target.query[i].value, -1, NULL));
    char values[32];
    const char *params[API_PATH_PARAMS];
    unsigned allowed;
    const ApiRoute *route =
        route_find(API_GET, target.path, values, sizeof values, params, &allowed);
    if (route && strchr(route->pattern, '{'))
        g_assert(*params[0] && strlen(params[0]) < sizeof values);
}

static void look_at_range(const char *text, uint64_t size)
{
    uint64_t first = 0, last = 0;
    if (range_parse(text, size, &first, &last) == RANGE_PART)
        g_assert(first <= last && last < size);
    (void)if_none_match_hits(text, "\"tag\"");
    (void)if_range_holds(text, "\"tag\"");
}

static void look_at_credentials(const char *text)
{
    g_autofree char *session = cookie_find(text, SESSION_COOKIE);
    g_autofree char *bearer = bearer_token(text);
    g_assert(!session || !strchr(session, ';'));
    g_assert(!bearer || *bearer);
    (void)origin_is_ours(text, "host:1", "https");
    (void)origin_is_ours("https://host:1", text, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    g_autofree char *text = g_strndup((const char *)data + 2, size - 2);
    switch (data[0] % 3) {
    case 0:
        look_at_target(text);
        break;
    case 1:
        look_at_range(text, data[1]);
        break;
    default:
        look_at_credentials(text);
        break;
    }
    return 0;
}
