/* The lines of seals.jsonl, written and read; no files. */
#include "archive/seal.h"

#include "base/time_text.h"
#include "ledger/merkle.h"

#include <string.h>

enum { SIGNATURE_MEMBER_BYTES = 97 }; /* ,"sig":"<88 characters>" */

void segment_seal_clear(SegmentSeal *seal)
{
    g_clear_pointer(&seal->gaps, g_free);
    g_clear_pointer(&seal->entries, g_free);
}

static void put_gaps(GString *line, const SegmentSeal *seal)
{
    line_put_name(line, "gaps");
    g_string_append_c(line, '[');
    for (size_t i = 0; i < seal->gap_count; i++) {
        const SealGap *gap = &seal->gaps[i];
        g_string_append_printf(line, "%s[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",",
                               i > 0 ? "," : "", gap->from_us, gap->to_us);
        line_add_text(line, gap_cause_text(gap->cause));
        g_string_append_c(line, ']');
    }
    g_string_append_c(line, ']');
}

GString *segment_seal_write(SegmentSeal *seal, const NodeKey *key)
{
    GString *line = line_new("segment");
    seal->root = merkle_root(seal->entries, seal->entry_count);
    line_put_uuid(line, "camera", &seal->camera);
    line_put_uuid(line, "volume", &seal->volume);
    line_put_int(line, "seq", seal->seq);
    line_put_text(line, "file", seal->file);
    line_put_text(line, "stream", stream_kind_text(seal->stream));
    line_put_int(line, "from_us", seal->from_us);
    line_put_int(line, "to_us", seal->to_us);
    line_put_int(line, "bytes", seal->bytes);
    line_put_int(line, "pictures", seal->pictures);
    line_put_text(line, "codec", seal->codec);
    line_put_int(line, "width", seal->width);
    line_put_int(line, "height", seal->height);
    line_put_text(line, "audio", seal->audio);
    line_put_int(line, "offset_us", seal->offset_us);
    line_put_int(line, "ntp_us", seal->ntp_us);
    put_gaps(line, seal);
    line_put_int(line, "recovered", seal->recovered);
    line_put_int(line, "entries", (int64_t)seal->entry_count);
    line_put_hash(line, "root", &seal->root);
    line_put_hash(line, "prev", &seal->prev);
    seal->seal.signed_bytes = 0;
    seal->seal.hash = line_sign(line, key);
    g_strlcpy(seal->seal.key, node_key_id(key), sizeof seal->seal.key);
    seal->seal.signed_bytes = line->len - SIGNATURE_MEMBER_BYTES;
    line_put_base64(line, "leaves", seal->entries, seal->entry_count * sizeof *seal->entries);
    line_close(line);
    return line;
}

GString *retired_seal_write(RetiredSeal *retired, const NodeKey *key)
{
    GString *line = line_new("retired");
    line_put_uuid(line, "camera", &retired->camera);
    line_put_uuid(line, "volume", &retired->volume);
    line_put_int(line, "seq", retired->seq);
    line_put_text(line, "file", retired->file);
    line_put_int(line, "at_us", retired->at_us);
    line_put_text(line, "reason", retired->reason);
    line_put_hash(line, "seal", &retired->segment);
    line_put_hash(line, "prev", &retired->prev);
    retired->seal.hash = line_sign(line, key);
    g_strlcpy(retired->seal.key, node_key_id(key), sizeof retired->seal.key);
    retired->seal.signed_bytes = line->len - SIGNATURE_MEMBER_BYTES;
    line_close(line);
    return line;
}

/* "<day>/<name>.mp4" and nothing that leads elsewhere: names of lines become paths. */
static bool file_plausible(const char *file)
{
    char day[DAY_TEXT];
    int64_t start_us;
    g_strlcpy(day, file, 11);
    if (!day_parse(day, &start_us) || file[10] != '/' || !g_str_has_suffix(file, ".mp4"))
        return false;
    const char *name = file + 11;
    for (const char *at = name; *at; at++)
        if (!g_ascii_isalnum(*at) && *at != '-' && (*at != '.' || at == name))
            return false;
    return true;
}

static void read_file_name(LineReader *reader, char file[SEAL_FILE_TEXT])
{
    line_read_chars(reader, "file", file, SEAL_FILE_TEXT);
    if (!reader->failed && !file_plausible(file))
        reader->failed = true;
}

static StreamKind read_stream(LineReader *reader)
{
    char text[8];
    line_read_chars(reader, "stream", text, sizeof text);
    for (StreamKind kind = 0; kind < STREAM_KINDS; kind++)
        if (strcmp(text, stream_kind_text(kind)) == 0)
            return kind;
    reader->failed = true;
    return STREAM_MAIN;
}

