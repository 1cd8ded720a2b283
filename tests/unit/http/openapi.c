#include "openapi.h"

#include "base/time_text.h"
#include "base/uuid.h"
#include "unit.h"

#include <string.h>
#include <yaml.h>

/* --- YAML to JSON --- */

static Json *scalar(const yaml_node_t *node)
{
    const char *text = (const char *)node->data.scalar.value;
    char *end;
    if (node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return json_string(text);
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
        return json_boolean(*text == 't');
    if (strcmp(text, "null") == 0)
        return json_null();
    double number = g_ascii_strtod(text, &end);
    return *text && !*end ? json_real(number) : json_string(text);
}

static Json *convert(yaml_document_t *document, int index)
{
    const yaml_node_t *node = yaml_document_get_node(document, index);
    if (node->type == YAML_SCALAR_NODE)
        return scalar(node);
    if (node->type == YAML_SEQUENCE_NODE) {
        Json *list = json_array();
        for (yaml_node_item_t *item = node->data.sequence.items.start;
             item < node->data.sequence.items.top; item++)
            json_array_append_new(list, convert(document, *item));
        return list;
    }
    Json *object = json_object();
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const char *name =
            (const char *)yaml_document_get_node(document, pair->key)->data.scalar.value;
        assert_null(json_object_get(object, name));
        json_object_set_new(object, name, convert(document, pair->value));
    }
    return object;
}

Json *openapi_read(void)
{
    const char *root = g_getenv("SOURCE_ROOT");
    g_autofree char *path = g_build_filename(root ? root : ".", "src/http/api/openapi.yaml", NULL);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    yaml_parser_t parser;
    yaml_document_t document;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_file(&parser, file);
    if (!yaml_parser_load(&parser, &document))
        fail_msg("%s: line %zu: %s", path, parser.problem_mark.line + 1, parser.problem);
    Json *json = convert(&document, 1);
    yaml_document_delete(&document);
    yaml_parser_delete(&parser);
    fclose(file);
    return json;
}

/* --- schema --- */

static const Json *resolve(const Json *document, const Json *schema)
{
    const char *ref;
    while ((ref = json_string_value(json_object_get(schema, "$ref")))) {
        assert_true(g_str_has_prefix(ref, "#/"));
        g_auto(GStrv) parts = g_strsplit(ref + 2, "/", -1);
        schema = document;
        for (char **part = parts; *part; part++)
            schema = json_object_get(schema, *part);
        if (!schema)
            fail_msg("%s leads nowhere", ref);
    }
    return schema;
}

static bool has_type(const Json *value, const char *type)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return strcmp(type, "object") == 0;
    case JSON_ARRAY:
        return strcmp(type, "array") == 0;
    case JSON_STRING:
        return strcmp(type, "string") == 0;
    case JSON_INTEGER:
        return strcmp(type, "integer") == 0 || strcmp(type, "number") == 0;
    case JSON_REAL:
        return strcmp(type, "number") == 0;
    case JSON_TRUE:
    case JSON_FALSE:
        return strcmp(type, "boolean") == 0;
    default:
        return strcmp(type, "null") == 0;
    }
}

static bool type_fits(const Json *types, const Json *value)
{
    if (json_is_string(types))
        return has_type(value, json_string_value(types));
    size_t i;
    Json *type;
    json_array_foreach(types, i, type) if (has_type(value, json_string_value(type))) return true;
    return !types;
}

static bool format_fits(const char *format, const char *text)
{
    int64_t time_us;
    Uuid id;
    if (!format)
        return true;
    if (strcmp(format, "date-time") == 0)
        return time_parse(text, &time_us) && g_str_has_suffix(text, "Z");
    return strcmp(format, "uuid") != 0 || uuid_parse(text, &id);
}

static bool enum_fits(const Json *choices, const Json *value)
{
    size_t i;
    Json *choice;
    json_array_foreach(choices, i, choice) if (json_equal(choice, value)) return true;
    return !choices;
}

