#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <piaa/features.h>
#include <piaa/image.h>

#include "tensor_file.h"

namespace piaa {

/// A network, ready to run. Safe to call from several threads at once.
class Network {
public:
    virtual ~Network() = default;
    /// "cpu" or "cuda:0".
    virtual std::string device() const = 0;
    /// The maps of every stage, per photo, from one forward pass. Photos of one size share a batch.
    virtual std::vector<std::vector<FeatureMap>> run(std::span<const Image> inputs) const = 0;
};

/// The network runtime: the one door between libpiaa and LibTorch, opened on first need because loading
/// LibTorch takes most of a second. Only plain values pass through it.
class Backend {
public:
    virtual ~Backend() = default;
    /// Builds the architecture named in the file's metadata from tensors called "backbone...".
    /// device: "auto", "cpu", "cuda", "cuda:N".
    virtual std::unique_ptr<Network> make_network(const TensorFile& file,
                                                  const std::string& device) const = 0;
};

/// Opens libpiaa_torch beside libpiaa, once. Throws Error(bad_model) with the loader's reason when it cannot.
const Backend& backend();

}  // namespace piaa
