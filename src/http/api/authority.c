/* authority.c — the certificate of our own authority, for phones to install. */
#include "http/api/handlers.h"

#include "base/file.h"

enum { CERTIFICATE_MOST = 64 << 10 };

bool authority_get(ApiCall *call, GError **error)
{
    size_t size;
    if (!call->api->ca_file)
        return err_set(error, ERR_NOT_FOUND, "this server has no certificate authority of its own");
    g_autofree char *text = file_read(call->api->ca_file, CERTIFICATE_MOST, &size, error);
    if (!text)
        return false;
    call->response->status = 200;
    call->response->type = "application/x-x509-ca-cert";
    call->response->bytes = buffer_copy(text, size);
    call_header(call, "content-disposition", g_strdup("attachment; filename=\"vonglau-ca.crt\""));
    return true;
}
