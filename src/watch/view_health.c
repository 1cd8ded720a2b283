#include "watch/view_health.h"

#include "base/clock.h"
#include "watch/view_frozen.h"
#include "watch/view_judge.h"

#include <string.h>

static const int64_t LOOK_US = SECOND_US * 9 / 10, SMOOTH_US = 4 * SECOND_US,
                     LEARN_US = 2 * MINUTE_US, OTHER_LIGHT_US = MINUTE_US, FOLLOW_US = HOUR_US,
                     BREAK_US = 30 * SECOND_US, KEEP_US = HOUR_US, REST_US = 10 * SECOND_US;

/* How long a verdict must hold before it begins, and be gone before it ends. */
static const struct {
    int64_t begin_us, end_us;
} HOLDS[VIEW_VERDICTS] = {
    [VIEW_BLACK] = {10 * SECOND_US, 10 * SECOND_US},
    [VIEW_FROZEN] = {0, 0}, /* view_frozen.c has its own */
    [VIEW_COVERED] = {20 * SECOND_US, 10 * SECOND_US},
    [VIEW_OUT_OF_FOCUS] = {30 * SECOND_US, 30 * SECOND_US},
    [VIEW_MOVED] = {30 * SECOND_US, 10 * SECOND_US},
};

typedef struct Hold {
    bool stands, seen; /* told; in the last look */
    int64_t since_us;  /* of `seen` */
} Hold;

/* A light on its way into the reference. */
typedef struct Learning {
    int looks;        /* 0: nothing is being learnt */
    int64_t since_us; /* of the cause */
    ViewLight light;
} Learning;

struct ViewHealth {
    Hold holds[VIEW_VERDICTS];
    ViewFrozen frozen;
    ViewSketch now; /* `small` and `mean` smoothed over some seconds */
    int64_t at_us;  /* of the last look; 0: none yet */
    int64_t followed_us, kept_us;
    ViewJudge judge;
    int light; /* that fitted last */
    Learning learning;
    bool roams, steered;
    int64_t steered_us; /* last; counts while `steered` */
    ViewReference reference;
    unsigned version;
};

ViewHealth *view_health_new(const ViewReference *reference)
{
    ViewHealth *health = g_new0(ViewHealth, 1);
    if (reference)
        health->reference = *reference;
    return health;
}

void view_health_free(ViewHealth *health)
{
    g_free(health);
}

unsigned view_health_standing(const ViewHealth *health)
{
    unsigned bits = 0;
    for (ViewVerdict verdict = 0; verdict < VIEW_VERDICTS; verdict++)
        if (health->holds[verdict].stands)
            bits |= 1U << verdict;
    return bits;
}

const ViewReference *view_health_reference(const ViewHealth *health, unsigned *version)
{
    *version = health->version;
    return &health->reference;
}

/* Passing traffic and a shaken pole vanish in a mean over some seconds. */
static void smooth(ViewHealth *health, const ViewSketch *sketch, int64_t at_us)
{
    const int64_t passed_us = at_us - health->at_us;
    const int share = (int)(passed_us * VIEW_LEVEL / (passed_us + SMOOTH_US));
    uint16_t *small = health->now.small;
    for (int i = 0; i < VIEW_AREA; i++)
        small[i] = (uint16_t)(small[i] + (sketch->small[i] - small[i]) * share / VIEW_LEVEL);
    memcpy(health->now.range, sketch->range, sizeof sketch->range);
    memcpy(health->now.steepest, sketch->steepest, sizeof sketch->steepest);
    view_sketch_means(small, health->now.mean);
}

static void add_light(ViewHealth *health, const ViewLight *light, int64_t at_us)
{
    health->light = view_reference_add(&health->reference, light);
    health->learning.looks = 0;
    health->judge = (ViewJudge){0};
    health->steered = false;
    health->followed_us = health->kept_us = at_us;
    health->version++;
}

/* One more look at a light that may become part of the reference once it has lasted `learn_us`. */
static void learn(ViewHealth *health, int64_t learn_us)
{
    Learning *learning = &health->learning;
    if (learning->looks == 0) {
        learning->looks = 1;
        learning->since_us = health->at_us;
        view_light_start(&learning->light, &health->now, health->at_us);
        return;
    }
    view_light_follow(&learning->light, &health->now, NULL, ++learning->looks);
    if (health->at_us - learning->since_us < learn_us)
        return;
    learning->light.seen_us = health->at_us;
    view_light_settle(&learning->light);
    const ViewReference alone = {.count = 1, .lights = {learning->light}};
    ViewLook look;
    view_look(&alone, 0, &health->now, &look);
    if (look.structured >= VIEW_LEAST_STRUCTURE && look.kept >= 0.6)
        add_light(health, &learning->light, health->at_us);
    else /* it moved meanwhile, or there was nothing to see */
        learning->looks = 0;
}

/* The reference follows slowly: leaves fall, a wall is painted. */
static void follow(ViewHealth *health, const ViewLook *look)
{
    ViewLight *light = &health->reference.lights[look->light];
    light->seen_us = health->at_us;
    if (look->kept < 0.7 || health->at_us - health->followed_us < MINUTE_US)
        return;
    health->followed_us = health->at_us;
    view_light_follow(light, &health->now, look->fates, (int)(FOLLOW_US / MINUTE_US));
    view_light_settle(light);
    if (health->at_us - health->kept_us < KEEP_US)
        return;
    health->kept_us = health->at_us;
    health->version++;
}

