#include "cli/ask.h"

#include "cli/node.h"
#include "http/control.h"

Json *ask_take(Json *answer, int status, GError **error)
{
    if (!answer)
        return NULL;
    if (status >= 200 && status < 300)
        return answer;
    const char *detail = json_string_value(json_object_get(answer, "detail"));
    const char *title = json_string_value(json_object_get(answer, "title"));
    err_set(error,
            status == 404  ? ERR_NOT_FOUND
            : status < 500 ? ERR_INVALID
                           : ERR_IO,
            "%s",
            detail  ? detail
            : title ? title
                    : "the request failed");
    json_decref(answer);
    return NULL;
}

static Json *ask_here(const char *data, ApiMethod method, const char *path, const Json *body,
                      GError **error)
{
    Node node;
    int status = 0;
    Json *answer = NULL;
    g_autoptr(DataFolder) folder = data_folder_paths(data);
    if (!data_folder_check(folder, error))
        return NULL;
    if (node_open(&node, data, NULL, error))
        answer = control_call_local(&node.api, method, path, body, &status, error);
    node_close(&node);
    return ask_take(answer, status, error);
}

Json *ask(const char *data, ApiMethod method, const char *path, const Json *body, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    int status = 0;
    Json *answer = control_call(data, method, path, body, &status, &trouble);
    if (!answer && g_error_matches(trouble, ERR, ERR_UNAVAILABLE))
        return ask_here(data, method, path, body, error);
    if (!answer) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return NULL;
    }
    return ask_take(answer, status, error);
}

Json *ask_list(const char *data, const char *path, GError **error)
{
    g_autoptr(Json) all = json_array();
    g_autofree char *cursor = NULL;
    do {
        g_autofree char *query = cursor ? g_strdup_printf("%s?limit=200&cursor=%s", path, cursor)
                                        : g_strdup_printf("%s?limit=200", path);
        g_autoptr(Json) page = ask(data, API_GET, query, NULL, error);
        if (!page)
            return NULL;
        json_array_extend(all, json_object_get(page, "items"));
        g_free(cursor);
        const char *next = json_string_value(json_object_get(page, "next"));
        cursor = next ? g_uri_escape_string(next, NULL, FALSE) : NULL;
    } while (cursor);
    return g_steal_pointer(&all);
}
