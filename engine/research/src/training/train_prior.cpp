#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <piaa/error.h>
#include <piaa/research/train_prior.h>

#include "math/indexing.h"
#include "model/model_impl.h"
#include "taste/content_features.h"
#include "training/prior_data.h"
#include "training/variance_components.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// More kinds of people than this are no use to the variance components, which cost the cube of the photos.
constexpr std::size_t most_panels = 64;

/// Photos as numbers, standardised, and how they fall into blocks.
struct Inputs {
    MatrixXd columns;  ///< photos x inputs
    VectorXd mean;
    VectorXd deviation;
    std::vector<Index> block_sizes;
};

std::vector<Index> block_sizes(const Model& model, Index inputs) {
    std::vector<Index> sizes;
    // One statistic of each stage after the other: means alone, or means and deviations.
    const bool all = inputs == static_cast<Index>(model.impl().pooled_size() + attribute_count);
    for (const Stage& stage : model.impl().stages) {
        sizes.push_back(stage.channels);
        if (all && stage.deviations) sizes.push_back(stage.channels);
    }
    sizes.push_back(static_cast<Index>(attribute_count));
    return sizes;
}

Inputs standardise(const Model& model, const std::vector<Features>& features) {
    Inputs inputs;
    for (std::size_t i = 0; i < features.size(); ++i) {
        const auto numbers = taste_inputs(features[i]);
        if (i == 0)
            inputs.columns.resize(static_cast<Index>(features.size()), static_cast<Index>(numbers.size()));
        inputs.columns.row(static_cast<Index>(i)) =
            Eigen::Map<const Eigen::VectorXf>(numbers.data(), static_cast<Index>(numbers.size()))
                .cast<double>();
    }
    inputs.mean = inputs.columns.colwise().mean();
    inputs.columns.rowwise() -= inputs.mean.transpose();
    inputs.deviation = (inputs.columns.array().square().colwise().mean().sqrt() + 1e-8).matrix().transpose();
    inputs.columns.array().rowwise() /= inputs.deviation.transpose().array();
    inputs.block_sizes = block_sizes(model, inputs.columns.cols());
    return inputs;
}

/// People by the photos they rated, their ratings on 0 to 1; largest panels first.
std::vector<Panel> make_panels(const RatingsTable& ratings) {
    struct Sum {
        double total = 0;
        int count = 0;
    };
    std::vector<std::map<Index, Sum>> people(ratings.raters().size());
    const RatingScale& scale = ratings.scale();
    for (const auto& row : ratings.rows()) {
        Sum& sum = people[row.rater][static_cast<Index>(row.image)];
        sum.total += scale.to_unit(row.rating);
        ++sum.count;
    }
    std::map<std::vector<Index>, std::vector<VectorXd>> by_photos;
    for (const auto& person : people) {
        std::vector<Index> photos;
        VectorXd values(static_cast<Index>(person.size()));
        for (const auto& [photo, sum] : person) {
            values[static_cast<Index>(photos.size())] = sum.total / sum.count;
            photos.push_back(photo);
        }
        if (!photos.empty()) by_photos[photos].push_back(values);
    }
    std::vector<Panel> panels;
    for (const auto& [photos, values] : by_photos) {
        Panel panel{photos, MatrixXd(static_cast<Index>(values.size()), static_cast<Index>(photos.size()))};
        for (std::size_t i = 0; i < values.size(); ++i) panel.ratings.row(static_cast<Index>(i)) = values[i];
        panels.push_back(std::move(panel));
    }
    std::stable_sort(panels.begin(), panels.end(),
                     [](const Panel& a, const Panel& b) { return a.ratings.size() > b.ratings.size(); });
    return panels;
}

/// The line from the generic score to people's mean ratings: rating = intercept + slope * centred score.
struct GenericLine {
    double centre = 0;
    double intercept = 0;
    double slope = 0;
    VectorXd generic;  ///< centred, one per photo
};

