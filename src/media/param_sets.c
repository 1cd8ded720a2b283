#include "media/param_sets.h"

#include "base/bytes.h"
#include "media/h264.h"
#include "media/h265.h"

#include <string.h>

enum {
    SETS_MAX = 48,     /* of all kinds */
    ROLE_MAX = 16,     /* of one kind */
    KNOWN_MAX = 4,     /* params remembered, to see that they come back */
    CHANGES_MAX = 8,   /* of params of one size, before they are held */
    HEAD_BYTES = 32,   /* of a slice or set, enough for its ids */
    NO_ID = UINT8_MAX, /* no SPS has it */
};

typedef struct Set {
    NalRole role;
    uint8_t id;
    uint8_t sps; /* PPS: the SPS it belongs to */
    bool from_sdp;
    size_t size;
    uint8_t *bytes; /* owned */
} Set;

struct ParamSets {
    Codec codec;
    size_t count;
    Set sets[SETS_MAX]; /* in the order they came */
    bool changed;       /* since the params were made */
    uint8_t active_sps;
    CodecParams *params;
    CodecParams *known[KNOWN_MAX]; /* references; the newest first */
    unsigned changes;
    bool alternate, unknown;
    double fps;
};

ParamSets *param_sets_new(Codec codec)
{
    ParamSets *sets = g_new0(ParamSets, 1);
    sets->codec = codec;
    return sets;
}

void param_sets_free(ParamSets *sets)
{
    if (!sets)
        return;
    for (size_t i = 0; i < sets->count; i++)
        g_free(sets->sets[i].bytes);
    for (unsigned i = 0; i < KNOWN_MAX; i++)
        codec_params_unref(sets->known[i]);
    codec_params_unref(sets->params);
    g_free(sets);
}

/* The payload behind the NAL header as bits, of its first bytes only. */
static BitReader read_head(Codec codec, const Nal *nal, uint8_t clean[HEAD_BYTES])
{
    size_t header = codec == CODEC_H265 ? 2 : 1;
    if (nal->size <= header)
        return bit_reader(clean, 0);
    size_t size = MIN(nal->size - header, (size_t)HEAD_BYTES);
    return bit_reader(clean, nal_unescape(nal->data + header, size, clean));
}

static uint8_t read_id(BitReader *bits)
{
    uint32_t id = read_ue(bits);
    return bits->failed || id >= NO_ID ? 0 : (uint8_t)id;
}

static void read_ids(Codec codec, const Nal *nal, Set *set)
{
    uint8_t clean[HEAD_BYTES];
    BitReader bits = read_head(codec, nal, clean);
    if (set->role == NAL_PPS) {
        set->id = read_id(&bits);
        set->sps = read_id(&bits);
    } else if (set->role == NAL_VPS) {
        set->id = (uint8_t)read_bits(&bits, 4);
    } else if (codec == CODEC_H264) {
        read_bits(&bits, 24); /* profile, constraints, level */
        set->id = read_id(&bits);
    } else {
        H265Sps sps;
        set->id = h265_sps_parse(nal->data, nal->size, &sps) ? sps.id : 0;
    }
}

static void remove_set(ParamSets *sets, size_t at)
{
    g_free(sets->sets[at].bytes);
    sets->count--;
    memmove(&sets->sets[at], &sets->sets[at + 1], (sets->count - at) * sizeof *sets->sets);
}

/* Makes room for `set`: goes what it replaces, what only the SDP told, and the oldest of too many.
 */
static void remove_replaced(ParamSets *sets, const Set *set)
{
    size_t same_role = 0, oldest = SETS_MAX;
    for (size_t i = sets->count; i-- > 0;) {
        const Set *other = &sets->sets[i];
        if (other->role != set->role)
            continue;
        if (other->id == set->id || (other->from_sdp && !set->from_sdp)) {
            remove_set(sets, i);
            oldest = oldest == SETS_MAX ? SETS_MAX : oldest - 1;
        } else {
            same_role++;
            oldest = i;
        }
    }
    if (same_role == ROLE_MAX)
        remove_set(sets, oldest);
}

void param_sets_put(ParamSets *sets, const Nal *nal, bool from_sdp)
{
    Set set = {.role = nal_role(sets->codec, nal->data), .from_sdp = from_sdp, .size = nal->size};
    while (set.size && nal->data[set.size - 1] == 0) /* a set ends with its stop bit */
        set.size--;
    if (set.size < 3 || set.size > UINT16_MAX)
        return;
    for (size_t i = 0; i < sets->count; i++) {
        Set *other = &sets->sets[i];
        if (other->role == set.role && other->size == set.size &&
            memcmp(other->bytes, nal->data, set.size) == 0) {
            other->from_sdp &= from_sdp;
            return;
        }
    }
    read_ids(sets->codec, nal, &set);
    remove_replaced(sets, &set);
    set.bytes = g_memdup2(nal->data, set.size);
    sets->sets[sets->count++] = set;
    sets->changed = true;
}

