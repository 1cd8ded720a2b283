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

GArray *receivers_on_duty(Duty *duty, People *people, Site *site, const Event *event)
{
    Account facts;
    GArray *on_duty = duty_now(duty);
    for (guint i = on_duty->len; i-- > 0;)
        if (!receivers_may_know(people, site, &g_array_index(on_duty, Uuid, i), event, &facts))
            g_array_remove_index(on_duty, i);
    return on_duty;
}

bool receivers_have(const GArray *receivers, const Uuid *account)
{
    for (guint i = 0; i < receivers->len; i++)
        if (uuid_equal(&g_array_index(receivers, Uuid, i), account))
            return true;
    return false;
}
