/* risk.h — where things happen that no camera sees well enough, and where one more camera would see
 * most of them. Pure.
 *
 * A camera sees what lies in its field of view and so near that its picture of a person there has
 * the pixels a metre that were asked for (EN 62676-4:2015 §6.7), by lens, height and width of the
 * picture. Hills, houses, trees and the night are not known: what comes out is where to go and
 * look.
 */
#pragma once

#include "place/place.h"

#include <glib.h>

enum {
    RISK_PROPOSALS_MOST = 10,
    RISK_WORTH = 2, /* incidents that a camera has to see to be proposed */
    RISK_CELL_M = 50,
    RISK_FAR_M = 30000,
};

/* A camera as it stands. */
typedef struct RiskView {
    PlaceAim aim;    /* `reach_m`: no further than this, whatever its picture has */
    double width_px; /* of its picture; 0: not known */
    double height_m; /* of its lens; 0: not known */
} RiskView;

/* How far along the ground its picture of a person is good for `least`; as far as it reaches when
 * its picture is not known, or no flat one. */
double risk_reach_m(const RiskView *view, PlaceDetail least);

typedef struct RiskQuestion {
    const PlacePoint *incidents;
    size_t incident_count;
    const RiskView *views;
    size_t view_count;
    PlaceDetail least;  /* what a picture has to be good for */
    RiskView next;      /* what one more camera would be like; its place and heading are chosen */
    unsigned proposals; /* so many at most, up to RISK_PROPOSALS_MOST */
} RiskQuestion;

/* Incidents that are side by side: of one square of RISK_CELL_M. */
typedef struct RiskSpot {
    PlacePoint at;      /* the middle of them */
    unsigned incidents; /* all of them */
    unsigned unseen;    /* of these */
} RiskSpot;

typedef struct RiskProposal {
    PlacePoint at;
    double heading_deg;
    unsigned sees; /* incidents that neither a camera nor a proposal before it sees */
} RiskProposal;

typedef struct RiskMap {
    unsigned incidents; /* without those that are far */
    unsigned unseen;    /* of these */
    unsigned far;       /* further than RISK_FAR_M from the middle one: a slip, as a rule */
    GArray *spots;      /* RiskSpot, those with most unseen first */
    GArray *proposals;  /* RiskProposal, in the order they were chosen, which is by use */
} RiskMap;

/* Fills `map`, cleared by the caller. Each proposal is the best of all places of a grid and sixteen
 * headings, given those before it. */
void risk_map(const RiskQuestion *question, RiskMap *map);

void risk_map_clear(RiskMap *map);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RiskMap, risk_map_clear)
