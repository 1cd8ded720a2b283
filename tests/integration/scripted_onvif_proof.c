#include "scripted_onvif_proof.h"

#include "scripted_onvif.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum { SLACK_S = 30 };

char *scripted_between(const char *text, const char *tag)
{
    const char *at = strstr(text, tag);
    at = at ? strchr(at, '>') : NULL;
    return at ? g_strndup(at + 1, strcspn(at + 1, "<")) : g_strdup("");
}

bool scripted_token_holds(const char *request, int64_t clock_s)
{
    g_autofree char *user = scripted_between(request, "<wsse:Username>");
    g_autofree char *told = scripted_between(request, "<wsse:Password");
    g_autofree char *nonce = scripted_between(request, "<wsse:Nonce");
    g_autofree char *created = scripted_between(request, "<wsu:Created");
    gsize size = 0, told_size = 20;
    g_autofree guchar *bytes = g_base64_decode(nonce, &size);
    guint8 digest[20];
    g_autoptr(GChecksum) sha1 = g_checksum_new(G_CHECKSUM_SHA1);
    g_checksum_update(sha1, bytes, (gssize)size);
    g_checksum_update(sha1, (const guchar *)created, -1);
    g_checksum_update(sha1, (const guchar *)ONVIF_PASSWORD, -1);
    g_checksum_get_digest(sha1, digest, &told_size);
    g_autofree char *right = g_base64_encode(digest, sizeof digest);
    g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(created, NULL);
    return strcmp(user, "admin") == 0 && strcmp(told, right) == 0 && when &&
           llabs(g_date_time_to_unix(when) - clock_s) <= SLACK_S;
}

static char *md5(const char *text)
{
    return g_compute_checksum_for_string(G_CHECKSUM_MD5, text, -1);
}

static char *parameter(const char *line, const char *name)
{
    g_autofree char *key = g_strconcat(name, "=\"", NULL);
    const char *at = strstr(line, key);
    return at ? g_strndup(at + strlen(key), strcspn(at + strlen(key), "\"")) : g_strdup("");
}

bool scripted_digest_holds(const char *request)
{
    const char *line = strstr(request, "Authorization: Digest");
    if (!line)
        return false;
    g_autofree char *uri = parameter(line, "uri");
    g_autofree char *told = parameter(line, "response");
    g_autofree char *nonce = parameter(line, "nonce");
    g_autofree char *a1 = md5("admin:device:" ONVIF_PASSWORD);
    g_autofree char *method = g_strconcat("POST:", uri, NULL);
    g_autofree char *a2 = md5(method);
    g_autofree char *all = g_strjoin(":", a1, nonce, a2, NULL);
    g_autofree char *right = md5(all);
    return strcmp(told, right) == 0 && strcmp(nonce, "once") == 0;
}
