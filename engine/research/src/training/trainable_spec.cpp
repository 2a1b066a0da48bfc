#include "training/trainable_spec.h"

#include <algorithm>

#include <piaa/error.h>

#include "network/architecture.h"

namespace piaa {

TrainableSpec trainable_spec(const Model::Impl& model, Trained trained, int last_stages) {
    TrainableSpec spec;
    spec.architecture = find_architecture(model.info.architecture);
    if (spec.architecture.transformer)
        throw Error(ErrorCode::bad_argument, "a network of architecture " + spec.architecture.name +
                                                 " cannot be trained here, only its head");
    spec.mean = model.preprocessing.mean;
    spec.deviation = model.preprocessing.deviation;
    spec.device = model.requested_device;
    const int stages = static_cast<int>(spec.architecture.stages().size());
    switch (trained) {
        case Trained::all:
            spec.first_trained_stage = 0;
            break;
        case Trained::last:
            spec.first_trained_stage = std::max(0, stages - last_stages);
            break;
        case Trained::head:
            spec.first_trained_stage = stages;
            break;
    }
    return spec;
}

}  // namespace piaa
