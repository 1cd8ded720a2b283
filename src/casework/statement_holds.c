/* What of a statement tells why the footage was still there: holds that keep it. */
#include "casework/statement.h"

#include <string.h>

static const char *kind_word(const char *kind, bool vietnamese)
{
    static const struct {
        const char *kind, *vietnamese, *english;
    } words[] = {{"case", "cho vụ việc", "for the case"},
                 {"package", "để lập gói này hoặc gói khác", "for this or another package"},
                 {"report", "tạm giữ theo tin báo", "provisionally, for a report"},
                 {"report-resident", "tạm giữ theo tin báo của người dân",
                  "provisionally, for a resident's report"}};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i].kind, kind) == 0)
            return vietnamese ? words[i].vietnamese : words[i].english;
    return kind;
}

static void hold_row(const StatementText *text, const PackageHold *hold, GPtrArray *rows)
{
    const bool vi = text->vietnamese;
    const PackagePerson *people = (const PackagePerson *)(const void *)hold->people->data;
    g_autofree char *since = statement_clock(text->statement, hold->since_us, vi);
    g_autofree char *until = hold->until_us
                                 ? statement_clock(text->statement, hold->until_us, vi)
                                 : g_strdup(vi ? "đến khi có lệnh bỏ giữ" : "it is released");
    g_autofree char *asked = hold->people->len > 0
                                 ? statement_part(text, &people[0])
                                 : g_strdup(vi ? "máy chủ tự giữ" : "the server, by itself");
    g_autofree char *approved = statement_part(text, hold->people->len > 1 ? &people[1] : NULL);
    statement_row(rows,
                  (const char *[]){kind_word(hold->kind, vi), since, until, asked, approved, NULL});
}

void statement_holds(const StatementText *text)
{
    const EvidenceOrder *order = text->statement->order;
    const bool vi = text->vietnamese;
    g_autoptr(GPtrArray) rows = statement_rows_new();
    if (order->hold_count == 0)
        return;
    for (size_t i = 0; i < order->hold_count; i++)
        hold_row(text, &order->holds[i].hold, rows);
    statement_para(text,
                   "Hình này đang được giữ, không bị xóa khi hết hạn lưu. Lệnh giữ nằm trong "
                   "proofs/holds.jsonl, có chữ ký:",
                   "This footage is on hold: it is not deleted when its days are over. The holds "
                   "stand in proofs/holds.jsonl, signed:");
    const PageColumn columns[] = {
        {vi ? "Giữ hình" : "Hold", 0.2, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Từ lúc" : "Since", 0.19, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Đến" : "Until", 0.19, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Người yêu cầu" : "Asked by", 0.21, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Người phê duyệt" : "Approved by", 0.21, PAGE_LEFT, PAGE_SMALL}};
    page_table(text->pages, columns, G_N_ELEMENTS(columns), rows);
}