static int64_t read_count(LineReader *reader, const char *key, int64_t most)
{
    int64_t value = line_read_int(reader, key);
    if (value < 0 || value > most)
        reader->failed = true;
    return value;
}

static SealGap read_gap(LineReader *reader)
{
    SealGap gap = {0};
    char cause[32] = "";
    line_read_array(reader, NULL);
    line_read_next(reader);
    gap.from_us = line_read_int(reader, NULL);
    line_read_next(reader);
    gap.to_us = line_read_int(reader, NULL);
    line_read_next(reader);
    line_read_chars(reader, NULL, cause, sizeof cause);
    line_read_close(reader);
    if (!gap_cause_parse(cause, &gap.cause))
        reader->failed = true;
    return gap;
}

static void read_gaps(LineReader *reader, SegmentSeal *seal)
{
    g_autoptr(GArray) gaps = g_array_new(FALSE, FALSE, sizeof(SealGap));
    line_read_array(reader, "gaps");
    while (line_read_item(reader)) {
        SealGap gap = read_gap(reader);
        if (gaps->len == SEAL_GAPS_MOST)
            reader->failed = true;
        else
            g_array_append_val(gaps, gap);
    }
    seal->gap_count = gaps->len;
    seal->gaps = (SealGap *)(void *)g_array_free(g_steal_pointer(&gaps), FALSE);
}

static void read_leaves(LineReader *reader, SegmentSeal *seal)
{
    if (!line_next_is(reader, "leaves"))
        return;
    size_t size;
    uint8_t *leaves =
        line_read_base64(reader, "leaves", SEAL_ENTRIES_MOST * sizeof *seal->entries, &size);
    if (size != seal->entry_count * sizeof *seal->entries)
        reader->failed = true;
    seal->entries = (Hash *)leaves;
}

static void read_segment(LineReader *reader, SegmentSeal *seal)
{
    line_read_start(reader, "segment");
    seal->camera = line_read_uuid(reader, "camera");
    seal->volume = line_read_uuid(reader, "volume");
    seal->seq = read_count(reader, "seq", INT64_MAX);
    read_file_name(reader, seal->file);
    seal->stream = read_stream(reader);
    seal->from_us = line_read_int(reader, "from_us");
    seal->to_us = line_read_int(reader, "to_us");
    seal->bytes = read_count(reader, "bytes", INT64_MAX);
    seal->pictures = read_count(reader, "pictures", INT64_MAX);
    line_read_chars(reader, "codec", seal->codec, sizeof seal->codec);
    seal->width = read_count(reader, "width", INT32_MAX);
    seal->height = read_count(reader, "height", INT32_MAX);
    line_read_chars(reader, "audio", seal->audio, sizeof seal->audio);
    seal->offset_us = line_read_int(reader, "offset_us");
    seal->ntp_us = line_read_int(reader, "ntp_us");
    read_gaps(reader, seal);
    seal->recovered = read_count(reader, "recovered", 1) == 1;
    seal->entry_count = (size_t)read_count(reader, "entries", SEAL_ENTRIES_MOST);
    seal->root = line_read_hash(reader, "root");
    seal->prev = line_read_hash(reader, "prev");
    line_read_seal(reader, &seal->seal);
    if (!reader->failed)
        read_leaves(reader, seal);
}

bool segment_seal_parse(const char *line, size_t size, SegmentSeal *seal)
{
    *seal = (SegmentSeal){0};
    LineReader reader = line_reader(line, size);
    read_segment(&reader, seal);
    if (line_read_end(&reader) && seal->seq > 0 && seal->entry_count > 0 &&
        seal->from_us <= seal->to_us)
        return true;
    segment_seal_clear(seal);
    return false;
}

bool retired_seal_parse(const char *line, size_t size, RetiredSeal *retired)
{
    *retired = (RetiredSeal){0};
    LineReader reader = line_reader(line, size);
    line_read_start(&reader, "retired");
    retired->camera = line_read_uuid(&reader, "camera");
    retired->volume = line_read_uuid(&reader, "volume");
    retired->seq = read_count(&reader, "seq", INT64_MAX);
    read_file_name(&reader, retired->file);
    retired->at_us = line_read_int(&reader, "at_us");
    line_read_chars(&reader, "reason", retired->reason, sizeof retired->reason);
    retired->segment = line_read_hash(&reader, "seal");
    retired->prev = line_read_hash(&reader, "prev");
    line_read_seal(&reader, &retired->seal);
    return line_read_end(&reader) && retired->seq > 0;
}

char *segment_seal_bare(const char *line, const SegmentSeal *seal)
{
    size_t kept = seal->seal.signed_bytes + SIGNATURE_MEMBER_BYTES;
    return g_strdup_printf("%.*s}", (int)kept, line);
}
