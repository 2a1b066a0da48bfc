#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

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

/// Whether two looks saw one picture that was stored twice: photos that were taken one after the other differ
/// more.
bool same_picture(const CloseLook& a, const CloseLook& b) {
    constexpr double most = 0.5;   // levels; saving again at quality 60 changes places by 0.1 to 0.3
    constexpr double share = 0.9;  // the others may have been looked at in other tiles, as a subject's are
    if (a.places.empty() || a.places.size() != b.places.size()) return false;
    const auto alike = [](const FineDetail& one, const FineDetail& other) {
        return std::abs(one.light - other.light) <= most;
    };
    const auto count =
        std::inner_product(a.places.begin(), a.places.end(), b.places.begin(), 0, std::plus(), alike);
    return count >= share * static_cast<double>(a.places.size());
}

/// Whether `copy` is `original` rounded more coarsely. Rounding adds what passes for fine detail, edges of
/// blocks and faint texture that is rounded up, but no more than an octave of it.
bool rounded_from(const CloseLook& copy, const Sharpness& of_copy, const CloseLook& original,
                  const Sharpness& of_original) {
    constexpr double most_added = 1;
    if (!copy.rounding || !original.rounding || *copy.rounding <= *original.rounding) return false;
    for (std::size_t d = 0; d < of_copy.size(); ++d)
        if (of_copy[d] > of_original[d] + most_added) return false;
    return same_picture(copy, original);
}

/// The photo that each one was saved again from, as far as that can be told: of several the one that comes
/// next to it, so that copies of copies have an order too; itself for none.
std::vector<std::size_t> originals(std::span<const CloseLook> looks, std::span<const Sharpness> sharp) {
    std::vector<std::size_t> of(looks.size());
    for (std::size_t i = 0; i < looks.size(); ++i) {
        of[i] = i;
        for (std::size_t j = 0; j < looks.size(); ++j)
            if (rounded_from(looks[i], sharp[i], looks[j], sharp[j]) &&
                (of[i] == i || *looks[j].rounding > *looks[of[i]].rounding))
                of[i] = j;
    }
    return of;
}

/// Places of the looks, originals before their copies.
std::vector<std::size_t> finest_first(std::span<const CloseLook> looks) {
    std::vector<std::size_t> order(looks.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return looks[a].rounding.value_or(0) < looks[b].rounding.value_or(0);
    });
    return order;
}

/// A copy shows nothing that its original does not.
std::vector<Sharpness> without_rounding(std::span<const Sharpness> sharp,
                                        std::span<const std::size_t> original,
                                        std::span<const std::size_t> order) {
    std::vector<Sharpness> limited(sharp.begin(), sharp.end());
    for (const std::size_t i : order)
        for (std::size_t d = 0; d < limited[i].size(); ++d)
            limited[i][d] = std::min(limited[i][d], limited[original[i]][d]);
    return limited;
}

double middle(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Copies behind their originals, and all against the best.
void put_behind(std::span<const std::size_t> original, std::span<const std::size_t> order,
                std::vector<GroupPlace>& places) {
    constexpr double least = 0.01;  // points
    double best = -std::numeric_limits<double>::infinity();
    for (const std::size_t i : order) {
        if (original[i] != i) places[i].value = std::min(places[i].value, places[original[i]].value - least);
        best = std::max(best, places[i].value);
    }
    for (GroupPlace& place : places) place.value -= best;
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
    const std::vector<Sharpness> seen = sharpness_of(looks);
    const std::vector<std::size_t> original = originals(looks, seen);
    const std::vector<std::size_t> order = finest_first(looks);
    const std::vector<Sharpness> sharp = without_rounding(seen, original, order);
    Sharpness sharpest = sharp.front();
    std::vector<double> exposures;
    for (std::size_t i = 0; i < looks.size(); ++i) {
        for (std::size_t d = 0; d < sharpest.size(); ++d) sharpest[d] = std::max(sharpest[d], sharp[i][d]);
        exposures.push_back(std::log2(looks[i].brightness + 1));
    }
    const double usual = middle(exposures);
    std::vector<GroupPlace> places(looks.size());
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
    }
    put_behind(original, order, places);
    return places;
}

}  // namespace piaa
