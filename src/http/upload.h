/* upload.h — the body of a request on its way into a file of its own: asked on the pool whether it
 * may come, then written there as it comes, hashed on the way, never held whole. Who handles the
 * request moves the file away; what nobody took is deleted.
 *
 * Service thread, but for upload_free(). While it is asked or written (upload_is_busy()) the upload
 * must not be freed; `written` tells when that is over.
 */
#pragma once

#include "http/service.h"

#include <stddef.h>

typedef struct Upload Upload;

/* At a time, so that they leave room for the rest, guests leave some to those with an account, and
 * whoever sends from one address some to other guests; what waits for a disk that is slow before
 * the client is paused, and at the most. */
enum {
    UPLOADS_MOST = 8,
    UPLOADS_OF_GUESTS = 6,
    UPLOADS_OF_ADDRESS = 3,
    UPLOAD_PAUSE = 1 << 20,
    UPLOAD_WAITING_MOST = 8 << 20
};

/* May it come? On the pool. */
typedef bool (*UploadAsk)(void *data);

/* Asks at once; what comes meanwhile waits. NULL: there are as many as may be. `guest`: address of
 * who has no account, else NULL. `bytes` are announced; the disk must have room for them. */
Upload *upload_new(Service *service, const char *guest, int64_t bytes, UploadAsk may_come,
                   ServiceCall written, void *data);

/* Its place is another's. Service thread; then, blocking, the pool's: */
void upload_leave(Upload *upload);
void upload_free(Upload *upload); /* NULL is allowed */

/* Copies what has come. False: more waits than may, the disk does not follow. */
bool upload_take(Upload *upload, const void *data, size_t size);
bool upload_is_busy(const Upload *upload);
bool upload_is_refused(const Upload *upload); /* it may not come: nothing of it is written */
bool upload_is_behind(const Upload *upload);  /* more waits than UPLOAD_PAUSE */

/* Is it slower than a weak line? `mono_us`: now. */
bool upload_crawls(const Upload *upload, int64_t mono_us);

/* Ends the file, on disk when it returns. Blocking; the pool's. NULL: it could not be written,
 * which `error` says. Borrowed. */
ApiUpload *upload_end(Upload *upload, GError **error);
