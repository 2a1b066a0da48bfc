#include "photos/jpeg_eighth.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstring>

#include <jerror.h>
#include <jpeglib.h>

namespace piaa::cli {
namespace {

constexpr int scale = 8;

/// What of a block is written out for libjpeg: scans of means read and change nothing else, nor do those of
/// detail.
enum class Form { means, detail, both };

/// The coefficients of one plane. libjpeg would keep 128 bytes for each block; of most planes an eighth shows
/// nothing but the means, which take 2, and detail nearly always fits into 64. libjpeg works on whole blocks
/// of a few rows, which are written out for it and taken back when it comes to the next rows.
struct BlockStore {
    JCOEF* means;         ///< of all blocks, rows from the top
    std::int8_t* detail;  ///< all 64 numbers of each block, the first one 0; nullptr where means are enough
    JCOEF* wide_detail;   ///< the same instead of it, for what does not fit
    JBLOCKARRAY rows;     ///< what is written out
    JDIMENSION across, down;  ///< blocks
    JDIMENSION first, count;  ///< the rows that are written out
    JDIMENSION most;          ///< how many that may be
    Form form;
    bool changed;  ///< since they were written out
};

/// A decoder and all that libjpeg calls back. Memory is libjpeg's own and goes with it.
struct Decoder {
    jpeg_decompress_struct jpeg;  // first, so that libjpeg's pointer to it is one to the Decoder
    jpeg_error_mgr errors;
    jpeg_source_mgr source;
    std::jmp_buf failed;
    const JpegEighth* file;
    std::size_t next_part;
    std::size_t next_plane;
    bool wide;      ///< whether detail has 16 bits per number
    bool too_wide;  ///< why it failed: detail that has more than 8
};

Decoder& decoder_of(j_common_ptr jpeg) {
    return *reinterpret_cast<Decoder*>(jpeg);
}

Decoder& decoder_of(j_decompress_ptr jpeg) {
    return *reinterpret_cast<Decoder*>(jpeg);
}

[[noreturn]] void fail(j_common_ptr jpeg) {
    std::longjmp(decoder_of(jpeg).failed, 1);
}

/// libjpeg would go on after a warning; the whole file is asked instead.
void take_message(j_common_ptr jpeg, int level) {
    if (level < 0) fail(jpeg);
}

boolean next_part(j_decompress_ptr jpeg) {
    Decoder& decoder = decoder_of(jpeg);
    if (decoder.next_part == decoder.file->parts.size()) fail(reinterpret_cast<j_common_ptr>(jpeg));
    const auto part = decoder.file->parts[decoder.next_part++];
    decoder.source.next_input_byte = reinterpret_cast<const JOCTET*>(part.data());
    decoder.source.bytes_in_buffer = part.size();
    return TRUE;
}

void skip(j_decompress_ptr jpeg, long count) {
    auto left = static_cast<std::size_t>(std::max(count, 0L));
    jpeg_source_mgr& source = *jpeg->src;
    while (left > source.bytes_in_buffer) {
        left -= source.bytes_in_buffer;
        next_part(jpeg);
    }
    source.next_input_byte += left;
    source.bytes_in_buffer -= left;
}

void* zeros(j_common_ptr jpeg, std::size_t bytes) {
    void* const memory = jpeg->mem->alloc_large(jpeg, JPOOL_IMAGE, bytes);
    std::memset(memory, 0, bytes);
    return memory;
}

jvirt_barray_ptr request_blocks(j_common_ptr jpeg, int, boolean, JDIMENSION across, JDIMENSION down,
                                JDIMENSION most) {
    Decoder& decoder = decoder_of(jpeg);
    if (decoder.next_plane == decoder.file->planes.size()) fail(jpeg);
    const bool with_detail = decoder.file->planes[decoder.next_plane++].block_side > 1;
    auto* store = static_cast<BlockStore*>(zeros(jpeg, sizeof(BlockStore)));
    store->across = across;
    store->down = down;
    store->most = std::min({most, down, JDIMENSION{MAX_SAMP_FACTOR}});  // more is asked for guesses
    const std::size_t blocks = static_cast<std::size_t>(across) * down;
    store->means = static_cast<JCOEF*>(zeros(jpeg, blocks * sizeof(JCOEF)));
    if (with_detail && decoder.wide)
        store->wide_detail = static_cast<JCOEF*>(zeros(jpeg, blocks * sizeof(JBLOCK)));
    if (with_detail && !decoder.wide)
        store->detail = static_cast<std::int8_t*>(zeros(jpeg, blocks * DCTSIZE2));
    store->rows = static_cast<JBLOCKARRAY>(zeros(jpeg, store->most * sizeof(JBLOCKROW)));
    auto* written =
        static_cast<JBLOCKROW>(zeros(jpeg, static_cast<std::size_t>(store->most) * across * sizeof(JBLOCK)));
    for (JDIMENSION row = 0; row < store->most; ++row)
        store->rows[row] = written + static_cast<std::size_t>(row) * across;
    return reinterpret_cast<jvirt_barray_ptr>(store);
}

/// Whether all numbers fit.
bool copy_narrow(const JCOEF* from, std::int8_t* to, std::size_t count) {
    // 16 bits throughout, or compilers make this several times slower.
    std::uint16_t too_wide = 0;
    for (std::size_t i = 0; i < count; ++i)
        too_wide |= static_cast<std::uint16_t>(static_cast<std::uint16_t>(from[i]) + 128U);
    for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<std::int8_t>(from[i]);
    return too_wide < 256;
}

bool take_back(BlockStore& store) {
    if (!store.changed) return true;
    store.changed = false;
    std::size_t at = static_cast<std::size_t>(store.first) * store.across;
    const std::size_t numbers = static_cast<std::size_t>(store.across) * DCTSIZE2;
    bool fits = true;
    for (JDIMENSION row = 0; row < store.count; ++row, at += store.across) {
        if (store.form == Form::means)
            for (JDIMENSION x = 0; x < store.across; ++x) store.means[at + x] = store.rows[row][x][0];
        else if (store.detail != nullptr)
            fits = copy_narrow(store.rows[row][0], store.detail + at * DCTSIZE2, numbers) && fits;
        else if (store.wide_detail != nullptr)
            std::copy_n(store.rows[row][0], numbers, store.wide_detail + at * DCTSIZE2);
    }
    return fits;
}

void write_out(BlockStore& store, JDIMENSION first, JDIMENSION count, Form form) {
    store.first = first;
    store.count = count;
    store.form = form;
    std::size_t at = static_cast<std::size_t>(first) * store.across;
    const std::size_t numbers = static_cast<std::size_t>(store.across) * DCTSIZE2;
    for (JDIMENSION row = 0; row < count; ++row, at += store.across) {
        JBLOCKROW blocks = store.rows[row];
        if (form != Form::means && store.detail != nullptr)
            std::copy_n(store.detail + at * DCTSIZE2, numbers, blocks[0]);
        if (form != Form::means && store.wide_detail != nullptr)
            std::copy_n(store.wide_detail + at * DCTSIZE2, numbers, blocks[0]);
        if (form != Form::detail)
            for (JDIMENSION x = 0; x < store.across; ++x) blocks[x][0] = store.means[at + x];
    }
}

JBLOCKARRAY access_blocks(j_common_ptr jpeg, jvirt_barray_ptr pointer, JDIMENSION first, JDIMENSION count,
                          boolean writable) {
    Decoder& decoder = decoder_of(jpeg);
    auto& store = *reinterpret_cast<BlockStore*>(pointer);
    if (count > store.most || first > store.down - count) fail(jpeg);
    const Form form = writable == FALSE ? Form::both : decoder.jpeg.Ss == 0 ? Form::means : Form::detail;
    if (store.first != first || store.count != count || store.form != form) {
        if (!take_back(store)) {
            decoder.too_wide = true;
            fail(jpeg);
        }
        write_out(store, first, count, form);
    }
    store.changed = store.changed || writable != FALSE;
    return store.rows;
}

void prepare(Decoder& decoder) {
    auto& jpeg = decoder.jpeg;
    jpeg_create_decompress(&jpeg);
    decoder.source.init_source = [](j_decompress_ptr) {};
    decoder.source.fill_input_buffer = next_part;
    decoder.source.skip_input_data = skip;
    decoder.source.resync_to_restart = jpeg_resync_to_restart;
    decoder.source.term_source = [](j_decompress_ptr) {};
    jpeg.src = &decoder.source;
    jpeg.mem->request_virt_barray = request_blocks;
    jpeg.mem->access_virt_barray = access_blocks;
}

/// The rows of the picture. Nothing that has a destructor may live here, because libjpeg is left by longjmp.
bool decode(Decoder& decoder, JpegPixels& pixels) {
    auto& jpeg = decoder.jpeg;
    jpeg.err = jpeg_std_error(&decoder.errors);
    decoder.errors.error_exit = fail;
    decoder.errors.emit_message = take_message;
    if (setjmp(decoder.failed) != 0) return false;
    prepare(decoder);
    jpeg_read_header(&jpeg, TRUE);
    jpeg.scale_num = 1;
    jpeg.scale_denom = scale;
    // libjpeg would guess the detail that was left out, and change the means.
    jpeg.do_block_smoothing = FALSE;
    jpeg_start_decompress(&jpeg);
    if (jpeg.output_components != pixels.channels) return false;
    const std::size_t shown = static_cast<std::size_t>(pixels.width) * jpeg.output_components;
    JSAMPARRAY row =
        jpeg.mem->alloc_sarray(reinterpret_cast<j_common_ptr>(&jpeg), JPOOL_IMAGE,
                               jpeg.output_width * static_cast<JDIMENSION>(jpeg.output_components), 1);
    for (int y = 0; y < pixels.height; ++y) {
        jpeg_read_scanlines(&jpeg, row, 1);
        std::memcpy(pixels.samples.data() + shown * static_cast<std::size_t>(y), row[0], shown);
    }
    return true;
}

}  // namespace

std::size_t decoding_memory(const JpegEighth& jpeg) {
    const std::size_t pixels = static_cast<std::size_t>(jpeg.width) * static_cast<std::size_t>(jpeg.height);
    int most_across = 1, most_down = 1;
    for (const JpegPlane& plane : jpeg.planes) {
        most_across = std::max(most_across, plane.across);
        most_down = std::max(most_down, plane.down);
    }
    std::size_t bytes = pixels / 16;  // the picture, and the rows in work
    for (const JpegPlane& plane : jpeg.planes) {
        const std::size_t blocks = pixels / 64 * static_cast<std::size_t>(plane.across * plane.down) /
                                   static_cast<std::size_t>(most_across * most_down);
        bytes += blocks * (sizeof(JCOEF) + (plane.block_side > 1 ? DCTSIZE2 : 0));
    }
    return bytes;
}

std::optional<JpegPixels> decode_eighth(const JpegEighth& jpeg) {
    JpegPixels pixels{jpeg.width / scale, jpeg.height / scale, jpeg.planes.size() == 1 ? 1 : 3, {}};
    if (pixels.width == 0 || pixels.height == 0) return std::nullopt;
    pixels.samples.resize(static_cast<std::size_t>(pixels.width) * pixels.height * pixels.channels);
    for (const bool wide : {false, true}) {
        Decoder decoder{};
        decoder.file = &jpeg;
        decoder.wide = wide;
        const bool complete = decode(decoder, pixels);
        jpeg_destroy_decompress(&decoder.jpeg);
        if (complete) return pixels;
        if (!decoder.too_wide) break;
    }
    return std::nullopt;
}

}  // namespace piaa::cli
