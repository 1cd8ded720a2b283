#include "media/file_bare.h"

#include "base/bytes.h"
#include "media/mp4_box.h"

#include <string.h>
#include <zlib.h>

static bool begins(const uint8_t *data, size_t size, const char *with, size_t length)
{
    return size >= length && memcmp(data, with, length) == 0;
}

/* ---- JPEG (ITU-T T.81 annex B, JEITA CP-3451) ---- */

enum {
    JPEG_TEM = 0x01,
    JPEG_RST0 = 0xd0,
    JPEG_RST7 = 0xd7,
    JPEG_EOI = 0xd9,
    JPEG_SOS = 0xda,
    JPEG_APP0 = 0xe0,
    JPEG_APP1 = 0xe1,
    JPEG_APP2 = 0xe2,
    JPEG_APP14 = 0xee,
    JPEG_APP15 = 0xef,
    JPEG_COM = 0xfe,
};
enum { EXIF_HEAD = 6, IFD_ENTRY = 12, TAG_ORIENTATION = 0x0112, TYPE_SHORT = 3 };

static uint16_t tiff_u16(const uint8_t *at, bool little)
{
    return little ? (uint16_t)(at[1] << 8 | at[0]) : get_u16(at);
}

/* How the picture is turned, 1–8; 1: it is not, or that is not told. */
static unsigned orientation_of(const uint8_t *tiff, size_t size)
{
    if (size < 8)
        return 1;
    bool little = tiff[0] == 'I';
    size_t at = little ? (size_t)tiff_u16(tiff + 6, true) << 16 | tiff_u16(tiff + 4, true)
                       : get_u32(tiff + 4);
    if (at > size || size - at < 2)
        return 1;
    unsigned count = tiff_u16(tiff + at, little);
    at += 2;
    for (; count > 0 && size - at >= IFD_ENTRY; count--, at += IFD_ENTRY) {
        unsigned turned = tiff_u16(tiff + at + 8, little);
        if (tiff_u16(tiff + at, little) == TAG_ORIENTATION &&
            tiff_u16(tiff + at + 2, little) == TYPE_SHORT)
            return turned >= 1 && turned <= 8 ? turned : 1;
    }
    return 1;
}

/* Of all that a camera notes, which side is up. */
static void bare_exif(uint8_t *body, size_t size)
{
    uint8_t kept[] = {'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1,
                      1,   18,  0,   3,   0, 0, 0,   1,   0, 0,  0, 0, 0, 0, 0, 0};
    unsigned turned = orientation_of(body + EXIF_HEAD, size - EXIF_HEAD);
    memset(body, 0, size);
    kept[25] = (uint8_t)turned;
    if (turned > 1 && size >= sizeof kept)
        memcpy(body, kept, sizeof kept);
}

static void bare_segment(uint8_t marker, uint8_t *body, size_t size)
{
    if ((marker < JPEG_APP0 || marker > JPEG_APP15) && marker != JPEG_COM)
        return;
    if ((marker == JPEG_APP0 && begins(body, size, "JFIF", 5)) ||
        (marker == JPEG_APP2 && begins(body, size, "ICC_PROFILE", 12)) ||
        (marker == JPEG_APP14 && begins(body, size, "Adobe", 5)))
        return;
    if (marker == JPEG_APP1 && begins(body, size, "Exif\0", 6))
        bare_exif(body, size);
    else
        memset(body, 0, size);
}

static bool stands_alone(uint8_t marker)
{
    return marker == JPEG_TEM || (marker >= JPEG_RST0 && marker <= JPEG_RST7);
}

/* Behind coded data, the next marker that is none of it. */
static size_t skip_coded(const uint8_t *data, size_t size, size_t at)
{
    while (at + 1 < size && !(data[at] == 0xff && data[at + 1] != 0 && data[at + 1] != 0xff &&
                              !stands_alone(data[at + 1])))
        at++;
    return at;
}

static void bare_jpeg(uint8_t *data, size_t size)
{
    for (size_t at = 2; at + 1 < size && data[at] == 0xff;) {
        uint8_t marker = data[at + 1];
        if (marker == JPEG_EOI) { /* films and other pictures hide behind it */
            memset(data + at + 2, 0, size - at - 2);
            return;
        }
        if (marker == 0xff || stands_alone(marker)) {
            at += marker == 0xff ? 1 : 2;
            continue;
        }
        size_t length = size - at >= 4 ? get_u16(data + at + 2) : 0;
        if (length < 2 || length > size - at - 2)
            return;
        bare_segment(marker, data + at + 4, length - 2);
        at += 2 + length;
        if (marker == JPEG_SOS)
            at = skip_coded(data, size, at);
    }
}

