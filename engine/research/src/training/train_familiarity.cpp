#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>
#include <piaa/folds.h>
#include <piaa/research/train_familiarity.h>

#include "math/indexing.h"
#include "math/ridge.h"
#include "model/familiarity.h"
#include "model/model_impl.h"
#include "model/standardised.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index rank = 64;
constexpr int fold_count = 5;
constexpr double unlike_share = 0.01;  // of training photos that were held out by theme
constexpr std::size_t fewest_photos = 100;

/// The directions along which the rows vary most, one per row, orthonormal.
MatrixXd main_directions(const MatrixXd& rows) {
    const Eigen::SelfAdjointEigenSolver<MatrixXd> gram(rows * rows.transpose());
    const Index kept = std::min({rank, rows.rows() - 1, rows.cols()});
    MatrixXd directions = gram.eigenvectors().rightCols(kept).transpose() * rows;
    directions.rowwise().normalize();
    return directions;
}

Familiarity of_directions(const MatrixXd& directions) {
    Familiarity familiarity;
    familiarity.rank = static_cast<std::size_t>(directions.rows());
    for (Index i = 0; i < directions.rows(); ++i)
        for (Index j = 0; j < directions.cols(); ++j)
            familiarity.directions.push_back(static_cast<float>(directions(i, j)));
    return familiarity;
}

/// What one way of holding photos out says of each of them.
struct HeldOut {
    VectorXd novelty;
    VectorXd squared_error;  ///< of the mean rating
    VectorXd spread;         ///< as predicted from the photo
};

HeldOut hold_out(const MatrixXd& rows, const MatrixXd& targets, const std::vector<int>& folds) {
    const LinearRule rule =
        fit_ridge({rows, VectorXd::Ones(rows.rows()), folds, [&](int) { return targets; }});
    HeldOut result{VectorXd(rows.rows()), (rule.held_out.col(0) - targets.col(0)).cwiseAbs2(),
                   rule.held_out.col(1)};
    for (const int fold : std::set<int>(folds.begin(), folds.end())) {
        std::vector<Index> in, out;
        for (Index i = 0; i < rows.rows(); ++i) (folds[i] == fold ? out : in).push_back(i);
        const MatrixXd directions = main_directions(rows(in, indexing::all));
        for (const Index i : out)
            result.novelty[i] = std::max(0.0, rows.row(i).squaredNorm() -
                                                  (directions * rows.row(i).transpose()).squaredNorm()) /
                                static_cast<double>(rows.cols());
    }
    return result;
}

/// Photos as one list, whichever way they were held out.
VectorXd joined(const VectorXd& a, const VectorXd& b) {
    VectorXd all(a.size() + b.size());
    all << a, b;
    return all;
}

double share_above(VectorXd values, double share) {
    std::sort(values.begin(), values.end(), std::greater());
    return values[static_cast<Index>(share * static_cast<double>(values.size()))];
}

FamiliarityRow row_of(const std::string& name, const std::vector<Index>& places, const HeldOut& held,
                      const VectorXd& spread, double mean_error) {
    FamiliarityRow row{name, places.size()};
    const auto count = static_cast<double>(places.size());
    for (const Index i : places) {
        row.novelty += held.novelty[i] / count;
        row.mean_error += held.squared_error[i] / count;
        row.error += (spread[i] * spread[i] + held.squared_error[i]) / count;
        row.stated += (held.spread[i] * held.spread[i] + mean_error) / count;
    }
    for (double* square : {&row.mean_error, &row.error, &row.stated}) *square = std::sqrt(*square);
    return row;
}

/// all: photos held out by theme, then the same ones held out by kind. spread: of each photo's ratings.
std::vector<FamiliarityRow> rows_of(const HeldOut& all, const VectorXd& spread, double mean_error) {
    const VectorXd spreads = joined(spread, spread);
    std::vector<Index> order(static_cast<std::size_t>(all.novelty.size()));
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Index>(i);
    const auto half = order.begin() + spread.size();
    std::vector<FamiliarityRow> rows = {
        row_of("held out by theme", {order.begin(), half}, all, spreads, mean_error),
        row_of("held out by kind", {half, order.end()}, all, spreads, mean_error)};
    std::stable_sort(order.begin(), order.end(),
                     [&](Index a, Index b) { return all.novelty[a] < all.novelty[b]; });
    constexpr std::size_t parts = 4;
    for (std::size_t part = 0; part < parts; ++part)
        rows.push_back(row_of("quarter " + std::to_string(part + 1) + " by novelty",
                              {order.begin() + static_cast<Index>(order.size() * part / parts),
                               order.begin() + static_cast<Index>(order.size() * (part + 1) / parts)},
                              all, spreads, mean_error));
    return rows;
}

}  // namespace

std::vector<FamiliarityRow> train_familiarity(const Model& model, const FamiliarityData& data,
                                              const boost::filesystem::path& file) {
    if (data.features.size() < fewest_photos)
        throw Error(ErrorCode::bad_data, "familiarity needs " + std::to_string(fewest_photos) +
                                             " rated photos and has " + std::to_string(data.features.size()));
    MatrixXd rows(static_cast<Index>(data.features.size()), static_cast<Index>(model.impl().pooled_size()));
    MatrixXd targets(rows.rows(), 2);
    for (Index i = 0; i < rows.rows(); ++i) {
        const auto numbers = standardised(model, data.features[i]);
        rows.row(i) = Eigen::Map<const Eigen::RowVectorXf>(numbers.data(), rows.cols()).cast<double>();
        targets.row(i) << data.ratings[i].mean(), data.ratings[i].spread();
    }
    const HeldOut by_theme = hold_out(rows, targets, make_folds(data.themes, fold_count, 1));
    const int kinds = static_cast<int>(std::set<std::string>(data.kinds.begin(), data.kinds.end()).size());
    const HeldOut by_kind = hold_out(rows, targets, make_folds(data.kinds, std::max(2, kinds), 1));

    Familiarity familiarity = of_directions(main_directions(rows));
    familiarity.unlike = share_above(by_theme.novelty, unlike_share);
    const double variance = (targets.col(0).array() - targets.col(0).mean()).square().mean();
    familiarity.explained = std::max(0.0, variance - by_theme.squared_error.mean());
    // Photos to come are of known and of new kinds, so both ways of holding out count.
    const HeldOut all{joined(by_theme.novelty, by_kind.novelty),
                      joined(by_theme.squared_error, by_kind.squared_error),
                      joined(by_theme.spread, by_kind.spread)};
    familiarity.mean_error = all.squared_error.mean();

    std::map<std::string, Familiarity> models;
    if (boost::filesystem::exists(file)) models = read_familiarity(file);
    models[model.info().hash] = familiarity;
    write_familiarity(file, models);
    return rows_of(all, targets.col(1), familiarity.mean_error);
}

}  // namespace piaa
