#include <algorithm>
#include <cmath>
#include <limits>

#include <piaa/close_look.h>
#include <piaa/error.h>

#include "selection/sharpness.h"

namespace piaa {
namespace {

constexpr double worth_telling = 0.4;  // octaves; below, directions differ by chance

/// Fine detail of the subject along each direction, against its brightness so that exposure does not count.
using Sharpness = std::array<double, 4>;

Sharpness sharpness(const CloseLook& look, std::span<const float> subject, double noise) {
    Sharpness result{};
    for (std::size_t i = 0; i < look.places.size(); ++i)
        for (std::size_t d = 0; d < result.size(); ++d)
            result[d] += subject[i] * fine_detail(look.places[i], d, noise);
    constexpr double least = 0.002;
    for (double& value : result) value = std::log2(value + least);
    return result;
}

/// Where the subject is in all frames together: in a frame that missed it the network may take for the
/// subject what is sharp instead.
std::vector<float> common_subject(std::span<const CloseLook> looks) {
    std::vector<float> common(std::size_t{subject_grid} * subject_grid, 0);
    float frames = 0;
    for (const CloseLook& look : looks) {
        if (look.places.empty()) continue;
        for (std::size_t i = 0; i < common.size(); ++i) common[i] += look.subject[i];
        ++frames;
    }
    for (float& share : common) share /= std::max(frames, 1.0F);
    return common;
}

std::vector<Sharpness> sharpness_of(std::span<const CloseLook> looks) {
    double noise = std::numeric_limits<double>::infinity();
    bool heads = true;
    for (const CloseLook& look : looks) {
        if (look.places.empty()) continue;
        noise = std::min(noise, noise_energy(look));
        heads = heads && !look.head.empty();
    }
    const std::vector<float> subject = common_subject(looks);
    std::vector<Sharpness> all;
    for (const CloseLook& look : looks) all.push_back(sharpness(look, heads ? look.head : subject, noise));
    return all;
}

double middle(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

double GroupPlace::softness_points() const {
    constexpr double an_octave = 2.5;
    return an_octave * softest;
}

double GroupPlace::clipping_points() const {
    constexpr double whole_frame = 8;
    return whole_frame * clipped;
}

double GroupPlace::exposure_points() const {
    constexpr double a_stop = 2.5;
    return a_stop * std::abs(exposure);
}

bool GroupPlace::soft_subject() const {
    return seen && softest > 0.75;
}

bool GroupPlace::shaken() const {
    return seen && softest > worth_telling && least_soft < 0.55 * softest;
}

bool GroupPlace::out_of_focus() const {
    return seen && softest > worth_telling && least_soft > 0.75 * softest;
}

std::vector<GroupPlace> compare_in_group(std::span<const double> scores, std::span<const CloseLook> looks) {
    if (scores.size() != looks.size())
        throw Error(ErrorCode::bad_argument, "a group needs one look for each score");
    if (looks.empty()) return {};
    const std::vector<Sharpness> sharp = sharpness_of(looks);
    Sharpness sharpest = sharp.front();
    std::vector<double> exposures;
    for (std::size_t i = 0; i < looks.size(); ++i) {
        for (std::size_t d = 0; d < sharpest.size(); ++d) sharpest[d] = std::max(sharpest[d], sharp[i][d]);
        exposures.push_back(std::log2(looks[i].brightness + 1));
    }
    const double usual = middle(exposures);
    std::vector<GroupPlace> places(looks.size());
    double best = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < looks.size(); ++i) {
        GroupPlace& place = places[i];
        Sharpness loss;
        for (std::size_t d = 0; d < loss.size(); ++d) loss[d] = sharpest[d] - sharp[i][d];
        place.direction = static_cast<std::size_t>(std::max_element(loss.begin(), loss.end()) - loss.begin());
        place.softest = loss[place.direction];
        place.least_soft = *std::min_element(loss.begin(), loss.end());
        place.clipped = looks[i].clipped;
        place.exposure = exposures[i] - usual;
        place.score = scores[i];
        place.seen = !looks[i].places.empty();
        place.value =
            place.score - place.softness_points() - place.clipping_points() - place.exposure_points();
        best = std::max(best, place.value);
    }
    for (GroupPlace& place : places) place.value -= best;
    return places;
}

}  // namespace piaa
