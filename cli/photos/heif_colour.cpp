#include "photos/heif_colour.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "photos/av1_colour.h"
#include "photos/file_boxes.h"
#include "photos/hevc_colour.h"

namespace piaa::cli {
namespace {

using Bytes = std::span<const std::byte>;

/// The first bytes of the primary picture in the file, as "iloc" says where they lie; nothing where they lie
/// in a box, or that is damaged.
Bytes start_of_primary(Bytes file, Bytes meta) {
    Bytes pitm = find_box(meta, box_name("pitm")), iloc = find_box(meta, box_name("iloc"));
    const auto primary = take_number(pitm, take_number(pitm, 4) >> 24 != 0 ? 4 : 2);
    const auto version = take_number(iloc, 4) >> 24;
    const auto sizes = take_number(iloc, 2);
    const std::size_t of_offset = sizes >> 12, of_length = sizes >> 8 & 15, of_base = sizes >> 4 & 15,
                      of_index = version > 0 ? sizes & 15 : 0;
    for (auto items = take_number(iloc, version < 2 ? 2 : 4); items > 0 && !iloc.empty(); --items) {
        const bool wanted = take_number(iloc, version < 2 ? 2 : 4) == primary;
        const bool in_file = version == 0 || (take_number(iloc, 2) & 15) == 0;
        take_number(iloc, 2);
        const auto base = take_number(iloc, of_base);
        for (auto extents = take_number(iloc, 2); extents > 0 && !iloc.empty(); --extents) {
            take_number(iloc, of_index);
            const auto at = base + take_number(iloc, of_offset), length = take_number(iloc, of_length);
            if (!wanted) continue;
            if (!in_file || at < base || at >= file.size()) return {};
            return file.subspan(at, std::min<std::uint64_t>(length, file.size() - at));
        }
    }
    return {};
}

/// The numbers, from 1, of the properties that belong to the primary picture.
std::vector<std::size_t> primary_properties(Bytes meta, Bytes properties) {
    Bytes pitm = find_box(meta, box_name("pitm")), ipma = find_box(properties, box_name("ipma"));
    const bool long_primary = take_number(pitm, 4) >> 24 != 0;
    const auto primary = take_number(pitm, long_primary ? 4 : 2);
    const auto head = take_number(ipma, 4);
    const bool long_item = head >> 24 != 0, long_index = (head & 1) != 0;
    std::vector<std::size_t> indices;
    for (auto items = take_number(ipma, 4); items > 0 && !ipma.empty(); --items) {
        const bool wanted = take_number(ipma, long_item ? 4 : 2) == primary;
        for (auto count = take_number(ipma, 1); count > 0; --count) {
            const auto index = take_number(ipma, long_index ? 2 : 1) & (long_index ? 0x7FFF : 0x7F);
            if (wanted) indices.push_back(index);
        }
    }
    return indices;
}

}  // namespace

PictureColour heif_colour(Bytes file) {
    Bytes meta = find_box(file, box_name("meta"));
    take_number(meta, 4);
    const Bytes properties = find_box(meta, box_name("iprp"));
    const auto wanted = primary_properties(meta, properties);
    Bytes container = find_box(properties, box_name("ipco"));
    CodedColour said;
    bool profile = false;
    Bytes configuration, of_av1;
    for (std::size_t index = 1; const auto box = next_box(container); ++index) {
        const bool of_primary = std::find(wanted.begin(), wanted.end(), index) != wanted.end();
        // A picture of tiles has no bitstream of its own; one tile's speaks for it.
        if (box->type == box_name("hvcC") && (of_primary || configuration.empty()))
            configuration = box->content;
        if (box->type == box_name("av1C") && (of_primary || of_av1.empty())) of_av1 = box->content;
        if (box->type != box_name("colr") || !of_primary) continue;
        Bytes colour = box->content;
        if (take_number(colour, 4) != box_name("nclx") || colour.size() < 6) {
            profile = true;
            continue;
        }
        said.primaries = static_cast<unsigned>(take_number(colour, 2));
        said.transfer = static_cast<unsigned>(take_number(colour, 2));
    }
    constexpr unsigned unspecified = 2;
    if (said.transfer == unspecified && !profile) {
        auto coded = colour_of_hevc(configuration);
        // Most files have the sequence header in the stream alone.
        if (of_av1.size() > 4) coded = colour_of_av1(of_av1.subspan(4));
        if (!coded && !of_av1.empty()) coded = colour_of_av1(start_of_primary(file, meta));
        said = coded.value_or(CodedColour());
    }
    PictureColour colour = picture_colour(said);
    // The profile says more of the usual light than primaries do.
    if (profile && colour.light == PictureColour::Light::usual) return {};
    if (said.transfer == unspecified && !profile && !wanted.empty())
        colour.light = PictureColour::Light::unsaid;
    return colour;
}

}  // namespace piaa::cli
