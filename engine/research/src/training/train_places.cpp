#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <string>

#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>
#include <piaa/research/train_places.h>
#include <piaa/statistics.h>

#include "explain/score_head.h"
#include "model/model_impl.h"
#include "model/network_input.h"
#include "model/places.h"
#include "training/token_reading_fit.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int tokens_a_block = 2;  // across and down
constexpr std::size_t fewest_photos = 10;
constexpr int held_out_of = 5;
constexpr double penalties[] = {30, 100, 300, 1000, 3000, 10000, 30000};

/// Which blocks stay: a quarter to three quarters of them, where a sum of a few waves is highest, so that
/// they hang together as parts of photos do.
std::vector<bool> random_part(Size blocks, std::mt19937_64& random) {
    const auto uniform = [&] { return static_cast<double>(random() % 10000) / 10000; };
    const int count = blocks.width * blocks.height;
    std::vector<double> height(count, 0);
    for (int wave = 0; wave < 4; ++wave) {
        const double across = 2.4 * uniform() - 1.2, down = 1.2 * uniform(), phase = 6.2832 * uniform();
        for (int i = 0; i < count; ++i)
            height[i] += std::cos(across * (i % blocks.width) + down * (i / blocks.width) + phase);
    }
    std::vector<int> order(count);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return height[a] > height[b]; });
    const int kept = count / 4 + static_cast<int>(random() % static_cast<unsigned>(count / 2 + 1));
    std::vector<bool> stays(count);
    for (int i = 0; i < kept; ++i) stays[order[i]] = true;
    return stays;
}

/// In which block a pixel of a photo, or a place of its map, lies.
int block_at(int x, int y, Size size, Size blocks) {
    return y * blocks.height / size.height * blocks.width + x * blocks.width / size.width;
}

/// `photo` where blocks stay, `blurred` elsewhere.
Image mixed(const Image& photo, const Image& blurred, Size blocks, const std::vector<bool>& stays) {
    std::vector<std::uint8_t> pixels;
    pixels.reserve(photo.pixels().size());
    for (int y = 0; y < photo.height(); ++y)
        for (int x = 0; x < photo.width(); ++x) {
            const bool stay = stays[block_at(x, y, photo.size(), blocks)];
            const std::uint8_t* pixel = (stay ? photo : blurred).at(x, y);
            pixels.insert(pixels.end(), pixel, pixel + 3);
        }
    return {photo.size(), std::move(pixels)};
}

std::vector<float> signed_mean(const FeatureMap& tokens, Size blocks, const std::vector<bool>& stays) {
    const auto channels = static_cast<std::size_t>(tokens.channels);
    std::vector<double> sum(channels), mean(channels);
    double balance = 0;
    for (int y = 0; y < tokens.height; ++y)
        for (int x = 0; x < tokens.width; ++x) {
            const double sign = stays[block_at(x, y, {tokens.width, tokens.height}, blocks)] ? 1 : -1;
            balance += sign;
            const auto token = tokens.at(x, y);
            for (std::size_t c = 0; c < channels; ++c) sum[c] += sign * token[c], mean[c] += token[c];
        }
    // Against the photo's mean: how large the part is tells nothing of which part it is.
    const double places = static_cast<double>(tokens.width) * tokens.height;
    std::vector<float> values(channels);
    for (std::size_t c = 0; c < channels; ++c)
        values[c] = static_cast<float>((sum[c] - balance * mean[c] / places) / places);
    return values;
}

std::vector<float> class_tokens(const std::vector<FeatureMap>& maps) {
    std::vector<float> values;
    for (auto map = maps.begin() + 1; map != maps.end(); ++map)
        values.insert(values.end(), map->values.begin(), map->values.end());
    return values;
}

/// The parts of every fifth photo, or of all others.
struct Rows {
    MatrixXd tokens;
    MatrixXd changes;

    Rows(const std::vector<std::vector<BlurredPart>>& photos, bool held_out) {
        std::vector<const BlurredPart*> parts;
        for (std::size_t i = 0; i < photos.size(); ++i)
            if ((i % held_out_of == 0) == held_out)
                for (const BlurredPart& part : photos[i]) parts.push_back(&part);
        tokens.resize(static_cast<Index>(parts.size()), static_cast<Index>(parts.front()->tokens.size()));
        changes.resize(tokens.rows(), static_cast<Index>(parts.front()->changes.size()));
        for (Index i = 0; i < tokens.rows(); ++i) {
            tokens.row(i) =
                Eigen::Map<const Eigen::RowVectorXf>(parts[i]->tokens.data(), tokens.cols()).cast<double>();
            changes.row(i) =
                Eigen::Map<const Eigen::RowVectorXf>(parts[i]->changes.data(), changes.cols()).cast<double>();
        }
    }
};