static char *check_value(const Json *schema, const Json *value, const char *where)
{
    if (!type_fits(json_object_get(schema, "type"), value))
        return g_strdup_printf("%s: wrong type", where);
    if (!enum_fits(json_object_get(schema, "enum"), value))
        return g_strdup_printf("%s: not of the enum", where);
    const char *text = json_string_value(value);
    const char *pattern = json_string_value(json_object_get(schema, "pattern"));
    if (text && (!format_fits(json_string_value(json_object_get(schema, "format")), text) ||
                 (pattern && !g_regex_match_simple(pattern, text, 0, 0))))
        return g_strdup_printf("%s: ‘%s’ has the wrong form", where, text);
    const Json *least = json_object_get(schema, "minimum"),
               *most = json_object_get(schema, "maximum");
    if (json_is_number(value) && ((least && json_number_value(value) < json_number_value(least)) ||
                                  (most && json_number_value(value) > json_number_value(most))))
        return g_strdup_printf("%s: out of bounds", where);
    return NULL;
}

static char *check(const Json *document, const Json *schema, const Json *value, const char *where);

static char *check_members(const Json *document, const Json *schema, const Json *value,
                           const char *where)
{
    size_t i;
    Json *required;
    json_array_foreach(
        json_object_get(schema, "required"), i,
        required) if (!json_object_get(value,
                                       json_string_value(
                                           required))) return g_strdup_printf("%s: ‘%s’ is missing",
                                                                              where,
                                                                              json_string_value(
                                                                                  required));
    const Json *known = json_object_get(schema, "properties");
    const char *name;
    Json *member;
    json_object_foreach((Json *)value, name, member)
    {
        const Json *wanted = json_object_get(known, name);
        g_autofree char *inner = g_strdup_printf("%s.%s", where, name);
        if (!wanted && json_is_false(json_object_get(schema, "additionalProperties")))
            return g_strdup_printf("%s: not in the schema", inner);
        char *wrong = wanted ? check(document, wanted, member, inner) : NULL;
        if (wrong)
            return wrong;
    }
    return NULL;
}

static char *check_items(const Json *document, const Json *items, const Json *value,
                         const char *where)
{
    size_t i;
    Json *item;
    json_array_foreach(value, i, item)
    {
        g_autofree char *inner = g_strdup_printf("%s[%zu]", where, i);
        char *wrong = check(document, items, item, inner);
        if (wrong)
            return wrong;
    }
    return NULL;
}

static char *check_parts(const Json *document, const Json *schema, const Json *value,
                         const char *where)
{
    size_t i;
    Json *part;
    char *wrong = NULL;
    json_array_foreach(json_object_get(schema, "allOf"), i,
                       part) if ((wrong = check(document, part, value, where))) return wrong;
    json_array_foreach(json_object_get(schema, "anyOf"), i, part)
    {
        g_free(wrong);
        if (!(wrong = check(document, part, value, where)))
            return NULL;
    }
    return wrong;
}

static char *check(const Json *document, const Json *schema, const Json *value, const char *where)
{
    schema = resolve(document, schema);
    char *wrong = check_value(schema, value, where);
    if (!wrong)
        wrong = check_parts(document, schema, value, where);
    if (!wrong && json_is_object(value))
        wrong = check_members(document, schema, value, where);
    const Json *items = json_object_get(schema, "items");
    if (!wrong && items && json_is_array(value))
        wrong = check_items(document, items, value, where);
    return wrong;
}

char *openapi_check(const Json *document, const Json *schema, const Json *value)
{
    return check(document, schema, value, "answer");
}

const Json *openapi_operation(const Json *document, const char *method, const char *path)
{
    g_autofree char *lower = g_ascii_strdown(method, -1);
    return json_object_get(json_object_get(json_object_get(document, "paths"), path), lower);
}

const Json *openapi_answer(const Json *document, const Json *operation, int status,
                           const char **type, bool *told)
{
    char code[8];
    g_snprintf(code, sizeof code, "%d", status);
    const Json *all = json_object_get(operation, "responses");
    const Json *answer = json_object_get(all, code);
    if (!answer && status >= 400)
        answer = json_object_get(all, "default");
    *told = answer != NULL;
    answer = resolve(document, answer);
    Json *content = json_object_get(answer, "content");
    void *first = json_object_iter(content);
    *type = first ? json_object_iter_key(first) : NULL;
    return first ? json_object_get(json_object_iter_value(first), "schema") : NULL;
}
