#include "http/api/app_link.h"

#include <string.h>

enum { ADDRESS_MOST = 200 };

char *app_link(const char *app, const char *rest, GError **error)
{
    if ((g_str_has_prefix(app, "https://") || g_str_has_prefix(app, "http://")) &&
        strlen(app) <= ADDRESS_MOST && !strpbrk(app, " #?\"<>"))
        return g_strconcat(app, rest, NULL);
    err_set(error, ERR_INVALID,
            "‘app’ must be the address of the app, such as https://vms.example");
    return NULL;
}
