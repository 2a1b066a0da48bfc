#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/image.h>

namespace piaa {

/// Which model numbers come from: without it neither a profile nor cached features mean anything.
struct ModelIdentity {
    std::string name;           ///< "best", "fast", "lite", or the stem of a file given by path
    std::string hash;           ///< SHA-256 of the model file, 64 hexadecimal digits
    std::string preprocessing;  ///< id of the preprocessing contract

    bool operator==(const ModelIdentity&) const = default;
};

/// What a model file says of itself.
struct ModelInfo : ModelIdentity {
    boost::filesystem::path file;
    std::string architecture;  ///< "efficientnet-lite0", "resnet18", "tiny"...
    double scale_low = 1;      ///< the scale its raters used, e.g. 1 to 7
    double scale_high = 7;
    std::string description;  ///< one line for people
};

struct ModelOptions {
    /// "auto" takes a GPU where there is one, else the CPU; "cpu"; "cuda" or "cuda:N".
    std::string device = "auto";
    /// For a transformer on a CPU: "auto" takes the fastest instructions that there are, or "avx512-vnni",
    /// "avx-vnni", "avx2", "portable" and others (network/transformer/levels.h), for tests and comparisons.
    std::string instructions = "auto";
};

/// A scoring model, ready to use; cheap to copy, safe to share between threads.
class PIAA_API Model {
public:
    class Impl;
    explicit Model(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
    const ModelInfo& info() const;
    /// Where it runs: "cpu" or "cuda:0". Loads the network runtime on first use.
    std::string device() const;
    const Impl& impl() const { return *impl_; }

private:
    std::shared_ptr<const Impl> impl_;
};

/// Loads a shipped model by name or any model by path (a value with a '/' or ending in .safetensors).
/// A shipped file whose hash differs from the manifest, or a file that is not a whole, finite model
/// of a known architecture, throws Error(bad_model). The network runtime itself is opened on first need.
PIAA_API Model load_model(const std::string& name_or_path, const ModelOptions& options = {});

/// The shipped models, from the manifest, the default first. Reads no network file.
PIAA_API std::vector<ModelInfo> list_models();

}  // namespace piaa
