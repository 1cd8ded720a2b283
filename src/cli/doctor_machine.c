#include "cli/doctor_machine.h"

#include "archive/known_volumes.h"
#include "archive/rebuild.h"
#include "archive/volume.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/time_text.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

/* The trial file; less than this a second is too slow for 32 cameras; room that is little. */
enum { TRIAL_BYTES = 4 << 20, SLOW_MB_S = 16, CERT_SOON_DAYS = 30, SITE_MOST_BYTES = 64 << 20 };
#define LITTLE_BYTES (INT64_C(1) << 30)
#define SLOW_SYNC_US (2 * SECOND_US)

void doctor_clock(DoctorReport *report)
{
    int64_t offset_us = clock_ntp_offset_us();
    if (offset_us == CLOCK_NTP_UNKNOWN)
        doctor_tell(report, DOCTOR_WARNING, "clock",
                    "not synchronised by NTP: times of footage may be wrong; set up a time server "
                    "(timedatectl set-ntp true, or chrony)");
    else
        doctor_tell(report, DOCTOR_OK, "clock", "synchronised by NTP");
}

/* ---- rights ---- */

static bool tell_secret(DoctorReport *report, const char *path)
{
    struct stat facts;
    if (lstat(path, &facts) < 0 || !(facts.st_mode & 077) || g_str_has_suffix(path, "/ca.pem"))
        return true;
    doctor_tell(report, DOCTOR_PROBLEM, "rights",
                "%s can be read by others: close it with ‘chmod go-rwx %s’", path, path);
    return false;
}

void doctor_rights(DoctorReport *report, const DataFolder *folder)
{
    bool well = tell_secret(report, folder->keys) && tell_secret(report, folder->catalog) &&
                tell_secret(report, folder->site);
    g_autoptr(GPtrArray) names = folder_names(folder->keys);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder->keys, names->pdata[i], NULL);
        if (g_str_has_suffix(path, ".key"))
            well = tell_secret(report, path) && well;
    }
    if (access(folder->path, R_OK | W_OK | X_OK) < 0) {
        doctor_tell(report, DOCTOR_PROBLEM, "rights",
                    "%s cannot be written by this user: run this, and the server, as the user that "
                    "owns it",
                    folder->path);
        well = false;
    }
    if (well)
        doctor_tell(report, DOCTOR_OK, "rights", "keys and accounts are closed to others");
}

/* ---- disks ---- */

/* Writes and syncs a file that is gone afterwards. Returns how long it took, or -1. */
static int64_t try_disk(const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, ".doctor-XXXXXX", NULL);
    g_autofree char *bytes = g_malloc(TRIAL_BYTES);
    memset(bytes, 0x5a, TRIAL_BYTES);
    fd_auto int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0) {
        err_errno(error, errno, "cannot write into %s", folder);
        return -1;
    }
    unlink(path);
    int64_t begin_us = clock_mono_us();
    if (!fd_write_all(fd, bytes, TRIAL_BYTES, error))
        return -1;
    if (fsync(fd) < 0) {
        err_errno(error, errno, "cannot sync in %s", folder);
        return -1;
    }
    return MAX(clock_mono_us() - begin_us, 1);
}

static void tell_speed(DoctorReport *report, const char *folder)
{
    g_autoptr(GError) error = NULL;
    int64_t took_us = try_disk(folder, &error);
    if (took_us < 0) {
        doctor_tell(report, DOCTOR_PROBLEM, "disk", "%s", error->message);
        return;
    }
    double mb_s = (double)TRIAL_BYTES / (double)took_us;
    bool slow = mb_s < SLOW_MB_S || took_us > SLOW_SYNC_US;
    doctor_tell(report, slow ? DOCTOR_WARNING : DOCTOR_OK, "disk",
                "%s takes %.0f MB/s (4 MiB written and synced in %.0f ms)%s", folder, mb_s,
                (double)took_us / 1000,
                slow ? ": slow; is the disk failing, full of other work, or on a network?" : "");
}