/* The SPS that a slice refers to through its PPS; NO_ID when that PPS never came. */
static uint8_t find_active_sps(const ParamSets *sets, const Nal *slice)
{
    uint8_t clean[HEAD_BYTES];
    BitReader bits = read_head(sets->codec, slice, clean);
    if (sets->codec == CODEC_H264) {
        read_ue(&bits); /* first_mb_in_slice */
        read_ue(&bits); /* slice_type */
    } else {
        read_flag(&bits); /* first_slice_segment_in_pic_flag */
        if (nal_role(CODEC_H265, slice->data) == NAL_KEY)
            read_flag(&bits); /* no_output_of_prior_pics_flag */
    }
    uint8_t id = read_id(&bits);
    for (size_t i = 0; i < sets->count; i++)
        if (sets->sets[i].role == NAL_PPS && sets->sets[i].id == id)
            return sets->sets[i].sps;
    return NO_ID;
}

/* The sets of one role, the one of `first` id before the others. */
static size_t collect(const ParamSets *sets, NalRole role, uint8_t first, Nal nals[ROLE_MAX])
{
    size_t count = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < sets->count; i++) {
            const Set *set = &sets->sets[i];
            if (set->role == role && (set->id == first) == (pass == 0) && count < ROLE_MAX)
                nals[count++] = (Nal){set->bytes, set->size};
        }
    return count;
}

static CodecParams *make_params(ParamSets *sets, uint8_t active_sps)
{
    Nal vps[ROLE_MAX], sps[ROLE_MAX], pps[ROLE_MAX];
    size_t vps_count = collect(sets, NAL_VPS, NO_ID, vps);
    size_t sps_count = collect(sets, NAL_SPS, active_sps, sps);
    size_t pps_count = collect(sets, NAL_PPS, NO_ID, pps);
    if (sps_count == 0)
        return NULL;
    if (sets->codec == CODEC_H264) {
        H264Sps parsed;
        sets->fps = h264_sps_parse(sps[0].data, sps[0].size, &parsed) ? h264_sps_fps(&parsed) : 0;
        return h264_params(sps, sps_count, pps, pps_count);
    }
    H265Sps parsed;
    sets->fps = h265_sps_parse(sps[0].data, sps[0].size, &parsed) ? h265_sps_fps(&parsed) : 0;
    return h265_params(vps, vps_count, sps, sps_count, pps, pps_count);
}

/* Whether to go on with the params there are, though `made` differ. */
static bool hold(ParamSets *sets, const CodecParams *made)
{
    if (!sets->params || sets->params->width != made->width || sets->params->height != made->height)
        return false;
    bool back = sets->changes >= CHANGES_MAX;
    for (unsigned i = 0; i < KNOWN_MAX; i++)
        back |= codec_params_equal(sets->known[i], made);
    sets->alternate |= back;
    return back;
}

void param_sets_picture(ParamSets *sets, const Nal *slice)
{
    if (sets->params && nal_role(sets->codec, slice->data) != NAL_KEY)
        return;
    uint8_t active = find_active_sps(sets, slice);
    if (!sets->changed && active == sets->active_sps)
        return;
    g_autoptr(CodecParams) made = make_params(sets, active);
    sets->changed = false;
    sets->active_sps = active;
    if (!made || codec_params_equal(sets->params, made))
        return;
    sets->unknown |= made->width == 0;
    if (hold(sets, made))
        return;
    bool same_size =
        sets->params && sets->params->width == made->width && sets->params->height == made->height;
    sets->changes = same_size ? sets->changes + 1 : 0;
    codec_params_unref(sets->known[KNOWN_MAX - 1]);
    memmove(&sets->known[1], &sets->known[0], (KNOWN_MAX - 1) * sizeof *sets->known);
    sets->known[0] = sets->params;
    sets->params = g_steal_pointer(&made);
}

CodecParams *param_sets_params(const ParamSets *sets)
{
    return sets->params;
}

double param_sets_fps(const ParamSets *sets)
{
    return sets->fps;
}

bool param_sets_alternate(const ParamSets *sets)
{
    return sets->alternate;
}

bool param_sets_unknown(const ParamSets *sets)
{
    return sets->unknown;
}
