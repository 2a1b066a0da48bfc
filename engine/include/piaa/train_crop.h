#pragma once

#include <memory>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/features.h>
#include <piaa/model.h>

namespace piaa {

/// Learns from photos of any kind what stands out where in the mean photo, so that a photo can be compared
/// with it: a network answers to the borders of its own input, and photographers put subjects in the middle.
/// No labels are needed.
class PIAA_API CropTrainer {
public:
    /// stages: which stage maps of the model tell what stands out, from 0. Throws Error(bad_argument) for one
    /// the model does not have.
    CropTrainer(const Model& model, const std::vector<int>& stages);
    ~CropTrainer();
    /// features: of this model, with maps. Flagged pictures are left out.
    void add(const Features& features);
    std::size_t photos() const;
    /// Writes the head for the model's architecture into the file, beside those of other architectures that
    /// it has already. Throws Error(bad_data) when no photo was added.
    void save(const boost::filesystem::path& file) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace piaa
