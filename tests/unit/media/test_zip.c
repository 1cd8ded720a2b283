/* The ZIP of evidence packages: other programs read it, and nothing can hide in it. */
#include "media/zip.h"
#include "unit.h"

#include <glib/gstdio.h>
#include <string.h>

static const struct {
    const char *name, *text;
} files[] = {{"media/01/a.mp4", "pictures"}, {"empty.txt", ""}, {"manifest.json", "{\"v\":1}\n"}};

/* A ZIP of `files`. */
static ByteWriter make_zip(void)
{
    ByteWriter zip = {0};
    ZipEntry entries[G_N_ELEMENTS(files)] = {0};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_strlcpy(entries[i].name, files[i].name, ZIP_NAME_TEXT);
        entries[i].bytes = strlen(files[i].text);
        entries[i].crc = zip_crc(0, files[i].text, entries[i].bytes);
        entries[i].offset = zip.size;
        zip_put_local(&zip, &entries[i]);
        write_bytes(&zip, files[i].text, entries[i].bytes);
    }
    zip_put_directory(&zip, entries, G_N_ELEMENTS(files), zip.size);
    return zip;
}

/* Entries of what stands in memory; NULL when the reader refuses it. Owned. */
static GArray *read_zip(const uint8_t *data, size_t size)
{
    uint64_t offset;
    size_t seen = MIN(size, ZIP_END_MOST_BYTES);
    if (!zip_directory_find(data + size - seen, seen, size, &offset))
        return NULL;
    return zip_directory_read(data + offset, size - offset, offset);
}

/* Directory and local headers agree. */
static bool is_whole(const uint8_t *data, size_t size)
{
    g_autoptr(GArray) entries = read_zip(data, size);
    g_auto(ByteWriter) local = {0};
    for (size_t i = 0; entries && i < entries->len; i++) {
        const ZipEntry *entry = &g_array_index(entries, ZipEntry, i);
        byte_writer_clear(&local);
        zip_put_local(&local, entry);
        if (memcmp(data + entry->offset, local.data, local.size) != 0)
            return false;
    }
    return entries != NULL;
}

static void what_is_written_is_read_again(void **state)
{
    g_auto(ByteWriter) zip = make_zip();
    g_autoptr(GArray) entries = read_zip(zip.data, zip.size);
    assert_non_null(entries);
    assert_int_equal(entries->len, G_N_ELEMENTS(files));
    for (size_t i = 0; i < entries->len; i++) {
        const ZipEntry *entry = &g_array_index(entries, ZipEntry, i);
        assert_string_equal(entry->name, files[i].name);
        assert_int_equal(entry->bytes, strlen(files[i].text));
        assert_memory_equal(zip.data + entry->offset + zip_local_bytes(entry), files[i].text,
                            entry->bytes);
    }
}

static void another_program_finds_the_same_files(void **state)
{
    g_auto(ByteWriter) zip = make_zip();
    g_autofree char *folder = g_dir_make_tmp("vonglau-zip-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "a.zip", NULL);
    assert_true(g_file_set_contents(path, (const char *)zip.data, (gssize)zip.size, NULL));
    const char *script =
        "import sys,zipfile\n"
        "z=zipfile.ZipFile(sys.argv[1])\n"
        "assert z.testzip() is None\n"
        "print(*[i.filename+'='+z.read(i).decode().strip() for i in z.infolist()])";
    const char *argv[] = {"python3", "-c", script, path, NULL};
    g_autofree char *out = NULL;
    int status;
    assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL,
                             &status, NULL));
    g_remove(path);
    g_rmdir(folder);
    assert_int_equal(status, 0);
    assert_string_equal(out, "media/01/a.mp4=pictures empty.txt= manifest.json={\"v\":1}\n");
}

