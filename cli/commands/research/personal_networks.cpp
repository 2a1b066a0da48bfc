#include "commands/research/personal_networks.h"

#include <algorithm>
#include <map>
#include <memory>
#include <ostream>
#include <thread>

#include <CLI/CLI.hpp>

#include <piaa/error.h>

#include "console/progress_bar.h"
#include "limits/interrupt.h"
#include "photos/image_file.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

const std::map<std::string, Trained> parts{
    {"head", Trained::head}, {"last", Trained::last}, {"all", Trained::all}};

std::string name_of(Trained trained) {
    for (const auto& [name, part] : parts)
        if (part == trained) return name;
    return "";
}

}  // namespace

void add_personal_networks_options(CLI::App& command, PersonalNetworksOptions& options) {
    command
        .add_option_function<std::string>(
            "--trainable", [&options](const std::string& part) { options.trained = parts.at(part); },
            "Let this part of the network learn: head, last or all")
        ->check(CLI::IsMember({"head", "last", "all"}));
    command
        .add_option("--last-stages", options.network.last_stages, "Stages that learn with --trainable last")
        ->check(CLI::Range(1, 16))
        ->capture_default_str();
    add_path_option(command, "--backbone", options.backbone,
                    "A network with its classifier: its class logits pass a small network of their own, as "
                    "BLG-PIAA's authors have it; the model's own head learns if not given");
    command.add_option("--input-size", options.input_size, "That network sees N x N pixels")
        ->check(CLI::Range(32, 1024))
        ->capture_default_str();
}

PersonalNetwork make_personal_network(const PersonalNetworksOptions& options, const Model& model,
                                      const RatingScale& scale, const boost::filesystem::path& folder,
                                      const std::vector<std::string>& names, const FeatureRun& run) {
    PersonalNetworkOptions network = options.network;
    network.trained = options.trained.value_or(Trained::last);
    network.threads =
        run.jobs > 0 ? run.jobs : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    Model seen_by = model;
    if (!options.backbone.empty()) {
        BackboneOptions backbone;
        backbone.input_side = options.input_size;
        backbone.squash = true;
        backbone.scale = scale;
        seen_by = load_backbone(options.backbone, backbone);
        network.head = PersonalHead::mlp;
    }
    PersonalNetwork result(seen_by, network);
    const InterruptGuard guard;
    ProgressBar bar(*run.messages, run.terminal.messages && !run.quiet, names.size());
    for (const std::string& name : names) {
        if (InterruptGuard::interrupted()) throw Error(ErrorCode::cancelled, "interrupted before the end");
        result.add(read_image(photo_file(folder, name), [&](Size photo) {
                       return decode_size(seen_by, photo);
                   }).image);
        bar.step();
    }
    return result;
}

std::vector<PhotoMethod> network_methods(const PersonalNetworksOptions& options,
                                         const boost::filesystem::path& blg_network, const Model& model,
                                         const RatingScale& scale, const boost::filesystem::path& folder,
                                         const std::vector<std::string>& names, const FeatureRun& run) {
    std::vector<PhotoMethod> methods;
    if (!options.trained) return methods;
    const auto add = [&](const std::string& name, const PersonalNetworksOptions& wanted,
                         const boost::filesystem::path& start) {
        PersonalNetworksOptions one = wanted;
        one.network.views = 1;
        const auto network =
            std::make_shared<PersonalNetwork>(make_personal_network(one, model, scale, folder, names, run));
        if (!start.empty()) network->load(start);
        methods.push_back(
            {name + "-" + name_of(*options.trained),
             [network](const auto& rated, const auto& asked) { return network->learn(rated, asked); }});
    };
    PersonalNetworksOptions generic = options;
    generic.backbone.clear();
    generic.network.as_published = false;
    add("finetune", generic, {});
    if (!blg_network.empty()) add("blg", options, blg_network);
    return methods;
}

}  // namespace piaa::cli
