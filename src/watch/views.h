/* views.h — camera health of all cameras under the eye: told as events with a picture, references
 * kept in DATA/views (docs/design/view-file.md).
 */
#pragma once

#include "camera/cameras.h"
#include "camera/onvif_devices.h"
#include "event/event.h"
#include "watch/eye.h"
#include "watch/view_health.h"

typedef struct Views Views;

typedef struct ViewsSource {
    const char *folder; /* DATA/views; made when the first reference is kept */
    Cameras *cameras;
    OnvifDevices *devices; /* tells which cameras can turn by themselves */
    Events *events;
    bool off; /* no camera is judged */
} ViewsSource;

/* Borrows all. Returns owned; free it after the eye. */
Views *views_new(const ViewsSource *source);
void views_free(Views *views); /* NULL is allowed */

/* For eye_add_analyser(). */
EyeAnalyser views_analyser(Views *views);

/* Bits 1 << ViewVerdict of what stands now. Any thread. */
unsigned views_standing(Views *views, const Uuid *camera);
const char *view_verdict_text(ViewVerdict verdict); /* as the kind of event: "out-of-focus" */

/* The view is right as it is with the next picture: that becomes the reference. False when no
 * picture of the camera is being looked at. Any thread. */
bool views_accept(Views *views, const Uuid *camera);

/* The camera is there, and judged unless `off`: what stands of it ends then, its reference stays.
 * Any thread. */
void views_set(Views *views, const Uuid *camera, bool off);

/* The camera is moved on purpose. Any thread; quick. */
void views_steered(Views *views, const Uuid *camera);

/* The camera is gone: what stands of it ends, and its reference is deleted. Any thread. */
void views_forget(Views *views, const Uuid *camera);
/* The latter alone, where no server runs; there may be none. */
void views_delete_reference(const char *folder, const Uuid *camera);
