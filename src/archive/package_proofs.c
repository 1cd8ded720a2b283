/* A package's proofs: from seals up to signed roots, and the lines of the audit log. */
#include "archive/archive.h"
#include "archive/package_check.h"
#include "archive/root_line.h"
#include "base/bytes.h"
#include "base/spoken.h"
#include "base/time_text.h"

#include <string.h>

/* A file with roots, with paths, or, of what was added later, with both. */
typedef struct Proving {
    const char *name;
    GPtrArray *roots;  /* RootLine whose signatures hold */
    GHashTable *seals; /* PackageSeal of the package, by where each stands */
    GHashTable *alone; /* of what was added: numbers of roots that no path leads to yet */
    bool paths_begun;
} Proving;

static void root_free(void *data)
{
    root_line_clear(data);
    g_free(data);
}

static void take_root(PackageCheck *check, void *data, unsigned number, const char *text,
                      size_t size)
{
    const Proving *proving = data;
    g_autofree RootLine *root = g_new0(RootLine, 1);
    if (!root_line_parse(text, size, root)) {
        package_fault(check, NULL, 0, 0, proving->name, "line %u is not the line of a root",
                      number);
        return;
    }
    size_t faults = check->verify->report->faults->len;
    package_signature(check, &root->head, text, NULL, 0, 0, proving->name, number);
    check->verify->report->lines++;
    check->verify->report->roots++;
    if (check->verify->report->faults->len == faults && check->verify->ring)
        g_ptr_array_add(proving->roots, g_steal_pointer(&root));
    else
        root_line_clear(root);
}

static const RootLine *root_find(const GPtrArray *roots, int64_t seq)
{
    for (size_t i = 0; i < roots->len; i++) {
        const RootLine *root = g_ptr_array_index(roots, i);
        if (root->head.seq == seq)
            return root;
    }
    return NULL;
}

static guint place_hash(const void *data)
{
    const PackageSeal *seal = data;
    return g_int64_hash(&seal->seq) ^ get_u32(seal->volume.bytes) ^ seal->camera << 20;
}

static gboolean place_equal(const void *a, const void *b)
{
    const PackageSeal *one = a, *other = b;
    return one->seq == other->seq && one->camera == other->camera &&
           uuid_equal(&one->volume, &other->volume);
}

/* A package of a day and many cameras has tens of thousands, and a path for each. */
static GHashTable *index_seals(const PackageCheck *check)
{
    GHashTable *seals = g_hash_table_new(place_hash, place_equal);
    for (size_t i = 0; i < check->seals->len; i++) {
        PackageSeal *seal = &g_array_index(check->seals, PackageSeal, i);
        if (!g_hash_table_contains(seals, seal))
            g_hash_table_add(seals, seal);
    }
    return seals;
}

static PackageSeal *seal_of_path(const PackageCheck *check, const Proving *proving,
                                 const PackagePath *path)
{
    PackageSeal place = {.volume = path->volume, .seq = path->seq};
    while (place.camera < check->facts.cameras->len &&
           !uuid_equal(&g_array_index(check->facts.cameras, Uuid, place.camera), &path->camera))
        place.camera++;
    return g_hash_table_lookup(proving->seals, &place);
}

static void take_path(PackageCheck *check, void *data, unsigned number, const char *text,
                      size_t size)
{
    const Proving *proving = data;
    PackagePath path;
    if (!package_path_read(text, size, &path)) {
        package_fault(check, NULL, 0, 0, proving->name, "line %u cannot be read", number);
        return;
    }
    PackageSeal *seal = seal_of_path(check, proving, &path);
    const RootLine *root = root_find(proving->roots, path.root);
    if (!seal || !root) {
        package_fault(check, NULL, 0, 0, proving->name,
                      "line %u leads from or to a line that is not in this package", number);
        return;
    }
    bool leads = root->entries > 0 &&
                 root_line_last(root, &path.camera, &path.volume) >= path.seq &&
                 merkle_path_holds(&seal->hash, (uint64_t)path.index, (uint64_t)root->entries,
                                   path.path, path.length, &root->root);
    if (!leads || (proving->alone && seal->day)) {
        package_fault(check, &path.camera, seal->from_us, seal->to_us, proving->name,
                      leads ? "line %u proves what is proven already"
                            : "line %u: the seal is not under the root that was signed",
                      number);
        return;
    }
    seal->rooted = true;
    seal->day |= root->kind == ROOT_DAY;
    if (proving->alone)
        g_hash_table_remove(proving->alone, &root->head.seq);
}

