#include "actions.h"

#include <nlohmann/json.hpp>

#include <piaa/piaa.h>

namespace piaa::plugin {
namespace {

constexpr int smallest_side = 32;
constexpr int picture_side = 1024;  ///< enough for the network and for a map that follows edges

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

const char* name_of(HeatmapKind kind) {
    switch (kind) {
        case HeatmapKind::generic:
            return "generic";
        case HeatmapKind::personal:
            return "personal";
        case HeatmapKind::difference:
            return "difference";
    }
    return "";
}

void check(Size layer, const Settings& settings) {
    if (layer.width < smallest_side || layer.height < smallest_side)
        throw Error(ErrorCode::bad_argument, "layer is " + std::to_string(layer.width) + "x" +
                                                 std::to_string(layer.height) +
                                                 " pixels and should be at least 32x32");
    if (!(settings.opacity >= 0 && settings.opacity <= 100))
        throw Error(ErrorCode::bad_argument,
                    "opacity is " + std::to_string(settings.opacity) + " and should be from 0 to 100");
    if (settings.map != HeatmapKind::generic && settings.user.empty())
        throw Error(ErrorCode::bad_argument, std::string("a ") + name_of(settings.map) +
                                                 " heatmap needs a profile, and none is chosen");
}

Model chosen_model(const std::string& name) {
    if (!name.empty()) return load_model(name);
    const auto shipped = list_models();
    if (shipped.empty()) throw Error(ErrorCode::bad_model, "no model is installed");
    return load_model(shipped.front().name);
}

}  // namespace

Analysis analyse(Host& host, const Settings& settings) {
    check(host.layer_size(), settings);
    host.progress(0, "Loading the model");
    const Model model = chosen_model(settings.model);
    host.progress(0.2, "Looking at the photo");
    const Image picture = host.read_layer(picture_side);
    const Features features = extract_features(model, std::span(&picture, 1), {.keep_maps = true}).front();
    host.progress(0.8, "Drawing the heatmap");
    if (settings.user.empty())
        return {score(model, features), enlarged(make_heatmap(model, features), picture)};
    const UserProfile profile = load_profile(settings.user);
    const Prior prior = load_prior(model);
    return {score(model, prior, profile, features),
            enlarged(make_heatmap(model, prior, profile, features, settings.map), picture)};
}

void apply(Host& host, const Settings& settings, const Analysis& analysis) {
    const OverlayLayer overlay{std::string("Heatmap, ") + name_of(settings.map), analysis.map.size,
                               heatmap_layer(analysis.map, comparable_limit), settings.opacity};
    const nlohmann::json note = {
        {"score", analysis.score.score}, {"generic", analysis.score.generic}, {"map", name_of(settings.map)}};
    const Changes changes(host);
    host.add_group("Aesthetic Crop", overlay);
    host.attach_note(note.dump());
}

}  // namespace piaa::plugin
