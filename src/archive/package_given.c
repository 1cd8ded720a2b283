#include "archive/package_given.h"

#include "media/file_kind.h"

#include <inttypes.h>
#include <string.h>

#define CLOCK "of the device, not checked"
#define MASKS "none by the server"

/* ---- names ---- */

static const char *ending(const char *type)
{
    static const char *const endings[FILE_KINDS] = {
        [FILE_JPEG] = "jpg", [FILE_PNG] = "png",       [FILE_WEBP] = "webp",
        [FILE_MP4] = "mp4",  [FILE_QUICKTIME] = "mov", [FILE_WEBM] = "webm"};
    return endings[file_kind_of_type(type)];
}

bool package_given_name(unsigned household, unsigned n, const char *type, char name[ZIP_NAME_TEXT])
{
    const char *end = ending(type);
    g_snprintf(name, ZIP_NAME_TEXT, "household/%02u/given-%u.%s", household, n, end ? end : "");
    return end != NULL;
}

void package_consent_name(unsigned household, char name[ZIP_NAME_TEXT])
{
    g_snprintf(name, ZIP_NAME_TEXT, "consent/%02u.json", household);
}

/* ---- in the manifest ---- */

static void put_hash(GString *line, const Hash *hash)
{
    char hex[SHA256_HEX];
    hex_encode(hash->bytes, SHA256_BYTES, hex);
    g_string_append_printf(line, "\"%s\"", hex);
}

void package_given_put(GString *line, const GArray *all)
{
    if (all->len == 0)
        return;
    line_put_name(line, "given");
    g_string_append_c(line, '[');
    for (guint i = 0; i < all->len; i++) {
        char file[UUID_TEXT], answer[UUID_TEXT], request[UUID_TEXT];
        const PackageGiven *one = &g_array_index(all, PackageGiven, i);
        g_string_append_printf(line, "%s[\"%s\",\"%s\",\"%s\",\"%s\",%" PRId64 ",",
                               i > 0 ? "," : "", one->name, uuid_text(&one->file, file),
                               uuid_text(&one->answer, answer), uuid_text(&one->request, request),
                               one->given_us);
        put_hash(line, &one->hash);
        g_string_append_printf(line, ",\"%s\"]", one->type);
    }
    g_string_append_c(line, ']');
}

static PackageGiven read_given(LineReader *reader)
{
    PackageGiven one = {0};
    line_read_array(reader, NULL);
    line_read_next(reader);
    line_read_chars(reader, NULL, one.name, sizeof one.name);
    line_read_next(reader);
    one.file = line_read_uuid(reader, NULL);
    line_read_next(reader);
    one.answer = line_read_uuid(reader, NULL);
    line_read_next(reader);
    one.request = line_read_uuid(reader, NULL);
    line_read_next(reader);
    one.given_us = line_read_int(reader, NULL);
    line_read_next(reader);
    one.hash = line_read_hash(reader, NULL);
    line_read_next(reader);
    line_read_chars(reader, NULL, one.type, sizeof one.type);
    line_read_close(reader);
    if (!zip_name_plausible(one.name))
        reader->failed = true;
    return one;
}

void package_given_read(LineReader *reader, GArray *all)
{
    if (!line_next_is(reader, "given"))
        return;
    line_read_array(reader, "given");
    while (line_read_item(reader)) {
        PackageGiven one = read_given(reader);
        const PackageGiven *before =
            all->len > 0 ? &g_array_index(all, PackageGiven, all->len - 1) : NULL;
        bool same = before && uuid_equal(&before->answer, &one.answer);
        one.household = before ? before->household + (same ? 0 : 1) : 1;
        if (all->len == PACKAGE_GIVEN_MOST)
            reader->failed = true;
        else
            g_array_append_val(all, one);
    }
    if (all->len == 0)
        reader->failed = true;
}

/* ---- consents ---- */

static void file_clear(void *data)
{
    g_free(((PackageConsentFile *)data)->path);
}

void package_consent_init(PackageConsent *consent)
{
    *consent = (PackageConsent){.files = g_array_new(FALSE, TRUE, sizeof(PackageConsentFile)),
                                .looks = g_array_new(FALSE, TRUE, sizeof(PackageLookAt))};
    g_array_set_clear_func(consent->files, file_clear);
}

void package_consent_clear(void *data)
{
    PackageConsent *consent = data;
    g_clear_pointer(&consent->files, g_array_unref);
    g_clear_pointer(&consent->looks, g_array_unref);
    g_clear_pointer(&consent->case_number, g_free);
    g_clear_pointer(&consent->what, g_free);
    g_clear_pointer(&consent->unit, g_free);
}

static void put_files(GString *line, const GArray *files)
{
    line_put_name(line, "files");
    g_string_append_c(line, '[');
    for (guint i = 0; i < files->len; i++) {
        char id[UUID_TEXT];
        const PackageConsentFile *file = &g_array_index(files, PackageConsentFile, i);
        g_string_append_printf(line, "%s[\"%s\",\"%s\",\"%s\",%" PRId64 ",", i > 0 ? "," : "",
                               file->given.name, uuid_text(&file->given.file, id), file->given.type,
                               file->bytes);
        put_hash(line, &file->given.hash);
        g_string_append_printf(line, ",%" PRId64 ",%" PRId64 ",%" PRId64 "]", file->begun_us,
                               file->given.given_us, file->kept_us);
    }
    g_string_append_c(line, ']');
}

