#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>
#include <piaa/research/train_crop.h>

#include "crop/crop_candidates.h"
#include "crop/crop_head.h"
#include "crop/crop_maps.h"
#include "model/model_impl.h"
#include "training/subject_fit.h"

namespace piaa {
namespace {

constexpr double step = 0.05;    // of a stage's weight
constexpr int most_rounds = 10;  // over all stages
/// Of a head that has learned the subject: its crops gain less over a trim in the middle, and as few photos
/// as without are to be left alone.
constexpr double subject_leave_margin = 0.025;
constexpr double target_size =
    0.65;  // share of the photo's sides that is wanted of a window, where it has it

/// A badly framed picture and the crop that would mend it.
struct Window {
    Size size;
    std::vector<Plane> activations;  ///< of each stage
    Box wanted;
};

/// The middle of the photo as it lies in a window of it.
Box wanted_in(const Box& place) {
    constexpr double low = (1 - target_size) / 2;
    constexpr double high = (1 + target_size) / 2;
    const auto inside = [](double value, double start, double length) {
        return std::clamp((value - start) / length, 0.0, 1.0);
    };
    const double left = inside(low, place.x, place.width);
    const double top = inside(low, place.y, place.height);
    return {left, top, inside(high, place.x, place.width) - left, inside(high, place.y, place.height) - top};
}

Box best_crop(const Plane& keep_plane, const std::vector<Box>& candidates) {
    const IntegralMap keep(keep_plane);
    double best = -1;
    Box crop;
    for (const Box& candidate : candidates) {
        const double value = agreement(keep, candidate);
        if (value <= best) continue;
        best = value;
        crop = candidate;
    }
    return crop;
}

/// Every second line of the free grid is enough to tell weights apart, and five times as fast.
std::vector<Box> coarse_candidates(Size size) {
    std::vector<Box> candidates = crop_candidates({.photo = size});
    std::erase_if(candidates, [](const Box& box) {
        const auto odd = [](double place) { return static_cast<int>(place * 16 + 0.5) % 2 == 1; };
        return odd(box.x) || odd(box.y) || odd(box.right()) || odd(box.bottom());
    });
    return candidates;
}

/// Mean overlap of the crops found with the crops wanted.
double overlap_with_wanted(const CropHead& head, const std::vector<const Window*>& windows) {
    double sum = 0;
    for (const Window* window : windows) {
        const Plane keep = keep_map(activation_saliency(window->activations, head), head);
        sum += overlap(best_crop(keep, coarse_candidates(window->size)), window->wanted);
    }
    return sum / static_cast<double>(windows.size());
}

/// Uphill one weight at a time from none, until no step helps.
void learn_weights(CropHead& head, const std::vector<const Window*>& windows) {
    std::fill(head.weights.begin(), head.weights.end(), 0.0);
    double best = overlap_with_wanted(head, windows);
    for (int round = 0; round < most_rounds; ++round) {
        bool better = false;
        for (double& weight : head.weights)
            for (const double change : {step, -step}) {
                const double before = weight;
                weight = std::max(0.0, weight + change);
                const double value = weight == before ? best : overlap_with_wanted(head, windows);
                if (value > best + 1e-5) {
                    best = value;
                    better = true;
                } else {
                    weight = before;
                }
            }
        if (!better) break;
    }
}

/// None, or between `least` and `most`.
void require_weights(const std::vector<double>& weights, std::size_t least, std::size_t most) {
    if (weights.empty() || (weights.size() >= least && weights.size() <= most)) return;
    throw Error(ErrorCode::bad_argument,
                "weights: there are " + std::to_string(weights.size()) + " and should be " +
                    std::to_string(least) + ", one for each stage of the model" +
                    (least < most ? ", and one more where the subject is learned" : ""));
}

}  // namespace

struct CropTrainer::State {
    explicit State(const Model& model)
        : subject(subject_stage(model), model.impl().stages[subject_stage(model)].channels) {}
    std::string name;
    CropHead head;
    std::size_t photos = 0;
    std::vector<Window> windows;
    SubjectFit subject;
    std::vector<double> weights;  // empty: learned
};

CropTrainer::CropTrainer(const Model& model, std::vector<double> weights) : state_(new State(model)) {
    const std::size_t stages = model.impl().stages.size();
    require_weights(weights, stages, stages + 1);
    state_->weights = std::move(weights);
    CropHead& head = state_->head;
    state_->name = crop_head_name(model.info());
    for (std::size_t i = 0; i < stages; ++i) head.stages.push_back(static_cast<int>(i));
    head.weights.assign(stages, 0);
    head.expected.assign(stages, Plane(crop_grid, crop_grid));
}

CropTrainer::~CropTrainer() = default;

void CropTrainer::add_subject(const Features& picture, const Image& mask) {
    if (picture.flags.empty()) state_->subject.add(picture.maps.at(state_->subject.stage()), mask);
}

double CropTrainer::learn_subject() {
    CropHead& head = state_->head;
    const auto [subject, correlation] = state_->subject.solve();
    head.subject = subject;
    head.leave_margin = subject_leave_margin;
    head.stages.push_back(static_cast<int>(head.stages.size()));
    head.weights.push_back(0);
    head.expected.emplace_back(crop_grid, crop_grid);
    return correlation;
}

void CropTrainer::add(const Features& photo) {
    if (!photo.flags.empty()) return;
    const std::vector<Plane> activations =
        activations_for(photo, state_->head, chance_for(photo, state_->head));
    for (std::size_t k = 0; k < activations.size(); ++k)
        for (std::size_t i = 0; i < activations[k].values.size(); ++i)
            state_->head.expected.at(k).values[i] += activations[k].values[i];
    ++state_->photos;
}

void CropTrainer::add_window(const Features& window, const Box& place) {
    if (!window.flags.empty()) return;
    state_->windows.push_back({window.photo,
                               activations_for(window, state_->head, chance_for(window, state_->head)),
                               wanted_in(place)});
}

CropLesson CropTrainer::learn() {
    if (state_->photos == 0) throw Error(ErrorCode::bad_data, "there is no photo to learn crops from");
    if (state_->windows.size() < 2)
        throw Error(ErrorCode::bad_data, "fewer than two windows of photos to learn crops from");
    CropHead& head = state_->head;
    require_weights(state_->weights, head.stages.size(), head.stages.size());
    for (Plane& plane : head.expected)
        for (float& value : plane.values) value /= static_cast<float>(state_->photos);

    std::array<std::vector<const Window*>, 2> halves;
    for (std::size_t i = 0; i < state_->windows.size(); ++i) halves[i % 2].push_back(&state_->windows[i]);
    CropLesson lesson{state_->photos, state_->windows.size()};
    const std::vector<double>& weights = state_->weights;
    const auto weigh = [&] {
        if (weights.empty())
            learn_weights(head, halves[0]);
        else
            head.weights = weights;
    };
    weigh();
    lesson.learned = overlap_with_wanted(head, halves[1]);
    for (const Window* window : halves[1])
        lesson.centre += overlap(head.middle(), window->wanted) / static_cast<double>(halves[1].size());

    halves[0].insert(halves[0].end(), halves[1].begin(), halves[1].end());
    weigh();
    for (std::size_t k = head.stages.size(); k-- > 0;)
        if (head.weights[k] == 0) {
            const auto place = static_cast<std::ptrdiff_t>(k);
            head.stages.erase(head.stages.begin() + place);
            head.weights.erase(head.weights.begin() + place);
            head.expected.erase(head.expected.begin() + place);
        }
    return lesson;
}

void CropTrainer::save(const boost::filesystem::path& file) const {
    auto heads = boost::filesystem::exists(file) ? read_crop_heads(file) : std::map<std::string, CropHead>{};
    heads[state_->name] = state_->head;
    write_crop_heads(file, heads);
}

}  // namespace piaa
