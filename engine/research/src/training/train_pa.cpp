#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include <piaa/error.h>
#include <piaa/research/train_pa.h>
#include <piaa/statistics.h>

#include "math/indexing.h"
#include "training/feature_selection.h"
#include "training/population_em.h"
#include "training/prior_data.h"
#include "training/train_streams.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::MatrixXf;
using Eigen::VectorXd;

constexpr auto traits = static_cast<Index>(trait_count);

/// What goes into the network, of all photos.
MatrixXf chosen_inputs(const StyleNetwork& network, const std::vector<Features>& photos) {
    MatrixXf rows(static_cast<Index>(photos.size()), static_cast<Index>(network.places.size()));
    for (std::size_t i = 0; i < photos.size(); ++i)
        rows.row(static_cast<Index>(i)) = network.input(taste_inputs(photos[i])).transpose();
    return rows;
}

/// The means of the pooled stages, standardised over both streams' photos.
StyleNetwork choose_inputs(const Model& model, const std::vector<Features>& judged,
                           const std::vector<Features>& liked) {
    FeatureChoice choice;
    choice.means = true;
    StyleNetwork network;
    for (const Index place : choose_columns(model, choice).places)
        network.places.push_back(static_cast<int>(place));
    const auto width = static_cast<Index>(network.places.size());
    network.mean = Eigen::VectorXf::Zero(width);
    network.deviation = Eigen::VectorXf::Ones(width);
    MatrixXf all(static_cast<Index>(judged.size() + liked.size()), width);
    all.topRows(static_cast<Index>(judged.size())) = chosen_inputs(network, judged);
    if (!liked.empty()) all.bottomRows(static_cast<Index>(liked.size())) = chosen_inputs(network, liked);
    network.mean = all.colwise().mean().transpose();
    network.deviation =
        ((all.rowwise() - network.mean.transpose()).array().square().colwise().mean().sqrt() + 1e-6F)
            .matrix()
            .transpose();
    return network;
}

/// The two attributes that go most with each axis, in words.
std::array<std::string, trait_count> describe_axes(const MatrixXd& axes,
                                                   const std::vector<Features>& photos) {
    std::array<std::string, trait_count> descriptions;
    for (Index axis = 0; axis < traits; ++axis) {
        std::vector<std::pair<double, std::size_t>> strongest;
        std::vector<double> along(axes.rows());
        for (Index i = 0; i < axes.rows(); ++i) along[static_cast<std::size_t>(i)] = axes(i, axis);
        for (std::size_t a = 0; a < attribute_count; ++a) {
            std::vector<double> values;
            for (const Features& photo : photos) values.push_back(photo.attributes[a]);
            const double rho = spearman(along, values);
            if (!std::isnan(rho)) strongest.emplace_back(rho, a);
        }
        std::stable_sort(strongest.begin(), strongest.end(),
                         [](const auto& a, const auto& b) { return std::abs(a.first) > std::abs(b.first); });
        for (std::size_t i = 0; i < std::min<std::size_t>(2, strongest.size()); ++i)
            descriptions[static_cast<std::size_t>(axis)] +=
                std::string(i == 0 ? "" : ", ") + (strongest[i].first > 0 ? "more " : "less ") +
                std::string(attribute_name(static_cast<Attribute>(strongest[i].second)));
    }
    return descriptions;
}

/// The axes as linear in another prior's directions, by ridge regression over all photos.
MatrixXd axes_from_directions(const Model& model, const Prior& prior, const StyleNetwork& network,
                              const std::vector<Features>& photos) {
    constexpr double penalty = 1e-2;  ///< per photo, of standardised directions' scale
    const auto count = static_cast<Index>(photos.size());
    MatrixXd rows(count, static_cast<Index>(prior.directions()) + 1);
    MatrixXd axes(count, traits);
    for (Index i = 0; i < count; ++i) {
        const Features& photo = photos[static_cast<std::size_t>(i)];
        const auto row = feature_row(model, prior, photo);
        rows(i, 0) = 1;
        for (std::size_t d = 0; d < prior.directions(); ++d) rows(i, static_cast<Index>(d) + 1) = row[1 + d];
        axes.row(i) = network.axes(taste_inputs(photo)).transpose().cast<double>();
    }
    MatrixXd normal = rows.transpose() * rows;
    const double scale = normal.diagonal().tail(normal.rows() - 1).mean();
    normal.diagonal().tail(normal.rows() - 1).array() += penalty * scale;
    return normal.llt().solve(rows.transpose() * axes).transpose();
}

