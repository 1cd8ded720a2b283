#include "media/mp4_movie.h"

#include "media/mp4_box.h"

typedef struct Chunk {
    uint64_t offset;
    uint32_t samples;
    uint32_t description;
} Chunk;

/* A table of {count, value}: stts, ctts. */
typedef struct Runs {
    ByteWriter bytes;
    uint32_t count;         /* of entries */
    uint32_t length, value; /* the entry being counted */
} Runs;

struct Mp4Track {
    Track track;
    uint32_t timescale;
    GPtrArray *descriptions; /* CodecParams */
    GArray *chunks;
    Runs durations, compositions;
    bool reordered; /* a composition offset is not 0 */
    ByteWriter sizes, keys;
    uint32_t samples;
    int64_t origin, newest; /* decode times */
    uint32_t newest_duration;
    uint64_t play_delay, play_duration;
    int64_t play_from;
};

Mp4Track *mp4_track_new(Track kind, uint32_t timescale)
{
    Mp4Track *track = g_new0(Mp4Track, 1);
    track->track = kind;
    track->timescale = timescale;
    track->descriptions = g_ptr_array_new_with_free_func((GDestroyNotify)codec_params_unref);
    track->chunks = g_array_new(FALSE, FALSE, sizeof(Chunk));
    return track;
}

void mp4_track_free(Mp4Track *track)
{
    if (!track)
        return;
    g_ptr_array_unref(track->descriptions);
    g_array_unref(track->chunks);
    byte_writer_free(&track->durations.bytes);
    byte_writer_free(&track->compositions.bytes);
    byte_writer_free(&track->sizes);
    byte_writer_free(&track->keys);
    g_free(track);
}

static uint32_t description_of(Mp4Track *track, CodecParams *params)
{
    for (unsigned i = track->descriptions->len; i > 0; i--)
        if (codec_params_equal(track->descriptions->pdata[i - 1], params))
            return i;
    g_ptr_array_add(track->descriptions, codec_params_ref(params));
    return track->descriptions->len;
}

void mp4_track_chunk(Mp4Track *track, CodecParams *params, uint64_t offset)
{
    Chunk chunk = {.offset = offset, .description = description_of(track, params)};
    g_array_append_val(track->chunks, chunk);
}

static void runs_end(Runs *runs)
{
    if (runs->length == 0)
        return;
    write_u32(&runs->bytes, runs->length);
    write_u32(&runs->bytes, runs->value);
    runs->count++;
    runs->length = 0;
}

static void runs_add(Runs *runs, uint32_t value)
{
    if (value != runs->value)
        runs_end(runs);
    runs->value = value;
    runs->length++;
}

void mp4_track_sample(Mp4Track *track, int64_t decode_time, int64_t presentation_time,
                      uint32_t duration, uint32_t size, bool key)
{
    g_assert(track->chunks->len > 0);
    if (track->samples == 0) {
        track->origin = decode_time;
    } else {
        decode_time = MAX(decode_time, track->newest + 1);
        runs_add(&track->durations, (uint32_t)MIN(decode_time - track->newest, UINT32_MAX));
    }
    runs_add(&track->compositions, (uint32_t)(presentation_time - decode_time));
    track->reordered |= presentation_time != decode_time;
    write_u32(&track->sizes, size);
    track->samples++;
    if (key)
        write_u32(&track->keys, track->samples);
    track->newest = decode_time;
    track->newest_duration = duration;
    g_array_index(track->chunks, Chunk, track->chunks->len - 1).samples++;
}

unsigned mp4_track_samples(const Mp4Track *track)
{
    return track->samples;
}

int64_t mp4_track_origin(const Mp4Track *track)
{
    return track->origin;
}

void mp4_track_play(Mp4Track *track, uint64_t delay, int64_t from, uint64_t duration)
{
    track->play_delay = delay;
    track->play_from = from - track->origin;
    track->play_duration = duration;
}

static void write_runs(ByteWriter *to, const char *type, uint8_t version, const Runs *runs)
{
    size_t box = full_box_begin(to, type, version, 0);
    write_u32(to, runs->count);
    write_bytes(to, runs->bytes.data, runs->bytes.size);
    box_end(to, box);
}

/* §8.7.4: an entry where the samples of a chunk or their description change. */
static void write_stsc(ByteWriter *to, const Mp4Track *track)
{
    size_t box = full_box_begin(to, "stsc", 0, 0);
    size_t count_at = to->size;
    uint32_t count = 0;
    Chunk before = {0};
    write_u32(to, 0);
    for (unsigned i = 0; i < track->chunks->len; i++) {
        const Chunk *chunk = &g_array_index(track->chunks, Chunk, i);
        if (chunk->samples == before.samples && chunk->description == before.description)
            continue;
        write_u32(to, i + 1);
        write_u32(to, chunk->samples);
        write_u32(to, chunk->description);
        before = *chunk;
        count++;
    }
    patch_u32(to, count_at, count);
    box_end(to, box);
}

