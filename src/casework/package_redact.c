#include "casework/package_redact.h"

#include "archive/clip.h"
#include "casework/copy.h"
#include "casework/copy_where.h"
#include "picture/burner.h"

#include <string.h>
#include <unistd.h>

typedef struct Run {
    PackageDesk *desk;
    const PackageRow *row;
    const char *who;
    PackageRedactProgress progress;
    void *data;
    unsigned at, count;
} Run;

static bool tell(void *data, double done, int64_t bytes)
{
    const Run *run = data;
    (void)bytes;
    return run->progress(run->data, (run->at + done) / run->count);
}

static bool write_copy(Run *run, ClipPlan *plan, const Redaction *redaction, MaskSet *masks,
                       const char *path, GError **error)
{
    Site *site = run->desk->site;
    char number[PACKAGE_NUMBER_TEXT];
    g_autoptr(CameraRow) camera = site_camera_known(site, &redaction->camera);
    g_autofree char *where = camera ? copy_where(site, camera) : g_strdup("");
    g_autofree char *language = site_language(site), *name = site_time_zone(site);
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(name);
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autofree char *reason = g_strconcat("case ", run->row->case_number, NULL);
    const CopyAsked asked = {.plan = plan,
                             .path = path,
                             .id = run->row->id,
                             .number = package_number(run->row, number),
                             .camera = redaction->camera,
                             .from_us = redaction->from_us,
                             .to_us = redaction->to_us,
                             .where = where,
                             .who = run->who,
                             .reason = reason,
                             .zone = zone ? zone : utc,
                             .vietnamese = strcmp(language, "en") != 0,
                             .masks = masks,
                             .redaction = redaction};
    return copy_write(&asked, tell, run, error);
}

static bool make_one(Run *run, const Redaction *redaction, PackageRedacted *made, GError **error)
{
    char id[UUID_TEXT];
    char *path = g_strdup_printf("%s/%s.redacted-%u.mp4", run->desk->folder,
                                 uuid_text(&run->row->id, id), run->at + 1);
    g_ptr_array_add(made->paths, path);
    g_autoptr(GArray) segments =
        archive_segments(run->desk->archive, &redaction->camera, STREAM_MAIN,
                         redaction->from_us - CLIP_LEAD_US, redaction->to_us, error);
    g_autoptr(CameraRow) camera = site_camera_known(run->desk->site, &redaction->camera);
    const PlaceLens lens = camera ? camera_lens(camera) : (PlaceLens){0};
    g_autoptr(ClipPlan) plan =
        segments ? clip_plan_segments(segments, redaction->from_us, redaction->to_us,
                                      redaction->sound, &lens, error)
                 : NULL;
    if (!plan)
        return false;
    g_autoptr(MaskSet) masks =
        masks_over(run->desk->masks, &redaction->camera, redaction->from_us, redaction->to_us);
    g_ptr_array_add(made->processing, copy_processing(redaction, masks, clip_has_audio(plan)));
    return write_copy(run, plan, redaction, masks, path, error);
}

bool package_redact(PackageDesk *desk, const PackageRow *row, const char *who,
                    PackageRedactProgress progress, void *data, PackageRedacted *made,
                    GError **error)
{
    made->paths = g_ptr_array_new_with_free_func(g_free);
    made->processing = g_ptr_array_new_with_free_func(g_free);
    made->redactions = redactions_parse(row->redactions, strlen(row->redactions));
    if (!made->redactions)
        return err_set(error, ERR_CORRUPT, "what is to be redacted cannot be read");
    Run run = {desk, row, who, progress, data, 0, made->redactions->len};
    for (; run.at < run.count; run.at++)
        if (!make_one(&run, made->redactions->pdata[run.at], made, error))
            return false;
    return true;
}

void package_redacted_clear(PackageRedacted *made)
{
    for (guint i = 0; made->paths && i < made->paths->len; i++)
        unlink(made->paths->pdata[i]);
    g_clear_pointer(&made->redactions, g_ptr_array_unref);
    g_clear_pointer(&made->paths, g_ptr_array_unref);
    g_clear_pointer(&made->processing, g_ptr_array_unref);
}

EvidenceWorking *package_redacted_order(const PackageRedacted *made)
{
    EvidenceWorking *working = g_new0(EvidenceWorking, made->redactions->len);
    for (guint i = 0; i < made->redactions->len; i++)
        working[i] = (EvidenceWorking){.redaction = made->redactions->pdata[i],
                                       .path = made->paths->pdata[i],
                                       .processing = made->processing->pdata[i],
                                       .encoder = burner_encoder()};
    return working;
}
