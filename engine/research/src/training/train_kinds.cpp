#include <algorithm>
#include <string>
#include <vector>

#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>
#include <piaa/folds.h>
#include <piaa/research/train_kinds.h>

#include "math/indexing.h"
#include "math/ridge.h"
#include "model/picture_kinds.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int fold_count = 5;
constexpr double photos_to_lose = 0.001;
constexpr std::size_t fewest = 10;

/// A rule that is above 0 for `wanted` rows, and what it says of each row when that was held out.
struct FittedRule {
    LinearHead rule;
    VectorXd held_out;
};

/// Both sides count alike, however many pictures each has.
FittedRule fit_rule(const MatrixXd& rows, const std::vector<bool>& wanted) {
    const auto count = static_cast<double>(wanted.size());
    const auto positive = static_cast<double>(std::count(wanted.begin(), wanted.end(), true));
    MatrixXd targets(rows.rows(), 1);
    VectorXd weights(rows.rows());
    for (Index i = 0; i < rows.rows(); ++i) {
        targets(i, 0) = wanted[i] ? 1 : -1;
        weights[i] = count / 2 / (wanted[i] ? positive : count - positive);
    }
    const Standardiser standard(rows);
    const LinearRule fit = fit_ridge(
        {standard(rows), weights, make_folds(wanted.size(), fold_count, 1), [&](int) { return targets; }});
    const VectorXd plain = standard.scale.transpose().cwiseProduct(fit.weights.col(0));
    FittedRule fitted{{{}, fit.intercept[0] - standard.mean.dot(plain)}, fit.held_out.col(0)};
    for (const double weight : plain) fitted.rule.weights.push_back(static_cast<float>(weight));
    return fitted;
}

/// Moves the border up, where need be, so that hardly a held-out photo lies above it.
void spare_photos(FittedRule& drawn, const std::vector<PictureKind>& kinds) {
    std::vector<double> photos;
    for (std::size_t i = 0; i < kinds.size(); ++i)
        if (kinds[i] == PictureKind::photo) photos.push_back(drawn.held_out[static_cast<Index>(i)]);
    std::sort(photos.begin(), photos.end(), std::greater());
    const auto lost = static_cast<std::size_t>(photos_to_lose * static_cast<double>(photos.size()));
    const double border = std::max(0.0, photos[lost]);
    drawn.rule.bias -= border;
    drawn.held_out.array() -= border;
}

}  // namespace

struct KindTrainer::State {
    Model model;
    std::vector<std::vector<float>> pooled;
    std::vector<PictureKind> kinds;
    PictureKinds learned;
};

KindTrainer::KindTrainer(const Model& model) : state_(new State{model, {}, {}, {}}) {}
KindTrainer::~KindTrainer() = default;

void KindTrainer::add(const Features& picture, PictureKind kind) {
    if (picture.flags.has(Flag::tiny)) return;
    state_->pooled.push_back(picture.pooled);
    state_->kinds.push_back(kind);
}

KindLesson KindTrainer::learn() {
    const auto& kinds = state_->kinds;
    const auto number = [&](PictureKind kind) {
        return static_cast<std::size_t>(std::count(kinds.begin(), kinds.end(), kind));
    };
    KindLesson lesson{number(PictureKind::photo), number(PictureKind::graphic),
                      number(PictureKind::screenshot)};
    if (std::min({lesson.photos, lesson.graphics, lesson.screenshots}) < fewest)
        throw Error(ErrorCode::bad_data, "rules for kinds of pictures need " + std::to_string(fewest) +
                                             " photos, graphics and screenshots each, and have " +
                                             std::to_string(lesson.photos) + ", " +
                                             std::to_string(lesson.graphics) + " and " +
                                             std::to_string(lesson.screenshots));
    const auto size = static_cast<Index>(state_->model.impl().pooled_size());
    MatrixXd all(static_cast<Index>(kinds.size()), size);
    std::vector<Index> drawn_rows;
    std::vector<bool> is_drawn, is_screenshot;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        const auto row = static_cast<Index>(i);
        all.row(row) = Eigen::Map<const Eigen::RowVectorXf>(state_->pooled[i].data(), size).cast<double>();
        is_drawn.push_back(kinds[i] != PictureKind::photo);
        if (!is_drawn.back()) continue;
        drawn_rows.push_back(row);
        is_screenshot.push_back(kinds[i] == PictureKind::screenshot);
    }
    FittedRule drawn = fit_rule(all, is_drawn);
    spare_photos(drawn, kinds);
    const FittedRule screenshot = fit_rule(all(drawn_rows, indexing::all), is_screenshot);

    double right = 0, found = 0;
    for (std::size_t i = 0; i < kinds.size(); ++i)
        if (!is_drawn[i]) lesson.photos_flagged += drawn.held_out[static_cast<Index>(i)] > 0;
    for (std::size_t k = 0; k < drawn_rows.size(); ++k) {
        if (drawn.held_out[drawn_rows[k]] <= 0) continue;
        (is_screenshot[k] ? lesson.screenshots_found : lesson.graphics_found) += 1;
        ++found;
        right += (screenshot.held_out[static_cast<Index>(k)] > 0) == is_screenshot[k];
    }
    lesson.photos_flagged /= static_cast<double>(lesson.photos);
    lesson.graphics_found /= static_cast<double>(lesson.graphics);
    lesson.screenshots_found /= static_cast<double>(lesson.screenshots);
    lesson.named_right = right / std::max(1.0, found);
    state_->learned = {drawn.rule, screenshot.rule};
    return lesson;
}

void KindTrainer::save(const boost::filesystem::path& file) const {
    std::map<std::string, PictureKinds> kinds;
    if (boost::filesystem::exists(file)) kinds = read_picture_kinds(file);
    kinds[pooled_name(state_->model.impl())] = state_->learned;
    write_picture_kinds(file, kinds);
}

}  // namespace piaa