GenericLine fit_generic_line(const std::vector<Panel>& panels, const PriorData& data) {
    GenericLine line;
    const RatingScale& scale = data.ratings.scale();
    line.generic = Eigen::Map<const VectorXd>(data.held_out_generic.data(),
                                              static_cast<Index>(data.held_out_generic.size()));
    line.generic = (line.generic.array() - scale.low) / (scale.high - scale.low);
    line.centre = line.generic.mean();
    line.generic.array() -= line.centre;
    double people = 0;
    double covariance = 0;
    double variance = 0;
    for (const Panel& panel : panels) {
        const VectorXd score = line.generic(panel.photos);
        const VectorXd mean = panel.ratings.colwise().mean();
        const auto count = static_cast<double>(panel.ratings.rows());
        const VectorXd centred = score.array() - score.mean();
        covariance += count * centred.dot(mean);
        variance += count * centred.squaredNorm();
    }
    line.slope = variance > 0 ? covariance / variance : 1;
    for (const Panel& panel : panels) {
        const auto count = static_cast<double>(panel.ratings.rows());
        line.intercept += count * (panel.ratings.mean() - line.slope * line.generic(panel.photos).mean());
        people += count;
    }
    line.intercept /= people;
    return line;
}

/// People's weights on [1, generic, basis]: covariance and the noise around them.
struct Population {
    MatrixXd covariance;
    double noise = 0;
};

/// EM; `prior_strength` pseudo-observations of people with the covariance of the start take part in every
/// step.
Population learn_covariance(const std::vector<Panel>& residuals, const VectorXd& generic,
                            const MatrixXd& basis, Population start, double prior_strength, int steps) {
    const Population first = start;
    const Index size = basis.cols() + 2;
    for (int step = 0; step < steps; ++step) {
        const MatrixXd precision = start.covariance.llt().solve(MatrixXd::Identity(size, size));
        MatrixXd spread = MatrixXd::Zero(size, size);
        double people = 0;
        double squared_residuals = 0;
        double ratings = 0;
        for (const Panel& panel : residuals) {
            MatrixXd x(static_cast<Index>(panel.photos.size()), size);
            x.col(0).setOnes();
            x.col(1) = generic(panel.photos);
            x.rightCols(basis.cols()) = basis(panel.photos, indexing::all);
            const MatrixXd posterior =
                (precision + x.transpose() * x / start.noise).llt().solve(MatrixXd::Identity(size, size));
            const MatrixXd means = panel.ratings * x * posterior / start.noise;
            const auto count = static_cast<double>(panel.ratings.rows());
            spread += means.transpose() * means + count * posterior;
            people += count;
            squared_residuals += (panel.ratings - means * x.transpose()).squaredNorm() +
                                 count * (x * posterior).cwiseProduct(x).sum();
            ratings += static_cast<double>(panel.ratings.size());
        }
        start.covariance = (spread + prior_strength * first.covariance) / (people + prior_strength);
        start.noise = squared_residuals / ratings;
    }
    return start;
}

/// The basis turned so that few directions carry most of the taste.
struct Rotation {
    MatrixXd map;         ///< basis x directions
    MatrixXd covariance;  ///< of the weights on [1, generic, directions]
    double dropped = 0;   ///< mean variance that the other directions had
};

Rotation rotate_to_taste(const MatrixXd& basis, const MatrixXd& covariance, Index directions) {
    const Index size = basis.cols();
    const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(covariance.bottomRightCorner(size, size));
    const VectorXd roots = eigen.eigenvalues().cwiseMax(1e-12).cwiseSqrt();
    const MatrixXd whiten = eigen.eigenvectors() * roots.asDiagonal();
    const MatrixXd places = basis * whiten;
    const Eigen::SelfAdjointEigenSolver<MatrixXd> taste(places.transpose() * places);
    const MatrixXd turn = taste.eigenvectors().rightCols(directions).rowwise().reverse();

    Rotation rotation;
    rotation.map = whiten * turn;
    rotation.covariance = MatrixXd::Identity(directions + 2, directions + 2);
    rotation.covariance.topLeftCorner(2, 2) = covariance.topLeftCorner(2, 2);
    const MatrixXd cross =
        covariance.topRightCorner(2, size) * eigen.eigenvectors() * roots.cwiseInverse().asDiagonal() * turn;
    rotation.covariance.topRightCorner(2, directions) = cross;
    rotation.covariance.bottomLeftCorner(directions, 2) = cross.transpose();
    rotation.dropped =
        (places.squaredNorm() - (places * turn).squaredNorm()) / static_cast<double>(basis.rows());
    return rotation;
}

