#include "base/json.h"

#include "base/time_text.h"

#include <malloc.h>
#include <string.h>

static void wipe_and_free(void *memory)
{
    if (memory)
        explicit_bzero(memory, malloc_usable_size(memory));
    free(memory);
}

/* jansson gathers what it reads in buffers that grow by copying. */
void json_wipe_freed(void)
{
    json_set_alloc_funcs(malloc, wipe_and_free);
}

Json *json_parse(const char *text, size_t size, GError **error)
{
    json_error_t trouble;
    Json *value = json_loadb(text, size, JSON_REJECT_DUPLICATES, &trouble);
    if (!value)
        err_set(error, ERR_INVALID, "not valid JSON: %s (line %d, column %d)", trouble.text,
                trouble.line, trouble.column);
    return value;
}

char *json_line(const Json *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    g_assert(text);
    char *line = g_strdup(text);
    free(text);
    return line;
}

char *json_lines(const Json *value)
{
    char *text = json_dumps(value, JSON_INDENT(2) | JSON_ENCODE_ANY);
    g_assert(text);
    char *lines = g_strconcat(text, "\n", NULL);
    free(text);
    return lines;
}

/* The member, or NULL when it is missing or null. */
static Json *member(const Json *object, const char *name)
{
    Json *value = json_object_get(object, name);
    return json_is_null(value) ? NULL : value;
}

static bool wrong(GError **error, const char *name, const char *wanted)
{
    return err_set(error, ERR_INVALID, "‘%s’ must be %s", name, wanted);
}

bool json_get_text(const Json *object, const char *name, const char **value, GError **error)
{
    Json *found = member(object, name);
    if (!found)
        return true;
    if (!json_is_string(found))
        return wrong(error, name, "a text");
    *value = json_string_value(found);
    return true;
}

bool json_get_int(const Json *object, const char *name, int64_t *value, GError **error)
{
    Json *found = member(object, name);
    if (!found)
        return true;
    if (!json_is_integer(found))
        return wrong(error, name, "a whole number");
    *value = json_integer_value(found);
    return true;
}

bool json_get_double(const Json *object, const char *name, double *value, GError **error)
{
    Json *found = member(object, name);
    if (!found)
        return true;
    if (!json_is_number(found))
        return wrong(error, name, "a number");
    *value = json_number_value(found);
    return true;
}

bool json_get_bool(const Json *object, const char *name, bool *value, GError **error)
{
    Json *found = member(object, name);
    if (!found)
        return true;
    if (!json_is_boolean(found))
        return wrong(error, name, "true or false");
    *value = json_is_true(found);
    return true;
}

Json *json_time(int64_t time_us)
{
    char text[TIME_TEXT];
    return json_string(time_text(time_us, text));
}

Json *json_span(int64_t from_us, int64_t to_us)
{
    return json_pack("{s:o, s:o}", "from", json_time(from_us), "to", json_time(to_us));
}
