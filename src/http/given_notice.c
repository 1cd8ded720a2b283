#include "http/given_notice.h"

#include "people/audit.h"

/* By the server itself. What is deleted never comes back: its line is on disk before it goes. */
void given_notice_tell(void *data, const HouseholdFileRow *row, const char *case_number)
{
    char id[UUID_TEXT];
    const ApiContext *api = data;
    const AuditEntry entry = {.action = "household-file-expire",
                              .object = uuid_text(&row->id, id),
                              .reason = case_number,
                              .result = "ok"};
    audit_append(api->audit, &entry);
    audit_flush(api->audit, NULL); /* a disk that takes none is told by the log itself */
}
