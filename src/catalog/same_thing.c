#include "catalog/same_thing.h"

void same_thing_bind_states(Query *query, const char *const *states)
{
    enum { STATES = 4 };
    unsigned known = 0;
    for (unsigned i = 0; i < STATES; i++) {
        query_text(query, states[known] ? states[known] : "");
        known += states[known] != NULL;
    }
}
