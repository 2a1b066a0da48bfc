#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <set>

#include <piaa/adapt.h>
#include <piaa/query_selection.h>

#include "selection/variance_reduction.h"
#include "taste/design_row.h"
#include "taste/learner.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Rows = std::span<const std::vector<float>>;

constexpr int most_pairs_a_photo = 3;

MatrixXd design(const Prior& prior, Rows rows) {
    MatrixXd matrix(static_cast<Index>(rows.size()), static_cast<Index>(prior.weights()));
    for (std::size_t i = 0; i < rows.size(); ++i)
        matrix.row(static_cast<Index>(i)) = design_row(prior, rows[i]);
    return matrix;
}

/// What the person's events leave open: whatever was answered, it is known as well as its noise allows.
template <typename Learn>
void learn_events(const Prior& prior, const UserProfile* known, Learn learn) {
    if (known == nullptr) return;
    for (const Feedback& event : known->events()) {
        VectorXd row = design_row(prior, known->rows().at(event.photo));
        if (event.kind == FeedbackKind::rating) {
            learn(row, prior.noise());
        } else {
            row -= design_row(prior, known->rows().at(event.other));
            learn(row, 2 * prior.noise() * std::numbers::pi / 2);  // a yes or no tells less than a number
        }
    }
}

VectorXd expected(const Prior& prior, Rows rows, const UserProfile* known) {
    VectorXd ratings(static_cast<Index>(rows.size()));
    const bool personal = known != nullptr && !known->learned().method.empty();
    for (std::size_t i = 0; i < rows.size(); ++i)
        ratings[static_cast<Index>(i)] = personal ? predict(prior, *known, rows[i]).rating : rows[i][0];
    return ratings;
}

/// Bits that the answer to "A or B" would tell; mean and variance of A minus B in units of the answer's
/// noise.
double information(double mean, double variance) {
    const double certain = 0.5 * std::erfc(-mean / std::sqrt(variance + 1) / std::numbers::sqrt2);
    const auto bits = [](double p) { return p > 0 ? -p * std::log2(p) : 0.0; };
    const double c2 = std::numbers::pi * std::numbers::ln2 / 2;
    return bits(certain) + bits(1 - certain) -
           std::sqrt(c2 / (variance + c2)) * std::exp(-mean * mean / (2 * (variance + c2)));
}

}  // namespace

std::vector<Query> select_queries(const Prior& prior, Rows rows, const QueryOptions& options) {
    const std::size_t count = std::min(options.count, rows.size());
    const auto good = static_cast<std::size_t>(std::lround(options.likely_good * static_cast<double>(count)));
    VarianceReduction reduction(design(prior, rows), weight_prior(prior).covariance, prior.noise());
    learn_events(prior, options.known,
                 [&](const VectorXd& row, double noise) { reduction.learn(row, noise); });
    std::vector<Query> queries;
    std::set<std::size_t> taken;
    for (const Index i :
         greedy_design(reduction, static_cast<Index>(rows.size()), static_cast<Index>(count - good))) {
        queries.push_back({static_cast<std::size_t>(i), false});
        taken.insert(static_cast<std::size_t>(i));
    }
    const VectorXd ratings = expected(prior, rows, options.known);
    std::vector<std::size_t> best(rows.size());
    std::iota(best.begin(), best.end(), std::size_t{0});
    std::stable_sort(best.begin(), best.end(), [&](std::size_t a, std::size_t b) {
        return ratings[static_cast<Index>(a)] > ratings[static_cast<Index>(b)];
    });
    for (const std::size_t i : best) {
        if (queries.size() == count) break;
        if (taken.insert(i).second) queries.push_back({i, true});
    }
    return queries;
}

std::vector<std::pair<std::size_t, std::size_t>> choose_pairs(const Prior& prior, Rows rows,
                                                              std::size_t count, const UserProfile* known) {
    const MatrixXd photos = design(prior, rows);
    const VectorXd ratings = expected(prior, rows, known);
    MatrixXd covariance = weight_prior(prior).covariance;
    learn_events(prior, known, [&](const VectorXd& row, double noise) {
        const VectorXd moved = covariance * row;
        covariance -= moved * moved.transpose() / (noise + row.dot(moved));
    });
    MatrixXd spread = photos * covariance * photos.transpose();
    const double noise = 2 * prior.noise();

    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    std::set<std::pair<Index, Index>> asked;
    std::vector<int> uses(rows.size(), 0);
    while (pairs.size() < count) {
        double most = 0;
        std::pair<Index, Index> next{-1, -1};
        for (Index a = 0; a < photos.rows(); ++a) {
            if (uses[a] == most_pairs_a_photo) continue;
            for (Index b = a + 1; b < photos.rows(); ++b) {
                if (uses[b] == most_pairs_a_photo || asked.contains({a, b})) continue;
                const double variance = spread(a, a) + spread(b, b) - 2 * spread(a, b);
                const double bits = information((ratings[a] - ratings[b]) / std::sqrt(noise),
                                                std::max(0.0, variance) / noise);
                if (bits > most) {
                    most = bits;
                    next = {a, b};
                }
            }
        }
        if (next.first < 0) break;  // equal photos, or all have been compared enough
        const auto [a, b] = next;
        asked.insert(next);
        ++uses[a];
        ++uses[b];
        pairs.emplace_back(a, b);
        const VectorXd moved = spread.col(a) - spread.col(b);
        spread -= moved * moved.transpose() / (noise * std::numbers::pi / 2 + moved[a] - moved[b]);
    }
    return pairs;
}

}  // namespace piaa
