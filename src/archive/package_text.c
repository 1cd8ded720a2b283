/* The manifest of a package and its small texts. */
#include "archive/package_lines.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

void package_path_put(GString *text, const PackagePath *path)
{
    g_autoptr(GString) line = line_new("path");
    line_put_uuid(line, "camera", &path->camera);
    line_put_uuid(line, "volume", &path->volume);
    line_put_int(line, "seq", path->seq);
    line_put_int(line, "root", path->root);
    line_put_int(line, "index", path->index);
    line_put_name(line, "path");
    g_string_append_c(line, '[');
    for (size_t i = 0; i < path->length; i++) {
        char hex[SHA256_HEX];
        hex_encode(path->path[i].bytes, SHA256_BYTES, hex);
        g_string_append(line, i > 0 ? "," : "");
        line_add_text(line, hex);
    }
    g_string_append_c(line, ']');
    line_close(line);
    g_string_append_len(text, line->str, (gssize)line->len);
}

bool package_path_read(const char *line, size_t size, PackagePath *path)
{
    LineReader reader = line_reader(line, size);
    *path = (PackagePath){0};
    line_read_start(&reader, "path");
    path->camera = line_read_uuid(&reader, "camera");
    path->volume = line_read_uuid(&reader, "volume");
    path->seq = line_read_int(&reader, "seq");
    path->root = line_read_int(&reader, "root");
    path->index = line_read_int(&reader, "index");
    line_read_array(&reader, "path");
    while (line_read_item(&reader)) {
        if (path->length == MERKLE_PATH_MOST)
            return false;
        path->path[path->length++] = line_read_hash(&reader, NULL);
    }
    return line_read_end(&reader) && path->seq > 0 && path->root > 0 && path->index >= 0;
}

void package_person_clear(void *data)
{
    PackagePerson *person = data;
    g_free(person->part);
    g_free(person->name);
    g_free(person->role);
}

void package_manifest_init(PackageManifest *manifest)
{
    *manifest = (PackageManifest){.format = PACKAGE_FORMAT,
                                  .films = g_array_new(FALSE, TRUE, sizeof(PackageFilm)),
                                  .people = g_array_new(FALSE, TRUE, sizeof(PackagePerson)),
                                  .holds = g_array_new(FALSE, TRUE, sizeof(PackageHold)),
                                  .cameras = g_array_new(FALSE, FALSE, sizeof(Uuid)),
                                  .camera_facts = g_ptr_array_new_with_free_func(g_free),
                                  .files = g_array_new(FALSE, TRUE, sizeof(PackageFile)),
                                  .working = g_array_new(FALSE, TRUE, sizeof(PackageWorking)),
                                  .given = g_array_new(FALSE, TRUE, sizeof(PackageGiven))};
    g_array_set_clear_func(manifest->people, package_person_clear);
    g_array_set_clear_func(manifest->holds, package_hold_clear);
    g_array_set_clear_func(manifest->working, package_working_clear);
}

void package_manifest_clear(PackageManifest *manifest)
{
    g_clear_pointer(&manifest->people, g_array_unref);
    g_clear_pointer(&manifest->holds, g_array_unref);
    g_clear_pointer(&manifest->cameras, g_array_unref);
    g_clear_pointer(&manifest->camera_facts, g_ptr_array_unref);
    g_clear_pointer(&manifest->films, g_array_unref);
    g_clear_pointer(&manifest->files, g_array_unref);
    g_clear_pointer(&manifest->working, g_array_unref);
    g_clear_pointer(&manifest->given, g_array_unref);
    g_free(manifest->reason);
    g_free(manifest->made);
    g_free(manifest->approval);
    g_free(manifest->basis);
    g_free(manifest->case_number);
    g_free(manifest->number);
    g_free(manifest->site);
    g_free(manifest->zone);
    g_free(manifest->program);
    *manifest = (PackageManifest){0};
}

void package_people_put(GString *line, const GArray *people)
{
    g_string_append_c(line, '[');
    for (size_t i = 0; i < people->len; i++) {
        const PackagePerson *person = &g_array_index(people, PackagePerson, i);
        char id[UUID_TEXT];
        g_string_append(line, i > 0 ? ",[" : "[");
        line_add_text(line, person->part);
        g_string_append_printf(line, ",\"%s\",", uuid_text(&person->id, id));
        line_add_text(line, person->name);
        g_string_append_c(line, ',');
        line_add_text(line, person->role);
        g_string_append_printf(line, ",%" G_GINT64_FORMAT "]", person->at_us);
    }
    g_string_append_c(line, ']');
}

