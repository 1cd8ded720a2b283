/* The body of a statement, in one language: the three questions of a court, and signatures. */
#include "casework/statement.h"

#include <inttypes.h>
#include <string.h>

/* ---- 3: how made and kept ---- */

static char *node_clock(const StatementCamera *camera, bool vi)
{
    g_autofree char *least = statement_offset(camera->ntp_least_us, vi);
    g_autofree char *most = statement_offset(camera->ntp_most_us, vi);
    if (camera->files == 0)
        return g_strdup("–");
    if (!camera->ntp_known)
        return g_strdup(vi ? "không biết" : "not known");
    return g_strconcat(least, strcmp(least, most) ? " … " : NULL, most, NULL);
}

static char *clock_note(const StatementCamera *camera, bool vi)
{
    if (camera->files == 0)
        return g_strdup("–");
    g_autofree char *forward = g_strdup_printf(
        vi ? "bị chỉnh tới %u lần" : "was set forward %u times", camera->clock_steps);
    g_autofree char *back =
        g_strdup_printf(vi ? "có %u lúc hai lượt hình trùng giờ: bị chỉnh lùi, hoặc hình tới muộn"
                           : "times overlap %u times: it was set back, or pictures came late",
                        camera->overlaps);
    if (camera->clock_steps > 0 && camera->overlaps > 0)
        return g_strdup_printf("%s; %s", forward, back);
    if (camera->clock_steps > 0 || camera->overlaps > 0)
        return g_strdup(camera->clock_steps > 0 ? forward : back);
    if (camera->ntp_known && camera->ntp_unknown)
        return g_strdup(vi ? "có lúc không biết" : "not known for some of it");
    return g_strdup(vi ? "không thấy bị chỉnh" : "not seen to be set");
}

static void clocks(const StatementText *text)
{
    const bool vi = text->vietnamese;
    g_autoptr(GPtrArray) rows = statement_rows_new();
    for (unsigned i = 0; i < text->statement->cameras->len; i++) {
        const StatementCamera *camera =
            &g_array_index(text->statement->cameras, StatementCamera, i);
        g_autofree char *number = g_strdup_printf("%u", i + 1);
        g_autofree char *node = node_clock(camera, vi), *note = clock_note(camera, vi);
        g_autofree char *own = statement_camera_clocks(camera, vi);
        statement_row(rows,
                      (const char *[]){number, statement_name(camera), node, note, own, NULL});
    }
    const PageColumn columns[] = {
        {vi ? "Số" : "No.", 0.07, PAGE_CENTRE, PAGE_SMALL},
        {"Camera", 0.29, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Đồng hồ máy chủ lệch giờ chuẩn" : "Server's clock minus NTP", 0.22, PAGE_LEFT,
         PAGE_SMALL},
        {vi ? "trong lúc ghi" : "while recording", 0.2, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Đồng hồ camera lệch máy chủ" : "Camera's clock minus server's", 0.22, PAGE_LEFT,
         PAGE_SMALL}};
    page_table(text->pages, columns, G_N_ELEMENTS(columns), rows);
}

static void made_and_kept(const StatementText *text)
{
    statement_heading(text, "3. Dữ liệu được tạo ra và lưu giữ thế nào",
                      "3. How the data was made and kept");
    statement_para(
        text,
        "Camera gửi hình qua mạng tới máy chủ. Máy chủ ghi hình đúng như nhận được, không nén lại, "
        "không vẽ thêm, thành từng đoạn khoảng một giây, vào ổ đĩa của mình. Thư mục media/ của "
        "gói "
        "này chứa đúng các đoạn đó, từng byte một, bắt đầu từ hình khóa gần nhất trước thời điểm "
        "được yêu cầu. Thư mục media/01 là camera số 1.",
        "Cameras send their pictures to the server over the network. The server writes them as "
        "they "
        "come, without coding them anew and without drawing on them, in fragments of about a "
        "second, to its own disk. The folder media/ of this package holds just these fragments, "
        "byte for byte, from the key picture before the asked start. media/01 is camera 1.");
    statement_para(
        text,
        "Giờ của hình là giờ của máy chủ lúc hình tới. Thời gian từ ống kính tới máy chủ không đo "
        "được và không được trừ đi. Giờ chuẩn là giờ NTP theo hệ điều hành của máy chủ. Đồng hồ "
        "riêng của camera chỉ đọc được đến giây, vài giờ một lần: số dưới đây là lần đọc gần nhất "
        "lúc đầu, lúc cuối khoảng thời gian và lúc lập gói (time.json ghi đọc lúc nào); giờ in sẵn "
        "trên hình (nếu có) là theo đồng hồ đó.",
        "The time of a picture is the server's time when it came. The way from the lens to the "
        "server is not measured, and not taken off. NTP is what the server's operating system says "
        "of it. A camera's own clock is read to a second only, every few hours: below are the "
        "readings nearest to the start and the end of the span and to the making (time.json says "
        "when each was); a time printed in the picture, if there is one, comes from that clock.");
    clocks(text);
}

/* ---- 4: integrity ---- */

