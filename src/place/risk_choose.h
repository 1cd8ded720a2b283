/* risk_choose.h — private to place/: where one more camera would see most of what none sees. */
#pragma once

#include "place/risk.h"
#include "place/risk_ground.h"

/* Greedy: the best place and heading, then the best for what is left, and so on. `points`
 * (RiskPoint) become seen by what is chosen; `proposals` (RiskProposal) grow by it. */
void risk_choose(const RiskGround *ground, const RiskQuestion *question, GArray *points,
                 GArray *proposals);
