#include "config/yaml.h"

#include "base/file.h"
#include "config/nearest.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <yaml.h>

enum { FILE_MOST = 1 << 20, KEYS_MOST = 32 };

typedef struct Reader {
    const char *path;
    yaml_document_t document;
    GError **error;
} Reader;

bool yaml_wrong(GError **error, const char *path, unsigned line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    return err_set(error, ERR_INVALID, "%s:%u: %s", path, line, what);
}

static unsigned line_of(const yaml_node_t *node)
{
    return (unsigned)node->start_mark.line + 1;
}

#define WRONG(reader, node, ...) \
    yaml_wrong((reader)->error, (reader)->path, line_of(node), __VA_ARGS__)

/* The text of a scalar; NULL, with the error set, for anything else and for an empty plain one. */
static const char *scalar(Reader *reader, const yaml_node_t *node, const YamlKey *key)
{
    if (node->type != YAML_SCALAR_NODE) {
        WRONG(reader, node, "‘%s’ must be one value, not a list or table", key->name);
        return NULL;
    }
    const char *text = (const char *)node->data.scalar.value;
    if (strlen(text) != node->data.scalar.length) {
        WRONG(reader, node, "‘%s’ holds a NUL character", key->name);
        return NULL;
    }
    if (!*text && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
        WRONG(reader, node, "‘%s’ has no value: give one, or take the line out", key->name);
        return NULL;
    }
    return text;
}

static bool read_text(Reader *reader, const yaml_node_t *node, const YamlKey *key, char **into)
{
    const char *text = scalar(reader, node, key);
    if (!text)
        return false;
    g_autoptr(GError) trouble = NULL;
    if (key->check && !key->check(text, &trouble))
        return WRONG(reader, node, "‘%s’: %s", key->name, trouble->message);
    *into = g_strdup(text);
    return true;
}

static bool read_bool(Reader *reader, const yaml_node_t *node, const YamlKey *key, bool *into)
{
    const char *text = scalar(reader, node, key);
    if (!text)
        return false;
    if (!g_str_equal(text, "true") && !g_str_equal(text, "false"))
        return WRONG(reader, node, "‘%s’ must be true or false, not ‘%s’", key->name, text);
    *into = g_str_equal(text, "true");
    return true;
}

static bool read_whole(Reader *reader, const yaml_node_t *node, const YamlKey *key, uint32_t *into)
{
    const char *text = scalar(reader, node, key);
    if (!text)
        return false;
    guint64 number;
    if (!g_ascii_string_to_unsigned(text, 10, (guint64)key->least, (guint64)key->most, &number,
                                    NULL))
        return WRONG(reader, node,
                     "‘%s’ must be a whole number from %" PRId64 " to %" PRId64 ", not ‘%s’",
                     key->name, key->least, key->most, text);
    *into = (uint32_t)number;
    return true;
}

static bool read_degree(Reader *reader, const yaml_node_t *node, const YamlKey *key, double *into)
{
    const char *text = scalar(reader, node, key);
    if (!text)
        return false;
    char *end;
    double number = g_ascii_strtod(text, &end);
    if (*end || !isfinite(number) || number < (double)key->least || number > (double)key->most)
        return WRONG(reader, node, "‘%s’ must be degrees from %" PRId64 " to %" PRId64 ", not ‘%s’",
                     key->name, key->least, key->most, text);
    *into = number;
    return true;
}

static bool unit_parse(const char *text, double *unit)
{
    static const struct {
        const char *name;
        double bytes;
    } units[] = {
        {"", 1},
        {"B", 1},
        {"kB", 1e3},
        {"MB", 1e6},
        {"GB", 1e9},
        {"TB", 1e12},
        {"KiB", 1024.0},
        {"MiB", 1048576.0},
        {"GiB", 1073741824.0},
        {"TiB", 1099511627776.0},
    };
    while (*text == ' ')
        text++;
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
        if (g_ascii_strcasecmp(text, units[i].name) == 0) {
            *unit = units[i].bytes;
            return true;
        }
    return false;
}

static bool read_bytes(Reader *reader, const yaml_node_t *node, const YamlKey *key, uint64_t *into)
{
    const char *text = scalar(reader, node, key);
    if (!text)
        return false;
    char *end;
    double number = g_ascii_strtod(text, &end), unit = 0;
    if (end == text || !g_ascii_isdigit(*text) || !unit_parse(end, &unit) ||
        !(number * unit < 9e18))
        return WRONG(reader, node, "‘%s’ must be a size such as 500 GiB or 2 TB, not ‘%s’",
                     key->name, text);
    if (number * unit < (double)key->least)
        return WRONG(reader, node, "‘%s’ must be at least %" PRId64 " bytes, not ‘%s’", key->name,
                     key->least, text);
    *into = (uint64_t)(number * unit);
    return true;
}

/* The items of a list; false, with the error set, when it is none. */
static bool items_of(Reader *reader, const yaml_node_t *node, const YamlKey *key, size_t *count)
{
    if (node->type != YAML_SEQUENCE_NODE)
        return WRONG(reader, node, "‘%s’ must be a list: one item a line, each after ‘- ’",
                     key->name);
    *count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    return true;
}

static yaml_node_t *item_at(Reader *reader, const yaml_node_t *node, size_t i)
{
    return yaml_document_get_node(&reader->document, node->data.sequence.items.start[i]);
}

static bool read_texts(Reader *reader, const yaml_node_t *node, const YamlKey *key, char ***into,
                       unsigned *done)
{
    size_t count = 0;
    if (!items_of(reader, node, key, &count))
        return false;
    *into = g_new0(char *, count + 1);
    for (; *done < count; (*done)++)
        if (!read_text(reader, item_at(reader, node, *done), key, &(*into)[*done]))
            return false;
    return true;
}