/// People's mean residual per photo, regressed on the directions with a strong penalty.
VectorXd mean_taste(const std::vector<Panel>& residuals, const MatrixXd& directions, double penalty) {
    MatrixXd normal = MatrixXd::Zero(directions.cols(), directions.cols());
    VectorXd target = VectorXd::Zero(directions.cols());
    double squares = 0;
    double photos = 0;
    for (const Panel& panel : residuals) {
        const MatrixXd rows = directions(panel.photos, indexing::all);
        const VectorXd mean = panel.ratings.colwise().mean();
        normal += rows.transpose() * rows;
        target += rows.transpose() * mean;
        squares += mean.squaredNorm();
        photos += static_cast<double>(mean.size());
    }
    normal.diagonal().array() += penalty * squares / photos;
    return normal.llt().solve(target);
}

/// Content categories and factors, for the older methods.
void learn_content(const PriorData& data, const MatrixXd& places, const std::vector<Panel>& given,
                   PriorParts& prior) {
    if (places.rows() < static_cast<Index>(category_count)) return;
    ContentPrior content;
    find_categories(places, content);
    MatrixXd all(places.rows(), static_cast<Index>(attribute_count + category_count));
    for (Index i = 0; i < places.rows(); ++i) {
        std::vector<float> row(prior.row_length());
        for (Index d = 0; d < places.cols(); ++d) row[1 + d] = static_cast<float>(places(i, d));
        const Attributes& attributes = data.features[static_cast<std::size_t>(i)].attributes;
        std::copy(attributes.begin(), attributes.end(), row.begin() + 1 + places.cols());
        all.row(i) = content_features(content, row);
    }
    std::vector<RatedContent> panels;
    for (const Panel& panel : given) panels.push_back({all(panel.photos, indexing::all), panel.ratings});
    find_factors(panels, content);
    prior.content = std::move(content);
}

void check(const PriorData& data, const TrainPriorOptions& options) {
    check_lengths(data);
    if (data.ratings.raters().size() < 2 || data.features.size() < 10)
        throw Error(ErrorCode::bad_data,
                    "a prior needs the ratings of two people and ten photos and here are " +
                        std::to_string(data.ratings.raters().size()) + " and " +
                        std::to_string(data.features.size()));
    if (options.directions < 1 || options.directions > static_cast<int>(63 - attribute_count))
        throw Error(ErrorCode::bad_argument, "directions are " + std::to_string(options.directions) +
                                                 " and should be 1 to " +
                                                 std::to_string(63 - attribute_count));
}

std::vector<FeatureBlock> blocks_of(const Inputs& inputs) {
    std::vector<FeatureBlock> blocks;
    Index first = 0;
    for (const Index size : inputs.block_sizes) {
        blocks.push_back(inputs.columns.middleCols(first, size));
        first += size;
    }
    return blocks;
}

/// Principal directions of the photos under a kernel.
struct KernelBasis {
    VectorXd weights;  ///< of the input columns, so that their products add up to the kernel
    MatrixXd axes;     ///< weighted inputs x directions
    MatrixXd photos;   ///< photos x directions: where each photo lies
};

