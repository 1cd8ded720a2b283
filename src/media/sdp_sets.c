/* Parameter sets that an SDP tells out of band: the sprop parameters of RFC 6184 §8.1 and RFC 7798
 * §7.1. */
#include "media/sdp.h"

#include <string.h>

enum { SET_BYTES_MAX = 4096 };

/* Appends what `text` codes; what is no base64 is skipped, missing padding does not matter. */
static void decode(const char *text, size_t size, GByteArray *out)
{
    g_autofree char *padded = g_malloc(size + 4);
    size_t used = 0;
    for (size_t i = 0; i < size; i++)
        if (g_ascii_isalnum(text[i]) || text[i] == '+' || text[i] == '/')
            padded[used++] = text[i];
    while (used % 4)
        padded[used++] = '=';
    padded[used] = '\0';
    gsize bytes;
    g_autofree guchar *decoded = g_base64_decode(padded, &bytes);
    g_byte_array_append(out, decoded, (guint)bytes);
}

/* Where the sets stand while the bytes may still move. */
typedef struct Places {
    size_t count;
    size_t at[3 * SDP_SET_MAX], size[3 * SDP_SET_MAX];
} Places;

static void keep(Codec codec, const GByteArray *bytes, Nal nal, Places *places)
{
    while (nal.size && nal.data[nal.size - 1] == 0) /* a set ends with its stop bit */
        nal.size--;
    if (nal.size < 3 || nal.size > SET_BYTES_MAX || places->count == G_N_ELEMENTS(places->at))
        return;
    NalRole role = nal_role(codec, nal.data);
    if (role != NAL_VPS && role != NAL_SPS && role != NAL_PPS)
        return;
    places->at[places->count] = (size_t)(nal.data - bytes->data);
    places->size[places->count++] = nal.size;
}

/* One base64 word: a NAL unit, or several in Annex B. */
static void read_word(Codec codec, const char *word, size_t size, GByteArray *bytes, Places *places)
{
    guint before = bytes->len;
    decode(word, size, bytes);
    Nal nal = {bytes->data + before, bytes->len - before};
    if (nal_find_start_code(nal.data, nal.size, 0) == nal.size) {
        keep(codec, bytes, nal, places);
        return;
    }
    if (!nal_starts_annexb(nal.data, nal.size)) { /* one without a start code comes first */
        size_t end = nal_find_start_code(nal.data, nal.size, 0);
        keep(codec, bytes, (Nal){nal.data, end}, places);
    }
    NalReader reader = nal_reader(nal.data, nal.size);
    while (nal_next_annexb(&reader, &nal))
        keep(codec, bytes, nal, places);
}

static void read_parameter(const SdpMedia *media, const char *name, GByteArray *bytes,
                           Places *places)
{
    g_autofree char *value = sdp_fmtp(media, name);
    for (const char *word = value; word && *word;) {
        size_t size = strcspn(word, ",");
        read_word(media->codec, word, size, bytes, places);
        word += size + (word[size] == ',');
    }
}

bool sdp_sets(const SdpMedia *media, SdpSets *sets)
{
    *sets = (SdpSets){0};
    g_autoptr(GByteArray) bytes = g_byte_array_sized_new(256);
    Places places = {0};
    if (media->codec == CODEC_H264) {
        read_parameter(media, "sprop-parameter-sets", bytes, &places);
    } else if (media->codec == CODEC_H265) {
        read_parameter(media, "sprop-vps", bytes, &places);
        read_parameter(media, "sprop-sps", bytes, &places);
        read_parameter(media, "sprop-pps", bytes, &places);
    }
    unsigned roles = media->codec == CODEC_H265 ? 0 : 1u << NAL_VPS;
    for (size_t i = 0; i < places.count; i++)
        roles |= 1u << nal_role(media->codec, bytes->data + places.at[i]);
    if (roles != (1u << NAL_VPS | 1u << NAL_SPS | 1u << NAL_PPS))
        return false;
    sets->count = places.count;
    sets->bytes = g_byte_array_free(g_steal_pointer(&bytes), FALSE);
    for (size_t i = 0; i < places.count; i++)
        sets->sets[i] = (Nal){sets->bytes + places.at[i], places.size[i]};
    return true;
}

void sdp_sets_clear(SdpSets *sets)
{
    g_free(sets->bytes);
    *sets = (SdpSets){0};
}
