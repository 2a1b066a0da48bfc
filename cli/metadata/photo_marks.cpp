#include "metadata/photo_marks.h"

#include <algorithm>
#include <array>
#include <utility>

#include "metadata/metadata_files.h"
#include "metadata/photo_metadata.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

/// exiv2 does not know darktable's namespace until a file names it, so no key can be made for it.
bool has_colours_of_darktable(const PhotoMetadata& metadata) {
    return std::any_of(metadata.xmp.begin(), metadata.xmp.end(), [](const Exiv2::Xmpdatum& each) {
        return each.groupName() == "darktable" && each.tagName() == "colorlabels" && each.count() > 0;
    });
}

void take(const fs::path& file, const PhotoMetadata& metadata, PhotoMarks& marks) {
    if (metadata.unread) {
        marks.unread = error_in(file, *metadata.unread);
        return;
    }
    const auto ours = metadata.in_xmp("Xmp.piaa.Label");
    const auto label = metadata.in_xmp("Xmp.xmp.Label");
    const auto colour = metadata.in_xmp("Xmp.digiKam.ColorLabel");
    const auto pick = metadata.in_xmp("Xmp.digiKam.PickLabel");
    if (has_colours_of_darktable(metadata)) marks.labelled = true;
    if (ours ? !is_label_of_ours(*ours, label, colour) : label || (colour && colour != "0"))
        marks.labelled = true;
    const auto our_pick = metadata.in_xmp("Xmp.piaa.Pick");
    if (our_pick ? pick != our_pick : pick && pick != "0") marks.picked = true;
}

}  // namespace

std::optional<std::string> digikam_colour(const std::string& label) {
    constexpr std::array<std::pair<const char*, const char*>, 10> colours = {{{"Red", "1"},
                                                                              {"Orange", "2"},
                                                                              {"Yellow", "3"},
                                                                              {"Green", "4"},
                                                                              {"Blue", "5"},
                                                                              {"Magenta", "6"},
                                                                              {"Purple", "6"},
                                                                              {"Gray", "7"},
                                                                              {"Black", "8"},
                                                                              {"White", "9"}}};
    for (const auto& [name, number] : colours)
        if (label == name) return number;
    return std::nullopt;
}

bool is_label_of_ours(const std::string& ours, const std::optional<std::string>& label,
                      const std::optional<std::string>& colour) {
    const auto our_colour = digikam_colour(ours);
    return label == ours && (!our_colour || colour == our_colour);
}

PhotoMarks read_marks(const fs::path& photo) {
    PhotoMarks marks;
    for (const auto& file : pictures_of(photo)) {
        for (const auto& sidecar : sidecars_of(file)) take(sidecar, metadata_of_sidecar(sidecar), marks);
        take(file, metadata_inside(file), marks);
    }
    return marks;
}

}  // namespace piaa::cli