/// block_variances: of the kernel, one per block of inputs.
KernelBasis kernel_basis(const Inputs& inputs, const std::vector<double>& block_variances, Index most) {
    KernelBasis result;
    result.weights.resize(inputs.columns.cols());
    Index first = 0;
    for (std::size_t i = 0; i < inputs.block_sizes.size(); ++i) {
        const Index size = inputs.block_sizes[i];
        result.weights.segment(first, size)
            .setConstant(std::sqrt(block_variances[i] / static_cast<double>(size)));
        first += size;
    }
    const MatrixXd weighted = inputs.columns * result.weights.asDiagonal();
    const Eigen::SelfAdjointEigenSolver<MatrixXd> kernel(weighted * weighted.transpose());
    Index size = 0;
    const double largest = kernel.eigenvalues().tail(1)[0];
    for (Index i = kernel.eigenvalues().size(); i-- > 0 && size < most;)
        if (kernel.eigenvalues()[i] > 1e-9 * largest) ++size;
    result.axes = weighted.transpose() * kernel.eigenvectors().rightCols(size) *
                  kernel.eigenvalues().tail(size).cwiseSqrt().cwiseInverse().asDiagonal();
    result.photos = weighted * result.axes;
    return result;
}

/// The prior's name and the photos that it was learned from.
PriorParts name_prior(const Model& model, const PriorData& data, const std::string& description) {
    PriorParts prior;
    prior.model = model.info().hash;
    prior.model_name = model.info().name;
    prior.description = description;
    for (const Features& features : data.features)
        prior.seen.push_back(features.content_id.substr(0, seen_digits));
    return prior;
}

}  // namespace

Prior train_prior(const Model& model, const PriorData& data, const TrainPriorOptions& options) {
    check(data, options);
    const Inputs inputs = standardise(model, data.features);
    std::vector<Panel> panels = make_panels(data.ratings);
    const GenericLine line = fit_generic_line(panels, data);
    const std::vector<Panel> given = panels;
    for (Panel& panel : panels)
        panel.ratings.rowwise() -=
            (line.intercept + line.slope * line.generic(panel.photos).array()).matrix().transpose();

    const std::vector<Panel> largest(panels.begin(), panels.begin() + std::min(panels.size(), most_panels));
    const VarianceComponents parts =
        find_variance_components(largest, blocks_of(inputs), line.generic, options.variance_steps);
    const KernelBasis basis = kernel_basis(inputs, parts.blocks, options.basis);
    const Index basis_size = basis.photos.cols();

    Population start{MatrixXd::Identity(basis_size + 2, basis_size + 2), parts.noise};
    start.covariance(0, 0) = parts.constant;
    start.covariance(1, 1) = parts.slope;
    const Population population = learn_covariance(panels, line.generic, basis.photos, std::move(start),
                                                   options.prior_strength, options.covariance_steps);
    const Index directions = std::min<Index>(options.directions, basis_size);
    const Rotation rotation = rotate_to_taste(basis.photos, population.covariance, directions);

    PriorParts prior = name_prior(model, data, options.description);
    prior.inputs = static_cast<std::size_t>(inputs.columns.cols());
    prior.directions = static_cast<std::size_t>(directions);
    const MatrixXd projection =
        basis.weights.cwiseQuotient(inputs.deviation).asDiagonal() * basis.axes * rotation.map;
    const Eigen::MatrixXf stored = projection.cast<float>();  // inputs x directions, column by column
    prior.projection.assign(stored.data(), stored.data() + stored.size());
    const VectorXd offset = -(projection.transpose() * inputs.mean);
    prior.offset.assign(offset.data(), offset.data() + offset.size());
    prior.centre = line.centre;
    prior.mean = {line.intercept, line.slope};
    const VectorXd mean = mean_taste(panels, basis.photos * rotation.map, options.mean_penalty);
    prior.mean.insert(prior.mean.end(), mean.data(), mean.data() + mean.size());
    prior.covariance.assign(rotation.covariance.data(),
                            rotation.covariance.data() + rotation.covariance.size());
    prior.noise = population.noise + rotation.dropped;
    prior.gate_deviation = options.gate_deviation;
    learn_content(data, basis.photos * rotation.map, given, prior);
    return Prior(std::move(prior));
}

}  // namespace piaa
