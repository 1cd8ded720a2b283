#include "notify/receivers.h"

bool receivers_may_know(People *people, Site *site, const Uuid *account, const Event *event,
                        Account *facts)
{
    if (!people_account(people, account, facts) || facts->disabled)
        return false;
    Identity who = {.role = facts->role, .account = facts->id};
    g_strlcpy(who.village, facts->village, sizeof who.village);
    if (uuid_is_nil(&event->camera))
        return rights_allow_everywhere(who.role, ACTION_CONFIGURE);
    g_autoptr(CameraRow) camera = site_camera_known(site, &event->camera);
    return camera && rights_allow_camera(&who, ACTION_LIVE, site, camera);
}

GArray *receivers_on_duty(const GArray *now, People *people, Site *site, const Event *event)
{
    Account facts;
    GArray *on_duty = g_array_new(FALSE, FALSE, sizeof(Uuid));
    for (guint i = 0; i < now->len; i++) {
        const Uuid *account = &g_array_index(now, Uuid, i);
        if (receivers_may_know(people, site, account, event, &facts))
            g_array_append_vals(on_duty, account, 1);
    }
    return on_duty;
}
