/* What both languages of a statement share: pictures, the plan, how much a picture can show. */
#include "casework/statement.h"
#include "place/sight.h"

#include <inttypes.h>
#include <math.h>

/* ---- pictures ---- */

/* When it was taken by the server's clock, and what the camera's own showed then. */
static void put_captions(const Statement *statement, unsigned index, unsigned number,
                         char *captions[2])
{
    const StatementCamera *camera = &g_array_index(statement->cameras, StatementCamera, index);
    int64_t at_us = g_array_index(camera->pictures, StatementPicture, number).at_us;
    g_autofree char *server = statement_clock(statement, at_us, true);
    const PackageClock *clock = statement_camera_clock(camera, at_us);
    g_autofree char *own = clock ? statement_clock(statement, at_us + clock->offset_us, true)
                                 : g_strdup("không biết / not known");
    captions[0] =
        g_strdup_printf("Hình %u.%u. Máy chủ / server: %s", index + 1, number + 1, server);
    captions[1] = g_strdup_printf("Camera: %s", own);
}

static void tell_undecoded(const Statement *statement, Pages *pages, unsigned index)
{
    const StatementCamera *camera = &g_array_index(statement->cameras, StatementCamera, index);
    g_autoptr(GString) which = g_string_new(NULL);
    for (unsigned i = 0; i < camera->pictures->len; i++) {
        const StatementPicture *picture = &g_array_index(camera->pictures, StatementPicture, i);
        g_autofree char *at = statement_clock(statement, picture->at_us, true);
        if (!picture->jpeg)
            g_string_append_printf(which, "%s%u.%u (%s)", which->len > 0 ? ", " : "", index + 1,
                                   i + 1, at);
    }
    g_autofree char *text = g_strdup_printf(
        "Không giải mã được để in; bản gốc vẫn ở trong gói. / Could not be decoded for print; the "
        "originals are in the package: %s.",
        which->str);
    if (which->len > 0)
        page_text(pages, PAGE_SMALL, PAGE_LEFT, text);
}

static void camera_pictures(const Statement *statement, Pages *pages, unsigned index)
{
    const StatementCamera *camera = &g_array_index(statement->cameras, StatementCamera, index);
    PagePicture sheet[STATEMENT_PICTURES_A_CAMERA] = {0};
    char *captions[STATEMENT_PICTURES_A_CAMERA][2] = {0};
    unsigned count = 0;
    for (unsigned i = 0; i < MIN(camera->pictures->len, STATEMENT_PICTURES_A_CAMERA); i++) {
        const Buffer *jpeg = g_array_index(camera->pictures, StatementPicture, i).jpeg;
        if (!jpeg)
            continue;
        put_captions(statement, index, i, captions[count]);
        sheet[count] = (PagePicture){jpeg, {captions[count][0], captions[count][1]}};
        count++;
    }
    g_autofree char *name = g_strdup_printf("Camera %u. %s", index + 1, statement_name(camera));
    page_gap(pages, 4);
    page_keep(pages, count > 0 ? 200 : 40);
    page_text(pages, PAGE_STRONG, PAGE_LEFT, name);
    if (camera->pictures->len == 0)
        page_text(pages, PAGE_SMALL, PAGE_LEFT,
                  "Không có hình trong khoảng thời gian này. / No pictures in this span.");
    if (camera->masks && count > 0)
        page_text(pages, PAGE_SMALL, PAGE_LEFT,
                  "Vùng riêng tư đã che trong các hình in ở đây; bản gốc trong media/ không che. / "
                  "Privacy masks cover parts of these prints; the originals in media/ are whole.");
    page_pictures(pages, sheet, count);
    tell_undecoded(statement, pages, index);
    for (unsigned i = 0; i < count; i++) {
        g_free(captions[i][0]);
        g_free(captions[i][1]);
    }
}

