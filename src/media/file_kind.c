#include "media/file_kind.h"

#include <string.h>

static const char *const types[FILE_KINDS] = {
    [FILE_JPEG] = "image/jpeg",           [FILE_PNG] = "image/png",
    [FILE_WEBP] = "image/webp",           [FILE_MP4] = "video/mp4",
    [FILE_QUICKTIME] = "video/quicktime", [FILE_WEBM] = "video/webm",
};

/* Major brands of ISO 14496-12 §4.3 that browsers play; not those of still pictures (HEIF), nor of
 * sound alone. */
static const char *const brands[] = {"isom", "iso2", "iso3", "iso4", "iso5", "iso6", "mp41",
                                     "mp42", "avc1", "M4V ", "mp71", "MSNV", "dash"};

static bool begins(const uint8_t *data, size_t size, size_t at, const void *with, size_t length)
{
    return size >= at + length && memcmp(data + at, with, length) == 0;
}

/* ISO 14496-12: a box "ftyp" comes first; QuickTime of before it began with others. Before its type
 * stands its size: in no file of a length that is taken does that begin with a letter or a '<', so
 * that a page with "ftyp" at the right place is not taken for a film. */
enum { SIZE_BEGINS_MOST = 15 };

static FileKind kind_of_boxes(const uint8_t *data, size_t size)
{
    static const char *const old[] = {"moov", "wide", "mdat"};
    if (size == 0 || data[0] > SIZE_BEGINS_MOST)
        return FILE_UNKNOWN;
    if (begins(data, size, 4, "ftypqt  ", 8))
        return FILE_QUICKTIME;
    for (size_t i = 0; i < sizeof brands / sizeof *brands; i++)
        if (begins(data, size, 4, "ftyp", 4) && begins(data, size, 8, brands[i], 4))
            return FILE_MP4;
    for (size_t i = 0; i < sizeof old / sizeof *old; i++)
        if (begins(data, size, 4, old[i], 4) && size >= 16)
            return FILE_QUICKTIME;
    return FILE_UNKNOWN;
}

/* RFC 8794 §11.2.1: an EBML header with the DocType “webm” (element 4282) in it. */
static bool is_webm(const uint8_t *data, size_t size)
{
    static const uint8_t head[] = {0x1a, 0x45, 0xdf, 0xa3};
    static const uint8_t type[] = {0x42, 0x82, 0x84, 'w', 'e', 'b', 'm'};
    if (!begins(data, size, 0, head, sizeof head))
        return false;
    for (size_t at = sizeof head; at < size && at < FILE_KIND_BYTES; at++)
        if (begins(data, size, at, type, sizeof type))
            return true;
    return false;
}

FileKind file_kind(const uint8_t *data, size_t size)
{
    static const uint8_t jpeg[] = {0xff, 0xd8, 0xff}; /* ITU-T T.81 B.1.1 */
    static const uint8_t png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n',
                                  0,    0,   0,   13,  'I',  'H',  'D',  'R'};
    if (begins(data, size, 0, jpeg, sizeof jpeg))
        return FILE_JPEG;
    if (begins(data, size, 0, png, sizeof png))
        return FILE_PNG;
    if (begins(data, size, 0, "RIFF", 4) && begins(data, size, 8, "WEBPVP8", 7))
        return FILE_WEBP;
    return is_webm(data, size) ? FILE_WEBM : kind_of_boxes(data, size);
}

bool file_kind_is_video(FileKind kind)
{
    return kind >= FILE_MP4;
}

const char *file_kind_type(FileKind kind)
{
    return types[kind];
}

FileKind file_kind_of_type(const char *type)
{
    for (unsigned i = FILE_UNKNOWN + 1; i < FILE_KINDS; i++)
        if (strcmp(types[i], type) == 0)
            return (FileKind)i;
    return FILE_UNKNOWN;
}