static void no_byte_of_headers_or_directory_can_be_changed(void **state)
{
    g_auto(ByteWriter) zip = make_zip();
    g_autoptr(GArray) entries = read_zip(zip.data, zip.size);
    g_autofree bool *content = g_new0(bool, zip.size);
    for (size_t i = 0; i < entries->len; i++) {
        const ZipEntry *entry = &g_array_index(entries, ZipEntry, i);
        memset(content + entry->offset + zip_local_bytes(entry), true, entry->bytes);
    }
    assert_true(is_whole(zip.data, zip.size));
    for (size_t at = 0; at < zip.size; at++)
        for (unsigned bit = 0; bit < 8 && !content[at]; bit++) {
            zip.data[at] ^= (uint8_t)(1u << bit);
            if (is_whole(zip.data, zip.size))
                fail_msg("bit %u of byte %zu was changed, and nobody saw it", bit, at);
            zip.data[at] ^= (uint8_t)(1u << bit);
        }
}

static void nothing_can_be_put_before_between_or_behind(void **state)
{
    g_auto(ByteWriter) zip = make_zip();
    g_autoptr(GArray) entries = read_zip(zip.data, zip.size);
    for (size_t i = 0; i <= entries->len + 1; i++) {
        size_t at = i < entries->len    ? (size_t)g_array_index(entries, ZipEntry, i).offset
                    : i == entries->len ? zip.size - 22
                                        : zip.size;
        g_auto(ByteWriter) more = {0};
        write_bytes(&more, zip.data, at);
        write_bytes(&more, "hidden", 6);
        write_bytes(&more, zip.data + at, zip.size - at);
        assert_false(is_whole(more.data, more.size));
    }
    for (size_t size = 0; size < zip.size; size++)
        assert_false(is_whole(zip.data, size));
}

static void a_name_stands_once_and_leads_nowhere_else(void **state)
{
    static const char *const bad[] = {"",      "/a",   "a/",  "../a", "a/../b", "a//b", "a/./b",
                                      ".hide", "a\\b", "c:a", "a b",  "ạ",      "a/.b", NULL};
    for (size_t i = 0; bad[i]; i++)
        assert_false(zip_name_plausible(bad[i]));
    ZipEntry twice[2] = {{.name = "a"}, {.name = "a"}};
    twice[1].offset = zip_local_bytes(&twice[0]);
    uint64_t end = twice[1].offset + zip_local_bytes(&twice[1]);
    g_auto(ByteWriter) directory = {0};
    zip_put_directory(&directory, twice, 2, end);
    assert_null(zip_directory_read(directory.data, directory.size, end));
    twice[1].name[0] = 'b';
    byte_writer_clear(&directory);
    zip_put_directory(&directory, twice, 2, end);
    g_autoptr(GArray) read = zip_directory_read(directory.data, directory.size, end);
    assert_non_null(read);
}

static void entries_over_four_gigabytes_are_found_behind_each_other(void **state)
{
    ZipEntry large[3] = {{.name = "a", .bytes = UINT64_C(5) << 30, .crc = 7},
                         {.name = "b", .bytes = 3},
                         {.name = "c", .bytes = 0xffffffff}};
    uint64_t at = 0;
    for (size_t i = 0; i < 3; i++) {
        large[i].offset = at;
        at += zip_local_bytes(&large[i]) + large[i].bytes;
    }
    g_auto(ByteWriter) directory = {0};
    zip_put_directory(&directory, large, 3, at);
    uint64_t offset;
    size_t seen = MIN(directory.size, ZIP_END_MOST_BYTES);
    assert_true(zip_directory_find(directory.data + directory.size - seen, seen,
                                   at + directory.size, &offset));
    assert_int_equal(offset, at);
    g_autoptr(GArray) read = zip_directory_read(directory.data, directory.size, at);
    assert_non_null(read);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(g_array_index(read, ZipEntry, i).bytes, large[i].bytes);
        assert_int_equal(g_array_index(read, ZipEntry, i).offset, large[i].offset);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(another_program_finds_the_same_files),
        cmocka_unit_test(no_byte_of_headers_or_directory_can_be_changed),
        cmocka_unit_test(nothing_can_be_put_before_between_or_behind),
        cmocka_unit_test(a_name_stands_once_and_leads_nowhere_else),
        cmocka_unit_test(entries_over_four_gigabytes_are_found_behind_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