static void tell_room(DoctorReport *report, const char *folder, const char *lack, const char *days)
{
    struct statvfs facts;
    if (statvfs(folder, &facts) < 0) {
        doctor_tell(report, DOCTOR_PROBLEM, "room",
                    "%s cannot be looked at: %s; is its disk there?", folder, g_strerror(errno));
        return;
    }
    int64_t free_bytes = (int64_t)(facts.f_bavail * facts.f_frsize);
    int64_t all_bytes = (int64_t)(facts.f_blocks * facts.f_frsize);
    g_autofree char *room = g_format_size_full((guint64)free_bytes, G_FORMAT_SIZE_IEC_UNITS);
    g_autofree char *all = g_format_size_full((guint64)all_bytes, G_FORMAT_SIZE_IEC_UNITS);
    bool little = free_bytes < LITTLE_BYTES;
    doctor_tell(report, little ? DOCTOR_WARNING : DOCTOR_OK, "room", "%s has %s of %s free%s%s",
                folder, room, all, days, little ? lack : "");
}

static int64_t free_room(const char *folder)
{
    struct statvfs facts;
    return statvfs(folder, &facts) < 0 ? 0 : (int64_t)(facts.f_bavail * facts.f_frsize);
}

/* An empty folder below a disk that is not mounted has room and is quick: neither is told. */
static bool is_mounted(DoctorReport *report, const DataFolder *folder, const char *place)
{
    g_autofree char *mark = g_build_filename(place, "volume.json", NULL);
    g_autoptr(GError) error = NULL;
    bool known;
    if (access(mark, F_OK) == 0)
        return true;
    if (!archive_knows_volume(folder->path, place, &known, &error))
        doctor_tell(report, DOCTOR_PROBLEM, "disk", "nothing is written to %s: %s", place,
                    error->message);
    else if (known)
        doctor_tell(report, DOCTOR_PROBLEM, "disk",
                    "%s is empty, but holds a volume of this node: nothing is written there; mount "
                    "its disk, or, if that is gone for good, stop the server and take its line out "
                    "of %s/volumes.json",
                    place, folder->path);
    else
        doctor_tell(report, DOCTOR_WARNING, "disk",
                    "%s is not in use yet: mount its disk, if it has one, and restart the server",
                    place);
    return false;
}

/* As site.json says, which outlives the catalog; nil: it does not. */
static Uuid node_of(const DataFolder *folder)
{
    Uuid node = {0};
    size_t size = 0;
    const char *text = NULL;
    g_autofree char *data = file_read(folder->site, SITE_MOST_BYTES, &size, NULL);
    g_autoptr(Json) site = data ? json_parse(data, size, NULL) : NULL;
    if (site && json_get_text(site, "node", &text, NULL) && text)
        uuid_parse(text, &node);
    return node;
}

/* The server writes to no other's disk, nor to one that was not here before. */
static bool is_ours(DoctorReport *report, const DataFolder *folder, const char *place)
{
    Uuid volume, owner, node = node_of(folder), known = {0};
    g_autoptr(GError) error = NULL;
    if (!volume_read_ids(place, &volume, &owner, &error)) {
        doctor_tell(report, DOCTOR_PROBLEM, "disk", "nothing is written to %s: %s", place,
                    error->message);
        return false;
    }
    known_volume_find(folder->path, place, &known, NULL); /* the server tells a damaged list */
    bool foreign = !uuid_is_nil(&node) && !uuid_equal(&owner, &node);
    bool other = !uuid_is_nil(&known) && !uuid_equal(&known, &volume);
    if (foreign)
        doctor_tell(report, DOCTOR_PROBLEM, "disk",
                    "%s holds a volume of another node, and nothing is written to it: mount this "
                    "node's own disk there, or name another folder as storage.footage in the "
                    "configuration",
                    place);
    else if (other)
        doctor_tell(report, DOCTOR_PROBLEM, "disk",
                    "%s holds another volume of this node than the one used so far, and nothing is "
                    "written to it: are two disks mounted the wrong way round?",
                    place);
    return !foreign && !other;
}

