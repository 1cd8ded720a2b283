/* seal_fixture.h — a data folder with sealed footage of made-up bytes, to be tampered with.
 *
 * Fragments are true boxes (prft moof mdat) around noise: all that seals and checks look at.
 */
#pragma once

#include "../ledger/ledger_fixture.h"
#include "archive/roots.h"
#include "archive/seal.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "ledger/keyring.h"
#include "ledger/node_key.h"

enum { FRAGMENTS = 10 };

#define FOOTAGE_START_US INT64_C(1795478400000000) /* 2026-11-24T00:00:00Z */

typedef struct Footage {
    char *data, *volume_folder;
    Uuid camera, volume;
    NodeKey *key;
    SealChain *chain;
    uint32_t made; /* fragments so far: no two have the same bytes */
} Footage;

static inline void footage_volume(Footage *footage)
{
    char uuid[UUID_TEXT];
    footage->volume_folder = g_build_filename(footage->data, "footage", NULL);
    assert_true(folder_make(footage->volume_folder, NULL));
    g_autofree char *text = g_strdup_printf("{\"format\":1,\"volume\":\"%s\",\"node\":\"%s\"}\n",
                                            uuid_text(&footage->volume, uuid), uuid);
    g_autofree char *path = g_build_filename(footage->volume_folder, "volume.json", NULL);
    text_store(path, text);
}

static inline Footage *footage_new(const char *data)
{
    Footage *footage = g_new0(Footage, 1);
    footage->data = g_strdup(data);
    footage->camera = uuid_new();
    footage->volume = uuid_new();
    footage->key = node_key_open(data, NULL);
    assert_non_null(footage->key);
    footage_volume(footage);
    footage->chain = seal_chain_load(footage->volume_folder, footage->volume, footage->camera,
                                     footage->key, NULL);
    assert_non_null(footage->chain);
    return footage;
}

static inline void footage_free(Footage *footage)
{
    seal_chain_free(footage->chain);
    node_key_free(footage->key);
    g_free(footage->volume_folder);
    g_free(footage->data);
    g_free(footage);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Footage, footage_free)

static inline char *footage_path(const Footage *footage, const char *file)
{
    char uuid[UUID_TEXT];
    return g_build_filename(footage->volume_folder, uuid_text(&footage->camera, uuid), file, NULL);
}

/* Another camera of the same node and volume. */
static inline Footage *footage_beside(const Footage *footage)
{
    Footage *other = g_new0(Footage, 1);
    other->data = g_strdup(footage->data);
    other->volume_folder = g_strdup(footage->volume_folder);
    other->camera = uuid_new();
    other->volume = footage->volume;
    other->key = node_key_open(footage->data, NULL);
    other->chain =
        seal_chain_load(other->volume_folder, other->volume, other->camera, other->key, NULL);
    other->made = 1000000;
    return other;
}

static inline void put_box(ByteWriter *to, const char *type, const void *body, size_t size)
{
    write_u32(to, (uint32_t)size + 8);
    write_bytes(to, type, 4);
    write_bytes(to, body, size);
}

static inline void put_prft(ByteWriter *to, int64_t time_us)
{
    uint64_t seconds = (uint64_t)(time_us / SECOND_US) + UINT64_C(2208988800);
    uint64_t fraction = ((uint64_t)(time_us % SECOND_US) << 32) / SECOND_US;
    write_u32(to, 32);
    write_bytes(to, "prft", 4);
    write_u32(to, 1 << 24);
    write_u32(to, 1);
    write_u64(to, seconds << 32 | fraction);
    write_u64(to, 0);
}

/* One fragment of a second; returns its hash. */
static inline Hash put_fragment(Footage *footage, ByteWriter *to, int64_t time_us)
{
    size_t start = to->size;
    uint8_t noise[600];
    uint32_t number = footage->made++;
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (uint8_t)((number * 2654435761u + i * 40503u) >> 7);
    put_prft(to, time_us);
    put_box(to, "moof", noise, 60);
    put_box(to, "mdat", noise, sizeof noise);
    return hash_of(to->data + start, to->size - start);
}

/* Bytes of a segment, a fragment a second, and its seal but for the chain's part. */
static inline void footage_make(Footage *footage, int64_t from_us, ByteWriter *bytes,
                                SegmentSeal *seal, Hash entries[FRAGMENTS + 1])
{
    char day[DAY_TEXT], time[TIME_TEXT];
    time_text(from_us, time);
    put_box(bytes, "ftyp", "isom", 4);
    put_box(bytes, "moov", &footage->made, sizeof footage->made);
    entries[0] = hash_of(bytes->data, bytes->size);
    for (int i = 0; i < FRAGMENTS; i++)
        entries[i + 1] = put_fragment(footage, bytes, from_us + i * SECOND_US);
    *seal = (SegmentSeal){.from_us = from_us,
                          .to_us = from_us + FRAGMENTS * SECOND_US,
                          .bytes = (int64_t)bytes->size,
                          .pictures = 15 * FRAGMENTS,
                          .codec = "avc1.640028",
                          .width = 1920,
                          .height = 1080,
                          .ntp_us = CLOCK_NTP_UNKNOWN,
                          .entries = entries,
                          .entry_count = FRAGMENTS + 1};
    g_snprintf(seal->file, sizeof seal->file, "%s/%.2s%.2s%.6sZ-main.mp4", day_text(from_us, day),
               time + 11, time + 14, time + 17);
}

static inline void footage_store(const Footage *footage, const char *file, const ByteWriter *bytes)
{
    g_autofree char *path = footage_path(footage, file);
    g_autofree char *folder = g_path_get_dirname(path);
    assert_true(folder_make(folder, NULL));
    assert_true(g_file_set_contents(path, (const char *)bytes->data, (gssize)bytes->size, NULL));
}

/* A sealed segment; returns its name, owned. */
static inline char *footage_add(Footage *footage, int64_t from_us)
{
    g_auto(ByteWriter) bytes = {0};
    Hash entries[FRAGMENTS + 1];
    SegmentSeal seal;
    footage_make(footage, from_us, &bytes, &seal, entries);
    footage_store(footage, seal.file, &bytes);
    assert_true(seal_chain_append(footage->chain, &seal, NULL));
    return g_strdup(seal.file);
}

static inline Roots *footage_roots(const Footage *footage)
{
    RootsVolume volume = {.id = footage->volume, .folder = footage->volume_folder};
    Roots *roots = roots_open(footage->data, &volume, 1, footage->key, NULL);
    assert_non_null(roots);
    return roots;
}
