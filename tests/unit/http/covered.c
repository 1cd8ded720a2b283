#include "covered.h"

#include "jpeg_decode.h"
#include "make_video.h"
#include "picture/masker.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Coding blurs the two greys a little. */
enum { OFF_MOST = 24, COLOUR_OFF_MOST = 10 };

typedef struct Planes {
    const uint8_t *data[3];
    int strides[3];
    int width, height;
} Planes;

/* From below the two lines that may be burnt in. */
static bool is_covered(const Planes *of)
{
    for (int y = of->height / 4; y < of->height * 3 / 5; y++)
        for (int x = of->width / 5; x < of->width * 3 / 5; x++) {
            int luma = of->data[0][y * of->strides[0] + x];
            if (luma < MASKER_DARK - OFF_MOST || luma > MASKER_LIGHT + OFF_MOST)
                return false;
            for (int plane = 1; plane < 3; plane++)
                if (abs(of->data[plane][y / 2 * of->strides[plane] + x / 2] - 128) >
                    COLOUR_OFF_MOST)
                    return false;
        }
    return true;
}

bool covered_jpeg(const Buffer *jpeg)
{
    AVFrame *frame = jpeg_decode(jpeg);
    const Planes planes = {{frame->data[0], frame->data[1], frame->data[2]},
                           {frame->linesize[0], frame->linesize[1], frame->linesize[2]},
                           frame->width,
                           frame->height};
    bool covered = is_covered(&planes);
    av_frame_free(&frame);
    return covered;
}

enum { WIDTH = 320, HEIGHT = 180, FRAME = WIDTH * HEIGHT * 3 / 2 };

bool covered_film(const uint8_t *film, size_t size, unsigned *count)
{
    bool covered = true;
    char *raw = NULL;
    gsize bytes;
    g_autofree char *folder = g_dir_make_tmp("vonglau-film-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "film.mp4", NULL);
    g_autofree char *out = g_build_filename(folder, "film.yuv", NULL);
    g_autofree char *command = g_strdup_printf(
        "ffmpeg -v error -i %s -vsync passthrough -s %dx%d -f rawvideo -pix_fmt yuv420p %s 2>&1",
        path, WIDTH, HEIGHT, out);
    assert_true(g_file_set_contents(path, (const char *)film, (gssize)size, NULL));
    g_free(run_program(command));
    assert_true(g_file_get_contents(out, &raw, &bytes, NULL));
    *count = (unsigned)(bytes / FRAME);
    for (unsigned i = 0; i < *count; i++) {
        const uint8_t *at = (const uint8_t *)raw + (size_t)i * FRAME;
        const Planes planes = {{at, at + WIDTH * HEIGHT, at + WIDTH * HEIGHT * 5 / 4},
                               {WIDTH, WIDTH / 2, WIDTH / 2},
                               WIDTH,
                               HEIGHT};
        covered &= is_covered(&planes);
    }
    g_free(raw);
    unlink(path);
    unlink(out);
    rmdir(folder);
    return covered;
}
