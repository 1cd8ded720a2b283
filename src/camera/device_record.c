#include "camera/device_record.h"

#include "base/clock.h"
#include "base/log.h"
#include "catalog/camera_devices.h"

enum { FIRMWARE_MOST = 100 }; /* characters: a device may tell anything */

typedef struct Note {
    Uuid camera;
    CameraDevice device;
} Note;

static bool put(CatalogDb *db, void *data, GError **error)
{
    const Note *note = data;
    return camera_devices_put(db, &note->camera, &note->device, error);
}

static void put_done(void *data, const GError *error)
{
    char id[UUID_TEXT];
    Note *note = data;
    if (error)
        log_warning("camera.record", "camera=%s cause=\"%s\"", uuid_text(&note->camera, id),
                    error->message);
    camera_device_clear(&note->device);
    g_free(note);
}

/* In one line and of no length that a page could not bear. */
static char *firmware_text(const char *told)
{
    g_autofree char *valid = g_utf8_make_valid(told, -1);
    char *text = g_utf8_substring(valid, 0, MIN(FIRMWARE_MOST, g_utf8_strlen(valid, -1)));
    for (char *at = text; *at; at = g_utf8_next_char(at))
        if (g_ascii_iscntrl(*at))
            *at = ' ';
    return g_strstrip(text);
}

void device_record_keep(void *catalog, const Uuid *camera, const OnvifDeviceSeen *seen)
{
    Note *note = g_new0(Note, 1);
    note->camera = *camera;
    note->device.firmware = firmware_text(seen->firmware);
    if (seen->has_clock)
        note->device.clock =
            (CameraClock){clock_now_us(), seen->clock_offset_us, seen->clock_doubt_us};
    catalog_write(catalog, put, note, put_done);
}