/* ---- PNG (W3C PNG §5, §11) ---- */

static bool is_shown(const uint8_t type[4])
{
    static const char *const shown[] = {"tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT",
                                        "bKGD", "pHYs", "acTL", "fcTL", "fdAT"};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (memcmp(type, shown[i], 4) == 0)
            return true;
    return (type[0] & 0x20) == 0; /* a critical one */
}

static void bare_png(uint8_t *data, size_t size)
{
    for (size_t at = 8; at <= size && size - at >= 12;) {
        uint8_t *chunk = data + at;
        size_t length = get_u32(chunk);
        if (length > size - at - 12)
            return;
        if (!is_shown(chunk + 4)) {
            memcpy(chunk + 4, "noNe", 4); /* private, and may be left out */
            memset(chunk + 8, 0, length);
            put_u32(chunk + 8 + length, (uint32_t)crc32_z(0, chunk + 4, length + 4));
        }
        at += 12 + length;
        if (memcmp(chunk + 4, "IEND", 4) == 0) {
            memset(data + at, 0, size - at);
            return;
        }
    }
}

/* ---- WebP (RFC 9649 §2) ---- */

enum { WEBP_LEAST = 20 };   /* its name, and the head of a chunk */
enum { VP8X_TELLS = 0x0c }; /* that there is Exif, that there is XMP */

static size_t little_u32(const uint8_t *at)
{
    return (size_t)at[3] << 24 | (size_t)at[2] << 16 | (size_t)at[1] << 8 | at[0];
}

static void bare_webp(uint8_t *data, size_t size)
{
    size_t told = size >= WEBP_LEAST ? little_u32(data + 4) : 0;
    if (told + 8 < WEBP_LEAST)
        return;
    size_t end = told < size - 8 ? told + 8 : size;
    for (size_t at = 12; at <= end && end - at >= 8;) {
        uint8_t *chunk = data + at;
        size_t length = little_u32(chunk + 4);
        if (length > end - at - 8)
            return;
        if (memcmp(chunk, "VP8X", 4) == 0 && length > 0)
            chunk[8] &= (uint8_t)~VP8X_TELLS;
        if (memcmp(chunk, "EXIF", 4) == 0 || memcmp(chunk, "XMP ", 4) == 0) {
            memcpy(chunk, "JUNK", 4);
            memset(chunk + 8, 0, length);
        }
        at += 8 + length + (length & 1);
    }
    memset(data + end, 0, size - end);
}

/* ---- MP4 and QuickTime (ISO 14496-12 §4.2, QuickTime File Format) ---- */

static bool is_any(const uint8_t type[4], const char *const types[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (memcmp(type, types[i], 4) == 0)
            return true;
    return false;
}

/* `depth`: 0 the file, 1 the movie, 2 a track of it. */
static void bare_boxes(uint8_t *data, size_t size, unsigned depth)
{
    static const char *const tells[] = {"udta", "meta", "uuid"};
    static const char *const holds[] = {"moov", "trak"};
    for (size_t at = 0; size - at >= 8;) {
        uint8_t *box = data + at;
        uint64_t length = get_u32(box);
        size_t head = length == 1 ? 16 : 8;
        if (length == 1)
            length = size - at >= 16 ? get_u64(box + 8) : 0;
        else if (length == 0 && depth == 0) /* the last one */
            length = size - at;
        if (length < head || length > size - at)
            return;
        if (is_any(box + 4, tells, sizeof tells / sizeof *tells)) {
            put_u32(box + 4, MP4_TYPE('f', 'r', 'e', 'e'));
            memset(box + head, 0, (size_t)length - head);
        } else if (depth < 2 && is_any(box + 4, holds, sizeof holds / sizeof *holds)) {
            bare_boxes(box + head, (size_t)length - head, depth + 1);
        }
        at += (size_t)length;
    }
}

void file_bare(FileKind kind, uint8_t *data, size_t size)
{
    switch (kind) {
    case FILE_JPEG:
        bare_jpeg(data, size);
        break;
    case FILE_PNG:
        bare_png(data, size);
        break;
    case FILE_WEBP:
        bare_webp(data, size);
        break;
    case FILE_MP4:
    case FILE_QUICKTIME:
        bare_boxes(data, size, 0);
        break;
    default:
        break;
    }
}