/* 16 groups of four digits become two lines of eight: so they are read out. Returns the second. */
static const char *halve(char *groups)
{
    char *middle = groups + strlen(groups) / 2; /* a blank, for the halves are alike */
    *middle = '\0';
    return middle + 1;
}

static void list_hash(const StatementText *text)
{
    const Statement *statement = text->statement;
    const bool vi = text->vietnamese;
    char id[UUID_TEXT], hex[SHA256_HEX], key[FINGERPRINT_TEXT];
    hex_encode(statement->list.bytes, SHA256_BYTES, hex);
    uuid_text(&statement->order->id, id);
    public_key_fingerprint(node_key_public(statement->order->key), key);
    g_autofree char *hash = statement_groups(&statement->list);
    g_autofree char *code = g_strdup_printf("vonglau evidence %s\nsha256 %s", id, hex);
    const char *hash_end = halve(hash), *key_end = halve(key);
    const PageLine lines[] = {
        {PAGE_STRONG, vi ? "Mã băm SHA-256 của danh sách tệp" : "SHA-256 of the list of files"},
        {PAGE_DIGITS, hash},
        {PAGE_DIGITS, hash_end},
        {PAGE_STRONG, vi ? "Dấu vân tay khóa của máy chủ" : "Fingerprint of the server's key"},
        {PAGE_DIGITS, key},
        {PAGE_DIGITS, key_end},
        {0}};
    page_code(text->pages, code, lines);
    statement_para(text,
                   "Danh sách tệp là SHA256SUMS bỏ dòng report.pdf. Bản in này giữ mã băm ở ngoài "
                   "gói: nếu một tệp bị đổi, mã tính lại sẽ khác. Tự tính lại bằng lệnh:",
                   "The list of files is SHA256SUMS without the line of report.pdf. On paper, this "
                   "hash is kept outside the package: when a file is changed, it comes out "
                   "differently. To work it out:");
    page_text(text->pages, PAGE_DIGITS, PAGE_LEFT, "grep -v ' report.pdf$' SHA256SUMS | sha256sum");
}

static void sealed(const StatementText *text)
{
    const Statement *statement = text->statement;
    const bool vi = text->vietnamese;
    g_autofree char *lines =
        vi ? g_strdup_printf(
                 "Gói có %u dòng niêm phong (proofs/) và %u dòng nhật ký về việc xem, sao "
                 "chép, thay đổi liên quan đến hình này (custody.jsonl).",
                 statement->seal_lines, statement->custody_lines)
           : g_strdup_printf(
                 "The package has %u lines of seals (proofs/), and %u lines of the log of "
                 "who looked at this footage, copied it or changed its camera "
                 "(custody.jsonl).",
                 statement->seal_lines, statement->custody_lines);
    g_autofree char *unproven =
        vi ? g_strdup_printf("Có %u gốc chung không chứng minh được, vì thiếu dòng của camera khác "
                             "hoặc thiếu ổ đĩa; niêm phong của từng camera vẫn nguyên.",
                             statement->unproven)
           : g_strdup_printf("%u roots over all cameras cannot be proven, for lines of others or a "
                             "disk are missing; the seals of these cameras hold all the same.",
                             statement->unproven);
    statement_para(
        text,
        "Ngay khi ghi, máy chủ băm từng đoạn (SHA-256), gộp mã băm của mỗi tệp thành một cây, ký "
        "bằng "
        "khóa riêng (Ed25519) và nối vào dòng niêm phong trước đó. Bớt, thêm, đổi hay tráo một "
        "đoạn đều "
        "làm niêm phong không còn khớp. Khi lập gói, máy chủ ký thêm bản kê manifest.json, trong "
        "đó có mã "
        "băm của mọi tệp, kể cả bản xác nhận này.",
        "As it records, the server hashes each fragment (SHA-256), joins the hashes of a file to a "
        "tree, signs that with its own key (Ed25519) and chains it to the seal before. A fragment "
        "that is taken out, added, changed or swapped breaks the seal. When the package was made, "
        "the "
        "server signed manifest.json too, with the hash of every file, this statement included.");
    page_text(text->pages, PAGE_PLAIN, PAGE_LEFT, lines);
    if (statement->unproven > 0)
        page_text(text->pages, PAGE_PLAIN, PAGE_LEFT, unproven);
}

static void integrity(const StatementText *text)
{
    statement_heading(text, "4. Tính toàn vẹn được bảo đảm thế nào",
                      "4. How its integrity was kept");
    sealed(text);
    list_hash(text);
    statement_para(
        text,
        "Kiểm tra gói bằng trang verify.html, bằng lệnh vonglau verify, hoặc theo VERIFY.md với "
        "sha256sum và openssl. Việc đó chứng minh: hình không đổi từ khi tới máy chủ, theo người "
        "giữ "
        "khóa; không đoạn nào bị bớt mà không khai.",
        "The package is checked by the page verify.html, by vonglau verify, or by VERIFY.md with "
        "sha256sum and openssl. That proves: the pictures are unchanged since they reached the "
        "server, by the holder of its key; nothing was left out without being told.");
    statement_para(
        text,
        "Không chứng minh: đoạn đường từ ống kính tới máy chủ; và khóa là của ai. Dấu vân tay khóa "
        "phải lấy từ nơi khác (máy chủ, công an xã), không phải từ bản này.",
        "It does not prove: the way from the lens to the server; nor whose key it is. The key's "
        "fingerprint has to come from elsewhere (the server, the police), not from this paper.");
}

