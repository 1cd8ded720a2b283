/* Bytes as the texts of an evidence package: what is taken is written again the same, and gaps of
 * whatever footage it tells of add up to no more than was asked for. */
#include "archive/package.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_manifest(const char *text, size_t size)
{
    g_auto(PackageManifest) manifest;
    package_manifest_init(&manifest);
    if (!package_manifest_read(text, size, &manifest))
        return;
    g_autoptr(GString) again = package_manifest_write(&manifest);
    if (again->len != size || memcmp(again->str, text, size) != 0)
        abort();
}

static void check_consent(const char *text, size_t size)
{
    PackageConsent consent;
    package_consent_init(&consent);
    if (package_consent_read(text, size, &consent)) {
        g_autoptr(GString) again = package_consent_write(&consent);
        if (again->len != size || memcmp(again->str, text, size) != 0)
            abort();
    }
    package_consent_clear(&consent);
}

static void check_path(const char *text, size_t size)
{
    PackagePath path;
    g_autoptr(GString) again = g_string_new(NULL);
    if (!package_path_read(text, size, &path))
        return;
    package_path_put(again, &path);
    if (again->len != size + 1 || memcmp(again->str, text, size) != 0)
        abort();
}

/* Times as `verify` lets them through. */
static void check_continuity(const char *text, size_t size)
{
    const int64_t most = INT64_C(1) << 55;
    g_autoptr(GArray) media = package_continuity_media(text, size);
    PackageFacts facts;
    package_facts_init(&facts);
    facts.from_us = 1795428070500000;
    facts.to_us = 1795428180000000;
    Uuid camera = {{1}};
    g_array_append_val(facts.cameras, camera);
    for (size_t i = 0; media && i < media->len; i++) {
        const PackageMedia *one = &g_array_index(media, PackageMedia, i);
        PackageGap gap = {0, one->from_us, one->to_us, GAP_OVERLOAD};
        if (one->from_us < 0 || one->from_us >= most || one->to_us < 0 || one->to_us >= most)
            continue;
        if (one->seq % 2)
            g_array_append_val(facts.media, *one);
        else
            g_array_append_val(facts.declared, gap);
    }
    g_array_sort(facts.media, package_media_order);
    g_autoptr(GArray) gaps = package_gaps(&facts);
    for (size_t i = 0; i < gaps->len; i++) {
        const PackageGap *gap = &g_array_index(gaps, PackageGap, i);
        if (gap->from_us < facts.from_us || gap->to_us > facts.to_us || gap->from_us >= gap->to_us)
            abort();
    }
    g_autoptr(GString) told = package_continuity(&facts);
    g_autoptr(GString) time = package_time(&facts, &(PackageTime){0});
    if (told->str[told->len - 1] != '\n' || time->str[time->len - 1] != '\n')
        abort();
    package_facts_clear(&facts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_auto(PackageTime) time = {0};
    g_autofree char *text = g_malloc0(size + 1);
    memcpy(text, data, size);
    check_manifest(text, size);
    check_consent(text, size);
    check_path(text, size);
    check_continuity(text, size);
    PackageHoldLine hold;
    package_hold_line_read(text, size, &hold);
    if (package_time_read(text, size, &time) && time.clocks)
        package_clocks_plausible(time.clocks, time.at_us);
    return 0;
}
