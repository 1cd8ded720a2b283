#include "casework/statement.h"

static void gather(Statement *statement)
{
    const EvidenceOrder *order = statement->order;
    unsigned most = STATEMENT_PICTURES_MOST / MAX((unsigned)order->camera_count, 1);
    most = CLAMP(most, 1, STATEMENT_PICTURES_A_CAMERA);
    for (unsigned i = 0; i < order->camera_count; i++) {
        StatementCamera camera = {0};
        statement_camera_read(statement, i, &camera);
        camera.pictures = statement_pictures(statement->plan, i, most, camera.masks);
        g_array_append_val(statement->cameras, camera);
    }
}

/* Both languages are drawn twice: how many pages there are is known behind the last one. */
static GByteArray *draw(const Statement *statement, unsigned total, unsigned *count, GError **error)
{
    char id[UUID_TEXT];
    g_autofree char *foot =
        g_strdup_printf("Gói chứng cứ / Evidence package %s", uuid_text(&statement->order->id, id));
    PagesRules rules = {.title = foot,
                        .author = statement->order->site,
                        .made_us = statement->order->at_us,
                        .foot = foot,
                        .page_word = "Trang / Page",
                        .total = total};
    g_autoptr(Pages) pages = pages_new(&rules);
    StatementText text = {.statement = statement, .pages = pages, .vietnamese = true};
    statement_body(&text);
    page_break(pages);
    statement_annexes(statement, pages);
    page_break(pages);
    text.vietnamese = false;
    statement_body(&text);
    *count = pages_count(pages);
    return pages_end(pages, error);
}

GByteArray *statement_make(const EvidenceOrder *order, const EvidencePlan *plan,
                           const StatementFacts *facts, GError **error)
{
    g_autoptr(GString) sums = package_sums(facts->files);
    g_autoptr(GArray) cameras = g_array_new(FALSE, TRUE, sizeof(StatementCamera));
    g_autoptr(GArray) gaps = package_gaps(&plan->facts);
    g_autoptr(GTimeZone) named = g_time_zone_new_identifier(order->zone);
    g_autoptr(GTimeZone) zone = named ? g_time_zone_ref(named) : g_time_zone_new_utc();
    g_array_set_clear_func(cameras, statement_camera_clear);
    Statement statement = {.order = order,
                           .plan = plan,
                           .cameras = cameras,
                           .gaps = gaps,
                           .seal_lines = plan->lines->len,
                           .custody_lines = facts->custody_lines,
                           .unproven = facts->unproven,
                           .node = facts->node,
                           .list = hash_of(sums->str, sums->len),
                           .zone = zone};
    gather(&statement);
    unsigned count;
    g_autoptr(GByteArray) counted = draw(&statement, 0, &count, error);
    return counted ? draw(&statement, count, &count, error) : NULL;
}
