/* Working copies of a package: what the manifest says of them, and whether that is so. They prove
 * nothing; a check says which they are, and of which originals. */
#include "archive/package_check.h"

#include <string.h>

void package_working_name(unsigned camera, unsigned index, char name[ZIP_NAME_TEXT])
{
    g_snprintf(name, ZIP_NAME_TEXT, "working/%02u/NOT-ORIGINAL_redacted-%u.mp4", camera + 1,
               index + 1);
}

void package_working_clear(void *data)
{
    PackageWorking *working = data;
    g_clear_pointer(&working->parents, g_array_unref);
    g_clear_pointer(&working->redaction, redaction_free);
    g_free(working->processing);
    g_free(working->encoder);
}

const PackageFile *package_file_find(const GArray *files, const char *name)
{
    for (size_t i = 0; i < files->len; i++) {
        const PackageFile *file = &g_array_index(files, PackageFile, i);
        if (strcmp(file->name, name) == 0)
            return file;
    }
    return NULL;
}

GArray *package_parents(const GArray *media, const GArray *files, unsigned camera, int64_t from_us,
                        int64_t to_us)
{
    GArray *parents = g_array_new(FALSE, TRUE, sizeof(PackageParent));
    for (size_t i = 0; i < media->len; i++) {
        const PackageMedia *one = &g_array_index(media, PackageMedia, i);
        if (one->camera != camera || one->from_us >= to_us || one->to_us <= from_us)
            continue;
        const PackageFile *file = package_file_find(files, one->name);
        PackageParent parent = {0};
        if (file)
            parent.hash = file->hash;
        g_strlcpy(parent.name, one->name, sizeof parent.name);
        g_array_append_val(parents, parent);
    }
    return parents;
}

/* ---- in the manifest ---- */

static void put_parents(GString *line, const GArray *parents)
{
    g_string_append_c(line, '[');
    for (size_t i = 0; i < parents->len; i++) {
        const PackageParent *parent = &g_array_index(parents, PackageParent, i);
        char hex[SHA256_HEX];
        hex_encode(parent->hash.bytes, SHA256_BYTES, hex);
        g_string_append_printf(line, "%s[\"%s\",\"%s\"]", i > 0 ? "," : "", parent->name, hex);
    }
    g_string_append_c(line, ']');
}

void package_working_put(GString *line, const GArray *all)
{
    if (all->len == 0)
        return;
    line_put_name(line, "working");
    g_string_append_c(line, '[');
    for (size_t i = 0; i < all->len; i++) {
        const PackageWorking *working = &g_array_index(all, PackageWorking, i);
        g_string_append_printf(line, "%s[\"%s\",", i > 0 ? "," : "", working->name);
        put_parents(line, working->parents);
        g_string_append_c(line, ',');
        line_add_text(line, working->processing);
        g_string_append_c(line, ',');
        line_add_text(line, working->encoder);
        g_string_append_c(line, ',');
        redaction_put(line, working->redaction);
        g_string_append_c(line, ']');
    }
    g_string_append_c(line, ']');
}

static PackageParent read_parent(LineReader *reader)
{
    PackageParent parent = {0};
    line_read_array(reader, NULL);
    line_read_next(reader);
    line_read_chars(reader, NULL, parent.name, sizeof parent.name);
    line_read_next(reader);
    parent.hash = line_read_hash(reader, NULL);
    line_read_close(reader);
    if (!zip_name_plausible(parent.name))
        reader->failed = true;
    return parent;
}

static void read_parents(LineReader *reader, GArray *parents)
{
    line_read_array(reader, NULL);
    while (line_read_item(reader)) {
        PackageParent parent = read_parent(reader);
        g_array_append_val(parents, parent);
        if (parents->len > PACKAGE_MEDIA_MOST)
            reader->failed = true;
    }
}

static void read_one(LineReader *reader, GArray *all)
{
    PackageWorking working = {.parents = g_array_new(FALSE, TRUE, sizeof(PackageParent))};
    line_read_array(reader, NULL);
    line_read_next(reader);
    line_read_chars(reader, NULL, working.name, sizeof working.name);
    line_read_next(reader);
    read_parents(reader, working.parents);
    line_read_next(reader);
    working.processing = line_read_text(reader, NULL);
    line_read_next(reader);
    working.encoder = line_read_text(reader, NULL);
    line_read_next(reader);
    working.redaction = redaction_read(reader);
    line_read_close(reader);
    if (!zip_name_plausible(working.name))
        reader->failed = true;
    g_array_append_val(all, working);
}

void package_working_read(LineReader *reader, GArray *all)
{
    if (!line_next_is(reader, "working"))
        return;
    line_read_array(reader, "working");
    while (line_read_item(reader)) {
        if (all->len == PACKAGE_WORKING_MOST)
            reader->failed = true;
        else
            read_one(reader, all);
    }
    if (all->len == 0)
        reader->failed = true;
}

/* ---- checking ---- */

static bool same_parents(const GArray *told, const GArray *found)
{
    bool same = told->len == found->len && found->len > 0;
    for (size_t i = 0; same && i < told->len; i++) {
        const PackageParent *left = &g_array_index(told, PackageParent, i);
        const PackageParent *right = &g_array_index(found, PackageParent, i);
        same = strcmp(left->name, right->name) == 0 && hash_equal(&left->hash, &right->hash);
    }
    return same;
}

/* The place of its camera among the package's; as many as there are: none. */
static unsigned camera_of(const PackageCheck *check, const Redaction *redaction)
{
    const GArray *cameras = check->manifest.cameras;
    unsigned camera = 0;
    while (camera < cameras->len &&
           !uuid_equal(&g_array_index(cameras, Uuid, camera), &redaction->camera))
        camera++;
    return camera;
}

static void check_one(PackageCheck *check, unsigned index)
{
    char name[ZIP_NAME_TEXT];
    const PackageManifest *manifest = &check->manifest;
    const PackageWorking *working = &g_array_index(manifest->working, PackageWorking, index);
    const Redaction *redaction = working->redaction;
    unsigned camera = camera_of(check, redaction);
    package_working_name(camera, index, name);
    if (camera == manifest->cameras->len || strcmp(name, working->name) != 0 ||
        redaction->from_us < manifest->from_us || redaction->to_us > manifest->to_us ||
        !package_file_find(manifest->files, name)) {
        package_fault(check, NULL, 0, 0, working->name,
                      "is not a working copy as a package of this format has them");
        return;
    }
    g_autoptr(GArray) parents = package_parents(check->facts.media, manifest->files, camera,
                                                redaction->from_us, redaction->to_us);
    if (!same_parents(working->parents, parents))
        package_fault(check, NULL, 0, 0, working->name,
                      "is said to be made from other footage than the package has of that time");
    else
        verify_note(check->verify,
                    "%s: NOT ORIGINAL, a copy with %u boxes made unrecognisable; the original is "
                    "in media/%02u",
                    working->name, redaction->boxes->len, camera + 1);
}

void package_check_working(PackageCheck *check)
{
    for (unsigned i = 0; i < check->manifest.working->len; i++)
        check_one(check, i);
}