static void put_cameras(GString *line, const PackageManifest *manifest)
{
    line_put_name(line, "cameras");
    g_string_append_c(line, '[');
    for (size_t i = 0; i < manifest->cameras->len; i++) {
        char id[UUID_TEXT];
        uuid_text(&g_array_index(manifest->cameras, Uuid, i), id);
        g_string_append_printf(line, "%s[\"id\",\"%s\"%s]", i > 0 ? "," : "", id,
                               (const char *)g_ptr_array_index(manifest->camera_facts, i));
    }
    g_string_append_c(line, ']');
}

void package_files_put(GString *line, const GArray *files)
{
    line_put_name(line, "files");
    g_string_append_c(line, '[');
    for (size_t i = 0; i < files->len; i++) {
        const PackageFile *file = &g_array_index(files, PackageFile, i);
        char hex[SHA256_HEX];
        hex_encode(file->hash.bytes, SHA256_BYTES, hex);
        g_string_append_printf(line, "%s[\"%s\",%" G_GINT64_FORMAT ",\"%s\"]", i > 0 ? "," : "",
                               file->name, file->bytes, hex);
    }
    g_string_append_c(line, ']');
}

void package_origin_put(GString *line, const PackageManifest *manifest)
{
    line_put_text(line, "case", manifest->case_number);
    line_put_text(line, "number", manifest->number);
    line_put_name(line, "people");
    package_people_put(line, manifest->people);
    line_put_uuid(line, "node", &manifest->node);
    line_put_text(line, "site", manifest->site);
    line_put_text(line, "zone", manifest->zone);
    line_put_text(line, "program", manifest->program);
}

GString *package_manifest_write(const PackageManifest *manifest)
{
    GString *line = line_new("evidence-package");
    line_put_int(line, "format", manifest->format);
    line_put_uuid(line, "id", &manifest->id);
    line_put_int(line, "at_us", manifest->at_us);
    line_put_int(line, "from_us", manifest->from_us);
    line_put_int(line, "to_us", manifest->to_us);
    line_put_text(line, "reason", manifest->reason);
    line_put_text(line, "made", manifest->made);
    line_put_text(line, "approval", manifest->approval);
    if (manifest->format >= PACKAGE_FORMAT_BASIS) {
        line_put_text(line, "basis", manifest->basis);
        package_holds_put(line, manifest->holds);
    }
    package_origin_put(line, manifest);
    put_cameras(line, manifest);
    if (manifest->format >= PACKAGE_FORMAT_FILMS)
        package_films_put(line, manifest->films);
    line_put_int(line, "audit_seq", manifest->audit_seq);
    line_put_hash(line, "audit_head", &manifest->audit_head);
    package_files_put(line, manifest->files);
    package_working_put(line, manifest->working);
    package_given_put(line, manifest->given);
    line_put_text(line, "key", manifest->key);
    line_close(line);
    return line;
}

static void read_person(LineReader *reader, GArray *people)
{
    PackagePerson person = {0};
    line_read_array(reader, NULL);
    line_read_next(reader);
    person.part = line_read_text(reader, NULL);
    line_read_next(reader);
    person.id = line_read_uuid(reader, NULL);
    line_read_next(reader);
    person.name = line_read_text(reader, NULL);
    line_read_next(reader);
    person.role = line_read_text(reader, NULL);
    line_read_next(reader);
    person.at_us = line_read_int(reader, NULL);
    line_read_close(reader);
    if (people->len == PACKAGE_PEOPLE_MOST)
        reader->failed = true;
    g_array_append_val(people, person);
}

void package_people_read(LineReader *reader, const char *name, GArray *people)
{
    line_read_array(reader, name);
    while (line_read_item(reader))
        read_person(reader, people);
}

static void read_value(LineReader *reader)
{
    if (reader->at < reader->size && reader->text[reader->at] == '"')
        g_free(line_read_text(reader, NULL));
    else
        line_read_int(reader, NULL);
}

static void read_camera(LineReader *reader, PackageManifest *manifest)
{
    char name[LINE_KEY_TEXT] = "";
    Uuid id = {0};
    line_read_array(reader, NULL);
    line_read_next(reader);
    line_read_chars(reader, NULL, name, sizeof name);
    line_read_next(reader);
    id = line_read_uuid(reader, NULL);
    size_t begin = reader->at;
    unsigned values = 0;
    for (; line_read_item(reader); values++)
        read_value(reader);
    if (reader->failed || values % 2 || strcmp(name, "id") != 0 ||
        manifest->cameras->len == PACKAGE_CAMERAS_MOST) {
        reader->failed = true;
        return;
    }
    g_array_append_val(manifest->cameras, id);
    g_ptr_array_add(manifest->camera_facts,
                    g_strndup(reader->text + begin, reader->at - begin - 1));
}

