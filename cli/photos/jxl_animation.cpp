#include "photos/jxl_animation.h"

#include <cstdint>
#include <string>
#include <vector>

#include <jxl/decode.h>
#include <jxl/decode_cxx.h>
#include <jxl/version.h>

#include "photos/image_file.h"

namespace piaa::cli {
namespace {

using vips::VImage;

/// Of the pixels that are given out; an argument went with libjxl 0.9.
std::string profile_of(const JxlDecoder* decoder) {
    std::size_t size = 0;
    const auto whose = JXL_COLOR_PROFILE_TARGET_DATA;
#if JPEGXL_NUMERIC_VERSION < JPEGXL_COMPUTE_NUMERIC_VERSION(0, 9, 0)
    if (JxlDecoderGetICCProfileSize(decoder, nullptr, whose, &size) != JXL_DEC_SUCCESS) return "";
    std::string profile(size, '\0');
    auto* to = reinterpret_cast<std::uint8_t*>(profile.data());
    const auto status = JxlDecoderGetColorAsICCProfile(decoder, nullptr, whose, to, size);
#else
    if (JxlDecoderGetICCProfileSize(decoder, whose, &size) != JXL_DEC_SUCCESS) return "";
    std::string profile(size, '\0');
    auto* to = reinterpret_cast<std::uint8_t*>(profile.data());
    const auto status = JxlDecoderGetColorAsICCProfile(decoder, whose, to, size);
#endif
    return status == JXL_DEC_SUCCESS ? profile : "";
}

struct Frame {
    JxlBasicInfo info{};
    std::string profile;
    std::vector<std::byte> pixels;

    bool sixteen() const { return info.bits_per_sample > 8; }
    JxlPixelFormat format() const {
        return {4, sixteen() ? JXL_TYPE_UINT16 : JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};
    }
    bool read_info(const JxlDecoder* decoder) {
        return JxlDecoderGetBasicInfo(decoder, &info) == JXL_DEC_SUCCESS && info.have_animation == JXL_TRUE &&
               static_cast<std::size_t>(info.xsize) * info.ysize <= most_pixels;
    }
    bool make_room(JxlDecoder* decoder) {
        const JxlPixelFormat wanted = format();
        std::size_t size = 0;
        if (JxlDecoderImageOutBufferSize(decoder, &wanted, &size) != JXL_DEC_SUCCESS) return false;
        pixels.resize(size);
        return JxlDecoderSetImageOutBuffer(decoder, &wanted, pixels.data(), size) == JXL_DEC_SUCCESS;
    }
    VImage in_memory() const {
        const VImage image(vips_image_new_from_memory_copy(
            pixels.data(), pixels.size(), static_cast<int>(info.xsize), static_cast<int>(info.ysize), 4,
            sixteen() ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR));
        VImage named = image.copy(VImage::option()->set(
            "interpretation", sixteen() ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB));
        if (!profile.empty())
            vips_image_set_blob_copy(named.get_image(), VIPS_META_ICC_NAME, profile.data(), profile.size());
        return named;
    }
};

}  // namespace

std::optional<VImage> first_frame_of_animation(std::span<const std::byte> file) {
    const auto decoder = JxlDecoderMake(nullptr);
    JxlDecoderSubscribeEvents(decoder.get(),
                              JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING | JXL_DEC_FULL_IMAGE);
    JxlDecoderSetInput(decoder.get(), reinterpret_cast<const std::uint8_t*>(file.data()), file.size());
    JxlDecoderCloseInput(decoder.get());
    Frame frame;
    for (;;) switch (JxlDecoderProcessInput(decoder.get())) {
            case JXL_DEC_BASIC_INFO:
                if (!frame.read_info(decoder.get())) return std::nullopt;
                break;
            case JXL_DEC_COLOR_ENCODING:
                frame.profile = profile_of(decoder.get());
                break;
            case JXL_DEC_NEED_IMAGE_OUT_BUFFER:
                if (!frame.make_room(decoder.get())) return std::nullopt;
                break;
            case JXL_DEC_FULL_IMAGE:
                return frame.in_memory();
            default:
                return std::nullopt;
        }
}

}  // namespace piaa::cli