/// What both streams learn from.
struct Streams {
    Stream aesthetics;
    Stream personality;
};

Streams make_streams(const Model& model, const StyleNetwork& choice, const PriorData& data,
                     const LikedFeatures& liked) {
    const int bins = static_cast<int>(std::lround(model.info().scale_high - model.info().scale_low)) + 1;
    Stream aesthetics{chosen_inputs(choice, data.features),
                      MatrixXf(static_cast<Index>(data.features.size()), bins)};
    const auto distributions = data.ratings.image_distributions(bins);
    for (std::size_t i = 0; i < distributions.size(); ++i)
        for (int bin = 0; bin < bins; ++bin)
            aesthetics.targets(static_cast<Index>(i), bin) =
                static_cast<float>(distributions[i].probabilities()[static_cast<std::size_t>(bin)]);
    return {std::move(aesthetics),
            {chosen_inputs(choice, liked.features),
             Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
                 liked.traits.data(), static_cast<Index>(liked.features.size()), traits)}};
}

StyleNetwork train_network(const StyleNetwork& choice, const Streams& streams,
                           const TrainPaOptions& options) {
    StyleNetwork network = train_streams(streams.aesthetics, streams.personality, options);
    network.kind = options.personality ? "pa" : "mt";
    network.places = choice.places;
    network.mean = choice.mean;
    network.deviation = choice.deviation;
    return network;
}

MatrixXd axes_of(const StyleNetwork& network, const std::vector<Features>& photos) {
    MatrixXd axes(static_cast<Index>(photos.size()), traits);
    for (std::size_t i = 0; i < photos.size(); ++i)
        axes.row(static_cast<Index>(i)) = network.axes(taste_inputs(photos[i])).transpose().cast<double>();
    return axes;
}

/// What networks say of the rated photos that they were not trained on.
struct HeldOut {
    VectorXd ratings;  ///< mean of the aesthetic head, 0 to 1
    MatrixXd axes;
};

/// Photos whose names are neighbours are often alike, so each part is a run of names. All parts start from
/// the same numbers and learn the same labels of traits, so that their axes mean the same.
HeldOut look_held_out(const StyleNetwork& choice, const Streams& streams, const PriorData& data,
                      const TrainPaOptions& options) {
    constexpr Index parts = 5;
    const Index count = streams.aesthetics.inputs.rows();
    const auto& names = data.ratings.images();
    std::vector<Index> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), Index{0});
    std::sort(order.begin(), order.end(), [&](Index a, Index b) {
        return names[static_cast<std::size_t>(a)] < names[static_cast<std::size_t>(b)];
    });
    HeldOut result{VectorXd(count), MatrixXd(count, traits)};
    for (Index part = 0; part < parts; ++part) {
        const auto first = order.begin() + count * part / parts;
        const auto last = order.begin() + count * (part + 1) / parts;
        std::vector<Index> kept(order.begin(), first);
        kept.insert(kept.end(), last, order.end());
        const Streams rest{
            {streams.aesthetics.inputs(kept, indexing::all), streams.aesthetics.targets(kept, indexing::all)},
            streams.personality};
        const StyleNetwork network = train_network(choice, rest, options);
        for (auto photo = first; photo != last; ++photo) {
            const auto inputs = taste_inputs(data.features[static_cast<std::size_t>(*photo)]);
            const Eigen::VectorXf p = network.distribution(inputs);
            result.ratings[*photo] = ScoreDistribution(0, 1, {p.data(), p.data() + p.size()}).mean();
            result.axes.row(*photo) = network.axes(inputs).transpose().cast<double>();
        }
    }
    return result;
}

