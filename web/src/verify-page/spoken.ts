// Bytes as words to be read out, as the server tells them (src/base/spoken.c has the same list).

const WORDS = `
ao ấm bà bạc bài bàn bánh bát bay bé bến bếp bí bia biển binh bò bóng bốn búa bún bút bưởi cá cam cành cau cày chai chanh chăn chè chén chim chó chua
chuông chuối chữ cỏ con cốc cốm cổng cua dao dép dế dưa đất đèn đĩa điện đò đồi đông đường ếch gà gạch gạo gấu gậy ghế gió giày giếng gỗ gương hành
hang hạt hè hến hồ hoa hồng hươu kem kèn kho khoai khói khăn khế kiến kim lá làng lan lê lim lò loa lúa lưới lươn lược mai mành màu mắm mận mắt mây me
mèo mít mỏ môi muối mưa mực mũ mương nai nấm nắng nếp ngan ngày ngói ngô ngọc ngỗng nhà nhạc nhãn nho nhện nón nồi núi nước ong ổi ốc ớt phà phấn phao
phên phố phượng pin quạt quả quế quýt rắn rau rạp rèm rêu rồng rổ rùa ruộng rừng sao sáp sắn sắt sen sóc sông sơn suối sữa sừng tai tàu táo tằm tóc
tôm tỏi tơ tre trâu tranh trăng trống trà trám trứng trường tủ tương than thang thìa thóc thỏ thông thuyền thước vải vàng vạc ve vịt voi vườn xanh xe
xoài xôi xưởng yến bắp cát chiếu khoan kính mướp nhím quần rìu sách sim thau trúc túi vịnh xoong cuốc diều găng khóa lợn nhót sấm thùng tỉnh xẻng
khung chổi bướm nghé tép cháo giường phích nệm thư lồng hộp cáo mía gừng sả riềng ngựa cừu hàu
`.trim().split(/\s+/);

/** Of a day's hash so many bytes are told in words. */
const DAY_BYTES = 10;

/** The first ten bytes of a hash in hexadecimal digits, a word each. */
export function spokenDay(hash: string): string {
  return Array.from({ length: DAY_BYTES }, (_, i) => WORDS[parseInt(hash.slice(2 * i, 2 * i + 2), 16)]).join(' ');
}
