#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/image.h>
#include <piaa/model.h>
#include <piaa/prior.h>

namespace piaa {

struct DistilOptions {
    int directions = 8;  ///< of the prior's, those along which people differ most
    int epochs = 2;      ///< over the views
    int batch = 32;
    double rate = 2e-4;
    int warm_up = 60;       ///< steps until the full rate
    bool bfloat16 = false;  ///< convolutions in 16 bits, for processors that are fast at it
    std::uint64_t seed = 1;
    int threads = 1;
};

/// Mean squared error so far, as a share of the targets' variance: 1 where nothing is explained.
struct DistilProgress {
    int step = 0;
    int steps = 0;
    double loss = 0;      ///< of the views learned from since the last report
    double held_out = 0;  ///< of views of photos that were held out; 0 but at the end of an epoch
};

/// Teaches one network to see what another one sees (knowledge distillation, Hinton et al. 2015), on photos
/// without labels.
///
/// The teacher looks at each view of a photo. What the student learns to predict, linearly from its own
/// pooled numbers, are the teacher's pooled numbers, its generic score, and the place along the directions
/// of its prior. The linear layer is then dropped and the student's network is what is left.
class PIAA_API Distillation {
public:
    /// The teacher with its prior, if it has one. The student's preprocessing says what it sees. Throws
    /// Error(bad_argument) for a student that cannot learn, a transformer, and for another model's prior.
    Distillation(const Model& teacher, const std::optional<Prior>& prior, const Model& student,
                 const DistilOptions& options);
    ~Distillation();

    /// One view of a photo, drawn with the seed and `number`, and what the teacher says of it. Of three
    /// numbers in a row one is the whole photo, one a part of it, and one a smaller part in other colours.
    /// Several threads may add views; what is learned depends on the numbers, not on the order of the calls.
    void add(const Image& photo, std::uint64_t number, bool held_out);

    /// Learns. False when `go_on` said so after a report. Throws Error(bad_data) with fewer than two batches
    /// of views.
    bool learn(const std::function<bool(const DistilProgress&)>& go_on);

    /// Writes the student's network, for load_backbone(), in 16 bits.
    void save(const boost::filesystem::path& file) const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace piaa