void check(const PriorData& data, const LikedFeatures& liked, const TrainPaOptions& options) {
    check_lengths(data);
    if (liked.traits.size() != liked.features.size() * trait_count)
        throw Error(ErrorCode::bad_argument, "there are " + std::to_string(liked.features.size()) +
                                                 " liked photos and " + std::to_string(liked.traits.size()) +
                                                 " trait numbers instead of five per photo");
    if (data.ratings.raters().size() < 2 || data.features.size() < 10 ||
        (options.personality && liked.features.empty()))
        throw Error(ErrorCode::bad_data,
                    "training needs two people, ten rated photos and some liked ones, "
                    "and here are " +
                        std::to_string(data.ratings.raters().size()) + ", " +
                        std::to_string(data.features.size()) + " and " +
                        std::to_string(liked.features.size()));
    if (options.hidden < 1 || options.batch < 2 || options.epochs < 1 || !(options.learning_rate > 0))
        throw Error(ErrorCode::bad_argument,
                    "training needs a layer, a batch of two, an epoch and a rate above 0");
}

}  // namespace

Prior train_pa(const Model& model, const PriorData& data, const LikedFeatures& liked,
               const TrainPaOptions& options) {
    check(data, liked, options);
    const StyleNetwork choice = choose_inputs(model, data.features, liked.features);
    const Streams streams = make_streams(model, choice, data, liked);
    auto network = std::make_shared<StyleNetwork>(train_network(choice, streams, options));

    PriorParts prior;
    prior.model = model.info().hash;
    prior.model_name = model.info().name;
    prior.description = options.description;
    prior.inputs = taste_inputs(data.features.front()).size();
    prior.directions = trait_count;
    prior.own_generic = options.own_generic;
    for (const Features& features : data.features)
        prior.seen.push_back(features.content_id.substr(0, seen_digits));

    network->descriptions = describe_axes(axes_of(*network, data.features), data.features);
    if (options.directions != nullptr) {
        network->directions_prior = options.directions->hash();
        network->from_directions =
            axes_from_directions(model, *options.directions, *network, data.features).cast<float>();
    }
    prior.style = std::move(network);

    HeldOut held_out;
    // Where nothing is shared no rating reaches the axes, and they need not be held out.
    if (prior.style->shared.empty() && !options.own_generic)
        held_out.axes = axes_of(*prior.style, data.features);
    else
        held_out = look_held_out(choice, streams, data, options);
    if (!options.own_generic) {
        const RatingScale& scale = data.ratings.scale();
        held_out.ratings = (Eigen::Map<const VectorXd>(data.held_out_generic.data(),
                                                       static_cast<Index>(data.held_out_generic.size()))
                                .array() -
                            scale.low) /
                           (scale.high - scale.low);
    }
    fit_population(prior, data.ratings, held_out.ratings, held_out.axes);
    return Prior(std::move(prior));
}

std::vector<double> held_out_style_ratings(const Model& model, const PriorData& data,
                                           const LikedFeatures& liked, const TrainPaOptions& options) {
    check(data, liked, options);
    const StyleNetwork choice = choose_inputs(model, data.features, liked.features);
    const VectorXd ratings =
        look_held_out(choice, make_streams(model, choice, data, liked), data, options).ratings;
    return {ratings.data(), ratings.data() + ratings.size()};
}

StyleCheck check_style(const Prior& prior, const LikedFeatures& liked) {
    std::array<std::vector<double>, trait_count> said;
    std::array<std::vector<double>, trait_count> given;
    std::array<std::array<std::array<double, 2>, trait_count>, trait_count> sums{};
    std::array<std::array<double, 2>, trait_count> counts{};
    for (std::size_t i = 0; i < liked.features.size(); ++i) {
        const auto axes = style_axes(prior, liked.features[i]);
        for (std::size_t trait = 0; trait < trait_count; ++trait) {
            const float label = liked.traits[i * trait_count + trait];
            if (!std::isfinite(label)) continue;
            said[trait].push_back(axes[trait]);
            given[trait].push_back(label);
            const std::size_t end = label > 0;
            counts[trait][end] += 1;
            for (std::size_t axis = 0; axis < trait_count; ++axis) sums[trait][axis][end] += axes[axis];
        }
    }
    StyleCheck result;
    for (std::size_t trait = 0; trait < trait_count; ++trait) {
        result.photos[trait] = said[trait].size();
        result.srocc[trait] = spearman(said[trait], given[trait]);
        result.accuracy[trait] = balanced_accuracy(said[trait], given[trait], 0);
        for (std::size_t axis = 0; axis < trait_count; ++axis)
            result.difference[trait][axis] =
                sums[trait][axis][1] / counts[trait][1] - sums[trait][axis][0] / counts[trait][0];
    }
    return result;
}

}  // namespace piaa