static void tell_volume(DoctorReport *report, const char *place, int64_t bytes_a_day)
{
    g_autofree char *days =
        bytes_a_day > 0 ? g_strdup_printf(", enough for %.1f days at the present rate before "
                                          "retention must delete",
                                          (double)free_room(place) / (double)bytes_a_day)
                        : g_strdup("");
    tell_room(report, place, ": little; is retention set, does something else fill the disk?",
              days);
    tell_speed(report, place);
}

static bool same_disk(const char *one, const char *other)
{
    struct stat first, second;
    return stat(one, &first) == 0 && stat(other, &second) == 0 && first.st_dev == second.st_dev;
}

void doctor_disks(DoctorReport *report, const DataFolder *folder, const Config *config,
                  int64_t bytes_a_day)
{
    bool data_is_told = false;
    unsigned count = config ? config->storage.footage_count : 0;
    for (unsigned i = 0; i < MAX(count, 1); i++) {
        const char *place = count ? config->storage.footage[i] : folder->footage;
        if (!is_mounted(report, folder, place) || !is_ours(report, folder, place))
            continue;
        tell_volume(report, place, bytes_a_day);
        data_is_told |= same_disk(folder->path, place);
    }
    if (!data_is_told)
        tell_room(report, folder->path,
                  ": little; when it is full no event, account or camera can be saved", "");
}

/* ---- the certificate ---- */

/* When the first certificate of the file ends. */
static bool certificate_end(const char *file, int64_t *end_us, GError **error)
{
    FILE *stream = fopen(file, "re");
    if (!stream)
        return err_errno(error, errno, "cannot read %s", file);
    X509 *certificate = PEM_read_X509(stream, NULL, NULL, NULL);
    struct tm end = {0};
    bool read = certificate && ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) == 1;
    X509_free(certificate);
    fclose(stream);
    if (!read)
        return err_set(error, ERR_INVALID, "%s is no certificate in PEM", file);
    *end_us = (int64_t)timegm(&end) * SECOND_US;
    return true;
}

static void tell_end(DoctorReport *report, const char *file, bool given)
{
    int64_t end_us = 0;
    char day[DAY_TEXT];
    g_autoptr(GError) error = NULL;
    if (!certificate_end(file, &end_us, &error)) {
        doctor_tell(report, DOCTOR_PROBLEM, "certificate", "%s", error->message);
        return;
    }
    int64_t left = (end_us - clock_wall_us()) / DAY_US;
    bool over = end_us <= clock_wall_us(), soon = left < CERT_SOON_DAYS;
    DoctorLevel level = over ? DOCTOR_PROBLEM : given && soon ? DOCTOR_WARNING : DOCTOR_OK;
    doctor_tell(report, level, "certificate", "%s, %s until %s%s",
                given ? "given" : "of our own authority, renewed by the server",
                over ? "valid only" : "valid", day_text(end_us, day),
                level == DOCTOR_OK ? ""
                : given            ? ": put a new one in its place"
                                   : ": start the server, which makes a new one");
}

void doctor_certificate(DoctorReport *report, const DataFolder *folder, const Config *config)
{
    g_autofree char *own = g_build_filename(folder->keys, "tls.pem", NULL);
    g_autofree char *taken = g_build_filename(folder->keys, "site-tls.pem", NULL);
    if (config && config->server.no_tls)
        doctor_tell(report, DOCTOR_OK, "certificate", "none: a proxy ends TLS");
    else if (config && config->server.tls_cert)
        tell_end(report, config->server.tls_cert, true);
    else if (access(taken, F_OK) == 0)
        tell_end(report, taken, true);
    else if (access(own, F_OK) == 0)
        tell_end(report, own, false);
    else
        doctor_tell(report, DOCTOR_OK, "certificate", "none yet: made at the first start with TLS");
}
