/* A Fay that reports on a text: how many bytes, lines and words it has, and its SHA-256. The text is section 2, the report goes to `report.txt` and to
 * standard output. Where it may not write files, it says so and ends with 2.
 * Built by build.sh; the result is committed, so that nobody needs a C compiler to run it. */
#include "../../../sdk/c/fayger.h"

#define TEXT 2
#define PATH "report.txt"
/* Exit statuses. */
enum { DONE, NO_TEXT, NOT_WRITTEN };

/* -- SHA-256, FIPS 180-4 ----------------------------------------------------------------------------------------------------------------- */

typedef struct {
    uint32_t state[8];
    uint8_t block[64];
    uint64_t length;
} sha256;

/* Section 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74,
    0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
    0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
    0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
    0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

/* Section 6.2.2. */
static void sha256_block(sha256 *h) {
    uint32_t w[64], s[8];
    for (int t = 0; t < 16; t++) {
        const uint8_t *b = h->block + 4 * t;
        w[t] = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
    }
    for (int t = 16; t < 64; t++) {
        uint32_t x = w[t - 15], y = w[t - 2];
        w[t] = w[t - 16] + (rotate(x, 7) ^ rotate(x, 18) ^ x >> 3) + w[t - 7] + (rotate(y, 17) ^ rotate(y, 19) ^ y >> 10);
    }
    for (int i = 0; i < 8; i++) s[i] = h->state[i];
    for (int t = 0; t < 64; t++) {
        uint32_t t1 = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + K[t] + w[t];
        uint32_t t2 = (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        for (int i = 7; i > 0; i--) s[i] = s[i - 1];
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++) h->state[i] += s[i];
}

static void sha256_byte(sha256 *h, uint8_t byte) {
    h->block[h->length++ % 64] = byte;
    if (h->length % 64 == 0) sha256_block(h);
}

/* Section 5.1.1, then the state. */
static void sha256_end(sha256 *h, uint8_t digest[32]) {
    uint64_t bits = h->length * 8;
    sha256_byte(h, 0x80);
    while (h->length % 64 != 56) sha256_byte(h, 0);
    for (int shift = 56; shift >= 0; shift -= 8) sha256_byte(h, (uint8_t)(bits >> shift));
    for (int i = 0; i < 32; i++) digest[i] = (uint8_t)(h->state[i / 4] >> (24 - 8 * (i % 4)));
}

/* -- The report ----------------------------------------------------------------------------------------------------------------------------- */

static uint8_t piece[4096], buffer[1024];
static char report[256];
static uint32_t used;

static void text(const char *from) {
    while (*from) report[used++] = *from++;
}

static void number(const char *name, uint64_t value) {
    char digits[20];
    int count = 0;
    do digits[count++] = (char)('0' + value % 10);
    while (value /= 10);
    text(name);
    while (count) report[used++] = digits[--count];
    text("\n");
}

static bool is_space(uint8_t byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

/* Reads the text and fills the report. */
static bool measure(void) {
    /* Section 5.3.3. */
    sha256 hash = {{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}, {0}, 0};
    int64_t length = fayger_v1_section_len(TEXT);
    uint64_t lines = 0, words = 0;
    bool in_word = false;
    if (length < 0) return false;
    for (int64_t offset = 0; offset < length;) {
        int32_t count = fayger_v1_section_read(TEXT, offset, piece, sizeof piece);
        if (count <= 0) return false;
        for (int32_t i = 0; i < count; i++) {
            bool space = is_space(piece[i]);
            words += !space && !in_word;
            in_word = !space;
            lines += piece[i] == '\n';
            sha256_byte(&hash, piece[i]);
        }
        offset += count;
    }
    uint8_t digest[32];
    sha256_end(&hash, digest);
    number("bytes  ", (uint64_t)length);
    number("lines  ", lines);
    number("words  ", words);
    text("sha256 ");
    for (int i = 0; i < 32; i++) {
        report[used++] = "0123456789abcdef"[digest[i] >> 4];
        report[used++] = "0123456789abcdef"[digest[i] & 15];
    }
    text("\n");
    return true;
}

/* Writes all of it, however little is taken at a time, by an opcode that takes bytes, after a handle where it is FAYGER_IO_WRITE. */
static bool put_all(uint64_t opcode, uint32_t writer, const char *bytes, uint32_t length) {
    while (length) {
        fayger_writer w = fayger_instruction(buffer, sizeof buffer, opcode);
        if (opcode == FAYGER_IO_WRITE) fayger_put_handle(&w, writer);
        fayger_put_bytes(&w, bytes, length);
        fayger_reply reply = fayger_emit(&w, buffer, sizeof buffer);
        uint64_t written;
        if (reply.status != FAYGER_STATUS_OK || !fayger_take_unsigned(&reply.values, &written) || written == 0 || written > length) return false;
        bytes += written;
        length -= (uint32_t)written;
    }
    return true;
}

static bool save(void) {
    fayger_writer w = fayger_instruction(buffer, sizeof buffer, FAYGER_IO_OPEN_WRITE);
    fayger_put_literal(&w, PATH);
    fayger_put_unsigned(&w, 0);
    fayger_reply reply = fayger_emit(&w, buffer, sizeof buffer);
    uint32_t writer;
    if (reply.status != FAYGER_STATUS_OK || !fayger_take_handle(&reply.values, &writer)) return false;
    bool is_whole = put_all(FAYGER_IO_WRITE, writer, report, used);
    w = fayger_instruction(buffer, sizeof buffer, FAYGER_IO_CLOSE_WRITE);
    fayger_put_handle(&w, writer);
    return fayger_emit(&w, buffer, sizeof buffer).status == FAYGER_STATUS_OK && is_whole;
}

FAYGER_EXPORT("start") int32_t start(void) {
    if (!measure()) return NO_TEXT;
    /* Where nobody can see standard output, the file is there all the same. */
    put_all(FAYGER_IO_STDOUT_WRITE, 0, report, used);
    if (save()) return DONE;
    static const char cannot[] = "cannot write " PATH ": is fs.write granted?\n";
    put_all(FAYGER_IO_STDERR_WRITE, 0, cannot, sizeof cannot - 1);
    return NOT_WRITTEN;
}