void package_file_read(LineReader *reader, PackageManifest *manifest)
{
    PackageFile file = {0};
    line_read_array(reader, NULL);
    line_read_next(reader);
    line_read_chars(reader, NULL, file.name, sizeof file.name);
    line_read_next(reader);
    file.bytes = line_read_int(reader, NULL);
    line_read_next(reader);
    file.hash = line_read_hash(reader, NULL);
    line_read_close(reader);
    if (file.bytes < 0 || !zip_name_plausible(file.name))
        reader->failed = true;
    g_array_append_val(manifest->files, file);
}

static void read_lists(LineReader *reader, PackageManifest *manifest)
{
    line_read_array(reader, "cameras");
    while (line_read_item(reader))
        read_camera(reader, manifest);
    if (manifest->format >= PACKAGE_FORMAT_FILMS)
        package_films_read(reader, manifest->films);
    manifest->audit_seq = line_read_int(reader, "audit_seq");
    manifest->audit_head = line_read_hash(reader, "audit_head");
    line_read_array(reader, "files");
    while (line_read_item(reader))
        package_file_read(reader, manifest);
    package_working_read(reader, manifest->working);
    package_given_read(reader, manifest->given);
}

void package_origin_read(LineReader *reader, PackageManifest *manifest)
{
    manifest->case_number = line_read_text(reader, "case");
    manifest->number = line_read_text(reader, "number");
    package_people_read(reader, "people", manifest->people);
    manifest->node = line_read_uuid(reader, "node");
    manifest->site = line_read_text(reader, "site");
    manifest->zone = line_read_text(reader, "zone");
    manifest->program = line_read_text(reader, "program");
}

bool package_manifest_read(const char *text, size_t size, PackageManifest *manifest)
{
    if (size == 0 || text[size - 1] != '\n')
        return false;
    LineReader reader = line_reader(text, size - 1);
    line_read_start(&reader, "evidence-package");
    manifest->format = line_read_int(&reader, "format");
    manifest->id = line_read_uuid(&reader, "id");
    manifest->at_us = line_read_int(&reader, "at_us");
    manifest->from_us = line_read_int(&reader, "from_us");
    manifest->to_us = line_read_int(&reader, "to_us");
    manifest->reason = line_read_text(&reader, "reason");
    manifest->made = line_read_text(&reader, "made");
    manifest->approval = line_read_text(&reader, "approval");
    if (manifest->format >= PACKAGE_FORMAT_BASIS) {
        manifest->basis = line_read_text(&reader, "basis");
        package_holds_read(&reader, manifest->holds);
    }
    package_origin_read(&reader, manifest);
    read_lists(&reader, manifest);
    line_read_chars(&reader, "key", manifest->key, sizeof manifest->key);
    int64_t span_us = 0;
    bool spans = !__builtin_sub_overflow(manifest->to_us, manifest->from_us, &span_us);
    return line_read_end(&reader) && manifest->format >= 1 && manifest->format <= PACKAGE_FORMAT &&
           (manifest->cameras->len > 0 || manifest->given->len > 0) && spans && span_us > 0 &&
           span_us <= PACKAGE_SPAN_MOST_US;
}

GString *package_sums(const GArray *files)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < files->len; i++) {
        const PackageFile *file = &g_array_index(files, PackageFile, i);
        char hex[SHA256_HEX];
        hex_encode(file->hash.bytes, SHA256_BYTES, hex);
        g_string_append_printf(text, "%s  %s\n", hex, file->name);
    }
    return text;
}

char *package_key_pem(const PublicKey *key)
{
    EVP_PKEY *public =
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->bytes, PUBLIC_KEY_BYTES);
    BIO *memory = BIO_new(BIO_s_mem());
    char *text = NULL;
    if (!public || !memory || PEM_write_bio_PUBKEY(memory, public) != 1)
        g_error("OpenSSL cannot write an Ed25519 key");
    long size = BIO_get_mem_data(memory, &text);
    char *pem = g_strndup(text, (gsize)size);
    BIO_free(memory);
    EVP_PKEY_free(public);
    return pem;
}