static bool read_table(Reader *reader, const yaml_node_t *node, const char *name,
                       const YamlKey *keys, void *into);

static bool read_list(Reader *reader, const yaml_node_t *node, const YamlKey *key, void **into,
                      unsigned *done)
{
    size_t count = 0;
    if (!items_of(reader, node, key, &count))
        return false;
    *into = g_malloc0_n(count + 1, key->inner_size);
    while (*done < count) {
        const yaml_node_t *item = item_at(reader, node, *done);
        char *one = (char *)*into + *done * key->inner_size;
        *(unsigned *)(void *)(one + key->line_offset) = line_of(item);
        (*done)++; /* before it is read: what it holds by then is freed with the list */
        if (!read_table(reader, item, key->name, key->inner, one))
            return false;
    }
    return true;
}

static bool read_value(Reader *reader, const yaml_node_t *node, const YamlKey *key, void *into)
{
    void *at = (char *)into + key->offset, *count = (char *)into + key->count_offset;
    switch (key->kind) {
    case YAML_KEY_TEXT:
        return read_text(reader, node, key, at);
    case YAML_KEY_BOOL:
        return read_bool(reader, node, key, at);
    case YAML_KEY_WHOLE:
        return read_whole(reader, node, key, at);
    case YAML_KEY_DEGREE:
        return read_degree(reader, node, key, at);
    case YAML_KEY_BYTES:
        return read_bytes(reader, node, key, at);
    case YAML_KEY_TEXTS:
        return read_texts(reader, node, key, at, count);
    case YAML_KEY_TABLE:
        return read_table(reader, node, key->name, key->inner, at);
    case YAML_KEY_LIST:
        return read_list(reader, node, key, at, count);
    }
    g_assert_not_reached();
}

static bool unknown_key(Reader *reader, const yaml_node_t *node, const YamlKey *keys)
{
    const char *typed = (const char *)node->data.scalar.value;
    const char *words[KEYS_MOST + 1] = {NULL};
    g_autoptr(GString) all = g_string_new(NULL);
    for (size_t i = 0; keys[i].name; i++) {
        words[i] = keys[i].name;
        g_string_append_printf(all, "%s%s", i ? ", " : "", keys[i].name);
    }
    const char *meant = nearest_word(typed, words);
    if (meant)
        return WRONG(reader, node, "unknown key ‘%s’; did you mean ‘%s’?", typed, meant);
    return WRONG(reader, node, "unknown key ‘%s’; known here: %s", typed, all->str);
}

static bool read_pair(Reader *reader, const yaml_node_pair_t *pair, const YamlKey *keys, void *into,
                      uint32_t *seen)
{
    const yaml_node_t *name = yaml_document_get_node(&reader->document, pair->key);
    const yaml_node_t *value = yaml_document_get_node(&reader->document, pair->value);
    if (name->type != YAML_SCALAR_NODE)
        return WRONG(reader, name, "a key must be a word");
    for (unsigned i = 0; keys[i].name; i++) {
        if (!g_str_equal(keys[i].name, (const char *)name->data.scalar.value))
            continue;
        if (*seen & UINT32_C(1) << i)
            return WRONG(reader, name, "‘%s’ is given twice", keys[i].name);
        *seen |= UINT32_C(1) << i;
        return read_value(reader, value, &keys[i], into);
    }
    return unknown_key(reader, name, keys);
}

static bool read_table(Reader *reader, const yaml_node_t *node, const char *name,
                       const YamlKey *keys, void *into)
{
    uint32_t seen = 0;
    if (node->type != YAML_MAPPING_NODE)
        return WRONG(reader, node, "‘%s’ must be a table of ‘key: value’ lines", name);
    const yaml_node_pair_t *end = node->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < end; pair++)
        if (!read_pair(reader, pair, keys, into, &seen))
            return false;
    for (unsigned i = 0; keys[i].name; i++)
        if (keys[i].needed && !(seen & UINT32_C(1) << i))
            return WRONG(reader, node, "‘%s’ is missing in this entry of ‘%s’", keys[i].name, name);
    return true;
}

static bool load(Reader *reader, yaml_parser_t *parser)
{
    if (yaml_parser_load(parser, &reader->document))
        return true;
    return yaml_wrong(reader->error, reader->path, (unsigned)parser->problem_mark.line + 1,
                      "not valid YAML: %s%s%s", parser->problem ? parser->problem : "out of memory",
                      parser->context ? " " : "", parser->context ? parser->context : "");
}

/* A file holds one document; there is none in an empty one. */
static bool read_document(Reader *reader, yaml_parser_t *parser, const YamlKey *keys, void *into)
{
    if (!load(reader, parser))
        return false;
    const yaml_node_t *root = yaml_document_get_root_node(&reader->document);
    bool well = !root || read_table(reader, root, "the file", keys, into);
    yaml_document_delete(&reader->document);
    if (!well || !root)
        return well;
    if (!load(reader, parser))
        return false;
    root = yaml_document_get_root_node(&reader->document);
    if (root)
        WRONG(reader, root, "a second document begins here: put all into the first");
    well = !root;
    yaml_document_delete(&reader->document);
    return well;
}

bool yaml_read(const char *path, const YamlKey *keys, void *into, GError **error)
{
    size_t size;
    g_autofree char *text = file_read(path, FILE_MOST, &size, error);
    yaml_parser_t parser;
    if (!text)
        return false;
    if (!yaml_parser_initialize(&parser))
        return err_errno(error, ENOMEM, "cannot read %s", path);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
    Reader reader = {.path = path, .error = error};
    bool well = read_document(&reader, &parser, keys, into);
    yaml_parser_delete(&parser);
    return well;
}
