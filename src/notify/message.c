#include "notify/message.h"

static Json *text_or_null(const char *text)
{
    return text && *text ? json_string(text) : json_null();
}

void message_sign(Json *message, Site *site, int64_t at_us)
{
    char node[UUID_TEXT];
    Uuid id = site_node(site);
    g_autofree char *name = site_name(site);
    json_object_set_new(message, "site", json_string(name));
    json_object_set_new(message, "node", json_string(uuid_text(&id, node)));
    json_object_set_new(message, "at", json_time(at_us));
}

static void set_camera(Json *message, Site *site, const Uuid *camera)
{
    char id[UUID_TEXT];
    g_autoptr(CameraRow) row = site_camera_known(site, camera);
    g_autoptr(LocationRow) location = row ? site_location_get(site, &row->location) : NULL;
    json_object_set_new(message, "camera",
                        uuid_is_nil(camera) ? json_null() : json_string(uuid_text(camera, id)));
    json_object_set_new(message, "name", text_or_null(row ? row->name : NULL));
    json_object_set_new(message, "location", text_or_null(location ? location->name : NULL));
    json_object_set_new(message, "village", text_or_null(location ? location->village : NULL));
}

Json *message_of_event(Site *site, const Event *event, int64_t at_us)
{
    char id[UUID_TEXT];
    Json *message = json_object();
    json_object_set_new(message, "kind", json_string(event_kind_text(event->kind)));
    json_object_set_new(message, "state", json_string(event->to_us ? "over" : "begun"));
    json_object_set_new(message, "event", json_string(uuid_text(&event->id, id)));
    set_camera(message, site, &event->camera);
    json_object_set_new(message, "since", json_time(event->from_us));
    json_object_set_new(message, "until", event->to_us ? json_time(event->to_us) : json_null());
    json_object_set_new(message, "cause", text_or_null(event->detail));
    message_sign(message, site, at_us);
    return message;
}

Json *message_of_test(Site *site, int64_t at_us)
{
    Json *message = json_pack("{s:s}", "kind", "test");
    message_sign(message, site, at_us);
    return message;
}
