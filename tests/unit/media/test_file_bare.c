/* What a picture or film tells beside what it shows is gone; what it shows is as it was. */
#include "base/bytes.h"
#include "media/file_bare.h"
#include "unit.h"

#include <string.h>
#include <zlib.h>

#define PLACE "21.4498,103.1512"

static void put(ByteWriter *to, const char *text, size_t size)
{
    write_bytes(to, text, size);
}
#define PUT(to, text) put(to, text, sizeof(text) - 1)

/* A copy that is laid bare; as long as before. */
static ByteWriter bare(FileKind kind, const ByteWriter *from)
{
    ByteWriter copy = {0};
    write_bytes(&copy, from->data, from->size);
    file_bare(kind, copy.data, copy.size);
    return copy;
}

static bool holds(const ByteWriter *file, const char *text)
{
    return memmem(file->data, file->size, text, strlen(text)) != NULL;
}

/* ---- JPEG ---- */

static void segment(ByteWriter *to, uint8_t marker, const char *body, size_t size)
{
    write_u8(to, 0xff);
    write_u8(to, marker);
    write_u16(to, (uint16_t)(size + 2));
    put(to, body, size);
}
#define SEGMENT(to, marker, text) segment(to, marker, text, sizeof(text) - 1)

#define EXIF_LYING "Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0" PLACE

static void write_jpeg(ByteWriter *to)
{
    PUT(to, "\xff\xd8");
    SEGMENT(to, 0xe0, "JFIF\0\1\1\0\0\1\0\1\0\0");
    SEGMENT(to, 0xe1, EXIF_LYING);
    SEGMENT(to, 0xe1, "http://ns.adobe.com/xap/1.0/\0" PLACE);
    SEGMENT(to, 0xe2, "ICC_PROFILE\0\1\1colours");
    SEGMENT(to, 0xe2, "MPF\0" PLACE);
    SEGMENT(to, 0xed, "Photoshop 3.0\0" PLACE);
    SEGMENT(to, 0xfe, PLACE);
    SEGMENT(to, 0xdb, "tables");
    SEGMENT(to, 0xda, "scan");
    PUT(to, "coded\xff\0\xff\xd0picture");
    SEGMENT(to, 0xfe, PLACE);
    SEGMENT(to, 0xda, "scan");
    PUT(to, "and more\xff\xd9");
    PUT(to, "a film of " PLACE);
}

static void a_photo_tells_no_place_and_shows_what_it_showed(void **state)
{
    g_auto(ByteWriter) photo = {0};
    write_jpeg(&photo);
    g_auto(ByteWriter) after = bare(FILE_JPEG, &photo);
    assert_false(holds(&after, PLACE));
    assert_false(holds(&after, "film"));
    assert_true(holds(&after, "JFIF"));
    assert_true(holds(&after, "colours"));
    assert_true(holds(&after, "tables"));
    const char shown[] = "coded\xff\0\xff\xd0picture";
    assert_non_null(memmem(after.data, after.size, shown, sizeof shown - 1));
    assert_true(holds(&after, "and more\xff\xd9"));
}

/* Phones hold pictures lying, and note which side is up. */
static void a_photo_that_lies_on_its_side_is_still_turned(void **state)
{
    static const char upright[] = "Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0";
    g_auto(ByteWriter) photo = {0};
    write_jpeg(&photo);
    g_auto(ByteWriter) after = bare(FILE_JPEG, &photo);
    assert_non_null(memmem(after.data, after.size, upright, sizeof upright - 1));
    g_auto(ByteWriter) again = bare(FILE_JPEG, &after);
    assert_memory_equal(again.data, after.data, after.size);
}

/* ---- PNG, WebP ---- */

static void chunk(ByteWriter *to, const char *type, const char *body)
{
    size_t at = to->size + 4;
    write_u32(to, (uint32_t)strlen(body));
    put(to, type, 4);
    put(to, body, strlen(body));
    write_u32(to, (uint32_t)crc32_z(0, to->data + at, to->size - at));
}

static void assert_chunks_are_sound(const ByteWriter *png)
{
    ByteReader reader = byte_reader(png->data, png->size);
    read_skip(&reader, 8);
    for (bool over = false; !over;) {
        uint32_t length = read_u32(&reader);
        const uint8_t *bytes = read_bytes(&reader, length + 4);
        assert_non_null(bytes);
        assert_int_equal(read_u32(&reader), crc32_z(0, bytes, length + 4));
        over = memcmp(bytes, "IEND", 4) == 0;
    }
}

