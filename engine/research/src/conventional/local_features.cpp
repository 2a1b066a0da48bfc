#include "conventional/local_features.h"

#include <piaa/error.h>

#include "io/installation.h"

namespace piaa {
namespace {

const LocalFeatures& open_features() {
    std::string reason;
    const auto* const module = open_module<LocalFeatures>("opencv", "piaa_local_features", reason);
    if (module == nullptr)
        throw Error(ErrorCode::bad_model, "the module for local features cannot be opened: " + reason);
    return *module;
}

}  // namespace

const LocalFeatures& local_features() {
    static const LocalFeatures& opened = open_features();
    return opened;
}

}  // namespace piaa
