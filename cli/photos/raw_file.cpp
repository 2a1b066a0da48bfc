#include "photos/raw_file.h"

#include <cmath>
#include <string>

#include <libraw/libraw.h>

#include <piaa/error.h>

namespace piaa::cli {
namespace {

/// LibRaw's flip: 3 half a turn, 5 a quarter to the left, 6 a quarter to the right.
int quarter_turns_of(int flip) {
    return flip == 3 ? 2 : flip == 5 ? 3 : flip == 6 ? 1 : 0;
}

void check(int status) {
    if (status != LIBRAW_SUCCESS)
        throw Error(ErrorCode::bad_image, std::string("is damaged or truncated: ") + libraw_strerror(status));
}

/// A preview may be a trimmed or letterboxed version; then the photo has to be developed.
bool same_shape(Size a, Size b) {
    const double ratio = static_cast<double>(a.width) * b.height / (static_cast<double>(a.height) * b.width);
    return std::abs(ratio - 1) < 0.03;
}

}  // namespace

RawFile::RawFile(std::unique_ptr<LibRaw> raw) : raw_(std::move(raw)) {}
RawFile::~RawFile() = default;
RawFile::RawFile(RawFile&&) noexcept = default;
RawFile& RawFile::operator=(RawFile&&) noexcept = default;

std::optional<RawFile> RawFile::open(std::span<const std::byte> file) {
    auto raw = std::make_unique<LibRaw>();
    // LibRaw only reads from the buffer, though it does not promise that by its type.
    if (raw->open_buffer(const_cast<std::byte*>(file.data()), file.size()) != LIBRAW_SUCCESS)
        return std::nullopt;
    const auto& sizes = raw->imgdata.sizes;
    if (raw->imgdata.idata.raw_count == 0 || sizes.width == 0 || sizes.height == 0) return std::nullopt;
    return RawFile(std::move(raw));
}

Size RawFile::size() const {
    const auto& sizes = raw_->imgdata.sizes;
    const Size stored{sizes.width, sizes.height};
    return quarter_turns_of(sizes.flip) % 2 == 0 ? stored : Size{stored.height, stored.width};
}

int RawFile::orientation() const {
    constexpr int of_quarter_turns[] = {1, 6, 3, 8};
    return of_quarter_turns[quarter_turns_of(raw_->imgdata.sizes.flip)];
}

std::optional<RawFile::Preview> RawFile::preview() {
    if (raw_->unpack_thumb() != LIBRAW_SUCCESS) return std::nullopt;
    const auto& thumb = raw_->imgdata.thumbnail;
    const Size size{thumb.twidth, thumb.theight};
    const auto& sizes = raw_->imgdata.sizes;
    if (thumb.tformat != LIBRAW_THUMBNAIL_JPEG || !thumb.thumb || size.width == 0 || size.height == 0 ||
        !same_shape(size, {sizes.width, sizes.height}))
        return std::nullopt;
    const auto* bytes = reinterpret_cast<const std::byte*>(thumb.thumb);
    return Preview{{bytes, bytes + thumb.tlength}, size, quarter_turns_of(sizes.flip)};
}

Image RawFile::develop(Size smallest) {
    const Size full = size();
    auto& params = raw_->imgdata.params;
    params.half_size = full.width / 2 >= smallest.width && full.height / 2 >= smallest.height;
    params.use_camera_wb = 1;
    params.output_color = 1;  // sRGB
    params.output_bps = 8;
    check(raw_->unpack());
    check(raw_->dcraw_process());
    int status = LIBRAW_SUCCESS;
    const std::unique_ptr<libraw_processed_image_t, void (*)(libraw_processed_image_t*)> made(
        raw_->dcraw_make_mem_image(&status), LibRaw::dcraw_clear_mem);
    check(status);
    if (!made || made->type != LIBRAW_IMAGE_BITMAP || made->bits != 8 ||
        (made->colors != 3 && made->colors != 1))
        throw Error(ErrorCode::bad_image, "holds RAW pixels of an unusual kind and should be a photo");
    std::vector<std::uint8_t> pixels(made->data, made->data + made->data_size);
    if (made->colors == 1) {
        std::vector<std::uint8_t> rgb;
        rgb.reserve(pixels.size() * 3);
        for (const auto grey : pixels) rgb.insert(rgb.end(), 3, grey);
        pixels = std::move(rgb);
    }
    return {{made->width, made->height}, std::move(pixels)};
}

}  // namespace piaa::cli
