/* What keeps footage of a package from being deleted: what the manifest says of it, and whether the
 * ledger's lines, which go along, say the same. */
#include "archive/package_check.h"

#include <string.h>

void package_hold_clear(void *data)
{
    PackageHold *hold = data;
    g_clear_pointer(&hold->people, g_array_unref);
}

/* ---- in the manifest ---- */

void package_holds_put(GString *line, const GArray *holds)
{
    line_put_name(line, "holds");
    g_string_append_c(line, '[');
    for (size_t i = 0; i < holds->len; i++) {
        const PackageHold *hold = &g_array_index(holds, PackageHold, i);
        char id[UUID_TEXT];
        g_string_append_printf(line, "%s[\"%s\",", i > 0 ? "," : "", uuid_text(&hold->id, id));
        line_add_text(line, hold->kind);
        g_string_append_printf(line, ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",", hold->since_us,
                               hold->until_us);
        package_people_put(line, hold->people);
        g_string_append_c(line, ']');
    }
    g_string_append_c(line, ']');
}

static void read_hold(LineReader *reader, GArray *holds)
{
    PackageHold hold = {.people = g_array_new(FALSE, TRUE, sizeof(PackagePerson))};
    g_array_set_clear_func(hold.people, package_person_clear);
    line_read_array(reader, NULL);
    line_read_next(reader);
    hold.id = line_read_uuid(reader, NULL);
    line_read_next(reader);
    line_read_chars(reader, NULL, hold.kind, sizeof hold.kind);
    line_read_next(reader);
    hold.since_us = line_read_int(reader, NULL);
    line_read_next(reader);
    hold.until_us = line_read_int(reader, NULL);
    line_read_next(reader);
    package_people_read(reader, NULL, hold.people);
    line_read_close(reader);
    g_array_append_val(holds, hold);
}

void package_holds_read(LineReader *reader, GArray *holds)
{
    line_read_array(reader, "holds");
    while (line_read_item(reader)) {
        if (holds->len == PACKAGE_HOLDS_MOST)
            reader->failed = true;
        else
            read_hold(reader, holds);
    }
}

/* ---- lines of the ledger ---- */

bool package_hold_line_read(const char *text, size_t size, PackageHoldLine *line)
{
    LineReader reader = line_reader(text, size);
    *line = (PackageHoldLine){0};
    line_read_start(&reader, "hold");
    line->seq = line_read_int(&reader, "seq");
    line->utc_us = line_read_int(&reader, "utc");
    line->id = line_read_uuid(&reader, "id");
    line->camera = line_read_uuid(&reader, "camera");
    line->from_us = line_read_int(&reader, "from_us");
    line->to_us = line_read_int(&reader, "to_us");
    if (line_next_is(&reader, "until_us"))
        line->until_us = line_read_int(&reader, "until_us");
    line_read_chars(&reader, "basis", line->kind, sizeof line->kind);
    line->object = line_read_uuid(&reader, "object");
    line_read_hash(&reader, "prev");
    return !reader.failed;
}

/* ---- checking ---- */

typedef struct Holding {
    int64_t seq; /* of the line before */
    bool seen[PACKAGE_HOLDS_MOST];
} Holding;

static bool is_of_footage(const PackageCheck *check, const PackageHoldLine *line)
{
    const PackageManifest *manifest = &check->manifest;
    bool known = false;
    for (size_t i = 0; i < manifest->cameras->len; i++)
        known |= uuid_equal(&g_array_index(manifest->cameras, Uuid, i), &line->camera);
    return known && line->from_us < manifest->to_us && line->to_us > manifest->from_us;
}

/* The hold's place in the manifest when both say the same of it, else -1. It is as old as its first
 * line. */
static int told_at(const PackageCheck *check, const Holding *holding, const PackageHoldLine *line)
{
    const GArray *holds = check->manifest.holds;
    for (guint i = 0; i < holds->len; i++) {
        const PackageHold *hold = &g_array_index(holds, PackageHold, i);
        if (uuid_equal(&hold->id, &line->id))
            return strcmp(hold->kind, line->kind) == 0 && hold->until_us == line->until_us &&
                           (holding->seen[i] || hold->since_us == line->utc_us)
                       ? (int)i
                       : -1;
    }
    return -1;
}

static void fault(PackageCheck *check, const char *name)
{
    package_fault(check, NULL, 0, 0, name,
                  "tells of holds otherwise than the ledger, or what cannot be");
}

static void take_line(PackageCheck *check, void *data, unsigned number, const char *text,
                      size_t size)
{
    Holding *holding = data;
    PackageHoldLine line;
    LineHead head;
    if (!line_read_head(text, size, &head) || !package_hold_line_read(text, size, &line)) {
        package_fault(check, NULL, 0, 0, PACKAGE_HOLDS, "line %u cannot be read", number);
        return;
    }
    package_signature(check, &head, text, NULL, 0, 0, PACKAGE_HOLDS, number);
    check->verify->report->lines++;
    int at = told_at(check, holding, &line);
    if (at < 0 || line.seq <= holding->seq || !is_of_footage(check, &line))
        fault(check, PACKAGE_HOLDS);
    else
        holding->seen[at] = true;
    holding->seq = MAX(holding->seq, line.seq);
}

/* It stood when the package was made, and nobody approved what was their own. */
static bool is_plausible(const PackageManifest *manifest, const PackageHold *hold)
{
    const GArray *people = hold->people;
    for (guint i = 0; i < people->len; i++) {
        static const char *const parts[] = {"asked", "approved"};
        const PackagePerson *person = &g_array_index(people, PackagePerson, i);
        if (i >= G_N_ELEMENTS(parts) || strcmp(person->part, parts[i]) != 0 ||
            (i > 0 && uuid_equal(&person->id, &g_array_index(people, PackagePerson, 0).id)))
            return false;
    }
    return hold->until_us == 0 || hold->until_us > manifest->at_us;
}

void package_check_holds(PackageCheck *check)
{
    Holding holding = {0};
    const GArray *holds = check->manifest.holds;
    if (holds->len == 0)
        return;
    package_each_line(check, PACKAGE_HOLDS, take_line, &holding);
    for (guint i = 0; i < holds->len; i++)
        if (!holding.seen[i] ||
            !is_plausible(&check->manifest, &g_array_index(holds, PackageHold, i)))
            fault(check, PACKAGE_MANIFEST);
}