/// Sums over rows that ridge regression needs, whatever its penalty.
struct Sums {
    MatrixXd square;
    MatrixXd product;

    explicit Sums(const Rows& rows)
        : square(rows.tokens.transpose() * rows.tokens), product(rows.tokens.transpose() * rows.changes) {}

    MatrixXd rule(double penalty, const VectorXd& scale) const {
        MatrixXd penalised = square;
        penalised.diagonal() += penalty * scale;
        return penalised.llt().solve(product);
    }
};

VectorXd mean_squares(const MatrixXd& rows) {
    return rows.cwiseAbs2().colwise().mean().transpose();
}

/// What a head weighs the class tokens with.
VectorXd class_weights(const ScoreHead& head, Index class_numbers) {
    return Eigen::Map<const VectorXd>(head.pooled.data(), static_cast<Index>(head.pooled.size()))
        .tail(class_numbers);
}

double correlation(const VectorXd& a, const VectorXd& b) {
    return pearson({a.data(), a.data() + a.size()}, {b.data(), b.data() + b.size()});
}

}  // namespace

PlacesTrainer::PlacesTrainer(Model model, boost::filesystem::path file)
    : model_(std::move(model)), file_(std::move(file)) {
    if (model_.impl().reading.empty())
        throw Error(ErrorCode::bad_argument,
                    "model " + model_.info().name + " has no class tokens, whose places could be learned");
    if (boost::filesystem::exists(file_)) read_places(file_);
}

std::vector<BlurredPart> PlacesTrainer::blur_parts(const Features& features, int pairs) const {
    const FeatureMap& tokens = features.maps.front();
    const Size blocks{std::max(2, tokens.width / tokens_a_block),
                      std::max(2, tokens.height / tokens_a_block)};
    const Image& photo = *features.picture;
    const Image blurred = resized(resized(photo, blocks), photo.size());
    std::mt19937_64 random(std::hash<std::string>()(features.content_id));
    std::vector<BlurredPart> parts;
    for (int i = 0; i < pairs; ++i) {
        const std::vector<bool> stays = random_part(blocks, random);
        std::vector<Image> inputs;
        for (const auto& [kept, other] : {std::pair(&photo, &blurred), std::pair(&blurred, &photo)})
            inputs.push_back(network_input(model_, mixed(*kept, *other, blocks, stays), features.photo));
        const auto maps = model_.impl().network().run(inputs);
        BlurredPart part{signed_mean(tokens, blocks, stays), class_tokens(maps[0])};
        const std::vector<float> otherwise = class_tokens(maps[1]);
        for (std::size_t c = 0; c < otherwise.size(); ++c) part.changes[c] -= otherwise[c];
        parts.push_back(std::move(part));
    }
    return parts;
}

PlacesLesson PlacesTrainer::learn() const {
    if (photos_.size() < fewest_photos)
        throw Error(ErrorCode::bad_data, "places are learned from " + std::to_string(fewest_photos) +
                                             " photos or more and here are " +
                                             std::to_string(photos_.size()));
    const Rows learned(photos_, false), held_out(photos_, true);
    const VectorXd scale = mean_squares(learned.tokens);
    const VectorXd variance = mean_squares(learned.changes);
    const Sums sums(learned);
    MatrixXd best;
    double least = 0;
    PlacesLesson lesson;
    lesson.photos = photos_.size();
    for (const double penalty : penalties) {
        const MatrixXd rule = sums.rule(penalty, scale);
        const double error =
            (mean_squares(held_out.changes - held_out.tokens * rule).array() / variance.array().max(1e-12))
                .mean();
        if (best.size() > 0 && error >= least) continue;
        best = rule;
        least = error;
        lesson.penalty = penalty;
    }
    const VectorXd deviation = variance.cwiseMax(1e-12).cwiseSqrt();
    const MatrixXd even = best * deviation.cwiseInverse().asDiagonal();
    const TokenReading places = low_rank_reading(even, even.transpose() * sums.square * even, deviation);

    const ScoreHead head = generic_head(model_);
    const VectorXd change = held_out.changes * class_weights(head, held_out.changes.cols());
    const auto told_by = [&](const TokenReading& reading) -> VectorXd {
        const std::vector<double> weights = reading.by_way_of(head.pooled);
        return held_out.tokens * Eigen::Map<const VectorXd>(weights.data(), held_out.tokens.cols());
    };
    lesson.correlation = correlation(told_by(places), change);
    lesson.by_reading = correlation(told_by(model_.impl().reading), change);

    std::map<std::string, TokenReading> models;
    if (boost::filesystem::exists(file_)) models = read_places(file_);
    models[model_.info().hash] = places;
    write_places(file_, models);
    return lesson;
}

}  // namespace piaa