static void put_looks(GString *line, const GArray *looks)
{
    line_put_name(line, "looks");
    g_string_append_c(line, '[');
    for (guint i = 0; i < looks->len; i++) {
        const PackageLookAt *look = &g_array_index(looks, PackageLookAt, i);
        g_string_append_printf(line, "%s[%u,%" PRId64 ",\"%s\",\"%s\"]", i > 0 ? "," : "",
                               look->file + 1, look->at_us, look->role, look->act);
    }
    g_string_append_c(line, ']');
}

GString *package_consent_write(const PackageConsent *consent)
{
    GString *line = line_new("household-consent");
    line_put_int(line, "household", consent->household);
    line_put_uuid(line, "request", &consent->request);
    line_put_uuid(line, "answer", &consent->answer);
    line_put_int(line, "pin_us", consent->pin_us);
    line_put_int(line, "may_ask_us", consent->may_ask_us);
    line_put_int(line, "left_us", consent->left_us);
    line_put_text(line, "case", consent->case_number);
    line_put_text(line, "what", consent->what);
    line_put_text(line, "unit", consent->unit);
    line_put_int(line, "from_us", consent->from_us);
    line_put_int(line, "to_us", consent->to_us);
    line_put_int(line, "radius_m", consent->radius_m);
    line_put_int(line, "asked_us", consent->asked_us);
    line_put_int(line, "deadline_us", consent->deadline_us);
    line_put_text(line, "clock", CLOCK);
    line_put_text(line, "masks", MASKS);
    put_files(line, consent->files);
    put_looks(line, consent->looks);
    line_close(line);
    return line;
}

static void read_file(LineReader *reader, PackageConsent *consent)
{
    PackageConsentFile file = {.given = {.household = consent->household,
                                         .answer = consent->answer,
                                         .request = consent->request}};
    line_read_array(reader, NULL);
    line_read_next(reader);
    line_read_chars(reader, NULL, file.given.name, sizeof file.given.name);
    line_read_next(reader);
    file.given.file = line_read_uuid(reader, NULL);
    line_read_next(reader);
    line_read_chars(reader, NULL, file.given.type, sizeof file.given.type);
    line_read_next(reader);
    file.bytes = line_read_int(reader, NULL);
    line_read_next(reader);
    file.given.hash = line_read_hash(reader, NULL);
    line_read_next(reader);
    file.begun_us = line_read_int(reader, NULL);
    line_read_next(reader);
    file.given.given_us = line_read_int(reader, NULL);
    line_read_next(reader);
    file.kept_us = line_read_int(reader, NULL);
    line_read_close(reader);
    if (consent->files->len == PACKAGE_GIVEN_MOST)
        reader->failed = true;
    else
        g_array_append_val(consent->files, file);
}

static void read_look(LineReader *reader, PackageConsent *consent)
{
    PackageLookAt look = {0};
    line_read_array(reader, NULL);
    line_read_next(reader);
    int64_t file = line_read_int(reader, NULL);
    line_read_next(reader);
    look.at_us = line_read_int(reader, NULL);
    line_read_next(reader);
    line_read_chars(reader, NULL, look.role, sizeof look.role);
    line_read_next(reader);
    line_read_chars(reader, NULL, look.act, sizeof look.act);
    line_read_close(reader);
    if (file < 1 || file > consent->files->len ||
        consent->looks->len == (guint)PACKAGE_LOOKS_MOST * PACKAGE_GIVEN_MOST) {
        reader->failed = true;
        return;
    }
    look.file = (unsigned)file - 1;
    g_array_append_val(consent->looks, look);
}

static void read_constant(LineReader *reader, const char *key, const char *value)
{
    g_autofree char *text = line_read_text(reader, key);
    if (g_strcmp0(text, value) != 0)
        reader->failed = true;
}

bool package_consent_read(const char *text, size_t size, PackageConsent *consent)
{
    if (size == 0 || text[size - 1] != '\n')
        return false;
    LineReader reader = line_reader(text, size - 1);
    line_read_start(&reader, "household-consent");
    int64_t household = line_read_int(&reader, "household");
    consent->household = household > 0 && household <= PACKAGE_GIVEN_MOST ? (unsigned)household : 0;
    consent->request = line_read_uuid(&reader, "request");
    consent->answer = line_read_uuid(&reader, "answer");
    consent->pin_us = line_read_int(&reader, "pin_us");
    consent->may_ask_us = line_read_int(&reader, "may_ask_us");
    consent->left_us = line_read_int(&reader, "left_us");
    consent->case_number = line_read_text(&reader, "case");
    consent->what = line_read_text(&reader, "what");
    consent->unit = line_read_text(&reader, "unit");
    consent->from_us = line_read_int(&reader, "from_us");
    consent->to_us = line_read_int(&reader, "to_us");
    consent->radius_m = line_read_int(&reader, "radius_m");
    consent->asked_us = line_read_int(&reader, "asked_us");
    consent->deadline_us = line_read_int(&reader, "deadline_us");
    read_constant(&reader, "clock", CLOCK);
    read_constant(&reader, "masks", MASKS);
    line_read_array(&reader, "files");
    while (line_read_item(&reader))
        read_file(&reader, consent);
    line_read_array(&reader, "looks");
    while (line_read_item(&reader))
        read_look(&reader, consent);
    return line_read_end(&reader) && consent->household > 0;
}
