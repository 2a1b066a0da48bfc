#include "photos/icc_profile.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include <lcms2.h>

namespace piaa::cli {
namespace {

using Profile = std::unique_ptr<void, decltype(&cmsCloseProfile)>;
/// A profile's description, ended by a zero.
using Name = std::array<char, 256>;

Profile opened(std::span<const std::byte> profile) {
    return {cmsOpenProfileFromMem(profile.data(), static_cast<cmsUInt32Number>(profile.size())),
            cmsCloseProfile};
}

Name name_of(const Profile& profile) {
    Name name{};
    cmsGetProfileInfoASCII(profile.get(), cmsInfoDescription, "en", "US", name.data(), name.size());
    return name;
}

}  // namespace

bool is_srgb_profile(std::span<const std::byte> bytes) {
    const Profile profile = opened(bytes);
    if (!profile) return false;
    const Name name = name_of(profile);
    // Whole names, because some profiles called "sRGB-..." are linear.
    constexpr std::array<std::string_view, 4> names = {"sRGB IEC61966", "sRGB built-in", "GIMP built-in sRGB",
                                                       "sRGB2014"};
    const std::string_view text(name.data());
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view each) { return text.find(each) != text.npos; });
}

std::optional<CodedColour> coded_colour_of_profile(std::span<const std::byte> bytes) {
    const Profile profile = opened(bytes);
    if (!profile) return std::nullopt;
    CodedColour colour;
    // The type's own name, four reserved bytes, primaries, transfer, matrix, range.
    std::array<std::uint8_t, 12> tag{};
    if (cmsReadRawTag(profile.get(), static_cast<cmsTagSignature>(0x63696370), tag.data(), tag.size()) ==
        tag.size()) {
        colour.primaries = tag[8];
        colour.transfer = tag[9];
        return colour;
    }
    const Name name = name_of(profile);
    const std::string_view text(name.data());
    const auto holds = [&](std::string_view part) { return text.find(part) != text.npos; };
    if (!text.starts_with("RGB_") || (!holds("_PeQ") && !holds("_HLG"))) return std::nullopt;
    colour.transfer = holds("_PeQ") ? 16 : 18;
    colour.primaries = holds("_202_") ? 9 : holds("_DCI_") ? 12 : 1;
    return colour;
}

}  // namespace piaa::cli
