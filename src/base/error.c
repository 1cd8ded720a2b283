#include "base/error.h"

#include <errno.h>

G_DEFINE_QUARK(vonglau - error, err)

static ErrCode code_of_errno(int saved_errno)
{
    switch (saved_errno) {
    case ENOSPC:
    case EDQUOT:
        return ERR_FULL;
    case EACCES:
    case EPERM:
    case EROFS:
        return ERR_DENIED;
    case ENOENT:
        return ERR_NOT_FOUND;
    case EEXIST:
        return ERR_EXISTS;
    case ETIMEDOUT:
        return ERR_TIMEOUT;
    default:
        return ERR_IO;
    }
}

bool err_errno(GError **error, int saved_errno, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, ERR, (int)code_of_errno(saved_errno), "%s: %s", what,
                g_strerror(saved_errno));
    return false;
}

bool err_set(GError **error, ErrCode code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, ERR, (int)code, what);
    return false;
}