/* ---- 5: who ---- */

/* "Dahua IPC-HFW1230 (2.800.1)" */
static char *made_by(const StatementCamera *camera)
{
    g_autofree char *firmware =
        camera->firmware ? g_strdup_printf("(%s)", camera->firmware) : g_strdup("");
    const char *parts[] = {camera->make, camera->model, firmware};
    g_autoptr(GString) made = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        if (parts[i] && *parts[i])
            g_string_append_printf(made, "%s%s", made->len > 0 ? " " : "", parts[i]);
    return g_string_free(g_steal_pointer(&made), FALSE);
}

static void origin_row(const StatementText *text, unsigned index, GPtrArray *rows)
{
    const StatementCamera *camera =
        &g_array_index(text->statement->cameras, StatementCamera, index);
    const bool vi = text->vietnamese;
    const char *unknown = vi ? "không biết" : "not known";
    g_autofree char *number = g_strdup_printf("%u", index + 1);
    g_autofree char *make = made_by(camera), *picture = statement_coded(text->statement, index, vi);
    const char *owner = camera->owner ? camera->owner : unknown;
    if (strcmp(owner, "commune") == 0)
        owner = vi ? "xã" : "commune";
    else if (camera->owner)
        owner = vi ? "hộ gia đình" : "household";
    statement_row(
        rows, (const char *[]){number, statement_name(camera), owner, *make ? make : unknown,
                               camera->serial ? camera->serial : unknown,
                               camera->certificate ? camera->certificate : unknown, picture, NULL});
}

static void origin(const StatementText *text)
{
    const Statement *statement = text->statement;
    const bool vi = text->vietnamese;
    char node[UUID_TEXT];
    uuid_text(&statement->node, node);
    statement_heading(text, "5. Ai tạo ra dữ liệu", "5. Who originated it");
    g_autofree char *server =
        vi ? g_strdup_printf(
                 "Hình do các camera dưới đây tạo ra, do máy chủ %s của %s ghi và ký, phần "
                 "mềm vonglau %s.",
                 node, statement->order->site, VONGLAU_VERSION)
           : g_strdup_printf(
                 "The pictures come from the cameras below, and were recorded and signed by "
                 "server %s of %s, program vonglau %s.",
                 node, statement->order->site, VONGLAU_VERSION);
    page_text(text->pages, PAGE_PLAIN, PAGE_LEFT, server);
    g_autoptr(GPtrArray) rows = statement_rows_new();
    for (unsigned i = 0; i < statement->cameras->len; i++)
        origin_row(text, i, rows);
    const PageColumn columns[] = {
        {vi ? "Số" : "No.", 0.07, PAGE_CENTRE, PAGE_SMALL},
        {"Camera", 0.23, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Của" : "Owner", 0.11, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Hãng, kiểu (phần mềm)" : "Make, model (firmware)", 0.16, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Số máy" : "Serial number", 0.13, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Chứng nhận" : "Certificate", 0.13, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Hình" : "Pictures", 0.17, PAGE_LEFT, PAGE_SMALL}};
    page_table(text->pages, columns, G_N_ELEMENTS(columns), rows);
}

/* The name of who had this part stands below the room for the signature, where it is known. */
static void sign_column(const StatementText *text, PageLine lines[5], const char *title,
                        const char *hint, const char *part)
{
    const PackagePerson *person = part ? statement_person(text->statement, part) : NULL;
    lines[0] = (PageLine){PAGE_STRONG, title};
    lines[1] = (PageLine){PAGE_SMALL, hint};
    lines[2] = (PageLine){PAGE_SPACE, ""};
    lines[3] = (PageLine){PAGE_PLAIN, person ? person->name : NULL};
    lines[4] = (PageLine){PAGE_PLAIN, NULL};
}

void statement_signatures(const StatementText *text)
{
    PageLine receiver[5], maker[5], approver[5];
    const PageLine *const columns[] = {receiver, maker, approver};
    static const double shares[] = {0.33, 0.34, 0.33};
    sign_column(text, receiver, "NGƯỜI NHẬN", "(Ký, ghi rõ họ tên, cơ quan)", NULL);
    sign_column(text, maker, "NGƯỜI TRÍCH XUẤT", "(Ký, ghi rõ họ tên, chức vụ)", "asked");
    sign_column(text, approver, "NGƯỜI PHÊ DUYỆT", "(Ký, ghi rõ họ tên, đóng dấu)", "approved");
    page_gap(text->pages, 10);
    page_columns(text->pages, columns, shares, 3);
}

void statement_body(const StatementText *text)
{
    statement_front(text);
    made_and_kept(text);
    integrity(text);
    origin(text);
    if (text->vietnamese)
        statement_signatures(text);
}
