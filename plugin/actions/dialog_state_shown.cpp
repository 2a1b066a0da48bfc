// What the dialog's state shows: the picture and the texts.

#include <cmath>

#include <piaa/heatmap_picture.h>
#include <piaa/level.h>

#include "actions/dialog_state.h"
#include "actions/overlay.h"
#include "actions/texts.h"
#include "actions/words.h"

namespace piaa::plugin {
namespace {

/// A box of the photo in shares of a part of it.
Box in_part(const Box& box, const Box& part) {
    return {(box.x - part.x) / part.width, (box.y - part.y) / part.height, box.width / part.width,
            box.height / part.height};
}

std::string points(double value) {
    return filled("%s%.2f", value < 0 ? "−" : "+", std::abs(value));
}

}  // namespace

std::vector<std::uint8_t> DialogState::preview(const Viewport& view) const {
    if (!picture_) return {};
    const Box part = view.part();
    const Size size = size_of(view.place());
    const Image photo = part_of(*picture_, part, size);
    if (!view_ || plain_) return {photo.pixels().begin(), photo.pixels().end()};
    const Image shown =
        under_map(photo, part_of(view_->map.pixels, view_->map.size, 4, part, size), settings_.opacity);
    std::vector<std::uint8_t> rgb(shown.pixels().begin(), shown.pixels().end());
    const CropCandidate& crop = view_->crops.crops[settings_.chosen - 1];
    if (view_->angle == 0) {
        draw_crop(rgb, size, in_part(normalized(crop.box, photo_size()), part), crop.copy);
    } else {
        const Levelling level{view_->angle, photo_size()};
        auto corners = level.corners(normalized(crop.box, level.frame()));
        for (Point& corner : corners)
            corner = {(corner.x - part.x) / part.width, (corner.y - part.y) / part.height};
        draw_turned_crop(rgb, size, corners, crop.copy);
    }
    for (const Box& kept : settings_.keep) draw_kept(rgb, size, in_part(kept, part));
    return rgb;
}

std::string DialogState::score_text() const {
    return view_ ? plugin::score_text(view_->score, has_profile()) : "";
}

std::string DialogState::person_text() const {
    return view_ ? view_->person : "";
}

std::string DialogState::reasons_text() const {
    return view_ ? view_->reasons : "";
}

std::string DialogState::crop_title() const {
    return view_ ? plugin::crop_title(settings_.chosen - 1, view_->crops.crops.size()) : "";
}

std::string DialogState::crop_text(std::size_t index) const {
    if (!view_ || index >= view_->crops.crops.size()) return "";
    const std::string advice =
        view_->crops.leave_it ? std::string("\n") + tr("The photo is best as it is; this comes next.") : "";
    return plugin::crop_text(view_->crops.crops[index], view_->crop_scores[index], view_->score) + advice +
           (settings_.straighten ? "\n" + level_text() : "");
}

std::string DialogState::level_text() const {
    if (!view_ || !settings_.straighten) return "";
    return plugin::level_text(view_->angle, view_->keeps_tilt, settings_.marks == CropMarks::guides);
}

std::string DialogState::legend_low() const {
    return view_ ? points(-view_->limit / legend_fields) : "";
}

std::string DialogState::legend_high() const {
    return view_ ? points(view_->limit / legend_fields) : "";
}

}  // namespace piaa::plugin
