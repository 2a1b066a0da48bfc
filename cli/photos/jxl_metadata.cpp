#include "photos/jxl_metadata.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <brotli/decode.h>

#include "photos/file_boxes.h"

namespace piaa::cli {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::size_t most_metadata = 16 << 20;
constexpr const char* damaged = "damaged";

std::string text_of(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string decompressed(Bytes bytes) {
    const std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> decoder(
        BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), &BrotliDecoderDestroyInstance);
    const auto* next = reinterpret_cast<const std::uint8_t*>(bytes.data());
    std::size_t left = bytes.size();
    std::string all;
    for (;;) {
        std::uint8_t piece[1 << 14];
        std::uint8_t* to = piece;
        std::size_t room = sizeof piece;
        const auto result = BrotliDecoderDecompressStream(decoder.get(), &left, &next, &room, &to, nullptr);
        all.append(reinterpret_cast<const char*>(piece), sizeof piece - room);
        if (result == BROTLI_DECODER_RESULT_SUCCESS) return all;
        if (result != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT || all.size() > most_metadata) return damaged;
    }
}

/// Behind a number that says how far on the TIFF header is.
std::string exif_in(const std::string& box) {
    Bytes rest = std::as_bytes(std::span(box));
    const auto on = take_number(rest, 4);
    return rest.empty() || on >= rest.size() ? damaged : text_of(rest.subspan(on));
}

}  // namespace

MetadataBlocks metadata_in_jxl(Bytes file) {
    constexpr std::uint32_t exif = box_name("Exif"), xmp = box_name("xml "), compressed = box_name("brob");
    MetadataBlocks found;
    while (const auto box = next_box(file)) {
        Bytes content = box->content;
        std::uint32_t type = box->type;
        if (type == compressed) type = static_cast<std::uint32_t>(take_number(content, 4));
        if (type != exif && type != xmp) continue;
        std::string text = box->type == compressed ? decompressed(content) : text_of(content);
        if (type == exif && found.exif.empty()) found.exif = exif_in(text);
        if (type == xmp && found.xmp.empty()) found.xmp = std::move(text);
    }
    return found;
}

}  // namespace piaa::cli
