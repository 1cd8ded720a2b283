/* event_json.h — an event as the API and the live socket tell it. */
#pragma once

#include "base/json.h"
#include "catalog/events.h"

Json *event_json(const EventRow *row); /* returned owned */
