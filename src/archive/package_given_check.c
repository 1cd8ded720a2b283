/* What households gave, as a package has it: each file against what had arrived, and against what
 * its household was asked and agreed to. No second of it has a verdict: nobody saw it recorded. */
#include "archive/package_check.h"

#include <string.h>

/* Ids of the audit log's lines that are about it. */
bool package_given_is_about(const PackageCheck *check, const char *line)
{
    const GArray *given = check->manifest.given;
    for (guint i = 0; i < given->len; i++) {
        const PackageGiven *one = &g_array_index(given, PackageGiven, i);
        const Uuid *const ids[] = {&one->file, &one->answer, &one->request};
        for (size_t j = 0; j < G_N_ELEMENTS(ids); j++) {
            char id[UUID_TEXT];
            if (strstr(line, uuid_text(ids[j], id)))
                return true;
        }
    }
    return false;
}

void package_given_names(const PackageCheck *check, GHashTable *names)
{
    const GArray *given = check->manifest.given;
    for (guint i = 0; i < given->len; i++) {
        char consent[ZIP_NAME_TEXT];
        const PackageGiven *one = &g_array_index(given, PackageGiven, i);
        package_consent_name(one->household, consent);
        g_hash_table_add(names, g_strdup(one->name));
        g_hash_table_add(names, g_strdup(consent));
    }
}

/* The nth of its household: whether it is where it must be, once, with the bytes that arrived. */
static bool check_file(PackageCheck *check, guint index, unsigned n)
{
    char name[ZIP_NAME_TEXT];
    const GArray *given = check->manifest.given;
    const PackageGiven *one = &g_array_index(given, PackageGiven, index);
    const PackageFile *file = package_file_find(check->manifest.files, one->name);
    bool stands = package_given_name(one->household, n, one->type, name) &&
                  strcmp(name, one->name) == 0 && file;
    for (guint i = 0; i < index; i++) {
        const PackageGiven *other = &g_array_index(given, PackageGiven, i);
        stands = stands && !uuid_equal(&other->file, &one->file) &&
                 (other->household == one->household || !uuid_equal(&other->answer, &one->answer));
    }
    if (!stands) {
        package_fault(check, NULL, 0, 0, one->name,
                      "is no file of a household as a package of this format has them");
        return false;
    }
    if (!hash_equal(&file->hash, &one->hash)) {
        package_fault(check, NULL, 0, 0, one->name,
                      "is not what the household gave: another SHA-256 was taken when it arrived");
        return false;
    }
    return true;
}

/* The consent of the household whose files are [first, behind) tells of just these. */
static bool consents(const PackageCheck *check, const PackageConsent *consent, guint first,
                     guint behind)
{
    const GArray *given = check->manifest.given;
    const PackageGiven *own = &g_array_index(given, PackageGiven, first);
    bool same = consent->household == own->household &&
                uuid_equal(&consent->answer, &own->answer) &&
                strcmp(consent->case_number, check->manifest.case_number) == 0 &&
                consent->files->len == behind - first;
    for (guint i = first; same && i < behind; i++) {
        const PackageGiven *one = &g_array_index(given, PackageGiven, i);
        const PackageConsentFile *told =
            &g_array_index(consent->files, PackageConsentFile, i - first);
        const PackageFile *file = package_file_find(check->manifest.files, one->name);
        same = strcmp(told->given.name, one->name) == 0 &&
               strcmp(told->given.type, one->type) == 0 &&
               uuid_equal(&told->given.file, &one->file) &&
               uuid_equal(&consent->request, &one->request) &&
               hash_equal(&told->given.hash, &one->hash) && told->given.given_us == one->given_us &&
               file && told->bytes == file->bytes;
    }
    return same;
}

static void check_consent(PackageCheck *check, guint first, guint behind)
{
    size_t size;
    PackageConsent consent;
    char name[ZIP_NAME_TEXT];
    package_consent_name(g_array_index(check->manifest.given, PackageGiven, first).household, name);
    g_autofree char *text = package_read(check, name, &size);
    package_consent_init(&consent);
    if (text &&
        (!package_consent_read(text, size, &consent) || !consents(check, &consent, first, behind)))
        package_fault(check, NULL, 0, 0, name,
                      "does not tell of what this package has of the household");
    package_consent_clear(&consent);
}

static void note(PackageCheck *check, const PackageGiven *one)
{
    verify_note(check->verify,
                "%s: given by household %02u, not recorded by this server; as it arrived, its "
                "device's clock not checked, no verdict a second",
                one->name, one->household);
}

void package_check_given(PackageCheck *check)
{
    const GArray *given = check->manifest.given;
    for (guint first = 0, behind; first < given->len; first = behind) {
        unsigned household = g_array_index(given, PackageGiven, first).household;
        for (behind = first; behind < given->len &&
                             g_array_index(given, PackageGiven, behind).household == household;
             behind++)
            if (check_file(check, behind, behind - first + 1))
                note(check, &g_array_index(given, PackageGiven, behind));
        check_consent(check, first, behind);
    }
}