static void pictures(const Statement *statement, Pages *pages)
{
    page_heading(pages, "Phụ lục 1. Hình trích / Annex 1. Pictures");
    page_text(
        pages, PAGE_SMALL, PAGE_LEFT,
        "Hình khóa chọn đều trong khoảng thời gian, thu nhỏ và nén lại để in; bản gốc ở media/. "
        "Giờ camera là giờ máy chủ cộng độ lệch ở mục 3.");
    page_text(
        pages, PAGE_SMALL, PAGE_LEFT,
        "Key pictures spread evenly over the footage, made smaller and coded anew for print; the "
        "originals are in media/. The camera's time is the server's plus the offset under 3.");
    for (unsigned i = 0; i < statement->cameras->len; i++)
        camera_pictures(statement, pages, i);
}

/* ---- plan ---- */

/* Metres east and north of the first camera that has a place. */
static void place_on_plan(PlacePoint origin, const StatementCamera *camera, PagePlanCamera *spot)
{
    double distance = place_distance_m(origin, camera->at);
    double bearing = place_bearing_deg(origin, camera->at) * G_PI / 180;
    spot->east_m = distance * sin(bearing);
    spot->north_m = distance * cos(bearing);
    if (camera->aimed) {
        spot->heading_deg = camera->heading_deg;
        spot->fov_deg = camera->fov_deg;
        spot->reach_m = camera->reach_m;
    }
}

static unsigned place_all(const Statement *statement, PagePlanCamera *spots, GString *without)
{
    const StatementCamera *first = NULL;
    unsigned count = 0;
    for (unsigned i = 0; i < statement->cameras->len; i++) {
        const StatementCamera *camera = &g_array_index(statement->cameras, StatementCamera, i);
        if (!camera->placed) {
            g_string_append_printf(without, "%s%u", without->len > 0 ? ", " : "", i + 1);
            continue;
        }
        first = first ? first : camera;
        place_on_plan(first->at, camera, &spots[count]);
        spots[count++].label = g_strdup_printf("%u", i + 1);
    }
    return count;
}

static void plan(const Statement *statement, Pages *pages)
{
    g_autofree PagePlanCamera *spots = g_new0(PagePlanCamera, statement->cameras->len);
    g_autoptr(GString) without = g_string_new(NULL);
    unsigned count = place_all(statement, spots, without);
    page_keep(pages, count > 0 ? 400 : 90);
    page_heading(pages, "Phụ lục 2. Sơ đồ vị trí camera / Annex 2. Where the cameras stand");
    bool to_scale = count == 0 || page_plan(pages, spots, count, "Bắc / N");
    page_text(
        pages, PAGE_SMALL, PAGE_LEFT,
        "Số là số của camera ở mục 2; hình quạt là hướng nhìn theo sổ camera. Sơ đồ không vẽ nhà "
        "cửa, đường sá. / Numbers as under 2; a wedge is where the camera looks by the register. "
        "Houses and roads are not drawn.");
    if (!to_scale)
        page_text(
            pages, PAGE_SMALL, PAGE_LEFT,
            "Có hình quạt không theo tỷ lệ: vẽ dài hay ngắn hơn tầm nhìn thật để xem được. / Some "
            "wedges are not to scale: drawn longer or shorter than the camera reaches, to be "
            "seen.");
    if (without->len > 0) {
        g_autofree char *text = g_strdup_printf("Không có trên sơ đồ, vì không biết vị trí: camera "
                                                "%s. / Not drawn, for its place is not "
                                                "known: camera %s.",
                                                without->str, without->str);
        page_text(pages, PAGE_SMALL, PAGE_LEFT, text);
    }
    for (unsigned i = 0; i < count; i++)
        g_free((char *)spots[i].label);
}

/* ---- how much a picture can show ---- */

/* Up to which distance; "" frees the cell of what cannot be worked out. */
static char *reach(const StatementCamera *camera, PlaceDetail detail)
{
    const PlaceLens lens = {camera->fov_deg, camera->height_m};
    if (place_reach_m((double)camera->width_px, camera->fov_deg, 1) <= 0)
        return g_strdup("?");
    double metres = place_detail_ground_m(detail, (double)camera->width_px, &lens);
    if (metres <= 0)
        return g_strdup("–");
    g_autofree char *number = statement_number(metres, true);
    return g_strdup_printf("%s m", number);
}