static void a_png_tells_no_words_and_is_sound(void **state)
{
    g_auto(ByteWriter) png = {0};
    PUT(&png, "\x89PNG\r\n\x1a\n");
    chunk(&png, "IHDR", "thirteenbytes");
    chunk(&png, "gAMA", "gama");
    chunk(&png, "eXIf", PLACE);
    chunk(&png, "iTXt", "XML:com.adobe.xmp " PLACE);
    chunk(&png, "IDAT", "picture");
    chunk(&png, "IEND", "");
    PUT(&png, PLACE);
    g_auto(ByteWriter) after = bare(FILE_PNG, &png);
    assert_false(holds(&after, PLACE));
    assert_true(holds(&after, "IDATpicture"));
    assert_true(holds(&after, "gAMAgama"));
    assert_chunks_are_sound(&after);
}

static void a_webp_tells_no_place(void **state)
{
    g_auto(ByteWriter) webp = {0};
    PUT(&webp, "RIFF\x2e\0\0\0WEBP");
    PUT(&webp, "VP8X\x0a\0\0\0\x2c\0\0\0\0\0\0\0\0\0");
    PUT(&webp, "VP8 \3\0\0\0pic\0");
    PUT(&webp, "EXIF\x04\0\0\0"
               "21.4");
    PUT(&webp, PLACE);
    g_auto(ByteWriter) after = bare(FILE_WEBP, &webp);
    assert_false(holds(&after, "21.4"));
    assert_true(holds(&after, "VP8 \3"));
    assert_int_equal(after.data[20], 0x20); /* colours are told still; Exif and XMP are not */
}

/* ---- films ---- */

static size_t open_box(ByteWriter *to, const char *type)
{
    size_t at = to->size;
    write_u32(to, 0);
    put(to, type, 4);
    return at;
}

static void box(ByteWriter *to, const char *type, const char *body)
{
    size_t at = open_box(to, type);
    put(to, body, strlen(body));
    patch_u32(to, at, (uint32_t)(to->size - at));
}

static void write_film(ByteWriter *to)
{
    box(to, "ftyp", "isom....isom");
    size_t movie = open_box(to, "moov");
    box(to, "mvhd", "times");
    size_t track = open_box(to, "trak");
    box(to, "tkhd", "turned");
    box(to, "udta", PLACE);
    patch_u32(to, track, (uint32_t)(to->size - track));
    box(to, "udta", "\xa9xyz" PLACE);
    box(to, "meta", "com.apple.quicktime.location.ISO6709 " PLACE);
    patch_u32(to, movie, (uint32_t)(to->size - movie));
    box(to, "uuid", PLACE);
    box(to, "mdat", "pictures, of udta too");
}

static void a_film_tells_no_place_and_nothing_in_it_moves(void **state)
{
    g_auto(ByteWriter) film = {0};
    write_film(&film);
    g_auto(ByteWriter) after = bare(FILE_MP4, &film);
    assert_false(holds(&after, PLACE));
    assert_true(holds(&after, "tkhdturned"));
    const uint8_t *before = memmem(film.data, film.size, "mdat", 4),
                  *now = memmem(after.data, after.size, "mdat", 4);
    assert_int_equal(before - film.data, now - after.data);
    assert_memory_equal(before, now, film.size - (size_t)(before - film.data));
}

/* ---- what follows no rule ---- */

static void what_is_cut_off_anywhere_is_not_read_past(void **state)
{
    g_auto(ByteWriter) photo = {0}, film = {0};
    write_jpeg(&photo);
    write_film(&film);
    for (size_t size = 2; size < photo.size; size++) {
        g_autofree uint8_t *exact = g_memdup2(photo.data, size);
        file_bare(FILE_JPEG, exact, size);
    }
    for (size_t size = 0; size < film.size; size++) {
        g_autofree uint8_t *exact = g_malloc(size + 1);
        memcpy(exact, film.data, size);
        file_bare(FILE_QUICKTIME, exact, size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_photo_tells_no_place_and_shows_what_it_showed),
        cmocka_unit_test(a_photo_that_lies_on_its_side_is_still_turned),
        cmocka_unit_test(a_png_tells_no_words_and_is_sound),
        cmocka_unit_test(a_webp_tells_no_place),
        cmocka_unit_test(a_film_tells_no_place_and_nothing_in_it_moves),
        cmocka_unit_test(what_is_cut_off_anywhere_is_not_read_past),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