static void write_chunk_offsets(ByteWriter *to, const Mp4Track *track, uint64_t data_at, bool wide)
{
    size_t box = full_box_begin(to, wide ? "co64" : "stco", 0, 0);
    write_u32(to, track->chunks->len);
    for (unsigned i = 0; i < track->chunks->len; i++) {
        uint64_t offset = data_at + g_array_index(track->chunks, Chunk, i).offset;
        if (wide)
            write_u64(to, offset);
        else
            write_u32(to, (uint32_t)offset);
    }
    box_end(to, box);
}

static void write_sample_tables(ByteWriter *to, const Mp4Track *track, uint64_t data_at, bool wide)
{
    size_t stbl = box_begin(to, "stbl");
    size_t stsd = full_box_begin(to, "stsd", 0, 0);
    write_u32(to, track->descriptions->len);
    for (unsigned i = 0; i < track->descriptions->len; i++)
        mp4_write_sample_entry(to, track->descriptions->pdata[i]);
    box_end(to, stsd);
    write_runs(to, "stts", 0, &track->durations);
    if (track->reordered)
        write_runs(to, "ctts", 1, &track->compositions);
    if (track->track == TRACK_VIDEO) {
        size_t stss = full_box_begin(to, "stss", 0, 0);
        write_u32(to, (uint32_t)(track->keys.size / 4));
        write_bytes(to, track->keys.data, track->keys.size);
        box_end(to, stss);
    }
    write_stsc(to, track);
    size_t stsz = full_box_begin(to, "stsz", 0, 0);
    write_u32(to, 0);
    write_u32(to, track->samples);
    write_bytes(to, track->sizes.data, track->sizes.size);
    box_end(to, stsz);
    write_chunk_offsets(to, track, data_at, wide);
    box_end(to, stbl);
}

static void write_edits(ByteWriter *to, const Mp4Track *track)
{
    size_t edts = box_begin(to, "edts");
    size_t elst = full_box_begin(to, "elst", 1, 0);
    write_u32(to, track->play_delay ? 2 : 1);
    if (track->play_delay) {
        write_u64(to, track->play_delay);
        write_u64(to, UINT64_MAX); /* -1: nothing */
        write_u32(to, 0x10000);
    }
    write_u64(to, track->play_duration);
    write_u64(to, (uint64_t)track->play_from);
    write_u32(to, 0x10000); /* rate 1.0 */
    box_end(to, elst);
    box_end(to, edts);
}

static void write_trak(ByteWriter *to, const Mp4Track *track, int64_t created_us, uint64_t data_at,
                       bool wide)
{
    const CodecParams *params = track->descriptions->pdata[0];
    size_t trak = box_begin(to, "trak");
    mp4_write_tkhd(to, track->track, params, track->play_delay + track->play_duration, created_us);
    write_edits(to, track);
    size_t mdia = box_begin(to, "mdia");
    uint64_t duration = (uint64_t)(track->newest - track->origin) + track->newest_duration;
    mp4_write_mdhd(to, track->timescale, duration, created_us);
    mp4_write_hdlr(to, track->track);
    size_t minf = box_begin(to, "minf");
    mp4_write_media_header(to, track->track);
    write_sample_tables(to, track, data_at, wide);
    box_end(to, minf);
    box_end(to, mdia);
    box_end(to, trak);
}

static void write_front(ByteWriter *to, const Mp4Movie *movie, uint64_t data_at, bool wide)
{
    size_t ftyp = box_begin(to, "ftyp");
    write_bytes(to, "isom\0\0\0\0isomiso4mp41", 20); /* iso4: signed composition offsets */
    box_end(to, ftyp);
    size_t moov = box_begin(to, "moov");
    mp4_write_mvhd(to, VIDEO_TIMESCALE, movie->duration, movie->created_us);
    for (Track track = 0; track < TRACKS; track++)
        if (movie->tracks[track] && movie->tracks[track]->samples)
            write_trak(to, movie->tracks[track], movie->created_us, data_at, wide);
    if (movie->extra)
        write_bytes(to, movie->extra->data, movie->extra->size);
    box_end(to, moov);
    if (movie->data_bytes + 8 <= UINT32_MAX) {
        write_u32(to, (uint32_t)movie->data_bytes + 8);
        write_bytes(to, "mdat", 4);
    } else {
        write_u32(to, 1); /* the size follows in 64 bits */
        write_bytes(to, "mdat", 4);
        write_u64(to, movie->data_bytes + 16);
    }
}

void mp4_write_movie(ByteWriter *to, const Mp4Movie *movie)
{
    for (Track i = 0; i < TRACKS; i++) {
        Mp4Track *track = movie->tracks[i];
        if (track && track->samples) {
            runs_add(&track->durations, track->newest_duration);
            runs_end(&track->durations);
            runs_end(&track->compositions);
        }
    }
    size_t start = to->size;
    write_front(to, movie, 0, false);
    bool wide = to->size - start + movie->data_bytes > UINT32_MAX;
    if (wide) {
        to->size = start;
        write_front(to, movie, 0, true);
    }
    uint64_t data_at = to->size - start; /* the size does not depend on what the offsets are */
    to->size = start;
    write_front(to, movie, data_at, wide);
}
