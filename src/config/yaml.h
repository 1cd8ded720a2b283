/* yaml.h — private to config/: reads a YAML file into a struct by a table of the keys it may have.
 *
 * Whatever does not fit the table is an error with file, line and, where there is one, the key that
 * was probably meant. Texts come out owned (g_free), lists as arrays with their count.
 */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum YamlKind {
    YAML_KEY_TEXT,   /* char * */
    YAML_KEY_BOOL,   /* bool */
    YAML_KEY_WHOLE,  /* uint32_t, `least` to `most` */
    YAML_KEY_DEGREE, /* double, `least` to `most` */
    YAML_KEY_BYTES,  /* uint64_t, at least `least`: "500 GiB", "2 TB", "1073741824" */
    YAML_KEY_TEXTS,  /* char **, unsigned: a list of texts */
    YAML_KEY_TABLE,  /* a struct within the struct: keys of `inner` */
    YAML_KEY_LIST,   /* pointer to structs, unsigned: a list of tables with keys of `inner` */
} YamlKind;

typedef struct YamlKey YamlKey;
struct YamlKey {
    const char *name; /* NULL ends a table */
    YamlKind kind;
    bool needed;
    size_t offset;       /* in the struct; of TABLE: added to the offsets within */
    size_t count_offset; /* of TEXTS and LIST */
    int64_t least, most;
    bool (*check)(const char *text, GError **error); /* of TEXT; may be NULL */
    const YamlKey *inner;
    size_t inner_size;  /* of LIST: of one struct */
    size_t line_offset; /* of LIST: where in the struct its line goes (unsigned) */
};

/* Fills in what the file holds and leaves the rest as it is. On error some of it may be filled in.
 */
bool yaml_read(const char *path, const YamlKey *keys, void *into, GError **error);

/* ERR_INVALID with "path:line: …"; always returns false. */
bool yaml_wrong(GError **error, const char *path, unsigned line, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
