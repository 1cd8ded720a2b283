#include "auth.h"

#include <string.h>

#define SIM_TYPE_AUTH (sim_auth_get_type())
G_DECLARE_FINAL_TYPE(SimAuth, sim_auth, SIM, AUTH, GstRTSPAuth)

struct _SimAuth {
    GstRTSPAuth parent;
    GPtrArray *cameras;  /* borrowed */
    GHashTable *keepers; /* camera name -> GstRTSPAuth; cameras without a password have none */
    AuthAdmit admit;
};

G_DEFINE_TYPE(SimAuth, sim_auth, GST_TYPE_RTSP_AUTH)

/* "/cam07/main/stream=0" -> cam07 */
static Camera *camera_of_path(const SimAuth *auth, const char *path)
{
    if (!path || path[0] != '/')
        return NULL;
    g_autofree char *name = g_strndup(path + 1, strcspn(path + 1, "/"));
    return camera_find(auth->cameras, name);
}

static bool has_password(GstRTSPAuth *keeper, GstRTSPContext *context)
{
    GST_RTSP_AUTH_GET_CLASS(keeper)->authenticate(keeper, context);
    if (context->token)
        return true;
    gst_rtsp_message_init_response(context->response, GST_RTSP_STS_UNAUTHORIZED,
                                   gst_rtsp_status_as_text(GST_RTSP_STS_UNAUTHORIZED),
                                   context->request);
    GST_RTSP_AUTH_GET_CLASS(keeper)->generate_authenticate_header(keeper, context);
    gst_rtsp_client_send_message(context->client, context->session, context->response);
    return false;
}

static gboolean sim_auth_check(GstRTSPAuth *parent, GstRTSPContext *context, const char *check)
{
    SimAuth *auth = SIM_AUTH(parent);
    if (strcmp(check, GST_RTSP_AUTH_CHECK_URL) != 0)
        return strcmp(check, GST_RTSP_AUTH_CHECK_TRANSPORT_CLIENT_SETTINGS) != 0;
    Camera *camera = context->uri ? camera_of_path(auth, context->uri->abspath) : NULL;
    if (!auth->admit(context, camera))
        return FALSE;
    GstRTSPAuth *keeper = camera ? g_hash_table_lookup(auth->keepers, camera->name) : NULL;
    return !keeper || context->method == GST_RTSP_OPTIONS || has_password(keeper, context);
}

static void sim_auth_finalize(GObject *object)
{
    g_hash_table_unref(SIM_AUTH(object)->keepers);
    G_OBJECT_CLASS(sim_auth_parent_class)->finalize(object);
}

static void sim_auth_class_init(SimAuthClass *class)
{
    GST_RTSP_AUTH_CLASS(class)->check = sim_auth_check;
    G_OBJECT_CLASS(class)->finalize = sim_auth_finalize;
}

static void sim_auth_init(SimAuth *auth)
{
    auth->keepers = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_object_unref);
}

static GstRTSPAuth *keeper_new(const Camera *camera)
{
    GstRTSPAuth *keeper = gst_rtsp_auth_new();
    GstRTSPToken *token =
        gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, camera->user, NULL);
    g_autofree char *realm = g_strdup_printf("IPC-%s", camera->name);
    gst_rtsp_auth_set_realm(keeper, realm);
    if (camera->auth == CAMERA_DIGEST) {
        gst_rtsp_auth_set_supported_methods(keeper, GST_RTSP_AUTH_DIGEST);
        gst_rtsp_auth_add_digest(keeper, camera->user, camera->password, token);
    } else {
        g_autofree char *basic = gst_rtsp_auth_make_basic(camera->user, camera->password);
        gst_rtsp_auth_set_supported_methods(keeper, GST_RTSP_AUTH_BASIC);
        gst_rtsp_auth_add_basic(keeper, basic, token);
    }
    gst_rtsp_token_unref(token);
    return keeper;
}

GstRTSPAuth *auth_new(GPtrArray *cameras, AuthAdmit admit)
{
    SimAuth *auth = g_object_new(SIM_TYPE_AUTH, NULL);
    auth->cameras = cameras;
    auth->admit = admit;
    for (guint i = 0; i < cameras->len; i++) {
        Camera *camera = g_ptr_array_index(cameras, i);
        if (camera->auth != CAMERA_OPEN)
            g_hash_table_insert(auth->keepers, camera->name, keeper_new(camera));
    }
    return GST_RTSP_AUTH(auth);
}
