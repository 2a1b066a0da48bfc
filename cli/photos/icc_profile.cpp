#include "photos/icc_profile.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include <lcms2.h>

namespace piaa::cli {

bool is_srgb_profile(std::span<const std::byte> profile) {
    const std::unique_ptr<void, decltype(&cmsCloseProfile)> opened(
        cmsOpenProfileFromMem(profile.data(), static_cast<cmsUInt32Number>(profile.size())), cmsCloseProfile);
    if (!opened) return false;
    std::array<char, 256> name{};
    cmsGetProfileInfoASCII(opened.get(), cmsInfoDescription, "en", "US", name.data(), name.size());
    // Whole names, because some profiles called "sRGB-..." are linear.
    constexpr std::array<std::string_view, 4> names = {"sRGB IEC61966", "sRGB built-in", "GIMP built-in sRGB",
                                                       "sRGB2014"};
    const std::string_view text(name.data());
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view each) { return text.find(each) != text.npos; });
}

}  // namespace piaa::cli