static void adequacy_row(const StatementCamera *camera, unsigned index, GPtrArray *rows)
{
    g_autofree char *number = g_strdup_printf("%u", index + 1);
    g_autofree char *size =
        camera->width_px > 0
            ? g_strdup_printf("%" PRId64 " × %" PRId64, camera->width_px, camera->height_px)
            : g_strdup("–");
    g_autofree char *lens =
        camera->aimed ? g_strdup_printf("%.0f°", camera->fov_deg) : g_strdup("?");
    g_autofree char *metres = statement_number(camera->height_m, true);
    g_autofree char *height =
        camera->height_m > 0 ? g_strdup_printf("%s m", metres) : g_strdup("?");
    g_autofree char *identify = reach(camera, PLACE_IDENTIFY);
    g_autofree char *recognise = reach(camera, PLACE_RECOGNISE);
    g_autofree char *observe = reach(camera, PLACE_OBSERVE);
    g_autofree char *detect = reach(camera, PLACE_DETECT);
    statement_row(rows, (const char *[]){number, statement_name(camera), size, lens, height,
                                         identify, recognise, observe, detect, NULL});
}

static void adequacy(const Statement *statement, Pages *pages)
{
    static const PageColumn columns[] = {
        {"Số\nNo.", 0.06, PAGE_CENTRE, PAGE_SMALL},
        {"Camera", 0.19, PAGE_LEFT, PAGE_SMALL},
        {"Hình / Picture, px", 0.13, PAGE_CENTRE, PAGE_SMALL},
        {"Góc nhìn / Lens", 0.08, PAGE_CENTRE, PAGE_SMALL},
        {"Cao / Height", 0.08, PAGE_CENTRE, PAGE_SMALL},
        {"Nhận rõ mặt / identify (250)", 0.12, PAGE_RIGHT, PAGE_SMALL},
        {"Nhận ra người quen / recognise (125)", 0.13, PAGE_RIGHT, PAGE_SMALL},
        {"Thấy quần áo, việc làm / observe (62,5)", 0.11, PAGE_RIGHT, PAGE_SMALL},
        {"Biết có người / detect (25)", 0.11, PAGE_RIGHT, PAGE_SMALL}};
    g_autoptr(GPtrArray) rows = statement_rows_new();
    for (unsigned i = 0; i < statement->cameras->len; i++)
        adequacy_row(&g_array_index(statement->cameras, StatementCamera, i), i, rows);
    page_keep(pages, MIN(170 + 26.0 * rows->len, 600)); /* a page of its own, where it needs one */
    page_heading(pages,
                 "Phụ lục 3. Hình cho thấy được đến đâu / Annex 3. How much a picture can show");
    page_text(
        pages, PAGE_SMALL, PAGE_LEFT,
        "Xa nhất tính trên mặt đất từ chân camera mà hình một người còn đủ số điểm ảnh trên mỗi "
        "mét (trong ngoặc) "
        "theo EN 62676-4. Người ở xa hơn thì hình không đủ để kết luận như tên cột. Tính từ bề "
        "rộng hình, góc nhìn và độ cao trong sổ camera; không biết độ cao thì tính từ ống kính. "
        "Chưa kể đêm tối, mưa, nhòe, nén hình, và nhìn dốc từ trên xuống.");
    page_text(
        pages, PAGE_SMALL, PAGE_LEFT,
        "The furthest along the ground from the camera that a person's picture still has the "
        "pixels a metre (in "
        "brackets) of EN 62676-4. Of who is further away, the picture does not carry what the "
        "column says. Worked out from the width of the picture the lens and the height as "
        "registered; without a height, from the lens. Night, rain, blur, coding and looking "
        "steeply down are not counted.");
    page_table(pages, columns, G_N_ELEMENTS(columns), rows);
    page_text(
        pages, PAGE_SMALL, PAGE_LEFT,
        "?: không tính được, vì không biết góc nhìn, không có hình, hoặc ống kính nhìn từ 180° trở "
        "lên. / cannot be worked out: the lens is not known, there are no pictures, or it sees "
        "180° and more. –: không khuôn mặt nào gần đến thế / no face is so near.");
}

void statement_annexes(const Statement *statement, Pages *pages)
{
    if (statement->cameras->len > 0) {
        pictures(statement, pages);
        plan(statement, pages);
        adequacy(statement, pages);
    }
    statement_given_annex(statement, pages);
}
