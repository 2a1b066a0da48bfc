#include "training/prior_data.h"

#include <string>

#include <piaa/error.h>

namespace piaa {

void check_lengths(const PriorData& data) {
    if (data.features.size() != data.ratings.images().size() ||
        data.held_out_generic.size() != data.features.size())
        throw Error(ErrorCode::bad_argument, "there are features of " + std::to_string(data.features.size()) +
                                                 " photos, " + std::to_string(data.held_out_generic.size()) +
                                                 " generic scores and ratings of " +
                                                 std::to_string(data.ratings.images().size()) + " photos");
}

}  // namespace piaa