/* Nothing signs the list of these lines: each of them has to prove something. */
static void take_added(PackageCheck *check, void *data, unsigned number, const char *text,
                       size_t size)
{
    Proving *proving = data;
    if (!g_str_has_prefix(text, "{\"v\":1,\"type\":\"root\"")) {
        proving->paths_begun = true;
        take_path(check, data, number, text, size);
        return;
    }
    unsigned before = proving->roots->len;
    take_root(check, data, number, text, size);
    if (proving->roots->len == before)
        return;
    const RootLine *root = g_ptr_array_index(proving->roots, before);
    if (root->kind != ROOT_DAY || proving->paths_begun ||
        !g_hash_table_add(proving->alone, g_memdup2(&root->head.seq, sizeof root->head.seq)))
        package_fault(check, NULL, 0, 0, proving->name,
                      "line %u is no root of a day, or does not stand where it must", number);
}

/* In words, as the page of the server told it on the next day. */
static void note_day(PackageCheck *check, const char *day, const Hash *hash)
{
    g_autofree char *words = spoken_words(hash->bytes, DAY_SPOKEN_BYTES);
    verify_note(check->verify,
                "fingerprint of %s: %s (compare it with what was told elsewhere that day)", day,
                words);
}

static void note_days(PackageCheck *check, const GPtrArray *roots)
{
    for (guint i = 0; i < roots->len; i++) {
        const RootLine *root = g_ptr_array_index(roots, i);
        char day[DAY_TEXT];
        if (root->kind == ROOT_DAY)
            note_day(check, day_text(root->day_us, day), &root->head.seal.hash);
    }
}

/* Of the newest root that is no day's: the day before it was made. */
static void note_day_before(PackageCheck *check, const GPtrArray *roots)
{
    const RootLine *newest = roots->len ? g_ptr_array_index(roots, roots->len - 1) : NULL;
    if (newest && newest->kind != ROOT_DAY && !hash_is_zero(&newest->before))
        note_day(check, "the newest day before", &newest->before);
}

static void check_added(PackageCheck *check, GHashTable *seals)
{
    g_autoptr(GPtrArray) roots = g_ptr_array_new_with_free_func(root_free);
    g_autoptr(GHashTable) alone = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    Proving proving = {.name = PACKAGE_DAYS, .roots = roots, .seals = seals, .alone = alone};
    package_each_line(check, PACKAGE_DAYS, take_added, &proving);
    if (g_hash_table_size(alone) > 0)
        package_fault(check, NULL, 0, 0, PACKAGE_DAYS,
                      "has a root that nothing of this package is under");
    unsigned days = 0, all = 0;
    for (size_t i = 0; i < check->seals->len; i++) {
        const PackageSeal *seal = &g_array_index(check->seals, PackageSeal, i);
        all += seal->has_footage;
        days += seal->has_footage && seal->day;
    }
    verify_note(check->verify,
                PACKAGE_DAYS " was added after the signing: %u of %u files of footage are under "
                             "the root of a day",
                days, all);
    note_days(check, roots);
}

void package_check_roots(PackageCheck *check)
{
    g_autoptr(GPtrArray) roots = g_ptr_array_new_with_free_func(root_free);
    g_autoptr(GHashTable) seals = index_seals(check);
    Proving in_roots = {.name = PACKAGE_ROOTS, .roots = roots};
    Proving in_paths = {.name = PACKAGE_PATHS, .roots = roots, .seals = seals};
    package_each_line(check, PACKAGE_ROOTS, take_root, &in_roots);
    package_each_line(check, PACKAGE_PATHS, take_path, &in_paths);
    note_days(check, roots);
    note_day_before(check, roots);
    if (package_entry(check, PACKAGE_DAYS))
        check_added(check, seals);
    for (size_t i = 0; i < check->seals->len; i++) {
        const PackageSeal *seal = &g_array_index(check->seals, PackageSeal, i);
        char camera[UUID_TEXT];
        if (seal->has_footage && !seal->rooted)
            verify_note(check->verify,
                        "camera %s, line %" G_GINT64_FORMAT
                        ": its seal is signed, but under no root in this package",
                        uuid_text(&g_array_index(check->facts.cameras, Uuid, seal->camera), camera),
                        seal->seq);
    }
}