/* After a move: is it over, and at a view that is known? */
static bool came_to_rest(ViewHealth *health, const ViewLook *look)
{
    if (health->at_us - health->steered_us < REST_US) {
        health->learning.looks = 0;
        return false;
    }
    if (!view_judge_fits(look)) {
        learn(health, LEARN_US);
        return false;
    }
    health->steered = false;
    health->learning.looks = 0;
    health->judge = (ViewJudge){0};
    return true;
}

/* Verdicts that need the reference, and what is learnt on the way. */
static void compare(ViewHealth *health, bool seen[VIEW_VERDICTS])
{
    if (health->reference.count == 0) {
        learn(health, LEARN_US);
        return;
    }
    ViewLook look;
    view_look(&health->reference, health->light, &health->now, &look);
    health->light = look.light;
    if (health->steered && !came_to_rest(health, &look))
        return;
    const ViewState state = view_judge(&health->judge, &health->reference, &look, health->at_us);
    if (state == VIEW_IS_ELSEWHERE && health->roams) {
        view_health_steered(health);
        return;
    }
    seen[VIEW_COVERED] = state == VIEW_IS_COVERED;
    seen[VIEW_OUT_OF_FOCUS] = state == VIEW_IS_SOFT;
    seen[VIEW_MOVED] = state == VIEW_IS_ELSEWHERE;
    if (state == VIEW_OTHER_LIGHT)
        learn(health, OTHER_LIGHT_US);
    else
        health->learning.looks = 0;
    if (state == VIEW_FITS)
        follow(health, &look);
}

static bool hold_take(Hold *hold, ViewVerdict verdict, bool seen, int64_t at_us)
{
    if (seen != hold->seen || at_us < hold->since_us)
        *hold = (Hold){.stands = hold->stands, .seen = seen, .since_us = at_us};
    if (seen == hold->stands)
        return false;
    const int64_t needed_us = seen ? HOLDS[verdict].begin_us : HOLDS[verdict].end_us;
    if (at_us - hold->since_us < needed_us)
        return false;
    hold->stands = seen;
    return true;
}

static size_t take_holds(ViewHealth *health, const bool seen[VIEW_VERDICTS],
                         ViewChange changes[VIEW_VERDICTS])
{
    size_t count = 0;
    for (ViewVerdict verdict = 0; verdict < VIEW_VERDICTS; verdict++) {
        Hold *hold = &health->holds[verdict];
        if (!hold_take(hold, verdict, seen[verdict], health->at_us))
            continue;
        const bool froze = verdict == VIEW_FROZEN && hold->stands;
        changes[count++] =
            (ViewChange){verdict, hold->stands, froze ? health->frozen.since_us : hold->since_us};
    }
    return count;
}

/* After a break of the pictures, or a step of the clock, nothing has been seen to hold. */
static void begin_anew(ViewHealth *health, const ViewSketch *sketch, int64_t at_us)
{
    health->now = *sketch;
    health->at_us = health->followed_us = health->kept_us = health->steered_us = at_us;
    health->learning.looks = 0;
    health->judge.searched_us = 0;
    for (ViewVerdict verdict = 0; verdict < VIEW_VERDICTS; verdict++)
        health->holds[verdict].since_us = at_us;
}

size_t view_health_see(ViewHealth *health, const LumaPicture *picture,
                       ViewChange changes[VIEW_VERDICTS])
{
    const int64_t at_us = picture->capture_us, passed_us = at_us - health->at_us;
    health->frozen.keys += picture->key && passed_us >= 0 && passed_us < LOOK_US;
    if (passed_us >= 0 && passed_us < LOOK_US)
        return 0;
    ViewSketch sketch;
    if (!view_sketch_make(picture, &sketch))
        return 0;
    if (passed_us < 0 || passed_us > BREAK_US)
        begin_anew(health, &sketch, at_us);
    else
        smooth(health, &sketch, at_us);
    health->at_us = at_us;
    bool seen[VIEW_VERDICTS] = {false};
    seen[VIEW_FROZEN] = view_frozen_see(&health->frozen, &sketch, at_us, picture->key);
    seen[VIEW_BLACK] = view_is_black(&sketch);
    if (seen[VIEW_BLACK])
        seen[VIEW_FROZEN] = false; /* black without grain is the same picture again and again */
    else
        compare(health, seen);
    return take_holds(health, seen, changes);
}

void view_health_steered(ViewHealth *health)
{
    health->steered = true;
    health->steered_us = health->at_us;
    health->learning.looks = 0;
}

void view_health_roams(ViewHealth *health, bool roams)
{
    health->roams = roams;
}

bool view_health_accept(ViewHealth *health)
{
    if (!health->at_us || view_is_black(&health->now))
        return false;
    ViewLight light;
    view_light_start(&light, &health->now, health->at_us);
    health->reference.count = 0;
    add_light(health, &light, health->at_us);
    return true;
}
