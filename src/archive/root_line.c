#include "archive/root_line.h"

#include "base/time_text.h"

#include <string.h>

static const char *const kinds[] = {[ROOT_INTERIM] = "interim", [ROOT_DAY] = "day"};

void root_line_clear(RootLine *line)
{
    g_clear_pointer(&line->chains, g_array_unref);
}

int root_chain_compare(const void *a, const void *b)
{
    const RootChain *left = a, *right = b;
    int order = uuid_compare(&left->camera, &right->camera);
    return order ? order : uuid_compare(&left->volume, &right->volume);
}

int64_t root_line_last(const RootLine *line, const Uuid *camera, const Uuid *volume)
{
    const RootChain wanted = {.camera = *camera, .volume = *volume};
    guint at;
    if (!line || !line->chains ||
        !g_array_binary_search(line->chains, &wanted, root_chain_compare, &at))
        return 0;
    return g_array_index(line->chains, RootChain, at).last;
}

static void put_chains(GString *fields, const GArray *chains)
{
    line_put_name(fields, "chains");
    g_string_append_c(fields, '[');
    for (size_t i = 0; i < chains->len; i++) {
        const RootChain *chain = &g_array_index(chains, RootChain, i);
        char camera[UUID_TEXT], volume[UUID_TEXT];
        g_string_append_printf(fields, "%s[\"%s\",\"%s\",%" G_GINT64_FORMAT "]", i > 0 ? "," : "",
                               uuid_text(&chain->camera, camera), uuid_text(&chain->volume, volume),
                               chain->last);
    }
    g_string_append_c(fields, ']');
}

void root_line_put(GString *fields, const RootLine *line)
{
    char day[DAY_TEXT];
    line_put_text(fields, "kind", kinds[line->kind]);
    line_put_text(fields, "day", day_text(line->day_us, day));
    line_put_int(fields, "at_us", line->at_us);
    put_chains(fields, line->chains);
    line_put_int(fields, "entries", line->entries);
    line_put_hash(fields, "root", &line->root);
    line_put_int(fields, "audit", line->audit_last);
    line_put_hash(fields, "audit_root", &line->audit_root);
    line_put_hash(fields, "before", &line->before);
}

static RootKind read_kind(LineReader *reader)
{
    char text[16];
    line_read_chars(reader, "kind", text, sizeof text);
    for (RootKind kind = ROOT_INTERIM; kind <= ROOT_DAY; kind++)
        if (strcmp(text, kinds[kind]) == 0)
            return kind;
    reader->failed = true;
    return ROOT_INTERIM;
}

static RootChain read_chain(LineReader *reader)
{
    RootChain chain = {0};
    line_read_array(reader, NULL);
    line_read_next(reader);
    chain.camera = line_read_uuid(reader, NULL);
    line_read_next(reader);
    chain.volume = line_read_uuid(reader, NULL);
    line_read_next(reader);
    chain.last = line_read_int(reader, NULL);
    line_read_close(reader);
    if (chain.last <= 0)
        reader->failed = true;
    return chain;
}

static GArray *read_chains(LineReader *reader)
{
    GArray *chains = g_array_new(FALSE, FALSE, sizeof(RootChain));
    line_read_array(reader, "chains");
    while (line_read_item(reader)) {
        RootChain chain = read_chain(reader);
        if (chains->len > 0 &&
            root_chain_compare(&g_array_index(chains, RootChain, chains->len - 1), &chain) >= 0)
            reader->failed = true;
        g_array_append_val(chains, chain);
    }
    return chains;
}

bool root_line_parse(const char *text, size_t size, RootLine *line)
{
    *line = (RootLine){0};
    LineReader reader = line_reader(text, size);
    char day[DAY_TEXT];
    line_read_start(&reader, "root");
    line_read_int(&reader, "seq");
    line->kind = read_kind(&reader);
    line_read_chars(&reader, "day", day, sizeof day);
    line->at_us = line_read_int(&reader, "at_us");
    line->chains = read_chains(&reader);
    line->entries = line_read_int(&reader, "entries");
    line->root = line_read_hash(&reader, "root");
    line->audit_last = line_read_int(&reader, "audit");
    line->audit_root = line_read_hash(&reader, "audit_root");
    line->before = line_read_hash(&reader, "before");
    line->head.prev = line_read_hash(&reader, "prev");
    line_read_seal(&reader, &line->head.seal);
    if (line_read_end(&reader) && day_parse(day, &line->day_us) &&
        line_read_head(text, size, &line->head))
        return true;
    root_line_clear(line);
    return false;
}