/* Whether a line is about a camera of the package, about what a household gave, or about the
 * package itself. */
static bool is_ours(const PackageCheck *check, const char *text)
{
    char id[UUID_TEXT];
    if (strstr(text, uuid_text(&check->manifest.id, id)))
        return true;
    for (unsigned i = 0; i < check->facts.cameras->len; i++)
        if (strstr(text, uuid_text(&g_array_index(check->facts.cameras, Uuid, i), id)))
            return true;
    return package_given_is_about(check, text);
}

typedef struct Custody {
    int64_t seq;
    int key_index;
} Custody;

static void take_custody(PackageCheck *check, void *data, unsigned number, const char *text,
                         size_t size)
{
    Custody *custody = data;
    LineHead head;
    if (!line_read_head(text, size, &head) || strcmp(head.type, "audit") != 0 ||
        !is_ours(check, text)) {
        package_fault(check, NULL, 0, 0, PACKAGE_CUSTODY,
                      "line %u is no line of the audit log about these cameras", number);
        return;
    }
    int key_index = package_signature(check, &head, text, NULL, 0, 0, PACKAGE_CUSTODY, number);
    bool follows = head.seq > custody->seq && head.seq <= check->manifest.audit_seq &&
                   (key_index < 0 || key_index >= custody->key_index) &&
                   (head.seq < check->manifest.audit_seq ||
                    hash_equal(&head.seal.hash, &check->manifest.audit_head));
    if (!follows)
        package_fault(check, NULL, 0, 0, PACKAGE_CUSTODY,
                      "line %u does not stand where the log has it", number);
    custody->seq = MAX(custody->seq, head.seq);
    custody->key_index = MAX(custody->key_index, key_index);
    check->verify->report->lines++;
}

void package_check_custody(PackageCheck *check)
{
    Custody custody = {0};
    package_each_line(check, PACKAGE_CUSTODY, take_custody, &custody);
}

static void compare(PackageCheck *check, const char *name, const char *told, size_t size,
                    const GString *found)
{
    if (size != found->len || memcmp(told, found->str, size) != 0)
        package_fault(check, NULL, 0, 0, name, "does not tell what the seals and the footage tell");
}

/* Of each camera the moments, as this format has them. */
static bool has_clocks(const PackageCheck *check, const PackageTime *time)
{
    if (check->manifest.format < PACKAGE_FORMAT_CLOCKS)
        return !time->clocks;
    return time->clocks && time->clocks->len == check->facts.cameras->len * PACKAGE_MOMENTS;
}

static void check_time(PackageCheck *check)
{
    size_t size;
    g_auto(PackageTime) told = {0};
    g_autofree char *text = package_read(check, PACKAGE_TIME, &size);
    if (!text)
        return;
    package_time_read(text, size, &told);
    if (!has_clocks(check, &told)) {
        package_fault(check, NULL, 0, 0, PACKAGE_TIME,
                      "does not tell the clock of each camera as its format has it");
        return;
    }
    g_autoptr(GString) found = package_time(&check->facts, &told);
    compare(check, PACKAGE_TIME, text, size, found);
    if (told.at_us != check->manifest.at_us)
        package_fault(check, NULL, 0, 0, PACKAGE_TIME,
                      "tells another time of its making than the manifest");
    if (told.clocks && !package_clocks_plausible(told.clocks, told.at_us))
        package_fault(check, NULL, 0, 0, PACKAGE_TIME,
                      "tells readings of a camera's clock that cannot be");
}

void package_check_facts(PackageCheck *check)
{
    size_t size;
    g_autofree char *continuity = package_read(check, PACKAGE_CONTINUITY, &size);
    g_autoptr(GString) found = package_continuity(&check->facts);
    if (continuity)
        compare(check, PACKAGE_CONTINUITY, continuity, size, found);
    check_time(check);
}
