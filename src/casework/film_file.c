#include "casework/film_file.h"

#include "base/file.h"
#include "media/mp4_movie.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What the tables take at most: of a sample its size, spacing, place in the order, being a key
 * picture, and a chunk of its own; and boxes whose size does not depend on how many there are. */
enum { TABLE_BYTES_A_SAMPLE = 48, TABLE_BYTES_ELSE = 64 << 10 };

typedef struct Sample {
    Track track;
    CodecParams *params; /* holds a reference */
    int64_t time;
    uint32_t duration, size;
    bool key;
} Sample;

struct FilmFile {
    char *path, *beside;
    int fd;
    bool named;      /* it has its name: it stays */
    GArray *samples; /* Sample, in the order of the file */
    uint64_t room;   /* for the tables */
    uint64_t bytes;  /* of the samples */
};

static void sample_clear(void *data)
{
    Sample *sample = data;
    codec_params_unref(sample->params);
}

FilmFile *film_file_new(const char *path, size_t most_samples, GError **error)
{
    g_autoptr(FilmFile) film = g_new0(FilmFile, 1);
    film->path = g_strdup(path);
    film->beside = g_strconcat(path, ".part", NULL);
    film->samples = g_array_new(FALSE, FALSE, sizeof(Sample));
    g_array_set_clear_func(film->samples, sample_clear);
    film->room = TABLE_BYTES_ELSE + (uint64_t)most_samples * TABLE_BYTES_A_SAMPLE;
    film->fd = open(film->beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (film->fd < 0 || lseek(film->fd, (off_t)film->room, SEEK_SET) < 0) {
        err_errno(error, errno, "cannot write %s", film->beside);
        return NULL;
    }
    return g_steal_pointer(&film);
}

void film_file_free(FilmFile *film)
{
    if (!film)
        return;
    if (film->fd >= 0 && !film->named)
        unlink(film->beside);
    fd_clear(&film->fd);
    g_array_unref(film->samples);
    g_free(film->path);
    g_free(film->beside);
    g_free(film);
}

bool film_file_add(FilmFile *film, const AccessUnit *unit, int64_t time, uint32_t duration,
                   GError **error)
{
    Sample sample = {
        .track = unit->track,
        .params = codec_params_ref(unit->params),
        .time = time,
        .duration = duration,
        .size = (uint32_t)unit->size,
        .key = unit->key,
    };
    g_array_append_val(film->samples, sample);
    film->bytes += unit->size;
    return fd_write_all(film->fd, unit->data, unit->size, error);
}

int64_t film_file_bytes(const FilmFile *film)
{
    return (int64_t)(film->room + film->bytes);
}

/* Where the tracks of a film begin and end, in ticks of the movie. */
typedef struct Extent {
    uint64_t begin, end;
} Extent;

static void play(Mp4Track *track, uint32_t timescale, int64_t end, Extent *extent)
{
    int64_t origin = mp4_track_origin(track), scale = timescale;
    extent->begin = (uint64_t)(origin * VIDEO_TIMESCALE / scale);
    extent->end = (uint64_t)(end * VIDEO_TIMESCALE / scale);
    mp4_track_play(track, extent->begin, origin, extent->end - extent->begin);
}

/* Fills `tracks` with the samples, the first of which lies `pad` bytes into mdat. Returns how long
 * the film is, in ticks of the movie. */
static uint64_t tell_samples(const FilmFile *film, uint64_t pad, Mp4Track *tracks[TRACKS])
{
    const Sample *before = NULL;
    uint64_t at = pad;
    int64_t ends[TRACKS] = {0};
    uint32_t scales[TRACKS] = {VIDEO_TIMESCALE, VIDEO_TIMESCALE};
    for (guint i = 0; i < film->samples->len; i++) {
        const Sample *sample = &g_array_index(film->samples, Sample, i);
        Mp4Track *track = tracks[sample->track];
        if (!before || before->track != sample->track || before->params != sample->params)
            mp4_track_chunk(track, sample->params, at);
        mp4_track_sample(track, sample->time, sample->time, sample->duration, sample->size,
                         sample->key);
        at += sample->size;
        ends[sample->track] = sample->time + sample->duration;
        scales[sample->track] = sample->params->timescale;
        before = sample;
    }
    uint64_t whole = 0;
    for (Track i = 0; i < TRACKS; i++) {
        Extent extent = {0};
        if (mp4_track_samples(tracks[i]))
            play(tracks[i], scales[i], ends[i], &extent);
        whole = MAX(whole, extent.end);
    }
    return whole;
}

static uint32_t sound_timescale(const FilmFile *film)
{
    for (guint i = 0; i < film->samples->len; i++) {
        const Sample *sample = &g_array_index(film->samples, Sample, i);
        if (sample->track == TRACK_AUDIO)
            return sample->params->timescale;
    }
    return VIDEO_TIMESCALE;
}

static void write_front(const FilmFile *film, const ByteWriter *extra, int64_t created_us,
                        uint64_t pad, ByteWriter *to)
{
    g_autoptr(Mp4Track) video = mp4_track_new(TRACK_VIDEO, VIDEO_TIMESCALE);
    g_autoptr(Mp4Track) sound = mp4_track_new(TRACK_AUDIO, sound_timescale(film));
    Mp4Movie movie = {.tracks = {video, sound}, .created_us = created_us, .extra = extra};
    movie.duration = tell_samples(film, pad, movie.tracks);
    if (!mp4_track_samples(sound))
        movie.tracks[TRACK_AUDIO] = NULL;
    movie.data_bytes = pad + film->bytes;
    byte_writer_clear(to);
    mp4_write_movie(to, &movie);
}

/* Tables whose size does not change by what is left behind them, but for a film whose offsets that
 * makes too large for 32 bits: then once more. */
static bool write_tables(const FilmFile *film, const ByteWriter *extra, int64_t created_us,
                         ByteWriter *front, GError **error)
{
    uint64_t pad = 0;
    for (int i = 0; i < 3; i++) {
        write_front(film, extra, created_us, pad, front);
        if (front->size + pad == film->room)
            return true;
        if (front->size > film->room)
            break;
        pad = film->room - front->size;
    }
    return err_set(error, ERR_UNSUPPORTED, "%s has more samples than were told before", film->path);
}

bool film_file_end(FilmFile *film, const ByteWriter *extra, int64_t created_us, GError **error)
{
    g_auto(ByteWriter) front = {0};
    if (!film->samples->len || g_array_index(film->samples, Sample, 0).track != TRACK_VIDEO)
        return err_set(error, ERR_NOT_FOUND, "none of the pictures can be decoded");
    if (!write_tables(film, extra, created_us, &front, error))
        return false;
    if (lseek(film->fd, 0, SEEK_SET) < 0)
        return err_errno(error, errno, "cannot write %s", film->beside);
    if (!fd_write_all(film->fd, front.data, front.size, error))
        return false;
    if (fsync(film->fd) < 0 || rename(film->beside, film->path) < 0)
        return err_errno(error, errno, "cannot write %s", film->path);
    film->named = true;
    return true;
}
