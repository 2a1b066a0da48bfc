#pragma once

#include <memory>
#include <utility>

#include "support/taste.h"
#include "support/tiny_model.h"
#include "taste/style_network.h"

namespace piaa::test {

/// A prior of style axes ("pa" or "mt") for the tiny model: its axes follow brightness.
inline Prior style_prior(const std::string& kind) {
    PriorParts prior;
    prior.model = tiny_model().info().hash;
    prior.model_name = "lite";
    prior.inputs = 2 + attribute_count;
    prior.directions = trait_count;
    auto network = std::make_shared<StyleNetwork>();
    network->kind = kind;
    network->places = {0};
    network->mean = Eigen::VectorXf::Constant(1, 0.5F);
    network->deviation = Eigen::VectorXf::Constant(1, 0.25F);
    network->personality = {{Eigen::MatrixXf::Constant(trait_count, 1, 0.5F),
                             Eigen::VectorXf::LinSpaced(trait_count, -0.2F, 0.2F),
                             {}}};
    network->aesthetic = {{Eigen::MatrixXf::Constant(7, 1, 0.1F), Eigen::VectorXf::Zero(7), {}}};
    prior.style = network;
    prior.centre = 0.5;
    const std::size_t size = prior.weights();
    prior.mean.assign(size, 0);
    prior.mean[1] = 1;
    prior.covariance.assign(size * size, 0);
    for (std::size_t i = 0; i < size; ++i) prior.covariance[i * size + i] = i < 2 ? 0.05 : 1;
    prior.noise = 0.02;
    return Prior(std::move(prior));
}

}  // namespace piaa::test
