#include "actions/result.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include <nlohmann/json.hpp>

#include "actions/overlay.h"
#include "actions/photo_reader.h"
#include "actions/texts.h"
#include "actions/words.h"

namespace piaa::plugin {
namespace {

using Json = nlohmann::ordered_json;

constexpr int smallest_side = 32;
constexpr int map_side = 1024;  ///< of the heatmap's pixels; GIMP enlarges the layer to the photo

/// Ends the undo step on every way out.
class Changes {
public:
    explicit Changes(Host& host) : host_(host) { host_.begin_changes(); }
    ~Changes() { host_.end_changes(); }
    Changes(const Changes&) = delete;
    Changes& operator=(const Changes&) = delete;

private:
    Host& host_;
};

PixelBox in_image(const PixelBox& crop, const PixelBox& photo) {
    return {crop.x + photo.x, crop.y + photo.y, crop.width, crop.height};
}

Box inside_photo(const Box& box) {
    const double left = std::clamp(box.x, 0.0, 1.0);
    const double top = std::clamp(box.y, 0.0, 1.0);
    return {left, top, std::clamp(box.right(), left, 1.0) - left, std::clamp(box.bottom(), top, 1.0) - top};
}

double rounded(double value) {
    return std::round(value * 1e4) / 1e4;
}

Json box_json(const PixelBox& box) {
    return {{"x", box.x}, {"y", box.y}, {"w", box.width}, {"h", box.height}};
}

PixelBox in_pixels(const Box& box, Size photo) {
    const auto whole = [](double value) { return static_cast<int>(std::lround(value)); };
    return {whole(box.x * photo.width), whole(box.y * photo.height), whole(box.width * photo.width),
            whole(box.height * photo.height)};
}

/// Where a crop that the session found lies in the image.
CropPlace place_of(const PixelBox& crop, const Session& session, const PixelBox& photo) {
    const Levelling level{session.angle(), size_of(photo)};
    CropPlace place{level.angle == 0 ? in_image(crop, photo) : crop, level.angle,
                    level.corners(normalized(crop, level.frame()))};
    for (Point& corner : place.corners)
        corner = {photo.x + corner.x * photo.width, photo.y + corner.y * photo.height};
    return place;
}

Json crop_json(const CropCandidate& crop, const CropPlace& place) {
    return {{"box", box_json(place.box)},
            {"score", rounded(crop.score)},
            {"margin_over_full", rounded(crop.margin_over_full)},
            {"kept", rounded(crop.kept)},
            {"violations", crop.violations},
            {"reasons", crop.reasons}};
}

std::string crop_name(std::size_t index) {
    return filled(tr("Crop %d"), static_cast<int>(index + 1));
}

/// "beach square 2": after the photo and the format, so that crops of one photo are told apart.
std::string copy_name(const Host& host, const Settings& settings, std::size_t index) {
    std::string format = settings.format.empty() || settings.format == "photo" ? "crop" : settings.format;
    std::replace(format.begin(), format.end(), ':', 'x');
    return host.name() + " " + format + " " + std::to_string(index + 1);
}

FrameLayer frame_of(const CropPlace& place, std::size_t index, std::size_t chosen) {
    PixelBox box = place.box;
    if (place.angle != 0) {
        box.x = static_cast<int>(std::lround(place.middle().x - box.width / 2.0));
        box.y = static_cast<int>(std::lround(place.middle().y - box.height / 2.0));
    }
    FrameLayer frame{crop_name(index), box, 1, {255, 140, 0}, index == chosen, place.angle};
    frame.thickness = std::clamp(std::min(box.width, box.height) / 150, 1, 24);
    return frame;
}

void add_marks(Host& host, CropMarks marks, const std::vector<CropPlace>& places, std::size_t chosen) {
    if (marks == CropMarks::guides && places[chosen].angle == 0) host.add_guides(places[chosen].box);
    // Guides cannot be turned.
    if (marks == CropMarks::guides && places[chosen].angle != 0)
        host.add_path(crop_name(chosen), places[chosen]);
    // The last one added lies on top, so that the best crop is the first in the list of paths or layers.
    if (marks == CropMarks::paths)
        for (std::size_t i = places.size(); i-- > 0;) host.add_path(crop_name(i), places[i]);
    if (marks == CropMarks::layers)
        for (std::size_t i = places.size(); i-- > 0;) host.add_layer(frame_of(places[i], i, chosen));
}

}  // namespace

Settings looked_at(Host& host, const Settings& settings) {
    host.look_at(settings.source == Source::visible ||
                     (settings.source == Source::fitting && host.shows_more_than_layer()),
                 settings.selection == SelectionUse::judge);
    const PixelBox photo = host.photo();
    PixelBox kept = host.selection();
    kept.x -= photo.x;
    kept.y -= photo.y;
    Settings result = settings;
    if (settings.selection == SelectionUse::keep && kept.width > 0 && photo.width > 0 && photo.height > 0)
        result.keep.push_back(inside_photo(normalized(kept, size_of(photo))));
    return result;
}

void check_photo(const Host& host) {
    const PixelBox photo = host.photo();
    if (photo.width <= 0 || photo.height <= 0)
        throw Error(ErrorCode::bad_argument,
                    "the chosen layer or the selection lies outside the canvas, or they do not meet: there "
                    "is nothing to judge");
    if (photo.width < smallest_side || photo.height < smallest_side)
        throw Error(ErrorCode::bad_argument,
                    "what is to be judged, as far as it is selected, is " + std::to_string(photo.width) +
                        "x" + std::to_string(photo.height) + " pixels and should be at least 32x32");
}

void check_display() {
    for (const char* screen : {"DISPLAY", "WAYLAND_DISPLAY"})
        if (const char* name = std::getenv(screen); name != nullptr && *name != '\0') return;
    throw Error(ErrorCode::io, "there is no display for the dialog; RUN-NONINTERACTIVE needs none");
}

bool is_of_the_caller(const Error& error) {
    return error.code() == ErrorCode::bad_argument || error.code() == ErrorCode::bad_preset;
}

Upright upright_of(const CropPlace& place, const PixelBox& canvas) {
    const auto first = [](double middle, int length, int room) {
        return std::clamp(static_cast<int>(std::floor(middle - length / 2.0)), 0, std::max(0, room - length));
    };
    const int width = place.box.width, height = place.box.height;
    const PixelBox box{first(place.middle().x, width, canvas.width),
                       first(place.middle().y, height, canvas.height), width, height};
    return {box, {box.x + width / 2.0, box.y + height / 2.0}};
}

std::string note_of(const Session& session, const Settings& settings, const CropResult& crops,
                    PixelBox photo) {
    const Score score = session.score();
    Json note{{"version", 1},
              {"program", std::string("piaa ") + version()},
              {"model", session.person().provenance().model},
              {"model_hash", session.person().provenance().model_hash},
              {"photo", box_json(photo)},
              {"score", rounded(score.score)},
              {"generic", rounded(score.generic)},
              {"spread", rounded(score.spread)},
              {"format", settings.format.empty() ? any_shape : settings.format},
              {"boxes", "in pixels of the image before it is cropped"}};
    if (settings.straighten) note["angle"] = session.angle();
    if (session.angle() != 0)
        note["boxes"] = "in pixels of the largest upright frame inside the photo turned by -angle";
    if (session.person().is_personal()) {
        note["profile"] = session.person().file().filename().string();
        note["profile_hash"] = session.person().provenance().profile_hash;
        note["trust"] = rounded(score.trust);
    }
    if (!settings.keep.empty()) {
        note["keep"] = Json::array();
        for (const Box& box : settings.keep)
            note["keep"].push_back(box_json(in_image(in_pixels(box, size_of(photo)), photo)));
    }
    note["reasons"] = in_words(session.reasons());
    note["crops"] = Json::array();
    for (const CropCandidate& crop : crops.crops)
        note["crops"].push_back(crop_json(crop, place_of(crop.box, session, photo)));
    note["chosen"] = settings.chosen;
    note["leave_it"] = crops.leave_it;
    return note.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string guides_note(const PixelBox& box) {
    std::ostringstream text;
    text << box.x << ' ' << box.y << ' ' << box.width << ' ' << box.height;
    return text.str();
}

PixelBox guides_box(const std::string& note) {
    std::istringstream text(note);
    PixelBox box;
    if (!(text >> box.x >> box.y >> box.width >> box.height)) return {};
    return box;
}

std::vector<unsigned> guides_at(const PixelBox& box, const std::vector<Guide>& all) {
    std::vector<int> vertical{box.x, box.x + box.width};
    std::vector<int> horizontal{box.y, box.y + box.height};
    std::vector<unsigned> found;
    for (const Guide& guide : all) {
        auto& places = guide.vertical ? vertical : horizontal;
        const auto place = std::find(places.begin(), places.end(), guide.place);
        if (place == places.end()) continue;
        places.erase(place);
        found.push_back(guide.id);
    }
    return found;
}

Answer apply(Host& host, const Settings& settings, const Session& session) {
    const PixelBox photo = host.photo();
    const CropResult found = session.crops(settings);
    const std::size_t chosen = std::min<std::size_t>(settings.chosen, found.crops.size()) - 1;
    std::vector<CropPlace> places;
    for (const CropCandidate& crop : found.crops) places.push_back(place_of(crop.box, session, photo));
    const Answer answer{
        session.score(), places[chosen].box, found.crops[chosen].score, static_cast<int>(places.size()),
        found.leave_it,  session.angle()};

    const bool frames = settings.marks == CropMarks::layers;
    const bool changes = settings.add_map || settings.marks != CropMarks::none || settings.cut == Cut::crop;
    OverlayLayer overlay;
    if (settings.add_map) {
        host.progress(0.7, tr("Drawing the heatmap"));
        const Image picture = fitted(session.picture(), map_side);
        const Heatmap map = guided_upsampling(session.map(settings.map), picture);
        overlay = overlay_layer(map, host.has_colour(), map_limit(map, settings.fit_colours));
        overlay.name = map_layer_name(settings.map, host.has_colour());
        overlay.opacity = settings.opacity;
    }
    const std::string note = note_of(session, settings, found, photo);
    if (settings.cut != Cut::nothing) host.check_crop(places[chosen]);

    host.progress(0.8, tr("Changing the image"));
    // Copies are made before the image holds anything of ours.
    if (settings.cut == Cut::new_images)
        for (std::size_t i = 0; i < places.size(); ++i) {
            host.progress(0.8, filled(tr("Making image %d of %d"), static_cast<int>(i + 1),
                                      static_cast<int>(places.size())));
            host.make_image(places[i], copy_name(host, settings, i), note);
        }
    if (changes) {
        const Changes step(host);
        host.remove_earlier();
        if (settings.add_map || frames) host.add_group("Aesthetic Crop");
        if (settings.add_map) host.add_layer(overlay);
        add_marks(host, settings.marks, places, chosen);
        host.attach_note(note);
        if (settings.cut == Cut::crop) host.crop(places[chosen]);
    }
    host.progress(1, tr("Done"));
    return answer;
}

Answer run(Host& host, const Settings& asked) {
    check(asked);
    const Settings settings = looked_at(host, asked);
    check_photo(host);
    Session session(size_of(host.photo()));
    host.progress(0, tr("Loading the model"));
    session.set_profile(settings.profile);
    session.open_runtime();
    PhotoReader reader(session.photo(), session.needed());
    do host.progress(0.2 + 0.3 * reader.done(), tr("Reading the photo"));
    while (reader.read_some(host));
    host.progress(0.5, tr("Looking at the photo"));
    session.analyse(reader.picture(), reader.detail());
    session.straighten(settings);
    return apply(host, settings, session);
}

}  // namespace piaa::plugin
