#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <piaa/error.h>
#include <piaa/research/conventional.h>

#include "conventional/bag_of_words.h"
#include "conventional/local_features.h"
#include "math/indexing.h"

namespace piaa {
namespace {

using Eigen::Index;

constexpr int folds = 5;
constexpr std::size_t fewest_photos = 10;

RowMatrix attribute_rows(const std::vector<ConventionalPhoto>& photos) {
    RowMatrix rows(static_cast<Index>(photos.size()), static_cast<Index>(attribute_count));
    for (std::size_t i = 0; i < photos.size(); ++i)
        for (std::size_t a = 0; a < attribute_count; ++a)
            rows(static_cast<Index>(i), static_cast<Index>(a)) = photos[i].attributes[a];
    return rows;
}

/// Both standardised by the training rows.
void standardise(RowMatrix& training, RowMatrix& test) {
    const Eigen::RowVectorXf mean = training.colwise().mean();
    const Eigen::RowVectorXf deviation =
        (training.rowwise() - mean).array().square().colwise().mean().sqrt() + 1e-6F;
    for (RowMatrix* rows : {&training, &test})
        *rows = (rows->rowwise() - mean).array().rowwise() / deviation.array();
}

template <typename Encode>
RowMatrix encode(const std::vector<ConventionalPhoto>& photos, Index width, const Encode& encode_one) {
    RowMatrix rows(static_cast<Index>(photos.size()), width);
    for (std::size_t i = 0; i < photos.size(); ++i)
        rows.row(static_cast<Index>(i)) = encode_one(photos[i].descriptors).transpose();
    return rows;
}

/// A sample of all training photos' descriptors.
RowMatrix sample(const std::vector<ConventionalPhoto>& photos, const ConventionalOptions& options) {
    std::mt19937_64 random(options.seed);
    const std::size_t each =
        std::max<std::size_t>(1, static_cast<std::size_t>(options.sampled) / photos.size());
    std::vector<std::uint8_t> chosen;
    for (const auto& photo : photos) {
        const std::size_t count = photo.descriptors.size() / descriptor_length;
        for (std::size_t i = 0; count > 0 && i < each; ++i) {
            const auto first =
                photo.descriptors.begin() + static_cast<std::ptrdiff_t>(random() % count * descriptor_length);
            chosen.insert(chosen.end(), first, first + static_cast<std::ptrdiff_t>(descriptor_length));
        }
    }
    return descriptor_rows(chosen);
}

double squared_error(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

/// Regression with the penalty, and the width for a radial kernel, that five folds like best.
std::vector<double> regress(const RowMatrix& training, const std::vector<double>& ratings,
                            const RowMatrix& test, bool linear) {
    const LocalFeatures& tools = local_features();
    const double unit = 1.0 / static_cast<double>(training.cols());
    SupportVectorOptions best{.linear = linear};
    double least = std::numeric_limits<double>::infinity();
    for (const double penalty : {0.1, 1.0, 10.0})
        for (const double width : {0.3 * unit, unit, 3 * unit}) {
            if (linear && width != unit) continue;
            const SupportVectorOptions options{linear, penalty, width, 0.1};
            double error = 0;
            for (int fold = 0; fold < folds; ++fold) {
                std::vector<Index> kept;
                std::vector<Index> held;
                for (Index i = 0; i < training.rows(); ++i) (i % folds == fold ? held : kept).push_back(i);
                std::vector<double> kept_ratings;
                std::vector<double> held_ratings;
                for (const Index i : kept) kept_ratings.push_back(ratings[static_cast<std::size_t>(i)]);
                for (const Index i : held) held_ratings.push_back(ratings[static_cast<std::size_t>(i)]);
                error += squared_error(tools.regress(training(kept, indexing::all), kept_ratings,
                                                     training(held, indexing::all), options),
                                       held_ratings);
            }
            if (error < least) {
                least = error;
                best = options;
            }
        }
    return tools.regress(training, ratings, test, best);
}

void check(const std::vector<ConventionalPhoto>& training, const std::vector<double>& ratings) {
    if (training.size() != ratings.size())
        throw Error(ErrorCode::bad_argument, "there are " + std::to_string(training.size()) + " photos and " +
                                                 std::to_string(ratings.size()) + " ratings");
    if (training.size() < fewest_photos)
        throw Error(ErrorCode::bad_data, "there are " + std::to_string(training.size()) +
                                             " training photos and should be ten or more");
}

}  // namespace

ConventionalPhoto describe_conventionally(const Image& image) {
    return {measure_attributes(image), local_features().dense_sift(image)};
}

std::vector<ConventionalAnswer> predict_conventionally(const std::vector<ConventionalPhoto>& training,
                                                       const std::vector<double>& ratings,
                                                       const std::vector<ConventionalPhoto>& test,
                                                       const ConventionalOptions& options) {
    check(training, ratings);
    std::vector<ConventionalAnswer> answers;
    const auto answer = [&](const std::string& name, RowMatrix learned, RowMatrix asked, bool linear) {
        standardise(learned, asked);
        answers.push_back({name, regress(learned, ratings, asked, linear)});
    };
    answer("handcrafted features, support vectors", attribute_rows(training), attribute_rows(test), false);

    const LocalFeatures& tools = local_features();
    const RowMatrix points = sample(training, options);
    const RowMatrix centres = tools.cluster(points, options.words, options.seed);
    const auto words = [&](const auto& descriptors) { return bag_of_words(descriptors, centres); };
    answer("dense SIFT, bag of words, support vectors", encode(training, centres.rows(), words),
           encode(test, centres.rows(), words), false);

    // Principal components, because a mixture with diagonal covariance wants numbers that do not covary.
    const Eigen::RowVectorXf mean = points.colwise().mean();
    const RowMatrix centred = points.rowwise() - mean;
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXf> components(centred.transpose() * centred);
    const Index width = std::min<Index>(options.directions, points.cols());
    const Eigen::MatrixXf axes = components.eigenvectors().rightCols(width);
    const Mixture mixture = tools.fit_mixture(RowMatrix(centred * axes), options.mixtures, options.seed);
    const auto fisher = [&](const auto& descriptors) {
        return fisher_vector(RowMatrix((descriptor_rows(descriptors).rowwise() - mean) * axes), mixture);
    };
    const Index fisher_width = 2 * mixture.means.rows() * width;
    // A Fisher vector has length 1 by itself, so it is not standardised.
    const RowMatrix learned = encode(training, fisher_width, fisher);
    answers.push_back({"dense SIFT, Fisher vector, support vectors",
                       regress(learned, ratings, encode(test, fisher_width, fisher), true)});
    return answers;
}

std::vector<double> explain_conventionally(const std::vector<ConventionalPhoto>& training,
                                           const std::vector<double>& ratings) {
    check(training, ratings);
    RowMatrix learned = attribute_rows(training);
    // A linear machine's answer to one deviation of one attribute, minus its answer to none.
    RowMatrix asked = RowMatrix::Zero(static_cast<Index>(attribute_count) + 1, learned.cols());
    RowMatrix unused = asked;
    standardise(learned, unused);
    for (Index a = 0; a < learned.cols(); ++a) asked(a + 1, a) = 1;
    const auto answers = regress(learned, ratings, asked, true);
    std::vector<double> effects;
    for (std::size_t a = 0; a < attribute_count; ++a) effects.push_back(answers[a + 1] - answers[0]);
    return effects;
}

}  // namespace piaa
