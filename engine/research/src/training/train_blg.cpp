#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include <piaa/error.h>
#include <piaa/research/train_blg.h>
#include <piaa/shuffle.h>

#include "math/adam.h"
#include "math/indexing.h"
#include "taste/design_row.h"
#include "taste/learner.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index fewest_photos = 5;

struct Task {
    MatrixXd rows;
    VectorXd ratings;
};

std::vector<Task> tasks_of(const Prior& prior, const std::vector<std::vector<float>>& rows,
                           const RatingsTable& table) {
    std::vector<std::map<std::size_t, double>> people(table.raters().size());
    for (const auto& row : table.rows()) people[row.rater][row.image] = table.scale().to_unit(row.rating);
    std::vector<Task> tasks;
    for (const auto& person : people) {
        const auto count = static_cast<Index>(person.size());
        if (count < fewest_photos) continue;
        Task task{MatrixXd(count, static_cast<Index>(prior.weights())), VectorXd(count)};
        Index i = 0;
        for (const auto& [image, rating] : person) {
            task.rows.row(i) = design_row(prior, rows[image]);
            task.ratings[i++] = rating;
        }
        tasks.push_back(std::move(task));
    }
    return tasks;
}

/// Both levels of one task, from `weights` on.
VectorXd learn_task(const Task& task, VectorXd weights, Adam& adam, const TrainBlgOptions& options,
                    std::mt19937_64& random) {
    std::vector<Index> order(static_cast<std::size_t>(task.ratings.size()));
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Index>(i);
    shuffle(order, random);
    // Few ratings are split four to one.
    const auto support =
        std::min<std::size_t>(static_cast<std::size_t>(options.support), order.size() * 4 / 5);
    const auto query = std::min(order.size() - support, std::max<std::size_t>(1, support / 4));
    const auto level = [&](std::size_t first, std::size_t count) {
        const std::vector<Index> photos(order.begin() + static_cast<std::ptrdiff_t>(first),
                                        order.begin() + static_cast<std::ptrdiff_t>(first + count));
        minimise(adam, options.steps, task.rows(photos, indexing::all), task.ratings(photos), weights);
    };
    level(0, support);
    level(support, query);
    return weights;
}

}  // namespace

std::vector<double> train_blg(const Prior& prior, const std::vector<std::vector<float>>& rows,
                              const RatingsTable& ratings, const TrainBlgOptions& options) {
    std::vector<Task> tasks = tasks_of(prior, rows, ratings);
    if (tasks.empty())
        throw Error(ErrorCode::bad_data,
                    "nobody rated the " + std::to_string(fewest_photos) + " photos that a task takes");
    std::mt19937_64 random(options.seed);
    VectorXd common = generic_weights(prior);
    const auto adam_options = [&](double learning_rate) {
        return options.adam == AdamForm::slide ? AdamOptions::slide(learning_rate)
                                               : AdamOptions::pytorch(learning_rate);
    };
    Adam lasting(common.size(), adam_options(options.learning_rate));
    double learning_rate = options.learning_rate;
    for (int epoch = 0; epoch < options.epochs; ++epoch) {
        if (options.progress && !options.progress(static_cast<double>(epoch) / options.epochs))
            throw Error(ErrorCode::cancelled, "meta-training was cancelled");
        shuffle(tasks, random);
        for (std::size_t first = 0; first < tasks.size(); first += static_cast<std::size_t>(options.tasks)) {
            const std::size_t last = std::min(tasks.size(), first + static_cast<std::size_t>(options.tasks));
            const VectorXd start = common;
            VectorXd moved = VectorXd::Zero(start.size());
            for (std::size_t i = first; i < last; ++i) {
                Adam fresh(start.size(), adam_options(learning_rate));
                Adam& adam = options.as_published ? lasting : fresh;
                adam.set_learning_rate(learning_rate);
                const VectorXd learned = learn_task(tasks[i], start, adam, options, random);
                if (options.as_published)
                    common += options.outer_rate / options.tasks * (learned - common);
                else
                    moved += learned - start;
            }
            if (!options.as_published)
                common = start + options.outer_rate / static_cast<double>(last - first) * moved;
        }
        learning_rate *= options.as_published ? std::pow(options.decay, epoch + 1) : options.decay;
    }
    return {common.data(), common.data() + common.size()};
}

}  // namespace piaa
